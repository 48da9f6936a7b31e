//! Views: what somebody may read on a day. One table, beside that of rights.

use std::fmt;

use jiff::civil::Date;

use super::Class::{self, Cjis, Dppa, F236, Internal, Investigative, Privileged, Public, Restricted};
use super::{SealedName, of_event, of_sealed};
use crate::ids::PersonId;
use crate::staff::{Right, Role, Staff, StaffRefusal};
use crate::words::words;

words!(/// A named list of classes.
    View, "view" {
    /// What keeps the register going: nobody it is about.
    Office = "office",
    /// The work on papers.
    Desk = "desk",
    /// The work on papers, and why those who did it departed from the law.
    Supervision = "supervision",
    /// What the council is answered from.
    Oversight = "oversight",
    /// What is checked.
    Audit = "audit",
    /// What the city's lawyer advises on.
    Counsel = "counsel",
});

impl View {
    /// The classes it reads.
    pub fn classes(self) -> &'static [Class] {
        match self {
            View::Office => &[Public, Internal],
            View::Desk | View::Audit => &[Public, Internal, Restricted, F236, Cjis, Dppa],
            View::Supervision => &[Public, Internal, Restricted, F236, Cjis, Dppa, Privileged],
            View::Oversight => &[Public, Internal, Restricted, F236, Privileged],
            View::Counsel => &[Public, Internal, Restricted, F236, Cjis, Dppa, Privileged, Investigative],
        }
    }
}

/// The view of each role. Whoever has several roles reads what any of them does.
const TABLE: &[(Role, View)] = &[
    // Types the paper in, and decides on the state of the case; motor vehicle records by 18 U.S.C. 2721(b)(1).
    (Role::Officer, View::Desk),
    // Looks at departures, and confirms erasures under an approval that only a note names. Investigations may be of them.
    (Role::Supervisor, View::Supervision),
    // Answers demands and lawsuits, for which all of it may matter; the privilege is theirs to keep.
    (Role::Counsel, View::Counsel),
    // Corrects what was read wrongly, so sees what a paper prints. Takes no advice.
    (Role::Records, View::Desk),
    // Answers to the council for outcomes and departures, places holds and confirms erasures. Criminal justice information is
    // for those who work a case.
    (Role::Commissioner, View::Oversight),
    // Keeps the register and its log, and files what is counted: no person is needed for that.
    (Role::Steward, View::Office),
    // Holds every row against its paper. Advice shown to an outsider is privileged no longer, so it is not shown.
    (Role::Auditor, View::Audit),
    // Says who may do what.
    (Role::Administrator, View::Office),
];

/// What somebody may read on a day, and what is blanked for them. There is no other way to what staff are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sees {
    /// By which views; none where nobody is registered as staff, and everybody may read everything.
    pub views: Option<Vec<View>>,
}

/// That a field is in no view of whoever looks; of which class it is, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInView(pub Option<Class>);

impl fmt::Display for NotInView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.0.map_or("of no class", Class::code);
        write!(f, "not in your view: {class}")
    }
}

impl Sees {
    /// What somebody sees on a day.
    ///
    /// # Errors
    /// They are no member of staff then, have no role, or a federal designation ended their views.
    pub fn of(staff: &Staff, by: &PersonId, on: Date) -> Result<Sees, StaffRefusal> {
        staff.may(Right::Read, by, on)?;
        if !staff.is_registered() {
            return Ok(Sees { views: None });
        }
        let has = |role: &Role| staff.members.get(by).is_some_and(|member| member.is(*role, on));
        let mut views: Vec<View> = TABLE.iter().filter(|(role, _)| has(role)).map(|(_, view)| *view).collect();
        views.sort();
        views.dedup();
        Ok(Sees { views: Some(views) })
    }

    /// Whether a class is in one of the views.
    pub fn class(&self, class: Class) -> bool {
        let reads = |views: &Vec<View>| views.iter().any(|view| view.classes().contains(&class));
        self.views.as_ref().is_none_or(reads)
    }

