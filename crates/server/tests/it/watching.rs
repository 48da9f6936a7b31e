//! Lines and units from the command file to the screen, the report and the auditor.

use crate::city::City;

const WATCHED: &str = r#"
[[command]]
do = "set-line-tests"
line = "line_a1-fax"
from = 2022-12-01
at = ["08:00", "20:00"]

[[command]]
do = "see-line-test"
line = "line_a1-fax"
seen_at = "2022-12-04T20:01-05:00"

[[command]]
do = "see-line-test"
line = "line_a1-fax"
seen_at = "2022-12-05T08:01-05:00"

[[command]]
do = "set-tours"
unit = "unit_a1"
from = 2022-12-01
begin = ["00:00", "12:00"]

[[command]]
do = "report-zero"
unit = "unit_a1"
tour = "2022-12-05T12:00"

[[command]]
do = "count-bookings"
unit = "unit_a1"
tour = "2022-12-05T12:00"
made = 2

[[command]]
do = "answer-booking"
unit = "unit_a1"
episode = "ep_1"
at = "2022-12-05T13:00-05:00"
federal_paper = "no"

[[command]]
do = "count-gateway"
line = "line_a1-fax"
source = "gateway"
from = "2022-12-05T00:00-05:00"
until = "2022-12-06T00:00-05:00"
counted = 4

[[command]]
do = "note-arrival"
id = "arr_1"
line = "line_a1-fax"
at = "2022-12-05T22:10-05:00"

[[command]]
do = "read-arrival"
arrival = "arr_1"
found = "other-business"

[[command]]
do = "close-line"
id = "line_b2-mail"
last_on = 2022-12-24
"#;

const TABLE: &str = "\
2022-12-05 to 2022-12-05, as of 2022-12-21 09:30 (demonstration, invented rows)

  unit          line               measure                                      seen         of  per cent
  District A-1                     asks decided                                    2          2     100.0
                                   requests with a known outcome                   1          1     100.0
                                   bookings that answered \"any federal paper?\"     1          2      50.0
                                   tours with a zero report or a request           2          2     100.0
                                   tours whose bookings were counted               1          2      50.0
                District A-1, fax  transmissions registered                        0  not known
                                   hours in which a line was proven alive         10         24      41.6
                                   messages a gateway counted, accounted for       2          4      50.0
                                   arrivals that were read                         1          1     100.0
                Central mailbox    transmissions registered                        1  not known
                                   hours in which a line was proven alive          1         24       4.1

Not measured by anybody
  inquiries answered \"registered\": begin with `candor inquire`
  calls a carrier counted, accounted for: begin with `count-gateway`
";

#[test]
fn what_was_watched_is_shown_by_unit_and_line_with_the_alarms_that_stand() {
    let (city, _) = City::with_papers();
    city.write("watched.toml", WATCHED);
    city.ok("record register watched.toml --as person_officer --at 2022-12-21T09:30-05:00");
    let said = city.ok("coverage register --period 2022-12-05");
    assert!(said.starts_with(TABLE), "{said}");
    for alarm in [
        "District A-1, fax  32 tests missed since the last one seen",
        "since 2022-12-05 20:00  for the steward of lines",
        "Central mailbox    no test is listed",
        "1 booking without an answer",
    ] {
        assert!(said.contains(alarm), "`{alarm}` is not in: {said}");
    }
    assert!(!said.contains("more"), "{said}");
    let counted = "[[command]]\ndo = \"count-gateway\"\nline = \"line_a1-fax\"\nsource = \"carrier\"\n\
                   from = \"2022-12-05T00:00-05:00\"\nuntil = \"2022-12-06T00:00-05:00\"\ncounted = 0\n";
    city.write("counted.toml", counted);
    city.ok("record register counted.toml --as person_officer --at 2022-12-21T09:30-05:00");
    let said = city.ok("coverage register --period 2022-12-05");
    for more in [
        "More was registered than counted: the count is wrong, or the register\n  \
         District A-1, fax  calls a carrier counted, accounted for:  2 more\n",
        "District A-1, fax  2 more registered than was counted",
    ] {
        assert!(said.contains(more), "`{more}` is not in: {said}");
    }
    let json = city.ok("coverage register --period 2022-12 --as-of 2022-12-21T09:30-05:00 --json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["first"], &json["last"]), (&"2022-12-01".into(), &"2022-12-31".into()));
    let rows = json["coverage"].as_array().unwrap();
    let hours = rows.iter().find(|row| row["measure"] == "line-hours-proven").unwrap();
    assert_eq!((&hours["line_id"], &hours["due"]), (&"line_a1-fax".into(), &(20 * 24 + 8).into()));
    assert!(json["alarms"].as_array().unwrap().iter().any(|alarm| alarm["to_act"] == "line-steward"), "{json}");
}

#[test]
fn before_anything_was_open_the_screen_says_what_to_do() {
    let city = City::opened();
    let said = city.ok("coverage register --period 2021");
    assert!(said.contains("No line was open in these days") && said.contains("`candor record`"), "{said}");
    city.run("coverage register --period 2022-13").ends_with(2).complains_of("expected a year, a month or days");
    city.run("coverage register --period 2022 --as-of 2021-01-01T00:00-05:00").ends_with(1).complains_of("`--as-of`");
}

/// The auditor replays every command on lines and units, and works out the closing rows of coverage.
#[test]
fn coverage_is_in_the_report_and_an_auditor_recomputes_it() {
    let (city, _) = City::with_papers();
    city.write("watched.toml", WATCHED);
    city.ok("record register watched.toml --as person_officer --at 2022-12-21T09:30-05:00");
    city.ok("grow register --as person_clerk --at 2022-12-30T15:00-05:00");
    city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    let report = std::fs::read_to_string(city.path("published/filings/2022/report.json")).unwrap();
    for measure in ["line-hours-proven", "tours-reported", "bookings-answered", "gateway-accounted", "arrivals-read"] {
        assert!(report.contains(&format!("\"measure\": \"{measure}\"")), "{measure} is not in the report");
    }
    assert!(!report.contains("District A-1\""), "a unit is in the report");
}
