//! The auditor's bag: every leaf opened to a sworn reader, outside the published folder.
//!
//! A bag gives what each leaf says and its bag key, from which all salts derive but that of a paper match. It carries no
//! personal data: a paper match, which holds a number printed on a form, is given by its hash alone, and since its salt
//! derives from the entry's key, nobody can try numbers against it.
//!
//! Of a leaf whose key was erased it gives the root, and what was opened beforehand: what it counts as, and in which year.

use std::collections::BTreeMap;

use tlog::Hash;

use crate::leaf::{BagKey, EntryKey, Leaf, Slot, SlotValues, bag_key};
use crate::opening::{OpenedSlot, ParseOpeningError};
use crate::words::Mode;

/// First line of a bag.
const HEADER: &str = "candor bag v1";

/// What stands in the place of the key of a leaf whose key was erased.
const ERASED: &str = "erased ";

/// A bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    /// The log's origin.
    pub origin: String,
    /// Invented or real.
    pub mode: Mode,
    /// Every leaf that can be opened, in order.
    pub leaves: Vec<BagLeaf>,
    /// Every leaf whose key was erased, by its index in the log.
    pub erased: BTreeMap<u64, ErasedLeaf>,
}

/// One leaf in a bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BagLeaf {
    /// Index in the log.
    pub position: u64,
    /// The key its salts derive from, but for that of a paper match.
    pub key: BagKey,
    /// What its slots say, but for a paper match.
    pub values: SlotValues,
    /// The hash of the paper match, where there is one.
    pub paper_match: Option<Hash>,
}

/// A leaf whose key was erased: nobody can look into it any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedLeaf {
    /// The entry.
    pub root: Hash,
    /// What it counts as, and in which year where it counts: opened when it was written, and kept.
    pub openings: Vec<OpenedSlot>,
}

impl BagLeaf {
    /// The bag's view of a leaf with this key: what it says, and of a paper match the hash.
    pub fn new(position: u64, key: &EntryKey, mut values: SlotValues, paper_match: Option<Hash>) -> BagLeaf {
        values.remove(&Slot::PaperMatch);
        BagLeaf { position, key: bag_key(key), values, paper_match }
    }

    /// The entry recomputed.
    pub fn root(&self) -> [u8; 32] {
        Leaf::from_bag(&self.values, &self.key, self.paper_match).root()
    }
}

/// The bag's text: a header, origin and mode, and for each leaf its position and key and a line for each slot.
pub fn encode(bag: &Bag) -> String {
    let mut text = format!("{HEADER}\n{}\n{}\n", bag.origin, bag.mode.line());
    let mut erased = bag.erased.iter().peekable();
    for leaf in &bag.leaves {
        while let Some(one) = erased.next_if(|(position, _)| **position < leaf.position) {
            encode_erased(&mut text, one);
        }
        text.push_str(&format!("leaf {} {}\n", leaf.position, Hash(leaf.key)));
        for (slot, value) in &leaf.values {
            text.push_str(&format!("{} ={value}\n", slot.code()));
        }
        if let Some(hash) = &leaf.paper_match {
            text.push_str(&format!("{} #{hash}\n", Slot::PaperMatch.code()));
        }
    }
    erased.for_each(|one| encode_erased(&mut text, one));
    text
}

fn encode_erased(text: &mut String, (position, leaf): (&u64, &ErasedLeaf)) {
    text.push_str(&format!("leaf {position} {ERASED}{}\n", leaf.root));
    leaf.openings.iter().for_each(|opened| text.push_str(&format!("{}\n", opened.encode())));
}

/// Back from [`encode`].
///
/// # Errors
/// The first line that is malformed.
pub fn parse(text: &str) -> Result<Bag, ParseOpeningError> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let at = |line, what| ParseOpeningError { line, what };
    if lines.next().map(|(_, line)| line) != Some(HEADER) {
        return Err(at(1, "expected `candor bag v1`"));
    }
    let origin = lines.next().map(|(_, line)| line.to_owned()).ok_or(at(2, "no origin"))?;
    let mode = lines.next().and_then(|(_, line)| Mode::ALL.iter().copied().find(|mode| mode.line() == line));
    let mode = mode.ok_or(at(3, "expected `live` or `demonstration, invented rows`"))?;
    let mut leaves: Vec<BagLeaf> = Vec::new();
    let mut erased: BTreeMap<u64, ErasedLeaf> = BTreeMap::new();
    // The one whose openings follow.
    let mut opened_of = None;
    for (number, line) in lines {
        if let Some(rest) = line.strip_prefix("leaf ") {
            opened_of = None;
            match rest.split_once(' ').and_then(|(position, rest)| Some((position, rest.strip_prefix(ERASED)?))) {
                Some((position, root)) => {
                    let (position, leaf) = parse_erased(position, root).map_err(|what| at(number, what))?;
                    opened_of = Some(position);
                    erased.insert(position, leaf);
                }
                None => leaves.push(parse_leaf(rest).map_err(|what| at(number, what))?),
            }
            continue;
        }
        if let Some(leaf) = opened_of.and_then(|position| erased.get_mut(&position)) {
            leaf.openings.push(OpenedSlot::parse(line).map_err(|what| at(number, what))?);
            continue;
        }
        let leaf = leaves.last_mut().ok_or(at(number, "expected a leaf"))?;
        parse_slot(leaf, line).map_err(|what| at(number, what))?;
    }
    // INVARIANT: a bag has one text.
    let bag = Bag { origin, mode, leaves, erased };
    if encode(&bag) != text {
        return Err(at(
            text.lines().count(),
            "the bag is not written in the one way: line ends, numbers or order of slots",
        ));
    }
    Ok(bag)
}

