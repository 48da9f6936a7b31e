//! A receipt as its holder has it: a short text, signed, that opens part of one leaf.
//!
//! INVARIANT: there is one text for each slip; any other is refused. It names nobody, and does not say what its paper
//! prints: of the paper match it holds salt and hash, and the holder reads the number off his paper.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tlog::{Hash, Note, SigningKey, VerifyingKey, hash_leaf, hash_node};

use super::{KeySignature, key_name};
use crate::inquiry::{InquiryAnswer, Rule};
use crate::leaf::{EntryKey, Leaf, Slot, SlotValues, bag_key, hash_slot, salt_of};
use crate::time::{Timestamp, Year};
use crate::words::{CountsAs, Mode};

/// First line of a slip.
const HEADER: &str = "candor receipt v1";

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// What the office says of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is registered, and this is the leaf of its request.
    Receipt,
    /// Somebody presented it and was answered, by this rule; this is the leaf of the inquiry.
    Answer(InquiryAnswer, Rule),
}

/// What is opened of a leaf: slots 0 and 1 by value, slot 9 by its hash and salt, and what leads from there to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafProof {
    /// What it counts as.
    pub counts_as: CountsAs,
    /// In which year; none where it counts as nothing.
    pub year: Option<Year>,
    /// Salts of the slots 0, 1 and 9.
    salts: [Hash; 3],
    /// The hash of slot 9, that of slot 8, and the nodes over the slots 2–3, 4–7, 10–11, 12–15 and 16–31.
    hashes: [Hash; 7],
}

/// A receipt before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The log's origin.
    pub origin: String,
    /// Invented or real.
    pub mode: Mode,
    /// What is said.
    pub said: Said,
    /// When its leaf was promised.
    pub promised_at: Timestamp,
    /// Of the leaf.
    pub proof: LeafProof,
    /// The key that signs it.
    pub key: VerifyingKey,
    /// The log key's signature of that key.
    pub certificate: KeySignature,
}

/// A receipt with its signature, which is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedSlip {
    /// What is signed.
    pub slip: Slip,
    note: Note,
}

/// A text that is no receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseSlipError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for ParseSlipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ParseSlipError {}

impl LeafProof {
    /// Opens a leaf whose slots, but for the paper match, say `values`, and whose paper match has this hash.
    ///
    /// None where the leaf does not say what it counts as.
    pub fn open(values: &SlotValues, key: &EntryKey, paper_match: Option<Hash>) -> Option<LeafProof> {
        let leaf = Leaf::from_bag(values, &bag_key(key), paper_match);
        let mut salted = values.clone();
        if paper_match.is_some() {
            // Only that it is not blank bears on the salt.
            salted.insert(Slot::PaperMatch, String::new());
        }
        let salt = |slot: Slot| salt_of(&salted, key, slot.index());
        let [_, two, four, _, sixteen] = leaf.path(Slot::CountsAs).try_into().ok()?;
        let [eight, ten, twelve, _, _] = leaf.path(Slot::PaperMatch).try_into().ok()?;
        Some(LeafProof {
            counts_as: values.get(&Slot::CountsAs)?.parse().ok()?,
            year: values.get(&Slot::Year).map(|year| year.parse()).transpose().ok()?,
            salts: [salt(Slot::CountsAs), salt(Slot::Year), salt(Slot::PaperMatch)],
            hashes: [leaf.slot_hash(Slot::PaperMatch)?, eight, two, four, ten, twelve, sixteen],
        })
    }

    /// The leaf hash, in the log, that it leads to.
    pub fn leaf(&self) -> Hash {
        let [counts_salt, year_salt, _] = &self.salts;
        let [nine, eight, two, four, ten, twelve, sixteen] = &self.hashes;
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        let mut low = hash_node(&hash_slot(counts_salt, self.counts_as.code()), &hash_slot(year_salt, &year));
        for right in [two, four] {
            low = hash_node(&low, right);
        }
        let mut high = hash_node(eight, nine);
        for right in [ten, twelve] {
            high = hash_node(&high, right);
        }
        hash_leaf(&hash_node(&hash_node(&low, &high), sixteen).0)
    }

    /// Whether the leaf commits to this as what identifies its paper.
    pub fn is_of(&self, paper_match: &str) -> bool {
        let ([_, _, salt], [nine, ..]) = (&self.salts, &self.hashes);
        hash_slot(salt, paper_match) == *nine
    }

    /// Whether its paper printed no number when it was registered, so that it can be any paper.
    pub fn is_of_no_number(&self) -> bool {
        self.is_of("")
    }
}

impl Said {
    fn line(self) -> String {
        match self {
            Said::Receipt => "receipt".to_owned(),
            Said::Answer(answer, rule) => format!("answer {answer} {rule}"),
        }
    }

    fn parse(line: &str) -> Option<Said> {
        match line.strip_prefix("answer ") {
            Some(given) => {
                let (answer, rule) = given.split_once(' ')?;
                let (answer, rule): (InquiryAnswer, Rule) = (answer.parse().ok()?, rule.parse().ok()?);
                rule.gives(answer).then_some(Said::Answer(answer, rule))
            }
            None => (line == "receipt").then_some(Said::Receipt),
        }
    }
}

