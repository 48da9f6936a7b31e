//! A paper as a form file gives it: what it is and asks, where it arrived, and what it prints.
//!
//! What it prints about a person goes to the vault and nowhere else. INVARIANT: no problem repeats a printed value.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::reader::{Reader, Table, read_toml};
use law::{Ask, Problem};
use register::event::{Edition, Request, Subject, Transmission};
use register::ids::{EpisodeId, IndividualId, InquiryId, LineId, PaperId, RequestId};
use register::inquiry::Presented;
use register::time::Moment;
use register::words::{Component, Form, Ground};

use crate::text;
use crate::vault::{Class, MatchKey, SealedRow};

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
    line: LineId,
    arrived: Moment,
    printed: Printed,
}

/// What a paper prints, by field. Never shown in an error or a log.
#[derive(Clone, Default)]
struct Printed {
    fields: BTreeMap<&'static str, String>,
    born_on: Option<Date>,
}

impl std::fmt::Debug for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(sealed)")
    }
}

/// The fields of Form I-247A that are about the person or the officer, and their class. What is known of a detainee is
/// taken to fall under 8 CFR 236.6.
const FIELDS: &[(&str, Class)] = &[
    ("subject_id", Class::F236),
    ("event_number", Class::F236),
    ("file_number", Class::F236),
    ("name", Class::F236),
    ("citizenship", Class::F236),
    ("sex", Class::F236),
    ("to", Class::Internal),
    ("from", Class::Internal),
    ("officer", Class::Restricted),
    ("phone", Class::Internal),
    ("booking_number", Class::Cjis),
    ("charge", Class::Cjis),
];

/// The numbers that a paper goes by, the first one printed before the others.
const NUMBERS: [&str; 3] = ["subject_id", "event_number", "file_number"];

/// What a printed field may hold, in bytes.
const FIELD_MAX_BYTES: usize = 500;

/// Reads a form file.
///
/// # Errors
/// All its problems, each with its line.
pub(crate) fn read(name: &str, text: &str) -> Result<Paper, Vec<Problem>> {
    let (paper, problems) = read_toml(name, text, 1, |reader, table| {
        reader.only(
            table,
            &[
                "form",
                "edition",
                "issued_on",
                "component",
                "asks",
                "grounds",
                "attached",
                "episode",
                "arrival",
                "printed",
            ],
        );
        let asks = law_words(reader, table);
        let arrival = table.get("arrival").and_then(law::reader::Value::table);
        if arrival.is_none() {
            let hint = "add `[arrival]` with `line` and `at`".to_owned();
            reader.problem(&table, "`arrival` is missing".to_owned(), Some(hint));
        }
        let (line, arrived) = arrival.map_or((None, None), |arrival| {
            reader.only(arrival, &["line", "at"]);
            (text::parsed(reader, arrival, "line"), text::parsed(reader, arrival, "at"))
        });
        let form = text::word(reader, table, "form");
        let component = text::word(reader, table, "component");
        let printed = reader.optional_table(table, "printed").map(|table| printed(reader, table));
        Some(Paper {
            edition: text::optional_parsed(reader, table, "edition"),
            issued_on: reader.optional_date(table, "issued_on"),
            grounds: text::words(reader, table, "grounds"),
            attached: text::words(reader, table, "attached"),
            episode: text::optional_parsed(reader, table, "episode"),
            form: form?,
            component: component?,
            asks,
            line: line?,
            arrived: arrived?,
            printed: printed.unwrap_or_default(),
        })
    });
    match paper {
        Some(paper) if problems.is_empty() => Ok(paper),
        Some(_) | None => Err(problems),
    }
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

fn printed(reader: &mut Reader<'_>, table: Table<'_>) -> Printed {
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).chain(["born_on"]).collect();
    reader.only(table, &names);
    let mut printed = Printed { born_on: reader.optional_date(table, "born_on"), ..Printed::default() };
    for (name, _) in FIELDS {
        let Some(value) = table.get(name) else { continue };
        let Some(text) = reader.optional_text(table, name) else { continue };
        if text.len() > FIELD_MAX_BYTES || text.chars().any(char::is_control) {
            reader.problem(&value, format!("`{name}` is longer than {FIELD_MAX_BYTES} bytes or not one line"), None);
        }
        printed.fields.insert(name, text);
    }
    printed
}

/// Whether a printed number is an A-number: `A` or nothing, then 8 or 9 digits, spaces and hyphens apart.
fn is_a_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['A', 'a']).unwrap_or(text).chars().filter(|c| !matches!(c, ' ' | '-'));
    let digits: String = digits.collect();
    (8..=9).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

impl Paper {
    /// The request and its first arrival, as the register takes them.
    pub(crate) fn request(
        &self,
        id: RequestId,
        paper: PaperId,
        individual: Option<IndividualId>,
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
            subjects: vec![Subject { individual, episode: self.episode.clone() }],
        };
        (request, Transmission { line: self.line.clone(), arrived: self.arrived })
    }

    /// By what the same individual is found again; none where neither an A-number nor name and birth date are printed.
    ///
    /// A file number that is no A-number is sealed as printed and finds nobody: a paper is never refused because it is
    /// malformed, and two bad copies of a number must not make one person of two.
    pub(crate) fn match_key(&self) -> Option<MatchKey> {
        let a_number = self.printed.fields.get("file_number").filter(|number| is_a_number(number)).cloned();
        let name_and_birth = self.printed.fields.get("name").cloned().zip(self.printed.born_on);
        if a_number.is_none() && name_and_birth.is_none() {
            return None;
        }
        Some(MatchKey { a_number, name_and_birth })
    }

    /// What identifies the paper to whoever holds it: form, its date, its number. Committed to in the leaf, never shown.
    pub(crate) fn paper_match(&self) -> Option<String> {
        self.matches_dated(self.issued_on).into_iter().next()
    }

    /// What would identify it, for each number that it prints, if it printed this date.
    pub(crate) fn matches_dated(&self, issued_on: Option<Date>) -> Vec<String> {
        let issued_on = issued_on.map_or_else(|| "undated".to_owned(), |on| on.to_string());
        self.numbers().into_iter().map(|number| format!("{}|{issued_on}|{number}", self.form)).collect()
    }

    /// The numbers it prints, the one that identifies it first.
    pub(crate) fn numbers(&self) -> Vec<&str> {
        NUMBERS.iter().filter_map(|name| self.printed.fields.get(name)).map(String::as_str).collect()
    }

    /// Whether it prints every number there is, so that none of them can be the one that a registered copy goes by.
    pub(crate) fn has_every_number(&self) -> bool {
        self.numbers().len() == NUMBERS.len()
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
        let (form, issued_on, line) = (self.form, self.issued_on, self.line.clone());
        Presented { inquiry, paper, form, issued_on, line, received: self.arrived }
    }

    /// What is printed, for the vault.
    pub(crate) fn sealed_rows(&self, paper: &PaperId) -> Vec<SealedRow> {
        let row = |field: &str, class, plain: &str| SealedRow {
            id: paper.to_string(),
            field: field.to_owned(),
            class,
            plain: plain.as_bytes().to_vec(),
        };
        let printed = FIELDS.iter().filter_map(|(name, class)| Some(row(name, *class, self.printed.fields.get(name)?)));
        let born_on = self.printed.born_on.map(|on| row("born_on", Class::F236, &on.to_string()));
        printed.chain(born_on).collect()
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
            assert_eq!(paper.match_key().and_then(|key| key.a_number), expected, "{number}");
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
