//! Sentences in one language: Candor's own and those of a pack, by name. What a language lacks is said in English and
//! marked; what a pack does not say of a rule is said from the rule itself.

use std::collections::BTreeMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::answer::Stated;
use crate::problem::{Problem, spelling_hint};
use crate::vocabulary::Fact;
use crate::words::{Ask, RuleId};

/// Candor's own sentences.
const OWN: [(&str, &str); 1] = [("en", include_str!("../words/en.ftl"))];
/// What nothing is said in when there is nothing better.
const FALLBACK: &str = "en";
/// The message in which a pack's words say how far their translation is.
const STATUS: &str = "translation-status";

/// Sentences in one language, English behind it.
pub struct Phrases {
    /// The wanted language first.
    bundles: Vec<FluentBundle<FluentResource>>,
    /// A translation that nobody reviewed.
    pub(crate) draft: bool,
    wanted: String,
}

/// A sentence, and whether it is in the language wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The sentence.
    pub text: String,
    /// False where it had to be said in English instead.
    pub translated: bool,
}

/// The words of a pack: language to the text of its file.
pub(crate) type PackWords = BTreeMap<String, String>;

impl Phrases {
    /// Candor's own sentences in English, without any pack's.
    #[must_use]
    pub fn english() -> Self {
        Self::of(&PackWords::new(), FALLBACK)
    }

    /// The sentences of a pack and Candor's own in a language.
    pub(crate) fn of(pack: &PackWords, language: &str) -> Self {
        let languages = if language == FALLBACK { vec![FALLBACK] } else { vec![language, FALLBACK] };
        let mut bundles = Vec::new();
        for language in languages {
            let Ok(id) = language.parse::<LanguageIdentifier>() else { continue };
            let mut bundle = FluentBundle::new(vec![id]);
            // No marks around values: the text is read on terminals and by programs.
            bundle.set_use_isolating(false);
            let own = OWN.iter().filter(|(name, _)| *name == language).map(|(_, text)| *text);
            for text in pack.get(language).map(String::as_str).into_iter().chain(own) {
                let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(text.to_owned());
                // The pack's words come first: a message of the same name in Candor's own is not taken.
                let _already_there = bundle.add_resource(resource);
            }
            bundles.push(bundle);
        }
        let mut phrases = Self { bundles, draft: false, wanted: language.to_owned() };
        phrases.draft = phrases.find(STATUS, None, &[]).is_some_and(|status| status.text == "draft");
        phrases
    }

    /// A message of Candor's own, which must be there.
    pub(crate) fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.find(id, None, args).map_or_else(|| id.to_owned(), |phrase| phrase.text)
    }

    /// A variant of a message, such as `answer-prohibited.weak`.
    pub(crate) fn variant(&self, id: &str, variant: &str, args: &[(&str, &str)]) -> String {
        self.find(id, Some(variant), args).map_or_else(|| self.say(id, args), |phrase| phrase.text)
    }

    /// A message if it is there, with a number among its arguments.
    pub(crate) fn counted(&self, id: &str, variant: &str, count: usize, args: &[(&str, &str)]) -> String {
        let mut arguments = arguments(args);
        arguments.set("count", count);
        self.format(id, Some(variant), &arguments).map_or_else(|| self.say(id, args), |phrase| phrase.text)
    }

    /// What the pack says of a rule in plain words.
    #[must_use]
    pub fn rule(&self, rule: &RuleId) -> Option<Phrase> {
        self.find(&rule_key(rule), None, &[])
    }

    /// A sentence of the pack for an ask, such as `ask-count.permitted`.
    pub(crate) fn ask(&self, ask: Ask, variant: &str) -> Option<Phrase> {
        self.find(&format!("ask-{ask}"), Some(variant), &[])
    }

    /// The question that a fact asks.
    #[must_use]
    pub fn question(&self, fact: &Fact) -> String {
        let translated = self.find(&format!("fact-{}", fact.name), Some("question"), &[]);
        translated.map_or_else(|| fact.question.clone(), |phrase| phrase.text)
    }

    /// The words of an answer to a fact.
    #[must_use]
    pub fn answer(&self, fact: &Fact, answer: &str) -> String {
        if fact.yes_or_no {
            return self.say(if answer == "true" { "fact-yes" } else { "fact-no-short" }, &[]);
        }
        let translated = self.find(&format!("fact-{}", fact.name), Some(answer), &[]);
        let own = || fact.answers.iter().find(|(name, _)| name == answer).map(|(_, words)| words.clone());
        translated.map(|phrase| phrase.text).or_else(own).unwrap_or_else(|| answer.to_owned())
    }

    /// A fact and its answers as a clause: `the court has confirmed the paper`.
    #[must_use]
    pub fn stated(&self, stated: Stated<'_>) -> String {
        let fact = stated.fact;
        let clause = |answer: &str| {
            let translated = self.find(&format!("fact-{}", fact.name), None, &[("answer", answer)]);
            translated.map_or_else(|| fact.says.replace("{}", answer), |phrase| phrase.text)
        };
        let names: Vec<&str> = stated.answers().map(|(name, _)| name).collect();
        if fact.yes_or_no {
            let says = clause("");
            return if names == ["false"] { self.denied(fact, &says) } else { says };
        }
        let words: Vec<String> = names.iter().map(|name| self.answer(fact, name)).collect();
        clause(&self.either(&words))
    }

    fn denied(&self, fact: &Fact, says: &str) -> String {
        let translated = self.find(&format!("fact-{}", fact.name), Some("false"), &[]).map(|phrase| phrase.text);
        translated.or_else(|| fact.says_not.clone()).unwrap_or_else(|| self.say("fact-no", &[("says", says)]))
    }

    /// Several words as alternatives.
    pub(crate) fn either(&self, words: &[String]) -> String {
        match words {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.say("either", &[("first", &first.join(", ")), ("last", last)]),
        }
    }

    fn find(&self, id: &str, variant: Option<&str>, args: &[(&str, &str)]) -> Option<Phrase> {
        self.format(id, variant, &arguments(args))
    }

    fn format(&self, id: &str, variant: Option<&str>, arguments: &FluentArgs<'_>) -> Option<Phrase> {
        self.bundles.iter().enumerate().find_map(|(place, bundle)| {
            let message = bundle.get_message(id)?;
            let pattern = match variant {
                Some(variant) => message.get_attribute(variant)?.value(),
                None => message.value()?,
            };
            let text = bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned();
            Some(Phrase { text, translated: place == 0 })
        })
    }

    /// The language wanted.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.wanted
    }
}

