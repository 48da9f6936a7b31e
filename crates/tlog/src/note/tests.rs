use proptest::prelude::*;
use signed_note::{Note as TheirNote, StandardSigner, StandardVerifier, VerifierList};

use super::*;
use crate::oracle::{cases, edit, edited};

/// The key and the note of golang.org/x/mod/sumdb/note, its documentation.
const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN_SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const NEUMANN_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

/// The error of reading a note, or of checking it with a key.
fn refusal(note: &str, key: &VerifyingKey) -> String {
    let checked = Note::parse(note).and_then(|note| note.verify(key));
    checked.unwrap_err().to_string()
}

fn their_signer(vkey: &VerifyingKey, seed: &[u8; 32]) -> StandardSigner {
    let secret = STANDARD.encode([&[ED25519], seed.as_slice()].concat());
    StandardSigner::new(&format!("PRIVATE+KEY+{}+{:08x}+{secret}", vkey.name, vkey.id)).unwrap()
}

#[test]
fn the_note_of_the_go_documentation_is_made_and_holds() {
    let seed = STANDARD.decode(NEUMANN_SEED).unwrap()[1..].try_into().unwrap();
    let key = SigningKey::from_seed("PeterNeumann", &seed).unwrap();
    assert_eq!(key.vkey().to_string(), NEUMANN);
    assert_eq!(VerifyingKey::parse(NEUMANN), Ok(key.vkey()));
    let note = Note::parse(NEUMANN_NOTE).unwrap();
    assert_eq!(note.verify(&key.vkey()), Ok(()));
    assert_eq!(note.to_string(), NEUMANN_NOTE);
    assert_eq!(sign(&note.text, &[&key]).as_deref(), Ok(NEUMANN_NOTE));
}

#[test]
fn each_of_several_keys_is_checked_by_itself() {
    let [one, two, other] = [key("a.test/log", 1), key("b.test/witness", 2), key("a.test/log", 3)];
    let mut note = Note::parse(&sign("text\n\nmore\n\n", &[&one, &two]).unwrap()).unwrap();
    assert_eq!(note.text, "text\n\nmore\n\n");
    assert_eq!(note.verify(&one.vkey()), Ok(()));
    assert_eq!(note.verify(&two.vkey()), Ok(()));
    let absent = "note is not signed by key `a.test/log+8448c1a4`";
    assert_eq!(refusal(&note.to_string(), &other.vkey()), absent);

    // A cosignature of another type: eight bytes of time come before the signature.
    note.signatures.push(Signature { name: "c.test/witness".to_owned(), id: 7, bytes: vec![0; 72] });
    let note = Note::parse(&note.to_string()).unwrap();
    assert_eq!(note.verify(&one.vkey()), Ok(()));

    // A good signature does not heal a bad one of the same key, in whatever order.
    for bad_at in [0, 3] {
        let mut note = note.clone();
        let bad = Signature { bytes: vec![0; 64], ..note.signatures[0].clone() };
        note.signatures.insert(bad_at, bad);
        let expected = format!("signature of key `a.test/log+{:08x}` does not hold", one.vkey().id);
        assert_eq!(refusal(&note.to_string(), &one.vkey()), expected);
        assert_eq!(note.verify(&two.vkey()), Ok(()));
    }
}

#[test]
fn a_changed_byte_breaks_a_note() {
    let key = key("a.test/log", 1);
    let note = sign("text\n", &[&key]).unwrap();
    for byte in 0..note.len() {
        let mut changed = note.clone().into_bytes();
        changed[byte] ^= 1;
        let Ok(changed) = String::from_utf8(changed) else {
            continue;
        };
        refusal(&changed, &key.vkey());
    }
}

