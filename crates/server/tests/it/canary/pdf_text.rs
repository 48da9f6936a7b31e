//! The text in a PDF: strings as they are written, and what the operators that draw them mean in their font.
#![expect(
    clippy::cast_possible_truncation,
    reason = "of a number that a file writes only the last bytes make a letter"
)]

use std::collections::BTreeMap;

use super::pdf::{find, hex, plain};
use super::texts::octal;

/// What the codes of a font mean, and of how many bytes a code is.
pub(crate) struct Meanings {
    bytes: usize,
    of: BTreeMap<u32, String>,
}

/// A piece of a stream of objects or operators.
enum Token {
    Name(Vec<u8>),
    Text(Vec<u8>),
    Word(Vec<u8>),
}

/// All strings, literal and in hex.
pub(crate) fn strings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let strings = tokens(bytes).into_iter().filter_map(|token| match token {
        Token::Text(text) if !text.is_empty() => Some(text),
        Token::Text(_) | Token::Name(_) | Token::Word(_) => None,
    });
    strings.collect()
}

/// What is drawn, in the order in which it is: of single glyphs, of arrays with spaces between them, in several fonts.
pub(crate) fn read_text<'a>(stream: &[u8], font: impl Fn(&[u8]) -> Option<&'a Meanings>) -> String {
    if find(stream, b"Tf").is_none() {
        return String::new();
    }
    let (mut read, mut name, mut meanings) = (String::new(), Vec::new(), None);
    for token in tokens(stream) {
        match token {
            Token::Name(last) => name = last,
            Token::Word(word) if word == b"Tf" => meanings = font(&name),
            Token::Word(_) => {}
            Token::Text(text) => {
                read.push_str(&meanings.map_or_else(|| plain(&text), |meanings| meant(&text, meanings)))
            }
        }
    }
    read
}

fn meant(text: &[u8], Meanings { bytes, of }: &Meanings) -> String {
    let code = |piece: &[u8]| piece.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
    let codes = text.chunks(*bytes).map(code);
    codes
        .map(|code| of.get(&code).cloned().or_else(|| char::from_u32(code).map(String::from)).unwrap_or_default())
        .collect()
}

/// Reads a CMap: pairs, and ranges that count up from a text or list one for each code.
pub(crate) fn meanings_of(cmap: &[u8]) -> Meanings {
    let mut meanings = Meanings { bytes: 1, of: BTreeMap::new() };
    let text = String::from_utf8_lossy(cmap);
    for (section, is_range) in
        sections(&text, "bfchar").map(|one| (one, false)).chain(sections(&text, "bfrange").map(|one| (one, true)))
    {
        let mut rest = section;
        while let Some((from, after)) = code(rest) {
            meanings.bytes = meanings.bytes.max(from.len());
            let (until, after) =
                if is_range { code(after).unwrap_or((from.clone(), after)) } else { (from.clone(), after) };
            let listed = after.trim_start().strip_prefix('[').and_then(|list| list.split_once(']'));
            rest = match listed {
                Some((list, after)) => {
                    add_list(&mut meanings, &from, list);
                    after
                }
                None => {
                    let Some((to, after)) = code(after) else { break };
                    add_range(&mut meanings, &from, &until, &to);
                    after
                }
            };
        }
    }
    meanings
}

fn sections<'a>(text: &'a str, kind: &'static str) -> impl Iterator<Item = &'a str> {
    let (begin, end) = (format!("begin{kind}"), format!("end{kind}"));
    let parts: Vec<&str> = text.split(&begin).skip(1).collect();
    parts.into_iter().map(move |part| part.split(&end).next().unwrap_or_default())
}

/// The next `<…>`, and what follows it.
fn code(text: &str) -> Option<(Vec<u8>, &str)> {
    let inner = text.trim_start().strip_prefix('<')?;
    let (digits, after) = inner.split_once('>')?;
    Some((hex(digits.as_bytes()), after))
}

