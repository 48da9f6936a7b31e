//! Somebody is erased: under the schedule, with an approval and two persons, unless a hold blocks it. What counts goes on counting,
//! every proof and every later filing holds, and of the person no byte is found, in no file, not even under the keys.

use std::collections::BTreeSet;
use std::fs;

use crate::canary::{PAPERS, PERSONS, WITHDRAW, canaries_in, holds};
use crate::city::City;
use crate::folder::{self, Files};

/// What the vault keeps of anybody: file, and a query of ids and bytes.
const KEPT: [(&str, &str); 4] = [
    ("keys.sqlite", "SELECT id, wrapped FROM data_key"),
    ("keys.sqlite", "SELECT entry, wrapped FROM entry_key"),
    ("keys.sqlite", MATCHES),
    ("vault.sqlite", "SELECT id, sealed FROM sealed_row"),
];

const MATCHES: &str = "SELECT individual, tag FROM match_entry";

type Kept = BTreeSet<(usize, String, Vec<u8>)>;

/// What is kept, read from a copy: whoever closes the files themselves would tidy up their logs, and nothing is to be tidied
/// before it is searched.
fn kept(city: &City, register: &str) -> Kept {
    let copy = tempfile::TempDir::new().unwrap();
    folder::copy(&city.path(register), copy.path());
    let mut all = Kept::new();
    for (number, (file, query)) in KEPT.iter().enumerate() {
        let database = rusqlite::Connection::open(copy.path().join(file)).unwrap();
        let mut statement = database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| Ok((number, row.get(0)?, row.get(1)?))).unwrap();
        all.extend(rows.map(Result::unwrap));
    }
    all
}

fn record(city: &City, commands: &str, by: &str, at: &str) -> String {
    city.write("commands.toml", commands);
    city.ok(&format!("record register commands.toml --as {by} --at {at}"))
}

#[track_caller]
fn refused(city: &City, commands: &str, by: &str, at: &str, why: &str) {
    city.write("commands.toml", commands);
    city.run(&format!("record register commands.toml --as {by} --at {at}")).ends_with(1).complains_of(why);
}

/// What `candor retention` says, for programs.
fn retention(city: &City) -> serde_json::Value {
    serde_json::from_str(&city.ok("retention register --json")).unwrap()
}

fn propose(city: &City, request: &str, at: &str) -> String {
    let propose = format!(
        "[[command]]\ndo = \"propose-erasure\"\npeople_of = [\"{request}\"]\nschedule = \"Item 7.2\"\n\
         approval = \"RCB 2024/17\"\n"
    );
    record(city, &propose, "person_clerk", at);
    retention(city)["proposals"][0]["erasure"].as_str().unwrap().to_owned()
}

fn confirm(erasure: &str) -> String {
    format!("[[command]]\ndo = \"confirm-erasure\"\nerasure = \"{erasure}\"\n")
}

/// A city in which the data of one person came in on every way there is: two forms, a copy, a correction, a verification, an
/// entry taken back, the reason of a departure, and an inquiry. The year is closed and filed.
fn city_with_a_person() -> (City, Vec<String>) {
    let (city, requests) = City::with_papers();
    let at = "--as person_officer --at 2022-12-22T09:00-05:00";
    let copy = fs::read_to_string(city.path("first.toml")).unwrap();
    city.write("copy.toml", &copy.replace("Canarybourg", "Canaryville").replace("line_a1-fax", "line_b2-mail"));
    assert!(city.ok(&format!("receive register copy.toml {at}")).contains("another transmission"));
    city.write("papers.toml", &PAPERS.replace("{request}", &requests[0]));
    city.ok(&format!("record register papers.toml {at}"));
    let shown = city.ok(&format!("show register {}", requests[1]));
    let entry = shown.split_once("(entry ").unwrap().1.split_once(')').unwrap().0;
    city.write("withdraw.toml", &WITHDRAW.replace("{request}", &requests[1]).replace("{entry}", entry));
    city.ok(&format!("record register withdraw.toml {at}"));
    let asked = city.ok(&format!("inquire register first.toml {}", at.replace("T09", "T10")));
    assert!(asked.starts_with("registered: "), "{asked}");
    city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    (city, requests)
}

