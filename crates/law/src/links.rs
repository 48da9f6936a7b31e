//! Checks that need more than one file: names used twice, links to rules that are not there or never meet, acts whose
//! sections disagree about their first day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::problem::{Problem, spelling_hint};
use crate::rule::{Rule, Target};
use crate::section::{FirstDay, Section};
use crate::table::RULES_LIMIT;
use crate::versions::{Versions, change_days, version_of};
use crate::vocabulary::Vocabulary;
use crate::words::{Act, Effect, RuleId};

/// On one day so many first days may be uncertain: each doubles the versions that are tried.
const UNCERTAIN_LIMIT: usize = 4;

type Located<'p> = (&'p Section, &'p Rule);

/// All rules of a pack, and the names of all that stand in its files.
struct PackRules<'p> {
    rules: Vec<Located<'p>>,
    names: &'p BTreeSet<RuleId>,
}

/// All problems between files. `names` are those of all rules, readable or not.
pub(crate) fn check(sections: &[Section], names: &BTreeSet<RuleId>, vocabulary: &Vocabulary) -> Vec<Problem> {
    let rules = sections.iter().flat_map(|section| section.rules.iter().map(move |rule| (section, rule))).collect();
    let pack = PackRules { rules, names };
    let mut problems = Vec::new();
    check_names(sections, &pack.rules, &mut problems);
    for located in &pack.rules {
        check_exceptions(*located, &pack, &mut problems);
        check_despite(*located, &pack, &mut problems);
        check_derived(*located, &pack.rules, vocabulary, &mut problems);
    }
    check_first_days(sections, &mut problems);
    check_versions(sections, &mut problems);
    // Trying the versions of a pack with too many uncertain days would not end.
    if problems.is_empty() {
        check_rule_limit(sections, vocabulary, &mut problems);
    }
    problems
}

fn problem(section: &Section, line: usize, message: String, hint: Option<String>) -> Problem {
    Problem { file: section.file.clone(), line, message, hint }
}

fn check_names(sections: &[Section], rules: &[Located<'_>], problems: &mut Vec<Problem>) {
    let mut names = BTreeMap::new();
    for section in sections {
        if let Some(first) = names.insert(section.id.as_str(), section) {
            let message = format!("section `{}` is also in {}", section.id, first.file);
            problems.push(problem(section, section.line, message, None));
        }
    }
    let mut names = BTreeMap::new();
    for (section, rule) in rules {
        if let Some((other, first)) = names.insert(rule.id.as_str(), (section, rule)) {
            let message = format!("rule `{}` is also at {}:{}", rule.id, other.file, first.line);
            problems.push(problem(section, rule.line, message, None));
        }
    }
}

/// An exception meets its prohibition: it exists, forbids, shares an ask and a day. Checked over the pack, not per day.
/// A layer may be empty for now: a federal section does not wait for the city's.
fn check_exceptions((section, rule): Located<'_>, pack: &PackRules<'_>, problems: &mut Vec<Problem>) {
    for target in &rule.excepts {
        let Target::Rule(id) = target else { continue };
        let Some((other_section, other)) = pack.find(id) else {
            pack.refuse_missing((section, rule), "excepts", id, Effect::Forbids, problems);
            continue;
        };
        let meets = other.effect == Effect::Forbids
            && other.asks.iter().any(|ask| rule.asks.contains(ask))
            && share_a_day(section, other_section);
        if !meets {
            let hint = Some("it must forbid, share an ask, and be law on a common day".to_owned());
            let message = format!("`excepts` names rule `{id}`, which this exception never meets");
            problems.push(problem(section, rule.line, message, hint));
        }
    }
}

/// A prohibition that stands beside a permission names one of its own layer.
fn check_despite((section, rule): Located<'_>, pack: &PackRules<'_>, problems: &mut Vec<Problem>) {
    for id in &rule.despite {
        let Some((other_section, other)) = pack.find(id) else {
            pack.refuse_missing((section, rule), "despite", id, Effect::Permits, problems);
            continue;
        };
        if other.effect != Effect::Permits || other_section.layer != section.layer {
            let message = format!("`despite` names rule `{id}`, which is no permission of this layer");
            problems.push(problem(section, rule.line, message, None));
        }
    }
}

impl<'p> PackRules<'p> {
    fn find(&self, id: &RuleId) -> Option<&Located<'p>> {
        self.rules.iter().find(|(_, rule)| rule.id == *id)
    }

    /// Refuses a link to a rule that is not there; one that is there and could not be read has its own problem.
    fn refuse_missing(
        &self,
        (section, rule): Located<'_>,
        key: &str,
        id: &RuleId,
        wanted: Effect,
        problems: &mut Vec<Problem>,
    ) {
        if self.names.contains(id) {
            return;
        }
        let valid = self.rules.iter().filter(|(_, other)| other.effect == wanted);
        let hint = spelling_hint(id.as_str(), valid.map(|(_, other)| other.id.as_str()));
        problems.push(problem(
            section,
            rule.line,
            format!("`{key}` names rule `{id}`, which is not in the pack"),
            hint,
        ));
    }
}

