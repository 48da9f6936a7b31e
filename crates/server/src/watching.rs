//! `candor coverage`: how much of what should have been seen was seen, by unit and line, and what alarms stand. For people
//! inside: ids and units never leave the register.

use anyhow::{Result, bail};
use register::Register;
use register::class::Sees;
use register::coverage::{self, Covered};
use register::ids::{LineId, UnitId};
use register::say;
use register::time::{Timestamp, day_of};
use register::watch::alarm::Alarm;
use register::watch::alarms;
use register::words::{Measure, Mode};

use crate::app::opened;
use crate::decoding::replay;
use crate::store::Store;
use crate::{cli, clock, screen, view};

/// Shows the coverage of some days. It reads beside a writer and changes nothing.
pub(crate) fn coverage(arguments: &cli::Coverage) -> Result<()> {
    let store = Store::open_read_only(&arguments.dir)?;
    let register = replay(&store, arguments.as_of)?;
    if register.opened.is_none() {
        bail!("nothing was recorded at that time yet (hint: give a later `--as-of`)");
    }
    // Whoever looks back looks with the view of today.
    let sees = match arguments.as_of {
        Some(_) => view::sees(&replay(&store, None)?, &arguments.viewing)?,
        None => view::sees(&register, &arguments.viewing)?,
    };
    let demonstration = opened(&register)?.mode == Mode::Demonstration;
    // A demonstration has no clock: it stands where its record stands.
    let now = if demonstration { register.last_at.unwrap_or_default() } else { clock::now() };
    let as_of = arguments.as_of.unwrap_or(now);
    let shown = Shown {
        rows: coverage::covered(&register, arguments.period, as_of),
        alarms: alarms(&register, as_of),
        register: &register,
        arguments,
        as_of,
        demonstration,
    };
    if arguments.json {
        return screen::print_json(&shown.json(&sees));
    }
    screen::show(&shown.text())
}

struct Shown<'a> {
    register: &'a Register,
    arguments: &'a cli::Coverage,
    as_of: Timestamp,
    demonstration: bool,
    rows: Vec<Covered>,
    alarms: Vec<Alarm>,
}

