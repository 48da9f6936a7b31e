//! From custody events to the state of the criminal case, and since when the person has been eligible for release:
//! conditions (1) to (6) of the definition in CBC 11-1.9 (A), *Eligible for release from custody*.
//!
//! What is read from the events, exactly:
//!
//! - A decision about an instant sees only events up to and including that instant.
//! - The order of the list does not matter; events are taken by their instants. At one instant an arrest comes before a
//!   charge and both before everything else. The same event given twice counts once.
//! - An arrest begins anew: what came before it belongs to an earlier custody. A further charge ends every condition
//!   reached so far, since none of them was about it; a revoked bail ends (4) only.
//! - Conditions stand side by side. The state is named after the one that was reached first and still stands, so that the
//!   state and the instant speak of the same event.
//! - (1) and (2) say *all*. Charges that ended one by one reach (1) when every named charge was dropped and (2) when the
//!   person was acquitted of every one. Where some were dropped and the others ended in acquittal, neither holds to the
//!   letter, and with no charge left (6) does. Where the arrest names no charges, only a whole end is a whole end.
//! - Being brought to court and bail being set make nobody eligible and change no state: until a condition is reached or
//!   a charge ends, the state is `before_bail_or_court`.
//!
//! Events that contradict each other give no state: the contradictions are returned, each with its event.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use crate::words::{Word, words};

words! {
    /// The state of the criminal case, as the fact `custody` has it.
    CaseState {
        /// No condition reached and no charge ended.
        BeforeBailOrCourt = "before_bail_or_court",
        /// Some charges ended and one is open.
        PartOfChargesEnded = "part_of_charges_ended",
        /// (1) All charges dropped or dismissed.
        ChargesDropped = "charges_dropped",
        /// (2) Acquitted of all.
        Acquitted = "acquitted",
        /// (3) All the time served.
        SentenceServed = "sentence_served",
        /// (4) A bond posted, or released on recognizance.
        BondOrRecognizance = "bond_or_recognizance",
        /// (5) Referred to pre-trial diversion.
        Diverted = "diverted",
        /// (6) Otherwise eligible for release.
        OtherwiseEligible = "otherwise_eligible",
    }
}

words! {
    /// The word of each [`CustodyChange`], as files spell it.
    Happened {
        /// Arrested.
        Arrested = "arrested",
        /// Charged with more.
        Charged = "charged",
        /// Brought before a court.
        BroughtToCourt = "brought_to_court",
        /// Bail set.
        BailSet = "bail_set",
        /// Bail or recognizance revoked.
        BailRevoked = "bail_revoked",
        /// Bail posted.
        BailPosted = "bail_posted",
        /// Released on recognizance.
        Recognizance = "recognizance",
        /// Charges dropped or dismissed.
        Dropped = "dropped",
        /// Acquitted.
        Acquitted = "acquitted",
        /// All the time served.
        SentenceServed = "sentence_served",
        /// Referred to pre-trial diversion.
        Diverted = "diverted",
        /// Release ordered by a court.
        ReleaseOrdered = "release_ordered",
        /// Otherwise eligible.
        OtherwiseEligible = "otherwise_eligible",
    }
}

impl CaseState {
    /// The number of the condition of the definition after which the state is named, 1 to 6; none before one is reached.
    #[must_use]
    pub fn condition(self) -> Option<u8> {
        match self {
            CaseState::BeforeBailOrCourt | CaseState::PartOfChargesEnded => None,
            CaseState::ChargesDropped => Some(1),
            CaseState::Acquitted => Some(2),
            CaseState::SentenceServed => Some(3),
            CaseState::BondOrRecognizance => Some(4),
            CaseState::Diverted => Some(5),
            CaseState::OtherwiseEligible => Some(6),
        }
    }
}

/// Something that happened to a person in custody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustodyEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: CustodyChange,
}

