//! The words of the trade as closed lists. Each word has one code, which is what files and bytes say.
//!
//! A code is never changed or reused; a list grows at its end.

mod filing;

use std::fmt;
use std::str::FromStr;

pub use filing::FilingKind;

/// A text that is not a word of the list it should be from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// What the list is of, such as `channel`.
    pub list: &'static str,
    /// The text.
    pub got: String,
    /// All codes of the list.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}` (hint: one of {})", self.list, self.got, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $list:literal { $($(#[$word_doc:meta])* $word:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $word,)+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [$name] = &[$($name::$word,)+];

            /// What files and bytes say.
            pub fn code(self) -> &'static str {
                match self { $($name::$word => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, $crate::words::UnknownWord> {
                $name::ALL.iter().copied().find(|word| word.code() == text).ok_or_else(|| $crate::words::UnknownWord {
                    list: $list,
                    got: text.chars().take(60).collect(),
                    known: $name::ALL.iter().map(|word| word.code()).collect(),
                })
            }
        }
    };
}
pub(crate) use words;

words!(/// Whether a register plays invented rows or holds real ones. Set when it is opened and never again.
    Mode, "mode" {
    /// Real rows; record time is the clock's.
    Live = "live",
    /// Invented rows; record time is what the command says.
    Demonstration = "demonstration",
});

impl Mode {
    /// How published files say whether their rows are invented.
    pub fn line(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Demonstration => "demonstration, invented rows",
        }
    }
}

words!(/// How the wall clock of a live register stood wrong. Which of two clocks was right, only a person can tell.
    ClockDeparture, "departure of the clock" {
    /// While the process ran it went forward by more than the time that passed.
    SetForward = "set-forward",
    /// While the process ran it went back, or forward by less than the time that passed.
    SetBack = "set-back",
    /// When the process started it stood before the last record time.
    BehindRecord = "behind-record",
});

words!(/// How a line carries what arrives on it.
    Channel, "channel" {
    /// A fax machine or gateway.
    Fax = "fax",
    /// A mailbox.
    Email = "email",
    /// Paper through the post.
    Mail = "mail",
    /// Handed over at a desk.
    Hand = "hand",
    /// Spoken.
    Phone = "phone",
    /// A computer system, such as a jail's.
    System = "system",
    /// The source does not say.
    NotRecorded = "not-recorded",
});

words!(/// What a paper is. Editions are recorded apart.
    Form, "form" {
    /// Immigration Detainer, editions before 2015.
    I247 = "i-247",
    /// Immigration Detainer, Request for Voluntary Action, 2015 to 2017.
    I247D = "i-247d",
    /// Request for Voluntary Notification of Release, 2015 to 2017.
    I247N = "i-247n",
    /// Request for Voluntary Transfer, 2015 to 2017.
    I247X = "i-247x",
    /// Immigration Detainer, Notice of Action, from 2 April 2017.
    I247A = "i-247a",
    /// Request for Advance Notification of Release, from 4 March 2025.
    I247G = "i-247g",
    /// Warrant for Arrest of Alien, signed by an immigration officer.
    I200 = "i-200",
    /// Warrant of Removal, signed by an immigration officer.
    I205 = "i-205",
    /// Order to Detain or Release Alien.
    I203 = "i-203",
    /// Arrest warrant of a federal court.
    Ao442 = "ao-442",
    /// Another paper that a court issued.
    OtherJudicial = "other-judicial",
    /// An administrative subpoena.
    Subpoena = "subpoena",
    /// A letter, message or call that asks for information.
    InformationRequest = "information-request",
    /// A letter, message or call that asks for an interview.
    InterviewRequest = "interview-request",
    /// A letter, message or call that asks for joint work.
    JointOperationRequest = "joint-operation-request",
    /// Something else.
    Other = "other",
    /// A detainer of which the source keeps no copy or edition.
    DetainerNotRecorded = "detainer-not-recorded",
});

words!(/// How a request bears on the number of civil immigration detainer requests that the law asks for.
    Counting, "counting" {
    /// Counted on every reading: its form asks to maintain custody and to advise.
    Counted = "counted",
    /// Counted on one reading of the law and not on the other: it asks for notice or transfer only, and the definition
    /// says "maintain custody … and advise" (CBC 11-1.9(A), definition of civil immigration detainer request); or it
    /// replaces an earlier request.
    Unclear = "unclear",
    /// It is no detainer.
    NotCounted = "not-counted",
});

