//! A new master key: every key of the vault is wrapped anew, and the old master key opens nothing of this vault any more.
//!
//! The new key lies beside the old one, as `secrets/master.key.new`, until every key is wrapped by it; where the old one is no
//! file of the register, the new one is written to a file that its keeper names and is kept by them. A new key that is to be sealed
//! by a token lies there sealed, and the token has given it back once, before anything is wrapped by it.
//!
//! The match index and the ids of imported rows cannot be made anew, as nobody has the names and rows any more: their keys,
//! which derive from the first master key, are sealed under each later one. Whoever has the first master key and a copy of
//! the keys' file can go on trying names against it.

use std::path::Path;

use anyhow::{Result, bail};

use super::keys::{Master, Source};
use super::token::Token;
use super::{Vault, data_key_of, entry_key_of, tables};

/// Who keeps a new master key from being read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeptBy<'a> {
    /// Whoever kept the old one.
    TheSame,
    /// The token that this file describes.
    Token(&'a Path),
    /// Nobody: the file is the key.
    Nobody,
}

/// Keys wrapped anew at a time.
const AT_ONCE: usize = 1_000;

impl Vault {
    /// Wraps every key under a new master key. `to` is where the new one is written if the old one is no file of the register,
    /// `kept_by` what it is there: the key, or what a token sealed.
    ///
    /// If the power fails before the keys are committed, the old master key is the one of this vault, and the new one is thrown
    /// away when it is opened next; after that, the new one is, and takes the other's place then. Either way the old wrappings
    /// are gone from the file's bytes before the vault can be used again.
    ///
    /// # Errors
    /// When there is no place for the new key, the token does not seal it, or a file cannot be written.
    pub(crate) fn rotate(&mut self, dir: &Path, to: Option<&Path>, kept_by: KeptBy<'_>, at: &str) -> Result<()> {
        let path = match (self.master.source(), to) {
            (Source::File, None) => Master::new_path(dir),
            (Source::Credential, Some(to)) => to.to_owned(),
            (Source::File, Some(_)) => bail!(
                "the master key is a file of this register, and its new one takes its place (hint: leave out `--to`)"
            ),
            (Source::Credential, None) => bail!(
                "the master key is a credential of the system (hint: say with `--to FILE` where the new one is to be \
                 written, and make it the credential afterwards)"
            ),
        };
        let token = match kept_by {
            KeptBy::TheSame => self.master.sealed_by().map(|sealed_by| sealed_by.token.clone()),
            KeptBy::Token(path) => Some(Token::read(path)?),
            KeptBy::Nobody => None,
        };
        let new = self.master.successor(&path, token.as_ref(), super::credentials().as_deref())?;
        let (old, proof) = (&self.master, new.proof()?);
        self.keys.write(|transaction| {
            let mut after = 0;
            while let Some(keys) = tables::entry_keys_after(transaction, after, AT_ONCE)? {
                for (row, entry, wrapped) in keys {
                    let bound_to = entry_key_of(&entry);
                    let key = old.unwrap(&bound_to, &wrapped)?;
                    tables::rewrap_entry_key(transaction, row, &new.wrap(&bound_to, &key)?)?;
                    after = row;
                }
            }
            after = 0;
            while let Some(keys) = tables::data_keys_after(transaction, after, AT_ONCE)? {
                for (row, id, stored) in keys {
                    let bound_to = data_key_of(&id, &stored.key);
                    let key = old.unwrap(&bound_to, &stored.wrapped)?;
                    tables::rewrap_data_key(transaction, row, &new.wrap(&bound_to, &key)?)?;
                    after = row;
                }
            }
            tables::replace_proof(transaction, &proof)?;
            // The old wrappings are what is erased: if the power fails from here on, the next opening scrubs them away.
            tables::bury(transaction, &Vault::new_id("wrapping_")?, at)
        })?;
        self.finish_erasing()?;
        if self.master.source() == Source::File {
            Master::put_in_place(dir)?;
        }
        self.master = new;
        Ok(())
    }
}