#[test]
fn a_person_is_erased_and_everything_else_goes_on() {
    let (city, requests) = city_with_a_person();
    let (before, files_before) = (kept(&city, "register"), city.files("register"));
    city.ok("backup register --to earlier");
    let erasure = erase(&city, &requests);
    let left = kept(&city, "register");
    let gone: Kept = before.difference(&left).cloned().collect();
    for (number, (file, query)) in KEPT.iter().enumerate() {
        assert!(gone.iter().any(|(one, ..)| *one == number), "nothing is gone from {file}: {query}");
        assert!(left.iter().any(|(one, ..)| *one == number), "all is gone from {file}: {query}");
    }

    city.ok("backup register --to after");
    city.ok("restore after --secrets register/secrets --to at-once");
    nothing_is_left(&city, &["register", "after", "at-once"], &["after.keys"], &gone);

    everything_goes_on(&city, &requests, &erasure);
    city.ok("backup register --to later");
    city.ok("restore later --secrets register/secrets --to restored");
    city.ok("drill kill register --as person_clerk --rounds 2");
    // By what they are found the person is found again, as somebody new.
    let gone: Kept = gone.into_iter().filter(|(number, ..)| KEPT[*number].1 != MATCHES).collect();
    nothing_is_left(&city, &["register", "published", "later", "restored"], &["bag", "later.keys"], &gone);

    // The search sees them where they are: in the logs that stay beside the files, and in the keys of that time.
    let sees = |bytes: &[u8]| gone.iter().any(|(_, _, lost)| holds(bytes, lost));
    for file in ["keys.sqlite-wal", "vault.sqlite-wal"] {
        assert!(sees(&files_before[file]), "the search finds nothing in {file}");
    }
    assert!(sees(&fs::read(city.path("earlier.keys")).unwrap()), "the search finds nothing in the keys of a backup");

    // A backup from before is worth nothing of them without its keys, which had their time; and those of now do not open it.
    fs::remove_file(city.path("earlier.keys")).unwrap();
    let restore = "restore earlier --secrets register/secrets --to old";
    city.run(restore).ends_with(1).complains_of("the vault's keys `earlier.keys` are missing");
    city.run(&format!("{restore} --keys later.keys")).ends_with(1).complains_of("cannot be restored");
    assert!(!city.path("old").exists());
}

/// Not a byte is left: neither of what the papers print, nor what is sealed, nor under what, nor by what the person was found.
fn nothing_is_left(city: &City, places: &[&str], files: &[&str], gone: &Kept) {
    let mut all = Files::new();
    for place in places {
        all.extend(city.files(place).into_iter().map(|(path, bytes)| (format!("{place}/{path}"), bytes)));
    }
    for file in files {
        all.insert((*file).to_owned(), fs::read(city.path(file)).unwrap());
    }
    all.insert("what was said".to_owned(), city.said());
    for (path, bytes) in &all {
        let canaries = canaries_in(path, bytes);
        assert!(canaries.is_empty(), "{}", canaries.join("\n"));
        for (number, id, lost) in gone {
            assert!(!holds(bytes, lost), "{path} holds what was kept of {id}: {:?}", KEPT[*number]);
        }
    }
}

/// The steps, each refused first to whom it is not given.
pub(crate) fn erase(city: &City, requests: &[String]) -> String {
    let hold = format!(
        "[[command]]\ndo = \"place-hold\"\nof = [\"{}\"]\ncause = \"litigation\"\nreference = \"No. 24-1 CANARYBOOK77\"\n",
        requests[1]
    );
    record(city, &hold, "person_counsel", "2024-06-30T09:00-04:00");
    let propose_it = format!(
        "[[command]]\ndo = \"propose-erasure\"\npeople_of = [\"{}\"]\nschedule = \"Item 7.2\"\napproval = \"RCB 2024/17\"\n",
        requests[0]
    );
    let hold = retention(city)["holds"][0]["hold"].as_str().unwrap().to_owned();
    let (day, next) = ("2024-07-01T09:00-04:00", "2024-07-02T09:00-04:00");
    refused(city, &propose_it, "person_clerk", day, &format!("hold `{hold}` (litigation) keeps it from being erased"));
    let lift = format!("[[command]]\ndo = \"lift-hold\"\nhold = \"{hold}\"\nreason = \"settled with Canary-Ibarra\"\n");
    record(city, &lift, "person_counsel", day);
    let erasure = propose(city, &requests[0], day);
    refused(city, &confirm(&erasure), "person_clerk", next, "proposed");
    let listed = city.ok("retention register");
    assert!(listed.contains("no hold stands\nproposed, to be confirmed by another person\n"), "{listed}");
    record(city, &confirm(&erasure), "person_counsel", next);
    let listed = city.ok("retention register");
    assert!(listed.contains("no erasure waits\nerased\n") && listed.contains("under Item 7.2"), "{listed}");
    erasure
}

