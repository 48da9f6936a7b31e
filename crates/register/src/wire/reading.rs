//! How events of the module [`crate::reading`] are written.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Text;
use super::coded::{Coded, by_display};
use super::event::EventWire;
use crate::class::SealedField;
use crate::ids::RequestId;
use crate::reading::{Kept, ReadReason, ReadingEvent, VaultRead};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadV1 {
    of: Text<Kept>,
    // What is out of order or repeated comes out otherwise than it was written, and so is refused.
    fields: BTreeSet<Text<SealedField>>,
    reason: Text<ReadReason>,
    request: Option<Text<RequestId>>,
}

by_display!(Kept, SealedField, ReadReason);

/// The event as it is written.
pub(super) fn write(event: &ReadingEvent) -> EventWire {
    let ReadingEvent::VaultRead(VaultRead { of, fields, reason, request }) = event;
    EventWire::VaultReadV1(ReadV1 {
        of: Text(of.clone()),
        fields: fields.iter().copied().map(Text).collect(),
        reason: Text(*reason),
        request: request.clone().map(Text),
    })
}

impl From<ReadV1> for ReadingEvent {
    fn from(wire: ReadV1) -> Self {
        ReadingEvent::VaultRead(VaultRead {
            of: wire.of.0,
            fields: wire.fields.into_iter().map(|field| field.0).collect(),
            reason: wire.reason.0,
            request: wire.request.map(|request| request.0),
        })
    }
}
