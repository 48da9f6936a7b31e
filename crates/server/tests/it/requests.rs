//! What really happens to papers, told with the real `candor`: copies, duplicates, corrections, papers that replace, lifted
//! requests, several persons; until the report, its restatement, and the auditor who checks all of it.

use crate::city::City;

const AS: &str = "--as person_officer --at";

#[test]
fn a_detainer_by_fax_by_mail_and_with_a_corrected_birth_date_is_one_request_with_three_transmissions() {
    let city = City::opened();
    let first = receive(&city, "line_a1-fax", "1990-01-31", "2022-12-02T08:00-05:00");
    for (line, born_on, differs) in [("line_b2-mail", "1990-01-31", ""), ("line_a1-fax", "1990-01-13", "born_on")] {
        let said = paper(&city, line, born_on, "2022-12-01", "2022-12-02T08:00-05:00", "");
        assert!(said.starts_with(&format!("another transmission of {first}, by rule C-3")), "{said}");
        assert_eq!(said.contains("reads otherwise than its first paper: born_on"), differs == "born_on", "{said}");
        assert!(!said.contains("1990"), "{said}");
    }
    let shown = city.ok(&format!("show register {first}"));
    assert_eq!(shown.matches("  arrived ").count(), 3, "{shown}");
    assert_eq!(requests(&city), (1, None));
}

#[test]
fn what_is_said_to_be_new_is_new_and_what_the_rules_cannot_tell_is_registered_and_said() {
    let city = City::opened();
    let first = receive(&city, "line_a1-fax", "1990-01-31", "2022-12-02T08:00-05:00");
    let said = paper(&city, "line_a1-fax", "1990-01-31", "2022-12-01", "2022-12-02T08:00-05:00", " --new");
    assert!(said.starts_with("registered "), "{said}");
    // Two fit now, so the next copy, on another line, is not joined to either.
    let said = paper(&city, "line_b2-mail", "1990-01-31", "2022-12-01", "2022-12-02T08:00-05:00", "");
    assert!(said.starts_with("registered ") && said.contains("note: it may repeat "), "{said}");
    // A later date is another paper: it may replace the earlier ones, and nobody guesses that it does.
    let said = paper(&city, "line_a1-fax", "1990-01-31", "2022-12-02", "2022-12-02T08:00-05:00", "");
    assert!(said.starts_with("registered ") && said.contains(&first) && said.contains("`supersede`"), "{said}");
    assert_eq!(requests(&city), (4, None));
}

/// Whoever lost the answer cannot know whether the paper was taken, and gives the same command again.
#[test]
fn a_paper_typed_in_again_is_refused_with_the_request_that_it_is_whether_or_not_the_rules_can_tell() {
    let again = |form: &str, other: &str| {
        let city = City::opened();
        let receive = |form: &str, flags: &str| {
            city.write("form.toml", form);
            city.run(&format!("receive register form.toml{flags} {AS} 2022-12-02T08:00-05:00"))
        };
        let first = id(&receive(form, "").ends_with(0).stdout);
        let events = city.events();
        let refused =
            receive(form, "").ends_with(1).complains_of(&format!("is registered already, as `{first}` (hint: "));
        assert!(!refused.stderr.contains("CANARY"), "{}", refused.stderr);
        assert_eq!(city.events(), events);
        let later = form.replace("08:00-05:00", "07:59:30-05:00");
        for (form, flags) in [(other, ""), (later.as_str(), ""), (form, " --new")] {
            receive(form, flags).ends_with(0);
        }
        assert_eq!(city.events(), events + 3);
    };
    let known = form("line_a1-fax", "1990-01-31", "2022-12-01");
    again(&known, &known.replace("1990-01-31", "1990-01-13"));
    // Neither an individual nor a date: nothing finds it again but that it arrived and reads so.
    let unknown = known.replace("issued_on = 2022-12-01\n", "");
    let unknown = unknown.replace("file_number = \"A900000001\"\nborn_on = 1990-01-31", "name = \"CANARY\"");
    again(&unknown, &unknown.replace("CANARY", "CANARY, other"));
    again(&unknown, &format!("{unknown}[[person]]\nsex = \"F\"\n"));
}

