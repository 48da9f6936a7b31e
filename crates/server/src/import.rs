//! Importing a local register: rows of a table, of which a mapping says which are requests and what became of them.
//!
//! Nothing but what the mapping names is taken in: no row is kept whole. The source keeps no paper, so the vault holds
//! nothing of it, and a stay in custody is no individual. INVARIANT: no problem repeats what a cell holds, for a mapping
//! may name the wrong column.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use law::reader::{Reader, Table, read_toml};
use law::{Ask, Problem};
use register::Command;
use register::event::{Request, Subject, Transmission};
use register::ids::{EpisodeId, LineId, PaperId, RequestId};
use register::time::{Moment, Year};
use register::words::{Authority, Component, Form, Outcome};

use crate::app::Job;
use crate::text;

/// Problems listed at most; the rest is counted.
const PROBLEMS_MAX: usize = 50;

/// Rows of a table at most.
const ROWS_MAX: u64 = 2_000_000;

/// Which rows are requests, and how their columns are read.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    /// Only rows in which this column holds this text are requests.
    rows: (String, String),
    form: Form,
    component: Component,
    asks: Vec<Ask>,
    line: LineId,
    arrived: String,
    episode: String,
    outcome: String,
    outcome_on: String,
    authority: Authority,
    outcomes: BTreeMap<String, Outcome>,
}

/// What a file came to.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Jobs in the order of the file.
    pub(crate) jobs: Vec<Job>,
    /// The row of each job, such as `table.csv:12`.
    pub(crate) places: Vec<String>,
    /// Rows read.
    pub(crate) rows: u64,
    /// Requests among them, of the year asked for.
    pub(crate) requests: u64,
}

/// Reads a mapping.
///
/// # Errors
/// All its problems, each with its line.
pub(crate) fn read_mapping(name: &str, text: &str) -> Result<Mapping, Vec<Problem>> {
    let (mapping, problems) = read_toml(name, text, 1, |reader, table| {
        reader.only(table, &["rows", "request", "outcome"]);
        let rows = section(reader, table, "rows", &["column", "equals"]);
        let request = section(reader, table, "request", &["form", "component", "asks", "line", "arrived", "episode"]);
        let outcome = section(reader, table, "outcome", &["column", "on", "authority", "values"]);
        let (rows, request, outcome) = (rows?, request?, outcome?);
        let (column, equals) = (reader.text(rows, "column"), reader.text(rows, "equals"));
        let (form, component) = (text::word(reader, request, "form"), text::word(reader, request, "component"));
        let asks = reader.words::<Ask>(request, "asks");
        let line = text::parsed(reader, request, "line");
        let (arrived, episode) = (reader.text(request, "arrived"), reader.text(request, "episode"));
        let (what, on) = (reader.text(outcome, "column"), reader.text(outcome, "on"));
        let authority = text::word(reader, outcome, "authority");
        let outcomes = outcomes(reader, outcome);
        Some(Mapping {
            rows: (column?, equals?),
            form: form?,
            component: component?,
            asks,
            line: line?,
            arrived: arrived?,
            episode: episode?,
            outcome: what?,
            outcome_on: on?,
            authority: authority?,
            outcomes,
        })
    });
    match mapping {
        Some(mapping) if problems.is_empty() => Ok(mapping),
        Some(_) | None => Err(problems),
    }
}

fn section<'t>(reader: &mut Reader<'_>, table: Table<'t>, key: &str, keys: &[&str]) -> Option<Table<'t>> {
    if table.get(key).is_none() {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        let hint = format!("add `[{key}]` with {}", keys.join(", "));
        reader.problem(&table, format!("`[{key}]` is missing"), Some(hint));
        return None;
    }
    let section = reader.optional_table(table, key)?;
    reader.only(section, keys);
    Some(section)
}

fn outcomes(reader: &mut Reader<'_>, table: Table<'_>) -> BTreeMap<String, Outcome> {
    let mut outcomes = BTreeMap::new();
    let Some(values) = reader.optional_table(table, "values") else { return outcomes };
    for (text, _) in values.entries() {
        if let Some(outcome) = text::word(reader, values, text) {
            outcomes.insert(text.to_owned(), outcome);
        }
    }
    outcomes
}

/// Reads a table under a mapping, of all years or of one. `new_id` makes an id with the prefix given.
///
/// # Errors
/// All rows that cannot be read, with their line: nothing is taken in by halves.
pub(crate) fn read(
    path: &Path,
    mapping: &Mapping,
    year: Option<Year>,
    mut new_id: impl FnMut(&str) -> Result<String>,
) -> Result<Imported> {
    // Rows of another length are told of with all other problems, instead of ending the reading.
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| format!("failed to open `{}`", path.display()))?;
    let header = table.headers()?.clone();
    let columns = Columns::find(&header, mapping, path)?;
    let mut imported = Imported { jobs: Vec::new(), places: Vec::new(), rows: 0, requests: 0 };
    let mut episodes: BTreeMap<String, EpisodeId> = BTreeMap::new();
    let mut problems: Vec<String> = Vec::new();
    for record in table.byte_records() {
        let record = record.with_context(|| format!("failed to read `{}`", path.display()))?;
        imported.rows += 1;
        if imported.rows > ROWS_MAX {
            bail!("`{}` has more than {ROWS_MAX} rows (hint: split it by year)", path.display());
        }
        let place = format!("{}:{}", path.display(), record.position().map_or(0, csv::Position::line));
        if record.len() != header.len() {
            problems.push(format!("{place}: {} fields under a header of {}", record.len(), header.len()));
            continue;
        }
        let Ok(record) = csv::StringRecord::from_byte_record(record) else {
            problems.push(format!("{place}: the row is not text in UTF-8"));
            continue;
        };
        if columns.get(&record, columns.rows) != mapping.rows.1 {
            continue;
        }
        match row(&record, &columns, mapping, year) {
            Ok(None) => {}
            Ok(Some(row)) => {
                let episode = match episodes.get(&row.episode) {
                    Some(episode) => episode.clone(),
                    None => {
                        let new: EpisodeId = new_id(EpisodeId::PREFIX)?.parse()?;
                        episodes.insert(row.episode.clone(), new.clone());
                        new
                    }
                };
                imported.requests += 1;
                imported.jobs.extend(jobs(&row, mapping, episode, &mut new_id)?);
                imported.places.resize(imported.jobs.len(), place);
            }
            Err(what) => problems.push(format!("{place}: {what}")),
        }
    }
    if !problems.is_empty() {
        bail!(too_many(problems));
    }
    Ok(imported)
}

