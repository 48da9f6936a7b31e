//! One ask: do all engines agree, and how long does each take.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cedar_policy::Request;
use jiff::civil::Date;
use law::{Ask, Facts, Law, Outcome, Pack};

use crate::cedar::Cedar;
use crate::rego::{self, Rego};
use crate::rules::{self, Rule, Situation};

/// Situations compared at most, and timed in turn.
const COMPARED: usize = 30_000;
const TIMED: usize = 64;
/// How long one round of one engine lasts about.
const ROUND: Duration = Duration::from_millis(5);

/// What Candor is called in the figures.
pub(crate) const CANDOR: &str = "Candor: answer with its explanation";
/// Each peer at its best.
pub(crate) const CEDAR: &str = "Cedar: is_authorized, request at hand";
pub(crate) const REGO: &str = "regorus: compiled, input at hand";

/// What was found of one ask.
pub(crate) struct Asked {
    pub(crate) ask: Ask,
    pub(crate) rules: usize,
    pub(crate) conditions: usize,
    /// Situations in which all engines agreed: all that were compared.
    pub(crate) compared: usize,
    pub(crate) engines: Vec<Engine>,
}

/// How long an engine takes for one situation, in nanoseconds.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) median: f64,
    pub(crate) fastest: f64,
    pub(crate) slowest: f64,
}

impl Asked {
    /// How many times as long as Candor an engine takes.
    pub(crate) fn ratio(&self, engine: &Engine) -> f64 {
        let candor = self.engines.iter().find(|one| one.name == CANDOR);
        candor.map_or(f64::NAN, |candor| engine.median / candor.median)
    }
}

/// Compares and measures one ask; `None` when no rule is law for it.
pub(crate) fn ask(pack: &Pack, ask: Ask, on: Date, rounds: u32) -> Result<Option<Asked>, String> {
    let law = Law::on(pack, ask, on);
    let rules = Rule::of(pack, &law);
    if rules.is_empty() {
        return Ok(None);
    }
    let (cedar, mut rego) = (Cedar::of(&rules)?, Rego::of(&rules)?);
    let situations = rules::situations(pack, &law, ask, COMPARED)?;
    for (facts, situation) in &situations {
        compare(&law, &cedar, &mut rego, facts, situation)?;
    }
    let timed = situations.get(..TIMED).unwrap_or(&situations);
    Ok(Some(Asked {
        ask,
        rules: rules.len(),
        conditions: rules.iter().map(Rule::conditions).sum(),
        compared: situations.len(),
        engines: engines(&law, &cedar, rego, timed, rounds)?,
    }))
}

/// The same rules fire in every engine.
fn compare(law: &Law<'_>, cedar: &Cedar, rego: &mut Rego, facts: &Facts, situation: &Situation) -> Result<(), String> {
    let Outcome::Answered(answer) = law.answer(facts) else { return Err(format!("no answer to {facts:?}")) };
    let ours = rules::fired(&answer, &law.why_not(facts));
    let input = rego::input(situation);
    let theirs = [
        ("Cedar", cedar.fired(situation)?),
        ("regorus, interpreted", rego::names(&rego.interpret(&input)?)?),
        ("regorus, compiled", rego::names(&rego.run(&input)?)?),
    ];
    match theirs.iter().find(|(_, fired)| *fired != ours) {
        Some((name, fired)) => Err(format!("{name} differs: {fired:?}, Candor {ours:?}, where {situation:?}")),
        None => Ok(()),
    }
}

/// Something timed: its name, and one pass over all situations.
type Pass<'a> = (&'static str, Box<dyn FnMut() + 'a>);

fn engines(
    law: &Law<'_>,
    cedar: &Cedar,
    rego: Rego,
    timed: &[(Facts, Situation)],
    rounds: u32,
) -> Result<Vec<Engine>, String> {
    let requests = timed.iter().map(|(_, one)| cedar.request(one)).collect::<Result<Vec<Request>, String>>()?;
    let inputs: Vec<regorus::Value> = timed.iter().map(|(_, one)| rego::input(one)).collect();
    let rego = std::cell::RefCell::new(rego);
    // That nothing fails was seen when the engines were compared.
    let passes: Vec<Pass<'_>> = vec![
        (CANDOR, Box::new(|| timed.iter().for_each(|(facts, _)| drop(black_box(law.answer(black_box(facts))))))),
        (CEDAR, Box::new(|| requests.iter().for_each(|one| drop(black_box(cedar.decide(black_box(one))))))),
        (
            "Cedar: the request made from values",
            Box::new(|| {
                for (_, situation) in timed {
                    drop(black_box(cedar.request(black_box(situation)).map(|request| cedar.decide(&request))));
                }
            }),
        ),
        (REGO, Box::new(|| inputs.iter().for_each(|one| drop(black_box(rego.borrow_mut().run(black_box(one))))))),
        (
            "regorus: interpreted, input at hand",
            Box::new(|| inputs.iter().for_each(|one| drop(black_box(rego.borrow_mut().interpret(black_box(one)))))),
        ),
    ];
    Ok(time(passes, timed.len(), rounds))
}

/// Times all in turn, so that a busy moment of the machine meets every engine.
fn time(mut passes: Vec<Pass<'_>>, situations: usize, rounds: u32) -> Vec<Engine> {
    let situations = u32::try_from(situations).map_or(f64::INFINITY, f64::from);
    let repetitions: Vec<u32> = passes.iter_mut().map(|(_, pass)| warm(pass)).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); passes.len()];
    for _ in 0..rounds.max(1) {
        for (((_, pass), repetitions), times) in passes.iter_mut().zip(&repetitions).zip(&mut times) {
            let took = round(pass, *repetitions);
            times.push(took.as_secs_f64() * 1e9 / f64::from(*repetitions) / situations);
        }
    }
    let engine = |((name, _), mut times): (&Pass<'_>, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        let at = |index: usize| times.get(index).copied().unwrap_or(f64::NAN);
        Engine { name, median: at(times.len() / 2), fastest: at(0), slowest: at(times.len() - 1) }
    };
    passes.iter().zip(times).map(engine).collect()
}

/// Warms up, and tells how many passes fill a round.
fn warm(pass: &mut dyn FnMut()) -> u32 {
    let guessed = repetitions(round(pass, 1));
    repetitions(round(pass, guessed) / guessed)
}

fn round(pass: &mut dyn FnMut(), repetitions: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..repetitions {
        pass();
    }
    started.elapsed()
}

fn repetitions(once: Duration) -> u32 {
    u32::try_from(ROUND.as_nanos() / once.as_nanos().max(1)).unwrap_or(u32::MAX).clamp(1, 1 << 20)
}
