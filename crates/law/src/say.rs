//! An answer in plain words, as a tree of labelled sentences: terminal, page and letter lay it out. Every sentence that
//! people read about an answer is a message of `words/`, or quoted from the pack.

use crate::answer::{Answer, Doubt, LayerAnswer, Outcome, Reason, Role, Silent, Stated, StillPossible, WhyNot};
use crate::flips::Flip;
use crate::phrases::Phrases;
use crate::section::Standing;
use crate::table::Placed;
use crate::words::{Ask, Basis, Says};

/// One sentence of an explanation, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Told {
    /// What kind of sentence it is, by name: `answer`, `reason`, `words`, `basis`, `doubt`, …
    pub kind: &'static str,
    /// What kind of sentence it is, in words.
    pub label: String,
    /// The sentence.
    pub text: String,
    /// What it rests on.
    pub below: Vec<Told>,
}

/// What the law says, in two or three English words.
#[must_use]
pub fn says(word: Says) -> &'static str {
    match word {
        Says::Prohibited => "prohibited",
        Says::NeedsLegalReview => "needs legal review",
        Says::Permitted => "permitted",
        Says::NotRegulated => "not regulated",
    }
}

impl Phrases {
    /// The answer in one sentence.
    #[must_use]
    pub fn headline(&self, outcome: &Outcome<'_>) -> String {
        match outcome {
            Outcome::Answered(answer) => self.answered_headline(answer),
            Outcome::StillPossible(open) => {
                let possible: Vec<String> = open.possible.iter().map(|word| self.says(*word)).collect();
                let possible = self.either(&possible);
                self.say("answer-still-possible", &[("deed", open.deed), ("possible", &possible)])
            }
        }
    }

