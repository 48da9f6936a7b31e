//! The store: keeps the events, the leaves of the public log and the signed checkpoints in `DIR/register.sqlite`, and
//! lets only one process write them.
//!
//! It knows bytes, not meanings: not what an event says, not what a root commits to, not whether a note is well signed.
//! SQL stands only in `store/`; the vault has its own files and its own SQL in `vault/`.
//!
//! INVARIANT: events follow one another without a gap and never change; a leaf is placed at most once and never
//! changes; there is at most one signed checkpoint for a size. The database itself holds these with triggers
//! (`store/schema.sql`), against any statement but one that drops them.
//!
//! What is true if the power fails, on the way from a commit to what is published (commit, extend tree, sign, swap,
//! tiles, openings, checkpoint):
//! - before `commit` returns: the whole batch is there or nothing of it, and nobody has been answered;
//! - between `commit` and `swap_checkpoint`: the leaves are placed and [`Store::tree_size`] is ahead of the signed
//!   checkpoint; after restart the same tree is built from the stored roots and signed. Nothing was signed that is not
//!   durable;
//! - after `swap_checkpoint`: the note is the only one for its size that can ever be signed; what is not yet published
//!   is published again from [`Store::placed`] and [`Store::checkpoint`].

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use folder::WriterLock;
use sqlite::{Database, Kind};

pub(crate) mod folder;
pub(crate) mod sqlite;
mod tables;
#[cfg(test)]
pub(crate) mod tests;

/// One recorded event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    /// Its place among the events; the first is 1.
    pub(crate) seq: u64,
    /// The canonical bytes.
    pub(crate) body: Vec<u8>,
}

/// One leaf of the public log, as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeafRow {
    /// The id of the entry, `entry_…`.
    pub(crate) entry: String,
    /// The event it commits to; none for padding.
    pub(crate) seq: Option<u64>,
    /// The root of the 32 slots, which is what the log holds.
    pub(crate) root: [u8; 32],
    /// The opening of its slot *counts as*, one line; it survives erasure.
    pub(crate) counts_as: String,
    /// The opening of its year, one line, for leaves that are counted.
    pub(crate) year: Option<String>,
    /// The hash of its slot *paper match*, if it has one: an auditor's bag gives the hash and nothing of the paper.
    pub(crate) paper_match: Option<[u8; 32]>,
}

/// A leaf that has its position in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlacedLeaf {
    /// Its index in the tree; the first is 0.
    pub(crate) position: u64,
    /// The leaf.
    pub(crate) leaf: LeafRow,
}

/// One daily growth: which leaves come next in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Growth {
    /// The event of the growth.
    pub(crate) seq: u64,
    /// The size of the tree before it.
    pub(crate) from_size: u64,
    /// Entry ids in the order of their positions, the first at `from_size`.
    pub(crate) placed: Vec<String>,
}

/// What one commit makes durable: all of it or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Events, continuing the last one.
    pub(crate) events: Vec<EventRow>,
    /// Leaves in the order of their arrival.
    pub(crate) leaves: Vec<LeafRow>,
    /// Growths; they may place leaves of this very batch.
    pub(crate) growths: Vec<Growth>,
}

/// The open register of one folder.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    /// Held for as long as this store may write; none when opened for reading.
    _lock: Option<WriterLock>,
}

const REGISTER: Kind = Kind {
    called: "a register",
    application_id: 0x434e_4452, // "CNDR"
    schema_version: 1,
    schema: include_str!("store/schema.sql"),
};

const FILE: &str = "register.sqlite";

impl Store {
    /// Makes the folder if need be and an empty register in it. `candor init` makes the vault first, so that a folder
    /// with a `register.sqlite` is complete.
    ///
    /// # Errors
    /// When the folder holds a register already, is being written, or cannot be written.
    pub(crate) fn create(dir: &Path) -> Result<Self> {
        folder::make(dir)?;
        let lock = WriterLock::take(dir)?;
        let database = Database::create(&dir.join(FILE), &REGISTER)?;
        Ok(Self { database, _lock: Some(lock) })
    }

