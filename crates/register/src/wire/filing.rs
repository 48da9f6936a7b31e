//! How growths, closings and filings are written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tlog::Hash;

use super::Text;
use super::closing::RowWire;
use super::event::PackV1;
use crate::event::{FileHash, Filing, Frozen};
use crate::time::{Timestamp, Year};
use crate::words::{Cause, FilingKind, Label, ReportFormat};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrozenV1 {
    pub(super) size: u64,
    pub(super) root: Text<Hash>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrownV1 {
    pub(super) from_size: u64,
    pub(super) frozen: FrozenV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct YearClosedV1 {
    pub(super) year: Text<Year>,
    pub(super) frozen: FrozenV1,
    pub(super) filed_on: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RestatedV1 {
    pub(super) year: Text<Year>,
    pub(super) number: u16,
    pub(super) causes: Vec<Text<Cause>>,
    pub(super) frozen: FrozenV1,
    pub(super) filed_on: Text<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosingV1 {
    pub(super) year: Text<Year>,
    pub(super) row: RowWire,
}

/// A filing in its slot.
#[derive(Serialize, Deserialize)]
pub(super) enum FilingSlot {
    #[serde(rename = "filing/1")]
    V1(FilingWire),
}

/// A filing, in its event and in its slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilingWire {
    pub(super) year: Text<Year>,
    pub(super) kind: Text<FilingKind>,
    pub(super) as_of: Text<Timestamp>,
    pub(super) frozen: FrozenV1,
    pub(super) pack: PackV1,
    pub(super) format: Text<ReportFormat>,
    pub(super) opens: Option<(u64, u64)>,
    pub(super) files: BTreeMap<String, Text<FileHash>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptV1 {
    pub(super) year: Text<Year>,
    pub(super) kind: Text<FilingKind>,
    pub(super) on: Text<Date>,
    pub(super) office: Text<Label>,
    pub(super) reference: Option<Text<Label>>,
}

impl From<Frozen> for FrozenV1 {
    fn from(frozen: Frozen) -> Self {
        FrozenV1 { size: frozen.size, root: Text(frozen.root) }
    }
}

impl From<FrozenV1> for Frozen {
    fn from(wire: FrozenV1) -> Self {
        Frozen { size: wire.size, root: wire.root.0 }
    }
}

impl From<&Filing> for FilingWire {
    fn from(filing: &Filing) -> Self {
        FilingWire {
            year: Text(filing.year),
            kind: Text(filing.kind),
            as_of: Text(filing.as_of),
            frozen: FrozenV1::from(filing.frozen),
            pack: PackV1::from(&filing.pack),
            format: Text(filing.format),
            opens: filing.opens,
            files: filing.files.iter().map(|(path, hash)| (path.clone(), Text(*hash))).collect(),
        }
    }
}

impl From<FilingWire> for Filing {
    fn from(wire: FilingWire) -> Self {
        Filing {
            year: wire.year.0,
            kind: wire.kind.0,
            as_of: wire.as_of.0,
            frozen: wire.frozen.into(),
            pack: wire.pack.into(),
            format: wire.format.0,
            opens: wire.opens,
            files: wire.files.into_iter().map(|(path, hash)| (path, hash.0)).collect(),
        }
    }
}
