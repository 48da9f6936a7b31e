//! A small published folder, made with the pure crates alone: a register, its leaves, its growths, its filings. What an
//! insider could do who holds the signing key and every secret is done by an [`Insider`], in the middle of it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a world that cannot be made fails its test")]

mod law;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use ::law::Pack;
use register::bag::{self, Bag, BagLeaf, ErasedLeaf};
use register::closing::{self, Drawn};
use register::event::{Event, FileHash, Filing, Frozen, Growth, Opened, PackRef};
use register::ids::{EntryId, ErasureId, RequestId};
use register::leaf::{self, EntryKey, Leaf, Slot, SlotValues};
use register::opening::{Opening, OpeningFile, open};
use register::place;
use register::receipt::{LeafProof, ReceiptCommand, Said, Slip, certify, key_name};
use register::report::{self, Report};
use register::retention::{Proposal, Reached, RetentionCommand, Target, Thing, Under, concerns};
use register::row::Row;
use register::time::{Timestamp, Year, day_of};
use register::words::{Cause, FilingKind, Mode, ReportFormat};
use register::{Command, Recorded, Register, growth, wire};
use tlog::{Checkpoint, SigningKey, VerifyingKey};
use verify::receipt::HeldReceipt;
use verify::{Files, Given, Verdict};

pub(crate) use story::{ONE, ONE_YEAR, Story, TWO, TWO_YEARS};

/// The log's name.
pub(crate) const ORIGIN: &str = "candor.example/nowhere/demonstration";

/// What an insider changes before it is signed. As it stands: nothing.
#[derive(Clone, Copy)]
pub(crate) struct Insider {
    /// The events that are recorded.
    pub(crate) events: fn(&mut Vec<Event>),
    /// What a leaf says.
    pub(crate) values: fn(&mut SlotValues),
    /// Slots that are opened of every closing entry.
    pub(crate) entry_slots: &'static [Slot],
    /// The opening of what each leaf counts as.
    pub(crate) counts: fn(&mut OpeningFile),
    /// The opening of the closing entries.
    pub(crate) closing: fn(&mut OpeningFile),
    /// In which order a growth places its leaves; those left out go on waiting.
    pub(crate) order: fn(&mut Vec<(EntryId, [u8; 32])>),
    /// The rows that a report is drawn from.
    pub(crate) rows: fn(&mut Vec<Row>),
    /// The report that is filed.
    pub(crate) report: fn(&mut Report),
    /// The filing itself.
    pub(crate) filing: fn(&mut Filing),
}

/// Nobody does anything.
pub(crate) const HONEST: Insider = Insider {
    events: |_| {},
    values: |_| {},
    entry_slots: &[Slot::Set, Slot::Row],
    counts: |_| {},
    closing: |_| {},
    order: |order| growth::place(order),
    rows: |_| {},
    report: |_| {},
    filing: |_| {},
};

/// A leaf with all its secrets.
struct Entry {
    id: EntryId,
    key: EntryKey,
    values: SlotValues,
    leaf: Leaf,
}

impl Entry {
    fn in_bag(&self, position: u64) -> BagLeaf {
        let hash = self.leaf.slot_hash(Slot::PaperMatch).filter(|_| self.values.contains_key(&Slot::PaperMatch));
        BagLeaf::new(position, &self.key, self.values.clone(), hash)
    }

    fn erased_in_bag(&self) -> ErasedLeaf {
        let slots = [Slot::CountsAs, Slot::Year].into_iter().filter(|slot| self.values.contains_key(slot));
        let openings = slots.map(|slot| open(&self.leaf, &self.values, &self.key, slot)).collect();
        ErasedLeaf { root: tlog::Hash(self.leaf.root()), openings }
    }

    /// The event that the leaf holds, if it holds one.
    fn event(&self) -> Option<Recorded> {
        wire::decode(self.values.get(&Slot::Body)?).ok()
    }
}

