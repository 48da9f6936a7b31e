//! What each verb of the command line does: read what is given, submit, say what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::CommandFactory as _;
use register::command;
use register::event::{Decision, Event, FileHash, Recorded};
use register::say::counted;
use register::words::{Decided, FilingKind, Mode, Outcome, ReportFormat, RunCount};
use register::{Command, growth, wire};

use crate::app::{App, Done, Job, NewRegister, Reason, Submission, opened};
use crate::cli::{self, Actor, Audit, Drill, Law, Verb};
use crate::decoding::replay;
use crate::examining::Examined;
use crate::filing::{self, ToFile};
use crate::import::taking::{self, Progress, Refused, Table};
use crate::packs::{self, Problems};
use crate::store::Store;
use crate::writer::Writer;
use crate::{
    backup, bag, bench, checking, clock, drill, files, filings, history, import, page, paper, people, printed, publish,
    questions, reads, receipts, record_file, replaying, request, retention, screen, verifying, watching,
};

/// Carries out a verb and says with which code the process ends.
pub(crate) fn run(verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Init(init) => make(&init),
        Verb::Receive(receive) => receive_papers(&receive),
        Verb::Inquire(inquire) => receipts::inquire(&inquire),
        Verb::Inquiries(arguments) => people::inquiries(&arguments),
        Verb::Receipt(arguments) => receipts::give(&arguments),
        Verb::Ask(ask) => return questions::ask(&ask),
        Verb::Decide(decide) => record_decisions(&decide),
        Verb::Outcome(outcome) => record_outcome(&outcome),
        Verb::Custody(arguments) => people::custody(&arguments),
        Verb::Staff(arguments) => people::staff(&arguments),
        Verb::Retention(arguments) => retention::show(&arguments),
        Verb::Record(record) => record_commands(&record),
        Verb::Show(show) => request::show(&show),
        Verb::Read(read) => reads::read(&read),
        Verb::Reads(arguments) => reads::list(&arguments),
        Verb::Import(import) => return import_table(&import),
        Verb::Grow(grow) => grow_tree(&grow),
        Verb::Clock(arguments) => trust_clock(&arguments),
        Verb::Coverage(arguments) => watching::coverage(&arguments),
        Verb::Report(report) => draw_report(&report),
        Verb::File(file) => file_report(&file),
        Verb::Filings(filings) => filings::list(&filings),
        Verb::Publish(publish) => publish_log(&publish),
        Verb::Backup(arguments) => back_up(&arguments),
        Verb::RotateMasterKey(arguments) => retention::rotate(&arguments),
        Verb::Restore(arguments) => restore(&arguments),
        Verb::Drill(Drill::Kill(arguments)) => drill::kill(&arguments),
        Verb::Drill(Drill::Write { copy, by }) => drill::write(&copy, &by),
        Verb::Verify(verify) => return Ok(verifying::verify(&verify)),
        Verb::Law(Law::Check(check)) => checking::check(&check),
        Verb::Law(Law::Replay(arguments)) => replaying::replay_law(&arguments),
        Verb::Law(Law::Print { pack, out }) => print_pack(&pack, out.as_deref()),
        Verb::Audit(Audit::Bag { dir, out }) => write_bag(&dir, &out),
        Verb::History { pack, json } => show_history(&pack, json),
        Verb::Bench(arguments) => bench::bench(&arguments),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut cli::Cli::command(), "candor", &mut script);
            screen::show(&String::from_utf8_lossy(&script))
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

