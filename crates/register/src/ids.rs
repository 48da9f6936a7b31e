//! Ids: one type and one prefix each, so that an id in a file says what it is and two ids cannot be swapped.
//!
//! The core never makes ids; the shell passes them in. No id ever leaves the register: public rows carry none.

use std::fmt;
use std::str::FromStr;

/// A text that is not the id it should be. It is not kept: somebody may have typed a name in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdError {
    prefix: &'static str,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ParseIdError { prefix } = self;
        write!(f, "expected an id starting with `{prefix}` followed by 1 to {LENGTH_MAX} of a-z, 0-9 and `-`")
    }
}

impl std::error::Error for ParseIdError {}

/// Characters after the prefix, at most.
const LENGTH_MAX: usize = 40;

fn parse(prefix: &'static str, text: &str) -> Result<String, ParseIdError> {
    let rest = text.strip_prefix(prefix).unwrap_or_default();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if rest.is_empty() || rest.len() > LENGTH_MAX || !rest.chars().all(allowed) {
        return Err(ParseIdError { prefix });
    }
    Ok(text.to_owned())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse($prefix, text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/// An agency that uses the register: a police department, an inspection office.
    AgencyId, "agency_");
id!(/// A part of an agency where requests can arrive: a district station.
    UnitId, "unit_");
id!(/// One fax number, mailbox, phone or desk.
    LineId, "line_");
id!(/// A member of staff who logs in.
    PersonId, "person_");
id!(/// One legal ask-paper, whatever number of times it arrived.
    RequestId, "req_");
id!(/// The sealed rows of one paper in the vault.
    PaperId, "paper_");
id!(/// A typed private note in the vault.
    NoteId, "note_");
id!(/// A person whom papers are about.
    IndividualId, "ind_");
id!(/// One stay of an individual in custody.
    EpisodeId, "ep_");
id!(/// One inquiry: a paper that a person presented.
    InquiryId, "inq_");
id!(/// One hit in a federal database, which is no request.
    HitId, "hit_");
id!(/// Something that arrived on a line and that nobody had read yet.
    ArrivalId, "arr_");
id!(/// One leaf of the public log, and its key in the vault.
    EntryId, "entry_");
id!(/// What keeps things from being erased.
    HoldId, "keep_");
id!(/// One erasure, from its proposal on.
    ErasureId, "erasure_");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let error = "stf_01".parse::<RequestId>().unwrap_err();
        assert!(error.to_string().starts_with("expected an id starting with `req_`"), "{error}");
        let name = "Canary, Ana".parse::<EpisodeId>().unwrap_err().to_string();
        assert!(name.starts_with("expected an id starting with `ep_`") && !name.contains("Canary"), "{name}");
        let name = "Canary, Ana".parse::<LineId>().unwrap_err().to_string();
        assert!(name.starts_with("expected an id starting with `line_`") && !name.contains("Canary"), "{name}");
        assert!("req_".parse::<RequestId>().is_err());
        assert!("req_A".parse::<RequestId>().is_err());
        assert!(format!("req_{}", "a".repeat(41)).parse::<RequestId>().is_err());
        assert_eq!("req_01-a".parse::<RequestId>().unwrap().to_string(), "req_01-a");
    }
}
