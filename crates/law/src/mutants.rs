//! Mutants: the law with one thing altered at a time. A mutant that answers some situation otherwise and that no
//! scenario notices is a hole in the scenarios: nobody would notice the same mistake made by hand.

use crate::asking::Law;
use crate::check::failure;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::rule::{Rule, Target};
use crate::scenario::Scenario;
use crate::situations::{Grain, Kinds, Situations};
use crate::table::Placed;
use crate::versions::{ActVersion, Version};
use crate::vocabulary::{Condition, FactBox, single_answers};
use crate::words::{Ask, Effect};

/// What became of the mutants of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutants {
    /// How many were made.
    pub made: usize,
    /// How many change some answer.
    pub effective: usize,
    /// Those that change no answer anywhere: the part altered decides nothing.
    pub without_effect: Vec<Problem>,
    /// Those that change some answer and that no scenario notices, with a situation that shows it.
    pub survivors: Vec<Problem>,
}

/// One alteration of a rule.
struct Mutant {
    /// What was altered, in words.
    what: String,
    /// The rule as altered; `None` when it is dropped.
    rule: Option<Rule>,
}

/// Makes every mutant of a pack and looks whether a scenario notices it.
#[must_use]
pub fn mutants(pack: &Pack) -> Mutants {
    let mut found = Mutants::default();
    let mut altered = pack.clone();
    for (place, section) in pack.sections.iter().enumerate() {
        for (index, rule) in section.rules.iter().enumerate() {
            for mutant in of_rule(pack, rule) {
                let Some(rules) = altered.sections.get_mut(place).map(|section| &mut section.rules) else { continue };
                drop(rules.splice(index..=index, mutant.rule));
                found.judge(pack, &altered, Placed { section, rule }, &mutant.what);
                if let Some(section) = altered.sections.get_mut(place) {
                    section
                        .rules
                        .clone_from(&pack.sections.get(place).map(|one| one.rules.clone()).unwrap_or_default());
                }
            }
        }
    }
    found
}

impl Mutants {
    fn judge(&mut self, pack: &Pack, altered: &Pack, placed: Placed<'_>, what: &str) {
        self.made += 1;
        let problem = |message: String| Problem {
            file: placed.section.file.clone(),
            line: placed.rule.line,
            message,
            hint: None,
        };
        if is_noticed(pack, altered, placed) {
            self.effective += 1;
            return;
        }
        match witness(pack, altered, placed) {
            Some(witness) => {
                self.effective += 1;
                self.survivors.push(problem(format!("no scenario notices `{}` {what}: {witness}", placed.rule.id)));
            }
            None => self.without_effect.push(problem(format!("`{}` {what} changes no answer", placed.rule.id))),
        }
    }
}

/// Whether some scenario fails under the altered law. Those that name the rule are tried first.
fn is_noticed(pack: &Pack, altered: &Pack, placed: Placed<'_>) -> bool {
    let bears = |scenario: &&Scenario| {
        (placed.rule.asks.is_empty() || placed.rule.asks.contains(&scenario.ask)) && is_asked(pack, scenario, placed)
    };
    let names = |scenario: &&Scenario| scenario.because.iter().any(|name| name == placed.rule.id.as_str());
    let (naming, others): (Vec<&Scenario>, Vec<&Scenario>) = pack.scenarios.iter().filter(bears).partition(names);
    naming.into_iter().chain(others).any(|scenario| failure(altered, scenario).is_some())
}

