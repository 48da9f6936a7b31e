//! Commands about people: what is shown of a stay in custody, of staff and of inquiries.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use register::Register;
use register::class::Sees;
use register::custody::{Charges, Entry, Stay};
use register::ids::PersonId;
use register::inquiry::{DUE_DAYS, Given, InquiryAnswer, answered};
use register::say::counted;
use register::staff::{Member, Post, Right, rights};
use register::time::{Timestamp, day_of};

use crate::decoding::replay;
use crate::store::Store;
use crate::{cli, screen, view};

/// Shows a stay in custody, in the register's zone.
pub(crate) fn custody(arguments: &cli::ShowCustody) -> Result<()> {
    let register = replay(&Store::open_read_only(&arguments.dir)?, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    let Some(id) = &arguments.episode else { return delays(&register, &sees, arguments.json) };
    let episode = register.custody.of(id);
    let episode = episode.with_context(|| format!("nothing is recorded of `{id}` (hint: check its spelling)"))?;
    let now = register.last_at.context("the register is empty")?;
    let stays = episode.stays(now);
    if arguments.json {
        let told: Vec<_> = stays.iter().map(|stay| stay_json(&sees, stay, now)).collect();
        let entries: Vec<_> = episode.entries.iter().map(|entry| entry_json(&register, &sees, entry)).collect();
        return screen::print_json(&serde_json::json!({
            "episode": id.to_string(),
            "individual": view::shown(&sees, CUSTODY, "individual", episode.individual().map(ToString::to_string)),
            "as_of": now.to_string(),
            "entries": entries,
            "stays": told,
            "view": view::told(&sees),
        }));
    }
    let mut text = String::new();
    let mut entries: Vec<&Entry> = episode.entries.iter().collect();
    entries.sort_by_key(|entry| (entry.at, entry.what.ends(), entry.what));
    for entry in entries {
        let back = entry.withdrawn.map_or(String::new(), |(cause, _)| format!("  taken back: {cause}"));
        let what = format!("{} {}", entry.what, charges(&entry.charges));
        text.push_str(&format!(
            "{}  {:<24} {} (entry {}){back}\n",
            sees.shown(CUSTODY, "at", screen::local(&register, entry.at)),
            sees.shown(CUSTODY, "charges", what.trim_end()),
            entry.unit,
            entry.seq
        ));
    }
    for stay in &stays {
        text.push_str(&format!("\n{}", told(&register, &sees, stay, now)));
    }
    screen::show(&text)
}

/// The kind of event whose fields are shown of a stay; what happened is of one class with the charges, and what follows from
/// when it happened of one with that.
const CUSTODY: &str = "custody-recorded/1";

/// Lists every delay after eligibility.
fn delays(register: &Register, sees: &Sees, json: bool) -> Result<()> {
    let now = register.last_at.context("the register is empty")?;
    let delays = register.custody.delays(now);
    if json {
        let delays: Vec<_> = delays
            .iter()
            .map(|(id, stay, _)| {
                let episode = view::shown(sees, CUSTODY, "episode", id.to_string());
                serde_json::json!({ "episode": episode, "stay": stay_json(sees, stay, now) })
            })
            .collect();
        let view = view::told(sees);
        return screen::print_json(&serde_json::json!({ "as_of": now.to_string(), "delays": delays, "view": view }));
    }
    if delays.is_empty() {
        return screen::show("nobody is recorded as eligible for release\n");
    }
    let mut text = String::from("minutes from eligibility to release or hand-over, or until the last record\n");
    for (id, stay, minutes) in delays {
        let seen = Stayed { register, sees };
        let ended =
            stay.ended.map_or("not released".to_owned(), |(how, at)| format!("{} {}", seen.what(how), seen.at(at)));
        let eligible = stay.eligible.map_or(String::new(), |one| {
            format!("{} {}", seen.what(format!("({})", one.condition)), seen.at(one.since))
        });
        let (minutes, id) = (sees.shown(CUSTODY, "at", minutes), sees.shown(CUSTODY, "episode", id));
        text.push_str(&format!("{minutes:>8}  {id}  eligible by {eligible}; {ended}\n"));
    }
    screen::show(&text)
}

/// What happened in a stay and when, as far as whoever looks may see it.
struct Stayed<'a> {
    register: &'a Register,
    sees: &'a Sees,
}

