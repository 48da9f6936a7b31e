//! `facts.toml`: every question the law may be asked. One list of facts serves rules, scenarios, forms and screens;
//! an answer that is not on it is a mistake wherever it stands.
//!
//! Inside the crate a fact is its index and a set of its answers is a mask of bits, so that a box is a few compares.

use crate::answer::Stated;
use crate::derived::WorkedOut;
use crate::problem::{Problem, spelling_hint};
use crate::reader::{Reader, Table, Value, read_toml};
use crate::rule::Rule;
use crate::words::{Ask, FactName, Says};

/// A fact may have as many answers as a mask has bits.
const ANSWERS_LIMIT: usize = 64;
/// Every situation of an ask can be tried: more than this many are refused when the pack is loaded.
pub(crate) const SITUATIONS_LIMIT: u64 = 1_000_000;
/// The fact that a rule's `by` is about: who would act.
pub(crate) const ACTOR: &str = "actor";
/// The fact that a rule's `to` is about: who would receive.
pub(crate) const RECIPIENT: &str = "recipient";

/// The asks and facts of a pack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// The asks, in the order of the file.
    pub asks: Vec<AskEntry>,
    /// The facts, in the order of the file.
    pub facts: Vec<Fact>,
    /// Combinations that cannot be, such as a confirmed warrant where there is none.
    pub(crate) impossible: Vec<FactBox>,
    /// What must never follow from a change of facts.
    pub(crate) never: Vec<Never>,
    /// A situation in which nothing is known.
    nothing_known: Vec<u64>,
}

/// The conditions of a rule, for those who print or translate it.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleBoxes<'v> {
    /// Who acts and who receives; all must hold.
    pub parties: Vec<Stated<'v>>,
    /// Boxes, one of which must hold; in each, all.
    pub when: Vec<Vec<Stated<'v>>>,
    /// Boxes, none of which may hold.
    pub unless: Vec<Vec<Stated<'v>>>,
}

/// A law of the law: making this change to any situation never turns one answer into another.
#[derive(Clone, Debug, PartialEq)]
pub struct Never {
    /// The law in words: `a paper that no judge signed never frees the city to hold`.
    pub says: String,
    /// The asks that it is about.
    pub asks: Vec<Ask>,
    /// What is changed; each fact gets its one answer.
    pub(crate) change: FactBox,
    /// Only where this held before; an empty box always holds.
    pub(crate) among: FactBox,
    /// The answers that must not become any of those in `into`.
    pub(crate) turns: Vec<Says>,
    pub(crate) into: Vec<Says>,
    pub(crate) line: usize,
}

/// One ask: what it reads and what to do while in doubt.
#[derive(Clone, Debug, PartialEq)]
pub struct AskEntry {
    /// The ask.
    pub ask: Ask,
    /// The deed in words that follow "do not": `hold the person`.
    pub deed: String,
    /// What to do while the answer is in doubt.
    pub safe_default: String,
    /// The facts that rules of this ask may read, as indexes.
    pub(crate) facts: Vec<usize>,
}

/// One fact: its question, its answers and their words.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its name.
    pub name: FactName,
    /// Its place in the order of the file.
    pub(crate) place: usize,
    /// The question on screen; empty for a derived fact, which nobody is asked.
    pub question: String,
    /// The sentence that states it, `{}` standing for the answer's words.
    pub says: String,
    /// The sentence that denies a yes/no fact, where the pack has one.
    pub says_not: Option<String>,
    /// Worked out by definitions, never given.
    pub derived: bool,
    /// The function that works it out where it is not given.
    pub worked_out: Option<WorkedOut>,
    /// Answers and their words, in the order of the file; `true` and `false` for a yes/no fact.
    pub answers: Vec<(String, String)>,
    /// Named sets of answers, as masks.
    sets: Vec<(String, u64)>,
    /// A yes/no fact: its answers are TOML booleans.
    pub(crate) yes_or_no: bool,
}

