//! Facts as given: what is known about one event. A fact that is not given is unknown, never assumed.

use std::collections::BTreeMap;

use crate::derived::given::{Place, Workings};
use crate::derived::records;
use crate::problem::{Problem, spelling_hint};
use crate::reader::{Reader, Table, Value, read_unrepeated};
use crate::vocabulary::{Condition, Fact, Vocabulary};
use crate::words::{Ask, FactName};

/// Facts given for one ask, checked against a pack. An answer may be a set of answers (`ice` when the division is not
/// said): then the fact is partly known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    given: BTreeMap<FactName, Given>,
}

/// The answer given to one fact: its name, and what it leaves possible.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    answer: String,
    fact: usize,
    possible: u64,
}

/// A file of facts: asks of one request, each with the facts it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactFile {
    /// Each ask once, in the order of the file.
    pub asks: Vec<(Ask, Facts)>,
}

impl Facts {
    /// Facts and answers, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&FactName, &str)> {
        self.given.iter().map(|(name, given)| (name, given.answer.as_str()))
    }

    /// The answer to one fact, if given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(fact, _)| fact.as_str() == name).map(|(_, answer)| answer)
    }

    /// The facts as plain words, as an event records them.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.iter().map(|(name, answer)| (name.to_string(), answer.to_owned())).collect()
    }

    /// Gives an answer to a fact; a word that is not one of its answers or sets gives none.
    pub(crate) fn insert(&mut self, fact: &Fact, answer: String) {
        if let Some(possible) = fact.mask(&answer) {
            self.given.insert(fact.name.clone(), Given { answer, fact: fact.place, possible });
        }
    }

    /// What is possible of every fact, given these.
    pub(crate) fn situation(&self, vocabulary: &Vocabulary) -> Vec<u64> {
        let mut situation = vocabulary.nothing_known().to_vec();
        for given in self.given.values() {
            if let Some(possible) = situation.get_mut(given.fact) {
                *possible = given.possible;
            }
        }
        situation
    }
}

