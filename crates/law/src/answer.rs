//! The answer of the law to one ask about one event, with its reasons as a tree: the values that [`crate::Law`] gives.
//! They point into the pack; whoever keeps them copies what it needs.

use jiff::civil::Date;

use crate::rule::{Duty, Rule};
use crate::table::Placed;
use crate::vocabulary::Fact;
use crate::words::{Act, Ask, Basis, FactName, Layer, Says};

/// What the law answers, given what is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<'p> {
    /// One answer, whatever the unknown facts are.
    Answered(Answer<'p>),
    /// Unknown facts leave more than one answer: the law is not unclear, the event is.
    StillPossible(StillPossible<'p>),
}

/// One answer of the law to one ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'p> {
    /// What was asked.
    pub ask: Ask,
    /// The deed in words that follow "do not".
    pub deed: &'p str,
    /// The day of the event.
    pub on: Date,
    /// What the law says; the strictest layer prevails.
    pub says: Says,
    /// The weakest status among what the answer rests on.
    pub basis: Basis,
    /// Whether a lawyer reviewed the pack.
    pub reviewed: bool,
    /// The rules it rests on: prohibitions first, then permissions, exceptions and definitions.
    pub because: Vec<Placed<'p>>,
    /// The same as a tree: one entry for each layer that covers the ask, highest first. Why the other rules in force do
    /// not bear on it, [`crate::Law::why_not`] says.
    pub layers: Vec<LayerAnswer<'p>>,
    /// What a lawyer must settle; empty unless a layer says *needs legal review*.
    pub doubts: Vec<Doubt<'p>>,
    /// What to do while in doubt.
    pub safe_default: &'p str,
    /// Derived facts that the law reads, where they are settled, in the order of `facts.toml`.
    pub derived: Vec<(&'p FactName, bool)>,
    /// Facts that the law reads and nobody gave; none of them changes the answer.
    pub open: Vec<&'p Fact>,
}

/// What one layer says.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerAnswer<'p> {
    /// The layer.
    pub layer: Layer,
    /// What it says; `None` where unknown facts leave it open.
    pub says: Option<Says>,
    /// Its prohibitions, permissions and doubts that bear on the answer.
    pub reasons: Vec<Reason<'p>>,
}

/// A rule that bears on the answer, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason<'p> {
    /// The rule.
    pub placed: Placed<'p>,
    /// What it does here.
    pub role: Role,
    /// The facts that made it fire: the conditions of the box that held; none for a rule that always holds.
    pub facts: Vec<Stated<'p>>,
    /// Exceptions that lift it or cast doubt on it, and definitions of what it reads.
    pub rests_on: Vec<Reason<'p>>,
}

/// What a rule does in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A prohibition that stands.
    Stands,
    /// A prohibition that an unclear exception makes doubtful.
    InDoubt,
    /// A prohibition that an exception lifts.
    Lifted,
    /// A permission.
    Permits,
    /// An exception that lifts the prohibition above it.
    Lifts,
    /// An unclear exception, which makes the prohibition above it doubtful.
    CastsDoubt,
    /// A doubt of its own.
    Doubts,
    /// A definition of a fact that the rule above reads.
    Defines,
}

/// A rule in force that does not bear on the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Silent<'p> {
    /// The rule.
    pub placed: Placed<'p>,
    /// Why it does not.
    pub why: WhyNot<'p>,
}

/// Why a rule does not bear on an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot<'p> {
    /// What it would need and is not so: of the box that lacks least.
    Lacks(Vec<Stated<'p>>),
    /// It would fire, but for this.
    Unless(Vec<Stated<'p>>),
    /// It fires and changes nothing: its prohibition did not fire, or a stricter rule prevails.
    WithoutEffect,
}

/// A fact and the answers to it that a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated<'p> {
    /// The fact.
    pub fact: &'p Fact,
    pub(crate) within: u64,
}

/// The answers that unknown facts leave possible.
#[derive(Clone, Debug, PartialEq)]
pub struct StillPossible<'p> {
    /// What was asked.
    pub ask: Ask,
    /// The deed in words that follow "do not".
    pub deed: &'p str,
    /// The day of the event.
    pub on: Date,
    /// Two or more answers, strictest first.
    pub possible: Vec<Says>,
    /// The facts on which it depends, in the order of `facts.toml`.
    pub open: Vec<OpenFact<'p>>,
    /// The question that settles most.
    pub next: Option<OpenFact<'p>>,
    /// How many questions there can be from here, that one included.
    pub at_most: usize,
    /// What to do meanwhile.
    pub safe_default: &'p str,
    /// Whether a lawyer reviewed the pack.
    pub reviewed: bool,
}

/// A fact that somebody must find out.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFact<'p> {
    /// The fact.
    pub fact: &'p Fact,
    /// The answers still possible, and their words.
    pub answers: Vec<(&'p str, &'p str)>,
}

/// What a lawyer must settle.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt<'p> {
    /// A missing or unclear word.
    Unclear {
        /// The rule that says so.
        placed: Placed<'p>,
        /// The word or text.
        why: &'p str,
    },
    /// No section in force covers the ask.
    NotLoaded,
    /// The first day of a version is not known, and the versions differ.
    FirstDay {
        /// The act that changed.
        act: &'p Act,
        /// The first day on which it may have changed.
        from: Date,
        /// The day from which it certainly had, if one is known.
        at_latest: Option<Date>,
        /// What the earlier text says.
        earlier: Says,
        /// What the later text says.
        later: Says,
    },
    /// A prohibition and a permission of one layer contradict each other.
    Conflict {
        /// The prohibition.
        prohibition: Placed<'p>,
        /// The permission.
        permission: Placed<'p>,
    },
}

/// What a rule that the answer rests on obliges the agency to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Obligation<'p> {
    /// The rule.
    pub placed: Placed<'p>,
    /// The deed and its clock.
    pub duty: &'p Duty,
}

impl<'p> Outcome<'p> {
    /// The one answer, if there is one.
    #[must_use]
    pub fn answered(&self) -> Option<&Answer<'p>> {
        match self {
            Outcome::Answered(answer) => Some(answer),
            Outcome::StillPossible(_) => None,
        }
    }
}

impl<'p> Answer<'p> {
    /// The rules it rests on, by name.
    pub fn rules(&self) -> impl Iterator<Item = &'p Rule> {
        self.because.iter().map(|placed| placed.rule)
    }

    /// What the rules it rests on oblige the agency to do.
    pub fn obligations(&self) -> impl Iterator<Item = Obligation<'p>> {
        self.because.iter().filter_map(|placed| Some(Obligation { placed: *placed, duty: placed.rule.duty.as_ref()? }))
    }
}

impl<'p> Stated<'p> {
    /// The answers spoken of, and their words.
    pub fn answers(self) -> impl Iterator<Item = (&'p str, &'p str)> {
        self.fact.answers_in(self.within)
    }
}
