//! What the terminal shows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use law::{Outcome, Pack};
use register::Register;
use register::event::Decision;
use register::report::Report;
use register::say::{self, counted};
use register::time::{Moment, Timestamp, Year};
use register::words::{ReportFormat, RunCount};
use verify::{Promise, Verdict};

use crate::app::opened;
use crate::examining::Examined;
use crate::import::taking::Taken;
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

/// Writes one line of JSON to standard output.
///
/// # Errors
/// As [`show`].
pub(crate) fn print_json(value: &serde_json::Value) -> Result<()> {
    show(&format!("{value}\n"))
}

/// What a restored register holds, and what to mind before it goes on.
pub(crate) fn restored(done: &Examined, to: &Path) -> String {
    let Examined { events, signed, sealed, erased, closed, filed } = done;
    format!(
        "restored {}: {}\n\
         checked: the events replay; the {signed} leaves that are signed are theirs, and each follows from its key; the\n  \
         sealed fields of {} open; of {} nothing is left; the rows of {} follow; {} are whole\n\
         before it goes on: it knows nothing of what came after the backup. If a checkpoint of more than {signed} leaves was\n  \
         ever published, growing this register would sign another history: look for a newer backup first. What was erased after\n  \
         the backup is here again: erase it again\n",
        say::counted(*events, "event", "events"),
        to.display(),
        say::counted(*sealed, "paper or note", "papers and notes"),
        say::counted(*erased, "erasure", "erasures"),
        say::counted(*closed, "closing", "closings"),
        say::counted(*filed, "filed file", "filed files"),
    )
}

/// What a table came to that was taken in.
pub(crate) fn taken(taken: &Taken) -> String {
    let of = |what| taken.count(what);
    let mut text = format!(
        "read {}: {} registered, {} known before, {} refused, {} left out; {} recorded, {} in all; the law was not \
         asked\n\nrequests by year of arrival and outcome\n",
        counted(of(RunCount::Rows), "row", "rows"),
        counted(of(RunCount::Registered), "request", "requests"),
        of(RunCount::Known),
        of(RunCount::Refused),
        of(RunCount::LeftOut),
        counted(of(RunCount::Outcomes), "outcome", "outcomes"),
        counted(taken.events, "event", "events"),
    );
    for (year, outcomes) in &taken.totals {
        text.push_str(&format!("{year}  {:>8}  in all\n", outcomes.values().sum::<u64>()));
        for (outcome, number) in outcomes {
            text.push_str(&format!("      {number:>8}  {}\n", register::say::outcome_title(*outcome)));
        }
    }
    text.push_str(&late(&taken.late));
    let (rows, outcomes) = (of(RunCount::Refused), of(RunCount::OutcomeRefused));
    if rows + outcomes == 0 {
        text.push_str("nothing was refused\n");
        return text;
    }
    text.push_str(&format!(
        "refused: {}, and the outcome of {}; lines and reasons: {}\n",
        counted(rows, "row", "rows"),
        counted(outcomes, "request", "requests"),
        taken.refused.display()
    ));
    text
}

/// The same for programs.
pub(crate) fn taken_json(taken: &Taken) -> serde_json::Value {
    let counts: serde_json::Map<_, _> =
        RunCount::ALL.iter().map(|what| (what.code().to_owned(), taken.count(*what).into())).collect();
    let totals = taken.totals.iter().map(|(year, outcomes)| {
        let outcomes = outcomes.iter().map(|(outcome, number)| (outcome.code().to_owned(), (*number).into()));
        (year.to_string(), serde_json::Value::Object(outcomes.collect()))
    });
    serde_json::json!({
        "counts": counts,
        "events": taken.events,
        "totals": totals.collect::<serde_json::Map<_, _>>(),
        "refused_rows": taken.refused,
    })
}

/// What whoever recorded something should know of years that are closed.
pub(crate) fn late(years: &BTreeSet<Year>) -> String {
    let note = |year| {
        format!(
            "note: {year} is closed, so this is in no filed report yet: a restatement is due \
         (hint: `candor file --year {year} --restate late`)\n"
        )
    };
    years.iter().map(note).collect()
}

/// That everybody may act, while nobody is registered as staff.
pub(crate) fn everybody(register: &Register) -> String {
    if register.staff.is_registered() {
        return String::new();
    }
    "note: no staff is registered, so everybody may do everything and read everything \
     (hint: record `register-staff` and `give-role`; see `docs/FILES.md`)\n"
        .to_owned()
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

/// An answer of the law and what is said of it.
pub(crate) struct Told<'p> {
    pub(crate) outcome: Outcome<'p>,
    pub(crate) told: law::say::Told,
    pub(crate) why_not: Vec<law::say::Told>,
}

