//! An episode: what happened in the order of time, whether it can have happened so, since when the person has been
//! eligible for release, and how long after that the person was let go.
//!
//! Which condition of *Eligible for release from custody* was reached, and when, [`law::derived::custody()`] works out.
//! Here is what the definition does not speak of: release, hand-over, and the minutes between. A delay is a length. It is
//! listed, and never changes a count.

use law::derived::{Contradiction, Custody as Case, CustodyEvent as LawEvent, custody};

use super::words::{Charges, Mistake, What};
use super::{CustodyRefusal, Happening, Told};
use crate::ids::{EpisodeId, IndividualId, UnitId};
use crate::time::Timestamp;

/// One stay in custody, or several under one number.
#[derive(Debug, Clone, Default)]
pub struct Episode {
    /// Every entry in the order of the record, those taken back too.
    pub entries: Vec<Entry>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of its event.
    pub seq: u64,
    /// The person, where identity is established.
    pub individual: Option<IndividualId>,
    /// Where.
    pub unit: UnitId,
    /// What happened.
    pub what: What,
    /// To which charges.
    pub charges: Charges,
    /// When it happened.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// Why it was taken back, and when, if so.
    pub withdrawn: Option<(Mistake, Timestamp)>,
}

/// From an arrest to the release or hand-over, or until now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// When it began.
    pub arrested: Timestamp,
    /// Since when, and by which condition, the person has been eligible for release; as things stood at the end.
    pub eligible: Option<Eligible>,
    /// How and when it ended, if it has.
    pub ended: Option<(What, Timestamp)>,
}

/// Since when, and why, a person has been eligible for release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eligible {
    /// Since when.
    pub since: Timestamp,
    /// The condition of the definition, 1 to 6.
    pub condition: u8,
}

impl Stay {
    /// Whole minutes from eligibility to the end, or until `now` while it lasts; none where nobody was eligible.
    pub fn delay_minutes(&self, now: Timestamp) -> Option<i64> {
        let until = self.ended.map_or(now, |(_, at)| at);
        let since = self.eligible?.since;
        Some(until.duration_since(since).as_secs().max(0) / 60)
    }
}

impl Episode {
    /// What happened, in the order of time, without what was taken back. At one instant an arrest comes first and the end
    /// last.
    pub fn events(&self) -> Vec<&Entry> {
        let mut events: Vec<&Entry> = self.entries.iter().filter(|entry| entry.withdrawn.is_none()).collect();
        events.sort_by_key(|entry| (entry.at, entry.what.ends(), entry.what, entry.seq));
        events
    }

    /// The person, as far as established.
    pub fn individual(&self) -> Option<&IndividualId> {
        self.events().into_iter().find_map(|entry| entry.individual.as_ref())
    }

    /// The events as the law's function takes them.
    pub fn law_events(&self) -> Vec<LawEvent> {
        law_events(&self.events())
    }

    /// The state of the criminal case at an instant; none where nothing had happened by then.
    pub fn case_at(&self, at: Timestamp) -> Option<Case> {
        // What contradicts itself was never recorded.
        custody(&self.law_events(), at).ok().flatten()
    }

    /// Each stay, the first one first, as it stood at `now`.
    pub fn stays(&self, now: Timestamp) -> Vec<Stay> {
        let events: Vec<&Entry> = self.events().into_iter().filter(|entry| entry.at <= now).collect();
        let mut stays = Vec::new();
        let mut rest = events.as_slice();
        while let Some(first) = rest.first() {
            let length = rest.iter().position(|entry| entry.what.ends()).map_or(rest.len(), |end| end + 1);
            let (stay, after) = rest.split_at(length);
            let ended = stay.last().filter(|entry| entry.what.ends()).map(|entry| (entry.what, entry.at));
            let at = ended.map_or(now, |(_, at)| at);
            let case = custody(&law_events(stay), at).ok().flatten();
            let eligible = case
                .and_then(|case| Some(Eligible { since: case.eligible_since?, condition: case.state.condition()? }));
            stays.push(Stay { arrested: first.at, eligible, ended });
            rest = after;
        }
        stays
    }

    /// The entry that says the same, if one stands.
    pub(super) fn same(&self, happening: &Happening) -> Option<&Entry> {
        let Happening { what, charges, at, .. } = happening;
        let same = |entry: &&Entry| (entry.what, entry.at, &entry.charges) == (*what, *at, charges);
        self.events().into_iter().find(same)
    }

    /// The episode with one more entry.
    pub(super) fn with(&self, happening: &Happening, seq: u64, recorded: Timestamp) -> Episode {
        let Happening { individual, unit, what, charges, at, .. } = happening.clone();
        let mut with = self.clone();
        with.entries.push(Entry { seq, individual, unit, what, charges, at, recorded, withdrawn: None });
        with
    }

    /// The episode with an entry taken back.
    pub(super) fn without(&self, of: u64, cause: Mistake, at: Timestamp) -> Episode {
        let mut without = self.clone();
        for entry in without.entries.iter_mut().filter(|entry| entry.seq == of) {
            entry.withdrawn = Some((cause, at));
        }
        without
    }

    /// Whether all that is recorded can have happened.
    pub(super) fn check(&self, id: &EpisodeId) -> Result<(), CustodyRefusal> {
        let events = self.events();
        self.check_order(id, &events)?;
        let bearing: Vec<&Entry> =
            events.iter().copied().filter(|entry| entry.what.change(&entry.charges).is_some()).collect();
        let Err(contradictions) = custody(&law_events(&bearing), Timestamp::MAX) else { return Ok(()) };
        let first = contradictions.iter().find_map(|(index, why)| Some((bearing.get(*index)?, why)));
        match first {
            Some((entry, why)) => Err(named(Told::of(id, entry), why)),
            None => Ok(()),
        }
    }

    /// An arrest begins, a release or hand-over ends, and nothing happens outside.
    fn check_order(&self, id: &EpisodeId, events: &[&Entry]) -> Result<(), CustodyRefusal> {
        let mut in_custody = false;
        let mut ended = None;
        for entry in events {
            let told = || Told::of(id, entry);
            match (entry.what == What::Arrested, in_custody, ended) {
                (true, true, _) => return Err(CustodyRefusal::NotReleased(told())),
                (true, false, _) => in_custody = true,
                (false, true, _) => {}
                (false, false, None) => return Err(CustodyRefusal::BeforeArrest(told())),
                (false, false, Some(ended)) if entry.what.ends() => {
                    return Err(CustodyRefusal::ReleasedTwice { told: told(), ended });
                }
                (false, false, Some(ended)) => return Err(CustodyRefusal::AfterRelease { told: told(), ended }),
            }
            if entry.what.ends() {
                in_custody = false;
                ended = Some(entry.at);
            }
        }
        Ok(())
    }
}

fn law_events(events: &[&Entry]) -> Vec<LawEvent> {
    let bearing = events.iter().filter_map(|entry| Some((entry.at, entry.what.change(&entry.charges)?)));
    bearing.map(|(at, what)| LawEvent { at, what }).collect()
}

fn named(told: Told, why: &Contradiction) -> CustodyRefusal {
    match why {
        Contradiction::BeforeArrest => CustodyRefusal::BeforeArrest(told),
        Contradiction::NotCharged(_) => CustodyRefusal::NotCharged(told),
        Contradiction::AlreadyEnded(_) => CustodyRefusal::AlreadyEnded(told),
        Contradiction::NothingOpen => CustodyRefusal::NothingOpen(told),
        Contradiction::NoBail => CustodyRefusal::NoBail(told),
        Contradiction::Simultaneous => CustodyRefusal::Simultaneous(told),
    }
}
