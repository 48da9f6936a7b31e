use proptest::prelude::*;
use tlog_tiles::tlog;

use super::*;
use crate::hash::hash_leaf;
use crate::oracle::{Oracle, cases, leaves, theirs};

/// Leaves, the roots of their trees of 0 to 8, and proofs: the reference vectors of Certificate Transparency, as in
/// transparency-dev/merkle `testonly`.
const ENTRIES: [&[u8]; 8] = [
    &[],
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const INCLUSIONS: [(usize, usize, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];
const CONSISTENCIES: [(usize, usize, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn hex(hash: &Hash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hexes(proof: &[Hash]) -> Vec<String> {
    proof.iter().map(hex).collect()
}

/// The proof is the one of the oracle, and it holds.
fn check_inclusion(log: &Oracle, leaves: &[Hash], index: usize) {
    let (leaf, index, size) = (leaves[index], index as u64, count(leaves));
    let proof = inclusion_proof(leaves, index).unwrap();
    assert_eq!(proof, log.inclusion(index, size), "{index} in {size}");
    let held = verify_inclusion(&leaf, index, size, &proof, &log.root(size));
    assert_eq!(held, Ok(()), "{index} in {size}");
}

/// The proof is the one of the oracle, and it holds.
fn check_consistency(log: &Oracle, leaves: &[Hash], old_size: usize) {
    let (old_size, size) = (old_size as u64, count(leaves));
    let proof = consistency_proof(leaves, old_size).unwrap();
    assert_eq!(proof, log.consistency(old_size, size), "{old_size} to {size}");
    let held = verify_consistency(old_size, &log.root(old_size), size, &log.root(size), &proof);
    assert_eq!(held, Ok(()), "{old_size} to {size}");
}

#[test]
fn the_reference_vectors_hold() {
    let leaves = ENTRIES.map(hash_leaf);
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(hex(&root(&leaves[..size])), *expected, "{size} leaves");
    }
    for (index, size, expected) in INCLUSIONS {
        let proof = inclusion_proof(&leaves[..size], index as u64).unwrap();
        assert_eq!(hexes(&proof), expected, "{index} in {size}");
    }
    for (old_size, new_size, expected) in CONSISTENCIES {
        let proof = consistency_proof(&leaves[..new_size], old_size as u64).unwrap();
        assert_eq!(hexes(&proof), expected, "{old_size} to {new_size}");
    }
}

#[test]
fn every_tree_up_to_600_leaves_has_the_root_of_the_oracle() {
    let leaves = leaves(600);
    let log = Oracle::over(&leaves);
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), log.root(0));
    for (size, leaf) in (1..).zip(&leaves) {
        frontier.push(*leaf);
        assert_eq!(frontier.root(), log.root(size), "{size} leaves");
    }
    assert_eq!(frontier.root(), root(&leaves));
}

#[test]
fn every_proof_of_a_small_tree_is_the_one_of_the_oracle() {
    let leaves = leaves(66);
    let log = Oracle::over(&leaves);
    for size in 1..=66 {
        for index in 0..size {
            check_inclusion(&log, &leaves[..size], index);
            check_consistency(&log, &leaves[..size], index + 1);
        }
    }
}

#[test]
fn proofs_at_the_edges_of_tiles_are_those_of_the_oracle() {
    let leaves = leaves(513);
    let log = Oracle::over(&leaves);
    for size in 127..=130 {
        for index in 0..size {
            check_inclusion(&log, &leaves[..size], index);
            check_consistency(&log, &leaves[..size], index + 1);
        }
    }
    let edges = [0, 1, 2, 127, 128, 129, 254, 255, 256, 257, 510, 511, 512];
    for size in [255, 256, 257, 511, 512, 513] {
        for index in edges.into_iter().filter(|index| *index < size) {
            check_inclusion(&log, &leaves[..size], index);
            check_consistency(&log, &leaves[..size], index + 1);
        }
    }
}

#[test]
fn every_consistency_up_to_130_leaves_holds() {
    let log = Oracle::over(&leaves(130));
    let roots: Vec<Hash> = (0..=130).map(|size| log.root(size)).collect();
    for (new_size, new_root) in (0..).zip(&roots) {
        for (old_size, old_root) in (0..=new_size).zip(&roots) {
            let proof = if old_size == 0 { Vec::new() } else { log.consistency(old_size, new_size) };
            let held = verify_consistency(old_size, old_root, new_size, new_root, &proof);
            assert_eq!(held, Ok(()), "{old_size} to {new_size}");
        }
    }
}

#[test]
fn a_changed_byte_breaks_a_proof() {
    let leaves = leaves(13);
    let log = Oracle::over(&leaves);
    let inclusion = [vec![leaves[5], log.root(13)], log.inclusion(5, 13)].concat();
    let consistency = [vec![log.root(5), log.root(13)], log.consistency(5, 13)].concat();
    let inclusion_holds = |hashes: &[Hash]| verify_inclusion(&hashes[0], 5, 13, &hashes[2..], &hashes[1]);
    let consistency_holds = |hashes: &[Hash]| verify_consistency(5, &hashes[0], 13, &hashes[1], &hashes[2..]);
    assert_eq!(inclusion_holds(&inclusion), Ok(()));
    assert_eq!(consistency_holds(&consistency), Ok(()));
    for byte in 0..inclusion.len() * 32 {
        let mut hashes = inclusion.clone();
        hashes[byte / 32].0[byte % 32] ^= 1;
        assert!(inclusion_holds(&hashes).is_err(), "byte {byte}");
    }
    for byte in 0..consistency.len() * 32 {
        let mut hashes = consistency.clone();
        hashes[byte / 32].0[byte % 32] ^= 1;
        assert!(consistency_holds(&hashes).is_err(), "byte {byte}");
    }
}

#[test]
fn a_proof_that_does_not_fit_is_named() {
    let leaves = leaves(8);
    let (three, eight, empty) = (root(&leaves[..3]), root(&leaves), hash_empty());
    let inclusion = inclusion_proof(&leaves, 2).unwrap();
    let consistency = consistency_proof(&leaves, 3).unwrap();
    let longer = |proof: &[Hash]| [proof, &[empty]].concat();
    let include = |index, size, proof: &[Hash]| verify_inclusion(&leaves[2], index, size, proof, &eight);

    #[rustfmt::skip]
    let refusals = [
        (inclusion_proof(&leaves, 8).map(drop), "no leaf 8 in a tree of 8 leaves".to_owned()),
        (inclusion_proof(&[], 0).map(drop), "no leaf 0 in a tree of 0 leaves".to_owned()),
        (include(8, 8, &inclusion), "no leaf 8 in a tree of 8 leaves".to_owned()),
        (include(0, 0, &[]), "no leaf 0 in a tree of 0 leaves".to_owned()),
        (include(2, 8, &inclusion[..2]), "proof of 2 hashes ends below the root".to_owned()),
        (include(2, 8, &longer(&inclusion)), "proof of 4 hashes goes on above the root".to_owned()),
        (verify_inclusion(&leaves[0], 0, 1, &[], &eight), format!("proof leads to root `{}`, not `{eight}`", leaves[0])),
        (consistency_proof(&leaves, 9).map(drop), "older tree of 9 leaves is larger than newer tree of 8".to_owned()),
        (verify_consistency(9, &eight, 8, &eight, &[]), "older tree of 9 leaves is larger than newer tree of 8".to_owned()),
        (verify_consistency(3, &three, 8, &eight, &[]), "proof of 0 hashes ends below the root".to_owned()),
        (verify_consistency(3, &three, 8, &eight, &consistency[..3]), "proof of 3 hashes ends below the root".to_owned()),
        (verify_consistency(3, &three, 8, &eight, &longer(&consistency)), "proof of 5 hashes goes on above the root".to_owned()),
        (verify_consistency(8, &eight, 8, &eight, &[empty]), "proof of 1 hashes goes on above the root".to_owned()),
        (verify_consistency(0, &empty, 8, &eight, &[empty]), "proof of 1 hashes goes on above the root".to_owned()),
        (verify_consistency(3, &eight, 8, &eight, &consistency), format!("proof leads to older root `{three}`, not `{eight}`")),
        (verify_consistency(3, &three, 8, &three, &consistency), format!("proof leads to newer root `{eight}`, not `{three}`")),
        (verify_consistency(8, &three, 8, &eight, &[]), format!("proof leads to older root `{eight}`, not `{three}`")),
        (verify_consistency(0, &three, 8, &eight, &[]), format!("proof leads to older root `{empty}`, not `{three}`")),
        (verify_consistency(0, &empty, 0, &eight, &[]), format!("proof leads to newer root `{empty}`, not `{eight}`")),
    ];
    for (refusal, expected) in refusals {
        assert_eq!(refusal.unwrap_err().to_string(), expected);
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// A proof with one hash repeated, dropped or put elsewhere, for sizes that may be wrong, holds here if and only if the oracle
    /// says so.
    #[test]
    fn we_accept_what_the_oracle_accepts(
        (size, index, wrong) in (2..70_u64).prop_flat_map(|size| (Just(size), 0..size, 0..2_u64)),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        removed in 0..2_usize,
    ) {
        let leaves = leaves(size);
        let log = Oracle::over(&leaves);
        let change = |proof: Vec<Hash>| {
            let Some(hash) = proof.get(from.index(proof.len().max(1))).copied() else { return proof };
            let mut changed = proof;
            changed.drain(0..removed);
            changed.insert(to.index(changed.len() + 1), hash);
            changed
        };
        let (node, root, claimed) = (leaves[usize::try_from(index).unwrap()], log.root(size), size + wrong);

        let proof = change(log.inclusion(index, size));
        let accepted = verify_inclusion(&node, index, claimed, &proof, &root).is_ok();
        let proof = proof.iter().map(theirs).collect();
        prop_assert_eq!(accepted, tlog::check_record(&proof, claimed, theirs(&root), index, theirs(&node)).is_ok());

        let (old_size, old_root) = (index + 1, log.root(index + 1));
        let proof = change(log.consistency(old_size, size));
        let accepted = verify_consistency(old_size, &old_root, claimed, &root, &proof).is_ok();
        let proof = proof.iter().map(theirs).collect();
        prop_assert_eq!(accepted, tlog::check_tree(&proof, claimed, theirs(&root), old_size, theirs(&old_root)).is_ok());
    }

    /// Numbers up to the last of 64 bits end in an answer.
    #[test]
    fn no_size_is_too_hostile(index: u64, size: u64, hashes in 0..70_usize) {
        let (node, proof) = (hash_empty(), vec![hash_empty(); hashes]);
        for size in [size, u64::MAX, u64::MAX - 1] {
            let _ = root_from_inclusion(&node, index, size, &proof);
            let _ = verify_consistency(index, &node, size, &node, &proof);
        }
    }
}