fn parse_leaf(rest: &str) -> Result<BagLeaf, &'static str> {
    let (position, key) = rest.split_once(' ').ok_or("expected position and key")?;
    let position = position.parse().map_err(|_| "the position is no number")?;
    let key = Hash::parse(key).map_err(|_| "the key is no base64 of 32 bytes")?.0;
    Ok(BagLeaf { position, key, values: SlotValues::new(), paper_match: None })
}

fn parse_erased(position: &str, root: &str) -> Result<(u64, ErasedLeaf), &'static str> {
    let position = position.parse().map_err(|_| "the position is no number")?;
    let root = Hash::parse(root).map_err(|_| "the root is no base64 of 32 bytes")?;
    Ok((position, ErasedLeaf { root, openings: Vec::new() }))
}

fn parse_slot(leaf: &mut BagLeaf, line: &str) -> Result<(), &'static str> {
    let (slot, rest) = line.split_once(' ').ok_or("expected a slot and what it says")?;
    let slot = Slot::parse(slot).ok_or("unknown slot")?;
    // A hash in the place of a value would hide what the leaf says, or stand beside a value that it does not say.
    let repeated = match (rest.strip_prefix('='), rest.strip_prefix('#'), slot == Slot::PaperMatch) {
        (Some(value), _, false) => leaf.values.insert(slot, value.to_owned()).is_some(),
        (None, Some(hash), true) => {
            let hash = Hash::parse(hash).map_err(|_| "the hash is no base64 of 32 bytes")?;
            leaf.paper_match.replace(hash).is_some()
        }
        (Some(_), _, true) => return Err("the paper match is given by its hash alone"),
        (None, Some(_), false) => return Err("only the paper match is given by its hash"),
        (None, None, _) => return Err("expected `=` and a value or `#` and a hash"),
    };
    if repeated { Err("the slot is given twice") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::open;

    #[test]
    fn a_bag_gives_back_the_leaf_but_not_the_number_on_the_paper() {
        let values = SlotValues::from([
            (Slot::CountsAs, "request".to_owned()),
            (Slot::PaperMatch, "i-247a|2022-03-01|0001234567".to_owned()),
        ]);
        let leaf = Leaf::commit(&values, &[9; 32]);
        let hash = leaf.slot_hash(Slot::PaperMatch);
        let leaves = vec![BagLeaf::new(5, &[9; 32], values.clone(), hash)];
        let erased = BTreeMap::from([
            (2, ErasedLeaf { root: Hash(leaf.root()), openings: vec![open(&leaf, &values, &[9; 32], Slot::CountsAs)] }),
            (7, ErasedLeaf { root: Hash([3; 32]), openings: Vec::new() }),
        ]);
        let text = encode(&Bag { origin: "example.test/log".to_owned(), mode: Mode::Live, leaves, erased });
        assert!(!text.contains("0001234567"), "{text}");
        let bag = parse(&text).unwrap();
        assert_eq!(bag.leaves[0].root(), leaf.root());
        assert_eq!(encode(&bag), text);
        assert_eq!(bag.erased.keys().copied().collect::<Vec<_>>(), [2, 7]);
        assert_eq!(bag.erased[&2].openings[0].root(), Some(leaf.root()));
        let guess = |number: &str| {
            let values = SlotValues::from([(Slot::PaperMatch, format!("i-247a|2022-03-01|{number}"))]);
            Leaf::commit(&values, &bag.leaves[0].key).slot_hash(Slot::PaperMatch)
        };
        assert_ne!(guess("0001234567"), hash, "whoever holds the bag must not be able to try numbers");
    }

    #[test]
    fn a_malformed_bag_is_refused_with_its_line() {
        let key = Hash([9; 32]);
        let cases = [
            ("".to_owned(), "line 1: expected `candor bag v1`"),
            ("candor bag v1\n".to_owned(), "line 2: no origin"),
            ("candor bag v1\no\nreal\n".to_owned(), "line 3: expected `live` or `demonstration, invented rows`"),
            ("candor bag v1\no\nlive\nbody =x\n".to_owned(), "line 4: expected a leaf"),
            (
                format!("candor bag v1\no\nlive\nleaf 1 {key}\nbody x\n"),
                "line 5: expected `=` and a value or `#` and a hash",
            ),
            (format!("candor bag v1\no\nlive\nleaf 1 {key}\nbody =x\nbody =x\n"), "line 6: the slot is given twice"),
            (
                format!("candor bag v1\no\nlive\nleaf 1 {key}\nbody #{key}\n"),
                "line 5: only the paper match is given by its hash",
            ),
            (
                format!("candor bag v1\no\nlive\nleaf 1 {key}\npaper-match =x\n"),
                "line 5: the paper match is given by its hash alone",
            ),
            ("candor bag v1\no\nlive\nleaf 1 AA==\n".to_owned(), "line 4: the key is no base64 of 32 bytes"),
            ("candor bag v1\no\nlive\nleaf 1 erased AA==\n".to_owned(), "line 4: the root is no base64 of 32 bytes"),
            (
                format!("candor bag v1\no\nlive\nleaf 1 erased {key}\nbody =x\n"),
                "line 5: expected slot, salt, path and value",
            ),
            (
                format!("candor bag v1\no\nlive\nleaf 1 erased {key}\nleaf 0 {key}\nbody =x\n"),
                "line 6: the bag is not written in the one way: line ends, numbers or order of slots",
            ),
        ];
        for (text, error) in cases {
            assert_eq!(parse(&text).unwrap_err().to_string(), error);
        }
    }
}
