//! The config file: what it decides, what wins over it, and how a wrong one is refused.

use std::path::PathBuf;

use serde_json::Value;

use super::house::{House, Told};

/// A house with this config file in its usual place.
fn configured(text: &str) -> House {
    let house = House::new();
    write(&house, text);
    house
}

fn write(house: &House, text: &str) -> PathBuf {
    let path = house.path(".config/hcops/config.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

/// What `hcops config --json` says of one setting: its value, and where it comes from.
fn setting(house: &House, name: &str, options: &[&str]) -> (Value, String) {
    let told = house.hcops(&[&["config", "--json"], options].concat());
    assert_eq!(told.exit, 0, "{told}");
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let settings = told["settings"].as_array().unwrap();
    let setting = settings.iter().find(|setting| setting["name"] == name).unwrap();
    let from = &setting["from"];
    let place =
        ["name", "line"].iter().find_map(|key| from.get(key)).map_or_else(String::new, |place| format!(" {place}"));
    (setting["value"].clone(), format!("{}{place}", from["kind"].as_str().unwrap()))
}

fn refused(house: &House, arguments: &[&str]) -> Told {
    let told = house.hcops(arguments);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    told
}

#[test]
fn without_a_file_everything_has_its_default() {
    let told = House::new().hcops(&["config"]);
    assert_eq!((told.exit, told.stderr.as_str()), (0, ""));
    assert!(told.stdout.contains("There is no config file; it would be HOUSE/.config/hcops/config.toml"), "{told}");
    assert!(told.stdout.contains("output   text\n         the default"), "{told}");
}

#[test]
fn a_flag_wins_over_a_variable_and_that_over_the_file() {
    let file = "app = \"from-file\"\njournal = \"/from/file\"\n";
    let house = configured(file).with("HCOPS_STATE_DIR", "");
    assert_eq!(setting(&house, "app", &[]), ("from-file".into(), "file 1".to_owned()));
    assert_eq!(setting(&house, "journal", &[]), ("/from/file".into(), "file 2".to_owned()));
    let house = configured(file).with("HEROKU_APP", "from-variable");
    assert_eq!(setting(&house, "app", &[]), ("from-variable".into(), "variable \"HEROKU_APP\"".to_owned()));
    let (_, from) = setting(&house, "journal", &[]);
    assert_eq!(from, "variable \"HCOPS_STATE_DIR\"");
    let chosen = setting(&house, "journal", &["--state-dir", "/from/flag"]);
    assert_eq!(chosen, ("/from/flag".into(), "option \"--state-dir\"".to_owned()));
}

#[test]
fn the_app_of_the_checkout_is_nearer_than_that_of_the_file() {
    let house = configured("app = \"from-file\"\n");
    let git = |arguments: &[&str]| {
        assert!(house.command_of("git".as_ref(), arguments).output().unwrap().status.success());
    };
    git(&["init", "--quiet", "."]);
    assert_eq!(setting(&house, "app", &[]).0, "from-file");
    git(&["remote", "add", "heroku", "https://git.heroku.com/from-remote.git"]);
    assert_eq!(setting(&house, "app", &[]), ("from-remote".into(), "git-remote".to_owned()));
}

#[test]
fn what_the_file_says_is_what_commands_do() {
    let house = configured("output = \"json\"\n");
    let listed = house.hcops(&["runbook", "list"]);
    assert!(listed.stdout.lines().all(|line| line.starts_with("{\"v\":")), "{listed}");
    let listed = house.hcops(&["runbook", "list", "--output", "text"]);
    assert!(!listed.stdout.contains("{\"v\":"), "a flag wins: {listed}");

    let runs = configured("journal = \"~/elsewhere\"\n").with("HCOPS_STATE_DIR", "");
    assert_eq!(runs.hcops(&["rehearse", "sync-pause", "--non-interactive", "--databases", "none"]).exit, 0);
    assert_eq!(std::fs::read_dir(runs.path("elsewhere/runs")).unwrap().count(), 1);
}

#[test]
fn an_app_in_the_file_is_the_one_that_is_meant() {
    let simulator = super::simulated::Simulator::start("standard");
    let house = simulator.house();
    assert_eq!(house.hcops(&["plan", "sync-pause", "--reason", "test"]).exit, 2, "no app is named");
    write(&house, "app = \"acme-crm\"\n");
    let told = house.hcops(&["plan", "sync-pause", "--reason", "test"]);
    assert!(told.exit == 0 && told.stdout.contains("acme-crm"), "{told}");
}

#[test]
fn of_a_webhook_only_the_host_is_shown() {
    let house = configured("notify = \"https://hooks.slack.com/services/T0/canary\"\n");
    for options in [["config"].as_slice(), &["config", "--json"]] {
        let told = house.hcops(options);
        assert!(told.stdout.contains("hooks.slack.com") && !told.to_string().contains("canary"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_token_that_others_can_read_is_remarked_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = configured("notify = \"https://hooks.slack.com/services/T0/canary\"\n");
    let path = house.path(".config/hcops/config.toml");
    for (mode, remarks) in [(0o644, true), (0o640, true), (0o600, false)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let told = house.hcops(&["config"]);
        assert_eq!(told.stderr.contains("chmod 600"), remarks, "{mode:o}: {told}");
    }
}

#[test]
fn a_wrong_file_stops_every_command_and_shows_the_place() {
    let house = configured("app = \"acme-crm\"\noutptu = \"json\"\njournal = 3\n");
    for arguments in [["config"].as_slice(), &["runs"], &["plan", "version-upgrade"]] {
        let told = refused(&house, arguments);
        for part in ["config.toml:2:1", "did you mean `output`?", "config.toml:3:11", "^", "HCOPS_CONFIG=/dev/null"] {
            assert!(told.stderr.contains(part), "{part} is missing in {told}");
        }
    }
    assert_eq!(house.hcops(&["--version"]).exit, 0, "what needs no settings goes on");
    let without = house.with("HCOPS_CONFIG", "/dev/null");
    assert_eq!(without.hcops(&["config"]).exit, 0);
}

#[test]
fn torn_and_unreadable_files_are_refused() {
    for text in ["app = \"acme", "[app]\nname = 1\n", "journal = \"postgres://ada:canary@db.example/runs\"\n"] {
        let told = refused(&configured(text), &["runs"]);
        assert!(told.stderr.contains("config.toml:1:") && !told.stderr.contains("canary"), "{text}: {told}");
    }
    let house = House::new();
    let path = write(&house, "");
    std::fs::write(&path, b"app = \"\xff\xfe\"\n").unwrap();
    assert!(refused(&house, &["runs"]).stderr.contains("not UTF-8"));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(refused(&house, &["runs"]).stderr.contains("Is a directory"));
    let house = House::new().with("HCOPS_CONFIG", "/nowhere/config.toml");
    assert!(refused(&house, &["runs"]).stderr.contains("/nowhere/config.toml"), "a file that is named has to be there");
}

#[test]
fn a_database_is_no_place_for_runs_yet_however_it_is_named() {
    let address = "postgres://ada:canary@db.example/runs";
    for (house, arguments) in [
        (House::new(), ["runs", "--state-dir", address].as_slice()),
        (House::new().with("HCOPS_STATE_DIR", address), &["runs"]),
    ] {
        let told = refused(&house, arguments);
        assert!(told.stderr.contains("not built") && !told.stderr.contains("canary"), "{told}");
    }
}
