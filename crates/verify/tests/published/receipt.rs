//! Receipts against published folders: what their holder learns, and what an insider cannot hide from him.
#![expect(clippy::unwrap_used, reason = "a folder that cannot be made fails its test")]

use jiff::civil::Date;
use register::inquiry::{InquiryAnswer, Rule};
use register::receipt::{Said, certify, key_name};
use register::words::FilingKind;
use tlog::{SigningKey, VerifyingKey};
use verify::receipt::{HeldReceipt, InRecord, PaperSeen, Standing};
use verify::{Files, Verdict, say};

use crate::world::{ONE, ORIGIN, Story, TWO, TWO_YEARS, World, broken, check, check_receipt};

/// What the papers of the world print.
const PAPER: &str = "i-247a|2022-06-13|123";

fn held(text: &str) -> HeldReceipt<'_> {
    HeldReceipt { text, paper: None, on: None }
}

fn seen(world: &World, receipt: &str) -> Verdict {
    check_receipt(&world.publish(), &world.vkey(), held(receipt), None)
}

fn standing(verdict: &Verdict) -> Standing {
    verdict.receipt.as_ref().unwrap().standing.clone()
}

#[test]
fn its_holder_proves_that_his_paper_is_registered_and_counted() {
    let world = &*TWO;
    let paper = [PAPER.to_owned()];
    let counted = |of| Standing::Counted { report: FilingKind::Closing, taken_out: 0, of };
    let cases = [
        ("req_1", "request in 2022", counted(2)),
        ("req_3", "request-unclear in 2022", counted(1)),
        ("req_5", "request in 2023", counted(2)),
    ];
    for (request, counts, expected) in cases {
        let receipt = world.receipt(request);
        let given = HeldReceipt { paper: Some(&paper), ..held(&receipt) };
        let verdict = check_receipt(&world.publish(), &world.vkey(), given, Some(&world.bag()));
        assert!(verdict.findings.is_empty(), "{request}: {:#?}", verdict.findings);
        let seen = verdict.receipt.as_ref().unwrap();
        assert_eq!((seen.paper, &seen.standing), (PaperSeen::Same, &expected), "{request}");
        assert_eq!(format!("{} in {}", seen.counts_as, seen.year.unwrap()), counts);
        assert_eq!(seen.recorded, Some(InRecord::Stands), "{request}");
        assert!(seen.position.is_some() && verdict.checked.contains_key(&verify::Promise::Receipt));
        assert!(say::receipt(seen).iter().any(|line| line.contains("that the closing report for")), "{request}");
    }
}

/// The folder holds without a finding: everything was made anew with the right keys, and a bag to go with it. Only the
/// receipt tells.
#[test]
fn an_insider_who_drops_a_request_and_signs_everything_anew_is_caught_by_its_receipt() {
    let receipt = TWO.receipt("req_1");
    let rewritten = Story { without: Some("req_1"), ..TWO_YEARS }.play();
    let plain = check(&rewritten.publish(), &rewritten.vkey(), None, Some(&rewritten.bag()));
    assert_eq!(broken(&plain), [""; 0], "{:#?}", plain.findings);
    assert!(plain.unseen.iter().any(|unseen| unseen.contains("only its receipt can tell")), "{:?}", plain.unseen);

    let verdict = seen(&rewritten, &receipt);
    assert_eq!(broken(&verdict), ["receipt"], "{:#?}", verdict.findings);
    assert_eq!(standing(&verdict), Standing::Broken);
    assert!(verdict.findings[0].what.contains("promised until 2022-03-06T08:10:00Z"), "{:?}", verdict.findings);
    assert!(verdict.findings[0].what.ends_with("promise broken"), "{:?}", verdict.findings);
}

