//! Who may give which command: one table, role by role.

use super::Role;
use super::Role::{Administrator, Commissioner, Counsel, Officer, Records, Steward, Supervisor};
use crate::command::Command;
use crate::custody::CustodyCommand;
use crate::request::RequestCommand;
use crate::retention::RetentionCommand;
use crate::watch::WatchCommand;

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Open agencies, units and lines, close them, and say how they are watched.
    SetUp,
    /// Register what arrives, what became of it, and what happens in custody.
    Register,
    /// Decide asks.
    Decide,
    /// Take entries back.
    Correct,
    /// Record costs that were reimbursed.
    Cost,
    /// Watch lines and units, and report zero.
    Watch,
    /// Search for a paper that somebody presents, and answer.
    Search,
    /// Grow the log.
    Grow,
    /// Close years and file reports.
    File,
    /// Say who may do what.
    Staff,
    /// Say that the clock is right.
    Clock,
    /// Place holds, so that nothing is erased.
    Hold,
    /// Lift holds.
    LiftHold,
    /// Propose to erase something, and give a proposal up.
    ProposeErasure,
    /// Confirm what another person proposed.
    ConfirmErasure,
    /// Be shown what the register holds, as far as their view goes.
    Read,
    /// Be shown what the vault keeps, likewise; each time is recorded.
    ReadVault,
}

/// Who may do what, whoever is not named may not.
pub const TABLE: &[(Right, &[Role])] = &[
    (Right::SetUp, &[Administrator]),
    (Right::Register, &[Officer, Supervisor, Records]),
    (Right::Decide, &[Officer, Supervisor, Counsel]),
    (Right::Correct, &[Supervisor, Records]),
    (Right::Cost, &[Records, Steward]),
    (Right::Watch, &[Officer, Supervisor, Records, Steward]),
    (Right::Search, &[Officer, Supervisor, Records, Steward]),
    // It adds what waits and says nothing: whoever runs the nightly job needs no further right.
    (Right::Grow, Role::ALL),
    (Right::File, &[Records, Commissioner, Steward]),
    (Right::Staff, &[Administrator]),
    (Right::Clock, &[Administrator]),
    // To keep too much does no harm that cannot be mended.
    (Right::Hold, &[Supervisor, Counsel, Records, Commissioner]),
    // Whether a lawsuit or an order still binds is a question of law.
    (Right::LiftHold, &[Counsel]),
    // The records unit keeps the schedule; a court's order comes to counsel.
    (Right::ProposeErasure, &[Counsel, Records]),
    // Not the records unit: what one clerk proposes, the clerk beside them does not look at with other eyes.
    (Right::ConfirmErasure, &[Supervisor, Counsel, Commissioner]),
    // What each role sees of it is said by its view: `class::view`.
    (Right::Read, Role::ALL),
    // Whoever works on papers, answers for that, or checks it. Steward and administrator need nobody's name.
    (Right::ReadVault, &[Officer, Supervisor, Counsel, Records, Commissioner, Role::Auditor]),
];

impl Right {
    /// The roles that have it.
    pub fn roles(self) -> &'static [Role] {
        TABLE.iter().find(|(right, _)| *right == self).map_or(&[], |(_, roles)| *roles)
    }

    /// What it is to do.
    pub fn deed(self) -> &'static str {
        match self {
            Right::SetUp => "set up agencies, units and lines",
            Right::Register => "register what arrives and what became of it",
            Right::Decide => "decide asks",
            Right::Correct => "take back and correct entries",
            Right::Cost => "record reimbursed costs",
            Right::Watch => "watch lines and units",
            Right::Search => "search for papers shown and give receipts",
            Right::Grow => "grow the log",
            Right::File => "close years and file reports",
            Right::Staff => "say who may do what",
            Right::Clock => "say that the clock is right",
            Right::Hold => "place holds on erasure",
            Right::LiftHold => "lift holds on erasure",
            Right::ProposeErasure => "propose erasures",
            Right::ConfirmErasure => "confirm erasures",
            Right::Read => "look into the register",
            Right::ReadVault => "read what is sealed",
        }
    }

    /// Whether it is of the desk, the search or the vault, which nobody has who holds a federal designation.
    pub fn ends_with_designation(self) -> bool {
        match self {
            Right::Register
            | Right::Decide
            | Right::Correct
            | Right::Cost
            | Right::Watch
            | Right::Search
            | Right::Hold
            | Right::LiftHold
            | Right::ProposeErasure
            | Right::ConfirmErasure
            | Right::Read
            | Right::ReadVault => true,
            Right::SetUp | Right::Grow | Right::File | Right::Staff | Right::Clock => false,
        }
    }

    fn about_request(command: &RequestCommand) -> Right {
        match command {
            RequestCommand::AddTransmission { .. }
            | RequestCommand::Supersede { .. }
            | RequestCommand::Cancel { .. }
            | RequestCommand::VerifyPaper { .. }
            | RequestCommand::NoteHit(_)
            | RequestCommand::Shield { .. } => Right::Register,
            RequestCommand::JoinDuplicate { .. }
            | RequestCommand::Reinstate { .. }
            | RequestCommand::Correct { .. }
            | RequestCommand::WithdrawEntry { .. } => Right::Correct,
        }
    }

    /// What a command needs; none for the opening, which comes before anybody has any, and for the clock.
    pub fn of(command: &Command) -> Option<Right> {
        Some(match command {
            // Nobody asks for a record of the clock: it is noticed whoever gives a command.
            Command::Open(_) | Command::RecordClock { .. } => return None,
            Command::RegisterAgency { .. } | Command::OpenUnit { .. } | Command::OpenLine { .. } => Right::SetUp,
            Command::Receive { .. }
            | Command::RecordOutcome { .. }
            | Command::RecordHold { .. }
            | Command::RecordRun(_) => Right::Register,
            Command::Decide(_) => Right::Decide,
            Command::Reimburse { .. } => Right::Cost,
            Command::Grow(_) => Right::Grow,
            Command::CloseYear { .. } | Command::Restate { .. } | Command::File(_) | Command::RecordReceipt { .. } => {
                Right::File
            }
            Command::Request(command) => Right::about_request(command),
            Command::Watch(command) => of_watching(command),
            Command::Custody(CustodyCommand::RecordCustody(_)) => Right::Register,
            Command::Custody(CustodyCommand::WithdrawCustody(_)) => Right::Correct,
            Command::Staff(_) => Right::Staff,
            Command::TrustClock { .. } => Right::Clock,
            // Whoever answers at the desk signs the answer and hands out the receipt.
            Command::Inquiry(_) | Command::Receipt(_) => Right::Search,
            Command::Retention(command) => of_retention(command),
            Command::Reading(_) => Right::ReadVault,
        })
    }
}

