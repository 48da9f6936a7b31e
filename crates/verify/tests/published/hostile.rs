//! Whatever the folder holds, the verifier answers: it does not panic, does not hang and does not run out of memory.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a place that is not there fails its test")]

use register::event::Event;
use tlog::{Hash, SigningKey};
use verify::{Files, Promise};

use crate::world::{HONEST, Insider, ONE, ONE_YEAR, ORIGIN, Story, World, broken, check};

/// How the events of a world are changed.
type Change = fn(&mut Vec<Event>);

/// Changes tried. Each is one to four edits of one file.
const ROUNDS: u32 = 2000;

/// Every change is found, whatever it is, unless it changes nothing.
#[test]
fn random_changes_are_all_found() {
    let world = &*ONE;
    let files = world.publish();
    let paths: Vec<&String> = files.keys().collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..ROUNDS {
        let path = paths[dice.below(paths.len())];
        let mut changed = files.clone();
        let bytes = changed.get_mut(path).unwrap();
        for _ in 0..=dice.below(4) {
            edit(bytes, &files, &mut dice);
        }
        let same = *bytes == files[path];
        let verdict = check(&changed, &world.vkey(), None, None);
        assert_eq!(verdict.findings.is_empty(), same, "round {round}, `{path}`: {:#?}", verdict.findings);
    }
}

/// The same for the bag and the older checkpoint, which come from elsewhere.
#[test]
fn a_random_bag_or_older_checkpoint_is_answered() {
    let world = World::opened_and_grown();
    let (files, bag) = (world.publish(), world.bag());
    let since = world.checkpoints[0].clone();
    let mut dice = Dice(0xd1b5_4a32_d192_ed03);
    for round in 0..ROUNDS / 10 {
        let (mut bag_bytes, mut since_bytes) = (bag.clone().into_bytes(), since.clone().into_bytes());
        edit(&mut bag_bytes, &files, &mut dice);
        edit(&mut since_bytes, &files, &mut dice);
        let (Ok(bad_bag), Ok(bad_since)) = (String::from_utf8(bag_bytes), String::from_utf8(since_bytes)) else {
            continue;
        };
        let verdict = check(&files, &world.vkey(), Some(&bad_since), Some(&bad_bag));
        let same = bad_bag == bag && bad_since == since;
        assert_eq!(verdict.findings.is_empty(), same, "round {round}: {bad_bag}\n{bad_since}");
    }
}

/// Sizes that a key can sign and no folder can hold.
#[test]
fn a_signed_size_out_of_all_measure_is_answered() {
    let world = &*ONE;
    for size in [0, 1, 255, 1 << 20, 1 << 32, 1 << 63, u64::MAX - 15, u64::MAX] {
        let mut files = world.publish();
        files.insert("checkpoint".to_owned(), world.sign(size, Hash([9; 32])).into_bytes());
        let verdict = check(&files, &world.vkey(), None, Some(&world.bag()));
        assert_eq!(broken(&verdict), ["tree"], "{size} leaves");
    }
}

/// Numbers in a filing that the key has signed.
#[test]
fn ranges_out_of_all_measure_are_answered() {
    fn opens<const FROM: u64, const UNTIL: u64>(events: &mut Vec<Event>) {
        for event in events {
            if let Event::ReportFiled(filing) = event {
                filing.opens = filing.opens.map(|_| (FROM, UNTIL));
            }
        }
    }
    fn frozen<const SIZE: u64>(events: &mut Vec<Event>) {
        for event in events {
            if let Event::ReportFiled(filing) = event {
                filing.frozen.size = SIZE;
            }
        }
    }
    let cases: [(&str, Change, &str); 7] = [
        ("to the end of numbers", opens::<0, { u64::MAX }>, "counted"),
        ("from the end of numbers", opens::<{ u64::MAX }, { u64::MAX }>, "counted"),
        ("backwards", opens::<{ u64::MAX }, 0>, "counted"),
        ("nothing", opens::<0, 0>, "counted"),
        ("one more than there is", opens::<0, 10_000>, "counted"),
        ("frozen at the end of numbers", frozen::<{ u64::MAX }>, "rows"),
        ("frozen at nothing", frozen::<0>, "rows"),
    ];
    for (what, events, expected) in cases {
        let world = Story { insider: Insider { events, ..HONEST }, ..ONE_YEAR }.play();
        let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
        assert_eq!(broken(&verdict).first(), Some(&expected), "{what}: {:#?}", verdict.findings);
    }
}

#[test]
fn a_folder_without_anything_is_answered() {
    let world = World::opened_and_grown();
    let verdict = check(&Files::new(), &world.vkey(), Some(&world.checkpoints[0]), Some(&world.bag()));
    assert_eq!(broken(&verdict), ["signature"]);
    assert_eq!(verdict.findings[0].place, "checkpoint");
}

