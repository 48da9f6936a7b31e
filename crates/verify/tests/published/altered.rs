//! Everything a stranger can do to a published folder: change a byte, take a file away, put one in.
#![expect(clippy::unwrap_used, reason = "a place that is not there fails its test")]

use std::collections::BTreeMap;

use verify::Files;

use crate::world::{ONE, TWO, World, broken, check};

/// Which promise may be the first that a change to a file breaks. The first that fits is meant.
const FIRST: [(&str, &str, &[&str]); 14] = [
    ("checkpoint", "", &["signature"]),
    ("tile/", "", &["tree"]),
    ("keys/", "", &["openings", "accounted"]),
    ("openings/", "/counts-as", &["openings", "counted", "filing"]),
    ("openings/", "/closing", &["openings", "rows", "filing"]),
    ("openings/", "/withheld", &["openings", "rows", "filing"]),
    ("filings/", "/provisional/filing", &["openings", "filing"]),
    ("filings/", "/provisional/report.json", &["filing"]),
    ("filings/", "/filing", &["openings", "counted", "filing"]),
    ("filings/", "/report.json", &["report"]),
    ("filings/", "/report.html", &["filing"]),
    ("law/", ".toml", &["report", "filing"]),
    ("law/", ".md", &["report", "filing"]),
    ("", "", &[]),
];

#[test]
fn no_byte_of_any_file_can_be_changed() {
    let world = &*TWO;
    let files = world.publish();
    for (path, bytes) in &files {
        let middle = bytes.len() / 2;
        // The lowest bit turns text into other text, the highest into no text.
        for (at, bit) in [(0, 1), (middle, 1), (middle, 128), (bytes.len() - 1, 1)] {
            let mut changed = bytes.clone();
            changed[at] ^= bit;
            must_break(world, &files, path, &changed, &format!("byte {at} of `{path}`, bit {bit}"));
        }
    }
}

#[test]
fn no_file_can_be_cut_emptied_lengthened_or_be_no_text() {
    let world = &*TWO;
    let files = world.publish();
    for (path, bytes) in &files {
        let changes = [
            ("cut", bytes[..bytes.len() / 2].to_vec()),
            ("without its last byte", bytes[..bytes.len() - 1].to_vec()),
            ("emptied", Vec::new()),
            ("a byte longer", [bytes.as_slice(), b"\n"].concat()),
            ("twice", [bytes.as_slice(), bytes].concat()),
            ("no text", vec![0xff; bytes.len()]),
        ];
        for (how, changed) in changes {
            must_break(world, &files, path, &changed, &format!("`{path}` {how}"));
        }
    }
}

#[test]
fn no_file_can_take_the_place_of_another() {
    let world = &*TWO;
    let files = world.publish();
    let paths: Vec<&String> = files.keys().collect();
    for (index, path) in paths.iter().enumerate() {
        let other = paths[(index + 1) % paths.len()];
        if files[*path] != files[other] {
            must_break(world, &files, path, &files[other], &format!("`{other}` as `{path}`"));
        }
    }
}

#[test]
fn no_file_can_be_taken_away() {
    let world = &*TWO;
    let files = world.publish();
    for path in files.keys() {
        let mut without = files.clone();
        without.remove(path);
        let verdict = check(&without, &world.vkey(), None, None);
        let named = verdict.findings.iter().any(|finding| finding.place == *path);
        assert!(named, "no finding names `{path}`: {:#?}", verdict.findings);
    }
}

/// A whole filing taken away with all that belongs to it: its leaf is counted, so the last one alone can be missed.
#[test]
fn a_filing_cannot_be_taken_away_with_everything_that_belongs_to_it() {
    let world = &*TWO;
    let cases = [
        ("filings/2022/provisional/", "", &["report", "filing"][..]),
        ("filings/2022/", "openings/2022/", &["counted", "rows", "filing"]),
        ("filings/2023/", "openings/2023/", &[]),
    ];
    for (folder, openings, expected) in cases {
        let kept = |path: &str| !path.starts_with(folder) && (openings.is_empty() || !path.starts_with(openings));
        let files: Files = world.publish().into_iter().filter(|(path, _)| kept(path)).collect();
        let verdict = check(&files, &world.vkey(), None, None);
        assert_eq!(broken(&verdict), expected, "without `{folder}`: {:#?}", verdict.findings);
    }
}

