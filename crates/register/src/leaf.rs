//! Leaves: what the public log commits to, without showing it.
//!
//! A leaf is the root of a fixed tree of 32 salted slots. Unused slots are salted blanks, so all leaves look alike. The
//! salts derive from a key of the entry that only the vault holds; once the key is gone, nobody can tell what the leaf
//! says. INVARIANT: this module and [`crate::opening`] are the only makers of published bytes about an event.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use jiff::tz::TimeZone;
use sha2::Sha256;
use tlog::Hash;

use crate::event::{Event, Recorded};
use crate::state::Register;
use crate::time::{Year, day_of};
use crate::wire;
use crate::words::CountsAs;

/// Slots of a leaf.
pub const SLOTS: usize = 32;

macro_rules! slots {
    ($($(#[$doc:meta])* $name:ident = $index:literal $code:literal,)+) => {
        /// The slots in use. A number is never given to another meaning; those not listed are blank.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Slot { $($(#[$doc])* $name = $index,)+ }

        impl Slot {
            /// Every slot in use, by number.
            pub const ALL: &'static [Slot] = &[$(Slot::$name,)+];

            /// Its number, 0 to 31.
            pub fn index(self) -> u8 {
                match self { $(Slot::$name => $index,)+ }
            }

            /// Its name in opening files.
            pub fn code(self) -> &'static str {
                match self { $(Slot::$name => $code,)+ }
            }
        }
    };
}

slots! {
    /// What the leaf counts as.
    CountsAs = 0 "counts-as",
    /// The year it counts in; blank where it counts as nothing.
    Year = 1 "year",
    /// The table a closing entry belongs to.
    Set = 2 "set",
    /// A closing entry's row.
    Row = 3 "row",
    /// A filing.
    Filing = 4 "filing",
    /// A change of the log's keys.
    Key = 5 "key",
    /// Root of a day's subtree of high-volume events.
    Summary = 6 "summary",
    /// Why a closing entry's row stays shut.
    Withheld = 7 "withheld",
    /// The day of record, for receipts.
    Day = 8 "day",
    /// Form, its date and its number as printed, for receipts.
    PaperMatch = 9 "paper-match",
    /// The facts of a decision, for re-deciding.
    Facts = 10 "facts",
    /// The law's answer of a decision.
    Answer = 11 "answer",
    /// The law pack of a decision.
    Law = 12 "law",
    /// The whole recorded event, for an auditor.
    Body = 31 "body",
}

impl Slot {
    /// The slot with this name.
    pub fn parse(code: &str) -> Option<Slot> {
        Slot::ALL.iter().copied().find(|slot| slot.code() == code)
    }
}

/// What the slots of one leaf say; slots not here are blank.
pub type SlotValues = BTreeMap<Slot, String>;

/// A leaf with all its slots hashed: what the shell needs to store, place and open it.
#[derive(Debug, Clone)]
pub struct Leaf {
    slots: Vec<Hash>,
}

/// The key from which the salts of one leaf derive.
pub type EntryKey = [u8; 32];

impl Leaf {
    /// Commits to `values` under `key`.
    pub fn commit(values: &SlotValues, key: &EntryKey) -> Leaf {
        let value = |index: usize| {
            values.iter().find(|(slot, _)| usize::from(slot.index()) == index).map_or("", |(_, value)| value.as_str())
        };
        let slots = (0..SLOTS).map(|index| hash_slot(&salt(key, index), value(index))).collect();
        Leaf { slots }
    }

    /// A leaf of which some slots are known by hash only, as an auditor's bag gives them.
    pub(crate) fn with_hashes(mut self, hashes: &BTreeMap<Slot, Hash>) -> Leaf {
        for (slot, hash) in hashes {
            if let Some(place) = self.slots.get_mut(usize::from(slot.index())) {
                *place = *hash;
            }
        }
        self
    }

    /// The hash of one slot.
    pub fn slot_hash(&self, slot: Slot) -> Option<Hash> {
        self.slots.get(usize::from(slot.index())).copied()
    }

    /// The root of the slots: the entry that the log holds. The log's leaf hash is [`tlog::hash_leaf`] of it.
    pub fn root(&self) -> [u8; 32] {
        tlog::root(&self.slots).0
    }

    /// The hashes that lead from a slot to the root, from the bottom up: five.
    pub fn path(&self, slot: Slot) -> Vec<Hash> {
        // A tree of 32 leaves has a proof for each of its slots; an empty path would fail every check.
        tlog::inclusion_proof(&self.slots, u64::from(slot.index())).unwrap_or_default()
    }
}

/// The salt of a slot: HMAC-SHA-256 under the entry's key.
pub fn salt(key: &EntryKey, index: usize) -> Hash {
    let [low, ..] = index.to_le_bytes();
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Hash([0; 32]) };
    mac.update(b"candor leaf v1 salt\0");
    mac.update(&[low]);
    Hash(mac.finalize().into_bytes().into())
}

