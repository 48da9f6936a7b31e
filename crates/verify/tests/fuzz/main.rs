//! Bytes of a stranger: whatever they are, a parser of published bytes does not panic, holds no more memory than a few times
//! what it was given, and writes what it accepts as it read it.
//!
//! Each parser begins from the files of `corpus/NAME` and changes them, the same way on every run. An accepted change is
//! changed further. `CANDOR_FUZZ_ROUNDS` and `CANDOR_FUZZ_SEED` make a run longer and another one (CONTRIBUTING.md). What
//! breaks a parser is written to a file, to be put into the corpus with the mending.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "whatever is wrong here fails the test"
)]
#![expect(clippy::disallowed_methods, reason = "the corpus is in files, and whoever runs it says for how long")]

mod mutate;
mod parsers;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use faults::Dice;

use crate::parsers::{PARSERS, Parse, Parser};

#[global_allocator]
static MEMORY: faults::Counted = faults::Counted;

/// Changed inputs of each parser, where nobody asks for more.
const ROUNDS: usize = 4_000;

/// Inputs that are kept to be changed further, beside the corpus.
const KEPT: usize = 200;

/// Memory that a parser may hold at once: so many bytes for each byte it is given, and so many beside.
const HELD_FOR_EACH: usize = 48;
const HELD_BESIDE: usize = 4 * 1024;

/// What a parser did with an input.
#[derive(Debug, PartialEq, Eq)]
enum Done {
    Refused,
    Accepted,
    Wrong(String),
}

fn tried(parse: Parse, input: &[u8]) -> Done {
    let (written, held) = faults::most_held(|| catch_unwind(|| parse(input)));
    let most = HELD_BESIDE + HELD_FOR_EACH * input.len();
    match written {
        Err(_) => Done::Wrong("it panics".to_owned()),
        Ok(_) if held > most => Done::Wrong(format!("it holds {held} bytes at once, and {most} are the most")),
        Ok(None) => Done::Refused,
        Ok(Some(written)) if written == input => Done::Accepted,
        Ok(Some(written)) => Done::Wrong(format!("it is written differently:\n{}", written.escape_ascii())),
    }
}

#[test]
fn whatever_a_stranger_publishes_is_refused_or_read_in_its_one_spelling() {
    let rounds = asked("CANDOR_FUZZ_ROUNDS").unwrap_or(ROUNDS);
    let seed = asked("CANDOR_FUZZ_SEED").unwrap_or(6962);
    for parser in PARSERS {
        let (mut inputs, mut accepted) = (corpus(parser), 0);
        for (path, input) in &inputs {
            accepted += usize::from(outcome(parser, path, input) == Done::Accepted);
        }
        assert!(accepted > 0, "`{}` accepts nothing of its corpus, so nothing of it is tried", parser.name);
        let (begun_from, mut changed) = (inputs.len(), 0);
        let mut dice = Dice::new(u64::try_from(seed).unwrap());
        for round in 0..rounds {
            let (whole, other) = (&inputs[dice.below(inputs.len())].1, &inputs[dice.below(inputs.len())].1);
            let input = mutate::mutated(whole, other, &mut dice);
            if input == *whole {
                continue;
            }
            let name = format!("seed-{seed}-round-{round}");
            if outcome(parser, &name, &input) == Done::Accepted {
                changed += 1;
                let place = begun_from + dice.below(KEPT);
                match inputs.get_mut(place) {
                    Some(kept) => *kept = (name, input),
                    None => inputs.push((name, input)),
                }
            }
        }
        println!("{}: {rounds} changed inputs, {changed} of them accepted", parser.name);
    }
}

/// What came of an input; a wrong one is written to a file and fails the test.
fn outcome(parser: &Parser, name: &str, input: &[u8]) -> Done {
    let done = tried(parser.parse, input);
    let Done::Wrong(what) = &done else { return done };
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.input", parser.name));
    fs::write(&file, input).unwrap();
    let shown = input.escape_ascii();
    panic!("`{}`, {name}: {what}\nThe input is in {}:\n{shown}", parser.name, file.display());
}

/// The inputs a parser begins from, each with its name, in the order of their names.
fn corpus(parser: &Parser) -> Vec<(String, Vec<u8>)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = parser.golden.iter().map(|folder| here.join("../register/tests/golden").join(folder));
    let folders: Vec<PathBuf> = golden.chain([here.join("tests/fuzz/corpus").join(parser.name)]).collect();
    let mut inputs = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.exists()) {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let mut bytes = fs::read(&path).unwrap();
            // Golden files end with a line feed, which the bytes of an event do not.
            if path.extension().is_some_and(|extension| extension == "json") {
                bytes.pop_if(|last| *last == b'\n');
            }
            inputs.push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes));
        }
    }
    inputs.sort();
    inputs
}

/// A number from the environment.
fn asked(name: &str) -> Option<usize> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is `{text}` and should be a number")))
}

/// Parsers that are wrong, each in its way.
#[test]
fn a_parser_that_is_wrong_is_found_out() {
    let lenient: Parse = |bytes| Some(bytes.trim_ascii_end().to_vec());
    let greedy: Parse = |bytes| {
        let claimed = usize::from(*bytes.first()?) * 1_000;
        Some(vec![0_u8; claimed]).filter(|claimed| claimed.len() < bytes.len())
    };
    let hasty: Parse = |bytes| Some(bytes[..4].to_vec());
    let cases = [
        ("lenient", lenient, b"text".as_slice(), b"text\n".as_slice(), "it is written differently:\ntext"),
        ("greedy", greedy, b"\x01", b"\xff", "it holds 255000 bytes at once, and 4144 are the most"),
        ("hasty", hasty, b"four", b"six", "it panics"),
    ];
    for (name, parse, well, ill, what) in cases {
        assert!(!matches!(tried(parse, well), Done::Wrong(_)), "{name}");
        assert_eq!(tried(parse, ill), Done::Wrong(what.to_owned()), "{name}");
    }
}
