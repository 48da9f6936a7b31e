//! The key that signs receipts, and how the log's key certifies it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use tlog::{Note, Signature, SigningKey, VerifyingKey};

/// First line of what the log's key signs. It has spaces, so it is no log's origin, and the text no checkpoint.
const HEADER: &str = "candor receipt key v1";

/// What the name of a receipt key ends in, behind the log's origin.
const SUFFIX: &str = "/receipt";

/// A receipt key that the log's key has certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertifiedKey {
    /// The key.
    pub key: VerifyingKey,
    /// The day of record.
    pub on: Date,
    /// The log key's signature of it.
    pub signature: KeySignature,
}

/// An Ed25519 signature, written in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySignature(Vec<u8>);

/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;

impl fmt::Display for KeySignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl FromStr for KeySignature {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES);
        bytes.map(KeySignature).ok_or("expected 64 bytes in base64")
    }
}

/// The name of the receipt keys of a log.
pub fn key_name(origin: &str) -> String {
    format!("{origin}{SUFFIX}")
}

/// Signs a receipt key with the log's key; none where either cannot sign.
pub fn certify(log_key: &SigningKey, key: &VerifyingKey) -> Option<KeySignature> {
    let note = tlog::sign(&text(key), &[log_key]).ok()?;
    let signature = Note::parse(&note).ok()?.signatures.into_iter().next()?;
    Some(KeySignature(signature.bytes))
}

/// What the log's key signs: a header, and the receipt key, whose name says of which log it is.
fn text(key: &VerifyingKey) -> String {
    format!("{HEADER}\n{key}\n")
}

impl KeySignature {
    /// Whether this is the signature of `key` by the key of the log whose receipts it signs.
    pub fn certifies(&self, key: &VerifyingKey, log_key: &VerifyingKey) -> bool {
        let signature = Signature { name: log_key.name().to_owned(), id: log_key.id(), bytes: self.0.clone() };
        let note = Note { text: text(key), signatures: vec![signature] };
        key.name() == key_name(log_key.name()) && note.verify(log_key).is_ok()
    }
}

impl CertifiedKey {
    /// Whether the log's key certifies it.
    pub fn holds(&self, log_key: &VerifyingKey) -> bool {
        self.signature.certifies(&self.key, log_key)
    }
}
