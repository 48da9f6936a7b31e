//! Lies that an insider can sign, each with what it leaves behind. [`crate::insider`] tells them.
#![expect(clippy::unwrap_used, reason = "a day that is none fails its test")]

mod people;

use law::{Ask, PackHash, Says};
use register::event::{Decision, Event, FileHash, Frozen, Request, Subject, Transmission};
use register::growth;
use register::leaf::{Slot, SlotValues};
use register::opening::OpeningFile;
use register::request::{EntryKind, RequestEvent};
use register::row::Row;
use register::sums::Sums;
use register::words::{Component, Counting, CountsAs, FilingKind, Form, Ground, Mode, Outcome};
use tlog::{Checkpoint, Note};

use crate::world::{HONEST, Insider, ONE};

/// One lie: what is done, and which promises the folder alone shows to be broken, and the folder with the bag.
pub(crate) struct Lie {
    pub(crate) what: &'static str,
    pub(crate) insider: Insider,
    pub(crate) alone: &'static [&'static str],
    pub(crate) with_bag: &'static [&'static str],
}

/// All of them.
pub(crate) fn all() -> Vec<Lie> {
    let lies = [
        about_leaves(),
        about_rows(),
        about_decisions(),
        about_the_record(),
        about_reports(),
        about_filings(),
        people::all(),
    ];
    lies.into_iter().flatten().collect()
}

type Codes = &'static [&'static str];

fn lie(what: &'static str, insider: Insider, alone: Codes, with_bag: Codes) -> Lie {
    Lie { what, insider, alone, with_bag }
}

