//! A jail's own register, taken in through its mapping: an invented table of the same shape as Travis County's. What is
//! reported equals what plain splitting of its lines counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::city::{City, repository};
use crate::crash::jail;

/// The table. Every row is invented.
const TABLE: &str = include_str!("../data/jail-invented.csv");

/// How the dispositions in the table are to be reported, written down apart from the mapping.
const OUTCOMES: &[(&str, &str)] = &[
    ("", "unknown"),
    ("RELEASED TO ICE", "transferred"),
    ("WARRANT WITHDRAWN", "request-withdrawn"),
    ("ICE DETAINER RELEASED", "request-withdrawn"),
    ("ICE DETAINER TIME LIMIT REACHED", "released-other"),
    ("BOND-PERSONAL RECOGNIZANCE", "released-recognizance"),
    ("RELEASED TO OTHER AGENCY", "other-agency"),
    ("RELEASED TO TDCJ-ID", "other-agency"),
    ("EXTRADITION", "other-agency"),
    ("ERROR IN ENTRY", "entered-in-error"),
];

#[test]
fn one_year_of_a_jails_register_is_counted_as_its_lines_are() {
    let city = jail();
    let said = import(&city, "--year 2012");
    let expected = Expected::of("2012", |arrived| arrived == "2012");
    assert!(
        said.contains(&format!(": {} requests registered, 0 known before, 0 refused", expected.requests)),
        "{said}"
    );
    file_and_check(&city, "2012", &expected);
    assert_eq!((expected.requests, expected.transferred), (18, 6), "the table was changed: look at it by hand");
}

#[test]
fn a_table_of_all_years_is_counted_year_by_year() {
    let city = jail();
    import(&city, "");
    file_and_check(&city, "2011", &Expected::of("2011", |_| true));
    file_and_check(&city, "2012", &Expected::of("2012", |_| true));
}

/// The same table, counted by Python's own reader under its own list of dispositions.
#[test]
fn the_totals_are_those_of_an_independent_tool() {
    let city = jail();
    city.write("jail.csv", TABLE);
    let said = city.ok(&format!("{} --json", line("jail.csv", &mapping())));
    let ours: Value = serde_json::from_str(&said).unwrap();
    let check = repository().join("mappings/us-tx-travis-county.check.py");
    let ran = Command::new("python3").arg(check).arg(city.path("jail.csv")).output();
    let ran = ran.expect("python3 is needed: `./test` installs it");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let theirs: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(ours["totals"], theirs);
    assert_eq!((&ours["counts"]["rows"], &ours["counts"]["refused"]), (&50.into(), &0.into()));
}

/// What is wrong with some rows, what becomes of the others, and where the refused ones are told of.
#[test]
fn a_row_that_cannot_be_read_stops_no_other_and_is_told_of_in_a_file() {
    let city = jail();
    city.write("mapping.toml", MAPPING);
    city.write(
        "spoiled.csv",
        "kind,day,stay,name,end day\n\
         ICE DETAINER,2012-03-04,1,WARRANT WITHDRAWN,2012-03-05\n\
         ICE DETAINER,2012-02-30,2,,\n\
         ICE DETAINER,2012-03-04,,,\n\
         ICE DETAINER,2010-12-31,4,,\n\
         ICE DETAINER,2013-01-11,5,,\n\
         ICE DETAINER,2012-03-04,6,RELEASED TO NOBODY,2012-03-05\n\
         ICE DETAINER,2012-03-04,7,WARRANT WITHDRAWN,7 July\n\
         ICE DETAINER,2012-03-04,8,WARRANT WITHDRAWN,2013-02-01\n\
         a charge,2012-03-04,1,,\n\
         ICE DETAINER,2012-03-04,9\n",
    );
    let ran = city.run(&format!("{} --refused refused.csv", line("spoiled.csv", "mapping.toml"))).ends_with(3);
    let expected = "line,refused,reason\n\
        3,row,\"column `day` is no day such as 2012-03-04\"\n\
        4,row,\"column `stay` is empty\"\n\
        11,row,\"3 fields under a header of 5\"\n\
        5,row,\"it arrived before 2011-01-01, when line `line_jail` was opened\"\n\
        6,row,\"it happened later than the time of record, 2013-01-10T14:00:00Z\"\n\
        7,outcome,\"column `name` holds an outcome that the mapping does not name\"\n\
        8,outcome,\"column `end day` is no day such as 2012-03-04\"\n\
        9,outcome,\"it happened later than the time of record, 2013-01-10T14:00:00Z\"\n";
    assert_eq!(fs::read_to_string(city.path("refused.csv")).unwrap(), expected);
    assert!(
        ran.stdout.contains("read 10 rows: 4 requests registered, 0 known before, 5 refused, 1 left out"),
        "{}",
        ran.stdout
    );
    let last = ran.stdout.lines().last().unwrap();
    assert_eq!(last, "refused: 5 rows, and the outcome of 3 requests; lines and reasons: refused.csv");
}

