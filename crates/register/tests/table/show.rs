//! Shows a report, coverage and alarms as the lines that tables expect.
#![expect(clippy::unwrap_used, reason = "a report that does not follow from its rows fails its test")]

use law::Pack;
use register::coverage;
use register::ids::{LineId, UnitId};
use register::report::{self, Figure, Report, ReportItem, Restatement};
use register::row::Scope;
use register::time::{Days, Timestamp, Year};
use register::words::ReportFormat;
use register::{Register, wire};

/// The rows of a year as it was closed last: those that are shown, and those that are not, with their number.
pub(crate) fn rows(register: &Register, year: Year) -> Vec<String> {
    let closed = register.last_closing(year).unwrap().1;
    let shown = closed.rows.iter().map(|row| format!("shown {}", wire::encode_row(row)));
    let withheld = closed.withheld.iter().map(|row| format!("withheld {}", wire::encode_row(row)));
    shown.chain(withheld).chain([format!("withheld {}", closed.withheld.len())]).collect()
}

/// The latest report of a closed year, recomputed from its rows and from those of the reports that it restates.
pub(crate) fn report(register: &Register, pack: &Pack, year: Year) -> Vec<String> {
    let origin = &register.opened.as_ref().unwrap().opened.origin;
    let mut last: Option<Report> = None;
    for (_, closed) in register.closed.iter().filter(|((of, _), _)| *of == year) {
        let drawn = report::from_rows(ReportFormat::LATEST, pack, origin, &closed.rows, last.as_ref());
        last = Some(drawn.unwrap());
    }
    let report = last.unwrap();
    let mut lines: Vec<String> = report.items.iter().map(item).collect();
    lines.push(format!("outcomes: {}", counts(report.outcomes.iter().map(|(word, number)| (word.code(), *number)))));
    lines
        .push(format!("departures: {}", counts(report.departures.iter().map(|(word, number)| (word.code(), *number)))));
    lines.push(format!("other requests {}", report.other_requests));
    lines.push(format!("withheld: {}", counts(report.withheld.iter().map(|(table, rows)| (table.code(), *rows)))));
    lines.extend(report.coverage.iter().map(|one| {
        let (Scope::Agency(name) | Scope::Line(name)) = &one.scope;
        let due = one.due.map(|due| format!(" of {due}")).unwrap_or_default();
        format!("{name}: {} {}{due}", one.measure, one.seen)
    }));
    lines.push(format!("measured {}", report.coverage.len()));
    lines.push(format!("reported before: {}", report.reported.len()));
    lines.push(filing(&report));
    lines.extend(report.restatement.iter().flat_map(restatement));
    lines
}

fn restatement(restatement: &Restatement) -> Vec<String> {
    let causes: Vec<&str> = restatement.causes.iter().map(|cause| cause.code()).collect();
    let changes = restatement.changes.iter().map(|change| {
        let figure = match change.figure {
            Figure::Total => "total",
            Figure::OtherReading => "other reading",
            Figure::Cents => "cents",
            Figure::Outcome(_) => "outcome",
        };
        format!("changes {} {figure}: {} -> {}", change.of, change.old, change.new)
    });
    let Restatement { number, filed_on, .. } = restatement;
    let first = format!("restatement {number} of {filed_on}, because of {}", causes.join(", "));
    std::iter::once(first).chain(changes).collect()
}

/// What is covered in some days, as of a time.
pub(crate) fn coverage(register: &Register, days: Days, as_of: Timestamp) -> Vec<String> {
    let rows = coverage::covered(register, days, as_of);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let due = row.due.map(|due| format!(" of {due}")).unwrap_or_default();
            let more = if row.excess > 0 { format!(", {} more", row.excess) } else { String::new() };
            format!("{}: {} {}{due}{more}", place(register, &row.unit, row.line.as_ref()), row.measure, row.seen)
        })
        .collect();
    lines.push(format!("rows {}", rows.len()));
    let not: Vec<&str> = coverage::not_measured(&rows).iter().map(|measure| measure.code()).collect();
    lines.push(format!("not measured: {}", if not.is_empty() { "none".to_owned() } else { not.join(", ") }));
    lines
}

/// The alarms that stand at a time.
pub(crate) fn alarms(register: &Register, now: Timestamp) -> Vec<String> {
    let alarms = register::watch::alarms(register, now);
    let mut lines: Vec<String> = alarms
        .iter()
        .map(|alarm| {
            let place = place(register, &alarm.unit, alarm.line.as_ref());
            format!("{place}: {} {} since {}, {}", alarm.kind, alarm.number, alarm.since, alarm.kind.to_act())
        })
        .collect();
    lines.push(format!("alarms {}", alarms.len()));
    lines
}

fn place(register: &Register, unit: &UnitId, line: Option<&LineId>) -> String {
    let line = line.map(|line| register.lines.get(line).unwrap().name.to_string());
    line.unwrap_or_else(|| register.units.get(unit).unwrap().name.to_string())
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
