//! Receipts: their key, what is recorded of them, and their text.
//!
//! A promise is signed only after what it promises is committed: [`App::signed_slip`] is for whoever was answered.

use anyhow::{Context as _, Result, bail};
use register::ids::{InquiryId, PersonId, RequestId};
use register::inquiry::InquiryCommand;
use register::leaf::{self, Leaf, Slot};
use register::opening::{self, Opening, OpeningFile};
use register::place;
use register::receipt::{LeafProof, ReceiptCommand, Said, Slip, certify};
use register::time::Timestamp;
use register::{Command, Recorded, Refusal, wire};
use tlog::Hash;

use super::{App, Private, opened};
use crate::files;
use crate::receipt_key;

impl App {
    /// Certifies the receipt key, unless that is done.
    pub(super) fn certify_receipt_key(
        &mut self,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let key = receipt_key::load_or_make(&self.dir, &opened(&self.state.register)?.origin)?.vkey();
        if self.state.register.receipts_given.knows(&key) {
            return Ok(Ok(Vec::new()));
        }
        let signature = certify(&self.key, &key).context("the log's key does not sign")?;
        let command = Command::Receipt(ReceiptCommand::CertifyKey { key, signature });
        self.do_command(by, at, &command, Private::default())
    }

    /// Records that a receipt is given, under a key that is certified before it.
    pub(super) fn give_receipt(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        request: &RequestId,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let mut recorded = match self.certify_receipt_key(by, at)? {
            Ok(recorded) => recorded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let key = receipt_key::load(&self.dir, &opened(&self.state.register)?.origin)?.vkey();
        let command = Command::Receipt(ReceiptCommand::GiveReceipt { request: request.clone(), key });
        Ok(self.do_command(by, at, &command, Private::default())?.map(|given| {
            recorded.extend(given);
            recorded
        }))
    }

    /// Makes ready for an answer to be signed that was given before. It says again what is recorded, so nothing of it is.
    pub(super) fn sign_answer(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        inquiry: &InquiryId,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let register = &self.state.register;
        let may = register
            .standing_answer(inquiry)
            .and_then(|(_, given, _)| register.may(&Command::Inquiry(InquiryCommand::AnswerInquiry(given)), by, at));
        match may {
            Ok(()) => self.certify_receipt_key(by, at),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// The signed text that promises the leaf of a committed event.
    pub(crate) fn signed_slip(&self, seq: u64, said: Said, promised_at: Timestamp) -> Result<String> {
        let register = &self.state.register;
        let key = receipt_key::load(&self.dir, &opened(register)?.origin)?;
        let certified = register.receipts_given.keys.iter().find(|(_, certified)| certified.key == key.vkey());
        let (_, certified) = certified.context("the receipt key is not certified (hint: give the command again)")?;
        let (event, stored) = self.store.event_and_leaf(seq)?;
        let recorded = wire::decode(std::str::from_utf8(&event.body)?)?;
        let values = leaf::values(register, &recorded, None);
        let entry_key = self.entry_key(&stored.entry)?;
        let proof = LeafProof::open(&values, entry_key.bytes(), stored.paper_match.map(Hash));
        let proof = proof.context("the leaf does not say what it counts as")?;
        if proof.leaf() != tlog::hash_leaf(&stored.root) {
            bail!("the vault's key for event {seq} does not give its leaf (hint: restore the vault of one backup)");
        }
        let (origin, mode) = (opened(register)?.origin.clone(), opened(register)?.mode);
        let certificate = certified.signature.clone();
        let slip = Slip { origin, mode, said, promised_at, proof, key: key.vkey(), certificate };
        slip.sign(&key).context("the receipt key does not sign")
    }

    /// Writes the opening of each certified key's leaf that has its position, where it is not there.
    ///
    /// It is done between commit and signature, so a checkpoint that covers such a leaf finds its opening. If the power
    /// fails before, it is made up for when the register is next opened, before the tree is signed.
    pub(super) fn open_keys(&self) -> Result<()> {
        let keys = &self.state.register.receipts_given.keys;
        let there = files::paths(&self.dir.join("filed/keys"))?;
        if there.iter().filter(|path| path.parse::<u64>().is_ok()).count() >= keys.len() {
            return Ok(());
        }
        let of_key = |seq: Option<u64>| keys.iter().any(|(of, _)| Some(*of) == seq);
        for placed in self.store.placed(0, self.store.tree_size()?)? {
            let Some(seq) = placed.leaf.seq.filter(|seq| of_key(Some(*seq))) else { continue };
            let (event, stored) = self.store.event_and_leaf(seq)?;
            let recorded = wire::decode(std::str::from_utf8(&event.body)?)?;
            let values = leaf::values(&self.state.register, &recorded, None);
            let key = self.entry_key(&stored.entry)?;
            let leaf = Leaf::commit(&values, key.bytes());
            let position = placed.position;
            let open = |slot| Opening { position, opened: opening::open(&leaf, &values, key.bytes(), slot) };
            let openings = [Slot::CountsAs, Slot::Year, Slot::Key].map(open).to_vec();
            let about = opened(&self.state.register)?;
            let file = OpeningFile { origin: about.origin.clone(), mode: about.mode, openings };
            let path = self.dir.join("filed").join(place::key_path(position));
            files::write_if_other(&path, file.encode().as_bytes())?;
        }
        Ok(())
    }
}
