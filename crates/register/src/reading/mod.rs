//! Reads of the vault by people: who was shown which fields of which paper or note, when, and why.
//!
//! A read is recorded before anything is shown; what it shows is what its event names. What the program itself opens and shows
//! to nobody (to compare two copies of a paper, to see that all of it opens, to wrap keys anew) is no read: the shell's vault
//! lists it. The register must not know what a field says.

mod say;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use words::ReadReason;

use crate::Refusal;
use crate::class::{NotInView, SealedField, Sees};
use crate::event::{Decision, Event};
use crate::ids::{NoteId, PaperId, PersonId, RequestId};
use crate::inquiry::InquiryEvent;
use crate::request::RequestEvent;
use crate::retention::{RetentionEvent, RetentionRefusal, Thing, Under};
use crate::state::Register;
use crate::time::{Timestamp, day_of};

/// What the vault keeps under one id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// What a paper prints.
    Paper(PaperId),
    /// What was typed in private.
    Note(NoteId),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingEvent {
    /// Somebody was shown something, or would have been.
    VaultRead(VaultRead),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingCommand {
    /// Be shown fields of one paper or note.
    Read {
        /// Of which.
        of: Kept,
        /// Those that are there and in the view of whoever asks, in order.
        fields: BTreeSet<SealedField>,
        /// What for.
        reason: ReadReason,
    },
}

/// Fields that somebody was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultRead {
    /// Of which paper or note.
    pub of: Kept,
    /// Which fields, one at least.
    pub fields: BTreeSet<SealedField>,
    /// What for.
    pub reason: ReadReason,
    /// The request it belongs to; none of what is of an inquiry, a hold or an erasure.
    pub request: Option<RequestId>,
}

/// Why a command was not carried out. Nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingRefusal {
    /// Nothing is kept of it that whoever asks may be shown.
    NothingToShow {
        /// Of which.
        of: Kept,
    },
    /// A field is in no view of whoever asks.
    OutOfView {
        /// Which.
        field: SealedField,
        /// Of which class it is.
        why: NotInView,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Every read, the oldest first.
    pub reads: Vec<Read>,
    /// What the vault was given under ids that events name, and the request it belongs to.
    kept: BTreeMap<Kept, Option<RequestId>>,
}

/// A read with its place in the record.
#[derive(Debug, Clone)]
pub struct Read {
    /// The number of its event.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
    /// As recorded.
    pub read: VaultRead,
}

impl Kept {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Kept::Paper(id) => id.as_str(),
            Kept::Note(id) => id.as_str(),
        }
    }
}

impl From<&Kept> for Thing {
    fn from(kept: &Kept) -> Thing {
        match kept {
            Kept::Paper(id) => Thing::from(id),
            Kept::Note(id) => Thing::from(id),
        }
    }
}

impl ReadingEvent {
    /// The command that it carries out.
    pub fn command(&self) -> ReadingCommand {
        let ReadingEvent::VaultRead(VaultRead { of, fields, reason, .. }) = self.clone();
        ReadingCommand::Read { of, fields, reason }
    }
}

impl From<ReadingRefusal> for Refusal {
    fn from(refusal: ReadingRefusal) -> Refusal {
        Refusal::Reading(refusal)
    }
}

/// What a read is about: what it shows, and the request that belongs to.
pub fn about(event: &ReadingEvent) -> Vec<Thing> {
    let ReadingEvent::VaultRead(read) = event;
    std::iter::once(Thing::from(&read.of)).chain(read.request.as_ref().map(Thing::from)).collect()
}

impl Register {
    /// What carries out the command.
    ///
    /// INVARIANT: no field is read that is not in the view which whoever reads has on that day; an auditor who replays the
    /// record finds any that was.
    pub(crate) fn handle_reading(
        &self,
        command: &ReadingCommand,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let ReadingCommand::Read { of, fields, reason } = command;
        if let Some(erasure) = self.retention.erasure_of(&Thing::from(of)).cloned() {
            return Err(RetentionRefusal::Erased { id: Thing::from(of), erasure }.into());
        }
        let unknown = || Refusal::IdUnknown { id: of.to_string() };
        let request = self.reading.kept.get(of).ok_or_else(unknown)?.clone();
        let sees = Sees::of(&self.staff, by, day_of(at, &self.zone()))?;
        for field in fields {
            sees.sealed(field.name).map_err(|why| ReadingRefusal::OutOfView { field: *field, why })?;
        }
        if fields.is_empty() {
            return Err(ReadingRefusal::NothingToShow { of: of.clone() }.into());
        }
        let read = VaultRead { of: of.clone(), fields: fields.clone(), reason: *reason, request };
        Ok(vec![Event::Reading(ReadingEvent::VaultRead(read))])
    }

