//! Lies about people: who acted, what happened in custody, what was answered at the counter. They leave rows and counts as
//! they are, so only the bag can show them.
#![expect(clippy::unwrap_used, reason = "an id that is none fails its test")]

use std::fmt::Debug;
use std::str::FromStr;

use register::custody::{Charges, CustodyEvent, Happening, What};
use register::event::Event;
use register::inquiry::{Answer, Given, InquiryAnswer, InquiryEvent, Presented, Rule};
use register::reading::{ReadReason, ReadingEvent, VaultRead};
use register::staff::{Change, DesignationKind, Post, Registration, Role, StaffEvent};
use register::words::{Component, Form, Outcome};

use super::{Lie, lie};
use crate::world::{HONEST, Insider};

/// What is done to the events of a command.
type Meddle = fn(&mut Vec<Event>);

/// All of them.
pub(super) fn all() -> Vec<Lie> {
    let what_follows: [(&'static str, Meddle); 7] = [
        ("whoever is no officer goes on recording outcomes once staff is registered", |events| {
            with_request(events, [registered("person_9"), outcome()]);
        }),
        ("a steward who is federally designated goes on recording costs", |events| {
            let deputy = Post::Designation(DesignationKind::TaskForceDeputation, Component::Hsi);
            let begun = [begun("person_clerk", deputy), cost()];
            with_request(events, [registered("person_9")].into_iter().chain(begun));
        }),
        ("somebody gives themselves a role", |events| {
            with_request(events, [registered("person_9"), begun("person_clerk", Post::Role(Role::Counsel))]);
        }),
        ("bail is posted before the arrest", |events| {
            with_request(
                events,
                [happened(What::BailPosted, "2022-06-01T08:00Z"), happened(What::Arrested, "2022-06-01T09:00Z")],
            );
        }),
        ("a release comes on a day that has not come", |events| {
            with_request(
                events,
                [happened(What::Arrested, "2022-06-01T08:00Z"), happened(What::Released, "2023-06-01T08:00Z")],
            );
        }),
        ("a paper of another form is said to be the one presented", |events| {
            with_request(events, [presented(), answered()]);
        }),
        ("a steward reads whom a paper is about", |events| {
            with_request(events, [presented(), registered("person_9"), read()]);
        }),
    ];
    what_follows.into_iter().map(|(what, events)| lie(what, Insider { events, ..HONEST }, &[], &["bag"])).collect()
}

/// Records these with the last request of the first year's story, after which nobody asks the register any more.
fn with_request(events: &mut Vec<Event>, more: impl IntoIterator<Item = Event>) {
    let last =
        |event: &Event| matches!(event, Event::RequestReceived { request, .. } if request.id.to_string() == "req_4");
    if events.iter().any(last) {
        events.extend(more);
    }
}

fn registered(person: &str) -> Event {
    let (person, agency, from) = (id(person), id("agency_police"), id("2023-01-01"));
    Event::Staff(StaffEvent::StaffRegistered(Registration { person, agency, from }))
}

fn begun(person: &str, post: Post) -> Event {
    Event::Staff(StaffEvent::PostBegun(Change { person: id(person), post, on: id("2023-01-01") }))
}

fn outcome() -> Event {
    Event::OutcomeRecorded { request: id("req_4"), outcome: Outcome::Unknown, at: id("2023-01-05") }
}

fn cost() -> Event {
    Event::CostReimbursed { request: id("req_4"), cents: 100, on: id("2023-01-05") }
}

fn happened(what: What, at: &str) -> Event {
    let (episode, individual, unit) = (id("ep_1"), None, id("unit_d4"));
    let happening = Happening { episode, individual, unit, what, charges: Charges::NotSaid, at: id(at) };
    Event::Custody(CustodyEvent::CustodyRecorded(happening))
}

fn presented() -> Event {
    let (inquiry, paper, line) = (id("inq_1"), id("paper_2"), id("line_d4"));
    let received = id("2023-01-05");
    let presented = Presented { inquiry, paper, form: Form::I200, issued_on: None, line, received };
    Event::Inquiry(InquiryEvent::InquiryReceived(presented))
}

fn read() -> Event {
    let fields = [id("name")].into_iter().collect();
    let read = VaultRead { of: id("paper_2"), fields, reason: ReadReason::Inquiry, request: None };
    Event::Reading(ReadingEvent::VaultRead(read))
}

fn answered() -> Event {
    let answer = Answer { answer: InquiryAnswer::Registered, rule: Rule::PaperNumber, request: Some(id("req_4")) };
    Event::Inquiry(InquiryEvent::InquiryAnswered(Given { inquiry: id("inq_1"), answer }))
}

fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}
