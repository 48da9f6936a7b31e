//! Every situation that the given facts leave possible, counted like the wheels of an odometer: one wheel for each
//! fact that the law reads and that is not settled. The loader bounds their number.
//!
//! Answers that no rule in force tells apart are one *kind* and turn together: thousands of situations stand for a
//! hundred thousand. [`Grain::Answers`] tries each answer by itself, for proofs that take nothing for granted.

use crate::pack::Pack;
use crate::table::Book;
use crate::vocabulary::{Condition, FactBox, single_answers};
use crate::words::Says;

/// How finely situations are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    /// Answers that no rule tells apart turn together.
    Kinds,
    /// Every answer by itself.
    Answers,
}

/// The situations still possible.
pub(crate) struct Situations<'p> {
    pack: &'p Pack,
    /// What is given; unread facts stay as they are.
    given: Vec<u64>,
    pub(crate) wheels: Vec<Wheel>,
    /// Skip what the pack calls impossible; off when nothing would be left.
    skip_impossible: bool,
}

/// One unsettled fact and its possible answers, each a mask.
#[derive(Clone, Debug)]
pub(crate) struct Wheel {
    pub(crate) fact: usize,
    pub(crate) answers: Vec<u64>,
    /// How many situations pass before this wheel turns.
    pub(crate) stride: usize,
}

impl Wheel {
    /// Which of its answers the situation of this number has.
    pub(crate) fn turned(&self, number: usize) -> usize {
        number / self.stride % self.answers.len()
    }
}

/// For one fact that the law reads: its answers, sorted into kinds that every rule and every impossible row treats alike.
pub(crate) type Kinds = Vec<(usize, Vec<u64>)>;

/// The kinds of answers of the facts that the rules of `book` read, in the order of facts.
pub(crate) fn kinds(pack: &Pack, book: &Book<'_>) -> Kinds {
    let rules = book.rules.iter().chain(&book.definitions);
    let mut conditions: Vec<Condition> = rules.flat_map(|placed| placed.rule.conditions()).collect();
    conditions.extend(pack.vocabulary.impossible.iter().flat_map(|row| row.conditions.iter().copied()));
    let of_fact = |fact: usize| {
        let masks: Vec<u64> = conditions.iter().filter(|one| one.fact == fact).map(|one| one.within).collect();
        let all = pack.vocabulary.facts.get(fact).map_or(0, crate::vocabulary::Fact::all);
        let mut kinds: Vec<(Vec<bool>, u64)> = Vec::new();
        for answer in single_answers(all) {
            let signature: Vec<bool> = masks.iter().map(|mask| mask & answer != 0).collect();
            match kinds.iter_mut().find(|(other, _)| *other == signature) {
                Some((_, kind)) => *kind |= answer,
                None => kinds.push((signature, answer)),
            }
        }
        (fact, kinds.into_iter().map(|(_, kind)| kind).collect())
    };
    book.reads(&pack.vocabulary).into_iter().map(of_fact).collect()
}

impl<'p> Situations<'p> {
    /// The situations that `given` leaves, over the facts and kinds of a law.
    pub(crate) fn of(pack: &'p Pack, given: Vec<u64>, kinds: &Kinds, grain: Grain) -> Self {
        let mut wheels = Vec::new();
        let mut stride = 1;
        for (fact, kinds) in kinds {
            let possible = given.get(*fact).copied().unwrap_or_default();
            if possible.count_ones() <= 1 {
                continue;
            }
            let answers: Vec<u64> = match grain {
                Grain::Kinds => kinds.iter().map(|kind| kind & possible).filter(|kind| *kind != 0).collect(),
                Grain::Answers => single_answers(possible).collect(),
            };
            let turns = answers.len();
            wheels.push(Wheel { fact: *fact, answers, stride });
            stride *= turns;
        }
        let mut situations = Self { pack, given, wheels, skip_impossible: true };
        // Facts that several impossible rows exclude together still get an answer.
        let any_left = situations.numbers().next().is_some();
        situations.skip_impossible = any_left;
        situations
    }

    /// How many there are, impossible ones included.
    pub(crate) fn count(&self) -> usize {
        self.wheels.iter().map(|wheel| wheel.answers.len()).product()
    }

    /// Writes the situation of a number; false for one that the pack calls impossible.
    pub(crate) fn write(&self, number: usize, situation: &mut Vec<u64>) -> bool {
        situation.clone_from(&self.given);
        for wheel in &self.wheels {
            if let (Some(fact), Some(answer)) = (situation.get_mut(wheel.fact), wheel.answers.get(wheel.turned(number)))
            {
                *fact = *answer;
            }
        }
        !(self.skip_impossible && is_impossible(self.pack, situation))
    }

    /// The numbers of the possible situations.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        let mut situation = Vec::new();
        (0..self.count()).filter(move |number| self.write(*number, &mut situation))
    }

    /// The unsettled facts that can turn, by index.
    pub(crate) fn open(&self) -> Vec<usize> {
        self.wheels.iter().map(|wheel| wheel.fact).collect()
    }

    /// The unsettled facts that decide: some situation says otherwise when only this fact changes. `found` is what
    /// each situation says, by number. When only several facts together decide (the situations between are
    /// impossible), all unsettled facts are returned.
    pub(crate) fn deciding(&self, found: &[Option<Says>]) -> Vec<usize> {
        let decides = |wheel: &&Wheel| {
            let says = |number: usize| found.get(number).copied().flatten();
            (0..found.len()).any(|number| {
                let turned = wheel.turned(number);
                let first = number - turned * wheel.stride;
                let before = (0..turned).filter_map(|other| says(first + other * wheel.stride)).next_back();
                matches!((before, says(number)), (Some(left), Some(right)) if left != right)
            })
        };
        let deciding: Vec<usize> = self.wheels.iter().filter(decides).map(|wheel| wheel.fact).collect();
        if deciding.is_empty() { self.open() } else { deciding }
    }
}

/// Whether a row of `[[impossible]]` holds.
pub(crate) fn is_impossible(pack: &Pack, situation: &[u64]) -> bool {
    pack.vocabulary.impossible.iter().any(|combination: &FactBox| combination.holds(situation))
}
