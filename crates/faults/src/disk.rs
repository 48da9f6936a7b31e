//! What was written, in order, and what may be left of it. Safe code, and no system call but for laying a folder out.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file or folder, numbered as it appeared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    File(usize),
    Folder(usize),
}

/// One thing done to the disk.
#[derive(Debug)]
pub(crate) enum Op {
    Write {
        file: usize,
        at: usize,
        bytes: Vec<u8>,
    },
    SetLength {
        file: usize,
        length: usize,
    },
    Sync {
        file: usize,
    },
    /// A name is given to a node, or taken away.
    Name {
        folder: usize,
        name: OsString,
        node: Option<Node>,
    },
    Rename {
        folder: usize,
        from: OsString,
        to: OsString,
    },
    SyncFolder {
        folder: usize,
    },
    /// Somebody was told that all before it is safe.
    Mark,
}

/// Files and folders as they stand on a disk. Folder 0 is the one that was watched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    pub(crate) files: BTreeMap<usize, Arc<Vec<u8>>>,
    pub(crate) folders: BTreeMap<usize, BTreeMap<OsString, Node>>,
}

/// Everything that was done to a folder since its watching began.
#[derive(Debug)]
pub struct Trace {
    pub(crate) start: Disk,
    pub(crate) ops: Vec<Op>,
}

/// Whether a sync does what it promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syncing {
    /// What was synced is there.
    Kept,
    /// A disk that lies, or a program that never syncs: nothing is promised.
    Ignored,
}

/// What is left after a cut: path from the watched folder to bytes, and the folders.
#[derive(Debug, Default)]
pub struct Left {
    files: BTreeMap<PathBuf, Arc<Vec<u8>>>,
    folders: Vec<PathBuf>,
}

/// Numbers that look random and follow from a seed (SplitMix64).
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that throw the same for the same seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `bound`; 0 where the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = (mixed ^ (mixed >> 31)) as usize;
        mixed.checked_rem(bound).unwrap_or(0)
    }
}

/// The sector of a disk in bytes: most writes that are torn are torn between two of them.
const SECTOR: usize = 512;

