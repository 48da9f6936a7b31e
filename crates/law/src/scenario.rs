//! `scenarios/*.toml`: facts → answers and citations, readable aloud to a city attorney; and the check that runs them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::answer::{Doubt, Outcome, answer};
use crate::facts::Facts;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::section::Section;
use crate::vocabulary::Vocabulary;
use crate::words::{Ask, Basis, RuleId, Says};

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What happens, in words.
    pub name: String,
    /// The day of the event.
    pub on: Date,
    /// The ask.
    pub ask: Ask,
    /// The facts given.
    pub given: Facts,
    /// What the law must say; several words when unknown facts leave it open.
    pub says: Vec<Says>,
    /// Rules or citations that must be among the reasons and doubts; none means there must be none.
    pub because: Vec<String>,
    /// How well the answer must be known, where the scenario says it.
    pub basis: Option<Basis>,
    file: String,
    line: usize,
}

/// What running the scenarios found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How many scenarios ran.
    pub scenarios: usize,
    /// Those that came out otherwise than written.
    pub failures: Vec<Problem>,
}

/// Runs every scenario of a pack.
#[must_use]
pub fn check(pack: &Pack) -> Check {
    let failures = pack.scenarios.iter().filter_map(|scenario| run(pack, scenario)).collect();
    Check { scenarios: pack.scenarios.len(), failures }
}

/// Reads a file of scenarios against the facts and rules of their pack.
pub(crate) fn read(
    file: &str,
    text: &str,
    vocabulary: &Vocabulary,
    sections: &[Section],
    names: &BTreeSet<RuleId>,
) -> (Vec<Scenario>, Vec<Problem>) {
    let citations = sections.iter().map(|section| section.citation.as_str());
    let valid: BTreeSet<&str> = names.iter().map(RuleId::as_str).chain(citations).collect();
    let (scenarios, problems) = read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["scenario"]);
        reader.required(document, "scenario");
        let rows = reader.rows(document, "scenario");
        Some(rows.into_iter().filter_map(|row| read_row(reader, row, file, vocabulary, &valid)).collect())
    });
    (scenarios.unwrap_or_default(), problems)
}

fn read_row(
    reader: &mut Reader<'_>,
    row: Table<'_>,
    file: &str,
    vocabulary: &Vocabulary,
    valid: &BTreeSet<&str>,
) -> Option<Scenario> {
    reader.only(row, &["name", "on", "ask", "given", "says", "possible", "because", "basis"]);
    let name = reader.text(row, "name");
    let on = reader.date(row, "on");
    let ask: Option<Ask> = reader.word(row, "ask");
    let mut given = Facts::default();
    if let (Some(ask), Some(table)) = (ask, reader.optional_table(row, "given")) {
        vocabulary.read_own(reader, table, ask, &mut given);
    }
    let mut says: Vec<Says> = reader.words(row, "possible");
    says.extend(reader.optional_word::<Says>(row, "says"));
    if row.has("says") == row.has("possible") {
        let hint = Some("`possible` lists the answers that unknown facts leave open".to_owned());
        reader.problem(&row, "a scenario has either `says` or `possible`".to_owned(), hint);
    }
    says.sort_unstable();
    let basis = reader.optional_word(row, "basis");
    if row.has("says") {
        reader.required(row, "because");
    }
    let mut because = Vec::new();
    for (word, place) in reader.texts(row, "because") {
        if !valid.contains(word) {
            reader.unknown(&place, "rule or citation", word, valid.iter().copied());
        }
        because.push(word.to_owned());
    }
    let line = reader.line(&row);
    Some(Scenario { name: name?, on: on?, ask: ask?, given, says, because, basis, file: file.to_owned(), line })
}

/// Runs one scenario; the problem says what came out instead.
fn run(pack: &Pack, scenario: &Scenario) -> Option<Problem> {
    let outcome = answer(pack, scenario.ask, &scenario.given, scenario.on);
    let reasons = reasons(&outcome);
    let (says, basis) = match &outcome {
        Outcome::Answered(answer) => (vec![answer.says], Some(answer.basis)),
        Outcome::StillPossible(open) => (open.possible.clone(), None),
    };
    let wrong = if says != scenario.says {
        format!("says {}, not {}", list(&says), list(&scenario.says))
    } else if scenario.basis.is_some() && scenario.basis != basis {
        format!("rests on {}", basis.map_or("no basis", Basis::code))
    } else if let Some(missing) = scenario.because.iter().find(|word| !reasons.contains(word)) {
        format!("does not rest on `{missing}`")
    } else if scenario.because.is_empty() && !reasons.is_empty() {
        "has reasons although the scenario names none".to_owned()
    } else {
        return None;
    };
    let why = if reasons.is_empty() { String::new() } else { format!("; reasons: {}", reasons.join(", ")) };
    Some(Problem {
        file: scenario.file.clone(),
        line: scenario.line,
        message: format!("scenario `{}` {wrong}{why}", scenario.name),
        hint: None,
    })
}

/// The rules an answer rests on or doubts, and their citations.
fn reasons(outcome: &Outcome) -> Vec<String> {
    let Outcome::Answered(answer) = outcome else { return Vec::new() };
    let mut reasons = Vec::new();
    for because in &answer.because {
        reasons.extend([because.rule.to_string(), because.citation.clone()]);
    }
    for doubt in &answer.doubts {
        match doubt {
            Doubt::Unclear { rule, .. } => reasons.extend([rule.rule.to_string(), rule.citation.clone()]),
            Doubt::Conflict { prohibition, permission, .. } => {
                reasons.extend([prohibition.to_string(), permission.to_string()]);
            }
            Doubt::NotLoaded | Doubt::FirstDay { .. } => {}
        }
    }
    reasons
}

fn list(says: &[Says]) -> String {
    says.iter().map(|says| says.code()).collect::<Vec<_>>().join(" or ")
}