/// The day of a row is a person's: whatever it is refused for, the file of refused rows does not repeat it.
#[test]
fn a_row_that_arrived_on_a_closed_line_is_told_of_without_its_day() {
    let city = jail();
    city.write("mapping.toml", MAPPING);
    city.write("closed.toml", "[[command]]\ndo = \"close-line\"\nid = \"line_jail\"\nlast_on = 2012-06-30\n");
    city.ok("record register closed.toml --as person_clerk --at 2013-01-10T14:00:00Z");
    city.write("late.csv", "kind,day,stay,name,end day\nICE DETAINER,2012-06-30,1,,\nICE DETAINER,2012-07-01,2,,\n");
    city.run(&format!("{} --refused refused.csv", line("late.csv", "mapping.toml"))).ends_with(3);
    let expected = "line,refused,reason\n3,row,\"it arrived after 2012-06-30, the last day of line `line_jail`\"\n";
    assert_eq!(fs::read_to_string(city.path("refused.csv")).unwrap(), expected);
}

#[test]
fn a_table_is_taken_in_once_and_a_later_one_adds_only_what_is_new() {
    let city = jail();
    import(&city, "");
    let events = city.events();
    city.run(&line("jail.csv", &mapping()))
        .ends_with(1)
        .complains_of("the import of this file was recorded at 2013-01-10");
    assert_eq!(city.events(), events);
    // The same table as its office gives it out later: one request more, one outcome that was open, another changed.
    let open = TABLE.lines().find(|line| line.contains("ICE DETAINER") && line.ends_with(",,")).unwrap();
    let changed = TABLE.lines().find(|line| line.ends_with("WARRANT WITHDRAWN")).unwrap();
    let later = TABLE
        .replace(open, &format!("{}2012-12-30,WARRANT WITHDRAWN", open.strip_suffix(',').unwrap()))
        .replace(changed, &changed.replace("WARRANT WITHDRAWN", "RELEASED TO ICE"));
    let row = TABLE.lines().nth(2).unwrap().replace("9000101", "9999999");
    city.write("later.csv", &format!("{later}{row}\n"));
    let ran = city.run(&format!("{} --json", line("later.csv", &mapping()))).ends_with(3);
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let count = |what: &str| said["counts"][what].as_u64().unwrap();
    assert_eq!((count("registered"), count("outcomes"), count("outcome-refused")), (1, 2, 1), "{said}");
    let refused = fs::read_to_string(city.path(said["refused_rows"].as_str().unwrap())).unwrap();
    assert!(refused.ends_with(",outcome,\"the register has another outcome\"\n"), "{refused}");
    // Request and its outcome and transfer, an outcome, and the run.
    assert_eq!(city.events(), events + 5);
}

