//! Words of the desk where papers are presented and receipts handed out, and of whoever checks them.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use register::ids::{InquiryId, RequestId};

use super::{Actor, Viewing, day};

/// Of what something is signed for whoever takes it home.
#[derive(Debug, Clone)]
pub(crate) enum Of {
    /// A receipt of a request.
    Request(RequestId),
    /// The answer to an inquiry.
    Inquiry(InquiryId),
}

fn of(text: &str) -> Result<Of, String> {
    if let Ok(inquiry) = text.parse() {
        return Ok(Of::Inquiry(inquiry));
    }
    text.parse().map(Of::Request).map_err(|error: register::ids::ParseIdError| error.to_string())
}

#[derive(Debug, Args)]
pub(crate) struct Inquire {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Form file of the paper, as `receive` takes it; `[arrival]` says where and when it was presented
    pub(crate) form: PathBuf,
    /// File to write the answer to, signed as a receipt is
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct ShowInquiries {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// First day; the first of the record where left out
    #[arg(long, value_parser = day)]
    pub(crate) from: Option<Date>,
    /// Last day; that of the last record where left out
    #[arg(long, value_parser = day)]
    pub(crate) until: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct GiveReceipt {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The request; or an inquiry, to have the answer signed that stands now
    #[arg(value_name = "REQUEST", value_parser = of)]
    pub(crate) of: Of,
    /// File to write its text to
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// File to write the text's QR code to, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// File to write a page to that can be printed: the QR code, the text, and how to check it
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The published folder
    pub(crate) out: PathBuf,
    /// The log's key, from elsewhere than the folder: a key, or a file that holds one
    #[arg(long, value_name = "VKEY")]
    pub(crate) key: String,
    /// A witness that must have cosigned the checkpoint: its key, or a file that holds one. May be repeated
    #[arg(long = "witness", value_name = "VKEY")]
    pub(crate) witnesses: Vec<String>,
    /// An older checkpoint of the same log, which you kept
    #[arg(long, value_name = "CHECKPOINT")]
    pub(crate) since: Option<PathBuf>,
    /// An auditor's bag
    #[arg(long, value_name = "FILE")]
    pub(crate) bag: Option<PathBuf>,
    /// A receipt, or a signed answer
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,
    /// Form file of the paper that the receipt is said to be of: `form`, `issued_on` and `[printed]` suffice
    #[arg(long, value_name = "FORM", requires = "receipt")]
    pub(crate) paper: Option<PathBuf>,
    /// The day on which the folder was fetched: whether the promised time is over
    #[arg(long, value_name = "DAY", value_parser = day, requires = "receipt")]
    pub(crate) on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
