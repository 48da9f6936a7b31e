use std::collections::BTreeMap;

use tlog_tiles::tile::Tile;

use super::*;
use crate::oracle::{Oracle, leaves};

/// Files as a log serves them.
type Files = BTreeMap<String, Vec<u8>>;

fn read(size: u64, files: &Files) -> Result<Vec<Hash>, Vec<TileProblem>> {
    leaves_from_tiles(size, |path| files.get(path).cloned())
}

/// What reading the files says, one problem a line.
fn problems(size: u64, files: &Files) -> String {
    let problems = read(size, files).map(drop).unwrap_err();
    let lines: Vec<String> = problems.iter().map(TileProblem::to_string).collect();
    lines.join("\n")
}

/// The paths of the oracle, without its height of tiles, which ours do not name.
fn oracle_paths(size: u64) -> Vec<String> {
    let tiles = Tile::new_tiles(8, 0, size);
    tiles.iter().map(|tile| tile.path().replacen("tile/8/", "tile/", 1)).collect()
}

#[test]
fn a_path_has_one_spelling() {
    #[rustfmt::skip]
    let good = [
        ("tile/0/000",                                TileKind::Hashes { level: 0 }, 0, 256),
        ("tile/0/000.p/1",                            TileKind::Hashes { level: 0 }, 0, 1),
        ("tile/0/x001/234",                           TileKind::Hashes { level: 0 }, 1234, 256),
        ("tile/1/x001/x234/067.p/255",                TileKind::Hashes { level: 1 }, 1_234_067, 255),
        ("tile/63/x001/000",                          TileKind::Hashes { level: 63 }, 1000, 256),
        ("tile/entries/999",                          TileKind::Entries, 999, 256),
        ("tile/entries/x018/x446/x744/x073/x709/x551/615.p/12", TileKind::Entries, u64::MAX, 12),
    ];
    for (text, kind, index, width) in good {
        let path = TilePath { kind, index, width };
        assert_eq!(path.to_string(), text);
        assert_eq!(TilePath::parse(text), Ok(path));
    }
    let bad = [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//000",
        "tile/00/000",
        "tile/+0/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/256/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/+00",
        "tile/0/1234",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/0/xx01/234",
        "tile/0/X001/234",
        "tile/0/x1/234",
        "tile/0/x001/2",
        "tile/0/x001//234",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/65537",
        "tile/0/000.p/+1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000 ",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "checkpoint",
    ];
    for text in bad {
        let error = TilePath::parse(text).unwrap_err();
        assert_eq!(error.to_string(), format!("`{text}` is not the path of a tile"));
    }
}

