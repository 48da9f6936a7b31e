//! What the verifier says, in plain words.

use register::receipt::Said;
use register::words::FilingKind;

use crate::receipt::{InRecord, PaperSeen, ReceiptSeen, Standing};
use crate::{Given, Promise, Verdict};

/// What a promise is, as a sentence that holds or is broken.
pub fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Signature => "the checkpoint is signed by the key you gave",
        Promise::Witnessed => "the witnesses you named have cosigned the checkpoint",
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
        Promise::Receipt => "what the receipt promises is in the log",
        Promise::Clock => "what is dated or promised by a time can be true",
    }
}

/// A short name for programs.
pub fn code(promise: Promise) -> &'static str {
    match promise {
        Promise::Signature => "signature",
        Promise::Witnessed => "witnessed",
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
        Promise::Receipt => "receipt",
        Promise::Clock => "clock",
    }
}

/// What to do when a promise is broken: the next step, to be shown after a finding.
pub fn hint(promise: Promise) -> &'static str {
    match promise {
        Promise::Signature => "get the key from the office or from whoever used it before, never from the folder",
        Promise::Witnessed => {
            "ask the witness for its cosignature of this checkpoint, and the office why it is not there: it may hide a fork"
        }
        Promise::Tree => "download the folder again, whole; if it stays so, keep both copies and ask who publishes it",
        Promise::History => "keep both checkpoints: together they prove it, so show them to others",
        Promise::Openings => "download the named file again; if it stays so, it was changed after it was filed",
        Promise::Counted => "ask the office for the opening of each leaf named; until then the totals are not proven",
        Promise::Rows => "do not rely on the report: ask the office which rows it left out or added, and for the bag",
        Promise::Report => "do not rely on the report: count its rows yourself, and ask the office how it was drawn",
        Promise::Filing => "compare with an older copy of the folder, and ask the office for the file that was filed",
        Promise::Accounted => "do not rely on this file: nothing signed speaks for it",
        Promise::Bag => "ask whoever keeps the register for a bag of this very checkpoint; if it stays so, report it",
        Promise::Receipt => {
            "keep the receipt and a copy of this folder: together they prove it; show them to a court, an auditor or the press"
        }
        Promise::Clock => "ask the office when it was made, and show both dates to whoever relies on it",
        Promise::Answers => "ask counsel to look at the decision named, under the law pack it names",
    }
}

/// A short name, for programs, of whether a receipt is of the paper in hand.
pub fn paper_code(paper: PaperSeen) -> &'static str {
    match paper {
        PaperSeen::Same => "same",
        PaperSeen::Other => "other",
        PaperSeen::NotGiven => "not-given",
        PaperSeen::NoNumber => "no-number",
    }
}

/// A short name, for programs, of what became of a leaf that was promised.
pub fn standing_code(standing: &Standing) -> &'static str {
    match standing {
        Standing::Promised => "promised",
        Standing::Broken => "broken",
        Standing::CountsAsNothing => "counts-as-nothing",
        Standing::YearOpen => "year-open",
        Standing::Counted { .. } => "counted",
        Standing::Late { .. } => "late",
    }
}

