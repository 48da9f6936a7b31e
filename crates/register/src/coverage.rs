//! Coverage: how much of what should have been seen was seen.
//!
//! A number without it is a bug. Only what is measured has a row; what nobody measures is named as such, since silence
//! on a line that nobody watched says nothing. Inside, any period is shown by unit and by line; the public sees a whole
//! year by line and by agency. Nothing here is recorded: it follows from the record and an instant.

mod lines;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{LineId, UnitId};
use crate::row::{Measured, Scope};
use crate::state::Register;
use crate::time::{Days, Timestamp, Year};
use crate::words::Measure;

/// One measure of a unit or of one of its lines, over some days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Covered {
    /// The unit.
    pub unit: UnitId,
    /// The line; none for what is measured of the unit as a whole.
    pub line: Option<LineId>,
    /// Which measure.
    pub measure: Measure,
    /// How much was seen, in the measure's own unit: tours, hours, bookings …
    pub seen: u64,
    /// Of how much that was due; none where nothing says how much there should have been.
    pub due: Option<u64>,
    /// How much more was seen than counted, in the tours or spans in which it was more: a count is wrong, or the register.
    /// It fills no gap and is in no report.
    pub excess: u64,
}

/// All that is measured in these days, as of an instant, by unit and then by line.
///
/// Every line that was open on one of them has rows, a silent one too, and so has every unit with such a line or with
/// tours. Nothing is due of a line or a unit before its first day or after its last.
pub fn covered(register: &Register, days: Days, as_of: Timestamp) -> Vec<Covered> {
    let mut rows = Vec::new();
    let mut units = BTreeSet::new();
    let desks = units::desks(register, days);
    for (id, line) in &register.lines {
        let of_line = lines::of(register, id, &line.unit, days, as_of);
        if !of_line.is_empty() {
            units.insert(&line.unit);
        }
        rows.extend(of_line);
    }
    for id in register.units.keys() {
        let Some(open) = register.unit_open(id).and_then(|open| open.within(days)) else { continue };
        let toured = register.watch.unit(id).is_some_and(|watch| !watch.tours.is_empty());
        if toured || units.contains(id) {
            rows.extend(units::of(register, id, open, desks.get(id).copied().unwrap_or_default(), as_of));
        }
    }
    rows.sort();
    rows
}

/// All that a year's report shows, in canonical order: by line, and what is measured by unit summed up by agency.
pub fn measure(register: &Register, year: Year, as_of: Timestamp) -> Vec<Measured> {
    let mut measured = Vec::new();
    let mut sums: BTreeMap<(Scope, Measure), (u64, Option<u64>)> = BTreeMap::new();
    for row in covered(register, Days::of_year(year), as_of) {
        match row.line.as_ref().and_then(|line| register.lines.get(line)) {
            Some(line) => {
                let scope = Scope::Line(line.name.clone());
                measured.push(Measured { scope, measure: row.measure, seen: row.seen, due: row.due });
            }
            None => {
                let agency = register.units.get(&row.unit).map(|unit| &unit.agency);
                let Some(name) = agency.and_then(|agency| register.agencies.get(agency)) else { continue };
                let (seen, due) = sums.entry((Scope::Agency(name.clone()), row.measure)).or_default();
                *seen += row.seen;
                *due = due.or(row.due.map(|_| 0)).zip(row.due).map(|(sum, due)| sum + due);
            }
        }
    }
    measured.extend(sums.into_iter().map(|((scope, measure), (seen, due))| Measured { scope, measure, seen, due }));
    measured.sort();
    measured
}

/// The measures of which these rows hold none, in the order of their list.
pub fn not_measured(rows: &[Covered]) -> Vec<Measure> {
    let measured: BTreeSet<Measure> = rows.iter().map(|row| row.measure).collect();
    Measure::ALL.iter().copied().filter(|measure| !measured.contains(measure)).collect()
}

/// How many there are, as published numbers are written.
pub fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |sum, _| sum + 1)
}
