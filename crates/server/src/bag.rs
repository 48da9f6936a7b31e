//! Making an auditor's bag: every leaf of the log with its key and what it says.
//!
//! No personal data is in it: of the paper match only the stored hash is given, so nothing of the vault is read but keys.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use register::bag::{self, Bag, BagLeaf};
use register::leaf;
use register::wire;
use tlog::Hash;

use crate::app::{App, opened};

/// The bag's text.
pub(crate) fn bag(app: &App) -> Result<String> {
    let mut events = BTreeMap::new();
    app.store().events_after(0, |row| {
        let recorded = wire::decode(std::str::from_utf8(&row.body)?)?;
        events.insert(row.seq, recorded);
        Ok(())
    })?;
    let mut leaves = Vec::new();
    for placed in app.store().placed(0, app.store().tree_size()?)? {
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
    Ok(bag::encode(&Bag { origin: opened.origin.clone(), mode: opened.mode, leaves }))
}
