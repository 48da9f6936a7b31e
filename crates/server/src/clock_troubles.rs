//! The wall clock is set while a live register is written, or stands before its record when it is opened. Each is in the
//! record once, and nothing that was acknowledged is lost or dated back.

use std::sync::Mutex;

use anyhow::Result;
use register::event::Event;
use register::time::Timestamp;
use register::words::{ClockDeparture, Mode};
use register::{Command, Refusal};

use crate::app::{App, Done, Job, NewRegister, Refused, Submission};
use crate::examining::examine;
use crate::{clock, packs};

/// There is one clock in a process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn a_clock_that_is_set_is_in_the_record_once_and_carries_no_time_back() {
    let _alone = ONE_AT_A_TIME.lock();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("register");
    drop(made(&dir));
    let said = |app: &mut App, set: i64, id: &str| faults::clock_set(set, || register_agency(app, id).unwrap());

    let mut app = App::open(&dir).unwrap();
    assert!(said(&mut app, 0, "agency_a").is_ok());
    // Within five minutes nothing is said, and record time waits.
    assert!(said(&mut app, 200, "agency_b").is_ok());
    let waits = app.register().last_at;
    assert!(said(&mut app, 0, "agency_c").is_ok());
    assert_eq!((app.register().last_at, app.register().clock_departures.len()), (waits, 0));
    // Forward by an hour: who is right only a person can tell, so the record goes on and says it.
    assert!(said(&mut app, 3_600, "agency_d").is_ok());
    assert_eq!(departures(&app).len(), 1);
    assert!(matches!(departures(&app)[..], [(ClockDeparture::SetForward, 3_599..=3_602)]));
    // Back again: to go on would date what happens now an hour ahead, or back.
    assert!(goes_back(said(&mut app, 0, "agency_e")));
    assert!(matches!(departures(&app)[..], [_, (ClockDeparture::SetBack, 3_598..=3_602)]));
    // The next process finds the clock behind the record, and the record says so already.
    drop(app);
    let mut app = App::open(&dir).unwrap();
    assert!(goes_back(said(&mut app, 0, "agency_e")));
    assert_eq!(departures(&app).len(), 2);
    // Set right by whoever saw to it.
    drop(app);
    let mut app = faults::clock_set(3_610, || App::open(&dir)).unwrap();
    assert!(said(&mut app, 3_610, "agency_e").is_ok());
    assert_eq!((app.register().agencies.len(), departures(&app).len()), (5, 2));
    examine(&app).unwrap();
}

#[test]
fn a_clock_behind_the_record_at_start_is_in_the_record_once() {
    let _alone = ONE_AT_A_TIME.lock();
    for (behind, goes_on) in [(20, true), (3_600, false)] {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("register");
        let last = made(&dir).register().last_at;
        for id in ["agency_a", "agency_b"] {
            let (mut app, said) = faults::clock_set(-behind, || {
                let mut app = App::open(&dir).unwrap();
                let said = register_agency(&mut app, id).unwrap();
                (app, said)
            });
            assert_eq!(said.is_ok(), goes_on, "{behind} seconds behind");
            assert!(goes_on || goes_back(said));
            assert_eq!(app.register().last_at, last, "record time waits for the clock");
            assert_eq!(departures(&app).len(), 1, "{behind} seconds behind");
            app.commit().unwrap();
        }
        let app = App::open(&dir).unwrap();
        let [(ClockDeparture::BehindRecord, seconds)] = departures(&app)[..] else { panic!("{:?}", departures(&app)) };
        assert!((behind - 5..=behind).contains(&i64::try_from(seconds).unwrap()), "{seconds}");
        examine(&app).unwrap();
    }
}

