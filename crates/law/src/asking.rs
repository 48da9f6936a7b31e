//! Asking the law.
//!
//! Every situation that the given facts leave possible is judged under every version that may have been law. One
//! answer everywhere is an [`Answer`]; different answers are [`StillPossible`], with the facts that decide. Versions
//! that differ are unclear law; situations that differ are unknown facts. INVARIANT: only the first becomes *needs legal
//! review*.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::answer::{Answer, Outcome, Silent, StillPossible};
use crate::explain::Findings;
use crate::facts::Facts;
use crate::pack::{Pack, Review};
use crate::plan;
use crate::situations::{Grain, Kinds, Situations, kinds};
use crate::table::{Book, EachVersion, Fired, Placed, Table, Verdict};
use crate::versions::{ActVersion, Versions};
use crate::vocabulary::{AskEntry, DERIVED_FALSE, DERIVED_TRUE};
use crate::words::{Ask, FactName, Says};

/// The law of one day for one ask, ready to be asked often.
pub struct Law<'p> {
    pub(crate) pack: &'p Pack,
    pub(crate) ask: Ask,
    pub(crate) on: Date,
    pub(crate) versions: Versions<'p>,
    pub(crate) book: Book<'p>,
    /// One for each version that may have been law.
    pub(crate) tables: Vec<Table>,
    /// The given facts that a rule in force reads, and their kinds of answers.
    pub(crate) kinds: Kinds,
}

/// Asks the law: `ask` about an event `on` a day in the pack's time zone, with the facts known.
///
/// The facts must have been checked against the same pack. INVARIANT: the outcome follows from these four alone.
#[must_use]
pub fn answer<'p>(pack: &'p Pack, ask: Ask, facts: &Facts, on: Date) -> Outcome<'p> {
    Law::on(pack, ask, on).answer(facts)
}

impl<'p> Law<'p> {
    /// The law in force on a day. Where its first day is not known, all versions that may have been.
    #[must_use]
    pub fn on(pack: &'p Pack, ask: Ask, on: Date) -> Self {
        Self::of(pack, ask, on, Versions::on(&pack.sections, on))
    }

    /// The law of a day, with a named version of one act in the place of the one in force. The law of every other act
    /// stays that of the day.
    #[must_use]
    pub fn under(pack: &'p Pack, ask: Ask, on: Date, act: &ActVersion) -> Self {
        Self::of(pack, ask, on, Versions::under(&pack.sections, on, act))
    }

    fn of(pack: &'p Pack, ask: Ask, on: Date, versions: Versions<'p>) -> Self {
        let book = Book::of(pack, &versions.each, ask);
        let tables = versions.each.iter().map(|version| book.table(pack, version, ask)).collect();
        let kinds = kinds(pack, &book);
        Self { pack, ask, on, versions, book, tables, kinds }
    }

