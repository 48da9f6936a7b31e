//! What text is written in: base64, hex, lists of numbers, escapes of JSON, Rust and shells, percent-encoding, HTML, CSV, UTF-16.
//! What stands there several times is opened once: the log of a database repeats its pages.
#![expect(
    clippy::cast_possible_truncation,
    reason = "of a number that a file writes only the last bytes make a letter"
)]

use std::collections::{BTreeSet, HashSet};

/// Bytes, at least, of a run of text among others.
const TEXT_RUN: usize = 12;

/// What of the bytes is text: all of it, or long runs without control characters, each on a line.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<u8> {
    let is_text = |c: char| !c.is_control() || c.is_ascii_whitespace();
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for chunk in bytes.utf8_chunks() {
        for run in chunk.valid().split(|c| !is_text(c)) {
            if (run.len() >= TEXT_RUN || run.len() == bytes.len()) && seen.insert(run) {
                all.extend(run.bytes());
                all.push(b'\n');
            }
        }
    }
    all
}

/// Digits, at least, of a run that is taken for base64 or hex.
const RUN: usize = 12;

/// Bytes at the beginning of a run of base64 that may be a word before it, which a sign of the alphabet ends: `sha256/`.
const WORD_BEFORE: usize = 24;

/// Runs of base64 of either alphabet, also broken into lines.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
    let unbroken = base64_runs(bytes);
    if text.len() == bytes.len() { unbroken } else { [unbroken, base64_runs(&text)].concat() }
}

fn base64_runs(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for run in bytes.split(|byte| sextet(*byte).is_none()).filter(|run| run.len() >= RUN) {
        if !seen.insert(run) {
            continue;
        }
        let signs = run.iter().take(WORD_BEFORE).enumerate().filter(|(_, byte)| !byte.is_ascii_alphanumeric());
        let starts: BTreeSet<usize> = signs.map(|(at, _)| (at + 1) % 4).chain([0]).collect();
        for start in starts {
            all.extend(sextets(&run[start..]));
            all.push(b'\n');
        }
    }
    all
}

fn sextets(run: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(run.len());
    for four in run.chunks(4) {
        let number = four.iter().fold(0u32, |number, byte| number << 6 | u32::from(sextet(*byte).unwrap_or(0)));
        let number = number << (6 * (4 - four.len()));
        decoded.extend(&number.to_be_bytes()[1..four.len()]);
    }
    decoded
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Runs of hex, from their first digit and from their second; pairs may be set apart, as dumps do.
pub(crate) fn hex(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = hex_run(&bytes[at..]);
        if digits.0.len() >= RUN && seen.insert(digits.0.clone()) {
            for start in 0..2 {
                all.extend(digits.0[start..].chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]));
                all.push(b'\n');
            }
        }
        at += digits.1.max(1);
    }
    all
}

/// The digits of the run that begins here, and how many bytes it takes.
fn hex_run(bytes: &[u8]) -> (Vec<u8>, usize) {
    let digit = |at: usize| {
        bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
    };
    let mut digits = Vec::new();
    let mut at = 0;
    loop {
        if let Some(value) = digit(at) {
            digits.push(value);
            at += 1;
        } else if digits.len() % 2 == 0
            && !digits.is_empty()
            && bytes.get(at).is_some_and(|byte| b" :-".contains(byte))
            && digit(at + 1).is_some()
        {
            at += 1;
        } else {
            return (digits, at);
        }
    }
}

/// Lists of numbers that are bytes, as serde and `{:?}` write them: `[67, 111, …]`.
pub(crate) fn numbers(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for run in
        bytes.split(|byte| !b"0123456789, \n".contains(byte)).filter(|run| run.len() >= RUN && run.contains(&b','))
    {
        let numbers = run.split(|byte| b", \n".contains(byte)).filter(|number| !number.is_empty());
        all.extend(numbers.filter_map(|number| str::from_utf8(number).ok()?.parse::<u8>().ok()));
        all.push(b'\n');
    }
    all
}

/// Escapes with a backslash: `\u00f1` and its pairs, `\u{f1}`, `\xc3`, `\303`, `\n`, `\"`.
pub(crate) fn escapes(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'\\') {
        return Vec::new();
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (taken, becomes) = escape(&bytes[at..]);
        plain.extend(becomes);
        at += taken;
    }
    plain
}

/// What stands here: how many bytes it takes, and what it means.
fn escape(bytes: &[u8]) -> (usize, Vec<u8>) {
    if bytes[0] != b'\\' || bytes.len() < 2 {
        return (1, vec![bytes[0]]);
    }
    let hex = |range: std::ops::Range<usize>| u32::from_str_radix(str::from_utf8(bytes.get(range)?).ok()?, 16).ok();
    let letter = |number: Option<u32>| number.and_then(char::from_u32).map(|c| c.to_string().into_bytes());
    let braced = bytes.get(2) == Some(&b'{');
    let until = bytes.iter().take(10).position(|byte| *byte == b'}').filter(|_| braced);
    let escaped = match bytes[1] {
        b'u' if braced => until.and_then(|until| Some((until + 1, letter(hex(3..until))?))),
        b'u' => surrogates(hex(2..6), hex(8..12).filter(|_| bytes[6..].starts_with(b"\\u"))),
        b'x' => hex(2..4).map(|byte| (4, vec![byte as u8])),
        b'0'..=b'3' => octal(bytes).map(|byte| (4, vec![byte])),
        b'n' | b'r' | b't' => Some((2, b" ".to_vec())),
        other => Some((2, vec![other])),
    };
    escaped.unwrap_or_else(|| (1, vec![bytes[0]]))
}

