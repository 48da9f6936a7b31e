//! The sentences that people read when a read is refused, and how what is kept is called.

use std::fmt;
use std::str::FromStr;

use super::{Kept, ReadingRefusal};
use crate::ids::{NoteId, PaperId};

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let paper = text.parse::<PaperId>().map(Kept::Paper);
        let kept = paper.or_else(|_| text.parse::<NoteId>().map(Kept::Note));
        // The text is not repeated: somebody may have typed a name.
        kept.map_err(|_| {
            "expected the id of a paper or a note, such as `paper_…` (hint: `candor show` tells them)".to_owned()
        })
    }
}

impl fmt::Display for ReadingRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadingRefusal::NothingToShow { of } => write!(
                f,
                "nothing is kept of `{of}` that is in your view (hint: either nothing was printed or typed, or somebody with \
                 another role reads it; `candor staff` shows who has which)"
            ),
            ReadingRefusal::OutOfView { field, why } => {
                write!(f, "`{field}` is {why} (hint: somebody with another role reads it)")
            }
        }
    }
}