    /// The answer with its reasons, the strongest first, and what would change it.
    #[must_use]
    pub fn tell(&self, outcome: &Outcome<'_>, flips: &[Flip<'_>]) -> Told {
        let mut told = self.told("answer", self.headline(outcome));
        match outcome {
            Outcome::Answered(answer) => told.below = self.answered(answer, flips),
            Outcome::StillPossible(open) => told.below = self.still_possible(open),
        }
        if self.draft {
            told.below.push(self.told("translation", self.say("translation-draft", &[])));
        }
        told
    }

    /// How many questions there can be from here.
    #[must_use]
    pub fn at_most(&self, count: usize) -> String {
        self.counted("at-most", "count", count, &[])
    }

    /// Why the rules that do not bear on an answer do not: what [`crate::Law::why_not`] says.
    #[must_use]
    pub fn why_not(&self, silent: &[Silent<'_>]) -> Vec<Told> {
        silent.iter().map(|silent| self.told("why-not", self.silent(silent))).collect()
    }

    /// What a lawyer must settle.
    #[must_use]
    pub fn doubt(&self, doubt: &Doubt<'_>) -> String {
        match doubt {
            Doubt::Unclear { placed, why } => self.say(
                "doubt-unclear",
                &[("why", why), ("citation", &placed.section.citation), ("rule", placed.rule.id.as_str())],
            ),
            Doubt::NotLoaded => self.say("doubt-not-loaded", &[]),
            Doubt::FirstDay { act, from, at_latest, earlier, later } => {
                let until = match at_latest {
                    Some(day) => self.variant("doubt-first-day", "at-latest", &[("day", &day.to_string())]),
                    None => self.variant("doubt-first-day", "open", &[]),
                };
                let (from, earlier, later) = (from.to_string(), self.says(*earlier), self.says(*later));
                let known: [(&str, &str); 5] = [
                    ("act", act.as_str()),
                    ("from", &from),
                    ("until", &until),
                    ("earlier", &earlier),
                    ("later", &later),
                ];
                self.say("doubt-first-day", &known)
            }
            Doubt::Conflict { prohibition, permission } => self.say(
                "doubt-conflict",
                &[("prohibition", prohibition.rule.id.as_str()), ("permission", permission.rule.id.as_str())],
            ),
        }
    }

    fn told(&self, kind: &'static str, text: String) -> Told {
        Told { kind, label: self.say(&format!("label-{kind}"), &[]), text, below: Vec::new() }
    }

    fn says(&self, word: Says) -> String {
        self.say(&format!("says-{word}"), &[])
    }

    fn answered_headline(&self, answer: &Answer<'_>) -> String {
        let weak = is_weak(answer.basis);
        let not_loaded = answer.doubts.contains(&Doubt::NotLoaded) && answer.because.is_empty();
        let variant = match answer.says {
            Says::Prohibited | Says::Permitted if weak => Some("weak"),
            Says::NeedsLegalReview if not_loaded => Some("not-loaded"),
            Says::Prohibited | Says::Permitted | Says::NeedsLegalReview | Says::NotRegulated => None,
        };
        // An ask that is no deed, such as whether a paper counts, has words of its own in the pack.
        let own = self.ask(answer.ask, answer.says.code()).filter(|_| variant != Some("not-loaded"));
        if let Some(own) = own {
            return if weak { format!("{} ({})", own.text, self.say("basis-reported", &[])) } else { own.text };
        }
        let id = format!("answer-{}", answer.says);
        match variant {
            Some(variant) => self.variant(&id, variant, &[("deed", answer.deed)]),
            None => self.say(&id, &[("deed", answer.deed)]),
        }
    }

    fn answered(&self, answer: &Answer<'_>, flips: &[Flip<'_>]) -> Vec<Told> {
        let mut all = Vec::new();
        let several = answer.layers.len() > 1;
        for layer in &answer.layers {
            let reasons = layer.reasons.iter().map(|reason| self.reason(reason));
            if several {
                let mut told = self.told("layer", self.layer(layer));
                told.below = reasons.collect();
                all.push(told);
            } else {
                all.extend(reasons);
            }
        }
        // Doubts that are rules are told where they stand.
        let apart = answer.doubts.iter().filter(|doubt| !matches!(doubt, Doubt::Unclear { .. }));
        all.extend(apart.map(|doubt| self.told("doubt", self.doubt(doubt))));
        all.push(self.told("basis", self.say(&format!("basis-{}", answer.basis), &[])));
        if !answer.reviewed {
            all.push(self.told("review", self.say("review-none", &[])));
        }
        if answer.says != Says::Permitted || is_weak(answer.basis) {
            all.push(self.told("safe-default", answer.safe_default.to_owned()));
        }
        for obligation in answer.obligations() {
            let known = [("deed", obligation.duty.to_do.as_str()), ("citation", &obligation.placed.section.citation)];
            let text = match &obligation.duty.within {
                Some(within) => {
                    self.variant("obligation", "within", &[known[0], known[1], ("within", &within.to_string())])
                }
                None => self.say("obligation", &known),
            };
            all.push(self.told("obligation", text));
        }
        all.extend(flips.iter().map(|flip| self.told("flip", self.flip(answer.ask, flip))));
        if !answer.open.is_empty() {
            let names: Vec<&str> = answer.open.iter().map(|fact| fact.name.as_str()).collect();
            all.push(self.told("unknown", self.say("unknown", &[("facts", &names.join(", "))])));
        }
        all
    }

    fn layer(&self, layer: &LayerAnswer<'_>) -> String {
        let name = self.say(&format!("layer-{}", layer.layer), &[]);
        match layer.says {
            Some(says) => self.say("layer-says", &[("layer", &name), ("says", &self.says(says))]),
            None => self.say("layer-open", &[("layer", &name)]),
        }
    }

    fn reason(&self, reason: &Reason<'_>) -> Told {
        let (kind, role) = match reason.role {
            Role::Stands => ("reason", "role-stands"),
            Role::InDoubt => ("reason", "role-in-doubt"),
            Role::Lifted => ("reason", "role-lifted"),
            Role::Permits => ("reason", "role-permits"),
            Role::Lifts => ("lifts", "role-lifts"),
            Role::CastsDoubt => ("casts-doubt", "role-casts-doubt"),
            Role::Doubts => ("doubt", "role-doubts"),
            Role::Defines => ("defines", "role-defines"),
        };
        let mut told = self.told(kind, self.rule_text(reason.placed, role));
        if let Some(words) = &reason.placed.rule.words {
            told.below.push(self.told("words", self.say("words", &[("words", words)])));
        }
        told.below.push(self.told("source", self.source(reason.placed)));
        if !reason.facts.is_empty() {
            told.below.push(self.told("fact", self.all_of(&reason.facts)));
        }
        told.below.extend(reason.rests_on.iter().map(|below| self.reason(below)));
        told
    }

    /// What the pack says of the rule in plain words, else what is not certain about it, else what it does.
    fn rule_text(&self, placed: Placed<'_>, role: &str) -> String {
        let own = self.rule(&placed.rule.id).map(|own| own.text);
        if let Some(text) = own.or_else(|| placed.rule.unclear.clone()) {
            return text;
        }
        let settles = placed.rule.settles.as_deref().unwrap_or_default();
        self.say(role, &[("rule", placed.rule.id.as_str()), ("settles", settles)])
    }

    fn source(&self, placed: Placed<'_>) -> String {
        let section = placed.section;
        let version = match &section.standing {
            Standing::Law { from, .. } => self.say("version-of", &[("day", &from.earliest.to_string())]),
            Standing::Draft { name } => self.say("version-draft", &[("name", name)]),
        };
        let layer = self.say(&format!("layer-{}", section.layer), &[]);
        let basis = self.say(&format!("basis-{}", placed.rule.status), &[]);
        self.say(
            "source",
            &[
                ("layer", &layer),
                ("citation", &section.citation),
                ("title", &section.title),
                ("version", &version),
                ("basis", &basis),
                ("rule", placed.rule.id.as_str()),
            ],
        )
    }

    fn silent(&self, silent: &Silent<'_>) -> String {
        let rule = silent.placed.rule.id.as_str();
        match &silent.why {
            WhyNot::Lacks(facts) => self.say("why-not-lacks", &[("rule", rule), ("facts", &self.all_of(facts))]),
            WhyNot::Unless(facts) => self.say("why-not-unless", &[("rule", rule), ("facts", &self.all_of(facts))]),
            WhyNot::WithoutEffect => self.say("why-not-without-effect", &[("rule", rule)]),
        }
    }

    fn flip(&self, ask: Ask, flip: &Flip<'_>) -> String {
        let facts: Vec<String> = flip.changes.iter().map(|stated| self.stated(*stated)).collect();
        // An ask that is no deed has words of its own.
        let own = self.ask(ask, flip.says.code()).map(|own| own.text.trim_end_matches('.').to_owned());
        let says = own.unwrap_or_else(|| self.says(flip.says));
        self.say("flip", &[("facts", &facts.join(", and ")), ("says", &says)])
    }

    fn all_of(&self, facts: &[Stated<'_>]) -> String {
        facts.iter().map(|stated| self.stated(*stated)).collect::<Vec<_>>().join("; ")
    }

    fn still_possible(&self, open: &StillPossible<'_>) -> Vec<Told> {
        let mut all = Vec::new();
        for one in &open.open {
            let answers: Vec<String> =
                one.answers.iter().map(|(name, _)| format!("{} [{name}]", self.answer(one.fact, name))).collect();
            let (question, answers) = (self.question(one.fact), answers.join("; "));
            let known = [("fact", one.fact.name.as_str()), ("question", &question), ("answers", &answers)];
            all.push(self.told("depends-on", self.say("depends-on", &known)));
        }
        if let Some(next) = &open.next {
            let question = self.question(next.fact);
            let at_most = self.at_most(open.at_most);
            all.push(self.told("next", self.say("next", &[("question", &question), ("at_most", &at_most)])));
        }
        all.push(self.told("safe-default", open.safe_default.to_owned()));
        if !open.reviewed {
            all.push(self.told("review", self.say("review-none", &[])));
        }
        all
    }
}

/// Whether the text is known too little to rely on a permission.
fn is_weak(basis: Basis) -> bool {
    basis >= Basis::Reported
}
