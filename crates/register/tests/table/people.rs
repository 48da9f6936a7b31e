//! Custody, staff and inquiries in the tables: their verbs, and what can be shown of them.

use register::custody::{Charges, CustodyCommand, Happening, Withdrawal};
use register::time::Timestamp;
use register::{Command, Register};

use super::command::{Arguments, parse};

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
        _ => return None,
    })
}

/// What a line asks to be shown, if it asks for one of these subjects.
pub(super) fn show(register: &Register, line: &str) -> Option<Vec<String>> {
    let (verb, rest) = line.split_once(' ')?;
    match verb {
        "stays" => Some(stays(register, rest)),
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
