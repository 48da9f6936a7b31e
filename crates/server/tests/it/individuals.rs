//! The same individual is counted once, and somebody who may be one of two is not called either.

use crate::city::City;

/// Papers, what each prints about its person, and what item 3 must say: total, and total on the other reading.
const CASES: &[(&str, &[&str], u64, Option<u64>)] = &[
    (
        "one number, two spellings of the name",
        &["file_number = \"A900000001\"\nname = \"Doe, Ana\"", "file_number = \"A900000001\"\nname = \"ANA DOE\""],
        1,
        None,
    ),
    (
        "known by name and birth, then also by number, then by number alone",
        &[
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31",
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31\nfile_number = \"A900000001\"",
            "file_number = \"A900000001\"\nname = \"Roe, Ana\"",
        ],
        1,
        None,
    ),
    (
        "two people of one name and birth date, told apart by number",
        &[
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31\nfile_number = \"A900000001\"",
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31\nfile_number = \"A900000002\"",
        ],
        2,
        None,
    ),
    (
        "a third paper that fits both of them",
        &[
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31\nfile_number = \"A900000001\"",
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31\nfile_number = \"A900000002\"",
            "name = \"Doe, Ana\"\nborn_on = 1990-01-31",
        ],
        3,
        Some(2),
    ),
    ("nothing printed that tells", &["name = \"Doe, Ana\"", "name = \"Doe, Ana\""], 2, Some(0)),
];

#[test]
fn the_same_individual_is_counted_once_and_a_doubt_is_said() {
    for (case, papers, total, other) in CASES {
        let city = City::opened();
        for (minute, printed) in papers.iter().enumerate() {
            city.write("paper.toml", &form(printed, minute));
            let said = city.ok("receive register paper.toml --as person_officer --at 2022-12-02T09:00-05:00");
            let request = said.split_whitespace().nth(1).unwrap();
            let outcome = format!("outcome register {request} transferred --authority judicial-order");
            city.ok(&format!(
                "{outcome} --when 2022-12-02T08:30-05:00 --as person_officer --at 2022-12-02T09:00-05:00"
            ));
        }
        city.ok("report register --year 2022 --out draft");
        let report = std::fs::read_to_string(city.path("draft/report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let item = &report["items"][2];
        assert_eq!((item["total"].as_u64(), item["total_other_reading"].as_u64()), (Some(*total), *other), "{case}");
    }
}

fn form(printed: &str, minute: usize) -> String {
    format!(
        "form = \"i-247a\"\ncomponent = \"ero\"\nasks = [\"hold\"]\n\n[arrival]\nline = \"line_a1-fax\"\n\
         at = \"2022-12-02T08:{minute:02}-05:00\"\n\n[printed]\n{printed}\n"
    )
}
