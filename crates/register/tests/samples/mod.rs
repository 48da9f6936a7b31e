//! One value of every kind that has bytes, and where a kind has options, one with and one without them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a sample that cannot be made fails its test")]

mod people;
mod request;
mod retention;
mod watch;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use law::{Ask, Basis, PackHash, Says};
use register::Recorded;
use register::event::{
    Answered, Decision, Event, FileHash, Filing, Frozen, Growth, Opened, PackRef, Receipt, Request, Subject,
    Transmission,
};
use register::row::{Measured, Period, Restates, Row, Scope};
use register::run::Run;
use register::sums::{DoneSums, RequestSums, Sums};
use register::time::Moment;
use register::words::{
    Authority, Cause, Channel, Component, Counting, Decided, Departure, FilingKind, Form, Ground, KnownBy, Measure,
    Mode, Outcome, ReportFormat, RunCount, RunKind,
};
use tlog::Hash;

/// Every kind of event, by the name of its golden file: kind, version, and which of the two it is.
pub(crate) fn events() -> Vec<(&'static str, Recorded)> {
    let mut events = opening();
    events.extend(requests());
    events.extend(what_followed());
    events.extend(the_log());
    events.push(("decision-made-2", made_before()));
    events.extend(people::custody(events.len()));
    events.extend(people::staff());
    events.extend(people::inquiries());
    events.extend(request::events());
    events.extend(watch::events());
    events.push(("clock-departed-1", Event::ClockDeparted { departure: text("behind-record"), seconds: 47 }));
    events.extend(runs());
    events.push(("clock-trusted-1", Event::ClockTrusted { seconds: 86_400 }));
    events.extend(request::taken_back());
    let (month, grounds) = (text("2022-12"), vec![Ground::FinalOrder]);
    let row = Row::Request { month, form: Form::I247A, grounds, counting: Counting::Counted };
    events.push(("closing-withheld-1", Event::ClosingWithheld { year: text("2022"), row }));
    events.extend(retention::events());
    events.extend(people::receipts());
    events.extend(people::reads());
    let numbered = (1..).zip(events);
    numbered
        .map(|(seq, (name, event))| (name, Recorded { seq, at: time(seq), by: text("person_desk"), event }))
        .collect()
}

fn opening() -> Vec<(&'static str, Event)> {
    vec![
        (
            "register-opened-1",
            Event::RegisterOpened(Opened {
                mode: Mode::Live,
                origin: "candor.example/boston".to_owned(),
                zone: "America/New_York".to_owned(),
                pack: pack(),
                key: "candor.example/boston+00000000+AAAA".to_owned(),
            }),
        ),
        ("agency-registered-1", Event::AgencyRegistered { id: text("agency_police"), name: text("Police Department") }),
        (
            "unit-opened-1",
            Event::UnitOpened {
                id: text("unit_d4"),
                agency: text("agency_police"),
                name: text("District D-4"),
                from: text("2022-01-01"),
            },
        ),
        (
            "line-opened-1",
            Event::LineOpened {
                id: text("line_d4"),
                unit: text("unit_d4"),
                channel: Channel::Fax,
                name: text("Fax of D-4"),
                from: text("2022-01-03"),
            },
        ),
    ]
}

fn requests() -> Vec<(&'static str, Event)> {
    let full = Request {
        id: text("req_1"),
        paper: text("paper_1"),
        form: Form::I247A,
        edition: Some(text("02/17")),
        issued_on: Some(text("2022-06-13")),
        component: Component::Ero,
        asks: vec![Ask::Hold, Ask::Notify],
        grounds: vec![Ground::FinalOrder, Ground::BiometricMatch],
        papers: vec![Form::I200],
        subjects: vec![subject(Some("ind_1"), Some("ep_1")), subject(None, None)],
    };
    let bare = Request {
        id: text("req_2"),
        form: Form::Other,
        edition: None,
        issued_on: None,
        component: Component::NotRecorded,
        asks: vec![Ask::Information],
        grounds: Vec::new(),
        papers: Vec::new(),
        subjects: vec![subject(None, None)],
        ..full.clone()
    };
    let arrived = |arrived| Transmission { line: text("line_d4"), arrived: text(arrived), relayed_by: None };
    let received = |request, transmission| Event::RequestReceived { request, transmission };
    vec![
        ("request-received-1.full", received(full, arrived("2022-06-14T01:12:00-04:00"))),
        ("request-received-1.bare", received(bare, arrived("2022-06-14"))),
    ]
}

