//! Commands on lines and units in a file of commands.

use jiff::civil::Date;
use law::reader::{Reader, Table};
use register::Command;
use register::time::{ClockTime, Timestamp};
use register::watch::{GatewayCount, WatchCommand};

use crate::app::Job;
use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("close-line", &["id", "last_on"]),
    ("close-unit", &["id", "last_on"]),
    ("set-line-tests", &["line", "from", "at"]),
    ("see-line-test", &["line", "seen_at"]),
    ("set-tours", &["unit", "from", "begin"]),
    ("report-zero", &["unit", "tour"]),
    ("count-bookings", &["unit", "tour", "made"]),
    ("answer-booking", &["unit", "episode", "at", "federal_paper"]),
    ("count-gateway", &["line", "source", "from", "until", "counted"]),
    ("note-arrival", &["id", "line", "at"]),
    ("read-arrival", &["arrival", "found", "request"]),
];

/// The job of a command of this kind, if it is one of these and nothing is wrong with it.
pub(super) fn job(reader: &mut Reader<'_>, table: Table<'_>, kind: &str) -> Option<Job> {
    let command = match kind {
        "close-line" => {
            let (id, last_on) = (text::parsed(reader, table, "id"), reader.date(table, "last_on"));
            WatchCommand::CloseLine { id: id?, last_on: last_on? }
        }
        "close-unit" => {
            let (id, last_on) = (text::parsed(reader, table, "id"), reader.date(table, "last_on"));
            WatchCommand::CloseUnit { id: id?, last_on: last_on? }
        }
        "set-line-tests" => {
            let line = text::parsed(reader, table, "line");
            let (from, at) = list(reader, table, "at");
            WatchCommand::SetLineTests { line: line?, from: from?, at: at? }
        }
        "see-line-test" => {
            let (line, seen_at) = (text::parsed(reader, table, "line"), instant(reader, table, "seen_at"));
            WatchCommand::SeeLineTest { line: line?, seen_at: seen_at? }
        }
        "set-tours" => {
            let unit = text::parsed(reader, table, "unit");
            let (from, begin) = list(reader, table, "begin");
            WatchCommand::SetTours { unit: unit?, from: from?, begin: begin? }
        }
        "report-zero" => {
            let (unit, tour) = (text::parsed(reader, table, "unit"), text::parsed(reader, table, "tour"));
            WatchCommand::ReportZero { unit: unit?, tour: tour? }
        }
        "count-bookings" => {
            let (unit, tour) = (text::parsed(reader, table, "unit"), text::parsed(reader, table, "tour"));
            let made = reader.number(table, "made");
            WatchCommand::CountBookings { unit: unit?, tour: tour?, made: made? }
        }
        "answer-booking" => {
            // A key that is there and wrong is a problem, which refuses the file.
            let (unit, episode) =
                (text::parsed(reader, table, "unit"), text::optional_parsed(reader, table, "episode"));
            let (at, federal_paper) = (instant(reader, table, "at"), text::word(reader, table, "federal_paper"));
            WatchCommand::AnswerBooking { unit: unit?, episode, at: at?, federal_paper: federal_paper? }
        }
        "count-gateway" => WatchCommand::CountGateway(gateway(reader, table)?),
        "note-arrival" => {
            let (id, line) = (text::parsed(reader, table, "id"), text::parsed(reader, table, "line"));
            let at = text::parsed(reader, table, "at");
            WatchCommand::NoteArrival { id: id?, line: line?, at: at? }
        }
        "read-arrival" => {
            let (arrival, found) = (text::parsed(reader, table, "arrival"), text::word(reader, table, "found"));
            let request = text::optional_parsed(reader, table, "request");
            WatchCommand::ReadArrival { arrival: arrival?, found: found?, request }
        }
        _ => return None,
    };
    Some(Job::Do(Command::Watch(command)))
}

/// A day and the local times that hold from it on. The list must be there, also where it is empty: `[]` ends what was due.
fn list(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> (Option<Date>, Option<Vec<ClockTime>>) {
    let from = reader.date(table, "from");
    if reader.required(table, key).is_none() {
        return (from, None);
    }
    let mut times = Vec::new();
    for (text, value) in reader.texts(table, key) {
        match text.parse() {
            Ok(time) => times.push(time),
            Err(error) => reader.problem(&value, format!("`{key}`: {error}"), None),
        }
    }
    (from, Some(times))
}

fn gateway(reader: &mut Reader<'_>, table: Table<'_>) -> Option<GatewayCount> {
    let (line, source) = (text::parsed(reader, table, "line"), text::word(reader, table, "source"));
    let (from, until) = (instant(reader, table, "from"), instant(reader, table, "until"));
    let counted = reader.number(table, "counted");
    Some(GatewayCount { line: line?, source: source?, from: from?, until: until?, counted: counted? })
}

fn instant(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<Timestamp> {
    let what = "an instant with its offset, such as `2022-03-04T03:10-05:00`";
    reader.parsed(table, key, what, |text| text.parse().ok())
}
