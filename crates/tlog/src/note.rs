//! Signed notes, [c2sp.org/signed-note](https://c2sp.org/signed-note): a text, a blank line, and a line for each signature. Of the
//! signature types only Ed25519 (0x01) is made and checked here; others are carried along, such as the cosignatures that
//! [`crate::cosignature`] checks.
//!
//! It must not know what the text says, nor where keys are kept.

use std::error::Error;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

use crate::quote;

/// The signature type of Ed25519.
const ED25519: u8 = 0x01;
/// What every signature line begins with: an em dash and a space.
const SIGNATURE_MARK: &str = "— ";
/// The longest note read or made, in bytes.
const NOTE_MAX_BYTES: usize = 1_000_000;
/// The most signatures a note may have. The specification asks for at least 16.
const SIGNATURES_MAX: usize = 100;

/// A secret Ed25519 key and its name. Wiped from memory when dropped, and never shown.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    public: VerifyingKey,
}

/// A public Ed25519 key and its name, written `name+hexid+base64`.
///
/// INVARIANT: the name is valid, the id fits name and key, and the key is not one under which any signature holds.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

/// A text and its signatures. Nothing in it is to be believed before [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, with the newline at its end.
    pub text: String,
    /// The signatures in the order of their lines.
    pub signatures: Vec<Signature>,
}

/// One signature line, of a known or an unknown key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// The signature without the key id: 64 bytes for Ed25519, at least one for other types.
    pub bytes: Vec<u8>,
}

/// What is wrong with a key or a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// A key name is empty or has a space, a plus or a control character.
    KeyName {
        /// The name as found.
        name: String,
    },
    /// Not the one spelling of an Ed25519 key.
    Key {
        /// The key as found.
        text: String,
    },
    /// Not the one spelling of the key of a witness.
    WitnessKey {
        /// The key as found.
        text: String,
    },
    /// The id of a key is not the one of its name and bytes.
    KeyId {
        /// The key as found.
        text: String,
        /// The id it should have.
        expected: u32,
    },
    /// A note is too long.
    TooLong {
        /// Its length; 1000000 is the most.
        size_bytes: usize,
    },
    /// A line has a control character.
    Control {
        /// Line of the note, from 1.
        line: usize,
    },
    /// The text or the note does not end with a newline.
    NoNewline,
    /// No blank line comes before the signatures.
    NoSignatures,
    /// A note is to be signed by no key, or has too many signatures.
    SignatureCount {
        /// Signatures found; 100 is the most.
        found: usize,
    },
    /// A line among the signatures is not one.
    SignatureLine {
        /// The line as found.
        line: String,
    },
    /// The key did not sign.
    NotSigned {
        /// Name of the key.
        name: String,
        /// Id of the key.
        id: u32,
    },
    /// A signature under the key's name and id does not hold.
    BadSignature {
        /// Name of the key.
        name: String,
        /// Id of the key.
        id: u32,
    },
}

impl SigningKey {
    /// The key of this name and of the 32-byte seed that RFC 8032 section 5.1.5 calls the private key.
    ///
    /// # Errors
    ///
    /// [`NoteError::KeyName`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey {
            name: name.to_owned(),
            id: key_id(name, ED25519, &key.verifying_key()),
            key: key.verifying_key(),
        };
        Ok(Self { key, public })
    }

    /// The public half.
    #[must_use]
    pub fn vkey(&self) -> VerifyingKey {
        self.public.clone()
    }
}

impl VerifyingKey {
    /// Reads `name+hexid+base64`: eight lower-case hex digits, and the base64 of 0x01 and the 32 bytes of the key.
    ///
    /// # Errors
    ///
    /// [`NoteError::Key`], [`NoteError::KeyName`] or [`NoteError::KeyId`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, id, key) = parse_key(text, ED25519, || NoteError::Key { text: text.to_owned() })?;
        Ok(Self { name, id, key })
    }

    /// The key of this name whose bytes are the base64 of 0x01 and 32 more; none where either is not one.
    #[must_use]
    pub fn of(name: &str, base64: &str) -> Option<Self> {
        check_name(name).ok()?;
        let key = decode_key(base64, ED25519)?;
        Some(Self { name: name.to_owned(), id: key_id(name, ED25519, &key), key })
    }

    /// The name of the key; for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key: `SHA-256(name || 0x0A || 0x01 || key)`, the first four bytes, big-endian.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }
}

