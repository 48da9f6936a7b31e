//! What would have to change for another answer: the smallest changes of fact, one or two at a time.

use std::collections::BTreeSet;

use crate::answer::Stated;
use crate::asking::Law;
use crate::facts::Facts;
use crate::situations::{Grain, Situations};
use crate::vocabulary::{ACTOR, RECIPIENT};
use crate::words::Says;

/// A change of one or two facts, and the answer it would bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip<'p> {
    /// The facts that would have to be otherwise, each with the answers any of which would do.
    pub changes: Vec<Stated<'p>>,
    /// What the law would say then.
    pub says: Says,
}

/// One fact set to one kind of answers.
#[derive(Clone, Copy)]
struct Change {
    fact: usize,
    to: u64,
}

impl<'p> Law<'p> {
    /// The smallest changes that would change the answer to these facts, one fact at a time and then two, in the order
    /// of facts; none while more than one answer is possible. Who acts and who receives stay as they are. A change that
    /// the pack calls impossible is none, and two changes together bring an answer that neither brings alone.
    #[must_use]
    pub fn flips(&self, facts: &Facts) -> Vec<Flip<'p>> {
        let given = facts.situation(&self.pack.vocabulary);
        let Some(now) = self.settled(&given) else { return Vec::new() };
        let changes = self.changes(&given);
        let singles: Vec<(Change, Option<Says>)> =
            changes.iter().map(|change| (*change, self.after(&given, &[*change]))).collect();
        let flipped = |says: Option<Says>| says.filter(|says| *says != now);
        let mut flips = Vec::new();
        for (change, says) in &singles {
            flips.extend(flipped(*says).and_then(|says| self.flip(&[*change], says)));
        }
        for (index, (first, alone)) in singles.iter().enumerate() {
            for (second, also_alone) in singles.iter().skip(index + 1).filter(|(other, _)| other.fact != first.fact) {
                let pair = [*first, *second];
                let says = flipped(self.after(&given, &pair));
                let says = says.filter(|_| says != *alone && says != *also_alone);
                flips.extend(says.and_then(|says| self.flip(&pair, says)));
            }
        }
        flips
    }

    /// Every kind of answers that a fact could have instead.
    fn changes(&self, given: &[u64]) -> Vec<Change> {
        let named = |fact: &usize, name: &str| {
            self.pack.vocabulary.facts.get(*fact).is_some_and(|fact| fact.name.as_str() == name)
        };
        let may_change = self.kinds.iter().filter(|(fact, _)| !named(fact, ACTOR) && !named(fact, RECIPIENT));
        let mut changes = Vec::new();
        for (fact, kinds) in may_change {
            let now = given.get(*fact).copied().unwrap_or_default();
            let others = kinds.iter().filter(|kind| **kind & now == 0 || now.count_ones() > 1);
            changes.extend(others.map(|kind| Change { fact: *fact, to: *kind }));
        }
        changes
    }

    /// What the law says once facts are changed, where it says one thing; `None` also for what cannot be.
    fn after(&self, given: &[u64], changes: &[Change]) -> Option<Says> {
        let mut changed = given.to_vec();
        for change in changes {
            *changed.get_mut(change.fact)? = change.to;
        }
        self.settled(&changed)
    }

    /// The one thing that the law says of all situations left, if there are any and it says one.
    fn settled(&self, given: &[u64]) -> Option<Says> {
        let situations = Situations::of(self.pack, given.to_vec(), &self.kinds, Grain::Kinds);
        let mut situation = Vec::new();
        let mut says = BTreeSet::new();
        for number in 0..situations.count() {
            if situations.write(number, &mut situation) && !crate::situations::is_impossible(self.pack, &situation) {
                says.insert(self.judge(&mut situation).says);
            }
        }
        says.pop_first().filter(|_| says.is_empty())
    }

    fn flip(&self, changes: &[Change], says: Says) -> Option<Flip<'p>> {
        let stated =
            |change: &Change| Some(Stated { fact: self.pack.vocabulary.facts.get(change.fact)?, within: change.to });
        Some(Flip { changes: changes.iter().map(stated).collect::<Option<Vec<_>>>()?, says })
    }
}
