//! Filing a year's report: freeze, closing entries, report, filing leaf, growth.
//!
//! The files of a filing are kept in `DIR/filed/`, under the paths they are published at. They are written and synced
//! before the filing that names their hashes; whatever no filing names is left over from a failure and is never
//! published. If the power fails anywhere on the way, the same command goes on where it stopped; and whichever filing comes
//! next first makes up for the opening of a leaf that a failure kept from being written, so that publishing never waits
//! for a filing that can no longer be made.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use register::closing::{self, Drawn};
use register::event::{Event, FileHash, Filing, Frozen};
use register::ids::PersonId;
use register::leaf::{self, Leaf, Slot};
use register::opening::{self, OpenedSlot, Opening, OpeningFile};
use register::place;
use register::report::{self, Report};
use register::row::Row;
use register::time::{Timestamp, Year, day_of};
use register::words::{Cause, FilingKind, ReportFormat};
use register::{Command, Recorded, Refusal, Register, wire};

use crate::app::{App, Job, Refused, Submission, opened};
use crate::files;
use crate::packs;
use crate::page;
use crate::store::PlacedLeaf;
use crate::writer::Writer;

/// Who files, when, and for which year.
#[derive(Debug, Clone)]
pub(crate) struct ToFile {
    /// Who.
    pub(crate) by: PersonId,
    /// Record time, in a demonstration.
    pub(crate) at: Option<Timestamp>,
    /// The year covered.
    pub(crate) year: Year,
    /// Why a year that is filed is restated; empty for its first report.
    pub(crate) restate: Vec<Cause>,
}

/// How far the filing of a year has come.
struct Standing {
    current: Year,
    waiting: u64,
    /// The latest closing of the year, and whether its report is filed.
    closed: Option<(FilingKind, bool)>,
    provisional: bool,
}

impl Standing {
    fn of(register: &Register, year: Year, now: Timestamp) -> Standing {
        let filed = |kind: FilingKind| register.filing(year, kind).is_some();
        Standing {
            current: Year::of(day_of(now, &register.zone())),
            waiting: register.waiting,
            closed: register.last_closing(year).map(|(kind, _)| (kind, filed(kind))),
            provisional: filed(FilingKind::Provisional),
        }
    }

    /// What is to be filed next, and whether its year is still to be closed for it.
    fn next(&self, to_file: &ToFile, now: Timestamp) -> Result<(FilingKind, bool), Refusal> {
        let (year, restates) = (to_file.year, !to_file.restate.is_empty());
        match (self.current.cmp(&year), self.closed) {
            (Ordering::Less, _) => Err(Refusal::YearNotOver { year, now }),
            (_, None) if restates => Err(Refusal::YearNotClosed { year }),
            (Ordering::Equal, _) if self.provisional => Err(Refusal::AlreadyFiled { year }),
            (Ordering::Equal, _) => Ok((FilingKind::Provisional, false)),
            (Ordering::Greater, None) => Ok((FilingKind::Closing, true)),
            // Cut short after its closing: it goes on there.
            (Ordering::Greater, Some((kind, false))) => Ok((kind, false)),
            (Ordering::Greater, Some((kind, true))) if restates => Ok((kind.next(), true)),
            (Ordering::Greater, Some((_, true))) => Err(Refusal::AlreadyFiled { year }),
        }
    }
}

/// Files the report for a year: a provisional letter while the year lasts, the closing report after it, and restatements
/// of it where there is a cause.
pub(crate) fn file(writer: &Writer, to_file: &ToFile) -> Result<Result<Filing, Refused>> {
    let (year, at) = (to_file.year, to_file.at);
    let now = writer.look(move |app| app.record_time(at))?;
    let now = match now {
        Ok(now) => now,
        Err(refusal) => return Ok(Err(refused(refusal))),
    };
    let standing = writer.look(move |app| Standing::of(app.register(), year, now))?;
    let (kind, to_close) = match standing.next(to_file, now) {
        Ok(next) => next,
        Err(refusal) => return Ok(Err(refused(refusal))),
    };
    let mut steps = Vec::new();
    // A provisional letter shows the state at a growth of its own; a closing is frozen at a checkpoint that covers all.
    if kind == FilingKind::Provisional || (standing.waiting > 0 && to_close) {
        steps.push(vec![Job::Grow]);
    }
    if to_close {
        let close = match kind {
            FilingKind::Provisional | FilingKind::Closing => Command::CloseYear { year },
            FilingKind::Restatement(_) => Command::Restate { year, causes: to_file.restate.clone() },
        };
        steps.push(vec![Job::Do(close), Job::Grow]);
    }
    for jobs in steps {
        if let Err(refusal) = submit(writer, to_file, jobs)? {
            return Ok(Err(refusal));
        }
    }
    let prepared = writer.look(move |app| prepare(app, year, kind))??;
    if let Err(refusal) = submit(writer, to_file, vec![Job::Do(Command::File(prepared.clone())), Job::Grow])? {
        return Ok(Err(refusal));
    }
    restore(writer)?;
    Ok(Ok(prepared))
}

