//! `report.toml`: what the law wants reported, to whom and when. Only the template: the figures are the register's.

use jiff::civil::Date;

use crate::problem::Problem;
use crate::reader::{Reader, Table, read_toml};
use crate::words::{Basis, Breakdown, Counted, DueYear, FactName, NilRule, Unit};

/// What a yearly report must contain.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportTemplate {
    /// Its title.
    pub title: String,
    /// The citation of the duty to report; `None` where no law asks for it.
    pub act_section: Option<String>,
    /// To whom it goes; `None` where no law says.
    pub recipient: Option<String>,
    /// How well the list of items is known.
    pub status: Basis,
    /// What a reader must know about the list.
    pub note: Option<String>,
    /// The law's day.
    pub due: Option<Due>,
    /// The day by which the year is closed: Candor's own rule, never the law's.
    pub closing_by: Option<Due>,
    /// What is reported when there was nothing.
    pub nil: NilRule,
    /// The printed caption of the form, which is not a reason.
    pub caption: Option<String>,
    /// The items, in the law's order.
    pub items: Vec<Item>,
}

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// Of the year covered or of the next.
    pub year: DueYear,
}

impl Due {
    /// The day for a year covered; `None` beyond the calendar.
    #[must_use]
    pub fn on(self, covered_year: i16) -> Option<Date> {
        let year = match self.year {
            DueYear::Same => covered_year,
            DueYear::Next => covered_year.checked_add(1)?,
        };
        Date::new(year, self.month, self.day).ok()
    }
}

/// One item of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name in files: `requests`.
    pub id: String,
    /// The citation of the item.
    pub citation: String,
    /// Its heading.
    pub title: String,
    /// What it counts in.
    pub unit: Unit,
    /// Which leaves it counts.
    pub counts: Counted,
    /// How it is broken down; empty for a total only.
    pub by: Vec<Breakdown>,
    /// The fields of closing entries it needs opened.
    pub fields: Vec<String>,
}

/// Reads `report.toml`.
pub(crate) fn read(file: &str, text: &str) -> (Option<ReportTemplate>, Vec<Problem>) {
    read_toml(file, text, 1, |reader, document| {
        reader.only(
            document,
            &["title", "act_section", "recipient", "status", "note", "due", "closing_by", "nil", "caption", "item"],
        );
        let title = reader.text(document, "title");
        let act_section = reader.optional_text(document, "act_section");
        let recipient = reader.optional_text(document, "recipient");
        let status = reader.word(document, "status");
        let note = reader.optional_text(document, "note");
        let due = read_due(reader, document, "due");
        let closing_by = read_due(reader, document, "closing_by");
        let nil = reader.word(document, "nil");
        let caption = reader.optional_text(document, "caption");
        let items = read_items(reader, document);
        Some(ReportTemplate {
            title: title?,
            act_section,
            recipient,
            status: status?,
            note,
            due,
            closing_by,
            nil: nil?,
            caption,
            items,
        })
    })
}

fn read_due(reader: &mut Reader<'_>, document: Table<'_>, key: &str) -> Option<Due> {
    let table = reader.optional_table(document, key)?;
    reader.only(table, &["month", "day", "year"]);
    let month = reader.number(table, "month");
    let day = reader.number(table, "day");
    let year = reader.word(table, "year");
    let due = Due { month: month?, day: day?, year: year? };
    // A year without 29 February: the day must exist in every year.
    if due.on(2021).is_none() || due.on(2022).is_none() {
        reader.problem(&table, format!("`{key}` is not a day of every year"), None);
    }
    Some(due)
}

fn read_items(reader: &mut Reader<'_>, document: Table<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    reader.required(document, "item");
    for row in reader.rows(document, "item") {
        let Some(item) = read_item(reader, row) else { continue };
        if items.iter().any(|other| other.id == item.id) {
            reader.problem(&row, format!("item `{}` appears twice", item.id), None);
        }
        items.push(item);
    }
    items
}

fn read_item(reader: &mut Reader<'_>, row: Table<'_>) -> Option<Item> {
    reader.only(row, &["id", "citation", "title", "unit", "counts", "by", "fields"]);
    let id = reader.parsed(row, "id", "a name", |id| FactName::parse(id).map(|id| id.to_string()));
    let citation = reader.text(row, "citation");
    let title = reader.text(row, "title");
    let unit = reader.word(row, "unit");
    let counts = reader.word(row, "counts");
    let by: Vec<Breakdown> = reader.words(row, "by");
    if let (Some(unit), Some(counts)) = (unit, counts) {
        check_fit(reader, row, unit, counts, &by);
    }
    let mut fields = Vec::new();
    for (field, place) in reader.texts(row, "fields") {
        if FactName::parse(field).is_none() {
            reader.problem(&place, format!("`{field}` is not a name"), None);
        }
        fields.push(field.to_owned());
    }
    Some(Item { id: id?, citation: citation?, title: title?, unit: unit?, counts: counts?, by, fields })
}

/// What an item counts decides its units and by what it can be broken down: rows of one table say nothing of another.
fn check_fit(reader: &mut Reader<'_>, row: Table<'_>, unit: Unit, counts: Counted, by: &[Breakdown]) {
    let (units, breakdowns): (&[Unit], &[Breakdown]) = match counts {
        Counted::Requests => (&[Unit::Requests], &[Breakdown::Ground, Breakdown::Form]),
        Counted::Held | Counted::Transferred => (&[Unit::Individuals, Unit::Episodes], &[Breakdown::Authority]),
        Counted::Reimbursed => (&[Unit::Cases], &[]),
    };
    if !units.contains(&unit) {
        let hint = units.iter().map(|unit| format!("`{unit}`")).collect::<Vec<_>>().join(" or ");
        reader.problem(&row, format!("`{counts}` is not counted in `{unit}`"), Some(format!("count it in {hint}")));
    }
    for breakdown in by.iter().filter(|breakdown| !breakdowns.contains(breakdown)) {
        reader.problem(&row, format!("`{counts}` cannot be broken down by `{breakdown}`"), None);
    }
}
