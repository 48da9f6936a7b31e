//! Facts that a fact file or a scenario does not give but that its tables work out. What is given directly stays; where it
//! contradicts the tables, that is a problem of the file.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::derived::WorkedOut;
use crate::derived::custody::{Contradiction, CustodyEvent, custody};
use crate::derived::look_back::look_back;
use crate::derived::offences::{Anchor, Offences};
use crate::derived::papers::{administrative_warrant, paper_confirmed, strongest_paper};
use crate::derived::records::{self, Records};
use crate::facts::Facts;
use crate::reader::{Reader, Table, Value};
use crate::vocabulary::{Fact, Vocabulary};
use crate::words::Ask;

/// What working facts out needs of a pack.
pub(crate) struct Workings<'p> {
    pub(crate) vocabulary: &'p Vocabulary,
    pub(crate) offences: &'p Offences,
    pub(crate) zone: TimeZone,
}

/// Where the facts of a file stand.
#[derive(Clone, Copy)]
pub(crate) struct Place<'t> {
    /// The table that has the tables of records, and problems of no other place.
    pub(crate) records: Table<'t>,
    /// The tables that have facts given directly.
    pub(crate) given: &'t [Table<'t>],
}

impl Workings<'_> {
    /// Works out the facts of each ask that are not given.
    pub(crate) fn complete(&self, reader: &mut Reader<'_>, place: Place<'_>, asks: &mut [(Ask, &mut Facts)]) {
        let Some(records) = records::read(reader, place.records, self.offences) else { return };
        self.refuse_unread(reader, place.records, asks);
        let mut gained = BTreeSet::new();
        for fact in &self.vocabulary.facts {
            let Some(how) = fact.worked_out.filter(|_| self.is_read(fact, asks)) else { continue };
            let Some(answer) = self.answer(reader, place.records, &records, fact, how) else { continue };
            for (ask, facts) in asks.iter_mut() {
                if self.vocabulary.readable(*ask, fact.name.as_str()).is_none() {
                    continue;
                }
                match facts.get(fact.name.as_str()) {
                    Some(stated) => refuse_contradiction(reader, place, fact, stated, &answer),
                    None => {
                        facts.insert(fact, answer.clone());
                        gained.insert(*ask);
                    }
                }
            }
        }
        // What was given directly has been checked where it stands.
        for (ask, facts) in asks.iter().filter(|(ask, _)| gained.contains(ask)) {
            if let Some(message) = self.vocabulary.impossible_in(facts) {
                reader.problem(&place.records, format!("ask `{ask}`: {message}"), None);
            }
        }
    }

    /// A table from which no ask learns anything would be silence; it is refused.
    fn refuse_unread(&self, reader: &mut Reader<'_>, source: Table<'_>, asks: &[(Ask, &mut Facts)]) {
        for key in records::KEYS.iter().filter(|key| **key != "event") {
            let Some(value) = source.get(key) else { continue };
            let works_out = |fact: &&Fact| fact.worked_out.is_some_and(|how| how.table() == *key);
            if !self.vocabulary.facts.iter().filter(works_out).any(|fact| self.is_read(fact, asks)) {
                let hint = Some("drop the table, or list an ask that reads one".to_owned());
                reader.problem(&value, format!("no ask here reads a fact worked out from `{key}`"), hint);
            }
        }
    }

    fn is_read(&self, fact: &Fact, asks: &[(Ask, &mut Facts)]) -> bool {
        asks.iter().any(|(ask, _)| self.vocabulary.readable(*ask, fact.name.as_str()).is_some())
    }

    /// The answer that the tables give, if they give one.
    fn answer(
        &self,
        reader: &mut Reader<'_>,
        source: Table<'_>,
        records: &Records<'_>,
        fact: &Fact,
        how: WorkedOut,
    ) -> Option<String> {
        let papers = records.papers.as_deref();
        match how {
            WorkedOut::Custody => custody_answer(reader, records),
            WorkedOut::StrongestPaper => Some(strongest_paper(papers?)?.to_string()),
            WorkedOut::PaperConfirmed => Some(paper_confirmed(papers?)?.to_string()),
            WorkedOut::AdministrativeWarrant => Some(administrative_warrant(papers?)?.to_string()),
            WorkedOut::LookBack => {
                let convictions = records.convictions.as_deref()?;
                let rule = self.offences.look_back(fact.name.as_str())?;
                match look_back(rule, self.offences, convictions, records.days(&self.zone)) {
                    Ok(answer) => Some(answer.to_string()),
                    Err(anchor) => {
                        let message =
                            format!("`{}` counts back from `{}`, which is not given", fact.name, key_of(anchor));
                        reader.problem(&source, message, Some(format!("add it to `event`, or give `{}`", fact.name)));
                        None
                    }
                }
            }
        }
    }
}

/// The key of `[event]` that gives an anchor.
fn key_of(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Arrest => "arrest_at",
        Anchor::Decision => "decided_at",
        Anchor::Request => "requested_at",
    }
}

/// The state of the case at the decision; where no decision is given, after everything that is.
fn custody_answer(reader: &mut Reader<'_>, records: &Records<'_>) -> Option<String> {
    let rows = records.custody.as_ref()?;
    let events: Vec<CustodyEvent> = rows.iter().map(|(_, event)| event.clone()).collect();
    let found = custody(&events, records.decided_at.unwrap_or(Timestamp::MAX));
    for (index, contradiction) in found.as_ref().err().into_iter().flatten() {
        if let Some((row, _)) = rows.get(*index) {
            reader.problem(row, told(contradiction), None);
        }
    }
    Some(found.ok()??.state.to_string())
}

fn told(contradiction: &Contradiction) -> String {
    match contradiction {
        Contradiction::BeforeArrest => "this happened in custody before any arrest".to_owned(),
        Contradiction::NotCharged(charge) => format!("the charge `{charge}` ended and was never brought"),
        Contradiction::AlreadyEnded(charge) => format!("the charge `{charge}` had ended already"),
        Contradiction::NothingOpen => "no charge was open any more".to_owned(),
        Contradiction::NoBail => "there was no bail or recognizance to revoke".to_owned(),
        Contradiction::Simultaneous => "at this instant something else undoes this: give each its own time".to_owned(),
    }
}

/// A set of answers given directly ("ice", for its two divisions) that holds the one worked out does not contradict it.
fn refuse_contradiction(reader: &mut Reader<'_>, place: Place<'_>, fact: &Fact, stated: &str, answer: &str) {
    if fact.mask(stated).zip(fact.mask(answer)).is_some_and(|(stated, answer)| answer & !stated == 0) {
        return;
    }
    let name = fact.name.as_str();
    let table = fact.worked_out.map_or("", WorkedOut::table);
    let message = format!("`{name}` is given as `{stated}`, but `{table}` makes it `{answer}`");
    let hint = Some("drop one of the two".to_owned());
    let mut stands = place.given.iter().filter_map(|table| table.get(name));
    match stands.find(|value| said(*value).as_deref() == Some(stated)) {
        Some(value) => reader.problem(&value, message, hint),
        None => reader.problem(&place.records, message, hint),
    }
}

/// An answer as facts spell it.
fn said(value: Value<'_>) -> Option<String> {
    value.text().map(str::to_owned).or_else(|| value.value.as_bool().map(|truth| truth.to_string()))
}
