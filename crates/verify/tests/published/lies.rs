//! Lies that an insider can sign, each with what it leaves behind. [`crate::insider`] tells them.
#![expect(clippy::unwrap_used, reason = "a day that is none fails its test")]

use law::Says;
use register::event::{Decision, Event, FileHash};
use register::leaf::{Slot, SlotValues};
use register::opening::OpeningFile;
use register::row::Row;
use register::words::{CountsAs, FilingKind, Form, Mode, Outcome};

use crate::world::{HONEST, Insider};

/// One lie: what is done, and which promises the folder alone shows to be broken, and the folder with the bag.
pub(crate) struct Lie {
    pub(crate) what: &'static str,
    pub(crate) insider: Insider,
    pub(crate) alone: &'static [&'static str],
    pub(crate) with_bag: &'static [&'static str],
}

/// All of them.
pub(crate) fn all() -> Vec<Lie> {
    let lies = [about_leaves(), about_rows(), about_decisions(), about_reports(), about_filings()];
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
            &["counted"], &["counted"]),
        lie("more is opened of the closing entries than is anybody's business",
            Insider { entry_slots: &[Slot::Set, Slot::Row, Slot::Day, Slot::Body], ..HONEST },
            &["openings"], &["openings"]),
        lie("the leaf of a request says that it counts as nothing",
            Insider { values: request_counts_as_nothing, ..HONEST },
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
            Insider { events: |events| each_row(events, |row| if let Row::Request { form, .. } = row { *form = Form::I200 }), ..HONEST },
            &["rows"], &["rows", "bag"]),
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
    ]
}

#[rustfmt::skip]
fn about_reports() -> Vec<Lie> {
    vec![
        lie("another total, filed with its right hash",
            Insider { report: |report| report.items.iter_mut().for_each(|item| item.total = 0), ..HONEST },
            &["report"], &["report"]),
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
            &["counted"], &["counted"]),
        lie("a provisional letter that opens",
            Insider { filing: |filing| if filing.kind == FilingKind::Provisional { filing.opens = Some((0, 16)) }, ..HONEST },
            &["counted"], &["counted"]),
        lie("frozen at another tree than the log's",
            Insider { filing: |filing| filing.frozen.size -= 1, ..HONEST },
            &["report", "filing"], &["report", "filing"]),
        lie("another version of the law",
            Insider { filing: |filing| filing.pack.version.push('x'), ..HONEST },
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
