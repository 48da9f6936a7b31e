//! What a closing filing promises of its numbers: that every leaf says what it counts as, that the rows are as many as
//! the leaves that count, and that the report follows from the rows.
//!
//! The closings of a log share its leaves: a request that arrives in January is opened by the closing of the year
//! before and counted by the one of its own year. So all of them are read before any is compared.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::tz::TimeZone;
use law::{Counted as Counts, Pack};
use register::event::Filing;
use register::leaf::Slot;
use register::place::{closing_path, counts_path, filing_path, report_path, withheld_path};
use register::report::{self, Report};
use register::row::{Period, Restates, Row};
use register::sums;
use register::time::{Year, day_of};
use register::wire;
use register::withholding::PERSON;
use register::words::{Counting, CountsAs, FilingKind, Mode};

use crate::filings::Filed;
use crate::openings::opened;
use crate::{Files, FilingSeen, Log, Promise, Verdict, say};

/// What each opened leaf counts as, and in which year.
pub(crate) type Counted = BTreeMap<u64, (CountsAs, Option<Year>)>;

/// What all closings together open of the leaves: without a gap from the first leaf on.
pub(crate) fn counted(files: &Files, log: Log<'_>, closings: &[&Filed], verdict: &mut Verdict) -> Counted {
    let mut all = Counted::new();
    let mut opened_until = 0;
    for filed in closings {
        let place = filing_path(filed.filing.year, filed.filing.kind);
        let (from, until) = filed.filing.opens.unwrap_or_default();
        if from != opened_until || until < from {
            let what =
                format!("it opens the leaves from {from} until {until}; the filing before opened until {opened_until}");
            verdict.find(Promise::Counted, place.clone(), what);
        }
        if until > verdict.size {
            let what = format!("it opens the leaves until {until} and the log has {}", verdict.size);
            verdict.find(Promise::Counted, place, what);
        }
        // No further than the log goes, whatever the filing says: so many leaves are in memory already.
        let range = from..until.min(verdict.size);
        all.extend(counts(files, log, &filed.filing, range, verdict));
        opened_until = until;
    }
    if !closings.is_empty() {
        let years: Vec<String> = closings.iter().map(|filed| filed.filing.year.to_string()).collect();
        let by = format!("opened by the closing of {}", say::list(&years));
        verdict.check(Promise::Counted, format!("what each leaf counts as, until leaf {opened_until}, {by}"));
    }
    all
}

