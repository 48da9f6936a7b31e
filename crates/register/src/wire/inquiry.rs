//! How events of the module [`crate::inquiry`] are written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Text;
use super::coded::{Coded, by_display};
use super::event::EventWire;
use crate::ids::{InquiryId, LineId, PaperId, RequestId};
use crate::inquiry::{Answer, Given, InquiryAnswer, InquiryEvent, Presented, Rule};
use crate::time::Moment;
use crate::words::Form;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedV1 {
    inquiry: Text<InquiryId>,
    paper: Text<PaperId>,
    form: Text<Form>,
    issued_on: Option<Text<Date>>,
    line: Text<LineId>,
    received: Text<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnsweredV1 {
    inquiry: Text<InquiryId>,
    answer: Text<InquiryAnswer>,
    rule: Text<Rule>,
    request: Option<Text<RequestId>>,
}

by_display!(InquiryAnswer, InquiryId, Rule);

/// The event as it is written.
pub(super) fn write(event: &InquiryEvent) -> EventWire {
    match event {
        InquiryEvent::InquiryReceived(presented) => EventWire::InquiryReceivedV1(ReceivedV1 {
            inquiry: Text(presented.inquiry.clone()),
            paper: Text(presented.paper.clone()),
            form: Text(presented.form),
            issued_on: presented.issued_on.map(Text),
            line: Text(presented.line.clone()),
            received: Text(presented.received),
        }),
        InquiryEvent::InquiryAnswered(Given { inquiry, answer }) => EventWire::InquiryAnsweredV1(AnsweredV1 {
            inquiry: Text(inquiry.clone()),
            answer: Text(answer.answer),
            rule: Text(answer.rule),
            request: answer.request.clone().map(Text),
        }),
    }
}

impl From<ReceivedV1> for InquiryEvent {
    fn from(wire: ReceivedV1) -> Self {
        InquiryEvent::InquiryReceived(Presented {
            inquiry: wire.inquiry.0,
            paper: wire.paper.0,
            form: wire.form.0,
            issued_on: wire.issued_on.map(|on| on.0),
            line: wire.line.0,
            received: wire.received.0,
        })
    }
}

impl From<AnsweredV1> for InquiryEvent {
    fn from(wire: AnsweredV1) -> Self {
        let request = wire.request.map(|request| request.0);
        let answer = Answer { answer: wire.answer.0, rule: wire.rule.0, request };
        InquiryEvent::InquiryAnswered(Given { inquiry: wire.inquiry.0, answer })
    }
}
