//! Files that are something else altogether, or far too long: told in few lines, and soon.

#![expect(clippy::disallowed_methods, reason = "how long a command really takes")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::house::House;
use super::simulated::Simulator;

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

/// What an unoptimised program on a loaded machine needs for the work that it should do; what it did before took minutes.
const SOON: Duration = Duration::from_secs(30);

fn soon(house: &House, words: &[&str]) -> super::house::Told {
    let began = Instant::now();
    let told = house.hcops(words);
    assert!(began.elapsed() < SOON, "{words:?} after {:?}: {}", began.elapsed(), told.exit);
    // No part of a long line is shown either.
    assert!(told.stdout.len() + told.stderr.len() < 100_000, "{words:?} tells {} bytes", told.stderr.len());
    told
}

const LARGE: usize = 50 << 20;

#[test]
fn a_config_file_of_any_size_is_refused_soon() {
    let house = House::new();
    let house = house.with("HCOPS_CONFIG", "config.toml");
    let contents = [
        ("#".repeat(LARGE), "it is longer than 1 MiB"),
        (format!("a={}", "[".repeat(1_000_000)), "not TOML"),
        (format!("a={}", "{a=".repeat(300_000)), "not TOML"),
        (format!("a{}=1", ".a".repeat(500_000)), "not TOML"),
        (format!("{}é=\"", "x".repeat(1_000_000)), "not TOML"),
        ((0..100_000).map(|key| format!("k{key}=1\n")).collect(), "and 99950 more"),
    ];
    for (text, why) in contents {
        std::fs::write(house.path("config.toml"), text).unwrap();
        let told = soon(&house, &["runs"]);
        assert!(told.exit == 2 && told.stderr.contains(why), "{told}");
    }
}

#[test]
fn plans_and_configurations_of_any_size_are_refused_soon() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let nested = format!("{{\"a\":{}", "[".repeat(7 << 20));
    let keys = format!("{{{}}}", (0..400_000).map(|key| format!("\"k{key}\":{key}")).collect::<Vec<_>>().join(","));
    let (blank, long) = (" ".repeat(7 << 20), " ".repeat(LARGE));
    for (text, of_plan, of_import) in [
        (&nested, "recursion limit exceeded", "it is no JSON: see line 1"),
        (&keys, "this is not a plan", "its version is null"),
        (&blank, "the plan is torn", "it is empty"),
        (&long, "it is longer than 32 MB", "it is longer than 8 MB"),
    ] {
        std::fs::write(house.path("some.json"), text).unwrap();
        let plan = soon(&house, &["run", "some.json", "--approve", "00", "--non-interactive"]);
        assert!(plan.exit == 2 && in_words(&plan.stderr).contains(of_plan), "{plan}");
        let import = soon(&house, &["connect", "import", "some.json", "-a", "acme-crm", "--non-interactive"]);
        assert!([2, 11].contains(&import.exit) && in_words(&import.stderr).contains(of_import), "{import}");
    }
}

fn in_words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_netrc_file_of_any_size_is_read_or_told_soon() {
    let simulator = Simulator::start("standard");
    let house = House::new().with("HEROKU_HOST", &simulator.origin);
    for (text, why) in [
        ("x".repeat(LARGE), "larger than any file of passwords"),
        ("macdef x\n\n".repeat(100_000), "no token was found"),
        ("\"\\\" ".repeat(200_000), "no token was found"),
        (format!("machine 127.0.0.1 password {}", "x".repeat(1_000_000)), ""),
    ] {
        std::fs::write(house.path(".netrc"), text).unwrap();
        let told = soon(&house, &["connect", "state", "-a", "acme-crm"]);
        assert!(told.exit == 1 && in_words(&told.stderr).contains(why), "{told}");
    }
}

/// A rehearsal that stands at its point of no return, and where its journal is.
fn parked() -> (House, String, std::path::PathBuf) {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    let run = house.only_run();
    let journal = house.path("state/runs").join(&run).join("journal.jsonl");
    (house, run, journal)
}

