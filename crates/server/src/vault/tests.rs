use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::store::tests::{self, no};

const CANARY: &str = "Maria Canary Garcia, A012345678";
const AT: &str = "2026-11-24T12:00:00Z";

fn row(id: &str, field: &str, plain: &str) -> SealedRow {
    SealedRow { id: id.to_owned(), field: field.to_owned(), class: Class::F236, plain: plain.as_bytes().to_vec() }
}

fn entry_key(entry: &str, byte: u8) -> (String, EntryKey) {
    (entry.to_owned(), EntryKey::new([byte; 32]))
}

fn by_number(a_number: &str) -> MatchKey {
    MatchKey { a_number: Some(a_number.to_owned()), name_and_birth: None }
}

fn by_name(name: &str, born_on: &str) -> MatchKey {
    MatchKey { a_number: None, name_and_birth: Some((name.to_owned(), born_on.parse().unwrap())) }
}

fn by_both(a_number: &str, name: &str, born_on: &str) -> MatchKey {
    MatchKey { a_number: Some(a_number.to_owned()), ..by_name(name, born_on) }
}

fn read(vault: &mut Vault, id: &str) -> Vec<(String, String)> {
    let rows = vault.read(id, "user_clerk", "weekly check", AT).unwrap();
    rows.into_iter().map(|row| (row.field, String::from_utf8(row.plain).unwrap())).collect()
}

fn readings(vault: &Vault, after: u64) -> Vec<Reading> {
    let mut readings = Vec::new();
    vault
        .readings_after(after, |reading| {
            readings.push(reading);
            Ok(())
        })
        .unwrap();
    readings
}

/// The error says all of this, and nothing of a person.
#[track_caller]
fn check_says(error: &str, parts: &[&str]) {
    tests::check_says(error, parts);
    assert!(!error.contains("Canary"), "plain text in: {error}");
}

/// The files of a folder in which the bytes stand, logs and all.
fn files_with(dir: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, bytes));
        } else if fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes) {
            found.push(path);
        }
    }
    found
}

impl Vault {
    /// Erases one id, and says whether there was anything of it.
    fn erase_one(&mut self, id: &str, at: &str) -> anyhow::Result<bool> {
        let erased = self.keys.write(|transaction| tables::erase_keys(transaction, id, at))?;
        self.finish_erasing()?;
        Ok(erased)
    }
}

/// As another program would see the file.
fn other_hands(dir: &Path, file: &str) -> rusqlite::Connection {
    rusqlite::Connection::open(dir.join(file)).unwrap()
}

fn wrapped_data_key(dir: &Path, id: &str) -> Vec<u8> {
    let sql = "SELECT wrapped FROM data_key WHERE id = ?1";
    other_hands(dir, "keys.sqlite").query_row(sql, [id], |row| row.get(0)).unwrap()
}

fn seal(vault: &mut Vault, rows: &[SealedRow], owner: &str) -> anyhow::Result<()> {
    vault.deposit(&Deposit { rows, owner, ..Deposit::default() })
}

fn put_entry_keys(vault: &mut Vault, entry_keys: &[(String, EntryKey)]) -> anyhow::Result<()> {
    vault.deposit(&Deposit { entry_keys, ..Deposit::default() })
}

fn keys_of(vault: &Vault, entries: &[String]) -> anyhow::Result<Vec<Option<EntryKey>>> {
    entries.iter().map(|entry| vault.entry_key(entry)).collect()
}

