//! Publishing: the checkpoint and everything under it as static files that any web server can serve.
//!
//! The order survives a cut at any step, since a reader starts from the checkpoint:
//!
//! 1. Tiles and entries. If the power fails here, the old checkpoint stands and its files are whole.
//! 2. Openings, law packs and filings. As before; what no checkpoint covers yet is not looked for.
//! 3. The checkpoint. INVARIANT: no checkpoint is public before its tiles.
//! 4. Partial tiles of older sizes are removed. If the power fails here, some are left over until the next time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tlog::{Checkpoint, Hash, Note};
use verify::filings as place;

use crate::app::replay;
use crate::files;
use crate::store::Store;

/// What was published.
#[derive(Debug)]
pub(crate) struct Published {
    /// Leaves.
    pub(crate) size: u64,
    /// Files in the folder.
    pub(crate) files: usize,
    /// Files written this time.
    pub(crate) written: usize,
}

/// Publishes the register in `dir` to the folder `out`. Reads only, so it works beside a writer.
pub(crate) fn publish(dir: &Path, out: &Path) -> Result<Published> {
    let store = Store::open_read_only(dir)?;
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
    let mut written = 0;
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for (path, bytes) in tlog::tiles(&leaves).into_iter().chain(tlog::entry_bundles(&roots)?) {
        written += usize::from(files::write_if_other(&out.join(&path), &bytes)?);
        kept.insert(path);
    }
    let mut count = kept.len() + 1;
    for path in filed_paths(&store)? {
        let from = dir.join("filed").join(&path);
        let bytes = files::read(&from).with_context(|| {
            format!("`{path}` of a filing is not in the register's folder (hint: run `candor file` for its year again)")
        })?;
        written += usize::from(files::write_if_other(&out.join(&path), &bytes)?);
        count += 1;
    }
    written += usize::from(files::write_if_other(&out.join("checkpoint"), note.as_bytes())?);
    remove_old_tiles(out, &kept)?;
    Ok(Published { size: checkpoint.size, files: count, written })
}

/// The paths of all filings: their files, and the opening of each one's own leaf.
fn filed_paths(store: &Store) -> Result<BTreeSet<String>> {
    let register = replay(store, None)?;
    let mut paths = BTreeSet::new();
    for filing in &register.filings {
        paths.extend(filing.files.keys().cloned());
        paths.insert(place::filing_path(filing.year, filing.kind));
    }
    Ok(paths)
}

fn remove_old_tiles(out: &Path, kept: &BTreeSet<String>) -> Result<()> {
    for path in files::read_folder(&out.join("tile"))?.into_keys() {
        let path = format!("tile/{path}");
        // Only what is a tile by its name is ours to remove.
        if !kept.contains(&path) && tlog::TilePath::parse(&path).is_ok() {
            let old = out.join(&path);
            fs::remove_file(&old).with_context(|| format!("failed to remove the old tile `{}`", old.display()))?;
            // The folder of partial tiles goes with its last one; a folder that is not empty stays.
            drop(old.parent().map(fs::remove_dir));
        }
    }
    Ok(())
}
