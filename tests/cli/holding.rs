//! One run at a time for each database, connection and app; and runs whose journal cannot be read.

use serde_json::Value;

use super::house::{House, Told};
use super::pausing::reviewed;
use super::simulated::{Simulator, planned};

/// A house in which an upgrade stopped at its crossing, which was refused: sync is paused, the apps are off.
fn in_the_middle(simulator: &Simulator) -> (House, String) {
    let house = simulator.house();
    std::fs::write(house.path("import.json"), IMPORT).unwrap();
    let (digest, name) = planned(&house);
    simulator.refuse_once("POST", "/addon-attachments", (403, "forbidden"));
    let stopped =
        house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
    assert_eq!(stopped.exit, 1, "{stopped}");
    let run = house.only_run();
    (house, run)
}

/// Every single step that changes something, and whole procedures.
const CHANGING: [&[&str]; 18] = [
    &["connect", "pause"],
    &["connect", "resume"],
    &["connect", "reload", "Account"],
    &["connect", "import", "import.json"],
    &["connect", "repoint", "--db-key", "DATABASE_URL", "--database", "postgresql-flat-11007"],
    &["app", "maintenance-on"],
    &["app", "maintenance-off"],
    &["app", "scale-down"],
    &["app", "formation", "--type", "web", "--quantity", "2", "--size", "Standard-2X"],
    &["postgres", "follow", "--follower-name", "another-pg"],
    &["postgres", "upgrade", "HCOPS_B3026D", "--to", "17"],
    &["postgres", "unfollow", "HCOPS_B3026D_URL"],
    &["postgres", "promote", "HCOPS_B3026D"],
    &["postgres", "copy", "DATABASE_URL", "HCOPS_B3026D_URL"],
    &["connect", "authorize"],
    &["run", "sync-resume"],
    &["run", "sync-pause", "--reason", "why not"],
    &["run", "version-upgrade", "--method", "in-place", "--to", "17"],
];

/// The file of `connect import`.
const IMPORT: &str = r#"{"version": 1, "mappings": [{"object_name": "Lead", "config": {"fields": {"Id": {}}}}]}"#;

fn tried(house: &House, words: &[&str], further: &[&str]) -> Told {
    house.hcops(&[words, &["-a", "acme-crm", "--non-interactive"], further].concat())
}

