//! Backup and restore: online, whole or not at all, and believed only after everything in it was looked at.

use std::fs;
use std::process::Stdio;

use register::event::FileHash;

use crate::city::{City, candor};
use crate::folder;

const RESTORE: &str = "restore backup --secrets register/secrets --to restored";

#[test]
fn a_restored_register_is_the_one_that_was_backed_up_and_goes_on() {
    let city = City::with_year_filed();
    let said = city.ok("backup register --to backup");
    for what in ["the vault's keys: ", "backup.keys", "keep this file apart", "`master.key` and `log.key`", "in a safe"]
    {
        assert!(said.contains(what), "`{what}` is missing in: {said}");
    }
    let kept = city.files("backup");
    assert!(!kept.keys().any(|path| path.contains("secrets") || path.contains("keys")), "keys lie beside the data");
    let said = city.ok(RESTORE);
    assert!(said.contains("the rows of 1 closing follow"), "{said}");
    assert!(said.contains("before it goes on"), "{said}");
    city.ok("publish restored --to again");
    assert!(city.files("again") == city.files("published"), "the restored register publishes something else");
    city.ok("grow restored --as person_clerk --at 2023-02-01T09:00-05:00");
    city.ok("publish restored --to again");
    city.ok("audit bag restored --out bag-again");
    city.ok("verify again --key register/log.vkey --bag bag-again");
    // Whoever lost the register and found an old backup does not fork what is published.
    city.run("publish register --to again").ends_with(1).complains_of("it is an older state of the log");
}

#[test]
fn a_backup_beside_a_writer_is_whole() {
    let (city, _) = City::with_papers();
    for number in 0..12 {
        let text = format!("[[command]]\ndo = \"register-agency\"\nid = \"agency_{number}\"\nname = \"No {number}\"\n");
        city.write(&format!("agency-{number}.toml"), &text);
    }
    let folder = city.path(".");
    let writing = std::thread::spawn(move || {
        for number in 0..12 {
            let at = format!("2022-12-24T09:{number:02}-05:00");
            let line = format!("record register agency-{number}.toml --as person_clerk --at {at}");
            assert!(candor(&folder, &line).stdout(Stdio::null()).status().unwrap().success());
        }
    });
    let mut sizes: Vec<u64> = Vec::new();
    loop {
        let (last, number) = (writing.is_finished(), sizes.len());
        let events =
            |said: String| serde_json::from_str::<serde_json::Value>(&said).unwrap()["events"].as_u64().unwrap();
        let backed_up = events(city.ok(&format!("backup register --to backup-{number} --json")));
        let restored =
            city.ok(&format!("restore backup-{number} --secrets register/secrets --to restored-{number} --json"));
        assert_eq!(events(restored), backed_up);
        sizes.push(backed_up);
        if last {
            break;
        }
    }
    writing.join().unwrap();
    assert!(sizes.is_sorted() && sizes.first() < sizes.last(), "{sizes:?}");
}

#[test]
fn a_damaged_backup_is_refused_by_name_and_nothing_is_left_behind() {
    let city = City::with_year_filed();
    city.ok("backup register --to whole");
    let whole = city.files("whole");
    let one_of_many = |path: &&String| !path.contains("/sections/") && !path.contains("/scenarios/");
    for path in whole.keys().filter(one_of_many).filter(|path| *path != "SHA256SUMS") {
        fresh(&city);
        flip(&city, &format!("backup/{path}"));
        refused(&city, RESTORE, &format!("`{path}` in `backup` is not what was backed up"));
    }
    type Spoil = fn(&City);
    let cases: [(&str, Spoil, &str); 6] = [
        (
            "a file is missing",
            |city| fs::remove_file(city.path("backup/vault.sqlite")).unwrap(),
            "`vault.sqlite` is missing in `backup`",
        ),
        (
            "a file too many",
            |city| city.write("backup/notes.txt", "mine"),
            "`notes.txt` in `backup` is no part of the backup",
        ),
        (
            "its list is missing",
            |city| fs::remove_file(city.path("backup/SHA256SUMS")).unwrap(),
            "`backup` is no backup (hint: give the folder that `candor backup` wrote)",
        ),
        (
            "the keys are missing",
            |city| fs::remove_file(city.path("backup.keys")).unwrap(),
            "the vault's keys `backup.keys` are missing (hint: say where they are, with `--keys FILE`)",
        ),
        ("the keys are another file", |city| city.write("backup.keys", "Dear Clerk,"), "keys.sqlite"),
        ("the list is of nothing", |city| city.write("backup/SHA256SUMS", "nothing\n"), "SHA256SUMS` is damaged"),
    ];
    for (case, spoil, says) in cases {
        println!("{case}");
        fresh(&city);
        spoil(&city);
        refused(&city, RESTORE, says);
    }
}