fn too_many(mut problems: Vec<String>) -> String {
    let all = problems.len();
    problems.truncate(PROBLEMS_MAX);
    if all > problems.len() {
        problems.push(format!("… and {} more", all - problems.len()));
    }
    problems.push("nothing was recorded (hint: correct the rows, or say in the mapping how they are read)".to_owned());
    problems.join("\n")
}

/// A row that is a request.
struct Read {
    arrived: Date,
    episode: String,
    outcome: Option<(Outcome, Date)>,
}

/// Reads a row; none if it did not arrive in the year asked for. Then nothing else of it is judged.
fn row(
    record: &csv::StringRecord,
    columns: &Columns,
    mapping: &Mapping,
    year: Option<Year>,
) -> Result<Option<Read>, String> {
    let day = |column: &str, index: usize| {
        let text = columns.get(record, index);
        text.parse::<Date>().map_err(|_| format!("column `{column}` is no day such as 2012-03-04"))
    };
    let arrived = day(&mapping.arrived, columns.arrived)?;
    if year.is_some_and(|year| Year::of(arrived) != year) {
        return Ok(None);
    }
    let episode = columns.get(record, columns.episode).to_owned();
    if episode.is_empty() {
        return Err(format!("column `{}` is empty", mapping.episode));
    }
    let text = columns.get(record, columns.outcome);
    if text.is_empty() {
        return Ok(Some(Read { arrived, episode, outcome: None }));
    }
    let outcome = *mapping
        .outcomes
        .get(text)
        .ok_or_else(|| format!("column `{}` holds an outcome that the mapping does not name", mapping.outcome))?;
    let outcome = Some((outcome, day(&mapping.outcome_on, columns.outcome_on)?));
    Ok(Some(Read { arrived, episode, outcome }))
}

fn jobs(
    row: &Read,
    mapping: &Mapping,
    episode: EpisodeId,
    new_id: &mut impl FnMut(&str) -> Result<String>,
) -> Result<Vec<Job>> {
    let id: RequestId = new_id(RequestId::PREFIX)?.parse()?;
    let paper: PaperId = new_id(PaperId::PREFIX)?.parse()?;
    let request = Request {
        id: id.clone(),
        paper,
        form: mapping.form,
        edition: None,
        issued_on: None,
        component: mapping.component,
        asks: mapping.asks.clone(),
        grounds: Vec::new(),
        papers: Vec::new(),
        subjects: vec![Subject { individual: None, episode: Some(episode) }],
    };
    let transmission = Transmission { line: mapping.line.clone(), arrived: Moment::On(row.arrived), relayed_by: None };
    let mut jobs = vec![Job::Do(Command::Receive { request, transmission })];
    if let Some((outcome, on)) = row.outcome {
        let authority = (outcome == Outcome::Transferred).then_some(mapping.authority);
        jobs.push(Job::Do(Command::RecordOutcome { request: id, outcome, at: Moment::On(on), authority }));
    }
    Ok(jobs)
}

/// Where the columns of a mapping stand in a file.
struct Columns {
    rows: usize,
    arrived: usize,
    episode: usize,
    outcome: usize,
    outcome_on: usize,
}

impl Columns {
    fn find(headers: &csv::StringRecord, mapping: &Mapping, path: &Path) -> Result<Columns> {
        let mut missing = Vec::new();
        let mut place = |name: &str| {
            let index = headers.iter().position(|header| header.trim() == name);
            if index.is_none() {
                missing.push(format!("`{name}`"));
            }
            index.unwrap_or(usize::MAX)
        };
        let columns = Columns {
            rows: place(&mapping.rows.0),
            arrived: place(&mapping.arrived),
            episode: place(&mapping.episode),
            outcome: place(&mapping.outcome),
            outcome_on: place(&mapping.outcome_on),
        };
        if !missing.is_empty() {
            // A table without a header has a person's cells in its place, so the header is not repeated.
            bail!(
                "`{}` has no column {} (hint: compare the {} names in its first line with the mapping)",
                path.display(),
                missing.join(", "),
                headers.len()
            );
        }
        Ok(columns)
    }

    fn get<'r>(&self, record: &'r csv::StringRecord, index: usize) -> &'r str {
        record.get(index).unwrap_or_default().trim()
    }
}
