//! `offences.toml`: lists of offences, and the look-backs that search a person's convictions for them. A window belongs
//! to the look-back (a paragraph of law) and not to the list: one list may serve two windows.

use std::collections::BTreeSet;
use std::fmt;

use crate::derived::WorkedOut;
use crate::derived::code::{Code, Cover};
use crate::problem::Problem;
use crate::reader::{Reader, Table, Value, read_toml};
use crate::vocabulary::Vocabulary;
use crate::words::{FactName, Word, words};

/// What a conviction names as its law when it is another law of the same state than the lists are of.
pub(crate) const OTHER_LAW: &str = "other";
/// What a conviction names as its law when it is another state's or federal law.
pub(crate) const ELSEWHERE: &str = "elsewhere";
/// Offences of a list at most: each is compared with all before it.
const OFFENCES_LIMIT: usize = 1_000;
/// Years of a window at most; more is a slip.
const YEARS_LIMIT: i16 = 100;

/// The offence lists and look-backs of a pack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offences {
    /// The lists, in the order of the file.
    pub lists: Vec<OffenceList>,
    /// The look-backs, in the order of the file.
    pub look_backs: Vec<LookBack>,
}

/// Offences of one code of law.
#[derive(Clone, Debug, PartialEq)]
pub struct OffenceList {
    /// Its name in the pack.
    pub name: FactName,
    /// The code of law, as convictions name it.
    pub law: String,
    /// The law says that the list is not all: any other offence of this code is unclear.
    pub open: bool,
    entries: Vec<Entry>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    One(Code),
    /// From the first to the last section, both included.
    Range(Code, Code),
}

/// What a paragraph of law asks of a person's convictions.
#[derive(Clone, Debug, PartialEq)]
pub struct LookBack {
    /// The fact that it works out.
    pub fact: FactName,
    /// The lists that it searches.
    pub lists: Vec<FactName>,
    /// How far it reaches back.
    pub window: Window,
    /// The grades that count; any when empty.
    pub grades: Vec<Grade>,
    /// Outcomes that never count.
    pub excludes: Vec<Adjudication>,
}

/// How far a look-back reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Any time before.
    Ever,
    /// Whole years before an anchor.
    Years {
        /// How many.
        years: i16,
        /// The day from which they are counted back.
        anchor: Anchor,
        /// What time incarcerated does to them.
        tolling: Tolling,
    },
}

words! {
    /// The day from which a window counts back.
    Anchor {
        /// The arrest that brought the person here.
        Arrest = "arrest",
        /// The decision on the request.
        Decision = "decision",
        /// The day the request came.
        Request = "request",
    }
}

words! {
    /// What time incarcerated does to a window.
    Tolling {
        /// Nothing.
        None = "none",
        /// Each day incarcerated makes the window a day longer.
        Once = "once",
        /// The words can be read so, or as making it two days longer: "excluded … and … extended".
        OnceOrTwice = "once-or-twice",
    }
}

words! {
    /// The grade of an offence, as the court recorded it.
    Grade {
        /// A felony.
        Felony = "felony",
        /// A misdemeanor of an offence that may be charged as a felony.
        Wobbler = "wobbler",
        /// A misdemeanor that can be nothing else.
        Misdemeanor = "misdemeanor",
    }
}

words! {
    /// How a case ended in a finding.
    Adjudication {
        /// A conviction.
        Adult = "adult",
        /// A youthful-offender finding.
        Youthful = "youthful",
        /// A juvenile finding.
        Juvenile = "juvenile",
        /// A conviction that a later law made a misdemeanor.
        Reduced = "reduced",
    }
}

impl Offences {
    pub(crate) fn list(&self, name: &FactName) -> Option<&OffenceList> {
        self.lists.iter().find(|list| list.name == *name)
    }

    pub(crate) fn look_back(&self, fact: &str) -> Option<&LookBack> {
        self.look_backs.iter().find(|look_back| look_back.fact.as_str() == fact)
    }

    /// The codes of law that lists name, each once.
    pub(crate) fn laws(&self) -> BTreeSet<&str> {
        self.lists.iter().map(|list| list.law.as_str()).collect()
    }