impl Stayed<'_> {
    fn what(&self, what: impl std::fmt::Display) -> String {
        self.sees.shown(CUSTODY, "what", what)
    }

    fn at(&self, at: Timestamp) -> String {
        self.sees.shown(CUSTODY, "at", screen::local(self.register, at))
    }
}

fn told(register: &Register, sees: &Sees, stay: &Stay, now: Timestamp) -> String {
    let seen = Stayed { register, sees };
    let mut text = format!("arrested   {}\n", seen.at(stay.arrested));
    text.push_str(&match stay.eligible {
        Some(eligible) => {
            let (since, condition) = (seen.at(eligible.since), seen.what(format!("({})", eligible.condition)));
            format!("eligible   {since}, by condition {condition} of *eligible for release from custody*\n")
        }
        None => "eligible   never, as far as recorded\n".to_owned(),
    });
    text.push_str(&match stay.ended {
        Some((how, at)) => format!("{:<10} {}\n", seen.what(how.code()), seen.at(at)),
        None => "released   not recorded\n".to_owned(),
    });
    if let Some(minutes) = stay.delay_minutes(now) {
        let until = if stay.ended.is_some() { "" } else { ", until the last record" };
        let minutes = sees.shown(CUSTODY, "at", counted(minutes, "minute", "minutes"));
        text.push_str(&format!("delay      {minutes} after eligibility{until}\n"));
    }
    text
}

