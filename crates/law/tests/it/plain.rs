//! Rules in plain English: every rule of every pack in a file that a stranger can read, and the turns of phrase one by one.

use std::collections::BTreeMap;

use law::{Pack, plain};

use crate::folder::{golden, load};

/// Every rule of every pack. `BLESS=1 cargo test -p law --test it plain` writes the files anew; read the difference
/// aloud.
#[test]
fn every_rule_reads_as_the_golden_files_do() {
    for id in ["us-ma-boston", "us-ca", "us-il", "us-ny-nyc", "us-or"] {
        let pack = load(id);
        let mut text = format!("Every rule of {id} in plain English. Read it aloud.\n");
        for section in &pack.sections {
            text.push_str(&format!("\n\n{}: {}\n", section.citation, section.title));
            for rule in &section.rules {
                text.push_str(&format!("\n{}\n{}\n", rule.id, filled(&plain::rule(&pack, rule).text())));
            }
        }
        golden(&format!("plain/{id}.txt"), &text);
    }
}

/// Breaks text into lines of a hundred characters, set in by two.
fn filled(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if lines.last().unwrap().chars().count() + word.chars().count() > 98 {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        line.push_str(if line.is_empty() { "  " } else { " " });
        line.push_str(word);
    }
    lines.join("\n")
}

const FACTS: &str = r#"
[ask.hold]
says = "hold the person"
default = "Release on time."
facts = ["actor", "recipient", "ready", "judge", "crime", "stage", "before", "told"]
[ask.notify]
says = "tell of the release"
default = "Disclose nothing."
facts = ["actor", "recipient", "ready", "judge", "crime", "stage", "before", "told"]
[fact.actor]
question = "Who?"
says = "the one who acts is {}"
answers = { officer = "an officer", deputy = "an officer on a task force", school = "an officer of a school", clerk = "a clerk" }
[fact.recipient]
question = "To whom?"
says = "the one who asks is {}"
answers = { ice = "ICE", cbp = "Customs and Border Protection", nobody = "nobody" }
[fact.ready]
derived = true
says = "the person is ready"
[fact.judge]
question = "Did a judge sign?"
says = "a paper that a judge has signed is shown"
[fact.crime]
question = "Which crime?"
says = "the crime named is {}"
answers = { none = "none", small = "a small one", large = "a large one", old = "an old one, or a new one" }
[fact.stage]
question = "What happened?"
says = "in court, {}"
answers = { before = "nothing has happened yet", free = "the person was set free", bail = "bail was set or posted" }
[fact.before]
question = "Convicted before?"
says = "the person was convicted before: {}"
answers = { yes = "yes", no = "no", unclear = "unclear" }
[fact.told]
question = "Told?"
says = "counsel was told"
says_not = "nobody told counsel"
"#;

/// The two rules to which those of the cases refer.
const OTHERS: &str = r#"
[[rule]]
id = "F"
effect = "forbids"
ask = ["hold", "notify"]
when = [{ ready = true }]
[[rule]]
id = "P"
effect = "permits"
ask = ["hold"]
when = [{ ready = true }]
"#;

