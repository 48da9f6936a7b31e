//! Bytes in which a text is hidden: what the decoders are tried on. Made here, by other code than what opens them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use qrcodegen::{QrCode, QrCodeEcc};

use super::marks::{base64, hex};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One entry; `flags` as the header has them, 1 for a locked one.
pub(crate) fn zip(bytes: &[u8], flags: u8) -> Vec<u8> {
    let data = deflate(bytes);
    let mut zip = [b"PK\x03\x04\x14\0".as_slice(), &[flags, 0, 8, 0], &[0; 8]].concat();
    for length in [data.len(), bytes.len()] {
        zip.extend(u32::try_from(length).unwrap().to_le_bytes());
    }
    zip.extend([5, 0, 0, 0]);
    [zip, b"a.txt".to_vec(), data].concat()
}

pub(crate) fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Every letter as an escape of JSON.
pub(crate) fn json(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    format!("{{\"a\":\"{units}\"}}")
}

pub(crate) fn introduced(text: &str, sign: char) -> String {
    text.bytes().map(|byte| format!("{sign}{byte:02X}")).collect()
}

/// A QR code as SVG, written with other numbers and in another order than the product's.
pub(crate) fn qr(text: &str) -> String {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
    let side = code.size() + 8;
    let mut svg =
        format!("<svg viewBox=\"0 0 {side} {side}\"><rect width=\"{side}\" height=\"{side}\" fill=\"white\"/>");
    for x in 0..code.size() {
        for y in (0..code.size()).filter(|y| code.get_module(x, *y)) {
            svg.push_str(&format!("<rect x=\"{}\" y=\"{}\" width=\"1\" height=\"1\"/>", x + 4, y + 4));
        }
    }
    svg + "</svg>"
}

/// A database in which a text lies across pages.
pub(crate) fn database(text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute_batch("PRAGMA page_size = 512; CREATE TABLE note (of TEXT)").unwrap();
    // Any word of it may end a page: all of them, moved on letter by letter until none stands whole.
    let whole =
        |bytes: &[u8]| text.split([' ', '-', ',']).any(|word| !word.is_empty() && super::holds(bytes, word.as_bytes()));
    // A page that goes on from another has 508 bytes of it.
    let long: String =
        text.split([' ', '-', ',']).map(|word| format!("{word}{}", "x".repeat(508 - word.len()))).collect();
    for before in 0..512 {
        database.execute("DELETE FROM note", []).unwrap();
        database
            .execute(
                "INSERT INTO note VALUES (?1)",
                [format!("{}{long}{}", "x".repeat(before), "x".repeat(600 - before))],
            )
            .unwrap();
        database.execute_batch("VACUUM").unwrap();
        let bytes = std::fs::read(&path).unwrap();
        if !whole(&bytes) {
            return bytes;
        }
    }
    Vec::new()
}

/// Where in a document a text is hidden.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the document's title, with an octal escape for every byte.
    Literal,
    /// In the title, in hex and UTF-16.
    Hex,
    /// In a compressed stream of objects.
    ObjectStream,
    /// In a gzip in an embedded file.
    Embedded,
    /// Drawn glyph by glyph, each with its own operator and a font that numbers them; a map tells the letters.
    Glyphs,
    /// Drawn with one array of glyphs and gaps, in two fonts in turn.
    TwoFonts,
    /// Drawn with a font whose encoding differs by names.
    Differences,
    /// Drawn with a range of codes.
    Range,
    /// In a stream in base 85 of runs.
    Filters,
    /// In an object that a later revision replaced.
    Replaced,
    /// Under a lock.
    Locked,
    /// Drawn with a font that does not tell its letters.
    Untold,
}

