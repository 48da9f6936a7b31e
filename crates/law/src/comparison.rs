//! The versions of an act beside each other: each text with the one that came after it, and each draft with what
//! became law.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::difference::{self, Difference};
use crate::pack::Pack;
use crate::plain::{self, Plain};
use crate::section::{Section, Standing};
use crate::versions::{is_of_version, version_of};
use crate::words::{Act, Ask, Effect, RuleId};

/// Two versions of one act.
#[derive(Clone, Debug)]
pub struct Comparison<'p> {
    /// The act.
    pub act: &'p Act,
    /// The earlier version, or a draft.
    pub earlier: Version<'p>,
    /// The later version.
    pub later: Version<'p>,
    /// Sections that stand in both.
    pub unchanged: Vec<&'p Section>,
    /// Sections beside each other.
    pub pairs: Vec<Pair<'p>>,
    /// Asks that only the later version has rules for.
    pub newly: Vec<Ask>,
    /// Asks that only the earlier version has rules for.
    pub no_longer: Vec<Ask>,
    /// Rules that say in both the same, by their names.
    pub same: Vec<(&'p RuleId, &'p RuleId)>,
    /// Rules that only the earlier version has, in sections that have something beside them. Of a section that has
    /// nothing, all rules are of this kind.
    pub only_earlier: Vec<(&'p RuleId, Plain)>,
    /// Rules that only the later version has, likewise.
    pub only_later: Vec<(&'p RuleId, Plain)>,
}

/// One version of an act.
#[derive(Clone, Debug)]
pub struct Version<'p> {
    /// Its name, as `ACT@NAME` asks for it: a first day or the name of a draft.
    pub name: String,
    /// Whether it was only a draft.
    pub draft: bool,
    /// Its sections, in the order of the pack.
    pub sections: Vec<&'p Section>,
}

/// Sections of two versions that speak of the same.
#[derive(Clone, Debug)]
pub struct Pair<'p> {
    /// Those of the earlier version; none where nothing corresponds.
    pub earlier: Vec<&'p Section>,
    /// That of the later version; none where nothing corresponds.
    pub later: Option<&'p Section>,
    /// What changed in the quoted words. Quotations are parted by `¶`.
    pub words: Difference,
}

impl Comparison<'_> {
    /// Whether a section of the earlier version has nothing beside it.
    #[must_use]
    pub fn has_only_earlier(&self) -> bool {
        self.pairs.iter().any(|pair| pair.later.is_none())
    }

    /// Whether a section of the later version has nothing beside it.
    #[must_use]
    pub fn has_only_later(&self) -> bool {
        self.pairs.iter().any(|pair| pair.earlier.is_empty())
    }
}

/// All comparisons of a pack, act by act.
#[must_use]
pub fn comparisons(pack: &Pack) -> Vec<Comparison<'_>> {
    let acts: BTreeSet<&Act> = pack.sections.iter().map(|section| &section.act).collect();
    acts.into_iter().flat_map(|act| of_act(pack, act)).collect()
}

fn of_act<'p>(pack: &'p Pack, act: &'p Act) -> Vec<Comparison<'p>> {
    let of_act: Vec<&Section> = pack.sections.iter().filter(|section| section.act == *act).collect();
    let names: BTreeSet<(bool, String)> = of_act
        .iter()
        .map(|section| (matches!(section.standing, Standing::Draft { .. }), version_of(section)))
        .collect();
    let version = |(draft, name): (bool, String)| {
        let sections = of_act.iter().filter(|section| is_of_version(section, &name)).copied().collect();
        Version { name, draft, sections }
    };
    let (drafts, laws): (Vec<Version<'_>>, Vec<Version<'_>>) =
        names.into_iter().map(version).partition(|one| one.draft);
    let steps = laws.iter().zip(laws.iter().skip(1)).map(|(earlier, later)| (earlier.clone(), later.clone()));
    let became = drafts.iter().filter_map(|draft| Some((draft.clone(), enacted(draft, &laws)?.clone())));
    let both: Vec<_> = steps.chain(became).collect();
    both.into_iter().map(|(earlier, later)| compare(pack, act, earlier, later)).collect()
}

/// What became of a draft: the first law of the year in its name (`june-2019`) or of a later one; else the newest.
fn enacted<'v, 'p>(draft: &Version<'p>, laws: &'v [Version<'p>]) -> Option<&'v Version<'p>> {
    let year: Option<i16> = draft.name.rsplit('-').next().and_then(|digits| digits.parse().ok());
    let is_after = |law: &&Version<'_>| {
        let first: Option<Date> = law.name.parse().ok();
        first.zip(year).is_some_and(|(first, year)| first.year() >= year)
    };
    laws.iter().find(is_after).or(laws.last())
}

