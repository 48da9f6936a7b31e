//! The answer of the law to one ask about one event.
//!
//! Every situation that the given facts leave possible is judged under every version that may have been law. One
//! answer everywhere is an [`Answer`]; different answers are [`StillPossible`], with the facts that decide.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::facts::Facts;
use crate::judge::{Fired, Law, Placed};
use crate::merge::{Merged, across_versions};
use crate::pack::{Pack, Review};
use crate::rule::Duty;
use crate::situations::Situations;
use crate::versions::Versions;
use crate::words::{Act, Ask, Basis, Effect, FactName, Layer, RuleId, Says, SectionId};

/// What the law answers, given what is known.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// One answer, whatever the unknown facts are.
    Answered(Answer),
    /// Unknown facts leave more than one answer: the law is not unclear, the event is.
    StillPossible(StillPossible),
}

/// One answer of the law to one ask.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Answer {
    /// What was asked.
    pub ask: Ask,
    /// The deed in words that follow "do not".
    pub deed: String,
    /// The day of the event.
    #[serde(serialize_with = "crate::words::day")]
    pub on: Date,
    /// What the law says; the strictest layer prevails.
    pub says: Says,
    /// What each layer says that has a rule for the ask, highest first. A layer that unknown facts leave open is left out.
    pub by_layer: Vec<(Layer, Says)>,
    /// The weakest status among what the answer rests on.
    pub basis: Basis,
    /// Whether a lawyer reviewed the pack.
    pub reviewed: bool,
    /// The rules that fired: prohibitions first, then permissions, exceptions and definitions.
    pub because: Vec<Because>,
    /// What a lawyer must settle; empty unless a layer says *needs legal review*.
    pub doubts: Vec<Doubt>,
    /// What to do while in doubt.
    pub safe_default: String,
    /// What the rules that fired oblige the agency to do.
    pub obligations: Vec<Obligation>,
    /// Derived facts that the law reads.
    pub derived: BTreeMap<FactName, String>,
    /// Facts that the law reads and nobody gave; none of them changes the answer.
    pub open: Vec<FactName>,
}

/// The answers that unknown facts leave possible.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StillPossible {
    /// What was asked.
    pub ask: Ask,
    /// The deed in words that follow "do not".
    pub deed: String,
    /// The day of the event.
    #[serde(serialize_with = "crate::words::day")]
    pub on: Date,
    /// Two or more answers, strictest first.
    pub possible: Vec<Says>,
    /// The facts on which it depends, in the order of `facts.toml`.
    pub open: Vec<OpenFact>,
    /// What to do meanwhile.
    pub safe_default: String,
    /// Whether a lawyer reviewed the pack.
    pub reviewed: bool,
}

/// A fact that somebody must find out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenFact {
    /// Its name.
    pub name: FactName,
    /// The question.
    pub question: String,
    /// The answers still possible, and their words.
    pub answers: Vec<(String, String)>,
}

/// A rule that fired, with what a reader needs to find it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Because {
    /// The rule.
    pub rule: RuleId,
    /// Its section in the pack.
    pub section: SectionId,
    /// The section's title.
    pub title: String,
    /// How a lawyer cites it.
    pub citation: String,
    /// The act.
    pub act: Act,
    /// Whose law it is.
    pub layer: Layer,
    /// The first day of this version.
    #[serde(serialize_with = "crate::words::day_or_open")]
    pub version_from: Option<Date>,
    /// How well its words are known.
    pub status: Basis,
    /// What it does.
    pub effect: Effect,
    /// The quoted words.
    pub words: Option<String>,
    /// The prohibitions it lifted here.
    pub lifts: Vec<RuleId>,
    /// What it settles, for a definition: `the person is eligible for release from custody`.
    pub settles: Option<String>,
}

/// What a lawyer must settle.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A missing or unclear word.
    Unclear {
        /// The rule that says so.
        rule: Because,
        /// The word or text.
        why: String,
    },
    /// No section in force covers the ask.
    NotLoaded,
    /// The first day of a version is not known, and the versions differ.
    FirstDay {
        /// The act that changed.
        act: Act,
        /// The first day on which it may have changed.
        #[serde(serialize_with = "crate::words::day")]
        from: Date,
        /// The day from which it certainly had, if one is known.
        #[serde(serialize_with = "crate::words::day_or_open")]
        at_latest: Option<Date>,
        /// What the earlier text says.
        earlier: Says,
        /// What the later text says.
        later: Says,
    },
    /// A prohibition and a permission of one layer contradict each other.
    Conflict {
        /// The layer.
        layer: Layer,
        /// The prohibition.
        prohibition: RuleId,
        /// The permission.
        permission: RuleId,
    },
}

/// What a rule that fired obliges the agency to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Obligation {
    /// The rule.
    pub rule: RuleId,
    /// How a lawyer cites it.
    pub citation: String,
    /// The deed and its clock.
    pub duty: Duty,
}

impl Outcome {
    /// The one answer, if there is one.
    #[must_use]
    pub fn answered(&self) -> Option<&Answer> {
        match self {
            Outcome::Answered(answer) => Some(answer),
            Outcome::StillPossible(_) => None,
        }
    }
}

/// Asks the law: `ask` about an event `on` a day in the pack's time zone, with the facts known.
///
/// The facts must have been checked against the same pack. INVARIANT: the outcome follows from these four alone.
#[must_use]
pub fn answer(pack: &Pack, ask: Ask, facts: &Facts, on: Date) -> Outcome {
    let versions = Versions::on(pack, on);
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
    let mut because = because_of(fired.placed);
    let settled = fired.placed.rule.defines.and_then(|index| pack.vocabulary.facts.get(index));
    because.settles = settled.map(|fact| fact.says.clone());
    because.lifts = fired.lifts.iter().map(|rule| rule.id.clone()).collect();
    because
}

/// A rule with what a reader needs to find it.
pub(crate) fn because_of(placed: Placed<'_>) -> Because {
    let Placed { section, rule } = placed;
    Because {
        rule: rule.id.clone(),
        section: section.id.clone(),
        title: section.title.clone(),
        citation: section.citation.clone(),
        act: section.act.clone(),
        layer: section.layer,
        version_from: section.law().map(|(first, _)| first.earliest),
        status: rule.status,
        effect: rule.effect,
        words: rule.words.clone(),
        lifts: Vec::new(),
        settles: None,
    }
}

fn obligation(fired: &Fired<'_>) -> Option<Obligation> {
    let Placed { section, rule } = fired.placed;
    Some(Obligation { rule: rule.id.clone(), citation: section.citation.clone(), duty: rule.duty.clone()? })
}
