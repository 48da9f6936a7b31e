//! `candor bench`: how long the law takes on this machine, beside what the machine itself can do and, where their
//! program is at hand, beside two policy engines on the same rules. Nothing here fails because of time: a goal that is
//! missed is shown as missed.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use law::{Ask, Facts, Law, Pack};

pub(crate) mod load;

use crate::packs::{self, PackFiles};
use crate::{cli, screen};
use cli::Load;
use load::Measure;

/// How long one round of a measurement lasts about: long beside the steps of the clock, short beside a person's patience.
const ROUND: Duration = Duration::from_millis(5);
/// Situations asked in turn, so that no answer is found in the state that the one before it left.
const SITUATIONS: usize = 64;
/// Bytes hashed at once for the machine's own limit.
const HASHED_BYTES: u32 = 1 << 20;
/// The asks whose answers are timed one by one.
const ASKS: [Ask; 2] = [Ask::Hold, Ask::Notify];

/// Measures, and shows what came out.
pub(crate) fn bench(bench: &cli::Bench) -> Result<()> {
    if let Some((part, folder)) = bench.part.zip(bench.folder.as_deref()) {
        return load::part(part, bench.load, folder);
    }
    let files = packs::find(&bench.pack)?;
    let pack = packs::load(&files)?;
    if let Some(program) = &bench.peers {
        if !Path::new(&bench.pack).is_dir() {
            bail!("the peers read the pack from a folder (hint: give its path, such as `law/us-ma-boston`)");
        }
        if !program.is_file() {
            bail!("there is no program `{}` (hint: `./bench` builds the peers)", program.display());
        }
    }
    let measured = measure(&files, &pack, bench)?;
    let peers = bench.peers.as_deref().map(|program| run_peers(program, bench, &pack)).transpose()?;
    let loaded = match bench.load {
        Load::None => None,
        Load::Full | Load::Small => Some(load::measure(bench)?),
    };
    if bench.json {
        return screen::print_json(&measured_json(&measured, peers.as_deref(), loaded.as_ref())?);
    }
    screen::show(&shown(&measured))?;
    screen::show(&match peers {
        Some(table) => format!("\n{table}"),
        None => "\nno peer was asked: `./bench` builds them and asks them in the same run\n".to_owned(),
    })?;
    loaded.map_or(Ok(()), |(file_system, measures)| screen::show(&load::shown(&file_system, &measures)))
}

/// All that was measured of one pack.
struct Measured {
    title: String,
    cores: usize,
    rounds: u32,
    figures: Vec<Figure>,
    machine: Vec<Figure>,
    hashed_mb_per_s: f64,
}

/// One measurement: what takes how long, and how long it should take at most. In nanoseconds.
struct Figure {
    what: String,
    times: Times,
    goal: Option<f64>,
}

/// How long something took in several rounds, in nanoseconds.
#[derive(Clone, Copy)]
struct Times {
    median: f64,
    fastest: f64,
    slowest: f64,
}

impl Times {
    /// The same for one of `count` things done in turn.
    fn each(self, count: usize) -> Self {
        let share = |time: f64| time / u32::try_from(count).map_or(f64::INFINITY, f64::from);
        Self { median: share(self.median), fastest: share(self.fastest), slowest: share(self.slowest) }
    }
}

impl Figure {
    /// Whether the goal is met, if there is one.
    fn met(&self) -> Option<bool> {
        self.goal.map(|goal| self.times.median <= goal)
    }
}

const MICROSECOND: f64 = 1e3;
const MILLISECOND: f64 = 1e6;

fn measure(files: &PackFiles, pack: &Pack, bench: &cli::Bench) -> Result<Measured> {
    let (on, rounds) = (bench.on, bench.rounds);
    let mut figures = vec![loading(files, rounds)];
    figures.extend(whole_space(pack, on, rounds));
    for ask in ASKS.into_iter().filter(|ask| pack.vocabulary.ask(*ask).is_some()) {
        figures.extend(answers(pack, ask, on, rounds)?);
    }
    let hashed = vec![0x5a; HASHED_BYTES as usize];
    let hashing = time(rounds, || _ = black_box(tlog::hash_leaf(black_box(&hashed))));
    Ok(Measured {
        title: format!("{} version {}, the law of {on}", pack.id, pack.version),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        rounds,
        figures,
        machine: ASKS.into_iter().filter_map(|ask| bare_tests(pack, ask, on, rounds)).collect(),
        // Bytes in a nanosecond are gigabytes in a second.
        hashed_mb_per_s: f64::from(HASHED_BYTES) / hashing.median * 1e3,
    })
}

