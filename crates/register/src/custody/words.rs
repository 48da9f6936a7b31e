//! The words of custody: what can happen, to which charges, and why an entry is taken back.

use std::fmt;
use std::str::FromStr;

use law::derived::{Charges as LawCharges, CustodyChange};

use crate::words::{Outcome, words};

words!(/// What happened to a person in custody.
    What, "custody event" {
    /// Arrested: an episode begins.
    Arrested = "arrested",
    /// Booked at a station.
    Booked = "booked",
    /// Charged with more.
    Charged = "charged",
    /// Bail was set.
    BailSet = "bail-set",
    /// Bail, or the release on recognizance, was revoked.
    BailRevoked = "bail-revoked",
    /// Bail was posted.
    BailPosted = "bail-posted",
    /// Released on recognizance.
    Recognizance = "recognizance",
    /// Charges were dropped or dismissed.
    ChargesDropped = "charges-dropped",
    /// Acquitted.
    Acquitted = "acquitted",
    /// Referred to pre-trial diversion.
    Diverted = "diverted",
    /// All the time was served.
    SentenceServed = "sentence-served",
    /// A court ordered the release.
    ReleaseOrdered = "release-ordered",
    /// Eligible for release for another reason under state or local law.
    OtherwiseEligible = "otherwise-eligible",
    /// Brought before a court.
    TakenToCourt = "taken-to-court",
    /// Let go: the episode ends.
    Released = "released",
    /// Handed over to another agency, whichever: the episode ends.
    HandedOver = "handed-over",
});

words!(/// Why an entry is taken back.
    Mistake, "cause" {
    /// It did not happen.
    EnteredInError = "entered-in-error",
    /// It happened to somebody else.
    AnotherPerson = "another-person",
    /// It happened at another time.
    AnotherTime = "another-time",
    /// Something else happened.
    AnotherEvent = "another-event",
});

/// Which charges something was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charges {
    /// The event is about no charge, or an arrest whose charges the record does not give.
    NotSaid,
    /// All of them.
    All,
    /// Some, which the record does not name.
    Part,
    /// These.
    Named(Vec<Charge>),
}

/// A charge by the number or code that the record gives it, such as `265-13A`: 1 to 20 letters, digits and `.-/()`, with
/// a digit, and never five letters in a row.
///
/// An event holds no sentence about a person, and a code leaves no room for one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Charge(String);

impl FromStr for Charge {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-/()".contains(c);
        let a_word = text.split(|c: char| !c.is_ascii_alphabetic()).any(|letters| letters.len() > 4);
        let a_digit = text.contains(|c: char| c.is_ascii_digit());
        if text.len() > 20 || !text.chars().all(allowed) || a_word || !a_digit {
            // The text is not repeated: it may say more of a person than a code does.
            return Err("expected a charge's number or code, such as `265-13A`");
        }
        Ok(Charge(text.to_owned()))
    }
}

impl fmt::Display for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl What {
    /// Whether the episode ends with it.
    pub fn ends(self) -> bool {
        matches!(self, What::Released | What::HandedOver)
    }

    /// Whether an episode that ended with it contradicts the outcome of its request: let go against handed over. A court
    /// takes a person either way, and what ends no episode contradicts nothing.
    pub fn contradicts(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::ReleasedBail
            | Outcome::ReleasedRecognizance
            | Outcome::ReleasedNoCharge
            | Outcome::ReleasedSentenceServed
            | Outcome::ReleasedOther => self == What::HandedOver,
            Outcome::OtherAgency | Outcome::Transferred => self == What::Released,
            Outcome::TakenToCourt
            | Outcome::RequestWithdrawn
            | Outcome::EnteredInError
            | Outcome::Unknown
            | Outcome::NotTransferred => false,
        }
    }

    /// Whether these charges can stand with it: an arrest or a charge names its own or none; the end of charges says
    /// which ended; nothing else is about a charge. A list that is given names one at least, and each once.
    pub fn takes(self, charges: &Charges) -> bool {
        let named = |named: &[Charge]| {
            let mut each = named.to_vec();
            each.sort();
            each.dedup();
            !named.is_empty() && each.len() == named.len()
        };
        match (self, charges) {
            (What::Arrested | What::Charged | What::ChargesDropped | What::Acquitted, Charges::Named(list)) => {
                named(list)
            }
            (What::ChargesDropped | What::Acquitted, charges) => *charges != Charges::NotSaid,
            (_, charges) => *charges == Charges::NotSaid,
        }
    }

    /// What it is to the law's function, if it bears on the case: a release and a booking do not.
    pub fn change(self, charges: &Charges) -> Option<CustodyChange> {
        let names = || match charges {
            Charges::Named(names) => names.iter().map(ToString::to_string).collect(),
            Charges::NotSaid | Charges::All | Charges::Part => Vec::new(),
        };
        let which = || match charges {
            Charges::Named(_) => LawCharges::Named(names()),
            Charges::All => LawCharges::All,
            Charges::Part | Charges::NotSaid => LawCharges::Part,
        };
        Some(match self {
            What::Arrested => CustodyChange::Arrested(names()),
            What::Charged => CustodyChange::Charged(names()),
            What::BailSet => CustodyChange::BailSet,
            What::BailRevoked => CustodyChange::BailRevoked,
            What::BailPosted => CustodyChange::BailPosted,
            What::Recognizance => CustodyChange::Recognizance,
            What::ChargesDropped => CustodyChange::Dropped(which()),
            What::Acquitted => CustodyChange::Acquitted(which()),
            What::Diverted => CustodyChange::Diverted,
            What::SentenceServed => CustodyChange::SentenceServed,
            What::ReleaseOrdered => CustodyChange::ReleaseOrdered,
            What::OtherwiseEligible => CustodyChange::OtherwiseEligible,
            What::TakenToCourt => CustodyChange::BroughtToCourt,
            What::Booked | What::Released | What::HandedOver => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_is_a_number_or_code_and_no_word() {
        for code in ["265-13A", "90/24(1)(a)", "1", "C266.30", "OUI-2"] {
            assert_eq!(code.parse::<Charge>().unwrap().to_string(), code);
        }
        for other in
            ["", "theft", "Assault-13A", "265 13A", "CANARY1", "265-13A; said he", "é1", "123456789012345678901"]
        {
            let error = other.parse::<Charge>().unwrap_err();
            assert!(other.is_empty() || !error.contains(other), "{other}");
        }
    }
}
