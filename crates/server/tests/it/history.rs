//! What was published of Boston before there was a register: every year has its line, none is invented, nothing is added up.

use serde_json::Value;

use crate::city::City;

/// Year, the city's figure, ICE's, days late; `-` where none was found or none is known.
const PUBLISHED: &[&str] = &[
    "2014 - - -",
    "2015 - - -",
    "2016 15 - 31",
    "2017 68 - 43",
    "2018 - - -",
    "2019 - - -",
    "2020 - - -",
    "2021 2 - -",
    "2022 12 - -",
    "2023 19 - -",
    "2024 15 198 -",
    "2025 57 167 12",
];

#[test]
fn bostons_published_years_stand_side_by_side_with_ices_figures() {
    let said = City::empty().ok("history us-ma-boston --json");
    let history: Value = serde_json::from_str(&said).unwrap();
    let number = |value: &Value| value.as_u64().map_or("-".to_owned(), |number| number.to_string());
    let line = |year: &Value| {
        let (city, ice) = (&year["city"][0], &year["ice"][0]);
        let figures = [&city["requests"], &ice["requests"], &city["days_late"]].map(number).join(" ");
        assert_eq!(city["rows"], "unavailable", "{year}");
        format!("{} {figures}", year["year"])
    };
    let lines: Vec<String> = history["years"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(lines, PUBLISHED);
}

#[test]
fn a_year_without_a_figure_says_so_and_no_sum_is_drawn() {
    let city = City::empty();
    let said = city.ok("history us-ma-boston");
    for line in [
        "year  City of Boston        ICE                   letter",
        "2018  not found             none known",
        "2023  19                    not found",
        "2024  15                    198                   2024-12-31",
        "2025  57                    167                   2026-01-12, 12 days late",
    ] {
        assert!(said.lines().any(|said| said == line), "`{line}` is not in:\n{said}");
    }
    assert!(said.contains("Rows: unavailable") && !said.contains("in all"), "{said}");
    // 18, 56 and 59 are the whole New England office's.
    assert!(!said.contains("New England"), "{said}");
    city.run("history us-tx-travis-county").ends_with(1).complains_of("knows no published figures");
}
