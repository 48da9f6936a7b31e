//! A receipt against the published folder: who signed it, whether its leaf is there, what it counts as and in which
//! report; and whether it is of the paper that its holder has.
//!
//! The log has no clock, so whether 48 hours have passed follows from what the operator himself dated, or from the day
//! that the reader gives. INVARIANT: a promise is called broken only where the time has surely passed.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};
use register::event::{Event, Recorded};
use register::receipt::{CertifiedKey, PROMISED_WITHIN, Said, SignedSlip, Slip};
use register::request::{Recount, RequestEvent};
use register::time::{Timestamp, Year};
use register::words::{CountsAs, FilingKind, Mode};
use tlog::{Hash, VerifyingKey};

use crate::clock::Witnessed;
use crate::filings::Seen;
use crate::record::Written;
use crate::{Log, Promise, Verdict};

/// A receipt that somebody holds, and what he has beside it.
#[derive(Debug, Clone, Copy)]
pub struct HeldReceipt<'a> {
    /// Its text.
    pub text: &'a str,
    /// What could identify the paper in hand, one text for each number that it prints; none where none was given.
    pub paper: Option<&'a [String]>,
    /// A day that has begun since the folder was fetched, or on which it was.
    pub on: Option<Date>,
}

/// What was seen of a receipt whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptSeen {
    /// What the office said.
    pub said: Said,
    /// The leaf promised.
    pub leaf: Hash,
    /// When.
    pub promised_at: Timestamp,
    /// Until when it was to be in the tree.
    pub due_at: Timestamp,
    /// Where it lies in the log, if it does.
    pub position: Option<u64>,
    /// What it counts as.
    pub counts_as: CountsAs,
    /// In which year.
    pub year: Option<Year>,
    /// Whether it is of the paper in hand.
    pub paper: PaperSeen,
    /// What became of it.
    pub standing: Standing,
    /// What a bag says that happened to what it counts as, the last thing.
    pub recorded: Option<InRecord>,
}

/// What the record says of a request whose leaf was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InRecord {
    /// It stands as it was registered.
    Stands,
    /// It was taken out again.
    TakenOut {
        /// Why.
        cause: Recount,
        /// When.
        at: Timestamp,
    },
    /// It counts otherwise since, or was taken out by mistake and put in again.
    PutIn {
        /// Why.
        cause: Recount,
        /// In which year.
        year: Year,
    },
}

/// Whether a receipt is of the paper in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperSeen {
    /// It is.
    Same,
    /// It is not.
    Other,
    /// No paper was given.
    NotGiven,
    /// The paper as registered printed no number, so any paper could be it.
    NoNumber,
}

/// What became of a leaf that was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is not in the tree, and nothing shows that the time is over.
    Promised,
    /// It is not in the tree, and the time is over.
    Broken,
    /// It is in the tree and counts as nothing.
    CountsAsNothing,
    /// It is in the tree, and no report of its year is shown that opens.
    YearOpen,
    /// It lies before the freeze of this report of its year, and counts in it. `taken_out` of `of` leaves that count so
    /// were taken out again by then; which ones, no leaf says.
    Counted {
        /// The last such report.
        report: FilingKind,
        /// Leaves of the year that take one out again.
        taken_out: u64,
        /// Leaves of the year that count as this one does.
        of: u64,
    },
    /// It came after the last report of its year.
    Late {
        /// That report.
        report: FilingKind,
    },
}

/// What the folder shows, for a receipt to be held against.
pub(crate) struct Shown<'a> {
    pub(crate) log: Log<'a>,
    pub(crate) seen: &'a Seen,
    pub(crate) witnessed: &'a [Witnessed],
    pub(crate) keys: &'a [CertifiedKey],
    pub(crate) key: &'a VerifyingKey,
}

/// Where findings about a receipt are.
const RECEIPT: &str = "the receipt";

/// What is looked at.
const CHECKED: &str = "the receipt: its signature, its key, its leaf, its paper";

