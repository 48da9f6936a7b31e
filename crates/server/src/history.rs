//! `candor history`: what was published for each year before there was a register, the city's figure beside ICE's.
//!
//! The rows behind these figures are not available. No sum is drawn: a sum over years of which some were not found would
//! be a number that nobody ever reported.

use std::collections::BTreeMap;

use law::{Certainty, Pack, ReportedYear, Reporter};

use crate::screen::wrapped;

/// What was published for one year.
#[derive(Default)]
struct OfYear<'p> {
    city: Vec<&'p ReportedYear>,
    ice: Vec<&'p ReportedYear>,
}

fn years(pack: &Pack) -> BTreeMap<i16, OfYear<'_>> {
    let mut years: BTreeMap<i16, OfYear<'_>> = BTreeMap::new();
    for line in &pack.history {
        let year = years.entry(line.year).or_default();
        match line.by {
            Reporter::City => year.city.push(line),
            Reporter::Ice => year.ice.push(line),
        }
    }
    years
}

/// As people read it.
pub(crate) fn shown(pack: &Pack) -> String {
    let mut text = format!(
        "{}: requests as published, year by year. Rows: unavailable.\n\nyear  {:<22}{:<22}letter\n",
        pack.title, pack.jurisdiction, "ICE"
    );
    for (number, year) in years(pack) {
        let (city, ice) = (figure(&year.city), figure(&year.ice));
        text.push_str(format!("{number}  {city:<22}{ice:<22}{}", letter(&year.city)).trim_end());
        text.push('\n');
    }
    for (number, year) in years(pack) {
        for (who, lines) in [(pack.jurisdiction.as_str(), &year.city), ("ICE", &year.ice)] {
            for line in lines {
                text.push_str(&told(number, who, line));
            }
        }
    }
    text
}

/// The figures of a year by one side.
fn figure(lines: &[&ReportedYear]) -> String {
    let figure = |line: &&ReportedYear| match (line.requests, line.certainty) {
        (Some(requests), Certainty::Quoted | Certainty::Reported) => requests.to_string(),
        (Some(requests), Certainty::Weak) => format!("{requests}, weak source"),
        (None, _) => "not found".to_owned(),
    };
    let figures: Vec<String> = lines.iter().map(figure).collect();
    if figures.is_empty() { "none known".to_owned() } else { figures.join("; ") }
}

/// When the letter is dated, and how late that was.
fn letter(lines: &[&ReportedYear]) -> String {
    let Some((line, on)) = lines.iter().find_map(|line| Some((line, line.filed_on?))) else { return String::new() };
    match line.days_late {
        Some(days) if days > 0 => format!("{on}, {days} days late"),
        Some(_) | None => on.to_string(),
    }
}

fn told(year: i16, who: &str, line: &ReportedYear) -> String {
    let reason = line.reason.as_ref().map(|reason| format!("The one reason given: \"{reason}\". "));
    let note = line.note.as_ref().map(|note| format!("{note} "));
    let (reason, note) = (reason.unwrap_or_default(), note.unwrap_or_default());
    let known = match line.certainty {
        Certainty::Quoted => "Seen in the letter",
        Certainty::Reported => "Source",
        Certainty::Weak => "Weak source",
    };
    let paragraph = format!("{reason}{note}{known}: {}.", line.source);
    format!("\n{year}, {who}\n{}", wrapped(0, "", &paragraph))
}

/// For programs.
pub(crate) fn json(pack: &Pack) -> serde_json::Value {
    let line = |line: &&ReportedYear| {
        serde_json::json!({
            "requests": line.requests,
            "certainty": line.requests.map(|_| line.certainty.code()),
            "filed_on": line.filed_on.map(|on| on.to_string()),
            "days_late": line.days_late,
            "reason": line.reason,
            "note": line.note,
            "source": line.source,
            "rows": "unavailable",
        })
    };
    let side = |lines: &[&ReportedYear]| lines.iter().map(line).collect::<Vec<_>>();
    let years = years(pack);
    let years = years
        .iter()
        .map(|(number, year)| serde_json::json!({ "year": number, "city": side(&year.city), "ice": side(&year.ice) }));
    serde_json::json!({ "pack": pack.id.to_string(), "years": years.collect::<Vec<_>>() })
}