/// An ask that reads a derived fact reads what its definitions read, and there is a definition.
fn check_derived(
    (section, rule): Located<'_>,
    rules: &[Located<'_>],
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) {
    for index in rule.reads() {
        let Some(fact) = vocabulary.facts.get(index).filter(|fact| fact.derived) else { continue };
        let definitions = rules.iter().filter(|(of, other)| other.defines == Some(index) && share_a_day(section, of));
        let read: Vec<usize> = definitions.flat_map(|(_, definition)| definition.reads()).collect();
        if read.is_empty() {
            let message = format!("rule `{}` reads `{}`, which nothing defines while it is law", rule.id, fact.name);
            problems.push(problem(section, rule.line, message, None));
        }
        for entry in rule.asks.iter().filter_map(|ask| vocabulary.ask(*ask)) {
            let lacking = read.iter().find(|needed| !entry.facts.contains(needed));
            if let Some(lacking) = lacking.and_then(|index| vocabulary.facts.get(*index)) {
                let message = format!("ask `{}` reads `{}` but not `{}`", entry.ask, fact.name, lacking.name);
                let hint = Some(format!("list `{}` in `[ask.{}]` of facts.toml", lacking.name, entry.ask));
                problems.push(problem(section, rule.line, message, hint));
            }
        }
    }
}

/// Sections of one act that begin together begin on the same uncertain day.
fn check_first_days(sections: &[Section], problems: &mut Vec<Problem>) {
    let mut changes: BTreeMap<(&str, Date), FirstDay> = BTreeMap::new();
    for section in sections {
        let Some((first, _)) = section.law() else { continue };
        let change = *changes.entry((section.act.as_str(), first.earliest)).or_insert(first);
        if change != first {
            let message =
                format!("sections of `{}` that begin on {} give different ranges", section.act, first.earliest);
            let hint = Some("they came in together: write the same `from_at_latest`".to_owned());
            problems.push(problem(section, section.line, message, hint));
        }
    }
    for section in sections {
        let Some((first, _)) = section.law() else { continue };
        let uncertain = changes.values().filter(|change| change.is_uncertain_on(first.earliest)).count();
        if uncertain > UNCERTAIN_LIMIT {
            let message = format!("more than {UNCERTAIN_LIMIT} first days are uncertain on {}", first.earliest);
            problems.push(problem(section, section.line, message, None));
        }
    }
}

/// No more rules, and no more definitions, than an answer can look at: over all acts, each with that version of it which
/// has most. INVARIANT: no law of a pack that loads has a rule that is left out.
fn check_rule_limit(sections: &[Section], vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    let Some(last) = sections.last() else { return };
    let acts: BTreeSet<&Act> = sections.iter().map(|section| &section.act).collect();
    let at_once: Vec<Vec<Vec<&Section>>> = acts.into_iter().map(|act| at_once(sections, act)).collect();
    let most = |counts: &dyn Fn(&Rule) -> bool| -> usize {
        at_once.iter().filter_map(|act| act.iter().map(|together| rules_of(together, counts)).max()).sum()
    };
    let mut refuse = |what: String, found: usize| {
        if found > RULES_LIMIT {
            let hint = Some("say with one rule what several say, or end old sections".to_owned());
            problems.push(problem(
                last,
                last.line,
                format!("{what} at once: {found}, and {RULES_LIMIT} at most"),
                hint,
            ));
        }
    };
    for entry in &vocabulary.asks {
        refuse(format!("too many rules for ask `{}`", entry.ask), most(&|rule| rule.asks.contains(&entry.ask)));
    }
    refuse("too many definitions".to_owned(), most(&|rule| rule.effect == Effect::Defines));
}

/// The sections of an act that may be tried together: in any version of a day, or in a draft.
fn at_once<'p>(sections: &'p [Section], act: &Act) -> Vec<Vec<&'p Section>> {
    let of_act = || sections.iter().filter(|section| section.act == *act);
    let drafts: BTreeSet<String> = of_act().filter(|section| section.law().is_none()).map(version_of).collect();
    let in_draft = |name: &String| of_act().filter(|one| one.law().is_none() && version_of(one) == *name).collect();
    let on = |day: Date| {
        let versions = Versions::of_act(sections, act, day);
        of_act().filter(|section| versions.each.iter().any(|version| version.has(section))).collect()
    };
    drafts.iter().map(in_draft).chain(change_days(sections).into_iter().map(on)).collect()
}

