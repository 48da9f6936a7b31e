//! What a file says of papers, custody and convictions becomes facts, and what is wrong with it is named by line. The
//! packs are the draft packs of other laws.

use crate::folder::{files, load};
use law::{Ask, Pack, Problem};

/// What the file begins with; then its tables; then the facts that come of it, or the problems.
const WORKED_OUT: &[(&str, &str, &str)] = &[
    (
        "asks = [\"hold\"]\n[facts]\nactor = \"law_enforcement\"\n",
        "[event]\ndecided_at = 2026-05-02T09:14:00-05:00\n\
         [[custody]]\nat = 2026-05-01T22:00:00-05:00\nwhat = \"arrested\"\n\
         [[custody]]\nat = \"2026-05-02T09:14:00-05:00\"\nwhat = \"bail_posted\"\n\
         [[custody]]\nat = 2026-05-02T09:15:00-05:00\nwhat = \"bail_revoked\"\n\
         [[paper]]\nkind = \"i-200\"\n",
        "actor = law_enforcement, administrative_warrant = true, custody = bond_or_recognizance, judge_paper = none, \
         verified = false",
    ),
    // What nobody can know from the tables stays unknown.
    (
        "asks = [\"hold\"]\npaper = [{ kind = \"warrant\", signed_by = \"unknown\", matter = \"criminal\", held_by = \"ice\" }]\n",
        "",
        "",
    ),
    ("asks = [\"hold\"]\npaper = []\n", "", "administrative_warrant = false, judge_paper = none, verified = false"),
    // Given directly: it stays where it agrees, or where the tables do not say.
    (
        "asks = [\"hold\"]\n[facts]\njudge_paper = \"none\"\n",
        "[[paper]]\nkind = \"i-247a\"\n",
        "administrative_warrant = false, judge_paper = none, verified = false",
    ),
    (
        "asks = [\"hold\"]\n[facts]\njudge_paper = \"judicial_order\"\n",
        "[[paper]]\nkind = \"order\"\nsigned_by = \"clerk_magistrate\"\n",
        "administrative_warrant = false, judge_paper = judicial_order",
    ),
    // And where it does not agree.
    (
        "asks = [\"hold\", \"notify\"]\n[facts]\nactor = \"law_enforcement\"\njudge_paper = \"judicial_order\"\n",
        "[[paper]]\nkind = \"i-200\"\n",
        "4: `judge_paper` is given as `judicial_order`, but `paper` makes it `none` (hint: drop one of the two)",
    ),
    (
        "asks = [\"hold\", \"notify\"]\n[facts]\nactor = \"law_enforcement\"\n[facts.notify]\nadministrative_warrant = false\n",
        "[[paper]]\nkind = \"i-200\"\n",
        "5: `administrative_warrant` is given as `false`, but `paper` makes it `true` (hint: drop one of the two)",
    ),
    // Tables that say too little, too much, or what cannot be.
    (
        "asks = [\"hold\"]\n",
        "[[paper]]\nkind = \"i-200\"\nsigned_by = \"district_judge\"\n",
        "2: `i-200` is a form that no judge signs (hint: enter a judge's paper as `warrant`, `order` or `subpoena`)",
    ),
    (
        "asks = [\"hold\"]\n",
        "[[paper]]\nkind = \"i200\"\n[[paper]]\nkind = \"warrant\"\nsigned_by = \"state_judge\"\nmatter = \"criminal\"\nheld_by = \"other\"\n",
        "3: unknown kind word (hint: did you mean `i-200`?)\n\
         4: `confirmed` is missing (hint: add `confirmed = …` to this table)",
    ),
    (
        "asks = [\"hold\"]\n",
        "[[custody]]\nat = 2026-05-02T09:14:00\nwhat = \"arrested\"\n[[custody]]\nat = 2026-05-02T09:14:00-05:00\nwhat = \"dropped\"\n",
        "3: `at` must be a day, a time and its distance from UTC (hint: write it as 2026-10-30T17:00:00-04:00)\n\
         5: `charges` is missing (hint: add `charges = …` to this table)",
    ),
    (
        "asks = [\"hold\"]\n",
        "[[custody]]\nat = 2026-05-02T09:14:00-05:00\nwhat = \"bail_posted\"\n",
        "2: this happened in custody before any arrest",
    ),
    (
        "asks = [\"hold\"]\n",
        "[[custody]]\nat = 2026-05-02T08:00:00-05:00\nwhat = \"arrested\"\ncharges = [\"theft\"]\n\
         [[custody]]\nat = 2026-05-02T09:14:00-05:00\nwhat = \"dropped\"\ncharges = [\"fraud\"]\n",
        "6: the charge `fraud` ended and was never brought",
    ),
    (
        "asks = [\"inquire\"]\n",
        "[[paper]]\nkind = \"i-200\"\n[[conviction]]\nlaw = \"other\"\nconvicted_on = 2020-01-01\n",
        "2: no ask here reads a fact worked out from `paper` (hint: drop the table, or list an ask that reads one)\n\
         4: no ask here reads a fact worked out from `conviction` (hint: drop the table, or list an ask that reads one)",
    ),
];

