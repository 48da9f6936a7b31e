//! One marked person on every way that leads into a register, and every command that could lead out of it again. What people hand in
//! stands in `in/`; everything else in the city's folder is searched, and what was said.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use super::{ADDRESS, BORN, EVENT, NAME, NOTE, NUMBER, canaries_in, nothing_is_found};
use crate::city::{City, candor};

/// The paper. What is in braces is filled in.
const PAPER: &str = r#"
form = "i-247a"
edition = "02/17"
issued_on = 2022-12-06
component = "ero"
asks = ["hold", "notify"]
grounds = ["biometric-match"]
attached = ["i-200"]
episode = "ep_marked"

[arrival]
line = "line_a1-fax"
at = "2022-12-21T01:12:00-05:00"

[printed]
subject_id = "{event}"
event_number = "{event}"
file_number = "{number}"
name = "{name}"
born_on = {born}
citizenship = "{note}"
to = "{address}"
from = "{address}"
officer = "{name}"
phone = "{event}"
booking_number = "{number}"
charge = "{note} at {address}"
"#;

/// Commands with everything that is typed freely, and custody, hits and shields beside them.
pub(super) const COMMANDS: &str = r#"
[[command]]
do = "custody"
episode = "ep_marked"
unit = "unit_a1"
what = "arrested"
charges = ["265-13A"]
at = "2022-12-21T00:10-05:00"

[[command]]
do = "custody"
episode = "ep_marked"
unit = "unit_a1"
what = "bail-posted"
at = "2022-12-21T01:30-05:00"

[[command]]
do = "correct"
request = "{request}"
reason = "{note} of {name}, {number}"
grounds = ["final-order"]
printed = { name = "{name} again", born_on = {born}, citizenship = "{address}" }

[[command]]
do = "verify-paper"
request = "{request}"
paper = "i-200"
called = "i-200"
signer = "immigration_officer"
result = "refused"
at = "2022-12-21T09:00-05:00"
court = "Court of {note}, {address}"
docket = "{event} {name}"

[[command]]
do = "decide"
request = "{request}"
ask = "notify"
decided = "honored"
facts = { actor = "police_officer", purpose = "unstated" }
departure = "mistake"
reason = "{name} of {address}: {note}"

[[command]]
do = "outcome"
request = "{request}"
outcome = "released-bail"
at = "2022-12-21T03:00-05:00"

[[command]]
do = "hit"
unit = "unit_a1"
file = "immigration-violator"
episode = "ep_marked"
at = "2022-12-21T00:15-05:00"

[[command]]
do = "shield"
request = "{request}"
cause = "domestic-violence"

[[command]]
do = "place-hold"
people_of = ["{request}"]
cause = "litigation"
reference = "{name} v. {note}, {event}"
"#;

const WITHDRAW: &str = "[[command]]\ndo = \"withdraw-entry\"\nrequest = \"{request}\"\nentry = {entry}\ncause = \"another-person\"\n\
                        reason = \"it was {name}, {number}, of {address}\"\n";
const LIFT: &str = "[[command]]\ndo = \"lift-hold\"\nhold = \"{hold}\"\nreason = \"settled with {name}, {note}\"\n";
const PROPOSE: &str = "[[command]]\ndo = \"propose-erasure\"\npeople_of = [\"{request}\"]\nschedule = \"Item 7.2\"\n\
                       approval = \"{name}, {event}\"\n";
const DROP: &str = "[[command]]\ndo = \"drop-erasure\"\nerasure = \"{erasure}\"\n";
const EXPUNGE: &str =
    "[[command]]\ndo = \"expunge\"\npeople_of = [\"{request}\"]\nof = [\"{together}\"]\ndocket = \"{event} {name}\"\n";
const CONFIRM: &str = "[[command]]\ndo = \"confirm-erasure\"\nerasure = \"{erasure}\"\n";
const REASON: &str = "{name}, {number}, born {born}, of {address}: {note}\n";

/// A table of somebody else's, with names where stays, days and outcomes should be, and one good row of the same person.
const TABLE: &str = "kind,day,stay,name,end day\nICE DETAINER,2022-12-03,{name},RELEASED,2022-12-04\n\
                     ICE DETAINER,{born},{number},{name},{note}\nICE DETAINER,{name},3,RELEASED,{address}\n\
                     ICE DETAINER,2022-12-05,5,\"{name}\",\nICE DETAINER,2022-12-05,6,RELEASED,\"{note}\"\n{name}\n\
                     ICE DETAINER,2032-12-05,\"{name}\",,\n";
