//! Watching the lines: units and tours, line tests, bookings, zero reports, what gateways counted: what coverage is computed from.
//!
//! In reading order: the events, commands and refusals here; [`plan`] (what is due when), [`state`] (what was seen),
//! `handle` (command to events), `say` (refusals in words), [`alarm`] (what is silent now). Whether a test or a tour was missed follows from the record
//! and is never recorded.
#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

pub mod alarm;
mod handle;
pub mod plan;
mod say;
pub mod state;

use jiff::civil::Date;

use crate::ids::{ArrivalId, EpisodeId, LineId, RequestId, UnitId};
use crate::time::{ClockTime, Moment, Timestamp};
use crate::words::{CountSource, FederalPaper, Found};

pub use alarm::alarms;
pub use plan::Tour;
pub use state::Watch;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchEvent {
    /// A line is no longer used after a day.
    LineClosed { id: LineId, last_on: Date },
    /// A unit and all its lines are no longer used after a day.
    UnitClosed { id: UnitId, last_on: Date },
    /// From a day on a line is tested each day at these times; at none, where the list is empty.
    LineTestsSet { line: LineId, from: Date, at: Vec<ClockTime> },
    /// A test transmission was seen to arrive.
    LineTestSeen { line: LineId, seen_at: Timestamp },
    /// From a day on the tours of a unit begin at these times; there are none, where the list is empty.
    ToursSet { unit: UnitId, from: Date, begin: Vec<ClockTime> },
    /// The person who gave the command says that nothing arrived at the unit in a tour.
    ZeroReported { unit: UnitId, tour: Tour },
    /// The booking system's own count of the bookings made in a tour.
    BookingsCounted { unit: UnitId, tour: Tour, made: u64 },
    /// The question asked at every booking was answered: is there any federal paper? `at` is the time of the booking.
    BookingAnswered { unit: UnitId, episode: Option<EpisodeId>, at: Timestamp, federal_paper: FederalPaper },
    /// A gateway or carrier counted what came over a line.
    GatewayCounted(GatewayCount),
    /// Something arrived that nobody has read yet.
    ArrivalNoted { id: ArrivalId, line: LineId, at: Moment },
    /// It was read; where it is a request, `request` is that one.
    ArrivalRead { arrival: ArrivalId, found: Found, request: Option<RequestId> },
}

/// What came over a line from an instant until another, as its gateway or carrier counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayCount {
    /// The line.
    pub line: LineId,
    /// Who counted.
    pub source: CountSource,
    /// The first instant counted.
    pub from: Timestamp,
    /// The first instant no longer counted.
    pub until: Timestamp,
    /// Calls or messages.
    pub counted: u64,
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchCommand {
    /// Close a line after a day.
    CloseLine { id: LineId, last_on: Date },
    /// Close a unit, with all its lines, after a day.
    CloseUnit { id: UnitId, last_on: Date },
    /// Set at which times a line is tested each day.
    SetLineTests { line: LineId, from: Date, at: Vec<ClockTime> },
    /// Record that a test was seen to arrive.
    SeeLineTest { line: LineId, seen_at: Timestamp },
    /// Set when the tours of a unit begin.
    SetTours { unit: UnitId, from: Date, begin: Vec<ClockTime> },
    /// Sign that nothing arrived in a tour.
    ReportZero { unit: UnitId, tour: Tour },
    /// Record how many bookings the booking system counts in a tour.
    CountBookings { unit: UnitId, tour: Tour, made: u64 },
    /// Record the answer given at a booking.
    AnswerBooking { unit: UnitId, episode: Option<EpisodeId>, at: Timestamp, federal_paper: FederalPaper },
    /// Record what a gateway or carrier counted.
    CountGateway(GatewayCount),
    /// Record that something arrived.
    NoteArrival { id: ArrivalId, line: LineId, at: Moment },
    /// Record what it was.
    ReadArrival { arrival: ArrivalId, found: Found, request: Option<RequestId> },
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchRefusal {
    /// The line, or its unit, was closed before the paper arrived on it.
    LineClosed { line: LineId, last_on: Date, arrived: Date },
    /// The unit was not open on this day.
    UnitNotOpen { unit: UnitId, on: Date },
    /// It is closed already, and a closing is not moved.
    AlreadyClosed { id: String, last_on: Date },
    /// Its last day would lie before its first.
    ClosesBeforeOpening { id: String, from: Date, last_on: Date },
    /// It was used or watched after the day that would be its last: what was due is not taken back.
    StillWatched { id: String, last_on: Date },
    /// A list that stands can be replaced from tomorrow on only: what was due is not taken back.
    ListStands { id: String, from: Date, today: Date },
    /// The same test is recorded already.
    TestSeenAlready { line: LineId, seen_at: Timestamp },
    /// The unit has no such tour.
    NoSuchTour { unit: UnitId, tour: Tour },
    /// Too early to say of this tour: it can be said from an instant on.
    TourNotOver { unit: UnitId, tour: Tour, from: Timestamp },
    /// The tour is reported already.
    ZeroReportedAlready { unit: UnitId, tour: Tour },
    /// A request arrived in the tour, so it is no zero.
    RequestInTour { unit: UnitId, tour: Tour, line: LineId, arrived: Timestamp },
    /// The bookings of the tour are counted already.
    BookingsCountedAlready { unit: UnitId, tour: Tour },
    /// The booking of this stay in custody is answered already.
    BookingAnsweredAlready { unit: UnitId },
    /// The time counted does not begin before it ends.
    CountOfNoTime { from: Timestamp, until: Timestamp },
    /// The same source has counted a part of this time already.
    CountsOverlap { line: LineId, source: CountSource, from: Timestamp, until: Timestamp },
    /// The arrival is read already.
    ReadAlready { arrival: ArrivalId, found: Found },
    /// An arrival that is a request names the one it is registered as.
    RequestNotNamed { arrival: ArrivalId },
    /// Only an arrival that is a request names one.
    NoRequest { arrival: ArrivalId, found: Found },
    /// The request has no arrival on the line of this one.
    ArrivedElsewhere { request: RequestId, line: LineId },
}

impl WatchEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> WatchCommand {
        match self.clone() {
            WatchEvent::LineClosed { id, last_on } => WatchCommand::CloseLine { id, last_on },
            WatchEvent::UnitClosed { id, last_on } => WatchCommand::CloseUnit { id, last_on },
            WatchEvent::LineTestsSet { line, from, at } => WatchCommand::SetLineTests { line, from, at },
            WatchEvent::LineTestSeen { line, seen_at } => WatchCommand::SeeLineTest { line, seen_at },
            WatchEvent::ToursSet { unit, from, begin } => WatchCommand::SetTours { unit, from, begin },
            WatchEvent::ZeroReported { unit, tour } => WatchCommand::ReportZero { unit, tour },
            WatchEvent::BookingsCounted { unit, tour, made } => WatchCommand::CountBookings { unit, tour, made },
            WatchEvent::BookingAnswered { unit, episode, at, federal_paper } => {
                WatchCommand::AnswerBooking { unit, episode, at, federal_paper }
            }
            WatchEvent::GatewayCounted(count) => WatchCommand::CountGateway(count),
            WatchEvent::ArrivalNoted { id, line, at } => WatchCommand::NoteArrival { id, line, at },
            WatchEvent::ArrivalRead { arrival, found, request } => {
                WatchCommand::ReadArrival { arrival, found, request }
            }
        }
    }
}
