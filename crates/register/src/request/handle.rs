//! From a command about a registered request to the events that carry it out, or to a refusal.

use std::collections::BTreeSet;

use jiff::civil::Date;
use law::Ask;
use law::derived::Signer;

use super::{
    Change, Counted, Hit, NewValue, PaperField, Recount, RequestCommand, RequestEvent, RequestRefusal, Shield,
    Verification, Verified, Was,
};
use crate::Refusal;
use crate::event::{Event, Request, Transmission};
use crate::forms;
use crate::handle::once;
use crate::ids::{IndividualId, NoteId, PaperId, RequestId};
use crate::state::{Register, RequestState};
use crate::time::{Moment, Timestamp, Year};
use crate::words::{Counting, Form};

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_request(&self, command: &RequestCommand, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let events = match command {
            RequestCommand::AddTransmission { request, transmission, paper, differs } => {
                self.add_transmission(request, transmission, paper, differs, at)?
            }
            RequestCommand::JoinDuplicate { request, same_as } => self.join_duplicate(request, same_as)?,
            RequestCommand::Reinstate { request } => self.reinstate(request)?,
            RequestCommand::Correct { request, to, note } => self.correct(request, to, note, at)?,
            RequestCommand::Supersede { earlier, by } => self.supersede(earlier, by)?,
            RequestCommand::Cancel { request, transmission } => self.cancel(request, transmission, at)?,
            RequestCommand::VerifyPaper { request, verification } => self.verify_paper(request, verification, at)?,
            RequestCommand::NoteHit(hit) => self.note_hit(hit, at)?,
            RequestCommand::Shield { request, cause } => self.shield(request, *cause)?,
            RequestCommand::WithdrawEntry { request, of, cause, note } => {
                self.withdraw_entry(request, *of, *cause, note)?
            }
        };
        Ok(events.into_iter().map(Event::Request).collect())
    }

    /// The request, if it is no duplicate: what is recorded of a duplicate belongs to the request it is the same as.
    pub(crate) fn standing(&self, id: &RequestId) -> Result<&RequestState, Refusal> {
        let state = self.request(id)?;
        match &state.duplicate_of {
            Some(same_as) => refused(RequestRefusal::IsDuplicate { request: id.clone(), same_as: same_as.clone() }),
            None => Ok(state),
        }
    }

    /// The request, if it is still to be decided: no duplicate, and not lifted by its requester.
    pub(crate) fn to_decide(&self, id: &RequestId) -> Result<&RequestState, Refusal> {
        let state = self.standing(id)?;
        match &state.cancelled {
            Some(cancelled) => {
                refused(RequestRefusal::RequestIsCancelled { request: id.clone(), arrived: cancelled.arrived })
            }
            None => Ok(state),
        }
    }

    /// The day on which a request first reached the city: by it the request counts, and from it on it can be decided.
    pub fn arrived_on(&self, state: &RequestState) -> Date {
        // A request has a transmission from its first event on.
        let zone = self.zone();
        state.transmissions.iter().map(|one| one.arrived.day(&zone)).min().unwrap_or(Date::MIN)
    }

    fn add_transmission(
        &self,
        request: &RequestId,
        transmission: &Transmission,
        paper: &PaperId,
        differs: &[PaperField],
        at: Timestamp,
    ) -> Result<Vec<RequestEvent>, Refusal> {
        let state = self.standing(request)?;
        self.line_takes(&transmission.line, transmission.arrived)?;
        self.past(transmission.arrived, at)?;
        if state.transmissions.iter().any(|one| one.paper == *paper) {
            return Err(Refusal::IdTaken { id: paper.to_string() });
        }
        once(differs.iter().map(|field| field.code()))?;
        if state.arrived_so(transmission, differs) {
            return Err(state.registered_already(transmission));
        }
        let added = RequestEvent::TransmissionAdded {
            request: request.clone(),
            transmission: transmission.clone(),
            paper: paper.clone(),
            differs: differs.to_vec(),
        };
        let first = self.arrived_on(state).min(transmission.arrived.day(&self.zone()));
        let since = Counted { year: Year::of(first), ..state.counted() };
        Ok(with_recount(added, state, since, Recount::MovedPeriod))
    }

    fn join_duplicate(&self, request: &RequestId, same_as: &RequestId) -> Result<Vec<RequestEvent>, Refusal> {
        let (state, other) = self.two(request, same_as)?;
        let (arrived, other_arrived) = (self.arrived_on(state), self.arrived_on(other));
        let (request, same_as) = (request.clone(), same_as.clone());
        if arrived < other_arrived {
            return refused(RequestRefusal::DuplicateCameFirst { request, arrived, same_as, other_arrived });
        }
        let (counted, cause) = (state.counted(), Recount::Duplicate);
        Ok(vec![RequestEvent::RequestWithdrawn { request, counted, cause, same_as: Some(same_as) }])
    }

    fn reinstate(&self, request: &RequestId) -> Result<Vec<RequestEvent>, Refusal> {
        let state = self.request(request)?;
        if state.duplicate_of.is_none() {
            return refused(RequestRefusal::NotWithdrawn { request: request.clone() });
        }
        let (counted, cause) = (state.counted(), Recount::WithdrawnInError);
        Ok(vec![RequestEvent::RequestReinstated { request: request.clone(), counted, cause }])
    }

    fn correct(
        &self,
        id: &RequestId,
        to: &[NewValue],
        note: &NoteId,
        at: Timestamp,
    ) -> Result<Vec<RequestEvent>, Refusal> {
        let state = self.standing(id)?;
        once(to.iter().map(NewValue::field))?;
        if to.is_empty() {
            return refused(RequestRefusal::NothingCorrected { request: id.clone(), field: None });
        }
        let changes = to.iter().map(|new| change(state, new)).collect::<Result<Vec<_>, _>>()?;
        let mut after = state.clone();
        for change in &changes {
            // Each old value was read from the same state.
            drop(after.correct(change));
        }
        self.corrected_fits(state, &after, &changes, at)?;
        let counting = self.counting_of(after.request.form, state.replaces());
        let since = Counted { counting, year: Year::of(self.arrived_on(&after)) };
        let cause = if counting == state.counting { Recount::MovedPeriod } else { Recount::FormCorrected };
        let made = RequestEvent::CorrectionMade { request: id.clone(), changes, note: note.clone() };
        Ok(with_recount(made, state, since, cause))
    }

    /// What is corrected must be a request that could have been received, and leave the decisions their place.
    fn corrected_fits(
        &self,
        state: &RequestState,
        after: &RequestState,
        changes: &[Change],
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let request = &after.request;
        self.request_fits(request)?;
        let gone = state.decisions.keys().find(|ask| !request.asks.contains(ask));
        if let Some(ask) = gone {
            return refused(RequestRefusal::AskIsDecided { request: request.id.clone(), ask: *ask });
        }
        for change in changes {
            if let (Change::Arrived(arrived), Some(first)) = (change, after.transmissions.first()) {
                self.line_takes(&first.line, arrived.new)?;
                self.past(arrived.new, at)?;
            }
        }
        let arrived = self.arrived_on(after);
        if let Some(decision) =
            state.decisions.values().map(|made| &made.decision).find(|decision| decision.on < arrived)
        {
            return Err(Refusal::BeforeArrival { request: request.id.clone(), on: decision.on, arrived });
        }
        let of_form = changes.iter().any(|change| matches!(change, Change::Form(_) | Change::Edition(_)));
        let moved = changes.iter().any(|change| matches!(change, Change::Arrived(_)));
        if of_form || moved { self.form_in_use(request, arrived) } else { Ok(()) }
    }

    /// Whether a paper can have arrived on a day as it was read: as a request, or as a copy of one.
    ///
    /// # Errors
    /// It asks nothing or is about nobody, it names a thing twice, or its form was not yet in use.
    pub fn paper_fits(&self, paper: &Request, arrived: Date) -> Result<(), Refusal> {
        self.request_fits(paper)?;
        self.form_in_use(paper, arrived)
    }

    /// What every request must be, when it is received and after a correction.
    fn request_fits(&self, request: &Request) -> Result<(), Refusal> {
        if request.asks.is_empty() {
            return Err(Refusal::NothingAsked { request: request.id.clone() });
        }
        if request.subjects.is_empty() {
            return Err(Refusal::NoSubject { request: request.id.clone() });
        }
        once(request.asks.iter().map(|ask: &Ask| ask.code()))?;
        once(request.grounds.iter().map(|ground| ground.code()))?;
        once(request.subjects.iter().filter_map(|subject| subject.individual.as_ref()))
    }

    /// Whether the form and its edition can have arrived on a day, as far as the first days are certain.
    fn form_in_use(&self, request: &Request, arrived: Date) -> Result<(), Refusal> {
        match forms::not_yet(request.form, request.edition.as_ref(), arrived) {
            Some(used) if used.is_certain() => refused(RequestRefusal::FormNotYetInUse { used, arrived }),
            Some(_) | None => Ok(()),
        }
    }

    fn supersede(&self, earlier: &RequestId, by: &RequestId) -> Result<Vec<RequestEvent>, Refusal> {
        let (state, other) = self.two(by, earlier)?;
        if let Some(earlier) = state.replaces() {
            return refused(RequestRefusal::AlreadySupersedes { request: by.clone(), earlier: earlier.clone() });
        }
        let replaced = std::iter::successors(Some(earlier), |id| self.requests.get(id)?.replaces());
        let circle = replaced.take(self.requests.len()).any(|id| id == by);
        if circle || self.arrived_on(state) < self.arrived_on(other) {
            return refused(RequestRefusal::SupersedesLater { request: by.clone(), earlier: earlier.clone() });
        }
        let superseded = RequestEvent::RequestSuperseded { earlier: earlier.clone(), by: by.clone() };
        let counting = self.counting_of(state.request.form, Some(earlier));
        let since = Counted { counting, ..state.counted() };
        Ok(with_recount(superseded, state, since, Recount::Superseding))
    }

    /// Two requests of which one is to be said something of the other: both stand, and they may be about one individual.
    fn two(&self, id: &RequestId, other: &RequestId) -> Result<(&RequestState, &RequestState), Refusal> {
        let (state, of) = (self.standing(id)?, self.standing(other)?);
        if id == other {
            return refused(RequestRefusal::SameRequest { request: id.clone() });
        }
        match (individuals(&state.request), individuals(&of.request)) {
            (Some(one), Some(two)) if one.is_disjoint(&two) => {
                refused(RequestRefusal::OtherIndividual { request: id.clone(), other: other.clone() })
            }
            (Some(_) | None, Some(_) | None) => Ok((state, of)),
        }
    }

    /// What a request of this form counts as, replacing another or not: a paper that replaces one that counts is a request
    /// of its own on one reading of the law, and the same request on the other.
    pub(crate) fn counting_of(&self, form: Form, supersedes: Option<&RequestId>) -> Counting {
        let earlier = supersedes.and_then(|id| self.requests.get(id));
        let earlier_counts = earlier.is_some_and(|state| state.counting != Counting::NotCounted);
        match form.counting() {
            Counting::Counted if earlier_counts => Counting::Unclear,
            Counting::Counted => Counting::Counted,
            Counting::Unclear => Counting::Unclear,
            Counting::NotCounted => Counting::NotCounted,
        }
    }

    fn cancel(
        &self,
        request: &RequestId,
        transmission: &Transmission,
        at: Timestamp,
    ) -> Result<Vec<RequestEvent>, Refusal> {
        let state = self.to_decide(request)?;
        self.line_takes(&transmission.line, transmission.arrived)?;
        self.past(transmission.arrived, at)?;
        let (cancelled, arrived) = (transmission.arrived.day(&self.zone()), self.arrived_on(state));
        if cancelled < arrived {
            let request = request.clone();
            return refused(RequestRefusal::CancelledBeforeArrival { request, cancelled, arrived });
        }
        Ok(vec![RequestEvent::RequestCancelled { request: request.clone(), transmission: transmission.clone() }])
    }

    fn verify_paper(
        &self,
        request: &RequestId,
        verification: &Verification,
        at: Timestamp,
    ) -> Result<Vec<RequestEvent>, Refusal> {
        let state = self.standing(request)?;
        self.past(verification.at, at)?;
        let Verification { paper, called, signed_by, result, .. } = *verification;
        let attached = &state.request.papers;
        if paper != state.request.form && !attached.contains(&paper) {
            let attached = attached.clone();
            return refused(RequestRefusal::PaperNotAttached { request: request.clone(), paper, attached });
        }
        // INVARIANT: a paper that no judge signs never becomes a court's by being called confirmed.
        let of_a_court =
            !called.is_federal_form() && !paper.is_federal_form() && signed_by != Signer::ImmigrationOfficer;
        if result == Verified::Confirmed && !of_a_court {
            return refused(RequestRefusal::NoCourtToConfirm { request: request.clone(), paper, signed_by });
        }
        let (on, arrived) = (verification.at.day(&self.zone()), self.arrived_on(state));
        if on < arrived {
            return refused(RequestRefusal::VerifiedBeforeArrival { request: request.clone(), on, arrived });
        }
        Ok(vec![RequestEvent::PaperVerified { request: request.clone(), verification: verification.clone() }])
    }

    fn shield(&self, request: &RequestId, cause: Shield) -> Result<Vec<RequestEvent>, Refusal> {
        let request = self.request(request)?.request.id.clone();
        if self.requests.get(&request).is_some_and(|state| state.shielded.iter().any(|one| one.cause == cause)) {
            return refused(RequestRefusal::ShieldedAlready { request, cause });
        }
        Ok(vec![RequestEvent::RequestShielded { request, cause }])
    }

    fn note_hit(&self, hit: &Hit, at: Timestamp) -> Result<Vec<RequestEvent>, Refusal> {
        if self.hits.contains_key(&hit.id) {
            return Err(Refusal::IdTaken { id: hit.id.to_string() });
        }
        if !self.units.contains_key(&hit.unit) {
            return Err(Refusal::IdUnknown { id: hit.unit.to_string() });
        }
        self.past(hit.at, at)?;
        Ok(vec![RequestEvent::HitNoted(hit.clone())])
    }
}

