//! Reading the register's own words and ids from TOML that people wrote: on top of the law crate's reader, which keeps
//! lines and collects all problems.

use std::fmt::Display;
use std::str::FromStr;

use law::reader::{Reader, Table, Value};
use register::words::UnknownWord;

/// A value of a key that must be there, from its text.
pub(crate) fn parsed<T: FromStr<Err: Display>>(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<T> {
    let value = reader.required(table, key)?;
    from_value(reader, value, key)
}

/// A value of a key that may be missing.
pub(crate) fn optional_parsed<T: FromStr<Err: Display>>(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    key: &str,
) -> Option<T> {
    let value = table.get(key)?;
    from_value(reader, value, key)
}

/// One word of a closed list.
pub(crate) fn word<T: FromStr<Err = UnknownWord>>(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<T> {
    let value = reader.required(table, key)?;
    word_of(reader, value, key)
}

/// One word of a closed list, if the key is there.
pub(crate) fn optional_word<T: FromStr<Err = UnknownWord>>(
    reader: &mut Reader<'_>,
    table: Table<'_>,
    key: &str,
) -> Option<T> {
    let value = table.get(key)?;
    word_of(reader, value, key)
}

/// Words of a closed list; a missing key is an empty list.
pub(crate) fn words<T: FromStr<Err = UnknownWord>>(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Vec<T> {
    let values: Vec<(String, Value<'_>)> =
        reader.texts(table, key).into_iter().map(|(text, value)| (text.to_owned(), value)).collect();
    values.into_iter().filter_map(|(text, value)| known(reader, value, &text)).collect()
}

fn from_value<T: FromStr<Err: Display>>(reader: &mut Reader<'_>, value: Value<'_>, key: &str) -> Option<T> {
    let Some(text) = value.text() else {
        reader.problem(&value, format!("`{key}` must be text in quotes"), None);
        return None;
    };
    match text.parse() {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            reader.problem(&value, format!("`{key}`: {error}"), None);
            None
        }
    }
}

fn word_of<T: FromStr<Err = UnknownWord>>(reader: &mut Reader<'_>, value: Value<'_>, key: &str) -> Option<T> {
    let Some(text) = value.text() else {
        reader.problem(&value, format!("`{key}` must be text in quotes"), None);
        return None;
    };
    known(reader, value, text)
}

fn known<T: FromStr<Err = UnknownWord>>(reader: &mut Reader<'_>, value: Value<'_>, text: &str) -> Option<T> {
    match text.parse() {
        Ok(word) => Some(word),
        Err(UnknownWord { list, got, known }) => {
            reader.unknown(&value, list, &got, known);
            None
        }
    }
}
