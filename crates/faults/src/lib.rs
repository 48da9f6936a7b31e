//! Tests only: what a disk keeps when the power fails, and the troubles it may have.
//!
//! A test program that links this crate runs on its own `open`, `write`, `fsync`, `rename` and their like (`beneath`), so
//! everything it writes passes through here: SQLite's files and those that Rust writes, without either knowing. Four
//! things can be done with that:
//!
//! - [`record`]: notes down everything that is written below a folder, and every sync. [`Trace::cut`] then tells what
//!   may be left of it if the power had failed at some point: what was synced, and of the rest whatever a disk likes.
//! - [`failing`]: from some point on, the disk is full, broken or read-only.
//! - [`clock_set`]: the wall clock is set forward or back while the program runs.
//! - [`most_held`]: how much memory a piece of work takes, in a program that runs on [`Counted`].
//!
//! What it assumes of a disk is what POSIX allows and file systems do: bytes of a file that were not synced are there,
//! not there, or torn at any byte, in any order; names that were not synced are there up to some point, in the order in
//! which they were made in their folder; a rename is there or not. It knows nothing of registers.

mod beneath;
mod disk;
mod memory;

pub use beneath::{Recorder, Trouble, clock_set, failing, record, syncing_nothing};
pub use disk::{Dice, Left, Syncing, Trace};
pub use memory::{Counted, most_held};
