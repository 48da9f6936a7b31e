//! Closing rows: the types of everything a report shows. What they are made from is in [`crate::closing`].

#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::Ask;

use crate::event::{Frozen, PackRef};
use crate::time::{Month, Timestamp, Year};
use crate::words::{Authority, Cause, Counting, Departure, Form, Ground, KnownBy, Label, Measure, Mode, Outcome, Set};

/// One row of one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// What the report is of: one row.
    Period(Period),
    /// A request that counts, on every reading of the law or on one.
    Request { month: Month, form: Form, grounds: Vec<Ground>, counting: Counting },
    /// What became of a request that counts; `unknown` where nothing is recorded.
    Outcome(Outcome),
    /// A different individual held past release, with every authority under which that was done in the year.
    Held { authorities: Vec<Authority>, known_by: KnownBy },
    /// A different individual transferred to immigration authorities, likewise.
    Transferred { authorities: Vec<Authority>, known_by: KnownBy },
    /// The reimbursements of one case.
    Reimbursed { cents: u64 },
    /// A decision that departed from the law's answer.
    Departure { ask: Ask, code: Departure },
    /// How much of what should have been seen was seen.
    Coverage(Measured),
    /// The sums of the rows of its table that are not shown.
    Withheld(Remainder),
}

/// What the rows of a table that are not shown add to the report: sums, and nothing of one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remainder {
    /// Of requests.
    Requests(RequestSums),
    /// Of individuals held.
    Held(DoneSums),
    /// Of individuals transferred.
    Transferred(DoneSums),
    /// Of cases reimbursed.
    Reimbursed { cases: u64, cents: u64 },
}

/// Sums of requests. Forms and grounds are those of the counted ones: those on one reading have no line in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestSums {
    /// Requests that count on every reading.
    pub counted: u64,
    /// Those that count on one.
    pub unclear: u64,
    /// By form.
    pub forms: BTreeMap<Form, u64>,
    /// By ground; a request can have several.
    pub grounds: BTreeMap<Ground, u64>,
    /// Without any.
    pub without_ground: u64,
}

/// Sums of individuals.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoneSums {
    /// Each individual once, by what it is told apart.
    pub known_by: BTreeMap<KnownBy, u64>,
    /// By authority; an individual can have several.
    pub authorities: BTreeMap<Authority, u64>,
}

impl Remainder {
    /// How many rows it stands for.
    pub fn rows(&self) -> u64 {
        match self {
            Remainder::Requests(sums) => sums.counted.saturating_add(sums.unclear),
            Remainder::Held(sums) | Remainder::Transferred(sums) => {
                sums.known_by.values().fold(0, |sum, number| sum.saturating_add(*number))
            }
            Remainder::Reimbursed { cases, .. } => *cases,
        }
    }
}

/// What the report is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The year covered.
    pub year: Year,
    /// Invented or real.
    pub mode: Mode,
    /// The instant whose state it shows.
    pub as_of: Timestamp,
    /// The day the report is dated.
    pub filed_on: Date,
    /// The day of a provisional letter filed before, if there was one.
    pub provisional_on: Option<Date>,
    /// The checkpoint it was frozen at.
    pub frozen: Frozen,
    /// The law pack.
    pub pack: PackRef,
    /// Requests of the year that are registered but are no detainer requests: counted in no item.
    pub other_requests: u64,
    /// Which restatement it is, if it is one.
    pub restates: Option<Restates>,
}

/// A restatement: the same year, drawn again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Restates {
    /// 1, 2, 3 …
    pub number: u16,
    /// Why, each cause once and in the order of their list.
    pub causes: Vec<Cause>,
}

impl Row {
    /// The table it belongs to.
    pub fn set(&self) -> Set {
        match self {
            Row::Period(_) => Set::Period,
            Row::Request { .. } => Set::Requests,
            Row::Outcome(_) => Set::Outcomes,
            Row::Held { .. } => Set::Held,
            Row::Transferred { .. } => Set::Transferred,
            Row::Reimbursed { .. } => Set::Reimbursed,
            Row::Departure { .. } => Set::Departures,
            Row::Coverage(_) => Set::Coverage,
            Row::Withheld(Remainder::Requests(_)) => Set::Requests,
            Row::Withheld(Remainder::Held(_)) => Set::Held,
            Row::Withheld(Remainder::Transferred(_)) => Set::Transferred,
            Row::Withheld(Remainder::Reimbursed { .. }) => Set::Reimbursed,
        }
    }
}

/// One measure for one line or agency, over a whole period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measured {
    /// Of what.
    pub scope: Scope,
    /// Which measure.
    pub measure: Measure,
    /// How many were seen.
    pub seen: u64,
    /// Of how many that were due; none where nothing says how many there should have been.
    pub due: Option<u64>,
}

/// What a measure is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// An agency, by its public label.
    Agency(Label),
    /// A line, by its public label.
    Line(Label),
}
