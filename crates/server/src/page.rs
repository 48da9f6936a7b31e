//! The report as one HTML page. The sentences stand in `templates/report.html`; here they get their numbers.

use anyhow::{Context as _, Result};
use askama::Template;
use jiff::civil::Date;
use law::{Pack, Reporter, Review, Unit};
use register::counting::{Edition, Rule, Standing};
use register::report::{Change, Figure, Report, ReportItem, Restatement};
use register::row::Scope;
use register::say;
use register::time::{Timestamp, Year};
use register::words::{FilingKind, Measure, Mode};

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: &'a str,
    jurisdiction: &'a str,
    law_of: &'a str,
    recipient: Option<&'a str>,
    citation: Option<&'a str>,
    caption: Option<&'a str>,
    note: Option<&'a str>,
    year: String,
    demonstration: bool,
    standing: String,
    restatement: Option<Restated>,
    draft: bool,
    closing: bool,
    decided: u64,
    as_of: String,
    until: String,
    dated: String,
    due: Option<String>,
    days_late: i32,
    items: Vec<Item>,
    outcomes: Vec<Count>,
    departures: Vec<Count>,
    other_requests: u64,
    withheld: Vec<Count>,
    coverage: Vec<Covered>,
    not_measured: Vec<&'static str>,
    reported: Vec<Reported<'a>>,
    counting: Vec<CountingRule>,
    law: (String, String, String),
    reviewed: bool,
    origin: &'a str,
    size: u64,
    root: String,
}

struct Item {
    number: usize,
    title: String,
    citation: String,
    unit: &'static str,
    column: &'static str,
    total: u64,
    other_reading: Option<String>,
    dollars: Option<String>,
    by: Vec<Count>,
    multi_label: bool,
}

/// What a restatement changes, in words.
struct Restated {
    dated: String,
    causes: Vec<&'static str>,
    changes: Vec<Changed>,
}

struct Changed {
    of: String,
    old: String,
    new: String,
}

struct Count {
    title: String,
    count: u64,
}

struct CountingRule {
    id: &'static str,
    says: &'static str,
    law: &'static str,
}

/// What was measured of an agency or line.
struct Covered {
    name: String,
    measured: Vec<Measured>,
}

struct Measured {
    measure: &'static str,
    seen: u64,
    due: Option<u64>,
}

struct Reported<'a> {
    by: &'a str,
    requests: Option<String>,
    reason: Option<String>,
    letter: Option<String>,
    note: Option<String>,
    weak: bool,
    source: String,
}

/// The letterhead of a demonstration: no real city's name stands over invented rows.
const FICTIONAL_CITY: &str = "City of Exampleton (fictional)";
const FICTIONAL_CLERK: &str = "Clerk of the City of Exampleton (fictional)";

/// The page of a report that is or will be filed as `kind`, or of a draft.
pub(crate) fn report(report: &Report, pack: &Pack, kind: FilingKind) -> Result<String> {
    let template = &pack.report;
    let demonstration = report.mode == Mode::Demonstration;
    let page = Page {
        title: &template.title,
        jurisdiction: if demonstration { FICTIONAL_CITY } else { &pack.jurisdiction },
        recipient: if demonstration { Some(FICTIONAL_CLERK) } else { template.recipient.as_deref() },
        law_of: &pack.jurisdiction,
        citation: template.act_section.as_deref(),
        caption: template.caption.as_deref(),
        note: template.note.as_deref(),
        year: report.year.to_string(),
        demonstration,
        draft: report.filing.draft,
        closing: !report.filing.draft && kind.opens(),
        decided: decided(report),
        standing: match (report.filing.draft, kind) {
            (true, _) => "Draft, not filed".to_owned(),
            (false, FilingKind::Provisional) => "Provisional letter: the year is not over".to_owned(),
            (false, FilingKind::Closing) => "Closing report".to_owned(),
            (false, FilingKind::Restatement(number)) => format!("Restatement {number} of the closing report"),
        },
        restatement: report.restatement.as_ref().map(|restatement| restated(restatement, report)),
        as_of: instant(report.as_of, pack)?,
        until: until(report, pack)?,
        dated: day(report.filing.first_on),
        due: report.filing.due.map(day),
        days_late: report.filing.days_late.unwrap_or(0),
        items: report.items.iter().enumerate().map(|(index, one)| item(index + 1, one)).collect(),
        outcomes: counts(&report.outcomes, |word| say::outcome_title(*word).to_owned()),
        departures: counts(&report.departures, |word| say::departure_title(*word).to_owned()),
        other_requests: report.other_requests,
        withheld: counts(&report.withheld, |table| say::table_title(*table).to_owned()),
        coverage: coverage(&report.coverage),
        not_measured: report.not_measured.iter().map(|measure| say::measure_title(*measure)).collect(),
        reported: report.reported.iter().map(|line| reported(line, &pack.jurisdiction)).collect(),
        counting: report.counting.map(Edition::rules).unwrap_or_default().iter().map(counting_rule).collect(),
        law: (report.law.id.clone(), report.law.version.clone(), report.law.hash.to_string()),
        reviewed: matches!(pack.review, Review::By { .. }),
        origin: &report.log.origin,
        size: report.log.frozen.size,
        root: report.log.frozen.root.to_string(),
    };
    page.render().context("failed to write the report's page")
}

