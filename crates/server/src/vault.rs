//! The vault: keeps personal data sealed, and the keys apart from it, so that erasing a key erases what it sealed.
//!
//! - `DIR/vault.sqlite`: sealed rows, and what was compared for whom. Without the keys it tells ids, field names, classes and
//!   lengths.
//! - `DIR/keys.sqlite`: entry keys and data keys, each wrapped; the match index; tombstones. Its backups should live
//!   for weeks, not years: what is erased here is erased everywhere only when the last of them is gone.
//! - the master key, 32 random bytes: the credential `candor-master-key` that systemd hands to the process, or the file
//!   `DIR/secrets/master.key`; either may hold it as a token sealed it. **It must never lie beside the data in a backup**: whoever has both has everything. Keep a copy of
//!   it in a safe; if it is lost, nothing in the vault can be read again.
//!
//! AES-256-GCM with random 96-bit nonces, so one key should seal fewer than 2³² times: a data key seals the few fields
//! of one paper, the master key wraps some ten thousand keys a year.
//!
//! It must not know what a field means, what an event is, or the time. Its own SQL stands in `vault/` only. It is
//! opened by the process that holds the store's writer lock: each reading is recorded, so to read is to write.
//!
//! **Who opens what.** A person reads in one way, which the record knows (`vault-read`) before the vault opens anything. All else
//! is the program's own and shown to nobody:
//!
//! | where | what is opened | for whom |
//! |---|---|---|
//! | [`Vault::open_recorded`], by `App::read_out` alone | the fields that a recorded read names, of one paper or note | **a person** |
//! | [`Vault::read`], by `App::differs` | the first paper of a request, to compare a copy with it; who handed the copy in is kept in `reading` | the program |
//! | [`Vault::unseals`], by `examining` (restore, drill) | each field, dropped at once | the program |
//! | [`Vault::entry_key`] | the key of a leaf, which seals nothing: to hash, open and try leaves (growth, publishing, filing, receipts, inquiries), and for the auditor's bag | the program |
//! | [`Vault::find_individual`] | nothing: keyed hashes are compared; what an inquiry is answered is recorded as that | the program |
//! | [`Vault::rotate`], [`Vault::open`] | keys, to wrap them anew; no field | the program |
//! | [`Vault::back_up`], import | nothing: what is sealed is copied, or made | the program |
//!
//! INVARIANT: no plain text of a person reaches a file or an error. A row opens only under the id, field, class and key
//! it was sealed for. No plain text is handed out before its reading is recorded on the disk. What was erased cannot be
//! stored again under its id.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use register::class::Class;
use register::ids::ErasureId;

use crate::store::sqlite::{Database, Kind};

pub(crate) use keys::{DerivedIds, EntryKey, SealedBy};
use keys::{Master, Secret};
pub(crate) use matching::{Found, MatchKey};
pub(crate) use rotating::KeptBy;
use tables::{StoredKey, StoredRow};
use token::Token;

mod erasing;
mod keys;
mod matching;
mod rotating;
mod tables;
#[cfg(test)]
mod tests;
mod token;

/// From now on ids and keys follow from a seed.
#[cfg(test)]
pub(crate) fn seed_keys(seed: u64) {
    *keys::SEEDED.lock().unwrap() = Some(faults::Dice::new(seed));
}

/// A field to be sealed.
pub(crate) struct SealedRow {
    /// The paper, `paper_…`; it gets one data key.
    pub(crate) id: String,
    /// The name of the field; it stays in the clear.
    pub(crate) field: String,
    /// Who may read it.
    pub(crate) class: Class,
    /// What is sealed; of any length up to what the caller allows.
    pub(crate) plain: Vec<u8>,
}

/// A field that was opened.
pub(crate) struct OpenedRow {
    /// The name of the field.
    pub(crate) field: String,
    /// The plain text.
    pub(crate) plain: Vec<u8>,
}

/// A reading of the vault, without what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Its place among the readings; the first is 1.
    pub(crate) number: u64,
    /// What was read.
    pub(crate) id: String,
    /// Who read.
    pub(crate) reader: String,
    /// Why.
    pub(crate) reason: String,
    /// When: record time, as text.
    pub(crate) at: String,
}

