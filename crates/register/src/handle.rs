//! From a command to the events that carry it out, or to a refusal.
//!
//! `handle` only reads. It takes the law and the time as arguments; [`Register::apply`] is the only writer. An auditor
//! calls it too: the command that an event carries out must give that event again.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::derived::Known;
use law::{Ask, Outcome as LawOutcome, Pack, Says};

use crate::closing::{self, Drawn};
use crate::command::{Command, Decide, Refusal};
use crate::custody::Episode;
use crate::event::{Answered, Decision, Event, Filing, Frozen, Growth, Receipt, Request, Transmission};
use crate::growth::GROWTH_STEP;
use crate::ids::{LineId, PersonId, RequestId};
use crate::row::Restates;
use crate::state::{Register, RequestState};
use crate::time::{Moment, Timestamp, Year, day_of};
use crate::watch::WatchRefusal;
use crate::words::{Authority, Cause, Decided, FilingKind, Mode, Outcome};

/// What the law is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Which ask.
    pub ask: Ask,
    /// The facts given.
    pub facts: &'a BTreeMap<String, String>,
    /// What the register knows of the case; it works out facts that nobody gave.
    pub known: &'a Known,
    /// The day whose law is asked.
    pub on: Date,
}

/// The most that the federal government can reimburse for one case at a time: ten million dollars, in cents.
pub const CENTS_MAX: u64 = 1_000_000_000;

