//! Watching the lines: units and tours, line tests, bookings, zero reports, what gateways counted: what coverage is computed from.

use crate::Refusal;
use crate::event::Event;
use crate::ids::PersonId;
use crate::state::Register;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchEvent {}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchCommand {}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchRefusal {}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Watch {}

impl WatchEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> WatchCommand {
        match *self {}
    }
}

impl std::fmt::Display for WatchRefusal {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_watch(
        &self,
        command: &WatchCommand,
        _by: &PersonId,
        _at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        match *command {}
    }

    /// Takes the event into the state.
    pub(crate) fn take_watch(&mut self, event: &WatchEvent, _by: &PersonId, _at: Timestamp) -> Result<(), String> {
        match *event {}
    }
}
