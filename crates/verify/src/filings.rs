//! What a filing promises: that its files are those filed, that what is opened is what the leaves hold, that no leaf is
//! left out, that the rows are as many as the leaves that count, and that the report follows from the rows.

use std::collections::{BTreeMap, BTreeSet};

use law::Pack;
use register::closing::Row;
use register::event::{FileHash, Filing};
use register::leaf::Slot;
use register::opening::{OpenedSlot, OpeningFile};
use register::report;
use register::time::Year;
use register::wire;
use register::words::{Counting, CountsAs, FilingKind, Mode};
use tlog::hash_leaf;

use crate::{Accounted, Files, FilingSeen, Log, Promise, Verdict};

/// What the filings show, for whoever looks further.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Law packs by the text of their hash.
    pub(crate) packs: BTreeMap<String, Pack>,
    /// Closing rows by year, as published, in the order of their text.
    pub(crate) rows: BTreeMap<Year, Vec<String>>,
}

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

/// Checks every filing in the folder.
pub(crate) fn check(files: &Files, log: Log<'_>, accounted: &mut Accounted, verdict: &mut Verdict) -> Seen {
    let mut seen = Seen::default();
    let paths: Vec<&String> =
        files.keys().filter(|path| path.starts_with("filings/") && path.ends_with("/filing")).collect();
    if paths.is_empty() {
        verdict.notices.push("nothing is filed yet: only key and tree could be checked".to_owned());
        return seen;
    }
    verdict.check(Promise::Filing, format!("{} filings and their files", paths.len()));
    verdict.check(Promise::Openings, "every opened slot against its leaf");
    let mut filings = Vec::new();
    for path in paths {
        match own_opening(files, path, log, verdict) {
            Some(filing) if *path == filing_path(filing.year, filing.kind) => {
                accounted.insert(path.clone());
                filed_files(files, path, &filing, accounted, verdict);
                filings.push(filing);
            }
            Some(filing) => verdict.find(
                Promise::Filing,
                path.clone(),
                format!("it is the {} filing for {} and stands in another's place", filing.kind, filing.year),
            ),
            None => {
                accounted.insert(path.clone());
            }
        }
    }
    filings.sort_by_key(|filing| (filing.year, filing.kind));
    let mut opened_until = 0;
    for filing in &filings {
        check_filing(files, log, filing, &mut opened_until, &mut seen, verdict);
    }
    seen
}

/// The filing that a filing's own leaf holds.
fn own_opening(files: &Files, path: &str, log: Log<'_>, verdict: &mut Verdict) -> Option<Filing> {
    let slots = opened(files, path, log, verdict)?;
    let [(_, slots)] = slots.as_slice() else {
        verdict.find(Promise::Filing, path, "it opens more or less than one leaf");
        return None;
    };
    if slots.get(&Slot::CountsAs).map(String::as_str) != Some(CountsAs::Filing.code()) {
        verdict.find(Promise::Filing, path, "the leaf it opens does not count as a filing");
        return None;
    }
    let text = slots.get(&Slot::Filing).map(String::as_str).unwrap_or_default();
    match wire::decode_filing(text) {
        Ok(filing) if slots.get(&Slot::Year) == Some(&filing.year.to_string()) => Some(filing),
        Ok(filing) => {
            verdict.find(Promise::Filing, path, format!("the leaf does not count in {}", filing.year));
            None
        }
        Err(error) => {
            verdict.find(Promise::Filing, path, error.to_string());
            None
        }
    }
}

