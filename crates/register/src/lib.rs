//! The register: what happened, what may happen now, what it comes to, and what of it may be shown.
//!
//! Everything here is a pure function of its arguments. This crate must not know clocks, randomness, files,
//! databases or HTML; time, ids and the law come in as arguments. Modules in reading order:
//!
//! - [`ids`], [`time`], [`words`]: the small types.
//! - [`event`]: every fact the register can hold. [`command`]: what people may ask of it, and how it says no.
//! - [`state`]: the fold over events. [`handle`]: command to events, or a refusal.
//! - [`counting`], [`forms`]: the rules of counting, and which form was in use when.
//! - [`request`], [`watch`], [`custody`], [`staff`], [`inquiry`], [`receipt`], [`retention`]: the same by subject, each with its events,
//!   commands and refusals; [`staff::rights`] says who may give which command.
//! - [`class`]: who may read which field; [`reading`]: who was shown what the vault keeps.
//! - [`run`]: work over data in bulk, such as an import.
//! - [`leaf`], [`growth`], [`opening`], [`bag`]: what the public log commits to, and how parts of it are shown; [`place`]:
//!   under which paths.
//! - [`row`], [`coverage`], [`closing`], [`report`]: the rows of a closed year and the report that follows from them.
//! - [`deadlines`]: which reports are due, filed, late and acknowledged.
//! - [`wire`]: the only module that knows bytes.
//! - [`say`]: the sentences that people read.

pub mod bag;
pub mod class;
pub mod clock;
pub mod closing;
pub mod command;
pub mod counting;
pub mod coverage;
pub mod custody;
pub mod deadlines;
pub mod event;
pub mod forms;
pub mod growth;
pub mod handle;
pub mod ids;
pub mod inquiry;
pub mod leaf;
pub mod opening;
pub mod place;
pub mod reading;
pub mod receipt;
pub mod report;
pub mod request;
pub mod retention;
pub mod row;
pub mod run;
pub mod say;
pub mod staff;
pub mod state;
pub mod sums;
pub mod time;
pub mod watch;
pub mod wire;
pub mod withholding;
pub mod words;

pub use command::{Command, Refusal};
pub use event::{Event, Recorded};
pub use state::Register;
