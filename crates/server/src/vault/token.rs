//! A token (PKCS#11): a device with an AES-256 key that never leaves it. That key seals the master key, so that the file of the
//! master key opens nothing without the token and its PIN.
//!
//! The token is asked when the vault is opened and when the master key changes, and no more: each time its library is loaded, it
//! is logged in to, asked, and left. In between neither PIN nor session is held; the master key is, as any other.
//!
//! The library is a foreign program that runs within this one. It is named by whoever may write the master key's file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::aead::NONCE_LEN;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use law::reader::{Reader, Table, read_toml};
use zeroize::Zeroizing;

use super::keys::{Secret, random};

#[cfg(test)]
mod tests;

/// Which key in which token, and where the PIN is: what the operator writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The library that speaks to the device.
    library: PathBuf,
    /// The token's label.
    pub(super) token: String,
    /// The key's label.
    pub(super) key: String,
    /// The file of the PIN; the credential [`CREDENTIAL`] where there is none.
    pin_file: Option<PathBuf>,
}

/// A master key as a token sealed it: nonce, ciphertext, tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    /// By whom.
    pub(super) token: Token,
    bytes: Vec<u8>,
}

/// What a token did, and whether its key was made in it. Of one that was brought there, somebody may have a copy.
pub(super) struct Done<T> {
    pub(super) value: T,
    pub(super) made_there: bool,
}

/// The name of the credential that is the PIN.
const CREDENTIAL: &str = "candor-token-pin";

/// To what a sealed master key is bound.
const BOUND_TO: &[u8] = b"candor master key";

/// Of a sealed master key's tag.
const TAG_BITS: usize = 128;