fn words(told: &Told) -> String {
    told.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_else_is_changed_in_the_middle_of_an_upgrade() {
    let simulator = Simulator::start("standard");
    let (house, run) = in_the_middle(&simulator);
    let before = simulator.get("/simulator/essence");
    for step in CHANGING {
        for further in [&[][..], &["--beside", &run]] {
            let told = tried(&house, step, further);
            assert_eq!(told.exit, 13, "{step:?}: {told}");
            let said = words(&told);
            for part in ["version-upgrade by follower", "parked", "engine-room", "turned writes off", "hcops show RUN"]
            {
                assert!(said.contains(part), "{step:?}: {part}: {told}");
            }
            assert_eq!(house.only_run(), run, "{step:?}");
        }
    }
    assert_eq!(simulator.get("/simulator/essence"), before);
    for look in [["connect", "state"], ["connect", "errors"], ["connect", "validate"]] {
        assert_ne!(tried(&house, &look, &[]).exit, 13, "a look is in nobody's way");
    }
}

#[test]
fn a_run_in_which_nothing_was_done_is_put_away_in_one_word() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(tried(&house, &["connect", "pause"], &[]).exit, 10, "it waits for its approval");
    let run = house.only_run();
    let refused = tried(&house, &["app", "maintenance-on"], &[]);
    assert_eq!(refused.exit, 13, "{refused}");
    assert!(words(&refused).contains("It has changed nothing: put it away"), "{refused}");
    assert!(refused.stderr.contains("hcops abort RUN"), "{refused}");
    let aborted = house.hcops(&["abort", &run, "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    assert_eq!(tried(&house, &["app", "maintenance-on"], &[]).exit, 10, "nothing is in the way any more");
}

#[test]
fn the_operators_word_that_both_may_go_on_is_written_down() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(tried(&house, &["connect", "pause"], &[]).exit, 10);
    let first = house.only_run();
    let mut told =
        house.command(&["app", "maintenance-on", "-a", "acme-crm", "--non-interactive", "--json", "--beside", &first]);
    let told = String::from_utf8(told.output().unwrap().stdout).unwrap();
    let events: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = events.iter().find(|event| event["kind"] == "answered").expect("the word is in the journal");
    assert_eq!(answered["how"], format!("--beside {first}"), "{told}");
    assert_eq!(answered["by"], "ops@acme.example", "{told}");
    let second = events[0]["run"].as_str().unwrap();
    let report = house.hcops(&["report", second]);
    assert!(report.stdout.contains("--beside"), "{report}");
}

#[test]
fn of_two_that_begin_at_once_one_is_refused() {
    let simulator = Simulator::start("standard");
    for _ in 0..3 {
        let house = simulator.house();
        let begin = || {
            let mut command = house.command(&["connect", "pause", "-a", "acme-crm", "--non-interactive"]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
        };
        let mut both = [begin(), begin()];
        let mut exits = both.each_mut().map(|process| process.wait().unwrap().code());
        exits.sort_unstable();
        assert_eq!(exits, [Some(10), Some(13)]);
    }
}

#[test]
fn a_rehearsal_is_in_nobodys_way_and_nobody_in_its() {
    let simulator = Simulator::start("standard");
    let (house, _) = in_the_middle(&simulator);
    let rehearse = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"];
    assert_eq!(house.hcops(&rehearse).exit, 10);
    assert_eq!(house.hcops(&rehearse).exit, 10);
}

/// One bit of the file is another.
fn flip(path: &std::path::Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_journal_that_cannot_be_read_is_no_proof_that_nobody_is_at_work() {
    let simulator = Simulator::start("standard");
    let (house, run) = in_the_middle(&simulator);
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let whole = std::fs::read(&journal).unwrap();
    for at in [100, whole.len() / 2] {
        std::fs::write(&journal, &whole).unwrap();
        flip(&journal, at);
        for step in CHANGING {
            let told = tried(&house, step, &[]);
            assert_eq!(told.exit, 12, "{step:?}: {told}");
            for part in ["cannot be read", "mv HOUSE/state/runs/RUN HOUSE/state/put-away-RUN", "--beside RUN"] {
                assert!(words(&told).contains(part), "{step:?}: {part}: {told}");
            }
        }
        let status = house.hcops(&["status", "-a", "acme-crm"]);
        let status = format!("{status}").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(status.contains("cannot be read") && !status.contains("no run of this machine paused it"), "{status}");
        let doctor = house.hcops(&["doctor", "-a", "acme-crm"]);
        assert!(doctor.stdout.contains("cannot be read") && doctor.exit != 0, "{doctor}");
        let runs = house.hcops(&["runs"]);
        assert!(words(&runs).contains("mv HOUSE/state/runs/RUN"), "{runs}");
    }
    assert_eq!(tried(&house, &["connect", "resume"], &["--beside", &run]).exit, 10, "the operator knows better");
    std::fs::rename(house.path(&format!("state/runs/{run}")), house.path("state/put-away")).unwrap();
    let second = house.only_run();
    assert_eq!(house.hcops(&["abort", &second, "--non-interactive"]).exit, 20);
    assert_eq!(tried(&house, &["connect", "resume"], &[]).exit, 10, "put away, it is in nobody's way");
}

/// The program without the privilege of root to read what is forbidden; nothing where that privilege cannot be given up.
fn unprivileged(house: &House, arguments: &[&str]) -> Option<Told> {
    const NO_OVERRIDE: &str = "--bounding-set=-dac_override,-dac_read_search";
    if std::fs::read_dir(house.path("state/runs").join(house.only_run())).is_err() {
        return Some(house.hcops(arguments));
    }
    let program = assert_cmd::cargo::cargo_bin("hcops");
    let all = [&[NO_OVERRIDE, program.to_str().unwrap()], arguments].concat();
    let output = house.command_of(std::path::Path::new("setpriv"), &all).output();
    output
        .map(|output| house.told(&output))
        .inspect_err(|error| hcops_testing::missing("setpriv", &error.to_string()))
        .ok()
}

#[cfg(unix)]
#[test]
fn a_run_that_belongs_to_another_account_is_in_the_way_and_made_readable_by_one_command() {
    use std::os::unix::fs::PermissionsExt as _;
    let simulator = Simulator::start("standard");
    let (house, run) = in_the_middle(&simulator);
    let before = simulator.get("/simulator/essence");
    let folder = house.path(&format!("state/runs/{run}"));
    let mode = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o000);
    for words_of in [&["connect", "resume"][..], &["app", "maintenance-off"], &["run", "sync-resume"]] {
        let Some(told) = unprivileged(&house, &[words_of, &["-a", "acme-crm", "--non-interactive"]].concat()) else {
            return mode(0o700);
        };
        assert_eq!(told.exit, 12, "{words_of:?}: {told}");
        for part in ["cannot be read", "Permission denied", "sudo chown -R ada HOUSE/state/runs/RUN"] {
            assert!(words(&told).contains(part), "{words_of:?}: {part}: {told}");
        }
    }
    mode(0o700);
    assert_eq!(simulator.get("/simulator/essence"), before);
    assert_eq!(tried(&house, &["connect", "resume"], &[]).exit, 13, "readable again, it is told by its name");
}

#[test]
fn a_damaged_journal_of_a_run_that_is_over_is_in_nobodys_way() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(reviewed(&house, &["sync-pause", "--reason", "Sunday"], &[]).exit, 0);
    let run = house.only_run();
    flip(&house.path(&format!("state/runs/{run}/journal.jsonl")), 3000);
    assert_eq!(reviewed(&house, &["sync-resume"], &[]).exit, 0);
    let runs = house.hcops(&["runs"]);
    assert!(words(&runs).contains("says that it is over"), "{runs}");
}

#[test]
fn a_run_that_never_began_is_in_nobodys_way() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let run = house.path("state/runs/01987000-0000-7000-8000-000000000001");
    std::fs::create_dir_all(run.join("evidence")).unwrap();
    assert_eq!(reviewed(&house, &["sync-pause", "--reason", "Sunday"], &[]).exit, 0);
    std::fs::write(run.join("journal.jsonl"), b"{\"seq\":1,\"at\"").unwrap();
    assert_eq!(reviewed(&house, &["sync-resume"], &[]).exit, 0);
    std::fs::write(run.join("evidence/0001-a.json"), b"{}").unwrap();
    assert_eq!(
        reviewed(&house, &["sync-pause", "--reason", "Sunday"], &[]).exit,
        12,
        "something was kept, so it began"
    );
}