/// One answer of the law, with its reasons.
pub(crate) fn answer(answer: &Told<'_>, with_why_not: bool) -> String {
    let mut text = String::from("\n");
    tell(&answer.told, 0, &mut text);
    if with_why_not {
        answer.why_not.iter().for_each(|told| tell(told, 1, &mut text));
    }
    text
}

/// A sentence and, indented below it, what it rests on.
fn tell(told: &law::say::Told, depth: usize, text: &mut String) {
    text.push_str(&wrapped(depth.saturating_sub(1) * 2, &told.label, &told.text));
    told.below.iter().for_each(|below| tell(below, depth + 1, text));
}

/// Columns of a line, and where its text begins.
const WIDTH: usize = 100;
const INDENT: usize = 17;

/// A labelled paragraph, broken between words.
pub(crate) fn wrapped(shift: usize, label: &str, paragraph: &str) -> String {
    let mut lines = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.chars().count() > WIDTH.saturating_sub(INDENT + shift) {
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
    labels.zip(&lines).map(|(label, line)| format!("{:shift$}{label:<INDENT$}{line}\n", "")).collect()
}

/// Answers for programs.
pub(crate) fn answers_json(pack: &Pack, answers: &[Told<'_>]) -> serde_json::Value {
    let answers: Vec<_> = answers.iter().map(answer_json).collect();
    serde_json::json!({
        "pack": pack.id.to_string(),
        "version": pack.version,
        "hash": pack.hash().to_string(),
        "answers": answers,
    })
}

fn answer_json(answer: &Told<'_>) -> serde_json::Value {
    match &answer.outcome {
        Outcome::Answered(answered) => serde_json::json!({
            "ask": answered.ask.code(),
            "on": answered.on.to_string(),
            "says": [answered.says.code()],
            "basis": answered.basis.code(),
            "reviewed": answered.reviewed,
            "rules": answered.rules().map(|rule| rule.id.to_string()).collect::<Vec<_>>(),
            "citations": answered.because.iter().map(|one| one.section.citation.clone()).collect::<Vec<_>>(),
            "layers": answered.layers.iter().map(|layer| serde_json::json!({
                "layer": layer.layer.code(),
                "says": layer.says.map(|says| says.code()),
            })).collect::<Vec<_>>(),
            "derived": answered.derived.iter().map(|(name, holds)| (name.to_string(), *holds)).collect::<BTreeMap<_, _>>(),
            "safe_default": answered.safe_default,
            "told": answer.told,
            "why_not": answer.why_not,
        }),
        Outcome::StillPossible(open) => serde_json::json!({
            "ask": open.ask.code(),
            "on": open.on.to_string(),
            "says": open.possible.iter().map(|says| says.code()).collect::<Vec<_>>(),
            "open": open.open.iter().map(|open| open.fact.name.to_string()).collect::<Vec<_>>(),
            "next": open.next.as_ref().map(|next| next.fact.name.to_string()),
            "at_most": open.at_most,
            "reviewed": open.reviewed,
            "safe_default": open.safe_default,
            "told": answer.told,
        }),
    }
}

/// An instant in the register's zone, with its distance from UTC, which tells the two 01:30 of an autumn night apart.
pub(crate) fn local(register: &Register, at: Timestamp) -> String {
    at.to_zoned_datetime(register.zone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// The same of what may be known by its day alone.
pub(crate) fn when(register: &Register, moment: Moment) -> String {
    match moment {
        Moment::At(at) => local(register, at),
        Moment::On(day) => day.to_string(),
    }
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
    let receipt = verdict.receipt.as_ref().map(verify::say::receipt).unwrap_or_default();
    section(&mut text, "The receipt", &receipt);
    section(&mut text, "Take note", &verdict.notices);
    section(&mut text, "What cannot be seen from here", &verdict.unseen);
    text.push_str(match (verdict.findings.len(), verdict.is_proven()) {
        (0, true) => "\nEvery promise that could be checked holds.\n",
        (0, false) => "\nNothing is broken, and the receipt is not proven yet: its leaf is not in this log. Fetch the folder again later.\n",
        _ => "\nA promise is broken: see above.\n",
    });
    text
}

fn section(text: &mut String, title: &str, sentences: &[String]) {
    if !sentences.is_empty() {
        text.push_str(&format!("\n{title}\n"));
        for sentence in sentences {
            text.push_str(
                &wrapped(0, "  -", sentence)
                    .replace(&format!("{:<INDENT$}", "  -"), "  - ")
                    .replace(&" ".repeat(INDENT), "    "),
            );
        }
    }
}
