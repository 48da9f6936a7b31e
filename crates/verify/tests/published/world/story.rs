//! What happens in the world: two years of a small city.
#![expect(clippy::panic, reason = "a story that cannot be told fails its test")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::LazyLock;

use ::law::Ask;
use register::Command;
use register::command::Decide;
use register::custody::Mistake;
use register::event::{Request, Subject, Transmission};
use register::ids::RequestId;
use register::request::RequestCommand;
use register::state::RequestState;
use register::time::Timestamp;
use register::words::{Authority, Cause, Channel, Component, Decided, Departure, FilingKind, Form, Ground, Outcome};

use super::{HONEST, Insider, World};

/// How the story goes this time.
#[derive(Clone, Copy)]
pub(crate) struct Story {
    /// Who meddles.
    pub(crate) insider: Insider,
    /// A request that never was.
    pub(crate) without: Option<&'static str>,
    /// Growths of each year on which nothing had happened.
    pub(crate) quiet_growths: usize,
    /// Whether a paper of the first year turns up after it was closed.
    pub(crate) late_paper: bool,
    /// Whether the first year is then restated.
    pub(crate) restated: bool,
    /// Whether the second year is told too.
    pub(crate) second_year: bool,
    /// A request of the second year of which a receipt is given when it comes.
    pub(crate) receipt_of: Option<&'static str>,
    /// Who and what is erased after the first year was filed.
    pub(crate) erased: &'static [&'static str],
}

/// One year, honestly told.
pub(crate) const ONE_YEAR: Story = Story {
    insider: HONEST,
    without: None,
    quiet_growths: 0,
    late_paper: false,
    restated: false,
    second_year: false,
    receipt_of: None,
    erased: &[],
};

/// Two years, and more leaves than one tile holds.
pub(crate) const TWO_YEARS: Story = Story { quiet_growths: 6, second_year: true, ..ONE_YEAR };

/// The world of [`ONE_YEAR`], told once for all tests.
pub(crate) static ONE: LazyLock<World> = LazyLock::new(|| ONE_YEAR.play());

/// The world of [`TWO_YEARS`], likewise.
pub(crate) static TWO: LazyLock<World> = LazyLock::new(|| TWO_YEARS.play());

impl Story {
    /// Tells it.
    pub(crate) fn play(self) -> World {
        let mut world = World::new(self.insider);
        self.first_year(&mut world);
        if !self.erased.is_empty() {
            world.erase(text("2023-02-01T10:00-05:00"), self.erased);
        }
        if self.second_year {
            self.second_year(&mut world);
        }
        world
    }

    fn first_year(self, world: &mut World) {
        world.open(text("2022-01-01T00:00-05:00"));
        let at = text("2022-01-01T00:00-05:00");
        let (agency, unit, from) = (text("agency_police"), text("unit_d4"), text("2022-01-01"));
        world.submit(at, &Command::RegisterAgency { id: text("agency_police"), name: text("Police") });
        world.submit(at, &Command::OpenUnit { id: text("unit_d4"), agency, name: text("D-4"), from });
        let line = Command::OpenLine { id: text("line_d4"), unit, channel: Channel::Fax, name: text("Fax"), from };
        world.submit(at, &line);
        world.certify(at);
        world.grow(text("2022-01-02T04:00-05:00"));
        self.receive(world, "2022-03-04T03:10-05:00", "req_1", Form::I247A, "ind_1");
        self.decide(world, "2022-03-04T03:20-05:00", "req_1", Decided::Declined);
        self.receive(world, "2022-06-14T01:12-04:00", "req_2", Form::I247D, "ind_2");
        self.decide(world, "2022-06-14T01:20-04:00", "req_2", Decided::Honored);
        self.receive(world, "2022-06-14T02:00-04:00", "req_3", Form::I247N, "ind_3");
        for _ in 0..self.quiet_growths {
            world.grow(text("2022-06-15T04:00-04:00"));
        }
        self.what_followed(world);
        world.grow(text("2022-12-20T04:00-05:00"));
        world.file(text("2022-12-20T10:00-05:00"), text("2022"), FilingKind::Provisional);
        // Of the next year, and in the log before this one is closed.
        self.receive(world, "2023-01-05T08:00-05:00", "req_4", Form::I247A, "ind_1");
        world.grow(text("2023-01-10T04:00-05:00"));
        world.close(text("2023-01-10T10:00-05:00"), text("2022"));
        world.file(text("2023-01-10T11:00-05:00"), text("2022"), FilingKind::Closing);
    }

