//! What a person is shown of what the vault keeps: recorded first, opened then, one paper or note at a time.
//!
//! 1. The read is an event of the batch. Before its commit nothing is opened, and whoever asks is not answered.
//! 2. After the commit the fields that the event names are opened. If the power fails in between, a read is recorded that nobody
//!    got to see.
//!
//! The other way round, something could have been seen of which the record knows nothing.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use register::class::{NotInView, SealedField, Sees, of_sealed};
use register::event::{Event, Recorded};
use register::ids::PersonId;
use register::reading::{Kept, ReadReason, ReadingCommand, ReadingEvent, VaultRead};
use register::time::{Timestamp, day_of};
use register::{Command, Refusal};

use super::{App, Private};
use crate::decoding::decode;

/// A field that is kept, and what it says, if that was read.
pub(crate) struct Shown {
    /// Which.
    pub(crate) field: SealedField,
    /// What it says; or that it was in no view of whoever reads.
    pub(crate) says: Result<String, NotInView>,
}

impl App {
    /// Records that somebody is shown what is in their view. It opens nothing.
    pub(super) fn read(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        of: &Kept,
        reason: ReadReason,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let on = day_of(at, &self.state.register.zone());
        let fields = match Sees::of(&self.state.register.staff, by, on) {
            Ok(sees) => self.fields_of(of)?.into_iter().filter(|field| sees.sealed(field.name).is_ok()).collect(),
            // Why not is said when the command is handled.
            Err(_) => BTreeSet::new(),
        };
        let command = Command::Reading(ReadingCommand::Read { of: of.clone(), fields, reason });
        self.do_command(by, at, &command, Private::default())
    }

    /// What a recorded read shows: the fields that its event names, and of the others that they are blank.
    ///
    /// INVARIANT: this is the one way from the vault to a person, and it takes the event from the disk: what is not recorded there
    /// is not opened.
    ///
    /// # Errors
    /// When no such read is on the disk, it was erased since, or a row was tampered with.
    pub(crate) fn read_out(&self, seq: u64) -> Result<Vec<Shown>> {
        let (row, _) = self.store.event_and_leaf(seq)?;
        let Event::Reading(ReadingEvent::VaultRead(VaultRead { of, fields, .. })) = decode(&row)?.event else {
            bail!("event {seq} is no read");
        };
        let names: Vec<String> = fields.iter().map(ToString::to_string).collect();
        let mut opened = self.vault.open_recorded(of.as_str(), &names)?;
        let mut shown = Vec::new();
        for field in self.fields_of(&of)? {
            let says = match opened.iter().position(|row| row.field == field.to_string()) {
                Some(at) => {
                    let plain = opened.swap_remove(at).plain;
                    // What is no text is not repeated.
                    let text = String::from_utf8(plain).ok();
                    Ok(text.with_context(|| format!("field `{field}` of `{of}` is no text"))?)
                }
                None => Err(NotInView(of_sealed(field.name))),
            };
            shown.push(Shown { field, says });
        }
        if shown.iter().filter(|one| one.says.is_ok()).count() != fields.len() {
            bail!("what was to be read of `{of}` is not there any more (hint: it may have been erased just now)");
        }
        Ok(shown)
    }

    /// The fields kept of a paper or note, by their names alone.
    fn fields_of(&self, of: &Kept) -> Result<BTreeSet<SealedField>> {
        let names = self.vault.fields_of(of.as_str())?;
        let parsed = names.iter().map(|name| name.parse::<SealedField>());
        parsed.collect::<Result<_, _>>().with_context(|| format!("failed to read the names of the fields of `{of}`"))
    }
}