/// A later table tells more of the erased, and of their stay: none of it is recorded, and no file says which lines they are.
#[test]
fn no_file_of_a_later_table_says_who_was_erased() {
    let city = jail();
    city.write("mapping.toml", MAPPING);
    let table = "kind,day,stay,name,end day\nICE DETAINER,2012-06-30,9000771,,\nICE DETAINER,2012-07-01,9000772,,\n";
    city.write("first.csv", table);
    city.ok(&line("first.csv", "mapping.toml"));
    let events = rusqlite::Connection::open(city.path("register/register.sqlite")).unwrap();
    let first: Vec<u8> = events
        .query_row("SELECT body FROM event WHERE instr(CAST(body AS TEXT), '\"2012-06-30\"') > 0", [], |row| row.get(0))
        .unwrap();
    drop(events);
    let first: Value = serde_json::from_slice(&first).unwrap();
    let request = first["event"]["request-received/1"]["id"].as_str().unwrap();
    let propose = format!("do = \"propose-erasure\"\nof = [\"{request}\"]\nschedule = \"Item 1\"\napproval = \"1\"\n");
    city.write("propose.toml", &format!("[[command]]\n{propose}"));
    city.ok(&format!("record register propose.toml --as person_clerk --at {AT}"));
    let waits: Value = serde_json::from_str(&city.ok("retention register --json")).unwrap();
    let erasure = waits["proposals"][0]["erasure"].as_str().unwrap();
    city.write("confirm.toml", &format!("[[command]]\ndo = \"confirm-erasure\"\nerasure = \"{erasure}\"\n"));
    city.ok(&format!("record register confirm.toml --as person_counsel --at {AT}"));

    let later = table.replace("1,,", "1,WARRANT WITHDRAWN,2012-07-02");
    city.write("later.csv", &format!("{later}ICE DETAINER,2012-07-03,9000771,,\n"));
    let ran = city.run(&format!("{} --refused refused.csv", line("later.csv", "mapping.toml"))).ends_with(3);
    let expected =
        "line,refused,reason\n4,row,\"its stay in custody was erased, and nothing more is recorded of it\"\n";
    assert_eq!(fs::read_to_string(city.path("refused.csv")).unwrap(), expected, "{}", ran.stdout);
    for said in [&ran.stdout, &ran.stderr] {
        assert!(!said.contains("erased") && !said.contains(request), "{said}");
    }
}

#[test]
fn no_problem_repeats_what_a_cell_holds() {
    let city = jail();
    // A mapping that names the wrong columns: names stand where outcomes and days should.
    let canary = "kind,day,stay,name,end day\nICE DETAINER,2012-03-04,1,\"CANARY, Quetzal\",2012-03-05\n\
                  ICE DETAINER,CANARY-DAY,2,,\nICE DETAINER,2012-03-04,3,WARRANT WITHDRAWN,CANARY-END\n";
    city.write("canary.csv", canary);
    city.write("headless.csv", "CANARY,2012-03-04,1,Quetzal,2012-03-05\n");
    city.write("mapping.toml", MAPPING);
    let says = "`headless.csv` has no column `kind`, `day`, `stay`, `name`, `end day`";
    let headless = city.run(&line("headless.csv", "mapping.toml")).ends_with(1).complains_of(says);
    let ran = city.run(&format!("{} --refused refused.csv", line("canary.csv", "mapping.toml"))).ends_with(3);
    let refused = fs::read_to_string(city.path("refused.csv")).unwrap();
    for says in [
        "2,outcome,\"column `name` holds an outcome that the mapping does not name\"",
        "3,row,\"column `day` is no day such as 2012-03-04\"",
        "4,outcome,\"column `end day` is no day such as 2012-03-04\"",
    ] {
        assert!(refused.contains(says), "`{says}` is not in:\n{refused}");
    }
    for said in [&refused, &ran.stdout, &ran.stderr, &headless.stderr] {
        assert!(!said.contains("CANARY") && !said.contains("Quetzal"), "{said}");
    }
}

#[test]
fn a_row_of_another_year_is_not_judged() {
    let city = jail();
    city.write(
        "years.csv",
        "kind,day,stay,name,end day\nICE DETAINER,2011-12-31,,UNHEARD OF,soon\nICE DETAINER,2012-01-01,1,,\n\
         ICE DETAINER,2013-01-01,2,UNHEARD OF,\n",
    );
    city.write("mapping.toml", MAPPING);
    let line = line("years.csv", "mapping.toml");
    let said = city.ok(&format!("{line} --year 2012"));
    assert!(said.contains("read 3 rows: 1 request registered, 0 known before, 0 refused, 2 left out"), "{said}");
    let ran = city.run(&format!("{line} --refused refused.csv")).ends_with(3);
    assert!(ran.stdout.contains("1 request registered, 1 known before, 1 refused"), "{}", ran.stdout);
    let refused = fs::read_to_string(city.path("refused.csv")).unwrap();
    assert!(refused.contains("\n2,row,") && refused.contains("\n4,outcome,"), "{refused}");
}

