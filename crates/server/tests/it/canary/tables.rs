//! What a database tells whoever opens it: a text may lie across pages, where nobody finds it in their bytes. Those are searched
//! too, with what is free and with the logs beside them, as they are.

use std::fs;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// What every database begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// All cells of a database that begins somewhere in the bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<u8> {
    let Some(at) = bytes.windows(MAGIC.len()).position(|window| window == MAGIC) else { return Vec::new() };
    of_files(&bytes[at..], None)
}

/// All cells of a database with its log; none of what is no database.
pub(crate) fn of_files(database: &[u8], log: Option<&[u8]>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    fs::write(&path, database).unwrap();
    if let Some(log) = log {
        fs::write(folder.path().join("copy-wal"), log).unwrap();
    }
    cells(&path).unwrap_or_default()
}

fn cells(path: &Path) -> rusqlite::Result<Vec<u8>> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut all = Vec::new();
    for name in names {
        let mut table = database.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns = table.column_count();
        let mut rows = table.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => all.extend(bytes),
                    ValueRef::Integer(number) => all.extend(number.to_string().bytes()),
                    ValueRef::Null | ValueRef::Real(_) => {}
                }
                all.push(b'\n');
            }
        }
    }
    Ok(all)
}
