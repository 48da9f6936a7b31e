//! How events of the module [`crate::watch`] are written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::EventWire;
use super::{Text, texts, values};
use crate::ids::{ArrivalId, EpisodeId, LineId, RequestId, UnitId};
use crate::time::{ClockTime, Moment, Timestamp};
use crate::watch::{GatewayCount, Tour, WatchEvent};
use crate::words::{CountSource, FederalPaper, Found};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineClosedV1 {
    id: Text<LineId>,
    last_on: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitClosedV1 {
    id: Text<UnitId>,
    last_on: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineTestsV1 {
    line: Text<LineId>,
    from: Text<Date>,
    at: Vec<Text<ClockTime>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestSeenV1 {
    line: Text<LineId>,
    seen_at: Text<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToursV1 {
    unit: Text<UnitId>,
    from: Text<Date>,
    begin: Vec<Text<ClockTime>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZeroV1 {
    unit: Text<UnitId>,
    tour: Text<Tour>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingsV1 {
    unit: Text<UnitId>,
    tour: Text<Tour>,
    made: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingAnswerV1 {
    unit: Text<UnitId>,
    episode: Option<Text<EpisodeId>>,
    at: Text<Timestamp>,
    federal_paper: Text<FederalPaper>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GatewayV1 {
    line: Text<LineId>,
    source: Text<CountSource>,
    from: Text<Timestamp>,
    until: Text<Timestamp>,
    counted: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrivalV1 {
    id: Text<ArrivalId>,
    line: Text<LineId>,
    at: Text<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrivalReadV1 {
    arrival: Text<ArrivalId>,
    found: Text<Found>,
    request: Option<Text<RequestId>>,
}

/// The event as it is written.
pub(super) fn write(event: &WatchEvent) -> EventWire {
    match event.clone() {
        WatchEvent::LineClosed { id, last_on } => {
            EventWire::LineClosedV1(LineClosedV1 { id: Text(id), last_on: Text(last_on) })
        }
        WatchEvent::UnitClosed { id, last_on } => {
            EventWire::UnitClosedV1(UnitClosedV1 { id: Text(id), last_on: Text(last_on) })
        }
        WatchEvent::LineTestsSet { line, from, at } => {
            EventWire::LineTestsSetV1(LineTestsV1 { line: Text(line), from: Text(from), at: texts(&at) })
        }
        WatchEvent::LineTestSeen { line, seen_at } => {
            EventWire::LineTestSeenV1(TestSeenV1 { line: Text(line), seen_at: Text(seen_at) })
        }
        WatchEvent::ToursSet { unit, from, begin } => {
            EventWire::ToursSetV1(ToursV1 { unit: Text(unit), from: Text(from), begin: texts(&begin) })
        }
        WatchEvent::ZeroReported { unit, tour } => {
            EventWire::ZeroReportedV1(ZeroV1 { unit: Text(unit), tour: Text(tour) })
        }
        WatchEvent::BookingsCounted { unit, tour, made } => {
            EventWire::BookingsCountedV1(BookingsV1 { unit: Text(unit), tour: Text(tour), made })
        }
        WatchEvent::BookingAnswered { unit, episode, at, federal_paper } => {
            EventWire::BookingAnsweredV1(BookingAnswerV1 {
                unit: Text(unit),
                episode: episode.map(Text),
                at: Text(at),
                federal_paper: Text(federal_paper),
            })
        }
        WatchEvent::GatewayCounted(GatewayCount { line, source, from, until, counted }) => {
            EventWire::GatewayCountedV1(GatewayV1 {
                line: Text(line),
                source: Text(source),
                from: Text(from),
                until: Text(until),
                counted,
            })
        }
        WatchEvent::ArrivalNoted { id, line, at } => {
            EventWire::ArrivalNotedV1(ArrivalV1 { id: Text(id), line: Text(line), at: Text(at) })
        }
        WatchEvent::ArrivalRead { arrival, found, request } => EventWire::ArrivalReadV1(ArrivalReadV1 {
            arrival: Text(arrival),
            found: Text(found),
            request: request.map(Text),
        }),
    }
}

impl From<LineClosedV1> for WatchEvent {
    fn from(wire: LineClosedV1) -> Self {
        WatchEvent::LineClosed { id: wire.id.0, last_on: wire.last_on.0 }
    }
}

impl From<UnitClosedV1> for WatchEvent {
    fn from(wire: UnitClosedV1) -> Self {
        WatchEvent::UnitClosed { id: wire.id.0, last_on: wire.last_on.0 }
    }
}

impl From<LineTestsV1> for WatchEvent {
    fn from(wire: LineTestsV1) -> Self {
        WatchEvent::LineTestsSet { line: wire.line.0, from: wire.from.0, at: values(wire.at) }
    }
}

impl From<TestSeenV1> for WatchEvent {
    fn from(wire: TestSeenV1) -> Self {
        WatchEvent::LineTestSeen { line: wire.line.0, seen_at: wire.seen_at.0 }
    }
}

impl From<ToursV1> for WatchEvent {
    fn from(wire: ToursV1) -> Self {
        WatchEvent::ToursSet { unit: wire.unit.0, from: wire.from.0, begin: values(wire.begin) }
    }
}

impl From<ZeroV1> for WatchEvent {
    fn from(wire: ZeroV1) -> Self {
        WatchEvent::ZeroReported { unit: wire.unit.0, tour: wire.tour.0 }
    }
}

impl From<BookingsV1> for WatchEvent {
    fn from(wire: BookingsV1) -> Self {
        WatchEvent::BookingsCounted { unit: wire.unit.0, tour: wire.tour.0, made: wire.made }
    }
}

impl From<BookingAnswerV1> for WatchEvent {
    fn from(wire: BookingAnswerV1) -> Self {
        WatchEvent::BookingAnswered {
            unit: wire.unit.0,
            episode: wire.episode.map(|id| id.0),
            at: wire.at.0,
            federal_paper: wire.federal_paper.0,
        }
    }
}

impl From<GatewayV1> for WatchEvent {
    fn from(wire: GatewayV1) -> Self {
        WatchEvent::GatewayCounted(GatewayCount {
            line: wire.line.0,
            source: wire.source.0,
            from: wire.from.0,
            until: wire.until.0,
            counted: wire.counted,
        })
    }
}

impl From<ArrivalV1> for WatchEvent {
    fn from(wire: ArrivalV1) -> Self {
        WatchEvent::ArrivalNoted { id: wire.id.0, line: wire.line.0, at: wire.at.0 }
    }
}

impl From<ArrivalReadV1> for WatchEvent {
    fn from(wire: ArrivalReadV1) -> Self {
        let request = wire.request.map(|id| id.0);
        WatchEvent::ArrivalRead { arrival: wire.arrival.0, found: wire.found.0, request }
    }
}