impl Vocabulary {
    /// See [`crate::Pack::facts`].
    pub(crate) fn facts(&self, ask: Ask, given: &BTreeMap<String, String>) -> Result<Facts, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut refuse = |message: String, hint: Option<String>| {
            problems.push(Problem { file: "facts".to_owned(), line: 1, message, hint });
        };
        let mut facts = Facts::default();
        for (name, answer) in given {
            let Some(fact) = self.readable(ask, name) else {
                refuse(self.no_fact(ask, name), spelling_hint(name, self.readable_names(ask)));
                continue;
            };
            if fact.mask(answer).is_none() {
                refuse(format!("unknown answer of `{name}`"), spelling_hint(answer, fact.words()));
            }
            facts.insert(fact, answer.clone());
        }
        if let Some(message) = self.impossible_in(&facts) {
            refuse(message, None);
        }
        if problems.is_empty() { Ok(facts) } else { Err(problems) }
    }

    /// See [`crate::Pack::read_fact_file`].
    pub(crate) fn read_fact_file(
        &self,
        name: &str,
        text: &str,
        workings: &Workings<'_>,
    ) -> Result<FactFile, Vec<Problem>> {
        let (file, mut problems) = read_unrepeated(name, text, |reader, document| {
            reader.only(document, &[["asks", "facts"].as_slice(), &records::KEYS].concat());
            let asks: Vec<Ask> = reader.words(document, "asks");
            if asks.is_empty() {
                let hint = Some("begin with `asks = [\"hold\"]`".to_owned());
                reader.problem(&document, "no ask is listed".to_owned(), hint);
            }
            let mut file = FactFile { asks: asks.iter().map(|ask| (*ask, Facts::default())).collect() };
            if let Some(table) = reader.optional_table(document, "facts") {
                self.read_shared(reader, table, &mut file);
                self.read_each(reader, table, &mut file);
            }
            let facts = reader.optional_table(document, "facts");
            let own = facts.iter().flat_map(|table| table.entries()).filter_map(|(_, value)| value.table());
            let given: Vec<Table<'_>> = own.chain(facts).collect();
            let mut each: Vec<(Ask, &mut Facts)> = file.asks.iter_mut().map(|(ask, facts)| (*ask, facts)).collect();
            workings.complete(reader, Place { records: document, given: &given }, &mut each);
            Some(file)
        });
        problems.sort();
        problems.dedup();
        match file {
            Some(file) if problems.is_empty() => Ok(file),
            _ => Err(problems),
        }
    }

    /// Reads a table of facts for one ask: every key must be a fact that the ask reads.
    pub(crate) fn read_own(&self, reader: &mut Reader<'_>, table: Table<'_>, ask: Ask, facts: &mut Facts) {
        for (key, value) in table.entries() {
            match self.readable(ask, key) {
                Some(fact) => {
                    if let Some(answer) = read_answer(reader, fact, value) {
                        facts.insert(fact, answer);
                    }
                }
                None => {
                    let hint = spelling_hint(key, self.readable_names(ask));
                    let message = reader.worded(format!("ask `{ask}` has no fact `{key}`"), self.no_fact(ask, key));
                    reader.problem(&value, message, hint);
                }
            }
        }
        if let Some(message) = self.impossible_in(facts) {
            reader.problem(&table, format!("ask `{ask}`: {message}"), None);
        }
    }

    /// Facts that stand for all asks of a file: each ask takes those it reads.
    fn read_shared(&self, reader: &mut Reader<'_>, table: Table<'_>, file: &mut FactFile) {
        for (key, value) in table.entries() {
            if is_own_table(key, value) {
                continue;
            }
            let Some(fact) = file.asks.iter().find_map(|(ask, _)| self.readable(*ask, key)) else {
                self.refuse_unread(reader, key, value, file);
                continue;
            };
            let Some(answer) = read_answer(reader, fact, value) else { continue };
            for (_, facts) in file.asks.iter_mut().filter(|(ask, _)| self.readable(*ask, key).is_some()) {
                facts.insert(fact, answer.clone());
            }
        }
    }

    /// Facts that one ask has for itself, and the check of what each ask then holds.
    fn read_each(&self, reader: &mut Reader<'_>, table: Table<'_>, file: &mut FactFile) {
        for (key, value) in table.entries() {
            if is_own_table(key, value) && !file.asks.iter().any(|(ask, _)| ask.code() == key) {
                let hint = Some("add it to `asks`, or drop the table".to_owned());
                reader.problem(&value, format!("ask `{key}` is not listed in `asks`"), hint);
            }
        }
        for (ask, facts) in &mut file.asks {
            match table.get(ask.code()).and_then(Value::table) {
                Some(own) => self.read_own(reader, own, *ask, facts),
                None => {
                    if let Some(message) = self.impossible_in(facts) {
                        reader.problem(&table, format!("ask `{ask}`: {message}"), None);
                    }
                }
            }
        }
    }

    /// That an ask does not read a fact. What is none is not repeated: a name may stand there by a slip.
    fn no_fact(&self, ask: Ask, name: &str) -> String {
        match self.fact_index(name) {
            Some(_) => format!("ask `{ask}` has no fact `{name}`"),
            None => format!("ask `{ask}` has no such fact"),
        }
    }

    fn refuse_unread(&self, reader: &mut Reader<'_>, key: &str, value: Value<'_>, file: &FactFile) {
        if self.fact_index(key).is_some() {
            let hint = Some("drop it, or list an ask that reads it".to_owned());
            reader.problem(&value, format!("none of the listed asks reads the fact `{key}`"), hint);
            return;
        }
        let mut valid: Vec<&str> = file.asks.iter().flat_map(|(ask, _)| self.readable_names(*ask)).collect();
        valid.sort_unstable();
        valid.dedup();
        reader.unknown(&value, "fact", key, valid);
    }

    /// Fully known situations of an ask, `at_most` so many and spread evenly over all of them, without those that the
    /// pack calls impossible. The same pack gives the same ones in the same order: for measuring, and for asking
    /// another engine.
    #[must_use]
    pub fn spread(&self, ask: Ask, at_most: usize) -> Vec<Facts> {
        let Some(entry) = self.ask(ask) else { return Vec::new() };
        let facts: Vec<&Fact> = entry.reads(self).collect();
        let count: usize = facts.iter().map(|fact| fact.answers.len()).product();
        let size = count.next_power_of_two();
        let numbers = (0..size).map(|index| shuffled(index, size)).filter(|number| *number < count);
        let situation = |mut number: usize| {
            let mut given = Facts::default();
            for fact in &facts {
                let (answer, _) = fact.answers.get(number % fact.answers.len())?;
                given.insert(fact, answer.clone());
                number /= fact.answers.len();
            }
            self.impossible_in(&given).is_none().then_some(given)
        };
        numbers.filter_map(situation).take(at_most).collect()
    }

    /// A fact that can be given for an ask: one that it reads and that nobody works out.
    pub(crate) fn readable(&self, ask: Ask, name: &str) -> Option<&Fact> {
        self.ask(ask)?.reads(self).find(|fact| fact.name.as_str() == name)
    }

    fn readable_names(&self, ask: Ask) -> impl Iterator<Item = &str> {
        self.ask(ask).into_iter().flat_map(|entry| entry.reads(self)).map(|fact| fact.name.as_str())
    }

    /// What is wrong with a combination that the pack calls impossible.
    pub(crate) fn impossible_in(&self, facts: &Facts) -> Option<String> {
        let situation = facts.situation(self);
        let combination = self.impossible.iter().find(|combination| combination.holds(&situation))?;
        let name = |condition: &Condition| self.facts.get(condition.fact).map(|fact| fact.name.as_str());
        let names: Vec<String> =
            combination.conditions.iter().filter_map(name).map(|name| format!("`{name}`")).collect();
        Some(format!("these answers cannot hold together: {}", names.join(", ")))
    }
}

/// Numbers below a power of two in another order, each once: even steps would keep time with the answers of some fact.
fn shuffled(index: usize, size: usize) -> usize {
    let half = size.trailing_zeros() / 2 + 1;
    // To multiply by an odd number and to fold the upper half into the lower can both be undone.
    (0..3).fold(index, |number, _| {
        let number = number.wrapping_mul(0x9E37_79B1) & (size - 1);
        number ^ (number >> half)
    })
}

fn is_own_table(key: &str, value: Value<'_>) -> bool {
    Ask::parse(key).is_some() && value.table().is_some()
}

/// One answer to one fact: lists and `not` belong to rules.
fn read_answer(reader: &mut Reader<'_>, fact: &Fact, value: Value<'_>) -> Option<String> {
    if value.items().is_some() || value.table().is_some() {
        let hint = Some("give one answer, or leave the fact out if it is not known".to_owned());
        reader.problem(&value, format!("`{}` wants one answer", fact.name), hint);
        return None;
    }
    fact.read_answers(reader, value)?;
    value.text().map(str::to_owned).or_else(|| value.value.as_bool().map(|truth| truth.to_string()))
}
