//! Every parser of published bytes, each as one function from bytes to bytes.

use std::collections::BTreeMap;

use register::opening::{OpenedSlot, OpeningFile};
use register::{bag, wire};
use tlog::{Checkpoint, Hash, Note, TilePath, VerifyingKey, WitnessKey};

/// Reads bytes and gives what was read, written again: the same bytes, or it is no parser of ours. Nothing where they are
/// refused.
pub(crate) type Parse = fn(&[u8]) -> Option<Vec<u8>>;

/// A parser, its folder in `corpus`, and folders of golden files that it begins from too.
pub(crate) struct Parser {
    pub(crate) name: &'static str,
    pub(crate) parse: Parse,
    pub(crate) golden: &'static [&'static str],
}

/// All of them. `report.json` has none: the verifier draws the report again and compares.
pub(crate) const PARSERS: &[Parser] = &[
    Parser { name: "note", parse: |bytes| text(bytes, |text| Note::parse(text).ok()), golden: &[] },
    Parser { name: "checkpoint", parse: |bytes| text(bytes, |text| Checkpoint::parse(text).ok()), golden: &[] },
    Parser { name: "witnessed", parse: witnessed, golden: &[] },
    Parser { name: "log-key", parse: |bytes| text(bytes, |text| VerifyingKey::parse(text).ok()), golden: &[] },
    Parser { name: "witness-key", parse: |bytes| text(bytes, |text| WitnessKey::parse(text).ok()), golden: &[] },
    Parser { name: "hash", parse: |bytes| text(bytes, |text| Hash::parse(text).ok()), golden: &[] },
    Parser { name: "tile-path", parse: |bytes| text(bytes, |text| TilePath::parse(text).ok()), golden: &[] },
    Parser { name: "tile", parse: tile, golden: &[] },
    Parser { name: "bundle", parse: bundle, golden: &[] },
    Parser {
        name: "opened-slot",
        parse: |bytes| text(bytes, |text| Some(OpenedSlot::parse(text).ok()?.encode())),
        golden: &[],
    },
    Parser {
        name: "opening",
        parse: |bytes| text(bytes, |text| Some(OpeningFile::parse(text).ok()?.encode())),
        golden: &[],
    },
    Parser { name: "bag", parse: |bytes| text(bytes, |text| Some(bag::encode(&bag::parse(text).ok()?))), golden: &[] },
    Parser {
        name: "filing",
        parse: |bytes| text(bytes, |text| Some(wire::encode_filing(&wire::decode_filing(text).ok()?))),
        golden: &[],
    },
    Parser {
        name: "event",
        parse: |bytes| text(bytes, |text| Some(wire::encode(&wire::decode(text).ok()?))),
        golden: &["events"],
    },
    Parser {
        name: "row",
        parse: |bytes| text(bytes, |text| Some(wire::encode_row(&wire::decode_row(text).ok()?))),
        golden: &["rows"],
    },
];

/// A parser of text: what is no UTF-8 is refused before it.
fn text<T: ToString>(bytes: &[u8], parse: impl FnOnce(&str) -> Option<T>) -> Option<Vec<u8>> {
    Some(parse(std::str::from_utf8(bytes).ok()?)?.to_string().into_bytes())
}

/// A note whose cosignature of one witness is looked for. It may be there, not hold, or not be there.
fn witnessed(bytes: &[u8]) -> Option<Vec<u8>> {
    let witness = WitnessKey::parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").ok()?;
    text(bytes, |text| {
        let note = Note::parse(text).ok()?;
        witness.cosigned_at(&note).ok()?;
        Some(note)
    })
}

/// The width of a tile less one, and the tile.
fn tile(bytes: &[u8]) -> Option<Vec<u8>> {
    let (width, tile) = bytes.split_first()?;
    // A full tile has one above it, which is not here.
    let leaves =
        tlog::leaves_from_tiles(u64::from(*width) + 1, |path| path.starts_with("tile/0/").then(|| tile.to_vec()));
    let tiles: BTreeMap<_, _> = tlog::tiles(&leaves.ok()?).into_iter().collect();
    Some([&[*width], tiles.into_values().next()?.as_slice()].concat())
}

/// The width of a bundle less one, and the bundle.
fn bundle(bytes: &[u8]) -> Option<Vec<u8>> {
    let (width, bundle) = bytes.split_first()?;
    let entries = tlog::parse_entry_bundle(bundle, u16::from(*width) + 1).ok()?;
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let (_, written) = tlog::entry_bundles(&entries).ok()?.into_iter().next()?;
    Some([&[*width], written.as_slice()].concat())
}
