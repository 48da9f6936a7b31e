//! A rule in plain English, made from its boxes: a box is already a sentence. What people read about a rule is made
//! here from the words that the pack gives to its asks, facts and answers; no rule has a sentence of its own.
//!
//! INVARIANT: nothing on which a rule depends is left out, and nothing is added: whoever codes the sentences again gets
//! the rule.

use crate::derived::{Uncounted, Within};
use crate::pack::Pack;
use crate::rule::{Duty, Rule, Target};
use crate::vocabulary::{ACTOR, Condition, Fact, FactBox, Vocabulary};
use crate::words::{Ask, Effect, Layer};

/// A rule in plain English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// What the rule does, to whom, and when.
    pub says: Clause,
    /// When it does not.
    pub unless: Option<Clause>,
    /// How it stands to other rules, and what it obliges to do: whole sentences.
    pub also: Vec<String>,
    /// What a lawyer must settle, in the pack's words.
    pub unclear: Option<String>,
}

/// A sentence without its full stop, or the beginning of one that goes on with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The sentence; with items it ends in a colon.
    pub lead: String,
    /// What stands between the items.
    pub joint: Joint,
    /// The list, empty for a sentence that is whole.
    pub items: Vec<String>,
}

/// How the items of a list belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// All of them hold.
    All,
    /// One of them is enough.
    Any,
}

/// A rule of a pack in plain English.
#[must_use]
pub fn rule(pack: &Pack, rule: &Rule) -> Plain {
    let vocabulary = &pack.vocabulary;
    let actor = rule.parties.iter().find(|party| is_actor(vocabulary, **party));
    let subject = actor.map(|party| answers_within(vocabulary, *party)).map(|answers| one_of(&answers));
    let parties: Vec<Condition> = rule.parties.iter().filter(|party| !is_actor(vocabulary, **party)).copied().collect();
    let (beginning, also) = beginning(pack, rule, subject);
    Plain {
        says: clause(vocabulary, &beginning, "when", &parties, &rule.when),
        unless: (!rule.unless.is_empty()).then(|| clause(vocabulary, "", "unless", &[], &rule.unless)),
        also,
        unclear: rule.unclear.clone(),
    }
}

/// A fact and one or several of its answers as a sentence without its full stop: `the court has confirmed the paper`.
/// `None` where the pack has no such fact or answer.
#[must_use]
pub fn given(pack: &Pack, fact: &str, answer: &str) -> Option<String> {
    let fact = pack.vocabulary.facts.iter().find(|known| known.name.as_str() == fact)?;
    Some(sentence(fact, fact.mask(answer)?))
}

/// What must never follow from a change of facts, each as the pack says it, as a sentence.
#[must_use]
pub fn never(pack: &Pack) -> Vec<String> {
    pack.vocabulary.never.iter().map(|never| format!("{}.", capital(&never.says))).collect()
}

/// The combinations that the pack calls impossible, each as one sentence without its full stop.
#[must_use]
pub fn impossible(pack: &Pack) -> Vec<String> {
    pack.vocabulary.impossible.iter().map(|one| conditions(&pack.vocabulary, &one.conditions)).collect()
}

impl Plain {
    /// The rule as running text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.says.text();
        if let Some(unless) = &self.unless {
            text = format!("{text}; {}", unless.text());
        }
        text.push('.');
        for sentence in &self.also {
            text = format!("{text} {sentence}");
        }
        match &self.unclear {
            Some(unclear) => format!("{text} What is unclear: {unclear}"),
            None => text,
        }
    }
}

impl Clause {
    /// The clause as running text, without its full stop.
    #[must_use]
    pub fn text(&self) -> String {
        let numbered = self.listed("").into_iter().enumerate().map(|(index, item)| format!(" ({}) {item}", index + 1));
        std::iter::once(self.lead.clone()).chain(numbered).collect()
    }

    /// The items as a list shows them: each with what follows it, the last with `end`.
    #[must_use]
    pub fn listed(&self, end: &str) -> Vec<String> {
        let last_but_one = match self.joint {
            Joint::All => "; and",
            Joint::Any => "; or",
        };
        let count = self.items.len();
        let follows = |index: usize| match count - index {
            1 => end,
            2 => last_but_one,
            _ => ";",
        };
        self.items.iter().enumerate().map(|(index, item)| format!("{item}{}", follows(index))).collect()
    }
}

