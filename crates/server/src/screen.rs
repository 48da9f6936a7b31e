//! What the terminal shows.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use law::{Outcome, Pack};
use register::Register;
use register::event::Decision;
use register::report::Report;
use register::say;
use register::time::Year;
use register::words::ReportFormat;
use verify::{Promise, Verdict};

use crate::app::opened;
use crate::page::in_units;

/// What `candor` says when nothing is asked of it.
pub(crate) const FIRST_STEPS: &str = "\
Candor registers what federal immigration authorities ask of a city, and proves what it reports.

Begin here:
  candor init DIR --pack us-ma-boston --demonstration --as person_you --at 2022-01-01T09:00-05:00
                                        make a register to try things in
  candor record DIR setup.toml …        open agencies, units and lines
  candor receive DIR form.toml …        register a paper that arrived
  candor ask us-ma-boston --on DATE     ask the law, question by question
  candor verify FOLDER --key KEY        check a published folder, trusting nobody

`candor help` lists every command, `candor help COMMAND` explains one.
";

/// Writes to standard output. A reader that has gone away is no trouble: what was asked for is done.
///
/// # Errors
/// When the answer cannot be written, such as to a full disk; the error says that the work itself is done.
pub(crate) fn show(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("it was done, but the answer could not be written"),
    }
}

/// What whoever recorded something should know of years that are closed.
pub(crate) fn late(years: &BTreeSet<Year>) -> String {
    let note = |year| format!("note: {year} is closed, so this is in no filed report yet: a restatement is due\n");
    years.iter().map(note).collect()
}

/// After `init`.
pub(crate) fn made(register: &Register, dir: &Path) -> Result<String> {
    let opened = opened(register)?;
    Ok(format!(
        "made a {} register in {}\n\
         law pack   {} version {}\n\
         origin     {}\n\
         key        {}\n\
         Hand the key out apart from the published folder: it is also in {}.\n\
         Keep {} out of every backup of the data, and a copy of it in a safe.\n",
        opened.mode,
        dir.display(),
        opened.pack.id,
        opened.pack.version,
        opened.origin,
        opened.key,
        dir.join("log.vkey").display(),
        dir.join("secrets").display(),
    ))
}

/// One decision, as recorded.
pub(crate) fn decision(decision: &Decision) -> String {
    let says: Vec<&str> = decision.answer.says.iter().map(|says| law::say::says(*says)).collect();
    let rules = if decision.answer.rules.is_empty() {
        "no rule settles it".to_owned()
    } else {
        decision.answer.rules.join(", ")
    };
    let departs = if decision.departure.is_some() { ", departing from the law's answer" } else { "" };
    format!("{}: the law says {} ({rules}); {}{departs}", decision.ask, says.join(" or "), decision.decided)
}

/// Decisions for programs.
pub(crate) fn decisions_json(decisions: &[Decision]) -> serde_json::Value {
    let decisions: Vec<_> = decisions
        .iter()
        .map(|decision| {
            serde_json::json!({
                "ask": decision.ask.code(),
                "on": decision.on.to_string(),
                "says": decision.answer.says.iter().map(|says| says.code()).collect::<Vec<_>>(),
                "basis": decision.answer.basis.map(|basis| basis.code()),
                "rules": decision.answer.rules,
                "decided": decision.decided.code(),
                "departs": decision.departure.is_some(),
            })
        })
        .collect();
    serde_json::json!({ "decisions": decisions })
}

/// One answer of the law, with its reasons.
pub(crate) fn answer(outcome: &Outcome) -> String {
    let mut text = String::from("\n");
    for line in law::say::outcome(outcome) {
        text.push_str(&wrapped(line.label, &line.text));
    }
    text
}

/// Columns of a line, and where its text begins.
const WIDTH: usize = 100;
const INDENT: usize = 14;

