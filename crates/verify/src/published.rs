//! Key, tree and files of a published folder.

use std::collections::BTreeMap;

use register::time::Timestamp;
use tlog::{Checkpoint, Hash, Note, TileKind, TilePath, TileProblem, WitnessKey};

use crate::clock::Witnessed;
use crate::{Accounted, Cosigned, Files, Given, Promise, Verdict, open_checkpoint, say};

/// An entry of the log is the root of a leaf's slots.
const ENTRY_BYTES: usize = 32;

/// The signed checkpoint; none if it cannot be believed, and then nothing else is checked.
pub(crate) fn checkpoint(given: &Given<'_>, verdict: &mut Verdict) -> Option<(Note, Checkpoint)> {
    verdict.check(Promise::Signature, format!("the checkpoint, under the key `{}`", given.key.name()));
    let Some(bytes) = given.files.get("checkpoint") else {
        verdict.find(Promise::Signature, "checkpoint", "the file is missing");
        return None;
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            verdict.find(Promise::Signature, "checkpoint", "the file is no text");
            return None;
        }
    };
    match open_checkpoint(text, given.key) {
        Ok((note, checkpoint)) => {
            verdict.origin = checkpoint.origin.clone();
            verdict.size = checkpoint.size;
            Some((note, checkpoint))
        }
        Err(what) => {
            verdict.find(Promise::Signature, "checkpoint", what);
            None
        }
    }
}

/// Whether each witness that the reader asked for cosigned the checkpoint, and when. Signatures of all others say nothing here.
pub(crate) fn witnesses(given: &Given<'_>, note: &Note, size: u64, verdict: &mut Verdict) -> Vec<Witnessed> {
    if given.witnesses.is_empty() {
        return Vec::new();
    }
    for witness in given.witnesses {
        match witness.cosigned_at(note) {
            Ok(seconds) => {
                let cosigned = Cosigned { witness: say::plain(witness.name()), at: say::instant(seconds) };
                if !verdict.cosigned.contains(&cosigned) {
                    verdict.cosigned.push(cosigned);
                }
            }
            Err(error) => verdict.find(Promise::Witnessed, "checkpoint", error.to_string()),
        }
    }
    let seen: Vec<_> =
        verdict.cosigned.iter().map(|cosigned| format!("by `{}` at {}", cosigned.witness, cosigned.at)).collect();
    let seen = if seen.is_empty() { "by none that you named".to_owned() } else { say::list(&seen) };
    verdict.check(Promise::Witnessed, format!("the checkpoint, cosigned {seen}"));
    witnessed(given, note, size)
}

/// When each witness that the reader named saw this tree, if it did.
fn witnessed(given: &Given<'_>, note: &Note, size: u64) -> Vec<Witnessed> {
    let by = |witness: &WitnessKey| {
        let seconds = i64::try_from(witness.cosigned_at(note).ok()?).ok()?;
        let by = format!("`{}`", say::plain(witness.name()));
        Some(Witnessed { by, at: Timestamp::from_second(seconds).ok()?, size })
    };
    given.witnesses.iter().filter_map(by).collect()
}

/// The leaf hashes, if the tiles are those of the checkpoint. A wrong entry is a finding and makes no leaf doubtful.
pub(crate) fn leaves(files: &Files, checkpoint: &Checkpoint, verdict: &mut Verdict) -> Option<Vec<Hash>> {
    verdict.check(Promise::Tree, format!("{} leaves, every tile and entry, against the signed root", checkpoint.size));
    let leaves = match tlog::leaves_from_tiles(checkpoint.size, |path| files.get(path).cloned()) {
        Ok(leaves) => leaves,
        Err(problems) => {
            for problem in problems {
                verdict.find(Promise::Tree, path_of(&problem), problem.to_string());
            }
            return None;
        }
    };
    let signed = tlog::root(&leaves) == checkpoint.root;
    if !signed {
        // Full tiles were checked against those above them, so a change that shows here alone is in the last, partial one.
        let place = tlog::tile_paths(checkpoint.size).into_iter().rfind(|path| path.starts_with("tile/0/"));
        let what = "the tiles have another root than the one that is signed: this one, or all above one, was changed";
        verdict.find(Promise::Tree, place.unwrap_or_default(), what);
        return None;
    }
    check_entries(files, checkpoint.size, &leaves, verdict);
    Some(leaves)
}

fn path_of(problem: &TileProblem) -> &str {
    match problem {
        TileProblem::Missing { path } | TileProblem::Length { path, .. } | TileProblem::Hash { path, .. } => path,
    }
}