fn make(init: &cli::Init) -> Result<()> {
    let pack_files = packs::find(&init.pack)?;
    let pack = packs::load(&pack_files)?;
    if pack.draft {
        bail!("`{}` is a draft pack, never to be adopted (hint: ask it with `candor ask`)", pack.id);
    }
    let mode = if init.demonstration { Mode::Demonstration } else { Mode::Live };
    let at = match (mode, init.actor.at) {
        (Mode::Demonstration, Some(at)) => at,
        (Mode::Demonstration, None) => bail!("{}", register::Refusal::TimeNeeded),
        (Mode::Live, Some(_)) => bail!("{}", register::Refusal::TimeIsTheClocks),
        (Mode::Live, None) => clock::now(),
    };
    let base = init.origin.clone().unwrap_or_else(|| format!("candor.example/{}", pack.id));
    let origin = match mode {
        Mode::Live if base.ends_with(DEMONSTRATION) => bail!("only a demonstration's origin ends in `{DEMONSTRATION}`"),
        Mode::Live if init.origin.is_none() => {
            bail!("a live register needs an origin of its own (hint: add `--origin clerk.YOUR-CITY.gov/trust`)")
        }
        Mode::Live => base,
        Mode::Demonstration => format!("{base}{DEMONSTRATION}"),
    };
    let register = NewRegister { mode, origin, by: init.actor.by.clone(), at, token: init.token.clone() };
    let app = App::create(&init.dir, &pack_files, register)?;
    screen::show(&screen::made(app.register(), &init.dir)?)?;
    screen::show(&app.sealed_by().map(retention::sealed_by).unwrap_or_default())?;
    screen::show(&screen::everybody(app.register()))
}

/// What the origin of a demonstration ends in.
const DEMONSTRATION: &str = "/demonstration";

fn receive_papers(receive: &cli::Receive) -> Result<()> {
    let mut problems = Vec::new();
    let mut jobs = Vec::new();
    for path in &receive.forms {
        let name = path.display().to_string();
        let read = files::read_text(path).map_err(|trouble| vec![unreadable(&name, &trouble)]);
        match read.and_then(|text| paper::read(&name, &text)) {
            Ok(paper) if receive.new => jobs.push(Job::Receive(Box::new(paper.said_to_be_new()))),
            Ok(paper) => jobs.push(Job::Receive(Box::new(paper))),
            Err(found) => problems.extend(found),
        }
    }
    nothing_wrong(problems)?;
    let places = receive.forms.iter().map(|path| path.display().to_string()).collect();
    let writer = Writer::start(App::open(&receive.dir)?);
    let done = submit(&writer, &receive.actor, jobs, places)?;
    if receive.json {
        return screen::print_json(&request::received_json(&done.received));
    }
    for (received, path) in done.received.iter().zip(&receive.forms) {
        screen::show(&request::received(received, path))?;
    }
    screen::show(&screen::late(&done.late))
}

fn record_decisions(decide: &cli::Decide) -> Result<()> {
    let writer = Writer::start(App::open(&decide.dir)?);
    let (name, text) = (decide.facts.display().to_string(), files::read_text(&decide.facts)?);
    let facts = writer.look(move |app| app.pack().read_fact_file(&name, &text))?;
    let facts: BTreeMap<_, _> = facts.map_err(Problems)?.asks.into_iter().collect();
    let reason = decide.reason_file.as_deref().map(read_reason).transpose()?;
    let departure = decide.departure.zip(reason);
    let mut jobs = Vec::new();
    let mut seen = BTreeSet::new();
    if let Some((twice, _)) = decide.decided.iter().find(|(ask, _)| !seen.insert(*ask)) {
        bail!("{}", register::Refusal::NamedTwice { what: twice.to_string() });
    }
    for (ask, decided) in &decide.decided {
        let given = facts.get(ask).with_context(|| {
            format!("`{}` gives no facts for `{ask}` (hint: list it under `asks`)", decide.facts.display())
        })?;
        let command = command::Decide {
            request: decide.request.clone(),
            ask: *ask,
            on: decide.on,
            made_at: decide.made_at,
            facts: given.to_map(),
            decided: *decided,
            departure: None,
        };
        // Only honoring can depart. A departure given where nothing is honored is refused with the first ask.
        let departs = *decided == Decided::Honored || !decide.decided.iter().any(|(_, any)| *any == Decided::Honored);
        let departure = if departs { departure.clone() } else { None };
        jobs.push(Job::Decide { decide: command, departure });
    }
    let done = submit(&writer, &decide.actor, jobs, Vec::new())?;
    let decision = |recorded: &Recorded| {
        if let Event::DecisionMade { decision, .. } = &recorded.event { Some(decision.clone()) } else { None }
    };
    let decisions: Vec<Decision> = done.recorded.iter().filter_map(decision).collect();
    if decide.json {
        return screen::print_json(&screen::decisions_json(&decisions));
    }
    decisions.iter().try_for_each(|decision| screen::show(&format!("{}\n", screen::decision(decision))))
}

