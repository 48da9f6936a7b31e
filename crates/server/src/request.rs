//! What people see of a request: what became of a paper they handed in, and all that is registered of one. Nothing that a
//! paper prints is here.

use std::path::Path;

use anyhow::{Context as _, Result};
use register::Register;
use register::counting::Ruling;
use register::request::{Arrival, Change};
use register::retention::Thing;
use register::say;
use register::state::RequestState;
use register::words::Counting;

use crate::app::Received;
use crate::cli::Show;
use crate::decoding::replay;
use crate::store::Store;
use crate::{page, screen};

/// What became of a paper from a form file.
pub(crate) fn received(received: &Received, path: &Path) -> String {
    let (request, path) = (&received.request, path.display());
    let mut said = match &received.ruling {
        Ruling::Transmission(_) => {
            format!(
                "another transmission of {request}, by rule C-3, from {path} (hint: `--new` if it is a new request)\n"
            )
        }
        Ruling::New | Ruling::MayRepeat(_) => format!("registered {request} from {path}\n"),
    };
    if !received.differs.is_empty() {
        said += &format!("  reads otherwise than its first paper: {}\n", codes(&received.differs));
    }
    if let Ruling::MayRepeat(others) = &received.ruling {
        said += &format!(
            "note: it may repeat {}, which the rules cannot tell (C-4) (hint: if it does, record the command `duplicate`)\n",
            codes(others)
        );
    }
    if !received.may_replace.is_empty() {
        said += &format!(
            "note: about the same individual: {} (hint: if this one replaces one of these, record the command `supersede`)\n",
            codes(&received.may_replace)
        );
    }
    if let Some(doubt) = &received.doubt {
        said += &format!("note: {doubt}\n");
    }
    said
}

/// The same for programs.
pub(crate) fn received_json(received: &[Received]) -> serde_json::Value {
    let ids: Vec<String> = received.iter().map(|one| one.request.to_string()).collect();
    let rulings: Vec<serde_json::Value> = received
        .iter()
        .map(|one| {
            let may_repeat = if let Ruling::MayRepeat(others) = &one.ruling { others.as_slice() } else { &[] };
            serde_json::json!({
                "request": one.request.to_string(),
                "transmission_of_a_registered_request": matches!(one.ruling, Ruling::Transmission(_)),
                "differs": one.differs.iter().map(|field| field.code()).collect::<Vec<_>>(),
                "may_repeat": may_repeat.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "may_replace": one.may_replace.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "doubt": one.doubt,
            })
        })
        .collect();
    serde_json::json!({ "requests": ids, "rulings": rulings })
}

/// All that is registered of a request.
///
/// # Errors
/// When the register cannot be read or the request is not in it.
pub(crate) fn show(show: &Show) -> Result<()> {
    let register = replay(&Store::open_read_only(&show.dir)?, None)?;
    let unknown = || register::Refusal::IdUnknown { id: show.request.to_string() };
    let state = register.requests.get(&show.request).with_context(unknown)?;
    screen::show(&shown(&register, state))
}

fn shown(register: &Register, state: &RequestState) -> String {
    let request = &state.request;
    let mut lines = vec![
        format!("{}: {}", request.id, say::form_title(request.form)),
        format!(
            "  edition {}, issued on {}, by {}",
            request.edition.as_ref().map_or("not printed".to_owned(), ToString::to_string),
            request.issued_on.map_or("a day not printed".to_owned(), |on| on.to_string()),
            request.component
        ),
        format!("  asks {}; boxes ticked: {}", codes(&asks(state)), none_or(codes(&request.grounds))),
        format!("  about {}", say::counted(request.subjects.len() as u64, "individual", "individuals")),
        counts(state),
    ];
    lines.extend(erased(register, state));
    lines.extend(state.supersedes.iter().map(|one| format!("  replaces {} (entry {})", one.earlier, one.seq)));
    let later = register.requests.values().filter(|other| other.replaces() == Some(&request.id));
    lines.extend(later.map(|other| format!("  replaced by {}", other.request.id)));
    lines.extend(state.transmissions.iter().map(|arrival| transmission(register, arrival)));
    let repeated = register.requests.values().filter(|other| other.duplicate_of.as_ref() == Some(&request.id));
    for other in repeated {
        lines.push(format!("  repeated by {}, whose arrivals are", other.request.id));
        lines.extend(other.transmissions.iter().map(|arrival| format!("  {}", transmission(register, arrival))));
    }
    lines.extend(state.corrections.iter().map(|one| {
        let fields: Vec<&str> = one.changes.iter().map(Change::field).collect();
        format!("  corrected at {} by {}: {}", screen::local(register, one.at), one.by, fields.join(", "))
    }));
    lines.extend(state.verified().into_iter().map(|one| {
        let (paper, result, at) = (say::form_title(one.paper), one.result, screen::when(register, one.at));
        format!("  {paper}, called {}, signed by {}: {result} at {at}", one.called, one.signed_by)
    }));
    lines.extend(entries(register, state));
    lines.extend(state.taken_back.iter().map(|one| {
        let (kind, of, cause) = (one.entry.kind, one.entry.of, one.entry.cause);
        format!("  taken back: {kind} {of}: {cause}, at {} by {}", screen::local(register, one.at), one.by)
    }));
    let given = register.receipts_given.given.get(&request.id);
    lines.extend(given.map(|given| format!("  {} given", say::counted(*given, "receipt", "receipts"))));
    lines.extend(register.ended_otherwise(state).map(|end| {
        let at = screen::local(register, end.at);
        format!("  custody {} ended otherwise: {} at {at} (hint: find out which is wrong)", end.episode, end.what)
    }));
    lines.join("\n") + "\n"
}

