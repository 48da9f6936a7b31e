//! The rules by which requests are counted, in words; and the one that says when two papers are one request.
//!
//! The rules stand here once: reports print them, and what carries out each is named beside it. They are versioned: a rule
//! is never reworded, a new edition of the list joins the old one, and a filed report keeps the edition it was filed under.

use std::collections::BTreeSet;

use crate::command::Command;
use crate::event::{Request, Transmission};
use crate::ids::{IndividualId, PaperId, RequestId};
use crate::request::{PaperField, RequestCommand, individuals};
use crate::state::{Register, RequestState};
use crate::words::{Component, Counting};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Such as `C-3`; never given to another rule.
    pub id: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// How it stands to the law.
    pub law: Standing,
}

/// How a rule of counting stands to the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It follows from the words of the law.
    Clear,
    /// The law can be read in two ways: both numbers are kept and shown.
    Unclear,
    /// The law says nothing of it: the rule is the register's own.
    Silent,
}

impl Standing {
    /// What reports say.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Clear => "clear",
            Standing::Unclear => "unclear",
            Standing::Silent => "silent",
        }
    }
}

/// An edition of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The first.
    First,
}

impl Edition {
    /// Its number.
    pub fn number(self) -> u32 {
        match self {
            Edition::First => 1,
        }
    }

    /// Its rules, in order.
    pub fn rules(self) -> &'static [Rule] {
        match self {
            Edition::First => FIRST,
        }
    }
}

const fn rule(id: &'static str, law: Standing, sentence: &'static str) -> Rule {
    Rule { id, sentence, law }
}

use Standing::{Clear, Silent, Unclear};

#[rustfmt::skip]
const FIRST: &[Rule] = &[
    // `words::Form::counting`
    rule("C-1", Unclear, "A form that asks the city to hold a person is counted; a form that asks for notice or transfer alone is counted on one reading of the definition and not on the other; any other paper is not counted."),
    // `event::Event::counts`
    rule("C-2", Clear, "A request counts in the year of the day on which it first reached a line of the city, in the city's time zone: not by the date printed on it, and not by the day it was registered."),
    // `ruling`
    rule("C-3", Silent, "A paper about the same individuals as a registered request, on the same form, with the same issue date and issuing component, and not said to be a new one, is another transmission of that request."),
    // `ruling`
    rule("C-4", Silent, "Where no individual is established or no issue date is printed, or where two registered requests fit, a paper is counted as a request of its own, and whoever registers it is told which ones it may repeat."),
    // `request::RequestCommand::JoinDuplicate`
    rule("C-5", Silent, "Of two requests found to be one, the later is taken out of the count of its year; its transmissions are kept."),
    // `request::RequestCommand::Supersede`
    rule("C-6", Unclear, "A paper that replaces an earlier request that counts is a request of its own on one reading, and the same request on the other."),
    // `request::RequestCommand::Cancel`
    rule("C-7", Silent, "A request that its requester lifts later still counts."),
    // `event::Event::counts`
    rule("C-8", Silent, "A paper counts though the person it names had already left custody or gone to court when it arrived: what counts is that it reached a line of the city."),
    // `closing::rows`
    rule("C-9", Silent, "A paper about several persons is one request; each of them is counted as an individual."),
    // `closing::rows`
    rule("C-10", Clear, "Two requests about one person are two requests and one individual."),
    // `report::from_rows`
    rule("C-11", Clear, "Each box ticked on a paper is a reason, and the paper counts once in the total. What is printed above the boxes is a caption and no reason."),
    // `request::RequestEvent::HitNoted`
    rule("C-12", Clear, "A hit in a database is no request and counts as nothing."),
    // `event::Transmission::relayed_by`
    rule("C-13", Silent, "A paper that another agency passed on counts like one that came from its issuer."),
    // `words::Form::counting`
    rule("C-14", Unclear, "A paper counts by what it asks, whichever provision it names as its authority."),
    // `request::RequestCommand::Correct`
    rule("C-15", Silent, "A request recorded wrongly is taken out of what it counted as and put into what it is, both in the open; a year that is closed then needs a restatement."),
    // `request::RequestCommand::WithdrawEntry`
    rule("C-16", Silent, "A hold, a transfer or a reimbursement recorded by mistake is taken out of the count in the open; a departure that is taken back stays counted, as a mistake."),
];

