//! Staff: who may do what: roles, assignments and federal designations, by date.

use crate::Refusal;
use crate::event::Event;
use crate::ids::PersonId;
use crate::state::Register;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffEvent {}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffCommand {}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffRefusal {}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Staff {}

impl StaffEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> StaffCommand {
        match *self {}
    }
}

impl std::fmt::Display for StaffRefusal {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_staff(
        &self,
        command: &StaffCommand,
        _by: &PersonId,
        _at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        match *command {}
    }

    /// Takes the event into the state.
    pub(crate) fn take_staff(&mut self, event: &StaffEvent, _by: &PersonId, _at: Timestamp) -> Result<(), String> {
        match *event {}
    }
}
