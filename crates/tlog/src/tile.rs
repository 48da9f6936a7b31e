//! The tree as static files: hash tiles and entry bundles of [c2sp.org/tlog-tiles](https://c2sp.org/tlog-tiles).
//!
//! It must not know where the files are: paths are relative to the log's folder, and reading is a function that comes in as an argument.

use std::error::Error;
use std::fmt;

use crate::hash::Hash;
use crate::tree::root;
use crate::{count, quote};

/// Hashes of a full tile, and entries of a full bundle.
const FULL_WIDTH: u16 = 256;
/// Bits of a leaf index that one level of tiles covers.
const LEVEL_BITS: u8 = 8;
/// Levels of a tree whose size fits 64 bits.
const LEVELS: u8 = 8;
/// The highest level a path may name, by the specification.
const LEVEL_MAX: u8 = 63;
/// Reading a log stops after so many problems.
const PROBLEMS_MAX: usize = 1000;

/// The path of one tile or bundle, relative to the log's folder: `tile/0/x001/234` or, partial, `tile/entries/000.p/12`.
///
/// INVARIANT: level and width are in range, so that the path it displays as parses to the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of 32 bytes: leaf hashes on level 0, roots of full tiles of the level below on the others.
    Hashes {
        /// 0 to 63.
        level: u8,
    },
    /// Log entries, each after its length.
    Entries,
}

/// What is wrong with a path, an entry or a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileError {
    /// Not the one spelling of a path of a tile or bundle.
    Path {
        /// The path as found.
        path: String,
    },
    /// An entry longer than a bundle can say.
    EntryTooLong {
        /// Index of the entry in the log, from 0.
        index: u64,
        /// Its length; 65535 is the most.
        size_bytes: usize,
    },
    /// A bundle ends before its last entry does.
    BundleTooShort {
        /// Whole entries found.
        found: usize,
        /// Entries it must hold.
        width: u16,
    },
    /// A bundle goes on after its last entry.
    BundleTooLong {
        /// Bytes that belong to no entry.
        extra_bytes: usize,
        /// Entries it must hold.
        width: u16,
    },
}

/// What is wrong with one tile of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileProblem {
    /// The tile is not there.
    Missing {
        /// Path of the tile.
        path: String,
    },
    /// The tile has the wrong length.
    Length {
        /// Path of the tile.
        path: String,
        /// Its length.
        found_bytes: usize,
        /// The length that the size of the tree asks for.
        expected_bytes: usize,
    },
    /// A hash of the tile is not the root of the tile below. Either of the two may be the changed one.
    Hash {
        /// Path of the upper tile.
        path: String,
        /// Which of its hashes, from 0.
        position: usize,
        /// Path of the full tile one level down.
        below: String,
    },
}

impl TilePath {
    /// Reads a path relative to the log's folder.
    ///
    /// # Errors
    ///
    /// [`TileError::Path`] for anything but the one spelling of a path.
    pub fn parse(text: &str) -> Result<Self, TileError> {
        parse_path(text)
            // Leading zeros, signs and empty groups are read, but never written.
            .filter(|path| path.to_string() == text)
            .ok_or_else(|| TileError::Path { path: text.to_owned() })
    }

    /// What the tile holds.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// The index of the tile in its level, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Hashes or entries in the tile: 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is full, so that it has a hash on the level above and never changes again.
    const fn is_full(&self) -> bool {
        self.width == FULL_WIDTH
    }
}

/// Every hash tile of the tree over these leaf hashes, with its path: level by level, from left to right, partial tiles last.
///
/// Full tiles never change when the tree grows. The bytes of all tiles are about 32 for each leaf.
#[must_use]
pub fn tiles(leaves: &[Hash]) -> Vec<(String, Vec<u8>)> {
    let mut tiles = Vec::new();
    let mut hashes = leaves.to_vec();
    for level in 0..LEVELS {
        let paths = paths_of(TileKind::Hashes { level }, count(&hashes));
        for (path, chunk) in paths.zip(hashes.chunks(usize::from(FULL_WIDTH))) {
            let hashes: Vec<[u8; 32]> = chunk.iter().map(|hash| hash.0).collect();
            tiles.push((path.to_string(), hashes.into_flattened()));
        }
        let full_tiles = hashes.chunks_exact(usize::from(FULL_WIDTH));
        hashes = full_tiles.map(root).collect();
    }
    tiles
}

