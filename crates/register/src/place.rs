//! Where what is published stands: the paths of a published folder, which are part of the format.
//!
//! Tiles, entries and the checkpoint have the paths of the C2SP specifications; [`tlog`] knows those.

use crate::time::Year;
use crate::words::FilingKind;

/// Folder of a year's closing filing, and of its provisional one.
pub fn folder(year: Year, kind: FilingKind) -> String {
    match kind {
        FilingKind::Closing => format!("filings/{year}"),
        FilingKind::Provisional => format!("filings/{year}/provisional"),
    }
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
pub fn counts_path(year: Year) -> String {
    format!("openings/{year}/counts-as")
}

/// Path of the openings of a year's closing entries.
pub fn closing_path(year: Year) -> String {
    format!("openings/{year}/closing")
}

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
            counts_path(year),
            closing_path(year),
            pack_folder("5a"),
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
            "law/5a/",
        ];
        assert_eq!(paths, expected);
    }
}
