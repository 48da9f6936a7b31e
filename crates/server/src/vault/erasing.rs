//! Erasing: what belongs to an id is gone for good, from the living rows and from the bytes of the files.

use anyhow::Result;

use super::{Vault, tables};

impl Vault {
    /// Erases what belongs to these ids: a paper's data key and rows, an entry's key, an individual's match entries and all
    /// its papers. A tombstone of each and the time stays, and one of the erasure itself, by which [`Vault::was_erased`]
    /// knows that it was done. Once more it is no change.
    ///
    /// If the power fails before the keys are deleted, nothing has happened. From then on nothing can be read any more;
    /// what is left (the keys' bytes in the file's free space and log, the sealed rows) goes when the vault is opened
    /// next.
    ///
    /// # Errors
    /// When a file cannot be written, or another process is reading the keys: they are deleted, and calling again
    /// finishes the rest.
    pub(crate) fn erase(&mut self, erasure: &str, ids: &[String], at: &str) -> Result<()> {
        self.keys.write(|transaction| {
            for id in ids {
                tables::erase_keys(transaction, id, at)?;
            }
            tables::bury(transaction, erasure, at)
        })?;
        self.finish_erasing()
    }

    /// Whether an erasure of this id was done, or something of this id was erased.
    pub(crate) fn was_erased(&self, id: &str) -> Result<bool> {
        self.keys.read(|connection| tables::is_buried(connection, id))
    }

    /// The papers and notes that belong to an individual.
    pub(crate) fn owned_by(&self, individual: &str) -> Result<Vec<String>> {
        self.keys.read(|connection| tables::owned_by(connection, individual))
    }

    /// Goes on with what a power failure cut short.
    pub(super) fn finish_erasing(&mut self) -> Result<()> {
        let unfinished = self.keys.read(tables::unfinished_tombstones)?;
        if unfinished.is_empty() {
            return Ok(());
        }
        self.rows.write(|transaction| tables::delete_rows(transaction, &unfinished))?;
        // What was sealed opens for nobody any more. It is overwritten in the file all the same, and not left in its log.
        self.rows.empty_log()?;
        self.keys.scrub()?;
        self.keys.write(tables::finish_tombstones)
    }
}
