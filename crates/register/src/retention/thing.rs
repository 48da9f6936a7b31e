//! What can be held and erased, by its id.

use std::fmt;
use std::str::FromStr;

use crate::ids::{EpisodeId, IndividualId, InquiryId, NoteId, PaperId, ParseIdError, RequestId};

macro_rules! things {
    ($(#[$doc:meta])* $name:ident, $one_of:literal { $($(#[$word:meta])* $thing:ident($id:ident),)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word])* $thing($id),)+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $($name::$thing(id) => id.fmt(f),)+ }
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                $(if text.starts_with($id::PREFIX) {
                    return text.parse().map($name::$thing).map_err(|error: ParseIdError| error.to_string());
                })+
                // The text is not repeated: somebody may have typed a name.
                Err($one_of.to_owned())
            }
        }

        $(impl From<&$id> for $name {
            fn from(id: &$id) -> $name {
                $name::$thing(id.clone())
            }
        })+
    };
}

things!(/// What a person can name, to be held or erased.
    Target, "expected the id of an individual, a request or an inquiry, such as `req_…`" {
    /// An individual, with all that is about nobody else.
    Individual(IndividualId),
    /// A request, with its papers.
    Request(RequestId),
    /// An inquiry, with the paper presented.
    Inquiry(InquiryId),
});

things!(/// What is erased.
    Thing, "expected the id of something that can be erased, such as `paper_…`" {
    /// By what an individual is found again.
    Individual(IndividualId),
    /// A request.
    Request(RequestId),
    /// A stay in custody.
    Episode(EpisodeId),
    /// An inquiry.
    Inquiry(InquiryId),
    /// What a paper prints.
    Paper(PaperId),
    /// What was typed in private.
    Note(NoteId),
});

impl From<&Target> for Thing {
    fn from(target: &Target) -> Thing {
        match target {
            Target::Individual(id) => Thing::from(id),
            Target::Request(id) => Thing::from(id),
            Target::Inquiry(id) => Thing::from(id),
        }
    }
}
