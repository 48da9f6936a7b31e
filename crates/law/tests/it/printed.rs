//! The page for review, as values: which quoted words rules cover, what changed between two texts, what is missing.

use std::collections::BTreeMap;

use law::comparison::{Comparison, comparisons};
use law::difference::{self, Run};
use law::printed::{Printed, printed};
use law::prose::{self, Block, Style};
use law::{Ask, Pack};

const FACTS: &str = r#"
[ask.hold]
says = "hold the person"
default = "Release on time."
facts = ["asked"]
[ask.notify]
says = "tell of the release"
default = "Disclose nothing."
facts = ["asked"]
[ask.access]
says = "give access"
default = "No access."
facts = ["asked"]
[fact.asked]
question = "Is it asked?"
says = "it is asked"
"#;
const REPORT: &str = "title = \"R\"\nstatus = \"missing\"\nnil = \"not-stated\"\n[[item]]\nid = \"requests\"\n\
                      citation = \"none\"\ntitle = \"Requests\"\nunit = \"requests\"\ncounts = \"requests\"\n";
const PACK: &str = "id = \"t\"\ntitle = \"T\"\nversion = \"1\"\njurisdiction = \"J\"\nlayers = [\"state\", \"city\"]\n\
                    review = \"none\"\n[sources]\nbook = \"the book\"\n";

/// A section with a quotation and a prohibition for each of the `words` in it.
fn section(id: &str, front: &str, quotation: &str, ask: &str, words: &[&str]) -> (String, String) {
    let rules: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(index, words)| {
            format!(
                "[[rule]]\nid = \"{id}.{}\"\neffect = \"forbids\"\nask = [\"{ask}\"]\nalways = true\nwords = '''{words}'''\n",
                index + 1
            )
        })
        .collect();
    let fence = if rules.is_empty() { String::new() } else { format!("```rule\n{}```\n", rules.join("\n")) };
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"Title of {id}\"\ncitation = \"C {id}\"\nact = \"act\"\nlayer = \"city\"\n\
         source = [\"book\"]\n{front}\n+++\n> {quotation}\n\n{fence}"
    );
    (format!("sections/{id}.md"), text)
}

fn pack(sections: &[(String, String)], scenarios: &str) -> Pack {
    let mut files: BTreeMap<String, String> = [
        ("pack.toml", PACK),
        ("facts.toml", FACTS),
        ("report.toml", REPORT),
        ("calendar.toml", "time_zone = \"America/New_York\"\n"),
    ]
    .iter()
    .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
    .collect();
    files.extend(sections.iter().cloned());
    if !scenarios.is_empty() {
        files.insert("scenarios/all.toml".to_owned(), scenarios.to_owned());
    }
    Pack::load(&files).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

const LAW: &str = "from = 2020-01-01\nstatus = \"quoted\"";

/// A quotation, the words of rules 1, 2, …, and its sentences: `=` covered, `~` in part, `!` a gap; the rules; and in
/// brackets what no rule quotes.
type Quoted<'t> = (&'t str, &'t [&'t str], &'t [&'t str]);

