//! Retention: what must be kept, and what was erased.
//!
//! An erasure is proposed by one person, under an item of the retention schedule and an approval, or by order of a court; it is
//! carried out when another person confirms it. A hold blocks both steps. What stays is a tombstone: ids that lead
//! nowhere, who, and under what. The events stay too, for they hold ids and no person, so every count and every later report
//! comes out as before; the shell erases what the vault holds, and the keys of the leaves.
//!
//! The register must not know what a schedule says: which item is due is a person's judgement, so the item is named and the
//! approval referred to.

mod reach;
mod say;
mod thing;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use reach::{about, concerns};
pub use thing::{Target, Thing};
pub use words::HoldCause;

use self::reach::individuals;
use crate::Refusal;
use crate::event::Event;
use crate::handle::{free, once};
use crate::ids::{ErasureId, HoldId, NoteId, PersonId, RequestId};
use crate::state::Register;
use crate::time::Timestamp;
use crate::words::Label;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetentionEvent {
    /// Something is not to be erased from now on.
    HoldPlaced(Hold),
    /// It may be erased again.
    HoldLifted(Lifting),
    /// Somebody proposed to erase something.
    ErasureProposed(Proposal),
    /// A proposal was given up.
    ErasureDropped(ErasureId),
    /// A second person confirmed it, and it was erased: the tombstone.
    RecordErased(Tombstone),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetentionCommand {
    /// Place a hold.
    PlaceHold(Hold),
    /// Lift a hold.
    LiftHold(Lifting),
    /// Propose an erasure.
    ProposeErasure(Proposal),
    /// Give a proposal up.
    DropErasure(ErasureId),
    /// Confirm what another person proposed.
    ConfirmErasure(Reached),
}

/// What keeps things from being erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The hold.
    pub hold: HoldId,
    /// On what, without repetition; on everything where nothing is named.
    pub of: Vec<Target>,
    /// Why.
    pub cause: HoldCause,
    /// Where the vault keeps the case or the letter.
    pub reference: NoteId,
}

/// The end of a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifting {
    /// Which.
    pub hold: HoldId,
    /// Where the vault keeps the typed reason.
    pub reason: NoteId,
}

/// What is to be erased, and under what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The erasure.
    pub erasure: ErasureId,
    /// Of what, one at least, without repetition.
    pub of: Vec<Target>,
    /// Under what.
    pub under: Under,
}

/// Under what something is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// Its time is over.
    Schedule {
        /// The item of the retention schedule, by its number.
        item: Label,
        /// Where the vault keeps the reference of the approval.
        approval: NoteId,
    },
    /// A court ordered it.
    Order {
        /// Where the vault keeps the docket.
        docket: NoteId,
    },
}

/// What an erasure reaches, as the shell found it: it alone knows papers, notes and leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The erasure.
    pub erasure: ErasureId,
    /// All that is erased, in order. Stays in custody are not among it: their ids are numbers of bookings, and what stays of
    /// somebody must not name them. They follow from the rest, for whoever has the record.
    pub erased: BTreeSet<Thing>,
    /// The numbers of the events about it: the keys of their leaves are erased.
    pub entries: BTreeSet<u64>,
}

