//! What was seen of lines and units: kept by line, by unit and in the order of time, so that any period is read in one pass.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::ids::{ArrivalId, EpisodeId, LineId, PersonId, UnitId};
use crate::state::{Register, add, there, there_mut};
use crate::time::{Moment, Span, Timestamp, beginning};
use crate::watch::plan::{Open, Plan, TEST_WINDOW};
use crate::watch::{GatewayCount, Tour, WatchEvent};
use crate::words::{CountSource, FederalPaper, Found};

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    lines: BTreeMap<LineId, LineWatch>,
    units: BTreeMap<UnitId, UnitWatch>,
    /// Arrivals by id.
    pub arrivals: BTreeMap<ArrivalId, Arrival>,
    /// The last answer at the booking of a stay in custody.
    episodes: BTreeMap<EpisodeId, FederalPaper>,
}

/// What is known of one line.
#[derive(Debug, Clone, Default)]
pub struct LineWatch {
    /// When it is tested.
    pub tests: Plan,
    /// When tests were seen to arrive.
    pub tests_seen: BTreeSet<Timestamp>,
    /// Transmissions of requests.
    pub transmissions: Arrived,
    /// Arrivals noted that are neither a request nor a test: these are counted as what they are.
    pub arrivals: Arrived,
    /// Everything noted on it, read or not, by when it arrived; one of which only the day is known, by when its day began.
    noted: BTreeSet<(Timestamp, Option<ArrivalId>)>,
    /// What its gateway and its carrier counted, by the beginning of what they counted.
    pub counts: BTreeMap<CountSource, BTreeMap<Timestamp, GatewayCount>>,
    last_on: Option<Date>,
}

/// What is known of one unit.
#[derive(Debug, Clone, Default)]
pub struct UnitWatch {
    /// When its tours begin.
    pub tours: Plan,
    /// Tours in which nothing arrived: who said so, and when.
    pub zero_reports: BTreeMap<Tour, ZeroReport>,
    /// Bookings made in a tour, by the booking system's count.
    pub bookings: BTreeMap<Tour, u64>,
    /// Answers at bookings by the time of the booking: whether the question was asked.
    pub answers: BTreeMap<Timestamp, Answers>,
    last_on: Option<Date>,
}

/// A zero report.
#[derive(Debug, Clone)]
pub struct ZeroReport {
    /// Who signed it, by being logged in.
    pub by: PersonId,
    /// Record time.
    pub at: Timestamp,
}

/// Answers at the bookings of one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// Where the question was asked.
    pub asked: u64,
    /// Where nobody asked.
    pub not_asked: u64,
}

/// Arrivals on a line: how many at each instant, and how many of which only the day is known.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    /// By instant.
    pub at: BTreeMap<Timestamp, u64>,
    /// By the first instant of their day. They prove no hour and fall into no tour.
    pub on: BTreeMap<Timestamp, u64>,
}

/// Something that arrived and that nobody had read yet.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// On which line.
    pub line: LineId,
    /// When.
    pub at: Moment,
    /// What it was, once read.
    pub found: Option<Found>,
}

impl Arrived {
    /// How many arrived in a span; one of which only the day is known counts where its day begins.
    pub fn within(&self, from: Timestamp, until: Timestamp) -> u64 {
        let by = |map: &BTreeMap<Timestamp, u64>| {
            if from < until { map.range(from..until).map(|(_, number)| *number).sum() } else { 0_u64 }
        };
        by(&self.at) + by(&self.on)
    }

    /// How many arrived in a span for certain: of those known by their day, the ones whose day ends in it.
    fn surely_within(&self, from: Timestamp, until: Timestamp) -> u64 {
        let last = until - SignedDuration::from_hours(24);
        let at: u64 = self.at.range(from..until).map(|(_, number)| *number).sum();
        let on: u64 = if from <= last { self.on.range(from..=last).map(|(_, number)| *number).sum() } else { 0 };
        at + on
    }
}

impl LineWatch {
    /// Whether anything was seen to arrive in a span: a request, something else, or a test.
    pub fn heard(&self, span: Span) -> bool {
        let during = span.from..span.until;
        self.transmissions.at.range(during.clone()).next().is_some()
            || self.arrivals.at.range(during.clone()).next().is_some()
            || self.tests_seen.range(during).next().is_some()
    }

    /// Whether a test that was due at an instant was seen.
    pub fn test_seen(&self, due: Timestamp) -> bool {
        self.tests_seen.range(due - TEST_WINDOW..due + TEST_WINDOW).next().is_some()
    }

    /// How much of a count the register accounts for: requests, tests and other arrivals in its time, at most the count.
    pub fn accounted(&self, count: &GatewayCount) -> u64 {
        let (from, until) = (count.from, count.until);
        let tests = crate::coverage::count(self.tests_seen.range(from..until));
        let arrived = self.transmissions.within(from, until) + self.arrivals.within(from, until) + tests;
        arrived.min(count.counted)
    }

