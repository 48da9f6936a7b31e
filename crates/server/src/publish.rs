//! Publishing: the checkpoint and everything under it as static files that any web server can serve.
//!
//! A reader starts from the checkpoint, so every file it names stands whole at every step. What a failure leaves beside
//! them is accounted for by nothing, and `verify` says so until the same command is given again and mends it. Before the
//! first step all that is to be published is read and checked; where something is missing, nothing is written.
//!
//! 1. Half files (`.part`) of an earlier failure are removed. If the power fails here, some are left: unaccounted for.
//! 2. Tiles and entries. If it fails here, the old checkpoint stands and all its tiles do; the new ones beside them are
//!    unaccounted for.
//! 3. Law packs, openings, and filings and certified keys whose leaf the checkpoint covers. If it fails here, as before; and a filing that
//!    the old checkpoint does not cover opens no leaf of its tree, or is not all there: `verify` calls it broken.
//! 4. The checkpoint. INVARIANT: no checkpoint is public before its tiles. Once it is there, `verify` holds.
//! 5. Partial tiles whose full tile is there are removed. Until a tile is full, its older partial ones stay for readers
//!    who came before the checkpoint was swapped (C2SP tlog-tiles); they are the beginning of the present one, and
//!    `verify` accounts for them. If it fails here, some are left over until the next time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use register::event::{Event, FileHash, Filing};
use register::place;
use register::receipt::ReceiptEvent;
use register::wire;
use tlog::{Checkpoint, Hash, Note};

use crate::files;
use crate::store::{PlacedLeaf, Store};

/// The folders under the published one that publishing writes, and nobody else.
const OWN_FOLDERS: &[&str] = &["tile", "openings", "filings", "law", "keys"];

/// What was published.
#[derive(Debug)]
pub(crate) struct Published {
    /// Leaves.
    pub(crate) size: u64,
    /// Files of this state of the log.
    pub(crate) files: usize,
    /// Files written this time.
    pub(crate) written: usize,
}

/// Publishes the register in `dir` to the folder `out`. Reads only, so it works beside a writer: what the signed
/// checkpoint does not cover is not published.
pub(crate) fn publish(dir: &Path, out: &Path) -> Result<Published> {
    let store = Store::open_read_only(dir)?;
    apart(dir, out)?;
    let Some(note) = store.checkpoint()? else {
        bail!("nothing is signed yet (hint: run `candor grow` first)");
    };
    let checkpoint = Checkpoint::parse(&Note::parse(&note)?.text)?;
    let placed = store.placed(0, checkpoint.size)?;
    let roots: Vec<&[u8]> = placed.iter().map(|placed| placed.leaf.root.as_slice()).collect();
    let leaves: Vec<Hash> = roots.iter().map(|root| tlog::hash_leaf(root)).collect();
    if tlog::root(&leaves) != checkpoint.root {
        bail!("the stored leaves do not give the signed root (hint: restore the register from a backup)");
    }
    goes_on(out, &checkpoint, &leaves)?;
    let tiles: BTreeMap<String, Vec<u8>> =
        tlog::tiles(&leaves).into_iter().chain(tlog::entry_bundles(&roots)?).collect();
    let mut filed = BTreeMap::new();
    let (filings, keys) = told(&store, &placed)?;
    for (path, hash) in filed_paths(&filings, &keys) {
        let bytes = filed_file(dir, &path, hash)?;
        filed.insert(path, bytes);
    }
    remove_parts(out)?;
    let mut written = 0;
    for (path, bytes) in tiles.iter().chain(&filed) {
        written += usize::from(files::write_if_other(&out.join(path), bytes)?);
    }
    written += usize::from(files::write_if_other(&out.join("checkpoint"), note.as_bytes())?);
    remove_old_tiles(out, &tiles)?;
    Ok(Published { size: checkpoint.size, files: tiles.len() + filed.len() + 1, written })
}

/// The register's folder holds secrets: it must not be, hold, or lie in the folder that everybody reads.
pub(crate) fn apart(dir: &Path, out: &Path) -> Result<()> {
    let register = dir.canonicalize().with_context(|| format!("failed to look at `{}`", dir.display()))?;
    let public = to_be(out)?;
    if public.starts_with(&register) || register.starts_with(&public) {
        bail!(
            "`{}` and the register's folder `{}` hold one another, and the register holds secrets \
             (hint: choose a folder beside the register)",
            out.display(),
            dir.display()
        );
    }
    Ok(())
}