/// Who must not do, may do or is spared what; and the sentences that stand behind it.
fn beginning(pack: &Pack, rule: &Rule, subject: Option<String>) -> (String, Vec<String>) {
    let deeds = deeds(&pack.vocabulary, &rule.asks);
    let mut also = Vec::new();
    let beginning = match rule.effect {
        Effect::Forbids => match subject {
            Some(subject) => format!("{subject} must not {deeds}"),
            None => format!("no one may {deeds}"),
        },
        Effect::Permits => match subject {
            Some(subject) => format!("{subject} may, but need not, {deeds}"),
            None => format!("it is permitted, and never required, to {deeds}"),
        },
        Effect::Doubts => format!("it is not certain whether {} may {deeds}", subject.as_deref().unwrap_or("anyone")),
        Effect::Excepts => {
            let (targets, many) = targets(pack, rule);
            let to = subject.map_or_else(String::new, |subject| format!(" to {subject}"));
            match (&rule.unclear, many) {
                (Some(_), false) => format!("it is not certain whether {targets} applies{to}"),
                (Some(_), true) => format!("it is not certain whether {targets} apply{to}"),
                (None, false) => format!("{targets} does not apply{to}"),
                (None, true) => format!("{targets} do not apply{to}"),
            }
        }
        Effect::Defines => {
            let defined = rule.defines.and_then(|index| pack.vocabulary.facts.get(index));
            let says = defined.map_or("a word is defined", |fact| fact.says.as_str());
            // The one definition that speaks of who acts says so among its conditions.
            subject.map_or_else(|| says.to_owned(), |subject| format!("where the one who acts is {subject}, {says}"))
        }
    };
    if rule.effect == Effect::Permits && !rule.excepts.is_empty() {
        let (targets, many) = targets(pack, rule);
        also.push(format!("Where this holds, {targets} {} not apply.", if many { "do" } else { "does" }));
    }
    if !rule.despite.is_empty() {
        let names: Vec<&str> = rule.despite.iter().map(|id| id.as_str()).collect();
        let (noun, verb) = if names.len() == 1 { ("permission", "applies") } else { ("permissions", "apply") };
        also.push(format!("Where the {noun} {} {verb} too, this prohibition prevails.", all_of(&names)));
    }
    also.extend(rule.duty.as_ref().map(duty));
    (capital(&beginning), also)
}

/// What an exception lifts, and whether that is more than one: `the rule P1-2019, not to hold the person,`. Rules that
/// forbid the same are named together.
fn targets(pack: &Pack, rule: &Rule) -> (String, bool) {
    let vocabulary = &pack.vocabulary;
    let own = deeds(vocabulary, &rule.asks);
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    let mut layers = Vec::new();
    for target in &rule.excepts {
        let id = match target {
            Target::Layer(layer) => {
                layers.push(layer_law(*layer));
                continue;
            }
            Target::Rule(id) => id,
        };
        let forbidden = pack.sections.iter().flat_map(|section| &section.rules).find(|other| other.id == *id);
        let all = forbidden.map_or(&[][..], |other| other.asks.as_slice());
        let met: Vec<Ask> = all.iter().filter(|ask| rule.asks.contains(ask)).copied().collect();
        let only = if met.len() < all.len() { "so far as it says " } else { "" };
        let what = format!("{only}not to {}", deeds(vocabulary, &met));
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, ids)) => ids.push(id.as_str()),
            None => groups.push((what, vec![id.as_str()])),
        }
    }
    let many = !layers.is_empty() || groups.len() > 1 || groups.iter().any(|(_, ids)| ids.len() > 1);
    let rules = groups.iter().map(|(what, ids)| {
        let noun = if ids.len() == 1 { "rule" } else { "rules" };
        format!("the {noun} {}, {what},", all_of(ids))
    });
    let of_layers = (!layers.is_empty()).then(|| format!("the rules of {} not to {own}", all_of(&layers)));
    let named: Vec<String> = rules.chain(of_layers).collect();
    (named.join(" and "), many)
}

