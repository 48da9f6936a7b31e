//! `candor law replay`: what the register's requests would be answered under another text, and the sentences that make
//! the difference. Reads the register beside its writer and changes nothing.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use jiff::civil::Date;
use law::{ActVersion, Ask, Doubt, Facts, Law, Outcome, Pack, Phrases, Placed, Says};
use register::Register;
use register::class::Sees;
use register::ids::RequestId;

use crate::app::opened;
use crate::cli;
use crate::decoding::replay;
use crate::packs::{self, Problems};
use crate::screen::{print_json, show, wrapped};
use crate::store::Store;
use crate::view;

/// One ask of one request: as it was decided, or as nothing is known where nobody decided.
struct Case<'r> {
    request: &'r RequestId,
    ask: Ask,
    on: Date,
    facts: BTreeMap<String, String>,
    decided: bool,
}

/// One ask under both texts.
struct Compared<'r, 'p> {
    case: Case<'r>,
    in_force: Answered<'p>,
    instead: Answered<'p>,
}

/// What one text answers.
struct Answered<'p> {
    /// One word, or those still possible.
    says: Vec<Says>,
    /// The rules it rests on and those that cast doubt.
    rules: Vec<Placed<'p>>,
    /// What no rule says: that nothing is loaded, that a first day is not known, that facts are missing.
    notes: Vec<String>,
}

/// Answers every registered request under another text and tells the differences.
pub(crate) fn replay_law(arguments: &cli::ReplayLaw) -> Result<()> {
    let store = Store::open_read_only(&arguments.dir)?;
    let register = replay(&store, None)?;
    let sees = view::sees(&register, &arguments.viewing)?;
    let pack = packs::kept(&arguments.dir, &opened(&register)?.pack)?;
    let other = match &arguments.pack {
        Some(name) => packs::load(&packs::find(name)?)?,
        None => pack.clone(),
    };
    let act = arguments.act.as_deref().map(|name| version(&other, name)).transpose()?;
    if act.is_none() && arguments.pack.is_none() {
        bail!("nothing to replay under (hint: give `--act trust-act@2014`, or `--pack PACK`)");
    }
    let compared: Vec<Compared<'_, '_>> =
        cases(&register).into_iter().map(|case| compare(case, &pack, &other, act.as_ref())).collect::<Result<_>>()?;
    let under = act.as_ref().map_or_else(|| format!("{} version {}", other.id, other.version), ToString::to_string);
    if arguments.json {
        return print_json(&json(&pack, &under, &compared, &sees));
    }
    show(&summary(&pack, &under, &compared))?;
    compared.iter().filter(|one| one.differs()).try_for_each(|one| show(&one.shown()))
}

fn version(pack: &Pack, name: &str) -> Result<ActVersion> {
    ActVersion::find(&pack.sections, name).map_err(|refused| match refused.hint {
        Some(hint) => anyhow!("{} (hint: {hint})", refused.message),
        None => anyhow!("{}", refused.message),
    })
}

/// Every ask of every request, in the order of arrival.
fn cases(register: &Register) -> Vec<Case<'_>> {
    let mut requests: Vec<_> = register.requests.values().collect();
    let arrived = |state: &register::state::RequestState| register.arrived_on(state);
    requests.sort_by_key(|state| (arrived(state), state.request.id.clone()));
    let of_request = |state| {
        let state: &register::state::RequestState = state;
        state.request.asks.iter().map(move |ask| match state.decisions.get(ask) {
            Some(made) => Case {
                request: &state.request.id,
                ask: *ask,
                on: made.decision.on,
                facts: made.decision.facts.clone(),
                decided: true,
            },
            None => Case {
                request: &state.request.id,
                ask: *ask,
                on: arrived(state),
                facts: BTreeMap::new(),
                decided: false,
            },
        })
    };
    requests.into_iter().flat_map(of_request).collect()
}

fn compare<'r, 'p>(
    case: Case<'r>,
    pack: &'p Pack,
    other: &'p Pack,
    act: Option<&ActVersion>,
) -> Result<Compared<'r, 'p>> {
    let facts = pack.facts(case.ask, &case.facts).map_err(Problems)?;
    let in_force = Answered::of(&Law::on(pack, case.ask, case.on).answer(&facts));
    let law = match act {
        Some(act) => Law::under(other, case.ask, case.on, act),
        None => Law::on(other, case.ask, case.on),
    };
    let instead = Answered::of(&law.answer(&known_to(other, &case)?));
    Ok(Compared { case, in_force, instead })
}

/// The facts recorded that another pack reads too. What it does not know is not known to it.
fn known_to(pack: &Pack, case: &Case<'_>) -> Result<Facts> {
    let one = |name: &String, answer: &String| {
        pack.facts(case.ask, &BTreeMap::from([(name.clone(), answer.clone())])).is_ok()
    };
    let known = case.facts.iter().filter(|(name, answer)| one(name, answer));
    let known: BTreeMap<String, String> = known.map(|(name, answer)| (name.clone(), answer.clone())).collect();
    Ok(pack.facts(case.ask, &known).map_err(Problems)?)
}

