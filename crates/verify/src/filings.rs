//! What a filing promises: that its files are those filed, that what is opened is what the leaves hold, that no leaf is
//! left out, that the rows are as many as the leaves that count, and that the report follows from the rows.

use std::collections::{BTreeMap, BTreeSet};

use law::Pack;
use register::event::{FileHash, Filing};
use register::leaf::Slot;
use register::place::{
    closing_path, counts_path, filing_of, filing_path, folder, pack_folder, report_path, withheld_path,
};
use register::report::Report;
use register::time::Year;
use register::wire;
use register::words::{CountsAs, FilingKind};

use crate::openings::opened;
use crate::rows::{Closing, Counted};
use crate::{Accounted, Files, FilingSeen, Log, Promise, Verdict, rows, say};

/// What the filings show, for whoever looks further.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Where the folder has a filing.
    pub(crate) paths: BTreeSet<String>,
    /// Law packs by the text of their hash.
    pub(crate) packs: BTreeMap<String, Pack>,
    /// Closing rows of each filing, as published, in the order of their text.
    pub(crate) rows: BTreeMap<(Year, FilingKind), Vec<String>>,
    /// The reports that follow from them.
    pub(crate) reports: BTreeMap<(Year, FilingKind), Report>,
    /// What each leaf that is opened counts as.
    pub(crate) counted: Counted,
    /// Every filing that its own leaf holds.
    pub(crate) filings: Vec<Filed>,
}

/// A filing and the leaf that holds it.
#[derive(Debug)]
pub(crate) struct Filed {
    /// Index of its leaf.
    pub(crate) position: u64,
    /// What the leaf says.
    pub(crate) filing: Filing,
}

/// Checks every filing in the folder.
pub(crate) fn check(files: &Files, log: Log<'_>, accounted: &mut Accounted, verdict: &mut Verdict) -> Seen {
    let mut seen = Seen::default();
    let paths = filing_files(files);
    if paths.is_empty() {
        verdict.notice(
            "the folder shows no filing: none was made, or all were taken away; only key and tree could be checked",
        );
        return seen;
    }
    verdict.check(Promise::Filing, format!("{} filings and their files", paths.len()));
    verdict.check(Promise::Openings, "every opened slot against its leaf");
    let mut filings = Vec::new();
    seen.paths = paths.iter().filter(|path| files.contains_key(*path)).cloned().collect();
    for path in paths {
        accounted.insert(path.clone());
        let Some(filed) = own_opening(files, &path, log, verdict) else { continue };
        filed_files(files, &path, &filed.filing, accounted, verdict);
        filings.push(filed);
    }
    filings.sort_by_key(|filed| (filed.filing.year, filed.filing.kind));
    for filed in &filings {
        frozen_in_log(&filed.filing, log, verdict);
        load_pack(files, &filed.filing, &mut seen, verdict);
    }
    check_numbers(files, log, &filings, &mut seen, verdict);
    seen.filings = filings;
    seen
}

impl Seen {
    /// The filings that open leaves.
    pub(crate) fn closings(&self) -> impl Iterator<Item = &Filing> {
        let filings = self.filings.iter().map(|filed| &filed.filing);
        filings.filter(|filing| filing.kind.opens() && filing.opens.is_some())
    }
}

/// The paths at which the folder must have a filing: where one is, and where the files of one are.
fn filing_files(files: &Files) -> BTreeSet<String> {
    files.keys().filter_map(|path| filing_of(path)).map(|(year, kind)| filing_path(year, kind)).collect()
}

