//! The bytes of every version of every kind, pinned. `BLESS=1 cargo test -p register --test golden` writes them anew;
//! a published version is never edited, so a change to a file that was ever released is a mistake.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a file that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "golden files are read from disk")]

mod samples;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use law::Pack;
use register::event::Event;
use register::report::from_rows;
use register::row::Row;
use register::wire;
use register::words::{Ground, Measure, ReportFormat};

#[test]
fn every_event_is_written_in_its_golden_bytes_and_read_back() {
    let mut names = BTreeSet::new();
    for (name, recorded) in samples::events() {
        let text = golden(&format!("events/{name}.json"), &format!("{}\n", wire::encode(&recorded)));
        assert_eq!(wire::decode(text.trim_end_matches('\n')), Ok(recorded), "{name}");
        names.insert(name.to_owned());
    }
    each_version_is_there("events", &names, include_str!("../src/wire/event.rs"), "enum EventWire {");
}

#[test]
fn every_row_is_written_in_its_golden_bytes_and_read_back() {
    let mut names = BTreeSet::new();
    for (name, row) in samples::rows() {
        let text = golden(&format!("rows/{name}.json"), &format!("{}\n", wire::encode_row(&row)));
        assert_eq!(wire::decode_row(text.trim_end_matches('\n')), Ok(row), "{name}");
        names.insert(name.to_owned());
    }
    each_version_is_there("rows", &names, include_str!("../src/wire/closing.rs"), "enum RowWire {");
}

#[test]
fn the_report_of_the_sample_rows_is_written_in_its_golden_bytes() {
    let of_one_period =
        |row: &Row| !matches!(row, Row::Period(period) if period.provisional_on.is_none() || period.restates.is_some());
    let rows: Vec<Row> = samples::rows().into_iter().map(|(_, row)| row).filter(of_one_period).collect();
    let first: Vec<Row> = rows
        .iter()
        .filter(|row| !matches!(row, Row::Withheld(_)) && !wire::encode_row(row).contains("request/2"))
        .cloned()
        .collect();
    for (format, name) in [(ReportFormat::V1, "report.json"), (ReportFormat::V2, "report-2.json")] {
        // No report of the first format has a row of the second version, or withheld ones.
        let rows = if format == ReportFormat::V1 { &first } else { &rows };
        let report = from_rows(format, &small_pack(), "candor.example/demonstration", rows, None).unwrap();
        golden(name, &wire::encode_report(&report, format));
    }
}

/// A report that was filed must come out the same for ever, whatever words join the lists later.
#[test]
fn the_lists_of_each_report_format_are_pinned() {
    #[rustfmt::skip]
    let first = (
        ["final-order", "pending-proceedings", "biometric-match", "statements", "resume-custody"].as_slice(),
        ["transmissions", "asks-decided", "outcomes-known", "bookings-answered", "line-hours-proven", "gateway-accounted",
         "tours-reported", "inquiries-found"].as_slice(),
    );
    let more = ["carrier-accounted", "arrivals-read", "bookings-counted"];
    let second = [first.1, more.as_slice()].concat();
    let pinned = [(ReportFormat::V1, first, None), (ReportFormat::V2, (first.0, second.as_slice()), Some(1))];
    assert_eq!(pinned.map(|(format, _, _)| format), ReportFormat::ALL, "a format whose lists are not pinned");
    for (format, (grounds, measures), rules) in pinned {
        assert_eq!(format.counting().map(register::counting::Edition::number), rules, "{format}");
        assert_eq!(format.grounds().iter().map(|word| word.code()).collect::<Vec<_>>(), grounds, "{format}");
        assert_eq!(format.measures().iter().map(|word| word.code()).collect::<Vec<_>>(), measures, "{format}");
    }
    // A word that joins a list is shown by no format that was there before it, so it comes with a new one.
    assert_eq!(ReportFormat::LATEST.grounds(), Ground::ALL);
    assert_eq!(ReportFormat::LATEST.measures(), Measure::ALL);
}