/// A register and everything a shell keeps beside it.
pub(crate) struct World {
    pub(crate) register: Register,
    pub(crate) pack: Pack,
    insider: Insider,
    key: SigningKey,
    receipt_key: SigningKey,
    entries_made: u64,
    waiting: Vec<Entry>,
    placed: Vec<Entry>,
    filed: Files,
    /// The latest report of each year.
    reports: BTreeMap<Year, Report>,
    /// The checkpoint after each growth.
    pub(crate) checkpoints: Vec<String>,
}

impl World {
    fn new(insider: Insider) -> World {
        World {
            register: Register::default(),
            pack: law::pack(),
            insider,
            key: SigningKey::from_seed(ORIGIN, &[1; 32]).unwrap(),
            receipt_key: SigningKey::from_seed(&key_name(ORIGIN), &[2; 32]).unwrap(),
            entries_made: 0,
            waiting: Vec::new(),
            placed: Vec::new(),
            filed: Files::new(),
            reports: BTreeMap::new(),
            checkpoints: Vec::new(),
        }
    }

    /// The public half of the log's key.
    pub(crate) fn vkey(&self) -> VerifyingKey {
        self.key.vkey()
    }

    /// A world in which a register is opened and nothing else.
    pub(crate) fn opened() -> World {
        let mut world = World::new(HONEST);
        world.open("2022-01-01T00:00-05:00".parse().unwrap());
        world
    }

    /// The smallest world that has a checkpoint.
    pub(crate) fn opened_and_grown() -> World {
        let mut world = World::opened();
        world.grow("2022-01-02T04:00-05:00".parse().unwrap());
        world
    }

    fn open(&mut self, at: Timestamp) {
        let opened = Opened {
            mode: Mode::Demonstration,
            origin: ORIGIN.to_owned(),
            zone: self.pack.calendar.time_zone.clone(),
            pack: self.pack_ref(),
            key: self.key.vkey().to_string(),
        };
        self.submit(at, &Command::Open(opened));
    }

    fn pack_ref(&self) -> PackRef {
        PackRef { id: self.pack.id.to_string(), version: self.pack.version.clone(), hash: self.pack.hash() }
    }

    /// Does what is asked, or fails the test.
    fn submit(&mut self, at: Timestamp, command: &Command) {
        self.submit_by("person_clerk", at, command);
    }

    fn submit_by(&mut self, by: &str, at: Timestamp, command: &Command) {
        let events = self
            .register
            .handle(&self.pack, command, &by.parse().unwrap(), at)
            .unwrap_or_else(|no| panic!("{command:?}: {no}"));
        self.record_by(by, at, events);
    }

    /// Erases these and grows the tree, so that the tombstone is in it.
    fn erase(&mut self, at: Timestamp, of: &[&str]) {
        let of: Vec<Target> = of.iter().map(|id| id.parse().unwrap()).collect();
        let erasure: ErasureId = format!("erasure_{}", self.register.last_seq).parse().unwrap();
        let under = Under::Order { docket: "note_9".parse().unwrap() };
        let proposal = Proposal { erasure: erasure.clone(), of: of.clone(), under };
        self.submit(at, &Command::Retention(RetentionCommand::ProposeErasure(proposal)));
        let mut erased = self.register.reach(&of).unwrap();
        let events = self.placed.iter().chain(&self.waiting).filter_map(Entry::event);
        let entries = events.filter(|one| concerns(&one.event, &erased)).map(|one| one.seq);
        let entries: BTreeSet<u64> = entries.collect();
        erased.retain(|thing| !matches!(thing, Thing::Episode(_)));
        let reached = Reached { erasure, erased, entries };
        self.submit_by("person_second", at, &Command::Retention(RetentionCommand::ConfirmErasure(reached)));
        self.grow(at);
    }

    /// Records what happened, whether or not anybody would have accepted it.
    fn record(&mut self, at: Timestamp, events: Vec<Event>) {
        self.record_by("person_clerk", at, events);
    }

