//! The statements over the tables of `rows.sql` and `keys.sql`: they handle what is sealed, wrapped or hashed, never
//! the plain text.

use anyhow::{Context as _, Result, bail};
use rusqlite::{Connection, OptionalExtension as _, named_params, params};

use super::Reading;
use super::matching::{Found, Tags};

/// A sealed field of one id.
pub(super) struct StoredRow {
    pub(super) field: String,
    pub(super) class: String,
    pub(super) sealed: Vec<u8>,
}

/// The wrapped data key of one id.
pub(super) struct StoredKey {
    pub(super) key: String,
    pub(super) owner: String,
    pub(super) wrapped: Vec<u8>,
}

pub(super) fn keep_proof(connection: &Connection, sealed: &[u8]) -> Result<()> {
    connection.execute("INSERT INTO master_proof (sealed) VALUES (?1)", [sealed])?;
    Ok(())
}

pub(super) fn proof(connection: &Connection) -> Result<Vec<u8>> {
    Ok(connection.query_row("SELECT sealed FROM master_proof", [], |row| row.get(0))?)
}

pub(super) fn put_entry_key(connection: &Connection, entry: &str, wrapped: &[u8]) -> Result<()> {
    connection
        .prepare_cached("INSERT OR FAIL INTO entry_key (entry, wrapped) VALUES (?1, ?2)")?
        .execute(params![entry, wrapped])
        .with_context(|| format!("failed to keep the key of `{entry}`"))?;
    Ok(())
}

pub(super) fn entry_key(connection: &Connection, entry: &str) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT wrapped FROM entry_key WHERE entry = ?1")?;
    Ok(statement.query_row([entry], |row| row.get(0)).optional()?)
}

pub(super) fn put_data_key(connection: &Connection, id: &str, stored: &StoredKey) -> Result<()> {
    connection
        .prepare_cached("INSERT OR FAIL INTO data_key (id, key, owner, wrapped) VALUES (:id, :key, :owner, :wrapped)")?
        .execute(named_params! { ":id": id, ":key": stored.key, ":owner": stored.owner, ":wrapped": stored.wrapped })
        .with_context(|| format!("failed to keep the key of `{id}`"))?;
    Ok(())
}

pub(super) fn data_key(connection: &Connection, id: &str) -> Result<Option<StoredKey>> {
    let mut statement = connection.prepare_cached("SELECT key, owner, wrapped FROM data_key WHERE id = ?1")?;
    let stored = statement.query_row([id], |row| {
        Ok(StoredKey { key: row.get("key")?, owner: row.get("owner")?, wrapped: row.get("wrapped")? })
    });
    Ok(stored.optional()?)
}

pub(super) fn append_row(connection: &Connection, id: &str, row: &StoredRow) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR FAIL INTO sealed_row (id, field, class, sealed) VALUES (:id, :field, :class, :sealed)",
        )?
        .execute(named_params! { ":id": id, ":field": row.field, ":class": row.class, ":sealed": row.sealed })
        .with_context(|| format!("failed to keep field `{}` of `{id}`", row.field))?;
    Ok(())
}

pub(super) fn rows(connection: &Connection, id: &str) -> Result<Vec<StoredRow>> {
    connection
        .prepare_cached("SELECT field, class, sealed FROM sealed_row WHERE id = ?1 ORDER BY rowid")?
        .query_and_then([id], |row| {
            Ok(StoredRow { field: row.get("field")?, class: row.get("class")?, sealed: row.get("sealed")? })
        })?
        .collect()
}

pub(super) fn append_reading(connection: &Connection, id: &str, reader: &str, reason: &str, at: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO reading (number, id, reader, reason, at)
             SELECT ifnull(max(number), 0) + 1, :id, :reader, :reason, :at FROM reading",
        )?
        .execute(named_params! { ":id": id, ":reader": reader, ":reason": reason, ":at": at })
        .with_context(|| format!("failed to record a reading of `{id}`"))?;
    Ok(())
}

pub(super) fn readings_after(
    connection: &Connection,
    number: u64,
    mut each: impl FnMut(Reading) -> Result<()>,
) -> Result<()> {
    let mut statement =
        connection.prepare("SELECT number, id, reader, reason, at FROM reading WHERE number > ?1 ORDER BY number")?;
    let mut rows = statement.query([i64::try_from(number)?])?;
    while let Some(row) = rows.next()? {
        each(Reading {
            number: u64::try_from(row.get::<_, i64>("number")?)?,
            id: row.get("id")?,
            reader: row.get("reader")?,
            reason: row.get("reason")?,
            at: row.get("at")?,
        })?;
    }
    Ok(())
}

pub(super) fn bind_individual(connection: &Connection, tags: &Tags, individual: &str) -> Result<()> {
    if let Some(other) = find_by_a_number(connection, tags)?.filter(|other| other != individual) {
        bail!(
            "the A-number of `{individual}` is bound to `{other}` (hint: a person must say whether they are the same)"
        );
    }
    // The same once more is no change.
    let mut statement = connection.prepare_cached(
        "INSERT INTO match_entry (tag, kind, individual) VALUES (?1, ?2, ?3) ON CONFLICT (tag, individual) DO NOTHING",
    )?;
    for (kind, tag) in [("a_number", tags.a_number), ("name_and_birth", tags.name_and_birth)] {
        if let Some(tag) = tag {
            statement
                .execute(params![tag, kind, individual])
                .with_context(|| format!("failed to make `{individual}` findable"))?;
        }
    }
    Ok(())
}

