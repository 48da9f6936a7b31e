//! What the verifier says, in plain words.

use crate::{Given, Promise, Verdict};

/// What a promise is, as a sentence that holds or is broken.
pub fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Signature => "the checkpoint is signed by the key you gave",
        Promise::Tree => "the tiles are the tree that the checkpoint signs",
        Promise::History => "the log still holds all it held at your older checkpoint",
        Promise::Openings => "whatever is opened is what its leaf holds",
        Promise::Counted => "every leaf says what it counts as",
        Promise::Rows => "the rows of the report are as many as the leaves that count",
        Promise::Report => "the report follows from its rows",
        Promise::Filing => "the files are the ones that were filed",
        Promise::Accounted => "every file is accounted for",
        Promise::Bag => "the leaves hold a whole record, and the rows follow from it",
        Promise::Answers => "the law's answers follow from the recorded facts",
    }
}

/// A short name for programs.
pub fn code(promise: Promise) -> &'static str {
    match promise {
        Promise::Signature => "signature",
        Promise::Tree => "tree",
        Promise::History => "history",
        Promise::Openings => "openings",
        Promise::Counted => "counted",
        Promise::Rows => "rows",
        Promise::Report => "report",
        Promise::Filing => "filing",
        Promise::Accounted => "accounted",
        Promise::Bag => "bag",
        Promise::Answers => "answers",
    }
}

/// What cannot be seen from what was given.
pub(crate) fn unseen(given: &Given<'_>, verdict: &Verdict) -> Vec<String> {
    let mut unseen = vec![
        "A paper that was never registered leaves no trace here. Whoever holds the paper or its receipt can ask.",
        "Days and times are the operator's word: no witness has signed this checkpoint.",
    ];
    if !verdict.filings.is_empty() {
        unseen.push("Whether a filing after the last one shown here was taken away: only the next closing, an older copy of the folder or the bag can tell.");
        unseen.push("Whether `report.html` says what `report.json` says: its bytes are the filed ones, its sentences are for the eye. Only the JSON is recomputed.");
    }
    if given.since.is_none() {
        unseen.push("Whether the log was rolled back or shown differently to others: keep this checkpoint and give it with `--since` next time.");
    }
    if given.bag.is_none() {
        unseen.push("Which row belongs to which leaf, whether individuals are counted once, and what was covered: only an auditor with the bag can match them.");
        if !verdict.filings.is_empty() {
            unseen.push(
                "Whether the law's answers follow from the facts: no facts are open here, so none was decided again.",
            );
        }
    }
    unseen.into_iter().map(str::to_owned).collect()
}
