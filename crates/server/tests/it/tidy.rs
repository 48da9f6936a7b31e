//! The tree is tidy: rules of the house that neither the compiler nor clippy holds. Each check reads the files, lists
//! all that breaks it, and is shown a planted mistake, so that it is known to see one.
//!
//! When the command line is settled, a check that every verb stands in README.md or docs/ belongs here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::city::repository;

/// The text files of the repository: path from its root to text.
type Tree = BTreeMap<String, String>;

/// A check: all that is wrong with a tree, one line each.
type Check = fn(&Tree) -> Vec<String>;

/// The tree passes a check, and each planted file fails it.
#[track_caller]
fn tidy(check: Check, planted: &[(&str, &str)]) {
    let tree = read();
    let wrong = check(&tree);
    assert!(wrong.is_empty(), "not tidy:\n{}", wrong.join("\n"));
    for (path, text) in planted {
        let mut planted = tree.clone();
        planted.insert((*path).to_owned(), (*text).to_owned());
        assert!(!check(&planted).is_empty(), "the check does not see what is wrong with {path}:\n{text}");
    }
}

/// Crates and those of ours that each depends on. A further arrow needs a further wall: ARCHITECTURE.md.
const ARROWS: &[(&str, &[&str])] = &[
    ("faults", &[]),
    ("law", &[]),
    ("register", &["law", "tlog"]),
    ("server", &["law", "register", "tlog", "verify"]),
    ("tlog", &[]),
    ("verify", &["law", "register", "tlog"]),
];

/// The crates depend on each other as ARCHITECTURE.md draws it, no more and no less.
fn crate_arrows(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in manifests(tree) {
        let name = path.split('/').nth(1).unwrap();
        let Some((_, arrows)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("{path}: a crate that ARROWS does not know"));
            continue;
        };
        let ours = |section: &str| -> Vec<String> {
            let named = dependencies(text, section).into_iter().map(|line| word_at(line).to_owned());
            named.filter(|name| ARROWS.iter().any(|(ours, _)| ours == name)).collect()
        };
        if ours("[dependencies]") != *arrows {
            wrong.push(format!("{path}: depends on {:?} and should on {arrows:?}", ours("[dependencies]")));
        }
        // What lies beneath a test program is no room of the house.
        let may = |name: &str| arrows.contains(&name) || (name == "faults" && !arrows.is_empty());
        for other in ours("[dev-dependencies]").iter().filter(|name| !may(name)) {
            wrong.push(format!("{path}: its tests depend on `{other}`, against the arrows"));
        }
    }
    wrong
}

#[test]
fn crates_depend_on_each_other_as_drawn() {
    let backwards = "[dependencies]\nlaw.workspace = true\nregister.workspace = true\n";
    let in_tests = "[dependencies]\n[dev-dependencies]\nverify.workspace = true\n";
    tidy(
        crate_arrows,
        &[
            ("crates/law/Cargo.toml", backwards),
            ("crates/tlog/Cargo.toml", in_tests),
            ("crates/verify/Cargo.toml", backwards),
            ("crates/sixth/Cargo.toml", "[dependencies]\n"),
        ],
    );
}

/// Each document that a text names is in the repository: a reader can open it.
fn named_documents(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, number, line) in lines(tree) {
        let names = line.split(['`', '(', ')']).filter(|name| name.ends_with(".md") && !name.contains([' ', '*', '"']));
        // The packs are left out of the tree: their own check reads them.
        for name in names.filter(|name| !name.starts_with("law/")) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !tree.contains_key(name) && !tree.contains_key(&format!("{folder}/{name}")) {
                wrong.push(format!("{path}:{number}: there is no document `{name}`"));
            }
        }
    }
    wrong
}

#[test]
fn every_document_named_is_there() {
    let comment = concat!("//! As `el", "sewhere.md` says.\n");
    let link = concat!("[why](docs/NOTHING", ".md)\n");
    tidy(named_documents, &[("crates/law/src/x.rs", comment), ("README.md", link)]);
}