#[test]
fn a_torn_last_line_of_any_size_is_told_in_one_line() {
    let (house, run, journal) = parked();
    let whole = std::fs::read_to_string(&journal).unwrap();
    for torn in [
        format!("{{\"seq\":99,\"at\":\"{}", "y".repeat(2_000_000)),
        "y".repeat(LARGE),
        "[".repeat(2_000_000),
        "\0".repeat(2_000_000),
    ] {
        std::fs::write(&journal, format!("{whole}{torn}")).unwrap();
        let size = torn.len();
        for words in [["show", &run], ["watch", &run], ["report", &run]] {
            let told = soon(&house, &words);
            assert_eq!(told.exit, if words[0] == "watch" { 10 } else { 0 }, "{told}");
            let about: Vec<&str> = told.stderr.lines().filter(|line| line.contains("the last line (")).collect();
            let expected = if words[0] == "watch" { 0 } else { 1 };
            assert_eq!(about.len(), expected, "{told}");
            assert!(about.iter().all(|line| line.contains(&format!("({size} bytes)"))), "{told}");
        }
        assert_eq!(soon(&house, &["runs"]).exit, 0);
    }
    let told = soon(&house, &["resume", &run, "--non-interactive"]);
    assert_eq!(told.exit, 10, "{told}");
    assert_eq!(std::fs::metadata(journal.with_file_name("journal.torn-1")).unwrap().len(), 2_000_000);
    let broken = format!("{}\n", "z".repeat(200)).repeat(LARGE / 201);
    std::fs::write(&journal, format!("{whole}{broken}")).unwrap();
    let told = soon(&house, &["show", &run]);
    assert!(told.exit == 1 && in_words(&told.stderr).contains("of the journal is broken"), "{told}");
}

/// A journal in which one observation was written so often that it has this many bytes.
fn grow(journal: &std::path::Path, whole: &str, bytes: usize) {
    let at = whole.lines().rev().find(|line| line.contains("\"kind\":\"observed\"")).unwrap();
    let before = whole.split_inclusive('\n').take_while(|line| line.trim_end() != at);
    let mut text: String = before.collect();
    let mut seal =
        serde_json::from_str::<Value>(text.lines().last().unwrap()).unwrap()["chain"].as_str().unwrap().to_owned();
    let (first, rest) = at.split_once(',').unwrap();
    let unsealed = rest.rsplit_once(",\"chain\"").unwrap().0;
    let mut seq: u64 = first.rsplit_once(':').unwrap().1.parse().unwrap();
    while text.len() < bytes {
        let line = format!("{{\"seq\":{seq},{unsealed}}}");
        seal = hcops_model::Digest::of_bytes(format!("{seal}\n{line}").as_bytes()).0;
        writeln!(text, "{},\"chain\":\"{seal}\"}}", line.strip_suffix('}').unwrap()).unwrap();
        seq += 1;
    }
    std::fs::write(journal, text).unwrap();
}

/// What makes a command say that it takes a little longer.
const LONG: usize = 21 << 20;

#[test]
fn a_long_journal_is_said_to_be_one_before_it_is_read() {
    let (house, run, journal) = parked();
    let whole = std::fs::read_to_string(&journal).unwrap();
    grow(&journal, &whole, LONG);
    for words in [&["runs"][..], &["show", &run], &["report", &run, "-o", "report.html"]] {
        let told = house.hcops(words);
        let about: Vec<&str> = told.stderr.lines().filter(|line| line.contains(" has 21 MB: ")).collect();
        assert_eq!((told.exit, about.len()), (0, 1), "{told}");
        assert!(told.stderr.starts_with(about[0]), "it is said first: {told}");
    }
    grow(&journal, &whole, 100_000);
    assert!(!house.hcops(&["show", &run]).stderr.contains(" MB: "));
}

#[test]
fn a_journal_of_many_looks_takes_no_longer_than_its_size() {
    let (house, run, journal) = parked();
    let whole = std::fs::read_to_string(&journal).unwrap();
    let took = |bytes: usize, words: &[&str]| {
        grow(&journal, &whole, bytes);
        let began = Instant::now();
        let told = house.hcops(words);
        assert!(!told.stderr.contains("broken") && !told.stderr.contains("cannot"), "{told}");
        began.elapsed()
    };
    for words in [&["runs"][..], &["show", &run], &["watch", &run, "--json"], &["report", &run, "-o", "report.html"]] {
        let (one, four) = (took(500_000, words), took(2_000_000, words));
        assert!(four < one * 10 + Duration::from_secs(2), "{words:?}: four times the lines: {one:?}, then {four:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_that_is_told_may_say_as_much_as_it_likes() {
    let house = House::new();
    for said in ["head -c 52428800 /dev/zero | tr '\\0' y", "head -c 52428800 /dev/zero | tr '\\0' '\\n'"] {
        let command = format!("{{ {said} ; }} >&2; {said}; exit 3");
        let words = ["rehearse", "sync-pause", "--databases", "none", "--non-interactive", "--reason", "x"];
        let told = soon(&house, &[&words[..], &["--on-event", &command]].concat());
        assert!(in_words(&told.stderr).contains("was not told"), "{told}");
    }
}
