//! What changed between two texts, word by word: the longest words they have in common, in order, stay; the rest of
//! the earlier one is gone and the rest of the later one is new.

/// A run of words that both texts have, or only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Whether the other text has it too.
    pub shared: bool,
    /// The words.
    pub words: String,
}

/// Two texts beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The earlier text.
    pub earlier: Vec<Run>,
    /// The later text.
    pub later: Vec<Run>,
}

impl Difference {
    /// Whether the texts have no run of words in common: then to mark every word would say nothing.
    #[must_use]
    pub fn shares_nothing(&self) -> bool {
        !self.earlier.iter().any(|run| run.shared)
    }
}

/// Words of a text that are compared; of a longer one the rest counts as different. The table is their product.
const WORDS_LIMIT: usize = 3_000;
/// A shorter run in common between two changes is no more than chance: `the` is in every sentence.
const CHANCE: usize = 2;

/// Compares two texts.
#[must_use]
pub fn between(earlier: &str, later: &str) -> Difference {
    let left: Vec<&str> = earlier.split_whitespace().collect();
    let right: Vec<&str> = later.split_whitespace().collect();
    let pairs = without_chance(common(&left, &right));
    Difference {
        earlier: runs(&left, |index| pairs.iter().any(|(at, _)| *at == index)),
        later: runs(&right, |index| pairs.iter().any(|(_, at)| *at == index)),
    }
}

/// The places of the longest common words, in both texts.
fn common(left: &[&str], right: &[&str]) -> Vec<(usize, usize)> {
    let left: Vec<String> = left.iter().take(WORDS_LIMIT).map(|word| bare(word)).collect();
    let right: Vec<String> = right.iter().take(WORDS_LIMIT).map(|word| bare(word)).collect();
    // lengths[i][j]: how many words the rests from i and from j have in common.
    let width = right.len() + 1;
    let mut lengths = vec![0_u16; (left.len() + 1) * width];
    let length = |lengths: &[u16], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, word) in left.iter().enumerate().rev() {
        for (j, other) in right.iter().enumerate().rev() {
            let longest = if word == other {
                length(&lengths, i + 1, j + 1).saturating_add(1)
            } else {
                length(&lengths, i + 1, j).max(length(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = longest;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(word), Some(other)) = (left.get(i), right.get(j)) {
        if word == other {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length(&lengths, i + 1, j) >= length(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// A word as it is compared: case and marks do not change the law.
fn bare(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if bare.is_empty() { word.to_owned() } else { bare }
}

/// Drops runs in common that are too short to mean anything.
fn without_chance(pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut kept = Vec::new();
    let mut run: Vec<(usize, usize)> = Vec::new();
    for pair in pairs {
        let goes_on = run.last().is_some_and(|(i, j)| (i + 1, j + 1) == pair);
        if !goes_on {
            kept.extend(if run.len() >= CHANCE { std::mem::take(&mut run) } else { Vec::new() });
            run.clear();
        }
        run.push(pair);
    }
    kept.extend(if run.len() >= CHANCE { run } else { Vec::new() });
    kept
}

fn runs(words: &[&str], is_shared: impl Fn(usize) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let shared = is_shared(index);
        match runs.last_mut() {
            Some(run) if run.shared == shared => run.words = format!("{} {word}", run.words),
            _ => runs.push(Run { shared, words: (*word).to_owned() }),
        }
    }
    runs
}
