//! A receipt on paper: its QR code, and a page that can be printed. The sentences stand in `templates/card.html`.
//!
//! The code holds the very text of the receipt, so what a phone reads from it is what `candor verify --receipt` takes.

use anyhow::{Context as _, Result};
use askama::Template;
use qrcodegen::{QrCode, QrCodeEcc};
use register::inquiry::InquiryAnswer;
use register::receipt::{Said, SignedSlip};
use register::words::Mode;

/// Light modules around a code, as ISO/IEC 18004 wants them.
const QUIET: i32 = 4;

/// The QR code of a receipt.
pub(crate) struct Code(QrCode);

/// The code of a receipt's text.
///
/// # Errors
/// When the text is too long for one: an origin of more than a thousand characters.
pub(crate) fn code(text: &str) -> Result<Code> {
    let code = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Medium);
    // A longer origin takes a code that stands less dirt.
    let code = code.or_else(|_| QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Low));
    code.ok().map(Code).context("the receipt is too long for one QR code (hint: the log's origin is very long)")
}

impl Code {
    /// 1 to 40; the code has 17 and 4 times as many modules on a side.
    pub(crate) fn version(&self) -> u8 {
        self.0.version().value()
    }

    /// The code as an image of its own, with its quiet zone.
    pub(crate) fn svg(&self) -> String {
        let size = self.0.size() + 2 * QUIET;
        let mut path = String::new();
        for y in 0..self.0.size() {
            let mut x = 0;
            while x < self.0.size() {
                let run = (x..self.0.size()).take_while(|at| self.0.get_module(*at, y)).count();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
                }
                x += i32::try_from(run).unwrap_or(0) + 1;
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" \
             role=\"img\" aria-label=\"QR code of the receipt\"><rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/>\
             <path d=\"{path}\" fill=\"#000\"/></svg>\n"
        )
    }
}

/// What a page is made from.
pub(crate) struct Card<'a> {
    /// The receipt's text.
    pub(crate) text: &'a str,
    /// Its code.
    pub(crate) code: &'a Code,
    /// When it was promised, as the register's clock shows it.
    pub(crate) promised: &'a str,
    /// Until when.
    pub(crate) until: &'a str,
}

#[derive(Template)]
#[template(path = "card.html")]
struct Page<'a> {
    demonstration: bool,
    /// The answer to an inquiry, and the rule it follows from; none of a receipt.
    answer: Option<(&'static str, &'static str)>,
    counts: bool,
    origin: &'a str,
    promised: &'a str,
    until: &'a str,
    svg: String,
    lines: Vec<&'a str>,
}

/// The page.
pub(crate) fn page(card: &Card<'_>) -> Result<String> {
    let slip = SignedSlip::parse(card.text)?.slip;
    let page = Page {
        demonstration: slip.mode == Mode::Demonstration,
        answer: match slip.said {
            Said::Receipt => None,
            Said::Answer(InquiryAnswer::Registered, rule) => Some(("registered", rule.title())),
            Said::Answer(InquiryAnswer::NotRegistered, rule) => Some(("not registered", rule.title())),
            Said::Answer(InquiryAnswer::CannotTell, rule) => Some(("cannot be told", rule.title())),
        },
        counts: slip.proof.year.is_some(),
        origin: &slip.origin,
        promised: card.promised,
        until: card.until,
        svg: card.code.svg(),
        lines: card.text.lines().collect(),
    };
    page.render().context("failed to write the page")
}