pub(crate) fn check(held: HeldReceipt<'_>, shown: &Shown<'_>, verdict: &mut Verdict) {
    let slip = match signed(held.text, shown.key, verdict) {
        Ok(slip) => slip,
        Err(what) => {
            verdict.check(Promise::Receipt, CHECKED);
            return verdict.find(Promise::Receipt, RECEIPT, what);
        }
    };
    let due_at = slip.promised_at.saturating_add(PROMISED_WITHIN).unwrap_or(Timestamp::MAX);
    let leaf = slip.proof.leaf();
    let position = shown.log.leaves.iter().position(|one| *one == leaf).and_then(|at| u64::try_from(at).ok());
    let trees = trees(held.on, shown, verdict.size);
    let is_over = trees.iter().any(|(at, _)| *at >= due_at);
    let lacked = trees.iter().filter(|(at, size)| *at >= due_at && position.is_some_and(|position| position >= *size));
    if let Some((at, size)) = lacked.min() {
        let what = format!(
            "its leaf was promised until {due_at}, and the tree of {at}, of {size} leaves, did not hold it: it was put in later, promise broken"
        );
        verdict.find(Promise::Receipt, RECEIPT, what);
    }
    if !shown.keys.iter().any(|certified| certified.key == slip.key) {
        match is_over {
            true => {
                verdict.find(Promise::Receipt, RECEIPT, "the log's key signed the receipt key, and no leaf holds it")
            }
            false => verdict.notice("no leaf shown here holds the receipt key yet; the log's own key has signed it"),
        }
    }
    let standing = match position {
        None if is_over => {
            let what = format!("its leaf was promised until {due_at}, and this log does not hold it: promise broken");
            verdict.find(Promise::Receipt, RECEIPT, what);
            Standing::Broken
        }
        None => {
            verdict.notice(format!(
                "the leaf of the receipt is not in this log, and was promised until {due_at}: nothing shown here is dated \
                 later, so give the day on which you fetched the folder with `--on`"
            ));
            Standing::Promised
        }
        Some(position) => standing(&slip, position, shown),
    };
    let paper = paper(&slip, held.paper);
    if paper == PaperSeen::Other {
        let what = "it is not of this paper: form, date or number differ from what was registered";
        verdict.find(Promise::Receipt, RECEIPT, what);
    }
    // Of a leaf that may yet come nothing is said to hold.
    if standing != Standing::Promised || paper == PaperSeen::Other {
        verdict.check(Promise::Receipt, CHECKED);
    }
    verdict.receipt = Some(ReceiptSeen {
        said: slip.said,
        leaf,
        promised_at: slip.promised_at,
        due_at,
        position,
        counts_as: slip.proof.counts_as,
        year: slip.proof.year,
        paper,
        standing,
        recorded: None,
    });
}

