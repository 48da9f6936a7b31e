//! From a person's convictions to one answer: does a paragraph of law, looking back over them, find one that counts?
//!
//! The readings, each a lawyer's to confirm:
//!
//! - A window of years reaches from its anchor back to the same day of the year, that day included: for an arrest on 24
//!   November 2026, five years reach 24 November 2021. From 29 February they reach 28 February where there is no 29th.
//! - Only convictions of the day of the decision or before are seen, where that day is given. A conviction after the
//!   anchor is not "before" it: unclear.
//! - Tolling counts the days incarcerated for an offence that is on the lists, between the commission of the offence looked
//!   at (its conviction, where the commission is not given) and the anchor. Spans that overlap are merged first: no day
//!   counts twice. The first day of a span counts and its last, the day of release, does not.
//! - `once-or-twice`: "shall be excluded … and … extended" (N.Y.C. Admin. Code 9-131(a)(2)(ii)) lengthens the window by
//!   the days once, or once by each verb. Where the longer window reaches and the shorter does not: unclear.
//! - Offences of another state or of federal law are unclear wherever they could count: whether they are equivalent is a
//!   lawyer's question. So are a record without a grade, one that is too coarse for the list, and a finding that is neither
//!   an adult conviction nor excluded by name.
//!
//! The answer is *yes* when one conviction counts, else *unclear* when one may, else *no*.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::derived::code::{Code, Cover};
use crate::derived::offences::{Adjudication, Anchor, Grade, LookBack, Offences, Tolling, Window};
use crate::words::{Word, words};

words! {
    /// What a look-back answers.
    LookedBack {
        /// A conviction counts.
        Yes = "yes",
        /// None does.
        No = "no",
        /// One may: a lawyer decides.
        Unclear = "unclear",
    }
}

/// A conviction, as the record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conviction {
    /// Under which law, and of what.
    pub under: ConvictedUnder,
    /// Its grade, where the record says it.
    pub grade: Option<Grade>,
    /// How the case ended.
    pub adjudication: Adjudication,
    /// The day of the offence, where the record says it.
    pub committed_on: Option<Date>,
    /// The day of the conviction.
    pub convicted_on: Date,
    /// When the person was incarcerated for it.
    pub incarcerated: Vec<Span>,
}

/// The law under which a person was convicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConvictedUnder {
    /// A code of law that lists name, and the offence in it.
    Listed {
        /// The code of law, as the lists name it.
        law: String,
        /// The offence.
        offence: Code,
    },
    /// Another law of the same state, which no list names.
    Other,
    /// The law of another state, or federal law.
    Elsewhere,
}

/// Days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The first day after it; none while it goes on.
    pub until: Option<Date>,
}

/// The days from which windows may count back, in the jurisdiction's own zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The day of the arrest that brought the person here.
    pub arrest_on: Option<Date>,
    /// The day of the decision. Later convictions are not seen.
    pub decision_on: Option<Date>,
    /// The day the request came.
    pub request_on: Option<Date>,
}

/// What a look-back makes of one conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It counts.
    Counts,
    /// It may count.
    Unclear(Why),
    /// It does not.
    No,
}

/// Why a conviction may or may not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is of another state or federal; whether it is equivalent is not settled.
    Elsewhere,
    /// The record is too coarse for the list, or the list says that it is not all.
    Offence,
    /// The record has no grade.
    Grade,
    /// A finding that is no adult conviction, and that the law does not name.
    Adjudication,
    /// It came after the day from which the window counts back.
    AfterAnchor,
    /// Only one reading of the tolling reaches it.
    Tolling,
}

impl Anchor {
    fn of(self, days: Days) -> Option<Date> {
        match self {
            Anchor::Arrest => days.arrest_on,
            Anchor::Decision => days.decision_on,
            Anchor::Request => days.request_on,
        }
    }
}

/// What a look-back answers, given a person's convictions.
///
/// # Errors
/// The anchor of the window, when its day is not given: then the answer is not known.
pub fn look_back(
    rule: &LookBack,
    offences: &Offences,
    convictions: &[Conviction],
    days: Days,
) -> Result<LookedBack, Anchor> {
    let findings = findings(rule, offences, convictions, days)?;
    if findings.contains(&Finding::Counts) {
        return Ok(LookedBack::Yes);
    }
    let unclear = findings.iter().any(|finding| matches!(finding, Finding::Unclear(_)));
    Ok(if unclear { LookedBack::Unclear } else { LookedBack::No })
}

/// What a look-back makes of each conviction, in their order.
///
/// # Errors
/// As [`look_back()`].
pub fn findings(
    rule: &LookBack,
    offences: &Offences,
    convictions: &[Conviction],
    days: Days,
) -> Result<Vec<Finding>, Anchor> {
    let anchor_on = match rule.window {
        Window::Ever => None,
        Window::Years { anchor, .. } => Some(anchor.of(days).ok_or(anchor)?),
    };
    let record = Record { rule, offences, convictions, days, anchor_on };
    Ok(convictions.iter().map(|conviction| record.finding(conviction)).collect())
}