/// A request of the day, whose leaf waits: the promise is neither kept nor broken until its time is over.
#[test]
fn a_promise_is_broken_only_once_its_time_is_surely_over() {
    let story = Story { second_year: false, ..TWO_YEARS };
    let before = story.play();
    // Promised in the next year, until 2023-05-07T12:00:00Z; the older folder shows nothing dated later.
    let receipt = TWO.receipt("req_5");
    let on = |day: &str| HeldReceipt { on: Some(day.parse::<Date>().unwrap()), ..held(&receipt) };
    let cases = [
        (None, Standing::Promised, &[][..]),
        (Some("2023-05-05"), Standing::Promised, &[]),
        (Some("2023-05-07"), Standing::Promised, &[]),
        (Some("2023-05-08"), Standing::Promised, &[]),
        (Some("2023-05-09"), Standing::Broken, &["receipt"]),
    ];
    for (day, expected, findings) in cases {
        let given = day.map_or(held(&receipt), on);
        let verdict = check_receipt(&before.publish(), &before.vkey(), given, None);
        assert_eq!((broken(&verdict).as_slice(), standing(&verdict)), (findings, expected.clone()), "{day:?}");
        assert!(!verdict.holds(verify::Promise::Receipt), "{day:?}");
        let asks = verdict.notices.iter().any(|notice| notice.contains("`--on`"));
        assert_eq!(asks, expected == Standing::Promised, "{day:?}: {:?}", verdict.notices);
    }
    // A filing that is dated later is the operator's own word that it is over: see the test before this one.
}

#[test]
fn what_came_late_is_said_to_be_late_until_it_is_restated() {
    let late = Story { late_paper: true, ..TWO_YEARS };
    let world = late.play();
    let verdict = seen(&world, &world.receipt("req_6"));
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    assert_eq!(standing(&verdict), Standing::Late { report: FilingKind::Closing });
    let restated = Story { restated: true, ..late }.play();
    let verdict = seen(&restated, &restated.receipt("req_6"));
    assert_eq!(standing(&verdict), Standing::Counted { report: FilingKind::Restatement(1), taken_out: 0, of: 3 });
    // Of the next year, before that is closed.
    let verdict = seen(&ONE, &ONE.receipt("req_4"));
    assert_eq!(standing(&verdict), Standing::YearOpen);
}

#[test]
fn another_paper_is_not_believed() {
    let world = &*TWO;
    let receipt = world.receipt("req_1");
    let others = ["i-247a|2022-06-13|124", "i-247d|2022-06-13|123", "i-247a|undated|123", ""].map(str::to_owned);
    let given = HeldReceipt { paper: Some(&others), ..held(&receipt) };
    let verdict = check_receipt(&world.publish(), &world.vkey(), given, None);
    assert_eq!(broken(&verdict), ["receipt"]);
    assert_eq!(verdict.receipt.unwrap().paper, PaperSeen::Other);
    assert_eq!(seen(world, &receipt).receipt.unwrap().paper, PaperSeen::NotGiven);
    // One of several numbers that it prints suffices: any of them can be the one typed in first.
    let several = [others[0].clone(), PAPER.to_owned()];
    let given = HeldReceipt { paper: Some(&several), ..held(&receipt) };
    assert_eq!(check_receipt(&world.publish(), &world.vkey(), given, None).receipt.unwrap().paper, PaperSeen::Same);
}

/// Each line changed, and a receipt of another register, key or text.
#[test]
fn no_line_of_a_receipt_can_be_changed() {
    let world = &*TWO;
    let (receipt, other) = (world.receipt("req_1"), world.receipt("req_2"));
    for (at, line) in receipt.lines().enumerate() {
        for changed in [other.lines().nth(at).unwrap(), "", "candor", &format!("{line}=")] {
            let lines: Vec<&str> =
                receipt.lines().enumerate().map(|(i, one)| if i == at { changed } else { one }).collect();
            let text = format!("{}\n", lines.join("\n"));
            if text == receipt {
                continue;
            }
            let verdict = seen(world, &text);
            assert_eq!(broken(&verdict), ["receipt"], "line {} as `{changed}`", at + 1);
            assert!(verdict.receipt.is_none(), "line {} as `{changed}` is believed", at + 1);
        }
    }
    for text in ["", "\n", "candor receipt v1\n", &receipt.replace('\n', "\r\n"), &format!("{receipt}{receipt}")] {
        assert_eq!(broken(&seen(world, text)), ["receipt"], "{text}");
    }
}

