//! How events of the module [`crate::receipt`] are written, and the slot of a certified key.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tlog::VerifyingKey;

use super::Text;
use super::coded::{Coded, by_display};
use super::event::EventWire;
use crate::ids::RequestId;
use crate::receipt::{CertifiedKey, GivenReceipt, KeySignature, ReceiptEvent};
use crate::time::Timestamp;

/// A certified key in its slot.
#[derive(Serialize, Deserialize)]
pub(super) enum KeySlot {
    #[serde(rename = "receipt-key/1")]
    ReceiptV1(KeyV1),
}

/// A certified key, in its event and in its slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyV1 {
    key: Text<VerifyingKey>,
    on: Text<Date>,
    signature: Text<KeySignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenV1 {
    request: Text<RequestId>,
    key: Text<VerifyingKey>,
    promised_at: Text<Timestamp>,
}

by_display!(KeySignature);

impl Coded for VerifyingKey {
    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
    fn from_text(text: &str) -> Result<Self, String> {
        VerifyingKey::parse(text).map_err(|error| error.to_string())
    }
}

/// The event as it is written.
pub(super) fn write(event: &ReceiptEvent) -> EventWire {
    match event {
        ReceiptEvent::KeyCertified(certified) => EventWire::ReceiptKeyCertifiedV1(certified.into()),
        ReceiptEvent::ReceiptGiven(given) => EventWire::ReceiptGivenV1(GivenV1 {
            request: Text(given.request.clone()),
            key: Text(given.key.clone()),
            promised_at: Text(given.promised_at),
        }),
    }
}

impl From<&CertifiedKey> for KeyV1 {
    fn from(certified: &CertifiedKey) -> Self {
        let CertifiedKey { key, on, signature } = certified.clone();
        KeyV1 { key: Text(key), on: Text(on), signature: Text(signature) }
    }
}

impl From<KeyV1> for CertifiedKey {
    fn from(wire: KeyV1) -> Self {
        CertifiedKey { key: wire.key.0, on: wire.on.0, signature: wire.signature.0 }
    }
}

impl From<GivenV1> for GivenReceipt {
    fn from(wire: GivenV1) -> Self {
        GivenReceipt { request: wire.request.0, key: wire.key.0, promised_at: wire.promised_at.0 }
    }
}
