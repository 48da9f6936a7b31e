//! The checkpoint, [c2sp.org/tlog-checkpoint](https://c2sp.org/tlog-checkpoint): which log, how many leaves, which root.
//!
//! It must not know who signs: a checkpoint is the text of a [`Note`](crate::Note).

use std::error::Error;
use std::fmt;

use crate::hash::{Hash, ParseHashError};
use crate::quote;

/// The state of a log. Displays as the text of the note that is signed.
///
/// Origin and extensions are lines: not empty, without a newline. What does not keep to that does not parse back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, an address without its scheme: `example.com/log`.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// Further lines, which nobody can audit; usually none.
    pub extensions: Vec<String>,
}

/// What is wrong with the text of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The text does not end with a newline.
    NoNewline,
    /// There are fewer than the three lines of origin, size and root.
    TooFewLines {
        /// Lines found.
        found: usize,
    },
    /// A line is empty.
    EmptyLine {
        /// The line, from 1.
        line: usize,
    },
    /// The second line is not the one spelling of a number below 2^64.
    Size {
        /// The line as found.
        text: String,
    },
    /// The third line is not a hash.
    Root(ParseHashError),
}

impl Checkpoint {
    /// Reads the text of a note. The signature must have been checked before, and the origin is to be compared after.
    ///
    /// # Errors
    ///
    /// Any departure from the format; see [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::NoNewline)?;
        let lines: Vec<&str> = lines.split('\n').collect();
        if let Some(empty) = lines.iter().position(|line| line.is_empty()) {
            return Err(CheckpointError::EmptyLine { line: empty + 1 });
        }
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::TooFewLines { found: lines.len() });
        };
        Ok(Self {
            origin: (*origin).to_owned(),
            size: parse_size(size)?,
            root: Hash::parse(root).map_err(CheckpointError::Root)?,
            extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        })
    }
}

/// A number in decimal digits, without a sign or leading zeros.
fn parse_size(text: &str) -> Result<u64, CheckpointError> {
    text.parse()
        .ok()
        .filter(|size: &u64| size.to_string() == text)
        .ok_or_else(|| CheckpointError::Size { text: text.to_owned() })
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        for line in &self.extensions {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNewline => f.write_str("checkpoint does not end with a newline"),
            Self::TooFewLines { found } => {
                write!(f, "checkpoint has {found} lines, not origin, size and root")
            }
            Self::EmptyLine { line } => write!(f, "line {line} of the checkpoint is empty"),
            Self::Size { text } => {
                write!(f, "{} is not the size of a tree in plain digits", quote(text))
            }
            Self::Root(error) => write!(f, "line 3 of the checkpoint: {error}"),
        }
    }
}

impl Error for CheckpointError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oracle::{cases, edit, edited};

    /// The example of the specification.
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn a_checkpoint_is_read_and_written() {
        let checkpoint = Checkpoint {
            origin: "example.com/behind-the-sofa".to_owned(),
            size: 20_852_163,
            root: Hash::parse("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=").unwrap(),
            extensions: Vec::new(),
        };
        let extended =
            Checkpoint { size: u64::MAX, extensions: vec!["one".to_owned(), " ".to_owned()], ..checkpoint.clone() };
        let empty = Checkpoint { size: 0, ..checkpoint.clone() };
        let texts = [
            (checkpoint, EXAMPLE.to_owned()),
            (extended, EXAMPLE.replace("20852163", "18446744073709551615") + "one\n \n"),
            (empty, EXAMPLE.replace("20852163", "0")),
        ];
        for (checkpoint, text) in texts {
            assert_eq!(checkpoint.to_string(), text);
            assert_eq!(Checkpoint::parse(&text), Ok(checkpoint));
        }
    }

    #[test]
    fn a_malformed_checkpoint_is_refused() {
        let size = |size| EXAMPLE.replace("20852163", size);
        #[rustfmt::skip]
        let texts = [
            ("empty",             "".to_owned(), "checkpoint does not end with a newline"),
            ("no newline",        EXAMPLE.trim_end().to_owned(), "checkpoint does not end with a newline"),
            ("newline only",      "\n".to_owned(), "line 1 of the checkpoint is empty"),
            ("no root",           "a\n1\n".to_owned(), "checkpoint has 2 lines, not origin, size and root"),
            ("no origin",         EXAMPLE.replace("example.com/behind-the-sofa", ""), "line 1 of the checkpoint is empty"),
            ("no size",           size(""), "line 2 of the checkpoint is empty"),
            ("plus",              size("+1"), "`+1` is not the size of a tree in plain digits"),
            ("minus",             size("-0"), "`-0` is not the size of a tree in plain digits"),
            ("leading zero",      size("01"), "`01` is not the size of a tree in plain digits"),
            ("two zeros",         size("00"), "`00` is not the size of a tree in plain digits"),
            ("hex",               size("0x1f"), "`0x1f` is not the size of a tree in plain digits"),
            ("space",             size("1 "), "`1 ` is not the size of a tree in plain digits"),
            ("carriage return",   size("1\r"), "`1\\r` is not the size of a tree in plain digits"),
            ("65 bits",           size("18446744073709551616"), "`18446744073709551616` is not the size of a tree in plain digits"),
            ("root not padded",   EXAMPLE.replace('=', ""), "line 3 of the checkpoint: `CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I` is not a hash (32 bytes in standard base64)"),
            ("trailing bits",     EXAMPLE.replace("2I=", "2J="), "line 3 of the checkpoint: `CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=` is not a hash (32 bytes in standard base64)"),
            ("empty extension",   format!("{EXAMPLE}\n"), "line 4 of the checkpoint is empty"),
            ("empty before one",  format!("{EXAMPLE}\none\n"), "line 4 of the checkpoint is empty"),
        ];
        for (name, text, expected) in texts {
            assert_eq!(Checkpoint::parse(&text).unwrap_err().to_string(), expected, "{name}");
        }
    }

    proptest! {
        #![proptest_config(cases(2000))]

        /// What is a checkpoint is as the oracle says, and it is written as it was read.
        #[test]
        fn we_read_what_the_oracle_reads(edits in prop::collection::vec(edit(), 0..3)) {
            let text = edited(EXAMPLE, &edits);
            let ours = Checkpoint::parse(&text);
            let theirs = tlog_tiles::checkpoint::Checkpoint::from_bytes(text.as_bytes());
            prop_assert_eq!(ours.is_ok(), theirs.is_ok());
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                prop_assert_eq!(ours.to_string(), text);
                prop_assert_eq!((ours.origin.as_str(), ours.size), (theirs.origin(), theirs.size()));
            }
        }
    }
}
