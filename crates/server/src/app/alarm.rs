//! The alarm of the clock: what the monotonic clock and the record say against the wall clock, put into the record.

use anyhow::Result;
use register::ids::PersonId;
use register::time::Timestamp;
use register::words::{ClockDeparture, Mode};
use register::{Command, Recorded, Refusal};

use super::{App, Private};

impl App {
    /// Records that the clock of a live register departed, apart from what was submitted: it stays in the record where that
    /// is refused. Where the record cannot take it now, the alarm is said all the same.
    pub(super) fn watch_clock(&mut self, by: &PersonId) -> Result<()> {
        let live = self.state.register.opened.as_ref().is_some_and(|opening| opening.opened.mode == Mode::Live);
        let last = self.state.register.last_at;
        let Some((departure, seconds)) = self.clock.departure(last).filter(|_| live) else { return Ok(()) };
        // Record time waits at the last record, so while it stands there the alarm is in the record already.
        let known = self.state.register.clock_departures.last().is_some_and(|(at, ..)| Some(*at) == last);
        if known && departure == ClockDeparture::BehindRecord {
            return Ok(());
        }
        eprintln!("candor: alarm: {}", register::say::clock_departure(departure, seconds));
        let now = crate::clock::now();
        let command = Command::RecordClock { departure, seconds };
        self.vault.begin();
        match self.do_command(by, last.map_or(now, |last| last.max(now)), &command, Private::default())? {
            Ok(_) => self.vault.accept(),
            Err(_) => self.vault.undo(),
        }
    }

    /// Records that somebody said that the clock is right, and by how much it stands before the record.
    pub(super) fn trust_clock(&mut self, by: &PersonId, at: Timestamp) -> Result<Result<Vec<Recorded>, Refusal>> {
        let behind = at.duration_since(crate::clock::now()).as_secs();
        let command = Command::TrustClock { seconds: u64::try_from(behind).unwrap_or(0) };
        self.do_command(by, at, &command, Private::default())
    }
}
