//! The state of the register: a fold over events, held in memory.
//!
//! `apply` is the only thing that changes it, and it never asks law, vault or clock. INVARIANT: the same events give
//! the same state, so a restart replays and an auditor can too.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use law::Ask;

use crate::clock::Trusted;
use crate::custody::Custody;
use crate::event::{
    Decision, Event, Filing, Frozen, Growth, Opened, Receipt, Recorded, Request, Subject, Transmission,
};
use crate::ids::{AgencyId, HitId, LineId, PersonId, RequestId, UnitId};
use crate::inquiry::Inquiry;
use crate::reading::Reading;
use crate::receipt::ReceiptsGiven;
use crate::request::{Alike, Arrival, Cancelled, Corrected, Hit, Shielded, Superseded, Verification, Withdrawn};
use crate::retention::Retention;
use crate::row::{Restates, Row};
use crate::run::RunKey;
use crate::staff::Staff;
use crate::time::{Moment, Timestamp, Year, day_of};
use crate::watch::Watch;
use crate::words::{Authority, Channel, ClockDeparture, Counting, FilingKind, Label, Outcome};

/// Everything the register knows.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// How it was opened; none before the first event.
    pub opened: Option<Opening>,
    /// Agencies by id.
    pub agencies: BTreeMap<AgencyId, Label>,
    /// Units by id.
    pub units: BTreeMap<UnitId, Unit>,
    /// Lines by id.
    pub lines: BTreeMap<LineId, Line>,
    /// Requests by id.
    pub requests: BTreeMap<RequestId, RequestState>,
    /// Requests by what makes two papers alike.
    pub alike: Alike,
    /// Hits in databases, which are no requests, by id.
    pub hits: BTreeMap<HitId, Hit>,
    /// The tree as last frozen.
    pub tree: Option<Frozen>,
    /// Record time of the last growth.
    pub grown_at: Option<Timestamp>,
    /// Events since the last growth that no checkpoint covers, growths themselves left out.
    pub waiting: u64,
    /// Closed years, and those closed again for a restatement.
    pub closed: BTreeMap<(Year, FilingKind), ClosedYear>,
    /// Filings, the oldest first.
    pub filings: Vec<Filing>,
    /// What offices said of filings.
    pub receipts: BTreeMap<(Year, FilingKind), Receipt>,
    /// When and how the wall clock stood wrong, with how many seconds.
    pub clock_departures: Vec<(Timestamp, ClockDeparture, u64)>,
    /// Who said that the wall clock is right though it stood before the record.
    pub clock_trusted: Vec<Trusted>,
    /// Runs over data in bulk, and when each was recorded.
    pub runs: BTreeMap<RunKey, Timestamp>,
    /// What is known of lines and units.
    pub watch: Watch,
    /// What is known of custody.
    pub custody: Custody,
    /// Who may do what.
    pub staff: Staff,
    /// Who asked whether a paper is registered.
    pub inquiry: Inquiry,
    /// What must be kept, and what was erased.
    pub retention: Retention,
    /// What was handed out of receipts, and under which keys.
    pub receipts_given: ReceiptsGiven,
    /// Who was shown what the vault keeps.
    pub reading: Reading,
    /// Number of the last event.
    pub last_seq: u64,
    /// Record time of the last event.
    pub last_at: Option<Timestamp>,
}

/// How the register was opened, with its zone ready for use.
#[derive(Debug, Clone)]
pub struct Opening {
    /// As recorded.
    pub opened: Opened,
    /// The zone whose days and years are counted.
    pub zone: TimeZone,
    /// When it was opened.
    pub at: Timestamp,
}

/// A unit of an agency.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Whose it is.
    pub agency: AgencyId,
    /// Its public label.
    pub name: Label,
    /// First day.
    pub from: Date,
}

/// A line of a unit.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whose it is.
    pub unit: UnitId,
    /// How it carries.
    pub channel: Channel,
    /// Its public label.
    pub name: Label,
    /// First day.
    pub from: Date,
}

