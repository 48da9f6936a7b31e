//! Writes a log for readers that are not ours: `crates/tlog/tests/go` reads it.
//!
//! `growing_log FOLDER` makes one log of invented entries as it stood at every size from 0 to 600 and around the edges of
//! tiles: `key`, `log/` with the newest checkpoint and all tiles and bundles that any size has, partial ones too, `older/SIZE`
//! with the checkpoint of each size before, and `proofs`, one to a line: `inclusion SIZE INDEX HASH…` or
//! `consistency OLD NEW HASH…`.

#![expect(
    clippy::disallowed_methods,
    reason = "another program reads what this writes; the library itself has no files"
)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tlog::{Checkpoint, Hash, SigningKey, hash_leaf};

/// The largest log: a level 1 tile that is full, and one more leaf above it.
const LARGEST: u64 = 65_793;

/// Sizes around the edges of tiles on levels 1 and 2.
const EDGES: [u64; 4] = [65_535, 65_536, 65_537, LARGEST];

/// Every size up to this one.
const SWEPT: u64 = 600;

const ORIGIN: &str = "example.test/growing";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: growing_log FOLDER")?);
    let key = SigningKey::from_seed(ORIGIN, &[0; 32])?;
    write(&folder, "key", format!("{}\n", key.vkey()).as_bytes())?;
    let entries: Vec<[u8; 32]> = (0..LARGEST).map(|index| hash_leaf(&index.to_be_bytes()).0).collect();
    let mut proofs = String::new();
    let mut before = 0;
    for size in (0..=SWEPT).chain(EDGES) {
        let entries: Vec<&[u8]> = entries.iter().map(<[u8; 32]>::as_slice).take(usize::try_from(size)?).collect();
        let leaves: Vec<Hash> = entries.iter().map(|entry| hash_leaf(entry)).collect();
        for (path, bytes) in tlog::tiles(&leaves).into_iter().chain(tlog::entry_bundles(&entries)?) {
            let written = folder.join("log").join(&path).exists();
            if !written {
                write(&folder, &format!("log/{path}"), &bytes)?;
            }
        }
        let root = tlog::root(&leaves);
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root, extensions: Vec::new() };
        let path = if size == LARGEST { "log/checkpoint".to_owned() } else { format!("older/{size}") };
        write(&folder, &path, tlog::sign(&checkpoint.to_string(), &[&key])?.as_bytes())?;
        prove(&leaves, before, &mut proofs)?;
        before = size;
    }
    write(&folder, "proofs", proofs.as_bytes())?;
    Ok(())
}

/// Our proofs of a few leaves of this tree, and that it continues the one before.
fn prove(leaves: &[Hash], before: u64, proofs: &mut String) -> Result<(), Box<dyn Error>> {
    let size = u64::try_from(leaves.len())?;
    // The empty tree begins every tree by an empty proof, which the library of Go does not know.
    if before > 0 {
        let proof = tlog::consistency_proof(leaves, before)?;
        writeln!(proofs, "consistency {before} {size}{}", hashes(&proof))?;
    }
    let mut indexes: Vec<u64> = [0, size / 3, size / 2, size.saturating_sub(1)].into_iter().collect();
    indexes.retain(|index| *index < size);
    indexes.dedup();
    for index in indexes {
        let proof = tlog::inclusion_proof(leaves, index)?;
        writeln!(proofs, "inclusion {size} {index}{}", hashes(&proof))?;
    }
    Ok(())
}

fn hashes(proof: &[Hash]) -> String {
    proof.iter().map(|hash| format!(" {hash}")).collect()
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, bytes)?)
}
