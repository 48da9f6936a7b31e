//! Examining a register from within, with its keys: whether all that it holds agrees. A restored backup and a drill are
//! believed only after it, and so is what is left in a test that cuts the power.
//!
//! Opening the register has replayed its events and found its tree and its keys; this looks at all the rest. It shows
//! nothing of what it unseals.

use std::collections::{BTreeSet, VecDeque};

use anyhow::{Context as _, Result, bail};
use register::bag::BagLeaf;
use register::event::{Event, Recorded};
use register::retention::Reached;
use register::{Command, Register, leaf, wire};
use tlog::{Checkpoint, Hash, Note, VerifyingKey};

use crate::app::{App, opened};
use crate::decoding::sealed_ids;
use crate::leaves::opened_before;
use crate::publish;
use crate::store::LeafRow;

/// What was looked at, and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Examined {
    /// Events, each with its leaf, and each leaf with its key.
    pub(crate) events: u64,
    /// Leaves in the tree that is signed.
    pub(crate) signed: u64,
    /// Papers and notes named by events whose sealed fields all open.
    pub(crate) sealed: u64,
    /// Tombstones; of all that they name nothing is left.
    pub(crate) erased: u64,
    /// Closings, the first of a year and its restatements, whose rows follow from the events.
    pub(crate) closed: u64,
    /// Files that were filed.
    pub(crate) filed: u64,
}

/// Looks at everything.
///
/// # Errors
/// The first thing that does not agree, by name.
pub(crate) fn examine(app: &App) -> Result<Examined> {
    let mut examined = Examined { signed: checkpoint(app)?, ..Examined::default() };
    let mut events = Vec::new();
    let mut replayed = Replayed::default();
    let mut named = BTreeSet::new();
    app.store().events_after(0, |row| {
        let text = std::str::from_utf8(&row.body).with_context(|| format!("event {} is no text", row.seq))?;
        named.extend(sealed_ids(text));
        let recorded = wire::decode(text).with_context(|| format!("failed to read event {}", row.seq))?;
        replayed.take(app, &recorded)?;
        events.push(recorded);
        Ok(())
    })?;
    examined.events = app.register().last_seq;
    examined.closed = replayed.closed()?;
    leaves(app, &events)?;
    examined.erased = erased(app)?;
    for id in named {
        examined.sealed += u64::from(app.unseals(&id)?);
    }
    for recorded in &events {
        let Event::ReportFiled(filing) = &recorded.event else { continue };
        for (path, hash) in &filing.files {
            publish::filed_file(app.dir(), path, Some(*hash))?;
            examined.filed += 1;
        }
    }
    Ok(examined)
}

/// The latest checkpoint bears the signature of the register's own key, and is of the tree that the events name.
fn checkpoint(app: &App) -> Result<u64> {
    let key = VerifyingKey::parse(&opened(app.register())?.key)?;
    let Some(tree) = app.register().tree else { return Ok(0) };
    let text = app.store().checkpoint()?.context("a tree was recorded and no checkpoint is signed")?;
    let note = Note::parse(&text).context("the signed checkpoint is damaged")?;
    note.verify(&key).context("the checkpoint is not signed by the key of this register")?;
    let checkpoint = Checkpoint::parse(&note.text).context("the signed checkpoint is damaged")?;
    if (checkpoint.size, checkpoint.root, &checkpoint.origin) != (tree.size, tree.root, &opened(app.register())?.origin)
    {
        bail!("the signed checkpoint of {} leaves is not of the recorded tree", checkpoint.size);
    }
    Ok(checkpoint.size)
}

/// The record once more, from the start: what a closing wrote is what it would write again.
#[derive(Default)]
struct Replayed {
    register: Register,
    owed: VecDeque<Event>,
}

impl Replayed {
    fn take(&mut self, app: &App, recorded: &Recorded) -> Result<()> {
        let closing = if let Event::YearClosed { year, .. } = &recorded.event {
            Some(Command::CloseYear { year: *year })
        } else if let Event::YearRestated { year, restates, .. } = &recorded.event {
            Some(Command::Restate { year: *year, causes: restates.causes.clone() })
        } else {
            None
        };
        if let Some(command) = closing {
            let closed = self.register.handle(app.pack(), &command, &recorded.by, recorded.at);
            self.owed = closed.map_err(|refusal| anyhow::anyhow!("event {}: {refusal}", recorded.seq))?.into();
        }
        if self.owed.pop_front().is_some_and(|event| event != recorded.event) {
            bail!(
                "event {}: the closing rows are not those that follow from the record (hint: restore a backup)",
                recorded.seq
            );
        }
        Ok(self.register.apply(recorded)?)
    }

    fn closed(&self) -> Result<u64> {
        if !self.owed.is_empty() {
            bail!("{} closing rows are missing", self.owed.len());
        }
        Ok(u64::try_from(self.register.closed.len())?)
    }
}

/// Every event has one leaf, and every leaf follows from its event and its key.
fn leaves(app: &App, events: &[Recorded]) -> Result<()> {
    let placed = app.store().placed(0, app.store().tree_size()?)?;
    let all: Vec<LeafRow> = placed.into_iter().map(|placed| placed.leaf).chain(app.store().pending()?).collect();
    let mut with_leaf = BTreeSet::new();
    for stored in &all {
        let values = match stored.seq {
            None => leaf::padding(),
            Some(seq) => {
                let recorded = usize::try_from(seq).ok().and_then(|seq| events.get(seq.checked_sub(1)?));
                let recorded = recorded.with_context(|| format!("event {seq} of a leaf is missing"))?;
                if !with_leaf.insert(seq) {
                    bail!("event {seq} has two leaves");
                }
                leaf::values(app.register(), recorded, None)
            }
        };
        if stored.seq.is_some_and(|seq| app.register().retention.leaf_is_erased(seq)) {
            erased_leaf(app, stored)?;
            continue;
        }
        let key = app.entry_key(&stored.entry)?;
        if BagLeaf::new(0, key.bytes(), values, stored.paper_match.map(Hash)).root() != stored.root {
            bail!(
                "the leaf `{}` does not follow from its event and key (hint: restore one backup as a whole)",
                stored.entry
            );
        }
    }
    if with_leaf.len() != events.len() {
        bail!("{} events have no leaf", events.len() - with_leaf.len());
    }
    Ok(())
}

/// What a tombstone names is erased: nothing under its ids opens, or ever will again.
fn erased(app: &App) -> Result<u64> {
    let tombstones = &app.register().retention.tombstones;
    for Reached { erasure, erased, .. } in tombstones.iter().map(|one| &one.tombstone.reached) {
        if !app.was_erased(erasure.as_str())? {
            bail!(
                "the record says that `{erasure}` was carried out, and it was not (hint: open the register once more)"
            );
        }
        for thing in erased {
            if app.unseals(&thing.to_string())? {
                bail!("`{thing}` was erased by `{erasure}`, and can be read (hint: restore one backup as a whole)");
            }
        }
    }
    Ok(u64::try_from(tombstones.len())?)
}

/// Of a leaf that was erased the key is gone, and what was opened before leads to it.
fn erased_leaf(app: &App, stored: &LeafRow) -> Result<()> {
    if app.has_entry_key(&stored.entry)? {
        bail!("the leaf `{}` was erased and its key is there (hint: restore one backup as a whole)", stored.entry);
    }
    if opened_before(stored)?.iter().any(|opened| opened.root() != Some(stored.root)) {
        bail!("what is opened of the erased leaf `{}` is not of it (hint: restore a backup)", stored.entry);
    }
    Ok(())
}
