//! Which closing rows stay shut for a person's sake, and the sums that stand for them.
//!
//! A row tells little, and beside a police log it may tell enough. So a row about somebody whose custody has not ended for
//! thirty days, or who is shielded (a minor, an arrest for domestic violence, an order of a court), is counted and not
//! shown; and where one row of a month is not, no row of that month is, so that nobody can tell which one it was. There is
//! one code for all of it. INVARIANT: no total is suppressed: the sums of what is withheld are a row of their own, so a
//! stranger recomputes the report from what is shown.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use law::Counted;

use crate::event::Subject;
use crate::ids::{IndividualId, RequestId};
use crate::row::Row;
use crate::state::{Register, RequestState};
use crate::sums;
use crate::time::{Moment, Month, Timestamp, beginning};
use crate::words::Outcome;

/// The one code under which a row is withheld: what slot 7 of its leaf says.
pub const PERSON: &str = "person";

/// How long custody must have ended before a row about somebody is shown: 30 days.
pub const RIPE_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A row before it is known whether it is shown.
pub(crate) struct Drafted {
    pub(crate) row: Row,
    /// The month of what it tells, whether the row says so or not.
    pub(crate) month: Month,
    /// Whether it must stay shut for the sake of somebody it is about.
    pub(crate) sensitive: bool,
}

/// The rows of one table that are shown, the sums of the others among them, and those that are withheld.
pub(crate) fn part(table: Counted, drafted: Vec<Drafted>) -> (Vec<Row>, Vec<Row>) {
    let shut: BTreeSet<Month> = drafted.iter().filter(|one| one.sensitive).map(|one| one.month).collect();
    let (withheld, shown): (Vec<Drafted>, Vec<Drafted>) =
        drafted.into_iter().partition(|one| shut.contains(&one.month));
    let mut shown: Vec<Row> = shown.into_iter().map(|one| one.row).collect();
    let withheld: Vec<Row> = withheld.into_iter().map(|one| one.row).collect();
    if !withheld.is_empty() {
        shown.push(Row::Withheld(sums::of(table, &withheld)));
    }
    (shown, withheld)
}

/// Whose rows must stay shut as of an instant.
pub(crate) struct Sensitive<'a> {
    register: &'a Register,
    as_of: Timestamp,
    /// Requests that are shielded, and those that they repeat.
    requests: BTreeSet<&'a RequestId>,
    /// Everybody whom a shielded request is about.
    individuals: BTreeSet<&'a IndividualId>,
}

impl<'a> Sensitive<'a> {
    pub(crate) fn of(register: &'a Register, as_of: Timestamp) -> Sensitive<'a> {
        let shielded = || register.requests.values().filter(|state| !state.shielded.is_empty());
        let requests = shielded().flat_map(|state| std::iter::once(&state.request.id).chain(&state.duplicate_of));
        let subjects = shielded().flat_map(|state| &state.request.subjects);
        let individuals = subjects.filter_map(|subject| subject.individual.as_ref());
        Sensitive { register, as_of, requests: requests.collect(), individuals: individuals.collect() }
    }

    /// Whether a row about a request must stay shut: somebody it is about is shielded, or was in custody less than thirty
    /// days ago, or nobody has recorded that custody ended.
    pub(crate) fn is(&self, state: &RequestState) -> bool {
        let ripe = |ended: Timestamp| ended.checked_add(RIPE_AFTER).is_ok_and(|ripe| ripe <= self.as_of);
        let mut subjects = state.request.subjects.iter();
        self.is_shielded(state) || !subjects.all(|subject| self.custody_ended(state, subject).is_some_and(ripe))
    }

    /// A shield is of the person: it holds for every request about them, and where nobody is established for those that are
    /// the same request.
    fn is_shielded(&self, state: &RequestState) -> bool {
        let mut ids = std::iter::once(&state.request.id).chain(&state.duplicate_of);
        let mut people = state.request.subjects.iter().filter_map(|subject| subject.individual.as_ref());
        ids.any(|id| self.requests.contains(id)) || people.any(|one| self.individuals.contains(one))
    }

    /// When the custody of a subject ended: by its record, where there is one; else by the outcome of the request.
    fn custody_ended(&self, state: &RequestState, subject: &Subject) -> Option<Timestamp> {
        let episode = subject.episode.as_ref().and_then(|id| self.register.custody.of(id));
        if let Some(last) = episode.and_then(|episode| episode.stays(self.as_of).pop()) {
            return last.ended.map(|(_, at)| at);
        }
        let ended = state.outcome.filter(|one| ends_custody(one.outcome))?;
        match ended.at {
            Moment::At(at) => Some(at),
            // The latest instant that the day can mean.
            Moment::On(day) => beginning(day.tomorrow().ok()?, &self.register.zone()),
        }
    }
}

/// Whether an outcome says that the person is no longer in the city's custody.
fn ends_custody(outcome: Outcome) -> bool {
    match outcome {
        Outcome::ReleasedBail
        | Outcome::ReleasedRecognizance
        | Outcome::ReleasedNoCharge
        | Outcome::ReleasedSentenceServed
        | Outcome::ReleasedOther
        | Outcome::TakenToCourt
        | Outcome::OtherAgency
        | Outcome::Transferred => true,
        Outcome::RequestWithdrawn | Outcome::EnteredInError | Outcome::Unknown | Outcome::NotTransferred => false,
    }
}