/// A labelled paragraph, broken between words.
fn wrapped(label: &str, paragraph: &str) -> String {
    let mut lines = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.chars().count() > WIDTH - INDENT {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    labels.zip(&lines).map(|(label, line)| format!("{label:<INDENT$}{line}\n")).collect()
}

/// Answers for programs.
pub(crate) fn answers_json(pack: &Pack, outcomes: &[Outcome]) -> serde_json::Value {
    let answers: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let lines = law::say::outcome(outcome);
            match outcome {
                Outcome::Answered(answer) => serde_json::json!({
                    "ask": answer.ask.code(),
                    "on": answer.on.to_string(),
                    "says": [answer.says.code()],
                    "basis": answer.basis.code(),
                    "reviewed": answer.reviewed,
                    "rules": answer.because.iter().map(|one| one.rule.to_string()).collect::<Vec<_>>(),
                    "citations": answer.because.iter().map(|one| one.citation.clone()).collect::<Vec<_>>(),
                    "safe_default": answer.safe_default,
                    "lines": lines,
                }),
                Outcome::StillPossible(open) => serde_json::json!({
                    "ask": open.ask.code(),
                    "on": open.on.to_string(),
                    "says": open.possible.iter().map(|says| says.code()).collect::<Vec<_>>(),
                    "open": open.open.iter().map(|fact| fact.name.to_string()).collect::<Vec<_>>(),
                    "reviewed": open.reviewed,
                    "safe_default": open.safe_default,
                    "lines": lines,
                }),
            }
        })
        .collect();
    serde_json::json!({
        "pack": pack.id.to_string(),
        "version": pack.version,
        "hash": pack.hash().to_string(),
        "answers": answers,
    })
}

/// The numbers of a report, on one screen.
pub(crate) fn report(report: &Report) -> String {
    let mut text = String::new();
    for (index, item) in report.items.iter().enumerate() {
        text.push_str(&format!("{}. {}: {}\n", index + 1, item.title, in_units(item.total, item.unit)));
        for (code, count) in item.by.iter().filter(|(_, count)| *count > 0) {
            text.push_str(&format!("     {count:>5}  {}\n", say::reason_title(code)));
        }
    }
    let outcomes: Vec<String> =
        report.outcomes.iter().map(|(outcome, count)| format!("{} {count}", say::outcome_title(*outcome))).collect();
    text.push_str(&format!(
        "outcomes: {}\n",
        if outcomes.is_empty() { "none".to_owned() } else { outcomes.join(", ") }
    ));
    text.push_str(&format!(
        "not measured by anybody: {} of {} measures\n",
        report.not_measured.len(),
        ReportFormat::LATEST.measures().len()
    ));
    text
}

/// What the verifier says.
pub(crate) fn verdict(verdict: &Verdict) -> String {
    let mut text = String::new();
    if verdict.is_demonstration() {
        text.push_str("This log is a demonstration: its rows are invented.\n");
    }
    text.push_str(&format!("log {}, {} leaves\n\n", verdict.origin, verdict.size));
    for promise in Promise::ALL {
        if let Some(checked) = verdict.checked.get(&promise) {
            let mark = if verdict.holds(promise) { "holds " } else { "BROKEN" };
            text.push_str(&format!("  {mark}  {}\n          {checked}\n", verify::say::promise(promise)));
        }
    }
    for finding in &verdict.findings {
        text.push_str(&format!(
            "\nBROKEN: {}\n  at     {}\n  found  {}\n  next   {}\n",
            verify::say::promise(finding.promise),
            finding.place,
            finding.what,
            verify::say::hint(finding.promise)
        ));
    }
    for filing in &verdict.filings {
        text.push_str(&format!("\n{} report for {}\n", filing.kind, filing.year));
        for (title, total, unit) in &filing.totals {
            text.push_str(&format!("  {total:>6} {unit:<12} {title}\n"));
        }
    }
    section(&mut text, "Take note", &verdict.notices);
    section(&mut text, "What cannot be seen from here", &verdict.unseen);
    text.push_str(match verdict.findings.len() {
        0 => "\nEvery promise that could be checked holds.\n",
        _ => "\nA promise is broken: see above.\n",
    });
    text
}

fn section(text: &mut String, title: &str, sentences: &[String]) {
    if !sentences.is_empty() {
        text.push_str(&format!("\n{title}\n"));
        for sentence in sentences {
            text.push_str(
                &wrapped("  -", sentence)
                    .replace(&format!("{:<INDENT$}", "  -"), "  - ")
                    .replace(&" ".repeat(INDENT), "    "),
            );
        }
    }
}