impl Shown<'_> {
    fn json(&self, sees: &Sees) -> serde_json::Value {
        let rows = self.rows.iter().map(|row| {
            serde_json::json!({
                "unit": self.unit(&row.unit), "unit_id": row.unit.to_string(),
                "line": self.line(row.line.as_ref()), "line_id": row.line.as_ref().map(ToString::to_string),
                "measure": row.measure.code(), "seen": row.seen, "due": row.due, "excess": row.excess,
            })
        });
        let alarms = self.alarms.iter().map(|alarm| {
            serde_json::json!({
                "alarm": alarm.kind.code(), "number": alarm.number, "since": alarm.since.to_string(),
                "unit": self.unit(&alarm.unit), "unit_id": alarm.unit.to_string(),
                "line": self.line(alarm.line.as_ref()), "line_id": alarm.line.as_ref().map(ToString::to_string),
                "to_act": alarm.kind.to_act().code(),
            })
        });
        let clock = self.register.clock_departures.iter().map(
            |(at, how, seconds)| serde_json::json!({ "at": at.to_string(), "how": how.code(), "seconds": seconds }),
        );
        let trusted = self.register.clock_trusted.iter().map(
            |one| serde_json::json!({ "at": one.at.to_string(), "by": one.by.to_string(), "seconds": one.seconds }),
        );
        serde_json::json!({
            "first": self.arguments.period.first().to_string(),
            "last": self.arguments.period.last().to_string(),
            "as_of": self.as_of.to_string(),
            "demonstration": self.demonstration,
            "coverage": rows.collect::<Vec<_>>(),
            "not_measured": coverage::not_measured(&self.rows).iter().map(|one| one.code()).collect::<Vec<_>>(),
            "alarms": alarms.collect::<Vec<_>>(),
            "clock_departures": clock.collect::<Vec<_>>(),
            "clock_trusted": trusted.collect::<Vec<_>>(),
            "view": view::told(sees),
        })
    }

    fn text(&self) -> String {
        let days = self.arguments.period;
        let invented = if self.demonstration { " (demonstration, invented rows)" } else { "" };
        let mut text = format!("{} to {}, as of {}{invented}\n\n", days.first(), days.last(), self.local(self.as_of));
        if self.rows.is_empty() {
            text.push_str(
                "No line was open in these days, so there was nothing to see.\n\
                 Next: open agencies, units and lines with `candor record`, or give other days.\n",
            );
        } else {
            text.push_str(&self.table());
            text.push_str(&self.exceeded());
            text.push_str(&not_measured(&self.rows));
        }
        text.push_str(&self.standing());
        text.push_str(&self.clock());
        text
    }

    /// When the clock of the machine stood wrong in these days: then the record's times are only as good as said here.
    fn clock(&self) -> String {
        let days = self.arguments.period;
        let zone = self.register.zone();
        let within = |at: &Timestamp| days.holds(day_of(*at, &zone));
        let departures = self.register.clock_departures.iter().filter(|(at, ..)| within(at));
        let departures = departures.map(|(at, how, seconds)| (*at, say::clock_departure(*how, *seconds)));
        let trusted = self.register.clock_trusted.iter().filter(|trusted| within(&trusted.at));
        let trusted = trusted.map(|trusted| (trusted.at, say::clock_trusted(trusted)));
        let lines: String =
            departures.chain(trusted).map(|(at, said)| format!("  {}  {said}\n", self.local(at))).collect();
        if lines.is_empty() { lines } else { format!("\nThe clock stood wrong, for the administrator\n{lines}") }
    }

    /// Unit, line, measure, seen, of, per cent; what is repeated from the row above is left out.
    fn table(&self) -> String {
        let mut rows = vec![["unit", "line", "measure", "seen", "of", "per cent"].map(str::to_owned)];
        let mut above = (None, None);
        for row in &self.rows {
            let line = row.line.as_ref();
            let new_unit = above.0 != Some(&row.unit);
            let new_line = new_unit || above.1 != Some(line);
            above = (Some(&row.unit), Some(line));
            rows.push([
                if new_unit { self.unit(&row.unit) } else { String::new() },
                self.line(line).filter(|_| new_line).unwrap_or_default(),
                say::measure_title(row.measure).to_owned(),
                row.seen.to_string(),
                row.due.map_or("not known".to_owned(), |due| due.to_string()),
                row.due.map_or(String::new(), |due| per_cent(row.seen, due)),
            ]);
        }
        columns(&rows)
    }

    /// What the table cannot show, as it stops at all that was counted.
    fn exceeded(&self) -> String {
        let place = |row: &Covered| self.line(row.line.as_ref()).unwrap_or_else(|| self.unit(&row.unit));
        let of = |row: &Covered| {
            [place(row), format!("{}:", say::measure_title(row.measure)), format!("{} more", row.excess)]
        };
        let rows: Vec<_> = self.rows.iter().filter(|row| row.excess > 0).map(of).collect();
        if rows.is_empty() {
            return String::new();
        }
        format!("\nMore was registered than counted: the count is wrong, or the register\n{}", columns(&rows))
    }

    fn standing(&self) -> String {
        if self.alarms.is_empty() {
            return "\nNo alarm stands.\n".to_owned();
        }
        let mut rows = Vec::new();
        for alarm in &self.alarms {
            let place = self.line(alarm.line.as_ref()).unwrap_or_else(|| self.unit(&alarm.unit));
            let since = format!("since {}", self.local(alarm.since));
            let to_act = format!("for {}", say::to_act_title(alarm.kind.to_act()));
            rows.push([place, say::alarm_title(alarm.kind, alarm.number), since, to_act]);
        }
        format!("\nAlarms\n{}", columns(&rows))
    }

    fn unit(&self, id: &UnitId) -> String {
        self.register.units.get(id).map_or_else(|| id.to_string(), |unit| unit.name.to_string())
    }

    fn line(&self, id: Option<&LineId>) -> Option<String> {
        let id = id?;
        Some(self.register.lines.get(id).map_or_else(|| id.to_string(), |line| line.name.to_string()))
    }

    /// Day and time as the clocks on the wall show it.
    fn local(&self, at: Timestamp) -> String {
        let zone = self.register.zone();
        let time = zone.to_datetime(at).time();
        format!("{} {:02}:{:02}", day_of(at, &zone), time.hour(), time.minute())
    }
}

