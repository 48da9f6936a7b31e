//! Which words of a quotation a rule implements, sentence by sentence. Kept simple, so that it can be stated: a
//! sentence ends at `.`, `;` or `:` before a space, and before a list mark such as `(1)` or `(a)` that follows a
//! stop, a comma, a dash, *and* or *or*. A full stop behind a letter or two, or within an abbreviation, ends none. A
//! rule covers exactly the words it quotes; an *and* or *or* left between says nothing.

use crate::rule::Rule;
use crate::words::RuleId;

/// One sentence of a quotation, cut where what covers it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence, in order.
    pub parts: Vec<Part>,
    /// How much of it rules cover.
    pub cover: Cover,
}

/// Words of a sentence, and the rules that quote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The words, with the spaces that follow them.
    pub words: String,
    /// The rules; none where no rule quotes these words.
    pub rules: Vec<RuleId>,
}

/// How much of a sentence rules cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every word.
    Full,
    /// Some words.
    Part,
    /// No word.
    Gap,
}

impl Sentence {
    /// The sentence as it stands.
    #[must_use]
    pub fn text(&self) -> String {
        let text: String = self.parts.iter().map(|part| part.words.as_str()).collect();
        text.trim().to_owned()
    }

    /// Whether rules cover every word of it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.cover == Cover::Full
    }

    /// Whether rules cover some of it and not all.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.cover == Cover::Part
    }

    /// The rules that cover any of it, each once, in the order of its words.
    #[must_use]
    pub fn rules(&self) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = Vec::new();
        for id in self.parts.iter().flat_map(|part| &part.rules) {
            if !rules.contains(id) {
                rules.push(id.clone());
            }
        }
        rules
    }

    /// The words that no rule quotes, run by run.
    #[must_use]
    pub fn left(&self) -> Vec<&str> {
        self.parts.iter().filter(|part| part.is_left()).map(|part| part.words.trim()).collect()
    }
}

impl Part {
    /// Whether it says something and no rule quotes it. Marks between two rules' words say nothing.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.rules.is_empty() && says_something(&self.words)
    }
}

/// Cuts a quotation into sentences and says of each which of `rules` quote it.
#[must_use]
pub fn sentences(quotation: &str, rules: &[Rule]) -> Vec<Sentence> {
    let text = quotation.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut covered: Vec<(usize, usize, &RuleId)> = Vec::new();
    for rule in rules {
        let Some(words) = &rule.words else { continue };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = text.match_indices(&words).filter(|_| !words.is_empty());
        covered.extend(found.map(|(at, _)| (at, at + words.len(), &rule.id)));
    }
    let ends = ends(&text);
    let mut sentences = Vec::new();
    let mut from = 0;
    for until in ends {
        sentences.extend(text.get(from..until).and_then(|_| sentence(&text, from, until, &covered)));
        from = until;
    }
    sentences
}

fn sentence(text: &str, from: usize, until: usize, covered: &[(usize, usize, &RuleId)]) -> Option<Sentence> {
    let inside = |at: &usize| from < *at && *at < until;
    let mut cuts: Vec<usize> = covered.iter().flat_map(|(start, end, _)| [*start, *end]).filter(inside).collect();
    cuts.extend([from, until]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut parts: Vec<Part> = Vec::new();
    for (start, end) in cuts.iter().zip(cuts.iter().skip(1)) {
        let words = text.get(*start..*end)?.to_owned();
        let mut rules: Vec<RuleId> = Vec::new();
        for (_, _, id) in covered.iter().filter(|(first, last, _)| first <= start && end <= last) {
            if !rules.contains(id) {
                rules.push((*id).clone());
            }
        }
        parts.push(Part { words, rules });
    }
    let speaking = || parts.iter().filter(|part| says_something(&part.words));
    let cover = match (speaking().any(|part| !part.rules.is_empty()), speaking().any(|part| part.rules.is_empty())) {
        (true, false) => Cover::Full,
        (true, true) => Cover::Part,
        (false, true) => Cover::Gap,
        // Nothing but marks: nothing to cover.
        (false, false) => return None,
    };
    Some(Sentence { parts, cover })
}

/// Marks say nothing, nor does an *and* or *or* between what two rules quote.
fn says_something(words: &str) -> bool {
    let mut each = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    each.any(|word| !matches!(word, "and" | "or"))
}

/// Where sentences end: behind the space that follows, and at the end of the text.
fn ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut before = "";
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        if at > 0 && is_list_mark(word.trim_end()) && opens_a_list(before) {
            ends.push(at);
        }
        at += word.len();
        if ends_a_sentence(word.trim_end()) {
            ends.push(at);
        }
        before = word.trim_end();
    }
    ends.push(text.len());
    ends.dedup();
    ends
}

/// `(1)`, `(12)`, `(a)`, `(iv)`: what counts the items of a list.
fn is_list_mark(word: &str) -> bool {
    let inner = word.strip_prefix('(').and_then(|rest| rest.split(')').next());
    inner.is_some_and(|inner| (1..=3).contains(&inner.len()) && inner.chars().all(|c| c.is_ascii_alphanumeric()))
        && word.contains(')')
}

fn opens_a_list(before: &str) -> bool {
    matches!(before, "and" | "or" | "—" | "–" | "-") || before.ends_with([',', ';', ':', '.', '—', '–'])
}

fn ends_a_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['"', '”', '’', '\'', ')', ']']);
    if bare.ends_with([';', ':', '!', '?']) {
        return true;
    }
    // `U.S.C.`, `c.`, `No.`: an abbreviation goes on.
    let stem = bare.strip_suffix('.').map(|stem| stem.trim_start_matches(['(', '"', '“', '‘', '\'']));
    stem.is_some_and(|stem| !stem.contains('.') && (stem.chars().count() > 2 || stem.is_empty()))
}