#[test]
fn what_counts_otherwise_after_the_report_is_late_restated_and_checked() {
    let city = City::opened();
    let first = receive(&city, "line_a1-fax", "1990-01-31", "2022-12-02T08:00-05:00");
    let second = id(&paper(&city, "line_b2-mail", "1990-01-31", "2022-12-01", "2022-12-03T08:00-05:00", " --new"));
    let third = id(&paper(&city, "line_a1-fax", "1990-01-31", "2022-12-05", "2022-12-05T08:00-05:00", ""));
    record(
        &city,
        &format!("do = \"supersede\"\nrequest = \"{third}\"\nreplaces = \"{first}\""),
        "2022-12-05T10:00-05:00",
    );
    record(
        &city,
        &format!("do = \"cancel\"\nrequest = \"{third}\"\nline = \"line_b2-mail\"\nat = \"2022-12-06T08:00-05:00\""),
        "2022-12-06T10:00-05:00",
    );
    let lifted = format!("decide register {third} --facts facts.toml --do hold=declined {AS} 2022-12-06T11:00-05:00");
    city.write("facts.toml", "asks = [\"hold\"]\n[facts]\nactor = \"police_officer\"\n");
    city.run(&lifted).ends_with(1).complains_of("nothing of it is left to decide");
    assert_eq!(requests(&city), (2, Some(3)));
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");

    let duplicate = format!("do = \"duplicate\"\nrequest = \"{second}\"\nsame_as = \"{first}\"");
    let said = record(&city, &duplicate, "2023-02-01T09:00-05:00");
    assert!(said.contains("note: 2022 is closed, so this is in no filed report yet: a restatement is due"), "{said}");
    let said = record(
        &city,
        &format!(
            "do = \"correct\"\nrequest = \"{third}\"\nform = \"i-247x\"\nasks = [\"transfer\"]\nreason = \"misread\""
        ),
        "2023-02-01T09:10-05:00",
    );
    assert!(!said.contains("restatement"), "it counted on one reading before, and does after: {said}");
    city.ok("file register --year 2022 --restate duplicate --as person_clerk --at 2023-02-02T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    let report = report(&city, "published/filings/2022/restatement-1/report.json");
    assert_eq!(
        (report["items"][0]["total"].as_u64(), report["items"][0]["total_other_reading"].as_u64()),
        (Some(1), Some(2))
    );
    assert_eq!(report["counting_rules"]["rules"][2]["id"], "C-3");
    let page = std::fs::read_to_string(city.path("published/filings/2022/restatement-1/report.html")).unwrap();
    assert!(page.contains("By which rules requests are counted"), "{page}");

    let shown = city.ok(&format!("show register {first}"));
    assert!(
        shown.contains(&format!("repeated by {second}")) && shown.contains(&format!("replaced by {third}")),
        "{shown}"
    );
    let shown = city.ok(&format!("show register {second}"));
    assert!(shown.contains(&format!("counts as nothing: it repeats {first}")) && shown.contains("arrived "), "{shown}");
    record(&city, &format!("do = \"reinstate\"\nrequest = \"{second}\""), "2023-02-03T09:00-05:00");
    let late = city.run("verify published --key register/log.vkey");
    assert_eq!(late.code, 0, "{}", late.stderr);
    assert_eq!(requests(&city), (2, Some(3)));
}

#[test]
fn what_was_recorded_by_mistake_is_taken_back_by_its_number_restated_and_checked() {
    let city = City::opened();
    let first = receive(&city, "line_a1-fax", "1990-01-31", "2022-12-02T08:00-05:00");
    let hold = format!("do = \"hold\"\nrequest = \"{first}\"\nauthority = \"detainer-alone\"\nat = \"2022-12-03\"");
    record(&city, &hold, "2022-12-04T08:00-05:00");
    let transferred = format!("outcome register {first} transferred --authority detainer-alone --when 2022-12-03 {AS}");
    city.ok(&format!("{transferred} 2022-12-04T08:00-05:00"));
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");

    let held = entry(&city, &first, "held past release under detainer-alone");
    let said = record(&city, &withdraw(&first, held, "entered-in-error"), "2023-02-01T09:00-05:00");
    assert!(said.contains("note: 2022 is closed, so this is in no filed report yet: a restatement is due"), "{said}");
    let outcome = entry(&city, &first, "transferred to immigration authorities at");
    record(&city, &withdraw(&first, outcome, "another-event"), "2023-02-01T09:10-05:00");
    city.write("again.toml", &format!("[[command]]\n{}\n", withdraw(&first, held, "another-event")));
    let again = city.run(&format!("record register again.toml {AS} 2023-02-01T09:20-05:00"));
    again
        .ends_with(1)
        .complains_of(&format!("entry {held} of request `{first}` cannot be taken back: it is taken back already"));
    let shown = city.ok(&format!("show register {first}"));
    assert!(shown.contains(&format!("taken back: hold {held}: entered-in-error, at ")), "{shown}");
    assert!(!shown.contains("held past release") && !shown.contains("transferred to"), "{shown}");

    city.ok("file register --year 2022 --restate correction --as person_clerk --at 2023-02-02T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    let totals = |path| {
        report(&city, path)["items"].as_array().unwrap().iter().map(|item| item["total"].as_u64()).collect::<Vec<_>>()
    };
    let (one, none) = (Some(1), Some(0));
    assert_eq!(totals("published/filings/2022/report.json"), [one, one, one, none]);
    assert_eq!(totals("published/filings/2022/restatement-1/report.json"), [one, none, none, none]);
}

/// The number of the entry that `candor show` tells in these words.
fn entry(city: &City, request: &str, words: &str) -> u64 {
    let shown = city.ok(&format!("show register {request}"));
    let line = shown.lines().find(|line| line.contains(words));
    assert!(line.is_some(), "`{words}` is not in {shown}");
    line.unwrap().rsplit_once("(entry ").unwrap().1.trim_end_matches(')').parse().unwrap()
}

fn withdraw(request: &str, entry: u64, cause: &str) -> String {
    format!(
        "do = \"withdraw-entry\"\nrequest = \"{request}\"\nentry = {entry}\ncause = \"{cause}\"\nreason = \"misread\""
    )
}

#[test]
fn a_paper_that_replaces_what_is_not_there_leaves_nothing() {
    let city = City::opened();
    let events = city.events();
    city.write(
        "form.toml",
        &format!("replaces = \"req_nowhere\"\n{}", form("line_a1-fax", "1990-01-31", "2022-12-01")),
    );
    let refused = city.run(&format!("receive register form.toml {AS} 2022-12-02T08:00-05:00")).ends_with(1);
    refused.complains_of("`req_nowhere` is not in the register");
    assert_eq!(city.events(), events);
    // The state in memory went back too: the same paper is registered anew.
    receive(&city, "line_a1-fax", "1990-01-31", "2022-12-02T08:00-05:00");
    assert_eq!(requests(&city), (1, None));
}

#[test]
fn a_corrected_number_finds_the_individual_again() {
    let city = City::opened();
    city.write("form.toml", &form("line_a1-fax", "1990-01-31", "2022-12-01").replace("A900000001", "A900000009"));
    let first = id(&city.ok(&format!("receive register form.toml {AS} 2022-12-02T08:00-05:00")));
    let printed = "printed = { file_number = \"A900000001\" }";
    let correct = format!("do = \"correct\"\nrequest = \"{first}\"\nreason = \"misread\"\n{printed}");
    record(&city, &correct, "2022-12-02T09:00-05:00");
    let said = paper(&city, "line_b2-mail", "1990-01-31", "2022-12-01", "2022-12-02T10:00-05:00", "");
    assert!(said.starts_with(&format!("another transmission of {first}")), "{said}");
}

fn form(line: &str, born_on: &str, issued_on: &str) -> String {
    format!(
        "form = \"i-247a\"\nissued_on = {issued_on}\ncomponent = \"ero\"\nasks = [\"hold\"]\n\n[arrival]\nline = \"{line}\"\n\
         at = \"2022-12-02T08:00-05:00\"\n\n[printed]\nfile_number = \"A900000001\"\nborn_on = {born_on}\n"
    )
}

fn paper(city: &City, line: &str, born_on: &str, issued_on: &str, at: &str, new: &str) -> String {
    city.write("form.toml", &form(line, born_on, issued_on));
    city.ok(&format!("receive register form.toml{new} {AS} {at}"))
}

fn receive(city: &City, line: &str, born_on: &str, at: &str) -> String {
    let said = paper(city, line, born_on, "2022-12-01", at, "");
    assert!(said.starts_with("registered "), "{said}");
    id(&said)
}

fn id(said: &str) -> String {
    said.split_whitespace().find(|word| word.starts_with("req_")).unwrap().to_owned()
}

fn record(city: &City, command: &str, at: &str) -> String {
    city.write("commands.toml", &format!("[[command]]\n{command}\n"));
    city.ok(&format!("record register commands.toml {AS} {at}"))
}

/// Total of the first item of the report for 2022 as the register stands, and on the other reading.
fn requests(city: &City) -> (u64, Option<u64>) {
    city.ok("report register --year 2022 --out draft");
    let report = report(city, "draft/report.json");
    let item = &report["items"][0];
    (item["total"].as_u64().unwrap(), item["total_other_reading"].as_u64())
}

fn report(city: &City, path: &str) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(city.path(path)).unwrap()).unwrap()
}

