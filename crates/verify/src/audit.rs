//! What an auditor's bag adds: that the leaves hold a whole record, that the closing rows follow from it, and that the
//! law's answers follow from the facts.

use register::Register;
use register::bag::{self, Bag, BagLeaf};
use register::event::{Decision, Event, Recorded};
use register::handle;
use register::leaf::{self, Slot};
use register::time::Year;
use register::wire;
use register::words::Mode;
use tlog::{Frontier, VerifyingKey, hash_leaf};

use crate::filings::{self, Seen};
use crate::{Log, Promise, Verdict};

/// Where a finding about the bag as a whole is.
const BAG: &str = "the bag";

pub(crate) fn check(text: &str, log: Log<'_>, seen: &Seen, key: &VerifyingKey, verdict: &mut Verdict) {
    let leaves = match bag::parse(text) {
        Ok(Bag { origin, mode, leaves }) => {
            if origin != verdict.origin {
                verdict.check(Promise::Bag, BAG);
                verdict.find(Promise::Bag, BAG, format!("it is of another log, `{origin}`"));
                return;
            }
            if (mode == Mode::Demonstration) != verdict.is_demonstration() {
                verdict.find(Promise::Bag, BAG, "it does not agree with the log on whether its rows are invented");
            }
            leaves
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
    of_this_log(&record, log, key, seen, verdict);
}

/// The record is of this log: it opened it under this key, froze it at these roots, and filed what the folder shows.
fn of_this_log(record: &[(Recorded, &BagLeaf)], log: Log<'_>, key: &VerifyingKey, seen: &Seen, verdict: &mut Verdict) {
    let mut tree = Frontier::new();
    let mut size = 0;
    for (recorded, _) in record {
        let place = format!("event {}", recorded.seq);
        match &recorded.event {
            Event::RegisterOpened(opened) => {
                let demonstration = opened.mode == Mode::Demonstration;
                if opened.origin != verdict.origin || opened.key != key.to_string() {
                    verdict.find(Promise::Bag, place, "the register was opened for another log or key");
                } else if demonstration != verdict.is_demonstration() {
                    verdict.find(
                        Promise::Bag,
                        place,
                        "it does not agree with the log on whether its rows are invented",
                    );
                }
            }
            Event::TreeGrown(growth) => {
                while size < growth.frozen.size
                    && let Some(leaf) = log.leaf(size)
                {
                    tree.push(*leaf);
                    size += 1;
                }
                if size != growth.frozen.size || tree.root() != growth.frozen.root {
                    verdict.find(Promise::Bag, place, "the tree it froze is not of this log");
                }
            }
            Event::ReportFiled(filing) => {
                let path = filings::filing_path(filing.year, filing.kind);
                if !seen.paths.contains(&path) {
                    verdict.find(Promise::Filing, path, "the record says that this was filed, and the folder lacks it");
                }
            }
            Event::AgencyRegistered { .. }
            | Event::UnitOpened { .. }
            | Event::LineOpened { .. }
            | Event::RequestReceived { .. }
            | Event::DecisionMade { .. }
            | Event::OutcomeRecorded { .. }
            | Event::PersonHeld { .. }
            | Event::PersonTransferred { .. }
            | Event::CostReimbursed { .. }
            | Event::YearClosed { .. }
            | Event::ClosingEntered { .. } => {}
        }
    }
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
            if leaf.values != leaf::padding() || leaf.paper_match.is_some() {
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
            closing_follows(&register, *year, record.get(index..).unwrap_or_default(), seen, verdict);
        }
        if let Event::DecisionMade { decision, .. } = &recorded.event {
            decided.1 += 1;
            decided.0 += usize::from(decision_follows(decision, &place, seen, verdict));
        }
        if let Err(broken) = register.apply(recorded) {
            verdict.find(Promise::Bag, place, broken.to_string());
            return;
        }
        let mut says = leaf::values(&register, recorded, None);
        let paper_match = leaf.paper_match.is_some();
        says.remove(&Slot::PaperMatch);
        if says != leaf.values || (paper_match && !matches!(recorded.event, Event::RequestReceived { .. })) {
            verdict.find(Promise::Bag, format!("leaf {}", leaf.position), "its slots do not say what its event says");
        }
    }
    let (redecided, all) = decided;
    verdict.check(Promise::Answers, format!("{redecided} of {all} answers, decided again from the recorded facts"));
}

/// The answer is the one the law gives, and a departure from it says so. Gives whether the law pack is at hand.
fn decision_follows(decision: &Decision, place: &str, seen: &Seen, verdict: &mut Verdict) -> bool {
    let departs = handle::departs(&decision.answer.says, decision.decided).is_some();
    if departs != decision.departure.is_some() {
        let what =
            if departs { "it departs from the answer and gives no code" } else { "it calls a departure what is none" };
        verdict.find(Promise::Answers, place, what);
    }
    let Some(pack) = seen.packs.get(&decision.answer.pack.to_string()) else { return false };
    let again = handle::answer(pack, decision.ask, &decision.facts, decision.on);
    if again.as_ref() != Ok(&decision.answer) {
        verdict.find(Promise::Answers, place, "the law pack gives another answer from these facts");
    }
    true
}

/// The closing rows are the ones the record gives, and the ones published.
fn closing_follows(register: &Register, year: Year, rest: &[(Recorded, &BagLeaf)], seen: &Seen, verdict: &mut Verdict) {
    let Some((closing, _)) = rest.first() else { return };
    let place = format!("closing of {year}");
    let expected = match register.close_year(year, closing.at) {
        Ok(events) => events,
        Err(refusal) => {
            verdict.find(Promise::Bag, place, refusal.to_string());
            return;
        }
    };
    if !rest.iter().map(|(recorded, _)| &recorded.event).take(expected.len()).eq(expected.iter()) {
        verdict.find(Promise::Bag, place.clone(), "the closing entries are not the ones that follow from the record");
    }
    let mut rows: Vec<String> = expected
        .iter()
        .filter_map(
            |event| if let Event::ClosingEntered { row, .. } = event { Some(wire::encode_row(row)) } else { None },
        )
        .collect();
    rows.sort();
    if seen.rows.get(&year).is_some_and(|published| *published != rows) {
        verdict.find(Promise::Bag, place, "the published rows are not the ones that follow from the record");
    }
}