fn number(code: &[u8]) -> u32 {
    code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn wide(bytes: &[u8]) -> String {
    plain(&[&[0xfe, 0xff], bytes].concat())
}

fn add_list(meanings: &mut Meanings, from: &[u8], list: &str) {
    let mut rest = list;
    let mut at = number(from);
    while let Some((to, after)) = code(rest) {
        meanings.of.insert(at, wide(&to));
        at += 1;
        rest = after;
    }
}

/// Codes of a range, at most.
const RANGE_MAX: u32 = 0x1_0000;

fn add_range(meanings: &mut Meanings, from: &[u8], until: &[u8], to: &[u8]) {
    let last = number(until).min(number(from).saturating_add(RANGE_MAX));
    for (count, code) in (number(from)..=last).enumerate() {
        let mut to = to.to_vec();
        if let Some(low) = to.last_mut() {
            *low = low.wrapping_add(count as u8);
        }
        meanings.of.insert(code, wide(&to));
    }
}

/// What an encoding says in which it differs: `/Differences [67 /C /o 241 /ntilde]`.
pub(crate) fn differences(encoding: &[u8]) -> Meanings {
    let mut of = BTreeMap::new();
    let text = String::from_utf8_lossy(encoding);
    let list = text.split_once("/Differences").and_then(|(_, after)| after.split_once('[')?.1.split(']').next());
    let mut code = 0;
    for word in list.unwrap_or_default().replace('/', " /").split_whitespace() {
        match word.strip_prefix('/') {
            Some(name) => {
                of.insert(code, glyph(name));
                code += 1;
            }
            None => code = word.parse().unwrap_or(code),
        }
    }
    Meanings { bytes: 1, of }
}

/// Names of glyphs that are more than one letter: of the Adobe Glyph List those that Latin names and numbers need.
const GLYPHS: &[(&str, &str)] = &[
    ("space", " "),
    ("comma", ","),
    ("hyphen", "-"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("oslash", "ø"),
    ("germandbls", "ß"),
    ("dotlessi", "i"),
    ("fi", "fi"),
    ("fl", "fl"),
];

fn glyph(name: &str) -> String {
    let coded = name.strip_prefix("uni").and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
    let known = GLYPHS.iter().find(|(glyph, _)| *glyph == name).map(|(_, means)| (*means).to_owned());
    // `ntilde`, `aacute`: the letter without its mark is what is searched for.
    known.or_else(|| coded.map(String::from)).unwrap_or_else(|| name.chars().take(1).collect())
}

fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match rest[0] {
            b'(' => {
                let (text, taken) = literal(rest);
                tokens.push(Token::Text(text));
                taken
            }
            b'<' if rest.get(1) == Some(&b'<') => 2,
            b'<' => {
                let length = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
                tokens.push(Token::Text(hex(&rest[1..length])));
                length + 1
            }
            b'/' => {
                let length = 1 + word(&rest[1..]);
                tokens.push(Token::Name(rest[1..length].to_vec()));
                length
            }
            // A picture within the stream: its bytes are no operators.
            b'I' if rest.starts_with(b"ID ") => find(rest, b"EI").unwrap_or(1) + 2,
            byte if byte.is_ascii_alphabetic() => {
                let length = word(rest);
                tokens.push(Token::Word(rest[..length].to_vec()));
                length
            }
            _ => 1,
        };
    }
    tokens
}

/// How many bytes of a name or an operator stand here.
fn word(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"()<>[]{}/%".contains(byte);
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// A literal string with its escapes and the parentheses within it, and how many bytes it takes.
fn literal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let (mut text, mut depth, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (text, at + 1);
        }
        if byte != b'\\' {
            if at > 0 {
                text.push(byte);
            }
            at += 1;
            continue;
        }
        at += match (octal(&bytes[at..]), bytes.get(at + 1)) {
            (Some(byte), _) => {
                text.push(byte);
                4
            }
            // The line goes on.
            (None, Some(b'\n')) => 2,
            (None, Some(letter)) => {
                text.push(match letter {
                    b'n' | b'r' | b't' | b'b' | b'f' => b' ',
                    other => *other,
                });
                2
            }
            (None, None) => 1,
        };
    }
    (text, at)
}
