//! A year that was filed and is filed again: old figure, new figure, cause; and what the Clerk said.

use std::fs;

use crate::backup::sum_anew;
use crate::city::City;

const FAX_OF_THE_LAST_NIGHT: &str = r#"
form = "i-247a"
edition = "02/17"
issued_on = 2022-12-31
component = "ero"
asks = ["hold", "notify"]
grounds = ["final-order"]

[arrival]
line = "line_a1-fax"
at = "2022-12-31T23:40:00-05:00"

[printed]
file_number = "A900000017"
"#;

/// Row 45: a fax of 23:40 on 31 December that is registered in February.
fn with_late_paper() -> City {
    let city = City::with_year_filed();
    city.write("late.toml", FAX_OF_THE_LAST_NIGHT);
    let said = city.ok("receive register late.toml --as person_officer --at 2023-02-01T09:00-05:00");
    assert!(said.contains("2022 is closed, so this is in no filed report yet: a restatement is due"), "{said}");
    city
}

#[test]
fn a_late_paper_is_filed_as_a_restatement_that_strangers_can_check() {
    let city = with_late_paper();
    let first = fs::read(city.path("register/filed/filings/2022/report.json")).unwrap();
    let due = city.ok("filings register --at 2023-02-01T10:00-05:00");
    assert!(due.contains("a restatement is due"), "{due}");
    city.ok("file register --year 2022 --restate late --as person_clerk --at 2023-02-02T10:00-05:00");
    city.ok("publish register --to published");
    let said = city.ok("verify published --key register/log.vkey");
    assert!(!said.contains("BROKEN") && !said.contains("restatement is due"), "{said}");
    assert!(said.contains("rows of 2022 (restatement 1) against the leaves that count"), "{said}");
    city.ok("audit bag register --out again");
    let audited = city.ok("verify published --key register/log.vkey --bag again");
    assert!(!audited.contains("BROKEN"), "{audited}");

    assert_eq!(fs::read(city.path("published/filings/2022/report.json")).unwrap(), first, "the first report stays");
    let report = fs::read_to_string(city.path("published/filings/2022/restatement-1/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["restatement"]["causes"], serde_json::json!(["late"]));
    let requests = serde_json::json!({ "of": "requests", "figure": "total", "old": 4, "new": 5 });
    assert_eq!(report["restatement"]["changes"][0], requests);
    assert_eq!(report["filing"]["first_on"], "2022-12-30", "when the first letter came stays what it was");
    let page = fs::read_to_string(city.path("published/filings/2022/restatement-1/report.html")).unwrap();
    assert!(page.contains("Restatement 1 of the closing report"), "{page}");

    let listed = city.ok("filings register --at 2023-02-03T10:00-05:00");
    assert!(listed.contains("4 before, now 5") && !listed.contains("a restatement is due"), "{listed}");
}

/// A restored register is believed after the rows of restatements, too, were worked out again.
#[test]
fn a_backup_whose_restated_rows_do_not_follow_is_refused() {
    let city = with_late_paper();
    city.ok("file register --year 2022 --restate late --as person_clerk --at 2023-02-02T10:00-05:00");
    city.ok("backup register --to backup");
    let restore = "restore backup --secrets register/secrets --to";
    let said = city.ok(&format!("{restore} restored"));
    assert!(said.contains("the rows of 2 closings follow"), "{said}");
    {
        let store = rusqlite::Connection::open(city.path("backup/register.sqlite")).unwrap();
        store.execute_batch("DROP TRIGGER event_stays").unwrap();
        let changed = "UPDATE event SET body = CAST(replace(body, '\"cents\":12345', '\"cents\":12346') AS BLOB) \
                       WHERE instr(body, 'closing-entered') AND seq > \
                       (SELECT max(seq) FROM event WHERE instr(body, 'year-restated'))";
        assert!(store.execute(changed, []).unwrap() > 1);
    }
    sum_anew(&city);
    city.run(&format!("{restore} again"))
        .ends_with(1)
        .complains_of("the closing rows are not those that follow from the record");
    assert!(!city.path("again").exists(), "something is left");
}

#[test]
fn nothing_is_restated_without_a_change_or_before_there_is_a_report() {
    let (city, _) = City::with_papers();
    let restate = "file register --year 2022 --restate correction --as person_clerk --at";
    let before = city.events();
    city.run(&format!("{restate} 2022-12-30T15:00-05:00")).ends_with(1).complains_of("2022 is not closed yet");
    city.run(&format!("{restate} 2023-01-05T10:00-05:00")).ends_with(1).complains_of("2022 is not closed yet");
    assert_eq!(before, city.events());
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    let filed = city.files("register/filed");
    city.run(&format!("{restate} 2023-01-06T10:00-05:00")).ends_with(1).complains_of("there is nothing to restate");
    assert!(filed == city.files("register/filed"), "a refused restatement left files behind");
    city.run("file register --year 2022 --restate lately --as person_clerk --at 2023-01-06T10:00-05:00").ends_with(2);
}

#[test]
fn the_clerks_receipt_is_listed_beside_what_is_late() {
    let city = City::with_year_filed();
    let receipt = "[[command]]\ndo = \"receipt\"\nyear = \"2022\"\nreport = \"closing\"\non = 2023-01-09\n\
                   office = \"City Clerk\"\nreference = \"Docket 0128\"\n";
    city.write("receipt.toml", receipt);
    city.ok("record register receipt.toml --as person_clerk --at 2023-01-09T15:00-05:00");
    let listed = city.ok("filings register --at 2024-01-20T10:00-05:00");
    assert!(
        listed.contains("closing dated 5 January 2023: received by City Clerk on 9 January 2023, Docket 0128"),
        "{listed}"
    );
    assert!(
        listed.contains("2023  due 31 December 2023\n      LATE: nothing filed, 20 days after the day due"),
        "{listed}"
    );
    assert!(listed.contains("LATE: no closing report, 5 days after 15 January 2024"), "{listed}");
    let json: serde_json::Value =
        serde_json::from_str(&city.ok("filings register --at 2024-01-15T10:00-05:00 --json")).unwrap();
    assert_eq!(json["years"][0]["filings"][1]["receipt"]["office"], "City Clerk");
    assert_eq!((&json["years"][1]["days_late"], &json["years"][1]["closing_days_late"]), (&15.into(), &0.into()));
    city.run("record register receipt.toml --as person_clerk --at 2024-01-20T15:00-05:00")
        .ends_with(1)
        .complains_of("a receipt for the closing report for 2022 is recorded already");
}
