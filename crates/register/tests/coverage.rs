//! What is covered and what raises an alarm: the tables of `tests/coverage/`.

mod table;

use register::{Register, coverage, watch, wire};

#[test]
fn coverage_and_alarms_are_what_the_tables_say() {
    table::check_folder("coverage");
}

/// Nothing of it is recorded, so whoever has the events has the coverage.
#[test]
fn coverage_and_alarms_follow_from_the_written_record() {
    let days = "2022".parse().unwrap();
    for case in table::check_folder("coverage").cases {
        let now = case.register.last_at.unwrap();
        let written = case.recorded.iter().map(|recorded| wire::decode(&wire::encode(recorded)).unwrap());
        let again = Register::replay(&written.collect::<Vec<_>>()).unwrap();
        assert_eq!(
            coverage::covered(&again, days, now),
            coverage::covered(&case.register, days, now),
            "{}",
            case.title
        );
        assert_eq!(watch::alarms(&again, now), watch::alarms(&case.register, now), "{}", case.title);
    }
}