fn filed_files(files: &Files, path: &str, filing: &Filing, accounted: &mut Accounted, verdict: &mut Verdict) {
    for (name, hash) in &filing.files {
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

fn check_filing(
    files: &Files,
    log: Log<'_>,
    filing: &Filing,
    opened_until: &mut u64,
    seen: &mut Seen,
    verdict: &mut Verdict,
) {
    let place = filing_path(filing.year, filing.kind);
    let frozen = usize::try_from(filing.frozen.size).ok();
    let at_freeze = log.leaves.and_then(|leaves| leaves.get(..frozen?)).map(tlog::root);
    if log.leaves.is_some() && at_freeze != Some(filing.frozen.root) {
        verdict.find(Promise::Filing, place.clone(), "the checkpoint it was frozen at is not of this log");
    }
    let pack = load_pack(files, filing, seen, verdict);
    let Some((from, until)) = filing.opens else {
        provisional(files, filing, verdict);
        return;
    };
    if from != *opened_until || until < from {
        let what =
            format!("it opens the leaves from {from} until {until}; the filing before opened until {opened_until}");
        verdict.find(Promise::Counted, place, what);
    }
    *opened_until = until;
    let counted = counts(files, log, filing, verdict);
    let Some(rows) = closing_rows(files, log, filing, &counted, verdict) else { return };
    compare(filing, &counted, &rows, verdict);
    if let Some(pack) = pack {
        report_follows(files, filing, &pack, &rows, verdict);
    }
    seen.rows.insert(filing.year, rows.iter().map(wire::encode_row).collect());
}

fn provisional(files: &Files, filing: &Filing, verdict: &mut Verdict) {
    let kind = filing.kind.code();
    verdict.filings.push(FilingSeen { year: filing.year.to_string(), kind, totals: Vec::new() });
    if files.contains_key(&filing_path(filing.year, FilingKind::Closing)) {
        return;
    }
    verdict.notices.push(format!(
        "the letter for {} is provisional: it shows totals as of {} and opens nothing, so they cannot be recomputed yet",
        filing.year, filing.as_of
    ));
}

/// What each opened leaf counts as, and in which year.
type Counted = BTreeMap<u64, (CountsAs, Option<Year>)>;

fn counts(files: &Files, log: Log<'_>, filing: &Filing, verdict: &mut Verdict) -> Counted {
    let path = counts_path(filing.year);
    let (from, until) = filing.opens.unwrap_or_default();
    verdict.check(Promise::Counted, format!("what each leaf counts as, until leaf {until}"));
    let mut counted = Counted::new();
    for (position, slots) in opened(files, &path, log, verdict).unwrap_or_default() {
        let kind = slots.get(&Slot::CountsAs).and_then(|code| code.parse::<CountsAs>().ok());
        let year = slots.get(&Slot::Year).map(|year| year.parse::<Year>());
        match (kind, year) {
            (Some(CountsAs::Nothing), None) => counted.insert(position, (CountsAs::Nothing, None)),
            (Some(kind), Some(Ok(year))) if kind != CountsAs::Nothing => counted.insert(position, (kind, Some(year))),
            (_, _) => {
                verdict.find(
                    Promise::Counted,
                    format!("{path}, leaf {position}"),
                    "it does not say what it counts as and, where it counts, in which year",
                );
                None
            }
        };
    }
    let shut: Vec<u64> = (from..until).filter(|position| !counted.contains_key(position)).collect();
    if let Some(first) = shut.first() {
        let what = format!("{} leaves do not say what they count as, the first of them leaf {first}", shut.len());
        verdict.find(Promise::Counted, path.clone(), what);
    }
    if counted.keys().any(|position| !(from..until).contains(position)) {
        verdict.find(Promise::Counted, path, format!("it opens leaves that are not between {from} and {until}"));
    }
    counted
}

/// The rows of the closing entries, each in a leaf that counts as one.
fn closing_rows(
    files: &Files,
    log: Log<'_>,
    filing: &Filing,
    counted: &Counted,
    verdict: &mut Verdict,
) -> Option<Vec<Row>> {
    let path = closing_path(filing.year);
    let mut rows = Vec::new();
    for (position, slots) in opened(files, &path, log, verdict)? {
        let place = format!("{path}, leaf {position}");
        if counted.get(&position) != Some(&(CountsAs::Closing, Some(filing.year))) {
            verdict.find(
                Promise::Rows,
                place,
                format!("the leaf does not count as a closing entry of {}", filing.year),
            );
            continue;
        }
        if position < filing.frozen.size {
            verdict.find(Promise::Rows, place, "the closing entry is older than the freeze");
            continue;
        }
        match wire::decode_row(slots.get(&Slot::Row).map(String::as_str).unwrap_or_default()) {
            Ok(row) if slots.get(&Slot::Set).map(String::as_str) == Some(row.set().code()) => rows.push(row),
            Ok(_) => verdict.find(Promise::Rows, place, "the row is not of the table its leaf names"),
            Err(error) => verdict.find(Promise::Rows, place, error.to_string()),
        }
    }
    rows.sort();
    Some(rows)
}

/// Rows against counted leaves, table by table.
fn compare(filing: &Filing, counted: &Counted, rows: &[Row], verdict: &mut Verdict) {
    verdict.check(Promise::Rows, format!("{} rows of {} against the leaves that count", rows.len(), filing.year));
    let year = filing.year;
    let leaves = |kind: CountsAs| counted.values().filter(|one| **one == (kind, Some(year))).count();
    let of_form = |counting: Counting| {
        rows.iter().filter(|row| matches!(row, Row::Request { form, .. } if form.counting() == counting)).count()
    };
    let number = |matches: fn(&Row) -> bool| rows.iter().filter(|row| matches(row)).count();
    let requests = leaves(CountsAs::Request) + leaves(CountsAs::RequestUnclear);
    let mut exact = |what: &str, rows: usize, leaves: usize| {
        if rows != leaves {
            verdict.find(
                Promise::Rows,
                format!("{what} of {year}"),
                format!("{rows} rows and {leaves} leaves that count"),
            );
        }
    };
    exact("requests", of_form(Counting::Counted), leaves(CountsAs::Request));
    exact("requests on one reading", of_form(Counting::Unclear), leaves(CountsAs::RequestUnclear));
    exact("outcomes", number(|row| matches!(row, Row::Outcome(_))), requests);
    exact("closing entries", rows.len(), leaves(CountsAs::Closing));
    // Several leaves can be of one individual or one case, never fewer than one.
    let mut at_most = |what: &str, rows: usize, leaves: usize| {
        if rows > leaves || (rows == 0) != (leaves == 0) {
            verdict.find(
                Promise::Rows,
                format!("{what} of {year}"),
                format!("{rows} rows and {leaves} leaves that count"),
            );
        }
    };
    at_most("individuals held", number(|row| matches!(row, Row::Held { .. })), leaves(CountsAs::Held));
    let transferred = number(|row| matches!(row, Row::Transferred { .. }));
    at_most("individuals transferred", transferred, leaves(CountsAs::Transferred));
    at_most("reimbursements", number(|row| matches!(row, Row::Reimbursed { .. })), leaves(CountsAs::Reimbursed));
    let late: BTreeSet<Year> = counted
        .values()
        .filter(|(kind, counted_in)| *kind == CountsAs::Request && counted_in.is_some_and(|one| one < year))
        .filter_map(|(_, counted_in)| *counted_in)
        .collect();
    for late_year in late {
        verdict
            .notices
            .push(format!("requests of {late_year} were registered after its closing: a restatement is due"));
    }
}

fn report_follows(files: &Files, filing: &Filing, pack: &Pack, rows: &[Row], verdict: &mut Verdict) {
    let path = format!("{}/report.json", folder(filing.year, filing.kind));
    verdict.check(Promise::Report, format!("the report for {}, recomputed from its rows byte for byte", filing.year));
    let report = match report::from_rows(pack, &verdict.origin, rows) {
        Ok(report) => report,
        Err(what) => {
            verdict.find(Promise::Report, path, what);
            return;
        }
    };
    let stated = (report.year, report.as_of, &report.log.root, &report.law.2);
    if stated != (filing.year, filing.as_of, &filing.frozen.root.to_string(), &filing.pack.hash.to_string()) {
        verdict.find(Promise::Report, path.clone(), "its rows are of another period, freeze or law than its filing");
    }
    if (report.mode == Mode::Demonstration) != verdict.is_demonstration() {
        verdict.find(Promise::Report, path.clone(), "it does not agree with the log on whether its rows are invented");
    }
    if files.get(&path).map(Vec::as_slice) != Some(wire::encode_report(&report).as_bytes()) {
        verdict.find(Promise::Report, path, "it is not the report that follows from the published rows");
    }
    let totals = report.items.iter().map(|item| (item.title.clone(), item.total, item.unit.code().to_owned()));
    verdict.filings.push(FilingSeen {
        year: filing.year.to_string(),
        kind: filing.kind.code(),
        totals: totals.collect(),
    });
}

fn load_pack(files: &Files, filing: &Filing, seen: &mut Seen, verdict: &mut Verdict) -> Option<Pack> {
    let hash = filing.pack.hash.to_string();
    let folder = pack_folder(&hash);
    let texts: BTreeMap<String, String> = files
        .range(folder.clone()..)
        .take_while(|(path, _)| path.starts_with(&folder))
        .filter_map(|(path, bytes)| {
            let name = path.strip_prefix(&folder)?;
            Some((name.to_owned(), String::from_utf8(bytes.clone()).ok()?))
        })
        .collect();
    let pack = match Pack::load(&texts) {
        Ok(pack) => pack,
        Err(problems) => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let what = format!("the law pack cannot be read, {} problems, the first: {first}", problems.len());
            verdict.find(Promise::Report, folder, what);
            return None;
        }
    };
    if pack.hash() != filing.pack.hash {
        verdict.find(Promise::Report, folder, "the law pack has another hash than the one that was filed");
        return None;
    }
    seen.packs.insert(hash, pack.clone());
    Some(pack)
}

/// What a file opens, leaf by leaf; none if it is missing or malformed. A slot that leads to another leaf is a finding
/// and is left out.
fn opened(
    files: &Files,
    path: &str,
    log: Log<'_>,
    verdict: &mut Verdict,
) -> Option<Vec<(u64, BTreeMap<Slot, String>)>> {
    let Some(bytes) = files.get(path) else {
        verdict.find(Promise::Openings, path, "the file is missing");
        return None;
    };
    let parsed = std::str::from_utf8(bytes).map_err(|_| "the file is no text".to_owned());
    let file = match parsed.and_then(|text| OpeningFile::parse(text).map_err(|error| error.to_string())) {
        Ok(file) => file,
        Err(what) => {
            verdict.find(Promise::Openings, path, what);
            return None;
        }
    };
    if file.origin != verdict.origin {
        verdict.find(Promise::Openings, path, format!("it is of another log, `{}`", file.origin));
    }
    let mut leaves: Vec<(u64, BTreeMap<Slot, String>)> = Vec::new();
    for opening in file.openings {
        if !leads_to_leaf(log, opening.position, &opening.opened) {
            let place = format!("{path}, leaf {}", opening.position);
            verdict.find(
                Promise::Openings,
                place,
                format!("the leaf does not hold what is opened of its slot `{}`", opening.opened.slot.code()),
            );
            continue;
        }
        if leaves.last().is_none_or(|(position, _)| *position != opening.position) {
            leaves.push((opening.position, BTreeMap::new()));
        }
        if let Some((_, slots)) = leaves.last_mut() {
            slots.insert(opening.opened.slot, opening.opened.value);
        }
    }
    Some(leaves)
}

fn leads_to_leaf(log: Log<'_>, position: u64, opened: &OpenedSlot) -> bool {
    match (opened.root(), log.leaf(position)) {
        (Some(root), Some(leaf)) => hash_leaf(&root) == *leaf,
        (Some(_) | None, Some(_) | None) => false,
    }
}
