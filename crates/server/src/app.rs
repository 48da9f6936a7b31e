//! The open register of one folder: the one place where a command becomes events, leaves and a commit.
//!
//! `carry_out` handles jobs and applies their events in memory; `commit` makes them durable. Between the two nothing may
//! be answered. INVARIANT: whatever refers to a vault row is committed after that row is on the disk, and nothing is
//! signed that is not committed.

mod erasing;
mod inquiring;
mod papers;
mod reading;
mod receipts;
mod undoing;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};
use law::Pack;
use register::class::NoteField;
use register::command::Decide;
use register::event::{Event, Frozen, Growth, Opened};
use register::ids::{EntryId, ErasureId, HoldId, InquiryId, NoteId, PersonId, RequestId};
use register::leaf::{self, SlotValues};
use register::reading::{Kept, ReadReason};
use register::time::{Timestamp, Year};
use register::words::{Departure, Mode};
use register::{Command, Recorded, Refusal, Register, growth, wire};
use tlog::{Checkpoint, Frontier};

pub(crate) use self::erasing::{Ground, Named, ToHold};
pub(crate) use self::papers::{Correction, HitSeen, Received, TakingBack, Verifying};
pub(crate) use self::reading::Shown;
use crate::clock::{TOLERANCE, WatchedClock};
use crate::decoding::folded;
use crate::files;
use crate::leaves::{self, NewLeaf};
use crate::log_key;
use crate::packs;
use crate::paper::Paper;
use crate::store::{self, Batch, EventRow, Store};
use crate::vault::{Deposit, DerivedIds, EntryKey, KeptBy, SealedBy, SealedRow, Vault};

mod alarm;

/// One thing to do, as the shell is asked for it.
#[derive(Debug)]
pub(crate) enum Job {
    /// A command that needs nothing from the shell.
    Do(Command),
    /// Register a paper: the shell makes ids, finds the individual and seals what is printed.
    Receive(Box<Paper>),
    /// A person presented this paper: seal it, look for it, answer.
    Inquire(Box<Paper>),
    /// Have the key that signs receipts certified, unless it is.
    CertifyReceiptKey,
    /// Give a receipt of a request.
    GiveReceipt(RequestId),
    /// Have the answer to an inquiry signed, whoever gave it and by which rule.
    SignAnswer(InquiryId),
    /// Correct what was recorded of a request; the typed reason and what is printed are sealed.
    Correct(Box<Correction>),
    /// Take back an entry of a request; the typed reason is sealed.
    Withdraw(Box<TakingBack>),
    /// Record what a court said of a paper; court and docket are sealed.
    Verify(Box<Verifying>),
    /// Record a hit in a database; the shell makes its id.
    NoteHit(HitSeen),
    /// Record a decision; the typed reason of a departure is sealed.
    Decide { decide: Decide, departure: Option<(Departure, Reason)> },
    /// Keep something from being erased; the reference is sealed.
    PlaceHold(ToHold),
    /// Let it be erased again; the typed reason is sealed.
    LiftHold { hold: HoldId, reason: Reason },
    /// Propose to erase something; the approval or docket is sealed.
    ProposeErasure { named: Named, ground: Ground },
    /// Confirm an erasure that somebody else proposed.
    ConfirmErasure(ErasureId),
    /// Be shown what is kept of a paper or note; [`App::read_out`] shows it once that is recorded.
    Read { of: Kept, reason: ReadReason },
    /// Grow the tree by all leaves that wait.
    Grow,
    /// Say that the clock is right, though it stands before the record. It is given alone.
    TrustClock,
}

/// A typed private reason. It is sealed, and shown by nothing.
#[derive(Clone)]
pub(crate) struct Reason(pub(crate) String);

impl std::fmt::Debug for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(sealed)")
    }
}

/// Jobs of one person, carried out all or not at all.
#[derive(Debug)]
pub(crate) struct Submission {
    /// Who.
    pub(crate) by: PersonId,
    /// Record time, in a demonstration; the clock's otherwise.
    pub(crate) at: Option<Timestamp>,
    /// What.
    pub(crate) jobs: Vec<Job>,
    /// Where each job stands in what was given, such as `setup.toml:12`; may be empty.
    pub(crate) places: Vec<String>,
}

/// A refusal, and which job of a submission it is of.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    /// Where the job stands in what was given, if the submission says.
    pub(crate) place: Option<String>,
    /// Why.
    pub(crate) refusal: Refusal,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.refusal),
            None => self.refusal.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