impl Trace {
    /// The number of things done: a cut lies before, between or after them.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Syncs of files and of folders.
    pub fn syncs(&self) -> usize {
        self.ops.iter().filter(|op| matches!(op, Op::Sync { .. } | Op::SyncFolder { .. })).count()
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// How many marks had been set before the cut.
    pub fn marks(&self, cut: usize) -> usize {
        self.ops.iter().take(cut).filter(|op| matches!(op, Op::Mark)).count()
    }

    /// What may be left if the power fails after the first `cut` things done.
    pub fn cut(&self, cut: usize, syncing: Syncing, dice: &mut Dice) -> Left {
        let mut disk = self.start.clone();
        let mut unsynced: Vec<&Op> = Vec::new();
        for op in self.ops.iter().take(cut) {
            let promised: Option<fn(&Op, usize) -> bool> = match op {
                Op::Sync { .. } => Some(is_of_file),
                Op::SyncFolder { .. } => Some(is_of_folder),
                Op::Mark => continue,
                Op::Write { .. } | Op::SetLength { .. } | Op::Name { .. } | Op::Rename { .. } => None,
            };
            match (promised, op) {
                (Some(of), Op::Sync { file: id } | Op::SyncFolder { folder: id }) if syncing == Syncing::Kept => {
                    unsynced.retain(|op| {
                        let stays = of(op, *id);
                        if stays {
                            disk.take(op);
                        }
                        !stays
                    });
                }
                (Some(_), _) => {}
                (None, op) => unsynced.push(op),
            }
        }
        disk.take_some(&unsynced, dice);
        disk.left()
    }
}

fn is_of_file(op: &Op, id: usize) -> bool {
    matches!(op, Op::Write { file, .. } | Op::SetLength { file, .. } if *file == id)
}

fn is_of_folder(op: &Op, id: usize) -> bool {
    matches!(op, Op::Name { folder, .. } | Op::Rename { folder, .. } if *folder == id)
}

impl Disk {
    fn take(&mut self, op: &Op) {
        match op {
            Op::Write { file, at, bytes } => self.write(*file, *at, bytes),
            Op::SetLength { file, length } => Arc::make_mut(self.files.entry(*file).or_default()).resize(*length, 0),
            Op::Name { folder, name, node: Some(node) } => {
                if let Node::File(file) = node {
                    self.files.entry(*file).or_default();
                }
                self.folders.entry(*folder).or_default().insert(name.clone(), *node);
            }
            Op::Name { folder, name, node: None } => {
                self.folders.entry(*folder).or_default().remove(name);
            }
            Op::Rename { folder, from, to } => {
                let names = self.folders.entry(*folder).or_default();
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
            Op::Sync { .. } | Op::SyncFolder { .. } | Op::Mark => {}
        }
    }

    fn write(&mut self, file: usize, at: usize, bytes: &[u8]) {
        let content = Arc::make_mut(self.files.entry(file).or_default());
        let end = at + bytes.len();
        if content.len() < end {
            content.resize(end, 0);
        }
        content[at..end].copy_from_slice(bytes);
    }

    /// Of what was not synced, whatever the disk came to: in some cuts all of it, as when only the process is killed.
    fn take_some(&mut self, unsynced: &[&Op], dice: &mut Dice) {
        let all = dice.below(4) == 0;
        // Names of one folder are there up to some point.
        let mut names: BTreeMap<usize, usize> = BTreeMap::new();
        for op in unsynced {
            if let Op::Name { folder, .. } | Op::Rename { folder, .. } = op {
                *names.entry(*folder).or_default() += 1;
            }
        }
        for until in names.values_mut() {
            *until = if all { *until } else { dice.below(*until + 1) };
        }
        for op in unsynced {
            match op {
                Op::Name { folder, .. } | Op::Rename { folder, .. } => {
                    let until = names.entry(*folder).or_default();
                    if *until > 0 {
                        *until -= 1;
                        self.take(op);
                    }
                }
                _ if all => self.take(op),
                Op::Write { file, at, bytes } => match dice.below(3) {
                    0 => {}
                    1 => self.take(op),
                    _ => self.tear(*file, *at, bytes, dice),
                },
                _ if dice.below(2) == 0 => self.take(op),
                _ => {}
            }
        }
    }

    /// A part of a write: its beginning up to any byte, or any of its sectors.
    fn tear(&mut self, file: usize, at: usize, bytes: &[u8], dice: &mut Dice) {
        if dice.below(2) == 0 {
            return self.write(file, at, &bytes[..dice.below(bytes.len() + 1)]);
        }
        for (index, sector) in bytes.chunks(SECTOR).enumerate() {
            if dice.below(2) == 0 {
                self.write(file, at + index * SECTOR, sector);
            }
        }
    }

    fn left(&self) -> Left {
        let mut left = Left::default();
        let mut open = vec![(0, PathBuf::new())];
        while let Some((folder, path)) = open.pop() {
            for (name, node) in self.folders.get(&folder).into_iter().flatten() {
                let path = path.join(name);
                match node {
                    Node::File(file) => {
                        drop(left.files.insert(path, self.files.get(file).cloned().unwrap_or_default()))
                    }
                    Node::Folder(folder) => {
                        left.folders.push(path.clone());
                        open.push((*folder, path));
                    }
                }
            }
        }
        left
    }
}

impl Left {
    /// Makes `folder` hold what is left, and nothing else. What holds the right bytes already is not written again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn lay_out(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        self.clear(folder, Path::new(""))?;
        self.folders.iter().try_for_each(|inner| fs::create_dir_all(folder.join(inner)))?;
        for (inner, bytes) in &self.files {
            let path = folder.join(inner);
            if fs::read(&path).is_ok_and(|there| there == **bytes) {
                continue;
            }
            fs::write(&path, bytes.as_slice())?;
            // Nothing is told of modes: the strictest that its owner can use.
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        }
        Ok(())
    }

    fn clear(&self, folder: &Path, inner: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder.join(inner))? {
            let inner = inner.join(entry?.file_name());
            let path = folder.join(&inner);
            match path.is_dir() {
                true if self.folders.contains(&inner) => self.clear(folder, &inner)?,
                true => fs::remove_dir_all(path)?,
                false if self.files.contains_key(&inner) => {}
                false => fs::remove_file(path)?,
            }
        }
        Ok(())
    }
}
