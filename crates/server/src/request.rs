//! What people see of a request: what became of a paper they handed in, and all that is registered of one, by view. Nothing that
//! a paper prints is here.

mod for_programs;

use std::path::Path;

use anyhow::{Context as _, Result};
use register::Register;
use register::class::Sees;
use register::counting::Ruling;
use register::request::{Arrival, Change, Corrected, Verification, Withdrawn};
use register::retention::Thing;
use register::say;
use register::state::{Done, RequestState};
use register::words::Counting;

use crate::app::Received;
use crate::cli::Show;
use crate::decoding::replay;
use crate::store::Store;
use crate::{page, screen, view};

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

/// All that is registered of a request, as far as whoever looks may see it.
///
/// # Errors
/// When the register cannot be read, the request is not in it, or whoever looks may not.
pub(crate) fn show(show: &Show) -> Result<()> {
    let register = replay(&Store::open_read_only(&show.dir)?, None)?;
    let sees = view::sees(&register, &show.viewing)?;
    let unknown = || register::Refusal::IdUnknown { id: show.request.to_string() };
    let state = register.requests.get(&show.request).with_context(unknown)?;
    let looked = Looked { register: &register, sees: &sees, state };
    if show.json {
        return screen::print_json(&looked.for_programs());
    }
    screen::show(&looked.text())
}

/// The kinds of event whose fields are shown.
const RECEIVED: &str = "request-received/1";
const ADDED: &str = "transmission-added/1";
const CORRECTED: &str = "correction-made/1";
const VERIFIED: &str = "paper-verified/1";
const CANCELLED: &str = "request-cancelled/1";
const DECIDED: &str = "decision-made/1";
const OUTCOME: &str = "outcome-recorded/1";
const HELD: &str = "person-held/1";
const TRANSFERRED: &str = "person-transferred/1";
const SHIELDED: &str = "request-shielded/1";
const TAKEN_BACK: &str = "entry-withdrawn/1";
const CUSTODY: &str = "custody-recorded/1";

/// A request, and who looks at it. What is internal every view reads; all else is asked of it.
struct Looked<'a> {
    register: &'a Register,
    sees: &'a Sees,
    state: &'a RequestState,
}

