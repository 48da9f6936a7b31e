//! Which question to ask next, and how many more there can be.
//!
//! Asked is the fact that leaves the least uncertainty: the fewest pairs of situations that would still be answered
//! differently although they are told apart by nothing asked so far. Ties go to the fact that stands first in the pack.

use crate::answer::OpenFact;
use crate::pack::Pack;
use crate::situations::{Situations, Wheel};
use crate::words::Says;

/// The next question: a fact by index, and how many questions there can be from here, this one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) fact: usize,
    pub(crate) at_most: usize,
}

/// A whole plan of questions, from nothing known to every answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many are asked at most.
    pub at_most: usize,
    /// How many are asked over all kinds of situations together.
    pub asked: usize,
    /// The kinds of situations.
    pub situations: usize,
}

/// The next question for situations that `found` answers, by number; `None` when they are answered alike.
pub(crate) fn next_question(situations: &Situations<'_>, found: &[Option<Says>]) -> Option<Next> {
    let possible = possible(found);
    let wheel = best(&situations.wheels, &possible)?;
    let at_most = groups(wheel, &possible).iter().map(|group| plan(&situations.wheels, group).at_most).max();
    Some(Next { fact: wheel.fact, at_most: 1 + at_most.unwrap_or_default() })
}

/// The plan from these situations on.
pub(crate) fn whole(situations: &Situations<'_>, found: &[Option<Says>]) -> Plan {
    plan(&situations.wheels, &possible(found))
}

fn possible(found: &[Option<Says>]) -> Vec<(usize, Says)> {
    found.iter().enumerate().filter_map(|(number, says)| Some((number, (*says)?))).collect()
}

/// Bounded: each question has fewer wheels left to turn, as the one just asked has one answer in every group.
fn plan(wheels: &[Wheel], possible: &[(usize, Says)]) -> Plan {
    let mut whole = Plan { at_most: 0, asked: 0, situations: possible.len() };
    let Some(wheel) = best(wheels, possible) else { return whole };
    for group in groups(wheel, possible) {
        let below = plan(wheels, &group);
        whole.at_most = whole.at_most.max(1 + below.at_most);
        whole.asked += group.len() + below.asked;
    }
    whole
}

/// The wheel whose answer leaves the fewest undecided pairs; `None` when nothing is undecided.
fn best<'w>(wheels: &'w [Wheel], possible: &[(usize, Says)]) -> Option<&'w Wheel> {
    let (_, first) = possible.first()?;
    if possible.iter().all(|(_, says)| says == first) {
        return None;
    }
    let mut best: Option<(u64, &Wheel)> = None;
    for wheel in wheels {
        // A settled fact asks nothing.
        let Some(left) = undecided(wheel, possible) else { continue };
        if best.is_none_or(|(fewest, _)| left < fewest) {
            best = Some((left, wheel));
        }
    }
    best.map(|(_, wheel)| wheel)
}

/// How many pairs stay undecided after a question; `None` if it tells nothing apart.
fn undecided(wheel: &Wheel, possible: &[(usize, Says)]) -> Option<u64> {
    let mut counts = vec![[0_u64; Says::ALL.len()]; wheel.answers.len()];
    for (number, says) in possible {
        if let Some(count) = counts.get_mut(wheel.turned(*number)).and_then(|group| group.get_mut(place_of(*says))) {
            *count += 1;
        }
    }
    let used = counts.iter().filter(|group| group.iter().any(|count| *count > 0)).count();
    let pairs = |group: &[u64; Says::ALL.len()]| {
        let all: u64 = group.iter().sum();
        all * all - group.iter().map(|count| count * count).sum::<u64>()
    };
    (used > 1).then(|| counts.iter().map(pairs).sum())
}

fn groups(wheel: &Wheel, possible: &[(usize, Says)]) -> Vec<Vec<(usize, Says)>> {
    let mut groups = vec![Vec::new(); wheel.answers.len()];
    for one in possible {
        if let Some(group) = groups.get_mut(wheel.turned(one.0)) {
            group.push(*one);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn place_of(says: Says) -> usize {
    Says::ALL.iter().position(|one| *one == says).unwrap_or_default()
}

/// The question that an unsettled fact asks, with the answers still possible.
pub(crate) fn open_fact<'p>(pack: &'p Pack, situations: &Situations<'_>, index: usize) -> Option<OpenFact<'p>> {
    let fact = pack.vocabulary.facts.get(index)?;
    let wheel = situations.wheels.iter().find(|wheel| wheel.fact == index)?;
    let possible = wheel.answers.iter().fold(0, |all, answer| all | answer);
    Some(OpenFact { fact, answers: fact.answers_in(possible).collect() })
}