/// A person's convictions under one look-back.
struct Record<'r> {
    rule: &'r LookBack,
    offences: &'r Offences,
    convictions: &'r [Conviction],
    days: Days,
    anchor_on: Option<Date>,
}

impl Record<'_> {
    fn finding(&self, conviction: &Conviction) -> Finding {
        if self.days.decision_on.is_some_and(|decision| conviction.convicted_on > decision) {
            return Finding::No;
        }
        // A sure no of any kind goes before every doubt.
        let found =
            [self.offence(conviction), self.grade(conviction), self.adjudication(conviction), self.window(conviction)];
        if found.contains(&Finding::No) {
            return Finding::No;
        }
        found.into_iter().find(|finding| *finding != Finding::Counts).unwrap_or(Finding::Counts)
    }

    fn offence(&self, conviction: &Conviction) -> Finding {
        let (law, offence) = match &conviction.under {
            ConvictedUnder::Elsewhere => return Finding::Unclear(Why::Elsewhere),
            ConvictedUnder::Other => return Finding::No,
            ConvictedUnder::Listed { law, offence } => (law, offence),
        };
        let lists = self.rule.lists.iter().filter_map(|name| self.offences.list(name));
        match lists.filter(|list| list.law == *law).map(|list| list.covers(offence)).max() {
            Some(Cover::Yes) => Finding::Counts,
            Some(Cover::Perhaps) => Finding::Unclear(Why::Offence),
            Some(Cover::No) | None => Finding::No,
        }
    }

    fn grade(&self, conviction: &Conviction) -> Finding {
        match conviction.grade {
            _ if self.rule.grades.is_empty() => Finding::Counts,
            None => Finding::Unclear(Why::Grade),
            Some(grade) if self.rule.grades.contains(&grade) => Finding::Counts,
            Some(_) => Finding::No,
        }
    }

    fn adjudication(&self, conviction: &Conviction) -> Finding {
        match conviction.adjudication {
            Adjudication::Adult => Finding::Counts,
            other if self.rule.excludes.contains(&other) => Finding::No,
            Adjudication::Youthful | Adjudication::Juvenile | Adjudication::Reduced => {
                Finding::Unclear(Why::Adjudication)
            }
        }
    }

    fn window(&self, conviction: &Conviction) -> Finding {
        let Window::Years { years, tolling, .. } = self.rule.window else { return Finding::Counts };
        let Some(anchor) = self.anchor_on else { return Finding::Counts };
        if conviction.convicted_on > anchor {
            return Finding::Unclear(Why::AfterAnchor);
        }
        let sure = self.days_incarcerated(conviction, anchor, |offence| offence == Finding::Counts);
        let possible = self.days_incarcerated(conviction, anchor, |offence| offence != Finding::No);
        let (near, far) = match tolling {
            Tolling::None => (0, 0),
            Tolling::Once => (sure, possible),
            Tolling::OnceOrTwice => (sure, possible.saturating_mul(2)),
        };
        let reaches = |tolled: i32| is_reached(conviction.convicted_on, anchor, years, tolled);
        match (reaches(near), reaches(far)) {
            (true, _) => Finding::Counts,
            (false, true) => Finding::Unclear(Why::Tolling),
            (false, false) => Finding::No,
        }
    }

    /// Days incarcerated for an offence that `counts`, between the commission of the offence looked at and the anchor.
    /// Each day once.
    fn days_incarcerated(&self, looked_at: &Conviction, anchor: Date, counts: impl Fn(Finding) -> bool) -> i32 {
        let own = looked_at.incarcerated.iter().map(|span| span.from);
        let first = looked_at.committed_on.or_else(|| own.chain([looked_at.convicted_on]).min());
        let first = first.unwrap_or(looked_at.convicted_on);
        let counted = self.convictions.iter().filter(|conviction| counts(self.offence(conviction)));
        let spans = counted.flat_map(|conviction| &conviction.incarcerated);
        let clipped = spans.map(|span| (span.from.max(first), span.until.unwrap_or(anchor).min(anchor)));
        days_covered(clipped.collect())
    }
}

/// Whether a window of years before the anchor, made `tolled` days longer, reaches a day. A window that would begin
/// before the first year that can be reckoned reaches every day.
fn is_reached(day: Date, anchor: Date, years: i16, tolled: i32) -> bool {
    let start = anchor.checked_sub(i32::from(years).years()).and_then(|start| start.checked_sub(tolled.days()));
    start.map_or(true, |start| start <= day)
}