#[rustfmt::skip]
fn about_leaves() -> Vec<Lie> {
    vec![
        lie("a counted leaf is left out of what is opened",
            Insider { counts: leave_first_request_shut, ..HONEST },
            &["counted", "rows"], &["counted", "rows"]),
        lie("leaves say that they count and not in which year",
            Insider { counts: |file| file.openings.retain(|one| one.opened.slot != Slot::Year), ..HONEST },
            &["counted", "rows", "report"], &["counted", "rows", "report", "bag"]),
        lie("more leaves are opened than the filing says",
            Insider { filing: |filing| filing.opens = filing.opens.map(|(from, until)| (from, until - 1)), ..HONEST },
            &["counted"], &["counted", "bag"]),
        lie("more is opened of the closing entries than is anybody's business",
            Insider { entry_slots: &[Slot::Set, Slot::Row, Slot::Day, Slot::Body], ..HONEST },
            &["openings"], &["openings"]),
        lie("the leaf of a request says that it counts as nothing",
            Insider { values: request_counts_as_nothing, ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("a year is frozen in its January, and what came after is in no row: a report of zero requests",
            Insider { events: freeze_in_january, ..HONEST },
            &["rows", "clock"], &["rows", "bag", "clock"]),
        lie("a request is slipped in between freeze and closing entries",
            Insider { events: slip_in_a_request, ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("something that does not count is slipped in there: only the bag can show it",
            Insider { events: slip_in_an_agency, ..HONEST },
            &[], &["bag"]),
        lie("the leaf of a hold that stands says that one is taken back: more is taken out than was put in",
            Insider { values: |values| says_instead(values, CountsAs::Held, CountsAs::HeldWithdrawn), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("the leaf of a transfer that is taken back says so of a hold",
            Insider { values: |values| says_instead(values, CountsAs::TransferredWithdrawn, CountsAs::HeldWithdrawn), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("the leaf of a request says another year",
            Insider { values: |values| request_of_year(values, "2021"), ..HONEST },
            &["rows"], &["rows", "bag"]),
    ]
}

#[rustfmt::skip]
fn about_rows() -> Vec<Lie> {
    vec![
        lie("the closing leaves out a request and its outcome",
            Insider { events: leave_out_a_request, ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("a closing entry is in the log and not in the folder",
            Insider { closing: |file| file.openings.truncate(file.openings.len() - 2), rows: |rows| drop(rows.pop()), ..HONEST },
            &["rows", "report"], &["rows", "report", "bag"]),
        lie("a detainer stands in the rows as a paper that does not count",
            Insider { events: |events| each_row(events, |row| if let Row::Request { form, counting, .. } = row { *form = Form::I200; *counting = form.counting() }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("a detainer stands in the rows as one that replaces another, so that it counts on one reading only",
            Insider { events: |events| each_row(events, |row| if let Row::Request { counting, .. } = row { *counting = Counting::Unclear }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("a paper that never counts is said to replace another, so that it counts on one reading",
            Insider { events: |events| each_row(events, |row| if let Row::Request { form, counting, .. } = row { *form = Form::I200; *counting = Counting::Unclear }), ..HONEST },
            &["rows", "report"], &["rows", "report", "bag"]),
        lie("a request stands in the rows under a month of another year",
            Insider { events: |events| each_row(events, |row| if let Row::Request { month, .. } = row { *month = "2021-03".parse().unwrap() }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("a ground is named twice in a row, and counts twice",
            Insider { events: |events| each_row(events, |row| if let Row::Request { grounds, .. } = row { grounds.extend(grounds.clone()) }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("an individual is held under nothing",
            Insider { events: |events| each_row(events, |row| if let Row::Held { authorities, .. } = row { authorities.clear() }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("an individual more is held than any leaf says",
            Insider { events: hold_everybody, ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("rows are withheld that nobody's custody asks for: only the bag can show it",
            Insider { events: withhold_march, ..HONEST },
            &[], &["bag"]),
        lie("rows are withheld, and are in no sums",
            Insider { events: |events| events.retain(|event| !matches!(event, Event::ClosingEntered { row: Row::Withheld(_), .. })), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("the sums of what is withheld name another ground: only the bag can show it",
            Insider { events: |events| each_row(events, |row| if let Row::Withheld(Sums::Requests(sums)) = row { sums.grounds.clear() }), ..HONEST },
            &[], &["bag"]),
        lie("the sums of what is withheld name a ground that no row has",
            Insider { events: |events| each_row(events, |row| if let Row::Withheld(Sums::Requests(sums)) = row { sums.grounds.insert(Ground::Statements, 0); }), ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("an entry is withheld under a code that there is not",
            Insider { values: another_code, ..HONEST },
            &["rows"], &["rows", "bag"]),
        lie("an outcome that was unknown is made known: only the bag can show it",
            Insider { events: |events| each_row(events, |row| if let Row::Outcome(outcome) = row { *outcome = Outcome::ReleasedBail }), ..HONEST },
            &[], &["bag"]),
        lie("as many rows, one told twice in the place of another: only the bag can show it",
            Insider { events: tell_one_outcome_twice, ..HONEST },
            &[], &["bag"]),
    ]
}

#[rustfmt::skip]
fn about_decisions() -> Vec<Lie> {
    vec![
        lie("an answer that the law does not give",
            Insider { events: |events| each_decision(events, |decision| { decision.answer.says = vec![Says::Permitted]; decision.departure = None; }), ..HONEST },
            &[], &["answers"]),
        lie("facts under which the law answers otherwise",
            Insider { events: |events| each_decision(events, |decision| decision.facts.clear()), ..HONEST },
            &[], &["answers"]),
        lie("a departure that does not say so",
            Insider { events: |events| each_decision(events, |decision| decision.departure = None), ..HONEST },
            &[], &["answers"]),
        lie("a decision by another law than was adopted",
            Insider { events: |events| each_decision(events, |decision| decision.answer.pack = PackHash::parse(&"5a".repeat(32)).unwrap()), ..HONEST },
            &[], &["answers"]),
        lie("a decision by the law of a day before the paper came",
            Insider { events: |events| each_decision(events, |decision| decision.on = "2022-01-01".parse().unwrap()), ..HONEST },
            &[], &["answers"]),
        lie("a decision on what was not asked",
            Insider { events: |events| each_decision(events, |decision| decision.ask = Ask::Notify), ..HONEST },
            &[], &["answers"]),
    ]
}

/// What the register would have refused, or recorded otherwise: leaves and rows agree, so only the bag can show it.
#[rustfmt::skip]
fn about_the_record() -> Vec<Lie> {
    vec![
        lie("a paper asks the same thing twice",
            Insider { events: |events| for event in events { if let Event::RequestReceived { request, .. } = event { request.asks.push(Ask::Hold) } }, ..HONEST },
            &[], &["bag"]),
        lie("a paper came on its line before that was open",
            Insider { events: |events| for event in events { if let Event::RequestReceived { transmission, .. } = event { transmission.arrived = "2021-12-31".parse().unwrap() } }, ..HONEST },
            &[], &["bag"]),
        lie("somebody else was held than the paper is about",
            Insider { events: |events| for event in events { if let Event::PersonHeld { subject, .. } = event { subject.individual = Some("ind_9".parse().unwrap()) } }, ..HONEST },
            &[], &["bag"]),
        lie("one command holds the same one twice, once on a day that had not come",
            Insider { events: hold_twice, ..HONEST },
            &[], &["bag"]),
        lie("a transfer without the outcome that goes with it",
            Insider { events: |events| events.retain(|event| !matches!(event, Event::OutcomeRecorded { outcome: Outcome::Transferred, .. })), ..HONEST },
            &[], &["bag"]),
        lie("a transfer of which no leaf is written",
            Insider { events: |events| events.retain(|event| !matches!(event, Event::PersonTransferred { .. })), ..HONEST },
            &[], &["bag"]),
        lie("an outcome is taken back, and the transfer that it says is not",
            Insider { events: |events| events.retain(|event| !matches!(event, Event::Request(RequestEvent::EntryWithdrawn { entry, .. }) if entry.kind == EntryKind::Transfer)), ..HONEST },
            &[], &["bag"]),
        lie("a payment of nothing",
            Insider { events: |events| for event in events { if let Event::CostReimbursed { cents, .. } = event { *cents = 0 } }, ..HONEST },
            &[], &["bag"]),
        lie("years are counted by the days of another city",
            Insider { events: |events| for event in events { if let Event::RegisterOpened(opened) = event { opened.zone = "America/Chicago".to_owned() } }, ..HONEST },
            &[], &["bag"]),
        lie("a growth does not place its leaves by their roots",
            Insider { order: |order| { growth::place(order); order.reverse() }, ..HONEST },
            &[], &["bag"]),
        lie("each growth leaves out a leaf that waits, and adds one less than it should",
            Insider { order: |order| { growth::place(order); if order.len() == 16 { order.truncate(15) } }, ..HONEST },
            &[], &["bag"]),
    ]
}

#[rustfmt::skip]
fn about_reports() -> Vec<Lie> {
    vec![
        lie("another total, filed with its right hash",
            Insider { report: |report| report.items.iter_mut().for_each(|item| item.total = 0), ..HONEST },
            &["report"], &["report"]),
        lie("another total in the provisional letter, which opens nothing: only the bag can show it",
            Insider { report: |report| if report.filing.first_on.year() == 2022 && report.as_of < "2023-01-01T05:00:00Z".parse().unwrap() { report.items.iter_mut().for_each(|item| item.total = 0) }, ..HONEST },
            &[], &["report"]),
        lie("late by nine days, says the report",
            Insider { report: |report| report.filing.days_late = Some(9), ..HONEST },
            &["report"], &["report"]),
        lie("a report without what was covered",
            Insider { report: |report| report.coverage.clear(), ..HONEST },
            &["report"], &["report"]),
        lie("no demonstration, says the report",
            Insider { report: |report| report.mode = Mode::Live, ..HONEST },
            &["report"], &["report"]),
        lie("an earlier letter than was filed",
            Insider { events: |events| each_row(events, |row| if let Row::Period(period) = row { period.provisional_on = Some("2022-11-20".parse().unwrap()) }), ..HONEST },
            &["report"], &["report", "bag"]),
        lie("the report is dated before it was made",
            Insider { events: |events| each_row(events, |row| if let Row::Period(period) = row { period.filed_on = "2022-12-31".parse().unwrap() }), ..HONEST },
            &["report"], &["report", "bag"]),
    ]
}

#[rustfmt::skip]
fn about_filings() -> Vec<Lie> {
    vec![
        lie("a closing report that opens nothing",
            Insider { filing: |filing| filing.opens = None, ..HONEST },
            &["counted"], &["counted", "bag"]),
        lie("a provisional letter that opens",
            Insider { filing: |filing| if filing.kind == FilingKind::Provisional { filing.opens = Some((0, 16)) }, ..HONEST },
            &["counted"], &["counted", "bag"]),
        lie("a provisional letter of the year before",
            Insider { filing: |filing| if filing.kind == FilingKind::Provisional { filing.as_of = "2022-01-01T04:59:59Z".parse().unwrap() }, ..HONEST },
            &["filing"], &["report", "filing", "bag"]),
        lie("a closing report that shows the last second of its year",
            Insider { filing: |filing| if filing.kind == FilingKind::Closing { filing.as_of = "2023-01-01T04:59:59Z".parse().unwrap() }, ..HONEST },
            &["report", "filing"], &["report", "filing", "bag"]),
        lie("frozen at another tree than the log's",
            Insider { filing: |filing| filing.frozen.size -= 16, ..HONEST },
            &["rows", "report", "filing"], &["rows", "report", "filing", "bag"]),
        lie("another version of the law",
            Insider { filing: |filing| filing.pack.version.push('x'), ..HONEST },
            &["report"], &["report", "bag"]),
        lie("another version of the law, wherever it is named but in the law itself",
            Insider {
                events: |events| for event in events { if let Event::RegisterOpened(opened) = event { opened.pack.version.push('x') } },
                filing: |filing| filing.pack.version.push('x'),
                ..HONEST
            },
            &["report"], &["report"]),
        lie("a law that the filing does not name",
            Insider { filing: |filing| filing.files.retain(|path, _| !path.ends_with(".md")), ..HONEST },
            &["report", "accounted"], &["report", "accounted"]),
        lie("openings that the filing does not name",
            Insider { filing: |filing| filing.files.retain(|path, _| !path.starts_with("openings/")), ..HONEST },
            &["accounted"], &["accounted"]),
        lie("a filing that names a file which is not there",
            Insider { filing: |filing| filing.files.extend([(format!("law/{}/none.md", filing.pack.hash), FileHash::of(b""))]), ..HONEST },
            &["filing"], &["filing"]),
        lie("a filing that names a file which is none of its own",
            Insider { filing: |filing| filing.files.extend([(format!("filings/{}/annex.html", filing.year), FileHash::of(b""))]), ..HONEST },
            &["filing"], &["filing"]),
        lie("a filing that names a file outside of the folder",
            Insider { filing: |filing| filing.files.extend([(format!("law/{}/../../checkpoint", filing.pack.hash), FileHash::of(b""))]), ..HONEST },
            &["filing"], &["filing"]),
    ]
}

/// The row of March, which is ripe, is withheld with the others, and so are the sums.
fn withhold_march(events: &mut Vec<Event>) {
    let row_of = |event: &Event| if let Event::ClosingEntered { row, .. } = event { Some(row.clone()) } else { None };
    let of_march = |row: &Row| matches!(row, Row::Request { month, .. } if month.to_string() == "2022-03");
    let Some(row) = events.iter().filter_map(row_of).find(of_march) else { return };
    for event in events {
        if let Event::ClosingEntered { row: Row::Withheld(sums), .. } = event {
            sums.add(&row);
        } else if let Event::ClosingEntered { year, row } = event
            && of_march(row)
        {
            *event = Event::ClosingWithheld { year: *year, row: row.clone() };
        }
    }
}

fn each_row(events: &mut [Event], change: fn(&mut Row)) {
    for event in events {
        if let Event::ClosingEntered { row, .. } = event {
            change(row);
        }
    }
}

fn each_decision(events: &mut [Event], change: fn(&mut Decision)) {
    for event in events {
        if let Event::DecisionMade { decision, .. } = event {
            change(decision);
        }
    }
}

/// January's first growth, as every telling of the story has it.
fn january() -> Frozen {
    let text = ONE.checkpoints.first().unwrap();
    let Checkpoint { size, root, .. } = Checkpoint::parse(&Note::parse(text).unwrap().text).unwrap();
    Frozen { size, root }
}

fn freeze_in_january(events: &mut Vec<Event>) {
    for event in events.iter_mut() {
        if let Event::YearClosed { frozen, .. } = event {
            *frozen = january();
        }
        if let Event::ClosingEntered { row: Row::Period(period), .. } = event {
            period.frozen = january();
            period.provisional_on = None;
        }
    }
    events.retain(|event| {
        let Event::ClosingEntered { row, .. } = event else { return true };
        matches!(row, Row::Period(_) | Row::Departure { .. } | Row::Coverage(_))
    });
}

fn hold_twice(events: &mut Vec<Event>) {
    if let [Event::PersonHeld { .. }] = events.as_slice() {
        events.extend(events.clone());
    }
    if let [Event::PersonHeld { at, .. }, Event::PersonHeld { .. }] = events.as_mut_slice() {
        *at = "2022-12-31".parse().unwrap();
    }
}

fn slip_in_a_request(events: &mut Vec<Event>) {
    if let Some(Event::YearClosed { .. }) = events.first() {
        let subjects = vec![Subject { individual: None, episode: None }];
        let request = Request {
            id: "req_slipped".parse().unwrap(),
            paper: "paper_slipped".parse().unwrap(),
            form: Form::I247A,
            edition: None,
            issued_on: None,
            component: Component::Ero,
            asks: vec![Ask::Hold],
            grounds: Vec::new(),
            papers: Vec::new(),
            subjects,
        };
        let transmission =
            Transmission { line: "line_d4".parse().unwrap(), arrived: "2022-12-30".parse().unwrap(), relayed_by: None };
        events.push(Event::RequestReceived { request, transmission });
    }
}

fn slip_in_an_agency(events: &mut Vec<Event>) {
    if let Some(Event::YearClosed { .. }) = events.first() {
        events.push(Event::AgencyRegistered { id: "agency_fire".parse().unwrap(), name: "Fire".parse().unwrap() });
    }
}

fn leave_first_request_shut(file: &mut OpeningFile) {
    if let Some(position) = file.openings.iter().find(|one| one.opened.value == "request").map(|one| one.position) {
        file.openings.retain(|one| one.position != position);
    }
}

fn request_counts_as_nothing(values: &mut SlotValues) {
    if values.get(&Slot::CountsAs).is_some_and(|code| code == CountsAs::Request.code()) {
        values.insert(Slot::CountsAs, CountsAs::Nothing.code().to_owned());
        values.remove(&Slot::Year);
    }
}

fn another_code(values: &mut SlotValues) {
    if values.contains_key(&Slot::Withheld) {
        values.insert(Slot::Withheld, "secret".to_owned());
    }
}

fn says_instead(values: &mut SlotValues, one: CountsAs, other: CountsAs) {
    if values.get(&Slot::CountsAs).is_some_and(|code| code == one.code()) {
        values.insert(Slot::CountsAs, other.code().to_owned());
    }
}

fn request_of_year(values: &mut SlotValues, year: &str) {
    if values.get(&Slot::CountsAs).is_some_and(|code| code == CountsAs::Request.code()) {
        values.insert(Slot::Year, year.to_owned());
    }
}

fn leave_out_a_request(events: &mut Vec<Event>) {
    for wanted in [|row: &Row| matches!(row, Row::Request { .. }), |row: &Row| matches!(row, Row::Outcome(_))] {
        let is_it = |event: &Event| matches!(event, Event::ClosingEntered { row, .. } if wanted(row));
        if let Some(at) = events.iter().position(is_it) {
            events.remove(at);
        }
    }
}

fn hold_everybody(events: &mut Vec<Event>) {
    let held = events.iter().find(|event| matches!(event, Event::ClosingEntered { row: Row::Held { .. }, .. }));
    events.extend(held.cloned());
}

fn tell_one_outcome_twice(events: &mut Vec<Event>) {
    let mut told: Option<Row> = None;
    for event in events {
        if let Event::ClosingEntered { row, .. } = event
            && matches!(row, Row::Outcome(_))
        {
            *row = told.get_or_insert_with(|| row.clone()).clone();
        }
    }
}
