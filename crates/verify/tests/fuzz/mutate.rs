//! Small changes of bytes, of the kinds that trip parsers of lines, numbers, base64 and JSON.

use faults::Dice;

/// Longest input made, in bytes: one that is refused by its length alone teaches nothing.
const LONGEST: usize = 32 * 1024;

/// What is written over, or put in.
const WORDS: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\u{7f}",
    "\u{feff}",
    "é",
    "— ",
    "— a AAAAAAAA\n",
    "+",
    "/",
    "=",
    "==",
    "#",
    "-",
    "x",
    ".p/",
    "0",
    "00",
    "-1",
    "1e3",
    "3.0",
    "255",
    "256",
    "4294967296",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "\"",
    "\\",
    "\\u0041",
    "\\ud800",
    "null",
    "true",
    "{}",
    "[]",
    "[",
    "{",
    "}",
    "]",
    ",",
    ":",
    "{\"a\":",
    "[[[[[[[[",
    "9999-12-31",
    "-009999-01-01",
    "2024-02-30",
    "T24:00:00Z",
    "+00:00",
    "leaf 0 ",
    "=",
    "\u{202e}",
];

/// A few changes of `input`, with parts of `other`.
pub(crate) fn mutated(input: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=dice.below(4) {
        change(&mut bytes, other, dice);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let longest = 1 << dice.below(8);
    let until = (at + dice.below(longest)).min(bytes.len());
    match dice.below(9) {
        0 => flip(bytes, at, dice),
        1 => drop(bytes.drain(at..until)),
        2 => bytes.truncate(at),
        3 => drop(bytes.splice(at..at, word(dice))),
        4 => drop(bytes.splice(at..until, word(dice))),
        // The same again, as lines and keys that come twice.
        5 => bytes.extend_from_within(at..until),
        6 => {
            let (from, until) = line_at(bytes, at);
            let line = bytes[from..until].to_vec();
            let to = dice.below(bytes.len() + 1);
            drop(bytes.splice(to..to, line));
        }
        7 => {
            let (from, until) = line_at(other, dice.below(other.len() + 1));
            drop(bytes.splice(at..at, other[from..until].to_vec()));
        }
        _ => number(bytes, at, dice),
    }
}

fn flip(bytes: &mut [u8], at: usize, dice: &mut Dice) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
}

fn word(dice: &mut Dice) -> Vec<u8> {
    let word = WORDS[dice.below(WORDS.len())].as_bytes();
    // Now and then very often: deep, long, or repeated beyond a limit.
    let times = if dice.below(16) == 0 { dice.below(300) } else { 1 };
    word.repeat(times)
}

/// The line around a place, with its end.
fn line_at(bytes: &[u8], at: usize) -> (usize, usize) {
    let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let until = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
    (from, until)
}

/// The next digit from a place becomes another.
fn number(bytes: &mut [u8], at: usize, dice: &mut Dice) {
    if let Some(digit) = bytes.iter_mut().skip(at).find(|byte| byte.is_ascii_digit()) {
        *digit = b"0123456789"[dice.below(10)];
    }
}
