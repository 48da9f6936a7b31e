//! ICE's peak month in one city: a table is taken in, the law is asked, decisions and outcomes are recorded, the report
//! is drawn.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use register::event::FileHash;
use register::ids::RequestId;
use register::wire;
use register::words::{ReportFormat, RunCount};

use super::register::{Situations, new, submission, submit};
use super::{MONTH, Measure, peak_mib, share};
use crate::app::Job;
use crate::cli::{Actor, Load};
use crate::filing;
use crate::import::read_mapping;
use crate::import::taking::{Progress, Refused, Table, take_in};
use crate::writer::{Answer, Writer};

const MAPPING: &str = r#"
[rows]
column = "kind"
equals = "ICE DETAINER"

[request]
form = "i-247a"
component = "ero"
asks = ["hold", "notify"]
line = "line_bench"
arrived = "arrived"
episode = "stay"

[outcome]
column = "outcome"
on = "on"
authority = "not-recorded"
"#;

/// Commands handed in before the first of them is waited for.
const AHEAD: usize = 3_000;

pub(super) fn month(dir: &Path, load: Load) -> Result<Vec<Measure>> {
    let requests = share(load, MONTH);
    let folder = dir.join("register");
    let writer = new(&folder)?;
    let table = dir.join("month.csv");
    let mut text = String::from("stay,arrived,kind,outcome,on\n");
    for number in 0..requests {
        writeln!(text, "{number},2025-03-{:02},ICE DETAINER,,", number % 31 + 1).context("no room")?;
    }
    fs::write(&table, text).with_context(|| format!("failed to write `{}`", table.display()))?;

    let started = Instant::now();
    let ids = imported(&writer, &table, dir)?;
    let imported = started.elapsed().as_secs_f64();
    if u64::try_from(ids.len())? != requests {
        bail!("{requests} rows are {} requests", ids.len());
    }
    let situations = Situations::of(&writer)?;
    let mut waiting = VecDeque::new();
    for (number, id) in (0..).zip(&ids) {
        for job in situations.follow(id, number)? {
            waiting.push_back(writer.hand_in(submission(vec![job])?)?);
        }
        while waiting.len() >= AHEAD {
            waiting.pop_front().map_or(Ok(()), |first| acknowledged(&first))?;
        }
    }
    waiting.iter().try_for_each(acknowledged)?;
    let followed = started.elapsed().as_secs_f64();
    let report = writer.look(|app| {
        let as_of = app.register().last_at.context("nothing is recorded")?;
        let report =
            filing::draft(app.register(), app.pack(), "2025".parse().map_err(|_| anyhow::anyhow!("no year"))?, as_of)?;
        Ok::<_, anyhow::Error>(wire::encode_report(&report, ReportFormat::LATEST))
    })??;
    crate::files::write(&dir.join("report.json"), report.as_bytes())?;
    let all = started.elapsed().as_secs_f64();
    submit(&writer, vec![Job::Grow])?;
    let grown = started.elapsed().as_secs_f64();
    Ok(vec![
        Measure::new(&format!("{requests} requests: taken in"), imported, "s"),
        Measure::new("  two answers and decisions each, and an outcome", followed - imported, "s"),
        Measure::new("  report.json", all - followed, "s"),
        Measure::new("  all of it", all, "s").at_most(5.0),
        Measure::new("  most memory at once", peak_mib()?, "MiB").at_most(500.0),
        Measure::new("  and the growth after it", grown - all, "s"),
    ])
}

fn acknowledged(answer: &Receiver<Answer>) -> Result<()> {
    Writer::answer(answer)??;
    Ok(())
}

/// Takes the table in; the ids of its requests.
fn imported(writer: &Writer, table: &Path, dir: &Path) -> Result<Vec<RequestId>> {
    let mapping = read_mapping("invented", MAPPING).map_err(crate::packs::Problems)?;
    let refused = dir.join("refused.csv");
    let table = Table {
        path: table,
        mapping: &mapping,
        rule: FileHash::of(MAPPING.as_bytes()),
        year: None,
        actor: &Actor { by: "person_bench".parse()?, at: None },
        refused: Refused::File(&refused),
    };
    let ids = writer.look(|app| app.derived_ids())?;
    let taken = take_in(writer, ids, &table, &mut Progress::quiet())?;
    if taken.count(RunCount::Refused) > 0 {
        bail!("{} rows were refused", taken.count(RunCount::Refused));
    }
    writer.look(|app| app.register().requests.keys().cloned().collect())
}