/// How many days lie in at least one of the spans; the second day of each is the first after it.
fn days_covered(mut spans: Vec<(Date, Date)>) -> i32 {
    spans.sort_unstable();
    let mut total: i64 = 0;
    let mut covered_until = Date::MIN;
    for (from, until) in spans {
        let from = from.max(covered_until);
        if from < until {
            total += until.duration_since(from).as_hours() / 24;
            covered_until = until;
        }
    }
    i32::try_from(total).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::offences;
    use crate::vocabulary::Vocabulary;

    const OFFENCES: &str = r#"
[list.serious]
law = "Penal"
offences = [{ from = "120.01", to = "120.13" }, "135.65(2)(b)", "265.01-a"]
[list.classed]
law = "classed"
offences = ["hate_crime"]
[list.open]
law = "Open"
open = true
offences = ["211"]
[look_back.five]
lists = ["serious", "classed"]
years = 5
anchor = "arrest"
tolling = "once-or-twice"
grades = ["felony"]
excludes = ["youthful", "juvenile"]
[look_back.five_once]
lists = ["serious"]
years = 5
anchor = "arrest"
tolling = "once"
[look_back.five_flat]
lists = ["serious", "open"]
years = 5
anchor = "request"
[look_back.ever]
lists = ["serious"]
years = "ever"
grades = ["felony"]
"#;

    /// A look-back, convictions with `;` between them (law, code, day, then grade, adjudication and spans incarcerated),
    /// and the answer. The arrest and the request are of 24 November 2026, the decision of the day after.
    const TABLE: &[(&str, &str, &str)] = &[
        ("five", "", "no"),
        // The first day of the window, the day before it, the day of the arrest.
        ("five", "Penal 120.05 2021-11-24 felony", "yes"),
        ("five", "Penal 120.05 2021-11-23 felony", "no"),
        ("five", "Penal 120.05 2026-11-24 felony", "yes"),
        ("five", "Penal 120.05 2026-11-25 felony", "unclear"),
        ("five", "Penal 120.05 2026-11-26 felony", "no"),
        // One list, two windows.
        ("ever", "Penal 120.05 1991-11-23 felony", "yes"),
        ("ever", "Penal 120.05 2026-11-26 felony", "no"),
        // The list.
        ("five", "Penal 120.00 2024-01-01 felony", "no"),
        ("five", "Penal 120.14 2024-01-01 felony", "no"),
        ("five", "Penal 265.01 2024-01-01 felony", "no"),
        ("five", "Penal 265.01-a 2024-01-01 felony", "yes"),
        ("five", "Penal 135.65(2)(b) 2024-01-01 felony", "yes"),
        ("five", "Penal 135.65 2024-01-01 felony", "unclear"),
        ("five", "Penal 135.65(1) 2024-01-01 felony", "no"),
        ("five", "classed hate_crime 2024-01-01 felony", "yes"),
        ("five", "Open 211 2024-01-01 felony", "no"),
        ("five_flat", "Open 211 2024-01-01", "yes"),
        ("five_flat", "Open 999 2024-01-01", "unclear"),
        ("five", "other - 2024-01-01 felony", "no"),
        ("five", "elsewhere - 2024-01-01 felony", "unclear"),
        ("five", "elsewhere - 2020-01-01 felony", "no"),
        ("ever", "elsewhere - 2020-01-01 felony", "unclear"),
        // Grade and finding.
        ("five", "Penal 120.05 2024-01-01 misdemeanor", "no"),
        ("five", "Penal 120.05 2024-01-01", "unclear"),
        ("five", "Penal 120.05 2020-01-01", "no"),
        ("five", "Penal 120.05 2024-01-01 felony youthful", "no"),
        ("five", "Penal 120.05 2024-01-01 felony juvenile", "no"),
        ("ever", "Penal 120.05 2024-01-01 felony youthful", "unclear"),
        ("five", "elsewhere - 2024-01-01 felony youthful", "no"),
        // A hundred days incarcerated: the window begins on 16 August 2021, or on 8 May 2021.
        ("five_once", "Penal 120.05 2021-08-16 2022-01-01/2022-04-11", "yes"),
        ("five_once", "Penal 120.05 2021-08-15 2022-01-01/2022-04-11", "no"),
        ("five", "Penal 120.05 2021-08-16 felony 2022-01-01/2022-04-11", "yes"),
        ("five", "Penal 120.05 2021-08-15 felony 2022-01-01/2022-04-11", "unclear"),
        ("five", "Penal 120.05 2021-05-08 felony 2022-01-01/2022-04-11", "unclear"),
        ("five", "Penal 120.05 2021-05-07 felony 2022-01-01/2022-04-11", "no"),
        ("five_flat", "Penal 120.05 2021-08-16 2022-01-01/2022-04-11", "no"),
        // Spans that overlap count each day once; spans for offences off the list do not count.
        ("five_once", "Penal 120.05 2021-08-16 2022-01-01/2022-03-01,2022-02-01/2022-04-11", "yes"),
        ("five_once", "Penal 120.05 2021-08-15 2022-01-01/2022-03-01,2022-02-01/2022-04-11", "no"),
        (
            "five_once",
            "Penal 120.05 2021-08-16 2022-01-01/2022-03-01; Penal 120.06 2020-01-01 2022-02-01/2022-04-11",
            "yes",
        ),
        ("five_once", "Penal 120.05 2021-08-16; other - 2022-01-01 2022-01-01/2022-04-11", "no"),
        ("five_once", "Penal 120.05 2021-08-16; elsewhere - 2019-01-01 2022-01-01/2022-04-11", "unclear"),
        // Time before the offence was committed does not count, time before its conviction does.
        ("five_once", "Penal 120.05 2021-08-16; Penal 120.06 2020-01-01 2020-01-01/2020-12-01", "no"),
        ("five_once", "Penal 120.05 2021-08-16 2021-05-08/2021-08-16", "yes"),
        // Still incarcerated at the arrest: up to the arrest.
        ("five_once", "Penal 120.05 2021-08-16 2026-08-16/", "yes"),
        ("five_once", "Penal 120.05 2021-08-15 2026-08-16/", "no"),
        // One that counts goes before one that may.
        ("five", "Penal 135.65 2024-01-01 felony; Penal 120.05 2024-01-01 felony", "yes"),
    ];

    #[test]
    fn a_look_back_answers_yes_no_or_unclear() {
        let offences = loaded();
        for (name, convictions, expected) in TABLE {
            let rule = offences.look_back(name).unwrap();
            let convictions: Vec<Conviction> = convictions.split(';').filter_map(|row| read(row.trim())).collect();
            let found = look_back(rule, &offences, &convictions, days()).unwrap();
            assert_eq!(found.code(), *expected, "{name}: {convictions:?}");
        }
    }

    #[test]
    fn without_its_anchor_a_window_is_not_known_and_a_window_without_end_needs_none() {
        let offences = loaded();
        let found = |name: &str| look_back(offences.look_back(name).unwrap(), &offences, &[], Days::default());
        assert_eq!(found("five"), Err(Anchor::Arrest));
        assert_eq!(found("five_flat"), Err(Anchor::Request));
        assert_eq!(found("ever"), Ok(LookedBack::No));
    }

    #[test]
    fn from_a_leap_day_the_window_reaches_the_last_of_february() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(is_reached(day("2023-02-28"), day("2028-02-29"), 5, 0));
        assert!(!is_reached(day("2023-02-27"), day("2028-02-29"), 5, 0));
    }

    fn loaded() -> Offences {
        let names = ["five", "five_once", "five_flat", "ever"];
        let facts: String = names.map(|name| format!("[fact.{name}]\nquestion = \"?\"\nsays = \"{{}}\"\nworked_out = \"look-back\"\nanswers = {{ yes = \"y\", no = \"n\", unclear = \"u\" }}\n")).concat();
        let (vocabulary, problems) = crate::vocabulary::read("facts.toml", &facts);
        assert!(problems.is_empty(), "{problems:?}");
        let vocabulary: Vocabulary = vocabulary.unwrap();
        let (offences, problems) = offences::read("offences.toml", OFFENCES, &vocabulary);
        assert!(problems.is_empty(), "{problems:?}");
        offences.unwrap()
    }

    fn days() -> Days {
        let on = Some("2026-11-24".parse().unwrap());
        Days { arrest_on: on, decision_on: Some("2026-11-25".parse().unwrap()), request_on: on }
    }

    fn read(row: &str) -> Option<Conviction> {
        let words: Vec<&str> = row.split_whitespace().collect();
        let under = match *words.first()? {
            "other" => ConvictedUnder::Other,
            "elsewhere" => ConvictedUnder::Elsewhere,
            law => ConvictedUnder::Listed { law: law.to_owned(), offence: Code::parse(words[1]).unwrap() },
        };
        let spans = words[3..].iter().filter(|word| word.contains('/')).flat_map(|word| word.split(','));
        Some(Conviction {
            under,
            grade: words.iter().find_map(|word| Grade::parse(word)),
            adjudication: words.iter().find_map(|word| Adjudication::parse(word)).unwrap_or(Adjudication::Adult),
            committed_on: None,
            convicted_on: words[2].parse().unwrap(),
            incarcerated: spans.map(span).collect(),
        })
    }

    fn span(text: &str) -> Span {
        let (from, until) = text.split_once('/').unwrap();
        Span { from: from.parse().unwrap(), until: until.parse().ok() }
    }
}
