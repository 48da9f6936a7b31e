//! The master key sealed by a token, SoftHSM: a register moves to it and back and loses nothing; what is wrong with token, key
//! or PIN is said with the next step; and neither PIN nor key stands in any file or message.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::canary::{canaries_in, holds};
use crate::city::City;
use crate::erasure;
use crate::folder::{self, Files};

const PIN: &str = "PIN-of-the-canary-7731";
const WRONG_PIN: &str = "wrong-PIN-of-a-canary";
const SECURITY_OFFICER: &str = "officer-of-canaries-12";

/// The bytes of a key that is brought to the token, so that a test knows them.
const BROUGHT: &[u8; 32] = b"a key that a canary brought here";

/// Where systems lay SoftHSM's library.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

const MISSING: &str = "SoftHSM is missing (hint: `./test` installs it: softhsm2 and opensc)";

fn library() -> &'static str {
    let found = LIBRARIES.into_iter().find(|path| Path::new(path).exists());
    assert!(found.is_some(), "{MISSING}");
    found.unwrap()
}

/// Tokens of its own for a city, and one in them with a key made there: `vault` in `candor`.
fn plug_in(city: &City) {
    fs::create_dir(city.path("tokens")).unwrap();
    let tokens = city.path("tokens");
    city.write("softhsm2.conf", &format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display()));
    city.tells("SOFTHSM2_CONF", "softhsm2.conf");
    new_token(city, "candor");
    new_key(city, "--key-type AES:32 --sensitive --label vault");
    city.write("pin", &format!("{PIN}\n"));
    only_for_its_owner(city, "pin", 0o600);
    describe(city, "token.toml", |text| text);
}

fn new_token(city: &City, label: &str) {
    let line = format!("--init-token --free --label {label} --so-pin {SECURITY_OFFICER} --pin {PIN}");
    by_hand(city, "softhsm2-util", &line);
}

fn new_key(city: &City, which: &str) {
    key_tool(city, &format!("--keygen {which}"));
}

fn key_tool(city: &City, what: &str) {
    let line = format!("--module {} --token-label candor --login --pin {PIN} {what}", library());
    by_hand(city, "pkcs11-tool", &line);
}

/// What an operator does with the token's own programs.
fn by_hand(city: &City, program: &str, line: &str) {
    let mut command = Command::new(program);
    command.args(line.split_whitespace()).env("SOFTHSM2_CONF", city.path("softhsm2.conf"));
    let output = command.output();
    assert!(output.is_ok(), "{program}: {MISSING}");
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {line}\n{said}{}", String::from_utf8_lossy(&output.stdout));
}

/// Writes the description of the token, altered.
fn describe(city: &City, file: &str, alter: impl Fn(String) -> String) {
    let text = format!(
        "library = \"{}\"\ntoken = \"candor\"\nkey = \"vault\"\npin_file = \"{}\"\n",
        library(),
        city.path("pin").display()
    );
    city.write(file, &alter(text));
}

fn only_for_its_owner(city: &City, file: &str, mode: u32) {
    fs::set_permissions(city.path(file), fs::Permissions::from_mode(mode)).unwrap();
}

fn master_key(city: &City) -> Vec<u8> {
    fs::read(city.path("register/secrets/master.key")).unwrap()
}

/// The papers are read: the individual is found again, and a copy is compared with what the first one prints.
fn papers_are_read(city: &City, hour: u32) {
    let at = format!("--as person_officer --at 2022-12-22T{hour:02}:00-05:00");
    let asked = city.ok(&format!("inquire register first.toml {at}"));
    assert!(asked.starts_with("registered: "), "{asked}");
    let copy = fs::read_to_string(city.path("first.toml")).unwrap();
    let copy = copy.replace("Canarybourg", &format!("Canarybourg-{hour}")).replace("line_a1-fax", "line_b2-mail");
    city.write("copy.toml", &copy.replace("T01:40", &format!("T{hour:02}:40")));
    let said = city.ok(&format!("receive register copy.toml {at}"));
    assert!(said.contains("reads otherwise than its first paper: citizenship\n"), "{said}");
}

