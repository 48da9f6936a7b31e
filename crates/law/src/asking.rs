//! Asking the law.
//!
//! Every situation that the given facts leave possible is judged under every version that may have been law. One
//! answer everywhere is an [`Answer`]; different answers are [`StillPossible`], with the facts that decide.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::answer::{Answer, Because, Obligation, Outcome, StillPossible};
use crate::facts::Facts;
use crate::judge::{Fired, Law, Placed};
use crate::merge::{Merged, across_versions};
use crate::pack::{Pack, Review};
use crate::situations::Situations;
use crate::versions::{ActVersion, Versions};
use crate::words::{Ask, Says};

/// Asks the law: `ask` about an event `on` a day in the pack's time zone, with the facts known.
///
/// The facts must have been checked against the same pack. INVARIANT: the outcome follows from these four alone.
#[must_use]
pub fn answer(pack: &Pack, ask: Ask, facts: &Facts, on: Date) -> Outcome {
    answer_under(pack, ask, facts, on, None)
}

/// Asks the law as [`answer`] does, with a named version of one act in the place of the one in force.
#[must_use]
pub fn answer_under(pack: &Pack, ask: Ask, facts: &Facts, on: Date, act: Option<&ActVersion>) -> Outcome {
    let versions = act.map_or_else(|| Versions::on(pack, on), |act| Versions::under(pack, on, act));
    let laws: Vec<Law<'_>> = versions.each.iter().map(|version| Law::of(version, ask)).collect();
    let reads: BTreeSet<usize> = laws.iter().flat_map(|law| law.reads(&pack.vocabulary)).collect();
    let situations = Situations::of(pack, facts, &reads);
    let mut found: Vec<Option<Says>> = Vec::new();
    let mut merged: Option<Merged<'_>> = None;
    for situation in situations.iter() {
        let Some(situation) = situation else {
            found.push(None);
            continue;
        };
        let judged = laws.iter().map(|law| law.judge(pack, &mut situation.clone())).collect();
        let judged = across_versions(&versions, judged);
        found.push(Some(judged.says));
        merged = Some(match merged {
            Some(merged) => merged.with_situation(judged),
            None => judged,
        });
    }
    let possible: BTreeSet<Says> = found.iter().flatten().copied().collect();
    let entry = pack.vocabulary.ask(ask);
    let deed = entry.map_or_else(|| ask.to_string(), |entry| entry.deed.clone());
    let safe_default = entry.map_or_else(|| "ask a lawyer first".to_owned(), |entry| entry.safe_default.clone());
    let reviewed = pack.review != Review::None;
    if possible.len() > 1 {
        let deciding = situations.deciding(&found);
        let open = deciding.into_iter().filter_map(|index| situations.open_fact(pack, index)).collect();
        let possible = possible.into_iter().collect();
        return Outcome::StillPossible(StillPossible { ask, deed, on, possible, open, safe_default, reviewed });
    }
    let merged = merged.unwrap_or_else(Merged::not_loaded);
    let name = |index: usize| pack.vocabulary.facts.get(index).map(|fact| fact.name.clone());
    Outcome::Answered(Answer {
        ask,
        deed,
        on,
        says: merged.says,
        by_layer: merged.agreed_layers(),
        basis: merged.basis,
        reviewed,
        because: merged.reasons().into_iter().map(|fired| because(pack, &fired)).collect(),
        obligations: merged.reasons().into_iter().filter_map(|fired| obligation(&fired)).collect(),
        derived: merged.derived_words(pack),
        doubts: merged.doubts,
        safe_default,
        open: situations.open().into_iter().filter_map(name).collect(),
    })
}

fn because(pack: &Pack, fired: &Fired<'_>) -> Because {
    let mut because = Because::of(fired.placed);
    let settled = fired.placed.rule.defines.and_then(|index| pack.vocabulary.facts.get(index));
    because.settles = settled.map(|fact| fact.says.clone());
    because.lifts = fired.lifts.iter().map(|rule| rule.id.clone()).collect();
    because
}

fn obligation(fired: &Fired<'_>) -> Option<Obligation> {
    let Placed { section, rule } = fired.placed;
    Some(Obligation { rule: rule.id.clone(), citation: section.citation.clone(), duty: rule.duty.clone()? })
}
