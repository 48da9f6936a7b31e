//! What the true packs do not need yet: layers, conflicts, links, drafts, duties, open ranges. A small invented law.

use std::collections::BTreeMap;

use jiff::civil::Date;
use law::{Answer, Ask, Basis, Doubt, Layer, Outcome, Pack, Phrases, Problem, Says, Within, answer, prove};

const PACK: &str = r#"
id = "test"
title = "An invented law"
version = "1"
jurisdiction = "Nowhere"
layers = ["federal", "state", "city"]
review = { who = "A. Lawyer", on = 2020-02-02 }
[sources]
book = "the book"
"#;
const FACTS: &str = r#"
[ask.hold]
says = "hold the person"
default = "Release on time."
facts = ["asked", "judge", "crime"]
[fact.asked]
question = "Is it asked?"
says = "it is asked"
[fact.judge]
question = "Did a judge sign?"
says = "a judge signed"
[fact.crime]
question = "Which crime?"
says = "the crime is {}"
answers = { none = "none", small = "small", large = "large" }
"#;
const REPORT: &str = r#"
title = "Count"
status = "missing"
nil = "not-stated"
[[item]]
id = "requests"
citation = "none"
title = "Requests"
unit = "requests"
counts = "requests"
"#;
/// The city's prohibition that most cases start from.
const FORBIDS: &str =
    "id = \"forbid\"\neffect = \"forbids\"\nask = [\"hold\"]\nwords = \"shall not hold\"\nwhen = [{ asked = true }]\n";
const PERMITS: &str =
    "id = \"permit\"\neffect = \"permits\"\nask = [\"hold\"]\nwords = \"may hold\"\nwhen = [{ judge = true }]\n";

/// A section file with one rule; `front` adds to its front matter.
fn section(id: &str, layer: &str, front: &str, rules: &[&str]) -> (String, String) {
    let rules: String = rules.iter().map(|rule| format!("[[rule]]\n{rule}\n")).collect();
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"T\"\ncitation = \"C {id}\"\nact = \"act\"\nlayer = \"{layer}\"\nstatus = \"certified\"\n\
         source = [\"book\"]\n{front}\n+++\n> Nobody shall not hold; anybody\n>   may hold; a judge may allow it.\n\n```rule\n{rules}```\n"
    );
    (format!("sections/{id}.md"), text)
}

fn files(sections: &[(String, String)]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([
        ("pack.toml".to_owned(), PACK.to_owned()),
        ("facts.toml".to_owned(), FACTS.to_owned()),
        ("report.toml".to_owned(), REPORT.to_owned()),
        ("calendar.toml".to_owned(), "time_zone = \"Europe/Paris\"".to_owned()),
    ]);
    files.extend(sections.iter().cloned());
    files
}

fn pack(sections: &[(String, String)]) -> Pack {
    Pack::load(&files(sections)).map_err(|problems| shown(&problems)).unwrap()
}

fn refused(sections: &[(String, String)]) -> Vec<String> {
    shown(&Pack::load(&files(sections)).map(|_| ()).unwrap_err())
}

fn shown(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn ask<'p>(pack: &'p Pack, on: &str, judge: bool) -> Answer<'p> {
    let given = [("asked", "true"), ("judge", if judge { "true" } else { "false" }), ("crime", "none")];
    outcome(pack, on, &given).answered().unwrap().clone()
}

fn outcome<'p>(pack: &'p Pack, on: &str, given: &[(&str, &str)]) -> Outcome<'p> {
    let given = given.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect();
    let on: Date = on.parse().unwrap();
    answer(pack, Ask::Hold, &pack.facts(Ask::Hold, &given).unwrap(), on)
}

fn by_layer(answer: &Answer<'_>) -> Vec<(Layer, Option<Says>)> {
    answer.layers.iter().map(|layer| (layer.layer, layer.says)).collect()
}

const FROM: &str = "from = 2020-01-01";

#[test]
fn a_permission_beside_a_prohibition_of_its_layer_is_a_conflict_that_names_both() {
    let pack = pack(&[section("s", "city", FROM, &[FORBIDS, PERMITS])]);
    let answer = ask(&pack, "2021-01-01", true);
    assert_eq!(answer.says, Says::NeedsLegalReview);
    let [Doubt::Conflict { prohibition, permission }] = answer.doubts.as_slice() else { panic!("{:?}", answer.doubts) };
    assert_eq!((prohibition.rule.id.as_str(), permission.rule.id.as_str()), ("forbid", "permit"));
    assert_eq!(ask(&pack, "2021-01-01", false).says, Says::Prohibited);
}

