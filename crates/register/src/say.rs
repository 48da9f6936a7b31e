//! The sentences people read about the register: refusals here, titles of words for pages and screens.
//!
//! Messages: lower case, no period, the person's own text in backticks, then a hint with the next step.

use std::fmt;

use crate::clock::Trusted;
use crate::command::Refusal;
use crate::watch::alarm::{AlarmKind, ToAct};
use crate::words::{Authority, Cause, ClockDeparture, Departure, Form, Ground, Measure, Outcome, Set};

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&refusal(self))
    }
}

impl std::error::Error for Refusal {}

/// That a clock stood wrong, and what to do.
pub fn clock_departure(departure: ClockDeparture, seconds: u64) -> String {
    let seconds = counted(seconds, "second", "seconds");
    let how = match departure {
        ClockDeparture::SetForward => format!("the clock went forward by {seconds} more than passed"),
        ClockDeparture::SetBack => format!("the clock went back by {seconds}"),
        ClockDeparture::BehindRecord => format!("the clock stands {seconds} before the last record"),
    };
    format!("{how} (hint: set it right, and find out which times in the record were taken from it)")
}

/// That somebody said that the clock is right.
pub fn clock_trusted(trusted: &Trusted) -> String {
    let (by, seconds) = (&trusted.by, counted(trusted.seconds, "second", "seconds"));
    format!("{by} said that the clock is right and the record {seconds} ahead of it: record time waits")
}

