//! What hcops says, and the code that it ends with, come through as they are.

use std::os::unix::process::ExitStatusExt as _;

use super::props::with_program;
use crate::cli::heroku_command::Heroku;
use crate::cli::house::House;
use crate::cli::simulated::Simulator;

#[test]
fn what_heroku_adds_to_the_output_is_nothing() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let (directly, through_heroku) =
        (house.hcops(&["runbook", "list"]), heroku.run(&house, &["connect:ops:runbook:list"]));
    assert_eq!(through_heroku.to_string(), directly.to_string());
    assert_eq!((directly.exit, directly.stderr.as_str()), (0, ""));
    let typed_with_a_space = heroku.run(&house, &["connect:ops", "runbook", "list"]);
    assert_eq!(typed_with_a_space.to_string(), directly.to_string());
}

#[test]
fn refusals_and_their_exit_codes_come_through() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let simulator = Simulator::start("standard");
    let house = heroku.furnished(simulator.house());
    for (words, exit) in [
        (["connect:ops:plan", "no-such-procedure", "-a", "acme-crm"], 2),
        (["connect:ops:windows", "--hours", "-3", "--json"], 2),
        (["connect:ops:run", "version-upgrade", "--app=acme-crm", "--to=99"], 11),
        (["connect:ops:connect", "pause", "--non-interactive", "--app=acme-crm"], 10),
    ] {
        let told = heroku.run(&house, &words);
        assert_eq!(told.exit, exit, "{words:?}: {told}");
        assert!(!told.stderr.contains("EEXIT"), "{told}");
    }
}

#[test]
fn however_hcops_ends_heroku_ends_so_too() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let house = with_program(house, "case $1 in runs) exit 42;; show) kill -KILL $$;; *) kill -TERM $$;; esac");
    let ended = |verb: &str| heroku.command(&house, &[verb]).output().unwrap().status;
    assert_eq!(ended("connect:ops:runs").code(), Some(42));
    assert_eq!(ended("connect:ops:show").signal(), Some(9));
    assert_eq!(ended("connect:ops:report").signal(), Some(15));
}

#[test]
fn what_is_to_be_typed_is_told_as_it_is_typed_here() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let parked = heroku.run(&house, &["connect:ops:rehearse", "version-upgrade", "--non-interactive"]);
    assert_eq!(parked.exit, 10, "{parked}");
    assert!(parked.stderr.contains("  heroku connect:ops:resume RUN --confirm acme-crm-pg-"), "{parked}");
    let shown = heroku.run(&house, &["connect:ops:show"]);
    assert!(shown.stdout.contains("\n  heroku connect:ops:abort RUN\n"), "{shown}");
    assert!(house.hcops(&["show"]).stdout.contains("\n  hcops abort RUN\n"), "not where hcops is called itself");
    let overview = heroku.run(&house, &["connect:ops"]);
    assert!(overview.stdout.lines().any(|line| line == "  heroku connect:ops:doctor -a APP"), "{overview}");
    assert!(
        !overview.stdout.contains("  hcops ") && overview.stdout.lines().all(|line| line.len() <= 80),
        "{overview}"
    );
}
