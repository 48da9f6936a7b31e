//! Every fact the register can hold, in the office's words and in the past tense.
//!
//! Personal data is not here: events hold ids, and the vault holds what a paper prints. Kinds that later parts will add
//! (disclosures, statements and others) are laid out in `docs/LOG-FORMAT.md`, so that adding them breaks nothing.
#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use law::{Ask, Basis, PackHash, Says};
use sha2::{Digest, Sha256};
use tlog::Hash;

use crate::custody::CustodyEvent;
use crate::ids::{AgencyId, EpisodeId, IndividualId, LineId, NoteId, PaperId, PersonId, RequestId, UnitId};
use crate::inquiry::InquiryEvent;
use crate::reading::ReadingEvent;
use crate::receipt::ReceiptEvent;
use crate::request::{RequestEvent, put_in};
use crate::retention::RetentionEvent;
use crate::row::{Restates, Row};
use crate::run::Run;
use crate::staff::StaffEvent;
use crate::time::{Moment, Timestamp, Year};
use crate::watch::WatchEvent;
use crate::words::{
    Authority, Channel, ClockDeparture, Component, CountsAs, Decided, Departure, FilingKind, Form, Ground, Label, Mode,
    Outcome, ReportFormat,
};

/// An event with its place in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1, 2, 3 …, without gaps.
    pub seq: u64,
    /// Record time: never before that of the event before.
    pub at: Timestamp,
    /// Who gave the command.
    pub by: PersonId,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The register was opened. Always the first event, and only the first.
    RegisterOpened(Opened),
    /// An agency began to use the register.
    AgencyRegistered { id: AgencyId, name: Label },
    /// A unit where requests can arrive was opened.
    UnitOpened { id: UnitId, agency: AgencyId, name: Label, from: Date },
    /// A line was opened.
    LineOpened { id: LineId, unit: UnitId, channel: Channel, name: Label, from: Date },
    /// A request arrived for the first time.
    RequestReceived { request: Request, transmission: Transmission },
    /// A person decided one ask of a request, with the law's answer in hand.
    DecisionMade { request: RequestId, decision: Decision },
    /// What then happened to the individual.
    OutcomeRecorded { request: RequestId, outcome: Outcome, at: Moment },
    /// An individual was held past release.
    PersonHeld { request: RequestId, subject: Subject, authority: Authority, at: Moment },
    /// An individual was transferred to immigration authorities.
    PersonTransferred { request: RequestId, subject: Subject, authority: Authority, at: Moment },
    /// The federal government reimbursed the cost of a case.
    CostReimbursed { request: RequestId, cents: u64, on: Date },
    /// The tree grew and was frozen at a new size.
    TreeGrown(Growth),
    /// A year was closed at a checkpoint; the closing entries follow in the same commit.
    YearClosed { year: Year, frozen: Frozen, filed_on: Date },
    /// A closed year was closed again, because what counts in it changed; its closing entries follow in the same commit.
    YearRestated { year: Year, restates: Restates, frozen: Frozen, filed_on: Date },
    /// One row of one table of a closed year's report.
    ClosingEntered { year: Year, row: Row },
    /// A row of a closed year that stays shut for a person's sake.
    ClosingWithheld { year: Year, row: Row },
    /// A report was filed.
    ReportFiled(Filing),
    /// The office to which a report was sent acknowledged it.
    ReceiptRecorded { year: Year, kind: FilingKind, receipt: Receipt },
    /// Something became of a request after it first arrived.
    Request(RequestEvent),
    /// The wall clock stood wrong by so many seconds. An alarm, noticed in the course of somebody's command.
    ClockDeparted { departure: ClockDeparture, seconds: u64 },
    /// A person said that the wall clock is right, though it stands so many seconds before the record.
    ClockTrusted { seconds: u64 },
    /// Data in bulk was worked through.
    RunRecorded(Run),
    /// A line or a unit was watched, or told what it saw.
    Watch(WatchEvent),
    /// Something happened in custody.
    Custody(CustodyEvent),
    /// Somebody may do something, or no longer.
    Staff(StaffEvent),
    /// Somebody asked whether a paper is registered.
    Inquiry(InquiryEvent),
    /// Something must be kept, or was erased.
    Retention(RetentionEvent),
    /// A receipt was handed out, or the key that signs them was certified.
    Receipt(ReceiptEvent),
    /// Somebody was shown what the vault keeps.
    Reading(ReadingEvent),
}

/// How a register was opened. None of it can be set later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Invented or real.
    pub mode: Mode,
    /// The origin line of the log's checkpoints.
    pub origin: String,
    /// IANA name of the zone whose days and years are counted.
    pub zone: String,
    /// The law pack adopted.
    pub pack: PackRef,
    /// The log's verification key.
    pub key: String,
}

/// Which law pack, exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackRef {
    /// Such as `us-ma-boston`.
    pub id: String,
    /// The pack's own version.
    pub version: String,
    /// Hash over all its files.
    pub hash: PackHash,
}

/// One legal ask-paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Where the vault keeps what it prints.
    pub paper: PaperId,
    /// What it is.
    pub form: Form,
    /// Edition as printed, such as `02/17`.
    pub edition: Option<Edition>,
    /// The date printed on it, which is not the day it arrived.
    pub issued_on: Option<Date>,
    /// Who issued it.
    pub component: Component,
    /// What it asks, without repetition.
    pub asks: Vec<Ask>,
    /// The boxes ticked, without repetition.
    pub grounds: Vec<Ground>,
    /// Papers attached.
    pub papers: Vec<Form>,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
}

/// A person a paper is about, as far as known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The individual, where identity is established.
    pub individual: Option<IndividualId>,
    /// The custody episode, where there is one. An episode is no individual.
    pub episode: Option<EpisodeId>,
}

