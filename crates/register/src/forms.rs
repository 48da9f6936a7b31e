//! Which form, in which edition, was in use from which day, and how sure that is.
//!
//! A paper that arrived before the first day of its form was read wrongly, or the table is wrong: where the day is certain
//! the paper is refused by name, so that somebody reads it again; where it is not, that is said and the paper is taken. The
//! last day of a form refuses nothing: a detainer on an older form stays active and can arrive again later.
//!
//! What stands above the boxes of Form I-247A, "DHS has determined that probable cause exists that the subject is a
//! removable alien", is printed on each and is its caption. It is no ground, and no list here holds it.

use jiff::civil::{Date, date};

use crate::event::Edition;
use crate::words::Form;

/// The version of the table below. It is raised whenever a line joins or a day changes.
pub const VERSION: u32 = 1;

/// One form, or one of its editions.
#[derive(Debug, PartialEq, Eq)]
pub struct FormUse {
    /// The form.
    pub form: Form,
    /// The edition as printed; none for the form in whatever edition.
    pub edition: Option<&'static str>,
    /// The first day on which it can have been sent.
    pub from: Date,
    /// How sure that day is.
    pub first_day: FirstDay,
    /// Where the day is from.
    pub source: &'static str,
}

/// How sure a first day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstDay {
    /// The source names the day.
    Certain,
    /// The source names a month or a year, or is itself in doubt: the day here is the earliest that it leaves possible.
    Uncertain,
}

const fn form(form: Form, from: Date, first_day: FirstDay, source: &'static str) -> FormUse {
    FormUse { form, edition: None, from, first_day, source }
}

const fn edition(form: Form, edition: &'static str, from: Date, first_day: FirstDay, source: &'static str) -> FormUse {
    FormUse { form, edition: Some(edition), from, first_day, source }
}

use FirstDay::{Certain, Uncertain};

/// The table. Forms that are not in it have no known first day.
#[rustfmt::skip]
pub const TABLE: &[FormUse] = &[
    form   (Form::I247,           date(1952,  1,  1), Uncertain, "ICE policy 10074.2: since about 1952"),
    edition(Form::I247, "12/12",  date(2012, 12,  1), Uncertain, "the edition printed; ICE's data calls it as of March 2013"),
    form   (Form::I247D,          date(2015,  1,  1), Uncertain, "Priority Enforcement Program, 2015"),
    form   (Form::I247N,          date(2015,  1,  1), Uncertain, "Priority Enforcement Program, 2015"),
    form   (Form::I247X,          date(2015,  1,  1), Uncertain, "Priority Enforcement Program, 2015"),
    form   (Form::I247A,          date(2017,  4,  2), Certain,   "ICE guidance: from 2 April 2017, in place of I-247D, N and X"),
    edition(Form::I247A, "02/17", date(2017,  4,  2), Certain,   "the edition printed on the form of that guidance"),
    edition(Form::I247A, "3/17",  date(2017,  4,  2), Uncertain, "known from general knowledge only"),
    edition(Form::I247A, "03/17", date(2017,  4,  2), Uncertain, "known from general knowledge only"),
    edition(Form::I247A, "05/25", date(2025,  5,  1), Uncertain, "ICE's data: as of May 2025"),
    form   (Form::I247G,          date(2025,  3,  4), Certain,   "Gonzalez v. ICE, settlement in effect from 4 March 2025"),
];

impl FormUse {
    /// Whether the source names the day.
    pub fn is_certain(&self) -> bool {
        self.first_day == FirstDay::Certain
    }
}

/// The line of the table before whose first day a paper arrived, if there is one: of its form, else of its edition.
pub fn not_yet(form: Form, edition: Option<&Edition>, arrived: Date) -> Option<&'static FormUse> {
    let early = |used: &&FormUse| used.form == form && is_of(used, edition) && arrived < used.from;
    // A certain line goes first: where it refuses, a doubt beside it says nothing more.
    let all = TABLE.iter().filter(early);
    all.min_by_key(|used| (!used.is_certain(), used.edition.is_some()))
}

/// Whether the table knows editions of the form, and this one is not among them.
pub fn is_unknown(form: Form, edition: &Edition) -> bool {
    let mut editions = TABLE.iter().filter(|used| used.form == form).filter_map(|used| used.edition).peekable();
    editions.peek().is_some() && !editions.any(|known| known == edition.to_string())
}

fn is_of(used: &FormUse, edition: Option<&Edition>) -> bool {
    used.edition.is_none_or(|known| edition.is_some_and(|edition| edition.to_string() == known))
}

/// What is to be said of a paper whose form or edition is in doubt, though it is taken: lower case, no period.
pub fn doubt(form: Form, edition: Option<&Edition>, arrived: Date) -> Option<String> {
    if let Some(used) = not_yet(form, edition, arrived) {
        let when = crate::request::not_yet_in_use(used, arrived);
        return Some(format!("{when}; that first day is not certain ({})", used.source));
    }
    let unknown = edition.filter(|edition| is_unknown(form, edition))?;
    Some(format!("edition `{unknown}` of form `{form}` is not in the list of editions"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Form, edition or `-`, day of arrival, and what becomes of it.
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("i-247a", "-", "2017-04-01", "refused"),
        ("i-247a", "-", "2017-04-02", "taken"),
        ("i-247a", "02/17", "2017-04-01", "refused"),
        ("i-247a", "02/17", "2017-04-02", "taken"),
        ("i-247a", "05/25", "2025-04-30", "doubted"),
        ("i-247a", "05/25", "2025-05-01", "taken"),
        ("i-247a", "11/99", "2025-05-01", "doubted"),
        ("i-247g", "-", "2025-03-03", "refused"),
        ("i-247g", "-", "2025-03-04", "taken"),
        ("i-247n", "-", "2014-12-31", "doubted"),
        ("i-247n", "-", "2015-01-01", "taken"),
        // An older form stays active: its last day refuses nothing.
        ("i-247d", "-", "2024-06-01", "taken"),
        ("i-247", "12/12", "2012-11-30", "doubted"),
        ("i-200", "09/16", "1999-01-01", "taken"),
        ("detainer-not-recorded", "-", "1999-01-01", "taken"),
    ];

    #[test]
    fn a_form_before_its_first_day_is_refused_where_the_day_is_certain_and_doubted_where_it_is_not() {
        for (form, edition, arrived, expected) in CASES {
            let (form, arrived) = (form.parse().unwrap(), arrived.parse().unwrap());
            let edition: Option<Edition> = (*edition != "-").then(|| edition.parse().unwrap());
            let refused = not_yet(form, edition.as_ref(), arrived).is_some_and(FormUse::is_certain);
            let said = match (refused, doubt(form, edition.as_ref(), arrived)) {
                (true, _) => "refused",
                (false, Some(_)) => "doubted",
                (false, None) => "taken",
            };
            assert_eq!(said, *expected, "{form} {edition:?} {arrived}");
        }
    }
}
