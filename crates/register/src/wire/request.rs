//! How requests, and what becomes of them, are written.

use jiff::civil::Date;
use law::Ask;
use law::derived::{PaperHolder, PaperKind, PaperMatter, Signer};
use serde::{Deserialize, Serialize};

use super::event::{EventWire, SubjectV1};
use super::{Text, texts, values};
use crate::custody::Mistake;
use crate::event::{Edition, Event, Request, Subject, Transmission};
use crate::ids::{EpisodeId, HitId, LineId, NoteId, PaperId, RequestId, UnitId};
use crate::request::{
    Change, Counted, EntryKind, Hit, HitFile, PaperField, Recount, RequestEvent, Shield, TakenBack, Verification,
    Verified, Was,
};
use crate::time::{Moment, Year};
use crate::words::{Component, Counting, Form, Ground, Label};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedV1 {
    id: Text<RequestId>,
    paper: Text<PaperId>,
    form: Text<Form>,
    edition: Option<Text<Edition>>,
    issued_on: Option<Text<Date>>,
    component: Text<Component>,
    asks: Vec<Text<Ask>>,
    grounds: Vec<Text<Ground>>,
    papers: Vec<Text<Form>>,
    subjects: Vec<SubjectV1>,
    line: Text<LineId>,
    arrived: Text<Moment>,
}

