//! How events are written, by version.

use jiff::civil::Date;
use law::PackHash;
use serde::{Deserialize, Serialize};

use super::closing::RowWire;
use super::filing::{ClosingV1, FilingWire, FrozenV1, GrownV1, ReceiptV1, RestatedV1, YearClosedV1};
use super::request::{
    AddedV1, CancelledV1, CorrectionV1, EntryV1, HitV1, ReceivedV1, ReceivedV2, ReinstatedV1, ShieldedV1, SupersededV1,
    VerifiedV1, WithdrawnV1,
};
use super::{Text, texts, values};
use super::{custody, decision, inquiry, reading, receipt, retention, staff, watch};
use crate::event::{Event, Growth, Opened, PackRef, Receipt, Recorded, Subject};
use crate::ids::{AgencyId, EpisodeId, IndividualId, LineId, PersonId, RequestId, UnitId};
use crate::receipt::ReceiptEvent;
use crate::row::Restates;
use crate::time::{Moment, Timestamp};
use crate::words::{Authority, Channel, ClockDeparture, Label, Mode, Outcome};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedWire {
    seq: u64,
    at: Text<Timestamp>,
    by: Text<PersonId>,
    event: EventWire,
}

#[derive(Serialize, Deserialize)]
pub(super) enum EventWire {
    #[serde(rename = "register-opened/1")]
    RegisterOpenedV1(OpenedV1),
    #[serde(rename = "agency-registered/1")]
    AgencyRegisteredV1(AgencyV1),
    #[serde(rename = "unit-opened/1")]
    UnitOpenedV1(UnitV1),
    #[serde(rename = "line-opened/1")]
    LineOpenedV1(LineV1),
    #[serde(rename = "request-received/1")]
    RequestReceivedV1(ReceivedV1),
    #[serde(rename = "decision-made/1")]
    DecisionMadeV1(decision::DecisionV1),
    #[serde(rename = "decision-made/2")]
    DecisionMadeV2(decision::DecisionV2),
    #[serde(rename = "outcome-recorded/1")]
    OutcomeRecordedV1(OutcomeV1),
    #[serde(rename = "person-held/1")]
    PersonHeldV1(DoneV1),
    #[serde(rename = "person-transferred/1")]
    PersonTransferredV1(DoneV1),
    #[serde(rename = "cost-reimbursed/1")]
    CostReimbursedV1(CostV1),
    #[serde(rename = "tree-grown/1")]
    TreeGrownV1(GrownV1),
    #[serde(rename = "year-closed/1")]
    YearClosedV1(YearClosedV1),
    #[serde(rename = "year-restated/1")]
    YearRestatedV1(RestatedV1),
    #[serde(rename = "closing-entered/1")]
    ClosingEnteredV1(ClosingV1),
    #[serde(rename = "report-filed/1")]
    ReportFiledV1(FilingWire),
    #[serde(rename = "receipt-recorded/1")]
    ReceiptRecordedV1(ReceiptV1),
    #[serde(rename = "clock-departed/1")]
    ClockDepartedV1(ClockV1),
    #[serde(rename = "custody-recorded/1")]
    CustodyRecordedV1(custody::RecordedV1),
    #[serde(rename = "custody-withdrawn/1")]
    CustodyWithdrawnV1(custody::WithdrawnV1),
    #[serde(rename = "staff-registered/1")]
    StaffRegisteredV1(staff::RegisteredV1),
    #[serde(rename = "role-given/1")]
    RoleGivenV1(staff::RoleGivenV1),
    #[serde(rename = "role-taken/1")]
    RoleTakenV1(staff::RoleTakenV1),
    #[serde(rename = "assignment-made/1")]
    AssignmentMadeV1(staff::AssignmentMadeV1),
    #[serde(rename = "assignment-ended/1")]
    AssignmentEndedV1(staff::AssignmentEndedV1),
    #[serde(rename = "designation-made/1")]
    DesignationMadeV1(staff::DesignationMadeV1),
    #[serde(rename = "designation-ended/1")]
    DesignationEndedV1(staff::DesignationEndedV1),
    #[serde(rename = "inquiry-received/1")]
    InquiryReceivedV1(inquiry::ReceivedV1),
    #[serde(rename = "inquiry-answered/1")]
    InquiryAnsweredV1(inquiry::AnsweredV1),
    #[serde(rename = "request-received/2")]
    RequestReceivedV2(ReceivedV2),
    #[serde(rename = "transmission-added/1")]
    TransmissionAddedV1(AddedV1),
    #[serde(rename = "request-withdrawn/1")]
    RequestWithdrawnV1(WithdrawnV1),
    #[serde(rename = "request-reinstated/1")]
    RequestReinstatedV1(ReinstatedV1),
    #[serde(rename = "correction-made/1")]
    CorrectionMadeV1(CorrectionV1),
    #[serde(rename = "request-superseded/1")]
    RequestSupersededV1(SupersededV1),
    #[serde(rename = "request-cancelled/1")]
    RequestCancelledV1(CancelledV1),
    #[serde(rename = "paper-verified/1")]
    PaperVerifiedV1(VerifiedV1),
    #[serde(rename = "hit-noted/1")]
    HitNotedV1(HitV1),
    #[serde(rename = "request-shielded/1")]
    RequestShieldedV1(ShieldedV1),
    #[serde(rename = "closing-withheld/1")]
    ClosingWithheldV1(ClosingV1),
    #[serde(rename = "entry-withdrawn/1")]
    EntryWithdrawnV1(EntryV1),
    #[serde(rename = "line-closed/1")]
    LineClosedV1(watch::LineClosedV1),
    #[serde(rename = "unit-closed/1")]
    UnitClosedV1(watch::UnitClosedV1),
    #[serde(rename = "line-tests-set/1")]
    LineTestsSetV1(watch::LineTestsV1),
    #[serde(rename = "line-test-seen/1")]
    LineTestSeenV1(watch::TestSeenV1),
    #[serde(rename = "tours-set/1")]
    ToursSetV1(watch::ToursV1),
    #[serde(rename = "zero-reported/1")]
    ZeroReportedV1(watch::ZeroV1),
    #[serde(rename = "bookings-counted/1")]
    BookingsCountedV1(watch::BookingsV1),
    #[serde(rename = "booking-answered/1")]
    BookingAnsweredV1(watch::BookingAnswerV1),
    #[serde(rename = "gateway-counted/1")]
    GatewayCountedV1(watch::GatewayV1),
    #[serde(rename = "arrival-noted/1")]
    ArrivalNotedV1(watch::ArrivalV1),
    #[serde(rename = "arrival-read/1")]
    ArrivalReadV1(watch::ArrivalReadV1),
    #[serde(rename = "clock-trusted/1")]
    ClockTrustedV1(TrustedV1),
    #[serde(rename = "run-recorded/1")]
    RunRecordedV1(super::run::RunV1),
    #[serde(rename = "retention-hold-placed/1")]
    RetentionHoldPlacedV1(retention::PlacedV1),
    #[serde(rename = "retention-hold-lifted/1")]
    RetentionHoldLiftedV1(retention::LiftedV1),
    #[serde(rename = "erasure-proposed/1")]
    ErasureProposedV1(retention::ProposedV1),
    #[serde(rename = "erasure-dropped/1")]
    ErasureDroppedV1(retention::DroppedV1),
    #[serde(rename = "record-erased/1")]
    RecordErasedV1(retention::ErasedV1),
    #[serde(rename = "receipt-key-certified/1")]
    ReceiptKeyCertifiedV1(receipt::KeyV1),
    #[serde(rename = "receipt-given/1")]
    ReceiptGivenV1(receipt::GivenV1),
    #[serde(rename = "vault-read/1")]
    VaultReadV1(reading::ReadV1),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenedV1 {
    mode: Text<Mode>,
    origin: String,
    zone: String,
    pack: PackV1,
    key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackV1 {
    id: String,
    version: String,
    hash: Text<PackHash>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockV1 {
    cause: Text<ClockDeparture>,
    seconds: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrustedV1 {
    seconds: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgencyV1 {
    id: Text<AgencyId>,
    name: Text<Label>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitV1 {
    id: Text<UnitId>,
    agency: Text<AgencyId>,
    name: Text<Label>,
    from: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineV1 {
    id: Text<LineId>,
    unit: Text<UnitId>,
    channel: Text<Channel>,
    name: Text<Label>,
    from: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectV1 {
    individual: Option<Text<IndividualId>>,
    episode: Option<Text<EpisodeId>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeV1 {
    request: Text<RequestId>,
    outcome: Text<Outcome>,
    at: Text<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoneV1 {
    request: Text<RequestId>,
    subject: SubjectV1,
    authority: Text<Authority>,
    at: Text<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CostV1 {
    request: Text<RequestId>,
    cents: u64,
    on: Text<Date>,
}

impl From<&Recorded> for RecordedWire {
    fn from(recorded: &Recorded) -> Self {
        RecordedWire {
            seq: recorded.seq,
            at: Text(recorded.at),
            by: Text(recorded.by.clone()),
            event: EventWire::from(&recorded.event),
        }
    }
}

impl From<RecordedWire> for Recorded {
    fn from(wire: RecordedWire) -> Self {
        Recorded { seq: wire.seq, at: wire.at.0, by: wire.by.0, event: wire.event.into() }
    }
}

impl From<&Event> for EventWire {
    #[expect(clippy::too_many_lines, reason = "one arm for each kind, to be read together")]
    fn from(event: &Event) -> Self {
        match event {
            Event::RegisterOpened(opened) => EventWire::RegisterOpenedV1(OpenedV1 {
                mode: Text(opened.mode),
                origin: opened.origin.clone(),
                zone: opened.zone.clone(),
                pack: PackV1::from(&opened.pack),
                key: opened.key.clone(),
            }),
            Event::AgencyRegistered { id, name } => {
                EventWire::AgencyRegisteredV1(AgencyV1 { id: Text(id.clone()), name: Text(name.clone()) })
            }
            Event::UnitOpened { id, agency, name, from } => EventWire::UnitOpenedV1(UnitV1 {
                id: Text(id.clone()),
                agency: Text(agency.clone()),
                name: Text(name.clone()),
                from: Text(*from),
            }),
            Event::LineOpened { id, unit, channel, name, from } => EventWire::LineOpenedV1(LineV1 {
                id: Text(id.clone()),
                unit: Text(unit.clone()),
                channel: Text(*channel),
                name: Text(name.clone()),
                from: Text(*from),
            }),
            Event::RequestReceived { request, transmission } => super::request::received(request, transmission),
            Event::DecisionMade { request, decision } => decision::write(request, decision),
            Event::OutcomeRecorded { request, outcome, at } => EventWire::OutcomeRecordedV1(OutcomeV1 {
                request: Text(request.clone()),
                outcome: Text(*outcome),
                at: Text(*at),
            }),
            Event::PersonHeld { request, subject, authority, at } => {
                EventWire::PersonHeldV1(done(request, subject, *authority, *at))
            }
            Event::PersonTransferred { request, subject, authority, at } => {
                EventWire::PersonTransferredV1(done(request, subject, *authority, *at))
            }
            Event::CostReimbursed { request, cents, on } => {
                EventWire::CostReimbursedV1(CostV1 { request: Text(request.clone()), cents: *cents, on: Text(*on) })
            }
            Event::TreeGrown(growth) => {
                EventWire::TreeGrownV1(GrownV1 { from_size: growth.from_size, frozen: FrozenV1::from(growth.frozen) })
            }
            Event::YearClosed { year, frozen, filed_on } => EventWire::YearClosedV1(YearClosedV1 {
                year: Text(*year),
                frozen: FrozenV1::from(*frozen),
                filed_on: Text(*filed_on),
            }),
            Event::YearRestated { year, restates, frozen, filed_on } => EventWire::YearRestatedV1(RestatedV1 {
                year: Text(*year),
                number: restates.number,
                causes: texts(&restates.causes),
                frozen: FrozenV1::from(*frozen),
                filed_on: Text(*filed_on),
            }),
            Event::ClockDeparted { departure, seconds } => {
                EventWire::ClockDepartedV1(ClockV1 { cause: Text(*departure), seconds: *seconds })
            }
            Event::ClockTrusted { seconds } => EventWire::ClockTrustedV1(TrustedV1 { seconds: *seconds }),
            Event::ReceiptRecorded { year, kind, receipt } => EventWire::ReceiptRecordedV1(ReceiptV1 {
                year: Text(*year),
                kind: Text(*kind),
                on: Text(receipt.on),
                office: Text(receipt.office.clone()),
                reference: receipt.reference.clone().map(Text),
            }),
            Event::ClosingEntered { year, row } => {
                EventWire::ClosingEnteredV1(ClosingV1 { year: Text(*year), row: RowWire::from(row) })
            }
            Event::ClosingWithheld { year, row } => {
                EventWire::ClosingWithheldV1(ClosingV1 { year: Text(*year), row: RowWire::from(row) })
            }
            Event::ReportFiled(filing) => EventWire::ReportFiledV1(FilingWire::from(filing)),
            Event::Request(event) => super::request::write(event),
            Event::RunRecorded(run) => EventWire::RunRecordedV1(run.into()),
            Event::Watch(event) => watch::write(event),
            Event::Custody(event) => super::custody::write(event),
            Event::Staff(event) => super::staff::write(event),
            Event::Inquiry(event) => super::inquiry::write(event),
            Event::Retention(event) => retention::write(event),
            Event::Receipt(event) => receipt::write(event),
            Event::Reading(event) => reading::write(event),
        }
    }
}

impl From<EventWire> for Event {
    #[expect(clippy::too_many_lines, reason = "a few lines for each kind, to be read together")]
    fn from(wire: EventWire) -> Self {
        match wire {
            EventWire::RegisterOpenedV1(one) => Event::RegisterOpened(Opened {
                mode: one.mode.0,
                origin: one.origin,
                zone: one.zone,
                pack: one.pack.into(),
                key: one.key,
            }),
            EventWire::AgencyRegisteredV1(one) => Event::AgencyRegistered { id: one.id.0, name: one.name.0 },
            EventWire::UnitOpenedV1(one) => {
                Event::UnitOpened { id: one.id.0, agency: one.agency.0, name: one.name.0, from: one.from.0 }
            }
            EventWire::LineOpenedV1(one) => Event::LineOpened {
                id: one.id.0,
                unit: one.unit.0,
                channel: one.channel.0,
                name: one.name.0,
                from: one.from.0,
            },
            EventWire::RequestReceivedV1(one) => one.into(),
            EventWire::RequestReceivedV2(one) => one.into(),
            EventWire::TransmissionAddedV1(one) => one.into(),
            EventWire::RequestWithdrawnV1(one) => one.into(),
            EventWire::RequestReinstatedV1(one) => one.into(),
            EventWire::CorrectionMadeV1(one) => one.into(),
            EventWire::RequestSupersededV1(one) => one.into(),
            EventWire::RequestCancelledV1(one) => one.into(),
            EventWire::PaperVerifiedV1(one) => one.into(),
            EventWire::HitNotedV1(one) => one.into(),
            EventWire::EntryWithdrawnV1(one) => one.into(),
            EventWire::RequestShieldedV1(one) => one.into(),
            EventWire::ClosingWithheldV1(one) => Event::ClosingWithheld { year: one.year.0, row: one.row.into() },
            EventWire::DecisionMadeV1(one) => one.into(),
            EventWire::DecisionMadeV2(one) => one.into(),
            EventWire::OutcomeRecordedV1(one) => {
                Event::OutcomeRecorded { request: one.request.0, outcome: one.outcome.0, at: one.at.0 }
            }
            EventWire::PersonHeldV1(one) => Event::PersonHeld {
                request: one.request.0,
                subject: one.subject.into(),
                authority: one.authority.0,
                at: one.at.0,
            },
            EventWire::PersonTransferredV1(one) => Event::PersonTransferred {
                request: one.request.0,
                subject: one.subject.into(),
                authority: one.authority.0,
                at: one.at.0,
            },
            EventWire::CostReimbursedV1(one) => {
                Event::CostReimbursed { request: one.request.0, cents: one.cents, on: one.on.0 }
            }
            EventWire::TreeGrownV1(one) => {
                Event::TreeGrown(Growth { from_size: one.from_size, frozen: one.frozen.into() })
            }
            EventWire::YearClosedV1(one) => {
                Event::YearClosed { year: one.year.0, frozen: one.frozen.into(), filed_on: one.filed_on.0 }
            }
            EventWire::YearRestatedV1(one) => Event::YearRestated {
                year: one.year.0,
                restates: Restates { number: one.number, causes: values(one.causes) },
                frozen: one.frozen.into(),
                filed_on: one.filed_on.0,
            },
            EventWire::ClockDepartedV1(one) => Event::ClockDeparted { departure: one.cause.0, seconds: one.seconds },
            EventWire::ClockTrustedV1(one) => Event::ClockTrusted { seconds: one.seconds },
            EventWire::ReceiptRecordedV1(one) => Event::ReceiptRecorded {
                year: one.year.0,
                kind: one.kind.0,
                receipt: Receipt {
                    on: one.on.0,
                    office: one.office.0,
                    reference: one.reference.map(|reference| reference.0),
                },
            },
            EventWire::ClosingEnteredV1(one) => Event::ClosingEntered { year: one.year.0, row: one.row.into() },
            EventWire::ReportFiledV1(one) => Event::ReportFiled(one.into()),
            EventWire::CustodyRecordedV1(one) => Event::Custody(one.into()),
            EventWire::CustodyWithdrawnV1(one) => Event::Custody(one.into()),
            EventWire::StaffRegisteredV1(one) => Event::Staff(one.into()),
            EventWire::RoleGivenV1(one) => Event::Staff(one.into()),
            EventWire::RoleTakenV1(one) => Event::Staff(one.into()),
            EventWire::AssignmentMadeV1(one) => Event::Staff(one.into()),
            EventWire::AssignmentEndedV1(one) => Event::Staff(one.into()),
            EventWire::DesignationMadeV1(one) => Event::Staff(one.into()),
            EventWire::DesignationEndedV1(one) => Event::Staff(one.into()),
            EventWire::InquiryReceivedV1(one) => Event::Inquiry(one.into()),
            EventWire::InquiryAnsweredV1(one) => Event::Inquiry(one.into()),
            EventWire::RetentionHoldPlacedV1(one) => Event::Retention(one.into()),
            EventWire::RetentionHoldLiftedV1(one) => Event::Retention(one.into()),
            EventWire::ErasureProposedV1(one) => Event::Retention(one.into()),
            EventWire::ErasureDroppedV1(one) => Event::Retention(one.into()),
            EventWire::RecordErasedV1(one) => Event::Retention(one.into()),
            EventWire::LineClosedV1(one) => Event::Watch(one.into()),
            EventWire::UnitClosedV1(one) => Event::Watch(one.into()),
            EventWire::LineTestsSetV1(one) => Event::Watch(one.into()),
            EventWire::LineTestSeenV1(one) => Event::Watch(one.into()),
            EventWire::ToursSetV1(one) => Event::Watch(one.into()),
            EventWire::ZeroReportedV1(one) => Event::Watch(one.into()),
            EventWire::BookingsCountedV1(one) => Event::Watch(one.into()),
            EventWire::BookingAnsweredV1(one) => Event::Watch(one.into()),
            EventWire::GatewayCountedV1(one) => Event::Watch(one.into()),
            EventWire::ArrivalNotedV1(one) => Event::Watch(one.into()),
            EventWire::ArrivalReadV1(one) => Event::Watch(one.into()),
            EventWire::RunRecordedV1(one) => Event::RunRecorded(one.into()),
            EventWire::ReceiptKeyCertifiedV1(one) => Event::Receipt(ReceiptEvent::KeyCertified(one.into())),
            EventWire::ReceiptGivenV1(one) => Event::Receipt(ReceiptEvent::ReceiptGiven(one.into())),
            EventWire::VaultReadV1(one) => Event::Reading(one.into()),
        }
    }
}

fn done(request: &RequestId, subject: &Subject, authority: Authority, at: Moment) -> DoneV1 {
    DoneV1 {
        request: Text(request.clone()),
        subject: SubjectV1::from(subject),
        authority: Text(authority),
        at: Text(at),
    }
}

impl From<&Subject> for SubjectV1 {
    fn from(subject: &Subject) -> Self {
        SubjectV1 { individual: subject.individual.clone().map(Text), episode: subject.episode.clone().map(Text) }
    }
}

impl From<SubjectV1> for Subject {
    fn from(wire: SubjectV1) -> Self {
        Subject { individual: wire.individual.map(|id| id.0), episode: wire.episode.map(|id| id.0) }
    }
}

impl From<&PackRef> for PackV1 {
    fn from(pack: &PackRef) -> Self {
        PackV1 { id: pack.id.clone(), version: pack.version.clone(), hash: Text(pack.hash) }
    }
}

impl From<PackV1> for PackRef {
    fn from(wire: PackV1) -> Self {
        PackRef { id: wire.id, version: wire.version, hash: wire.hash.0 }
    }
}
