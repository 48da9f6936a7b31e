//! What an auditor's bag adds: that the leaves hold a whole record, that the closing rows follow from it, and that the
//! law's answers follow from the facts.

use register::bag::{self, BagLeaf};
use register::event::{Event, Recorded};
use register::handle;
use register::leaf::{self, Slot};
use register::wire;
use register::{Command, Register};
use tlog::hash_leaf;

use crate::filings::Seen;
use crate::{Log, Promise, Verdict};

/// Where a finding about the bag as a whole is.
const BAG: &str = "the bag";

pub(crate) fn check(text: &str, log: Log<'_>, seen: &Seen, verdict: &mut Verdict) {
    let leaves = match bag::parse(text) {
        Ok((origin, leaves)) if origin == verdict.origin => leaves,
        Ok((origin, _)) => {
            verdict.check(Promise::Bag, BAG);
            verdict.find(Promise::Bag, BAG, format!("it is of another log, `{origin}`"));
            return;
        }
        Err(error) => {
            verdict.check(Promise::Bag, BAG);
            verdict.find(Promise::Bag, BAG, error.to_string());
            return;
        }
    };
    every_leaf(&leaves, log, verdict);
    let record = record(&leaves, verdict);
    verdict
        .check(Promise::Bag, format!("{} leaves, and a record of {} events without a gap", leaves.len(), record.len()));
    follows(&record, seen, verdict);
}

/// Each leaf of the log is in the bag once, and recomputes.
fn every_leaf(leaves: &[BagLeaf], log: Log<'_>, verdict: &mut Verdict) {
    let mut expected = 0;
    for leaf in leaves {
        if leaf.position != expected {
            let what = format!("leaf {expected} should come here and leaf {} does", leaf.position);
            verdict.find(Promise::Bag, BAG, what);
            return;
        }
        expected += 1;
        if log.leaf(leaf.position) != Some(&hash_leaf(&leaf.root())) {
            verdict.find(Promise::Bag, format!("leaf {}", leaf.position), "the log holds another leaf than the bag");
        }
    }
    if expected != verdict.size {
        verdict.find(Promise::Bag, BAG, format!("it has {expected} leaves and the log has {}", verdict.size));
    }
}

/// The events that the leaves hold, in the order of their numbers, each with its leaf.
fn record<'a>(leaves: &'a [BagLeaf], verdict: &mut Verdict) -> Vec<(Recorded, &'a BagLeaf)> {
    let mut record = Vec::new();
    for leaf in leaves {
        let Some(body) = leaf.values.get(&Slot::Body) else {
            if leaf.values != leaf::padding() {
                verdict.find(Promise::Bag, format!("leaf {}", leaf.position), "it is neither an event nor padding");
            }
            continue;
        };
        match wire::decode(body) {
            Ok(recorded) => record.push((recorded, leaf)),
            Err(error) => verdict.find(Promise::Bag, format!("leaf {}", leaf.position), error.to_string()),
        }
    }
    record.sort_by_key(|(recorded, _)| recorded.seq);
    record
}

/// Replays the record and checks at each step that it is what the register would have written.
fn follows(record: &[(Recorded, &BagLeaf)], seen: &Seen, verdict: &mut Verdict) {
    let mut register = Register::default();
    let mut decided = (0, 0);
    for (index, (recorded, leaf)) in record.iter().enumerate() {
        let place = format!("event {}", recorded.seq);
        if let Event::YearClosed { year, .. } = &recorded.event {
            let command = Command::CloseYear { year: *year };
            closing_follows(&register, &command, record.get(index..).unwrap_or_default(), seen, verdict);
        }
        if let Event::DecisionMade { decision, .. } = &recorded.event {
            decided.1 += 1;
            if let Some(pack) = seen.packs.get(&decision.answer.pack.to_string()) {
                decided.0 += 1;
                let again = handle::answer(pack, decision.ask, &decision.facts, decision.on);
                if again.as_ref() != Ok(&decision.answer) {
                    verdict.find(Promise::Answers, place.clone(), "the law pack gives another answer from these facts");
                }
            }
        }
        if let Err(broken) = register.apply(recorded) {
            verdict.find(Promise::Bag, place, broken.to_string());
            return;
        }
        let mut says = leaf::values(&register, recorded, None);
        let paper_match = leaf.hashes.contains_key(&Slot::PaperMatch);
        says.remove(&Slot::PaperMatch);
        if says != leaf.values || (paper_match && !matches!(recorded.event, Event::RequestReceived { .. })) {
            verdict.find(Promise::Bag, format!("leaf {}", leaf.position), "its slots do not say what its event says");
        }
    }
    let (redecided, all) = decided;
    verdict.check(Promise::Answers, format!("{redecided} of {all} answers, decided again from the recorded facts"));
}

/// The closing rows are the ones the record gives, and the ones published.
fn closing_follows(
    register: &Register,
    command: &Command,
    rest: &[(Recorded, &BagLeaf)],
    seen: &Seen,
    verdict: &mut Verdict,
) {
    let Some((closing, _)) = rest.first() else { return };
    let Command::CloseYear { year } = command else { return };
    let place = format!("closing of {year}");
    // The law decides no row, so any pack that is at hand will do.
    let Some(pack) = seen.packs.values().next() else { return };
    let expected = match register.handle(pack, command, closing.at) {
        Ok(events) => events,
        Err(refusal) => {
            verdict.find(Promise::Bag, place, refusal.to_string());
            return;
        }
    };
    if !rest.iter().map(|(recorded, _)| &recorded.event).take(expected.len()).eq(expected.iter()) {
        verdict.find(Promise::Bag, place.clone(), "the closing entries are not the ones that follow from the record");
    }
    let rows: Vec<String> = expected
        .iter()
        .filter_map(
            |event| if let Event::ClosingEntered { row, .. } = event { Some(wire::encode_row(row)) } else { None },
        )
        .collect();
    let sorted = |rows: &[String]| rows.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    if let Some(published) = seen.rows.get(year)
        && (published.len() != rows.len() || sorted(published) != sorted(&rows))
    {
        verdict.find(Promise::Bag, place, "the published rows are not the ones that follow from the record");
    }
}
