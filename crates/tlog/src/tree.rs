//! The Merkle tree over leaf hashes: roots, and proofs of inclusion and consistency.
//!
//! Roots and proofs are defined in [RFC 6962 section 2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1); they are checked with the
//! algorithms of [RFC 9162 sections 2.1.3.2 and 2.1.4.2](https://www.rfc-editor.org/rfc/rfc9162#section-2.1).
//!
//! It must not know where leaf hashes are kept: they come in as one slice, in order.

use std::error::Error;
use std::fmt;

use crate::count;
use crate::hash::{Hash, hash_empty, hash_node};

/// A tree that grows leaf by leaf, kept as the roots of its full subtrees: at most 64 hashes, whatever its size.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    /// INVARIANT: one root for each 1 bit of `size`, the largest subtree first.
    roots: Vec<Hash>,
    size: u64,
}

/// Why a proof was not made, or does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The tree has no leaf of this index, which counts from 0.
    IndexOutside {
        /// Index asked for.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// The older tree is the larger one.
    OldSizeLarger {
        /// Leaves of the older tree.
        old_size: u64,
        /// Leaves of the newer tree.
        new_size: u64,
    },
    /// The proof has fewer hashes than the sizes need.
    TooShort {
        /// Hashes found.
        found: usize,
    },
    /// The proof has more hashes than the sizes need.
    TooLong {
        /// Hashes found.
        found: usize,
    },
    /// Leaf and proof lead to another root.
    Root {
        /// Root the proof leads to.
        computed: Hash,
        /// Root that was given.
        given: Hash,
    },
    /// The proof leads to another root of the older tree.
    OldRoot {
        /// Root the proof leads to.
        computed: Hash,
        /// Root that was given.
        given: Hash,
    },
    /// The proof leads to another root of the newer tree.
    NewRoot {
        /// Root the proof leads to.
        computed: Hash,
        /// Root that was given.
        given: Hash,
    },
}

impl Frontier {
    /// A tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next leaf hash. Costs one node hash on average.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // A trailing 1 bit of the size is a full subtree that the new leaf makes twice as large.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                node = hash_node(&left, &node);
            }
        }
        self.roots.push(node);
        self.size += 1;
    }

    /// The root of all leaves pushed so far, RFC 6962 section 2.1.
    #[must_use]
    pub fn root(&self) -> Hash {
        let smallest_first = self.roots.iter().rev().copied();
        smallest_first.reduce(|right, left| hash_node(&left, &right)).unwrap_or_else(hash_empty)
    }
}

/// The root of the tree over these leaf hashes, RFC 6962 section 2.1. Without leaves it is [`hash_empty`].
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    frontier.root()
}

/// The proof that the leaf at `index`, counted from 0, is in the tree over `leaves`: RFC 6962 section 2.1.1, the lowest sibling first.
/// Hashes the whole tree once.
///
/// # Errors
///
/// [`ProofError::IndexOutside`] if there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: u64) -> Result<Vec<Hash>, ProofError> {
    let size = count(leaves);
    if index >= size {
        return Err(ProofError::IndexOutside { index, size });
    }
    let mut proof = Vec::new();
    let (mut leaves, mut index) = (leaves, index);
    while let Some((left, right)) = split(leaves) {
        if index < count(left) {
            proof.push(root(right));
            leaves = left;
        } else {
            proof.push(root(left));
            index -= count(left);
            leaves = right;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `leaf` is at `index` of the tree of `size` leaves under `root`, RFC 9162 section 2.1.3.2.
///
/// # Errors
///
/// What is wrong with the proof; see [`ProofError`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    let computed = root_from_inclusion(leaf, index, size, proof)?;
    if computed != *root {
        return Err(ProofError::Root { computed, given: *root });
    }
    Ok(())
}

/// The root that `leaf` at `index` of a tree of `size` leaves leads to by this proof, RFC 9162 section 2.1.3.2. The caller compares it
/// with a root it trusts.
///
/// # Errors
///
/// [`ProofError::IndexOutside`], [`ProofError::TooShort`] or [`ProofError::TooLong`].
pub fn root_from_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::IndexOutside { index, size });
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut node = *leaf;
    for sibling in proof {
        node = match climb.step(proof)? {
            Side::Left => hash_node(sibling, &node),
            Side::Right => hash_node(&node, sibling),
        };
    }
    climb.finish(proof)?;
    Ok(node)
}