fn loading(files: &PackFiles, rounds: u32) -> Figure {
    let times = time(rounds, || {
        let pack = Pack::load(files);
        drop(black_box(pack.map(|pack| (law::check(&pack), law::prove(&pack)))));
    });
    Figure { what: "load, run every scenario, prove every day".to_owned(), times, goal: Some(50.0 * MILLISECOND) }
}

/// Every situation of every ask by every answer, and a plan of questions for each ask.
fn whole_space(pack: &Pack, on: Date, rounds: u32) -> Vec<Figure> {
    let laws: Vec<Law<'_>> = pack.vocabulary.asks.iter().map(|entry| Law::on(pack, entry.ask, on)).collect();
    let situations: usize = laws.iter().map(|law| law::space(law).possible).sum();
    let spaces = time(rounds, || laws.iter().for_each(|law| drop(black_box(law::space(law)))));
    let planned = time(rounds, || {
        for law in &laws {
            black_box((law::space(law), law::question_plan(law)));
        }
    });
    let figure = |what: String, times: Times, goal: Option<f64>| Figure { what, times, goal };
    vec![
        figure(format!("every situation of that day ({situations}), and plans"), planned, Some(200.0 * MILLISECOND)),
        figure("one situation of them, judged and hashed".to_owned(), spaces.each(situations), None),
    ]
}

/// Answers to one ask, all facts known and none, and what would change them.
fn answers(pack: &Pack, ask: Ask, on: Date, rounds: u32) -> Result<Vec<Figure>> {
    let law = Law::on(pack, ask, on);
    let phrases = packs::phrases(pack, None)?;
    let known = pack.vocabulary.spread(ask, SITUATIONS);
    let each = |work: &dyn Fn(&Facts)| time(rounds, || known.iter().for_each(work)).each(known.len());
    let unknown = Facts::default();
    let figure = |what: &str, times: Times| Figure { what: format!("{ask}: {what}"), times, goal: None };
    let mut answered = figure("one answer with its explanation", each(&|facts| drop(black_box(law.answer(facts)))));
    answered.goal = Some(2.0 * MICROSECOND);
    Ok(vec![
        answered,
        figure("the same, told in sentences", each(&|facts| drop(black_box(phrases.tell(&law.answer(facts), &[]))))),
        figure("why the other rules do not bear on it", each(&|facts| drop(black_box(law.why_not(facts))))),
        figure("what would change it (flips)", each(&|facts| drop(black_box(law.flips(facts))))),
        figure("nothing known: answers left, next question", time(rounds, || drop(black_box(law.answer(&unknown))))),
    ])
}

/// The machine's own limit for an ask: as many tests of one mask as its rules have conditions, and nothing else.
fn bare_tests(pack: &Pack, ask: Ask, on: Date, rounds: u32) -> Option<Figure> {
    let conditions: usize = Law::on(pack, ask, on)
        .rules()
        .map(|placed| {
            let boxes = pack.vocabulary.boxes_of(placed.rule);
            boxes.parties.len() + boxes.when.iter().chain(&boxes.unless).map(Vec::len).sum::<usize>()
        })
        .sum();
    // Any masks do: what is timed reads them, compares, and counts.
    let situation: Vec<u64> = (0..conditions).map(|index| 1 << (index % 7)).collect();
    let masks: Vec<u64> = (0..conditions).map(|index| 0x5555_5555_5555_5555 << (index % 5)).collect();
    let times = time(rounds, || {
        let (situation, masks) = (black_box(&situation), black_box(&masks));
        black_box(situation.iter().zip(masks).filter(|(possible, within)| **possible & !**within == 0).count());
    });
    (conditions > 0).then(|| Figure {
        what: format!("{ask}: bare tests of a mask, {conditions} of them"),
        times,
        goal: None,
    })
}

