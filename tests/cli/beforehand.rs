//! Answers that fit nothing: to a run that is over, for another plan, for what is never asked. And a reviewed plan beside
//! one's own run.

use serde_json::Value;

use super::house::{House, Told};
use super::simulated::{Simulator, planned};

/// The name of the new database in a rehearsal of the upgrade.
const NEW: &str = "acme-crm-pg-b3026d";

fn rehearsed(house: &House, further: &[&str]) -> Told {
    let upgrade = ["rehearse", "version-upgrade", "--to", "17", "--databases", "none", "--non-interactive"];
    house.hcops(&[&upgrade, further].concat())
}

fn words(told: &Told) -> String {
    told.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn journal(house: &House, run: &str) -> String {
    std::fs::read_to_string(house.path(&format!("state/runs/{run}/journal.jsonl"))).unwrap()
}

/// Each of these is refused in so many words, and nothing is written.
fn all_refused(house: &House, refused: &[(&[&str], i32, &[&str])]) {
    let run = house.only_run();
    let before = journal(house, &run);
    for (command, exit, parts) in refused {
        let told = house.hcops(command);
        assert_eq!(told.exit, *exit, "{command:?}: {told}");
        assert_eq!(told.stdout, "", "{command:?}: {told}");
        for part in *parts {
            assert!(words(&told).contains(part), "{command:?}: {part}: {told}");
        }
        assert_eq!(journal(house, &run), before, "{command:?} wrote something");
    }
}

#[test]
fn a_run_that_is_over_takes_no_answer_and_says_what_to_do() {
    let house = House::new();
    let done = house.hcops(&["rehearse", "sync-pause", "--reason", "x", "--databases", "none", "--non-interactive"]);
    assert_eq!(done.exit, 0, "{done}");
    let run = house.only_run();
    let parts = ["the run is over: it is done", "hcops report RUN", "hcops rehearse sync-pause"];
    let answers: [&[&str]; 3] =
        [&["answer", &run, "approve", "yes"], &["answer", &run, "paused", "retry"], &["answer", &run, "no-step", "x"]];
    all_refused(&house, &answers.map(|answer| (answer, 2, &parts[..])));
}

#[test]
fn a_run_that_was_turned_back_takes_no_answer_to_what_it_asked_before() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(house.hcops(&["connect", "pause", "-a", "acme-crm", "--non-interactive"]).exit, 10);
    let run = house.only_run();
    assert_eq!(house.hcops(&["abort", &run, "--non-interactive"]).exit, 20);
    let parts = ["the run is over: it was turned back", "hcops report RUN", "hcops plan connect-pause -a acme-crm"];
    all_refused(&house, &[(&["answer", &run, "approve", "yes"], 2, &parts)]);
}

#[test]
fn what_fits_nothing_in_the_run_is_refused_before_anything_is_done() {
    let house = House::new();
    assert_eq!(rehearsed(&house, &[]).exit, 10, "it waits at its crossing");
    let run = house.only_run();
    let other = "abcdef012345abcdef012345";
    all_refused(
        &house,
        &[
            (&["resume", &run, "--confirm", "other-db"], 2, &["names other-db", "goes by acme-crm-pg-b3026d"]),
            (&["resume", "--confirm", NEW, "--confirm", "other-db"], 2, &["names other-db", "nothing was done"]),
            (&["resume", &run, "--approve", other], 2, &["the digest of the plan of this run is", "approved already"]),
            (&["resume", &run, "--answer", "outside-writer=yes"], 2, &["Did you mean outside-writers?"]),
            (&["resume", &run, "--answer", "nonsense=yes"], 2, &["that ask a person: outside-writers"]),
            (&["abort", &run, "--confirm", "other-db"], 2, &["This plan has no point of no return"]),
            (&["abort", &run, "--approve", other], 2, &["the digest of its way back is", "hcops show RUN --steps"]),
        ],
    );
    let done = house.hcops(&["resume", &run, "--confirm", NEW, "--non-interactive"]);
    assert_eq!(done.exit, 0, "{done}");
}

