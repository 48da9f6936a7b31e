//! Folders and bags of registers in which somebody was erased: what goes on holding, what nobody can look into any more, and
//! what an erasure cannot hide.

use std::sync::LazyLock;

use law::Ask;
use register::event::Event;
use register::retention::RetentionEvent;
use register::row::Row;
use register::words::{Departure, Outcome};

use crate::world::{HONEST, Insider, ONE_YEAR, Story, TWO_YEARS, World, check};

/// Two years, of which the person of two requests, one in each, is erased in between; the first year is restated.
const ERASED: Story = Story { erased: &["ind_1"], late_paper: true, restated: true, ..TWO_YEARS };

/// One year, and the person of its departure, its hold and its transfer.
const DEPARTED: Story = Story { erased: &["ind_2"], ..ONE_YEAR };

static WORLD: LazyLock<World> = LazyLock::new(|| ERASED.play());

#[test]
fn the_folder_and_the_bag_of_a_register_with_erased_leaves_hold() {
    for (name, world) in [("two years", &*WORLD), ("a departure", &DEPARTED.play())] {
        let bag = world.bag();
        assert!(bag.contains(" erased "), "{name}");
        let verdict = check(&world.publish(), &world.vkey(), None, Some(&bag));
        assert!(verdict.findings.is_empty(), "{name}: {:#?}", verdict.findings);
        let looked_at = &verdict.checked[&verify::Promise::Bag];
        assert!(looked_at.contains(" events without a gap but for "), "{name}: {looked_at}");
        let said = verdict.notices.join("\n");
        assert!(said.contains("could not be looked into: their keys were erased, by 1 erasure"), "{name}: {said}");
    }
}

#[test]
fn the_totals_are_the_ones_they_were_and_what_cannot_be_worked_out_again_is_named() {
    let verdict = check(&WORLD.publish(), &WORLD.vkey(), None, Some(&WORLD.bag()));
    let totals: Vec<(String, u64)> = verdict
        .filings
        .iter()
        .filter_map(|filing| Some((format!("{} {}", filing.year, filing.kind), filing.totals.first()?.1)))
        .collect();
    let expected = [("2022 closing", 2), ("2022 restatement-1", 3), ("2023 closing", 2)];
    assert_eq!(totals, expected.map(|(filing, total)| (filing.to_owned(), total)));
    let erased: Vec<&String> = verdict.notices.iter().filter(|notice| notice.contains("erased")).collect();
    let expected = [
        "4 leaves could not be looked into: their keys were erased, by 1 erasure; what they count as was checked",
        "the provisional letter for 2022 could not be recomputed: 3 events were erased before it",
        "closing of 2022: its rows could not be worked out again, as 4 events were erased before it",
        "restatement 1 of 2022: its rows could not be worked out again, as 4 events were erased before it",
        "closing of 2023: its rows could not be worked out again, as 4 events were erased before it",
    ];
    assert_eq!(erased, expected);
}

/// How a bag with erased leaves is changed, and what is found.
#[test]
fn an_erasure_is_no_way_to_hide() {
    let bag = WORLD.bag();
    let blocks: Vec<String> =
        bag.split("\nleaf ").skip(1).map(|block| format!("leaf {}\n", block.trim_end_matches('\n'))).collect();
    let with = |what: &str| blocks.iter().find(|block| block.contains(what)).unwrap();
    let (gone, request) = (with("counts-as "), with("\"id\":\"req_2\""));
    let counted = blocks.iter().find(|block| block.contains(" erased ") && block.contains("year ")).unwrap();
    let lines: Vec<&str> = counted.lines().collect();
    let hidden = {
        // The leaf of a request whose key is said to be gone.
        let position = request.split(' ').nth(1).unwrap();
        let openings = counted.split_once('\n').unwrap().1;
        format!("leaf {position} erased {}\n{openings}", tlog::Hash([7; 32]))
    };
    #[rustfmt::skip]
    let cases = [
        ("a leaf that was not erased is given as erased", bag.replace(request, &hidden), "5 leaves are given as erased, and its tombstones name 4"),
        ("an erased leaf is left out",                    bag.replace(gone, ""),                                  "should come here"),
        ("an erased leaf of another root",                bag.replace(lines[0], &format!("{} {}", lines[0].rsplit_once(' ').unwrap().0, tlog::Hash([7; 32]))), "the log holds another leaf"),
        ("what it counts as is not opened",               bag.replace(counted.as_str(), &format!("{}\n", lines[0])), "it is not opened as what it counts as"),
        ("the year is not opened",                        bag.replace(&format!("{}\n", lines[2]), ""),            "it is not opened as what it counts as"),
        ("it counts as something else",                   bag.replace(&format!("{} ", lines[1].rsplit_once(' ').unwrap().0), &format!("{} un", lines[1].rsplit_once(' ').unwrap().0)).replace(" unrequest\n", " held\n"), "does not lead to it"),
    ];
    for (how, changed, expected) in cases {
        assert_ne!(changed, bag, "{how}: nothing was changed");
        let verdict = check(&WORLD.publish(), &WORLD.vkey(), None, Some(&changed));
        let found = verdict.findings.iter().any(|one| one.what.contains(expected));
        assert!(found, "{how}: {:#?}", verdict.findings);
    }
}

