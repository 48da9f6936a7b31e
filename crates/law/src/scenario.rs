//! `scenarios/*.toml`: facts → answers and citations, readable aloud to a city attorney.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::derived::given::{Place, Workings};
use crate::derived::records;
use crate::facts::Facts;
use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::section::Section;
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
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// Reads a file of scenarios against the facts and rules of their pack.
pub(crate) fn read(
    file: &str,
    text: &str,
    workings: &Workings<'_>,
    sections: &[Section],
    names: &BTreeSet<RuleId>,
) -> (Vec<Scenario>, Vec<Problem>) {
    let citations = sections.iter().map(|section| section.citation.as_str());
    let valid: BTreeSet<&str> = names.iter().map(RuleId::as_str).chain(citations).collect();
    let (scenarios, problems) = read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["scenario"]);
        reader.required(document, "scenario");
        let rows = reader.rows(document, "scenario");
        Some(rows.into_iter().filter_map(|row| read_row(reader, row, file, workings, &valid)).collect())
    });
    (scenarios.unwrap_or_default(), problems)
}

fn read_row(
    reader: &mut Reader<'_>,
    row: Table<'_>,
    file: &str,
    workings: &Workings<'_>,
    valid: &BTreeSet<&str>,
) -> Option<Scenario> {
    let keys = ["name", "on", "ask", "given", "says", "possible", "because", "basis"];
    reader.only(row, &[keys.as_slice(), &records::KEYS].concat());
    let name = reader.text(row, "name");
    let on = reader.date(row, "on");
    let ask: Option<Ask> = reader.word(row, "ask");
    let mut given = Facts::default();
    if let Some(ask) = ask {
        let table = reader.optional_table(row, "given");
        if let Some(table) = table {
            workings.vocabulary.read_own(reader, table, ask, &mut given);
        }
        workings.complete(reader, Place { records: row, given: table.as_slice() }, &mut [(ask, &mut given)]);
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