#[rustfmt::skip]
const CASES: &[(&str, &str)] = &[
    // Who acts, and in every case.
    ("forbids; ask = ['hold']; always = true",
     "No one may hold the person, in every case."),
    ("forbids; ask = ['hold']; by = 'clerk'; when = [{ ready = true }]",
     "A clerk must not hold the person when the person is ready."),
    ("forbids; ask = ['hold', 'notify']; by = ['officer', 'deputy', 'school', 'clerk']; always = true",
     "An officer (also one on a task force or one of a school) or a clerk must not hold the person or tell of the release, \
      in every case."),
    ("permits; ask = ['hold']; by = 'clerk'; when = [{ ready = false }]",
     "A clerk may, but need not, hold the person when the person is not ready."),
    ("permits; ask = ['hold']; to = 'ice'; always = true",
     "It is permitted, and never required, to hold the person when the one who asks is ICE."),
    ("doubts; ask = ['hold']; unclear = 'Whether it binds.'; always = true",
     "It is not certain whether anyone may hold the person, in every case. What is unclear: Whether it binds."),
    // Answers: one, several, all but one, none.
    ("forbids; ask = ['hold']; when = [{ crime = 'none' }]",
     "No one may hold the person when there is no crime named."),
    ("forbids; ask = ['hold']; when = [{ crime = ['none', 'small'] }]",
     "No one may hold the person when either there is no crime named, or the crime named is a small one."),
    ("forbids; ask = ['hold']; when = [{ crime = { not = 'none' } }]",
     "No one may hold the person when there is a crime named."),
    ("forbids; ask = ['hold']; when = [{ crime = { not = 'large' } }]",
     "No one may hold the person when the crime named is anything but a large one."),
    ("forbids; ask = ['hold']; when = [{ crime = { not = 'old' } }]",
     "No one may hold the person when the crime named is none, a small one, or a large one."),
    ("forbids; ask = ['hold']; when = [{ crime = ['small', 'old'] }]",
     "No one may hold the person when the crime named is either a small one, or an old one, or a new one."),
    ("forbids; ask = ['hold']; when = [{ crime = ['small', 'large', 'old'] }]",
     "No one may hold the person when there is a crime named."),
    ("forbids; ask = ['hold']; to = ['ice', 'cbp', 'nobody']; when = [{ judge = true }]",
     "No one may hold the person when a paper that a judge has signed is shown."),
    // What is not so. A verb in a clause of its own is not the sentence's.
    ("forbids; ask = ['hold']; when = [{ judge = false }]",
     "No one may hold the person when it is not so that a paper that a judge has signed is shown."),
    ("forbids; ask = ['hold']; when = [{ told = false }]",
     "No one may hold the person when nobody told counsel."),
    // Claims that may be unclear.
    ("forbids; ask = ['hold']; when = [{ before = 'yes' }]",
     "No one may hold the person when the person was convicted before."),
    ("forbids; ask = ['hold']; when = [{ before = 'no' }]",
     "No one may hold the person when the person was not convicted before."),
    ("forbids; ask = ['hold']; when = [{ before = 'unclear' }]",
     "No one may hold the person when it is unclear whether the person was convicted before."),
    ("forbids; ask = ['hold']; when = [{ before = ['yes', 'unclear'] }]",
     "No one may hold the person when the person was convicted before, or this is unclear."),
    ("forbids; ask = ['hold']; when = [{ before = ['no', 'unclear'] }]",
     "No one may hold the person when the person was convicted before: no or unclear."),
    ("forbids; ask = ['hold']; when = [{ ready = true, told = true, crime = 'small', judge = true }, { ready = true, \
      told = true, crime = 'small', before = 'yes' }]",
     "No one may hold the person when all of these hold: (1) the person is ready; (2) counsel was told; (3) the crime named \
      is a small one; and (4) either a paper that a judge has signed is shown, or the person was convicted before."),
    // Boxes: what they share is said once, lists come last.
    ("forbids; ask = ['hold']; when = [{ ready = true, crime = 'small' }, { ready = true, judge = true }]",
     "No one may hold the person when the person is ready, and either of these holds: (1) the crime named is a small one; \
      or (2) a paper that a judge has signed is shown."),
    ("forbids; ask = ['hold']; when = [{ stage = 'free' }, { judge = true }, { crime = 'none' }]",
     "No one may hold the person when any one of these holds: (1) in court, the person was set free; (2) a paper that a \
      judge has signed is shown; or (3) there is no crime named."),
    ("forbids; ask = ['hold']; when = [{ ready = true }, { ready = true, judge = true }]",
     "No one may hold the person when the person is ready."),
    ("forbids; ask = ['hold']; when = [{ stage = 'free', judge = true }]",
     "No one may hold the person when, in court, the person was set free, and a paper that a judge has signed is shown."),
    ("forbids; ask = ['hold']; when = [{ ready = true }]; unless = [{ judge = true, crime = 'small' }]",
     "No one may hold the person when the person is ready; unless a paper that a judge has signed is shown and the crime \
      named is a small one."),
    ("forbids; ask = ['hold']; always = true; unless = [{ judge = true }, { crime = 'small' }]",
     "No one may hold the person, in every case; unless either of these holds: (1) a paper that a judge has signed is \
      shown; or (2) the crime named is a small one."),
    // Links between rules.
    ("excepts; excepts = ['F']; ask = ['hold', 'notify']; when = [{ judge = true }]",
     "The rule F, not to hold the person or tell of the release, does not apply when a paper that a judge has signed is \
      shown."),
    ("excepts; excepts = ['F']; ask = ['notify']; by = 'clerk'; when = [{ judge = true }]",
     "The rule F, so far as it says not to tell of the release, does not apply to a clerk when a paper that a judge has \
      signed is shown."),
    ("excepts; excepts = ['city', 'state']; ask = ['hold']; unclear = 'Whether it preempts.'; always = true",
     "It is not certain whether the rules of city law and state law not to hold the person apply, in every case. What is \
      unclear: Whether it preempts."),
    ("forbids; ask = ['hold']; despite = ['P']; always = true",
     "No one may hold the person, in every case. Where the permission P applies too, this prohibition prevails."),
    ("permits; ask = ['hold']; excepts = ['F']; when = [{ judge = true }]",
     "It is permitted, and never required, to hold the person when a paper that a judge has signed is shown. Where this \
      holds, the rule F, so far as it says not to hold the person, does not apply."),
    ("defines; defines = 'ready'; when = [{ stage = 'bail' }]",
     "The person is ready when, in court, bail was set or posted."),
    ("defines; defines = 'ready'; by = 'clerk'; when = [{ judge = true }]",
     "Where the one who acts is a clerk, the person is ready when a paper that a judge has signed is shown."),
    // Duties and their clocks.
    ("forbids; ask = ['hold']; always = true; duty = { do = 'write it down' }",
     "No one may hold the person, in every case. Duty: write it down."),
    ("forbids; ask = ['hold']; always = true; duty = { do = 'release', within = '48h', from = 'eligible_at', \
      excluding = ['saturday', 'sunday', 'holiday'] }",
     "No one may hold the person, in every case. Duty: release, within 48 hours, counted from the moment recorded as \
      “eligible”; Saturdays, Sundays and holidays do not count."),
    ("forbids; ask = ['hold']; always = true; duty = { do = 'tell counsel', within = '1d', from = 'arrived_at' }",
     "No one may hold the person, in every case. Duty: tell counsel, within 1 day, counted from the moment recorded as \
      “arrived”."),
    ("forbids; ask = ['hold']; always = true; duty = { do = 'answer', within = 'same-day', from = 'arrived_at' }",
     "No one may hold the person, in every case. Duty: answer, on the same day, counted from the moment recorded as \
      “arrived”."),
];

