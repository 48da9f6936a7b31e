//! Receipts from outside: a clerk hands one out, its holder checks it without the office, and what is lost or altered on
//! the way is said.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::city::City;

/// Who gives receipts here, and when.
const GIVEN: &str = "--as person_officer --at 2022-12-21T10:00-05:00";

/// What a lawyer types from his client's paper, who does not know when and where it arrived.
const PAPER: &str = "form = \"i-247a\"\nissued_on = 2022-12-01\n[printed]\nfile_number = \"A918273645\"\n\
                     subject_id = \"CANARY-SUBJECT-31\"\n";

fn json(said: &str) -> serde_json::Value {
    serde_json::from_str(said).unwrap()
}

#[test]
fn a_lawyer_proves_from_a_paper_and_its_receipt_that_it_is_registered_and_counted() {
    let (city, requests) = City::with_papers();
    city.write("paper.toml", PAPER);
    let first = &requests[0];
    let said = city.ok(&format!("receipt register {first} --to r.txt --svg r.svg --html r.html {GIVEN}"));
    assert!(said.contains("bytes, one QR code of version "), "{said}");
    assert!(said.contains("a key that signs receipts was made and certified: register/secrets/receipt.key"), "{said}");
    for file in ["r.txt", "r.svg", "r.html", "register/secrets/receipt.key"] {
        let mode = fs::metadata(city.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} can be read by others");
    }
    let html = fs::read_to_string(city.path("r.html")).unwrap();
    for outside in ["http:", "https:", "src=", "href=", "url(", "<script"] {
        assert!(!html.replace("http://www.w3.org/2000/svg", "").contains(outside), "the card needs `{outside}`");
    }
    for line in fs::read_to_string(city.path("r.txt")).unwrap().lines() {
        assert!(html.contains(&line.replace('+', "&#43;")) || html.contains(line), "the card lacks `{line}`");
    }
    // A second one, later: the key is there, and is not certified again.
    let said = city.ok(&format!("receipt register {first} --to again.txt --json {GIVEN}"));
    let bytes = u64::try_from(fs::read(city.path("again.txt")).unwrap().len()).unwrap();
    assert_eq!(json(&said)["bytes"].as_u64(), Some(bytes));

    city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
    city.ok("publish register --to published");
    let verify = "verify published --key register/log.vkey --receipt r.txt --paper paper.toml";
    let said = city.ok(verify);
    assert!(said.contains("No report of its year is shown yet"), "{said}");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    city.ok("publish register --to published");
    let said = city.ok(verify);
    for line in [
        "holds   what the receipt promises is in the log",
        "It is of the paper you gave",
        "It is among the leaves that the closing report for 2022 counts.",
    ] {
        assert!(said.contains(line), "`{line}` is not in: {said}");
    }
    let seen = &json(&city.ok(&format!("{verify} --json")))["receipt"];
    assert_eq!(
        (&seen["standing"], &seen["paper"], &seen["said"]),
        (&"counted".into(), &"same".into(), &"receipt".into())
    );
    city.ok("audit bag register --out bag");
    assert!(city.ok(&format!("{verify} --bag bag")).contains("The bag says that it stands as it was registered."));
    let seen = &json(&city.ok("verify published --key register/log.vkey --receipt again.txt --json"))["receipt"];
    assert_eq!((&seen["standing"], &seen["paper"]), (&"counted".into(), &"not-given".into()));
    assert!(json(&city.ok("verify published --key register/log.vkey --json"))["receipt"].is_null());
}

