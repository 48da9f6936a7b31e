//! The commands of staff in a file.

use law::reader::{Reader, Table};
use register::Command;
use register::staff::{Change, Post, Registration, StaffCommand};

use crate::text;

/// What a command can be, and the keys it takes beside `do`.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("register-staff", &["person", "agency", "from"]),
    ("give-role", &["person", "role", "from"]),
    ("take-role", &["person", "role", "on"]),
    ("make-assignment", &["person", "kind", "with", "from"]),
    ("end-assignment", &["person", "kind", "with", "on"]),
    ("make-designation", &["person", "kind", "designated_by", "from"]),
    ("end-designation", &["person", "kind", "designated_by", "on"]),
];

/// The command of a table.
pub(super) fn read(reader: &mut Reader<'_>, table: Table<'_>, kind: &str) -> Option<Command> {
    let person = text::parsed(reader, table, "person");
    if kind == "register-staff" {
        let (agency, from) = (text::parsed(reader, table, "agency"), reader.date(table, "from"));
        let (person, agency, from) = (person?, agency?, from?);
        return Some(Command::Staff(StaffCommand::RegisterStaff(Registration { person, agency, from })));
    }
    let (deed, what) = kind.split_once('-')?;
    let post = match what {
        "role" => text::word(reader, table, "role").map(Post::Role),
        "assignment" => {
            let (kind, with) = (text::word(reader, table, "kind"), text::word(reader, table, "with"));
            kind.zip(with).map(|(kind, with)| Post::Assignment(kind, with))
        }
        "designation" => {
            let (kind, by) = (text::word(reader, table, "kind"), text::word(reader, table, "designated_by"));
            kind.zip(by).map(|(kind, by)| Post::Designation(kind, by))
        }
        _ => return None,
    };
    let begins = deed == "give" || deed == "make";
    let on = reader.date(table, if begins { "from" } else { "on" });
    let change = Change { person: person?, post: post?, on: on? };
    Some(Command::Staff(if begins { StaffCommand::BeginPost(change) } else { StaffCommand::EndPost(change) }))
}