/// What the leaf of a request commits to is what was read first. An inquiry must not take a corrected paper for another.
#[test]
fn a_paper_whose_date_or_number_was_corrected_is_not_denied_to_whoever_presents_it() {
    let city = City::opened();
    let form = form("line_a1-fax", "1990-01-31", "2022-12-01");
    let numbers = "subject_id = \"S-1\"\nevent_number = \"E-1\"\nfile_number = \"F-1\"\n";
    let form = format!("{}[printed]\n{numbers}", form.split_once("[printed]").unwrap().0);
    city.write("form.toml", &form);
    let request = id(&city.ok(&format!("receive register form.toml {AS} 2022-12-02T08:00-05:00")));
    let inquire = |shown: &str| {
        city.write("shown.toml", shown);
        city.ok(&format!("inquire register shown.toml {AS} 2022-12-02T12:00-05:00"))
    };
    let other_date = form.replace("2022-12-01", "2022-11-30");
    let other_number = other_date.replace("S-1", "S-2");
    assert!(inquire(&other_date).contains("not registered"), "the date differs");
    let correct = |what: &str| format!("do = \"correct\"\nrequest = \"{request}\"\nreason = \"misread\"\n{what}");
    record(&city, &correct("issued_on = 2022-11-30"), "2022-12-02T13:00-05:00");
    city.write("shown.toml", &other_date);
    let said = city.ok(&format!("inquire register shown.toml {AS} 2022-12-02T14:00-05:00"));
    assert!(
        said.contains("registered: a paper of the same form and number") && !said.contains("not registered"),
        "{said}"
    );
    city.write("shown.toml", &other_number);
    let said = city.ok(&format!("inquire register shown.toml {AS} 2022-12-02T14:00-05:00"));
    assert!(said.contains("not registered"), "another number: {said}");
    record(&city, &correct("printed = { subject_id = \"S-2\" }"), "2022-12-02T15:00-05:00");
    let said = city.ok(&format!("inquire register shown.toml {AS} 2022-12-02T16:00-05:00"));
    assert!(said.contains("cannot be told"), "{said}");
}

