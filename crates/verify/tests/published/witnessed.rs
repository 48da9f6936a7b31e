//! Witnesses that the reader names: there, not there, and of another tree.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that does not get what it needs fails")]

use tlog::{Note, Signature, SigningKey, WitnessKey};
use verify::{Files, Given, Promise, Verdict};

use crate::world::{ONE, broken};

/// Names, seeds and keys of two witnesses. The keys are written out: an id of another computation would be found out.
pub(crate) const FIRST: (&str, u8, &str) =
    ("first.test/witness", 11, "first.test/witness+f0849ea0+BGa+fjMsekUzMr2dCn99sFX1xe8aBq2mbZizn7aBDEc6");
const SECOND: (&str, u8, &str) =
    ("second.test/witness", 12, "second.test/witness+13fd14d8+BAtROtm0kkAVygkC7QeQRNOsXb7CMG8GlIwQ2o62458t");

/// 2 March 2023, 12:00 UTC.
const NOON: u64 = 1_677_758_400;

pub(crate) fn key(witness: (&str, u8, &str)) -> WitnessKey {
    WitnessKey::parse(witness.2).unwrap()
}

/// Adds to the checkpoint what a witness says of `text` at a time.
pub(crate) fn cosign(files: &mut Files, witness: (&str, u8, &str), text: &str, time: u64) {
    let (name, seed, _) = witness;
    let secret = SigningKey::from_seed(name, &[seed; 32]).unwrap();
    let signed =
        Note::parse(&tlog::sign(&format!("cosignature/v1\ntime {time}\n{text}"), &[&secret]).unwrap()).unwrap();
    let bytes = [time.to_be_bytes().as_slice(), &signed.signatures[0].bytes].concat();
    let mut note = checkpoint(files);
    note.signatures.push(Signature { name: name.to_owned(), id: key(witness).id(), bytes });
    files.insert("checkpoint".to_owned(), note.to_string().into_bytes());
}

pub(crate) fn checkpoint(files: &Files) -> Note {
    Note::parse(std::str::from_utf8(&files["checkpoint"]).unwrap()).unwrap()
}

fn check(files: &Files, witnesses: &[WitnessKey]) -> Verdict {
    verify::verify(&Given { files, key: &ONE.vkey(), witnesses, since: None, bag: None, receipt: None })
}

#[test]
fn a_witness_that_was_asked_for_is_named_with_its_time() {
    let mut files = ONE.publish();
    let text = checkpoint(&files).text;
    cosign(&mut files, FIRST, &text, NOON);
    cosign(&mut files, SECOND, &text, NOON + 61);
    let verdict = check(&files, &[key(FIRST), key(SECOND), key(FIRST)]);
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    assert!(verdict.holds(Promise::Witnessed));
    let said = "the checkpoint, cosigned by `first.test/witness` at 2023-03-02T12:00:00Z and by `second.test/witness` at 2023-03-02T12:01:01Z";
    assert_eq!(verdict.checked[&Promise::Witnessed], said);
    let unseen = verdict.unseen.join("\n");
    assert!(unseen.contains("a witness says only that it saw this tree when it cosigned"), "{unseen}");
}

#[test]
fn without_being_asked_for_a_witness_says_nothing_and_breaks_nothing() {
    let mut files = ONE.publish();
    let text = checkpoint(&files).text;
    cosign(&mut files, FIRST, &text, NOON);
    cosign(&mut files, SECOND, "another text\n", NOON);
    let verdict = check(&files, &[]);
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    assert!(!verdict.checked.contains_key(&Promise::Witnessed));
    let unseen = verdict.unseen.join("\n");
    assert!(unseen.contains("no witness that you named (`--witness`) has signed this checkpoint"), "{unseen}");

    // Nor is one that was not asked for missed or believed beside one that was.
    let verdict = check(&files, &[key(FIRST)]);
    assert_eq!(broken(&verdict), [""; 0], "{:#?}", verdict.findings);
    assert_eq!(verdict.cosigned.len(), 1);
}

#[test]
fn a_witness_that_is_not_there_or_saw_another_tree_is_a_finding() {
    let whole = ONE.publish();
    let text = checkpoint(&whole).text;
    let older = Note::parse(&ONE.checkpoints[0]).unwrap().text;
    let absent = "note is not signed by key `first.test/witness+";
    let bad = "signature of key `first.test/witness+";
    type Added<'a> = &'a [((&'a str, u8, &'a str), &'a str)];
    let cases: [(&str, Added<'_>, &str); 4] = [
        ("nobody cosigned", &[], absent),
        ("only another one did", &[(SECOND, &text)], absent),
        ("an older tree of the log", &[(FIRST, &older)], bad),
        ("this tree and another", &[(FIRST, &text), (FIRST, &older)], bad),
    ];
    for (name, added, says) in cases {
        let mut files = whole.clone();
        for (witness, text) in added {
            cosign(&mut files, *witness, text, NOON);
        }
        let verdict = check(&files, &[key(FIRST)]);
        assert_eq!(broken(&verdict), ["witnessed"], "{name}: {:#?}", verdict.findings);
        assert!(verdict.findings[0].what.starts_with(says), "{name}: {:#?}", verdict.findings);
        assert!(verdict.holds(Promise::Tree) && verdict.cosigned.is_empty(), "{name}");
        let unseen = verdict.unseen.join("\n");
        assert!(unseen.contains("none of the witnesses you named has signed"), "{name}: {unseen}");
    }
}

#[test]
fn under_another_key_of_the_log_no_witness_is_believed() {
    let mut files = ONE.publish();
    let text = checkpoint(&files).text;
    cosign(&mut files, FIRST, &text, NOON);
    let other = SigningKey::from_seed(ONE.vkey().name(), &[99; 32]).unwrap().vkey();
    let verdict = verify::verify(&Given {
        files: &files,
        key: &other,
        witnesses: &[key(FIRST)],
        since: None,
        bag: None,
        receipt: None,
    });
    assert_eq!(broken(&verdict), ["signature"]);
    assert!(verdict.cosigned.is_empty());
}