/// Times some work: one round to warm up, then `rounds` that count, each of as many repetitions as fill [`ROUND`].
fn time(rounds: u32, mut work: impl FnMut()) -> Times {
    let mut round = |repetitions: u32| {
        let started = Instant::now();
        for _ in 0..repetitions {
            work();
        }
        started.elapsed()
    };
    // Work done for the first time is slow; what it takes then is only a guess.
    let guessed = repetitions(round(1));
    let repetitions = repetitions(round(guessed) / guessed);
    let nanoseconds = |took: Duration| took.as_secs_f64() * 1e9 / f64::from(repetitions);
    let mut times: Vec<f64> = (0..rounds.max(1)).map(|_| nanoseconds(round(repetitions))).collect();
    times.sort_by(f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or(f64::NAN);
    Times { median: at(times.len() / 2), fastest: at(0), slowest: at(times.len() - 1) }
}

/// How often work that takes so long once is repeated in a round.
fn repetitions(once: Duration) -> u32 {
    u32::try_from(ROUND.as_nanos() / once.as_nanos().max(1)).unwrap_or(u32::MAX).clamp(1, 1 << 20)
}

/// Runs the program of the peers on the same pack; what it printed. It measures Candor again beside them, in one process.
fn run_peers(program: &Path, bench: &cli::Bench, pack: &Pack) -> Result<String> {
    let mut command = Command::new(program);
    command.arg(&bench.pack).args(["--on", &bench.on.to_string(), "--hash", &pack.hash().to_string()]);
    command.args(["--rounds", &bench.rounds.to_string()]).args(bench.json.then_some("--json"));
    let ran = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let ran = ran.with_context(|| format!("failed to run `{}`", program.display()))?;
    if !ran.status.success() {
        bail!("the peers failed: `{}` ended with {}", program.display(), ran.status);
    }
    String::from_utf8(ran.stdout).context("the peers printed something else than text")
}

fn shown(measured: &Measured) -> String {
    let Measured { title, cores, rounds, .. } = measured;
    let mut text = format!(
        "{title}; {cores} cores, median of {rounds} rounds\n\n{:<WHAT$}{:>12}{:>12}{:>12}   goal\n",
        "", "median", "fastest", "slowest"
    );
    measured.figures.iter().for_each(|figure| text.push_str(&line(figure)));
    text.push_str("\nthe machine's own limit: the same number of tests of a mask, and nothing else\n");
    measured.machine.iter().for_each(|figure| text.push_str(&line(figure)));
    text.push_str(&format!(
        "{:<WHAT$}{:>12}\n",
        "SHA-256 on one core",
        format!("{:.0} MB/s", measured.hashed_mb_per_s)
    ));
    text
}

/// Columns for what was measured.
const WHAT: usize = 54;

fn line(figure: &Figure) -> String {
    let Times { median, fastest, slowest } = figure.times;
    let goal = figure.goal.zip(figure.met()).map(|(goal, met)| {
        format!(
            "   at most {}: {}",
            in_units(goal).replace(".00", "").replace(".0", ""),
            if met { "met" } else { "NOT MET" }
        )
    });
    let times = [median, fastest, slowest].map(|time| format!("{:>12}", in_units(time))).concat();
    format!("{:<WHAT$}{times}{}\n", figure.what, goal.unwrap_or_default())
}

/// Nanoseconds, in the unit that people would say them in.
fn in_units(nanoseconds: f64) -> String {
    match nanoseconds {
        time if time < MICROSECOND => format!("{time:.0} ns"),
        time if time < MILLISECOND => format!("{:.2} µs", time / MICROSECOND),
        time => format!("{:.1} ms", time / MILLISECOND),
    }
}

fn measured_json(
    measured: &Measured,
    peers: Option<&str>,
    loaded: Option<&(String, Vec<Measure>)>,
) -> Result<serde_json::Value> {
    let figures = |figures: &[Figure]| -> Vec<serde_json::Value> {
        let figure = |figure: &Figure| {
            serde_json::json!({
                "what": figure.what,
                "median_ns": figure.times.median,
                "fastest_ns": figure.times.fastest,
                "slowest_ns": figure.times.slowest,
                "goal_ns": figure.goal,
                "met": figure.met(),
            })
        };
        figures.iter().map(figure).collect()
    };
    let peers: Option<serde_json::Value> = peers.map(serde_json::from_str).transpose()?;
    Ok(serde_json::json!({
        "law": measured.title,
        "cores": measured.cores,
        "rounds": measured.rounds,
        "figures": figures(&measured.figures),
        "machine": figures(&measured.machine),
        "sha256_mb_per_s": measured.hashed_mb_per_s,
        "peers": peers,
        "register": loaded.map(|(file_system, measures)| load::json(file_system, measures)),
    }))
}