#[test]
fn an_explicit_link_settles_a_conflict_either_way() {
    let despite = format!("{FORBIDS}despite = [\"permit\"]\n");
    let prevails = pack(&[section("s", "city", FROM, &[&despite, PERMITS])]);
    assert_eq!(ask(&prevails, "2021-01-01", true).says, Says::Prohibited);
    let excepts = format!("{PERMITS}excepts = [\"forbid\"]\n");
    let lifted = pack(&[section("s", "city", FROM, &[FORBIDS, &excepts])]);
    let answer = ask(&lifted, "2021-01-01", true);
    assert_eq!(answer.says, Says::Permitted);
    assert_eq!(answer.layers[0].reasons[0].rests_on[0].placed.rule.id.as_str(), "permit");
    assert_eq!(
        Phrases::english().headline(&Outcome::Answered(answer)),
        "To hold the person is permitted, never required."
    );
}

#[test]
fn the_strictest_layer_prevails_and_each_layer_is_shown() {
    let pack = pack(&[section("a", "state", FROM, &[PERMITS]), section("b", "city", FROM, &[FORBIDS])]);
    let answer = ask(&pack, "2021-01-01", true);
    assert_eq!(answer.says, Says::Prohibited);
    assert_eq!(by_layer(&answer), [(Layer::State, Some(Says::Permitted)), (Layer::City, Some(Says::Prohibited))]);
    assert_eq!((answer.basis, answer.reviewed), (Basis::Certified, true));
}

#[test]
fn a_higher_layer_reaches_down_only_by_naming_the_layer() {
    let reaches = "id = \"down\"\neffect = \"excepts\"\nexcepts = [\"city\"]\nask = [\"hold\"]\nunclear = \"whether it reaches down\"\nwhen = [{ judge = true }]\n";
    let pack = pack(&[section("a", "federal", FROM, &[reaches]), section("b", "city", FROM, &[FORBIDS])]);
    let answer = ask(&pack, "2021-01-01", true);
    assert_eq!(answer.says, Says::NeedsLegalReview);
    assert!(matches!(&answer.doubts[..], [Doubt::Unclear { placed, .. }] if placed.section.layer == Layer::Federal));
    assert_eq!(ask(&pack, "2021-01-01", false).says, Says::Prohibited);
}

#[test]
fn law_begins_on_its_first_day_ends_before_its_last_and_a_draft_never_begins() {
    let dated = "from = 2020-01-01\nuntil = 2020-03-01";
    let pack =
        pack(&[section("s", "city", dated, &[FORBIDS]), section("t", "city", "draft = \"someday\"", &[PERMITS])]);
    let says = |on: &str| (ask(&pack, on, true).says, ask(&pack, on, true).basis);
    let not_loaded = (Says::NeedsLegalReview, Basis::Missing);
    assert_eq!(says("2019-12-31"), not_loaded);
    assert_eq!(says("2020-01-01"), (Says::Prohibited, Basis::Certified));
    assert_eq!(says("2020-02-29"), (Says::Prohibited, Basis::Certified));
    assert_eq!(says("2020-03-01"), not_loaded);
}

#[test]
fn an_open_range_never_becomes_certain() {
    let old = section("old", "city", "from = 2010-01-01\nuntil = 2020-01-01", &[FORBIDS]);
    let new = section("new", "city", "from = 2020-01-01\nfrom_at_latest = \"open\"", &[PERMITS]);
    let pack = pack(&[old, new]);
    assert_eq!(ask(&pack, "2019-12-31", true).says, Says::Prohibited);
    let answer = ask(&pack, "2050-01-01", true);
    assert_eq!(answer.says, Says::NeedsLegalReview);
    let doubts: Vec<String> = answer.doubts.iter().map(|doubt| Phrases::english().doubt(doubt)).collect();
    let expected = "The first day of the changed act is not known: some day from 2020-01-01 to a day not known. Before \
                    it: prohibited; from it on: permitted.";
    assert_eq!(doubts, [expected]);
}

#[test]
fn a_duty_comes_with_the_rule_that_fired_and_its_clock() {
    let duty = format!(
        "{FORBIDS}duty = {{ do = \"write down the request\", within = \"48h\", from = \"received_at\", excluding = [\"sunday\"] }}\n"
    );
    let pack = pack(&[section("s", "city", FROM, &[&duty])]);
    let answer = ask(&pack, "2021-01-01", true);
    assert_eq!(answer.obligations().next().unwrap().duty.within, Some(Within::Hours(48)));
    let told = Phrases::english().tell(&Outcome::Answered(answer), &[]);
    assert!(told.below.iter().any(|line| line.text == "write down the request within 48h (C s)"));
    let silent = outcome(&pack, "2021-01-01", &[("asked", "false")]);
    assert!(silent.answered().unwrap().obligations().next().is_none());
}

#[test]
fn an_unknown_fact_of_one_layer_leaves_that_layer_open_and_not_in_doubt() {
    let pack = pack(&[section("a", "state", FROM, &[PERMITS]), section("b", "city", FROM, &[FORBIDS])]);
    let outcome = outcome(&pack, "2021-01-01", &[("asked", "true")]);
    let answer = outcome.answered().unwrap();
    assert_eq!(answer.says, Says::Prohibited);
    assert_eq!(by_layer(answer), [(Layer::State, None), (Layer::City, Some(Says::Prohibited))]);
    let names = |facts: &[&law::Fact]| facts.iter().map(|fact| fact.name.to_string()).collect::<Vec<_>>();
    // The crime is read by no rule, so nobody is asked about it.
    assert_eq!(names(&answer.open), ["judge"]);
    assert!(answer.doubts.is_empty());
}

