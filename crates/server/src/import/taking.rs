//! Brings the rows of a table to the register: in batches, each row by itself, so that a refused one stops no other.
//!
//! If the process ends in the midst of it, whole commands are recorded and the run is not. The same import once more goes
//! on from there: the id of a row's request derives from its line, stay and day, so what is there is known again and is
//! not registered twice. Once the run is recorded, the same table by the same mapping is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::digest;
use register::event::FileHash;
use register::retention::{RetentionRefusal, Thing};
use register::run::{Run, RunKey};
use register::time::{Moment, Year};
use register::watch::WatchRefusal;
use register::words::{Outcome, RunCount, RunKind};
use register::{Command, Refusal};

use super::{Mapping, RequestRow, Row, Rows, file_hash, hash_of};
use crate::app::{Done, Job, Submission};
use crate::cli::Actor;
use crate::files;
use crate::store::folder;
use crate::vault::DerivedIds;
use crate::writer::{Answer, Writer};

/// Rows brought to the register at a time.
const BATCH_ROWS: usize = 2_000;

/// What is to be taken in.
pub(crate) struct Table<'a> {
    pub(crate) path: &'a Path,
    pub(crate) mapping: &'a Mapping,
    /// SHA-256 of the mapping's file.
    pub(crate) rule: FileHash,
    /// Only requests that arrived in this year.
    pub(crate) year: Option<Year>,
    pub(crate) actor: &'a Actor,
    /// Where refused rows are written; in this folder, under a name of its own, where no file is named.
    pub(crate) refused: Refused<'a>,
}

/// Where refused rows are written.
pub(crate) enum Refused<'a> {
    /// To this file.
    File(&'a Path),
    /// To a file of the table's and the mapping's hash in this folder.
    Folder(&'a Path),
}

/// What a table came to.
pub(crate) struct Taken {
    pub(crate) counts: BTreeMap<RunCount, u64>,
    /// Requests by year of arrival and outcome, those known before included; the outcome as the register has it now.
    pub(crate) totals: BTreeMap<Year, BTreeMap<Outcome, u64>>,
    /// Where the refused rows are.
    pub(crate) refused: PathBuf,
    /// Events recorded.
    pub(crate) events: usize,
    /// Closed years in which some of them count.
    pub(crate) late: BTreeSet<Year>,
}

impl Taken {
    /// How many rows came to this.
    pub(crate) fn count(&self, what: RunCount) -> u64 {
        self.counts.get(&what).copied().unwrap_or(0)
    }

    fn add(&mut self, what: RunCount) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn did(&mut self, done: Done) {
        self.events += done.recorded.len();
        self.late.extend(done.late);
    }
}

/// Takes a table in.
///
/// # Errors
/// The refusal, where this run is recorded already; trouble with a file or the disk. What was acknowledged stays recorded,
/// and the same call goes on from there.
pub(crate) fn take_in(writer: &Writer, ids: DerivedIds, table: &Table<'_>, progress: &mut Progress) -> Result<Taken> {
    let input = hash_of(table.path)?;
    let key = RunKey { kind: RunKind::Import, input, rule: table.rule, year: table.year };
    writer.look(move |app| app.register().not_run_yet(&key))??;
    let mut rows = Rows::open(table.path, table.mapping, table.year, ids)?;
    let place = place_of_refused(table, &input)?;
    let mut refused = RefusedRows::create(&place)?;
    let mut taken =
        Taken { counts: BTreeMap::new(), totals: BTreeMap::new(), refused: place, events: 0, late: BTreeSet::new() };
    let mut before = Batch::default();
    loop {
        let batch = next_batch(&mut rows, &mut refused, &mut taken)?;
        let ended = batch.is_empty();
        // The next rows are read while the register carries out those before.
        let handed_in = hand_in(writer, table, batch)?;
        finish(std::mem::replace(&mut before, handed_in), &mut refused, &mut taken)?;
        progress.show(rows.read(), taken.count(RunCount::Registered), Shown::WhenDue);
        if ended {
            break;
        }
    }
    let read = rows.read();
    taken.counts.insert(RunCount::Rows, read);
    progress.show(read, taken.count(RunCount::Registered), Shown::Last);
    if rows.hash()? != input {
        bail!(
            "`{}` was changed while it was read (hint: import it again; what is there is not doubled)",
            table.path.display()
        );
    }
    if taken.count(RunCount::LeftOut) == read {
        refused.discard();
        bail!(
            "`{}` has {read} rows and none of them is a request (hint: check `[rows]` in the mapping, and `--year`)",
            table.path.display()
        );
    }
    let output = refused.finish()?;
    let Table { rule, year, .. } = *table;
    let run = Run { kind: RunKind::Import, input, rule, year, output, counts: taken.counts.clone() };
    taken.did(writer.submit(submission(table.actor, Command::RecordRun(run)))??);
    Ok(taken)
}

/// The next rows that are requests; the others are counted, and the refused ones written down.
fn next_batch(rows: &mut Rows<'_>, refused: &mut RefusedRows, taken: &mut Taken) -> Result<Vec<RequestRow>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH_ROWS {
        let Some((line, row)) = rows.next_row()? else { break };
        match row {
            Row::LeftOut => taken.add(RunCount::LeftOut),
            Row::Request(row) => batch.push(*row),
            Row::Refused(reason) => {
                taken.add(RunCount::Refused);
                refused.write(line, "row", &reason)?;
            }
        }
    }
    Ok(batch)
}