/// A request and all that came of it.
#[derive(Debug, Clone)]
pub struct RequestState {
    /// The number of the event that registered it.
    pub seq: u64,
    /// The paper, as corrected since.
    pub request: Request,
    /// Its arrivals, in the order in which they were registered.
    pub transmissions: Vec<Arrival>,
    /// What it counts as: by its form, and whether it replaces another.
    pub counting: Counting,
    /// The year it counts in, by the day of first arrival in the register's zone.
    pub year: Year,
    /// The request it repeats: then it counts as nothing.
    pub duplicate_of: Option<RequestId>,
    /// The earlier request it replaces.
    pub supersedes: Option<Superseded>,
    /// That its requester lifted it.
    pub cancelled: Option<Cancelled>,
    /// What courts said of its papers, the first one first.
    pub verifications: Vec<Verification>,
    /// What of it was corrected, the first one first.
    pub corrections: Vec<Corrected>,
    /// Decisions by ask.
    pub decisions: BTreeMap<Ask, Box<Made>>,
    /// What happened then, if recorded.
    pub outcome: Option<Happened>,
    /// Holds past release.
    pub held: Vec<Done>,
    /// Transfers to immigration authorities.
    pub transferred: Vec<Done>,
    /// Reimbursements.
    pub reimbursed: Vec<Reimbursed>,
    /// What of it was taken back, the first one first.
    pub taken_back: Vec<Withdrawn>,
    /// Why what it tells is shown in totals only.
    pub shielded: Vec<Shielded>,
}

/// A decision that stands.
#[derive(Debug, Clone)]
pub struct Made {
    /// The number of its event.
    pub seq: u64,
    /// As recorded.
    pub decision: Decision,
}

/// What then happened.
#[derive(Debug, Clone, Copy)]
pub struct Happened {
    /// The number of its event.
    pub seq: u64,
    /// What.
    pub outcome: Outcome,
    /// When.
    pub at: Moment,
}

/// A federal reimbursement.
#[derive(Debug, Clone, Copy)]
pub struct Reimbursed {
    /// The number of its event.
    pub seq: u64,
    /// How much, in cents.
    pub cents: u64,
    /// When.
    pub on: Date,
}

/// Something done to one subject under an authority.
#[derive(Debug, Clone)]
pub struct Done {
    /// The number of its event.
    pub seq: u64,
    /// To whom.
    pub subject: Subject,
    /// Under what.
    pub authority: Authority,
    /// When.
    pub at: Moment,
}

/// A closed year.
#[derive(Debug, Clone)]
pub struct ClosedYear {
    /// The checkpoint it was frozen at.
    pub frozen: Frozen,
    /// The day its report is dated.
    pub filed_on: Date,
    /// Which restatement it is, if it is one.
    pub restates: Option<Restates>,
    /// Record time of the closing.
    pub at: Timestamp,
    /// The closing rows that are shown, in canonical order, with the sums of those that are withheld.
    pub rows: Vec<Row>,
    /// Those that are withheld.
    pub withheld: Vec<Row>,
    /// Leaves in the tree once the closing entries are in it.
    pub entered_until: Option<u64>,
}

impl ClosedYear {
    /// A closing before its entries.
    fn begun(frozen: Frozen, filed_on: Date, at: Timestamp, restates: Option<Restates>) -> ClosedYear {
        let (rows, withheld) = (Vec::new(), Vec::new());
        ClosedYear { frozen, filed_on, restates, at, rows, withheld, entered_until: None }
    }
}

/// A history that cannot be: the record is damaged or was written by another program. Never guess past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenHistory {
    /// The event at which it broke.
    pub seq: u64,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for BrokenHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record is broken at event {}: {}", self.seq, self.what)
    }
}

impl std::error::Error for BrokenHistory {}

