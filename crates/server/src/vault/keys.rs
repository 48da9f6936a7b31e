//! Keys, and what is done with them: AES-256-GCM with random nonces, from aws-lc-rs. No SQL here.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac, rand};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::matching::{MatchKey, Tags};
use super::token::{Done, Sealed, Token};
use crate::store::folder;

/// 32 secret bytes. They are never printed, and overwritten when dropped; copies that a move leaves on the stack are out of
/// reach.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret([u8; 32]);

/// The key from which the salts of one entry's leaf derive.
pub(crate) struct EntryKey(Secret);

/// The master key, and the keys that derive from it: of the match index, and of ids that come out the same again.
pub(super) struct Master {
    secret: Secret,
    source: Source,
    sealed_by: Option<SealedBy>,
    /// Of the match index and of derived ids: both derive from the first master key of the vault.
    derived: [Secret; 2],
    matching: hmac::Key,
    numbering: hmac::Key,
}

/// The key of a token that seals the master key where it is kept.
#[derive(Debug, Clone)]
pub(crate) struct SealedBy {
    pub(super) token: Token,
    /// Whether the key was made in the token. Of one that was brought there, somebody may have a copy.
    pub(crate) made_there: bool,
}

impl SealedBy {
    /// The labels of the token and of its key.
    pub(crate) fn names(&self) -> (&str, &str) {
        (&self.token.token, &self.token.key)
    }
}

/// The name of the credential that is the master key.
const CREDENTIAL: &str = "candor-master-key";

/// To what the proof of the master key is bound.
const PROOF: &str = "master-proof";

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
    pub(super) fn take(bytes: Vec<u8>) -> Result<Self> {
        let bytes = Zeroizing::new(bytes);
        <[u8; 32]>::try_from(bytes.as_slice()).map(Self).map_err(|_| anyhow!("a key has 32 bytes"))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn copy(&self) -> Self {
        Self(self.0)
    }
}

/// A master key as it was found. Of which vault it is, its proof tells.
struct Given {
    secret: Secret,
    source: Source,
    sealed_by: Option<SealedBy>,
}

/// Where a master key was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// `DIR/secrets/master.key`.
    File,
    /// A credential that systemd hands to the process.
    Credential,
}

impl Master {
    /// The master key of a new vault: the credential that was given, else a new one in `DIR/secrets/master.key`, sealed by
    /// a token if one is named. On return it is on the disk: a vault must never be there before its key.
    ///
    /// # Errors
    /// When it is there already or cannot be written, the credential is no master key, or the token does not seal.
    pub(super) fn create(dir: &Path, credentials: Option<&Path>, token: Option<&Token>) -> Result<Self> {
        folder::make(&dir.join("secrets"))?;
        match (credential_in(credentials), token) {
            (Some(_), Some(_)) => bail!(
                "the system gave a master key, the credential `{CREDENTIAL}`, so no token is to seal one (hint: leave out one of the two)"
            ),
            (Some(credential), None) => Self::first(&read_secret(&credential, Source::Credential, credentials)?),
            (None, token) => {
                let secret = Secret::random()?;
                let sealed_by = write_new(&path(dir), &secret, token, credentials)?;
                Self::first(&Given { secret, source: Source::File, sealed_by })
            }
        }
    }

    /// The master key that was given: the credential, else the file.
    ///
    /// # Errors
    /// When none is there, the two are not the same, one is no master key, others may read the file, or the token that
    /// sealed it does not open it.
    fn given(dir: &Path, credentials: Option<&Path>) -> Result<Given> {
        let (file, there) = (path(dir), path(dir).exists());
        let Some(credential) = credential_in(credentials) else {
            return match (there, credentials) {
                (false, Some(folder)) => bail!(
                    "the master key is neither the credential `{CREDENTIAL}` in `{}` nor the file `{}`, and without it \
                     nothing in the vault can be read (hint: name it in the unit with `LoadCredentialEncrypted=`, or put the \
                     file back from its safe place)",
                    folder.display(),
                    file.display()
                ),
                (_, _) => read_private(&file, credentials),
            };
        };
        // Who may read a credential is the system's affair: it lies in memory, in a folder of this process's user.
        let given = read_secret(&credential, Source::Credential, credentials)?;
        if there && read_private(&file, credentials)?.secret.0 != given.secret.0 {
            bail!(
                "the credential `{CREDENTIAL}` and `{}` are two master keys (hint: keep the one of this vault, and move the \
                 other to a safe)",
                file.display()
            );
        }
        Ok(given)
    }

