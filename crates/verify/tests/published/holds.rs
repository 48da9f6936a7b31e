//! An honest folder holds, and the verifier says what it checked, what it saw and what it cannot see.

use verify::{Promise, say};

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
        for promise in Promise::ALL {
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
    assert_eq!(verdict.notices, [""; 0]);
}

#[test]
fn what_cannot_be_seen_is_said() {
    let world = &*ONE;
    let since = world.checkpoints.first().map(String::as_str);
    let bag = world.bag();
    let cases = [
        (None, None, ["`--since`", "only an auditor", "no facts are open"].as_slice()),
        (since, None, &["only an auditor", "no facts are open"]),
        (None, Some(bag.as_str()), &["`--since`"]),
        (since, Some(bag.as_str()), &[]),
    ];
    for (since, bag, expected) in cases {
        let verdict = check(&world.publish(), &world.vkey(), since, bag);
        let unseen = verdict.unseen.join("\n");
        for word in
            ["never registered", "the operator's word", "was taken away", "`report.html`"].iter().chain(expected)
        {
            assert!(unseen.contains(word), "`{word}` is not in: {unseen}");
        }
        assert_eq!(verdict.unseen.len(), 4 + expected.len(), "{unseen}");
    }
}

#[test]
fn before_anything_is_filed_key_and_tree_are_checked() {
    let mut world = World::opened();
    world.grow("2022-01-02T04:00-05:00".parse().unwrap());
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    assert_eq!(verdict.notices, ["nothing is filed yet: only key and tree could be checked"]);
    let checked: Vec<_> = verdict.checked.keys().map(|promise| say::code(*promise)).collect();
    assert_eq!(checked, ["signature", "tree", "accounted", "bag", "answers"]);
}

/// A late paper breaks no promise: the year it counts in was closed honestly, and a restatement is due.
#[test]
fn a_paper_registered_after_its_year_was_closed_is_a_notice() {
    let world = crate::world::Story { late_paper: true, ..TWO_YEARS }.play();
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    let late = "1 leaves that count in 2022 were registered after its closing: a restatement is due";
    assert_eq!(verdict.notices, [late]);
}
