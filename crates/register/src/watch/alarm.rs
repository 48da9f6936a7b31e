//! Alarms as data: what is silent or open now, since when, and who is to act. They are computed, never recorded: an alarm
//! ends when what it is of is done, and nobody can put it away.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use crate::ids::{LineId, UnitId};
use crate::retention::Thing;
use crate::state::{Register, RequestState};
use crate::time::{Days, Moment, Timestamp, beginning, day_of};
use crate::watch::plan::{Open, TEST_WINDOW, tests_on, tours_on};
use crate::watch::state::{LineWatch, UnitWatch, first_request};
use crate::words::words;

/// How far back tests, tours, bookings and counts raise an alarm, and over how long the traffic of a line is averaged: 13
/// weeks. What is older stays in the coverage of its time.
pub const LOOK_BACK_DAYS: i64 = 91;

/// How long an arrival may lie unread, and an ask undecided.
pub const UNREAD_MAX: SignedDuration = SignedDuration::from_hours(24);

/// How long nobody may know what became of a request: 30 days.
pub const UNKNOWN_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The natural logarithm of 100, in thousandths and rounded up: see [`silent_line`].
const LN_100_THOUSANDTHS: u128 = 4_606;

words!(/// What an alarm is of.
    AlarmKind, "kind of alarm" {
    /// The last tests that were due on a line did not arrive.
    TestsMissed = "tests-missed",
    /// No test is listed for a line today.
    NoTests = "no-tests",
    /// A line that sees traffic sees none any more.
    LineSilent = "line-silent",
    /// A gateway or carrier counted more than the register accounts for.
    CountsUnaccounted = "counts-unaccounted",
    /// The register holds more than a gateway or carrier counted, or more answers than bookings: a count is wrong, or it is.
    CountsExceeded = "counts-exceeded",
    /// Something arrived and nobody has read it.
    ArrivalsUnread = "arrivals-unread",
    /// No tour is listed for a unit today.
    NoTours = "no-tours",
    /// Tours ended with neither a zero report nor a request.
    ToursSilent = "tours-silent",
    /// A paper arrived in a tour that was reported as zero.
    ZeroContradicted = "zero-contradicted",
    /// The booking system counts bookings at which nobody was asked for a federal paper.
    BookingsUnanswered = "bookings-unanswered",
    /// Asks are undecided.
    AsksUndecided = "asks-undecided",
    /// Nobody knows what became of requests.
    OutcomesUnknown = "outcomes-unknown",
    /// Custody ended otherwise than the outcomes of requests say.
    OutcomesContradicted = "outcomes-contradicted",
});

words!(/// Who is to act on an alarm.
    ToAct, "person to act" {
    /// The supervisor of the unit.
    Supervisor = "supervisor",
    /// The steward of the lines.
    LineSteward = "line-steward",
    /// The office that keeps the register.
    Records = "records",
});

/// Something that a person must see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What.
    pub kind: AlarmKind,
    /// At which unit.
    pub unit: UnitId,
    /// On which line, if it is of one.
    pub line: Option<LineId>,
    /// Since when: the oldest instant from which it stands.
    pub since: Timestamp,
    /// How many: tests, tours, bookings, messages, arrivals, asks or requests; 1 for a line or unit as a whole.
    pub number: u64,
}

impl AlarmKind {
    /// Who is to act.
    pub fn to_act(self) -> ToAct {
        match self {
            AlarmKind::TestsMissed | AlarmKind::NoTests | AlarmKind::LineSilent | AlarmKind::CountsUnaccounted => {
                ToAct::LineSteward
            }
            AlarmKind::ArrivalsUnread
            | AlarmKind::NoTours
            | AlarmKind::ToursSilent
            | AlarmKind::BookingsUnanswered
            | AlarmKind::AsksUndecided => ToAct::Supervisor,
            AlarmKind::ZeroContradicted
            | AlarmKind::CountsExceeded
            | AlarmKind::OutcomesUnknown
            | AlarmKind::OutcomesContradicted => ToAct::Records,
        }
    }
}

