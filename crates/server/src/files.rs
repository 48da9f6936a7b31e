//! Files and folders, written so that a reader sees the old bytes or the new ones and never half.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::store::folder;

/// What a file taken in may weigh, in bytes. Papers, packs and mappings are text of a few pages; registers a few tens of
/// megabytes.
pub(crate) const SIZE_MAX: u64 = 1 << 30;

/// Files a folder taken in may hold.
const COUNT_MAX: usize = 1_000_000;

/// Writes a file: beside it first, synced, then renamed into its place.
///
/// If the power fails, the old file stands, or the new one; at most a `.part` file is left over.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("failed to make the folder `{}`", parent.display()))?;
    let part = beside(path);
    let written = File::create(&part).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.with_context(|| format!("failed to write `{}`", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("failed to put `{}` into its place", path.display()))?;
    folder::sync(parent)
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    // Made empty and closed to others first, so that no moment shows its content to them; the rename keeps the mode.
    let part = beside(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(&part).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.with_context(|| format!("failed to write `{}`", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("failed to put `{}` into its place", path.display()))
}

/// Writes a file unless it holds these bytes already.
pub(crate) fn write_if_other(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
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

/// All files below a folder: path from the folder, with `/`, to bytes. A link or other special file is an error.
pub(crate) fn read_folder(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let path = folder.join(&inner);
        let entries = fs::read_dir(&path).with_context(|| format!("failed to open the folder `{}`", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to list `{}`", path.display()))?;
            let kind = entry.file_type().with_context(|| format!("failed to look at `{}`", entry.path().display()))?;
            let name = inner.join(entry.file_name());
            if kind.is_dir() {
                folders.push(name);
                continue;
            }
            let text = name.to_str().with_context(|| format!("the name `{}` is not UTF-8", name.display()))?;
            if !kind.is_file() {
                bail!("`{text}` is neither a file nor a folder");
            }
            files.insert(text.to_owned(), read(&entry.path())?);
            if files.len() > COUNT_MAX {
                bail!("`{}` holds more than {COUNT_MAX} files", folder.display());
            }
        }
    }
    Ok(files)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}
