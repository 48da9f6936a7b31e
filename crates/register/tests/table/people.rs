//! Custody, staff, inquiries and receipts in the tables: their verbs, and what can be shown of them.

use register::custody::{Charges, CustodyCommand, Happening, Withdrawal};
use register::inquiry::{Answer, Given, InquiryCommand, Presented, Shown, Who, answered, look};
use register::reading::ReadingCommand;
use register::receipt::{ReceiptCommand, certify, key_name};
use register::staff::{Change, Post, Registration, Right, StaffCommand, rights};
use register::time::Timestamp;
use register::{Command, Register};
use tlog::SigningKey;

use super::command::{Arguments, moment, parse};

/// The command of a verb of these subjects.
pub(super) fn read(verb: &str, arguments: &mut Arguments, at: Timestamp) -> Option<Command> {
    Some(match verb {
        "custody" => Command::Custody(CustodyCommand::RecordCustody(Happening {
            episode: arguments.id(),
            what: arguments.id(),
            individual: arguments.take("individual").map(|text| parse(&text)),
            unit: arguments.or("unit", "unit_d4"),
            charges: match arguments.take("charges").as_deref() {
                None => Charges::NotSaid,
                Some("all") => Charges::All,
                Some("part") => Charges::Part,
                Some("none") => Charges::Named(Vec::new()),
                Some(names) => Charges::Named(names.split(',').map(parse).collect()),
            },
            at: arguments.or("at", &at.to_string()),
        })),
        "withdraw-custody" => Command::Custody(CustodyCommand::WithdrawCustody(Withdrawal {
            episode: arguments.id(),
            of: arguments.id(),
            cause: arguments.or("cause", "entered-in-error"),
        })),
        "inquire" => Command::Inquiry(InquiryCommand::ReceiveInquiry(Presented {
            inquiry: arguments.id(),
            paper: arguments.or("paper", "paper_2"),
            form: arguments.or("form", "i-247a"),
            issued_on: arguments.take("issued").map(|text| parse(&text)),
            line: arguments.or("line", "line_d4"),
            received: moment(arguments, "received", at),
        })),
        "answer" => Command::Inquiry(InquiryCommand::AnswerInquiry(Given {
            inquiry: arguments.id(),
            answer: Answer {
                answer: arguments.id(),
                rule: arguments.need("rule"),
                request: arguments.take("request").map(|text| parse(&text)),
            },
        })),
        "register-staff" => Command::Staff(StaffCommand::RegisterStaff(Registration {
            person: arguments.id(),
            agency: arguments.or("agency", "agency_police"),
            from: arguments.need("from"),
        })),
        "give" => Command::Staff(StaffCommand::BeginPost(change(arguments, "from"))),
        "take" => Command::Staff(StaffCommand::EndPost(change(arguments, "on"))),
        "certify" => {
            let (log_key, key) = (log_key(arguments.or("log", "1")), receipt_key(arguments).vkey());
            let signature = certify(&log_key, &key).unwrap();
            Command::Receipt(ReceiptCommand::CertifyKey { key, signature })
        }
        "hand-out" => {
            let (request, key) = (arguments.id(), receipt_key(arguments).vkey());
            Command::Receipt(ReceiptCommand::GiveReceipt { request, key })
        }
        "read-vault" => Command::Reading(ReadingCommand::Read {
            of: arguments.id(),
            fields: arguments
                .list("fields", "name")
                .iter()
                .filter(|field| *field != "none")
                .map(|field| parse(field))
                .collect(),
            reason: arguments.or("reason", "casework"),
        }),
        _ => return None,
    })
}

/// The log's key: 1 in every table, any other number a stranger's.
pub(super) fn log_key(number: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[number; 32]).unwrap()
}

/// `key=2`, of this log unless `of=ORIGIN` says another.
fn receipt_key(arguments: &mut Arguments) -> SigningKey {
    let origin = arguments.take("of").unwrap_or_else(|| ORIGIN.to_owned());
    SigningKey::from_seed(&key_name(&origin), &[arguments.or("key", "2"); 32]).unwrap()
}

/// The log of every table.
const ORIGIN: &str = "candor.example/boston/demonstration";

/// `person_1 officer from=2022-03-01`, `person_1 assignment task-force with=hsi …`, `person_1 designation 287g of=ero …`.
fn change(arguments: &mut Arguments, day: &str) -> Change {
    let (person, what): (_, String) = (arguments.id(), arguments.id());
    let post = match what.as_str() {
        "assignment" => Post::Assignment(arguments.id(), arguments.or("with", "hsi")),
        "designation" => Post::Designation(arguments.id(), arguments.or("of", "hsi")),
        role => Post::Role(parse(role)),
    };
    Change { person, post, on: arguments.need(day) }
}