/// One box: for each fact named, the answers that are within it. All must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FactBox {
    pub(crate) conditions: Vec<Condition>,
}

/// A fact and the answers that satisfy a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) fact: usize,
    pub(crate) within: u64,
}

impl AskEntry {
    /// The facts that can be given for this ask: those it reads and that nobody works out, in the order of the file.
    pub fn reads<'v>(&'v self, vocabulary: &'v Vocabulary) -> impl Iterator<Item = &'v Fact> {
        self.facts.iter().filter_map(|index| vocabulary.facts.get(*index)).filter(|fact| !fact.derived)
    }
}

impl Condition {
    /// Whether every answer still possible is within the box.
    pub(crate) fn holds(self, situation: &[u64]) -> bool {
        situation.get(self.fact).is_some_and(|possible| possible & !self.within == 0)
    }
}

impl FactBox {
    pub(crate) fn holds(&self, situation: &[u64]) -> bool {
        self.conditions.iter().all(|condition| condition.holds(situation))
    }
}

impl Fact {
    /// All answers.
    pub(crate) fn all(&self) -> u64 {
        (0..self.answers.len()).map(bit).fold(0, |mask, answer| mask | answer)
    }

    /// The answers of a mask and their words, in the order of the file.
    pub(crate) fn answers_in(&self, mask: u64) -> impl Iterator<Item = (&str, &str)> {
        let within = move |(index, _): &(usize, _)| bit(*index) & mask != 0;
        self.answers.iter().enumerate().filter(within).map(|(_, (name, words))| (name.as_str(), words.as_str()))
    }

    /// The mask of an answer or of a set of answers.
    pub(crate) fn mask(&self, word: &str) -> Option<u64> {
        let answer = self.answers.iter().position(|(name, _)| name == word).map(bit);
        answer.or_else(|| self.sets.iter().find(|(name, _)| name == word).map(|(_, mask)| *mask))
    }

    /// Reads answers: one, a set, a list of these, or `{ not = … }`.
    pub(crate) fn read_answers(&self, reader: &mut Reader<'_>, value: Value<'_>) -> Option<u64> {
        if let Some(table) = value.table() {
            reader.only(table, &["not"]);
            let not = reader.required(table, "not")?;
            return Some(self.all() & !read_positive(reader, self, not)?);
        }
        read_positive(reader, self, value)
    }

    /// Every answer and set of answers, as files spell them.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().map(|(name, _)| name.as_str()).chain(self.sets.iter().map(|(name, _)| name.as_str()))
    }

    fn what(&self) -> String {
        format!("answer of `{}`", self.name)
    }
}

/// Each answer of a mask as a mask of its own, in the order of the file.
pub(crate) fn single_answers(mask: u64) -> impl Iterator<Item = u64> {
    (0..ANSWERS_LIMIT).map(bit).filter(move |answer| answer & mask != 0)
}

fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

impl Vocabulary {
    /// The entry of an ask.
    #[must_use]
    pub fn ask(&self, ask: Ask) -> Option<&AskEntry> {
        self.asks.iter().find(|entry| entry.ask == ask)
    }

    pub(crate) fn fact_index(&self, name: &str) -> Option<usize> {
        self.facts.iter().position(|fact| fact.name.as_str() == name)
    }