/// Every dependency has its reason beside it in the root manifest, and members take it from there; so do the lints.
fn dependency_reasons(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let reasonless =
        |line: &&str| !line.contains("path = ") && line.split_once('#').is_none_or(|(_, why)| why.len() < 8);
    for line in dependencies(&tree["Cargo.toml"], "[workspace.dependencies]").into_iter().filter(reasonless) {
        wrong.push(format!("Cargo.toml: no reason beside `{line}`"));
    }
    for (path, text) in manifests(tree) {
        for section in ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"] {
            for line in dependencies(text, section).into_iter().filter(|line| !line.ends_with(".workspace = true")) {
                wrong.push(format!("{path}: `{line}` is not taken from the workspace"));
            }
        }
        // One crate may use `unsafe`, which a lint that forbids it cannot be told; it says what it takes in its place.
        let own = path == "crates/faults/Cargo.toml" && text.contains("undocumented_unsafe_blocks = \"deny\"");
        if !text.contains("[lints]\nworkspace = true") && !own {
            wrong.push(format!("{path}: the workspace's lints are not taken over"));
        }
    }
    wrong
}

#[test]
fn every_dependency_has_its_reason() {
    let root = "[workspace.dependencies]\nlaw = { path = \"crates/law\" }\nleft-pad = \"1\"\n";
    let own_version = "[dependencies]\nleft-pad = \"1\"\n[lints]\nworkspace = true\n";
    let no_lints = "[dependencies]\n";
    tidy(
        dependency_reasons,
        &[("Cargo.toml", root), ("crates/law/Cargo.toml", own_version), ("crates/law/Cargo.toml", no_lints)],
    );
}

/// Lines of a source file at most.
const LINES_MAX: usize = 600;

/// No source file is too long to be read at once.
fn file_sizes(tree: &Tree) -> Vec<String> {
    let long = sources(tree).filter(|(_, text)| text.lines().count() > LINES_MAX);
    long.map(|(path, text)| format!("{path}: {} lines, and the limit is {LINES_MAX}", text.lines().count())).collect()
}

#[test]
fn no_source_file_is_too_long() {
    tidy(file_sizes, &[("crates/law/src/long.rs", &"//! Long.\n".repeat(LINES_MAX + 1))]);
}

/// Every source file says first what it is for.
fn module_docs(tree: &Tree) -> Vec<String> {
    let silent = sources(tree).filter(|(path, text)| {
        // The tests of a module are for that module.
        path.contains("/src/")
            && !path.ends_with("/tests.rs")
            && !text.starts_with(if path.ends_with(".sql") { "-- " } else { "//! " })
    });
    silent.map(|(path, _)| format!("{path}: its first line does not say what it is for")).collect()
}

#[test]
fn every_source_file_says_first_what_it_is_for() {
    tidy(module_docs, &[("crates/law/src/silent.rs", "use std::fmt;\n"), ("crates/server/src/x.sql", "CREATE\n")]);
}

/// What stands nowhere in sources, scripts and documents, and why. Put together here, so that this file passes.
const NOWHERE: &[(&str, &str)] = &[
    (concat!("dbg", "!("), "it is for debugging"),
    (concat!("to", "do!("), "say no with a value"),
    (concat!("unimple", "mented!("), "say no with a value"),
    (concat!("FIX", "ME"), "fix it, or file an issue"),
    (concat!("#[ig", "nore"), "a test runs or goes"),
    (concat!("#[should_", "panic"), "a refusal is a value: compare it"),
    (concat!("/ro", "ot/"), "it is a path of one machine"),
    (concat!("/ho", "me/"), "it is a path of one machine"),
    (concat!("/wo", "rk/"), "it is a path of one machine"),
    (concat!("/fa", "rm/"), "it is a path of one machine"),
];

