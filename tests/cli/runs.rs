use super::house::House;

#[test]
fn where_there_are_no_runs_the_next_step_is_named() {
    let house = House::new();
    let told = house.hcops(&["runs"]);
    insta::assert_snapshot!(told, @r"
    exit 0
    --- stdout
    --- stderr
    There are no runs. This makes one without touching anything:
      hcops rehearse version-upgrade
    ");
    for verb in ["show", "report", "watch", "resume", "abort"] {
        let told = house.hcops(&[verb]);
        assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{verb}: {told}");
    }
}

#[test]
fn a_run_that_is_not_there_is_refused() {
    insta::assert_snapshot!(House::new().hcops(&["show", "0199"]), @r"
    exit 2
    --- stdout
    --- stderr
      error  there is no run `0199` in HOUSE/state/runs
        why  The command is about one run.
     remedy  `hcops runs` lists the runs of this machine. A run of another machine
             is in that machine's state directory.
        run  hcops runs
    ");
}

#[test]
fn as_json_an_error_is_one_object_on_standard_output() {
    let told = House::new().hcops(&["show", "0199", "--json"]);
    assert_eq!(told.exit, 2);
    let error: serde_json::Value = serde_json::from_str(&told.stdout).expect("one line");
    assert_eq!((&error["kind"], &error["exit"]), (&"error".into(), &2.into()));
}

#[test]
fn a_run_that_another_process_holds_is_refused_with_its_holder() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--non-interactive"]).exit, 10);
    let run = house.only_run();
    let lease = std::fs::File::open(house.path(&format!("state/runs/{run}/lease"))).unwrap();
    lease.lock().unwrap();
    let told = house.hcops(&["resume", &run, "--non-interactive"]);
    assert_eq!(told.exit, 13, "{told}");
    assert!(told.stderr.contains("ada"), "{told}");
    lease.unlock().unwrap();
    assert_eq!(house.hcops(&["resume", &run, "--non-interactive"]).exit, 10);
}

#[test]
fn runs_are_listed_with_where_they_stand() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--non-interactive"]).exit, 10);
    let told = house.hcops(&["runs"]);
    assert_eq!(told.exit, 0, "{told}");
    let [heading, run] = told.stdout.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(heading), ["RUN", "STANDING", "APP", "PROCEDURE", "STEPS", "AGE"]);
    assert_eq!(words(run)[..6], ["RUN", "parked", "acme-crm", "*", "version-upgrade", "(follower)"]);
    assert!(
        told.stderr.contains("waits for an answer") && told.stderr.contains("  hcops resume RUN --confirm "),
        "{told}"
    );
}

#[test]
fn what_is_told_of_runs_fits_80_columns_and_says_why_a_run_waits() {
    let house = House::new();
    let parked = house.hcops(&["rehearse", "version-upgrade", "--non-interactive", "--answer", "promote=there"]);
    assert_eq!(parked.exit, 10, "{parked}");
    for verb in [["runs"].as_slice(), &["show"], &["runbook", "show", "version-upgrade"]] {
        let told = house.command(verb).output().unwrap();
        let text = String::from_utf8(told.stdout).unwrap();
        // A path or a command is not broken: it could not be copied then.
        let whole =
            |line: &str| line.starts_with("  journal ") || line.contains(" hcops ") || line.contains("  hcops ");
        for line in text.lines().filter(|line| !whole(line)) {
            assert!(line.chars().count() <= 80, "{verb:?}: {line}");
        }
    }
    let shown = house.hcops(&["show"]);
    assert!(shown.stdout.contains("waits for: a person's answer (since "), "{shown}");
    assert!(shown.stdout.contains("at the newest line, and still off"), "{shown}");
}

#[test]
fn steps_are_told_to_a_script_in_words_that_stay() {
    let house = House::new();
    let rehearse = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"];
    assert_eq!(house.hcops(&[&rehearse[..], &["--answer", "promote=there"]].concat()).exit, 10);
    let shown: serde_json::Value = serde_json::from_str(&house.hcops(&["show", "--json"]).stdout).unwrap();
    let told = |id: &str| {
        let step = shown["steps"].as_array().unwrap().iter().find(|step| step["id"] == id).unwrap().clone();
        (step["phase"].clone(), step["how"].clone())
    };
    assert_eq!(told("check-database"), ("done".into(), "already-true".into()));
    assert_eq!(told("pause"), ("done".into(), "acted".into()));
    assert_eq!(told("outside-writers"), ("done".into(), "attested".into()));
    assert_eq!(told("gate"), ("done".into(), "attested".into()));
    assert_eq!(told("promote"), ("underway".into(), serde_json::Value::Null));
    assert_eq!(told("resume"), ("next".into(), serde_json::Value::Null));
}
