//! Files that are something else altogether, or far too long: told in few lines, and soon.

#![expect(clippy::disallowed_methods, reason = "how long a command really takes")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::house::House;

/// Time to lint a runbook with so many tables that nobody knows.
fn linted(house: &House, tables: usize) -> Duration {
    let mut text = String::from("procedure = \"x\"\nmethod = \"y\"\ntitle = \"t\"\nsources = []\n");
    for index in 0..tables {
        writeln!(text, "[unknown{index}]\na = {index}").unwrap();
    }
    std::fs::write(house.path("many.toml"), text).unwrap();
    let began = Instant::now();
    let told = house.hcops(&["runbook", "lint", "many.toml"]);
    let took = began.elapsed();
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stdout.contains(&format!("and {} more", tables + 1 - 50)), "{told}");
    assert!(told.stdout.contains("has no key `unknown") && told.stdout.lines().count() < 500, "{told}");
    let told = house.hcops(&["runbook", "lint", "many.toml", "--json"]);
    assert_eq!(told.stdout.lines().count(), 51, "{told}");
    took
}

#[test]
fn what_is_wrong_with_a_runbook_is_told_fifty_times_at_most_and_takes_no_longer_for_it() {
    let house = House::new();
    let (one, four) = (linted(&house, 20_000), linted(&house, 80_000));
    assert!(four < one * 10 + Duration::from_secs(2), "four times the tables: {one:?}, then {four:?}");
}

#[test]
fn a_file_that_is_far_too_long_is_refused_in_one_line() {
    let house = House::new();
    std::fs::write(house.path("long.toml"), vec![b'#'; 9 << 20]).unwrap();
    for words in [["runbook", "lint", "long.toml"].as_slice(), &["runbook", "show", "long.toml"]] {
        let told = house.hcops(words);
        assert_eq!(told.exit, 2, "{told}");
        assert!(told.stderr.contains("it is longer than 8 MB"), "{told}");
        assert!(told.stderr.lines().count() < 8, "{told}");
    }
    std::fs::write(house.path("odd.toml"), b"title = \"\xE9\"").unwrap();
    let told = house.hcops(&["runbook", "lint", "odd.toml"]);
    assert!(told.stderr.contains("it is not UTF-8 text"), "{told}");
}