/// What a submission came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// The events recorded.
    pub(crate) recorded: Vec<Recorded>,
    /// What became of each paper handed in, in order.
    pub(crate) received: Vec<Received>,
    /// Closed years in which some of them count: they are in no filed report.
    pub(crate) late: BTreeSet<Year>,
}

/// The open register.
pub(crate) struct App {
    dir: PathBuf,
    store: Store,
    vault: Vault,
    pack: Pack,
    key: tlog::SigningKey,
    state: State,
    clock: WatchedClock,
    /// What is applied and not yet committed.
    batch: Batch,
    /// Leaves of the batch that are not hashed yet; they come after those that are.
    unhashed: Vec<NewLeaf>,
    /// The tree after the last growth in `batch`, if it has one.
    grown: Option<Frozen>,
    /// Of how many tombstones what they name is erased.
    erasures_done: usize,
}

/// What events change in memory.
struct State {
    register: Register,
    /// The tree over all placed leaves.
    frontier: Frontier,
    /// Leaves that wait for a growth.
    pending: Vec<(EntryId, [u8; 32])>,
}

impl App {
    /// Makes a register in `dir`, which is new or empty, and opens it.
    ///
    /// It is built beside its place, in `DIR.part`, closed, and renamed. If the power fails before the rename, `dir` is
    /// as it was and the next `init` says what to remove; after it, the register is whole.
    pub(crate) fn create(dir: &Path, files: &packs::PackFiles, opened: NewRegister) -> Result<App> {
        let pack = packs::load(files)?;
        let place = files::vacant(dir)?;
        let part = files::make_part(&place)?;
        let made = App::build(&part, files, pack, opened).and_then(|app| {
            // The store keeps its files open: it is closed before they move.
            drop(app);
            files::put_folder(&part, &place)
        });
        if made.is_err() {
            // Nobody was told of what is in it. What cannot be removed is named by the next `init`.
            drop(std::fs::remove_dir_all(&part));
        }
        made?;
        App::open(&place)
    }

    /// The empty register, in a folder that nobody else knows of yet.
    fn build(dir: &Path, files: &packs::PackFiles, pack: Pack, opened: NewRegister) -> Result<App> {
        let vault = Vault::create(dir, opened.token.as_deref())?;
        let key = log_key::create(dir, &opened.origin)?;
        packs::keep(dir, files, &pack)?;
        let store = Store::create(dir)?;
        let state = State { register: Register::default(), frontier: Frontier::new(), pending: Vec::new() };
        let mut app = App::at_rest(dir, store, vault, (pack, key), state);
        let command = Command::Open(Opened {
            mode: opened.mode,
            origin: opened.origin,
            zone: app.pack.calendar.time_zone.clone(),
            pack: packs::reference(&app.pack),
            key: app.key.vkey().to_string(),
        });
        // An empty register has no mode yet, so its first record time is given here.
        app.do_command(&opened.by, opened.at, &command, Private::default())?.map_err(|refusal| anyhow!("{refusal}"))?;
        app.commit()?;
        Ok(app)
    }

    /// A register of which nothing waits to be committed.
    fn at_rest(dir: &Path, store: Store, vault: Vault, adopted: (Pack, tlog::SigningKey), state: State) -> App {
        let (pack, key) = adopted;
        App {
            dir: dir.to_owned(),
            store,
            vault,
            pack,
            key,
            state,
            clock: WatchedClock::new(),
            batch: Batch::default(),
            unhashed: Vec::new(),
            grown: None,
            erasures_done: 0,
        }
    }

    /// Opens the register in `dir` for writing and finishes what a power failure cut short.
    pub(crate) fn open(dir: &Path) -> Result<App> {
        let store = Store::open(dir)?;
        let vault = Vault::open(dir)?;
        let (register, frontier) = folded(dir, &store)?;
        let opened = opened(&register)?;
        let pack = packs::kept(dir, &opened.pack)?;
        let key = log_key::load(dir, &opened.origin)?;
        if key.vkey().to_string() != opened.key {
            bail!("the log's key is not the one this register was opened with (hint: put back the one of `log.vkey`)");
        }
        let pending = store.pending()?.into_iter().map(|leaf| Ok((leaf.entry.parse()?, leaf.root)));
        let pending = pending.collect::<Result<Vec<_>>>()?;
        let state = State { register, frontier, pending };
        let mut app = App::at_rest(dir, store, vault, (pack, key), state);
        app.erase_what_is_recorded(u64::MAX)?;
        app.check_root()?;
        if let Some(tree) = app.state.register.tree {
            app.open_keys()?;
            app.sign(tree)?;
        }
        Ok(app)
    }

