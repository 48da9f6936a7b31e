//! A paper that a person presents: sealed, looked for, answered.
//!
//! Whether a registered paper has the same number is tried against what its leaf commits to, under the key of its entry:
//! nothing is opened, and no list of numbers is kept. INVARIANT: looking for somebody binds nothing to anybody.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use register::event::Recorded;
use register::ids::{InquiryId, PaperId, PersonId, RequestId};
use register::inquiry::{Given, InquiryCommand, Shown, Who, look};
use register::leaf::{self, Slot, SlotValues};
use register::retention::Thing;
use register::state::RequestState;
use register::time::Timestamp;
use register::{Command, Refusal};

use super::{App, Private};
use crate::paper::Paper;
use crate::vault::{Found, Vault};

impl App {
    /// Records that the paper was presented, looks for it, and records the answer.
    pub(super) fn inquire(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        paper: &Paper,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let inquiry: InquiryId = Vault::new_id(InquiryId::PREFIX)?.parse()?;
        let id: PaperId = Vault::new_id(PaperId::PREFIX)?.parse()?;
        let presented = paper.presented(inquiry.clone(), id.clone());
        // Whoever may not search is refused before anything is looked for.
        let command = Command::Inquiry(InquiryCommand::ReceiveInquiry(presented));
        if let Err(refusal) = self.state.register.handle(&self.pack, &command, by, at) {
            return Ok(Err(refusal));
        }
        let who = self.who(paper)?;
        let owner = if let Who::One(individual) = &who { individual.to_string() } else { id.to_string() };
        let (paper_match, rows) = (paper.paper_match(), paper.sealed_rows(&id));
        let mut recorded =
            match self.do_command(by, at, &command, Private { paper_match, rows, owner, entry_keys: Vec::new() })? {
                Ok(recorded) => recorded,
                Err(refusal) => return Ok(Err(refusal)),
            };
        // Those of the present batch are looked for too.
        self.hash_leaves()?;
        let (same, others) = self.numbered_alike(paper)?;
        let numbered = !paper.numbers().is_empty();
        let shown = Shown { form: paper.form(), issued_on: paper.issued_on(), numbered, same, others, who };
        let answer = look(&self.state.register, &shown);
        let answer = Command::Inquiry(InquiryCommand::AnswerInquiry(Given { inquiry, answer }));
        Ok(self.do_command(by, at, &answer, Private::default())?.map(|answered| {
            recorded.extend(answered);
            recorded
        }))
    }

    fn who(&self, paper: &Paper) -> Result<Who> {
        let Some(match_on) = paper.match_key() else { return Ok(Who::NotPrinted) };
        Ok(match self.vault.find_individual(&match_on)? {
            Found::One(individual) => Who::One(individual.parse()?),
            Found::Nobody => Who::Nobody,
            Found::InDoubt => Who::InDoubt,
        })
    }

    /// The request with one of the numbers of a paper, its form and no other date; and those that print another number, as
    /// far as all numbers of the paper are known.
    fn numbered_alike(&self, paper: &Paper) -> Result<(Option<RequestId>, BTreeSet<RequestId>)> {
        let (mut same, mut others) = (None, BTreeSet::new());
        let other_date = |date| paper.issued_on().zip(date).is_some_and(|(one, other)| one != other);
        let requests = self.state.register.requests.values();
        let alike: BTreeMap<u64, &RequestState> = requests
            .filter(|state| state.request.form == paper.form() && !other_date(state.request.issued_on))
            // Nobody can try a number against what was erased any more.
            .filter(|state| !self.state.register.retention.is_erased(&Thing::from(&state.request.id)))
            .map(|state| (state.seq, state))
            .collect();
        // Those of the present batch are not in the store yet.
        for leaf in self.store.paper_matches()?.iter().chain(&self.batch.leaves) {
            let state = leaf.seq.and_then(|seq| alike.get(&seq));
            let (Some(state), Some(committed)) = (state, leaf.paper_match) else { continue };
            let key = self.entry_key(&leaf.entry)?;
            let values = SlotValues::from([(Slot::PaperMatch, String::new())]);
            let salt = leaf::salt_of(&values, key.bytes(), Slot::PaperMatch.index());
            // What the leaf commits to is what was read first, whatever was corrected since.
            let (form, issued_on) = state.first_read();
            if paper.matches_as(form, issued_on).iter().any(|text| leaf::hash_slot(&salt, text).0 == committed) {
                same = Some(state.request.id.clone());
            } else if paper.has_every_number() && state.goes_by_one_number() {
                others.insert(state.request.id.clone());
            }
        }
        Ok((same, others))
    }
}
