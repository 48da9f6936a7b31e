//! The record of a bag, command by command: what is written is what the register would have written.
//!
//! From each event the command follows that it carries out. The register as it stood then is asked the same again; what it
//! answers must be the events that are there, in number and order. So everything that a command refuses is found here.

use std::collections::BTreeMap;

use law::Pack;
use register::bag::BagLeaf;
use register::closing::{self, Drawn};
use register::command::{Command, Decide};
use register::event::{Answered, Decision, Event, FileHash, Filing, Recorded};
use register::handle::Question;
use register::inquiry::InquiryEvent;
use register::leaf::{self, Slot};
use register::retention::RetentionEvent;
use register::time::{Year, day_of};
use register::words::FilingKind;
use register::{Refusal, Register, handle, place, report, wire};

use crate::erased::{Difference, Gaps};
use crate::filings::Seen;
use crate::{Promise, Verdict, erased, rows};

/// An event and the leaf that holds it.
pub(crate) type Written<'a> = (Recorded, &'a BagLeaf);

/// Goes through the record and checks at each step that it is what the register would have written.
///
/// What was erased is passed over. What came after it and follows from it too cannot be asked again: [`Gaps`] says of what
/// this is so, and everything else is checked as always.
pub(crate) fn follows(record: &[Written<'_>], gaps: &Gaps, seen: &Seen, verdict: &mut Verdict) {
    let mut register = Register::default();
    let mut decisions = Decisions::default();
    let mut rest = record;
    while let Some((head, _)) = rest.first() {
        pass_over(&mut register, head.seq, gaps);
        let (written, after) = rest.split_at(together(&register, rest));
        let difference = gaps.counts(difference(&register, head, written, gaps, seen), head, verdict);
        published_rows(head, written, seen, verdict);
        if let Event::ReportFiled(filing) = &head.event {
            letter(&register, filing, gaps.before(head.seq), seen, verdict);
        }
        if let Event::DecisionMade { decision, .. } = &head.event {
            decisions.take(&register, decision, head, seen, verdict);
        }
        for (recorded, leaf) in written {
            pass_over(&mut register, recorded.seq, gaps);
            if let Err(broken) = register.apply(recorded) {
                verdict.find(Promise::Bag, event(recorded), broken.to_string());
                return;
            }
            slots_say_the_event(&register, recorded, leaf, verdict);
        }
        if let Some(what) = difference {
            let promise =
                if matches!(head.event, Event::DecisionMade { .. }) { Promise::Answers } else { Promise::Bag };
            verdict.find(promise, place_of(head), what);
        }
        rest = after;
    }
    decisions.say(verdict);
}

/// Goes on past what was erased before an event.
fn pass_over(register: &mut Register, seq: u64, gaps: &Gaps) {
    while register.last_seq + 1 < seq && gaps.has(register.last_seq + 1) {
        if register.pass_over(register.last_seq + 1).is_err() {
            return;
        }
    }
}

/// How many of the events that come first were written by one command: one at least.
fn together(register: &Register, rest: &[Written<'_>]) -> usize {
    let Some((head, _)) = rest.first() else { return 0 };
    let following = rest.iter().skip(1).map(|(recorded, _)| &recorded.event);
    let more = match &head.event {
        Event::YearClosed { year, .. } | Event::YearRestated { year, .. } => {
            following.take_while(|next| next.is_closing_entry_of(*year)).count()
        }
        Event::OutcomeRecorded { request, .. } => following
            .take_while(|next| matches!(next, Event::PersonTransferred { request: of, .. } if of == request))
            .count(),
        // One for each subject: those of a second hold on the same request come right after those of the first.
        Event::PersonHeld { request, .. } => {
            let subjects = register.requests.get(request).map_or(1, |state| state.request.subjects.len());
            let same =
                following.take_while(|next| matches!(next, Event::PersonHeld { request: of, .. } if of == request));
            same.take(subjects.saturating_sub(1)).count()
        }
        Event::Request(event) => {
            following.take_while(|next| matches!(next, Event::Request(next) if event.goes_on_with(next))).count()
        }
        Event::RegisterOpened(_)
        | Event::AgencyRegistered { .. }
        | Event::UnitOpened { .. }
        | Event::LineOpened { .. }
        | Event::RequestReceived { .. }
        | Event::DecisionMade { .. }
        | Event::PersonTransferred { .. }
        | Event::CostReimbursed { .. }
        | Event::TreeGrown(_)
        | Event::ClosingEntered { .. }
        | Event::ClosingWithheld { .. }
        | Event::ReceiptRecorded { .. }
        | Event::ClockDeparted { .. }
        | Event::ClockTrusted { .. }
        | Event::ReportFiled(_)
        | Event::RunRecorded(_)
        | Event::Watch(_)
        | Event::Custody(_)
        | Event::Staff(_)
        | Event::Inquiry(_)
        | Event::Retention(_)
        | Event::Receipt(_)
        | Event::Reading(_) => 0,
    };
    1 + more
}

/// How what is written differs from what the register answers to the same command, if it does.
fn difference(
    register: &Register,
    head: &Recorded,
    written: &[Written<'_>],
    gaps: &Gaps,
    seen: &Seen,
) -> Option<Difference> {
    let otherwise = |what: &str| Some(Difference::Otherwise(what.to_owned()));
    let Some(command) = command(head, written) else {
        return otherwise("no command of the register writes this event by itself");
    };
    let answered = if let Event::DecisionMade { decision, .. } = &head.event {
        register.handle_by(&|question| law_again(seen, decision, question), &command, &head.by, head.at)
    } else {
        register.handle_by(&no_law, &command, &head.by, head.at)
    };
    let by_one = written.iter().all(|(one, _)| (one.at, &one.by) == (head.at, &head.by));
    match answered {
        Err(Refusal::IdUnknown { id }) if gaps.erased(&id, head.seq) => {
            let Event::Retention(RetentionEvent::RecordErased(tombstone)) = &head.event else { return None };
            let fits = register.tombstone_fits(tombstone, &head.by);
            if fits { None } else { otherwise("the tombstone is not of what was proposed") }
        }
        // What was restated may have been erased since; nothing else that a closing needs ever is.
        Err(refusal @ Refusal::NothingToRestate { .. }) if gaps.before(head.seq) > 0 => {
            Some(Difference::Rows { only_lacks: false, refusal: Some(refusal.to_string()) })
        }
        Err(refusal) => Some(Difference::Otherwise(format!("the register would have refused it: {refusal}"))),
        Ok(events) if by_one && events.iter().eq(written.iter().map(|(one, _)| &one.event)) => None,
        Ok(_) if matches!(head.event, Event::DecisionMade { .. }) => {
            otherwise("the law pack gives another answer from these facts")
        }
        Ok(events) if closing_of(&head.event).is_some() => {
            let written = written.iter().map(|(one, _)| &one.event);
            let only_lacks = by_one && erased::only_lacks(events.iter(), written, gaps.before(head.seq));
            Some(Difference::Rows { only_lacks, refusal: None })
        }
        Ok(_) => otherwise("the register would have recorded it otherwise"),
    }
}

/// The command that an event carries out, with those written after it by the same one; none where no command begins so.
fn command(head: &Recorded, written: &[Written<'_>]) -> Option<Command> {
    Some(match head.event.clone() {
        Event::RegisterOpened(opened) => Command::Open(opened),
        Event::AgencyRegistered { id, name } => Command::RegisterAgency { id, name },
        Event::UnitOpened { id, agency, name, from } => Command::OpenUnit { id, agency, name, from },
        Event::LineOpened { id, unit, channel, name, from } => Command::OpenLine { id, unit, channel, name, from },
        Event::RequestReceived { request, transmission } => Command::Receive { request, transmission },
        Event::DecisionMade { request, decision } => {
            let Decision { ask, on, made_at, facts, decided, departure, .. } = decision;
            Command::Decide(Decide { request, ask, on: Some(on), made_at, facts, decided, departure })
        }
        Event::OutcomeRecorded { request, outcome, at } => {
            let authority = written.get(1).and_then(|(next, _)| {
                if let Event::PersonTransferred { authority, .. } = next.event { Some(authority) } else { None }
            });
            Command::RecordOutcome { request, outcome, at, authority }
        }
        Event::PersonHeld { request, authority, at, .. } => Command::RecordHold { request, authority, at },
        Event::CostReimbursed { request, cents, on } => Command::Reimburse { request, cents, on },
        Event::TreeGrown(growth) => Command::Grow(growth),
        Event::YearClosed { year, .. } => Command::CloseYear { year },
        Event::YearRestated { year, restates, .. } => Command::Restate { year, causes: restates.causes },
        Event::ClockDeparted { departure, seconds } => Command::RecordClock { departure, seconds },
        Event::ClockTrusted { seconds } => Command::TrustClock { seconds },
        Event::ReceiptRecorded { year, kind, receipt } => Command::RecordReceipt { year, kind, receipt },
        Event::ReportFiled(filing) => Command::File(filing),
        Event::Request(event) => Command::Request(event.command()?),
        Event::RunRecorded(run) => Command::RecordRun(run),
        Event::Watch(event) => Command::Watch(event.command()),
        Event::Custody(event) => Command::Custody(event.command()),
        Event::Staff(event) => Command::Staff(event.command()),
        Event::Inquiry(event) => Command::Inquiry(event.command()),
        Event::Receipt(event) => Command::Receipt(event.command()),
        Event::Reading(event) => Command::Reading(event.command()),
        Event::Retention(event) => Command::Retention(event.command()),
        Event::PersonTransferred { .. } | Event::ClosingEntered { .. } | Event::ClosingWithheld { .. } => return None,
    })
}

/// What the law answers, from the pack that answered. Where that is not at hand the recorded answer stands for it, so
/// that everything else about the decision is checked.
fn law_again(
    seen: &Seen,
    decision: &Decision,
    question: &Question<'_>,
) -> Result<(BTreeMap<String, String>, Answered), Refusal> {
    match pack_of(decision, seen) {
        Some(pack) => handle::answer(pack, question),
        None => Ok((question.facts.clone(), decision.answer.clone())),
    }
}

/// For commands that ask no law.
fn no_law(_: &Question<'_>) -> Result<(BTreeMap<String, String>, Answered), Refusal> {
    Err(Refusal::FactsDoNotFit { problems: Vec::new() })
}

fn pack_of<'a>(decision: &Decision, seen: &'a Seen) -> Option<&'a Pack> {
    seen.packs.get(&decision.answer.pack.to_string())
}

/// Decisions met, and those decided again.
#[derive(Default)]
struct Decisions {
    all: u64,
    again: u64,
}

impl Decisions {
    fn take(&mut self, register: &Register, decision: &Decision, head: &Recorded, seen: &Seen, verdict: &mut Verdict) {
        self.all += 1;
        self.again += u64::from(pack_of(decision, seen).is_some());
        let adopted = register.opened.as_ref().map(|opening| opening.opened.pack.hash);
        if adopted != Some(decision.answer.pack) {
            verdict.find(Promise::Answers, event(head), "it names another law pack than the register adopted");
        }
    }

    fn say(&self, verdict: &mut Verdict) {
        let Decisions { all, again } = self;
        if *again > 0 {
            verdict.check(Promise::Answers, format!("{again} of {all} answers, decided again from the recorded facts"));
        }
        if again < all {
            let not = all - again;
            verdict.notice(format!(
                "{not} of {all} decisions could not be decided again: no filing shown here has the law pack they name"
            ));
        }
    }
}

/// The closing rows published are the ones recorded.
fn published_rows(closing: &Recorded, written: &[Written<'_>], seen: &Seen, verdict: &mut Verdict) {
    let Some(closed) = closing_of(&closing.event) else { return };
    let row = |(recorded, _): &Written<'_>| {
        if let Event::ClosingEntered { row, .. } = &recorded.event { Some(wire::encode_row(row)) } else { None }
    };
    let mut rows: Vec<String> = written.iter().filter_map(row).collect();
    rows.sort();
    if seen.rows.get(&closed).is_some_and(|published| *published != rows) {
        let what = "the published rows are not the ones that follow from the record";
        verdict.find(Promise::Bag, place_of(closing), what);
    }
}

/// The closing that an event begins, if it begins one.
fn closing_of(event: &Event) -> Option<(Year, FilingKind)> {
    if let Event::YearClosed { year, .. } = event {
        return Some((*year, FilingKind::Closing));
    }
    if let Event::YearRestated { year, restates, .. } = event {
        return Some((*year, FilingKind::Restatement(restates.number)));
    }
    None
}

/// A provisional letter opens nothing, so its report is recomputed from the record as it stood: `register`, before it.
fn letter(register: &Register, filing: &Filing, erased: u64, seen: &Seen, verdict: &mut Verdict) {
    let year = filing.year;
    if filing.kind != FilingKind::Provisional {
        return;
    }
    let Some(pack) = seen.packs.get(&filing.pack.hash.to_string()) else {
        verdict.notice(format!(
            "the provisional letter for {year} could not be recomputed: no filing shown here has the law pack it names"
        ));
        return;
    };
    let filed_on = day_of(filing.as_of, &rows::zone(pack));
    let drawn = Drawn { year, as_of: filing.as_of, filed_on, frozen: filing.frozen, restates: None };
    let rows = closing::rows(register, &drawn).all();
    let report = report::from_rows(filing.format, pack, &verdict.origin, &rows, None);
    let hash = report.map(|report| FileHash::of(wire::encode_report(&report, filing.format).as_bytes()));
    let path = place::report_path(year, filing.kind);
    let same = hash.as_ref().ok() == filing.files.get(&path);
    if !same && erased > 0 {
        verdict.notice(format!(
            "the provisional letter for {year} could not be recomputed: {} before it",
            erased::events_were_erased(erased)
        ));
        return;
    }
    verdict.check(Promise::Report, format!("the provisional letter for {year}, recomputed from the record"));
    if !same {
        verdict.find(Promise::Report, path, "it is not the letter that follows from the record as it stood");
    }
}

/// What the slots of a leaf say is what its event gives. `register` is the state after it.
fn slots_say_the_event(register: &Register, recorded: &Recorded, leaf: &BagLeaf, verdict: &mut Verdict) {
    let mut says = leaf::values(register, recorded, None);
    says.remove(&Slot::PaperMatch);
    let paper_match = leaf.paper_match.is_some();
    let of_a_paper =
        matches!(recorded.event, Event::RequestReceived { .. } | Event::Inquiry(InquiryEvent::InquiryReceived(_)));
    if says != leaf.values || (paper_match && !of_a_paper) {
        verdict.find(Promise::Bag, format!("leaf {}", leaf.position), "its slots do not say what its event says");
    }
}

fn event(recorded: &Recorded) -> String {
    format!("event {}", recorded.seq)
}

pub(crate) fn place_of(head: &Recorded) -> String {
    match closing_of(&head.event) {
        Some((year, FilingKind::Restatement(number))) => format!("restatement {number} of {year}"),
        Some((year, _)) => format!("closing of {year}"),
        None => event(head),
    }
}
