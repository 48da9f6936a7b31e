//! The power is cut at thousands of points of small stories, and what is then left of the disk is opened again. Beneath
//! the store, the vault and all other files lies the crate `faults`: it drops or tears whatever was not synced.
//!
//! Every run has a number, from which all of it follows: `CANDOR_POWER_CUT=17` runs that one alone, and
//! `CANDOR_POWER_CUTS=100000` as many of each kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;

use anyhow::{Context as _, Result, bail, ensure};
use faults::{Dice, Left, Syncing, Trace};
use register::retention::HoldCause;
use register::time::Timestamp;
use register::words::Mode;
use register::{Command, Refusal};
use tlog::{Checkpoint, Note, VerifyingKey};

use crate::app::{App, Done, Ground, Job, Named, NewRegister, Reason, Refused, Submission, ToHold};
use crate::examining::examine;
use crate::filing::{self, ToFile};
use crate::packs;
use crate::paper;
use crate::publish::publish;
use crate::vault::{KeptBy, seed_keys};
use crate::writer::Writer;

/// Stories told of each kind; every run cuts one of them.
const STORIES: u64 = 8;

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut_while_papers_arrive() {
    runs(Kind::PapersArrive);
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut_while_a_year_is_filed_and_published() {
    runs(Kind::YearIsFiled);
}

#[test]
fn what_somebody_was_told_is_erased_is_erased_wherever_the_power_is_cut() {
    runs(Kind::PersonIsErased);
}

#[test]
fn a_register_is_made_whole_or_not_at_all() {
    runs(Kind::RegisterIsMade);
}

/// The runs above would notice: the same stories on a disk that does not do what a sync promises.
#[test]
fn without_syncing_the_same_runs_find_losses() {
    for (seed_base, kind) in [(400, Kind::PapersArrive), (500, Kind::YearIsFiled)] {
        let home = Home::new(seed_base);
        let story = home.story(1, kind);
        let lost = (0..200).filter(|seed| home.run(&story, *seed, Syncing::Ignored).is_err()).count();
        assert!(lost > 100, "{kind:?}: only {lost} of 200 runs without syncing lost anything");
    }
}

/// Keys, rows and events are synced once each, and neither opening nor closing the register syncs anything.
#[test]
fn a_process_that_gives_one_command_syncs_three_times() {
    let home = Home::new(600);
    fs::create_dir_all(&home.told).unwrap();
    let mut now: Timestamp = "2012-11-01T09:00:00Z".parse().unwrap();
    make(&home.told, now).unwrap();
    let mut counted = Vec::new();
    for seed in 0..10 {
        now += jiff::SignedDuration::from_mins(1);
        let recorder = faults::record(&home.told);
        let writer = Writer::start(App::open(&home.told.join("register")).unwrap());
        let (dice, told, notes) = (Dice::new(seed), Vec::new(), BTreeMap::new());
        let writer = Some(writer);
        let mut teller = Teller { home: &home.told, recorder: &recorder, dice, writer, now, papers: 0, told, notes };
        let paper = teller.paper().unwrap();
        teller.submit(vec![paper]).unwrap().unwrap();
        drop(teller);
        counted.push(recorder.finish().syncs());
    }
    // A paper that prints nothing has no rows.
    assert!(counted.contains(&3) && counted.iter().all(|syncs| matches!(syncs, 2 | 3)), "{counted:?}");
}

/// What happens in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    RegisterIsMade,
    PapersArrive,
    YearIsFiled,
    PersonIsErased,
}

impl Kind {
    /// Runs that `./test` makes: as many as end within some seconds.
    fn runs(self) -> u64 {
        match self {
            Kind::RegisterIsMade => 1_500,
            Kind::PapersArrive => 1_200,
            Kind::YearIsFiled => 800,
            Kind::PersonIsErased => 500,
        }
    }
}

fn runs(kind: Kind) {
    let given = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let one = given("CANDOR_POWER_CUT");
    let seeds = one.map_or(1..=given("CANDOR_POWER_CUTS").unwrap_or(kind.runs()), |seed| seed..=seed);
    println!("{kind:?}: runs {seeds:?}");
    let home = Home::new(match kind {
        Kind::RegisterIsMade => 100,
        Kind::PapersArrive => 200,
        Kind::YearIsFiled => 300,
        Kind::PersonIsErased => 600,
    });
    for number in 0..STORIES {
        let mut seeds = seeds.clone().filter(|seed| seed % STORIES == number).peekable();
        if seeds.peek().is_none() {
            continue;
        }
        let story = home.story(number, kind);
        for seed in seeds {
            if let Err(wrong) = home.run(&story, seed, Syncing::Kept) {
                panic!("{kind:?}, run {seed} (again with CANDOR_POWER_CUT={seed}): {wrong:#}");
            }
        }
    }
}

