//! `candor law print`: everything that a pack says is on the page, nothing that it says runs there, and every link leads
//! somewhere.

use std::collections::{BTreeMap, BTreeSet};

use law::Pack;
use law::printed::{PiecePart, printed};

use crate::city::{City, repository};
use crate::folder;

/// What a pack may say and no page may run: in an element, in an attribute, and as what is escaped already.
const PLANTED: &str = r#"<script>alert(1)</script> <img src=x onerror=alert(2)> " onfocus=alert(3) ' &lt; ]]>"#;

/// An invented pack. Wherever it says `X`, that is planted.
const FILES: &[(&str, &str)] = &[
    (
        "pack.toml",
        r#"
id = "planted"
title = "X"
version = "X"
jurisdiction = "X"
layers = ["state", "city"]
review = { who = "X", on = 2026-01-31 }
[sources]
book = "X"
"#,
    ),
    (
        "facts.toml",
        r#"
[ask.hold]
says = "X"
default = "X"
facts = ["actor", "asked"]
[fact.actor]
question = "X"
says = "the one who acts is {} X"
answers = { officer = "X", clerk = "X or another", none = "none" }
[fact.asked]
question = "X"
says = "X is asked"
[[impossible]]
actor = "none"
asked = true
"#,
    ),
    ("calendar.toml", "time_zone = \"America/New_York\"\n"),
    (
        "report.toml",
        r#"
title = "X"
act_section = "X"
recipient = "X"
note = "X"
status = "missing"
nil = "not-stated"
[[item]]
id = "requests"
citation = "X"
title = "X"
unit = "requests"
counts = "requests"
"#,
    ),
    (
        "sections/old.md",
        r#"+++
id = "old"
title = "X"
citation = "X before"
act = "act"
layer = "city"
from = 2014-01-01
until = 2020-01-01
status = "quoted"
source = ["book"]
+++
> Nobody shall hold. X
"#,
    ),
    (
        "sections/new.md",
        r#"+++
id = "new"
title = "X"
citation = "X"
act = "act"
layer = "city"
from = 2020-01-01
status = "quoted"
source = ["book"]
flag = "X"
replaces = ["old"]
+++
X *X* `X`

- X

> Nobody shall hold: X

```rule
[[rule]]
id = "F"
effect = "forbids"
ask = ["hold"]
by = "officer"
words = "hold: X"
when = [{ asked = true }]
unless = [{ actor = ["clerk", "officer"] }]
duty = { do = "X", within = "1d", from = "asked_at" }

[[rule]]
id = "D"
effect = "doubts"
ask = ["hold"]
unclear = "X"
always = true
```

Not code, and why:
- X **X**
"#,
    ),
    (
        "scenarios/all.toml",
        r#"
[[scenario]]
name = "X"
on = 2021-01-01
ask = "hold"
given.actor = "officer"
given.asked = false
says = "needs-legal-review"
because = ["D", "X"]
[[scenario.but]]
if = "X"
given.actor = "clerk"
says = "needs-legal-review"
because = ["D"]
"#,
    ),
];

#[test]
fn the_page_of_boston_forgets_nothing() {
    let pack = load(&boston());
    let html = City::empty().ok("law print us-ma-boston");
    holds_everything(&html, &pack);
    assert!(html.contains("Unreviewed: no lawyer has reviewed this pack."));
    assert!(html.contains(&pack.hash().to_string()));
}

#[test]
fn a_pack_without_law_has_a_page_that_says_so() {
    let html = City::empty().ok("law print us-tx-travis-county");
    leads_somewhere(&html);
    assert!(words(&html).contains("Nothing of this layer is loaded. That says nothing about the law itself."));
}

