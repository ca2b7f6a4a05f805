//! What Tab offers, asked as the shells ask it, and in real shells where they are installed.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Expect, Regex, Session};

use super::house::House;
use super::simulated::Simulator;

/// What hcops offers for a command line, with the descriptions, as fish asks it.
fn offered(house: &House, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = house.command(&[&["--"], words.as_slice()].concat());
    let output = command.env("HCOPS_COMPLETE", "fish").output().unwrap();
    let told = house.told(&output);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""), "{line}: {told}");
    // As it is: the house masks ids.
    let offered = String::from_utf8(output.stdout).unwrap();
    offered.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The values alone.
fn values(house: &House, line: &str) -> Vec<String> {
    let value = |line: &String| line.split('\t').next().unwrap().to_owned();
    offered(house, line).iter().map(value).collect()
}

/// A house with one parked run, and its id.
fn with_a_parked_run() -> (House, String) {
    let house = House::new();
    let told = house.hcops(&["rehearse", "version-upgrade", "--non-interactive", "--databases", "none"]);
    assert_eq!(told.exit, 10, "{told}");
    let run = house.only_run();
    (house, run)
}

#[test]
fn apps_connections_and_databases_are_those_of_the_account() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(values(&house, "hcops status -a acme-c"), ["acme-crm"]);
    assert_eq!(values(&house, "hcops status --app=acme-c"), ["--app=acme-crm"]);
    let connections = values(&house, "hcops plan version-upgrade -a acme-crm --resource ");
    assert_eq!(connections.len(), 1, "{connections:?}");
    assert!(connections[0].starts_with("herokuconnect-"), "{connections:?}");
    assert_eq!(values(&house, "hcops plan version-upgrade -a nobodys --resource "), [""; 0]);
    let databases = values(&house, "hcops postgres promote -a acme-crm --database ");
    let compared = values(&house, "hcops postgres compare -a acme-crm postgres");
    assert!(compared.iter().all(|name| name.starts_with("postgresql-")) && !compared.is_empty(), "{compared:?}");
    assert!(databases.is_empty() || databases == compared, "{databases:?}");
}

#[test]
fn names_are_fetched_once_and_kept_without_a_secret() {
    let simulator = Simulator::start("standard");
    let house = simulator.house().with("HEROKU_API_KEY", "canary-token");
    assert_eq!(values(&house, "hcops status -a acme-c"), ["acme-crm"]);
    drop(simulator);
    assert_eq!(values(&house, "hcops status -a acme-c"), ["acme-crm"], "the service is gone, the names are kept");
    let kept = std::fs::read_to_string(house.path(".cache/hcops/completions.json")).unwrap();
    assert!(kept.contains("acme-crm") && !kept.contains("canary"), "{kept}");
    let other = house.with("HEROKU_API_KEY", "another-token");
    assert_eq!(values(&other, "hcops status -a acme-c"), [""; 0], "another account's names are not offered");
}

#[test]
fn offline_and_without_a_token_nothing_is_offered_and_nothing_is_said() {
    let house = House::new().with("HEROKU_HOST", "http://127.0.0.1:9");
    assert_eq!(values(&house, "hcops status -a "), [""; 0], "no token");
    let house = house.with("HEROKU_API_KEY", "simulated");
    assert_eq!(values(&house, "hcops status -a "), [""; 0], "nobody answers");
    let house = House::new().with("HEROKU_HOST", "::nonsense::").with("HEROKU_API_KEY", "simulated");
    assert_eq!(values(&house, "hcops status -a "), [""; 0]);
    std::fs::create_dir_all(house.path(".config/hcops")).unwrap();
    std::fs::write(house.path(".config/hcops/config.toml"), "nonsense").unwrap();
    assert_eq!(values(&house, "hcops show "), [""; 0], "a wrong config file is for commands to complain about");
    assert_eq!(values(&house, "hcops comp"), ["completions"], "what needs nothing is there all the same");
}

