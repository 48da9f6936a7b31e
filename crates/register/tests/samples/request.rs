//! One value of every kind of event about what becomes of a request.

use law::Ask;
use law::derived::{PaperHolder, PaperKind, PaperMatter, Signer};
use register::custody::Mistake;
use register::event::{Event, Request, Subject, Transmission};
use register::request::{
    Change, Counted, EntryKind, Hit, HitFile, PaperField, Recount, RequestEvent, Shield, TakenBack, Verification,
    Verified, Was,
};
use register::words::{Component, Counting, Form, Ground};

use super::text;

pub(crate) fn events() -> Vec<(&'static str, Event)> {
    let after = [paths_of_papers(), counts(), corrections(), verified()].concat();
    let mut events = vec![("request-received-2", relayed())];
    events.extend(after.into_iter().map(|(name, event)| (name, Event::Request(event))));
    events
}

fn relayed() -> Event {
    let request = Request {
        id: text("req_3"),
        paper: text("paper_3"),
        form: Form::I247A,
        edition: None,
        issued_on: None,
        component: Component::Ero,
        asks: vec![Ask::Hold],
        grounds: Vec::new(),
        papers: Vec::new(),
        subjects: vec![Subject { individual: Some(text("ind_3")), episode: None }],
    };
    let transmission = Transmission {
        line: text("line_d4"),
        arrived: text("2022-06-14T01:12:00-04:00"),
        relayed_by: Some(text("County Sheriff")),
    };
    Event::RequestReceived { request, transmission }
}

fn paths_of_papers() -> Vec<(&'static str, RequestEvent)> {
    let transmission = Transmission {
        line: text("line_d4"),
        arrived: text("2022-06-14T09:30:00-04:00"),
        relayed_by: Some(text("County Sheriff")),
    };
    let direct = Transmission { arrived: text("2022-06-15"), relayed_by: None, ..transmission.clone() };
    let added = |paper, transmission: &Transmission, differs: &[PaperField]| RequestEvent::TransmissionAdded {
        request: text("req_1"),
        transmission: transmission.clone(),
        paper: text(paper),
        differs: differs.to_vec(),
    };
    let cancelled = |request, transmission: &Transmission| RequestEvent::RequestCancelled {
        request: text(request),
        transmission: transmission.clone(),
    };
    vec![
        ("transmission-added-1.relayed", added("paper_4", &transmission, &[PaperField::BornOn, PaperField::Grounds])),
        ("transmission-added-1.direct", added("paper_5", &direct, &[])),
        ("request-cancelled-1.relayed", cancelled("req_1", &transmission)),
        ("request-cancelled-1.direct", cancelled("req_2", &direct)),
        ("request-superseded-1", RequestEvent::RequestSuperseded { earlier: text("req_1"), by: text("req_2") }),
    ]
}

fn counts() -> Vec<(&'static str, RequestEvent)> {
    let counted = |counting, year| Counted { counting, year: text(year) };
    let withdrawn = |counted, cause, same_as: Option<&str>| RequestEvent::RequestWithdrawn {
        request: text("req_3"),
        counted,
        cause,
        same_as: same_as.map(text),
    };
    let reinstated = |counted, cause| RequestEvent::RequestReinstated { request: text("req_3"), counted, cause };
    let sure = counted(Counting::Counted, "2022");
    vec![
        ("request-withdrawn-1.duplicate", withdrawn(sure, Recount::Duplicate, Some("req_1"))),
        ("request-reinstated-1.in-error", reinstated(sure, Recount::WithdrawnInError)),
        ("request-withdrawn-1.form-corrected", withdrawn(sure, Recount::FormCorrected, None)),
        ("request-reinstated-1.form-corrected", reinstated(counted(Counting::Unclear, "2021"), Recount::FormCorrected)),
    ]
}

fn corrections() -> Vec<(&'static str, RequestEvent)> {
    let changes = vec![
        Change::Form(Was { old: Form::I247A, new: Form::I247G }),
        Change::Edition(Was { old: Some(text("02/17")), new: None }),
        Change::IssuedOn(Was { old: Some(text("2022-06-13")), new: None }),
        Change::Component(Was { old: Component::Ero, new: Component::NotRecorded }),
        Change::Asks(Was { old: vec![Ask::Hold, Ask::Notify], new: vec![Ask::Notify] }),
        Change::Grounds(Was { old: vec![Ground::FinalOrder, Ground::BiometricMatch], new: Vec::new() }),
        Change::Arrived(Was { old: text("2022-06-14T05:12:00Z"), new: text("2022-06-13") }),
        Change::Sealed { field: PaperField::BornOn, person: 1 },
    ];
    let made = RequestEvent::CorrectionMade { request: text("req_1"), changes, note: text("note_1") };
    vec![("correction-made-1", made)]
}

fn verified() -> Vec<(&'static str, RequestEvent)> {
    let verification = Verification {
        paper: Form::Ao442,
        called: PaperKind::Warrant,
        signed_by: Signer::MagistrateJudge,
        matter: Some(PaperMatter::Criminal),
        held_by: Some(PaperHolder::Ice),
        result: Verified::Confirmed,
        at: text("2022-06-14T10:00:00Z"),
        note: Some(text("note_2")),
    };
    let bare = Verification {
        paper: Form::I200,
        called: PaperKind::I200,
        signed_by: Signer::Unknown,
        matter: None,
        held_by: None,
        result: Verified::Unreachable,
        at: text("2022-06-14"),
        note: None,
    };
    let of = |verification| RequestEvent::PaperVerified { request: text("req_1"), verification };
    let hit = |id, episode: Option<&str>| {
        RequestEvent::HitNoted(Hit {
            id: text(id),
            unit: text("unit_d4"),
            file: HitFile::ImmigrationViolator,
            episode: episode.map(text),
            at: text("2022-06-14T05:00:00Z"),
        })
    };
    vec![
        ("paper-verified-1.confirmed", of(verification)),
        ("paper-verified-1.bare", of(bare)),
        ("hit-noted-1.in-custody", hit("hit_1", Some("ep_1"))),
        ("hit-noted-1.nobody", hit("hit_2", None)),
    ]
}

/// The hold of event 11 and the outcome of event 10 of the samples.
pub(crate) fn taken_back() -> Vec<(&'static str, Event)> {
    let withdrawn = |of, kind, year: Option<&str>, cause| {
        let entry = TakenBack { of, kind, year: year.map(text), cause, note: text("note_3") };
        Event::Request(RequestEvent::EntryWithdrawn { request: text("req_1"), entry })
    };
    vec![
        ("entry-withdrawn-1.counted", withdrawn(11, EntryKind::Hold, Some("2022"), Mistake::AnotherPerson)),
        (
            "request-shielded-1",
            Event::Request(RequestEvent::RequestShielded { request: text("req_1"), cause: Shield::Minor }),
        ),
        ("entry-withdrawn-1.uncounted", withdrawn(10, EntryKind::Outcome, None, Mistake::EnteredInError)),
    ]
}
