//! `candor filings`: the reports of every year, what each restatement changed, and what is late. Reads beside the writer.

use anyhow::{Result, bail};
use law::Pack;
use register::deadlines::{self, Filed, YearOfReports};
use register::report::Report;
use register::say::{self, counted};
use register::words::{FilingKind, Mode};
use register::{Refusal, Register};
use serde_json::json;

use crate::app::opened;
use crate::decoding::replay;
use crate::page::{day, figure_title};
use crate::store::Store;
use crate::{cli, clock, filing, packs, screen};

/// Lists them.
pub(crate) fn list(list: &cli::ListFilings) -> Result<()> {
    let register = replay(&Store::open_read_only(&list.dir)?, None)?;
    let opened = opened(&register)?;
    let pack = packs::kept(&list.dir, &opened.pack)?;
    let now = match (opened.mode, list.at) {
        (Mode::Live, Some(_)) => bail!("{}", Refusal::TimeIsTheClocks),
        (Mode::Live, None) => clock::now(),
        (Mode::Demonstration, at) => at.or(register.last_at).unwrap_or_default(),
    };
    let years = deadlines::years(&register, &pack, now);
    if list.json {
        let years: Result<Vec<_>> = years.iter().map(|year| year_json(&register, &pack, year)).collect();
        return screen::print_json(&json!({ "years": years? }));
    }
    if years.is_empty() {
        return screen::show("no line is open yet, so no report can be due (hint: open lines with `candor record`)\n");
    }
    let texts: Result<Vec<String>> = years.iter().map(|year| year_text(&register, &pack, year)).collect();
    screen::show(&texts?.join("\n"))
}

/// What a restatement changed, in words; the report itself where it is none.
fn report(register: &Register, pack: &Pack, year: &YearOfReports, kind: FilingKind) -> Result<Option<Report>> {
    filing::report_before(register, pack, year.year, kind.next())
}

fn year_text(register: &Register, pack: &Pack, year: &YearOfReports) -> Result<String> {
    let due = year.due.map_or("no due date is known".to_owned(), |due| format!("due {}", day(due)));
    let mut text = format!("{}  {due}\n", year.year);
    for filed in &year.filed {
        text.push_str(&format!("      {}\n", filed_text(filed)));
        if matches!(filed.kind, FilingKind::Restatement(_)) {
            let report = report(register, pack, year, filed.kind)?;
            let restated = report.as_ref().and_then(|report| Some((report, report.restatement.as_ref()?)));
            if let Some((report, restatement)) = restated {
                let causes: Vec<&str> = restatement.causes.iter().map(|cause| say::cause_title(*cause)).collect();
                text.push_str(&format!("        because {}\n", causes.join("; ")));
                for change in &restatement.changes {
                    let title = figure_title(change, report);
                    text.push_str(&format!("        {title}: {} before, now {}\n", change.old, change.new));
                }
            }
        }
    }
    for line in standing(year) {
        text.push_str(&format!("      {line}\n"));
    }
    Ok(text)
}

fn filed_text(filed: &Filed) -> String {
    let receipt = match &filed.receipt {
        None => "no receipt recorded".to_owned(),
        Some(receipt) => {
            let reference = receipt.reference.as_ref().map(|reference| format!(", {reference}")).unwrap_or_default();
            format!("received by {} on {}{reference}", receipt.office, day(receipt.on))
        }
    };
    format!("{} dated {}: {receipt}", filed.kind, day(filed.on))
}

/// What is late or still to come, a line each.
fn standing(year: &YearOfReports) -> Vec<String> {
    let days = |number: i32| counted(i64::from(number), "day", "days");
    let closed = year.filed.iter().any(|filed| filed.kind == FilingKind::Closing);
    let mut lines = Vec::new();
    match (year.filed.is_empty(), year.days_late) {
        (true, Some(0)) => lines.push("nothing filed yet (hint: `candor file`)".to_owned()),
        (true, Some(late)) => lines.push(format!("LATE: nothing filed, {} after the day due", days(late))),
        (true, None) => lines.push("nothing filed".to_owned()),
        (false, Some(late)) if late > 0 => lines.push(format!("late by {}", days(late))),
        (false, _) => {}
    }
    match (closed, year.closing_days_late) {
        (true, 0) => {}
        (true, late) => lines.push(format!("the closing report came {} after {}", days(late), day(year.closing_due))),
        (false, 0) => {
            lines.push(format!("the closing report, which opens the rows, follows by {}", day(year.closing_due)))
        }
        (false, late) => lines.push(format!("LATE: no closing report, {} after {}", days(late), day(year.closing_due))),
    }
    if year.restatement_due {
        let hint = format!("(hint: `candor file --year {} --restate CAUSE`)", year.year);
        lines.push(format!("what counts in the year has changed since it was filed: a restatement is due {hint}"));
    }
    lines
}

fn year_json(register: &Register, pack: &Pack, year: &YearOfReports) -> Result<serde_json::Value> {
    let mut filings = Vec::new();
    for filed in &year.filed {
        let restates = matches!(filed.kind, FilingKind::Restatement(_));
        let report = if restates { report(register, pack, year, filed.kind)? } else { None };
        let restatement = report.and_then(|report| report.restatement);
        filings.push(json!({
            "kind": filed.kind.to_string(),
            "on": filed.on.to_string(),
            "receipt": filed.receipt.as_ref().map(|receipt| json!({
                "on": receipt.on.to_string(),
                "office": receipt.office.to_string(),
                "reference": receipt.reference.as_ref().map(ToString::to_string),
            })),
            "causes": restatement.as_ref().map(|one| one.causes.iter().map(|cause| cause.code()).collect::<Vec<_>>()),
            "changes": restatement.map(|one| {
                let change = |change: &register::report::Change| {
                    json!({ "of": change.of, "figure": change.figure.code(), "old": change.old, "new": change.new })
                };
                one.changes.iter().map(change).collect::<Vec<_>>()
            }),
        }));
    }
    Ok(json!({
        "year": year.year.number(),
        "due": year.due.map(|due| due.to_string()),
        "closing_due": year.closing_due.to_string(),
        "days_late": year.days_late,
        "closing_days_late": year.closing_days_late,
        "restatement_due": year.restatement_due,
        "filings": filings,
    }))
}
