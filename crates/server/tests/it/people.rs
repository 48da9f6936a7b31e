//! Custody and staff from the command line.

use crate::city::City;

const CUSTODY: &str = r#"
[[command]]
do = "custody"
episode = "ep_1"
unit = "unit_a1"
what = "arrested"
charges = ["265-13A"]
at = "2022-12-02T00:10-05:00"

[[command]]
do = "custody"
episode = "ep_1"
unit = "unit_a1"
what = "bail-posted"
at = "2022-12-02T01:30-05:00"
"#;

const PAPER: &str = r#"
form = "i-247a"
component = "ero"
asks = ["hold"]
episode = "ep_1"

[arrival]
line = "line_a1-fax"
at = "2022-12-02T01:00-05:00"
"#;

const FACTS: &str = r#"
asks = ["hold"]

[facts]
actor = "police_officer"
detainer = "asks_hold"
judge_paper = "none"
"#;

#[test]
fn what_is_recorded_of_custody_is_shown_and_works_out_a_fact() {
    let city = City::opened();
    city.write("custody.toml", CUSTODY);
    city.write("paper.toml", PAPER);
    city.write("facts.toml", FACTS);
    city.write("against.toml", &FACTS.replace("judge_paper", "custody = \"before_bail_or_court\"\njudge_paper"));
    let by = "--as person_officer --at 2022-12-02T02:00-05:00";
    city.ok(&format!("record register custody.toml {by}"));
    let request = city.ok(&format!("receive register paper.toml {by}"));
    let request = request.split_whitespace().nth(1).unwrap().to_owned();
    let shown = city.ok("custody register ep_1");
    for line in [
        "2022-12-02 00:10:00 -05:00  arrested 265-13A",
        "eligible   2022-12-02 01:30:00 -05:00, by condition (4) of *eligible for release from custody*",
        "released   not recorded",
        "delay      30 minutes after eligibility, until the last record",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let decide = format!("decide register {request} --facts against.toml --do hold=declined");
    let refused = city.run(&format!("{decide} {by}")).ends_with(1);
    refused
        .complains_of("`custody` is given as `before_bail_or_court`, but the record makes it `bond_or_recognizance`");
    city.ok(&format!("{decide} --made-at 2022-12-02T01:29:59-05:00 {by}"));
    let json: serde_json::Value = serde_json::from_str(&city.ok("custody register ep_1 --json")).unwrap();
    assert_eq!(json["stays"][0]["delay_minutes"], 30);
    assert_eq!(json["stays"][0]["condition"], 4);
    city.run("custody register ep_2").ends_with(1).complains_of("nothing is recorded of `ep_2`");
}

#[test]
fn a_charge_that_is_no_code_is_not_repeated() {
    let city = City::opened();
    city.write("custody.toml", &CUSTODY.replace("265-13A", "assault on A. Neighbour"));
    let refused = city.run("record register custody.toml --as person_officer --at 2022-12-02T02:00-05:00").ends_with(1);
    assert!(!refused.stderr.contains("Neighbour"), "{}", refused.stderr);
    refused.complains_of("custody.toml:7: `charges`: expected a charge's number or code, such as `265-13A`");
}

const STAFF: &str = r#"
[[command]]
do = "register-staff"
person = "person_officer"
agency = "agency_police"
from = 2022-12-01

[[command]]
do = "give-role"
person = "person_officer"
role = "officer"
from = 2022-12-01

[[command]]
do = "make-assignment"
person = "person_officer"
kind = "task-force"
with = "hsi"
from = 2022-12-05

[[command]]
do = "make-designation"
person = "person_officer"
kind = "task-force-deputation"
designated_by = "hsi"
from = 2022-12-05
"#;

#[test]
fn a_designation_ends_what_an_officer_may_do_and_staff_shows_it_by_day() {
    let city = City::opened();
    let note = "note: no staff is registered, so everybody may do everything";
    assert!(city.ok("staff register").contains(note));
    city.write("staff.toml", STAFF);
    city.write("paper.toml", PAPER);
    city.run("record register staff.toml --as person_officer --at 2022-12-02T09:00-05:00")
        .ends_with(1)
        .complains_of("staff.toml:2: `person_officer` is not registered as staff on 2022-12-02");
    city.ok("record register staff.toml --as person_clerk --at 2022-12-02T09:00-05:00");
    city.ok("receive register paper.toml --as person_officer --at 2022-12-04T23:59-05:00");
    city.run("receive register paper.toml --as person_officer --at 2022-12-05T00:00-05:00").ends_with(1).complains_of(
        "`person_officer` may not register what arrives and what became of it: they have the federal designation \
         `task-force-deputation` by `hsi`, since 2022-12-05",
    );
    let shown = city.ok("staff register --on 2022-12-04");
    assert!(shown.contains("may  register what arrives and what became of it; decide asks"), "{shown}");
    assert!(!shown.contains(note), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&city.ok("staff register --on 2022-12-05 --json")).unwrap();
    let officer = &json["members"][1];
    assert_eq!(officer["person"], "person_officer");
    assert_eq!(officer["may"], serde_json::json!(["grow the log"]));
    assert_eq!(officer["posts"][2]["kind"], "task-force-deputation");
    city.write("end.toml", "[[command]]\ndo = \"end-designation\"\nperson = \"person_officer\"\nkind = \"task-force-deputation\"\ndesignated_by = \"hsi\"\non = 2022-12-07\n[[command]]\ndo = \"take-role\"\nperson = \"person_officer\"\nrole = \"officer\"\non = 2022-12-09\n[[command]]\ndo = \"end-assignment\"\nperson = \"person_officer\"\nkind = \"task-force\"\nwith = \"hsi\"\non = 2022-12-07\n");
    city.ok("record register end.toml --as person_clerk --at 2022-12-06T09:00-05:00");
    city.ok("receive register paper.toml --as person_officer --at 2022-12-07T00:00-05:00");
    city.run("receive register paper.toml --as person_officer --at 2022-12-09T00:00-05:00")
        .ends_with(1)
        .complains_of("these roles may: officer, supervisor, records");
}
