//! The auditor's bag against the folder: what is changed in it, and what the verifier finds.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a place that is not there fails its test")]

use crate::world::{ONE, ORIGIN, World, broken, check};

#[test]
fn nothing_in_a_bag_can_be_changed() {
    let world = &*ONE;
    let bag = world.bag();
    let decision = block_with(&bag, "decision-made/1");
    let padding = block_with(&bag, "counts-as =nothing\nleaf");
    let request = block_with(&bag, "paper-match #");
    let key = |block: &str| block.lines().next().and_then(|line| line.rsplit_once(' ')).unwrap().1.to_owned();
    #[rustfmt::skip]
    let cases = [
        ("a leaf is missing",                   bag.replace(&decision, ""),                                  "leaf"),
        ("a padding leaf is missing",           bag.replace(&padding, ""),                                   "leaf"),
        ("the last leaf is missing",            bag.replace(&last_block(&bag), ""),                          "leaves and the log has"),
        ("a leaf is there twice",               bag.replace(&decision, &decision.repeat(2)),                 "should come here"),
        ("two leaves change places",            swapped(&bag),                                               "should come here"),
        ("the event of a leaf is dropped",      bag.replace(&decision, &without(&decision, "body ")),         "neither an event nor padding"),
        ("a value is another",                  bag.replace(&decision, &decision.replace("counts-as =nothing", "counts-as =held")), "the log holds another leaf"),
        ("a value is missing",                  bag.replace(&decision, &without(&decision, "day ")),         "the log holds another leaf"),
        ("a value more",                        bag.replace(&padding, &padding.replacen("nothing\n", "nothing\nyear =2022\n", 1)), "the log holds another leaf"),
        ("a key is another",                    bag.replace(&key(&decision), &key(&padding)),                "the log holds another leaf"),
        ("an answer is another",                bag.replace(&decision, &decision.replace("prohibited", "permitted")), "the log holds another leaf"),
        ("the paper match is missing",          bag.replace(&request, &without(&request, "paper-match ")),   "the log holds another leaf"),
        ("of another log",                      bag.replace(ORIGIN, "candor.example/elsewhere"),             "it is of another log"),
        ("no bag at all",                       "hello".to_owned(),                                          "expected `candor bag v1`"),
        ("empty",                               String::new(),                                               "expected `candor bag v1`"),
        ("no leaves",                           format!("candor bag v1\n{ORIGIN}\ndemonstration, invented rows\n"),                        "it has 0 leaves"),
        ("a hash hides the event",              bag.replace(&decision, &decision.replace("body =", "body #")), "only the paper match is given by its hash"),
        ("a position out of all measure",       bag.replacen("leaf 0 ", "leaf 18446744073709551615 ", 1),    "should come here"),
        ("a position beyond all numbers",       bag.replacen("leaf 0 ", "leaf 18446744073709551616 ", 1),    "the position is no number"),
    ];
    for (how, changed, expected) in cases {
        assert_ne!(changed, bag, "{how}: nothing was changed");
        let verdict = check(&world.publish(), &world.vkey(), None, Some(&changed));
        let bags = verdict.findings.iter().filter(|finding| finding.promise == verify::Promise::Bag);
        let whats: Vec<&str> = bags.map(|finding| finding.what.as_str()).collect();
        assert!(whats.iter().any(|what| what.contains(expected)), "{how}: {:#?}", verdict.findings);
        assert!(["bag", "answers"].contains(&broken(&verdict)[0]), "{how}: {:#?}", verdict.findings);
    }
}

/// A bag holds what a sworn reader needs and no number printed on a paper.
#[test]
fn a_bag_shows_no_number_that_a_paper_prints() {
    let bag = ONE.bag();
    assert!(bag.contains("paper-match #") && !bag.contains("2022-06-13|123"), "{bag}");
}

/// The bag of an older folder is whole and still not the one of this log.
#[test]
fn the_bag_of_another_time_does_not_do() {
    let mut world = World::opened();
    world.grow("2022-01-02T04:00-05:00".parse().unwrap());
    let bag = world.bag();
    world.grow("2022-01-03T04:00-05:00".parse().unwrap());
    let verdict = check(&world.publish(), &world.vkey(), None, Some(&bag));
    let whats: Vec<&str> = verdict.findings.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(whats, ["it has 16 leaves and the log has 32"]);
}

/// The leaf that holds `text`, as the bag gives it: from its line `leaf …` to the next.
fn block_with(bag: &str, text: &str) -> String {
    blocks(bag).into_iter().find(|block| format!("{block}leaf").contains(text)).unwrap()
}

fn last_block(bag: &str) -> String {
    blocks(bag).pop().unwrap()
}

/// The first two leaves in each other's place.
fn swapped(bag: &str) -> String {
    let blocks = blocks(bag);
    bag.replace(&format!("{}{}", blocks[0], blocks[1]), &format!("{}{}", blocks[1], blocks[0]))
}

fn blocks(bag: &str) -> Vec<String> {
    bag.split("\nleaf ").skip(1).map(|block| format!("leaf {}\n", block.trim_end_matches('\n'))).collect()
}

fn without(block: &str, start: &str) -> String {
    block.lines().filter(|line| !line.starts_with(start)).map(|line| format!("{line}\n")).collect()
}
