//! Custody, staff and inquiries from the command line.

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
    let listed = city.ok("custody register");
    let line = "      30  ep_1  eligible by (4) 2022-12-02 01:30:00 -05:00; not released";
    assert!(listed.contains(line), "{listed}");
    let json: serde_json::Value = serde_json::from_str(&city.ok("custody register --json")).unwrap();
    assert_eq!(json["delays"][0]["stay"]["delay_minutes"], 30);
    an_auditor_follows(&city);
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
    city.run("staff register").ends_with(0).complains_of(note);
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
    let shown = city.ok("staff register --on 2022-12-04 --as person_clerk");
    assert!(shown.contains("may  register what arrives and what became of it; decide asks"), "{shown}");
    assert!(!shown.contains(note), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&city.ok("staff register --on 2022-12-05 --json --as person_clerk")).unwrap();
    let officer = &json["members"][1];
    assert_eq!(officer["person"], "person_officer");
    assert_eq!(officer["may"], serde_json::json!(["grow the log"]));
    assert_eq!(officer["posts"][2]["kind"], "task-force-deputation");
    city.write("end.toml", "[[command]]\ndo = \"end-designation\"\nperson = \"person_officer\"\nkind = \"task-force-deputation\"\ndesignated_by = \"hsi\"\non = 2022-12-07\n[[command]]\ndo = \"take-role\"\nperson = \"person_officer\"\nrole = \"officer\"\non = 2022-12-09\n[[command]]\ndo = \"end-assignment\"\nperson = \"person_officer\"\nkind = \"task-force\"\nwith = \"hsi\"\non = 2022-12-07\n");
    city.ok("record register end.toml --as person_clerk --at 2022-12-06T09:00-05:00");
    city.write("paper.toml", &PAPER.replace("T01:00", "T01:01"));
    city.ok("receive register paper.toml --as person_officer --at 2022-12-07T00:00-05:00");
    city.run("receive register paper.toml --as person_officer --at 2022-12-09T00:00-05:00")
        .ends_with(1)
        .complains_of("these roles may: officer, supervisor, records");
    an_auditor_follows(&city);
}

/// What is registered prints three numbers, a person and a date; then what each paper shown prints otherwise, and the answer.
const SHOWN: &[(&str, &str, &str, &str)] = &[
    ("the same paper", "", "", "registered: a paper of the same form and number, and no other date (paper-number)"),
    (
        "the copy of a paper without its numbers",
        "subject_id = \"S-1\"\nevent_number = \"E-1\"\nfile_number = \"A900000001\"",
        "",
        "registered: a paper of the same form and date about the same individual (individual-and-date)",
    ),
    ("its first number is not legible", "subject_id = \"S-1\"\n", "", "registered: a paper of the same form and date"),
    ("its date is not legible", "issued_on = 2022-12-01\n", "", "registered: a paper of the same form and number"),
    ("another form", "i-247a", "i-247g", "not registered: nothing registered can be this paper (nothing-alike)"),
    ("of another day", "2022-12-01", "2022-11-30", "not registered"),
    (
        "another person's",
        "[printed]\nsubject_id = \"S-1\"\nevent_number = \"E-1\"\nfile_number = \"A900000001\"\nname = \"Doe, Ana\"",
        "[printed]\nsubject_id = \"S-2\"\nevent_number = \"E-2\"\nfile_number = \"A900000002\"\nname = \"Roe, Bo\"",
        "not registered",
    ),
    (
        "another person's, and not every number is legible",
        "[printed]\nsubject_id = \"S-1\"\nevent_number = \"E-1\"\nfile_number = \"A900000001\"\nname = \"Doe, Ana\"",
        "[printed]\nfile_number = \"A900000002\"\nname = \"Roe, Bo\"",
        "cannot be told: there is one to compare with, and too little is printed (alike)",
    ),
    ("nothing printed", "[printed]", "", "cannot be told: nothing is printed"),
];

const REGISTERED: &str = r#"
form = "i-247a"
issued_on = 2022-12-01
component = "ero"
asks = ["hold"]

[arrival]
line = "line_a1-fax"
at = "2022-12-02T01:00-05:00"

[printed]
subject_id = "S-1"
event_number = "E-1"
file_number = "A900000001"
name = "Doe, Ana"
born_on = 1990-01-31
"#;

#[test]
fn whoever_presents_a_paper_is_told_whether_it_is_registered_and_nothing_else() {
    let city = City::opened();
    city.write("paper.toml", REGISTERED);
    city.ok("receive register paper.toml --as person_officer --at 2022-12-02T02:00-05:00");
    let findable = || {
        let keys = rusqlite::Connection::open(city.path("register/keys.sqlite")).unwrap();
        keys.query_row("SELECT count(*) FROM match_entry", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = findable();
    let by = "--as person_clerk --at 2022-12-03T10:00-05:00";
    for (case, from, to, answer) in SHOWN {
        let shown = match *from {
            "[printed]" => REGISTERED.split("[printed]").next().unwrap().to_owned(),
            from => REGISTERED.replace(from, to),
        };
        city.write("shown.toml", &shown);
        let said = city.ok(&format!("inquire register shown.toml {by}"));
        assert!(said.starts_with(answer), "{case}: {said}");
        assert!(!said.contains("req_") && !said.contains("line_") && !said.contains("2022-12-02"), "{case}: {said}");
    }
    an_auditor_follows(&city);
    assert_eq!(findable(), before, "looking for somebody made somebody findable");
    let said = city.ok("inquiries register");
    for line in
        ["     9 presented", "     4 registered", "     3 not registered", "     2 cannot be told", "     0 late"]
    {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn what_cannot_be_told_is_settled_by_hand_and_late_answers_are_listed() {
    let city = City::opened();
    let form = REGISTERED.split("[printed]").next().unwrap().to_owned();
    city.write("shown.toml", &form);
    let told = city.ok("inquire register shown.toml --json --as person_clerk --at 2022-12-13T00:00-05:00");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((told["answer"].as_str(), told["rule"].as_str()), (Some("cannot-tell"), Some("nothing-printed")));
    let inquiry = told["inquiry"].as_str().unwrap();
    let by_hand =
        format!("[[command]]\ndo = \"answer-inquiry\"\ninquiry = \"{inquiry}\"\nanswer = \"not-registered\"\n");
    city.write("by-hand.toml", &by_hand);
    city.ok("record register by-hand.toml --as person_clerk --at 2022-12-13T09:00-05:00");
    city.run("record register by-hand.toml --as person_clerk --at 2022-12-13T09:00-05:00")
        .ends_with(1)
        .complains_of("is answered already: not-registered");
    let said = city.ok("inquiries register");
    assert!(said.contains(&format!("late: {inquiry}, due on 2022-12-12 (10 days)")), "{said}");
    let said = city.ok("inquiries register --from 2022-12-03 --json");
    assert!(said.contains("\"received\":0") && said.contains("\"late\":[]"), "{said}");
}

/// The record of what was done is what the register answers to each command again.
fn an_auditor_follows(city: &City) {
    city.ok("grow register --as person_clerk --at 2022-12-20T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let said = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(said.contains("Every promise that could be checked holds."), "{said}");
}
