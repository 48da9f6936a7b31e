//! Inquiries: a person presents a paper and asks whether it is registered.
//!
//! The answer is one of three, with the rule it follows from, and nothing else is ever shown. What cannot be told is said
//! so, and a person settles it by hand.

mod look;
mod words;

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

pub use look::{Shown, Who, look};
pub use words::{InquiryAnswer, Rule};

use crate::Refusal;
use crate::event::Event;
use crate::ids::{InquiryId, LineId, PaperId, PersonId, RequestId};
use crate::retention::Target;
use crate::state::Register;
use crate::time::{Moment, Timestamp, day_of};
use crate::words::Form;

/// Days within which an inquiry is due to be answered, the day on which it was presented not among them.
pub const DUE_DAYS: i32 = 10;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryEvent {
    /// A person presented a paper.
    InquiryReceived(Presented),
    /// The person was answered.
    InquiryAnswered(Given),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryCommand {
    /// Record that a person presented a paper.
    ReceiveInquiry(Presented),
    /// Answer.
    AnswerInquiry(Given),
}

/// A paper that was presented. What it prints is in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// Where the vault keeps what the paper prints.
    pub paper: PaperId,
    /// What it is.
    pub form: Form,
    /// The date printed on it.
    pub issued_on: Option<Date>,
    /// The desk or mailbox where it was presented.
    pub line: LineId,
    /// When.
    pub received: Moment,
}

/// An answer as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// To which inquiry.
    pub inquiry: InquiryId,
    /// What.
    pub answer: Answer,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What the person is told.
    pub answer: InquiryAnswer,
    /// The rule it follows from.
    pub rule: Rule,
    /// The request that was found; never shown to whoever asked.
    pub request: Option<RequestId>,
}

impl Answer {
    /// Whether the rule gives this answer, and a request is named exactly where one was found.
    pub fn fits(&self) -> bool {
        self.rule.gives(self.answer) && self.request.is_some() == (self.answer == InquiryAnswer::Registered)
    }
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryRefusal {
    /// It is answered already, and the answer told.
    AnsweredAlready {
        /// Which.
        inquiry: InquiryId,
        /// How.
        answer: InquiryAnswer,
    },
    /// The rule gives another answer, or the request is missing or too much.
    AnswerDoesNotFit {
        /// Which.
        inquiry: InquiryId,
    },
    /// The request found is on another form.
    AnotherForm {
        /// Which.
        inquiry: InquiryId,
        /// The form presented.
        presented: Form,
        /// The form of the request.
        found: Form,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Inquiry {
    /// Every inquiry, by id.
    pub inquiries: BTreeMap<InquiryId, Inquired>,
}

/// An inquiry and its answers.
#[derive(Debug, Clone)]
pub struct Inquired {
    /// The number of the event that recorded it.
    pub seq: u64,
    /// What was presented.
    pub presented: Presented,
    /// The answers, each with the time of record; a second one only where the first could not tell.
    pub answers: Vec<(Answer, Timestamp)>,
}

/// Inquiries of a period, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Presented in it.
    pub received: u64,
    /// Answered *registered*, now.
    pub registered: u64,
    /// Answered *not registered*, now.
    pub not_registered: u64,
    /// Answered *cannot tell*, and nothing since.
    pub cannot_tell: u64,
    /// Not answered yet.
    pub open: u64,
    /// Not answered within [`DUE_DAYS`] days, whatever came later.
    pub late: u64,
}

/// How the inquiries presented from a day to another, both included, were answered, as far as recorded.
pub fn answered(register: &Register, from: Date, until: Date) -> Counted {
    let zone = register.zone();
    let mut counted = Counted::default();
    for inquired in register.inquiry.inquiries.values() {
        let day = inquired.presented.received.day(&zone);
        if day < from || until < day {
            continue;
        }
        counted.received += 1;
        counted.late += u64::from(register.is_late(inquired));
        match inquired.answer().map(|answer| answer.answer) {
            Some(InquiryAnswer::Registered) => counted.registered += 1,
            Some(InquiryAnswer::NotRegistered) => counted.not_registered += 1,
            Some(InquiryAnswer::CannotTell) => counted.cannot_tell += 1,
            None => counted.open += 1,
        }
    }
    counted
}

impl Inquired {
    /// The answer that stands, if one was given.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.last().map(|(answer, _)| answer)
    }
}

impl InquiryEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> InquiryCommand {
        match self.clone() {
            InquiryEvent::InquiryReceived(presented) => InquiryCommand::ReceiveInquiry(presented),
            InquiryEvent::InquiryAnswered(given) => InquiryCommand::AnswerInquiry(given),
        }
    }
}

impl std::fmt::Display for InquiryRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InquiryRefusal::AnsweredAlready { inquiry, answer } => {
                write!(f, "inquiry `{inquiry}` is answered already: {answer}")
            }
            InquiryRefusal::AnswerDoesNotFit { inquiry } => write!(
                f,
                "this answer to inquiry `{inquiry}` does not fit (hint: `registered` names the request, and nothing else does; \
                 by hand it is `registered` or `not-registered`)"
            ),
            InquiryRefusal::AnotherForm { inquiry, presented, found } => write!(
                f,
                "inquiry `{inquiry}` is about a paper `{presented}`, and the request is a `{found}` (hint: check the \
                 request)"
            ),
        }
    }
}

