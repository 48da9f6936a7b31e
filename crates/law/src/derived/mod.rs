//! Derived facts: what needs dates, sums or lists, each worked out by one named function over plain values, so that no
//! rule has arithmetic or nesting in a row.
//!
//! The functions are [`custody()`] (custody events → the state of the criminal case), [`strongest_paper`],
//! [`paper_confirmed`] and [`administrative_warrant`] (papers shown → three facts), [`look_back()`] (convictions → within a
//! window or not) and [`due`] (a duty's clock). They must not know the register, a clock, files or screens: events,
//! papers, convictions and the calendar come in as values, and the register maps its own events to them.
//!
//! INVARIANT: a function answers, or says what is missing or contradictory. It never guesses. What is not known stays
//! an unknown fact, and only what the *law* leaves open answers `unclear`.

pub mod clock;
mod code;
pub mod custody;
pub(crate) mod given;
mod known;
pub mod look_back;
pub mod offences;
pub mod papers;
pub(crate) mod records;

use std::fmt;

pub use clock::{DueTime, Uncounted, Within, due};
pub use code::Code;
pub use custody::{CaseState, Charges, Contradiction, Custody, CustodyChange, CustodyEvent, custody};
pub use known::Known;
pub use look_back::{ConvictedUnder, Conviction, Days, Finding, LookedBack, Span, Why, look_back};
pub use offences::{LookBack, OffenceList, Offences, Window};
pub use papers::{
    JudgePaper, Paper, PaperHolder, PaperKind, PaperMatter, Signer, administrative_warrant, paper_confirmed,
    strongest_paper,
};

use crate::words::{Word, words};

words! {
    /// How a fact of `facts.toml` is worked out, when nobody gives it directly.
    WorkedOut {
        /// By [`custody()`].
        Custody = "custody-events",
        /// By [`strongest_paper`].
        StrongestPaper = "strongest-paper",
        /// By [`paper_confirmed`].
        PaperConfirmed = "paper-confirmed",
        /// By [`administrative_warrant`].
        AdministrativeWarrant = "administrative-warrant",
        /// By [`look_back()`], with the look-back of `offences.toml` that has the fact's name.
        LookBack = "look-back",
    }
}

impl WorkedOut {
    /// Exactly the answers that the function gives; none for a yes/no fact.
    pub(crate) fn answers(self) -> Vec<&'static str> {
        fn codes<W: Word>() -> Vec<&'static str> {
            W::all().iter().map(|word| word.spelling()).collect()
        }
        match self {
            WorkedOut::Custody => codes::<CaseState>(),
            WorkedOut::StrongestPaper => codes::<JudgePaper>(),
            WorkedOut::LookBack => codes::<LookedBack>(),
            WorkedOut::PaperConfirmed | WorkedOut::AdministrativeWarrant => Vec::new(),
        }
    }

    /// The tables of a fact file or scenario from which it is worked out.
    pub(crate) fn table(self) -> &'static str {
        match self {
            WorkedOut::Custody => "custody",
            WorkedOut::StrongestPaper | WorkedOut::PaperConfirmed | WorkedOut::AdministrativeWarrant => "paper",
            WorkedOut::LookBack => "conviction",
        }
    }
}
