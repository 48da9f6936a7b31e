//! The register under load: one client, many clients, and opening it again.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use jiff::ToSpan as _;
use jiff::civil::Date;
use law::Ask;
use register::Command;
use register::command::Decide;
use register::event::{Request, Subject, Transmission};
use register::ids::{PaperId, RequestId};
use register::time::{Moment, Timestamp};
use register::words::{Channel, Component, Decided, Form, Ground, Mode, Outcome};

use super::{CLIENTS, COMMANDS, EVENTS, Measure, peak_mib, percentile, share};
use crate::app::{App, Job, NewRegister, Submission};
use crate::cli::Load;
use crate::vault::Vault;
use crate::writer::Writer;
use crate::{clock, packs, paper};

/// Commands of the one client.
const ONE: u64 = 300;

/// Events written together while the register is made that is opened again.
const TOGETHER: usize = 1_000;

/// Requests between two growths of that register.
const BETWEEN_GROWTHS: u64 = 2_500;

/// A new live register of Boston with one fax line.
pub(super) fn new(dir: &Path) -> Result<Writer> {
    let files = packs::find("us-ma-boston")?;
    let opened = NewRegister {
        mode: Mode::Live,
        origin: "bench.example/trust".to_owned(),
        by: "person_bench".parse()?,
        at: clock::now(),
        token: None,
    };
    let writer = Writer::start(App::create(dir, &files, opened)?);
    let (agency, unit, from) = ("agency_bench", "unit_bench", Date::constant(2020, 1, 1));
    submit(&writer, vec![Job::Do(Command::RegisterAgency { id: agency.parse()?, name: label("Invented Police")? })])?;
    let (agency, name) = (agency.parse()?, label("Invented District")?);
    submit(&writer, vec![Job::Do(Command::OpenUnit { id: unit.parse()?, agency, name, from })])?;
    let (unit, name, channel) = (unit.parse()?, label("Invented fax")?, Channel::Fax);
    submit(&writer, vec![Job::Do(Command::OpenLine { id: "line_bench".parse()?, unit, channel, name, from })])?;
    Ok(writer)
}

fn label(text: &str) -> Result<register::words::Label> {
    text.parse().map_err(|problem: String| anyhow::anyhow!(problem))
}

/// Jobs of the person who measures.
pub(super) fn submission(jobs: Vec<Job>) -> Result<Submission> {
    Ok(Submission { by: "person_bench".parse()?, at: None, jobs, places: Vec::new() })
}

pub(super) fn submit(writer: &Writer, jobs: Vec<Job>) -> Result<()> {
    writer.submit(submission(jobs)?)??;
    Ok(())
}

/// A detainer as an officer types it, about person `number`, arrived at its own second.
fn typed(number: u64) -> Result<Job> {
    let arrived = "2025-03-02T06:12:00Z".parse::<Timestamp>()? + i64::try_from(number)?.seconds();
    let text = format!(
        "form = \"i-247a\"\nedition = \"02/17\"\nissued_on = 2025-03-01\ncomponent = \"ero\"\nasks = [\"hold\", \"notify\"]\n\
         grounds = [\"biometric-match\"]\n[arrival]\nline = \"line_bench\"\nat = \"{arrived}\"\n[printed]\n\
         file_number = \"A{:09}\"\nname = \"Invented {number}\"\nborn_on = 1990-02-03\nsubject_id = \"{number}\"\n\
         event_number = \"E{number}\"\ncitizenship = \"Nowhere\"\nofficer = \"Invented\"\ncharge = \"none\"\n",
        number + 1
    );
    let paper = paper::read("invented", &text).map_err(packs::Problems)?;
    Ok(Job::Receive(Box::new(paper)))
}

/// The same request with nothing for the vault.
fn bare(id: &RequestId, number: u64) -> Result<Job> {
    let request = Request {
        id: id.clone(),
        paper: Vault::new_id(PaperId::PREFIX)?.parse()?,
        form: Form::I247A,
        edition: None,
        issued_on: None,
        component: Component::Ero,
        asks: vec![Ask::Hold, Ask::Notify],
        grounds: vec![Ground::BiometricMatch],
        papers: Vec::new(),
        subjects: vec![Subject { individual: None, episode: None }],
    };
    let arrived = Date::constant(2025, 1, 1) + i64::try_from(number % 365)?.days();
    let transmission = Transmission { line: "line_bench".parse()?, arrived: Moment::On(arrived), relayed_by: None };
    Ok(Job::Do(Command::Receive { request, transmission }))
}

/// Situations in which everything is known that the law asks, to be met in turn.
pub(super) struct Situations([(Ask, Vec<BTreeMap<String, String>>); 2]);

impl Situations {
    pub(super) fn of(writer: &Writer) -> Result<Self> {
        const NUMBER: usize = 64;
        writer.look(|app| {
            let spread =
                |ask| (ask, app.pack().vocabulary.spread(ask, NUMBER).iter().map(law::Facts::to_map).collect());
            Self([spread(Ask::Hold), spread(Ask::Notify)])
        })
    }

    /// The law asked of each ask of a request, which is declined; and an outcome.
    pub(super) fn follow(&self, request: &RequestId, number: u64) -> Result<Vec<Job>> {
        let mut jobs = Vec::new();
        for (ask, known) in &self.0 {
            let at = usize::try_from(number)? % known.len().max(1);
            let facts = known.get(at).cloned().unwrap_or_default();
            let (request, ask) = (request.clone(), *ask);
            let decide =
                Decide { request, ask, on: None, made_at: None, facts, decided: Decided::Declined, departure: None };
            jobs.push(Job::Decide { decide, departure: None });
        }
        jobs.push(released(request));
        Ok(jobs)
    }
}

