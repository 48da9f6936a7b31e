//! One value of every kind of event on lines and units.

use register::event::Event;
use register::watch::{GatewayCount, WatchEvent};
use register::words::{CountSource, FederalPaper, Found};

use super::text;

pub(super) fn events() -> Vec<(&'static str, Event)> {
    let line = || text("line_d4");
    let unit = || text("unit_d4");
    let kinds = vec![
        (
            "line-tests-set-1",
            WatchEvent::LineTestsSet { line: line(), from: text("2022-06-02"), at: vec![text("08:00"), text("20:00")] },
        ),
        ("line-test-seen-1", WatchEvent::LineTestSeen { line: line(), seen_at: text("2022-05-31T08:01:30-04:00") }),
        (
            "tours-set-1",
            WatchEvent::ToursSet { unit: unit(), from: text("2022-06-02"), begin: vec![text("07:30"), text("19:30")] },
        ),
        ("zero-reported-1", WatchEvent::ZeroReported { unit: unit(), tour: text("2022-06-02T19:30") }),
        ("bookings-counted-1", WatchEvent::BookingsCounted { unit: unit(), tour: text("2022-06-02T19:30"), made: 4 }),
        (
            "booking-answered-1",
            WatchEvent::BookingAnswered {
                unit: unit(),
                episode: Some(text("ep_1")),
                at: text("2022-06-02T21:10:00-04:00"),
                federal_paper: FederalPaper::Yes,
            },
        ),
        (
            "gateway-counted-1",
            WatchEvent::GatewayCounted(GatewayCount {
                line: line(),
                source: CountSource::Gateway,
                from: text("2022-05-01T00:00:00-04:00"),
                until: text("2022-06-01T00:00:00-04:00"),
                counted: 31,
            }),
        ),
        (
            "arrival-noted-1",
            WatchEvent::ArrivalNoted { id: text("arr_1"), line: line(), at: text("2022-06-02T21:12:00-04:00") },
        ),
        (
            "arrival-read-1",
            WatchEvent::ArrivalRead { arrival: text("arr_1"), found: Found::Request, request: Some(text("req_1")) },
        ),
        ("line-closed-1", WatchEvent::LineClosed { id: line(), last_on: text("2022-06-30") }),
        ("unit-closed-1", WatchEvent::UnitClosed { id: unit(), last_on: text("2022-06-30") }),
    ];
    kinds.into_iter().map(|(name, event)| (name, Event::Watch(event))).collect()
}