fn counts(files: &Files, log: Log<'_>, filing: &Filing, range: Range<u64>, verdict: &mut Verdict) -> Counted {
    let path = counts_path(filing.year, filing.kind);
    let mut counted = Counted::new();
    for (position, slots) in opened(files, &path, &[Slot::CountsAs, Slot::Year], log, verdict).unwrap_or_default() {
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
    let mut shut = range.clone().filter(|position| !counted.contains_key(position));
    if let Some(first) = shut.next() {
        let number = shut.count() + 1;
        let what = format!("{number} leaves do not say what they count as, the first of them leaf {first}");
        verdict.find(Promise::Counted, path.clone(), what);
    }
    if counted.keys().any(|position| !range.contains(position)) {
        let what = format!("it opens leaves that are not between {} and {}", range.start, range.end);
        verdict.find(Promise::Counted, path, what);
    }
    counted
}

/// The rows of the closing entries, each in a leaf that counts as one.
pub(crate) fn closing_rows(
    files: &Files,
    log: Log<'_>,
    filing: &Filing,
    counted: &Counted,
    verdict: &mut Verdict,
) -> Option<Vec<Row>> {
    let path = closing_path(filing.year, filing.kind);
    let mut rows = Vec::new();
    for (position, slots) in opened(files, &path, &[Slot::Set, Slot::Row], log, verdict)? {
        let place = format!("{path}, leaf {position}");
        if counted.get(&position) != Some(&(CountsAs::Closing, Some(filing.year))) {
            let what = format!("the leaf does not count as a closing entry of {}", filing.year);
            verdict.find(Promise::Rows, place, what);
            continue;
        }
        if position < filing.frozen.size {
            verdict.find(Promise::Rows, place, "the closing entry is older than the freeze");
            continue;
        }
        match wire::decode_row(slots.get(&Slot::Row).map(String::as_str).unwrap_or_default()) {
            Ok(row) if slots.get(&Slot::Set).map(String::as_str) != Some(row.set().code()) => {
                verdict.find(Promise::Rows, place, "the row is not of the table its leaf names");
            }
            Ok(row) => {
                if !reasons_in_order(&row) {
                    let what = "the row does not name each of its reasons once and in the order of their list";
                    verdict.find(Promise::Rows, place.clone(), what);
                }
                if let Row::Request { month, .. } = row
                    && month.year() != filing.year
                {
                    let what = format!("the row is of {month}, which is not in {}", filing.year);
                    verdict.find(Promise::Rows, place, what);
                }
                rows.push(row);
            }
            Err(error) => verdict.find(Promise::Rows, place, error.to_string()),
        }
    }
    rows.sort();
    Some(rows)
}

/// How many closing entries stay shut. Each says why, under the one code that there is.
pub(crate) fn withheld(files: &Files, log: Log<'_>, filing: &Filing, counted: &Counted, verdict: &mut Verdict) -> u64 {
    let path = withheld_path(filing.year, filing.kind);
    // Where there is none, nothing is withheld; whether the filing names it is looked at elsewhere.
    if !files.contains_key(&path) {
        return 0;
    }
    let mut number = 0;
    for (position, slots) in opened(files, &path, &[Slot::Withheld], log, verdict).unwrap_or_default() {
        let is_entry = counted.get(&position) == Some(&(CountsAs::Closing, Some(filing.year)));
        if !is_entry || position < filing.frozen.size || slots.get(&Slot::Withheld).map(String::as_str) != Some(PERSON)
        {
            let what = format!("it is no closing entry of {} that is withheld as `{PERSON}`", filing.year);
            verdict.find(Promise::Rows, format!("{path}, leaf {position}"), what);
            continue;
        }
        number += 1;
    }
    verdict.notice(format!(
        "{} of {}: {} withheld under the exemption `{PERSON}`: somebody is shielded, or was in custody less than 30 days \
         before, or a row is of the same month as such a one; the rows that are shown have the sums",
        filing.kind,
        filing.year,
        register::say::counted(number, "row", "rows"),
    ));
    number
}

/// Whether the reasons of a row are in the order of their list and each is named once, so that none counts twice.
fn reasons_in_order(row: &Row) -> bool {
    match row {
        Row::Request { grounds, .. } => grounds.is_sorted_by(|one, next| one < next),
        Row::Held { authorities, .. } | Row::Transferred { authorities, .. } => {
            !authorities.is_empty() && authorities.is_sorted_by(|one, next| one < next)
        }
        Row::Withheld(sums) => sums.is_canonical(),
        Row::Period(_) | Row::Outcome(_) | Row::Reimbursed { .. } | Row::Departure { .. } | Row::Coverage(_) => true,
    }
}

/// A closing, as far as its rows are concerned.
pub(crate) struct Closing<'a> {
    /// Its filing.
    pub(crate) filing: &'a Filing,
    /// The freeze of the restatement that follows, if one does.
    pub(crate) next: Option<u64>,
    /// How many entries stay shut.
    pub(crate) withheld: u64,
}

