//! The join test: ICE reads what is published beside its own rows and a police log, and learns of no person more than the
//! totals of the letter imply.
//!
//! ICE knows whom it asked about, when and on which grounds, and who was handed to it. A police log (in Massachusetts
//! public by M.G.L. c. 41 § 98F) tells who was arrested, when and why. What it does not know is how and when custody ended.
//! Both bodies of knowledge are worked out as the worlds that are consistent with them, and compared.
//! That a request was registered in its month is what the city's letters tell themselves; it is no secret here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::city::{City, SETUP};

/// One of ICE's own rows, of the columns that bear on a person; the police log's line about the arrest; and the truth.
struct Person {
    name: &'static str,
    prepared_on: &'static str,
    ground: &'static str,
    arrested_on: &'static str,
    /// The outcome and its day, as the register records them; none where nobody recorded any.
    ended: Option<(&'static str, &'static str)>,
    shielded: bool,
}

const fn person(
    name: &'static str,
    (prepared_on, ground, arrested_on): (&'static str, &'static str, &'static str),
    ended: Option<(&'static str, &'static str)>,
    shielded: bool,
) -> Person {
    Person { name, prepared_on, ground, arrested_on, ended, shielded }
}

const PERSONS: [Person; 6] = [
    person("Abe", ("2022-03-04", "statements", "2022-03-03"), Some(("released-bail", "2022-03-05")), false),
    person("Bea", ("2022-03-07", "final-order", "2022-03-06"), Some(("taken-to-court", "2022-03-08")), false),
    person("Cas", ("2022-06-14", "final-order", "2022-06-13"), Some(("transferred", "2022-06-16")), false),
    person(
        "Dan",
        ("2022-06-20", "biometric-match", "2022-06-19"),
        Some(("released-recognizance", "2022-06-21")),
        false,
    ),
    person("Eve", ("2022-09-09", "biometric-match", "2022-09-08"), Some(("released-bail", "2022-09-10")), true),
    person("Fay", ("2022-11-27", "final-order", "2022-11-26"), None, false),
];

/// How custody can end, as far as anybody may wish to know.
const ENDS: [&str; 8] = [
    "released-bail",
    "released-recognizance",
    "released-no-charge",
    "released-sentence-served",
    "released-other",
    "taken-to-court",
    "other-agency",
    "transferred",
];

#[test]
fn what_is_published_tells_of_no_person_more_than_the_totals_of_the_letter() {
    let city = year();
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-10T09:00-05:00");
    city.ok("publish register --to published");
    let rows = open_rows(&city);
    let outcomes: Vec<String> =
        rows.iter().filter_map(|row| Some(row["outcome/1"]["outcome"].as_str()?.to_owned())).collect();
    assert_eq!(outcomes.len(), PERSONS.len());
    let transferred = letter_total(&city, "transferred");
    let letter = |world: &[&str]| number(world, "transferred") == transferred;
    let published = |world: &[&str]| letter(world) && may_have_ended(world, &outcomes);
    assert!(known(letter).len() > 10_000, "the letter alone leaves many worlds");
    assert!(known(letter) == known(published), "what is published leaves fewer worlds than the letter");

    // The same reader, had each outcome been published as it was recorded: it would know more, so the comparison can fail.
    let recorded: Vec<String> =
        PERSONS.iter().map(|one| one.ended.map_or("unknown", |(how, _)| how).to_owned()).collect();
    assert!(known(letter) != known(|world| letter(world) && may_have_ended(world, &recorded)));
}

/// Months and days: of those who are still held, or shielded, not even a month; of nobody a day.
#[test]
fn no_published_byte_tells_when_custody_ended() {
    let city = year();
    city.ok("publish register --to early");
    let names: Vec<String> = city.files("early").into_keys().collect();
    assert!(names.iter().all(|name| name == "checkpoint" || name.starts_with("tile/")), "before the filing: {names:?}");
    city.ok("file register --year 2022 --as person_clerk --at 2023-01-10T09:00-05:00");
    city.ok("publish register --to published");
    let months: BTreeSet<String> =
        open_rows(&city).iter().filter_map(|row| Some(row["request/1"]["month"].as_str()?.to_owned())).collect();
    assert_eq!(months.into_iter().collect::<Vec<_>>(), ["2022-03", "2022-06"]);
    for (path, bytes) in city.files("published").into_iter().filter(|(path, _)| !path.starts_with("law/")) {
        let text = String::from_utf8_lossy(&bytes);
        for person in &PERSONS {
            let days = [Some(person.prepared_on), Some(person.arrested_on), person.ended.map(|(_, on)| on)];
            for day in days.into_iter().flatten() {
                assert!(!text.contains(day), "`{path}` tells {day}, a day of {}", person.name);
            }
            let month = &person.prepared_on[..7];
            assert!(!(person.shielded || person.ended.is_none()) || !text.contains(month), "`{path}` tells {month}");
        }
    }
}

/// Every world that is consistent: how the custody of each person ended. Who was handed over to ICE, ICE knows. Whoever
/// is left the same worlds knows the same of everybody.
fn known(consistent: impl Fn(&[&str]) -> bool) -> BTreeSet<Vec<&'static str>> {
    let mut known = BTreeSet::new();
    let worlds = ENDS.len().pow(u32::try_from(PERSONS.len()).unwrap());
    for index in 0..worlds {
        let digit = |place: usize| ENDS[index / ENDS.len().pow(u32::try_from(place).unwrap()) % ENDS.len()];
        let world: Vec<&'static str> = (0..PERSONS.len()).map(digit).collect();
        let of_ice = |(person, end): (&Person, &&str)| {
            (*end == "transferred") == (person.ended.map(|(how, _)| how) == Some("transferred"))
        };
        if PERSONS.iter().zip(&world).all(of_ice) && consistent(&world) {
            known.insert(world);
        }
    }
    known
}

