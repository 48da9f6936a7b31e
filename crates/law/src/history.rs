//! `history.toml`: figures that were published before there was a register. Source named, rows never invented.

use jiff::civil::Date;

use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::words::{Certainty, Reporter};

/// One published figure. Its rows are not available: only the letter or the newspaper is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedYear {
    /// The year covered.
    pub year: i16,
    /// The figure; `None` when it was looked for and not found.
    pub requests: Option<u64>,
    /// Whose figure it is.
    pub by: Reporter,
    /// How well the figure is known.
    pub certainty: Certainty,
    /// The day the letter is dated or was filed, as far as the source says.
    pub filed_on: Option<Date>,
    /// How many days late that was, where the source or the law's day says.
    pub days_late: Option<u32>,
    /// The reason given, in the words given.
    pub reason: Option<String>,
    /// What else the letter or the newspaper said.
    pub note: Option<String>,
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
    reader.only(
        row,
        &["year", "requests", "by", "certainty", "filed_on", "days_late", "reason", "note", "source", "rows"],
    );
    reader.parsed(row, "rows", "`unavailable`, the only thing rows can be here", |rows| {
        (rows == "unavailable").then_some(())
    });
    let year = reader.number(row, "year");
    let requests = reader.optional_number(row, "requests");
    let by = reader.word(row, "by");
    let certainty = reader.optional_word(row, "certainty").unwrap_or(Certainty::Reported);
    let filed_on = reader.optional_date(row, "filed_on");
    let days_late = reader.optional_number(row, "days_late");
    if days_late.is_some() && filed_on.is_none() {
        let hint = "add `filed_on`, or leave `days_late` out".to_owned();
        reader.problem(&row, "`days_late` without the day it was filed".to_owned(), Some(hint));
    }
    let (reason, note) = (reader.optional_text(row, "reason"), reader.optional_text(row, "note"));
    let source = reader.text(row, "source");
    Some(ReportedYear { year: year?, requests, by: by?, certainty, filed_on, days_late, reason, note, source: source? })
}
