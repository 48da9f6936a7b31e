//! The process is killed at many points. What was acknowledged is there, what was not is there as a whole or not at
//! all, and the register goes on.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::city::{City, candor, repository};
use crate::folder;

const SETUP: &str = r#"
[[command]]
do = "register-agency"
id = "agency_sheriff"
name = "Invented Sheriff"

[[command]]
do = "open-unit"
id = "unit_jail"
agency = "agency_sheriff"
name = "Jail"
from = 2011-01-01

[[command]]
do = "open-line"
id = "line_jail"
unit = "unit_jail"
channel = "not-recorded"
name = "Jail"
from = 2011-01-01
"#;

/// Rows of the table that is imported while the process is killed.
const ROWS: usize = 2_000;

/// When the process is killed: once this file of the register has grown by so many bytes. The first are written while
/// keys are laid down, the last in the midst of the one transaction, or after it.
const POINTS: &[(&str, u64)] = &[
    ("writer.lock", 0),
    ("keys.sqlite-wal", 1),
    ("keys.sqlite-wal", 700_000),
    ("register.sqlite-wal", 1),
    ("register.sqlite-wal", 2_000_000),
    ("register.sqlite-wal", 4_000_000),
    ("register.sqlite", 1_000_000),
];

#[test]
fn an_import_that_is_killed_goes_on_from_there_when_it_comes_again() {
    let jail = jail();
    jail.write("large.csv", &table(ROWS));
    for (file, grown) in POINTS {
        let city = City::empty();
        folder::copy(&jail.path("register"), &city.path("register"));
        let before = city.events();
        kill_import(&city, &jail.path("large.csv"), file, *grown);
        let point = format!("killed when {file} had grown by {grown}");
        let recorded = city.events() - before;
        // Each row is a request and an outcome, and the run comes last.
        let all = i64::try_from(ROWS).unwrap() * 2 + 1;
        let again = city.run(&import_of(&jail.path("large.csv")));
        let known = again.stderr.contains("the import of this file was recorded");
        assert!(again.code == 0 || (known && recorded == all), "{point}: {recorded} events, {}", again.stderr);
        assert_eq!(city.events() - before, all, "{point}: {recorded} events were there");
        goes_on(&city, &point);
    }
}

/// When a filing is killed: between its steps, each of which leaves something behind.
const FILING_POINTS: &[(&str, u64)] = &[
    ("register.sqlite-wal", 1),
    ("register.sqlite-wal", 100_000),
    ("register.sqlite-wal", 200_000),
    ("filed/filings/2022/report.json", 1),
    ("filed/law", 1),
    ("filed/openings/2022/counts-as", 1),
    ("filed/openings/2022/closing", 1),
    ("filed/filings/2022/filing", 1),
];

#[test]
fn a_filing_that_is_killed_is_completed_by_the_same_command() {
    let (papers, _) = City::with_papers();
    let line = "file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00";
    for (file, grown) in FILING_POINTS {
        let point = format!("killed when {file} had grown by {grown}");
        let city = City::empty();
        folder::copy(&papers.path("register"), &city.path("register"));
        kill(&city, line, file, *grown);
        let again = city.run(line);
        assert!(again.code == 0 || again.stderr.contains("is filed already"), "{point}: {}", again.stderr);
        city.ok("publish register --to published");
        city.ok("audit bag register --out bag");
        let said = city.ok("verify published --key register/log.vkey --bag bag");
        assert!(said.contains("closing report for 2022\n       4 requests"), "{point}: {said}");
    }
}