#[test]
fn a_server_that_never_answers_is_waited_for_a_second_and_then_left_alone() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let house = House::new().with("HEROKU_HOST", &format!("http://{}", silent.local_addr().unwrap()));
    let house = house.with("HEROKU_API_KEY", "simulated");
    let first = taken(&house);
    assert!((1_000..30_000).contains(&first.as_millis()), "{first:?}");
    // A loaded machine may need longer than a second for a shell and a command now and then, but not every time.
    let later: Vec<Duration> = (0..10).map(|_| taken(&house)).take_while(|took| took.as_millis() >= 900).collect();
    assert!(later.len() < 10, "{later:?}");
}

/// How long one Tab takes.
#[expect(clippy::disallowed_methods, reason = "what a person waits for is the machine's time")]
fn taken(house: &House) -> Duration {
    let begun = std::time::Instant::now();
    assert_eq!(values(house, "hcops status -a "), [""; 0]);
    begun.elapsed()
}

#[test]
fn runs_are_offered_by_a_short_id_the_unfinished_first() {
    let (house, parked) = with_a_parked_run();
    assert_eq!(house.hcops(&["rehearse", "sync-pause", "--non-interactive", "--databases", "none"]).exit, 0);
    let offered = offered(&house, "hcops show ");
    let (first, about) = offered[0].split_once('\t').unwrap();
    assert_eq!(offered.len(), 2, "{offered:?}");
    assert!(parked.starts_with(first) && first.len() >= 8 && first.len() < parked.len(), "{offered:?}");
    assert!(about.starts_with("acme-crm version-upgrade, parked: "), "{offered:?}");
    assert!(offered[1].ends_with("sync-pause, done"), "{offered:?}");
    assert_eq!(values(&house, "hcops resume "), [first], "a finished run can't be gone on with");
    let asked = values(&house, &format!("hcops answer {first} "));
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(house.hcops(&["show", first]).to_string().contains(&asked[0]));
    assert_eq!(values(&house, &format!("hcops resume {first} --confirm ")), [""; 0], "what confirms has to be typed");
}

#[test]
fn procedures_methods_inputs_and_scenarios_are_offered() {
    let house = House::new();
    assert_eq!(values(&house, "hcops plan version-"), ["version-upgrade"]);
    assert_eq!(values(&house, "hcops run version-"), ["version-upgrade"]);
    assert_eq!(values(&house, "hcops plan version-upgrade --method "), ["follower", "in-place", "copy"]);
    assert_eq!(values(&house, "hcops runbook show version-upgrade --method in"), ["in-place"]);
    assert_eq!(values(&house, "hcops plan version-upgrade --compare "), ["full", "counts", "none"]);
    assert!(values(&house, "hcops rehearse version-upgrade --scenario ").contains(&"standard".to_owned()));
    assert_eq!(values(&house, "hcops rehearse version-upgrade --fault server-err"), ["server-error@"]);
    let options = values(&house, "hcops plan version-upgrade --");
    assert!(options.contains(&"--to".to_owned()) && !options.contains(&"--field".to_owned()), "{options:?}");
    assert!(values(&house, "hcops connect p").contains(&"pause".to_owned()));
    assert_eq!(values(&house, "hcops connect authorize --salesforce s"), ["sandbox"]);
    assert_eq!(values(&house, "hcops completions b"), ["bash"]);
}

// --- In real shells -----------------------------------------------------------------------------------------------

/// Where a shell is; nothing, with the reason printed, where it is not installed.
#[expect(clippy::disallowed_methods, reason = "a test that is skipped says so")]
fn shell(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        hcops_testing::missing(name, &format!("{name} is not installed; on Debian: apt-get install {name}"));
    }
    found
}

/// A house in which `hcops` is on the PATH, with the script of a shell as `script`.
fn furnished(house: House, shell: &str) -> House {
    let bin = assert_cmd::cargo::cargo_bin("hcops");
    let path = format!("{}:/usr/bin:/bin", bin.parent().unwrap().display());
    let house = house.with("PATH", &path).with("TERM", "dumb");
    std::fs::write(house.path("script"), house.hcops(&["completions", shell]).stdout).unwrap();
    house
}

