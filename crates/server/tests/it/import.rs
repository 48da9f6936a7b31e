//! A jail's own register, taken in through its mapping: an invented table of the same shape as Travis County's. What is
//! reported equals what plain splitting of its lines counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

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
    assert!(said.contains(&format!("{} requests registered", expected.requests)), "{said}");
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

#[test]
fn a_row_that_cannot_be_read_keeps_the_whole_table_out() {
    let city = jail();
    let spoiled = TABLE
        .replace("9000112,", ",")
        .replace("2012-02-29", "2012-02-30")
        .replace("RELEASED TO OTHER AGENCY", "RELEASED TO NOBODY")
        .replace("2012-07-07", "7 July");
    city.write("spoiled.csv", &spoiled);
    let events = city.events();
    let mapping = mapping();
    let ran = city
        .run(&format!("import register spoiled.csv --mapping '{mapping}' --no-law --as person_clerk --at {AT}"))
        .ends_with(1);
    for (what, says) in [
        ("2012-02-30", "column `booking_date` is no day such as 2012-03-04"),
        ("RELEASED TO NOBODY", "column `disposition_type` holds an outcome that the mapping does not name"),
        ("7 July", "column `disposition_date` is no day such as 2012-03-04"),
        (",W,M,58,2012-03-11", "column `booking_seq` is empty"),
    ] {
        let line = spoiled.lines().position(|line| line.contains("ICE DETAINER") && line.contains(what));
        let line = line.unwrap_or_else(|| panic!("`{what}` is in no detainer line of the spoiled table")) + 1;
        assert!(ran.stderr.contains(&format!("spoiled.csv:{line}: {says}")), "{what}: {}", ran.stderr);
    }
    assert_eq!(city.events(), events);
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
    let line = format!("--mapping mapping.toml --no-law --as person_clerk --at {AT}");
    for (table, says) in [
        ("canary.csv", "canary.csv:2: column `name` holds an outcome that the mapping does not name"),
        ("canary.csv", "canary.csv:3: column `day` is no day such as 2012-03-04"),
        ("canary.csv", "canary.csv:4: column `end day` is no day such as 2012-03-04"),
        ("headless.csv", "`headless.csv` has no column `kind`, `day`, `stay`, `name`, `end day`"),
    ] {
        let ran = city.run(&format!("import register {table} {line}")).ends_with(1).complains_of(says);
        assert!(!ran.stderr.contains("CANARY") && !ran.stderr.contains("Quetzal"), "{}", ran.stderr);
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
    let line = format!("import register years.csv --mapping mapping.toml --no-law --as person_clerk --at {AT}");
    let ran = city.run(&line).ends_with(1);
    assert!(ran.stderr.contains("years.csv:2:") && ran.stderr.contains("years.csv:4:"), "{}", ran.stderr);
    let said = city.ok(&format!("{line} --year 2012"));
    assert!(said.contains("read 3 rows: 1 request"), "{said}");
}

#[test]
fn a_row_that_is_no_text_is_one_problem_among_the_others() {
    let city = jail();
    let table = b"kind,day,stay,name,end day\nICE DETAINER,2012-01-01,1,\xff\xfe,\nICE DETAINER,soon,2,,\n";
    fs::write(city.path("bytes.csv"), table).unwrap();
    city.write("mapping.toml", MAPPING);
    city.run(&format!("import register bytes.csv --mapping mapping.toml --no-law --as person_clerk --at {AT}"))
        .ends_with(1)
        .complains_of("bytes.csv:2: the row is not text in UTF-8\nbytes.csv:3: column `day` is no day");
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
    let mapping = mapping();
    city.ok(&format!("import register jail.csv --mapping '{mapping}' --no-law {year} --as person_clerk --at {AT}"))
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
    assert_eq!(outcomes, expected.outcomes, "outcomes of {year}");
}
