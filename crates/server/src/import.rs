//! Importing a local register: rows of a table, of which a mapping says which are requests and what became of them.
//!
//! Nothing but what the mapping names is taken in: no row is kept whole. The source keeps no paper, so the vault holds
//! nothing of it, and a stay in custody is no individual. INVARIANT: no reason repeats what a cell holds, for a mapping
//! may name the wrong column. Here rows are read, one at a time; [`taking`] brings them to the register.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::digest;
use jiff::civil::Date;
use law::reader::{Reader, Table, read_toml};
use law::{Ask, Problem};
use register::event::{FileHash, Request, Subject, Transmission};
use register::ids::{EpisodeId, LineId, PaperId, RequestId};
use register::time::{Moment, Year};
use register::words::{Authority, Component, Form, Outcome};

use crate::text;
use crate::vault::{DerivedIds, Vault};

pub(crate) mod taking;

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
    pub(crate) line: LineId,
    arrived: String,
    episode: String,
    outcome: String,
    outcome_on: String,
    pub(crate) authority: Authority,
    outcomes: BTreeMap<String, Outcome>,
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

/// What a row of the table is.
pub(crate) enum Row {
    /// No request, or not of the year asked for.
    LeftOut,
    /// A request.
    Request(Box<RequestRow>),
    /// No request can be read from it: why.
    Refused(String),
}

/// A row that is a request.
pub(crate) struct RequestRow {
    /// Where it stands, as a line of the file.
    pub(crate) line: u64,
    pub(crate) arrived: Date,
    pub(crate) id: RequestId,
    pub(crate) episode: EpisodeId,
    /// What became of it, where the row says; or why that cannot be read.
    pub(crate) outcome: Result<Option<(Outcome, Date)>, String>,
}

/// A table, read row by row: never more than one is held.
pub(crate) struct Rows<'m> {
    path: PathBuf,
    mapping: &'m Mapping,
    year: Option<Year>,
    ids: DerivedIds,
    table: csv::Reader<Hashed>,
    columns: Columns,
    width: usize,
    record: csv::ByteRecord,
    read: u64,
    /// How often a booking on a day was met so far.
    met: HashMap<String, u32>,
}

impl<'m> Rows<'m> {
    /// Opens a table and finds the columns that the mapping names.
    ///
    /// # Errors
    /// The file cannot be read, or has no such columns.
    pub(crate) fn open(path: &Path, mapping: &'m Mapping, year: Option<Year>, ids: DerivedIds) -> Result<Self> {
        // Rows of another length are told of with all other problems, instead of ending the reading.
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(Hashed::open(path)?);
        let header = table.headers().with_context(|| format!("failed to read `{}`", path.display()))?.clone();
        let columns = Columns::find(&header, mapping, path)?;
        Ok(Self {
            path: path.to_owned(),
            mapping,
            year,
            ids,
            table,
            columns,
            width: header.len(),
            record: csv::ByteRecord::new(),
            read: 0,
            met: HashMap::new(),
        })
    }

    /// Rows read so far.
    pub(crate) fn read(&self) -> u64 {
        self.read
    }