/// The hash of a slot: RFC 6962 leaf hash of salt and value.
pub fn hash_slot(salt: &Hash, value: &str) -> Hash {
    let mut bytes = salt.0.to_vec();
    bytes.extend_from_slice(value.as_bytes());
    tlog::hash_leaf(&bytes)
}

/// What the leaf of `recorded` says. `register` is the state after the event; `paper_match` is given for a request.
pub fn values(register: &Register, recorded: &Recorded, paper_match: Option<&str>) -> SlotValues {
    let mut values = SlotValues::new();
    let counts_as = recorded.event.counts_as();
    values.insert(Slot::CountsAs, counts_as.code().to_owned());
    if let Some(year) = counted_year(register, &recorded.event) {
        values.insert(Slot::Year, year.to_string());
    }
    values.insert(Slot::Day, day_of(recorded.at, &register.zone()).to_string());
    values.insert(Slot::Body, wire::encode(recorded));
    match &recorded.event {
        Event::ClosingEntered { row, .. } => {
            values.insert(Slot::Set, row.set().code().to_owned());
            values.insert(Slot::Row, wire::encode_row(row));
        }
        Event::ReportFiled(filing) => {
            values.insert(Slot::Filing, wire::encode_filing(filing));
        }
        Event::DecisionMade { decision, .. } => {
            values.insert(Slot::Facts, wire::encode_facts(&decision.facts));
            values.insert(Slot::Answer, wire::encode_answer(decision));
            values.insert(Slot::Law, decision.answer.pack.to_string());
        }
        Event::RequestReceived { .. } => {
            if let Some(text) = paper_match {
                values.insert(Slot::PaperMatch, text.to_owned());
            }
        }
        Event::RegisterOpened(_)
        | Event::AgencyRegistered { .. }
        | Event::UnitOpened { .. }
        | Event::LineOpened { .. }
        | Event::OutcomeRecorded { .. }
        | Event::PersonHeld { .. }
        | Event::PersonTransferred { .. }
        | Event::CostReimbursed { .. }
        | Event::TreeGrown(_)
        | Event::YearClosed { .. } => {}
    }
    values
}

/// What a padding leaf says: that it counts as nothing.
pub fn padding() -> SlotValues {
    SlotValues::from([(Slot::CountsAs, CountsAs::Nothing.code().to_owned())])
}

/// The year an event counts in; none where it counts as nothing.
///
/// A request counts by the day it arrived, whatever day it was recorded; what follows from it by its own day.
fn counted_year(register: &Register, event: &Event) -> Option<Year> {
    if event.counts_as() == CountsAs::Nothing {
        return None;
    }
    let zone: TimeZone = register.zone();
    match event {
        Event::RequestReceived { transmission, .. } => Some(Year::of(transmission.arrived.day(&zone))),
        Event::PersonHeld { at, .. } | Event::PersonTransferred { at, .. } => Some(Year::of(at.day(&zone))),
        Event::CostReimbursed { on, .. } => Some(Year::of(*on)),
        Event::ClosingEntered { year, .. } => Some(*year),
        Event::ReportFiled(filing) => Some(filing.year),
        Event::RegisterOpened(_)
        | Event::AgencyRegistered { .. }
        | Event::UnitOpened { .. }
        | Event::LineOpened { .. }
        | Event::DecisionMade { .. }
        | Event::OutcomeRecorded { .. }
        | Event::TreeGrown(_)
        | Event::YearClosed { .. } => None,
    }
}