#[test]
fn a_filing_and_an_answer_are_written_as_their_events_write_them() {
    for (name, recorded) in samples::events() {
        let text = wire::encode(&recorded);
        // A slot names its own version around the same bytes.
        let written = |slot: &str, kind: &str| {
            let inner = slot.strip_prefix(&format!("{{\"{kind}\":")).and_then(|rest| rest.strip_suffix('}'));
            inner.is_some_and(|inner| text.contains(inner))
        };
        if let Event::ReportFiled(filing) = &recorded.event {
            let alone = wire::encode_filing(filing);
            assert!(written(&alone, "filing/1"), "{name}");
            assert_eq!(wire::decode_filing(&alone).as_ref(), Ok(filing), "{name}");
        }
        if let Event::DecisionMade { decision, .. } = &recorded.event {
            assert!(written(&wire::encode_answer(decision), "answer/1"), "{name}");
            assert!(written(&wire::encode_facts(&decision.facts), "facts/1"), "{name}");
        }
    }
}

/// The same value in any other bytes, or bytes of no value, are refused: what, how to change the golden text, why.
#[test]
fn other_bytes_are_refused() {
    let received = "request-received-1.full";
    #[rustfmt::skip]
    let cases = [
        ("agency-registered-1", "{\"seq\"",       "{ \"seq\"",                    "the same value is written differently"),
        ("agency-registered-1", "\"}}}",          "\"}}}\n",                      "the same value is written differently"),
        ("agency-registered-1", "\"}}}",          "\"}}}{}",                      "trailing characters"),
        ("agency-registered-1", "\"}}}",          "\"}}",                         "EOF while parsing"),
        ("agency-registered-1", "\"seq\":2,",     "",                             "missing field `seq`"),
        ("agency-registered-1", "\"seq\":2",      "\"seq\":-2",                   "invalid value"),
        ("agency-registered-1", "\"seq\":2",      "\"seq\":2.0",                  "invalid type"),
        ("agency-registered-1", "\"seq\":2",      "\"seq\":18446744073709551616", "invalid"),
        ("agency-registered-1", "\"seq\":2",      "\"seq\":2,\"seq\":2",          "duplicate field"),
        ("agency-registered-1", "\"seq\":2",      "\"seq\":2,\"more\":1",         "unknown field `more`"),
        ("agency-registered-1", "\"by\":\"person_desk\",", "",                    "missing field `by`"),
        ("agency-registered-1", "\"seq\":2,\"at\":\"2022-06-01T00:00:02Z\"", "\"at\":\"2022-06-01T00:00:02Z\",\"seq\":2", "the same value is written differently"),
        ("agency-registered-1", "02Z\"",          "02+00:00\"",                   "the same value is written differently"),
        ("agency-registered-1", "02Z\"",          "02.0Z\"",                      "the same value is written differently"),
        ("agency-registered-1", "02Z\"",          "02\"",                         "failed to"),
        ("agency-registered-1", "person_desk",    "ind_desk",                     "starting with `person_`"),
        ("agency-registered-1", "agency_police",  "unit_police",                  "starting with `agency_`"),
        ("agency-registered-1", "Police Dep",     "Police\\u0020Dep",             "the same value is written differently"),
        ("agency-registered-1", "Police Dep",     "Police; Dep",                  "expected a label"),
        ("agency-registered-1", "registered/1",   "registered/2",                 "unknown variant"),
        ("agency-registered-1", "registered/1",   "registered",                   "unknown variant"),
        ("agency-registered-1", "\"name\"",       "\"note\":\"x\",\"name\"",      "unknown field `note`"),
        (received,              "\"edition\":\"02/17\",", "",                     "the same value is written differently"),
        (received,              "\"02/17\"",      "\"Feb 2017\"",                 "expected an edition"),
        (received,              "\"issued_on\":\"2022-06-13\"", "\"issued_on\":\"2022-06-13T00:00\"", "the same value is written differently"),
        (received,              "\"issued_on\":\"2022-06-13\"", "\"issued_on\":\"2022-02-30\"", "parsed date is not valid"),
        (received,              "\"i-247a\"",     "\"I-247A\"",                   "unknown form"),
        (received,              "\"i-247a\"",     "\"i-247b\"",                   "unknown form"),
        (received,              "\"hold\"",       "\"hold \"",                    "unknown ask"),
        (received,              "\"grounds\":[",  "\"grounds\":[\"caption\",",    "unknown ground"),
        (received,              "\"line_d4\"",    "\"req_1\"",                    "starting with `line_`"),
        (received,              "05:12:00Z",      "01:12:00-04:00",               "the same value is written differently"),
        (received,              "05:12:00Z",      "05:12:00",                     "expected an instant"),
        ("decision-made-1.departing", "\"departure\":{", "\"departure\":{\"reason\":\"he said so\",", "unknown field `reason`"),
        ("decision-made-1.departing", "5a5a\",\"decided\"", "5A5A\",\"decided\"", "no hash of a law pack"),
        ("decision-made-1.departing", "\"prohibited\"", "\"must-hold\"",          "unknown answer"),
        ("tree-grown-1",        "BwcH",           "Bwc",                          "is not a hash"),
        ("year-closed-1",       "\"year\":\"2022\"", "\"year\":\"22\"",           "expected a year"),
        ("year-closed-1",       "\"year\":\"2022\"", "\"year\":\"0202\"",         "expected a year"),
        ("year-closed-1",       "\"year\":\"2022\"", "\"year\":2022",             "invalid type"),
        ("report-filed-1.closing", "\"opens\":[0,32]", "\"opens\":[0]",           "invalid length"),
        ("record-erased-1.schedule", "[5,24,36]", "[24,5,36]",                    "the same value is written differently"),
        ("record-erased-1.schedule", "[5,24,36]", "[5,24,24,36]",                 "the same value is written differently"),
        ("record-erased-1.schedule", "\"ind_1\",\"req_1\"", "\"req_1\",\"ind_1\"", "the same value is written differently"),
        ("vault-read-1.paper",  "\"file_number\",\"name\"", "\"name\",\"file_number\"", "the same value is written differently"),
        ("vault-read-1.paper",  "\"name\",",      "\"name\",\"name\",",          "the same value is written differently"),
        ("vault-read-1.paper",  "2.name",         "02.name",                      "unknown sealed field"),
        ("vault-read-1.paper",  "2.name",         "1.name",                       "unknown sealed field"),
        ("vault-read-1.paper",  "2.name",         "2.edition",                    "unknown sealed field"),
        ("vault-read-1.paper",  "paper_1",        "req_1",                        "expected the id of a paper or a note"),
        ("vault-read-1.paper",  "casework",       "curiosity",                    "unknown reason"),
        ("report-filed-1.closing", "\"files\":{", "\"files\":{\"a\":\"00\",",     "64 lower-case hex"),
    ];
    let samples = samples::events();
    for (name, from, to, why) in cases {
        let (_, recorded) = samples.iter().find(|(sample, _)| *sample == name).unwrap();
        let text = wire::encode(recorded);
        assert!(text.contains(from), "{name} has no `{from}`: {text}");
        let changed = text.replacen(from, to, 1);
        let error = wire::decode(&changed).unwrap_err().to_string();
        assert!(error.starts_with("no canonical event: ") && error.contains(why), "{name}, `{to}`: {error}");
    }
}

