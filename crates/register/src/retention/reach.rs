//! What an erasure reaches: from what a person names to all that is about it, and which events those are.

use std::collections::BTreeSet;

use super::{RetentionRefusal, Target, Thing};
use crate::Refusal;
use crate::custody::CustodyEvent;
use crate::event::{Event, Subject};
use crate::ids::{IndividualId, RequestId};
use crate::inquiry::InquiryEvent;
use crate::reading;
use crate::receipt::ReceiptEvent;
use crate::request::RequestEvent;
use crate::state::{Register, RequestState};
use crate::watch::WatchEvent;

impl Register {
    /// All that goes with what is named: of an individual its requests, stays in custody and inquiries; of a request those
    /// that repeat it, that it replaces and that replace it, since what counts of one follows from the others; of both
    /// the inquiries that were answered with them. What the vault alone knows to belong to them is not among it.
    ///
    /// A paper that names somebody else is reached neither by way of an individual nor of another request: whoever erases
    /// names it too, and so says that all of it goes. There is no way to erase one person of a paper that stays.
    ///
    /// # Errors
    /// Something named is not there or was erased, or a request names somebody else.
    pub fn reach(&self, of: &[Target]) -> Result<BTreeSet<Thing>, Refusal> {
        let mut reach: BTreeSet<Thing> = of.iter().map(Thing::from).collect();
        for target in of {
            self.is_there(target)?;
        }
        let about: Vec<Thing> = self.there().filter(|state| is_about(state, &reach)).map(request_of).collect();
        reach.extend(about);
        while let Some(more) = self.linked(&reach) {
            reach.insert(Thing::Request(more));
        }
        self.names_nobody_else(of, &reach)?;
        self.add_episodes(&mut reach);
        let answered = self.inquiry.inquiries.iter().filter(|(_, inquired)| {
            let found = inquired.answers.iter().filter_map(|(answer, _)| answer.request.as_ref());
            found.map(Thing::from).any(|request| reach.contains(&request))
        });
        let answered: Vec<Thing> = answered.map(|(id, _)| Thing::from(id)).collect();
        reach.extend(answered);
        reach.retain(|thing| !self.retention.is_erased(thing));
        Ok(reach)
    }

    /// That each request that goes was named itself, or is about those alone who go, or is tied to such a one and about nobody
    /// but them and those whom the requests named are about. Where a tied request does not establish somebody, the tie says that it is the
    /// same paper.
    fn names_nobody_else(&self, of: &[Target], reach: &BTreeSet<Thing>) -> Result<(), Refusal> {
        let named = |state: &&RequestState| of.contains(&Target::from(&state.request.id));
        let with_named: BTreeSet<&IndividualId> =
            self.there().filter(named).flat_map(|state| individuals(&state.request.subjects)).collect();
        let goes = |one: &IndividualId| reach.contains(&Thing::from(one));
        for state in self.there().filter(|state| reach.contains(&request_of(state)) && !named(state)) {
            let about = is_about(state, reach);
            let other = |subject: &Subject| match &subject.individual {
                Some(one) => !goes(one) && (about || !with_named.contains(one)),
                None => about,
            };
            if state.request.subjects.iter().any(other) {
                return Err(RetentionRefusal::NamesOthers { request: state.request.id.clone() }.into());
            }
        }
        Ok(())
    }

    /// The requests that are not erased.
    fn there(&self) -> impl Iterator<Item = &RequestState> {
        self.requests.values().filter(|state| !self.retention.is_erased(&request_of(state)))
    }

    pub(crate) fn is_there(&self, target: &Target) -> Result<(), Refusal> {
        if let Some(erased) = self.retention.erasure_of(&Thing::from(target)) {
            return Err(RetentionRefusal::Erased { id: Thing::from(target), erasure: erased.clone() }.into());
        }
        let there = match target {
            Target::Request(id) => self.requests.contains_key(id),
            Target::Inquiry(id) => self.inquiry.inquiries.contains_key(id),
            Target::Individual(id) => {
                let named = |state: &RequestState| individuals(&state.request.subjects).any(|one| one == id);
                self.requests.values().any(named) || self.custody.all().values().any(|one| one.individual() == Some(id))
            }
        };
        if there { Ok(()) } else { Err(Refusal::IdUnknown { id: target.to_string() }) }
    }

    /// A request that is tied to one reached and not reached yet.
    fn linked(&self, reach: &BTreeSet<Thing>) -> Option<RequestId> {
        let reached = |id: &RequestId| reach.contains(&Thing::from(id));
        self.there().find_map(|state| {
            let id = &state.request.id;
            let ties = state.duplicate_of.iter().chain(state.supersedes.as_ref().map(|one| &one.earlier));
            ties.filter(|other| reached(id) != reached(other) && !self.retention.is_erased(&Thing::from(*other)))
                .map(|other| if reached(id) { other.clone() } else { id.clone() })
                .next()
        })
    }

