//! The tables from which facts are worked out: `[event]`, `[[custody]]`, `[[paper]]` and `[[conviction]]`, as fact files
//! and scenarios write them. One reader serves both.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

use crate::derived::code::Code;
use crate::derived::custody::{Charges, CustodyChange, CustodyEvent, Happened};
use crate::derived::look_back::{ConvictedUnder, Conviction, Days, Span};
use crate::derived::offences::{Adjudication, ELSEWHERE, OTHER_LAW, Offences};
use crate::derived::papers::{Paper, PaperHolder, PaperKind, PaperMatter, Signer};
use crate::reader::{Reader, Table};

/// The keys of these tables, beside which a fact file and a scenario have their own.
pub(crate) const KEYS: [&str; 4] = ["event", "custody", "paper", "conviction"];

/// Rows of a table at most. No case has so many, and events and convictions are compared with each other.
const ROWS_LIMIT: usize = 1_000;

/// What a file says of one event. A table that is not there is not known; an empty one (`paper = []`) says that there is
/// none.
pub(crate) struct Records<'t> {
    pub(crate) arrest_at: Option<Timestamp>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) requested_at: Option<Timestamp>,
    pub(crate) custody: Option<Vec<(Table<'t>, CustodyEvent)>>,
    pub(crate) papers: Option<Vec<Paper>>,
    pub(crate) convictions: Option<Vec<Conviction>>,
}

impl Records<'_> {
    /// The days from which look-backs count, in the jurisdiction's zone.
    pub(crate) fn days(&self, zone: &TimeZone) -> Days {
        let day = |at: Option<Timestamp>| at.map(|at| at.to_zoned_datetime(zone.clone()).date());
        Days { arrest_on: day(self.arrest_at), decision_on: day(self.decided_at), request_on: day(self.requested_at) }
    }
}

/// Reads the tables. `None` where a row could not be read: its problems have been noted, and nothing is worked out from
/// half a record.
pub(crate) fn read<'t>(reader: &mut Reader<'_>, table: Table<'t>, offences: &Offences) -> Option<Records<'t>> {
    let mut records = Records {
        arrest_at: None,
        decided_at: None,
        requested_at: None,
        custody: None,
        papers: None,
        convictions: None,
    };
    let mut whole = true;
    if let Some(event) = reader.optional_table(table, "event") {
        reader.only(event, &["arrest_at", "decided_at", "requested_at"]);
        let mut at = |key: &str| {
            let at = event.has(key).then(|| read_instant(reader, event, key));
            whole &= at != Some(None);
            at.flatten()
        };
        (records.arrest_at, records.decided_at, records.requested_at) =
            (at("arrest_at"), at("decided_at"), at("requested_at"));
    }
    let custody = rows(reader, table, "custody", |reader, row| Some((row, read_custody(reader, row)?)));
    let papers = rows(reader, table, "paper", read_paper);
    let convictions = rows(reader, table, "conviction", |reader, row| read_conviction(reader, row, offences));
    (records.custody, records.papers, records.convictions) = (custody?, papers?, convictions?);
    whole.then_some(records)
}

/// The rows of a table that may be missing (`Some(None)`); `None` when one of them could not be read.
fn rows<'t, T>(
    reader: &mut Reader<'_>,
    table: Table<'t>,
    key: &str,
    read: impl Fn(&mut Reader<'_>, Table<'t>) -> Option<T>,
) -> Option<Option<Vec<T>>> {
    let Some(value) = table.get(key) else { return Some(None) };
    let stated = value.items().map(|items| items.len());
    if stated.is_some_and(|stated| stated > ROWS_LIMIT) {
        reader.problem(&value, format!("`{key}` has more than {ROWS_LIMIT} rows"), None);
        return None;
    }
    let rows: Vec<Option<T>> = reader.rows(table, key).into_iter().map(|row| read(reader, row)).collect();
    let read: Vec<T> = rows.into_iter().flatten().collect();
    (stated == Some(read.len())).then_some(Some(read))
}

