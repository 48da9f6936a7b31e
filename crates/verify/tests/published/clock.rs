//! What is dated wrongly, and what was promised by a time and came later: against the log itself, a witness and the bag.
#![expect(clippy::unwrap_used, reason = "a test that does not get what it needs fails")]

use register::event::Filing;
use register::receipt::Said;
use register::time::Timestamp;
use register::words::FilingKind;
use verify::receipt::{HeldReceipt, Standing};
use verify::{Given, Verdict};

use crate::witnessed::{FIRST, checkpoint, cosign, key};
use crate::world::{HONEST, Insider, ONE, ONE_YEAR, Story, TWO, TWO_YEARS, World, broken, check, check_receipt};

/// The checkpoint of that growth, counted from the first, cosigned at this instant.
fn kept(world: &World, growth: usize, at: &str) -> String {
    let mut files = [("checkpoint".to_owned(), world.checkpoints.get(growth).unwrap().clone().into_bytes())].into();
    let text = checkpoint(&files).text;
    let seconds = at.parse::<Timestamp>().unwrap().as_second();
    cosign(&mut files, FIRST, &text, u64::try_from(seconds).unwrap());
    String::from_utf8(files.remove("checkpoint").unwrap()).unwrap()
}

/// What a reader sees who kept that checkpoint, and knows the witness.
fn since(world: &World, kept: &str) -> Verdict {
    let (files, key, witnesses) = (world.publish(), world.vkey(), [key(FIRST)]);
    verify::verify(&Given {
        files: &files,
        key: &key,
        witnesses: &witnesses,
        since: Some(kept),
        bag: None,
        receipt: None,
    })
}

/// What of the clock is found; that the newest checkpoint is not cosigned is another promise.
fn said(verdict: &Verdict) -> Vec<&str> {
    let of_clock = verdict.findings.iter().filter(|finding| finding.promise == verify::Promise::Clock);
    of_clock.map(|finding| finding.what.as_str()).collect()
}

/// The letter is of 20 December 2022. Growths: 0 of January, 1 and 2 of December, before and with the letter.
fn dated(as_of: &'static str) -> impl Fn(&mut Filing) {
    move |filing| {
        if filing.kind == FilingKind::Provisional {
            filing.as_of = as_of.parse().unwrap();
        }
    }
}

#[test]
fn a_letter_that_is_dated_back_is_found_by_whoever_kept_what_a_witness_saw() {
    // The tree of January was still shown to the witness at these instants; the letter shows that of December.
    let cases = [
        ("2022-01-02T09:00:00Z", true),
        ("2022-12-20T09:00:00Z", true),
        // As long as a leaf may wait an operator may show an older tree.
        ("2022-12-22T09:00:00Z", true),
        ("2022-12-22T09:00:01Z", false),
        ("2023-03-01T00:00:00Z", false),
    ];
    for (at, holds) in cases {
        let verdict = since(&ONE, &kept(&ONE, 0, at));
        let says = said(&verdict);
        assert_eq!(says.is_empty(), holds, "{at}: {says:?}");
        assert!(says.iter().all(|what| what.ends_with("it is dated back")), "{at}: {says:?}");
    }
}

#[test]
fn a_letter_that_is_dated_ahead_is_found_by_when_a_witness_saw_its_leaf() {
    // The growth that has the letter's leaf; the letter says 2022-12-20T09:00:00Z.
    let cases = [("2022-12-20T08:54:59Z", false), ("2022-12-20T08:55:00Z", true), ("2022-12-20T15:00:00Z", true)];
    for (at, holds) in cases {
        let verdict = since(&ONE, &kept(&ONE, 2, at));
        let says = said(&verdict);
        assert_eq!(says.is_empty(), holds, "{at}: {says:?}");
        assert!(says.iter().all(|what| what.ends_with("it is dated ahead")), "{at}: {says:?}");
    }
}

/// A witness that nobody named is nobody.
#[test]
fn a_witness_that_the_reader_did_not_name_says_nothing_of_days() {
    let kept = kept(&ONE, 0, "2023-03-01T00:00:00Z");
    let verdict = check(&ONE.publish(), &ONE.vkey(), Some(&kept), None);
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
}