    /// The stays in custody of individuals reached; and those that only requests reached name, of nobody else.
    pub(super) fn add_episodes(&self, reach: &mut BTreeSet<Thing>) {
        let of_somebody = |individual: Option<&IndividualId>| {
            individual.is_none_or(|individual| reach.contains(&Thing::from(individual)))
        };
        let mut named = BTreeSet::new();
        let mut elsewhere = BTreeSet::new();
        for state in self.there() {
            let episodes = state.request.subjects.iter().filter_map(|subject| subject.episode.as_ref());
            if reach.contains(&Thing::from(&state.request.id)) { &mut named } else { &mut elsewhere }.extend(episodes);
        }
        let individual = |id| self.custody.of(id).and_then(|episode| episode.individual());
        let alone = named.difference(&elsewhere).copied().filter(|id| of_somebody(individual(id)));
        let known = self.custody.all().iter();
        let theirs = known.filter(|(_, one)| one.individual().is_some() && of_somebody(one.individual()));
        let episodes: Vec<Thing> = alone.chain(theirs.map(|(id, _)| id)).map(Thing::from).collect();
        reach.extend(episodes);
    }
}

fn request_of(state: &RequestState) -> Thing {
    Thing::from(&state.request.id)
}

fn is_about(state: &RequestState, reach: &BTreeSet<Thing>) -> bool {
    individuals(&state.request.subjects).any(|one| reach.contains(&Thing::from(one)))
}

/// The individuals among subjects.
pub(super) fn individuals(subjects: &[Subject]) -> impl Iterator<Item = &IndividualId> {
    subjects.iter().filter_map(|subject| subject.individual.as_ref())
}

/// What an event is about: where one of it is erased, the key of its leaf is, and where one was erased no further event is
/// recorded. Holds, proposals and tombstones name what they are about and stay.
pub fn about(event: &Event) -> Vec<Thing> {
    let subject = |subject: &Subject| {
        let individual = subject.individual.as_ref().map(Thing::from);
        individual.into_iter().chain(subject.episode.as_ref().map(Thing::from)).collect::<Vec<_>>()
    };
    match event {
        Event::RequestReceived { request, .. } => {
            let subjects = request.subjects.iter().flat_map(subject);
            std::iter::once(Thing::from(&request.id)).chain(subjects).collect()
        }
        Event::DecisionMade { request, .. }
        | Event::OutcomeRecorded { request, .. }
        | Event::PersonHeld { request, .. }
        | Event::PersonTransferred { request, .. }
        | Event::CostReimbursed { request, .. } => vec![request.into()],
        Event::Request(event) => of_request(event),
        Event::Watch(WatchEvent::BookingAnswered { episode, .. }) => episode.iter().map(Thing::from).collect(),
        Event::Watch(WatchEvent::ArrivalRead { request, .. }) => request.iter().map(Thing::from).collect(),
        Event::Custody(CustodyEvent::CustodyRecorded(happening)) => {
            let individual = happening.individual.iter().map(Thing::from);
            std::iter::once(Thing::from(&happening.episode)).chain(individual).collect()
        }
        Event::Custody(CustodyEvent::CustodyWithdrawn(withdrawal)) => vec![(&withdrawal.episode).into()],
        Event::Inquiry(InquiryEvent::InquiryReceived(presented)) => vec![(&presented.inquiry).into()],
        Event::Inquiry(InquiryEvent::InquiryAnswered(given)) => {
            let request = given.answer.request.iter().map(Thing::from);
            std::iter::once(Thing::from(&given.inquiry)).chain(request).collect()
        }
        Event::Receipt(ReceiptEvent::ReceiptGiven(given)) => vec![(&given.request).into()],
        Event::Reading(event) => reading::about(event),
        Event::RegisterOpened(_)
        | Event::AgencyRegistered { .. }
        | Event::UnitOpened { .. }
        | Event::LineOpened { .. }
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
        | Event::Watch(
            WatchEvent::LineClosed { .. }
            | WatchEvent::UnitClosed { .. }
            | WatchEvent::LineTestsSet { .. }
            | WatchEvent::LineTestSeen { .. }
            | WatchEvent::ToursSet { .. }
            | WatchEvent::ZeroReported { .. }
            | WatchEvent::BookingsCounted { .. }
            | WatchEvent::GatewayCounted(_)
            | WatchEvent::ArrivalNoted { .. },
        )
        | Event::Staff(_)
        | Event::Receipt(ReceiptEvent::KeyCertified(_))
        | Event::Retention(_) => Vec::new(),
    }
}

/// Whether an event is about one of these things.
pub fn concerns(event: &Event, things: &BTreeSet<Thing>) -> bool {
    about(event).iter().any(|thing| things.contains(thing))
}

fn of_request(event: &RequestEvent) -> Vec<Thing> {
    match event {
        RequestEvent::RequestWithdrawn { request, same_as, .. } => {
            std::iter::once(request).chain(same_as).map(Thing::from).collect()
        }
        RequestEvent::RequestSuperseded { earlier, by } => vec![earlier.into(), by.into()],
        RequestEvent::TransmissionAdded { request, .. }
        | RequestEvent::RequestReinstated { request, .. }
        | RequestEvent::CorrectionMade { request, .. }
        | RequestEvent::RequestCancelled { request, .. }
        | RequestEvent::PaperVerified { request, .. }
        | RequestEvent::RequestShielded { request, .. }
        | RequestEvent::EntryWithdrawn { request, .. } => vec![request.into()],
        RequestEvent::HitNoted(hit) => hit.episode.iter().map(Thing::from).collect(),
    }
}