/// The report of a year as the register stands: not filed, not to be relied on.
pub(crate) fn draft(register: &Register, pack: &law::Pack, year: Year, as_of: Timestamp) -> Result<Report> {
    let frozen = register.tree.unwrap_or(Frozen { size: 0, root: tlog::hash_empty() });
    let filed_on = day_of(as_of, &register.zone());
    let rows = closing::rows(register, &Drawn { year, as_of, filed_on, frozen, restates: None }).all();
    let mut report = report_of(register, pack, &rows, None)?;
    report.filing.draft = true;
    Ok(report)
}

fn refused(refusal: Refusal) -> Refused {
    Refused { place: None, refusal }
}

fn submit(writer: &Writer, to_file: &ToFile, jobs: Vec<Job>) -> Result<Result<(), Refused>> {
    let submission = Submission { by: to_file.by.clone(), at: to_file.at, jobs, places: Vec::new() };
    Ok(writer.submit(submission)?.map(|_done| ()))
}

fn report_of(register: &Register, pack: &law::Pack, rows: &[Row], before: Option<&Report>) -> Result<Report> {
    report::from_rows(ReportFormat::LATEST, pack, &opened(register)?.origin, rows, before).map_err(|what| anyhow!(what))
}

/// The report of a closed year as it was filed last before this one; none for the first.
pub(crate) fn report_before(
    register: &Register,
    pack: &law::Pack,
    year: Year,
    kind: FilingKind,
) -> Result<Option<Report>> {
    let mut before = None;
    for ((_, _), closed) in register.closed.range((year, FilingKind::Closing)..(year, kind)) {
        before = Some(report_of(register, pack, &closed.rows, before.as_ref())?);
    }
    Ok(before)
}

/// Writes the files of a filing and gives the filing that names them.
fn prepare(app: &App, year: Year, kind: FilingKind) -> Result<Filing> {
    let register = app.register();
    let (rows, as_of, frozen) = match register.closed.get(&(year, kind)) {
        Some(closed) => (closed.rows.clone(), closed.at, closed.frozen),
        None => {
            let (frozen, as_of) = register.tree.zip(register.grown_at).context("the tree never grew")?;
            let filed_on = day_of(as_of, &register.zone());
            // It opens nothing, so there is nothing to withhold.
            let drawn = Drawn { year, as_of, filed_on, frozen, restates: None };
            (closing::rows(register, &drawn).all(), as_of, frozen)
        }
    };
    let before = report_before(register, app.pack(), year, kind)?;
    let report = report_of(register, app.pack(), &rows, before.as_ref())?;
    let folder = place::folder(year, kind);
    let mut contents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    contents.insert(format!("{folder}/report.json"), wire::encode_report(&report, ReportFormat::LATEST).into_bytes());
    contents.insert(format!("{folder}/report.html"), page::report(&report, app.pack(), kind)?.into_bytes());
    let pack = opened(register)?.pack.clone();
    for (path, text) in packs::kept_files(app.dir(), &pack)? {
        contents.insert(format!("{}{path}", place::pack_folder(&pack.hash.to_string())), text.into_bytes());
    }
    let opens = register.to_open(year, kind);
    if let Some((from, until)) = opens {
        let placed = app.store().placed(from, until)?;
        contents.insert(place::counts_path(year, kind), counts(register, &placed)?.encode().into_bytes());
        let (shown, withheld) = closing_entries(app, year, &placed)?;
        contents.insert(place::closing_path(year, kind), shown.encode().into_bytes());
        if !withheld.openings.is_empty() {
            contents.insert(place::withheld_path(year, kind), withheld.encode().into_bytes());
        }
    }
    for (path, bytes) in &contents {
        files::write_if_other(&filed(app, path), bytes)?;
    }
    let hashes = contents.iter().map(|(path, bytes)| (path.clone(), FileHash::of(bytes))).collect();
    Ok(Filing { year, kind, as_of, frozen, pack, format: ReportFormat::LATEST, opens, files: hashes })
}

