//! When a duty is due: hours and days of a jurisdiction's calendar, without the days that the law does not count. Knows
//! no clock of its own; the instant from which time counts comes in.
//!
//! The readings, each a lawyer's to confirm:
//!
//! - **Hours** are hours that pass. A counted day with a clock change has 23 or 25 of them, so `48h` is forty-eight
//!   elapsed hours and not "the same time of day two days later". A day that is not counted is left out from midnight to
//!   midnight, whatever its length. When the hours run out at the end of a day, the due time is the midnight that ends it.
//! - **Days** are whole days after the day of the event: `3d` from any time on a Monday ends with Thursday.
//! - `same-day` ends with the day of the event. The end of a day is its last second, 23:59:59, so that a screen shows the
//!   right day.

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::Calendar;
use crate::rule::Duty;
use crate::words::{Word, words};

/// The length of a duty's clock, as rules write it: `48h`, `3d` or `same-day`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Within {
    /// So many hours of counted days.
    Hours(u16),
    /// So many counted days after the day of the event.
    Days(u16),
    /// Until the end of the day of the event.
    SameDay,
}

words! {
    /// Days that a clock skips.
    Uncounted {
        /// Saturdays.
        Saturday = "saturday",
        /// Sundays.
        Sunday = "sunday",
        /// The holidays of `calendar.toml`.
        Holiday = "holiday",
    }
}

/// When a duty is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTime {
    /// The instant at which the time has run out.
    pub at: Timestamp,
    /// Years that the clock ran through although holidays do not count and the calendar lists none of that year: there
    /// the due time may be too early.
    pub years_without_holidays: Vec<i16>,
}

impl Within {
    /// Reads `48h`, `3d` or `same-day`; zero is no length.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| digits.parse::<u16>().ok().filter(|number| *number > 0);
        if text == "same-day" {
            return Some(Within::SameDay);
        }
        if let Some(hours) = text.strip_suffix('h') {
            return number(hours).map(Within::Hours);
        }
        text.strip_suffix('d').and_then(number).map(Within::Days)
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Within::Hours(hours) => write!(f, "{hours}h"),
            Within::Days(days) => write!(f, "{days}d"),
            Within::SameDay => f.write_str("same-day"),
        }
    }
}

impl serde::Serialize for Within {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// When a duty is due whose time counts `from` an instant; `None` for a duty without a clock.
///
/// # Errors
/// When the calendar's zone is not known, or the due time lies beyond the years that can be reckoned (−9999 to 9999).
pub fn due(duty: &Duty, from: Timestamp, calendar: &Calendar) -> Result<Option<DueTime>, jiff::Error> {
    let Some(within) = duty.within else { return Ok(None) };
    let days = CountedDays { excluding: &duty.excluding, calendar, zone: calendar.zone()? };
    let at = match within {
        Within::Hours(hours) => days.after_hours(from, SignedDuration::from_hours(i64::from(hours)))?,
        Within::Days(number) => days.after_days(from, number)?,
        Within::SameDay => days.end_of(days.day_of(from))?,
    };
    Ok(Some(DueTime { at, years_without_holidays: days.years_without_holidays(from, at) }))
}

/// The days that a clock counts.
struct CountedDays<'c> {
    excluding: &'c [Uncounted],
    calendar: &'c Calendar,
    zone: TimeZone,
}