    pub(crate) fn fact_names(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|fact| fact.name.as_str())
    }

    /// Once all facts are read: what answers need of them over and over.
    fn keep_unknown(&mut self) {
        let unknown = |fact: &Fact| if fact.derived { DERIVED_FALSE } else { fact.all() };
        self.nothing_known = self.facts.iter().map(unknown).collect();
    }

    /// A situation in which nothing is known; derived facts are `false` until a definition says otherwise.
    pub(crate) fn nothing_known(&self) -> &[u64] {
        &self.nothing_known
    }

    /// The conditions of a rule of this pack.
    #[must_use]
    pub fn boxes_of(&self, rule: &Rule) -> RuleBoxes<'_> {
        let stated = |conditions: &[Condition]| {
            let stated =
                conditions.iter().map(|one| Some(Stated { fact: self.facts.get(one.fact)?, within: one.within }));
            stated.collect::<Option<Vec<_>>>().unwrap_or_default()
        };
        let boxes = |boxes: &[FactBox]| boxes.iter().map(|one| stated(&one.conditions)).collect();
        RuleBoxes { parties: stated(&rule.parties), when: boxes(&rule.when), unless: boxes(&rule.unless) }
    }

    /// Reads a table of facts as one box: `{ custody = "ended", verified = true, judge_paper = { not = "none" } }`.
    pub(crate) fn read_box(&self, reader: &mut Reader<'_>, table: Table<'_>) -> FactBox {
        let mut conditions = Vec::new();
        for (name, value) in table.entries() {
            match self.fact_index(name) {
                Some(fact) => conditions.extend(self.read_condition(reader, fact, value)),
                None => reader.unknown(&value, "fact", name, self.fact_names()),
            }
        }
        FactBox { conditions }
    }

    /// Reads the answers of one fact that satisfy a box.
    pub(crate) fn read_condition(&self, reader: &mut Reader<'_>, fact: usize, value: Value<'_>) -> Option<Condition> {
        let within = self.facts.get(fact)?.read_answers(reader, value)?;
        Some(Condition { fact, within })
    }
}

/// The mask of `false` in a derived fact; a yes/no fact lists `true` first.
pub(crate) const DERIVED_FALSE: u64 = 0b10;
/// The mask of `true` in a derived fact.
pub(crate) const DERIVED_TRUE: u64 = 0b01;

fn yes_no_answers() -> Vec<(String, String)> {
    [("true", "yes"), ("false", "no")].map(|(name, words)| (name.to_owned(), words.to_owned())).to_vec()
}

fn read_positive(reader: &mut Reader<'_>, fact: &Fact, value: Value<'_>) -> Option<u64> {
    if let Some(items) = value.items() {
        let masks: Option<Vec<u64>> = items.into_iter().map(|item| read_positive(reader, fact, item)).collect();
        return Some(masks?.into_iter().fold(0, |all, mask| all | mask));
    }
    let word = match (value.value.as_bool(), value.text()) {
        (Some(truth), _) if fact.yes_or_no => truth.to_string(),
        (None, Some(text)) if !fact.yes_or_no => text.to_owned(),
        _ => {
            let wanted = if fact.yes_or_no { "true or false, without quotes" } else { "one of its answers in quotes" };
            reader.problem(&value, format!("`{}` wants {wanted}", fact.name), None);
            return None;
        }
    };
    let mask = fact.mask(&word);
    if mask.is_none() {
        reader.unknown(&value, &fact.what(), &word, fact.words());
    }
    mask
}

/// Reads `facts.toml`.
pub(crate) fn read(file: &str, text: &str) -> (Option<Vocabulary>, Vec<Problem>) {
    read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["ask", "fact", "impossible", "never"]);
        let mut vocabulary = Vocabulary::default();
        if let Some(facts) = reader.optional_table(document, "fact") {
            for (name, value) in facts.entries() {
                let place = vocabulary.facts.len();
                vocabulary.facts.extend(read_fact(reader, name, value, place));
            }
        }
        vocabulary.keep_unknown();
        if let Some(asks) = reader.optional_table(document, "ask") {
            for (name, value) in asks.entries() {
                let entry = read_ask(reader, &vocabulary, name, value);
                vocabulary.asks.extend(entry);
            }
        }
        for row in reader.rows(document, "impossible") {
            let combination = read_impossible(reader, row, &vocabulary);
            vocabulary.impossible.push(combination);
        }
        for row in reader.rows(document, "never") {
            let never = read_never(reader, row, &vocabulary);
            vocabulary.never.extend(never);
        }
        Some(vocabulary)
    })
}