#[rustfmt::skip]
const QUOTED: &[Quoted<'_>] = &[
    ("Nobody shall hold.", &["Nobody shall hold"], &["= Nobody shall hold. {1}"]),
    ("Nobody shall hold.", &[], &["! Nobody shall hold. {} [Nobody shall hold.]"]),
    ("Nobody shall hold.", &["shall hold"], &["~ Nobody shall hold. {1} [Nobody]"]),
    // Two rules for one sentence; marks between them say nothing; what both quote names both.
    ("Nobody shall hold, or tell.", &["Nobody shall hold", "or tell"], &["= Nobody shall hold, or tell. {1 2}"]),
    ("Nobody shall hold, or tell.", &["Nobody shall hold", "hold, or tell"], &["= Nobody shall hold, or tell. {1 2}"]),
    ("Nobody shall, of late, hold.", &["Nobody shall", "hold"], &["~ Nobody shall, of late, hold. {1 2} [, of late,]"]),
    // Where sentences end.
    ("One. Two; three: four", &["Two; three"], &["! One. {} [One.]", "= Two; {1}", "= three: {1}", "! four {} [four]"]),
    ("Shall not: (1) hold, (2) tell, or (a) see", &["(2) tell"],
     &["! Shall not: {} [Shall not:]", "! (1) hold, {} [(1) hold,]", "= (2) tell, or {1}", "! (a) see {} [(a) see]"]),
    ("forty-eight (48) hours", &["(48) hours"], &["~ forty-eight (48) hours {1} [forty-eight]"]),
    ("See 8 U.S.C. 1373 and c. 71 of the law.", &[], &["! See 8 U.S.C. 1373 and c. 71 of the law. {} [See 8 U.S.C. 1373 and c. 71 of the law.]"]),
    ("under Section 287.7 of Title 8", &["Section 287.7"], &["~ under Section 287.7 of Title 8 {1} [under/of Title 8]"]),
    ("He said “never.” She said yes.", &[], &["! He said “never.” {} [He said “never.”]", "! She said yes. {} [She said yes.]"]),
    ("shall not … Transfer anybody", &["Transfer anybody"], &["~ shall not … Transfer anybody {1} [shall not …]"]),
    // A rule that crosses a stop covers both sides; words that stand twice are covered twice.
    ("No hold. No tell.", &["hold. No tell"], &["~ No hold. {1} [No]", "= No tell. {1}"]),
    ("a hold; a hold", &["a hold"], &["= a hold; {1}", "= a hold {1}"]),
    // Nothing but marks is no sentence.
    ("No hold. …", &["No hold"], &["= No hold. {1}"]),
];

#[test]
fn every_sentence_is_covered_or_a_gap() {
    for (quotation, words, expected) in QUOTED {
        let pack = pack(&[section("s", LAW, quotation, "hold", words)], "");
        let rules = &pack.sections[0].rules;
        let found: Vec<String> = law::quotation::sentences(quotation, rules).iter().map(shown).collect();
        assert_eq!(found, *expected, "{quotation}");
        // No word is lost or doubled on the way.
        let whole: String = law::quotation::sentences(quotation, rules)
            .iter()
            .flat_map(|sentence| sentence.parts.iter().map(|part| part.words.as_str()))
            .collect();
        assert_eq!(whole.trim_end(), quotation.trim_end_matches(" …"));
    }
}

fn shown(sentence: &law::quotation::Sentence) -> String {
    let mark = match (sentence.is_full(), sentence.is_part()) {
        (true, _) => "=",
        (_, true) => "~",
        _ => "!",
    };
    let rules: Vec<String> = sentence.rules().iter().map(|id| id.as_str().replace("s.", "")).collect();
    let left = sentence.left().join("/");
    let left = if left.is_empty() { left } else { format!(" [{left}]") };
    format!("{mark} {} {{{}}}{left}", sentence.text(), rules.join(" "))
}

/// Two texts; words in brackets are only in theirs.
#[rustfmt::skip]
const DIFFERENT: &[(&str, &str)] = &[
    ("nobody shall hold", "nobody shall hold"),
    ("nobody shall [detain]", "nobody shall [hold]"),
    ("nobody shall hold anybody", "nobody shall hold anybody [solely on a detainer]"),
    ("[The] officer shall not hold", "[No] officer shall not hold"),
    // Marks and case change no law.
    ("Nobody shall hold, ever", "nobody shall hold ever"),
    // A single word in common is chance.
    ("[keep the man]", "[free the child]"),
    ("[all]", ""),
    ("", "[all]"),
    ("", ""),
    ("a b [x] c d", "a b [y z] c d"),
    ("a b c d", "a b [new] c d"),
    ("a b [gone] c d", "a b c d"),
];

#[test]
fn what_changed_is_marked_word_by_word() {
    for (earlier, later) in DIFFERENT {
        let plain = |text: &str| text.replace(['[', ']'], "");
        let found = difference::between(&plain(earlier), &plain(later));
        assert_eq!((marked(&found.earlier), marked(&found.later)), ((*earlier).to_owned(), (*later).to_owned()));
    }
    assert!(difference::between("keep the man", "free the child").shares_nothing());
    let long = "word ".repeat(4_000);
    assert_eq!(difference::between(&long, &long).earlier.len(), 2, "beyond the limit the rest counts as different");
}

