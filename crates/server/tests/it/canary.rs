//! Nothing of a person leaves the vault's sealed rows. Every value on the small year's forms is marked, and so is one person more with a
//! name that is written in many ways; after the stories, failing commands included, every byte of every file and of all that was
//! said is searched, in every wrapping ([`layers`]) and every disguise ([`marks`]).
//!
//! [`everywhere`] leads the person through every command there is, [`spoiled`] through every mistake; [`hidden`] shows that what is
//! hidden is found.
//!
//! What is not looked into: pictures of text, what a PDF draws out of order, compression other than deflate, and what a
//! process holds in memory.

mod everywhere;
mod hidden;
mod layers;
mod made;
mod marks;
mod packed;
mod pdf;
mod pdf_text;
mod planted;
mod qr;
mod spoiled;
mod tables;
mod texts;

use std::collections::HashMap;
use std::fs;
use std::sync::{LazyLock, Mutex};

use aws_lc_rs::digest::{self, SHA256};

use crate::city::{City, REASON};
use crate::folder::Files;

use marks::{Kind, Mark, marks_in};

/// The name of one person more: its letters are written, spelled and misread in many ways.
pub(crate) const NAME: &str = "Corniłłozár-Ibáñezolm, Ñustarnila";
/// The same person's number.
pub(crate) const NUMBER: &str = "A207463158";
/// The same person's birth date.
pub(crate) const BORN: &str = "1958-11-23";
/// What the paper has as its event number.
pub(crate) const EVENT: &str = "ZQEVENT0118-7733";
/// Where the person is said to live.
pub(crate) const ADDRESS: &str = "Quillornel Straße 17, Nahantmere";
/// A word of what officers type in freely.
pub(crate) const NOTE: &str = "Zumbarolnique";

/// What the forms print about persons, and the typed reason of a departure.
#[rustfmt::skip]
const MARKS: &[Mark] = &[
    Mark { kind: Kind::Name, value: NAME },
    Mark { kind: Kind::Number, value: NUMBER },
    Mark { kind: Kind::Day, value: BORN },
    Mark { kind: Kind::Text, value: EVENT },
    Mark { kind: Kind::Name, value: ADDRESS },
    Mark { kind: Kind::Name, value: NOTE },
    Mark { kind: Kind::Text, value: "CANARY-SUBJECT-31" },
    Mark { kind: Kind::Text, value: "CANARYEVENT4471" },
    Mark { kind: Kind::Number, value: "A918273645" },
    Mark { kind: Kind::Name, value: "Canary-Ibarra, Quetzal" },
    Mark { kind: Kind::Name, value: "CANARY IBARRA, Q." },
    Mark { kind: Kind::Name, value: "Canary-Okonkwo, Ngozi" },
    Mark { kind: Kind::Day, value: "1931-07-19" },
    Mark { kind: Kind::Day, value: "1947-02-28" },
    Mark { kind: Kind::Text, value: "Canarybourg" },
    Mark { kind: Kind::Name, value: "Canaryman, Deputy" },
    Mark { kind: Kind::Text, value: "555-0142-CANARY" },
    Mark { kind: Kind::Text, value: "CANARYBOOK77" },
    Mark { kind: Kind::Text, value: "canary smuggling" },
    Mark { kind: Kind::Text, value: REASON },
    // What identifies a paper to its holder is committed to, and never written.
    Mark { kind: Kind::Text, value: "i-247a|2022-12-01|CANARY-SUBJECT-31" },
    Mark { kind: Kind::Text, value: "i-247a|2022-12-04|A918273645" },
    Mark { kind: Kind::Text, value: "i-247a|2022-12-06|A207463158" },
    // Parts of the above that would do.
    Mark { kind: Kind::Word, value: "canary" },
    Mark { kind: Kind::Word, value: "okonkwo" },
    Mark { kind: Kind::Word, value: "quetzal" },
];

/// What a decoder gives for what it cannot open: a find, as nobody may take it for empty.
const LOCKED: &[u8] = b"(this cannot be looked into)\n";

/// Prefixes of ids that must stay in the register.
const IDS: &[&str] = &[
    "req_", "ind_", "paper_", "note_", "ep_", "line_", "unit_", "agency_", "entry_", "person_", "key_", "inq_",
    "keep_", "erasure_",
];

/// A form about somebody of whom nothing is known yet.
const FORM: &str = r#"
form = "i-247a"
component = "ero"
asks = ["hold"]

