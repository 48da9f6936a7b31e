//! Custody: episodes and their events, since when a person has been eligible for release, and how long after it.

mod episode;
mod words;

use std::collections::BTreeMap;

pub use episode::{Eligible, Entry, Episode, Stay};
pub use words::{Charge, Charges, Mistake, What};

use crate::Refusal;
use crate::event::Event;
use crate::ids::{EpisodeId, IndividualId, PersonId, UnitId};
use crate::state::{Register, RequestState};
use crate::time::{Moment, Timestamp};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyEvent {
    /// Something happened to the person of an episode.
    CustodyRecorded(Happening),
    /// An entry was taken back.
    CustodyWithdrawn(Withdrawal),
}

/// What people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyCommand {
    /// Record what happened to the person of an episode.
    RecordCustody(Happening),
    /// Take an entry back that was a mistake.
    WithdrawCustody(Withdrawal),
}

/// Something that happened in custody, at an instant: since when somebody has been eligible is a matter of minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// The stay in custody, as the booking numbers it.
    pub episode: EpisodeId,
    /// The person, where identity is established.
    pub individual: Option<IndividualId>,
    /// Where.
    pub unit: UnitId,
    /// What happened.
    pub what: What,
    /// To which charges.
    pub charges: Charges,
    /// When.
    pub at: Timestamp,
}

/// An entry taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The stay in custody.
    pub episode: EpisodeId,
    /// The number of the event that recorded it.
    pub of: u64,
    /// Why.
    pub cause: Mistake,
}

/// What an entry that cannot be says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The stay in custody.
    pub episode: EpisodeId,
    /// What would have happened.
    pub what: What,
    /// When.
    pub at: Timestamp,
}

impl Told {
    fn of(episode: &EpisodeId, entry: &Entry) -> Told {
        Told { episode: episode.clone(), what: entry.what, at: entry.at }
    }
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyRefusal {
    /// Charges where there are none, none where some ended, an empty list, or one named twice.
    ChargesDoNotFit {
        /// What happened.
        what: What,
    },
    /// The episode is another individual's.
    AnotherIndividual {
        /// The stay in custody.
        episode: EpisodeId,
    },
    /// The same is recorded already.
    RecordedAlready(Told),
    /// Something happened before any arrest.
    BeforeArrest(Told),
    /// A second arrest before the release.
    NotReleased(Told),
    /// A second release or hand-over after the first.
    ReleasedTwice {
        /// The second one.
        told: Told,
        /// The first one.
        ended: Timestamp,
    },
    /// Something happened after the release or hand-over.
    AfterRelease {
        /// What.
        told: Told,
        /// The release.
        ended: Timestamp,
    },
    /// A charge ended that was never brought.
    NotCharged(Told),
    /// A charge ended that had ended already.
    AlreadyEnded(Told),
    /// Charges ended, or a sentence or diversion came, when no charge was open.
    NothingOpen(Told),
    /// Bail was revoked that was neither posted nor replaced by recognizance.
    NoBail(Told),
    /// Something else at the same instant undoes it.
    Simultaneous(Told),
    /// The episode has no such entry.
    NoSuchEntry {
        /// The stay in custody.
        episode: EpisodeId,
        /// The number given.
        of: u64,
    },
    /// The entry was taken back already.
    WithdrawnAlready {
        /// The stay in custody.
        episode: EpisodeId,
        /// Its number.
        of: u64,
    },
}

/// What the register knows of it.
#[derive(Debug, Clone, Default)]
pub struct Custody {
    episodes: BTreeMap<EpisodeId, Episode>,
}

impl Custody {
    /// Every episode, by id.
    pub(crate) fn all(&self) -> &BTreeMap<EpisodeId, Episode> {
        &self.episodes
    }

    /// An episode, if anything of it is recorded.
    pub fn of(&self, episode: &EpisodeId) -> Option<&Episode> {
        self.episodes.get(episode)
    }