/// The places in a journal behind which a step had just settled, in bytes.
fn boundaries(journal: &[u8]) -> Vec<usize> {
    let (mut at, mut found) = (0, Vec::new());
    for line in journal.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let line: Value = serde_json::from_slice(line).unwrap();
        if ["opened", "confirmed", "settled", "crossed"].contains(&line["kind"].as_str().unwrap()) {
            found.push(at);
        }
    }
    found
}

#[test]
fn at_each_boundary_of_an_upgrade_another_procedure_is_refused_and_changes_nothing() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let (digest, name) = planned(&house);
    let done =
        house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
    assert_eq!(done.exit, 0, "{done}");
    let run = house.only_run();
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let whole = std::fs::read(&journal).unwrap();
    let before = simulator.get("/simulator/essence");
    let boundaries = boundaries(&whole);
    assert!(boundaries.len() > 30, "{boundaries:?}");
    let others = [["connect", "resume"], ["app", "maintenance-off"], ["connect", "pause"], ["app", "scale-down"]];
    for (boundary, other) in boundaries.iter().zip(others.iter().cycle()) {
        std::fs::write(&journal, &whole[..*boundary]).unwrap();
        let told = tried(&house, other, &[]);
        assert_eq!(told.exit, 13, "{boundary} {other:?}: {told}");
        flip(&journal, boundary / 2);
        let told = tried(&house, other, &[]);
        assert_eq!(told.exit, 12, "unreadable, {boundary} {other:?}: {told}");
        assert_eq!(house.only_run(), run);
    }
    assert_eq!(simulator.get("/simulator/essence"), before);
}

#[test]
fn a_look_that_fails_is_over_and_unfinished_runs_take_one_line() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(reviewed(&house, &["sync-pause", "--reason", "Sunday"], &[]).exit, 0);
    for _ in 0..3 {
        let told = tried(&house, &["connect", "state"], &[]);
        assert_eq!(told.exit, 11, "{told}");
        assert!(!told.stderr.contains("note:") && told.stderr.contains("PAUSED"), "{told}");
        assert!(told.stdout.contains("a look failed"), "{told}");
    }
    let runs = house.hcops(&["runs", "--unfinished"]);
    assert_eq!(runs.stdout, "", "{runs}");
    let next = house.hcops(&["connect", "errors", "-a", "acme-crm", "--non-interactive"]);
    assert_eq!(next.exit, 0, "{next}");
    assert!(!next.to_string().contains("not finished"), "no later command begins with them: {next}");
}

