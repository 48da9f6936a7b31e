//! A law pack: the folder of files that says what one jurisdiction's law is. Loaded whole or refused whole, with all
//! problems at once; its hash names exactly these bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::calendar::Calendar;
use crate::derived::Known;
use crate::derived::Offences;
use crate::derived::given::Workings;
use crate::derived::offences;
use crate::facts::{FactFile, Facts};
use crate::history::ReportedYear;
use crate::phrases::{PackWords, Phrases};
use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::report::ReportTemplate;
use crate::scenario::Scenario;
use crate::section::Section;
use crate::vocabulary::Vocabulary;
use crate::words::{Ask, Layer, PackId, RuleId};
use crate::{calendar, history, links, phrases, report, scenario, section, vocabulary};

const FILES_LIMIT: usize = 500;
const FILE_LIMIT_BYTES: usize = 256 * 1024;
/// Problems told at most. Beyond them no further file is read.
const PROBLEMS_LIMIT: usize = 1_000;
const NEEDED: [&str; 4] = ["pack.toml", "facts.toml", "calendar.toml", "report.toml"];

/// One jurisdiction's law, checked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pack {
    /// Its name.
    pub id: PackId,
    /// What it is, for people.
    pub title: String,
    /// Its version, as its authors count.
    pub version: String,
    /// Whose law it is.
    pub jurisdiction: String,
    /// The layers it may hold, highest first.
    pub layers: Vec<Layer>,
    /// Its sources: name → what and where.
    pub sources: BTreeMap<String, String>,
    /// Who reviewed it.
    pub review: Review,
    /// The whole pack is a draft: it answers, and must never be adopted as the law of a register.
    pub draft: bool,
    /// What may be asked.
    pub vocabulary: Vocabulary,
    /// The law, in the order of file names.
    pub sections: Vec<Section>,
    /// What the law must answer.
    pub scenarios: Vec<Scenario>,
    /// Lists of offences and what looks back over them.
    pub offences: Offences,
    /// Days.
    pub calendar: Calendar,
    /// What must be reported.
    pub report: ReportTemplate,
    /// Figures published before there was a register.
    pub history: Vec<ReportedYear>,
    /// What is said of its rules and facts, by language.
    words: PackWords,
    /// The line of `pack.toml` on which its id stands.
    id_line: usize,
    hash: PackHash,
}

/// Whether a lawyer has reviewed a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Review {
    /// Nobody has; every answer says so.
    None,
    /// Somebody has.
    By {
        /// Who.
        who: String,
        /// When.
        on: Date,
    },
}

/// SHA-256 over all files of a pack: for each path in byte order, the path, NUL, the length of the text in bytes as
/// decimal digits, NUL, and the text. Answers given under a pack are recorded with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackHash([u8; 32]);

impl PackHash {
    fn of(files: &BTreeMap<String, String>) -> Self {
        let mut hasher = Sha256::new();
        for (path, text) in files {
            hasher.update(path.as_bytes());
            hasher.update([0]);
            hasher.update(text.len().to_string().as_bytes());
            hasher.update([0]);
            hasher.update(text.as_bytes());
        }
        Self(hasher.finalize().into())
    }