/// `release within 48 hours, counted from “eligible”, Saturdays, Sundays and holidays left out`.
fn duty(duty: &Duty) -> String {
    let mut text = format!("Duty: {}", duty.to_do);
    if let (Some(within), Some(from)) = (&duty.within, &duty.from) {
        let from = from.strip_suffix("_at").or_else(|| from.strip_suffix("_on")).unwrap_or(from).replace('_', " ");
        let length = |number: u16, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
        let span = match within {
            Within::Hours(hours) => format!("within {}", length(*hours, "hour")),
            Within::Days(days) => format!("within {}", length(*days, "day")),
            Within::SameDay => "on the same day".to_owned(),
        };
        text = format!("{text}, {span}, counted from the moment recorded as “{from}”");
    }
    if !duty.excluding.is_empty() {
        let days: Vec<&str> = duty.excluding.iter().map(|day| uncounted(*day)).collect();
        text = format!("{text}; {} do not count", all_of(&days));
    }
    format!("{text}.")
}

fn uncounted(day: Uncounted) -> &'static str {
    match day {
        Uncounted::Saturday => "Saturdays",
        Uncounted::Sunday => "Sundays",
        Uncounted::Holiday => "holidays",
    }
}

/// What a rule does, in a word or two.
#[must_use]
pub fn effect(rule: &Rule) -> &'static str {
    match (rule.effect, &rule.unclear) {
        (Effect::Forbids, _) => "Prohibits",
        (Effect::Permits, _) => "Permits, never requires",
        (Effect::Excepts, None) => "Exception",
        (Effect::Excepts, Some(_)) => "Exception, not certain",
        (Effect::Doubts, _) => "Not certain",
        (Effect::Defines, _) => "Definition",
    }
}

/// The law of a layer, as one speaks of it.
#[must_use]
pub fn layer_law(layer: Layer) -> &'static str {
    match layer {
        Layer::Federal => "federal law",
        Layer::State => "state law",
        Layer::County => "county law",
        Layer::City => "city law",
        Layer::Order => "executive orders",
    }
}

fn deeds(vocabulary: &Vocabulary, asks: &[Ask]) -> String {
    let deeds: Vec<&str> =
        asks.iter().map(|ask| vocabulary.ask(*ask).map_or(ask.code(), |entry| entry.deed.as_str())).collect();
    one_of(&deeds)
}

fn is_actor(vocabulary: &Vocabulary, condition: Condition) -> bool {
    vocabulary.facts.get(condition.fact).is_some_and(|fact| fact.name.as_str() == ACTOR)
}