/// The proof that the tree over the first `old_size` leaves is a beginning of the tree over all of them, RFC 6962 section 2.1.2.
///
/// It is empty if the trees are the same, and if the old tree is empty, which every tree begins with. Hashes the whole tree once.
///
/// # Errors
///
/// [`ProofError::OldSizeLarger`] if there are fewer than `old_size` leaves.
pub fn consistency_proof(leaves: &[Hash], old_size: u64) -> Result<Vec<Hash>, ProofError> {
    let new_size = count(leaves);
    if old_size > new_size {
        return Err(ProofError::OldSizeLarger { old_size, new_size });
    }
    let mut proof = Vec::new();
    if old_size == 0 {
        return Ok(proof);
    }
    let (mut leaves, mut old_size) = (leaves, old_size);
    let mut begins_the_tree = true;
    while let Some((left, right)) = split(leaves)
        && old_size < count(leaves)
    {
        if old_size <= count(left) {
            proof.push(root(right));
            leaves = left;
        } else {
            proof.push(root(left));
            old_size -= count(left);
            leaves = right;
            begins_the_tree = false;
        }
    }
    // The checker knows the old root already, if this subtree is the whole old tree.
    if !begins_the_tree {
        proof.push(root(leaves));
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the tree of `old_size` leaves under `old_root` is a beginning of the one under `new_root`, RFC 9162 section 2.1.4.2.
///
/// The RFC leaves the empty tree out. Here it is a beginning of every tree, by an empty proof.
///
/// # Errors
///
/// What is wrong with the sizes, the proof or the roots; see [`ProofError`].
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::OldSizeLarger { old_size, new_size });
    }
    if (old_size == 0 || old_size == new_size) && !proof.is_empty() {
        return Err(ProofError::TooLong { found: proof.len() });
    }
    let (computed_old, computed_new) = match (old_size, new_size) {
        (0, 0) => (hash_empty(), hash_empty()),
        (0, _) => (hash_empty(), *new_root),
        (old_size, new_size) if old_size == new_size => (*new_root, *new_root),
        (old_size, new_size) => roots_from_consistency(old_size, old_root, new_size, proof)?,
    };
    if computed_old != *old_root {
        return Err(ProofError::OldRoot { computed: computed_old, given: *old_root });
    }
    if computed_new != *new_root {
        return Err(ProofError::NewRoot { computed: computed_new, given: *new_root });
    }
    Ok(())
}

/// The old and the new root that a proof leads to, for `0 < old_size < new_size`.
fn roots_from_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    proof: &[Hash],
) -> Result<(Hash, Hash), ProofError> {
    // The walk starts at the largest full subtree that ends where the old tree ends. If that is the whole old tree, its hash is not sent.
    let height = old_size.trailing_zeros();
    let (start, siblings) = if old_size.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::TooShort { found: 0 })?;
        (*first, rest)
    };
    let mut climb = Climb { node: (old_size - 1) >> height, last: (new_size - 1) >> height };
    let (mut old, mut new) = (start, start);
    for sibling in siblings {
        match climb.step(proof)? {
            Side::Left => {
                old = hash_node(sibling, &old);
                new = hash_node(sibling, &new);
            }
            Side::Right => new = hash_node(&new, sibling),
        }
    }
    climb.finish(proof)?;
    Ok((old, new))
}

/// A way from a node up to the root: the index of the node in its level, and of the last node of that level. RFC 9162 calls them `fn` and
/// `sn`.
struct Climb {
    node: u64,
    last: u64,
}

/// On which side of the node its sibling is.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// Goes up to the parent of the node and its next sibling.
    fn step(&mut self, proof: &[Hash]) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::TooLong { found: proof.len() });
        }
        let side = if self.node % 2 == 1 || self.node == self.last {
            // A last node without a sibling stays as it is until some level has a sibling on its left. It is not 0, as `last` is not.
            let levels_alone = self.node.trailing_zeros();
            self.node >>= levels_alone;
            self.last >>= levels_alone;
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Ok(side)
    }

    /// Says whether the root was reached.
    fn finish(&self, proof: &[Hash]) -> Result<(), ProofError> {
        if self.last != 0 {
            return Err(ProofError::TooShort { found: proof.len() });
        }
        Ok(())
    }
}

/// The two subtrees of a tree of two leaves or more: the left one has the largest power of two below the size, RFC 6962 section 2.1.
fn split(leaves: &[Hash]) -> Option<(&[Hash], &[Hash])> {
    let height = leaves.len().checked_sub(1)?.checked_ilog2()?;
    leaves.split_at_checked(1 << height)
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexOutside { index, size } => {
                write!(f, "no leaf {index} in a tree of {size} leaves")
            }
            Self::OldSizeLarger { old_size, new_size } => {
                write!(f, "older tree of {old_size} leaves is larger than newer tree of {new_size}")
            }
            Self::TooShort { found } => write!(f, "proof of {found} hashes ends below the root"),
            Self::TooLong { found } => write!(f, "proof of {found} hashes goes on above the root"),
            Self::Root { computed, given } => {
                write!(f, "proof leads to root `{computed}`, not `{given}`")
            }
            Self::OldRoot { computed, given } => {
                write!(f, "proof leads to older root `{computed}`, not `{given}`")
            }
            Self::NewRoot { computed, given } => {
                write!(f, "proof leads to newer root `{computed}`, not `{given}`")
            }
        }
    }
}

impl Error for ProofError {}

#[cfg(test)]
mod tests;
