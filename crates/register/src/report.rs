//! The yearly report as a value, computed from closing rows and the pack's template, and from nothing else.
//!
//! The register draws it, a stranger recomputes it from the published rows, and both call the same function.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::{Breakdown, Counted, Item, Pack, ReportedYear, Unit};

use crate::counting::Edition;
use crate::coverage::count;
use crate::event::{Frozen, PackRef};
use crate::row::{Measured, Period, Row};
use crate::sums::{self, DoneSums, Sums};
use crate::time::{Timestamp, Year};
use crate::words::{Authority, Cause, Departure, Form, KnownBy, Measure, Mode, Outcome, ReportFormat, Set};

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The year covered.
    pub year: Year,
    /// Invented or real.
    pub mode: Mode,
    /// The law pack.
    pub law: PackRef,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The items the law asks for, in its order.
    pub items: Vec<ReportItem>,
    /// Outcomes of the requests of item 1, `unknown` included. In the order of the list; those without any left out.
    pub outcomes: Vec<(Outcome, u64)>,
    /// Decisions that departed from the law's answer, by public code.
    pub departures: Vec<(Departure, u64)>,
    /// Requests registered that are no detainer requests: in no item.
    pub other_requests: u64,
    /// What was measured, per line and agency.
    pub coverage: Vec<Measured>,
    /// What nobody measured.
    pub not_measured: Vec<Measure>,
    /// When it was due and when it came.
    pub filing: FilingStatus,
    /// The log it follows from.
    pub log: LogRef,
    /// The rules by which was counted, where the format names them.
    pub counting: Option<Edition>,
    /// What was published about the same year before, by whom; its rows are not available.
    pub reported: Vec<ReportedYear>,
    /// How many rows of which table are shown in sums only, for a person's sake.
    pub withheld: Vec<(Set, u64)>,
    /// What a restatement changes.
    pub restatement: Option<Restatement>,
}

/// What a restatement changes in the report before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restatement {
    /// 1, 2, 3 …
    pub number: u16,
    /// The day it is dated.
    pub filed_on: Date,
    /// Why.
    pub causes: Vec<Cause>,
    /// The figures that differ: of items first, in the order of the report, then of outcomes.
    pub changes: Vec<Change>,
}

/// What a figure of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// The total of an item.
    Total,
    /// Its total on the other reading of the law or of the record.
    OtherReading,
    /// Its sum in cents.
    Cents,
    /// The requests with an outcome.
    Outcome(Outcome),
}

impl Figure {
    /// What files and bytes say.
    pub fn code(self) -> &'static str {
        match self {
            Figure::Total => "total",
            Figure::OtherReading => "total_other_reading",
            Figure::Cents => "total_cents",
            Figure::Outcome(_) => "outcome",
        }
    }
}

/// A figure that a restatement changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The item, or the outcome's code.
    pub of: String,
    /// Which of its figures.
    pub figure: Figure,
    /// As filed before.
    pub old: u64,
    /// As filed now.
    pub new: u64,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportItem {
    /// Such as `requests`.
    pub id: String,
    /// Where the law asks for it.
    pub citation: String,
    /// Its title.
    pub title: String,
    /// What is counted.
    pub unit: Unit,
    /// How many.
    pub total: u64,
    /// How many on the other reading of the law, where there is one and it differs.
    pub total_other_reading: Option<u64>,
    /// By reason, code and number. One unit can have several reasons, so the numbers can exceed the total.
    pub by: Vec<(String, u64)>,
    /// The sum in cents, where the item is of money.
    pub total_cents: Option<u64>,
}

/// When a report was due and when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingStatus {
    /// The last day, if the law names one.
    pub due: Option<Date>,
    /// The day of the first letter for the year, provisional or closing.
    pub first_on: Date,
    /// Days after the due day, if there is one.
    pub days_late: Option<i32>,
    /// Drawn to look at, and not filed.
    pub draft: bool,
}

/// The log a report follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRef {
    /// Origin line.
    pub origin: String,
    /// The freeze.
    pub frozen: Frozen,
}