#[test]
fn vault_story() {
    let home = TempDir::new().unwrap();
    let dir = home.path().join("boston");
    let mut vault = Vault::create(&dir, None).unwrap();

    // One deposit keeps everything that an event will refer to.
    let entry_keys = [entry_key("entry_1", 1), entry_key("entry_2", 2)];
    let rows =
        [row("paper_1", "name", CANARY), row("paper_1", "image", &CANARY.repeat(1000)), row("paper_2", "name", "")];
    let person = by_both("A012 345 678", "GARCIA, Maria", "1990-01-31");
    let individuals = [(&person, "individual_1")];
    vault
        .deposit(&Deposit { entry_keys: &entry_keys, rows: &rows, owner: "individual_1", individuals: &individuals })
        .unwrap();
    seal(&mut vault, &[row("paper_1", "note", "added later")], "individual_1").unwrap();
    vault.deposit(&Deposit::default()).unwrap();

    // It is there after restart, and the plain text stands in no file.
    drop(vault);
    let mut vault = Vault::open(&dir).unwrap();
    let expected = [("name", CANARY.to_owned()), ("image", CANARY.repeat(1000)), ("note", "added later".to_owned())];
    assert_eq!(read(&mut vault, "paper_1"), expected.map(|(field, plain)| (field.to_owned(), plain)));
    assert_eq!(read(&mut vault, "paper_2"), [("name".to_owned(), String::new())]);
    for secret in [CANARY.as_bytes(), &b"Canary"[..], b"012345678", b"added later", &[1; 32], &[2; 32]] {
        assert_eq!(files_with(&dir, secret), Vec::<PathBuf>::new());
    }
    assert!(!files_with(&dir, b"paper_1").is_empty(), "the search itself works");

    let keys = keys_of(&vault, &["entry_2".to_owned(), "entry_9".to_owned(), "entry_1".to_owned()]).unwrap();
    assert_eq!(
        keys.iter().map(|key| key.as_ref().map(EntryKey::bytes)).collect::<Vec<_>>(),
        [Some(&[2; 32]), None, Some(&[1; 32])]
    );
    assert_eq!(format!("{keys:?}"), "[Some(EntryKey), None, Some(EntryKey)]");

    // Each reading is recorded, also one that finds nothing.
    assert_eq!(read(&mut vault, "paper_9"), []);
    let recorded = readings(&vault, 0);
    assert_eq!(
        recorded.iter().map(|reading| reading.id.as_str()).collect::<Vec<_>>(),
        ["paper_1", "paper_2", "paper_9"]
    );
    let (id, reader, reason, at) =
        ("paper_9".to_owned(), "user_clerk".to_owned(), "weekly check".to_owned(), AT.to_owned());
    assert_eq!(readings(&vault, 2), [Reading { number: 3, id, reader, reason, at }]);
}

#[test]
fn what_is_there_or_belongs_to_another_is_refused() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    put_entry_keys(&mut vault, &[entry_key("entry_1", 1)]).unwrap();
    seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1").unwrap();

    check_says(
        &no(put_entry_keys(&mut vault, &[entry_key("entry_2", 2), entry_key("entry_1", 3)])),
        &["the key of `entry_1`"],
    );
    check_says(
        &no(seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1")),
        &["field `name` of `paper_1`"],
    );
    check_says(
        &no(seal(&mut vault, &[row("paper_1", "age", CANARY)], "individual_2")),
        &["`paper_1` belongs to another owner"],
    );
    check_says(&no(Vault::create(home.path(), None)), &["failed to make the master key", "hint: "]);

    assert!(vault.entry_key("entry_2").unwrap().is_none(), "nothing of a refused deposit");
    assert_eq!(vault.entry_key("entry_1").unwrap().unwrap().bytes(), &[1; 32]);
    assert_eq!(read(&mut vault, "paper_1"), [("name".to_owned(), CANARY.to_owned())]);
}

