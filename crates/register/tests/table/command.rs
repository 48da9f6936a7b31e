//! Reads one line of a table as a command.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a table that cannot be read fails its test")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use law::derived::{PaperHolder, PaperKind, PaperMatter, Signer};
use law::{Ask, Pack};
use register::command::{Command, Decide};
use register::counting::{self, Ruling};
use register::event::{FileHash, Filing, Frozen, Growth, Opened, PackRef, Receipt, Request, Subject, Transmission};
use register::growth::{GROWTH_STEP, padding_for};
use register::request::{Hit, NewValue, RequestCommand, Verification};
use register::run::Run;
use register::time::{Moment, Timestamp};
use register::words::{FilingKind, ReportFormat};
use register::{Register, words};
use tlog::Hash;

use super::Named;

/// The command of `text`, such as `decide req_1 ask=hold decided=declined`, given at `at` to `register`.
pub(crate) fn read(text: &str, at: Timestamp, register: &Register, pack: &Pack, facts: &Named, place: &str) -> Command {
    let mut arguments = Arguments::read(text, place);
    let command = match arguments.next().as_str() {
        "open" => Command::Open(opened(&mut arguments, pack)),
        "agency" => Command::RegisterAgency { id: arguments.id(), name: arguments.label() },
        "unit" => Command::OpenUnit {
            id: arguments.id(),
            agency: arguments.need("agency"),
            name: arguments.label(),
            from: arguments.need("from"),
        },
        "line" => Command::OpenLine {
            id: arguments.id(),
            unit: arguments.need("unit"),
            channel: arguments.or("channel", "fax"),
            name: arguments.label(),
            from: arguments.need("from"),
        },
        "receive" => {
            let (request, transmission) = (request(&mut arguments), transmission(&mut arguments, at));
            Command::Receive { request, transmission }
        }
        "paper" => {
            let differs = arguments.list("differs", "none").iter().map(|field| parse(field)).collect();
            let is_new = arguments.take("new").is_some();
            let (mut request, transmission) = (request(&mut arguments), transmission(&mut arguments, at));
            request.paper = parse(&format!("paper_{}", register.last_seq));
            let ruling = if is_new { Ruling::New } else { counting::ruling(register, &request) };
            counting::registering(&ruling, request, transmission, differs)
        }
        "decide" => Command::Decide(decide(&mut arguments, facts)),
        "outcome" => Command::RecordOutcome {
            request: arguments.id(),
            outcome: arguments.id(),
            at: moment(&mut arguments, "at", at),
            authority: arguments.take("authority").map(|text| parse(&text)),
        },
        "hold" => Command::RecordHold {
            request: arguments.id(),
            authority: arguments.or("authority", "detainer-alone"),
            at: moment(&mut arguments, "at", at),
        },
        "reimburse" => {
            Command::Reimburse { request: arguments.id(), cents: arguments.need("cents"), on: arguments.need("on") }
        }
        "grow" => Command::Grow(growth(&mut arguments, register)),
        "close" => Command::CloseYear { year: arguments.id() },
        "restate" => Command::Restate {
            year: arguments.id(),
            causes: arguments.list("because", "none").iter().map(|cause| parse(cause)).collect(),
        },
        "clock" => Command::RecordClock { departure: arguments.id(), seconds: arguments.need("seconds") },
        "trust-clock" => Command::TrustClock { seconds: arguments.need("seconds") },
        "receipt" => {
            Command::RecordReceipt { year: arguments.id(), kind: arguments.id(), receipt: receipt(&mut arguments) }
        }
        "file" => Command::File(filing(&mut arguments, register, pack)),
        "run" => Command::RecordRun(run(&mut arguments)),
        verb => request_command(verb, &mut arguments, at, register)
            .map(Command::Request)
            .or_else(|| super::watch::read(verb, &mut arguments, at).map(Command::Watch))
            .or_else(|| super::people::read(verb, &mut arguments, at))
            .or_else(|| super::retention::read(verb, &mut arguments, register))
            .unwrap_or_else(|| panic!("{place}: unknown verb `{verb}`")),
    };
    arguments.end();
    command
}

