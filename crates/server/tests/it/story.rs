//! A small year told to its end: received, decided, filed, published, verified.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use serde_json::Value;

use crate::city::{City, repository};

#[test]
fn a_year_is_filed_and_whoever_has_only_folder_and_key_can_check_it() {
    let city = City::with_year_filed();
    let said = city.ok("verify published --key register/log.vkey");
    assert!(said.contains("This log is a demonstration: its rows are invented."), "{said}");
    assert!(said.contains("Every promise that could be checked holds."), "{said}");
    let report = report(&city, "published/filings/2022/report.json");
    assert_eq!(totals(&report), [("requests", 4), ("held", 1), ("transferred", 1), ("reimbursed", 1)]);
    assert_eq!(report["items"][3]["total_cents"], 12345);
    let by = &report["items"][0]["by"];
    for (ground, count) in [("biometric-match", 2), ("final-order", 1), ("pending-proceedings", 1), ("statements", 0)] {
        assert_eq!(count_of(by, ground), count, "{ground}");
    }
    for (outcome, count) in [("not-transferred", 2), ("transferred", 1), ("released-bail", 0), ("unknown", 1)] {
        assert_eq!(count_of(&report["outcomes"], outcome), count, "{outcome}");
    }
    assert_eq!(count_of(&report["departures"], "mistake"), 1);
    assert_eq!(report["demonstration"], true);
}

#[test]
fn a_year_is_checked_with_an_older_checkpoint_and_an_auditors_bag() {
    let city = City::with_year_filed();
    fs::copy(city.path("published/checkpoint"), city.path("kept")).unwrap();
    city.ok("grow register --as person_clerk --at 2023-01-09T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let said = city.ok("verify published --key register/log.vkey --since kept --bag bag");
    assert!(!said.contains("BROKEN"), "{said}");
    assert!(said.contains("holds   the log still holds all it held at your older checkpoint"), "{said}");
    assert!(said.contains("3 of 4 answers") || said.contains("4 of 4 answers"), "{said}");
}

#[test]
fn a_log_that_is_shorter_than_a_kept_checkpoint_was_rolled_back() {
    let city = City::with_year_filed();
    crate::folder::copy(&city.path("published"), &city.path("before"));
    city.ok("grow register --as person_clerk --at 2023-01-09T09:00-05:00");
    city.ok("publish register --to published");
    let ran = city.run("verify before --key register/log.vkey --since published/checkpoint").ends_with(1);
    assert!(ran.stdout.contains("BROKEN: the log still holds all it held at your older checkpoint"), "{}", ran.stdout);
    assert!(ran.stdout.contains("rolled back"), "{}", ran.stdout);
}

#[test]
fn a_log_without_filings_is_checked_as_far_as_it_goes() {
    let (city, _) = City::with_papers();
    city.ok("publish register --to published");
    let said = city.ok("verify published --key register/log.vkey");
    assert!(said.contains("the folder shows no filing"), "{said}");
}

#[test]
fn what_is_filed_is_not_filed_again_and_the_refusal_changes_nothing() {
    let (city, _) = City::with_papers();
    let filings = [
        ("2022-12-30T15:00-05:00", "2022-12-30T16:00-05:00"),
        ("2023-01-05T10:00-05:00", "2023-01-05T11:00-05:00"),
        ("2023-01-05T10:00-05:00", "2023-02-05T11:00-05:00"),
    ];
    for (index, (first, again)) in filings.into_iter().enumerate() {
        if index < 2 {
            city.ok(&format!("file register --year 2022 --as person_clerk --at {first}"));
        }
        let before = (city.events(), city.files("register/filed"));
        city.run(&format!("file register --year 2022 --as person_clerk --at {again}"))
            .ends_with(1)
            .complains_of("this report for 2022 is filed already");
        assert_eq!(before.0, city.events(), "events, after filing again at {again}");
        assert!(before.1 == city.files("register/filed"), "files, after filing again at {again}");
    }
}

#[test]
fn a_year_to_come_is_not_filed_and_the_refusal_changes_nothing() {
    let (city, _) = City::with_papers();
    let before = city.events();
    let ran = city.run("file register --year 2023 --as person_clerk --at 2022-12-30T15:00-05:00").ends_with(1);
    assert!(ran.stderr.contains("2023"), "{}", ran.stderr);
    assert_eq!(before, city.events(), "events");
    assert!(!city.path("register/filed").exists(), "files of a filing that was refused are left over");
}

#[test]
fn a_report_of_an_earlier_instant_shows_what_was_known_then() {
    let (city, _) = City::with_papers();
    let instants = [
        ("2022-12-01T10:00-05:00", [0, 0, 0, 0]),
        ("2022-12-02T01:59-05:00", [0, 0, 0, 0]),
        ("2022-12-02T02:00-05:00", [1, 0, 0, 0]),
        ("2022-12-10T00:20-05:00", [3, 0, 0, 0]),
        ("2022-12-10T08:00-05:00", [3, 0, 1, 0]),
        ("2022-12-20T09:00-05:00", [4, 0, 1, 0]),
        ("2022-12-21T09:00-05:00", [4, 1, 1, 1]),
    ];
    for (instant, expected) in instants {
        city.ok(&format!("report register --year 2022 --as-of {instant} --out draft"));
        let report = report(&city, "draft/report.json");
        let counts: Vec<u64> = totals(&report).iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, expected, "as of {instant}");
        assert_eq!(report["filing"]["status"], "draft");
    }
    city.ok("report register --year 2021 --out draft");
    assert_eq!(
        totals(&report(&city, "draft/report.json"))[0],
        ("requests", 0),
        "another year counts nothing of this one"
    );
}

