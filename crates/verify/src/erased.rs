//! What was erased: which leaves of a bag nobody can look into any more, whether a tombstone speaks for each, and what of the
//! record can therefore not be worked out again.
//!
//! An erasure must not be a way to hide: every gap in the record is named by a tombstone of two persons, a tombstone names
//! nothing that is still there, and rows that follow from what is left must stand among those that were written.

use std::collections::{BTreeMap, BTreeSet};

use register::bag::ErasedLeaf;
use register::event::{Event, Recorded};
use register::leaf::Slot;
use register::retention::RetentionEvent;
use register::row::Row;
use register::say::counted;
use register::words::{CountsAs, Set};

use crate::record::{Written, place_of};
use crate::{Promise, Verdict};

/// The events that are missing in the record because they were erased.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    entries: BTreeSet<u64>,
    /// What was erased, by the number of its tombstone.
    things: BTreeMap<String, u64>,
}

/// How what is written differs from what the register would write.
#[derive(Debug)]
pub(crate) enum Difference {
    /// In a way that nothing erased explains.
    Otherwise(String),
    /// The rows of a closing are others: whether they only lack what was erased before.
    Rows { only_lacks: bool, refusal: Option<String> },
}

impl Gaps {
    /// Whether the event of this number was erased.
    pub(crate) fn has(&self, seq: u64) -> bool {
        self.entries.contains(&seq)
    }

    /// How many before an event were erased.
    pub(crate) fn before(&self, seq: u64) -> u64 {
        u64::try_from(self.entries.range(..seq).count()).unwrap_or(u64::MAX)
    }

    /// Whether an id is of what an erasure recorded then or later erased: the record up to an event may name it, and what it
    /// was is gone.
    pub(crate) fn erased(&self, id: &str, seq: u64) -> bool {
        self.things.get(id).is_some_and(|tombstone| seq <= *tombstone)
    }

    /// What of a difference is a finding. Says of a closing whose rows cannot be worked out again that this is so.
    pub(crate) fn counts(
        &self,
        difference: Option<Difference>,
        head: &Recorded,
        verdict: &mut Verdict,
    ) -> Option<String> {
        match difference? {
            Difference::Otherwise(what) => Some(what),
            Difference::Rows { refusal: None, only_lacks: false } => {
                Some("the closing entries are not the ones that follow from the record".to_owned())
            }
            Difference::Rows { refusal, .. } => {
                let why = refusal.map(|refusal| format!("; without them the register says: {refusal}"));
                verdict.notice(format!(
                    "{}: its rows could not be worked out again, as {} before it{}",
                    place_of(head),
                    events_were_erased(self.before(head.seq)),
                    why.unwrap_or_default()
                ));
                None
            }
        }
    }
}

/// `1 event was erased`, `3 events were erased`.
pub(crate) fn events_were_erased(number: u64) -> String {
    format!("{} {} erased", counted(number, "event", "events"), if number == 1 { "was" } else { "were" })
}

