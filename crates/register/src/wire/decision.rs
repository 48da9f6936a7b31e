//! How decisions are written, in their event and in their slots.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::{Ask, Basis, PackHash, Says};
use serde::{Deserialize, Serialize};

use super::event::EventWire;
use super::{Text, texts, values};
use crate::event::{Answered, Decision, Event};
use crate::ids::{NoteId, RequestId};
use crate::time::Timestamp;
use crate::words::{Decided, Departure};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionV1 {
    request: Text<RequestId>,
    answer: AnswerWire,
    facts: BTreeMap<String, String>,
    derived: BTreeMap<String, String>,
    pack: Text<PackHash>,
    decided: Text<Decided>,
    departure: Option<DepartureV1>,
}

/// A decision that was made before it was recorded.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionV2 {
    made_at: Text<Timestamp>,
    decision: DecisionV1,
}

/// What the law answered, on which day, to which ask.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerWire {
    ask: Text<Ask>,
    on: Text<Date>,
    says: Vec<Text<Says>>,
    basis: Option<Text<Basis>>,
    rules: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartureV1 {
    code: Text<Departure>,
    note: Text<NoteId>,
}

/// The law's answer in its slot.
#[derive(Serialize)]
pub(super) enum AnswerSlot {
    #[serde(rename = "answer/1")]
    V1(AnswerWire),
}

/// The facts of a decision in their slot.
#[derive(Serialize)]
pub(super) enum FactsSlot<'a> {
    #[serde(rename = "facts/1")]
    V1(&'a BTreeMap<String, String>),
}

/// The event as it is written: by its second version where it says when the decision was made.
pub(super) fn write(request: &RequestId, decision: &Decision) -> EventWire {
    let wire = DecisionV1::from((request, decision));
    match decision.made_at {
        None => EventWire::DecisionMadeV1(wire),
        Some(at) => EventWire::DecisionMadeV2(DecisionV2 { made_at: Text(at), decision: wire }),
    }
}

impl From<DecisionV1> for Event {
    fn from(wire: DecisionV1) -> Self {
        wire.made_at(None)
    }
}

impl From<DecisionV2> for Event {
    fn from(wire: DecisionV2) -> Self {
        wire.decision.made_at(Some(wire.made_at.0))
    }
}

impl From<(&RequestId, &Decision)> for DecisionV1 {
    fn from((request, decision): (&RequestId, &Decision)) -> Self {
        DecisionV1 {
            request: Text(request.clone()),
            answer: AnswerWire::from(decision),
            facts: decision.facts.clone(),
            derived: decision.answer.derived.clone(),
            pack: Text(decision.answer.pack),
            decided: Text(decision.decided),
            departure: decision
                .departure
                .as_ref()
                .map(|(code, note)| DepartureV1 { code: Text(*code), note: Text(note.clone()) }),
        }
    }
}

impl From<&Decision> for AnswerWire {
    fn from(decision: &Decision) -> Self {
        AnswerWire {
            ask: Text(decision.ask),
            on: Text(decision.on),
            says: texts(&decision.answer.says),
            basis: decision.answer.basis.map(Text),
            rules: decision.answer.rules.clone(),
        }
    }
}

impl DecisionV1 {
    fn made_at(self, made_at: Option<Timestamp>) -> Event {
        let wire = self;
        let answer = Answered {
            says: values(wire.answer.says),
            basis: wire.answer.basis.map(|basis| basis.0),
            derived: wire.derived,
            rules: wire.answer.rules,
            pack: wire.pack.0,
        };
        let decision = Decision {
            ask: wire.answer.ask.0,
            on: wire.answer.on.0,
            made_at,
            facts: wire.facts,
            answer,
            decided: wire.decided.0,
            departure: wire.departure.map(|departure| (departure.code.0, departure.note.0)),
        };
        Event::DecisionMade { request: wire.request.0, decision }
    }
}
