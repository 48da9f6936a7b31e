//! From verdicts to reasons: what several situations and versions have in common, as a tree that points into the pack.

use crate::answer::{Doubt, LayerAnswer, Reason, Role, Silent, Stated, WhyNot};
use crate::asking::{Judged, Law};
use crate::rule::Rule;
use crate::table::{NOT_LOADED, Placed, Verdict, bits, place_of};
use crate::versions::Change;
use crate::vocabulary::{Condition, FactBox};
use crate::words::{Basis, Effect, Layer, Says};

/// What the verdicts on one situation, or on all that are still possible, say together. Masks are over the law's book.
pub(crate) struct Findings {
    pub(crate) says: Says,
    pub(crate) basis: Basis,
    layers: [Found; Layer::ALL.len()],
    /// Rules and definitions that every situation rests on; those that any does.
    common: (u64, u64),
    all: (u64, u64),
    /// Rules that fired in any situation, and prohibitions by what became of them.
    fired: u64,
    standing: u64,
    doubtful: u64,
    doubts: u64,
    conflicts: Vec<(usize, usize)>,
    /// What each version says, wherever versions differ.
    differing: Vec<Vec<Says>>,
    not_loaded: bool,
}

/// What a layer was found to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It has nothing for the ask.
    Nothing,
    Says(Says),
    /// Situations differ.
    Open,
}

impl Findings {
    /// What all versions say of one situation. The reasons of either text count: nobody knows which was law.
    pub(crate) fn of(law: &Law<'_>, judged: &Judged) -> Self {
        let mut of = Self {
            says: judged.says,
            basis: Basis::Certified,
            layers: [Found::Nothing; Layer::ALL.len()],
            common: (0, 0),
            all: (0, 0),
            fired: 0,
            standing: 0,
            doubtful: 0,
            doubts: 0,
            conflicts: Vec::new(),
            differing: Vec::new(),
            not_loaded: false,
        };
        for verdict in &judged.verdicts {
            of.add_verdict(law, verdict);
        }
        for (place, found) in of.layers.iter_mut().enumerate() {
            *found = across_versions(&judged.verdicts, place);
        }
        of.common = of.all;
        if judged.verdicts.iter().any(|verdict| verdict.says != judged.says) {
            of.differing.push(judged.verdicts.iter().map(|verdict| verdict.says).collect());
        }
        of
    }

    fn add_verdict(&mut self, law: &Law<'_>, verdict: &Verdict) {
        self.basis = self.basis.max(verdict.basis);
        self.all = (self.all.0 | verdict.reasons, self.all.1 | verdict.defined);
        self.fired |= verdict.fired;
        self.standing |= verdict.standing;
        self.doubtful |= verdict.doubtful;
        self.doubts |= verdict.doubts;
        self.not_loaded |= *verdict == NOT_LOADED;
        self.conflicts.extend(law.book.conflicts(verdict));
    }

    /// Another situation that unknown facts leave possible. A layer on which situations differ is open. The overall
    /// word stays that of the first: the caller compares.
    pub(crate) fn add(&mut self, other: Self) {
        self.basis = self.basis.max(other.basis);
        for (found, other) in self.layers.iter_mut().zip(other.layers) {
            if *found != other {
                *found = Found::Open;
            }
        }
        self.common = (self.common.0 & other.common.0, self.common.1 & other.common.1);
        self.all = (self.all.0 | other.all.0, self.all.1 | other.all.1);
        self.fired |= other.fired;
        self.standing |= other.standing;
        self.doubtful |= other.doubtful;
        self.doubts |= other.doubts;
        self.not_loaded |= other.not_loaded;
        for conflict in other.conflicts {
            if !self.conflicts.contains(&conflict) {
                self.conflicts.push(conflict);
            }
        }
        for says in other.differing {
            if !self.differing.contains(&says) {
                self.differing.push(says);
            }
        }
    }

    /// The rules and definitions shown: those that hold whatever the unknown facts are; where none does, all that may.
    fn shown(&self) -> (u64, u64) {
        if self.common == (0, 0) { self.all } else { self.common }
    }

