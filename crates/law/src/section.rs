//! `sections/*.md`: one section of law. The words above, the rule below: front matter, quoted words, fenced rule rows,
//! and prose on what is not code and why.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::rule::{Rule, RuleBlock, read_rules};
use crate::vocabulary::Vocabulary;
use crate::words::{Act, Ask, Basis, Layer, RuleId, SectionId};

/// One section of law, with its words and rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name in the pack.
    pub id: SectionId,
    /// What it is about, in our words.
    pub title: String,
    /// How a lawyer cites it.
    pub citation: String,
    /// The act it belongs to; versions of one act follow each other.
    pub act: Act,
    /// Whose law it is.
    pub layer: Layer,
    /// When it is law.
    pub standing: Standing,
    /// How well its text is known.
    pub status: Basis,
    /// Where its words come from: names of the pack's sources.
    pub sources: Vec<String>,
    /// What a reader must know about the text itself.
    pub flag: Option<String>,
    /// Asks that its text was read for and says nothing about: silence of the law, not of the pack.
    pub silent: Vec<Ask>,
    /// The sections of an earlier version of its act that it takes the place of.
    pub replaces: Vec<SectionId>,
    /// The quoted words, one string per quotation.
    pub quotations: Vec<String>,
    /// What is not code and why.
    pub prose: String,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// How quotations, rules and prose follow each other in the file.
    pub layout: Vec<Piece>,
    /// The file and the line of its front matter.
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// A piece of a section file, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Prose.
    Prose(String),
    /// One of the section's quotations, by index.
    Quotation(usize),
    /// The rules of one block, by index: from the first up to the second, which is not among them.
    Rules(usize, usize),
}

/// Whether and when a section is law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Law from a day on, until another day (not included) or until further notice.
    Law {
        /// Its first day.
        from: FirstDay,
        /// The first day on which it is no longer law.
        until: Option<Date>,
    },
    /// A draft: can be replayed against by name, never selected by a day.
    Draft {
        /// Its name among the versions of its act, such as `july-2014`.
        name: String,
    },
}

/// The first day of a section, known or a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FirstDay {
    /// The first day on which it may have been law.
    pub earliest: Date,
    /// Until when that is uncertain.
    pub certain: Certain,
}

/// From when on a section is certainly law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certain {
    /// From its first day, which is known.
    AtOnce,
    /// From this day; before it, it may or may not have been law.
    From(Date),
    /// From no day yet known.
    Open,
}

impl FirstDay {
    /// Whether `on` lies where nobody knows if the section was law yet.
    pub(crate) fn is_uncertain_on(self, on: Date) -> bool {
        let before_certainty = match self.certain {
            Certain::AtOnce => false,
            Certain::From(day) => on < day,
            Certain::Open => true,
        };
        self.earliest <= on && before_certainty
    }

    /// The day from which it is certainly law, if one is known.
    #[must_use]
    pub fn at_latest(self) -> Option<Date> {
        match self.certain {
            Certain::AtOnce => Some(self.earliest),
            Certain::From(day) => Some(day),
            Certain::Open => None,
        }
    }
}

impl Section {
    /// First day and end, for a section that is no draft.
    pub(crate) fn law(&self) -> Option<(FirstDay, Option<Date>)> {
        match self.standing {
            Standing::Law { from, until } => Some((from, until)),
            Standing::Draft { .. } => None,
        }
    }
}

