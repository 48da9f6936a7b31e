//! The names of what the vault seals. What stands under them is never here.

use std::fmt;
use std::str::FromStr;

use crate::request::PaperField;
use crate::words::{UnknownWord, words};

words!(/// A field of what was typed in private.
    NoteField, "field of a note" {
    /// Why, in words.
    Reason = "reason",
    /// Which court was asked of a paper.
    Court = "court",
    /// Under which docket.
    Docket = "docket",
    /// The case or letter for which a hold was placed.
    Reference = "reference",
    /// Who approved an erasure, and where that is kept.
    Approval = "approval",
});

/// What a sealed field is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealedName {
    /// Printed on a paper.
    Paper(PaperField),
    /// Typed in a note.
    Note(NoteField),
}

impl SealedName {
    /// What files and bytes say.
    pub fn code(self) -> &'static str {
        match self {
            SealedName::Paper(field) => field.code(),
            SealedName::Note(field) => field.code(),
        }
    }
}

/// A sealed field: what it is, and of which person of the paper, the first being 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedField {
    /// Which person.
    pub person: u16,
    /// What.
    pub name: SealedName,
}

impl fmt::Display for SealedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.person {
            1 => f.write_str(self.name.code()),
            person => write!(f, "{person}.{}", self.name.code()),
        }
    }
}

impl FromStr for SealedField {
    type Err = UnknownWord;

    /// `name`, or `2.name` of the second person.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (person, name) = match text.split_once('.') {
            Some((person, name)) => (person.parse().ok().filter(|person| *person > 1), name),
            None => (Some(1), text),
        };
        // What a paper says in code is in the record, and sealed nowhere.
        let is_sealed = |name: &SealedName| super::of_sealed(*name).is_some();
        let paper = name.parse().ok().map(SealedName::Paper).filter(is_sealed);
        let known = paper.or_else(|| name.parse().ok().map(SealedName::Note));
        let unknown = || UnknownWord {
            list: "sealed field",
            got: text.chars().take(60).collect(),
            known: super::SEALED.iter().map(|(name, _)| name.code()).collect(),
        };
        let field = person.zip(known).map(|(person, name)| SealedField { person, name }).ok_or_else(unknown)?;
        // `02.name` is written otherwise.
        if field.to_string() == text { Ok(field) } else { Err(unknown()) }
    }
}
