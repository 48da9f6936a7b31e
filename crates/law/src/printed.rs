//! The page on which a city attorney reviews a pack, as values: the words, under them the rules in plain English, the
//! scenarios that pin them, what is not code and why, what is missing. No HTML: the server lays it out.
//!
//! INVARIANT: everything that a pack says about the law is on the page, and every sentence of the quoted law is either
//! covered by a rule or listed as a gap.

use crate::comparison::{self, Comparison};
use crate::pack::Pack;
use crate::phrases::Phrases;
use crate::plain::{self, Plain};
use crate::prose::{self, Block, Span};
use crate::quotation::{self, Cover, Sentence};
use crate::rule::Rule;
use crate::say;
use crate::scenario::Scenario;
use crate::section::{Certain, Piece, Section, Standing};
use crate::vocabulary::{AskEntry, Fact};
use crate::words::{Act, Basis, Layer, Says, SectionId};

/// All that the page shows.
#[derive(Clone, Debug)]
pub struct Printed<'p> {
    /// The pack itself.
    pub pack: &'p Pack,
    /// The law by layer and act, highest layer first.
    pub layers: Vec<LayerPart<'p>>,
    /// Versions of one act beside each other.
    pub comparisons: Vec<Comparison<'p>>,
    /// All that is missing or doubtful, kind by kind; a kind may be empty.
    pub missing: Vec<Topic>,
    /// Every scenario, numbered from 1 in the order of the pack.
    pub scenarios: Vec<ScenarioPart<'p>>,
    /// What may be asked.
    pub asks: Vec<AskPart<'p>>,
    /// The facts that people are asked for, and those that rules define.
    pub facts: Vec<&'p Fact>,
    /// Combinations of answers that cannot be.
    pub impossible: Vec<String>,
    /// What must never follow from a change of facts; tried over every situation when the pack is checked.
    pub never: Vec<String>,
    /// How well a text is known, in words.
    pub statuses: Statuses,
}

/// The words for how well a text is known, as answers say them too.
#[derive(Clone, Debug)]
pub struct Statuses(Vec<String>);

/// The law of one layer.
#[derive(Clone, Debug)]
pub struct LayerPart<'p> {
    /// The layer.
    pub layer: Layer,
    /// Its acts, in the order of the pack; none where nothing of the layer is loaded.
    pub acts: Vec<ActPart<'p>>,
}

/// The sections of one act: law by first day, drafts behind.
#[derive(Clone, Debug)]
pub struct ActPart<'p> {
    /// The act.
    pub act: &'p Act,
    /// Its sections.
    pub sections: Vec<SectionPart<'p>>,
}

/// One section.
#[derive(Clone, Debug)]
pub struct SectionPart<'p> {
    /// The section.
    pub section: &'p Section,
    /// When it is law, or which draft it is: a sentence.
    pub standing: String,
    /// Its sources: the name, and what and where it is.
    pub sources: Vec<(&'p str, &'p str)>,
    /// Quotations, rules and notes, in the order of the file.
    pub pieces: Vec<PiecePart<'p>>,
    /// What is not code, and why.
    pub not_code: Vec<Vec<Span>>,
    /// Scenarios that name the section's citation as a reason, by number.
    pub pinned_by: Vec<usize>,
}

/// A piece of a section.
#[derive(Clone, Debug)]
pub enum PiecePart<'p> {
    /// A paragraph or list of notes.
    Note(Block),
    /// A quotation, and what covers each of its sentences.
    Quotation {
        /// The words.
        words: &'p str,
        /// The same words, sentence by sentence.
        sentences: Vec<Sentence>,
    },
    /// A rule.
    Rule(Box<RulePart<'p>>),
}

/// One rule.
#[derive(Clone, Debug)]
pub struct RulePart<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// In plain English.
    pub plain: Plain,
    /// What the desk says of it, where the pack has a sentence.
    pub desk: Option<String>,
    /// Whether its words are less well known than those of its section.
    pub is_less_known: bool,
    /// Scenarios that name it as a reason, by number.
    pub pinned_by: Vec<usize>,
}

/// One scenario.
#[derive(Clone, Debug)]
pub struct ScenarioPart<'p> {
    /// Its number on the page, from 1.
    pub number: usize,
    /// The scenario.
    pub scenario: &'p Scenario,
    /// The deed that is asked about.
    pub deed: &'p str,
    /// What the law must say, in words.
    pub says: String,
    /// The scenario whose facts stand but for those given here: of an opposite, the one that it turns.
    pub as_in: Option<usize>,
    /// The facts given, as sentences without full stops.
    pub given: Vec<String>,
    /// What it names as reasons: the name, and whether it is a rule of the pack.
    pub because: Vec<(&'p str, bool)>,
}

/// One ask.
#[derive(Clone, Debug)]
pub struct AskPart<'p> {
    /// The ask.
    pub entry: &'p AskEntry,
    /// The facts that it reads and that people are asked for.
    pub facts: Vec<&'p Fact>,
    /// Sections that have rules for it.
    pub ruled_by: Vec<&'p SectionId>,
    /// Sections whose text was read for it and says nothing.
    pub silent: Vec<&'p SectionId>,
}