#[test]
fn the_key_must_be_the_logs_own() {
    let world = &*ONE;
    let files = world.publish();
    let keys = [
        ("another key of the same name", SigningKey::from_seed(ORIGIN, &[2; 32]).unwrap()),
        ("the same key under another name", SigningKey::from_seed("candor.example/elsewhere", &[1; 32]).unwrap()),
    ];
    for (what, key) in keys {
        let verdict = check(&files, &key.vkey(), None, None);
        assert_eq!(broken(&verdict), ["signature"], "{what}: {:#?}", verdict.findings);
        // And whoever signs the true tree with it does not get past the true key.
        let mut forged = files.clone();
        let text = String::from_utf8(files["checkpoint"].clone()).unwrap();
        let (text, _) = text.split_once("\n\n").unwrap();
        let note = tlog::sign(&format!("{text}\n"), &[&key]).unwrap();
        forged.insert("checkpoint".to_owned(), note.into_bytes());
        let verdict = check(&forged, &world.vkey(), None, None);
        assert_eq!(broken(&verdict), ["signature"], "{what}: {:#?}", verdict.findings);
    }
}

/// What comes from a folder is shown on a terminal: nothing in it may steer that, and nothing may fake a line.
#[test]
fn no_text_of_a_folder_steers_the_terminal() {
    let world = &*ONE;
    let bad = "\u{1b}[2J\u{9b}31m\r\nholds\u{202e}";
    let mut files = world.publish();
    files.insert(format!("{bad}.txt"), Vec::new());
    files.insert(format!("filings/2022/{bad}"), Vec::new());
    let file = files.get_mut("openings/2022/counts-as").unwrap();
    *file = String::from_utf8(file.clone()).unwrap().replace(ORIGIN, "another\u{1b}[2Jlog").into_bytes();
    let bag = world.bag().replace("\"by\":\"person_clerk\"", "\"by\":\"\u{9b}31m\"");
    let verdict = check(&files, &world.vkey(), None, Some(&bag));
    let told = format!("{:?}", verdict.findings);
    assert!(told.contains("holds") && told.contains("31m"), "{told}");
    let texts = verdict.findings.iter().flat_map(|finding| [&finding.place, &finding.what]);
    for text in texts.chain(&verdict.notices).chain(verdict.checked.values()) {
        assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
    }
}

/// A folder of very many wrong files is answered with as many findings as anybody would read, and their number.
#[test]
fn findings_without_end_are_counted_and_not_listed() {
    let world = World::opened_and_grown();
    let mut files = world.publish();
    files.extend((0..1_005).map(|number| (format!("more/{number:04}"), Vec::new())));
    let verdict = check(&files, &world.vkey(), None, None);
    assert_eq!(broken(&verdict), ["accounted"]);
    assert_eq!(verdict.findings.len(), 1_001);
    let last = verdict.findings.last().unwrap();
    assert_eq!(
        (last.place.as_str(), last.what.as_str()),
        ("other places", "and 5 more: the first 1000 found are listed")
    );
}

/// A text without end in a file is cut where a finding repeats it.
#[test]
fn a_text_without_end_is_cut() {
    let world = &*ONE;
    let mut files = world.publish();
    let text = format!("candor openings v1\n{}\nlive\n", "x".repeat(1 << 20));
    files.insert("filings/2022/filing".to_owned(), text.into_bytes());
    let verdict = check(&files, &world.vkey(), None, None);
    assert!(verdict.findings.iter().all(|finding| finding.what.len() < 3_000), "a finding is too long");
}

/// A file of a law pack that is not the one that was filed is not read as one, however it is made.
#[test]
fn a_law_that_was_not_filed_is_not_read() {
    let world = &*ONE;
    let mut files = world.publish();
    let path = format!("law/{}/facts.toml", world.pack.hash());
    let hostile: String = (0..50_000).map(|number| format!("k{number}=1\n")).collect();
    assert!(files.insert(path, hostile.into_bytes()).is_some());
    let verdict = check(&files, &world.vkey(), None, None);
    assert_eq!(broken(&verdict), ["report", "filing"], "{:#?}", verdict.findings);
    let about = |promise: Promise| verdict.findings.iter().find(|finding| finding.promise == promise).unwrap();
    let report = about(Promise::Report);
    assert!(report.what.contains("1 problems, the first: facts.toml:1: the file is missing"), "{report:?}");
}

/// One change: a byte, a run of bytes cut out or doubled, a number put in, or a piece of another file.
fn edit(bytes: &mut Vec<u8>, files: &Files, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let run = dice.below(40).min(bytes.len() - at);
    match dice.below(6) {
        0 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = byte.wrapping_add(1)),
        1 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 128),
        2 => drop(bytes.drain(at..at + run)),
        3 => {
            let run = bytes[at..at + run].to_vec();
            bytes.splice(at..at, run);
        }
        4 => drop(bytes.splice(at..at, b"18446744073709551615".iter().copied())),
        _ => {
            let other = files.values().nth(dice.below(files.len())).unwrap();
            let from = dice.below(other.len());
            let piece = other[from..(from + 80).min(other.len())].to_vec();
            bytes.splice(at..at + run, piece);
        }
    }
}

/// Chance with a fixed seed: xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}