fn refused<T>(refusal: RequestRefusal) -> Result<T, Refusal> {
    Err(Refusal::Request(refusal))
}

/// What happened, and, where the request counts otherwise since, that it was taken out and put in again.
pub(super) fn with_recount(
    happened: RequestEvent,
    state: &RequestState,
    since: Counted,
    cause: Recount,
) -> Vec<RequestEvent> {
    let (request, counted) = (state.request.id.clone(), state.counted());
    if since == counted {
        return vec![happened];
    }
    let out = RequestEvent::RequestWithdrawn { request: request.clone(), counted, cause, same_as: None };
    vec![happened, out, RequestEvent::RequestReinstated { request, counted: since, cause }]
}

/// All individuals of a request; none where one of them is not established.
pub(crate) fn individuals(request: &Request) -> Option<BTreeSet<&IndividualId>> {
    request.subjects.iter().map(|subject| subject.individual.as_ref()).collect()
}

/// What a field was, beside what it is to be; refused where that is the same.
fn change(state: &RequestState, new: &NewValue) -> Result<Change, Refusal> {
    let request = &state.request;
    let same = || {
        let (request, field) = (request.id.clone(), Some(new.field()));
        Refusal::Request(RequestRefusal::NothingCorrected { request, field })
    };
    Ok(match new {
        NewValue::Form(form) => Change::Form(was(&request.form, form).ok_or_else(same)?),
        NewValue::Edition(edition) => Change::Edition(was(&request.edition, edition).ok_or_else(same)?),
        NewValue::IssuedOn(on) => Change::IssuedOn(was(&request.issued_on, on).ok_or_else(same)?),
        NewValue::Component(component) => Change::Component(was(&request.component, component).ok_or_else(same)?),
        NewValue::Asks(asks) => Change::Asks(was(&request.asks, asks).ok_or_else(same)?),
        NewValue::Grounds(grounds) => Change::Grounds(was(&request.grounds, grounds).ok_or_else(same)?),
        NewValue::Arrived(arrived) => {
            let first = state.transmissions.first().map_or(Moment::On(Date::MIN), |first| first.arrived);
            Change::Arrived(was(&first, arrived).ok_or_else(same)?)
        }
        NewValue::Sealed { field, person } => {
            let (person, persons) = (*person, request.subjects.len());
            if person == 0 || usize::from(person) > persons {
                return refused(RequestRefusal::NoSuchPerson { request: request.id.clone(), person, persons });
            }
            Change::Sealed { field: *field, person }
        }
    })
}

fn was<T: PartialEq + Clone>(old: &T, new: &T) -> Option<Was<T>> {
    (old != new).then(|| Was { old: old.clone(), new: new.clone() })
}
