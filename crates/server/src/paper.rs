//! A paper as a form file gives it: what it is and asks, where it arrived, and what it prints.
//!
//! What it prints about a person goes to the vault and nowhere else. INVARIANT: no problem repeats a printed value, nor a
//! key that is none: a name may stand there by a slip.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::reader::{Reader, Table, read_unrepeated};
use law::{Ask, Problem};
use register::class::{SealedName, sealed_under};
use register::event::{Edition, Request, Subject, Transmission};
use register::ids::{EpisodeId, IndividualId, InquiryId, PaperId, RequestId};
use register::inquiry::Presented;
use register::request::PaperField;
use register::words::{Component, Form, Ground};

use crate::text;
use crate::vault::{MatchKey, SealedRow};

/// A paper read from a form file.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    form: Form,
    edition: Option<Edition>,
    issued_on: Option<Date>,
    component: Component,
    asks: Vec<Ask>,
    grounds: Vec<Ground>,
    attached: Vec<Form>,
    episode: Option<EpisodeId>,
    arrived: Transmission,
    is_new: bool,
    replaces: Option<RequestId>,
    printed: Person,
    persons: Vec<Person>,
}

/// What a paper prints, of one person. Never shown in an error or a log.
#[derive(Clone, Default)]
pub(crate) struct Person {
    fields: BTreeMap<PaperField, String>,
    born_on: Option<Date>,
    /// The stay in custody, where it is said of this person.
    episode: Option<EpisodeId>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(sealed)")
    }
}

/// The fields of Form I-247A that are about the person or the officer, their class, and whether each person of a paper has
/// one of his own. What is known of a detainee is taken to fall under 8 CFR 236.6.
const FIELDS: &[(PaperField, bool)] = &[
    (PaperField::SubjectId, true),
    (PaperField::EventNumber, true),
    (PaperField::FileNumber, true),
    (PaperField::Name, true),
    (PaperField::Citizenship, true),
    (PaperField::Sex, true),
    (PaperField::To, false),
    (PaperField::From, false),
    (PaperField::Officer, false),
    (PaperField::Phone, false),
    (PaperField::BookingNumber, true),
    (PaperField::Charge, true),
];

/// What a printed field may hold, in bytes.
const FIELD_MAX_BYTES: usize = 500;

/// Persons whom one paper may list beside the first, at most.
const PERSONS_MAX: usize = 200;

/// The keys of a form file.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "form", "edition", "issued_on", "component", "asks", "grounds", "attached",
    "episode", "arrival", "printed", "person", "new", "replaces",
];

/// Reads of a form file only what can identify its paper: form, date, and each number that it prints. The rest may be left
/// out, for whoever holds a receipt need not know when and where the paper arrived.
///
/// # Errors
/// All problems of these, each with its line; that no number is there is one.
pub(crate) fn read_matches(name: &str, text: &str) -> Result<Vec<String>, Vec<Problem>> {
    let (matches, problems) = read_unrepeated(name, text, |reader, table| {
        reader.only(table, KEYS);
        let form = text::word(reader, table, "form");
        let issued_on = reader.optional_date(table, "issued_on");
        let printed = reader.optional_table(table, "printed").map(|table| person(reader, table, true));
        let (printed, persons) = (printed.unwrap_or_default(), persons(reader, table));
        let numbers = numbers(all(&printed, &persons));
        if numbers.is_empty() {
            let hint =
                "type one that the paper prints under `[printed]`: `subject_id`, `event_number` or `file_number`";
            reader.problem(&table, "no number is given".to_owned(), Some(hint.to_owned()));
        }
        Some(matches_of(form?, issued_on, &numbers))
    });
    match matches {
        Some(matches) if problems.is_empty() => Ok(matches),
        Some(_) | None => Err(problems),
    }
}

/// The persons of a paper: what is printed of one, unless that says nothing and others are listed.
fn all<'a>(printed: &'a Person, persons: &'a [Person]) -> impl Iterator<Item = &'a Person> {
    let first = persons.is_empty() || printed.is_about_somebody();
    first.then_some(printed).into_iter().chain(persons)
}

/// The numbers printed, of whichever person; the one that identifies the paper first.
fn numbers<'a>(persons: impl Iterator<Item = &'a Person>) -> Vec<&'a str> {
    let persons: Vec<&Person> = persons.collect();
    let of_all = |field| persons.iter().filter_map(move |person| person.fields.get(field));
    PaperField::NUMBERS.iter().flat_map(of_all).map(String::as_str).collect()
}