/// Rows that are with the register, in the order of the table.
#[derive(Default)]
struct Batch(Vec<HandedIn>);

/// A row that is with the register.
struct HandedIn {
    row: RequestRow,
    /// Whether it is there already, and then with which outcome.
    known: Option<Option<Outcome>>,
    registered: Option<Receiver<Answer>>,
    outcome: Option<Receiver<Answer>>,
}

fn hand_in(writer: &Writer, table: &Table<'_>, rows: Vec<RequestRow>) -> Result<Batch> {
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    let known = writer.look(move |app| {
        let retention = &app.register().retention;
        let outcome = |id| app.register().requests.get(id).map(|state| state.outcome.map(|one| one.outcome));
        ids.iter().map(|id| (outcome(id), retention.is_erased(&Thing::from(id)))).collect::<Vec<_>>()
    })?;
    let mut handed_in = Vec::new();
    for (mut row, (known, erased)) in rows.into_iter().zip(known) {
        // Nothing more is recorded of what was erased, and no file is to say which line of a table it was.
        if erased {
            row.outcome = Ok(None);
        }
        let registered = match known {
            Some(_) => None,
            None => {
                let (request, transmission) = table.mapping.request(&row)?;
                Some(writer.hand_in(submission(table.actor, Command::Receive { request, transmission }))?)
            }
        };
        let outcome = match (&row.outcome, known.flatten().filter(|known| *known != Outcome::Unknown)) {
            (Ok(Some((outcome, on))), None) if known.flatten() != Some(*outcome) => {
                let authority = (*outcome == Outcome::Transferred).then_some(table.mapping.authority);
                let (request, outcome, at) = (row.id.clone(), *outcome, Moment::On(*on));
                let command = Command::RecordOutcome { request, outcome, at, authority };
                Some(writer.hand_in(submission(table.actor, command))?)
            }
            (Ok(_) | Err(_), _) => None,
        };
        handed_in.push(HandedIn { row, known, registered, outcome });
    }
    Ok(Batch(handed_in))
}

/// Waits until a batch is durable and counts what became of it.
fn finish(batch: Batch, refused: &mut RefusedRows, taken: &mut Taken) -> Result<()> {
    for HandedIn { row, known, registered, outcome } in batch.0 {
        match registered.as_ref().map(Writer::answer).transpose()? {
            None => taken.add(RunCount::Known),
            Some(Ok(done)) => {
                taken.add(RunCount::Registered);
                taken.did(done);
            }
            Some(Err(said)) => {
                taken.add(RunCount::Refused);
                refused.write(row.line, "row", &reason(&said.refusal))?;
                continue;
            }
        }
        let recorded = outcome.as_ref().map(Writer::answer).transpose()?;
        let (is, reason) = match (&row.outcome, known.flatten(), recorded) {
            (Ok(Some((outcome, _))), _, Some(Ok(done))) => {
                taken.add(RunCount::Outcomes);
                taken.did(done);
                (*outcome, None)
            }
            (_, known, Some(Err(said))) => (known.unwrap_or(Outcome::Unknown), Some(reason(&said.refusal))),
            (Ok(Some((outcome, _))), Some(known), _) if known != *outcome => {
                (known, Some("the register has another outcome".to_owned()))
            }
            (Err(why), known, _) => (known.unwrap_or(Outcome::Unknown), Some(why.clone())),
            (Ok(_), known, _) => (known.unwrap_or(Outcome::Unknown), None),
        };
        *taken.totals.entry(Year::of(row.arrived)).or_default().entry(is).or_default() += 1;
        if let Some(reason) = reason {
            taken.add(RunCount::OutcomeRefused);
            refused.write(row.line, "outcome", &reason)?;
        }
    }
    Ok(())
}

fn submission(actor: &Actor, command: Command) -> Submission {
    Submission { by: actor.by.clone(), at: actor.at, jobs: vec![Job::Do(command)], places: Vec::new() }
}