    /// Opens the register for writing.
    ///
    /// # Errors
    /// When the folder is not a register, another process writes it, or the file is damaged or made by a newer version.
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        check_present(dir)?;
        let lock = WriterLock::take(dir)?;
        let database = Database::open(&dir.join(FILE), &REGISTER)?;
        Ok(Self { database, _lock: Some(lock) })
    }

    /// Opens the register for reading; works beside a writer, and each call sees what was last committed. Where SQLite's
    /// memory shared with the writer is not there, it needs the right to write the folder, for that is a file in it.
    ///
    /// # Errors
    /// When the folder is not a register, or the file is damaged or made by a newer version.
    pub(crate) fn open_read_only(dir: &Path) -> Result<Self> {
        check_present(dir)?;
        let database = Database::open_read_only(&dir.join(FILE), &REGISTER)?;
        Ok(Self { database, _lock: None })
    }

    /// Copies the register in `dir` to the folder `to`, beside a writer, and opens the copy for reading.
    ///
    /// # Errors
    /// As [`Store::open_read_only`]; or when the copy cannot be written.
    pub(crate) fn back_up(dir: &Path, to: &Path) -> Result<Self> {
        check_present(dir)?;
        Database::copy(&dir.join(FILE), &REGISTER, &to.join(FILE))?;
        Self::open_read_only(to)
    }

    /// Looks at every page of the file.
    ///
    /// # Errors
    /// When it is damaged.
    pub(crate) fn check_file(&self) -> Result<()> {
        self.database.check()
    }

    /// Hands every event after `seq` to `each`, in order, one at a time.
    ///
    /// # Errors
    /// The first error of `each`; or when an event is missing, which only happens to a file changed by other hands.
    pub(crate) fn events_after(&self, seq: u64, each: impl FnMut(EventRow) -> Result<()>) -> Result<()> {
        self.database.read(|connection| tables::events_after(connection, seq, each))
    }

    /// As [`Store::commit_after`], waiting for nothing.
    #[cfg(test)]
    pub(crate) fn commit(&mut self, batch: &Batch) -> Result<()> {
        self.commit_after(batch, || Ok(()))
    }

    /// Writes the whole batch in one transaction. On return it is on the disk.
    ///
    /// Nothing is on the disk before `ready` has come back: it waits for what the events refer to.
    ///
    /// # Errors
    /// When an event does not follow the last one, a leaf is there already or names no event, or a growth does not
    /// start at the size of the tree or places a leaf that is not pending. Then, and where `ready` fails, nothing of the
    /// batch is written.
    pub(crate) fn commit_after(&mut self, batch: &Batch, ready: impl FnOnce() -> Result<()>) -> Result<()> {
        self.database.write(|transaction| {
            for event in &batch.events {
                tables::append_event(transaction, event)?;
            }
            for leaf in &batch.leaves {
                tables::append_leaf(transaction, leaf)?;
            }
            for growth in &batch.growths {
                grow(transaction, growth)?;
            }
            ready()
        })
    }

    /// The leaves that have no position yet, in the order of their arrival: at most those of the days since the last
    /// growth.
    pub(crate) fn pending(&self) -> Result<Vec<LeafRow>> {
        self.database.read(tables::pending)
    }

    /// Every leaf, placed or not, that commits to what identifies a paper.
    pub(crate) fn paper_matches(&self) -> Result<Vec<LeafRow>> {
        self.database.read(tables::paper_matches)
    }

    /// The entry ids of the leaves of these events.
    pub(crate) fn entries_of(&self, events: &BTreeSet<u64>) -> Result<Vec<String>> {
        self.database.read(|connection| tables::entries_of(connection, events))
    }

    /// An event and its leaf.
    ///
    /// # Errors
    /// When there is no such event.
    pub(crate) fn event_and_leaf(&self, seq: u64) -> Result<(EventRow, LeafRow)> {
        self.database.read(|connection| tables::event_and_leaf(connection, seq))
    }

    /// The number of placed leaves; at least the size of the signed checkpoint.
    pub(crate) fn tree_size(&self) -> Result<u64> {
        self.database.read(tables::tree_size)
    }

    /// Hands the root of every placed leaf to `each`, in the order of their positions.
    pub(crate) fn roots(&self, each: impl FnMut([u8; 32])) -> Result<()> {
        self.database.read(|connection| tables::roots(connection, each))
    }

    /// The leaves at positions `from` (included) to `until` (not included), in order.
    pub(crate) fn placed(&self, from: u64, until: u64) -> Result<Vec<PlacedLeaf>> {
        self.database.read(|connection| tables::placed(connection, from, until))
    }

    /// The latest signed checkpoint, a signed note; none before the first.
    pub(crate) fn checkpoint(&self) -> Result<Option<String>> {
        let last = self.database.read(tables::last_checkpoint)?;
        Ok(last.map(|signed| signed.note))
    }

    /// Makes `new`, a note over the first `size` leaves, the latest checkpoint, if `old` still is. On return it is on
    /// the disk; only then may it leave this machine. The same note once more is no change.
    ///
    /// INVARIANT: for one size one note, for ever; sizes only rise; no size that is not placed and durable.
    ///
    /// # Errors
    /// When the latest checkpoint is not `old`, or the invariant would not hold.
    pub(crate) fn swap_checkpoint(&mut self, old: Option<&str>, new: &str, size: u64) -> Result<()> {
        self.database.write(|transaction| {
            let last = tables::last_checkpoint(transaction)?;
            if last.as_ref().map(|signed| signed.note.as_str()) != old {
                bail!("the signed checkpoint is not the one that was read before (hint: read it again)");
            }
            if last.is_some_and(|signed| signed.size == size && signed.note == new) {
                return Ok(());
            }
            tables::append_checkpoint(transaction, size, new)
        })
    }
}

/// Says no before a lock file is laid into a folder that is not ours.
fn check_present(dir: &Path) -> Result<()> {
    match dir.join(FILE).try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => bail!("`{}` holds no register (hint: make one with `candor init`)", dir.display()),
        Err(trouble) => Err(anyhow::Error::new(trouble).context(format!("failed to look into `{}`", dir.display()))),
    }
}

fn grow(transaction: &rusqlite::Connection, growth: &Growth) -> Result<()> {
    let size = tables::tree_size(transaction)?;
    if growth.from_size != size {
        bail!("a growth starts at {}, but the tree has {size} leaves", growth.from_size);
    }
    for (position, entry) in (size..).zip(&growth.placed) {
        tables::place(transaction, entry, position, growth.seq)?;
    }
    Ok(())
}
