//! One SQLite file of ours: made, opened, read and written in the one way that the register and the vault share.
//!
//! Write-ahead log with `synchronous = FULL`: when a transaction has returned it is on the disk, at the cost of one
//! sync of the log (two when the log begins anew, and two more each time [`LOG_PAGES`] pages of it are copied into the
//! file). It knows no table.
//!
//! The log stays when the file is closed, so that a process that gives one command need neither make it nor copy it. **File
//! and log belong together**: what was acknowledged may stand in the log alone. INVARIANT: the log's name is on the disk
//! before the first transaction in it. SQLite is compiled not to see to that (`.cargo/config.toml`); [`Database::open`] does.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::folder::{self, in_trouble};
use anyhow::{Context as _, Error, Result, bail};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

/// Pages of the log after which SQLite copies them into the file: 64 MiB. A group of commands writes more pages than the
/// thousand of SQLite's own measure, and then each commit would copy and sync the file too.
const LOG_PAGES: u32 = 16_384;

/// The longest log that stays when the file is closed, in bytes: whoever opens the file reads the log first.
const LOG_KEPT_BYTES: u64 = 1 << 20;

/// Statements kept ready: more than there are of one file.
const STATEMENTS: usize = 64;

/// Memory for pages at most, in KiB. Ids are random, so a new row of a large table lands on any of its pages.
const CACHE_KIB: i32 = 65_536;

/// What tells our files apart, and from others'.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As in "`x.sqlite` is not a register".
    pub(crate) called: &'static str,
    /// SQLite's `application_id`: four letters.
    pub(crate) application_id: i32,
    /// SQLite's `user_version`; a file with a greater one is refused.
    pub(crate) schema_version: i32,
    /// The statements that make an empty file.
    pub(crate) schema: &'static str,
}

/// An open file.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    connection: Connection,
    writes: bool,
    step: Step,
}

/// A step of a longer transaction. Most write nothing to most files, so nothing is begun before the first change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// None is going on.
    None,
    /// One is going on and has changed nothing.
    Clean,
    /// One is going on and has changed something.
    Changed,
}

