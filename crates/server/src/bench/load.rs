//! `candor bench`, second part: the register under load, beside what the disk itself can do in the same run. Each part
//! is a process of its own, so that the most memory it held at once is its own too. Every row is invented.

use std::fs::{self, File};
use std::io::{Seek as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::cli::{self, Load, Part};

mod month;
mod register;

/// Events of the register that is opened again.
pub(super) const EVENTS: u64 = 1_000_000;
/// Clients at once.
pub(super) const CLIENTS: u64 = 512;
/// Commands of each client.
pub(super) const COMMANDS: u64 = 120;
/// Requests in the month in which ICE made most: March 2025, all of the country.
pub(super) const MONTH: u64 = 27_755;

/// So much of a number as is measured.
fn share(load: Load, number: u64) -> u64 {
    match load {
        Load::Full => number,
        Load::Small => (number / 100).max(1),
        Load::None => 0,
    }
}

/// What was measured of the register.
#[derive(Serialize, Deserialize)]
pub(crate) struct Measure {
    /// What.
    pub(crate) what: String,
    /// How much, in `unit`.
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// What it should reach, and whether it does; none where nothing is asked of it.
    pub(crate) goal: Option<Goal>,
}

/// What a figure should reach.
#[derive(Serialize, Deserialize)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Measure {
    pub(super) fn new(what: &str, value: f64, unit: &str) -> Measure {
        Measure { what: what.to_owned(), value, unit: unit.to_owned(), goal: None }
    }

    pub(super) fn at_most(self, most: f64) -> Measure {
        Measure { goal: Some(Goal::AtMost(most)), ..self }
    }

    pub(super) fn at_least(self, least: f64) -> Measure {
        Measure { goal: Some(Goal::AtLeast(least)), ..self }
    }

    /// Whether the goal is met, if there is one.
    pub(crate) fn met(&self) -> Option<bool> {
        match self.goal {
            Some(Goal::AtLeast(least)) => Some(self.value >= least),
            Some(Goal::AtMost(most)) => Some(self.value <= most),
            None => None,
        }
    }
}

/// Measures all parts, each in a process of its own, in a folder that is removed again.
pub(crate) fn measure(bench: &cli::Bench) -> Result<(String, Vec<Measure>)> {
    let base = bench.folder.clone().unwrap_or_else(std::env::temp_dir);
    let folder = base.join(format!("candor-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("failed to make `{}`", folder.display()))?;
    let file_system = file_system(&folder)?;
    let measured = [Part::Disk, Part::One, Part::Clients, Part::Month, Part::Build, Part::Restart]
        .into_iter()
        .map(|part| run_part(part, bench.load, &folder))
        .collect::<Result<Vec<_>>>();
    drop(fs::remove_dir_all(&folder));
    Ok((file_system, measured?.into_iter().flatten().collect()))
}

fn run_part(part: Part, load: Load, folder: &Path) -> Result<Vec<Measure>> {
    let name = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
    let (part, load) = (name(part.to_possible_value()), name(load.to_possible_value()));
    let (part, load) = part.zip(load).context("a part has a name")?;
    let program = std::env::current_exe().context("failed to find this program")?;
    let mut command = Program::new(program);
    command.args(["bench", "--part", &part, "--load", &load, "--folder"]).arg(folder);
    let ran = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let ran = ran.with_context(|| format!("failed to measure `{part}`"))?;
    if !ran.status.success() {
        bail!("measuring `{part}` ended with {}", ran.status);
    }
    serde_json::from_slice(&ran.stdout).with_context(|| format!("`{part}` printed no figures"))
}

/// Measures one part in this process and prints its figures.
pub(crate) fn part(part: Part, load: Load, folder: &Path) -> Result<()> {
    let measures = match part {
        Part::Disk => disk(folder)?,
        Part::One => register::one(&folder.join("one"), load)?,
        Part::Clients => register::clients(&folder.join("clients"), load)?,
        Part::Month => month::month(&folder.join("month"), load)?,
        Part::Build => register::build(&folder.join("restart"), load)?,
        Part::Restart => register::restart(&folder.join("restart"))?,
    };
    crate::screen::print_json(&serde_json::to_value(measures)?)
}

/// What the disk does by itself: small writes that are synced one by one, and bytes in a row.
fn disk(folder: &Path) -> Result<Vec<Measure>> {
    const SYNCS: u32 = 300;
    const PAGE: [u8; 4096] = [0x5a; 4096];
    const PAGES: u32 = 16_384;
    let trouble = || format!("failed to measure the disk under `{}`", folder.display());
    let mut file = File::create(folder.join("disk")).with_context(trouble)?;
    let started = Instant::now();
    for _ in 0..SYNCS {
        file.write_all(&PAGE).and_then(|()| file.sync_data()).with_context(trouble)?;
    }
    let syncs = f64::from(SYNCS) / started.elapsed().as_secs_f64();
    file.rewind().with_context(trouble)?;
    let started = Instant::now();
    for page in 0..PAGES {
        file.write_all_at(&PAGE, u64::from(page) * 4096).with_context(trouble)?;
    }
    file.sync_data().with_context(trouble)?;
    let bytes = f64::from(PAGES) * 4096.0 / started.elapsed().as_secs_f64();
    Ok(vec![
        Measure::new("the disk: 4 KiB appended and synced, one after the other", syncs, "/s"),
        Measure::new("the disk: bytes in a row, synced at the end", bytes / 1e6, "MB/s"),
    ])
}

/// The most memory this process held at once, in MiB.
fn peak_mib() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status").context("failed to ask the system for the memory held")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the system does not say")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().context("the system says no number")?;
    Ok(kib / 1024.0)
}