    /// By how much the register holds more than a count: then one of the two is wrong. What is known by its day alone is
    /// held against a count only where the whole day lies in its time.
    pub fn exceeding(&self, count: &GatewayCount) -> u64 {
        let (from, until) = (count.from, count.until);
        let tests = crate::coverage::count(self.tests_seen.range(from..until));
        let arrived = self.transmissions.surely_within(from, until) + self.arrivals.surely_within(from, until) + tests;
        arrived.saturating_sub(count.counted)
    }
}

impl UnitWatch {
    /// At how many bookings in a span the question was asked.
    pub fn asked(&self, span: Span) -> u64 {
        self.answers.range(span.from..span.until).map(|(_, answers)| answers.asked).sum()
    }
}

impl Watch {
    /// What is known of a line.
    pub fn line(&self, id: &LineId) -> Option<&LineWatch> {
        self.lines.get(id)
    }

    /// What is known of a unit.
    pub fn unit(&self, id: &UnitId) -> Option<&UnitWatch> {
        self.units.get(id)
    }

    /// What was noted to arrive on a line in a span, read or not.
    pub fn noted(&self, line: &LineId, span: Span) -> impl Iterator<Item = &Arrival> + Clone {
        let noted = self
            .lines
            .get(line)
            .into_iter()
            .flat_map(move |watch| watch.noted.range((span.from, None)..(span.until, None)));
        noted.filter_map(|(_, id)| self.arrivals.get(id.as_ref()?))
    }

    /// The last answer at the booking of this stay in custody.
    pub(super) fn answered(&self, episode: &EpisodeId) -> Option<FederalPaper> {
        self.episodes.get(episode).copied()
    }

    fn line_mut(&mut self, id: &LineId) -> &mut LineWatch {
        self.lines.entry(id.clone()).or_default()
    }

    fn unit_mut(&mut self, id: &UnitId) -> &mut UnitWatch {
        self.units.entry(id.clone()).or_default()
    }
}

impl Register {
    /// The days on which a unit is open; none where there is no such unit.
    pub fn unit_open(&self, id: &UnitId) -> Option<Open> {
        let unit = self.units.get(id)?;
        Some(Open { from: unit.from, last_on: self.watch.unit(id).and_then(|watch| watch.last_on) })
    }

    /// The days on which a line is open: it ends with its unit at the latest. None where there is no such line.
    pub fn line_open(&self, id: &LineId) -> Option<Open> {
        let line = self.lines.get(id)?;
        let own = self.watch.line(id).and_then(|watch| watch.last_on);
        let of_unit = self.unit_open(&line.unit).and_then(|open| open.last_on);
        Some(Open { from: line.from, last_on: own.into_iter().chain(of_unit).min() })
    }

    /// The lines of a unit of which something is known.
    pub fn watched_lines(&self, unit: &UnitId) -> Vec<(&LineId, &LineWatch)> {
        let lines = self.lines.iter().filter(|(_, line)| line.unit == *unit);
        lines.filter_map(|(id, _)| Some((id, self.watch.line(id)?))).collect()
    }

    /// Takes the arrival of a request, or of what lifts one, into what its line saw.
    pub(crate) fn take_transmission(&mut self, line: &LineId, arrived: Moment) {
        let moment = self.placed(arrived);
        self.watch.line_mut(line).transmissions.add(moment);
    }

    /// Moves an arrival whose time was corrected.
    pub(crate) fn move_transmission(&mut self, line: &LineId, old: Moment, new: Moment) {
        self.drop_transmission(line, old);
        self.take_transmission(line, new);
    }

    /// Takes an arrival out that there was not.
    pub(crate) fn drop_transmission(&mut self, line: &LineId, arrived: Moment) {
        let moment = self.placed(arrived);
        self.watch.line_mut(line).transmissions.remove(moment);
    }

