//! The words of staff: roles, assignments and federal designations.

use crate::words::{Component, words};

words!(/// What somebody works as.
    Role, "role" {
    /// At a desk or line.
    Officer = "officer",
    /// Over officers.
    Supervisor = "supervisor",
    /// The city's or the agency's lawyer.
    Counsel = "counsel",
    /// The records unit.
    Records = "records",
    /// Answers to the council: files the reports.
    Commissioner = "commissioner",
    /// Keeps the register and its log for the city.
    Steward = "steward",
    /// Checks, and changes nothing.
    Auditor = "auditor",
    /// Says who may do what, and opens units and lines.
    Administrator = "administrator",
});

words!(/// Where somebody is sent to work with a federal authority.
    AssignmentKind, "assignment" {
    /// A seat on a task force.
    TaskForce = "task-force",
    /// A seat in an intelligence centre.
    FusionCenter = "fusion-center",
    /// A liaison.
    Liaison = "liaison",
});

words!(/// By which a federal authority makes somebody its own officer.
    DesignationKind, "designation" {
    /// Deputized for a task force, such as under 19 U.S.C. 1401.
    TaskForceDeputation = "task-force-deputation",
    /// Under an agreement by 8 U.S.C. 1357(g).
    Section287G = "287g",
    /// Another one.
    OtherFederal = "other-federal",
});

/// What somebody has from a day on, until a day: a role, a seat, a designation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Post {
    /// A role.
    Role(Role),
    /// An assignment to work with a federal authority.
    Assignment(AssignmentKind, Component),
    /// A designation by a federal authority.
    Designation(DesignationKind, Component),
}

impl std::fmt::Display for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Post::Role(role) => write!(f, "the role `{role}`"),
            Post::Assignment(kind, with) => write!(f, "the assignment `{kind}` with `{with}`"),
            Post::Designation(kind, by) => write!(f, "the federal designation `{kind}` by `{by}`"),
        }
    }
}