/// Where a folder is, or will be once it is made: links resolved as far as it exists.
fn to_be(folder: &Path) -> Result<PathBuf> {
    let there = folder.ancestors().find(|above| above.symlink_metadata().is_ok()).unwrap_or(Path::new(""));
    let base = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let trouble = || format!("failed to look at `{}` (hint: it must be a folder or nothing)", base.display());
    let mut place = base.canonicalize().with_context(trouble)?;
    for part in folder.strip_prefix(there)?.components() {
        // What does not exist is no link, so `..` only takes back the part before it.
        match part {
            Component::ParentDir => drop(place.pop()),
            Component::Normal(name) => place.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Ok(place)
}

/// Refuses to publish over another log, or over more than this register holds: whoever kept the published checkpoint
/// would see a log that was rolled back or forked.
fn goes_on(out: &Path, ours: &Checkpoint, leaves: &[Hash]) -> Result<()> {
    let path = out.join("checkpoint");
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let text = files::read_text(&path)?;
    let published = Note::parse(&text).ok().and_then(|note| Checkpoint::parse(&note.text).ok());
    let Some(published) = published else {
        bail!("`{}` is no checkpoint (hint: publish to a new folder, or move the file away)", path.display());
    };
    if published.origin != ours.origin {
        bail!(
            "`{}` holds the log `{}` and this register's is `{}` (hint: publish each log to a folder of its own)",
            out.display(),
            published.origin.escape_debug(),
            ours.origin
        );
    }
    let first = usize::try_from(published.size).ok().and_then(|size| leaves.get(..size));
    let hint = "hint: restore the newest backup of the register; publishing this one would fork the log";
    match first.map(tlog::root) {
        None => bail!(
            "`{}` holds {} leaves and this register has signed {}: it is an older state of the log ({hint})",
            out.display(),
            published.size,
            ours.size
        ),
        Some(root) if root != published.root => bail!(
            "the first {} leaves of this register are not the ones published in `{}` ({hint})",
            published.size,
            out.display()
        ),
        Some(_) => Ok(()),
    }
}

/// The filings whose leaf is among those placed, and the positions of certified keys: a writer may have filed since the
/// checkpoint was read.
fn told(store: &Store, placed: &[PlacedLeaf]) -> Result<(Vec<Filing>, Vec<u64>)> {
    let covered: BTreeMap<u64, u64> =
        placed.iter().filter_map(|placed| Some((placed.leaf.seq?, placed.position))).collect();
    let (mut filings, mut keys) = (Vec::new(), Vec::new());
    store.events_after(0, |row| {
        let Some(position) = covered.get(&row.seq) else { return Ok(()) };
        let event = wire::decode(std::str::from_utf8(&row.body)?)?.event;
        if matches!(event, Event::Receipt(ReceiptEvent::KeyCertified(_))) {
            keys.push(*position);
        }
        if let Event::ReportFiled(filing) = event {
            filings.push(filing);
        }
        Ok(())
    })?;
    Ok((filings, keys))
}

/// The paths of filings: their files, each with the hash that was filed, and the opening of each one's own leaf; and those
/// of certified keys.
fn filed_paths(filings: &[Filing], keys: &[u64]) -> BTreeMap<String, Option<FileHash>> {
    let keys = keys.iter().map(|position| (place::key_path(*position), None));
    let own = filings.iter().map(|filing| (place::filing_path(filing.year, filing.kind), None)).chain(keys);
    let named = filings.iter().flat_map(|filing| &filing.files);
    named.map(|(path, hash)| (path.clone(), Some(*hash))).chain(own).collect()
}

/// A file of a filing, as the register keeps it. The opening of a filing's own leaf can be made again at any time; a file
/// that was filed cannot, for its bytes are promised, so another in its place is not published.
pub(crate) fn filed_file(dir: &Path, path: &str, hash: Option<FileHash>) -> Result<Vec<u8>> {
    let hint = match hash {
        None if place::key_of(path).is_some() => "run `candor grow`, which writes it again",
        None => "run `candor file` for its year again",
        Some(_) => "put it back from a backup of the register or from a published folder",
    };
    let bytes = files::read(&dir.join("filed").join(path))
        .with_context(|| format!("`{path}` is not in the register's folder (hint: {hint})"))?;
    if hash.is_some_and(|hash| FileHash::of(&bytes) != hash) {
        bail!("`{path}` in the register's folder is not the file that was filed (hint: {hint})");
    }
    Ok(bytes)
}

/// Removes the half files that a failure left where only publishing writes.
fn remove_parts(out: &Path) -> Result<()> {
    let mut parts = vec![format!("checkpoint{}", files::PART)];
    for folder in OWN_FOLDERS {
        let paths = files::paths(&out.join(folder))?.into_iter();
        parts.extend(paths.filter(|path| path.ends_with(files::PART)).map(|path| format!("{folder}/{path}")));
    }
    for part in parts.iter().map(|part| out.join(part)).filter(|part| part.symlink_metadata().is_ok()) {
        fs::remove_file(&part).with_context(|| format!("failed to remove the half file `{}`", part.display()))?;
    }
    Ok(())
}

/// Removes what is a tile by its name and not of this tree, but for the beginnings of tiles that are not full yet.
fn remove_old_tiles(out: &Path, tiles: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    for path in files::paths(&out.join("tile"))? {
        let path = format!("tile/{path}");
        if tiles.contains_key(&path) || tlog::TilePath::parse(&path).is_err() {
            continue;
        }
        let old = out.join(&path);
        if is_beginning(&path, &files::read(&old)?, tiles) {
            continue;
        }
        fs::remove_file(&old).with_context(|| format!("failed to remove the old tile `{}`", old.display()))?;
        // The folder of partial tiles goes with its last one; a folder that is not empty stays.
        drop(old.parent().map(fs::remove_dir));
    }
    Ok(())
}

/// Whether these bytes, at the path of a partial tile, begin the present tile of the same index, and that one is partial.
fn is_beginning(path: &str, bytes: &[u8], tiles: &BTreeMap<String, Vec<u8>>) -> bool {
    let Some((full, _)) = path.rsplit_once(".p/") else { return false };
    let partial = format!("{full}.p/");
    let present = tiles.range(partial.clone()..).next().filter(|(present, _)| present.starts_with(&partial));
    present.is_some_and(|(_, present)| present.starts_with(bytes))
}
