//! All that is missing or doubtful in a pack, gathered in one place for whoever reviews it. A kind of which nothing was
//! found stays on the list: it was looked for.

use crate::check::Check;
use crate::printed::{AskPart, LayerPart, Missing, SectionPart, Statuses, Topic, is_weak};
use crate::problem::Problem;
use crate::quotation::Cover;
use crate::section::{Certain, Standing};

/// Everything, kind by kind, the gravest first.
pub(crate) fn topics(layers: &[LayerPart<'_>], asks: &[AskPart<'_>], check: Check, statuses: &Statuses) -> Vec<Topic> {
    let sections: Vec<&SectionPart<'_>> =
        layers.iter().flat_map(|layer| &layer.acts).flat_map(|act| &act.sections).collect();
    vec![
        Topic {
            id: "failures",
            title: "Scenarios that come out otherwise",
            means: "The rules or the scenario are wrong.",
            items: check.failures.into_iter().map(failure).collect(),
        },
        Topic {
            id: "not-loaded",
            title: "Asks that no section rules on",
            means: "Candor answers “needs legal review: section not loaded”.",
            items: not_loaded(layers, asks),
        },
        Topic {
            id: "not-seen",
            title: "Texts that were not seen",
            means: "Known by somebody's report only, or not found. The certified text is wanted.",
            items: each(&sections, |part| not_seen(part, statuses)),
        },
        Topic {
            id: "first-days",
            title: "First days that are not known",
            means: "Within the range both texts are tried; where they differ, the answer is “needs legal review”.",
            items: each(&sections, first_day),
        },
        Topic {
            id: "unclear",
            title: "What is unclear",
            means: "Each of these sends an ask to a lawyer.",
            items: each(&sections, unclear),
        },
        Topic {
            id: "gaps",
            title: "Quoted words that no rule implements",
            means: "A gap can be right: a definition that no rule turns on. Look under “Not code, and why” of the section.",
            items: each(&sections, gaps),
        },
        Topic {
            id: "unpinned",
            title: "Rules that no scenario names",
            means: "Nothing would notice if such a rule were changed by mistake.",
            items: each(&sections, unpinned),
        },
        Topic {
            id: "flags",
            title: "What a reader must know about the texts",
            means: "Notes of those who read the sources.",
            items: each(&sections, flag),
        },
    ]
}

fn each(sections: &[&SectionPart<'_>], of: impl Fn(&SectionPart<'_>) -> Vec<Missing>) -> Vec<Missing> {
    sections.iter().flat_map(|section| of(section)).collect()
}

fn failure(problem: Problem) -> Missing {
    Missing { place: None, name: format!("{}:{}", problem.file, problem.line), text: format!("{}.", problem.message) }
}

fn not_loaded(layers: &[LayerPart<'_>], asks: &[AskPart<'_>]) -> Vec<Missing> {
    let silent = asks.iter().filter(|ask| ask.ruled_by.is_empty() && ask.silent.is_empty());
    let mut items: Vec<Missing> = silent
        .map(|ask| Missing {
            place: Some(format!("ask-{}", ask.entry.ask)),
            name: ask.entry.ask.to_string(),
            text: format!("Whether to {}: no section has a rule.", ask.entry.deed),
        })
        .collect();
    let empty = layers.iter().filter(|layer| layer.acts.is_empty());
    items.extend(empty.map(|layer| Missing {
        place: None,
        name: layer.layer.to_string(),
        text: format!("No section of {} is loaded.", crate::plain::layer_law(layer.layer)),
    }));
    items
}

fn not_seen(part: &SectionPart<'_>, statuses: &Statuses) -> Vec<Missing> {
    let section = part.section;
    if is_weak(section.status) {
        return vec![of_section(part, format!("{}: {}.", section.title, statuses.words(section.status)))];
    }
    let weak = part.rules().filter(|rule| is_weak(rule.rule.status));
    weak.map(|rule| of_rule(rule.rule.id.as_str(), format!("This rule: {}.", statuses.words(rule.rule.status))))
        .collect()
}

fn first_day(part: &SectionPart<'_>) -> Vec<Missing> {
    match &part.section.standing {
        Standing::Law { from, .. } if from.certain != Certain::AtOnce => vec![of_section(part, part.standing.clone())],
        Standing::Law { .. } | Standing::Draft { .. } => Vec::new(),
    }
}

fn unclear(part: &SectionPart<'_>) -> Vec<Missing> {
    let unclear = part.rules().filter_map(|rule| Some((rule.rule.id.as_str(), rule.rule.unclear.clone()?)));
    unclear.map(|(id, why)| of_rule(id, why)).collect()
}

fn gaps(part: &SectionPart<'_>) -> Vec<Missing> {
    let gap = |sentence: &crate::quotation::Sentence| {
        let left: Vec<String> = sentence.left().iter().map(|words| format!("“{words}”")).collect();
        let text = match sentence.cover {
            Cover::Part => format!("In part: {}", left.join(" … ")),
            Cover::Gap | Cover::Full => left.join(" … "),
        };
        of_section(part, text)
    };
    part.gaps().map(gap).collect()
}

fn unpinned(part: &SectionPart<'_>) -> Vec<Missing> {
    let unpinned = part.rules().filter(|rule| rule.pinned_by.is_empty());
    unpinned.map(|rule| of_rule(rule.rule.id.as_str(), format!("{}.", rule.plain.says.text()))).collect()
}

fn flag(part: &SectionPart<'_>) -> Vec<Missing> {
    part.section.flag.iter().map(|flag| of_section(part, flag.clone())).collect()
}

fn of_section(part: &SectionPart<'_>, text: String) -> Missing {
    let id = &part.section.id;
    Missing { place: Some(format!("section-{id}")), name: id.to_string(), text }
}

fn of_rule(id: &str, text: String) -> Missing {
    Missing { place: Some(format!("rule-{id}")), name: id.to_owned(), text }
}