/// Words that stand nowhere; and notes of what is left to do name their issue.
fn forbidden_words(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, number, line) in lines(tree) {
        for (word, why) in NOWHERE {
            // In the midst of a longer path or address it is another word.
            let longer = |at: usize| word.starts_with('/') && line[..at].ends_with(|c: char| c.is_alphanumeric());
            if line.match_indices(word).any(|(at, _)| !longer(at)) {
                wrong.push(format!("{path}:{number}: `{word}`: {why}"));
            }
        }
        let note = concat!("TO", "DO");
        if line.match_indices(note).any(|(at, _)| !line[at + note.len()..].starts_with("(#")) {
            wrong.push(format!("{path}:{number}: `{note}` names no issue (hint: write `{note}(#12)`)"));
        }
        let uses_unsafe = line.contains(concat!("unsafe", " {")) || line.contains(concat!("unsafe", " fn"));
        if uses_unsafe && !path.starts_with("crates/faults/") {
            wrong.push(format!("{path}:{number}: only the crate `faults` may do this"));
        }
    }
    wrong
}

#[test]
fn forbidden_words_stand_nowhere() {
    let planted: Vec<String> = NOWHERE.iter().map(|(word, _)| format!("a {word}b\n")).collect();
    let mut planted: Vec<(&str, &str)> = planted.iter().map(|text| ("docs/PLANTED.md", text.as_str())).collect();
    planted.push(("crates/law/src/x.rs", concat!("//! TO", "DO: later.\n")));
    planted.push(("crates/law/src/x.rs", concat!("//! X.\nunsafe", " { }\n")));
    tidy(forbidden_words, &planted);
}

/// What stays in a room: the words, where in the sources they may stand, and why.
const ROOMS: &[(&[&str], &[&str], &str)] = &[
    (
        &["Serialize"],
        &["crates/register/src/wire.rs", "crates/register/src/wire/", "crates/law/src/", "crates/server/src/"],
        "only `wire` knows the bytes of the register",
    ),
    (
        &["SELECT ", "INSERT INTO", "CREATE TABLE", "DELETE FROM"],
        &["crates/server/src/store/", "crates/server/src/vault/"],
        "SQL stands only in the store and the vault",
    ),
    (
        &[
            "std::fs",
            "std::env",
            "std::io",
            "std::net",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant",
            "async fn",
            "HashMap",
            "HashSet",
            "println!",
            "eprintln!",
        ],
        &["crates/server/src/", "crates/faults/src/", "peers/src/"],
        "pure crates have no I/O, no clock, and no order that changes",
    ),
    (&["Timestamp::now", "Zoned::now"], &["crates/server/src/clock.rs"], "only `clock` reads the clock"),
    (
        &["store.commit(", "swap_checkpoint(", "vault.deposit(", "put_entry_keys(", "bind_individual("],
        &[
            "crates/server/src/app.rs",
            "crates/server/src/app/",
            "crates/server/src/store.rs",
            "crates/server/src/store/",
            "crates/server/src/vault",
        ],
        "only `app` changes the record",
    ),
    (
        &[".carry_out("],
        &[
            "crates/server/src/app.rs",
            "crates/server/src/writer.rs",
            // Tests of a commit that fails, which would end the writer's process.
            "crates/server/src/clock_troubles.rs",
            "crates/server/src/disk_troubles.rs",
            "crates/server/src/read_troubles.rs",
        ],
        "everything that changes the record goes through one `submit`",
    ),
    (
        &["open_recorded(", "vault.read(", "vault.unseals("],
        &["crates/server/src/vault", "crates/server/src/app.rs", "crates/server/src/app/"],
        "only `app` opens what is sealed; the vault lists for whom",
    ),
    (
        &[".read_out("],
        &["crates/server/src/reads.rs", "crates/server/src/read_troubles.rs"],
        "only `reads` shows somebody what is sealed",
    ),
];

