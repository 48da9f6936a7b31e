//! The packs of this repository: each loads, and each scenario comes out as a city attorney reads it aloud.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its pack fails")]

mod folder;

use std::collections::BTreeMap;

use folder::load;
use jiff::civil::Date;
use law::{Ask, Basis, Doubt, Facts, Outcome, Pack, PackHash, Says, answer, check, say};

#[test]
fn every_pack_loads_under_its_folder_name_and_every_scenario_holds() {
    let ids = pack_ids();
    assert_eq!(ids, ["us-ma-boston", "us-tx-travis-county"]);
    for id in ids {
        let pack = load(&id);
        assert_eq!(pack.id.as_str(), id);
        let check = check(&pack);
        assert_eq!(check.scenarios, pack.scenarios.len());
        let failures: Vec<String> = check.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

#[test]
fn every_rule_of_boston_is_a_reason_or_a_doubt_in_some_scenario() {
    let pack = load("us-ma-boston");
    let named: Vec<&str> = pack.scenarios.iter().flat_map(|scenario| &scenario.because).map(String::as_str).collect();
    for rule in pack.sections.iter().flat_map(|section| &section.rules) {
        assert!(named.contains(&rule.id.as_str()), "no scenario names `{}`", rule.id);
    }
}

#[test]
fn a_pack_without_law_answers_that_no_section_is_loaded_to_every_ask() {
    let pack = load("us-tx-travis-county");
    for ask in Ask::ALL {
        let facts = pack.facts(*ask, &BTreeMap::new()).unwrap();
        let outcome = answer(&pack, *ask, &facts, day("2022-06-14"));
        let answer = outcome.answered().unwrap();
        assert_eq!((answer.says, answer.basis), (Says::NeedsLegalReview, Basis::Missing));
        assert_eq!(answer.doubts, [Doubt::NotLoaded]);
    }
}

/// The example of docs/LAW-FORMAT.md: a detainer of June 2022 as the register asks about it.
const DETAINER: &str = r#"
asks = ["hold", "notify"]

[facts]
actor = "police_officer"
custody = "bond_or_recognizance"
detainer = "asks_hold"
administrative_warrant = true
judge_paper = "none"
verified = false
other_reason = false
recipient = "ice_ero"
purpose = "civil"
case_number = "none"
serious_crime = false
"#;

#[test]
fn a_detainer_of_june_2022_is_answered_with_the_sentence_that_forbids_the_hold() {
    let pack = load("us-ma-boston");
    let file = pack.read_fact_file("detainer.toml", DETAINER).unwrap();
    let outcomes: Vec<Outcome> =
        file.asks.iter().map(|(ask, facts)| answer(&pack, *ask, facts, day("2022-06-14"))).collect();
    let headlines: Vec<String> = outcomes.iter().map(say::headline).collect();
    assert_eq!(
        headlines,
        ["Do not hold the person: prohibited.", "Do not tell of the release: prohibited, text not certified."]
    );
    let hold: Vec<String> =
        say::outcome(&outcomes[0]).into_iter().map(|line| format!("{}: {}", line.label, line.text)).collect();
    let expected = [
        "answer: Do not hold the person: prohibited.",
        "law: CBC 11-1.9, detention clause, No detention on a civil detainer or an administrative warrant (version of \
         2019-12-19, quoted): P1-2019 forbids it",
        "words: “shall not detain an individual solely on the basis of a civil immigration detainer request or an ICE \
         administrative warrant after the individual is eligible for release from custody”",
        "law: CBC 11-1.9 (A), Definitions (version of 2019-12-19, quoted): D-2019.eligible.4 means that \
         the person is eligible for release from custody",
        "words: “posted a bond, or has been released on his or her own recognizance”",
        "basis: exact words from a copy, not certified",
        "review: Unreviewed: no lawyer has reviewed this law pack.",
        "safe default: Release on time.",
    ];
    assert_eq!(hold, expected);
}

#[test]
fn an_uncertain_first_day_is_named_with_what_each_text_says() {
    let pack = load("us-ma-boston");
    let given = [("actor", "police_officer"), ("recipient", "ice_ero"), ("judge_paper", "none"), ("verified", "false")];
    let facts = pack.facts(Ask::Transfer, &map(&given)).unwrap();
    let outcome = answer(&pack, Ask::Transfer, &facts, day("2020-05-04"));
    let texts: Vec<String> = outcome.answered().unwrap().doubts.iter().map(say::doubt).collect();
    let expected = "The first day of the changed trust-act is not known: some day from 2019-12-19 to 2022-01-01 at the \
                    latest. Before it: needs legal review; from it on: prohibited.";
    assert!(texts.iter().any(|text| text == expected), "{texts:?}");
}

#[test]
fn unknown_facts_leave_answers_possible_and_name_the_facts_that_decide() {
    let pack = load("us-ma-boston");
    let given = [
        ("actor", "police_officer"),
        ("custody", "bond_or_recognizance"),
        ("detainer", "asks_hold"),
        ("judge_paper", "ice_criminal_warrant"),
        ("other_reason", "false"),
    ];
    let facts = pack.facts(Ask::Hold, &map(&given)).unwrap();
    let Outcome::StillPossible(open) = answer(&pack, Ask::Hold, &facts, day("2022-06-14")) else {
        panic!("one answer")
    };
    assert_eq!(open.possible, [Says::NeedsLegalReview, Says::Permitted]);
    // Whether an administrative warrant is attached is unknown too, and decides nothing here.
    let names: Vec<&str> = open.open.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["verified"]);
}

#[test]
fn no_answer_of_the_whole_space_obliges_to_hold_or_to_tell() {
    let pack = load("us-ma-boston");
    for on in ["2013-01-01", "2016-03-10", "2020-05-04", "2022-06-14"] {
        for ask in [Ask::Hold, Ask::Notify, Ask::Transfer] {
            for given in whole_space(&pack, ask) {
                let outcome = answer(&pack, ask, &given, day(on));
                let lines = say::outcome(&outcome);
                assert!(lines.iter().all(|line| !line.text.contains("must hold") && !line.text.contains("must tell")));
                assert!(outcome.answered().is_some_and(|answer| answer.obligations.is_empty()));
            }
        }
    }
}

/// R-17 of the research note: "warrant" will be on the desk every time; a paper that no judge signed frees nobody.
#[test]
fn a_paper_no_judge_signed_never_turns_prohibited_into_permitted_or_not_regulated() {
    let pack = load("us-ma-boston");
    let mut compared = 0;
    for on in ["2016-03-10", "2020-05-04", "2022-06-14"] {
        for ask in [Ask::Hold, Ask::Transfer] {
            for given in whole_space(&pack, ask) {
                for (fact, answer) in [("administrative_warrant", "true"), ("judge_paper", "immigration_judge_order")] {
                    let mut more = given.to_map();
                    // A judge's paper stays: only its absence is replaced.
                    if !more.contains_key(fact) || (fact == "judge_paper" && more[fact] != "none") {
                        continue;
                    }
                    more.insert(fact.to_owned(), answer.to_owned());
                    compared += 1;
                    compare_with_paper(&pack, ask, &given, &more, on);
                }
            }
        }
    }
    assert!(compared > 1000, "only {compared} compared");
}

fn compare_with_paper(pack: &Pack, ask: Ask, without: &Facts, with: &BTreeMap<String, String>, on: &str) {
    let with = pack.facts(ask, with).unwrap();
    let says = |facts: &Facts| answer(pack, ask, facts, day(on)).answered().unwrap().says;
    if says(without) == Says::Prohibited {
        assert!(says(&with) <= Says::NeedsLegalReview, "{ask} on {on}: {:?}", with.to_map());
    }
}

#[test]
fn the_hash_names_every_byte_and_every_path() {
    let files = folder::files("us-tx-travis-county");
    let hash = Pack::load(&files).unwrap().hash();
    assert_eq!(PackHash::parse(&hash.to_string()), Some(hash));
    let mut commented = files.clone();
    commented.get_mut("pack.toml").unwrap().push_str("# one more byte\n");
    assert_ne!(Pack::load(&commented).unwrap().hash(), hash);
    let mut empty = BTreeMap::new();
    empty.extend(files);
    assert_eq!(Pack::load(&empty).unwrap().hash(), hash);
}

fn map(given: &[(&str, &str)]) -> BTreeMap<String, String> {
    given.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect()
}

/// The names of the pack folders, sorted.
fn pack_ids() -> Vec<String> {
    let entries = std::fs::read_dir(folder::law_folder()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut ids: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    ids.sort();
    ids
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Every possible situation of an ask, fully known.
fn whole_space(pack: &Pack, ask: Ask) -> Vec<Facts> {
    let reads = pack.vocabulary.ask(ask).unwrap().reads(&pack.vocabulary);
    let mut situations: Vec<BTreeMap<String, String>> = vec![BTreeMap::new()];
    for fact in reads {
        let answers = fact.answers.iter().map(|(answer, _)| answer);
        situations = answers
            .flat_map(|answer| {
                situations.iter().map(move |situation| {
                    let mut situation = situation.clone();
                    situation.insert(fact.name.to_string(), answer.clone());
                    situation
                })
            })
            .collect();
    }
    // What the pack calls impossible is refused, and is no situation.
    situations.iter().filter_map(|situation| pack.facts(ask, situation).ok()).collect()
}
