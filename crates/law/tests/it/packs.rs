//! The packs of this repository: each loads, and each scenario comes out as a city attorney reads it aloud.

use std::collections::{BTreeMap, BTreeSet};

use crate::folder::{golden, load};
use jiff::civil::Date;
use law::say::Told;
use law::{
    ActVersion, Ask, Basis, Doubt, Facts, Law, Layer, Outcome, Pack, PackHash, Phrases, Problem, Says, answer, check,
    mutants, prove,
};

#[test]
fn every_pack_loads_under_its_folder_name_and_every_scenario_holds() {
    let ids = pack_ids();
    assert_eq!(ids, ["us-ma-boston", "us-tx-travis-county"]);
    for id in ids {
        let pack = load(&id);
        assert_eq!(pack.id.as_str(), id);
        none(&check(&pack).failures);
    }
}

#[test]
fn the_whole_space_of_every_pack_has_no_conflict_and_breaks_no_law_of_the_law() {
    for id in pack_ids() {
        let pack = load(&id);
        let proof = prove(&pack);
        none(&proof.problems);
        assert_eq!((proof.never_fire, proof.never_decide), (Vec::new(), Vec::new()), "{id}");
        let spaces: Vec<String> = proof.spaces.iter().map(ToString::to_string).collect();
        golden(&format!("spaces/{id}.txt"), &format!("{}\n", spaces.join("\n")));
    }
}

#[test]
fn every_mutant_that_changes_an_answer_is_noticed_by_a_scenario() {
    for id in pack_ids() {
        let mutants = mutants(&load(&id));
        none(&mutants.survivors);
        assert_eq!(mutants.made, mutants.effective + mutants.without_effect.len());
    }
}

fn none(problems: &[Problem]) {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
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
    let headlines: Vec<String> = outcomes.iter().map(|outcome| Phrases::english().headline(outcome)).collect();
    assert_eq!(
        headlines,
        ["Do not hold the person: prohibited.", "Do not tell of the release: prohibited, text not certified."]
    );
}

/// What the terminal shows of a few events, line for line: the sentence, the words, the source, and what would change it.
#[test]
fn an_answer_is_told_with_its_reasons_and_with_what_would_change_it() {
    let pack = load("us-ma-boston");
    let file = pack.read_fact_file("detainer.toml", DETAINER).unwrap();
    let mut text = String::new();
    for (ask, facts) in &file.asks {
        for on in ["2016-03-10", "2020-05-04", "2022-06-14"] {
            let law = Law::on(&pack, *ask, day(on));
            let outcome = law.answer(facts);
            let phrases = pack.phrases("en");
            text.push_str(&format!("# {ask} on {on}\n"));
            tell(&phrases.tell(&outcome, &law.flips(facts)), 0, &mut text);
            for told in phrases.why_not(&law.why_not(facts)) {
                tell(&told, 1, &mut text);
            }
        }
    }
    golden("told/detainer.txt", &text);
}

/// Where the state is as strict, only the city's layer shows whether the ordinance was law yet.
#[test]
fn a_layer_answers_for_itself_beside_one_that_is_as_strict() {
    let pack = load("us-ma-boston");
    let report = [
        ("actor", "school_staff"),
        ("recipient", "bric"),
        ("category", "student_report"),
        ("purpose", "unstated"),
        ("matter", "none_named"),
        ("case_number", "none"),
        ("serious_crime", "false"),
        ("emergency", "false"),
    ];
    let given = report.map(|(name, answer)| (name.to_owned(), answer.to_owned()));
    let facts = pack.facts(Ask::Information, &BTreeMap::from(given)).unwrap();
    let city = [
        ("2021-10-19", Says::NotRegulated),
        ("2021-10-20", Says::NeedsLegalReview),
        ("2022-08-30", Says::NeedsLegalReview),
        ("2022-08-31", Says::Prohibited),
    ];
    for (on, says) in city {
        let outcome = Law::on(&pack, Ask::Information, day(on)).answer(&facts);
        let layers = &outcome.answered().unwrap().layers;
        let of = |layer: Layer| layers.iter().find(|one| one.layer == layer).and_then(|one| one.says);
        assert_eq!(of(Layer::City), Some(says), "{on}");
    }
}

/// The grounds of the draft of July 2014 are a fact that no law in force reads: nobody is asked, and nothing turns on it.
#[test]
fn a_fact_that_only_a_draft_reads_changes_no_answer_of_the_law() {
    let pack = load("us-ma-boston");
    for on in pack.change_days() {
        let law = Law::on(&pack, Ask::Hold, on);
        for given in pack.vocabulary.spread(Ask::Hold, 500) {
            let mut without = given.to_map();
            without.remove("draft_ground");
            let unknown = law.answer(&pack.facts(Ask::Hold, &without).unwrap());
            assert_eq!(unknown, law.answer(&given), "{on}: {without:?}");
        }
    }
    let draft = ActVersion::find(&pack.sections, "trust-act@july-2014").unwrap();
    let under = |ground: &str| {
        let given = [
            ("actor", "police_officer"),
            ("custody", "bond_or_recognizance"),
            ("detainer", "asks_hold"),
            ("administrative_warrant", "false"),
            ("judge_paper", "none"),
            ("verified", "false"),
            ("other_reason", "false"),
            ("draft_ground", ground),
        ];
        let facts = pack.facts(Ask::Hold, &map(&given)).unwrap();
        Law::under(&pack, Ask::Hold, day("2016-03-10"), &draft).answer(&facts).answered().unwrap().says
    };
    assert_eq!((under("none"), under("watch_list")), (Says::Prohibited, Says::Permitted), "the draft does read it");
}