/// All alarms that stand now, by unit: those of its lines first, then its own.
pub fn alarms(register: &Register, now: Timestamp) -> Vec<Alarm> {
    let zone = register.zone();
    let today = day_of(now, &zone);
    let first = today.checked_sub(LOOK_BACK_DAYS.days()).unwrap_or(today);
    let Some(days) = Days::between(first, today) else { return Vec::new() };
    let about = About { register, now, today, days, zone };
    let (unread, requests) = (about.unread(), about.requests());
    let mut alarms = Vec::new();
    for unit in register.units.keys() {
        let mut found = Vec::new();
        for id in register.lines.iter().filter(|(_, line)| line.unit == *unit).map(|(id, _)| id) {
            let of_line = about.line(id).into_iter().chain(unread.get(id).copied());
            found.extend(of_line.map(|found| (Some(id), found)));
        }
        let of_unit = about.unit(unit).into_iter().chain(requests.get(unit).into_iter().flatten().copied());
        found.extend(of_unit.map(|found| (None, found)));
        alarms.extend(found.into_iter().map(|(line, Found { kind, since, number })| Alarm {
            kind,
            unit: unit.clone(),
            line: line.cloned(),
            since,
            number,
        }));
    }
    alarms
}

/// An alarm before it is said where.
#[derive(Debug, Clone, Copy)]
struct Found {
    kind: AlarmKind,
    since: Timestamp,
    number: u64,
}

/// Adds up what an alarm is of, and keeps since when it stands.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    since: Option<Timestamp>,
    number: u64,
}

impl Tally {
    fn add(&mut self, since: Timestamp, number: u64) {
        if number > 0 {
            self.since = Some(self.since.map_or(since, |first| first.min(since)));
            self.number += number;
        }
    }

    fn found(self, kind: AlarmKind) -> Option<Found> {
        Some(Found { kind, since: self.since?, number: self.number })
    }
}

struct About<'a> {
    register: &'a Register,
    now: Timestamp,
    today: Date,
    /// The days that are looked back on.
    days: Days,
    zone: TimeZone,
}

