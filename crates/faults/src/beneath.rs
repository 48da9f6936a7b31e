//! The program's own `open`, `write`, `fsync` and their like, in the place of those of the C library.
//!
//! The linker takes these definitions before the shared library's, for Rust's standard library and for the SQLite that is
//! compiled in. Each does what it is asked by the bare system call, and notes it down if it is below the watched folder.
#![expect(unsafe_code, reason = "functions of the C library are replaced, and they take pointers")]

use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libc::{c_char, c_int, c_uint, c_void, mode_t, off_t, size_t, ssize_t, timespec};

use crate::disk::{Disk, Node, Op, Trace};

/// What a disk may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is full.
    Full,
    /// It was mounted for reading only.
    ReadOnly,
    /// It fails.
    Broken,
}

/// Which folder is watched, and what for.
struct Watch {
    root: PathBuf,
    purpose: Purpose,
}

enum Purpose {
    Record(Recording),
    /// Syncs cost time and nobody asks what would be left.
    SyncNothing,
    /// How many more things are done before the trouble begins.
    Fail {
        more: usize,
        trouble: Trouble,
    },
}

#[derive(Default)]
struct Recording {
    /// By device and inode.
    nodes: BTreeMap<(u64, u64), Node>,
    next: usize,
    start: Disk,
    ops: Vec<Op>,
}

/// Whether anything is watched: everybody else passes by without a lock.
static WATCHING: AtomicBool = AtomicBool::new(false);
static WATCH: Mutex<Option<Watch>> = Mutex::new(None);
/// By how many seconds the wall clock is set.
static CLOCK_SET: AtomicI64 = AtomicI64::new(0);
/// One test of a process at a time.
static IN_USE: Mutex<()> = Mutex::new(());

/// The recording of a folder. One at a time in a process; another waits.
#[derive(Debug)]
pub struct Recorder {
    _in_use: MutexGuard<'static, ()>,
}

/// Notes down everything that is done below `root`, an absolute path without links, from now on.
pub fn record(root: &Path) -> Recorder {
    let in_use = wait();
    let mut recording = Recording::default();
    recording.note_folder(root);
    set(Some(Watch { root: root.to_owned(), purpose: Purpose::Record(recording) }));
    Recorder { _in_use: in_use }
}

impl Recorder {
    /// Notes down that somebody was told: all before it is safe.
    pub fn mark(&self) {
        note(|recording| recording.ops.push(Op::Mark));
    }

    /// Ends the recording.
    pub fn finish(self) -> Trace {
        let recording = match set(None).map(|watch| watch.purpose) {
            Some(Purpose::Record(recording)) => recording,
            Some(Purpose::SyncNothing | Purpose::Fail { .. }) | None => Recording::default(),
        };
        Trace { start: recording.start, ops: recording.ops }
    }
}

/// Runs `what` while syncs below `root` do nothing: for the many checks of a test, whose folders nobody keeps.
pub fn syncing_nothing<T>(root: &Path, what: impl FnOnce() -> T) -> T {
    watched(Watch { root: root.to_owned(), purpose: Purpose::SyncNothing }, what)
}

/// Runs `what` on a disk that has trouble below `root` after so many things were done to it, and from then on. Says also
/// whether it came to the trouble.
pub fn failing<T>(root: &Path, after: usize, trouble: Trouble, what: impl FnOnce() -> T) -> T {
    watched(Watch { root: root.to_owned(), purpose: Purpose::Fail { more: after, trouble } }, what)
}

/// Runs `what` while the wall clock is set by so many seconds; the monotonic clock goes on as it does.
pub fn clock_set<T>(seconds: i64, what: impl FnOnce() -> T) -> T {
    let before = CLOCK_SET.swap(seconds, Ordering::SeqCst);
    let done = what();
    CLOCK_SET.store(before, Ordering::SeqCst);
    done
}

fn watched<T>(watch: Watch, what: impl FnOnce() -> T) -> T {
    let _in_use = wait();
    set(Some(watch));
    let done = what();
    set(None);
    done
}

fn wait() -> MutexGuard<'static, ()> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set(watch: Option<Watch>) -> Option<Watch> {
    let mut place = WATCH.lock().unwrap_or_else(PoisonError::into_inner);
    WATCHING.store(watch.is_some(), Ordering::SeqCst);
    std::mem::replace(&mut *place, watch)
}