#[expect(clippy::too_many_lines, reason = "one sentence for each refusal, to be read together")]
fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::AlreadyOpen => "the register is open already".to_owned(),
        Refusal::NotOpen => "the register was never opened (hint: run `candor init`)".to_owned(),
        Refusal::TimeNeeded => {
            "a demonstration register has no clock (hint: say when, with `--at 2022-03-04T03:10-05:00`)".to_owned()
        }
        Refusal::TimeIsTheClocks => "record time is the clock's in a live register (hint: leave `--at` out)".to_owned(),
        Refusal::IdTaken { id } => format!("`{id}` is registered already (hint: choose another id)"),
        Refusal::IdUnknown { id } => {
            format!("`{id}` is not in the register (hint: check its spelling, or register it first)")
        }
        Refusal::LineNotYetOpen { line, from, arrived } => format!(
            "line `{line}` is open from {from} and the paper arrived on {arrived} \
             (hint: correct the arrival, or open the line from an earlier day)"
        ),
        Refusal::TooLongAgo { moment } => {
            format!("`{moment}` is before {} (hint: correct the day or time)", crate::time::FIRST_YEAR)
        }
        Refusal::InTheFuture { moment, now } => {
            format!("`{moment}` is later than the time of record, {now} (hint: correct the day or time)")
        }
        Refusal::TimeGoesBack { last, at } => format!(
            "the record stands at {last} and cannot go on at {at} (hint: set the clock right; if it is, and was wrong before, an administrator says so with \
             `candor clock DIR --is-right`; in a demonstration, give a later `--at`)"
        ),
        Refusal::NoClockDeparted { seconds } => format!(
            "no clock departed by {seconds} seconds: a demonstration has none, and less than one second is nothing"
        ),
        Refusal::NothingAsked { request } => {
            format!("request `{request}` asks nothing (hint: list what the paper asks, such as hold and notify)")
        }
        Refusal::NoSubject { request } => {
            format!("request `{request}` is about nobody (hint: name the person as the paper prints it)")
        }
        Refusal::NamedTwice { what } => format!("`{what}` is named twice (hint: name it once)"),
        Refusal::AskNotMade { request, ask, asks } => {
            let made: Vec<&str> = asks.iter().map(|ask| ask.code()).collect();
            format!("request `{request}` does not ask `{}` (hint: it asks {})", ask.code(), made.join(", "))
        }
        Refusal::AlreadyDecided { request, ask } => {
            format!("`{}` of request `{request}` is decided already", ask.code())
        }
        Refusal::BeforeArrival { request, on, arrived } => format!(
            "request `{request}` arrived on {arrived}, so the law of {on} did not bear on it \
             (hint: leave the day out, or give the day of what was decided)"
        ),
        Refusal::FactsDoNotFit { problems } => {
            format!("the facts do not fit the law pack: {}", problems.join("; "))
        }
        Refusal::DepartureNeedsReason { request, ask, says } => format!(
            "to honor `{}` of request `{request}` departs from the law's answer, *{}* \
             (hint: give a departure code and a typed reason, or decline)",
            ask.code(),
            law::say::says(*says)
        ),
        Refusal::NoDeparture { request, ask } => format!(
            "the decision on `{}` of request `{request}` does not depart from the law's answer \
             (hint: leave the departure out)",
            ask.code()
        ),
        Refusal::OutcomeRecorded { request, outcome } => {
            format!("the outcome of request `{request}` is recorded already: {}", outcome_title(*outcome))
        }
        Refusal::AuthorityOnlyForTransfer { outcome } => {
            format!("only a transfer has an authority, not `{outcome}` (hint: leave the authority out)")
        }
        Refusal::TransferNeedsAuthority { request } => format!(
            "the transfer in request `{request}` names no authority \
             (hint: give the paper under which it was made, or `not-recorded`)"
        ),
        Refusal::NothingReimbursed { request } => format!(
            "nothing was reimbursed in the case of request `{request}` (hint: give the amount in cents, 1 or more)"
        ),
        Refusal::TooMuchReimbursed { request, cents } => format!(
            "{cents} cents for request `{request}` are more than {} (hint: give the amount in cents)",
            crate::handle::CENTS_MAX
        ),
        Refusal::GrowthDoesNotFit { tree_size, growth } => format!(
            "a growth from {} to {} leaves does not continue a tree of {tree_size} \
             (hint: it adds a multiple of 16 leaves, and all that wait)",
            growth.from_size, growth.frozen.size
        ),
        Refusal::YearNotOver { year, now } => {
            format!("the year {year} is not over at {now} (hint: close it from 1 January on)")
        }
        Refusal::YearOver { year } => format!(
            "the year {year} is not the current one, so its letter is no longer provisional (hint: file the closing report)"
        ),
        Refusal::NothingWatched { year } => format!(
            "no line was open in {year} and no request arrived, so there is nothing to report of it \
             (hint: register what arrived then first, or report another year)"
        ),
        Refusal::YearClosed { year } => format!("the year {year} is closed already"),
        Refusal::ClosingWaits { year } => {
            format!("the year {year} is closed and its rows are in no checkpoint yet (hint: run `candor grow` first)")
        }
        Refusal::NotFiled { year } => {
            format!("the year {year} is closed and its report is not filed yet (hint: file it first)")
        }
        Refusal::YearNotClosed { year } => format!("the year {year} is not closed yet (hint: close it first)"),
        Refusal::AlreadyFiled { year } => format!(
            "this report for {year} is filed already (hint: what changed since is filed with `--restate CAUSE`)"
        ),
        Refusal::NotGrown { waiting } => {
            format!("{waiting} events are covered by no checkpoint yet (hint: run `candor grow` first)")
        }
        Refusal::FilingDoesNotFit { year } => {
            format!("the filing for {year} does not show the state it was frozen at")
        }
        Refusal::NothingToRestate { year } => format!(
            "nothing that the report for {year} shows has changed since it was filed, so there is nothing to restate"
        ),
        Refusal::NoCause { year } => {
            let causes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
            format!("the restatement of {year} names no cause (hint: one or more of {})", causes.join(", "))
        }
        Refusal::FilingUnknown { year, kind } => {
            format!("no {kind} report for {year} is filed (hint: `candor filings` lists those that are)")
        }
        Refusal::ReceiptBeforeFiling { year, on, filed_on } => {
            format!("the receipt is of {on} and the report for {year} was filed on {filed_on} (hint: correct the day)")
        }
        Refusal::ReceiptRecorded { year, kind } => {
            format!("a receipt for the {kind} report for {year} is recorded already")
        }
        Refusal::Request(refusal) => refusal.to_string(),
        Refusal::RunRecorded { kind, input, at } => {
            format!("the {kind} of this file was recorded at {at}: SHA-256 {input} (hint: there is nothing left to do)")
        }
        Refusal::RunDoesNotAddUp { rows } => {
            format!(
                "{rows} rows were read, and not each is counted as one thing (hint: report this to who made candor)"
            )
        }
        Refusal::Watch(refusal) => refusal.to_string(),
        Refusal::Custody(refusal) => refusal.to_string(),
        Refusal::Staff(refusal) => refusal.to_string(),
        Refusal::Inquiry(refusal) => refusal.to_string(),
        Refusal::Retention(refusal) => refusal.to_string(),
        Refusal::Receipt(refusal) => refusal.to_string(),
        Refusal::Reading(refusal) => refusal.to_string(),
    }
}

