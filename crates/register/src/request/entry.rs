//! Entries of a request that can be taken back: what was decided, what happened, what was paid, what was said of another
//! paper. Each goes by the number of its event.
//!
//! INVARIANT: nothing is deleted. An entry that counts by a leaf of its own is taken out by another leaf, under the year
//! in which it counted; whoever counts subtracts.

use law::Ask;

use super::handle::with_recount;
use super::{Counted, Recount, RequestEvent, RequestRefusal};
use crate::Refusal;
use crate::custody::Mistake;
use crate::ids::{LineId, NoteId, PersonId, RequestId};
use crate::state::{Done, Register, RequestState};
use crate::time::{Moment, Timestamp, Year};
use crate::words::{CountsAs, words};

words!(/// What an entry of a request is.
    EntryKind, "kind of entry" {
    /// A decision on an ask.
    Decision = "decision",
    /// An outcome, with the transfers that it says.
    Outcome = "outcome",
    /// A hold of one individual past release.
    Hold = "hold",
    /// A transfer of one individual: it goes with its outcome.
    Transfer = "transfer",
    /// A federal reimbursement.
    Reimbursement = "reimbursement",
    /// That the requester lifted the request.
    Lifting = "lifting",
    /// That it replaces an earlier request.
    Replacement = "replacement",
    /// That what is told of it is shown in totals only.
    Shield = "shield",
});

/// Why an entry cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// The request has none of this number.
    NoSuch,
    /// It was taken back already.
    TakenBack,
    /// A transfer is said by an outcome, whose number this is, and is taken back with it.
    SaidByOutcome(u64),
}

/// An entry taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// The number of the event that recorded it.
    pub of: u64,
    /// What it is.
    pub kind: EntryKind,
    /// The year in which its leaf counts; none where it counts as nothing.
    pub year: Option<Year>,
    /// Why, as a code.
    pub cause: Mistake,
    /// Where the vault keeps the typed reason.
    pub note: NoteId,
}

/// That an entry was taken back, by whom and when.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// Which, and why.
    pub entry: TakenBack,
    /// Who took it back.
    pub by: PersonId,
    /// Record time.
    pub at: Timestamp,
    /// Of a decision that departed from the law's answer, its ask: what departed stays reported, as a mistake.
    pub departed: Option<Ask>,
}

impl TakenBack {
    /// What its leaf counts as, and in which year; none where the entry counted as nothing.
    pub(super) fn counts(&self) -> Option<(CountsAs, Year)> {
        let kind = match self.kind {
            EntryKind::Hold => CountsAs::HeldWithdrawn,
            EntryKind::Transfer => CountsAs::TransferredWithdrawn,
            EntryKind::Reimbursement => CountsAs::ReimbursedWithdrawn,
            EntryKind::Decision
            | EntryKind::Outcome
            | EntryKind::Lifting
            | EntryKind::Replacement
            | EntryKind::Shield => return None,
        };
        Some((kind, self.year?))
    }
}

impl Register {
    /// What takes an entry back. An outcome takes its transfers along; a replacement lets the request count otherwise.
    pub(super) fn withdraw_entry(
        &self,
        request: &RequestId,
        of: u64,
        cause: Mistake,
        note: &NoteId,
    ) -> Result<Vec<RequestEvent>, Refusal> {
        // Also of a duplicate: what was recorded of it before it was found to be one counts still.
        let state = self.request(request)?;
        let stays = |why| Err(Refusal::Request(RequestRefusal::EntryStays { request: request.clone(), of, why }));
        let Some((kind, year)) = self.entry(state, of) else {
            let again = state.taken_back.iter().any(|one| one.entry.of == of);
            return stays(if again { Stays::TakenBack } else { Stays::NoSuch });
        };
        if let Some(outcome) = state.outcome.filter(|_| kind == EntryKind::Transfer) {
            return stays(Stays::SaidByOutcome(outcome.seq));
        }
        let withdrawn = |of, kind, year| {
            let entry = TakenBack { of, kind, year, cause, note: note.clone() };
            RequestEvent::EntryWithdrawn { request: request.clone(), entry }
        };
        if kind == EntryKind::Replacement {
            // A duplicate counts as nothing: it can count otherwise once it is reinstated.
            let state = self.standing(request)?;
            let since = Counted { counting: self.counting_of(state.request.form, None), ..state.counted() };
            return Ok(with_recount(withdrawn(of, kind, year), state, since, Recount::Superseding));
        }
        let mut events = vec![withdrawn(of, kind, year)];
        if kind == EntryKind::Outcome {
            let transfers = state.transferred.iter();
            events.extend(transfers.map(|one| withdrawn(one.seq, EntryKind::Transfer, Some(self.year_of(one.at)))));
        }
        Ok(events)
    }