/// An instant: a day, a time and its distance from UTC, so that no clock change makes it doubtful.
fn read_instant(reader: &mut Reader<'_>, table: Table<'_>, key: &str) -> Option<Timestamp> {
    let value = reader.required(table, key)?;
    // With quotes or without: both are written in the files of this house. Without an offset neither is an instant.
    let written = value.value.as_datetime().map(ToString::to_string).or_else(|| value.text().map(str::to_owned));
    let instant = written.and_then(|written| written.parse().ok());
    if instant.is_none() {
        let hint = Some("write it as 2026-10-30T17:00:00-04:00".to_owned());
        reader.problem(&value, format!("`{key}` must be a day, a time and its distance from UTC"), hint);
    }
    instant
}

fn read_custody(reader: &mut Reader<'_>, row: Table<'_>) -> Option<CustodyEvent> {
    reader.only(row, &["at", "what", "charges"]);
    let at = read_instant(reader, row, "at");
    let what = match reader.word::<Happened>(row, "what")? {
        Happened::Arrested => CustodyChange::Arrested(read_names(reader, row)),
        Happened::Charged => CustodyChange::Charged(read_names(reader, row)),
        Happened::Dropped => CustodyChange::Dropped(read_charges(reader, row)?),
        Happened::Acquitted => CustodyChange::Acquitted(read_charges(reader, row)?),
        Happened::BroughtToCourt => without_charges(reader, row, CustodyChange::BroughtToCourt),
        Happened::BailSet => without_charges(reader, row, CustodyChange::BailSet),
        Happened::BailRevoked => without_charges(reader, row, CustodyChange::BailRevoked),
        Happened::BailPosted => without_charges(reader, row, CustodyChange::BailPosted),
        Happened::Recognizance => without_charges(reader, row, CustodyChange::Recognizance),
        Happened::SentenceServed => without_charges(reader, row, CustodyChange::SentenceServed),
        Happened::Diverted => without_charges(reader, row, CustodyChange::Diverted),
        Happened::ReleaseOrdered => without_charges(reader, row, CustodyChange::ReleaseOrdered),
        Happened::OtherwiseEligible => without_charges(reader, row, CustodyChange::OtherwiseEligible),
    };
    Some(CustodyEvent { at: at?, what })
}