fn check_entries(files: &Files, size: u64, leaves: &[Hash], verdict: &mut Verdict) {
    let mut chunks = leaves.chunks(256);
    for path in tlog::bundle_paths(size) {
        let expected = chunks.next().unwrap_or_default();
        let Some(bytes) = files.get(&path) else {
            verdict.find(Promise::Tree, path, "the file is missing");
            continue;
        };
        // A tile is 256 wide at most.
        let width = u16::try_from(expected.len()).unwrap_or(u16::MAX);
        match tlog::parse_entry_bundle(bytes, width) {
            Ok(entries) if entries.iter().any(|entry| entry.len() != ENTRY_BYTES) => {
                verdict.find(
                    Promise::Tree,
                    path,
                    format!("an entry is no root of a leaf: it has not {ENTRY_BYTES} bytes"),
                );
            }
            Ok(entries) if entries.iter().map(|entry| tlog::hash_leaf(entry)).eq(expected.iter().copied()) => {}
            Ok(_) => verdict.find(Promise::Tree, path, "an entry is not the one whose hash is in the tree"),
            Err(error) => verdict.find(Promise::Tree, path, error.to_string()),
        }
    }
}

/// Whether the log holds all that it held at an older checkpoint; and which witnesses that the reader named saw that one.
pub(crate) fn since(
    given: &Given<'_>,
    now: &Checkpoint,
    leaves: Option<&[Hash]>,
    verdict: &mut Verdict,
) -> Vec<Witnessed> {
    let Some(text) = given.since else { return Vec::new() };
    let (note, old) = match open_checkpoint(text, given.key) {
        Ok(opened) => opened,
        Err(what) => {
            verdict.check(Promise::History, "the older checkpoint");
            verdict.find(Promise::History, "the older checkpoint", what);
            return Vec::new();
        }
    };
    let seen = witnessed(given, &note, old.size);
    let checked = format!("the older checkpoint of {} leaves against this one", old.size);
    if old.size > now.size {
        let what =
            format!("it has {} leaves and the published one has {}: the log was rolled back", old.size, now.size);
        verdict.check(Promise::History, checked);
        verdict.find(Promise::History, "the older checkpoint", what);
        return seen;
    }
    // Without leaves nothing was checked, and nothing is said to hold.
    let Some(leaves) = leaves else { return seen };
    verdict.check(Promise::History, checked);
    let kept = usize::try_from(old.size).ok().and_then(|size| leaves.get(..size));
    if kept.map(tlog::root) != Some(old.root) {
        let what = format!("the first {} leaves are not the ones it signed: the log was rewritten or forked", old.size);
        verdict.find(Promise::History, "the older checkpoint", what);
    }
    seen
}

/// The paths of checkpoint, tiles and entries.
pub(crate) fn own_paths(checkpoint: &Checkpoint) -> Accounted {
    let tiles = tlog::tile_paths(checkpoint.size).into_iter().chain(tlog::bundle_paths(checkpoint.size));
    tiles.chain(["checkpoint".to_owned()]).collect()
}

/// Accounts for partial tiles and bundles of older sizes, which tlog-tiles lets stay beside what followed them. Each must
/// be the beginning of the one that the present tree has in its place.
pub(crate) fn older_tiles(files: &Files, accounted: &mut Accounted, verdict: &mut Verdict) {
    let tiles = accounted.iter().filter_map(|path| Some((TilePath::parse(path).ok()?, path.clone())));
    let present: BTreeMap<(TileKind, u64), (u16, String)> =
        tiles.map(|(tile, path)| ((tile.kind(), tile.index()), (tile.width(), path))).collect();
    for (path, bytes) in files {
        let Some(older) = TilePath::parse(path).ok().filter(|_| !accounted.contains(path)) else { continue };
        let Some((width, now)) = present.get(&(older.kind(), older.index())) else { continue };
        if older.width() >= *width {
            continue;
        }
        accounted.insert(path.clone());
        let begins = files.get(now).is_some_and(|now| now.starts_with(bytes));
        if !begins || !is_whole(older, bytes) {
            verdict.find(
                Promise::Tree,
                path.clone(),
                format!("it is an older partial tile and does not begin `{now}`"),
            );
        }
    }
}

/// Whether there are as many hashes or entries as the path says, and nothing after them.
fn is_whole(tile: TilePath, bytes: &[u8]) -> bool {
    match tile.kind() {
        TileKind::Hashes { .. } => bytes.len() == usize::from(tile.width()) * size_of::<Hash>(),
        TileKind::Entries => tlog::parse_entry_bundle(bytes, tile.width()).is_ok(),
    }
}

/// Files that nothing accounts for.
pub(crate) fn unaccounted(files: &Files, accounted: &Accounted, verdict: &mut Verdict) {
    verdict.check(Promise::Accounted, format!("{} files", files.len()));
    for path in files.keys().filter(|path| !accounted.contains(*path)) {
        verdict.find(
            Promise::Accounted,
            path.clone(),
            "no checkpoint, tile or filing accounts for this file (hint: it was added after publishing, or renamed)",
        );
    }
}
