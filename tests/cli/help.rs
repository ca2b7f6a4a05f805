use super::house::House;

#[test]
fn alone_it_gives_an_overview_and_exits_0() {
    let told = House::new().hcops(&[]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""));
    assert!(told.stdout.contains("hcops rehearse version-upgrade"), "{told}");
    assert!(told.stdout.lines().all(|line| line.len() <= 80), "{told}");
}

#[test]
fn help_names_every_exit_code_and_variable() {
    let told = House::new().hcops(&["--help"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""));
    for word in
        ["130  interrupted", "14  a standing condition is broken", "HEROKU_API_KEY", "HCOPS_STATE_DIR", "NO_COLOR"]
    {
        assert!(told.stdout.contains(word), "{word} is missing in {told}");
    }
}

#[test]
fn every_command_explains_itself() {
    let commands = [
        "plan",
        "run",
        "resume",
        "abort",
        "answer",
        "runs",
        "show",
        "watch",
        "report",
        "rehearse",
        "status",
        "doctor",
        "windows",
        "postgres",
        "runbook",
        "simulator",
        "completions",
        "man",
    ];
    for command in commands {
        let told = House::new().hcops(&[command, "--help"]);
        assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{command}: {told}");
        assert!(told.stdout.contains("Usage: hcops"), "{command}: {told}");
    }
}

#[test]
fn inputs_of_the_embedded_runbooks_are_options() {
    let told = House::new().hcops(&["run", "--help"]);
    assert!(told.stdout.contains("--to <TO>"), "{told}");
}

#[test]
fn an_unknown_command_is_refused_with_what_was_probably_meant() {
    let told = House::new().hcops(&["runn"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""));
    assert!(told.stderr.contains("run"), "{told}");
}

#[test]
fn the_manual_page_is_one() {
    let told = House::new().hcops(&["man"]);
    assert_eq!(told.exit, 0);
    assert!(told.stdout.contains(".TH hcops 1"), "{told}");
}

#[test]
fn there_is_a_manual_page_for_each_command_in_a_directory_that_is_made() {
    let house = House::new();
    let pages = house.path("share/man/man1");
    let told = house.hcops(&["man", "--directory", pages.to_str().unwrap()]);
    assert_eq!((told.exit, told.stdout.as_str(), told.stderr.as_str()), (0, "", ""));
    for name in ["hcops.1", "hcops-run.1", "hcops-connect-pause.1", "hcops-runbook-show.1"] {
        let page = std::fs::read_to_string(pages.join(name)).unwrap();
        let title = name.trim_end_matches(".1");
        assert!(page.contains(&format!(".TH {title} 1 ")) && page.contains(".SH NAME"), "{page}");
    }
}