/// What a section file consists of, with the line on which each part begins.
struct Parts<'t> {
    front: (usize, &'t str),
    quotations: Vec<Quotation>,
    fences: Vec<(usize, &'t str)>,
    prose: String,
    layout: Vec<Placed>,
}

/// A piece in its place, while the rules of a block are not read yet.
enum Placed {
    Prose(String),
    Quotation(usize),
    Fence,
}

struct Quotation {
    line: usize,
    words: String,
}

/// What reading a section file gave.
pub(crate) struct Read {
    /// The section, if its front matter could be read.
    pub(crate) section: Option<Section>,
    /// The names of all rules that stand in the file, those included that could not be read.
    pub(crate) rules: Vec<RuleId>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads one section file.
pub(crate) fn read(
    file: &str,
    text: &str,
    vocabulary: &Vocabulary,
    layers: &[Layer],
    sources: &BTreeMap<String, String>,
) -> Read {
    let mut problems = Vec::new();
    let Some(parts) = split(file, text, &mut problems) else {
        return Read { section: None, rules: Vec::new(), problems };
    };
    let (first_line, front) = parts.front;
    let (mut section, found) =
        read_toml(file, front, first_line, |reader, table| read_front(reader, table, file, layers, sources));
    problems.extend(found);
    let status = section.as_ref().map_or(Basis::Certified, |section| section.status);
    let mut rules = Vec::new();
    let mut names = Vec::new();
    let mut blocks = Vec::new();
    for (line, fence) in &parts.fences {
        let above = parts.quotations.iter().filter(|quotation| quotation.line < *line);
        let above: Vec<&str> = above.map(|quotation| quotation.words.as_str()).collect();
        let block = RuleBlock { file, text: fence, first_line: *line, above: &above, status };
        let (read, found) = read_rules(&block, vocabulary, &mut names);
        blocks.push(Piece::Rules(rules.len(), rules.len() + read.len()));
        rules.extend(read);
        problems.extend(found);
    }
    if let Some(section) = &mut section {
        section.quotations = parts.quotations.into_iter().map(|quotation| quotation.words).collect();
        section.prose = parts.prose;
        section.rules = rules;
        section.layout = laid_out(parts.layout, blocks);
    }
    Read { section, rules: names, problems }
}

/// The pieces of a file, each block with its rules.
fn laid_out(placed: Vec<Placed>, blocks: Vec<Piece>) -> Vec<Piece> {
    let mut blocks = blocks.into_iter();
    let pieces = placed.into_iter().filter_map(|piece| match piece {
        Placed::Prose(text) => Some(Piece::Prose(text)),
        Placed::Quotation(index) => Some(Piece::Quotation(index)),
        Placed::Fence => blocks.next(),
    });
    pieces.collect()
}

/// Splits a section file. Quoted lines that follow each other are one quotation. `None` without front matter.
fn split<'t>(file: &str, text: &'t str, problems: &mut Vec<Problem>) -> Option<Parts<'t>> {
    let mut refuse = |line: usize, message: &str, hint: &str| {
        let hint = Some(hint.to_owned());
        problems.push(Problem { file: file.to_owned(), line, message: message.to_owned(), hint });
    };
    let lines = lines_with_places(text);
    let mut marks = lines.iter().filter(|(_, _, line)| line.trim_end() == "+++").map(|(number, _, _)| *number);
    let (Some(1), Some(closing)) = (marks.next(), marks.next()) else {
        refuse(1, "no front matter", "begin with a line `+++`, TOML keys, and a line `+++`");
        return None;
    };
    let place = |number: usize| lines.get(number - 1).map_or(text.len(), |(_, start, _)| *start);
    let between = |from: usize, until: usize| text.get(place(from)..place(until)).unwrap_or_default();
    let mut parts = Parts {
        front: (2, between(2, closing)),
        quotations: Vec::new(),
        fences: Vec::new(),
        prose: String::new(),
        layout: Vec::new(),
    };
    let mut fence: Option<(usize, bool)> = None;
    let mut quoting = false;
    for (number, _, line) in lines.iter().skip(closing) {
        let line = line.trim_end();
        if let Some((opening, is_rule)) = fence {
            if line == "```" {
                if is_rule {
                    parts.layout.push(Placed::Fence);
                    parts.fences.push((opening + 1, between(opening + 1, *number)));
                }
                fence = None;
            }
            continue;
        }
        let quoted = line.strip_prefix('>').map(str::trim);
        if let Some(words) = quoted {
            parts.quote(*number, words, quoting);
        } else if line.starts_with("```") {
            fence = Some((*number, line == "```rule"));
            if line != "```rule" {
                refuse(*number, "a fence that is no rule", "rules stand between ```rule and ```");
            }
        } else {
            parts.say(line);
        }
        quoting = quoted.is_some();
    }
    if let Some((opening, _)) = fence {
        refuse(opening, "a fence without an end", "close it with a line ```");
    }
    parts.prose = parts.prose.trim().to_owned();
    Some(parts)
}