#[test]
fn tables_work_out_the_facts_that_are_not_given_and_problems_have_their_lines() {
    let pack = load("us-il");
    for (head, tables, expected) in WORKED_OUT {
        let text = format!("{head}{tables}");
        assert_eq!(told(&pack, Ask::Hold, &text), *expected, "{text}");
    }
}

/// The same for convictions, which need the offence lists of New York.
const CONVICTIONS: &[(&str, &str)] = &[
    (
        "[event]\narrest_at = 2026-11-23T22:10:00-05:00\n\
         [[conviction]]\nlaw = \"NY Penal Law\"\noffence = \"160.10\"\ngrade = \"felony\"\nconvicted_on = 2012-01-01\n",
        "convicted_within_five_years = no, ever_convicted = yes",
    ),
    (
        "[[conviction]]\nlaw = \"NY Penal Law\"\noffence = \"160.10\"\ngrade = \"felony\"\nconvicted_on = 2012-01-01\n",
        "1: `convicted_within_five_years` counts back from `arrest_at`, which is not given (hint: add it to `event`, or \
         give `convicted_within_five_years`)",
    ),
    (
        "[event]\narrest_at = 2026-11-23T22:10:00-05:00\n\
         [[conviction]]\nlaw = \"NY Penl Law\"\noffence = \"160.10\"\nconvicted_on = 2012-01-01\n\
         [[conviction]]\nlaw = \"NY Penal Law\"\noffence = \"robbery\"\nconvicted_on = 2012-01-01\n\
         [[conviction]]\nlaw = \"classed by a person\"\noffence = \"hate_crimes\"\nconvicted_on = 2012-01-01\n\
         [[conviction]]\nlaw = \"elsewhere\"\nconvicted_on = 2012-01-01\ncommitted_on = 2012-01-02\n\
         [[conviction]]\nlaw = \"other\"\nconvicted_on = 2012-01-01\nincarcerated = [{ from = 2012-01-01, until = 2012-01-01 }]\n",
        "5: unknown law (hint: did you mean `NY Penal Law`?)\n\
         10: `offence` is not a code of `NY Penal Law`\n\
         14: unknown offence (hint: did you mean `hate_crime`?)\n\
         16: `committed_on` is after `convicted_on`\n\
         23: `until` is not after `from`",
    ),
];

#[test]
fn a_table_out_of_all_measure_is_refused() {
    let rows = "[[paper]]\nkind = \"i-200\"\n".repeat(1_001);
    let found = told(&load("us-il"), Ask::Hold, &format!("asks = [\"hold\"]\n{rows}"));
    assert_eq!(found, "2: `paper` has more than 1000 rows");
}

#[test]
fn convictions_become_look_backs_and_problems_have_their_lines() {
    let pack = load("us-ny-nyc");
    for (tables, expected) in CONVICTIONS {
        let text = format!("asks = [\"hold\"]\n{tables}");
        assert_eq!(told(&pack, Ask::Hold, &text), *expected, "{text}");
    }
}