    /// The hash itself.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c)) {
            return None;
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What `pack.toml` says; what it fails to say has been reported.
struct Head {
    id: Option<PackId>,
    id_line: usize,
    title: Option<String>,
    version: Option<String>,
    jurisdiction: Option<String>,
    layers: Vec<Layer>,
    sources: BTreeMap<String, String>,
    review: Option<Review>,
    draft: bool,
}

impl Pack {
    /// Loads a pack from its files: path within the folder, with `/` between names → text.
    ///
    /// # Errors
    /// All problems of all files at once, sorted by file and line; the first 1,000 where there are more. Of a pack with
    /// too many files, or with a file that is too long, nothing is read: it may come from a stranger.
    pub fn load(files: &BTreeMap<String, String>) -> Result<Pack, Vec<Problem>> {
        let mut problems = check_files(files);
        if files.len() > FILES_LIMIT || files.values().any(|text| text.len() > FILE_LIMIT_BYTES) {
            return Err(told(problems));
        }
        let head = read_one(files, &mut problems, "pack.toml", |file, text| read_toml(file, text, 1, read_head));
        let vocabulary = read_one(files, &mut problems, "facts.toml", vocabulary::read);
        let calendar = read_one(files, &mut problems, "calendar.toml", calendar::read);
        let report = read_one(files, &mut problems, "report.toml", report::read);
        let history = read_one(files, &mut problems, "history.toml", history::read).unwrap_or_default();
        let offences = read_one(files, &mut problems, "offences.toml", |file, text| match &vocabulary {
            Some(vocabulary) => offences::read(file, text, vocabulary),
            None => (None, Vec::new()),
        })
        .unwrap_or_default();
        // Without these two every layer, source and fact would be unknown: their own problems are enough.
        let (Some(head), Some(vocabulary)) = (head, vocabulary) else {
            return Err(told(problems));
        };
        problems.extend(offences::check_facts(&offences, &vocabulary));
        let mut sections = Vec::new();
        let mut names = BTreeSet::new();
        for (file, text) in in_folder(files, "sections/") {
            if problems.len() >= PROBLEMS_LIMIT {
                return Err(told(problems));
            }
            let read = section::read(file, text, &vocabulary, &head.layers, &head.sources);
            names.extend(read.rules);
            problems.extend(read.problems);
            sections.extend(read.section);
        }
        problems.extend(links::check(&sections, &names, &vocabulary));
        let workings = Workings { vocabulary: &vocabulary, offences: &offences, zone: zone_of(calendar.as_ref()) };
        let mut scenarios = Vec::new();
        for (file, text) in in_folder(files, "scenarios/") {
            if problems.len() >= PROBLEMS_LIMIT {
                return Err(told(problems));
            }
            let (read, found) = scenario::read(file, text, &workings, &sections, &names);
            problems.extend(found);
            scenarios.extend(read);
        }
        let words = read_words(files, &names, &vocabulary, &mut problems);
        let problems = told(problems);
        let hash = PackHash::of(files);
        let whole = calendar.zip(report).and_then(|(calendar, report)| {
            let Head { id, id_line, title, version, jurisdiction, layers, sources, review, draft } = head;
            let (id, title, version, jurisdiction, review) = (id?, title?, version?, jurisdiction?, review?);
            Some(Pack {
                id,
                title,
                version,
                jurisdiction,
                layers,
                sources,
                review,
                draft,
                vocabulary,
                sections,
                scenarios,
                offences,
                calendar,
                report,
                history,
                words,
                id_line,
                hash,
            })
        });
        whole.filter(|_| problems.is_empty()).ok_or(problems)
    }

    /// Checks facts that a program gives for one ask. The problems name the file `facts` and line 1.
    ///
    /// # Errors
    /// Every fact that is unknown, derived or not read by the ask, every unknown answer, and every combination that
    /// the pack calls impossible.
    pub fn facts(&self, ask: Ask, given: &BTreeMap<String, String>) -> Result<Facts, Vec<Problem>> {
        self.vocabulary.facts(ask, given)
    }

    /// Facts given for one ask, and beside them those that are worked out from what is known of the case and that nobody
    /// gave.
    ///
    /// # Errors
    /// As [`Pack::facts`]; a fact given against what is known is one problem, which says both.
    pub fn facts_known(
        &self,
        ask: Ask,
        given: &BTreeMap<String, String>,
        known: &Known,
    ) -> Result<Facts, Vec<Problem>> {
        let mut facts = self.vocabulary.facts(ask, given)?;
        let problems = self.vocabulary.complete(ask, &mut facts, known);
        if problems.is_empty() { Ok(facts) } else { Err(problems) }
    }

