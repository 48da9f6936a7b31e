//! What staff are shown, by view; and what is recorded when somebody reads what is sealed. Nothing of a person is where it was
//! not asked for: in no file, in no error, in no list.

use std::fs;

use serde_json::Value;

use crate::canary::{PAPERS, canaries_in};
use crate::city::{City, REASON};
use crate::folder::Files;

/// Who has which role.
const STAFF: [(&str, &str); 8] = [
    ("person_officer", "officer"),
    ("person_super", "supervisor"),
    ("person_counsel", "counsel"),
    ("person_records", "records"),
    ("person_commissioner", "commissioner"),
    ("person_steward", "steward"),
    ("person_auditor", "auditor"),
    ("person_clerk", "administrator"),
];

const AT: &str = "2022-12-22T12:00-05:00";

/// The small year, with a correction, a verification and a hold on the first request; then its staff is registered.
fn city() -> (City, Vec<String>) {
    let (city, requests) = City::with_papers();
    city.write("papers.toml", &PAPERS.replace("{request}", &requests[0]));
    city.ok("record register papers.toml --as person_officer --at 2022-12-22T09:00-05:00");
    let more = format!(
        "[[command]]\ndo = \"place-hold\"\nof = [\"{}\"]\ncause = \"litigation\"\nreference = \"No. 24-1 CANARYBOOK77\"\n\
         [[command]]\ndo = \"custody\"\nepisode = \"ep_77\"\nunit = \"unit_a1\"\nwhat = \"arrested\"\ncharges = [\"265-13A\"]\n\
         at = \"2022-12-02T00:10-05:00\"\n\
         [[command]]\ndo = \"custody\"\nepisode = \"ep_77\"\nunit = \"unit_a1\"\nwhat = \"bail-posted\"\nat = \"2022-12-02T01:30-05:00\"\n",
        requests[1]
    );
    city.write("more.toml", &more);
    city.ok("record register more.toml --as person_counsel --at 2022-12-22T10:00-05:00");
    (city, requests)
}

