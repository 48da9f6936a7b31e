//! What is looked for, and in which disguises. Every layer of bytes is searched three ways: *written* (letters and digits alone,
//! without case, diacritics and separators, in several transliterations), *misread* (what a scanner takes for one letter is one), and
//! *hashed* (plain hashes of the marked values and of their common forms, raw, in hex and in base64).
#![expect(clippy::type_complexity, reason = "a table with its decoders reads better than names for its columns")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};
use md5::{Digest as _, Md5};

use super::MARKS;

/// A marked value: it goes in by every way there is, and must come out by none.
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) value: &'static str,
}

/// What a value is, and so how it may be disguised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name: each long word of it by itself, and all words in either order.
    Name,
    /// A number: its digits alone, however they are set apart.
    Number,
    /// A day, as 1931-07-19: in the usual ways of writing one.
    Day,
    /// Any other text: the whole of it.
    Text,
    /// A short word that is looked for as it is, without case: it would be found by chance otherwise.
    Word,
}

/// Letters that a word must have to be looked for by itself, so that no noise has it by chance.
const LONG: usize = 8;

/// What is looked for: needles, and for each the place of its mark.
struct Needles {
    find: AhoCorasick,
    of: Vec<(usize, &'static str)>,
}

static WRITTEN: LazyLock<Needles> = LazyLock::new(|| needles(written_needles));
static MISREAD: LazyLock<Needles> = LazyLock::new(|| needles(misread_needles));
static HASHED: LazyLock<Needles> = LazyLock::new(|| needles(byte_needles));

static WORDS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(words()).unwrap());

/// The marks in one layer of bytes: which, and how they were written.
pub(crate) fn marks_in(bytes: &[u8]) -> BTreeSet<String> {
    let mut found = found_in(&HASHED, bytes);
    let mut read = read_in(bytes);
    if read.iter().any(|(mark, _)| matches!(MARKS[*mark].kind, Kind::Number | Kind::Day)) {
        // A hash has any number in it by chance: of numbers, only what stands elsewhere counts.
        let elsewhere = read_in(&without_long_hex(bytes));
        read.retain(|found| !matches!(MARKS[found.0].kind, Kind::Number | Kind::Day) || elsewhere.contains(found));
    }
    found.extend(read);
    let mut said: BTreeSet<String> =
        found.into_iter().map(|(mark, how)| format!("`{}` {how}", MARKS[mark].value)).collect();
    said.extend(
        WORDS.find_overlapping_iter(bytes).map(|found| format!("`{}` as it is", words()[found.pattern().as_usize()])),
    );
    said
}

fn read_in(bytes: &[u8]) -> BTreeSet<(usize, &'static str)> {
    let mut found = found_in(&WRITTEN, &squeezed(bytes, fold, &LETTERS));
    found.extend(found_in(&MISREAD, &squeezed(bytes, fold, &LOOKALIKES)));
    found
}

/// The bytes with each long run of hex digits blanked, letters and numbers mixed in it.
fn without_long_hex(bytes: &[u8]) -> Vec<u8> {
    let mut blanked = bytes.to_vec();
    for run in blanked.chunk_by_mut(|one, next| one.is_ascii_hexdigit() && next.is_ascii_hexdigit()) {
        if run.len() >= 24 && run.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= 4 {
            run.fill(b'#');
        }
    }
    blanked
}

/// The plain hashes that are looked for, for tests that hide one: of which text, by which algorithm, the bytes.
pub(crate) fn hashes_of(mark: &Mark) -> Vec<(String, &'static str, Vec<u8>)> {
    let mut hashes = Vec::new();
    for form in forms(mark) {
        let text = form.as_bytes();
        for (name, algorithm) in [("SHA-256", &SHA256), ("SHA-1", &SHA1_FOR_LEGACY_USE_ONLY), ("SHA-512", &SHA512)] {
            hashes.push((form.clone(), name, digest::digest(algorithm, text).as_ref().to_vec()));
        }
        hashes.push((form.clone(), "MD5", Md5::digest(text).to_vec()));
        hashes.push((form.clone(), "RFC 6962", tlog::hash_leaf(text).0.to_vec()));
    }
    hashes
}

