//! Draft packs of other laws than those of this repository: what the format must be able to say, tried on four statutes.
//! Each loads, is a draft, and answers every scenario; every rule is a reason or a doubt in one of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its pack fails")]

mod folder;

use folder::{files, load};
use law::derived::due;
use law::{Answer, Ask, Pack, Says, answer, check};

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

/// A rule that can go without a scenario noticing is a rule that nobody has pinned. Its name is taken out of links and
/// scenarios too, so that it is the answers that must change.
#[test]
fn without_any_one_rule_some_scenario_answers_otherwise() {
    let mut unnoticed = Vec::new();
    for id in PACKS {
        let files = files(id);
        for rule in load(id).sections.iter().flat_map(|section| &section.rules) {
            let altered = files.iter().map(|(path, text)| (path.clone(), without(text, rule.id.as_str()))).collect();
            let noticed = match Pack::load(&altered) {
                Ok(pack) => !check(&pack).failures.is_empty(),
                // The loader itself notices a derived fact that nothing defines any more.
                Err(problems) => problems.iter().all(|problem| problem.message.contains("which nothing defines")),
            };
            if !noticed {
                unnoticed.push(format!("{id}: {}", rule.id));
            }
        }
    }
    assert!(unnoticed.is_empty(), "no scenario needs {}", unnoticed.join(", "));
}

/// A file without a rule and without its name in any list.
fn without(text: &str, rule: &str) -> String {
    let mut text = text.to_owned();
    if let Some(start) = text.find(&format!("[[rule]]\nid = \"{rule}\"\n")) {
        let rest = &text[start + 8..];
        let end = rest.find("[[rule]]").unwrap_or(rest.len()).min(rest.find("```").unwrap());
        let is_alone = text[..start].ends_with("```rule\n") && rest[end..].starts_with("```");
        text = match is_alone {
            true => format!("{}{}", text[..start].strip_suffix("```rule\n").unwrap(), &rest[end + 3..]),
            false => format!("{}{}", &text[..start], &rest[end..]),
        };
    }
    let name = format!("\"{rule}\"");
    text.replace(&format!("{name}, "), "").replace(&format!(", {name}"), "").replace(&name, "")
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
    let answer = match_without_conviction("[[paper]]\nkind = \"i-200\"\n", false);
    let duty = &answer.obligations[0].duty;
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
    assert!(match_without_conviction(warrant, true).obligations.is_empty());
}

/// What the law of New York answers the police about a possible match who was never convicted of a listed crime.
fn match_without_conviction(paper: &str, presented: bool) -> Answer {
    let file = format!(
        "asks = [\"hold\"]\nconviction = []\n[facts]\nactor = \"police\"\ndetainer = true\npresented = {presented}\n\
         reentered = false\nwatchlist = true\n[event]\narrest_at = 2026-10-30T08:00:00-04:00\n{paper}"
    );
    let pack = load("us-ny-nyc");
    let facts = pack.read_fact_file("facts.toml", &file).unwrap();
    let outcome = answer(&pack, Ask::Hold, &facts.asks.first().unwrap().1, "2026-10-30".parse().unwrap());
    assert_eq!(outcome.answered().unwrap().says, Says::Permitted);
    outcome.answered().unwrap().clone()
}
