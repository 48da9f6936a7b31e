//! Tables of commands: what was asked of the register, when, and what it said. `tests/commands/*.txt` show the language.
//!
//! A file is a preamble and cases. Each case starts a new register, plays the preamble and then its own lines:
//!
//! ```text
//! after common                     plays tests/commands/common.txt first
//! facts NAME = FACT=ANSWER …       gives facts a name
//! == A title                       starts a case
//! TIME VERB ARGUMENTS -> EVENTS    what must be recorded; `closing-entered x 3` for three in a row; ARGUMENTS may end with
//!                                  `by=PERSON`, else it is `person_desk` who gives the command
//! TIME VERB ARGUMENTS -> refused NAME WORDS     which refusal, and words that its sentence must hold
//! rows YEAR                        likewise in the closing rows, shown and withheld
//! report YEAR                      the indented lines that follow must be in the report
//! staff DAY                        likewise, of who may do what on a day
//! look ARGUMENTS                   likewise, of what is answered to a paper that is presented
//! tombstones                       likewise, of what was erased
//! reach IDS                        likewise, of what an erasure of these would reach
//! inquiries FROM UNTIL             likewise, of the inquiries of a period, counted
//! reads all                        likewise, of who was shown what the vault keeps
//! delays all                       likewise, of every delay after eligibility
//! stays EPISODE                    likewise, of a stay in custody as it stands at the time of the last record
//! coverage DAYS TIME               likewise in what is covered in these days, as of a time
//! alarms TIME                      likewise in the alarms that stand then
//! TIME every DAYS TIMES VERB …     one command for each local time of each day: `{at}` is its instant, `{tour}` its tour
//! ```
#![expect(clippy::unwrap_used, clippy::panic, reason = "a table that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "tables and law packs are read from disk")]

mod command;
mod people;
mod retention;
mod show;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use law::Pack;
use register::event::Event;
use register::ids::PersonId;
use register::time::{ClockTime, Days, Timestamp};
use register::{Recorded, Register, wire};

/// What the tables of a folder made use of.
#[derive(Default)]
pub(crate) struct Used {
    /// Names of the commands given.
    pub(crate) commands: BTreeSet<String>,
    /// Names of the refusals met.
    pub(crate) refusals: BTreeSet<String>,
    /// Lines that were answered otherwise than they expect.
    wrong: Vec<String>,
    /// The last state of each case, with what was recorded on the way.
    pub(crate) cases: Vec<Case>,
}

/// One case, played.
pub(crate) struct Case {
    /// File and title.
    pub(crate) title: String,
    /// Where it ended.
    pub(crate) register: Register,
    /// How it got there.
    pub(crate) recorded: Vec<Recorded>,
}

/// Facts by the names that tables give them.
type Named = BTreeMap<String, BTreeMap<String, String>>;