/// Signs a text, which ends with a newline, and gives the whole note. Ed25519 needs no randomness: the same text and keys give the same
/// note.
///
/// # Errors
///
/// A text without its newline, with control characters or too long; no key, or more than 100.
pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<String, NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::NoNewline);
    }
    if keys.is_empty() || keys.len() > SIGNATURES_MAX {
        return Err(NoteError::SignatureCount { found: keys.len() });
    }
    let signatures = keys.iter().map(|key| Signature {
        name: key.public.name.clone(),
        id: key.public.id,
        bytes: key.key.sign(text.as_bytes()).to_bytes().to_vec(),
    });
    let note = Note { text: text.to_owned(), signatures: signatures.collect() };
    let note = note.to_string();
    check_characters(&note)?;
    Ok(note)
}

impl Note {
    /// Reads a note without believing it: signatures are taken apart, not checked.
    ///
    /// # Errors
    ///
    /// Any departure from the format; see [`NoteError`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        check_characters(note)?;
        let body = note.strip_suffix('\n').ok_or(NoteError::NoNewline)?;
        // The text may have blank lines of its own: the last one separates.
        let (text, lines) = body.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        let found = lines.split('\n').count();
        if found > SIGNATURES_MAX {
            return Err(NoteError::SignatureCount { found });
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures: lines.split('\n').map(parse_signature).collect::<Result<_, _>>()?,
        })
    }

    /// Checks that this key signed the text. Signatures of other keys are ignored, as the specification asks.
    ///
    /// # Errors
    ///
    /// [`NoteError::NotSigned`] without a signature of the key, [`NoteError::BadSignature`] if one of them does not hold.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), NoteError> {
        let mut signed = false;
        for signature in &self.signatures {
            if signature.name != key.name || signature.id != key.id {
                continue;
            }
            if !holds(&self.text, &key.key, &signature.bytes) {
                return Err(NoteError::BadSignature { name: key.name.clone(), id: key.id });
            }
            signed = true;
        }
        if !signed {
            return Err(NoteError::NotSigned { name: key.name.clone(), id: key.id });
        }
        Ok(())
    }
}

/// Reads `name+hexid+base64`, the key of a type that works by Ed25519: name, id and key.
pub(crate) fn parse_key(
    text: &str,
    signature_type: u8,
    malformed: impl Fn() -> NoteError,
) -> Result<(String, u32, ed25519_dalek::VerifyingKey), NoteError> {
    let (name, rest) = text.split_once('+').ok_or_else(&malformed)?;
    let (id, key) = rest.split_once('+').ok_or_else(&malformed)?;
    check_name(name)?;
    let key = decode_key(key, signature_type).ok_or_else(malformed)?;
    let expected = key_id(name, signature_type, &key);
    if id != format!("{expected:08x}") {
        return Err(NoteError::KeyId { text: text.to_owned(), expected });
    }
    Ok((name.to_owned(), expected, key))
}

/// Writes a key as [`parse_key`] reads it.
pub(crate) fn write_key(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    id: u32,
    signature_type: u8,
    key: &ed25519_dalek::VerifyingKey,
) -> fmt::Result {
    let mut bytes = vec![signature_type];
    bytes.extend_from_slice(key.as_bytes());
    write!(f, "{name}+{id:08x}+{}", STANDARD.encode(bytes))
}

/// Whether a signature holds, by the strict rules: nobody without the secret key can turn one valid signature into another.
pub(crate) fn holds(text: &str, key: &ed25519_dalek::VerifyingKey, signature: &[u8]) -> bool {
    ed25519_dalek::Signature::from_slice(signature)
        .and_then(|signature| key.verify_strict(text.as_bytes(), &signature))
        .is_ok()
}

