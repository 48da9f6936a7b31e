//! How `report.json` is written, by format. A filed report keeps its format for ever; later formats add keys and change
//! none.

use law::{PackHash, Reporter};
use serde::Serialize;
use tlog::Hash;

use super::{Text, texts};
use crate::counting::{Edition, Rule};
use crate::event::PackRef;
use crate::report::{Change, FilingStatus, Report, ReportItem, Restatement};
use crate::row::{Measured, Scope};
use crate::time::Timestamp;
use crate::withholding::PERSON;
use crate::words::{Cause, Measure, Mode, Set};

#[derive(Serialize)]
pub(super) struct ReportV1 {
    year: i16,
    demonstration: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    law: LawWire,
    as_of: Text<Timestamp>,
    items: Vec<ItemWire>,
    outcomes: Vec<CountWire>,
    departures: Vec<CountWire>,
    other_requests: u64,
    coverage: CoverageWire,
    filing: FilingStatusWire,
    log: LogWire,
    reported: Vec<ReportedWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restatement: Option<RestatementWire>,
}

#[derive(Serialize)]
struct RestatementWire {
    number: u16,
    filed_on: String,
    causes: Vec<Text<Cause>>,
    changes: Vec<ChangeWire>,
}

#[derive(Serialize)]
struct ChangeWire {
    of: String,
    figure: &'static str,
    old: u64,
    new: u64,
}

/// The first format, and after it what is withheld and the rules by which was counted.
#[derive(Serialize)]
pub(super) struct ReportV2 {
    #[serde(flatten)]
    first: ReportV1,
    withheld: Vec<WithheldWire>,
    counting_rules: CountingWire,
}

/// Rows of a table that are shown in sums only.
#[derive(Serialize)]
struct WithheldWire {
    table: &'static str,
    rows: u64,
    code: &'static str,
}

#[derive(Serialize)]
struct CountingWire {
    edition: u32,
    rules: Vec<RuleWire>,
}

#[derive(Serialize)]
struct RuleWire {
    id: &'static str,
    says: &'static str,
    law: &'static str,
}

#[derive(Serialize)]
struct LawWire {
    pack: String,
    version: String,
    hash: Text<PackHash>,
}

#[derive(Serialize)]
struct ItemWire {
    id: String,
    citation: String,
    title: String,
    unit: String,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_other_reading: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_cents: Option<u64>,
    by: Vec<CountWire>,
}

#[derive(Serialize)]
struct CountWire {
    reason: String,
    count: u64,
}

#[derive(Serialize)]
struct CoverageWire {
    measured: Vec<MeasuredWire>,
    not_measured: Vec<Text<Measure>>,
}

#[derive(Serialize)]
struct MeasuredWire {
    of: &'static str,
    name: String,
    measure: Text<Measure>,
    seen: u64,
    due: Option<u64>,
}

#[derive(Serialize)]
struct FilingStatusWire {
    due: Option<String>,
    first_on: String,
    status: &'static str,
    days_late: Option<i32>,
}

#[derive(Serialize)]
struct LogWire {
    origin: String,
    size: u64,
    root: Text<Hash>,
}

#[derive(Serialize)]
struct ReportedWire {
    year: i16,
    by: &'static str,
    requests: Option<u64>,
    reason: Option<String>,
    source: String,
    rows: &'static str,
}

impl From<&Report> for ReportV2 {
    fn from(report: &Report) -> Self {
        let edition = report.counting.unwrap_or(Edition::First);
        let rule = |rule: &Rule| RuleWire { id: rule.id, says: rule.sentence, law: rule.law.code() };
        let rules = edition.rules().iter().map(rule).collect();
        let withheld = |(table, rows): &(Set, u64)| WithheldWire { table: table.code(), rows: *rows, code: PERSON };
        let withheld = report.withheld.iter().map(withheld).collect();
        ReportV2 { first: report.into(), withheld, counting_rules: CountingWire { edition: edition.number(), rules } }
    }
}

impl From<&Report> for ReportV1 {
    fn from(report: &Report) -> Self {
        let PackRef { id, version, hash } = report.law.clone();
        let demonstration = report.mode == Mode::Demonstration;
        ReportV1 {
            year: report.year.number(),
            demonstration,
            notice: demonstration.then(|| report.mode.line()),
            law: LawWire { pack: id, version, hash: Text(hash) },
            as_of: Text(report.as_of),
            items: report.items.iter().map(ItemWire::from).collect(),
            outcomes: report.outcomes.iter().map(|(outcome, count)| counted(outcome.code(), *count)).collect(),
            departures: report.departures.iter().map(|(code, count)| counted(code.code(), *count)).collect(),
            other_requests: report.other_requests,
            coverage: CoverageWire {
                measured: report.coverage.iter().map(MeasuredWire::from).collect(),
                not_measured: report.not_measured.iter().copied().map(Text).collect(),
            },
            filing: FilingStatusWire::from(&report.filing),
            log: LogWire {
                origin: report.log.origin.clone(),
                size: report.log.frozen.size,
                root: Text(report.log.frozen.root),
            },
            reported: report.reported.iter().map(ReportedWire::from).collect(),
            restatement: report.restatement.as_ref().map(RestatementWire::from),
        }
    }
}

impl From<&Restatement> for RestatementWire {
    fn from(restatement: &Restatement) -> Self {
        let change = |change: &Change| ChangeWire {
            of: change.of.clone(),
            figure: change.figure.code(),
            old: change.old,
            new: change.new,
        };
        RestatementWire {
            number: restatement.number,
            filed_on: restatement.filed_on.to_string(),
            causes: texts(&restatement.causes),
            changes: restatement.changes.iter().map(change).collect(),
        }
    }
}

impl From<&ReportItem> for ItemWire {
    fn from(item: &ReportItem) -> Self {
        ItemWire {
            id: item.id.clone(),
            citation: item.citation.clone(),
            title: item.title.clone(),
            unit: item.unit.code().to_owned(),
            total: item.total,
            total_other_reading: item.total_other_reading,
            total_cents: item.total_cents,
            by: item.by.iter().map(|(reason, count)| counted(reason, *count)).collect(),
        }
    }
}

fn counted(reason: &str, count: u64) -> CountWire {
    CountWire { reason: reason.to_owned(), count }
}

impl From<&Measured> for MeasuredWire {
    fn from(measured: &Measured) -> Self {
        let (of, name) = match &measured.scope {
            Scope::Agency(name) => ("agency", name),
            Scope::Line(name) => ("line", name),
        };
        MeasuredWire {
            of,
            name: name.to_string(),
            measure: Text(measured.measure),
            seen: measured.seen,
            due: measured.due,
        }
    }
}

impl From<&FilingStatus> for FilingStatusWire {
    fn from(filing: &FilingStatus) -> Self {
        FilingStatusWire {
            due: filing.due.map(|due| due.to_string()),
            first_on: filing.first_on.to_string(),
            status: match filing.days_late {
                _ if filing.draft => "draft",
                None => "no-due-date",
                Some(0) => "on-time",
                Some(_) => "late",
            },
            days_late: filing.days_late,
        }
    }
}

impl From<&law::ReportedYear> for ReportedWire {
    fn from(line: &law::ReportedYear) -> Self {
        ReportedWire {
            year: line.year,
            by: match line.by {
                Reporter::City => "city",
                Reporter::Ice => "ice",
            },
            requests: line.requests,
            reason: line.reason.clone(),
            source: line.source.clone(),
            rows: "unavailable",
        }
    }
}