#[test]
fn a_paper_without_receipt_gets_a_signed_answer() {
    let (city, _) = City::with_papers();
    let by = "--as person_clerk --at 2022-12-21T11:00-05:00";
    let new = PAPER.replace("2022-12-01", "2022-12-03").replace("A918273645", "A900000001").replace("SUBJECT", "OTHER");
    let new = format!("component = \"ero\"\nasks = [\"hold\"]\n{new}");
    city.write(
        "new.toml",
        &new.replace("[printed]", "[arrival]\nline = \"line_a1-fax\"\nat = \"2022-12-21T10:59-05:00\"\n[printed]"),
    );
    for (form, answer) in [("first.toml", "registered"), ("new.toml", "not-registered"), ("fourth.toml", "cannot-tell")]
    {
        let said = city.ok(&format!("inquire register {form} --to {answer}.txt {by}"));
        assert!(said.contains(&format!("wrote the signed answer: {answer}.txt")), "{said}");
        assert!(
            fs::read_to_string(city.path(&format!("{answer}.txt"))).unwrap().contains(&format!("\nanswer {answer} "))
        );
    }
    let events = city.events();
    city.ok(&format!("inquire register first.toml {by}"));
    assert_eq!(city.events(), events + 2, "an answer that is not signed needs no key");
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("publish register --to published");
    for (form, answer, paper) in [
        ("first.toml", "registered", "same"),
        ("new.toml", "not-registered", "same"),
        ("second.toml", "cannot-tell", "no-number"),
    ] {
        let verify = format!("verify published --key register/log.vkey --receipt {answer}.txt --paper {form} --json");
        let seen = &json(&city.ok(&verify))["receipt"];
        assert_eq!((&seen["said"], &seen["paper"]), (&answer.into(), &paper.into()), "{form}");
        assert_eq!(seen["standing"], "counts-as-nothing");
    }
}

/// What could not be told is settled by a person, and the answer that stands is signed; before that, the first one is.
#[test]
fn an_answer_that_a_person_gave_is_signed_with_its_rule() {
    let (city, requests) = City::with_papers();
    let by = "--as person_clerk --at 2022-12-21T11:00-05:00";
    let inquiry =
        json(&city.ok(&format!("inquire register fourth.toml --json {by}")))["inquiry"].as_str().unwrap().to_owned();
    city.ok(&format!("receipt register {inquiry} --to before.txt {by}"));
    city.write(
        "settle.toml",
        &format!("[[command]]\ndo = \"answer-inquiry\"\ninquiry = \"{inquiry}\"\nanswer = \"registered\"\nrequest = \"{}\"\n", requests[3]),
    );
    city.ok(&format!("record register settle.toml {by}"));
    let events = city.events();
    let said = city.ok(&format!("receipt register {inquiry} --to after.txt --html after.html {by}"));
    assert!(said.starts_with("wrote the signed answer: after.txt"), "{said}");
    assert_eq!(city.events(), events, "to sign again what is recorded records nothing");
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("publish register --to published");
    for (file, answer, rule) in [("before", "cannot-tell", "nothing-printed"), ("after", "registered", "by-hand")] {
        let seen = &json(&city.ok(&format!("verify published --key register/log.vkey --receipt {file}.txt --json")))["receipt"];
        assert_eq!((&seen["said"], &seen["rule"]), (&answer.into(), &rule.into()), "{file}");
    }
    let said = city.ok("verify published --key register/log.vkey --receipt after.txt").replace("\n    ", " ");
    assert!(said.contains("registered (a person compared the papers)"), "{said}");
    assert!(fs::read_to_string(city.path("after.html")).unwrap().contains("(a person compared the papers)"));
    city.run("receipt register inq_9 --to none.txt --as person_clerk --at 2022-12-22T11:00-05:00")
        .ends_with(1)
        .complains_of("`inq_9` is not in the register");
    assert!(!city.path("none.txt").exists());
}

/// The office gives a receipt and never grows its log; its holder has the folder as it was, and later as it is.
#[test]
fn a_promise_that_is_not_kept_is_found() {
    let (city, requests) = City::with_papers();
    city.ok("publish register --to published");
    city.ok(&format!("receipt register {} --to r.txt {GIVEN}", requests[3]));
    let verify = "verify published --key register/log.vkey --receipt r.txt";
    for (on, code, standing) in
        [("", 1, "promised"), ("--on 2022-12-24", 1, "promised"), ("--on 2022-12-25", 1, "broken")]
    {
        let said = city.run(&format!("{verify} {on} --json")).ends_with(code).stdout;
        assert_eq!(json(&said)["receipt"]["standing"], standing, "{on}");
        let promises = json(&said)["promises"].as_array().unwrap().clone();
        assert!(!promises.iter().any(|one| one["promise"] == "receipt" && one["holds"] == true), "{on}: {said}");
    }
    let said = city.run(verify).ends_with(1).stdout;
    assert!(said.contains("Nothing is broken, and the receipt is not proven yet"), "{said}");
    let said = city.run(&format!("{verify} --on 2022-12-25")).ends_with(1).stdout;
    assert!(
        said.contains("promised until 2022-12-23T15:00:00Z, and this log does not hold it: promise broken"),
        "{said}"
    );
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("publish register --to published");
    city.ok(&format!("{verify} --on 2022-12-25"));
}