    /// The next row and its line; none after the last.
    ///
    /// # Errors
    /// The file cannot be read on, or is larger than a table may be.
    pub(crate) fn next_row(&mut self) -> Result<Option<(u64, Row)>> {
        let more = self.table.read_byte_record(&mut self.record);
        if !more.with_context(|| format!("failed to read `{}`", self.path.display()))? {
            return Ok(None);
        }
        self.read += 1;
        if self.read > ROWS_MAX {
            bail!("`{}` has more than {ROWS_MAX} rows (hint: split it by year)", self.path.display());
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        if self.record.len() != self.width {
            let what = format!("{} fields under a header of {}", self.record.len(), self.width);
            return Ok(Some((line, Row::Refused(what))));
        }
        let row = match csv::StringRecord::from_byte_record(std::mem::take(&mut self.record)) {
            Err(_) => Row::Refused("the row is not text in UTF-8".to_owned()),
            Ok(record) => {
                let row = self.judge(&record, line)?;
                self.record = record.into_byte_record();
                row
            }
        };
        Ok(Some((line, row)))
    }

    /// The hash of the whole file, once its last row was read.
    pub(crate) fn hash(self) -> Result<FileHash> {
        self.table.into_inner().hash()
    }

    fn judge(&mut self, record: &csv::StringRecord, line: u64) -> Result<Row> {
        let (columns, mapping) = (&self.columns, self.mapping);
        if columns.get(record, columns.rows) != mapping.rows.1 {
            return Ok(Row::LeftOut);
        }
        let arrived = match day(columns.get(record, columns.arrived), &mapping.arrived) {
            Ok(arrived) => arrived,
            Err(what) => return Ok(Row::Refused(what)),
        };
        if self.year.is_some_and(|year| Year::of(arrived) != year) {
            return Ok(Row::LeftOut);
        }
        let episode = columns.get(record, columns.episode);
        if episode.is_empty() {
            return Ok(Row::Refused(format!("column `{}` is empty", mapping.episode)));
        }
        // A stay may have several requests on one day: they are told apart by their order in the table.
        let stay = format!("{}|{episode}", mapping.line);
        let id = format!("{stay}|{arrived}");
        let nth = self.met.entry(self.ids.id("", &id)).or_insert(0);
        *nth += 1;
        Ok(Row::Request(Box::new(RequestRow {
            line,
            arrived,
            id: self.ids.id(RequestId::PREFIX, &format!("{id}|{nth}")).parse()?,
            episode: self.ids.id(EpisodeId::PREFIX, &stay).parse()?,
            outcome: outcome(record, columns, mapping),
        })))
    }
}

fn outcome(
    record: &csv::StringRecord,
    columns: &Columns,
    mapping: &Mapping,
) -> Result<Option<(Outcome, Date)>, String> {
    let text = columns.get(record, columns.outcome);
    if text.is_empty() {
        return Ok(None);
    }
    let unnamed = || format!("column `{}` holds an outcome that the mapping does not name", mapping.outcome);
    let outcome = *mapping.outcomes.get(text).ok_or_else(unnamed)?;
    Ok(Some((outcome, day(columns.get(record, columns.outcome_on), &mapping.outcome_on)?)))
}

fn day(text: &str, column: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("column `{column}` is no day such as 2012-03-04"))
}

impl Mapping {
    /// The request of a row and its arrival, as the register takes them.
    pub(crate) fn request(&self, row: &RequestRow) -> Result<(Request, Transmission)> {
        let paper: PaperId = Vault::new_id(PaperId::PREFIX)?.parse()?;
        let request = Request {
            id: row.id.clone(),
            paper,
            form: self.form,
            edition: None,
            issued_on: None,
            component: self.component,
            asks: self.asks.clone(),
            grounds: Vec::new(),
            papers: Vec::new(),
            subjects: vec![Subject { individual: None, episode: Some(row.episode.clone()) }],
        };
        Ok((request, Transmission { line: self.line.clone(), arrived: Moment::On(row.arrived), relayed_by: None }))
    }
}

/// A file whose hash is taken while it is read.
pub(crate) struct Hashed {
    file: File,
    hash: digest::Context,
}

impl Hashed {
    fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("failed to open `{}`", path.display()))?;
        Ok(Self { file, hash: digest::Context::new(&digest::SHA256) })
    }

    /// The hash of all that was read.
    fn hash(self) -> Result<FileHash> {
        file_hash(self.hash)
    }
}

impl io::Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = io::Read::read(&mut self.file, buffer)?;
        self.hash.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}

/// The hash of a file of any length.
pub(crate) fn hash_of(path: &Path) -> Result<FileHash> {
    let mut file = Hashed::open(path)?;
    io::copy(&mut file, &mut io::sink()).with_context(|| format!("failed to read `{}`", path.display()))?;
    file.hash()
}

fn file_hash(hash: digest::Context) -> Result<FileHash> {
    let hash = hash.finish();
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.parse().map_err(|problem: String| anyhow!(problem))
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