    /// Every stay in which somebody was eligible for release, with the minutes until the end or `now`, the longest first.
    pub fn delays(&self, now: Timestamp) -> Vec<(&EpisodeId, Stay, i64)> {
        let stays =
            self.episodes.iter().flat_map(|(id, episode)| episode.stays(now).into_iter().map(move |stay| (id, stay)));
        let mut delays: Vec<_> =
            stays.filter_map(|(id, stay)| stay.delay_minutes(now).map(|minutes| (id, stay, minutes))).collect();
        delays.sort_by_key(|(id, stay, minutes)| (std::cmp::Reverse(*minutes), *id, stay.arrested));
        delays
    }
}

impl CustodyEvent {
    /// The command that it carries out, with those written after it by the same one.
    pub fn command(&self) -> CustodyCommand {
        match self.clone() {
            CustodyEvent::CustodyRecorded(happening) => CustodyCommand::RecordCustody(happening),
            CustodyEvent::CustodyWithdrawn(withdrawal) => CustodyCommand::WithdrawCustody(withdrawal),
        }
    }
}

impl std::fmt::Display for CustodyRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |told: &Told| format!("`{}` of episode `{}` at {}", told.what, told.episode, told.at);
        match self {
            CustodyRefusal::ChargesDoNotFit { what } => write!(
                f,
                "these charges do not fit `{what}` (hint: an arrest or a charge takes a list or nothing, `charges-dropped` \
                 and `acquitted` a list, `all` or `part`, and nothing else takes any; each charge once)"
            ),
            CustodyRefusal::AnotherIndividual { episode } => write!(
                f,
                "episode `{episode}` is another individual's (hint: check the episode, or take back the entries that are \
                 wrong)"
            ),
            CustodyRefusal::RecordedAlready(told) => write!(f, "{} is recorded already", of(told)),
            CustodyRefusal::BeforeArrest(told) => {
                write!(f, "{} comes before any arrest (hint: record the arrest first)", of(told))
            }
            CustodyRefusal::NotReleased(told) => write!(
                f,
                "{} comes before the release from the arrest before it (hint: a further charge is `charged`; otherwise \
                 record the release first)",
                of(told)
            ),
            CustodyRefusal::ReleasedTwice { told, ended } => {
                write!(f, "{} comes after the release at {ended} (hint: take one of the two back)", of(told))
            }
            CustodyRefusal::AfterRelease { told, ended } => write!(
                f,
                "{} comes after the release at {ended} (hint: only a new arrest does; correct the time, or take the \
                 release back)",
                of(told)
            ),
            CustodyRefusal::NotCharged(told) => {
                write!(f, "{} ends a charge that was never brought (hint: check its number)", of(told))
            }
            CustodyRefusal::AlreadyEnded(told) => {
                write!(f, "{} ends a charge that had ended already (hint: check its number)", of(told))
            }
            CustodyRefusal::NothingOpen(told) => {
                write!(f, "{} comes when no charge is open any more (hint: check what came before it)", of(told))
            }
            CustodyRefusal::NoBail(told) => {
                write!(f, "{} revokes a bail or recognizance that there was not", of(told))
            }
            CustodyRefusal::Simultaneous(told) => {
                write!(f, "{} is undone by something at the same instant (hint: give each its own time)", of(told))
            }
            CustodyRefusal::NoSuchEntry { episode, of } => {
                write!(f, "episode `{episode}` has no entry {of} (hint: `candor custody` shows their numbers)")
            }
            CustodyRefusal::WithdrawnAlready { episode, of } => {
                write!(f, "entry {of} of episode `{episode}` is taken back already")
            }
        }
    }
}

impl From<CustodyRefusal> for Refusal {
    fn from(refusal: CustodyRefusal) -> Refusal {
        Refusal::Custody(refusal)
    }
}

/// How an episode ended, against the outcome of the request about its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedOtherwise {
    /// The stay in custody.
    pub episode: EpisodeId,
    /// How it ended.
    pub what: What,
    /// When.
    pub at: Timestamp,
}

