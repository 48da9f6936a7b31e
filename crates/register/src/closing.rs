//! The rows of a closed year: everything a report shows, as leaves of its own.
//!
//! Each table of the report is a set of rows. Rows carry no id, no day and nothing of another table, and each is salted
//! by a key of its own, so no row can be joined to a day or to a row of another table. Strangers recompute every total
//! from them and compare their number with the leaves that are counted.
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use law::Counted;

use crate::coverage::{self, count};
use crate::event::{Event, Frozen, Subject};
use crate::row::{Period, Restates, Row};
use crate::state::{ClosedYear, Done, Register, RequestState};
use crate::time::{Month, Timestamp, Year};
use crate::withholding::{self, Drafted, Sensitive};
use crate::words::{Authority, Counting, Departure, FilingKind, KnownBy, Outcome};

/// What a report is drawn for.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The year covered.
    pub year: Year,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The day it is dated.
    pub filed_on: Date,
    /// The checkpoint it was frozen at.
    pub frozen: Frozen,
    /// Which restatement it is, if it is one.
    pub restates: Option<Restates>,
}

/// The rows of a closed year, in canonical order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Those that are shown, with the sums of those that are not.
    pub shown: Vec<Row>,
    /// Those that are withheld for a person's sake.
    pub withheld: Vec<Row>,
}

impl Rows {
    /// Every row by itself, and no sums: the same report follows from these.
    pub fn all(self) -> Vec<Row> {
        let mut all: Vec<Row> = single(&self.shown).cloned().chain(self.withheld).collect();
        all.sort();
        all
    }

    /// The events that enter them.
    pub(crate) fn entered(self, year: Year) -> impl Iterator<Item = Event> {
        let shown = self.shown.into_iter().map(move |row| Event::ClosingEntered { year, row });
        shown.chain(self.withheld.into_iter().map(move |row| Event::ClosingWithheld { year, row }))
    }
}

/// Without the sums of what is withheld.
fn single(rows: &[Row]) -> impl Iterator<Item = &Row> {
    rows.iter().filter(|row| !matches!(row, Row::Withheld(_)))
}

/// All rows of a year. Empty before the register is opened.
///
/// Requests count by the day they arrived; holds, transfers and reimbursements by their own day. Individuals are counted
/// once in each table, however many requests name them. Of outcomes a row says whether it was a transfer, and whether
/// anybody knows: no more than the totals of the report imply.
pub fn rows(register: &Register, drawn: &Drawn) -> Rows {
    let Some(opening) = &register.opened else { return Rows { shown: Vec::new(), withheld: Vec::new() } };
    let counted = |state: &&RequestState| state.counting != Counting::NotCounted;
    let requests: Vec<&RequestState> = register.requests_of(drawn.year).collect();
    let mut shown = vec![Row::Period(Period {
        year: drawn.year,
        mode: opening.opened.mode,
        as_of: drawn.as_of,
        filed_on: drawn.filed_on,
        provisional_on: register
            .filing(drawn.year, FilingKind::Provisional)
            .map(|filing| crate::time::day_of(filing.as_of, &opening.zone)),
        frozen: drawn.frozen,
        pack: opening.opened.pack.clone(),
        other_requests: count(requests.iter().filter(|state| !counted(state))),
        restates: drawn.restates.clone(),
    })];
    let of_requests = requests.iter().copied().filter(counted);
    shown.extend(of_requests.clone().map(|state| Row::Outcome(ended(state))));
    shown.extend(departures(register, drawn.year));
    shown.extend(coverage::measure(register, drawn.year, drawn.as_of).into_iter().map(Row::Coverage));
    let mut withheld = Vec::new();
    let sensitive = Sensitive::of(register, drawn.as_of);
    let held = |authorities, known_by| Row::Held { authorities, known_by };
    let transferred = |authorities, known_by| Row::Transferred { authorities, known_by };
    let tables = [
        (Counted::Requests, of_requests.map(|state| request_row(register, &sensitive, state)).collect()),
        (Counted::Held, done_rows(register, drawn.year, &sensitive, |state| &state.held, held)),
        (Counted::Transferred, done_rows(register, drawn.year, &sensitive, |state| &state.transferred, transferred)),
        (Counted::Reimbursed, reimbursed_rows(register, drawn.year, &sensitive)),
    ];
    for (table, drafted) in tables {
        let (open, shut) = withholding::part(table, drafted);
        shown.extend(open);
        withheld.extend(shut);
    }
    shown.sort();
    withheld.sort();
    Rows { shown, withheld }
}

/// What a row tells of an outcome.
fn ended(state: &RequestState) -> Outcome {
    match state.known_outcome() {
        None => Outcome::Unknown,
        Some(Outcome::Transferred) => Outcome::Transferred,
        Some(_) => Outcome::NotTransferred,
    }
}

