//! Going back to where memory stood: a submission that is refused, or that ended in trouble, leaves nothing behind.

use anyhow::Result;
use register::event::Frozen;
use register::ids::EntryId;
use tlog::Frontier;

use super::{App, Job};
use crate::decoding::{decode, replay};
use crate::store::Batch;

/// A place in the batch that is not committed yet.
pub(crate) struct Mark {
    events: usize,
    leaves: usize,
    growths: usize,
    grown: Option<Frozen>,
}

/// Where memory stood before a submission.
pub(super) struct Before {
    mark: Mark,
    seq: u64,
    frontier: Frontier,
    /// The leaves that waited, where a growth is to take them.
    pending: Option<Vec<(EntryId, [u8; 32])>>,
    /// How many they were, and would have been.
    waiting: usize,
}

impl App {
    /// What is needed to undo jobs that are about to be carried out.
    pub(super) fn before(&mut self, jobs: &[Job]) -> Result<Before> {
        let grows = jobs.iter().any(|job| matches!(job, Job::Grow));
        if grows {
            self.hash_leaves()?;
        }
        Ok(Before {
            mark: self.mark(),
            seq: self.state.register.last_seq,
            frontier: self.state.frontier.clone(),
            // A growth takes what waits; all else only adds to it.
            pending: grows.then(|| self.state.pending.clone()),
            waiting: self.state.pending.len() + self.unhashed.len(),
        })
    }

    /// Undoes what was carried out since `before`, as if it had never been asked.
    ///
    /// The register is a fold over events, so its state before is that of the events before. A command that is refused
    /// alone has changed nothing; where others of its submission came first, they are played again without them, which
    /// takes as long as a restart. So nothing has to be copied for the many that are not refused.
    pub(super) fn go_back(&mut self, before: Before) -> Result<()> {
        self.truncate(&before.mark);
        self.state.frontier = before.frontier;
        match before.pending {
            Some(pending) => self.state.pending = pending,
            None => self.state.pending.truncate(before.waiting),
        }
        if self.state.register.last_seq != before.seq {
            self.state.register = replay(&self.store, None)?;
            for row in &self.batch.events {
                self.state.register.apply_owned(decode(row)?)?;
            }
        }
        Ok(())
    }

    /// Where the batch stands, to go back to with [`App::forget_since`].
    pub(crate) fn mark(&self) -> Mark {
        let Batch { events, leaves, growths } = &self.batch;
        let leaves = leaves.len() + self.unhashed.len();
        Mark { events: events.len(), leaves, growths: growths.len(), grown: self.grown }
    }

    /// Takes what was added since `mark`, when a submission ended in trouble, out of what will be committed. The state in
    /// memory keeps it, so nothing more may be carried out afterwards.
    pub(crate) fn forget_since(&mut self, mark: Mark) -> Result<()> {
        self.truncate(&mark);
        self.vault.undo()
    }

    fn truncate(&mut self, mark: &Mark) {
        self.batch.events.truncate(mark.events);
        self.unhashed.truncate(mark.leaves.saturating_sub(self.batch.leaves.len()));
        self.batch.leaves.truncate(mark.leaves);
        self.batch.growths.truncate(mark.growths);
        self.grown = mark.grown;
    }
}
