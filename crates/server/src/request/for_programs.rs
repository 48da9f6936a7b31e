//! The same of a request for programs: what the view does not read is told to be blank, in the place of what it says.

use register::request::Change;
use register::state::{Done, Made};
use serde_json::{Value, json};

use super::{
    ADDED, CANCELLED, CORRECTED, DECIDED, HELD, Looked, OUTCOME, RECEIVED, SHIELDED, TAKEN_BACK, TRANSFERRED, VERIFIED,
};
use crate::view::{shown, told};

impl Looked<'_> {
    pub(super) fn for_programs(&self) -> Value {
        let (sees, state, request) = (self.sees, self.state, &self.state.request);
        let received = |field, says: Value| shown(sees, RECEIVED, field, says);
        let subjects = request.subjects.iter().map(|one| {
            json!({
                "individual": one.individual.as_ref().map(ToString::to_string),
                "episode": one.episode.as_ref().map(ToString::to_string),
            })
        });
        json!({
            "request": request.id.to_string(),
            "form": request.form.code(),
            "edition": request.edition.as_ref().map(ToString::to_string),
            "issued_on": received("issued_on", request.issued_on.map(|on| on.to_string()).into()),
            "component": request.component.code(),
            "asks": request.asks.iter().map(|ask| ask.code()).collect::<Vec<_>>(),
            "grounds": received("grounds", request.grounds.iter().map(|one| one.code()).collect::<Vec<_>>().into()),
            "attached": received("papers", request.papers.iter().map(|one| one.code()).collect::<Vec<_>>().into()),
            "subjects": received("subjects", subjects.collect::<Vec<_>>().into()),
            "counting": state.counting.code(),
            "year": state.year.to_string(),
            "repeats": state.duplicate_of.as_ref().map(ToString::to_string),
            "replaces": state.replaces().map(ToString::to_string),
            "arrivals": self.arrivals(),
            "corrections": self.corrections(),
            "verifications": self.verifications(),
            "decisions": state.decisions.values().map(|made| self.decision(made)).collect::<Vec<_>>(),
            "outcome": state.outcome.map(|one| json!({
                "entry": one.seq,
                "outcome": shown(sees, OUTCOME, "outcome", one.outcome.code()),
                "at": shown(sees, OUTCOME, "at", one.at.to_string()),
            })),
            "held": state.held.iter().map(|one| self.done_to(HELD, one)).collect::<Vec<_>>(),
            "transferred": state.transferred.iter().map(|one| self.done_to(TRANSFERRED, one)).collect::<Vec<_>>(),
            "reimbursed": state.reimbursed.iter()
                .map(|one| json!({ "entry": one.seq, "cents": one.cents, "on": one.on.to_string() }))
                .collect::<Vec<_>>(),
            "shielded": state.shielded.iter()
                .map(|one| json!({ "entry": one.seq, "cause": shown(sees, SHIELDED, "cause", one.cause.code()) }))
                .collect::<Vec<_>>(),
            "cancelled": state.cancelled.as_ref().map(|one| json!({
                "entry": one.seq,
                "line": one.line.to_string(),
                "arrived": shown(sees, CANCELLED, "arrived", one.arrived.to_string()),
            })),
            "taken_back": self.all_taken_back(),
            "receipts": self.register.receipts_given.given.get(&request.id).copied().unwrap_or(0),
            "erased_by": self.register.retention.erasure_of(&(&request.id).into()).map(ToString::to_string),
            "view": told(sees),
        })
    }

    fn arrivals(&self) -> Vec<Value> {
        let told = self.state.transmissions.iter().map(|one| {
            json!({
                "line": one.line.to_string(),
                "arrived": shown(self.sees, ADDED, "arrived", one.arrived.to_string()),
                "relayed_by": one.relayed_by.as_ref().map(ToString::to_string),
                "noted_by": one.noted_by.to_string(),
                "differs": one.differs.iter().map(|field| field.code()).collect::<Vec<_>>(),
                "paper": one.paper.to_string(),
            })
        });
        told.collect()
    }

    fn corrections(&self) -> Vec<Value> {
        let told = self.state.corrections.iter().map(|one| {
            json!({
                "at": one.at.to_string(),
                "by": one.by.to_string(),
                "fields": one.changes.iter().map(Change::field).collect::<Vec<_>>(),
                "note": shown(self.sees, CORRECTED, "note", one.note.to_string()),
            })
        });
        told.collect()
    }

    fn verifications(&self) -> Vec<Value> {
        let told = self.state.verified().into_iter().map(|one| {
            let note = one.note.as_ref().map(|note| shown(self.sees, VERIFIED, "note", note.to_string()));
            json!({
                "paper": one.paper.code(),
                "called": one.called.code(),
                "signer": one.signed_by.code(),
                "result": one.result.code(),
                "at": one.at.to_string(),
                "note": note,
            })
        });
        told.collect()
    }

    fn decision(&self, Made { seq, decision }: &Made) -> Value {
        let departure = decision.departure.as_ref().map(|(code, note)| {
            json!({ "code": code.code(), "note": shown(self.sees, DECIDED, "departure.note", note.to_string()) })
        });
        json!({
            "entry": seq,
            "ask": decision.ask.code(),
            "on": decision.on.to_string(),
            "says": decision.answer.says.iter().map(|says| says.code()).collect::<Vec<_>>(),
            "rules": decision.answer.rules,
            "facts": shown(self.sees, DECIDED, "facts", json!(decision.facts)),
            "decided": decision.decided.code(),
            "departure": departure,
        })
    }

    fn done_to(&self, kind: &str, one: &Done) -> Value {
        json!({
            "entry": one.seq,
            "individual": shown(self.sees, kind, "subject", one.subject.individual.as_ref().map(ToString::to_string)),
            "authority": shown(self.sees, kind, "authority", one.authority.code()),
            "at": shown(self.sees, kind, "at", one.at.to_string()),
        })
    }

    fn all_taken_back(&self) -> Vec<Value> {
        let told = self.state.taken_back.iter().map(|one| {
            json!({
                "entry": one.entry.of,
                "what": one.entry.kind.code(),
                "cause": one.entry.cause.code(),
                "at": one.at.to_string(),
                "by": one.by.to_string(),
                "note": shown(self.sees, TAKEN_BACK, "note", one.entry.note.to_string()),
            })
        });
        told.collect()
    }
}