#[test]
fn a_receipt_of_another_register_or_key_is_not_believed() {
    let world = &*TWO;
    let stranger = SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap();
    let strange = world.receipt_with("req_1", |slip| slip.certificate = certify(&stranger, &slip.key).unwrap());
    let live = world.receipt_with("req_1", |slip| slip.mode = register::words::Mode::Live);
    let answer = world.receipt_with("req_1", |slip| slip.said = Said::Answer(InquiryAnswer::Registered, Rule::ByHand));
    let elsewhere = "candor.example/elsewhere/demonstration";
    let key = SigningKey::from_seed(&key_name(elsewhere), &[2; 32]).unwrap();
    let own = SigningKey::from_seed(elsewhere, &[1; 32]).unwrap();
    let mut slip = register::receipt::SignedSlip::parse(&world.receipt("req_1")).unwrap().slip;
    (slip.origin, slip.certificate, slip.key) = (elsewhere.to_owned(), certify(&own, &key.vkey()).unwrap(), key.vkey());
    let foreign = slip.sign(&key).unwrap();
    let cases = [
        (&strange, "has not signed the key of the receipt"),
        (&live, "whether its rows are invented"),
        (&foreign, "it is of another log"),
    ];
    for (text, what) in cases {
        let verdict = seen(world, text);
        assert_eq!(broken(&verdict), ["receipt"], "{what}");
        assert!(verdict.findings[0].what.contains(what), "{:?}", verdict.findings);
    }
    assert_eq!(seen(world, &answer).receipt.unwrap().said, Said::Answer(InquiryAnswer::Registered, Rule::ByHand));
}

/// The log's key signed a receipt key, and no leaf holds it.
#[test]
fn a_receipt_key_that_the_log_does_not_hold_is_found() {
    let world = &*TWO;
    let key = SigningKey::from_seed(&key_name(ORIGIN), &[8; 32]).unwrap();
    let log_key = SigningKey::from_seed(ORIGIN, &[1; 32]).unwrap();
    let mut slip = register::receipt::SignedSlip::parse(&world.receipt("req_1")).unwrap().slip;
    (slip.certificate, slip.key) = (certify(&log_key, &key.vkey()).unwrap(), key.vkey());
    let verdict = seen(world, &slip.sign(&key).unwrap());
    assert_eq!(broken(&verdict), ["receipt"]);
    assert!(verdict.findings[0].what.contains("no leaf holds it"), "{:?}", verdict.findings);
}

/// What stands under `keys/` is what its leaf holds and the log's key signed.
#[test]
fn the_key_of_receipts_cannot_be_taken_away_or_moved() {
    let world = &*TWO;
    let files = world.publish();
    let (path, bytes) = files.iter().find(|(path, _)| path.starts_with("keys/")).unwrap();
    let without = |change: fn(&mut Files, &str, &[u8])| {
        let mut files = files.clone();
        change(&mut files, path, bytes);
        broken(&check(&files, &world.vkey(), None, None))
    };
    assert_eq!(without(|files, path, _| drop(files.remove(path))), ["openings"]);
    let moved = without(|files, path, bytes| {
        files.remove(path);
        files.insert("keys/0".to_owned(), bytes.to_vec());
    });
    assert_eq!(moved, ["openings"]);
    let twice = without(|files, _, bytes| drop(files.insert("keys/00".to_owned(), bytes.to_vec())));
    assert_eq!(twice, ["accounted"]);
    // Under another log key nothing of it is believed.
    let stranger: VerifyingKey = SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap().vkey();
    assert_eq!(broken(&check(&files, &stranger, None, None)), ["signature"]);
}