fn with_staff() -> (City, Vec<String>) {
    let (city, requests) = city();
    let staff = STAFF.map(|(person, role)| {
        let register = format!(
            "[[command]]\ndo = \"register-staff\"\nperson = \"{person}\"\nagency = \"agency_police\"\nfrom = 2022-12-01\n"
        );
        let role = format!("[[command]]\ndo = \"give-role\"\nperson = \"{person}\"\nrole = \"{role}\"\nfrom = 2022-12-01\n");
        // Whoever opened the register is its administrator.
        if person == "person_clerk" { register } else { register + &role }
    });
    city.write("staff.toml", &staff.concat());
    city.ok("record register staff.toml --as person_clerk --at 2022-12-22T11:00-05:00");
    city.write(
        "take.toml",
        "[[command]]\ndo = \"take-role\"\nperson = \"person_clerk\"\nrole = \"steward\"\non = 2022-12-22\n",
    );
    city.ok("record register take.toml --as person_clerk --at 2022-12-22T11:00-05:00");
    (city, requests)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Where something is shown, and of which class it is: the command, the place in its JSON, the class.
const SHOWN: &[(&str, &str, &str)] = &[
    ("show register {first}", "/component", "internal"),
    ("show register {first}", "/issued_on", "f236"),
    ("show register {first}", "/grounds", "f236"),
    ("show register {first}", "/subjects", "restricted"),
    ("show register {first}", "/arrivals/0/line", "internal"),
    ("show register {first}", "/arrivals/0/arrived", "f236"),
    ("show register {first}", "/decisions/0/decided", "internal"),
    ("show register {first}", "/decisions/0/facts", "cjis"),
    ("show register {first}", "/decisions/1/departure/code", "internal"),
    ("show register {first}", "/decisions/1/departure/note", "privileged"),
    ("show register {first}", "/corrections/0/note", "privileged"),
    ("show register {first}", "/verifications/0/note", "cjis"),
    ("show register {first}", "/outcome/outcome", "f236"),
    ("show register {first}", "/outcome/at", "f236"),
    ("show register {second}", "/transferred/0/individual", "restricted"),
    ("show register {second}", "/transferred/0/authority", "f236"),
    ("show register {third}", "/held/0/at", "f236"),
    ("show register {third}", "/reimbursed/0/cents", "internal"),
    ("custody register ep_77", "/entries/0/what", "cjis"),
    ("custody register ep_77", "/entries/0/charges", "cjis"),
    ("custody register ep_77", "/entries/0/at", "f236"),
    ("custody register ep_77", "/stays/0/delay_minutes", "f236"),
    ("custody register", "/delays/0/episode", "restricted"),
    ("retention register", "/holds/0/cause", "internal"),
    ("retention register", "/holds/0/of", "restricted"),
    ("retention register", "/holds/0/reference", "privileged"),
    ("staff register", "/members/0/person", "internal"),
    ("inquiries register", "/received", "internal"),
    ("coverage register --period 2022-12", "/coverage", "internal"),
    ("reads register", "/reads", "internal"),
    ("law replay register --act trust-act@2014", "/cases/0/request", "internal"),
];

/// Which classes each role reads, as `docs/LOG-FORMAT.md` says.
const READS: [(&str, &[&str]); 8] = [
    ("person_officer", &["internal", "restricted", "f236", "cjis"]),
    ("person_super", &["internal", "restricted", "f236", "cjis", "privileged"]),
    ("person_counsel", &["internal", "restricted", "f236", "cjis", "privileged"]),
    ("person_records", &["internal", "restricted", "f236", "cjis"]),
    ("person_commissioner", &["internal", "restricted", "f236", "privileged"]),
    ("person_steward", &["internal"]),
    ("person_auditor", &["internal", "restricted", "f236", "cjis"]),
    ("person_clerk", &["internal"]),
];

#[test]
fn each_role_is_shown_what_its_view_reads_and_told_what_it_does_not() {
    let (city, requests) = with_staff();
    let line = |command: &str| {
        let named = [("{first}", 0), ("{second}", 1), ("{third}", 2)];
        named.iter().fold(command.to_owned(), |line, (name, number)| line.replace(name, &requests[*number]))
    };
    let mut wrong = Vec::new();
    for (person, reads) in READS {
        for (command, place, class) in SHOWN {
            let told = json(&city.ok(&format!("{} --json --as {person}", line(command))));
            let shown = told.pointer(place).unwrap_or_else(|| panic!("{command} has no {place}: {told}"));
            let blank = Value::from(format!("not in your view: {class}"));
            if (*shown == blank) == reads.contains(class) || shown.is_null() {
                wrong.push(format!("{person}: {command} {place}: {shown}"));
            }
        }
        // The same in words: never fewer lines, and a mark for all that is blank.
        for command in ["show register {first}", "custody register ep_77", "custody register", "retention register"] {
            let (mine, all) = (line(command), format!("{} --as person_counsel", line(command)));
            let (mine, all) = (city.ok(&format!("{mine} --as {person}")), city.ok(&all));
            if mine.lines().count() != all.lines().count() || (mine == all) == mine.contains("(not in your view: ") {
                wrong.push(format!("{person}: {command}:\n{mine}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outcomes_are_told_inside_by_word() {
    let (city, requests) = with_staff();
    let shown = city.ok(&format!("show register {} --as person_commissioner", requests[1]));
    let outcome =
        "  outcome `transferred`: transferred to immigration authorities at 2022-12-10 08:00:00 -05:00 (entry ";
    assert!(shown.contains(outcome), "{shown}");
    let blank = city.ok(&format!("show register {} --as person_steward", requests[1]));
    assert!(blank.contains("  outcome (not in your view: f236) at (not in your view: f236) (entry "), "{blank}");
    assert!(!blank.contains("transferred to") && !blank.contains("2022-12-10 08"), "{blank}");
}

/// Until staff is registered nothing is blank, so every field that is shown anywhere has a class.
#[test]
fn before_staff_is_registered_everybody_sees_everything_and_that_is_said() {
    let (city, requests) = city();
    let note = "note: no staff is registered, so everybody may do everything and read everything";
    for (command, _, _) in SHOWN {
        let named = [("{first}", 0), ("{second}", 1), ("{third}", 2)];
        let line = named.iter().fold((*command).to_owned(), |line, (name, at)| line.replace(name, &requests[*at]));
        for line in [line.clone(), format!("{line} --json"), format!("{line} --as person_anybody")] {
            let ran = city.run(&line).ends_with(0).complains_of(note);
            assert!(!ran.stdout.contains("not in your view"), "{line}: {}", ran.stdout);
        }
    }
}

/// Who may look at all, and on which day.
#[test]
fn whoever_looks_says_who_they_are_and_a_designation_ends_their_view_on_its_day() {
    let (city, requests) = with_staff();
    let show = format!("show register {}", requests[0]);
    city.run(&show).ends_with(1).complains_of("it is not said who looks (hint: add `--as PERSON`)");
    city.run(&format!("{show} --as person_nobody"))
        .ends_with(1)
        .complains_of("is not registered as staff on 2022-12-22");
    let designate = "[[command]]\ndo = \"make-designation\"\nperson = \"person_super\"\nkind = \"287g\"\ndesignated_by = \"ero\"\nfrom = 2023-01-10\n";
    city.write("designate.toml", designate);
    city.ok(&format!("record register designate.toml --as person_clerk --at {AT}"));
    let because = "they have the federal designation `287g` by `ero`, since 2023-01-10";
    for command in [
        show.as_str(),
        "custody register",
        "retention register",
        "staff register",
        "inquiries register",
        "coverage register --period 2022-12",
        "reads register",
        "law replay register --act trust-act@2014",
        "coverage register --period 2022-12 --as-of 2022-12-21T12:00-05:00",
    ] {
        for json in ["", " --json"] {
            let line = format!("{command}{json} --as person_super");
            city.ok(&format!("{line} --at 2023-01-09T23:59-05:00"));
            let refused = city.run(&format!("{line} --at 2023-01-10T00:00-05:00")).ends_with(1).complains_of(because);
            assert_eq!(refused.stdout, "", "{line}");
        }
    }
    // Nobody looks with the view of a day that is over.
    city.run(&format!("{show} --as person_super --at 2022-12-01T00:00-05:00")).ends_with(1).complains_of("2022-12-22");
    let paper = paper_of(&city, &requests[0]);
    let events = city.events();
    let read = format!("read register {paper} --reason casework --as person_super");
    let refused = city.run(&format!("{read} --at 2023-01-10T00:00-05:00")).ends_with(1).complains_of(because);
    assert_eq!((refused.stdout.as_str(), city.events()), ("", events));
    city.ok(&format!("{read} --at 2023-01-09T23:59-05:00"));
    city.run(&format!("{read} --at 2023-01-10T00:00-05:00")).ends_with(1).complains_of(because);
    assert_eq!(city.events(), events + 1);
}

fn shown(city: &City, request: &str) -> Value {
    json(&city.ok(&format!("show register {request} --json --as person_counsel")))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn paper_of(city: &City, request: &str) -> String {
    text(&shown(city, request)["arrivals"][0]["paper"])
}

#[test]
fn a_paper_is_read_by_whoever_may_and_each_time_it_is_recorded() {
    let (city, requests) = with_staff();
    let paper = paper_of(&city, &requests[0]);
    let read =
        |of: &str, person: &str, more: &str| format!("read register {of} --as {person} --at {AT} --reason {more}");
    let said = city.ok(&read(&paper, "person_records", "correction"));
    let first = format!("{paper} of {}, read for correction (entry ", requests[0]);
    assert!(said.starts_with(&first), "{said}");
    for field in [
        "  file_number      A918273645\n",
        "  name             Canary-Ibarra, Quetzal\n",
        "  charge           canary smuggling\n",
    ] {
        assert!(said.contains(field), "{said}");
    }
    let told = json(&city.ok(&read(&paper, "person_commissioner", "counsel --json")));
    assert_eq!(told["fields"]["name"]["says"], "Canary-Ibarra, Quetzal");
    assert_eq!(told["fields"]["charge"], serde_json::json!({ "blank": "not in your view: cjis" }));
    assert_eq!((&told["of"], &told["request"]), (&Value::from(paper.clone()), &Value::from(requests[0].clone())));
    // A typed reason is for those who answer for it.
    let note = text(&shown(&city, &requests[0])["decisions"][1]["departure"]["note"]);
    let said = city.ok(&read(&note, "person_super", "audit"));
    assert!(said.contains(&format!("  reason           {REASON}\n")), "{said}");
    let events = city.events();
    for (of, person, why) in [
        (&note, "person_officer", "that is in your view (hint: "),
        (&note, "person_auditor", "that is in your view (hint: "),
        (&paper, "person_steward", "may not read what is sealed"),
        (&paper, "person_clerk", "may not read what is sealed"),
        (&paper, "person_nobody", "is not registered as staff"),
        (&"paper_nowhere".to_owned(), "person_counsel", "`paper_nowhere` is not in the register"),
    ] {
        let refused = city.run(&read(of, person, "audit")).ends_with(1).complains_of(why);
        assert_eq!(refused.stdout, "", "{person}");
    }
    // One at a time, with a reason of the list, and nothing that could be a name is repeated.
    city.run(&format!("{} {note}", read(&paper, "person_counsel", "audit"))).ends_with(2);
    city.run(&read(&paper, "person_counsel", "curiosity")).ends_with(2);
    let typed = city.run(&read("Canary-Ibarra", "person_counsel", "audit")).ends_with(2);
    assert!(!typed.stderr.contains("expected the id of a paper or a note, such as `Canary"), "{}", typed.stderr);
    assert_eq!(city.events(), events, "a refused read was recorded");
    listed(&city, &requests[0], [&paper, &note]);
}

/// Who read what, of a request and by a person.
fn listed(city: &City, request: &str, [paper, note]: [&String; 2]) {
    let all = json(&city.ok(&format!("reads register --as person_super --json --at {AT}")));
    let told = |by: &str| json(&city.ok(&format!("reads register --as person_steward --json {by}")))["reads"].clone();
    assert_eq!(all["reads"].as_array().unwrap().len(), 3);
    assert_eq!(told(&format!("--request {request}")), all["reads"]);
    let by_super = told("--by person_super");
    assert_eq!(by_super.as_array().unwrap().len(), 1);
    assert_eq!((&by_super[0]["of"], &by_super[0]["reason"]), (&Value::from(note.clone()), &Value::from("audit")));
    assert_eq!(told("--by person_auditor"), Value::Array(Vec::new()));
    let fields = all["reads"][1]["fields"].as_array().unwrap();
    assert!(fields.contains(&"name".into()) && !fields.contains(&"charge".into()), "{fields:?}");
    let lines = city.ok("reads register --as person_clerk");
    assert!(
        lines.contains(&format!("person_commissioner read {paper} of {request} for counsel: subject_id, ")),
        "{lines}"
    );
    city.run("reads register --request req_nowhere --as person_super").ends_with(1).complains_of("`req_nowhere`");
}

/// Erasing somebody erases what was read of them too; the bag has every read that stays, and holds.
#[test]
fn what_was_erased_is_read_by_nobody_and_the_bag_has_the_reads() {
    let (city, requests) = city();
    let (paper, other) = (paper_of(&city, &requests[2]), paper_of(&city, &requests[3]));
    city.write("shown.toml", &fs::read_to_string(city.path("third.toml")).unwrap());
    city.ok(&format!("inquire register shown.toml --as person_clerk --at {AT}"));
    let presented = presented(&city);
    for of in [&paper, &other, &presented] {
        city.ok(&format!("read register {of} --as person_officer --reason casework --at {AT}"));
    }
    city.ok("grow register --as person_clerk --at 2022-12-23T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    assert!(
        city.ok("verify published --key register/log.vkey --bag bag")
            .contains("Every promise that could be checked holds.")
    );
    let bag = fs::read_to_string(city.path("bag")).unwrap();
    assert_eq!(bag.matches("vault-read/1").count(), 3);
    let propose = format!(
        "[[command]]\ndo = \"propose-erasure\"\npeople_of = [\"{}\"]\nschedule = \"Item 7.2\"\napproval = \"RCB 2024/17\"\n",
        requests[2]
    );
    city.write("propose.toml", &propose);
    city.ok("record register propose.toml --as person_clerk --at 2024-07-01T09:00-04:00");
    let erasure = text(&json(&city.ok("retention register --json"))["proposals"][0]["erasure"]);
    city.write("confirm.toml", &format!("[[command]]\ndo = \"confirm-erasure\"\nerasure = \"{erasure}\"\n"));
    city.ok("record register confirm.toml --as person_counsel --at 2024-07-02T09:00-04:00");
    let read =
        |of: &str| format!("read register {of} --as person_officer --reason casework --at 2024-07-03T09:00-04:00");
    for of in [&paper, &presented] {
        let refused = city.run(&read(of)).ends_with(1).complains_of(&format!("`{of}` was erased by `{erasure}`"));
        assert_eq!(refused.stdout, "");
    }
    city.ok(&read(&other));
    // The event holds ids and stays; its leaf opens for nobody any more.
    assert_eq!(json(&city.ok("reads register --json"))["reads"].as_array().unwrap().len(), 4);
    city.ok("grow register --as person_clerk --at 2024-07-04T04:00-04:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
    let bag = fs::read_to_string(city.path("bag")).unwrap();
    assert_eq!(bag.matches("vault-read/1").count(), 2, "of what was erased, a read is still open");
    assert!(!bag.contains(&presented) || bag.matches(&presented).count() == 1, "{presented} is in a read");
}

/// The paper that somebody presented last.
fn presented(city: &City) -> String {
    let store = rusqlite::Connection::open(city.path("register/register.sqlite")).unwrap();
    let query = "SELECT CAST(body AS TEXT) FROM event ORDER BY seq DESC LIMIT 2";
    let mut statement = store.prepare(query).unwrap();
    let bodies: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let body = bodies.iter().find(|body| body.contains("inquiry-received/1")).unwrap();
    text(&json(body)["event"]["inquiry-received/1"]["paper"])
}

/// What was read is on the screen of whoever read it and nowhere else: in no file, in no list, in no error.
#[test]
fn what_was_read_is_in_no_file_no_list_and_no_error() {
    let (city, requests) = with_staff();
    let first = shown(&city, &requests[0]);
    let hold = text(&json(&city.ok("retention register --json --as person_counsel"))["holds"][0]["reference"]);
    let mut ids = vec![
        hold,
        text(&first["decisions"][1]["departure"]["note"]),
        text(&first["corrections"][0]["note"]),
        text(&first["verifications"][0]["note"]),
    ];
    ids.extend(requests.iter().map(|request| paper_of(&city, request)));
    let before = city.said().len();
    let mut read = Vec::new();
    for id in &ids {
        for person in ["person_counsel", "person_officer", "person_commissioner", "person_steward"] {
            for json in ["", " --json"] {
                let ran = city.run(&format!("read register {id} --as {person} --reason casework --at {AT}{json}"));
                assert_eq!(ran.code == 0, ran.stderr.is_empty(), "{}", ran.stderr);
                assert!(canaries_in("an error", ran.stderr.as_bytes()).is_empty(), "{}", ran.stderr);
                assert!(ran.code == 0 || ran.stdout.is_empty());
                read.extend(ran.stdout.into_bytes());
            }
        }
    }
    assert!(canaries_in("what was read", &read).len() > 10, "too little was read to prove anything");
    let said = city.said()[..before].to_vec();
    let list = city.ok("reads register --as person_super") + &city.ok("reads register --as person_super --json");
    let mut all: Files =
        city.files("register").into_iter().map(|(path, bytes)| (format!("register/{path}"), bytes)).collect();
    city.ok("grow register --as person_clerk --at 2022-12-23T09:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    all.extend(city.files("published").into_iter().map(|(path, bytes)| (format!("published/{path}"), bytes)));
    all.insert("bag".to_owned(), fs::read(city.path("bag")).unwrap());
    all.insert("the list".to_owned(), list.into_bytes());
    all.insert("what was said before".to_owned(), said);
    let found: Vec<String> = all.iter().flat_map(|(path, bytes)| canaries_in(path, bytes)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
}