#[test]
fn filings_are_dated_in_the_order_of_their_trees() {
    fn letter_of_the_future(filing: &mut Filing) {
        dated("2022-12-31T23:00:00Z")(filing);
        if filing.kind == FilingKind::Closing {
            filing.as_of = "2022-12-31T22:59:59Z".parse().unwrap();
        }
    }
    let world = Story { insider: Insider { filing: letter_of_the_future, ..HONEST }, ..ONE_YEAR }.play();
    let verdict = check(&world.publish(), &world.vkey(), None, None);
    let says = said(&verdict);
    assert!(matches!(says.as_slice(), [what] if what.ends_with("one of them is dated wrongly")), "{says:?}");
}

/// The request of 14 June waits for the tree until 20 December; the letter of that day shows a tree with it, and a witness saw
/// one without.
#[test]
fn a_leaf_that_was_put_in_after_its_time_breaks_the_promise_although_it_is_there() {
    let receipt = ONE.receipt("req_2");
    let held = HeldReceipt { text: &receipt, paper: None, on: None };
    let (files, log_key, witnesses) = (ONE.publish(), ONE.vkey(), [key(FIRST)]);
    // Promised on 14 June at 05:12 UTC, so until the 16th; shown within 48 hours of that at the latest.
    let cases = [("2022-06-18T05:11:59Z", true), ("2022-06-18T05:12:00Z", false)];
    for (at, holds) in cases {
        let kept = kept(&ONE, 0, at);
        let given = Given {
            files: &files,
            key: &log_key,
            witnesses: &witnesses,
            since: Some(&kept),
            bag: None,
            receipt: Some(held),
        };
        let verdict = verify::verify(&given);
        let broken = verdict.findings.iter().filter(|finding| finding.promise == verify::Promise::Receipt).count();
        assert_eq!(broken == 0, holds, "{at}: {:#?}", verdict.findings);
        assert!(matches!(verdict.receipt.unwrap().standing, Standing::Counted { .. }));
    }
}

/// The same by the operator's own word: a report that was frozen without it, after its time.
#[test]
fn a_report_that_was_frozen_without_a_leaf_that_was_due_shows_that_the_promise_was_broken() {
    let world = Story { late_paper: true, restated: true, ..TWO_YEARS }.play();
    let early = world.receipt_with("req_5", |slip| slip.promised_at = "2023-01-08T14:59:59Z".parse().unwrap());
    let in_time = world.receipt_with("req_5", |slip| slip.promised_at = "2023-01-08T15:00:01Z".parse().unwrap());
    for (receipt, expected) in [(early, &["receipt"][..]), (in_time, &[])] {
        let held = HeldReceipt { text: &receipt, paper: None, on: None };
        let verdict = check_receipt(&world.publish(), &world.vkey(), held, None);
        assert_eq!(broken(&verdict), expected, "{:#?}", verdict.findings);
        assert!(expected.is_empty() || verdict.findings.iter().all(|one| one.what.contains("put in later")));
        assert!(matches!(verdict.receipt.as_ref().unwrap().said, Said::Receipt));
    }
}

#[test]
fn the_bag_tells_which_receipts_came_late() {
    let given = Story { receipt_of: Some("req_5"), ..TWO_YEARS }.play();
    let verdict = check(&given.publish(), &given.vkey(), None, Some(&given.bag()));
    let says = said(&verdict);
    assert!(matches!(says.as_slice(), [what] if what.contains("until 2023-05-07T12:00:00Z")), "{says:?}");
    let verdict = check(&TWO.publish(), &TWO.vkey(), None, Some(&TWO.bag()));
    assert!(said(&verdict).is_empty() && verdict.holds(verify::Promise::Clock));
    let checked = verdict.checked.get(&verify::Promise::Clock).unwrap();
    assert!(checked.contains("waited longer than the 48 hours that a receipt promises"), "{checked}");
}