/// Whether the published outcomes can be those of a world: one is true of each person.
fn may_have_ended(world: &[&str], outcomes: &[String]) -> bool {
    let published = |word: &str| outcomes.iter().filter(|one| *one == word).count();
    let not_transferred = world.len() - number(world, "transferred");
    let of_others: usize = ENDS.iter().filter(|end| **end != "transferred").map(|end| published(end)).sum();
    ENDS.iter().all(|end| published(end) <= number(world, end))
        && published("not-transferred") + of_others <= not_transferred
}

fn number(world: &[&str], end: &str) -> usize {
    world.iter().filter(|one| **one == end).count()
}

/// A year in which all of them were asked for.
fn year() -> City {
    let city = City::empty();
    city.write("setup.toml", SETUP);
    city.ok("init register --pack us-ma-boston --demonstration --as person_clerk --at 2022-01-01T09:00-05:00");
    city.ok("record register setup.toml --as person_clerk --at 2022-01-01T09:10-05:00");
    for Person { name, prepared_on, ground, ended, shielded, .. } in &PERSONS {
        city.ok(&format!("grow register --as person_clerk --at {prepared_on}T09:30:00Z"));
        city.write(
            "paper.toml",
            &format!(
                "form = \"i-247a\"\nissued_on = {prepared_on}\ncomponent = \"ero\"\nasks = [\"hold\", \"notify\"]\n\
                 grounds = [\"{ground}\"]\n\n[arrival]\nline = \"line_a1-fax\"\nat = \"{prepared_on}T10:00:00Z\"\n\n\
                 [printed]\nname = \"{name}\"\nborn_on = 1990-01-31\n"
            ),
        );
        let at = format!("--as person_officer --at {prepared_on}T12:00:00Z");
        let said = city.ok(&format!("receive register paper.toml {at}"));
        let request = said.split(' ').nth(1).unwrap();
        if *shielded {
            city.write(
                "shield.toml",
                &format!("[[command]]\ndo = \"shield\"\nrequest = \"{request}\"\ncause = \"minor\"\n"),
            );
            city.ok(&format!("record register shield.toml {at}"));
        }
        if let Some((how, on)) = ended {
            let authority = if *how == "transferred" { " --authority judicial-order" } else { "" };
            city.ok(&format!(
                "outcome register {request} {how}{authority} --when {on} --as person_officer --at {on}T23:00:00Z"
            ));
        }
    }
    city.ok("grow register --as person_clerk --at 2022-12-01T10:00:00Z");
    city
}

/// Every closing row that the published folder opens.
fn open_rows(city: &City) -> Vec<Value> {
    let text = String::from_utf8(city.files("published")["openings/2022/closing"].clone()).unwrap();
    let of_line = |line: &str| {
        let (before, row) = line.split_once(" {")?;
        (before.split(' ').nth(1) == Some("row")).then(|| serde_json::from_str(&format!("{{{row}")).unwrap())
    };
    text.lines().filter_map(of_line).collect()
}

fn letter_total(city: &City, item: &str) -> usize {
    let bytes = &city.files("published")["filings/2022/report.json"];
    let report: Value = serde_json::from_slice(bytes).unwrap();
    let items = report["items"].as_array().unwrap();
    let total = items.iter().find(|one| one["id"] == item).unwrap()["total"].as_u64().unwrap();
    usize::try_from(total).unwrap()
}
