//! The number of an offence in a code of law, such as `120.05`, `265.01-a`, `135.65(2)(b)` or `12022.53`; or a word, where
//! a person classed the offence (`dui`).

use std::fmt;

use crate::words::FactName;

/// The number of an offence, or a word that classes it.
///
/// Sections stand in the order of their numbers, and `265.01-a` comes after `265.01` and before `265.02`. After a dot some
/// states write decimals (`12022.53` before `12022.7`) and others counts, so numbers with unlike digits have no order that
/// holds everywhere, and `120.5` may or may not be meant as `120.05`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A section, and where it is given its subdivision.
    Section {
        /// The numbers between the dots.
        numbers: Vec<Number>,
        /// The letters after them: `a` of `265.01-a` and of `266a`.
        suffix: String,
        /// What stands in parentheses: `2` and `b` of `135.65(2)(b)`.
        parts: Vec<String>,
    },
    /// A word.
    Word(String),
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    value: u32,
    digits: String,
}

impl Number {
    fn parse(digits: &str) -> Option<Self> {
        Some(Self { value: digits.parse().ok()?, digits: digits.to_owned() })
    }
}

/// Whether an offence falls under an entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cover {
    /// It does not.
    No,
    /// The record is too coarse to say, or writes the number otherwise.
    Perhaps,
    /// It does.
    Yes,
}

impl Code {
    /// Reads a number or a word. `120.01-120.13` is neither: a range is written with two ends.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return FactName::parse(text).map(|word| Code::Word(word.to_string()));
        }
        let (section, parts) = match text.split_once('(') {
            Some((section, parts)) => (section, parse_parts(parts)?),
            None => (text, Vec::new()),
        };
        let end = section.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(section.len());
        let (numbers, suffix) = section.split_at_checked(end)?;
        let numbers = numbers.split('.').map(Number::parse).collect::<Option<Vec<Number>>>()?;
        let suffix = suffix.strip_prefix('-').unwrap_or(suffix);
        let is_letters = suffix.chars().all(|c| c.is_ascii_lowercase()) && suffix.len() <= 3;
        let has_letters = !suffix.is_empty() || !section.ends_with('-');
        (is_letters && has_letters).then(|| Code::Section { numbers, suffix: suffix.to_owned(), parts })
    }

    /// Whether `offence` falls under this entry: it is the same, or a subdivision of it.
    pub(crate) fn covers(&self, offence: &Code) -> Cover {
        match (self, offence) {
            (Code::Word(entry), Code::Word(word)) if entry == word => Cover::Yes,
            (
                Code::Section { numbers, suffix, parts },
                Code::Section { numbers: their_numbers, suffix: their_suffix, parts: their_parts },
            ) if have_same_values(numbers, their_numbers) && suffix == their_suffix => {
                if their_parts.starts_with(parts) {
                    return if numbers == their_numbers { Cover::Yes } else { Cover::Perhaps };
                }
                if parts.starts_with(their_parts) { Cover::Perhaps } else { Cover::No }
            }
            _ => Cover::No,
        }
    }

    /// The section without its subdivision.
    pub(crate) fn section(&self) -> Code {
        match self {
            Code::Section { numbers, suffix, .. } => {
                Code::Section { numbers: numbers.clone(), suffix: suffix.clone(), parts: Vec::new() }
            }
            Code::Word(_) => self.clone(),
        }
    }

    /// Whether an offence falls between two sections, both included.
    pub(crate) fn is_within(&self, from: &Code, to: &Code) -> Cover {
        let section = self.section();
        if !section.is_of_the_article_of(from) {
            return Cover::No;
        }
        if !section.is_of_a_range_with(from) {
            return Cover::Perhaps;
        }
        if (from..=to).contains(&&section) { Cover::Yes } else { Cover::No }
    }

    /// Whether this and another can be the ends of a range: sections of one article whose last numbers have the same
    /// count of digits, so that they have one order.
    pub(crate) fn is_of_a_range_with(&self, other: &Code) -> bool {
        match (self, other) {
            (Code::Section { numbers, parts, .. }, Code::Section { numbers: theirs, parts: their_parts, .. }) => {
                let alike =
                    |(ours, theirs): (&Number, &Number)| numbers.len() == 1 || ours.digits.len() == theirs.digits.len();
                let last = numbers.last().zip(theirs.last());
                parts.is_empty()
                    && their_parts.is_empty()
                    && self.is_of_the_article_of(other)
                    && last.is_some_and(alike)
            }
            _ => false,
        }
    }

    /// Whether all numbers but the last are the same.
    fn is_of_the_article_of(&self, other: &Code) -> bool {
        match (self, other) {
            (Code::Section { numbers: ours, .. }, Code::Section { numbers: theirs, .. }) => {
                let article = |numbers: &[Number]| numbers.split_last().map(|(_, article)| article.to_vec());
                article(ours) == article(theirs)
            }
            _ => false,
        }
    }
}

