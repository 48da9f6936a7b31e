//! What people may ask of the register, and how it says no.
#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::Ask;

use crate::custody::{CustodyCommand, CustodyRefusal};
use crate::event::{FileHash, Filing, Growth, Opened, Receipt, Request, Transmission};
use crate::ids::{AgencyId, LineId, NoteId, RequestId, UnitId};
use crate::inquiry::{InquiryCommand, InquiryRefusal};
use crate::reading::{ReadingCommand, ReadingRefusal};
use crate::receipt::{ReceiptCommand, ReceiptRefusal};
use crate::request::{RequestCommand, RequestRefusal};
use crate::retention::{RetentionCommand, RetentionRefusal};
use crate::run::Run;
use crate::staff::{StaffCommand, StaffRefusal};
use crate::time::{Moment, Timestamp, Year};
use crate::watch::{WatchCommand, WatchRefusal};
use crate::words::{
    Authority, Cause, Channel, ClockDeparture, Decided, Departure, FilingKind, Label, Outcome, RunKind,
};

/// One thing to do. The shell has made the ids and sealed the private rows before it submits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the register. Only the first command can.
    Open(Opened),
    /// Register an agency.
    RegisterAgency { id: AgencyId, name: Label },
    /// Open a unit of an agency.
    OpenUnit { id: UnitId, agency: AgencyId, name: Label, from: Date },
    /// Open a line of a unit.
    OpenLine { id: LineId, unit: UnitId, channel: Channel, name: Label, from: Date },
    /// Register a request that arrived.
    Receive { request: Request, transmission: Transmission },
    /// Record a decision on one ask.
    Decide(Decide),
    /// Record what happened then.
    RecordOutcome { request: RequestId, outcome: Outcome, at: Moment, authority: Option<Authority> },
    /// Record that the individuals of a request were held past release.
    RecordHold { request: RequestId, authority: Authority, at: Moment },
    /// Record a federal reimbursement for the case of a request.
    Reimburse { request: RequestId, cents: u64, on: Date },
    /// Grow the tree. The shell works out the growth from the leaves that wait.
    Grow(Growth),
    /// Close a year at the last checkpoint.
    CloseYear { year: Year },
    /// Close a closed and filed year again, because what counts in it changed.
    Restate { year: Year, causes: Vec<Cause> },
    /// File a report whose files are ready.
    File(Filing),
    /// Record that the office to which a report was sent acknowledged it.
    RecordReceipt { year: Year, kind: FilingKind, receipt: Receipt },
    /// Record what became of a request.
    Request(RequestCommand),
    /// Record that the wall clock stood wrong. The shell notices it; nobody asks for it.
    RecordClock { departure: ClockDeparture, seconds: u64 },
    /// Say that the wall clock is right, though it stands before the record. The shell works out by how much.
    TrustClock { seconds: u64 },
    /// Record what a run over data in bulk came to.
    RecordRun(Run),
    /// Watch lines and units, or say what they saw.
    Watch(WatchCommand),
    /// Record what happened in custody.
    Custody(CustodyCommand),
    /// Say who may do what.
    Staff(StaffCommand),
    /// Ask whether a paper is registered.
    Inquiry(InquiryCommand),
    /// Say what must be kept, and erase.
    Retention(RetentionCommand),
    /// Hand out a receipt, or certify the key that signs them.
    Receipt(ReceiptCommand),
    /// Be shown what the vault keeps.
    Reading(ReadingCommand),
}

/// A decision on one ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// Which request.
    pub request: RequestId,
    /// Which of its asks.
    pub ask: Ask,
    /// The day whose law is asked; the day of arrival where absent.
    pub on: Option<Date>,
    /// When it was made; at the time of record where absent. What the register knows is taken as of then.
    pub made_at: Option<Timestamp>,
    /// The facts as given.
    pub facts: BTreeMap<String, String>,
    /// What was decided.
    pub decided: Decided,
    /// Why, where it departs from the answer: public code and sealed note.
    pub departure: Option<(Departure, NoteId)>,
}

