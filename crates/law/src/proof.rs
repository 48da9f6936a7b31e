//! The whole space of a law: every possible situation of every ask on every day on which anything changes. What is true
//! there is proved, not sampled: no unlinked conflict, no broken law of the law, no rule that never does anything.
//!
//! The digest of each ask and day is what a second engine must agree with; `docs/LAW-FORMAT.md` says how it is made.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::asking::{Judged, Law};
use crate::pack::Pack;
use crate::plan::{self, Plan};
use crate::problem::Problem;
use crate::section::{Section, Standing};
use crate::situations::{Grain, Situations, is_impossible};
use crate::table::{EachVersion, Fired, Placed, bits};
use crate::versions::{self, ActVersion, version_of};
use crate::vocabulary::Never;
use crate::words::{Ask, Basis, RuleId, Says};

/// What the whole space of a pack shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// One entry for each day on which anything changes and each ask, and one for each ask under each draft.
    pub spaces: Vec<Space>,
    /// Unlinked conflicts and broken laws of the law, each with one situation that shows it.
    pub problems: Vec<Problem>,
    /// Rules that fire in no situation.
    pub never_fire: Vec<RuleId>,
    /// Rules that fire, and on which no answer ever rests.
    pub never_decide: Vec<RuleId>,
}

/// All situations of one ask under the law of one day, or under one draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// The first day of this law; for a draft the day whose other law stands beside it.
    pub on: Date,
    /// The draft that is asked, as `ACT@NAME`.
    pub under: Option<String>,
    /// The ask.
    pub ask: Ask,
    /// Combinations of answers to the facts that the law reads.
    pub read: usize,
    /// Those among them that the pack does not call impossible.
    pub possible: usize,
    /// How many of these are answered how: prohibited, needs legal review, permitted, not regulated.
    pub says: [usize; Says::ALL.len()],
    /// The first 16 hexadecimal digits of SHA-256 over the answers to them all.
    pub digest: String,
}

impl Pack {
    /// The days on which the law may change: first days, the days until which they are uncertain, and ends.
    #[must_use]
    pub fn change_days(&self) -> BTreeSet<Date> {
        versions::change_days(&self.sections)
    }

    /// The drafts of its acts, each by name.
    pub(crate) fn drafts(&self) -> Vec<ActVersion> {
        let is_draft = |section: &&Section| matches!(section.standing, Standing::Draft { .. });
        let names: BTreeSet<String> = self
            .sections
            .iter()
            .filter(is_draft)
            .map(|section| format!("{}@{}", section.act, version_of(section)))
            .collect();
        names.iter().filter_map(|name| ActVersion::find(&self.sections, name).ok()).collect()
    }

