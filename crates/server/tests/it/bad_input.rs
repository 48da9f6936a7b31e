//! What people get wrong: all problems at once, each with its place and next step, and nothing recorded.
//!
//! The cases stand in `bad_input.txt`: a title, the files, the command, and every line that it must complain of, in
//! order. A line that ends in `…` is the beginning of one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::city::{City, SETUP, repository};
use crate::folder;

const CASES: &str = include_str!("bad_input.txt");

/// One case of the file.
#[derive(Default)]
struct Case {
    title: String,
    command: String,
    files: Vec<(String, String)>,
    says: Vec<String>,
}

#[test]
fn all_problems_are_said_at_once_and_nothing_is_recorded() {
    let (city, requests) = City::with_papers();
    folder::copy(&repository().join("law/us-ma-boston"), &city.path("pack"));
    let before = (city.events(), city.files("register/law"));
    let cases = cases();
    assert!(cases.len() > 20, "only {} cases were read", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        for (path, text) in &case.files {
            city.write(path, &text.replace("{request}", &requests[3]));
        }
        let command = case.command.replace("{request}", &requests[3]);
        let command = command.replace("{repository}", &repository().display().to_string());
        let ran = city.run(&command);
        let stderr = ran.stderr.replace(&requests[3], "{request}");
        if ran.code == 0 || !case.fits(&stderr) {
            wrong.push_str(&format!("\n== {} (exit {})\n$ {command}\n{}{}", case.title, ran.code, ran.stdout, stderr));
        }
        if city.events() != before.0 {
            wrong.push_str(&format!("\n== {}: something was recorded\n", case.title));
            break;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(before.1 == city.files("register/law"), "the register's law pack was touched");
    assert!(!city.path("another").exists(), "a folder was made for a register that was refused");
}

#[test]
fn candor_alone_says_what_to_do_first() {
    let city = City::empty();
    let said = city.ok("");
    assert!(said.contains("Begin here:"), "{said}");
    for command in ["candor init", "candor record", "candor receive", "candor ask", "candor verify"] {
        assert!(said.contains(command), "{command} is not in: {said}");
    }
}

#[test]
fn a_folder_that_is_no_register_is_left_as_it_is() {
    let city = City::empty();
    city.write("some/letter.txt", "not a register");
    city.write("setup.toml", SETUP);
    for line in [
        "record some setup.toml --as person_clerk --at 2022-12-01T09:00-05:00",
        "grow some --as person_clerk --at 2022-12-01T09:00-05:00",
        "file some --year 2022 --as person_clerk --at 2022-12-01T09:00-05:00",
        "report some --year 2022 --out draft",
        "publish some --to published",
        "audit bag some --out bag",
        "grow nowhere --as person_clerk --at 2022-12-01T09:00-05:00",
    ] {
        city.run(line).ends_with(1).complains_of("holds no register (hint: make one with `candor init`)");
    }
    assert_eq!(city.files(".").into_keys().collect::<Vec<_>>(), ["setup.toml", "some/letter.txt"]);
}

#[test]
fn a_register_is_not_made_over_another() {
    let city = City::opened();
    let before = (city.events(), city.files("register/secrets"));
    city.run("init register --pack us-ma-boston --demonstration --as person_clerk --at 2022-12-01T09:00-05:00")
        .ends_with(1)
        .complains_of("hint: choose a new or empty folder");
    assert!(before == (city.events(), city.files("register/secrets")));
}

#[test]
fn a_register_without_its_keys_or_with_another_law_says_what_is_missing() {
    let city = City::opened();
    let [master, log] = ["register/secrets/master.key", "register/secrets/log.key"];
    let law = fs::read_dir(city.path("register/law")).unwrap().next().unwrap().unwrap().file_name();
    let law = format!("register/law/{}/report.toml", law.to_str().unwrap());
    let spoilt: [(&str, Option<&[u8]>, &str); 9] = [
        (master, None, "is missing, and without it nothing in the vault can be read (hint: put it back"),
        (
            master,
            Some(&[7; 32]),
            "is not the one of this vault (hint: put back the one that `candor init` made for it, or the ",
        ),
        (master, Some(&[7; 31]), "is not a master key (hint: put it back from its safe place)"),
        (log, None, "hint: put it back from where it is kept"),
        (log, Some(&[7; 32]), "the log's key is not the one this register was opened with (hint: put back"),
        (log, Some(&[7; 33]), "is no key of 32 bytes"),
        (&law, Some(b"title = 1\n"), "report.toml:1:"),
        (&law, None, "report.toml"),
        ("register/keys.sqlite", None, "keys.sqlite"),
    ];
    for (path, bytes, says) in spoilt {
        let whole = fs::read(city.path(path)).unwrap();
        match bytes {
            Some(bytes) => write_private(&city, path, bytes),
            None => fs::remove_file(city.path(path)).unwrap(),
        }
        let events = city.events();
        for line in [
            "record register setup.toml --as person_clerk --at 2022-12-02T09:00-05:00",
            "grow register --as person_clerk --at 2022-12-02T09:00-05:00",
        ] {
            city.run(line).ends_with(1).complains_of(says);
        }
        assert_eq!(events, city.events(), "{path}");
        write_private(&city, path, &whole);
    }
    // A change that leaves the pack in order is found by its hash.
    let edited = fs::read_to_string(city.path(&law)).unwrap().replace("annual report", "yearly report");
    city.write(&law, &edited);
    city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00")
        .ends_with(1)
        .complains_of("was changed since it was adopted (hint: restore it from a backup)");
    city.write(&law, &edited.replace("yearly report", "annual report"));
    city.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
}

#[test]
fn a_master_key_that_others_may_read_is_refused() {
    let city = City::opened();
    let key = city.path("register/secrets/master.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00")
        .ends_with(1)
        .complains_of("may be used by others, mode 644 (hint: `chmod 600 register/secrets/master.key`)");
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let city = City::opened();
    fs::set_permissions(city.path("register"), fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write all the same: then there is nothing to see here.
    if fs::write(city.path("register/probe"), "").is_err() {
        city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00").ends_with(1).complains_of("hint:");
    }
    fs::set_permissions(city.path("register"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_file_of_another_kind_in_the_registers_place_is_refused() {
    let city = City::opened();
    for (bytes, says) in [
        (b"nothing".as_slice(), "hint: it is another file; put back the one of the last backup"),
        (b"", "is not a register (hint: put back the one of the last backup, or make a new folder with `candor init`)"),
    ] {
        // Nor does the log belong to it: with the register's own beside it, SQLite would mend the file.
        drop(fs::remove_file(city.path("register/register.sqlite-wal")));
        fs::write(city.path("register/register.sqlite"), bytes).unwrap();
        city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00").ends_with(1).complains_of(says);
        city.run("publish register --to published").ends_with(1).complains_of(says);
    }
}

/// Writes a file as the register does: for its owner only.
fn write_private(city: &City, path: &str, bytes: &[u8]) {
    fs::write(city.path(path), bytes).unwrap();
    fs::set_permissions(city.path(path), fs::Permissions::from_mode(0o600)).unwrap();
}

impl Case {
    /// Whether the command complained of exactly what it should.
    fn fits(&self, stderr: &str) -> bool {
        let said: Vec<&str> = stderr.lines().filter(|line| !line.is_empty()).collect();
        let fits = |(said, line): (&&str, &String)| match line.strip_suffix('…') {
            Some(beginning) => said.starts_with(beginning),
            None => said == line,
        };
        said.len() == self.says.len() && said.iter().zip(&self.says).all(fits)
    }
}

/// Reads the cases: `== title`, `$ command`, `-- file` and its lines, `-> says` and the lines said.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_file = true;
    for line in CASES.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(command) = line.strip_prefix("$ ") {
            case.command = command.to_owned();
        } else if let Some(path) = line.strip_prefix("-- ") {
            case.files.push((path.to_owned(), String::new()));
            in_file = true;
        } else if line == "-> says" {
            in_file = false;
        } else if in_file && let Some((_, text)) = case.files.last_mut() {
            text.push_str(&format!("{line}\n"));
        } else if !in_file && !line.is_empty() {
            case.says.push(line.to_owned());
        }
    }
    cases
}