/// Why a command was not carried out. Nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The register is open already.
    AlreadyOpen,
    /// The register has not been opened.
    NotOpen,
    /// A demonstration has no clock, and no time was given.
    TimeNeeded,
    /// A live register takes its time from the clock, and another was given.
    TimeIsTheClocks,
    /// Something with this id is there already.
    IdTaken { id: String },
    /// Nothing with this id is there.
    IdUnknown { id: String },
    /// The line was opened later than the paper arrived on it.
    LineNotYetOpen { line: LineId, from: Date, arrived: Date },
    /// It would have happened before any year that the register can count.
    TooLongAgo { moment: Moment },
    /// It would have happened later than now.
    InTheFuture { moment: Moment, now: Timestamp },
    /// A demonstration has no clock that could depart, and less than a second is no departure.
    NoClockDeparted { seconds: u64 },
    /// The command's time lies before that of the last event: record time never runs back.
    TimeGoesBack { last: Timestamp, at: Timestamp },
    /// A paper that asks nothing is no request.
    NothingAsked { request: RequestId },
    /// No subject is named.
    NoSubject { request: RequestId },
    /// The same thing is named twice.
    NamedTwice { what: String },
    /// The request does not ask for this.
    AskNotMade { request: RequestId, ask: Ask, asks: Vec<Ask> },
    /// The ask is decided already.
    AlreadyDecided { request: RequestId, ask: Ask },
    /// The law is asked of a day before the request arrived.
    BeforeArrival { request: RequestId, on: Date, arrived: Date },
    /// The facts do not fit the law pack; all problems at once.
    FactsDoNotFit { problems: Vec<String> },
    /// The decision departs from the law's answer, so it needs a coded and a typed reason.
    DepartureNeedsReason { request: RequestId, ask: Ask, says: law::Says },
    /// The decision does not depart from the law's answer, so no departure can be recorded.
    NoDeparture { request: RequestId, ask: Ask },
    /// An outcome that is known is recorded already.
    OutcomeRecorded { request: RequestId, outcome: Outcome },
    /// Only a transfer names the authority under which it was made.
    AuthorityOnlyForTransfer { outcome: Outcome },
    /// A transfer without its authority.
    TransferNeedsAuthority { request: RequestId },
    /// A reimbursement of nothing.
    NothingReimbursed { request: RequestId },
    /// A reimbursement of more than any case can cost: a slip of the pen.
    TooMuchReimbursed { request: RequestId, cents: u64 },
    /// A growth that does not continue the tree, is no multiple of 16 leaves, or leaves out some that wait.
    GrowthDoesNotFit { tree_size: u64, growth: Growth },
    /// The year is not over, so it cannot be closed.
    YearNotOver { year: Year, now: Timestamp },
    /// The year is over, so a letter for it is no longer provisional.
    YearOver { year: Year },
    /// No line was open in the year and no request arrived, so there is nothing to report of it.
    NothingWatched { year: Year },
    /// The year is closed already.
    YearClosed { year: Year },
    /// A year is closed and its rows wait for their growth. Nothing may come between the freeze and them.
    ClosingWaits { year: Year },
    /// Another year is closed and waits for its filing, which must open the leaves up to its own closing entries.
    NotFiled { year: Year },
    /// The year is not closed, so nothing can be filed for it.
    YearNotClosed { year: Year },
    /// The closing report of the year is filed already.
    AlreadyFiled { year: Year },
    /// Something waits that no checkpoint covers yet.
    NotGrown { waiting: u64 },
    /// The filing does not show the state it was frozen at.
    FilingDoesNotFit { year: Year },
    /// Nothing that the report of the year shows has changed since it was filed.
    NothingToRestate { year: Year },
    /// A restatement without a cause.
    NoCause { year: Year },
    /// No such report is filed.
    FilingUnknown { year: Year, kind: FilingKind },
    /// The receipt is dated before the report.
    ReceiptBeforeFiling { year: Year, on: Date, filed_on: Date },
    /// A receipt for the report is recorded already.
    ReceiptRecorded { year: Year, kind: FilingKind },
    /// Of what became of a request.
    Request(RequestRefusal),
    /// The same file was worked through before, by the same rule.
    RunRecorded { kind: RunKind, input: FileHash, at: Timestamp },
    /// Not each row read is counted as one thing.
    RunDoesNotAddUp { rows: u64 },
    /// Of watching lines and units.
    Watch(WatchRefusal),
    /// Of custody.
    Custody(CustodyRefusal),
    /// Of staff.
    Staff(StaffRefusal),
    /// Of inquiries.
    Inquiry(InquiryRefusal),
    /// Of retention.
    Retention(RetentionRefusal),
    /// Of receipts.
    Receipt(ReceiptRefusal),
    /// Of reading.
    Reading(ReadingRefusal),
}
