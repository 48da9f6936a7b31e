//! Law packs: what the law in force on a day answers to what federal authorities ask, and why.
//!
//! A pack is text that people wrote; [`Pack::load`] checks it and [`answer`] asks it. This crate knows packs, answers,
//! obligations and explanations. It must not know the register, files, a clock or chance: texts, facts and days come in
//! as arguments. `docs/LAW-FORMAT.md` describes the files.
//!
//! INVARIANT: no answer obliges to hold; what is not regulated is not called allowed; unknown facts give the answers
//! still possible and unclear law gives *needs legal review*, and the two are never mixed.

mod answer;
mod asking;
mod calendar;
mod check;
pub mod comparison;
pub mod difference;
mod facts;
mod history;
mod judge;
mod links;
mod merge;
mod missing;
mod pack;
pub mod plain;
pub mod printed;
mod problem;
pub mod prose;
pub mod quotation;
pub mod reader;
mod report;
mod rule;
pub mod say;
mod scenario;
mod section;
mod situations;
mod versions;
mod vocabulary;
mod words;

pub use answer::{Answer, Because, Doubt, Obligation, OpenFact, Outcome, StillPossible};
pub use asking::{answer, answer_under};
pub use calendar::Calendar;
pub use check::{Check, check};
pub use facts::{FactFile, Facts};
pub use history::ReportedYear;
pub use pack::{Pack, PackHash, Review};
pub use problem::Problem;
pub use report::{Due, Item, ReportTemplate};
pub use rule::{Duty, Rule};
pub use scenario::Scenario;
pub use section::{Certain, FirstDay, Piece, Section, Standing};
pub use versions::{ActVersion, NoVersion};
pub use vocabulary::{AskEntry, Fact, Vocabulary};
pub use words::{
    Act, Ask, Basis, Breakdown, Counted, DueYear, Effect, FactName, Layer, NilRule, PackId, Reporter, RuleId, Says,
    SectionId, Unit, Word,
};