fn rules_of(sections: &[&Section], counts: &dyn Fn(&Rule) -> bool) -> usize {
    sections.iter().flat_map(|section| &section.rules).filter(|rule| counts(rule)).count()
}

/// One text takes the place of another on its first day: no text is law twice, none is forgotten.
fn check_versions(sections: &[Section], problems: &mut Vec<Problem>) {
    for section in sections {
        for id in &section.replaces {
            let Some(earlier) = sections.iter().find(|other| other.id == *id) else {
                let hint = spelling_hint(id.as_str(), sections.iter().map(|other| other.id.as_str()));
                let message = format!("`replaces` names section `{id}`, which is not in the pack");
                problems.push(problem(section, section.line, message, hint));
                continue;
            };
            check_replaced(section, earlier, problems);
        }
        let overlapping = sections.iter().take_while(|other| other.id != section.id).find(|other| {
            other.act == section.act && other.citation == section.citation && share_a_day(other, section)
        });
        if let Some(other) = overlapping.filter(|other| section.law().is_some() && other.law().is_some()) {
            let message = format!("overlapping versions: `{}` and `{}` have one citation", other.id, section.id);
            let hint = Some("end the earlier one with `until`, or cite them apart".to_owned());
            problems.push(problem(section, section.line, message, hint));
        }
    }
}

fn check_replaced(section: &Section, earlier: &Section, problems: &mut Vec<Problem>) {
    if earlier.act != section.act {
        let message = format!("`replaces` names section `{}`, which is of another act", earlier.id);
        problems.push(problem(section, section.line, message, None));
    }
    let (Some((first, _)), Some((_, until))) = (section.law(), earlier.law()) else { return };
    if until != Some(first.earliest) {
        let message = format!("overlapping versions: `{}` does not end when `{}` begins", earlier.id, section.id);
        let hint = Some(format!("write `until = {}` in {}", first.earliest, earlier.file));
        problems.push(problem(section, section.line, message, hint));
    }
}

/// Whether two sections may be law on one day. Drafts meet everything: they are replayed by name.
fn share_a_day(left: &Section, right: &Section) -> bool {
    let (Some((left_from, left_until)), Some((right_from, right_until))) = (left.law(), right.law()) else {
        return true;
    };
    left_until.is_none_or(|until| right_from.earliest < until)
        && right_until.is_none_or(|until| left_from.earliest < until)
}
