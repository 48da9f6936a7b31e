//! Facts that a record works out: what a register knows of one case, as values, gives the facts that nobody gave. The
//! same functions as for a fact file, without a file.

use jiff::Timestamp;

use crate::derived::WorkedOut;
use crate::derived::custody::{CustodyEvent, custody};
use crate::derived::papers::{Paper, administrative_warrant, paper_confirmed, strongest_paper};
use crate::facts::Facts;
use crate::problem::Problem;
use crate::vocabulary::{Fact, Vocabulary};
use crate::words::Ask;

/// What is known of one case. A list that is not there is not known; an empty one says that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The instant that is asked about; what happened after it is not seen.
    pub at: Timestamp,
    /// What happened in custody.
    pub custody: Option<Vec<CustodyEvent>>,
    /// The papers shown.
    pub papers: Option<Vec<Paper>>,
}

impl Known {
    /// Nothing but the instant.
    #[must_use]
    pub fn nothing(at: Timestamp) -> Self {
        Self { at, custody: None, papers: None }
    }

    /// The answer that is known of a fact, if one is. A look-back needs convictions, which no register keeps.
    fn answer(&self, how: WorkedOut) -> Result<Option<String>, String> {
        let papers = self.papers.as_deref();
        Ok(match how {
            WorkedOut::Custody => match self.custody.as_deref().map(|events| custody(events, self.at)) {
                None => None,
                Some(Ok(case)) => case.map(|case| case.state.to_string()),
                Some(Err(_)) => return Err("the custody events of the record contradict each other".to_owned()),
            },
            WorkedOut::StrongestPaper => papers.and_then(strongest_paper).map(|paper| paper.to_string()),
            WorkedOut::PaperConfirmed => papers.and_then(paper_confirmed).map(|confirmed| confirmed.to_string()),
            WorkedOut::AdministrativeWarrant => papers.and_then(administrative_warrant).map(|there| there.to_string()),
            WorkedOut::LookBack => None,
        })
    }
}

impl Vocabulary {
    /// See [`crate::Pack::facts_known`].
    pub(crate) fn complete(&self, ask: Ask, facts: &mut Facts, known: &Known) -> Vec<Problem> {
        let mut wrong: Vec<(String, Option<String>)> = Vec::new();
        for fact in &self.facts {
            let Some(how) = fact.worked_out.filter(|_| self.readable(ask, fact.name.as_str()).is_some()) else {
                continue;
            };
            match (known.answer(how), facts.get(fact.name.as_str())) {
                (Err(message), _) => wrong.push((message, None)),
                (Ok(None), _) => {}
                (Ok(Some(answer)), None) => facts.insert(fact, answer),
                (Ok(Some(answer)), Some(given)) => wrong.extend(contradiction(fact, given, &answer)),
            }
        }
        if wrong.is_empty() {
            wrong.extend(self.impossible_in(facts).map(|message| (message, None)));
        }
        let problem = |(message, hint)| Problem { file: "facts".to_owned(), line: 1, message, hint };
        wrong.into_iter().map(problem).collect()
    }
}

/// A set of answers that holds the one worked out does not contradict it.
fn contradiction(fact: &Fact, given: &str, answer: &str) -> Option<(String, Option<String>)> {
    if fact.mask(given).zip(fact.mask(answer)).is_some_and(|(given, answer)| answer & !given == 0) {
        return None;
    }
    let message = format!("`{}` is given as `{given}`, but the record makes it `{answer}`", fact.name);
    Some((message, Some("leave it out, or put the record right".to_owned())))
}