/// Runs `what` on the watch, if there is one.
fn with<T>(what: impl FnOnce(&mut Watch) -> Option<T>) -> Option<T> {
    if !WATCHING.load(Ordering::SeqCst) {
        return None;
    }
    WATCH.lock().unwrap_or_else(PoisonError::into_inner).as_mut().and_then(what)
}

/// Notes something down, if that is what the watch is for.
fn note(what: impl FnOnce(&mut Recording)) {
    with(|watch| {
        if let Purpose::Record(recording) = &mut watch.purpose {
            what(recording);
        }
        Some(())
    });
}

/// The number of the error that a change of what `concerns` the watch meets, if the disk is in trouble by now.
fn trouble(concerns: impl FnOnce(&Watch) -> bool) -> Option<c_int> {
    with(|watch| {
        if !matches!(watch.purpose, Purpose::Fail { .. }) || !concerns(watch) {
            return None;
        }
        let Purpose::Fail { more, trouble } = &mut watch.purpose else { return None };
        if *more > 0 {
            *more -= 1;
            return None;
        }
        Some(match trouble {
            Trouble::Full => libc::ENOSPC,
            Trouble::ReadOnly => libc::EROFS,
            Trouble::Broken => libc::EIO,
        })
    })
}

impl Watch {
    fn is_full(&self) -> bool {
        matches!(self.purpose, Purpose::Fail { trouble: Trouble::Full, .. })
    }

    fn has(&self, path: &Path) -> bool {
        path.starts_with(&self.root) && !passes(path)
    }

    fn has_open(&self, fd: c_int) -> bool {
        fs::read_link(format!("/proc/self/fd/{fd}")).is_ok_and(|path| self.has(&path))
    }
}

/// SQLite's memory shared between processes is a file, and is made anew after a failure whatever is in it.
fn passes(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"-shm")
}

impl Recording {
    /// What stands below a folder when its watching begins.
    fn note_folder(&mut self, folder: &Path) -> usize {
        let id = self.number(inode(folder), Node::Folder);
        let mut names = BTreeMap::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| !passes(&entry.path())) {
            let path = entry.path();
            let node = if path.is_dir() {
                Node::Folder(self.note_folder(&path))
            } else {
                let file = self.number(inode(&path), Node::File);
                self.start.files.insert(file, Arc::new(fs::read(&path).unwrap_or_default()));
                Node::File(file)
            };
            names.insert(entry.file_name(), node);
        }
        self.start.folders.insert(id, names);
        id
    }

    fn number(&mut self, inode: Option<(u64, u64)>, node: fn(usize) -> Node) -> usize {
        let id = self.next;
        self.next += 1;
        self.nodes.extend(inode.map(|inode| (inode, node(id))));
        id
    }

    fn of(&self, fd: c_int) -> Option<Node> {
        self.nodes.get(&inode_of(fd)?).copied()
    }

    fn file(&self, fd: c_int) -> Option<usize> {
        self.of(fd).and_then(|node| if let Node::File(file) = node { Some(file) } else { None })
    }

    /// The number of the folder that a path stands in, and its name there.
    fn place(&self, path: &Path) -> Option<(usize, OsString)> {
        match self.nodes.get(&inode(path.parent()?)?)? {
            Node::Folder(folder) => Some((*folder, path.file_name()?.to_owned())),
            Node::File(_) => None,
        }
    }

    /// A file was opened, and is new if nobody knew it; or a folder was made.
    fn appeared(&mut self, path: &Path, truncated: bool, node: fn(usize) -> Node) {
        let inode = inode(path);
        match inode.and_then(|inode| self.nodes.get(&inode)) {
            Some(Node::File(file)) if truncated => self.ops.push(Op::SetLength { file: *file, length: 0 }),
            Some(_) => {}
            None => {
                let Some((folder, name)) = self.place(path) else { return };
                let node = node(self.number(inode, node));
                self.ops.push(Op::Name { folder, name, node: Some(node) });
            }
        }
    }

    fn renamed(&mut self, from: &Path, to: &Path, replaced: Option<(u64, u64)>) {
        // The number of what is gone may be given to another file.
        replaced.and_then(|replaced| self.nodes.remove(&replaced));
        let (Some((folder, from)), Some((other, to))) = (self.place(from), self.place(to)) else { return };
        // No file of ours moves from one folder to another.
        assert_eq!(folder, other, "a rename between folders is not known here");
        self.ops.push(Op::Rename { folder, from, to });
    }
}

