//! Shows a report as the lines that tables expect.
#![expect(clippy::unwrap_used, reason = "a report that does not follow from its rows fails its test")]

use law::Pack;
use register::Register;
use register::report::{self, Report, ReportItem};
use register::row::Scope;
use register::time::Year;
use register::words::ReportFormat;

/// The report of a closed year, recomputed from its rows.
pub(crate) fn report(register: &Register, pack: &Pack, year: Year) -> Vec<String> {
    let rows = &register.closed.get(&year).unwrap().rows;
    let report =
        report::from_rows(ReportFormat::LATEST, pack, &register.opened.as_ref().unwrap().opened.origin, rows).unwrap();
    let mut lines: Vec<String> = report.items.iter().map(item).collect();
    lines.push(format!("outcomes: {}", counts(report.outcomes.iter().map(|(word, number)| (word.code(), *number)))));
    lines
        .push(format!("departures: {}", counts(report.departures.iter().map(|(word, number)| (word.code(), *number)))));
    lines.push(format!("other requests {}", report.other_requests));
    lines.extend(report.coverage.iter().map(|one| {
        let (Scope::Agency(name) | Scope::Line(name)) = &one.scope;
        let due = one.due.map(|due| format!(" of {due}")).unwrap_or_default();
        format!("{name}: {} {}{due}", one.measure, one.seen)
    }));
    lines.push(format!("measured {}", report.coverage.len()));
    lines.push(format!("reported before: {}", report.reported.len()));
    lines.push(filing(&report));
    lines
}

fn item(item: &ReportItem) -> String {
    let other = item.total_other_reading.map(|other| format!(", other reading {other}")).unwrap_or_default();
    let cents = item.total_cents.map(|cents| format!(", {cents} cents")).unwrap_or_default();
    let by = if item.by.is_empty() {
        String::new()
    } else {
        format!(": {}", counts(item.by.iter().map(|(reason, number)| (reason.as_str(), *number))))
    };
    format!("{} {}{other}{cents}{by}", item.id, item.total)
}

fn counts<'a>(counted: impl Iterator<Item = (&'a str, u64)>) -> String {
    let shown: Vec<String> = counted.map(|(word, number)| format!("{word} {number}")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

fn filing(report: &Report) -> String {
    let due = report.filing.due.map_or("never".to_owned(), |due| due.to_string());
    let late = report.filing.days_late.map_or("no due date".to_owned(), |late| format!("{late} days late"));
    format!("due {due}, first on {}, {late}", report.filing.first_on)
}
