//! Every command and every refusal, in the tables of `tests/commands/`.
#![expect(clippy::unwrap_used, reason = "a source that cannot be read fails its test")]

mod table;

use std::collections::BTreeSet;

use register::{Register, wire};

/// Refusals that only a shell can give, which knows whether a time was given and whether there is a clock.
const SAID_BY_THE_SHELL: [&str; 2] = ["TimeIsTheClocks", "TimeNeeded"];

#[test]
fn the_register_says_what_the_tables_say_and_leaves_no_command_or_refusal_out() {
    let used = table::check_folder("commands");
    assert_eq!(used.commands, all_variants("Command"), "a command without a line in a table");
    let mut refusals = used.refusals;
    for name in SAID_BY_THE_SHELL {
        assert!(refusals.insert(name.to_owned()), "`{name}` is not the shell's alone");
    }
    assert_eq!(refusals, all_variants("Refusal"), "a refusal without a line in a table");
}

#[test]
fn the_same_events_give_the_same_state_and_survive_being_written() {
    for case in table::check_folder("commands").cases {
        let replayed = Register::replay(&case.recorded).unwrap();
        assert_eq!(format!("{replayed:?}"), format!("{:?}", case.register), "{}", case.title);
        for recorded in &case.recorded {
            assert_eq!(wire::decode(&wire::encode(recorded)).as_ref(), Ok(recorded), "{}", case.title);
        }
    }
}

/// The names of the variants of the commands, or of the refusals, of all subjects.
fn all_variants(kind: &str) -> BTreeSet<String> {
    let subjects = [
        ("Request", include_str!("../src/request/mod.rs")),
        ("Watch", include_str!("../src/watch/mod.rs")),
        ("Custody", include_str!("../src/custody/mod.rs")),
        ("Staff", include_str!("../src/staff/mod.rs")),
        ("Inquiry", include_str!("../src/inquiry/mod.rs")),
        ("Retention", include_str!("../src/retention/mod.rs")),
        ("Receipt", include_str!("../src/receipt/mod.rs")),
        ("Reading", include_str!("../src/reading/mod.rs")),
    ];
    let mut all = variants(include_str!("../src/command.rs"), kind);
    for (subject, source) in subjects {
        assert!(all.remove(subject), "{subject} is no variant of {kind}");
        all.extend(variants(source, &format!("{subject}{kind}")));
    }
    all
}

/// The names of the variants of an enum in this source.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let body = source.split_once(&format!("pub enum {name} {{")).unwrap().1;
    let body = if body.starts_with('}') { "" } else { body.split_once("\n}").unwrap().0 };
    let names = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
}