/// A beginning and the boxes under which it holds. What all boxes share is said once.
fn clause(vocabulary: &Vocabulary, beginning: &str, when: &str, parties: &[Condition], boxes: &[FactBox]) -> Clause {
    // What every answer satisfies says nothing.
    let tells = |condition: &&Condition| {
        vocabulary.facts.get(condition.fact).is_some_and(|fact| fact.all() & !condition.within != 0)
    };
    let first = boxes.first().map_or(&[][..], |one| one.conditions.as_slice());
    let is_shared = |condition: &&Condition| boxes.iter().all(|one| one.conditions.contains(condition));
    let shared = parties.iter().chain(first.iter().filter(is_shared)).filter(tells);
    let shared: Vec<Condition> = shared.copied().collect();
    let rest = |one: &FactBox| -> Vec<Condition> {
        one.conditions.iter().filter(tells).filter(|condition| !shared.contains(condition)).copied().collect()
    };
    let mut cases: Vec<Vec<Condition>> = boxes.iter().map(rest).collect();
    if cases.iter().any(Vec::is_empty) {
        // A box that asks for nothing more decides for all.
        cases.clear();
    }
    let always = format!("{beginning}, in every case");
    let beginning = if beginning.is_empty() { when.to_owned() } else { format!("{beginning} {when}") };
    let whole = |lead: String| Clause { lead, joint: Joint::All, items: Vec::new() };
    let common = conditions(vocabulary, &shared);
    let each = ordered(vocabulary, &shared);
    let told: Vec<String> = cases.iter().map(|case| conditions(vocabulary, case)).collect();
    if (is_heavy(&common) || each.len() > 2) && !told.is_empty() && !told.iter().any(|case| is_heavy(case)) {
        // One list is easier to follow than a list behind a list.
        let either = match told.as_slice() {
            [first, last] => format!("either {first}{} or {last}", if first.contains(',') { ";" } else { "," }),
            _ => one_of(&told.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        return listed_all(&beginning, [each, vec![either]].concat());
    }
    if !told.is_empty() {
        let holds = if told.len() == 2 { "either of these holds" } else { "any one of these holds" };
        let and = if is_heavy(&common) { "; and " } else { ", and " };
        let lead = if shared.is_empty() { holds.to_owned() } else { format!("{common}{and}{holds}") };
        let lead = format!("{}:", after(&beginning, &lead));
        return Clause { lead, joint: Joint::Any, items: told };
    }
    let heavy = each.iter().filter(|one| is_heavy(one)).count();
    match each.len() {
        0 => whole(always),
        count if heavy > 1 || count > 3 || (heavy == 1 && count > 2) => listed_all(&beginning, each),
        _ => whole(after(&beginning, &common)),
    }
}

fn listed_all(beginning: &str, items: Vec<String>) -> Clause {
    let all = if items.len() == 2 { "both" } else { "all" };
    Clause { lead: format!("{beginning} {all} of these hold:"), joint: Joint::All, items }
}

/// A beginning and what follows it: words that say where or when first are set off by commas.
fn after(beginning: &str, words: &str) -> String {
    let sets_off = ["in ", "at ", "on ", "of ", "under ", "by "].iter().any(|word| words.starts_with(word));
    format!("{beginning}{} {words}", if sets_off { "," } else { "" })
}

/// Conditions that hold together, as one run of words.
fn conditions(vocabulary: &Vocabulary, all: &[Condition]) -> String {
    let each = ordered(vocabulary, all);
    let simple = !each.iter().any(|one| is_compound(one));
    match each.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, [first])) if simple => format!("{first} and {last}"),
        Some((last, before)) => {
            let lists = before.iter().any(|one| is_heavy(one) || (before.len() > 1 && one.contains(',')));
            let comma = if lists { ";" } else { "," };
            after(&format!("{}{comma} and", before.join(&format!("{comma} "))), last)
        }
    }
}

/// The sentences of conditions, those with long lists last: so the ear can follow.
fn ordered(vocabulary: &Vocabulary, all: &[Condition]) -> Vec<String> {
    let said = |condition: &Condition| Some(sentence(vocabulary.facts.get(condition.fact)?, condition.within));
    let mut each: Vec<String> = all.iter().filter_map(said).collect();
    each.sort_by_key(|one| is_heavy(one));
    each
}

/// Whether words hold a list of their own.
fn is_heavy(words: &str) -> bool {
    words.contains(';') || words.contains("either ")
}

/// Whether words must be kept apart from their neighbours by more than a comma or an `or`. What stands in brackets is
/// apart already.
fn is_compound(words: &str) -> bool {
    let outside: String = words
        .split('(')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) })
        .collect();
    [",", ";", " or ", " and "].iter().any(|mark| outside.contains(mark))
}

/// Words that say that there is nothing.
const NONE: &str = "none";

/// A fact whose answer lies within a set, as a sentence without its full stop.
fn sentence(fact: &Fact, within: u64) -> String {
    let chosen = answers(fact, within);
    let left_out = answers(fact, fact.all() & !within);
    if fact.yes_or_no || fact.derived {
        let denied = || fact.says_not.clone().unwrap_or_else(|| negated(&fact.says));
        return if fact.mask("true") == Some(within) { fact.says.clone() } else { denied() };
    }
    let says = |words: &str| fact.says.replace("{}", words);
    if let Some(said) = fact.says.strip_suffix(": {}").and_then(|claim| yes_no_or_unclear(claim, &chosen)) {
        return said;
    }
    // `the paper shown is {}` with the answer `none` is no English: there is no paper shown.
    let noun = fact.says.strip_prefix("the ").and_then(|rest| rest.strip_suffix(" is {}"));
    match (noun, chosen.as_slice(), left_out.as_slice()) {
        (Some(noun), [NONE], _) => format!("there is no {noun}"),
        (Some(noun), [NONE, other] | [other, NONE], _) => {
            format!("either there is no {noun}, or {}", says(other))
        }
        (Some(noun), [_, _, ..], [NONE]) => format!("there is {} {noun}", article(noun)),
        (Some(_), [_, _, _, ..], [other]) if is_plain_noun(other) => says(&format!("anything but {other}")),
        (Some(_), [_, _, _, ..], _) if chosen.iter().any(|one| is_compound(one)) => {
            says(&format!("one of these: {}", one_of(&chosen)))
        }
        _ => says(&one_of(&chosen)),
    }
}

