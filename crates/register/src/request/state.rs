//! How what becomes of a request is taken into the state.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use law::derived::{Paper as LawPaper, PaperHolder, PaperKind, PaperMatter, Signer};

use super::{Change, Counted, PaperField, Recount, RequestEvent, RequestRefusal, Shield, Verification, Verified, Was};
use crate::Refusal;
use crate::event::Transmission;
use crate::ids::{LineId, NoteId, PaperId, PersonId, RequestId};
use crate::state::{Register, RequestState};
use crate::time::Moment;
use crate::words::{Form, Label, Outcome};

/// One arrival of a request.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The line.
    pub line: LineId,
    /// When it arrived there.
    pub arrived: Moment,
    /// The agency that passed it on, by its public label.
    pub relayed_by: Option<Label>,
    /// Where the vault keeps what this copy prints.
    pub paper: PaperId,
    /// What reads otherwise on it than on the first one registered.
    pub differs: Vec<PaperField>,
    /// Who noted it: of a call, the person who took it.
    pub noted_by: PersonId,
}

/// That the requester lifted a request.
#[derive(Debug, Clone)]
pub struct Cancelled {
    /// The number of its event.
    pub seq: u64,
    /// The line on which that arrived.
    pub line: LineId,
    /// When.
    pub arrived: Moment,
}

/// That what is told of a request is shown in totals only.
#[derive(Debug, Clone)]
pub struct Shielded {
    /// The number of its event.
    pub seq: u64,
    /// Why.
    pub cause: Shield,
}

/// That a request replaces an earlier one.
#[derive(Debug, Clone)]
pub struct Superseded {
    /// The number of its event.
    pub seq: u64,
    /// Which one it replaces.
    pub earlier: RequestId,
}

/// A correction that was made.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// What changed.
    pub changes: Vec<Change>,
    /// Where the vault keeps the reason, and what a printed field reads since.
    pub note: NoteId,
    /// Who made it.
    pub by: PersonId,
    /// Record time.
    pub at: Timestamp,
}

impl Arrival {
    pub(crate) fn of(transmission: &Transmission, paper: &PaperId, differs: &[PaperField], by: &PersonId) -> Arrival {
        Arrival {
            line: transmission.line.clone(),
            arrived: transmission.arrived,
            relayed_by: transmission.relayed_by.clone(),
            paper: paper.clone(),
            differs: differs.to_vec(),
            noted_by: by.clone(),
        }
    }
}

impl RequestState {
    /// What it counts as now, and in which year. A duplicate keeps what it counted as, for when it is reinstated.
    pub fn counted(&self) -> Counted {
        Counted { counting: self.counting, year: self.year }
    }

    /// The earlier request that it replaces.
    pub fn replaces(&self) -> Option<&RequestId> {
        self.supersedes.as_ref().map(|one| &one.earlier)
    }

    /// What then happened, if anybody knows.
    pub fn known_outcome(&self) -> Option<Outcome> {
        self.outcome.map(|one| one.outcome).filter(|outcome| *outcome != Outcome::Unknown)
    }

    /// Whether an arrival is one that it has: on the same line at the same instant, passed on by the same agency, and reading
    /// otherwise in the same fields. Of a day alone two copies may well have come.
    pub fn arrived_so(&self, transmission: &Transmission, differs: &[PaperField]) -> bool {
        let same = |one: &Arrival| {
            (&one.line, one.arrived, &one.relayed_by)
                == (&transmission.line, transmission.arrived, &transmission.relayed_by)
                && one.differs.len() == differs.len()
                && differs.iter().all(|field| one.differs.contains(field))
        };
        matches!(transmission.arrived, Moment::At(_)) && self.transmissions.iter().any(same)
    }

    /// The refusal of an arrival that it has.
    pub fn registered_already(&self, transmission: &Transmission) -> Refusal {
        let Transmission { line, arrived, .. } = transmission.clone();
        Refusal::Request(RequestRefusal::ArrivalRegistered { request: self.request.id.clone(), line, arrived })
    }

    /// Form and date as they were first registered: what its leaf commits to.
    pub fn first_read(&self) -> (Form, Option<Date>) {
        let changes = || self.corrections.iter().flat_map(|correction| &correction.changes);
        let form = changes().find_map(|change| if let Change::Form(was) = change { Some(was.old) } else { None });
        let date = changes().find_map(|change| if let Change::IssuedOn(was) = change { Some(was.old) } else { None });
        (form.unwrap_or(self.request.form), date.unwrap_or(self.request.issued_on))
    }

    /// Whether it goes by one number of each kind, as far as is known: it lists one person, no copy of it reads another
    /// number, and none was corrected.
    pub fn goes_by_one_number(&self) -> bool {
        let copies = self.transmissions.iter().flat_map(|one| &one.differs).copied();
        let changes = self.corrections.iter().flat_map(|correction| &correction.changes);
        let corrected =
            changes.filter_map(|change| if let Change::Sealed { field, .. } = change { Some(*field) } else { None });
        self.request.subjects.len() == 1 && !copies.chain(corrected).any(|field| PaperField::NUMBERS.contains(&field))
    }

