//! What becomes of a request after it first arrived: more transmissions, duplicates, corrections, papers that replace or
//! cancel it, papers verified; and hits in databases, which are no requests.
//!
//! INVARIANT: the leaf of a request never changes. What counts otherwise later is taken out by one leaf and put in again by
//! another, in the same commit, each under what it counts as and its year.
#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

mod alike;
mod entry;
mod handle;
mod say;
mod state;
mod words;

use jiff::civil::Date;
use law::Ask;
use law::derived::{PaperHolder, PaperKind, PaperMatter, Signer};

use crate::custody::Mistake;
use crate::event::{Edition, Transmission};
use crate::forms::FormUse;
use crate::ids::{EpisodeId, HitId, LineId, NoteId, PaperId, RequestId, UnitId};
use crate::time::{Moment, Year};
use crate::words::{Component, Counting, CountsAs, Form, Ground};

pub use alike::Alike;
pub use entry::{EntryKind, Stays, TakenBack, Withdrawn};
pub(crate) use handle::individuals;
pub(crate) use say::not_yet_in_use;
pub use state::{Arrival, Cancelled, Corrected, Shielded, Superseded};
pub use words::{HitFile, PaperField, Recount, Shield, Verified};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestEvent {
    /// A request arrived once more. `differs` names the fields that read otherwise than on its first paper.
    TransmissionAdded { request: RequestId, transmission: Transmission, paper: PaperId, differs: Vec<PaperField> },
    /// A request was taken out of what it counted as.
    RequestWithdrawn { request: RequestId, counted: Counted, cause: Recount, same_as: Option<RequestId> },
    /// A request was put in again, as what it counts as since.
    RequestReinstated { request: RequestId, counted: Counted, cause: Recount },
    /// What was recorded of a request was corrected; the typed reason is sealed.
    CorrectionMade { request: RequestId, changes: Vec<Change>, note: NoteId },
    /// A request was found to replace an earlier one.
    RequestSuperseded { earlier: RequestId, by: RequestId },
    /// The requester lifted a request: what said so arrived like any other paper.
    RequestCancelled { request: RequestId, transmission: Transmission },
    /// Somebody asked the court that is said to have issued a paper.
    PaperVerified { request: RequestId, verification: Verification },
    /// A database gave a hit. It asks nothing and counts as nothing.
    HitNoted(Hit),
    /// What is told of a request is shown in totals only, for the sake of somebody it is about.
    RequestShielded { request: RequestId, cause: Shield },
    /// An entry was taken back that was a mistake; the typed reason is sealed.
    EntryWithdrawn { request: RequestId, entry: TakenBack },
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestCommand {
    /// Record that a request arrived once more.
    AddTransmission { request: RequestId, transmission: Transmission, paper: PaperId, differs: Vec<PaperField> },
    /// Record that a request is the same as another, which came first.
    JoinDuplicate { request: RequestId, same_as: RequestId },
    /// Record that a request taken for a duplicate is none.
    Reinstate { request: RequestId },
    /// Correct what was recorded of a request.
    Correct { request: RequestId, to: Vec<NewValue>, note: NoteId },
    /// Record that a request replaces an earlier one.
    Supersede { earlier: RequestId, by: RequestId },
    /// Record that the requester lifted a request.
    Cancel { request: RequestId, transmission: Transmission },
    /// Record what the court said of a paper.
    VerifyPaper { request: RequestId, verification: Verification },
    /// Record a hit in a database.
    NoteHit(Hit),
    /// Have what is told of a request shown in totals only.
    Shield { request: RequestId, cause: Shield },
    /// Take an entry back that was a mistake: `of` is the number of its event.
    WithdrawEntry { request: RequestId, of: u64, cause: Mistake, note: NoteId },
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestRefusal {
    /// This very arrival is registered: whoever did not see the answer types it in again.
    ArrivalRegistered { request: RequestId, line: LineId, arrived: Moment },
    /// A request cannot be the duplicate of itself, nor replace itself.
    SameRequest { request: RequestId },
    /// The request is recorded as a duplicate; what is recorded now belongs to the other one.
    IsDuplicate { request: RequestId, same_as: RequestId },
    /// The request is no duplicate, so it cannot be reinstated.
    NotWithdrawn { request: RequestId },
    /// The one that came first stays; the later one is the duplicate.
    DuplicateCameFirst { request: RequestId, arrived: Date, same_as: RequestId, other_arrived: Date },
    /// The two are about different individuals.
    OtherIndividual { request: RequestId, other: RequestId },
    /// The request replaces one already.
    AlreadySupersedes { request: RequestId, earlier: RequestId },
    /// A request cannot replace one that came later, or that replaces it.
    SupersedesLater { request: RequestId, earlier: RequestId },
    /// The request was cancelled, so nothing of it is left to decide.
    RequestIsCancelled { request: RequestId, arrived: Moment },
    /// A cancellation cannot arrive before what it cancels.
    CancelledBeforeArrival { request: RequestId, cancelled: Date, arrived: Date },
    /// A correction that changes nothing.
    NothingCorrected { request: RequestId, field: Option<&'static str> },
    /// The paper lists fewer persons.
    NoSuchPerson { request: RequestId, person: u16, persons: usize },
    /// An ask that was decided cannot be corrected away.
    AskIsDecided { request: RequestId, ask: Ask },
    /// No such paper came with the request.
    PaperNotAttached { request: RequestId, paper: Form, attached: Vec<Form> },
    /// A paper that no court issued cannot be confirmed by one.
    NoCourtToConfirm { request: RequestId, paper: Form, signed_by: Signer },
    /// A paper cannot be verified before it arrived.
    VerifiedBeforeArrival { request: RequestId, on: Date, arrived: Date },
    /// The form or edition was not in use on the day it is said to have arrived.
    FormNotYetInUse { used: &'static FormUse, arrived: Date },
    /// The request is shielded for this cause already.
    ShieldedAlready { request: RequestId, cause: Shield },
    /// The entry cannot be taken back.
    EntryStays { request: RequestId, of: u64, why: Stays },
}

/// What a request counts as, and in which year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub counting: Counting,
    pub year: Year,
}

/// What a court said of a paper that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Which of its papers: one attached, or the request's own form.
    pub paper: Form,
    /// What the paper is called.
    pub called: PaperKind,
    /// Who signed it, as read.
    pub signed_by: Signer,
    /// What it is about, as far as it says.
    pub matter: Option<PaperMatter>,
    /// Who holds it, as far as it says.
    pub held_by: Option<PaperHolder>,
    /// What came of it.
    pub result: Verified,
    /// When the court was asked. Who asked is who gave the command.
    pub at: Moment,
    /// Where the vault keeps the names of court and docket.
    pub note: Option<NoteId>,
}

/// A hit in a federal database: which file, never what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub id: HitId,
    pub unit: UnitId,
    pub file: HitFile,
    pub episode: Option<EpisodeId>,
    pub at: Moment,
}

/// What a field was and is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Was<T> {
    pub old: T,
    pub new: T,
}

