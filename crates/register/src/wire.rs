//! Bytes: the one module that knows how events, rows, filings and reports are written.
//!
//! Every event kind carries its version in its name (`request-received/1`). A published version is never edited, only
//! joined by another; `tests/golden/` holds the exact bytes of each. INVARIANT: encoding is canonical (compact JSON, keys
//! in the order of the structs here, empty fields written), and decoding refuses any other bytes for the same value.

mod closing;
mod coded;
mod custody;
mod decision;
mod event;
mod filing;
mod inquiry;
mod reading;
mod receipt;
mod report;
mod request;
mod retention;
mod run;
mod staff;
mod watch;
mod withheld;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use self::coded::Coded;
use crate::event::{Decision, Filing, Recorded};
use crate::receipt::CertifiedKey;
use crate::report::Report;
use crate::row::Row;
use crate::words::{Counting, ReportFormat};

/// Bytes that are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError {
    what: &'static str,
    why: String,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no canonical {}: {}", self.what, self.why)
    }
}

impl std::error::Error for WireError {}

/// A recorded event as one line of JSON.
pub fn encode(recorded: &Recorded) -> String {
    write(&event::RecordedWire::from(recorded))
}

/// The event these bytes are of.
///
/// # Errors
/// They are no JSON, of an unknown kind or version, or not canonical.
pub fn decode(text: &str) -> Result<Recorded, WireError> {
    let wire: event::RecordedWire = read("event", text)?;
    Ok(wire.into())
}

/// A closing row as one line of JSON.
pub fn encode_row(row: &Row) -> String {
    write(&closing::RowWire::from(row))
}

/// The closing row these bytes are of.
///
/// # Errors
/// As [`decode`].
pub fn decode_row(text: &str) -> Result<Row, WireError> {
    let wire: closing::RowWire = read("closing row", text)?;
    let row = wire.into();
    // A version that says more is for what an earlier one cannot say, and for nothing else: of a request, that it replaces
    // another, so that a form which counts on every reading counts on one.
    if let Row::Request { form, counting, .. } = &row
        && *counting != form.counting()
        && (*counting, form.counting()) != (Counting::Unclear, Counting::Counted)
    {
        return Err(WireError { what: "closing row", why: format!("`{form}` cannot count so") });
    }
    if encode_row(&row) != text {
        return Err(WireError { what: "closing row", why: "the same value is written differently".to_owned() });
    }
    Ok(row)
}

/// A filing as one line of JSON.
pub fn encode_filing(filing: &Filing) -> String {
    write(&filing::FilingSlot::V1(filing.into()))
}

/// The filing these bytes are of.
///
/// # Errors
/// As [`decode`].
pub fn decode_filing(text: &str) -> Result<Filing, WireError> {
    let filing::FilingSlot::V1(wire) = read("filing", text)?;
    Ok(wire.into())
}

/// A certified receipt key as one line of JSON.
pub fn encode_key(certified: &CertifiedKey) -> String {
    write(&receipt::KeySlot::ReceiptV1(certified.into()))
}

/// The certified receipt key these bytes are of.
///
/// # Errors
/// As [`decode`].
pub fn decode_key(text: &str) -> Result<CertifiedKey, WireError> {
    let receipt::KeySlot::ReceiptV1(wire) = read("certified key", text)?;
    Ok(wire.into())
}

/// The facts of a decision as one line of JSON.
pub fn encode_facts(facts: &BTreeMap<String, String>) -> String {
    write(&decision::FactsSlot::V1(facts))
}

/// The law's answer to a decision, with ask and day, as one line of JSON.
pub fn encode_answer(decision: &Decision) -> String {
    write(&decision::AnswerSlot::V1(decision.into()))
}

/// A report as the file `report.json` in one of its formats: indented, one newline at the end.
pub fn encode_report(report: &Report, format: ReportFormat) -> String {
    let text = match format {
        ReportFormat::V1 => serde_json::to_string_pretty(&report::ReportV1::from(report)),
        ReportFormat::V2 => serde_json::to_string_pretty(&report::ReportV2::from(report)),
    };
    // These types hold text, numbers and lists of them: writing them to memory does not fail.
    let mut text = text.unwrap_or_default();
    text.push('\n');
    text
}

fn write(value: &impl Serialize) -> String {
    // As above; an empty text would be refused by every reader.
    serde_json::to_string(value).unwrap_or_default()
}

fn read<T: Serialize + DeserializeOwned>(what: &'static str, text: &str) -> Result<T, WireError> {
    let value: T = serde_json::from_str(text).map_err(|error| WireError { what, why: error.to_string() })?;
    // As in `write`; bytes that fell short would be refused.
    let mut written = Vec::with_capacity(text.len());
    if serde_json::to_writer(&mut written, &value).is_err() || written != text.as_bytes() {
        return Err(WireError { what, why: "the same value is written differently".to_owned() });
    }
    Ok(value)
}

/// A value written as its code or text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Text<T>(T);

impl<T: Coded> Serialize for Text<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Coded> Deserialize<'de> for Text<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

/// Reads a text where it stands, without a copy of it.
struct TextVisitor<T>(PhantomData<T>);

impl<T: Coded> serde::de::Visitor<'_> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text<T>, E> {
        T::from_text(text).map(Text).map_err(E::custom)
    }
}

/// Many values, each written as its text.
fn texts<T: Clone>(values: &[T]) -> Vec<Text<T>> {
    values.iter().cloned().map(Text).collect()
}

/// Back from [`texts`].
fn values<T>(texts: Vec<Text<T>>) -> Vec<T> {
    texts.into_iter().map(|text| text.0).collect()
}
