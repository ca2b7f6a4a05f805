use serde_json::Value;

use super::house::{House, Told};

/// Rehearses without a terminal and without the confirmation: parks at the point of no return.
fn parked() -> (House, Told, String) {
    let house = House::new();
    let told = house.hcops(&["rehearse", "version-upgrade", "--non-interactive"]);
    let run = house.only_run();
    (house, told, run)
}

/// The name that the parked run asks for.
fn crossing_name(house: &House, run: &str) -> String {
    let shown: Value = serde_json::from_str(&house.hcops(&["show", run, "--json"]).stdout).unwrap();
    shown["needs"]["question"]["name"].as_str().expect("the run waits at its crossing").to_owned()
}

#[test]
fn without_a_confirmation_it_parks_and_says_what_it_needs() {
    let (house, told, run) = parked();
    assert_eq!(told.exit, 10, "{told}");
    let name = crossing_name(&house, &run);
    for words in ["POINT OF NO RETURN", &format!("--confirm {name}"), "Not rehearsed"] {
        assert!(told.stderr.contains(words), "{words} is missing in {told}");
    }
}

#[test]
fn an_answer_and_a_resume_finish_it() {
    let (house, _, run) = parked();
    let name = crossing_name(&house, &run);
    let answered = house.hcops(&["answer", &run, "promote", &name]);
    insta::assert_snapshot!(answered, @r"
    exit 0
    --- stdout
    Recorded. To go on: hcops resume RUN
    --- stderr
    ");
    let resumed = house.hcops(&["resume", "--non-interactive"]);
    assert_eq!(resumed.exit, 0, "{resumed}");
    assert!(resumed.stdout.contains("Done; writes were off for "), "{resumed}");
    let again = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(again.exit, 0, "a finished run stays finished: {again}");
}

#[test]
fn another_name_is_not_taken_and_nothing_is_written() {
    let (house, _, run) = parked();
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let answers = |journal: &std::path::Path| {
        std::fs::read_to_string(journal).unwrap().lines().filter(|line| line.contains("\"confirmed\"")).count()
    };
    let before = answers(&journal);
    let told = house.hcops(&["answer", &run, "promote", "acme-crm"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains("`acme-crm` is not the name that is asked for"), "{told}");
    assert_eq!(answers(&journal), before);
}

#[test]
fn with_the_confirmation_it_is_done_in_one_go() {
    let (first, _, run) = parked();
    let name = crossing_name(&first, &run);
    let house = House::new();
    let told = house.hcops(&["rehearse", "version-upgrade", "--non-interactive", "--confirm", &name]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("addons:destroy postgresql-flat-11007"), "how the old one is removed: {told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("0 new write errors, 0 new notifications"), "that sync resumed, with numbers: {told}");
    let report = house.hcops(&["report"]);
    assert_eq!(report.exit, 0, "{report}");
    assert!(report.stdout.contains("ETL and BI tools"), "what was attested: {report}");
    assert!(report.stdout.contains(&name), "{report}");
}

#[test]
fn as_json_every_line_is_an_object_and_the_last_is_closed() {
    let (first, _, run) = parked();
    let name = crossing_name(&first, &run);
    let told = House::new().hcops(&["rehearse", "version-upgrade", "--output", "json", "--confirm", &name]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{told}");
    let events: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(events.iter().all(|event| event["v"] == 1 && event["kind"].is_string()));
    let numbers: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "facts are numbered without gaps: {numbers:?}");
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["verdict"]), (&"closed".into(), &"done".into()));
}

#[test]
fn an_abort_restores_what_was_and_is_the_end() {
    let (house, _, run) = parked();
    let aborted = house.hcops(&["abort", &run, "--non-interactive"]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    assert!(aborted.stdout.contains("Aborted, and what was before is restored"), "{aborted}");
    let again = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!((again.exit, again.stdout.as_str()), (2, ""), "no run is left to turn back: {again}");
}

#[test]
fn a_torn_last_line_is_set_aside_and_told() {
    let (house, _, run) = parked();
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let whole = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &whole[..whole.len() - 20]).unwrap();
    let told = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    assert!(told.stderr.contains("the last line of the journal was torn"), "{told}");
    assert!(house.path(&format!("state/runs/{run}/journal.torn-1")).exists());
}

#[test]
fn a_line_that_was_changed_is_refused_with_its_number() {
    let (house, _, run) = parked();
    let journal = house.path(&format!("state/runs/{run}/journal.jsonl"));
    let text = std::fs::read_to_string(&journal).unwrap().replacen("\"maintenance", "\"maintenanse", 1);
    std::fs::write(&journal, text).unwrap();
    let told = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(told.exit, 1, "{told}");
    assert!(told.stderr.contains("line 1"), "{told}");
}

#[test]
fn a_fault_on_the_way_is_survived() {
    let (first, _, run) = parked();
    let name = crossing_name(&first, &run);
    let fault = "server-error@POST /addons#1";
    let arguments = ["rehearse", "version-upgrade", "--non-interactive", "--confirm", &name, "--fault", fault];
    let told = House::new().hcops(&arguments);
    assert!([0, 12].contains(&told.exit), "done, or a person is asked what happened: {told}");
}

#[test]
fn an_essential_database_is_refused_with_the_reason() {
    let method = ["--method", "follower"];
    let arguments = ["rehearse", "version-upgrade", "--scenario", "essential", "--non-interactive"];
    let told = House::new().hcops(&[&arguments[..], &method].concat());
    insta::assert_snapshot!(told, @r"
    exit 11
    --- stdout
    --- stderr
      error  postgresql-flat-11007 is of tier essential, and version-upgrade by
             follower is for standard, premium, private, shield
        why  The steps of this method do not exist for a database of this tier:
             Essential has no followers, for one.
     remedy  Name another method: --method in-place, --method copy.
        run  hcops runbook show version-upgrade --method follower
    ");
}

#[test]
fn a_target_that_is_not_newer_is_refused() {
    let told = House::new().hcops(&["rehearse", "version-upgrade", "--to", "16", "--non-interactive"]);
    insta::assert_snapshot!(told, @r"
    exit 11
    --- stdout
    --- stderr
      error  Check that postgresql-flat-11007 can be followed and upgraded to 16:
             postgresql-flat-11007 is on Postgres 16: 16 is not newer.
        why  Essential databases have no followers, a follower cannot be followed,
             and a database is only followed while its Fork/Follow is Available.
     remedy  Name a newer major version with --to;
             `heroku pg:info postgresql-flat-11007 -a acme-crm` shows the current
             one. This is a rehearsal: a `heroku` command is what one would run for
             the real app, and nothing to type now.
        run  hcops rehearse --help
    request  GET
             127.0.0.1/client/v11/databases/postgresql-flat-11007/upgrade/wait_status
             (200), request id RUN
    ");
}

#[test]
fn an_unknown_scenario_is_refused_with_those_that_there_are() {
    let told = House::new().hcops(&["rehearse", "version-upgrade", "--scenario", "apocalypse"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stderr.contains("standard"), "{told}");
}