/// Rows against counted leaves, table by table. What came after the freeze is in no row of this closing.
pub(crate) fn compare(closing: &Closing<'_>, counted: &Counted, rows: &[Row], verdict: &mut Verdict) {
    let Closing { filing, next, withheld } = *closing;
    let year = filing.year;
    nothing_between(filing, counted, verdict);
    let before: Vec<(CountsAs, Option<Year>)> = counted.range(..filing.frozen.size).map(|(_, one)| *one).collect();
    let leaves = |kind: CountsAs| number(before.iter().filter(|one| **one == (kind, Some(year))));
    // Those of another closing of the year lie before its freeze, or after that of the next.
    let own = filing.frozen.size..next.unwrap_or(u64::MAX).max(filing.frozen.size);
    let entries = number(counted.range(own).filter(|(_, one)| **one == (CountsAs::Closing, Some(year))));
    let of = |matches: fn(&Row) -> bool| number(rows.iter().filter(|row| matches(row)));
    // Rows by themselves and those of which only the sums are shown.
    let requests = sums::of_requests(rows);
    let table = |table: Counts| sums::of(table, rows).rows();
    let in_sums = |row: &Row| if let Row::Withheld(sums) = row { sums.rows() } else { 0 };
    let summed = rows.iter().map(in_sums).fold(0, u64::saturating_add);
    // What was taken out again is out of the rows; what counts otherwise since is in them by a leaf of its own.
    let mut standing = |what: &str, put_in: CountsAs, taken_out: CountsAs| {
        let (put_in, taken_out) = (leaves(put_in), leaves(taken_out));
        if taken_out > put_in {
            let found = format!("{taken_out} leaves take out what {put_in} leaves put in");
            verdict.find(Promise::Rows, format!("{what} of {year}"), found);
        } else if taken_out > 0 && next.is_none() {
            verdict.notice(format!("{what} of {year}: {taken_out} of {put_in} that were recorded are taken out again"));
        }
        put_in.saturating_sub(taken_out)
    };
    let sure = standing("requests", CountsAs::Request, CountsAs::RequestWithdrawn);
    let unclear = standing("requests on one reading", CountsAs::RequestUnclear, CountsAs::RequestUnclearWithdrawn);
    let exact = [
        ("requests", requests.counted, sure),
        ("requests on one reading", requests.unclear, unclear),
        ("requests that count in no item", of(counts_in_no_item), 0),
        ("outcomes", of(|row| matches!(row, Row::Outcome(_))), sure + unclear),
        ("rows withheld", summed, withheld),
        ("closing entries", number(rows.iter()).saturating_add(withheld), entries),
    ];
    let held = standing("individuals held", CountsAs::Held, CountsAs::HeldWithdrawn);
    let transferred = standing("individuals transferred", CountsAs::Transferred, CountsAs::TransferredWithdrawn);
    let reimbursed = standing("reimbursements", CountsAs::Reimbursed, CountsAs::ReimbursedWithdrawn);
    // Several leaves can be of one individual or one case, never fewer than one.
    let at_most = [
        ("individuals held", table(Counts::Held), held),
        ("individuals transferred", table(Counts::Transferred), transferred),
        ("reimbursements", table(Counts::Reimbursed), reimbursed),
    ];
    let wrong_exact = exact.iter().filter(|(_, rows, leaves)| rows != leaves);
    let wrong_at_most = at_most.iter().filter(|(_, rows, leaves)| rows > leaves || (*rows == 0) != (*leaves == 0));
    for (what, rows, leaves) in wrong_exact.chain(wrong_at_most) {
        let found = format!("{rows} rows and {leaves} leaves that count");
        verdict.find(Promise::Rows, format!("{what} of {year}"), found);
    }
}

fn number<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |sum, _| sum + 1)
}

fn counts_in_no_item(row: &Row) -> bool {
    matches!(row, Row::Request { counting: Counting::NotCounted, .. })
}

