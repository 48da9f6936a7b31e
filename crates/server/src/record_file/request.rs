//! Commands about what becomes of a request.

use law::derived::{PaperKind, Signer};
use law::reader::{Reader, Table};
use register::Command;
use register::event::{Edition, Transmission};
use register::ids::RequestId;
use register::request::{NewValue, RequestCommand, Verification};

use crate::app::{Correction, HitSeen, Job, Reason, TakingBack, Verifying};
use crate::paper;
use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("duplicate", &["request", "same_as"]),
    ("reinstate", &["request"]),
    ("supersede", &["request", "replaces"]),
    ("cancel", &["request", "line", "at", "relayed_by"]),
    (
        "correct",
        &[
            "request",
            "reason",
            "form",
            "edition",
            "issued_on",
            "component",
            "asks",
            "grounds",
            "arrived",
            "printed",
            "person",
        ],
    ),
    ("shield", &["request", "cause"]),
    ("withdraw-entry", &["request", "entry", "cause", "reason"]),
    ("verify-paper", &["request", "paper", "called", "signer", "matter", "holder", "result", "at", "court", "docket"]),
    ("hit", &["unit", "file", "episode", "at"]),
];

/// The job of a table whose `do` is one of [`KINDS`].
pub(super) fn job(reader: &mut Reader<'_>, table: Table<'_>, kind: &str) -> Option<Job> {
    if kind == "hit" {
        let (unit, file) = (text::parsed(reader, table, "unit"), text::word(reader, table, "file"));
        let (episode, at) = (text::optional_parsed(reader, table, "episode"), text::parsed(reader, table, "at"));
        return Some(Job::NoteHit(HitSeen { unit: unit?, file: file?, episode, at: at? }));
    }
    let request: Option<RequestId> = text::parsed(reader, table, "request");
    let command = match kind {
        "duplicate" => {
            let same_as = text::parsed(reader, table, "same_as");
            RequestCommand::JoinDuplicate { request: request?, same_as: same_as? }
        }
        "reinstate" => RequestCommand::Reinstate { request: request? },
        "supersede" => {
            let earlier = text::parsed(reader, table, "replaces");
            RequestCommand::Supersede { earlier: earlier?, by: request? }
        }
        "cancel" => {
            let (line, arrived) = (text::parsed(reader, table, "line"), text::parsed(reader, table, "at"));
            let relayed_by = text::optional_parsed(reader, table, "relayed_by");
            let transmission = Transmission { line: line?, arrived: arrived?, relayed_by };
            RequestCommand::Cancel { request: request?, transmission }
        }
        "correct" => return correct(reader, table, request),
        "shield" => {
            let cause = text::word(reader, table, "cause");
            RequestCommand::Shield { request: request?, cause: cause? }
        }
        "withdraw-entry" => {
            let (entry, cause) = (reader.number(table, "entry"), text::word(reader, table, "cause"));
            let reason = reader.text(table, "reason").map(Reason);
            let (request, entry, cause, reason) = (request?, entry?, cause?, reason?);
            return Some(Job::Withdraw(Box::new(TakingBack { request, entry, cause, reason })));
        }
        "verify-paper" => return verify(reader, table, request),
        _ => return None,
    };
    Some(Job::Do(Command::Request(command)))
}

fn correct(reader: &mut Reader<'_>, table: Table<'_>, request: Option<RequestId>) -> Option<Job> {
    let mut to = Vec::new();
    to.extend(text::optional_word(reader, table, "form").map(NewValue::Form));
    to.extend(edition(reader, table).map(NewValue::Edition));
    to.extend(issued_on(reader, table).map(NewValue::IssuedOn));
    to.extend(text::optional_word(reader, table, "component").map(NewValue::Component));
    if table.has("asks") {
        to.push(NewValue::Asks(reader.words(table, "asks")));
    }
    if table.has("grounds") {
        to.push(NewValue::Grounds(text::words(reader, table, "grounds")));
    }
    to.extend(text::optional_parsed(reader, table, "arrived").map(NewValue::Arrived));
    let printed = reader.optional_table(table, "printed").map(|table| paper::person(reader, table, true));
    let person = reader.optional_number(table, "person").unwrap_or(1);
    let reason = reader.text(table, "reason").map(Reason);
    let printed = printed.unwrap_or_default();
    Some(Job::Correct(Box::new(Correction { request: request?, to, printed, person, reason: reason? })))
}

/// The edition that a correction gives; `none` where the paper prints none.
fn edition(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Option<Edition>> {
    if table.get("edition").and_then(law::reader::Value::text) == Some(NONE) {
        return Some(None);
    }
    text::optional_parsed(reader, table, "edition").map(Some)
}

/// The date that a correction gives; `none` where the paper prints none.
fn issued_on(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Option<jiff::civil::Date>> {
    if table.get("issued_on").and_then(law::reader::Value::text) == Some(NONE) {
        return Some(None);
    }
    reader.optional_date(table, "issued_on").map(Some)
}

/// How a correction says that nothing is printed where something was read.
const NONE: &str = "none";

fn verify(reader: &mut Reader<'_>, table: Table<'_>, request: Option<RequestId>) -> Option<Job> {
    let (paper, result) = (text::word(reader, table, "paper"), text::word(reader, table, "result"));
    let called: Option<PaperKind> = reader.word(table, "called");
    let signed_by: Option<Signer> = reader.word(table, "signer");
    let at = text::parsed(reader, table, "at");
    let court = reader.optional_text(table, "court").map(Reason);
    let docket = reader.optional_text(table, "docket").map(Reason);
    let (matter, held_by) = (reader.optional_word(table, "matter"), reader.optional_word(table, "holder"));
    let (paper, called, signed_by, result, at) = (paper?, called?, signed_by?, result?, at?);
    let verification = Verification { paper, called, signed_by, matter, held_by, result, at, note: None };
    Some(Job::Verify(Box::new(Verifying { request: request?, verification, court, docket })))
}
