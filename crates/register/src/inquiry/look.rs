//! Whether a paper that is presented is registered, and by which rule.
//!
//! In this order:
//!
//! 1. The same form and number, and no other date: *registered*.
//! 2. *Alike* is a request of the same form (or of a detainer whose form is not recorded) that did not arrive before the
//!    date printed, whose own date is not another, and whose number, where both print one, is not another. The same
//!    individual on one that is alike: *registered* where both print the date, else *cannot tell*.
//! 3. One that is alike and about nobody known, or, where the person presented is in no paper yet, of the same date:
//!    *cannot tell*, for a paper can be registered from a bad copy.
//! 4. Where several individuals fit, or no person is printed: *cannot tell* while anything is alike, and where no number
//!    is printed either, always.
//! 5. Else *not registered*.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Answer, InquiryAnswer, Rule};
use crate::ids::{IndividualId, RequestId};
use crate::retention::Thing;
use crate::state::{Register, RequestState};
use crate::words::{Counting, Form};

/// What a paper that is presented shows, as far as the register may know: what it prints is matched by the vault.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What it is.
    pub form: Form,
    /// The date printed on it.
    pub issued_on: Option<Date>,
    /// Whether it prints a number.
    pub numbered: bool,
    /// The registered request with this form and number and no other date, if there is one.
    pub same: Option<RequestId>,
    /// Requests of this form, and no other date, that surely print another number.
    pub others: BTreeSet<RequestId>,
    /// Whom it is about.
    pub who: Who,
}

/// Who was found by what a paper prints about its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// This one.
    One(IndividualId),
    /// Nobody whom a registered paper is about.
    Nobody,
    /// Several fit.
    InDoubt,
    /// Nothing that tells is printed.
    NotPrinted,
}

/// The answer.
pub fn look(register: &Register, shown: &Shown) -> Answer {
    if let Some(request) = &shown.same {
        return registered(Rule::PaperNumber, request);
    }
    let alike: Vec<&RequestState> =
        register.requests.values().filter(|state| is_alike(register, state, shown)).collect();
    let dated = |state: &RequestState| shown.issued_on.is_some() && state.request.issued_on == shown.issued_on;
    match &shown.who {
        Who::One(individual) => {
            let theirs = || alike.iter().filter(|state| is_about(register, state, Some(individual)));
            if let Some(state) = theirs().find(|state| dated(state)) {
                return registered(Rule::IndividualAndDate, &state.request.id);
            }
            if theirs().next().is_some() {
                return cannot_tell(Rule::DateNotPrinted);
            }
            if alike.iter().any(|state| is_about(register, state, None)) {
                return cannot_tell(Rule::Alike);
            }
        }
        Who::Nobody => {
            if alike.iter().any(|state| is_about(register, state, None) || dated(state)) {
                return cannot_tell(Rule::Alike);
            }
        }
        Who::InDoubt if !alike.is_empty() => return cannot_tell(Rule::SeveralIndividuals),
        Who::NotPrinted if !shown.numbered => return cannot_tell(Rule::NothingPrinted),
        Who::NotPrinted if !alike.is_empty() => return cannot_tell(Rule::Alike),
        Who::InDoubt | Who::NotPrinted => {}
    }
    Answer { answer: InquiryAnswer::NotRegistered, rule: Rule::NothingAlike, request: None }
}

fn is_alike(register: &Register, state: &RequestState, shown: &Shown) -> bool {
    let request = &state.request;
    let not_recorded = request.form == Form::DetainerNotRecorded && shown.form.counting() != Counting::NotCounted;
    let zone = register.zone();
    let arrived_before = shown
        .issued_on
        .is_some_and(|on| state.transmissions.iter().all(|transmission| transmission.arrived.day(&zone) < on));
    let of_another_date = shown.issued_on.zip(request.issued_on).is_some_and(|(one, other)| one != other);
    (request.form == shown.form || not_recorded)
        && !arrived_before
        && !of_another_date
        && !shown.others.contains(&request.id)
}

/// Whether one of the subjects is this individual, or one of whom nothing is known. Of what was erased nothing is known: it is
/// never found, and where it may be the paper presented nobody is told that this was never registered.
fn is_about(register: &Register, state: &RequestState, individual: Option<&IndividualId>) -> bool {
    if register.retention.is_erased(&Thing::from(&state.request.id)) {
        return individual.is_none();
    }
    state.request.subjects.iter().any(|subject| subject.individual.as_ref() == individual)
}

fn registered(rule: Rule, request: &RequestId) -> Answer {
    Answer { answer: InquiryAnswer::Registered, rule, request: Some(request.clone()) }
}

fn cannot_tell(rule: Rule) -> Answer {
    Answer { answer: InquiryAnswer::CannotTell, rule, request: None }
}