    /// The folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The state, including what is not yet committed: for the writer alone.
    pub(crate) fn register(&self) -> &Register {
        &self.state.register
    }

    /// The law pack adopted.
    pub(crate) fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The store, for reading.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// What makes ids that come out the same again, for rows of a table.
    pub(crate) fn derived_ids(&self) -> DerivedIds {
        self.vault.derived_ids()
    }

    /// Wraps every key of the vault under a new master key.
    pub(crate) fn rotate_master_key(&mut self, to: Option<&Path>, kept_by: KeptBy<'_>) -> Result<()> {
        self.vault.rotate(&self.dir, to, kept_by, &crate::clock::now().to_string())
    }

    /// The token that seals the master key where it is kept; none where it lies open.
    pub(crate) fn sealed_by(&self) -> Option<&SealedBy> {
        self.vault.sealed_by()
    }

    /// Carries out a submission in memory. Nothing is durable until [`App::commit`].
    ///
    /// A refusal of any job undoes them all: state, batch and vault go back to where they were.
    pub(crate) fn carry_out(&mut self, submission: &Submission) -> Result<Result<Done, Refused>> {
        self.watch_clock(&submission.by)?;
        self.vault.begin();
        let said = self.carry_out_all(submission)?;
        match said {
            Ok(_) => self.vault.accept()?,
            Err(_) => self.vault.undo()?,
        }
        Ok(said)
    }

    fn carry_out_all(&mut self, submission: &Submission) -> Result<Result<Done, Refused>> {
        let at = match self.record_time(submission.at) {
            Ok(at) => at,
            // It can only be said where the record stands: the clock is nowhere yet.
            Err(Refusal::TimeGoesBack { last, .. }) if matches!(submission.jobs.as_slice(), [Job::TrustClock]) => last,
            Err(refusal) => return Ok(Err(Refused { place: None, refusal })),
        };
        let before = self.before(&submission.jobs)?;
        let mut done = Done::default();
        for (index, job) in submission.jobs.iter().enumerate() {
            match self.carry_out_one(&submission.by, at, job)? {
                Ok(one) => {
                    done.recorded.extend(one.recorded);
                    done.received.extend(one.received);
                }
                Err(refusal) => {
                    self.go_back(before)?;
                    return Ok(Err(Refused { place: submission.places.get(index).cloned(), refusal }));
                }
            }
        }
        done.late = self.late(&done.recorded);
        Ok(Ok(done))
    }

    /// The closed years in which events count that came after the closing.
    fn late(&self, recorded: &[Recorded]) -> BTreeSet<Year> {
        let (register, zone) = (&self.state.register, self.state.register.zone());
        let counts = recorded
            .iter()
            .filter(|recorded| !matches!(recorded.event, Event::ReportFiled(_)) && !recorded.event.is_closing_entry());
        let years = counts.filter_map(|recorded| Some(recorded.event.counts(&zone)?.1));
        years.filter(|year| register.last_closing(*year).is_some()).collect()
    }

    /// Makes everything carried out so far durable, then signs the tree if it grew.
    ///
    /// If the power fails before the commit returns, nothing of the batch is there and nobody was answered. After it and
    /// before the signature, the tree is signed when the register is next opened.
    pub(crate) fn commit(&mut self) -> Result<()> {
        self.hash_leaves()?;
        let batch = std::mem::take(&mut self.batch);
        if batch.events.is_empty() {
            return self.vault.make_durable();
        }
        // Events are written beside keys and rows, and committed after them: keys and rows are on the disk before the
        // events that need them. If the power fails in between, they are left over and belong to nothing: nobody was
        // answered, and the command comes again with new ids.
        let (vault, store) = (&mut self.vault, &mut self.store);
        thread::scope(|scope| {
            let durable = scope.spawn(|| vault.make_durable());
            store.commit_after(&batch, || durable.join().map_err(|_| anyhow!("the vault's thread has panicked"))?)
        })?;
        // In a submission that was taken back memory may have gone further: what is erased and signed is what was committed.
        self.erase_what_is_recorded(batch.events.last().map_or(0, |event| event.seq))?;
        match self.grown.take() {
            Some(tree) => {
                self.open_keys()?;
                self.sign(tree)
            }
            None => Ok(()),
        }
    }

    /// The key of an entry.
    pub(crate) fn entry_key(&self, entry: &str) -> Result<EntryKey> {
        self.vault.entry_key(entry)?.with_context(|| format!("the key of `{entry}` is not in the vault"))
    }

