//! `history.toml`: figures that were published before there was a register. Source named, rows never invented.

use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::words::Reporter;

/// One published figure. Its rows are not available: only the letter or the newspaper is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedYear {
    /// The year covered.
    pub year: i16,
    /// The figure; `None` when it was looked for and not found.
    pub requests: Option<u64>,
    /// Whose figure it is.
    pub by: Reporter,
    /// The reason given, in the words given.
    pub reason: Option<String>,
    /// Where it was published.
    pub source: String,
}

/// Reads `history.toml`.
pub(crate) fn read(file: &str, text: &str) -> (Option<Vec<ReportedYear>>, Vec<Problem>) {
    read_toml(file, text, 1, |reader, document| {
        reader.only(document, &["reported"]);
        let rows = reader.rows(document, "reported");
        Some(rows.into_iter().filter_map(|row| read_row(reader, row)).collect())
    })
}

fn read_row(reader: &mut Reader<'_>, row: Table<'_>) -> Option<ReportedYear> {
    reader.only(row, &["year", "requests", "by", "reason", "source", "rows"]);
    reader.parsed(row, "rows", "`unavailable`, the only thing rows can be here", |rows| {
        (rows == "unavailable").then_some(())
    });
    let year = reader.number(row, "year");
    let requests = reader.optional_number(row, "requests");
    let by = reader.word(row, "by");
    let reason = reader.optional_text(row, "reason");
    let source = reader.text(row, "source");
    Some(ReportedYear { year: year?, requests, by: by?, reason, source: source? })
}
