//! The key that signs receipts: `DIR/secrets/receipt.key`, made when the first receipt is given.
//!
//! It lies at the desk that hands out receipts, the log's key need not: so it is another key, which the log's key certifies
//! once. Whoever holds it can promise in the office's name; nobody can sign another history with it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::rand;
use register::receipt::key_name;
use tlog::SigningKey;

use crate::files;

/// Its file among the register's secrets.
pub(crate) const FILE: &str = "receipt.key";

/// Reads the receipt key of the log of `origin`, or makes one where none is there. It is on the disk before it signs.
///
/// # Errors
/// When it may be read by others than its owner, is not 32 bytes long, or cannot be written.
pub(crate) fn load_or_make(dir: &Path, origin: &str) -> Result<SigningKey> {
    if path(dir).symlink_metadata().is_err() {
        let mut seed = [0; 32];
        rand::fill(&mut seed).map_err(|_| anyhow!("the system has no randomness"))?;
        files::write_private(&path(dir), &seed)?;
    }
    load(dir, origin)
}

/// Reads the receipt key of the log of `origin`.
///
/// # Errors
/// As [`load_or_make`]; or when it is missing.
pub(crate) fn load(dir: &Path, origin: &str) -> Result<SigningKey> {
    let path = path(dir);
    let seed = files::read(&path)?;
    let about = path.metadata().with_context(|| format!("failed to look at `{}`", path.display()))?;
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("the receipt key `{0}` may be used by others, mode {mode:o} (hint: `chmod 600 {0}`)", path.display());
    }
    let seed: [u8; 32] = seed.try_into().map_err(|_| anyhow!("`{}` is no key of 32 bytes", path.display()))?;
    Ok(SigningKey::from_seed(&key_name(origin), &seed)?)
}

fn path(dir: &Path) -> PathBuf {
    dir.join("secrets").join(FILE)
}