    /// The papers that came with it, as the law reads papers, as far as they were known at an instant. None where no court
    /// was asked about any by then, or where of one it is not known what it is.
    pub fn law_papers(&self, at: Timestamp, zone: &TimeZone) -> Option<Vec<LawPaper>> {
        let by_then = self.verifications.iter().filter(|one| !one.at.is_after(at, zone));
        let asked: BTreeMap<Form, &Verification> = by_then.map(|one| (one.paper, one)).collect();
        let paper = |form: &Form| match asked.get(form) {
            Some(verification) => verification.law_paper(),
            None => federal_form(*form),
        };
        if asked.is_empty() { None } else { self.request.papers.iter().map(paper).collect() }
    }

    /// The last that a court said of each of its papers: a later verification stands beside the earlier and counts.
    pub fn verified(&self) -> Vec<&super::Verification> {
        let later = |index: usize, paper| self.verifications.iter().skip(index + 1).any(|one| one.paper == paper);
        let last = self.verifications.iter().enumerate().filter(|(index, one)| !later(*index, one.paper));
        last.map(|(_, one)| one).collect()
    }
}

impl Verification {
    /// The paper as the law reads papers; none for a warrant of which it is not known what it is about and who holds it.
    fn law_paper(&self) -> Option<LawPaper> {
        let (matter, held_by) = match self.called {
            PaperKind::Warrant => (self.matter?, self.held_by?),
            PaperKind::Order
            | PaperKind::Subpoena
            | PaperKind::I247a
            | PaperKind::I200
            | PaperKind::I203
            | PaperKind::I205
            | PaperKind::I286
            | PaperKind::ViolatorFile => {
                (self.matter.unwrap_or(PaperMatter::Civil), self.held_by.unwrap_or(PaperHolder::Other))
            }
        };
        let confirmed = self.result == Verified::Confirmed;
        Some(LawPaper { kind: self.called, signed_by: self.signed_by, matter, held_by, confirmed })
    }
}

/// A federal form that no judge signs, as the law reads papers; none for any other paper.
fn federal_form(form: Form) -> Option<LawPaper> {
    let kind = match form {
        Form::I200 => PaperKind::I200,
        Form::I205 => PaperKind::I205,
        Form::I203 => PaperKind::I203,
        Form::I247
        | Form::I247D
        | Form::I247N
        | Form::I247X
        | Form::I247A
        | Form::I247G
        | Form::DetainerNotRecorded => PaperKind::I247a,
        Form::Ao442
        | Form::OtherJudicial
        | Form::Subpoena
        | Form::InformationRequest
        | Form::InterviewRequest
        | Form::JointOperationRequest
        | Form::Other => return None,
    };
    let (signed_by, matter, held_by) = (Signer::ImmigrationOfficer, PaperMatter::Civil, PaperHolder::Ice);
    Some(LawPaper { kind, signed_by, matter, held_by, confirmed: false })
}

impl Register {
    /// The requests, duplicates among them, that have an arrival on a line at this instant; none where only its day is
    /// known. It looks at all of them, but only where the line saw something then.
    pub fn arrived_at(&self, transmission: &Transmission) -> Vec<&RequestState> {
        let Transmission { line, arrived, .. } = transmission;
        let heard = |at| self.watch.line(line).is_some_and(|watch| watch.transmissions.at.contains_key(&at));
        match arrived {
            Moment::At(at) if heard(*at) => {
                let has = |one: &Arrival| one.line == *line && one.arrived == *arrived;
                self.requests.values().filter(|state| state.transmissions.iter().any(has)).collect()
            }
            Moment::At(_) | Moment::On(_) => Vec::new(),
        }
    }