fn matches_of(form: Form, issued_on: Option<Date>, numbers: &[&str]) -> Vec<String> {
    let issued_on = issued_on.map_or_else(|| "undated".to_owned(), |on| on.to_string());
    numbers.iter().map(|number| format!("{form}|{issued_on}|{number}")).collect()
}

/// Reads a form file.
///
/// # Errors
/// All its problems, each with its line.
pub(crate) fn read(name: &str, text: &str) -> Result<Paper, Vec<Problem>> {
    let (paper, problems) = read_unrepeated(name, text, |reader, table| {
        reader.only(table, KEYS);
        let asks = law_words(reader, table);
        let arrived = arrival(reader, table);
        let form = text::word(reader, table, "form");
        let component = text::word(reader, table, "component");
        let printed = reader.optional_table(table, "printed").map(|table| person(reader, table, true));
        let persons = persons(reader, table);
        Some(Paper {
            edition: text::optional_parsed(reader, table, "edition"),
            issued_on: reader.optional_date(table, "issued_on"),
            grounds: text::words(reader, table, "grounds"),
            attached: text::words(reader, table, "attached"),
            episode: text::optional_parsed(reader, table, "episode"),
            is_new: reader.optional_truth(table, "new").unwrap_or_default(),
            replaces: text::optional_parsed(reader, table, "replaces"),
            form: form?,
            component: component?,
            asks,
            arrived: arrived?,
            printed: printed.unwrap_or_default(),
            persons,
        })
    });
    match paper {
        Some(paper) if problems.is_empty() => Ok(paper),
        Some(_) | None => Err(problems),
    }
}

fn arrival(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Transmission> {
    let Some(arrival) = table.get("arrival").and_then(law::reader::Value::table) else {
        let hint = "add `[arrival]` with `line` and `at`".to_owned();
        reader.problem(&table, "`arrival` is missing".to_owned(), Some(hint));
        return None;
    };
    reader.only(arrival, &["line", "at", "relayed_by"]);
    let (line, arrived) = (text::parsed(reader, arrival, "line"), text::parsed(reader, arrival, "at"));
    let relayed_by = text::optional_parsed(reader, arrival, "relayed_by");
    Some(Transmission { line: line?, arrived: arrived?, relayed_by })
}

fn law_words(reader: &mut Reader<'_>, table: Table<'_>) -> Vec<Ask> {
    let asks = reader.words::<Ask>(table, "asks");
    let none = table.get("asks").is_none_or(|asks| asks.items().is_some_and(|asks| asks.is_empty()));
    if none {
        let hint = "list what the paper asks, such as `asks = [\"hold\", \"notify\"]`".to_owned();
        reader.problem(&table, "the paper asks nothing".to_owned(), Some(hint));
    }
    asks
}

fn persons(reader: &mut Reader<'_>, table: Table<'_>) -> Vec<Person> {
    let rows = reader.rows(table, "person");
    if rows.len() > PERSONS_MAX {
        reader.problem(&table, format!("the paper lists more than {PERSONS_MAX} persons"), None);
    }
    rows.into_iter().take(PERSONS_MAX).map(|row| person(reader, row, false)).collect()
}

/// What is printed of a person; `whole` where the fields of the paper itself stand there too.
pub(crate) fn person(reader: &mut Reader<'_>, table: Table<'_>, whole: bool) -> Person {
    let fields = || FIELDS.iter().filter(|(_, of_person)| whole || *of_person).map(|(field, _)| *field);
    let names = fields().chain([PaperField::BornOn]).map(PaperField::code);
    // Of a paper about one person, the stay in custody stands beside what is printed.
    let names: Vec<&str> = names.chain((!whole).then_some("episode")).collect();
    reader.only(table, &names);
    let born_on = reader.optional_date(table, PaperField::BornOn.code());
    let episode = if whole { None } else { text::optional_parsed(reader, table, "episode") };
    let mut person = Person { fields: BTreeMap::new(), born_on, episode };
    for field in fields() {
        let name = field.code();
        let Some(value) = table.get(name) else { continue };
        let Some(text) = reader.optional_text(table, name) else { continue };
        if text.len() > FIELD_MAX_BYTES || text.chars().any(char::is_control) {
            reader.problem(&value, format!("`{name}` is longer than {FIELD_MAX_BYTES} bytes or not one line"), None);
        }
        person.fields.insert(field, text);
    }
    person
}

/// Whether a printed number is an A-number: `A` or nothing, then 8 or 9 digits, spaces and hyphens apart.
fn is_a_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['A', 'a']).unwrap_or(text).chars().filter(|c| !matches!(c, ' ' | '-'));
    let digits: String = digits.collect();
    (8..=9).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