    /// The laws of every ask on every day on which anything changes, and under every draft beside the newest law.
    pub(crate) fn laws(&self) -> Vec<(Law<'_>, Option<String>)> {
        let asks: Vec<Ask> = self.vocabulary.asks.iter().map(|entry| entry.ask).collect();
        let days = self.change_days();
        let dated = days.iter().flat_map(|day| asks.iter().map(|ask| (Law::on(self, *ask, *day), None)));
        let mut laws: Vec<(Law<'_>, Option<String>)> = dated.collect();
        if let Some(newest) = days.last() {
            for draft in self.drafts() {
                laws.extend(asks.iter().map(|ask| (Law::under(self, *ask, *newest, &draft), Some(draft.to_string()))));
            }
        }
        laws
    }
}

/// Tries every situation of a pack.
#[must_use]
pub fn prove(pack: &Pack) -> Proof {
    let mut proof = Proof::default();
    let mut seen = Seen::default();
    let laws = pack.laws();
    for (place, (law, under)) in laws.iter().enumerate() {
        // Where nothing of an ask changes, an earlier day has shown everything.
        let same = laws.iter().take(place).position(|(other, _)| other.is_same(law));
        let space = match same.and_then(|same| proof.spaces.get(same)) {
            Some(known) => Space { on: law.on, under: under.clone(), ..known.clone() },
            None => Walk { law, proof: &mut proof, seen: &mut seen }.whole_space(under.clone()),
        };
        proof.spaces.push(space);
    }
    for section in &pack.sections {
        for rule in &section.rules {
            if !seen.fired.contains(&rule.id) {
                proof.never_fire.push(rule.id.clone());
            } else if !seen.decided.contains(&rule.id) {
                proof.never_decide.push(rule.id.clone());
            }
        }
    }
    proof.problems.sort();
    proof.problems.dedup_by(|one, other| (&one.file, one.line) == (&other.file, other.line));
    proof
}

/// Tries every situation of one law: its counts and its digest.
#[must_use]
pub fn space(law: &Law<'_>) -> Space {
    Walk { law, proof: &mut Proof::default(), seen: &mut Seen::default() }.whole_space(None)
}

/// The plan of questions for an ask of which nothing is known.
#[must_use]
pub fn question_plan(law: &Law<'_>) -> Plan {
    let nothing = law.pack.vocabulary.nothing_known().to_vec();
    let situations = Situations::of(law.pack, nothing, &law.kinds, Grain::Kinds);
    let mut situation = Vec::new();
    let judged = (0..situations.count())
        .map(|number| situations.write(number, &mut situation).then(|| law.judge(&mut situation).says));
    let found: Vec<Option<Says>> = judged.collect();
    plan::whole(&situations, &found)
}

/// The rules seen to fire, and those that an answer rested on.
#[derive(Default)]
struct Seen {
    fired: BTreeSet<RuleId>,
    decided: BTreeSet<RuleId>,
}

/// A walk through all situations of one law.
struct Walk<'a, 'p> {
    law: &'a Law<'p>,
    proof: &'a mut Proof,
    seen: &'a mut Seen,
}

impl Walk<'_, '_> {
    fn whole_space(&mut self, under: Option<String>) -> Space {
        let law = self.law;
        let situations =
            Situations::of(law.pack, law.pack.vocabulary.nothing_known().to_vec(), &law.kinds, Grain::Answers);
        let mut space = Space {
            on: law.on,
            under,
            ask: law.ask,
            read: situations.count(),
            possible: 0,
            says: [0; Says::ALL.len()],
            digest: String::new(),
        };
        // What fires settles the answer, and few things fire together: each answer is made once.
        let mut answers: Vec<(Says, String)> = Vec::new();
        let mut places: BTreeMap<EachVersion<Fired>, usize> = BTreeMap::new();
        let mut hasher = Sha256::new();
        let mut fired = EachVersion::new();
        situations.each(|situation| {
            law.book.fire(&law.tables, situation, &mut fired);
            let place = places.get(&fired).copied().unwrap_or_else(|| {
                let judged = law.judge_fired(&fired);
                self.note(&judged, situation);
                answers.push((judged.says, Answered::of(&judged).line(law)));
                places.insert(fired.clone(), answers.len() - 1);
                answers.len() - 1
            });
            let Some((says, line)) = answers.get(place) else { return };
            space.possible += 1;
            let place = Says::ALL.iter().position(|one| one == says);
            if let Some(count) = place.and_then(|place| space.says.get_mut(place)) {
                *count += 1;
            }
            hasher.update(line.as_bytes());
            self.laws_of_the_law(*says, situation);
        });
        space.digest = hex(&hasher.finalize());
        space
    }

    /// Notes what fired and what an answer rests on, and the conflicts in it.
    fn note(&mut self, judged: &Judged, situation: &[u64]) {
        let book = &self.law.book;
        let named = |placed: &[Placed<'_>], mask: u64| -> Vec<RuleId> {
            bits(mask).filter_map(|index| Some(placed.get(index)?.rule.id.clone())).collect()
        };
        for verdict in &judged.verdicts {
            self.seen.fired.extend(named(&book.rules, verdict.fired));
            self.seen.fired.extend(named(&book.definitions, verdict.defined));
            self.seen.decided.extend(named(&book.rules, verdict.reasons | verdict.doubts));
            self.seen.decided.extend(named(&book.definitions, verdict.defined));
        }
        if judged.verdicts.iter().any(|verdict| verdict.conflict) {
            self.conflict(judged, situation);
        }
    }