/// What a typed reason may hold, in bytes.
const REASON_MAX_BYTES: usize = 10_000;

fn read_reason(path: &Path) -> Result<Reason> {
    let text = files::read_text(path)?;
    let text = text.trim();
    if text.is_empty() || text.len() > REASON_MAX_BYTES {
        bail!("`{}` must hold a reason of 1 to {REASON_MAX_BYTES} bytes", path.display());
    }
    Ok(Reason(text.to_owned()))
}

fn record_outcome(outcome: &cli::RecordOutcome) -> Result<()> {
    let command = Command::RecordOutcome {
        request: outcome.request.clone(),
        outcome: outcome.outcome,
        at: outcome.when,
        authority: outcome.authority,
    };
    let writer = Writer::start(App::open(&outcome.dir)?);
    let done = submit(&writer, &outcome.actor, vec![Job::Do(command)], Vec::new())?;
    if outcome.json {
        return screen::print_json(&serde_json::json!({ "outcome": outcome.outcome.code() }));
    }
    screen::show(&format!("recorded: {}\n", register::say::outcome_title(outcome.outcome)))?;
    if outcome.outcome == Outcome::Unknown {
        screen::show("unknown is a reported figure; record the outcome again once somebody knows\n")?;
    }
    screen::show(&screen::late(&done.late))
}

fn record_commands(record: &cli::Record) -> Result<()> {
    let text = files::read_text(&record.file)?;
    let jobs = record_file::read(&record.file.display().to_string(), &text).map_err(Problems)?;
    let count = jobs.len();
    let (jobs, places) = jobs.into_iter().unzip();
    let writer = Writer::start(App::open(&record.dir)?);
    let done = submit(&writer, &record.actor, jobs, places)?;
    if record.json {
        return screen::print_json(&serde_json::json!({ "commands": count, "events": done.recorded.len() }));
    }
    screen::show(&format!("carried out {}: {} recorded\n", counted(count, "command", "commands"), events(&done)))?;
    screen::show(&screen::late(&done.late))
}

/// What the process ends with when all went well, but for rows that were refused.
const SOME_REFUSED: u8 = 3;