/// What happened, in the order in which events of one instant are taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustodyChange {
    /// Arrested, on charges by the names that the record gives them; none where it gives none.
    Arrested(Vec<String>),
    /// Charged with more.
    Charged(Vec<String>),
    /// Brought before a court.
    BroughtToCourt,
    /// Bail was set.
    BailSet,
    /// Bail was revoked, or the release on recognizance was.
    BailRevoked,
    /// Bail was posted.
    BailPosted,
    /// Released on recognizance.
    Recognizance,
    /// Charges were dropped or dismissed.
    Dropped(Charges),
    /// Acquitted.
    Acquitted(Charges),
    /// All the time was served.
    SentenceServed,
    /// Referred to pre-trial diversion.
    Diverted,
    /// A court ordered the release.
    ReleaseOrdered,
    /// Eligible for release for another reason under state or local law.
    OtherwiseEligible,
}

/// Which charges an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charges {
    /// All of them.
    All,
    /// Some, which the record does not name.
    Part,
    /// These.
    Named(Vec<String>),
}

/// The state of the case at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custody {
    /// The state.
    pub state: CaseState,
    /// Since when the person has been eligible for release, if so.
    pub eligible_since: Option<Timestamp>,
}

/// Why events give no state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// Something happened in custody before any arrest.
    BeforeArrest,
    /// A charge ended that was never brought.
    NotCharged(String),
    /// A charge ended that had ended already.
    AlreadyEnded(String),
    /// Charges ended, or a sentence or diversion came, when no charge was open.
    NothingOpen,
    /// Bail was revoked that was neither posted nor replaced by recognizance.
    NoBail,
    /// At one instant a condition was reached and ended, and nobody can say which came first.
    Simultaneous,
}

/// The state of the case at an instant; `None` when nothing has happened by then.
///
/// # Errors
/// Each contradiction with the index of its event in `events`, in the order of time.
pub fn custody(events: &[CustodyEvent], at: Timestamp) -> Result<Option<Custody>, Vec<(usize, Contradiction)>> {
    let mut seen: Vec<(usize, &CustodyEvent)> = events.iter().enumerate().filter(|(_, event)| event.at <= at).collect();
    seen.sort_by_key(|(_, event)| *event);
    seen.dedup_by_key(|(_, event)| *event);
    let mut contradictions = same_instant(&seen);
    let mut case: Option<Case> = None;
    for (index, event) in &seen {
        if let CustodyChange::Arrested(charges) = &event.what {
            case = Some(Case::on(charges));
            continue;
        }
        let applied = match &mut case {
            Some(case) => case.apply(event),
            None => Err(Contradiction::BeforeArrest),
        };
        contradictions.extend(applied.err().map(|contradiction| (*index, contradiction)));
    }
    if contradictions.is_empty() { Ok(case.map(|case| case.now())) } else { Err(contradictions) }
}

/// Events of one instant that undo each other.
fn same_instant(seen: &[(usize, &CustodyEvent)]) -> Vec<(usize, Contradiction)> {
    let clash = |undoing: &CustodyEvent, other: &CustodyEvent| {
        let bail = matches!(other.what, CustodyChange::BailPosted | CustodyChange::Recognizance);
        let ends_bail = undoing.what == CustodyChange::BailRevoked && bail;
        let begins = matches!(undoing.what, CustodyChange::Arrested(_) | CustodyChange::Charged(_));
        undoing.at == other.at && (ends_bail || begins && (bail || other.what.ends_the_case()))
    };
    let clashes = seen.iter().filter(|(_, undoing)| seen.iter().any(|(_, other)| clash(undoing, other)));
    clashes.map(|(index, _)| (*index, Contradiction::Simultaneous)).collect()
}

impl CustodyChange {
    fn ends_the_case(&self) -> bool {
        match self {
            CustodyChange::Dropped(_)
            | CustodyChange::Acquitted(_)
            | CustodyChange::SentenceServed
            | CustodyChange::Diverted
            | CustodyChange::ReleaseOrdered
            | CustodyChange::OtherwiseEligible => true,
            CustodyChange::Arrested(_)
            | CustodyChange::Charged(_)
            | CustodyChange::BroughtToCourt
            | CustodyChange::BailSet
            | CustodyChange::BailRevoked
            | CustodyChange::BailPosted
            | CustodyChange::Recognizance => false,
        }
    }
}

/// How a charge ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Dropped,
    Acquitted,
}