#[test]
fn other_bytes_of_a_row_are_refused() {
    #[rustfmt::skip]
    let cases = [
        ("request-1.no-ground", "[]",          "null",                 "invalid type"),
        ("request-1.no-ground", "2022-06",     "2022-6",               "expected a month"),
        ("request-1.no-ground", "2022-06",     "2022-13",              "expected a month"),
        ("request-1.no-ground", "2022-06",     "2022-06-14",           "expected a month"),
        ("request-1.no-ground", "request/1",   "request/3",            "unknown variant"),
        ("request-1.no-ground", "request/1",   "request/2",            "missing field `counting`"),
        ("request-2",           "unclear",     "counted",              "the same value is written differently"),
        ("request-2",           "unclear",     "not-counted",          "`i-247a` cannot count so"),
        ("request-2",           "i-247a",      "other",                "`other` cannot count so"),
        ("request-2",           "i-247a",      "i-247n",               "the same value is written differently"),
        ("request-2",           "unclear",     "doubtful",             "unknown counting"),
        ("request-1.no-ground", "{\"month\"",  "{\"request\":\"req_1\",\"month\"", "unknown field `request`"),
        ("outcome-1",           "}}",          "},\"reimbursed/1\":{\"cents\":1}}", "expected"),
        ("held-1",              "criminal-warrant\",\"", "criminal-warrant\", \"", "the same value is written differently"),
        ("period-1.no-letter",  "BwcHBwcHB",   "BwcHBwcH",             "is not a hash"),
        ("period-1.no-letter",  "5a5a\"",      "5A5A\"",               "no hash of a law pack"),
        ("period-1.no-letter",  "\"provisional_on\":null,", "",        "the same value is written differently"),
        ("reimbursed-1",        "123456",      "123456.0",             "invalid type"),
        ("reimbursed-1",        "123456",      "-1",                   "invalid value"),
    ];
    let samples = samples::rows();
    for (name, from, to, why) in cases {
        let (_, row) = samples.iter().find(|(sample, _)| *sample == name).unwrap();
        let text = wire::encode_row(row);
        assert!(text.contains(from), "{name} has no `{from}`: {text}");
        let error = wire::decode_row(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.starts_with("no canonical closing row: ") && error.contains(why), "{name}, `{to}`: {error}");
    }
    for text in ["", "null", "[]", "\"period/1\"", "{}", "\u{feff}{}", "{\"period/1\":null}"] {
        assert!(wire::decode_row(text).is_err() && wire::decode(text).is_err(), "{text}");
    }
}

