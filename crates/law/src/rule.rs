//! The rows of a rule block. A rule is what it does, to which asks, `when` any of its boxes holds, `unless` any of
//! another list does, with explicit links and the quoted words it implements. Boxes of finite answers, nothing else:
//! what needs dates, sums or lists is a derived fact, never arithmetic or nesting in a row.

use crate::derived::{Uncounted, Within};
use crate::problem::Problem;
use crate::reader::{Reader, Table, Value, read_toml};
use crate::vocabulary::{ACTOR, Condition, FactBox, RECIPIENT, Vocabulary};
use crate::words::{Ask, Basis, Effect, Layer, RuleId};

const KEYS: [&str; 15] = [
    "id", "effect", "ask", "by", "to", "when", "always", "unless", "excepts", "despite", "defines", "unclear", "words",
    "status", "duty",
];

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name, unique in the pack.
    pub id: RuleId,
    /// What it does.
    pub effect: Effect,
    /// The asks it is about; none for a definition, which serves them all.
    pub asks: Vec<Ask>,
    /// The quoted words it implements.
    pub words: Option<String>,
    /// What makes it unclear: always for a doubt, sometimes for an exception.
    pub unclear: Option<String>,
    /// What it obliges to do.
    pub duty: Option<Duty>,
    /// How well its words are known; the section's status unless the row says less.
    pub status: Basis,
    /// Who would act and who would receive, where the rule limits them.
    pub(crate) parties: Vec<Condition>,
    pub(crate) when: Vec<FactBox>,
    pub(crate) unless: Vec<FactBox>,
    pub(crate) excepts: Vec<Target>,
    pub(crate) despite: Vec<RuleId>,
    /// The derived fact it sets.
    pub(crate) defines: Option<usize>,
    /// What a definition settles, in words: `the person is eligible for release from custody`.
    pub settles: Option<String>,
    pub(crate) line: usize,
}

/// What an exception lifts: one prohibition, or every prohibition of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Rule(RuleId),
    Layer(Layer),
}

/// What a rule obliges the agency to do, and by when: see [`crate::derived::due`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Duty {
    /// The deed, in words.
    pub to_do: String,
    /// How long it may take.
    pub within: Option<Within>,
    /// The event from which time counts.
    pub from: Option<String>,
    /// Days that do not count.
    pub excluding: Vec<Uncounted>,
}

impl Rule {
    /// Whether the rule fires: who acts and who receives are within it, a box holds, and no exception box does.
    pub(crate) fn fires(&self, situation: &[u64]) -> bool {
        self.parties.iter().all(|party| party.holds(situation))
            && self.when.iter().any(|fact_box| fact_box.holds(situation))
            && !self.unless.iter().any(|fact_box| fact_box.holds(situation))
    }

    /// Every condition in it: who acts and who receives, and all boxes.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = Condition> {
        let boxes = self.when.iter().chain(&self.unless).flat_map(|fact_box| &fact_box.conditions);
        self.parties.iter().chain(boxes).copied()
    }

    /// The facts it reads, each once.
    pub(crate) fn reads(&self) -> Vec<usize> {
        let mut facts: Vec<usize> = self.conditions().map(|condition| condition.fact).collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    }
}

/// One fenced block of rules and what it stands under.
pub(crate) struct RuleBlock<'t> {
    pub(crate) file: &'t str,
    pub(crate) text: &'t str,
    /// The line of the file on which the text begins.
    pub(crate) first_line: usize,
    /// The quotations above it.
    pub(crate) above: &'t [&'t str],
    /// The status of its section.
    pub(crate) status: Basis,
}

/// Reads one rule block, and notes the name of every rule in it, readable or not.
pub(crate) fn read_rules(
    block: &RuleBlock<'_>,
    vocabulary: &Vocabulary,
    names: &mut Vec<RuleId>,
) -> (Vec<Rule>, Vec<Problem>) {
    let (rules, problems) = read_toml(block.file, block.text, block.first_line, |reader, document| {
        reader.only(document, &["rule"]);
        if !document.has("rule") {
            reader.problem(&document, "a rule block without `[[rule]]`".to_owned(), None);
        }
        let mut rules = Vec::new();
        for row in reader.rows(document, "rule") {
            names.extend(row.get("id").and_then(Value::text).and_then(RuleId::parse));
            if let Some(rule) = read_rule(reader, row, vocabulary, block.status) {
                check_shape(reader, row, &rule, block.status);
                check_words(reader, row, &rule, block.above);
                check_facts(reader, row, &rule, vocabulary);
                rules.push(rule);
            }
        }
        Some(rules)
    });
    (rules.unwrap_or_default(), problems)
}