/// What a line asks to be shown, if it asks for one of these subjects.
pub(super) fn show(register: &Register, line: &str) -> Option<Vec<String>> {
    let (verb, rest) = line.split_once(' ')?;
    match verb {
        "stays" => Some(stays(register, rest)),
        "delays" => Some(vec![delays(register)]),
        "staff" => Some(staff(register, rest)),
        "look" => Some(vec![looked(register, rest)]),
        "inquiries" => Some(inquiries(register, rest)),
        "reads" => Some(reads(register)),
        _ => None,
    }
}

/// Each stay in custody, in the register's zone.
fn stays(register: &Register, episode: &str) -> Vec<String> {
    let now = register.last_at.unwrap_or_default();
    let local = |at: Timestamp| register.zone().to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let episode = register.custody.of(&parse(episode));
    let stays = episode.map(|episode| episode.stays(now)).unwrap_or_default();
    let told = stays.iter().map(|stay| {
        let eligible = stay.eligible.map_or("never eligible".to_owned(), |eligible| {
            format!("eligible by ({}) {}", eligible.condition, local(eligible.since))
        });
        let ended = stay.ended.map_or("still held".to_owned(), |(how, at)| format!("{how} {}", local(at)));
        let delay = stay.delay_minutes(now).map_or(String::new(), |minutes| format!("; {minutes} minutes"));
        format!("arrested {}; {eligible}; {ended}{delay}", local(stay.arrested))
    });
    told.collect()
}

/// Every delay after eligibility.
fn delays(register: &Register) -> String {
    let delays = register.custody.delays(register.last_at.unwrap_or_default());
    delays.iter().map(|(id, _, minutes)| format!("{id} {minutes} minutes")).collect::<Vec<_>>().join(", ")
}

/// What each member of staff may do on a day, and the designations they have.
fn staff(register: &Register, day: &str) -> Vec<String> {
    let on = parse(day);
    let told = register.staff.members.iter().map(|(person, member)| {
        let posts: Vec<String> = member.on(on).map(|(post, since)| format!("{post} since {since}")).collect();
        let may = |right: &Right| register.staff.may(*right, person, on).is_ok();
        let deeds: Vec<&str> = rights::TABLE.iter().map(|(right, _)| *right).filter(may).map(Right::deed).collect();
        let or_nothing = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
        format!("{person} has {} and may {}", or_nothing(posts.join(", ")), or_nothing(deeds.join("; ")))
    });
    told.collect()
}

/// What is answered to a paper: `who=ind_1`, `who=nobody`, `who=in-doubt` or `who=not-printed`; `number=none`, `number=new`,
/// `number=req_1` (that of a request), and the requests that print another one after `others=`.
fn looked(register: &Register, text: &str) -> String {
    let mut arguments = Arguments::read(text, text);
    let number = arguments.take("number").unwrap_or_else(|| "none".to_owned());
    let others = arguments.take("others").unwrap_or_default();
    let shown = Shown {
        form: arguments.or("form", "i-247a"),
        issued_on: arguments.take("issued").map(|text| parse(&text)),
        numbered: number != "none",
        same: number.starts_with("req_").then(|| parse(&number)),
        others: others.split(',').filter(|id| !id.is_empty()).map(parse).collect(),
        who: match arguments.take("who").as_deref() {
            Some("nobody") => Who::Nobody,
            Some("in-doubt") => Who::InDoubt,
            None | Some("not-printed") => Who::NotPrinted,
            Some(individual) => Who::One(parse(individual)),
        },
    };
    arguments.end();
    let Answer { answer, rule, request } = look(register, &shown);
    assert!(Answer { answer, rule, request: request.clone() }.fits(), "{text}");
    let request = request.map_or(String::new(), |request| format!(" {request}"));
    format!("{answer} by {rule}{request}")
}

/// The inquiries of a period.
fn inquiries(register: &Register, text: &str) -> Vec<String> {
    let (from, until) = text.split_once(' ').unwrap();
    let counted = answered(register, parse(from), parse(until));
    let numbers = [
        ("received", counted.received),
        ("registered", counted.registered),
        ("not registered", counted.not_registered),
        ("cannot tell", counted.cannot_tell),
        ("open", counted.open),
        ("late", counted.late),
    ];
    numbers.iter().map(|(what, number)| format!("{number} {what}")).collect()
}

/// Who was shown what.
fn reads(register: &Register) -> Vec<String> {
    let told = register.reading.reads.iter().map(|one| {
        let fields: Vec<String> = one.read.fields.iter().map(ToString::to_string).collect();
        let of = one.read.request.as_ref().map_or(String::new(), |request| format!(" of {request}"));
        format!("{} read {}{of}: {} for {}", one.by, one.read.of, fields.join(" "), one.read.reason)
    });
    told.collect()
}
