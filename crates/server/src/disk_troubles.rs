//! A disk that is full, mounted read-only or broken, from every write on; files whose bytes changed or that were cut short.
//! Each is said with the place and the next step, and nothing is recorded by halves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use faults::{Dice, Trouble};

use crate::app::{App, Done, Job, Refused, Submission};
use crate::backup;
use crate::examining::examine;
use crate::paper;
use crate::power_cuts::{bodies, make};
use crate::publish::publish;
use crate::store::tests::{log_of, without_log};

/// Things done to a disk before the trouble, at most: the commands here do fewer.
const LATEST: usize = 700;

#[test]
fn a_disk_in_trouble_is_named_with_the_next_step_and_nothing_is_recorded_by_halves() {
    for (trouble, step) in [
        (Trouble::Full, "make room on the disk"),
        // Where the system itself takes the right to write away, its log says why.
        (Trouble::ReadOnly, "look for trouble of the disk"),
        (Trouble::Broken, "look for trouble of the disk"),
    ] {
        let home = Home::new();
        let mut said = BTreeSet::new();
        let after = (0..LATEST).find(|after| {
            let mut app = home.open().unwrap();
            let before = bodies(&app).unwrap();
            let done = faults::failing(&home.root, *after, trouble, || {
                let done = receive_and_grow(&mut app);
                drop(app);
                done
            });
            let app = home.open().unwrap();
            examine(&app).unwrap();
            let there = bodies(&app).unwrap();
            assert!([before.len(), before.len() + 2].contains(&there.len()), "recorded by halves");
            assert!(there.starts_with(&before), "what was acknowledged is gone");
            let Err(error) = done else { return true };
            said.insert(format!("{error:#}").replace(home.root.to_str().unwrap(), ""));
            false
        });
        let opened = faults::failing(&home.root, 0, trouble, || App::open(&home.dir()).map(drop));
        let opened = format!("{:#}", opened.unwrap_err());
        println!("{trouble:?}, opening: {opened}");
        assert!(opened.contains("writer.lock` (hint: ") && opened.contains("disk"), "{opened}");
        println!("{trouble:?}: from each of {after:?} writes on\n{said:#?}");
        assert!(after > Some(10), "the trouble never came");
        for error in &said {
            assert!(error.contains("`/register/") && error.contains(&format!("hint: {step}")), "{error}");
        }
    }
}

#[test]
fn a_full_disk_stops_publishing_and_backing_up_and_the_same_command_completes_them() {
    let home = Home::new();
    receive_and_grow(&mut home.open().unwrap()).unwrap().unwrap();
    let (dir, out, to) = (home.dir(), home.root.join("out"), home.root.join("backup"));
    let mut said = BTreeSet::new();
    let mut until_it_ends = |what: &dyn Fn() -> Result<()>| {
        let after = (0..LATEST).find(|after| {
            let done = faults::failing(&home.root, *after, Trouble::Full, what);
            said.extend(done.as_ref().err().map(|error| format!("{error:#}").replace(home.root.to_str().unwrap(), "")));
            done.is_ok()
        });
        assert!(after > Some(5), "from {after:?} writes on there was no trouble: {said:#?}");
    };
    until_it_ends(&|| publish(&dir, &out).map(drop));
    until_it_ends(&|| backup::back_up(&dir, &to).map(drop));
    println!("{said:#?}");
    for error in &said {
        assert!(error.contains("`/") && error.contains("hint: ") && error.contains("room"), "{error}");
    }
    examine(&home.open().unwrap()).unwrap();
}

/// Flips bytes all over the files, and cuts them short. Either the trouble is found and named, or nothing that the register
/// holds depends on the byte.
#[test]
fn a_byte_that_changed_is_found_wherever_it_matters() {
    let home = Home::new();
    receive_and_grow(&mut home.open().unwrap()).unwrap().unwrap();
    let whole = bodies(&home.open().unwrap()).unwrap();
    let (mut dice, mut said, mut found) = (Dice::new(1), BTreeSet::new(), 0);
    for file in FILES {
        let path = home.dir().join(file);
        without_log(&path);
        let sound = fs::read(&path).unwrap();
        for page in 0..sound.len() / PAGE {
            for _ in 0..3 {
                let mut bytes = sound.clone();
                bytes[page * PAGE + dice.below(PAGE)] ^= 1 << dice.below(8);
                found += usize::from(!home.holds(&path, &bytes, &whole, &mut said));
            }
            let cut = page * PAGE;
            assert!(!home.holds(&path, &sound[..cut], &whole, &mut said), "{file} cut at {cut} opens");
            // Within a page, what is cut off may be nothing but zeros.
            home.holds(&path, &sound[..cut + dice.below(PAGE)], &whole, &mut said);
        }
        fs::write(&path, &sound).unwrap();
    }
    println!("{found} changed bytes were found\n{said:#?}");
    assert!(found > 10, "only {found} changed bytes were found");
    for error in &said {
        let named = ["register", "vault", "keys", "log", "entry_", "paper_", "event", "leaf", "leaves"];
        assert!(named.iter().any(|name| error.contains(name)) && error.contains("hint: "), "{error}");
    }
}

