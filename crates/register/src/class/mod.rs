//! Sensitivity classes: who may read a field. One table gives every field of every event, and every field that the vault
//! seals, its class; a view is a named list of classes, and what somebody may read follows from their roles on a day.
//!
//! The classes are those by which exports are ruled elsewhere: 8 CFR 236.6 for what a federal detainer tells of a detainee, the
//! FBI's CJIS policy for criminal justice information, 18 U.S.C. 2721 for motor vehicle records, the privilege of attorney and
//! client. INVARIANT: what has no class is shown to nobody.

mod sealed;
mod table;
mod view;

pub use sealed::{NoteField, SealedField, SealedName};
pub use table::{EVENTS, SEALED, WITHIN};
pub use view::{NotInView, Sees, View};

use crate::words::words;

words!(/// Who may read a field.
    Class, "sensitivity class" {
    /// Anybody.
    Public = "public",
    /// The staff of the agency.
    Internal = "internal",
    /// Those whose work needs to know whom it is about.
    Restricted = "restricted",
    /// About a detainee, by 8 CFR 236.6.
    F236 = "f236",
    /// Criminal justice information under the FBI's CJIS policy.
    Cjis = "cjis",
    /// Motor vehicle records under the Driver's Privacy Protection Act.
    Dppa = "dppa",
    /// Attorney and client.
    Privileged = "privileged",
    /// Of an open investigation.
    Investigative = "investigative",
});

impl Class {
    /// The letter by which section 11 of the log's format calls it.
    pub fn letter(self) -> char {
        match self {
            Class::Public => 'P',
            Class::Internal => 'I',
            Class::Restricted => 'R',
            Class::F236 => 'F',
            Class::Cjis => 'C',
            Class::Dppa => 'D',
            Class::Privileged => 'L',
            Class::Investigative => 'N',
        }
    }
}

/// The class of a field of an event: `kind` with its version, `path` its names from the event down, joined by points. What has
/// a class gives it to all that is in it, unless that has one of its own. None of what is not in the table.
pub fn of_event(kind: &str, path: &str) -> Option<Class> {
    let within = |field: &str| path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if let Some((_, field, other, under)) = WITHIN.iter().find(|(one, field, _, _)| *one == kind && within(field)) {
        let names = [*under, path.strip_prefix(field)?.trim_start_matches('.')];
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        return of_event(other, &names.join("."));
    }
    let of_kind = EVENTS.iter().filter(|(one, _, _)| *one == kind);
    let fields = of_kind.flat_map(|(_, class, fields)| fields.split(' ').map(move |field| (field, *class)));
    let found = fields.filter(|(field, _)| *field == WHOLE || within(field));
    found.max_by_key(|(field, _)| field.len()).map(|(_, class)| class)
}

/// The class of a field that the vault seals; none of what is not in the table.
pub fn of_sealed(name: SealedName) -> Option<Class> {
    SEALED.iter().find(|(one, _)| *one == name).map(|(_, class)| *class)
}

/// The class under which the vault seals a field. One without a class, which a test forbids, is sealed under the class that
/// fewest read.
pub fn sealed_under(name: SealedName) -> Class {
    of_sealed(name).unwrap_or(Class::Investigative)
}

/// Stands in the table for all fields of a kind.
pub const WHOLE: &str = "*";