const MAPPING: &str = r#"
[rows]
column = "kind"
equals = "ICE DETAINER"
[request]
form = "detainer-not-recorded"
component = "not-recorded"
asks = ["hold"]
line = "line_a1-fax"
arrived = "day"
episode = "stay"
[outcome]
column = "name"
on = "end day"
authority = "not-recorded"
[outcome.values]
"RELEASED" = "released-other"
"#;

const CLERK: &str = "--as person_clerk --at";
const OFFICER: &str = "--as person_officer --at";
const COUNSEL: &str = "--as person_counsel --at";

#[test]
fn a_person_goes_through_every_command_and_comes_out_of_none() {
    let city = City::opened();
    let request = comes_in(&city);
    goes_on(&city, &request);
    is_reported(&city, &request);
    is_moved(&city);
    is_erased(&city, &request);
    assert!(!city.used_temporary_folder(), "something was made in the system's temporary folder");
    let mut all = city.files(".");
    all.retain(|path, _| !path.starts_with("in/"));
    assert!(all.len() > 100, "the story left too few files to prove anything: {}", all.len());
    all.insert("what was said".to_owned(), city.said());
    nothing_is_found(all);
}

/// The text with the person in it.
pub(super) fn filled(text: &str) -> String {
    let person =
        [("name", NAME), ("number", NUMBER), ("born", BORN), ("event", EVENT), ("address", ADDRESS), ("note", NOTE)];
    person.into_iter().fold(text.to_owned(), |text, (what, value)| text.replace(&format!("{{{what}}}"), value))
}

/// The marked paper, as it came first.
pub(super) fn paper() -> String {
    filled(PAPER)
}

fn record(city: &City, commands: &str, by: &str) {
    city.write("in/commands.toml", &filled(commands));
    city.ok(&format!("record register in/commands.toml {by}"));
}

fn json(said: &str) -> Value {
    serde_json::from_str(said).unwrap()
}

/// By which way a paper comes: the first, a copy that reads otherwise, one passed on, one about several persons, one presented.
fn comes_in(city: &City) -> String {
    let at = "2022-12-21T02:00-05:00";
    city.write("in/paper.toml", &paper());
    let request = json(&city.ok(&format!("receive register in/paper.toml --json {OFFICER} {at}")));
    let request = request["requests"][0].as_str().unwrap().to_owned();
    let copy = paper().replace("T01:12", "T01:40").replace(BORN, "1958-11-24").replace("line_a1-fax", "line_b2-mail");
    city.write("in/copy.toml", &copy.replace("at = ", "relayed_by = \"County Sheriff\"\nat = "));
    city.ok(&format!("receive register in/copy.toml {OFFICER} {at}"));
    city.ok(&format!("receive register in/copy.toml --new {OFFICER} {at}"));
    let bare = filled(
        "\n[[person]]\nname = \"{name} Junior\"\nborn_on = 1999-01-02\n\n[[person]]\nfile_number = \"A 900-000 001\"\ncharge = \"{note}\"\n",
    );
    city.write(
        "in/several.toml",
        &format!("{}{bare}", paper().replace("T01:12", "T01:50").replace("2022-12-06", "2022-12-07")),
    );
    city.ok(&format!("receive register in/several.toml {OFFICER} {at}"));
    city.write("in/table.csv", &filled(TABLE));
    city.write("in/mapping.toml", MAPPING);
    let import =
        format!("import register in/table.csv --mapping in/mapping.toml --no-law {CLERK} 2022-12-21T02:10-05:00");
    city.run(&format!("{import} --refused refused.csv --progress")).ends_with(3);
    city.write("in/table.csv", &filled(TABLE).replace("2022-12-03", "2022-12-02"));
    city.run(&format!("{import} --json")).ends_with(3);
    request
}

