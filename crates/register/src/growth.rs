//! The daily growth of the tree: when it is due, how many leaves it adds and in which order.
//!
//! A growth says nothing of its day: it adds at least 16 leaves and always a multiple of 16, padding looks like any
//! other leaf, and leaves are placed in the order of their roots, not of their arrival.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ids::EntryId;
use crate::time::{Timestamp, day_of};

/// Leaves a growth adds at least, and of which it adds a multiple.
pub const GROWTH_STEP: u64 = 16;

/// The local hour at which the daily growth is due.
const GROWTH_HOUR: i8 = 4;

/// How many padding entries a growth of `waiting` leaves needs.
pub fn padding_for(waiting: u64) -> u64 {
    waiting.div_ceil(GROWTH_STEP).max(1) * GROWTH_STEP - waiting
}

/// Puts the leaves of one growth, padding included, in the order in which they are placed: by root.
pub fn place(leaves: &mut [(EntryId, [u8; 32])]) {
    leaves.sort_by_key(|(_, root)| *root);
}

/// Growths played at most at a time: more than ten years of them.
const DUE_MAX: usize = 4_000;

/// The instants after `last` and until `now` at which a daily growth was due, in the zone's local time; the first 4,000
/// of them.
///
/// A demonstration plays them all. A live register grows once, at its own time: a growth is never dated back.
pub fn due(last: Timestamp, now: Timestamp, zone: &TimeZone) -> Vec<Timestamp> {
    let mut day: Date = day_of(last, zone);
    let mut instants = Vec::new();
    loop {
        // Compatible disambiguation: at 04:00 no zone of the United States skips or repeats an hour.
        let Ok(instant) = zone.to_timestamp(day.at(GROWTH_HOUR, 0, 0, 0)) else { return instants };
        if instant > now || instants.len() == DUE_MAX {
            return instants;
        }
        if instant > last {
            instants.push(instant);
        }
        let Ok(tomorrow) = day.tomorrow() else { return instants };
        day = tomorrow;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growth_adds_a_multiple_of_sixteen_and_never_nothing() {
        for (waiting, padding) in [(0, 16), (1, 15), (15, 1), (16, 0), (17, 15), (32, 0), (33, 15)] {
            assert_eq!(padding_for(waiting), padding, "{waiting} waiting");
        }
    }

    #[test]
    fn a_growth_is_due_once_a_day_at_four_in_local_time() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let last = "2022-03-11T09:00:00Z".parse().unwrap();
        let now = "2022-03-14T07:59:59Z".parse().unwrap();
        let due: Vec<_> = due(last, now, &zone).iter().map(ToString::to_string).collect();
        assert_eq!(due, ["2022-03-12T09:00:00Z", "2022-03-13T08:00:00Z"], "the clock went forward on the 13th");
    }
}
