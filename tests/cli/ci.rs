//! The examples of `docs/ci.md`, as they are: two jobs on two machines, which share nothing but the folder of the run.

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

use super::house::House;
use super::simulated::Simulator;

/// Runs one of the scripts in this house, with `hcops` on the path.
#[expect(clippy::disallowed_methods, reason = "the shell of the machine is part of the example")]
fn script(house: &House, name: &str, variables: &[(&str, &str)]) -> i32 {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci").join(name);
    let program = cargo_bin("hcops");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let inherited: Vec<_> =
        house.command(&[]).get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
    let mut command = Command::new("sh");
    command.arg(file).current_dir(house.path("")).env_clear().envs(inherited).env("PATH", path);
    command.envs(variables.iter().copied()).status().unwrap().code().unwrap()
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn plan_approve_park_and_resume_on_another_machine() {
    let simulator = Simulator::start("standard");
    let first = simulator.house();
    let plan = [("PLAN", "version-upgrade --to 17 --compare none"), ("HEROKU_APP", "acme-crm")];
    assert_eq!(script(&first, "plan.sh", &plan), 0);
    let page = std::fs::read_to_string(first.path("plan.md")).unwrap();
    let digest = page.split("| Digest | `").nth(1).unwrap().split('`').next().unwrap().to_owned();
    let name = page.split("| Point of no return | step ").nth(1).unwrap().split(": ").nth(1).unwrap();
    let name = name.split(" |").next().unwrap().to_owned();
    for words in [
        "# Upgrade postgresql-flat-11007",
        "ETL and BI tools",
        "**Point of no return.**",
        "hcops run plan.json --approve",
    ] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }

    assert_eq!(script(&first, "run.sh", &[("DIGEST", "0123456789abcdef")]), 11, "another plan is not carried out");
    assert_eq!(script(&first, "run.sh", &[("DIGEST", &digest)]), 0);
    assert_eq!(std::fs::read_to_string(first.path("outcome")).unwrap(), "parked\n");
    let events = std::fs::read_to_string(first.path("events.jsonl")).unwrap();
    let needs = events.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let needs = needs.filter(|event| event["kind"] == "needs").collect::<Vec<_>>();
    let [needs] = needs.as_slice() else { panic!("{needs:#?}") };
    assert_eq!(needs["needs"]["question"]["sort"], "gate", "it parks before writes go off");
    assert_eq!(needs["needs"]["later"][0]["sort"], "cross", "and says what else is needed until they are back");
    assert!(needs["needs"]["writes_off"].is_null(), "{needs:#}");

    let second = simulator.house();
    copied(&first.path("state"), &second.path("state"));
    assert_eq!(script(&second, "resume.sh", &[("CONFIRM", &name)]), 0);
    let report = std::fs::read_to_string(second.path("report.md")).unwrap();
    assert!(report.contains("done, and seen to be done"), "{report}");
}

#[test]
fn the_workflows_call_the_scripts_and_the_page_shows_every_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = std::fs::read_to_string(folder.join("ci.md")).unwrap();
    let workflows = ["github-plan.yml", "github-run.yml"]
        .map(|name| std::fs::read_to_string(folder.join("ci").join(name)).unwrap());
    for entry in std::fs::read_dir(folder.join("ci")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(page.contains(&format!("ci/{name}")), "{name} is not on the page");
        if name.ends_with(".sh") {
            let calls = |workflow: &String| {
                workflow.contains(&format!("sh docs/ci/{name}")) || workflow.contains(&format!("sh bin/{name}"))
            };
            assert!(workflows.iter().any(calls), "{name}");
        }
    }
}
