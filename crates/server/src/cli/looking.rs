//! Words of whoever looks into the register, and is shown what is in their view.

use std::path::PathBuf;

use clap::Args;
use register::ids::{PersonId, RequestId};
use register::reading::{Kept, ReadReason};
use register::time::Timestamp;

use super::{Actor, instant, words};

/// Who looks, and when.
#[derive(Debug, Clone, Args)]
pub(crate) struct Viewing {
    /// Who looks: what is not in their view on that day is blanked. Needed once staff is registered
    #[arg(long = "as", value_name = "PERSON")]
    pub(crate) by: Option<PersonId>,
    /// When, in a demonstration register only; at the time of the last record where left out
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The request
    pub(crate) request: RequestId,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The paper or note, as `candor show` and `candor retention` tell its id
    pub(crate) of: Kept,
    /// What for; kept in the record
    #[arg(long, value_parser = words(ReadReason::ALL, ReadReason::code))]
    pub(crate) reason: ReadReason,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct ShowReads {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Of this request alone
    #[arg(long, value_name = "REQUEST")]
    pub(crate) request: Option<RequestId>,
    /// By this person alone
    #[arg(long = "by", value_name = "PERSON")]
    pub(crate) person: Option<PersonId>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}