/// What an insider makes of the events that are to be recorded.
type Recorded = fn(&mut Vec<Event>);

/// What an insider records who may write what they like.
#[test]
fn a_tombstone_that_no_register_writes_is_found() {
    fn tombstone(events: &mut [Event], change: impl Fn(&mut register::retention::Tombstone)) {
        for event in events {
            if let Event::Retention(RetentionEvent::RecordErased(tombstone)) = event {
                change(tombstone);
            }
        }
    }
    #[rustfmt::skip]
    let cases: [(&str, Recorded, &str); 3] = [
        ("somebody else is named as who proposed it", |events| tombstone(events, |one| one.approved_by[0] = "person_x".parse().unwrap()), "the tombstone is not of what was proposed"),
        ("it was proposed under something else",      |events| tombstone(events, |one| one.under = register::retention::Under::Order { docket: "note_1".parse().unwrap() }), "the tombstone is not of what was proposed"),
        ("what others rest on is erased too",          |events| tombstone(events, |one| one.reached.entries.extend([2])), "`agency_police` is not there before it"),
    ];
    for (how, events, expected) in cases {
        let world = Story { insider: Insider { events, ..HONEST }, ..ERASED }.play();
        let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
        assert!(verdict.findings.iter().any(|one| one.what.contains(expected)), "{how}: {:#?}", verdict.findings);
    }
}

/// A closing that says something else of what was not erased, or shows what must stay shut, is found.
#[test]
fn rows_that_do_not_follow_from_what_is_left_are_found() {
    fn other_outcomes(events: &mut Vec<Event>) {
        for event in events {
            if let Event::ClosingEntered { row: Row::Outcome(outcome), .. } = event {
                *outcome = Outcome::OtherAgency;
            }
        }
    }
    fn all_shown(events: &mut Vec<Event>) {
        events.retain(|event| !matches!(event, Event::ClosingEntered { row: Row::Withheld(_), .. }));
        for event in events {
            if let Event::ClosingWithheld { year, row } = event {
                *event = Event::ClosingEntered { year: *year, row: row.clone() };
            }
        }
    }
    fn no_cause(events: &mut Vec<Event>) {
        for event in events {
            if let Event::YearRestated { restates, .. } = event {
                restates.causes.clear();
            }
        }
    }
    fn more_departures(events: &mut Vec<Event>) {
        let Some(Event::YearClosed { year, .. }) = events.first() else { return };
        let row = Row::Departure { ask: Ask::Hold, code: Departure::Mistake };
        let more = Event::ClosingEntered { year: *year, row };
        events.extend(vec![more; 5]);
    }
    let other_rows = "the closing entries are not the ones that follow from the record";
    let cases: [(&str, Recorded, &str); 4] = [
        ("more departures than four erased events had", more_departures, other_rows),
        ("other outcomes", other_outcomes, other_rows),
        ("what must stay shut is shown", all_shown, other_rows),
        ("a restatement says no cause", no_cause, "the register would have refused it"),
    ];
    for (how, events, expected) in cases {
        let world = Story { insider: Insider { events, ..HONEST }, ..ERASED }.play();
        let verdict = check(&world.publish(), &world.vkey(), None, Some(&world.bag()));
        assert!(verdict.findings.iter().any(|one| one.what.contains(expected)), "{how}: {:#?}", verdict.findings);
    }
}
