//! Opening files against the log: what is opened is what the leaf holds.

use std::collections::BTreeMap;

use register::leaf::Slot;
use register::opening::{OpenedSlot, OpeningFile};
use register::words::Mode;
use tlog::hash_leaf;

use crate::{Files, Log, Promise, Verdict};

/// What is opened of some leaves: position → slot → text.
pub(crate) type Opened = BTreeMap<u64, BTreeMap<Slot, String>>;

/// What a file opens of `slots`, leaf by leaf; none if it is missing or malformed. A slot that leads to another leaf, or
/// that should stay shut in this file, is a finding and is left out.
pub(crate) fn opened(files: &Files, path: &str, slots: &[Slot], log: Log<'_>, verdict: &mut Verdict) -> Option<Opened> {
    let Some(bytes) = files.get(path) else {
        verdict.find(Promise::Openings, path, "the file is missing");
        return None;
    };
    let parsed = std::str::from_utf8(bytes).map_err(|_| "the file is no text".to_owned());
    let file = match parsed.and_then(|text| OpeningFile::parse(text).map_err(|error| error.to_string())) {
        Ok(file) => file,
        Err(what) => {
            verdict.find(Promise::Openings, path, what);
            return None;
        }
    };
    if file.origin != verdict.origin {
        verdict.find(Promise::Openings, path, format!("it is of another log, `{}`", file.origin));
    }
    if (file.mode == Mode::Demonstration) != verdict.is_demonstration() {
        verdict.find(Promise::Openings, path, "it does not agree with the log on whether its rows are invented");
    }
    let mut opened = Opened::new();
    for opening in file.openings {
        let (position, slot) = (opening.position, opening.opened.slot);
        let place = format!("{path}, leaf {position}");
        if !leads_to_leaf(log, position, &opening.opened) {
            let what = format!("the leaf does not hold what is opened of its slot `{}`", slot.code());
            verdict.find(Promise::Openings, place, what);
        } else if !slots.contains(&slot) {
            verdict.find(Promise::Openings, place, format!("its slot `{}` is not for this file to open", slot.code()));
        } else {
            opened.entry(position).or_default().insert(slot, opening.opened.value);
        }
    }
    Some(opened)
}

fn leads_to_leaf(log: Log<'_>, position: u64, opened: &OpenedSlot) -> bool {
    opened.root().is_some_and(|root| log.leaf(position) == Some(&hash_leaf(&root)))
}