fn released(request: &RequestId) -> Job {
    let at = Moment::On(Date::constant(2026, 1, 2));
    let (request, outcome) = (request.clone(), Outcome::ReleasedBail);
    Job::Do(Command::RecordOutcome { request, outcome, at, authority: None })
}

/// One client that waits for each answer: papers with all that is printed on them.
pub(super) fn one(dir: &Path, load: Load) -> Result<Vec<Measure>> {
    let writer = new(dir)?;
    let mut times = Vec::new();
    for number in 0..share(load, ONE) {
        let started = Instant::now();
        submit(&writer, vec![typed(number)?])?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(vec![
        Measure::new("one client: a paper typed in, acknowledged; half within", percentile(&mut times, 50), "ms"),
        Measure::new("  99 of 100 within", percentile(&mut times, 99), "ms"),
    ])
}

/// Many clients, each of which waits for its answers; then a growth and its signature; then all of it is looked for.
pub(super) fn clients(dir: &Path, load: Load) -> Result<Vec<Measure>> {
    let clients = CLIENTS;
    let mut measures = Vec::new();
    for (what, typed_in) in [("requests", false), ("papers typed in", true)] {
        let commands = share(load, COMMANDS);
        let folder = dir.join(if typed_in { "typed" } else { "bare" });
        let writer = new(&folder)?;
        let before = writer.look(|app| app.register().last_seq)?;
        let started = Instant::now();
        let mut times = std::thread::scope(|scope| {
            let writer = &writer;
            let client = |client: u64| move || one_of_many(writer, client * commands, commands, typed_in);
            let all: Vec<_> = (0..clients).map(|number| scope.spawn(client(number))).collect();
            let joined = all.into_iter().map(|client| client.join().ok().context("a client has panicked")?);
            joined.collect::<Result<Vec<_>>>()
        })?
        .concat();
        let answered = started.elapsed().as_secs_f64();
        submit(&writer, vec![Job::Grow])?;
        let grown = started.elapsed().as_secs_f64();
        drop(writer);
        let recorded = Writer::start(App::open(&folder)?).look(|app| app.register().last_seq)? - before;
        // One is the growth's.
        if recorded != clients * commands + 1 {
            bail!("{} commands were acknowledged and {recorded} events are there", clients * commands);
        }
        let number = f64::from(u32::try_from(clients * commands)?);
        let rate = Measure::new(&format!("{clients} clients: {what}, with the growth"), number / grown, "/s");
        measures.push(rate.at_least(10_000.0));
        measures.push(Measure::new("  without the growth", number / answered, "/s"));
        measures.push(Measure::new("  half acknowledged within", percentile(&mut times, 50), "ms"));
        measures.push(Measure::new("  99 of 100 within", percentile(&mut times, 99), "ms"));
        measures.push(Measure::new("  acknowledged and not there when opened again", 0.0, "").at_most(0.0));
    }
    measures.push(Measure::new("  most memory at once", peak_mib()?, "MiB"));
    Ok(measures)
}

/// How long each command of one client took, in milliseconds.
fn one_of_many(writer: &Writer, first: u64, commands: u64, typed_in: bool) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for number in first..first + commands {
        let id = Vault::new_id(RequestId::PREFIX)?.parse()?;
        let job = if typed_in { typed(number)? } else { bare(&id, number)? };
        let started = Instant::now();
        submit(writer, vec![job])?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}

/// Makes a register of many events, with a growth every so often.
pub(super) fn build(dir: &Path, load: Load) -> Result<Vec<Measure>> {
    let writer = new(dir)?;
    let situations = Situations::of(&writer)?;
    let events = share(load, EVENTS);
    let started = Instant::now();
    let mut waiting = Vec::new();
    let mut requests = 0;
    while requests * 4 < events {
        let id: RequestId = Vault::new_id(RequestId::PREFIX)?.parse()?;
        for job in std::iter::once(bare(&id, requests)?).chain(situations.follow(&id, requests)?) {
            waiting.push(writer.hand_in(submission(vec![job])?)?);
        }
        requests += 1;
        if waiting.len() >= TOGETHER {
            waiting.drain(..).try_for_each(|answer| Writer::answer(&answer)?.map(drop).map_err(anyhow::Error::from))?;
        }
        if requests % BETWEEN_GROWTHS == 0 {
            submit(&writer, vec![Job::Grow])?;
        }
    }
    waiting.drain(..).try_for_each(|answer| Writer::answer(&answer)?.map(drop).map_err(anyhow::Error::from))?;
    submit(&writer, vec![Job::Grow])?;
    let events = writer.look(|app| app.register().last_seq)?;
    let rate = f64::from(u32::try_from(events)?) / started.elapsed().as_secs_f64();
    Ok(vec![Measure::new("events written in a row while a register is made", rate, "/s")])
}

/// Opens the register.
pub(super) fn restart(dir: &Path) -> Result<Vec<Measure>> {
    let started = Instant::now();
    let app = App::open(dir)?;
    let took = started.elapsed().as_secs_f64();
    let events = app.register().last_seq;
    Ok(vec![
        Measure::new(&format!("opening a register of {events} events"), took, "s").at_most(3.0),
        Measure::new("  most memory at once", peak_mib()?, "MiB").at_most(1536.0),
    ])
}
