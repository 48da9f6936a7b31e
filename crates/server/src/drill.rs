//! `candor drill kill`: an operator kills the writing process of a copy of his own register, at moments nobody chose, and
//! sees what is then there. The register itself is read, and nothing of it is written.
//!
//! What is written into the copy are growths: each is an event, sixteen leaves with their keys, and a signature, so it goes
//! through the whole of store and vault and says nothing of anybody.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::{digest, rand};
use register::ids::PersonId;
use register::say::counted;
use register::words::Mode;

use crate::app::{App, Job, Submission, opened};
use crate::store::folder;
use crate::writer::Writer;
use crate::{backup, cli, examining, files, screen};

/// The longest that a process writes before it is killed, in milliseconds.
const LONGEST_MS: u64 = 400;

/// Carries out the drill and says what came of each round.
pub(crate) fn kill(arguments: &cli::Kill) -> Result<()> {
    let cli::Kill { dir, by, rounds } = arguments;
    // Nobody writes meanwhile: what is copied is of one moment, and a change would be ours.
    let _still = folder::hold_still(dir)?;
    let before = hashes(dir)?;
    let mut name = dir.canonicalize()?.into_os_string();
    name.push(".drill");
    let copy = files::make_part(Path::new(&name))?;
    let done = copy_all(dir, &before, &copy).and_then(|()| all_rounds(&copy, by, *rounds));
    if hashes(dir)? != before {
        bail!("the register in `{}` changed during the drill, which only reads it", dir.display());
    }
    let acknowledged = match done {
        Ok(acknowledged) => acknowledged,
        Err(trouble) => {
            let what = format!("the copy in `{}` is kept, with its secrets (hint: remove it)", copy.display());
            return Err(trouble.context(what));
        }
    };
    fs::remove_dir_all(&copy).with_context(|| format!("failed to remove the copy `{}`", copy.display()))?;
    screen::show(&format!(
        "killed {} on a copy that is removed again: of {} nothing was lost\n\
         the register itself was only read: its {} are what they were\n",
        counted(u64::from(*rounds), "time", "times"),
        counted(acknowledged, "acknowledged command", "acknowledged commands"),
        counted(u64::try_from(before.len())?, "file", "files"),
    ))
}

/// Writes growths into a copy until it is killed, and says the number of each event once it is acknowledged.
pub(crate) fn write(copy: &Path, by: &PersonId) -> Result<()> {
    let writer = Writer::start(App::open(copy)?);
    loop {
        let at = writer.look(|app| {
            let live = opened(app.register())?.mode == Mode::Live;
            Ok::<_, anyhow::Error>(app.register().last_at.filter(|_| !live))
        })??;
        let done = writer.submit(Submission { by: by.clone(), at, jobs: vec![Job::Grow], places: Vec::new() })??;
        let last = done.recorded.last().map_or(0, |recorded| recorded.seq);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{last}").and_then(|()| out.flush()).context("nobody listens any more")?;
    }
}

/// How far a record goes, and the hash of all of it.
#[derive(PartialEq, Eq)]
struct Record {
    events: u64,
    hash: Vec<u8>,
}

fn all_rounds(copy: &Path, by: &PersonId, rounds: u32) -> Result<u64> {
    let mut acknowledged = 0;
    let mut record = record(&App::open(copy)?, u64::MAX)?;
    for round in 1..=rounds {
        let (after, told) = write_and_kill(copy, by)?;
        let app = App::open(copy).context("what is left does not open")?;
        if self::record(&app, record.events)? != record {
            bail!("round {round}: what was recorded before it is no longer what it was");
        }
        let last = told.iter().copied().max().unwrap_or(record.events);
        if app.register().last_seq < last {
            bail!("round {round}: event {last} was acknowledged and is gone");
        }
        examining::examine(&app).with_context(|| format!("round {round}: what is left does not agree"))?;
        let there = app.register().last_seq - record.events;
        acknowledged += u64::try_from(told.len())?;
        screen::show(&format!(
            "round {round}: killed after {} ms; {} acknowledged, {there} recorded: all there, and all that is held agrees\n",
            after.as_millis(),
            told.len()
        ))?;
        record = self::record(&app, u64::MAX)?;
    }
    Ok(acknowledged)
}

/// Lets a process write for some time, kills it, and gives that time and the events it acknowledged.
fn write_and_kill(copy: &Path, by: &PersonId) -> Result<(Duration, Vec<u64>)> {
    let mut random = [0; 8];
    rand::fill(&mut random).map_err(|_| anyhow!("the system has no randomness"))?;
    let after = Duration::from_millis(u64::from_be_bytes(random) % LONGEST_MS);
    let program = std::env::current_exe().context("failed to find this program")?;
    let mut process = Command::new(program)
        .args(["drill", "write"])
        .arg(copy)
        .args(["--as", &by.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("failed to start the writing process")?;
    let said = process.stdout.take().context("the writing process says nothing")?;
    let listening = std::thread::spawn(move || {
        let lines = BufReader::new(said).lines().map_while(Result::ok);
        lines.filter_map(|line| line.parse::<u64>().ok()).collect::<Vec<u64>>()
    });
    std::thread::sleep(after);
    if let Some(status) = process.try_wait().context("failed to look at the writing process")? {
        bail!(
            "the writing process ended by itself, {status} (hint: its error stands above; `--as` somebody who may grow)"
        );
    }
    process.kill().and_then(|()| process.wait()).context("failed to kill the writing process")?;
    let told = listening.join().map_err(|_| anyhow!("nobody listened to the writing process"))?;
    Ok((after, told))
}

/// The first `events` of the record.
fn record(app: &App, events: u64) -> Result<Record> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut seen = 0;
    app.store().events_after(0, |row| {
        if row.seq <= events {
            context.update(&row.body);
            seen = row.seq;
        }
        Ok(())
    })?;
    Ok(Record { events: seen, hash: context.finish().as_ref().to_vec() })
}

type Hashes = BTreeMap<String, String>;

fn hashes(dir: &Path) -> Result<Hashes> {
    let hash = |path: String| backup::hash(&dir.join(&path)).map(|hash| (path, hash));
    files::paths(dir)?.into_iter().map(hash).collect()
}

fn copy_all(dir: &Path, paths: &Hashes, copy: &Path) -> Result<()> {
    let shared = |path: &&String| !path.ends_with("-shm");
    paths.keys().filter(shared).try_for_each(|path| backup::copy(&dir.join(path), &copy.join(path)))
}