    /// The rules that the answer rests on, in the order in which they are read.
    pub(crate) fn because<'p>(&self, law: &Law<'p>) -> Vec<Placed<'p>> {
        let (rules, definitions) = self.shown();
        let mut because: Vec<Placed<'p>> = bits(rules).filter_map(|index| law.book.rules.get(index).copied()).collect();
        because.sort_by_key(|placed| (placed.rule.effect, place_of(placed.section.layer)));
        because.extend(bits(definitions).filter_map(|index| law.book.definitions.get(index).copied()));
        because
    }

    /// What a lawyer must settle.
    pub(crate) fn doubts<'p>(&self, law: &Law<'p>) -> Vec<Doubt<'p>> {
        let placed = |index: usize| law.book.rules.get(index).copied();
        let unclear = |placed: Placed<'p>| Some(Doubt::Unclear { placed, why: placed.rule.unclear.as_deref()? });
        let mut doubts: Vec<Doubt<'p>> = bits(self.doubts).filter_map(placed).filter_map(unclear).collect();
        for (prohibition, permission) in &self.conflicts {
            if let (Some(prohibition), Some(permission)) = (placed(*prohibition), placed(*permission)) {
                doubts.push(Doubt::Conflict { prohibition, permission });
            }
        }
        if self.not_loaded {
            doubts.push(Doubt::NotLoaded);
        }
        for says in &self.differing {
            doubts.extend(law.versions.uncertain.iter().map(|change| first_day(law, says, *change)));
        }
        doubts
    }

    /// What each layer says, with its reasons. `known` is what is possible of every fact.
    pub(crate) fn layers<'p>(&self, law: &Law<'p>, known: &[u64]) -> Vec<LayerAnswer<'p>> {
        let telling = Telling { law, findings: self, shown: self.shown(), known };
        let layers = law.pack.layers.iter().map(|layer| (*layer, self.layers.get(place_of(*layer))));
        layers.filter_map(|(layer, found)| telling.layer(layer, *found?)).collect()
    }

    /// Why the rules in force that do not bear on the answer do not, layer by layer, highest first.
    pub(crate) fn silent<'p>(&self, law: &Law<'p>, known: &[u64]) -> Vec<Silent<'p>> {
        let telling = Telling { law, findings: self, shown: self.shown(), known };
        let in_force = law.tables.iter().fold(0, |all, table| all | table.rules);
        let of_layer = |layer: &Layer| bits(in_force & law.book.rules_of(*layer) & !telling.told());
        law.pack.layers.iter().flat_map(of_layer).filter_map(|index| telling.silent(index)).collect()
    }
}

/// What the versions say of a layer together: where they differ, a lawyer must find the first day.
fn across_versions(verdicts: &[Verdict], place: usize) -> Found {
    let said = |verdict: &Verdict| verdict.layers.get(place).copied().flatten();
    let first = verdicts.first().and_then(said);
    if verdicts.iter().any(|verdict| said(verdict) != first) {
        return Found::Says(Says::NeedsLegalReview);
    }
    first.map_or(Found::Nothing, Found::Says)
}

fn first_day<'p>(law: &Law<'p>, says: &[Says], change: Change<'p>) -> Doubt<'p> {
    let (act, first) = change;
    let said = |made: &[Change<'_>]| {
        let position = law.versions.each.iter().position(|version| version.made == made);
        position.and_then(|position| says.get(position)).copied().unwrap_or(Says::NeedsLegalReview)
    };
    Doubt::FirstDay {
        act,
        from: first.earliest,
        at_latest: first.at_latest(),
        earlier: said(&[]),
        later: said(&[change]),
    }
}

/// What it takes to tell the reasons of an answer.
struct Telling<'a, 'p> {
    law: &'a Law<'p>,
    findings: &'a Findings,
    /// Rules and definitions shown.
    shown: (u64, u64),
    /// What is possible of every fact, derived facts included.
    known: &'a [u64],
}