/// Plays every table of a folder beside this one and checks what each line expects.
pub(crate) fn check_folder(folder: &str) -> Used {
    let pack = pack();
    let mut used = Used::default();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(tests().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no tables in `{folder}`");
    for path in paths {
        check_table(&path, &pack, &mut used);
    }
    assert!(used.wrong.is_empty(), "{} lines are wrong:\n{}", used.wrong.len(), used.wrong.join("\n"));
    used
}

/// Boston's law.
pub(crate) fn pack() -> Pack {
    let folder = tests().join("../../../law/us-ma-boston");
    let mut files = BTreeMap::new();
    for folder in [folder.clone(), folder.join("sections"), folder.join("scenarios")] {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(tests().join("../../../law/us-ma-boston")).unwrap();
                files.insert(name.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    Pack::load(&files).unwrap()
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A line of a table, with its number.
type Line<'a> = (usize, &'a str);

fn check_table(path: &Path, pack: &Pack, used: &mut Used) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let mut cases: Vec<(String, Vec<Line<'_>>)> = vec![(name.to_owned(), Vec::new())];
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("== ") {
            Some(title) => cases.push((format!("{name}, {title}"), Vec::new())),
            None => cases.last_mut().unwrap().1.push((index + 1, line)),
        }
    }
    let preamble = cases.remove(0);
    if cases.is_empty() {
        cases.push((preamble.0, Vec::new()));
    }
    for (title, lines) in cases {
        let mut player = Player::new(pack, title);
        player.play(&preamble.1, used);
        player.play(&lines, used);
        used.cases.push(Case { title: player.title, register: player.register, recorded: player.recorded });
    }
}

struct Player<'p> {
    pack: &'p Pack,
    title: String,
    register: Register,
    recorded: Vec<Recorded>,
    facts: Named,
}

impl<'p> Player<'p> {
    fn new(pack: &'p Pack, title: String) -> Player<'p> {
        Player { pack, title, register: Register::default(), recorded: Vec::new(), facts: Named::new() }
    }

    fn play(&mut self, lines: &[Line<'_>], used: &mut Used) {
        let mut shown: Option<Vec<String>> = None;
        for (number, line) in lines {
            let place = format!("{}, line {number}: {line}", self.title);
            if let Some(expected) = line.strip_prefix("  ") {
                let shown = shown.as_ref().unwrap_or_else(|| panic!("{place}: nothing is shown"));
                if !shown.iter().any(|one| one == expected) {
                    used.wrong.push(format!("{place}\n  what is shown says\n    {}", shown.join("\n    ")));
                }
            } else if let Some(file) = line.strip_prefix("after ") {
                let text = std::fs::read_to_string(tests().join("commands").join(format!("{file}.txt"))).unwrap();
                let lines: Vec<Line<'_>> = text.lines().enumerate().map(|(index, line)| (index + 1, line)).collect();
                self.play(&lines, used);
            } else if let Some(rest) = line.strip_prefix("facts ") {
                let (name, facts) = rest.split_once(" = ").unwrap_or_else(|| panic!("{place}: expected ` = `"));
                let facts = facts.split_whitespace().map(|fact| fact.split_once('=').unwrap());
                let facts = facts.map(|(name, answer)| (name.to_owned(), answer.to_owned())).collect();
                self.facts.insert(name.to_owned(), facts);
            } else if let Some(lines) = people::show(&self.register, line) {
                shown = Some(lines);
            } else if let Some(year) = line.strip_prefix("rows ") {
                shown = Some(show::rows(&self.register, year.parse().unwrap()));
            } else if let Some(lines) = retention::show(&self.register, line) {
                shown = Some(lines);
            } else if let Some(year) = line.strip_prefix("report ") {
                shown = Some(show::report(&self.register, self.pack, year.parse().unwrap()));
            } else if let Some(rest) = line.strip_prefix("coverage ") {
                let (days, as_of) = rest.split_once(' ').unwrap();
                shown = Some(show::coverage(&self.register, days.parse().unwrap(), as_of.trim().parse().unwrap()));
            } else if let Some(now) = line.strip_prefix("alarms ") {
                shown = Some(show::alarms(&self.register, now.trim().parse().unwrap()));
            } else if !line.is_empty() && !line.starts_with('#') {
                for line in each(line, &self.register) {
                    self.step(&line, &place, used);
                }
            }
        }
    }

    fn step(&mut self, line: &str, place: &str, used: &mut Used) {
        let (asked, expected) = line.split_once(" -> ").map_or((line, None), |(asked, said)| (asked, Some(said)));
        let (at, rest) = asked.split_once(' ').unwrap();
        let (rest, by) = rest.split_once(" by=").unwrap_or((rest, "person_desk"));
        let by: PersonId = by.trim().parse().unwrap_or_else(|error| panic!("{place}: {error}"));
        let at: Timestamp = at.parse().unwrap_or_else(|error| panic!("{place}: {error}"));
        let command = command::read(rest.trim(), at, &self.register, self.pack, &self.facts, place);
        used.commands.insert(variant(&command));
        let said = match self.register.handle(self.pack, &command, &by, at) {
            Ok(events) => self.record(events, &by, at),
            Err(refusal) => {
                used.refusals.insert(variant(&refusal));
                format!("refused {}: {refusal}", variant(&refusal))
            }
        };
        let as_expected = match expected.map(|expected| (expected, expected.strip_prefix("refused "))) {
            Some((_, Some(refusal))) => {
                let (name, words) = refusal.split_once(' ').unwrap_or((refusal, ""));
                said.starts_with(&format!("refused {name}:")) && said.contains(words.trim())
            }
            Some((events, None)) => said == events,
            None => !said.starts_with("refused"),
        };
        if !as_expected {
            used.wrong.push(format!("{place}\n  said: {said}"));
        }
    }

    fn record(&mut self, events: Vec<Event>, by: &PersonId, at: Timestamp) -> String {
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for event in events {
            let recorded = Recorded { seq: self.register.last_seq + 1, at, by: by.clone(), event };
            self.register.apply(&recorded).unwrap();
            let kind = kind(&recorded);
            match kinds.last_mut().filter(|(last, _)| *last == kind) {
                Some((_, number)) => *number += 1,
                None => kinds.push((kind, 1)),
            }
            self.recorded.push(recorded);
        }
        let shown =
            kinds.into_iter().map(|(kind, number)| if number == 1 { kind } else { format!("{kind} x {number}") });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// The lines that a line stands for: itself, or with `every` one for each time of each day.
fn each(line: &str, register: &Register) -> Vec<String> {
    let mut words = line.splitn(6, ' ').filter(|word| !word.is_empty());
    let (Some(time), Some("every")) = (words.next(), words.next()) else { return vec![line.to_owned()] };
    let days: Days = words.next().unwrap().parse().unwrap();
    let times: Vec<&str> = words.next().unwrap().split(',').collect();
    let command = words.next().unwrap();
    let one = |day: Date, clock: &str| {
        let at = clock.parse::<ClockTime>().unwrap().instant(day, &register.zone()).unwrap();
        let command = command.replace("{at}", &at.to_string()).replace("{tour}", &format!("{day}T{clock}"));
        let command = command.replace("{day}", &day.to_string());
        format!("{time}  {command}")
    };
    days.each().flat_map(|day| times.iter().map(move |clock| one(day, clock))).collect()
}

/// The kind of an event as its bytes name it, without its version.
fn kind(recorded: &Recorded) -> String {
    let value: serde_json::Value = serde_json::from_str(&wire::encode(recorded)).unwrap();
    let kind = value.get("event").unwrap().as_object().unwrap().keys().next().unwrap().clone();
    kind.split_once('/').unwrap().0.to_owned()
}

/// The name of an enum's variant; of what a subject's variant holds, the subject's own.
fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let subject = ["Request(", "Watch(", "Custody(", "Staff(", "Inquiry(", "Retention(", "Receipt(", "Reading("]
        .iter()
        .find_map(|subject| text.strip_prefix(subject));
    subject.unwrap_or(&text).split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()
}
