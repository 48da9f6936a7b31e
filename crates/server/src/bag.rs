//! Making an auditor's bag: every leaf of the log with its key and what it says.
//!
//! No personal data is in it: of the paper match only the stored hash is given, so nothing of the vault is read but keys. Of a
//! leaf that was erased it gives what the store holds: its root, and what was opened before.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use register::bag::{self, Bag, BagLeaf, ErasedLeaf};
use register::leaf;
use register::wire;
use tlog::Hash;

use crate::app::{App, opened};
use crate::leaves::opened_before;

/// The bag's text.
pub(crate) fn bag(app: &App) -> Result<String> {
    let mut events = BTreeMap::new();
    app.store().events_after(0, |row| {
        let recorded = wire::decode(std::str::from_utf8(&row.body)?)?;
        events.insert(row.seq, recorded);
        Ok(())
    })?;
    tombstones_are_placed(app)?;
    let mut leaves = Vec::new();
    let mut erased = BTreeMap::new();
    for placed in app.store().placed(0, app.store().tree_size()?)? {
        if placed.leaf.seq.is_some_and(|seq| app.register().retention.leaf_is_erased(seq)) {
            let leaf = ErasedLeaf { root: Hash(placed.leaf.root), openings: opened_before(&placed.leaf)? };
            erased.insert(placed.position, leaf);
            continue;
        }
        let values = match placed.leaf.seq {
            Some(seq) => {
                let recorded = events.get(&seq).with_context(|| format!("event {seq} of a leaf is missing"))?;
                leaf::values(app.register(), recorded, None)
            }
            None => leaf::padding(),
        };
        let key = app.entry_key(&placed.leaf.entry)?;
        let leaf = BagLeaf::new(placed.position, key.bytes(), values, placed.leaf.paper_match.map(Hash));
        if leaf.root() != placed.leaf.root {
            bail!(
                "leaf {} does not follow from its event and key (hint: restore one backup as a whole)",
                placed.position
            );
        }
        leaves.push(leaf);
    }
    let opened = opened(app.register())?;
    Ok(bag::encode(&Bag { origin: opened.origin.clone(), mode: opened.mode, leaves, erased }))
}

/// An erased leaf is one that a tombstone names: a bag without the tombstone would have a gap that nothing explains.
fn tombstones_are_placed(app: &App) -> Result<()> {
    let tombstones: BTreeSet<u64> = app.register().retention.tombstones.iter().map(|one| one.seq).collect();
    if app.store().pending()?.iter().any(|leaf| leaf.seq.is_some_and(|seq| tombstones.contains(&seq))) {
        bail!("something was erased since the last growth (hint: `candor grow`, publish, and make the bag then)");
    }
    Ok(())
}