impl About<'_> {
    fn line(&self, id: &LineId) -> Vec<Found> {
        let Some(open) = self.register.line_open(id).filter(|open| open.on(self.today)) else { return Vec::new() };
        let nothing = LineWatch::default();
        let watch = self.register.watch.line(id).unwrap_or(&nothing);
        let (mut counts, mut exceeded) = (Tally::default(), Tally::default());
        let begins = self.days.span(&self.zone).map(|span| span.from);
        for count in watch.counts.values().flat_map(|counts| begins.map(|begins| counts.range(begins..))).flatten() {
            counts.add(count.1.from, count.1.counted - watch.accounted(count.1));
            exceeded.add(count.1.from, watch.exceeding(count.1));
        }
        let found = [
            self.tests_missed(watch, open),
            self.no_list(watch.tests.last_set(self.today), open, AlarmKind::NoTests),
            silent_line(watch, self.now),
            counts.found(AlarmKind::CountsUnaccounted),
            exceeded.found(AlarmKind::CountsExceeded),
        ];
        found.into_iter().flatten().collect()
    }

    /// The tests that were missed since the last one seen.
    fn tests_missed(&self, watch: &LineWatch, open: Open) -> Option<Found> {
        let due = self.days.each().flat_map(|day| tests_on(&watch.tests, open, day, &self.zone));
        let mut missed = Tally::default();
        for at in due.take_while(|at| *at < self.now) {
            if watch.test_seen(at) {
                missed = Tally::default();
            } else if at + TEST_WINDOW <= self.now {
                missed.add(at, 1);
            }
        }
        missed.found(AlarmKind::TestsMissed)
    }

    /// That no time is listed today: since the list ended, or since the line or unit opened.
    fn no_list(&self, last_set: Option<(Date, bool)>, open: Open, kind: AlarmKind) -> Option<Found> {
        let since = match last_set {
            Some((_, true)) => return None,
            Some((ended, false)) => ended.max(open.from),
            None => open.from,
        };
        Some(Found { kind, since: beginning(since, &self.zone)?, number: 1 })
    }

    fn unit(&self, id: &UnitId) -> Vec<Found> {
        let Some(open) = self.register.unit_open(id).filter(|open| open.on(self.today)) else { return Vec::new() };
        let nothing = UnitWatch::default();
        let watch = self.register.watch.unit(id).unwrap_or(&nothing);
        let lines = self.register.watched_lines(id);
        let (mut silent, mut contradicted) = (Tally::default(), Tally::default());
        let (mut unanswered, mut exceeded) = (Tally::default(), Tally::default());
        let tours = self.days.each().flat_map(|day| tours_on(&watch.tours, open, day, &self.zone));
        for (tour, span) in tours {
            let request = first_request(&lines, span);
            match (watch.zero_reports.contains_key(&tour), request) {
                (true, Some((_, arrived))) => contradicted.add(arrived, 1),
                (false, None) if span.until <= self.now => silent.add(span.from, 1),
                (true | false, _) => {}
            }
            if let Some(made) = watch.bookings.get(&tour) {
                let asked = watch.asked(span);
                unanswered.add(span.from, made.saturating_sub(asked));
                exceeded.add(span.from, asked.saturating_sub(*made));
            }
        }
        let found = [
            self.no_list(watch.tours.last_set(self.today), open, AlarmKind::NoTours),
            silent.found(AlarmKind::ToursSilent),
            contradicted.found(AlarmKind::ZeroContradicted),
            unanswered.found(AlarmKind::BookingsUnanswered),
            exceeded.found(AlarmKind::CountsExceeded),
        ];
        found.into_iter().flatten().collect()
    }

    /// What nobody has read for too long, by line.
    fn unread(&self) -> BTreeMap<&LineId, Found> {
        let mut lines: BTreeMap<&LineId, Tally> = BTreeMap::new();
        for arrival in self.register.watch.arrivals.values().filter(|arrival| arrival.found.is_none()) {
            if let Some(at) = self.instant(arrival.at).filter(|at| *at + UNREAD_MAX < self.now) {
                lines.entry(&arrival.line).or_default().add(at, 1);
            }
        }
        let found = lines.into_iter().filter_map(|(line, tally)| Some((line, tally.found(AlarmKind::ArrivalsUnread)?)));
        found.collect()
    }

    /// Asks that nobody has decided and outcomes that nobody knows for too long or that custody contradicts, by the unit
    /// where the request arrived.
    fn requests(&self) -> BTreeMap<UnitId, Vec<Found>> {
        let mut units: BTreeMap<UnitId, (Tally, Tally, Tally)> = BTreeMap::new();
        // Of what was erased nothing can be recorded, so nobody could end the alarm.
        let erased = |state: &RequestState| self.register.retention.is_erased(&Thing::from(&state.request.id));
        for state in self.register.requests.values().filter(|state| state.duplicate_of.is_none() && !erased(state)) {
            let Some(first) = state.transmissions.first() else { continue };
            let line = self.register.lines.get(&first.line);
            let (Some(line), Some(arrived)) = (line, self.instant(first.arrived)) else { continue };
            let (undecided, unknown, contradicted) = units.entry(line.unit.clone()).or_default();
            if state.cancelled.is_none() && arrived + UNREAD_MAX < self.now {
                let open = state.request.asks.iter().filter(|ask| !state.decisions.contains_key(ask));
                undecided.add(arrived, crate::coverage::count(open));
            }
            if state.known_outcome().is_none() && arrived + UNKNOWN_MAX < self.now {
                unknown.add(arrived, 1);
            }
            let ended = self.register.ended_otherwise(state);
            if let Some(since) =
                ended.zip(state.outcome).and_then(|(end, outcome)| Some(self.instant(outcome.at)?.max(end.at)))
            {
                contradicted.add(since, u64::from(since <= self.now));
            }
        }
        let found = units.into_iter().map(|(unit, (undecided, unknown, contradicted))| {
            let found = [
                undecided.found(AlarmKind::AsksUndecided),
                unknown.found(AlarmKind::OutcomesUnknown),
                contradicted.found(AlarmKind::OutcomesContradicted),
            ];
            (unit, found.into_iter().flatten().collect())
        });
        found.collect()
    }

    fn instant(&self, moment: Moment) -> Option<Timestamp> {
        match moment {
            Moment::At(at) => Some(at),
            Moment::On(day) => beginning(day, &self.zone),
        }
    }
}

/// Whether a line is silent for longer than chance allows.
///
/// In the 13 weeks that end with the last arrival it saw `n`, and `n` is more than 13: more than one a week. Were arrivals as
/// frequent since, and independent of each other (Poisson), nothing at all would arrive in a time `t` with the probability
/// `exp(-n t / 13 weeks)`. It is silent where that is less than 1 in 100: `n t > 13 weeks · ln 100`.
fn silent_line(watch: &LineWatch, now: Timestamp) -> Option<Found> {
    let arrived = [&watch.transmissions.at, &watch.arrivals.at];
    let last = arrived.iter().filter_map(|map| map.keys().next_back()).max().copied()?;
    let weeks_13 = SignedDuration::from_hours(24 * LOOK_BACK_DAYS);
    let number: u64 = arrived.iter().flat_map(|map| map.range(last - weeks_13..)).map(|(_, number)| *number).sum();
    let silence = u128::try_from(now.duration_since(last).as_millis()).ok()?;
    let allowed = u128::try_from(weeks_13.as_millis()).ok()? * LN_100_THOUSANDTHS;
    let silent = number > 13 && u128::from(number) * silence * 1_000 > allowed;
    silent.then_some(Found { kind: AlarmKind::LineSilent, since: last, number: 1 })
}
