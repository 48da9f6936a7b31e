//! The wall clock of a live register, as the record tells of it: when it stood wrong, and who said that it is right though it
//! stands before the record. Nothing here reads a clock.

use jiff::SignedDuration;

use crate::command::Refusal;
use crate::event::Event;
use crate::ids::PersonId;
use crate::state::Register;
use crate::time::Timestamp;

/// That a person said that the clock is right, and the record ahead of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// Record time, at which the record waits for the clock.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
    /// How many seconds the clock stood before the record.
    pub seconds: u64,
}

impl Register {
    /// How far the clock may stand before the record because a person said that it is right. It ends when the clock has
    /// come up with the record: what is recorded then has another time.
    pub fn clock_trusted(&self) -> SignedDuration {
        let last = self.clock_trusted.last().filter(|trusted| Some(trusted.at) == self.last_at);
        let seconds = last.and_then(|trusted| i64::try_from(trusted.seconds).ok());
        SignedDuration::from_secs(seconds.unwrap_or(0))
    }

    /// Only where the record says of the clock that it departed, and has not gone on since.
    pub(crate) fn trust_clock(&self, seconds: u64, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let departed = self.clock_departures.last().is_some_and(|(at, ..)| *at == now);
        if !departed || seconds == 0 {
            return Err(Refusal::NoClockDeparted { seconds });
        }
        Ok(vec![Event::ClockTrusted { seconds }])
    }
}
