//! Openings: what of a leaf is shown, and the proof that the leaf says it.
//!
//! One line opens one slot: position, slot, salt, path, value. A file is a header and such lines, in order and without
//! repetition. INVARIANT: there is one text for each opening; any other is refused.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tlog::Hash;

use crate::leaf::{EntryKey, Leaf, SLOTS, Slot, SlotValues, hash_slot, salt_of};
use crate::words::Mode;

/// First line of an opening file.
const HEADER: &str = "candor openings v1";

/// Hashes from a slot to the root of 32.
const PATH_LENGTH: usize = 5;

/// One slot of one leaf, shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedSlot {
    /// Which slot.
    pub slot: Slot,
    /// Its salt.
    pub salt: Hash,
    /// From the slot to the root, from the bottom up.
    pub path: Vec<Hash>,
    /// What it says. Never holds a line break.
    pub value: String,
}

/// An opening and the leaf it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Index of the leaf in the log.
    pub position: u64,
    /// What is shown of it.
    pub opened: OpenedSlot,
}

/// A file of openings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningFile {
    /// The log's origin.
    pub origin: String,
    /// Invented or real.
    pub mode: Mode,
    /// In order of position, then slot.
    pub openings: Vec<Opening>,
}

/// A line or file that is no opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseOpeningError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for ParseOpeningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ParseOpeningError {}

/// Opens a slot of `leaf`, which was committed from `values` under `key`.
pub fn open(leaf: &Leaf, values: &SlotValues, key: &EntryKey, slot: Slot) -> OpenedSlot {
    OpenedSlot {
        slot,
        salt: salt_of(values, key, slot.index()),
        path: leaf.path(slot),
        value: values.get(&slot).cloned().unwrap_or_default(),
    }
}

impl OpenedSlot {
    /// The entry that this opening leads to; none where the path has no five hashes.
    pub fn root(&self) -> Option<[u8; 32]> {
        let hash = hash_slot(&self.salt, &self.value);
        let (index, size) = (u64::from(self.slot.index()), u64::from(SLOTS));
        let root = tlog::root_from_inclusion(&hash, index, size, &self.path).ok()?;
        Some(root.0)
    }

    /// One line without its position and line break.
    pub fn encode(&self) -> String {
        let path: Vec<u8> = self.path.iter().flat_map(|hash| hash.0).collect();
        format!("{} {} {} {}", self.slot.code(), self.salt, STANDARD.encode(path), self.value)
    }

    /// Back from [`OpenedSlot::encode`].
    ///
    /// # Errors
    /// What part of the line is malformed.
    pub fn parse(line: &str) -> Result<OpenedSlot, &'static str> {
        let mut parts = line.splitn(4, ' ');
        let mut part = || parts.next().ok_or("expected slot, salt, path and value");
        let (slot, salt, path, value) = (part()?, part()?, part()?, part()?);
        let slot = Slot::parse(slot).ok_or("unknown slot")?;
        let salt = Hash::parse(salt).map_err(|_| "the salt is no hash in base64")?;
        Ok(OpenedSlot { slot, salt, path: parse_path(path)?, value: value.to_owned() })
    }
}

impl OpeningFile {
    /// The file's text.
    pub fn encode(&self) -> String {
        let mut text = format!("{HEADER}\n{}\n{}\n", self.origin, self.mode.line());
        for opening in &self.openings {
            text.push_str(&format!("{} {}\n", opening.position, opening.opened.encode()));
        }
        text
    }