impl<'p> Telling<'_, 'p> {
    fn layer(&self, layer: Layer, found: Found) -> Option<LayerAnswer<'p>> {
        let says = match found {
            Found::Nothing => return None,
            Found::Says(says) => Some(says),
            Found::Open => None,
        };
        let of_layer = self.law.book.rules_of(layer);
        // An exception is told under the prohibition that it meets.
        let top = self.told() & of_layer & !self.law.book.exceptions;
        Some(LayerAnswer {
            layer,
            says,
            reasons: bits(top).filter_map(|index| self.reason(index, self.role(index)?)).collect(),
        })
    }

    /// The rules told among the reasons.
    fn told(&self) -> u64 {
        self.shown.0 | self.findings.doubts
    }

    /// What a rule that stands by itself does here.
    fn role(&self, index: usize) -> Option<Role> {
        let bit = 1 << index;
        Some(match self.law.book.rules.get(index)?.rule.effect {
            Effect::Forbids if self.findings.standing & bit != 0 => Role::Stands,
            Effect::Forbids if self.findings.doubtful & bit != 0 => Role::InDoubt,
            Effect::Forbids => Role::Lifted,
            Effect::Permits => Role::Permits,
            Effect::Excepts => Role::Lifts,
            Effect::Doubts => Role::Doubts,
            Effect::Defines => Role::Defines,
        })
    }

    fn reason(&self, index: usize, role: Role) -> Option<Reason<'p>> {
        let placed = *self.law.book.rules.get(index)?;
        let links = self.law.book.links(index);
        let below = |mask: u64, role: Role| bits(mask).filter_map(move |index| self.reason(index, role));
        let mut rests_on: Vec<Reason<'p>> = below(self.shown.0 & links.sure, Role::Lifts).collect();
        rests_on.extend(below(self.findings.doubts & links.unclear, Role::CastsDoubt));
        let definitions = bits(links.definitions & self.shown.1 & self.defined_with(index));
        let definitions = definitions.filter_map(|one| self.law.book.definitions.get(one));
        rests_on.extend(definitions.map(|placed| Reason {
            placed: *placed,
            role: Role::Defines,
            facts: self.held(placed.rule),
            rests_on: Vec::new(),
        }));
        Some(Reason { placed, role, facts: self.held(placed.rule), rests_on })
    }

    /// The definitions that are law in a version together with a rule.
    fn defined_with(&self, index: usize) -> u64 {
        let with_rule = self.law.tables.iter().filter(|table| table.rules & (1 << index) != 0);
        with_rule.fold(0, |all, table| all | table.definitions)
    }

    /// The conditions of the box that held, where the facts known say which.
    fn held(&self, rule: &Rule) -> Vec<Stated<'p>> {
        let held = rule.when.iter().find(|fact_box| fact_box.holds(self.known));
        let conditions = held.into_iter().flat_map(|fact_box| &fact_box.conditions);
        // As it was given, not as wide as the box.
        let given = conditions.map(|condition| Condition {
            within: condition.within & self.known.get(condition.fact).copied().unwrap_or(condition.within),
            ..*condition
        });
        given.filter_map(|condition| self.stated(condition)).collect()
    }

    fn silent(&self, index: usize) -> Option<Silent<'p>> {
        let placed = *self.law.book.rules.get(index)?;
        if self.findings.fired & (1 << index) != 0 {
            return Some(Silent { placed, why: WhyNot::WithoutEffect });
        }
        let is_lacking = |condition: &&Condition| !condition.holds(self.known);
        let lacking = |fact_box: &&FactBox| fact_box.conditions.iter().filter(is_lacking).count();
        let nearest = placed.rule.when.iter().min_by_key(lacking);
        let needed = placed.rule.parties.iter().chain(nearest.into_iter().flat_map(|nearest| &nearest.conditions));
        let lacks: Vec<Stated<'p>> = needed.filter(is_lacking).filter_map(|one| self.stated(*one)).collect();
        let held = placed.rule.unless.iter().find(|fact_box| fact_box.holds(self.known));
        let why = match held {
            Some(held) if lacks.is_empty() => {
                WhyNot::Unless(held.conditions.iter().filter_map(|one| self.stated(*one)).collect())
            }
            _ => WhyNot::Lacks(lacks),
        };
        Some(Silent { placed, why })
    }

    fn stated(&self, condition: Condition) -> Option<Stated<'p>> {
        Some(Stated { fact: self.law.pack.vocabulary.facts.get(condition.fact)?, within: condition.within })
    }
}