fn compare<'p>(pack: &'p Pack, act: &'p Act, earlier: Version<'p>, later: Version<'p>) -> Comparison<'p> {
    let only = |one: &Version<'p>, other: &Version<'p>| -> Vec<&'p Section> {
        one.sections
            .iter()
            .filter(|section| !other.sections.iter().any(|same| same.id == section.id))
            .copied()
            .collect()
    };
    let (left, right) = (only(&earlier, &later), only(&later, &earlier));
    let unchanged = later.sections.iter().filter(|section| !right.iter().any(|one| one.id == section.id));
    let asked =
        |version: &Version<'_>| -> BTreeSet<Ask> { version.sections.iter().flat_map(|one| asks(one)).collect() };
    let (before, after) = (asked(&earlier), asked(&later));
    let mut comparison = Comparison {
        act,
        unchanged: unchanged.copied().collect(),
        pairs: pairs(&left, &right),
        newly: after.difference(&before).copied().collect(),
        no_longer: before.difference(&after).copied().collect(),
        same: Vec::new(),
        only_earlier: Vec::new(),
        only_later: Vec::new(),
        earlier,
        later,
    };
    compare_rules(pack, &left, &right, &mut comparison);
    comparison
}

/// Asks that a section has rules for.
fn asks(section: &Section) -> Vec<Ask> {
    let ruling = section.rules.iter().filter(|rule| rule.effect != Effect::Defines);
    ruling.flat_map(|rule| rule.asks.iter().copied()).collect()
}

/// Each later section with those it replaces, else with the one that shares most asks with it; then what is left over.
fn pairs<'p>(left: &[&'p Section], right: &[&'p Section]) -> Vec<Pair<'p>> {
    let mut pairs: Vec<Pair<'p>> = Vec::new();
    for later in right {
        let replaced: Vec<&Section> = left.iter().filter(|one| later.replaces.contains(&one.id)).copied().collect();
        let earlier = if replaced.is_empty() { nearest(left, later).into_iter().collect() } else { replaced };
        pairs.push(pair(earlier, Some(later)));
    }
    for earlier in left {
        if !pairs.iter().any(|pair| pair.earlier.iter().any(|one| one.id == earlier.id)) {
            pairs.push(pair(vec![earlier], None));
        }
    }
    pairs
}

fn nearest<'p>(left: &[&'p Section], later: &Section) -> Option<&'p Section> {
    let wanted: BTreeSet<Ask> = asks(later).into_iter().collect();
    let shared = |one: &Section| {
        let own: BTreeSet<Ask> = asks(one).into_iter().collect();
        own.intersection(&wanted).count()
    };
    // The first of those that share most.
    let most = left.iter().map(|one| shared(one)).max().filter(|most| *most > 0)?;
    left.iter().find(|one| shared(one) == most).copied()
}

fn pair<'p>(earlier: Vec<&'p Section>, later: Option<&'p Section>) -> Pair<'p> {
    let quoted = |sections: &[&Section]| -> String {
        let quotations: Vec<&str> =
            sections.iter().flat_map(|section| &section.quotations).map(String::as_str).collect();
        quotations.join(" ¶ ")
    };
    let words = difference::between(&quoted(&earlier), &quoted(later.as_slice()));
    Pair { earlier, later, words }
}

/// Rules are the same where they read alike, the names of other rules apart.
fn compare_rules<'p>(pack: &'p Pack, left: &[&'p Section], right: &[&'p Section], comparison: &mut Comparison<'p>) {
    let read = |sections: &[&'p Section]| -> Vec<(&'p RuleId, Plain, String)> {
        let rules = sections.iter().flat_map(|section| &section.rules);
        let one = |rule: &'p crate::Rule| {
            let plain = plain::rule(pack, rule);
            let nameless = nameless(pack, &plain.text());
            (&rule.id, plain, nameless)
        };
        rules.map(one).collect()
    };
    let earlier = read(left);
    let mut later = read(right);
    let beside = |id: &RuleId| {
        let both = comparison.pairs.iter().filter(|pair| !pair.earlier.is_empty());
        let mut sections = both.filter_map(|pair| Some((pair.later?, &pair.earlier)));
        sections.any(|(later, earlier)| {
            later.rules.iter().chain(earlier.iter().flat_map(|one| &one.rules)).any(|rule| rule.id == *id)
        })
    };
    let (mut same, mut only_earlier) = (Vec::new(), Vec::new());
    for (id, plain, text) in earlier {
        match later.iter().position(|(_, _, other)| *other == text) {
            Some(at) => same.push((id, later.remove(at).0)),
            None if beside(id) => only_earlier.push((id, plain)),
            None => {}
        }
    }
    let only_later = later.into_iter().filter(|(id, _, _)| beside(id)).map(|(id, plain, _)| (id, plain)).collect();
    (comparison.same, comparison.only_earlier, comparison.only_later) = (same, only_earlier, only_later);
}

/// A text without the names of rules. Longer names first: `P1` begins `P1.warrant`.
fn nameless(pack: &Pack, text: &str) -> String {
    let mut ids: Vec<&str> = pack.sections.iter().flat_map(|one| &one.rules).map(|rule| rule.id.as_str()).collect();
    ids.sort_by_key(|id| std::cmp::Reverse(id.len()));
    ids.iter().fold(text.to_owned(), |text, id| text.replace(id, "·"))
}