/// A small document with the text at the place.
pub(crate) fn pdf(text: &str, place: Place) -> Vec<u8> {
    let glyphs: Vec<char> = text.chars().collect();
    let objects = match place {
        Place::Literal => vec![format!("<< /Title ({}) >>", octal(text)).into_bytes()],
        Place::Hex => vec![format!("<< /Title <FEFF{}> >>", hex(&wide(text, u16::to_be_bytes))).into_bytes()],
        Place::ObjectStream => {
            let object = format!("<< /Title <FEFF{}> >>", hex(&wide(text, u16::to_be_bytes)));
            vec![stream("/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", &zlib(format!("9 0  {object}").as_bytes()))]
        }
        Place::Embedded => vec![stream("/Type /EmbeddedFile /Filter /FlateDecode", &zlib(&gzip(text.as_bytes())))],
        Place::Glyphs => drawn(&each_glyph(glyphs.len()), &[map(&glyphs, 0)]),
        Place::TwoFonts => drawn(&two_fonts(glyphs.len()), &[map(&glyphs, 0), map(&glyphs, 1)]),
        Place::Differences => differing(text),
        Place::Range => {
            let codes: String = glyphs.iter().map(|glyph| format!("{:04x}", u32::from(*glyph) - 32)).collect();
            let range = "1 beginbfrange\n<0000> <1000> <0020>\nendbfrange begincmap".to_owned();
            drawn(&format!("BT /F0 9 Tf <{codes}> Tj ET"), &[range])
        }
        Place::Filters => vec![stream("/Filter [/ASCII85Decode /RunLengthDecode]", &ascii_85(&runs(text.as_bytes())))],
        Place::Replaced => vec![format!("<< /Title ({}) >>\nendobj\n1 0 obj\n<< /Title (-)", octal(text)).into_bytes()],
        Place::Locked => vec![b"<< /Filter /Standard /V 5 >>".to_vec(), b"<< /Encrypt 1 0 R >>".to_vec()],
        Place::Untold => drawn("BT /F0 9 Tf <0001> Tj ET", &[]),
    };
    let mut pdf = b"%PDF-1.7\n".to_vec();
    for (number, object) in objects.iter().enumerate() {
        pdf.extend(format!("{} 0 obj\n", number + 1).bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    pdf.extend(b"trailer << /Root 1 0 R >>\n%%EOF\n");
    pdf
}

fn octal(text: &str) -> String {
    wide(&format!("\u{feff}{text}"), u16::to_be_bytes).iter().map(|byte| format!("\\{byte:03o}")).collect()
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// A page whose fonts `F0`, `F1` … have these maps; a font without one tells nothing.
fn drawn(content: &str, maps: &[String]) -> Vec<Vec<u8>> {
    let count = maps.len().max(1);
    let fonts: String = (0..count).map(|font| format!("/F{font} {} 0 R ", font + 3)).collect();
    let page = format!("<< /Type /Page /Contents 2 0 R /Resources << /Font << {fonts}>> >> >>");
    let mut objects = vec![page.into_bytes(), stream("/Filter /FlateDecode", &zlib(content.as_bytes()))];
    for font in 0..count {
        let told = if maps.is_empty() { String::new() } else { format!("/ToUnicode {} 0 R ", font + 3 + count) };
        objects.push(format!("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H {told}>>").into_bytes());
    }
    objects.extend(maps.iter().map(|map| stream("/Filter /FlateDecode", &zlib(map.as_bytes()))));
    objects
}

/// Glyphs are numbered from 1; those that are of the other font have no letter in this one.
fn map(glyphs: &[char], font: usize) -> String {
    let pairs = glyphs.iter().enumerate().filter(|(number, _)| font == 0 || number % 2 == 1);
    let pairs: String = pairs
        .map(|(number, glyph)| format!("<{:04x}> <{}>\n", number + 1, hex(&wide(&glyph.to_string(), u16::to_be_bytes))))
        .collect();
    format!("begincmap\n{} beginbfchar\n{pairs}endbfchar\nendcmap", glyphs.len())
}

fn each_glyph(count: usize) -> String {
    let glyphs: String = (1..=count).map(|glyph| format!("1 0 0 1 {} 700 Tm <{glyph:04x}> Tj\n", glyph * 9)).collect();
    format!("BT /F0 9 Tf {glyphs} ET")
}

fn two_fonts(count: usize) -> String {
    (1..=count).map(|glyph| format!("BT /F{} 9 Tf [<{glyph:04x}> -250.5] TJ ET\n", (glyph - 1) % 2)).collect()
}

/// Single letters by names, in literal strings with escapes.
fn differing(text: &str) -> Vec<Vec<u8>> {
    let name = |glyph: char| match glyph {
        'ł' => "lslash".to_owned(),
        'ñ' => "ntilde".to_owned(),
        'Ñ' => "Ntilde".to_owned(),
        'á' => "aacute".to_owned(),
        ' ' => "space".to_owned(),
        ',' => "comma".to_owned(),
        '-' => "hyphen".to_owned(),
        _ => glyph.to_string(),
    };
    let names: String = text.chars().map(|glyph| format!("/{} ", name(glyph))).collect();
    let codes: String = (1..=text.chars().count()).map(|code| format!("\\{code:03o}")).collect();
    let page = b"<< /Type /Page /Contents 2 0 R /Resources << /Font << /F0 3 0 R >> >> >>".to_vec();
    let font = format!("<< /Type /Font /Subtype /Type1 /Encoding << /Differences [1 {names}] >> >>");
    vec![page, stream("", format!("BT /F0 9 Tf ({codes}) Tj ET").as_bytes()), font.into_bytes()]
}

/// Each byte as it is, none repeated.
fn runs(bytes: &[u8]) -> Vec<u8> {
    let mut runs = Vec::new();
    for chunk in bytes.chunks(100) {
        runs.push(u8::try_from(chunk.len() - 1).unwrap());
        runs.extend(chunk);
    }
    runs.push(128);
    runs
}

fn ascii_85(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in bytes.chunks(4) {
        let mut four = [0; 4];
        four[..chunk.len()].copy_from_slice(chunk);
        let mut number = u32::from_be_bytes(four);
        let mut five = [0; 5];
        for digit in five.iter_mut().rev() {
            *digit = u8::try_from(number % 85).unwrap() + b'!';
            number /= 85;
        }
        text.extend(&five[..=chunk.len()]);
    }
    [text, b"~>".to_vec()].concat()
}

/// How mail wraps base64.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let text = base64(bytes);
    let lines: Vec<&str> = text.as_bytes().chunks(20).map(|line| str::from_utf8(line).unwrap()).collect();
    lines.join("\r\n")
}