    /// Whether an entry has a key: one that was erased has none.
    pub(crate) fn has_entry_key(&self, entry: &str) -> Result<bool> {
        Ok(self.vault.entry_key(entry)?.is_some())
    }

    /// Whether the vault holds something under an id and all of it opens.
    pub(crate) fn unseals(&self, id: &str) -> Result<bool> {
        self.vault.unseals(id)
    }

    /// Whether an erasure was carried out.
    pub(crate) fn was_erased(&self, erasure: &str) -> Result<bool> {
        self.vault.was_erased(erasure)
    }

    /// Looks at every page of store and vault.
    pub(crate) fn check_files(&self) -> Result<()> {
        self.store.check_file()?;
        self.vault.check_files()
    }

    /// Record time of what is submitted now: the clock's, or the one given in a demonstration.
    pub(crate) fn record_time(&self, given: Option<Timestamp>) -> Result<Timestamp, Refusal> {
        let opening = self.state.register.opened.as_ref().ok_or(Refusal::NotOpen)?;
        match (opening.opened.mode, given) {
            (Mode::Demonstration, Some(at)) => match self.state.register.last_at {
                Some(last) if at < last => Err(Refusal::TimeGoesBack { last, at }),
                Some(_) | None => Ok(at),
            },
            (Mode::Demonstration, None) => Err(Refusal::TimeNeeded),
            (Mode::Live, Some(_)) => Err(Refusal::TimeIsTheClocks),
            (Mode::Live, None) => {
                let now = crate::clock::now();
                let behind = TOLERANCE.saturating_add(self.state.register.clock_trusted());
                match self.state.register.last_at {
                    Some(last) if last.duration_since(now) > behind => Err(Refusal::TimeGoesBack { last, at: now }),
                    Some(last) => Ok(last.max(now)),
                    None => Ok(now),
                }
            }
        }
    }

    fn carry_out_one(&mut self, by: &PersonId, at: Timestamp, job: &Job) -> Result<Result<Done, Refusal>> {
        let recorded = match job {
            Job::Receive(paper) => return self.receive(by, at, paper),
            Job::Do(command) => self.do_command(by, at, command, Private::default()),
            Job::Inquire(paper) => self.inquire(by, at, paper),
            Job::CertifyReceiptKey => self.certify_receipt_key(by, at),
            Job::GiveReceipt(request) => self.give_receipt(by, at, request),
            Job::SignAnswer(inquiry) => self.sign_answer(by, at, inquiry),
            Job::Correct(correction) => self.correct(by, at, correction),
            Job::Withdraw(taking_back) => self.withdraw(by, at, taking_back),
            Job::Verify(verifying) => self.verify(by, at, verifying),
            Job::NoteHit(seen) => self.note_hit(by, at, seen),
            Job::Decide { decide, departure } => {
                let mut decide = decide.clone();
                let mut private = Private { owner: self.owner_of(&decide.request), ..Private::default() };
                if let Some((code, reason)) = departure {
                    let note: NoteId = Vault::new_id(NoteId::PREFIX)?.parse()?;
                    private.rows.push(papers::sealed_note(&note, NoteField::Reason, reason));
                    decide.departure = Some((*code, note));
                }
                self.do_command(by, at, &Command::Decide(decide), private)
            }
            Job::PlaceHold(hold) => self.place_hold(by, at, hold),
            Job::LiftHold { hold, reason } => self.lift_hold(by, at, hold, reason),
            Job::ProposeErasure { named, ground } => self.propose_erasure(by, at, named, ground),
            Job::ConfirmErasure(erasure) => self.confirm_erasure(by, at, erasure),
            Job::Read { of, reason } => self.read(by, at, of, *reason),
            Job::Grow => self.grow(by, at),
            Job::TrustClock => self.trust_clock(by, at),
        }?;
        Ok(recorded.map(|recorded| Done { recorded, ..Done::default() }))
    }

    fn do_command(
        &mut self,
        by: &PersonId,
        at: Timestamp,
        command: &Command,
        mut private: Private,
    ) -> Result<Result<Vec<Recorded>, Refusal>> {
        let events = match self.state.register.handle(&self.pack, command, by, at) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut recorded = Vec::new();
        for event in events {
            let one = Recorded { seq: self.state.register.last_seq + 1, at, by: by.clone(), event };
            self.state.register.apply(&one)?;
            let values = leaf::values(&self.state.register, &one, private.paper_match.as_deref());
            self.batch.events.push(EventRow { seq: one.seq, body: wire::encode(&one).into_bytes() });
            private.entry_keys.push(self.add_leaf(Some(one.seq), values)?);
            recorded.push(one);
        }
        let Private { entry_keys, rows, owner, .. } = &private;
        self.vault.deposit(&Deposit { entry_keys, rows, owner, individuals: &[] })?;
        Ok(Ok(recorded))
    }

