//! Nothing of a person leaves the vault's sealed rows. Every value on the small year's forms is a canary: after the
//! story, failing commands included, every byte of every file and of all that was said is searched for it.

use std::fs;

use aws_lc_rs::digest::{self, SHA256};

use crate::city::{City, REASON};
use crate::folder::Files;

/// What the forms print about persons, and the typed reason of a departure.
const CANARIES: &[&str] = &[
    "CANARY-SUBJECT-31",
    "CANARYEVENT4471",
    "A918273645",
    "918273645",
    "Canary-Ibarra, Quetzal",
    "CANARY IBARRA, Q.",
    "Canary-Okonkwo, Ngozi",
    "1931-07-19",
    "1947-02-28",
    "Canarybourg",
    "Canaryman, Deputy",
    "555-0142-CANARY",
    "CANARYBOOK77",
    "canary smuggling",
    REASON,
    // What identifies a paper to its holder is committed to, and never written.
    "i-247a|2022-12-01|CANARY-SUBJECT-31",
    "i-247a|2022-12-04|A918273645",
    // Parts of the above that would do.
    "canary",
    "Okonkwo",
    "Quetzal",
];

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
    failing_commands(&city);
    inquiries(&city);
    let mut all: Files = Files::new();
    for place in PLACES {
        all.extend(city.files(place).into_iter().map(|(path, bytes)| (format!("{place}/{path}"), bytes)));
    }
    all.insert("bag".to_owned(), fs::read(city.path("bag")).unwrap());
    all.insert("what was said".to_owned(), city.said());
    assert!(all.len() > 40, "the story left too few files to prove anything: {}", all.len());
    let found: Vec<String> = all.iter().flat_map(|(path, bytes)| canaries_in(path, bytes)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
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
    let found: Vec<String> = all.iter().flat_map(|(path, bytes)| canaries_in(path, bytes)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
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

#[test]
fn the_search_finds_a_canary_in_every_disguise() {
    let name = "Canary-Okonkwo, Ngozi";
    let mut disguises = vec![
        name.as_bytes().to_vec(),
        name.to_uppercase().into_bytes(),
        hex(name.as_bytes()).into_bytes(),
        name.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        name.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        tlog::hash_leaf(name.as_bytes()).to_string().into_bytes(),
        sha256(name).to_vec(),
        hex(&sha256(&name.to_lowercase())).into_bytes(),
    ];
    for shift in 0..3 {
        disguises.push(base64(&[&vec![b'x'; shift], name.as_bytes(), b"yz"].concat()).into_bytes());
    }
    for disguise in disguises {
        let bytes = [b"\x00\xff before ", disguise.as_slice(), b" after"].concat();
        assert!(!canaries_in("a file", &bytes).is_empty(), "{}", String::from_utf8_lossy(&disguise));
    }
    assert!(canaries_in("a file", b"nothing of the kind").is_empty());
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

/// Commands that go wrong beside a canary.
fn failing_commands(city: &City) {
    city.ok("report register --year 2022 --out draft");
    city.ok("law replay register --act trust-act@2014");
    city.ok("law replay register --pack us-tx-travis-county --json");
    let good = fs::read_to_string(city.path("first.toml")).unwrap();
    let spoiled = [
        good.replace("i-247a", "i-247b"),
        good.replace("= \"A918273645\"", "= \"A918273645\\u0007CANARY\""),
        good.replace("= \"Canarybourg\"", "= Canarybourg"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg\" \"CANARYBOOK77\""),
        good.replace("= \"Canarybourg\"", "= \"Canary\\u0001bourg\""),
        good.replace("= \"Canarybourg\"", "= \"\"\"Canarybourg\nCANARYBOOK77\"\"\""),
        good.replace("= \"Canarybourg\"", "= [\"Canarybourg\"]"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg\\q\""),
        good.replace("citizenship = \"Canarybourg\"", "name = \"Canary-Okonkwo, Ngozi\""),
        good.replace("born_on = 1931-07-19", "born_on = \"1931-07-19\""),
        good.replace("born_on = 1931-07-19", "born_on = 1931-07-19T00:00"),
        good.replace("born_on = 1931-07-19", "born_on = 1931-07-19-1947-02-28"),
        good.replace("[printed]", "[printted]"),
        good.replace("citizenship =", "CANARYEVENT4471 ="),
        good.replace("citizenship = \"Canarybourg\"", "\"Canary-Ibarra, Quetzal\" = \"1\""),
        good.replace("edition =", "Canarybourg = 1\nedition ="),
        good.replace("[arrival]", "[arrival]\n\"Canaryman, Deputy\" = 1"),
        good.replace("[printed]", "[printed.CANARYBOOK77]\n[printed]"),
        good.replace("[printed]", "[CANARYBOOK77.CANARYEVENT4471]\n[printed]"),
        good.replace("[printed]", "[Canarybourg]\n[Canarybourg]\n[printed]"),
        good.replace("[printed]", "[[person]]\n\"Canary-Okonkwo, Ngozi\" = 1\n[printed]"),
        good.replace("line_a1-fax", "line_nowhere"),
        good.replace("2022-12-02T01", "2032-12-02T01"),
        good.replace("asks = [\"hold\", \"notify\"]", "asks = [\"hold\", \"hold\"]"),
    ];
    for (number, text) in spoiled.iter().enumerate() {
        assert_ne!(*text, good, "form {number} is not spoiled");
        city.write("spoiled.toml", text);
        let ran = city.run("receive register spoiled.toml --as person_officer --at 2023-01-06T10:00-05:00");
        assert_eq!(ran.code, 1, "form {number}: {}{}", ran.stdout, ran.stderr);
    }
    let third = fs::read_to_string(city.path("third.toml")).unwrap().replace("T23:30", "T23:31");
    city.write("third.toml", &third);
    let request = city.ok("receive register third.toml --json --as person_officer --at 2023-01-06T10:00-05:00");
    let request = request.split('"').nth(3).unwrap();
    let decide = format!("decide register {request} --facts first.toml --do notify=honored --as person_officer");
    city.run(&format!("{decide} --departure mistake --reason-file reason.txt --at 2023-01-06T10:00-05:00"))
        .ends_with(1);
    city.run(&format!("{decide} --departure misteak --reason-file reason.txt --at 2023-01-06T10:00-05:00"))
        .ends_with(2);
    city.run(&format!("{decide} --reason-file reason.txt --at 2023-01-06T10:00-05:00")).ends_with(2);
    city.write(
        "spoiled-commands.toml",
        &format!("[[command]]\ndo = \"decide\"\nreason = \"{REASON}\"\nask = \"holt\"\n"),
    );
    city.run("record register spoiled-commands.toml --as person_officer --at 2023-01-06T10:00-05:00").ends_with(1);
}

/// The canaries in some bytes, as they are, in any case, in UTF-16, in hex, in base64, and as a plain hash in each of these.
pub(crate) fn canaries_in(path: &str, bytes: &[u8]) -> Vec<String> {
    // What is no ASCII becomes a mark, so that the text stays as long and searching it is quick.
    let text: String = bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{7f}' }).collect();
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for canary in CANARIES {
        let mut find = |is_there: bool, how: &str| {
            if is_there {
                found.push(format!("{path}: `{canary}` {how}"));
            }
        };
        let cases = [(*canary).to_owned(), canary.to_lowercase(), canary.to_uppercase()];
        find(lower.contains(&cases[1]), "as it is");
        find(lower.contains(&wide(&cases[1])), "in UTF-16");
        for case in &cases {
            find(lower.contains(&hex(case.as_bytes())), "in hex");
            find(base64_inside(case).iter().any(|inside| text.contains(inside)), "in base64");
            for hash in [sha256(case), tlog::hash_leaf(case.as_bytes()).0] {
                find(lower.contains(&hex(&hash)), "as a hash in hex");
                find(text.contains(base64(&hash).trim_end_matches('=')), "as a hash in base64");
                find(holds(bytes, &hash), "as a hash");
            }
        }
    }
    found
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
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn sha256(text: &str) -> [u8; 32] {
    digest::digest(&SHA256, text.as_bytes()).as_ref().try_into().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How UTF-16 has a text, in whichever order of bytes.
fn wide(text: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join("\0")
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let number = three.iter().fold(0usize, |number, byte| number << 8 | usize::from(*byte));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[number >> (18 - 6 * place) & 63]));
        }
        text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    text
}

/// How a text looks inside base64 of something longer: three ways, by where it begins. Its first and last letters
/// depend on its neighbours and are left out.
fn base64_inside(text: &str) -> Vec<String> {
    let inside = |shift: usize| {
        let whole = base64(&[vec![0; shift], text.as_bytes().to_vec()].concat());
        let from = (shift * 8).div_ceil(6);
        let until = (shift + text.len()) * 8 / 6;
        whole[from..until].to_owned()
    };
    (0..3).map(inside).collect()
}