impl<'p> Answered<'p> {
    fn of(outcome: &Outcome<'p>) -> Self {
        let phrases = Phrases::english();
        match outcome {
            Outcome::Answered(answer) => {
                let (mut rules, mut notes) = (answer.because.clone(), Vec::new());
                for doubt in &answer.doubts {
                    match doubt {
                        Doubt::Unclear { placed, .. } => rules.push(*placed),
                        Doubt::NotLoaded | Doubt::FirstDay { .. } | Doubt::Conflict { .. } => {
                            notes.push(phrases.doubt(doubt));
                        }
                    }
                }
                Self { says: vec![answer.says], rules, notes }
            }
            Outcome::StillPossible(open) => {
                let facts: Vec<&str> = open.open.iter().map(|one| one.fact.name.as_str()).collect();
                let notes = vec![format!("it depends on facts not recorded: {}", facts.join(", "))];
                Self { says: open.possible.clone(), rules: Vec::new(), notes }
            }
        }
    }

    fn says(&self) -> String {
        self.says.iter().map(|says| law::say::says(*says)).collect::<Vec<_>>().join(" or ")
    }

    /// The rules that the other text does not rest on.
    fn apart_from<'a>(&'a self, other: &'a Answered<'_>) -> impl Iterator<Item = &'a Placed<'p>> {
        self.rules.iter().filter(|placed| !other.rules.iter().any(|one| one.rule.id == placed.rule.id))
    }
}

impl Compared<'_, '_> {
    fn differs(&self) -> bool {
        self.in_force.says != self.instead.says
    }

    fn shown(&self) -> String {
        let Case { request, ask, on, decided, .. } = &self.case;
        let undecided = if *decided { "" } else { ", not decided: nothing known" };
        let mut text =
            format!("\n{request} {ask} on {on}{undecided}: {}, not {}\n", self.instead.says(), self.in_force.says());
        for (label, one, other) in
            [("in force", &self.in_force, &self.instead), ("instead", &self.instead, &self.in_force)]
        {
            for placed in one.apart_from(other) {
                text.push_str(&wrapped(2, label, &sentence(placed)));
            }
            for note in &one.notes {
                text.push_str(&wrapped(2, label, note));
            }
            if one.rules.is_empty() && one.notes.is_empty() {
                text.push_str(&wrapped(2, label, "the law of the day is silent: no rule speaks of this"));
            }
        }
        text
    }
}

/// The rule, its source, and the words or the doubt that make it.
fn sentence(placed: &Placed<'_>) -> String {
    let (rule, section) = (placed.rule, placed.section);
    let words = rule.words.as_ref().map(|words| format!("“{words}”"));
    let said = words.or_else(|| rule.unclear.clone()).unwrap_or_else(|| section.title.clone());
    format!("{} ({}): {said}", rule.id, section.citation)
}

fn summary(pack: &Pack, under: &str, compared: &[Compared<'_, '_>]) -> String {
    let otherwise = compared.iter().filter(|one| one.differs()).count();
    let undecided = compared.iter().filter(|one| !one.case.decided).count();
    let requests = compared.iter().map(|one| one.case.request).collect::<std::collections::BTreeSet<_>>().len();
    let mut text = format!(
        "replayed   {under}, in the place of the law of each day ({} version {})\n\
         answered   {} asks of {requests} requests: {otherwise} otherwise, {} alike\n",
        pack.id,
        pack.version,
        compared.len(),
        compared.len() - otherwise,
    );
    if undecided > 0 {
        text.push_str(&format!("undecided  {undecided} of these asks: nobody recorded facts, so nothing is known\n"));
    }
    text
}

fn json(pack: &Pack, under: &str, compared: &[Compared<'_, '_>], sees: &Sees) -> serde_json::Value {
    let answered = |one: &Answered<'_>| {
        serde_json::json!({
            "says": one.says.iter().map(|says| says.code()).collect::<Vec<_>>(),
            "rules": one.rules.iter().map(|placed| placed.rule.id.to_string()).collect::<Vec<_>>(),
        })
    };
    let cases: Vec<_> = compared
        .iter()
        .map(|one| {
            serde_json::json!({
                "request": one.case.request.to_string(),
                "ask": one.case.ask.code(),
                "on": one.case.on.to_string(),
                "decided": one.case.decided,
                "differs": one.differs(),
                "in_force": answered(&one.in_force),
                "instead": answered(&one.instead),
            })
        })
        .collect();
    let (pack, hash) = (pack.id.to_string(), pack.hash().to_string());
    serde_json::json!({ "pack": pack, "hash": hash, "under": under, "cases": cases, "view": view::told(sees) })
}
