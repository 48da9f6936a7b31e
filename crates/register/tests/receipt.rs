//! The text of a receipt, pinned in `tests/golden/receipt.txt`: the leaf of `leaf.txt`, promised under known keys. `BLESS=1`
//! writes the file anew. Whatever is changed in it is refused, or its signature no longer holds.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "the vector is read from disk")]

use std::path::Path;

use register::inquiry::{InquiryAnswer, Rule};
use register::leaf::{Leaf, Slot, SlotValues, hash_slot, salt_of};
use register::receipt::{LeafProof, Said, SignedSlip, Slip, certify, key_name};
use register::words::Mode;
use tlog::{SigningKey, VerifyingKey, hash_leaf};

const ORIGIN: &str = "example.test/log";

const PAPER: &str = "i-247a|2022-06-13|0001234567";

/// The key of the log: 32 bytes of zero, as in section 2 of the format.
fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[0; 32]).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&key_name(ORIGIN), &[2; 32]).unwrap()
}

fn values() -> SlotValues {
    let values = [
        (Slot::CountsAs, "request"),
        (Slot::Year, "2022"),
        (Slot::Day, "2022-06-14"),
        (Slot::Body, "{\"caf\u{e9}\": \"not only ASCII\"}"),
    ];
    values.into_iter().map(|(slot, value)| (slot, value.to_owned())).collect()
}

fn entry_key() -> [u8; 32] {
    std::array::from_fn(|index| u8::try_from(index).unwrap())
}

fn slip(said: Said) -> Slip {
    let mut committed = values();
    committed.insert(Slot::PaperMatch, PAPER.to_owned());
    let leaf = Leaf::commit(&committed, &entry_key());
    let salt = salt_of(&committed, &entry_key(), Slot::PaperMatch.index());
    let proof = LeafProof::open(&values(), &entry_key(), Some(hash_slot(&salt, PAPER))).unwrap();
    assert_eq!(proof.leaf(), hash_leaf(&leaf.root()));
    Slip {
        origin: ORIGIN.to_owned(),
        mode: Mode::Live,
        said,
        promised_at: "2022-06-14T12:10:00Z".parse().unwrap(),
        proof,
        key: key().vkey(),
        certificate: certify(&log_key(), &key().vkey()).unwrap(),
    }
}

#[test]
fn a_receipt_is_written_in_its_golden_text_and_read_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/receipt.txt");
    let text = slip(Said::Receipt).sign(&key()).unwrap();
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let signed = SignedSlip::parse(&text).unwrap();
    assert_eq!(signed.slip, slip(Said::Receipt));
    assert!(signed.is_signed() && signed.slip.certificate.certifies(&key().vkey(), &log_key().vkey()));
    assert!(signed.slip.proof.is_of(PAPER) && !signed.slip.proof.is_of_no_number());
    for other in ["", "i-247a|2022-06-13|0001234568", "i-247a|undated|0001234567", "i-247d|2022-06-13|0001234567"] {
        assert!(!signed.slip.proof.is_of(other), "{other}");
    }
    assert!(!text.contains("1234567") && !text.contains("2022-06-13") && !text.contains("247"), "{text}");
}

#[test]
fn an_answer_is_signed_likewise() {
    for (answer, rule) in InquiryAnswer::ALL.iter().flat_map(|answer| Rule::ALL.iter().map(move |rule| (answer, rule)))
    {
        let said = Said::Answer(*answer, *rule);
        let text = slip(said).sign(&key()).unwrap();
        assert!(text.contains(&format!("\nanswer {answer} {rule}\n")), "{text}");
        let read = SignedSlip::parse(&text).map(|signed| signed.slip.said).ok();
        assert_eq!(read, rule.gives(*answer).then_some(said), "{answer} by {rule}");
    }
}

/// A leaf of a paper that prints no number: its slot 9 is a blank like any other.
#[test]
fn a_receipt_of_a_paper_without_a_number_says_so() {
    let proof = LeafProof::open(&values(), &entry_key(), None).unwrap();
    assert_eq!(proof.leaf(), hash_leaf(&Leaf::commit(&values(), &entry_key()).root()));
    assert!(proof.is_of_no_number() && !proof.is_of(PAPER));
}

