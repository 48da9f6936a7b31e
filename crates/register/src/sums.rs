//! What the rows of a table come to, as a report needs them. Sums of rows that are withheld are a row themselves, and add up
//! with the others.

use std::collections::BTreeMap;

use law::Counted;

use crate::row::Row;
use crate::words::{Authority, Counting, Form, Ground, KnownBy};

/// What rows of one table come to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sums {
    /// Of requests.
    Requests(RequestSums),
    /// Of individuals held.
    Held(DoneSums),
    /// Of individuals transferred.
    Transferred(DoneSums),
    /// Of cases reimbursed.
    Reimbursed {
        /// How many.
        cases: u64,
        /// Together.
        cents: u64,
    },
}

/// Sums of requests. Forms and grounds are those of the counted ones: those on one reading have no line in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestSums {
    /// Requests that count on every reading.
    pub counted: u64,
    /// Those that count on one.
    pub unclear: u64,
    /// By form.
    pub forms: BTreeMap<Form, u64>,
    /// By ground; a request can have several.
    pub grounds: BTreeMap<Ground, u64>,
    /// Without any.
    pub without_ground: u64,
}

/// Sums of individuals.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoneSums {
    /// Each individual once, by what it is told apart.
    pub known_by: BTreeMap<KnownBy, u64>,
    /// By authority; an individual can have several.
    pub authorities: BTreeMap<Authority, u64>,
}

/// The sums of all rows of a table: of those by themselves, and of sums among them.
pub fn of<'a>(table: Counted, rows: impl IntoIterator<Item = &'a Row>) -> Sums {
    let mut sums = match table {
        Counted::Requests => Sums::Requests(RequestSums::default()),
        Counted::Held => Sums::Held(DoneSums::default()),
        Counted::Transferred => Sums::Transferred(DoneSums::default()),
        Counted::Reimbursed => Sums::Reimbursed { cases: 0, cents: 0 },
    };
    rows.into_iter().for_each(|row| sums.add(row));
    sums
}

/// The same of requests.
pub fn of_requests<'a>(rows: impl IntoIterator<Item = &'a Row>) -> RequestSums {
    match of(Counted::Requests, rows) {
        Sums::Requests(sums) => sums,
        Sums::Held(_) | Sums::Transferred(_) | Sums::Reimbursed { .. } => RequestSums::default(),
    }
}

impl Sums {
    /// Of how many rows.
    pub fn rows(&self) -> u64 {
        match self {
            Sums::Requests(sums) => sums.counted.saturating_add(sums.unclear),
            Sums::Held(sums) | Sums::Transferred(sums) => {
                sums.known_by.values().fold(0, |sum, number| sum.saturating_add(*number))
            }
            Sums::Reimbursed { cases, .. } => *cases,
        }
    }

    /// Whether sums of rows that are withheld are written in the one way: of one row at least, and of no word that none has.
    pub fn is_canonical(&self) -> bool {
        let positive = match self {
            Sums::Requests(sums) => all_positive(&sums.forms) && all_positive(&sums.grounds),
            Sums::Held(sums) | Sums::Transferred(sums) => {
                all_positive(&sums.known_by) && all_positive(&sums.authorities)
            }
            Sums::Reimbursed { .. } => true,
        };
        positive && self.rows() > 0
    }

    /// Adds a row of its table, or other sums of it; a row of another table adds nothing.
    pub fn add(&mut self, row: &Row) {
        match (self, row) {
            (Sums::Requests(sums), Row::Request { form, grounds, counting, .. }) => {
                sums.add(*form, grounds, *counting);
            }
            (Sums::Requests(sums), Row::Withheld(Sums::Requests(others))) => {
                raise(&mut sums.counted, others.counted);
                raise(&mut sums.unclear, others.unclear);
                raise(&mut sums.without_ground, others.without_ground);
                add_all(&mut sums.forms, &others.forms);
                add_all(&mut sums.grounds, &others.grounds);
            }
            (Sums::Held(sums), Row::Held { authorities, known_by })
            | (Sums::Transferred(sums), Row::Transferred { authorities, known_by }) => {
                raise(sums.known_by.entry(*known_by).or_default(), 1);
                authorities.iter().for_each(|one| raise(sums.authorities.entry(*one).or_default(), 1));
            }
            (Sums::Held(sums), Row::Withheld(Sums::Held(others)))
            | (Sums::Transferred(sums), Row::Withheld(Sums::Transferred(others))) => {
                add_all(&mut sums.known_by, &others.known_by);
                add_all(&mut sums.authorities, &others.authorities);
            }
            (Sums::Reimbursed { cases, cents }, Row::Reimbursed { cents: more }) => {
                raise(cases, 1);
                raise(cents, *more);
            }
            (Sums::Reimbursed { cases, cents }, Row::Withheld(Sums::Reimbursed { cases: others, cents: more })) => {
                raise(cases, *others);
                raise(cents, *more);
            }
            (Sums::Requests(_) | Sums::Held(_) | Sums::Transferred(_) | Sums::Reimbursed { .. }, _) => {}
        }
    }
}

impl RequestSums {
    fn add(&mut self, form: Form, grounds: &[Ground], counting: Counting) {
        match counting {
            Counting::Counted => {}
            Counting::Unclear => return raise(&mut self.unclear, 1),
            Counting::NotCounted => return,
        }
        raise(&mut self.counted, 1);
        raise(self.forms.entry(form).or_default(), 1);
        raise(&mut self.without_ground, u64::from(grounds.is_empty()));
        grounds.iter().for_each(|ground| raise(self.grounds.entry(*ground).or_default(), 1));
    }
}

fn all_positive<T>(sums: &BTreeMap<T, u64>) -> bool {
    sums.values().all(|number| *number > 0)
}

/// Numbers that a stranger publishes may be of any size.
fn raise(number: &mut u64, by: u64) {
    *number = number.saturating_add(by);
}

fn add_all<T: Ord + Copy>(sums: &mut BTreeMap<T, u64>, others: &BTreeMap<T, u64>) {
    others.iter().for_each(|(word, number)| raise(sums.entry(*word).or_default(), *number));
}
