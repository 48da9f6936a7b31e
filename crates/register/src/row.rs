//! Closing rows: the types of everything a report shows. What they are made from is in [`crate::closing`].

#![expect(missing_docs, reason = "the fields of a variant are named for what they hold; the variant says the rest")]

use jiff::civil::Date;
use law::Ask;

use crate::event::{Frozen, PackRef};
use crate::sums::Sums;
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
    Withheld(Sums),
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
            Row::Withheld(Sums::Requests(_)) => Set::Requests,
            Row::Withheld(Sums::Held(_)) => Set::Held,
            Row::Withheld(Sums::Transferred(_)) => Set::Transferred,
            Row::Withheld(Sums::Reimbursed { .. }) => Set::Reimbursed,
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
