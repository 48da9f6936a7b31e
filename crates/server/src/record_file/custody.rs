//! The commands of custody in a file.

use law::reader::{Reader, Table};
use register::Command;
use register::custody::{Charge, Charges, CustodyCommand, Happening, Withdrawal};

use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("custody", &["episode", "individual", "unit", "what", "charges", "at"]),
    ("withdraw-custody", &["episode", "entry", "cause"]),
];

/// The command of a table.
pub(super) fn read(reader: &mut Reader<'_>, table: Table<'_>, kind: &str) -> Option<Command> {
    let episode = text::parsed(reader, table, "episode");
    let command = match kind {
        "custody" => {
            let individual = text::optional_parsed(reader, table, "individual");
            let (unit, what) = (text::parsed(reader, table, "unit"), text::word(reader, table, "what"));
            let (charges, at) = (charges(reader, table), text::parsed(reader, table, "at"));
            let (episode, unit, what, charges, at) = (episode?, unit?, what?, charges?, at?);
            CustodyCommand::RecordCustody(Happening { episode, individual, unit, what, charges, at })
        }
        "withdraw-custody" => {
            let (of, cause) = (reader.number(table, "entry"), text::word(reader, table, "cause"));
            CustodyCommand::WithdrawCustody(Withdrawal { episode: episode?, of: of?, cause: cause? })
        }
        _ => return None,
    };
    Some(Command::Custody(command))
}

/// `"all"`, `"part"`, a list of codes, or nothing. What is no code is not repeated: it may be about a person.
fn charges(reader: &mut Reader<'_>, table: Table<'_>) -> Option<Charges> {
    let Some(value) = table.get("charges") else { return Some(Charges::NotSaid) };
    match value.text() {
        Some("all") => return Some(Charges::All),
        Some("part") => return Some(Charges::Part),
        Some(_) => {
            let hint = "write \"all\", \"part\", or a list of numbers or codes".to_owned();
            reader.problem(&value, "`charges` is none of these".to_owned(), Some(hint));
            return None;
        }
        None => {}
    }
    let mut codes = Vec::new();
    let given = reader.texts(table, "charges");
    let count = given.len();
    for (code, place) in given.into_iter().map(|(code, place)| (code.parse::<Charge>(), place)) {
        match code {
            Ok(code) => codes.push(code),
            Err(message) => reader.problem(&place, format!("`charges`: {message}"), None),
        }
    }
    (codes.len() == count).then_some(Charges::Named(codes))
}
