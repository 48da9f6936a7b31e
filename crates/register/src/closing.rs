//! The rows of a closed year: everything a report shows, as leaves of its own.
//!
//! Each table of the report is a set of rows. Rows carry no id, no day and nothing of another table, and each is salted
//! by a key of its own, so no row can be joined to a day or to a row of another table. Strangers recompute every total
//! from them and compare their number with the leaves that are counted.
#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use law::Ask;

use crate::coverage;
use crate::event::{Frozen, PackRef, Subject};
use crate::state::{Done, Register, RequestState};
use crate::time::{Month, Timestamp, Year};
use crate::words::{Authority, Counting, Departure, FilingKind, Form, Ground, KnownBy, Mode, Outcome, Set};

/// One row of one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// What the report is of: one row.
    Period(Period),
    /// A request that counts, on every reading of the law or on one.
    Request { month: Month, form: Form, grounds: Vec<Ground> },
    /// What became of a request that counts; `unknown` where nothing is recorded.
    Outcome(Outcome),
    /// A different individual held past release.
    Held { authority: Authority, known_by: KnownBy },
    /// A different individual transferred to immigration authorities.
    Transferred { authority: Authority, known_by: KnownBy },
    /// The reimbursements of one case.
    Reimbursed { cents: u64 },
    /// A decision that departed from the law's answer.
    Departure { ask: Ask, code: Departure },
    /// How much of what should have been seen was seen.
    Coverage(coverage::Measured),
}

/// What the report is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The year covered.
    pub year: Year,
    /// Invented or real.
    pub mode: Mode,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The day the report is dated.
    pub filed_on: Date,
    /// The day of a provisional letter filed before, if there was one.
    pub provisional_on: Option<Date>,
    /// The checkpoint it was frozen at: size, then root in base64.
    pub frozen: (u64, String),
    /// The law pack: id, version, hash.
    pub pack: (String, String, String),
    /// Requests of the year that are registered but are no detainer requests: counted in no item.
    pub other_requests: u64,
}

impl Row {
    /// The table it belongs to.
    pub fn set(&self) -> Set {
        match self {
            Row::Period(_) => Set::Period,
            Row::Request { .. } => Set::Requests,
            Row::Outcome(_) => Set::Outcomes,
            Row::Held { .. } => Set::Held,
            Row::Transferred { .. } => Set::Transferred,
            Row::Reimbursed { .. } => Set::Reimbursed,
            Row::Departure { .. } => Set::Departures,
            Row::Coverage(_) => Set::Coverage,
        }
    }
}

/// What a report is drawn for.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    /// The year covered.
    pub year: Year,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The day it is dated.
    pub filed_on: Date,
    /// The checkpoint it was frozen at.
    pub frozen: Frozen,
}

/// All rows of a year, in canonical order. Empty before the register is opened.
///
/// Requests count by the day they arrived; holds, transfers and reimbursements by their own day. Individuals are counted
/// once in each table, however many requests name them.
pub fn rows(register: &Register, drawn: Drawn) -> Vec<Row> {
    let Some(opening) = &register.opened else { return Vec::new() };
    let counted = |state: &&RequestState| state.request.form.counting() != Counting::NotCounted;
    let requests: Vec<&RequestState> = register.requests_of(drawn.year).collect();
    let mut rows = vec![Row::Period(Period {
        year: drawn.year,
        mode: opening.opened.mode,
        as_of: drawn.as_of,
        filed_on: drawn.filed_on,
        provisional_on: register
            .filing(drawn.year, FilingKind::Provisional)
            .map(|filing| crate::time::day_of(filing.as_of, &opening.zone)),
        frozen: (drawn.frozen.size, drawn.frozen.root.to_string()),
        pack: pack_of(&opening.opened.pack),
        other_requests: count(requests.iter().filter(|state| !counted(state))),
    })];
    for state in requests.iter().copied().filter(counted) {
        rows.extend(request_row(register, state));
        rows.push(Row::Outcome(state.outcome.map_or(Outcome::Unknown, |(outcome, _)| outcome)));
    }
    for state in &requests {
        let departed = state.decisions.values().filter_map(|decision| {
            decision.departure.as_ref().map(|(code, _)| Row::Departure { ask: decision.ask, code: *code })
        });
        rows.extend(departed);
    }
    rows.extend(done_rows(
        register,
        drawn.year,
        |state| &state.held,
        |authority, known_by| Row::Held { authority, known_by },
    ));
    rows.extend(done_rows(
        register,
        drawn.year,
        |state| &state.transferred,
        |authority, known_by| Row::Transferred { authority, known_by },
    ));
    rows.extend(reimbursed_rows(register, drawn.year));
    rows.extend(coverage::measure(register, drawn.year).into_iter().map(Row::Coverage));
    rows.sort();
    rows
}

/// A pack as rows give it.
pub fn pack_of(pack: &PackRef) -> (String, String, String) {
    (pack.id.clone(), pack.version.clone(), pack.hash.to_string())
}

fn request_row(register: &Register, state: &RequestState) -> Option<Row> {
    let arrived = state.transmissions.first()?.arrived.day(&register.zone());
    let mut grounds = state.request.grounds.clone();
    grounds.sort();
    Some(Row::Request { month: Month::of(arrived), form: state.request.form, grounds })
}

/// One row for each different subject; the first authority recorded stands for a subject that several requests name.
fn done_rows(
    register: &Register,
    year: Year,
    done: impl Fn(&RequestState) -> &Vec<Done>,
    row: impl Fn(Authority, KnownBy) -> Row,
) -> Vec<Row> {
    let zone = register.zone();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for state in register.requests.values() {
        for one in done(state).iter().filter(|one| Year::of(one.at.day(&zone)) == year) {
            let (key, known_by) = told_apart(&one.subject, state);
            if seen.insert(key) {
                rows.push(row(one.authority, known_by));
            }
        }
    }
    rows
}

fn told_apart(subject: &Subject, state: &RequestState) -> (String, KnownBy) {
    match (&subject.individual, &subject.episode) {
        (Some(individual), _) => (individual.to_string(), KnownBy::Individual),
        (None, Some(episode)) => (episode.to_string(), KnownBy::Episode),
        (None, None) => (state.request.id.to_string(), KnownBy::Request),
    }
}

fn reimbursed_rows(register: &Register, year: Year) -> Vec<Row> {
    let mut cases: BTreeMap<String, u64> = BTreeMap::new();
    for state in register.requests.values() {
        for (cents, _) in state.reimbursed.iter().filter(|(_, on)| Year::of(*on) == year) {
            let sum = cases.entry(state.request.id.to_string()).or_default();
            *sum = sum.saturating_add(*cents);
        }
    }
    cases.into_values().map(|cents| Row::Reimbursed { cents }).collect()
}

/// How many there are, as published numbers are written.
pub fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |sum, _| sum + 1)
}