/// A story as it was told: what was done to the disk, and what somebody was told at each mark.
struct Story {
    trace: Trace,
    told: Vec<Told>,
    /// All events, in the end.
    bodies: Vec<Vec<u8>>,
    /// Every note signed, by size.
    notes: BTreeMap<u64, String>,
}

/// What was acknowledged.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    events: usize,
    published: u64,
}

struct Teller<'a> {
    home: &'a Path,
    recorder: &'a faults::Recorder,
    dice: Dice,
    writer: Option<Writer>,
    now: Timestamp,
    /// How many were written: each arrived at its own second.
    papers: i64,
    told: Vec<Told>,
    notes: BTreeMap<u64, String>,
}

/// Where stories are told, and where their ends are laid out.
struct Home {
    _folder: tempfile::TempDir,
    /// Tests of one process share the source of ids: no two stories of it may have the same.
    seed_base: u64,
    told: PathBuf,
    left: PathBuf,
}

impl Home {
    fn new(seed_base: u64) -> Home {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        Home { _folder: folder, seed_base, told: path.join("told"), left: path.join("left") }
    }

    fn story(&self, number: u64, kind: Kind) -> Story {
        seed_keys(self.seed_base + number);
        if self.told.exists() {
            fs::remove_dir_all(&self.told).unwrap();
        }
        fs::create_dir_all(&self.told).unwrap();
        let now = "2012-11-01T09:00:00Z".parse().unwrap();
        // The register is there before the story begins, unless the story is of making it.
        let made = kind != Kind::RegisterIsMade;
        if made {
            faults::syncing_nothing(&self.told, || make(&self.told, now)).unwrap();
        }
        let recorder = faults::record(&self.told);
        let mut teller = Teller {
            home: &self.told,
            recorder: &recorder,
            dice: Dice::new(number),
            writer: None,
            now,
            papers: 0,
            told: Vec::new(),
            notes: BTreeMap::new(),
        };
        if made {
            teller.writer = Some(Writer::start(App::open(&self.told.join("register")).unwrap()));
        }
        match kind {
            Kind::RegisterIsMade => register_is_made(&mut teller),
            Kind::PapersArrive => papers_arrive(&mut teller),
            Kind::YearIsFiled => year_is_filed(&mut teller),
            Kind::PersonIsErased => person_is_erased(&mut teller),
        }
        .unwrap();
        let Teller { told, notes, writer, .. } = teller;
        drop(writer);
        let trace = recorder.finish();
        let bodies = bodies(&App::open(&self.told.join("register")).unwrap()).unwrap();
        Story { trace, told, bodies, notes }
    }

    /// One run: a cut, what is left, and whether it is all that it must be.
    fn run(&self, story: &Story, seed: u64, syncing: Syncing) -> Result<()> {
        let mut dice = Dice::new(seed);
        let cut = dice.below(story.trace.len() + 1);
        let told = story.trace.marks(cut).checked_sub(1).map(|last| story.told[last]);
        let left = story.trace.cut(cut, syncing, &mut dice);
        faults::syncing_nothing(&self.left, || self.check(story, told, &left, &mut dice))
            .with_context(|| format!("cut after {cut} of {} writes and syncs", story.trace.len()))
    }

    fn check(&self, story: &Story, told: Option<Told>, left: &Left, dice: &mut Dice) -> Result<()> {
        left.lay_out(&self.left)?;
        let (dir, out) = (self.left.join("register"), self.left.join("out"));
        if told.is_none() && !dir.exists() {
            // It was not made, and nobody was told that it was.
            return Ok(());
        }
        let told = told.unwrap_or_default();
        let app = App::open(&dir).context("it does not open")?;
        let there = bodies(&app)?;
        ensure!(there.len() >= told.events, "event {} was acknowledged and is gone", there.len() + 1);
        ensure!(story.bodies.starts_with(&there), "the events are not those that were recorded");
        let examined = examine(&app)?;
        if let (Some(signed), Some(note)) = (story.notes.get(&examined.signed), app.store().checkpoint()?) {
            ensure!(*signed == note, "two trees of {} leaves are signed", examined.signed);
        }
        drop(app);
        let published = published(&out, &dir)?;
        ensure!(published >= told.published, "{} leaves were published, and {published} are", told.published);
        if dice.below(8) == 0 { goes_on(&dir, &out) } else { Ok(()) }
    }
}

