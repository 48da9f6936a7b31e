//! What somebody could do who runs the log, holds its key and every secret: lie before it is signed, and publish a
//! folder in which every hash and signature is right.

use register::event::{Event, Growth};
use register::row::Row;
use register::words::Authority;
use verify::Verdict;

use crate::lies;
use crate::world::{HONEST, Insider, ONE, ONE_YEAR, Story, TWO, TWO_YEARS, broken, check};

#[test]
fn a_lie_that_is_signed_is_found_by_what_it_must_leave_behind() {
    let mut wrong = Vec::new();
    for lies::Lie { what, insider, alone, with_bag } in lies::all() {
        let world = Story { insider, ..ONE_YEAR }.play();
        let bag = world.bag();
        for (with, bag, expected) in [("folder", None, alone), ("bag", Some(bag.as_str()), with_bag)] {
            let verdict = check(&world.publish(), &world.vkey(), None, bag);
            if broken(&verdict) != expected {
                wrong.push(format!("{what}, with the {with}: {:?}, {:#?}", broken(&verdict), verdict.findings));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing in the folder can show that a request was never there. Whoever kept an older checkpoint sees it.
#[test]
fn a_request_dropped_from_everything_is_seen_by_whoever_kept_a_checkpoint() {
    let honest = &*TWO;
    let rewritten = Story { without: Some("req_1"), ..TWO_YEARS }.play();
    assert_eq!(honest.vkey().to_string(), rewritten.vkey().to_string());
    let verdict = check(&rewritten.publish(), &rewritten.vkey(), None, Some(&rewritten.bag()));
    assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    for since in honest.checkpoints.iter().skip(1).step_by(4) {
        let verdict = check(&rewritten.publish(), &rewritten.vkey(), Some(since), None);
        assert_eq!(broken(&verdict), ["history"], "{since}: {:#?}", verdict.findings);
    }
    // The first growth was before the request, so its checkpoint still holds.
    let verdict = check(&rewritten.publish(), &rewritten.vkey(), honest.checkpoints.first().map(String::as_str), None);
    assert_eq!(broken(&verdict), [""; 0]);
}

#[test]
fn a_log_that_is_rolled_back_or_shown_differently_breaks_its_history() {
    let (now, before) = (&*TWO, &*ONE);
    let later = now.checkpoints.last().map(String::as_str);
    let verdict = check(&before.publish(), &before.vkey(), later, None);
    assert_eq!(findings(&verdict), ["history at the older checkpoint"]);
    assert!(verdict.findings[0].what.contains("rolled back"), "{:?}", verdict.findings);

    let same_size = now.sign(now.register.tree_size(), tlog::Hash([9; 32]));
    let empty = now.sign(0, tlog::hash_empty());
    let empty_and_wrong = now.sign(0, tlog::Hash([9; 32]));
    let cases = [
        (same_size.as_str(), &["history"][..]),
        (&empty, &[]),
        (&empty_and_wrong, &["history"]),
        (&now.sign(u64::MAX, tlog::Hash([9; 32])), &["history"]),
        ("no checkpoint at all", &["history"]),
        ("", &["history"]),
    ];
    for (since, expected) in cases {
        let verdict = check(&now.publish(), &now.vkey(), Some(since), None);
        assert_eq!(broken(&verdict), expected, "{since}: {:#?}", verdict.findings);
    }
}

/// Two filings of one kind for one year: only one can be shown, and the leaf of the other is counted.
#[test]
fn a_second_filing_cannot_be_hidden() {
    let insider = Insider {
        events: |events| {
            if let Some(Event::ReportFiled(filing)) = events.first().filter(|_| events.len() == 1) {
                let mut other = filing.clone();
                // The register would refuse a second one for the year, so it is given another's place.
                other.year = "2021".parse().unwrap();
                events.insert(0, Event::ReportFiled(other));
            }
        },
        ..HONEST
    };
    let mut story = Story { insider, ..TWO_YEARS };
    story.second_year = false;
    let world = story.play();
    let verdict = check(&world.publish(), &world.vkey(), None, None);
    let hidden: Vec<_> =
        verdict.findings.iter().filter(|finding| finding.what.contains("no filing in the folder")).collect();
    assert_eq!(hidden.len(), 1, "the provisional one is counted, the closing one not yet: {:#?}", verdict.findings);
}

/// A root that the log does not have, in an event: the bag does not hide it where a closing rests on it.
#[test]
fn a_closing_rests_on_the_tree_that_is_signed() {
    let insider = Insider {
        events: |events| {
            for event in events {
                if let Event::TreeGrown(Growth { frozen, .. }) = event {
                    frozen.root = tlog::Hash([9; 32]);
                }
            }
        },
        ..HONEST
    };
    let world = Story { insider, ..ONE_YEAR }.play();
    let verdict = check(&world.publish(), &world.vkey(), None, None);
    assert_eq!(broken(&verdict), ["filing"], "{:#?}", verdict.findings);
}

fn findings(verdict: &Verdict) -> Vec<String> {
    let show = |finding: &verify::Finding| format!("{} at {}", verify::say::code(finding.promise), finding.place);
    verdict.findings.iter().map(show).collect()
}

/// Held under one authority, reported under another: the bag shows it.
#[test]
fn an_authority_cannot_be_exchanged_unseen_by_an_auditor() {
    let insider = Insider {
        events: |events| {
            for event in events {
                if let Event::ClosingEntered { row: Row::Held { authorities, .. }, .. } = event {
                    *authorities = vec![Authority::JudicialOrder];
                }
            }
        },
        ..HONEST
    };
    let world = Story { insider, ..ONE_YEAR }.play();
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
    assert_eq!(broken(&verdict), ["bag"], "{:#?}", verdict.findings);
}