/// What is recorded of a request, and shown.
fn goes_on(city: &City, request: &str) {
    let fill = |text: &str| text.replace("{request}", request);
    record(city, &fill(COMMANDS), &format!("{OFFICER} 2022-12-21T10:00-05:00"));
    city.write("in/reason.txt", &filled(REASON));
    city.write("in/facts.toml", "asks = [\"hold\"]\n[facts]\nactor = \"police_officer\"\njudge_paper = \"none\"\n");
    let decide = format!("decide register {request} --facts in/facts.toml --do hold=honored --departure mistake");
    city.ok(&format!("{decide} --reason-file in/reason.txt --json {OFFICER} 2022-12-21T10:10-05:00"));
    let shown = city.ok(&format!("show register {request}"));
    let entry = shown.rsplit_once("(entry ").unwrap().1.split_once(')').unwrap().0;
    record(city, &fill(WITHDRAW).replace("{entry}", entry), &format!("{OFFICER} 2022-12-21T10:20-05:00"));
    for (number, how) in ["--to out/answer.txt", "--json", ""].into_iter().enumerate() {
        city.ok(&format!("inquire register in/paper.toml {how} {OFFICER} 2022-12-21T11:0{number}-05:00"));
    }
    city.write("in/stranger.toml", &paper().replace(NUMBER, "A000000019").replace(EVENT, "none"));
    city.ok(&format!("inquire register in/stranger.toml --to out/other.txt {OFFICER} 2022-12-21T11:10-05:00"));
    let receipt = "--to out/r.txt --svg out/r.svg --html out/r.html";
    city.ok(&format!("receipt register {request} {receipt} {OFFICER} 2022-12-21T11:20-05:00"));
    city.ok(&format!("receipt register {request} --to out/r2.txt --json {OFFICER} 2022-12-21T11:20-05:00"));
    for line in [
        "custody register ep_marked",
        "custody register ep_marked --json",
        "custody register",
        "custody register --json",
        "staff register",
        "staff register --json",
        "inquiries register",
        "inquiries register --json",
        "coverage register --period 2022",
        "coverage register --period 2022 --json",
        "ask us-ma-boston --on 2022-12-20 in/facts.toml --why-not",
        "ask us-ma-boston --on 2022-12-20 in/facts.toml --json",
        "law replay register --act trust-act@2014",
        "law replay register --pack us-tx-travis-county --json",
        "report register --year 2022 --out out/draft",
        "history us-ma-boston --json",
    ] {
        city.ok(line);
    }
}

/// Growths, letters, reports, what is published, the bag, and whoever checks them.
fn is_reported(city: &City, request: &str) {
    city.ok(&format!("grow register {CLERK} 2022-12-23T09:00-05:00 --json"));
    city.ok(&format!("file register --year 2022 {CLERK} 2022-12-30T15:00-05:00"));
    city.ok("publish register --to out/published");
    fs::copy(city.path("out/published/checkpoint"), city.path("out/kept")).unwrap();
    city.ok(&format!("file register --year 2022 --json {CLERK} 2023-01-05T10:00-05:00"));
    record(
        city,
        "[[command]]\ndo = \"receipt\"\nyear = \"2022\"\nreport = \"closing\"\non = 2023-01-06\noffice = \"City Clerk\"\n",
        &format!("{CLERK} 2023-01-06T10:00-05:00"),
    );
    record(
        city,
        &format!("[[command]]\ndo = \"reimburse\"\nrequest = \"{request}\"\ncents = 12345\non = 2022-12-22\n"),
        &format!("{CLERK} 2023-01-07T10:00-05:00"),
    );
    city.write("in/late.toml", &paper().replace("T01:12", "T05:12").replace("2022-12-06", "2022-12-08"));
    city.ok(&format!("receive register in/late.toml {OFFICER} 2023-01-08T10:00-05:00"));
    city.ok(&format!("grow register {CLERK} 2023-01-09T09:00-05:00"));
    city.ok(&format!("file register --year 2022 --restate late {CLERK} 2023-01-09T10:00-05:00"));
    city.ok("publish register --to out/published --json");
    city.ok("audit bag register --out out/bag");
    let verify = "verify out/published --key register/log.vkey";
    for how in [
        "",
        "--json",
        "--bag out/bag --since out/kept",
        "--bag out/bag --json",
        "--receipt out/r.txt --paper in/paper.toml --on 2023-01-10",
        "--receipt out/answer.txt --paper in/paper.toml --json",
    ] {
        city.ok(&format!("{verify} {how}"));
    }
    city.run(&format!("{verify} --receipt out/r.txt --paper in/stranger.toml")).ends_with(1);
    city.ok("filings register --at 2023-01-10T09:00-05:00");
    city.ok("filings register --json");
}

/// Copies, drills, another master key.
fn is_moved(city: &City) {
    city.ok("backup register --to out/backup");
    city.ok("restore out/backup --secrets register/secrets --to out/restored --json");
    city.ok("publish out/restored --to out/again");
    city.ok("drill kill register --as person_clerk --rounds 2");
    city.ok("rotate-master-key register");
    city.ok("backup register --to out/later --json");
    city.ok("restore out/later --secrets register/secrets --to out/restored-later");
}