/// The figures as people read them.
pub(crate) fn shown(file_system: &str, measures: &[Measure]) -> String {
    let mut text = format!("\nthe register under load, on {file_system}\n\n");
    for measure in measures {
        let goal = match &measure.goal {
            Some(Goal::AtLeast(goal)) => format!("   at least {goal}: "),
            Some(Goal::AtMost(goal)) => format!("   at most {goal}: "),
            None => String::new(),
        };
        let met = match measure.met() {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "",
        };
        let digits = if measure.value < 100.0 { 2 } else { 0 };
        let value = format!("{:.digits$} {}", measure.value, measure.unit);
        text.push_str(format!("{:<56}{value:>14}{goal}{met}", measure.what).trim_end());
        text.push('\n');
    }
    text
}

/// The figures for programs.
pub(crate) fn json(file_system: &str, measures: &[Measure]) -> serde_json::Value {
    let measure = |measure: &Measure| {
        let goal = match &measure.goal {
            Some(Goal::AtLeast(goal) | Goal::AtMost(goal)) => Some(*goal),
            None => None,
        };
        let (what, unit) = (measure.what.trim(), measure.unit.as_str());
        serde_json::json!({ "what": what, "value": measure.value, "unit": unit, "goal": goal, "met": measure.met() })
    };
    serde_json::json!({ "file_system": file_system, "figures": measures.iter().map(measure).collect::<Vec<_>>() })
}

/// The type of the file system that a folder is on, and where that is mounted.
fn file_system(folder: &Path) -> Result<String> {
    let folder = fs::canonicalize(folder).context("failed to look where it is measured")?;
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (place, kind) = (PathBuf::from(words.next()?), words.next()?);
        folder.starts_with(&place).then_some((place, kind))
    });
    let longest = mounted.max_by_key(|(place, _)| place.components().count());
    Ok(longest.map_or_else(|| "not known".to_owned(), |(place, kind)| format!("{kind} at {}", place.display())))
}

/// The time below which so many of a hundred lie, in milliseconds.
fn percentile(times: &mut [f64], hundredth: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = (times.len() * hundredth / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or(f64::NAN)
}
