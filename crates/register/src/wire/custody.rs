//! How events of the module [`crate::custody`] are written.

use serde::{Deserialize, Serialize};

use super::coded::{Coded, by_display};
use super::event::EventWire;
use super::{Text, texts, values};
use crate::custody::{Charge, Charges, CustodyEvent, Happening, Mistake, What, Withdrawal};
use crate::ids::{EpisodeId, IndividualId, UnitId};
use crate::time::Timestamp;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedV1 {
    episode: Text<EpisodeId>,
    individual: Option<Text<IndividualId>>,
    unit: Text<UnitId>,
    what: Text<What>,
    charges: Option<ChargesV1>,
    at: Text<Timestamp>,
}

/// `"all"`, `"part"` or a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ChargesV1 {
    Extent(ExtentV1),
    Named(Vec<Text<Charge>>),
}

#[derive(Serialize, Deserialize)]
enum ExtentV1 {
    #[serde(rename = "all")]
    All,
    #[serde(rename = "part")]
    Part,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawnV1 {
    episode: Text<EpisodeId>,
    of: u64,
    cause: Text<Mistake>,
}

by_display!(Charge, Mistake, What);

/// The event as it is written.
pub(super) fn write(event: &CustodyEvent) -> EventWire {
    match event {
        CustodyEvent::CustodyRecorded(happening) => EventWire::CustodyRecordedV1(RecordedV1 {
            episode: Text(happening.episode.clone()),
            individual: happening.individual.clone().map(Text),
            unit: Text(happening.unit.clone()),
            what: Text(happening.what),
            charges: match &happening.charges {
                Charges::NotSaid => None,
                Charges::All => Some(ChargesV1::Extent(ExtentV1::All)),
                Charges::Part => Some(ChargesV1::Extent(ExtentV1::Part)),
                Charges::Named(names) => Some(ChargesV1::Named(texts(names))),
            },
            at: Text(happening.at),
        }),
        CustodyEvent::CustodyWithdrawn(Withdrawal { episode, of, cause }) => {
            EventWire::CustodyWithdrawnV1(WithdrawnV1 { episode: Text(episode.clone()), of: *of, cause: Text(*cause) })
        }
    }
}

impl From<RecordedV1> for CustodyEvent {
    fn from(wire: RecordedV1) -> Self {
        CustodyEvent::CustodyRecorded(Happening {
            episode: wire.episode.0,
            individual: wire.individual.map(|id| id.0),
            unit: wire.unit.0,
            what: wire.what.0,
            charges: match wire.charges {
                None => Charges::NotSaid,
                Some(ChargesV1::Extent(ExtentV1::All)) => Charges::All,
                Some(ChargesV1::Extent(ExtentV1::Part)) => Charges::Part,
                Some(ChargesV1::Named(names)) => Charges::Named(values(names)),
            },
            at: wire.at.0,
        })
    }
}

impl From<WithdrawnV1> for CustodyEvent {
    fn from(wire: WithdrawnV1) -> Self {
        CustodyEvent::CustodyWithdrawn(Withdrawal { episode: wire.episode.0, of: wire.of, cause: wire.cause.0 })
    }
}