pub(super) fn find_individual(connection: &Connection, tags: &Tags) -> Result<Found> {
    if let Some(individual) = find_by_a_number(connection, tags)? {
        return Ok(Found::One(individual));
    }
    let Some(tag) = tags.name_and_birth else {
        return Ok(if tags.a_number.is_some() { Found::Nobody } else { Found::InDoubt });
    };
    let mut statement = connection.prepare_cached(
        "SELECT individual FROM match_entry AS found WHERE tag = :tag AND NOT (:has_a_number AND EXISTS (
             SELECT 1 FROM match_entry WHERE individual = found.individual AND kind = 'a_number'))
         LIMIT 2",
    )?;
    let found: Vec<String> = statement
        .query_map(named_params! { ":tag": tag, ":has_a_number": tags.a_number.is_some() }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut found = found.into_iter();
    Ok(match (found.next(), found.next()) {
        (None, _) => Found::Nobody,
        (Some(individual), None) => Found::One(individual),
        (Some(_), Some(_)) => Found::InDoubt,
    })
}

fn find_by_a_number(connection: &Connection, tags: &Tags) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT individual FROM match_entry WHERE tag = ?1")?;
    Ok(statement.query_row([tags.a_number], |row| row.get(0)).optional()?)
}

/// Deletes the keys and match entries of an id and leaves tombstones, not yet finished. Says whether there were any.
pub(super) fn erase_keys(connection: &Connection, id: &str, at: &str) -> Result<bool> {
    let mut deleted = connection.execute(
        "INSERT INTO tombstone (id, at, finished) SELECT id, ?2, 0 FROM data_key WHERE id = ?1 OR owner = ?1",
        params![id, at],
    )?;
    for statement in [
        "DELETE FROM data_key WHERE id = ?1 OR owner = ?1",
        "DELETE FROM entry_key WHERE entry = ?1",
        "DELETE FROM match_entry WHERE individual = ?1",
    ] {
        deleted += connection.execute(statement, [id])?;
    }
    if deleted == 0 {
        return Ok(false);
    }
    bury(connection, id, at)?;
    Ok(true)
}

/// Leaves a tombstone, not yet finished, if there is none.
pub(super) fn bury(connection: &Connection, id: &str, at: &str) -> Result<()> {
    let statement = "INSERT INTO tombstone (id, at, finished) VALUES (?1, ?2, 0) ON CONFLICT (id) DO NOTHING";
    connection.execute(statement, params![id, at])?;
    Ok(())
}

pub(super) fn is_buried(connection: &Connection, id: &str) -> Result<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)", [id], |row| row.get(0))?)
}

/// Tombstones whose ids begin so.
pub(super) fn buried(connection: &Connection, prefix: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT id FROM tombstone WHERE substr(id, 1, length(?1)) = ?1")?;
    Ok(statement.query_map([prefix], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

pub(super) fn owned_by(connection: &Connection, owner: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT id FROM data_key WHERE owner = ?1 ORDER BY id")?;
    Ok(statement.query_map([owner], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// A row's number, what it is the key of, and the key as it is wrapped.
type WrappedKey = (i64, String, Vec<u8>);

/// The entry keys after a row, so many at most; none where there are no more.
pub(super) fn entry_keys_after(connection: &Connection, row: i64, most: usize) -> Result<Option<Vec<WrappedKey>>> {
    let mut statement = connection
        .prepare_cached("SELECT rowid, entry, wrapped FROM entry_key WHERE rowid > ?1 ORDER BY rowid LIMIT ?2")?;
    let keys: Vec<WrappedKey> = statement
        .query_map(params![row, i64::try_from(most)?], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    Ok((!keys.is_empty()).then_some(keys))
}

/// The same of data keys.
pub(super) fn data_keys_after(
    connection: &Connection,
    row: i64,
    most: usize,
) -> Result<Option<Vec<(i64, String, StoredKey)>>> {
    let mut statement = connection.prepare_cached(
        "SELECT rowid, id, key, owner, wrapped FROM data_key WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
    )?;
    let keys: Vec<(i64, String, StoredKey)> = statement
        .query_map(params![row, i64::try_from(most)?], |row| {
            let stored = StoredKey { key: row.get("key")?, owner: row.get("owner")?, wrapped: row.get("wrapped")? };
            Ok((row.get("rowid")?, row.get("id")?, stored))
        })?
        .collect::<Result<_, _>>()?;
    Ok((!keys.is_empty()).then_some(keys))
}

pub(super) fn rewrap_entry_key(connection: &Connection, row: i64, wrapped: &[u8]) -> Result<()> {
    let statement = "UPDATE entry_key SET wrapped = ?2 WHERE rowid = ?1";
    connection.prepare_cached(statement)?.execute(params![row, wrapped])?;
    Ok(())
}

pub(super) fn rewrap_data_key(connection: &Connection, row: i64, wrapped: &[u8]) -> Result<()> {
    connection.prepare_cached("UPDATE data_key SET wrapped = ?2 WHERE rowid = ?1")?.execute(params![row, wrapped])?;
    Ok(())
}

pub(super) fn replace_proof(connection: &Connection, sealed: &[u8]) -> Result<()> {
    connection.execute("UPDATE master_proof SET sealed = ?1", [sealed])?;
    Ok(())
}

pub(super) fn unfinished_tombstones(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT id FROM tombstone WHERE finished = 0")?;
    let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

pub(super) fn finish_tombstones(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE tombstone SET finished = 1 WHERE finished = 0", [])?;
    Ok(())
}

pub(super) fn delete_rows(connection: &Connection, ids: &[String]) -> Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM sealed_row WHERE id = ?1")?;
    for id in ids {
        statement.execute([id])?;
    }
    Ok(())
}