    /// The rules that bear on the ask in any version that may have been law, without definitions.
    pub fn rules(&self) -> impl Iterator<Item = Placed<'p>> {
        self.book.rules.iter().copied()
    }

    /// Whether another law of the pack is the same rules in force: then it answers the same to every situation.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.ask == other.ask
            && self.book.rules == other.book.rules
            && self.book.definitions == other.book.definitions
            && self.tables == other.tables
    }

    /// What the law answers to these facts, which must have been checked against its pack.
    #[must_use]
    pub fn answer(&self, facts: &Facts) -> Outcome<'p> {
        match self.settle(facts) {
            Ok(settled) => Outcome::Answered(self.answered(&settled)),
            Err(open) => Outcome::StillPossible(*open),
        }
    }

    /// Why the rules in force that do not bear on the answer do not, layer by layer, highest first; none while more
    /// than one answer is possible.
    #[must_use]
    pub fn why_not(&self, facts: &Facts) -> Vec<Silent<'p>> {
        self.settle(facts).map_or_else(|_| Vec::new(), |settled| settled.findings.silent(self, &settled.known))
    }

    /// Judges every situation that the facts leave possible.
    fn settle(&self, facts: &Facts) -> Result<Settled, Box<StillPossible<'p>>> {
        let mut known = facts.situation(&self.pack.vocabulary);
        let is_open = |fact: usize| known.get(fact).is_some_and(|possible| possible.count_ones() > 1);
        if !self.kinds.iter().any(|(fact, _)| is_open(*fact)) {
            let judged = self.judge(&mut known);
            return Ok(Settled { findings: Findings::of(self, &judged), known, open: Vec::new() });
        }
        let situations = Situations::of(self.pack, known.clone(), &self.kinds, Grain::Kinds);
        let mut found = vec![None; situations.count()];
        let mut findings: Option<Findings> = None;
        let mut situation = Vec::new();
        for derived in &self.book.derived {
            known.get_mut(*derived).into_iter().for_each(|known| *known = 0);
        }
        for (number, slot) in found.iter_mut().enumerate() {
            if situations.write(number, &mut situation) {
                let judged = self.judge(&mut situation);
                *slot = Some(judged.says);
                let found = Findings::of(self, &judged);
                match &mut findings {
                    Some(findings) => findings.add(found),
                    None => findings = Some(found),
                }
                for derived in &self.book.derived {
                    if let (Some(known), Some(one)) = (known.get_mut(*derived), situation.get(*derived)) {
                        *known |= one;
                    }
                }
            }
        }
        let mut said = found.iter().flatten();
        let first = said.next();
        if said.any(|says| Some(says) != first) {
            return Err(Box::new(self.still_possible(&situations, &found)));
        }
        // A law always says something: silence of the pack is an answer too.
        let findings = findings.unwrap_or_else(|| Findings::of(self, &self.judge(&mut situation)));
        Ok(Settled { findings, known, open: situations.open() })
    }

    /// What the versions that may have been law say together of one situation. Where they differ, a lawyer must find
    /// the first day.
    pub(crate) fn judge(&self, situation: &mut [u64]) -> Judged {
        let mut fired = EachVersion::new();
        self.book.fire(&self.tables, situation, &mut fired);
        self.judge_fired(&fired)
    }

    /// The same, once it is known what fires under each version.
    pub(crate) fn judge_fired(&self, fired: &[Fired]) -> Judged {
        let versions = self.tables.iter().zip(fired);
        let verdicts: EachVersion<Verdict> = versions.map(|(table, fired)| self.book.verdict(table, *fired)).collect();
        let mut said = verdicts.iter().map(|verdict| verdict.says);
        let first = said.next().unwrap_or(Says::NeedsLegalReview);
        let says = if said.all(|says| says == first) { first } else { Says::NeedsLegalReview };
        Judged { says, verdicts }
    }

    fn answered(&self, settled: &Settled) -> Answer<'p> {
        let (entry, findings) = (self.entry(), &settled.findings);
        let fact = |index: usize| self.pack.vocabulary.facts.get(index);
        Answer {
            ask: self.ask,
            deed: entry.map_or("do what is asked", |entry| &entry.deed),
            on: self.on,
            says: findings.says,
            basis: findings.basis,
            reviewed: self.reviewed(),
            because: findings.because(self),
            layers: findings.layers(self, &settled.known),
            doubts: findings.doubts(self),
            safe_default: entry.map_or("Ask a lawyer first.", |entry| &entry.safe_default),
            derived: self.derived(&settled.known),
            open: settled.open.iter().filter_map(|index| fact(*index)).collect(),
        }
    }

    /// The derived facts that are settled.
    fn derived(&self, known: &[u64]) -> Vec<(&'p FactName, bool)> {
        let settled = |index: &usize| {
            let holds = *known.get(*index)?;
            let name = &self.pack.vocabulary.facts.get(*index)?.name;
            matches!(holds, DERIVED_TRUE | DERIVED_FALSE).then_some((name, holds == DERIVED_TRUE))
        };
        self.book.derived.iter().filter_map(settled).collect()
    }

    fn still_possible(&self, situations: &Situations<'_>, found: &[Option<Says>]) -> StillPossible<'p> {
        let possible: BTreeSet<Says> = found.iter().flatten().copied().collect();
        let entry = self.entry();
        let next = plan::next_question(situations, found);
        let fact = |index: usize| plan::open_fact(self.pack, situations, index);
        StillPossible {
            ask: self.ask,
            deed: entry.map_or("do what is asked", |entry| &entry.deed),
            on: self.on,
            possible: possible.into_iter().collect(),
            open: situations.deciding(found).into_iter().filter_map(fact).collect(),
            next: next.and_then(|next| fact(next.fact)),
            at_most: next.map_or(0, |next| next.at_most),
            safe_default: entry.map_or("Ask a lawyer first.", |entry| &entry.safe_default),
            reviewed: self.reviewed(),
        }
    }

    /// The ask as the pack describes it, if it does.
    pub(crate) fn entry(&self) -> Option<&'p AskEntry> {
        self.pack.vocabulary.ask(self.ask)
    }

    fn reviewed(&self) -> bool {
        self.pack.review != Review::None
    }
}

/// What all versions say of one situation.
pub(crate) struct Judged {
    pub(crate) says: Says,
    /// One for each table of the law.
    pub(crate) verdicts: EachVersion<Verdict>,
}

/// All situations that facts leave possible, when the law says one thing of them.
struct Settled {
    findings: Findings,
    /// What is possible of every fact, derived facts included.
    known: Vec<u64>,
    /// The facts that the law reads and nobody gave, by index.
    open: Vec<usize>,
}
