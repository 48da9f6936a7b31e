//! Moments and years. Event time (when it happened) and record time (when it was written down) are apart.

use std::fmt;
use std::str::FromStr;

pub use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// The first year that can be counted. An earlier one in a record is a slip of the pen.
pub const FIRST_YEAR: i16 = 1900;

/// The last year that can be counted.
const LAST_YEAR: i16 = 9000;

/// When something happened: to the second, or only to the day, as the source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant.
    At(Timestamp),
    /// A day in the register's zone, where the source gives no time.
    On(Date),
}

impl Moment {
    /// The day in `zone` on which this falls.
    pub fn day(&self, zone: &TimeZone) -> Date {
        match self {
            Moment::At(at) => day_of(*at, zone),
            Moment::On(on) => *on,
        }
    }

    /// Whether this lies before any year that can be counted.
    pub fn is_too_long_ago(&self, zone: &TimeZone) -> bool {
        self.day(zone).year() < FIRST_YEAR
    }

    /// Whether this lies after `now`. A day counts as past once it has begun.
    pub fn is_after(&self, now: Timestamp, zone: &TimeZone) -> bool {
        match self {
            Moment::At(at) => *at > now,
            Moment::On(on) => *on > day_of(now, zone),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::At(at) => at.fmt(f),
            Moment::On(on) => on.fmt(f),
        }
    }
}

/// A text that is neither an instant with its offset nor a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseMomentError;

impl fmt::Display for ParseMomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected an instant with its offset such as `2022-03-04T03:10-05:00` or a day such as `2022-03-04`",
        )
    }
}

impl std::error::Error for ParseMomentError {}

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, ParseMomentError> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Moment::At(at));
        }
        // A text longer than a day has a time in it whose offset is missing: never read it as a mere day.
        match text.parse::<Date>() {
            Ok(on) if text.len() == 10 => Ok(Moment::On(on)),
            _ => Err(ParseMomentError),
        }
    }
}

/// A time of day as the clock on the wall shows it, to the minute, such as `08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(Time);

impl ClockTime {
    /// The instant at which the clock shows it on `day` in `zone`. A time that the clocks skip comes as much later as they
    /// skip; of a time that they show twice it is the first. None where the calendar ends.
    pub fn instant(self, day: Date, zone: &TimeZone) -> Option<Timestamp> {
        zone.to_timestamp(day.to_datetime(self.0)).ok()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl FromStr for ClockTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a time of day such as `08:00`".to_owned();
        let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
        let number = |part: &str| {
            let digits = part.len() == 2 && part.chars().all(|c| c.is_ascii_digit());
            part.parse::<i8>().ok().filter(|_| digits)
        };
        let (hour, minute) = (number(hour).ok_or_else(wrong)?, number(minute).ok_or_else(wrong)?);
        Time::new(hour, minute, 0, 0).map(ClockTime).map_err(|_| wrong())
    }
}

