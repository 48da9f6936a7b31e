//! Receipts: what whoever gave the register a paper takes home, and the key under which it is promised.
//!
//! A receipt promises that the leaf of a request is in the log within 48 hours, and opens just enough of that leaf for
//! its holder to show that it is the leaf of his paper. The receipt key is certified twice: the log's key signs it, and a
//! leaf of the log holds it, so that nobody can hand out receipts under a key that the log does not know.
//!
//! What an office says of a report that it was sent is a receipt too, of another kind: [`crate::event::Receipt`].

mod key;
mod slip;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use tlog::VerifyingKey;

pub use key::{CertifiedKey, KeySignature, certify, key_name};
pub use slip::{LeafProof, ParseSlipError, Said, SignedSlip, Slip};

use crate::Refusal;
use crate::event::Event;
use crate::ids::RequestId;
use crate::state::Register;
use crate::time::{Timestamp, day_of};

/// Within which a leaf that was promised is in a signed tree.
pub const PROMISED_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptEvent {
    /// The log's key certified a key that signs receipts.
    KeyCertified(CertifiedKey),
    /// A receipt was handed out.
    ReceiptGiven(GivenReceipt),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptCommand {
    /// Certify a key. The shell has made and signed it.
    CertifyKey {
        /// The key.
        key: VerifyingKey,
        /// The log key's signature of it.
        signature: KeySignature,
    },
    /// Hand out a receipt.
    GiveReceipt {
        /// Of which request.
        request: RequestId,
        /// Under which key.
        key: VerifyingKey,
    },
}

/// A receipt that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenReceipt {
    /// Of which request.
    pub request: RequestId,
    /// Under which key.
    pub key: VerifyingKey,
    /// When it was promised.
    pub promised_at: Timestamp,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptRefusal {
    /// The key is not a receipt key of this log, or the log's key did not sign it.
    KeyNotCertified {
        /// Its name.
        name: String,
    },
    /// The key is certified already.
    KeyKnown {
        /// Its name.
        name: String,
    },
    /// The request repeats another, whose leaf is the one that counts.
    OfADuplicate {
        /// Which.
        request: RequestId,
        /// The one it repeats.
        first: RequestId,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct ReceiptsGiven {
    /// The keys certified, the newest last, each with the number of its event.
    pub keys: Vec<(u64, CertifiedKey)>,
    /// How many receipts were handed out of each request.
    pub given: BTreeMap<RequestId, u64>,
}

impl ReceiptsGiven {
    /// Whether the key is certified.
    pub fn knows(&self, key: &VerifyingKey) -> bool {
        self.keys.iter().any(|(_, certified)| certified.key == *key)
    }
}

impl ReceiptEvent {
    /// The command that it carries out.
    pub fn command(&self) -> ReceiptCommand {
        match self.clone() {
            ReceiptEvent::KeyCertified(CertifiedKey { key, signature, .. }) => {
                ReceiptCommand::CertifyKey { key, signature }
            }
            ReceiptEvent::ReceiptGiven(GivenReceipt { request, key, .. }) => {
                ReceiptCommand::GiveReceipt { request, key }
            }
        }
    }
}

impl std::fmt::Display for ReceiptRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReceiptRefusal::KeyNotCertified { name } => write!(
                f,
                "the log's key has not certified the receipt key `{name}` (hint: put back the `receipt.key` of this register)"
            ),
            ReceiptRefusal::KeyKnown { name } => {
                write!(f, "the receipt key `{name}` is certified already (hint: go on with it)")
            }
            ReceiptRefusal::OfADuplicate { request, first } => write!(
                f,
                "request `{request}` repeats `{first}`, which is the one that counts (hint: give a receipt of `{first}`)"
            ),
        }
    }
}

impl From<ReceiptRefusal> for Refusal {
    fn from(refusal: ReceiptRefusal) -> Refusal {
        Refusal::Receipt(refusal)
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_receipt(&self, command: &ReceiptCommand, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            ReceiptCommand::CertifyKey { key, signature } => {
                let on = day_of(at, &self.zone());
                let certified = CertifiedKey { key: key.clone(), on, signature: signature.clone() };
                self.may_certify(&certified)?;
                ReceiptEvent::KeyCertified(certified)
            }
            ReceiptCommand::GiveReceipt { request, key } => {
                if let Some(first) = &self.request(request)?.duplicate_of {
                    let (request, first) = (request.clone(), first.clone());
                    return Err(ReceiptRefusal::OfADuplicate { request, first }.into());
                }
                if !self.receipts_given.knows(key) {
                    return Err(ReceiptRefusal::KeyNotCertified { name: key.name().to_owned() }.into());
                }
                let (request, key) = (request.clone(), key.clone());
                ReceiptEvent::ReceiptGiven(GivenReceipt { request, key, promised_at: at })
            }
        };
        Ok(vec![Event::Receipt(event)])
    }

    fn may_certify(&self, certified: &CertifiedKey) -> Result<(), ReceiptRefusal> {
        let name = certified.key.name().to_owned();
        if self.receipts_given.knows(&certified.key) {
            return Err(ReceiptRefusal::KeyKnown { name });
        }
        let log_key = self.opened.as_ref().and_then(|opening| VerifyingKey::parse(&opening.opened.key).ok());
        if !log_key.is_some_and(|log_key| certified.holds(&log_key)) {
            return Err(ReceiptRefusal::KeyNotCertified { name });
        }
        Ok(())
    }

    /// Takes the event into the state.
    pub(crate) fn take_receipt_event(&mut self, event: &ReceiptEvent) -> Result<(), String> {
        match event {
            ReceiptEvent::KeyCertified(certified) => {
                if self.receipts_given.knows(&certified.key) {
                    return Err(format!("the key `{}` is certified already", certified.key.name()));
                }
                self.receipts_given.keys.push((self.last_seq + 1, certified.clone()));
            }
            ReceiptEvent::ReceiptGiven(GivenReceipt { request, key, .. }) => {
                if !self.requests.contains_key(request) || !self.receipts_given.knows(key) {
                    return Err(format!("`{request}` or its receipt key is not there before it"));
                }
                *self.receipts_given.given.entry(request.clone()).or_default() += 1;
            }
        }
        Ok(())
    }
}