/// A departure stays one, also where the request turns out to repeat another; one that was taken back is a mistake.
fn departures(register: &Register, year: Year) -> impl Iterator<Item = Row> {
    register.requests.values().filter(move |state| state.year == year).flat_map(|state| {
        let decisions = state.decisions.values().map(|made| &made.decision);
        let departed = decisions.filter_map(|decision| {
            decision.departure.as_ref().map(|(code, _)| Row::Departure { ask: decision.ask, code: *code })
        });
        let taken_back = state.taken_back.iter().filter_map(|one| one.departed);
        departed.chain(taken_back.map(|ask| Row::Departure { ask, code: Departure::Mistake }))
    })
}

/// The one row that says what the rows are of.
pub fn period(rows: &[Row]) -> Option<&Period> {
    rows.iter().find_map(|row| if let Row::Period(period) = row { Some(period) } else { None })
}

/// Whether two closings tell the same of their year, whenever they were drawn and whatever of it they show.
pub fn tell_the_same(one: Rows, other: Rows) -> bool {
    let told = |rows: Rows| {
        let others = period(&rows.shown).map(|period| period.other_requests);
        let all: Vec<Row> = rows.all().into_iter().filter(|row| !matches!(row, Row::Period(_))).collect();
        (all, others)
    };
    told(one) == told(other)
}

impl ClosedYear {
    /// Its rows.
    pub fn drawn(&self) -> Rows {
        Rows { shown: self.rows.clone(), withheld: self.withheld.clone() }
    }
}

impl Register {
    /// Whether a closed year would tell something else if it were closed again now.
    pub fn changed_since_closing(&self, year: Year) -> bool {
        let Some((_, closed)) = self.last_closing(year) else { return false };
        let Some(period) = period(&closed.rows) else { return false };
        let (as_of, filed_on, frozen) = (period.as_of, period.filed_on, period.frozen);
        let now = rows(self, &Drawn { year, as_of, filed_on, frozen, restates: None });
        !tell_the_same(now, closed.drawn())
    }
}

fn request_row(register: &Register, sensitive: &Sensitive<'_>, state: &RequestState) -> Drafted {
    let month = Month::of(register.arrived_on(state));
    let mut grounds = state.request.grounds.clone();
    grounds.sort();
    let row = Row::Request { month, form: state.request.form, grounds, counting: state.counting };
    Drafted { row, month, sensitive: sensitive.is(state) }
}

/// What was done to one subject in a year.
struct DoneTo {
    authorities: BTreeSet<Authority>,
    first: Month,
    sensitive: bool,
}

/// One row for each different subject, with its authorities in the order of their list.
fn done_rows(
    register: &Register,
    year: Year,
    sensitive: &Sensitive<'_>,
    done: impl Fn(&RequestState) -> &Vec<Done>,
    row: impl Fn(Vec<Authority>, KnownBy) -> Row,
) -> Vec<Drafted> {
    let zone = register.zone();
    let mut subjects: BTreeMap<(KnownBy, String), DoneTo> = BTreeMap::new();
    for state in register.requests.values() {
        for (index, one) in done(state).iter().enumerate() {
            let month = Month::of(one.at.day(&zone));
            if month.year() != year {
                continue;
            }
            let nothing = DoneTo { authorities: BTreeSet::new(), first: month, sensitive: false };
            let to = subjects.entry(told_apart(&one.subject, state, index)).or_insert(nothing);
            to.authorities.insert(one.authority);
            to.first = to.first.min(month);
            to.sensitive |= sensitive.is(state);
        }
    }
    let drafted = subjects.into_iter().map(|((known_by, _), to)| {
        let row = row(to.authorities.into_iter().collect(), known_by);
        Drafted { row, month: to.first, sensitive: to.sensitive }
    });
    drafted.collect()
}

/// By what a subject is told from another: one of whom nothing is known is never taken for another.
fn told_apart(subject: &Subject, state: &RequestState, index: usize) -> (KnownBy, String) {
    match (&subject.individual, &subject.episode) {
        (Some(individual), _) => (KnownBy::Individual, individual.to_string()),
        (None, Some(episode)) => (KnownBy::Episode, episode.to_string()),
        (None, None) => (KnownBy::Request, format!("{} {index}", state.request.id)),
    }
}

fn reimbursed_rows(register: &Register, year: Year, sensitive: &Sensitive<'_>) -> Vec<Drafted> {
    let of_case = |state: &RequestState| {
        let paid: Vec<_> = state.reimbursed.iter().filter(|paid| Year::of(paid.on) == year).collect();
        let month = paid.iter().map(|paid| Month::of(paid.on)).min()?;
        let cents = paid.iter().fold(0, |sum: u64, paid| sum.saturating_add(paid.cents));
        Some(Drafted { row: Row::Reimbursed { cents }, month, sensitive: sensitive.is(state) })
    };
    register.requests.values().filter_map(of_case).collect()
}
