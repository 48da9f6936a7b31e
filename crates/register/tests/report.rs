//! What a closed year comes to: the tables of `tests/reports/`, and what holds of every one of them.
#![expect(clippy::panic, reason = "a case that does not follow fails its test")]

mod table;

use law::Pack;
use register::closing;
use register::report::{Report, from_rows};
use register::row::Row;
use register::time::Year;
use register::words::{FilingKind, ReportFormat};
use register::{Register, wire};

#[test]
fn the_report_says_what_the_tables_say() {
    table::check_folder("reports");
}

#[test]
fn the_same_rows_in_any_order_give_the_same_report() {
    let pack = table::pack();
    // A restatement needs the report before it as well.
    let first = |rows: &[Row]| closing::period(rows).is_some_and(|period| period.restates.is_none());
    for (title, _, mut rows) in closings().into_iter().filter(|(_, _, rows)| first(rows)) {
        let bytes = report_bytes(&pack, &rows);
        rows.reverse();
        assert_eq!(report_bytes(&pack, &rows), bytes, "{title}, reversed");
        let third = rows.len() / 3;
        rows.rotate_left(third);
        assert_eq!(report_bytes(&pack, &rows), bytes, "{title}, reversed and rotated");
    }
}

#[test]
fn a_report_needs_exactly_one_period() {
    let pack = table::pack();
    let (_, _, rows) = closings().remove(0);
    let period = rows.iter().find(|row| matches!(row, Row::Period(_))).unwrap().clone();
    let without: Vec<Row> = rows.iter().filter(|row| !matches!(row, Row::Period(_))).cloned().collect();
    let twice = [rows, vec![period]].concat();
    for rows in [without, twice] {
        let refused = from_rows(ReportFormat::LATEST, &pack, "a log", &rows, None).unwrap_err();
        assert_eq!(refused, "expected exactly one row of the table `period`");
    }
}

/// No row can be joined to a person, a paper or a day: it holds no id of the register and, but for the period, no day.
#[test]
fn a_row_holds_no_id_and_no_day() {
    let prefixes = ["req_", "ind_", "ep_", "line_", "unit_", "agency_", "paper_", "note_", "person_", "entry_"];
    let mut seen = std::collections::BTreeSet::new();
    for (title, _, rows) in closings() {
        for row in rows {
            let text = wire::encode_row(&row);
            seen.insert(row.set());
            for prefix in prefixes {
                assert!(!text.contains(&format!("\"{prefix}")), "{title}: {text}");
            }
            let has_day = text.as_bytes().windows(10).any(is_day);
            assert_eq!(has_day, matches!(row, Row::Period(_)), "{title}: {text}");
        }
    }
    assert_eq!(seen.len(), register::words::Set::ALL.len(), "a table of which no case has a row: {seen:?}");
}

#[test]
fn rows_are_in_canonical_order_and_survive_being_written() {
    for (title, _, rows) in closings() {
        assert!(rows.is_sorted(), "{title}");
        for row in rows {
            assert_eq!(wire::decode_row(&wire::encode_row(&row)), Ok(row), "{title}");
        }
    }
}

/// What is registered after a closing changes neither its rows nor its report.
#[test]
fn a_closed_year_stays_as_it_was_closed() {
    let pack = table::pack();
    for case in table::check_folder("reports").cases {
        for ((year, kind), closed) in &case.register.closed {
            let then = case.recorded.iter().take_while(|recorded| recorded.at <= closed.at);
            let then = Register::replay(then).unwrap();
            let then = then.closed.get(&(*year, *kind)).unwrap();
            assert_eq!(then.drawn(), closed.drawn(), "{}, {year}", case.title);
            let rows = &then.rows;
            if *kind == FilingKind::Closing {
                assert_eq!(report_bytes(&pack, rows), report_bytes(&pack, &closed.rows), "{}, {year}", case.title);
            }
        }
    }
}

/// No total is suppressed: with the sums of what is withheld the report is the one that follows from every row by itself.
#[test]
fn what_is_withheld_changes_no_number_of_a_report() {
    let (pack, mut withheld) = (table::pack(), 0);
    for case in table::check_folder("reports").cases {
        for ((year, kind), closed) in case.register.closed.iter().filter(|((_, kind), _)| *kind == FilingKind::Closing)
        {
            let origin = "candor.example/boston/demonstration";
            let report = |rows: &[Row]| from_rows(ReportFormat::LATEST, &pack, origin, rows, None).unwrap();
            let shown = report(&closed.rows);
            withheld += shown.withheld.iter().map(|(_, rows)| rows).sum::<u64>();
            assert_eq!(shown.withheld.iter().map(|(_, rows)| rows).sum::<u64>(), closed.withheld.len() as u64);
            let all = report(&closed.drawn().all());
            assert_eq!(Report { withheld: Vec::new(), ..shown }, all, "{}, {year}, {kind}", case.title);
        }
    }
    assert!(withheld > 50, "only {withheld} rows were withheld: the tables show too little");
}

/// Every closed year of every case: title, year, rows.
fn closings() -> Vec<(String, Year, Vec<Row>)> {
    let cases = table::check_folder("reports").cases;
    let of_case = |case: table::Case| {
        let closed = case.register.closed.into_iter();
        closed.map(|((year, _), closed)| (case.title.clone(), year, closed.rows)).collect::<Vec<_>>()
    };
    cases.into_iter().flat_map(of_case).collect()
}

fn report_bytes(pack: &Pack, rows: &[Row]) -> String {
    let report = from_rows(ReportFormat::LATEST, pack, "candor.example/boston/demonstration", rows, None);
    wire::encode_report(&report.unwrap_or_else(|what| panic!("{what}")), ReportFormat::LATEST)
}

/// `2022-06-14`: four digits, two, two.
fn is_day(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(index, c)| if index == 4 || index == 7 { *c == b'-' } else { c.is_ascii_digit() })
}