/// Words stay in their rooms; comments may speak of anything.
fn rooms(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let code = lines(tree).filter(|(path, _, line)| path.contains("/src/") && !line.trim_start().starts_with("//"));
    for (path, number, line) in code {
        for (words, allowed, why) in ROOMS {
            let may = allowed.iter().any(|beginning| path.starts_with(beginning));
            for word in words.iter().filter(|word| !may && line.contains(**word)) {
                wrong.push(format!("{path}:{number}: `{word}`: {why}"));
            }
        }
    }
    wrong
}

#[test]
fn words_stay_in_their_rooms() {
    tidy(
        rooms,
        &[
            ("crates/register/src/x.rs", "#[derive(Serialize)]\n"),
            ("crates/server/src/x.rs", "let sql = \"SELECT 1\";\n"),
            ("crates/register/src/x.rs", "use std::fs;\n"),
            ("crates/law/src/x.rs", "use std::collections::{BTreeMap, HashMap};\n"),
            ("crates/verify/src/x.rs", "println!(\"seen\");\n"),
            ("crates/server/src/x.rs", "let now = Timestamp::now();\n"),
            ("crates/server/src/x.rs", "store.commit(&batch)?;\n"),
        ],
    );
}

/// The modules of `server`, each allowed to name only those above it. A module names what it stands on.
const MODULES: &[&str] = &[
    "clock",
    "store",
    "decoding",
    "vault",
    "leaves",
    "files",
    "text",
    "log_key",
    "receipt_key",
    "packs",
    "paper",
    "page",
    "printed",
    "card",
    "cli",
    "app",
    "writer",
    "bag",
    "publish",
    "filing",
    "examining",
    "backup",
    "record_file",
    "import",
    "screen",
    "view",
    "reads",
    "people",
    "retention",
    "request",
    "receipts",
    "history",
    "questions",
    "filings",
    "watching",
    "checking",
    "replaying",
    "bench",
    "verifying",
    "drill",
    "run",
    "power_cuts",
    "disk_troubles",
    "clock_troubles",
    "read_troubles",
    "main",
];

/// Pairs that the order allows and that are wrong all the same: what shows things does not fetch them.
const APART: &[(&str, &str)] = &[
    ("vault", "clock"),
    ("page", "store"),
    ("page", "vault"),
    ("printed", "store"),
    ("printed", "vault"),
    ("card", "store"),
    ("card", "vault"),
    ("cli", "store"),
    ("cli", "vault"),
    ("screen", "store"),
    ("screen", "vault"),
    ("verifying", "app"),
    ("verifying", "store"),
    ("verifying", "vault"),
    ("writer", "store"),
    ("writer", "vault"),
];

/// Inside `server` a module names only modules above it.
fn module_arrows(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let place = |module: &str| MODULES.iter().position(|known| *known == module);
    for (path, text) in sources(tree) {
        let Some(inner) = path.strip_prefix("crates/server/src/").and_then(|inner| inner.split(['/', '.']).next())
        else {
            continue;
        };
        let Some(at) = place(inner) else {
            wrong.push(format!("{path}: a module that MODULES does not know (hint: put it where it belongs)"));
            continue;
        };
        for named in modules_named(text).into_iter().filter(|named| *named != inner) {
            if place(named).is_none_or(|other| other >= at) || APART.contains(&(inner, named)) {
                wrong.push(format!("{path}: `{inner}` must not name `{named}`"));
            }
        }
    }
    wrong
}

#[test]
fn modules_of_the_server_name_only_what_they_stand_on() {
    tidy(
        module_arrows,
        &[
            ("crates/server/src/store/x.rs", "use crate::app::App;\n"),
            ("crates/server/src/vault.rs", "use crate::{cli, store};\n"),
            ("crates/server/src/screen.rs", "use crate::{\n    app,\n    store::Store,\n};\n"),
            ("crates/server/src/web.rs", "//! A new module.\n"),
        ],
    );
    assert_eq!(modules_named("use crate::{a::{self, B}, c};\ncrate::d::e()"), ["a", "c", "d"]);
}