/// What is to be durable together, before the events that refer to it. Costs at most two syncs, one for each file.
#[derive(Default)]
pub(crate) struct Deposit<'a> {
    /// Entry ids, `entry_…`, and their keys.
    pub(crate) entry_keys: &'a [(String, EntryKey)],
    /// Fields of one or more papers.
    pub(crate) rows: &'a [SealedRow],
    /// The individual or unit to whom these papers belong; erasing an individual erases its papers.
    pub(crate) owner: &'a str,
    /// Individuals and by what they are found.
    pub(crate) individuals: &'a [(&'a MatchKey, &'a str)],
}

/// The open vault of one folder.
pub(crate) struct Vault {
    rows: Database,
    keys: Database,
    master: Master,
    /// Entry keys of accepted steps, and of the one going on. They are wrapped and written together when they are to be
    /// durable, in the order of their ids: nothing looks for them before.
    waiting: Vec<(String, EntryKey)>,
    /// How many of them waited when the step began; none outside of a step.
    step: Option<usize>,
}

const ROWS: Kind = Kind {
    called: "a vault",
    application_id: 0x434e_4456, // "CNDV"
    schema_version: 1,
    schema: include_str!("vault/rows.sql"),
};

const KEYS: Kind = Kind {
    called: "a file of vault keys",
    application_id: 0x434e_444b, // "CNDK"
    schema_version: 1,
    schema: include_str!("vault/keys.sql"),
};

/// Where systemd says in which folder it laid the credentials of a process.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

fn credentials() -> Option<PathBuf> {
    std::env::var_os(CREDENTIALS).map(PathBuf::from)
}

const ROWS_FILE: &str = "vault.sqlite";

impl Vault {
    /// The file of the keys, which has a backup of its own.
    pub(crate) const KEYS_FILE: &str = "keys.sqlite";

    /// Makes a vault with a new master key, or the one that the system gave. `token` is the file of a token that is to seal
    /// the new one.
    ///
    /// # Errors
    /// When one is there already or the folder cannot be written; when the token does not seal.
    pub(crate) fn create(dir: &Path, token: Option<&Path>) -> Result<Self> {
        Self::create_with(dir, credentials().as_deref(), token)
    }

    fn create_with(dir: &Path, credentials: Option<&Path>, token: Option<&Path>) -> Result<Self> {
        let token = token.map(Token::read).transpose()?;
        let master = Master::create(dir, credentials, token.as_ref())?;
        let mut keys = Database::create(&dir.join(Self::KEYS_FILE), &KEYS)?;
        let proof = master.proof()?;
        keys.write(|transaction| tables::keep_proof(transaction, &proof))?;
        let rows = Database::create(&dir.join(ROWS_FILE), &ROWS)?;
        Ok(Self { rows, keys, master, waiting: Vec::new(), step: None })
    }

