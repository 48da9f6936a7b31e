//! Files and folders, written so that a reader sees the old bytes or the new ones and never half.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::store::folder::{self, in_trouble};

/// What a file taken in may weigh, in bytes. Papers, packs and mappings are text of a few pages; registers a few tens of
/// megabytes.
pub(crate) const SIZE_MAX: u64 = 1 << 30;

/// What all files of a folder taken in may weigh together, in bytes: they are held in memory.
const FOLDER_SIZE_MAX: u64 = 8 << 30;

/// Files and folders that a folder taken in may hold.
const COUNT_MAX: usize = 1_000_000;

/// What a file is called until it is whole: its name with this behind it.
pub(crate) const PART: &str = ".part";

/// Something below a folder that is no file with a name in UTF-8.
#[derive(Debug)]
pub(crate) struct Odd {
    /// Its path from the folder, escaped.
    pub(crate) place: String,
    /// What is odd about it.
    pub(crate) what: &'static str,
}

/// The files below a folder: path from the folder, with `/`, to bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Writes a file: beside it first, synced, then renamed into its place. Folders that are missing are made.
///
/// If the power fails, the old file stands, or the new one; at most a `.part` file and empty folders are left over. On
/// return file, name and folders are on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, bytes, 0o666)
}

/// Writes a file that only its owner may read; for the rest as [`write()`].
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, bytes, 0o600)
}

fn put(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let parent = parent(path);
    make_folder(parent)?;
    let part = beside(path);
    // A part that is left over keeps its mode and may be a link: it goes, and the new one is made for these readers.
    match fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("failed to remove `{}`", part.display()));
        }
        Ok(()) | Err(_) => {}
    }
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| in_trouble("write", &part, error))?;
    fs::rename(&part, path).map_err(|error| in_trouble("put into its place", path, error))?;
    folder::sync(parent)
}

/// Makes a folder, and those above it that are missing. On return their names are on the disk.
fn make_folder(dir: &Path) -> Result<()> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.is_dir();
    let missing: Vec<&Path> = dir.ancestors().take_while(missing).collect();
    fs::create_dir_all(dir).map_err(|error| in_trouble("make the folder", dir, error))?;
    missing.into_iter().rev().try_for_each(folder::sync_parent)
}

/// Makes the folder that a path stands in, and those above it that are missing.
pub(crate) fn make_parents(path: &Path) -> Result<()> {
    make_folder(parent(path))
}

/// The place of a folder that is to be made, links resolved: nothing is there, or an empty folder.
pub(crate) fn vacant(dir: &Path) -> Result<PathBuf> {
    const HINT: &str = "hint: choose a new or empty folder";
    let place = match dir.canonicalize() {
        Ok(place) => place,
        Err(error) if error.kind() == ErrorKind::NotFound && dir.file_name().is_some() => return Ok(dir.to_owned()),
        Err(error) => return Err(error).with_context(|| format!("failed to look at `{}` ({HINT})", dir.display())),
    };
    let trouble = || format!("failed to look into `{}` ({HINT})", dir.display());
    if fs::read_dir(&place).with_context(trouble)?.next().is_some() {
        bail!("`{}` is not empty ({HINT})", dir.display());
    }
    // It is replaced by a folder of its name, and whoever stands in it would be left in one that is gone.
    if std::env::current_dir().and_then(|here| here.canonicalize()).is_ok_and(|here| here == place) {
        bail!("`{}` is the folder you are in (hint: go to the one above and give its name)", dir.display());
    }
    Ok(place)
}

/// Makes `DIR.part`, for its owner only, to build in it what will stand in `dir`.
pub(crate) fn make_part(dir: &Path) -> Result<PathBuf> {
    make_folder(parent(dir))?;
    let part = beside(dir);
    match fs::DirBuilder::new().mode(0o700).create(&part) {
        Ok(()) => Ok(part),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
            "`{}` is left over from a command that was cut short, or one is running \
             (hint: nothing in it was ever used; remove it and try again)",
            part.display()
        ),
        Err(error) => Err(in_trouble("make the folder", &part, error)),
    }
}

