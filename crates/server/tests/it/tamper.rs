//! What a stranger finds when a published folder was touched.

use std::fs;

use crate::city::City;
use crate::folder::Files;

/// Which promise a changed byte breaks, by where the file stands: the first line whose beginning fits.
const PROMISES: &[(&str, &str)] = &[
    ("checkpoint", "the checkpoint is signed by the key you gave"),
    ("tile/", "the tiles are the tree that the checkpoint signs"),
    ("filings/2022/filing", "whatever is opened is what its leaf holds"),
    ("filings/2022/provisional/filing", "whatever is opened is what its leaf holds"),
    ("filings/", "the files are the ones that were filed"),
    ("openings/", "the files are the ones that were filed"),
    ("law/", "the files are the ones that were filed"),
];

#[test]
fn one_changed_byte_of_any_file_breaks_a_promise_by_name() {
    let city = City::with_year_filed();
    for (path, bytes) in of_each_kind(&city) {
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(city.path("published").join(&path), changed).unwrap();
            broken(&city, &path, &format!("{path}, byte {place}"));
        }
        fs::write(city.path("published").join(&path), bytes).unwrap();
    }
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn a_file_that_is_gone_or_cut_short_breaks_a_promise_by_name() {
    let city = City::with_year_filed();
    for (path, bytes) in of_each_kind(&city) {
        let file = city.path("published").join(&path);
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        broken(&city, &path, &format!("{path} cut short"));
        fs::write(&file, b"").unwrap();
        broken(&city, &path, &format!("{path} emptied"));
        fs::remove_file(&file).unwrap();
        // Whoever takes a whole filing away is found out by its files, which then belong to nothing.
        let ran = city.run("verify published --key register/log.vkey").ends_with(1);
        assert!(ran.stdout.contains("BROKEN: "), "{path} removed: {}", ran.stdout);
        fs::write(&file, bytes).unwrap();
    }
}

#[test]
fn a_file_that_was_added_is_not_accounted_for() {
    let city = City::with_year_filed();
    for path in ["note.txt", "filings/2022/report.pdf", "tile/0/x001/000", "openings/2023/counts-as", "law/more.md"] {
        city.write(&format!("published/{path}"), "added\n");
        let ran = city.run("verify published --key register/log.vkey").ends_with(1);
        assert!(ran.stdout.contains("BROKEN: every file is accounted for"), "{path}: {}", ran.stdout);
        assert!(ran.stdout.contains(path), "{path}: {}", ran.stdout);
        fs::remove_file(city.path("published").join(path)).unwrap();
    }
}

#[test]
fn a_filing_that_was_taken_away_with_all_its_files_is_missed() {
    let city = City::with_year_filed();
    // The closing report opens the leaf of the letter, which says that it counts as a filing.
    fs::remove_dir_all(city.path("published/filings/2022/provisional")).unwrap();
    let ran = city.run("verify published --key register/log.vkey").ends_with(1);
    assert!(ran.stdout.contains("BROKEN: the files are the ones that were filed"), "{}", ran.stdout);
}

#[test]
fn filings_that_were_all_taken_away_are_missed_by_whoever_has_the_bag() {
    let city = City::with_year_filed();
    for folder in ["filings", "openings", "law"] {
        std::fs::remove_dir_all(city.path(&format!("published/{folder}"))).unwrap();
    }
    let alone = city.run("verify published --key register/log.vkey").ends_with(0);
    assert!(alone.stdout.contains("the folder shows no filing"), "{}", alone.stdout);
    let with_bag = city.run("verify published --key register/log.vkey --bag bag").ends_with(1);
    assert!(with_bag.stdout.contains("at     filings/2022/filing"), "{}", with_bag.stdout);
    assert!(with_bag.stdout.contains("at     filings/2022/provisional/filing"), "{}", with_bag.stdout);
}

#[test]
fn a_bag_that_was_touched_does_not_hold_the_leaves() {
    let city = City::with_year_filed();
    let bag = fs::read_to_string(city.path("bag")).unwrap();
    let touched = [
        bag.replacen("\"outcome\":\"released-bail\"", "\"outcome\":\"released-other\"", 1),
        bag.replacen("\nleaf 3 ", "\nleaf 4 ", 1),
        bag.lines().take(40).map(|line| format!("{line}\n")).collect(),
        bag.replacen("candor bag v1", "candor bag v9", 1),
    ];
    for touched in touched {
        assert_ne!(touched, bag, "the test touches nothing");
        city.write("touched", &touched);
        let ran = city.run("verify published --key register/log.vkey --bag touched").ends_with(1);
        let says = "BROKEN: the leaves hold a whole record, and the rows follow from it";
        assert!(ran.stdout.contains(says), "{}", ran.stdout);
    }
}

