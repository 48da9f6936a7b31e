//! Several judgements as one answer: of the versions that may have been law, and of the situations that unknown facts
//! leave possible. Versions that differ are unclear law; situations that differ are unknown facts. INVARIANT: only the
//! first becomes *needs legal review*.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Because, Doubt};
use crate::judge::{Fired, Judgement, Placed};
use crate::pack::Pack;
use crate::versions::{Change, Versions};
use crate::words::{Basis, FactName, Layer, Says};

/// What several judgements say together.
pub(crate) struct Merged<'p> {
    pub(crate) says: Says,
    pub(crate) basis: Basis,
    pub(crate) doubts: Vec<Doubt>,
    /// `None` where situations differ.
    by_layer: BTreeMap<Layer, Option<Says>>,
    /// Rules that fired in every situation.
    common: Vec<Fired<'p>>,
    /// Rules that fired in any.
    all: Vec<Fired<'p>>,
    /// Derived facts by index; `None` where judgements differ.
    derived: BTreeMap<usize, Option<bool>>,
}

/// What the versions that may have been law say together of one situation. Where they differ, a lawyer must find the
/// first day.
pub(crate) fn across_versions<'p>(versions: &Versions<'p>, judged: Vec<Judgement<'p>>) -> Merged<'p> {
    let says: Vec<Says> = judged.iter().map(|judgement| judgement.says).collect();
    let merged = judged.into_iter().map(Merged::of).reduce(Merged::with_version);
    let mut merged = merged.unwrap_or_else(Merged::not_loaded);
    if says.iter().any(|word| *word != merged.says) {
        merged.says = Says::NeedsLegalReview;
        merged.doubts.extend(versions.uncertain.iter().map(|change| first_day(versions, &says, *change)));
    }
    merged
}

fn first_day(versions: &Versions<'_>, says: &[Says], change: Change<'_>) -> Doubt {
    let (act, first) = change;
    let said = |made: &[Change<'_>]| {
        let position = versions.each.iter().position(|version| version.made == made);
        position.and_then(|position| says.get(position)).copied().unwrap_or(Says::NeedsLegalReview)
    };
    Doubt::FirstDay {
        act: act.clone(),
        from: first.earliest,
        at_latest: first.at_latest(),
        earlier: said(&[]),
        later: said(&[change]),
    }
}

impl<'p> Merged<'p> {
    fn of(judgement: Judgement<'p>) -> Self {
        let mut doubts: Vec<Doubt> = judgement.doubts.iter().filter_map(|placed| unclear(*placed)).collect();
        doubts.extend(judgement.clashes.iter().map(|clash| Doubt::Conflict {
            layer: clash.layer,
            prohibition: clash.prohibition.id.clone(),
            permission: clash.permission.id.clone(),
        }));
        if !judgement.loaded {
            doubts.push(Doubt::NotLoaded);
        }
        Self {
            says: judgement.says,
            basis: judgement.basis,
            doubts,
            by_layer: judgement.by_layer.into_iter().map(|(layer, says)| (layer, Some(says))).collect(),
            common: judgement.because.clone(),
            all: judgement.because,
            derived: judgement.derived.into_iter().map(|(index, holds)| (index, Some(holds))).collect(),
        }
    }

    /// What is said when there is nothing to judge.
    pub(crate) fn not_loaded() -> Self {
        Self {
            says: Says::NeedsLegalReview,
            basis: Basis::Missing,
            doubts: vec![Doubt::NotLoaded],
            by_layer: BTreeMap::new(),
            common: Vec::new(),
            all: Vec::new(),
            derived: BTreeMap::new(),
        }
    }

    /// The same situation under another version. A layer on which versions differ needs a lawyer, and the reasons of
    /// either text count: nobody knows which was law.
    fn with_version(self, other: Self) -> Self {
        let mut merged = self.with(other, Some(Says::NeedsLegalReview));
        merged.common = merged.all.clone();
        merged
    }

    /// Another situation under the same law. A layer on which situations differ is open. The overall word stays that
    /// of the first: the caller compares.
    pub(crate) fn with_situation(self, other: Self) -> Self {
        self.with(other, None)
    }

    fn with(mut self, other: Self, where_layers_differ: Option<Says>) -> Self {
        let layers: BTreeSet<Layer> = self.by_layer.keys().chain(other.by_layer.keys()).copied().collect();
        for layer in layers {
            let says = other.by_layer.get(&layer);
            if self.by_layer.get(&layer) != says {
                self.by_layer.insert(layer, where_layers_differ);
            }
        }
        self.basis = self.basis.max(other.basis);
        self.common.retain(|fired| other.common.contains(fired));
        add_new(&mut self.all, other.all);
        add_new(&mut self.doubts, other.doubts);
        for (index, holds) in other.derived {
            let known = self.derived.entry(index).or_insert(holds);
            if *known != holds {
                *known = None;
            }
        }
        self
    }

    /// The reasons: those that hold whatever the unknown facts are; where none does, all that may.
    pub(crate) fn reasons(&self) -> Vec<Fired<'p>> {
        let mut reasons = if self.common.is_empty() { self.all.clone() } else { self.common.clone() };
        reasons.sort_by_key(|fired| fired.placed.rule.effect);
        reasons
    }

    /// What each layer says, where it says one thing.
    pub(crate) fn agreed_layers(&self) -> Vec<(Layer, Says)> {
        self.by_layer.iter().filter_map(|(layer, says)| Some((*layer, (*says)?))).collect()
    }

    /// Derived facts by name, where they are settled.
    pub(crate) fn derived_words(&self, pack: &Pack) -> BTreeMap<FactName, String> {
        let named = self.derived.iter().filter_map(|(index, holds)| {
            let fact = pack.vocabulary.facts.get(*index)?;
            Some((fact.name.clone(), (*holds)?.to_string()))
        });
        named.collect()
    }
}

fn add_new<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !all.contains(&item) {
            all.push(item);
        }
    }
}

fn unclear(placed: Placed<'_>) -> Option<Doubt> {
    Some(Doubt::Unclear { rule: Because::of(placed), why: placed.rule.unclear.clone()? })
}