fn read_rule(reader: &mut Reader<'_>, row: Table<'_>, vocabulary: &Vocabulary, section_status: Basis) -> Option<Rule> {
    reader.only(row, &KEYS);
    let id = reader.parsed(row, "id", "a name", RuleId::parse);
    let effect = reader.word(row, "effect");
    let asks = reader.words(row, "ask");
    for (ask, value) in asks.iter().zip(reader.texts(row, "ask")) {
        if vocabulary.ask(*ask).is_none() {
            let message = format!("ask `{ask}` is not in facts.toml");
            reader.problem(&value.1, message, Some(format!("add `[ask.{ask}]` there")));
        }
    }
    let mut parties = read_party(reader, row, vocabulary, "by", ACTOR);
    parties.extend(read_party(reader, row, vocabulary, "to", RECIPIENT));
    let mut when = read_boxes(reader, row, vocabulary, "when");
    let always = reader.optional_truth(row, "always") == Some(true);
    if always == row.has("when") {
        reader.problem(&row, "a rule has either `when` or `always = true`".to_owned(), None);
    }
    if always {
        when.push(FactBox::default());
    }
    let status = reader.optional_word(row, "status").unwrap_or(section_status);
    let despite = reader.texts(row, "despite");
    let defines = read_defined(reader, row, vocabulary);
    Some(Rule {
        unless: read_boxes(reader, row, vocabulary, "unless"),
        excepts: read_targets(reader, row),
        despite: despite.into_iter().filter_map(|(id, _)| RuleId::parse(id)).collect(),
        settles: defines.and_then(|index| Some(vocabulary.facts.get(index)?.says.clone())),
        defines,
        unclear: reader.optional_text(row, "unclear"),
        words: reader.optional_text(row, "words"),
        duty: read_duty(reader, row),
        line: reader.line(&row),
        id: id?,
        effect: effect?,
        asks,
        status,
        parties,
        when,
    })
}

fn read_party(
    reader: &mut Reader<'_>,
    row: Table<'_>,
    vocabulary: &Vocabulary,
    key: &str,
    fact_name: &str,
) -> Vec<Condition> {
    let Some(value) = row.get(key) else { return Vec::new() };
    let Some(fact) = vocabulary.fact_index(fact_name) else {
        let hint = Some(format!("add `[fact.{fact_name}]` there"));
        reader.problem(&value, format!("`{key}` needs a fact `{fact_name}` in facts.toml"), hint);
        return Vec::new();
    };
    vocabulary.read_condition(reader, fact, value).into_iter().collect()
}

fn read_boxes(reader: &mut Reader<'_>, row: Table<'_>, vocabulary: &Vocabulary, key: &str) -> Vec<FactBox> {
    let mut boxes = Vec::new();
    for table in reader.rows(row, key) {
        if table.entries().is_empty() {
            let hint = Some("use `always = true`".to_owned());
            reader.problem(&table, format!("an empty box in `{key}`"), hint);
        }
        boxes.push(vocabulary.read_box(reader, table));
    }
    boxes
}

fn read_targets(reader: &mut Reader<'_>, row: Table<'_>) -> Vec<Target> {
    let mut targets = Vec::new();
    for (word, place) in reader.texts(row, "excepts") {
        match (Layer::parse(word), RuleId::parse(word)) {
            (Some(layer), _) => targets.push(Target::Layer(layer)),
            (None, Some(rule)) => targets.push(Target::Rule(rule)),
            (None, None) => reader.problem(&place, format!("`{word}` is not a name"), None),
        }
    }
    targets
}

fn read_defined(reader: &mut Reader<'_>, row: Table<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    let value = row.get("defines")?;
    let name = reader.optional_text(row, "defines")?;
    let derived: Vec<&str> =
        vocabulary.facts.iter().filter(|fact| fact.derived).map(|fact| fact.name.as_str()).collect();
    if !derived.contains(&name.as_str()) {
        reader.unknown(&value, "derived fact", &name, derived);
        return None;
    }
    vocabulary.fact_index(&name)
}