    fn second_year(self, world: &mut World) {
        self.receive(world, "2023-05-05T08:00-04:00", "req_5", Form::I247A, "ind_5");
        if let Some(request) = self.receipt_of {
            world.give_receipt(text("2023-05-05T08:00-04:00"), text(request));
        }
        self.nothing_happened(world);
        if self.late_paper {
            self.receive_of(world, "2023-05-06T08:00-04:00", "2022-12-31", "req_6", Form::I247A, "ind_6");
        }
        if self.restated {
            world.grow(text("2023-05-20T04:00-04:00"));
            world.restate(text("2023-05-20T10:00-04:00"), text("2022"), &[Cause::Late]);
            world.file(text("2023-05-20T11:00-04:00"), text("2022"), FilingKind::Restatement(1));
        }
        for _ in 0..self.quiet_growths {
            world.grow(text("2023-06-15T04:00-04:00"));
        }
        world.grow(text("2024-01-10T04:00-05:00"));
        world.close(text("2024-01-10T10:00-05:00"), text("2023"));
        world.file(text("2024-01-10T11:00-05:00"), text("2023"), FilingKind::Closing);
    }

    fn what_followed(self, world: &mut World) {
        let at = text("2022-07-01T08:00-04:00");
        let (one, two) = (text("2022-06-15T08:00-04:00"), text("2022-03-04T09:00-05:00"));
        if self.without != Some("req_1") {
            let (outcome, authority) = (Outcome::ReleasedBail, None);
            world.submit(at, &Command::RecordOutcome { request: text("req_1"), outcome, at: two, authority });
        }
        let (request, authority) = (text("req_2"), Authority::CriminalWarrant);
        world.submit(at, &Command::RecordHold { request, authority, at: one });
        let (outcome, authority) = (Outcome::Transferred, Some(Authority::CriminalWarrant));
        world.submit(at, &Command::RecordOutcome { request: text("req_2"), outcome, at: one, authority });
        world.submit(at, &Command::Reimburse { request: text("req_2"), cents: 70_000, on: text("2022-06-30") });
        self.what_did_not_happen(world);
    }

    /// A transfer that was recorded by mistake, and is taken back with its outcome.
    fn what_did_not_happen(self, world: &mut World) {
        let (at, on) = (text("2022-07-02T08:00-04:00"), text("2022-06-20"));
        let (outcome, authority) = (Outcome::Transferred, Some(Authority::DetainerAlone));
        world.submit(at, &Command::RecordOutcome { request: text("req_3"), outcome, at: on, authority });
        take_back(world, at, "req_3", |state| state.outcome.map(|one| one.seq));
    }

    /// The only hold and the only payment of the second year, which were mistakes.
    fn nothing_happened(self, world: &mut World) {
        let (at, on) = (text("2023-05-05T09:00-04:00"), text("2023-05-05"));
        let (request, authority) = (text("req_5"), Authority::DetainerAlone);
        world.submit(at, &Command::RecordHold { request, authority, at: on });
        take_back(world, at, "req_5", |state| state.held.first().map(|one| one.seq));
        world.submit(at, &Command::Reimburse { request: text("req_5"), cents: 500, on: text("2023-05-05") });
        take_back(world, at, "req_5", |state| state.reimbursed.first().map(|one| one.seq));
    }

    fn receive(self, world: &mut World, at: &str, id: &'static str, form: Form, individual: &str) {
        self.receive_of(world, at, at, id, form, individual);
    }

    fn receive_of(self, world: &mut World, at: &str, arrived: &str, id: &'static str, form: Form, individual: &str) {
        if self.without == Some(id) {
            return;
        }
        let request = Request {
            id: text(id),
            paper: text("paper_1"),
            form,
            edition: None,
            issued_on: None,
            component: Component::Ero,
            asks: vec![Ask::Hold],
            grounds: vec![Ground::FinalOrder, Ground::BiometricMatch],
            papers: Vec::new(),
            subjects: vec![Subject { individual: Some(text(individual)), episode: None }],
        };
        let transmission = Transmission { line: text("line_d4"), arrived: text(arrived), relayed_by: None };
        world.submit(text(at), &Command::Receive { request, transmission });
    }

    fn decide(self, world: &mut World, at: &str, id: &'static str, decided: Decided) {
        if self.without == Some(id) {
            return;
        }
        let departure = (decided == Decided::Honored).then(|| (Departure::CourtPaper, text("note_1")));
        let facts = BTreeMap::from([("asked".to_owned(), "true".to_owned())]);
        let decide = Decide { request: text(id), ask: Ask::Hold, on: None, made_at: None, facts, decided, departure };
        world.submit(text(at), &Command::Decide(decide));
    }
}

/// Takes back an entry, if whoever meddles has let it be recorded.
fn take_back(world: &mut World, at: Timestamp, request: &str, entry: fn(&RequestState) -> Option<u64>) {
    let (request, cause, note): (RequestId, _, _) = (text(request), Mistake::AnotherPerson, text("note_2"));
    if let Some(of) = world.register.requests.get(&request).and_then(entry) {
        world.submit(at, &Command::Request(RequestCommand::WithdrawEntry { request, of, cause, note }));
    }
}

fn text<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error:?}"))
}
