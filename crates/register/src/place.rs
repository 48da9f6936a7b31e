//! Where what is published stands: the paths of a published folder, which are part of the format.
//!
//! Tiles, entries and the checkpoint have the paths of the C2SP specifications; [`tlog`] knows those.

use crate::time::Year;
use crate::words::FilingKind;

/// Folder of a filing.
pub fn folder(year: Year, kind: FilingKind) -> String {
    format!("filings/{}", within(year, kind))
}

/// The year's own folder is that of its closing.
fn within(year: Year, kind: FilingKind) -> String {
    match kind {
        FilingKind::Closing => year.to_string(),
        FilingKind::Provisional | FilingKind::Restatement(_) => format!("{year}/{kind}"),
    }
}

/// The filing to whose folder a path under `filings/` or `openings/` belongs.
pub fn filing_of(path: &str) -> Option<(Year, FilingKind)> {
    let rest = path.strip_prefix("filings/").or_else(|| path.strip_prefix("openings/"))?;
    let (year, name) = rest.split_once('/')?;
    let kind = name.split_once('/').and_then(|(folder, _)| folder.parse().ok()).unwrap_or(FilingKind::Closing);
    Some((year.parse().ok()?, kind))
}

/// Path of the opening of a filing's own leaf.
pub fn filing_path(year: Year, kind: FilingKind) -> String {
    format!("{}/filing", folder(year, kind))
}

/// Path of a filing's `report.json`.
pub fn report_path(year: Year, kind: FilingKind) -> String {
    format!("{}/report.json", folder(year, kind))
}

/// Path of the openings of what each leaf counts as.
pub fn counts_path(year: Year, kind: FilingKind) -> String {
    format!("openings/{}/counts-as", within(year, kind))
}

/// Path of the openings of a filing's closing entries.
pub fn closing_path(year: Year, kind: FilingKind) -> String {
    format!("openings/{}/closing", within(year, kind))
}

/// Path of the openings of why a filing's other closing entries stay shut; it is there where any does.
pub fn withheld_path(year: Year, kind: FilingKind) -> String {
    format!("openings/{}/withheld", within(year, kind))
}

/// Path of the opening of a leaf that counts as a key.
pub fn key_path(position: u64) -> String {
    format!("{KEYS}{position}")
}

/// The position of the leaf that a path under `keys/` opens.
pub fn key_of(path: &str) -> Option<u64> {
    let position = path.strip_prefix(KEYS)?.parse().ok()?;
    (key_path(position) == path).then_some(position)
}

/// Folder of the certified keys.
const KEYS: &str = "keys/";

/// Folder of a law pack.
pub fn pack_folder(hash: &str) -> String {
    format!("law/{hash}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever changes a path breaks every folder that was ever published.
    #[test]
    fn the_paths_are_those_of_the_format() {
        let year = "2022".parse().unwrap();
        let paths = [
            folder(year, FilingKind::Closing),
            folder(year, FilingKind::Provisional),
            filing_path(year, FilingKind::Closing),
            filing_path(year, FilingKind::Provisional),
            report_path(year, FilingKind::Closing),
            report_path(year, FilingKind::Provisional),
            counts_path(year, FilingKind::Closing),
            closing_path(year, FilingKind::Closing),
            report_path(year, FilingKind::Restatement(1)),
            closing_path(year, FilingKind::Restatement(2)),
            withheld_path(year, FilingKind::Closing),
            pack_folder("5a"),
            key_path(31),
        ];
        let expected = [
            "filings/2022",
            "filings/2022/provisional",
            "filings/2022/filing",
            "filings/2022/provisional/filing",
            "filings/2022/report.json",
            "filings/2022/provisional/report.json",
            "openings/2022/counts-as",
            "openings/2022/closing",
            "filings/2022/restatement-1/report.json",
            "openings/2022/restatement-2/closing",
            "openings/2022/withheld",
            "law/5a/",
            "keys/31",
        ];
        assert_eq!(paths, expected);
        assert_eq!(
            ["keys/31", "keys/031", "keys/+31", "keys/", "keys/31/x"].map(key_of),
            [Some(31), None, None, None, None]
        );
    }
}