/// Planted mistakes in `offences.toml` and in the facts that are worked out: the file, what is replaced by what, the
/// text on the line that must be named, and the message.
const MISTAKES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "offences.toml",
        "{ from = \"120.05\", to = \"120.13\" }",
        "\"120.05-120.13\"",
        "120.05-120.13",
        "`120.05-120.13` is no code (hint: write a range as `{ from = \"120.05\", to = \"120.13\" }`)",
    ),
    (
        "offences.toml",
        "{ from = \"120.05\", to = \"120.13\" }",
        "{ from = \"120.13\", to = \"120.05\" }",
        "120.13",
        "`120.13` does not come before `120.05`",
    ),
    (
        "offences.toml",
        "{ from = \"120.05\", to = \"120.13\" }",
        "{ from = \"120.05\", to = \"121.13\" }",
        "121.13",
        "`120.05` and `121.13` are not sections of one article (hint: write one range for each article, and subdivisions \
         one by one)",
    ),
    ("offences.toml", "\"120.18\"", "\"120.06\"", "\"120.06\"", "`120.06` is listed already, in `120.05` to `120.13`"),
    ("offences.toml", "\"120.18\"", "\"12O.18\"", "12O.18", "`12O.18` is no code"),
    (
        "offences.toml",
        "\"120.18\"",
        "120.18",
        "120.18",
        "`offences` holds something that is neither a code nor a range (hint: write `\"120.05\"`, or `{ from = \"120.01\", to = \"120.13\" }`)",
    ),
    ("offences.toml", "years = 5", "years = 0", "years = 0", "`years` must be from 1 to 100"),
    ("offences.toml", "years = 5", "years = \"always\"", "\"always\"", "`years` is neither a number nor \"ever\""),
    ("offences.toml", "years = 5", "years = \"ever\"", "anchor", "a look-back without a window has no `anchor`"),
    (
        "offences.toml",
        "anchor = \"arrest\"",
        "anchor = \"arest\"",
        "\"arest\"",
        "unknown anchor word `arest` (hint: did you mean `arrest`?)",
    ),
    (
        "offences.toml",
        "lists = [\"penal\", \"vehicle\", \"classed\"]",
        "lists = [\"penalty\", \"vehicle\"]",
        "\"penalty\"",
        "unknown list `penalty` (hint: did you mean `penal`?)",
    ),
    (
        "offences.toml",
        "[look_back.ever_convicted]",
        "[look_back.ever_convictd]",
        "ever_convictd",
        "unknown fact that a look-back works out `ever_convictd` (hint: did you mean `ever_convicted`?)",
    ),
    (
        "offences.toml",
        "law = \"NY Penal Law\"",
        "law = \"other\"",
        "[list.penal]",
        "a list cannot be of the law `other`, which stands for no list",
    ),
    (
        "facts.toml",
        "judicial_order = \"a judge's order or warrant of another kind\"",
        "judicial_orders = \"a judge's order or warrant of another kind\"",
        "worked_out = \"strongest-paper\"",
        "`strongest-paper` gives `judicial_order`, which `judge_paper` does not have (hint: did you mean `judicial_orders`?)",
    ),
    (
        "facts.toml",
        "worked_out = \"paper-confirmed\"",
        "worked_out = \"look-back\"",
        "worked_out = \"look-back\"",
        "`look-back` gives answers of its own, and `verified` does not",
    ),
    (
        "facts.toml",
        "worked_out = \"strongest-paper\"",
        "worked_out = \"strongest-papers\"",
        "strongest-papers",
        "unknown worked_out word `strongest-papers` (hint: did you mean `strongest-paper`?)",
    ),
    (
        "sections/14-154-b.md",
        "within = \"48h\"",
        "within = \"same-day\"",
        "same-day",
        "`same-day` counts no days, so none is left out",
    ),
    (
        "sections/14-154-b.md",
        "within = \"48h\"",
        "within = \"48\"",
        "within = \"48\"",
        "`48` is no length of time (hint: write `48h`, `3d` or `same-day`)",
    ),
    (
        "scenarios/police-hold.toml",
        "kind = \"i-200\"",
        "kind = \"i-2000\"",
        "i-2000",
        "unknown kind word `i-2000` (hint: did you mean `i-200`?)",
    ),
    ("pack.toml", "draft = true", "draft = \"yes\"", "draft =", "`draft` must be true or false"),
];

#[test]
fn a_mistake_in_lists_look_backs_and_marks_is_named_with_its_line() {
    for (file, from, to, at, expected) in MISTAKES {
        let mut files = files("us-ny-nyc");
        let text = files[*file].replacen(from, to, 1);
        assert_ne!(text, files[*file], "{file} has no {from}");
        let line = text.lines().position(|line| line.contains(at)).unwrap() + 1;
        files.insert((*file).to_owned(), text);
        let problems = Pack::load(&files).unwrap_err();
        let expected = format!("{file}:{line}: {expected}");
        assert!(problems.iter().any(|problem| problem.to_string() == expected), "{expected}\n{}", shown(&problems));
    }
}

#[test]
fn a_fact_that_a_look_back_works_out_needs_one() {
    let mut files = files("us-ny-nyc");
    files.remove("offences.toml");
    let problems = shown(&Pack::load(&files).unwrap_err());
    let expected =
        "offences.toml:1: no look-back works out the fact `ever_convicted` (hint: add `[look_back.ever_convicted]`)";
    assert!(problems.contains(expected), "{problems}");
}

/// Whether a warrant is attached that only an immigration officer signed is asked, not worked out: Boston's question
/// names two forms, the function knows more.
#[test]
fn the_custody_and_the_judges_papers_of_boston_are_worked_out() {
    let text = "asks = [\"hold\"]\n[[paper]]\nkind = \"i-205\"\n[[custody]]\nat = 2022-06-14T08:00:00-04:00\nwhat = \"arrested\"\n";
    let expected = "custody = before_bail_or_court, judge_paper = none, verified = false";
    assert_eq!(told(&load("us-ma-boston"), Ask::Hold, text), expected);
}

#[test]
fn a_pack_is_no_draft_unless_it_says_so() {
    assert!(!load("us-ma-boston").draft);
    assert!(load("us-ny-nyc").draft);
}