/// What is due is the administrator's to say; what was seen, that of whoever watches.
fn of_watching(command: &WatchCommand) -> Right {
    match command {
        WatchCommand::CloseLine { .. }
        | WatchCommand::CloseUnit { .. }
        | WatchCommand::SetLineTests { .. }
        | WatchCommand::SetTours { .. } => Right::SetUp,
        WatchCommand::SeeLineTest { .. }
        | WatchCommand::ReportZero { .. }
        | WatchCommand::CountBookings { .. }
        | WatchCommand::AnswerBooking { .. }
        | WatchCommand::CountGateway(_)
        | WatchCommand::NoteArrival { .. }
        | WatchCommand::ReadArrival { .. } => Right::Watch,
    }
}

fn of_retention(command: &RetentionCommand) -> Right {
    match command {
        RetentionCommand::PlaceHold(_) => Right::Hold,
        RetentionCommand::LiftHold(_) => Right::LiftHold,
        RetentionCommand::ProposeErasure(_) | RetentionCommand::DropErasure(_) => Right::ProposeErasure,
        RetentionCommand::ConfirmErasure(_) => Right::ConfirmErasure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people read it: `x` may; `-` may, unless federally designated.
    const READ: &str = "
                                            officer supervisor counsel records commissioner steward auditor administrator
set up agencies, units and lines               .        .         .       .         .          .       .          x
register what arrives and what became of it    -        -         .       -         .          .       .          .
decide asks                                    -        -         -       .         .          .       .          .
take back and correct entries                  .        -         .       -         .          .       .          .
record reimbursed costs                        .        .         .       -         .          -       .          .
watch lines and units                          -        -         .       -         .          -       .          .
search for papers shown and give receipts      -        -         .       -         .          -       .          .
grow the log                                   x        x         x       x         x          x       x          x
close years and file reports                   .        .         .       x         x          x       .          .
say who may do what                            .        .         .       .         .          .       .          x
say that the clock is right                    .        .         .       .         .          .       .          x
place holds on erasure                         .        -         -       -         -          .       .          .
lift holds on erasure                          .        .         -       .         .          .       .          .
propose erasures                               .        .         -       -         .          .       .          .
confirm erasures                               .        -         -       .         -          .       .          .
look into the register                         -        -         -       -         -          -       -          -
read what is sealed                            -        -         -       -         -          .       -          .
";

    #[test]
    fn the_table_is_the_one_that_people_read() {
        let mut lines = READ.lines().skip(1);
        let roles: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        assert_eq!(roles, Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>());
        let rows: Vec<&str> = lines.collect();
        assert_eq!(rows.len(), TABLE.len());
        for (line, (right, may)) in rows.iter().zip(TABLE) {
            let marks: Vec<&str> = line.strip_prefix(right.deed()).unwrap().split_whitespace().collect();
            let expected = Role::ALL.iter().map(|role| match (may.contains(role), right.ends_with_designation()) {
                (false, _) => ".",
                (true, true) => "-",
                (true, false) => "x",
            });
            assert_eq!(marks, expected.collect::<Vec<_>>(), "{line}");
        }
        // Of whom the record only says that they looked.
        let changes_nothing = [Right::Grow, Right::Read, Right::ReadVault];
        let auditor = TABLE.iter().filter(|(_, may)| may.contains(&Role::Auditor)).map(|(right, _)| *right);
        assert_eq!(auditor.collect::<Vec<_>>(), changes_nothing);
    }
}
