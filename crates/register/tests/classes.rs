//! Every field has a class. The fields are those of the golden bytes of all events; the page that describes them says of each
//! the same letter as the table.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "golden files and the page are read from disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use register::class::{self, Class, EVENTS, NoteField, SEALED, SealedName, WHOLE, WITHIN};
use register::request::PaperField;
use serde_json::Value;

/// The fields that each golden event writes: kind, and paths to what is no object and no list.
fn written() -> BTreeMap<String, BTreeSet<String>> {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let recorded: Value = serde_json::from_str(&text).unwrap();
        let event = recorded.get("event").unwrap().as_object().unwrap();
        let (kind, fields) = event.iter().next().unwrap();
        add(fields, String::new(), kinds.entry(kind.clone()).or_default());
    }
    kinds
}

fn add(value: &Value, path: String, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                add(field, if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, paths);
            }
        }
        Value::Array(items) if !items.is_empty() => items.iter().for_each(|item| add(item, path.clone(), paths)),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            paths.insert(path);
        }
    }
}

fn classless(kinds: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let fields = kinds.iter().flat_map(|(kind, paths)| paths.iter().map(move |path| (kind, path)));
    let without = fields.filter(|(kind, path)| class::of_event(kind, path).is_none());
    without.map(|(kind, path)| format!("`{kind}`: `{path}` has no class")).collect()
}

#[test]
fn every_field_of_every_event_has_a_class() {
    let mut kinds = written();
    assert_eq!(classless(&kinds), Vec::<String>::new());
    kinds.entry("outcome-recorded/1".to_owned()).or_default().insert("weather".to_owned());
    kinds.insert("weather-noted/1".to_owned(), BTreeSet::from(["at".to_owned()]));
    assert_eq!(classless(&kinds).len(), 2, "a field without a class is not noticed");
}

/// The table names nothing that no event has, and nothing twice.
#[test]
fn every_line_of_the_table_is_of_a_field_that_is_written() {
    let kinds = written();
    let is_written = |kind: &str, field: &str| {
        let of = |paths: &BTreeSet<String>| {
            paths.iter().any(|path| field == WHOLE || path == field || path.starts_with(&format!("{field}.")))
        };
        kinds.get(kind).is_some_and(of)
    };
    let mut seen = BTreeSet::new();
    for (kind, _, fields) in EVENTS {
        for field in fields.split(' ') {
            assert!(is_written(kind, field), "`{kind}`: no event has `{field}`");
            assert!(seen.insert((kind, field)), "`{kind}`: `{field}` stands twice");
        }
    }
    for (kind, field, _, _) in WITHIN {
        assert!(is_written(kind, field), "`{kind}`: no event has `{field}`");
    }
}

/// What a form file codes is no sealed field, and everything else on a paper is.
#[test]
fn every_sealed_field_has_a_class() {
    let coded = ["edition", "issued_on", "component", "asks", "grounds", "attached"];
    let printed = PaperField::ALL.iter().filter(|field| !coded.contains(&field.code())).copied().map(SealedName::Paper);
    let names: Vec<SealedName> = printed.chain(NoteField::ALL.iter().copied().map(SealedName::Note)).collect();
    for name in &names {
        assert!(class::of_sealed(*name).is_some(), "`{}` has no class", name.code());
    }
    assert_eq!(SEALED.len(), names.len());
    // What tells something of a person is never open to all of the office.
    let of_person = ["subject_id", "event_number", "file_number", "name", "born_on", "citizenship", "sex", "charge"];
    for name in names.iter().filter(|name| of_person.contains(&name.code())) {
        let class = class::of_sealed(*name).unwrap();
        assert!(![Class::Public, Class::Internal].contains(&class), "`{}` is {class}", name.code());
    }
}

#[test]
fn the_page_says_of_every_field_the_letter_of_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/LOG-FORMAT.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert_eq!(disagreements(&page), Vec::<String>::new());
    for (from, to) in [
        ("`outcome` word F", "`outcome` word I"),
        ("`reference` note L |", "`reference` note |"),
        ("| `unit-closed/1` |", "|"),
        ("`agency` I; `name` label P; `from`", "`name` label P; `from`"),
    ] {
        let changed = page.replace(from, to);
        assert!(changed == page || !disagreements(&changed).is_empty(), "`{to}` is not noticed");
    }
}

/// Where the page and the table disagree.
fn disagreements(page: &str) -> Vec<String> {
    let events = page.split_once("\n## 11. Events").unwrap().1.split_once("\n### Kinds that come later").unwrap().0;
    let mut wrong = Vec::new();
    let mut described = BTreeSet::new();
    for line in events.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = line.trim_matches('|').split(" | ");
        let (kinds, fields) = (cells.next().unwrap(), cells.next().unwrap_or_default());
        let letters = letters(fields);
        for kind in kinds.split('`').filter(|kind| EVENTS.iter().any(|(known, _, _)| known == kind)) {
            described.insert(kind.to_owned());
            for (field, class) in fields_of(kind) {
                let says = if field == WHOLE { letters.get("").copied() } else { letters.get(last(&field)).copied() };
                if says != Some(class.letter()) {
                    wrong.push(format!("`{kind}`: of `{field}` the table says {}, the page {says:?}", class.letter()));
                }
            }
        }
    }
    let kinds: BTreeSet<String> = EVENTS.iter().map(|(kind, _, _)| (*kind).to_owned()).collect();
    wrong.extend(kinds.difference(&described).map(|kind| format!("`{kind}` is not on the page")));
    wrong
}

/// The fields of a kind as the table has them, each with its class.
fn fields_of(kind: &str) -> Vec<(String, Class)> {
    let of_kind = EVENTS.iter().filter(|(known, _, _)| *known == kind);
    of_kind.flat_map(|(_, class, fields)| fields.split(' ').map(|field| (field.to_owned(), *class))).collect()
}

fn last(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

/// The letter of each name in code: the first that stands alone after the first time it is named, in brackets or not in code.
/// Under no name, the first letter of all.
fn letters(cell: &str) -> BTreeMap<&str, char> {
    let mut letters = BTreeMap::new();
    let mut waiting: BTreeSet<&str> = BTreeSet::from([""]);
    for (index, piece) in cell.split('`').enumerate() {
        if index % 2 == 1 {
            if !letters.contains_key(piece) {
                waiting.insert(piece);
            }
            continue;
        }
        let words = piece.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() == 1);
        let letter = words.filter_map(|word| word.chars().next()).find(|letter| "PIRFCDLN".contains(*letter));
        if let Some(letter) = letter {
            std::mem::take(&mut waiting).into_iter().for_each(|name| {
                letters.insert(name, letter);
            });
        }
    }
    letters
}

/// The page names the letters themselves.
#[test]
fn the_page_names_every_class_and_its_letter() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/LOG-FORMAT.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, said) = page.split_once("**Class** is who may read a field:").unwrap();
    let said = said.split("\n\n").next().unwrap().to_lowercase().replace("**", "");
    for class in Class::ALL {
        let letter = class.letter().to_lowercase().to_string();
        let code = class.code().replace("f236", "8 cfr 236.6");
        let word = code.strip_prefix(&letter).map_or(code.clone(), |_| code.clone());
        let named =
            said.contains(&format!("{letter} for {word}")) || (word.starts_with(&letter) && said.contains(&word));
        assert!(named, "{letter}: {word}\n{said}");
    }
}