#[test]
fn a_register_moves_to_a_token_and_back_and_loses_nothing() {
    let (city, requests) = City::with_papers();
    plug_in(&city);
    let open = master_key(&city);
    let said = city.ok("rotate-master-key register --token token.toml");
    assert!(said.contains("is sealed by the key `vault` of token `candor`, and opens with it alone"), "{said}");
    assert!(!said.contains("was not made in the token"), "{said}");
    let sealed = String::from_utf8(master_key(&city)).unwrap();
    assert!(sealed.contains("token = \"candor\"\nkey = \"vault\"\n") && sealed.contains("\nsealed = \""), "{sealed}");
    for (path, bytes) in city.files("register") {
        assert!(!holds(&bytes, &open), "{path} holds the old master key");
    }
    papers_are_read(&city, 3);

    // A further one is sealed too, without being told.
    let said = city.ok("rotate-master-key register");
    assert!(said.contains("is sealed by the key `vault`"), "{said}");
    assert_ne!(String::from_utf8(master_key(&city)).unwrap(), sealed);
    papers_are_read(&city, 4);

    city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    let erased = erasure::erase(&city, &requests);
    let shown = city.ok(&format!("show register {}", requests[0]));
    assert!(shown.contains(&format!("({erased}): what the paper printed")), "{shown}");
    city.ok("grow register --as person_clerk --at 2024-07-04T04:00-04:00");
    // Every key is unwrapped and every field opened.
    city.ok("backup register --to backup");
    city.ok("restore backup --secrets register/secrets --to restored");

    city.ok("rotate-master-key register --no-token");
    assert_eq!(master_key(&city).len(), 32);
    fs::remove_dir_all(city.path("tokens")).unwrap();
    city.ok("backup register --to later");
    city.ok("restore later --secrets register/secrets --to restored-later");
    city.ok("publish register --to published");
    city.ok("audit bag register --out bag");
    let verified = city.ok("verify published --key register/log.vkey --bag bag");
    assert!(verified.contains("Every promise that could be checked holds."), "{verified}");
}

/// The bytes of keys and PINs, and what the papers print, are in no file of the register, of its backup, and in no message.
#[test]
fn neither_pin_nor_key_nor_person_stands_in_a_file_or_message() {
    let (city, _) = City::with_papers();
    plug_in(&city);
    fs::write(city.path("brought.key"), BROUGHT).unwrap();
    let line = format!("--import brought.key --aes --token candor --pin {PIN} --label brought --id 0b");
    let line = line.replace("brought.key", city.path("brought.key").to_str().unwrap());
    by_hand(&city, "softhsm2-util", &line);
    let first = master_key(&city);
    describe(&city, "brought.toml", |text| text.replace("\"vault\"", "\"brought\""));
    let said = city.ok("rotate-master-key register --token brought.toml");
    assert!(said.contains("was not made in the token: whoever brought it there may have a copy"), "{said}");
    papers_are_read(&city, 3);
    city.write("pin", WRONG_PIN);
    city.run("grow register --as person_clerk --at 2022-12-23T04:00-05:00").ends_with(1).complains_of("hint: ");
    city.run("rotate-master-key register --token token.toml").ends_with(1).complains_of("hint: ");
    city.write("pin", PIN);
    city.ok("rotate-master-key register --token token.toml");
    city.ok("backup register --to backup");

    let mut all = city.files("register");
    all.extend(city.files("backup").into_iter().map(|(path, bytes)| (format!("backup/{path}"), bytes)));
    all.insert("backup.keys".to_owned(), fs::read(city.path("backup.keys")).unwrap());
    all.insert("what was said".to_owned(), city.said());
    let secrets: [&[u8]; 5] =
        [PIN.as_bytes(), WRONG_PIN.as_bytes(), SECURITY_OFFICER.as_bytes(), BROUGHT.as_slice(), &first];
    for (path, bytes) in &all {
        assert!(canaries_in(path, bytes).is_empty(), "{path} tells of a person");
        for (number, secret) in secrets.iter().enumerate() {
            let in_hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!holds(bytes, secret) && !holds(bytes, in_hex.as_bytes()), "{path} holds secret {number}");
        }
    }
    let sees = holds(&fs::read(city.path("pin")).unwrap(), PIN.as_bytes());
    assert!(sees && all.len() > 10, "the search proves nothing");
}