fn import_table(import: &cli::Import) -> Result<ExitCode> {
    let (name, text) = (import.mapping.display().to_string(), files::read_text(&import.mapping)?);
    let mapping = import::read_mapping(&name, &text).map_err(Problems)?;
    let app = App::open(&import.dir)?;
    let ids = app.derived_ids();
    let folder = import.dir.join("imports");
    let table = Table {
        path: &import.file,
        mapping: &mapping,
        rule: FileHash::of(text.as_bytes()),
        year: import.year,
        actor: &import.actor,
        refused: import.refused.as_deref().map_or(Refused::Folder(&folder), Refused::File),
    };
    let mut progress = Progress::start(import.progress);
    let writer = Writer::start(app);
    let taken = taking::take_in(&writer, ids, &table, &mut progress)?;
    match import.json {
        true => screen::print_json(&screen::taken_json(&taken))?,
        false => screen::show(&screen::taken(&taken))?,
    }
    let refused = taken.count(RunCount::Refused) + taken.count(RunCount::OutcomeRefused);
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

/// Plays every growth that was due in a demonstration; grows once, now, in a live register.
fn trust_clock(arguments: &cli::TrustClock) -> Result<()> {
    let writer = Writer::start(App::open(&arguments.dir)?);
    submit(&writer, &arguments.actor, vec![Job::TrustClock], Vec::new())?;
    let until = writer.look(|app| app.register().last_at.map(|last| screen::local(app.register(), last)))?;
    let until = until.unwrap_or_default();
    screen::show(&format!(
        "recorded: the clock is right. What happens until {until} is dated there (hint: say of decisions when they were made, \
         and find out which times in the record were taken from the clock)\n"
    ))
}

fn grow_tree(grow: &cli::Grow) -> Result<()> {
    let writer = Writer::start(App::open(&grow.dir)?);
    let now = grow.actor.at;
    let due = writer.look(move |app| match (app.register().opened.as_ref(), now) {
        (Some(opening), Some(now)) => {
            let grown = app.register().grown_at.unwrap_or(opening.at);
            // What was missed before the last event is not made up for: a growth is never dated back.
            let last = app.register().last_at.map_or(grown, |last| last.max(grown));
            growth::due(last, now, &opening.zone).into_iter().map(Some).collect()
        }
        (Some(_), None) | (None, _) => vec![None],
    })?;
    for at in &due {
        submit(&writer, &Actor { by: grow.actor.by.clone(), at: *at }, vec![Job::Grow], Vec::new())?;
    }
    let (size, note) = writer.look(|app| (app.register().tree_size(), screen::everybody(app.register())))?;
    if grow.json {
        return screen::print_json(&serde_json::json!({ "grown": due.len(), "size": size }));
    }
    if due.is_empty() {
        return screen::show("nothing to grow: no growth was due since the last record (hint: give a later `--at`)\n");
    }
    let times = counted(due.len(), "time", "times");
    screen::show(&format!("grown {times}: {size} leaves, signed\n{note}"))
}

fn draw_report(draw: &cli::DrawReport) -> Result<()> {
    publish::apart(&draw.dir, &draw.out)?;
    let store = Store::open_read_only(&draw.dir)?;
    let register = replay(&store, draw.as_of)?;
    if register.opened.is_none() {
        bail!("nothing was recorded at that time yet (hint: give a later `--as-of`)");
    }
    let pack = packs::kept(&draw.dir, &opened(&register)?.pack)?;
    let as_of = draw.as_of.or(register.last_at).context("the register is empty")?;
    let report = filing::draft(&register, &pack, draw.year, as_of)?;
    let html = page::report(&report, &pack, FilingKind::Closing)?;
    files::write(&draw.out.join("report.json"), wire::encode_report(&report, ReportFormat::LATEST).as_bytes())?;
    files::write(&draw.out.join("report.html"), html.as_bytes())?;
    screen::show(&screen::report(&report))?;
    screen::show(&format!("drawn, not filed: {}\n", draw.out.join("report.html").display()))
}

fn file_report(file: &cli::FileReport) -> Result<()> {
    let writer = Writer::start(App::open(&file.dir)?);
    let (by, restate) = (file.actor.by.clone(), file.restate.clone());
    let to_file = ToFile { by, at: file.actor.at, year: file.year, restate };
    for path in filing::restore(&writer)? {
        screen::show(&format!("restored `filed/{path}`, which an earlier filing had not come to write\n"))?;
    }
    let filing = filing::file(&writer, &to_file)??;
    if file.json {
        return screen::print_json(&serde_json::json!({
            "year": filing.year.number(),
            "kind": filing.kind.to_string(),
            "size": filing.frozen.size,
            "files": filing.files.keys().collect::<Vec<_>>(),
        }));
    }
    screen::show(&format!(
        "filed the {} report for {}: frozen at {} leaves, {} files\n",
        filing.kind,
        filing.year,
        filing.frozen.size,
        filing.files.len() + 1
    ))
}

fn publish_log(publish: &cli::Publish) -> Result<()> {
    let published = publish::publish(&publish.dir, &publish.to)?;
    if publish.json {
        let publish::Published { size, files, written } = published;
        return screen::print_json(&serde_json::json!({ "size": size, "files": files, "written": written }));
    }
    screen::show(&format!(
        "published {} leaves in {} files, {} of them new or changed: {}\n",
        published.size,
        published.files,
        published.written,
        publish.to.display()
    ))
}

fn back_up(arguments: &cli::Backup) -> Result<()> {
    let backup::Made { events, files, keys } = backup::back_up(&arguments.dir, &arguments.to)?;
    if arguments.json {
        return screen::print_json(&serde_json::json!({ "events": events, "files": files, "keys": keys }));
    }
    screen::show(&format!(
        "backed up {}: {}, {files} files\n\
         the vault's keys: {}\n  \
         keep this file apart from the folder, and for weeks, not years: what is erased is gone with the last copy of its key\n\
         in neither: `master.key` and `log.key` of {}\n  \
         keep copies of both in a safe; without the master key nothing that is sealed can ever be read again\n",
        counted(events, "event", "events"),
        arguments.to.display(),
        keys.display(),
        arguments.dir.join("secrets").display()
    ))
}

fn restore(arguments: &cli::Restore) -> Result<()> {
    let cli::Restore { backup, keys, secrets, to, json } = arguments;
    let done = backup::restore(backup::ToRestore { backup, keys: keys.as_deref(), secrets, to })?;
    if *json {
        let Examined { events, signed, sealed, erased, closed, filed } = done;
        return screen::print_json(&serde_json::json!({
            "events": events, "signed": signed, "sealed": sealed, "erased": erased, "closed": closed,
            "filed": filed,
        }));
    }
    screen::show(&screen::restored(&done, to))
}

fn show_history(name: &str, json: bool) -> Result<()> {
    let pack = packs::load(&packs::find(name)?)?;
    if pack.history.is_empty() {
        bail!("`{}` knows no published figures (hint: they stand in its `history.toml`)", pack.id);
    }
    match json {
        true => screen::print_json(&history::json(&pack)),
        false => screen::show(&history::shown(&pack)),
    }
}

fn print_pack(name: &str, out: Option<&Path>) -> Result<()> {
    let pack = packs::load(&packs::find(name)?)?;
    let html = printed::page(&pack)?;
    let Some(out) = out else { return screen::show(&html) };
    files::write(out, html.as_bytes())?;
    screen::show(&format!("printed {} version {}: {}\n", pack.id, pack.version, out.display()))
}

fn write_bag(dir: &Path, out: &Path) -> Result<()> {
    publish::apart(dir, out)?;
    let app = App::open(dir)?;
    let text = bag::bag(&app)?;
    files::write_private(out, text.as_bytes())?;
    screen::show(&format!(
        "wrote the bag: {} (hint: whoever holds it can open every leaf; hand it to a sworn auditor only)\n",
        out.display()
    ))?;
    Ok(())
}

/// Whoever calls this closes the register after he has said what came of it: nobody waits for what closing costs.
fn submit(writer: &Writer, actor: &Actor, jobs: Vec<Job>, places: Vec<String>) -> Result<Done> {
    let submission = Submission { by: actor.by.clone(), at: actor.at, jobs, places };
    Ok(writer.submit(submission)??)
}

/// A file that cannot even be read is one problem among those of the others.
fn unreadable(file: &str, trouble: &anyhow::Error) -> law::Problem {
    law::Problem { file: file.to_owned(), line: 1, message: format!("{trouble:#}"), hint: None }
}

fn events(done: &Done) -> String {
    counted(done.recorded.len(), "event", "events")
}

fn nothing_wrong(problems: Vec<law::Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems).into()) }
}
