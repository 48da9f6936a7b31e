//! `candor ask`: the law's answer from a fact file, or question by question at the terminal.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::{Result, bail};
use jiff::civil::Date;
use law::{Ask, Facts, Law, Outcome, Pack, Phrases};

use crate::packs::{self, Problems};
use crate::screen::Told;
use crate::{cli, files, screen};

/// Asks the law.
pub(crate) fn ask(arguments: &cli::Ask) -> Result<ExitCode> {
    let pack = packs::load(&packs::find(&arguments.pack)?)?;
    let phrases = packs::phrases(&pack, arguments.language.as_deref())?;
    let asked = match &arguments.facts {
        Some(path) => from_file(&pack, path)?,
        None => vec![from_questions(&pack, &phrases, arguments.on)?],
    };
    let mut answers = Vec::new();
    for (ask, facts) in &asked {
        let law = Law::on(&pack, *ask, arguments.on);
        let outcome = law.answer(facts);
        let told = phrases.tell(&outcome, &law.flips(facts));
        let why_not = phrases.why_not(&law.why_not(facts));
        answers.push(Told { outcome, told, why_not });
    }
    if arguments.json {
        screen::show(&format!("{}\n", screen::answers_json(&pack, &answers)))?;
    } else {
        answers.iter().try_for_each(|answer| screen::show(&screen::answer(answer, arguments.why_not)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn from_file(pack: &Pack, path: &std::path::Path) -> Result<Vec<(Ask, Facts)>> {
    let facts = pack.read_fact_file(&path.display().to_string(), &files::read_text(path)?).map_err(Problems)?;
    Ok(facts.asks)
}

/// Asks for the facts that still matter, one at a time, until the answer is settled: always the one that settles most.
fn from_questions(pack: &Pack, phrases: &Phrases, on: Date) -> Result<(Ask, Facts)> {
    if !std::io::stdin().is_terminal() {
        bail!("there is nobody to answer questions here (hint: give a fact file)");
    }
    let asks: Vec<(String, String)> = Ask::ALL
        .iter()
        .filter_map(|ask| Some((ask.code().to_owned(), format!("to {}", pack.vocabulary.ask(*ask)?.deed))))
        .collect();
    let Some(ask) = Ask::parse(&choose("What does the paper ask?", &asks)?) else { bail!("no such ask") };
    let law = Law::on(pack, ask, on);
    let mut given = BTreeMap::new();
    loop {
        let facts = pack.facts(ask, &given).map_err(Problems)?;
        let Outcome::StillPossible(open) = law.answer(&facts) else { return Ok((ask, facts)) };
        let Some(next) = &open.next else { return Ok((ask, facts)) };
        let answers = next.answers.iter().map(|(name, _)| ((*name).to_owned(), phrases.answer(next.fact, name)));
        let question = format!("{} ({})", phrases.question(next.fact), phrases.at_most(open.at_most));
        let answer = choose(&question, &answers.collect::<Vec<_>>())?;
        given.insert(next.fact.name.to_string(), answer);
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
