//! Coverage: how much of what should have been seen was seen.
//!
//! A number without it is a bug. Only what is measured has a row; what nobody measures is named as such, since silence
//! on a line that nobody watched says nothing.

use std::collections::BTreeSet;

use crate::ids::{AgencyId, LineId};
use crate::row::{Measured, Scope};
use crate::state::{Register, RequestState};
use crate::time::Year;
use crate::words::{Label, Measure, Outcome};

/// All that is measured in a year, in canonical order.
///
/// Every line that was open in it has a row, a silent one too, and so has every agency with such a line. A line whose
/// first day lies after the year has none: nothing could be seen on it.
pub fn measure(register: &Register, year: Year) -> Vec<Measured> {
    let mut measured = Vec::new();
    let mut agencies = BTreeSet::new();
    for (id, line) in register.lines.iter().filter(|(_, line)| Year::of(line.from) <= year) {
        measured.push(Measured {
            scope: Scope::Line(line.name.clone()),
            measure: Measure::Transmissions,
            seen: transmissions(register, year, id),
            due: None,
        });
        agencies.extend(register.units.get(&line.unit).map(|unit| &unit.agency));
    }
    for (id, name) in register.agencies.iter().filter(|(id, _)| agencies.contains(id)) {
        measured.extend(of_agency(register, year, id, name));
    }
    measured.sort();
    measured
}

fn transmissions(register: &Register, year: Year, line: &LineId) -> u64 {
    let zone = register.zone();
    // What lifts a request arrives on a line like any other paper.
    let arrivals = register.requests.values().flat_map(|state| {
        let papers = state.transmissions.iter().map(|one| (&one.line, one.arrived));
        papers.chain(state.cancelled.iter().map(|one| (&one.line, one.arrived)))
    });
    count(arrivals.filter(|(on, arrived)| *on == line && Year::of(arrived.day(&zone)) == year))
}

fn of_agency(register: &Register, year: Year, agency: &AgencyId, name: &Label) -> [Measured; 2] {
    let requests: Vec<&RequestState> =
        register.requests_of(year).filter(|state| agency_of(register, state) == Some(agency)).collect();
    let asks = requests.iter().map(|state| to_decide(state)).sum();
    let decided = count(requests.iter().flat_map(|state| &state.decisions));
    let known = requests.iter().filter(|state| state.outcome.is_some_and(|(outcome, _)| outcome != Outcome::Unknown));
    let scope = Scope::Agency(name.clone());
    [
        Measured { scope: scope.clone(), measure: Measure::AsksDecided, seen: decided, due: Some(asks) },
        Measured { scope, measure: Measure::OutcomesKnown, seen: count(known), due: Some(count(requests.iter())) },
    ]
}

/// Asks that are decided or still to be: nothing is left to decide of a request that its requester lifted.
fn to_decide(state: &RequestState) -> u64 {
    match state.cancelled {
        Some(_) => count(state.decisions.iter()),
        None => count(state.request.asks.iter()),
    }
}

/// The agency on whose line a request first arrived.
fn agency_of<'a>(register: &'a Register, state: &RequestState) -> Option<&'a AgencyId> {
    let line = register.lines.get(&state.transmissions.first()?.line)?;
    register.units.get(&line.unit).map(|unit| &unit.agency)
}

/// How many there are, as published numbers are written.
pub fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |sum, _| sum + 1)
}