    /// The master key of the vault whose proof this is; and whether it is a new one that has to be put into its place yet.
    ///
    /// If the power failed in a change of the master key, two are there: the one that does not fit opens nothing. A new one
    /// that does not fit never came to wrap anything, and is thrown away. The old one may be out of reach by then, with a
    /// token that is gone.
    ///
    /// # Errors
    /// When none fits.
    pub(super) fn of_vault(dir: &Path, credentials: Option<&Path>, proof: &[u8]) -> Result<(Self, bool)> {
        let given = Self::given(dir, credentials);
        let new = Self::new_path(dir);
        let source = if credential_in(credentials).is_some() { Source::Credential } else { Source::File };
        let waits = source == Source::File && new.exists();
        if let Ok(given) = &given
            && let Some(master) = Self::that_fits(given, proof)?
        {
            if waits {
                fs::remove_file(&new).with_context(|| format!("failed to remove `{}`", new.display()))?;
                folder::sync(&dir.join("secrets"))?;
            }
            return Ok((master, false));
        }
        if waits {
            match read_private(&new, credentials) {
                Ok(given) => {
                    if let Some(master) = Self::that_fits(&given, proof)? {
                        return Ok((master, true));
                    }
                }
                // The old one is in reach and does not fit, so this one may: what keeps it shut is the trouble.
                Err(error) if given.is_ok() => return Err(error),
                Err(_) => {}
            }
        }
        given?;
        bail!(
            "the master key {} is not the one of this vault (hint: put back the one that `candor init` made for it, or the \
             newest one that `candor rotate-master-key` made)",
            match source {
                Source::File => format!("in `{}`", dir.display()),
                Source::Credential => format!("that was given as the credential `{CREDENTIAL}`"),
            }
        );
    }

    /// A new master key, written to `path`, under which index and ids stay what they are. The token seals it, if there is one.
    ///
    /// # Errors
    /// When something is there already, it cannot be written, or the token does not seal.
    pub(super) fn successor(&self, path: &Path, token: Option<&Token>, credentials: Option<&Path>) -> Result<Self> {
        let secret = Secret::random()?;
        let sealed_by = write_new(path, &secret, token, credentials)?;
        let given = Given { secret, source: self.source, sealed_by };
        Ok(Self::with(&given, [self.derived[0].copy(), self.derived[1].copy()]))
    }

    /// Where a new master key waits to take the old one's place.
    pub(super) fn new_path(dir: &Path) -> PathBuf {
        dir.join("secrets").join("master.key.new")
    }

    /// Puts the new master key into the old one's place. If the power fails here, one of the two is there, or both are.
    pub(super) fn put_in_place(dir: &Path) -> Result<()> {
        fs::rename(Self::new_path(dir), path(dir)).context("failed to put the new master key into its place")?;
        folder::sync(&dir.join("secrets"))
    }

    /// Where it was found.
    pub(super) fn source(&self) -> Source {
        self.source
    }

    /// The token that seals it where it is kept.
    pub(super) fn sealed_by(&self) -> Option<&SealedBy> {
        self.sealed_by.as_ref()
    }

