//! The command line. Names of commands and options are stable; a command whose part comes later is absent.

mod keeping;
mod looking;
mod measuring;
mod receipts;

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;
use register::ids::{EpisodeId, PersonId, RequestId};
use register::time::{Days, Moment, Timestamp, Year};
use register::words::{Authority, Cause, Decided, Departure, Outcome, UnknownWord};

pub(crate) use keeping::{Backup, Restore, RotateMasterKey, ShowRetention};
pub(crate) use looking::{Read, Show, ShowReads, Viewing};
pub(crate) use measuring::{Load, Part};
pub(crate) use receipts::{GiveReceipt, Inquire, Of, ShowInquiries, Verify};

/// The system of record for cities with a Trust Act.
///
/// It registers every request that federal immigration authorities make to the city, says what the law in force answers
/// and why, records what people decided, files the yearly report, and publishes proof that strangers can check.
#[derive(Debug, Parser)]
#[command(name = "candor", version, arg_required_else_help = false, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

/// Who gives a command, and when.
#[derive(Debug, Clone, Args)]
pub(crate) struct Actor {
    /// Who gives the command, such as `person_lopez`; kept in the record
    #[arg(long = "as", value_name = "PERSON")]
    pub(crate) by: PersonId,
    /// Record time, in a demonstration register only: `2022-03-04T03:10-05:00`
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a new register in a folder
    Init(Init),
    /// Register papers from form files: all of them or none
    Receive(Receive),
    /// Answer a person who presents a paper and asks whether it is registered
    Inquire(Inquire),
    /// Show how inquiries were answered, and which are late
    Inquiries(ShowInquiries),
    /// Give a receipt of a request: a signed promise that its holder can check without the office
    Receipt(GiveReceipt),
    /// Ask the law: what does it answer to these facts, and why
    Ask(Ask),
    /// Record what a person decided about asks of a request, with the law's answer in hand
    Decide(Decide),
    /// Record what then happened
    Outcome(RecordOutcome),
    /// Show a stay in custody: what happened, since when the person was eligible for release, and what came after
    Custody(ShowCustody),
    /// Show who may do what on a day, and which assignments and federal designations are in force
    Staff(ShowStaff),
    /// Show what must be kept, which erasures wait for a second person, and what was erased
    Retention(ShowRetention),
    /// Carry out a file of register commands: all of them or none
    Record(Record),
    /// Show what is registered of a request: how it arrived, what it counts as, what became of it; nothing that it prints
    Show(Show),
    /// Read what a paper prints or a note says, one at a time: who reads it, and why, is recorded before it is shown
    Read(Read),
    /// Show who read what, when and why: of a request, by a person
    Reads(ShowReads),
    /// Take in a table that a jail or police department kept. Exit 3: some rows were refused, the others are recorded
    Import(Import),
    /// Grow the log by what waits, and sign it: once a day
    Grow(Grow),
    /// Go on though the clock stands before the record: an administrator says that it is right, and was wrong before
    Clock(TrustClock),
    /// Show how much of what should have been seen was seen, by unit and line, and what alarms stand
    Coverage(Coverage),
    /// Draw the report for a year as the register stands, without filing it
    Report(DrawReport),
    /// File the report for a year: provisional while the year lasts, closing after it
    File(FileReport),
    /// List the reports of every year: due, filed, late, acknowledged, restated
    Filings(ListFilings),
    /// Publish the log and all filings as static files
    Publish(Publish),
    /// Copy the register to a new folder, and its keys to a file beside it, while others may write
    Backup(Backup),
    /// Wrap every key of the vault under a new master key, so that the old one opens nothing any more
    RotateMasterKey(RotateMasterKey),
    /// Build a register from a backup, and check all of it before it is put into its place
    Restore(Restore),
    /// Try on a copy of the register what an accident would do to it
    #[command(subcommand)]
    Drill(Drill),
    /// Check a published folder, trusting nobody. Exit 1: a promise is broken; 2: something given cannot be read
    Verify(Verify),
    /// Work with law packs
    #[command(subcommand)]
    Law(Law),
    /// What auditors take along
    #[command(subcommand)]
    Audit(Audit),
    /// Show what was published before there was a register: year by year, the city's figures beside ICE's
    History {
        /// Law pack: an id, or the path of a folder
        pack: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Measure the law and the register on this machine, beside the machine's own limits and two policy engines
    Bench(Bench),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder of the register; new or empty
    pub(crate) dir: PathBuf,
    /// Law pack: an id, or the path of a folder
    #[arg(long)]
    pub(crate) pack: String,
    /// Origin line of the public log, such as `clerk.example.gov/trust`; cannot be changed later
    #[arg(long)]
    pub(crate) origin: Option<String>,
    /// Play invented rows: record time is what `--at` says, and everything published says so. Cannot be changed later
    #[arg(long)]
    pub(crate) demonstration: bool,
    /// File that describes a token (PKCS#11): its key seals the master key, which then never lies open on the disk
    #[arg(long, value_name = "FILE")]
    pub(crate) token: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Receive {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Form files
    #[arg(required = true)]
    pub(crate) forms: Vec<PathBuf>,
    /// Register each paper as a request of its own, also where the rules of counting call it another transmission
    #[arg(long)]
    pub(crate) new: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Law pack: an id, or the path of a folder
    pub(crate) pack: String,
    /// The day whose law is asked
    #[arg(long, value_parser = day)]
    pub(crate) on: Date,
    /// Fact file; without it, questions are asked one by one
    pub(crate) facts: Option<PathBuf>,
    /// Say also why the other rules do not bear on the answer
    #[arg(long)]
    pub(crate) why_not: bool,
    /// Language of the answer, where the pack has words in it
    #[arg(long)]
    pub(crate) language: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The request
    pub(crate) request: RequestId,
    /// Fact file; each ask takes the facts it reads
    #[arg(long)]
    pub(crate) facts: PathBuf,
    /// What was decided about an ask: `hold=declined`. Decisions: declined, honored, referred. May be repeated
    #[arg(long = "do", value_name = "ASK=DECISION", required = true, value_parser = decided)]
    pub(crate) decided: Vec<(law::Ask, Decided)>,
    /// The day whose law is asked; the day of arrival where left out
    #[arg(long, value_parser = day)]
    pub(crate) on: Option<Date>,
    /// When it was decided, where that was before now: what the register knows of custody is taken as of then
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) made_at: Option<Timestamp>,
    /// Public code of the reason, where a decision departs from the law's answer
    #[arg(long, requires = "reason_file", value_parser = words(Departure::ALL, Departure::code))]
    pub(crate) departure: Option<Departure>,
    /// File with the reason in full, which stays sealed
    #[arg(long, requires = "departure", value_name = "FILE")]
    pub(crate) reason_file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct RecordOutcome {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The request
    pub(crate) request: RequestId,
    /// What happened, such as `released-bail` or `unknown`
    #[arg(value_parser = words(Outcome::ALL, Outcome::code))]
    pub(crate) outcome: Outcome,
    /// When it happened: an instant with its offset, or a day
    #[arg(long)]
    pub(crate) when: Moment,
    /// For a transfer: the paper under which it was made
    #[arg(long, value_parser = words(Authority::ALL, Authority::code))]
    pub(crate) authority: Option<Authority>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct ShowCustody {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The stay in custody; without it, every delay after eligibility is listed, the longest first
    pub(crate) episode: Option<EpisodeId>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct ShowStaff {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The day; that of the last record where left out
    #[arg(long, value_parser = day)]
    pub(crate) on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct Record {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// File of commands
    pub(crate) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The table, as CSV with a header
    pub(crate) file: PathBuf,
    /// Which rows are requests, and how columns are read
    #[arg(long)]
    pub(crate) mapping: PathBuf,
    /// Do not ask the law: the table does not say what would be needed
    #[arg(long, required = true)]
    pub(crate) no_law: bool,
    /// Only requests that arrived in this year
    #[arg(long)]
    pub(crate) year: Option<Year>,
    /// File for refused rows: line and reason, never a cell. In the register's folder where left out
    #[arg(long, value_name = "FILE")]
    pub(crate) refused: Option<PathBuf>,
    /// Say how far it is, also where standard error is no terminal
    #[arg(long)]
    pub(crate) progress: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Grow {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// A year, a month, a day, or two days, both included: `2022`, `2022-03`, `2022-03-01..2022-03-31`
    #[arg(long, value_name = "DAYS")]
    pub(crate) period: Days,
    /// The state of the record, and the alarms, at this instant; the present ones where left out
    #[arg(long, value_parser = instant)]
    pub(crate) as_of: Option<Timestamp>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct DrawReport {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The year covered
    #[arg(long)]
    pub(crate) year: Year,
    /// The state of the record at this instant; the present one where left out
    #[arg(long, value_parser = instant)]
    pub(crate) as_of: Option<Timestamp>,
    /// Folder to write `report.json` and `report.html` to
    #[arg(long)]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct FileReport {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// The year covered
    #[arg(long)]
    pub(crate) year: Year,
    /// File a restatement of a year that is closed and filed, and say why. May be repeated
    #[arg(long, value_name = "CAUSE", value_parser = words(Cause::ALL, Cause::code))]
    pub(crate) restate: Vec<Cause>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Args)]
pub(crate) struct ListFilings {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// In a demonstration, the instant that is now; that of the last record where left out
    #[arg(long, value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Folder to publish to
    #[arg(long)]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrustClock {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Look at a clock that you trust first: until it comes up with the record, what happens is dated where that stands
    #[arg(long, required = true)]
    pub(crate) is_right: bool,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Drill {
    /// Kill the process that writes a copy of the register, again and again, and look whether anything acknowledged is lost
    Kill(Kill),
    /// The process that is killed
    #[command(hide = true)]
    Write {
        /// Folder of the copy
        copy: PathBuf,
        /// Who grows the copy
        #[arg(long = "as", value_name = "PERSON")]
        by: PersonId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Kill {
    /// Folder of the register; it is only read
    pub(crate) dir: PathBuf,
    /// Who grows the copy: somebody who may grow the register
    #[arg(long = "as", value_name = "PERSON")]
    pub(crate) by: PersonId,
    /// How often
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) rounds: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Law {
    /// Report all problems of packs at once: scenarios, conflicts, mutants that no scenario notices
    Check(CheckPacks),
    /// Answer every registered request under another text, and tell what would differ and why
    Replay(ReplayLaw),
    /// Print a pack as one HTML page that a lawyer can review: words, rules in plain English, scenarios, gaps
    Print {
        /// Law pack: an id, or the path of a folder
        pack: String,
        /// File to write; standard output where left out
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReplayLaw {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// A version of an act, by its first day or its draft's name: `trust-act@2014`. The law of other acts stays
    #[arg(long, value_name = "ACT@VERSION")]
    pub(crate) act: Option<String>,
    /// Another law pack: an id, or the path of a folder
    #[arg(long)]
    pub(crate) pack: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct CheckPacks {
    /// Law packs: ids, or paths of folders
    #[arg(required = true)]
    pub(crate) packs: Vec<String>,
    /// Leave the mutants out: they take most of the time
    #[arg(long)]
    pub(crate) no_mutants: bool,
    /// Print the counts and the digest of every ask on every day of change
    #[arg(long)]
    pub(crate) space: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Law pack: an id, or the path of a folder
    #[arg(default_value = "us-ma-boston")]
    pub(crate) pack: String,
    /// The day whose law is measured
    #[arg(long, value_parser = day, default_value = "2022-06-14")]
    pub(crate) on: Date,
    /// The program that asks Cedar and regorus the same, as `./bench` builds it; the pack is then a folder
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) peers: Option<PathBuf>,
    /// How much of the register is measured
    #[arg(long, value_enum, default_value_t = Load::Full)]
    pub(crate) load: Load,
    /// Where a register is made to be measured, and removed again; the system's temporary folder where left out
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// One part alone, in this process, by the bench itself
    #[arg(long, hide = true, requires = "folder")]
    pub(crate) part: Option<Part>,
    /// Rounds of each measurement
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) rounds: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Write an auditor's bag: every leaf with its key and what it says. Hand it to a sworn auditor only
    Bag {
        /// Folder of the register
        dir: PathBuf,
        /// File to write
        #[arg(long)]
        out: PathBuf,
    },
}

/// One word of a closed list; `help` shows the list.
fn words<T>(all: &'static [T], code: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static + FromStr<Err = UnknownWord>,
{
    PossibleValuesParser::new(all.iter().map(move |word| code(*word))).try_map(|text| text.parse::<T>())
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "expected a day such as `2022-03-04`".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected an instant with its offset, such as `2022-03-04T03:10-05:00`".to_owned())
}

fn decided(text: &str) -> Result<(law::Ask, Decided), String> {
    let (ask, decision) = text.split_once('=').ok_or_else(|| format!("expected `ASK=DECISION`, got `{text}`"))?;
    let ask = law::Ask::parse(ask).ok_or_else(|| {
        let asks: Vec<&str> = law::Ask::ALL.iter().map(|ask| ask.code()).collect();
        format!("unknown ask `{ask}` (hint: one of {})", asks.join(", "))
    })?;
    Ok((ask, decision.parse().map_err(|error: UnknownWord| error.to_string())?))
}