impl CountedDays<'_> {
    fn counts(&self, day: Date) -> bool {
        !self.excluding.iter().any(|kind| match kind {
            Uncounted::Saturday => day.weekday() == Weekday::Saturday,
            Uncounted::Sunday => day.weekday() == Weekday::Sunday,
            Uncounted::Holiday => self.calendar.holidays.contains(&day),
        })
    }

    fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The instant at which a day begins; not midnight where a clock change skips it.
    fn start_of(&self, day: Date) -> Result<Timestamp, jiff::Error> {
        Ok(day.to_zoned_datetime(self.zone.clone())?.timestamp())
    }

    fn end_of(&self, day: Date) -> Result<Timestamp, jiff::Error> {
        self.start_of(day.tomorrow()?)?.checked_sub(SignedDuration::from_secs(1))
    }

    /// Terminates: a week has days that are never excluded, and a calendar lists finitely many holidays.
    fn after_hours(&self, from: Timestamp, mut left: SignedDuration) -> Result<Timestamp, jiff::Error> {
        let mut now = from;
        loop {
            let day = self.day_of(now);
            let next = self.start_of(day.tomorrow()?)?;
            if self.counts(day) {
                let remaining = next.duration_since(now);
                if left <= remaining {
                    return now.checked_add(left);
                }
                left -= remaining;
            }
            now = next;
        }
    }

    fn after_days(&self, from: Timestamp, mut left: u16) -> Result<Timestamp, jiff::Error> {
        let mut day = self.day_of(from);
        while left > 0 {
            day = day.tomorrow()?;
            left -= u16::from(self.counts(day));
        }
        self.end_of(day)
    }

    fn years_without_holidays(&self, from: Timestamp, until: Timestamp) -> Vec<i16> {
        if !self.excluding.contains(&Uncounted::Holiday) {
            return Vec::new();
        }
        let listed = |year: &i16| self.calendar.holidays.iter().any(|holiday| holiday.year() == *year);
        (self.day_of(from).year()..=self.day_of(until).year()).filter(|year| !listed(year)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length, the days left out, the instant from which time counts, the due time. New York; Thanksgiving is 26
    /// November 2026, the clock goes back on Sunday 1 November and forward on Sunday 8 March.
    const TABLE: &[(&str, &str, &str, &str, &str)] = &[
        ("over a weekend with a clock change back", "48h", WEEKENDS, "2026-10-30T17:00-04", "2026-11-03T17:00-05"),
        ("over a weekend with a clock change forward", "48h", WEEKENDS, "2026-03-06T17:00-05", "2026-03-10T17:00-04"),
        ("from a Saturday: until Tuesday has passed", "48h", WEEKENDS, "2026-10-31T10:00-04", "2026-11-04T00:00-05"),
        ("over a holiday and a weekend", "48h", WEEKENDS, "2026-11-25T17:00-05", "2026-11-30T17:00-05"),
        (
            "the holiday counts where only weekends are left out",
            "48h",
            "saturday sunday",
            "2026-11-25T17:00-05",
            "2026-11-27T17:00-05",
        ),
        ("on working days", "48h", WEEKENDS, "2026-11-16T09:30-05", "2026-11-18T09:30-05"),
        ("every day counts where none is left out", "48h", "", "2026-11-20T17:00-05", "2026-11-22T17:00-05"),
        ("six hours", "6h", "", "2026-11-24T14:00-05", "2026-11-24T20:00-05"),
        ("six hours past midnight", "6h", "", "2026-11-24T22:00-05", "2026-11-25T04:00-05"),
        ("elapsed hours on a counted day of 25", "24h", "", "2026-10-31T17:00-04", "2026-11-01T16:00-05"),
        ("elapsed hours on a counted day of 23", "24h", "", "2026-03-07T17:00-05", "2026-03-08T18:00-04"),
        ("the same day", "same-day", "", "2026-11-24T09:14-05", "2026-11-24T23:59:59-05"),
        ("the same day, one second before its end", "same-day", "", "2026-11-24T23:59:59-05", "2026-11-24T23:59:59-05"),
        ("the same day of a clock change", "same-day", "", "2026-11-01T00:30-04", "2026-11-01T23:59:59-05"),
        ("three days after a Monday", "3d", "", "2026-11-23T08:00-05", "2026-11-26T23:59:59-05"),
        ("three working days around Thanksgiving", "3d", WEEKENDS, "2026-11-24T08:00-05", "2026-11-30T23:59:59-05"),
        ("one working day after a Friday", "1d", WEEKENDS, "2026-11-20T08:00-05", "2026-11-23T23:59:59-05"),
    ];
    const WEEKENDS: &str = "saturday sunday holiday";

    fn duty(within: &str, excluding: &str) -> Duty {
        Duty {
            to_do: "release".to_owned(),
            within: Within::parse(within),
            from: Some("eligible_at".to_owned()),
            excluding: excluding.split_whitespace().map(|word| Uncounted::parse(word).unwrap()).collect(),
        }
    }

    fn new_york() -> Calendar {
        Calendar { time_zone: "America/New_York".to_owned(), holidays: vec!["2026-11-26".parse().unwrap()] }
    }

    #[test]
    fn a_duty_is_due_when_its_counted_hours_or_days_have_passed() {
        for (name, within, excluding, from, expected) in TABLE {
            let due = due(&duty(within, excluding), from.parse().unwrap(), &new_york()).unwrap().unwrap();
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(due.at, expected, "{name}");
        }
    }

    #[test]
    fn a_year_without_listed_holidays_is_named_and_only_where_holidays_do_not_count() {
        let over_new_year = "2026-12-31T17:00-05".parse().unwrap();
        let found = due(&duty("48h", WEEKENDS), over_new_year, &new_york()).unwrap().unwrap();
        assert_eq!(found.years_without_holidays, [2027]);
        let found = due(&duty("48h", "sunday"), over_new_year, &new_york()).unwrap().unwrap();
        assert!(found.years_without_holidays.is_empty());
    }

    #[test]
    fn a_duty_without_a_clock_is_never_due() {
        let mut duty = duty("48h", "");
        duty.within = None;
        assert_eq!(due(&duty, "2026-11-24T14:00-05".parse().unwrap(), &new_york()).unwrap(), None);
    }

    #[test]
    fn a_duty_is_written_in_the_words_of_its_rule() {
        let written = toml::Value::try_from(duty("48h", "sunday holiday")).unwrap();
        assert_eq!(written["within"].as_str(), Some("48h"));
        assert_eq!(written["excluding"], toml::Value::from(vec!["sunday", "holiday"]));
    }

    #[test]
    fn lengths_are_read_and_written_alike_and_nonsense_is_none() {
        for text in ["48h", "3d", "same-day"] {
            assert_eq!(Within::parse(text).map(|within| within.to_string()).as_deref(), Some(text));
        }
        for text in ["", "h", "0h", "0d", "48", "48 h", "-1d", "1.5h", "70000h", "same day"] {
            assert_eq!(Within::parse(text), None, "{text}");
        }
    }
}
