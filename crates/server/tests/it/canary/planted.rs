//! A name that is laid into what the story left is found, wherever it is laid: so the story would have failed.

use super::{NAME, canaries_in};
use crate::city::City;

#[test]
fn a_name_in_any_published_file_is_found() {
    let city = City::with_year_filed();
    let files = city.files("published");
    assert!(files.len() > 20, "the story published too little: {}", files.len());
    for (path, bytes) in &files {
        assert!(canaries_in(path, bytes).is_empty(), "{path} has one already");
        let (before, after) = bytes.split_at(bytes.len() / 2);
        let planted = [before, NAME.as_bytes(), after].concat();
        assert!(!canaries_in(path, &planted).is_empty(), "it is not found in {path}");
    }
}