/// Where the kinds of event are written down, for programs and for people.
const EVENTS: (&str, &str) = ("crates/register/src/wire/event.rs", "docs/LOG-FORMAT.md");

/// Every kind and version of event is described in the format's document.
fn documented_events(tree: &Tree) -> Vec<String> {
    let document = tree.get(EVENTS.1).map(String::as_str).unwrap_or_default();
    let renames =
        tree[EVENTS.0].lines().filter_map(|line| line.trim().strip_prefix("#[serde(rename = \"")?.strip_suffix("\")]"));
    let kinds: Vec<&str> = renames.filter(|kind| kind.contains('/')).collect();
    let missing = kinds.iter().filter(|kind| !document.contains(**kind));
    let mut wrong: Vec<String> = missing.map(|kind| format!("{}: `{kind}` is not described", EVENTS.1)).collect();
    if kinds.len() < 10 {
        wrong.push(format!("{}: only {} kinds of event were found", EVENTS.0, kinds.len()));
    }
    wrong
}

#[test]
fn every_kind_of_event_is_documented() {
    tidy(documented_events, &[(EVENTS.1, "no event at all\n"), (EVENTS.0, "//! No kinds.\n")]);
}

/// What holds nothing written by hand, or no words of ours: the law packs quote the law.
const LEFT_OUT: &[&str] = &["target", ".git", "demo-data", "law"];

/// Endings of the files that people write here.
const WRITTEN: &[&str] = &["rs", "sql", "toml", "md", "html", "txt", "sh", "go"];

fn read() -> Tree {
    let mut tree = Tree::new();
    let root = repository();
    read_folder(&root, &root, &mut tree);
    assert!(tree.len() > 80, "only {} files were found in {}", tree.len(), root.display());
    tree
}

fn read_folder(root: &Path, folder: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let written = path.extension().is_none_or(|ending| WRITTEN.iter().any(|known| ending == *known));
        if folder == root && LEFT_OUT.contains(&name) {
            continue;
        }
        if path.is_dir() {
            read_folder(root, &path, tree);
        } else if path.is_file() && written {
            let inner = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            tree.insert(inner, fs::read_to_string(&path).unwrap());
        }
    }
}

fn manifests(tree: &Tree) -> impl Iterator<Item = (&String, &String)> {
    tree.iter().filter(|(path, _)| path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&String, &String)> {
    tree.iter().filter(|(path, _)| path.starts_with("crates/") && (path.ends_with(".rs") || path.ends_with(".sql")))
}

fn lines(tree: &Tree) -> impl Iterator<Item = (&str, usize, &str)> {
    tree.iter().flat_map(|(path, text)| text.lines().enumerate().map(|(index, line)| (path.as_str(), index + 1, line)))
}

/// The lines of one section of a manifest that name a dependency.
fn dependencies<'t>(manifest: &'t str, section: &str) -> Vec<&'t str> {
    let after = manifest.lines().skip_while(|line| *line != section).skip(1);
    let within = after.take_while(|line| !line.starts_with('['));
    within.filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect()
}

fn word_at(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The modules that a text names as `crate::…`, also several in braces.
fn modules_named(text: &str) -> Vec<&str> {
    let mut named = Vec::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        let Some(inside) = rest.strip_prefix('{') else {
            named.push(word_at(rest));
            continue;
        };
        let mut depth = 0;
        let mut from = 0;
        for (at, c) in inside.char_indices() {
            match c {
                ',' | '}' if depth == 0 => {
                    named.push(word_at(inside[from..at].trim_start()));
                    from = at + 1;
                    if c == '}' {
                        break;
                    }
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    named.retain(|name| !name.is_empty());
    named
}