fn marked(runs: &[Run]) -> String {
    let runs = runs.iter().map(|run| if run.shared { run.words.clone() } else { format!("[{}]", run.words) });
    runs.collect::<Vec<_>>().join(" ")
}

const EARLIER: &str = "from = 2014-08-20\nuntil = 2019-12-19\nstatus = \"quoted\"";
const LATER: &str = "from = 2019-12-19\nstatus = \"quoted\"";

#[test]
fn versions_stand_beside_each_other_by_what_they_replace_and_by_what_they_are_about() {
    let pack = pack(
        &[
            section("hold-2014", EARLIER, "Nobody shall hold.", "hold", &["Nobody shall hold"]),
            section("old", EARLIER, "Nobody shall tell.", "notify", &["Nobody shall tell"]),
            section("kept", "from = 2014-08-20\nstatus = \"quoted\"", "Always.", "hold", &[]),
            section(
                "hold-2019",
                &format!("{LATER}\nreplaces = [\"hold-2014\"]"),
                "Nobody shall keep.",
                "hold",
                &["Nobody shall keep"],
            ),
            section("tell-2019", LATER, "Nobody shall tell.", "notify", &["Nobody shall", "tell"]),
            section("new", LATER, "No access.", "access", &["No access"]),
            section("draft", "draft = \"june-2019\"\nstatus = \"reported\"", "May hold.", "hold", &["May hold"]),
        ],
        "",
    );
    let found = comparisons(&pack);
    let titles: Vec<String> = found.iter().map(|one| format!("{} > {}", one.earlier.name, one.later.name)).collect();
    assert_eq!(titles, ["2014-08-20 > 2019-12-19", "june-2019 > 2019-12-19"]);
    assert_eq!(pairs(&found[0]), ["hold-2014 > hold-2019", "> new", "old > tell-2019"]);
    assert_eq!(found[0].unchanged.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["kept"]);
    assert_eq!((&*found[0].newly, &*found[0].no_longer), (&[Ask::Access][..], &[][..]));
    // Rules that read alike are the same, whatever they are called; a section without a partner is told as a whole.
    let same: Vec<String> = found[0].same.iter().map(|(left, right)| format!("{left} = {right}")).collect();
    assert_eq!(same, ["hold-2014.1 = hold-2019.1", "old.1 = tell-2019.1"]);
    let only = |rules: &[(&law::RuleId, law::plain::Plain)]| -> Vec<String> {
        rules.iter().map(|(id, _)| id.to_string()).collect()
    };
    assert_eq!((only(&found[0].only_earlier), only(&found[0].only_later)), (vec![], vec!["tell-2019.2".to_owned()]));
    assert_eq!(pairs(&found[1])[..1], ["draft > hold-2019"]);
}

fn pairs(comparison: &Comparison<'_>) -> Vec<String> {
    let pair = |pair: &law::comparison::Pair<'_>| {
        let earlier: Vec<&str> = pair.earlier.iter().map(|one| one.id.as_str()).collect();
        format!("{} > {}", earlier.join("+"), pair.later.map_or("", |one| one.id.as_str())).trim().to_owned()
    };
    let mut pairs: Vec<String> = comparison.pairs.iter().map(pair).collect();
    pairs.sort_by_key(|pair| pair.trim_start_matches("> ").to_owned());
    pairs
}

const SCENARIOS: &str = r#"
[[scenario]]
name = "it is asked"
on = 2021-01-01
ask = "hold"
given.asked = true
says = "prohibited"
because = ["s.1", "C s"]
[[scenario.but]]
if = "it is not"
given.asked = false
says = "permitted"
because = ["s.1"]
"#;

