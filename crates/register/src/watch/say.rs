//! The sentences that people read when a command on lines and units is refused.

use std::fmt;

use crate::watch::WatchRefusal;

impl fmt::Display for WatchRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&refusal(self))
    }
}

fn refusal(refusal: &WatchRefusal) -> String {
    match refusal {
        WatchRefusal::LineClosed { line, last_on, arrived } => format!(
            "line `{line}` was closed after {last_on}, and this is of {arrived} \
             (hint: correct the day, or name the line it came over)"
        ),
        WatchRefusal::UnitNotOpen { unit, on } => {
            format!("unit `{unit}` was not open on {on} (hint: correct the time, or name the unit that booked)")
        }
        WatchRefusal::AlreadyClosed { id, last_on } => {
            format!("`{id}` is closed already, after {last_on} (hint: open another under a new id)")
        }
        WatchRefusal::ClosesBeforeOpening { id, from, last_on } => {
            format!("`{id}` is open from {from} and cannot be closed after {last_on} (hint: give a later day)")
        }
        WatchRefusal::StillWatched { id, last_on } => format!(
            "`{id}` was used or watched after {last_on}, and what was due is not taken back \
             (hint: close it after today or a later day)"
        ),
        WatchRefusal::ListStands { id, from, today } => format!(
            "a list of times stands for `{id}`, and what it made due until {today} is not taken back \
             (hint: let the new one begin tomorrow or later, not on {from})"
        ),
        WatchRefusal::TestSeenAlready { line, seen_at } => {
            format!("the test of line `{line}` at {seen_at} is recorded already")
        }
        WatchRefusal::NoSuchTour { unit, tour } => format!(
            "unit `{unit}` has no tour {tour} \
             (hint: give day and local time at which one begins, or set its tours first)"
        ),
        WatchRefusal::TourNotOver { unit, tour, from } => {
            format!("the tour {tour} of unit `{unit}` goes on (hint: say this from {from} on)")
        }
        WatchRefusal::ZeroReportedAlready { unit, tour } => {
            format!("the tour {tour} of unit `{unit}` is reported already")
        }
        WatchRefusal::RequestInTour { unit, tour, line, arrived } => format!(
            "a request arrived in the tour {tour} of unit `{unit}`, on line `{line}` at {arrived} \
             (hint: the tour needs no zero report)"
        ),
        WatchRefusal::BookingsCountedAlready { unit, tour } => {
            format!("the bookings in the tour {tour} of unit `{unit}` are counted already")
        }
        WatchRefusal::BookingAnsweredAlready { unit } => {
            format!("this booking of unit `{unit}` is answered already (hint: only *not asked* can be answered later)")
        }
        WatchRefusal::CountOfNoTime { from, until } => {
            format!("nothing is counted from {from} until {until} (hint: give an end after the beginning)")
        }
        WatchRefusal::CountsOverlap { line, source, from, until } => format!(
            "the {source} of line `{line}` has counted from {from} until {until} already \
             (hint: let the counts follow each other)"
        ),
        WatchRefusal::ReadAlready { arrival, found } => format!("arrival `{arrival}` is read already: {found}"),
        WatchRefusal::RequestNotNamed { arrival } => format!(
            "arrival `{arrival}` is a request and names none (hint: register the paper, then give the id it got)"
        ),
        WatchRefusal::NoRequest { arrival, found } => {
            format!("arrival `{arrival}` is {found}, so it names no request (hint: leave the request out)")
        }
        WatchRefusal::ArrivedElsewhere { request, line } => format!(
            "request `{request}` did not arrive on line `{line}` (hint: name the request that this arrival brought)"
        ),
    }
}