    fn conflict(&mut self, judged: &Judged, situation: &[u64]) {
        let book = &self.law.book;
        for (prohibition, permission) in judged.verdicts.iter().flat_map(|verdict| book.conflicts(verdict)) {
            let (Some(forbids), Some(permits)) = (book.rules.get(prohibition), book.rules.get(permission)) else {
                continue;
            };
            let known =
                self.proof.problems.iter().any(|one| one.file == forbids.section.file && one.line == forbids.rule.line);
            if !known {
                self.proof.problems.push(Problem {
                    file: forbids.section.file.clone(),
                    line: forbids.rule.line,
                    message: format!(
                        "`{}` forbids and `{}` permits, with no link between them: {}",
                        forbids.rule.id,
                        permits.rule.id,
                        self.law.described(situation)
                    ),
                    hint: Some("write `excepts` in the one or `despite` in the other".to_owned()),
                });
            }
        }
    }

    /// Makes the changes that the pack says must never free anybody.
    fn laws_of_the_law(&mut self, says: Says, situation: &[u64]) {
        let about = |never: &&Never| never.asks.contains(&self.law.ask) && never.turns.contains(&says);
        for never in self.law.pack.vocabulary.never.iter().filter(about) {
            let known = self.proof.problems.iter().any(|one| one.file == "facts.toml" && one.line == never.line);
            if known || !never.among.holds(situation) {
                continue;
            }
            let mut changed = situation.to_vec();
            for change in &never.change.conditions {
                if let Some(fact) = changed.get_mut(change.fact) {
                    *fact = change.within;
                }
            }
            if is_impossible(self.law.pack, &changed) {
                continue;
            }
            let then = self.law.judge(&mut changed).says;
            if never.into.contains(&then) {
                self.proof.problems.push(Problem {
                    file: "facts.toml".to_owned(),
                    line: never.line,
                    message: format!(
                        "broken: {}: {says} becomes {then} where {}",
                        never.says,
                        self.law.described(situation)
                    ),
                    hint: None,
                });
            }
        }
    }
}

impl Law<'_> {
    /// A situation in the spelling of fact files: `2022-06-14 hold: actor = police_officer, …`.
    pub(crate) fn described(&self, situation: &[u64]) -> String {
        let fact = |(index, _): &(usize, Vec<u64>)| {
            let fact = self.pack.vocabulary.facts.get(*index)?;
            let answers: Vec<&str> = fact.answers_in(*situation.get(*index)?).map(|(name, _)| name).collect();
            Some(format!("{} = {}", fact.name, answers.join("|")))
        };
        let facts: Vec<String> = self.kinds.iter().filter_map(fact).collect();
        format!("{} {}: {}", self.on, self.ask, facts.join(", "))
    }
}

/// An answer to one situation, as the digest takes it: what is said, how well it is known, and why.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Answered {
    says: Says,
    basis: Basis,
    reasons: u64,
    defined: u64,
    doubts: u64,
}

impl Answered {
    fn of(judged: &Judged) -> Self {
        let start = Self { says: judged.says, basis: Basis::Certified, reasons: 0, defined: 0, doubts: 0 };
        judged.verdicts.iter().fold(start, |all, verdict| Self {
            says: all.says,
            basis: all.basis.max(verdict.basis),
            reasons: all.reasons | verdict.reasons,
            defined: all.defined | verdict.defined,
            doubts: all.doubts | verdict.doubts,
        })
    }

    /// `SAYS BASIS REASON,REASON DOUBT,DOUBT`, names in byte order, and a line feed.
    fn line(self, law: &Law<'_>) -> String {
        let names = |placed: &[Placed<'_>], mask: u64| -> BTreeSet<String> {
            bits(mask).filter_map(|index| Some(placed.get(index)?.rule.id.to_string())).collect()
        };
        let mut reasons = names(&law.book.rules, self.reasons);
        reasons.extend(names(&law.book.definitions, self.defined));
        let doubts = names(&law.book.rules, self.doubts);
        let joined = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(",");
        format!("{} {} {} {}\n", self.says, self.basis, joined(reasons), joined(doubts))
    }
}

fn hex(hash: &[u8]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Display for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [prohibited, review, permitted, silent] = self.says;
        let under = self.under.as_deref().unwrap_or("law");
        write!(f, "{} {under} {} {} {}", self.on, self.ask, self.read, self.possible)?;
        write!(f, " {prohibited} {review} {permitted} {silent} {}", self.digest)
    }
}
