//! Keys, and what is done with them: AES-256-GCM with random nonces, from aws-lc-rs. No SQL here.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::hint;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac, rand};

use super::matching::{MatchKey, Tags};
use crate::store::folder;

/// 32 secret bytes. They are never printed, and overwritten when dropped as far as safe code can.
pub(super) struct Secret([u8; 32]);

/// The key from which the salts of one entry's leaf derive.
pub(crate) struct EntryKey(Secret);

/// The master key, and the keys that derive from it: of the match index, and of ids that come out the same again.
pub(super) struct Master {
    secret: Secret,
    matching: hmac::Key,
    numbering: hmac::Key,
}

/// Makes ids that come out the same again from the same text, so that a row taken in twice is known. Without the master
/// key nobody can tell an id from a row.
pub(crate) struct DerivedIds(hmac::Key);

impl DerivedIds {
    /// The id of `text`: the prefix, and 128 bits in the form of [`super::Vault::new_id`].
    pub(crate) fn id(&self, prefix: &str, text: &str) -> String {
        let tag = hmac::sign(&self.0, format!("{prefix}|{text}").as_bytes());
        id_of(prefix, tag.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

impl EntryKey {
    /// A key from its bytes: only tests know keys beforehand.
    #[cfg(test)]
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Secret(bytes))
    }

    /// The bytes, for deriving salts.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0.0
    }

    /// The same key once more, overwritten when dropped like this one.
    pub(crate) fn copy(&self) -> Self {
        Self(Secret(self.0.0))
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.0
    }
}

impl From<Secret> for EntryKey {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for EntryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EntryKey")
    }
}

impl Secret {
    /// # Errors
    /// When the system has no randomness.
    pub(super) fn random() -> Result<Self> {
        Ok(Self(random()?))
    }

    /// Takes 32 bytes over and overwrites where they lay.
    fn take(mut bytes: Vec<u8>) -> Result<Self> {
        let secret = <[u8; 32]>::try_from(bytes.as_slice()).map(Self);
        bytes.fill(0);
        hint::black_box(&bytes);
        secret.map_err(|_| anyhow!("a key has 32 bytes"))
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.fill(0);
        hint::black_box(&self.0);
    }
}

impl Master {
    /// Makes `DIR/secrets/master.key`. On return it is on the disk: a vault must never be there before its key.
    ///
    /// # Errors
    /// When it is there already or cannot be written.
    pub(super) fn create(dir: &Path) -> Result<Self> {
        let path = path(dir);
        let trouble = || {
            format!(
                "failed to make the master key `{}` (hint: choose a new or empty folder that you may write)",
                path.display()
            )
        };
        let secrets = dir.join("secrets");
        folder::make(&secrets)?;
        let secret = Secret::random()?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).with_context(trouble)?;
        file.write_all(&secret.0).and_then(|()| file.sync_all()).with_context(trouble)?;
        folder::sync(&secrets)?;
        Self::new(secret)
    }

    /// Reads `DIR/secrets/master.key`.
    ///
    /// # Errors
    /// When it is missing, may be read by others than its owner, or is not 32 bytes long.
    pub(super) fn load(dir: &Path) -> Result<Self> {
        let path = path(dir);
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => bail!(
                "the master key `{}` is missing, and without it nothing in the vault can be read \
                 (hint: put it back from its safe place)",
                path.display()
            ),
            Err(error) => {
                return Err(error).with_context(|| format!("failed to look at the master key `{}`", path.display()));
            }
        };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            bail!("the master key `{0}` may be used by others, mode {mode:o} (hint: `chmod 600 {0}`)", path.display());
        }
        let bytes = fs::read(&path).with_context(|| format!("failed to read the master key `{}`", path.display()))?;
        let secret = Secret::take(bytes).with_context(|| {
            format!("`{}` is not a master key (hint: put it back from its safe place)", path.display())
        })?;
        Self::new(secret)
    }

    fn new(secret: Secret) -> Result<Self> {
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, b"candor vault").extract(&secret.0);
        let key_of = |what: &'static str| {
            let key = derived.expand(&[what.as_bytes()], hmac::HMAC_SHA256).map(hmac::Key::from);
            key.map_err(|_| anyhow!("failed to derive the key of the {what}"))
        };
        Ok(Self { matching: key_of("match index")?, numbering: key_of("derived ids")?, secret })
    }

    /// As [`super::Vault::derived_ids`].
    pub(super) fn derived_ids(&self) -> DerivedIds {
        DerivedIds(self.numbering.clone())
    }

    /// A text that only this master key opens: kept beside the keys, so that another one is noticed before anything is
    /// written.
    pub(super) fn proof(&self) -> Result<Vec<u8>> {
        seal(&self.secret, "master-proof", b"")
    }

    /// Whether a proof was made by this key.
    pub(super) fn fits(&self, proof: &[u8]) -> bool {
        open(&self.secret, "master-proof", proof).is_ok()
    }

    /// Wraps a key.
    pub(super) fn wrap(&self, bound_to: &str, key: &Secret) -> Result<Vec<u8>> {
        seal(&self.secret, bound_to, &key.0)
    }

    /// Unwraps a key.
    ///
    /// # Errors
    /// When it was wrapped by another key, bound to something else, or changed.
    pub(super) fn unwrap(&self, bound_to: &str, wrapped: &[u8]) -> Result<Secret> {
        Secret::take(open(&self.secret, bound_to, wrapped)?)
    }

    /// The entries of the match index for what an individual is found by.
    pub(super) fn tags(&self, match_on: &MatchKey) -> Tags {
        Tags::of(&self.matching, match_on)
    }
}

