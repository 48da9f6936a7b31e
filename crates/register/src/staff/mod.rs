//! Staff: who may do what, from which day until which.
//!
//! A day begins at midnight in the register's zone. What begins on a day holds all of it; what ends on a day holds no
//! longer on it. Until the first member of staff is registered everybody may do everything but this: whoever opened the
//! register says who comes first.

mod member;
pub mod rights;
mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use member::{Member, Span};
pub use rights::Right;
pub use words::{AssignmentKind, DesignationKind, Post, Role};

use crate::Refusal;
use crate::command::Command;
use crate::event::Event;
use crate::ids::{AgencyId, PersonId};
use crate::state::Register;
use crate::time::{Moment, Timestamp, day_of};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffEvent {
    /// Somebody became a member of staff.
    StaffRegistered(Registration),
    /// A role was given, an assignment or designation was made.
    PostBegun(Change),
    /// It was taken, or ended.
    PostEnded(Change),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffCommand {
    /// Register a member of staff.
    RegisterStaff(Registration),
    /// Give a role, or record that an assignment or designation was made.
    BeginPost(Change),
    /// Take a role, or record that an assignment or designation ended.
    EndPost(Change),
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Who.
    pub person: PersonId,
    /// Whose.
    pub agency: AgencyId,
    /// First day.
    pub from: Date,
}

/// A beginning or an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub person: PersonId,
    /// Of what.
    pub post: Post,
    /// The first day with it, or without it.
    pub on: Date,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffRefusal {
    /// Whoever gave the command is no member of staff on that day.
    NotStaff {
        /// Who.
        by: PersonId,
        /// The day.
        on: Date,
    },
    /// They have no role that may.
    NotAllowed {
        /// Who.
        by: PersonId,
        /// What they would have done.
        right: Right,
        /// The day.
        on: Date,
    },
    /// They hold a federal designation.
    Designated {
        /// Who.
        by: PersonId,
        /// What they would have done.
        right: Right,
        /// Which designation.
        post: Post,
        /// Since when.
        since: Date,
    },
    /// Nobody gives themselves a role, or ends their own designation.
    OwnRights {
        /// Who.
        by: PersonId,
    },
    /// Nobody would be left to say who may do what.
    LastAdministrator {
        /// The last one.
        person: PersonId,
    },
    /// They have it, or had it then.
    HasAlready {
        /// Who.
        person: PersonId,
        /// What.
        post: Post,
        /// Since when.
        since: Date,
    },
    /// They do not have it.
    HasNot {
        /// Who.
        person: PersonId,
        /// What.
        post: Post,
    },
    /// It would end before its first day.
    EndsBeforeItBegins {
        /// What.
        post: Post,
        /// Its first day.
        from: Date,
        /// The day given.
        on: Date,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    /// Everybody, by id; among them who opened the register.
    pub members: BTreeMap<PersonId, Member>,
}

impl Staff {
    /// Whether anybody is registered, so that nobody else may act.
    pub fn is_registered(&self) -> bool {
        self.members.values().any(|member| member.agency.is_some())
    }

    /// Whether somebody may do something on a day.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, right: Right, by: &PersonId, on: Date) -> Result<(), StaffRefusal> {
        if !self.is_registered() && right != Right::Staff {
            return Ok(());
        }
        let (by_whom, not_staff) = (|| by.clone(), || StaffRefusal::NotStaff { by: by.clone(), on });
        let member = self.members.get(by).filter(|member| member.from <= on).ok_or_else(not_staff)?;
        let designated = member.on(on).find(|(post, _)| matches!(post, Post::Designation(..)));
        if let Some((post, since)) = designated.filter(|_| right.ends_with_designation()) {
            return Err(StaffRefusal::Designated { by: by_whom(), right, post, since });
        }
        if !right.roles().iter().any(|role| member.is(*role, on)) {
            return Err(StaffRefusal::NotAllowed { by: by_whom(), right, on });
        }
        Ok(())
    }

    /// Who opens the register is its first administrator and steward.
    pub(crate) fn open(&mut self, by: &PersonId, on: Date) {
        let mut member = Member::new(None, on);
        member.begin(Post::Role(Role::Administrator), on);
        member.begin(Post::Role(Role::Steward), on);
        self.members.insert(by.clone(), member);
    }

    fn another_administrator(&self, than: &PersonId, on: Date) -> bool {
        let stays = |member: &Member| {
            let open = member.open(Post::Role(Role::Administrator));
            open.is_some_and(|span| span.holds(on)) && member.from <= on
        };
        self.members.iter().any(|(person, member)| person != than && stays(member))
    }
}

impl StaffEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> StaffCommand {
        match self.clone() {
            StaffEvent::StaffRegistered(registration) => StaffCommand::RegisterStaff(registration),
            StaffEvent::PostBegun(change) => StaffCommand::BeginPost(change),
            StaffEvent::PostEnded(change) => StaffCommand::EndPost(change),
        }
    }
}

