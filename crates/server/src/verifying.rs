//! `candor verify`: reads the folder, lets the verifier check it, and prints what it says.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use register::receipt::Said;
use tlog::{Checkpoint, Note, NoteError, VerifyingKey, WitnessKey};
use verify::receipt::{HeldReceipt, ReceiptSeen};
use verify::{Finding, Given, Promise, Verdict, say};

use crate::cli;
use crate::packs::Problems;
use crate::{files, paper, screen};

/// Exit code for a promise that is broken.
const BROKEN: u8 = 1;

/// Exit code for a folder, key or argument that cannot be read.
const UNREADABLE: u8 = 2;

/// Verifies a published folder.
pub(crate) fn verify(arguments: &cli::Verify) -> ExitCode {
    match check(arguments) {
        Ok(verdict) => {
            let text = if arguments.json { format!("{}\n", json(&verdict)) } else { screen::verdict(&verdict) };
            // Whoever reads no further still gets the answer by the exit code.
            drop(screen::show(&text));
            if verdict.is_proven() { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
        }
        Err(error) => {
            eprintln!("candor: {error:#}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn check(arguments: &cli::Verify) -> Result<Verdict> {
    let log_key = key(&arguments.key, VerifyingKey::parse)?;
    let witnesses =
        arguments.witnesses.iter().map(|witness| key(witness, WitnessKey::parse)).collect::<Result<Vec<_>>>()?;
    let (published, odd) = files::read_folder(&arguments.out)?;
    let since = arguments.since.as_deref().map(checkpoint).transpose()?;
    let bag = arguments.bag.as_deref().map(files::read_text).transpose()?;
    let receipt = arguments.receipt.as_deref().map(files::read_text).transpose()?;
    let paper = arguments.paper.as_deref().map(matches).transpose()?;
    let held = |text| HeldReceipt { text, paper: paper.as_deref(), on: arguments.on };
    let mut verdict = verify::verify(&Given {
        files: &published,
        key: &log_key,
        witnesses: &witnesses,
        since: since.as_deref(),
        bag: bag.as_deref(),
        receipt: receipt.as_deref().map(held),
    });
    // The verifier knows files only. Whatever else was laid into the folder is published too, and nothing accounts for it.
    let odd =
        odd.into_iter().map(|odd| Finding { promise: Promise::Accounted, place: odd.place, what: odd.what.to_owned() });
    verdict.findings.extend(odd);
    verdict.findings.sort_by(|a, b| (a.promise, &a.place).cmp(&(b.promise, &b.place)));
    Ok(verdict)
}

/// The text of a kept checkpoint. Whose signature it bears is for the verifier to say.
fn checkpoint(path: &Path) -> Result<String> {
    let text = files::read_text(path)?;
    if Note::parse(&text).ok().and_then(|note| Checkpoint::parse(&note.text).ok()).is_none() {
        bail!("`{}` is no checkpoint (hint: give a copy of a file `checkpoint` that you kept)", path.display());
    }
    Ok(text)
}

/// What can identify the paper of a form file.
fn matches(path: &Path) -> Result<Vec<String>> {
    Ok(paper::read_matches(&path.display().to_string(), &files::read_text(path)?).map_err(Problems)?)
}

/// A key as given, or from a file that holds one.
fn key<K>(text: &str, parse: fn(&str) -> Result<K, NoteError>) -> Result<K> {
    let why = match parse(text) {
        Ok(key) => return Ok(key),
        Err(why) => why,
    };
    let file = files::read_text(text.as_ref()).with_context(|| {
        format!("`{text}` is neither a key nor a file that holds one: {why} (hint: a key looks like `NAME+HEX+BASE64`)")
    })?;
    parse(file.trim()).with_context(|| format!("`{text}` holds no key"))
}

fn json(verdict: &Verdict) -> serde_json::Value {
    let promises: Vec<_> = Promise::ALL
        .iter()
        .filter_map(|promise| {
            let checked = verdict.checked.get(promise)?;
            Some(serde_json::json!({
                "promise": say::code(*promise),
                "says": say::promise(*promise),
                "checked": checked,
                "holds": verdict.holds(*promise),
            }))
        })
        .collect();
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "promise": say::code(finding.promise),
                "place": finding.place,
                "what": finding.what,
                "next": say::hint(finding.promise),
            })
        })
        .collect();
    let filings: Vec<_> = verdict
        .filings
        .iter()
        .map(|filing| {
            let totals: Vec<_> = filing
                .totals
                .iter()
                .map(|(title, total, unit)| serde_json::json!({ "title": title, "total": total, "unit": unit }))
                .collect();
            serde_json::json!({ "year": filing.year, "kind": filing.kind, "totals": totals })
        })
        .collect();
    let cosigned: Vec<_> = verdict
        .cosigned
        .iter()
        .map(|cosigned| serde_json::json!({ "witness": cosigned.witness, "at": cosigned.at }))
        .collect();
    serde_json::json!({
        "origin": verdict.origin,
        "demonstration": verdict.is_demonstration(),
        "size": verdict.size,
        "holds": verdict.is_proven(),
        "promises": promises,
        "cosigned": cosigned,
        "findings": findings,
        "filings": filings,
        "receipt": verdict.receipt.as_ref().map(receipt_json),
        "notices": verdict.notices,
        "unseen": verdict.unseen,
    })
}

fn receipt_json(seen: &ReceiptSeen) -> serde_json::Value {
    serde_json::json!({
        "said": match seen.said {
            Said::Receipt => "receipt".to_owned(),
            Said::Answer(answer, _) => answer.to_string(),
        },
        "rule": match seen.said {
            Said::Receipt => None,
            Said::Answer(_, rule) => Some(rule.to_string()),
        },
        "leaf": seen.leaf.to_string(),
        "promised_at": seen.promised_at.to_string(),
        "due_at": seen.due_at.to_string(),
        "position": seen.position,
        "counts_as": seen.counts_as.code(),
        "year": seen.year.map(|year| year.to_string()),
        "paper": say::paper_code(seen.paper),
        "standing": say::standing_code(&seen.standing),
        "says": say::receipt(seen),
    })
}