/// One custody, from its arrest on.
struct Case {
    /// Each named charge, and how it ended.
    charges: BTreeMap<String, Option<End>>,
    /// Every charge has a name, so that the names tell when none is left.
    all_named: bool,
    /// Some charge has ended.
    part_ended: bool,
    /// No charge is open any more.
    closed: bool,
    /// The conditions that stand, in the order in which they were reached.
    reached: Vec<(CaseState, Timestamp)>,
}

impl Case {
    fn on(charges: &[String]) -> Self {
        let all_named = !charges.is_empty();
        let charges = charges.iter().map(|charge| (charge.clone(), None)).collect();
        Self { charges, all_named, part_ended: false, closed: false, reached: Vec::new() }
    }

    fn now(&self) -> Custody {
        if let Some((state, since)) = self.reached.first() {
            return Custody { state: *state, eligible_since: Some(*since) };
        }
        let state = if self.part_ended { CaseState::PartOfChargesEnded } else { CaseState::BeforeBailOrCourt };
        Custody { state, eligible_since: None }
    }

    fn apply(&mut self, event: &CustodyEvent) -> Result<(), Contradiction> {
        let at = event.at;
        match &event.what {
            // The caller begins a new case.
            CustodyChange::Arrested(_) | CustodyChange::BroughtToCourt | CustodyChange::BailSet => {}
            CustodyChange::Charged(charges) => self.charge(charges),
            CustodyChange::BailRevoked => return self.revoke_bail(),
            CustodyChange::BailPosted | CustodyChange::Recognizance => self.reach(CaseState::BondOrRecognizance, at),
            CustodyChange::Dropped(charges) => return self.end(charges, End::Dropped, at),
            CustodyChange::Acquitted(charges) => return self.end(charges, End::Acquitted, at),
            CustodyChange::SentenceServed => return self.close(CaseState::SentenceServed, at),
            CustodyChange::Diverted => return self.close(CaseState::Diverted, at),
            CustodyChange::ReleaseOrdered | CustodyChange::OtherwiseEligible => {
                self.reach(CaseState::OtherwiseEligible, at);
            }
        }
        Ok(())
    }

    /// A condition reached twice has stood since the first time.
    fn reach(&mut self, state: CaseState, at: Timestamp) {
        if !self.reached.iter().any(|(reached, _)| *reached == state) {
            self.reached.push((state, at));
        }
    }

    fn charge(&mut self, charges: &[String]) {
        self.all_named &= !charges.is_empty();
        self.charges.extend(charges.iter().map(|charge| (charge.clone(), None)));
        self.part_ended |= self.closed;
        self.closed = false;
        self.reached.clear();
    }

    fn revoke_bail(&mut self) -> Result<(), Contradiction> {
        let before = self.reached.len();
        self.reached.retain(|(state, _)| *state != CaseState::BondOrRecognizance);
        if self.reached.len() == before { Err(Contradiction::NoBail) } else { Ok(()) }
    }

    fn close(&mut self, state: CaseState, at: Timestamp) -> Result<(), Contradiction> {
        if self.closed {
            return Err(Contradiction::NothingOpen);
        }
        self.closed = true;
        self.reach(state, at);
        Ok(())
    }

    fn end(&mut self, charges: &Charges, end: End, at: Timestamp) -> Result<(), Contradiction> {
        if self.closed {
            return Err(Contradiction::NothingOpen);
        }
        let state = match charges {
            Charges::All => Some(whole(end)),
            Charges::Part => None,
            Charges::Named(names) => self.end_named(names, end)?,
        };
        self.part_ended = true;
        match state {
            Some(state) => self.close(state, at),
            None => Ok(()),
        }
    }

    /// Ends named charges; the state reached, when none is left open.
    fn end_named(&mut self, names: &[String], end: End) -> Result<Option<CaseState>, Contradiction> {
        if !self.all_named {
            return Ok(None);
        }
        for name in names {
            match self.charges.get_mut(name) {
                None => return Err(Contradiction::NotCharged(name.clone())),
                Some(Some(_)) => return Err(Contradiction::AlreadyEnded(name.clone())),
                Some(open) => *open = Some(end),
            }
        }
        let all = |wanted: End| self.charges.values().all(|ended| *ended == Some(wanted));
        if all(end) {
            return Ok(Some(whole(end)));
        }
        let none_open = self.charges.values().all(Option::is_some);
        Ok(none_open.then_some(CaseState::OtherwiseEligible))
    }
}

