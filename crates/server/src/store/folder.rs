//! The folder of a register: made for its owner only, and written by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// Held by the one process that writes a register; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of `DIR/writer.lock` and writes the process id into it.
    ///
    /// # Errors
    /// When another process has it, named in the error; or the file cannot be written.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let path = dir.join(LOCK_FILE);
        let trouble = || format!("failed to lock `{}` (hint: check the folder's owner and mode)", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| in_trouble("open", &path, error))?;
        match lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "the register in `{}` is being written by {} (hint: try again in a moment)",
                dir.display(),
                holder(&mut file)
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(trouble),
        }
        let trouble = |error| in_trouble("write", &path, error);
        // The lock is what counts, not the number: a number left by a process that died misleads nobody.
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(trouble)?;
        Ok(Self { _file: file })
    }
}

/// Keeps everybody from writing the register in `dir` for as long as the value lives, and writes nothing itself.
///
/// # Errors
/// When somebody writes it, named in the error; or there is no register.
pub(crate) fn hold_still(dir: &Path) -> Result<File> {
    let path = dir.join(LOCK_FILE);
    let mut file = File::open(&path).with_context(|| {
        format!("`{}` holds no register that was ever written (hint: give a register's folder)", dir.display())
    })?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "the register in `{}` is being written by {} (hint: stop it for the drill, or drill on a restored backup)",
            dir.display(),
            holder(&mut file)
        ),
        Err(TryLockError::Error(error)) => Err(in_trouble("lock", &path, error)),
    }
}

const LOCK_FILE: &str = "writer.lock";

/// How often the lock is tried, and the pause between two tries: two seconds in all. A command holds it for some
/// milliseconds, so several stations at once get through one after the other.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

fn lock(file: &File) -> std::result::Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}

/// Makes a folder that only its owner may enter, its parents too where they are missing. One that is there stays as it
/// is.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let trouble = || format!("failed to make the folder `{}`", dir.display());
    DirBuilder::new().recursive(true).mode(0o700).create(dir).with_context(trouble)?;
    sync_parent(dir)
}

/// What could not be done to a file or folder, with the next step.
pub(crate) fn in_trouble(verb: &str, path: &Path, error: std::io::Error) -> anyhow::Error {
    let what = format!("failed to {verb} `{}`{}", path.display(), next_step(&error));
    anyhow::Error::new(error).context(what)
}

fn next_step(error: &std::io::Error) -> &'static str {
    let is = |kinds: &[ErrorKind]| kinds.contains(&error.kind());
    if is(&[ErrorKind::NotFound, ErrorKind::AlreadyExists]) {
        return "";
    }
    if is(&[ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge]) {
        return " (hint: make room on the disk and give the command again)";
    }
    if is(&[ErrorKind::ReadOnlyFilesystem, ErrorKind::PermissionDenied]) {
        return " (hint: check the owner and mode of the folder, and that its disk is not mounted read-only)";
    }
    " (hint: look for trouble of the disk in the system's log)"
}

/// Makes the names in a folder durable.
///
/// # Errors
/// When the folder cannot be read or the disk reports trouble.
pub(crate) fn sync(dir: &Path) -> Result<()> {
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(|error| in_trouble("sync the folder", dir, error))
}

/// Makes the names in the folder that a path stands in durable.
///
/// # Errors
/// As [`sync`].
pub(crate) fn sync_parent(path: &Path) -> Result<()> {
    sync(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Who holds the lock, as far as is written: it may not have got so far yet.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => format!("process {}", text.trim()),
        Ok(_) | Err(_) => "another process".to_owned(),
    }
}
