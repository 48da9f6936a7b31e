//! What is measured of one line: what arrived, in which hours it was proven alive, what its gateway counted, what was read.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Covered, count};
use crate::ids::{LineId, UnitId};
use crate::state::Register;
use crate::time::{Days, Span, Timestamp};
use crate::watch::GatewayCount;
use crate::watch::plan::{Open, TEST_WINDOW, tests_on};
use crate::watch::state::LineWatch;
use crate::words::{CountSource, Measure};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The rows of a line of a unit over these days; none where it was not open on any of them.
pub(super) fn of(register: &Register, id: &LineId, unit: &UnitId, days: Days, as_of: Timestamp) -> Vec<Covered> {
    let row =
        |measure, seen, due| Covered { unit: unit.clone(), line: Some(id.clone()), measure, seen, due, excess: 0 };
    let zone = register.zone();
    let open = register.line_open(id).and_then(|open| Some((open, open.within(days)?)));
    let (Some((open, open_days)), Some(span)) = (open, days.span(&zone)) else { return Vec::new() };
    let nothing = LineWatch::default();
    let watch = register.watch.line(id).unwrap_or(&nothing);
    let hours = hours(watch, open, open_days, as_of, &zone);
    let mut rows = vec![
        row(Measure::Transmissions, watch.transmissions.within(span.from, span.until), None),
        row(Measure::LineHoursProven, hours.proven, Some(hours.due)),
    ];
    for (source, measure) in
        [(CountSource::Gateway, Measure::GatewayAccounted), (CountSource::Carrier, Measure::CarrierAccounted)]
    {
        // A count belongs to the days in which it begins.
        let counts = watch.counts.get(&source).into_iter().flat_map(|counts| counts.range(span.from..span.until));
        let counts: Vec<&GatewayCount> = counts.map(|(_, one)| one).collect();
        if !counts.is_empty() {
            let sum = |of: &dyn Fn(&GatewayCount) -> u64| counts.iter().map(|one| of(one)).sum();
            let counted = row(measure, sum(&|one| watch.accounted(one)), Some(sum(&|one| one.counted)));
            rows.push(Covered { excess: sum(&|one| watch.exceeding(one)), ..counted });
        }
    }
    let noted = register.watch.noted(id, span);
    let (read, noted) = (count(noted.clone().filter(|arrival| arrival.found.is_some())), count(noted));
    if noted > 0 {
        rows.push(row(Measure::ArrivalsRead, read, Some(noted)));
    }
    rows
}

/// Hours of a line, as elapsed time.
#[derive(Debug, Clone, Copy, Default)]
struct Hours {
    proven: u64,
    due: u64,
}

/// The hours of these days, on which the line was open. They are counted from the beginning of each day as time passes: a
/// day on which the clocks change has 23 or 25.
fn hours(watch: &LineWatch, open: Open, days: Days, as_of: Timestamp, zone: &TimeZone) -> Hours {
    let mut hours = Hours::default();
    for day in days.each() {
        let Some(span) = Days::between(day, day).and_then(|day| day.span(zone)) else { break };
        if span.from >= as_of {
            break;
        }
        let tests = tests_about(watch, open, day, zone);
        let mut from = span.from;
        while from < span.until {
            let hour = Span { from, until: (from + HOUR).min(span.until) };
            if is_due(&tests, hour, as_of) {
                hours.due += 1;
                hours.proven += u64::from(proven(&tests, hour) || watch.heard(hour));
            }
            from = hour.until;
        }
    }
    hours
}

/// A test that was due, and whether it was seen.
struct Due {
    at: Timestamp,
    seen: bool,
}

/// The tests due on a day, the day before and the day after. One further away tells nothing of this day's hours: between
/// the last test before a pause and the first after it nobody looked.
fn tests_about(watch: &LineWatch, open: Open, day: Date, zone: &TimeZone) -> Vec<Due> {
    let days = [day.yesterday().ok(), Some(day), day.tomorrow().ok()];
    let due = days.into_iter().flatten().flat_map(|day| tests_on(&watch.tests, open, day, zone));
    due.map(|at| Due { at, seen: watch.test_seen(at) }).collect()
}

/// Whether an hour is over, and so is the next test after it: one lies ahead until it was seen or can no longer be.
fn is_due(tests: &[Due], hour: Span, as_of: Timestamp) -> bool {
    let next = tests.iter().find(|test| test.at >= hour.until);
    hour.until <= as_of && next.is_none_or(|next| next.seen || next.at + TEST_WINDOW <= as_of)
}

/// Whether the tests before and after an hour, and those within it, were all seen.
fn proven(tests: &[Due], hour: Span) -> bool {
    let before = tests.iter().rposition(|test| test.at <= hour.from);
    let after = tests.iter().position(|test| test.at >= hour.until);
    let (Some(before), Some(after)) = (before, after) else { return false };
    tests.get(before..=after).is_some_and(|about| about.iter().all(|test| test.seen))
}
