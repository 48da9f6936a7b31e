//! Retention in the tables: its verbs, and what can be shown of it.

use std::collections::BTreeSet;

use register::retention::{Hold, Lifting, Proposal, Reached, RetentionCommand, Target, Thing, Under};
use register::{Command, Register};

use super::command::{Arguments, parse};

/// The command of a verb of this subject. `erase erasure_1` erases what the register reaches, with the events that
/// registered its requests; `with=`, `without=` and `entries=` say otherwise.
pub(super) fn read(verb: &str, arguments: &mut Arguments, register: &Register) -> Option<Command> {
    Some(Command::Retention(match verb {
        "place-hold" => RetentionCommand::PlaceHold(Hold {
            hold: arguments.id(),
            of: targets(arguments),
            cause: arguments.or("cause", "litigation"),
            reference: parse("note_8"),
        }),
        "lift-hold" => RetentionCommand::LiftHold(Lifting { hold: arguments.id(), reason: parse("note_9") }),
        "propose-erasure" => RetentionCommand::ProposeErasure(Proposal {
            erasure: arguments.id(),
            of: targets(arguments),
            under: Under::Schedule { item: arguments.or("item", "RRS-7.2"), approval: parse("note_7") },
        }),
        "expunge" => RetentionCommand::ProposeErasure(Proposal {
            erasure: arguments.id(),
            of: targets(arguments),
            under: Under::Order { docket: parse("note_7") },
        }),
        "drop-erasure" => RetentionCommand::DropErasure(arguments.id()),
        "erase" => RetentionCommand::ConfirmErasure(reached(arguments, register)),
        _ => return None,
    }))
}

fn targets(arguments: &mut Arguments) -> Vec<Target> {
    arguments.list("of", "none").iter().map(|text| parse(text)).collect()
}

fn reached(arguments: &mut Arguments, register: &Register) -> Reached {
    let erasure = arguments.id();
    let proposed = register.retention.proposals.get(&erasure);
    let reach = proposed.and_then(|proposed| register.reach(&proposed.proposal.of).ok()).unwrap_or_default();
    let with: Option<Thing> = arguments.take("with").map(|text| parse(&text));
    let without: Option<Thing> = arguments.take("without").map(|text| parse(&text));
    let registered = reach.iter().filter_map(|thing| {
        if let Thing::Request(id) = thing { register.requests.get(id).map(|state| state.seq) } else { None }
    });
    let entries: BTreeSet<u64> = match arguments.take("entries") {
        Some(given) => given.split(',').map(parse).collect(),
        None => registered.collect(),
    };
    let is_stay = |thing: &Thing| matches!(thing, Thing::Episode(_));
    let reach = reach.into_iter().filter(|thing| !is_stay(thing) && Some(thing) != without.as_ref());
    let erased = reach.chain(with).collect();
    Reached { erasure, erased, entries }
}

/// What was erased, a tombstone a line; or what an erasure would reach.
pub(super) fn show(register: &Register, line: &str) -> Option<Vec<String>> {
    if let Some(of) = line.strip_prefix("reach ") {
        let of: Vec<Target> = of.split(',').map(parse).collect();
        let reach = register.reach(&of).map(|reach| words(reach.iter()));
        return Some(vec![reach.unwrap_or_else(|refusal| refusal.to_string())]);
    }
    if line != "tombstones" {
        return None;
    }
    let told = register.retention.tombstones.iter().map(|one| {
        let Reached { erasure, erased, entries } = &one.tombstone.reached;
        let [proposed, confirmed] = &one.tombstone.approved_by;
        format!("{erasure}: {}; events {}; {proposed}, {confirmed}", words(erased.iter()), words(entries.iter()))
    });
    Some(told.collect())
}

fn words<T: ToString>(all: impl Iterator<Item = T>) -> String {
    all.map(|one| one.to_string()).collect::<Vec<_>>().join(" ")
}