#[test]
fn a_row_opens_only_where_and_as_it_was_sealed() {
    let cases = [
        (
            "vault.sqlite",
            "UPDATE sealed_row SET id = 'paper_2' WHERE id = 'paper_1'",
            "paper_2",
            "failed to open field `name` of `paper_2`",
        ),
        (
            "vault.sqlite",
            "UPDATE sealed_row SET field = 'nickname' WHERE field = 'name'",
            "paper_1",
            "failed to open field `nickname`",
        ),
        ("vault.sqlite", "UPDATE sealed_row SET class = 'public'", "paper_1", "failed to open field `name`"),
        ("vault.sqlite", "UPDATE sealed_row SET class = 'anybody'", "paper_1", "unknown sensitivity class `anybody`"),
        (
            "vault.sqlite",
            "UPDATE sealed_row SET sealed = (SELECT max(sealed) FROM sealed_row)",
            "paper_1",
            "failed to open field",
        ),
        ("vault.sqlite", "UPDATE sealed_row SET sealed = x'00'", "paper_1", "failed to open field `name`"),
        (
            "vault.sqlite",
            "UPDATE sealed_row SET sealed = zeroblob(length(sealed))",
            "paper_1",
            "failed to open field `name`",
        ),
        (
            "keys.sqlite",
            "UPDATE data_key SET key = 'key_of_another' WHERE id = 'paper_1'",
            "paper_1",
            "failed to unwrap the key of `paper_1`",
        ),
        ("keys.sqlite", "DELETE FROM data_key WHERE id = 'paper_1'", "paper_1", "`paper_1` has rows and no key"),
        ("keys.sqlite", "UPDATE data_key SET wrapped = (SELECT wrapped FROM entry_key)", "paper_1", "failed to unwrap"),
    ];
    for (file, change, id, says) in cases {
        let home = TempDir::new().unwrap();
        let mut vault = Vault::create(home.path(), None).unwrap();
        put_entry_keys(&mut vault, &[entry_key("entry_1", 1)]).unwrap();
        let fields = [
            row("paper_1", "name", CANARY),
            row("paper_1", "age", "Canary 36"),
            row("paper_2", "hair", "Canary yellow"),
        ];
        seal(&mut vault, &fields, "individual_1").unwrap();
        other_hands(home.path(), file).execute_batch(change).unwrap();
        check_says(&no(vault.read(id, "user_clerk", "test", AT)), &[says]);
        assert_eq!(readings(&vault, 0).len(), 1, "an attempt is a reading: {change}");
    }

    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    put_entry_keys(&mut vault, &[entry_key("entry_1", 1)]).unwrap();
    other_hands(home.path(), "keys.sqlite").execute_batch("UPDATE entry_key SET entry = 'entry_2'").unwrap();
    check_says(&no(vault.entry_key("entry_2")), &["failed to unwrap the key of `entry_2`"]);
}

#[test]
fn readings_hold_against_other_hands() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    read(&mut vault, "paper_1");
    let other_hands = other_hands(home.path(), "vault.sqlite");
    for change in [
        "UPDATE reading SET reader = 'x'",
        "DELETE FROM reading",
        "INSERT OR REPLACE INTO reading VALUES (1, '', '', '', '')",
    ] {
        assert!(other_hands.execute_batch(change).is_err(), "{change}");
    }
}

fn one(individual: &str) -> Found {
    Found::One(individual.to_owned())
}

