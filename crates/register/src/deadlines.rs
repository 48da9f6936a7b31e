//! Which reports are due, filed, late and acknowledged, year by year.

use jiff::civil::{Date, date};
use law::Pack;

use crate::event::{Filing, Receipt};
use crate::state::Register;
use crate::time::{Timestamp, Year, day_of};
use crate::words::FilingKind;

/// The reports of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearOfReports {
    /// The year covered.
    pub year: Year,
    /// The last day for the first letter, if the law names one.
    pub due: Option<Date>,
    /// The last day for the closing report, which follows a provisional letter and is the one that opens: 15 January.
    pub closing_due: Date,
    /// What was filed, in order.
    pub filed: Vec<Filed>,
    /// Days that the first letter came after the day due, or that have passed since then without one.
    pub days_late: Option<i32>,
    /// Days that the closing report came after its day, or that have passed since then without one.
    pub closing_days_late: i32,
    /// Whether what counts in the year changed since it was closed last.
    pub restatement_due: bool,
}

/// One report that was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Which.
    pub kind: FilingKind,
    /// The day it is dated.
    pub on: Date,
    /// What the office said to which it was sent.
    pub receipt: Option<Receipt>,
}

/// Every year from the first in which something could be seen until that of `now`.
pub fn years(register: &Register, pack: &Pack, now: Timestamp) -> Vec<YearOfReports> {
    let today = day_of(now, &register.zone());
    let opened = register.lines.values().map(|line| Year::of(line.from));
    let Some(first) = opened.chain(register.requests.values().map(|state| state.year)).min() else { return Vec::new() };
    let numbers = first.number()..=today.year();
    numbers.map(|number| year_of(register, pack, Year::of(date(number, 1, 1)), today)).collect()
}

fn year_of(register: &Register, pack: &Pack, year: Year, today: Date) -> YearOfReports {
    let zone = register.zone();
    let filed = |filing: &Filing| Filed {
        kind: filing.kind,
        on: day_of(filing.as_of, &zone),
        receipt: register.receipts.get(&(year, filing.kind)).cloned(),
    };
    let filed: Vec<Filed> = register.filings.iter().filter(|filing| filing.year == year).map(filed).collect();
    let due = pack.report.due.as_ref().and_then(|due| due.on(year.number()));
    let closing_due = date(year.number() + 1, 1, 15);
    let closed = filed.iter().find(|one| one.kind == FilingKind::Closing).map(|one| one.on);
    let after = |on: Option<Date>, due: Date| (on.unwrap_or(today) - due).get_days().max(0);
    YearOfReports {
        year,
        due,
        closing_due,
        days_late: due.map(|due| after(filed.first().map(|one| one.on), due)),
        closing_days_late: after(closed, closing_due),
        restatement_due: register.changed_since_closing(year),
        filed,
    }
}