#[test]
fn what_is_altered_or_of_another_paper_or_register_is_not_believed() {
    let (city, requests) = City::with_papers();
    city.ok(&format!("receipt register {} --to r.txt {GIVEN}", requests[0]));
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("publish register --to published");
    let verify = "verify published --key register/log.vkey --receipt";
    let text = fs::read_to_string(city.path("r.txt")).unwrap();
    for (from, to) in [
        ("receipt\n", "answer registered paper-number\n"),
        ("T15:00:00Z", "T16:00:00Z"),
        ("request 2022", "request 2021"),
        ("\n\n", "\n"),
    ] {
        city.write("altered.txt", &text.replacen(from, to, 1));
        let said = city.run(&format!("{verify} altered.txt")).ends_with(1).stdout;
        assert!(said.contains("BROKEN: what the receipt promises is in the log"), "{said}");
    }
    for paper in [PAPER.replace("A918273645", "A918273646").replace("-31", "-32"), PAPER.replace("12-01", "12-02")] {
        city.write("other.toml", &paper);
        let said = city.run(&format!("{verify} r.txt --paper other.toml")).ends_with(1).stdout;
        assert!(said.contains("it is not of this paper"), "{said}");
    }
    let other = City::opened();
    other.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    other.ok("publish register --to published");
    other.write("r.txt", &text);
    // Both demonstrations have one origin, so only the keys differ.
    let said = other.run(&format!("{verify} r.txt")).ends_with(1).stdout;
    assert!(said.contains("the log's key has not signed the key of the receipt"), "{said}");
}

/// The key is lost: what was promised under it stays good, and another is certified.
#[test]
fn a_lost_receipt_key_is_replaced_and_a_wrong_one_is_not_used() {
    let (city, requests) = City::with_papers();
    city.ok(&format!("receipt register {} --to r.txt {GIVEN}", requests[0]));
    let key = city.path("register/secrets/receipt.key");
    fs::rename(&key, city.path("kept.key")).unwrap();
    let said = city.ok(&format!("receipt register {} --to s.txt {GIVEN}", requests[0]));
    assert!(said.contains("was made and certified"), "{said}");
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("publish register --to published");
    for receipt in ["r.txt", "s.txt"] {
        city.ok(&format!("verify published --key register/log.vkey --receipt {receipt}"));
    }
    assert_eq!(city.files("published").keys().filter(|path| path.starts_with("keys/")).count(), 2);
    // It comes back, and is certified already.
    fs::rename(city.path("kept.key"), &key).unwrap();
    let events = city.events();
    let give = format!("receipt register {} --to t.txt --as person_officer --at 2022-12-22T10:00-05:00", requests[0]);
    city.ok(&give);
    assert_eq!(city.events(), events + 1);
    fs::write(&key, [0; 31]).unwrap();
    city.run(&give).ends_with(1).complains_of("is no key of 32 bytes");
    fs::write(&key, [1; 32]).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    city.run(&give).ends_with(1).complains_of("may be used by others, mode 640");
    assert_eq!(city.events(), events + 1, "something was recorded");
}