#[test]
fn a_copied_state_folder_is_gone_on_with_only_by_a_word() {
    let simulator = Simulator::start("standard");
    let (house, run) = in_the_middle(&simulator);
    let copy = house.path("copy");
    let copied = std::process::Command::new("cp").arg("-r").arg(house.path("state")).arg(&copy).status().unwrap();
    assert!(copied.success());
    let there =
        |words: &[&str]| house.hcops(&[words, &["--state-dir", copy.to_str().unwrap(), "--non-interactive"]].concat());
    for verb in ["resume", "abort"] {
        let refused = there(&[verb, &run]);
        assert_eq!(refused.exit, 13, "{verb}: {refused}");
        assert!(
            words(&refused).contains("this folder is a copy") && refused.stderr.contains("--take-over"),
            "{refused}"
        );
    }
    assert_eq!(there(&["answer", &run, "promote", "x"]).exit, 13);
    let parked = there(&["resume", &run, "--take-over", "the laptop was lost"]);
    assert_eq!(parked.exit, 10, "{parked}");
    let journal = std::fs::read_to_string(copy.join(format!("runs/{run}/journal.jsonl"))).unwrap();
    assert!(journal.contains("the laptop was lost"));
    let back = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(back.exit, 13, "the original knows that it was taken over: {back}");
    assert_eq!(there(&["resume", &run]).exit, 10, "once is enough");
}

#[cfg(unix)]
#[test]
fn a_journal_that_cannot_be_written_is_told_and_the_run_is_gone_on_with_afterwards() {
    let undisturbed = {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        let (digest, name) = planned(&house);
        let told =
            house.hcops(&["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
        assert_eq!(told.exit, 0, "{told}");
        let length = house.path(&format!("state/runs/{}/journal.jsonl", house.only_run())).metadata().unwrap().len();
        (simulator.get("/simulator/essence"), length / 512)
    };
    let blocks = undisturbed.1;
    for limit in [8, blocks / 2, blocks * 3 / 4, blocks * 9 / 10] {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        let (digest, name) = planned(&house);
        let program = assert_cmd::cargo::cargo_bin("hcops");
        let script = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec {} run plan.json --approve {digest} --confirm {name} --go \
             --non-interactive --on-event 'cat >> told.jsonl'",
            program.display()
        );
        let told = house.told(&house.command_of(std::path::Path::new("/bin/sh"), &["-c", &script]).output().unwrap());
        assert_eq!(told.exit, 1, "{limit}: {told}");
        assert_eq!(words(&told).matches("cannot write").count(), 1, "{limit}: {told}");
        let notices = std::fs::read_to_string(house.path("told.jsonl")).unwrap_or_default();
        assert_eq!(notices.matches("\"failed\"").count(), 1, "{limit}: {notices}");
        if limit == 8 {
            assert!(words(&told).contains("Nothing was begun"), "{told}");
            continue;
        }
        assert!(told.stderr.contains("hcops resume RUN") && words(&told).contains("free space"), "{limit}: {told}");
        let run = house.only_run();
        let ended =
            house.hcops(&["resume", &run, "--approve", &digest, "--confirm", &name, "--go", "--non-interactive"]);
        assert_eq!(ended.exit, 0, "{limit}: {ended}");
        assert_eq!(simulator.get("/simulator/essence"), undisturbed.0, "{limit}");
    }
}

/// Rehearses a copy until it parks; then of its journal only so many lines are there, and the world is as given.
fn killed_early(lines: usize, world: Option<&str>) -> (House, String) {
    let house = House::new();
    let begin = ["rehearse", "version-upgrade", "--method", "copy", "--databases", "none", "--non-interactive"];
    assert_eq!(house.hcops(&begin).exit, 10);
    let run = house.only_run();
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let text = std::fs::read_to_string(&journal).unwrap();
    let begun: String = text.split_inclusive('\n').take(lines).collect();
    std::fs::write(&journal, begun).unwrap();
    let file = house.path(&format!("state/runs/{run}/simulator.json"));
    match world {
        Some(text) => std::fs::write(file, text).unwrap(),
        None => std::fs::remove_file(file).unwrap(),
    }
    (house, run)
}

#[test]
fn a_rehearsal_that_was_killed_before_it_began_says_so_and_can_be_put_away() {
    for lines in [1, 2] {
        let (house, run) = killed_early(lines, None);
        for named in [vec!["resume", &run, "--non-interactive"], vec!["resume", "--non-interactive"]] {
            let told = house.hcops(&named);
            assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
            for part in ["had not begun", "hcops rehearse version-upgrade --method copy", "hcops abort"] {
                assert!(words(&told).contains(part), "{told}");
            }
        }
        for _ in 0..2 {
            let told = house.hcops(&["abort", &run, "--non-interactive"]);
            assert_eq!(told.exit, 20, "{told}");
        }
        assert_eq!(house.hcops(&["runs", "--unfinished"]).stdout, "");
    }
}

#[test]
fn a_rehearsal_whose_world_cannot_be_read_names_the_command_that_begins_it_anew() {
    let (house, run) = killed_early(usize::MAX, Some("{\"world\": {\"apps"));
    for _ in 0..2 {
        let told = house.hcops(&["resume", &run, "--non-interactive"]);
        assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
        assert!(words(&told).contains("hcops rehearse version-upgrade --method copy"), "{told}");
    }
}