/// The text of a golden file, which must be `expected`.
fn golden(name: &str, expected: &str) -> String {
    let path = folder().join(name);
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, expected).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(text, expected, "{name}");
    text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Every version in the source has a golden file, and every golden file is of a sample.
fn each_version_is_there(kind: &str, names: &BTreeSet<String>, source: &str, list: &str) {
    let body = source.split_once(list).unwrap().1.split_once("\n}").unwrap().0;
    let versions =
        body.lines().filter_map(|line| line.trim().strip_prefix("#[serde(rename = \"")?.strip_suffix("\")]"));
    for version in versions {
        let file = version.replace('/', "-");
        let covered = names.iter().any(|name| name.split('.').next() == Some(file.as_str()));
        assert!(covered, "{kind}: `{version}` has no golden file");
    }
    for entry in std::fs::read_dir(folder().join(kind)).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(file.trim_end_matches(".json")), "{kind}: `{file}` is of no sample");
    }
}

/// An invented law with one item of each kind, so that the golden report changes with no real pack.
fn small_pack() -> Pack {
    let item = |counts: &str, unit: &str, by: &str| {
        format!(
            "[[item]]\nid = \"{counts}\"\ncitation = \"Section 3\"\ntitle = \"Of {counts}\"\nunit = \"{unit}\"\n\
             counts = \"{counts}\"\n{by}fields = []\n"
        )
    };
    let report = [
        "title = \"Count\"\nstatus = \"missing\"\nnil = \"not-stated\"\n[due]\nmonth = 12\nday = 31\nyear = \"same\"\n"
            .to_owned(),
        item("requests", "requests", "by = [\"ground\", \"form\"]\n"),
        item("held", "individuals", "by = [\"authority\"]\n"),
        item("transferred", "individuals", ""),
        item("reimbursed", "cases", ""),
    ];
    let pack = "id = \"test\"\ntitle = \"An invented law\"\nversion = \"1\"\njurisdiction = \"Nowhere\"\n\
                layers = [\"city\"]\nreview = \"none\"\n[sources]\nbook = \"the book\"\n";
    let facts = "[ask.hold]\nsays = \"hold the person\"\ndefault = \"Release on time.\"\nfacts = [\"asked\"]\n\
                 [fact.asked]\nquestion = \"Is it asked?\"\nsays = \"it is asked\"\n";
    let reported = "[[reported]]\nyear = 2022\nrequests = 12\nby = \"city\"\nsource = \"a newspaper\"\n\
                    rows = \"unavailable\"\n";
    let files = [
        ("pack.toml", pack.to_owned()),
        ("facts.toml", facts.to_owned()),
        ("calendar.toml", "time_zone = \"America/New_York\"\n".to_owned()),
        ("report.toml", report.concat()),
        ("history.toml", reported.to_owned()),
    ];
    Pack::load(&files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()).unwrap()
}
