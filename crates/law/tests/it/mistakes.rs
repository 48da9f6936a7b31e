//! Planted mistakes: each is one edit of the Boston pack, and must be refused by name, file and line. The line is that
//! of `at` in the edited file.

use std::collections::BTreeMap;

use crate::folder::{files, load};
use law::{Pack, Problem, check};

struct Mistake {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    expected: &'static str,
}

const fn mistake(
    file: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    expected: &'static str,
) -> Mistake {
    Mistake { file, from, to, at, expected }
}

const HOLD: &str = "sections/detain-2019.md";
const TRANSFER: &str = "sections/transfer-2019.md";
const SCENARIO: &str = "scenarios/transfer.toml";

const MISTAKES: &[Mistake] = &[
    // Rules.
    mistake(
        HOLD,
        r#"eligible = true, detainer = "asks_hold""#,
        r#"eligible = true, detainer = "ask_hold""#,
        r#""ask_hold""#,
        "unknown answer of `detainer` `ask_hold` (hint: did you mean `asks_hold`?)",
    ),
    mistake(
        HOLD,
        "[{ other_reason = true }]",
        "[{ other_raeson = true }]",
        "other_raeson",
        "unknown fact `other_raeson` (hint: did you mean `other_reason`?)",
    ),
    mistake(HOLD, "unless = [", "unles = [", "unles = [", "unknown key `unles` (hint: did you mean `unless`?)"),
    mistake(
        HOLD,
        r#"effect = "forbids""#,
        r#"effect = "forbid""#,
        r#"effect = "forbid""#,
        "unknown effect word `forbid` (hint: did you mean `forbids`?)",
    ),
    mistake(
        HOLD,
        r#"by = "city_police""#,
        r#"by = "city_polise""#,
        "city_polise",
        "unknown answer of `actor` `city_polise` (hint: did you mean `city_police`?)",
    ),
    mistake(
        HOLD,
        r#"ask = ["hold"]"#,
        r#"ask = ["hodl"]"#,
        "hodl",
        "unknown ask word `hodl` (hint: did you mean `hold`?)",
    ),
    mistake(
        HOLD,
        r#"excepts = ["P1-2019"]"#,
        r#"excepts = ["P1-2018"]"#,
        "[[rule]]\nid = \"P1-2019.warrant\"",
        "`excepts` names rule `P1-2018`, which is not in the pack (hint: did you mean `P1-2014`?)",
    ),
    mistake(
        HOLD,
        r#"excepts = ["P1-2019"]"#,
        r#"excepts = ["P2-2019"]"#,
        "[[rule]]\nid = \"P1-2019.warrant\"",
        "`excepts` names rule `P2-2019`, which this exception never meets",
    ),
    mistake(
        HOLD,
        r#"words = "unless ICE has a criminal warrant"#,
        r#"words = "unless ICE shows a criminal warrant"#,
        "words = \"unless ICE shows",
        "the words of `P1-2019.warrant` are not in the quotation above it",
    ),
    mistake(
        HOLD,
        "unclear = \"What 'solely'",
        "# \"What 'solely'",
        "[[rule]]\nid = \"P1-2019.solely\"",
        "a rule that excepts needs `words`",
    ),
    mistake(
        HOLD,
        "when = [{ other_reason = true }]",
        "",
        "[[rule]]\nid = \"P1-2019.solely\"",
        "a rule has either `when` or `always = true`",
    ),
    mistake(
        HOLD,
        "when = [{ other_reason = true }]",
        "when = [{ purpose = \"civil\" }]",
        "[[rule]]\nid = \"P1-2019.solely\"",
        "rule `P1-2019.solely` reads `purpose`, which ask `hold` does not",
    ),
    mistake(
        HOLD,
        r#"id = "P1-2019.solely""#,
        r#"id = "P1-2019""#,
        "[[rule]]\nid = \"P1-2019\"\neffect = \"excepts\"",
        "rule `P1-2019` is also at sections/detain-2019.md:",
    ),
    mistake(
        HOLD,
        "verified = true }]",
        "verified = \"yes\" }]",
        "\"yes\"",
        "`verified` wants true or false, without quotes",
    ),
    mistake(HOLD, "id = \"P1-2019\"\n", "id = \"P1-2019\n", "id = \"P1-2019\n", "not readable as TOML"),
    mistake(HOLD, "```rule", "```toml", "```toml", "a fence that is no rule"),
    mistake(TRANSFER, "```\n\nThe clause knows", "\nThe clause knows", "```rule", "a fence without an end"),
    mistake(
        TRANSFER,
        r#"status = "reported""#,
        r#"status = "certified""#,
        "[[rule]]\nid = \"P2-2019.employees\"",
        "a rule cannot be better known than its section (`quoted`)",
    ),
    mistake(
        TRANSFER,
        r#"status = "reported""#,
        r#"status = "missing""#,
        "[[rule]]\nid = \"P2-2019.employees\"",
        "a text that was not found is never a rule",
    ),
    mistake(
        TRANSFER,
        "always = true",
        "always = true\nduty = { do = \"write it down\", within = \"2 days\", from = \"asked_at\" }",
        "duty = {",
        "`2 days` is no length of time",
    ),
    // Front matter.
    mistake(HOLD, "from = 2019-12-19", "from = 2019-13-19", "from = 2019-13-19", "not readable as TOML"),
    mistake(HOLD, "from = 2019-12-19", "from = \"2019-12-19\"", "from = \"2019", "`from` must be a day"),
    mistake(
        HOLD,
        "from_at_latest = 2022-01-01",
        "from_at_latest = 2018-01-01",
        "from_at_latest = 2018",
        "`from_at_latest` is not after `from`",
    ),
    mistake(
        HOLD,
        "from_at_latest = 2022-01-01",
        "from_at_latest = \"open\"",
        "id = \"detain-2019\"",
        "sections of `trust-act` that begin on 2019-12-19 give different ranges",
    ),
    mistake(
        HOLD,
        "from = 2019-12-19",
        "draft = \"x\"\nfrom = 2019-12-19",
        "from = 2019-12-19",
        "a draft has no `from`",
    ),
    mistake(
        HOLD,
        "replaces = [\"detain-2014\"]",
        "replaces = [\"detain-2015\"]",
        "id = \"detain-2019\"",
        "`replaces` names section `detain-2015`, which is not in the pack (hint: did you mean `detain-2014`?)",
    ),
    mistake(
        "sections/detain-2014.md",
        "until = 2019-12-19",
        "until = 2020-12-19",
        "",
        "overlapping versions: `detain-2014` does not end when `detain-2019` begins (hint: write `until = 2019-12-19` in",
    ),
    mistake(
        TRANSFER,
        "citation = \"CBC 11-1.9, transfer clause\"",
        "citation = \"CBC 11-1.9, detention clause\"",
        "id = \"transfer-2019\"",
        "overlapping versions: `detain-2019` and `transfer-2019` have one citation",
    ),
    mistake(
        HOLD,
        "status = \"quoted\"",
        "status = \"quoted\"\nsilent = [\"hodl\"]",
        "silent =",
        "unknown silent word `hodl`",
    ),
    mistake(HOLD, "layer = \"city\"", "layer = \"town\"", "layer = \"town\"", "unknown layer word `town`"),
    mistake(
        HOLD,
        "layer = \"city\"",
        "layer = \"county\"",
        "layer = \"county\"",
        "unknown layer of this pack `county`",
    ),
    mistake(HOLD, "\"S5\", ", "\"S55\", ", "\"S55\"", "unknown source `S55` (hint: did you mean `S15`?)"),
    mistake(
        HOLD,
        "status = \"quoted\"",
        "status = \"verbatim\"",
        "status = \"verbatim\"",
        "unknown status word `verbatim`",
    ),
    mistake(HOLD, "+++\nid", "id", "id = \"detain-2019\"", "no front matter"),
    mistake(
        HOLD,
        "id = \"detain-2019\"",
        "id = \"transfer-2019\"",
        "",
        "section `transfer-2019` is also in sections/detain-2019.md",
    ),
    // Other files.
    mistake("pack.toml", "review = \"none\"", "", "id = ", "`review` is missing"),
    mistake("pack.toml", "review = \"none\"", "review = \"yes\"", "review = \"yes\"", "`review` is neither"),
    mistake(
        "pack.toml",
        "[\"federal\", \"state\", \"city\", \"order\"]",
        "[\"state\", \"federal\", \"city\", \"order\"]",
        "id = ",
        "`layers` are not in order",
    ),
    mistake("facts.toml", "[ask.hold]", "[ask.hodl]", "[ask.hodl]", "unknown ask `hodl` (hint: did you mean `hold`?)"),
    mistake(
        "facts.toml",
        "\"custody\", \"eligible\", \"detainer\"",
        "\"eligible\", \"detainer\"",
        "",
        "ask `hold` reads `eligible` but not `custody`",
    ),
    mistake(
        "facts.toml",
        "[[impossible]]\njudge_paper = \"none\"\nverified = true",
        "[[impossible]]\njudge_paper = \"none\"\nverified = [true, false]",
        "[[impossible]]",
        "every answer of `verified` is named, which excludes nothing (hint: drop it from the row)",
    ),
    mistake(
        "facts.toml",
        "derived = true",
        "dervied = true",
        "dervied",
        "unknown key `dervied` (hint: did you mean `derived`?)",
    ),
    mistake(
        "facts.toml",
        "immigration_authorities = [\"ice\"",
        "immigration_authorities = [\"ise\"",
        "\"ise\"",
        "unknown answer of `recipient` `ise`",
    ),
    mistake("calendar.toml", "America/New_York", "America/Boston", "time_zone", "`America/Boston` is not a time zone"),
    mistake(
        "report.toml",
        "unit = \"cases\"",
        "unit = \"case\"",
        "unit = \"case\"",
        "unknown unit word `case` (hint: did you mean `cases`?)",
    ),
    mistake(
        "report.toml",
        "unit = \"cases\"",
        "unit = \"requests\"",
        "[[item]]\nid = \"reimbursed\"",
        "`reimbursed` is not counted in `requests` (hint: count it in `cases`)",
    ),
    mistake(
        "report.toml",
        "by = [\"authority\"]",
        "by = [\"ground\"]",
        "[[item]]\nid = \"held\"",
        "`held` cannot be broken down by `ground`",
    ),
    mistake("report.toml", "day = 31", "day = 32", "[due]", "`due` is not a day of every year"),
    mistake("history.toml", "rows = \"unavailable\"", "rows = \"12\"", "rows = \"12\"", "`12` is not `unavailable`"),
    mistake(
        "history.toml",
        "requests = 12",
        "requests = -12",
        "requests = -12",
        "`requests` must be a whole number in range",
    ),
    // Scenarios.
    mistake(
        SCENARIO,
        "given.actor",
        "given.acter",
        "given.acter",
        "ask `transfer` has no fact `acter` (hint: did you mean `actor`?)",
    ),
    mistake(
        SCENARIO,
        "given.actor",
        "given.purpose = \"civil\"\ngiven.actor",
        "given.purpose",
        "ask `transfer` has no fact `purpose`",
    ),
    mistake(
        SCENARIO,
        "because = [\"P2-2014.gap\"]",
        "because = [\"P2-2014\"]",
        "because = [\"P2-2014\"]",
        "unknown rule or citation `P2-2014`",
    ),
    mistake(
        SCENARIO,
        "given.verified = false",
        "given.verified = true",
        "given.actor",
        "these answers cannot hold together: `judge_paper`, `verified`",
    ),
];