/// Whether a scenario asks a law that the rule's section is part of.
fn is_asked(pack: &Pack, scenario: &Scenario, placed: Placed<'_>) -> bool {
    scenario.law(pack).versions.each.iter().any(|version: &Version<'_>| version.has(placed.section))
}

/// A situation that the altered law answers otherwise.
fn witness(pack: &Pack, altered: &Pack, placed: Placed<'_>) -> Option<String> {
    let asks: Vec<Ask> = pack.vocabulary.asks.iter().map(|entry| entry.ask).collect();
    let asks = asks.iter().filter(|ask| placed.rule.asks.is_empty() || placed.rule.asks.contains(ask));
    let mut pairs: Vec<(Law<'_>, Law<'_>)> = Vec::new();
    for ask in asks {
        match &placed.section.standing {
            crate::section::Standing::Law { .. } => pairs.extend(
                pack.change_days().into_iter().map(|day| (Law::on(pack, *ask, day), Law::on(altered, *ask, day))),
            ),
            crate::section::Standing::Draft { name } => {
                let draft = ActVersion::find(&pack.sections, &format!("{}@{name}", placed.section.act)).ok()?;
                let day = *pack.change_days().last()?;
                pairs.push((Law::under(pack, *ask, day, &draft), Law::under(altered, *ask, day, &draft)));
            }
        }
    }
    pairs.iter().filter(|(law, _)| law.versions.each.iter().any(|one| one.has(placed.section))).find_map(differ)
}

/// The first situation that two laws answer differently.
fn differ((law, altered): &(Law<'_>, Law<'_>)) -> Option<String> {
    let kinds = refined(&law.kinds, &altered.kinds);
    let situations = Situations::of(law.pack, law.pack.vocabulary.nothing_known().to_vec(), &kinds, Grain::Kinds);
    let mut situation = Vec::new();
    (0..situations.count()).find_map(|number| {
        if !situations.write(number, &mut situation) {
            return None;
        }
        let says = law.judge(&mut situation).says;
        let instead = altered.judge(&mut situation).says;
        (says != instead).then(|| format!("{says}, not {instead}, {}", law.described(&situation)))
    })
}

/// Answers that either law tells apart. What the altered law reads, the unaltered one does too.
fn refined(kinds: &Kinds, altered: &Kinds) -> Kinds {
    let split = |fact: &usize, of: &[u64]| -> Vec<u64> {
        let Some((_, others)) = altered.iter().find(|(other, _)| other == fact) else { return of.to_vec() };
        let pairs = of.iter().flat_map(|kind| others.iter().map(move |other| kind & other));
        pairs.filter(|kind| *kind != 0).collect()
    };
    kinds.iter().map(|(fact, of)| (*fact, split(fact, of))).collect()
}

/// Each part of a rule altered in turn.
fn of_rule(pack: &Pack, rule: &Rule) -> Vec<Mutant> {
    let mut mutants = vec![Mutant { what: "dropped".to_owned(), rule: None }];
    let mut add = |what: String, alter: &dyn Fn(&mut Rule)| {
        let mut altered = rule.clone();
        alter(&mut altered);
        mutants.push(Mutant { what, rule: Some(altered) });
    };
    let word = |condition: &Condition, answer: u64| {
        let fact = pack.vocabulary.facts.get(condition.fact)?;
        fact.answers_in(answer).next().map(|(name, _)| format!("`{} = {name}`", fact.name))
    };
    let named =
        |condition: &Condition| pack.vocabulary.facts.get(condition.fact).map_or("?", |fact| fact.name.as_str());
    for (index, party) in rule.parties.iter().enumerate() {
        add(format!("for any `{}`", named(party)), &|rule| {
            rule.parties.remove(index);
        });
        for answer in several(party) {
            let what = format!("for all but {}", word(party, answer).unwrap_or_default());
            add(what, &|rule| narrow(rule.parties.get_mut(index), answer));
        }
    }
    for (list, boxes) in [("when", &rule.when), ("unless", &rule.unless)] {
        for (index, fact_box) in boxes.iter().enumerate() {
            // The only box of `when` is the whole rule.
            if list == "unless" || boxes.len() > 1 {
                add(format!("without box {} of `{list}`", index + 1), &|rule| drop(side(rule, list).remove(index)));
            }
            for (place, condition) in fact_box.conditions.iter().enumerate() {
                add(format!("without `{}` in box {} of `{list}`", named(condition), index + 1), &|rule| {
                    if let Some(fact_box) = side(rule, list).get_mut(index) {
                        fact_box.conditions.remove(place);
                    }
                });
                for answer in several(condition) {
                    let answered = word(condition, answer).unwrap_or_default();
                    add(format!("without {answered} in box {} of `{list}`", index + 1), &|rule| {
                        narrow(side(rule, list).get_mut(index).and_then(|one| one.conditions.get_mut(place)), answer);
                    });
                }
            }
        }
    }
    for (index, target) in rule.excepts.iter().enumerate() {
        let name = match target {
            Target::Rule(id) => id.to_string(),
            Target::Layer(layer) => layer.to_string(),
        };
        add(format!("without `excepts` {name}"), &|rule| drop(rule.excepts.remove(index)));
    }
    for (index, id) in rule.despite.iter().enumerate() {
        add(format!("without `despite` {id}"), &|rule| drop(rule.despite.remove(index)));
    }
    if rule.effect == Effect::Excepts && rule.unclear.is_some() {
        add("made certain".to_owned(), &|rule| rule.unclear = None);
    }
    mutants
}

/// The answers of a condition that holds for more than one.
fn several(condition: &Condition) -> impl Iterator<Item = u64> {
    single_answers(condition.within).filter(|answer| *answer != condition.within)
}

fn narrow(condition: Option<&mut Condition>, answer: u64) {
    if let Some(condition) = condition {
        condition.within &= !answer;
    }
}

fn side<'r>(rule: &'r mut Rule, list: &str) -> &'r mut Vec<FactBox> {
    if list == "when" { &mut rule.when } else { &mut rule.unless }
}