#[test]
fn the_same_individual_is_found_again() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    vault.bind_individual(&by_both("A012 345 678", "GARCIA, Maria", "1990-01-31"), "individual_garcia").unwrap();
    vault.bind_individual(&by_name("Nguyễn Văn An", "1985-06-01"), "individual_nguyen").unwrap();
    for individual in ["individual_kim", "individual_other_kim"] {
        vault.bind_individual(&by_name("Kim Lee", "1970-02-03"), individual).unwrap();
    }
    // The same once more changes nothing.
    vault.bind_individual(&by_number("012345678"), "individual_garcia").unwrap();

    let cases = [
        ("as bound", by_both("A012 345 678", "GARCIA, Maria", "1990-01-31"), one("individual_garcia")),
        ("number, other spelling", by_number("a12345678"), one("individual_garcia")),
        ("name, other case and spacing", by_name("  garcia   MARIA ", "1990-01-31"), one("individual_garcia")),
        ("name beyond ASCII", by_name("NGUYỄN VĂN  AN", "1985-06-01"), one("individual_nguyen")),
        ("the number wins over the name", by_both("12345678", "Nguyễn Văn An", "1985-06-01"), one("individual_garcia")),
        (
            "number of nobody, name of one without a number",
            by_both("A987654321", "Nguyễn Văn An", "1985-06-01"),
            one("individual_nguyen"),
        ),
        (
            "number of nobody, name of one with another number",
            by_both("A987654321", "Garcia Maria", "1990-01-31"),
            Found::Nobody,
        ),
        ("another number", by_number("A012345679"), Found::Nobody),
        ("another name", by_name("Garcia Mario", "1990-01-31"), Found::Nobody),
        ("another day", by_name("Garcia Maria", "1990-02-01"), Found::Nobody),
        ("two of one name and birth date", by_name("kim lee", "1970-02-03"), Found::InDoubt),
        ("no number at all", by_number("A000 000 000"), Found::InDoubt),
        ("no number but words", by_number("none"), Found::InDoubt),
        ("no name", by_name(" - ", "1990-01-31"), Found::InDoubt),
        ("nothing", MatchKey::default(), Found::InDoubt),
    ];
    for (case, match_on, expected) in cases {
        assert_eq!(vault.find_individual(&match_on).unwrap(), expected, "{case}");
    }
    check_says(
        &no(vault.bind_individual(&by_number("A012345678"), "individual_nguyen")),
        &["the A-number of `individual_nguyen` is bound to `individual_garcia`"],
    );
}

