//! The keys that leaves of the log certify: each file under `keys/` opens one leaf, and every leaf that counts as a key has
//! one.

use register::leaf::Slot;
use register::place::{key_of, key_path};
use register::receipt::CertifiedKey;
use register::say::counted as counted_as;
use register::time::Year;
use register::wire;
use register::words::CountsAs;
use tlog::VerifyingKey;

use crate::openings::opened;
use crate::rows::Counted;
use crate::{Accounted, Files, Log, Promise, Verdict};

/// The receipt keys that the folder shows, each certified by the log's key and held by a leaf.
pub(crate) fn check(
    files: &Files,
    log: Log<'_>,
    log_key: &VerifyingKey,
    accounted: &mut Accounted,
    verdict: &mut Verdict,
) -> Vec<CertifiedKey> {
    let mut keys = Vec::new();
    for (path, position) in files.keys().filter_map(|path| Some((path, key_of(path)?))) {
        accounted.insert(path.clone());
        match certified(files, path, position, log, log_key, verdict) {
            Ok(key) => keys.push(key),
            Err(what) => verdict.find(Promise::Openings, path.clone(), what),
        }
    }
    if !keys.is_empty() {
        let number = counted_as(u64::try_from(keys.len()).unwrap_or(u64::MAX), "receipt key", "receipt keys");
        verdict.check(Promise::Openings, format!("{number} against leaf and log's key"));
    }
    keys
}

fn certified(
    files: &Files,
    path: &str,
    position: u64,
    log: Log<'_>,
    log_key: &VerifyingKey,
    verdict: &mut Verdict,
) -> Result<CertifiedKey, String> {
    let slots = [Slot::CountsAs, Slot::Year, Slot::Key];
    let mut opened = opened(files, path, &slots, log, verdict).ok_or("it opens no key")?;
    let leaf = opened.remove(&position).filter(|_| opened.is_empty());
    let leaf = leaf.ok_or("it opens more or less than the one leaf that its name says")?;
    let says = |slot: Slot| leaf.get(&slot).map(String::as_str).unwrap_or_default();
    let key = wire::decode_key(says(Slot::Key)).map_err(|error| error.to_string())?;
    if (says(Slot::CountsAs), says(Slot::Year)) != (CountsAs::Key.code(), Year::of(key.on).to_string().as_str()) {
        return Err("the leaf does not count as a key in the year of its day".to_owned());
    }
    if !key.holds(log_key) {
        return Err("the log's key has not signed the key that it opens".to_owned());
    }
    Ok(key)
}

/// Leaves that count as a key and that no file opens.
pub(crate) fn counted(files: &Files, counted: &Counted, verdict: &mut Verdict) {
    for (position, (kind, _)) in counted {
        let path = key_path(*position);
        if *kind == CountsAs::Key && !files.contains_key(&path) {
            verdict.find(Promise::Openings, path, "the file is missing, and its leaf counts as a key");
        }
    }
}