/// One unit of UTF-16, or two that are one letter.
fn surrogates(first: Option<u32>, second: Option<u32>) -> Option<(usize, Vec<u8>)> {
    let (first, both) = (first? as u16, second.map(|second| [first.unwrap_or(0) as u16, second as u16]));
    if let Some(Ok(letter)) = both.and_then(|both| char::decode_utf16(both).next())
        && letter.len_utf16() == 2
    {
        return Some((12, letter.to_string().into_bytes()));
    }
    Some((6, char::from_u32(u32::from(first))?.to_string().into_bytes()))
}

/// Three octal digits after a backslash.
pub(crate) fn octal(bytes: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(bytes.get(1..4)?).ok()?, 8).ok()
}

/// `%C3%B1`, and `+` for a space.
pub(crate) fn percent(bytes: &[u8]) -> Vec<u8> {
    introduced(bytes, b'%')
}

/// `=C3=B1`, and lines that go on after `=`.
pub(crate) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    introduced(bytes, b'=')
}

/// Bytes in hex behind a sign; nothing where there is none.
fn introduced(bytes: &[u8], sign: u8) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut at, mut is_there) = (0, false);
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == sign).and_then(|pair| str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                is_there = true;
                at += 3;
            }
            None if bytes[at] == b'=' && sign == b'=' && bytes.get(at + 1) == Some(&b'\n') => at += 2,
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    if is_there { plain } else { Vec::new() }
}

/// HTML and XML without tags, with what their entities mean; what stands within the tags follows.
pub(crate) fn html(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'<') && !bytes.contains(&b'&') {
        return Vec::new();
    }
    let (mut text, mut tags, mut within) = (Vec::with_capacity(bytes.len()), Vec::new(), false);
    let (mut at, mut is_there) = (0, false);
    while at < bytes.len() {
        let (taken, becomes) = entity(&bytes[at..]);
        let begins = taken == 1
            && bytes[at] == b'<'
            && bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(next));
        is_there |= begins || taken > 1;
        at += taken;
        match becomes.as_slice() {
            b"<" if begins => within = true,
            b">" if taken == 1 && within => within = false,
            _ if within => tags.extend(becomes),
            _ => text.extend(becomes),
        }
    }
    if is_there { [text, b"\n".to_vec(), tags].concat() } else { Vec::new() }
}

/// Entities of the letters that Latin names have; others are dropped.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("shy", ""),
    ("aacute", "á"),
    ("eacute", "é"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("ntilde", "ñ"),
    ("Ntilde", "Ñ"),
    ("lstrok", "ł"),
    ("Lstrok", "Ł"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("szlig", "ß"),
    ("ccedil", "ç"),
];

/// What stands here: how many bytes it takes, and what it means.
fn entity(bytes: &[u8]) -> (usize, Vec<u8>) {
    let plain = || (1, vec![bytes[0]]);
    if bytes[0] != b'&' {
        return plain();
    }
    let Some(until) = bytes.iter().take(12).position(|byte| *byte == b';') else { return plain() };
    let Ok(name) = str::from_utf8(&bytes[1..until]) else { return plain() };
    let number = match name.strip_prefix('#').map(|digits| (digits, digits.strip_prefix(['x', 'X']))) {
        Some((_, Some(digits))) => u32::from_str_radix(digits, 16).ok(),
        Some((digits, None)) => digits.parse().ok(),
        None => None,
    };
    let named = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, means)| (*means).to_owned());
    match number.and_then(char::from_u32).map(String::from).or(named) {
        Some(means) => (until + 1, means.into_bytes()),
        None => plain(),
    }
}

/// The cells of a table, each on a line, unquoted.
pub(crate) fn csv(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'"') || !bytes.contains(&b',') {
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut cells = Vec::new();
    for record in reader.byte_records().map_while(Result::ok) {
        for cell in &record {
            cells.extend(cell);
            cells.push(b'\n');
        }
    }
    cells
}

/// Letters, at least, of a run that is taken for UTF-16.
const WIDE_RUN: usize = 4;

/// Runs of UTF-16 in either order of bytes, from an even place or an odd one. Only scripts of Europe are taken for text, and
/// somewhere in it two letters of English must stand together.
pub(crate) fn utf_16(bytes: &[u8]) -> Vec<u8> {
    let mut all = BTreeSet::new();
    let mut until = 0;
    for at in 0..bytes.len().saturating_sub(2) {
        if bytes[at] != 0 || bytes[at + 2] != 0 || !bytes[at + 1].is_ascii_alphanumeric() || at < until {
            continue;
        }
        for (read, from) in
            [(u16::from_be_bytes as fn([u8; 2]) -> u16, Some(at)), (u16::from_le_bytes, at.checked_sub(1))]
        {
            let Some(from) = from else { continue };
            let (run, end) = run(bytes, from, read);
            if run.chars().count() >= WIDE_RUN {
                until = until.max(end);
                all.insert(run);
            }
        }
    }
    all.into_iter().collect::<Vec<_>>().join("\n").into_bytes()
}

/// The letters around a place, and where they end.
fn run(bytes: &[u8], at: usize, read: fn([u8; 2]) -> u16) -> (String, usize) {
    let letter = |pair: &[u8]| match char::from_u32(u32::from(read([pair[0], *pair.get(1)?])))? {
        letter @ (' '..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}') => Some(letter),
        _ => None,
    };
    let before: Vec<char> = bytes[..at].rchunks_exact(2).map_while(letter).collect();
    let after: Vec<char> = bytes[at..].chunks_exact(2).map_while(letter).collect();
    let end = at + 2 * after.len();
    (before.into_iter().rev().chain(after).collect(), end)
}