#[test]
fn a_log_consists_of_the_paths_of_the_oracle() {
    #[rustfmt::skip]
    let ends: [(u64, &[&str]); 8] = [
        (0,     &[]),
        (1,     &["tile/0/000.p/1"]),
        (255,   &["tile/0/000.p/255"]),
        (256,   &["tile/0/000", "tile/1/000.p/1"]),
        (257,   &["tile/0/001.p/1", "tile/1/000.p/1"]),
        (65535, &["tile/0/255.p/255", "tile/1/000.p/255"]),
        (65536, &["tile/1/000", "tile/2/000.p/1"]),
        (65537, &["tile/0/256.p/1", "tile/1/000", "tile/2/000.p/1"]),
    ];
    for (size, end) in ends {
        let paths = tile_paths(size);
        assert_eq!(paths, oracle_paths(size), "{size} leaves");
        assert_eq!(paths[paths.len() - end.len()..], *end, "{size} leaves");

        let bundles: Vec<String> = paths
            .iter()
            .filter_map(|path| path.strip_prefix("tile/0/"))
            .map(|rest| format!("tile/entries/{rest}"))
            .collect();
        assert_eq!(bundle_paths(size), bundles, "{size} entries");
    }
    // The example of the specification.
    let paths = tile_paths(70_000);
    assert_eq!(paths.len(), 273 + 4);
    assert_eq!(paths[272..], ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn tiles_are_those_of_the_oracle_and_give_the_leaves_back() {
    for size in [0, 1, 2, 255, 256, 257, 511, 512, 513, 600] {
        let leaves = leaves(size);
        let log = Oracle::over(&leaves);
        let tiles = tiles(&leaves);
        let expected = Tile::new_tiles(8, 0, size);
        let expected: Vec<Vec<u8>> = expected.iter().map(|tile| tile.read_data(&log).unwrap()).collect();
        let (paths, bytes): (Vec<String>, Vec<Vec<u8>>) = tiles.iter().cloned().unzip();
        assert_eq!(paths, tile_paths(size), "{size} leaves");
        assert_eq!(bytes, expected, "{size} leaves");
        assert_eq!(read(size, &tiles.into_iter().collect()), Ok(leaves), "{size} leaves");
    }
}

/// A change shows in the tile above, or in the root if no tile is above.
#[test]
fn a_changed_hash_in_any_tile_is_found() {
    let leaves = leaves(300);
    let files: Files = tiles(&leaves).into_iter().collect();
    for (path, bytes) in &files {
        for hash in 0..bytes.len() / 32 {
            let mut changed = files.clone();
            changed.get_mut(path).unwrap()[hash * 32 + hash % 32] ^= 1;
            if path == "tile/0/001.p/44" {
                let read = read(300, &changed).unwrap();
                assert_ne!(root(&read), root(&leaves), "hash {hash} of {path}");
            } else {
                let expected = "hash 0 of tile `tile/1/000.p/1` is not the root of tile `tile/0/000`";
                assert_eq!(problems(300, &changed), expected, "hash {hash} of {path}");
            }
        }
    }
}

#[test]
fn a_changed_tile_of_three_levels_is_named() {
    // Leaf hashes that nobody hashed: only the tree above them counts here.
    let leaves: Vec<Hash> =
        (0..65_537_u32).map(|index| Hash(std::array::from_fn(|byte| index.to_le_bytes()[byte % 4]))).collect();
    let files: Files = tiles(&leaves).into_iter().collect();
    assert_eq!(read(65_537, &files).as_ref(), Ok(&leaves));

    #[rustfmt::skip]
    let changes = [
        ("tile/0/255",     "hash 255 of tile `tile/1/000` is not the root of tile `tile/0/255`"),
        ("tile/1/000",     "hash 1 of tile `tile/1/000` is not the root of tile `tile/0/001`\n\
                            hash 0 of tile `tile/2/000.p/1` is not the root of tile `tile/1/000`"),
        ("tile/2/000.p/1", "hash 0 of tile `tile/2/000.p/1` is not the root of tile `tile/1/000`"),
    ];
    for (path, expected) in changes {
        let mut changed = files.clone();
        let bytes = changed.get_mut(path).unwrap();
        let byte = 40 % bytes.len();
        bytes[byte] ^= 0x80;
        assert_eq!(problems(65_537, &changed), expected, "{path}");
    }
}

#[test]
fn all_missing_and_cut_tiles_are_reported_at_once() {
    let mut files: Files = tiles(&leaves(600)).into_iter().collect();
    files.remove("tile/0/000");
    files.get_mut("tile/0/001").unwrap().pop();
    files.get_mut("tile/0/002.p/88").unwrap().push(0);
    files.insert("tile/1/000.p/2".to_owned(), Vec::new());
    let expected = "tile `tile/0/000` is missing\n\
                    tile `tile/0/001` has 8191 bytes instead of 8192\n\
                    tile `tile/0/002.p/88` has 2817 bytes instead of 2816\n\
                    tile `tile/1/000.p/2` has 0 bytes instead of 64";
    assert_eq!(problems(600, &files), expected);
}

#[test]
fn a_hostile_size_ends_early() {
    let mut reads = 0;
    let problems = leaves_from_tiles(u64::MAX, |_| {
        reads += 1;
        None
    });
    assert_eq!(problems.unwrap_err().len(), PROBLEMS_MAX);
    assert_eq!(reads, PROBLEMS_MAX);
}

#[test]
fn entries_come_back_from_their_bundles() {
    let entries: Vec<Vec<u8>> = (0..257).map(|index| vec![0xee; index]).collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    for size in [0, 1, 255, 256, 257] {
        let bundles = entry_bundles(&entries[..size]).unwrap();
        let (paths, bundles): (Vec<String>, Vec<Vec<u8>>) = bundles.into_iter().unzip();
        assert_eq!(paths, bundle_paths(size as u64));
        let mut found = Vec::new();
        for (path, bundle) in paths.iter().zip(bundles) {
            let width = TilePath::parse(path).unwrap().width();
            found.extend(parse_entry_bundle(&bundle, width).unwrap());
        }
        assert_eq!(found, entries[..size], "{size} entries");
    }
}

#[test]
fn a_bundle_that_does_not_fit_is_refused() {
    let longest = vec![0; 65_535];
    let too_long = vec![0; 65_536];
    assert_eq!(entry_bundles(&[&longest]).unwrap()[0].1.len(), 65_537);
    let error = entry_bundles(&[&longest, &too_long]).unwrap_err();
    assert_eq!(error.to_string(), "entry 1 has 65536 bytes, 65535 is the most");

    #[rustfmt::skip]
    let bundles: [(&[u8], u16, &str); 7] = [
        (b"",             1, "bundle of 1 entries ends after 0"),
        (b"\0",           1, "bundle of 1 entries ends after 0"),
        (b"\0\x02a",      1, "bundle of 1 entries ends after 0"),
        (b"\0\x01a",      2, "bundle of 2 entries ends after 1"),
        (b"\0\x01a\xff\xff", 2, "bundle of 2 entries ends after 1"),
        (b"\0\x01a\0\0",  1, "bundle of 1 entries has 2 bytes after the last"),
        (b"\0",           0, "bundle of 0 entries has 1 bytes after the last"),
    ];
    for (bytes, width, expected) in bundles {
        let error = parse_entry_bundle(bytes, width).unwrap_err();
        assert_eq!(error.to_string(), expected, "{bytes:?}");
    }
}