/// The report that follows from `rows` under `pack`, in the log of `origin`, as `format` lists it. `before` is the report
/// that a restatement restates.
///
/// # Errors
/// The rows are not those of one period, or they restate a report that is not `before`.
pub fn from_rows(
    format: ReportFormat,
    pack: &Pack,
    origin: &str,
    rows: &[Row],
    before: Option<&Report>,
) -> Result<Report, String> {
    let mut periods = rows.iter().filter_map(|row| if let Row::Period(period) = row { Some(period) } else { None });
    let (Some(period), None) = (periods.next(), periods.next()) else {
        return Err("expected exactly one row of the table `period`".to_owned());
    };
    let mut coverage: Vec<Measured> = rows.iter().filter_map(as_coverage).cloned().collect();
    // All else is counted: with this too in canonical order, rows in any order give the same report.
    coverage.sort();
    let measured = |measure: &Measure| coverage.iter().any(|one| one.measure == *measure);
    let mut report = Report {
        year: period.year,
        mode: period.mode,
        law: period.pack.clone(),
        as_of: period.as_of,
        items: pack.report.items.iter().map(|item| report_item(format, item, rows)).collect(),
        outcomes: tally(Outcome::ALL, |outcome| {
            count(rows.iter().filter(|row| matches!(row, Row::Outcome(one) if one == outcome)))
        }),
        departures: tally(Departure::ALL, |code| {
            count(rows.iter().filter(|row| matches!(row, Row::Departure { code: one, .. } if one == code)))
        }),
        other_requests: period.other_requests,
        not_measured: format.measures().iter().copied().filter(|measure| !measured(measure)).collect(),
        coverage,
        filing: filing_status(pack, period),
        counting: format.counting(),
        log: LogRef { origin: origin.to_owned(), frozen: period.frozen },
        reported: pack.history.iter().filter(|line| line.year == period.year.number()).cloned().collect(),
        withheld: tally(Set::ALL, |set| withheld(rows, *set)),
        restatement: None,
    };
    if let Some(restates) = &period.restates {
        let number = |report: &Report| report.restatement.as_ref().map_or(0, |restatement| restatement.number);
        let before = before.filter(|before| before.year == period.year && number(before) + 1 == restates.number);
        let before = before.ok_or("the report that it restates is not the one before it")?;
        // When the first letter came stays what it was.
        report.filing = before.filing.clone();
        report.restatement = Some(Restatement {
            number: restates.number,
            filed_on: period.filed_on,
            causes: restates.causes.clone(),
            changes: changes(before, &report),
        });
    }
    Ok(report)
}

/// The figures of items and outcomes that differ between two reports of one year.
fn changes(before: &Report, now: &Report) -> Vec<Change> {
    let old: BTreeMap<(String, Figure), u64> = figures(before).into_iter().collect();
    let change = |((of, figure), new): ((String, Figure), u64)| {
        let old = old.get(&(of.clone(), figure)).copied().unwrap_or_default();
        (old != new).then_some(Change { of, figure, old, new })
    };
    // Where both reports have one reading only, the other is no news.
    let read_twice = |id: &str| {
        let items = before.items.iter().chain(&now.items);
        items.filter(|item| item.id == id).any(|item| item.total_other_reading.is_some())
    };
    let changes = figures(now).into_iter().filter_map(change);
    changes.filter(|change| change.figure != Figure::OtherReading || read_twice(&change.of)).collect()
}

fn figures(report: &Report) -> Vec<((String, Figure), u64)> {
    let mut figures = Vec::new();
    for item in &report.items {
        let other = item.total_other_reading.unwrap_or(item.total);
        figures.push(((item.id.clone(), Figure::Total), item.total));
        figures.push(((item.id.clone(), Figure::OtherReading), other));
        figures.extend(item.total_cents.map(|cents| ((item.id.clone(), Figure::Cents), cents)));
    }
    let count =
        |outcome: &Outcome| report.outcomes.iter().find(|(one, _)| one == outcome).map_or(0, |(_, count)| *count);
    let outcomes = Outcome::ALL.iter();
    figures.extend(outcomes.map(|outcome| ((outcome.code().to_owned(), Figure::Outcome(*outcome)), count(outcome))));
    figures
}

/// The rows of a table that are shown in sums only.
fn withheld(rows: &[Row], set: Set) -> u64 {
    let of_table = rows.iter().filter(|row| row.set() == set);
    let withheld = of_table.map(|row| if let Row::Withheld(sums) = row { sums.rows() } else { 0 });
    withheld.fold(0, u64::saturating_add)
}

fn as_coverage(row: &Row) -> Option<&Measured> {
    if let Row::Coverage(measured) = row { Some(measured) } else { None }
}

