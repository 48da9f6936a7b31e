//! The key that signs checkpoints: `DIR/secrets/log.key`, and its public half `DIR/log.vkey`, to be handed out apart from
//! the published folder.
//!
//! Whoever holds the secret half can sign another history. It belongs to the office that runs the register, never to
//! the agency whose requests it counts, and never beside the data in a backup.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::rand;
use tlog::SigningKey;
use zeroize::Zeroizing;

use crate::store::folder;

/// Makes a key for the log of `origin` and writes both halves.
pub(crate) fn create(dir: &Path, origin: &str) -> Result<SigningKey> {
    let mut seed = Zeroizing::new([0; 32]);
    rand::fill(seed.as_mut_slice()).map_err(|_| anyhow!("the system has no randomness"))?;
    let key = SigningKey::from_seed(origin, &seed).with_context(|| format!("`{origin}` cannot be a log's origin"))?;
    let secret = path(dir);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&secret)
        .with_context(|| format!("failed to create `{}`", secret.display()))?;
    file.write_all(seed.as_slice()).and_then(|()| file.sync_all()).context("failed to write the log's key")?;
    let public = dir.join("log.vkey");
    crate::files::write(&public, format!("{}\n", key.vkey()).as_bytes())?;
    folder::sync(&dir.join("secrets"))?;
    Ok(key)
}

/// Reads the key of the log of `origin`.
///
/// # Errors
/// When it is missing, may be read by others than its owner, or is not 32 bytes long.
pub(crate) fn load(dir: &Path, origin: &str) -> Result<SigningKey> {
    let path = path(dir);
    let mut file = File::open(&path).with_context(|| {
        format!("failed to open the log's key `{}` (hint: put it back from where it is kept)", path.display())
    })?;
    let metadata = file.metadata().with_context(|| format!("failed to look at the log's key `{}`", path.display()))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("the log's key `{0}` may be used by others, mode {mode:o} (hint: `chmod 600 {0}`)", path.display());
    }
    let mut seed = Zeroizing::new(Vec::with_capacity(64));
    file.read_to_end(&mut seed).with_context(|| format!("failed to read `{}`", path.display()))?;
    let seed = <[u8; 32]>::try_from(seed.as_slice()).map(Zeroizing::new);
    let seed = seed.map_err(|_| anyhow!("`{}` is no key of 32 bytes", path.display()))?;
    Ok(SigningKey::from_seed(origin, &seed)?)
}

fn path(dir: &Path) -> PathBuf {
    dir.join("secrets").join("log.key")
}
