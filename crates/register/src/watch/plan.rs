//! What is due when: lists of local times that hold from a day on, the line tests and the tours that follow from them.
//!
//! Days are those of the register's zone: the night on which the clocks change has a tour of an hour more or less.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::time::{ClockTime, Days, Span, Timestamp};

/// A due test is seen when a test arrived at most this long before it, or less than this long after it.
pub const TEST_WINDOW: SignedDuration = SignedDuration::from_mins(30);

/// A zero report can be signed from this long before the end of its tour on, when the next one takes over.
pub const ZERO_REPORT_EARLY: SignedDuration = SignedDuration::from_hours(1);

/// Local times by the day from which they hold: the last list before a day holds on it.
#[derive(Debug, Clone, Default)]
pub struct Plan(BTreeMap<Date, Vec<ClockTime>>);

impl Plan {
    /// Whether nothing was ever listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The times that hold on a day.
    pub fn on(&self, day: Date) -> &[ClockTime] {
        self.0.range(..=day).next_back().map_or(&[], |(_, times)| times.as_slice())
    }

    /// From when the list holds that holds on a day, and whether there is a time in it; none before the first list.
    pub fn last_set(&self, day: Date) -> Option<(Date, bool)> {
        self.0.range(..=day).next_back().map(|(from, times)| (*from, !times.is_empty()))
    }

    /// Whether on any day after this one there is a time.
    pub fn goes_on_after(&self, day: Date) -> bool {
        let later = day.tomorrow().map(|next| self.0.range(next..));
        !self.on(day).is_empty() || later.is_ok_and(|mut later| later.any(|(_, times)| !times.is_empty()))
    }

    pub(super) fn set(&mut self, from: Date, times: Vec<ClockTime>) {
        self.0.insert(from, times);
    }
}

/// The days on which a line or a unit is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The first.
    pub from: Date,
    /// The last, if it was closed.
    pub last_on: Option<Date>,
}

impl Open {
    /// Whether it is open on a day.
    pub fn on(&self, day: Date) -> bool {
        self.from <= day && self.last_on.is_none_or(|last| day <= last)
    }

    /// Those of `days` on which it is open; none where there is no such day.
    pub fn within(&self, days: Days) -> Option<Days> {
        let last = self.last_on.map_or(days.last(), |last| last.min(days.last()));
        Days::between(self.from.max(days.first()), last)
    }
}

/// A tour of a unit: the day and the local time at which it begins, such as `2022-03-13T00:00`. It ends when the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tour {
    /// The day it begins.
    pub on: Date,
    /// What the clock shows then.
    pub begins: ClockTime,
}

impl fmt::Display for Tour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.on, self.begins)
    }
}

impl FromStr for Tour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a tour by day and local time such as `2022-03-13T08:00`".to_owned();
        let (on, begins) = text.split_once('T').filter(|(on, _)| on.len() == 10).ok_or_else(wrong)?;
        Ok(Tour { on: on.parse().map_err(|_| wrong())?, begins: begins.parse().map_err(|_| wrong())? })
    }
}

/// The instants at which a line is tested on a day, in order. Two times that fall together are one test.
pub fn tests_on(plan: &Plan, open: Open, day: Date, zone: &TimeZone) -> Vec<Timestamp> {
    if !open.on(day) {
        return Vec::new();
    }
    let mut due: Vec<Timestamp> = plan.on(day).iter().filter_map(|time| time.instant(day, zone)).collect();
    due.sort();
    due.dedup();
    due
}

/// The tours that begin on a day, in order, each with its span.
///
/// A tour ends when the next begins, on this day or the day after. Where no list holds on the day after, the last one ends
/// as if this day's list went on. A tour that the change of clocks leaves no time for is none.
pub fn tours_on(plan: &Plan, open: Open, day: Date, zone: &TimeZone) -> Vec<(Tour, Span)> {
    let times = plan.on(day);
    let Some(next) = day.tomorrow().ok().filter(|_| open.on(day)) else { return Vec::new() };
    let after = if plan.on(next).is_empty() { times } else { plan.on(next) };
    let end = after.iter().filter_map(|time| time.instant(next, zone)).min();
    let mut starts: Vec<(Timestamp, ClockTime)> =
        times.iter().filter_map(|time| Some((time.instant(day, zone)?, *time))).collect();
    starts.sort();
    let ends: Vec<Timestamp> = starts.iter().skip(1).map(|(from, _)| *from).chain(end).collect();
    let tours = starts.into_iter().zip(ends);
    let tours = tours.map(|((from, begins), until)| (Tour { on: day, begins }, Span { from, until }));
    tours.filter(|(_, span)| span.from < span.until).collect()
}
