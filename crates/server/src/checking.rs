//! `candor law check`: all problems of packs at once, and what trying every situation and every mutant shows.

use std::collections::BTreeSet;

use anyhow::Result;
use law::{Pack, Problem};

use crate::packs::{self, Problems};
use crate::{cli, screen};

/// Checks packs: every problem of all of them, then what trying every situation and every mutant shows.
pub(crate) fn check(check: &cli::CheckPacks) -> Result<()> {
    let mut checked: Vec<Checked> = Vec::new();
    let mut problems = Vec::new();
    for name in &check.packs {
        let mut found = |problem: &Problem| problems.push(Problem { file: in_pack(name, problem), ..problem.clone() });
        let pack = match Pack::load(&packs::find(name)?) {
            Ok(pack) => pack,
            Err(problems) => {
                problems.iter().for_each(found);
                continue;
            }
        };
        if let Some(other) = checked.iter().find(|other| other.pack.id == pack.id) {
            found(&law::same_id(&other.name, &pack));
        }
        let (scenarios, proof) = (law::check(&pack), law::prove(&pack));
        let mutants = (!check.no_mutants).then(|| law::mutants(&pack));
        scenarios.failures.iter().for_each(&mut found);
        proof.problems.iter().for_each(&mut found);
        mutants.iter().flat_map(|mutants| &mutants.survivors).for_each(&mut found);
        checked.push(Checked { name: name.clone(), pack, proof, mutants });
    }
    if check.json {
        screen::print_json(&serde_json::Value::Array(checked.iter().map(checked_json).collect()))?;
    } else {
        checked.iter().try_for_each(|checked| screen::show(&shown(checked, check.space)))?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems).into()) }
}

/// Where a problem of one of several packs stands.
fn in_pack(pack: &str, problem: &Problem) -> String {
    format!("{}/{}", pack.trim_end_matches('/'), problem.file)
}

/// A law pack and what checking it showed.
struct Checked {
    /// As it was named on the command line.
    name: String,
    pack: Pack,
    proof: law::Proof,
    mutants: Option<law::Mutants>,
}

/// The proof of a pack; with `space`, the counts and digest of every ask and day.
fn shown(checked: &Checked, space: bool) -> String {
    let Checked { pack, proof, mutants, .. } = checked;
    let situations: usize = proof.spaces.iter().map(|space| space.possible).sum();
    let days = proof.spaces.iter().map(|space| space.on).collect::<BTreeSet<_>>().len();
    let mut text = format!(
        "{} version {}: {} sections, {} rules, {} scenarios\n\
         tried      {situations} situations on {days} days of change\n",
        pack.id,
        pack.version,
        pack.sections.len(),
        pack.sections.iter().map(|section| section.rules.len()).sum::<usize>(),
        pack.scenarios.len(),
    );
    for (title, rules) in [("never fire", &proof.never_fire), ("never decide", &proof.never_decide)] {
        if !rules.is_empty() {
            let names: Vec<String> = rules.iter().map(ToString::to_string).collect();
            text.push_str(&screen::wrapped(0, title, &names.join(", ")));
        }
    }
    if let Some(mutants) = mutants {
        text.push_str(&format!(
            "mutants    {} made, {} of them change some answer, {} of these go unnoticed\n",
            mutants.made,
            mutants.effective,
            mutants.survivors.len()
        ));
        if !mutants.without_effect.is_empty() {
            let count = mutants.without_effect.len();
            text.push_str(&format!(
                "           {count} change none: what they alter decides nothing (`--json` lists them)\n"
            ));
        }
    }
    text.push_str(&format!("hash       {}\n", pack.hash()));
    if space {
        text.push_str("day under ask read possible prohibited needs-legal-review permitted not-regulated digest\n");
        proof.spaces.iter().for_each(|space| text.push_str(&format!("{space}\n")));
    }
    text
}

/// The proof of a pack, for programs.
fn checked_json(checked: &Checked) -> serde_json::Value {
    let Checked { pack, proof, mutants, .. } = checked;
    let names = |rules: &[law::RuleId]| rules.iter().map(ToString::to_string).collect::<Vec<_>>();
    serde_json::json!({
        "pack": pack.id.to_string(),
        "version": pack.version,
        "hash": pack.hash().to_string(),
        "sections": pack.sections.len(),
        "scenarios": pack.scenarios.len(),
        "spaces": proof.spaces.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "never_fire": names(&proof.never_fire),
        "never_decide": names(&proof.never_decide),
        "mutants": mutants.as_ref().map(|mutants| serde_json::json!({
            "made": mutants.made,
            "effective": mutants.effective,
            "without_effect": mutants.without_effect,
            "survivors": mutants.survivors,
        })),
    })
}
