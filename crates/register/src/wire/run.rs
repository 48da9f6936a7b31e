//! How events of the module [`crate::run`] are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Text;
use crate::event::FileHash;
use crate::run::Run;
use crate::time::Year;
use crate::words::{RunCount, RunKind};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunV1 {
    kind: Text<RunKind>,
    input: Text<FileHash>,
    rule: Text<FileHash>,
    year: Option<Text<Year>>,
    output: Text<FileHash>,
    #[serde(with = "counts")]
    counts: BTreeMap<RunCount, u64>,
}

impl From<&Run> for RunV1 {
    fn from(run: &Run) -> Self {
        RunV1 {
            kind: Text(run.kind),
            input: Text(run.input),
            rule: Text(run.rule),
            year: run.year.map(Text),
            output: Text(run.output),
            counts: run.counts.clone(),
        }
    }
}

impl From<RunV1> for Run {
    fn from(wire: RunV1) -> Self {
        Run {
            kind: wire.kind.0,
            input: wire.input.0,
            rule: wire.rule.0,
            year: wire.year.map(|year| year.0),
            output: wire.output.0,
            counts: wire.counts,
        }
    }
}

/// Counts are written in the byte order of their words, which is not that of the list.
mod counts {
    use super::{BTreeMap, Deserialize, RunCount, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(
        counts: &BTreeMap<RunCount, u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let by_word: BTreeMap<&str, u64> = counts.iter().map(|(what, number)| (what.code(), *number)).collect();
        by_word.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<RunCount, u64>, D::Error> {
        let by_word = BTreeMap::<String, u64>::deserialize(deserializer)?;
        let counts = by_word.into_iter().map(|(word, number)| Ok((word.parse::<RunCount>()?, number)));
        counts.collect::<Result<_, crate::words::UnknownWord>>().map_err(serde::de::Error::custom)
    }
}
