//! How events of the module [`crate::retention`] are written.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::coded::{Coded, by_display};
use super::event::EventWire;
use super::{Text, texts, values};
use crate::ids::{ErasureId, HoldId, NoteId, PersonId};
use crate::retention::{Hold, HoldCause, Lifting, Proposal, Reached, RetentionEvent, Target, Thing, Tombstone, Under};
use crate::words::Label;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacedV1 {
    hold: Text<HoldId>,
    of: Vec<Text<Target>>,
    cause: Text<HoldCause>,
    reference: Text<NoteId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftedV1 {
    hold: Text<HoldId>,
    reason: Text<NoteId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposedV1 {
    erasure: Text<ErasureId>,
    of: Vec<Text<Target>>,
    under: UnderV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DroppedV1 {
    erasure: Text<ErasureId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasedV1 {
    erasure: Text<ErasureId>,
    erased: BTreeSet<Text<Thing>>,
    entries: BTreeSet<u64>,
    under: UnderV1,
    approved_by: [Text<PersonId>; 2],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum UnderV1 {
    #[serde(rename = "schedule")]
    Schedule { item: Text<Label>, approval: Text<NoteId> },
    #[serde(rename = "order")]
    Order { docket: Text<NoteId> },
}

by_display!(HoldId, ErasureId, HoldCause, Target, Thing);

/// The event as it is written.
pub(super) fn write(event: &RetentionEvent) -> EventWire {
    match event {
        RetentionEvent::HoldPlaced(Hold { hold, of, cause, reference }) => EventWire::RetentionHoldPlacedV1(PlacedV1 {
            hold: Text(hold.clone()),
            of: texts(of),
            cause: Text(*cause),
            reference: Text(reference.clone()),
        }),
        RetentionEvent::HoldLifted(Lifting { hold, reason }) => {
            EventWire::RetentionHoldLiftedV1(LiftedV1 { hold: Text(hold.clone()), reason: Text(reason.clone()) })
        }
        RetentionEvent::ErasureProposed(Proposal { erasure, of, under }) => EventWire::ErasureProposedV1(ProposedV1 {
            erasure: Text(erasure.clone()),
            of: texts(of),
            under: under.into(),
        }),
        RetentionEvent::ErasureDropped(erasure) => {
            EventWire::ErasureDroppedV1(DroppedV1 { erasure: Text(erasure.clone()) })
        }
        RetentionEvent::RecordErased(Tombstone { reached, under, approved_by }) => {
            EventWire::RecordErasedV1(ErasedV1 {
                erasure: Text(reached.erasure.clone()),
                erased: reached.erased.iter().cloned().map(Text).collect(),
                entries: reached.entries.clone(),
                under: under.into(),
                approved_by: approved_by.clone().map(Text),
            })
        }
    }
}

impl From<&Under> for UnderV1 {
    fn from(under: &Under) -> Self {
        match under {
            Under::Schedule { item, approval } => {
                UnderV1::Schedule { item: Text(item.clone()), approval: Text(approval.clone()) }
            }
            Under::Order { docket } => UnderV1::Order { docket: Text(docket.clone()) },
        }
    }
}

impl From<UnderV1> for Under {
    fn from(wire: UnderV1) -> Self {
        match wire {
            UnderV1::Schedule { item, approval } => Under::Schedule { item: item.0, approval: approval.0 },
            UnderV1::Order { docket } => Under::Order { docket: docket.0 },
        }
    }
}

impl From<PlacedV1> for RetentionEvent {
    fn from(wire: PlacedV1) -> Self {
        let (of, reference) = (values(wire.of), wire.reference.0);
        RetentionEvent::HoldPlaced(Hold { hold: wire.hold.0, of, cause: wire.cause.0, reference })
    }
}

impl From<LiftedV1> for RetentionEvent {
    fn from(wire: LiftedV1) -> Self {
        RetentionEvent::HoldLifted(Lifting { hold: wire.hold.0, reason: wire.reason.0 })
    }
}

impl From<ProposedV1> for RetentionEvent {
    fn from(wire: ProposedV1) -> Self {
        let (of, under) = (values(wire.of), wire.under.into());
        RetentionEvent::ErasureProposed(Proposal { erasure: wire.erasure.0, of, under })
    }
}

impl From<DroppedV1> for RetentionEvent {
    fn from(wire: DroppedV1) -> Self {
        RetentionEvent::ErasureDropped(wire.erasure.0)
    }
}

/// What is out of order or repeated comes out otherwise than it was written, and so is refused.
impl From<ErasedV1> for RetentionEvent {
    fn from(wire: ErasedV1) -> Self {
        let reached = Reached {
            erasure: wire.erasure.0,
            erased: wire.erased.into_iter().map(|thing| thing.0).collect(),
            entries: wire.entries,
        };
        let approved_by = wire.approved_by.map(|person| person.0);
        RetentionEvent::RecordErased(Tombstone { reached, under: wire.under.into(), approved_by })
    }
}