impl Form {
    /// Counting rule 1: forms that ask for a hold are counted; forms that ask for notice or transfer alone are unclear.
    pub fn counting(self) -> Counting {
        match self {
            Form::I247 | Form::I247D | Form::I247A | Form::DetainerNotRecorded => Counting::Counted,
            Form::I247N | Form::I247X | Form::I247G => Counting::Unclear,
            Form::I200
            | Form::I205
            | Form::I203
            | Form::Ao442
            | Form::OtherJudicial
            | Form::Subpoena
            | Form::InformationRequest
            | Form::InterviewRequest
            | Form::JointOperationRequest
            | Form::Other => Counting::NotCounted,
        }
    }
}

words!(/// A tick-box of Form I-247A. The caption above the boxes is printed and is no ground.
    Ground, "ground" {
    /// "a final order of removal against the alien"
    FinalOrder = "final-order",
    /// "the pendency of ongoing removal proceedings against the alien"
    PendingProceedings = "pending-proceedings",
    /// "biometric confirmation of the alien's identity and a records check of federal databases"
    BiometricMatch = "biometric-match",
    /// "statements made by the alien to an immigration officer and/or other reliable evidence"
    Statements = "statements",
    /// Box 2: DHS transferred the person to local custody and intends to resume it.
    ResumeCustody = "resume-custody",
});

words!(/// The part of the Department of Homeland Security that issued a paper.
    Component, "issuing component" {
    /// ICE Enforcement and Removal Operations.
    Ero = "ero",
    /// ICE Homeland Security Investigations.
    Hsi = "hsi",
    /// Customs and Border Protection.
    Cbp = "cbp",
    /// Another federal authority.
    OtherFederal = "other-federal",
    /// The paper or source does not say.
    NotRecorded = "not-recorded",
});

words!(/// The answer to the question asked at each booking: is there any federal paper?
    FederalPaper, "answer at booking" {
    /// There is one.
    Yes = "yes",
    /// There is none.
    No = "no",
    /// Nobody asked.
    NotAsked = "not-asked",
});

words!(/// Who counted what came over a line, apart from the people who read it.
    CountSource, "source of a count" {
    /// The gateway that receives it: a fax server, a mail server.
    Gateway = "gateway",
    /// The carrier that brings it: the telephone company.
    Carrier = "carrier",
});

words!(/// What an arrival turned out to be once it was read.
    Found, "kind of arrival" {
    /// A request; it is registered as one.
    Request = "request",
    /// A paper on other business.
    OtherBusiness = "other-business",
    /// A test of the line.
    Test = "test",
    /// Advertising, a wrong number, an empty page.
    Junk = "junk",
    /// Nobody can read it.
    Unreadable = "unreadable",
});

words!(/// What a named person decided about one ask.
    Decided, "decision" {
    /// Not done.
    Declined = "declined",
    /// Done.
    Honored = "honored",
    /// Sent to counsel; the safe default stands meanwhile.
    Referred = "referred",
});

words!(/// Why a decision departs from the law's answer: the public code. The typed reason stays in the vault.
    Departure, "departure code" {
    /// A court's order or warrant was in hand that the facts do not show.
    CourtPaper = "court-paper",
    /// A supervisor directed it.
    Directed = "directed",
    /// Danger to life.
    Emergency = "emergency",
    /// Recorded afterwards as a mistake.
    Mistake = "mistake",
    /// Another reason.
    Other = "other",
});

words!(/// What then happened to the individual.
    Outcome, "outcome" {
    /// Bail posted.
    ReleasedBail = "released-bail",
    /// Own recognizance.
    ReleasedRecognizance = "released-recognizance",
    /// All charges dropped or never brought.
    ReleasedNoCharge = "released-no-charge",
    /// Sentence served.
    ReleasedSentenceServed = "released-sentence-served",
    /// Another release.
    ReleasedOther = "released-other",
    /// Taken to court; what followed is the court's to know.
    TakenToCourt = "taken-to-court",
    /// Handed to another agency that is no immigration authority.
    OtherAgency = "other-agency",
    /// Transferred to immigration authorities.
    Transferred = "transferred",
    /// The requester took the request back.
    RequestWithdrawn = "request-withdrawn",
    /// The source calls the entry a mistake.
    EnteredInError = "entered-in-error",
    /// Nobody knows, and that is a reported figure.
    Unknown = "unknown",
    /// Not transferred to immigration authorities; what else happened is not said. Of closing rows, all that they say.
    NotTransferred = "not-transferred",
});