/// The filing that a filing's own leaf holds.
fn own_opening(files: &Files, path: &str, log: Log<'_>, verdict: &mut Verdict) -> Option<Filed> {
    if !files.contains_key(path) {
        verdict.find(Promise::Filing, path, "the file is missing, and files that it must name are here");
        return None;
    }
    let opened = opened(files, path, &[Slot::CountsAs, Slot::Year, Slot::Filing], log, verdict)?;
    let mut leaves = opened.into_iter();
    let (Some((position, slots)), None) = (leaves.next(), leaves.next()) else {
        verdict.find(Promise::Filing, path, "it opens more or less than one leaf");
        return None;
    };
    if slots.get(&Slot::CountsAs).map(String::as_str) != Some(CountsAs::Filing.code()) {
        verdict.find(Promise::Filing, path, "the leaf it opens does not count as a filing");
        return None;
    }
    let filing = match wire::decode_filing(slots.get(&Slot::Filing).map(String::as_str).unwrap_or_default()) {
        Ok(filing) => filing,
        Err(error) => {
            verdict.find(Promise::Filing, path, error.to_string());
            return None;
        }
    };
    if slots.get(&Slot::Year) != Some(&filing.year.to_string()) {
        verdict.find(Promise::Filing, path, format!("the leaf does not count in {}", filing.year));
        return None;
    }
    if path != filing_path(filing.year, filing.kind) {
        let what = format!("it is the {} filing for {} and stands in another's place", filing.kind, filing.year);
        verdict.find(Promise::Filing, path, what);
        return None;
    }
    Some(Filed { position, filing })
}

fn filed_files(files: &Files, path: &str, filing: &Filing, accounted: &mut Accounted, verdict: &mut Verdict) {
    let report = report_path(filing.year, filing.kind);
    if !filing.files.contains_key(&report) {
        verdict.find(Promise::Filing, path, format!("it names no `{report}`"));
    }
    for (name, hash) in &filing.files {
        if !may_hold(filing, name) {
            verdict.find(Promise::Filing, path, format!("it names `{name}`, which is no file of this filing"));
            continue;
        }
        accounted.insert(name.clone());
        match files.get(name) {
            None => verdict.find(Promise::Filing, name.clone(), format!("`{path}` names it and it is missing")),
            Some(bytes) if FileHash::of(bytes) != *hash => verdict.find(
                Promise::Filing,
                name.clone(),
                format!("it is not the file that was filed: `{path}` names another hash"),
            ),
            Some(_) => {}
        }
    }
}

/// Whether a filing can name a file: its reports, its openings, and the law pack it was drawn under.
fn may_hold(filing: &Filing, name: &str) -> bool {
    let folder = folder(filing.year, filing.kind);
    let reports = ["report.json", "report.html"].map(|report| format!("{folder}/{report}"));
    let openings = [counts_path, closing_path, withheld_path].map(|path| path(filing.year, filing.kind));
    let in_pack = name.strip_prefix(&pack_folder(&filing.pack.hash.to_string()));
    let plain = |inner: &str| inner.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    reports.iter().any(|report| report == name)
        || (filing.kind.opens() && openings.iter().any(|opening| opening == name))
        || in_pack.is_some_and(plain)
}

fn frozen_in_log(filing: &Filing, log: Log<'_>, verdict: &mut Verdict) {
    let frozen = usize::try_from(filing.frozen.size).ok();
    let root = frozen.and_then(|size| log.leaves.get(..size)).map(tlog::root);
    if root != Some(filing.frozen.root) {
        let place = filing_path(filing.year, filing.kind);
        verdict.find(Promise::Filing, place, "the checkpoint it was frozen at is not of this log");
    }
}

