//! A law pack as one HTML page for review. What it says is made by `law::printed`; the sentences around it stand in
//! `templates/printed.html`, the looks in `templates/printed.css`.
//!
//! INVARIANT: the page is one file without scripts, and asks the network for nothing.

use anyhow::{Context as _, Result};
use askama::Template;
use jiff::civil::Date;
use law::comparison::Version;
use law::plain::{self, Plain};
use law::printed::{self, Printed, ScenarioPart};
use law::{Ask, Basis, DueYear, Layer, Pack, Review, Rule};

#[derive(Template)]
#[template(path = "printed.html")]
struct Page<'p> {
    printed: Printed<'p>,
    pack: &'p Pack,
}

/// The page of a pack.
pub(crate) fn page(pack: &Pack) -> Result<String> {
    let page = Page { printed: printed::printed(pack), pack };
    page.render().context("failed to write the page of the law pack")
}

/// What the template asks for in words.
impl Page<'_> {
    fn reviewed(&self) -> Option<(&str, String)> {
        match &self.pack.review {
            Review::None => None,
            Review::By { who, on } => Some((who, day(*on))),
        }
    }

    fn law_of(&self, layer: &Layer) -> String {
        let law = plain::layer_law(*layer);
        let mut chars = law.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    }

    fn status(&self, status: &Basis) -> &str {
        self.printed.statuses.words(*status)
    }

    fn effect(&self, rule: &Rule) -> &'static str {
        plain::effect(rule)
    }

    fn deed(&self, ask: &Ask) -> String {
        self.pack.vocabulary.ask(*ask).map_or_else(|| ask.to_string(), |entry| entry.deed.clone())
    }

    fn version(&self, version: &Version<'_>) -> String {
        match (version.draft, version.name.parse::<Date>()) {
            (false, Ok(first)) => format!("text of {}", day(first)),
            (true, _) | (false, Err(_)) => format!("draft “{}”", version.name),
        }
    }

    fn scenarios(&self, numbers: &[usize]) -> Vec<&ScenarioPart<'_>> {
        numbers.iter().filter_map(|number| self.printed.scenario(*number)).collect()
    }

    /// What happens: of an opposite, only what it turns; the scenario that it turns stands before it.
    fn told<'s>(&self, one: &'s ScenarioPart<'_>) -> &'s str {
        let name = &one.scenario.name;
        match one.as_in.and_then(|number| self.printed.scenario(number)) {
            Some(turned) => name.strip_prefix(&turned.scenario.name).map_or(name, |rest| rest.trim_start_matches("; ")),
            None => name,
        }
    }

    /// The law's day, as every year has it.
    fn due(&self) -> Option<String> {
        let due = self.pack.report.due?;
        // Any year will do: the day exists in all of them.
        let on = due.on(2021)?.strftime("%-d %B");
        Some(match due.year {
            DueYear::Same => format!("{on} of the year covered"),
            DueYear::Next => format!("{on} of the year after"),
        })
    }

    fn day(&self, on: &Date) -> String {
        day(*on)
    }

    /// What is unclear of a rule stands beside the rule, and once more among what is missing: here it would be the third time.
    fn text(&self, plain: &Plain) -> String {
        Plain { unclear: None, ..plain.clone() }.text()
    }
}

fn day(on: Date) -> String {
    printed::day(on)
}