    /// Reads a file of facts, called `name` in problems:
    ///
    /// ```toml
    /// asks = ["hold", "notify"]
    /// [facts]                    # each ask takes the facts it reads
    /// actor = "police_officer"
    /// [facts.notify]             # an ask's own answers, where they differ
    /// purpose = "unstated"
    /// [[paper]]                  # tables work out facts that are not given: papers, custody events, convictions
    /// kind = "i-200"
    /// ```
    ///
    /// # Errors
    /// All problems of the file at once, sorted by line; a fact that no listed ask reads is one.
    pub fn read_fact_file(&self, name: &str, text: &str) -> Result<FactFile, Vec<Problem>> {
        let zone = zone_of(Some(&self.calendar));
        let workings = Workings { vocabulary: &self.vocabulary, offences: &self.offences, zone };
        self.vocabulary.read_fact_file(name, text, &workings)
    }

    /// The sentences of the pack and Candor's own in a language such as `en` or `es`; English where one is missing.
    #[must_use]
    pub fn phrases(&self, language: &str) -> Phrases {
        Phrases::of(&self.words, language)
    }

    /// The languages that the pack has words in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// The hash of all files of the pack.
    #[must_use]
    pub fn hash(&self) -> PackHash {
        self.hash
    }
}

/// The problem of two packs that have one id, in the pack named second.
#[must_use]
pub fn same_id(first: &str, second: &Pack) -> Problem {
    Problem {
        file: "pack.toml".to_owned(),
        line: second.id_line,
        message: format!("two packs of one id: `{}` is also the id of `{first}`", second.id),
        hint: Some("give one of them another `id`".to_owned()),
    }
}

/// Problems as they are told: in order, each once, and no more than anybody would read.
fn told(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems.truncate(PROBLEMS_LIMIT);
    problems
}

/// The zone in which days begin. A calendar that could not be read has been reported; no pack comes of it.
fn zone_of(calendar: Option<&Calendar>) -> TimeZone {
    calendar.and_then(|calendar| calendar.zone().ok()).unwrap_or(TimeZone::UTC)
}

/// Reads what is said of rules and facts, by language.
fn read_words(
    files: &BTreeMap<String, String>,
    names: &BTreeSet<RuleId>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> PackWords {
    let mut words = PackWords::new();
    for (file, text) in in_folder(files, "words/") {
        let language = file.trim_start_matches("words/").trim_end_matches(".ftl");
        let facts = vocabulary.facts.iter().map(|fact| fact.name.as_str());
        problems.extend(phrases::check(file, language, text, names.iter(), facts));
        words.insert(language.to_owned(), text.to_owned());
    }
    words
}

/// Reads one file, unless it is missing, which has been said already.
fn read_one<T>(
    files: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
    file: &str,
    read: impl FnOnce(&str, &str) -> (Option<T>, Vec<Problem>),
) -> Option<T> {
    let (value, found) = read(file, files.get(file)?);
    problems.extend(found);
    value
}

fn in_folder<'f>(files: &'f BTreeMap<String, String>, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
    files.iter().filter(move |(path, _)| path.starts_with(folder)).map(|(path, text)| (path.as_str(), text.as_str()))
}

/// Every file must be one that a pack has, and the needed ones must be there.
fn check_files(files: &BTreeMap<String, String>) -> Vec<Problem> {
    let refuse = |file: &str, message: String, hint: Option<&str>| Problem {
        file: file.to_owned(),
        line: 1,
        message,
        hint: hint.map(str::to_owned),
    };
    if files.len() > FILES_LIMIT {
        return vec![refuse("pack.toml", format!("the pack has more than {FILES_LIMIT} files"), None)];
    }
    let mut problems = Vec::new();
    for needed in NEEDED {
        if !files.contains_key(needed) {
            problems.push(refuse(needed, "the file is missing".to_owned(), Some("docs/LAW-FORMAT.md shows each file")));
        }
    }
    for (path, text) in files {
        let known = NEEDED.contains(&path.as_str())
            || path == "history.toml"
            || path == "offences.toml"
            || is_directly_in(path, "sections/", ".md")
            || is_directly_in(path, "scenarios/", ".toml")
            || is_directly_in(path, "words/", ".ftl");
        if !known {
            let hint = "a pack has pack.toml, facts.toml, calendar.toml, report.toml, history.toml, offences.toml, \
                        sections/*.md, scenarios/*.toml and words/*.ftl";
            problems.push(refuse(path, "no such file belongs to a pack".to_owned(), Some(hint)));
        }
        if text.len() > FILE_LIMIT_BYTES {
            problems.push(refuse(path, format!("the file is longer than {FILE_LIMIT_BYTES} bytes"), None));
        }
    }
    problems
}

fn is_directly_in(path: &str, folder: &str, ending: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|name| !name.contains('/') && name.len() > ending.len() && name.ends_with(ending))
}

