//! Backup and restore.
//!
//! `candor backup DIR --to BACKUP` writes two things that must live apart:
//! - the folder `BACKUP`: events, leaves and checkpoints, sealed rows, law packs, filed files, the log's public key. It may
//!   be kept for as long as the office likes;
//! - the file `BACKUP.keys`: the vault's keys, each wrapped by the master key. What is erased in the register is erased
//!   everywhere only once the last copy of its key is gone, so it is kept for weeks.
//!
//! Neither holds the register's secrets: whoever has the master key beside both has everything. They are copied once, when
//! the register is made, to a safe.
//!
//! The register is copied first, then the rows, then the keys, each as it stands after some transaction: rows and keys are
//! on the disk before the events that need them, so what the copied events name is in the copies made later. The writer
//! goes on meanwhile. What was erased between the copies makes them disagree, and the backup is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::digest;
use register::Register;

use crate::app::{App, opened};
use crate::decoding::replay;
use crate::examining::{Examined, examine};
use crate::files;
use crate::publish;
use crate::receipt_key;
use crate::store::Store;
use crate::store::folder::{self, in_trouble};
use crate::vault::Vault;

/// The file that lists the others with their hashes, as `sha256sum -c` reads it.
const SUMS: &str = "SHA256SUMS";

/// The file that says to whoever finds the folder what it is.
const READ_ME: &str = "README.txt";

/// Folders of the register that are copied file by file: what is in them never changes.
const KEPT: [&str; 2] = ["law", "filed"];

/// The log's public key.
const PUBLIC_KEY: &str = "log.vkey";

/// What a register's folder calls its secrets, which are in no backup.
const SECRETS: [&str; 2] = ["master.key", "log.key"];

/// A backup that was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// Events in it.
    pub(crate) events: u64,
    /// Files in its folder.
    pub(crate) files: usize,
    /// Where the keys are.
    pub(crate) keys: PathBuf,
}

/// Backs up the register in `dir` to the new folder `to` and the new file `to.keys`, beside whoever writes it.
///
/// If the power fails, `to.part` or `to.keys` is left, and the next one says so.
///
/// # Errors
/// When something is there already, or cannot be read or written. Then nothing is left of either.
pub(crate) fn back_up(dir: &Path, to: &Path) -> Result<Made> {
    publish::apart(dir, to)?;
    let place = files::vacant(to)?;
    let keys = keys_of(&place);
    if keys.symlink_metadata().is_ok() {
        bail!("`{}` is there already (hint: choose another name for this backup)", keys.display());
    }
    let part = files::make_part(&place)?;
    let made = fill(dir, &part, &keys).and_then(|made| files::put_folder(&part, &place).map(|()| made));
    if made.is_err() {
        // What cannot be removed is named by the next backup.
        drop((fs::remove_dir_all(&part), fs::remove_file(&keys)));
    }
    made
}

fn fill(dir: &Path, part: &Path, keys: &Path) -> Result<Made> {
    let store = Store::back_up(dir, part)?;
    let register = replay(&store, None)?;
    let origin = opened(&register)?.origin.clone();
    drop(store);
    Vault::back_up(dir, part, keys)?;
    nothing_erased_between(&register, keys)?;
    copy(&dir.join(PUBLIC_KEY), &part.join(PUBLIC_KEY))?;
    for folder in KEPT {
        for path in files::paths(&dir.join(folder))? {
            let path = format!("{folder}/{path}");
            copy(&dir.join(&path), &part.join(&path))?;
        }
    }
    files::write_private(&part.join(READ_ME), read_me(&origin, register.last_seq).as_bytes())?;
    let mut sums = String::new();
    let paths = files::paths(part)?;
    for path in &paths {
        sums.push_str(&format!("{}  {path}\n", hash(&part.join(path))?));
    }
    files::write_private(&part.join(SUMS), sums.as_bytes())?;
    Ok(Made { events: register.last_seq, files: paths.len() + 1, keys: keys.to_owned() })
}

/// That no key is lacking in the copy of the keys which the copy of the events needs: what was erased between the two is still
/// there in one of them, and gone in the other.
fn nothing_erased_between(register: &Register, keys: &Path) -> Result<()> {
    let recorded = &register.retention.tombstones;
    let recorded: BTreeSet<&str> = recorded.iter().map(|one| one.tombstone.reached.erasure.as_str()).collect();
    if Vault::erasures_in(keys)?.iter().any(|erasure| !recorded.contains(erasure.as_str())) {
        bail!("something was erased while the backup was made (hint: give the command again)");
    }
    Ok(())
}

fn read_me(origin: &str, events: u64) -> String {
    format!(
        "A backup of the register of `{origin}`, with {events} events, made by `candor backup`.\n\n\
         To use it:  candor restore THIS-FOLDER --keys KEYS-FILE --secrets FOLDER --to NEW-FOLDER\n\n\
         Not in it, and kept elsewhere: the vault's keys (the file of this folder's name with `.keys`), for weeks, not\n\
         years; the master key and the log's key (`secrets/master.key`, `secrets/log.key`), in a safe. Without the master\n\
         key nothing that is sealed here can ever be read; with all three in one place it is sealed from nobody.\n"
    )
}