impl Database {
    /// Makes the file, for its owner only, with empty tables.
    ///
    /// If the power fails here, the file is either empty, and `open` says that it is not of this kind, or complete.
    ///
    /// # Errors
    /// When the file is there already or cannot be written.
    pub(crate) fn create(path: &Path, kind: &Kind) -> Result<Self> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(|| {
            format!("failed to make `{}` (hint: choose a new or empty folder that you may write)", path.display())
        })?;
        let mut database = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        database.read(prepare_to_write)?;
        database.write(|transaction| {
            transaction.execute_batch(kind.schema)?;
            transaction.pragma_update(None, "application_id", kind.application_id)?;
            transaction.pragma_update(None, "user_version", kind.schema_version)?;
            Ok(())
        })?;
        database.begin_log_anew()?;
        folder::sync_parent(path)?;
        Ok(database)
    }

    /// Opens the file for reading and writing.
    ///
    /// # Errors
    /// When it is missing, of another kind, made by a newer version, damaged, or cannot be written.
    pub(crate) fn open(path: &Path, kind: &Kind) -> Result<Self> {
        let database = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        database.read(|connection| check_kind(connection, path, kind))?;
        database.read(prepare_to_write)?;
        // SQLite has made the log if it was not there. Where something stands in it already, its name was synced before.
        if database.log_bytes() == 0 {
            folder::sync_parent(path)?;
        }
        Ok(database)
    }

    /// Opens the file for reading only; a writer may go on beside it.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub(crate) fn open_read_only(path: &Path, kind: &Kind) -> Result<Self> {
        let database = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        database.read(|connection| check_kind(connection, path, kind))?;
        Ok(database)
    }

    /// Runs queries. SQLite's errors come back with the name of the file and the next step.
    ///
    /// # Errors
    /// Those of the queries.
    pub(crate) fn read<T>(&self, queries: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        queries(&self.connection).map_err(|error| explain(&self.path, error))
    }

    /// Runs a change in one transaction: durable on return, and not there at all after an error. Between
    /// [`Database::begin`] and [`Database::make_durable`] it is a part of that longer transaction, and of a change that
    /// failed [`Database::undo`] takes back what it wrote.
    ///
    /// # Errors
    /// Those of the change and of the commit, as with [`Database::read`].
    pub(crate) fn write<T>(&mut self, change: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if self.step == Step::Clean {
            self.read(|connection| {
                if connection.is_autocommit() {
                    run(connection, "BEGIN")?;
                }
                run(connection, "SAVEPOINT step")
            })?;
            self.step = Step::Changed;
        }
        let path = &self.path;
        let connection = &mut self.connection;
        let change_all = move || {
            if !connection.is_autocommit() {
                return change(connection);
            }
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = change(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        change_all().map_err(|error| explain(path, error))
    }

    /// Begins a step of a longer transaction, and the transaction with its first step. What the steps write is seen by
    /// this process alone until [`Database::make_durable`].
    pub(crate) fn begin(&mut self) {
        self.step = Step::Clean;
    }

    /// Ends the step and keeps what it wrote in the longer transaction.
    pub(crate) fn accept(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.step, Step::None) {
            Step::None | Step::Clean => Ok(()),
            Step::Changed => self.read(|connection| run(connection, "RELEASE step")),
        }
    }

    /// Ends the step and takes back what it wrote.
    pub(crate) fn undo(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.step, Step::None) {
            Step::None | Step::Clean => Ok(()),
            Step::Changed => self.read(|connection| {
                run(connection, "ROLLBACK TO step")?;
                run(connection, "RELEASE step")
            }),
        }
    }

    /// Commits the longer transaction, if one is open: durable on return.
    pub(crate) fn make_durable(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.read(|connection| Ok(connection.execute_batch("COMMIT")?))
    }

    /// Leaves nothing of deleted rows in the file and its log: builds the file anew from the living rows, since
    /// `secure_delete` promises nothing for copies that SQLite left behind when it moved a row to another page, and
    /// empties the log. What the disk keeps in freed blocks is out of reach.
    ///
    /// # Errors
    /// When another process is reading the file; then call it again.
    pub(crate) fn scrub(&self) -> Result<()> {
        self.read(|connection| Ok(connection.execute_batch("VACUUM")?))?;
        self.empty_log()
    }

    /// Copies the log into the file and leaves no byte in it.
    ///
    /// # Errors
    /// As [`Database::scrub`].
    pub(crate) fn empty_log(&self) -> Result<()> {
        if !self.log_is_emptied()? {
            bail!("another process is reading `{}` (hint: try again when it has finished)", self.path.display());
        }
        Ok(())
    }

    /// The same, unless another process is reading. Says whether it did.
    fn log_is_emptied(&self) -> Result<bool> {
        let busy: bool =
            self.read(|connection| Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?))?;
        Ok(!busy)
    }

    /// Copies the log into the file and writes a transaction into it that changes nothing: the next process then need not
    /// begin it, which costs a sync before its answer. Leaves a log that another process is reading as it is.
    ///
    /// If the power fails here, all is in the log, or in the file, or in both.
    fn begin_log_anew(&self) -> Result<()> {
        if !self.log_is_emptied()? {
            return Ok(());
        }
        self.read(|connection| {
            let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok(connection.pragma_update(None, "user_version", version)?)
        })
    }

    fn log_bytes(&self) -> u64 {
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        fs::metadata(log).map_or(0, |about| about.len())
    }

    /// Copies a file of this kind, as it stands after some transaction, to the new file `to`; a writer may go on beside it.
    /// The copy holds the living rows alone: nothing of what was deleted. On return it is on the disk.
    ///
    /// # Errors
    /// As [`Database::open_read_only`]; or when the copy cannot be written.
    pub(crate) fn copy(path: &Path, kind: &Kind, to: &Path) -> Result<()> {
        let source = Self::open_read_only(path, kind)?;
        let trouble = |error| in_trouble("write", to, error);
        let copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(trouble)?;
        let name = to.to_str().with_context(|| format!("the name `{}` is not text in UTF-8", to.display()))?;
        source.connection.execute("VACUUM INTO ?1", [name]).map_err(|error| explain(to, error.into()))?;
        copy.sync_all().map_err(trouble)
    }

    /// Looks at every page of the file.
    ///
    /// # Errors
    /// When some do not agree with the others.
    pub(crate) fn check(&self) -> Result<()> {
        self.read(|connection| {
            let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            if said != "ok" {
                bail!("`{}` is damaged: {said} (hint: {RESTORE})", self.path.display());
            }
            Ok(())
        })
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| explain(path, error.into()))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(|error| explain(path, error.into()))?;
        let writes = flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE);
        Ok(Self { path: path.to_owned(), connection, writes, step: Step::None })
    }
}