    fn record_by(&mut self, by: &str, at: Timestamp, mut events: Vec<Event>) {
        (self.insider.events)(&mut events);
        for event in events {
            let recorded = Recorded { seq: self.register.last_seq + 1, at, by: by.parse().unwrap(), event };
            self.register.apply(&recorded).unwrap();
            let paper = matches!(recorded.event, Event::RequestReceived { .. }).then_some("i-247a|2022-06-13|123");
            self.add(leaf::values(&self.register, &recorded, paper));
        }
    }

    fn add(&mut self, mut values: SlotValues) {
        (self.insider.values)(&mut values);
        self.entries_made += 1;
        let id = format!("entry_{}", self.entries_made).parse().unwrap();
        let key = tlog::hash_leaf(&self.entries_made.to_be_bytes()).0;
        let leaf = Leaf::commit(&values, &key);
        self.waiting.push(Entry { id, key, values, leaf });
    }

    /// Certifies the key that signs receipts.
    fn certify(&mut self, at: Timestamp) {
        let key = self.receipt_key.vkey();
        let signature = certify(&self.key, &key).unwrap();
        self.submit(at, &Command::Receipt(ReceiptCommand::CertifyKey { key, signature }));
    }

    /// Records that a receipt is given.
    fn give_receipt(&mut self, at: Timestamp, request: RequestId) {
        let key = self.receipt_key.vkey();
        self.submit(at, &Command::Receipt(ReceiptCommand::GiveReceipt { request, key }));
    }

    /// A receipt of a request, promised at its time of record, whether or not its leaf is in the tree.
    pub(crate) fn receipt(&self, request: &str) -> String {
        self.receipt_with(request, |_| {})
    }

    /// The same, changed before it is signed.
    pub(crate) fn receipt_with(&self, request: &str, change: impl FnOnce(&mut Slip)) -> String {
        let recorded = |entry: &Entry| wire::decode(entry.values.get(&Slot::Body)?).ok();
        let is_it = |entry: &&Entry| {
            matches!(recorded(entry), Some(Recorded { event: Event::RequestReceived { request: one, .. }, .. })
                if one.id.as_str() == request)
        };
        let entry = self.placed.iter().chain(&self.waiting).find(is_it).unwrap();
        let mut values = entry.values.clone();
        let paper_match = values.remove(&Slot::PaperMatch).and(entry.leaf.slot_hash(Slot::PaperMatch));
        let mut slip = Slip {
            origin: ORIGIN.to_owned(),
            mode: Mode::Demonstration,
            said: Said::Receipt,
            promised_at: recorded(entry).unwrap().at,
            proof: LeafProof::open(&values, &entry.key, paper_match).unwrap(),
            key: self.receipt_key.vkey(),
            certificate: certify(&self.key, &self.receipt_key.vkey()).unwrap(),
        };
        change(&mut slip);
        slip.sign(&self.receipt_key).unwrap()
    }

    /// The opening of each certified key that has its place.
    fn keys(&self) -> Files {
        let is_key = |(_, entry): &(usize, &Entry)| entry.values.contains_key(&Slot::Key);
        let placed = self.placed.iter().enumerate().filter(is_key).map(|(position, _)| position);
        placed
            .map(|position| {
                let own = [Slot::CountsAs, Slot::Year, Slot::Key].map(|slot| self.opening(position, slot)).to_vec();
                (place::key_path(number(position)), opening_file(own).encode().into_bytes())
            })
            .collect()
    }

    /// Grows the tree by all that waits and signs it.
    pub(crate) fn grow(&mut self, at: Timestamp) {
        let from_size = number(self.placed.len());
        for _ in 0..growth::padding_for(number(self.waiting.len())) {
            self.add(leaf::padding());
        }
        let mut order: Vec<(EntryId, [u8; 32])> =
            self.waiting.iter().map(|entry| (entry.id.clone(), entry.leaf.root())).collect();
        (self.insider.order)(&mut order);
        let mut waiting: BTreeMap<EntryId, Entry> =
            self.waiting.drain(..).map(|entry| (entry.id.clone(), entry)).collect();
        self.placed.extend(order.iter().map(|(id, _)| waiting.remove(id).unwrap()));
        self.waiting.extend(waiting.into_values());
        let frozen = Frozen { size: number(self.placed.len()), root: tlog::root(&self.leaves()) };
        self.record(at, vec![Event::TreeGrown(Growth { from_size, frozen })]);
        self.checkpoints.push(self.sign(frozen.size, frozen.root));
    }