#[test]
fn only_the_key_that_is_named_signs_and_only_the_log_certifies() {
    assert_eq!(slip(Said::Receipt).sign(&log_key()), None);
    let certificate = slip(Said::Receipt).certificate;
    let stranger = SigningKey::from_seed(ORIGIN, &[9; 32]).unwrap().vkey();
    let elsewhere =
        VerifyingKey::of("example.test/other/receipt", key().vkey().to_string().rsplit('+').next().unwrap());
    assert!(!certificate.certifies(&key().vkey(), &stranger));
    assert!(elsewhere.is_none_or(|other| !certificate.certifies(&other, &log_key().vkey())));
    assert!(!certificate.certifies(&log_key().vkey(), &log_key().vkey()));
}

/// What, how to change the golden text, and why it is refused; empty where only the signature no longer holds.
#[test]
fn no_line_can_be_changed() {
    let text = slip(Said::Receipt).sign(&key()).unwrap();
    #[rustfmt::skip]
    let cases = [
        ("candor receipt v1\n", "candor receipt v2\n", "line 1: expected `candor receipt v1`"),
        ("candor receipt v1\n", "", "line 1:"),
        ("example.test/log\nlive", "example.test/lag\nlive", "line 12:"),
        ("\nlive\n", "\ndemonstration, invented rows\n", ""),
        ("\nlive\n", "\nLive\n", "line 3: expected `live`"),
        ("\nreceipt\n", "\nanswer registered by-hand\n", ""),
        ("\nreceipt\n", "\nanswer registered\n", "line 4:"),
        ("\nreceipt\n", "\nanswer registered nothing-alike\n", "line 4:"),
        ("\nreceipt\n", "\nanswer perhaps\n", "line 4:"),
        ("\nleaf c", "\nleaf d", "line 5: what is opened is not of this leaf"),
        ("\nleaf ", "\nleaf  ", "line 5: the leaf is no hash"),
        ("12:10:00Z", "12:10:01Z", ""),
        ("12:10:00Z", "12:10:00.0Z", "line 12: the text is not the one"),
        ("2022-06-14T12:10:00Z", "2022-06-14T08:10:00-04:00", "line 12: the text is not the one"),
        ("12:10:00Z", "noon", "line 6: expected an instant"),
        ("request 2022", "request 2023", "line 5:"),
        ("request 2022", "request", "line 7:"),
        ("request 2022", "nothing 2022", "line 7:"),
        ("request 2022", "held 2022", "line 5:"),
        ("request 2022", "parking 2022", "line 7:"),
        ("salts l", "salts m", "line 5:"),
        ("salts l", "salts ", "line 8: expected three salts"),
        ("hashes O", "hashes P", "line 5:"),
        ("hashes O", "hashes ", "line 9: expected seven hashes"),
        ("\nkey A", "\nkey B", "line 10: expected an ed25519 key"),
        ("\nkey ", "\nkay ", "line 10: it does not begin with the word"),
        ("\ncertified ", "\ncertified AAAA", "line 11: expected a signature"),
        ("\n\n", "\n", "line 12: expected an empty line and one signature"),
        ("\n\n", "\nmore\n\n", "line 12: the text is not the one"),
        ("— example.test/log/receipt", "— example.test/log", "line 12: the text is not the one"),
    ];
    for (from, to, why) in cases {
        assert!(text.contains(from), "`{from}` is not there: {text}");
        let changed = text.replacen(from, to, 1);
        match SignedSlip::parse(&changed) {
            Ok(signed) => assert!(why.is_empty() && !signed.is_signed(), "`{from}` to `{to}` is believed"),
            Err(error) => assert!(!why.is_empty() && error.to_string().contains(why), "`{from}` to `{to}`: {error}"),
        }
    }
    for other in
        [String::new(), "\n".to_owned(), format!("{text}\n"), text.trim_end().to_owned(), text.replace('\n', "\r\n")]
    {
        assert!(SignedSlip::parse(&other).is_err(), "{other}");
    }
    let twice = format!("{text}{}\n", text.lines().last().unwrap());
    assert!(SignedSlip::parse(&twice).is_err());
}

/// Every byte: in another place of base64 it is another hash, key or signature, or none.
#[test]
fn no_byte_can_be_changed() {
    let text = slip(Said::Receipt).sign(&key()).unwrap();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else { continue };
        let believed = SignedSlip::parse(&changed).is_ok_and(|signed| {
            signed.is_signed() && signed.slip.certificate.certifies(&signed.slip.key, &log_key().vkey())
        });
        assert!(!believed, "byte {at} of the receipt: {changed}");
    }
}