fn what_followed() -> Vec<(&'static str, Event)> {
    let request = || text("req_1");
    let facts = BTreeMap::from([("custody".to_owned(), "bond_or_recognizance".to_owned())]);
    let departing = Decision {
        ask: Ask::Hold,
        on: text("2022-06-14"),
        made_at: None,
        facts,
        answer: Answered {
            says: vec![Says::Prohibited],
            basis: Some(Basis::Quoted),
            derived: BTreeMap::from([("eligible".to_owned(), "true".to_owned())]),
            rules: vec!["P1-2019".to_owned(), "D-2019.eligible.4".to_owned()],
            pack: pack().hash,
        },
        decided: Decided::Honored,
        departure: Some((Departure::Directed, text("note_1"))),
    };
    let still_possible = Decision {
        ask: Ask::Notify,
        facts: BTreeMap::new(),
        answer: Answered {
            says: vec![Says::Prohibited, Says::Permitted],
            basis: None,
            derived: BTreeMap::new(),
            rules: Vec::new(),
            pack: pack().hash,
        },
        decided: Decided::Declined,
        departure: None,
        ..departing.clone()
    };
    let held = Event::PersonHeld {
        request: request(),
        subject: subject(Some("ind_1"), None),
        authority: Authority::DetainerAlone,
        at: text("2022-06-14T03:10:30.5-04:00"),
    };
    let transferred = Event::PersonTransferred {
        request: request(),
        subject: subject(None, Some("ep_1")),
        authority: Authority::CriminalWarrant,
        at: text("2022-06-15"),
    };
    let known = |outcome, at: &str| Event::OutcomeRecorded { request: request(), outcome, at: text::<Moment>(at) };
    vec![
        ("decision-made-1.departing", Event::DecisionMade { request: request(), decision: departing }),
        ("decision-made-1.still-possible", Event::DecisionMade { request: request(), decision: still_possible }),
        ("outcome-recorded-1.day", known(Outcome::Unknown, "2022-06-15")),
        ("outcome-recorded-1.instant", known(Outcome::Transferred, "2022-06-15T08:00:00-04:00")),
        ("person-held-1", held),
        ("person-transferred-1", transferred),
        ("cost-reimbursed-1", Event::CostReimbursed { request: request(), cents: 123_456, on: text("2022-07-30") }),
    ]
}

fn the_log() -> Vec<(&'static str, Event)> {
    let growth = Growth { from_size: 0, frozen: frozen() };
    let closing = Filing {
        year: text("2022"),
        kind: FilingKind::Closing,
        as_of: text("2023-01-10T15:00:00Z"),
        frozen: frozen(),
        pack: pack(),
        format: ReportFormat::V1,
        opens: Some((0, 32)),
        files: BTreeMap::from([("filings/2022/report.json".to_owned(), FileHash::of(b"{}\n"))]),
    };
    let restatement = Filing { kind: FilingKind::Restatement(1), opens: Some((32, 64)), ..closing.clone() };
    let receipt = Receipt { on: text("2023-01-11"), office: text("City Clerk"), reference: Some(text("Docket 0128")) };
    let acknowledged = |kind, receipt| Event::ReceiptRecorded { year: text("2022"), kind, receipt };
    let no_number = Receipt { reference: None, ..receipt.clone() };
    let restated = Event::YearRestated {
        year: text("2022"),
        restates: Restates { number: 1, causes: vec![Cause::Late, Cause::Outcome] },
        frozen: frozen(),
        filed_on: text("2023-05-20"),
    };
    let provisional = Filing { kind: FilingKind::Provisional, opens: None, ..closing.clone() };
    let entered = Event::ClosingEntered { year: text("2022"), row: Row::Outcome(Outcome::ReleasedBail) };
    vec![
        ("tree-grown-1", Event::TreeGrown(growth)),
        ("year-closed-1", Event::YearClosed { year: text("2022"), frozen: frozen(), filed_on: text("2023-01-10") }),
        ("closing-entered-1", entered),
        ("report-filed-1.closing", Event::ReportFiled(closing)),
        ("report-filed-1.provisional", Event::ReportFiled(provisional)),
        ("year-restated-1", restated),
        ("report-filed-1.restatement", Event::ReportFiled(restatement)),
        ("receipt-recorded-1.closing", acknowledged(FilingKind::Closing, receipt)),
        ("receipt-recorded-1.no-number", acknowledged(FilingKind::Provisional, no_number)),
    ]
}

fn runs() -> Vec<(&'static str, Event)> {
    let import = Run {
        kind: RunKind::Import,
        input: FileHash::of(b"a table\n"),
        rule: FileHash::of(b"a mapping\n"),
        year: Some(text("2022")),
        output: FileHash::of(b"line,refused,reason\n"),
        counts: BTreeMap::from([(RunCount::Rows, 3), (RunCount::Registered, 2), (RunCount::LeftOut, 1)]),
    };
    let every_year = Run { year: None, counts: BTreeMap::new(), ..import.clone() };
    vec![
        ("run-recorded-1.one-year", Event::RunRecorded(import)),
        ("run-recorded-1.every-year", Event::RunRecorded(every_year)),
    ]
}