/// A claim that is answered `yes`, `no` or `unclear`; `None` for other answers.
fn yes_no_or_unclear(claim: &str, answers: &[&str]) -> Option<String> {
    match answers {
        ["yes"] => Some(claim.to_owned()),
        ["no"] => Some(negated(claim)),
        ["unclear"] => Some(format!("it is unclear whether {claim}")),
        ["yes", "unclear"] | ["unclear", "yes"] => Some(format!("{claim}, or this is unclear")),
        _ => None,
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// Whether *anything but* can stand before words: not before a list, nor before what already says no.
fn is_plain_noun(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    !is_compound(words) && !words.contains(':') && !["no", "nobody", "somebody", "something"].contains(&first)
}

/// The words of the answers of a set, in the order of the file.
fn answers(fact: &Fact, within: u64) -> Vec<&str> {
    let of_set = fact.answers.iter().filter(|(name, _)| fact.mask(name).is_some_and(|answer| answer & within != 0));
    of_set.map(|(_, words)| words.as_str()).collect()
}

fn answers_within(vocabulary: &Vocabulary, condition: Condition) -> Vec<&str> {
    vocabulary.facts.get(condition.fact).map_or_else(Vec::new, |fact| answers(fact, condition.within))
}

/// Words of which one holds. Words that are lists themselves are kept apart by semicolons.
fn one_of(words: &[&str]) -> String {
    let merged = merged(words);
    let words: Vec<&str> = merged.iter().map(String::as_str).collect();
    let compound = words.iter().any(|one| is_compound(one));
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, [first])) if !compound => format!("{first} or {last}"),
        Some((last, [first])) if first.contains(',') => format!("either {first}; or {last}"),
        Some((last, [first])) => format!("either {first}, or {last}"),
        Some((last, before)) if compound => format!("{}; or {last}", before.join("; ")),
        Some((last, before)) => format!("{}, or {last}", before.join(", ")),
    }
}

/// Answers that only say more of one before them are told with it: `a police officer (also one on a task force)`.
fn merged(words: &[&str]) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for word in words {
        let more = |head: &str| word.strip_prefix(head).and_then(|rest| rest.strip_prefix(' '));
        let known = groups.iter_mut().find_map(|(head, all)| Some((more(head).filter(|_| head.contains(' '))?, all)));
        match known {
            Some((more, all)) => all.push(more),
            None => groups.push((word, Vec::new())),
        }
    }
    let told = |(head, more): &(&str, Vec<&str>)| {
        if more.is_empty() { (*head).to_owned() } else { format!("{head} (also one {})", more.join(" or one ")) }
    };
    groups.iter().map(told).collect()
}

/// Words that all hold: `a, b and c`.
fn all_of(words: &[&str]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// The verbs before which or behind which English puts its *not*.
const VERBS: [&str; 12] = ["is", "are", "was", "were", "has", "have", "had", "may", "must", "can", "will", "does"];
/// Words that begin a clause within the sentence: its verb need not be the sentence's.
const INNER: [&str; 6] = ["who", "that", "which", "whose", "where", "if"];

/// The opposite of a sentence: `not` behind its one verb, or before it all where that is not sure to be right.
fn negated(says: &str) -> String {
    let words: Vec<&str> = says.split(' ').collect();
    let verbs: Vec<usize> =
        words.iter().enumerate().filter(|(_, word)| VERBS.contains(word)).map(|(index, _)| index).collect();
    match verbs.as_slice() {
        [verb] if !words.iter().any(|word| INNER.contains(word)) => {
            let (before, after) = words.split_at(verb + 1);
            [before, &["not"], after].concat().join(" ")
        }
        _ => format!("it is not so that {says}"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
