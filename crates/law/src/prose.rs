//! The prose of a section file as paragraphs and lists. Of Markdown it knows what these files use: blank lines between
//! paragraphs, lines that begin with `- `, `*emphasis*`, `**strong**` and `` `code` ``.

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, an entry for each item.
    List(Vec<Vec<Span>>),
}

/// Words, and how they are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// How they are set.
    pub style: Style,
    /// The words.
    pub words: String,
}

/// How words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As the text around them.
    Plain,
    /// `*so*`
    Emphasis,
    /// `**so**`
    Strong,
    /// `` `so` ``
    Code,
}

/// Reads prose.
#[must_use]
pub fn blocks(prose: &str) -> Vec<Block> {
    // Lines of paragraphs and items, each gathered to one line: whether it is an item, and its text.
    let mut gathered: Vec<(bool, String)> = Vec::new();
    let mut goes_on = false;
    for line in prose.lines() {
        let trimmed = line.trim();
        let item = line.trim_start().strip_prefix("- ");
        match (item, gathered.last_mut()) {
            _ if trimmed.is_empty() => goes_on = false,
            (Some(item), _) => {
                gathered.push((true, item.trim().to_owned()));
                goes_on = true;
            }
            (None, Some((_, text))) if goes_on => *text = format!("{text} {trimmed}"),
            (None, _) => {
                gathered.push((false, trimmed.to_owned()));
                goes_on = true;
            }
        }
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (is_item, text) in gathered {
        match (is_item, blocks.last_mut()) {
            (true, Some(Block::List(items))) => items.push(spans(&text)),
            (true, _) => blocks.push(Block::List(vec![spans(&text)])),
            (false, _) => blocks.push(Block::Paragraph(spans(&text))),
        }
    }
    blocks
}

/// The words alone.
#[must_use]
pub fn text(spans: &[Span]) -> String {
    spans.iter().map(|span| span.words.as_str()).collect()
}

/// Sets the words of one line. A mark without its partner is a mark.
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(c) = rest.chars().next() {
        let marks = [("**", Style::Strong), ("*", Style::Emphasis), ("`", Style::Code)];
        let found = marks.iter().find_map(|(mark, style)| {
            let (words, after) = rest.strip_prefix(mark)?.split_once(mark)?;
            let is_set = !words.is_empty() && !words.starts_with(' ') && !words.ends_with(' ');
            is_set.then_some((*style, words, after))
        });
        if let Some((style, words, after)) = found {
            if !plain.is_empty() {
                spans.push(Span { style: Style::Plain, words: std::mem::take(&mut plain) });
            }
            spans.push(Span { style, words: words.to_owned() });
            rest = after;
        } else {
            plain.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        spans.push(Span { style: Style::Plain, words: plain });
    }
    spans
}
