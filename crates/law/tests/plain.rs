//! Rules in plain English: every rule of Boston in a file that a stranger can read, and the turns of phrase one by one.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its pack fails")]
#![expect(clippy::disallowed_methods, reason = "golden files are on the disk")]

mod folder;

use std::path::Path;

use law::{Pack, plain};

/// Every rule of Boston. `BLESS=1 cargo test -p law --test plain` writes the file anew; read the difference aloud.
#[test]
fn every_rule_of_boston_reads_as_the_golden_file_does() {
    let pack = folder::load("us-ma-boston");
    let mut text = String::from(
        "Every rule of us-ma-boston in plain English. Read it aloud.\n\
         BLESS=1 cargo test -p law --test plain writes this file anew.\n",
    );
    for section in &pack.sections {
        text.push_str(&format!("\n\n{}: {}\n", section.citation, section.title));
        for rule in &section.rules {
            text.push_str(&format!("\n{}\n{}\n", rule.id, filled(&plain::rule(&pack, rule).text())));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/us-ma-boston.plain.txt");
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{} differs (hint: BLESS=1 writes it anew)\n{text}", path.display());
}

/// Breaks text into lines of a hundred characters, set in by two.
fn filled(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if lines.last().unwrap().chars().count() + word.chars().count() > 98 {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        line.push_str(if line.is_empty() { "  " } else { " " });
        line.push_str(word);
    }
    lines.join("\n")
}

const _: fn(&Pack) = |_| {};
