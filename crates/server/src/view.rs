//! Who looks, and what they see: the one way in which staff are shown what the record or the vault holds.
//!
//! Whatever lists events or what follows from them takes a [`Sees`] from here and asks it of every field that not every view
//! reads; what it does not let through is said to be blank. All views read what is public and internal, so a list that holds
//! nothing else needs no more than that somebody may look. What a command says of what it just recorded is its giver's own.
//! Bags, reports and what is published have rules of their own, and take nothing from here.

use anyhow::{Result, bail};
use register::class::Sees;
use register::words::Mode;
use register::{Refusal, Register};
use serde_json::{Value, json};

use crate::app::opened;
use crate::cli::Viewing;
use crate::{clock, screen};

/// What whoever looks is shown.
///
/// # Errors
/// When it is not said who looks, or they may not: they are no staff on that day, or federally designated.
pub(crate) fn sees(register: &Register, viewing: &Viewing) -> Result<Sees> {
    let now = match (opened(register)?.mode, viewing.at) {
        (Mode::Live, Some(_)) => bail!("{}", Refusal::TimeIsTheClocks),
        // As of records: what was ended is not back because the clock is.
        (Mode::Live, None) => register.last_at.map_or_else(clock::now, |last| last.max(clock::now())),
        (Mode::Demonstration, at) => {
            let last = register.last_at.unwrap_or_default();
            match at {
                Some(at) if at < last => bail!("{}", Refusal::TimeGoesBack { last, at }),
                Some(at) => at,
                None => last,
            }
        }
    };
    if !register.staff.is_registered() {
        // Beside what is shown, which may be read by a program.
        eprint!("candor: {}", screen::everybody(register));
        return Ok(Sees { views: None });
    }
    let Some(by) = &viewing.by else {
        bail!("staff is registered, and it is not said who looks (hint: add `--as PERSON`)");
    };
    Ok(Sees::of(&register.staff, by, register::time::day_of(now, &register.zone())).map_err(Refusal::from)?)
}

/// A field for programs: what it says, or that it is not in the view.
pub(crate) fn shown(sees: &Sees, kind: &str, path: &str, says: impl Into<Value>) -> Value {
    match sees.field(kind, path) {
        Ok(()) => says.into(),
        Err(blank) => blank.to_string().into(),
    }
}

/// By which views something is shown, for programs.
pub(crate) fn told(sees: &Sees) -> Value {
    let views = sees.views.as_ref().map(|views| views.iter().map(|view| view.code()).collect::<Vec<_>>());
    json!({ "views": views, "classes": sees.classes().map(register::class::Class::code).collect::<Vec<_>>() })
}