/// Set forward by a day for one command and put right: whoever is at the desk need not wait a day.
#[test]
fn an_administrator_says_that_the_clock_is_right_and_the_record_waits_for_it() {
    let _alone = ONE_AT_A_TIME.lock();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("register");
    drop(made(&dir));
    let open = |set: i64| faults::clock_set(set, || App::open(&dir)).unwrap();
    let said = |app: &mut App, set: i64, id: &str| faults::clock_set(set, || register_agency(app, id).unwrap());
    let trust = |app: &mut App, set: i64| faults::clock_set(set, || given(app, Job::TrustClock).unwrap());
    let day = 86_400;

    let mut app = open(0);
    // Of a clock that stands with the record nobody need say so.
    assert!(matches!(trust(&mut app, 0), Err(Refused { refusal: Refusal::NoClockDeparted { .. }, .. })));
    drop(app);
    let mut app = open(day);
    assert!(said(&mut app, day, "agency_a").is_ok());
    let waits = app.register().last_at;
    drop(app);
    let mut app = open(0);
    assert!(goes_back(said(&mut app, 0, "agency_b")));
    let trusted = trust(&mut app, 0).unwrap().recorded;
    let [Event::ClockTrusted { seconds }] = [&trusted[0].event] else { panic!("{trusted:?}") };
    assert!((86_390..=86_400).contains(seconds), "{seconds}");
    assert!(said(&mut app, 0, "agency_b").is_ok());
    // A restart reads it from the record, and the alarm is there once.
    drop(app);
    let mut app = open(0);
    assert!(said(&mut app, 0, "agency_c").is_ok());
    assert_eq!(app.register().last_at, waits, "record time waits for the clock");
    assert!(matches!(departures(&app)[..], [(ClockDeparture::BehindRecord, 86_390..=86_400)]));
    // No further behind than was said, but for the five minutes that are nothing.
    assert!(goes_back(said(&mut app, -310, "agency_d")));
    drop(app);
    let mut app = open(day + 10);
    assert!(said(&mut app, day + 10, "agency_d").is_ok());
    assert!(app.register().last_at > waits);
    // The record went on, so what was said is of the past: the same again is refused again, until it is said again.
    drop(app);
    let mut app = open(0);
    assert!(goes_back(said(&mut app, 0, "agency_e")));
    assert!(trust(&mut app, 0).is_ok() && said(&mut app, 0, "agency_e").is_ok());
    assert_eq!(app.register().clock_trusted.len(), 2);
    examine(&app).unwrap();
}

fn made(dir: &std::path::Path) -> App {
    let files = packs::find("us-tx-travis-county").unwrap();
    let by = "person_clerk".parse().unwrap();
    let opened =
        NewRegister { mode: Mode::Live, origin: "example.test/log".to_owned(), by, at: clock::now(), token: None };
    App::create(dir, &files, opened).unwrap()
}

fn register_agency(app: &mut App, id: &str) -> Result<Result<Done, Refused>> {
    given(app, Job::Do(Command::RegisterAgency { id: id.parse()?, name: "Agency".parse().unwrap() }))
}

fn given(app: &mut App, job: Job) -> Result<Result<Done, Refused>> {
    let (by, jobs) = ("person_clerk".parse()?, vec![job]);
    let said = app.carry_out(&Submission { by, at: None, jobs, places: Vec::new() })?;
    app.commit()?;
    Ok(said)
}

fn goes_back(said: Result<Done, Refused>) -> bool {
    matches!(said, Err(Refused { refusal: Refusal::TimeGoesBack { .. }, .. }))
}

/// Those of the store, in order: what is in memory alone does not count.
fn departures(app: &App) -> Vec<(ClockDeparture, u64)> {
    let mut found = Vec::new();
    let mut last: Option<Timestamp> = None;
    app.store()
        .events_after(0, |row| {
            let recorded = register::wire::decode(std::str::from_utf8(&row.body)?)?;
            assert!(last <= Some(recorded.at), "record time runs back");
            last = Some(recorded.at);
            if let Event::ClockDeparted { departure, seconds } = recorded.event {
                found.push((departure, seconds));
            }
            Ok(())
        })
        .unwrap();
    found
}
