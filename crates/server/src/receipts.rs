//! `candor receipt`, and `candor inquire`, whose answer can be signed as a receipt is.
//!
//! What is promised is committed first: the text is signed from what the register then holds.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use register::event::{Event, Recorded};
use register::inquiry::InquiryEvent;
use register::receipt::{PROMISED_WITHIN, ReceiptEvent, Said};
use register::request::{Change, PaperField};
use register::state::RequestState;
use register::time::Timestamp;

use crate::app::{App, Done, Job, Submission};
use crate::card::{self, Card};
use crate::cli::{self, Actor, Of};
use crate::packs::Problems;
use crate::writer::Writer;
use crate::{files, paper, people, screen};

/// What is signed, and of which event's leaf.
struct Promise {
    seq: u64,
    said: Said,
    promised_at: Timestamp,
    /// Whether what identifies the paper was corrected since.
    corrected: bool,
}

/// Gives a receipt of a request, or has the answer to an inquiry signed.
pub(crate) fn give(arguments: &cli::GiveReceipt) -> Result<()> {
    let writer = Writer::start(App::open(&arguments.dir)?);
    let job = match arguments.of.clone() {
        Of::Request(request) => Job::GiveReceipt(request),
        Of::Inquiry(inquiry) => Job::SignAnswer(inquiry),
    };
    let done = submit(&writer, &arguments.actor, vec![job], Vec::new())?;
    let given_at = done.recorded.iter().find_map(|recorded| {
        if let Event::Receipt(ReceiptEvent::ReceiptGiven(given)) = &recorded.event {
            Some(given.promised_at)
        } else {
            None
        }
    });
    let of = arguments.of.clone();
    let (text, promise) = writer.look(move |app| -> Result<_> {
        let promise = promise(app, &of, given_at)?;
        Ok((app.signed_slip(promise.seq, promise.said, promise.promised_at)?, promise))
    })??;
    files::write_private(&arguments.to, text.as_bytes())?;
    let code = card::code(&text)?;
    if let Some(svg) = &arguments.svg {
        files::write_private(svg, code.svg().as_bytes())?;
    }
    if let Some(html) = &arguments.html {
        let promised_at = promise.promised_at;
        let (until, zone) = writer.look(move |app| local(app, promised_at))?;
        let page = card::page(&Card { text: &text, code: &code, promised: &zone, until: &until })?;
        files::write_private(html, page.as_bytes())?;
    }
    let version = code.version();
    if arguments.json {
        return screen::print_json(&serde_json::json!({
            "receipt": arguments.to.display().to_string(),
            "promised_at": promise.promised_at.to_string(),
            "bytes": text.len(),
            "qr_version": version,
        }));
    }
    let what = match promise.said {
        Said::Receipt => "receipt",
        Said::Answer(..) => "signed answer",
    };
    let (bytes, to) = (text.len(), arguments.to.display());
    screen::show(&format!("wrote the {what}: {to} ({bytes} bytes, one QR code of version {version})\n"))?;
    if promise.corrected {
        screen::show(
            "the form, its date or a number was corrected since: the receipt is of the paper as it was read first, so held against \
             the paper it may be called another's (hint: tell its holder)\n",
        )?;
    }
    screen::show(&new_key(&done, &arguments.dir))
}

/// What is promised of a request at the instant that was recorded, or was answered to an inquiry.
fn promise(app: &App, of: &Of, given_at: Option<Timestamp>) -> Result<Promise> {
    match of {
        Of::Request(request) => {
            let state = app.register().requests.get(request).context("the request is not in the register")?;
            let read_first = state.first_read() == (state.request.form, state.request.issued_on);
            Ok(Promise {
                seq: state.seq,
                said: Said::Receipt,
                promised_at: given_at.context("no receipt was recorded")?,
                corrected: !read_first || number_corrected(state),
            })
        }
        Of::Inquiry(inquiry) => {
            let standing = app.register().standing_answer(inquiry);
            let (seq, given, promised_at) = standing.map_err(|refusal| anyhow!("{refusal}"))?;
            let said = Said::Answer(given.answer.answer, given.answer.rule);
            Ok(Promise { seq, said, promised_at, corrected: false })
        }
    }
}

/// Answers a person who presents a paper.
pub(crate) fn inquire(arguments: &cli::Inquire) -> Result<()> {
    let name = arguments.form.display().to_string();
    let paper = paper::read(&name, &files::read_text(&arguments.form)?).map_err(Problems)?;
    let writer = Writer::start(App::open(&arguments.dir)?);
    let mut jobs = vec![Job::Inquire(Box::new(paper))];
    if arguments.to.is_some() {
        jobs.insert(0, Job::CertifyReceiptKey);
    }
    let places = vec![name; jobs.len()];
    let done = submit(&writer, &arguments.actor, jobs, places)?;
    let presented = done
        .recorded
        .iter()
        .find(|recorded| matches!(recorded.event, Event::Inquiry(InquiryEvent::InquiryReceived(_))));
    let answered = done.recorded.iter().find_map(|recorded| {
        if let Event::Inquiry(InquiryEvent::InquiryAnswered(given)) = &recorded.event { Some(given) } else { None }
    });
    let given = answered.context("the inquiry was not answered")?;
    if let Some(to) = &arguments.to {
        let Recorded { seq, at, .. } = *presented.context("the inquiry was not recorded")?;
        let said = Said::Answer(given.answer.answer, given.answer.rule);
        let text = writer.look(move |app| app.signed_slip(seq, said, at))??;
        files::write_private(to, text.as_bytes())?;
    }
    screen::show(&people::answer(given, arguments.json))?;
    match &arguments.to {
        Some(to) if !arguments.json => {
            screen::show(&format!("wrote the signed answer: {}\n{}", to.display(), new_key(&done, &arguments.dir)))
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether a number that a paper prints was read wrongly at first.
fn number_corrected(state: &RequestState) -> bool {
    let changes = state.corrections.iter().flat_map(|correction| &correction.changes);
    let sealed =
        changes.filter_map(|change| if let Change::Sealed { field, .. } = change { Some(field) } else { None });
    sealed.into_iter().any(|field| PaperField::NUMBERS.contains(field))
}

/// What to do about a receipt key that was made just now.
fn new_key(done: &Done, dir: &Path) -> String {
    let made = |recorded: &Recorded| matches!(recorded.event, Event::Receipt(ReceiptEvent::KeyCertified(_)));
    if !done.recorded.iter().any(made) {
        return String::new();
    }
    format!(
        "a key that signs receipts was made and certified: {} (hint: keep a copy in the safe where the log's key is)\n",
        dir.join("secrets").join(crate::receipt_key::FILE).display()
    )
}

/// Until when something is promised, and when it was, as the register's clock shows it.
fn local(app: &App, promised_at: Timestamp) -> (String, String) {
    let until = promised_at.saturating_add(PROMISED_WITHIN).unwrap_or(promised_at);
    let shown = |at| screen::local(app.register(), at);
    (shown(until), shown(promised_at))
}

fn submit(writer: &Writer, actor: &Actor, jobs: Vec<Job>, places: Vec<String>) -> Result<Done> {
    let submission = Submission { by: actor.by.clone(), at: actor.at, jobs, places };
    Ok(writer.submit(submission)??)
}