fn inode(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

fn inode_of(fd: c_int) -> Option<(u64, u64)> {
    let mut about = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `about` is as large as what is written there.
    let said = unsafe { libc::fstat(fd, about.as_mut_ptr()) };
    if said != 0 {
        return None;
    }
    // SAFETY: `fstat` said that it filled it.
    let about = unsafe { about.assume_init() };
    Some((about.st_dev, about.st_ino))
}

/// Path of a C string.
fn path_of<'a>(text: *const c_char) -> &'a Path {
    // SAFETY: the C library's functions take a string that ends and stays while they run; nothing here keeps it longer.
    let text = unsafe { CStr::from_ptr(text) };
    Path::new(OsStr::from_bytes(text.to_bytes()))
}

fn refuse(number: c_int) -> c_int {
    // SAFETY: the place of this thread's error number is always there.
    let place = unsafe { libc::__errno_location() };
    // SAFETY: as above, and only this thread writes to it.
    unsafe { *place = number };
    -1
}

/// A bare system call with what the caller gave. It sets the error number as the function it stands for would.
macro_rules! call {
    ($number:ident $(, $argument:expr)*) => {
        // SAFETY: the arguments are the caller's own, who keeps the promises of the function that this stands for.
        unsafe { libc::syscall(libc::$number $(, $argument)*) }
    };
}

// The C library declares `open` with a mode that may be left out. Where it is, the register that would hold it holds
// something else, which the kernel does not look at.
macro_rules! opening {
    ($name:ident) => {
        // SAFETY: it does what the C library's function of this name does, for the same arguments.
        #[unsafe(no_mangle)]
        extern "C" fn $name(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
            let name = path_of(path);
            let writes = flags & (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT) != 0;
            // A full disk still opens what is there.
            let new = |watch: &Watch| !watch.is_full() || inode(name).is_none();
            if let Some(number) = trouble(|watch| writes && watch.has(name) && new(watch)) {
                return refuse(number);
            }
            let fd = call!(SYS_openat, libc::AT_FDCWD, path, flags, mode) as c_int;
            if fd >= 0 && writes {
                with(|watch| watch.has(name).then_some(()))
                    .map(|()| note(|to| to.appeared(name, flags & libc::O_TRUNC != 0, Node::File)));
            }
            fd
        }
    };
}
opening!(open);
opening!(open64);

fn written(fd: c_int, at: Option<off_t>, bytes: *const c_void, said: ssize_t) {
    let Ok(length) = usize::try_from(said) else { return };
    note(|recording| {
        let Some(file) = recording.file(fd) else { return };
        let at = at.unwrap_or_else(|| call!(SYS_lseek, fd, 0, libc::SEEK_CUR) as off_t - said as off_t);
        // SAFETY: the kernel has just read so many bytes there.
        let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), length) }.to_vec();
        recording.ops.push(Op::Write { file, at: at as usize, bytes });
    });
}

// SAFETY: it does what the C library's function of this name does, for the same arguments.
#[unsafe(no_mangle)]
extern "C" fn write(fd: c_int, bytes: *const c_void, length: size_t) -> ssize_t {
    if let Some(number) = trouble(|watch| watch.has_open(fd)) {
        return refuse(number) as ssize_t;
    }
    let said = call!(SYS_write, fd, bytes, length) as ssize_t;
    written(fd, None, bytes, said);
    said
}

macro_rules! writing_at {
    ($name:ident) => {
        // SAFETY: it does what the C library's function of this name does, for the same arguments.
        #[unsafe(no_mangle)]
        extern "C" fn $name(fd: c_int, bytes: *const c_void, length: size_t, at: off_t) -> ssize_t {
            if let Some(number) = trouble(|watch| watch.has_open(fd)) {
                return refuse(number) as ssize_t;
            }
            let said = call!(SYS_pwrite64, fd, bytes, length, at) as ssize_t;
            written(fd, Some(at), bytes, said);
            said
        }
    };
}
writing_at!(pwrite);
writing_at!(pwrite64);