fn counting_rule(rule: &Rule) -> CountingRule {
    CountingRule {
        id: rule.id,
        says: rule.sentence,
        law: match rule.law {
            Standing::Clear => "follows from the law's words",
            Standing::Unclear => "the law can be read in two ways: both numbers are kept",
            Standing::Silent => "the law says nothing of it: the register's own rule",
        },
    }
}

/// Decisions recorded on asks of the year's requests.
fn decided(report: &Report) -> u64 {
    let decided = report.coverage.iter().filter(|one| one.measure == Measure::AsksDecided);
    decided.map(|one| one.seen).sum()
}

/// A number of units as pages and screens say it: `1 individual`, `12 requests`.
pub(crate) fn in_units(number: u64, unit: Unit) -> String {
    let (one, many) = unit_titles(unit);
    say::counted(number, one, many)
}

fn unit_titles(unit: Unit) -> (&'static str, &'static str) {
    match unit {
        Unit::Requests => ("request", "requests"),
        Unit::Individuals => ("individual", "individuals"),
        Unit::Cases => ("case", "cases"),
        Unit::Episodes => ("custody episode", "custody episodes"),
    }
}

/// `13 January 2023`.
pub(crate) fn day(on: Date) -> String {
    on.strftime("%-d %B %Y").to_string()
}

/// The last day a report covers: that of its state while the year lasts, the year's own after it.
fn until(report: &Report, pack: &Pack) -> Result<String> {
    let zone = pack.calendar.zone().context("the law pack's time zone is unknown")?;
    let today = zone.to_datetime(report.as_of).date();
    Ok(if Year::of(today) == report.year { day(today) } else { format!("31 December {}", report.year) })
}

/// `13 January 2023, 10:00 (America/New_York)`.
fn instant(at: Timestamp, pack: &Pack) -> Result<String> {
    let zone = pack.calendar.zone().context("the law pack's time zone is unknown")?;
    Ok(format!("{} ({})", zone.to_datetime(at).strftime("%-d %B %Y, %H:%M"), pack.calendar.time_zone))
}

fn item(number: usize, item: &ReportItem) -> Item {
    let (one, many) = unit_titles(item.unit);
    let sum: u64 = item.by.iter().map(|(_, count)| count).sum();
    Item {
        number,
        title: item.title.clone(),
        citation: item.citation.clone(),
        unit: if item.total == 1 { one } else { many },
        column: many,
        total: item.total,
        other_reading: item
            .total_other_reading
            .map(|other| format!("On the other reading of the law or of the record: {}.", in_units(other, item.unit))),
        dollars: item.total_cents.map(dollars),
        by: item.by.iter().map(|(code, count)| Count { title: say::reason_title(code), count: *count }).collect(),
        multi_label: sum > item.total,
    }
}

fn restated(restatement: &Restatement, report: &Report) -> Restated {
    let changed = |change: &Change| {
        let figure = |number: u64| {
            if change.figure == Figure::Cents { dollars(number) } else { number.to_string() }
        };
        Changed { of: figure_title(change, report), old: figure(change.old), new: figure(change.new) }
    };
    Restated {
        dated: day(restatement.filed_on),
        causes: restatement.causes.iter().map(|cause| say::cause_title(*cause)).collect(),
        changes: restatement.changes.iter().map(changed).collect(),
    }
}

pub(crate) fn figure_title(change: &Change, report: &Report) -> String {
    let item = report.items.iter().find(|item| item.id == change.of).map_or(change.of.as_str(), |item| &item.title);
    match change.figure {
        Figure::Total => item.to_owned(),
        Figure::OtherReading => format!("{item}, on the other reading"),
        Figure::Cents => format!("{item}, amount"),
        Figure::Outcome(outcome) => format!("Outcome: {}", say::outcome_title(outcome)),
    }
}

pub(crate) fn dollars(cents: u64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

fn counts<T>(pairs: &[(T, u64)], title: impl Fn(&T) -> String) -> Vec<Count> {
    pairs.iter().map(|(word, count)| Count { title: title(word), count: *count }).collect()
}

fn coverage(measured: &[register::row::Measured]) -> Vec<Covered> {
    let of_one = |rows: &[register::row::Measured]| {
        let row = |one: &register::row::Measured| Measured {
            measure: say::measure_title(one.measure),
            seen: one.seen,
            due: one.due,
        };
        let (Scope::Agency(name) | Scope::Line(name)) = &rows.first()?.scope;
        Some(Covered { name: name.to_string(), measured: rows.iter().map(row).collect() })
    };
    measured.chunk_by(|one, next| one.scope == next.scope).filter_map(of_one).collect()
}

fn reported<'a>(line: &law::ReportedYear, jurisdiction: &'a str) -> Reported<'a> {
    Reported {
        by: match line.by {
            Reporter::City => jurisdiction,
            Reporter::Ice => "ICE",
        },
        requests: line.requests.map(|number| in_units(number, Unit::Requests)),
        reason: line.reason.clone(),
        letter: line.filed_on.map(|on| match line.days_late {
            Some(days) if days > 0 => format!("The letter is of {on}, {days} days late."),
            Some(_) | None => format!("The letter is of {on}."),
        }),
        note: line.note.clone(),
        weak: line.certainty == law::Certainty::Weak,
        source: line.source.clone(),
    }
}