/// A register is made with a token at once: its master key never lies open. The PIN is a credential of the system.
#[test]
fn a_register_is_made_with_a_token_and_a_pin_that_the_system_gives() {
    let city = City::empty();
    plug_in(&city);
    let init = "init register --pack us-ma-boston --demonstration --as person_clerk --at 2022-12-01T09:00-05:00";
    let grow = "grow register --as person_clerk --at 2022-12-02T09:00-05:00";
    let no_pin_file = |text: String| {
        text.lines().filter(|line| !line.starts_with("pin_file")).fold(String::new(), |all, line| all + line + "\n")
    };
    describe(&city, "token.toml", no_pin_file);
    let init = format!("{init} --token token.toml");
    let no_credential =
        "the PIN of token `candor` is not there: the system handed over no credential `candor-token-pin`";
    city.run(&init).ends_with(1).complains_of(no_credential);
    assert!(!city.path("register").exists() && !city.path("register.part").exists());
    city.write("credentials/candor-token-pin", PIN);
    city.tells("CREDENTIALS_DIRECTORY", "credentials");
    let said = city.ok(&init);
    assert!(said.contains("is sealed by the key `vault` of token `candor`"), "{said}");
    assert!(holds(&master_key(&city), b"sealed = "));
    city.ok(grow);
    city.write("credentials/candor-token-pin", WRONG_PIN);
    city.run(grow)
        .ends_with(1)
        .complains_of("the PIN in the credential `candor-token-pin` is not the one of token `candor`");
    city.write("credentials/candor-token-pin", PIN);
    // What is sealed can be a credential too.
    fs::rename(city.path("register/secrets/master.key"), city.path("credentials/candor-master-key")).unwrap();
    city.ok("grow register --as person_clerk --at 2022-12-03T09:00-05:00");
    city.run(&init.replace("register", "other"))
        .ends_with(1)
        .complains_of("so no token is to seal one (hint: leave out");
}

/// What goes wrong with a token.
type Spoil = fn(&City);

/// What is wrong, and what is said of it.
const TROUBLES: &[(Spoil, &[&str])] = &[
    (|city| altered(city, library(), "/nowhere/lib.so"), &["there is no library `/nowhere/lib.so` (hint: install"]),
    (
        |city| altered(city, library(), &city.path("setup.toml").display().to_string()),
        &["is no PKCS#11 library that loads here", "hint: "],
    ),
    (
        |city| altered(city, "\"candor\"", "\"other\""),
        &["the token `other` is not there; there is `candor` (hint: plug"],
    ),
    (|city| fs::rename(city.path("tokens"), city.path("drawer")).unwrap(), &["hint: "]),
    (
        |city| {
            fs::rename(city.path("tokens"), city.path("drawer")).unwrap();
            fs::create_dir(city.path("tokens")).unwrap();
        },
        &["the token `candor` is not there, nor is any other (hint: plug it in"],
    ),
    (|city| new_token(city, "candor"), &["two tokens are called `candor` (hint: "]),
    (|city| altered(city, "\"vault\"", "\"vlaut\""), &["there is no secret key `vlaut` in token `candor` (hint: "]),
    (
        |city| new_key(city, "--key-type AES:32 --sensitive --label vault"),
        &["2 secret keys in token `candor` are called `vault` (hint: rename"],
    ),
    (
        |city| {
            key_tool(city, "--delete-object --type secrkey --label vault");
            new_key(city, "--key-type AES:32 --sensitive --label vault");
        },
        &[
            "the key `vault` in token `candor` does not open what is sealed here: CKR_",
            "it is not the key that sealed it",
        ],
    ),
    (
        |city| {
            key_tool(city, "--delete-object --type secrkey --label vault");
            new_key(city, "--key-type AES:32 --extractable --label vault");
        },
        &["the key `vault` can be taken out of token `candor` (hint: make another"],
    ),
    (
        |city| city.write("pin", WRONG_PIN),
        &["the PIN in `", "is not the one of token `candor` (hint: put the right one"],
    ),
    (|city| city.write("pin", "\n"), &["holds no PIN (hint: "]),
    (|city| only_for_its_owner(city, "pin", 0o640), &["may be used by others, mode 640 (hint: `chmod 600"]),
    (|city| fs::remove_file(city.path("pin")).unwrap(), &["failed to get the PIN of token `candor`"]),
    (|city| altered(city, "sealed = \"", "sealed = \"00"), &["does not open what is sealed here: CKR_"]),
    (|city| altered(city, "sealed = \"", "sealed = \"x"), &["master.key:6: ", "is not what a token sealed"]),
    (|city| altered(city, "pin_file", "pin"), &["master.key:5: unknown key `pin` (hint: "]),
    (|city| altered(city, "library = \"/", "library = \""), &["`library` must be a path that begins with `/`"]),
];

#[test]
fn trouble_with_the_token_is_said_with_the_next_step() {
    let city = City::opened();
    plug_in(&city);
    city.ok("rotate-master-key register --token token.toml");
    let (tokens, kept) = (city.files("tokens"), master_key(&city));
    let events = city.events();
    for (number, (spoil, says)) in TROUBLES.iter().enumerate() {
        spoil(&city);
        let ran = city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00").ends_with(1);
        says.iter().fold(ran, |ran, what| ran.complains_of(what));
        assert_eq!(city.events(), events, "{number}");
        as_it_was(&city, &tokens, &kept);
    }
    city.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
}

