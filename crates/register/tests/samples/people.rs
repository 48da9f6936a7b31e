//! Samples of custody, staff, inquiries, receipts and reads.

use register::custody::{Charges, CustodyEvent, Happening, Mistake, What, Withdrawal};
use register::event::Event;
use register::inquiry::{Answer, Given, InquiryAnswer, InquiryEvent, Presented, Rule};
use register::reading::{ReadReason, ReadingEvent, VaultRead};
use register::receipt::{CertifiedKey, GivenReceipt, ReceiptEvent, certify, key_name};
use register::staff::{AssignmentKind, Change, DesignationKind, Post, Registration, Role, StaffEvent};
use register::words::{Component, Form};
use tlog::SigningKey;

use super::text;

/// What happened in custody, after so many other events.
pub(super) fn custody(before: usize) -> Vec<(&'static str, Event)> {
    let bare = Happening {
        episode: text("ep_1"),
        individual: None,
        unit: text("unit_d4"),
        what: What::BailPosted,
        charges: Charges::NotSaid,
        at: text("2022-06-14T21:40:00-04:00"),
    };
    let full = Happening {
        individual: Some(text("ind_1")),
        what: What::Arrested,
        charges: Charges::Named(vec![text("265-13A"), text("266-30")]),
        ..bare.clone()
    };
    let all = Happening { what: What::ChargesDropped, charges: Charges::All, ..bare.clone() };
    let part = Happening { what: What::Acquitted, charges: Charges::Part, ..bare.clone() };
    let withdrawn =
        Withdrawal { episode: text("ep_1"), of: u64::try_from(before).unwrap() + 2, cause: Mistake::AnotherTime };
    vec![
        ("custody-recorded-1.named", Event::Custody(CustodyEvent::CustodyRecorded(full))),
        ("custody-recorded-1.bare", Event::Custody(CustodyEvent::CustodyRecorded(bare))),
        ("custody-recorded-1.all", Event::Custody(CustodyEvent::CustodyRecorded(all))),
        ("custody-recorded-1.part", Event::Custody(CustodyEvent::CustodyRecorded(part))),
        ("custody-withdrawn-1", Event::Custody(CustodyEvent::CustodyWithdrawn(withdrawn))),
    ]
}

/// Who may do what.
pub(super) fn staff() -> Vec<(&'static str, Event)> {
    let change = |post, on| Change { person: text("person_1"), post, on: text(on) };
    let registered = Registration { person: text("person_1"), agency: text("agency_police"), from: text("2022-01-03") };
    let role = Post::Role(Role::Officer);
    let seat = Post::Assignment(AssignmentKind::TaskForce, Component::Hsi);
    let deputy = Post::Designation(DesignationKind::TaskForceDeputation, Component::Hsi);
    [
        ("staff-registered-1", StaffEvent::StaffRegistered(registered)),
        ("role-given-1", StaffEvent::PostBegun(change(role, "2022-01-03"))),
        ("assignment-made-1", StaffEvent::PostBegun(change(seat, "2022-02-01"))),
        ("designation-made-1", StaffEvent::PostBegun(change(deputy, "2022-02-01"))),
        ("designation-ended-1", StaffEvent::PostEnded(change(deputy, "2022-05-01"))),
        ("assignment-ended-1", StaffEvent::PostEnded(change(seat, "2022-05-01"))),
        ("role-taken-1", StaffEvent::PostEnded(change(role, "2022-05-31"))),
    ]
    .map(|(name, event)| (name, Event::Staff(event)))
    .to_vec()
}

/// Inquiries.
pub(super) fn inquiries() -> Vec<(&'static str, Event)> {
    let presented = |inquiry, issued_on: Option<&str>, received| Presented {
        inquiry: text(inquiry),
        paper: text("paper_2"),
        form: Form::I247A,
        issued_on: issued_on.map(text),
        line: text("line_d4"),
        received: text(received),
    };
    let given = |inquiry, answer, rule, request: Option<&str>| Given {
        inquiry: text(inquiry),
        answer: Answer { answer, rule, request: request.map(text) },
    };
    let received = |presented| Event::Inquiry(InquiryEvent::InquiryReceived(presented));
    let answered = |given| Event::Inquiry(InquiryEvent::InquiryAnswered(given));
    let found = given("inq_1", InquiryAnswer::Registered, Rule::PaperNumber, Some("req_1"));
    let not = given("inq_2", InquiryAnswer::NotRegistered, Rule::NothingAlike, None);
    vec![
        ("inquiry-received-1.dated", received(presented("inq_1", Some("2022-06-13"), "2022-06-20T10:00:00-04:00"))),
        ("inquiry-received-1.undated", received(presented("inq_2", None, "2022-06-20"))),
        ("inquiry-answered-1.found", answered(found)),
        ("inquiry-answered-1.not-found", answered(not)),
    ]
}

/// A key that signs receipts, certified, and a receipt under it.
pub(super) fn receipts() -> Vec<(&'static str, Event)> {
    let log_key = SigningKey::from_seed("candor.example/boston", &[1; 32]).unwrap();
    let key = SigningKey::from_seed(&key_name("candor.example/boston"), &[2; 32]).unwrap().vkey();
    let signature = certify(&log_key, &key).unwrap();
    let certified = CertifiedKey { key: key.clone(), on: text("2022-06-14"), signature };
    let given = GivenReceipt { request: text("req_1"), key, promised_at: text("2022-06-14T12:10:00Z") };
    vec![
        ("receipt-key-certified-1", Event::Receipt(ReceiptEvent::KeyCertified(certified))),
        ("receipt-given-1", Event::Receipt(ReceiptEvent::ReceiptGiven(given))),
    ]
}

/// What somebody was shown of a paper about two persons, and of what was typed of a hold.
pub(super) fn reads() -> Vec<(&'static str, Event)> {
    let read = |of, fields: &[&str], reason, request: Option<&str>| {
        let fields = fields.iter().map(|field| text(field)).collect();
        Event::Reading(ReadingEvent::VaultRead(VaultRead { of: text(of), fields, reason, request: request.map(text) }))
    };
    vec![
        (
            "vault-read-1.paper",
            read("paper_1", &["file_number", "name", "2.name"], ReadReason::Casework, Some("req_1")),
        ),
        ("vault-read-1.note", read("note_8", &["reference"], ReadReason::Counsel, None)),
    ]
}