/// What was seen of a receipt, sentence by sentence.
pub fn receipt(seen: &ReceiptSeen) -> Vec<String> {
    let mut says = vec![match seen.said {
        Said::Receipt => format!("The office promised on {} that the paper is registered.", seen.promised_at),
        Said::Answer(answer, rule) => {
            let answer = answer.to_string().replace('-', " ");
            format!("The office answered on {}: {answer} ({}).", seen.promised_at, rule.title())
        }
    }];
    says.push(
        match seen.paper {
            PaperSeen::Same => "It is of the paper you gave: form, date and number are the ones committed to.",
            PaperSeen::Other => "It is not of the paper you gave.",
            PaperSeen::NotGiven => {
                "Of which paper it is was not checked: give a form file of the paper with `--paper`."
            }
            PaperSeen::NoNumber => {
                "The paper as registered prints no number, so the receipt cannot say which paper it is of."
            }
        }
        .to_owned(),
    );
    let counts = match seen.year {
        Some(year) => format!("counts as `{}` in {year}", seen.counts_as),
        None => "counts in no total".to_owned(),
    };
    says.push(match seen.position {
        Some(position) => format!("Its leaf is in the log, at position {position}, and {counts}."),
        None => format!("Its leaf is not in the log shown here; it was promised until {}, and {counts}.", seen.due_at),
    });
    let named = |kind: FilingKind| {
        format!("the {kind} report for {}", seen.year.map_or_else(String::new, |year| year.to_string()))
    };
    match &seen.standing {
        Standing::Promised => says.push("Not proven yet: nothing shows that the promised time is over.".to_owned()),
        Standing::Broken => says.push("The promise is broken.".to_owned()),
        Standing::CountsAsNothing => {}
        Standing::YearOpen => says.push("No report of its year is shown yet that counts leaf by leaf.".to_owned()),
        Standing::Counted { report, taken_out, of } => {
            says.push(format!("It is among the leaves that {} counts.", named(*report)));
            if *taken_out > 0 && seen.recorded.is_none() {
                says.push(format!("{taken_out} of the {of} that count so were taken out again; which ones, only the office or the bag can tell."));
            }
        }
        Standing::Late { report } => {
            says.push(format!("It came after {} was frozen and is not in it: a restatement is due.", named(*report)));
        }
    }
    match &seen.recorded {
        None => {}
        Some(InRecord::Stands) => says.push("The bag says that it stands as it was registered.".to_owned()),
        Some(InRecord::TakenOut { cause, at }) => {
            says.push(format!("The bag says that it was taken out again on {at}: `{cause}`."));
        }
        Some(InRecord::PutIn { cause, year }) => {
            says.push(format!("The bag says that it was taken out and put in again, in {year}: `{cause}`."));
        }
    }
    says
}

/// Characters of one text that are shown.
const SHOWN_CHARS: usize = 2_000;

/// A text of unknown origin as it can be shown: cut, and with the characters escaped that would steer a terminal or turn
/// the order of what is read.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut shown = String::new();
    for character in text.chars().take(SHOWN_CHARS) {
        if steers(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// An instant in UTC, from seconds since 1970; beyond the year 9999 the seconds themselves.
pub(crate) fn instant(seconds: u64) -> String {
    let instant = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    instant.map_or_else(|| format!("{seconds} seconds after 1970"), |instant| instant.to_string())
}

/// `2022`, `2022 and 2023`, `2021, 2022 and 2023`.
pub(crate) fn list(items: &[String]) -> String {
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// What cannot be seen from what was given.
pub(crate) fn unseen(given: &Given<'_>, verdict: &Verdict) -> Vec<String> {
    let mut unseen = vec![
        "A paper that was never registered leaves no trace here. Whoever holds the paper or its receipt can ask.",
        match verdict.cosigned.as_slice() {
            [] if given.witnesses.is_empty() => {
                "Days and times are the operator's word: no witness that you named (`--witness`) has signed this checkpoint."
            }
            [] => "Days and times are the operator's word: none of the witnesses you named has signed this checkpoint.",
            [..] => {
                "Days and times in the log are the operator's word: a witness says only that it saw this tree when it cosigned, and that the tree continues those it saw before."
            }
        },
        "Whether filings were taken away, the newest or all of them: only a later closing that is shown, an older copy of the folder or the bag can tell.",
    ];
    match &verdict.receipt {
        None if given.receipt.is_none() => unseen.push(
            "Whether a request was dropped and everything signed anew: only its receipt can tell. Whoever holds one gives it with `--receipt`.",
        ),
        None => {}
        Some(_) => unseen.push("What the receipt's request led to: no public leaf says it. A receipt shows that the paper is there, not what became of it."),
    }
    if !verdict.filings.is_empty() {
        unseen.push("Whether `report.html` says what `report.json` says: its bytes are the filed ones, its sentences are for the eye. Only the JSON is recomputed.");
    }
    if given.since.is_none() {
        unseen.push("Whether the log was rolled back or shown differently to others: keep this checkpoint and give it with `--since` next time.");
    }
    if given.bag.is_none() {
        unseen.push("Which row belongs to which leaf, whether individuals are counted once, and what was covered: only an auditor with the bag can match them.");
        if verdict.filings.iter().any(|filing| filing.kind == FilingKind::Provisional.to_string()) {
            unseen.push("Whether the totals of a provisional letter are right: it opens no leaf, so they cannot be recomputed from the folder. The bag recomputes them.");
        }
        if !verdict.filings.is_empty() {
            unseen.push("How many decisions departed from the law, and how many other requests there were: no public leaf counts them. The bag does.");
            unseen.push(
                "Whether the law's answers follow from the facts: no facts are open here, so none was decided again.",
            );
        }
    }
    unseen.into_iter().map(str::to_owned).collect()
}