impl Parts<'_> {
    /// Adds a quoted line: to the quotation it goes on with, or as the first of a new one.
    fn quote(&mut self, line: usize, words: &str, goes_on: bool) {
        match self.quotations.last_mut() {
            Some(quotation) if goes_on => quotation.words = format!("{} {words}", quotation.words),
            _ => {
                self.layout.push(Placed::Quotation(self.quotations.len()));
                self.quotations.push(Quotation { line, words: words.to_owned() });
            }
        }
    }

    /// Adds a line of prose.
    fn say(&mut self, line: &str) {
        self.prose.push_str(line);
        self.prose.push('\n');
        match self.layout.last_mut() {
            Some(Placed::Prose(text)) => *text = format!("{text}\n{line}"),
            _ if line.is_empty() => {}
            _ => self.layout.push(Placed::Prose(line.to_owned())),
        }
    }
}

/// Lines with their number, counted from 1, and where they start.
fn lines_with_places(text: &str) -> Vec<(usize, usize, &str)> {
    let mut start = 0;
    let mut lines = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        lines.push((index + 1, start, line));
        start += line.len();
    }
    lines
}

fn read_front(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    file: &str,
    layers: &[Layer],
    known_sources: &BTreeMap<String, String>,
) -> Option<Section> {
    reader.only(
        table,
        &[
            "id",
            "title",
            "citation",
            "act",
            "layer",
            "from",
            "from_at_latest",
            "until",
            "status",
            "source",
            "flag",
            "silent",
            "replaces",
            "draft",
        ],
    );
    let id = reader.parsed(table, "id", "a name", SectionId::parse);
    let title = reader.text(table, "title");
    let citation = reader.text(table, "citation");
    let act = reader.parsed(table, "act", "a name", Act::parse);
    let layer: Option<Layer> = reader.word(table, "layer");
    if let (Some(layer), Some(value)) = (layer, table.get("layer"))
        && !layers.contains(&layer)
    {
        reader.unknown(&value, "layer of this pack", layer.code(), layers.iter().map(|layer| layer.code()));
    }
    let status = reader.word(table, "status");
    reader.required(table, "source");
    let mut sources = Vec::new();
    for (source, place) in reader.texts(table, "source") {
        if !known_sources.contains_key(source) {
            reader.unknown(&place, "source", source, known_sources.keys().map(String::as_str));
        }
        sources.push(source.to_owned());
    }
    let flag = reader.optional_text(table, "flag");
    let silent = reader.words(table, "silent");
    let replaces = reader.texts(table, "replaces");
    let standing = read_standing(reader, table);
    Some(Section {
        id: id?,
        title: title?,
        citation: citation?,
        act: act?,
        layer: layer?,
        standing: standing?,
        status: status?,
        sources,
        flag,
        silent,
        replaces: replaces.into_iter().filter_map(|(id, _)| SectionId::parse(id)).collect(),
        quotations: Vec::new(),
        prose: String::new(),
        rules: Vec::new(),
        layout: Vec::new(),
        file: file.to_owned(),
        line: reader.line(&table),
    })
}

/// A draft is named among the versions of its act, which are named by their first days.
fn draft_name(text: &str) -> Option<String> {
    (Act::parse(text).is_some() && !text.starts_with(|c: char| c.is_ascii_digit())).then(|| text.to_owned())
}

fn read_standing(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Standing> {
    if table.has("draft") {
        for key in ["from", "from_at_latest", "until"] {
            if let Some(value) = table.get(key) {
                let hint = Some("a draft is never law: drop the day, or drop `draft`".to_owned());
                reader.problem(&value, format!("a draft has no `{key}`"), hint);
            }
        }
        let name = reader.parsed(table, "draft", "a name that no day begins like, such as `july-2014`", draft_name)?;
        return Some(Standing::Draft { name });
    }
    let from = reader.date(table, "from");
    let until = reader.optional_date(table, "until");
    let certain = match table.get("from_at_latest") {
        None => Some(Certain::AtOnce),
        Some(value) if value.text() == Some("open") => Some(Certain::Open),
        Some(value) => reader.as_date(value, "from_at_latest").map(Certain::From),
    };
    if let (Some(from), Some(until), Some(value)) = (from, until, table.get("until"))
        && until <= from
    {
        reader.problem(&value, "`until` is not after `from`".to_owned(), None);
    }
    if let (Some(from), Some(Certain::From(latest)), Some(value)) = (from, certain, table.get("from_at_latest"))
        && latest <= from
    {
        reader.problem(&value, "`from_at_latest` is not after `from`".to_owned(), None);
    }
    Some(Standing::Law { from: FirstDay { earliest: from?, certain: certain? }, until })
}