#[test]
fn what_cannot_be_read_is_not_called_broken() {
    let city = City::with_year_filed();
    city.write("no-key", "not a key\n");
    let key = fs::read_to_string(city.path("register/log.vkey")).unwrap();
    city.write("cut-key", &key[..key.len() / 2]);
    let lines = [
        ("verify nowhere --key register/log.vkey", "nowhere"),
        ("verify register/log.vkey --key register/log.vkey", "log.vkey"),
        ("verify published --key no-key", "no-key"),
        ("verify published --key cut-key", "cut-key"),
        ("verify published --key nowhere", "is neither a key nor a file that holds one"),
        ("verify published --key register/log.vkey --since nowhere", "nowhere"),
        ("verify published --key register/log.vkey --witness nowhere", "is neither a key nor a file that holds one"),
        ("verify published --key register/log.vkey --witness register/log.vkey", "is not the key of a witness"),
        ("verify published --key register/log.vkey --bag nowhere", "nowhere"),
        ("verify published", "--key"),
        ("verify published --key register/log.vkey --sinse kept", "--sinse"),
        ("verify", "<OUT>"),
    ];
    for (line, named) in lines {
        let ran = city.run(line).ends_with(2).complains_of(named);
        assert_eq!(ran.stdout, "", "candor {line}");
    }
}

/// The witness `w.test/one`, of the 32 bytes 7.
const WITNESS: &str = "w.test/one+c6ccc7d5+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

#[test]
fn a_witness_that_was_asked_for_is_named_or_missed() {
    let city = City::with_year_filed();
    city.write("witness.vkey", &format!("{WITNESS}\n"));
    let verify = "verify published --key register/log.vkey --witness witness.vkey";
    let missed = city.run(verify).ends_with(1);
    assert!(
        missed.stdout.contains("BROKEN: the witnesses you named have cosigned the checkpoint"),
        "{}",
        missed.stdout
    );

    let mut note = tlog::Note::parse(&fs::read_to_string(city.path("published/checkpoint")).unwrap()).unwrap();
    let key = tlog::SigningKey::from_seed("w.test/one", &[7; 32]).unwrap();
    let time: u64 = 1_677_758_400;
    let signed = tlog::sign(&format!("cosignature/v1\ntime {time}\n{}", note.text), &[&key]).unwrap();
    let signed = tlog::Note::parse(&signed).unwrap().signatures.remove(0);
    let bytes = [time.to_be_bytes().as_slice(), &signed.bytes].concat();
    let id = tlog::WitnessKey::parse(WITNESS).unwrap().id();
    note.signatures.push(tlog::Signature { id, bytes, ..signed });
    city.write("published/checkpoint", &note.to_string());
    let said = city.ok(&format!("{verify} --witness {WITNESS}"));
    let named = "  holds   the witnesses you named have cosigned the checkpoint\n          \
                 the checkpoint, cosigned by `w.test/one` at 2023-03-02T12:00:00Z\n";
    assert!(said.contains(named), "{said}");
    let json = city.ok(&format!("{verify} --json"));
    assert!(json.contains(r#""cosigned":[{"at":"2023-03-02T12:00:00Z","witness":"w.test/one"}]"#), "{json}");
    // Who asks for no witness sees the same as before, and publishing again takes the line away.
    city.ok("verify published --key register/log.vkey");
    city.ok("publish register --to published");
    city.run(verify).ends_with(1);
}

#[test]
fn another_logs_key_is_found_out() {
    let (city, other) = (City::with_year_filed(), City::opened());
    fs::copy(other.path("register/log.vkey"), city.path("other.vkey")).unwrap();
    broken_under(&city, "other.vkey", "checkpoint", "another key");
}

/// The published files, of the law pack only two: they are all alike, and a check takes its time.
fn of_each_kind(city: &City) -> Files {
    let mut files = city.files("published");
    files.retain(|path, _| {
        !path.starts_with("law/") || path.ends_with("/pack.toml") || path.ends_with("/detain-2019.md")
    });
    files
}

fn broken(city: &City, path: &str, what: &str) {
    broken_under(city, "register/log.vkey", path, what);
}

/// Verifying ends with 1, names the file, and the promise that such a file keeps.
fn broken_under(city: &City, key: &str, path: &str, what: &str) {
    let ran = city.run(&format!("verify published --key {key}"));
    let (_, promise) = PROMISES.iter().find(|(begins, _)| path.starts_with(begins)).unwrap();
    assert_eq!(ran.code, 1, "{what}: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(&format!("BROKEN: {promise}")), "{what}: {}", ran.stdout);
    // The last tile of a level has no hash of its own above it, only the root: then the tiles are named as a whole.
    let partial = path.starts_with("tile/") && path.contains(".p/");
    let named = ran.stdout.contains(path) || (partial && ran.stdout.contains("  at     tile"));
    assert!(named, "{what} is not named: {}", ran.stdout);
}
