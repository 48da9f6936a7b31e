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
pub mod derived;
pub mod difference;
mod explain;
mod facts;
mod flips;
mod history;
mod links;
mod missing;
mod mutants;
mod pack;
mod phrases;
pub mod plain;
mod plan;
pub mod printed;
mod problem;
mod proof;
pub mod prose;
pub mod quotation;
pub mod reader;
mod report;
mod rule;
pub mod say;
mod scenario;
mod section;
mod sieve;
mod situations;
mod table;
mod versions;
mod vocabulary;
mod words;

pub use answer::{
    Answer, Doubt, LayerAnswer, Obligation, OpenFact, Outcome, Reason, Role, Silent, Stated, StillPossible, WhyNot,
};
pub use asking::{Law, answer};
pub use calendar::Calendar;
pub use check::{Check, check};
pub use derived::{Uncounted, Within, WorkedOut};
pub use facts::{FactFile, Facts};
pub use flips::Flip;
pub use history::ReportedYear;
pub use mutants::{Mutants, mutants};
pub use pack::{Pack, PackHash, Review, same_id};
pub use phrases::{Phrase, Phrases};
pub use plan::Plan;
pub use problem::Problem;
pub use proof::{Proof, Space, prove, question_plan, space};
pub use report::{Due, Item, ReportTemplate};
pub use rule::{Duty, Rule};
pub use scenario::Scenario;
pub use section::{Certain, FirstDay, Piece, Section, Standing};
pub use table::Placed;
pub use versions::{ActVersion, NoVersion};
pub use vocabulary::{AskEntry, Fact, Never, RuleBoxes, Vocabulary};
pub use words::{
    Act, Ask, Basis, Breakdown, Certainty, Counted, DueYear, Effect, FactName, Layer, NilRule, PackId, Reporter,
    RuleId, Says, SectionId, Unit, Word,
};