/// What each leaf counts as, from what is stored beside the events.
fn counts(register: &Register, placed: &[PlacedLeaf]) -> Result<OpeningFile> {
    let mut openings = Vec::new();
    for placed in placed {
        for line in [Some(&placed.leaf.counts_as), placed.leaf.year.as_ref()].into_iter().flatten() {
            let opened = OpenedSlot::parse(line).map_err(|what| anyhow!("a stored opening is malformed: {what}"))?;
            openings.push(Opening { position: placed.position, opened });
        }
    }
    opening_file(register, openings)
}

/// The rows that are shown, and of the others why they are not.
fn closing_entries(app: &App, year: Year, placed: &[PlacedLeaf]) -> Result<(OpeningFile, OpeningFile)> {
    let entered = events_by_seq(app, |recorded| recorded.event.is_closing_entry_of(year))?;
    let (mut shown, mut withheld) = (Vec::new(), Vec::new());
    for placed in placed {
        if let Some(recorded) = placed.leaf.seq.and_then(|seq| entered.get(&seq)) {
            if matches!(recorded.event, Event::ClosingWithheld { .. }) {
                withheld.extend(open_slots(app, placed, recorded, &[Slot::Withheld])?);
            } else {
                shown.extend(open_slots(app, placed, recorded, &[Slot::Set, Slot::Row])?);
            }
        }
    }
    Ok((opening_file(app.register(), shown)?, opening_file(app.register(), withheld)?))
}

/// Writes the opening of each filing's own leaf where it is not there, and gives their paths. One can only be made once
/// its leaf has its position: until then nothing can be published that needs it, for no checkpoint covers it.
pub(crate) fn restore(writer: &Writer) -> Result<Vec<String>> {
    writer.look(|app| {
        let mut kept = Vec::new();
        if app.register().filings.is_empty() {
            return Ok(kept);
        }
        let filings = events_by_seq(app, |recorded| matches!(&recorded.event, Event::ReportFiled(_)))?;
        for placed in app.store().placed(0, app.store().tree_size()?)? {
            let Some(recorded) = placed.leaf.seq.and_then(|seq| filings.get(&seq)) else { continue };
            let Event::ReportFiled(filing) = &recorded.event else { continue };
            let openings = open_slots(app, &placed, recorded, &[Slot::CountsAs, Slot::Year, Slot::Filing])?;
            let text = opening_file(app.register(), openings)?.encode();
            let path = place::filing_path(filing.year, filing.kind);
            if files::write_if_other(&filed(app, &path), text.as_bytes())? {
                kept.push(path);
            }
        }
        Ok(kept)
    })?
}

fn open_slots(app: &App, placed: &PlacedLeaf, recorded: &Recorded, slots: &[Slot]) -> Result<Vec<Opening>> {
    let values = leaf::values(app.register(), recorded, None);
    let key = app.entry_key(&placed.leaf.entry)?;
    let leaf = Leaf::commit(&values, key.bytes());
    if leaf.root() != placed.leaf.root {
        bail!(
            "the vault's key for leaf {} does not give the leaf (hint: restore the vault of one backup)",
            placed.position
        );
    }
    let open =
        |slot: &Slot| Opening { position: placed.position, opened: opening::open(&leaf, &values, key.bytes(), *slot) };
    Ok(slots.iter().map(open).collect())
}

fn events_by_seq(app: &App, wanted: impl Fn(&Recorded) -> bool) -> Result<BTreeMap<u64, Recorded>> {
    let mut events = BTreeMap::new();
    app.store().events_after(0, |row| {
        let recorded = wire::decode(std::str::from_utf8(&row.body)?)?;
        if wanted(&recorded) {
            events.insert(recorded.seq, recorded);
        }
        Ok(())
    })?;
    Ok(events)
}

fn opening_file(register: &Register, openings: Vec<Opening>) -> Result<OpeningFile> {
    let opened = opened(register)?;
    Ok(OpeningFile { origin: opened.origin.clone(), mode: opened.mode, openings })
}

/// Where a file of a filing is kept.
fn filed(app: &App, path: &str) -> PathBuf {
    app.dir().join("filed").join(path)
}