impl Drop for Database {
    /// A long log is emptied, unless somebody reads it. One that cannot be emptied now loses nothing: whoever closes the file
    /// next does it.
    fn drop(&mut self) {
        if self.writes && self.log_bytes() > LOG_KEPT_BYTES && self.connection.busy_timeout(Duration::ZERO).is_ok() {
            drop(self.begin_log_anew());
        }
    }
}

/// Runs a statement that gives no rows, and keeps it ready for the next time.
fn run(connection: &Connection, statement: &str) -> Result<()> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

fn check_kind(connection: &Connection, path: &Path, kind: &Kind) -> Result<()> {
    let application_id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application_id != kind.application_id {
        bail!(
            "`{}` is not {} (hint: put back the one of the last backup, or make a new folder with `candor init`)",
            path.display(),
            kind.called
        );
    }
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > kind.schema_version {
        bail!(
            "`{}` has schema {version}, and this candor knows {} (hint: use the newer candor that wrote it)",
            path.display(),
            kind.schema_version
        );
    }
    Ok(())
}

fn prepare_to_write(connection: &Connection) -> Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        bail!("the file system does not allow a write-ahead log (hint: keep the register on a local disk)");
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // No copy of a key may land in a temporary file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

const RESTORE: &str = "keep a copy of the folder as it is, then restore the last backup";

/// What to do about the troubles that are not a bug.
const NEXT_STEPS: &[(ErrorCode, &str)] = &[
    (ErrorCode::DiskFull, "make room on the disk and start again; what was acknowledged is safe"),
    (ErrorCode::ReadOnly, "check the owner and mode of the file and its folder"),
    (
        ErrorCode::CannotOpen,
        "check that the file is there, that you may write it and its folder, and that the disk has room",
    ),
    (ErrorCode::PermissionDenied, "check the owner and mode of the file and its folder"),
    (ErrorCode::NotADatabase, "it is another file; put back the one of the last backup"),
    (ErrorCode::DatabaseCorrupt, RESTORE),
    (ErrorCode::DatabaseBusy, "another process is writing it; try again when it has finished"),
    (ErrorCode::SystemIoFailure, "look for trouble of the disk in the system's log"),
];

/// Adds the name of the file and the next step to an error that SQLite raised; leaves others as they are. SQLite's
/// messages name statements and columns, never values.
fn explain(path: &Path, error: Error) -> Error {
    let Some(raised) = error.chain().find_map(|cause| cause.downcast_ref::<rusqlite::Error>()) else {
        return error;
    };
    let step = match raised.sqlite_error_code() {
        Some(code) => NEXT_STEPS.iter().find(|(known, _)| *known == code).map(|(_, step)| *step),
        // A value that is not what its column holds.
        None => Some(RESTORE),
    };
    let hint = step.map(|step| format!(" (hint: {step})"));
    error.context(format!("failed to use `{}`{}", path.display(), hint.unwrap_or_default()))
}