/// Every entry bundle of a log of these entries, with its path. In a bundle each entry follows its length, 2 bytes, big-endian.
///
/// # Errors
///
/// [`TileError::EntryTooLong`] for the first entry of more than 65535 bytes.
pub fn entry_bundles(entries: &[&[u8]]) -> Result<Vec<(String, Vec<u8>)>, TileError> {
    let mut bundles = Vec::new();
    let mut index = 0;
    let paths = paths_of(TileKind::Entries, count(entries));
    for (path, chunk) in paths.zip(entries.chunks(usize::from(FULL_WIDTH))) {
        let mut bytes = Vec::new();
        for entry in chunk {
            let size_bytes = entry.len();
            let length = u16::try_from(size_bytes).map_err(|_| TileError::EntryTooLong { index, size_bytes })?;
            bytes.extend(length.to_be_bytes());
            bytes.extend_from_slice(entry);
            index += 1;
        }
        bundles.push((path.to_string(), bytes));
    }
    Ok(bundles)
}

/// The entries of a bundle that must hold `width` of them.
///
/// # Errors
///
/// [`TileError::BundleTooShort`] or [`TileError::BundleTooLong`].
pub fn parse_entry_bundle(bytes: &[u8], width: u16) -> Result<Vec<Vec<u8>>, TileError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while entries.len() < usize::from(width) {
        let Some((entry, after)) = split_entry(rest) else {
            return Err(TileError::BundleTooShort { found: entries.len(), width });
        };
        entries.push(entry.to_vec());
        rest = after;
    }
    if !rest.is_empty() {
        return Err(TileError::BundleTooLong { extra_bytes: rest.len(), width });
    }
    Ok(entries)
}

/// The paths of all hash tiles of a tree of this size, in the order of [`tiles`].
///
/// There is one path for every 255 leaves or so: call this for a size that tiles were read for, not for one that a stranger claims.
#[must_use]
pub fn tile_paths(size: u64) -> Vec<String> {
    levels(size)
        .flat_map(|(level, hashes)| paths_of(TileKind::Hashes { level }, hashes))
        .map(|path| path.to_string())
        .collect()
}

/// The paths of all entry bundles of a log of this size, from left to right. The warning at [`tile_paths`] holds here too.
#[must_use]
pub fn bundle_paths(size: u64) -> Vec<String> {
    paths_of(TileKind::Entries, size).map(|path| path.to_string()).collect()
}

