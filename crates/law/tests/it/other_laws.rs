//! Draft packs of other laws than those of this repository: what the format must be able to say, tried on four statutes.
//! Each loads, is a draft, and answers every scenario; every rule is a reason or a doubt in one of them.

use crate::folder::{golden, load};
use law::derived::due;
use law::{Ask, Duty, Says, answer, check, mutants, prove};

const PACKS: [&str; 4] = ["us-ca", "us-il", "us-ny-nyc", "us-or"];

#[test]
fn every_draft_pack_loads_and_every_scenario_holds() {
    let mut failures = Vec::new();
    for id in PACKS {
        let pack = load(id);
        assert_eq!(pack.id.as_str(), id);
        assert!(pack.draft, "{id} must never be adopted");
        assert!(!pack.scenarios.is_empty(), "{id} has scenarios");
        failures.extend(check(&pack).failures.iter().map(|failure| format!("{id}/{failure}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_situation_of_a_draft_pack_contradicts_itself_every_rule_decides_one_and_every_mutant_is_noticed() {
    let mut problems = Vec::new();
    for id in PACKS {
        let pack = load(id);
        let proof = prove(&pack);
        assert_eq!((proof.never_fire, proof.never_decide), (Vec::new(), Vec::new()), "{id}");
        let found = proof.problems.into_iter().chain(mutants(&pack).survivors);
        problems.extend(found.map(|problem| format!("{id}/{problem}")));
        let spaces: Vec<String> = proof.spaces.iter().map(ToString::to_string).collect();
        golden(&format!("spaces/{id}.txt"), &format!("{}\n", spaces.join("\n")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_rule_of_a_draft_pack_is_a_reason_or_a_doubt_in_some_scenario() {
    for id in PACKS {
        let pack = load(id);
        let named: Vec<&str> =
            pack.scenarios.iter().flat_map(|scenario| &scenario.because).map(String::as_str).collect();
        let unnamed: Vec<&str> = pack
            .sections
            .iter()
            .flat_map(|section| &section.rules)
            .map(|rule| rule.id.as_str())
            .filter(|id| !named.contains(id))
            .collect();
        assert!(unnamed.is_empty(), "{id}: no scenario names {}", unnamed.join(", "));
    }
}

/// 14-154(b)(2): forty-eight hours without Saturdays, Sundays and holidays, then release and no word to anybody.
#[test]
fn the_forty_eight_hours_of_new_york_run_past_a_weekend_and_end_in_a_release_without_notice() {
    let duties = match_without_conviction("[[paper]]\nkind = \"i-200\"\n", false);
    let [duty] = duties.as_slice() else { panic!("{duties:?}") };
    assert_eq!(duty.to_do, "without a judicial warrant by then, release and do not notify");
    let from = "2026-10-30T17:00-04".parse().unwrap();
    let due = due(duty, from, &load("us-ny-nyc").calendar).unwrap().unwrap();
    assert_eq!(due.at, "2026-11-03T17:00-05".parse().unwrap());
    assert!(due.years_without_holidays.is_empty());
}

#[test]
fn with_a_judicial_warrant_the_forty_eight_hours_do_not_run() {
    let warrant = "[[paper]]\nkind = \"warrant\"\nsigned_by = \"district_judge\"\nmatter = \"criminal\"\n\
                   held_by = \"ice\"\nconfirmed = true\n";
    assert_eq!(match_without_conviction(warrant, true), []);
}

/// What New York's permission to the police to hold a possible match, never convicted of a listed crime, obliges to.
fn match_without_conviction(paper: &str, presented: bool) -> Vec<Duty> {
    let file = format!(
        "asks = [\"hold\"]\nconviction = []\n[facts]\nactor = \"police\"\ndetainer = true\npresented = {presented}\n\
         reentered = false\nwatchlist = true\n[event]\narrest_at = 2026-10-30T08:00:00-04:00\n{paper}"
    );
    let pack = load("us-ny-nyc");
    let facts = pack.read_fact_file("facts.toml", &file).unwrap();
    let outcome = answer(&pack, Ask::Hold, &facts.asks.first().unwrap().1, "2026-10-30".parse().unwrap());
    assert_eq!(outcome.answered().unwrap().says, Says::Permitted);
    outcome.answered().unwrap().obligations().map(|one| one.duty.clone()).collect()
}