fn opened(arguments: &mut Arguments, pack: &Pack) -> Opened {
    Opened {
        mode: arguments.id(),
        origin: "candor.example/boston/demonstration".to_owned(),
        zone: pack.calendar.time_zone.clone(),
        pack: pack_ref(pack),
        key: super::people::log_key(1).vkey().to_string(),
    }
}

fn pack_ref(pack: &Pack) -> PackRef {
    PackRef { id: pack.id.to_string(), version: pack.version.clone(), hash: pack.hash() }
}

fn request(arguments: &mut Arguments) -> Request {
    Request {
        id: arguments.id(),
        paper: arguments.or("paper", "paper_1"),
        form: arguments.or("form", "i-247a"),
        edition: arguments.take("edition").map(|text| parse(&text)),
        issued_on: arguments.take("issued").map(|text| parse(&text)),
        component: arguments.or("component", "ero"),
        asks: arguments.list("asks", "hold,notify").iter().map(|ask| Ask::parse(ask).unwrap()).collect(),
        grounds: arguments.list("grounds", "none").iter().map(|ground| parse(ground)).collect(),
        papers: arguments.list("papers", "none").iter().map(|form| parse(form)).collect(),
        subjects: arguments.list("subjects", "unknown").iter().map(|subject| subject_of(subject)).collect(),
    }
}

/// What becomes of a request.
fn request_command(
    verb: &str,
    arguments: &mut Arguments,
    at: Timestamp,
    register: &Register,
) -> Option<RequestCommand> {
    Some(match verb {
        "transmission" => RequestCommand::AddTransmission {
            request: arguments.id(),
            transmission: transmission(arguments, at),
            paper: arguments.or("paper", &format!("paper_{}", register.last_seq)),
            differs: arguments.list("differs", "none").iter().map(|field| parse(field)).collect(),
        },
        "duplicate" => RequestCommand::JoinDuplicate { request: arguments.id(), same_as: arguments.need("same-as") },
        "reinstate" => RequestCommand::Reinstate { request: arguments.id() },
        "correct" => RequestCommand::Correct {
            request: arguments.id(),
            to: std::iter::from_fn(|| arguments.next_if_any()).map(|text| new_value(&text)).collect(),
            note: parse("note_1"),
        },
        "supersede" => RequestCommand::Supersede { by: arguments.id(), earlier: arguments.need("replaces") },
        "cancel" => RequestCommand::Cancel { request: arguments.id(), transmission: transmission(arguments, at) },
        "verify" => RequestCommand::VerifyPaper { request: arguments.id(), verification: verification(arguments, at) },
        "shield" => RequestCommand::Shield { request: arguments.id(), cause: arguments.or("because", "minor") },
        "withdraw-entry" => RequestCommand::WithdrawEntry {
            request: arguments.id(),
            of: arguments.id(),
            cause: arguments.or("cause", "entered-in-error"),
            note: parse("note_1"),
        },
        "hit" => RequestCommand::NoteHit(Hit {
            id: arguments.id(),
            unit: arguments.or("unit", "unit_d4"),
            file: arguments.or("file", "immigration-violator"),
            episode: arguments.take("episode").map(|text| parse(&text)),
            at: moment(arguments, "at", at),
        }),
        _ => return None,
    })
}

fn transmission(arguments: &mut Arguments, at: Timestamp) -> Transmission {
    Transmission {
        line: arguments.or("line", "line_d4"),
        arrived: moment(arguments, "arrived", at),
        relayed_by: arguments.take("relayed").map(|text| parse(&text.replace('_', " "))),
    }
}

