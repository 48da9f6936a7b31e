//! An answer in plain English, as labelled lines: the terminal, the page and the letter lay them out. Every sentence
//! that people read about an answer is made here or quoted from the pack.

use crate::answer::{Answer, Because, Doubt, Outcome, StillPossible};
use crate::words::{Basis, Effect, RuleId, Says};

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// What kind of line it is: `answer`, `law`, `words`, `basis`, `doubt`, …
    pub label: &'static str,
    /// The sentence.
    pub text: String,
}

/// The answer in one sentence.
#[must_use]
pub fn headline(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(answer) => answered_headline(answer),
        Outcome::StillPossible(open) => {
            let possible: Vec<&str> = open.possible.iter().map(|word| says(*word)).collect();
            format!("Whether to {} depends on facts not given. Still possible: {}.", open.deed, possible.join(", or "))
        }
    }
}

/// The answer with its reasons, the strongest first.
#[must_use]
pub fn outcome(outcome: &Outcome) -> Vec<Line> {
    let mut lines = vec![line("answer", headline(outcome))];
    match outcome {
        Outcome::Answered(answer) => lines.extend(answered(answer)),
        Outcome::StillPossible(open) => lines.extend(still_possible(open)),
    }
    lines
}

/// What the law says, in two or three words.
#[must_use]
pub fn says(word: Says) -> &'static str {
    match word {
        Says::Prohibited => "prohibited",
        Says::NeedsLegalReview => "needs legal review",
        Says::Permitted => "permitted",
        Says::NotRegulated => "not regulated",
    }
}

/// How well the text is known.
#[must_use]
pub fn basis(word: Basis) -> &'static str {
    match word {
        Basis::Certified => "certified text",
        Basis::Quoted => "exact words from a copy, not certified",
        Basis::Reported => "known by report only: certified text wanted",
        Basis::Missing => "text missing: certified text wanted",
    }
}

/// What a lawyer must settle.
#[must_use]
pub fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Unclear { rule, why } => format!("{why} ({}, {})", rule.citation, rule.rule),
        Doubt::NotLoaded => "Section not loaded: no section of this pack that was in force covers this.".to_owned(),
        Doubt::FirstDay { act, from, at_latest, earlier, later } => {
            let until = at_latest.map_or_else(|| "a day not known".to_owned(), |day| format!("{day} at the latest"));
            let (earlier, later) = (says(*earlier), says(*later));
            format!(
                "The first day of the changed {act} is not known: some day from {from} to {until}. Before it: {earlier}; \
                 from it on: {later}."
            )
        }
        Doubt::Conflict { layer, prohibition, permission } => {
            format!(
                "The {layer}'s rules {prohibition} and {permission} contradict each other: the pack needs a lawyer."
            )
        }
    }
}

/// Whether the text is known too little to rely on a permission.
fn is_weak(basis: Basis) -> bool {
    basis >= Basis::Reported
}

fn line(label: &'static str, text: String) -> Line {
    Line { label, text }
}

fn answered_headline(answer: &Answer) -> String {
    let deed = &answer.deed;
    match answer.says {
        Says::Prohibited if is_weak(answer.basis) => format!("Do not {deed}: prohibited, text not certified."),
        Says::Prohibited => format!("Do not {deed}: prohibited."),
        Says::NeedsLegalReview if answer.doubts.contains(&Doubt::NotLoaded) && answer.because.is_empty() => {
            format!("Needs legal review before you {deed}: section not loaded.")
        }
        Says::NeedsLegalReview => format!("Needs legal review before you {deed}."),
        Says::Permitted if is_weak(answer.basis) => {
            format!("To {deed} is permitted, never required; text not certified: ask counsel first.")
        }
        Says::Permitted => format!("To {deed} is permitted, never required."),
        Says::NotRegulated => {
            format!("To {deed} is not regulated by the law loaded here. That is not a permission: other law may apply.")
        }
    }
}

fn answered(answer: &Answer) -> Vec<Line> {
    let mut lines = Vec::new();
    for because in &answer.because {
        lines.push(line("law", because_line(because)));
        if let Some(words) = &because.words {
            lines.push(line("words", format!("“{words}”")));
        }
    }
    lines.extend(answer.doubts.iter().map(|open| line("doubt", doubt(open))));
    if answer.by_layer.len() > 1 {
        let layers: Vec<String> =
            answer.by_layer.iter().map(|(layer, word)| format!("{layer}: {}", says(*word))).collect();
        lines.push(line("layers", layers.join("; ")));
    }
    lines.push(line("basis", basis(answer.basis).to_owned()));
    if !answer.reviewed {
        lines.push(line("review", "Unreviewed: no lawyer has reviewed this law pack.".to_owned()));
    }
    if answer.says != Says::Permitted || is_weak(answer.basis) {
        lines.push(line("safe default", answer.safe_default.clone()));
    }
    for obligation in &answer.obligations {
        let clock = obligation.duty.within.as_ref().map_or_else(String::new, |within| format!(" within {within}"));
        lines.push(line("obligation", format!("{}{clock} ({})", obligation.duty.to_do, obligation.citation)));
    }
    if !answer.open.is_empty() {
        let names: Vec<&str> = answer.open.iter().map(|name| name.as_str()).collect();
        lines.push(line("unknown", format!("Not given, and without effect here: {}.", names.join(", "))));
    }
    lines
}

fn because_line(because: &Because) -> String {
    let version = because.version_from.map_or_else(|| "draft".to_owned(), |from| format!("version of {from}"));
    let lifted: Vec<&str> = because.lifts.iter().map(RuleId::as_str).collect();
    let does = match because.effect {
        Effect::Forbids => "forbids it".to_owned(),
        Effect::Permits if lifted.is_empty() => "permits it".to_owned(),
        Effect::Permits => format!("permits it in spite of {}", lifted.join(", ")),
        Effect::Excepts => format!("makes an exception from {}", lifted.join(", ")),
        Effect::Doubts => "leaves it in doubt".to_owned(),
        Effect::Defines => format!("means that {}", because.settles.as_deref().unwrap_or("a word is defined")),
    };
    let status = because.status;
    format!("{}, {} ({version}, {status}): {} {does}", because.citation, because.title, because.rule)
}

fn still_possible(open: &StillPossible) -> Vec<Line> {
    let mut lines = Vec::new();
    for fact in &open.open {
        let answers: Vec<String> = fact.answers.iter().map(|(name, words)| format!("{words} [{name}]")).collect();
        lines.push(line("depends on", format!("{}: {} {}", fact.name, fact.question, answers.join("; "))));
    }
    lines.push(line("safe default", open.safe_default.clone()));
    if !open.reviewed {
        lines.push(line("review", "Unreviewed: no lawyer has reviewed this law pack.".to_owned()));
    }
    lines
}
