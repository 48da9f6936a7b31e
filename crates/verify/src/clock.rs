//! What was dated and promised by a time: against the order of the log, against what witnesses saw, and against itself.
//!
//! The log has no clock. What an operator dates can be held only against what he dated before, and against whoever else was
//! looking. INVARIANT: what an honest operator may have done is no finding: he may show a witness a tree that is not his
//! newest for as long as he may take to put a leaf into one, and his clock may be wrong by five minutes.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use register::event::Event;
use register::ids::RequestId;
use register::place::filing_path;
use register::receipt::{GivenReceipt, PROMISED_WITHIN, ReceiptEvent};
use register::say::counted;
use register::time::Timestamp;

use crate::filings::Filed;
use crate::record::Written;
use crate::{Promise, Verdict};

/// By how much a clock may be wrong before it is an alarm.
const CLOCK_WRONG_BY: SignedDuration = SignedDuration::from_mins(5);

/// A tree that somebody saw.
#[derive(Debug, Clone)]
pub(crate) struct Witnessed {
    /// Who.
    pub(crate) by: String,
    /// When.
    pub(crate) at: Timestamp,
    /// Its leaves.
    pub(crate) size: u64,
}

impl Witnessed {
    /// The earliest instant at which the tree was the newest one: an operator may show one that is as old as a leaf may wait.
    pub(crate) fn newest_from(&self) -> Timestamp {
        self.at.saturating_sub(PROMISED_WITHIN).unwrap_or(Timestamp::MIN)
    }
}

/// Holds what filings say of their day against each other and against what witnesses saw.
pub(crate) fn check(filings: &[Filed], witnessed: &[Witnessed], verdict: &mut Verdict) {
    if filings.is_empty() {
        return;
    }
    let by = match witnessed.len() {
        0 => String::new(),
        trees => format!(", and against {} that witnesses saw", counted(number(trees), "tree", "trees")),
    };
    let days = counted(number(filings.len()), "filing", "filings");
    verdict.check(Promise::Clock, format!("the days of {days}, in the order of their trees{by}"));
    for filed in filings {
        let seen = witnessed.iter().filter_map(|seen| against(filed, seen));
        for what in out_of_order(filed, filings).into_iter().chain(seen) {
            verdict.find(Promise::Clock, filing_path(filed.filing.year, filed.filing.kind), what);
        }
    }
}

/// Whether a filing of a smaller tree shows a later state. A year is frozen at the newest tree, so it cannot.
fn out_of_order(Filed { filing, .. }: &Filed, filings: &[Filed]) -> Option<String> {
    let smaller = filings.iter().map(|one| &one.filing).filter(|one| one.frozen.size < filing.frozen.size);
    let later = smaller.map(|one| one.as_of).max().filter(|as_of| *as_of > filing.as_of)?;
    Some(format!(
        "it shows the state of {}, and a filing of a smaller tree that of {later}: one of them is dated wrongly",
        filing.as_of
    ))
}

fn against(Filed { filing, position }: &Filed, seen: &Witnessed) -> Option<String> {
    let Witnessed { by, at, size } = seen;
    if filing.frozen.size > *size && filing.as_of < seen.newest_from() {
        let (shows, as_of) = (filing.frozen.size, filing.as_of);
        return Some(format!(
            "it shows {shows} leaves on {as_of}, and {by} was shown {size} on {at}: it is dated back"
        ));
    }
    let latest = at.saturating_add(CLOCK_WRONG_BY).unwrap_or(Timestamp::MAX);
    (*position < *size && filing.as_of > latest)
        .then(|| format!("it shows the state of {}, and {by} saw its leaf on {at}: it is dated ahead", filing.as_of))
}

/// Holds the receipts that a record says were given against the growths that put their leaves in; and tells what else waited
/// longer, and how often the clock was wrong.
pub(crate) fn in_record(record: &[Written<'_>], verdict: &mut Verdict) {
    let mut put_in: BTreeMap<&RequestId, Option<Timestamp>> = BTreeMap::new();
    let mut receipts: Vec<(u64, &GivenReceipt)> = Vec::new();
    let (mut waiting, mut waited, mut wrong) = (Vec::new(), Vec::new(), 0_u64);
    for (recorded, _) in record {
        match &recorded.event {
            Event::RequestReceived { request, .. } => drop(put_in.insert(&request.id, None)),
            Event::TreeGrown(_) => {
                waited.extend(waiting.drain(..).map(|at| recorded.at.duration_since(at)));
                for at in put_in.values_mut().filter(|at| at.is_none()) {
                    *at = Some(recorded.at);
                }
            }
            Event::Receipt(ReceiptEvent::ReceiptGiven(given)) => receipts.push((recorded.seq, given)),
            Event::ClockDeparted { .. } => wrong += 1,
            Event::RegisterOpened(_)
            | Event::AgencyRegistered { .. }
            | Event::UnitOpened { .. }
            | Event::LineOpened { .. }
            | Event::DecisionMade { .. }
            | Event::OutcomeRecorded { .. }
            | Event::PersonHeld { .. }
            | Event::PersonTransferred { .. }
            | Event::Request(_)
            | Event::CostReimbursed { .. }
            | Event::YearClosed { .. }
            | Event::YearRestated { .. }
            | Event::ReportFiled(_)
            | Event::ReceiptRecorded { .. }
            | Event::ClockTrusted { .. }
            | Event::RunRecorded(_)
            | Event::ClosingEntered { .. }
            | Event::ClosingWithheld { .. }
            | Event::Watch(_)
            | Event::Custody(_)
            | Event::Staff(_)
            | Event::Inquiry(_)
            | Event::Retention(_)
            | Event::Receipt(ReceiptEvent::KeyCertified(_))
            | Event::Reading(_) => {}
        }
        waiting.push(recorded.at);
    }
    // The last growth is recorded by no event of the tree; it came after all that waits for it.
    let last = record.last().map(|(recorded, _)| recorded.at);
    for (seq, given) in &receipts {
        let due_at = given.promised_at.saturating_add(PROMISED_WITHIN).unwrap_or(Timestamp::MAX);
        // A request that was erased is not in the record.
        let Some(put_in) = put_in.get(&given.request).map(|at| at.or(last)) else { continue };
        if put_in.is_some_and(|at| at > due_at) {
            let what = format!("the leaf was promised until {due_at}, and a tree held it only later: promise broken");
            verdict.find(Promise::Clock, format!("event {seq}"), what);
        }
    }
    if !receipts.is_empty() {
        verdict.check(
            Promise::Clock,
            format!("the leaves of {}, within 48 hours", counted(number(receipts.len()), "receipt", "receipts")),
        );
    }
    let late: Vec<_> = waited.into_iter().filter(|waited| *waited > PROMISED_WITHIN).collect();
    if let Some(longest) = late.iter().max() {
        let (late, hours) = (counted(number(late.len()), "leaf", "leaves"), longest.as_hours());
        verdict.check(
            Promise::Clock,
            format!("{late} waited longer than the 48 hours that a receipt promises, {hours} hours at most"),
        );
    }
    if wrong > 0 {
        let times = counted(wrong, "time", "times");
        verdict
            .notice(format!("the record says {times} that the operator's clock was wrong by more than five minutes"));
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