/// Holds, proposals, tombstones: each with what is typed to it.
fn is_erased(city: &City, request: &str) {
    let fill = |text: &str| text.replace("{request}", request);
    let listed = || json(&city.ok("retention register --json"));
    let by = |who: &str, day: u32| format!("{who} 2024-07-{day:02}T09:00-04:00");
    city.write("in/commands.toml", &filled(&fill(EXPUNGE).replace("of = [\"{together}\"]\n", "")));
    city.run(&format!("record register in/commands.toml {}", by(COUNSEL, 1))).ends_with(1);
    let hold = listed()["holds"][0]["hold"].as_str().unwrap().to_owned();
    record(city, &LIFT.replace("{hold}", &hold), &by(COUNSEL, 1));
    let together = others(city, &fill(EXPUNGE), &by(COUNSEL, 1));
    let of = |text: &str| fill(text).replace("[\"{together}\"]", &format!("{together:?}"));
    record(city, &of(EXPUNGE), &by(COUNSEL, 2));
    let erasure = listed()["proposals"][0]["erasure"].as_str().unwrap().to_owned();
    city.ok("retention register");
    record(city, &DROP.replace("{erasure}", &erasure), &by(COUNSEL, 3));
    let propose = of(PROPOSE).replace("schedule", &format!("of = {together:?}\nschedule"));
    record(city, &propose, &by(CLERK, 4));
    let erasure = listed()["proposals"][0]["erasure"].as_str().unwrap().to_owned();
    record(city, &CONFIRM.replace("{erasure}", &erasure), &by(COUNSEL, 5));
    city.ok("retention register");
    city.run(&format!("inquire register in/paper.toml {}", by(OFFICER, 6))).ends_with(0);
    city.ok(&format!("show register {request}"));
    city.ok(&format!("grow register {}", by(CLERK, 7)));
    city.ok("audit bag register --out out/bag-after");
    city.ok("backup register --to out/after");
}

/// The requests whose papers name others too: they are named one by one in refusals, until none is left.
fn others(city: &City, expunge: &str, by: &str) -> Vec<String> {
    let mut together: Vec<String> = Vec::new();
    loop {
        let list = format!("{together:?}");
        city.write("in/commands.toml", &filled(&expunge.replace("[\"{together}\"]", &list)));
        let ran = city.run(&format!("record register in/commands.toml {by}"));
        let Some((_, after)) = ran.stderr.split_once("the paper of `") else {
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let erasure = json(&city.ok("retention register --json"))["proposals"][0]["erasure"].clone();
            record(city, &DROP.replace("{erasure}", erasure.as_str().unwrap()), by);
            return together;
        };
        together.push(after.split('`').next().unwrap().to_owned());
        assert!(together.len() < 9, "{together:?}");
    }
}

/// Outputs in which a name is on purpose: who typed it, and why it is said. Whatever is said besides holds none.
#[rustfmt::skip]
const ON_PURPOSE: &[(&str, &str)] = &[
    ("receive register '{name}.toml' --as person_officer", "the name of a file that was given is said to whoever gave it, so that he finds the file"),
    ("show register '{name}'", "a word of the command line is said to whoever typed it, by the library that reads the line"),
    ("inquire register in/paper.toml --as '{name}'", "the same"),
];

#[test]
fn where_a_name_is_said_it_is_said_on_purpose() {
    let city = City::opened();
    for (line, why) in ON_PURPOSE {
        let ran = city.run(&filled(line));
        assert_ne!(ran.code, 0, "{line}");
        let found = canaries_in("said", [ran.stdout, ran.stderr].concat().as_bytes());
        assert!(!found.is_empty(), "{line}: nothing is said of it, so take it off the list ({why})");
    }
}

/// A process that cannot say what it has to say panics or gives up: it leaves nothing of the person either.
#[test]
fn a_process_that_cannot_speak_or_dies_leaves_nothing() {
    let city = City::opened();
    city.write("in/paper.toml", &paper());
    city.write("in/spoiled.toml", &paper().replace("born_on = ", "born_on = 31-"));
    for (line, mute) in [
        ("receive register in/paper.toml --as person_officer --at 2022-12-21T02:00-05:00", "stdout"),
        ("receive register in/spoiled.toml --as person_officer --at 2022-12-21T02:00-05:00", "stderr"),
        ("inquire register in/paper.toml --as person_officer --at 2022-12-21T02:00-05:00", "stdout"),
    ] {
        let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let mut command = candor(&city.path("."), line);
        command.env("RUST_BACKTRACE", "full").stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = if mute == "stdout" { command.stdout(full()).output() } else { command.stderr(full()).output() };
        let output = output.unwrap();
        assert!(!output.status.success(), "{line}: it could speak");
        let said = [output.stdout, output.stderr].concat();
        assert!(canaries_in("said", &said).is_empty(), "{line}: {}", String::from_utf8_lossy(&said));
    }
    let mut all = city.files(".");
    all.retain(|path, _| !path.starts_with("in/"));
    nothing_is_found(all);
}
