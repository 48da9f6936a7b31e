//! Reads one line of a table as a command on lines and units.

use register::time::Timestamp;
use register::watch::{GatewayCount, WatchCommand};

use super::command::{Arguments, moment, parse};

/// The command of a verb, if it is one on lines and units.
pub(super) fn read(verb: &str, arguments: &mut Arguments, at: Timestamp) -> Option<WatchCommand> {
    Some(match verb {
        "close-line" => WatchCommand::CloseLine { id: arguments.id(), last_on: arguments.need("last") },
        "close-unit" => WatchCommand::CloseUnit { id: arguments.id(), last_on: arguments.need("last") },
        "tests" => WatchCommand::SetLineTests {
            line: arguments.id(),
            from: arguments.need("from"),
            at: arguments.list("at", "none").iter().map(|time| parse(time)).collect(),
        },
        "test-seen" => WatchCommand::SeeLineTest { line: arguments.id(), seen_at: arguments.or("at", &at.to_string()) },
        "tours" => WatchCommand::SetTours {
            unit: arguments.id(),
            from: arguments.need("from"),
            begin: arguments.list("begin", "none").iter().map(|time| parse(time)).collect(),
        },
        "zero" => WatchCommand::ReportZero { unit: arguments.id(), tour: arguments.id() },
        "bookings" => {
            WatchCommand::CountBookings { unit: arguments.id(), tour: arguments.id(), made: arguments.need("made") }
        }
        "booking" => WatchCommand::AnswerBooking {
            unit: arguments.id(),
            episode: arguments.take("episode").map(|id| parse(&id)),
            at: arguments.or("at", &at.to_string()),
            federal_paper: arguments.need("paper"),
        },
        "gateway" => WatchCommand::CountGateway(GatewayCount {
            line: arguments.id(),
            source: arguments.or("source", "gateway"),
            from: arguments.need("from"),
            until: arguments.need("until"),
            counted: arguments.need("counted"),
        }),
        "arrival" => WatchCommand::NoteArrival {
            id: arguments.id(),
            line: arguments.or("line", "line_d4"),
            at: moment(arguments, "at", at),
        },
        "read" => WatchCommand::ReadArrival {
            arrival: arguments.id(),
            found: arguments.id(),
            request: arguments.take("request").map(|id| parse(&id)),
        },
        _ => return None,
    })
}
