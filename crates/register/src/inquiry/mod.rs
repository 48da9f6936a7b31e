//! Inquiries: a person presents a paper and asks whether it is registered.

use crate::Refusal;
use crate::event::Event;
use crate::ids::PersonId;
use crate::state::Register;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryEvent {}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryCommand {}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryRefusal {}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Inquiry {}

impl InquiryEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> InquiryCommand {
        match *self {}
    }
}

impl std::fmt::Display for InquiryRefusal {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_inquiry(
        &self,
        command: &InquiryCommand,
        _by: &PersonId,
        _at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        match *command {}
    }

    /// Takes the event into the state.
    pub(crate) fn take_inquiry(&mut self, event: &InquiryEvent, _by: &PersonId, _at: Timestamp) -> Result<(), String> {
        match *event {}
    }
}
