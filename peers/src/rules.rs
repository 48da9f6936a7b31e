//! The rules in force for one ask, in a form that any engine can be given: tests of facts, no masks.

use std::collections::{BTreeMap, BTreeSet};

use law::{Answer, Ask, Facts, Law, Outcome, Pack, Reason, Silent, Stated, WhyNot};

/// One rule: all parties, any box of `when`, no box of `unless`.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) parties: Vec<Test>,
    pub(crate) when: Vec<Vec<Test>>,
    pub(crate) unless: Vec<Vec<Test>>,
}

/// A test of one fact.
pub(crate) struct Test {
    pub(crate) fact: String,
    pub(crate) is: Is,
}

/// What a fact must be, in the fewest comparisons.
pub(crate) enum Is {
    True,
    False,
    /// One of these answers.
    OneOf(Vec<String>),
    /// None of these: they are fewer than the others.
    NoneOf(Vec<String>),
}

/// The value of a fact.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Truth(bool),
    Word(String),
}

/// A situation as a peer is given it: all facts, the derived ones worked out beforehand.
pub(crate) type Situation = BTreeMap<String, Value>;

impl Rule {
    /// The rules of a law.
    pub(crate) fn of(pack: &Pack, law: &Law<'_>) -> Vec<Self> {
        let rule = |placed: law::Placed<'_>| {
            let boxes = pack.vocabulary.boxes_of(placed.rule);
            let tests = |stated: &Vec<Stated<'_>>| stated.iter().map(|one| Test::of(*one)).collect();
            Self {
                id: placed.rule.id.to_string(),
                parties: tests(&boxes.parties),
                when: boxes.when.iter().map(tests).collect(),
                unless: boxes.unless.iter().map(tests).collect(),
            }
        };
        law.rules().map(rule).collect()
    }

    /// How many conditions it has.
    pub(crate) fn conditions(&self) -> usize {
        self.parties.len() + self.when.iter().chain(&self.unless).map(Vec::len).sum::<usize>()
    }
}

impl Test {
    fn of(stated: Stated<'_>) -> Self {
        let within: Vec<String> = stated.answers().map(|(name, _)| name.to_owned()).collect();
        let others = stated.fact.answers.iter().map(|(name, _)| name.clone());
        let others: Vec<String> = others.filter(|name| !within.contains(name)).collect();
        let is = match within.as_slice() {
            [one] if one == "true" => Is::True,
            [one] if one == "false" => Is::False,
            _ if others.len() < within.len() => Is::NoneOf(others),
            _ => Is::OneOf(within),
        };
        Self { fact: stated.fact.name.to_string(), is }
    }
}

/// The facts as values, with what the law works out of them.
pub(crate) fn situation(facts: &Facts, answer: &Answer<'_>) -> Situation {
    let value = |word: &str| match word {
        "true" => Value::Truth(true),
        "false" => Value::Truth(false),
        word => Value::Word(word.to_owned()),
    };
    let given = facts.iter().map(|(name, answer)| (name.to_string(), value(answer)));
    given.chain(answer.derived.iter().map(|(name, holds)| (name.to_string(), Value::Truth(*holds)))).collect()
}

/// The situations of an ask that are asked, each with its facts: evenly spread over all of them.
pub(crate) fn situations(
    pack: &Pack,
    law: &Law<'_>,
    ask: Ask,
    at_most: usize,
) -> Result<Vec<(Facts, Situation)>, String> {
    let known = |facts: Facts| match law.answer(&facts) {
        Outcome::Answered(answer) => {
            let situation = situation(&facts, &answer);
            Ok((facts, situation))
        }
        Outcome::StillPossible(_) => Err(format!("{ask}: all facts are known and the answer is open: {facts:?}")),
    };
    pack.vocabulary.spread(ask, at_most).into_iter().map(known).collect()
}

/// The rules that fired, as Candor's own explanation has them: told among the reasons, or told to fire without effect.
pub(crate) fn fired(answer: &Answer<'_>, why_not: &[Silent<'_>]) -> BTreeSet<String> {
    let mut fired = BTreeSet::new();
    for layer in &answer.layers {
        layer.reasons.iter().for_each(|reason| add(reason, &mut fired));
    }
    let without_effect = why_not.iter().filter(|silent| silent.why == WhyNot::WithoutEffect);
    fired.extend(without_effect.map(|silent| silent.placed.rule.id.to_string()));
    fired
}

fn add(reason: &Reason<'_>, fired: &mut BTreeSet<String>) {
    // Definitions are worked out before the peers are asked.
    if reason.role != law::Role::Defines {
        fired.insert(reason.placed.rule.id.to_string());
    }
    reason.rests_on.iter().for_each(|below| add(below, fired));
}
