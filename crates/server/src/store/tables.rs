//! The statements over the tables of `schema.sql`. They hold no promise of their own: that is the schema's and the
//! callers'.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use rusqlite::{Connection, Row, named_params, params};

use super::{EventRow, LeafRow, PlacedLeaf};

/// A signed note and the size of the tree that it signs.
pub(super) struct SignedCheckpoint {
    pub(super) size: u64,
    pub(super) note: String,
}

pub(super) fn events_after(
    connection: &Connection,
    seq: u64,
    mut each: impl FnMut(EventRow) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare("SELECT seq, body FROM event WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([integer(seq)?])?;
    let mut last = seq;
    while let Some(row) = rows.next()? {
        let event = EventRow { seq: u64::try_from(row.get::<_, i64>(0)?)?, body: row.get(1)? };
        if event.seq != last + 1 {
            bail!("event {} is missing (hint: restore the register from a backup)", last + 1);
        }
        last = event.seq;
        each(event)?;
    }
    Ok(())
}

pub(super) fn append_event(connection: &Connection, event: &EventRow) -> Result<()> {
    connection
        .prepare_cached("INSERT OR FAIL INTO event (seq, body) VALUES (?1, ?2)")?
        .execute(params![integer(event.seq)?, event.body])
        .with_context(|| format!("failed to append event {}", event.seq))?;
    Ok(())
}

pub(super) fn append_leaf(connection: &Connection, leaf: &LeafRow) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR FAIL INTO leaf (entry, seq, root, counts_as, year, paper_match)
             VALUES (:entry, :seq, :root, :counts_as, :year, :paper_match)",
        )?
        .execute(named_params! {
            ":entry": leaf.entry,
            ":seq": leaf.seq.map(integer).transpose()?,
            ":root": leaf.root,
            ":counts_as": leaf.counts_as,
            ":year": leaf.year,
            ":paper_match": leaf.paper_match,
        })
        .with_context(|| format!("failed to append the leaf of `{}`", leaf.entry))?;
    Ok(())
}

pub(super) fn place(connection: &Connection, entry: &str, position: u64, growth: u64) -> Result<()> {
    let placed = connection
        .prepare_cached("UPDATE OR FAIL leaf SET position = ?2, growth = ?3 WHERE entry = ?1")?
        .execute(params![entry, integer(position)?, integer(growth)?])
        .with_context(|| format!("failed to place `{entry}`"))?;
    if placed == 0 {
        bail!("failed to place `{entry}`: there is no such leaf");
    }
    Ok(())
}

pub(super) fn pending(connection: &Connection) -> Result<Vec<LeafRow>> {
    connection
        .prepare(
            "SELECT entry, seq, root, counts_as, year, paper_match FROM leaf WHERE position IS NULL ORDER BY arrival",
        )?
        .query_and_then([], leaf)?
        .collect()
}

pub(super) fn paper_matches(connection: &Connection) -> Result<Vec<LeafRow>> {
    connection
        .prepare("SELECT entry, seq, root, counts_as, year, paper_match FROM leaf WHERE paper_match IS NOT NULL")?
        .query_and_then([], leaf)?
        .collect()
}

/// It reads every leaf once: nothing else asks for a leaf by its event, and an erasure is rare.
pub(super) fn entries_of(connection: &Connection, events: &BTreeSet<u64>) -> Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT entry, seq FROM leaf WHERE seq IS NOT NULL")?;
    let mut rows = statement.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        if events.contains(&u64::try_from(row.get::<_, i64>("seq")?)?) {
            entries.push(row.get("entry")?);
        }
    }
    Ok(entries)
}

pub(super) fn event_and_leaf(connection: &Connection, seq: u64) -> Result<(EventRow, LeafRow)> {
    let number = integer(seq)?;
    let missing = || format!("event {seq} is missing (hint: restore the register from a backup)");
    let body = connection.query_row("SELECT body FROM event WHERE seq = ?1", [number], |row| row.get(0));
    let event = EventRow { seq, body: body.with_context(missing)? };
    let leaf = connection
        .prepare("SELECT entry, seq, root, counts_as, year, paper_match FROM leaf WHERE seq = ?1")?
        .query_and_then([number], leaf)?
        .next();
    Ok((event, leaf.with_context(missing)??))
}

pub(super) fn tree_size(connection: &Connection) -> Result<u64> {
    let size: i64 = connection.query_row("SELECT ifnull(max(position) + 1, 0) FROM leaf", [], |row| row.get(0))?;
    Ok(u64::try_from(size)?)
}

pub(super) fn placed(connection: &Connection, from: u64, until: u64) -> Result<Vec<PlacedLeaf>> {
    connection
        .prepare(
            "SELECT position, entry, seq, root, counts_as, year, paper_match FROM leaf
             WHERE position >= ?1 AND position < ?2 ORDER BY position",
        )?
        .query_and_then([integer(from)?, integer(until)?], |row| {
            Ok(PlacedLeaf { position: natural(row, "position")?, leaf: leaf(row)? })
        })?
        .collect()
}

pub(super) fn roots(connection: &Connection, mut each: impl FnMut([u8; 32])) -> Result<()> {
    let mut statement = connection.prepare("SELECT root FROM leaf WHERE position IS NOT NULL ORDER BY position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?);
    }
    Ok(())
}

pub(super) fn last_checkpoint(connection: &Connection) -> Result<Option<SignedCheckpoint>> {
    connection
        .prepare("SELECT size, note FROM signed_checkpoint ORDER BY size DESC LIMIT 1")?
        .query_and_then([], |row| Ok(SignedCheckpoint { size: natural(row, "size")?, note: row.get("note")? }))?
        .next()
        .transpose()
}

pub(super) fn append_checkpoint(connection: &Connection, size: u64, note: &str) -> Result<()> {
    connection
        .execute("INSERT INTO signed_checkpoint (size, note) VALUES (?1, ?2)", params![integer(size)?, note])
        .with_context(|| {
            format!("failed to keep the signed checkpoint of size {size} (hint: restore the register from a backup)")
        })?;
    Ok(())
}

fn leaf(row: &Row<'_>) -> Result<LeafRow> {
    Ok(LeafRow {
        entry: row.get("entry")?,
        seq: row.get::<_, Option<i64>>("seq")?.map(u64::try_from).transpose()?,
        root: row.get("root")?,
        counts_as: row.get("counts_as")?,
        year: row.get("year")?,
        paper_match: row.get("paper_match")?,
    })
}

/// A column that is never negative.
fn natural(row: &Row<'_>, column: &str) -> Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?)?)
}

/// SQLite's integers have a sign.
fn integer(number: u64) -> Result<i64> {
    i64::try_from(number).with_context(|| format!("{number} is larger than the store can count"))
}
