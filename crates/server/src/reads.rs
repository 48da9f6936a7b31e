//! `candor read` and `candor reads`: one paper or note shown to one person, which is recorded first; and who was shown what.

use anyhow::{Context as _, Result};
use register::event::Event;
use register::ids::RequestId;
use register::reading::{Read, ReadingEvent, VaultRead};
use register::{Refusal, Register};
use serde_json::{Map, Value, json};

use crate::app::{App, Job, Shown, Submission};
use crate::decoding::replay;
use crate::store::Store;
use crate::writer::Writer;
use crate::{cli, screen, view};

/// Records that a paper or note is read, then shows it.
///
/// # Errors
/// When it may not be read, or the read cannot be recorded. Nothing was shown.
pub(crate) fn read(arguments: &cli::Read) -> Result<()> {
    let cli::Read { dir, of, reason, json, actor } = arguments;
    let writer = Writer::start(App::open(dir)?);
    let jobs = vec![Job::Read { of: of.clone(), reason: *reason }];
    let submission = Submission { by: actor.by.clone(), at: actor.at, jobs, places: Vec::new() };
    let done = writer.submit(submission)??;
    let recorded = done.recorded.iter().find_map(|recorded| {
        if let Event::Reading(ReadingEvent::VaultRead(read)) = &recorded.event {
            Some((recorded.seq, read))
        } else {
            None
        }
    });
    let (seq, read) = recorded.context("no read was recorded")?;
    let (shown, note) = writer.look(move |app| (app.read_out(seq), screen::everybody(app.register())))?;
    let shown = shown?;
    eprint!("{}", if note.is_empty() { note } else { format!("candor: {note}") });
    if *json {
        return screen::print_json(&for_programs(seq, read, &shown));
    }
    screen::show(&text(seq, read, &shown))
}

fn text(seq: u64, read: &VaultRead, shown: &[Shown]) -> String {
    let of = read.request.as_ref().map_or(String::new(), |request| format!(" of {request}"));
    let mut text = format!("{}{of}, read for {} (entry {seq})\n", read.of, read.reason);
    for Shown { field, says } in shown {
        let says = match says {
            Ok(says) => printable(says),
            Err(blank) => format!("({blank})"),
        };
        let name = field.to_string();
        text.push_str(&format!("  {name:<16} {says}\n"));
    }
    text
}

/// What could steer a terminal is written out; a further line is moved under the first.
fn printable(says: &str) -> String {
    let mut text = String::new();
    for letter in says.chars() {
        match letter {
            '\n' => text.push_str("\n                   "),
            letter if letter.is_control() => text.extend(letter.escape_default()),
            letter => text.push(letter),
        }
    }
    text
}

fn for_programs(seq: u64, read: &VaultRead, shown: &[Shown]) -> Value {
    let fields = shown.iter().map(|Shown { field, says }| {
        let says =
            says.as_ref().map_or_else(|blank| json!({ "blank": blank.to_string() }), |says| json!({ "says": says }));
        (field.to_string(), says)
    });
    json!({
        "of": read.of.to_string(),
        "request": read.request.as_ref().map(RequestId::to_string),
        "reason": read.reason.code(),
        "entry": seq,
        "fields": fields.collect::<Map<_, _>>(),
    })
}

/// Lists who was shown what.
///
/// # Errors
/// When the register cannot be read, the request is not in it, or whoever looks may not.
pub(crate) fn list(arguments: &cli::ShowReads) -> Result<()> {
    let register = replay(&Store::open_read_only(&arguments.dir)?, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    if let Some(unknown) = arguments.request.as_ref().filter(|request| !register.requests.contains_key(request)) {
        return Err(Refusal::IdUnknown { id: unknown.to_string() }.into());
    }
    let asked = |one: &&Read| {
        let of = arguments.request.as_ref().is_none_or(|request| one.read.request.as_ref() == Some(request));
        of && arguments.person.as_ref().is_none_or(|person| one.by == *person)
    };
    let reads: Vec<&Read> = register.reading.reads.iter().filter(asked).collect();
    if arguments.json {
        let reads: Vec<Value> = reads.iter().map(|one| one_json(&register, one)).collect();
        return screen::print_json(&json!({ "reads": reads, "view": view::told(&sees) }));
    }
    if reads.is_empty() {
        return screen::show("nobody was shown anything of this\n");
    }
    let lines: String = reads.iter().map(|one| line(&register, one)).collect();
    screen::show(&lines)
}

/// When, who, of what, which fields, what for: all of it is internal.
fn line(register: &Register, Read { seq, at, by, read }: &Read) -> String {
    let of = read.request.as_ref().map_or(String::new(), |request| format!(" of {request}"));
    let at = screen::local(register, *at);
    format!("{at}  {by} read {}{of} for {}: {} (entry {seq})\n", read.of, read.reason, names(read).join(", "))
}

fn one_json(register: &Register, Read { seq, at, by, read }: &Read) -> Value {
    json!({
        "entry": seq,
        "at": at.to_string(),
        "local": screen::local(register, *at),
        "by": by.to_string(),
        "of": read.of.to_string(),
        "request": read.request.as_ref().map(RequestId::to_string),
        "fields": names(read),
        "reason": read.reason.code(),
    })
}

fn names(read: &VaultRead) -> Vec<String> {
    read.fields.iter().map(ToString::to_string).collect()
}