/// What stays of what was erased. It says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// What was erased.
    pub reached: Reached,
    /// Under what.
    pub under: Under,
    /// Who proposed and who confirmed it: never the same.
    pub approved_by: [PersonId; 2],
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetentionRefusal {
    /// It was erased, so nothing more is recorded of it.
    Erased {
        /// What.
        id: Thing,
        /// By which erasure.
        erasure: ErasureId,
    },
    /// A hold blocks it.
    Held {
        /// Which.
        hold: HoldId,
        /// Why it was placed.
        cause: HoldCause,
    },
    /// The hold was lifted already.
    HoldIsLifted {
        /// Which.
        hold: HoldId,
    },
    /// A paper names somebody else too.
    NamesOthers {
        /// The request.
        request: RequestId,
    },
    /// Nothing is named.
    NothingNamed,
    /// Whoever proposed it cannot confirm it.
    SamePerson {
        /// The erasure.
        erasure: ErasureId,
        /// Who.
        by: PersonId,
    },
    /// It was carried out or given up.
    NotWaiting {
        /// The erasure.
        erasure: ErasureId,
    },
    /// What the shell found is not what the register reaches.
    ReachDoesNotFit {
        /// The erasure.
        erasure: ErasureId,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Retention {
    /// Every hold, by id.
    pub holds: BTreeMap<HoldId, Held>,
    /// Every proposal, by id.
    pub proposals: BTreeMap<ErasureId, Proposed>,
    /// Tombstones, the oldest first.
    pub tombstones: Vec<Erased>,
    /// What was erased, and by which tombstone.
    erased: BTreeMap<Thing, usize>,
    /// Events whose leaves have no key any more.
    entries: BTreeSet<u64>,
}

/// A hold, and who placed and lifted it.
#[derive(Debug, Clone)]
pub struct Held {
    /// As recorded.
    pub hold: Hold,
    /// Who placed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// When it was lifted and by whom, if so.
    pub lifted: Option<(Timestamp, PersonId)>,
}

/// A proposal, and what became of it.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// As recorded.
    pub proposal: Proposal,
    /// Who proposed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Whether it was neither carried out nor given up.
    pub waits: bool,
}

/// A tombstone with its place in the record.
#[derive(Debug, Clone)]
pub struct Erased {
    /// The number of its event.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// As recorded.
    pub tombstone: Tombstone,
}

impl Retention {
    /// The erasure by which something was erased, if it was.
    pub fn erasure_of(&self, thing: &Thing) -> Option<&ErasureId> {
        let erased = self.tombstones.get(*self.erased.get(thing)?)?;
        Some(&erased.tombstone.reached.erasure)
    }

    /// Whether something was erased.
    pub fn is_erased(&self, thing: &Thing) -> bool {
        self.erased.contains_key(thing)
    }

    /// Whether the key of the leaf of an event was erased.
    pub fn leaf_is_erased(&self, seq: u64) -> bool {
        self.entries.contains(&seq)
    }

    /// The events whose leaves have no key any more.
    pub fn erased_entries(&self) -> &BTreeSet<u64> {
        &self.entries
    }

    /// The holds that stand.
    pub fn standing(&self) -> impl Iterator<Item = &Held> {
        self.holds.values().filter(|held| held.lifted.is_none())
    }
}

impl RetentionEvent {
    /// The command that it carries out.
    pub fn command(&self) -> RetentionCommand {
        match self.clone() {
            RetentionEvent::HoldPlaced(hold) => RetentionCommand::PlaceHold(hold),
            RetentionEvent::HoldLifted(lifting) => RetentionCommand::LiftHold(lifting),
            RetentionEvent::ErasureProposed(proposal) => RetentionCommand::ProposeErasure(proposal),
            RetentionEvent::ErasureDropped(erasure) => RetentionCommand::DropErasure(erasure),
            RetentionEvent::RecordErased(tombstone) => RetentionCommand::ConfirmErasure(tombstone.reached),
        }
    }
}

impl From<RetentionRefusal> for Refusal {
    fn from(refusal: RetentionRefusal) -> Refusal {
        Refusal::Retention(refusal)
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_retention(&self, command: &RetentionCommand, by: &PersonId) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            RetentionCommand::PlaceHold(hold) => {
                free(self.retention.holds.contains_key(&hold.hold), &hold.hold)?;
                once(hold.of.iter().cloned())?;
                hold.of.iter().try_for_each(|target| self.is_there(target))?;
                RetentionEvent::HoldPlaced(hold.clone())
            }
            RetentionCommand::LiftHold(lifting) => {
                let hold = lifting.hold.clone();
                let held =
                    self.retention.holds.get(&hold).ok_or_else(|| Refusal::IdUnknown { id: hold.to_string() })?;
                if held.lifted.is_some() {
                    return Err(RetentionRefusal::HoldIsLifted { hold }.into());
                }
                RetentionEvent::HoldLifted(lifting.clone())
            }
            RetentionCommand::ProposeErasure(proposal) => {
                free(self.retention.proposals.contains_key(&proposal.erasure), &proposal.erasure)?;
                if proposal.of.is_empty() {
                    return Err(RetentionRefusal::NothingNamed.into());
                }
                once(proposal.of.iter().cloned())?;
                self.not_held(&proposal.of.iter().map(Thing::from).collect())?;
                self.not_held(&self.reach(&proposal.of)?)?;
                RetentionEvent::ErasureProposed(proposal.clone())
            }
            RetentionCommand::DropErasure(erasure) => {
                self.waiting_erasure(erasure)?;
                RetentionEvent::ErasureDropped(erasure.clone())
            }
            RetentionCommand::ConfirmErasure(reached) => RetentionEvent::RecordErased(self.confirmed(reached, by)?),
        };
        Ok(vec![Event::Retention(event)])
    }

    fn waiting_erasure(&self, erasure: &ErasureId) -> Result<&Proposed, Refusal> {
        let unknown = || Refusal::IdUnknown { id: erasure.to_string() };
        let proposed = self.retention.proposals.get(erasure).ok_or_else(unknown)?;
        if proposed.waits {
            return Ok(proposed);
        }
        Err(RetentionRefusal::NotWaiting { erasure: erasure.clone() }.into())
    }

    /// The proposal that `by` may confirm, and what it reaches in the register.
    ///
    /// # Errors
    /// It does not wait, it is their own, or a hold blocks it.
    pub fn to_confirm(&self, erasure: &ErasureId, by: &PersonId) -> Result<(&Proposal, BTreeSet<Thing>), Refusal> {
        let proposed = self.waiting_erasure(erasure)?;
        if proposed.by == *by {
            return Err(RetentionRefusal::SamePerson { erasure: erasure.clone(), by: by.clone() }.into());
        }
        let of = &proposed.proposal.of;
        self.not_held(&of.iter().map(Thing::from).collect())?;
        let reach = self.reach(of)?;
        self.not_held(&reach)?;
        Ok((&proposed.proposal, reach))
    }

    fn confirmed(&self, reached: &Reached, by: &PersonId) -> Result<Tombstone, Refusal> {
        let Reached { erasure, erased, entries } = reached;
        // What else the shell found may be held as well.
        self.not_held(erased)?;
        let (proposal, reach) = self.to_confirm(erasure, by)?;
        let proposer = self.waiting_erasure(erasure)?.by.clone();
        let there = entries.iter().all(|seq| (1..=self.last_seq).contains(seq) && !self.retention.leaf_is_erased(*seq));
        let is_entered = |thing: &Thing| {
            let Thing::Request(id) = thing else { return true };
            self.requests.get(id).is_none_or(|state| entries.contains(&state.seq))
        };
        let is_stay = |thing: &Thing| matches!(thing, Thing::Episode(_));
        let named = reach.iter().all(|thing| is_stay(thing) || erased.contains(thing));
        let whole = named && reach.iter().all(is_entered) && !erased.iter().any(is_stay);
        if !there || !whole {
            return Err(RetentionRefusal::ReachDoesNotFit { erasure: erasure.clone() }.into());
        }
        let approved_by = [proposer, by.clone()];
        Ok(Tombstone { reached: reached.clone(), under: proposal.under.clone(), approved_by })
    }

    /// Whether a tombstone that `by` confirmed is of the proposal that waits: for whoever cannot know any more what it reached.
    pub fn tombstone_fits(&self, tombstone: &Tombstone, by: &PersonId) -> bool {
        let Tombstone { reached, under, approved_by: [proposed, confirmed] } = tombstone;
        self.waiting_erasure(&reached.erasure).is_ok_and(|waiting| {
            let named = waiting.proposal.of.iter().all(|target| reached.erased.contains(&Thing::from(target)));
            (&waiting.by, by, &waiting.proposal.under) == (proposed, confirmed, under) && named
        })
    }

    /// That no hold stands on any of these things, nor on an individual whom a request among them names.
    fn not_held(&self, things: &BTreeSet<Thing>) -> Result<(), Refusal> {
        let named = |thing: &Thing| -> Vec<Thing> {
            let Thing::Request(id) = thing else { return Vec::new() };
            let subjects = self.requests.get(id).map_or(&[][..], |state| state.request.subjects.as_slice());
            individuals(subjects).map(Thing::from).collect()
        };
        let all: BTreeSet<Thing> = things.iter().flat_map(named).chain(things.iter().cloned()).collect();
        let blocks =
            |hold: &Hold| hold.of.is_empty() || hold.of.iter().map(Thing::from).any(|held| all.contains(&held));
        match self.retention.standing().find(|held| blocks(&held.hold)) {
            Some(Held { hold, .. }) => {
                Err(RetentionRefusal::Held { hold: hold.hold.clone(), cause: hold.cause }.into())
            }
            None => Ok(()),
        }
    }

    /// That nothing new is recorded of what was erased.
    pub(crate) fn nothing_erased(&self, events: &[Event]) -> Result<(), Refusal> {
        if self.retention.tombstones.is_empty() {
            return Ok(());
        }
        for id in events.iter().flat_map(about) {
            if let Some(erasure) = self.retention.erasure_of(&id).cloned() {
                return Err(RetentionRefusal::Erased { id, erasure }.into());
            }
        }
        Ok(())
    }

    /// Takes the event into the state.
    pub(crate) fn take_retention(
        &mut self,
        event: &RetentionEvent,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<(), String> {
        match event {
            RetentionEvent::HoldPlaced(hold) => {
                let held = Held { hold: hold.clone(), by: by.clone(), at, lifted: None };
                crate::state::add(&mut self.retention.holds, &hold.hold, held)
            }
            RetentionEvent::HoldLifted(Lifting { hold, .. }) => {
                let held = crate::state::there_mut(&mut self.retention.holds, hold)?;
                if held.lifted.is_some() {
                    return Err(format!("`{hold}` is lifted already"));
                }
                held.lifted = Some((at, by.clone()));
                Ok(())
            }
            RetentionEvent::ErasureProposed(proposal) => {
                let proposed = Proposed { proposal: proposal.clone(), by: by.clone(), at, waits: true };
                crate::state::add(&mut self.retention.proposals, &proposal.erasure, proposed)
            }
            RetentionEvent::ErasureDropped(erasure) => self.waits_no_more(erasure),
            RetentionEvent::RecordErased(tombstone) => self.take_tombstone(tombstone, at),
        }
    }

    fn waits_no_more(&mut self, erasure: &ErasureId) -> Result<(), String> {
        let proposed = crate::state::there_mut(&mut self.retention.proposals, erasure)?;
        if !std::mem::replace(&mut proposed.waits, false) {
            return Err(format!("`{erasure}` does not wait any more"));
        }
        Ok(())
    }

    fn take_tombstone(&mut self, tombstone: &Tombstone, at: Timestamp) -> Result<(), String> {
        let Tombstone { reached, approved_by: [proposed, confirmed], .. } = tombstone;
        if proposed == confirmed {
            return Err("one person alone erased something".to_owned());
        }
        let seq = self.last_seq + 1;
        if reached.entries.iter().any(|entry| *entry >= seq || self.retention.leaf_is_erased(*entry)) {
            return Err("it erases what is not there".to_owned());
        }
        self.waits_no_more(&reached.erasure)?;
        let mut things = reached.erased.clone();
        self.add_episodes(&mut things);
        for thing in &things {
            if let Thing::Request(id) = thing
                && let Some(state) = self.requests.get(id)
            {
                // No later paper is taken for another transmission of it, or for what it replaces.
                self.alike.remove(&state.request);
            }
            self.retention.erased.entry(thing.clone()).or_insert(self.retention.tombstones.len());
        }
        self.retention.entries.extend(&reached.entries);
        self.retention.tombstones.push(Erased { seq, at, tombstone: tombstone.clone() });
        Ok(())
    }

    /// Goes on past an event whose leaf was erased, for whoever reads the record from its leaves. What it said is missing from
    /// the state from here on.
    ///
    /// # Errors
    /// Something else comes next.
    pub fn pass_over(&mut self, seq: u64) -> Result<(), crate::state::BrokenHistory> {
        if seq != self.last_seq + 1 {
            let what = format!("its number should be {}", self.last_seq + 1);
            return Err(crate::state::BrokenHistory { seq, what });
        }
        self.last_seq = seq;
        self.waiting += 1;
        Ok(())
    }
}
