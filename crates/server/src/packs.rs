//! Law packs: those that travel in the binary, those in a folder, and the one a register has adopted.
//!
//! An adopted pack is kept in `DIR/law/HASH/`, so that the register goes on under the law it was opened with, whatever
//! packs a newer program brings.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use law::{Pack, Phrases};
use register::event::PackRef;
use rust_embed::RustEmbed;

use crate::files;

#[derive(RustEmbed)]
#[folder = "../../law/"]
struct Embedded;

/// A pack's files: path in the pack to text.
pub(crate) type PackFiles = BTreeMap<String, String>;

/// The ids of the packs in the binary.
pub(crate) fn ids() -> Vec<String> {
    let mut ids: Vec<String> =
        Embedded::iter().filter_map(|path| path.strip_suffix("/pack.toml").map(str::to_owned)).collect();
    ids.sort();
    ids
}

/// The files of a pack: of one in the binary by its id, or of a folder by its path.
pub(crate) fn find(name: &str) -> Result<PackFiles> {
    let prefix = format!("{name}/");
    let mut pack = PackFiles::new();
    for path in Embedded::iter() {
        let (Some(inner), Some(file)) = (path.strip_prefix(&prefix), Embedded::get(&path)) else { continue };
        pack.insert(inner.to_owned(), String::from_utf8(file.data.into_owned())?);
    }
    if !pack.is_empty() {
        return Ok(pack);
    }
    let folder = Path::new(name);
    if !folder.join("pack.toml").is_file() {
        bail!(
            "there is no law pack `{name}` (hint: one of {}, or the path of a folder with a `pack.toml`)",
            ids().join(", ")
        );
    }
    texts(folder)
}

/// Loads a pack, or says all that is wrong with it.
pub(crate) fn load(files: &PackFiles) -> Result<Pack> {
    Pack::load(files).map_err(|problems| Problems(problems).into())
}

/// A pack's sentences in a language; in English where none is asked for.
pub(crate) fn phrases(pack: &Pack, language: Option<&str>) -> Result<Phrases> {
    let language = language.unwrap_or("en");
    let languages: Vec<&str> = std::iter::once("en").chain(pack.languages().filter(|name| *name != "en")).collect();
    if !languages.contains(&language) {
        bail!("`{}` has no words in `{language}` (hint: one of {})", pack.id, languages.join(", "));
    }
    Ok(pack.phrases(language))
}

/// All problems of a text, one a line.
#[derive(Debug)]
pub(crate) struct Problems(pub(crate) Vec<law::Problem>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut problems: Vec<&law::Problem> = self.0.iter().collect();
        problems.sort_by_key(|problem| (&problem.file, problem.line));
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// Keeps the files of an adopted pack in the register's folder.
pub(crate) fn keep(dir: &Path, pack_files: &PackFiles, pack: &Pack) -> Result<()> {
    let folder = dir.join("law").join(pack.hash().to_string());
    pack_files.iter().try_for_each(|(path, text)| files::write(&folder.join(path), text.as_bytes()))
}

/// The files of the adopted pack.
pub(crate) fn kept_files(dir: &Path, reference: &PackRef) -> Result<PackFiles> {
    texts(&dir.join("law").join(reference.hash.to_string()))
}

/// The adopted pack.
pub(crate) fn kept(dir: &Path, reference: &PackRef) -> Result<Pack> {
    let pack = load(&kept_files(dir, reference)?)?;
    if pack.hash() != reference.hash {
        bail!(
            "the law pack in `{}` was changed since it was adopted (hint: restore it from a backup)",
            dir.join("law").display()
        );
    }
    Ok(pack)
}

/// A pack as events name it.
pub(crate) fn reference(pack: &Pack) -> PackRef {
    PackRef { id: pack.id.to_string(), version: pack.version.clone(), hash: pack.hash() }
}

fn texts(folder: &Path) -> Result<PackFiles> {
    let text = |(path, bytes)| match String::from_utf8(bytes) {
        Ok(text) => Ok((path, text)),
        Err(_) => Err(anyhow!("`{path}` of the law pack is not text in UTF-8")),
    };
    files::read_plain_folder(folder)?.into_iter().map(text).collect()
}