impl std::fmt::Display for StaffRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StaffRefusal::NotStaff { by, on } => write!(
                f,
                "`{by}` is not registered as staff on {on} (hint: an administrator registers them, with `register-staff`)"
            ),
            StaffRefusal::NotAllowed { by, right, on } => {
                let roles: Vec<&str> = right.roles().iter().map(|role| role.code()).collect();
                let (deed, roles) = (right.deed(), roles.join(", "));
                write!(f, "`{by}` may not {deed} on {on} (hint: these roles may: {roles}; an administrator gives them)")
            }
            StaffRefusal::Designated { by, right, post, since } => write!(
                f,
                "`{by}` may not {}: they have {post}, since {since} (hint: somebody without one does it; when it has \
                 ended, an administrator records the day, with `end-designation`)",
                right.deed()
            ),
            StaffRefusal::OwnRights { by } => write!(
                f,
                "`{by}` cannot give themselves a role or end their own designation (hint: another administrator does it)"
            ),
            StaffRefusal::LastAdministrator { person } => write!(
                f,
                "`{person}` is the last administrator, so nobody could say any more who may do what (hint: give the role \
                 to somebody else first, from that day on or before)"
            ),
            StaffRefusal::HasAlready { person, post, since } => {
                write!(f, "`{person}` has {post} already, since {since} (hint: end it first, or give a later day)")
            }
            StaffRefusal::HasNot { person, post } => {
                write!(f, "`{person}` does not have {post} (hint: `candor staff` shows who has what)")
            }
            StaffRefusal::EndsBeforeItBegins { post, from, on } => {
                write!(f, "{post} begins on {from} and cannot end on {on} (hint: give its first day or a later one)")
            }
        }
    }
}

impl From<StaffRefusal> for Refusal {
    fn from(refusal: StaffRefusal) -> Refusal {
        Refusal::Staff(refusal)
    }
}

impl Register {
    /// Whether whoever gives a command may.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, command: &Command, by: &PersonId, at: Timestamp) -> Result<(), Refusal> {
        match Right::of(command) {
            Some(right) => Ok(self.staff.may(right, by, day_of(at, &self.zone()))?),
            None => Ok(()),
        }
    }

    /// What carries out the command.
    pub(crate) fn handle_staff(
        &self,
        command: &StaffCommand,
        by: &PersonId,
        _at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            StaffCommand::RegisterStaff(registration) => {
                let Registration { person, agency, from } = registration;
                if !self.agencies.contains_key(agency) {
                    return Err(Refusal::IdUnknown { id: agency.to_string() });
                }
                if self.staff.members.get(person).is_some_and(|member| member.agency.is_some()) {
                    return Err(Refusal::IdTaken { id: person.to_string() });
                }
                self.not_too_long_ago(*from)?;
                StaffEvent::StaffRegistered(registration.clone())
            }
            StaffCommand::BeginPost(change) => {
                let Change { person, post, on } = change;
                let member = self.member(person)?;
                self.not_too_long_ago(*on)?;
                if matches!(post, Post::Role(_)) && person == by {
                    return Err(StaffRefusal::OwnRights { by: by.clone() }.into());
                }
                if let Some(span) = member.overlaps(*post, *on) {
                    let (person, post, since) = (person.clone(), *post, span.from);
                    return Err(StaffRefusal::HasAlready { person, post, since }.into());
                }
                StaffEvent::PostBegun(change.clone())
            }
            StaffCommand::EndPost(change) => {
                self.may_end(change, by)?;
                StaffEvent::PostEnded(change.clone())
            }
        };
        Ok(vec![Event::Staff(event)])
    }

    fn may_end(&self, change: &Change, by: &PersonId) -> Result<(), Refusal> {
        let Change { person, post, on } = change;
        let has_not = || StaffRefusal::HasNot { person: person.clone(), post: *post };
        let span = self.member(person)?.open(*post).ok_or_else(has_not)?;
        if *on < span.from {
            return Err(StaffRefusal::EndsBeforeItBegins { post: *post, from: span.from, on: *on }.into());
        }
        if matches!(post, Post::Designation(..)) && person == by {
            return Err(StaffRefusal::OwnRights { by: by.clone() }.into());
        }
        if *post == Post::Role(Role::Administrator) && !self.staff.another_administrator(person, *on) {
            return Err(StaffRefusal::LastAdministrator { person: person.clone() }.into());
        }
        Ok(())
    }

    fn member(&self, person: &PersonId) -> Result<&Member, Refusal> {
        self.staff.members.get(person).ok_or_else(|| Refusal::IdUnknown { id: person.to_string() })
    }

    fn not_too_long_ago(&self, day: Date) -> Result<(), Refusal> {
        let moment = Moment::On(day);
        if moment.is_too_long_ago(&self.zone()) { Err(Refusal::TooLongAgo { moment }) } else { Ok(()) }
    }

    /// Takes the event into the state.
    pub(crate) fn take_staff(&mut self, event: &StaffEvent, _by: &PersonId, _at: Timestamp) -> Result<(), String> {
        match event {
            StaffEvent::StaffRegistered(Registration { person, agency, from }) => {
                if !self.agencies.contains_key(agency) {
                    return Err(format!("`{agency}` is not there before it"));
                }
                let member = self.staff.members.entry(person.clone()).or_insert_with(|| Member::new(None, *from));
                if member.agency.is_some() {
                    return Err(format!("`{person}` is there already"));
                }
                member.agency = Some(agency.clone());
            }
            StaffEvent::PostBegun(Change { person, post, on }) => {
                let member = self.staff.members.get_mut(person);
                let member = member.ok_or_else(|| format!("`{person}` is not there before it"))?;
                if member.overlaps(*post, *on).is_some() {
                    return Err(format!("`{person}` has {post} already"));
                }
                member.begin(*post, *on);
            }
            StaffEvent::PostEnded(Change { person, post, on }) => {
                let member = self.staff.members.get_mut(person);
                let member = member.ok_or_else(|| format!("`{person}` is not there before it"))?;
                if member.open(*post).is_none_or(|span| *on < span.from) {
                    return Err(format!("`{person}` does not have {post}"));
                }
                member.end(*post, *on);
            }
        }
        Ok(())
    }
}