#[test]
fn everything_missing_or_doubtful_is_listed_in_one_place() {
    let reported = "from = 2020-02-02\nfrom_at_latest = \"open\"\nstatus = \"reported\"\nflag = \"Seen by nobody.\"";
    let doubt = "```rule\n[[rule]]\nid = \"u.doubt\"\neffect = \"doubts\"\nask = [\"notify\"]\nunclear = \"Why.\"\n\
                 always = true\n```\n\nNot code, and why:\n- *Nothing* of it.\n- More,\n  and more.\n\nA note.\n";
    let (name, text) = section("u", reported, "Of telling.", "notify", &[]);
    let pack = pack(
        &[section("s", LAW, "Nobody shall hold or keep.", "hold", &["Nobody shall hold"]), (name, text + doubt)],
        SCENARIOS,
    );
    let page = printed(&pack);
    let expected = [
        ("failures", "scenario `it is asked; but it is not` says prohibited, not permitted; reasons: s.1, C s."),
        ("not-loaded", "ask-access Whether to give access: no section has a rule."),
        ("not-loaded", "No section of state law is loaded."),
        ("not-seen", "section-u Title of u: known by report only: certified text wanted."),
        (
            "first-days",
            "section-u First day not known: 2 February 2020 or later; no source shows it in force yet. Law until further notice.",
        ),
        ("unclear", "rule-u.doubt Why."),
        ("gaps", "section-s In part: “or keep.”"),
        ("gaps", "section-u “Of telling.”"),
        ("unpinned", "rule-u.doubt It is not certain whether anyone may tell of the release, in every case."),
        ("flags", "section-u Seen by nobody."),
    ];
    assert_eq!(missing(&page), expected.map(|(topic, text)| format!("{topic}: {text}")));

    let unseen = page.sections().find(|part| part.section.id.as_str() == "u").unwrap();
    let not_code: Vec<String> = unseen.not_code.iter().map(|item| prose::text(item)).collect();
    assert_eq!(not_code, ["Nothing of it.", "More, and more."]);
    let seen = page.sections().find(|part| part.section.id.as_str() == "s").unwrap();
    assert_eq!(seen.pinned_by, [1]);
    assert_eq!(seen.rules().next().unwrap().pinned_by, [1, 2]);
    // An opposite is told by what it turns.
    let opposite = page.scenario(2).unwrap();
    assert_eq!((opposite.as_in, &*opposite.given), (Some(1), &["it is not asked".to_owned()][..]));
}

fn missing(page: &Printed<'_>) -> Vec<String> {
    let items = page.missing.iter().flat_map(|topic| topic.items.iter().map(move |item| (topic.id, item)));
    let line = |(topic, item): (&str, &law::printed::Missing)| {
        let place = item.place.as_ref().map_or(String::new(), |place| format!("{place} "));
        format!("{topic}: {place}{}", item.text)
    };
    items.map(line).collect()
}

#[test]
fn every_sentence_and_rule_of_boston_is_on_the_page() {
    let pack = crate::folder::load("us-ma-boston");
    let page = printed(&pack);
    let rules: usize = page.sections().map(|part| part.rules().count()).sum();
    assert_eq!((page.sections().count(), rules), (pack.sections.len(), page.rules()));
    let gaps: usize = page.sections().map(|part| part.gaps().count()).sum();
    let listed = page.missing.iter().find(|topic| topic.id == "gaps").unwrap();
    assert_eq!(listed.items.len(), gaps, "a gap is forgotten");
    assert_eq!(page.scenarios.len(), pack.scenarios.len());
}

#[test]
fn prose_is_read_as_paragraphs_and_lists() {
    let text = "One\ntwo.\n\n- *a* b\n  c\n- **d** `e` * f\n\nEnd: 2 * 3 * 4.";
    let blocks: Vec<String> = prose::blocks(text).iter().map(told).collect();
    assert_eq!(blocks, ["One two.", "- /a/ b c - !d! =e= * f", "End: 2 * 3 * 4."]);
}

fn told(block: &Block) -> String {
    let line = |spans: &[prose::Span]| -> String {
        let span = |span: &prose::Span| match span.style {
            Style::Plain => span.words.clone(),
            Style::Emphasis => format!("/{}/", span.words),
            Style::Strong => format!("!{}!", span.words),
            Style::Code => format!("={}=", span.words),
        };
        spans.iter().map(span).collect()
    };
    match block {
        Block::Paragraph(spans) => line(spans),
        Block::List(items) => items.iter().map(|item| format!("- {}", line(item))).collect::<Vec<_>>().join(" "),
    }
}