    /// Opens the vault and finishes an erasure or a change of the master key that a power failure cut short.
    ///
    /// # Errors
    /// When the master key is missing, may be read by others, or is not the one of these keys; when a file is missing
    /// or damaged.
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, credentials().as_deref())
    }

    /// As [`Vault::open`], with the folder of the credentials that the process was given.
    fn open_with(dir: &Path, credentials: Option<&Path>) -> Result<Self> {
        let keys = Database::open(&dir.join(Self::KEYS_FILE), &KEYS)?;
        let proof = keys.read(tables::proof)?;
        let (master, rotated) = Master::of_vault(dir, credentials, &proof)?;
        let rows = Database::open(&dir.join(ROWS_FILE), &ROWS)?;
        let mut vault = Self { rows, keys, master, waiting: Vec::new(), step: None };
        vault.finish_erasing()?;
        // The old master key is there until what it wrapped is gone.
        if rotated {
            Master::put_in_place(dir)?;
        }
        Ok(vault)
    }

    /// Copies the sealed rows of the vault in `dir` to the folder `to`, then its keys to the file `keys`: two things that
    /// must live apart. Neither is opened, and a writer may go on beside it. Erased keys are not in the copy, in no page.
    ///
    /// # Errors
    /// When a file is missing or damaged, or a copy cannot be written.
    pub(crate) fn back_up(dir: &Path, to: &Path, keys: &Path) -> Result<()> {
        Database::copy(&dir.join(ROWS_FILE), &ROWS, &to.join(ROWS_FILE))?;
        Database::copy(&dir.join(Self::KEYS_FILE), &KEYS, keys)
    }

    /// The erasures that a copy of the keys has carried out already.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn erasures_in(keys: &Path) -> Result<Vec<String>> {
        Database::open_read_only(keys, &KEYS)?.read(|connection| tables::buried(connection, ErasureId::PREFIX))
    }

    /// Looks at every page of both files.
    ///
    /// # Errors
    /// When one is damaged.
    pub(crate) fn check_files(&self) -> Result<()> {
        self.keys.check()?;
        self.rows.check()
    }

    /// A new id: the prefix (with its underscore) and 26 characters of Crockford's base 32, in lower case, for 128
    /// random bits. Ids never carry time.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn new_id(prefix: &str) -> Result<String> {
        keys::new_id(prefix)
    }

    /// What makes ids that come out the same again, for rows of a table.
    pub(crate) fn derived_ids(&self) -> DerivedIds {
        self.master.derived_ids()
    }

    /// The token that seals the master key where it is kept; none where it lies open.
    pub(crate) fn sealed_by(&self) -> Option<&SealedBy> {
        self.master.sealed_by()
    }

    /// Begins a step: what is deposited from here on is durable only after [`Vault::make_durable`], and can be undone
    /// until the step is accepted.
    pub(crate) fn begin(&mut self) {
        self.step = Some(self.waiting.len());
        self.keys.begin();
        self.rows.begin();
    }

    /// Ends the step and keeps what it deposited.
    pub(crate) fn accept(&mut self) -> Result<()> {
        self.step = None;
        self.keys.accept()?;
        self.rows.accept()
    }

    /// Ends the step and takes back what it deposited, so that a command that was refused leaves nothing of a person.
    pub(crate) fn undo(&mut self) -> Result<()> {
        if let Some(before) = self.step.take() {
            self.waiting.truncate(before);
        }
        self.keys.undo()?;
        self.rows.undo()
    }

    /// Makes all accepted steps durable, the keys first: two syncs at most.
    pub(crate) fn make_durable(&mut self) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            waiting.sort_by(|(one, _), (other, _)| one.cmp(other));
            let master = &self.master;
            self.keys.write(|transaction| put_entry_keys(transaction, master, &waiting))?;
        }
        self.keys.make_durable()?;
        self.rows.make_durable()
    }

    /// Makes all of a deposit durable; within a step, together with the step.
    ///
    /// If the power fails before the keys are written, nothing is there; between keys and rows, there are keys that
    /// seal nothing; after the rows and before their event, there are rows to which nothing refers. All three are
    /// harmless: the command was not answered, and comes again with new ids, but for an individual that is found again.
    ///
    /// # Errors
    /// When an id has its key or field already, belongs to another owner, or was erased; or an A-number belongs to
    /// another individual.
    pub(crate) fn deposit(&mut self, deposit: &Deposit<'_>) -> Result<()> {
        let papers = self.papers(deposit)?;
        let mut now = deposit.entry_keys;
        if self.step.is_some() {
            self.waiting.extend(now.iter().map(|(entry, key)| (entry.clone(), key.copy())));
            now = &[];
        }
        self.deposit_keys(now, deposit, &papers)?;
        self.deposit_rows(deposit.rows, &papers)
    }

    /// Lets an individual be found by an A-number, a name with a birth date, or both: [`Vault::deposit`] of nothing
    /// else.
    ///
    /// # Errors
    /// As [`Vault::deposit`].
    pub(crate) fn bind_individual(&mut self, match_on: &MatchKey, individual: &str) -> Result<()> {
        self.deposit(&Deposit { individuals: &[(match_on, individual)], ..Deposit::default() })
    }

    /// A new random entry key.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn new_entry_key() -> Result<EntryKey> {
        Ok(EntryKey::from(Secret::random()?))
    }

    /// The key of an entry; none when it never had one or was erased.
    ///
    /// # Errors
    /// When the file cannot be read or the key was tampered with.
    pub(crate) fn entry_key(&self, entry: &str) -> Result<Option<EntryKey>> {
        if let Some((_, key)) = self.waiting.iter().find(|(waiting, _)| waiting == entry) {
            return Ok(Some(key.copy()));
        }
        let Some(wrapped) = self.keys.read(|connection| tables::entry_key(connection, entry))? else {
            return Ok(None);
        };
        let key = self
            .master
            .unwrap(&entry_key_of(entry), &wrapped)
            .with_context(|| format!("failed to unwrap the key of `{entry}`"))?;
        Ok(Some(EntryKey::from(key)))
    }

    /// The names of the fields kept under an id, in the order in which they were sealed; none where nothing is there or it was
    /// erased. Nothing is opened.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn fields_of(&self, id: &str) -> Result<Vec<String>> {
        let rows = self.rows.read(|connection| tables::rows(connection, id))?;
        Ok(rows.into_iter().map(|row| row.field).collect())
    }

    /// Opens fields of a paper or note for a person, of whom the record on the disk says that these are read: for
    /// `App::read_out` alone, which has looked.
    ///
    /// # Errors
    /// When a row or its key was tampered with or is missing.
    pub(crate) fn open_recorded(&self, id: &str, fields: &[String]) -> Result<Vec<OpenedRow>> {
        self.open_rows(id, &|field| fields.iter().any(|named| named == field))
    }

    /// Opens the fields of a paper for the program, on behalf of `reader`, after keeping who that is, why and when. An id that is
    /// not there or was erased has no rows; the attempt is recorded all the same.
    ///
    /// If the power fails in between, a reading is recorded that nobody got to see.
    ///
    /// # Errors
    /// When the reading cannot be recorded, or a row or its key was tampered with or is missing.
    pub(crate) fn read(&mut self, id: &str, reader: &str, reason: &str, at: &str) -> Result<Vec<OpenedRow>> {
        self.rows.write(|transaction| tables::append_reading(transaction, id, reader, reason, at))?;
        self.open_rows(id, &|_| true)
    }

    /// Whether the vault holds something under an id and all of it opens. What it says is dropped at once and shown to
    /// nobody, so this is no reading.
    ///
    /// # Errors
    /// As [`Vault::read`]; and when there is a key and nothing that it seals.
    pub(crate) fn unseals(&self, id: &str) -> Result<bool> {
        let opens = !self.open_rows(id, &|_| true)?.is_empty();
        if !opens && self.paper(id)?.is_some() {
            bail!("`{id}` has a key and no rows (hint: put back `keys.sqlite` and `vault.sqlite` of one backup)");
        }
        Ok(opens)
    }

    fn open_rows(&self, id: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<OpenedRow>> {
        let stored = self.rows.read(|connection| tables::rows(connection, id))?;
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let Some(paper) = self.paper(id)? else {
            bail!("`{id}` has rows and no key (hint: put back `keys.sqlite` and `vault.sqlite` of one backup)");
        };
        let open = |row: StoredRow| {
            let class: Class = row.class.parse()?;
            let plain = keys::open(&paper.data_key, &sealed_as(id, &row.field, class, &paper.key), &row.sealed)
                .with_context(|| format!("failed to open field `{}` of `{id}`", row.field))?;
            Ok(OpenedRow { field: row.field, plain })
        };
        stored.into_iter().filter(|row| wanted(&row.field)).map(open).collect()
    }

    /// Hands every reading after `number` to `each`, in order, one at a time.
    ///
    /// # Errors
    /// The first error of `each`.
    #[cfg_attr(not(test), expect(dead_code, reason = "tested here; its command comes with staff who may read"))]
    pub(crate) fn readings_after(&self, number: u64, each: impl FnMut(Reading) -> Result<()>) -> Result<()> {
        self.rows.read(|connection| tables::readings_after(connection, number, each))
    }

    /// The individual who was bound to this A-number; else the only one with this name and birth date, unless one with
    /// another A-number.
    ///
    /// Two people may share name and birth date: where that leaves a doubt, the doubt is said, and a person decides. If
    /// the power failed between a deposit and its event, the individual found is one that no event knows: take the id
    /// as a new individual's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn find_individual(&self, match_on: &MatchKey) -> Result<Found> {
        let tags = self.master.tags(match_on);
        self.keys.read(|connection| tables::find_individual(connection, &tags))
    }

    /// The data key of each paper in a deposit: the one it has, or a new one.
    fn papers<'a>(&self, deposit: &Deposit<'a>) -> Result<BTreeMap<&'a str, Paper>> {
        let mut papers = BTreeMap::new();
        for row in deposit.rows {
            if papers.contains_key(row.id.as_str()) {
                continue;
            }
            let paper = match self.paper(&row.id)? {
                Some(paper) if paper.owner != deposit.owner => bail!("`{}` belongs to another owner", row.id),
                Some(paper) => paper,
                None => Paper {
                    key: keys::new_id("key_")?,
                    owner: deposit.owner.to_owned(),
                    data_key: Secret::random()?,
                    is_new: true,
                },
            };
            papers.insert(row.id.as_str(), paper);
        }
        Ok(papers)
    }

    fn paper(&self, id: &str) -> Result<Option<Paper>> {
        let Some(stored) = self.keys.read(|connection| tables::data_key(connection, id))? else {
            return Ok(None);
        };
        let data_key = self
            .master
            .unwrap(&data_key_of(id, &stored.key), &stored.wrapped)
            .with_context(|| format!("failed to unwrap the key of `{id}`"))?;
        Ok(Some(Paper { key: stored.key, owner: stored.owner, data_key, is_new: false }))
    }

    fn deposit_keys(
        &mut self,
        entry_keys: &[(String, EntryKey)],
        deposit: &Deposit<'_>,
        papers: &BTreeMap<&str, Paper>,
    ) -> Result<()> {
        let master = &self.master;
        let new_papers: Vec<_> = papers.iter().filter(|(_, paper)| paper.is_new).collect();
        if entry_keys.is_empty() && deposit.individuals.is_empty() && new_papers.is_empty() {
            return Ok(());
        }
        self.keys.write(|transaction| {
            put_entry_keys(transaction, master, entry_keys)?;
            for (id, paper) in new_papers {
                let wrapped = master.wrap(&data_key_of(id, &paper.key), &paper.data_key)?;
                let stored = StoredKey { key: paper.key.clone(), owner: paper.owner.clone(), wrapped };
                tables::put_data_key(transaction, id, &stored)?;
            }
            for (match_on, individual) in deposit.individuals {
                tables::bind_individual(transaction, &master.tags(match_on), individual)?;
            }
            Ok(())
        })
    }

    fn deposit_rows(&mut self, rows: &[SealedRow], papers: &BTreeMap<&str, Paper>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.rows.write(|transaction| {
            for row in rows {
                let paper = papers.get(row.id.as_str()).with_context(|| format!("`{}` has no key", row.id))?;
                let bound_to = sealed_as(&row.id, &row.field, row.class, &paper.key);
                let sealed = keys::seal(&paper.data_key, &bound_to, &row.plain)?;
                let stored = StoredRow { field: row.field.clone(), class: row.class.code().to_owned(), sealed };
                tables::append_row(transaction, &row.id, &stored)?;
            }
            Ok(())
        })
    }
}

fn put_entry_keys(transaction: &rusqlite::Connection, master: &Master, keys: &[(String, EntryKey)]) -> Result<()> {
    for (entry, key) in keys {
        tables::put_entry_key(transaction, entry, &master.wrap(&entry_key_of(entry), key.secret())?)?;
    }
    Ok(())
}

/// A paper's data key, unwrapped.
struct Paper {
    /// The id of the key, `key_…`: rows are bound to it.
    key: String,
    owner: String,
    data_key: Secret,
    is_new: bool,
}

// What a sealed text is bound to. No id holds a `|`, so two different ones never read alike.

fn entry_key_of(entry: &str) -> String {
    format!("entry-key|{entry}")
}

fn data_key_of(id: &str, key: &str) -> String {
    format!("data-key|{id}|{key}")
}

fn sealed_as(id: &str, field: &str, class: Class, key: &str) -> String {
    format!("vault|{id}|{field}|{class}|{key}")
}
