//! The rules of one version of the law for one ask, compiled to masks: what they say of one fully known situation.
//!
//! Definitions first: they set derived facts. Then, layer by layer: a prohibition that fired stands, is lifted by a
//! sure exception that fired, or is doubtful through an unclear one; doubts and permissions that fired count by
//! themselves. A standing prohibition beside a permission of its own layer is a conflict unless it is marked
//! `despite`. The strictest layer prevails; a higher layer reaches down only by an explicit link.
//!
//! A rule is one bit of a word, so that a situation is judged without allocating: every situation of a law can be tried.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use crate::pack::Pack;
use crate::rule::{Rule, Target};
use crate::section::Section;
use crate::sieve::Sieve;
use crate::versions::Version;
use crate::vocabulary::{DERIVED_FALSE, DERIVED_TRUE, Vocabulary};
use crate::words::{Ask, Basis, Effect, Layer, Says};

/// So many rules, and as many definitions, may bear on one ask in all versions that may be law on one day: the bits of
/// a word. The loader refuses more.
pub(crate) const RULES_LIMIT: usize = 64;

/// A rule and the section it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'p> {
    /// The section.
    pub section: &'p Section,
    /// The rule.
    pub rule: &'p Rule,
}

/// A pack names a rule once, so the same name is the same rule.
impl PartialEq for Placed<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.rule.id == other.rule.id
    }
}

impl Eq for Placed<'_> {}

/// One thing for each version that may have been law: almost always one.
pub(crate) type EachVersion<T> = SmallVec<[T; 1]>;

/// The rules that bear on one ask in any version that may have been law: a rule is the same bit for all of them.
pub(crate) struct Book<'p> {
    pub(crate) rules: Vec<Placed<'p>>,
    /// The definitions of what the rules read.
    pub(crate) definitions: Vec<Placed<'p>>,
    /// Derived facts that the rules read.
    pub(crate) derived: Vec<usize>,
    /// The rules of each layer, by its place in [`Layer::ALL`].
    of_layers: Vec<u64>,
    /// The rules that are exceptions.
    pub(crate) exceptions: u64,
    links: Vec<Links>,
    /// What may fire of the rules, and of the definitions.
    sieves: (Sieve, Sieve),
    /// Rules and definitions by status, strongest first.
    by_status: Vec<(Basis, u64, u64)>,
}

/// What is in force in one version.
#[derive(PartialEq)]
pub(crate) struct Table {
    /// The rules and definitions in force.
    pub(crate) rules: u64,
    pub(crate) definitions: u64,
    layers: Vec<LayerRules>,
    /// The weakest status of all that was asked; `None` when no section covers the ask.
    pub(crate) asked: Option<Basis>,
}

/// The rules of one layer, as masks.
#[derive(Clone, Copy, PartialEq)]
struct LayerRules {
    layer: Layer,
    forbids: u64,
    permits: u64,
    doubts: u64,
}

/// What one rule has to do with others, as masks.
#[derive(Clone, Copy, Default)]
pub(crate) struct Links {
    /// Exceptions and permissions that lift this prohibition.
    pub(crate) sure: u64,
    /// Exceptions that make it doubtful.
    pub(crate) unclear: u64,
    /// Permissions that it prevails over.
    pub(crate) despite: u64,
    /// Definitions of the derived facts that it reads.
    pub(crate) definitions: u64,
}

/// What fires in one situation under one version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fired {
    pub(crate) rules: u64,
    pub(crate) definitions: u64,
}

/// What a table says of one situation. Masks are over its rules, `defined` over its definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) says: Says,
    pub(crate) basis: Basis,
    /// Rules that fired, whether or not anything came of it.
    pub(crate) fired: u64,
    /// What each layer says that covers the ask, by the layer's place in [`Layer::ALL`].
    pub(crate) layers: [Option<Says>; Layer::ALL.len()],
    /// Prohibitions that stand, are doubtful, are lifted.
    pub(crate) standing: u64,
    pub(crate) doubtful: u64,
    pub(crate) lifted: u64,
    /// Everything the answer rests on: prohibitions that fired, permissions, exceptions that lift.
    pub(crate) reasons: u64,
    /// What a lawyer must settle: doubts and unclear exceptions, where a layer needs review.
    pub(crate) doubts: u64,
    /// The definitions that reasons and doubts rest on.
    pub(crate) defined: u64,
    /// A prohibition and a permission of one layer contradict each other.
    pub(crate) conflict: bool,
}

