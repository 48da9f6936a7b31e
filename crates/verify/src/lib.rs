//! The verifier: published files in, findings out, trusting nobody.
//!
//! It recomputes what the files promise, with the same pure functions that made them, and says as plainly what it
//! cannot see. It must not know databases or the web, and it reads no files itself: the folder comes in as bytes.
//!
//! [`verify`] is the whole of it; `published` checks key, tree and files, `filings` what a filing promises, with
//! `openings` and `rows`; `clock` what is dated; `keys` which receipt keys the log certifies, and [`receipt`] what a receipt adds; `audit`,
//! `erased` and `record` what an auditor's bag adds. [`say`] has the sentences.

mod audit;
mod clock;
mod erased;
mod filings;
mod keys;
mod openings;
mod published;
pub mod receipt;
mod record;
mod rows;
pub mod say;

use std::collections::{BTreeMap, BTreeSet};

use clock::Witnessed;
use receipt::{HeldReceipt, ReceiptSeen, Shown, Standing};
use tlog::{Checkpoint, Hash, Note, VerifyingKey, WitnessKey};

/// A published folder: path from its root, with `/`, to bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What the verifier is given.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The published folder.
    pub files: &'a Files,
    /// The log's key, from elsewhere.
    pub key: &'a VerifyingKey,
    /// The witnesses of whom each must have cosigned the checkpoint; their keys, from elsewhere too.
    pub witnesses: &'a [WitnessKey],
    /// An older checkpoint of the same log, kept by the reader.
    pub since: Option<&'a str>,
    /// An auditor's bag.
    pub bag: Option<&'a str>,
    /// A receipt that the reader holds.
    pub receipt: Option<HeldReceipt<'a>>,
}

/// What was promised. Each finding breaks one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// The checkpoint is signed by the key.
    Signature,
    /// The witnesses that were asked for cosigned the checkpoint.
    Witnessed,
    /// The tiles are the tree of the checkpoint.
    Tree,
    /// The log only ever grew.
    History,
    /// What is opened is what a leaf holds.
    Openings,
    /// Every leaf says what it counts as.
    Counted,
    /// The rows of a report are as many as the leaves that count.
    Rows,
    /// The report follows from its rows.
    Report,
    /// The filed files are the ones that were filed.
    Filing,
    /// Every file is accounted for.
    Accounted,
    /// The bag holds the leaves, and the record follows from it.
    Bag,
    /// The answers follow from the facts.
    Answers,
    /// A leaf that was promised is in the log.
    Receipt,
    /// What is dated or promised by a time can be true.
    Clock,
}

impl Promise {
    /// Every promise, in the order in which they are checked.
    pub const ALL: [Promise; 14] = [
        Promise::Signature,
        Promise::Witnessed,
        Promise::Tree,
        Promise::History,
        Promise::Openings,
        Promise::Counted,
        Promise::Rows,
        Promise::Report,
        Promise::Filing,
        Promise::Accounted,
        Promise::Bag,
        Promise::Answers,
        Promise::Receipt,
        Promise::Clock,
    ];
}

/// A promise that is broken, where, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which promise.
    pub promise: Promise,
    /// The file, or the leaf, or the table.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

/// What was checked of one filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingSeen {
    /// The year covered.
    pub year: String,
    /// Provisional, closing, or which restatement.
    pub kind: String,
    /// Its items: title, total, unit.
    pub totals: Vec<(String, u64, String)>,
}

/// That a witness saw this very checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Name of the witness.
    pub witness: String,
    /// When, by its own clock: an instant in UTC.
    pub at: String,
}

/// Findings of one promise that are listed; those beyond are counted.
const LISTED_MAX: u64 = 1_000;

/// What the verifier says. INVARIANT: no text in it holds a control character, wherever it came from, so it can be shown
/// on a terminal as it is.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The log's origin, as signed.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Broken promises, in the order of [`Promise`], the first 1,000 of each. Empty: all that was checked holds.
    pub findings: Vec<Finding>,
    /// How many findings there are of each promise, also those not listed.
    found: BTreeMap<Promise, u64>,
    /// Promises that were checked, each with what was looked at.
    pub checked: BTreeMap<Promise, String>,
    /// Witnesses that were asked for and cosigned, in the order in which they were given.
    pub cosigned: Vec<Cosigned>,
    /// Filings.
    pub filings: Vec<FilingSeen>,
    /// What was seen of the receipt, if one was given and its signature holds.
    pub receipt: Option<ReceiptSeen>,
    /// Facts a reader should know that break no promise.
    pub notices: Vec<String>,
    /// What cannot be seen from here.
    pub unseen: Vec<String>,
}