macro_rules! setting_length {
    ($name:ident) => {
        // SAFETY: it does what the C library's function of this name does, for the same arguments.
        #[unsafe(no_mangle)]
        extern "C" fn $name(fd: c_int, length: off_t) -> c_int {
            if let Some(number) = trouble(|watch| watch.has_open(fd)) {
                return refuse(number);
            }
            let said = call!(SYS_ftruncate, fd, length) as c_int;
            if said == 0 {
                note(|recording| {
                    let file = recording.file(fd);
                    recording.ops.extend(file.map(|file| Op::SetLength { file, length: length as usize }));
                });
            }
            said
        }
    };
}
setting_length!(ftruncate);
setting_length!(ftruncate64);

macro_rules! syncing {
    ($name:ident, $number:ident) => {
        // SAFETY: it does what the C library's function of this name does, for the same arguments.
        #[unsafe(no_mangle)]
        extern "C" fn $name(fd: c_int) -> c_int {
            if let Some(number) = trouble(|watch| watch.has_open(fd)) {
                // A full disk syncs what it has.
                if number == libc::EIO {
                    return refuse(number);
                }
            }
            let spared = |watch: &mut Watch| match watch.purpose {
                // What would be left is worked out from the trace, so the disk itself need not be waited for.
                Purpose::SyncNothing | Purpose::Record(_) => watch.has_open(fd).then_some(()),
                Purpose::Fail { .. } => None,
            };
            let said = if with(spared).is_some() { 0 } else { call!($number, fd) as c_int };
            if said == 0 {
                note(|recording| {
                    recording.ops.extend(recording.of(fd).map(|node| match node {
                        Node::File(file) => Op::Sync { file },
                        Node::Folder(folder) => Op::SyncFolder { folder },
                    }));
                });
            }
            said
        }
    };
}
syncing!(fsync, SYS_fsync);
syncing!(fdatasync, SYS_fdatasync);

// SAFETY: it does what the C library's function of this name does, for the same arguments.
#[unsafe(no_mangle)]
extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let (old, new) = (path_of(from), path_of(to));
    if let Some(number) = trouble(|watch| watch.has(new)) {
        return refuse(number);
    }
    let replaced = with(|watch| watch.has(new).then_some(())).and_then(|()| inode(new));
    let said = call!(SYS_renameat, libc::AT_FDCWD, from, libc::AT_FDCWD, to) as c_int;
    if said == 0 && with(|watch| watch.has(new).then_some(())).is_some() {
        note(|recording| recording.renamed(old, new, replaced));
    }
    said
}

macro_rules! removing {
    ($name:ident, $flags:expr) => {
        // SAFETY: it does what the C library's function of this name does, for the same arguments.
        #[unsafe(no_mangle)]
        extern "C" fn $name(path: *const c_char) -> c_int {
            let name = path_of(path);
            let gone = with(|watch| watch.has(name).then_some(())).and_then(|()| inode(name));
            let said = call!(SYS_unlinkat, libc::AT_FDCWD, path, $flags) as c_int;
            if let Some(gone) = gone.filter(|_| said == 0) {
                note(|recording| {
                    recording.nodes.remove(&gone);
                    let place = recording.place(name);
                    recording.ops.extend(place.map(|(folder, name)| Op::Name { folder, name, node: None }));
                });
            }
            said
        }
    };
}
removing!(unlink, 0);
removing!(rmdir, libc::AT_REMOVEDIR);

// SAFETY: it does what the C library's function of this name does, for the same arguments.
#[unsafe(no_mangle)]
extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    let name = path_of(path);
    // Of a folder that is there, the kernel says so first.
    if let Some(number) = trouble(|watch| watch.has(name) && inode(name).is_none()) {
        return refuse(number);
    }
    let said = call!(SYS_mkdirat, libc::AT_FDCWD, path, mode) as c_int;
    if said == 0 && with(|watch| watch.has(name).then_some(())).is_some() {
        note(|recording| recording.appeared(name, false, Node::Folder));
    }
    said
}

// SAFETY: it does what the C library's function of this name does, for the same arguments.
#[unsafe(no_mangle)]
extern "C" fn clock_gettime(clock: libc::clockid_t, time: *mut timespec) -> c_int {
    let said = call!(SYS_clock_gettime, clock, time) as c_int;
    if said == 0 && clock == libc::CLOCK_REALTIME {
        // SAFETY: the kernel has just filled it.
        unsafe { (*time).tv_sec += CLOCK_SET.load(Ordering::SeqCst) };
    }
    said
}