fn verification(arguments: &mut Arguments, at: Timestamp) -> Verification {
    Verification {
        paper: arguments.need("paper"),
        called: PaperKind::parse(&arguments.or::<String>("called", "warrant")).unwrap(),
        signed_by: Signer::parse(&arguments.or::<String>("signer", "magistrate_judge")).unwrap(),
        matter: arguments.take("matter").map(|text| PaperMatter::parse(&text).unwrap()),
        held_by: arguments.take("holder").map(|text| PaperHolder::parse(&text).unwrap()),
        result: arguments.or("result", "confirmed"),
        at: moment(arguments, "at", at),
        note: arguments.take("note").map(|text| parse(&text)),
    }
}

/// What a field is to be, such as `form:i-247g`, `asks:hold,notify`, `edition:none` or `sealed:born_on/2`.
fn new_value(text: &str) -> NewValue {
    let (field, value) = text.split_once(':').unwrap();
    let words = || value.split(',').filter(|word| *word != "none");
    match field {
        "form" => NewValue::Form(parse(value)),
        "edition" => NewValue::Edition(words().map(parse).next()),
        "issued" => NewValue::IssuedOn(words().map(parse).next()),
        "component" => NewValue::Component(parse(value)),
        "asks" => NewValue::Asks(words().map(|ask| Ask::parse(ask).unwrap()).collect()),
        "grounds" => NewValue::Grounds(words().map(parse).collect()),
        "arrived" => NewValue::Arrived(parse(value)),
        "sealed" => {
            let (field, person) = value.split_once('/').unwrap_or((value, "1"));
            NewValue::Sealed { field: parse(field), person: parse(person) }
        }
        other => panic!("unknown field `{other}`"),
    }
}

/// `ind_1` is an individual, `ep_1` a stay in custody, `ind_1+ep_1` both, `unknown` neither.
fn subject_of(text: &str) -> Subject {
    let part = |prefix: &str| text.split('+').find(|part| part.starts_with(prefix));
    Subject { individual: part("ind_").map(parse), episode: part("ep_").map(parse) }
}

fn decide(arguments: &mut Arguments, facts: &Named) -> Decide {
    Decide {
        request: arguments.id(),
        ask: Ask::parse(&arguments.take("ask").unwrap()).unwrap(),
        on: arguments.take("on").map(|text| parse(&text)),
        made_at: arguments.take("made").map(|text| parse(&text)),
        facts: arguments.take("facts").map(|name| facts.get(&name).unwrap().clone()).unwrap_or_default(),
        decided: arguments.need("decided"),
        departure: arguments.take("departure").map(|code| (parse::<words::Departure>(&code), parse("note_1"))),
    }
}

/// The growth that fits, but for what the line gives otherwise.
fn growth(arguments: &mut Arguments, register: &Register) -> Growth {
    let from_size: u64 = arguments.or("from", &register.tree_size().to_string());
    let fitting = (register.waiting + padding_for(register.waiting)).max(GROWTH_STEP);
    let adds: u64 = arguments.or("adds", &fitting.to_string());
    let size = from_size.wrapping_add(adds);
    Growth { from_size, frozen: Frozen { size, root: tlog::hash_leaf(&size.to_be_bytes()) } }
}

/// The filing that fits, but for what the line gives otherwise.
fn filing(arguments: &mut Arguments, register: &Register, pack: &Pack) -> Filing {
    let year = arguments.id();
    let kind: FilingKind = arguments.id();
    let closed = register.closed.get(&(year, kind));
    let nothing = Frozen { size: 0, root: Hash([0; 32]) };
    let as_of = closed.map(|closed| closed.at).or(register.grown_at).unwrap_or_default();
    let mut filing = Filing {
        year,
        kind,
        as_of: arguments.or("as-of", &as_of.to_string()),
        frozen: closed.map(|closed| closed.frozen).or(register.tree).unwrap_or(nothing),
        pack: pack_ref(pack),
        format: ReportFormat::LATEST,
        opens: closed.and_then(|_| register.to_open(year, kind)),
        files: BTreeMap::from([(format!("filings/{year}/report.json"), FileHash::of(b"a report"))]),
    };
    match arguments.take("opens").as_deref() {
        None => {}
        Some("nothing") => filing.opens = None,
        Some(range) => filing.opens = range.split_once("..").map(|(from, until)| (parse(from), parse(until))),
    }
    match arguments.take("with").as_deref() {
        None => {}
        Some("no-files") => filing.files.clear(),
        Some("another-pack") => filing.pack.version.push('x'),
        Some("another-tree") => filing.frozen.root = Hash([1; 32]),
        Some(other) => panic!("unknown change `{other}`"),
    }
    filing
}