fn needles(of_mark: fn(&Mark) -> Vec<(Vec<u8>, &'static str)>) -> Needles {
    let mut patterns = Vec::new();
    let mut of = Vec::new();
    for (place, mark) in MARKS.iter().enumerate() {
        for (pattern, how) in of_mark(mark) {
            patterns.push(pattern);
            of.push((place, how));
        }
    }
    let find = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).unwrap();
    Needles { find, of }
}

fn found_in(needles: &Needles, bytes: &[u8]) -> BTreeSet<(usize, &'static str)> {
    needles.find.find_overlapping_iter(bytes).map(|found| needles.of[found.pattern().as_usize()]).collect()
}

/// The short words, which are looked for as they are.
fn words() -> Vec<&'static str> {
    MARKS.iter().filter(|mark| mark.kind == Kind::Word).map(|mark| mark.value).collect()
}

fn written_needles(mark: &Mark) -> Vec<(Vec<u8>, &'static str)> {
    let mut needles: Vec<(Vec<u8>, &'static str)> = Vec::new();
    for text in written(mark) {
        for (letters, how) in TRANSLITERATIONS {
            needles.push((squeezed(text.as_bytes(), *letters, &LETTERS), *how));
        }
    }
    needles.retain(|(needle, _)| needle.len() >= LONG);
    needles.sort();
    needles.dedup_by(|one, other| one.0 == other.0);
    needles
}

fn misread_needles(mark: &Mark) -> Vec<(Vec<u8>, &'static str)> {
    let texts = written(mark).into_iter().map(|text| squeezed(text.as_bytes(), fold, &LOOKALIKES));
    let long: BTreeSet<Vec<u8>> = texts.filter(|text| text.len() >= LONG).collect();
    long.into_iter().map(|needle| (needle, "as a scanner misreads it")).collect()
}

/// Bytes that are looked for as they are: of a hash so much that a shortened one is found too; the values themselves inside
/// base64, of which nobody knows where it began.
fn byte_needles(mark: &Mark) -> Vec<(Vec<u8>, &'static str)> {
    let mut needles: BTreeSet<(Vec<u8>, &'static str)> = BTreeSet::new();
    for (_, _, hash) in hashes_of(mark) {
        let half = &hash[..16];
        needles.insert((half.to_vec(), "as a plain hash"));
        needles.insert((hex(half).into_bytes(), "as a plain hash in hex"));
        needles.insert((hex(half).to_uppercase().into_bytes(), "as a plain hash in hex"));
        let inside = base64(&hash)[..20].to_owned();
        needles.insert((inside.replace('+', "-").replace('/', "_").into_bytes(), "as a plain hash in base64"));
        needles.insert((inside.into_bytes(), "as a plain hash in base64"));
    }
    let cases = [mark.value.to_owned(), mark.value.to_lowercase(), mark.value.to_uppercase()];
    for inside in cases.iter().flat_map(|case| base64_inside(case)).filter(|inside| inside.len() >= LONG) {
        needles.insert((inside.into_bytes(), "in base64"));
    }
    needles.into_iter().collect()
}

/// The texts under which a value is written.
fn written(mark: &Mark) -> Vec<String> {
    let words = || mark.value.split(|c: char| c.is_whitespace() || ",;-".contains(c)).map(str::to_owned);
    match mark.kind {
        Kind::Word => Vec::new(),
        Kind::Number => vec![mark.value.chars().filter(char::is_ascii_digit).collect()],
        Kind::Day => days(mark.value),
        Kind::Name => words().chain([mark.value.to_owned()]).chain(turned(mark.value)).collect(),
        Kind::Text => vec![mark.value.to_owned()],
    }
}

/// The forms of a value of which somebody may have taken a hash.
fn forms(mark: &Mark) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([mark.value.to_owned(), mark.value.replace([' ', '-', ','], "")]);
    forms.extend(turned(mark.value).filter(|_| mark.kind == Kind::Name));
    forms.extend(written(mark).into_iter().filter(|_| matches!(mark.kind, Kind::Number | Kind::Day)));
    let plain: Vec<String> = forms.iter().flat_map(|form| [without_marks(form), decomposed(form)]).collect();
    forms.extend(plain);
    forms.iter().flat_map(|form| [form.clone(), form.to_lowercase(), form.to_uppercase()]).collect()
}

/// `Given Family` of `Family, Given`.
fn turned(name: &str) -> Option<String> {
    name.split_once(',').map(|(family, given)| format!("{} {family}", given.trim()))
}

/// The usual ways of writing a day.
fn days(day: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts[..] else { return Vec::new() };
    let name = MONTHS[month.parse::<usize>().unwrap() - 1];
    let named = [name, &name[..3]]
        .into_iter()
        .flat_map(|name| [format!("{day} {name} {year}"), format!("{name} {day} {year}")]);
    named.chain([format!("{year}{month}{day}"), format!("{month}{day}{year}"), format!("{day}{month}{year}")]).collect()
}

/// How a letter is written without what English keyboards lack; empty where nothing stands for it.
type Letters = fn(char, &mut Vec<u8>);

/// The ways in which a name loses its diacritics.
const TRANSLITERATIONS: &[(Letters, &str)] = &[
    (fold, "as it is, but for case, diacritics and separators"),
    (half_lost, "in an encoding with `ñ` and without `ł`"),
    (travel_document, "as a travel document spells it"),
    (by_ear, "as it is spelled by ear"),
    (lost, "with its diacritics lost"),
    (garbled, "as UTF-8 read as Latin-1"),
];

/// Letters and digits alone, by what each byte of ASCII becomes; 0 for nothing. Where scanners take letters for each other, so does
/// what is read as `rn`: it becomes `m`.
fn squeezed(bytes: &[u8], letters: Letters, ascii: &[u8; 128]) -> Vec<u8> {
    let mut squeezed = Vec::with_capacity(bytes.len());
    let mut one = Vec::new();
    for chunk in bytes.utf8_chunks() {
        // What is no UTF-8 may be Latin-1.
        for c in chunk.valid().chars().chain(chunk.invalid().iter().map(|byte| char::from(*byte))) {
            if c.is_ascii() {
                push(&mut squeezed, c as u8, ascii);
                continue;
            }
            one.clear();
            letters(c, &mut one);
            one.iter().for_each(|byte| push(&mut squeezed, *byte, ascii));
        }
    }
    squeezed
}

fn push(squeezed: &mut Vec<u8>, byte: u8, ascii: &[u8; 128]) {
    let letter = ascii[usize::from(byte)];
    if letter == 0 {
        return;
    }
    match squeezed.last_mut() {
        Some(last) if letter == b'n' && *last == b'r' && ascii[usize::from(b'|')] != 0 => *last = b'm',
        Some(_) | None => squeezed.push(letter),
    }
}

const LETTERS: [u8; 128] = letters();

/// What scanners take for each other: l 1 I | ! and i, O and 0, S and 5, B and 8, Z and 2; and rn for m.
const LOOKALIKES: [u8; 128] = {
    let mut table = letters();
    let alike = [b"1l", b"il", b"Il", b"|l", b"!l", b"0o", b"5s", b"8b", b"2z"];
    let mut at = 0;
    while at < alike.len() {
        table[alike[at][0] as usize] = alike[at][1];
        at += 1;
    }
    table
};

const fn letters() -> [u8; 128] {
    let mut table = [0; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
}

/// Without diacritics. A mark that stands by itself is dropped, and a wide letter is a letter.
fn fold(c: char, to: &mut Vec<u8>) {
    if let Some(base) = FOLDED.get(c as usize) {
        return to.extend(base.bytes());
    }
    if let Some((base, _)) = BASES.iter().find(|(_, letters)| letters.contains(c)) {
        return to.extend(base.bytes());
    }
    if let wide @ 0xff01..=0xff5e = u32::from(c) {
        to.extend(char::from_u32(wide - 0xfee0).filter(char::is_ascii_alphanumeric).map(|c| c as u8));
    }
}

/// The same of the first letters, for noise has many of them.
static FOLDED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let base = |c: char| BASES.iter().find(|(_, letters)| letters.contains(c)).map_or("", |(base, _)| base);
    ('\0'..'\u{100}').map(base).collect()
});

