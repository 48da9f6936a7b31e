//! Custody from the command line: what is recorded, what is shown, and what a decision takes from it.

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
