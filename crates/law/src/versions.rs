//! Which sections are law on a day. Where a first day is not known, every version that may have been law is tried.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::pack::Pack;
use crate::section::{FirstDay, Section};
use crate::words::Act;

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

impl<'p> Versions<'p> {
    /// The versions of a day. Drafts are never among them.
    pub(crate) fn on(pack: &'p Pack, on: Date) -> Self {
        let changes = pack.sections.iter().filter_map(|section| Some((&section.act, section.law()?.0)));
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
            let sections = pack.sections.iter().filter(|section| is_law(section, on, &pending)).collect();
            each.push(Version { made, sections });
        }
        Self { uncertain, each }
    }
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