fn have_same_values(ours: &[Number], theirs: &[Number]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| ours.value == theirs.value)
}

/// Reads `2)(b)`, what follows the first parenthesis.
fn parse_parts(text: &str) -> Option<Vec<String>> {
    let parts = text.strip_suffix(')')?.split(")(").map(str::to_owned).collect::<Vec<_>>();
    let is_part = |part: &String| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    parts.iter().all(is_part).then_some(parts)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numbers, suffix, parts) = match self {
            Code::Word(word) => return f.write_str(word),
            Code::Section { numbers, suffix, parts } => (numbers, suffix, parts),
        };
        let digits: Vec<&str> = numbers.iter().map(|number| number.digits.as_str()).collect();
        f.write_str(&digits.join("."))?;
        if !suffix.is_empty() {
            write!(f, "-{suffix}")?;
        }
        parts.iter().try_for_each(|part| write!(f, "({part})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap_or_else(|| panic!("`{text}` is no code"))
    }

    #[test]
    fn codes_are_read_and_ranges_and_nonsense_are_not() {
        for text in ["120.05", "265.01-a", "135.65(2)(b)", "12022.53", "266a", "600", "dui", "1326(a)", "120.04-a(4)"] {
            code(text);
        }
        for text in
            ["120.01-120.13", "490-495", "12O.05", "120.05(", "120.05()", "120..5", "120.", "120.05-", "(2)", ""]
        {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sections_stand_in_the_order_of_their_numbers_and_letters_follow() {
        let order = ["9", "120.01", "120.09", "120.10", "120.13", "265.01", "265.01-a", "265.01-b", "265.02", "1200"];
        assert!(order.windows(2).all(|pair| code(pair[0]) < code(pair[1])));
    }

    #[test]
    fn a_subdivision_falls_under_its_section_and_a_section_only_perhaps_under_its_subdivision() {
        let cases = [
            ("120.05", "120.05", Cover::Yes),
            ("120.05", "120.05(2)", Cover::Yes),
            ("135.65(2)", "135.65(2)(b)", Cover::Yes),
            ("135.65(2)(b)", "135.65", Cover::Perhaps),
            ("135.65(2)(b)", "135.65(2)", Cover::Perhaps),
            ("135.65(2)(b)", "135.65(1)", Cover::No),
            ("265.01-a", "265.01", Cover::No),
            ("265.01", "265.01-a", Cover::No),
            ("120.05", "120.5", Cover::Perhaps),
            ("12022.5", "12022.53", Cover::No),
            ("dui", "dui", Cover::Yes),
            ("dui", "theft", Cover::No),
        ];
        for (entry, offence, expected) in cases {
            assert_eq!(code(entry).covers(&code(offence)), expected, "{offence} under {entry}");
        }
    }

    #[test]
    fn a_range_takes_in_what_stands_between_its_ends_and_cannot_place_other_digits() {
        let cases = [
            ("120.00", Cover::No),
            ("120.01", Cover::Yes),
            ("120.04-a", Cover::Yes),
            ("120.05(2)", Cover::Yes),
            ("120.13", Cover::Yes),
            ("120.13(1)", Cover::Yes),
            ("120.13-a", Cover::No),
            ("120.14", Cover::No),
            ("121.05", Cover::No),
            ("120.5", Cover::Perhaps),
            ("dui", Cover::No),
        ];
        for (offence, expected) in cases {
            assert_eq!(code(offence).is_within(&code("120.01"), &code("120.13")), expected, "{offence}");
        }
        assert!(!code("120.5").is_of_a_range_with(&code("120.13")));
        assert!(!code("120.01").is_of_a_range_with(&code("121.13")));
        assert!(!code("120.01(1)").is_of_a_range_with(&code("120.13")));
        assert!(code("9").is_of_a_range_with(&code("10")));
    }
}