#[test]
fn a_draft_changes_no_byte_of_the_register() {
    let (city, _) = City::with_papers();
    let before = city.files("register");
    city.ok("report register --year 2022 --out draft");
    let after = city.files("register");
    let changed: Vec<_> = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).collect();
    // The log is there and stays as it is; the memory shared beside it is made anew.
    assert!(changed.iter().all(|(path, _)| path.ends_with("-shm")), "{changed:?}");
}

#[test]
fn publishing_twice_writes_nothing_the_second_time() {
    let city = City::with_year_filed();
    let before = written_at(&city);
    let said = city.ok("publish register --to published");
    assert!(said.contains(" 0 of them new or changed"), "{said}");
    assert_eq!(before, written_at(&city));
}

#[test]
fn a_folder_that_was_published_to_before_is_brought_up_to_date_and_holds_nothing_old_but_beginnings_of_tiles() {
    let city = City::with_year_filed();
    city.ok("grow register --as person_clerk --at 2023-02-09T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("publish register --to afresh");
    let afresh = city.files("afresh");
    let mut files = city.files("published");
    files.retain(|path, _| afresh.contains_key(path) || !(path.starts_with("tile/") && path.contains(".p/")));
    assert!(files == afresh, "the two folders differ");
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn the_same_year_gives_the_same_report_in_another_register() {
    let mut reports: Vec<Value> = Vec::new();
    for _ in 0..2 {
        let city = City::with_year_filed();
        let mut report = report(&city, "published/filings/2022/report.json");
        // Salts are random, so the root is another one.
        report["log"]["root"].take();
        reports.push(report);
    }
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn a_filing_whose_own_opening_was_lost_is_made_whole_by_filing_again() {
    let city = City::with_year_filed();
    fs::remove_file(city.path("register/filed/filings/2022/filing")).unwrap();
    city.run("publish register --to afresh").ends_with(1).complains_of("run `candor file` for its year again");
    city.run("file register --year 2022 --as person_clerk --at 2023-01-06T10:00-05:00").ends_with(1);
    city.ok("publish register --to afresh");
    assert!(city.files("published") == city.files("afresh"), "the opening is another one");
}

/// A city's register answered under another text: case by case, with the sentences that make the difference.
#[test]
fn a_register_is_replayed_under_another_text_and_nothing_of_it_changes() {
    let (city, _) = City::with_papers();
    let events = city.events();
    let replayed = city.ok("law replay register --act trust-act@2014");
    assert!(replayed.contains("trust-act@2014-08-20, in the place of the law of each day"), "{replayed}");
    assert!(replayed.contains("in force") && replayed.contains("P5-2019.release"), "{replayed}");
    let cases = json(&city.ok("law replay register --act trust-act@2014 --json"));
    let cases = cases["cases"].as_array().unwrap();
    assert!(cases.iter().any(|case| case["differs"] == true) && cases.iter().any(|case| case["differs"] == false));
    for case in cases {
        let same = case["in_force"]["says"] == case["instead"]["says"];
        assert_eq!(case["differs"], !same, "{case}");
        assert_eq!(keys(case), ["ask", "decided", "differs", "in_force", "instead", "on", "request"]);
    }
    // Under its own law nothing differs; a law without sections answers nothing.
    let own = city.ok("law replay register --act trust-act@2019");
    assert!(own.contains(": 0 otherwise,"), "{own}");
    let none = city.ok("law replay register --pack us-tx-travis-county");
    assert!(none.contains("Section not loaded"), "{none}");
    assert_eq!(city.events(), events);
    let refused = city.run("law replay register --act trust-act@1999").ends_with(1);
    refused.complains_of("`1999` means no one version of `trust-act` (hint: one of 2014-08-20, ");
    city.run("law replay register").ends_with(1).complains_of("nothing to replay under");
}

#[test]
fn json_keeps_its_keys() {
    let (city, _) = City::with_papers();
    for (form, at, later) in [("second.toml", "T10:00", "T10:01"), ("third.toml", "T23:30", "T23:31")] {
        city.write(form, &std::fs::read_to_string(city.path(form)).unwrap().replace(at, later));
    }
    let received =
        city.ok("receive register second.toml third.toml --json --as person_officer --at 2022-12-22T09:00-05:00");
    assert_eq!(keys(&json(&received)), ["requests", "rulings"]);
    let ruling = ["differs", "doubt", "may_repeat", "may_replace", "request", "transmission_of_a_registered_request"];
    assert_eq!(keys(&json(&received)["rulings"][0]), ruling);
    assert_eq!(json(&received)["requests"].as_array().unwrap().len(), 2);

    let facts = repository().join("demonstration/facts/bail-posted.toml");
    let asked = json(&city.ok(&format!("ask us-ma-boston --on 2022-12-02 '{}' --json", facts.display())));
    assert_eq!(keys(&asked), ["answers", "hash", "pack", "version"]);
    let answer = ["ask", "basis", "citations", "derived", "layers", "on", "reviewed", "rules", "safe_default"];
    assert_eq!(keys(&asked["answers"][0])[..9], answer);
    assert_eq!(keys(&asked["answers"][0])[9..], ["says", "told", "why_not"]);
    assert_eq!(keys(&asked["answers"][0]["told"]), ["below", "kind", "label", "text"]);
    assert_eq!(asked["answers"][0]["ask"], "hold");
    assert_eq!(asked["answers"][0]["says"], serde_json::json!(["prohibited"]));
    city.write("little.toml", "asks = [\"hold\"]\n[facts]\nactor = \"police_officer\"\n");
    let open = json(&city.ok("ask us-ma-boston --on 2022-12-02 little.toml --json"));
    let possible = ["ask", "at_most", "next", "on", "open", "reviewed", "safe_default", "says", "told"];
    assert_eq!(keys(&open["answers"][0]), possible);

    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    city.ok("publish register --to published");
    let verified = json(&city.ok("verify published --key register/log.vkey --json"));
    let verdict = [
        "cosigned",
        "demonstration",
        "filings",
        "findings",
        "holds",
        "notices",
        "origin",
        "promises",
        "receipt",
        "size",
        "unseen",
    ];
    assert_eq!(keys(&verified), verdict);
    assert_eq!(verified["holds"], true);
    assert_eq!(keys(&verified["promises"][0]), ["checked", "holds", "promise", "says"]);
    assert_eq!(keys(&verified["filings"][0]), ["kind", "totals", "year"]);

    city.write("published/stray", "");
    let broken = json(&city.run("verify published --key register/log.vkey --json").ends_with(1).stdout);
    assert_eq!(broken["holds"], false);
    assert_eq!(keys(&broken["findings"][0]), ["next", "place", "promise", "what"]);
    assert_eq!(broken["findings"][0]["promise"], "accounted");
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn report(city: &City, path: &str) -> Value {
    serde_json::from_slice(&fs::read(city.path(path)).unwrap()).unwrap()
}

fn totals(report: &Value) -> Vec<(&str, u64)> {
    let items = report["items"].as_array().unwrap();
    items.iter().map(|item| (item["id"].as_str().unwrap(), item["total"].as_u64().unwrap())).collect()
}

fn count_of(counts: &Value, reason: &str) -> u64 {
    let found = counts.as_array().unwrap().iter().find(|count| count["reason"] == reason);
    found.map_or(0, |count| count["count"].as_u64().unwrap())
}

fn written_at(city: &City) -> BTreeMap<String, SystemTime> {
    let paths = city.files("published").into_keys();
    paths
        .map(|path| (path.clone(), fs::metadata(city.path("published").join(path)).unwrap().modified().unwrap()))
        .collect()
}
