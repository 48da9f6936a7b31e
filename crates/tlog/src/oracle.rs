//! What the tests of several files share: leaves, the logs of another maker, and small edits. Never built into the library.

use proptest::prelude::*;
use proptest::sample::Index;
use tlog_tiles::tlog;

use crate::hash::{Hash, hash_leaf};

/// A log of tlog_tiles, over the same leaves as ours.
pub(crate) struct Oracle(Vec<tlog::Hash>);

impl tlog::HashReader for Oracle {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let hash = |index: &u64| self.0[usize::try_from(*index).unwrap()];
        Ok(indexes.iter().map(hash).collect())
    }
}

impl Oracle {
    pub(crate) fn over(leaves: &[Hash]) -> Self {
        let mut log = Self(Vec::new());
        for (index, leaf) in (0..).zip(leaves) {
            let leaf = theirs(leaf);
            let new = tlog::stored_hashes_for_record_hash(index, leaf, &log).unwrap();
            log.0.extend(new);
        }
        log
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        Hash(tlog::tree_hash(size, self).unwrap().0)
    }

    pub(crate) fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        ours(&tlog::prove_record(size, index, self).unwrap())
    }

    pub(crate) fn consistency(&self, old_size: u64, new_size: u64) -> Vec<Hash> {
        ours(&tlog::prove_tree(new_size, old_size, self).unwrap())
    }
}

pub(crate) fn theirs(hash: &Hash) -> tlog::Hash {
    tlog::Hash(hash.0)
}

fn ours(proof: &[tlog::Hash]) -> Vec<Hash> {
    proof.iter().map(|hash| Hash(hash.0)).collect()
}

/// Distinct leaves, the same ones each time.
pub(crate) fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| hash_leaf(&index.to_be_bytes())).collect()
}

/// The same few cases on every run, and no file of failures.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(6962),
        ..ProptestConfig::default()
    }
}

/// One character put in, taken out or replaced.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    at: Index,
    removed: usize,
    inserted: &'static str,
}

/// Edits that matter to formats of lines, numbers and base64.
pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let inserted = ["", "\n", "\n\n", "\r", " ", "+", "0", "1", "=", "A", "/", "é", "\u{7f}", "—", "— a AAAAAAAA\n"];
    let parts = (any::<Index>(), 0..=2_usize, prop::sample::select(inserted.to_vec()));
    parts.prop_map(|(at, removed, inserted)| Edit { at, removed, inserted })
}

pub(crate) fn edited(text: &str, edits: &[Edit]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for edit in edits {
        let from = edit.at.index(characters.len() + 1);
        let until = (from + edit.removed).min(characters.len());
        characters.splice(from..until, edit.inserted.chars());
    }
    characters.into_iter().collect()
}