impl Looked<'_> {
    fn text(&self) -> String {
        let (register, state, request) = (self.register, self.state, &self.state.request);
        let received = |field, says: String| self.sees.shown(RECEIVED, field, says);
        let mut lines = vec![
            format!("{}: {}", request.id, say::form_title(request.form)),
            format!(
                "  edition {}, issued on {}, by {}",
                request.edition.as_ref().map_or("not printed".to_owned(), ToString::to_string),
                received("issued_on", request.issued_on.map_or("a day not printed".to_owned(), |on| on.to_string())),
                request.component
            ),
            format!(
                "  asks {}; boxes ticked: {}",
                codes(&asks(state)),
                received("grounds", none_or(codes(&request.grounds)))
            ),
            format!(
                "  about {}",
                received("subjects", say::counted(request.subjects.len() as u64, "individual", "individuals"))
            ),
            counts(state),
        ];
        lines.extend(erased(register, state));
        lines.extend(state.supersedes.iter().map(|one| format!("  replaces {} (entry {})", one.earlier, one.seq)));
        let later = register.requests.values().filter(|other| other.replaces() == Some(&request.id));
        lines.extend(later.map(|other| format!("  replaced by {}", other.request.id)));
        lines.extend(state.transmissions.iter().map(|arrival| self.transmission(arrival)));
        let repeated = register.requests.values().filter(|other| other.duplicate_of.as_ref() == Some(&request.id));
        for other in repeated {
            lines.push(format!("  repeated by {}, whose arrivals are", other.request.id));
            lines.extend(other.transmissions.iter().map(|arrival| format!("  {}", self.transmission(arrival))));
        }
        lines.extend(state.corrections.iter().map(|one| self.correction(one)));
        lines.extend(state.verified().into_iter().map(|one| self.verification(one)));
        lines.extend(self.entries());
        lines.extend(state.taken_back.iter().map(|one| self.taken_back(one)));
        let given = register.receipts_given.given.get(&request.id);
        lines.extend(given.map(|given| format!("  {} given", say::counted(*given, "receipt", "receipts"))));
        lines.extend(self.ended_otherwise());
        lines.join("\n") + "\n"
    }

    fn transmission(&self, arrival: &Arrival) -> String {
        let line = self.register.lines.get(&arrival.line).map_or(String::new(), |line| line.name.to_string());
        let relayed = arrival.relayed_by.as_ref().map(|by| format!(", passed on by {by}")).unwrap_or_default();
        let differs =
            if arrival.differs.is_empty() { String::new() } else { format!("; differs: {}", codes(&arrival.differs)) };
        let arrived = self.sees.shown(ADDED, "arrived", screen::when(self.register, arrival.arrived));
        let (by, paper) = (&arrival.noted_by, &arrival.paper);
        format!("  arrived {arrived} on {line}{relayed}, noted by {by}{differs}; printed: {paper}")
    }

    fn correction(&self, one: &Corrected) -> String {
        let fields: Vec<&str> = one.changes.iter().map(Change::field).collect();
        let (at, note) = (screen::local(self.register, one.at), self.sees.shown(CORRECTED, "note", &one.note));
        format!("  corrected at {at} by {}: {}; why: {note}", one.by, fields.join(", "))
    }

    fn verification(&self, one: &Verification) -> String {
        let (paper, result, at) = (say::form_title(one.paper), one.result, screen::when(self.register, one.at));
        let note = one.note.as_ref().map(|note| self.sees.shown(VERIFIED, "note", note));
        let note = note.map(|note| format!("; court and docket: {note}")).unwrap_or_default();
        format!("  {paper}, called {}, signed by {}: {result} at {at}{note}", one.called, one.signed_by)
    }

    fn taken_back(&self, one: &Withdrawn) -> String {
        let (kind, of, cause) = (one.entry.kind, one.entry.of, one.entry.cause);
        let (at, why) = (screen::local(self.register, one.at), self.sees.shown(TAKEN_BACK, "note", &one.entry.note));
        format!("  taken back: {kind} {of}: {cause}, at {at} by {}; why: {why}", one.by)
    }

    fn ended_otherwise(&self) -> Option<String> {
        let end = self.register.ended_otherwise(self.state)?;
        let custody = |field, says: String| self.sees.shown(CUSTODY, field, says);
        Some(format!(
            "  custody {} ended otherwise: {} at {} (hint: find out which is wrong)",
            custody("episode", end.episode.to_string()),
            custody("what", end.what.to_string()),
            custody("at", screen::local(self.register, end.at))
        ))
    }

    /// What can be taken back, each with the number by which it is.
    fn entries(&self) -> Vec<String> {
        let (state, sees) = (self.state, self.sees);
        let when = |kind, moment| sees.shown(kind, "at", screen::when(self.register, moment));
        let mut entries: Vec<(u64, String)> = Vec::new();
        entries.extend(state.cancelled.iter().map(|one| {
            let arrived = sees.shown(CANCELLED, "arrived", screen::when(self.register, one.arrived));
            (one.seq, format!("lifted by its requester: {arrived} on {}", one.line))
        }));
        entries.extend(state.decisions.values().map(|one| {
            let decision = &one.decision;
            let why = decision.departure.as_ref().map(|(code, note)| {
                format!(", departing from the law: {code}, why: {}", sees.shown(DECIDED, "departure.note", note))
            });
            let why = why.unwrap_or_default();
            (one.seq, format!("{} {} on {}{why}", decision.ask.code(), decision.decided, decision.on))
        }));
        entries.extend(state.outcome.iter().map(|one| {
            let says = format!("`{}`: {}", one.outcome, say::outcome_title(one.outcome));
            (one.seq, format!("outcome {} at {}", sees.shown(OUTCOME, "outcome", says), when(OUTCOME, one.at)))
        }));
        let held = state.held.iter().map(|one| (HELD, one, "held past release"));
        let transferred = state.transferred.iter().map(|one| (TRANSFERRED, one, "transferred"));
        entries.extend(held.chain(transferred).map(|(kind, one, what)| (one.seq, self.done(kind, one, what))));
        let paid = state.reimbursed.iter();
        entries.extend(paid.map(|one| (one.seq, format!("reimbursed {} on {}", page::dollars(one.cents), one.on))));
        entries.extend(
            state
                .shielded
                .iter()
                .map(|one| (one.seq, format!("shown in totals only: {}", sees.shown(SHIELDED, "cause", one.cause)))),
        );
        entries.sort();
        entries.into_iter().map(|(number, what)| format!("  {what} (entry {number})")).collect()
    }

    fn done(&self, kind: &'static str, one: &Done, what: &str) -> String {
        let who = one.subject.individual.as_ref().filter(|_| self.state.request.subjects.len() > 1);
        let who = who.map(|one| format!("{} ", self.sees.shown(kind, "subject", one))).unwrap_or_default();
        let authority = self.sees.shown(kind, "authority", one.authority);
        let at = self.sees.shown(kind, "at", screen::when(self.register, one.at));
        format!("{who}{what} under {authority} at {at}")
    }
}

/// That it was erased: what it printed is gone, and what counts of it stays.
fn erased(register: &Register, state: &RequestState) -> Option<String> {
    let erasure = register.retention.erasure_of(&Thing::from(&state.request.id))?;
    let one = register.retention.tombstones.iter().find(|one| one.tombstone.reached.erasure == *erasure)?;
    let at = screen::local(register, one.at);
    Some(format!("  erased at {at} ({erasure}): what the paper printed, and the key of each leaf about it, are gone"))
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

fn asks(state: &RequestState) -> Vec<&'static str> {
    state.request.asks.iter().map(|ask| ask.code()).collect()
}

fn codes<T: ToString>(words: &[T]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn none_or(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}