/// A refusal without the days of the row, which are a person's, and without the id of what was erased.
fn reason(refusal: &Refusal) -> String {
    if let Refusal::LineNotYetOpen { line, from, .. } = refusal {
        return format!("it arrived before {from}, when line `{line}` was opened");
    }
    if let Refusal::Watch(WatchRefusal::LineClosed { line, last_on, .. }) = refusal {
        return format!("it arrived after {last_on}, the last day of line `{line}`");
    }
    if let Refusal::InTheFuture { now, .. } = refusal {
        return format!("it happened later than the time of record, {now}");
    }
    if matches!(refusal, Refusal::Retention(RetentionRefusal::Erased { .. })) {
        return "its stay in custody was erased, and nothing more is recorded of it".to_owned();
    }
    if matches!(refusal, Refusal::TooLongAgo { .. }) {
        return format!("it happened before {}", register::time::FIRST_YEAR);
    }
    refusal.to_string()
}

/// The file for refused rows.
fn place_of_refused(table: &Table<'_>, input: &FileHash) -> Result<PathBuf> {
    match table.refused {
        Refused::File(path) => Ok(path.to_owned()),
        Refused::Folder(dir) => {
            folder::make(dir)?;
            let year = table.year.map(|year| format!("-{year}")).unwrap_or_default();
            let short = |hash: &FileHash| hash.to_string().chars().take(16).collect::<String>();
            Ok(dir.join(format!("{}-{}{year}.refused.csv", short(input), short(&table.rule))))
        }
    }
}

/// The file of refused rows: the line, whether the row or its outcome alone was refused, and why. Never a cell.
///
/// It is written beside its place and put there when the table was read to its end.
struct RefusedRows {
    place: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    hash: digest::Context,
}

impl RefusedRows {
    fn create(place: &Path) -> Result<Self> {
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = place.with_file_name(name);
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&part);
        let file = file.with_context(|| format!("failed to make `{}`", part.display()))?;
        let hash = digest::Context::new(&digest::SHA256);
        let mut rows = Self { place: place.to_owned(), part, file: BufWriter::new(file), hash };
        rows.put("line,refused,reason\n")?;
        Ok(rows)
    }

    fn write(&mut self, line: u64, what: &str, reason: &str) -> Result<()> {
        self.put(&format!("{line},{what},\"{}\"\n", reason.replace('"', "\"\"")))
    }

    fn put(&mut self, text: &str) -> Result<()> {
        self.hash.update(text.as_bytes());
        self.file.write_all(text.as_bytes()).with_context(|| format!("failed to write `{}`", self.part.display()))
    }

    /// Leaves no file.
    fn discard(self) {
        // One that stays is written over by the next import.
        drop(std::fs::remove_file(&self.part));
    }

    /// Puts the file into its place; its hash.
    fn finish(self) -> Result<FileHash> {
        let trouble = || format!("failed to write `{}`", self.place.display());
        let file = self.file.into_inner().map_err(|error| error.into_error()).with_context(trouble)?;
        file.sync_all().and_then(|()| std::fs::rename(&self.part, &self.place)).with_context(trouble)?;
        folder::sync(files::parent(&self.place))?;
        file_hash(self.hash)
    }
}

/// How far it is, said on standard error.
pub(crate) struct Progress {
    /// Whether to say anything.
    shown: bool,
    /// Whether one line is written over and over.
    over: bool,
    started: Instant,
    last: Instant,
}

/// Whether a line of progress may be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    WhenDue,
    Last,
}

/// How often it is said.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

impl Progress {
    /// Says it on a terminal, and elsewhere only if asked to.
    pub(crate) fn start(asked: bool) -> Self {
        let (over, now) = (std::io::stderr().is_terminal(), Instant::now());
        Self { shown: over || asked, over, started: now, last: now }
    }

    /// Says nothing.
    pub(crate) fn quiet() -> Self {
        let now = Instant::now();
        Self { shown: false, over: false, started: now, last: now }
    }

    fn show(&mut self, rows: u64, registered: u64, shown: Shown) {
        if !self.shown || (shown == Shown::WhenDue && self.last.elapsed() < PROGRESS_EVERY) {
            return;
        }
        self.last = Instant::now();
        let seconds = self.started.elapsed().as_secs().max(1);
        let (start, end) = match (self.over, shown) {
            (true, Shown::WhenDue) => ("\r", ""),
            (true, Shown::Last) => ("\r", "\n"),
            (false, _) => ("", "\n"),
        };
        let rate = rows / seconds;
        // Whoever reads the progress no longer loses nothing of the import.
        let mut stderr = std::io::stderr();
        drop(write!(stderr, "{start}{rows} rows read, {registered} registered, {rate} rows a second{end}"));
        drop(stderr.flush());
    }
}
