//! Types that have one text each.

use jiff::civil::Date;
use law::derived::{PaperHolder, PaperKind, PaperMatter, Signer};
use law::{Ask, Basis, PackHash, Says};
use tlog::Hash;

use crate::event::{Edition, FileHash};
use crate::ids::{
    AgencyId, ArrivalId, EpisodeId, HitId, IndividualId, LineId, NoteId, PaperId, PersonId, RequestId, UnitId,
};
use crate::request::{EntryKind, HitFile, PaperField, Recount, Shield, Verified};
use crate::time::{ClockTime, Moment, Month, Timestamp, Year};
use crate::watch::Tour;
use crate::words::{
    Authority, Cause, Channel, ClockDeparture, Component, CountSource, Counting, Decided, Departure, FederalPaper,
    FilingKind, Form, Found, Ground, KnownBy, Label, Measure, Mode, Outcome, ReportFormat, RunKind,
};

/// A type with exactly one text for each value.
pub(super) trait Coded: Sized {
    /// Writes the text.
    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    /// Back from the text.
    fn from_text(text: &str) -> Result<Self, String>;
}

macro_rules! by_display {
    ($($name:ty),+ $(,)?) => { $(
        impl Coded for $name {
            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
            fn from_text(text: &str) -> Result<Self, String> {
                text.parse::<$name>().map_err(|error| error.to_string())
            }
        }
    )+ };
}

pub(super) use by_display;

by_display!(
    AgencyId,
    ArrivalId,
    EpisodeId,
    HitId,
    IndividualId,
    LineId,
    NoteId,
    PaperId,
    PersonId,
    RequestId,
    UnitId,
    Date,
    Timestamp,
    ClockTime,
    Tour,
    Moment,
    Month,
    Year,
    Hash,
    Edition,
    FileHash,
    Authority,
    Cause,
    Channel,
    ClockDeparture,
    Component,
    CountSource,
    Counting,
    Decided,
    Departure,
    FederalPaper,
    FilingKind,
    Form,
    Found,
    Ground,
    KnownBy,
    Label,
    Measure,
    Mode,
    Outcome,
    ReportFormat,
    HitFile,
    PaperField,
    EntryKind,
    Recount,
    Shield,
    Verified,
    RunKind,
);

macro_rules! by_code {
    ($($name:ty, $what:literal);+ $(;)?) => { $(
        impl Coded for $name {
            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
            fn from_text(text: &str) -> Result<Self, String> {
                <$name>::parse(text).ok_or_else(|| format!("unknown {} `{text}`", $what))
            }
        }
    )+ };
}

by_code!(Ask, "ask"; Basis, "basis"; Says, "answer"; PaperKind, "kind of paper"; Signer, "signer"; PaperMatter, "matter"; PaperHolder, "holder");

impl Coded for PackHash {
    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
    fn from_text(text: &str) -> Result<Self, String> {
        PackHash::parse(text).ok_or_else(|| format!("no hash of a law pack: `{text}`"))
    }
}