/// The first instant of a day in `zone`; none where the calendar ends.
pub fn beginning(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

/// From an instant (included) until another (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first instant of it.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// The day in `zone` of an instant.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// A calendar year in the register's zone, from its first day to its last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Year(i16);

impl Year {
    /// The year a day lies in.
    pub fn of(day: Date) -> Year {
        Year(day.year())
    }

    /// The number, as printed.
    pub fn number(self) -> i16 {
        self.0
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl FromStr for Year {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<i16>() {
            Ok(number) if text.len() == 4 && (FIRST_YEAR..=LAST_YEAR).contains(&number) => Ok(Year(number)),
            _ => Err("expected a year from 1900 to 9000".to_owned()),
        }
    }
}

/// Days that follow each other in the register's zone, from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// Those of a year.
    pub fn of_year(year: Year) -> Days {
        let first = Date::constant(year.0, 1, 1);
        Days { first, last: first.last_of_year() }
    }

    /// From a day to a later one, or that day alone; none where the second is the earlier.
    pub fn between(first: Date, last: Date) -> Option<Days> {
        (first <= last).then_some(Days { first, last })
    }

    /// The first.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last.
    pub fn last(&self) -> Date {
        self.last
    }

    /// Whether a day is one of them.
    pub fn holds(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Each, in order.
    pub fn each(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take_while(move |day| *day <= self.last)
    }

    /// From the first instant of the first until that after the last; none where the calendar ends.
    pub fn span(&self, zone: &TimeZone) -> Option<Span> {
        let after = self.last.tomorrow().ok()?;
        Some(Span { from: beginning(self.first, zone)?, until: beginning(after, zone)? })
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Days {
    type Err = String;

    /// A year, a month, a day, or two days with `..` between them, both included.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || "expected a year, a month or days such as `2022`, `2022-03` or `2022-03-01..2022-03-31`".to_owned();
        let day = |text: &str| {
            let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
            day.filter(|day| (FIRST_YEAR..=LAST_YEAR).contains(&day.year())).ok_or_else(wrong)
        };
        if let Some((first, last)) = text.split_once("..") {
            return Days::between(day(first)?, day(last)?).ok_or_else(wrong);
        }
        if let Ok(year) = text.parse::<Year>() {
            return Ok(Days::of_year(year));
        }
        if let Ok(month) = text.parse::<Month>() {
            let first = Date::constant(month.year.0, month.month, 1);
            return Ok(Days { first, last: first.last_of_month() });
        }
        let one = day(text)?;
        Ok(Days { first: one, last: one })
    }
}

/// A month of a year, as closing rows give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: Year,
    month: i8,
}

impl Month {
    /// The month a day lies in.
    pub fn of(day: Date) -> Month {
        Month { year: Year::of(day), month: day.month() }
    }

    /// The year it belongs to.
    pub fn year(self) -> Year {
        self.year
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a month such as `2022-03`".to_owned();
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let year = year.parse::<Year>().map_err(|_| wrong())?;
        match month.parse::<i8>() {
            Ok(number) if month.len() == 2 && (1..=12).contains(&number) => Ok(Month { year, month: number }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    #[test]
    fn a_year_ends_at_local_midnight() {
        let cases = [
            ("2022-12-31T23:59:59-05:00", "2022"),
            ("2023-01-01T00:00:00-05:00", "2023"),
            ("2023-01-01T04:59:59Z", "2022"),
            ("2022-12-31", "2022"),
        ];
        for (text, year) in cases {
            let moment = text.parse::<Moment>().unwrap();
            assert_eq!(Year::of(moment.day(&zone())).to_string(), year, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_has_one_text() {
        for text in ["00:00", "08:05", "23:59"] {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), text);
        }
        for text in ["8:00", "08:0", "24:00", "08:60", "-8:00", "+8:00", "08:00:00", "0800", ""] {
            assert!(text.parse::<ClockTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_comes_later_and_one_shown_twice_is_the_first() {
        let cases = [
            ("2022-03-13", "01:59", "2022-03-13T06:59:00Z"),
            ("2022-03-13", "02:30", "2022-03-13T07:30:00Z"),
            ("2022-03-13", "03:00", "2022-03-13T07:00:00Z"),
            ("2022-11-06", "01:30", "2022-11-06T05:30:00Z"),
            ("2022-11-06", "02:00", "2022-11-06T07:00:00Z"),
        ];
        for (day, time, at) in cases {
            let shown = time.parse::<ClockTime>().unwrap().instant(day.parse().unwrap(), &zone());
            assert_eq!(shown, Some(at.parse().unwrap()), "{day} {time}");
        }
    }

    #[test]
    fn a_period_is_a_year_a_month_a_day_or_two_days_both_included() {
        let cases = [
            ("2022", "2022-01-01..2022-12-31", 365),
            ("2024-02", "2024-02-01..2024-02-29", 29),
            ("2022-03-13", "2022-03-13..2022-03-13", 1),
            ("2022-03-01..2022-03-31", "2022-03-01..2022-03-31", 31),
        ];
        for (text, days, number) in cases {
            let read = text.parse::<Days>().unwrap();
            assert_eq!((read.to_string().as_str(), read.each().count()), (days, number), "{text}");
        }
        for text in ["", "22", "2022-3", "2022-03-31..2022-03-01", "2022-03..2022-04", "..", "1899", "9999-12-31"] {
            assert!(text.parse::<Days>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_no_moment() {
        for text in ["2022-03-04T03:10", "2022-03-04 03:10", "4 March 2022", "", "2022-13-01"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