/// As the first version, of a paper that another agency passed on.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedV2 {
    relayed_by: Text<Label>,
    received: ReceivedV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddedV1 {
    request: Text<RequestId>,
    line: Text<LineId>,
    arrived: Text<Moment>,
    paper: Text<PaperId>,
    differs: Vec<Text<PaperField>>,
    relayed_by: Option<Text<Label>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawnV1 {
    request: Text<RequestId>,
    counting: Text<Counting>,
    year: Text<Year>,
    cause: Text<Recount>,
    same_as: Option<Text<RequestId>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReinstatedV1 {
    request: Text<RequestId>,
    counting: Text<Counting>,
    year: Text<Year>,
    cause: Text<Recount>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionV1 {
    request: Text<RequestId>,
    changes: Vec<ChangeV1>,
    note: Text<NoteId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeV1 {
    Form(WasV1<Text<Form>>),
    Edition(WasV1<Option<Text<Edition>>>),
    IssuedOn(WasV1<Option<Text<Date>>>),
    Component(WasV1<Text<Component>>),
    Asks(WasV1<Vec<Text<Ask>>>),
    Grounds(WasV1<Vec<Text<Ground>>>),
    Arrived(WasV1<Text<Moment>>),
    Sealed(SealedV1),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedV1 {
    field: Text<PaperField>,
    person: u16,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WasV1<T> {
    old: T,
    new: T,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupersededV1 {
    earlier: Text<RequestId>,
    by: Text<RequestId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelledV1 {
    request: Text<RequestId>,
    line: Text<LineId>,
    arrived: Text<Moment>,
    relayed_by: Option<Text<Label>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifiedV1 {
    request: Text<RequestId>,
    paper: Text<Form>,
    called: Text<PaperKind>,
    signer: Text<Signer>,
    matter: Option<Text<PaperMatter>>,
    holder: Option<Text<PaperHolder>>,
    result: Text<Verified>,
    at: Text<Moment>,
    note: Option<Text<NoteId>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HitV1 {
    id: Text<HitId>,
    unit: Text<UnitId>,
    file: Text<HitFile>,
    episode: Option<Text<EpisodeId>>,
    at: Text<Moment>,
}

/// The first arrival as it is written: in the second version exactly where another agency passed the paper on.
pub(super) fn received(request: &Request, transmission: &Transmission) -> EventWire {
    let Transmission { line, arrived, relayed_by } = transmission.clone();
    let first = ReceivedV1 {
        id: Text(request.id.clone()),
        paper: Text(request.paper.clone()),
        form: Text(request.form),
        edition: request.edition.clone().map(Text),
        issued_on: request.issued_on.map(Text),
        component: Text(request.component),
        asks: texts(&request.asks),
        grounds: texts(&request.grounds),
        papers: texts(&request.papers),
        subjects: request.subjects.iter().map(SubjectV1::from).collect(),
        line: Text(line),
        arrived: Text(arrived),
    };
    match relayed_by.map(Text) {
        None => EventWire::RequestReceivedV1(first),
        Some(relayed_by) => EventWire::RequestReceivedV2(ReceivedV2 { relayed_by, received: first }),
    }
}

impl ReceivedV1 {
    fn read(self, relayed_by: Option<Label>) -> Event {
        Event::RequestReceived {
            request: Request {
                id: self.id.0,
                paper: self.paper.0,
                form: self.form.0,
                edition: self.edition.map(|edition| edition.0),
                issued_on: self.issued_on.map(|on| on.0),
                component: self.component.0,
                asks: values(self.asks),
                grounds: values(self.grounds),
                papers: values(self.papers),
                subjects: self.subjects.into_iter().map(Subject::from).collect(),
            },
            transmission: Transmission { line: self.line.0, arrived: self.arrived.0, relayed_by },
        }
    }
}

impl From<ReceivedV1> for Event {
    fn from(wire: ReceivedV1) -> Self {
        wire.read(None)
    }
}

impl From<ReceivedV2> for Event {
    fn from(wire: ReceivedV2) -> Self {
        wire.received.read(Some(wire.relayed_by.0))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShieldedV1 {
    request: Text<RequestId>,
    cause: Text<Shield>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryV1 {
    request: Text<RequestId>,
    of: u64,
    entry: Text<EntryKind>,
    year: Option<Text<Year>>,
    cause: Text<Mistake>,
    note: Text<NoteId>,
}

/// The event as it is written.
pub(super) fn write(event: &RequestEvent) -> EventWire {
    match event.clone() {
        RequestEvent::TransmissionAdded { request, transmission, paper, differs } => {
            EventWire::TransmissionAddedV1(AddedV1 {
                request: Text(request),
                line: Text(transmission.line),
                arrived: Text(transmission.arrived),
                paper: Text(paper),
                differs: texts(&differs),
                relayed_by: transmission.relayed_by.map(Text),
            })
        }
        RequestEvent::RequestWithdrawn { request, counted, cause, same_as } => {
            EventWire::RequestWithdrawnV1(WithdrawnV1 {
                request: Text(request),
                counting: Text(counted.counting),
                year: Text(counted.year),
                cause: Text(cause),
                same_as: same_as.map(Text),
            })
        }
        RequestEvent::RequestReinstated { request, counted, cause } => EventWire::RequestReinstatedV1(ReinstatedV1 {
            request: Text(request),
            counting: Text(counted.counting),
            year: Text(counted.year),
            cause: Text(cause),
        }),
        RequestEvent::CorrectionMade { request, changes, note } => EventWire::CorrectionMadeV1(CorrectionV1 {
            request: Text(request),
            changes: changes.into_iter().map(ChangeV1::from).collect(),
            note: Text(note),
        }),
        RequestEvent::RequestSuperseded { earlier, by } => {
            EventWire::RequestSupersededV1(SupersededV1 { earlier: Text(earlier), by: Text(by) })
        }
        RequestEvent::RequestCancelled { request, transmission } => EventWire::RequestCancelledV1(CancelledV1 {
            request: Text(request),
            line: Text(transmission.line),
            arrived: Text(transmission.arrived),
            relayed_by: transmission.relayed_by.map(Text),
        }),
        RequestEvent::PaperVerified { request, verification } => EventWire::PaperVerifiedV1(VerifiedV1 {
            request: Text(request),
            paper: Text(verification.paper),
            called: Text(verification.called),
            signer: Text(verification.signed_by),
            matter: verification.matter.map(Text),
            holder: verification.held_by.map(Text),
            result: Text(verification.result),
            at: Text(verification.at),
            note: verification.note.map(Text),
        }),
        RequestEvent::HitNoted(hit) => EventWire::HitNotedV1(HitV1 {
            id: Text(hit.id),
            unit: Text(hit.unit),
            file: Text(hit.file),
            episode: hit.episode.map(Text),
            at: Text(hit.at),
        }),
        RequestEvent::RequestShielded { request, cause } => {
            EventWire::RequestShieldedV1(ShieldedV1 { request: Text(request), cause: Text(cause) })
        }
        RequestEvent::EntryWithdrawn { request, entry } => EventWire::EntryWithdrawnV1(EntryV1 {
            request: Text(request),
            of: entry.of,
            entry: Text(entry.kind),
            year: entry.year.map(Text),
            cause: Text(entry.cause),
            note: Text(entry.note),
        }),
    }
}

impl From<AddedV1> for Event {
    fn from(wire: AddedV1) -> Self {
        Event::Request(RequestEvent::TransmissionAdded {
            request: wire.request.0,
            transmission: Transmission {
                line: wire.line.0,
                arrived: wire.arrived.0,
                relayed_by: wire.relayed_by.map(|label| label.0),
            },
            paper: wire.paper.0,
            differs: values(wire.differs),
        })
    }
}

impl From<WithdrawnV1> for Event {
    fn from(wire: WithdrawnV1) -> Self {
        Event::Request(RequestEvent::RequestWithdrawn {
            request: wire.request.0,
            counted: Counted { counting: wire.counting.0, year: wire.year.0 },
            cause: wire.cause.0,
            same_as: wire.same_as.map(|request| request.0),
        })
    }
}

impl From<ReinstatedV1> for Event {
    fn from(wire: ReinstatedV1) -> Self {
        Event::Request(RequestEvent::RequestReinstated {
            request: wire.request.0,
            counted: Counted { counting: wire.counting.0, year: wire.year.0 },
            cause: wire.cause.0,
        })
    }
}

impl From<CorrectionV1> for Event {
    fn from(wire: CorrectionV1) -> Self {
        Event::Request(RequestEvent::CorrectionMade {
            request: wire.request.0,
            changes: wire.changes.into_iter().map(Change::from).collect(),
            note: wire.note.0,
        })
    }
}

impl From<SupersededV1> for Event {
    fn from(wire: SupersededV1) -> Self {
        Event::Request(RequestEvent::RequestSuperseded { earlier: wire.earlier.0, by: wire.by.0 })
    }
}

impl From<CancelledV1> for Event {
    fn from(wire: CancelledV1) -> Self {
        let relayed_by = wire.relayed_by.map(|label| label.0);
        let transmission = Transmission { line: wire.line.0, arrived: wire.arrived.0, relayed_by };
        Event::Request(RequestEvent::RequestCancelled { request: wire.request.0, transmission })
    }
}

impl From<VerifiedV1> for Event {
    fn from(wire: VerifiedV1) -> Self {
        let verification = Verification {
            paper: wire.paper.0,
            called: wire.called.0,
            signed_by: wire.signer.0,
            matter: wire.matter.map(|matter| matter.0),
            held_by: wire.holder.map(|holder| holder.0),
            result: wire.result.0,
            at: wire.at.0,
            note: wire.note.map(|note| note.0),
        };
        Event::Request(RequestEvent::PaperVerified { request: wire.request.0, verification })
    }
}

impl From<HitV1> for Event {
    fn from(wire: HitV1) -> Self {
        let (id, unit, file, at) = (wire.id.0, wire.unit.0, wire.file.0, wire.at.0);
        Event::Request(RequestEvent::HitNoted(Hit { id, unit, file, episode: wire.episode.map(|id| id.0), at }))
    }
}

impl From<ShieldedV1> for Event {
    fn from(wire: ShieldedV1) -> Self {
        Event::Request(RequestEvent::RequestShielded { request: wire.request.0, cause: wire.cause.0 })
    }
}

impl From<EntryV1> for Event {
    fn from(wire: EntryV1) -> Self {
        let (of, kind, year) = (wire.of, wire.entry.0, wire.year.map(|year| year.0));
        let entry = TakenBack { of, kind, year, cause: wire.cause.0, note: wire.note.0 };
        Event::Request(RequestEvent::EntryWithdrawn { request: wire.request.0, entry })
    }
}

impl From<Change> for ChangeV1 {
    fn from(change: Change) -> Self {
        match change {
            Change::Form(was) => ChangeV1::Form(was.written(Text)),
            Change::Edition(was) => ChangeV1::Edition(was.written(|one| one.map(Text))),
            Change::IssuedOn(was) => ChangeV1::IssuedOn(was.written(|one| one.map(Text))),
            Change::Component(was) => ChangeV1::Component(was.written(Text)),
            Change::Asks(was) => ChangeV1::Asks(was.written(|one| texts(&one))),
            Change::Grounds(was) => ChangeV1::Grounds(was.written(|one| texts(&one))),
            Change::Arrived(was) => ChangeV1::Arrived(was.written(Text)),
            Change::Sealed { field, person } => ChangeV1::Sealed(SealedV1 { field: Text(field), person }),
        }
    }
}

impl From<ChangeV1> for Change {
    fn from(wire: ChangeV1) -> Self {
        match wire {
            ChangeV1::Form(was) => Change::Form(was.read(|one| one.0)),
            ChangeV1::Edition(was) => Change::Edition(was.read(|one| one.map(|one| one.0))),
            ChangeV1::IssuedOn(was) => Change::IssuedOn(was.read(|one| one.map(|one| one.0))),
            ChangeV1::Component(was) => Change::Component(was.read(|one| one.0)),
            ChangeV1::Asks(was) => Change::Asks(was.read(values)),
            ChangeV1::Grounds(was) => Change::Grounds(was.read(values)),
            ChangeV1::Arrived(was) => Change::Arrived(was.read(|one| one.0)),
            ChangeV1::Sealed(one) => Change::Sealed { field: one.field.0, person: one.person },
        }
    }
}

impl<T> Was<T> {
    fn written<W>(self, write: impl Fn(T) -> W) -> WasV1<W> {
        WasV1 { old: write(self.old), new: write(self.new) }
    }
}

impl<W> WasV1<W> {
    fn read<T>(self, read: impl Fn(W) -> T) -> Was<T> {
        Was { old: read(self.old), new: read(self.new) }
    }
}
