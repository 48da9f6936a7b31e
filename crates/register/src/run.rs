//! Runs over data in bulk: a table taken in. The record keeps what was read and by which rule, as hashes, and how many
//! rows came to what; never a row.

use std::collections::BTreeMap;

use crate::Refusal;
use crate::event::{Event, FileHash};
use crate::state::Register;
use crate::time::{Timestamp, Year};
use crate::words::{RunCount, RunKind};

/// A run, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What was done.
    pub kind: RunKind,
    /// SHA-256 of the file that was read.
    pub input: FileHash,
    /// SHA-256 of the rule it was read by: of an import, the mapping.
    pub rule: FileHash,
    /// The only year taken in, where not all were.
    pub year: Option<Year>,
    /// SHA-256 of what the run wrote down: of an import, the file of refused rows.
    pub output: FileHash,
    /// How many rows came to what; a word that is not here counts none.
    pub counts: BTreeMap<RunCount, u64>,
}

/// What tells one run from another. The same again is no other run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// As in [`Run`].
    pub kind: RunKind,
    /// As in [`Run`].
    pub input: FileHash,
    /// As in [`Run`].
    pub rule: FileHash,
    /// As in [`Run`].
    pub year: Option<Year>,
}

impl Run {
    /// What tells it from another.
    pub fn key(&self) -> RunKey {
        RunKey { kind: self.kind, input: self.input, rule: self.rule, year: self.year }
    }

    /// How many rows came to this.
    pub fn count(&self, what: RunCount) -> u64 {
        self.counts.get(&what).copied().unwrap_or(0)
    }

    /// Whether each row read is counted as one thing.
    fn adds_up(&self) -> bool {
        let rows =
            [RunCount::LeftOut, RunCount::Registered, RunCount::Known, RunCount::Refused].map(|what| self.count(what));
        let sum = rows.into_iter().try_fold(0u64, u64::checked_add);
        let requests = self.count(RunCount::Registered).saturating_add(self.count(RunCount::Known));
        sum == Some(self.count(RunCount::Rows)) && self.count(RunCount::OutcomeRefused) <= requests
    }
}

impl Register {
    /// Says no to a run that is recorded already.
    ///
    /// # Errors
    /// The refusal that recording it once more would meet.
    pub fn not_run_yet(&self, key: &RunKey) -> Result<(), Refusal> {
        match self.runs.get(key) {
            Some(at) => Err(Refusal::RunRecorded { kind: key.kind, input: key.input, at: *at }),
            None => Ok(()),
        }
    }

    pub(crate) fn record_run(&self, run: &Run) -> Result<Vec<Event>, Refusal> {
        self.not_run_yet(&run.key())?;
        if !run.adds_up() {
            return Err(Refusal::RunDoesNotAddUp { rows: run.count(RunCount::Rows) });
        }
        Ok(vec![Event::RunRecorded(run.clone())])
    }

    pub(crate) fn take_run(&mut self, run: &Run, at: Timestamp) -> Result<(), String> {
        if self.runs.contains_key(&run.key()) {
            return Err(format!("the {} of `{}` is there already", run.kind, run.input));
        }
        self.runs.insert(run.key(), at);
        Ok(())
    }
}