/// The size that a reader of the public folder finds, with all the tiles of it.
fn published(out: &Path, dir: &Path) -> Result<u64> {
    let Ok(text) = fs::read_to_string(out.join("checkpoint")) else { return Ok(0) };
    let note = Note::parse(&text).context("the published checkpoint is torn")?;
    note.verify(&VerifyingKey::parse(fs::read_to_string(dir.join("log.vkey"))?.trim())?)?;
    let checkpoint = Checkpoint::parse(&note.text)?;
    let leaves = tlog::leaves_from_tiles(checkpoint.size, |path| fs::read(out.join(path)).ok());
    let Ok(leaves) = leaves else { bail!("the published checkpoint of {} leaves lacks tiles", checkpoint.size) };
    ensure!(tlog::root(&leaves) == checkpoint.root, "the published tiles are not those of the checkpoint");
    Ok(checkpoint.size)
}

/// The register takes another growth, and all of it can be published and verified.
fn goes_on(dir: &Path, out: &Path) -> Result<()> {
    let writer = Writer::start(App::open(dir)?);
    let at = writer.look(|app| app.register().last_at)?;
    writer.submit(Submission { by: "person_clerk".parse()?, at, jobs: vec![Job::Grow], places: Vec::new() })??;
    filing::restore(&writer)?;
    drop(writer);
    publish(dir, out).context("it cannot be published")?;
    let key = VerifyingKey::parse(fs::read_to_string(dir.join("log.vkey"))?.trim())?;
    let files = crate::files::read_plain_folder(out)?;
    let verdict = verify::verify(&verify::Given {
        files: &files,
        key: &key,
        witnesses: &[],
        since: None,
        bag: None,
        receipt: None,
    });
    ensure!(verdict.findings.is_empty(), "the published folder does not hold: {:?}", verdict.findings);
    Ok(())
}

pub(crate) fn bodies(app: &App) -> Result<Vec<Vec<u8>>> {
    let mut bodies = Vec::new();
    app.store().events_after(0, |row| {
        bodies.push(row.body);
        Ok(())
    })?;
    Ok(bodies)
}

pub(crate) fn make(home: &Path, at: Timestamp) -> Result<()> {
    let files = packs::find("us-tx-travis-county")?;
    let opened = NewRegister {
        mode: Mode::Demonstration,
        origin: "example.test/log/demonstration".to_owned(),
        by: "person_clerk".parse()?,
        at,
        token: None,
    };
    let writer = Writer::start(App::create(&home.join("register"), &files, opened)?);
    let setup = crate::record_file::read("setup.toml", SETUP).map_err(packs::Problems)?;
    let jobs = setup.into_iter().map(|(job, _)| job).collect();
    writer.submit(Submission { by: "person_clerk".parse()?, at: Some(at), jobs, places: Vec::new() })??;
    Ok(())
}

const SETUP: &str = r#"
[[command]]
do = "register-agency"
id = "agency_sheriff"
name = "Invented Sheriff"

[[command]]
do = "open-unit"
id = "unit_jail"
agency = "agency_sheriff"
name = "Jail"
from = 2011-01-01

[[command]]
do = "open-line"
id = "line_jail"
unit = "unit_jail"
channel = "fax"
name = "Jail"
from = 2011-01-01
"#;

fn register_is_made(teller: &mut Teller<'_>) -> Result<()> {
    make(teller.home, teller.now)?;
    teller.told.push(Told { events: 4, published: 0 });
    teller.recorder.mark();
    Ok(())
}

fn papers_arrive(teller: &mut Teller<'_>) -> Result<()> {
    for _ in 0..10 {
        teller.step()?;
    }
    Ok(())
}

fn year_is_filed(teller: &mut Teller<'_>) -> Result<()> {
    for _ in 0..3 {
        teller.step()?;
    }
    for now in ["2012-12-30T15:00:00Z", "2013-01-05T10:00:00Z"] {
        teller.now = now.parse()?;
        teller.publish()?;
        let to_file = ToFile {
            by: "person_clerk".parse()?,
            at: Some(teller.now),
            year: "2012".parse().unwrap(),
            restate: Vec::new(),
        };
        filing::file(teller.writer()?, &to_file)??;
        teller.acknowledged()?;
    }
    teller.publish()
}