impl From<InquiryRefusal> for Refusal {
    fn from(refusal: InquiryRefusal) -> Refusal {
        Refusal::Inquiry(refusal)
    }
}

impl Register {
    /// The last day on which an answer is in time.
    pub fn due(&self, inquired: &Inquired) -> Date {
        inquired.presented.received.day(&self.zone()).saturating_add(DUE_DAYS.days())
    }

    /// Whether the first answer came after that day, or none came until the last record.
    pub fn is_late(&self, inquired: &Inquired) -> bool {
        let until = inquired.answers.first().map(|(_, at)| *at).or(self.last_at);
        until.is_some_and(|at| day_of(at, &self.zone()) > self.due(inquired))
    }

    /// The answer that stands of an inquiry that is there, and when it was given.
    ///
    /// # Errors
    /// It is not there or was erased, or it is not answered, so that there is no answer.
    pub fn standing_answer(&self, inquiry: &InquiryId) -> Result<(u64, Given, Timestamp), Refusal> {
        self.is_there(&Target::Inquiry(inquiry.clone()))?;
        let unknown = || Refusal::IdUnknown { id: inquiry.to_string() };
        let inquired = self.inquiry.inquiries.get(inquiry).ok_or_else(unknown)?;
        let last = inquired.answers.last();
        let last = last.ok_or_else(|| Refusal::IdUnknown { id: format!("answer to {inquiry}") })?;
        Ok((inquired.seq, Given { inquiry: inquiry.clone(), answer: last.0.clone() }, last.1))
    }

    /// What carries out the command.
    pub(crate) fn handle_inquiry(
        &self,
        command: &InquiryCommand,
        _by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            InquiryCommand::ReceiveInquiry(presented) => {
                if self.inquiry.inquiries.contains_key(&presented.inquiry) {
                    return Err(Refusal::IdTaken { id: presented.inquiry.to_string() });
                }
                self.line_takes(&presented.line, presented.received)?;
                self.past(presented.received, at)?;
                InquiryEvent::InquiryReceived(presented.clone())
            }
            InquiryCommand::AnswerInquiry(given) => {
                self.may_answer(given)?;
                InquiryEvent::InquiryAnswered(given.clone())
            }
        };
        Ok(vec![Event::Inquiry(event)])
    }

    fn may_answer(&self, given: &Given) -> Result<(), Refusal> {
        let Given { inquiry: id, answer } = given;
        let unknown = |id: &dyn std::fmt::Display| Refusal::IdUnknown { id: id.to_string() };
        let inquired = self.inquiry.inquiries.get(id).ok_or_else(|| unknown(id))?;
        match inquired.answer().map(|answer| answer.answer) {
            Some(told @ (InquiryAnswer::Registered | InquiryAnswer::NotRegistered)) => {
                return Err(InquiryRefusal::AnsweredAlready { inquiry: id.clone(), answer: told }.into());
            }
            Some(InquiryAnswer::CannotTell) if answer.answer == InquiryAnswer::CannotTell => {
                return Err(InquiryRefusal::AnsweredAlready { inquiry: id.clone(), answer: answer.answer }.into());
            }
            Some(InquiryAnswer::CannotTell) | None => {}
        }
        if !answer.fits() {
            return Err(InquiryRefusal::AnswerDoesNotFit { inquiry: id.clone() }.into());
        }
        let Some(request) = &answer.request else { return Ok(()) };
        let found = self.requests.get(request).ok_or_else(|| unknown(request))?.request.form;
        let presented = inquired.presented.form;
        if answer.rule != Rule::ByHand && found != presented {
            return Err(InquiryRefusal::AnotherForm { inquiry: id.clone(), presented, found }.into());
        }
        Ok(())
    }

    /// Takes the event into the state.
    pub(crate) fn take_inquiry(&mut self, event: &InquiryEvent, _by: &PersonId, at: Timestamp) -> Result<(), String> {
        match event {
            InquiryEvent::InquiryReceived(presented) => {
                let Presented { inquiry, line, .. } = presented;
                if !self.lines.contains_key(line) {
                    return Err(format!("`{line}` is not there before it"));
                }
                if self.inquiry.inquiries.contains_key(inquiry) {
                    return Err(format!("`{inquiry}` is there already"));
                }
                let (seq, presented) = (self.last_seq + 1, presented.clone());
                let inquired = Inquired { seq, presented, answers: Vec::new() };
                self.inquiry.inquiries.insert(inquiry.clone(), inquired);
            }
            InquiryEvent::InquiryAnswered(Given { inquiry, answer }) => {
                let known = answer.request.as_ref().is_none_or(|request| self.requests.contains_key(request));
                if !answer.fits() || !known {
                    return Err("its answer does not fit".to_owned());
                }
                let inquired = self.inquiry.inquiries.get_mut(inquiry);
                let inquired = inquired.ok_or_else(|| format!("`{inquiry}` is not there before it"))?;
                let told = inquired.answer().map(|told| told.answer);
                if told.is_some_and(|told| told != InquiryAnswer::CannotTell || told == answer.answer) {
                    return Err(format!("`{inquiry}` is answered already"));
                }
                inquired.answers.push((answer.clone(), at));
            }
        }
        Ok(())
    }
}
