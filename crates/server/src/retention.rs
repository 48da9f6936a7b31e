//! What people see of retention: holds, erasures that wait, tombstones. And the change of the master key, which erases the keys
//! as they were wrapped before.

use anyhow::Result;
use register::Register;
use register::class::Sees;
use register::reading::note_of;
use register::retention::{Erased, Held, Proposed, Reached, Target, Under};
use register::say::counted;

use crate::app::App;
use crate::cli::{RotateMasterKey, ShowRetention};
use crate::decoding::replay;
use crate::screen;
use crate::store::Store;
use crate::vault::{KeptBy, SealedBy};
use crate::view::{self, shown, told};

/// Shows what must be kept, what is to be erased, and what was.
///
/// # Errors
/// When the register cannot be read.
pub(crate) fn show(arguments: &ShowRetention) -> Result<()> {
    let register = replay(&Store::open_read_only(&arguments.dir)?, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    if arguments.json {
        return screen::print_json(&json(&register, &sees));
    }
    let retention = &register.retention;
    let holds = section(retention.standing().map(|held| hold(&register, &sees, held)), "holds", "no hold stands");
    let waits = retention.proposals.values().filter(|proposed| proposed.waits);
    let waits = section(
        waits.map(|one| proposal(&register, &sees, one)),
        "proposed, to be confirmed by another person",
        "no erasure waits",
    );
    let gone =
        section(retention.tombstones.iter().map(|one| tombstone(&register, one)), "erased", "nothing was erased");
    screen::show(&format!("{holds}{waits}{gone}"))
}

/// Wraps every key under a new master key.
///
/// # Errors
/// When another process writes the register, there is no place for the key, or a file cannot be written.
pub(crate) fn rotate(arguments: &RotateMasterKey) -> Result<()> {
    let mut app = App::open(&arguments.dir)?;
    let kept_by = match (&arguments.token, arguments.no_token) {
        (Some(path), _) => KeptBy::Token(path),
        (None, true) => KeptBy::Nobody,
        (None, false) => KeptBy::TheSame,
    };
    app.rotate_master_key(arguments.to.as_deref(), kept_by)?;
    let place = match &arguments.to {
        Some(path) => format!("`{}`; make it the credential and then remove it", path.display()),
        None => "the place of the old one".to_owned(),
    };
    let sealed_by = app.sealed_by().map(sealed_by).unwrap_or_default();
    screen::show(&format!(
        "the vault has a new master key, in {place}\n{sealed_by}keep a copy in a safe; the old one opens the backups of the \
         keys made until now and nothing else: destroy it with the last of them\n"
    ))
}

/// What an operator must know of a master key that a token seals.
pub(crate) fn sealed_by(by: &SealedBy) -> String {
    let SealedBy { made_there, .. } = by;
    let (token, key) = by.names();
    let made_there = if *made_there {
        ""
    } else {
        "that key was not made in the token: whoever brought it there may have a copy, and needs no token\n"
    };
    format!(
        "the master key is sealed by the key `{key}` of token `{token}`, and opens with it alone: if token and every copy of its \
         key are lost, so is the vault\n{made_there}"
    )
}

fn section(lines: impl Iterator<Item = String>, title: &str, none: &str) -> String {
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    if lines.is_empty() { format!("{none}\n") } else { format!("{title}\n{lines}") }
}

/// The kinds of event whose fields are shown.
const PLACED: &str = "retention-hold-placed/1";
const PROPOSED: &str = "erasure-proposed/1";
const ERASED: &str = "record-erased/1";

fn hold(register: &Register, sees: &Sees, held: &Held) -> String {
    let (at, hold) = (screen::local(register, held.at), &held.hold);
    let (of, why) = (sees.shown(PLACED, "of", all(&hold.of)), sees.shown(PLACED, "reference", &hold.reference));
    format!("{} ({}) on {of}: placed at {at} by {}; reference: {why}", hold.hold, hold.cause, held.by)
}

fn proposal(register: &Register, sees: &Sees, one: &Proposed) -> String {
    let (at, erasure) = (screen::local(register, one.at), &one.proposal.erasure);
    let (of, under) = (sees.shown(PROPOSED, "of", all(&one.proposal.of)), &one.proposal.under);
    let note = sees.shown(PROPOSED, note_path(under), note_of(under));
    format!("{erasure} of {of}, {}: at {at} by {}; approved in: {note}", self::under(under), one.by)
}

/// Where the note under which something is erased stands in its event.
fn note_path(under: &Under) -> &'static str {
    match under {
        Under::Schedule { .. } => "under.schedule.approval",
        Under::Order { .. } => "under.order.docket",
    }
}

fn tombstone(register: &Register, one: &Erased) -> String {
    let Reached { erasure, erased, entries } = &one.tombstone.reached;
    let at = screen::local(register, one.at);
    let things = counted(erased.len() as u64, "thing", "things");
    let leaves = counted(entries.len() as u64, "leaf", "leaves");
    let [proposed, confirmed] = &one.tombstone.approved_by;
    format!(
        "{erasure}, {}: {things} and the keys of {leaves}, at {at} by {proposed} and {confirmed}",
        under(&one.tombstone.under)
    )
}

fn under(under: &Under) -> String {
    match under {
        Under::Schedule { item, .. } => format!("under {item}"),
        Under::Order { .. } => "by order of a court".to_owned(),
    }
}

fn all(of: &[Target]) -> String {
    match of {
        [] => "everything".to_owned(),
        of => of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn json(register: &Register, sees: &Sees) -> serde_json::Value {
    let texts = |of: &[Target]| of.iter().map(ToString::to_string).collect::<Vec<_>>();
    let retention = &register.retention;
    let holds = retention.standing().map(|held| {
        serde_json::json!({
            "hold": held.hold.hold.to_string(),
            "of": shown(sees, PLACED, "of", texts(&held.hold.of)),
            "reference": shown(sees, PLACED, "reference", held.hold.reference.to_string()),
            "cause": held.hold.cause.code(),
            "by": held.by.to_string(),
            "at": held.at.to_string(),
        })
    });
    let proposals = retention.proposals.values().filter(|one| one.waits).map(|one| {
        serde_json::json!({
            "erasure": one.proposal.erasure.to_string(),
            "of": shown(sees, PROPOSED, "of", texts(&one.proposal.of)),
            "under": under(&one.proposal.under),
            "note": shown(sees, PROPOSED, note_path(&one.proposal.under), note_of(&one.proposal.under).to_string()),
            "by": one.by.to_string(),
            "at": one.at.to_string(),
        })
    });
    let tombstones = retention.tombstones.iter().map(|one| {
        let Reached { erasure, erased, entries } = &one.tombstone.reached;
        serde_json::json!({
            "erasure": erasure.to_string(),
            "erased": shown(sees, ERASED, "erased", erased.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "entries": entries,
            "under": under(&one.tombstone.under),
            "approved_by": one.tombstone.approved_by.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "at": one.at.to_string(),
        })
    });
    serde_json::json!({
        "holds": holds.collect::<Vec<_>>(),
        "proposals": proposals.collect::<Vec<_>>(),
        "tombstones": tombstones.collect::<Vec<_>>(),
        "view": told(sees),
    })
}