fn whole(end: End) -> CaseState {
    match end {
        End::Dropped => CaseState::ChargesDropped,
        End::Acquitted => CaseState::Acquitted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happened, `;` between events as `hour what`; the hour asked about; the state and the hour since when the
    /// person has been eligible. All on 2 May 2026.
    const TABLE: &[(&str, u8, &str)] = &[
        ("08 arrested", 9, "before_bail_or_court"),
        ("08 arrested; 09 court; 10 bail-set", 11, "before_bail_or_court"),
        // (1) and the hour before it.
        ("08 arrested; 12 dropped all", 11, "before_bail_or_court"),
        ("08 arrested; 12 dropped all", 12, "charges_dropped 12"),
        ("08 arrested theft,assault; 12 dropped theft", 13, "part_of_charges_ended"),
        ("08 arrested theft,assault; 12 dropped theft; 14 dropped assault", 15, "charges_dropped 14"),
        ("08 arrested; 12 dropped part; 13 dropped part", 14, "part_of_charges_ended"),
        ("08 arrested; 12 dropped theft", 14, "part_of_charges_ended"),
        ("08 arrested; 11 charged theft; 12 dropped theft", 14, "part_of_charges_ended"),
        // (2)
        ("08 arrested; 12 acquitted all", 13, "acquitted 12"),
        ("08 arrested theft,assault; 12 acquitted theft", 13, "part_of_charges_ended"),
        ("08 arrested theft,assault; 12 acquitted theft; 14 acquitted assault", 15, "acquitted 14"),
        // Neither (1) nor (2) to the letter, and no charge left.
        ("08 arrested theft,assault; 12 dropped theft; 14 acquitted assault", 15, "otherwise_eligible 14"),
        // (3) to (6)
        ("08 arrested; 12 served", 13, "sentence_served 12"),
        ("08 arrested; 09 bail-set; 10 bail-posted", 10, "bond_or_recognizance 10"),
        ("08 arrested; 09 bail-set; 10 bail-posted", 9, "before_bail_or_court"),
        ("08 arrested; 10 recognizance", 11, "bond_or_recognizance 10"),
        ("08 arrested; 10 diverted", 11, "diverted 10"),
        ("08 arrested; 10 release-ordered", 11, "otherwise_eligible 10"),
        ("08 arrested; 10 otherwise", 11, "otherwise_eligible 10"),
        // The first condition that still stands names the state.
        ("08 arrested; 10 bail-posted; 12 dropped all", 13, "bond_or_recognizance 10"),
        ("08 arrested; 10 bail-posted; 12 dropped all; 13 revoked", 14, "charges_dropped 12"),
        ("08 arrested; 10 bail-posted; 12 dropped part", 13, "bond_or_recognizance 10"),
        ("08 arrested; 10 bail-posted; 11 bail-posted", 12, "bond_or_recognizance 10"),
        // What ends a condition.
        ("08 arrested; 10 bail-posted; 12 revoked", 13, "before_bail_or_court"),
        ("08 arrested; 10 bail-posted; 12 revoked; 14 bail-posted", 15, "bond_or_recognizance 14"),
        ("08 arrested theft; 10 bail-posted; 12 charged assault", 13, "before_bail_or_court"),
        ("08 arrested theft; 10 dropped theft; 12 charged assault", 13, "part_of_charges_ended"),
        ("08 arrested theft; 10 dropped theft; 12 charged assault; 14 dropped assault", 15, "charges_dropped 14"),
        ("08 arrested; 10 dropped all; 12 arrested", 13, "before_bail_or_court"),
        // Order of the list, doubles, and what has not happened yet.
        ("12 bail-posted; 08 arrested", 13, "bond_or_recognizance 12"),
        ("08 arrested; 12 bail-posted; 12 bail-posted", 13, "bond_or_recognizance 12"),
        ("08 arrested; 12 dropped all; 12 dropped all", 13, "charges_dropped 12"),
        ("08 arrested; 12 bail-posted; 14 dropped nothing-charged", 13, "bond_or_recognizance 12"),
        ("08 arrested", 7, "nothing"),
        ("", 7, "nothing"),
        // Contradictions, each at its event, counted from 0.
        ("10 bail-posted; 12 arrested", 13, "0 BeforeArrest"),
        ("08 arrested theft; 12 dropped fraud", 13, "1 NotCharged(\"fraud\")"),
        ("08 arrested theft,assault; 12 dropped theft; 13 acquitted theft", 14, "2 AlreadyEnded(\"theft\")"),
        ("08 arrested; 12 dropped all; 13 acquitted all", 14, "2 NothingOpen"),
        ("08 arrested; 12 dropped all; 13 served", 14, "2 NothingOpen"),
        ("08 arrested; 12 diverted; 13 diverted", 14, "2 NothingOpen"),
        ("08 arrested; 12 revoked", 13, "1 NoBail"),
        ("08 arrested; 12 bail-posted; 13 revoked; 13 recognizance", 14, "2 Simultaneous"),
        ("08 arrested; 12 charged fraud; 12 dropped all", 14, "1 Simultaneous"),
        ("08 arrested; 08 bail-posted", 9, "0 Simultaneous"),
        ("09 served; 10 revoked", 12, "0 BeforeArrest, 1 BeforeArrest"),
    ];

    #[test]
    fn the_state_of_the_case_follows_from_the_events_up_to_the_instant() {
        for (events, hour, expected) in TABLE {
            assert_eq!(told(events, *hour), *expected, "{events} | asked about {hour}");
        }
    }

    #[test]
    fn a_later_event_never_changes_an_earlier_decision() {
        for (events, hour, expected) in TABLE {
            let later = format!("{events}; 23 arrested; 23 dropped nothing-charged");
            assert_eq!(told(&later, *hour), *expected, "{later} | asked about {hour}");
        }
    }

    fn told(events: &str, hour: u8) -> String {
        let events: Vec<CustodyEvent> = events.split(';').filter_map(|event| read(event.trim())).collect();
        match custody(&events, at(hour)) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(Custody { state, eligible_since: None })) => state.to_string(),
            Ok(Some(Custody { state, eligible_since: Some(since) })) => {
                format!("{state} {:02}", since.to_zoned_datetime(jiff::tz::TimeZone::UTC).hour())
            }
            Err(found) => {
                let found: Vec<String> = found.iter().map(|(index, what)| format!("{index} {what:?}")).collect();
                found.join(", ")
            }
        }
    }

    fn read(event: &str) -> Option<CustodyEvent> {
        let words: Vec<&str> = event.split_whitespace().collect();
        let (hour, what) = (words.first()?.parse().unwrap(), words[1]);
        let names = || words.get(2).map_or_else(Vec::new, |names| names.split(',').map(str::to_owned).collect());
        let charges = || match words[2] {
            "all" => Charges::All,
            "part" => Charges::Part,
            _ => Charges::Named(names()),
        };
        let what = match what {
            "arrested" => CustodyChange::Arrested(names()),
            "charged" => CustodyChange::Charged(names()),
            "court" => CustodyChange::BroughtToCourt,
            "bail-set" => CustodyChange::BailSet,
            "bail-posted" => CustodyChange::BailPosted,
            "revoked" => CustodyChange::BailRevoked,
            "recognizance" => CustodyChange::Recognizance,
            "dropped" => CustodyChange::Dropped(charges()),
            "acquitted" => CustodyChange::Acquitted(charges()),
            "served" => CustodyChange::SentenceServed,
            "diverted" => CustodyChange::Diverted,
            "release-ordered" => CustodyChange::ReleaseOrdered,
            "otherwise" => CustodyChange::OtherwiseEligible,
            _ => panic!("{what}"),
        };
        Some(CustodyEvent { at: at(hour), what })
    }

    fn at(hour: u8) -> Timestamp {
        format!("2026-05-02T{hour:02}:00Z").parse().unwrap()
    }
}