impl<'p> Book<'p> {
    /// The rules of all `versions` that bear on `ask`.
    pub(crate) fn of(pack: &'p Pack, versions: &[Version<'p>], ask: Ask) -> Self {
        let in_some_version = |section: &&Section| versions.iter().any(|version| version.has(section));
        let sections = pack.sections.iter().filter(in_some_version);
        let all = sections.flat_map(|section| section.rules.iter().map(move |rule| Placed { section, rule }));
        let (definitions, others): (Vec<_>, Vec<_>) = all.partition(|placed| placed.rule.effect == Effect::Defines);
        let rules: Vec<Placed<'p>> = others.into_iter().filter(|placed| placed.rule.asks.contains(&ask)).collect();
        let read: BTreeSet<usize> = rules.iter().flat_map(|placed| placed.rule.reads()).collect();
        let definitions: Vec<Placed<'p>> =
            definitions.into_iter().filter(|one| one.rule.defines.is_some_and(|fact| read.contains(&fact))).collect();
        let is_derived = |index: &usize| pack.vocabulary.facts.get(*index).is_some_and(|fact| fact.derived);
        Self {
            sieves: (Sieve::of(&pack.vocabulary, &rules), Sieve::of(&pack.vocabulary, &definitions)),
            links: rules.iter().map(|placed| links(*placed, &rules, &definitions)).collect(),
            by_status: by_status(&rules, &definitions),
            of_layers: Layer::ALL
                .iter()
                .map(|layer| mask(rules.iter().map(|one| one.section.layer == *layer)))
                .collect(),
            exceptions: mask(rules.iter().map(|placed| placed.rule.effect == Effect::Excepts)),
            derived: read.into_iter().filter(is_derived).collect(),
            rules,
            definitions,
        }
    }

    /// What of the book is in force in one of its versions.
    pub(crate) fn table(&self, pack: &Pack, version: &Version<'_>, ask: Ask) -> Table {
        let of_version = |placed: &Placed<'_>| version.has(placed.section);
        let rules = mask(self.rules.iter().map(of_version));
        let silent = version.sections.iter().filter(|section| section.silent.contains(&ask));
        let silent: Vec<(Layer, Basis)> = silent.map(|section| (section.layer, section.status)).collect();
        let statuses = bits(rules).filter_map(|index| self.rules.get(index)).map(|placed| placed.rule.status);
        let covered =
            |layer: &Layer| silent.iter().any(|(silent, _)| silent == layer) || rules & self.rules_of(*layer) != 0;
        let layers = pack.layers.iter().copied().filter(covered).map(|layer| LayerRules {
            layer,
            forbids: rules & self.of_layer(layer, |effect| effect == Effect::Forbids),
            permits: rules & self.of_layer(layer, |effect| effect == Effect::Permits),
            doubts: rules & self.of_layer(layer, |effect| effect == Effect::Doubts),
        });
        Table {
            rules,
            definitions: mask(self.definitions.iter().map(of_version)),
            layers: layers.collect(),
            asked: statuses.chain(silent.iter().map(|(_, status)| *status)).max(),
        }
    }

    /// The rules of a layer.
    pub(crate) fn rules_of(&self, layer: Layer) -> u64 {
        self.of_layers.get(place_of(layer)).copied().unwrap_or_default()
    }

    fn of_layer(&self, layer: Layer, effect: impl Fn(Effect) -> bool) -> u64 {
        mask(self.rules.iter().map(|placed| placed.section.layer == layer && effect(placed.rule.effect)))
    }

    /// The given facts that can change what it says: read by its rules, or by the definitions of what they read.
    pub(crate) fn reads(&self, vocabulary: &Vocabulary) -> BTreeSet<usize> {
        let all = self.rules.iter().chain(&self.definitions).flat_map(|placed| placed.rule.reads());
        all.filter(|index| vocabulary.facts.get(*index).is_some_and(|fact| !fact.derived)).collect()
    }

    /// What a rule has to do with others.
    pub(crate) fn links(&self, index: usize) -> Links {
        self.links.get(index).copied().unwrap_or_default()
    }

    /// What fires in one situation, written for each version; the situation comes back with the derived facts of the
    /// last one.
    ///
    /// A rule is the same bit for all versions: what fires is found once, and anew only where the definitions of a
    /// version say something else.
    pub(crate) fn fire(&self, tables: &[Table], situation: &mut [u64], fired: &mut EachVersion<Fired>) {
        // No definition reads a derived fact, so their order does not matter.
        let definitions = self.sieves.1.fired(&self.definitions, situation);
        let mut all: Option<Fired> = None;
        fired.clear();
        for table in tables {
            let definitions = definitions & table.definitions;
            let all = match all {
                Some(all) if all.definitions == definitions => all,
                _ => {
                    self.define(definitions, situation);
                    let rules = self.sieves.0.fired(&self.rules, situation);
                    *all.insert(Fired { rules, definitions })
                }
            };
            fired.push(Fired { rules: all.rules & table.rules, ..all });
        }
    }

    /// What a version says once it is known what fired. INVARIANT: nothing else of the situation matters.
    pub(crate) fn verdict(&self, table: &Table, fired: Fired) -> Verdict {
        if table.asked.is_none() {
            return NOT_LOADED;
        }
        let mut verdict =
            Verdict { says: Says::NotRegulated, basis: Basis::Certified, fired: fired.rules, ..NOT_LOADED };
        for layer in &table.layers {
            self.judge_layer(*layer, &mut verdict);
        }
        let said = verdict.layers.iter().flatten().copied().min();
        verdict.says = said.unwrap_or(Says::NotRegulated);
        let used = bits(verdict.reasons | verdict.doubts).map(|index| self.links(index).definitions);
        verdict.defined = fired.definitions & used.fold(0, |all, one| all | one);
        verdict.basis = self.basis(&verdict).or(table.asked).unwrap_or(Basis::Missing);
        verdict
    }

    /// Sets the derived facts by the definitions that fired.
    fn define(&self, fired: u64, situation: &mut [u64]) {
        for derived in &self.derived {
            if let Some(fact) = situation.get_mut(*derived) {
                *fact = DERIVED_FALSE;
            }
        }
        for index in bits(fired) {
            let defined = self.definitions.get(index).and_then(|placed| placed.rule.defines);
            if let Some(fact) = defined.and_then(|fact| situation.get_mut(fact)) {
                *fact = DERIVED_TRUE;
            }
        }
    }

    fn judge_layer(&self, layer: LayerRules, verdict: &mut Verdict) {
        let fired = verdict.fired;
        let permits = fired & layer.permits;
        let mut doubts = fired & layer.doubts;
        let mut reasons = permits | (fired & layer.forbids);
        let (mut stands, mut doubtful, mut conflict) = (false, false, false);
        for index in bits(fired & layer.forbids) {
            let links = self.links(index);
            let (sure, unclear) = (fired & links.sure, fired & links.unclear);
            if sure != 0 {
                reasons |= sure;
                verdict.lifted |= 1 << index;
            } else if unclear != 0 {
                doubts |= unclear;
                doubtful = true;
                verdict.doubtful |= 1 << index;
            } else {
                stands = true;
                conflict |= permits & !links.despite != 0;
                verdict.standing |= 1 << index;
            }
        }
        let says = if conflict {
            Says::NeedsLegalReview
        } else if stands {
            Says::Prohibited
        } else if doubtful || doubts != 0 {
            Says::NeedsLegalReview
        } else if reasons == 0 {
            Says::NotRegulated
        } else {
            Says::Permitted
        };
        verdict.reasons |= reasons;
        if says == Says::NeedsLegalReview {
            verdict.doubts |= doubts;
        }
        verdict.conflict |= conflict;
        if let Some(place) = verdict.layers.get_mut(place_of(layer.layer)) {
            *place = Some(says);
        }
    }

    /// How well an answer is known, if it rests on anything. A prohibition that stands suffices by itself: the best
    /// known one decides. Everything else is known as badly as the worst of what it rests on.
    fn basis(&self, verdict: &Verdict) -> Option<Basis> {
        if verdict.says == Says::Prohibited {
            let alone = |index: usize| self.weakest(1 << index, self.links(index).definitions & verdict.defined);
            // A layer that contradicts itself prohibits nothing.
            let prohibits = |index: &usize| {
                let layer = self.rules.get(*index).map(|placed| place_of(placed.section.layer));
                layer.and_then(|layer| verdict.layers.get(layer).copied().flatten()) == Some(Says::Prohibited)
            };
            return bits(verdict.standing).filter(prohibits).filter_map(alone).min();
        }
        self.weakest(verdict.reasons | verdict.doubts, verdict.defined)
    }

    fn weakest(&self, used: u64, defined: u64) -> Option<Basis> {
        let rests = |(_, rules, definitions): &&(Basis, u64, u64)| rules & used != 0 || definitions & defined != 0;
        self.by_status.iter().rev().find(rests).map(|(basis, _, _)| *basis)
    }

    /// The unlinked pairs of a standing prohibition and a permission of its layer, by their bits.
    pub(crate) fn conflicts(&self, verdict: &Verdict) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for index in bits(if verdict.conflict { verdict.standing } else { 0 }) {
            let Some(layer) = self.rules.get(index).map(|placed| placed.section.layer) else { continue };
            let permits = self.of_layer(layer, |effect| effect == Effect::Permits);
            let against = verdict.reasons & permits & !self.links(index).despite;
            pairs.extend(bits(against).map(|other| (index, other)));
        }
        pairs
    }
}