/// A shell at a pseudo-terminal. `ready` is typed first.
fn at_a_terminal(house: &House, program: &Path, options: &[&str], ready: &str) -> OsSession {
    let mut session = Session::spawn(house.command_of(program, options)).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.send_line(ready).unwrap();
    session.expect(Regex("ready-4")).unwrap();
    session
}

/// Types a line up to where Tab is hit, lets the shell complete it, and reads the line as the shell holds it then.
fn completed(session: &mut OsSession, typed: &str) -> String {
    session.send(typed).unwrap();
    session.send("\t").unwrap();
    // To the beginning of the line, where `echo` makes it a command that says what it is.
    session.send("\u{1}echo told-$((2+2)): ").unwrap();
    session.send_line("").unwrap();
    let told = session.expect(Regex("told-4: ([^\r\n]*)")).unwrap();
    String::from_utf8(told.get(1).unwrap().to_vec()).unwrap().trim_end().to_owned()
}

#[test]
fn bash_completes_values() {
    let Some(bash) = shell("bash") else { return };
    let simulator = Simulator::start("standard");
    let house = furnished(simulator.house(), "bash");
    let mut session =
        at_a_terminal(&house, &bash, &["--norc", "--noprofile"], "PS1='> '; source ./script; echo ready-$((2+2))");
    assert_eq!(completed(&mut session, "hcops status -a acme-c"), "hcops status -a acme-crm");
    assert_eq!(completed(&mut session, "hcops status --app=acme-c"), "hcops status --app=acme-crm");
    assert_eq!(
        completed(&mut session, "hcops plan version-upgrade --method in"),
        "hcops plan version-upgrade --method in-place"
    );
    assert_eq!(
        completed(&mut session, "hcops plan version-upgrade --compare=cou"),
        "hcops plan version-upgrade --compare=counts"
    );
    assert_eq!(completed(&mut session, "hcops conn"), "hcops connect");
}

#[test]
fn bash_completes_runs() {
    let Some(bash) = shell("bash") else { return };
    let (house, run) = with_a_parked_run();
    let house = furnished(house, "bash");
    let mut session =
        at_a_terminal(&house, &bash, &["--norc", "--noprofile"], "PS1='> '; source ./script; echo ready-$((2+2))");
    assert_eq!(completed(&mut session, "hcops show "), format!("hcops show {}", &run[..11]));
}

#[test]
fn zsh_completes_values_sourced_and_from_its_path() {
    let Some(zsh) = shell("zsh") else { return };
    let simulator = Simulator::start("standard");
    let house = furnished(simulator.house(), "zsh");
    std::fs::create_dir(house.path("functions")).unwrap();
    std::fs::copy(house.path("script"), house.path("functions/_hcops")).unwrap();
    for ready in [
        "PS1='> '; autoload -Uz compinit; compinit -u; source ./script; echo ready-$((2+2))",
        "PS1='> '; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u; echo ready-$((2+2))",
    ] {
        let mut session = at_a_terminal(&house, &zsh, &["-f", "-i"], ready);
        assert_eq!(completed(&mut session, "hcops status -a acme-c"), "hcops status -a acme-crm", "{ready}");
        assert_eq!(completed(&mut session, "hcops status --app=acme-c"), "hcops status --app=acme-crm", "{ready}");
        assert_eq!(completed(&mut session, "hcops plan vers"), "hcops plan version-upgrade", "{ready}");
    }
}

#[test]
fn fish_completes_values_with_descriptions() {
    let Some(fish) = shell("fish") else { return };
    let simulator = Simulator::start("standard");
    let house = furnished(simulator.house(), "fish");
    let asked = |line: &str| {
        let script = format!("source ./script; complete -C '{line}'");
        let told = house.told(&house.command_of(&fish, &["--no-config", "-c", &script]).output().unwrap());
        assert_eq!(told.stderr, "", "{told}");
        told.stdout
    };
    assert_eq!(asked("hcops status -a acme-c"), "acme-crm\n");
    assert_eq!(asked("hcops status --app=acme-c"), "--app=acme-crm\n");
    assert!(asked("hcops plan version-up").starts_with("version-upgrade\t"));
}