fn read_impossible(reader: &mut Reader<'_>, row: Table<'_>, vocabulary: &Vocabulary) -> FactBox {
    let combination = vocabulary.read_box(reader, row);
    for condition in &combination.conditions {
        if let Some(fact) = vocabulary.facts.get(condition.fact).filter(|fact| condition.within == fact.all()) {
            let hint = Some("drop it from the row".to_owned());
            reader.problem(&row, format!("every answer of `{}` is named, which excludes nothing", fact.name), hint);
        }
    }
    combination
}

fn read_never(reader: &mut Reader<'_>, row: Table<'_>, vocabulary: &Vocabulary) -> Option<Never> {
    reader.only(row, &["says", "ask", "change", "where", "turns", "into"]);
    let says = reader.text(row, "says");
    let asks = reader.words(row, "ask");
    for key in ["ask", "change", "turns", "into"] {
        reader.required(row, key);
    }
    let change = reader.optional_table(row, "change").map(|table| vocabulary.read_box(reader, table))?;
    if let Some(several) = change.conditions.iter().find(|condition| condition.within.count_ones() != 1) {
        let fact = vocabulary.facts.get(several.fact).map_or("?", |fact| fact.name.as_str());
        reader.problem(&row, format!("`change` must give `{fact}` one answer"), None);
    }
    let among = reader.optional_table(row, "where").map(|table| vocabulary.read_box(reader, table));
    Some(Never {
        says: says?,
        asks,
        change,
        among: among.unwrap_or_default(),
        turns: reader.words(row, "turns"),
        into: reader.words(row, "into"),
        line: reader.line(&row),
    })
}

fn read_fact(reader: &mut Reader<'_>, name: &str, value: Value<'_>, place: usize) -> Option<Fact> {
    let Some(table) = value.table() else {
        reader.problem(&value, format!("fact `{name}` must be a table"), None);
        return None;
    };
    reader.only(table, &["question", "says", "says_not", "answers", "sets", "derived", "worked_out"]);
    let Some(fact_name) = FactName::parse(name) else {
        reader.problem(&value, format!("`{name}` is not a name"), None);
        return None;
    };
    let derived = reader.optional_truth(table, "derived").unwrap_or(false);
    let question = if derived { String::new() } else { reader.text(table, "question").unwrap_or_default() };
    let says = reader.text(table, "says").unwrap_or_default();
    let says_not = reader.optional_text(table, "says_not");
    let worked_out = reader.optional_word(table, "worked_out");
    let yes_or_no = !table.has("answers");
    if says_not.is_some() && !yes_or_no {
        reader.problem(&table, format!("`{name}` has `answers`, so nothing denies it"), None);
    }
    let mut fact = Fact {
        name: fact_name,
        place,
        question,
        says,
        says_not,
        derived,
        worked_out,
        answers: yes_no_answers(),
        sets: Vec::new(),
        yes_or_no,
    };
    if let Some(answers) = reader.optional_table(table, "answers") {
        fact.answers = read_answer_words(reader, answers);
    }
    if derived && (table.has("answers") || table.has("question")) {
        reader.problem(&table, "a derived fact is true or false and is not asked".to_owned(), None);
    }
    if !yes_or_no && !fact.says.contains("{}") {
        let hint = Some("`{}` stands for the answer's words".to_owned());
        reader.problem(&table, format!("`says` of `{name}` has no `{{}}`"), hint);
    }
    if fact.answers.len() < 2 || fact.answers.len() > ANSWERS_LIMIT {
        reader.problem(&table, format!("`{name}` needs 2 to {ANSWERS_LIMIT} answers"), None);
    }
    if let Some(sets) = reader.optional_table(table, "sets") {
        read_sets(reader, &mut fact, sets);
    }
    check_worked_out(reader, table, &fact);
    Some(fact)
}