impl Verdict {
    fn find(&mut self, promise: Promise, place: impl Into<String>, what: impl Into<String>) {
        let found = self.found.entry(promise).or_default();
        *found += 1;
        if *found <= LISTED_MAX {
            let (place, what) = (say::plain(&place.into()), say::plain(&what.into()));
            self.findings.push(Finding { promise, place, what });
        }
    }

    /// Says what was looked at for a promise, beside what was looked at before.
    fn check(&mut self, promise: Promise, what: impl Into<String>) {
        let what = say::plain(&what.into());
        self.checked.entry(promise).and_modify(|before| *before = format!("{before}; {what}")).or_insert(what);
    }

    fn notice(&mut self, what: impl Into<String>) {
        self.notices.push(say::plain(&what.into()));
    }

    /// Puts the findings in order, and says of how many more there would be.
    fn in_order(&mut self) {
        self.findings.sort_by(|a, b| (a.promise, &a.place).cmp(&(b.promise, &b.place)));
        for (promise, found) in &self.found {
            if let Some(more) = found.checked_sub(LISTED_MAX).filter(|more| *more > 0) {
                let what = format!("and {more} more: the first {LISTED_MAX} found are listed");
                self.findings.push(Finding { promise: *promise, place: "other places".to_owned(), what });
            }
        }
        self.findings.sort_by_key(|finding| finding.promise);
    }

    /// Whether a promise was checked and holds.
    pub fn holds(&self, promise: Promise) -> bool {
        self.checked.contains_key(&promise) && !self.found.contains_key(&promise)
    }

    /// Whether nothing is broken, and what was asked about is proven: a receipt of a leaf that is not shown and may yet come
    /// proves nothing.
    pub fn is_proven(&self) -> bool {
        let open = self.receipt.as_ref().is_some_and(|seen| seen.standing == Standing::Promised);
        self.findings.is_empty() && !open
    }

    /// Whether the log says that its rows are invented.
    pub fn is_demonstration(&self) -> bool {
        self.origin.ends_with("/demonstration")
    }
}

/// Checks everything that can be checked from `given`.
pub fn verify(given: &Given<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some((note, checkpoint)) = published::checkpoint(given, &mut verdict) {
        let mut witnessed = published::witnesses(given, &note, checkpoint.size, &mut verdict);
        let leaves = published::leaves(given.files, &checkpoint, &mut verdict);
        witnessed.extend(published::since(given, &checkpoint, leaves.as_deref(), &mut verdict));
        match leaves {
            Some(leaves) => check_files(given, &checkpoint, Log { leaves: &leaves }, &witnessed, &mut verdict),
            None => verdict.notice(
                "the tiles are not the tree that is signed, so nothing that rests on it was checked: mend them first",
            ),
        }
    }
    verdict.in_order();
    verdict.unseen = say::unseen(given, &verdict);
    verdict
}

/// Everything that rests on the leaves. Size and leaves agree here, so paths are as many as were read.
fn check_files(
    given: &Given<'_>,
    checkpoint: &Checkpoint,
    log: Log<'_>,
    witnessed: &[Witnessed],
    verdict: &mut Verdict,
) {
    let mut accounted = published::own_paths(checkpoint);
    published::older_tiles(given.files, &mut accounted, verdict);
    let keys = keys::check(given.files, log, given.key, &mut accounted, verdict);
    let seen = filings::check(given.files, log, &mut accounted, verdict);
    keys::counted(given.files, &seen.counted, verdict);
    published::unaccounted(given.files, &accounted, verdict);
    clock::check(&seen.filings, witnessed, verdict);
    if let Some(held) = given.receipt {
        let shown = Shown { log, seen: &seen, witnessed, keys: &keys, key: given.key };
        receipt::check(held, &shown, verdict);
    }
    if let Some(bag) = given.bag {
        audit::check(bag, log, &seen, given.key, verdict);
    }
}

/// The log, read from tiles that are the tree of the checkpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log<'a> {
    leaves: &'a [Hash],
}

impl Log<'_> {
    /// The leaf hash at a position.
    fn leaf(&self, position: u64) -> Option<&Hash> {
        self.leaves.get(usize::try_from(position).ok()?)
    }
}

/// Paths that something accounts for.
type Accounted = BTreeSet<String>;

/// A checkpoint and the note it is the text of, checked against the key.
fn open_checkpoint(text: &str, key: &VerifyingKey) -> Result<(Note, Checkpoint), String> {
    let note = Note::parse(text).map_err(|error| error.to_string())?;
    note.verify(key).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::parse(&note.text).map_err(|error| error.to_string())?;
    if checkpoint.origin != key.name() {
        return Err(format!("its origin is `{}` and the key is for `{}`", checkpoint.origin, key.name()));
    }
    Ok((note, checkpoint))
}
