//! What one version of the law says of one fully known situation.
//!
//! Definitions first: they set derived facts. Then, layer by layer: a prohibition that fired stands, is lifted by a
//! sure exception that fired, or is doubtful through an unclear one; doubts and permissions that fired count by
//! themselves. A standing prohibition beside a permission of its own layer is a conflict unless it is marked
//! `despite`. The strictest layer prevails; a higher layer reaches down only by an explicit link.

use std::collections::BTreeSet;

use crate::pack::Pack;
use crate::rule::{Rule, Target};
use crate::section::Section;
use crate::versions::Version;
use crate::vocabulary::{DERIVED_TRUE, Vocabulary};
use crate::words::{Ask, Basis, Effect, Layer, Says};

/// A rule and the section it stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed<'p> {
    pub(crate) section: &'p Section,
    pub(crate) rule: &'p Rule,
}

/// The rules of one version that bear on one ask.
pub(crate) struct Law<'p> {
    definitions: Vec<Placed<'p>>,
    rules: Vec<Placed<'p>>,
    /// Sections that say nothing about the ask, and are known to.
    silent: Vec<&'p Section>,
}

/// A rule that fired, and the prohibitions that it lifted or made doubtful.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fired<'p> {
    pub(crate) placed: Placed<'p>,
    pub(crate) lifts: Vec<&'p Rule>,
}

/// A standing prohibition and a permission of one layer, with no link between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clash<'p> {
    pub(crate) layer: Layer,
    pub(crate) prohibition: &'p Rule,
    pub(crate) permission: &'p Rule,
}

/// What the law says of one situation.
#[derive(Clone, Debug)]
pub(crate) struct Judgement<'p> {
    pub(crate) says: Says,
    pub(crate) by_layer: Vec<(Layer, Says)>,
    pub(crate) basis: Basis,
    pub(crate) because: Vec<Fired<'p>>,
    pub(crate) doubts: Vec<Placed<'p>>,
    pub(crate) clashes: Vec<Clash<'p>>,
    /// Derived facts that the rules read, by index, and whether they hold.
    pub(crate) derived: Vec<(usize, bool)>,
    /// False when no section in force has a rule for the ask.
    pub(crate) loaded: bool,
}

impl<'p> Law<'p> {
    /// The rules of `version` that bear on `ask`.
    pub(crate) fn of(version: &Version<'p>, ask: Ask) -> Self {
        let all =
            version.sections.iter().flat_map(|section| section.rules.iter().map(move |rule| Placed { section, rule }));
        let (definitions, others): (Vec<_>, Vec<_>) = all.partition(|placed| placed.rule.effect == Effect::Defines);
        let rules = others.into_iter().filter(|placed| placed.rule.asks.contains(&ask)).collect();
        let silent = version.sections.iter().copied().filter(|section| section.silent.contains(&ask)).collect();
        Self { definitions, rules, silent }
    }

    /// The facts that can change what it says: read by its rules, or by the definitions of what they read.
    pub(crate) fn reads(&self, vocabulary: &Vocabulary) -> BTreeSet<usize> {
        let direct: BTreeSet<usize> = self.rules.iter().flat_map(|placed| placed.rule.reads()).collect();
        let defining = self.definitions.iter().filter(|placed| reads_what_it_sets(placed.rule, &direct));
        let through: BTreeSet<usize> = defining.flat_map(|placed| placed.rule.reads()).collect();
        let is_derived = |index: &usize| vocabulary.facts.get(*index).is_some_and(|fact| fact.derived);
        direct.union(&through).copied().filter(|index| !is_derived(index)).collect()
    }