/// One kind of what is missing or doubtful.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name in links.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What there is of it.
    pub items: Vec<Missing>,
}

/// Something missing or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where it stands: the id of a section or rule as links name it, or none.
    pub place: Option<String>,
    /// What to call that place.
    pub name: String,
    /// What is missing.
    pub text: String,
}

/// The page of a pack.
#[must_use]
pub fn printed(pack: &Pack) -> Printed<'_> {
    let scenarios: Vec<ScenarioPart<'_>> =
        pack.scenarios.iter().enumerate().map(|(index, one)| scenario_part(pack, index + 1, one)).collect();
    let layers: Vec<LayerPart<'_>> = pack.layers.iter().map(|layer| layer_part(pack, *layer)).collect();
    let asks: Vec<AskPart<'_>> = pack.vocabulary.asks.iter().map(|entry| ask_part(pack, entry)).collect();
    let phrases = pack.phrases("en");
    let statuses = Statuses(Basis::ALL.iter().map(|word| phrases.say(&format!("basis-{word}"), &[])).collect());
    let missing = crate::missing::topics(&layers, &asks, crate::check(pack), &statuses);
    Printed {
        pack,
        layers,
        comparisons: comparison::comparisons(pack),
        missing,
        scenarios,
        asks,
        facts: pack.vocabulary.facts.iter().collect(),
        impossible: plain::impossible(pack),
        never: plain::never(pack),
        statuses,
    }
}

impl Statuses {
    /// A status in words.
    #[must_use]
    pub fn words(&self, status: Basis) -> &str {
        let place = Basis::ALL.iter().position(|word| *word == status);
        place.and_then(|place| self.0.get(place)).map_or(status.code(), String::as_str)
    }
}

impl<'p> Printed<'p> {
    /// Every section on the page, in its order.
    pub fn sections(&self) -> impl Iterator<Item = &SectionPart<'p>> {
        self.layers.iter().flat_map(|layer| &layer.acts).flat_map(|act| &act.sections)
    }

    /// A scenario by its number on the page.
    #[must_use]
    pub fn scenario(&self, number: usize) -> Option<&ScenarioPart<'p>> {
        number.checked_sub(1).and_then(|index| self.scenarios.get(index))
    }

    /// How many rules there are.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.pack.sections.iter().map(|section| section.rules.len()).sum()
    }
}

impl<'p> SectionPart<'p> {
    /// Its rules.
    pub fn rules(&self) -> impl Iterator<Item = &RulePart<'p>> {
        self.pieces.iter().filter_map(|piece| match piece {
            PiecePart::Rule(rule) => Some(rule.as_ref()),
            PiecePart::Note(_) | PiecePart::Quotation { .. } => None,
        })
    }

    /// Sentences of its quotations that no rule covers to the last word.
    pub fn gaps(&self) -> impl Iterator<Item = &Sentence> {
        let sentences = self.pieces.iter().flat_map(|piece| match piece {
            PiecePart::Quotation { sentences, .. } => sentences.as_slice(),
            PiecePart::Note(_) | PiecePart::Rule(_) => &[],
        });
        sentences.filter(|sentence| sentence.cover != Cover::Full)
    }
}

fn layer_part(pack: &Pack, layer: Layer) -> LayerPart<'_> {
    let mut acts: Vec<ActPart<'_>> = Vec::new();
    for section in pack.sections.iter().filter(|section| section.layer == layer) {
        let part = section_part(pack, section);
        match acts.iter_mut().find(|act| *act.act == section.act) {
            Some(act) => act.sections.push(part),
            None => acts.push(ActPart { act: &section.act, sections: vec![part] }),
        }
    }
    for act in &mut acts {
        act.sections.sort_by_key(|part| match &part.section.standing {
            Standing::Law { from, .. } => (false, from.earliest.to_string()),
            Standing::Draft { name } => (true, name.clone()),
        });
    }
    LayerPart { layer, acts }
}

fn section_part<'p>(pack: &'p Pack, section: &'p Section) -> SectionPart<'p> {
    let source = |name: &'p String| (name.as_str(), pack.sources.get(name).map_or("", String::as_str));
    let phrases = pack.phrases("en");
    let mut part = SectionPart {
        section,
        standing: standing(&section.standing),
        sources: section.sources.iter().map(source).collect(),
        pieces: Vec::new(),
        not_code: Vec::new(),
        pinned_by: pinned_by(pack, &section.citation),
    };
    for piece in &section.layout {
        match piece {
            Piece::Prose(text) => note(&mut part, text),
            Piece::Quotation(index) => {
                let words = section.quotations.get(*index).map_or("", String::as_str);
                let sentences = quotation::sentences(words, &section.rules);
                part.pieces.push(PiecePart::Quotation { words, sentences });
            }
            Piece::Rules(from, until) => {
                let rules = section.rules.get(*from..*until).unwrap_or_default();
                part.pieces.extend(
                    rules.iter().map(|rule| PiecePart::Rule(Box::new(rule_part(pack, &phrases, section, rule)))),
                );
            }
        }
    }
    part
}