[arrival]
line = "line_a1-fax"
at = "2022-12-21T01:12:00-05:00"

[printed]
file_number = "{file_number}"
name = "Canary-New, {file_number}"
born_on = 1931-07-19
"#;

/// Where the vault keeps what belongs to a paper or a leaf.
const TABLES: [(&str, &str); 4] = [
    ("keys.sqlite", "entry_key"),
    ("keys.sqlite", "data_key"),
    ("keys.sqlite", "match_entry"),
    ("vault.sqlite", "sealed_row"),
];

/// Folders and files that hold no form: what people handed in does hold canaries.
const PLACES: &[&str] = &["register", "published", "draft", "handed-out"];

#[test]
fn nothing_of_a_person_is_found_outside_the_sealed_rows() {
    let city = City::with_year_filed();
    spoiled::failing_commands(&city);
    inquiries(&city);
    let mut all: Files = Files::new();
    for place in PLACES {
        all.extend(city.files(place).into_iter().map(|(path, bytes)| (format!("{place}/{path}"), bytes)));
    }
    all.insert("bag".to_owned(), fs::read(city.path("bag")).unwrap());
    all.insert("what was said".to_owned(), city.said());
    assert!(all.len() > 40, "the story left too few files to prove anything: {}", all.len());
    nothing_is_found(all);
}

/// Every way on which a person's data comes in after the first paper: a copy that reads otherwise, several persons on one
/// paper, a correction, a court and its docket; and each of them refused.
#[test]
fn nothing_of_a_person_is_found_after_copies_corrections_and_verifications() {
    let (city, requests) = City::with_papers();
    let copy = fs::read_to_string(city.path("first.toml")).unwrap();
    // Only the birth date differs, so the copy is of the request of the first one.
    let copy = copy.replace("1931-07-19", "1947-02-28").replace("line_a1-fax", "line_b2-mail");
    city.write("copy.toml", &copy.replace("at = ", "relayed_by = \"County Sheriff\"\nat = "));
    let at = "--as person_officer --at 2022-12-22T09:00-05:00";
    let said = city.ok(&format!("receive register copy.toml {at}"));
    let first = &requests[0];
    assert!(said.starts_with(&format!("another transmission of {first}")), "{said}");
    assert!(said.contains("reads otherwise than its first paper: born_on\n"), "{said}");
    city.ok(&format!("receive register copy.toml --new {at}"));
    city.write("later.toml", &copy.replace("T01:40", "T01:41"));
    city.ok(&format!("receive register later.toml --json {at}"));
    city.write("persons.toml", PERSONS);
    city.ok(&format!("receive register persons.toml {at}"));
    city.write("papers.toml", &PAPERS.replace("{request}", first));
    city.ok(&format!("record register papers.toml {at}"));
    for (from, to) in
        [("\"i-200\"", "\"i-205\""), ("1947-02-28", "1931-13-19"), ("reason", "raeson"), ("Canarybourg", "\\u0007")]
    {
        let spoiled = PAPERS.replace("{request}", first).replacen(from, to, 1);
        assert_ne!(spoiled, PAPERS.replace("{request}", first), "{from}");
        city.write("spoiled-papers.toml", &spoiled);
        city.run(&format!("record register spoiled-papers.toml {at}")).ends_with(1);
    }
    city.write("spoiled-persons.toml", &PERSONS.replace("1931-07-19", "\"1931-07-19\""));
    city.run(&format!("receive register spoiled-persons.toml {at}")).ends_with(1);
    city.write("spoiled-persons.toml", &PERSONS.replace("line_a1-fax", "line_nowhere"));
    city.run(&format!("receive register spoiled-persons.toml {at}")).ends_with(1);
    let shown = city.ok(&format!("show register {first}"));
    assert!(shown.contains("corrected at"), "{shown}");
    let entry = shown.rsplit_once("(entry ").unwrap().1.split_once(')').unwrap().0;
    for (entry, code) in [(entry, 0), (entry, 1), ("\"CANARYBOOK77\"", 1)] {
        city.write("withdraw.toml", &WITHDRAW.replace("{request}", first).replace("{entry}", entry));
        city.run(&format!("record register withdraw.toml {at}")).ends_with(code);
    }
    assert!(shown.contains("Form I-200, called i-200, signed by immigration_officer: refused at"), "{shown}");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    let mut all: Files = Files::new();
    for place in ["register", "published"] {
        all.extend(city.files(place).into_iter().map(|(path, bytes)| (format!("{place}/{path}"), bytes)));
    }
    all.insert("bag".to_owned(), fs::read(city.path("bag")).unwrap());
    all.insert("what was said".to_owned(), city.said());
    nothing_is_found(all);
}

