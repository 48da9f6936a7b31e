//! Which filing of a year a report is.

use std::fmt;
use std::str::FromStr;

use super::UnknownWord;

/// What a filing is. In files and bytes: `provisional`, `closing`, `restatement-1`, `restatement-2` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilingKind {
    /// Dated in the year it covers: totals as of its minute, opening nothing.
    Provisional,
    /// After the year: the first one that opens.
    Closing,
    /// After the closing: the same year again, with old figures, new figures and the cause. Numbered from 1.
    Restatement(u16),
}

impl FilingKind {
    /// Whether it opens leaves and has rows of its own.
    pub fn opens(self) -> bool {
        match self {
            FilingKind::Provisional => false,
            FilingKind::Closing | FilingKind::Restatement(_) => true,
        }
    }

    /// The restatement that would come next.
    pub fn next(self) -> FilingKind {
        match self {
            FilingKind::Provisional | FilingKind::Closing => FilingKind::Restatement(1),
            FilingKind::Restatement(number) => FilingKind::Restatement(number.saturating_add(1)),
        }
    }
}

/// What the text of a restatement begins with.
const RESTATEMENT: &str = "restatement-";

impl fmt::Display for FilingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilingKind::Provisional => f.write_str("provisional"),
            FilingKind::Closing => f.write_str("closing"),
            FilingKind::Restatement(number) => write!(f, "{RESTATEMENT}{number}"),
        }
    }
}

impl FromStr for FilingKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let number = text.strip_prefix(RESTATEMENT).and_then(|number| number.parse::<u16>().ok());
        let known = match (text, number) {
            ("provisional", _) => Some(FilingKind::Provisional),
            ("closing", _) => Some(FilingKind::Closing),
            (_, Some(number)) => Some(FilingKind::Restatement(number)),
            (_, None) => None,
        };
        // One text for each: no `restatement-01`, and none before the first.
        known.filter(|kind| *kind != FilingKind::Restatement(0) && kind.to_string() == text).ok_or_else(|| {
            UnknownWord {
                list: "kind of filing",
                got: text.chars().take(60).collect(),
                known: vec!["provisional", "closing", "restatement-1"],
            }
        })
    }
}