    /// The classes of the views together, in order.
    pub fn classes(&self) -> impl Iterator<Item = Class> {
        Class::ALL.iter().copied().filter(|class| self.class(*class))
    }

    fn may(&self, class: Option<Class>) -> Result<(), NotInView> {
        match class {
            Some(known) if self.class(known) => Ok(()),
            Some(_) | None => Err(NotInView(class)),
        }
    }

    /// Whether a field of an event may be shown: kind with version, and path.
    ///
    /// # Errors
    /// It is in none of the views, or has no class.
    pub fn field(&self, kind: &str, path: &str) -> Result<(), NotInView> {
        self.may(of_event(kind, path))
    }

    /// Whether what the vault seals under a name may be shown.
    ///
    /// # Errors
    /// As [`Sees::field`].
    pub fn sealed(&self, name: SealedName) -> Result<(), NotInView> {
        self.may(of_sealed(name))
    }

    /// A field as it is shown: what it says, or that it is not in the view. Never nothing.
    pub fn shown(&self, kind: &str, path: &str, says: impl fmt::Display) -> String {
        match self.field(kind, path) {
            Ok(()) => says.to_string(),
            Err(blank) => format!("({blank})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people read it: who reads what.
    const READ: &str = "
              public internal restricted f236 cjis dppa privileged investigative
officer         x       x         x       x    x    x       .            .
supervisor      x       x         x       x    x    x       x            .
counsel         x       x         x       x    x    x       x            x
records         x       x         x       x    x    x       .            .
commissioner    x       x         x       x    .    .       x            .
steward         x       x         .       .    .    .       .            .
auditor         x       x         x       x    x    x       .            .
administrator   x       x         .       .    .    .       .            .
";

    #[test]
    fn the_table_is_the_one_that_people_read() {
        let mut lines = READ.lines().skip(1);
        let classes: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        assert_eq!(classes, Class::ALL.iter().map(|class| class.code()).collect::<Vec<_>>());
        let rows: Vec<&str> = lines.collect();
        assert_eq!((rows.len(), TABLE.len()), (Role::ALL.len(), Role::ALL.len()));
        for (line, (role, view)) in rows.iter().zip(TABLE) {
            let marks: Vec<&str> = line.strip_prefix(role.code()).unwrap().split_whitespace().collect();
            let expected = Class::ALL.iter().map(|class| if view.classes().contains(class) { "x" } else { "." });
            assert_eq!(marks, expected.collect::<Vec<_>>(), "{line}");
        }
    }

    /// Whoever may be shown what is sealed has a view in which some of it is; and nobody else has.
    #[test]
    fn who_may_read_what_is_sealed_sees_some_of_it() {
        for (role, view) in TABLE {
            let about_somebody = view.classes().contains(&F236);
            assert_eq!(Right::ReadVault.roles().contains(role), about_somebody, "{role}");
        }
    }

    #[test]
    fn what_has_no_class_is_shown_to_nobody_and_what_is_blank_says_so() {
        let everything = Sees { views: None };
        assert_eq!(everything.field("outcome-recorded/1", "weather"), Err(NotInView(None)));
        assert_eq!(everything.field("weather-noted/1", "at"), Err(NotInView(None)));
        let office = Sees { views: Some(vec![View::Office]) };
        assert_eq!(office.shown("outcome-recorded/1", "outcome", "transferred"), "(not in your view: f236)");
        assert_eq!(office.shown("outcome-recorded/1", "request", "req_1"), "req_1");
        let several = Sees { views: Some(vec![View::Office, View::Oversight]) };
        assert_eq!(several.shown("outcome-recorded/1", "outcome", "transferred"), "transferred");
        assert_eq!(Sees { views: Some(Vec::new()) }.classes().count(), 0);
    }
}
