//! Leaves: what the public log commits to, without showing it.
//!
//! A leaf is the root of a fixed tree of 32 salted slots. Unused slots are salted blanks, so all leaves look alike. The
//! salts derive from a key of the entry that only the vault holds; once the key is gone, nobody can tell what the leaf
//! says. INVARIANT: this module and [`crate::opening`] are the only makers of published bytes about an event, and [`crate::receipt`]
//! of what its holder gets.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tlog::Hash;

use crate::event::{Event, Recorded};
use crate::inquiry::InquiryEvent;
use crate::receipt::ReceiptEvent;
use crate::state::Register;
use crate::time::day_of;
use crate::wire;
use crate::withholding::PERSON;
use crate::words::CountsAs;

/// Slots of a leaf.
pub const SLOTS: u8 = 32;

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
    /// A key that the log's key certifies.
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
    /// The hashes of the slots, then those of each level above them, and last the root.
    hashes: Vec<Hash>,
}

/// The key of one entry, which the vault holds and an erasure destroys.
pub type EntryKey = [u8; 32];

/// What an auditor gets of an entry's key: enough for every slot but the paper match.
pub type BagKey = [u8; 32];

impl Leaf {
    /// Commits to `values` under `key`.
    pub fn commit(values: &SlotValues, key: &EntryKey) -> Leaf {
        let paper_match = values.get(&Slot::PaperMatch);
        let hash = paper_match.map(|text| hash_slot(&Salts::of(key).salt(Slot::PaperMatch.index()), text));
        Leaf::from_bag(values, &bag_key(key), hash)
    }

    /// The leaf as an auditor recomputes it, who knows of a paper match the hash alone.
    pub(crate) fn from_bag(values: &SlotValues, key: &BagKey, paper_match: Option<Hash>) -> Leaf {
        let salts = Salts::of(key);
        let mut values = values.iter().peekable();
        let hash_of = |index: u8| {
            let value = values.next_if(|(slot, _)| slot.index() == index).map_or("", |(_, value)| value.as_str());
            let known = paper_match.filter(|_| index == Slot::PaperMatch.index());
            known.unwrap_or_else(|| hash_slot(&salts.salt(index), value))
        };
        let mut hashes: Vec<Hash> = (0..SLOTS).map(hash_of).collect();
        // 32 slots, so every level is whole: RFC 6962 needs no more than pairs.
        let mut below = 0;
        while let Some([left, right]) = hashes.get(below..below + 2).and_then(|pair| <[Hash; 2]>::try_from(pair).ok()) {
            hashes.push(tlog::hash_node(&left, &right));
            below += 2;
        }
        Leaf { hashes }
    }

    /// The hash of one slot.
    pub fn slot_hash(&self, slot: Slot) -> Option<Hash> {
        self.hashes.get(usize::from(slot.index())).copied()
    }

    /// The root of the slots: the entry that the log holds. The log's leaf hash is [`tlog::hash_leaf`] of it.
    pub fn root(&self) -> [u8; 32] {
        self.hashes.last().map_or([0; 32], |root| root.0)
    }

    /// The hashes that lead from a slot to the root, from the bottom up: five.
    pub fn path(&self, slot: Slot) -> Vec<Hash> {
        let (mut level, mut width, mut at) = (0, usize::from(SLOTS), usize::from(slot.index()));
        let mut path = Vec::new();
        while width > 1 {
            path.extend(self.hashes.get(level + (at ^ 1)).copied());
            (level, width, at) = (level + width, width / 2, at / 2);
        }
        path
    }
}

/// The bag key of an entry's key.
pub fn bag_key(key: &EntryKey) -> BagKey {
    hmac(key, b"candor leaf v1 bag\0", &[])
}

/// The salt under which a slot of `values` is committed to.
///
/// That of a paper match derives from the entry's key itself, all others from its bag key: who holds a bag can recompute
/// every leaf, and cannot try numbers of papers against it. A blank is salted like any other slot.
pub fn salt_of(values: &SlotValues, key: &EntryKey, index: u8) -> Hash {
    if index == Slot::PaperMatch.index() && values.contains_key(&Slot::PaperMatch) {
        return Salts::of(key).salt(index);
    }
    Salts::of(&bag_key(key)).salt(index)
}

