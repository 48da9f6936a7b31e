//! An honest folder holds, and the verifier says what it checked, what it saw and what it cannot see.

use std::collections::BTreeSet;

use verify::{Promise, Verdict, say};

use crate::world::{ONE, TWO, TWO_YEARS, World, broken, check};

#[test]
fn an_honest_folder_holds_with_everything_given() {
    for (name, world) in [("one year", &*ONE), ("two years", &*TWO)] {
        for since in world.checkpoints.iter().step_by(3) {
            let verdict = check(&world.publish(), &world.vkey(), Some(since), None);
            assert!(verdict.findings.is_empty(), "{name}: {:#?}", verdict.findings);
        }
        let last = world.checkpoints.last().map(String::as_str);
        let verdict = check(&world.publish(), &world.vkey(), last, Some(&world.bag()));
        assert!(verdict.findings.is_empty(), "{name}: {:#?}", verdict.findings);
        // Witnesses and receipts have tests of their own.
        let own = [Promise::Witnessed, Promise::Receipt];
        for promise in Promise::ALL.into_iter().filter(|promise| !own.contains(promise)) {
            assert!(verdict.holds(promise), "{name}: `{}` was not checked", say::code(promise));
        }
        assert!(verdict.is_demonstration(), "{name}");
    }
}