/// How the law is asked: the facts it used and what it answers from them.
pub type AskLaw<'a> = &'a dyn Fn(&Question<'_>) -> Result<(BTreeMap<String, String>, Answered), Refusal>;

impl Register {
    /// What carries out `command`, given by `by` at record time `at`, under `law`.
    ///
    /// # Errors
    /// The refusal, with its facts. Nothing has changed.
    pub fn handle(&self, law: &Pack, command: &Command, by: &PersonId, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.handle_by(&|question| answer(law, question), command, by, at)
    }

    /// As [`Register::handle`], for whoever has another way to the law than its pack. Only a decision asks it.
    ///
    /// # Errors
    /// As [`Register::handle`].
    pub fn handle_by(
        &self,
        law: AskLaw<'_>,
        command: &Command,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(last) = self.last_at.filter(|last| at < *last) {
            return Err(Refusal::TimeGoesBack { last, at });
        }
        if let Command::Open(opened) = command {
            return match self.opened {
                Some(_) => Err(Refusal::AlreadyOpen),
                None => Ok(vec![Event::RegisterOpened(opened.clone())]),
            };
        }
        if self.opened.is_none() {
            return Err(Refusal::NotOpen);
        }
        // INVARIANT: between the freeze of a closed year and its closing entries lies nothing that counts, so nobody can
        // freeze early and count late. Only the growth that takes the entries may come first.
        if let Some(year) = self.closing_that_waits().filter(|_| !matches!(command, Command::Grow(_))) {
            return Err(Refusal::ClosingWaits { year });
        }
        self.may(command, by, at)?;
        let events = self.handle_opened(law, command, by, at)?;
        self.nothing_erased(&events)?;
        Ok(events)
    }

    fn handle_opened(
        &self,
        law: AskLaw<'_>,
        command: &Command,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open(_) => Err(Refusal::AlreadyOpen),
            Command::RegisterAgency { id, name } => {
                free(self.agencies.contains_key(id), id)?;
                Ok(vec![Event::AgencyRegistered { id: id.clone(), name: name.clone() }])
            }
            Command::OpenUnit { id, agency, name, from } => {
                free(self.units.contains_key(id), id)?;
                known(self.agencies.contains_key(agency), agency)?;
                let (id, agency, name) = (id.clone(), agency.clone(), name.clone());
                Ok(vec![Event::UnitOpened { id, agency, name, from: *from }])
            }
            Command::OpenLine { id, unit, channel, name, from } => {
                free(self.lines.contains_key(id), id)?;
                known(self.units.contains_key(unit), unit)?;
                let (id, unit, name) = (id.clone(), unit.clone(), name.clone());
                Ok(vec![Event::LineOpened { id, unit, channel: *channel, name, from: *from }])
            }
            Command::Receive { request, transmission } => self.receive(request, transmission, at),
            Command::Decide(decide) => self.decide(law, decide, at),
            Command::RecordOutcome { request, outcome, at: when, authority } => {
                self.record_outcome(request, *outcome, *when, *authority, at)
            }
            Command::RecordHold { request, authority, at: when } => {
                let state = self.standing(request)?;
                self.past(*when, at)?;
                let held = state.request.subjects.iter().map(|subject| Event::PersonHeld {
                    request: request.clone(),
                    subject: subject.clone(),
                    authority: *authority,
                    at: *when,
                });
                Ok(held.collect())
            }
            Command::Reimburse { request, cents, on } => {
                self.standing(request)?;
                self.past(Moment::On(*on), at)?;
                if *cents == 0 {
                    return Err(Refusal::NothingReimbursed { request: request.clone() });
                }
                if *cents > CENTS_MAX {
                    return Err(Refusal::TooMuchReimbursed { request: request.clone(), cents: *cents });
                }
                Ok(vec![Event::CostReimbursed { request: request.clone(), cents: *cents, on: *on }])
            }
            Command::Grow(growth) => self.grow(*growth),
            Command::CloseYear { year } => self.close_year(*year, at),
            Command::Restate { year, causes } => self.restate(*year, causes, at),
            Command::File(filing) => self.file(filing, at),
            Command::RecordReceipt { year, kind, receipt } => self.record_receipt(*year, *kind, receipt, at),
            Command::Request(command) => self.handle_request(command, at),
            Command::RecordClock { departure, seconds } => {
                let live = self.opened.as_ref().is_some_and(|opening| opening.opened.mode == Mode::Live);
                if !live || *seconds == 0 {
                    return Err(Refusal::NoClockDeparted { seconds: *seconds });
                }
                Ok(vec![Event::ClockDeparted { departure: *departure, seconds: *seconds }])
            }
            Command::TrustClock { seconds } => self.trust_clock(*seconds, at),
            Command::RecordRun(run) => self.record_run(run),
            Command::Watch(command) => self.handle_watch(command, by, at),
            Command::Custody(command) => self.handle_custody(command, by, at),
            Command::Staff(command) => self.handle_staff(command, by, at),
            Command::Inquiry(command) => self.handle_inquiry(command, by, at),
            Command::Retention(command) => self.handle_retention(command, by),
            Command::Receipt(command) => self.handle_receipt(command, at),
            Command::Reading(command) => self.handle_reading(command, by, at),
        }
    }

    fn receive(&self, request: &Request, transmission: &Transmission, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        free(self.requests.contains_key(&request.id), &request.id)?;
        self.line_takes(&transmission.line, transmission.arrived)?;
        self.past(transmission.arrived, at)?;
        self.paper_fits(request, transmission.arrived.day(&self.zone()))?;
        Ok(vec![Event::RequestReceived { request: request.clone(), transmission: transmission.clone() }])
    }

    /// That something can have arrived on a line then: from its first day on, until its last.
    pub(crate) fn line_takes(&self, id: &LineId, arrived: Moment) -> Result<(), Refusal> {
        let open = self.line_open(id).ok_or_else(|| Refusal::IdUnknown { id: id.to_string() })?;
        let (line, day) = (id.clone(), arrived.day(&self.zone()));
        if day < open.from {
            return Err(Refusal::LineNotYetOpen { line, from: open.from, arrived: day });
        }
        match open.last_on.filter(|last| day > *last) {
            Some(last_on) => Err(Refusal::Watch(WatchRefusal::LineClosed { line, last_on, arrived: day })),
            None => Ok(()),
        }
    }

    fn decide(&self, law: AskLaw<'_>, decide: &Decide, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let request = decide.request.clone();
        let state = self.to_decide(&request)?;
        let ask = decide.ask;
        if !state.request.asks.contains(&ask) {
            return Err(Refusal::AskNotMade { request, ask, asks: state.request.asks.clone() });
        }
        if state.decisions.contains_key(&ask) {
            return Err(Refusal::AlreadyDecided { request, ask });
        }
        let arrived = self.arrived_on(state);
        let on = decide.on.unwrap_or(arrived);
        self.past(Moment::On(on), at)?;
        if on < arrived {
            return Err(Refusal::BeforeArrival { request, on, arrived });
        }
        let made_at = decide.made_at.unwrap_or(at);
        self.past(Moment::At(made_at), at)?;
        if day_of(made_at, &self.zone()) < arrived {
            return Err(Refusal::BeforeArrival { request, on: day_of(made_at, &self.zone()), arrived });
        }
        let known = self.known_of(state, made_at);
        let (facts, answer) = law(&Question { ask, facts: &decide.facts, known: &known, on })?;
        match (departs(&answer.says, decide.decided), &decide.departure) {
            (Some(says), None) => return Err(Refusal::DepartureNeedsReason { request, ask, says }),
            (None, Some(_)) => return Err(Refusal::NoDeparture { request, ask }),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let decision = Decision {
            ask,
            on,
            made_at: decide.made_at,
            facts,
            answer,
            decided: decide.decided,
            departure: decide.departure.clone(),
        };
        Ok(vec![Event::DecisionMade { request, decision }])
    }

    /// What the register knows of the case of a request at an instant. Where a request has several subjects, the cases are
    /// several, and a person must say which facts stand for all.
    fn known_of(&self, state: &RequestState, at: Timestamp) -> Known {
        let [subject] = state.request.subjects.as_slice() else { return Known::nothing(at) };
        let episode = subject.episode.as_ref().and_then(|episode| self.custody.of(episode));
        // Where paper and custody name two individuals, one of the two is wrong, and nobody can say which.
        let another = |episode: &Episode| {
            episode.individual().zip(subject.individual.as_ref()).is_some_and(|(one, other)| one != other)
        };
        let episode = episode.filter(|episode| !episode.events().is_empty() && !another(episode));
        Known { at, custody: episode.map(Episode::law_events), papers: state.law_papers(at, &self.zone()) }
    }

    fn record_outcome(
        &self,
        id: &RequestId,
        outcome: Outcome,
        when: Moment,
        authority: Option<Authority>,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let state = self.standing(id)?;
        self.past(when, at)?;
        if let Some(known) = state.known_outcome() {
            return Err(Refusal::OutcomeRecorded { request: id.clone(), outcome: known });
        }
        let mut events = vec![Event::OutcomeRecorded { request: id.clone(), outcome, at: when }];
        match (outcome == Outcome::Transferred, authority) {
            (true, None) => return Err(Refusal::TransferNeedsAuthority { request: id.clone() }),
            (false, Some(_)) => return Err(Refusal::AuthorityOnlyForTransfer { outcome }),
            (false, None) => {}
            (true, Some(authority)) => {
                events.extend(state.request.subjects.iter().map(|subject| Event::PersonTransferred {
                    request: id.clone(),
                    subject: subject.clone(),
                    authority,
                    at: when,
                }));
            }
        }
        Ok(events)
    }

    fn grow(&self, growth: Growth) -> Result<Vec<Event>, Refusal> {
        let tree_size = self.tree_size();
        let added = growth.frozen.size.saturating_sub(tree_size);
        let fits = added >= GROWTH_STEP && added.is_multiple_of(GROWTH_STEP) && added >= self.waiting;
        if growth.from_size != tree_size || !fits {
            return Err(Refusal::GrowthDoesNotFit { tree_size, growth });
        }
        Ok(vec![Event::TreeGrown(growth)])
    }

    /// The closing itself, then one entry for each row.
    fn close_year(&self, year: Year, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let today = day_of(at, &self.zone());
        if Year::of(today) <= year {
            return Err(Refusal::YearNotOver { year, now: at });
        }
        if self.last_closing(year).is_some() {
            return Err(Refusal::YearClosed { year });
        }
        // A zero of a year in which nobody watched anything would say what nobody knows.
        let watched = self.lines.values().any(|line| Year::of(line.from) <= year);
        if !watched && self.requests_of(year).next().is_none() {
            return Err(Refusal::NothingWatched { year });
        }
        let frozen = self.to_freeze()?;
        let rows = closing::rows(self, &Drawn { year, as_of: at, filed_on: today, frozen, restates: None });
        let mut events = vec![Event::YearClosed { year, frozen, filed_on: today }];
        events.extend(rows.entered(year));
        Ok(events)
    }

    /// The checkpoint at which a closing can be frozen: one that covers everything.
    fn to_freeze(&self) -> Result<Frozen, Refusal> {
        // One after the other, so that what the filings open follows on without a gap.
        if let Some(year) = self.closing_not_filed() {
            return Err(Refusal::NotFiled { year });
        }
        match self.tree {
            Some(tree) if self.waiting == 0 => Ok(tree),
            Some(_) | None => Err(Refusal::NotGrown { waiting: self.waiting }),
        }
    }

    /// The restatement itself, then one entry for each row.
    fn restate(&self, year: Year, causes: &[Cause], at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Some((last, closed)) = self.last_closing(year) else { return Err(Refusal::YearNotClosed { year }) };
        let FilingKind::Restatement(number) = last.next() else { return Err(Refusal::YearNotClosed { year }) };
        if causes.is_empty() {
            return Err(Refusal::NoCause { year });
        }
        once(causes.iter().map(|cause| cause.code()))?;
        let frozen = self.to_freeze()?;
        let mut causes = causes.to_vec();
        causes.sort();
        let restates = Restates { number, causes };
        let filed_on = day_of(at, &self.zone());
        let drawn = Drawn { year, as_of: at, filed_on, frozen, restates: Some(restates.clone()) };
        let rows = closing::rows(self, &drawn);
        if closing::tell_the_same(rows.clone(), closed.drawn()) {
            return Err(Refusal::NothingToRestate { year });
        }
        let mut events = vec![Event::YearRestated { year, restates, frozen, filed_on }];
        events.extend(rows.entered(year));
        Ok(events)
    }

    fn record_receipt(
        &self,
        year: Year,
        kind: FilingKind,
        receipt: &Receipt,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(filing) = self.filing(year, kind) else { return Err(Refusal::FilingUnknown { year, kind }) };
        self.past(Moment::On(receipt.on), at)?;
        let filed_on = day_of(filing.as_of, &self.zone());
        if receipt.on < filed_on {
            return Err(Refusal::ReceiptBeforeFiling { year, on: receipt.on, filed_on });
        }
        if self.receipts.contains_key(&(year, kind)) {
            return Err(Refusal::ReceiptRecorded { year, kind });
        }
        Ok(vec![Event::ReceiptRecorded { year, kind, receipt: receipt.clone() }])
    }

    fn file(&self, filing: &Filing, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let year = filing.year;
        let adopted = self.opened.as_ref().is_some_and(|opening| opening.opened.pack == filing.pack);
        let fits = match (filing.kind, self.closed.get(&(year, filing.kind))) {
            (FilingKind::Provisional, _) if Year::of(day_of(at, &self.zone())) != year => {
                return Err(Refusal::YearOver { year });
            }
            (FilingKind::Provisional, _) if self.filing(year, FilingKind::Provisional).is_some() => {
                return Err(Refusal::AlreadyFiled { year });
            }
            (FilingKind::Provisional, _) => {
                let unchanged = self.waiting == 0 && self.grown_at == Some(filing.as_of);
                let in_year = Year::of(day_of(filing.as_of, &self.zone())) == year;
                unchanged && in_year && Some(filing.frozen) == self.tree && filing.opens.is_none()
            }
            (FilingKind::Closing | FilingKind::Restatement(_), None) => return Err(Refusal::YearNotClosed { year }),
            (kind, Some(_)) if self.filing(year, kind).is_some() => {
                return Err(Refusal::AlreadyFiled { year });
            }
            (kind, Some(closed)) => {
                let opens = filing.opens.is_some() && filing.opens == self.to_open(year, kind);
                opens && filing.frozen == closed.frozen && filing.as_of == closed.at
            }
        };
        if !fits || !adopted || filing.files.is_empty() {
            return Err(Refusal::FilingDoesNotFit { year });
        }
        Ok(vec![Event::ReportFiled(filing.clone())])
    }

    /// The positions that a closing or restated report opens: from where the report before stopped until the growth that
    /// holds its own closing entries. None while the year is not so closed or its entries wait for that growth.
    pub fn to_open(&self, year: Year, kind: FilingKind) -> Option<(u64, u64)> {
        let entered = self.closed.get(&(year, kind))?.entered_until?;
        let opened = self.filings.iter().filter_map(|filing| filing.opens).map(|(_, until)| until).max();
        Some((opened.unwrap_or(0), entered))
    }

    pub(crate) fn request(&self, id: &RequestId) -> Result<&RequestState, Refusal> {
        self.requests.get(id).ok_or_else(|| Refusal::IdUnknown { id: id.to_string() })
    }

    pub(crate) fn past(&self, moment: Moment, now: Timestamp) -> Result<(), Refusal> {
        if moment.is_too_long_ago(&self.zone()) {
            return Err(Refusal::TooLongAgo { moment });
        }
        if moment.is_after(now, &self.zone()) {
            return Err(Refusal::InTheFuture { moment, now });
        }
        Ok(())
    }
}

/// What `law` answers, and from which facts, as the record keeps it.
///
/// # Errors
/// The facts do not fit the pack, or what the register knows.
pub fn answer(law: &Pack, question: &Question<'_>) -> Result<(BTreeMap<String, String>, Answered), Refusal> {
    let Question { ask, facts, known, on } = *question;
    let used = law
        .facts_known(ask, facts, known)
        .map_err(|problems| Refusal::FactsDoNotFit { problems: problems.iter().map(ToString::to_string).collect() })?;
    let pack = law.hash();
    let answered = match law::answer(law, ask, &used, on) {
        LawOutcome::Answered(answer) => Answered {
            says: vec![answer.says],
            basis: Some(answer.basis),
            derived: answer.derived.iter().map(|(name, holds)| (name.to_string(), holds.to_string())).collect(),
            rules: answer.rules().map(|rule| rule.id.to_string()).collect(),
            pack,
        },
        LawOutcome::StillPossible(still) => {
            Answered { says: still.possible, basis: None, derived: BTreeMap::new(), rules: Vec::new(), pack }
        }
    };
    Ok((used.to_map(), answered))
}

/// The answer that a decision departs from, if it does.
///
/// To decline never departs: no answer obliges the agency to do what is asked. To honor departs from *prohibited* and
/// from *needs legal review*, also while either is only possible.
pub fn departs(says: &[Says], decided: Decided) -> Option<Says> {
    match decided {
        Decided::Declined | Decided::Referred => None,
        Decided::Honored => says.iter().copied().find(|says| match says {
            Says::Prohibited | Says::NeedsLegalReview => true,
            Says::Permitted | Says::NotRegulated => false,
        }),
    }
}

pub(crate) fn free(taken: bool, id: &impl ToString) -> Result<(), Refusal> {
    if taken { Err(Refusal::IdTaken { id: id.to_string() }) } else { Ok(()) }
}

pub(crate) fn known(there: bool, id: &impl ToString) -> Result<(), Refusal> {
    if there { Ok(()) } else { Err(Refusal::IdUnknown { id: id.to_string() }) }
}

pub(crate) fn once<T: Ord + ToString>(named: impl Iterator<Item = T>) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    for one in named {
        let what = one.to_string();
        if !seen.insert(one) {
            return Err(Refusal::NamedTwice { what });
        }
    }
    Ok(())
}