/// Puts a folder that is whole into its place. On return it is there for good.
pub(crate) fn put_folder(part: &Path, dir: &Path) -> Result<()> {
    folder::sync(part)?;
    fs::rename(part, dir).map_err(|error| {
        if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::ReadOnlyFilesystem) {
            return in_trouble("put into its place", dir, error);
        }
        let hint = "hint: choose a new folder; one that is mounted cannot be replaced";
        anyhow::Error::new(error).context(format!("failed to put `{}` into its place ({hint})", dir.display()))
    })?;
    folder::sync_parent(dir)
}

/// The folder that a path stands in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file unless it holds these bytes already.
pub(crate) fn write_if_other(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        // Whoever wrote it may have been cut short before its name was on the disk.
        folder::sync_parent(path)?;
        return Ok(false);
    }
    write(path, bytes)?;
    Ok(true)
}

/// Reads a text that a person wrote.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let bytes = read(path)?;
    String::from_utf8(bytes).with_context(|| format!("`{}` is not text in UTF-8", path.display()))
}

/// Reads a file that is not larger than anything meant to be read.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let about = fs::metadata(path).with_context(|| format!("failed to open `{}`", path.display()))?;
    if !about.is_file() {
        bail!("`{}` is not a file", path.display());
    }
    if about.len() > SIZE_MAX {
        bail!("`{}` has {} bytes and the limit is {SIZE_MAX}", path.display(), about.len());
    }
    fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))
}

/// All files below a folder, and what else stands there, in the order of their paths.
pub(crate) fn read_folder(folder: &Path) -> Result<(Files, Vec<Odd>)> {
    let (paths, odd) = list(folder)?;
    let read = |path: String| read(&folder.join(&path)).map(|bytes| (path, bytes));
    Ok((paths.into_iter().map(read).collect::<Result<_>>()?, odd))
}

/// All files below a folder. A link, another special file or a name that is not UTF-8 is an error.
pub(crate) fn read_plain_folder(folder: &Path) -> Result<Files> {
    let (files, odd) = read_folder(folder)?;
    nothing_odd(folder, &odd)?;
    Ok(files)
}

/// The paths of all files below a folder, as [`read_plain_folder`] gives them; none where there is no such folder.
pub(crate) fn paths(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let (paths, odd) = list(folder)?;
    nothing_odd(folder, &odd)?;
    Ok(paths)
}

fn nothing_odd(folder: &Path, odd: &[Odd]) -> Result<()> {
    match odd.first() {
        Some(Odd { place, what }) => bail!("`{place}` in `{}`: {what} (hint: move it away)", folder.display()),
        None => Ok(()),
    }
}

/// Lists before anything is read, so that a folder that is too large is refused before it fills the memory.
fn list(folder: &Path) -> Result<(Vec<String>, Vec<Odd>)> {
    let (mut files, mut odd, mut folders) = (Vec::new(), Vec::new(), vec![PathBuf::new()]);
    let (mut count, mut size_bytes) = (0_usize, 0_u64);
    while let Some(inner) = folders.pop() {
        let path = folder.join(&inner);
        let entries = fs::read_dir(&path).with_context(|| format!("failed to open the folder `{}`", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to list `{}`", path.display()))?;
            count += 1;
            if count > COUNT_MAX {
                bail!("`{}` holds more than {COUNT_MAX} files and folders", folder.display());
            }
            let about = entry.metadata().with_context(|| format!("failed to look at `{}`", entry.path().display()))?;
            let name = inner.join(entry.file_name());
            let Some(text) = name.to_str() else {
                odd.push(Odd { place: escaped(&name), what: "its name is no UTF-8" });
                continue;
            };
            if about.is_dir() {
                folders.push(name);
            } else if about.is_file() {
                size_bytes = size_bytes.saturating_add(about.len());
                if size_bytes > FOLDER_SIZE_MAX {
                    let folder = folder.display();
                    bail!(
                        "the files in `{folder}` have more than {FOLDER_SIZE_MAX} bytes together, which is the limit"
                    );
                }
                files.push(text.to_owned());
            } else {
                odd.push(Odd { place: escaped(&name), what: "it is neither a file nor a folder" });
            }
        }
    }
    files.sort();
    odd.sort_by(|a, b| a.place.cmp(&b.place));
    Ok((files, odd))
}

/// A path as a terminal can show it.
fn escaped(path: &Path) -> String {
    match path.to_str() {
        Some(text) => text.escape_debug().to_string(),
        None => path.as_os_str().as_bytes().escape_ascii().to_string(),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PART);
    path.with_file_name(name)
}
