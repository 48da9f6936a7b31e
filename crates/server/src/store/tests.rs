use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

fn event(seq: u64) -> EventRow {
    EventRow { seq, body: format!("event {seq}").into_bytes() }
}

fn leaf(number: u8, seq: Option<u64>) -> LeafRow {
    let year = seq.map(|_| format!("year of {number}"));
    LeafRow {
        entry: format!("entry_{number}"),
        seq,
        root: [number; 32],
        counts_as: format!("counts as of {number}"),
        year,
        paper_match: seq.map(|_| [7; 32]),
    }
}

fn growth(seq: u64, from_size: u64, numbers: &[u8]) -> Growth {
    Growth { seq, from_size, placed: numbers.iter().map(|number| format!("entry_{number}")).collect() }
}

fn numbers(leaves: &[LeafRow]) -> Vec<u8> {
    leaves.iter().map(|leaf| leaf.root[0]).collect()
}

fn bodies(store: &Store, after: u64) -> Vec<String> {
    let mut bodies = Vec::new();
    store
        .events_after(after, |row| {
            bodies.push(String::from_utf8(row.body).unwrap());
            Ok(())
        })
        .unwrap();
    bodies
}

/// The whole error, as it is shown. The vault's tests use it too.
pub(crate) fn no<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("this must be refused"),
        Err(error) => format!("{error:#}"),
    }
}

#[track_caller]
pub(crate) fn check_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

/// A register with events 1 to 3, leaves 1 and 2 and padding 3 placed by event 3, leaf 4 pending, and a checkpoint of
/// size 3.
fn sample(dir: &Path) -> Store {
    let mut store = Store::create(dir).unwrap();
    let leaves = vec![leaf(1, Some(1)), leaf(2, Some(2))];
    store.commit(&Batch { events: vec![event(1), event(2)], leaves, growths: vec![] }).unwrap();
    let leaves = vec![leaf(3, None), leaf(4, Some(3))];
    store.commit(&Batch { events: vec![event(3)], leaves, growths: vec![growth(3, 0, &[2, 1, 3])] }).unwrap();
    store.swap_checkpoint(None, "note of size 3", 3).unwrap();
    store
}

fn last_seq(store: &Store) -> u64 {
    let mut last = 0;
    store
        .events_after(0, |row| {
            last = row.seq;
            Ok(())
        })
        .unwrap();
    last
}

#[test]
fn store_story() {
    let home = TempDir::new().unwrap();
    let dir = home.path().join("registers/boston");

    // A new register is empty, and there is only one in a folder.
    let mut store = Store::create(&dir).unwrap();
    assert_eq!((last_seq(&store), store.tree_size().unwrap(), store.checkpoint().unwrap()), (0, 0, None));
    store.commit(&Batch::default()).unwrap();

    // Events and leaves arrive; nothing is placed yet.
    let leaves = vec![leaf(1, Some(1)), leaf(2, Some(2))];
    store.commit(&Batch { events: vec![event(1), event(2)], leaves: leaves.clone(), growths: vec![] }).unwrap();
    assert_eq!((last_seq(&store), store.tree_size().unwrap()), (2, 0));
    assert_eq!(store.pending().unwrap(), leaves);

    // A growth places leaves in its own order, padding of the same batch too.
    let batch = Batch { events: vec![event(3)], leaves: vec![leaf(3, None)], growths: vec![growth(3, 0, &[2, 3, 1])] };
    store.commit(&batch).unwrap();
    assert_eq!((store.tree_size().unwrap(), store.pending().unwrap()), (3, vec![]));
    let placed = store.placed(1, 3).unwrap();
    assert_eq!(
        placed.iter().map(|placed| (placed.position, placed.leaf.root[0], placed.leaf.seq)).collect::<Vec<_>>(),
        [(1, 3, None), (2, 1, Some(1))]
    );
    assert_eq!(placed[1].leaf.year.as_deref(), Some("year of 1"));
    assert_eq!(placed[1].leaf.counts_as, "counts as of 1");

    // The checkpoint is swapped, not set.
    store.swap_checkpoint(None, "note of size 3", 3).unwrap();
    store.swap_checkpoint(Some("note of size 3"), "note of size 3", 3).unwrap();
    check_says(&no(store.swap_checkpoint(None, "another", 3)), &["not the one that was read before"]);

    // Reading goes on beside the writer and sees what it commits.
    let reader = Store::open_read_only(&dir).unwrap();
    assert_eq!(bodies(&reader, 2), ["event 3"]);
    store.commit(&Batch { events: vec![event(4)], ..Batch::default() }).unwrap();
    assert_eq!(bodies(&reader, 2), ["event 3", "event 4"]);

    // A second writer is sent to the first.
    let process = format!("is being written by process {}", std::process::id());
    check_says(&no(Store::open(&dir)), &[&process, "hint: try again in a moment"]);
    check_says(&no(Store::create(&dir)), &[&process]);

    // After restart everything is there.
    drop(store);
    let store = Store::open(&dir).unwrap();
    assert_eq!(bodies(&store, 0), ["event 1", "event 2", "event 3", "event 4"]);
    assert_eq!((store.tree_size().unwrap(), store.checkpoint().unwrap().as_deref()), (3, Some("note of size 3")));
}