    /// What goes by this number among the entries that stand, and in which year it counts, if it counts by itself.
    fn entry(&self, state: &RequestState, of: u64) -> Option<(EntryKind, Option<Year>)> {
        let done = |list: &[Done]| list.iter().find(|one| one.seq == of).map(|one| self.year_of(one.at));
        let entries = [
            state.decisions.values().any(|one| one.seq == of).then_some((EntryKind::Decision, None)),
            state.outcome.filter(|one| one.seq == of).map(|_| (EntryKind::Outcome, None)),
            done(&state.held).map(|year| (EntryKind::Hold, Some(year))),
            done(&state.transferred).map(|year| (EntryKind::Transfer, Some(year))),
            state
                .reimbursed
                .iter()
                .find(|one| one.seq == of)
                .map(|one| (EntryKind::Reimbursement, Some(Year::of(one.on)))),
            state.cancelled.as_ref().filter(|one| one.seq == of).map(|_| (EntryKind::Lifting, None)),
            state.supersedes.as_ref().filter(|one| one.seq == of).map(|_| (EntryKind::Replacement, None)),
            state.shielded.iter().find(|one| one.seq == of).map(|_| (EntryKind::Shield, None)),
        ];
        entries.into_iter().flatten().next()
    }

    fn year_of(&self, at: Moment) -> Year {
        Year::of(at.day(&self.zone()))
    }

    /// Takes the event into the state.
    pub(super) fn take_withdrawal(
        &mut self,
        request: &RequestId,
        entry: &TakenBack,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<(), String> {
        let TakenBack { of, kind, year, .. } = *entry;
        let state = self.requests.get(request).ok_or_else(|| format!("`{request}` is not there before it"))?;
        if self.entry(state, of) != Some((kind, year)) {
            return Err(format!("`{request}` has no such {kind} {of} before it"));
        }
        let state = self.request_there(request)?;
        let made = state.decisions.values().find(|one| one.seq == of).map(|one| &one.decision);
        let departed = made.filter(|decision| decision.departure.is_some()).map(|decision| decision.ask);
        let lifted = state.take_out(kind, of);
        state.taken_back.push(Withdrawn { entry: entry.clone(), by: by.clone(), at, departed });
        if let Some((line, arrived)) = lifted {
            self.drop_transmission(&line, arrived);
        }
        Ok(())
    }
}

impl RequestState {
    /// Takes an entry out; says what arrived with it, if anything did.
    fn take_out(&mut self, kind: EntryKind, of: u64) -> Option<(LineId, Moment)> {
        match kind {
            EntryKind::Decision => self.decisions.retain(|_, one| one.seq != of),
            EntryKind::Outcome => self.outcome = None,
            EntryKind::Hold => self.held.retain(|one| one.seq != of),
            EntryKind::Transfer => self.transferred.retain(|one| one.seq != of),
            EntryKind::Reimbursement => self.reimbursed.retain(|one| one.seq != of),
            EntryKind::Lifting => return self.cancelled.take().map(|one| (one.line, one.arrived)),
            EntryKind::Replacement => self.supersedes = None,
            EntryKind::Shield => self.shielded.retain(|one| one.seq != of),
        }
        None
    }
}