/// Between the freeze of a year and its closing entries lie those entries and what counts as nothing: the register does
/// nothing else in between. So nobody can freeze a year before its requests came, and call them late.
fn nothing_between(filing: &Filing, counted: &Counted, verdict: &mut Verdict) {
    let place = filing_path(filing.year, filing.kind);
    let (from, (_, until)) = (filing.frozen.size, filing.opens.unwrap_or_default());
    if from > until {
        let what = format!("it was frozen at {from} leaves and opens none of its closing entries, but until {until}");
        verdict.find(Promise::Rows, place, what);
        return;
    }
    let entry = (CountsAs::Closing, Some(filing.year));
    let between = counted.range(from..until).filter(|(_, one)| one.0 != CountsAs::Nothing && **one != entry).count();
    if between > 0 {
        let what = format!("{between} leaves that count lie between its freeze and its closing entries");
        verdict.find(Promise::Rows, place, what);
    }
}

/// Says which closed years gained something that counts after their closing entries.
pub(crate) fn late(closings: &[&Filed], counted: &Counted, verdict: &mut Verdict) {
    let until = |filed: &Filed| filed.filing.opens.map_or(0, |(_, until)| until);
    let mut last: BTreeMap<Year, u64> = BTreeMap::new();
    for filed in closings {
        let latest = last.entry(filed.filing.year).or_default();
        *latest = until(filed).max(*latest);
    }
    for (year, until) in last {
        let counts = |kind: CountsAs| match kind {
            CountsAs::Request
            | CountsAs::RequestUnclear
            | CountsAs::RequestWithdrawn
            | CountsAs::RequestUnclearWithdrawn
            | CountsAs::Held
            | CountsAs::Transferred
            | CountsAs::Reimbursed
            | CountsAs::HeldWithdrawn
            | CountsAs::TransferredWithdrawn
            | CountsAs::ReimbursedWithdrawn => true,
            CountsAs::Nothing | CountsAs::Filing | CountsAs::Key | CountsAs::Closing => false,
        };
        let late = counted.range(until..).filter(|(_, (kind, of))| *of == Some(year) && counts(*kind)).count();
        if late > 0 {
            verdict.notice(format!(
                "{late} leaves that count in {year} were registered after its closing: a restatement is due"
            ));
        }
    }
}

/// Whether the report is the one that follows from the rows, and the rows are those of its filing.
pub(crate) fn report_follows(
    files: &Files,
    filed: &Filed,
    drawn: &Drawn<'_>,
    rows: &[Row],
    verdict: &mut Verdict,
) -> Option<Report> {
    let filing = &filed.filing;
    let path = report_path(filing.year, filing.kind);
    if let (Some(before), None) = (before(filing), drawn.before) {
        let what = format!("the {before} report that it restates could not be recomputed, so neither can this");
        verdict.find(Promise::Report, path, what);
        return None;
    }
    let report = match report::from_rows(filing.format, drawn.pack, &verdict.origin, rows, drawn.before) {
        Ok(report) => report,
        Err(what) => {
            verdict.find(Promise::Report, path, what);
            return None;
        }
    };
    let promised = period(filing, drawn, &report, verdict);
    if !rows.contains(&Row::Period(promised)) {
        let what = "its rows are of another period, day, freeze or law than its filing";
        verdict.find(Promise::Report, path.clone(), what);
    }
    if files.get(&path).map(Vec::as_slice) != Some(wire::encode_report(&report, filing.format).as_bytes()) {
        verdict.find(Promise::Report, path, "it is not the report that follows from the published rows");
    }
    let totals = report.items.iter().map(|item| (say::plain(&item.title), item.total, item.unit.code().to_owned()));
    verdict.filings.push(FilingSeen {
        year: filing.year.to_string(),
        kind: filing.kind.to_string(),
        totals: totals.collect(),
    });
    Some(report)
}

/// What a report was drawn with, beside its rows.
pub(crate) struct Drawn<'a> {
    /// The law pack.
    pub(crate) pack: &'a Pack,
    /// The provisional letter of the year, if one was filed before.
    pub(crate) letter: Option<&'a Filing>,
    /// The report that a restatement restates.
    pub(crate) before: Option<&'a Report>,
}