/// A number and its unit: `1 event`, `2 events`.
pub fn counted<N: fmt::Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let word = if number == N::from(1) { one } else { many };
    format!("{number} {word}")
}

/// Why a report is restated, as pages and screens say it.
pub fn cause_title(cause: Cause) -> &'static str {
    match cause {
        Cause::Late => "something of the year was registered after its closing",
        Cause::Correction => "what was registered was corrected",
        Cause::Duplicate => "a request was one already counted",
        Cause::Outcome => "an outcome became known",
        Cause::Coverage => "the coverage was measured anew",
        Cause::Rule => "the law or a counting rule was read otherwise",
    }
}

/// The rows of a table as pages call them.
pub fn table_title(table: Set) -> &'static str {
    match table {
        Set::Period => "the report",
        Set::Requests => "the requests",
        Set::Outcomes => "the outcomes",
        Set::Held => "the individuals held",
        Set::Transferred => "the individuals transferred",
        Set::Reimbursed => "the cases reimbursed",
        Set::Departures => "the departures",
        Set::Coverage => "the coverage",
    }
}

/// An outcome as pages and screens call it.
pub fn outcome_title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ReleasedBail => "released on bail",
        Outcome::ReleasedRecognizance => "released on own recognizance",
        Outcome::ReleasedNoCharge => "released, no charge",
        Outcome::ReleasedSentenceServed => "released, sentence served",
        Outcome::ReleasedOther => "released otherwise",
        Outcome::TakenToCourt => "taken to court",
        Outcome::OtherAgency => "handed to another agency",
        Outcome::Transferred => "transferred to immigration authorities",
        Outcome::RequestWithdrawn => "request withdrawn by the requester",
        Outcome::EnteredInError => "entered in error, says the source",
        Outcome::Unknown => "unknown",
        Outcome::NotTransferred => "not transferred to immigration authorities",
    }
}

/// A tick-box as pages and screens call it.
pub fn ground_title(ground: Ground) -> &'static str {
    match ground {
        Ground::FinalOrder => "final order of removal",
        Ground::PendingProceedings => "ongoing removal proceedings",
        Ground::BiometricMatch => "biometric match and records check",
        Ground::Statements => "statements or other evidence",
        Ground::ResumeCustody => "box 2: DHS means to resume custody",
    }
}

/// An authority as pages and screens call it.
pub fn authority_title(authority: Authority) -> &'static str {
    match authority {
        Authority::CriminalWarrant => "criminal warrant issued by a judicial officer",
        Authority::JudicialOrder => "another judicial warrant or order",
        Authority::DetainerAlone => "the detainer alone",
        Authority::NotRecorded => "authority not recorded",
    }
}

/// A form as pages and screens call it.
pub fn form_title(form: Form) -> String {
    match form {
        Form::OtherJudicial => "another paper of a court".to_owned(),
        Form::Subpoena => "administrative subpoena".to_owned(),
        Form::InformationRequest => "request for information".to_owned(),
        Form::InterviewRequest => "request for an interview".to_owned(),
        Form::JointOperationRequest => "request for a joint operation".to_owned(),
        Form::Other => "another paper".to_owned(),
        Form::DetainerNotRecorded => "detainer, form not recorded".to_owned(),
        Form::Ao442 => "Form AO 442".to_owned(),
        Form::I247
        | Form::I247D
        | Form::I247N
        | Form::I247X
        | Form::I247A
        | Form::I247G
        | Form::I200
        | Form::I205
        | Form::I203 => format!("Form {}", form.code().to_uppercase()),
    }
}

