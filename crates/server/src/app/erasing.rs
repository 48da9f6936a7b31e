//! Erasing: what an erasure reaches is looked up, recorded, and erased.
//!
//! The order on the disk, and what is true if the power fails in between:
//!
//! 1. The tombstone is committed with its batch. Before that nothing has happened and nobody was answered.
//! 2. The keys are deleted in one transaction: those of papers, notes and leaves, and what finds the individual again. Before
//!    that the record says that something was erased, and it is still there; the register erases it when it is next opened,
//!    before anything else.
//! 3. The sealed rows are deleted, and the bytes of the keys are scrubbed out of the file and its log. Before that nothing can
//!    be read any more; the rest goes when the vault is next opened.
//! 4. Whoever confirmed it is answered: what was erased when somebody is told so is erased.
//!
//! The other way round, keys would be gone of which the record knows nothing, and a register whose leaves do not open is one
//! that nobody believes.

use std::collections::BTreeSet;

use anyhow::Result;
use register::class::NoteField;
use register::event::Recorded;
use register::ids::{ErasureId, HoldId, NoteId, PersonId, RequestId};
use register::retention::{
    Erased, Hold, HoldCause, Lifting, Proposal, Reached, RetentionCommand, Target, Thing, Under, concerns,
};
use register::time::Timestamp;
use register::words::Label;
use register::{Command, Refusal};

use super::papers::sealed_note;
use super::{App, Private, Reason};
use crate::decoding::{decode, sealed_ids};
use crate::vault::Vault;

/// What somebody named: things, and the individuals of requests, whose ids nobody has at hand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    /// Things by their ids.
    pub(crate) of: Vec<Target>,
    /// Requests whose individuals are meant; a request itself, where none of its individuals is known.
    pub(crate) people_of: Vec<RequestId>,
}

/// Under what something is to be erased, as it was typed.
#[derive(Debug, Clone)]
pub(crate) enum Ground {
    /// An item of the schedule, and the reference of the approval.
    Schedule {
        /// Its number.
        item: Label,
        /// Sealed.
        approval: Reason,
    },
    /// The docket of a court's order; sealed.
    Order(Reason),
}

/// A hold as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct ToHold {
    /// On what; on everything where nothing is named.
    pub(crate) named: Named,
    /// Why.
    pub(crate) cause: HoldCause,
    /// The case or letter; sealed.
    pub(crate) reference: Reason,
}

