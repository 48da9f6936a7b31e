//! `law check`: runs the scenarios of a pack and says which came out otherwise than written.

use crate::answer::{Doubt, Outcome};
use crate::pack::Pack;
use crate::problem::Problem;
use crate::scenario::Scenario;
use crate::words::{Basis, Says};

/// What running the scenarios found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How many scenarios ran.
    pub scenarios: usize,
    /// Those that came out otherwise than written.
    pub failures: Vec<Problem>,
}

/// Runs every scenario of a pack.
#[must_use]
pub fn check(pack: &Pack) -> Check {
    let failures = pack.scenarios.iter().filter_map(|scenario| failure(pack, scenario)).collect();
    Check { scenarios: pack.scenarios.len(), failures }
}

/// Runs one scenario; the problem says what came out instead.
pub(crate) fn failure(pack: &Pack, scenario: &Scenario) -> Option<Problem> {
    let outcome = scenario.law(pack).answer(&scenario.given);
    let reasons = reasons(&outcome);
    let (says, basis) = match &outcome {
        Outcome::Answered(answer) => (vec![answer.says], Some(answer.basis)),
        Outcome::StillPossible(open) => (open.possible.clone(), None),
    };
    let wrong = if says != scenario.says {
        format!("says {}, not {}", list(&says), list(&scenario.says))
    } else if scenario.basis.is_some() && scenario.basis != basis {
        format!("rests on {}", basis.map_or("no basis", Basis::code))
    } else if let Some(missing) = scenario.because.iter().find(|word| !reasons.contains(&word.as_str())) {
        format!("does not rest on `{missing}`")
    } else if scenario.because.is_empty() && !reasons.is_empty() {
        "has reasons although the scenario names none".to_owned()
    } else {
        return None;
    };
    let why = if reasons.is_empty() { String::new() } else { format!("; reasons: {}", reasons.join(", ")) };
    Some(Problem {
        file: scenario.file.clone(),
        line: scenario.line,
        message: format!("scenario `{}` {wrong}{why}", scenario.name),
        hint: None,
    })
}

/// The rules an answer rests on or doubts, and their citations.
fn reasons<'p>(outcome: &Outcome<'p>) -> Vec<&'p str> {
    let Outcome::Answered(answer) = outcome else { return Vec::new() };
    let mut placed = answer.because.clone();
    for doubt in &answer.doubts {
        match doubt {
            Doubt::Unclear { placed: one, .. } => placed.push(*one),
            Doubt::Conflict { prohibition, permission } => placed.extend([*prohibition, *permission]),
            Doubt::NotLoaded | Doubt::FirstDay { .. } => {}
        }
    }
    placed.iter().flat_map(|one| [one.rule.id.as_str(), one.section.citation.as_str()]).collect()
}

fn list(says: &[Says]) -> String {
    says.iter().map(|says| says.code()).collect::<Vec<_>>().join(" or ")
}
