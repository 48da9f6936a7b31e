//! `candor ask`: the law's answer from a fact file, or question by question at the terminal.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::{Result, bail};
use jiff::civil::Date;
use law::{Ask, Outcome, Pack};

use crate::packs::{self, Problems};
use crate::{cli, files, screen};

/// Asks the law.
pub(crate) fn ask(arguments: &cli::Ask) -> Result<ExitCode> {
    let pack = packs::load(&packs::find(&arguments.pack)?)?;
    let outcomes = match &arguments.facts {
        Some(path) => from_file(&pack, path, arguments.on)?,
        None => vec![from_questions(&pack, arguments.on)?],
    };
    if arguments.json {
        screen::show(&format!("{}\n", screen::answers_json(&pack, &outcomes)))?;
    } else {
        outcomes.iter().try_for_each(|outcome| screen::show(&screen::answer(outcome)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn from_file(pack: &Pack, path: &std::path::Path, on: Date) -> Result<Vec<Outcome>> {
    let facts = pack.read_fact_file(&path.display().to_string(), &files::read_text(path)?).map_err(Problems)?;
    Ok(facts.asks.iter().map(|(ask, facts)| law::answer(pack, *ask, facts, on)).collect())
}

/// Asks for the facts that still matter, one at a time, until the answer is settled.
fn from_questions(pack: &Pack, on: Date) -> Result<Outcome> {
    if !std::io::stdin().is_terminal() {
        bail!("there is nobody to answer questions here (hint: give a fact file)");
    }
    let asks: Vec<(String, String)> = Ask::ALL
        .iter()
        .filter_map(|ask| Some((ask.code().to_owned(), format!("to {}", pack.vocabulary.ask(*ask)?.deed))))
        .collect();
    let Some(ask) = Ask::parse(&choose("What does the paper ask?", &asks)?) else { bail!("no such ask") };
    let mut given = BTreeMap::new();
    loop {
        let facts = pack.facts(ask, &given).map_err(Problems)?;
        let outcome = law::answer(pack, ask, &facts, on);
        let Outcome::StillPossible(open) = &outcome else { return Ok(outcome) };
        let Some(next) = open.open.first() else { return Ok(outcome) };
        let answer = choose(&next.question, &next.answers)?;
        given.insert(next.name.to_string(), answer);
    }
}

fn choose(question: &str, answers: &[(String, String)]) -> Result<String> {
    // Beside the answer, which may be read by a program.
    let mut out = std::io::stderr().lock();
    writeln!(out, "\n{question}")?;
    for (number, (_, words)) in answers.iter().enumerate() {
        writeln!(out, "  {}  {words}", number + 1)?;
    }
    loop {
        write!(out, "number: ")?;
        out.flush()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            bail!("the questions were not answered to the end");
        }
        let chosen = line.trim().parse::<usize>().ok().and_then(|number| answers.get(number.checked_sub(1)?));
        match chosen {
            Some((answer, _)) => return Ok(answer.clone()),
            None => writeln!(out, "please give a number from 1 to {}", answers.len())?,
        }
    }
}
