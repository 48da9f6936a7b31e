//! The answer of the law to one ask about one event, with its reasons: the values that [`crate::answer()`] gives.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::judge::Placed;
use crate::rule::Duty;
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

impl Because {
    /// A rule as a reason.
    pub(crate) fn of(placed: Placed<'_>) -> Because {
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
}