words!(/// The paper or ground under which an individual was held past release or transferred.
    Authority, "authority" {
    /// A criminal warrant issued by a judicial officer.
    CriminalWarrant = "criminal-warrant",
    /// Another judicial warrant or order.
    JudicialOrder = "judicial-order",
    /// The detainer alone.
    DetainerAlone = "detainer-alone",
    /// The source does not say.
    NotRecorded = "not-recorded",
});

words!(/// What a leaf of the public log counts as.
    CountsAs, "kind of count" {
    /// Counted in no total.
    Nothing = "nothing",
    /// A request.
    Request = "request",
    /// A request counted on one reading of the law only.
    RequestUnclear = "request-unclear",
    /// A request taken out again: a duplicate, or one that counts otherwise since.
    RequestWithdrawn = "request-withdrawn",
    /// An individual held past release.
    Held = "held",
    /// An individual transferred to immigration authorities.
    Transferred = "transferred",
    /// A cost reimbursed by the federal government.
    Reimbursed = "reimbursed",
    /// A filing of a report.
    Filing = "filing",
    /// A change of the log's keys.
    Key = "key",
    /// A closing entry.
    Closing = "closing",
    /// A request counted on one reading only, taken out again.
    RequestUnclearWithdrawn = "request-unclear-withdrawn",
    /// A hold taken back.
    HeldWithdrawn = "held-withdrawn",
    /// A transfer taken back.
    TransferredWithdrawn = "transferred-withdrawn",
    /// A reimbursement taken back.
    ReimbursedWithdrawn = "reimbursed-withdrawn",
});

words!(/// Why a year's figures are restated. A restatement can have several causes.
    Cause, "cause" {
    /// Something that counts in the year was registered after its closing.
    Late = "late",
    /// What was registered was corrected.
    Correction = "correction",
    /// A request was found to be one already counted.
    Duplicate = "duplicate",
    /// An outcome that was unknown became known.
    Outcome = "outcome",
    /// The coverage was measured anew.
    Coverage = "coverage",
    /// The law or a counting rule was read otherwise.
    Rule = "rule",
});

words!(/// The tables of a closed year, in the order of the report.
    Set, "table" {
    /// What the report is of: one row.
    Period = "period",
    /// Requests by month, form and ground.
    Requests = "requests",
    /// Outcomes.
    Outcomes = "outcomes",
    /// Individuals held.
    Held = "held",
    /// Individuals transferred.
    Transferred = "transferred",
    /// Reimbursements by case.
    Reimbursed = "reimbursed",
    /// Departures.
    Departures = "departures",
    /// Coverage per line and per agency.
    Coverage = "coverage",
});

words!(/// By what a subject is told from another.
    KnownBy, "kind of identity" {
    /// Identity is established.
    Individual = "individual",
    /// Only the stay in custody is known.
    Episode = "episode",
    /// Only the request is known.
    Request = "request",
});

words!(/// What coverage can measure.
    Measure, "measure" {
    /// Transmissions registered on a line.
    Transmissions = "transmissions",
    /// Asks decided, of asks made by the requests that arrived.
    AsksDecided = "asks-decided",
    /// Requests with a known outcome, of requests.
    OutcomesKnown = "outcomes-known",
    /// Bookings with an answer to "any federal paper?", of bookings made.
    BookingsAnswered = "bookings-answered",
    /// Hours in which a line was proven alive, of hours due.
    LineHoursProven = "line-hours-proven",
    /// What a gateway counted and the register accounts for, of what it counted.
    GatewayAccounted = "gateway-accounted",
    /// Tours with a zero report or a request, of all tours.
    ToursReported = "tours-reported",
    /// Inquiries answered *registered*, of inquiries.
    InquiriesFound = "inquiries-found",
    /// What a carrier counted and the register accounts for, of what it counted.
    CarrierAccounted = "carrier-accounted",
    /// Arrivals that were read, of those noted.
    ArrivalsRead = "arrivals-read",
    /// Tours whose bookings the booking system counted, of all tours: of the others nobody knows how many were made.
    BookingsCounted = "bookings-counted",
});

