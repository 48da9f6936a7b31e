//! `candor-peers PACK --on DAY`: the rules that are law on a day, asked of Cedar and of regorus beside Candor.
//!
//! First all three must agree on which rules fire, situation by situation; then they are timed in turn, in one process.
//! The peers get less to do: what the law works out of the facts is given to them as a fact, and they name the rules
//! that fire. Candor also weighs exceptions, doubts and layers, and explains why every other rule is silent.

mod cedar;
mod measure;
mod rego;
mod rules;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use jiff::civil::Date;
use law::{Ask, Pack};

use crate::measure::Asked;

/// The asks that are compared.
const ASKS: [Ask; 3] = [Ask::Hold, Ask::Notify, Ask::Information];
/// Layers of folders in a pack.
const DEPTH_LIMIT: usize = 3;
const USAGE: &str = "usage: candor-peers PACK [--on DAY] [--hash HASH] [--rounds N] [--json]";

/// What the command line says.
struct Arguments {
    pack: String,
    on: String,
    /// The pack that whoever calls has loaded; another one is refused.
    hash: Option<String>,
    rounds: u32,
    json: bool,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("candor-peers: {message}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { pack: String::new(), on: "2022-06-14".to_owned(), hash: None, rounds: 15, json: false };
    let mut given = std::env::args().skip(1);
    while let Some(word) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("`{word}` wants a value\n{USAGE}"));
        match word.as_str() {
            "--on" => found.on = value()?,
            "--hash" => found.hash = Some(value()?),
            "--rounds" => found.rounds = value()?.parse().map_err(|_| format!("`--rounds` wants a number\n{USAGE}"))?,
            "--json" => found.json = true,
            pack if found.pack.is_empty() && !pack.starts_with('-') => found.pack = pack.to_owned(),
            other => return Err(format!("unknown argument `{other}`\n{USAGE}")),
        }
    }
    if found.pack.is_empty() { Err(USAGE.to_owned()) } else { Ok(found) }
}

fn run(arguments: &Arguments) -> Result<String, String> {
    let mut files = BTreeMap::new();
    read_folder(Path::new(&arguments.pack), "", DEPTH_LIMIT, &mut files)?;
    let pack = Pack::load(&files).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        problems.join("\n")
    })?;
    let hash = pack.hash().to_string();
    if arguments.hash.as_ref().is_some_and(|wanted| *wanted != hash) {
        return Err(format!("`{}` is another pack: its hash is {hash}", arguments.pack));
    }
    let on: Date = arguments.on.parse().map_err(|_| format!("`{}` is not a day\n{USAGE}", arguments.on))?;
    let mut asked = Vec::new();
    for ask in ASKS {
        asked.extend(measure::ask(&pack, ask, on, arguments.rounds)?);
    }
    if asked.is_empty() {
        return Err(format!("no rule of `{}` is law on {on} for {}", pack.id, ASKS.map(Ask::code).join(", ")));
    }
    Ok(if arguments.json { json(&asked, arguments.rounds) } else { table(&asked, arguments.rounds) })
}

/// The files of a pack: path within it, with `/` between names, to text.
fn read_folder(folder: &Path, inner: &str, depth: usize, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let trouble = |error: std::io::Error| format!("failed to read `{}`: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("?");
        let name = if inner.is_empty() { name.to_owned() } else { format!("{inner}/{name}") };
        if path.is_dir() && depth > 0 {
            read_folder(&path, &name, depth - 1, files)?;
        } else if path.is_file() {
            files.insert(name, std::fs::read_to_string(&path).map_err(trouble)?);
        }
    }
    Ok(())
}

/// The figures for people.
fn table(asked: &[Asked], rounds: u32) -> String {
    let mut text = format!(
        "the peers, in one process and in turn, median of {rounds} rounds\n\n{:<54}{:>12}{:>12}{:>12}{:>11}\n",
        "", "median", "fastest", "slowest", "to Candor"
    );
    for one in asked {
        text.push_str(&format!(
            "{}: {} rules, {} conditions; the same rules fire in all {} situations compared\n",
            one.ask, one.rules, one.conditions, one.compared
        ));
        for engine in &one.engines {
            let times = [engine.median, engine.fastest, engine.slowest];
            let times = times.map(|time| format!("{:>12}", format!("{:.2} µs", time / 1e3))).concat();
            text.push_str(&format!("  {:<52}{times}{:>11}\n", engine.name, format!("{:.1} ×", one.ratio(engine))));
        }
    }
    let least = |name: &str| {
        let of = |one: &Asked| one.engines.iter().find(|engine| engine.name == name).map(|engine| one.ratio(engine));
        asked.iter().filter_map(of).fold(f64::INFINITY, f64::min)
    };
    for (peer, name) in [("Cedar", measure::CEDAR), ("regorus", measure::REGO)] {
        let met = if least(name) >= GOAL { "met" } else { "NOT MET" };
        text.push_str(&format!(
            "at least {GOAL} times faster than {peer}: {met}, {:.1} times where it does best\n",
            least(name)
        ));
    }
    text + "The peers are given the derived facts and name the rules that fire; Candor works them out and explains.\n"
}

/// How many times faster than either peer an answer with its explanation should be.
const GOAL: f64 = 10.0;

/// The figures for programs.
fn json(asked: &[Asked], rounds: u32) -> String {
    let engine = |one: &Asked, engine: &measure::Engine| {
        serde_json::json!({
            "engine": engine.name,
            "median_ns": engine.median,
            "fastest_ns": engine.fastest,
            "slowest_ns": engine.slowest,
            "times_candor": one.ratio(engine),
        })
    };
    let asks: Vec<serde_json::Value> = asked
        .iter()
        .map(|one| {
            serde_json::json!({
                "ask": one.ask.code(),
                "rules": one.rules,
                "conditions": one.conditions,
                "situations_agreed": one.compared,
                "engines": one.engines.iter().map(|of| engine(one, of)).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{}\n", serde_json::json!({ "rounds": rounds, "goal_times_candor": GOAL, "asks": asks }))
}
