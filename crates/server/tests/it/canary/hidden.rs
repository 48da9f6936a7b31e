//! What is hidden is found: the name in every wrapping that is opened and in every disguise that is looked for. A decoder that
//! finds nothing would let anything pass.

use super::layers::DECODERS;
use super::made::{self, Place};
use super::marks::{base64, decomposed, hashes_of, hex};
use super::{BORN, LOCKED, MARKS, NAME, NOTE, NUMBER, canaries_in, holds};

/// Wrappings: the decoder that opens each last, and a way of hiding a text.
type Wrapping = (&'static str, fn(&str) -> Vec<u8>);

#[rustfmt::skip]
const WRAPPINGS: &[Wrapping] = &[
    ("", |text| text.as_bytes().to_vec()),
    ("gzip", |text| [b"in the midst ".to_vec(), made::gzip(text.as_bytes())].concat()),
    ("gzip", |text| { let whole = made::gzip(&[text.as_bytes(), &[b'.'; 99]].concat()); whole[..whole.len() - 9].to_vec() }),
    ("zlib", |text| [b"in the midst ".to_vec(), made::zlib(text.as_bytes())].concat()),
    ("deflate", |text| made::deflate(text.as_bytes())),
    ("zip", |text| made::zip(text.as_bytes(), 0)),
    ("base64", |text| format!("key={}", base64(text.as_bytes())).into_bytes()),
    ("base64", |text| format!("sha256/{}", base64(text.as_bytes())).into_bytes()),
    ("base64", |text| made::base64_lines(text.as_bytes()).into_bytes()),
    ("base64", |text| base64(text.as_bytes()).replace('+', "-").replace('/', "_").replace('=', "").into_bytes()),
    ("hex", |text| format!("0x{}", hex(text.as_bytes())).into_bytes()),
    ("hex", |text| format!("X'{}'", hex(text.as_bytes()).to_uppercase()).into_bytes()),
    ("hex", |text| text.bytes().map(|byte| format!("{byte:02x} ")).collect::<String>().into_bytes()),
    ("numbers", |text| format!("body: {:?}", text.as_bytes()).into_bytes()),
    ("escapes", |text| made::json(text).into_bytes()),
    ("escapes", |text| text.escape_unicode().to_string().into_bytes()),
    ("escapes", |text| text.as_bytes().escape_ascii().to_string().into_bytes()),
    ("escapes", |text| text.bytes().map(|byte| format!("\\{byte:03o}")).collect::<String>().into_bytes()),
    ("percent", |text| made::introduced(text, '%').into_bytes()),
    ("quoted-printable", |text| made::introduced(text, '=').replacen("=C5", "=\n=C5", 1).into_bytes()),
    ("html", |text| text.chars().map(|c| format!("<b>{c}</b>")).collect::<String>().into_bytes()),
    ("html", |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect::<String>().into_bytes()),
    ("html", |text| text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect::<String>().into_bytes()),
    ("html", |text| text.chars().map(|c| format!("{c}&shy;")).collect::<String>().into_bytes()),
    ("csv", |text| text.chars().map(|c| format!("\"{c}\",,")).collect::<String>().into_bytes()),
    ("UTF-16", |text| made::wide(text, u16::to_le_bytes)),
    ("UTF-16", |text| [b"\0odd".to_vec(), made::wide(text, u16::to_be_bytes)].concat()),
    ("QR", |text| made::qr(text).into_bytes()),
    ("sqlite", made::database),
    ("pdf", |text| made::pdf(text, Place::Literal)),
    ("pdf", |text| made::pdf(text, Place::Hex)),
    ("pdf", |text| made::pdf(text, Place::ObjectStream)),
    ("pdf", |text| made::pdf(text, Place::Embedded)),
    ("pdf", |text| made::pdf(text, Place::Glyphs)),
    ("pdf", |text| made::pdf(text, Place::TwoFonts)),
    ("pdf", |text| made::pdf(text, Place::Differences)),
    ("pdf", |text| made::pdf(text, Place::Range)),
    ("pdf", |text| made::pdf(text, Place::Filters)),
    ("pdf", |text| made::pdf(text, Place::Replaced)),
    // Wrappings in each other.
    ("gzip", |text| base64(&made::gzip(&made::gzip(made::json(text).as_bytes()))).into_bytes()),
    ("percent", |text| made::zip(&made::pdf(&base64(made::introduced(text, '%').as_bytes()), Place::Embedded), 0)),
    ("escapes", |text| format!("{{\"svg\":{}}}", serde_json::Value::from(made::qr(text))).into_bytes()),
];

#[test]
fn every_wrapping_is_opened() {
    for (number, (decoder, hide)) in WRAPPINGS.iter().enumerate() {
        let found = canaries_in("a file", &hide(NAME));
        let through = |found: &String| decoder.is_empty() || found.contains(decoder);
        assert!(found.iter().any(through), "wrapping {number}, {decoder}: {found:?}");
        let nothing = canaries_in("a file", &hide("Nobody of this name, Anywhere"));
        assert!(nothing.is_empty(), "wrapping {number}, {decoder}: {nothing:?}");
    }
    for (decoder, ..) in DECODERS {
        assert!(WRAPPINGS.iter().any(|(tried, _)| tried == decoder), "{decoder} is never tried");
    }
}

/// A document of somebody else's program: a subset of a font with the letters told by a map, a stream of objects, an
/// attachment. How it was made stands in its first lines.
const FOREIGN: &[u8] = include_bytes!("../../data/drawn-by-another.pdf");

#[test]
fn a_document_of_another_program_is_read() {
    let found = canaries_in("a file", FOREIGN);
    for mark in [NAME, NUMBER, NOTE] {
        assert!(found.iter().any(|found| found.contains(mark)), "{mark}: {found:?}");
    }
    assert!(!found.iter().any(|found| found.contains("cannot be looked into")), "{found:?}");
}

#[test]
fn what_cannot_be_opened_is_told_of() {
    let locked = [made::pdf(NAME, Place::Locked), made::pdf(NAME, Place::Untold), made::zip(NAME.as_bytes(), 1)];
    for (number, bytes) in locked.iter().enumerate() {
        let found = canaries_in("a file", bytes);
        assert!(found.iter().any(|found| found.contains("cannot be looked into")), "{number}: {found:?}");
    }
    let mut deep = NAME.as_bytes().to_vec();
    for _ in 0..12 {
        deep = made::gzip(&deep);
    }
    let found = canaries_in("a file", &deep);
    assert!(found.iter().any(|found| found.contains("too much to be looked into")), "{found:?}");
    let wide = made::gzip(&vec![b'.'; 17 << 20]);
    let wide = [wide.clone(), wide.clone(), wide.clone(), wide.clone(), wide].concat();
    let found = canaries_in("a file", &wide);
    assert!(found.iter().any(|found| found.contains("too much to be looked into")), "{found:?}");
    assert!(holds(LOCKED, b"looked into"));
}

/// Ways of writing the marked values, each of which gives the person away.
const DISGUISES: &[&str] = &[
    "corniłłozár-ibáñezolm, ñustarnila",
    "CORNIŁŁOZÁR-IBÁÑEZOLM, ÑUSTARNILA",
    "Ñustarnila Corniłłozár-Ibáñezolm",
    "Cornillozar",
    "nustarnila_cornillozar.pdf",
    "P<MEXCORNILLOZAR<IBANXXEZOLM<<NXXUSTARNILA<<<",
    "Cornillozar Ibanyezolm",
    "Corniwwozar",
    "Corni??oz?r",
    "Corni\u{fffd}\u{fffd}oz\u{fffd}r",
    "CorniÅ\u{82}Å\u{82}ozÃ¡r",
    "C o r n i ł ł o z á r",
    "Corniłło-\nzár",
    "Corni1|ozar",
    "C0rnill0zar",
    "ComiIIOzar",
    "lbañezolrn",
    "ＣＯＲＮＩＬＬＯＺＡＲ",
    "207-463-158",
    "A207 463 158",
    "A#207.463.158",
    "number 207463158,",
    "2O7463l58",
    "1958-11-23",
    "11/23/1958",
    "23.11.1958",
    "November 23, 1958",
    "23-NOV-1958",
    "zqevent 0118 7733",
    "17 Nahantmere",
    "zumbarolnique",
];

#[test]
fn every_disguise_is_seen_through() {
    let mut missed = Vec::new();
    for disguise in DISGUISES {
        for bytes in [format!("before {disguise} after"), format!("{{\"a\":\"{disguise}\"}}")] {
            if canaries_in("a file", bytes.as_bytes()).is_empty() {
                missed.push(*disguise);
            }
        }
    }
    // The letters of one byte that have all of the name's but ł, and none of its.
    for latin in [b"Ib\xe1\xf1ezolm".as_slice(), b"Corni\xb3\xb3oz\xe1r", b"Corni\x9b\x9boz\xe1r"] {
        assert!(!canaries_in("a file", latin).is_empty(), "{latin:?}");
    }
    assert!(!canaries_in("a file", decomposed(NAME).as_bytes()).is_empty());
    assert!(!canaries_in("cornillozar.txt", b"").is_empty(), "the name of a file");
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(canaries_in("a file", b"nothing of the kind: 207 463 159, 1958-11-24, Cornwall").is_empty());
}

#[test]
fn a_plain_hash_is_found_and_a_number_within_a_hash_is_none() {
    for mark in MARKS {
        for (of, algorithm, hash) in hashes_of(mark) {
            let written = [
                hash.clone(),
                hex(&hash).into_bytes(),
                hex(&hash).to_uppercase().into_bytes(),
                base64(&hash).into_bytes(),
            ];
            for bytes in written {
                let found = super::marks::marks_in(&[b"x ".as_slice(), &bytes, b" y"].concat());
                assert!(found.iter().any(|found| found.contains("as a plain hash")), "{algorithm} of `{of}`");
            }
        }
    }
    let chance = format!("ab{}cdef00112233445566", &NUMBER[1..]);
    assert!(canaries_in("a file", chance.as_bytes()).is_empty());
    let no_chance = format!("abcdef00112233445566 {} {chance}", &NUMBER[1..]);
    assert!(!canaries_in("a file", no_chance.as_bytes()).is_empty());
    assert!(!canaries_in("a file", BORN.replace('-', "").as_bytes()).is_empty());
}