#[test]
fn a_refused_batch_leaves_nothing_behind() {
    let cases = [
        ("an event twice", vec![event(3)], vec![], vec![], "failed to append event 3"),
        ("a gap", vec![event(5)], vec![], vec![], "events follow one another without a gap"),
        ("a gap inside", vec![event(4), event(6)], vec![], vec![], "failed to append event 6"),
        ("a leaf twice", vec![event(4)], vec![leaf(4, None)], vec![], "a leaf arrives once"),
        ("a leaf of no event", vec![event(4)], vec![leaf(5, Some(5))], vec![], "FOREIGN KEY"),
        (
            "a growth before the end",
            vec![event(4)],
            vec![],
            vec![growth(4, 2, &[4])],
            "a growth starts at 2, but the tree has 3 leaves",
        ),
        (
            "a growth behind the end",
            vec![event(4)],
            vec![],
            vec![growth(4, 4, &[4])],
            "a growth starts at 4, but the tree has 3 leaves",
        ),
        ("a leaf placed before", vec![event(4)], vec![], vec![growth(4, 3, &[1])], "failed to place `entry_1`"),
        ("a leaf placed twice", vec![event(4)], vec![], vec![growth(4, 3, &[4, 4])], "failed to place `entry_4`"),
        (
            "an unknown leaf",
            vec![event(4)],
            vec![],
            vec![growth(4, 3, &[4, 9])],
            "failed to place `entry_9`: there is no such leaf",
        ),
        ("a growth of no event", vec![event(4)], vec![], vec![growth(5, 3, &[4])], "FOREIGN KEY"),
    ];
    let home = TempDir::new().unwrap();
    let mut store = sample(home.path());
    for (case, events, leaves, growths, says) in cases {
        let error = no(store.commit(&Batch { events, leaves, growths }));
        check_says(&error, &[says]);
        assert_eq!((last_seq(&store), store.tree_size().unwrap()), (3, 3), "{case}");
        assert_eq!(numbers(&store.pending().unwrap()), [4], "{case}");
    }
}

#[test]
fn two_trees_of_one_size_are_never_signed() {
    let home = TempDir::new().unwrap();
    let mut store = sample(home.path());
    let last = Some("note of size 3");
    check_says(&no(store.swap_checkpoint(last, "another of size 3", 3)), &["size 3", "is signed already"]);
    check_says(&no(store.swap_checkpoint(last, "a smaller one", 2)), &["is signed already"]);
    check_says(&no(store.swap_checkpoint(last, "one not durable", 4)), &["the tree is not yet of this size"]);
    store.commit(&Batch { events: vec![event(4)], leaves: vec![], growths: vec![growth(4, 3, &[4])] }).unwrap();
    store.swap_checkpoint(last, "note of size 4", 4).unwrap();
    check_says(&no(store.swap_checkpoint(Some("note of size 4"), "another of size 3", 3)), &["is signed already"]);
    assert_eq!(store.checkpoint().unwrap().as_deref(), Some("note of size 4"));
}

#[test]
fn a_growth_that_was_not_signed_before_a_crash_is_seen_after_it() {
    let home = TempDir::new().unwrap();
    let mut store = sample(home.path());
    store
        .commit(&Batch { events: vec![event(4)], leaves: vec![leaf(5, None)], growths: vec![growth(4, 3, &[4, 5])] })
        .unwrap();
    drop(store);

    let mut store = Store::open(home.path()).unwrap();
    let (signed, last) = (3, store.checkpoint().unwrap());
    assert_eq!((last.as_deref(), store.tree_size().unwrap()), (Some("note of size 3"), 5));
    let roots: Vec<_> = store.placed(signed, 5).unwrap().iter().map(|placed| placed.leaf.root[0]).collect();
    assert_eq!(roots, [4, 5]);
    store.swap_checkpoint(last.as_deref(), "note of size 5", 5).unwrap();
}