/// Seals a text under a key, bound to another text: nonce, ciphertext, tag.
///
/// # Errors
/// When the system has no randomness, or the text is longer than 64 GiB.
pub(super) fn seal(key: &Secret, bound_to: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let mut ciphertext = plain.to_vec();
    let nonce = RandomizedNonceKey::new(&AES_256_GCM, &key.0)
        .and_then(|cipher| cipher.seal_in_place_append_tag(Aad::from(bound_to), &mut ciphertext))
        .map_err(|_| anyhow!("failed to seal"))?;
    let mut sealed = nonce.as_ref().to_vec();
    sealed.append(&mut ciphertext);
    Ok(sealed)
}

/// Opens what [`seal`] made.
///
/// # Errors
/// When it was sealed under another key, bound to something else, or changed.
pub(super) fn open(key: &Secret, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let no = || anyhow!("what is stored was not sealed by this vault, or was changed (hint: compare it with a backup)");
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(no)?;
    let mut text = ciphertext.to_vec();
    let length = RandomizedNonceKey::new(&AES_256_GCM, &key.0)
        .and_then(|cipher| Ok(cipher.open_in_place(Nonce::from(nonce), Aad::from(bound_to), &mut text)?.len()))
        .map_err(|_| no())?;
    text.truncate(length);
    Ok(text)
}

/// As [`super::Vault::new_id`].
pub(super) fn new_id(prefix: &str) -> Result<String> {
    Ok(id_of(prefix, random()?))
}

fn id_of(prefix: &str, bytes: [u8; 16]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let number = u128::from_be_bytes(bytes);
    let digits = (0..26).rev().filter_map(|place| {
        let digit = usize::try_from((number >> (5 * place)) & 31).ok()?;
        ALPHABET.get(digit).copied().map(char::from)
    });
    prefix.chars().chain(digits).collect()
}

/// Ids and keys that follow from a seed, so that a test whose disk fails can be run again as it was.
#[cfg(test)]
pub(crate) static SEEDED: std::sync::Mutex<Option<faults::Dice>> = std::sync::Mutex::new(None);

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    #[cfg(test)]
    if let Some(dice) = SEEDED.lock().map_err(|_| anyhow!("a test has failed"))?.as_mut() {
        return Ok(bytes.map(|_: u8| u8::try_from(dice.below(256)).unwrap_or_default()));
    }
    rand::fill(&mut bytes).map_err(|_| anyhow!("failed to get random bytes from the system"))?;
    Ok(bytes)
}

fn path(dir: &Path) -> PathBuf {
    dir.join("secrets").join("master.key")
}