#[test]
fn every_turn_of_phrase_reads_as_written() {
    let mut wrong = Vec::new();
    for (row, expected) in CASES {
        let pack = pack(row);
        let rule = pack.sections[0].rules.iter().find(|rule| rule.id.as_str() == "R").unwrap();
        let text = plain::rule(&pack, rule).text();
        if text != *expected {
            wrong.push(format!("{row}\n  reads     {text}\n  and not   {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A pack with one rule `R`, written as keys parted by semicolons, among those to which it may refer.
fn pack(row: &str) -> Pack {
    let row = row.replace('\'', "\"");
    let (effect, keys) = row.split_once("; ").unwrap();
    let rule = format!("id = \"R\"\neffect = \"{effect}\"\n{}\n", keys.replace("; ", "\n"));
    let defines = "[[rule]]\nid = \"D\"\neffect = \"defines\"\ndefines = \"ready\"\nwhen = [{ stage = \"free\" }]\n";
    let section = format!(
        "+++\nid = \"s\"\ntitle = \"T\"\ncitation = \"C\"\nact = \"a\"\nlayer = \"city\"\nfrom = 2000-01-01\n\
         status = \"reported\"\nsource = [\"book\"]\n+++\n> Words.\n\n```rule\n{OTHERS}{defines}[[rule]]\n{rule}```\n"
    );
    let files = [
        (
            "pack.toml",
            "id = \"t\"\ntitle = \"T\"\nversion = \"1\"\njurisdiction = \"J\"\nlayers = [\"state\", \"city\"]\n\
                       review = \"none\"\n[sources]\nbook = \"the book\"\n",
        ),
        ("facts.toml", FACTS),
        ("calendar.toml", "time_zone = \"America/New_York\"\n"),
        (
            "report.toml",
            "title = \"R\"\nstatus = \"missing\"\nnil = \"not-stated\"\n[[item]]\nid = \"requests\"\n\
                         citation = \"none\"\ntitle = \"Requests\"\nunit = \"requests\"\ncounts = \"requests\"\n",
        ),
        ("sections/s.md", &section),
    ];
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Pack::load(&files)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        .unwrap_or_else(|problems| unreadable(&row, &problems))
}

fn unreadable(row: &str, problems: &str) -> Pack {
    panic!("{row}:\n{problems}")
}
