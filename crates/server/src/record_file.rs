//! A file of register commands for `candor record`: one `[[command]]` table each, carried out all or not at all.
//! Those of a subject are read in the module of its name.

mod custody;
mod inquiry;
mod request;
mod retention;
mod staff;
mod watch;

use law::reader::{Reader, Table, read_unrepeated};
use law::{Ask, Problem};
use register::Command;
use register::command::Decide;
use register::event::Receipt;
use register::ids::RequestId;
use register::time::Moment;
use register::words::{Decided, Departure};

use crate::app::{Job, Reason};
use crate::text;

/// Reads a file of commands: each with its place, such as `setup.toml:12`.
///
/// # Errors
/// All its problems, each with its line.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<(Job, String)>, Vec<Problem>> {
    let (jobs, problems) = read_unrepeated(name, text, |reader, table| {
        reader.only(table, &["command"]);
        let rows = reader.rows(table, "command");
        if rows.is_empty() {
            let hint = "add a `[[command]]` with `do = …`".to_owned();
            reader.problem(&table, "the file holds no command".to_owned(), Some(hint));
        }
        Some(
            rows.into_iter()
                .filter_map(|row| Some((job(reader, row)?, format!("{name}:{}", reader.line(&row)))))
                .collect(),
        )
    });
    match jobs {
        Some(jobs) if problems.is_empty() => Ok(jobs),
        Some(_) | None => Err(problems),
    }
}

/// What a command of no subject can be, and the keys it takes beside `do`.
const KINDS: &[(&str, &[&str])] = &[
    ("register-agency", &["id", "name"]),
    ("open-unit", &["id", "agency", "name", "from"]),
    ("open-line", &["id", "unit", "channel", "name", "from"]),
    ("decide", &["request", "ask", "on", "made_at", "facts", "decided", "departure", "reason"]),
    ("outcome", &["request", "outcome", "at", "authority"]),
    ("hold", &["request", "authority", "at"]),
    ("reimburse", &["request", "cents", "on"]),
    ("receipt", &["year", "report", "on", "office", "reference"]),
    ("grow", &[]),
];

fn job(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Job> {
    let kind = reader.text(table, "do")?;
    let kinds = || {
        KINDS
            .iter()
            .chain(custody::KINDS)
            .chain(staff::KINDS)
            .chain(inquiry::KINDS)
            .chain(request::KINDS)
            .chain(watch::KINDS)
            .chain(retention::KINDS)
    };
    let Some((_, keys)) = kinds().find(|(name, _)| *name == kind) else {
        let value = table.get("do")?;
        reader.unknown(&value, "command", &kind, kinds().map(|(name, _)| *name));
        return None;
    };
    let keys: Vec<&str> = keys.iter().copied().chain(["do"]).collect();
    reader.only(table, &keys);
    match kind.as_str() {
        "register-agency" => {
            let (id, name) = (text::parsed(reader, table, "id"), text::parsed(reader, table, "name"));
            Some(Job::Do(Command::RegisterAgency { id: id?, name: name? }))
        }
        "open-unit" => {
            let (id, agency) = (text::parsed(reader, table, "id"), text::parsed(reader, table, "agency"));
            let (name, from) = (text::parsed(reader, table, "name"), reader.date(table, "from"));
            Some(Job::Do(Command::OpenUnit { id: id?, agency: agency?, name: name?, from: from? }))
        }
        "open-line" => open_line(reader, table),
        "decide" => decide(reader, table),
        "outcome" => {
            let (request, outcome) = (text::parsed(reader, table, "request"), text::word(reader, table, "outcome"));
            let at: Option<Moment> = text::parsed(reader, table, "at");
            let authority = text::optional_word(reader, table, "authority");
            Some(Job::Do(Command::RecordOutcome { request: request?, outcome: outcome?, at: at?, authority }))
        }
        "hold" => {
            let (request, authority) = (text::parsed(reader, table, "request"), text::word(reader, table, "authority"));
            let at: Option<Moment> = text::parsed(reader, table, "at");
            Some(Job::Do(Command::RecordHold { request: request?, authority: authority?, at: at? }))
        }
        "reimburse" => {
            let request: Option<RequestId> = text::parsed(reader, table, "request");
            let (cents, on) = (reader.number(table, "cents"), reader.date(table, "on"));
            Some(Job::Do(Command::Reimburse { request: request?, cents: cents?, on: on? }))
        }
        "receipt" => {
            let (year, kind) = (text::parsed(reader, table, "year"), text::parsed(reader, table, "report"));
            let (on, office) = (reader.date(table, "on"), text::parsed(reader, table, "office"));
            let receipt =
                Receipt { on: on?, office: office?, reference: text::optional_parsed(reader, table, "reference") };
            Some(Job::Do(Command::RecordReceipt { year: year?, kind: kind?, receipt }))
        }
        "grow" => Some(Job::Grow),
        name if staff::KINDS.iter().any(|(kind, _)| *kind == name) => staff::read(reader, table, name).map(Job::Do),
        "answer-inquiry" => inquiry::read(reader, table).map(Job::Do),
        name if request::KINDS.iter().any(|(kind, _)| *kind == name) => request::job(reader, table, name),
        name if watch::KINDS.iter().any(|(kind, _)| *kind == name) => watch::job(reader, table, name),
        name if retention::KINDS.iter().any(|(kind, _)| *kind == name) => retention::job(reader, table, name),
        _ => custody::read(reader, table, &kind).map(Job::Do),
    }
}

fn open_line(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Job> {
    let (id, unit) = (text::parsed(reader, table, "id"), text::parsed(reader, table, "unit"));
    let (channel, name) = (text::word(reader, table, "channel"), text::parsed(reader, table, "name"));
    let from = reader.date(table, "from");
    Some(Job::Do(Command::OpenLine { id: id?, unit: unit?, channel: channel?, name: name?, from: from? }))
}

fn decide(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Job> {
    let request: Option<RequestId> = text::parsed(reader, table, "request");
    let ask: Option<Ask> = reader.word(table, "ask");
    let decided: Option<Decided> = text::word(reader, table, "decided");
    let on = reader.optional_date(table, "on");
    let departure: Option<Departure> = text::optional_word(reader, table, "departure");
    let reason = reader.optional_text(table, "reason");
    let mut facts = std::collections::BTreeMap::new();
    for (name, value) in reader.optional_table(table, "facts").map(Table::entries).unwrap_or_default() {
        let truth = value.value.as_bool().map(|truth| truth.to_string());
        match value.text().map(str::to_owned).or(truth) {
            Some(text) => drop(facts.insert(name.to_owned(), text)),
            None => reader.problem(&value, "a fact must be text, true or false".to_owned(), None),
        }
    }
    if departure.is_some() != reason.is_some() {
        let hint = "give `departure` (a code) and `reason` (typed) together or not at all".to_owned();
        reader.problem(&table, "a departure has a code and a typed reason".to_owned(), Some(hint));
    }
    let made_at = text::optional_parsed(reader, table, "made_at");
    let decide = Decide { request: request?, ask: ask?, on, made_at, facts, decided: decided?, departure: None };
    Some(Job::Decide { decide, departure: departure.zip(reason.map(Reason)) })
}