    /// The words that lists of a code of law hold; `None` when they hold numbers.
    pub(crate) fn words_of(&self, law: &str) -> Option<Vec<&str>> {
        let lists = self.lists.iter().filter(|list| list.law == law);
        let words = lists.flat_map(|list| &list.entries).map(|entry| match entry {
            Entry::One(Code::Word(word)) => Some(word.as_str()),
            Entry::One(Code::Section { .. }) | Entry::Range(..) => None,
        });
        words.collect()
    }
}

impl OffenceList {
    /// Whether an offence of this list's code of law is on it.
    pub(crate) fn covers(&self, offence: &Code) -> Cover {
        let found = self.entries.iter().map(|entry| entry.covers(offence)).max().unwrap_or(Cover::No);
        if self.open { found.max(Cover::Perhaps) } else { found }
    }
}

impl Entry {
    fn covers(&self, offence: &Code) -> Cover {
        match self {
            Entry::One(code) => code.covers(offence),
            Entry::Range(from, to) => offence.is_within(from, to),
        }
    }

    /// Whether two entries name some offence both.
    fn overlaps(&self, other: &Entry) -> bool {
        match (self, other) {
            (Entry::Range(from, to), Entry::Range(other_from, other_to)) => {
                from.is_of_a_range_with(other_from) && from <= other_to && other_from <= to
            }
            (Entry::One(code), entry) | (entry, Entry::One(code)) => {
                entry.covers(code) == Cover::Yes
                    || matches!(entry, Entry::One(other) if code.covers(other) == Cover::Yes)
            }
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::One(code) => write!(f, "`{code}`"),
            Entry::Range(from, to) => write!(f, "`{from}` to `{to}`"),
        }
    }
}

/// Reads `offences.toml` against the facts of its pack.
pub(crate) fn read(file: &str, text: &str, vocabulary: &Vocabulary) -> (Option<Offences>, Vec<Problem>) {
    read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["list", "look_back"]);
        let mut offences = Offences::default();
        if let Some(lists) = reader.optional_table(document, "list") {
            for (name, value) in lists.entries() {
                offences.lists.extend(read_list(reader, name, value));
            }
        }
        if let Some(look_backs) = reader.optional_table(document, "look_back") {
            for (name, value) in look_backs.entries() {
                offences.look_backs.extend(read_look_back(reader, name, value, &offences.lists, vocabulary));
            }
        }
        Some(offences)
    })
}

/// Every fact that a look-back works out must have one.
pub(crate) fn check_facts(offences: &Offences, vocabulary: &Vocabulary) -> Vec<Problem> {
    let wanting = |fact: &&crate::vocabulary::Fact| {
        fact.worked_out == Some(WorkedOut::LookBack) && offences.look_back(fact.name.as_str()).is_none()
    };
    let missing = vocabulary.facts.iter().filter(wanting);
    missing
        .map(|fact| Problem {
            file: "offences.toml".to_owned(),
            line: 1,
            message: format!("no look-back works out the fact `{}`", fact.name),
            hint: Some(format!("add `[look_back.{}]`", fact.name)),
        })
        .collect()
}

fn read_list(reader: &mut Reader<'_>, name: &str, value: Value<'_>) -> Option<OffenceList> {
    let Some(table) = value.table() else {
        reader.problem(&value, format!("list `{name}` must be a table"), None);
        return None;
    };
    reader.only(table, &["law", "offences", "open"]);
    let law = reader.text(table, "law");
    if let Some(law) = law.as_deref().filter(|law| [OTHER_LAW, ELSEWHERE].contains(law)) {
        reader.problem(&table, format!("a list cannot be of the law `{law}`, which stands for no list"), None);
    }
    let open = reader.optional_truth(table, "open").unwrap_or(false);
    let offences = reader.required(table, "offences")?;
    let Some(items) = offences.items() else {
        reader.problem(&offences, "`offences` must be a list in square brackets".to_owned(), None);
        return None;
    };
    if items.len() > OFFENCES_LIMIT {
        reader.problem(&offences, format!("list `{name}` has more than {OFFENCES_LIMIT} offences"), None);
        return None;
    }
    let mut entries: Vec<Entry> = Vec::new();
    for item in items {
        let Some(entry) = read_entry(reader, item) else { continue };
        if let Some(other) = entries.iter().find(|other| other.overlaps(&entry)) {
            reader.problem(&item, format!("{entry} is listed already, in {other}"), None);
        }
        entries.push(entry);
    }
    Some(OffenceList { name: read_name(reader, name, value)?, law: law?, open, entries })
}