fn charges(charges: &Charges) -> String {
    match charges {
        Charges::NotSaid => String::new(),
        Charges::All => "all".to_owned(),
        Charges::Part => "part".to_owned(),
        Charges::Named(codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn stay_json(sees: &Sees, stay: &Stay, now: Timestamp) -> serde_json::Value {
    let at = |value: serde_json::Value| view::shown(sees, CUSTODY, "at", value);
    let what = |value: serde_json::Value| view::shown(sees, CUSTODY, "what", value);
    serde_json::json!({
        "arrested": at(stay.arrested.to_string().into()),
        "eligible_since": at(stay.eligible.map(|eligible| eligible.since.to_string()).into()),
        "condition": what(stay.eligible.map(|eligible| eligible.condition).into()),
        "ended": at(stay.ended.map(|(_, at)| at.to_string()).into()),
        "how": what(stay.ended.map(|(how, _)| how.code()).into()),
        "delay_minutes": at(stay.delay_minutes(now).into()),
    })
}

fn entry_json(register: &Register, sees: &Sees, entry: &Entry) -> serde_json::Value {
    let at = |value: String| view::shown(sees, CUSTODY, "at", value);
    serde_json::json!({
        "entry": entry.seq,
        "what": view::shown(sees, CUSTODY, "what", entry.what.code()),
        "charges": view::shown(sees, CUSTODY, "charges", charges(&entry.charges)),
        "unit": entry.unit.to_string(),
        "at": at(entry.at.to_string()),
        "local": at(screen::local(register, entry.at)),
        "withdrawn": entry.withdrawn.map(|(cause, _)| cause.code()),
    })
}

/// Shows who may do what on a day.
pub(crate) fn staff(arguments: &cli::ShowStaff) -> Result<()> {
    let register = replay(&Store::open_read_only(&arguments.dir)?, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    let last = register.last_at.context("the register is empty")?;
    let on = arguments.on.unwrap_or_else(|| day_of(last, &register.zone()));
    let members = register.staff.members.iter();
    if arguments.json {
        let members: Vec<_> = members.map(|(person, member)| member_json(&register, person, member, on)).collect();
        let registered = register.staff.is_registered();
        return screen::print_json(
            &serde_json::json!({ "on": on.to_string(), "registered": registered, "members": members, "view": view::told(&sees) }),
        );
    }
    let mut text = format!("on {on}\n");
    for (person, member) in members {
        let agency = member.agency.as_ref().map_or("opened the register".to_owned(), ToString::to_string);
        text.push_str(&format!("\n{person}  {agency}\n"));
        for (post, since) in member.on(on) {
            text.push_str(&format!("  has  {post}, since {since}\n"));
        }
        let deeds: Vec<&str> = may(&register, person, on).map(Right::deed).collect();
        let deeds = if deeds.is_empty() { "nothing".to_owned() } else { deeds.join("; ") };
        text.push_str(&format!("  may  {deeds}\n"));
    }
    screen::show(&text)
}

fn may<'a>(register: &'a Register, person: &'a PersonId, on: Date) -> impl Iterator<Item = Right> + 'a {
    let may = move |right: &Right| register.staff.may(*right, person, on).is_ok();
    rights::TABLE.iter().map(|(right, _)| *right).filter(may)
}

fn member_json(register: &Register, person: &PersonId, member: &Member, on: Date) -> serde_json::Value {
    let posts = member.on(on).map(|(post, since)| {
        let (what, kind, authority) = match post {
            Post::Role(role) => ("role", role.code(), None),
            Post::Assignment(kind, with) => ("assignment", kind.code(), Some(with.code())),
            Post::Designation(kind, by) => ("designation", kind.code(), Some(by.code())),
        };
        serde_json::json!({ "what": what, "kind": kind, "authority": authority, "since": since.to_string() })
    });
    serde_json::json!({
        "person": person.to_string(),
        "agency": member.agency.as_ref().map(ToString::to_string),
        "from": member.from.to_string(),
        "posts": posts.collect::<Vec<_>>(),
        "may": may(register, person, on).map(Right::deed).collect::<Vec<_>>(),
    })
}

/// What a person who presented a paper is told: the answer, by which rule, and under which number it is kept.
pub(crate) fn answer(given: &Given, json: bool) -> String {
    let Given { inquiry, answer } = given;
    let (told, rule) = (answer.answer, answer.rule);
    if json {
        let told = serde_json::json!({ "inquiry": inquiry.to_string(), "answer": told.code(), "rule": rule.code() });
        return format!("{told}\n");
    }
    let title = match told {
        InquiryAnswer::Registered => "registered",
        InquiryAnswer::NotRegistered => "not registered",
        InquiryAnswer::CannotTell => "cannot be told",
    };
    let hint = match told {
        InquiryAnswer::CannotTell => "a person compares the papers and records `answer-inquiry`\n",
        InquiryAnswer::Registered | InquiryAnswer::NotRegistered => "",
    };
    format!("{title}: {} ({rule})\nkept as inquiry {inquiry}\n{hint}", rule.title())
}

/// Shows how the inquiries of a period were answered, and those that are late.
pub(crate) fn inquiries(arguments: &cli::ShowInquiries) -> Result<()> {
    let register = replay(&Store::open_read_only(&arguments.dir)?, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    let day = |at: Timestamp| day_of(at, &register.zone());
    let from = arguments.from.unwrap_or(Date::MIN);
    let until = arguments.until.or(register.last_at.map(day)).context("the register is empty")?;
    let counted = answered(&register, from, until);
    let all = register.inquiry.inquiries.iter();
    let late = all.filter(|(_, one)| register.is_late(one)).filter(|(_, one)| {
        let day = one.presented.received.day(&register.zone());
        from <= day && day <= until
    });
    let late: Vec<(String, String, String)> = late
        .map(|(id, one)| (id.to_string(), register.due(one).to_string(), one.presented.paper.to_string()))
        .collect();
    if arguments.json {
        let late: Vec<_> = late
            .iter()
            .map(|(id, due, paper)| serde_json::json!({ "inquiry": id, "due": due, "paper": paper }))
            .collect();
        return screen::print_json(&serde_json::json!({
            "until": until.to_string(),
            "received": counted.received,
            "registered": counted.registered,
            "not_registered": counted.not_registered,
            "cannot_tell": counted.cannot_tell,
            "open": counted.open,
            "late": late,
            "view": view::told(&sees),
        }));
    }
    let mut text = format!("{:>6} presented until {until}\n", counted.received);
    let numbers = [
        ("registered", counted.registered),
        ("not registered", counted.not_registered),
        ("cannot be told", counted.cannot_tell),
        ("not answered yet", counted.open),
        ("late", counted.late),
    ];
    for (what, number) in numbers {
        text.push_str(&format!("{number:>6} {what}\n"));
    }
    for (id, due, paper) in &late {
        text.push_str(&format!("late: {id}, due on {due} ({DUE_DAYS} days); printed: {paper}\n"));
    }
    screen::show(&text)
}
