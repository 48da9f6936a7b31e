//! Hashes of leaves and nodes: SHA-256 with the prefixes of [RFC 6962 section 2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1),
//! which keep a leaf from being mistaken for a node.
//!
//! It must not know what an entry means.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::quote;

/// A SHA-256 hash, 32 bytes. Written as 44 characters of standard base64 with padding (RFC 4648 section 4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Reads 44 characters of standard base64, padded, with the unused bits of the last character zero.
    ///
    /// # Errors
    ///
    /// Any other spelling, and any other number of bytes.
    pub fn parse(text: &str) -> Result<Self, ParseHashError> {
        STANDARD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| ParseHashError { text: text.to_owned() })
    }
}

/// A text that is not a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseHashError {
    /// The text as found.
    pub text: String,
}

/// The hash of one entry: `SHA-256(0x00 || entry)`, RFC 6962 section 2.1.
#[must_use]
pub fn hash_leaf(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// The hash of two neighbouring subtrees: `SHA-256(0x01 || left || right)`, RFC 6962 section 2.1.
#[must_use]
pub fn hash_node(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of a tree without leaves: `SHA-256()` of nothing, RFC 6962 section 2.1.
#[must_use]
pub fn hash_empty() -> Hash {
    Hash(Sha256::digest([]).into())
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for ParseHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a hash (32 bytes in standard base64)", quote(&self.text))
    }
}

impl Error for ParseHashError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_one_spelling() {
        let good = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(hash_empty().to_string(), good);
        assert_eq!(format!("{:?}", hash_empty()), good);
        assert_eq!(good.parse(), Ok(hash_empty()));

        #[rustfmt::skip]
        let bad = [
            ("empty",                ""),
            ("no padding",           "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),
            ("two padding signs",    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=="),
            ("trailing bits",        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="),
            ("address alphabet",     "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("leading space",        " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("trailing newline",     "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"),
            ("31 bytes",             "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA=="),
            ("33 bytes",             "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA"),
            ("hex",                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ];
        for (name, text) in bad {
            assert_eq!(Hash::parse(text), Err(ParseHashError { text: text.to_owned() }), "{name}");
        }
    }

    #[test]
    fn a_message_shows_a_hostile_text_cut_and_escaped() {
        let text = format!("\u{1b}[2J{}", "a".repeat(200));
        let error = Hash::parse(&text).unwrap_err();
        let shown = format!("\\u{{1b}}[2J{}…", "a".repeat(96));
        assert_eq!(error.to_string(), format!("`{shown}` is not a hash (32 bytes in standard base64)"));
    }
}