/// As ICAO Doc 9303 spells it in the lines that machines read.
fn travel_document(c: char, to: &mut Vec<u8>) {
    if matches!(c, 'ñ' | 'Ñ') { to.extend(b"nxx") } else { fold(c, to) }
}

fn by_ear(c: char, to: &mut Vec<u8>) {
    match c {
        'ñ' | 'Ñ' => to.extend(b"ny"),
        'ł' | 'Ł' => to.push(b'w'),
        _ => fold(c, to),
    }
}

fn half_lost(c: char, to: &mut Vec<u8>) {
    if !matches!(c, 'ł' | 'Ł') {
        fold(c, to);
    }
}

fn lost(_: char, _: &mut Vec<u8>) {}

/// The first of two bytes, read as a letter of Latin-1, is an A or an O with something on it; the second is no letter.
fn garbled(c: char, to: &mut Vec<u8>) {
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        fold(char::from(byte), to);
    }
}

const BASES: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎªÀÁÂÃÄÅĀĂĄ"),
    ("c", "çćĉċčÇĆĈĊČ"),
    ("d", "ďđðĎĐÐ"),
    ("e", "èéêëēĕėęěÈÉÊËĒĘĚ"),
    ("g", "ĝğġģĞ"),
    ("i", "ìíîïĩīįıÌÍÎÏİĪ"),
    ("l", "ĺļľŀłĹĽŁ"),
    ("n", "ñńņňÑŃŅŇ"),
    ("o", "òóôõöøōŏőºÒÓÔÕÖØŌŐ"),
    ("r", "ŕŗřŔŘ"),
    ("s", "śŝşšșŚŞŠȘ"),
    ("t", "ţťțŢŤȚ"),
    ("u", "ùúûüũūŭůűųÙÚÛÜŪŮŰ"),
    ("y", "ýÿÝŸ"),
    ("z", "źżžŹŻŽ"),
    ("ss", "ßẞ"),
    ("ae", "æÆ"),
    ("oe", "œŒ"),
    ("th", "þÞ"),
];

