//! Commands of retention: holds and erasures.

use law::reader::{Reader, Table, Value};
use register::Command;
use register::ids::RequestId;
use register::retention::{RetentionCommand, Target};

use crate::app::{Ground, Job, Named, Reason, ToHold};
use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("place-hold", &["of", "people_of", "cause", "reference"]),
    ("lift-hold", &["hold", "reason"]),
    ("propose-erasure", &["of", "people_of", "schedule", "approval"]),
    ("expunge", &["of", "people_of", "docket"]),
    ("drop-erasure", &["erasure"]),
    ("confirm-erasure", &["erasure"]),
];

/// The job of a table whose `do` is one of [`KINDS`].
pub(super) fn job(reader: &mut Reader<'_>, table: Table<'_>, kind: &str) -> Option<Job> {
    match kind {
        "place-hold" => {
            let (named, cause) = (named(reader, table), text::word(reader, table, "cause"));
            let reference = reader.text(table, "reference").map(Reason);
            Some(Job::PlaceHold(ToHold { named, cause: cause?, reference: reference? }))
        }
        "lift-hold" => {
            let (hold, reason) = (text::parsed(reader, table, "hold"), reader.text(table, "reason").map(Reason));
            Some(Job::LiftHold { hold: hold?, reason: reason? })
        }
        "propose-erasure" => {
            let (named, item) = (named(reader, table), text::parsed(reader, table, "schedule"));
            let approval = reader.text(table, "approval").map(Reason);
            Some(Job::ProposeErasure { named, ground: Ground::Schedule { item: item?, approval: approval? } })
        }
        "expunge" => {
            let (named, docket) = (named(reader, table), reader.text(table, "docket").map(Reason));
            Some(Job::ProposeErasure { named, ground: Ground::Order(docket?) })
        }
        "drop-erasure" => {
            let erasure = text::parsed(reader, table, "erasure");
            Some(Job::Do(Command::Retention(RetentionCommand::DropErasure(erasure?))))
        }
        "confirm-erasure" => Some(Job::ConfirmErasure(text::parsed(reader, table, "erasure")?)),
        _ => None,
    }
}

fn named(reader: &mut Reader<'_>, table: Table<'_>) -> Named {
    let of: Vec<Target> = ids(reader, table, "of");
    let people_of: Vec<RequestId> = ids(reader, table, "people_of");
    Named { of, people_of }
}

fn ids<T: std::str::FromStr<Err: std::fmt::Display>>(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Vec<T> {
    let values: Vec<(String, Value<'_>)> =
        reader.texts(table, key).into_iter().map(|(text, value)| (text.to_owned(), value)).collect();
    let mut ids = Vec::new();
    for (text, value) in values {
        match text.parse() {
            Ok(id) => ids.push(id),
            Err(error) => reader.problem(&value, format!("`{key}`: {error}"), None),
        }
    }
    ids
}