/// What is said while facts are missing: the answers left, the facts they depend on, the question that settles most.
#[test]
fn an_answer_that_depends_on_unknown_facts_says_which_and_what_to_ask_next() {
    let pack = load("us-ma-boston");
    let given = "asks = [\"hold\", \"inquire\", \"count\"]\n[facts]\nactor = \"police_officer\"\ndetainer = \"asks_hold\"\n\
                 judge_paper = \"ice_criminal_warrant\"\nother_reason = false\nform = \"i_247a\"\ncites = \"cfr\"\n";
    let file = pack.read_fact_file("little.toml", given).unwrap();
    let mut text = String::new();
    for (ask, facts) in &file.asks {
        text.push_str(&format!("# {ask}\n"));
        tell(&pack.phrases("en").tell(&answer(&pack, *ask, facts, day("2022-06-14")), &[]), 0, &mut text);
    }
    golden("told/little-known.txt", &text);
}

fn tell(told: &Told, depth: usize, text: &mut String) {
    text.push_str(&format!("{}{}: {}\n", "  ".repeat(depth), told.label, told.text));
    told.below.iter().for_each(|below| tell(below, depth + 1, text));
}

#[test]
fn an_uncertain_first_day_is_named_with_what_each_text_says() {
    let pack = load("us-ma-boston");
    let given = [("actor", "police_officer"), ("recipient", "ice_ero"), ("judge_paper", "none"), ("verified", "false")];
    let facts = pack.facts(Ask::Transfer, &map(&given)).unwrap();
    let outcome = answer(&pack, Ask::Transfer, &facts, day("2020-05-04"));
    let texts: Vec<String> =
        outcome.answered().unwrap().doubts.iter().map(|doubt| Phrases::english().doubt(doubt)).collect();
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
    let names: Vec<&str> = open.open.iter().map(|open| open.fact.name.as_str()).collect();
    assert_eq!(names, ["verified"]);
}

/// The facts of the demonstration, and the sentence that answers each of its twelve requests.
#[test]
fn the_twelve_requests_of_the_demonstration_cite_the_sentence_that_answers_them() {
    let pack = load("us-ma-boston");
    let folder = crate::folder::law_folder().join("../demonstration");
    let year = std::fs::read_to_string(folder.join("year.txt")).unwrap();
    let mut text = String::new();
    for row in year.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = row.split_whitespace();
        let (request, at, facts) = (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
        let name = format!("facts/{facts}.toml");
        let file = pack.read_fact_file(&name, &std::fs::read_to_string(folder.join(&name)).unwrap()).unwrap();
        for (ask, facts) in &file.asks {
            let outcome = answer(&pack, *ask, facts, day(&at[..10]));
            let answer = outcome.answered().unwrap();
            text.push_str(&format!("{request} {} {ask}: {}\n", &at[..10], answer.says));
            for placed in &answer.because {
                let words = placed.rule.words.as_deref().unwrap_or("no words");
                text.push_str(&format!("     {} “{words}”\n", placed.rule.id));
            }
            for doubt in &answer.doubts {
                text.push_str(&format!("     not certain: {}\n", Phrases::english().doubt(doubt)));
            }
        }
    }
    golden("told/demonstration.txt", &text);
}

#[test]
fn no_answer_of_the_whole_space_obliges_to_hold_or_to_tell() {
    let pack = load("us-ma-boston");
    for on in ["2013-01-01", "2016-03-10", "2020-05-04", "2022-06-14"] {
        for ask in [Ask::Hold, Ask::Notify, Ask::Transfer] {
            let law = Law::on(&pack, ask, day(on));
            for given in pack.vocabulary.spread(ask, usize::MAX) {
                let outcome = law.answer(&given);
                assert!(outcome.answered().is_some_and(|answer| answer.obligations().next().is_none()));
            }
        }
    }
    for text in crate::folder::files("us-ma-boston").values() {
        assert!(!text.contains("must hold") && !text.contains("must tell"));
    }
}

#[test]
fn situations_are_spread_over_all_that_are_possible_and_none_comes_twice() {
    let vocabulary = load("us-ma-boston").vocabulary;
    let all = vocabulary.spread(Ask::Hold, usize::MAX);
    let maps: BTreeSet<_> = all.iter().map(Facts::to_map).collect();
    let reads: Vec<_> = vocabulary.ask(Ask::Hold).unwrap().reads(&vocabulary).collect();
    let combinations: usize = reads.iter().map(|fact| fact.answers.len()).product();
    // No paper of a judge, and confirmed: one of five papers, one of two answers.
    assert_eq!((all.len(), maps.len()), (combinations - combinations / 10, all.len()));
    let few = vocabulary.spread(Ask::Hold, 100);
    assert_eq!((few.len(), few.as_slice()), (100, &all[..100]));
    for fact in reads {
        for (answer, _) in &fact.answers {
            assert!(few.iter().any(|facts| facts.get(fact.name.as_str()) == Some(answer)), "{}: {answer}", fact.name);
        }
    }
}

#[test]
fn the_hash_names_every_byte_and_every_path() {
    let files = crate::folder::files("us-tx-travis-county");
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
    let entries = std::fs::read_dir(crate::folder::law_folder()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut ids: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    ids.sort();
    ids
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