#[test]
fn what_is_erased_is_gone_from_the_files_and_stays_gone() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    let dir = home.path();
    let garcia = by_both("A012345678", "Garcia Maria", "1990-01-31");
    seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1").unwrap();
    seal(&mut vault, &[row("paper_2", "name", CANARY)], "individual_1").unwrap();
    seal(&mut vault, &[row("paper_3", "name", "stays")], "individual_2").unwrap();
    put_entry_keys(&mut vault, &[entry_key("entry_1", 1), entry_key("entry_3", 3)]).unwrap();
    vault.bind_individual(&garcia, "individual_1").unwrap();
    let gone = [wrapped_data_key(dir, "paper_1"), wrapped_data_key(dir, "paper_2")];
    let tag = vault.master.tags(&garcia).a_number.unwrap();
    assert!(gone.iter().all(|wrapped| !files_with(dir, wrapped).is_empty()) && !files_with(dir, &tag).is_empty());

    // A paper, then the individual with its other paper, then an entry.
    assert!(vault.erase_one("paper_1", AT).unwrap());
    assert!(files_with(dir, &gone[0]).is_empty() && !files_with(dir, &gone[1]).is_empty());
    assert!(vault.erase_one("individual_1", AT).unwrap());
    assert!(vault.erase_one("entry_1", AT).unwrap());
    assert!(files_with(dir, &gone[1]).is_empty() && files_with(dir, &tag).is_empty());

    // Once more, or of nothing, there is nothing to erase.
    for id in ["paper_1", "paper_2", "individual_1", "entry_1", "paper_9"] {
        assert!(!vault.erase_one(id, AT).unwrap(), "{id}");
    }

    // Nothing can be read or found, and nothing comes back under these ids.
    assert_eq!((read(&mut vault, "paper_1"), read(&mut vault, "paper_2")), (vec![], vec![]));
    assert!(vault.entry_key("entry_1").unwrap().is_none());
    assert_eq!(vault.find_individual(&garcia).unwrap(), Found::Nobody);
    let rows_left = "SELECT count(*) FROM sealed_row WHERE id IN ('paper_1', 'paper_2')";
    assert_eq!(other_hands(dir, "vault.sqlite").query_row(rows_left, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    check_says(&no(seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_3")), &["it was erased"]);
    check_says(&no(seal(&mut vault, &[row("paper_4", "name", CANARY)], "individual_1")), &["it was erased"]);
    check_says(&no(put_entry_keys(&mut vault, &[entry_key("entry_1", 1)])), &["it was erased"]);
    check_says(&no(vault.bind_individual(&garcia, "individual_1")), &["it was erased"]);

    // The others stay, also after restart; the tombstones tell ids and time only.
    drop(vault);
    let mut vault = Vault::open(dir).unwrap();
    assert_eq!(read(&mut vault, "paper_3"), [("name".to_owned(), "stays".to_owned())]);
    assert_eq!(vault.entry_key("entry_3").unwrap().unwrap().bytes(), &[3; 32]);
    let tombstones = "SELECT group_concat(id || ' ' || at || ' ' || finished, ', ' ORDER BY id) FROM tombstone";
    let told: String = other_hands(dir, "keys.sqlite").query_row(tombstones, [], |row| row.get(0)).unwrap();
    assert_eq!(told, format!("entry_1 {AT} 1, individual_1 {AT} 1, paper_1 {AT} 1, paper_2 {AT} 1"));
}

#[test]
fn among_thousands_of_keys_the_erased_ones_leave_no_copy() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    let rows: Vec<SealedRow> = (0..1000).map(|_| row(&Vault::new_id("paper_").unwrap(), "name", "x")).collect();
    seal(&mut vault, &rows, "unit_1").unwrap();
    let erased: Vec<&str> = rows.iter().step_by(100).map(|row| row.id.as_str()).collect();
    let gone: Vec<Vec<u8>> = erased.iter().map(|id| wrapped_data_key(home.path(), id)).collect();
    for id in &erased {
        assert!(vault.erase_one(id, AT).unwrap());
    }
    assert!(gone.iter().all(|wrapped| files_with(home.path(), wrapped).is_empty()));
}

#[test]
fn an_erasure_cut_short_is_finished_when_the_vault_is_opened() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1").unwrap();
    let gone = wrapped_data_key(home.path(), "paper_1");

    // The power fails after the first of three steps.
    assert!(vault.keys.write(|transaction| tables::erase_keys(transaction, "paper_1", AT)).unwrap());
    assert!(!files_with(home.path(), &gone).is_empty());
    drop(vault);

    let mut vault = Vault::open(home.path()).unwrap();
    assert!(files_with(home.path(), &gone).is_empty());
    assert_eq!(read(&mut vault, "paper_1"), []);
}

#[test]
fn an_erasure_beside_a_reader_of_the_keys_says_so_and_is_finished_later() {
    let home = TempDir::new().unwrap();
    let mut vault = Vault::create(home.path(), None).unwrap();
    seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1").unwrap();
    let gone = wrapped_data_key(home.path(), "paper_1");
    vault.keys.read(|connection| Ok(connection.busy_timeout(std::time::Duration::ZERO)?)).unwrap();

    let reader = other_hands(home.path(), "keys.sqlite");
    reader.execute_batch("BEGIN; SELECT count(*) FROM data_key").unwrap();
    let () = reader.query_row("SELECT 1 FROM data_key", [], |_| Ok(())).unwrap();
    check_says(&no(vault.erase_one("paper_1", AT)), &["hint: "]);
    assert_eq!(read(&mut vault, "paper_1"), [], "its key is deleted all the same");

    reader.execute_batch("COMMIT").unwrap();
    assert!(!vault.erase_one("paper_1", AT).unwrap());
    assert!(files_with(home.path(), &gone).is_empty());
}

#[test]
fn a_master_key_that_is_missing_open_to_others_or_another_is_refused() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &[&str]); 4] = [
        (|key| fs::remove_file(key).unwrap(), &["is missing, and without it nothing in the vault can be read (hint: "]),
        (|key| fs::set_permissions(key, fs::Permissions::from_mode(0o640)).unwrap(), &["mode 640 (hint: `chmod 600 "]),
        (|key| fs::write(key, "short").unwrap(), &["is not a master key (hint: "]),
        (|key| fs::write(key, [7; 32]).unwrap(), &["is not the one of this vault (hint: "]),
    ];
    for (spoil, says) in cases {
        let home = TempDir::new().unwrap();
        drop(Vault::create(home.path(), None).unwrap());
        spoil(&home.path().join("secrets/master.key"));
        check_says(&no(Vault::open(home.path())), says);
    }
}