/// A field that was corrected. What is not coded is corrected in the vault, and only its name is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Form(Was<Form>),
    Edition(Was<Option<Edition>>),
    IssuedOn(Was<Option<Date>>),
    Component(Was<Component>),
    Asks(Was<Vec<Ask>>),
    Grounds(Was<Vec<Ground>>),
    Arrived(Was<Moment>),
    /// What is printed of a person: the first of the paper is 1.
    Sealed {
        field: PaperField,
        person: u16,
    },
}

/// What a field is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    Form(Form),
    Edition(Option<Edition>),
    IssuedOn(Option<Date>),
    Component(Component),
    Asks(Vec<Ask>),
    Grounds(Vec<Ground>),
    /// Of the transmission that was registered first.
    Arrived(Moment),
    /// What is printed of a person: the first of the paper is 1.
    Sealed {
        field: PaperField,
        person: u16,
    },
}

impl RequestEvent {
    /// The command that it carries out, with those written after it by the same one; none where no command begins so.
    pub fn command(&self) -> Option<RequestCommand> {
        Some(match self.clone() {
            RequestEvent::TransmissionAdded { request, transmission, paper, differs } => {
                RequestCommand::AddTransmission { request, transmission, paper, differs }
            }
            RequestEvent::RequestWithdrawn { request, same_as, .. } => {
                RequestCommand::JoinDuplicate { request, same_as: same_as? }
            }
            RequestEvent::RequestReinstated { request, cause: Recount::WithdrawnInError, .. } => {
                RequestCommand::Reinstate { request }
            }
            RequestEvent::RequestReinstated { .. } => return None,
            RequestEvent::CorrectionMade { request, changes, note } => {
                RequestCommand::Correct { request, to: changes.into_iter().map(Change::new_value).collect(), note }
            }
            RequestEvent::RequestSuperseded { earlier, by } => RequestCommand::Supersede { earlier, by },
            RequestEvent::RequestCancelled { request, transmission } => {
                RequestCommand::Cancel { request, transmission }
            }
            RequestEvent::PaperVerified { request, verification } => {
                RequestCommand::VerifyPaper { request, verification }
            }
            RequestEvent::HitNoted(hit) => RequestCommand::NoteHit(hit),
            RequestEvent::RequestShielded { request, cause } => RequestCommand::Shield { request, cause },
            // A transfer is taken back with its outcome.
            RequestEvent::EntryWithdrawn { entry: TakenBack { kind: EntryKind::Transfer, .. }, .. } => return None,
            RequestEvent::EntryWithdrawn { request, entry: TakenBack { of, cause, note, .. } } => {
                RequestCommand::WithdrawEntry { request, of, cause, note }
            }
        })
    }