/// The salts under one key. The key is taken in once for all of them.
struct Salts(Option<Hmac<Sha256>>);

impl Salts {
    fn of(key: &[u8; 32]) -> Salts {
        Salts(keyed(key, b"candor leaf v1 salt\0"))
    }

    fn salt(&self, index: u8) -> Hash {
        Hash(finished(self.0.clone(), &[index]))
    }
}

fn hmac(key: &[u8; 32], purpose: &[u8], rest: &[u8]) -> [u8; 32] {
    finished(keyed(key, purpose), rest)
}

fn keyed(key: &[u8; 32], purpose: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(purpose);
    Some(mac)
}

fn finished(mac: Option<Hmac<Sha256>>, rest: &[u8]) -> [u8; 32] {
    let Some(mut mac) = mac else { return [0; 32] };
    mac.update(rest);
    mac.finalize().into_bytes().into()
}

/// The hash of a slot: RFC 6962 leaf hash of salt and value.
pub fn hash_slot(salt: &Hash, value: &str) -> Hash {
    let mut bytes = salt.0.to_vec();
    bytes.extend_from_slice(value.as_bytes());
    tlog::hash_leaf(&bytes)
}

/// What the leaf of `recorded` says. `register` is the state after the event; `paper_match` is given for a request
/// and an inquiry.
pub fn values(register: &Register, recorded: &Recorded, paper_match: Option<&str>) -> SlotValues {
    let mut values = SlotValues::new();
    let counts = recorded.event.counts(&register.zone());
    let counts_as = counts.map_or(CountsAs::Nothing, |(kind, _)| kind);
    values.insert(Slot::CountsAs, counts_as.code().to_owned());
    if let Some((_, year)) = counts {
        values.insert(Slot::Year, year.to_string());
    }
    values.insert(Slot::Day, day_of(recorded.at, &register.zone()).to_string());
    values.insert(Slot::Body, wire::encode(recorded));
    match &recorded.event {
        Event::ClosingEntered { row, .. } => {
            values.insert(Slot::Set, row.set().code().to_owned());
            values.insert(Slot::Row, wire::encode_row(row));
        }
        Event::ClosingWithheld { row, .. } => {
            values.insert(Slot::Set, row.set().code().to_owned());
            values.insert(Slot::Row, wire::encode_row(row));
            values.insert(Slot::Withheld, PERSON.to_owned());
        }
        Event::ReportFiled(filing) => {
            values.insert(Slot::Filing, wire::encode_filing(filing));
        }
        Event::Receipt(ReceiptEvent::KeyCertified(certified)) => {
            values.insert(Slot::Key, wire::encode_key(certified));
        }
        Event::DecisionMade { decision, .. } => {
            values.insert(Slot::Facts, wire::encode_facts(&decision.facts));
            values.insert(Slot::Answer, wire::encode_answer(decision));
            values.insert(Slot::Law, decision.answer.pack.to_string());
        }
        Event::RequestReceived { .. } | Event::Inquiry(InquiryEvent::InquiryReceived(_)) => {
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
        | Event::YearClosed { .. }
        | Event::YearRestated { .. }
        | Event::ReceiptRecorded { .. }
        | Event::Request(_)
        | Event::ClockDeparted { .. }
        | Event::ClockTrusted { .. }
        | Event::RunRecorded(_)
        | Event::Watch(_)
        | Event::Custody(_)
        | Event::Staff(_)
        | Event::Inquiry(InquiryEvent::InquiryAnswered(_))
        | Event::Receipt(ReceiptEvent::ReceiptGiven(_))
        | Event::Reading(_)
        | Event::Retention(_) => {}
    }
    values
}

/// What a padding leaf says: that it counts as nothing.
pub fn padding() -> SlotValues {
    SlotValues::from([(Slot::CountsAs, CountsAs::Nothing.code().to_owned())])
}