/// A vault with a paper, an entry and an individual, and the bytes of the keys as they are wrapped.
fn vault_of_garcia(dir: &Path) -> (Vault, Vec<Vec<u8>>) {
    let mut vault = Vault::create(dir, None).unwrap();
    seal(&mut vault, &[row("paper_1", "name", CANARY)], "individual_1").unwrap();
    put_entry_keys(&mut vault, &[entry_key("entry_1", 1)]).unwrap();
    vault.bind_individual(&by_number("A012345678"), "individual_1").unwrap();
    let sql = "SELECT wrapped FROM entry_key";
    let entry: Vec<u8> = other_hands(dir, "keys.sqlite").query_row(sql, [], |row| row.get(0)).unwrap();
    let wrapped = vec![wrapped_data_key(dir, "paper_1"), entry];
    (vault, wrapped)
}

/// All of it is there, and is found by the same number.
#[track_caller]
fn all_of_garcia(vault: &mut Vault) {
    assert_eq!(read(vault, "paper_1"), [("name".to_owned(), CANARY.to_owned())]);
    assert_eq!(vault.entry_key("entry_1").unwrap().unwrap().bytes(), &[1; 32]);
    assert_eq!(vault.find_individual(&by_number("A012345678")).unwrap(), Found::One("individual_1".to_owned()));
}

#[test]
fn a_new_master_key_opens_everything_and_the_old_one_nothing() {
    let home = TempDir::new().unwrap();
    let dir = home.path();
    let (mut vault, mut wrapped) = vault_of_garcia(dir);
    let id = vault.derived_ids().id("req_", "row 1");
    for _ in 0..2 {
        let old = fs::read(dir.join("secrets/master.key")).unwrap();
        vault.rotate(dir, None, KeptBy::TheSame, AT).unwrap();
        all_of_garcia(&mut vault);
        assert!(wrapped.iter().all(|bytes| files_with(dir, bytes).is_empty()), "an old wrapping is left");
        assert!(files_with(dir, &old).is_empty(), "the old master key is left");
        wrapped = vec![wrapped_data_key(dir, "paper_1")];
        drop(vault);
        vault = Vault::open(dir).unwrap();
        all_of_garcia(&mut vault);
        assert_eq!(vault.derived_ids().id("req_", "row 1"), id, "an imported row would come in twice");
        let master = dir.join("secrets/master.key");
        let new = fs::read(&master).unwrap();
        fs::write(&master, old).unwrap();
        check_says(&no(Vault::open(dir)), &["is not the one of this vault (hint: "]);
        fs::write(&master, new).unwrap();
    }
    check_says(&no(vault.rotate(dir, Some(&dir.join("elsewhere")), KeptBy::TheSame, AT)), &["hint: leave out `--to`"]);
}

/// A change of the master key that was cut short before its commit, and after it.
#[test]
fn a_change_of_the_master_key_is_not_begun_or_is_finished_when_the_vault_is_opened() {
    let home = TempDir::new().unwrap();
    let dir = home.path();
    let (vault, wrapped) = vault_of_garcia(dir);
    let waits = dir.join("secrets/master.key.new");
    drop(vault.master.successor(&waits, None, None).unwrap());
    drop(vault);
    all_of_garcia(&mut Vault::open(dir).unwrap());
    assert!(!waits.exists(), "a key that wraps nothing stays");

    let old = fs::read(dir.join("secrets/master.key")).unwrap();
    let mut vault = Vault::open(dir).unwrap();
    vault.rotate(dir, None, KeptBy::TheSame, AT).unwrap();
    drop(vault);
    // As it was before the new one was put into its place.
    fs::rename(dir.join("secrets/master.key"), &waits).unwrap();
    fs::write(dir.join("secrets/master.key"), old).unwrap();
    fs::set_permissions(dir.join("secrets/master.key"), fs::Permissions::from_mode(0o600)).unwrap();
    all_of_garcia(&mut Vault::open(dir).unwrap());
    assert!(!waits.exists() && wrapped.iter().all(|bytes| files_with(dir, bytes).is_empty()));
    all_of_garcia(&mut Vault::open(dir).unwrap());
}