    /// Back from [`OpeningFile::encode`].
    ///
    /// # Errors
    /// The first line that is malformed, out of order or repeated.
    pub fn parse(text: &str) -> Result<OpeningFile, ParseOpeningError> {
        let at = |line: usize, what| ParseOpeningError { line, what };
        let body = text.strip_suffix('\n').ok_or(at(text.lines().count(), "the last line has no end"))?;
        let mut lines = body.split('\n').enumerate().map(|(index, line)| (index + 1, line));
        let mut header = |what| lines.next().map(|(_, line)| line).ok_or(at(1, what));
        if header("empty file")? != HEADER {
            return Err(at(1, "expected `candor openings v1`"));
        }
        let origin = header("no origin")?.to_owned();
        let mode_text = header("no mode")?;
        let mode = Mode::ALL.iter().copied().find(|mode| mode.line() == mode_text);
        let mode = mode.ok_or(at(3, "expected `live` or `demonstration, invented rows`"))?;
        let mut openings: Vec<Opening> = Vec::new();
        for (number, line) in lines {
            let opening = parse_opening(line).map_err(|what| at(number, what))?;
            let after = |last: &Opening| (last.position, last.opened.slot) < (opening.position, opening.opened.slot);
            if !openings.last().is_none_or(after) {
                return Err(at(number, "out of order or repeated"));
            }
            openings.push(opening);
        }
        Ok(OpeningFile { origin, mode, openings })
    }
}

fn parse_opening(line: &str) -> Result<Opening, &'static str> {
    let (position, rest) = line.split_once(' ').ok_or("expected a position")?;
    let number: u64 = position.parse().map_err(|_| "the position is no number")?;
    if number.to_string() != position {
        return Err("the position is not written in the one way");
    }
    Ok(Opening { position: number, opened: OpenedSlot::parse(rest)? })
}

fn parse_path(text: &str) -> Result<Vec<Hash>, &'static str> {
    let bytes = STANDARD.decode(text).map_err(|_| "the path is no base64")?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.len() != PATH_LENGTH || !rest.is_empty() {
        return Err("the path has not five hashes");
    }
    Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf;

    fn sample() -> (Leaf, SlotValues, EntryKey) {
        let values = SlotValues::from([(Slot::CountsAs, "request".to_owned()), (Slot::Year, "2022".to_owned())]);
        let key = [7; 32];
        (Leaf::commit(&values, &key), values, key)
    }

    fn file() -> String {
        let (leaf, values, key) = sample();
        let openings = [Slot::CountsAs, Slot::Year]
            .map(|slot| Opening { position: 3, opened: open(&leaf, &values, &key, slot) })
            .to_vec();
        OpeningFile { origin: "example.test/log".to_owned(), mode: Mode::Demonstration, openings }.encode()
    }

    #[test]
    fn an_opened_slot_leads_to_the_root_and_another_value_does_not() {
        let (leaf, values, key) = sample();
        for slot in Slot::ALL {
            let opened = open(&leaf, &values, &key, *slot);
            assert_eq!(opened.root(), Some(leaf.root()), "{slot:?}");
            let lie = OpenedSlot { value: format!("{}x", opened.value), ..opened.clone() };
            assert_ne!(lie.root(), Some(leaf.root()), "{slot:?}");
            assert_eq!(OpenedSlot::parse(&opened.encode()).unwrap(), opened);
        }
    }

    #[test]
    fn leaves_of_equal_content_look_different() {
        let one = Leaf::commit(&leaf::padding(), &[1; 32]);
        let two = Leaf::commit(&leaf::padding(), &[2; 32]);
        assert_ne!(one.root(), two.root());
        let blank = |leaf: &Leaf| leaf.slot_hash(Slot::Key);
        assert_ne!(blank(&one), blank(&two));
    }

    #[test]
    fn a_file_has_one_text() {
        let text = file();
        assert_eq!(OpeningFile::parse(&text).unwrap().encode(), text);
        let lines: Vec<&str> = text.lines().collect();
        let swapped = format!("{}\n{}\n{}\n{}\n{}\n", lines[0], lines[1], lines[2], lines[4], lines[3]);
        let cases = [
            (text.replace("v1", "v2"), "line 1: expected `candor openings v1`"),
            (text.trim_end().to_owned(), "line 5: the last line has no end"),
            (text.replace("demonstration,", "live,"), "line 3: expected `live` or `demonstration, invented rows`"),
            (swapped, "line 5: out of order or repeated"),
            (text.replace("\n3 counts-as", "\n03 counts-as"), "line 4: the position is not written in the one way"),
            (text.replace("counts-as", "counts"), "line 4: unknown slot"),
            (format!("{text}\n"), "line 6: expected a position"),
        ];
        for (text, error) in cases {
            assert_eq!(OpeningFile::parse(&text).unwrap_err().to_string(), error);
        }
    }
}