fn everything_goes_on(city: &City, requests: &[String], erasure: &str) {
    let shown = city.ok(&format!("show register {}", requests[0]));
    assert!(shown.contains(&format!("({erasure}): what the paper printed")), "{shown}");
    let hold = format!(
        "[[command]]\ndo = \"hold\"\nrequest = \"{}\"\nauthority = \"detainer-alone\"\nat = \"2022-12-10\"\n",
        requests[0]
    );
    refused(city, &hold, "person_officer", "2024-07-03T09:00-04:00", "was erased by");
    // Whoever presents the paper is not told that it is registered, and no longer that it never was.
    let asked = city.ok("inquire register first.toml --as person_officer --at 2024-07-03T09:00-04:00");
    assert!(asked.starts_with("cannot be told: "), "{asked}");
    // The same person, who is somebody new now, on a paper that is late in a closed year.
    let late = fs::read_to_string(city.path("second.toml")).unwrap().replace("2022-12-05T10", "2022-12-31T10");
    city.write("late.toml", &late);
    let said = city.ok("receive register late.toml --as person_officer --at 2024-07-03T10:00-04:00");
    assert!(said.starts_with("registered req_") && said.contains("a restatement is due"), "{said}");

    city.run("audit bag register --out bag").ends_with(1).complains_of("erased since the last growth");
    city.ok("grow register --as person_clerk --at 2024-07-04T04:00-04:00");
    city.ok("file register --year 2022 --restate late --as person_clerk --at 2024-07-04T10:00-04:00");
    city.ok("file register --year 2023 --as person_clerk --at 2024-07-04T11:00-04:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    assert!(verified.contains("could not be looked into: their keys were erased, by 1 erasure"), "{verified}");
    let report = fs::read_to_string(city.path("published/filings/2022/restatement-1/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let requests = serde_json::json!({ "of": "requests", "figure": "total", "old": 4, "new": 5 });
    assert_eq!(report["restatement"]["changes"][0], requests);
    city.ok("law replay register --act trust-act@2014");
}

#[test]
fn a_paper_with_others_goes_as_a_whole_or_stays_and_an_order_has_its_docket() {
    let (city, requests) = City::with_papers();
    city.write("persons.toml", PERSONS);
    let said = city.ok("receive register persons.toml --as person_officer --at 2022-12-22T09:00-05:00");
    let together = said.split(' ').nth(1).unwrap().to_owned();
    let expunge = |of: &str| {
        format!(
            "[[command]]\ndo = \"expunge\"\npeople_of = [\"{}\"]\nof = [{of}]\ndocket = \"CANARYBOOK77\"\n",
            requests[0]
        )
    };
    let (day, next) = ("2024-07-01T09:00-04:00", "2024-07-02T09:00-04:00");
    refused(&city, &expunge(""), "person_counsel", day, &format!("the paper of `{together}` names others"));
    record(&city, &expunge(&format!("\"{together}\"")), "person_counsel", day);
    let erasure = retention(&city)["proposals"][0]["erasure"].as_str().unwrap().to_owned();
    record(&city, &confirm(&erasure), "person_clerk", next);
    let listed = city.ok("retention register");
    assert!(listed.contains("by order of a court"), "{listed}");
    let erased = retention(&city)["tombstones"][0]["erased"].as_array().unwrap().len();
    assert!(erased > 6, "{listed}");
    // What was proposed and is given up cannot be confirmed.
    let other = propose(&city, &requests[2], next);
    record(&city, &confirm(&other).replace("confirm", "drop"), "person_clerk", next);
    refused(&city, &confirm(&other), "person_counsel", next, "was carried out or given up");
    refused(&city, &confirm("erasure_nowhere"), "person_counsel", next, "`erasure_nowhere` is not in the register");
}

/// Nothing of the register is lost with a new master key, and backups made before still open with the old one.
#[test]
fn the_master_key_can_be_changed() {
    let city = City::with_year_filed();
    city.ok("backup register --to earlier");
    let old = city.path("old-secrets");
    fs::create_dir(&old).unwrap();
    for name in ["master.key", "log.key"] {
        fs::copy(city.path(&format!("register/secrets/{name}")), old.join(name)).unwrap();
    }
    let said = city.ok("rotate-master-key register");
    assert!(said.contains("in the place of the old one"), "{said}");
    city.run("rotate-master-key register --to elsewhere").ends_with(1).complains_of("hint: leave out `--to`");
    let asked = city.ok("inquire register first.toml --as person_officer --at 2023-01-08T09:00-05:00");
    assert!(asked.starts_with("registered: "), "{asked}");
    city.ok("grow register --as person_clerk --at 2023-01-09T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    city.ok("verify published --key register/log.vkey --bag bag");
    city.ok("backup register --to later");
    city.ok("restore later --secrets register/secrets --to restored");
    let not_this = "is not the one of this vault";
    city.run("restore later --secrets old-secrets --to other").ends_with(1).complains_of(not_this);
    city.run("restore earlier --secrets register/secrets --to other").ends_with(1).complains_of(not_this);
    city.ok("restore earlier --secrets old-secrets --to other");
}