/// No section in force covers the ask: silence of the pack is not silence of the law.
pub(crate) const NOT_LOADED: Verdict = Verdict {
    says: Says::NeedsLegalReview,
    basis: Basis::Missing,
    fired: 0,
    layers: [None; Layer::ALL.len()],
    standing: 0,
    doubtful: 0,
    lifted: 0,
    reasons: 0,
    doubts: 0,
    defined: 0,
    conflict: false,
};

/// The positions of the bits that are set, lowest first.
pub(crate) fn bits(mask: u64) -> impl Iterator<Item = usize> {
    let mut rest = mask;
    std::iter::from_fn(move || {
        let lowest = usize::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
        rest &= rest - 1;
        Some(lowest)
    })
}

/// Bit for bit whether something holds; [`RULES_LIMIT`] at most.
pub(crate) fn mask(holds: impl Iterator<Item = bool>) -> u64 {
    holds.take(RULES_LIMIT).enumerate().fold(0, |mask, (index, holds)| mask | (u64::from(holds) << index))
}

/// Where a layer stands in [`Layer::ALL`].
pub(crate) fn place_of(layer: Layer) -> usize {
    Layer::ALL.iter().position(|one| *one == layer).unwrap_or_default()
}

fn links(of: Placed<'_>, rules: &[Placed<'_>], definitions: &[Placed<'_>]) -> Links {
    let reads = of.rule.reads();
    let lifts = |unclear: bool| {
        mask(rules.iter().map(|other| other.rule.unclear.is_some() == unclear && lifts(other.rule, of)))
    };
    let is_forbidden = of.rule.effect == Effect::Forbids;
    Links {
        sure: if is_forbidden { lifts(false) } else { 0 },
        unclear: if is_forbidden { lifts(true) } else { 0 },
        despite: mask(rules.iter().map(|other| of.rule.despite.contains(&other.rule.id))),
        definitions: mask(definitions.iter().map(|one| one.rule.defines.is_some_and(|fact| reads.contains(&fact)))),
    }
}

/// Whether an exception or a permission names this prohibition or its layer.
fn lifts(rule: &Rule, prohibition: Placed<'_>) -> bool {
    rule.excepts.iter().any(|target| match target {
        Target::Rule(id) => *id == prohibition.rule.id,
        Target::Layer(layer) => *layer == prohibition.section.layer,
    })
}

fn by_status(rules: &[Placed<'_>], definitions: &[Placed<'_>]) -> Vec<(Basis, u64, u64)> {
    let of = |placed: &[Placed<'_>], basis: Basis| mask(placed.iter().map(|one| one.rule.status == basis));
    Basis::ALL.iter().map(|basis| (*basis, of(rules, *basis), of(definitions, *basis))).collect()
}
