//! The register from its events: decoded on all cores, applied in their order.
//!
//! To decode an event, and to see that it is written in the one way, takes longer than to read or to apply it. It needs
//! nothing of the events before, so it is done beside them.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use register::ids::{NoteId, PaperId};
use register::time::Timestamp;
use register::{Recorded, Register, wire};
use tlog::Frontier;

use crate::store::{EventRow, Store};

/// Events decoded together.
const CHUNK: usize = 512;

/// Chunks that wait at each decoder, at most.
const WAITING: usize = 4;

type Decoded = Result<Vec<Recorded>>;

/// A thread that decodes what it is given, in order.
struct Decoder {
    rows: SyncSender<Vec<EventRow>>,
    decoded: Receiver<Decoded>,
}

/// The state from the events of a store: of all, or of those recorded until an instant.
pub(crate) fn replay(store: &Store, until: Option<Timestamp>) -> Result<Register> {
    let mut register = Register::default();
    in_order(store, |recorded| {
        if until.is_none_or(|until| recorded.at <= until) {
            register.apply_owned(recorded)?;
        }
        Ok(())
    })?;
    Ok(register)
}

/// The state from all events, and the tree over all placed leaves. Each takes a core for as long, so they are read beside
/// one another.
pub(crate) fn folded(dir: &Path, store: &Store) -> Result<(Register, Frontier)> {
    let (register, frontier) = thread::scope(|scope| {
        let frontier = scope.spawn(|| frontier(dir));
        (replay(store, None), frontier.join().map_err(|_| anyhow!("the thread that reads the leaves has panicked")))
    });
    Ok((register?, frontier??))
}

fn frontier(dir: &Path) -> Result<Frontier> {
    let mut frontier = Frontier::new();
    Store::open_read_only(dir)?.roots(|root| frontier.push(tlog::hash_leaf(&root)))?;
    Ok(frontier)
}

/// The event in a row of the store.
pub(crate) fn decode(row: &EventRow) -> Result<Recorded> {
    let damaged = || format!("failed to read event {} (hint: restore the register from a backup)", row.seq);
    wire::decode(std::str::from_utf8(&row.body).with_context(damaged)?).with_context(damaged)
}

/// Hands every event of the store to `each`, in order.
///
/// # Errors
/// The first error of the store, of an event's bytes or of `each`, in the order of the events.
fn in_order(store: &Store, mut each: impl FnMut(Recorded) -> Result<()>) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let decoders: Vec<Decoder> = (0..cores)
            .map(|_| {
                let (rows, given) = sync_channel::<Vec<EventRow>>(WAITING);
                let (done, decoded) = sync_channel(WAITING);
                scope.spawn(move || {
                    for chunk in given {
                        // Whoever no longer waits has met an error before.
                        if done.send(chunk.iter().map(decode).collect()).is_err() {
                            return;
                        }
                    }
                });
                Decoder { rows, decoded }
            })
            .collect();
        let mut waiting: VecDeque<&Decoder> = VecDeque::new();
        let mut next = decoders.iter().cycle();
        let mut chunk = Vec::new();
        let mut take = |decoder: &Decoder| -> Result<()> {
            let decoded = decoder.decoded.recv().map_err(|_| stopped())??;
            decoded.into_iter().try_for_each(&mut each)
        };
        let mut give = |chunk: Vec<EventRow>, waiting: &mut VecDeque<_>| -> Result<()> {
            let Some(decoder) = next.next() else { return Ok(()) };
            decoder.rows.send(chunk).map_err(|_| stopped())?;
            waiting.push_back(decoder);
            Ok(())
        };
        store.events_after(0, |row| {
            chunk.push(row);
            if chunk.len() < CHUNK {
                return Ok(());
            }
            give(std::mem::take(&mut chunk), &mut waiting)?;
            match waiting.len() < cores * WAITING {
                true => Ok(()),
                false => waiting.pop_front().map_or(Ok(()), &mut take),
            }
        })?;
        give(chunk, &mut waiting)?;
        waiting.into_iter().try_for_each(take)
    })
}

fn stopped() -> anyhow::Error {
    anyhow!("a thread that decodes events has stopped (hint: look for its error above and start again)")
}

/// The papers and notes that an event names, in whatever field: the vault may hold something under each.
pub(crate) fn sealed_ids(event: &str) -> Vec<String> {
    let is_sealed = |text: &&str| text.parse::<PaperId>().is_ok() || text.parse::<NoteId>().is_ok();
    event.split('"').filter(is_sealed).map(str::to_owned).collect()
}