#[test]
fn what_a_pack_says_is_shown_and_never_run() {
    let city = City::empty();
    let in_toml = PLANTED.replace('"', "\\\"");
    let planted = |(name, text): &(&str, &str)| {
        // In Markdown a quotation mark needs no backslash; its front matter and rules are TOML.
        let mut is_prose = false;
        let line = |line: &str| {
            is_prose = if matches!(line, "+++" | "```" | "```rule") { line != "```rule" } else { is_prose };
            let said = if is_prose && !line.contains(" = ") { PLANTED } else { &in_toml };
            line.replace('X', said)
        };
        ((*name).to_owned(), text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n")
    };
    let files: BTreeMap<String, String> = FILES.iter().map(planted).collect();
    let pack = load(&files);
    for (name, text) in &files {
        city.write(&format!("planted/{name}"), text);
    }
    let html = city.ok("law print planted");
    let elements = elements(&html);
    let names: BTreeSet<&str> = elements.iter().filter_map(|tag| tag.split([' ', '\n']).next()).collect();
    assert!(!names.contains("script") && !names.contains("img"), "{names:?}");
    assert!(!elements.iter().any(|tag| tag.contains(" on")), "an attribute that runs");
    assert!(words(&html).matches(PLANTED).count() > 40, "it is shown wherever it is said");
    holds_everything(&html, &pack);
}

#[test]
fn a_file_holds_what_is_printed_otherwise() {
    let city = City::empty();
    let html = city.ok("law print us-ma-boston");
    let said = city.ok("law print us-ma-boston --out review/boston.html");
    assert_eq!(said, "printed us-ma-boston version 0.1: review/boston.html\n".replace("0.1", &load(&boston()).version));
    assert_eq!(String::from_utf8(city.files("review")["boston.html"].clone()).unwrap(), html);
    city.run("law print nowhere").ends_with(1).complains_of("there is no law pack `nowhere`");
}

/// Every section, quotation, rule, doubt, gap, note and scenario of a pack.
#[track_caller]
fn holds_everything(html: &str, pack: &Pack) {
    leads_somewhere(html);
    let words = words(html);
    let page = printed(pack);
    let mut missing = Vec::new();
    let mut needs = |what: &str, text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.contains(&text) {
            missing.push(format!("{what}: {text}"));
        }
    };
    for part in page.sections() {
        let section = part.section;
        needs("title", &section.title);
        needs("citation", &section.citation);
        needs("standing", &part.standing);
        section.flag.iter().for_each(|flag| needs("flag", flag));
        section.quotations.iter().for_each(|quotation| needs("quotation", quotation));
        part.not_code.iter().for_each(|item| needs("not code", &law::prose::text(item)));
        for piece in &part.pieces {
            if let PiecePart::Note(law::prose::Block::Paragraph(spans)) = piece {
                needs("note", &law::prose::text(spans));
            }
        }
        for rule in part.rules() {
            assert!(html.contains(&format!("id=\"rule-{}\"", rule.rule.id)), "no rule {}", rule.rule.id);
            needs("rule", &rule.plain.says.lead);
            rule.plain.says.items.iter().for_each(|item| needs("rule", item));
            rule.plain.unless.iter().for_each(|unless| needs("unless", &unless.lead));
            rule.plain.unclear.iter().for_each(|unclear| needs("unclear", unclear));
            rule.rule.words.iter().for_each(|quoted| needs("words", quoted));
        }
    }
    for topic in &page.missing {
        needs("topic", &format!("{}: {}", topic.title, topic.items.len()));
        topic.items.iter().for_each(|item| needs(topic.id, &item.text));
    }
    for scenario in &page.scenarios {
        assert!(html.contains(&format!("id=\"scenario-{}\"", scenario.number)));
        let name = &scenario.scenario.name;
        // An opposite is told by what it turns.
        let turned = scenario.as_in.and_then(|number| page.scenario(number));
        needs(
            "scenario",
            turned.and_then(|turned| name.strip_prefix(&turned.scenario.name)).map_or(name, |rest| &rest[2..]),
        );
    }
    for ask in &page.asks {
        needs("deed", &ask.entry.deed);
        needs("default", &ask.entry.safe_default);
        ask.facts.iter().for_each(|fact| needs("question", &fact.question));
        let answers = ask.facts.iter().filter(|fact| fact.answers[0].0 != "true").flat_map(|fact| &fact.answers);
        answers.for_each(|(_, answer)| needs("answer", answer));
    }
    pack.sources.iter().for_each(|(name, what)| needs("source", &format!("{name} {what}")));
    assert!(missing.is_empty(), "not on the page:\n{}", missing.join("\n"));
}

/// Each name is there once, each link leads to one, and nothing is fetched from elsewhere.
#[track_caller]
fn leads_somewhere(html: &str) {
    let elements = elements(html);
    let values = |name: &str| -> Vec<&str> {
        let begins = format!(" {name}=\"");
        elements.iter().filter_map(|tag| tag.split_once(&begins)?.1.split('"').next()).collect()
    };
    let ids = values("id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "a name stands twice");
    let lost: Vec<&str> =
        values("href").into_iter().filter(|link| link.strip_prefix('#').is_none_or(|id| !known.contains(id))).collect();
    assert!(lost.is_empty(), "links that lead nowhere: {lost:?}");
    let lost: Vec<&str> = values("aria-labelledby").into_iter().filter(|id| !known.contains(id)).collect();
    assert!(lost.is_empty(), "labels that are nowhere: {lost:?}");
    let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    assert!(!style.contains("url(") && !style.contains("@import"), "the style fetches something");
    assert!(
        values("src").is_empty() && !elements.iter().any(|tag| tag.starts_with("link") || tag.starts_with("script"))
    );
}

/// The opening tags of a page, without their brackets.
fn elements(html: &str) -> Vec<&str> {
    let opening = html.split('<').skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    opening.map(|rest| rest.split('>').next().unwrap()).collect()
}

/// The words of a page as people read them, one space between them.
fn words(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    for piece in body.split_inclusive('>') {
        let (before, tag) = piece.split_once('<').unwrap_or((piece, ""));
        text.push_str(before);
        // What stands in one line is read in one go.
        let inline = ["em", "/em", "strong", "/strong", "code", "/code", "span", "/span", "q", "/q"];
        if !inline.iter().any(|name| tag.starts_with(name)) {
            text.push(' ');
        }
    }
    let text = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text, |text, (escaped, mark)| text.replace(escaped, mark));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn boston() -> BTreeMap<String, String> {
    let files = folder::files(&repository().join("law/us-ma-boston"));
    files.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

fn load(files: &BTreeMap<String, String>) -> Pack {
    Pack::load(files).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}