/// Leaves, rows and reports of all filings together.
fn check_numbers(files: &Files, log: Log<'_>, filings: &[Filed], seen: &mut Seen, verdict: &mut Verdict) {
    let opens = |filed: &Filed| filed.filing.kind.opens() && filed.filing.opens.is_some();
    let mut closings: Vec<&Filed> = filings.iter().filter(|filed| opens(filed)).collect();
    closings.sort_by_key(|filed| filed.filing.opens);
    let counted = rows::counted(files, log, &closings, verdict);
    rows::filings_counted(filings, &counted, verdict);
    rows::late(&closings, &counted, verdict);
    let (mut compared, mut recomputed) = (Vec::new(), Vec::new());
    for filed in filings {
        let filing = &filed.filing;
        let pack = seen.packs.get(&filing.pack.hash.to_string());
        if let Some(pack) = pack {
            rows::dated(filing, pack, verdict);
            rows::names_pack(filing, pack, verdict);
        }
        if !opens(filed) {
            opens_nothing(files, filing, verdict);
            continue;
        }
        let Some(found) = rows::closing_rows(files, log, filing, &counted, verdict) else { continue };
        let of_year = closings.iter().map(|other| &other.filing).filter(|other| other.year == filing.year);
        let next = of_year.filter(|other| other.kind > filing.kind).map(|other| other.frozen.size).min();
        let withheld = rows::withheld(files, log, filing, &counted, verdict);
        rows::compare(&Closing { filing, next, withheld }, &counted, &found, verdict);
        compared.push(format!("{} rows of {}", found.len(), named(filing)));
        if let Some(pack) = pack {
            recomputed.push(named(filing));
            let is_letter = |other: &&Filed| {
                other.filing.kind == FilingKind::Provisional
                    && other.filing.year == filing.year
                    && other.position < filing.frozen.size
            };
            let letter = filings.iter().find(is_letter).map(|other| &other.filing);
            let before = rows::before(filing).and_then(|kind| seen.reports.get(&(filing.year, kind)));
            let report = rows::report_follows(files, filed, &rows::Drawn { pack, letter, before }, &found, verdict);
            seen.reports.extend(report.map(|report| ((filing.year, filing.kind), report)));
        }
        let mut texts: Vec<String> = found.iter().map(wire::encode_row).collect();
        texts.sort();
        seen.rows.insert((filing.year, filing.kind), texts);
    }
    if !compared.is_empty() {
        verdict.check(Promise::Rows, format!("{} against the leaves that count", say::list(&compared)));
    }
    if !recomputed.is_empty() {
        let years = say::list(&recomputed);
        verdict.check(Promise::Report, format!("the report for {years}, recomputed from its rows byte for byte"));
    }
    seen.counted = counted;
}

/// A filing that opens, as a list of several calls it.
fn named(filing: &Filing) -> String {
    match filing.kind {
        FilingKind::Provisional | FilingKind::Closing => filing.year.to_string(),
        FilingKind::Restatement(number) => format!("{} (restatement {number})", filing.year),
    }
}

fn opens_nothing(files: &Files, filing: &Filing, verdict: &mut Verdict) {
    let kind = filing.kind.to_string();
    verdict.filings.push(FilingSeen { year: filing.year.to_string(), kind, totals: Vec::new() });
    if files.contains_key(&filing_path(filing.year, FilingKind::Closing)) {
        return;
    }
    verdict.notice(format!(
        "the letter for {} is provisional: it shows totals as of {} and opens nothing, so they cannot be recomputed yet",
        filing.year, filing.as_of
    ));
}

/// Loads the law pack of a filing from the files that the filing names; others in the folder are accounted for by
/// nothing. A file with another hash than the filing names is not read: it is a stranger's.
fn load_pack(files: &Files, filing: &Filing, seen: &mut Seen, verdict: &mut Verdict) {
    let hash = filing.pack.hash.to_string();
    if seen.packs.contains_key(&hash) {
        return;
    }
    let folder = pack_folder(&hash);
    let text = |(path, hash): (&String, &FileHash)| {
        let name = path.strip_prefix(&folder)?;
        let bytes = files.get(path).filter(|bytes| FileHash::of(bytes) == *hash)?;
        Some((name.to_owned(), std::str::from_utf8(bytes).ok()?.to_owned()))
    };
    let pack = match Pack::load(&filing.files.iter().filter_map(text).collect()) {
        Ok(pack) => pack,
        Err(problems) => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let what = format!("the law pack cannot be read, {} problems, the first: {first}", problems.len());
            verdict.find(Promise::Report, folder, what);
            return;
        }
    };
    if pack.hash() == filing.pack.hash {
        seen.packs.insert(hash, pack);
        return;
    }
    verdict.find(Promise::Report, folder, "the law pack has another hash than the one that was filed");
}