#[test]
fn a_malformed_note_is_refused() {
    let text = "line\n\n";
    #[rustfmt::skip]
    let notes = [
        ("empty",                "".to_owned(), "note does not end with a newline"),
        ("no newline",           "line\n\n— a AAAAAAA=".to_owned(), "note does not end with a newline"),
        ("text only",            "line\n".to_owned(), "note has no blank line before its signatures"),
        ("no signatures",        text.to_owned(), "note has no blank line before its signatures"),
        ("no blank line",        "line\n— a AAAAAAA=\n".to_owned(), "note has no blank line before its signatures"),
        ("no text",              "— a AAAAAAA=\n".to_owned(), "note has no blank line before its signatures"),
        ("hyphen",               format!("{text}- a AAAAAAA=\n"), "`- a AAAAAAA=` is not a signature line `— name base64`"),
        ("no space",             format!("{text}—a AAAAAAA=\n"), "`—a AAAAAAA=` is not a signature line `— name base64`"),
        ("no name",              format!("{text}— AAAAAAA=\n"), "`— AAAAAAA=` is not a signature line `— name base64`"),
        ("empty name",           format!("{text}—  AAAAAAA=\n"), "key name `` is empty or has a space, a plus or a control character"),
        ("plus in the name",     format!("{text}— a+b AAAAAAA=\n"), "key name `a+b` is empty or has a space, a plus or a control character"),
        ("wide space in the name", format!("{text}— a\u{2003}b AAAAAAA=\n"), "key name `a\u{2003}b` is empty or has a space, a plus or a control character"),
        ("two spaces",           format!("{text}— a  AAAAAAA=\n"), "`— a  AAAAAAA=` is not a signature line `— name base64`"),
        ("space at the end",     format!("{text}— a AAAAAAA= \n"), "`— a AAAAAAA= ` is not a signature line `— name base64`"),
        ("no base64",            format!("{text}— a \n"), "`— a ` is not a signature line `— name base64`"),
        ("no padding",           format!("{text}— a AAAAAAA\n"), "`— a AAAAAAA` is not a signature line `— name base64`"),
        ("trailing bits",        format!("{text}— a AAAAAAB=\n"), "`— a AAAAAAB=` is not a signature line `— name base64`"),
        ("key id only",          format!("{text}— a AAAAAA==\n"), "`— a AAAAAA==` is not a signature line `— name base64`"),
        ("text between",         format!("{text}— a AAAAAAA=\nline\n— a AAAAAAA=\n"), "`line` is not a signature line `— name base64`"),
        ("blank line at the end", format!("{text}— a AAAAAAA=\n\n"), "`` is not a signature line `— name base64`"),
        ("carriage return",      "line\r\n\n— a AAAAAAA=\n".to_owned(), "line 1 of the note has a control character"),
        ("escape in the name",   format!("{text}— \u{1b}a AAAAAAA=\n"), "line 3 of the note has a control character"),
        ("101 signatures",       format!("{text}{}", "— a AAAAAAA=\n".repeat(101)), "note has 101 signatures, not 1 to 100"),
        ("too long",             format!("{}\n\n— a AAAAAAA=\n", "a".repeat(NOTE_MAX_BYTES)), "note has 1000017 bytes, 1000000 is the most"),
        ("unknown key only",     format!("{text}{}", "— a AAAAAAA=\n".repeat(100)), "note is not signed by key `PeterNeumann+c74f20a3`"),
        ("short signature",      format!("{text}— PeterNeumann x08go/8=\n"), "signature of key `PeterNeumann+c74f20a3` does not hold"),
    ];
    let key = VerifyingKey::parse(NEUMANN).unwrap();
    for (name, note, expected) in notes {
        assert_eq!(refusal(&note, &key), expected, "{name}");
    }
}

#[test]
fn what_would_not_parse_is_not_signed() {
    let key = key("a.test/log", 1);
    #[rustfmt::skip]
    let texts: [(&str, usize, &str); 5] = [
        ("",         1,   "note does not end with a newline"),
        ("text",     1,   "note does not end with a newline"),
        ("a\tb\n",   1,   "line 1 of the note has a control character"),
        ("text\n",   0,   "note has 0 signatures, not 1 to 100"),
        ("text\n",   101, "note has 101 signatures, not 1 to 100"),
    ];
    for (text, keys, expected) in texts {
        let error = sign(text, &vec![&key; keys]).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text:?}");
    }
}