#[test]
fn a_restored_register_goes_on_with_its_receipt_key_or_without() {
    let (city, requests) = City::with_papers();
    let give = |register: &str, to: &str| {
        city.ok(&format!(
            "receipt {register} {} --to {to} --as person_officer --at 2022-12-22T10:00-05:00",
            requests[0]
        ))
    };
    give("register", "r.txt");
    city.ok("grow register --as person_clerk --at 2022-12-23T04:00-05:00");
    city.ok("backup register --to backup");
    city.ok("restore backup --secrets register/secrets --to restored");
    fs::create_dir(city.path("two-secrets")).unwrap();
    for name in ["master.key", "log.key"] {
        fs::copy(city.path(&format!("register/secrets/{name}")), city.path(&format!("two-secrets/{name}"))).unwrap();
    }
    city.ok("restore backup --secrets two-secrets --to without");
    for (register, made) in [("restored", false), ("without", true)] {
        let said = city.ok(&format!(
            "receipt {register} {} --to {register}.txt --as person_officer --at 2022-12-23T10:00-05:00",
            requests[0]
        ));
        assert_eq!(said.contains("was made and certified"), made, "{said}");
        city.ok(&format!("grow {register} --as person_clerk --at 2022-12-24T04:00-05:00"));
        city.ok(&format!("publish {register} --to {register}-published"));
        for receipt in ["r", register] {
            city.ok(&format!("verify {register}-published --key register/log.vkey --receipt {receipt}.txt"));
        }
    }
}

/// An opening that a failure kept from being written is made up for before anything is published.
#[test]
fn the_opening_of_a_receipt_key_is_written_again() {
    let (city, requests) = City::with_papers();
    city.ok(&format!("receipt register {} --to r.txt {GIVEN}", requests[0]));
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    let kept = city.files("register/filed/keys");
    fs::remove_dir_all(city.path("register/filed/keys")).unwrap();
    city.run("publish register --to published").ends_with(1).complains_of("run `candor grow`, which writes it again");
    assert!(!city.path("published/checkpoint").exists());
    city.ok("grow register --as person_clerk --at 2022-12-23T04:00-05:00");
    assert_eq!(city.files("register/filed/keys"), kept);
    city.ok("publish register --to published");
    city.ok("verify published --key register/log.vkey --receipt r.txt");
}

/// A request that is found to be a duplicate after its receipt was given: the public sees that one of several was taken
/// out, the bag which.
#[test]
fn a_request_that_is_taken_out_again_is_said_to_be_as_far_as_it_can_be_told() {
    let (city, requests) = City::with_papers();
    for (request, to) in [(&requests[0], "first.txt"), (&requests[1], "second.txt")] {
        city.ok(&format!("receipt register {request} --to {to} {GIVEN}"));
    }
    let joined =
        format!("[[command]]\ndo = \"duplicate\"\nrequest = \"{}\"\nsame_as = \"{}\"\n", requests[1], requests[0]);
    city.write("joined.toml", &joined);
    city.ok(&format!("record register joined.toml {GIVEN}"));
    city.run(&format!("receipt register {} --to third.txt {GIVEN}", requests[1]))
        .ends_with(1)
        .complains_of(&format!("(hint: give a receipt of `{}`)", requests[0]));
    assert!(!city.path("third.txt").exists(), "a receipt was written that was refused");
    assert!(city.ok(&format!("show register {}", requests[0])).contains("  1 receipt given\n"));
    city.ok("grow register --as person_clerk --at 2022-12-22T04:00-05:00");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verify = "verify published --key register/log.vkey --receipt";
    for (receipt, bag) in [
        ("first.txt", "it stands as it was registered."),
        ("second.txt", "it was taken out again on 2022-12-21T15:00:00Z: `duplicate`."),
    ] {
        let said = city.ok(&format!("{verify} {receipt}"));
        assert!(said.contains("1 of the 4 that count so were taken out again"), "{said}");
        let said = city.ok(&format!("{verify} {receipt} --bag bag"));
        assert!(said.replace("\n    ", " ").contains(&format!("The bag says that {bag}")), "{said}");
    }
}

/// What was read wrongly stays committed to, so the clerk is told that the receipt may not fit the paper.
#[test]
fn a_receipt_of_a_paper_that_was_corrected_says_so_to_the_clerk() {
    let (city, requests) = City::with_papers();
    let correct = format!(
        "[[command]]\ndo = \"correct\"\nrequest = \"{}\"\nissued_on = 2022-11-30\nreason = \"read wrongly\"\n",
        requests[0]
    );
    city.write("correct.toml", &correct);
    city.ok(&format!("record register correct.toml {GIVEN}"));
    let said = city.ok(&format!("receipt register {} --to r.txt {GIVEN}", requests[0]));
    assert!(said.contains("was corrected since: the receipt is of the paper as it was read first"), "{said}");
}