impl Person {
    /// By what the same individual is found again; none where neither an A-number nor name and birth date are printed.
    ///
    /// A file number that is no A-number is sealed as printed and finds nobody: a paper is never refused because it is
    /// malformed, and two bad copies of a number must not make one person of two.
    pub(crate) fn match_key(&self) -> Option<MatchKey> {
        let a_number = self.fields.get(&PaperField::FileNumber).filter(|number| is_a_number(number)).cloned();
        let name_and_birth = self.fields.get(&PaperField::Name).cloned().zip(self.born_on);
        if a_number.is_none() && name_and_birth.is_none() {
            return None;
        }
        Some(MatchKey { a_number, name_and_birth })
    }

    /// The fields that are there.
    pub(crate) fn fields(&self) -> impl Iterator<Item = PaperField> {
        self.fields.keys().copied().chain(self.born_on.map(|_| PaperField::BornOn))
    }

    /// What is printed, for the vault, of the person with this number on the paper; the first one's fields bear none.
    pub(crate) fn sealed_rows(&self, id: &str, number: usize) -> Vec<SealedRow> {
        let row = |field: PaperField, plain: &str| SealedRow {
            id: id.to_owned(),
            field: if number <= 1 { field.code().to_owned() } else { format!("{number}.{field}") },
            class: sealed_under(SealedName::Paper(field)),
            plain: plain.as_bytes().to_vec(),
        };
        let printed = FIELDS.iter().filter_map(|(field, _)| Some(row(*field, self.fields.get(field)?)));
        let born_on = self.born_on.map(|on| row(PaperField::BornOn, &on.to_string()));
        printed.chain(born_on).collect()
    }

    fn is_about_somebody(&self) -> bool {
        let of_person = |field: &PaperField| FIELDS.iter().any(|(one, of_person)| one == field && *of_person);
        self.born_on.is_some() || self.fields.keys().any(of_person)
    }
}

impl Paper {
    /// The request and its first arrival, as the register takes them. `individuals` are those of [`Paper::persons`].
    pub(crate) fn request(
        &self,
        id: RequestId,
        paper: PaperId,
        individuals: Vec<Option<IndividualId>>,
    ) -> (Request, Transmission) {
        let request = Request {
            id,
            paper,
            form: self.form,
            edition: self.edition.clone(),
            issued_on: self.issued_on,
            component: self.component,
            asks: self.asks.clone(),
            grounds: self.grounds.clone(),
            papers: self.attached.clone(),
            subjects: self.subjects(individuals),
        };
        (request, self.arrived.clone())
    }

    /// Each with the individual found and the stay in custody; that of the paper is the first one's.
    fn subjects(&self, individuals: Vec<Option<IndividualId>>) -> Vec<Subject> {
        let first = self.episode.iter().map(Some).chain(std::iter::repeat(None));
        let persons = self.persons().zip(individuals).zip(first);
        persons
            .map(|((person, individual), episode)| Subject {
                individual,
                episode: episode.or(person.episode.as_ref()).cloned(),
            })
            .collect()
    }

    /// The persons it is about, one at least: what `[printed]` says of one, unless it says nothing and others are listed.
    pub(crate) fn persons(&self) -> impl Iterator<Item = &Person> {
        all(&self.printed, &self.persons)
    }

