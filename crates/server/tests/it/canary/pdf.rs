//! PDF (ISO 32000-1): every stream through its filters, embedded files and streams of objects among them; every string of every object, also
//! of objects that a later revision replaced; and the text that is drawn, glyph by glyph, as its fonts say what the glyphs mean.
//!
//! Fonts are known by the name under which any page takes them; where a name has several, each is tried. What is drawn is read in
//! the order in which it is drawn.
#![expect(
    clippy::cast_possible_truncation,
    reason = "of a number that a file writes only the last bytes make a letter"
)]

use std::collections::BTreeMap;
use std::ops::Range;

use super::pdf_text::{Meanings, differences, meanings_of, read_text, strings};
use super::{LOCKED, packed};

/// An object: its dictionary or value as written, and what its stream holds.
pub(crate) struct Object {
    number: u32,
    pub(crate) dictionary: Vec<u8>,
    stream: Option<Vec<u8>>,
}

/// All that is in the documents among the bytes.
pub(crate) fn read(bytes: &[u8]) -> Vec<u8> {
    if find(bytes, b"%PDF-").is_none() {
        return Vec::new();
    }
    let (mut objects, mut outside) = objects(bytes);
    let packed: Vec<Object> = objects.iter().filter(|object| object.says(b"/ObjStm")).flat_map(within).collect();
    objects.extend(packed);
    let mut all = Vec::new();
    if find(&outside, b"/Encrypt").is_some() || objects.iter().any(|object| object.says(b"/Encrypt")) {
        all.extend(LOCKED);
    }
    for object in &objects {
        outside.extend(&object.dictionary);
        outside.push(b'\n');
    }
    lines(&mut all, &strings(&outside));
    let fonts = fonts(&objects);
    if fonts.values().flatten().any(Option::is_none) {
        all.extend(LOCKED);
    }
    for stream in objects.iter().filter_map(|object| object.stream.as_ref()) {
        all.extend(stream);
        all.push(b'\n');
        lines(&mut all, &strings(stream));
        for which in 0..fonts.values().map(Vec::len).max().unwrap_or(1) {
            let font = |name: &[u8]| fonts.get(name).and_then(|all| all.get(which.min(all.len() - 1))?.as_ref());
            all.extend(read_text(stream, font).into_bytes());
            all.push(b'\n');
        }
    }
    all
}

impl Object {
    fn says(&self, what: &[u8]) -> bool {
        find(&self.dictionary, what).is_some()
    }
}

fn lines(all: &mut Vec<u8>, strings: &[Vec<u8>]) {
    for string in strings {
        all.extend(plain(string).into_bytes());
        all.push(b'\n');
    }
}

/// A text string: UTF-16 where it says so, else letters of one byte.
pub(crate) fn plain(string: &[u8]) -> String {
    match string.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => {
            str::from_utf8(string).map_or_else(|_| string.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
        }
    }
}

pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The objects in their order, and what stands between them.
fn objects(bytes: &[u8]) -> (Vec<Object>, Vec<u8>) {
    let (mut objects, mut outside) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b" obj") {
        let head = &bytes[at..at + found];
        outside.extend(head);
        let last = String::from_utf8_lossy(&head[head.len().saturating_sub(20)..]).into_owned();
        let number = last.split_whitespace().rev().nth(1).and_then(|number| number.parse().ok());
        at += found + 4;
        let (dictionary, stream, taken) = body(&bytes[at..]);
        objects.push(Object {
            number: number.unwrap_or(0),
            stream: stream.map(|data| unfiltered(&dictionary, data)),
            dictionary,
        });
        at += taken;
    }
    outside.extend(&bytes[at..]);
    (objects, outside)
}