/// Which filing of the year a restatement restates; none where it is no restatement.
pub(crate) fn before(filing: &Filing) -> Option<FilingKind> {
    match filing.kind {
        FilingKind::Provisional | FilingKind::Closing => None,
        FilingKind::Restatement(1) => Some(FilingKind::Closing),
        FilingKind::Restatement(number) => Some(FilingKind::Restatement(number.saturating_sub(1))),
    }
}

/// The one row of the table `period` that a closing can have. What a restatement says of its causes is its own.
fn period(filing: &Filing, drawn: &Drawn<'_>, report: &Report, verdict: &Verdict) -> Period {
    let zone = zone(drawn.pack);
    let restates = |number: u16| {
        let causes = report.restatement.as_ref().map(|restatement| restatement.causes.clone());
        Restates { number, causes: causes.unwrap_or_default() }
    };
    Period {
        year: filing.year,
        mode: if verdict.is_demonstration() { Mode::Demonstration } else { Mode::Live },
        as_of: filing.as_of,
        filed_on: day_of(filing.as_of, &zone),
        provisional_on: drawn.letter.map(|letter| day_of(letter.as_of, &zone)),
        frozen: filing.frozen,
        pack: filing.pack.clone(),
        other_requests: report.other_requests,
        restates: match filing.kind {
            FilingKind::Provisional | FilingKind::Closing => None,
            FilingKind::Restatement(number) => Some(restates(number)),
        },
    }
}

/// The zone whose days a pack counts.
pub(crate) fn zone(pack: &Pack) -> TimeZone {
    // A pack whose time zone is unknown does not load.
    TimeZone::get(&pack.calendar.time_zone).unwrap_or(TimeZone::UTC)
}

/// A provisional letter shows a state of the year it covers, a closing report one after it.
pub(crate) fn dated(filing: &Filing, pack: &Pack, verdict: &mut Verdict) {
    let year = Year::of(day_of(filing.as_of, &zone(pack)));
    let fits = match filing.kind {
        FilingKind::Provisional => year == filing.year,
        FilingKind::Closing | FilingKind::Restatement(_) => year > filing.year,
    };
    if !fits {
        let what = format!("a {} filing for {} cannot show the state of {}", filing.kind, filing.year, filing.as_of);
        verdict.find(Promise::Filing, filing_path(filing.year, filing.kind), what);
    }
}

/// The name and version that a filing gives its law pack are the pack's own.
pub(crate) fn names_pack(filing: &Filing, pack: &Pack, verdict: &mut Verdict) {
    if (filing.pack.id.as_str(), &filing.pack.version) != (&pack.id.to_string(), &pack.version) {
        let what = format!("its law pack calls itself `{}`, version `{}`", pack.id, pack.version);
        verdict.find(Promise::Report, filing_path(filing.year, filing.kind), what);
    }
}

/// Filings that the leaves count and the folder does not show, and filings that open what their kind does not.
pub(crate) fn filings_counted(filings: &[Filed], counted: &Counted, verdict: &mut Verdict) {
    for (position, (kind, year)) in counted {
        let shown = filings.iter().any(|filed| filed.position == *position);
        if let (CountsAs::Filing, Some(year), false) = (kind, year, shown) {
            let what = format!("it counts as a filing for {year}, and no filing in the folder opens it");
            verdict.find(Promise::Filing, format!("leaf {position}"), what);
        }
    }
    for Filed { filing, .. } in filings {
        let what = match (filing.kind, filing.opens) {
            (FilingKind::Closing | FilingKind::Restatement(_), None) => "it is a closing filing and opens no leaves",
            (FilingKind::Provisional, Some(_)) => "it is a provisional letter and opens leaves",
            (FilingKind::Closing | FilingKind::Restatement(_), Some(_)) | (FilingKind::Provisional, None) => continue,
        };
        verdict.find(Promise::Counted, filing_path(filing.year, filing.kind), what);
    }
}
