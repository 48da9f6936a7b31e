//! Whatever goes wrong while somebody reads what is sealed: what was shown is recorded. Recorded and not shown may be; shown and
//! not recorded must not.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use faults::{Dice, Syncing, Trouble};
use register::Refusal;
use register::reading::{Kept, ReadReason};

use crate::app::{App, Job, Shown, Submission};
use crate::examining::examine;
use crate::packs;
use crate::paper;
use crate::power_cuts::make;
use crate::writer::Writer;

const PAPER: &str = "form = \"i-247\"\ncomponent = \"ero\"\nasks = [\"hold\"]\n\n[arrival]\nline = \"line_jail\"\n\
                     at = \"2012-10-30\"\n\n[printed]\nname = \"Nobody\"\nfile_number = \"A10000001\"\n";

/// Ways of a cut at each point: what was not synced is dropped or torn as the dice fall.
const WAYS: u64 = 6;

#[test]
fn what_was_shown_is_recorded_wherever_the_power_is_cut() {
    let home = Home::new();
    let recorder = faults::record(&home.root);
    let writer = Writer::start(App::open(&home.dir()).unwrap());
    let shown = shown_by(&writer, &home.paper).unwrap();
    // From here on somebody has seen it.
    recorder.mark();
    drop(writer);
    assert_eq!(says(&shown), "A10000001, Nobody");
    let trace = recorder.finish();
    let left_at = home.folder.path().canonicalize().unwrap().join("left");
    let (mut recorded_only, mut neither) = (0, 0);
    for cut in 0..=trace.len() {
        for way in 0..WAYS {
            let mut dice = Dice::new(u64::try_from(cut).unwrap() * WAYS + way);
            let left = trace.cut(cut, Syncing::Kept, &mut dice);
            faults::syncing_nothing(&left_at, || {
                left.lay_out(&left_at).unwrap();
                let app = App::open(&left_at.join("register")).unwrap();
                examine(&app).unwrap();
                let reads = app.register().reading.reads.len();
                let was_shown = trace.marks(cut) > 0;
                assert!(reads == 1 || !was_shown, "cut after {cut}: shown, and not recorded");
                recorded_only += usize::from(reads == 1 && !was_shown);
                neither += usize::from(reads == 0);
            });
        }
    }
    assert!(recorded_only > 0 && neither > 0, "no cut came between: {recorded_only}, {neither}");
}

#[test]
fn where_a_read_cannot_be_recorded_nothing_is_shown() {
    for trouble in [Trouble::Full, Trouble::ReadOnly, Trouble::Broken] {
        let home = Home::new();
        let mut failed = 0;
        let shown = (0..300).find_map(|after| {
            let mut app = home.open().unwrap();
            let before = app.register().reading.reads.len();
            let read = faults::failing(&home.root, after, trouble, || {
                let read = recorded_by(&mut app, &home.paper).and_then(|seq| app.read_out(seq));
                drop(app);
                read
            });
            let after = home.open().unwrap().register().reading.reads.len();
            match read {
                Ok(shown) => {
                    assert_eq!(after, before + 1, "{trouble:?}: shown, and not recorded");
                    Some(shown)
                }
                Err(error) => {
                    failed += 1;
                    assert!(!format!("{error:#}").contains("Nobody"), "{error:#}");
                    None
                }
            }
        });
        assert_eq!(says(&shown.unwrap()), "A10000001, Nobody");
        assert!(failed > 3, "{trouble:?}: the trouble never came");
    }
}

/// What is not on the disk yet is not opened, whoever asks.
#[test]
fn before_the_commit_nothing_is_opened() {
    let home = Home::new();
    let mut app = home.open().unwrap();
    let job = Job::Read { of: home.paper.clone(), reason: ReadReason::Casework };
    let seq = app.carry_out(&submission(&app, vec![job])).unwrap().unwrap().recorded[0].seq;
    assert!(app.read_out(seq).is_err());
    app.commit().unwrap();
    assert_eq!(says(&app.read_out(seq).unwrap()), "A10000001, Nobody");
    let error = app.read_out(1).map(|shown| says(&shown)).unwrap_err();
    assert_eq!(error.to_string(), "event 1 is no read");
}

/// A submission in which a read comes before something that is refused leaves no read, and shows nothing.
#[test]
fn a_read_with_a_refused_command_is_no_read() {
    let home = Home::new();
    let mut app = home.open().unwrap();
    let read = |of: &Kept| Job::Read { of: of.clone(), reason: ReadReason::Audit };
    let nowhere = "paper_nowhere".parse().unwrap();
    let said = app.carry_out(&submission(&app, vec![read(&home.paper), read(&nowhere)])).unwrap();
    let refused = said.map(|done| done.recorded.len()).unwrap_err();
    assert!(matches!(&refused.refusal, Refusal::IdUnknown { id } if id == "paper_nowhere"), "{refused}");
    app.commit().unwrap();
    assert!(app.register().reading.reads.is_empty());
}

/// A register with one paper.
struct Home {
    folder: tempfile::TempDir,
    root: PathBuf,
    paper: Kept,
}

impl Home {
    fn new() -> Home {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("home");
        std::fs::create_dir(&root).unwrap();
        let paper = faults::syncing_nothing(&root, || with_paper(&root)).unwrap();
        Home { folder, root, paper }
    }

    fn dir(&self) -> PathBuf {
        self.root.join("register")
    }

    fn open(&self) -> Result<App> {
        faults::syncing_nothing(&self.root, || App::open(&self.dir()))
    }
}

fn with_paper(root: &Path) -> Result<Kept> {
    make(root, "2012-11-01T09:00:00Z".parse()?)?;
    let mut app = App::open(&root.join("register"))?;
    let paper = paper::read("paper.toml", PAPER).map_err(packs::Problems)?;
    let done = app.carry_out(&submission(&app, vec![Job::Receive(Box::new(paper))]))??;
    app.commit()?;
    let received = done.received.first().context("no paper")?;
    let state = app.register().requests.get(&received.request).context("no request")?;
    Ok(Kept::Paper(state.request.paper.clone()))
}

fn submission(app: &App, jobs: Vec<Job>) -> Submission {
    Submission { by: "person_clerk".parse().unwrap(), at: app.register().last_at, jobs, places: Vec::new() }
}

/// The number of a read that is recorded.
fn recorded_by(app: &mut App, of: &Kept) -> Result<u64> {
    let job = Job::Read { of: of.clone(), reason: ReadReason::Casework };
    let done = app.carry_out(&submission(app, vec![job]))??;
    app.commit()?;
    Ok(done.recorded.last().context("no read")?.seq)
}

/// The same through the writer, and what it shows.
fn shown_by(writer: &Writer, of: &Kept) -> Result<Vec<Shown>> {
    let job = Job::Read { of: of.clone(), reason: ReadReason::Casework };
    let submission = writer.look(move |app| submission(app, vec![job]))?;
    let seq = writer.submit(submission)??.recorded.last().context("no read")?.seq;
    writer.look(move |app| app.read_out(seq))?
}

fn says(shown: &[Shown]) -> String {
    shown.iter().map(|one| one.says.clone().unwrap()).collect::<Vec<_>>().join(", ")
}