impl Register {
    /// The first end of custody that contradicts the outcome of a request; none where either is not known, or where one of
    /// its persons, or one stay of its person, ended as the outcome says.
    pub fn ended_otherwise(&self, request: &RequestState) -> Option<EndedOtherwise> {
        let outcome = request.known_outcome()?;
        let mut first: Option<EndedOtherwise> = None;
        for id in request.request.subjects.iter().filter_map(|subject| subject.episode.as_ref()) {
            let events = self.custody.of(id).map(Episode::events).unwrap_or_default();
            for entry in events.into_iter().filter(|entry| entry.what.ends()) {
                if !entry.what.contradicts(outcome) {
                    return None;
                }
                if first.as_ref().is_none_or(|first| entry.at < first.at) {
                    first = Some(EndedOtherwise { episode: id.clone(), what: entry.what, at: entry.at });
                }
            }
        }
        first
    }

    /// What carries out the command.
    pub(crate) fn handle_custody(
        &self,
        command: &CustodyCommand,
        _by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            CustodyCommand::RecordCustody(happening) => {
                self.may_have_happened(happening, at)?;
                CustodyEvent::CustodyRecorded(happening.clone())
            }
            CustodyCommand::WithdrawCustody(withdrawal) => {
                let Withdrawal { episode: id, of, cause } = withdrawal;
                let unknown = || Refusal::IdUnknown { id: id.to_string() };
                let episode = self.custody.of(id).ok_or_else(unknown)?;
                let (episode_id, number) = (id.clone(), *of);
                match episode.entries.iter().find(|entry| entry.seq == *of).map(|entry| entry.withdrawn) {
                    None => return Err(CustodyRefusal::NoSuchEntry { episode: episode_id, of: number }.into()),
                    Some(Some(_)) => {
                        return Err(CustodyRefusal::WithdrawnAlready { episode: episode_id, of: number }.into());
                    }
                    Some(None) => {}
                }
                episode.without(*of, *cause, at).check(id)?;
                CustodyEvent::CustodyWithdrawn(withdrawal.clone())
            }
        };
        Ok(vec![Event::Custody(event)])
    }

    fn may_have_happened(&self, happening: &Happening, at: Timestamp) -> Result<(), Refusal> {
        let Happening { episode: id, individual, unit, what, charges, at: when } = happening;
        if !self.units.contains_key(unit) {
            return Err(Refusal::IdUnknown { id: unit.to_string() });
        }
        self.past(Moment::At(*when), at)?;
        if !what.takes(charges) {
            return Err(CustodyRefusal::ChargesDoNotFit { what: *what }.into());
        }
        let nothing = Episode::default();
        let episode = self.custody.of(id).unwrap_or(&nothing);
        if individual.is_some() && episode.individual().is_some_and(|known| individual.as_ref() != Some(known)) {
            return Err(CustodyRefusal::AnotherIndividual { episode: id.clone() }.into());
        }
        if let Some(entry) = episode.same(happening) {
            return Err(CustodyRefusal::RecordedAlready(Told::of(id, entry)).into());
        }
        episode.with(happening, self.last_seq + 1, at).check(id)?;
        Ok(())
    }

    /// Takes the event into the state.
    pub(crate) fn take_custody(&mut self, event: &CustodyEvent, _by: &PersonId, at: Timestamp) -> Result<(), String> {
        let seq = self.last_seq + 1;
        match event {
            CustodyEvent::CustodyRecorded(happening) => {
                if !self.units.contains_key(&happening.unit) {
                    return Err(format!("`{}` is not there before it", happening.unit));
                }
                if !happening.what.takes(&happening.charges) {
                    return Err("its charges do not fit it".to_owned());
                }
                let episode = self.custody.episodes.entry(happening.episode.clone()).or_default();
                if episode.same(happening).is_some() {
                    return Err(format!("`{}` of `{}` is there already", happening.what, happening.episode));
                }
                *episode = episode.with(happening, seq, at);
            }
            CustodyEvent::CustodyWithdrawn(Withdrawal { episode: id, of, cause }) => {
                let episode = self.custody.episodes.get_mut(id).filter(|episode| {
                    episode.entries.iter().any(|entry| entry.seq == *of && entry.withdrawn.is_none())
                });
                let episode = episode.ok_or_else(|| format!("`{id}` has no such entry before it"))?;
                *episode = episode.without(*of, *cause, at);
            }
        }
        Ok(())
    }
}
