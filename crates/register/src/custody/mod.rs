//! Custody: episodes and their events, since when a person has been eligible for release, and how long after it.

use crate::Refusal;
use crate::event::Event;
use crate::ids::PersonId;
use crate::state::Register;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyEvent {}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyCommand {}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyRefusal {}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Custody {}

impl CustodyEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> CustodyCommand {
        match *self {}
    }
}

impl std::fmt::Display for CustodyRefusal {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_custody(
        &self,
        command: &CustodyCommand,
        _by: &PersonId,
        _at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        match *command {}
    }

    /// Takes the event into the state.
    pub(crate) fn take_custody(&mut self, event: &CustodyEvent, _by: &PersonId, _at: Timestamp) -> Result<(), String> {
        match *event {}
    }
}
