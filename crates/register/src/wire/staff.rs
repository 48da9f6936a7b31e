//! How events of the module [`crate::staff`] are written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Text;
use super::coded::{Coded, by_display};
use super::event::EventWire;
use crate::ids::{AgencyId, PersonId};
use crate::staff::{AssignmentKind, Change, DesignationKind, Post, Registration, Role, StaffEvent};
use crate::words::Component;

by_display!(AssignmentKind, DesignationKind, Role);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisteredV1 {
    person: Text<PersonId>,
    agency: Text<AgencyId>,
    from: Text<Date>,
}

impl From<RegisteredV1> for StaffEvent {
    fn from(wire: RegisteredV1) -> Self {
        let (person, agency, from) = (wire.person.0, wire.agency.0, wire.from.0);
        StaffEvent::StaffRegistered(Registration { person, agency, from })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleGivenV1 {
    person: Text<PersonId>,
    role: Text<Role>,
    from: Text<Date>,
}

impl From<RoleGivenV1> for StaffEvent {
    fn from(wire: RoleGivenV1) -> Self {
        StaffEvent::PostBegun(Change { person: wire.person.0, post: Post::Role(wire.role.0), on: wire.from.0 })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleTakenV1 {
    person: Text<PersonId>,
    role: Text<Role>,
    on: Text<Date>,
}

impl From<RoleTakenV1> for StaffEvent {
    fn from(wire: RoleTakenV1) -> Self {
        StaffEvent::PostEnded(Change { person: wire.person.0, post: Post::Role(wire.role.0), on: wire.on.0 })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentMadeV1 {
    person: Text<PersonId>,
    kind: Text<AssignmentKind>,
    with: Text<Component>,
    from: Text<Date>,
}

impl From<AssignmentMadeV1> for StaffEvent {
    fn from(wire: AssignmentMadeV1) -> Self {
        StaffEvent::PostBegun(Change {
            person: wire.person.0,
            post: Post::Assignment(wire.kind.0, wire.with.0),
            on: wire.from.0,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentEndedV1 {
    person: Text<PersonId>,
    kind: Text<AssignmentKind>,
    with: Text<Component>,
    on: Text<Date>,
}

impl From<AssignmentEndedV1> for StaffEvent {
    fn from(wire: AssignmentEndedV1) -> Self {
        StaffEvent::PostEnded(Change {
            person: wire.person.0,
            post: Post::Assignment(wire.kind.0, wire.with.0),
            on: wire.on.0,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DesignationMadeV1 {
    person: Text<PersonId>,
    kind: Text<DesignationKind>,
    designated_by: Text<Component>,
    from: Text<Date>,
}

impl From<DesignationMadeV1> for StaffEvent {
    fn from(wire: DesignationMadeV1) -> Self {
        StaffEvent::PostBegun(Change {
            person: wire.person.0,
            post: Post::Designation(wire.kind.0, wire.designated_by.0),
            on: wire.from.0,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DesignationEndedV1 {
    person: Text<PersonId>,
    kind: Text<DesignationKind>,
    designated_by: Text<Component>,
    on: Text<Date>,
}

impl From<DesignationEndedV1> for StaffEvent {
    fn from(wire: DesignationEndedV1) -> Self {
        StaffEvent::PostEnded(Change {
            person: wire.person.0,
            post: Post::Designation(wire.kind.0, wire.designated_by.0),
            on: wire.on.0,
        })
    }
}

/// The event as it is written.
pub(super) fn write(event: &StaffEvent) -> EventWire {
    match event {
        StaffEvent::StaffRegistered(Registration { person, agency, from }) => {
            let (person, agency, from) = (Text(person.clone()), Text(agency.clone()), Text(*from));
            EventWire::StaffRegisteredV1(RegisteredV1 { person, agency, from })
        }
        StaffEvent::PostBegun(Change { person, post, on }) => begun(Text(person.clone()), *post, Text(*on)),
        StaffEvent::PostEnded(Change { person, post, on }) => ended(Text(person.clone()), *post, Text(*on)),
    }
}

fn begun(person: Text<PersonId>, post: Post, from: Text<Date>) -> EventWire {
    match post {
        Post::Role(role) => EventWire::RoleGivenV1(RoleGivenV1 { person, role: Text(role), from }),
        Post::Assignment(kind, with) => {
            EventWire::AssignmentMadeV1(AssignmentMadeV1 { person, kind: Text(kind), with: Text(with), from })
        }
        Post::Designation(kind, by) => {
            EventWire::DesignationMadeV1(DesignationMadeV1 { person, kind: Text(kind), designated_by: Text(by), from })
        }
    }
}

fn ended(person: Text<PersonId>, post: Post, on: Text<Date>) -> EventWire {
    match post {
        Post::Role(role) => EventWire::RoleTakenV1(RoleTakenV1 { person, role: Text(role), on }),
        Post::Assignment(kind, with) => {
            EventWire::AssignmentEndedV1(AssignmentEndedV1 { person, kind: Text(kind), with: Text(with), on })
        }
        Post::Designation(kind, by) => {
            EventWire::DesignationEndedV1(DesignationEndedV1 { person, kind: Text(kind), designated_by: Text(by), on })
        }
    }
}
