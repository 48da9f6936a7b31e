//! What the shell does around a paper: makes ids, finds the individuals, says what a copy reads otherwise, and seals what is
//! printed, corrected or told by a court.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use register::class::{NoteField, SealedName, sealed_under};
use register::custody::Mistake;
use register::event::{Request, Transmission};
use register::ids::{HitId, IndividualId, NoteId, PaperId, PersonId, RequestId, UnitId};
use register::request::{Hit, HitFile, NewValue, PaperField, RequestCommand, Verification};
use register::retention::Thing;
use register::state::RequestState;
use register::time::{Moment, Timestamp};
use register::{Command, Recorded, Refusal, counting, forms};

use super::{App, Done, Private, Reason};
use crate::paper::{Paper, Person};
use crate::vault::{Found, MatchKey, SealedRow, Vault};

/// What became of a paper that was handed in.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// The request it is of.
    pub(crate) request: RequestId,
    /// What the rules of counting say of it.
    pub(crate) ruling: counting::Ruling,
    /// The fields that read otherwise than on the first paper of the request.
    pub(crate) differs: Vec<PaperField>,
    /// Earlier detainers about the same individuals, which it may replace.
    pub(crate) may_replace: Vec<RequestId>,
    /// What is doubtful about its form or edition.
    pub(crate) doubt: Option<String>,
}

/// What is to be corrected of a request, as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct Correction {
    /// Which request.
    pub(crate) request: RequestId,
    /// The coded fields.
    pub(crate) to: Vec<NewValue>,
    /// What is printed about a person.
    pub(crate) printed: Person,
    /// Which of several persons; 1 for the first.
    pub(crate) person: u16,
    /// Why.
    pub(crate) reason: Reason,
}

/// An entry of a request that is to be taken back, as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct TakingBack {
    /// Which request.
    pub(crate) request: RequestId,
    /// The number of its event.
    pub(crate) entry: u64,
    /// Why, as a code.
    pub(crate) cause: Mistake,
    /// Why, in words.
    pub(crate) reason: Reason,
}

/// What a court said of a paper, as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct Verifying {
    /// Which request.
    pub(crate) request: RequestId,
    /// What the register keeps.
    pub(crate) verification: Verification,
    /// Which court; sealed.
    pub(crate) court: Option<Reason>,
    /// Which docket; sealed.
    pub(crate) docket: Option<Reason>,
}

/// A hit in a database.
#[derive(Debug, Clone)]
pub(crate) struct HitSeen {
    /// Where.
    pub(crate) unit: UnitId,
    /// In which file.
    pub(crate) file: HitFile,
    /// About whose stay in custody, if about any.
    pub(crate) episode: Option<register::ids::EpisodeId>,
    /// When.
    pub(crate) at: Moment,
}