/// What the rules say of a paper that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It is a request of its own.
    New,
    /// It is another transmission of this request (C-3).
    Transmission(RequestId),
    /// It is registered as a request of its own and may repeat one of these (C-4). Ten at most are named.
    MayRepeat(Vec<RequestId>),
}

/// How two papers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Same {
    Yes,
    No,
    NotKnown,
}

impl Same {
    fn both<T: PartialEq>(one: Option<T>, other: Option<T>) -> Same {
        match (one, other) {
            (Some(one), Some(other)) if one == other => Same::Yes,
            (Some(_), Some(_)) => Same::No,
            (Some(_), None) | (None, Some(_)) | (None, None) => Same::NotKnown,
        }
    }
}

/// Rules C-3 and C-4: whether a paper is one that is registered already. Duplicates are left aside, as what they are the
/// same as is there too.
pub fn ruling(register: &Register, paper: &Request) -> Ruling {
    let (mut same, mut may_be) = (Vec::new(), Vec::new());
    let alike = register.alike.like(paper).into_iter().filter_map(|id| register.requests.get(id));
    for state in alike.filter(|state| state.duplicate_of.is_none()) {
        match compared(paper, &state.request) {
            (Same::Yes, _) => same.push(state.request.id.clone()),
            (Same::NotKnown, true) => may_be.push(state.request.id.clone()),
            (Same::NotKnown, false) | (Same::No, _) => {}
        }
    }
    match (same.as_slice(), may_be.is_empty()) {
        ([one], _) => Ruling::Transmission(one.clone()),
        ([], true) => Ruling::New,
        (_, _) => Ruling::MayRepeat(same.into_iter().chain(may_be).take(NAMED_MAX).collect()),
    }
}

/// Requests that are named as perhaps repeated, at most.
const NAMED_MAX: usize = 10;

/// Whether two papers are one by C-3, and whether something tells that they may be: the same individuals or the same date.
fn compared(one: &Request, other: &Request) -> (Same, bool) {
    let component = |request: &Request| Some(request.component).filter(|one| *one != Component::NotRecorded);
    let date = Same::both(one.issued_on, other.issued_on);
    let persons = Same::both(individuals(one), individuals(other));
    let parts =
        [Same::both(Some(one.form), Some(other.form)), Same::both(component(one), component(other)), date, persons];
    let all = match () {
        () if parts.contains(&Same::No) => Same::No,
        () if parts.contains(&Same::NotKnown) => Same::NotKnown,
        () => Same::Yes,
    };
    (all, date == Same::Yes || persons == Same::Yes)
}

/// Earlier detainers about the same individuals, which a paper may replace: only a person can say whether it does, as a
/// second arrest brings a second request (C-10).
pub fn may_replace(register: &Register, paper: &Request) -> Vec<RequestId> {
    let Some(persons) = individuals(paper).filter(|_| paper.form.counting() != Counting::NotCounted) else {
        return Vec::new();
    };
    let fits = |state: &&RequestState| {
        let about = individuals(&state.request).is_some_and(|others: BTreeSet<&IndividualId>| others == persons);
        let stands =
            state.duplicate_of.is_none() && state.cancelled.is_none() && state.counting != Counting::NotCounted;
        about && stands && state.request.id != paper.id
    };
    let alike = register.alike.about(paper).into_iter().filter_map(|id| register.requests.get(id));
    alike.filter(fits).map(|state| state.request.id.clone()).take(NAMED_MAX).collect()
}

/// Whether C-3 or C-4 says anything of two papers, whatever else is registered.
#[cfg(test)]
pub(crate) fn may_be_one(one: &Request, other: &Request) -> bool {
    matches!(compared(one, other), (Same::Yes, _) | (Same::NotKnown, true))
}

/// The command that registers a paper by the rules.
pub fn registering(ruling: &Ruling, paper: Request, transmission: Transmission, differs: Vec<PaperField>) -> Command {
    match ruling {
        Ruling::Transmission(request) => {
            let (request, paper): (RequestId, PaperId) = (request.clone(), paper.paper);
            Command::Request(RequestCommand::AddTransmission { request, transmission, paper, differs })
        }
        Ruling::New | Ruling::MayRepeat(_) => Command::Receive { request: paper, transmission },
    }
}