/// The body of the object that begins here: its dictionary or value, its stream as it is, and how many bytes it takes.
fn body(bytes: &[u8]) -> (Vec<u8>, Option<&[u8]>, usize) {
    let end = find(bytes, b"endobj").unwrap_or(bytes.len());
    let Some(stream) = find(&bytes[..end], b"stream") else { return (bytes[..end].to_vec(), None, end) };
    let mut from = stream + b"stream".len();
    from += match bytes.get(from..from + 2) {
        Some(b"\r\n") => 2,
        Some(_) | None => 1,
    };
    // What the stream holds may itself say `endobj`: it ends where it says that it does.
    let until = find(&bytes[from.min(bytes.len())..], b"endstream").map_or(bytes.len(), |length| from + length);
    (bytes[..stream].to_vec(), bytes.get(from..until), until)
}

/// A stream of objects: pairs of number and place, then the objects.
fn within(object: &Object) -> Vec<Object> {
    let Some(stream) = &object.stream else { return Vec::new() };
    let first = number_after(&object.dictionary, b"/First").unwrap_or(0).min(stream.len());
    let head = String::from_utf8_lossy(&stream[..first]);
    let numbers: Vec<usize> = head.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let places: Vec<(usize, usize)> = numbers.chunks_exact(2).map(|pair| (pair[0], first + pair[1])).collect();
    let ends = places.iter().skip(1).map(|(_, place)| *place).chain([stream.len()]);
    let object = |((number, from), until): (&(usize, usize), usize)| Object {
        number: u32::try_from(*number).unwrap_or(0),
        dictionary: stream.get(*from..until).unwrap_or_default().to_vec(),
        stream: None,
    };
    places.iter().zip(ends).map(object).collect()
}

/// The whole number behind a name.
fn number_after(dictionary: &[u8], name: &[u8]) -> Option<usize> {
    let after = &dictionary[find(dictionary, name)? + name.len()..];
    let text = String::from_utf8_lossy(&after[..after.len().min(20)]).trim_start().to_owned();
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The names of a dictionary's filters, in order.
fn filters(dictionary: &[u8]) -> Vec<String> {
    let Some(at) = find(dictionary, b"/Filter") else { return Vec::new() };
    let after = String::from_utf8_lossy(&dictionary[at + b"/Filter".len()..]).into_owned();
    let after = after.trim_start();
    let listed = match after.strip_prefix('[') {
        Some(list) => list.split(']').next().unwrap_or_default(),
        None => after
            .get(..after[1..].find(['/', '>', ' ', '\n', '\r']).map_or(after.len(), |end| end + 1))
            .unwrap_or_default(),
    };
    listed.split('/').skip(1).map(|name| name.trim().to_owned()).collect()
}

/// What a stream holds. Of a filter that nobody here knows it is told; pictures stay as they are.
fn unfiltered(dictionary: &[u8], data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    for filter in filters(dictionary) {
        data = match filter.as_str() {
            "FlateDecode" | "Fl" => {
                unpredicted(dictionary, packed::inflated(flate2::read::ZlibDecoder::new(&data[..])))
            }
            "ASCIIHexDecode" | "AHx" => hex(&data),
            "ASCII85Decode" | "A85" => ascii_85(&data),
            "RunLengthDecode" | "RL" => run_lengths(&data),
            "DCTDecode" | "JPXDecode" | "CCITTFaxDecode" | "JBIG2Decode" => data,
            _ => LOCKED.to_vec(),
        };
    }
    data
}

/// Rows that say how they differ from the one above, as PNG has them: what tables of objects are written in.
fn unpredicted(dictionary: &[u8], data: Vec<u8>) -> Vec<u8> {
    if number_after(dictionary, b"/Predictor").is_none_or(|predictor| predictor < 10) {
        return data;
    }
    let columns = number_after(dictionary, b"/Columns").unwrap_or(1);
    let mut above = vec![0u8; columns];
    let mut all = Vec::new();
    for row in data.chunks(columns + 1) {
        let mut line = row[1..].to_vec();
        for at in 0..line.len() {
            let (left, left_above) = if at == 0 { (0, 0) } else { (line[at - 1], above[at - 1]) };
            let add = match row[0] {
                1 => left,
                2 => above[at],
                3 => u8::midpoint(left, above[at]),
                4 => paeth(left, above[at], left_above),
                _ => 0,
            };
            line[at] = line[at].wrapping_add(add);
        }
        line.resize(columns, 0);
        all.extend(&line);
        above = line;
    }
    all
}

fn paeth(left: u8, above: u8, left_above: u8) -> u8 {
    let guess = i16::from(left) + i16::from(above) - i16::from(left_above);
    let far = |byte: u8| (guess - i16::from(byte)).abs();
    [left, above, left_above].into_iter().min_by_key(|byte| far(*byte)).unwrap_or(0)
}

/// Pairs of hex digits; a last one alone has a 0 behind it.
pub(crate) fn hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let end = find(data, b"~>").unwrap_or(data.len());
    let text: Vec<u8> = data[..end]
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .flat_map(|byte| if byte == b'z' { vec![b'!'; 5] } else { vec![byte] })
        .collect();
    let mut all = Vec::new();
    for five in text.chunks(5) {
        let digits = five.iter().copied().chain(std::iter::repeat_n(b'u', 5 - five.len()));
        let number = digits
            .fold(0u32, |number, byte| number.wrapping_mul(85).wrapping_add(u32::from(byte.saturating_sub(b'!'))));
        all.extend(&number.to_be_bytes()[..five.len() - 1]);
    }
    all
}

