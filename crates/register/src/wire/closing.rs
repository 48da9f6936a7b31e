//! How closing rows are written, by version.

use jiff::civil::Date;
use law::{Ask, PackHash};
use serde::{Deserialize, Serialize};
use tlog::Hash;

use super::{Text, texts, values, withheld};
use crate::event::{Frozen, PackRef};
use crate::row::{Measured, Period, Restates, Row, Scope};
use crate::sums::Sums;
use crate::time::{Month, Timestamp, Year};
use crate::words::{Authority, Cause, Counting, Departure, Form, Ground, KnownBy, Label, Measure, Mode, Outcome};

#[derive(Serialize, Deserialize)]
pub(super) enum RowWire {
    #[serde(rename = "period/1")]
    PeriodV1(PeriodV1),
    #[serde(rename = "period/2")]
    PeriodV2(PeriodV2),
    #[serde(rename = "request/1")]
    RequestV1(RequestV1),
    #[serde(rename = "outcome/1")]
    OutcomeV1(OutcomeV1),
    #[serde(rename = "held/1")]
    HeldV1(DoneV1),
    #[serde(rename = "transferred/1")]
    TransferredV1(DoneV1),
    #[serde(rename = "reimbursed/1")]
    ReimbursedV1(ReimbursedV1),
    #[serde(rename = "departure/1")]
    DepartureV1(DepartureV1),
    #[serde(rename = "coverage/1")]
    CoverageV1(CoverageV1),
    #[serde(rename = "request/2")]
    RequestV2(RequestV2),
    #[serde(rename = "requests-withheld/1")]
    RequestsWithheldV1(withheld::RequestsV1),
    #[serde(rename = "held-withheld/1")]
    HeldWithheldV1(withheld::DoneV1),
    #[serde(rename = "transferred-withheld/1")]
    TransferredWithheldV1(withheld::DoneV1),
    #[serde(rename = "reimbursed-withheld/1")]
    ReimbursedWithheldV1(withheld::ReimbursedV1),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodV1 {
    year: Text<Year>,
    mode: Text<Mode>,
    as_of: Text<Timestamp>,
    filed_on: Text<Date>,
    provisional_on: Option<Text<Date>>,
    frozen_size: u64,
    frozen_root: Text<Hash>,
    pack_id: String,
    pack_version: String,
    pack_hash: Text<PackHash>,
    other_requests: u64,
}

/// The period of a restatement.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodV2 {
    period: PeriodV1,
    restatement: u16,
    causes: Vec<Text<Cause>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestV1 {
    month: Text<Month>,
    form: Text<Form>,
    grounds: Vec<Text<Ground>>,
}

/// As the first version, of a request that counts otherwise than its form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestV2 {
    month: Text<Month>,
    form: Text<Form>,
    grounds: Vec<Text<Ground>>,
    counting: Text<Counting>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeV1 {
    outcome: Text<Outcome>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoneV1 {
    authorities: Vec<Text<Authority>>,
    known_by: Text<KnownBy>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReimbursedV1 {
    cents: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartureV1 {
    ask: Text<Ask>,
    code: Text<Departure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverageV1 {
    of: ScopeV1,
    measure: Text<Measure>,
    seen: u64,
    due: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ScopeV1 {
    Agency(Text<Label>),
    Line(Text<Label>),
}

impl From<&Row> for RowWire {
    fn from(row: &Row) -> Self {
        match row {
            Row::Period(period) => match &period.restates {
                None => RowWire::PeriodV1(PeriodV1::from(period)),
                Some(Restates { number, causes }) => RowWire::PeriodV2(PeriodV2 {
                    period: PeriodV1::from(period),
                    restatement: *number,
                    causes: texts(causes),
                }),
            },
            Row::Request { month, form, grounds, counting } if *counting == form.counting() => {
                RowWire::RequestV1(RequestV1 { month: Text(*month), form: Text(*form), grounds: texts(grounds) })
            }
            Row::Request { month, form, grounds, counting } => RowWire::RequestV2(RequestV2 {
                month: Text(*month),
                form: Text(*form),
                grounds: texts(grounds),
                counting: Text(*counting),
            }),
            Row::Outcome(outcome) => RowWire::OutcomeV1(OutcomeV1 { outcome: Text(*outcome) }),
            Row::Held { authorities, known_by } => {
                RowWire::HeldV1(DoneV1 { authorities: texts(authorities), known_by: Text(*known_by) })
            }
            Row::Transferred { authorities, known_by } => {
                RowWire::TransferredV1(DoneV1 { authorities: texts(authorities), known_by: Text(*known_by) })
            }
            Row::Reimbursed { cents } => RowWire::ReimbursedV1(ReimbursedV1 { cents: *cents }),
            Row::Departure { ask, code } => RowWire::DepartureV1(DepartureV1 { ask: Text(*ask), code: Text(*code) }),
            Row::Coverage(measured) => RowWire::CoverageV1(CoverageV1::from(measured)),
            Row::Withheld(sums) => withheld::write(sums),
        }
    }
}

impl From<RowWire> for Row {
    fn from(wire: RowWire) -> Self {
        match wire {
            RowWire::PeriodV1(one) => Row::Period(one.into()),
            RowWire::PeriodV2(one) => {
                let restates = Some(Restates { number: one.restatement, causes: values(one.causes) });
                Row::Period(Period { restates, ..one.period.into() })
            }
            RowWire::RequestV1(one) => Row::Request {
                month: one.month.0,
                form: one.form.0,
                grounds: values(one.grounds),
                counting: one.form.0.counting(),
            },
            RowWire::RequestV2(one) => Row::Request {
                month: one.month.0,
                form: one.form.0,
                grounds: values(one.grounds),
                counting: one.counting.0,
            },
            RowWire::OutcomeV1(one) => Row::Outcome(one.outcome.0),
            RowWire::HeldV1(one) => Row::Held { authorities: values(one.authorities), known_by: one.known_by.0 },
            RowWire::TransferredV1(one) => {
                Row::Transferred { authorities: values(one.authorities), known_by: one.known_by.0 }
            }
            RowWire::ReimbursedV1(one) => Row::Reimbursed { cents: one.cents },
            RowWire::DepartureV1(one) => Row::Departure { ask: one.ask.0, code: one.code.0 },
            RowWire::CoverageV1(one) => Row::Coverage(one.into()),
            RowWire::RequestsWithheldV1(one) => one.into(),
            RowWire::HeldWithheldV1(one) => Row::Withheld(Sums::Held(one.into())),
            RowWire::TransferredWithheldV1(one) => Row::Withheld(Sums::Transferred(one.into())),
            RowWire::ReimbursedWithheldV1(one) => one.into(),
        }
    }
}

impl From<&Period> for PeriodV1 {
    fn from(period: &Period) -> Self {
        let PackRef { id, version, hash } = period.pack.clone();
        PeriodV1 {
            year: Text(period.year),
            mode: Text(period.mode),
            as_of: Text(period.as_of),
            filed_on: Text(period.filed_on),
            provisional_on: period.provisional_on.map(Text),
            frozen_size: period.frozen.size,
            frozen_root: Text(period.frozen.root),
            pack_id: id,
            pack_version: version,
            pack_hash: Text(hash),
            other_requests: period.other_requests,
        }
    }
}

impl From<PeriodV1> for Period {
    fn from(wire: PeriodV1) -> Self {
        Period {
            year: wire.year.0,
            mode: wire.mode.0,
            as_of: wire.as_of.0,
            filed_on: wire.filed_on.0,
            provisional_on: wire.provisional_on.map(|on| on.0),
            frozen: Frozen { size: wire.frozen_size, root: wire.frozen_root.0 },
            pack: PackRef { id: wire.pack_id, version: wire.pack_version, hash: wire.pack_hash.0 },
            other_requests: wire.other_requests,
            restates: None,
        }
    }
}

impl From<&Measured> for CoverageV1 {
    fn from(measured: &Measured) -> Self {
        let of = match &measured.scope {
            Scope::Agency(name) => ScopeV1::Agency(Text(name.clone())),
            Scope::Line(name) => ScopeV1::Line(Text(name.clone())),
        };
        CoverageV1 { of, measure: Text(measured.measure), seen: measured.seen, due: measured.due }
    }
}

impl From<CoverageV1> for Measured {
    fn from(wire: CoverageV1) -> Self {
        let scope = match wire.of {
            ScopeV1::Agency(name) => Scope::Agency(name.0),
            ScopeV1::Line(name) => Scope::Line(name.0),
        };
        Measured { scope, measure: wire.measure.0, seen: wire.seen, due: wire.due }
    }
}