/// That it was erased: what it printed is gone, and what counts of it stays.
fn erased(register: &Register, state: &RequestState) -> Option<String> {
    let erasure = register.retention.erasure_of(&Thing::from(&state.request.id))?;
    let one = register.retention.tombstones.iter().find(|one| one.tombstone.reached.erasure == *erasure)?;
    let at = screen::local(register, one.at);
    Some(format!("  erased at {at} ({erasure}): what the paper printed, and the key of each leaf about it, are gone"))
}

/// What can be taken back, each with the number by which it is.
fn entries(register: &Register, state: &RequestState) -> Vec<String> {
    let at = |moment| screen::when(register, moment);
    let mut entries: Vec<(u64, String)> = Vec::new();
    entries.extend(
        state
            .cancelled
            .iter()
            .map(|one| (one.seq, format!("lifted by its requester: {} on {}", at(one.arrived), one.line))),
    );
    entries.extend(state.decisions.values().map(|one| {
        let decision = &one.decision;
        (one.seq, format!("{} {} on {}", decision.ask.code(), decision.decided, decision.on))
    }));
    entries.extend(
        state.outcome.iter().map(|one| (one.seq, format!("{} at {}", say::outcome_title(one.outcome), at(one.at)))),
    );
    let held = state.held.iter().map(|one| (one, "held past release"));
    let transferred = state.transferred.iter().map(|one| (one, "transferred"));
    entries.extend(held.chain(transferred).map(|(one, what)| {
        let who = one.subject.individual.as_ref().filter(|_| state.request.subjects.len() > 1);
        let who = who.map(|individual| format!("{individual} ")).unwrap_or_default();
        (one.seq, format!("{who}{what} under {} at {}", one.authority, at(one.at)))
    }));
    entries.extend(
        state.reimbursed.iter().map(|one| (one.seq, format!("reimbursed {} on {}", page::dollars(one.cents), one.on))),
    );
    entries.extend(state.shielded.iter().map(|one| (one.seq, format!("shown in totals only: {}", one.cause))));
    entries.sort();
    entries.into_iter().map(|(number, what)| format!("  {what} (entry {number})")).collect()
}

fn counts(state: &RequestState) -> String {
    if let Some(same_as) = &state.duplicate_of {
        return format!("  counts as nothing: it repeats {same_as}");
    }
    match state.counting {
        Counting::Counted => format!("  counts in {}", state.year),
        Counting::Unclear => format!("  counts in {} on one reading of the law, and not on the other", state.year),
        Counting::NotCounted => format!("  counts in no item of {}", state.year),
    }
}

fn transmission(register: &Register, arrival: &Arrival) -> String {
    let line = register.lines.get(&arrival.line).map_or(String::new(), |line| line.name.to_string());
    let relayed = arrival.relayed_by.as_ref().map(|by| format!(", passed on by {by}")).unwrap_or_default();
    let differs =
        if arrival.differs.is_empty() { String::new() } else { format!("; differs: {}", codes(&arrival.differs)) };
    let arrived = screen::when(register, arrival.arrived);
    format!("  arrived {arrived} on {line}{relayed}, noted by {}{differs}", arrival.noted_by)
}

fn asks(state: &RequestState) -> Vec<&'static str> {
    state.request.asks.iter().map(|ask| ask.code()).collect()
}

fn codes<T: ToString>(words: &[T]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn none_or(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}
