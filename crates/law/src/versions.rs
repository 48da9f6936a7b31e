//! Which sections are law on a day. Where a first day is not known, every version that may have been law is tried.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::problem::spelling_hint;
use crate::section::{Certain, FirstDay, Section, Standing};
use crate::words::{Act, SectionId};

/// A day on which an act may or may not have changed yet.
pub(crate) type Change<'p> = (&'p Act, FirstDay);

/// What may have been law on one day.
pub(crate) struct Versions<'p> {
    /// The changes whose first day is not known well enough, in the order of acts and days.
    pub(crate) uncertain: Vec<Change<'p>>,
    /// Every version that may have been law: one when all first days are known.
    pub(crate) each: Vec<Version<'p>>,
}

/// The sections that may have been law together on one day.
pub(crate) struct Version<'p> {
    /// The uncertain changes taken as made; the others are taken as not made yet.
    pub(crate) made: Vec<Change<'p>>,
    pub(crate) sections: Vec<&'p Section>,
}

impl Version<'_> {
    /// Whether a section is law in it.
    pub(crate) fn has(&self, section: &Section) -> bool {
        self.sections.iter().any(|one| one.id == section.id)
    }
}

/// One version of one act, by name: `trust-act@2014` for the text whose first day begins so, `trust-act@july-2014` for
/// a draft. Asked in the place of the version in force; the law of every other act stays that of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActVersion {
    /// The act.
    pub act: Act,
    /// The name of the version: its first day, or the draft's name.
    pub version: String,
    /// The sections of the version.
    sections: Vec<SectionId>,
}

/// Why a version is not to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoVersion {
    /// What is wrong with the name.
    pub message: String,
    /// The next step, where one is known.
    pub hint: Option<String>,
}

impl ActVersion {
    /// Finds the version that `name` means among the sections of a pack.
    ///
    /// # Errors
    /// An act that the pack does not hold, and a version that means none or several of those it holds.
    pub fn find(sections: &[Section], name: &str) -> Result<Self, NoVersion> {
        let refuse = |message: String, hint: Option<String>| NoVersion { message, hint };
        let Some((act, version)) = name.split_once('@') else {
            let hint = Some("write ACT@VERSION, such as `trust-act@2014`".to_owned());
            return Err(refuse(format!("`{name}` names no version of an act"), hint));
        };
        let of_act: Vec<&Section> = sections.iter().filter(|section| section.act.as_str() == act).collect();
        let Some(first) = of_act.first() else {
            let hint = spelling_hint(act, sections.iter().map(|section| section.act.as_str()));
            return Err(refuse(format!("the pack has no act `{act}`"), hint));
        };
        let names: BTreeSet<String> = of_act.iter().map(|section| version_of(section)).collect();
        let exact = names.iter().find(|name| *name == version);
        let begun: Vec<&String> = names.iter().filter(|name| name.starts_with(version) && is_day(name)).collect();
        let (Some(found), true) = (exact.or(begun.first().copied()), exact.is_some() || begun.len() == 1) else {
            let hint = Some(format!("one of {}", names.into_iter().collect::<Vec<_>>().join(", ")));
            return Err(refuse(format!("`{version}` means no one version of `{act}`"), hint));
        };
        let sections = of_act.iter().filter(|section| is_of_version(section, found)).map(|one| one.id.clone());
        Ok(Self { act: first.act.clone(), version: found.clone(), sections: sections.collect() })
    }
}

impl std::fmt::Display for ActVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.act, self.version)
    }
}

/// The version that begins with a section: its first day, or its draft's name.
pub(crate) fn version_of(section: &Section) -> String {
    match &section.standing {
        Standing::Law { from, .. } => from.earliest.to_string(),
        Standing::Draft { name } => name.clone(),
    }
}

/// No draft's name begins with a digit.
fn is_day(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a section belongs to a version of its act: it is in that draft, or is law on that version's first day.
pub(crate) fn is_of_version(section: &Section, version: &str) -> bool {
    match (&section.standing, version.parse::<Date>()) {
        (Standing::Law { from, until }, Ok(day)) => from.earliest <= day && until.is_none_or(|until| day < until),
        (Standing::Draft { name }, Err(_)) => name == version,
        (Standing::Law { .. }, Err(_)) | (Standing::Draft { .. }, Ok(_)) => false,
    }
}

impl<'p> Versions<'p> {
    /// The versions of a day. Drafts are never among them.
    pub(crate) fn on(sections: &'p [Section], on: Date) -> Self {
        Self::of(sections, on, |_| true)
    }

    /// What one act may say on a day.
    pub(crate) fn of_act(sections: &'p [Section], act: &Act, on: Date) -> Self {
        Self::of(sections, on, |section| section.act == *act)
    }

    /// The versions of a day, with one act's text in the place of whatever that act said.
    pub(crate) fn under(sections: &'p [Section], on: Date, act: &ActVersion) -> Self {
        let mut versions = Self::of(sections, on, |section| section.act != act.act);
        let replayed: Vec<&Section> = sections.iter().filter(|one| act.sections.contains(&one.id)).collect();
        for version in &mut versions.each {
            version.sections.extend(&replayed);
            version.sections.sort_by_key(|section| &section.file);
        }
        versions
    }

    fn of(all: &'p [Section], on: Date, within: impl Fn(&Section) -> bool) -> Self {
        let sections = || all.iter().filter(|section| within(section));
        let changes = sections().filter_map(|section| Some((&section.act, section.law()?.0)));
        let uncertain: BTreeSet<Change<'_>> = changes.filter(|(_, first)| first.is_uncertain_on(on)).collect();
        let uncertain: Vec<Change<'_>> = uncertain.into_iter().collect();
        let mut choices: Vec<Vec<Change<'_>>> = vec![Vec::new()];
        // Bounded: the loader refuses a pack with more than a few uncertain days at once.
        for change in &uncertain {
            let made: Vec<_> = choices.iter().map(|choice| [choice.as_slice(), &[*change]].concat()).collect();
            choices.extend(made);
        }
        let mut each = Vec::new();
        for made in choices {
            let pending: Vec<_> = uncertain.iter().filter(|change| !made.contains(change)).copied().collect();
            let sections = sections().filter(|section| is_law(section, on, &pending)).collect();
            each.push(Version { made, sections });
        }
        Self { uncertain, each }
    }
}

/// The days on which the law may change: first days, the days until which they are uncertain, and ends.
pub(crate) fn change_days(sections: &[Section]) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for section in sections {
        let Some((first, until)) = section.law() else { continue };
        days.insert(first.earliest);
        days.extend(until);
        match first.certain {
            Certain::From(day) => days.extend([day]),
            Certain::AtOnce | Certain::Open => {}
        }
    }
    days
}

/// Whether a section is law on a day, while the `pending` changes have not been made: what would begin with one has
/// not begun, and what would end with one goes on.
fn is_law(section: &Section, on: Date, pending: &[Change<'_>]) -> bool {
    let Some((first, until)) = section.law() else { return false };
    let is_pending = |day: Date| pending.iter().any(|(act, change)| **act == section.act && change.earliest == day);
    let has_begun = first.earliest <= on && !is_pending(first.earliest);
    let has_ended = until.is_some_and(|until| until <= on && !is_pending(until));
    has_begun && !has_ended
}
