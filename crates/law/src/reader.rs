//! Reads TOML that people wrote: every value keeps its line, every unknown key is refused, and reading goes on after
//! a mistake so that all of them are reported at once. Knows nothing of law; the server reads forms and mappings with it,
//! so that every file a person writes is refused in the same words.
//!
//! Works on the parsed tree with its places rather than through serde, which stops at the first mistake.

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, spelling_hint};
use crate::words::Word;

/// One TOML text, its place in its file, and the problems found so far.
pub struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// The line of the file on which the text begins, counted from 1.
    first_line: usize,
    repeats: Repeats,
    problems: Vec<Problem>,
}

/// What problems say of a text that was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeats {
    /// What is wrong in it, word for word.
    Words,
    /// Nothing: a name may stand there by a slip.
    Nothing,
}

/// A table and where it stands.
#[derive(Clone, Copy)]
pub struct Table<'t> {
    table: &'t DeTable<'t>,
    start: usize,
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub struct Value<'t> {
    /// The value itself.
    pub value: &'t DeValue<'t>,
    start: usize,
}

/// Anything that stands somewhere in the text.
pub trait Placed {
    /// The byte of the text at which it begins.
    fn start(&self) -> usize;
}

impl Placed for Table<'_> {
    fn start(&self) -> usize {
        self.start
    }
}

impl Placed for Value<'_> {
    fn start(&self) -> usize {
        self.start
    }
}

impl<'t> Table<'t> {
    /// Keys and values in the order of the file.
    pub fn entries(self) -> Vec<(&'t str, Value<'t>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(key, value)| (key.get_ref().as_ref(), value_at(key.span(), value))).collect()
    }

    /// The value of a key, if it is there.
    pub fn get(self, key: &str) -> Option<Value<'t>> {
        let (place, value) = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some(value_at(place.span(), value))
    }

    /// Whether a key is there.
    pub fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }
}

impl<'t> Value<'t> {
    /// The value, if it is text.
    pub fn text(self) -> Option<&'t str> {
        self.value.as_str()
    }

    /// The value, if it is a table.
    pub fn table(self) -> Option<Table<'t>> {
        self.value.as_table().map(|table| Table { table, start: self.start })
    }

    /// The values within, if it is a list.
    pub fn items(self) -> Option<Vec<Value<'t>>> {
        let array = self.value.as_array()?;
        Some(array.iter().map(|item| value_at(item.span(), item)).collect())
    }
}

/// A value stands where its key does, so that a problem of a `[table]` points at its header.
fn value_at<'t>(place: Range<usize>, value: &'t Spanned<DeValue<'_>>) -> Value<'t> {
    Value { value: value.get_ref(), start: place.start }
}

/// Parses `text`, which begins on `first_line` of `file`, and hands its tree to `read`. Returns what `read` made and
/// all problems; a text that is no TOML is not handed on.
pub fn read_toml<'a, T>(
    file: &'a str,
    text: &'a str,
    first_line: usize,
    read: impl FnOnce(&mut Reader<'a>, Table<'_>) -> Option<T>,
) -> (Option<T>, Vec<Problem>) {
    read_as(Reader { file, text, first_line, repeats: Repeats::Words, problems: Vec::new() }, read)
}

/// The same of a file that is about a person. What was typed is not repeated: a name may stand in the wrong place.
pub fn read_unrepeated<'a, T>(
    file: &'a str,
    text: &'a str,
    read: impl FnOnce(&mut Reader<'a>, Table<'_>) -> Option<T>,
) -> (Option<T>, Vec<Problem>) {
    read_as(Reader { file, text, first_line: 1, repeats: Repeats::Nothing, problems: Vec::new() }, read)
}

fn read_as<'a, T>(
    mut reader: Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>, Table<'_>) -> Option<T>,
) -> (Option<T>, Vec<Problem>) {
    let text = reader.text;
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = error.span().map_or(0, |span| span.start);
        let message = format!("not readable as TOML: {}", error.message());
        reader.problem_at(place, message, None);
    }
    if !errors.is_empty() {
        return (None, reader.problems);
    }
    let value = read(&mut reader, Table { table: document.get_ref(), start: 0 });
    (value, reader.problems)
}