    /// Takes the event into the state.
    pub(crate) fn take_request_event(
        &mut self,
        event: &RequestEvent,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<(), String> {
        let seq = self.last_seq + 1;
        match event {
            RequestEvent::TransmissionAdded { request, transmission, paper, differs } => {
                self.line_there(&transmission.line)?;
                let state = self.request_there(request)?;
                if state.transmissions.iter().any(|one| one.paper == *paper) {
                    return Err(format!("`{paper}` is there already"));
                }
                state.transmissions.push(Arrival::of(transmission, paper, differs, by));
                self.take_transmission(&transmission.line, transmission.arrived);
            }
            RequestEvent::RequestWithdrawn { request, counted, same_as, .. } => {
                if let Some(other) = same_as {
                    self.request_there(other)?;
                }
                let state = self.request_there(request)?;
                if state.counted() != *counted || state.duplicate_of.is_some() {
                    return Err(format!("`{request}` did not count so"));
                }
                state.duplicate_of.clone_from(same_as);
            }
            RequestEvent::RequestReinstated { request, counted, cause } => {
                let state = self.request_there(request)?;
                let in_error = *cause == Recount::WithdrawnInError;
                if in_error != state.duplicate_of.is_some() || in_error != (state.counted() == *counted) {
                    return Err(format!("`{request}` was not taken out so"));
                }
                (state.counting, state.year, state.duplicate_of) = (counted.counting, counted.year, None);
            }
            RequestEvent::CorrectionMade { request, changes, note } => {
                let corrected = Corrected { changes: changes.clone(), note: note.clone(), by: by.clone(), at };
                self.take_correction(request, corrected)?;
            }
            RequestEvent::RequestSuperseded { earlier, by } => {
                self.request_there(earlier)?;
                let state = self.request_there(by)?;
                if state.supersedes.is_some() {
                    return Err(format!("`{by}` replaces one already"));
                }
                state.supersedes = Some(Superseded { seq, earlier: earlier.clone() });
            }
            RequestEvent::RequestCancelled { request, transmission } => {
                self.line_there(&transmission.line)?;
                let Transmission { line, arrived, .. } = transmission.clone();
                let state = self.request_there(request)?;
                if state.cancelled.is_some() {
                    return Err(format!("`{request}` was lifted already"));
                }
                state.cancelled = Some(Cancelled { seq, line, arrived });
                self.take_transmission(&transmission.line, transmission.arrived);
            }
            RequestEvent::PaperVerified { request, verification } => {
                self.request_there(request)?.verifications.push(verification.clone());
            }
            RequestEvent::HitNoted(hit) => {
                if self.hits.contains_key(&hit.id) {
                    return Err(format!("`{}` is there already", hit.id));
                }
                self.hits.insert(hit.id.clone(), hit.clone());
            }
            RequestEvent::RequestShielded { request, cause } => {
                self.take_shield(request, Shielded { seq, cause: *cause })?
            }
            RequestEvent::EntryWithdrawn { request, entry } => {
                self.take_withdrawal(request, entry, by, at)?;
            }
        }
        Ok(())
    }

    fn take_shield(&mut self, request: &RequestId, shielded: Shielded) -> Result<(), String> {
        let state = self.request_there(request)?;
        if state.shielded.iter().any(|one| one.cause == shielded.cause) {
            return Err(format!("`{request}` is shielded for `{}` already", shielded.cause));
        }
        state.shielded.push(shielded);
        Ok(())
    }

    fn take_correction(&mut self, request: &RequestId, correction: Corrected) -> Result<(), String> {
        let state = self.request_there(request)?;
        let mut corrected = state.clone();
        correction.changes.iter().try_for_each(|change| corrected.correct(change))?;
        let line = state.transmissions.first().map(|first| first.line.clone());
        let arrived = |change: &Change| if let Change::Arrived(was) = change { Some(was.clone()) } else { None };
        let moved = correction.changes.iter().find_map(arrived);
        corrected.corrections.push(correction);
        let (was, is) = (state.request.clone(), corrected.request.clone());
        *state = corrected;
        self.alike.remove(&was);
        self.alike.add(&is);
        if let Some((line, was)) = line.zip(moved) {
            self.move_transmission(&line, was.old, was.new);
        }
        Ok(())
    }

    pub(super) fn request_there(&mut self, id: &RequestId) -> Result<&mut RequestState, String> {
        self.requests.get_mut(id).ok_or_else(|| format!("`{id}` is not there before it"))
    }

    fn line_there(&self, id: &LineId) -> Result<(), String> {
        self.lines.get(id).map(|_| ()).ok_or_else(|| format!("`{id}` is not there before it"))
    }
}

impl RequestState {
    /// Takes one corrected field.
    pub(super) fn correct(&mut self, change: &Change) -> Result<(), String> {
        let request = &mut self.request;
        let fits = match change {
            Change::Form(was) => set(&mut request.form, was),
            Change::Edition(was) => set(&mut request.edition, was),
            Change::IssuedOn(was) => set(&mut request.issued_on, was),
            Change::Component(was) => set(&mut request.component, was),
            Change::Asks(was) => set(&mut request.asks, was),
            Change::Grounds(was) => set(&mut request.grounds, was),
            Change::Arrived(was) => self.transmissions.first_mut().is_some_and(|first| set(&mut first.arrived, was)),
            Change::Sealed { .. } => true,
        };
        if fits { Ok(()) } else { Err(format!("`{}` did not read so before it", change.field())) }
    }
}

/// Puts the new value in the place of the old one, if that is the one there.
fn set<T: PartialEq + Clone>(field: &mut T, was: &Was<T>) -> bool {
    let fits = *field == was.old;
    if fits {
        field.clone_from(&was.new);
    }
    fits
}