/// What follows a line that begins with *Not code* is what is not code, and why; the rest is notes.
fn note(part: &mut SectionPart<'_>, text: &str) {
    let mut blocks = prose::blocks(text).into_iter().peekable();
    while let Some(block) = blocks.next() {
        let Block::Paragraph(spans) = &block else {
            part.pieces.push(PiecePart::Note(block));
            continue;
        };
        if !prose::text(spans).to_lowercase().starts_with("not code") {
            part.pieces.push(PiecePart::Note(block));
        } else if let Some(Block::List(items)) = blocks.next_if(|next| matches!(next, Block::List(_))) {
            part.not_code.extend(items);
        } else {
            part.not_code.push(spans.clone());
        }
    }
}

fn rule_part<'p>(pack: &'p Pack, phrases: &Phrases, section: &Section, rule: &'p Rule) -> RulePart<'p> {
    RulePart {
        rule,
        plain: plain::rule(pack, rule),
        desk: phrases.rule(&rule.id).map(|phrase| phrase.text),
        is_less_known: rule.status > section.status,
        pinned_by: pinned_by(pack, rule.id.as_str()),
    }
}

/// The numbers of the scenarios that name a rule or citation.
fn pinned_by(pack: &Pack, name: &str) -> Vec<usize> {
    let named = pack.scenarios.iter().enumerate().filter(|(_, one)| one.because.iter().any(|word| word == name));
    named.map(|(index, _)| index + 1).collect()
}

fn scenario_part<'p>(pack: &'p Pack, number: usize, scenario: &'p Scenario) -> ScenarioPart<'p> {
    let is_rule = |name: &str| pack.sections.iter().flat_map(|one| &one.rules).any(|rule| rule.id.as_str() == name);
    let says: Vec<&str> = scenario.says.iter().map(|word: &Says| say::says(*word)).collect();
    let says = if says.len() > 1 { format!("still possible: {}", says.join(", or ")) } else { says.join("") };
    // The loader names an opposite after the scenario that it turns.
    let turned = pack.scenarios.iter().take(number - 1).rposition(|one| {
        one.ask == scenario.ask && scenario.name.strip_prefix(&one.name).is_some_and(|rest| rest.starts_with("; but "))
    });
    let before = turned.and_then(|index| pack.scenarios.get(index));
    let given = pack.vocabulary.facts.iter().filter_map(|fact| {
        let name = fact.name.as_str();
        let answer = scenario.given.get(name)?;
        let is_new = before.is_none_or(|before| before.given.get(name) != Some(answer));
        plain::given(pack, name, answer).filter(|_| is_new)
    });
    ScenarioPart {
        number,
        scenario,
        deed: pack.vocabulary.ask(scenario.ask).map_or(scenario.ask.code(), |entry| entry.deed.as_str()),
        says,
        as_in: turned.map(|index| index + 1),
        given: given.collect(),
        because: scenario.because.iter().map(|name| (name.as_str(), is_rule(name))).collect(),
    }
}

fn ask_part<'p>(pack: &'p Pack, entry: &'p AskEntry) -> AskPart<'p> {
    let rules = |section: &&Section| section.rules.iter().any(|rule| rule.asks.contains(&entry.ask));
    AskPart {
        entry,
        facts: entry.reads(&pack.vocabulary).collect(),
        ruled_by: pack.sections.iter().filter(rules).map(|section| &section.id).collect(),
        silent: pack.sections.iter().filter(|one| one.silent.contains(&entry.ask)).map(|one| &one.id).collect(),
    }
}

/// When a section is law, as a sentence.
#[must_use]
pub fn standing(standing: &Standing) -> String {
    let (from, until) = match standing {
        Standing::Draft { name } => {
            return format!("Draft “{name}”: never law. Candor asks it only when somebody asks it by this name.");
        }
        Standing::Law { from, until } => (from, until),
    };
    let end = match until.and_then(|until| until.yesterday().ok()) {
        None => "until further notice".to_owned(),
        Some(last) => format!("up to and including {}", day(last)),
    };
    let first = day(from.earliest);
    match from.certain {
        Certain::AtOnce => format!("Law from {first} {end}."),
        Certain::From(latest) => format!("First day not known: between {first} and {}. Law {end}.", day(latest)),
        Certain::Open => format!("First day not known: {first} or later; no source shows it in force yet. Law {end}."),
    }
}

/// `13 January 2023`.
#[must_use]
pub fn day(on: jiff::civil::Date) -> String {
    on.strftime("%-d %B %Y").to_string()
}

/// Whether a status is too weak to rely on without certified text.
#[must_use]
pub fn is_weak(status: Basis) -> bool {
    status >= Basis::Reported
}