impl Reader<'_> {
    /// The line of the file on which something stands.
    pub fn line(&self, place: &impl Placed) -> usize {
        self.line_at(place.start())
    }

    /// Notes what is wrong with something, and the next step where one is known.
    pub fn problem(&mut self, place: &impl Placed, message: String, hint: Option<String>) {
        self.problem_at(place.start(), message, hint);
    }

    /// Refuses a word that is not on its list, with the nearest one that is.
    pub fn unknown<'v>(
        &mut self,
        place: &impl Placed,
        what: &str,
        word: &str,
        valid: impl IntoIterator<Item = &'v str>,
    ) {
        let message = self.worded(format!("unknown {what} `{word}`"), format!("unknown {what}"));
        self.problem(place, message, spelling_hint(word, valid));
    }

    /// What is said of a text that was typed: the first where it may be repeated.
    pub(crate) fn worded(&self, repeated: String, unrepeated: String) -> String {
        match self.repeats {
            Repeats::Words => repeated,
            Repeats::Nothing => unrepeated,
        }
    }

    /// Refuses every key that is not listed.
    pub fn only(&mut self, table: Table<'_>, keys: &[&str]) {
        for (key, value) in table.entries() {
            if !keys.contains(&key) {
                self.unknown(&value, "key", key, keys.iter().copied());
            }
        }
    }

    /// The value of a key that must be there.
    pub fn required<'t>(&mut self, table: Table<'t>, key: &str) -> Option<Value<'t>> {
        let value = table.get(key);
        if value.is_none() {
            self.problem(&table, format!("`{key}` is missing"), Some(format!("add `{key} = …` to this table")));
        }
        value
    }

    /// Text that must be there and not be empty.
    pub fn text(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = self.required(table, key)?;
        self.as_text(value, key)
    }

    /// Text that may be missing, but not empty.
    pub fn optional_text(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        self.as_text(value, key)
    }

    /// A name or another checked text; `parse` says what is right, `what` what was wanted.
    pub fn parsed<T>(
        &mut self,
        table: Table<'_>,
        key: &str,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.required(table, key)?;
        let text = self.as_text(value, key)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            let message = self.worded(format!("`{text}` is not {what}"), format!("`{key}` is not {what}"));
            self.problem(&value, message, None);
        }
        parsed
    }

    /// One word of a closed list.
    pub fn word<W: Word>(&mut self, table: Table<'_>, key: &str) -> Option<W> {
        let value = self.required(table, key)?;
        self.as_word(value, key)
    }

    /// One word of a closed list, if the key is there.
    pub fn optional_word<W: Word>(&mut self, table: Table<'_>, key: &str) -> Option<W> {
        let value = table.get(key)?;
        self.as_word(value, key)
    }

    /// A list of words of a closed list; a missing key is an empty list.
    pub fn words<W: Word>(&mut self, table: Table<'_>, key: &str) -> Vec<W> {
        let values = self.list(table, key);
        values.into_iter().filter_map(|value| self.as_word(value, key)).collect()
    }

    /// A list of texts with their places; a missing key is an empty list.
    pub fn texts<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<(&'t str, Value<'t>)> {
        let values = self.list(table, key);
        let mut texts = Vec::new();
        for value in values {
            match value.text() {
                Some(text) => texts.push((text, value)),
                None => self.problem(&value, format!("`{key}` holds something that is not text"), None),
            }
        }
        texts
    }

    /// A day, if the key is there.
    pub fn optional_date(&mut self, table: Table<'_>, key: &str) -> Option<Date> {
        let value = table.get(key)?;
        self.as_date(value, key)
    }

    /// A day that must be there.
    pub fn date(&mut self, table: Table<'_>, key: &str) -> Option<Date> {
        let value = self.required(table, key)?;
        self.as_date(value, key)
    }

    /// True or false, if the key is there.
    pub fn optional_truth(&mut self, table: Table<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let truth = value.value.as_bool();
        if truth.is_none() {
            self.problem(&value, format!("`{key}` must be true or false"), None);
        }
        truth
    }

    /// A whole number that fits the type, if the key is there.
    pub fn optional_number<N: std::str::FromStr>(&mut self, table: Table<'_>, key: &str) -> Option<N> {
        let value = table.get(key)?;
        let decimal = value.value.as_integer().filter(|integer| integer.radix() == 10);
        let number = decimal.and_then(|integer| integer.as_str().parse().ok());
        if number.is_none() {
            self.problem(&value, format!("`{key}` must be a whole number in range"), None);
        }
        number
    }

    /// A whole number that must be there.
    pub fn number<N: std::str::FromStr>(&mut self, table: Table<'_>, key: &str) -> Option<N> {
        self.required(table, key)?;
        self.optional_number(table, key)
    }

    /// A table, if the key is there.
    pub fn optional_table<'t>(&mut self, table: Table<'t>, key: &str) -> Option<Table<'t>> {
        let value = table.get(key)?;
        let inner = value.table();
        if inner.is_none() {
            self.problem(&value, format!("`{key}` must be a table"), None);
        }
        inner
    }

    /// The rows of an array of tables; a missing key is no rows.
    pub fn rows<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<Table<'t>> {
        let values = self.list(table, key);
        let mut rows = Vec::new();
        for value in values {
            match value.table() {
                Some(row) => rows.push(row),
                None => self.problem(&value, format!("`{key}` holds something that is not a table"), None),
            }
        }
        rows
    }

    /// Reads one value as a day.
    pub fn as_date(&mut self, value: Value<'_>, key: &str) -> Option<Date> {
        let day = value.value.as_datetime().filter(|when| when.time.is_none() && when.offset.is_none());
        let date = day.and_then(|when| when.date).and_then(|date| date.to_string().parse().ok());
        if date.is_none() {
            let hint = Some("write it as 2019-12-19, without quotes".to_owned());
            self.problem(&value, format!("`{key}` must be a day"), hint);
        }
        date
    }

    fn as_text(&mut self, value: Value<'_>, key: &str) -> Option<String> {
        match value.text() {
            Some(text) if !text.trim().is_empty() => Some(text.to_owned()),
            Some(_) => {
                self.problem(&value, format!("`{key}` is empty"), None);
                None
            }
            None => {
                self.problem(&value, format!("`{key}` must be text in quotes"), None);
                None
            }
        }
    }

    fn as_word<W: Word>(&mut self, value: Value<'_>, key: &str) -> Option<W> {
        let text = self.as_text(value, key)?;
        let word = W::all().iter().copied().find(|word| word.spelling() == text);
        if word.is_none() {
            self.unknown(&value, &format!("{key} word"), &text, W::all().iter().map(|word| word.spelling()));
        }
        word
    }

    fn list<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<Value<'t>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        value.items().unwrap_or_else(|| {
            self.problem(&value, format!("`{key}` must be a list in square brackets"), None);
            Vec::new()
        })
    }

    fn problem_at(&mut self, place: usize, message: String, hint: Option<String>) {
        let problem = Problem { file: self.file.to_owned(), line: self.line_at(place), message, hint };
        self.problems.push(problem);
    }

    fn line_at(&self, place: usize) -> usize {
        let before = self.text.get(..place).unwrap_or(self.text);
        self.first_line + before.matches('\n').count()
    }
}