    /// Judges one situation. `situation` comes back with its derived facts set.
    pub(crate) fn judge(&self, pack: &'p Pack, situation: &mut [u64]) -> Judgement<'p> {
        if self.rules.is_empty() && self.silent.is_empty() {
            return not_loaded();
        }
        let definitions: Vec<Placed<'p>> =
            self.definitions.iter().filter(|placed| placed.rule.fires(situation)).copied().collect();
        for index in definitions.iter().filter_map(|placed| placed.rule.defines) {
            if let Some(fact) = situation.get_mut(index) {
                *fact = DERIVED_TRUE;
            }
        }
        let fired: Vec<Placed<'p>> = self.rules.iter().filter(|placed| placed.rule.fires(situation)).copied().collect();
        let mut judgement = Judgement {
            says: Says::NotRegulated,
            by_layer: Vec::new(),
            basis: Basis::Certified,
            because: Vec::new(),
            doubts: Vec::new(),
            clashes: Vec::new(),
            derived: self.derived(&pack.vocabulary, situation),
            loaded: true,
        };
        for layer in &pack.layers {
            let mut sections = self.rules.iter().map(|placed| placed.section).chain(self.silent.iter().copied());
            if sections.any(|section| section.layer == *layer) {
                judgement.judge_layer(*layer, &fired);
            }
        }
        judgement.says = judgement.by_layer.iter().map(|(_, says)| *says).min().unwrap_or(Says::NotRegulated);
        self.explain_definitions(&definitions, &mut judgement);
        judgement.basis = self.basis(&judgement);
        judgement
    }

    fn derived(&self, vocabulary: &Vocabulary, situation: &[u64]) -> Vec<(usize, bool)> {
        let read: BTreeSet<usize> = self.rules.iter().flat_map(|placed| placed.rule.reads()).collect();
        let derived = read.into_iter().filter(|index| vocabulary.facts.get(*index).is_some_and(|fact| fact.derived));
        derived.map(|index| (index, situation.get(index) == Some(&DERIVED_TRUE))).collect()
    }

    /// A definition is a reason when a reason reads what it sets.
    fn explain_definitions(&self, fired: &[Placed<'p>], judgement: &mut Judgement<'p>) {
        let reasons = judgement.because.iter().map(|fired| fired.placed).chain(judgement.doubts.iter().copied());
        let read: BTreeSet<usize> = reasons.flat_map(|placed| placed.rule.reads()).collect();
        let used = fired.iter().filter(|placed| reads_what_it_sets(placed.rule, &read));
        judgement.because.extend(used.map(|placed| Fired { placed: *placed, lifts: Vec::new() }));
    }

    /// The weakest status among what the answer rests on; for silence, among all that was asked.
    fn basis(&self, judgement: &Judgement<'p>) -> Basis {
        let reasons = judgement.because.iter().map(|fired| fired.placed).chain(judgement.doubts.iter().copied());
        let weakest = reasons.map(|placed| placed.rule.status).max();
        let asked = self.rules.iter().map(|placed| placed.rule.status);
        let asked = asked.chain(self.silent.iter().map(|section| section.status)).max();
        weakest.or(asked).unwrap_or(Basis::Missing)
    }
}

impl<'p> Judgement<'p> {
    fn judge_layer(&mut self, layer: Layer, fired: &[Placed<'p>]) {
        let of = |effect: Effect| {
            fired.iter().filter(move |placed| placed.section.layer == layer && placed.rule.effect == effect).copied()
        };
        let permissions: Vec<Placed<'p>> = of(Effect::Permits).collect();
        let doubts: Vec<Placed<'p>> = of(Effect::Doubts).collect();
        let mut because: Vec<Fired<'p>> = Vec::new();
        let mut unclear: Vec<Placed<'p>> = Vec::new();
        let mut standing: Vec<&'p Rule> = Vec::new();
        for prohibition in of(Effect::Forbids) {
            because.push(Fired { placed: prohibition, lifts: Vec::new() });
            let (sure, doubtful): (Vec<Placed<'p>>, Vec<Placed<'p>>) = fired
                .iter()
                .copied()
                .filter(|placed| lifts(placed.rule, prohibition))
                .partition(|placed| placed.rule.unclear.is_none());
            if sure.is_empty() && doubtful.is_empty() {
                standing.push(prohibition.rule);
            } else if sure.is_empty() {
                unclear.extend(doubtful);
            }
            for exception in sure {
                note_lifted(&mut because, exception, prohibition.rule);
            }
        }
        let clashes = clashes(layer, &standing, &permissions);
        for permission in &permissions {
            if !because.iter().any(|fired| fired.placed == *permission) {
                because.push(Fired { placed: *permission, lifts: Vec::new() });
            }
        }
        let says = if !clashes.is_empty() {
            Says::NeedsLegalReview
        } else if !standing.is_empty() {
            Says::Prohibited
        } else if !unclear.is_empty() || !doubts.is_empty() {
            Says::NeedsLegalReview
        } else if because.is_empty() {
            Says::NotRegulated
        } else {
            Says::Permitted
        };
        if says == Says::NeedsLegalReview {
            self.doubts.extend(unclear);
            self.doubts.extend(doubts);
        }
        self.clashes.extend(clashes);
        self.because.extend(because);
        self.by_layer.push((layer, says));
    }
}

/// Whether an exception or a permission names this prohibition or its layer.
fn lifts(rule: &Rule, prohibition: Placed<'_>) -> bool {
    rule.excepts.iter().any(|target| match target {
        Target::Rule(id) => *id == prohibition.rule.id,
        Target::Layer(layer) => *layer == prohibition.section.layer,
    })
}

fn note_lifted<'p>(because: &mut Vec<Fired<'p>>, exception: Placed<'p>, prohibition: &'p Rule) {
    match because.iter_mut().find(|fired| fired.placed == exception) {
        Some(fired) => fired.lifts.push(prohibition),
        None => because.push(Fired { placed: exception, lifts: vec![prohibition] }),
    }
}

/// Standing prohibitions beside permissions of their layer that they are not marked to set aside.
fn clashes<'p>(layer: Layer, standing: &[&'p Rule], permissions: &[Placed<'p>]) -> Vec<Clash<'p>> {
    let pairs = standing.iter().flat_map(|prohibition| permissions.iter().map(|placed| (*prohibition, placed.rule)));
    let unlinked = pairs.filter(|(prohibition, permission)| !prohibition.despite.contains(&permission.id));
    unlinked.map(|(prohibition, permission)| Clash { layer, prohibition, permission }).collect()
}

fn reads_what_it_sets(definition: &Rule, read: &BTreeSet<usize>) -> bool {
    definition.defines.is_some_and(|index| read.contains(&index))
}

/// No section in force covers the ask: silence of the pack is not silence of the law.
fn not_loaded<'p>() -> Judgement<'p> {
    Judgement {
        says: Says::NeedsLegalReview,
        by_layer: Vec::new(),
        basis: Basis::Missing,
        because: Vec::new(),
        doubts: Vec::new(),
        clashes: Vec::new(),
        derived: Vec::new(),
        loaded: false,
    }
}
