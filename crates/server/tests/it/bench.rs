//! `candor bench` runs and says what it measured. How long anything took is no test's concern.

use crate::city::{City, repository};

#[test]
fn the_bench_names_what_it_measured_and_that_no_peer_was_asked() {
    let city = City::empty();
    let said = city.ok("bench us-ma-boston --on 2022-06-14 --rounds 1 --load small --folder .");
    for part in [
        "hold: one answer with its explanation",
        "SHA-256 on one core",
        "no peer was asked",
        "512 clients",
        "report.json",
        "opening a register of",
    ] {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&city.ok("bench us-tx-travis-county --rounds 1 --load none --json")).unwrap();
    assert!(json["figures"].as_array().unwrap().iter().all(|figure| figure["median_ns"].as_f64().unwrap() > 0.0));
    assert_eq!(json["peers"], serde_json::Value::Null);
}

#[test]
fn the_peers_get_a_folder_and_must_be_built() {
    let city = City::empty();
    let by_name = city.run("bench us-ma-boston --peers candor-peers --rounds 1");
    assert!(by_name.code == 1 && by_name.stderr.contains("give its path"), "{}", by_name.stderr);
    let folder = repository().join("law/us-ma-boston");
    let not_built = city.run(&format!("bench {} --peers candor-peers --rounds 1", folder.display()));
    assert!(not_built.code == 1 && not_built.stderr.contains("`./bench` builds"), "{}", not_built.stderr);
}
