//! The real clock. Nothing else in the program reads it.

use std::time::Instant;

use jiff::SignedDuration;
use register::time::Timestamp;
use register::words::ClockDeparture;

/// Now, to the millisecond: finer times would say nothing and lengthen every event.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// By how much the wall clock may depart from the monotonic one, and stand before the last record: record time then waits
/// for it. More than that, and either the clock is wrong now or it was wrong then, and a person must see to it.
pub(crate) const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The wall clock, watched by the monotonic one, which nobody can set. (It stands still while the machine sleeps, so a
/// machine that slept shows as a clock set forward: nobody watched meanwhile.)
pub(crate) struct WatchedClock {
    wall: Timestamp,
    ticks: Instant,
    started: bool,
}

impl WatchedClock {
    /// Begins to watch.
    pub(crate) fn new() -> Self {
        WatchedClock { wall: now(), ticks: Instant::now(), started: false }
    }

    /// How the clock departed since it was last looked at, with how many seconds. `last` is the last record time, against
    /// which the first look compares.
    pub(crate) fn departure(&mut self, last: Option<Timestamp>) -> Option<(ClockDeparture, u64)> {
        let passed = SignedDuration::try_from(self.ticks.elapsed()).unwrap_or(SignedDuration::ZERO);
        let (expected, now) = (self.wall + passed, now());
        let before = last.filter(|_| !self.started);
        *self = WatchedClock { wall: now, ticks: Instant::now(), started: true };
        departed(expected, now, before)
    }
}

fn departed(expected: Timestamp, now: Timestamp, last: Option<Timestamp>) -> Option<(ClockDeparture, u64)> {
    let by = now.duration_since(expected);
    if by.abs() > TOLERANCE {
        let departure = if by.is_positive() { ClockDeparture::SetForward } else { ClockDeparture::SetBack };
        return Some((departure, by.as_secs().unsigned_abs()));
    }
    let behind = last?.duration_since(now).as_secs();
    (behind > 0).then_some((ClockDeparture::BehindRecord, behind.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_departs_by_more_than_five_minutes_or_stands_before_the_record_at_start() {
        let at = |text: &str| -> Timestamp { format!("2026-03-08T{text}Z").parse().unwrap() };
        #[rustfmt::skip]
        let table = [
            // expected,  now,            last record at start, departure
            ("12:00:00", "12:00:00",     None,             None),
            ("12:00:00", "12:05:00",     None,             None),
            ("12:00:00", "12:05:01",     None,             Some((ClockDeparture::SetForward, 301))),
            ("12:00:00", "11:55:00",     None,             None),
            ("12:00:00", "11:54:59",     None,             Some((ClockDeparture::SetBack, 301))),
            ("12:00:00", "12:00:00",     Some("11:00:00"), None),
            ("12:00:00", "12:00:00",     Some("12:00:00"), None),
            ("12:00:00", "12:00:00.100", Some("12:00:01"), None),
            ("12:00:00", "12:00:00",     Some("12:00:01"), Some((ClockDeparture::BehindRecord, 1))),
            ("12:00:00", "12:00:00",     Some("13:00:00"), Some((ClockDeparture::BehindRecord, 3600))),
        ];
        for (expected, now, last, departure) in table {
            assert_eq!(departed(at(expected), at(now), last.map(at)), departure, "{now}, last {last:?}");
        }
    }
}