#[test]
fn a_key_has_one_spelling() {
    // The point 0 of order 4: under it, signatures can be made to hold for any text.
    let weak = "a+a5269a0a+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    #[rustfmt::skip]
    let keys = [
        ("empty",         "".to_owned(), "`` is not an ed25519 key `name+id+base64`"),
        ("name only",     "a".to_owned(), "`a` is not an ed25519 key `name+id+base64`"),
        ("no key",        "a+c74f20a3".to_owned(), "`a+c74f20a3` is not an ed25519 key `name+id+base64`"),
        ("no name",       NEUMANN.replace("PeterNeumann", ""), "key name `` is empty or has a space, a plus or a control character"),
        ("space",         NEUMANN.replace("Pet", "P t"), "key name `P terNeumann` is empty or has a space, a plus or a control character"),
        ("another name",  NEUMANN.replace("Pet", "Pat"), "id of key `PaterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW` is not `0c75ab21`"),
        ("upper case",    NEUMANN.replace("c74f", "C74F"), "id of key `PeterNeumann+C74F20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW` is not `c74f20a3`"),
        ("another type",  NEUMANN.replace("+ARpc", "+BBpc"), "`PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW` is not an ed25519 key `name+id+base64`"),
        ("too short",     NEUMANN.replace("10TW", ""), "`PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy` is not an ed25519 key `name+id+base64`"),
        ("newline",       format!("{NEUMANN}\n"), "`PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\\n` is not an ed25519 key `name+id+base64`"),
        ("weak",          weak.to_owned(), "`a+a5269a0a+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA` is not an ed25519 key `name+id+base64`"),
    ];
    for (name, key, expected) in keys {
        assert_eq!(VerifyingKey::parse(&key).unwrap_err().to_string(), expected, "{name}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{1}b"] {
        let error = SigningKey::from_seed(name, &[0; 32]).unwrap_err();
        assert_eq!(error, NoteError::KeyName { name: name.to_owned() });
    }
}

#[test]
fn a_secret_key_does_not_show_its_seed() {
    let shown = format!("{:?}", key("a.test/log", 0xab));
    assert_eq!(shown, format!("SigningKey {{ public: {}, .. }}", key("a.test/log", 0xab).vkey()));
}

proptest! {
    #![proptest_config(cases(24))]

    /// Both sides make the same note, and each accepts the other's.
    #[test]
    fn notes_are_those_of_the_oracle(seed: [u8; 32], name in "[a-z./é—]{1,20}", text in "([ -~é—]{0,20}\n){1,4}") {
        let key = SigningKey::from_seed(&name, &seed).unwrap();
        let note = sign(&text, &[&key]).unwrap();

        let mut theirs = TheirNote::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&their_signer(&key.vkey(), &seed)]).unwrap();
        prop_assert_eq!(note.as_bytes(), theirs.to_bytes());

        let verifier = StandardVerifier::new(&key.vkey().to_string()).unwrap();
        prop_assert!(theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok());
        prop_assert_eq!(Note::parse(&note).unwrap().verify(&key.vkey()), Ok(()));
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// What is a note and what is its text, is as the oracle says.
    #[test]
    fn we_read_what_the_oracle_reads(edits in prop::collection::vec(edit(), 0..3)) {
        let text = edited(NEUMANN_NOTE, &edits);
        let ours = Note::parse(&text);
        let theirs = TheirNote::from_bytes(text.as_bytes());
        prop_assert_eq!(ours.as_ref().ok().map(|note| note.text.as_bytes()), theirs.as_ref().ok().map(TheirNote::text));
        if let Ok(note) = ours {
            prop_assert_eq!(note.to_string(), text);
        }
    }
}