fn arguments<'a>(args: &[(&'a str, &'a str)]) -> FluentArgs<'a> {
    args.iter().copied().collect()
}

/// The message that speaks of a rule: `rule-P1-2019_warrant` for `P1-2019.warrant`, as names of messages have no dots.
fn rule_key(rule: &RuleId) -> String {
    format!("rule-{}", rule.as_str().replace('.', "_"))
}

/// Reads `words/LANGUAGE.ftl`: it must be Fluent, say how far its translation is, and name only what the pack has.
pub(crate) fn check<'a>(
    file: &str,
    language: &str,
    text: &str,
    rules: impl Iterator<Item = &'a RuleId>,
    facts: impl Iterator<Item = &'a str>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |line: usize, message: String, hint: Option<String>| {
        problems.push(Problem { file: file.to_owned(), line, message, hint });
    };
    if language.parse::<LanguageIdentifier>().is_err() {
        refuse(1, format!("`{language}` is no language"), Some("name the file like `es.ftl`".to_owned()));
    }
    let mut valid: Vec<String> = rules.map(rule_key).collect();
    valid.extend(facts.map(|fact| format!("fact-{fact}")));
    valid.extend(Ask::ALL.iter().map(|ask| format!("ask-{ask}")));
    valid.push(STATUS.to_owned());
    if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
        for error in errors {
            let line = text.get(..error.pos.start).unwrap_or(text).matches('\n').count() + 1;
            refuse(line, format!("not readable as Fluent: {error}"), None);
        }
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let Some((id, _)) = line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_ascii_alphabetic())) else {
            continue;
        };
        let id = id.trim();
        if !valid.iter().any(|name| name == id) {
            let hint = spelling_hint(id, valid.iter().map(String::as_str));
            refuse(number + 1, format!("message `{id}` names nothing of this pack"), hint);
        }
        if let Some(first) = seen.insert(id, number + 1) {
            refuse(number + 1, format!("message `{id}` is also on line {first}"), None);
        }
    }
    if !["source", "draft", "reviewed"].iter().any(|word| text.lines().any(|line| is_status(line, word))) {
        let hint = Some("write `translation-status = draft`, `reviewed` or `source`".to_owned());
        refuse(1, format!("`{STATUS}` is missing"), hint);
    }
    problems
}

fn is_status(line: &str, word: &str) -> bool {
    line.split_once('=').is_some_and(|(id, value)| id.trim() == STATUS && value.trim() == word)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::words::{Basis, Layer, Says, Word};

    /// The names that the program asks for: in calls such as `say("words"`, and made from the words of closed lists.
    fn asked_for() -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for code in [include_str!("say.rs"), include_str!("phrases.rs").split("#[cfg(test)]").next().unwrap()] {
            for call in ["say(", "variant(", "counted("] {
                let after = code.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                names.extend(after.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
            let told = code.split("told(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            names.extend(told.filter_map(|rest| rest.split('"').next()).map(|kind| format!("label-{kind}")));
            names.extend(
                code.split("(\"")
                    .filter_map(|rest| rest.split_once("\", \"role-"))
                    .filter_map(|(kind, role)| {
                        let role = role.split('"').next()?;
                        Some([format!("label-{kind}"), format!("role-{role}")])
                    })
                    .flatten(),
            );
        }
        fn of<W: Word>(prefix: &str) -> impl Iterator<Item = String> {
            W::all().iter().map(move |word| format!("{prefix}-{}", word.spelling()))
        }
        names.extend(
            of::<Says>("says").chain(of::<Says>("answer")).chain(of::<Basis>("basis")).chain(of::<Layer>("layer")),
        );
        names.extend(["fact-yes", "fact-no-short"].map(str::to_owned));
        names
    }

    #[test]
    fn candors_own_sentences_are_fluent_each_is_there_once_and_none_is_missing_or_never_said() {
        for (language, text) in OWN {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{language} is no Fluent");
            let named = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
            let named: Vec<String> = named.map(|line| line.split(" =").next().unwrap().to_owned()).collect();
            let once: BTreeSet<String> = named.iter().cloned().collect();
            assert_eq!(once.len(), named.len(), "{language} says something twice");
            assert_eq!(once, asked_for(), "{language}");
        }
    }
}