fn read_duty(reader: &mut Reader<'_>, row: Table<'_>) -> Option<Duty> {
    let table = reader.optional_table(row, "duty")?;
    reader.only(table, &["do", "within", "from", "excluding"]);
    let to_do = reader.text(table, "do");
    let within = read_within(reader, table);
    let from = reader.optional_text(table, "from");
    if table.has("within") != from.is_some() {
        reader.problem(&table, "`within` and `from` come together".to_owned(), None);
    }
    let excluding = reader.words(table, "excluding");
    if let (Some(Within::SameDay), Some(value)) = (within, table.get("excluding")) {
        reader.problem(&value, "`same-day` counts no days, so none is left out".to_owned(), None);
    }
    Some(Duty { to_do: to_do?, within, from, excluding })
}

fn read_within(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Within> {
    let text = reader.optional_text(table, "within")?;
    let within = Within::parse(&text);
    if let (None, Some(value)) = (within, table.get("within")) {
        let hint = Some("write `48h`, `3d` or `same-day`".to_owned());
        reader.problem(&value, format!("`{text}` is no length of time"), hint);
    }
    within
}

/// Each effect has the keys it needs and none that it does not.
fn check_shape(reader: &mut Reader<'_>, row: Table<'_>, rule: &Rule, section_status: Basis) {
    let effect = rule.effect;
    let (needs, may): (&[&str], &[&str]) = match effect {
        Effect::Forbids => (&["ask"], &["words", "despite", "duty"]),
        Effect::Permits => (&["ask"], &["words", "excepts", "duty"]),
        Effect::Excepts => (&["ask", "excepts"], &["unclear", "words", "duty"]),
        Effect::Doubts => (&["ask", "unclear"], &["words"]),
        Effect::Defines => (&["defines"], &["words"]),
    };
    for key in needs {
        if !row.has(key) {
            reader.problem(&row, format!("a rule that {effect} needs `{key}`"), None);
        }
    }
    for key in ["ask", "words", "despite", "duty", "excepts", "unclear", "defines"] {
        if let Some(value) = row.get(key)
            && !needs.contains(&key)
            && !may.contains(&key)
        {
            reader.problem(&value, format!("a rule that {effect} has no `{key}`"), None);
        }
    }
    let is_sure = matches!(effect, Effect::Forbids | Effect::Permits | Effect::Excepts) && rule.unclear.is_none();
    if is_sure && rule.words.is_none() && rule.status <= Basis::Quoted {
        let hint = Some("quote the words it implements, or give the rule `status = \"reported\"`".to_owned());
        reader.problem(&row, format!("a rule that {effect} needs `words`"), hint);
    }
    if rule.status < section_status {
        reader.problem(&row, format!("a rule cannot be better known than its section (`{section_status}`)"), None);
    }
    if rule.status == Basis::Missing && rule.unclear.is_none() {
        let hint = Some("code what was not found as a doubt".to_owned());
        reader.problem(&row, "a text that was not found is never a rule".to_owned(), hint);
    }
}

/// The words of a rule stand in one quotation above it, white space apart.
fn check_words(reader: &mut Reader<'_>, row: Table<'_>, rule: &Rule, above: &[&str]) {
    let (Some(words), Some(value)) = (&rule.words, row.get("words")) else { return };
    let wanted = normalised(words);
    if !above.iter().any(|quotation| normalised(quotation).contains(&wanted)) {
        let hint = Some("copy the words from the lines that begin with `>`".to_owned());
        reader.problem(&value, format!("the words of `{}` are not in the quotation above it", rule.id), hint);
    }
}

fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A rule reads only facts that each of its asks reads; a definition reads no derived fact.
fn check_facts(reader: &mut Reader<'_>, row: Table<'_>, rule: &Rule, vocabulary: &Vocabulary) {
    for index in rule.reads() {
        let Some(fact) = vocabulary.facts.get(index) else { continue };
        if rule.effect == Effect::Defines && fact.derived {
            let message = format!("a definition cannot read the derived fact `{}`", fact.name);
            reader.problem(&row, message, None);
        }
        for entry in rule.asks.iter().filter_map(|ask| vocabulary.ask(*ask)) {
            if !entry.facts.contains(&index) {
                let message = format!("rule `{}` reads `{}`, which ask `{}` does not", rule.id, fact.name, entry.ask);
                let hint = Some(format!("list it in `[ask.{}]` of facts.toml, or split the rule", entry.ask));
                reader.problem(&row, message, hint);
            }
        }
    }
}