#[test]
fn the_totals_are_those_of_the_story() {
    let world = &*TWO;
    assert!(world.register.tree_size() > 256, "the story must fill more than one tile");
    let verdict = check(&world.publish(), &world.vkey(), None, None);
    let seen: Vec<(String, Vec<u64>)> = verdict
        .filings
        .iter()
        .map(|filing| {
            let totals = filing.totals.iter().map(|(_, total, _)| *total);
            (format!("{} {}", filing.year, filing.kind), totals.collect())
        })
        .collect();
    // Requests (the I-247N is counted on the other reading), held, transferred, reimbursed.
    let expected = [
        ("2022 provisional".to_owned(), Vec::new()),
        ("2022 closing".to_owned(), vec![2, 1, 1, 1]),
        ("2023 closing".to_owned(), vec![2, 0, 0, 0]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(verdict.notices, SAID);
}

/// Whoever takes something back is seen to, and so is what is withheld.
const SAID: [&str; 5] = [
    "closing of 2022: 2 rows withheld under the exemption `person`: somebody is shielded, or was in custody less than 30 days \
     before, or a row is of the same month as such a one; the rows that are shown have the sums",
    "individuals transferred of 2022: 1 of 2 that were recorded are taken out again",
    "closing of 2023: 2 rows withheld under the exemption `person`: somebody is shielded, or was in custody less than 30 days \
     before, or a row is of the same month as such a one; the rows that are shown have the sums",
    "individuals held of 2023: 1 of 1 that were recorded are taken out again",
    "reimbursements of 2023: 1 of 1 that were recorded are taken out again",
];

#[test]
fn what_cannot_be_seen_is_said() {
    let world = &*ONE;
    let since = world.checkpoints.first().map(String::as_str);
    let bag = world.bag();
    let only_with_a_bag = ["only an auditor", "provisional letter", "departed from the law", "no facts are open"];
    let nothing_given = [&["`--since`"], only_with_a_bag.as_slice()].concat();
    let cases = [
        (None, None, nothing_given.as_slice()),
        (since, None, &only_with_a_bag),
        (None, Some(bag.as_str()), &["`--since`"]),
        (since, Some(bag.as_str()), &[]),
    ];
    for (since, bag, expected) in cases {
        let verdict = check(&world.publish(), &world.vkey(), since, bag);
        let unseen = verdict.unseen.join("\n");
        for word in ["never registered", "the operator's word", "were taken away", "`report.html`", "`--receipt`"]
            .iter()
            .chain(expected)
        {
            assert!(unseen.contains(word), "`{word}` is not in: {unseen}");
        }
        assert_eq!(verdict.unseen.len(), 5 + expected.len(), "{unseen}");
    }
}

#[test]
fn before_anything_is_filed_key_and_tree_are_checked() {
    let mut world = World::opened();
    world.grow("2022-01-02T04:00-05:00".parse().unwrap());
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    let nothing =
        "the folder shows no filing: none was made, or all were taken away; only key and tree could be checked";
    assert_eq!(verdict.notices, [nothing]);
    assert_eq!(checked(&verdict), ["signature", "tree", "accounted", "bag"]);
}

/// Whoever takes every filing away, with all that belongs to it, is not believed to have filed nothing.
#[test]
fn a_folder_without_any_filing_is_not_taken_for_one_before_the_first() {
    let world = &*TWO;
    let filed = ["filings/", "openings/", "law/"];
    let mut files = world.publish();
    files.retain(|path, _| !filed.iter().any(|folder| path.starts_with(folder)));
    let alone = check(&files, &world.vkey(), None, None);
    assert_eq!(broken(&alone), [""; 0], "{:#?}", alone.findings);
    assert!(alone.notices[0].contains("or all were taken away"), "{:?}", alone.notices);
    assert!(alone.unseen.iter().any(|unseen| unseen.contains("Whether filings were taken away")), "{:?}", alone.unseen);

    // The bag shows each of them; and what needs the law is said not to be checked.
    let verdict = check(&files, &world.vkey(), None, Some(&world.bag()));
    assert_eq!(broken(&verdict), ["filing"], "{:#?}", verdict.findings);
    assert_eq!(verdict.findings.len(), 3, "{:#?}", verdict.findings);
    assert_eq!(
        checked(&verdict),
        ["signature", "tree", "openings", "accounted", "bag", "clock"],
        "the receipt key is opened"
    );
    assert!(!verdict.holds(Promise::Answers) && !verdict.holds(Promise::Report));
    assert_eq!(
        verdict.notices[1..],
        [
            "the provisional letter for 2022 could not be recomputed: no filing shown here has the law pack it names",
            "2 of 2 decisions could not be decided again: no filing shown here has the law pack they name",
        ]
    );
}

/// Nothing is said to hold that was not looked at.
#[test]
fn without_a_tree_the_older_checkpoint_is_not_said_to_hold() {
    let world = &*ONE;
    let mut files = world.publish();
    files.remove("tile/0/000.p/112");
    let verdict = check(&files, &world.vkey(), world.checkpoints.first().map(String::as_str), None);
    assert_eq!(broken(&verdict), ["tree"], "{:#?}", verdict.findings);
    assert_eq!(checked(&verdict), ["signature", "tree"]);
}

#[test]
fn what_was_checked_names_every_closing() {
    let world = &*TWO;
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    let said = |promise: Promise| verdict.checked.get(&promise).map(String::as_str).unwrap_or_default();
    assert_eq!(
        [said(Promise::Counted), said(Promise::Rows), said(Promise::Report), said(Promise::Answers)],
        [
            "what each leaf counts as, until leaf 336, opened by the closing of 2022 and 2023",
            "14 rows of 2022 and 8 rows of 2023 against the leaves that count",
            "the report for 2022 and 2023, recomputed from its rows byte for byte; \
             the provisional letter for 2022, recomputed from the record",
            "2 of 2 answers, decided again from the recorded facts",
        ]
    );
}

/// C2SP lets partial tiles of older sizes stay, so a mirror that keeps them breaks nothing.
#[test]
fn partial_tiles_of_older_sizes_may_stay() {
    for (before, now) in [(World::opened_and_grown(), &*ONE), (World::opened_and_grown(), &*TWO)] {
        let older = before.publish().into_iter().filter(|(path, _)| path.starts_with("tile/"));
        let mut files = now.publish();
        let whole = files.clone();
        // The tiles of the first growth of this very log: the beginning of those that it has now.
        for (path, _) in older {
            let full = path.split(".p/").next().unwrap_or_default();
            let (_, bytes) = whole.iter().find(|(path, _)| path.starts_with(full)).unwrap();
            let entry_bytes = if path.starts_with("tile/entries/") { 34 } else { 32 };
            files.insert(path, bytes.iter().copied().take(16 * entry_bytes).collect());
        }
        assert_eq!(files.len(), whole.len() + 2);
        let verdict = check(&files, &now.vkey(), None, None);
        assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    }
}

#[test]
fn every_broken_promise_has_a_next_step() {
    let hints: BTreeSet<&str> = Promise::ALL.iter().map(|promise| say::hint(*promise)).collect();
    assert_eq!(hints.len(), Promise::ALL.len());
    for hint in hints {
        assert!(hint.starts_with(|c: char| c.is_ascii_lowercase()) && !hint.ends_with('.'), "{hint}");
    }
}

fn checked(verdict: &Verdict) -> Vec<&'static str> {
    verdict.checked.keys().map(|promise| say::code(*promise)).collect()
}

/// A late paper breaks no promise: the year it counts in was closed honestly, and a restatement is due.
#[test]
fn a_paper_registered_after_its_year_was_closed_is_a_notice() {
    let world = crate::world::Story { late_paper: true, ..TWO_YEARS }.play();
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    let late = "1 leaves that count in 2022 were registered after its closing: a restatement is due";
    assert_eq!(verdict.notices, [&[late], SAID.as_slice()].concat());
}

/// The restatement is checked like the closing: its own rows, the leaves of both, the old figures from the report before.
#[test]
fn a_year_that_was_restated_holds_and_nothing_is_due() {
    let world = crate::world::Story { late_paper: true, restated: true, ..TWO_YEARS }.play();
    let mut files = world.publish();
    let verdict = check(&files, &world.vkey(), None, Some(&world.bag()));
    assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    let again = SAID[0].replace("closing of 2022: 2 rows", "restatement-1 of 2022: 3 rows");
    assert_eq!(verdict.notices, [&[SAID[0], &again], &SAID[1..]].concat());
    let requests = |kind: &str| {
        let seen = verdict.filings.iter().find(|seen| seen.year == "2022" && seen.kind == kind).unwrap();
        seen.totals.first().unwrap().1
    };
    assert_eq!((requests("closing"), requests("restatement-1")), (2, 3));
    let report = String::from_utf8(files.remove("filings/2022/restatement-1/report.json").unwrap()).unwrap();
    assert!(report.contains("\"old\": 2,\n        \"new\": 3"), "{report}");
}

/// A restatement that is shown and the closing that it restates is not: nobody could tell what it changed.
#[test]
fn a_restatement_without_the_report_it_restates_is_found() {
    let world = crate::world::Story { late_paper: true, restated: true, ..TWO_YEARS }.play();
    let mut files = world.publish();
    files.retain(|path, _| !path.starts_with("filings/2022/report") && path != "filings/2022/filing");
    let verdict = check(&files, &world.vkey(), None, None);
    assert!(broken(&verdict).contains(&"filing"), "{:#?}", verdict.findings);
}