/// Somebody is erased, though a hold blocks it at first; then the master key is changed.
fn person_is_erased(teller: &mut Teller<'_>) -> Result<()> {
    for _ in 0..2 {
        teller.step()?;
    }
    let paper = teller.paper_about(1)?;
    let request = teller.submit(vec![paper])??.received.last().context("no request")?.request.clone();
    let named = Named { of: Vec::new(), people_of: vec![request] };
    let typed = |text: &str| Reason(text.to_owned());
    let (cause, reference) = (HoldCause::Audit, typed("an invented audit"));
    teller.submit(vec![Job::PlaceHold(ToHold { named: named.clone(), cause, reference })])??;
    let ground = Ground::Schedule { item: "Item 1".parse().unwrap(), approval: typed("an invented approval") };
    let propose = || Job::ProposeErasure { named: named.clone(), ground: ground.clone() };
    let said = teller.submit(vec![propose()])?;
    ensure!(said.is_err(), "a hold was to block it");
    let hold = teller.writer()?.look(|app| app.register().retention.holds.keys().next().cloned())?;
    teller.submit(vec![Job::LiftHold { hold: hold.context("no hold")?, reason: typed("it has ended") }])??;
    teller.submit(vec![propose()])??;
    teller.step()?;
    let erasure = teller.writer()?.look(|app| app.register().retention.proposals.keys().next().cloned())?;
    let confirm = Submission { by: "person_second".parse()?, ..teller.submission(Vec::new())? };
    let jobs = vec![Job::ConfirmErasure(erasure.context("no proposal")?)];
    let said = teller.writer()?.submit(Submission { jobs, ..confirm })?;
    teller.heard(&said);
    said?;
    teller.acknowledged()?;
    teller.step()?;
    drop(teller.writer.take());
    let dir = teller.home.join("register");
    App::open(&dir)?.rotate_master_key(None, KeptBy::TheSame)?;
    teller.writer = Some(Writer::start(App::open(&dir)?));
    teller.step()
}

/// What is refused.
fn twice() -> Result<Job> {
    let (id, name) = ("agency_sheriff".parse()?, "Again".parse().unwrap());
    Ok(Job::Do(Command::RegisterAgency { id, name }))
}