    /// Whether `next`, written right after it, is of the same command: a request that counts otherwise is taken out and
    /// put in again, and an outcome that is taken back takes its transfers along.
    pub fn goes_on_with(&self, next: &RequestEvent) -> bool {
        let of = match self {
            RequestEvent::TransmissionAdded { request, .. }
            | RequestEvent::CorrectionMade { request, .. }
            | RequestEvent::EntryWithdrawn { request, .. } => request,
            RequestEvent::RequestSuperseded { by, .. } => by,
            RequestEvent::RequestWithdrawn { .. }
            | RequestEvent::RequestReinstated { .. }
            | RequestEvent::RequestCancelled { .. }
            | RequestEvent::PaperVerified { .. }
            | RequestEvent::RequestShielded { .. }
            | RequestEvent::HitNoted(_) => return false,
        };
        match next {
            RequestEvent::RequestWithdrawn { request, cause, .. } => request == of && *cause != Recount::Duplicate,
            RequestEvent::RequestReinstated { request, cause, .. } => {
                request == of && *cause != Recount::WithdrawnInError
            }
            RequestEvent::EntryWithdrawn { request, entry } => {
                let with_outcome =
                    matches!(self, RequestEvent::EntryWithdrawn { entry, .. } if entry.kind == EntryKind::Outcome);
                with_outcome && request == of && entry.kind == EntryKind::Transfer
            }
            RequestEvent::TransmissionAdded { .. }
            | RequestEvent::CorrectionMade { .. }
            | RequestEvent::RequestSuperseded { .. }
            | RequestEvent::RequestCancelled { .. }
            | RequestEvent::PaperVerified { .. }
            | RequestEvent::RequestShielded { .. }
            | RequestEvent::HitNoted(_) => false,
        }
    }

    /// What its leaf counts as, and in which year; none where it counts as nothing.
    pub fn counts(&self) -> Option<(CountsAs, Year)> {
        match self {
            RequestEvent::RequestWithdrawn { counted, .. } => Some((taken_out(counted.counting)?, counted.year)),
            RequestEvent::RequestReinstated { counted, .. } => Some((put_in(counted.counting)?, counted.year)),
            RequestEvent::EntryWithdrawn { entry, .. } => entry.counts(),
            RequestEvent::TransmissionAdded { .. }
            | RequestEvent::CorrectionMade { .. }
            | RequestEvent::RequestSuperseded { .. }
            | RequestEvent::RequestCancelled { .. }
            | RequestEvent::PaperVerified { .. }
            | RequestEvent::RequestShielded { .. }
            | RequestEvent::HitNoted(_) => None,
        }
    }
}

/// What the leaf of a request says that counts so.
pub fn put_in(counting: Counting) -> Option<CountsAs> {
    match counting {
        Counting::Counted => Some(CountsAs::Request),
        Counting::Unclear => Some(CountsAs::RequestUnclear),
        Counting::NotCounted => None,
    }
}

fn taken_out(counting: Counting) -> Option<CountsAs> {
    match counting {
        Counting::Counted => Some(CountsAs::RequestWithdrawn),
        Counting::Unclear => Some(CountsAs::RequestUnclearWithdrawn),
        Counting::NotCounted => None,
    }
}

impl Change {
    fn new_value(self) -> NewValue {
        match self {
            Change::Form(form) => NewValue::Form(form.new),
            Change::Edition(edition) => NewValue::Edition(edition.new),
            Change::IssuedOn(on) => NewValue::IssuedOn(on.new),
            Change::Component(component) => NewValue::Component(component.new),
            Change::Asks(asks) => NewValue::Asks(asks.new),
            Change::Grounds(grounds) => NewValue::Grounds(grounds.new),
            Change::Arrived(arrived) => NewValue::Arrived(arrived.new),
            Change::Sealed { field, person } => NewValue::Sealed { field, person },
        }
    }

    /// The name of the field, as form files have it.
    pub fn field(&self) -> &'static str {
        self.clone().new_value().field()
    }
}

impl NewValue {
    /// The name of the field, as form files have it.
    pub fn field(&self) -> &'static str {
        match self {
            NewValue::Form(_) => "form",
            NewValue::Edition(_) => PaperField::Edition.code(),
            NewValue::IssuedOn(_) => PaperField::IssuedOn.code(),
            NewValue::Component(_) => PaperField::Component.code(),
            NewValue::Asks(_) => PaperField::Asks.code(),
            NewValue::Grounds(_) => PaperField::Grounds.code(),
            NewValue::Arrived(_) => "arrived",
            NewValue::Sealed { field, .. } => field.code(),
        }
    }
}