fn without_marks(text: &str) -> String {
    let letter = |c: char| {
        let mut plain = Vec::new();
        fold(c, &mut plain);
        let plain = String::from_utf8(plain).unwrap();
        if c.is_uppercase() { plain.to_uppercase() } else { plain }
    };
    text.chars().map(|c| if c.is_ascii() { c.to_string() } else { letter(c) }).collect()
}

/// With each mark as a character of its own (NFD), for the letters that the marked values have.
pub(crate) fn decomposed(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'á' => "a\u{301}".to_owned(),
            'ñ' => "n\u{303}".to_owned(),
            'Ñ' => "N\u{303}".to_owned(),
            'ó' => "o\u{301}".to_owned(),
            _ => c.to_string(),
        })
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let number = three.iter().fold(0usize, |number, byte| number << 8 | usize::from(*byte));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[number >> (18 - 6 * place) & 63]));
        }
        text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    text
}

/// How a text looks inside base64 of something longer: three ways, by where it begins. Its first and last letters
/// depend on its neighbours and are left out.
fn base64_inside(text: &str) -> Vec<String> {
    let inside = |shift: usize| {
        let whole = base64(&[vec![0; shift], text.as_bytes().to_vec()].concat());
        let from = (shift * 8).div_ceil(6);
        let until = (shift + text.len()) * 8 / 6;
        whole[from..until].to_owned()
    };
    (0..3).map(inside).collect()
}