impl App {
    pub(super) fn receive(&mut self, by: &PersonId, at: Timestamp, paper: &Paper) -> Result<Result<Done, Refusal>> {
        let request: RequestId = Vault::new_id(RequestId::PREFIX)?.parse()?;
        let id: PaperId = Vault::new_id(PaperId::PREFIX)?.parse()?;
        let individuals = paper.persons().map(|person| self.individual(person)).collect::<Result<Vec<_>>>()?;
        let (request, transmission) = paper.request(request, id.clone(), individuals);
        let register = &self.state.register;
        if let Err(refusal) = register.paper_fits(&request, transmission.arrived.day(&register.zone())) {
            return Ok(Err(refusal));
        }
        let ruling = if paper.is_new() { counting::Ruling::New } else { counting::ruling(register, &request) };
        let mut received = Received {
            request: request.id.clone(),
            may_replace: Vec::new(),
            differs: Vec::new(),
            doubt: forms::doubt(request.form, request.edition.as_ref(), transmission.arrived.day(&register.zone())),
            ruling,
        };
        if let counting::Ruling::Transmission(first) = &received.ruling {
            received.request = first.clone();
            received.differs = self.differs(by, at, &received.request, (&request, paper))?;
        } else if let Some(refusal) = self.registered_already(by, at, (&request, paper), &transmission)? {
            return Ok(Err(refusal));
        } else if paper.replaces().is_none() {
            received.may_replace = counting::may_replace(&self.state.register, &request);
        }
        let owner = owner(&request);
        let private =
            Private { paper_match: paper.paper_match(), rows: paper.sealed_rows(&id), owner, entry_keys: Vec::new() };
        let command = counting::registering(&received.ruling, request, transmission, received.differs.clone());
        let mut recorded = match self.do_command(by, at, &command, private)? {
            Ok(recorded) => recorded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(earlier) = paper.replaces().cloned() {
            let command = Command::Request(RequestCommand::Supersede { earlier, by: received.request.clone() });
            match self.do_command(by, at, &command, Private::default())? {
                Ok(more) => recorded.extend(more),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(Done { recorded, received: vec![received], ..Done::default() }))
    }

    /// The individual a paper is about, found again or new; none where the paper prints too little to tell, or fits
    /// several.
    ///
    /// Whatever the paper prints is bound to whoever was found, so that the next paper finds the same individual by it.
    fn individual(&mut self, person: &Person) -> Result<Option<IndividualId>> {
        let Some(match_on) = person.match_key() else { return Ok(None) };
        let individual = match self.vault.find_individual(&match_on)? {
            Found::One(found) => found,
            Found::Nobody => Vault::new_id(IndividualId::PREFIX)?,
            Found::InDoubt => return Ok(None),
        };
        self.vault.bind_individual(&match_on, &individual)?;
        Ok(Some(individual.parse()?))
    }

    /// The refusal of a paper whose very arrival is registered, whatever the rules of counting say of it: where they cannot
    /// tell, whoever types it in again would make a second request of it. Whoever says that it is a new one is believed.
    fn registered_already(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        (copy, paper): (&Request, &Paper),
        transmission: &Transmission,
    ) -> Result<Option<Refusal>> {
        // Whoever may not register a paper is not told whether it is registered.
        let command = Command::Receive { request: copy.clone(), transmission: transmission.clone() };
        if paper.is_said_to_be_new() || self.state.register.may(&command, by, at).is_err() {
            return Ok(None);
        }
        let individuals =
            |request: &Request| request.subjects.iter().map(|one| one.individual.clone()).collect::<Vec<_>>();
        let alike = |state: &&RequestState| {
            let erased = self.state.register.retention.is_erased(&Thing::from(&state.request.id));
            state.request.form == copy.form && individuals(&state.request) == individuals(copy) && !erased
        };
        let there = self.state.register.arrived_at(transmission).into_iter().filter(alike).cloned();
        for state in there.collect::<Vec<_>>() {
            let differs = self.differs(by, at, &state.request.id, (copy, paper))?;
            if state.arrived_so(transmission, &differs) {
                return Ok(Some(state.registered_already(transmission)));
            }
        }
        Ok(None)
    }

    /// The fields of a copy that read otherwise than on the first paper of its request. What the first one prints is read
    /// in the vault for that, which is kept there; it is compared and shown to nobody, so it is no read of a person.
    fn differs(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        request: &RequestId,
        (copy, paper): (&Request, &Paper),
    ) -> Result<Vec<PaperField>> {
        let state = self.state.register.requests.get(request).context("the request is not in the register")?;
        let first = state.request.clone();
        let why = "to name what reads otherwise on another transmission";
        let printed = self.vault.read(&first.paper.to_string(), by.as_str(), why, &at.to_string())?;
        let first_rows = printed.iter().map(|row| (row.field.as_str(), row.plain.as_slice()));
        let rows = paper.sealed_rows(&copy.paper);
        let rows = by_field(rows.iter().map(|row| (row.field.as_str(), row.plain.as_slice())));
        let first_rows = by_field(first_rows);
        let reads_so = |field: PaperField| match field {
            PaperField::Edition => first.edition == copy.edition,
            PaperField::IssuedOn => first.issued_on == copy.issued_on,
            PaperField::Component => first.component == copy.component,
            PaperField::Asks => alike(&first.asks, &copy.asks),
            PaperField::Grounds => alike(&first.grounds, &copy.grounds),
            PaperField::Attached => alike(&first.papers, &copy.papers),
            PaperField::SubjectId
            | PaperField::EventNumber
            | PaperField::FileNumber
            | PaperField::Name
            | PaperField::BornOn
            | PaperField::Citizenship
            | PaperField::Sex
            | PaperField::To
            | PaperField::From
            | PaperField::Officer
            | PaperField::Phone
            | PaperField::BookingNumber
            | PaperField::Charge => first_rows.get(field.code()) == rows.get(field.code()),
        };
        Ok(PaperField::ALL.iter().copied().filter(|field| !reads_so(*field)).collect())
    }

    pub(super) fn correct(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        correction: &Correction,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let Correction { request, to, printed, person, reason } = correction;
        let note: NoteId = Vault::new_id(NoteId::PREFIX)?.parse()?;
        let mut rows = vec![sealed_note(&note, NoteField::Reason, reason)];
        rows.extend(printed.sealed_rows(&note.to_string(), usize::from(*person)));
        let sealed = printed.fields().map(|field| NewValue::Sealed { field, person: *person });
        let to = to.iter().cloned().chain(sealed).collect();
        let command = Command::Request(RequestCommand::Correct { request: request.clone(), to, note });
        let private = Private { owner: self.owner_of(request), rows, ..Private::default() };
        let done = self.do_command(by, at, &command, private)?;
        if done.is_ok() {
            self.found_by(request, *person, printed)?;
        }
        Ok(done)
    }

    pub(super) fn withdraw(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        taking_back: &TakingBack,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let TakingBack { request, entry, cause, reason } = taking_back;
        let note: NoteId = Vault::new_id(NoteId::PREFIX)?.parse()?;
        let rows = vec![sealed_note(&note, NoteField::Reason, reason)];
        let (request, of, cause) = (request.clone(), *entry, *cause);
        let private = Private { owner: self.owner_of(&request), rows, ..Private::default() };
        let command = Command::Request(RequestCommand::WithdrawEntry { request, of, cause, note });
        self.do_command(by, at, &command, private)
    }

    /// Lets the individual be found by a corrected number, or name and birth date, unless that finds somebody already.
    fn found_by(&mut self, request: &RequestId, person: u16, printed: &Person) -> Result<()> {
        let state = self.state.register.requests.get(request);
        let subject = state.and_then(|state| state.request.subjects.get(usize::from(person.checked_sub(1)?)));
        let individual = subject.and_then(|subject| subject.individual.clone());
        let (Some(individual), Some(match_on)) = (individual, printed.match_key()) else { return Ok(()) };
        let parts = [
            MatchKey { a_number: match_on.a_number, name_and_birth: None },
            MatchKey { a_number: None, name_and_birth: match_on.name_and_birth },
        ];
        for part in parts {
            if self.vault.find_individual(&part)? == Found::Nobody {
                self.vault.bind_individual(&part, &individual.to_string())?;
            }
        }
        Ok(())
    }

    pub(super) fn verify(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        verifying: &Verifying,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let Verifying { request, verification, court, docket } = verifying;
        let note: NoteId = Vault::new_id(NoteId::PREFIX)?.parse()?;
        let told = [(NoteField::Court, court), (NoteField::Docket, docket)];
        let rows: Vec<SealedRow> =
            told.into_iter().filter_map(|(field, told)| Some(sealed_note(&note, field, told.as_ref()?))).collect();
        let note = (!rows.is_empty()).then_some(note);
        let verification = Verification { note, ..verification.clone() };
        let command = Command::Request(RequestCommand::VerifyPaper { request: request.clone(), verification });
        let private = Private { owner: self.owner_of(request), rows, ..Private::default() };
        self.do_command(by, at, &command, private)
    }

    pub(super) fn note_hit(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        seen: &HitSeen,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let HitSeen { unit, file, episode, at: when } = seen.clone();
        let id: HitId = Vault::new_id(HitId::PREFIX)?.parse()?;
        let command = Command::Request(RequestCommand::NoteHit(Hit { id, unit, file, episode, at: when }));
        self.do_command(by, at, &command, Private::default())
    }

    /// To whom the private rows of a request belong, so that erasing that individual or paper erases them too.
    pub(super) fn owner_of(&self, request: &RequestId) -> String {
        self.state.register.requests.get(request).map(|state| owner(&state.request)).unwrap_or_default()
    }
}

/// The one individual a paper is about, else the paper: what names several people belongs to none of them.
fn owner(request: &Request) -> String {
    let individual = match request.subjects.as_slice() {
        [one] => one.individual.as_ref(),
        _ => None,
    };
    individual.map_or_else(|| request.paper.to_string(), ToString::to_string)
}

pub(super) fn sealed_note(note: &NoteId, field: NoteField, Reason(text): &Reason) -> SealedRow {
    let class = sealed_under(SealedName::Note(field));
    SealedRow { id: note.to_string(), field: field.code().to_owned(), class, plain: text.as_bytes().to_vec() }
}

/// What each field reads, of all persons of a paper together: the same persons may be listed in another order.
fn by_field<'a>(rows: impl Iterator<Item = (&'a str, &'a [u8])>) -> BTreeMap<&'a str, Vec<&'a [u8]>> {
    let mut fields: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    for (field, plain) in rows {
        fields.entry(field.rsplit('.').next().unwrap_or(field)).or_default().push(plain);
    }
    fields.values_mut().for_each(|read| read.sort_unstable());
    fields
}

/// Whether two lists name the same things, in whatever order.
fn alike<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}