#[test]
fn no_file_can_be_put_in() {
    let world = &*ONE;
    let law = format!("law/{}/sections/more.md", world.pack.hash());
    let cases: [(&str, &[&str]); 19] = [
        ("readme.txt", &["accounted"]),
        ("checkpoint.old", &["accounted"]),
        ("tile/0/001", &["accounted"]),
        ("tile/entries/000", &["accounted"]),
        // In the place of an older partial tile: it must begin the one that is there now.
        ("tile/0/000.p/16", &["tree"]),
        ("tile/entries/000.p/16", &["tree"]),
        ("tile/0/000.p/200", &["accounted"]),
        ("tile/0/001.p/16", &["accounted"]),
        ("tile/0/000.p/016", &["accounted"]),
        ("filings/2022/report.csv", &["accounted"]),
        ("filings/filing", &["accounted"]),
        ("filings/2022/more/filing", &["accounted"]),
        ("openings/2022/more", &["accounted"]),
        ("openings/all", &["accounted"]),
        (&law, &["accounted"]),
        ("", &["accounted"]),
        ("filings/2021/report.json", &["filing", "accounted"]),
        ("openings/2023/counts-as", &["filing", "accounted"]),
        ("filings/2023/filing", &["openings"]),
    ];
    for (path, expected) in cases {
        let mut files = world.publish();
        files.insert(path.to_owned(), b"anything\n".to_vec());
        let verdict = check(&files, &world.vkey(), None, None);
        assert_eq!(broken(&verdict), expected, "`{path}`: {:#?}", verdict.findings);
    }
}

/// The one file that no hash protects is the opening of a filing's own leaf: all of it must be proved by itself.
#[test]
fn the_opening_of_a_filing_says_one_thing_only() {
    let world = &*ONE;
    let path = "filings/2022/filing";
    let text = String::from_utf8(world.publish().remove(path).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |line: usize| {
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != line).map(|(_, line)| *line).collect();
        kept.join("\n") + "\n"
    };
    let position = lines[3].split(' ').next().unwrap();
    let cases = [
        ("called live", text.replace("demonstration, invented rows", "live"), "openings"),
        ("of another log", text.replace("candor.example/nowhere", "candor.example/somewhere"), "openings"),
        ("without what it counts as", without(3), "filing"),
        ("without its year", without(4), "filing"),
        ("without what was filed", without(5), "filing"),
        ("of no leaf", format!("{}\n{}\n{}\n", lines[0], lines[1], lines[2]), "filing"),
        ("of another leaf", text.replace(&format!("\n{position} "), "\n0 "), "openings"),
    ];
    for (how, changed, expected) in cases {
        assert_ne!(changed, text, "{how}");
        let mut files = world.publish();
        files.insert(path.to_owned(), changed.into_bytes());
        let verdict = check(&files, &world.vkey(), None, None);
        assert_eq!(broken(&verdict).first(), Some(&expected), "{how}: {:#?}", verdict.findings);
    }
}

/// One finding for one change where one promise is broken: a reader is not buried under what follows from it.
#[test]
fn a_changed_tile_or_entry_is_told_once() {
    let world = &*TWO;
    let counts: BTreeMap<String, usize> = world
        .publish()
        .keys()
        .filter(|path| path.starts_with("tile/"))
        .map(|path| {
            let mut files = world.publish();
            files.get_mut(path).unwrap()[20] ^= 1;
            (path.clone(), check(&files, &world.vkey(), None, None).findings.len())
        })
        .collect();
    assert!(counts.values().all(|findings| *findings == 1), "{counts:?}");
}

fn must_break(world: &World, files: &Files, path: &str, changed: &[u8], how: &str) {
    let mut files = files.clone();
    files.insert(path.to_owned(), changed.to_vec());
    let verdict = check(&files, &world.vkey(), None, None);
    let first = broken(&verdict).first().copied();
    let (_, _, expected) = FIRST.iter().find(|(start, end, _)| path.starts_with(start) && path.ends_with(end)).unwrap();
    assert!(first.is_some_and(|first| expected.contains(&first)), "{how}: {first:?}, {:#?}", verdict.findings);
}