#[test]
fn a_row_that_is_no_text_is_one_problem_among_the_others() {
    let city = jail();
    let table = b"kind,day,stay,name,end day\nICE DETAINER,2012-01-01,1,\xff\xfe,\nICE DETAINER,soon,2,,\n";
    fs::write(city.path("bytes.csv"), table).unwrap();
    city.write("mapping.toml", MAPPING);
    city.run(&format!("{} --refused refused.csv", line("bytes.csv", "mapping.toml"))).ends_with(3);
    let refused = fs::read_to_string(city.path("refused.csv")).unwrap();
    assert!(refused.contains("2,row,\"the row is not text in UTF-8\"\n3,row,\"column `day` is no day"), "{refused}");
}

/// A mapping of a small table.
const MAPPING: &str = r#"
[rows]
column = "kind"
equals = "ICE DETAINER"

[request]
form = "detainer-not-recorded"
component = "not-recorded"
asks = ["hold"]
line = "line_jail"
arrived = "day"
episode = "stay"

[outcome]
column = "name"
on = "end day"
authority = "not-recorded"

[outcome.values]
"WARRANT WITHDRAWN" = "request-withdrawn"
"#;

/// When the table is imported.
const AT: &str = "2013-01-10T08:00-06:00";

/// What plain splitting of the lines counts.
struct Expected {
    requests: u64,
    outcomes: BTreeMap<&'static str, u64>,
    /// Different bookings transferred in the year: two lines of one booking are one stay.
    transferred: u64,
}

impl Expected {
    /// Counts a year of the table; of its lines only those are imported whose year of arrival is.
    fn of(year: &str, imported: impl Fn(&str) -> bool) -> Expected {
        let mut expected = Expected { requests: 0, outcomes: BTreeMap::new(), transferred: 0 };
        let mut transferred = BTreeSet::new();
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let (booking, arrived, disposed, disposition) = (cells[0], &cells[4][..4], cells[10], cells[11]);
            if cells[7] != "ICE DETAINER" || !imported(arrived) {
                continue;
            }
            if arrived == year {
                let (_, outcome) = OUTCOMES.iter().find(|(said, _)| *said == disposition).unwrap();
                expected.requests += 1;
                *expected.outcomes.entry(outcome).or_default() += 1;
            }
            if disposition == "RELEASED TO ICE" && disposed.starts_with(year) && transferred.insert(booking) {
                expected.transferred += 1;
            }
        }
        expected
    }
}

fn mapping() -> String {
    repository().join("mappings/us-tx-travis-county.toml").display().to_string()
}

fn import(city: &City, year: &str) -> String {
    city.write("jail.csv", TABLE);
    city.ok(&format!("{} {year}", line("jail.csv", &mapping())))
}

fn line(table: &str, mapping: &str) -> String {
    format!("import register {table} --mapping '{mapping}' --no-law --as person_clerk --at {AT}")
}

fn file_and_check(city: &City, year: &str, expected: &Expected) {
    city.ok(&format!("file register --year {year} --as person_clerk --at 2013-01-11T09:00-06:00"));
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    city.ok("verify published --key register/log.vkey --bag bag");
    let bytes = fs::read(city.path(&format!("published/filings/{year}/report.json"))).unwrap();
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(report["items"][0]["total"], expected.requests, "requests of {year}");
    assert_eq!(report["items"][1]["total"], expected.transferred, "transferred in {year}");
    let outcomes: BTreeMap<&str, u64> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| (count["reason"].as_str().unwrap(), count["count"].as_u64().unwrap()))
        .filter(|(_, count)| *count > 0)
        .collect();
    // What the public sees of outcomes is what the totals imply; `the_totals_are_those_of_an_independent_tool` has the rest.
    let seen = |outcome: &'static str| match outcome {
        "transferred" | "unknown" => outcome,
        _ => "not-transferred",
    };
    let mut implied: BTreeMap<&str, u64> = BTreeMap::new();
    for (outcome, number) in &expected.outcomes {
        *implied.entry(seen(outcome)).or_default() += number;
    }
    assert_eq!(outcomes, implied, "outcomes of {year}");
}