    /// A checkpoint of any size and root, signed with the log's own key.
    pub(crate) fn sign(&self, size: u64, root: tlog::Hash) -> String {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root, extensions: Vec::new() };
        tlog::sign(&checkpoint.to_string(), &[&self.key]).unwrap()
    }

    /// Closes a year at the last growth, and grows once more.
    fn close(&mut self, at: Timestamp, year: Year) {
        self.submit(at, &Command::CloseYear { year });
        self.grow(at);
    }

    /// Closes a year again at the last growth, and grows once more.
    fn restate(&mut self, at: Timestamp, year: Year, causes: &[Cause]) {
        self.submit(at, &Command::Restate { year, causes: causes.to_vec() });
        self.grow(at);
    }

    /// Files the report of a year and publishes the opening of its leaf after a growth.
    fn file(&mut self, at: Timestamp, year: Year, kind: FilingKind) {
        let filing = self.prepare(year, kind);
        self.record(at, vec![Event::ReportFiled(filing)]);
        self.grow(at);
        let is_it = |entry: &Entry| {
            let filing = entry.values.get(&Slot::Filing).and_then(|text| wire::decode_filing(text).ok());
            filing.is_some_and(|filing| filing.year == year && filing.kind == kind)
        };
        let position = self.placed.iter().rposition(is_it).unwrap();
        let own = [Slot::CountsAs, Slot::Year, Slot::Filing].map(|slot| self.opening(position, slot)).to_vec();
        self.filed.insert(place::filing_path(year, kind), opening_file(own).encode().into_bytes());
    }

    fn prepare(&mut self, year: Year, kind: FilingKind) -> Filing {
        let closed = self.register.closed.get(&(year, kind)).cloned();
        let (mut rows, as_of, frozen) = match closed {
            Some(closed) => (closed.rows, closed.at, closed.frozen),
            None => {
                let (frozen, as_of) = self.register.tree.zip(self.register.grown_at).unwrap();
                let filed_on = day_of(as_of, &self.register.zone());
                let drawn = Drawn { year, as_of, filed_on, frozen, restates: None };
                (closing::rows(&self.register, &drawn).all(), as_of, frozen)
            }
        };
        (self.insider.rows)(&mut rows);
        let before = self.reports.get(&year);
        let before = before.filter(|_| kind != FilingKind::Closing && kind != FilingKind::Provisional);
        let mut report = report::from_rows(ReportFormat::LATEST, &self.pack, ORIGIN, &rows, before).unwrap();
        self.reports.insert(year, report.clone());
        (self.insider.report)(&mut report);
        let folder = place::folder(year, kind);
        let mut contents = Files::from([
            (format!("{folder}/report.json"), wire::encode_report(&report, ReportFormat::LATEST).into_bytes()),
            (format!("{folder}/report.html"), format!("<h1>{year}</h1>\n").into_bytes()),
        ]);
        let law = place::pack_folder(&self.pack.hash().to_string());
        contents.extend(law::files().into_iter().map(|(name, text)| (format!("{law}{name}"), text.into_bytes())));
        let opens = self.register.to_open(year, kind);
        if let Some((from, until)) = opens {
            contents.extend(self.openings(year, kind, from, until));
        }
        let files = contents.iter().map(|(path, bytes)| (path.clone(), FileHash::of(bytes))).collect();
        let mut filing =
            Filing { year, kind, as_of, frozen, pack: self.pack_ref(), format: ReportFormat::LATEST, opens, files };
        (self.insider.filing)(&mut filing);
        self.filed.extend(contents);
        filing
    }

    /// The opening files of a closing.
    fn openings(&self, year: Year, kind: FilingKind, from: u64, until: u64) -> Files {
        let range = usize::try_from(from).unwrap()..usize::try_from(until).unwrap();
        let (mut counts, mut entries, mut withheld) = (Vec::new(), Vec::new(), Vec::new());
        for position in range {
            let values = &self.placed.get(position).unwrap().values;
            counts.push(self.opening(position, Slot::CountsAs));
            counts.extend(values.contains_key(&Slot::Year).then(|| self.opening(position, Slot::Year)));
            if values.get(&Slot::Year) != Some(&year.to_string()) {
                continue;
            }
            if values.contains_key(&Slot::Withheld) {
                withheld.push(self.opening(position, Slot::Withheld));
            } else if values.contains_key(&Slot::Row) {
                entries.extend(self.insider.entry_slots.iter().map(|slot| self.opening(position, *slot)));
            }
        }
        let (mut counts, mut entries) = (opening_file(counts), opening_file(entries));
        (self.insider.counts)(&mut counts);
        (self.insider.closing)(&mut entries);
        let mut files = Files::from([
            (place::counts_path(year, kind), counts.encode().into_bytes()),
            (place::closing_path(year, kind), entries.encode().into_bytes()),
        ]);
        if !withheld.is_empty() {
            files.insert(place::withheld_path(year, kind), opening_file(withheld).encode().into_bytes());
        }
        files
    }

    fn opening(&self, position: usize, slot: Slot) -> Opening {
        let Entry { key, values, leaf, .. } = self.placed.get(position).unwrap();
        Opening { position: number(position), opened: open(leaf, values, key, slot) }
    }

    fn leaves(&self) -> Vec<tlog::Hash> {
        self.placed.iter().map(|entry| tlog::hash_leaf(&entry.leaf.root())).collect()
    }

    /// The published folder.
    pub(crate) fn publish(&self) -> Files {
        let roots: Vec<[u8; 32]> = self.placed.iter().map(|entry| entry.leaf.root()).collect();
        let roots: Vec<&[u8]> = roots.iter().map(<[u8; 32]>::as_slice).collect();
        let mut files = self.filed.clone();
        files.extend(self.keys());
        files.extend(tlog::tiles(&self.leaves()));
        files.extend(tlog::entry_bundles(&roots).unwrap());
        files.insert("checkpoint".to_owned(), self.checkpoints.last().unwrap().clone().into_bytes());
        files
    }

    /// The auditor's bag.
    pub(crate) fn bag(&self) -> String {
        let is_erased =
            |entry: &Entry| entry.event().is_some_and(|one| self.register.retention.leaf_is_erased(one.seq));
        let (gone, there): (Vec<_>, Vec<_>) = (0..).zip(&self.placed).partition(|(_, entry)| is_erased(entry));
        let leaves = there.into_iter().map(|(position, entry)| entry.in_bag(position)).collect();
        let erased = gone.into_iter().map(|(position, entry)| (position, entry.erased_in_bag())).collect();
        bag::encode(&Bag { origin: ORIGIN.to_owned(), mode: Mode::Demonstration, leaves, erased })
    }
}

/// What the verifier says of these files.
pub(crate) fn check(files: &Files, key: &VerifyingKey, since: Option<&str>, bag: Option<&str>) -> Verdict {
    verify::verify(&Given { files, key, witnesses: &[], since, bag, receipt: None })
}

/// What the verifier says of these files and a receipt.
pub(crate) fn check_receipt(files: &Files, key: &VerifyingKey, held: HeldReceipt<'_>, bag: Option<&str>) -> Verdict {
    verify::verify(&Given { files, key, witnesses: &[], since: None, bag, receipt: Some(held) })
}

/// The promises that are broken, by their short names, each once and in order.
pub(crate) fn broken(verdict: &Verdict) -> Vec<&'static str> {
    let mut codes: Vec<_> = verdict.findings.iter().map(|finding| verify::say::code(finding.promise)).collect();
    codes.dedup();
    codes
}

fn opening_file(openings: Vec<Opening>) -> OpeningFile {
    OpeningFile { origin: ORIGIN.to_owned(), mode: Mode::Demonstration, openings }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}