/// A departure code as pages and screens call it.
pub fn departure_title(code: Departure) -> &'static str {
    match code {
        Departure::CourtPaper => "a court's paper in hand",
        Departure::Directed => "directed by a supervisor",
        Departure::Emergency => "danger to life",
        Departure::Mistake => "recorded as a mistake",
        Departure::Other => "another reason",
    }
}

/// A measure as pages and screens call it.
pub fn measure_title(measure: Measure) -> &'static str {
    match measure {
        Measure::Transmissions => "transmissions registered",
        Measure::AsksDecided => "asks decided",
        Measure::OutcomesKnown => "requests with a known outcome",
        Measure::BookingsAnswered => "bookings that answered \"any federal paper?\"",
        Measure::LineHoursProven => "hours in which a line was proven alive",
        Measure::GatewayAccounted => "messages a gateway counted, accounted for",
        Measure::ToursReported => "tours with a zero report or a request",
        Measure::InquiriesFound => "inquiries answered \"registered\"",
        Measure::CarrierAccounted => "calls a carrier counted, accounted for",
        Measure::ArrivalsRead => "arrivals that were read",
        Measure::BookingsCounted => "tours whose bookings were counted",
    }
}

/// An alarm as pages and screens call it, with its number.
pub fn alarm_title(kind: AlarmKind, number: u64) -> String {
    match kind {
        AlarmKind::TestsMissed => {
            counted(number, "test missed since the last one seen", "tests missed since the last one seen")
        }
        AlarmKind::NoTests => "no test is listed".to_owned(),
        AlarmKind::LineSilent => "silent for longer than chance allows".to_owned(),
        AlarmKind::CountsUnaccounted => {
            counted(number, "message counted and not accounted for", "messages counted and not accounted for")
        }
        AlarmKind::CountsExceeded => format!("{number} more registered than was counted"),
        AlarmKind::ArrivalsUnread => counted(number, "arrival unread for over a day", "arrivals unread for over a day"),
        AlarmKind::NoTours => "no tour is listed".to_owned(),
        AlarmKind::ToursSilent => counted(
            number,
            "tour with neither a zero report nor a request",
            "tours with neither a zero report nor a request",
        ),
        AlarmKind::ZeroContradicted => {
            counted(number, "zero report that a paper contradicts", "zero reports that a paper contradicts")
        }
        AlarmKind::BookingsUnanswered => counted(number, "booking without an answer", "bookings without an answer"),
        AlarmKind::AsksUndecided => counted(number, "ask undecided for over a day", "asks undecided for over a day"),
        AlarmKind::OutcomesUnknown => counted(
            number,
            "request without an outcome for over 30 days",
            "requests without an outcome for over 30 days",
        ),
        AlarmKind::OutcomesContradicted => counted(
            number,
            "request whose outcome is not how custody ended",
            "requests whose outcome is not how custody ended",
        ),
    }
}

/// Who is to act, as pages and screens call them.
pub fn to_act_title(who: ToAct) -> &'static str {
    match who {
        ToAct::Supervisor => "the unit's supervisor",
        ToAct::LineSteward => "the steward of lines",
        ToAct::Records => "records",
    }
}

/// The title of a reason that a report item is broken down by.
pub fn reason_title(code: &str) -> String {
    if code == crate::report::NO_GROUND {
        return "no ground ticked or recorded".to_owned();
    }
    let ground = code.parse().ok().map(|word| ground_title(word).to_owned());
    let authority = || code.parse().ok().map(|word| authority_title(word).to_owned());
    let outcome = || code.parse().ok().map(|word| outcome_title(word).to_owned());
    let form = || code.parse().ok().map(form_title);
    ground.or_else(authority).or_else(outcome).or_else(form).unwrap_or_else(|| code.to_owned())
}