impl Register {
    /// The state after all of `events`.
    ///
    /// # Errors
    /// The first event that does not follow from those before it.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Result<Register, BrokenHistory> {
        let mut register = Register::default();
        for recorded in events {
            register.apply(recorded)?;
        }
        Ok(register)
    }

    /// Takes one event into the state.
    ///
    /// # Errors
    /// The event does not follow: its number leaves a gap, its time runs back, it names what is not there, or it does
    /// again what can be done once.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), BrokenHistory> {
        self.follow(recorded)?;
        self.reading.keep(&recorded.event);
        self.take(recorded).map_err(|what| BrokenHistory { seq: recorded.seq, what })?;
        self.count(recorded.seq, recorded.at, matches!(recorded.event, Event::TreeGrown(_)));
        Ok(())
    }

    /// As [`Register::apply`], for whoever needs the event no more: what the state keeps of it is not copied.
    ///
    /// # Errors
    /// As [`Register::apply`].
    pub fn apply_owned(&mut self, recorded: Recorded) -> Result<(), BrokenHistory> {
        self.follow(&recorded)?;
        self.reading.keep(&recorded.event);
        let Recorded { seq, at, by, event } = recorded;
        let broken = |what: String| BrokenHistory { seq, what };
        let opened = self.opened.is_some();
        let is_growth = matches!(event, Event::TreeGrown(_));
        let taken = if opened && let Event::DecisionMade { request, decision } = event {
            self.take_decision(&request, decision)
        } else if opened && let Event::RequestReceived { request, transmission } = event {
            self.take_request(request, &transmission, &by)
        } else {
            self.take(&Recorded { seq, at, by, event })
        };
        taken.map_err(broken)?;
        self.count(seq, at, is_growth);
        Ok(())
    }

    /// Says no to an event that cannot come next.
    fn follow(&self, recorded: &Recorded) -> Result<(), BrokenHistory> {
        let broken = |what: String| BrokenHistory { seq: recorded.seq, what };
        if recorded.seq != self.last_seq + 1 {
            return Err(broken(format!("its number should be {}", self.last_seq + 1)));
        }
        if self.last_at.is_some_and(|last| recorded.at < last) {
            return Err(broken("it is dated before the event before it".to_owned()));
        }
        Ok(())
    }

    /// Goes on by one event.
    fn count(&mut self, seq: u64, at: Timestamp, is_growth: bool) {
        self.last_seq = seq;
        self.last_at = Some(at);
        if is_growth {
            self.waiting = 0;
            self.grown_at = Some(at);
        } else {
            self.waiting += 1;
        }
    }

    /// The zone whose days and years are counted; UTC before the register is opened.
    pub fn zone(&self) -> TimeZone {
        self.opened.as_ref().map_or(TimeZone::UTC, |opening| opening.zone.clone())
    }

    /// Leaves in the tree.
    pub fn tree_size(&self) -> u64 {
        self.tree.map_or(0, |tree| tree.size)
    }

    /// The requests that stand in a year, in the order of their ids: without those that repeat another.
    pub fn requests_of(&self, year: Year) -> impl Iterator<Item = &RequestState> {
        self.requests.values().filter(move |state| state.year == year && state.duplicate_of.is_none())
    }

    /// The filing of a kind for a year, if one was made: there is never a second.
    pub fn filing(&self, year: Year, kind: FilingKind) -> Option<&Filing> {
        self.filings.iter().rfind(|filing| filing.year == year && filing.kind == kind)
    }

    /// The latest closing of a year: its first one or a restatement.
    pub fn last_closing(&self, year: Year) -> Option<(FilingKind, &ClosedYear)> {
        self.closed.iter().rfind(|((of, _), _)| *of == year).map(|((_, kind), closed)| (*kind, closed))
    }

    /// A closing whose entries are in no checkpoint yet.
    pub fn closing_that_waits(&self) -> Option<Year> {
        self.closed.iter().find(|(_, closed)| closed.entered_until.is_none()).map(|((year, _), _)| *year)
    }

    /// A closing whose report is not filed yet.
    pub fn closing_not_filed(&self) -> Option<Year> {
        self.closed.keys().find(|(year, kind)| self.filing(*year, *kind).is_none()).map(|(year, _)| *year)
    }

    fn take(&mut self, recorded: &Recorded) -> Result<(), String> {
        if self.opened.is_none() && !matches!(recorded.event, Event::RegisterOpened(_)) {
            return Err("the register was not opened before it".to_owned());
        }
        match &recorded.event {
            Event::RegisterOpened(opened) => self.take_opened(opened, &recorded.by, recorded.at),
            Event::AgencyRegistered { id, name } => add(&mut self.agencies, id, name.clone()),
            Event::UnitOpened { id, agency, name, from } => {
                there(&self.agencies, agency)?;
                let unit = Unit { agency: agency.clone(), name: name.clone(), from: *from };
                add(&mut self.units, id, unit)
            }
            Event::LineOpened { id, unit, channel, name, from } => {
                there(&self.units, unit)?;
                let line = Line { unit: unit.clone(), channel: *channel, name: name.clone(), from: *from };
                add(&mut self.lines, id, line)
            }
            Event::RequestReceived { request, transmission } => {
                self.take_request(request.clone(), transmission, &recorded.by)
            }
            Event::DecisionMade { request, decision } => self.take_decision(request, decision.clone()),
            Event::OutcomeRecorded { request, outcome, at } => self.take_outcome(request, *outcome, *at),
            Event::PersonHeld { request, subject, authority, at } => {
                let done = Done { seq: recorded.seq, subject: subject.clone(), authority: *authority, at: *at };
                there_mut(&mut self.requests, request)?.held.push(done);
                Ok(())
            }
            Event::PersonTransferred { request, subject, authority, at } => {
                let done = Done { seq: recorded.seq, subject: subject.clone(), authority: *authority, at: *at };
                there_mut(&mut self.requests, request)?.transferred.push(done);
                Ok(())
            }
            Event::CostReimbursed { request, cents, on } => {
                self.take_payment(request, Reimbursed { seq: recorded.seq, cents: *cents, on: *on })
            }
            Event::TreeGrown(growth) => self.take_growth(*growth),
            Event::YearClosed { year, frozen, filed_on } => {
                let (frozen, filed_on, at) = (*frozen, *filed_on, recorded.at);
                self.take_closing(*year, FilingKind::Closing, ClosedYear::begun(frozen, filed_on, at, None))
            }
            Event::YearRestated { year, restates, frozen, filed_on } => {
                let kind = FilingKind::Restatement(restates.number);
                let closed = ClosedYear::begun(*frozen, *filed_on, recorded.at, Some(restates.clone()));
                self.take_closing(*year, kind, closed)
            }
            Event::ClosingEntered { year, row } => self.take_row(*year, row, |closed| &mut closed.rows),
            Event::ClosingWithheld { year, row } => self.take_row(*year, row, |closed| &mut closed.withheld),
            Event::ReceiptRecorded { year, kind, receipt } => self.take_receipt(*year, *kind, receipt),
            Event::ReportFiled(filing) => self.take_filing(filing),
            Event::Request(event) => self.take_request_event(event, &recorded.by, recorded.at),
            Event::ClockDeparted { departure, seconds } => {
                self.clock_departures.push((recorded.at, *departure, *seconds));
                Ok(())
            }
            Event::ClockTrusted { seconds } => {
                self.clock_trusted.push(Trusted { at: recorded.at, by: recorded.by.clone(), seconds: *seconds });
                Ok(())
            }
            Event::RunRecorded(run) => self.take_run(run, recorded.at),
            Event::Watch(event) => self.take_watch(event, &recorded.by, recorded.at),
            Event::Custody(event) => self.take_custody(event, &recorded.by, recorded.at),
            Event::Staff(event) => self.take_staff(event, &recorded.by, recorded.at),
            Event::Inquiry(event) => self.take_inquiry(event, &recorded.by, recorded.at),
            Event::Retention(event) => self.take_retention(event, &recorded.by, recorded.at),
            Event::Receipt(event) => self.take_receipt_event(event),
            Event::Reading(event) => self.take_reading(event, &recorded.by, recorded.at),
        }
    }

    fn take_receipt(&mut self, year: Year, kind: FilingKind, receipt: &Receipt) -> Result<(), String> {
        if self.filing(year, kind).is_none() {
            return Err(format!("no {kind} report for {year} is filed before it"));
        }
        if self.receipts.contains_key(&(year, kind)) {
            return Err(format!("the {kind} report for {year} has a receipt already"));
        }
        self.receipts.insert((year, kind), receipt.clone());
        Ok(())
    }

    fn take_opened(&mut self, opened: &Opened, by: &PersonId, at: Timestamp) -> Result<(), String> {
        if self.opened.is_some() {
            return Err("the register was opened before".to_owned());
        }
        let zone = TimeZone::get(&opened.zone).map_err(|_| format!("unknown time zone `{}`", opened.zone))?;
        self.staff.open(by, day_of(at, &zone));
        self.opened = Some(Opening { opened: opened.clone(), zone, at });
        Ok(())
    }

    fn take_decision(&mut self, request: &RequestId, decision: Decision) -> Result<(), String> {
        let (ask, seq) = (decision.ask, self.last_seq + 1);
        add(&mut there_mut(&mut self.requests, request)?.decisions, &ask, Box::new(Made { seq, decision }))
    }

    fn take_request(&mut self, request: Request, transmission: &Transmission, by: &PersonId) -> Result<(), String> {
        there(&self.lines, &transmission.line)?;
        let id = request.id.clone();
        let state = RequestState {
            seq: self.last_seq + 1,
            transmissions: vec![Arrival::of(transmission, &request.paper, &[], by)],
            counting: request.form.counting(),
            year: Year::of(transmission.arrived.day(&self.zone())),
            duplicate_of: None,
            supersedes: None,
            cancelled: None,
            verifications: Vec::new(),
            corrections: Vec::new(),
            request,
            decisions: BTreeMap::new(),
            outcome: None,
            held: Vec::new(),
            transferred: Vec::new(),
            reimbursed: Vec::new(),
            taken_back: Vec::new(),
            shielded: Vec::new(),
        };
        add(&mut self.requests, &id, state)?;
        if let Some(state) = self.requests.get(&id) {
            self.alike.add(&state.request);
        }
        self.take_transmission(&transmission.line, transmission.arrived);
        Ok(())
    }

    fn take_payment(&mut self, request: &RequestId, paid: Reimbursed) -> Result<(), String> {
        there_mut(&mut self.requests, request)?.reimbursed.push(paid);
        Ok(())
    }

    fn take_outcome(&mut self, request: &RequestId, outcome: Outcome, at: Moment) -> Result<(), String> {
        let seq = self.last_seq + 1;
        let state = there_mut(&mut self.requests, request)?;
        if let Some(known) = state.known_outcome() {
            return Err(format!("the outcome of `{request}` is `{known}` already"));
        }
        state.outcome = Some(Happened { seq, outcome, at });
        Ok(())
    }

    fn take_growth(&mut self, growth: Growth) -> Result<(), String> {
        if growth.from_size != self.tree_size() {
            return Err(format!("the tree has {} leaves", self.tree_size()));
        }
        self.tree = Some(growth.frozen);
        for closed in self.closed.values_mut().filter(|closed| closed.entered_until.is_none()) {
            closed.entered_until = Some(growth.frozen.size);
        }
        Ok(())
    }

    fn take_closing(&mut self, year: Year, kind: FilingKind, closed: ClosedYear) -> Result<(), String> {
        let next = self.last_closing(year).map_or(FilingKind::Closing, |(last, _)| last.next());
        if kind != next {
            return Err(format!("the next closing of {year} is its {next}"));
        }
        self.closed.insert((year, kind), closed);
        Ok(())
    }

    fn take_row(
        &mut self,
        year: Year,
        row: &Row,
        list: impl Fn(&mut ClosedYear) -> &mut Vec<Row>,
    ) -> Result<(), String> {
        let last = self.closed.iter_mut().rfind(|((of, _), _)| *of == year);
        let (_, closed) = last.ok_or_else(|| format!("{year} is not closed before it"))?;
        list(closed).push(row.clone());
        Ok(())
    }

    fn take_filing(&mut self, filing: &Filing) -> Result<(), String> {
        if self.filing(filing.year, filing.kind).is_some() {
            return Err(format!("the {} filing for {} is there already", filing.kind, filing.year));
        }
        self.filings.push(filing.clone());
        Ok(())
    }
}

/// Puts what is new in its place; nothing that is recorded is ever written over.
pub(crate) fn add<K: Ord + Clone + fmt::Display, V>(map: &mut BTreeMap<K, V>, key: &K, value: V) -> Result<(), String> {
    if map.contains_key(key) {
        return Err(format!("`{key}` is there already"));
    }
    map.insert(key.clone(), value);
    Ok(())
}

pub(crate) fn there<K: Ord + fmt::Display, V>(map: &BTreeMap<K, V>, key: &K) -> Result<(), String> {
    if map.contains_key(key) { Ok(()) } else { Err(format!("`{key}` is not there before it")) }
}

pub(crate) fn there_mut<'a, K: Ord + fmt::Display, V>(
    map: &'a mut BTreeMap<K, V>,
    key: &K,
) -> Result<&'a mut V, String> {
    map.get_mut(key).ok_or_else(|| format!("`{key}` is not there before it"))
}