/// Edition of a form as printed: month and year, such as `02/17`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition(String);

impl std::str::FromStr for Edition {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = |c: char| c.is_ascii_digit() || c == '/';
        if !(4..=7).contains(&text.len()) || !text.contains('/') || !text.chars().all(shape) {
            // The text is not repeated: what stands beside it on a paper is about a person.
            return Err("expected an edition such as `02/17`");
        }
        Ok(Edition(text.to_owned()))
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One arrival on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmission {
    /// The line.
    pub line: LineId,
    /// When it arrived there.
    pub arrived: Moment,
    /// The agency that passed it on, by its public label; none where it came from its issuer.
    pub relayed_by: Option<Label>,
}

/// What a person decided about one ask, what the law answered, and from which facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which ask.
    pub ask: Ask,
    /// The day whose law was asked.
    pub on: Date,
    /// When it was made, where that was said; at the time of record otherwise.
    pub made_at: Option<Timestamp>,
    /// The facts as used, given or worked out from the record; a fact that is not here was not known.
    pub facts: BTreeMap<String, String>,
    /// The law's answer.
    pub answer: Answered,
    /// What was decided.
    pub decided: Decided,
    /// Present exactly when the decision departs from the answer.
    pub departure: Option<(Departure, NoteId)>,
}

/// The law's answer, as far as the record keeps it. The pack gives the rest back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// All answers still possible from the facts given, strictest first; one where the facts settle it.
    pub says: Vec<Says>,
    /// The weakest status among the sections it rests on, where the facts settle the answer.
    pub basis: Option<Basis>,
    /// Derived facts.
    pub derived: BTreeMap<String, String>,
    /// The rules it rests on, in the pack's order.
    pub rules: Vec<String>,
    /// The pack that answered.
    pub pack: PackHash,
}

/// A daily growth of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Size before.
    pub from_size: u64,
    /// Size and root after.
    pub frozen: Frozen,
}

/// A tree at a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frozen {
    /// Leaves.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash,
}

/// A filing: what was filed, and the hash of each file that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The year covered.
    pub year: Year,
    /// Provisional, closing, or which restatement.
    pub kind: FilingKind,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The checkpoint it was frozen at.
    pub frozen: Frozen,
    /// The law pack whose report it is.
    pub pack: PackRef,
    /// How its `report.json` is written.
    pub format: ReportFormat,
    /// Positions whose *counts as* it opens, from and until; none for a provisional letter.
    pub opens: Option<(u64, u64)>,
    /// Every published file that belongs to it, by path.
    pub files: BTreeMap<String, FileHash>,
}

/// What an office says of a report that it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The day it was received.
    pub on: Date,
    /// The office, such as `City Clerk`.
    pub office: Label,
    /// Its number for the report, such as `Docket 0128`.
    pub reference: Option<Label>,
}

/// SHA-256 of a file, as `sha256sum` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileHash([u8; 32]);

impl FileHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> FileHash {
        FileHash(Sha256::digest(bytes).into())
    }
}

impl std::fmt::Display for FileHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for FileHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected 64 lower-case hex digits".to_owned();
        let lower_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if text.len() != 64 || !text.chars().all(lower_hex) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(2 * index..2 * index + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(FileHash(bytes))
    }
}

impl Event {
    /// Whether it enters a row of a closed year, shown or withheld.
    pub fn is_closing_entry(&self) -> bool {
        matches!(self, Event::ClosingEntered { .. } | Event::ClosingWithheld { .. })
    }

    /// Whether it enters a row of this closed year, shown or withheld.
    pub fn is_closing_entry_of(&self, closed: Year) -> bool {
        matches!(self, Event::ClosingEntered { year, .. } | Event::ClosingWithheld { year, .. } if *year == closed)
    }

    /// What the leaf of this event counts as, and in which year of `zone`; none where it counts as nothing.
    ///
    /// A request counts by the day it arrived, whatever day it was recorded; what follows from it by its own day.
    pub fn counts(&self, zone: &TimeZone) -> Option<(CountsAs, Year)> {
        match self {
            Event::RequestReceived { request, transmission } => {
                Some((put_in(request.form.counting())?, Year::of(transmission.arrived.day(zone))))
            }
            Event::Request(event) => event.counts(),
            Event::PersonHeld { at, .. } => Some((CountsAs::Held, Year::of(at.day(zone)))),
            Event::PersonTransferred { at, .. } => Some((CountsAs::Transferred, Year::of(at.day(zone)))),
            Event::CostReimbursed { on, .. } => Some((CountsAs::Reimbursed, Year::of(*on))),
            Event::ReportFiled(filing) => Some((CountsAs::Filing, filing.year)),
            Event::ClosingEntered { year, .. } | Event::ClosingWithheld { year, .. } => {
                Some((CountsAs::Closing, *year))
            }
            Event::Receipt(ReceiptEvent::KeyCertified(certified)) => Some((CountsAs::Key, Year::of(certified.on))),
            Event::RegisterOpened(_)
            | Event::AgencyRegistered { .. }
            | Event::UnitOpened { .. }
            | Event::LineOpened { .. }
            | Event::DecisionMade { .. }
            | Event::OutcomeRecorded { .. }
            | Event::TreeGrown(_)
            | Event::YearClosed { .. }
            | Event::YearRestated { .. }
            | Event::ReceiptRecorded { .. }
            | Event::ClockDeparted { .. }
            | Event::ClockTrusted { .. }
            | Event::RunRecorded(_)
            | Event::Watch(_)
            | Event::Custody(_)
            | Event::Staff(_)
            | Event::Inquiry(_)
            | Event::Receipt(ReceiptEvent::ReceiptGiven(_))
            | Event::Retention(_)
            | Event::Reading(_) => None,
        }
    }
}