impl App {
    pub(super) fn place_hold(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        ToHold { named, cause, reference }: &ToHold,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let of = match self.named(named) {
            Ok(of) => of,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let hold: HoldId = Vault::new_id(HoldId::PREFIX)?.parse()?;
        let (note, private) = note_of(hold.as_str(), NoteField::Reference, reference)?;
        let command = RetentionCommand::PlaceHold(Hold { hold, of, cause: *cause, reference: note });
        self.do_command(by, at, &Command::Retention(command), private)
    }

    pub(super) fn lift_hold(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        hold: &HoldId,
        reason: &Reason,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let (note, private) = note_of(hold.as_str(), NoteField::Reason, reason)?;
        let command = RetentionCommand::LiftHold(Lifting { hold: hold.clone(), reason: note });
        self.do_command(by, at, &Command::Retention(command), private)
    }

    pub(super) fn propose_erasure(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        named: &Named,
        ground: &Ground,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let of = match self.named(named) {
            Ok(of) => of,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let erasure: ErasureId = Vault::new_id(ErasureId::PREFIX)?.parse()?;
        let (under, private) = match ground {
            Ground::Schedule { item, approval } => {
                let (approval, private) = note_of(erasure.as_str(), NoteField::Approval, approval)?;
                (Under::Schedule { item: item.clone(), approval }, private)
            }
            Ground::Order(docket) => {
                let (docket, private) = note_of(erasure.as_str(), NoteField::Docket, docket)?;
                (Under::Order { docket }, private)
            }
        };
        let command = RetentionCommand::ProposeErasure(Proposal { erasure, of, under });
        self.do_command(by, at, &Command::Retention(command), private)
    }

    /// Records that a proposal is confirmed. What it reaches is erased once that is committed.
    pub(super) fn confirm_erasure(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        erasure: &ErasureId,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        // Whoever may not is refused before anything is looked for.
        let nothing = Reached { erasure: erasure.clone(), erased: BTreeSet::new(), entries: BTreeSet::new() };
        let may = self.state.register.may(&Command::Retention(RetentionCommand::ConfirmErasure(nothing)), by, at);
        let proposed = may.and_then(|()| self.state.register.to_confirm(erasure, by));
        let reached = proposed.map(|(proposal, reach)| (proposal.of.clone(), reach));
        let reached = match reached {
            Ok((of, reach)) => self.reached(erasure, of, &reach)?,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match reached {
            Ok(reached) => {
                let command = Command::Retention(RetentionCommand::ConfirmErasure(reached));
                self.do_command(by, at, &command, Private::default())
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// All that is erased with what was proposed: beside what the register knows, the papers and notes that events name or
    /// that belong to an individual, and the inquiries of such papers.
    fn reached(
        &self,
        erasure: &ErasureId,
        mut of: Vec<Target>,
        reach: &BTreeSet<Thing>,
    ) -> Result<Result<Reached, Refusal>> {
        let register = &self.state.register;
        let mut sealed: BTreeSet<Thing> = BTreeSet::new();
        for thing in reach {
            let Thing::Individual(individual) = thing else { continue };
            for id in self.vault.owned_by(individual.as_str())? {
                sealed.extend(id.parse::<Thing>().ok());
            }
        }
        let theirs = register
            .inquiry
            .inquiries
            .values()
            .filter(|inquired| sealed.contains(&Thing::from(&inquired.presented.paper)))
            .map(|inquired| Target::from(&inquired.presented.inquiry))
            .filter(|inquiry| !register.retention.is_erased(&Thing::from(inquiry)));
        of.extend(theirs);
        let mut erased = match register.reach(&of) {
            Ok(reach) => reach,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut entries = BTreeSet::new();
        let mut look = |recorded: &Recorded, text: &str| {
            // A read is of a paper, which is found by an event before it.
            let is_read = concerns(&recorded.event, &sealed);
            if (is_read || concerns(&recorded.event, &erased)) && !register.retention.leaf_is_erased(recorded.seq) {
                entries.insert(recorded.seq);
                sealed.extend(sealed_ids(text).iter().filter_map(|id| id.parse::<Thing>().ok()));
            }
        };
        self.store.events_after(0, |row| {
            look(&decode(&row)?, std::str::from_utf8(&row.body)?);
            Ok(())
        })?;
        for row in &self.batch.events {
            look(&decode(row)?, std::str::from_utf8(&row.body)?);
        }
        // The number of a booking stands in no tombstone.
        erased.retain(|thing| !matches!(thing, Thing::Episode(_)));
        erased.extend(sealed.into_iter().filter(|thing| !register.retention.is_erased(thing)));
        Ok(Ok(Reached { erasure: erasure.clone(), erased, entries }))
    }

    /// What was named, each thing once.
    fn named(&self, named: &Named) -> Result<Vec<Target>, Refusal> {
        let mut of = named.of.clone();
        for request in &named.people_of {
            let state = self.state.register.requests.get(request);
            let state = state.ok_or_else(|| Refusal::IdUnknown { id: request.to_string() })?;
            let people: BTreeSet<Target> = state
                .request
                .subjects
                .iter()
                .map(|one| one.individual.as_ref().map_or_else(|| Target::from(request), Target::from))
                .collect();
            of.extend(people.into_iter().filter(|one| !of.contains(one)).collect::<Vec<_>>());
        }
        Ok(of)
    }

    /// Erases what the record says was erased, up to an event that is on the disk, and was not yet. In the order above.
    pub(super) fn erase_what_is_recorded(&mut self, until: u64) -> Result<()> {
        let recorded = self.state.register.retention.tombstones.get(self.erasures_done..).unwrap_or_default();
        let recorded: Vec<Erased> = recorded.iter().take_while(|one| one.seq <= until).cloned().collect();
        for Erased { at, tombstone, .. } in recorded {
            let Reached { erasure, erased, entries } = &tombstone.reached;
            if !self.vault.was_erased(erasure.as_str())? {
                let mut ids: Vec<String> = erased.iter().map(ToString::to_string).collect();
                ids.extend(self.store.entries_of(entries)?);
                self.vault.erase(erasure.as_str(), &ids, &at.to_string())?;
            }
            self.erasures_done += 1;
        }
        Ok(())
    }
}

/// A typed text under an id of its own, which belongs to a hold or an erasure and so is not erased with anybody.
fn note_of(owner: &str, field: NoteField, text: &Reason) -> Result<(NoteId, Private)> {
    let note: NoteId = Vault::new_id(NoteId::PREFIX)?.parse()?;
    let rows = vec![sealed_note(&note, field, text)];
    Ok((note, Private { owner: owner.to_owned(), rows, ..Private::default() }))
}
