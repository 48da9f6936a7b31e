//! A record that cannot be is refused at the event where it breaks, and never guessed past.

mod samples;

use register::custody::{CustodyEvent, What};
use register::event::Event;
use register::receipt::ReceiptEvent;
use register::request::RequestEvent;
use register::watch::WatchEvent;
use register::{Recorded, Register, wire};

#[test]
fn a_whole_history_replays_the_same_however_often() {
    let history = history();
    let once = Register::replay(&history).unwrap();
    let again = Register::replay(&history).unwrap();
    assert_eq!(format!("{once:?}"), format!("{again:?}"));
    assert_eq!(
        (once.last_seq, once.last_at),
        (u64::try_from(history.len()).unwrap(), history.last().map(|last| last.at))
    );
    for until in 0..history.len() {
        let (first, rest) = history.split_at(until);
        let mut register = Register::replay(first).unwrap();
        rest.iter().for_each(|recorded| register.apply(recorded).unwrap());
        assert_eq!(format!("{register:?}"), format!("{once:?}"), "stopped after {until}");
    }
}

#[test]
fn every_kind_of_row_is_taken_into_its_closed_year() {
    let mut register = Register::replay(&history()).unwrap();
    let year = "2022".parse().unwrap();
    let before = register.last_closing(year).unwrap().1.rows.len();
    let rows = samples::rows();
    for (_, row) in &rows {
        let event = Event::ClosingEntered { year, row: row.clone() };
        let last = history().pop().unwrap();
        register.apply(&Recorded { seq: register.last_seq + 1, event, ..last }).unwrap();
    }
    assert_eq!(register.last_closing(year).unwrap().1.rows.len(), before + rows.len());
}

#[test]
fn a_history_that_cannot_be_is_broken_where_it_breaks() {
    // At which event, what of its bytes is changed to what, and what is wrong then.
    #[rustfmt::skip]
    let cases = [
        (1,  "\"seq\":1",           "\"seq\":2",            "its number should be 1"),
        (1,  "America/New_York",    "America/New_Amsterdam", "unknown time zone `America/New_Amsterdam`"),
        (5,  "\"seq\":5",           "\"seq\":6",            "its number should be 5"),
        (5,  "\"seq\":5",           "\"seq\":4",            "its number should be 5"),
        (5,  "\"seq\":5",           "\"seq\":0",            "its number should be 5"),
        (5,  "\"seq\":5",           "\"seq\":18446744073709551615", "its number should be 5"),
        (6,  "T00:00:06Z",          "T00:00:04Z",           "it is dated before the event before it"),
        (3,  "agency_police",       "agency_fire",          "`agency_fire` is not there before it"),
        (4,  "unit_d4",             "unit_e5",              "`unit_e5` is not there before it"),
        (5,  "line_d4",             "line_e5",              "`line_e5` is not there before it"),
        (6,  "req_2",               "req_1",                "`req_1` is there already"),
        (7,  "req_1",               "req_9",                "`req_9` is not there before it"),
        (8,  "\"ask\":\"notify\"",  "\"ask\":\"hold\"",     "`hold` is there already"),
        (9,  "req_1",               "req_9",                "`req_9` is not there before it"),
        (11, "req_1",               "req_9",                "`req_9` is not there before it"),
        (12, "req_1",               "req_9",                "`req_9` is not there before it"),
        (13, "req_1",               "req_9",                "`req_9` is not there before it"),
        (14, "\"from_size\":0",     "\"from_size\":16",     "the tree has 0 leaves"),
        (16, "\"2022\"",            "\"2021\"",             "2021 is not closed before it"),
        // Lines and units.
        (55, "line_d4",             "line_e5",              "`line_e5` is not there before it"),
        (56, "line_d4",             "line_e5",              "`line_e5` is not there before it"),
        (58, "unit_d4",             "unit_e5",              "`unit_e5` is not there before it"),
        (61, "line_d4",             "line_e5",              "`line_e5` is not there before it"),
        (63, "arr_1",             "arr_9",              "`arr_9` is not there before it"),
        (65, "unit_d4",             "unit_e5",              "`unit_e5` is not there before it"),
    ];
    for (seq, from, to, what) in cases {
        let mut history = history();
        let at = history.iter().position(|recorded| recorded.seq == seq).unwrap();
        let bytes = wire::encode(&history[at]);
        assert!(bytes.contains(from), "{bytes}");
        history[at] = wire::decode(&bytes.replacen(from, to, 1)).unwrap();
        let broken = Register::replay(&history).unwrap_err();
        assert_eq!((broken.seq, broken.what.as_str()), (history[at].seq, what), "event {seq}, `{to}`");
        assert!(broken.to_string().starts_with("the record is broken at event "), "{broken}");
    }
}