fn read_head(reader: &mut Reader<'_>, document: Table<'_>) -> Option<Head> {
    reader.only(document, &["id", "title", "version", "jurisdiction", "layers", "sources", "review", "draft"]);
    let id = reader.parsed(document, "id", "a name", PackId::parse);
    let title = reader.text(document, "title");
    let version = reader.text(document, "version");
    let jurisdiction = reader.text(document, "jurisdiction");
    reader.required(document, "layers");
    let layers: Vec<Layer> = reader.words(document, "layers");
    if !layers.is_sorted() {
        let hint = Some("federal, state, county, city".to_owned());
        reader.problem(&document, "`layers` are not in order, highest first".to_owned(), hint);
    }
    let mut sources = BTreeMap::new();
    if let Some(table) = reader.optional_table(document, "sources") {
        for (name, _) in table.entries() {
            if let Some(text) = reader.text(table, name) {
                sources.insert(name.to_owned(), text);
            }
        }
    }
    let review = read_review(reader, document);
    let id_line = document.get("id").map_or(1, |id| reader.line(&id));
    let draft = reader.optional_truth(document, "draft").unwrap_or(false);
    Some(Head { id, id_line, title, version, jurisdiction, layers, sources, review, draft })
}

/// That nobody reviewed a pack must be written out: silence would read as a review.
fn read_review(reader: &mut Reader<'_>, document: Table<'_>) -> Option<Review> {
    let hint = || Some("write `review = \"none\"`, or `review = { who = \"…\", on = 2026-01-31 }`".to_owned());
    let Some(value) = document.get("review") else {
        reader.problem(&document, "`review` is missing".to_owned(), hint());
        return None;
    };
    if value.text() == Some("none") {
        return Some(Review::None);
    }
    let Some(table) = value.table() else {
        reader.problem(&value, "`review` is neither \"none\" nor a reviewer and a day".to_owned(), hint());
        return None;
    };
    reader.only(table, &["who", "on"]);
    let who = reader.text(table, "who");
    let on = reader.date(table, "on");
    Some(Review::By { who: who?, on: on? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(files: &[(&str, String)]) -> Vec<Problem> {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        Pack::load(&files).unwrap_err()
    }

    #[test]
    fn a_pack_out_of_all_measure_is_not_read() {
        let many: Vec<(String, String)> =
            (0..=FILES_LIMIT).map(|number| (format!("sections/{number}.md"), String::new())).collect();
        let many: Vec<(&str, String)> = many.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let found = problems(&many);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "the pack has more than 500 files");
        assert!(problems(&many[..FILES_LIMIT]).len() > 1, "as many as may be are read");

        // As long as may be it is read, and is no TOML; a byte longer it is not.
        let toml = |size| [("history.toml", "=".repeat(size))];
        let about = |files: &[(&str, String)]| {
            let found = problems(files).into_iter().filter(|problem| problem.file == "history.toml");
            found.map(|problem| problem.message.contains("longer than")).collect::<Vec<_>>()
        };
        assert_eq!(about(&toml(FILE_LIMIT_BYTES + 1)), [true]);
        assert!(!about(&toml(FILE_LIMIT_BYTES)).contains(&true));
    }

    #[test]
    fn no_more_problems_are_told_than_anybody_would_read() {
        let keys: String = (0..2 * PROBLEMS_LIMIT).map(|number| format!("k{number} = 1\n")).collect();
        assert_eq!(problems(&[("pack.toml", keys)]).len(), PROBLEMS_LIMIT);
    }
}