    fn add_leaf(&mut self, seq: Option<u64>, values: SlotValues) -> Result<(String, EntryKey)> {
        let entry: EntryId = Vault::new_id(EntryId::PREFIX)?.parse()?;
        let key = Vault::new_entry_key()?;
        let named = (entry.to_string(), key.copy());
        self.unhashed.push(NewLeaf { entry, seq, values, key });
        Ok(named)
    }

    fn hash_leaves(&mut self) -> Result<()> {
        let new = std::mem::take(&mut self.unhashed);
        for (leaf, NewLeaf { entry, .. }) in leaves::hashed(&new)?.into_iter().zip(new) {
            self.state.pending.push((entry, leaf.root));
            self.batch.leaves.push(leaf);
        }
        Ok(())
    }

    fn grow(&mut self, by: &PersonId, at: Timestamp) -> Result<Result<Vec<Recorded>, Refusal>> {
        self.hash_leaves()?;
        let waiting = count(self.state.pending.len())?;
        let mut private = Private::default();
        for _ in 0..growth::padding_for(waiting) {
            private.entry_keys.push(self.add_leaf(None, leaf::padding())?);
        }
        self.hash_leaves()?;
        let mut placed = std::mem::take(&mut self.state.pending);
        growth::place(&mut placed);
        for (_, root) in &placed {
            self.state.frontier.push(tlog::hash_leaf(root));
        }
        let from_size = self.state.register.tree_size();
        let size = from_size + count(placed.len())?;
        let growth = Growth { from_size, frozen: Frozen { size, root: self.state.frontier.root() } };
        let done = self.do_command(by, at, &Command::Grow(growth), private)?;
        if let Ok(recorded) = &done {
            let seq = recorded.first().map_or(0, |recorded| recorded.seq);
            let placed = placed.iter().map(|(entry, _)| entry.to_string()).collect();
            self.batch.growths.push(store::Growth { seq, from_size, placed });
            self.grown = Some(growth.frozen);
        }
        Ok(done)
    }

    /// Signs a committed tree, if it is not signed yet, and swaps the checkpoint.
    ///
    /// INVARIANT: two trees of one size are never signed. The store refuses a second note for a size, so a tree that
    /// somehow differs after a restart stops the process instead.
    fn sign(&mut self, tree: Frozen) -> Result<()> {
        let old = self.store.checkpoint()?;
        let checkpoint = Checkpoint {
            origin: opened(&self.state.register)?.origin.clone(),
            size: tree.size,
            root: tree.root,
            extensions: Vec::new(),
        };
        let note = tlog::sign(&checkpoint.to_string(), &[&self.key]).context("failed to sign the checkpoint")?;
        self.store.swap_checkpoint(old.as_deref(), &note, tree.size)
    }

    /// The tree that the events name is the tree of the stored leaves.
    fn check_root(&self) -> Result<()> {
        let Some(tree) = self.state.register.tree else { return Ok(()) };
        if self.store.tree_size()? != tree.size || self.state.frontier.root() != tree.root {
            bail!("the stored leaves are not those of the recorded tree (hint: restore the register from a backup)");
        }
        Ok(())
    }
}

/// What goes to the vault with a command.
#[derive(Default)]
struct Private {
    /// What the slot *paper match* of the request's leaf says.
    paper_match: Option<String>,
    /// Fields to seal.
    rows: Vec<SealedRow>,
    /// The individual or paper they belong to.
    owner: String,
    /// Keys of leaves already added.
    entry_keys: Vec<(String, EntryKey)>,
}

/// How a new register is opened.
pub(crate) struct NewRegister {
    /// Invented or real.
    pub(crate) mode: Mode,
    /// Origin line of the log.
    pub(crate) origin: String,
    /// Who opens it.
    pub(crate) by: PersonId,
    /// Record time of the first event.
    pub(crate) at: Timestamp,
    /// The file that describes the token which is to seal the master key.
    pub(crate) token: Option<PathBuf>,
}

/// How a register was opened.
pub(crate) fn opened(register: &Register) -> Result<&Opened> {
    let opening = register.opened.as_ref().context("the register was never opened (hint: run `candor init`)")?;
    Ok(&opening.opened)
}

fn count(number: usize) -> Result<u64> {
    u64::try_from(number).context("more leaves than fit a number")
}
