//! Which rules fire: a look at each fact leaves the few that may, and for most rules that settles it.
//!
//! Tables for one word of rules: for each fact that they read and each answer to it, the rules that this answer lets
//! pass. INVARIANT: what is held back does not fire, and what [`Rule::fires`] says stands.

use std::collections::BTreeSet;

use crate::rule::Rule;
use crate::table::{Placed, bits, mask};
use crate::vocabulary::{Vocabulary, single_answers};

/// Some rules, which are the bits of a word in this order.
pub(crate) struct Sieve {
    /// For each fact that some rule reads: the rules that each of its answers lets pass, in the order of answers.
    facts: Vec<(usize, Vec<u64>)>,
    all: u64,
    /// Rules of one box and no `unless`: they fire when every fact lets them pass.
    plain: u64,
}

impl Sieve {
    /// The sieve of some rules.
    pub(crate) fn of(vocabulary: &Vocabulary, rules: &[Placed<'_>]) -> Self {
        let read: BTreeSet<usize> = rules.iter().flat_map(|placed| placed.rule.reads()).collect();
        let of_fact = |index: usize| {
            let answers = single_answers(vocabulary.facts.get(index)?.all());
            let passed = answers.map(|answer| mask(rules.iter().map(|placed| placed.rule.may_fire(index, answer))));
            Some((index, passed.collect()))
        };
        Self {
            facts: read.into_iter().filter_map(of_fact).collect(),
            all: mask(rules.iter().map(|_| true)),
            plain: mask(rules.iter().map(|placed| placed.rule.is_plain())),
        }
    }

    /// Which of the rules fire, given the same rules again.
    pub(crate) fn fired(&self, rules: &[Placed<'_>], situation: &[u64]) -> u64 {
        let mut left = self.all;
        for (fact, passed) in &self.facts {
            for answer in bits(situation.get(*fact).copied().unwrap_or_default()) {
                left &= passed.get(answer).copied().unwrap_or_default();
            }
        }
        let fires = |rule: &Rule| rule.fires(situation);
        let others = bits(left & !self.plain).filter(|index| rules.get(*index).is_some_and(|one| fires(one.rule)));
        others.fold(left & self.plain, |fired, index| fired | (1 << index))
    }
}