/// The log is another matter: where a page in it is damaged, SQLite takes the log to end before it, as after a cut of the
/// power. What came later is gone, and nothing else comes in its place; of a year that was closed, or a leaf that was signed
/// and published, others have copies.
#[test]
fn a_byte_that_changed_in_a_log_leaves_a_beginning_of_the_record_or_is_named() {
    let home = Home::new();
    receive_and_grow(&mut home.open().unwrap()).unwrap().unwrap();
    let whole = bodies(&home.open().unwrap()).unwrap();
    let (mut dice, mut named, mut shorter) = (Dice::new(2), 0, 0);
    for file in FILES {
        let file = home.dir().join(file);
        let (log, shared) = (log_of(&file), PathBuf::from(format!("{}-shm", file.display())));
        let sound = (fs::read(&file).unwrap(), fs::read(&log).unwrap());
        assert!(sound.1.len() > PAGE, "nothing is in `{}`", log.display());
        for _ in 0..40 {
            let mut bytes = sound.1.clone();
            bytes[dice.below(sound.1.len())] ^= 1 << dice.below(8);
            fs::write(&log, bytes).unwrap();
            drop(fs::remove_file(&shared));
            let looked = home.open().and_then(|app| examine(&app).and_then(|_| bodies(&app)));
            match looked {
                Ok(bodies) => {
                    assert!(whole.starts_with(&bodies), "a change made another record");
                    shorter += usize::from(bodies.len() < whole.len());
                }
                Err(_) => named += 1,
            }
            fs::write(&file, &sound.0).unwrap();
            fs::write(&log, &sound.1).unwrap();
        }
        drop(fs::remove_file(&shared));
    }
    assert!(named > 10 && shorter > 10, "{named} were named, {shorter} left a beginning");
}

const FILES: [&str; 3] = ["register.sqlite", "vault.sqlite", "keys.sqlite"];

/// SQLite's page in bytes.
const PAGE: usize = 4096;

struct Home {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Home {
    fn new() -> Home {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        faults::syncing_nothing(&root, || make(&root, "2012-11-01T09:00:00Z".parse().unwrap())).unwrap();
        Home { _folder: folder, root }
    }

    fn dir(&self) -> PathBuf {
        self.root.join("register")
    }

    fn open(&self) -> Result<App> {
        faults::syncing_nothing(&self.root, || App::open(&self.dir()))
    }

    /// Whether the register holds all it held, with these bytes in one of its files.
    fn holds(&self, path: &Path, bytes: &[u8], whole: &[Vec<u8>], said: &mut BTreeSet<String>) -> bool {
        for log in ["-wal", "-shm"] {
            drop(fs::remove_file(format!("{}{log}", path.display())));
        }
        fs::write(path, bytes).unwrap();
        let looked = faults::syncing_nothing(&self.root, || {
            let app = App::open(&self.dir())?;
            app.check_files()?;
            examine(&app)?;
            bodies(&app)
        });
        match looked {
            Ok(bodies) => assert!(bodies == whole, "a change went unnoticed"),
            Err(error) => {
                said.insert(format!("{error:#}").replace(self.root.to_str().unwrap(), ""));
                return false;
            }
        }
        true
    }
}

fn receive_and_grow(app: &mut App) -> Result<Result<Done, Refused>> {
    let text = "form = \"i-247\"\ncomponent = \"ero\"\nasks = [\"hold\"]\n\n[arrival]\nline = \"line_jail\"\n\
                at = \"2012-10-30\"\n\n[printed]\nname = \"Nobody\"\nfile_number = \"A10000001\"\n";
    let paper = paper::read("paper.toml", text).map_err(crate::packs::Problems)?;
    let at = app.register().last_at;
    let jobs = vec![Job::Receive(Box::new(paper)), Job::Grow];
    let done = app.carry_out(&Submission { by: "person_clerk".parse()?, at, jobs, places: Vec::new() })?;
    app.commit()?;
    Ok(done)
}
