//! Which closing rows stay shut for a person's sake, and the sums that stand for them.
//!
//! A row tells little, and beside a police log it may tell enough. So a row about somebody whose custody has not ended for
//! thirty days, or who is shielded (a minor, an arrest for domestic violence, an order of a court), is counted and not
//! shown; and where one row of a month is not, no row of that month is, so that nobody can tell which one it was. There is
//! one code for all of it. INVARIANT: no total is suppressed: the sums of what is withheld are a row of their own, so a
//! stranger recomputes the report from what is shown.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use law::Counted;

use crate::event::Subject;
use crate::ids::{IndividualId, RequestId};
use crate::row::{DoneSums, Remainder, RequestSums, Row};
use crate::state::{Register, RequestState};
use crate::time::{Moment, Month, Timestamp, beginning};
use crate::words::{Counting, Form, Ground, Outcome};

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
        shown.push(Row::Withheld(sums(table, &withheld)));
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

/// The sums of all rows of a table: of those by themselves, and of sums among them.
pub fn sums<'a>(table: Counted, rows: impl IntoIterator<Item = &'a Row>) -> Remainder {
    let mut sums = match table {
        Counted::Requests => Remainder::Requests(RequestSums::default()),
        Counted::Held => Remainder::Held(DoneSums::default()),
        Counted::Transferred => Remainder::Transferred(DoneSums::default()),
        Counted::Reimbursed => Remainder::Reimbursed { cases: 0, cents: 0 },
    };
    rows.into_iter().for_each(|row| sums.add(row));
    sums
}

/// The sums of all rows of requests.
pub fn request_sums<'a>(rows: impl IntoIterator<Item = &'a Row>) -> RequestSums {
    match sums(Counted::Requests, rows) {
        Remainder::Requests(sums) => sums,
        Remainder::Held(_) | Remainder::Transferred(_) | Remainder::Reimbursed { .. } => RequestSums::default(),
    }
}

impl Remainder {
    /// Adds a row of its table, or other sums of it; a row of another table adds nothing.
    pub fn add(&mut self, row: &Row) {
        match (self, row) {
            (Remainder::Requests(sums), Row::Request { form, grounds, counting, .. }) => {
                sums.add(*form, grounds, *counting);
            }
            (Remainder::Requests(sums), Row::Withheld(Remainder::Requests(others))) => {
                raise(&mut sums.counted, others.counted);
                raise(&mut sums.unclear, others.unclear);
                raise(&mut sums.without_ground, others.without_ground);
                add_all(&mut sums.forms, &others.forms);
                add_all(&mut sums.grounds, &others.grounds);
            }
            (Remainder::Held(sums), Row::Held { authorities, known_by })
            | (Remainder::Transferred(sums), Row::Transferred { authorities, known_by }) => {
                raise(sums.known_by.entry(*known_by).or_default(), 1);
                authorities.iter().for_each(|one| raise(sums.authorities.entry(*one).or_default(), 1));
            }
            (Remainder::Held(sums), Row::Withheld(Remainder::Held(others)))
            | (Remainder::Transferred(sums), Row::Withheld(Remainder::Transferred(others))) => {
                add_all(&mut sums.known_by, &others.known_by);
                add_all(&mut sums.authorities, &others.authorities);
            }
            (Remainder::Reimbursed { cases, cents }, Row::Reimbursed { cents: more }) => {
                raise(cases, 1);
                raise(cents, *more);
            }
            (
                Remainder::Reimbursed { cases, cents },
                Row::Withheld(Remainder::Reimbursed { cases: others, cents: more }),
            ) => {
                raise(cases, *others);
                raise(cents, *more);
            }
            (
                Remainder::Requests(_) | Remainder::Held(_) | Remainder::Transferred(_) | Remainder::Reimbursed { .. },
                _,
            ) => {}
        }
    }
}

impl RequestSums {
    fn add(&mut self, form: Form, grounds: &[Ground], counting: Counting) {
        match counting {
            Counting::Counted => {}
            Counting::Unclear => return raise(&mut self.unclear, 1),
            Counting::NotCounted => return,
        }
        raise(&mut self.counted, 1);
        raise(self.forms.entry(form).or_default(), 1);
        raise(&mut self.without_ground, u64::from(grounds.is_empty()));
        grounds.iter().for_each(|ground| raise(self.grounds.entry(*ground).or_default(), 1));
    }
}

/// Numbers that a stranger publishes may be of any size.
fn raise(number: &mut u64, by: u64) {
    *number = number.saturating_add(by);
}

fn add_all<T: Ord + Copy>(sums: &mut BTreeMap<T, u64>, others: &BTreeMap<T, u64>) {
    others.iter().for_each(|(word, number)| raise(sums.entry(*word).or_default(), *number));
}