#[test]
fn facts_that_decide_together_are_both_open() {
    let both = "id = \"both\"\neffect = \"forbids\"\nask = [\"hold\"]\nwords = \"shall not hold\"\nwhen = [{ asked = true, judge = true }]\n";
    let pack = pack(&[section("s", "city", FROM, &[both])]);
    let Outcome::StillPossible(open) = outcome(&pack, "2021-01-01", &[]) else { panic!("one answer") };
    assert_eq!(open.possible, [Says::Prohibited, Says::NotRegulated]);
    let names: Vec<&str> = open.open.iter().map(|open| open.fact.name.as_str()).collect();
    assert_eq!(names, ["asked", "judge"]);
    let expected =
        "Whether to hold the person depends on facts not given. Still possible: prohibited, or not regulated.";
    assert_eq!(Phrases::english().headline(&Outcome::StillPossible(open)), expected);
}

/// Rules beyond the bits of a word would be left out without a word: a pack with one more is refused.
#[test]
fn as_many_rules_as_an_answer_can_look_at_load_and_one_more_does_not() {
    let rules: Vec<String> = (0..=64)
        .map(|number| format!("id = \"f{number}\"\neffect = \"forbids\"\nask = [\"hold\"]\nwords = \"shall not hold\"\nalways = true\n"))
        .collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let full = pack(&[section("a", "city", FROM, &rules[..32]), section("b", "state", FROM, &rules[32..64])]);
    let answer = ask(&full, "2021-01-01", true);
    assert_eq!((answer.says, answer.because.len()), (Says::Prohibited, 64));
    let one_more = [section("a", "city", FROM, &rules[..32]), section("b", "state", FROM, &rules[32..])];
    let expected = "sections/b.md:2: too many rules for ask `hold` at once: 65, and 64 at most (hint: say with one rule \
                    what several say, or end old sections)";
    assert_eq!(refused(&one_more), [expected]);
    // A draft stands in the place of its act's text, not beside it.
    let draft = section("c", "city", "draft = \"later\"", &[FORBIDS]);
    pack(&[section("a", "city", FROM, &rules[..64]), draft]);
}

#[test]
fn a_layer_that_contradicts_itself_lends_a_prohibition_of_another_no_certainty() {
    let reported = "from = 2020-01-01\n";
    let state = section(
        "a",
        "state",
        reported,
        &[
            "id = \"s\"\neffect = \"forbids\"\nask = [\"hold\"]\nwords = \"shall not hold\"\nstatus = \"reported\"\nalways = true\n",
        ],
    );
    let city = section("b", "city", FROM, &[FORBIDS, PERMITS]);
    let pack = pack(&[state, city]);
    let known = |judge: bool| (ask(&pack, "2021-01-01", judge).says, ask(&pack, "2021-01-01", judge).basis);
    assert_eq!(known(false), (Says::Prohibited, Basis::Certified), "the city's own prohibition suffices");
    assert_eq!(
        known(true),
        (Says::Prohibited, Basis::Reported),
        "the city contradicts itself: only the state prohibits"
    );
}

#[test]
fn a_conflict_and_a_broken_law_of_the_law_are_found_with_a_situation_that_shows_them() {
    let never = "[[never]]\nsays = \"a judge never makes it worse\"\nask = [\"hold\"]\nchange = { judge = true }\nturns = [\"not-regulated\"]\ninto = [\"prohibited\"]\n";
    let worse = "id = \"worse\"\neffect = \"forbids\"\nask = [\"hold\"]\nwords = \"shall not hold\"\nwhen = [{ judge = true, crime = \"large\" }]\n";
    let mut files = files(&[section("s", "city", FROM, &[FORBIDS, worse])]);
    files.get_mut("facts.toml").unwrap().push_str(never);
    let line = FACTS.matches('\n').count() + 1;
    let broken = format!(
        "facts.toml:{line}: broken: a judge never makes it worse: not-regulated becomes prohibited where 2020-01-01 hold: \
         asked = false, judge = false, crime = large"
    );
    assert_eq!(shown(&prove(&Pack::load(&files).unwrap()).problems), [broken]);
    let conflict = pack(&[section("s", "city", FROM, &[FORBIDS, PERMITS])]);
    let expected = "sections/s.md:15: `forbid` forbids and `permit` permits, with no link between them: 2020-01-01 hold: \
                    asked = true, judge = true (hint: write `excepts` in the one or `despite` in the other)";
    assert_eq!(shown(&prove(&conflict).problems), [expected]);
}
