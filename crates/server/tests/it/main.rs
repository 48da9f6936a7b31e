//! The office's day from outside: the real `candor`, in folders of its own. One binary, since each links everything
//! again.
//!
//! [`city`] plays a small city; every other module holds tests of one kind.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that does not get what it needs fails")]

mod backup;
mod bad_input;
mod bench;
mod canary;
mod city;
mod crash;
mod erasure;
mod folder;
mod history;
mod import;
mod individuals;
mod join;
mod mended;
mod people;
mod printed;
mod reads;
mod receipts;
mod requests;
mod restated;
mod story;
mod tamper;
mod tidy;
mod token;
mod watching;
