//! The leaves of a batch: made while commands are carried out, and hashed together, on all cores, before they are
//! placed or committed. Of all the work of a command this takes most, and needs nothing of the others.

use std::thread;

use anyhow::{Context as _, Result, anyhow};
use register::ids::EntryId;
use register::leaf::{Leaf, Slot, SlotValues};
use register::opening::{self, OpenedSlot};

use crate::store::LeafRow;
use crate::vault::EntryKey;

/// Fewer are hashed where they are: a thread costs as much.
const WORTH_A_THREAD: usize = 64;

/// A leaf that is not hashed yet.
pub(crate) struct NewLeaf {
    pub(crate) entry: EntryId,
    /// The event it commits to; none for padding.
    pub(crate) seq: Option<u64>,
    pub(crate) values: SlotValues,
    pub(crate) key: EntryKey,
}

/// Hashes leaves, in their order.
///
/// # Errors
/// When a thread has panicked.
pub(crate) fn hashed(leaves: &[NewLeaf]) -> Result<Vec<LeafRow>> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if leaves.len() < WORTH_A_THREAD || cores < 2 {
        return Ok(leaves.iter().map(row).collect());
    }
    thread::scope(|scope| {
        let parts = leaves.chunks(leaves.len().div_ceil(cores));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().map(row).collect::<Vec<_>>())).collect();
        let mut rows = Vec::with_capacity(leaves.len());
        for thread in threads {
            rows.extend(thread.join().map_err(|_| anyhow!("a thread that hashes leaves has panicked"))?);
        }
        Ok(rows)
    })
}

fn row(new: &NewLeaf) -> LeafRow {
    let NewLeaf { entry, seq, values, key } = new;
    let leaf = Leaf::commit(values, key.bytes());
    let open = |slot| opening::open(&leaf, values, key.bytes(), slot).encode();
    LeafRow {
        entry: entry.to_string(),
        seq: *seq,
        root: leaf.root(),
        counts_as: open(Slot::CountsAs),
        paper_match: values.get(&Slot::PaperMatch).and(leaf.slot_hash(Slot::PaperMatch)).map(|hash| hash.0),
        year: values.contains_key(&Slot::Year).then(|| open(Slot::Year)),
    }
}

/// What a leaf counts as, and in which year: opened when it was made, and kept for good.
pub(crate) fn opened_before(stored: &LeafRow) -> Result<Vec<OpenedSlot>> {
    let lines = std::iter::once(&stored.counts_as).chain(&stored.year);
    let opened = lines.map(|line| OpenedSlot::parse(line).map_err(anyhow::Error::msg)).collect::<Result<_>>();
    opened.with_context(|| format!("failed to read what is opened of the leaf `{}`", stored.entry))
}
