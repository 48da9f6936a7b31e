//! What an auditor's bag adds: that the leaves hold a whole record, and that it is the record of this log. Whether it
//! follows from what was asked of the register is for [`crate::record`].

use std::collections::BTreeMap;
use std::ops::Range;

use register::bag::{self, Bag, BagLeaf, ErasedLeaf};
use register::event::{Event, Opened};
use register::growth::GROWTH_STEP;
use register::leaf::{self, Slot};
use register::place;
use register::wire;
use register::words::Mode;
use tlog::{Frontier, VerifyingKey, hash_leaf};

use crate::filings::Seen;
use crate::record::{self, Written};
use crate::{Log, Promise, Verdict, clock, erased, receipt};

/// Where a finding about the bag as a whole is.
const BAG: &str = "the bag";

/// Where a finding about the newest leaves is.
const LAST_GROWTH: &str = "the last growth";

pub(crate) fn check(text: &str, log: Log<'_>, seen: &Seen, key: &VerifyingKey, verdict: &mut Verdict) {
    let (leaves, erased) = match bag::parse(text) {
        Ok(Bag { origin, mode, leaves, erased }) => {
            if origin != verdict.origin {
                verdict.check(Promise::Bag, BAG);
                verdict.find(Promise::Bag, BAG, format!("it is of another log, `{origin}`"));
                return;
            }
            if (mode == Mode::Demonstration) != verdict.is_demonstration() {
                verdict.find(Promise::Bag, BAG, "it does not agree with the log on whether its rows are invented");
            }
            (leaves, erased)
        }
        Err(error) => {
            verdict.check(Promise::Bag, BAG);
            verdict.find(Promise::Bag, BAG, error.to_string());
            return;
        }
    };
    let roots = every_leaf(&leaves, &erased, log, verdict);
    let record = events(&leaves, verdict);
    let whole = match erased.len() {
        0 => "without a gap".to_owned(),
        gone => format!("without a gap but for {gone} that were erased"),
    };
    let (all, events) = (leaves.len() + erased.len(), record.len());
    verdict.check(Promise::Bag, format!("{all} leaves, and a record of {events} events {whole}"));
    let gaps = erased::gaps(&record, &erased, verdict);
    record::follows(&record, &gaps, seen, verdict);
    of_this_log(&record, log, key, seen, verdict);
    growths(&record, &roots, verdict);
    receipt::in_record(&record, verdict);
    clock::in_record(&record, verdict);
}