/// A paper about three persons.
pub(crate) const PERSONS: &str = r#"
form = "i-247d"
component = "ero"
asks = ["hold"]

[arrival]
line = "line_a1-fax"
at = "2022-12-21T01:12:00-05:00"

[printed]
officer = "Canaryman, Deputy"
name = "Canary-Okonkwo, Ngozi"
born_on = 1947-02-28

[[person]]
name = "CANARY IBARRA, Q."
born_on = 1931-07-19

[[person]]
file_number = "A918273645"
charge = "canary smuggling"
"#;

/// A correction of what is printed, and a verification with its court and docket.
pub(crate) const PAPERS: &str = r#"
[[command]]
do = "correct"
request = "{request}"
reason = "the canary sang at the counter before Canary-Ibarra was asked"
grounds = ["final-order"]
printed = { name = "Canary-Okonkwo, Ngozi", born_on = 1947-02-28, citizenship = "Canarybourg" }

[[command]]
do = "verify-paper"
request = "{request}"
paper = "i-200"
called = "i-200"
signer = "immigration_officer"
result = "refused"
at = "2022-12-21T09:00-05:00"
court = "District Court of Canarybourg"
docket = "CANARYBOOK77"
"#;

/// An entry taken back, with its reason.
pub(crate) const WITHDRAW: &str = r#"
[[command]]
do = "withdraw-entry"
request = "{request}"
entry = {entry}
cause = "another-person"
reason = "it was Canary-Okonkwo, and not Canary-Ibarra"
"#;

#[test]
fn no_id_leaves_the_register() {
    let city = City::with_year_filed();
    let in_register = city.files("register");
    let events = ["register.sqlite", "register.sqlite-wal"].map(|file| &*in_register[file]).concat();
    // The search would find them where they belong.
    for prefix in ["req_", "ind_", "paper_", "note_", "line_", "unit_", "entry_", "person_"] {
        assert!(holds(&events, prefix.as_bytes()), "`{prefix}` is not even in the register");
    }
    // The law pack is written by the city's lawyers and knows nothing of the register.
    let mut published = city.files("published");
    published.retain(|path, _| !path.starts_with("law/"));
    for (path, bytes) in published {
        for prefix in IDS {
            assert!(!has_id(&bytes, prefix), "`{prefix}…` is in published/{path}");
        }
    }
}

/// A refused form was never registered, so no erasure would ever find what it left.
#[test]
fn a_form_that_is_refused_leaves_nothing_in_the_vault() {
    let (city, _) = City::with_papers();
    let kept = || {
        let count = |file: &str, table: &str| {
            let path = city.path(&format!("register/{file}"));
            let database = rusqlite::Connection::open(path).unwrap();
            let query = format!("SELECT count(*) FROM {table}");
            database.query_row(&query, [], |row| row.get::<_, i64>(0)).unwrap()
        };
        TABLES.map(|(file, table)| (table, count(file, table)))
    };
    let before = kept();
    let form = FORM.replace("{file_number}", "A900000001");
    city.write("good.toml", &form);
    city.write("refused.toml", &form.replace("A900000001", "A900000002").replace("line_a1-fax", "line_nowhere"));
    let refused = "receive register good.toml refused.toml --as person_officer --at 2022-12-22T09:00-05:00";
    city.run(refused).complains_of("refused.toml: `line_nowhere` is not in the register");
    assert_eq!(kept(), before);
}

/// Papers that people present: they are sealed like any other, and committed to.
fn inquiries(city: &City) {
    let by = "--as person_clerk --at 2023-01-06T11:00-05:00";
    let new = FORM.replace("{file_number}", "A918273645").replace("hold", "notify");
    city.write("shown.toml", &new);
    for form in ["first.toml", "second.toml", "fourth.toml", "shown.toml"] {
        city.ok(&format!("inquire register {form} --to handed-out/{form}.answer {by}"));
        city.ok(&format!("inquire register {form} --json {by}"));
    }
    city.ok("inquiries register");
    city.ok(&format!("grow register {}", by.replace("06T11", "08T11")));
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    city.ok("verify published --key register/log.vkey --bag bag");
    receipts(city);
}

