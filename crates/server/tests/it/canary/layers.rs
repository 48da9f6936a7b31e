//! Bytes in all their wrappings: each decoder takes what it knows out of some bytes, and what comes out is looked into again, until
//! nothing comes out. A decoder that knows nothing of the bytes gives none.
//!
//! What cannot be opened (a lock, a font that tells no letters, more than the limits) is told of like a find: nobody may take it for
//! empty.
#![expect(clippy::type_complexity, reason = "a table with its decoders reads better than names for its columns")]

use std::collections::HashSet;

use aws_lc_rs::digest::{self, SHA256};

use super::{packed, pdf, qr, tables, texts};

/// One decoding of some bytes.
pub(crate) struct Layer {
    /// Through which decoders, the outermost first; empty of the bytes themselves.
    pub(crate) through: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a decoder reads.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// The bytes.
    Bytes,
    /// What of the bytes is text: in noise, signs that text is written in stand by chance.
    Text,
}

/// All decoders: what each opens, of what, and how.
#[rustfmt::skip]
pub(crate) const DECODERS: &[(&str, Of, fn(&[u8]) -> Vec<u8>)] = &[
    ("gzip", Of::Bytes, packed::gzip),
    ("zlib", Of::Bytes, packed::zlib),
    ("deflate", Of::Bytes, packed::deflate),
    ("zip", Of::Bytes, packed::zip),
    ("base64", Of::Text, texts::base64),
    ("hex", Of::Text, texts::hex),
    ("numbers", Of::Text, texts::numbers),
    ("escapes", Of::Text, texts::escapes),
    ("percent", Of::Text, texts::percent),
    ("quoted-printable", Of::Text, texts::quoted_printable),
    ("html", Of::Text, texts::html),
    ("csv", Of::Text, texts::csv),
    ("UTF-16", Of::Bytes, texts::utf_16),
    ("QR", Of::Text, qr::read_all),
    ("pdf", Of::Bytes, pdf::read),
    ("sqlite", Of::Bytes, tables::of_bytes),
];

/// Wrappings within wrappings that are opened, at most.
const DEPTH_MAX: usize = 8;

/// Wrappings of text within each other that are opened, at most: in noise, signs to decode stand by chance again and again.
const TEXT_MAX: usize = 4;

/// What all layers of one file may weigh together, in bytes: a file of the stories has 300 KB, and ten times that in layers.
const TOTAL_MAX: usize = 64 << 20;

/// All layers of some bytes, the bytes themselves first; or what could not be looked into.
pub(crate) fn layers(bytes: &[u8]) -> Result<Vec<Layer>, String> {
    let mut layers = vec![Layer { through: String::new(), bytes: bytes.to_vec() }];
    let mut seen = HashSet::from([hash(bytes)]);
    let mut total = bytes.len();
    let mut depth_until = (0, 1);
    let mut next = 0;
    while next < layers.len() {
        if next == depth_until.1 {
            depth_until = (depth_until.0 + 1, layers.len());
        }
        let text = texts::of_bytes(&layers[next].bytes);
        for (name, of, decode) in DECODERS {
            let Layer { through, bytes } = &layers[next];
            if matches!(of, Of::Text) && through.split(", ").filter(|before| is_of_text(before)).count() >= TEXT_MAX {
                continue;
            }
            let decoded = match of {
                Of::Bytes => decode(bytes),
                Of::Text => decode(&text),
            };
            if decoded.is_empty() || !seen.insert(hash(&decoded)) {
                continue;
            }
            total += decoded.len();
            if total > TOTAL_MAX || depth_until.0 >= DEPTH_MAX {
                return Err(format!("too much to be looked into, at {through} {name}"));
            }
            let through = if through.is_empty() { (*name).to_owned() } else { format!("{through}, {name}") };
            layers.push(Layer { through, bytes: decoded });
        }
        next += 1;
    }
    Ok(layers)
}

fn is_of_text(decoder: &str) -> bool {
    DECODERS.iter().any(|(name, of, _)| *name == decoder && matches!(of, Of::Text))
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&SHA256, bytes).as_ref().to_vec()
}