    /// The first master key of a vault: the others derive from it.
    fn first(given: &Given) -> Result<Self> {
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, b"candor vault").extract(&given.secret.0);
        let key_of = |what: &'static str| {
            let mut bytes = [0; 32];
            let filled = derived.expand(&[what.as_bytes()], hmac::HMAC_SHA256).and_then(|key| key.fill(&mut bytes));
            filled.map(|()| Secret(bytes)).map_err(|_| anyhow!("failed to derive the key of the {what}"))
        };
        let derived = [key_of("match index")?, key_of("derived ids")?];
        Ok(Self::with(given, derived))
    }

    fn with(given: &Given, derived: [Secret; 2]) -> Self {
        let [matching, numbering] = derived.each_ref().map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key.0));
        let (secret, sealed_by) = (given.secret.copy(), given.sealed_by.clone());
        Self { secret, source: given.source, sealed_by, derived, matching, numbering }
    }

    /// The master key that a secret is, if it made a proof: what was sealed there are the keys that derive from the first one.
    /// The first vaults sealed nothing there; their master key is the first one.
    fn that_fits(given: &Given, proof: &[u8]) -> Result<Option<Self>> {
        let Ok(sealed) = open(&given.secret, PROOF, proof).map(Zeroizing::new) else { return Ok(None) };
        if sealed.is_empty() {
            return Self::first(given).map(Some);
        }
        let (matching, numbering) = sealed.split_at_checked(32).context("the vault's proof of its key is damaged")?;
        let derived = [Secret::take(matching.to_vec())?, Secret::take(numbering.to_vec())?];
        Ok(Some(Self::with(given, derived)))
    }

    /// As [`super::Vault::derived_ids`].
    pub(super) fn derived_ids(&self) -> DerivedIds {
        DerivedIds(self.numbering.clone())
    }

    /// A text that only this master key opens: kept beside the keys, so that another one is noticed before anything is
    /// written, and with it the keys that derive from the first master key.
    pub(super) fn proof(&self) -> Result<Vec<u8>> {
        let derived = Zeroizing::new(self.derived.each_ref().map(|key| key.0).concat());
        seal(&self.secret, PROOF, &derived)
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

pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    #[cfg(test)]
    if let Some(dice) = SEEDED.lock().map_err(|_| anyhow!("a test has failed"))?.as_mut() {
        return Ok(bytes.map(|_: u8| u8::try_from(dice.below(256)).unwrap_or_default()));
    }
    rand::fill(&mut bytes).map_err(|_| anyhow!("failed to get random bytes from the system"))?;
    Ok(bytes)
}

fn credential_in(credentials: Option<&Path>) -> Option<PathBuf> {
    credentials.map(|folder| folder.join(CREDENTIAL)).filter(|path| path.exists())
}

/// Writes a new master key for its owner only, sealed by a token if there is one. On return it is on the disk.
fn write_new(
    path: &Path,
    secret: &Secret,
    token: Option<&Token>,
    credentials: Option<&Path>,
) -> Result<Option<SealedBy>> {
    let trouble = || {
        format!(
            "failed to make the master key `{}` (hint: choose a new or empty place that you may write)",
            path.display()
        )
    };
    let sealed = token.map(|token| token.seal(secret, credentials)).transpose()?;
    let text = sealed.as_ref().map(|sealed| sealed.value.text());
    let bytes = text.as_ref().map_or(secret.0.as_slice(), |text| text.as_bytes());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(trouble)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(trouble)?;
    folder::sync_parent(path)?;
    Ok(sealed.map(|Done { value, made_there }| SealedBy { token: value.token, made_there }))
}

/// Reads a master key from a file that only its owner may read.
fn read_private(path: &Path, credentials: Option<&Path>) -> Result<Given> {
    let metadata = match fs::metadata(path) {
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
    read_secret(path, Source::File, credentials)
}

/// Reads a master key. One that a token sealed is opened by the token.
fn read_secret(path: &Path, source: Source, credentials: Option<&Path>) -> Result<Given> {
    let bytes = fs::read(path).with_context(|| format!("failed to read the master key `{}`", path.display()))?;
    if let Some(sealed) = Sealed::held_in(path, &bytes) {
        let sealed = sealed?;
        let opened = sealed.open(credentials);
        let Done { value: secret, made_there } =
            opened.with_context(|| format!("failed to open the master key `{}`", path.display()))?;
        return Ok(Given { secret, source, sealed_by: Some(SealedBy { token: sealed.token, made_there }) });
    }
    let secret = Secret::take(bytes)
        .with_context(|| format!("`{}` is not a master key (hint: put it back from its safe place)", path.display()))?;
    Ok(Given { secret, source, sealed_by: None })
}

fn path(dir: &Path) -> PathBuf {
    dir.join("secrets").join("master.key")
}