/// Receipts, and whoever checks them with the paper in hand.
fn receipts(city: &City) {
    let by = "--as person_clerk --at 2023-01-09T11:00-05:00";
    let first = fs::read_to_string(city.path("first.toml")).unwrap();
    city.write("same.toml", &first.replace("T01:40", "T01:42"));
    let said = city.ok(&format!("receive register same.toml --json {by}"));
    let request = said.split('"').nth(3).unwrap();
    city.ok(&format!(
        "receipt register {request} --to handed-out/r.txt --svg handed-out/r.svg --html handed-out/r.html {by}"
    ));
    city.ok(&format!("grow register {}", by.replace("09T11", "10T11")));
    city.ok("publish register --to published");
    let verify = "verify published --key register/log.vkey --receipt handed-out/r.txt --paper";
    city.ok(&format!("{verify} first.toml"));
    city.run(&format!("{verify} second.toml --json")).ends_with(1);
    for (from, to) in [
        ("i-247a", "i-247b"),
        ("subject_id =", "Canarybourg ="),
        ("1931-07-19", "1931-13-19"),
        ("[printed]", "[Canarybourg]"),
    ] {
        city.write("spoiled-paper.toml", &first.replacen(from, to, 1));
        city.run(&format!("{verify} spoiled-paper.toml")).ends_with(2);
    }
    for (path, bytes) in city.files("handed-out") {
        assert!(!IDS.iter().any(|prefix| has_id(&bytes, prefix)), "an id is in handed-out/{path}");
    }
}

/// What is found in files of these bytes already: backups, copies and restored registers hold the same ones.
static SEARCHED: LazyLock<Mutex<HashMap<Vec<u8>, Vec<String>>>> = LazyLock::new(Mutex::default);

/// The marks in a file, its name included, through every wrapping; and what of it could not be looked into.
pub(crate) fn canaries_in(path: &str, bytes: &[u8]) -> Vec<String> {
    let in_path = searched(path.as_bytes()).into_iter().map(|found| format!("the name of {path}: {found}"));
    let key = digest::digest(&SHA256, bytes).as_ref().to_vec();
    let known = SEARCHED.lock().unwrap().get(&key).cloned();
    let found = known.unwrap_or_else(|| searched(bytes));
    SEARCHED.lock().unwrap().insert(key, found.clone());
    in_path.chain(found.into_iter().map(|found| format!("{path}: {found}"))).collect()
}

fn searched(bytes: &[u8]) -> Vec<String> {
    let layers = match layers::layers(bytes) {
        Ok(layers) => layers,
        Err(why) => return vec![why],
    };
    let mut found = Vec::new();
    for layer in layers {
        let through = if layer.through.is_empty() { String::new() } else { format!(", through {}", layer.through) };
        found.extend(marks_in(&layer.bytes).into_iter().map(|mark| format!("{mark}{through}")));
        if holds(&layer.bytes, LOCKED) {
            found.push(format!("something cannot be looked into{through}"));
        }
    }
    found
}

/// What databases tell whoever opens them with the logs beside them, as files of their own.
fn add_tables(files: &mut Files) {
    let logs: Vec<String> = files.keys().filter_map(|path| path.strip_suffix("-wal")).map(str::to_owned).collect();
    for path in logs {
        let cells = tables::of_files(&files[&path], Some(&files[&format!("{path}-wal")]));
        files.insert(format!("{path}, its tables"), cells);
    }
}

/// Nothing marked is in these files, nor in their names.
#[track_caller]
fn nothing_is_found(mut files: Files) {
    add_tables(&mut files);
    let found: Vec<String> = files.iter().flat_map(|(path, bytes)| canaries_in(path, bytes)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether an id with this prefix stands in the bytes, and not the end of a longer word such as `step_`.
fn has_id(bytes: &[u8], prefix: &str) -> bool {
    let length = prefix.len();
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    bytes.windows(length).enumerate().any(|(at, window)| {
        window == prefix.as_bytes()
            && letter(bytes.get(at + length))
            && !letter(at.checked_sub(1).and_then(|before| bytes.get(before)))
    })
}

pub(crate) fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    aho_corasick::AhoCorasick::new([wanted]).unwrap().is_match(bytes)
}