impl Token {
    /// What an operator wrote down.
    ///
    /// # Errors
    /// All that is wrong with the file.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!("failed to read `{}` (hint: give the file that describes the token)", path.display())
        })?;
        read(path, &text, &KEYS, |_, _, token| Some(token))
    }

    /// Seals a master key, and opens it again for proof: what comes back is sealed under a key that is there and works.
    ///
    /// # Errors
    /// When the token, the key or the PIN is not there or not right, or the key could be taken out of the token.
    pub(super) fn seal(&self, secret: &Secret, credentials: Option<&Path>) -> Result<Done<Sealed>> {
        let mut nonce: [u8; NONCE_LEN] = random()?;
        self.at_key(credentials, |session, key| {
            let mechanism = gcm(&mut nonce)?;
            let trouble = |error| self.trouble("seal the master key with", &error);
            let ciphertext = session.encrypt(&mechanism, key, secret.bytes()).map_err(trouble)?;
            // A token may put a nonce of its own there.
            drop(mechanism);
            let sealed = Sealed { token: self.clone(), bytes: [nonce.as_slice(), &ciphertext].concat() };
            if self.decrypt(session, key, &sealed.bytes)?.bytes() != secret.bytes() {
                bail!("the token `{}` does not give back what it sealed (hint: use another token)", self.token);
            }
            Ok(sealed)
        })
    }

    /// Asks the key for something, between logging in and leaving.
    fn at_key<T>(
        &self,
        credentials: Option<&Path>,
        ask: impl FnOnce(&Session, ObjectHandle) -> Result<T>,
    ) -> Result<Done<T>> {
        let pin = self.pin(credentials)?;
        let library = self.library()?;
        let asked = self.log_in(&library, &pin).and_then(|session| {
            let key = self.find_key(&session)?;
            let made_there = self.check_key(&session, key)?;
            Ok(Done { value: ask(&session, key)?, made_there })
        });
        // What was asked is answered; a library that cannot end has nothing more to say.
        drop(library.finalize());
        asked
    }

    /// The PIN, from a file that only its owner may read or from the system.
    fn pin(&self, credentials: Option<&Path>) -> Result<AuthPin> {
        let path = match (&self.pin_file, credentials) {
            (Some(path), _) => {
                private(path).with_context(|| format!("failed to get the PIN of token `{}`", self.token))?;
                path.clone()
            }
            (None, Some(folder)) if folder.join(CREDENTIAL).exists() => folder.join(CREDENTIAL),
            (None, _) => bail!(
                "the PIN of token `{}` is not there: the system handed over no credential `{CREDENTIAL}` (hint: name it in \
                 the unit with `LoadCredentialEncrypted=`, or say with `pin_file` where the PIN is)",
                self.token
            ),
        };
        let bytes = Zeroizing::new(fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?);
        let pin = std::str::from_utf8(&bytes).map(|text| text.trim_end_matches(['\r', '\n']));
        match pin {
            Ok(pin) if !pin.is_empty() => Ok(AuthPin::new(pin.into())),
            Ok(_) | Err(_) => bail!("`{}` holds no PIN (hint: write it there, on one line)", path.display()),
        }
    }

    fn library(&self) -> Result<Pkcs11> {
        let path = self.library.display();
        if !self.library.is_file() {
            bail!("there is no library `{path}` (hint: install the one of the token's maker, or mend `library`)");
        }
        let library = Pkcs11::new(&self.library).map_err(|error| {
            anyhow!("`{path}` is no PKCS#11 library that loads here: {} (hint: {USE})", told(&error))
        })?;
        library
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .map_err(|error| anyhow!("the library `{path}` does not start: {} (hint: {USE})", told(&error)))?;
        Ok(library)
    }

    fn log_in(&self, library: &Pkcs11, pin: &AuthPin) -> Result<Session> {
        let (slot, info) = self.find(library)?;
        self.may_try(info.user_pin_locked(), info.user_pin_final_try())?;
        let session = library.open_ro_session(slot).map_err(|error| self.trouble("open a session with", &error))?;
        session.login(UserType::User, Some(pin)).map_err(|error| self.no_entry(&error))?;
        Ok(session)
    }

    /// The one token of this label.
    fn find(&self, library: &Pkcs11) -> Result<(Slot, TokenInfo)> {
        let slots = library.get_slots_with_token().map_err(|error| self.trouble("look for", &error))?;
        // Of one that cannot be asked nobody knows the label.
        let there = slots.into_iter().filter_map(|slot| Some((slot, library.get_token_info(slot).ok()?)));
        let there: Vec<(Slot, TokenInfo)> = there.filter(|(_, info)| info.token_initialized()).collect();
        let labels: Vec<String> = there.iter().map(|(_, info)| format!("`{}`", info.label())).collect();
        let mut fits = there.into_iter().filter(|(_, info)| info.label() == self.token);
        match (fits.next(), fits.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => {
                bail!("two tokens are called `{}` (hint: take one of them away)", self.token)
            }
            (None, _) if labels.is_empty() => {
                bail!("the token `{}` is not there, nor is any other (hint: {PLUG})", self.token)
            }
            (None, _) => {
                bail!("the token `{}` is not there; there is {} (hint: {PLUG})", self.token, labels.join(", "))
            }
        }
    }

    /// A PIN that is wrong must not lock the token: nobody is there to notice when a command is given by the clock.
    fn may_try(&self, locked: bool, last_try: bool) -> Result<()> {
        if locked {
            bail!("the token `{}` is locked after wrong PINs (hint: {UNLOCK})", self.token);
        }
        if last_try {
            bail!(
                "one more wrong PIN locks the token `{}`, so it is not tried (hint: log in with the right one by the \
                 token's own program, which makes it count anew)",
                self.token
            );
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard's codes: most are said by their names")]
    fn no_entry(&self, error: &Error) -> anyhow::Error {
        let token = &self.token;
        let Error::Pkcs11(code, _) = error else { return self.trouble("log in to", error) };
        match code {
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => anyhow!(
                "the PIN in {} is not the one of token `{token}` (hint: put the right one there before you give another \
                 command: a token locks itself after some wrong ones)",
                self.pin_place()
            ),
            RvError::PinLocked => anyhow!("the token `{token}` is locked after wrong PINs (hint: {UNLOCK})"),
            RvError::PinExpired => anyhow!("the PIN of token `{token}` has expired (hint: {UNLOCK})"),
            RvError::UserPinNotInitialized => anyhow!("the token `{token}` has no PIN yet (hint: {UNLOCK})"),
            _ => self.trouble("log in to", error),
        }
    }

    fn pin_place(&self) -> String {
        match &self.pin_file {
            Some(path) => format!("`{}`", path.display()),
            None => format!("the credential `{CREDENTIAL}`"),
        }
    }

    /// The one secret key of this label.
    fn find_key(&self, session: &Session) -> Result<ObjectHandle> {
        let wanted = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Label(self.key.clone().into_bytes())];
        let found = session.find_objects(&wanted).map_err(|error| self.trouble("look for the key in", &error))?;
        let (token, key) = (&self.token, &self.key);
        match *found {
            [one] => Ok(one),
            [] => bail!(
                "there is no secret key `{key}` in token `{token}` (hint: make it there, or mend `key`; a token that was \
                 made anew has lost the key, and what it sealed needs a copy of the old one)"
            ),
            _ => bail!("{} secret keys in token `{token}` are called `{key}` (hint: rename all but one)", found.len()),
        }
    }

    /// That the key is what it must be, and whether it was made in the token.
    fn check_key(&self, session: &Session, key: ObjectHandle) -> Result<bool> {
        let asked = [
            AttributeType::KeyType,
            AttributeType::ValueLen,
            AttributeType::Sensitive,
            AttributeType::Extractable,
            AttributeType::NeverExtractable,
        ];
        let told = session.get_attributes(key, &asked).map_err(|error| self.trouble("ask about the key in", &error))?;
        let (token, label) = (&self.token, &self.key);
        if !told.contains(&Attribute::KeyType(KeyType::AES)) || !told.contains(&Attribute::ValueLen(32.into())) {
            bail!("the key `{label}` in token `{token}` is no AES key of 256 bits (hint: make one, `AES:32`)");
        }
        // What a token does not say of its key is not taken for granted.
        if !told.contains(&Attribute::Sensitive(true)) || !told.contains(&Attribute::Extractable(false)) {
            bail!(
                "the key `{label}` can be taken out of token `{token}` (hint: make another that is sensitive and not \
                 extractable, and name it)"
            );
        }
        Ok(told.contains(&Attribute::NeverExtractable(true)))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard's codes: most are said by their names")]
    fn decrypt(&self, session: &Session, key: ObjectHandle, sealed: &[u8]) -> Result<Secret> {
        let damaged = || anyhow!("what is sealed was cut short (hint: put the file back from its safe place)");
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        let mut nonce = *nonce;
        let opened = session.decrypt(&gcm(&mut nonce)?, key, ciphertext).map_err(|error| match error {
            Error::Pkcs11(RvError::DeviceRemoved | RvError::DeviceError | RvError::MechanismInvalid, _) => {
                self.trouble("open the master key with", &error)
            }
            _ => anyhow!(
                "the key `{}` in token `{}` does not open what is sealed here: {} (hint: it is not the key that sealed it, \
                 or the file was changed; put back a copy of the one or the other)",
                self.key,
                self.token,
                told(&error)
            ),
        })?;
        Secret::take(opened)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard's codes: most are said by their names")]
    fn trouble(&self, doing: &str, error: &Error) -> anyhow::Error {
        let token = &self.token;
        match error {
            Error::Pkcs11(RvError::MechanismInvalid | RvError::MechanismParamInvalid, _) => anyhow!(
                "the key `{}` in token `{token}` does not do AES-GCM (hint: use a token that offers CKM_AES_GCM, and a key \
                 that may)",
                self.key
            ),
            Error::Pkcs11(RvError::KeyFunctionNotPermitted, _) => anyhow!(
                "the key `{}` in token `{token}` may not encrypt and decrypt (hint: make one that may, and name it)",
                self.key
            ),
            _ => anyhow!("failed to {doing} token `{token}`: {} (hint: {USE})", told(error)),
        }
    }

    /// The lines by which an operator describes it.
    fn text(&self) -> String {
        let pin_file = self.pin_file.as_ref().map(|path| path.display().to_string());
        let lines = [
            ("library", Some(self.library.display().to_string())),
            ("token", Some(self.token.clone())),
            ("key", Some(self.key.clone())),
            ("pin_file", pin_file),
        ];
        let line = |(key, value): (&str, Option<String>)| Some(format!("{key} = {}\n", toml::Value::from(value?)));
        lines.into_iter().filter_map(line).collect()
    }
}

const UNLOCK: &str = "the token's own program sets a new PIN, with that of its security officer";
const PLUG: &str = "plug it in, or mend `token`";
const USE: &str = "look whether the token's own program can use it, as this user";

const KEYS: [&str; 4] = ["library", "token", "key", "pin_file"];
const KEYS_SEALED: [&str; 5] = ["library", "token", "key", "pin_file", "sealed"];

impl Sealed {
    /// The sealed master key that a file holds; none where the file holds no such thing.
    ///
    /// # Errors
    /// All that is wrong with the file.
    pub(super) fn held_in(path: &Path, bytes: &[u8]) -> Option<Result<Self>> {
        // A master key has 32 bytes, whatever they are; a description is longer.
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() > 32 && text.contains("sealed"))?;
        Some(read(path, text, &KEYS_SEALED, |reader, table, token| {
            let bytes = reader.parsed(table, "sealed", "what a token sealed", bytes_of)?;
            Some(Self { token, bytes })
        }))
    }

    /// The text of the file that holds it.
    pub(super) fn text(&self) -> String {
        let sealed: String = self.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!(
            "# The master key of a register of Candor, sealed by a key in a token. Where the library or the PIN is may be \
             changed here.\n{}sealed = \"{sealed}\"\n",
            self.token.text()
        )
    }

    /// Lets the token open it.
    ///
    /// # Errors
    /// As [`Token::seal`]; and when the key is not the one that sealed it.
    pub(super) fn open(&self, credentials: Option<&Path>) -> Result<Done<Secret>> {
        self.token.at_key(credentials, |session, key| self.token.decrypt(session, key, &self.bytes))
    }
}

/// Reads a description of a token, and what stands beside it.
fn read<T>(
    path: &Path,
    text: &str,
    keys: &[&str],
    rest: impl FnOnce(&mut Reader<'_>, Table<'_>, Token) -> Option<T>,
) -> Result<T> {
    let name = path.display().to_string();
    let (read, problems) = read_toml(&name, text, 1, |reader, table| {
        reader.only(table, keys);
        let library = from_the_root(reader, table, "library");
        let (token, key) = (reader.text(table, "token"), reader.text(table, "key"));
        let pin_file = table.has("pin_file").then(|| from_the_root(reader, table, "pin_file"));
        let pin_file = match pin_file {
            Some(path) => Some(path?),
            None => None,
        };
        rest(reader, table, Token { library: library?, token: token?, key: key?, pin_file })
    });
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => bail!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

/// A path that means the same wherever a command is given, and is looked for nowhere else.
fn from_the_root(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<PathBuf> {
    let path = PathBuf::from(reader.text(table, key)?);
    if !path.is_absolute() {
        reader.problem(&table.get(key)?, format!("`{key}` must be a path that begins with `/`"), None);
        return None;
    }
    Some(path)
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

/// That only its owner may read a file.
fn private(path: &Path) -> Result<()> {
    let metadata = fs::metadata(path).with_context(|| format!("failed to look at `{}`", path.display()))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("`{0}` may be used by others, mode {mode:o} (hint: `chmod 600 {0}`)", path.display());
    }
    Ok(())
}

fn gcm(nonce: &mut [u8; NONCE_LEN]) -> Result<Mechanism<'_>> {
    let parameters = GcmParams::new(nonce, BOUND_TO, TAG_BITS.try_into()?);
    Ok(Mechanism::AesGcm(parameters.map_err(|error| anyhow!("failed to name the cipher: {}", told(&error)))?))
}

/// What a token or its library said: the standard's name of it, by which its maker's documents can be searched.
fn told(error: &Error) -> String {
    let Error::Pkcs11(code, _) = error else { return error.to_string() };
    let code = format!("{code:?}");
    let mut name = "CKR".to_owned();
    for letter in code.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