/// A fact that a function works out has exactly the answers that the function gives: one more could never be reached,
/// and one fewer would be refused on the day it is needed.
fn check_worked_out(reader: &mut Reader<'_>, table: Table<'_>, fact: &Fact) {
    let (Some(how), Some(place)) = (fact.worked_out, table.get("worked_out")) else { return };
    if fact.derived {
        let message = "a derived fact is set by definitions, and is not `worked_out`".to_owned();
        reader.problem(&place, message, None);
    }
    let wanted = how.answers();
    if wanted.is_empty() != fact.yes_or_no {
        let kind = if fact.yes_or_no { "answers of its own" } else { "true or false, without `answers`" };
        reader.problem(&place, format!("`{how}` gives {kind}, and `{}` does not", fact.name), None);
        return;
    }
    let has: Vec<&str> =
        if fact.yes_or_no { Vec::new() } else { fact.answers.iter().map(|(name, _)| name.as_str()).collect() };
    for answer in wanted.iter().filter(|answer| !has.contains(answer)) {
        let hint = spelling_hint(answer, has.iter().copied().filter(|name| !wanted.contains(name)));
        reader.problem(&place, format!("`{how}` gives `{answer}`, which `{}` does not have", fact.name), hint);
    }
    for answer in has.iter().filter(|answer| !wanted.contains(answer)) {
        let hint = spelling_hint(answer, wanted.iter().copied());
        reader.problem(&place, format!("`{how}` never gives `{answer}`"), hint);
    }
}

fn read_answer_words(reader: &mut Reader<'_>, table: Table<'_>) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for (name, value) in table.entries() {
        if FactName::parse(name).is_none() {
            reader.problem(&value, format!("`{name}` is not a name"), None);
        }
        if let Some(words) = reader.text(table, name) {
            answers.push((name.to_owned(), words));
        }
    }
    answers
}

/// Sets may hold answers and sets written before them.
fn read_sets(reader: &mut Reader<'_>, fact: &mut Fact, table: Table<'_>) {
    for (name, value) in table.entries() {
        if fact.mask(name).is_some() {
            reader.problem(&value, format!("`{name}` is already an answer or a set of `{}`", fact.name), None);
        }
        let mut all = 0;
        for (word, place) in reader.texts(table, name) {
            match fact.mask(word) {
                Some(mask) => all |= mask,
                None => reader.unknown(&place, &fact.what(), word, fact.words()),
            }
        }
        fact.sets.push((name.to_owned(), all));
    }
}

fn read_ask(reader: &mut Reader<'_>, vocabulary: &Vocabulary, name: &str, value: Value<'_>) -> Option<AskEntry> {
    let Some(ask) = Ask::parse(name) else {
        reader.unknown(&value, "ask", name, Ask::ALL.iter().map(|ask| ask.code()));
        return None;
    };
    let Some(table) = value.table() else {
        reader.problem(&value, format!("ask `{name}` must be a table"), None);
        return None;
    };
    reader.only(table, &["says", "default", "facts"]);
    let deed = reader.text(table, "says");
    let safe_default = reader.text(table, "default");
    reader.required(table, "facts");
    let mut facts = Vec::new();
    for (fact, place) in reader.texts(table, "facts") {
        match vocabulary.fact_index(fact) {
            Some(index) if !facts.contains(&index) => facts.push(index),
            Some(_) => reader.problem(&place, format!("`{fact}` is listed twice"), None),
            None => reader.unknown(&place, "fact", fact, vocabulary.fact_names()),
        }
    }
    facts.sort_unstable();
    let given = facts.iter().filter_map(|index| vocabulary.facts.get(*index)).filter(|fact| !fact.derived);
    let situations = given.map(|fact| fact.answers.len() as u64).try_fold(1_u64, u64::checked_mul);
    if situations.is_none_or(|count| count > SITUATIONS_LIMIT) {
        let hint = Some("drop a fact or merge answers that no rule tells apart".to_owned());
        reader.problem(&value, format!("ask `{name}` has more than {SITUATIONS_LIMIT} situations"), hint);
    }
    Some(AskEntry { ask, deed: deed?, safe_default: safe_default?, facts })
}