/// Finds in a bag's record what became of the request whose leaf was promised.
pub(crate) fn in_record(record: &[Written<'_>], verdict: &mut Verdict) {
    let Some(seen) = verdict.receipt.as_mut() else { return };
    let at_leaf = |(_, leaf): &&Written<'_>| Some(leaf.position) == seen.position;
    let Some((Recorded { event: Event::RequestReceived { request, .. }, .. }, _)) = record.iter().find(at_leaf) else {
        return;
    };
    let mut last = InRecord::Stands;
    for (recorded, _) in record {
        if let Event::Request(RequestEvent::RequestWithdrawn { request: of, cause, .. }) = &recorded.event
            && *of == request.id
        {
            last = InRecord::TakenOut { cause: *cause, at: recorded.at };
        }
        if let Event::Request(RequestEvent::RequestReinstated { request: of, counted, cause }) = &recorded.event
            && *of == request.id
        {
            last = InRecord::PutIn { cause: *cause, year: counted.year };
        }
    }
    seen.recorded = Some(last);
}

/// The receipt, if it is one of this log and its key, certified by the log's key, signed it.
fn signed(text: &str, log_key: &VerifyingKey, verdict: &Verdict) -> Result<Slip, String> {
    let signed =
        SignedSlip::parse(text).map_err(|error| format!("it is no receipt as this register writes them: {error}"))?;
    let slip = &signed.slip;
    if slip.origin != verdict.origin {
        return Err(format!("it is of another log, `{}`", slip.origin));
    }
    if (slip.mode == Mode::Demonstration) != verdict.is_demonstration() {
        return Err("it does not agree with the log on whether its rows are invented".to_owned());
    }
    if !slip.certificate.certifies(&slip.key, log_key) {
        return Err("the log's key has not signed the key of the receipt".to_owned());
    }
    if !signed.is_signed() {
        return Err("its signature does not hold".to_owned());
    }
    Ok(signed.slip)
}

/// Trees of the log, each with an instant at which it was surely the newest or had been: a filing's, by the operator's own word;
/// one that a witness saw; and the one shown, on the day on which the reader says that he fetched it.
fn trees(on: Option<Date>, shown: &Shown<'_>, size: u64) -> Vec<(Timestamp, u64)> {
    let filed = shown.seen.filings.iter().map(|filed| (filed.filing.as_of, filed.filing.frozen.size));
    let witnessed = shown.witnessed.iter().map(|seen| (seen.newest_from(), seen.size));
    filed.chain(witnessed).chain(on.and_then(begun).map(|at| (at, size))).collect()
}

/// When a day begins, wherever on earth it does first: fourteen hours before it does in UTC.
fn begun(day: Date) -> Option<Timestamp> {
    TimeZone::fixed(Offset::constant(14)).to_timestamp(day.to_datetime(Time::midnight())).ok()
}

fn paper(slip: &Slip, given: Option<&[String]>) -> PaperSeen {
    if slip.proof.is_of_no_number() {
        return PaperSeen::NoNumber;
    }
    match given {
        None => PaperSeen::NotGiven,
        Some(texts) if texts.iter().any(|text| slip.proof.is_of(text)) => PaperSeen::Same,
        Some(_) => PaperSeen::Other,
    }
}

fn standing(slip: &Slip, position: u64, shown: &Shown<'_>) -> Standing {
    let Some(year) = slip.proof.year else { return Standing::CountsAsNothing };
    let of_year = shown.seen.closings().filter(|filing| filing.year == year);
    let Some(last) = of_year.max_by_key(|filing| filing.kind) else { return Standing::YearOpen };
    if position >= last.frozen.size {
        return Standing::Late { report: last.kind };
    }
    let until = last.frozen.size;
    let number = |kind: Option<CountsAs>| {
        let alike =
            shown.seen.counted.range(..until).filter(|(_, one)| Some(**one) == kind.map(|kind| (kind, Some(year))));
        u64::try_from(alike.count()).unwrap_or(u64::MAX)
    };
    let counts_as = slip.proof.counts_as;
    Standing::Counted { report: last.kind, taken_out: number(taken_out_by(counts_as)), of: number(Some(counts_as)) }
}

/// What a leaf counts as that takes such a request out again.
fn taken_out_by(counts_as: CountsAs) -> Option<CountsAs> {
    match counts_as {
        CountsAs::Request => Some(CountsAs::RequestWithdrawn),
        CountsAs::RequestUnclear => Some(CountsAs::RequestUnclearWithdrawn),
        CountsAs::Nothing
        | CountsAs::RequestWithdrawn
        | CountsAs::Held
        | CountsAs::Transferred
        | CountsAs::Reimbursed
        | CountsAs::Filing
        | CountsAs::Key
        | CountsAs::Closing
        | CountsAs::RequestUnclearWithdrawn
        | CountsAs::HeldWithdrawn
        | CountsAs::TransferredWithdrawn
        | CountsAs::ReimbursedWithdrawn => None,
    }
}
