//! The law, asked as a stranger would: packs as text in, answers out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its pack fails")]
#![expect(clippy::disallowed_methods, reason = "tests read packs and golden files from disk")]

mod algorithm;
mod derived;
mod folder;
mod mistakes;
mod other_laws;
mod packs;
mod plain;
mod printed;
