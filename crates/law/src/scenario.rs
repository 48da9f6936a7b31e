//! `scenarios/*.toml`: facts → answers and citations, readable aloud to a city attorney.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::asking::Law;
use crate::derived::given::{Place, Workings};
use crate::derived::records;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::reader::{Reader, Table, Value, read_toml};
use crate::section::Section;
use crate::versions::ActVersion;
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
    /// The version of an act that is asked in the place of the one in force, where the scenario names one.
    pub under: Option<ActVersion>,
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
        let scenarios = Against { file, workings, sections, valid: &valid };
        Some(rows.into_iter().flat_map(|row| scenarios.read_row(reader, row)).collect())
    });
    (scenarios.unwrap_or_default(), problems)
}

/// What the rows of a file are read against.
struct Against<'r> {
    file: &'r str,
    workings: &'r Workings<'r>,
    sections: &'r [Section],
    /// Rules and citations.
    valid: &'r BTreeSet<&'r str>,
}

impl Against<'_> {
    /// Reads a scenario and its opposites: each `but` changes some of its facts, and says what then.
    fn read_row(&self, reader: &mut Reader<'_>, row: Table<'_>) -> Vec<Scenario> {
        let keys = ["name", "on", "ask", "under", "given", "says", "possible", "because", "basis", "but"];
        reader.only(row, &[keys.as_slice(), &records::KEYS].concat());
        let name = reader.text(row, "name");
        let on = reader.date(row, "on");
        let ask: Option<Ask> = reader.word(row, "ask");
        let under = self.read_under(reader, row);
        let (Some(name), Some(on), Some(ask)) = (name, on, ask) else { return Vec::new() };
        let stated = self.read_given(reader, row, ask, Facts::default());
        let given = self.worked_out(reader, row, ask, stated.clone());
        let first = self.read_answer(reader, row, Scenario::of(name, on, ask, given, under));
        let buts: Vec<Scenario> =
            reader.rows(row, "but").into_iter().filter_map(|but| self.read_but(reader, but, &first, &stated)).collect();
        std::iter::once(first).chain(buts).collect()
    }

    /// Reads an opposite. What it does not give anew stays; records come whole or not at all.
    fn read_but(&self, reader: &mut Reader<'_>, row: Table<'_>, first: &Scenario, stated: &Facts) -> Option<Scenario> {
        let keys = ["if", "on", "under", "given", "says", "possible", "because", "basis"];
        reader.only(row, &[keys.as_slice(), &records::KEYS].concat());
        let turn = reader.text(row, "if");
        let on = reader.optional_date(row, "on").unwrap_or(first.on);
        let under = if row.has("under") { self.read_under(reader, row) } else { first.under.clone() };
        let has_records = records::KEYS.iter().any(|key| row.has(key));
        let before = if has_records { stated } else { &first.given };
        let given = self.read_given(reader, row, first.ask, before.clone());
        let given = if has_records { self.worked_out(reader, row, first.ask, given) } else { given };
        let name = format!("{}; but {}", first.name, turn?);
        Some(self.read_answer(reader, row, Scenario::of(name, on, first.ask, given, under)))
    }

    fn read_given(&self, reader: &mut Reader<'_>, row: Table<'_>, ask: Ask, mut given: Facts) -> Facts {
        if let Some(table) = reader.optional_table(row, "given") {
            self.workings.vocabulary.read_own(reader, table, ask, &mut given);
        }
        given
    }

    /// Works out from the records of a row what is not given.
    fn worked_out(&self, reader: &mut Reader<'_>, row: Table<'_>, ask: Ask, mut given: Facts) -> Facts {
        let table = row.get("given").and_then(Value::table);
        let place = Place { records: row, given: table.as_slice() };
        self.workings.complete(reader, place, &mut [(ask, &mut given)]);
        given
    }

    fn read_under(&self, reader: &mut Reader<'_>, row: Table<'_>) -> Option<ActVersion> {
        let name = reader.optional_text(row, "under")?;
        let place = row.get("under")?;
        match ActVersion::find(self.sections, &name) {
            Ok(version) => Some(version),
            Err(refusal) => {
                reader.problem(&place, refusal.message, refusal.hint);
                None
            }
        }
    }

    /// Reads what the law must answer.
    fn read_answer(&self, reader: &mut Reader<'_>, row: Table<'_>, mut scenario: Scenario) -> Scenario {
        scenario.says = reader.words(row, "possible");
        scenario.says.extend(reader.optional_word::<Says>(row, "says"));
        if row.has("says") == row.has("possible") {
            let hint = Some("`possible` lists the answers that unknown facts leave open".to_owned());
            reader.problem(&row, "a scenario has either `says` or `possible`".to_owned(), hint);
        }
        scenario.says.sort_unstable();
        scenario.basis = reader.optional_word(row, "basis");
        if row.has("says") {
            reader.required(row, "because");
        }
        for (word, place) in reader.texts(row, "because") {
            if !self.valid.contains(word) {
                reader.unknown(&place, "rule or citation", word, self.valid.iter().copied());
            }
            scenario.because.push(word.to_owned());
        }
        self.file.clone_into(&mut scenario.file);
        scenario.line = reader.line(&row);
        scenario
    }
}

impl Scenario {
    /// The law that the scenario asks.
    pub(crate) fn law<'p>(&self, pack: &'p Pack) -> Law<'p> {
        match &self.under {
            Some(act) => Law::under(pack, self.ask, self.on, act),
            None => Law::on(pack, self.ask, self.on),
        }
    }

    /// A question, still without its answer.
    fn of(name: String, on: Date, ask: Ask, given: Facts, under: Option<ActVersion>) -> Self {
        let (says, because) = (Vec::new(), Vec::new());
        Self { name, on, ask, given, under, says, because, basis: None, file: String::new(), line: 0 }
    }
}
