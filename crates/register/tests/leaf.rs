//! Leaf vectors: `tests/golden/leaf.txt` pins salts, slot hashes, root and an opening of one leaf. `leaf_check.py`
//! beside it recomputes them with nothing of ours. `BLESS=1` writes the file anew.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "the vectors are read from disk")]

use std::path::Path;

use register::leaf::{Leaf, SLOTS, Slot, SlotValues, hash_slot, salt_of};
use register::opening::open;
use tlog::hash_leaf;

/// What the leaf says; all other slots are blank.
const VALUES: [(Slot, &str); 5] = [
    (Slot::CountsAs, "request"),
    (Slot::Year, "2022"),
    (Slot::Day, "2022-06-14"),
    (Slot::PaperMatch, "i-247a|2022-06-13|0001234567"),
    (Slot::Body, "{\"caf\u{e9}\": \"not only ASCII\"}"),
];

#[test]
fn the_leaf_vectors_hold() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/leaf.txt");
    let text = vectors();
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

fn vectors() -> String {
    let key: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let values: SlotValues = VALUES.iter().map(|(slot, value)| (*slot, (*value).to_owned())).collect();
    let leaf = Leaf::commit(&values, &key);
    let key_hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut lines = vec![
        "# One leaf: its key, what its slots say, the 32 salts and slot hashes, the root of the slots (the entry of the log),".to_owned(),
        "# the log's hash of it, and the opening of slot 1: name, salt, path from the bottom up, value. Check: leaf_check.py".to_owned(),
        format!("key {key_hex}"),
    ];
    lines.extend(values.iter().map(|(slot, value)| format!("value {} {value}", slot.index())));
    for index in 0..SLOTS {
        let value = values.iter().find(|(slot, _)| slot.index() == index);
        let salt = salt_of(&values, &key, index);
        lines.push(format!("salt {index} {salt}"));
        lines.push(format!("hash {index} {}", hash_slot(&salt, value.map_or("", |(_, value)| value))));
    }
    lines.push(format!("root {}", tlog::Hash(leaf.root())));
    lines.push(format!("leaf {}", hash_leaf(&leaf.root())));
    lines.push(format!("open {}", open(&leaf, &values, &key, Slot::Year).encode()));
    lines.join("\n") + "\n"
}
