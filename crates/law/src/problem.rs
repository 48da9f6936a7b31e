//! What is wrong with a text that people wrote: where, what, and the next step. All problems of a text come at once.

use std::fmt;

/// One mistake in a pack or a fact file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Problem {
    /// The file, as its path in the pack or as the caller named it.
    pub file: String,
    /// The line of that file, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// The next step, where one is known.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

/// A hint lists so many words at most.
const LIST_LIMIT: usize = 12;

/// The hint for a word that is not on its list: the nearest spelling, or a short list when none is near.
pub(crate) fn spelling_hint<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let valid: Vec<&str> = valid.into_iter().collect();
    let near = valid.iter().map(|candidate| (distance(word, candidate), *candidate)).min()?;
    if near.0 <= (word.chars().count() / 3).max(2) {
        return Some(format!("did you mean `{}`?", near.1));
    }
    if valid.len() > LIST_LIMIT {
        return Some(format!("the nearest of {} words is `{}`", valid.len(), near.1));
    }
    Some(format!("one of {}", valid.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")))
}

/// The number of letters to insert, delete or change between two words (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (b, pair) in right.iter().zip(row.windows(2)) {
            let &[diagonal, above] = pair else { continue };
            let beside = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(a != *b)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_spelling_is_named_and_a_far_one_is_not() {
        let valid = ["forbids", "permits"];
        assert_eq!(spelling_hint("forbid", valid).as_deref(), Some("did you mean `forbids`?"));
        assert_eq!(spelling_hint("zebra", valid).as_deref(), Some("one of `forbids`, `permits`"));
        assert_eq!(spelling_hint("x", []), None);
    }
}
