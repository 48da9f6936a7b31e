//! How the sums of withheld rows are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Text;
use super::closing::RowWire;
use super::coded::Coded;
use crate::row::Row;
use crate::sums::{DoneSums, RequestSums, Sums};
use crate::words::{Authority, Form, Ground, KnownBy};

/// A word and how many, in the order of the words' list.
type Tally<T> = Vec<(Text<T>, u64)>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestsV1 {
    counted: u64,
    unclear: u64,
    forms: Tally<Form>,
    grounds: Tally<Ground>,
    without_ground: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoneV1 {
    known_by: Tally<KnownBy>,
    authorities: Tally<Authority>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReimbursedV1 {
    cases: u64,
    cents: u64,
}

/// The row as it is written.
pub(super) fn write(sums: &Sums) -> RowWire {
    match sums {
        Sums::Requests(sums) => RowWire::RequestsWithheldV1(RequestsV1 {
            counted: sums.counted,
            unclear: sums.unclear,
            forms: written(&sums.forms),
            grounds: written(&sums.grounds),
            without_ground: sums.without_ground,
        }),
        Sums::Held(sums) => RowWire::HeldWithheldV1(DoneV1::from(sums)),
        Sums::Transferred(sums) => RowWire::TransferredWithheldV1(DoneV1::from(sums)),
        Sums::Reimbursed { cases, cents } => {
            RowWire::ReimbursedWithheldV1(ReimbursedV1 { cases: *cases, cents: *cents })
        }
    }
}

impl From<RequestsV1> for Row {
    fn from(wire: RequestsV1) -> Self {
        Row::Withheld(Sums::Requests(RequestSums {
            counted: wire.counted,
            unclear: wire.unclear,
            forms: read(wire.forms),
            grounds: read(wire.grounds),
            without_ground: wire.without_ground,
        }))
    }
}

impl From<ReimbursedV1> for Row {
    fn from(wire: ReimbursedV1) -> Self {
        Row::Withheld(Sums::Reimbursed { cases: wire.cases, cents: wire.cents })
    }
}

impl From<&DoneSums> for DoneV1 {
    fn from(sums: &DoneSums) -> Self {
        DoneV1 { known_by: written(&sums.known_by), authorities: written(&sums.authorities) }
    }
}

impl From<DoneV1> for DoneSums {
    fn from(wire: DoneV1) -> Self {
        DoneSums { known_by: read(wire.known_by), authorities: read(wire.authorities) }
    }
}

fn written<T: Coded + Copy>(tally: &BTreeMap<T, u64>) -> Tally<T> {
    tally.iter().map(|(word, number)| (Text(*word), *number)).collect()
}

/// Words twice or out of order read as another value, so the bytes would not come out the same again and are refused.
fn read<T: Coded + Ord>(tally: Tally<T>) -> BTreeMap<T, u64> {
    tally.into_iter().map(|(word, number)| (word.0, number)).collect()
}
