//! How events of the module [`crate::reading`] are written.

use serde::{Deserialize, Serialize};

use super::coded::{Coded, by_display};
use super::event::EventWire;
use super::{Text, texts, values};
use crate::class::SealedField;
use crate::ids::RequestId;
use crate::reading::{Kept, ReadReason, ReadingEvent, VaultRead};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadV1 {
    of: Text<Kept>,
    fields: Vec<Text<SealedField>>,
    reason: Text<ReadReason>,
    request: Option<Text<RequestId>>,
}

by_display!(Kept, SealedField, ReadReason);

/// The event as it is written.
pub(super) fn write(event: &ReadingEvent) -> EventWire {
    let ReadingEvent::VaultRead(VaultRead { of, fields, reason, request }) = event;
    EventWire::VaultReadV1(ReadV1 {
        of: Text(of.clone()),
        fields: texts(&fields.iter().copied().collect::<Vec<_>>()),
        reason: Text(*reason),
        request: request.clone().map(Text),
    })
}

/// What is out of order or repeated comes out otherwise than it was written, and so is refused.
impl From<ReadV1> for ReadingEvent {
    fn from(wire: ReadV1) -> Self {
        ReadingEvent::VaultRead(VaultRead {
            of: wire.of.0,
            fields: values(wire.fields).into_iter().collect(),
            reason: wire.reason.0,
            request: wire.request.map(|request| request.0),
        })
    }
}