#[test]
fn each_planted_mistake_is_refused_by_name_file_and_line() {
    let mut missed = Vec::new();
    for planted in MISTAKES {
        let mut files = files("us-ma-boston");
        let text = edit(&mut files, planted.file, planted.from, planted.to);
        let problems = Pack::load(&files).map(|_| ()).expect_err(planted.to);
        let line = text[..text.find(planted.at).unwrap()].matches('\n').count() + 1;
        // Some mistakes of facts.toml show in the section that relies on it.
        let place = if planted.at.is_empty() { String::new() } else { format!("{}:{line}: ", planted.file) };
        let found = problems
            .iter()
            .map(ToString::to_string)
            .any(|problem| problem.starts_with(&place) && problem.contains(planted.expected));
        if !found {
            missed.push(format!("wanted {place}{} among:\n{}", planted.expected, shown(&problems)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

#[test]
fn all_problems_of_a_pack_come_at_once() {
    let mut files = files("us-ma-boston");
    edit(&mut files, "pack.toml", "version =", "verison =");
    edit(&mut files, HOLD, "other_reason = true", "other_reasons = true");
    edit(&mut files, TRANSFER, "always = true", "allways = true");
    edit(&mut files, "calendar.toml", "New_York", "York");
    files.insert("notes.txt".to_owned(), String::new());
    let problems = Pack::load(&files).map(|_| ()).unwrap_err();
    let mut places: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    places.dedup();
    assert_eq!(places, ["calendar.toml", "notes.txt", "pack.toml", HOLD, TRANSFER], "{}", shown(&problems));
}

#[test]
fn a_rule_that_cannot_be_read_is_one_problem_however_often_it_is_named() {
    let mut files = files("us-ma-boston");
    edit(&mut files, HOLD, "effect = \"forbids\"", "effect = \"forbid\"");
    let problems = Pack::load(&files).map(|_| ()).unwrap_err();
    assert_eq!(problems.len(), 1, "{}", shown(&problems));
}

#[test]
fn a_missing_file_is_one_problem() {
    let mut files = files("us-ma-boston");
    files.remove("report.toml");
    let problems = Pack::load(&files).map(|_| ()).unwrap_err();
    assert_eq!(shown(&problems), "report.toml:1: the file is missing (hint: docs/LAW-FORMAT.md shows each file)");
}

#[test]
fn a_scenario_that_comes_out_otherwise_is_named_with_its_line() {
    let mut files = files("us-ma-boston");
    let text = edit(&mut files, SCENARIO, "says = \"prohibited\"", "says = \"permitted\"");
    let line = text[..text.find("says = \"permitted\"").unwrap()].rfind("[[scenario.but]]").unwrap();
    let line = text[..line].matches('\n').count() + 1;
    let failures = check(&Pack::load(&files).unwrap()).failures;
    let expected = format!(
        "{SCENARIO}:{line}: scenario `row 8 in 2016: bail set and not posted, ICE at the door, no paper of a judge; but the \
         2019 text is asked` says prohibited, not permitted; reasons: P2-2019, CBC 11-1.9, transfer clause"
    );
    assert_eq!(shown(&failures), expected);
}

const FACTS: &str = r#"asks = ["hold", "notify"]
[facts]
actor = "police_oficer"
matter = "trafficking"
custdy = "diverted"
verified = true
judge_paper = "none"
[facts.transfer]
actor = "police_officer"
[facts.notify]
purpose = ["civil", "mixed"]
verified = true
"#;

#[test]
fn all_problems_of_a_fact_file_come_at_once_with_their_lines() {
    let problems = load("us-ma-boston").read_fact_file("facts/one.toml", FACTS).unwrap_err();
    let expected = "\
facts/one.toml:2: ask `hold`: these answers cannot hold together: `judge_paper`, `verified`
facts/one.toml:3: unknown answer of `actor` (hint: did you mean `police_officer`?)
facts/one.toml:4: none of the listed asks reads the fact `matter` (hint: drop it, or list an ask that reads it)
facts/one.toml:5: unknown fact (hint: did you mean `custody`?)
facts/one.toml:8: ask `transfer` is not listed in `asks` (hint: add it to `asks`, or drop the table)
facts/one.toml:11: `purpose` wants one answer (hint: give one answer, or leave the fact out if it is not known)
facts/one.toml:12: ask `notify` has no fact `verified` (hint: one of `actor`, `recipient`, `purpose`, `case_number`, \
                    `serious_crime`)";
    assert_eq!(shown(&problems), expected);
}

#[test]
fn facts_of_a_program_are_checked_like_those_of_a_file() {
    let pack = load("us-ma-boston");
    let given =
        BTreeMap::from([("actor", "nobody"), ("eligible", "true"), ("verified", "true"), ("judge_paper", "none")]);
    let given = given.into_iter().map(|(name, answer)| (name.to_owned(), answer.to_owned())).collect();
    let problems = pack.facts(law::Ask::Hold, &given).unwrap_err();
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let expected = [
        "unknown answer of `actor`",
        "ask `hold` has no fact `eligible`",
        "these answers cannot hold together: `judge_paper`, `verified`",
    ];
    assert_eq!(messages, expected);
}

/// Replaces the first `from` in a file and returns its new text.
fn edit(files: &mut BTreeMap<String, String>, file: &str, from: &str, to: &str) -> String {
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    text.clone()
}

fn shown(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