/// Every kind of closing row, likewise.
pub(crate) fn rows() -> Vec<(&'static str, Row)> {
    let period = Period {
        year: text("2022"),
        mode: Mode::Demonstration,
        as_of: text("2023-01-10T15:00:00Z"),
        filed_on: text("2023-01-10"),
        provisional_on: Some(text("2022-12-20")),
        frozen: frozen(),
        pack: pack(),
        other_requests: 3,
        restates: None,
    };
    let restates = Some(Restates { number: 2, causes: vec![Cause::Correction] });
    let restated = Period { restates, ..period.clone() };
    let never_before = Period { mode: Mode::Live, provisional_on: None, ..period.clone() };
    let request =
        |grounds| Row::Request { month: text("2022-06"), form: Form::I247A, grounds, counting: Counting::Counted };
    let replacing = Row::Request {
        month: text("2022-06"),
        form: Form::I247A,
        grounds: vec![Ground::Statements],
        counting: Counting::Unclear,
    };
    let line =
        Measured { scope: Scope::Line(text("Fax of D-4")), measure: Measure::Transmissions, seen: 12, due: None };
    let agency = Measured {
        scope: Scope::Agency(text("Police Department")),
        measure: Measure::AsksDecided,
        seen: 11,
        due: Some(12),
    };
    vec![
        ("period-1.after-letter", Row::Period(period)),
        ("period-1.no-letter", Row::Period(never_before)),
        ("period-2", Row::Period(restated)),
        ("request-1.two-grounds", request(vec![Ground::FinalOrder, Ground::BiometricMatch])),
        ("request-1.no-ground", request(Vec::new())),
        ("request-2", replacing),
        ("outcome-1", Row::Outcome(Outcome::ReleasedBail)),
        (
            "held-1",
            Row::Held {
                authorities: vec![Authority::CriminalWarrant, Authority::DetainerAlone],
                known_by: KnownBy::Individual,
            },
        ),
        ("transferred-1", Row::Transferred { authorities: vec![Authority::NotRecorded], known_by: KnownBy::Request }),
        ("reimbursed-1", Row::Reimbursed { cents: 123_456 }),
        ("departure-1", Row::Departure { ask: Ask::Hold, code: Departure::Directed }),
        ("coverage-1.line", Row::Coverage(line)),
        ("coverage-1.agency", Row::Coverage(agency)),
    ]
    .into_iter()
    .chain(withheld())
    .collect()
}

/// The sums of rows that are not shown.
fn withheld() -> [(&'static str, Row); 4] {
    let requests = RequestSums {
        counted: 3,
        unclear: 1,
        forms: BTreeMap::from([(Form::I247D, 1), (Form::I247A, 2)]),
        grounds: BTreeMap::from([(Ground::FinalOrder, 2), (Ground::Statements, 1)]),
        without_ground: 1,
    };
    let done = DoneSums {
        known_by: BTreeMap::from([(KnownBy::Individual, 1), (KnownBy::Request, 2)]),
        authorities: BTreeMap::from([(Authority::DetainerAlone, 3)]),
    };
    [
        ("requests-withheld-1", Row::Withheld(Sums::Requests(requests))),
        ("held-withheld-1", Row::Withheld(Sums::Held(done.clone()))),
        ("transferred-withheld-1", Row::Withheld(Sums::Transferred(done))),
        ("reimbursed-withheld-1", Row::Withheld(Sums::Reimbursed { cases: 2, cents: 5_000 })),
    ]
}

/// A decision recorded later than it was made.
fn made_before() -> Event {
    let decision = Decision {
        ask: Ask::Information,
        on: text("2022-06-14"),
        made_at: Some(text("2022-06-14T03:10:00-04:00")),
        facts: BTreeMap::new(),
        answer: Answered {
            says: vec![Says::Prohibited, Says::Permitted],
            basis: None,
            derived: BTreeMap::new(),
            rules: Vec::new(),
            pack: pack().hash,
        },
        decided: Decided::Declined,
        departure: None,
    };
    Event::DecisionMade { request: text("req_2"), decision }
}

fn pack() -> PackRef {
    let hash = PackHash::parse(&"5a".repeat(32)).unwrap();
    PackRef { id: "us-ma-boston".to_owned(), version: "0.1".to_owned(), hash }
}

fn frozen() -> Frozen {
    Frozen { size: 16, root: Hash([7; 32]) }
}

fn subject(individual: Option<&str>, episode: Option<&str>) -> Subject {
    Subject { individual: individual.map(text), episode: episode.map(text) }
}

/// The first second of June 2022 in Greenwich, and so many seconds more.
fn time(seq: u64) -> register::time::Timestamp {
    text(&format!("2022-06-01T00:{:02}:{:02}Z", seq / 60, seq % 60))
}

pub(crate) fn text<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error:?}"))
}