fn run_lengths(data: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(length) = data.get(at).copied().filter(|length| *length != 128) {
        let taken: Range<usize> = if length < 128 { at + 1..at + 2 + usize::from(length) } else { at + 1..at + 2 };
        let Some(bytes) = data.get(taken.clone()) else { break };
        let times = if length < 128 { 1 } else { 257 - usize::from(length) };
        all.extend(bytes.repeat(times));
        at = taken.end;
    }
    all
}

/// Fonts by the names under which they are taken. None where nothing tells which letters a font draws.
fn fonts(objects: &[Object]) -> BTreeMap<Vec<u8>, Vec<Option<Meanings>>> {
    let mut fonts: BTreeMap<Vec<u8>, Vec<Option<Meanings>>> = BTreeMap::new();
    for object in objects {
        for (name, number) in references(&object.dictionary) {
            let named = objects
                .iter()
                .filter(|other| other.number == number && other.says(b"/Font") && other.says(b"/Subtype"));
            for font in named.filter(|font| !font.says(b"/FontDescriptor") || font.says(b"/BaseFont")) {
                fonts.entry(name.clone()).or_default().push(meanings(objects, font));
            }
        }
    }
    fonts
}

fn meanings(objects: &[Object], font: &Object) -> Option<Meanings> {
    let of = |key: &[u8]| {
        let number = references(&font.dictionary).into_iter().find(|(name, _)| name == key)?.1;
        objects.iter().rev().find(|object| object.number == number)
    };
    if let Some(stream) = of(b"ToUnicode").and_then(|object| object.stream.as_ref()) {
        return Some(meanings_of(stream));
    }
    // Glyphs of such a font have numbers that only the font knows.
    if font.says(b"/Type0") {
        return None;
    }
    let encoding = of(b"Encoding").map_or(&font.dictionary, |object| &object.dictionary);
    Some(differences(encoding))
}

/// What a dictionary names by number: `/Name 12 0 R`.
fn references(dictionary: &[u8]) -> Vec<(Vec<u8>, u32)> {
    let text = String::from_utf8_lossy(dictionary).replace(['<', '>', '[', ']'], " ").replace('/', " /");
    let words: Vec<&str> = text.split_whitespace().collect();
    let reference = |words: &[&str]| {
        let name = words[0].strip_prefix('/')?;
        (words[3] == "R").then_some((name.as_bytes().to_vec(), words[1].parse().ok()?))
    };
    words.windows(4).filter_map(reference).collect()
}