#[test]
fn the_master_key_can_be_a_credential_of_the_system() {
    let (home, system) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (dir, credentials) = (home.path(), system.path());
    let (vault, _) = vault_of_garcia(dir);
    drop(vault);
    let (file, credential) = (dir.join("secrets/master.key"), credentials.join("candor-master-key"));
    // Both, and the same; the credential alone; another beside the file; another alone; one that is too short; none.
    fs::copy(&file, &credential).unwrap();
    all_of_garcia(&mut Vault::open_with(dir, Some(credentials)).unwrap());
    fs::write(&credential, [7; 32]).unwrap();
    check_says(&no(Vault::open_with(dir, Some(credentials))), &["are two master keys (hint: "]);
    fs::rename(&file, &credential).unwrap();
    let mut vault = Vault::open_with(dir, Some(credentials)).unwrap();
    all_of_garcia(&mut vault);

    check_says(&no(vault.rotate(dir, None, KeptBy::TheSame, AT)), &["say with `--to FILE` where"]);
    let new = credentials.join("new");
    vault.rotate(dir, Some(&new), KeptBy::TheSame, AT).unwrap();
    drop(vault);
    check_says(
        &no(Vault::open_with(dir, Some(credentials))),
        &["that was given as the credential `candor-master-key` is not the one of this vault (hint: "],
    );
    fs::rename(&new, &credential).unwrap();
    all_of_garcia(&mut Vault::open_with(dir, Some(credentials)).unwrap());
    // A vault that is made with one has no file.
    let other = TempDir::new().unwrap();
    drop(Vault::create_with(other.path(), Some(credentials), None).unwrap());
    assert!(!other.path().join("secrets/master.key").exists());
    drop(Vault::open_with(other.path(), Some(credentials)).unwrap());
    fs::write(&credential, "short").unwrap();
    check_says(&no(Vault::open_with(dir, Some(credentials))), &["is not a master key (hint: "]);
    fs::remove_file(&credential).unwrap();
    check_says(
        &no(Vault::open_with(dir, Some(credentials))),
        &["is neither the credential `candor-master-key`", "hint: "],
    );
    check_says(
        &no(Vault::open_with(dir, None)),
        &["is missing, and without it nothing in the vault can be read (hint: "],
    );
}

#[test]
fn what_is_secret_is_for_its_owner_only() {
    let home = TempDir::new().unwrap();
    let vault = Vault::create(home.path(), None).unwrap();
    vault.keys.read(tables::proof).unwrap();
    let expected = [
        ("secrets", 0o700),
        ("secrets/master.key", 0o600),
        ("keys.sqlite", 0o600),
        ("keys.sqlite-wal", 0o600),
        ("vault.sqlite", 0o600),
    ];
    for (path, mode) in expected {
        assert_eq!(fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn an_id_is_its_prefix_and_26_characters_without_time() {
    let ids: Vec<String> = (0..100).map(|_| Vault::new_id("paper_").unwrap()).collect();
    for id in &ids {
        let digits = id.strip_prefix("paper_").unwrap();
        assert_eq!(digits.len(), 26);
        assert!(digits.chars().all(|digit| "0123456789abcdefghjkmnpqrstvwxyz".contains(digit)), "{id}");
    }
    let firsts: std::collections::BTreeSet<&str> = ids.iter().map(|id| &id[6..12]).collect();
    assert_eq!(firsts.len(), 100, "no two begin alike, as ids made in one moment would if they carried time");
}