    /// Takes the event into the state.
    pub(crate) fn take_reading(&mut self, event: &ReadingEvent, by: &PersonId, at: Timestamp) -> Result<(), String> {
        let ReadingEvent::VaultRead(read) = event;
        if self.reading.kept.get(&read.of) != Some(&read.request) {
            return Err(format!("`{}` is not there before it, or of another request", read.of));
        }
        if read.fields.is_empty() {
            return Err("it reads nothing".to_owned());
        }
        let seq = self.last_seq + 1;
        self.reading.reads.push(Read { seq, at, by: by.clone(), read: read.clone() });
        Ok(())
    }
}

impl Reading {
    /// Remembers what the vault was given with an event, and to which request that belongs.
    pub(crate) fn keep(&mut self, event: &Event) {
        match event {
            Event::RequestReceived { request, .. } => self.keep_paper(&request.paper, Some(&request.id)),
            Event::DecisionMade { request, decision: Decision { departure: Some((_, note)), .. } } => {
                self.keep_note(note, Some(request));
            }
            Event::Request(event) => self.keep_of_request(event),
            Event::Inquiry(InquiryEvent::InquiryReceived(presented)) => self.keep_paper(&presented.paper, None),
            Event::Retention(event) => self.keep_of_retention(event),
            Event::RegisterOpened(_)
            | Event::AgencyRegistered { .. }
            | Event::UnitOpened { .. }
            | Event::LineOpened { .. }
            | Event::DecisionMade { .. }
            | Event::OutcomeRecorded { .. }
            | Event::PersonHeld { .. }
            | Event::PersonTransferred { .. }
            | Event::CostReimbursed { .. }
            | Event::TreeGrown(_)
            | Event::YearClosed { .. }
            | Event::YearRestated { .. }
            | Event::ClosingEntered { .. }
            | Event::ClosingWithheld { .. }
            | Event::ReportFiled(_)
            | Event::ReceiptRecorded { .. }
            | Event::ClockDeparted { .. }
            | Event::ClockTrusted { .. }
            | Event::RunRecorded(_)
            | Event::Watch(_)
            | Event::Custody(_)
            | Event::Staff(_)
            | Event::Inquiry(InquiryEvent::InquiryAnswered(_))
            | Event::Receipt(_)
            | Event::Reading(_) => {}
        }
    }

    fn keep_of_request(&mut self, event: &RequestEvent) {
        match event {
            RequestEvent::TransmissionAdded { request, paper, .. } => self.keep_paper(paper, Some(request)),
            RequestEvent::CorrectionMade { request, note, .. } => self.keep_note(note, Some(request)),
            RequestEvent::EntryWithdrawn { request, entry } => self.keep_note(&entry.note, Some(request)),
            RequestEvent::PaperVerified { request, verification } => {
                verification.note.iter().for_each(|note| self.keep_note(note, Some(request)));
            }
            RequestEvent::RequestWithdrawn { .. }
            | RequestEvent::RequestReinstated { .. }
            | RequestEvent::RequestSuperseded { .. }
            | RequestEvent::RequestCancelled { .. }
            | RequestEvent::RequestShielded { .. }
            | RequestEvent::HitNoted(_) => {}
        }
    }

    fn keep_of_retention(&mut self, event: &RetentionEvent) {
        match event {
            RetentionEvent::HoldPlaced(hold) => self.keep_note(&hold.reference, None),
            RetentionEvent::HoldLifted(lifting) => self.keep_note(&lifting.reason, None),
            RetentionEvent::ErasureProposed(proposal) => self.keep_note(note_of(&proposal.under), None),
            RetentionEvent::ErasureDropped(_) | RetentionEvent::RecordErased(_) => {}
        }
    }

    fn keep_paper(&mut self, paper: &PaperId, request: Option<&RequestId>) {
        self.kept.entry(Kept::Paper(paper.clone())).or_insert_with(|| request.cloned());
    }

    fn keep_note(&mut self, note: &NoteId, request: Option<&RequestId>) {
        self.kept.entry(Kept::Note(note.clone())).or_insert_with(|| request.cloned());
    }
}

/// Where the vault keeps the approval or the docket of an erasure.
pub fn note_of(under: &Under) -> &NoteId {
    match under {
        Under::Schedule { approval, .. } => approval,
        Under::Order { docket } => docket,
    }
}