words!(/// How a filed `report.json` is written.
    ReportFormat, "report format" {
    /// The first.
    V1 = "report/1",
    /// With the rules by which was counted, and three measures more.
    V2 = "report/2",
});

words!(/// What a run over data in bulk did.
    RunKind, "kind of run" {
    /// A table was taken in.
    Import = "import",
});

words!(/// What the rows of a run came to. Each row is one of `left-out`, `registered`, `known` and `refused`.
    RunCount, "count of a run" {
    /// Rows read.
    Rows = "rows",
    /// Rows that are no request, or not of the year asked for.
    LeftOut = "left-out",
    /// Rows registered as a request.
    Registered = "registered",
    /// Rows whose request was registered before.
    Known = "known",
    /// Rows of which nothing was recorded.
    Refused = "refused",
    /// Outcomes recorded.
    Outcomes = "outcomes",
    /// Requests registered or known whose outcome in the row was refused.
    OutcomeRefused = "outcome-refused",
});

impl ReportFormat {
    /// What new reports are written in.
    pub const LATEST: ReportFormat = ReportFormat::V2;

    /// The grounds that each have a line, with 0 too, in a report of this format.
    ///
    /// Written out, so that a word which joins the list changes no report that was filed: it needs a format of its own.
    pub fn grounds(self) -> &'static [Ground] {
        match self {
            ReportFormat::V1 | ReportFormat::V2 => &[
                Ground::FinalOrder,
                Ground::PendingProceedings,
                Ground::BiometricMatch,
                Ground::Statements,
                Ground::ResumeCustody,
            ],
        }
    }

    /// The measures that a report of this format names where nobody measured them. Written out likewise.
    pub fn measures(self) -> &'static [Measure] {
        match self {
            ReportFormat::V1 => &[
                Measure::Transmissions,
                Measure::AsksDecided,
                Measure::OutcomesKnown,
                Measure::BookingsAnswered,
                Measure::LineHoursProven,
                Measure::GatewayAccounted,
                Measure::ToursReported,
                Measure::InquiriesFound,
            ],
            ReportFormat::V2 => &[
                Measure::Transmissions,
                Measure::AsksDecided,
                Measure::OutcomesKnown,
                Measure::BookingsAnswered,
                Measure::LineHoursProven,
                Measure::GatewayAccounted,
                Measure::ToursReported,
                Measure::InquiriesFound,
                Measure::CarrierAccounted,
                Measure::ArrivalsRead,
                Measure::BookingsCounted,
            ],
        }
    }

    /// The rules by which it was counted, in a report of a format that names them. Written out likewise.
    pub fn counting(self) -> Option<crate::counting::Edition> {
        match self {
            ReportFormat::V1 => None,
            ReportFormat::V2 => Some(crate::counting::Edition::First),
        }
    }
}

/// A public label of a line, a unit or an agency: 1 to 60 of letters, digits, space and `.,'()/&-`.
///
/// It is the only text typed by people that reaches published bytes, so it is given by an administrator when a line is
/// opened and can hold no sentence about a person taken from a paper.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(String);

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_alphanumeric() || " .,'()/&-".contains(c);
        let length = text.chars().count();
        if length == 0 || length > 60 || text.trim() != text || !text.chars().all(allowed) {
            return Err("expected a label of 1 to 60 letters, digits, spaces and `.,'()/&-`".to_owned());
        }
        Ok(Label(text.to_owned()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_refused_with_the_list() {
        let error = "faxx".parse::<Channel>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown channel `faxx` (hint: one of fax, email, mail, hand, phone, system, not-recorded)"
        );
    }

    #[test]
    fn a_paper_that_asks_no_hold_never_counts_on_every_reading() {
        let counted: Vec<_> =
            Form::ALL.iter().filter(|form| form.counting() == Counting::Counted).map(|form| form.code()).collect();
        assert_eq!(counted, ["i-247", "i-247d", "i-247a", "detainer-not-recorded"]);
    }
}