fn read_name(reader: &mut Reader<'_>, name: &str, value: Value<'_>) -> Option<FactName> {
    let parsed = FactName::parse(name);
    if parsed.is_none() {
        reader.problem(&value, format!("`{name}` is not a name"), None);
    }
    parsed
}

fn read_entry(reader: &mut Reader<'_>, item: Value<'_>) -> Option<Entry> {
    if let Some(table) = item.table() {
        return read_range(reader, table);
    }
    let Some(text) = item.text() else {
        let hint = Some("write `\"120.05\"`, or `{ from = \"120.01\", to = \"120.13\" }`".to_owned());
        reader.problem(&item, "`offences` holds something that is neither a code nor a range".to_owned(), hint);
        return None;
    };
    let code = Code::parse(text);
    if code.is_none() {
        let hint = text
            .split_once('-')
            .map(|(from, to)| format!("write a range as `{{ from = \"{}\", to = \"{}\" }}`", from.trim(), to.trim()));
        reader.problem(&item, format!("`{text}` is no code"), hint);
    }
    code.map(Entry::One)
}

fn read_range(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Entry> {
    reader.only(table, &["from", "to"]);
    let from = reader.parsed(table, "from", "a code", Code::parse);
    let to = reader.parsed(table, "to", "a code", Code::parse);
    let (from, to) = (from?, to?);
    if !from.is_of_a_range_with(&to) {
        let hint = Some("write one range for each article, and subdivisions one by one".to_owned());
        reader.problem(&table, format!("`{from}` and `{to}` are not sections of one article"), hint);
        return None;
    }
    if from >= to {
        reader.problem(&table, format!("`{from}` does not come before `{to}`"), None);
        return None;
    }
    Some(Entry::Range(from, to))
}

fn read_look_back(
    reader: &mut Reader<'_>,
    name: &str,
    value: Value<'_>,
    known: &[OffenceList],
    vocabulary: &Vocabulary,
) -> Option<LookBack> {
    let Some(table) = value.table() else {
        reader.problem(&value, format!("look-back `{name}` must be a table"), None);
        return None;
    };
    reader.only(table, &["lists", "years", "anchor", "tolling", "grades", "excludes"]);
    let marked = vocabulary.facts.iter().filter(|fact| fact.worked_out == Some(WorkedOut::LookBack));
    let marked: Vec<&str> = marked.map(|fact| fact.name.as_str()).collect();
    if !marked.contains(&name) {
        reader.unknown(&value, "fact that a look-back works out", name, marked);
    }
    reader.required(table, "lists");
    let mut lists = Vec::new();
    for (list, place) in reader.texts(table, "lists") {
        match known.iter().find(|known| known.name.as_str() == list) {
            Some(known) => lists.push(known.name.clone()),
            None => reader.unknown(&place, "list", list, known.iter().map(|known| known.name.as_str())),
        }
    }
    let window = read_window(reader, table);
    let grades = reader.words(table, "grades");
    let excludes: Vec<Adjudication> = reader.words(table, "excludes");
    if excludes.contains(&Adjudication::Adult) {
        reader.problem(&table, "a look-back that excludes `adult` finds nothing".to_owned(), None);
    }
    Some(LookBack { fact: FactName::parse(name)?, lists, window: window?, grades, excludes })
}

fn read_window(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Window> {
    let years = reader.required(table, "years")?;
    if years.text() == Some("ever") {
        for key in ["anchor", "tolling"] {
            if let Some(value) = table.get(key) {
                reader.problem(&value, format!("a look-back without a window has no `{key}`"), None);
            }
        }
        return Some(Window::Ever);
    }
    if years.text().is_some() {
        reader.problem(&years, "`years` is neither a number nor \"ever\"".to_owned(), None);
        return None;
    }
    let number = reader.optional_number::<i16>(table, "years");
    if number.is_some_and(|number| !(1..=YEARS_LIMIT).contains(&number)) {
        reader.problem(&years, format!("`years` must be from 1 to {YEARS_LIMIT}"), None);
        return None;
    }
    let anchor = reader.word(table, "anchor");
    let tolling = reader.optional_word(table, "tolling").unwrap_or(Tolling::None);
    Some(Window::Years { years: number?, anchor: anchor?, tolling })
}
