//! From a command on lines and units to the event that carries it out, or to a refusal.
//!
//! Two rules stand behind most of the refusals: what was due is never taken back, and nobody signs for what can still come.

use jiff::civil::Date;

use crate::command::Refusal;
use crate::event::Event;
use crate::handle::{free, known, once};
use crate::ids::{ArrivalId, EpisodeId, LineId, PersonId, RequestId, UnitId};
use crate::state::Register;
use crate::time::{ClockTime, Moment, Span, Timestamp, beginning, day_of};
use crate::watch::plan::{Plan, ZERO_REPORT_EARLY, tours_on};
use crate::watch::state::{Arrived, LineWatch, first_request};
use crate::watch::{GatewayCount, Tour, WatchCommand, WatchEvent, WatchRefusal};
use crate::words::{FederalPaper, Found};

impl Register {
    /// What carries out the command.
    pub(crate) fn handle_watch(
        &self,
        command: &WatchCommand,
        _by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            WatchCommand::CloseLine { id, last_on } => self.close_line(id, *last_on, at)?,
            WatchCommand::CloseUnit { id, last_on } => self.close_unit(id, *last_on, at)?,
            WatchCommand::SetLineTests { line, from, at: times } => {
                known(self.lines.contains_key(line), line)?;
                let plan = self.watch.line(line).map(|watch| &watch.tests);
                let at = self.list(plan, line, *from, times, at)?;
                WatchEvent::LineTestsSet { line: line.clone(), from: *from, at }
            }
            WatchCommand::SeeLineTest { line, seen_at } => self.see_test(line, *seen_at, at)?,
            WatchCommand::SetTours { unit, from, begin } => {
                known(self.units.contains_key(unit), unit)?;
                let plan = self.watch.unit(unit).map(|watch| &watch.tours);
                let begin = self.list(plan, unit, *from, begin, at)?;
                WatchEvent::ToursSet { unit: unit.clone(), from: *from, begin }
            }
            WatchCommand::ReportZero { unit, tour } => self.report_zero(unit, *tour, at)?,
            WatchCommand::CountBookings { unit, tour, made } => self.count_bookings(unit, *tour, *made, at)?,
            WatchCommand::AnswerBooking { unit, episode, at: when, federal_paper } => {
                self.answer_booking(unit, episode.as_ref(), *when, *federal_paper, at)?
            }
            WatchCommand::CountGateway(count) => self.count_gateway(count, at)?,
            WatchCommand::NoteArrival { id, line, at: arrived } => {
                free(self.watch.arrivals.contains_key(id), id)?;
                self.line_takes(line, *arrived)?;
                self.past(*arrived, at)?;
                WatchEvent::ArrivalNoted { id: id.clone(), line: line.clone(), at: *arrived }
            }
            WatchCommand::ReadArrival { arrival, found, request } => self.read(arrival, *found, request.as_ref())?,
        };
        Ok(vec![Event::Watch(event)])
    }

    fn close_line(&self, id: &LineId, last_on: Date, at: Timestamp) -> Result<WatchEvent, Refusal> {
        let open = self.line_open(id).ok_or_else(|| Refusal::IdUnknown { id: id.to_string() })?;
        if let Some(last_on) = open.last_on {
            return Err(Refusal::Watch(WatchRefusal::AlreadyClosed { id: id.to_string(), last_on }));
        }
        closes_after(id, open.from, last_on)?;
        self.no_longer_watched(id, last_on, at)?;
        Ok(WatchEvent::LineClosed { id: id.clone(), last_on })
    }

    fn close_unit(&self, id: &UnitId, last_on: Date, at: Timestamp) -> Result<WatchEvent, Refusal> {
        let open = self.unit_open(id).ok_or_else(|| Refusal::IdUnknown { id: id.to_string() })?;
        if let Some(last_on) = open.last_on {
            return Err(Refusal::Watch(WatchRefusal::AlreadyClosed { id: id.to_string(), last_on }));
        }
        closes_after(id, open.from, last_on)?;
        let toured = self.watch.unit(id).is_some_and(|watch| watch.tours.goes_on_after(last_on));
        if toured && last_on < day_of(at, &self.zone()) {
            return Err(Refusal::Watch(WatchRefusal::StillWatched { id: id.to_string(), last_on }));
        }
        let lines = self.lines.iter().filter(|(_, line)| line.unit == *id);
        for (line, _) in lines.filter(|(line, _)| self.line_open(line).is_some_and(|open| open.last_on.is_none())) {
            self.no_longer_watched(line, last_on, at)?;
        }
        Ok(WatchEvent::UnitClosed { id: id.clone(), last_on })
    }

    /// That a line can end with a day. A day to come is always free; of one that is past nothing may show that the line was
    /// in use after it, or was to be tested.
    fn no_longer_watched(&self, id: &LineId, last_on: Date, at: Timestamp) -> Result<(), Refusal> {
        let watch = self.watch.line(id).filter(|_| last_on < day_of(at, &self.zone()));
        let after = last_on.tomorrow().ok().and_then(|next| beginning(next, &self.zone()));
        let watched = |watch: &LineWatch| watch.tests.goes_on_after(last_on) || used_after(watch, after);
        if watch.is_some_and(watched) {
            return Err(Refusal::Watch(WatchRefusal::StillWatched { id: id.to_string(), last_on }));
        }
        Ok(())
    }

    /// The times in order, where a list of them may hold from this day on.
    fn list(
        &self,
        plan: Option<&Plan>,
        id: &impl ToString,
        from: Date,
        times: &[ClockTime],
        at: Timestamp,
    ) -> Result<Vec<ClockTime>, Refusal> {
        once(times.iter())?;
        let today = day_of(at, &self.zone());
        if plan.is_some_and(|plan| !plan.is_empty()) && from <= today {
            return Err(Refusal::Watch(WatchRefusal::ListStands { id: id.to_string(), from, today }));
        }
        let mut times = times.to_vec();
        times.sort();
        Ok(times)
    }

    fn see_test(&self, line: &LineId, seen_at: Timestamp, at: Timestamp) -> Result<WatchEvent, Refusal> {
        self.line_takes(line, Moment::At(seen_at))?;
        self.past(Moment::At(seen_at), at)?;
        if self.watch.line(line).is_some_and(|watch| watch.tests_seen.contains(&seen_at)) {
            return Err(Refusal::Watch(WatchRefusal::TestSeenAlready { line: line.clone(), seen_at }));
        }
        Ok(WatchEvent::LineTestSeen { line: line.clone(), seen_at })
    }

    /// The span of a tour of a unit.
    fn tour(&self, unit: &UnitId, tour: Tour) -> Result<Span, Refusal> {
        let open = self.unit_open(unit).ok_or_else(|| Refusal::IdUnknown { id: unit.to_string() })?;
        let tours = self.watch.unit(unit).map(|watch| tours_on(&watch.tours, open, tour.on, &self.zone()));
        let span = tours.into_iter().flatten().find(|(one, _)| *one == tour).map(|(_, span)| span);
        span.ok_or_else(|| Refusal::Watch(WatchRefusal::NoSuchTour { unit: unit.clone(), tour }))
    }

    fn report_zero(&self, unit: &UnitId, tour: Tour, at: Timestamp) -> Result<WatchEvent, Refusal> {
        let span = self.tour(unit, tour)?;
        let from = span.until - ZERO_REPORT_EARLY;
        if at < from {
            return Err(Refusal::Watch(WatchRefusal::TourNotOver { unit: unit.clone(), tour, from }));
        }
        if self.watch.unit(unit).is_some_and(|watch| watch.zero_reports.contains_key(&tour)) {
            return Err(Refusal::Watch(WatchRefusal::ZeroReportedAlready { unit: unit.clone(), tour }));
        }
        if let Some((line, arrived)) = first_request(&self.watched_lines(unit), span) {
            let (unit, line) = (unit.clone(), line.clone());
            return Err(Refusal::Watch(WatchRefusal::RequestInTour { unit, tour, line, arrived }));
        }
        Ok(WatchEvent::ZeroReported { unit: unit.clone(), tour })
    }

    fn count_bookings(&self, unit: &UnitId, tour: Tour, made: u64, at: Timestamp) -> Result<WatchEvent, Refusal> {
        let from = self.tour(unit, tour)?.until;
        if at < from {
            return Err(Refusal::Watch(WatchRefusal::TourNotOver { unit: unit.clone(), tour, from }));
        }
        if self.watch.unit(unit).is_some_and(|watch| watch.bookings.contains_key(&tour)) {
            return Err(Refusal::Watch(WatchRefusal::BookingsCountedAlready { unit: unit.clone(), tour }));
        }
        Ok(WatchEvent::BookingsCounted { unit: unit.clone(), tour, made })
    }

    fn answer_booking(
        &self,
        unit: &UnitId,
        episode: Option<&EpisodeId>,
        when: Timestamp,
        federal_paper: FederalPaper,
        at: Timestamp,
    ) -> Result<WatchEvent, Refusal> {
        let open = self.unit_open(unit).ok_or_else(|| Refusal::IdUnknown { id: unit.to_string() })?;
        let on = day_of(when, &self.zone());
        if !open.on(on) {
            return Err(Refusal::Watch(WatchRefusal::UnitNotOpen { unit: unit.clone(), on }));
        }
        self.past(Moment::At(when), at)?;
        let answered = episode.and_then(|episode| self.watch.answered(episode));
        if answered.is_some_and(|answer| answer != FederalPaper::NotAsked) {
            return Err(Refusal::Watch(WatchRefusal::BookingAnsweredAlready { unit: unit.clone() }));
        }
        let (unit, episode) = (unit.clone(), episode.cloned());
        Ok(WatchEvent::BookingAnswered { unit, episode, at: when, federal_paper })
    }

    fn count_gateway(&self, count: &GatewayCount, at: Timestamp) -> Result<WatchEvent, Refusal> {
        let GatewayCount { line, source, from, until, .. } = count;
        known(self.lines.contains_key(line), line)?;
        self.past(Moment::At(*from), at)?;
        self.past(Moment::At(*until), at)?;
        if from >= until {
            return Err(Refusal::Watch(WatchRefusal::CountOfNoTime { from: *from, until: *until }));
        }
        let counts = self.watch.line(line).and_then(|watch| watch.counts.get(source));
        // Counts of one source never overlap, so the last that begins before this one's end is the only one that can.
        let before = counts.and_then(|counts| counts.range(..*until).next_back());
        if let Some((_, other)) = before.filter(|(_, other)| other.until > *from) {
            let (line, source) = (line.clone(), *source);
            let (from, until) = (other.from, other.until);
            return Err(Refusal::Watch(WatchRefusal::CountsOverlap { line, source, from, until }));
        }
        Ok(WatchEvent::GatewayCounted(count.clone()))
    }

    fn read(&self, id: &ArrivalId, found: Found, request: Option<&RequestId>) -> Result<WatchEvent, Refusal> {
        let arrival = self.watch.arrivals.get(id).ok_or_else(|| Refusal::IdUnknown { id: id.to_string() })?;
        if let Some(found) = arrival.found {
            return Err(Refusal::Watch(WatchRefusal::ReadAlready { arrival: id.clone(), found }));
        }
        match (found == Found::Request, request) {
            (true, None) => return Err(Refusal::Watch(WatchRefusal::RequestNotNamed { arrival: id.clone() })),
            (false, Some(_)) => {
                return Err(Refusal::Watch(WatchRefusal::NoRequest { arrival: id.clone(), found }));
            }
            (false, None) => {}
            (true, Some(request)) => {
                let state = self.request(request)?;
                if !state.transmissions.iter().any(|one| one.line == arrival.line) {
                    let (request, line) = (request.clone(), arrival.line.clone());
                    return Err(Refusal::Watch(WatchRefusal::ArrivedElsewhere { request, line }));
                }
            }
        }
        Ok(WatchEvent::ArrivalRead { arrival: id.clone(), found, request: request.cloned() })
    }
}

fn closes_after(id: &impl ToString, from: Date, last_on: Date) -> Result<(), Refusal> {
    if last_on < from {
        return Err(Refusal::Watch(WatchRefusal::ClosesBeforeOpening { id: id.to_string(), from, last_on }));
    }
    Ok(())
}

/// Whether anything was seen of a line from an instant on.
fn used_after(watch: &LineWatch, after: Option<Timestamp>) -> bool {
    let Some(after) = after else { return false };
    let arrived =
        |arrived: &Arrived| arrived.at.range(after..).next().is_some() || arrived.on.range(after..).next().is_some();
    let counted = || watch.counts.values().flat_map(|counts| counts.values()).any(|count| count.until > after);
    arrived(&watch.transmissions)
        || arrived(&watch.arrivals)
        || watch.tests_seen.range(after..).next().is_some()
        || counted()
}