impl Teller<'_> {
    fn writer(&self) -> Result<&Writer> {
        self.writer.as_ref().context("no writer")
    }

    /// Something happens, as the dice fall.
    fn step(&mut self) -> Result<()> {
        self.now += jiff::SignedDuration::from_mins(7);
        let papers = 1 + self.dice.below(3);
        match self.dice.below(7) {
            0 => drop(self.submit(vec![Job::Grow])?),
            1 => self.publish()?,
            2 => self.refused()?,
            3 => self.decide()?,
            4 => self.at_once()?,
            5 => self.receipt()?,
            _ => {
                let papers = (0..papers).map(|_| self.paper()).collect::<Result<_>>()?;
                self.submit(papers)??;
            }
        }
        self.acknowledged()
    }

    /// A paper about somebody who may have been named before, or that prints nothing.
    fn paper(&mut self) -> Result<Job> {
        let who = self.dice.below(5);
        self.paper_about(who)
    }

    fn paper_about(&mut self, who: usize) -> Result<Job> {
        let printed = match who {
            0 => String::new(),
            _ => format!("[printed]\nfile_number = \"A{}\"\nname = \"Nobody {who}\"\n", 10_000_000 + who),
        };
        self.papers += 1;
        let text = format!(
            "form = \"i-247\"\ncomponent = \"ero\"\nasks = [\"hold\"]\ngrounds = [\"biometric-match\"]\n\n\
             [arrival]\nline = \"line_jail\"\nat = \"{}\"\n\n{printed}",
            self.now - jiff::SignedDuration::from_secs(self.papers)
        );
        Ok(Job::Receive(Box::new(paper::read("paper.toml", &text).map_err(packs::Problems)?)))
    }

    /// A paper, and the departure decided about it, whose reason is sealed.
    fn decide(&mut self) -> Result<()> {
        let paper = self.paper()?;
        let done = self.submit(vec![paper])??;
        let request = done.received.last().context("no request")?.request.clone();
        let decide = register::command::Decide {
            request,
            ask: law::Ask::Hold,
            on: None,
            facts: BTreeMap::new(),
            made_at: None,
            decided: register::words::Decided::Honored,
            departure: None,
        };
        let departure = Some((register::words::Departure::Mistake, Reason("an invented reason".to_owned())));
        self.submit(vec![Job::Decide { decide, departure }])??;
        Ok(())
    }

    /// A paper, and a receipt of it; with the first one, the key that signs it is made and certified.
    fn receipt(&mut self) -> Result<()> {
        let paper = self.paper()?;
        let done = self.submit(vec![paper])??;
        let request = done.received.last().context("no request")?.request.clone();
        self.submit(vec![Job::GiveReceipt(request)])??;
        Ok(())
    }

    /// Several clients hand in a paper each, and one of them something that is refused, while the writer looks elsewhere: it
    /// finds them all in its queue and commits them together.
    fn at_once(&mut self) -> Result<()> {
        let clients = 2 + self.dice.below(7);
        let refused = self.dice.below(clients);
        let jobs: Vec<Job> =
            (0..clients).map(|client| if client == refused { twice() } else { self.paper() }).collect::<Result<_>>()?;
        let ((looks, looking), (go_on, goes_on)) = (channel::<()>(), channel::<()>());
        let writer = self.writer()?;
        let answers = thread::scope(|scope| {
            let elsewhere = scope.spawn(move || writer.look(move |_| looks.send(()).is_ok() && goes_on.recv().is_ok()));
            looking.recv()?;
            let handed_in: Vec<_> =
                jobs.into_iter().map(|job| writer.hand_in(self.submission(vec![job])?)).collect::<Result<_>>()?;
            go_on.send(())?;
            ensure!(elsewhere.join().is_ok_and(|looked| looked.is_ok_and(|looked| looked)), "the writer did not look");
            handed_in.iter().map(Writer::answer).collect::<Result<Vec<_>>>()
        })?;
        answers.iter().for_each(|said| self.heard(said));
        let said_no = answers.iter().filter(|said| said.is_err()).count();
        ensure!(said_no == 1, "one of {clients} was to be refused, and {said_no} were");
        Ok(())
    }

    /// A paper is sealed, and a command after it refused: nothing of either may stay.
    fn refused(&mut self) -> Result<()> {
        let jobs = vec![self.paper()?, twice()?];
        let said = self.submit(jobs)?;
        ensure!(matches!(said, Err(Refused { refusal: Refusal::IdTaken { .. }, .. })), "it was to be refused");
        Ok(())
    }

    fn publish(&mut self) -> Result<()> {
        self.submit(vec![Job::Grow])??;
        self.acknowledged()?;
        let size = publish(&self.home.join("register"), &self.home.join("out"))?.size;
        let events = self.told.last().map_or(0, |told| told.events);
        self.told.push(Told { events, published: size });
        self.recorder.mark();
        Ok(())
    }

    fn submit(&mut self, jobs: Vec<Job>) -> Result<Result<Done, Refused>> {
        let said = self.writer()?.submit(self.submission(jobs)?)?;
        self.heard(&said);
        Ok(said)
    }

    /// Notes down an answer at once, before the writer can do anything more.
    fn heard(&mut self, said: &Result<Done, Refused>) {
        let last = said.as_ref().ok().and_then(|done| done.recorded.last());
        let Some(events) = last.and_then(|last| usize::try_from(last.seq).ok()) else { return };
        let published = self.told.last().map_or(0, |told| told.published);
        self.told.push(Told { events, published });
        self.recorder.mark();
    }

    fn submission(&self, jobs: Vec<Job>) -> Result<Submission> {
        Ok(Submission { by: "person_clerk".parse()?, at: Some(self.now), jobs, places: Vec::new() })
    }

    /// Notes down that all of this was answered, and what is signed by now.
    fn acknowledged(&mut self) -> Result<()> {
        let seen = |app: &App| (app.register().last_seq, app.register().tree_size(), app.store().checkpoint());
        let (seq, size, note) = self.writer()?.look(seen)?;
        self.notes.extend(note?.map(|note| (size, note)));
        let published = self.told.last().map_or(0, |told| told.published);
        self.told.push(Told { events: usize::try_from(seq)?, published });
        self.recorder.mark();
        Ok(())
    }
}