/// The facts of an ask, or the problems without their file.
fn told(pack: &Pack, ask: Ask, text: &str) -> String {
    let file = match pack.read_fact_file("f", text) {
        Err(problems) => return shown(&problems).replace("f:", ""),
        Ok(file) => file,
    };
    let (_, facts) = file.asks.iter().find(|(listed, _)| *listed == ask).unwrap();
    facts.iter().map(|(name, answer)| format!("{name} = {answer}")).collect::<Vec<_>>().join(", ")
}

fn shown(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a record says of custody, `;` between events; the facts given; then the facts used, or what is wrong.
const KNOWN: &[(&str, &str, &str)] = &[
    ("arrested", "", "custody = before_bail_or_court"),
    ("arrested; bail_posted", "", "custody = bond_or_recognizance"),
    ("arrested; bail_posted", "custody = bond_or_recognizance", "custody = bond_or_recognizance"),
    (
        "arrested; bail_posted",
        "custody = before_bail_or_court",
        "`custody` is given as `before_bail_or_court`, but the record makes it `bond_or_recognizance` \
         (hint: leave it out, or put the record right)",
    ),
    ("bail_posted", "", "the custody events of the record contradict each other"),
    // Nothing has happened, and nothing is known: both work out nothing.
    ("", "custody = bond_or_recognizance", "custody = bond_or_recognizance"),
    ("unknown", "custody = bond_or_recognizance", "custody = bond_or_recognizance"),
    ("unknown", "", ""),
    ("arrested", "custody = nonsense", "unknown answer of `custody`"),
];

#[test]
fn what_a_record_knows_works_out_the_facts_that_nobody_gave() {
    use law::derived::{CustodyChange, CustodyEvent, Known};
    let pack = load("us-ma-boston");
    for (record, given, expected) in KNOWN {
        let at = |hour: usize| format!("2022-06-14T{hour:02}:00Z").parse().unwrap();
        let events = record.split("; ").filter(|word| !word.is_empty()).enumerate();
        let events = events.map(|(hour, word)| CustodyEvent {
            at: at(hour),
            what: if word == "arrested" { CustodyChange::Arrested(Vec::new()) } else { CustodyChange::BailPosted },
        });
        let custody = (*record != "unknown").then(|| events.collect());
        let known = Known { at: at(12), custody, papers: None };
        let given = given.split(", ").filter_map(|fact| fact.split_once(" = "));
        let given = given.map(|(name, answer)| (name.to_owned(), answer.to_owned())).collect();
        let said = match pack.facts_known(Ask::Hold, &given, &known) {
            Ok(facts) => facts.iter().map(|(name, answer)| format!("{name} = {answer}")).collect::<Vec<_>>().join(", "),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        let as_expected = if expected.is_empty() { said.is_empty() } else { said.contains(expected) };
        assert!(as_expected, "{record} | {given:?}\n  said: {said}");
    }
}

/// Papers that a record knows, as kind and signer of each; then the facts that come of them.
const KNOWN_PAPERS: &[(&str, &str)] = &[
    ("", "judge_paper = none, verified = false"),
    ("i-200", "judge_paper = none, verified = false"),
    ("i-200, criminal", "judge_paper = ice_criminal_warrant, verified = true"),
    // Nobody knows who signed it: a person must settle both.
    ("i-200, unsigned", ""),
];

#[test]
fn the_papers_of_a_record_work_out_what_a_judge_signed() {
    use law::derived::{Known, Paper, PaperHolder, PaperKind, PaperMatter, Signer};
    let pack = load("us-ma-boston");
    let form = Paper {
        kind: PaperKind::I200,
        signed_by: Signer::ImmigrationOfficer,
        matter: PaperMatter::Civil,
        held_by: PaperHolder::Ice,
        confirmed: false,
    };
    let (kind, matter) = (PaperKind::Warrant, PaperMatter::Criminal);
    let criminal = Paper { kind, matter, signed_by: Signer::DistrictJudge, confirmed: true, ..form };
    let unsigned = Paper { signed_by: Signer::Unknown, confirmed: false, ..criminal };
    for (papers, expected) in KNOWN_PAPERS {
        let papers = papers.split(", ").filter_map(|paper| match paper {
            "i-200" => Some(form),
            "criminal" => Some(criminal),
            "unsigned" => Some(unsigned),
            _ => None,
        });
        let at = "2022-06-14T12:00Z".parse().unwrap();
        let known = Known { papers: Some(papers.collect()), ..Known::nothing(at) };
        let facts = pack.facts_known(Ask::Hold, &std::collections::BTreeMap::new(), &known).unwrap();
        let worked_out = facts.iter().filter(|(name, _)| ["judge_paper", "verified"].contains(&name.as_str()));
        let said: Vec<String> = worked_out.map(|(name, answer)| format!("{name} = {answer}")).collect();
        assert_eq!(said.join(", "), *expected);
    }
}
