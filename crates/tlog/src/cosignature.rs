//! Cosignatures of witnesses, [c2sp.org/tlog-cosignature](https://c2sp.org/tlog-cosignature), the type `cosignature/v1`: a witness saw
//! this checkpoint at a time, and it continues all that the witness saw of the log before.
//!
//! It must not know which witnesses anybody trusts: keys come in as arguments. Cosignatures are checked here and never made.

use std::fmt;

use crate::note::{self, Note, NoteError};

/// The signature type of cosignatures under Ed25519.
const COSIGNATURE_V1: u8 = 0x04;
/// Bytes of the time before the signature, big-endian.
const TIME_BYTES: usize = 8;
/// The latest time, in seconds: the specification lets no other stand.
const TIME_MAX: u64 = u64::MAX / 2;

/// The public key of a witness and its name, written `name+hexid+base64` as that of a log is, but of another type.
///
/// INVARIANT: as of [`crate::VerifyingKey`].
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl WitnessKey {
    /// Reads `name+hexid+base64`: eight lower-case hex digits, and the base64 of 0x04 and the 32 bytes of the key.
    ///
    /// # Errors
    ///
    /// [`NoteError::WitnessKey`], [`NoteError::KeyName`] or [`NoteError::KeyId`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::WitnessKey { text: text.to_owned() };
        let (name, id, key) = note::parse_key(text, COSIGNATURE_V1, malformed)?;
        Ok(Self { name, id, key })
    }

    /// The name of the witness.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key: `SHA-256(name || 0x0A || 0x04 || key)`, the first four bytes, big-endian.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// When this witness cosigned the note, in seconds since 1970; the latest time, where it did so more than once. Signatures of
    /// others are ignored.
    ///
    /// # Errors
    ///
    /// [`NoteError::NotSigned`] without a signature of the witness, [`NoteError::BadSignature`] if one of them does not hold.
    pub fn cosigned_at(&self, note: &Note) -> Result<u64, NoteError> {
        let mut latest = None;
        for signature in &note.signatures {
            if signature.name != self.name || signature.id != self.id {
                continue;
            }
            let Some(at) = self.time_of(&note.text, &signature.bytes) else {
                return Err(NoteError::BadSignature { name: self.name.clone(), id: self.id });
            };
            latest = latest.max(Some(at));
        }
        latest.ok_or_else(|| NoteError::NotSigned { name: self.name.clone(), id: self.id })
    }

    /// The time in a cosignature, if it holds.
    fn time_of(&self, text: &str, bytes: &[u8]) -> Option<u64> {
        let (time, signature) = bytes.split_first_chunk::<TIME_BYTES>()?;
        let time = u64::from_be_bytes(*time);
        let signed = format!("cosignature/v1\ntime {time}\n{text}");
        (time <= TIME_MAX && note::holds(&signed, &self.key, signature)).then_some(time)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        note::write_key(f, &self.name, self.id, COSIGNATURE_V1, &self.key)
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::{Signature, SigningKey, VerifyingKey, sign};

    /// A checkpoint of a staging log of Certificate Transparency, as its public witnesses cosigned it in May 2026. Keys: of the log and
    /// of the witness, as they publish them; the witness's stands in the tests of transparency-dev/formats too.
    const REAL: &str = "arche2025h1.staging.ct.transparency.dev\n\
        1432088532\n\
        U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\
        \n\
        — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n\
        — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n\
        — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n";
    const REAL_LOG: &str =
        "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
    const REAL_WITNESS: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    /// 23 May 2026, 21:50:24 UTC.
    const REAL_TIME: u64 = 0x6a12_2120;

    /// A key of the witness `w.test/one`, and its lines.
    fn witness() -> (WitnessKey, SigningKey) {
        let key = SigningKey::from_seed("w.test/one", &[7; 32]).unwrap();
        let vkey = key.vkey().to_string();
        let material = STANDARD.decode(vkey.rsplit('+').next().unwrap()).unwrap();
        let retyped = [&[COSIGNATURE_V1], &material[1..]].concat();
        // The id is of another type, so reading a key with the old one says which it should have.
        let wrong = format!("w.test/one+00000000+{}", STANDARD.encode(&retyped));
        let Err(NoteError::KeyId { expected, .. }) = WitnessKey::parse(&wrong) else { unreachable!() };
        let right = format!("w.test/one+{expected:08x}+{}", STANDARD.encode(&retyped));
        (WitnessKey::parse(&right).unwrap(), key)
    }

    /// What the witness says of a text at a time.
    fn cosigned(text: &str, time: u64) -> Signature {
        let (witness, key) = witness();
        let signed = Note::parse(&sign(&format!("cosignature/v1\ntime {time}\n{text}"), &[&key]).unwrap()).unwrap();
        let bytes = [time.to_be_bytes().as_slice(), &signed.signatures[0].bytes].concat();
        Signature { name: witness.name().to_owned(), id: witness.id(), bytes }
    }

    #[test]
    fn a_cosignature_of_a_public_witness_holds() {
        let note = Note::parse(REAL).unwrap();
        assert_eq!(note.verify(&VerifyingKey::parse(REAL_LOG).unwrap()), Ok(()));
        let witness = WitnessKey::parse(REAL_WITNESS).unwrap();
        assert_eq!(witness.to_string(), REAL_WITNESS);
        assert_eq!((witness.name(), witness.id()), ("remora.n621.de", 0xda77_ade7));
        assert_eq!(witness.cosigned_at(&note), Ok(REAL_TIME));
        assert_eq!(note.to_string(), REAL);
    }

    #[test]
    fn a_cosignature_of_another_tree_or_time_does_not_hold() {
        let witness = WitnessKey::parse(REAL_WITNESS).unwrap();
        let bad = "signature of key `remora.n621.de+da77ade7` does not hold";
        for (from, to) in [
            ("1432088532", "1432088533"),
            ("dev\n1432", "example\n1432"),
            ("U7WM", "V7WM"),
            ("4Ro=\n", "4Ro=\nmore\n"),
            ("AABqEiEgPlfF", "AABqEiEhPlfF"),
            ("rAWfBw==\n", "rAWfBg==\n"),
        ] {
            let altered = REAL.replacen(from, to, 1);
            assert_ne!(altered, REAL, "{from}");
            let note = Note::parse(&altered).unwrap();
            assert_eq!(witness.cosigned_at(&note).unwrap_err().to_string(), bad, "{from}");
        }
    }

    #[test]
    fn the_latest_of_several_cosignatures_counts_and_one_bad_one_breaks_all() {
        let text = "example.test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let (witness, _) = witness();
        let note = |signatures: &[Signature]| Note { text: text.to_owned(), signatures: signatures.to_vec() };
        let at = |signatures: &[Signature]| witness.cosigned_at(&note(signatures)).map_err(|error| error.to_string());
        let (bad, absent) = ("signature of key `w.test/one+", "note is not signed by key `w.test/one+");
        let (early, late) = (cosigned(text, 5), cosigned(text, 900));
        assert_eq!(at(&[early.clone(), late.clone()]), Ok(900));
        assert_eq!(at(&[late.clone(), early.clone()]), Ok(900));
        assert_eq!(at(&[cosigned(text, 0)]), Ok(0));
        assert_eq!(at(&[cosigned(text, TIME_MAX)]), Ok(TIME_MAX));

        // A wrong name or id is another's signature.
        let renamed = Signature { name: "w.test/two".to_owned(), ..early.clone() };
        let renumbered = Signature { id: early.id ^ 1, ..early.clone() };
        for others in [vec![], vec![renamed], vec![renumbered]] {
            assert!(at(&others).unwrap_err().starts_with(absent));
        }
        let moved = Signature { bytes: [&late.bytes[..8], &early.bytes[8..]].concat(), ..early.clone() };
        let short = Signature { bytes: early.bytes[..71].to_vec(), ..early.clone() };
        let untimed = Signature { bytes: early.bytes[8..].to_vec(), ..early.clone() };
        for wrong in [moved, short, untimed, cosigned(text, TIME_MAX + 1), cosigned("other\n", 5)] {
            assert!(at(&[early.clone(), wrong]).unwrap_err().starts_with(bad));
        }
    }

    #[test]
    fn the_key_of_a_log_is_not_that_of_a_witness() {
        let refusals = [
            (REAL_LOG, "is not the key of a witness `name+id+base64`, of the type ed25519 cosignature"),
            ("remora.n621.de+da77ade6+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", "is not `da77ade7`"),
            ("remora+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", "is not `"),
            ("remora.n621.de", "is not the key of a witness"),
        ];
        for (key, says) in refusals {
            let error = WitnessKey::parse(key).unwrap_err().to_string();
            assert!(error.contains(says), "{key}: {error}");
        }
        assert!(VerifyingKey::parse(REAL_WITNESS).is_err());
    }
}
