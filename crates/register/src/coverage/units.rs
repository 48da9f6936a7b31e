//! What is measured of one unit: its tours, its bookings, what became of the requests that arrived at it, and how the
//! inquiries made there were answered.

use std::collections::BTreeMap;

use super::{Covered, count};
use crate::ids::UnitId;
use crate::inquiry::InquiryAnswer;
use crate::state::{Register, RequestState};
use crate::time::{Days, Timestamp};
use crate::watch::plan::tours_on;
use crate::watch::state::{UnitWatch, first_request};
use crate::words::Measure;

/// The requests that first arrived at a unit in some days: what they ask, and what came of it. And the inquiries made there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Desk {
    asks: u64,
    decided: u64,
    requests: u64,
    outcomes_known: u64,
    inquiries: u64,
    registered: u64,
}

/// What came in on these days, by the unit where it came in first: one pass over all.
pub(super) fn desks(register: &Register, days: Days) -> BTreeMap<UnitId, Desk> {
    let zone = register.zone();
    let mut units: BTreeMap<UnitId, Desk> = BTreeMap::new();
    // One that repeats another is that other one.
    for state in register.requests.values().filter(|state| state.duplicate_of.is_none()) {
        let arrived = state.transmissions.iter().map(|one| one.arrived.day(&zone)).min();
        if !arrived.is_some_and(|day| days.holds(day)) {
            continue;
        }
        let Some(first) = state.transmissions.first() else { continue };
        let Some(line) = register.lines.get(&first.line) else { continue };
        units.entry(line.unit.clone()).or_default().add(state);
    }
    let inquiries = register.inquiry.inquiries.values();
    for inquired in inquiries.filter(|inquired| days.holds(inquired.presented.received.day(&zone))) {
        let Some(line) = register.lines.get(&inquired.presented.line) else { continue };
        let desk = units.entry(line.unit.clone()).or_default();
        desk.inquiries += 1;
        desk.registered += u64::from(inquired.answer().is_some_and(|told| told.answer == InquiryAnswer::Registered));
    }
    units
}

impl Desk {
    fn add(&mut self, state: &RequestState) {
        // Nothing is left to decide of a request that its requester lifted.
        self.asks += match state.cancelled {
            Some(_) => count(state.decisions.iter()),
            None => count(state.request.asks.iter()),
        };
        self.decided += count(state.decisions.iter());
        self.requests += 1;
        self.outcomes_known += u64::from(state.known_outcome().is_some());
    }
}

/// The rows of a unit over the days on which it was open.
pub(super) fn of(register: &Register, id: &UnitId, days: Days, desk: Desk, as_of: Timestamp) -> Vec<Covered> {
    let row = |measure, seen, due| Covered { unit: id.clone(), line: None, measure, seen, due: Some(due), excess: 0 };
    let mut rows = vec![
        row(Measure::AsksDecided, desk.decided, desk.asks),
        row(Measure::OutcomesKnown, desk.outcomes_known, desk.requests),
    ];
    if desk.inquiries > 0 {
        rows.push(row(Measure::InquiriesFound, desk.registered, desk.inquiries));
    }
    let Some(watch) = register.watch.unit(id) else { return rows };
    let tours = tours(register, id, watch, days, as_of);
    if tours.over > 0 {
        rows.push(row(Measure::ToursReported, tours.reported, tours.over));
    }
    // Where nobody gave a count, nobody knows how many bookings there were.
    if tours.counted > 0 {
        rows.push(row(Measure::BookingsCounted, tours.counted, tours.over));
        let answered = row(Measure::BookingsAnswered, tours.answered, tours.made);
        rows.push(Covered { excess: tours.excess, ..answered });
    }
    rows
}

#[derive(Debug, Clone, Copy, Default)]
struct Tours {
    /// Tours that are over.
    over: u64,
    /// Those with a zero report or a request.
    reported: u64,
    /// Those of which the bookings were counted.
    counted: u64,
    /// Bookings made in these.
    made: u64,
    /// Those of them at which the question was asked, at most as many as were made in each tour.
    answered: u64,
    /// By how much more they were, in the tours in which they were more.
    excess: u64,
}

/// The tours that began on these days and are over.
fn tours(register: &Register, id: &UnitId, watch: &UnitWatch, days: Days, as_of: Timestamp) -> Tours {
    let (zone, lines) = (register.zone(), register.watched_lines(id));
    let mut sum = Tours::default();
    let Some(open) = register.unit_open(id) else { return sum };
    let all = days.each().flat_map(|day| tours_on(&watch.tours, open, day, &zone));
    for (tour, span) in all.filter(|(_, span)| span.until <= as_of) {
        let reported = watch.zero_reports.contains_key(&tour) || first_request(&lines, span).is_some();
        sum.over += 1;
        sum.reported += u64::from(reported);
        if let Some(made) = watch.bookings.get(&tour) {
            sum.counted += 1;
            sum.made += made;
            sum.answered += watch.asked(span).min(*made);
            sum.excess += watch.asked(span).saturating_sub(*made);
        }
    }
    sum
}
