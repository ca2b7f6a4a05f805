//! The simulator puts a marked password into each place where Heroku would show a real one. No byte of it may leave.

use std::path::{Path, PathBuf};

use super::house::{House, Told};
use super::simulated::{Simulator, planned};

const MARK: &str = "canary";

/// The world of a rehearsal is what the secrets are in; everything else only tells of it.
const WORLD: &str = "simulator.json";

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn assert_nothing_told(told: &Told) {
    assert!(!told.to_string().to_lowercase().contains(MARK), "{told}");
}

fn assert_nothing_kept(house: &House) {
    let files = files_below(&house.path("."));
    assert!(files.iter().any(|file| file.ends_with("journal.jsonl")), "there is a run to look at");
    for file in files.iter().filter(|file| !file.ends_with(WORLD)) {
        let bytes = std::fs::read(file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains(MARK), "{}", file.display());
    }
}

#[test]
fn a_rehearsal_keeps_and_tells_no_secret() {
    let house = House::new();
    for arguments in [
        ["rehearse", "version-upgrade", "--non-interactive", "-vv"].as_slice(),
        &["show", "--steps"],
        &["report"],
        &["abort", "--non-interactive", "-vv"],
        &["report", "--format", "json"],
    ] {
        assert_nothing_told(&house.hcops(arguments));
    }
    assert_nothing_kept(&house);
    let world = std::fs::read_to_string(house.path(&format!("state/runs/{}/{WORLD}", house.only_run()))).unwrap();
    assert!(world.contains(MARK), "the world has secrets that could have been told");
}

#[test]
fn a_run_over_http_keeps_and_tells_no_secret() {
    let simulator = Simulator::start("standard");
    let house = simulator.house().with("HEROKU_API_KEY", "canary-token");
    let (digest, name) = planned(&house);
    let run = ["run", "plan.json", "--approve", &digest, "--confirm", &name, "--non-interactive", "-vv"];
    for arguments in [run.as_slice(), &["status", "-a", "acme-crm"], &["doctor", "-a", "acme-crm", "-vv"], &["report"]]
    {
        assert_nothing_told(&house.hcops(arguments));
    }
    assert_nothing_kept(&house);
}
