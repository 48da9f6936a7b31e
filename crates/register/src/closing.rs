//! The rows of a closed year: everything a report shows, as leaves of its own.
//!
//! Each table of the report is a set of rows. Rows carry no id, no day and nothing of another table, and each is salted
//! by a key of its own, so no row can be joined to a day or to a row of another table. Strangers recompute every total
//! from them and compare their number with the leaves that are counted.
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::coverage::{self, count};
use crate::event::{Frozen, Subject};
use crate::row::{Period, Restates, Row};
use crate::state::{Done, Register, RequestState};
use crate::time::{Month, Timestamp, Year};
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

/// All rows of a year, in canonical order. Empty before the register is opened.
///
/// Requests count by the day they arrived; holds, transfers and reimbursements by their own day. Individuals are counted
/// once in each table, however many requests name them.
pub fn rows(register: &Register, drawn: &Drawn) -> Vec<Row> {
    let Some(opening) = &register.opened else { return Vec::new() };
    let counted = |state: &&RequestState| state.counting != Counting::NotCounted;
    let requests: Vec<&RequestState> = register.requests_of(drawn.year).collect();
    let mut rows = vec![Row::Period(Period {
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
    for state in requests.iter().copied().filter(counted) {
        rows.push(request_row(register, state));
        rows.push(Row::Outcome(state.known_outcome().unwrap_or(Outcome::Unknown)));
    }
    // A departure stays one, also where the request turns out to repeat another; one that was taken back is a mistake.
    for state in register.requests.values().filter(|state| state.year == drawn.year) {
        let departed = state.decisions.values().map(|made| &made.decision).filter_map(|decision| {
            decision.departure.as_ref().map(|(code, _)| Row::Departure { ask: decision.ask, code: *code })
        });
        rows.extend(departed);
        let taken_back = state.taken_back.iter().filter_map(|one| one.departed);
        rows.extend(taken_back.map(|ask| Row::Departure { ask, code: Departure::Mistake }));
    }
    rows.extend(done_rows(
        register,
        drawn.year,
        |state| &state.held,
        |authorities, known_by| Row::Held { authorities, known_by },
    ));
    rows.extend(done_rows(
        register,
        drawn.year,
        |state| &state.transferred,
        |authorities, known_by| Row::Transferred { authorities, known_by },
    ));
    rows.extend(reimbursed_rows(register, drawn.year));
    rows.extend(coverage::measure(register, drawn.year, drawn.as_of).into_iter().map(Row::Coverage));
    rows.sort();
    rows
}

/// The one row that says what the rows are of.
pub fn period(rows: &[Row]) -> Option<&Period> {
    rows.iter().find_map(|row| if let Row::Period(period) = row { Some(period) } else { None })
}

/// Whether two sets of rows show the same of their year, whenever they were drawn.
pub fn show_the_same(one: &[Row], other: &[Row]) -> bool {
    let others = |rows: &[Row]| period(rows).map(|period| period.other_requests);
    let shown = |row: &&Row| !matches!(row, Row::Period(_));
    one.iter().filter(shown).eq(other.iter().filter(shown)) && others(one) == others(other)
}

impl Register {
    /// Whether a closed year would show something else if it were closed again now.
    pub fn changed_since_closing(&self, year: Year) -> bool {
        let Some((_, closed)) = self.last_closing(year) else { return false };
        let Some(period) = period(&closed.rows) else { return false };
        let (as_of, filed_on, frozen) = (period.as_of, period.filed_on, period.frozen);
        !show_the_same(&rows(self, &Drawn { year, as_of, filed_on, frozen, restates: None }), &closed.rows)
    }
}

fn request_row(register: &Register, state: &RequestState) -> Row {
    let arrived = register.arrived_on(state);
    let mut grounds = state.request.grounds.clone();
    grounds.sort();
    Row::Request { month: Month::of(arrived), form: state.request.form, grounds, counting: state.counting }
}

/// One row for each different subject, with its authorities in the order of their list.
fn done_rows(
    register: &Register,
    year: Year,
    done: impl Fn(&RequestState) -> &Vec<Done>,
    row: impl Fn(Vec<Authority>, KnownBy) -> Row,
) -> Vec<Row> {
    let zone = register.zone();
    let mut subjects: BTreeMap<(KnownBy, String), BTreeSet<Authority>> = BTreeMap::new();
    for state in register.requests.values() {
        for (index, one) in done(state).iter().enumerate().filter(|(_, one)| Year::of(one.at.day(&zone)) == year) {
            subjects.entry(told_apart(&one.subject, state, index)).or_default().insert(one.authority);
        }
    }
    subjects.into_iter().map(|((known_by, _), authorities)| row(authorities.into_iter().collect(), known_by)).collect()
}

/// By what a subject is told from another: one of whom nothing is known is never taken for another.
fn told_apart(subject: &Subject, state: &RequestState, index: usize) -> (KnownBy, String) {
    match (&subject.individual, &subject.episode) {
        (Some(individual), _) => (KnownBy::Individual, individual.to_string()),
        (None, Some(episode)) => (KnownBy::Episode, episode.to_string()),
        (None, None) => (KnownBy::Request, format!("{} {index}", state.request.id)),
    }
}

fn reimbursed_rows(register: &Register, year: Year) -> Vec<Row> {
    let mut cases: BTreeMap<String, u64> = BTreeMap::new();
    for state in register.requests.values() {
        for paid in state.reimbursed.iter().filter(|paid| Year::of(paid.on) == year) {
            let sum = cases.entry(state.request.id.to_string()).or_default();
            *sum = sum.saturating_add(paid.cents);
        }
    }
    cases.into_values().map(|cents| Row::Reimbursed { cents }).collect()
}
