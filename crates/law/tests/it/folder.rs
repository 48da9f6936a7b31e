//! Reads the packs of this repository from disk, for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use law::Pack;

/// The folder of all packs.
pub(crate) fn law_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law")
}

/// The folder of a pack: one of this repository's, or one that only tests read.
fn pack_folder(id: &str) -> PathBuf {
    let test_packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs");
    let folders = [law_folder().join(id), test_packs.join(id)];
    folders.into_iter().find(|folder| folder.is_dir()).unwrap_or_else(|| panic!("no pack {id}"))
}

/// All files of a pack: path in the pack → text.
pub(crate) fn files(id: &str) -> BTreeMap<String, String> {
    let folder = pack_folder(id);
    let mut files = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// A pack that must load.
pub(crate) fn load(id: &str) -> Pack {
    Pack::load(&files(id)).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{id} does not load:\n{}", problems.join("\n"))
    })
}

/// Compares with a golden file; `BLESS=1 cargo test -p law` writes it anew, and the difference is explained in the
/// commit.
pub(crate) fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var("BLESS").is_ok() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{} differs from what was found:\n{found}", path.display());
}
