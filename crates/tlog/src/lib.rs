//! The public transparency log: a Merkle tree over opaque leaves, cut into static files that any web server can hold and any stranger
//! can check.
//!
//! It must know nothing of requests, persons or law, and it does no I/O: leaves, keys and bytes come in as arguments, bytes and hashes go
//! out. There is no clock and no randomness here, so the same leaves give the same files on every machine.
//!
//! In reading order:
//!
//! 1. [`hash`]: leaf and node hashes, RFC 6962 section 2.1.
//! 2. [`tree`]: roots, and proofs of inclusion and consistency, RFC 6962 section 2.1 and RFC 9162 section 2.1.
//! 3. [`tile`]: the tree as files, [c2sp.org/tlog-tiles](https://c2sp.org/tlog-tiles).
//! 4. [`note`]: signed text, [c2sp.org/signed-note](https://c2sp.org/signed-note).
//! 5. [`checkpoint`]: the text that is signed, [c2sp.org/tlog-checkpoint](https://c2sp.org/tlog-checkpoint).
//! 6. [`cosignature`]: what witnesses add to it, [c2sp.org/tlog-cosignature](https://c2sp.org/tlog-cosignature).
//!
//! INVARIANT: what a parser here accepts has exactly one spelling: writing it again gives the bytes that were read.
//!
//! INVARIANT: no input, however hostile, makes a function here panic.

pub mod checkpoint;
pub mod cosignature;
pub mod hash;
pub mod note;
pub mod tile;
pub mod tree;

#[cfg(test)]
mod oracle;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::WitnessKey;
pub use hash::{Hash, ParseHashError, hash_empty, hash_leaf, hash_node};
pub use note::{Note, NoteError, Signature, SigningKey, VerifyingKey, sign};
pub use tile::{
    TileError, TileKind, TilePath, TileProblem, bundle_paths, entry_bundles, leaves_from_tiles, parse_entry_bundle,
    tile_paths, tiles,
};
pub use tree::{
    Frontier, ProofError, consistency_proof, inclusion_proof, root, root_from_inclusion, verify_consistency,
    verify_inclusion,
};

/// How much of a text an error message repeats, in characters.
const QUOTED_CHARS: usize = 100;

/// A text of unknown origin as a message shows it: in backticks, cut, and without control characters that would reach a terminal.
fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for character in text.chars().take(QUOTED_CHARS) {
        if character.is_control() {
            quoted.extend(character.escape_default());
        } else {
            quoted.push(character);
        }
    }
    if text.chars().nth(QUOTED_CHARS).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// The number of items as a tree size. A `usize` has at most 64 bits wherever this runs, so nothing is cut.
fn count<T>(items: &[T]) -> u64 {
    items.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// docs/LOG-FORMAT.md shows these values.
    #[test]
    fn the_worked_example_of_the_format_holds() {
        let entries: [&[u8]; 3] = [b"one", b"two", b"three"];
        let leaves = entries.map(hash_leaf);
        let checkpoint =
            Checkpoint { origin: "example.test/log".to_owned(), size: 3, root: root(&leaves), extensions: Vec::new() };
        let key = SigningKey::from_seed("example.test/log", &[0; 32]).unwrap();
        let note = sign(&checkpoint.to_string(), &[&key]).unwrap();
        let [(tile_path, tile)] = tiles(&leaves).try_into().unwrap();
        let [(bundle_path, bundle)] = entry_bundles(&entries).unwrap().try_into().unwrap();

        let leaves_expected = [
            "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=",
            "qxq38Hx8j+Dv9LpvqlPH5EEukaWZFT6KpOAb7s5beCU=",
            "Zx8UbF5HHooag6PCFM5LqQe486WIjRTMjNPOdbsS75Q=",
        ];
        let node_expected = "T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=";
        let vkey_expected = "example.test/log+383cb154+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
        let note_expected = "example.test/log\n\
            3\n\
            Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n\
            \n\
            — example.test/log ODyxVIBrGrqbM2aadaVvXIQ8bDl60rTs/VeCLrjGIFXNXny3EN/OhdRCOG91dgF0m7TZxHYLuVKrXf1U7OebQ7uXFgk=\n";
        assert_eq!(leaves.map(|leaf| leaf.to_string()), leaves_expected);
        assert_eq!(hash_node(&leaves[0], &leaves[1]).to_string(), node_expected);
        assert_eq!(tile_path, "tile/0/000.p/3");
        assert_eq!(tile, leaves.map(|leaf| leaf.0).concat());
        assert_eq!(bundle_path, "tile/entries/000.p/3");
        assert_eq!(bundle, b"\x00\x03one\x00\x03two\x00\x05three");
        assert_eq!(key.vkey().to_string(), vkey_expected);
        assert_eq!(note, note_expected);
    }
}
