//! How the same individual is found again: what counts as the same A-number and the same name, and the keyed hashes
//! kept of them.
//!
//! Whoever has the keys' file without the master key cannot try names against it.

use aws_lc_rs::hmac;
use jiff::civil::Date;

/// By what the same individual is found again. The index keeps keyed hashes of it only.
#[derive(Default)]
pub(crate) struct MatchKey {
    /// The A-number as it stands on the paper. Only its digits count, without zeros in front; without a digit above
    /// zero it is none.
    pub(crate) a_number: Option<String>,
    /// The name as it stands on the paper, and the birth date. Letters and digits of the name count, in the order of
    /// its words; case, spacing and punctuation do not.
    pub(crate) name_and_birth: Option<(String, Date)>,
}

/// Who was found by a [`MatchKey`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The one individual who fits.
    One(String),
    /// Nobody fits: this is somebody new.
    Nobody,
    /// Several fit, or nothing tells: only a person can say who it is. Never taken for one of them, nor for somebody new.
    InDoubt,
}

/// HMAC-SHA-256 of each part of a [`MatchKey`] that is there.
pub(super) struct Tags {
    pub(super) a_number: Option<[u8; 32]>,
    pub(super) name_and_birth: Option<[u8; 32]>,
}

impl Tags {
    pub(super) fn of(key: &hmac::Key, match_on: &MatchKey) -> Self {
        let tag = |text: String| <[u8; 32]>::try_from(hmac::sign(key, text.as_bytes()).as_ref()).ok();
        let a_number = match_on.a_number.as_deref().and_then(digits);
        let name_and_birth = match_on.name_and_birth.as_ref().and_then(|(name, born_on)| Some((words(name)?, born_on)));
        Self {
            a_number: a_number.and_then(|digits| tag(format!("a-number|{digits}"))),
            name_and_birth: name_and_birth
                .and_then(|(words, born_on)| tag(format!("name-and-birth|{words}|{born_on}"))),
        }
    }
}

/// `A012 345 678`, `A12345678` and `12345678` are one number; `A000000000` is none.
fn digits(a_number: &str) -> Option<String> {
    let digits: String = a_number.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').collect();
    (!digits.is_empty()).then_some(digits)
}

/// `Garcia-López,  Maria` and `GARCIA LÓPEZ Maria` are one name.
fn words(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}
