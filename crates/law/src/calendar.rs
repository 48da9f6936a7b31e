//! `calendar.toml`: the time zone in which days begin, and the holidays that clocks skip.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::problem::Problem;
use crate::reader::read_toml;

/// Days of a jurisdiction.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// IANA name of the time zone, known to this program's zone data.
    pub time_zone: String,
    /// Legal holidays, where the pack lists them.
    pub holidays: Vec<Date>,
}

impl Calendar {
    /// The time zone itself. Its data is compiled in.
    ///
    /// # Errors
    /// When this program's zone data does not know the name, which [`crate::Pack::load`] has checked.
    pub fn zone(&self) -> Result<TimeZone, jiff::Error> {
        TimeZone::get(&self.time_zone)
    }
}

/// Reads `calendar.toml`.
pub(crate) fn read(file: &str, text: &str) -> (Option<Calendar>, Vec<Problem>) {
    read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["time_zone", "holiday"]);
        let time_zone = reader.parsed(document, "time_zone", "a time zone such as America/New_York", |name| {
            TimeZone::get(name).is_ok().then(|| name.to_owned())
        });
        let mut holidays = Vec::new();
        for row in reader.rows(document, "holiday") {
            reader.only(row, &["on", "name"]);
            reader.text(row, "name");
            holidays.extend(reader.date(row, "on"));
        }
        Some(Calendar { time_zone: time_zone?, holidays })
    })
}