/// Likewise of people, by the sample of the event.
#[test]
fn a_history_of_people_that_cannot_be_is_broken_where_it_breaks() {
    #[rustfmt::skip]
    let cases = [
        ("custody-recorded-1.named", "unit_d4",            "unit_e5",              "`unit_e5` is not there before it"),
        ("custody-recorded-1.bare",  "\"charges\":null",   "\"charges\":\"all\"",  "its charges do not fit it"),
        ("custody-withdrawn-1",      "\"of\":",            "\"of\":9",             "`ep_1` has no such entry before it"),
        ("entry-withdrawn-1.counted", "\"of\":11",        "\"of\":9",             "`req_1` has no such hold 9 before it"),
        ("entry-withdrawn-1.counted", "\"2022\"",         "\"2021\"",             "`req_1` has no such hold 11 before it"),
        ("entry-withdrawn-1.counted", "req_1",            "req_9",                "`req_9` is not there before it"),
        ("custody-withdrawn-1",      "ep_1",               "ep_2",                 "`ep_2` has no such entry before it"),
        ("inquiry-received-1.dated", "line_d4",            "line_e5",              "`line_e5` is not there before it"),
        ("inquiry-answered-1.found", "inq_1",              "inq_3",                "`inq_3` is not there before it"),
        ("inquiry-answered-1.found", "req_1",              "req_9",                "its answer does not fit"),
        ("inquiry-answered-1.not-found", "nothing-alike",  "paper-number",         "its answer does not fit"),
        ("inquiry-answered-1.not-found", "inq_2\",\"answer\":\"not-registered\",\"rule\":\"nothing-alike", "inq_1\",\"answer\":\"cannot-tell\",\"rule\":\"alike", "`inq_1` is answered already"),
        ("staff-registered-1",       "agency_police",      "agency_fire",          "`agency_fire` is not there before it"),
        ("role-given-1",             "person_1",           "person_2",             "`person_2` is not there before it"),
        ("designation-ended-1",      "hsi",                "ero",
         "`person_1` does not have the federal designation `task-force-deputation` by `ero`"),
        ("role-taken-1",             "2022-05-31",         "2022-01-02",           "`person_1` does not have the role `officer`"),
        ("vault-read-1.paper",       "paper_1",            "paper_7",              "`paper_7` is not there before it, or of another request"),
        ("vault-read-1.paper",       "\"req_1\"",          "null",                 "`paper_1` is not there before it, or of another request"),
        ("vault-read-1.note",        "null",               "\"req_1\"",            "`note_8` is not there before it, or of another request"),
        ("vault-read-1.note",        "[\"reference\"]",    "[]",                   "it reads nothing"),
        ("retention-hold-lifted-1",  "keep_1",             "keep_3",               "`keep_3` is not there before it"),
        ("erasure-dropped-1",        "erasure_3",          "erasure_4",            "`erasure_4` is not there before it"),
        ("record-erased-1.schedule", "erasure_1",          "erasure_3",            "`erasure_3` does not wait any more"),
        ("record-erased-1.schedule", "person_2",           "person_desk",          "one person alone erased something"),
        ("record-erased-1.schedule", "[5,24,36]",          "[5,24,9000]",          "it erases what is not there"),
    ];
    for (name, from, to, what) in cases {
        let at = samples::events().iter().position(|(sample, _)| *sample == name).unwrap();
        let mut history = history();
        let bytes = wire::encode(&history[at]);
        assert!(bytes.contains(from), "{bytes}");
        history[at] = wire::decode(&bytes.replacen(from, to, 1)).unwrap();
        let broken = Register::replay(&history).unwrap_err();
        assert_eq!((broken.seq, broken.what.as_str()), (history[at].seq, what), "{name}, `{to}`");
    }
}

/// What can be done once: a second time is a broken record, whatever is done in between.
#[test]
fn nothing_recorded_is_written_over() {
    let history = history();
    // They were taken back, and may be recorded anew.
    let taken_back = |event: &Event| {
        matches!(event, Event::OutcomeRecorded { .. })
            || matches!(event, Event::Custody(CustodyEvent::CustodyRecorded(entry)) if entry.what == What::BailPosted)
    };
    let repeatable = |event: &Event| {
        matches!(
            event,
            Event::PersonHeld { .. }
                | Event::PersonTransferred { .. }
                | Event::CostReimbursed { .. }
                | Event::ClosingEntered { .. }
                | Event::ClosingWithheld { .. }
                | Event::Request(RequestEvent::PaperVerified { .. })
                // A list that has not begun can be replaced.
                | Event::Watch(WatchEvent::LineTestsSet { .. } | WatchEvent::ToursSet { .. })
                | Event::ClockDeparted { .. }
                | Event::ClockTrusted { .. }
                | Event::Receipt(ReceiptEvent::ReceiptGiven(_))
                | Event::Reading(_)
        ) || taken_back(event)
    };
    for recorded in &history {
        let mut register = Register::replay(&history).unwrap();
        let before = format!("{register:?}");
        let last = history.last().unwrap();
        let again = Recorded { seq: last.seq + 1, at: last.at, ..recorded.clone() };
        let taken = register.apply(&again);
        assert_eq!(taken.is_ok(), repeatable(&recorded.event), "event {}: {taken:?}", recorded.seq);
        if taken.is_err() {
            assert_eq!(format!("{register:?}"), before, "event {} left something behind", recorded.seq);
        }
    }
}

#[test]
fn a_record_without_its_beginning_is_broken() {
    let dropped = |from: usize| Register::replay(history().iter().skip(from)).unwrap_err();
    assert_eq!(dropped(1).to_string(), "the record is broken at event 2: its number should be 1");
    let mut second = history().remove(1);
    second.seq = 1;
    assert_eq!(Register::replay([&second]).unwrap_err().what, "the register was not opened before it");
}

fn history() -> Vec<Recorded> {
    samples::events().into_iter().map(|(_, recorded)| recorded).collect()
}