fn receipt(arguments: &mut Arguments) -> Receipt {
    Receipt {
        on: arguments.need("on"),
        office: parse("City Clerk"),
        reference: arguments.take("reference").map(|text| parse(&text.replace('_', " "))),
    }
}

/// A run over the file and by the rule of these names, with the counts given.
fn run(arguments: &mut Arguments) -> Run {
    let hash = |text: String| FileHash::of(text.as_bytes());
    Run {
        kind: arguments.id(),
        input: hash(arguments.or("input", "table")),
        rule: hash(arguments.or("rule", "mapping")),
        year: arguments.take("year").map(|text| parse(&text)),
        output: hash("nothing refused".to_owned()),
        counts: words::RunCount::ALL
            .iter()
            .filter_map(|what| Some((*what, parse(&arguments.take(what.code())?))))
            .collect(),
    }
}

pub(super) fn moment(arguments: &mut Arguments, name: &str, at: Timestamp) -> Moment {
    arguments.take(name).map_or(Moment::At(at), |text| parse(&text))
}

pub(super) fn parse<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error:?}"))
}

/// The words of a line after its verb: those in order, and those with a name.
pub(super) struct Arguments {
    place: String,
    ordered: Vec<String>,
    named: BTreeMap<String, String>,
}

impl Arguments {
    pub(super) fn read(text: &str, place: &str) -> Arguments {
        let mut arguments = Arguments { place: place.to_owned(), ordered: Vec::new(), named: BTreeMap::new() };
        for word in text.split_whitespace() {
            match word.split_once('=') {
                Some((name, value)) => drop(arguments.named.insert(name.to_owned(), value.to_owned())),
                None => arguments.ordered.push(word.to_owned()),
            }
        }
        arguments.ordered.reverse();
        arguments
    }

    fn next(&mut self) -> String {
        self.ordered.pop().unwrap_or_else(|| panic!("{}: a word is missing", self.place))
    }

    fn next_if_any(&mut self) -> Option<String> {
        self.ordered.pop()
    }

    pub(super) fn id<T: FromStr<Err: Debug>>(&mut self) -> T {
        parse(&self.next())
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.named.remove(name)
    }

    pub(super) fn or<T: FromStr<Err: Debug>>(&mut self, name: &str, otherwise: &str) -> T {
        parse(&self.take(name).unwrap_or_else(|| otherwise.to_owned()))
    }

    pub(super) fn need<T: FromStr<Err: Debug>>(&mut self, name: &str) -> T {
        parse(&self.take(name).unwrap_or_else(|| panic!("{}: `{name}=` is missing", self.place)))
    }

    /// A label, whose spaces are written `_`.
    fn label(&mut self) -> words::Label {
        let text: String = self.need("name");
        parse(&text.replace('_', " "))
    }

    /// A list with commas; `none` is an empty one.
    pub(super) fn list(&mut self, name: &str, otherwise: &str) -> Vec<String> {
        let text = self.take(name).unwrap_or_else(|| otherwise.to_owned());
        if text == "none" { Vec::new() } else { text.split(',').map(str::to_owned).collect() }
    }

    pub(super) fn end(&self) {
        assert!(self.ordered.is_empty(), "{}: too many words: {:?}", self.place, self.ordered);
        assert!(self.named.is_empty(), "{}: unknown arguments: {:?}", self.place, self.named);
    }
}