/// The record is of this log: it opened it under this key, froze it at these roots, and filed what the folder shows.
fn of_this_log(record: &[Written<'_>], log: Log<'_>, key: &VerifyingKey, seen: &Seen, verdict: &mut Verdict) {
    let mut tree = Frontier::new();
    let mut size = 0;
    for (recorded, _) in record {
        let place = format!("event {}", recorded.seq);
        match &recorded.event {
            Event::RegisterOpened(opened) => opened_here(opened, &place, key, seen, verdict),
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
                let path = place::filing_path(filing.year, filing.kind);
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
            | Event::Request(_)
            | Event::CostReimbursed { .. }
            | Event::YearClosed { .. }
            | Event::YearRestated { .. }
            | Event::ReceiptRecorded { .. }
            | Event::ClockDeparted { .. }
            | Event::ClockTrusted { .. }
            | Event::RunRecorded(_)
            | Event::ClosingEntered { .. }
            | Event::ClosingWithheld { .. }
            | Event::Watch(_)
            | Event::Custody(_)
            | Event::Staff(_)
            | Event::Inquiry(_)
            | Event::Retention(_)
            | Event::Receipt(_)
            | Event::Reading(_) => {}
        }
    }
}

/// The register was opened for this log, under this key, and counts the days of its law's zone.
fn opened_here(opened: &Opened, place: &str, key: &VerifyingKey, seen: &Seen, verdict: &mut Verdict) {
    let demonstration = opened.mode == Mode::Demonstration;
    if opened.origin != verdict.origin || opened.key != key.to_string() {
        verdict.find(Promise::Bag, place, "the register was opened for another log or key");
    } else if demonstration != verdict.is_demonstration() {
        verdict.find(Promise::Bag, place, "it does not agree with the log on whether its rows are invented");
    }
    let pack = seen.packs.get(&opened.pack.hash.to_string());
    if pack.is_some_and(|pack| pack.calendar.time_zone != opened.zone) {
        verdict.find(Promise::Bag, place, format!("it counts by the days of `{}`, and its law does not", opened.zone));
    }
}

/// Each growth takes all leaves that wait and places them in the order of their roots, padding among them. How many it
/// adds is for [`crate::record`]; of the last growth too, which no event in the tree records, since its leaf waits.
fn growths(record: &[Written<'_>], roots: &[[u8; 32]], verdict: &mut Verdict) {
    let mut from = 0;
    let mut waiting = Vec::new();
    for (recorded, leaf) in record {
        if let Event::TreeGrown(growth) = &recorded.event {
            let range = from..growth.frozen.size;
            growth_fits(range, &waiting, roots, &format!("event {}", recorded.seq), verdict);
            waiting.clear();
            from = growth.frozen.size;
        }
        waiting.push(leaf.position);
    }
    let added = verdict.size.saturating_sub(from);
    if added < GROWTH_STEP || !added.is_multiple_of(GROWTH_STEP) {
        let what = format!("it adds {added} leaves, and not a multiple of {GROWTH_STEP}");
        verdict.find(Promise::Bag, LAST_GROWTH, what);
    }
    growth_fits(from..verdict.size, &waiting, roots, LAST_GROWTH, verdict);
}

fn growth_fits(range: Range<u64>, waiting: &[u64], roots: &[[u8; 32]], place: &str, verdict: &mut Verdict) {
    let outside = waiting.iter().filter(|position| !range.contains(position)).count();
    if outside > 0 {
        verdict.find(Promise::Bag, place, format!("{outside} leaves that waited for this growth are not in it"));
    }
    let (from, until) = (usize::try_from(range.start), usize::try_from(range.end));
    let placed = from.ok().zip(until.ok()).and_then(|(from, until)| roots.get(from..until));
    if placed.is_some_and(|placed| !placed.is_sorted()) {
        verdict.find(Promise::Bag, place, "the growth does not place its leaves in the order of their roots");
    }
}

/// Each leaf of the log is in the bag once, and recomputes. Gives the roots of those that are in their place.
fn every_leaf(
    leaves: &[BagLeaf],
    erased: &BTreeMap<u64, ErasedLeaf>,
    log: Log<'_>,
    verdict: &mut Verdict,
) -> Vec<[u8; 32]> {
    let mut roots = Vec::new();
    let mut expected = 0;
    let (mut leaves, mut erased) = (leaves.iter().peekable(), erased.iter().peekable());
    while leaves.peek().is_some() || erased.peek().is_some() {
        let gone = erased.next_if(|(position, _)| **position == expected).map(|(_, leaf)| leaf.root.0);
        let Some(root) = gone.or_else(|| Some(leaves.next_if(|leaf| leaf.position == expected)?.root())) else {
            let next = leaves.peek().map(|leaf| leaf.position).into_iter().chain(erased.peek().map(|(next, _)| **next));
            let what = format!("leaf {expected} should come here and leaf {} does", next.min().unwrap_or_default());
            verdict.find(Promise::Bag, BAG, what);
            return roots;
        };
        roots.push(root);
        if log.leaf(expected) != Some(&hash_leaf(&root)) {
            verdict.find(Promise::Bag, format!("leaf {expected}"), "the log holds another leaf than the bag");
        }
        expected += 1;
    }
    if expected != verdict.size {
        verdict.find(Promise::Bag, BAG, format!("it has {expected} leaves and the log has {}", verdict.size));
    }
    roots
}

/// The events that the leaves hold, in the order of their numbers, each with its leaf.
fn events<'a>(leaves: &'a [BagLeaf], verdict: &mut Verdict) -> Vec<Written<'a>> {
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