#[test]
fn written_rows_hold_against_other_hands() {
    let statements = [
        "UPDATE event SET body = x'00' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 3",
        "INSERT OR REPLACE INTO event (seq, body) VALUES (2, x'00')",
        "INSERT INTO event (body) VALUES (x'00')",
        "UPDATE leaf SET counts_as = 'nothing' WHERE entry = 'entry_4'",
        "UPDATE leaf SET rowid = 9 WHERE entry = 'entry_4'",
        "UPDATE leaf SET position = NULL, growth = NULL WHERE entry = 'entry_1'",
        "UPDATE leaf SET position = 7, growth = 3 WHERE entry = 'entry_4'",
        "UPDATE OR REPLACE leaf SET position = 0, growth = 3 WHERE entry = 'entry_4'",
        "INSERT OR REPLACE INTO leaf (entry, root, counts_as) VALUES ('entry_1', zeroblob(32), '')",
        "INSERT INTO leaf (entry, root, counts_as) VALUES ('entry_5', zeroblob(31), '')",
        "DELETE FROM leaf",
        "UPDATE signed_checkpoint SET note = 'x'",
        "INSERT OR REPLACE INTO signed_checkpoint (size, note) VALUES (3, 'x')",
        "DELETE FROM signed_checkpoint",
    ];
    let home = TempDir::new().unwrap();
    drop(sample(home.path()));
    let other_hands = rusqlite::Connection::open(home.path().join(FILE)).unwrap();
    for statement in statements {
        assert!(other_hands.execute_batch(statement).is_err(), "{statement}");
    }
}

#[test]
fn an_event_that_is_missing_is_noticed() {
    let home = TempDir::new().unwrap();
    let store = sample(home.path());
    let other_hands = rusqlite::Connection::open(home.path().join(FILE)).unwrap();
    other_hands
        .execute_batch("PRAGMA foreign_keys = OFF; DROP TRIGGER event_is_kept; DELETE FROM event WHERE seq = 2")
        .unwrap();
    check_says(&no(store.events_after(0, |_| Ok(()))), &["event 2 is missing"]);
}

#[test]
fn a_store_opened_for_reading_writes_nothing() {
    let home = TempDir::new().unwrap();
    drop(sample(home.path()));
    let mut store = Store::open_read_only(home.path()).unwrap();
    check_says(&no(store.commit(&Batch { events: vec![event(4)], ..Batch::default() })), &[FILE, "hint: "]);
    assert_eq!(last_seq(&store), 3);
}

#[test]
fn a_folder_that_is_not_a_sound_register_is_refused_with_the_next_step() {
    type Spoil = fn(&Path);
    let cases: [(&str, Spoil, &[&str]); 7] = [
        (
            "nothing there",
            |file| fs::remove_file(file).unwrap(),
            &["holds no register (hint: make one with `candor init`)"],
        ),
        (
            "an empty file",
            |file| fs::write(file, "").unwrap(),
            &["is not a register (hint: put back the one of the last backup"],
        ),
        ("a text", |file| fs::write(file, "Dear Clerk,").unwrap(), &["hint: it is another file"]),
        ("a longer text", |file| fs::write(file, "Dear Clerk,".repeat(1000)).unwrap(), &["hint: it is another file"]),
        ("cut short", |file| cut(file, 8192), &["hint: keep a copy of the folder"]),
        ("cut within the first page", |file| cut(file, 700), &["hint: "]),
        ("a newer schema", |file| raise_version(file), &["has schema 2, and this candor knows 1"]),
    ];
    for (case, spoil, says) in cases {
        let home = TempDir::new().unwrap();
        drop(sample(home.path()));
        without_log(&home.path().join(FILE));
        spoil(&home.path().join(FILE));
        for error in [no(Store::open(home.path())), no(Store::open_read_only(home.path()))] {
            println!("{case}: {error}");
            check_says(&error, says);
            check_says(&error, &[home.path().to_str().unwrap()]);
        }
    }
    let home = TempDir::new().unwrap();
    check_says(&no(Store::open(home.path())), &["holds no register"]);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing is laid into a folder that is not ours");
    drop(sample(home.path()));
    check_says(&no(Store::create(home.path())), &["failed to make", "hint: choose a new or empty folder"]);
}

/// Other hands copy the log into the file and take it away, so that all of it is in the file. Others use it too.
pub(crate) fn without_log(file: &Path) {
    let connection = rusqlite::Connection::open(file).unwrap();
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    drop(connection);
    assert!(!busy && !log_of(file).exists());
}

/// The log beside a file.
pub(crate) fn log_of(file: &Path) -> std::path::PathBuf {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn cut(file: &Path, size_bytes: u64) {
    fs::OpenOptions::new().write(true).open(file).unwrap().set_len(size_bytes).unwrap();
}

fn raise_version(file: &Path) {
    rusqlite::Connection::open(file).unwrap().pragma_update(None, "user_version", 2).unwrap();
}