/// Never rounded up: what is not whole is never shown as 100.
fn per_cent(seen: u64, due: u64) -> String {
    match (u128::from(seen) * 1_000).checked_div(u128::from(due)) {
        None => String::new(),
        Some(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

fn not_measured(rows: &[Covered]) -> String {
    let not = coverage::not_measured(rows);
    let line = |measure: &Measure| format!("  {}: begin with {}\n", say::measure_title(*measure), to_measure(*measure));
    let lines: String = not.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\nNot measured by anybody\n{lines}") }
}

/// How to begin to measure something: commands for `candor record`, but for what papers themselves bring.
fn to_measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Transmissions | Measure::LineHoursProven => "`open-line`",
        Measure::AsksDecided => "`candor decide`",
        Measure::OutcomesKnown => "`candor outcome`",
        Measure::BookingsAnswered | Measure::BookingsCounted => "`count-bookings` and `answer-booking`",
        Measure::GatewayAccounted | Measure::CarrierAccounted => "`count-gateway`",
        Measure::ToursReported => "`set-tours` and `report-zero`",
        Measure::InquiriesFound => "`candor inquire`",
        Measure::ArrivalsRead => "`note-arrival` and `read-arrival`",
    }
}

/// Rows with their columns in line; numbers stand to the right.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::from("  ");
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            let numbers = N == 6 && index >= 3;
            let cell = if numbers { format!("{cell:>width$}") } else { format!("{cell:<width$}") };
            line.push_str(&cell);
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that stood wrong is told in its days, and in no others.
    #[test]
    fn a_clock_that_stood_wrong_is_told_with_the_coverage_of_its_days() {
        let opened = r#"{"seq":1,"at":"2026-11-24T14:00:00Z","by":"person_clerk","event":{"register-opened/1":{"mode":"live","origin":"clerk.example.gov/trust","zone":"America/New_York","pack":{"id":"us-ma-boston","version":"0.2","hash":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"},"key":"a key"}}}"#;
        let departed = r#"{"seq":2,"at":"2026-11-25T04:59:59Z","by":"person_clerk","event":{"clock-departed/1":{"cause":"set-back","seconds":600}}}"#;
        let recorded = [opened, departed].map(|text| register::wire::decode(text).unwrap());
        let register = Register::replay(&recorded).unwrap();
        let as_of = "2026-11-26T12:00:00Z".parse().unwrap();
        let told = |period: &str| {
            let dir = std::path::PathBuf::new();
            let viewing = cli::Viewing { by: None, at: None };
            let arguments = cli::Coverage { dir, period: period.parse().unwrap(), as_of: None, json: false, viewing };
            let (rows, alarms) = (Vec::new(), Vec::new());
            Shown { register: &register, arguments: &arguments, as_of, demonstration: false, rows, alarms }.text()
        };
        let day = told("2026-11-24..2026-11-24");
        assert!(day.contains("2026-11-24 23:59  the clock went back by 600 seconds"), "{day}");
        assert!(!told("2026-11-25..2026-11-25").contains("clock"));
    }

    #[test]
    fn what_is_not_whole_is_never_shown_as_a_hundred() {
        let cases = [(0, 0, ""), (0, 3, "0.0"), (1, 3, "33.3"), (8759, 8760, "99.9"), (8760, 8760, "100.0")];
        for (seen, due, shown) in cases {
            assert_eq!(per_cent(seen, due), shown, "{seen} of {due}");
        }
    }
}
