//! Every situation that the given facts leave possible, counted like the wheels of an odometer: one wheel for each
//! fact that the law reads and that is not settled. The loader bounds their number.

use std::collections::BTreeSet;

use crate::answer::OpenFact;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::words::Says;

/// The situations still possible.
pub(crate) struct Situations<'p> {
    pack: &'p Pack,
    /// What is given; unread facts stay as they are.
    given: Vec<u64>,
    wheels: Vec<Wheel>,
    /// Skip what the pack calls impossible; off when nothing would be left.
    skip_impossible: bool,
}

/// One unsettled fact and its possible answers, each a mask of one bit.
struct Wheel {
    fact: usize,
    answers: Vec<u64>,
    /// How many situations pass before this wheel turns.
    stride: usize,
}

impl<'p> Situations<'p> {
    pub(crate) fn of(pack: &'p Pack, facts: &Facts, reads: &BTreeSet<usize>) -> Self {
        let given = facts.situation(&pack.vocabulary);
        let mut wheels = Vec::new();
        let mut stride = 1;
        for fact in reads {
            let possible = given.get(*fact).copied().unwrap_or_default();
            let answers: Vec<u64> = (0..64).map(|bit| possible & (1 << bit)).filter(|answer| *answer != 0).collect();
            if answers.len() > 1 {
                let turns = answers.len();
                wheels.push(Wheel { fact: *fact, answers, stride });
                stride *= turns;
            }
        }
        let mut situations = Self { pack, given, wheels, skip_impossible: true };
        // Facts that several impossible rows exclude together still get an answer.
        let any_left = situations.iter().any(|situation| situation.is_some());
        situations.skip_impossible = any_left;
        situations
    }

    /// Each situation in turn; `None` for one that the pack calls impossible.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<Vec<u64>>> {
        (0..self.count()).map(|number| {
            let mut situation = self.given.clone();
            for wheel in &self.wheels {
                let turned = number / wheel.stride % wheel.answers.len();
                if let (Some(fact), Some(answer)) = (situation.get_mut(wheel.fact), wheel.answers.get(turned)) {
                    *fact = *answer;
                }
            }
            let impossible = &self.pack.vocabulary.impossible;
            let excluded = self.skip_impossible && impossible.iter().any(|combination| combination.holds(&situation));
            (!excluded).then_some(situation)
        })
    }

    fn count(&self) -> usize {
        self.wheels.iter().map(|wheel| wheel.answers.len()).product()
    }

    /// The unsettled facts, by index.
    pub(crate) fn open(&self) -> Vec<usize> {
        self.wheels.iter().map(|wheel| wheel.fact).collect()
    }

    /// The unsettled facts that decide: some situation says otherwise when only this fact changes. `found` is what
    /// each situation says, in the order of [`Situations::iter`]. When only several facts together decide (the
    /// situations between are impossible), all unsettled facts are returned.
    pub(crate) fn deciding(&self, found: &[Option<Says>]) -> Vec<usize> {
        let decides = |wheel: &&Wheel| {
            let says = |number: usize| found.get(number).copied().flatten();
            (0..found.len()).any(|number| {
                let turned = number / wheel.stride % wheel.answers.len();
                let first = number - turned * wheel.stride;
                let before = (0..turned).filter_map(|other| says(first + other * wheel.stride)).next_back();
                matches!((before, says(number)), (Some(left), Some(right)) if left != right)
            })
        };
        let deciding: Vec<usize> = self.wheels.iter().filter(decides).map(|wheel| wheel.fact).collect();
        if deciding.is_empty() { self.open() } else { deciding }
    }

    /// The question that an unsettled fact asks.
    pub(crate) fn open_fact(&self, pack: &Pack, index: usize) -> Option<OpenFact> {
        let fact = pack.vocabulary.facts.get(index)?;
        let possible = self.given.get(index)?;
        let still = |(name, _): &&(String, String)| fact.mask(name).is_some_and(|mask| mask & possible != 0);
        let answers = fact.answers.iter().filter(still).cloned().collect();
        Some(OpenFact { name: fact.name.clone(), question: fact.question.clone(), answers })
    }
}