impl Slip {
    /// What is signed.
    fn text(&self) -> String {
        let Slip { origin, mode, said, promised_at, proof, key, certificate } = self;
        let counts = match proof.year {
            Some(year) => format!("{} {year}", proof.counts_as.code()),
            None => proof.counts_as.code().to_owned(),
        };
        format!(
            "{HEADER}\n{origin}\n{}\n{}\nleaf {}\npromised {promised_at}\ncounts-as {counts}\nsalts {}\nhashes {}\nkey \
             {}\ncertified {certificate}\n",
            mode.line(),
            said.line(),
            proof.leaf(),
            encode(&proof.salts),
            encode(&proof.hashes),
            bare(key),
        )
    }

    /// The receipt, signed. None where the key is not the one it names.
    pub fn sign(&self, key: &SigningKey) -> Option<String> {
        (key.vkey() == self.key).then(|| tlog::sign(&self.text(), &[key]).ok()).flatten()
    }
}

impl SignedSlip {
    /// Back from [`Slip::sign`]. Nothing in it is to be believed before [`SignedSlip::is_signed`].
    ///
    /// # Errors
    /// The first line that is malformed, or not the one text for what it says.
    pub fn parse(text: &str) -> Result<SignedSlip, ParseSlipError> {
        let mut lines = Lines { rest: text, line: 0 };
        if lines.next("")? != HEADER {
            return Err(lines.wrong("expected `candor receipt v1`"));
        }
        let origin = lines.next("")?.to_owned();
        let mode = lines.next("")?;
        let mode = Mode::ALL.iter().copied().find(|known| known.line() == mode);
        let mode = mode.ok_or(lines.wrong("expected `live` or `demonstration, invented rows`"))?;
        let said = Said::parse(lines.next("")?)
            .ok_or(lines.wrong("expected `receipt`, or `answer`, its word and its rule"))?;
        let leaf = Hash::parse(lines.next("leaf ")?).map_err(|_| lines.wrong("the leaf is no hash in base64"))?;
        let promised_at = lines.next("promised ")?.parse().map_err(|_| lines.wrong("expected an instant"))?;
        let (counts_as, year) =
            counts(lines.next("counts-as ")?).ok_or(lines.wrong("expected what the leaf counts as, and its year"))?;
        let salts = decode(lines.next("salts ")?).ok_or(lines.wrong("expected three salts in base64"))?;
        let hashes = decode(lines.next("hashes ")?).ok_or(lines.wrong("expected seven hashes in base64"))?;
        let key = named(&origin, lines.next("key ")?).ok_or(lines.wrong("expected an ed25519 key in base64"))?;
        let certificate = lines.next("certified ")?.parse().map_err(|_| lines.wrong("expected a signature"))?;
        let proof = LeafProof { counts_as, year, salts, hashes };
        if proof.leaf() != leaf {
            return Err(ParseSlipError { line: 5, what: "what is opened is not of this leaf" });
        }
        let slip = Slip { origin, mode, said, promised_at, proof, key, certificate };
        lines.line += 1;
        let note = Note::parse(text).map_err(|_| lines.wrong("expected an empty line and one signature"))?;
        let one = matches!(note.signatures.as_slice(), [one] if one.name == slip.key.name());
        if note.text != slip.text() || !one || note.to_string() != text {
            return Err(lines.wrong("the text is not the one for what it says, or has not its key's one signature"));
        }
        Ok(SignedSlip { slip, note })
    }

    /// Whether its own key signed it. Whether that key is the register's is for [`KeySignature::certifies`].
    pub fn is_signed(&self) -> bool {
        self.note.verify(&self.slip.key).is_ok()
    }
}

/// Lines that are read one after another.
struct Lines<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self, name: &str) -> Result<&'a str, ParseSlipError> {
        self.line += 1;
        let (line, rest) = self.rest.split_once('\n').ok_or(self.wrong("the line is missing or has no end"))?;
        self.rest = rest;
        line.strip_prefix(name).ok_or(self.wrong("it does not begin with the word that comes here"))
    }

    fn wrong(&self, what: &'static str) -> ParseSlipError {
        ParseSlipError { line: self.line, what }
    }
}

fn counts(text: &str) -> Option<(CountsAs, Option<Year>)> {
    let (kind, year) = match text.split_once(' ') {
        Some((kind, year)) => (kind, Some(year.parse().ok()?)),
        None => (text, None),
    };
    let kind: CountsAs = kind.parse().ok()?;
    ((kind == CountsAs::Nothing) == year.is_none()).then_some((kind, year))
}

fn encode(hashes: &[Hash]) -> String {
    STANDARD.encode(hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>())
}

fn decode<const N: usize>(text: &str) -> Option<[Hash; N]> {
    let bytes = STANDARD.decode(text).ok()?;
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    let hashes: Vec<Hash> = hashes.iter().copied().map(Hash).collect();
    hashes.try_into().ok().filter(|_| rest.is_empty())
}

/// The part of a key that its name and id do not give: what stands behind the last plus.
fn bare(key: &VerifyingKey) -> String {
    key.to_string().splitn(3, '+').nth(2).unwrap_or_default().to_owned()
}

/// The receipt key of a log, from its bare part.
fn named(origin: &str, bare: &str) -> Option<VerifyingKey> {
    VerifyingKey::of(&key_name(origin), bare)
}