#[test]
fn an_outcome_that_custody_contradicts_is_said_with_the_request_and_stands_as_an_alarm() {
    let city = City::opened();
    let form = form("line_a1-fax", "1990-01-31", "2022-12-01").replace("asks =", "episode = \"ep_1\"\nasks =");
    city.write("form.toml", &form);
    let request = id(&city.ok(&format!("receive register form.toml {AS} 2022-12-02T08:00-05:00")));
    city.ok(&format!(
        "outcome register {request} released-bail --when 2022-12-02T21:00-05:00 {AS} 2022-12-03T08:00-05:00"
    ));
    for (what, at) in [("arrested", "2022-12-02T07:00-05:00"), ("handed-over", "2022-12-02T20:00-05:00")] {
        let happened =
            format!("do = \"custody\"\nepisode = \"ep_1\"\nunit = \"unit_a1\"\nwhat = \"{what}\"\nat = \"{at}\"");
        assert!(!city.ok(&format!("show register {request}")).contains("custody"));
        record(&city, &happened, "2022-12-03T08:00-05:00");
    }
    let shown = city.ok(&format!("show register {request}"));
    let said =
        "  custody ep_1 ended otherwise: handed-over at 2022-12-02 20:00:00 -05:00 (hint: find out which is wrong)\n";
    assert!(shown.contains(said), "{shown}");
    let alarms = city.ok("coverage register --period 2022-12");
    assert!(alarms.contains("1 request whose outcome is not how custody ended  "), "{alarms}");
    assert!(alarms.contains("since 2022-12-02 21:00  for records"), "{alarms}");
}