/// What a restore takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToRestore<'a> {
    /// The backup's folder.
    pub(crate) backup: &'a Path,
    /// The file of its keys; the one beside it where left out.
    pub(crate) keys: Option<&'a Path>,
    /// The folder with the master key and the log's key.
    pub(crate) secrets: &'a Path,
    /// Where the register is to be: a new or empty folder.
    pub(crate) to: &'a Path,
}

/// Restores a backup and examines it before it is put into its place.
///
/// It is built in `to.part`. If the power fails before the rename, `to` is as it was.
///
/// # Errors
/// When the backup is damaged or does not agree with the keys, by name. Then nothing is left of it.
pub(crate) fn restore(given: ToRestore<'_>) -> Result<Examined> {
    let place = files::vacant(given.to)?;
    let paths = undamaged(given.backup)?;
    let part = files::make_part(&place)?;
    let restored = lay_out(given, &paths, &part)
        .and_then(|()| {
            let app = App::open(&part)?;
            app.check_files()?;
            examine(&app)
        })
        .with_context(|| format!("the backup in `{}` cannot be restored", given.backup.display()))
        .and_then(|examined| files::put_folder(&part, &place).map(|()| examined));
    if restored.is_err() {
        drop(fs::remove_dir_all(&part));
    }
    restored
}

/// The files of a backup, if every one is what was backed up and no other is there.
fn undamaged(backup: &Path) -> Result<Vec<String>> {
    let path = backup.join(SUMS);
    if !path.is_file() {
        bail!("`{}` is no backup (hint: give the folder that `candor backup` wrote)", backup.display());
    }
    let hint = "hint: use another backup; this one is damaged";
    let mut listed = BTreeMap::new();
    for line in files::read_text(&path)?.lines() {
        let (sum, path) = line.split_once("  ").with_context(|| format!("`{}` is damaged ({hint})", path.display()))?;
        listed.insert(path.to_owned(), sum.to_owned());
    }
    let there: BTreeSet<String> = files::paths(backup)?.into_iter().filter(|path| path != SUMS).collect();
    if let Some(other) = there.iter().find(|path| !listed.contains_key(*path)) {
        bail!("`{other}` in `{}` is no part of the backup (hint: move it away)", backup.display());
    }
    for (path, sum) in &listed {
        if !there.contains(path) {
            bail!("`{path}` is missing in `{}` ({hint})", backup.display());
        }
        if hash(&backup.join(path))? != *sum {
            bail!("`{path}` in `{}` is not what was backed up ({hint})", backup.display());
        }
    }
    Ok(listed.into_keys().filter(|path| path != READ_ME).collect())
}

fn lay_out(given: ToRestore<'_>, paths: &[String], part: &Path) -> Result<()> {
    for path in paths {
        copy(&given.backup.join(path), &part.join(path))?;
    }
    let keys = given.keys.map_or_else(|| keys_of(given.backup), Path::to_owned);
    if !keys.is_file() {
        bail!("the vault's keys `{}` are missing (hint: say where they are, with `--keys FILE`)", keys.display());
    }
    copy(&keys, &part.join(Vault::KEYS_FILE))?;
    for name in SECRETS {
        let secret = given.secrets.join(name);
        if !secret.is_file() {
            bail!(
                "`{name}` is not in `{}` (hint: give the folder that holds the copies of the register's `secrets`)",
                given.secrets.display()
            );
        }
        files::write_private(&part.join("secrets").join(name), &files::read(&secret)?)?;
    }
    // Without it another one is made and certified when the next receipt is given; those given stay good.
    let receipt_key = given.secrets.join(receipt_key::FILE);
    if receipt_key.is_file() {
        files::write_private(&part.join("secrets").join(receipt_key::FILE), &files::read(&receipt_key)?)?;
    }
    Ok(())
}

/// The file of the keys that belong to a backup's folder.
fn keys_of(backup: &Path) -> PathBuf {
    let mut name = backup.file_name().unwrap_or_default().to_owned();
    name.push(".keys");
    backup.with_file_name(name)
}

/// Copies a file of any size for its owner alone. On return it is on the disk, and its name with the folder's.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).with_context(|| format!("failed to open `{}`", from.display()))?;
    files::make_parents(to)?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .and_then(|mut copy| std::io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()))
        .map_err(|error| in_trouble("write the copy", to, error))?;
    folder::sync_parent(to)
}

/// The SHA-256 of a file of any size, in hex.
pub(crate) fn hash(path: &Path) -> Result<String> {
    let trouble = || format!("failed to read `{}`", path.display());
    let mut file = File::open(path).with_context(trouble)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut buffer).with_context(trouble)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
        context.update(bytes);
    }
    Ok(context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}
