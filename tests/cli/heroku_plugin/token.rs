//! Where the token comes from, and whom it goes to.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::props::{copy, with_program};
use crate::cli::heroku_command::Heroku;
use crate::cli::house::House;
use crate::cli::simulated::Simulator;

/// A token that must be seen nowhere but in the environment of hcops.
const CANARY: &str = "HRKU-canary-5d2f8a";

/// Writes down what hcops is given: its arguments and its token.
const RECORDING: &str = "echo \"arguments: $*\" > recorded; echo \"token: $HEROKU_API_KEY\" >> recorded";

fn recorded(house: &House) -> String {
    fs::read_to_string(house.path("recorded")).unwrap()
}

#[test]
fn the_token_of_the_session_is_handed_over_in_the_environment_only() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = with_program(heroku.furnished(House::new()), RECORDING);
    fs::write(house.path(".netrc"), format!("machine api.heroku.com\n  login ada@acme.example\n  password {CANARY}\n"))
        .unwrap();
    let told = heroku.run(&house, &["connect:ops:status", "-a", "acme-crm"]);
    assert_eq!(told.to_string(), "exit 0\n--- stdout\n--- stderr\n");
    assert_eq!(recorded(&house), format!("arguments: status -a acme-crm\ntoken: {CANARY}\n"));
    heroku.run(&house, &["connect:ops:runs"]);
    assert_eq!(recorded(&house), "arguments: runs\ntoken: \n", "without need nobody sees it");
    let house = house.with("HEROKU_API_KEY", "of-mine");
    heroku.run(&house, &["connect:ops:status", "-a", "acme-crm"]);
    assert!(recorded(&house).ends_with("token: of-mine\n"), "what is set goes before");
}

#[test]
fn the_token_of_the_keychain_goes_to_heroku_and_to_no_simulator() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = with_program(heroku.furnished(House::new()), RECORDING).with("HEROKU_NETRC_WRITE", "false");
    let house = with_keychain(house, heroku);
    heroku.run(&house, &["connect:ops:doctor", "-a", "acme-crm"]);
    assert!(recorded(&house).ends_with(&format!("token: {CANARY}\n")), "{}", recorded(&house));
    let house = house.with("HEROKU_HOST", "http://127.0.0.1:9");
    heroku.run(&house, &["connect:ops:doctor", "-a", "acme-crm"]);
    assert_eq!(recorded(&house), "arguments: doctor -a acme-crm\ntoken: \n");
}

/// A keychain of Linux, as the heroku command asks it, with an account that is logged in.
fn with_keychain(house: House, heroku: &Heroku) -> House {
    let (data, programs) = (house.path("data"), house.path("programs"));
    copy(heroku.data(), &data);
    fs::write(data.join("heroku/login.json"), r#"{"account":"ada@acme.example"}"#).unwrap();
    fs::create_dir(&programs).unwrap();
    let keychain = programs.join("secret-tool");
    fs::write(&keychain, format!("#!/bin/sh\n[ \"$1\" = lookup ] && printf %s {CANARY}\n")).unwrap();
    fs::set_permissions(&keychain, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", programs.display(), search_path());
    house.with("XDG_DATA_HOME", data.to_str().unwrap()).with("PATH", &path)
}

#[expect(clippy::disallowed_methods, reason = "node and the shell are found where the machine has them")]
fn search_path() -> String {
    std::env::var("PATH").unwrap()
}

#[test]
fn an_entry_of_netrc_for_the_simulator_is_found() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let simulator = Simulator::start("standard");
    let house = heroku.furnished(House::new()).with("HEROKU_HOST", &simulator.origin);
    let machine = simulator.origin.strip_prefix("http://").unwrap();
    fs::write(house.path(".netrc"), format!("machine {machine}\n  login ada@acme.example\n  password {CANARY}\n"))
        .unwrap();
    let told = heroku.run(&house, &["connect:ops:status", "-a", "acme-crm"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("IDLE") && !told.to_string().contains(CANARY), "{told}");
}