/// Limits that hold for every line of a note.
fn check_characters(note: &str) -> Result<(), NoteError> {
    if note.len() > NOTE_MAX_BYTES {
        return Err(NoteError::TooLong { size_bytes: note.len() });
    }
    for (line, text) in (1..).zip(note.split('\n')) {
        if text.chars().any(|character| character < ' ') {
            return Err(NoteError::Control { line });
        }
    }
    Ok(())
}

/// A key name stands alone between spaces and pluses of a line.
fn check_name(name: &str) -> Result<(), NoteError> {
    let forbidden = |character: char| character.is_whitespace() || character == '+' || character < ' ';
    if name.is_empty() || name.contains(forbidden) {
        return Err(NoteError::KeyName { name: name.to_owned() });
    }
    Ok(())
}

/// Reads the base64 of the type and 32 bytes. A weak key, under which any signature can be made to hold, is not a key.
fn decode_key(text: &str, signature_type: u8) -> Option<ed25519_dalek::VerifyingKey> {
    let bytes = STANDARD.decode(text).ok()?;
    let key = bytes.strip_prefix(&[signature_type])?.try_into().ok()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(key).ok()?;
    (!key.is_weak()).then_some(key)
}

/// The id that the specification gives to a key of this name and type.
fn key_id(name: &str, signature_type: u8, key: &ed25519_dalek::VerifyingKey) -> u32 {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', signature_type])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    u32::from_be_bytes([a, b, c, d])
}

/// Reads `— name base64`, where the base64 is the key id and the signature.
fn parse_signature(line: &str) -> Result<Signature, NoteError> {
    let malformed = || NoteError::SignatureLine { line: line.to_owned() };
    let rest = line.strip_prefix(SIGNATURE_MARK).ok_or_else(malformed)?;
    let (name, bytes) = rest.split_once(' ').ok_or_else(malformed)?;
    check_name(name)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| malformed())?;
    let (id, bytes) = bytes.split_first_chunk().ok_or_else(malformed)?;
    if bytes.is_empty() {
        return Err(malformed());
    }
    Ok(Signature { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.id.to_be_bytes().to_vec();
            bytes.extend_from_slice(&signature.bytes);
            writeln!(f, "{SIGNATURE_MARK}{} {}", signature.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, &self.name, self.id, ED25519, &self.key)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Shows the public half only.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyName { name } => {
                write!(f, "key name {} is empty or has a space, a plus or a control character", quote(name))
            }
            Self::Key { text } => {
                write!(f, "{} is not an ed25519 key `name+id+base64`", quote(text))
            }
            Self::WitnessKey { text } => {
                let wanted = "the key of a witness `name+id+base64`, of the type ed25519 cosignature";
                write!(f, "{} is not {wanted}", quote(text))
            }
            Self::KeyId { text, expected } => {
                write!(f, "id of key {} is not `{expected:08x}`", quote(text))
            }
            Self::TooLong { size_bytes } => {
                write!(f, "note has {size_bytes} bytes, {NOTE_MAX_BYTES} is the most")
            }
            Self::Control { line } => write!(f, "line {line} of the note has a control character"),
            Self::NoNewline => f.write_str("note does not end with a newline"),
            Self::NoSignatures => f.write_str("note has no blank line before its signatures"),
            Self::SignatureCount { found } => {
                write!(f, "note has {found} signatures, not 1 to {SIGNATURES_MAX}")
            }
            Self::SignatureLine { line } => {
                write!(f, "{} is not a signature line `— name base64`", quote(line))
            }
            Self::NotSigned { name, id } => {
                write!(f, "note is not signed by key {}", quote(&format!("{name}+{id:08x}")))
            }
            Self::BadSignature { name, id } => {
                write!(f, "signature of key {} does not hold", quote(&format!("{name}+{id:08x}")))
            }
        }
    }
}

impl Error for NoteError {}

#[cfg(test)]
mod tests;
