//! What is compressed: gzip, zlib and the entries of a zip wherever they begin, deflate by itself where it is all there is.

use std::io::Read;

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// What one stream may open to, in bytes.
const STREAM_MAX: u64 = 16 << 20;

/// Bytes below which an opened stream is taken for noise: in some thousand random bytes one begins like a stream.
const NOISE: usize = 8;

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    each(bytes, |at| at.starts_with(&[0x1f, 0x8b, 8]), |at| inflated(GzDecoder::new(at)))
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let begins = |at: &[u8]| at[0] == 0x78 && at.get(1).is_some_and(|flags| [0x01, 0x5e, 0x9c, 0xda].contains(flags));
    each(bytes, begins, |at| inflated(ZlibDecoder::new(at)))
}

/// Deflate has no mark of its own: taken for it is what opens to its end, and is all of the bytes.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = DeflateDecoder::new(bytes);
    let mut opened = Vec::new();
    let whole = decoder.by_ref().take(STREAM_MAX).read_to_end(&mut opened).is_ok();
    if !whole || decoder.total_in() != bytes.len() as u64 || opened.len() < NOISE {
        return Vec::new();
    }
    opened
}

/// Entries of a zip, by their own headers. Those of a locked one are told of.
pub(crate) fn zip(bytes: &[u8]) -> Vec<u8> {
    each(bytes, |at| at.starts_with(b"PK\x03\x04"), |at| entry(at).unwrap_or_default())
}

fn entry(at: &[u8]) -> Option<Vec<u8>> {
    let number = |from: usize| Some(usize::from(u16::from_le_bytes(at.get(from..from + 2)?.try_into().ok()?)));
    if number(6)? & 1 == 1 {
        return Some(super::LOCKED.to_vec());
    }
    let data = at.get(30 + number(26)? + number(28)?..)?;
    (number(8)? == 8).then(|| inflated(DeflateDecoder::new(data)))
}

/// What a stream opens to, as far as it does: half a stream may tell of somebody too.
pub(crate) fn inflated(stream: impl Read) -> Vec<u8> {
    let mut opened = Vec::new();
    // How it ends is no matter: what came out before is there.
    drop(stream.take(STREAM_MAX).read_to_end(&mut opened));
    if opened.len() < NOISE { Vec::new() } else { opened }
}

/// What is opened at every place where something begins.
fn each(bytes: &[u8], begins: impl Fn(&[u8]) -> bool, open: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut all = Vec::new();
    for at in 0..bytes.len() {
        if begins(&bytes[at..]) {
            let opened = open(&bytes[at..]);
            if !opened.is_empty() {
                all.extend(opened);
                all.push(b'\n');
            }
        }
    }
    all
}