fn tally<T: Copy>(words: &[T], number: impl Fn(&T) -> u64) -> Vec<(T, u64)> {
    words.iter().map(|word| (*word, number(word))).filter(|(_, number)| *number > 0).collect()
}

fn filing_status(pack: &Pack, period: &Period) -> FilingStatus {
    let due = pack.report.due.as_ref().and_then(|due| due.on(period.year.number()));
    let first_on = period.provisional_on.unwrap_or(period.filed_on);
    let days_late = due.map(|due| (first_on - due).get_days().max(0));
    FilingStatus { due, first_on, days_late, draft: false }
}

fn report_item(format: ReportFormat, item: &Item, rows: &[Row]) -> ReportItem {
    let sums = sums::of(item.counts, rows);
    let (sure, all, cents) = match &sums {
        Sums::Requests(sums) => (sums.counted, sums.counted.saturating_add(sums.unclear), None),
        Sums::Held(done) | Sums::Transferred(done) => (surely(item.unit, done), sums.rows(), None),
        Sums::Reimbursed { cases, cents } => (*cases, *cases, Some(*cents)),
    };
    let (total, other) = match item.counts {
        // A form that asks for notice alone, or a paper that replaces another, is a request on one reading only.
        Counted::Requests => (sure, all),
        // A subject whose identity is not established may be one already counted.
        Counted::Held | Counted::Transferred | Counted::Reimbursed => (all, sure),
    };
    let by = item.by.iter().flat_map(|breakdown| reasons(*breakdown, &sums)).collect();
    ReportItem {
        id: item.id.clone(),
        citation: item.citation.clone(),
        title: item.title.clone(),
        unit: item.unit,
        total,
        total_other_reading: Some(other).filter(|other| *other != total),
        by: in_order(format, &item.by, by),
        total_cents: cents,
    }
}

/// How many count on every reading of the record.
fn surely(unit: Unit, done: &DoneSums) -> u64 {
    let told_apart = |known_by: KnownBy| match unit {
        Unit::Individuals => known_by == KnownBy::Individual,
        Unit::Episodes => known_by != KnownBy::Request,
        Unit::Requests | Unit::Cases => true,
    };
    let sure = done.known_by.iter().filter(|(known_by, _)| told_apart(**known_by));
    sure.fold(0, |sum, (_, number)| sum.saturating_add(*number))
}

fn reasons(breakdown: Breakdown, sums: &Sums) -> Vec<(String, u64)> {
    match (breakdown, sums) {
        (Breakdown::Ground, Sums::Requests(sums)) => {
            let none = (NO_GROUND.to_owned(), sums.without_ground);
            by_code(&sums.grounds, |ground| ground.code()).chain([none]).collect()
        }
        (Breakdown::Form, Sums::Requests(sums)) => by_code(&sums.forms, |form| form.code()).collect(),
        (Breakdown::Authority, Sums::Held(done) | Sums::Transferred(done)) => {
            by_code(&done.authorities, |authority| authority.code()).collect()
        }
        (Breakdown::Ground | Breakdown::Form | Breakdown::Authority, _) => Vec::new(),
    }
}

fn by_code<T: Copy>(sums: &BTreeMap<T, u64>, code: impl Fn(T) -> &'static str) -> impl Iterator<Item = (String, u64)> {
    sums.iter().map(move |(word, number)| (code(*word).to_owned(), *number))
}

/// The reason of a request on which no box is ticked or recorded.
pub const NO_GROUND: &str = "no-ground-recorded";

/// Reasons in the order of their lists. Every ground of the format has a line, also one that no request ticked.
fn in_order(format: ReportFormat, breakdowns: &[Breakdown], mut by: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut ordered = Vec::new();
    for breakdown in breakdowns {
        let (codes, zeros): (Vec<&str>, bool) = match breakdown {
            Breakdown::Ground => (format.grounds().iter().map(|word| word.code()).chain([NO_GROUND]).collect(), true),
            Breakdown::Form => (Form::ALL.iter().map(|word| word.code()).collect(), false),
            Breakdown::Authority => (Authority::ALL.iter().map(|word| word.code()).collect(), false),
        };
        for code in codes {
            let number = by.remove(code).unwrap_or(0);
            if number > 0 || zeros {
                ordered.push((code.to_owned(), number));
            }
        }
    }
    ordered
}