fn as_it_was(city: &City, tokens: &Files, master_key: &[u8]) {
    for folder in ["tokens", "drawer"] {
        drop(fs::remove_dir_all(city.path(folder)));
    }
    for (path, bytes) in tokens {
        let path = city.path("tokens").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(city.path("register/secrets/master.key"), master_key).unwrap();
    city.write("pin", PIN);
    only_for_its_owner(city, "pin", 0o600);
}

fn altered(city: &City, from: &str, to: &str) {
    let text = String::from_utf8(master_key(city)).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(city.path("register/secrets/master.key"), text.replacen(from, to, 1)).unwrap();
}

/// Whatever does not seal leaves the register as it was, with the master key that it had.
#[test]
fn a_key_that_is_not_fit_seals_nothing() {
    let city = City::opened();
    plug_in(&city);
    new_key(&city, "--key-type AES:16 --sensitive --label short");
    new_key(&city, "--key-type AES:32 --sensitive --extractable --label loose");
    new_key(&city, "--key-type AES:32 --label bare");
    new_key(&city, "--key-type AES:32 --sensitive --label other --allowed-mechanisms AES-CBC");
    let open = master_key(&city);
    let cases = [
        ("\"short\"", "the key `short` in token `candor` is no AES key of 256 bits (hint: make one"),
        ("\"loose\"", "the key `loose` can be taken out of token `candor` (hint: "),
        ("\"bare\"", "the key `bare` can be taken out of token `candor` (hint: "),
        ("\"other\"", "the key `other` in token `candor` does not do AES-GCM (hint: "),
        ("\"gone\"", "there is no secret key `gone` in token `candor` (hint: "),
        ("\"\"", "unfit.toml:3: `key` is empty"),
        ("\"vault\"\nsealed = \"00\"", "unfit.toml:4: unknown key `sealed`"),
    ];
    for (key, says) in cases {
        describe(&city, "unfit.toml", |text| text.replace("\"vault\"", key));
        city.run("rotate-master-key register --token unfit.toml").ends_with(1).complains_of(says);
        assert_eq!(master_key(&city), open);
        assert!(!city.path("register/secrets/master.key.new").exists(), "{key}");
    }
    city.run("rotate-master-key register --token nowhere.toml").ends_with(1).complains_of("hint: give the file that");
    city.run("rotate-master-key register --token token.toml --no-token").ends_with(2);
    city.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
}

/// A move that was cut short is not begun, or is finished by the next command; also where the token is gone by then.
#[test]
fn a_move_that_the_power_cut_short_is_not_begun_or_is_finished() {
    let (city, _) = City::with_papers();
    plug_in(&city);
    let (place, waits) = (city.path("register/secrets/master.key"), city.path("register/secrets/master.key.new"));
    let open = master_key(&city);
    city.ok("rotate-master-key register --token token.toml");
    let sealed = master_key(&city);

    // To the token, after the commit: the new one waits, and the old one is still in its place.
    fs::write(&waits, &sealed).unwrap();
    fs::write(&place, &open).unwrap();
    for path in ["register/secrets/master.key", "register/secrets/master.key.new"] {
        only_for_its_owner(&city, path, 0o600);
    }
    let grow = "grow register --as person_clerk --at 2022-12-22T01:00-05:00";
    fs::rename(city.path("tokens"), city.path("drawer")).unwrap();
    city.run(grow).ends_with(1).complains_of("failed to open the master key `register/secrets/master.key.new`: ");
    assert!(waits.exists());
    fs::rename(city.path("drawer"), city.path("tokens")).unwrap();
    papers_are_read(&city, 3);
    assert!(!waits.exists() && master_key(&city) == sealed);

    // From the token, before the commit: what waits came to wrap nothing.
    fs::write(&waits, [7; 32]).unwrap();
    only_for_its_owner(&city, "register/secrets/master.key.new", 0o600);
    papers_are_read(&city, 4);
    assert!(!waits.exists() && master_key(&city) == sealed);

    // From the token, after the commit; and the token is taken away before the next command.
    city.ok("rotate-master-key register --no-token");
    fs::rename(&place, &waits).unwrap();
    fs::write(&place, &sealed).unwrap();
    only_for_its_owner(&city, "register/secrets/master.key", 0o600);
    folder::copy(&city.path("register"), &city.path("copy"));
    fs::rename(city.path("tokens"), city.path("drawer")).unwrap();
    papers_are_read(&city, 5);
    assert!(!waits.exists() && master_key(&city).len() == 32);
}