#[test]
fn a_tree_that_was_committed_and_not_signed_is_signed_the_same_when_next_opened() {
    let (city, _) = City::with_papers();
    city.ok("grow register --as person_clerk --at 2022-12-24T09:00-05:00");
    let signed = last_checkpoint(&city);
    {
        let store = rusqlite::Connection::open(city.path("register/register.sqlite")).unwrap();
        // As if the power had failed between the commit and the signature.
        store.execute_batch("DROP TRIGGER checkpoint_is_kept").unwrap();
        store.execute("DELETE FROM signed_checkpoint WHERE size = ?1", [signed.0]).unwrap();
    }
    assert_ne!(last_checkpoint(&city), signed);
    let events = city.events();
    // Nothing is due at this instant, so the register is only opened.
    city.ok("grow register --as person_clerk --at 2022-12-24T09:00-05:00");
    assert_eq!(last_checkpoint(&city), signed);
    assert_eq!(city.events(), events);
    city.ok("publish register --to published");
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn what_stands_in_the_way_of_publishing_from_an_earlier_cut_does_not_matter() {
    let city = City::with_year_filed();
    folder::copy(&city.path("published"), &city.path("whole"));
    // A cut leaves the old checkpoint, some new files, and half a file beside its place.
    fs::remove_file(city.path("published/checkpoint")).unwrap();
    fs::remove_file(city.path("published/filings/2022/report.html")).unwrap();
    city.write("published/filings/2022/report.html.part", "half");
    city.ok("publish register --to published");
    assert!(city.files("published") == city.files("whole"), "the folder is not what it was");
}

#[test]
fn a_second_writer_is_refused_with_the_process_that_has_the_lock() {
    let city = City::opened();
    let lock = fs::File::options().read(true).write(true).open(city.path("register/writer.lock")).unwrap();
    lock.try_lock().unwrap();
    fs::write(city.path("register/writer.lock"), format!("{}\n", std::process::id())).unwrap();
    let events = city.events();
    for line in [
        "grow register --as person_clerk --at 2022-12-24T09:00-05:00",
        "record register setup.toml --as person_clerk --at 2022-12-24T09:00-05:00",
        "file register --year 2022 --as person_clerk --at 2022-12-24T09:00-05:00",
        "audit bag register --out bag",
    ] {
        city.run(line).ends_with(1).complains_of(&format!("is being written by process {}", std::process::id()));
    }
    assert_eq!(city.events(), events);
    // Whoever only reads goes on beside the writer.
    city.ok("report register --year 2022 --out draft");
    drop(lock);
    city.ok("grow register --as person_clerk --at 2022-12-24T09:00-05:00");
}

/// A jail's register with its one line.
pub(crate) fn jail() -> City {
    let city = City::empty();
    city.write("setup.toml", SETUP);
    city.ok("init register --pack us-tx-travis-county --demonstration --as person_clerk --at 2013-01-09T09:00-06:00");
    city.ok("record register setup.toml --as person_clerk --at 2013-01-09T09:10-06:00");
    city
}

/// An invented table: one detainer a booking, each with an outcome.
pub(crate) fn table(rows: usize) -> String {
    let mut text = String::from(
        "booking_seq,race,sex,age_at_booking,booking_date,place_of_birth,charge_code,charge_literal,level,sentence,\
         disposition_date,disposition_type\n",
    );
    for row in 0..rows {
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        text.push_str(&format!(
            "{},X,X,30,2012-{month:02}-{day:02},XX,1,ICE DETAINER,N,,2012-12-30,WARRANT WITHDRAWN\n",
            500_000 + row
        ));
    }
    text
}

fn import_of(table: &Path) -> String {
    let mapping = repository().join("mappings/us-tx-travis-county.toml");
    format!(
        "import register '{}' --mapping '{}' --no-law --as person_clerk --at 2013-01-10T08:00-06:00",
        table.display(),
        mapping.display()
    )
}

fn kill_import(city: &City, table: &Path, file: &str, grown: u64) {
    kill(city, &import_of(table), file, grown);
}

/// Starts a command and kills it when a file of the register has grown enough, or lets it end if it never does.
pub(crate) fn kill(city: &City, line: &str, file: &str, grown: u64) {
    let watched = city.path("register").join(file);
    let size = || fs::metadata(&watched).map_or(0, |metadata| metadata.len());
    let start = size();
    let mut process = candor(&city.path("."), line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while process.try_wait().unwrap().is_none() && size() < start + grown {
        std::thread::sleep(Duration::from_micros(200));
    }
    // One that has ended already cannot be killed: then all that it was to do must be there.
    drop(process.kill());
    process.wait().unwrap();
}

fn goes_on(city: &City, point: &str) {
    city.ok("grow register --as person_clerk --at 2013-01-11T08:00-06:00");
    city.ok("publish register --to published");
    let said = city.ok("verify published --key register/log.vkey");
    assert!(said.contains("Every promise that could be checked holds."), "{point}: {said}");
}

/// Size and note of the latest signed checkpoint.
fn last_checkpoint(city: &City) -> (i64, String) {
    let store = rusqlite::Connection::open(city.path("register/register.sqlite")).unwrap();
    let query = "SELECT size, note FROM signed_checkpoint ORDER BY size DESC LIMIT 1";
    store.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

#[test]
fn a_drill_kills_a_copy_and_leaves_the_register_as_it_was() {
    let (city, _) = City::with_papers();
    let before = city.files("register");
    let said = city.ok("drill kill register --as person_clerk --rounds 4");
    println!("{said}");
    assert_eq!(
        said.lines().filter(|line| line.contains("all there, and all that is held agrees")).count(),
        4,
        "{said}"
    );
    assert!(said.contains("nothing was lost\n"), "{said}");
    assert!(city.files("register") == before, "the drill touched the register");
    assert!(!city.path("register.drill.part").exists(), "the copy is left over");

    // Beside a writer nothing is begun.
    let lock = fs::File::options().read(true).write(true).open(city.path("register/writer.lock")).unwrap();
    lock.try_lock().unwrap();
    let refused = city.run("drill kill register --as person_clerk").ends_with(1);
    println!("{}", refused.complains_of("is being written by process").stderr);
    assert!(!city.path("register.drill.part").exists());
}