/// The leaf hashes of a log of this size, read from its level 0 tiles, after every other tile was checked against the tiles below it.
/// `read` gives the bytes of a path relative to the log's folder, or nothing.
///
/// The caller compares the [`root`] of the leaves with a checkpoint: only that shows a change in a partial tile of level 0, or the same
/// change made on all levels.
///
/// # Errors
///
/// All problems found. Reading stops after the tile that brings them to 1000, so a hostile size costs no more than that.
pub fn leaves_from_tiles(
    size: u64,
    mut read: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Vec<Hash>, Vec<TileProblem>> {
    let mut leaves = Vec::new();
    let mut problems = Vec::new();
    let mut full_tiles_below = Vec::new();
    for (level, hashes) in levels(size) {
        let mut below = std::mem::take(&mut full_tiles_below).into_iter();
        for path in paths_of(TileKind::Hashes { level }, hashes) {
            let below: Vec<Below> = below.by_ref().take(usize::from(path.width)).collect();
            let tile = match read_tile(&path, &mut read) {
                Ok(tile) => {
                    problems.extend(compare(&path, &tile, &below));
                    Some(tile)
                }
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            };
            if problems.len() >= PROBLEMS_MAX {
                return Err(problems);
            }
            if path.is_full() {
                let root = tile.as_deref().map(root);
                full_tiles_below.push(Below { path, root });
            }
            if level == 0 {
                leaves.extend(tile.unwrap_or_default());
            }
        }
    }
    if problems.is_empty() { Ok(leaves) } else { Err(problems) }
}

/// A full tile that was read, with its root, or without one if it was missing or had the wrong length.
struct Below {
    path: TilePath,
    root: Option<Hash>,
}

/// The hashes of a tile as the log has it.
fn read_tile(path: &TilePath, read: &mut impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Vec<Hash>, TileProblem> {
    let path_text = path.to_string();
    let Some(bytes) = read(&path_text) else {
        return Err(TileProblem::Missing { path: path_text });
    };
    let (found_bytes, expected_bytes) = (bytes.len(), usize::from(path.width) * 32);
    if found_bytes != expected_bytes {
        return Err(TileProblem::Length { path: path_text, found_bytes, expected_bytes });
    }
    let (hashes, _) = bytes.as_chunks::<32>();
    Ok(hashes.iter().copied().map(Hash).collect())
}

/// The hashes of a tile that are not the roots of the full tiles below. Nothing is below level 0.
fn compare(path: &TilePath, tile: &[Hash], below: &[Below]) -> Vec<TileProblem> {
    let mut problems = Vec::new();
    for (position, (hash, below)) in tile.iter().zip(below).enumerate() {
        if below.root.is_some_and(|root| root != *hash) {
            problems.push(TileProblem::Hash { path: path.to_string(), position, below: below.path.to_string() });
        }
    }
    problems
}

/// The levels of a tree of this size, each with its number of hashes: `floor(size / 256^level)`.
fn levels(size: u64) -> impl Iterator<Item = (u8, u64)> {
    (0..LEVELS).map(move |level| (level, size >> (LEVEL_BITS * level))).take_while(|(_, hashes)| *hashes > 0)
}

/// The tiles that so many hashes or entries fill from left to right. The last is partial, unless all are full.
fn paths_of(kind: TileKind, items: u64) -> impl Iterator<Item = TilePath> {
    let full = (0..items >> LEVEL_BITS).map(move |index| TilePath { kind, index, width: FULL_WIDTH });
    // The lowest byte is what is left over by 256.
    let [left_over, ..] = items.to_le_bytes();
    let partial = (left_over > 0).then(|| TilePath { kind, index: items >> LEVEL_BITS, width: u16::from(left_over) });
    full.chain(partial)
}

/// The first entry of a bundle, and the bytes after it.
fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Reads a path in any spelling: the caller lets one through.
fn parse_path(text: &str) -> Option<TilePath> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes { level: level.parse().ok().filter(|level| *level <= LEVEL_MAX)? },
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok()?),
        None => (rest, FULL_WIDTH),
    };
    let mut index: u64 = 0;
    for group in groups.split('/') {
        let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index = index.checked_mul(1000)?.checked_add(group)?;
    }
    (1..=FULL_WIDTH).contains(&width).then_some(TilePath { kind, index, width })
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        write_index(f, self.index)?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// An index in groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    // A 64-bit number has up to seven groups; the power of the highest one not zero says how many this one has.
    let mut power = 1;
    while index / power >= 1000 {
        power *= 1000;
    }
    while power > 1 {
        write!(f, "x{:03}/", index / power % 1000)?;
        power /= 1000;
    }
    write!(f, "{:03}", index % 1000)
}

impl fmt::Display for TileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { path } => write!(f, "{} is not the path of a tile", quote(path)),
            Self::EntryTooLong { index, size_bytes } => {
                write!(f, "entry {index} has {size_bytes} bytes, 65535 is the most")
            }
            Self::BundleTooShort { found, width } => {
                write!(f, "bundle of {width} entries ends after {found}")
            }
            Self::BundleTooLong { extra_bytes, width } => {
                write!(f, "bundle of {width} entries has {extra_bytes} bytes after the last")
            }
        }
    }
}

impl fmt::Display for TileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "tile `{path}` is missing"),
            Self::Length { path, found_bytes, expected_bytes } => {
                write!(f, "tile `{path}` has {found_bytes} bytes instead of {expected_bytes}")
            }
            Self::Hash { path, position, below } => {
                write!(f, "hash {position} of tile `{path}` is not the root of tile `{below}`")
            }
        }
    }
}

impl Error for TileError {}

impl Error for TileProblem {}

#[cfg(test)]
mod tests;