/// Checks each erased leaf, and that each is one that a tombstone names.
pub(crate) fn gaps(record: &[Written<'_>], erased: &BTreeMap<u64, ErasedLeaf>, verdict: &mut Verdict) -> Gaps {
    let mut gaps = Gaps::default();
    let mut tombstones = 0;
    for (recorded, _) in record {
        let Event::Retention(RetentionEvent::RecordErased(tombstone)) = &recorded.event else { continue };
        tombstones += 1;
        gaps.entries.extend(&tombstone.reached.entries);
        let things = tombstone.reached.erased.iter();
        gaps.things.extend(things.map(|thing| (thing.to_string(), recorded.seq)));
    }
    for (recorded, leaf) in record.iter().filter(|(recorded, _)| gaps.has(recorded.seq)) {
        let what = format!("event {} is there, and a tombstone says that it was erased", recorded.seq);
        verdict.find(Promise::Bag, format!("leaf {}", leaf.position), what);
    }
    let there: BTreeSet<u64> = record.iter().map(|(recorded, _)| recorded.seq).collect();
    let named = gaps.entries.iter().filter(|seq| !there.contains(seq)).count();
    if named != erased.len() {
        let what = format!("{} leaves are given as erased, and its tombstones name {named}", erased.len());
        verdict.find(Promise::Bag, "the bag", what);
    }
    for (position, leaf) in erased {
        if let Err(what) = openings_hold(leaf) {
            verdict.find(Promise::Bag, format!("leaf {position}"), what);
        }
    }
    if !erased.is_empty() {
        let (leaves, erasures) =
            (counted(erased.len() as u64, "leaf", "leaves"), counted(tombstones, "erasure", "erasures"));
        verdict.notice(format!(
            "{leaves} could not be looked into: their keys were erased, by {erasures}; what they count as was checked"
        ));
    }
    gaps
}

/// What was opened of a leaf before its key was erased leads to it, and says what it counts as.
fn openings_hold(leaf: &ErasedLeaf) -> Result<(), &'static str> {
    if leaf.openings.iter().any(|opened| opened.root() != Some(leaf.root.0)) {
        return Err("what is opened of it does not lead to it");
    }
    let slots: Vec<Slot> = leaf.openings.iter().map(|opened| opened.slot).collect();
    let counts_as = leaf.openings.first().and_then(|opened| opened.value.parse::<CountsAs>().ok());
    match (counts_as, slots.as_slice()) {
        (Some(CountsAs::Nothing), [Slot::CountsAs]) => Ok(()),
        (Some(CountsAs::Filing | CountsAs::Closing), _) => Err("what it counts as is of nobody, and cannot be erased"),
        (Some(counts), [Slot::CountsAs, Slot::Year]) if counts != CountsAs::Nothing => Ok(()),
        (_, _) => Err("it is not opened as what it counts as, and the year where it counts"),
    }
}

/// Whether rows that were worked out from what is left are among those written, in the tables that have one row for each request or
/// decision, and no more are lacking than events were erased. In the others an erased event changes a row.
///
/// What was erased may have kept other rows of its month shut. So a row that would be shown now may be withheld, and none that
/// would be withheld may be shown.
pub(crate) fn only_lacks<'a>(
    worked_out: impl Iterator<Item = &'a Event>,
    written: impl Iterator<Item = &'a Event>,
    erased: u64,
) -> bool {
    let (worked_out, mut lacking) = (numbers(worked_out), numbers(written));
    for (row, of_it) in worked_out {
        let there = lacking.entry(row).or_default();
        if of_it.all > there.all || of_it.withheld > there.withheld {
            return false;
        }
        there.all -= of_it.all;
    }
    let mut by_table: BTreeMap<Set, u64> = BTreeMap::new();
    for (row, number) in lacking {
        *by_table.entry(row.set()).or_default() += number.all;
    }
    // Of each table an event takes one row at most.
    erased > 0 && by_table.values().all(|lacking| *lacking <= erased)
}

/// How many rows say the same.
#[derive(Default)]
struct Number {
    all: u64,
    withheld: u64,
}

/// The rows among events of which each follows from one request or decision, shown or withheld.
fn numbers<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeMap<&'a Row, Number> {
    let mut numbers: BTreeMap<&Row, Number> = BTreeMap::new();
    for event in events {
        let (Event::ClosingEntered { row, .. } | Event::ClosingWithheld { row, .. }) = event else { continue };
        if one_for_each(row) {
            let number = numbers.entry(row).or_default();
            number.all += 1;
            number.withheld += u64::from(matches!(event, Event::ClosingWithheld { .. }));
        }
    }
    numbers
}

fn one_for_each(row: &Row) -> bool {
    match row {
        Row::Request { .. } | Row::Outcome(_) | Row::Departure { .. } => true,
        Row::Period(_)
        | Row::Held { .. }
        | Row::Transferred { .. }
        | Row::Reimbursed { .. }
        | Row::Coverage(_)
        | Row::Withheld(_) => false,
    }
}
