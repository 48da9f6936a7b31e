//! The command of inquiries in a file: what could not be told, settled by hand.

use law::reader::{Reader, Table};
use register::Command;
use register::inquiry::{Answer, Given, InquiryCommand, Rule};

use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[("answer-inquiry", &["inquiry", "answer", "request"])];

/// The command of a table.
pub(super) fn read(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Command> {
    let (inquiry, answer) = (text::parsed(reader, table, "inquiry"), text::word(reader, table, "answer"));
    let request = text::optional_parsed(reader, table, "request");
    let answer = Answer { answer: answer?, rule: Rule::ByHand, request };
    Some(Command::Inquiry(InquiryCommand::AnswerInquiry(Given { inquiry: inquiry?, answer })))
}