    /// Whether it is said to be a request of its own, whatever the rules of counting say: also where it replaces another.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new || self.replaces.is_some()
    }

    /// Whether whoever typed it in says in so many words that it is a request of its own.
    pub(crate) fn is_said_to_be_new(&self) -> bool {
        self.is_new
    }

    /// Says that it is a request of its own.
    pub(crate) fn said_to_be_new(self) -> Paper {
        Paper { is_new: true, ..self }
    }

    /// The earlier request that it says it replaces.
    pub(crate) fn replaces(&self) -> Option<&RequestId> {
        self.replaces.as_ref()
    }

    /// What identifies the paper to whoever holds it: form, its date, its number. Committed to in the leaf, never shown.
    pub(crate) fn paper_match(&self) -> Option<String> {
        self.matches_as(self.form, self.issued_on).into_iter().next()
    }

    /// What would identify it, for each number that it prints, if it were on this form and printed this date.
    pub(crate) fn matches_as(&self, form: Form, issued_on: Option<Date>) -> Vec<String> {
        matches_of(form, issued_on, &self.numbers())
    }

    /// The numbers it prints, of whichever of its persons; the one that identifies it first.
    pub(crate) fn numbers(&self) -> Vec<&str> {
        numbers(self.persons())
    }

    /// Whether it prints every number there is, so that none of them can be the one that a registered copy goes by.
    pub(crate) fn has_every_number(&self) -> bool {
        self.numbers().len() == PaperField::NUMBERS.len() * self.persons().count()
    }

    /// By what its one person is found again; none where it lists several.
    pub(crate) fn match_key(&self) -> Option<MatchKey> {
        let mut persons = self.persons();
        persons.next().filter(|_| persons.next().is_none())?.match_key()
    }

    /// What it is.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// The date it prints.
    pub(crate) fn issued_on(&self) -> Option<Date> {
        self.issued_on
    }

    /// The paper as a person presents it, where and when it says that it arrived.
    pub(crate) fn presented(&self, inquiry: InquiryId, paper: PaperId) -> Presented {
        let Transmission { line, arrived, .. } = self.arrived.clone();
        Presented { inquiry, paper, form: self.form, issued_on: self.issued_on, line, received: arrived }
    }

    /// What is printed, for the vault.
    pub(crate) fn sealed_rows(&self, paper: &PaperId) -> Vec<SealedRow> {
        let mut rows = Vec::new();
        if !self.printed.is_about_somebody() && !self.persons.is_empty() {
            rows.extend(self.printed.sealed_rows(&paper.to_string(), 1));
        }
        for (index, person) in self.persons().enumerate() {
            rows.extend(person.sealed_rows(&paper.to_string(), index + 1));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
form = "i-247a"
edition = "02/17"
issued_on = 2022-03-01
component = "ero"
asks = ["hold", "notify"]
grounds = ["biometric-match"]
attached = ["i-200"]

[arrival]
line = "line_d4-fax"
at = "2022-03-02T01:12:00-05:00"

[printed]
file_number = "A012345678"
name = "CANARY, Invented"
born_on = 1990-02-03
"#;

    #[test]
    fn a_good_form_is_read() {
        let paper = read("form.toml", GOOD).unwrap();
        assert_eq!(paper.paper_match().as_deref(), Some("i-247a|2022-03-01|A012345678"));
        assert_eq!(paper.sealed_rows(&"paper_1".parse().unwrap()).len(), 3);
    }

    #[test]
    fn all_problems_are_named_at_once_and_no_printed_value_among_them() {
        let bad = GOOD
            .replace("i-247a", "i-247b")
            .replace("\"hold\"", "\"holt\"")
            .replace("line_d4-fax", "d4")
            .replace("T01:12:00-05:00", "T01:12")
            .replace("A012345678", "A0123 CANARY")
            .replace("issued_on = 2022-03-01", "issued_on = \"1 March\"")
            .replace("component", "komponent");
        let problems = read("form.toml", &bad).unwrap_err();
        let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let mut lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [1, 2, 4, 5, 6, 11, 12], "{text}");
        assert!(!text.contains("CANARY"), "{text}");
        assert!(text.contains("did you mean `hold`?"), "{text}");
    }

    #[test]
    fn a_number_that_is_no_a_number_is_sealed_as_printed_and_finds_nobody() {
        let cases = [
            ("A012345678", true),
            ("a012 345-678", true),
            ("12345678", true),
            ("A1234567", false),
            ("A0123456789", false),
            ("AA12345678", false),
            ("AAAAAAAA", false),
            ("A0123 CANARY", false),
            ("-", false),
        ];
        for (number, found_by) in cases {
            let form = GOOD.replace("A012345678", number).replace("born_on = 1990-02-03", "");
            let paper = read("form.toml", &form).unwrap();
            let sealed = paper.sealed_rows(&"paper_1".parse().unwrap());
            let printed = sealed.iter().find(|row| row.field == "file_number").unwrap();
            assert_eq!(printed.plain, number.as_bytes(), "{number}");
            let expected = found_by.then(|| number.to_owned());
            assert_eq!(paper.printed.match_key().and_then(|key| key.a_number), expected, "{number}");
        }
    }

    #[test]
    fn what_cannot_have_been_printed_is_refused_as_typing() {
        for typed in ["CANARY\\u0007", "CANARY\\n1", &"x".repeat(501)] {
            let form = GOOD.replace("CANARY, Invented", typed);
            let problems = read("form.toml", &form).unwrap_err();
            assert_eq!(problems.len(), 1, "{typed}");
            assert_eq!(problems[0].message, "`name` is longer than 500 bytes or not one line");
        }
    }
}
