//! The sentences of refusals about what becomes of a request.

use std::fmt;

use super::{RequestRefusal, Stays};
use crate::forms::FormUse;
use crate::ids::RequestId;
use crate::words::Form;

impl fmt::Display for RequestRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sentence(self))
    }
}

fn sentence(refusal: &RequestRefusal) -> String {
    match refusal {
        RequestRefusal::ArrivalRegistered { request, line, arrived } => format!(
            "this very arrival on `{line}` at {arrived} is registered already, as `{request}` \
             (hint: nothing is lost and nothing is to be done; if another copy came in the same minute, give the seconds \
             of each, and if it is another request, say `new = true`)"
        ),
        RequestRefusal::SameRequest { request } => {
            format!("`{request}` is named twice (hint: name two requests)")
        }
        RequestRefusal::IsDuplicate { request, same_as } => format!(
            "request `{request}` is recorded as a duplicate of `{same_as}` \
             (hint: record it of `{same_as}`, or reinstate `{request}` if it is none)"
        ),
        RequestRefusal::NotWithdrawn { request } => {
            format!("request `{request}` is recorded as no duplicate (hint: there is nothing to reinstate)")
        }
        RequestRefusal::DuplicateCameFirst { request, arrived, same_as, other_arrived } => format!(
            "request `{request}` arrived on {arrived}, before `{same_as}` on {other_arrived} \
             (hint: the later one is the duplicate: name them the other way round)"
        ),
        RequestRefusal::OtherIndividual { request, other } => format!(
            "requests `{request}` and `{other}` are about different individuals (hint: check the ids of the requests)"
        ),
        RequestRefusal::AlreadySupersedes { request, earlier } => {
            format!("request `{request}` is recorded already as replacing `{earlier}`")
        }
        RequestRefusal::SupersedesLater { request, earlier } => format!(
            "request `{request}` cannot replace `{earlier}`, which came after it or replaces it \
             (hint: name the earlier one as replaced)"
        ),
        RequestRefusal::RequestIsCancelled { request, arrived } => format!(
            "the requester lifted request `{request}` at {arrived}, so nothing of it is left to decide \
             (hint: record what happened then, such as the outcome `request-withdrawn`)"
        ),
        RequestRefusal::CancelledBeforeArrival { request, cancelled, arrived } => format!(
            "request `{request}` arrived on {arrived} and cannot have been lifted on {cancelled} \
             (hint: correct the day, or name the request that was lifted)"
        ),
        RequestRefusal::NothingCorrected { request, field } => nothing_corrected(request, *field),
        RequestRefusal::NoSuchPerson { request, person, persons } => {
            format!("request `{request}` names no person {person} (hint: it names {persons}, counted from 1)")
        }
        RequestRefusal::AskIsDecided { request, ask } => format!(
            "`{}` of request `{request}` is decided and cannot be corrected away (hint: keep it among the asks)",
            ask.code()
        ),
        RequestRefusal::PaperNotAttached { request, paper, attached } => {
            format!("no `{paper}` came with request `{request}` (hint: {})", attached_are(attached))
        }
        RequestRefusal::NoCourtToConfirm { request, paper, signed_by } => format!(
            "the `{paper}` of request `{request}`, signed by `{signed_by}`, is no paper of a court, so none can confirm it \
             (hint: read who signed it, or record `refused`)"
        ),
        RequestRefusal::VerifiedBeforeArrival { request, on, arrived } => format!(
            "request `{request}` arrived on {arrived}, so its papers were not verified on {on} (hint: correct the day)"
        ),
        RequestRefusal::FormNotYetInUse { used, arrived } => {
            format!("{} (hint: read form and edition again, or correct the arrival)", not_yet_in_use(used, *arrived))
        }
        RequestRefusal::ShieldedAlready { request, cause } => {
            format!("`{request}` is shielded for `{cause}` already")
        }
        RequestRefusal::EntryStays { request, of, why } => {
            format!("entry {of} of request `{request}` cannot be taken back: {why}")
        }
    }
}

fn nothing_corrected(request: &RequestId, field: Option<&str>) -> String {
    match field {
        None => format!("the correction of request `{request}` names no field (hint: name what was recorded wrongly)"),
        Some(field) => {
            format!(
                "`{field}` of request `{request}` reads so already (hint: leave out what is right as it was recorded)"
            )
        }
    }
}

fn attached_are(papers: &[Form]) -> String {
    if papers.is_empty() {
        return "no paper is recorded as attached to it".to_owned();
    }
    format!("attached are {}", papers.iter().map(|one| one.code()).collect::<Vec<_>>().join(", "))
}

impl fmt::Display for Stays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stays::NoSuch => {
                f.write_str("there is none (hint: `candor show` tells their numbers; what a paper reads is corrected)")
            }
            Stays::TakenBack => f.write_str("it is taken back already"),
            Stays::SaidByOutcome(outcome) => {
                write!(f, "it is what the outcome says (hint: take the outcome back, entry {outcome})")
            }
        }
    }
}

/// That a form or an edition arrived before its first day.
pub(crate) fn not_yet_in_use(used: &FormUse, arrived: jiff::civil::Date) -> String {
    let edition = used.edition.map(|edition| format!(", edition `{edition}`,")).unwrap_or_default();
    format!("form `{}`{edition} is in use from {} and the paper arrived on {arrived}", used.form, used.from)
}

impl Form {
    /// Whether it is one that a federal agency issues and no judge signs.
    pub(crate) fn is_federal_form(self) -> bool {
        match self {
            Form::I247
            | Form::I247D
            | Form::I247N
            | Form::I247X
            | Form::I247A
            | Form::I247G
            | Form::I200
            | Form::I205
            | Form::I203
            | Form::Subpoena
            | Form::DetainerNotRecorded => true,
            Form::Ao442
            | Form::OtherJudicial
            | Form::InformationRequest
            | Form::InterviewRequest
            | Form::JointOperationRequest
            | Form::Other => false,
        }
    }
}