#[test]
fn an_answer_that_is_behind_the_run_is_told() {
    let house = House::new();
    assert_eq!(rehearsed(&house, &[]).exit, 10, "it waits at its crossing, with the outside writers attested");
    let told = house.hcops(&["resume", "--answer", "outside-writers=no", "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    let note =
        "note: outside-writers is behind this run: --answer outside-writers changes nothing of what is recorded.";
    assert!(words(&told).contains(note), "{told}");
}

#[test]
fn a_beginning_of_the_digest_that_is_too_short_is_told_as_that() {
    let house = House::new();
    // Shown digests are replaced by a word.
    let command = ["rehearse", "version-upgrade", "--to", "17", "--databases", "none", "--non-interactive"];
    let other = [&command[..], &["--approve", "abcdef012345abcdef"]].concat();
    let shown = String::from_utf8(house.command(&other).output().unwrap().stderr).unwrap();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let digest = shown.split("would be made now is ").nth(1).unwrap().split(' ').next().unwrap();
    let told = rehearsed(&house, &["--approve", &digest[..4]]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(words(&told).contains("too short") && words(&told).contains("twelve characters"), "{told}");
}

#[test]
fn a_job_that_turns_a_run_back_may_repeat_the_flags_of_the_run() {
    let house = House::new();
    assert_eq!(rehearsed(&house, &[]).exit, 10, "it waits at its crossing");
    let journal =
        std::fs::read_to_string(house.path(&format!("state/runs/{}/journal.jsonl", house.only_run()))).unwrap();
    let digest = journal.split(r#""given":""#).nth(1).unwrap().split('"').next().unwrap();
    let flags = ["--approve", digest, "--confirm", NEW, "--answer", "outside-writers=yes"];
    let told = house.hcops(&[&["abort", "--non-interactive"], &flags[..]].concat());
    assert!(matches!(told.exit, 10 | 20), "{told}");
    for given in [format!("--confirm {NEW}"), "--answer outside-writers".to_owned()] {
        let note = format!("note: {given} belongs to the run's own plan, and its way back has no use for it.");
        assert!(words(&told).contains(&note), "{note}: {told}");
    }
    assert_eq!(house.hcops(&["abort", "--non-interactive"]).exit, if told.exit == 20 { 2 } else { 20 }, "{told}");
}

#[test]
fn what_fits_nothing_in_the_plan_begins_no_run() {
    let house = House::new();
    for (further, exit, part) in [
        (["--confirm", "other-db"], 2, "no point of no return of this plan goes by that name"),
        (["--answer", "nonsense=yes"], 2, "no step of this plan goes by that name"),
        (["--approve", "abcdef012345abcdef"], 11, "this is another one; nothing was done"),
    ] {
        let told = rehearsed(&house, &further);
        assert_eq!(told.exit, exit, "{told}");
        assert!(words(&told).contains(part), "{told}");
    }
    assert!(!house.path("state/runs").exists() || house.path("state/runs").read_dir().unwrap().next().is_none());
}

/// What says when writes may go off is held against the plan before anything is done.
#[test]
fn an_opening_that_cannot_be_is_refused_before_anything_is_done() {
    for (flags, words) in [
        (&["--at", "noon"][..], "`noon` is no time"),
        (&["--window", "22:00"], "is not of the form 22:00-02:00"),
        (&["--window", "22:00-22:10"], "the window of 10m is shorter"),
        (&["--go", "--budget", "5m"], "the budget of 5m is shorter"),
        (&["--budget", "5m"], "the budget of 5m is shorter"),
        (&["--go", "--at", "22:00"], "cannot be used with"),
        (&["--budget", "soon"], "is no time of a minute and more"),
    ] {
        let house = House::new();
        let told = rehearsed(&house, flags);
        assert_eq!(told.exit, 2, "{flags:?}: {told}");
        assert!(self::words(&told).contains(words), "{flags:?}: {told}");
        assert!(!house.path("state/runs").exists(), "{flags:?}: nothing was begun");
    }
    let told = House::new().hcops(&["rehearse", "sync-pause", "--reason", "a test", "--non-interactive", "--go"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(
        words(&told).contains("--go says when the downtime may begin, and this plan turns no writes off"),
        "{told}"
    );
}

/// A time without a zone is that of the machine, where nobody is at a terminal as well.
#[test]
fn a_time_is_that_of_the_machine() {
    let house = House::new().with("TZ", "America/New_York");
    let told = rehearsed(&house, &["--window", "22:00-02:00", "--confirm", NEW]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(journal(&house, &house.only_run()).contains("window 22:00-02:00@America/New_York"), "{told}");
}

/// What a job repeats with the same flags is not refused: it fitted when it began.
#[test]
fn a_confirmation_of_what_is_behind_the_run_is_told_and_not_refused() {
    let house = House::new();
    let parked = rehearsed(&house, &["--scenario", "custom-url", "--confirm", NEW]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(words(&parked).contains("2 points of no return go by acme-crm-pg-b3026d"), "{parked}");
    let run = house.only_run();
    let resume = ["resume", &run, "--confirm", NEW, "--confirm", NEW, "--confirm", NEW, "--non-interactive"];
    let done = house.hcops(&resume);
    assert_eq!(done.exit, 0, "{done}");
    let counted = format!("--confirm {NEW} is given 3 times, and 2 of the points of no return ahead go by it");
    assert!(words(&done).contains(&counted), "{done}");
    let again = house.hcops(&["resume", &run, "--confirm", NEW, "--non-interactive"]);
    assert_eq!(again.exit, 0, "{again}");
    assert!(words(&again).contains("are behind this run: --confirm opens nothing"), "{again}");
}

#[test]
fn a_reviewed_plan_beside_ones_own_run_is_refused_with_that_run_and_not_with_what_it_did() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, name) = planned(&house);
    let again =
        || house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
    let parked = house.hcops(&["run", "plan.json", "--approve", &digest, "--non-interactive"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let run = house.only_run();
    let told = again();
    assert_eq!((told.exit, told.stdout.as_str()), (13, ""), "{told}");
    let said = words(&told);
    let since = "ops@acme.example had it last, on engine-room (process ";
    for part in
        ["version-upgrade by follower of acme-crm", "parked", since, ", since 2026-11-22 ", "`hcops resume RUN`"]
    {
        assert!(said.contains(part), "{part}: {told}");
    }
    assert!(said.contains("`hcops abort RUN`") && !said.contains("not as it was"), "{told}");
    assert_eq!(house.only_run(), run, "no second run was begun");
    assert_eq!(house.hcops(&["resume", &run, "--confirm", &name, "--go", "--non-interactive"]).exit, 0);
    let after = again();
    assert_eq!(after.exit, 11, "now it is the world that is another one: {after}");
    assert!(words(&after).contains("not as it was"), "{after}");
}

#[test]
fn without_a_terminal_nobody_can_be_asked_at_the_point_of_no_return() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, name) = planned(&house);
    let there = ["run", "plan.json", "--approve", &digest, "--go", "--answer", "promote=there", "--non-interactive"];
    let parked = house.hcops(&there);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(words(&parked).contains("nobody can be asked there"), "{parked}");
    let run = house.only_run();
    assert_eq!(house.hcops(&["answer", &run, "promote", "there"]).exit, 0);
    let again = house.hcops(&["resume", &run, "--go", "--non-interactive"]);
    assert_eq!(again.exit, 10, "{again}");
    assert!(words(&again).contains("nobody can be asked there"), "{again}");
    let apps = simulator.get("/simulator/essence")["apps"].clone();
    let is_on = |app: &Value| app["maintenance"] == false && app["formation"]["worker"][0] != 0;
    assert!(apps.as_array().unwrap().iter().all(is_on), "writes stay on: {apps}");
    let done = house.hcops(&["resume", &run, "--go", "--confirm", &name, "--non-interactive"]);
    assert_eq!(done.exit, 0, "{done}");
}