/// A backup put together from two: its files are as its list says, and they do not agree with one another.
#[test]
fn what_does_not_belong_together_is_refused() {
    let (city, _) = City::with_papers();
    city.ok("backup register --to older");
    city.write("again.toml", &fs::read_to_string(city.path("first.toml")).unwrap().replace("T01:40", "T01:41"));
    city.ok("receive register again.toml --as person_officer --at 2022-12-22T09:00-05:00");
    city.ok("grow register --as person_clerk --at 2022-12-24T09:00-05:00");
    city.ok("backup register --to whole");

    fresh(&city);
    fs::copy(city.path("older.keys"), city.path("backup.keys")).unwrap();
    refused(&city, RESTORE, "is not in the vault");
    for (path, says) in [("vault.sqlite", "has a key and no rows"), ("register.sqlite", "")] {
        fresh(&city);
        fs::copy(city.path(&format!("older/{path}")), city.path(&format!("backup/{path}"))).unwrap();
        sum_anew(&city);
        match says {
            // Keys and rows that no event names are harmless: they are what a failure leaves.
            "" => drop(city.ok(RESTORE)),
            _ => refused(&city, RESTORE, says),
        }
    }
    fs::remove_dir_all(city.path("restored")).unwrap();
    // An event, changed with its hash: the leaf does not follow from it.
    fresh(&city);
    {
        let store = rusqlite::Connection::open(city.path("backup/register.sqlite")).unwrap();
        store.execute_batch("DROP TRIGGER event_stays").unwrap();
        let changed = "UPDATE event SET body = CAST(replace(body, 'Central mailbox', 'Central mailboy') AS BLOB)";
        assert!(store.execute(changed, []).unwrap() > 0);
    }
    sum_anew(&city);
    refused(&city, RESTORE, "does not follow from its event and key");
}

#[test]
fn backup_and_restore_write_over_nothing_and_need_the_right_secrets() {
    let city = City::opened();
    city.ok("backup register --to whole");
    fresh(&city);
    city.write("full/mine.txt", "mine");
    city.run("backup register --to full")
        .ends_with(1)
        .complains_of("`full` is not empty (hint: choose a new or empty folder)");
    city.run("backup register --to register/backup")
        .ends_with(1)
        .complains_of("hint: choose a folder beside the register");
    city.write("new.keys", "mine");
    city.run("backup register --to new").ends_with(1).complains_of("new.keys` is there already");
    assert!(!city.path("new").exists() && !city.path("new.part").exists());
    city.run("restore backup --secrets register/secrets --to full").ends_with(1).complains_of("`full` is not empty");
    city.run("restore backup --secrets register/secrets --to register")
        .ends_with(1)
        .complains_of("`register` is not empty");
    assert_eq!(fs::read_to_string(city.path("full/mine.txt")).unwrap(), "mine");

    refused(&city, "restore backup --secrets full --to restored", "`master.key` is not in `full`");
    let other = City::opened();
    folder::copy(&other.path("register/secrets"), &city.path("other"));
    refused(&city, "restore backup --secrets other --to restored", "is not the one of this vault");
    fs::copy(city.path("register/secrets/master.key"), city.path("other/master.key")).unwrap();
    refused(&city, "restore backup --secrets other --to restored", "the log's key is not the one");
}

fn fresh(city: &City) {
    drop(fs::remove_dir_all(city.path("backup")));
    folder::copy(&city.path("whole"), &city.path("backup"));
    fs::copy(city.path("whole.keys"), city.path("backup.keys")).unwrap();
}

/// The backup is not restored, the message says why, and nothing of it is left.
#[track_caller]
fn refused(city: &City, line: &str, says: &str) {
    let ran = city.run(line).ends_with(1).complains_of(says);
    println!("{}", ran.stderr);
    assert!(!city.path("restored").exists() && !city.path("restored.part").exists(), "something is left: {says}");
}

fn flip(city: &City, path: &str) {
    let path = city.path(path);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
}

/// Lists the files of the folder `backup` as they are now.
pub(crate) fn sum_anew(city: &City) {
    let mut sums = String::new();
    for (path, bytes) in city.files("backup").iter().filter(|(path, _)| *path != "SHA256SUMS") {
        sums.push_str(&format!("{}  {path}\n", FileHash::of(bytes)));
    }
    city.write("backup/SHA256SUMS", &sums);
}