    /// Takes the event into the state.
    pub(crate) fn take_watch(&mut self, event: &WatchEvent, by: &PersonId, at: Timestamp) -> Result<(), String> {
        match event {
            WatchEvent::LineClosed { id, last_on } => {
                there(&self.lines, id)?;
                close(&mut self.watch.line_mut(id).last_on, *last_on, id)
            }
            WatchEvent::UnitClosed { id, last_on } => {
                there(&self.units, id)?;
                close(&mut self.watch.unit_mut(id).last_on, *last_on, id)
            }
            WatchEvent::LineTestsSet { line, from, at } => {
                there(&self.lines, line)?;
                self.watch.line_mut(line).tests.set(*from, at.clone());
                Ok(())
            }
            WatchEvent::LineTestSeen { line, seen_at } => {
                there(&self.lines, line)?;
                if !self.watch.line_mut(line).tests_seen.insert(*seen_at) {
                    return Err(format!("the test of `{line}` at {seen_at} is there already"));
                }
                Ok(())
            }
            WatchEvent::ToursSet { unit, from, begin } => {
                there(&self.units, unit)?;
                self.watch.unit_mut(unit).tours.set(*from, begin.clone());
                Ok(())
            }
            WatchEvent::ZeroReported { unit, tour } => {
                there(&self.units, unit)?;
                add(&mut self.watch.unit_mut(unit).zero_reports, tour, ZeroReport { by: by.clone(), at })
            }
            WatchEvent::BookingsCounted { unit, tour, made } => {
                there(&self.units, unit)?;
                add(&mut self.watch.unit_mut(unit).bookings, tour, *made)
            }
            WatchEvent::BookingAnswered { unit, episode, at, federal_paper } => {
                self.take_answer(unit, episode.as_ref(), *at, *federal_paper)
            }
            WatchEvent::GatewayCounted(count) => {
                there(&self.lines, &count.line)?;
                let counts = self.watch.line_mut(&count.line).counts.entry(count.source).or_default();
                add(counts, &count.from, count.clone())
            }
            WatchEvent::ArrivalNoted { id, line, at } => {
                there(&self.lines, line)?;
                add(&mut self.watch.arrivals, id, Arrival { line: line.clone(), at: *at, found: None })?;
                let moment = self.placed(*at);
                let watch = self.watch.line_mut(line);
                watch.arrivals.add(moment);
                watch.noted.insert((moment.at(), Some(id.clone())));
                Ok(())
            }
            WatchEvent::ArrivalRead { arrival, found, .. } => self.take_read(arrival, *found),
        }
    }

    fn take_answer(
        &mut self,
        unit: &UnitId,
        episode: Option<&EpisodeId>,
        at: Timestamp,
        federal_paper: FederalPaper,
    ) -> Result<(), String> {
        there(&self.units, unit)?;
        if let Some(episode) = episode {
            if self.watch.answered(episode).is_some_and(|answer| answer != FederalPaper::NotAsked) {
                return Err(format!("the booking of `{episode}` is answered already"));
            }
            self.watch.episodes.insert(episode.clone(), federal_paper);
        }
        let answers = self.watch.unit_mut(unit).answers.entry(at).or_default();
        match federal_paper {
            FederalPaper::Yes | FederalPaper::No => answers.asked += 1,
            FederalPaper::NotAsked => answers.not_asked += 1,
        }
        Ok(())
    }

    /// What turns out to be a request is counted as its transmission, and what turns out to be a test as that.
    fn take_read(&mut self, id: &ArrivalId, found: Found) -> Result<(), String> {
        let arrival = there_mut(&mut self.watch.arrivals, id)?;
        if let Some(found) = arrival.found {
            return Err(format!("`{id}` is read already: {found}"));
        }
        arrival.found = Some(found);
        let (line, at) = (arrival.line.clone(), arrival.at);
        let moment = self.placed(at);
        let watch = self.watch.line_mut(&line);
        match (found, at) {
            (Found::Request, _) => watch.arrivals.remove(moment),
            (Found::Test, Moment::At(at)) => {
                watch.arrivals.remove(moment);
                watch.tests_seen.insert(at);
            }
            (Found::Test, Moment::On(_)) | (Found::OtherBusiness | Found::Junk | Found::Unreadable, _) => {}
        }
        Ok(())
    }

    /// Where an arrival stands in time.
    fn placed(&self, moment: Moment) -> Placed {
        match moment {
            Moment::At(at) => Placed::At(at),
            // A day before the first instant there is would be refused long before.
            Moment::On(day) => Placed::On(beginning(day, &self.zone()).unwrap_or(Timestamp::MIN)),
        }
    }
}

/// The first request that arrived on one of these lines in a span: on which, and when.
pub fn first_request<'a>(lines: &[(&'a LineId, &'a LineWatch)], span: Span) -> Option<(&'a LineId, Timestamp)> {
    let first = lines.iter().filter_map(|(id, watch)| {
        let (at, _) = watch.transmissions.at.range(span.from..span.until).next()?;
        Some((*id, *at))
    });
    first.min_by_key(|(_, at)| *at)
}

#[derive(Clone, Copy)]
enum Placed {
    At(Timestamp),
    On(Timestamp),
}

impl Placed {
    fn at(self) -> Timestamp {
        match self {
            Placed::At(at) | Placed::On(at) => at,
        }
    }
}

impl Arrived {
    fn add(&mut self, placed: Placed) {
        *self.number(placed) += 1;
    }

    fn remove(&mut self, placed: Placed) {
        let number = self.number(placed);
        *number = number.saturating_sub(1);
        if *number > 0 {
            return;
        }
        match placed {
            Placed::At(at) => self.at.remove(&at),
            Placed::On(on) => self.on.remove(&on),
        };
    }

    fn number(&mut self, placed: Placed) -> &mut u64 {
        match placed {
            Placed::At(at) => self.at.entry(at).or_default(),
            Placed::On(on) => self.on.entry(on).or_default(),
        }
    }
}

fn close(last_on: &mut Option<Date>, day: Date, id: &impl std::fmt::Display) -> Result<(), String> {
    if last_on.is_some() {
        return Err(format!("`{id}` is closed already"));
    }
    *last_on = Some(day);
    Ok(())
}