fn read_names(reader: &mut Reader<'_>, row: Table<'_>) -> Vec<String> {
    reader.texts(row, "charges").into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// Which charges ended must be said: "some" and "all" are worlds apart.
fn read_charges(reader: &mut Reader<'_>, row: Table<'_>) -> Option<Charges> {
    let value = reader.required(row, "charges")?;
    match value.text() {
        Some("all") => Some(Charges::All),
        Some("part") => Some(Charges::Part),
        Some(_) => {
            let hint = Some("write \"all\", \"part\", or a list of names".to_owned());
            reader.problem(&value, "`charges` is none of these".to_owned(), hint);
            None
        }
        None => Some(Charges::Named(read_names(reader, row))),
    }
}

fn without_charges(reader: &mut Reader<'_>, row: Table<'_>, change: CustodyChange) -> CustodyChange {
    if let Some(value) = row.get("charges") {
        reader.problem(&value, "only an arrest, a charge and the end of one have `charges`".to_owned(), None);
    }
    change
}

fn read_paper(reader: &mut Reader<'_>, row: Table<'_>) -> Option<Paper> {
    reader.only(row, &["kind", "signed_by", "matter", "held_by", "confirmed"]);
    let kind: PaperKind = reader.word(row, "kind")?;
    if kind.is_federal_form() {
        return read_form(reader, row, kind);
    }
    let signed_by: Option<Signer> = reader.word(row, "signed_by");
    // What an immigration officer signed is civil, whatever it says of itself.
    let by_officer = signed_by == Some(Signer::ImmigrationOfficer);
    let matter = if kind == PaperKind::Warrant && !by_officer {
        reader.word(row, "matter")
    } else {
        Some(reader.optional_word(row, "matter").unwrap_or(PaperMatter::Civil))
    };
    let is_criminal_warrant = kind == PaperKind::Warrant && matter == Some(PaperMatter::Criminal);
    let held_by = if is_criminal_warrant && !by_officer {
        reader.word(row, "held_by")
    } else {
        Some(reader.optional_word(row, "held_by").unwrap_or(PaperHolder::Other))
    };
    if signed_by.is_some_and(Signer::is_called_judge) {
        reader.required(row, "confirmed")?;
    }
    let confirmed = reader.optional_truth(row, "confirmed").unwrap_or(false);
    Some(Paper { kind, signed_by: signed_by?, matter: matter?, held_by: held_by?, confirmed })
}

/// A federal form says by itself who may sign it.
fn read_form(reader: &mut Reader<'_>, row: Table<'_>, kind: PaperKind) -> Option<Paper> {
    let signed_by = reader.optional_word(row, "signed_by").unwrap_or(Signer::ImmigrationOfficer);
    if signed_by.is_called_judge() {
        let hint = Some("enter a judge's paper as `warrant`, `order` or `subpoena`".to_owned());
        reader.problem(&row, format!("`{kind}` is a form that no judge signs"), hint);
        return None;
    }
    for key in ["matter", "held_by", "confirmed"] {
        if let Some(value) = row.get(key) {
            reader.problem(&value, format!("`{kind}` has no `{key}`: no court issues it"), None);
        }
    }
    Some(Paper { kind, signed_by, matter: PaperMatter::Civil, held_by: PaperHolder::Ice, confirmed: false })
}

fn read_conviction(reader: &mut Reader<'_>, row: Table<'_>, offences: &Offences) -> Option<Conviction> {
    let keys = ["law", "offence", "grade", "adjudication", "committed_on", "convicted_on", "incarcerated"];
    reader.only(row, &keys);
    let under = read_under(reader, row, offences);
    let grade = reader.optional_word(row, "grade");
    let adjudication = reader.optional_word(row, "adjudication").unwrap_or(Adjudication::Adult);
    let committed_on = reader.optional_date(row, "committed_on");
    let convicted_on = reader.date(row, "convicted_on");
    if let (Some(committed), Some(convicted)) = (committed_on, convicted_on)
        && committed > convicted
    {
        reader.problem(&row, "`committed_on` is after `convicted_on`".to_owned(), None);
        return None;
    }
    let incarcerated = read_spans(reader, row)?;
    Some(Conviction { under: under?, grade, adjudication, committed_on, convicted_on: convicted_on?, incarcerated })
}

fn read_under(reader: &mut Reader<'_>, row: Table<'_>, offences: &Offences) -> Option<ConvictedUnder> {
    let law = reader.text(row, "law")?;
    if law == OTHER_LAW || law == ELSEWHERE {
        reader.optional_text(row, "offence");
        return Some(if law == OTHER_LAW { ConvictedUnder::Other } else { ConvictedUnder::Elsewhere });
    }
    if !offences.laws().contains(law.as_str()) {
        let place = row.get("law")?;
        reader.unknown(&place, "law", &law, offences.laws().into_iter().chain([OTHER_LAW, ELSEWHERE]));
        return None;
    }
    let offence = reader.parsed(row, "offence", "a code", Code::parse)?;
    let place = row.get("offence")?;
    match (&offence, offences.words_of(&law)) {
        (Code::Word(word), Some(words)) if !words.contains(&word.as_str()) => {
            reader.unknown(&place, "offence", word, words);
            None
        }
        (Code::Word(_), None) => {
            reader.problem(&place, format!("`offence` is not a code of `{law}`"), None);
            None
        }
        (Code::Section { .. }, Some(_)) => {
            reader.problem(&place, format!("`offence` is not a word of `{law}`"), None);
            None
        }
        (Code::Word(_), Some(_)) | (Code::Section { .. }, None) => Some(ConvictedUnder::Listed { law, offence }),
    }
}

fn read_spans(reader: &mut Reader<'_>, row: Table<'_>) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    for table in reader.rows(row, "incarcerated") {
        reader.only(table, &["from", "until"]);
        let from: Date = reader.date(table, "from")?;
        let until = reader.optional_date(table, "until");
        if until.is_some_and(|until| until <= from) {
            reader.problem(&table, "`until` is not after `from`".to_owned(), None);
            return None;
        }
        spans.push(Span { from, until });
    }
    Some(spans)
}
