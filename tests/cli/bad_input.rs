//! Each bad input of the list: a message with cause, remedy and command, and the documented exit code.

use super::house::{House, Told};
use super::simulated::Simulator;

fn plan(house: &House, app: &str) -> Told {
    house.hcops(&["plan", "version-upgrade", "-a", app, "--to", "17", "--compare", "none"])
}

#[test]
fn an_unknown_app() {
    let simulator = Simulator::start("standard");
    insta::assert_snapshot!(plan(&simulator.house(), "acme-nothing"), @r"
    exit 2
    --- stdout
    --- stderr
      error  there is no app acme-nothing, or this account may not see it: GET
             ADDRESS/apps/acme-nothing was answered 404 not_found: “Couldn't
             find that app.” (request RUN)
        why  Everything else is found through the app.
     remedy  Check the app's name (-a, HEROKU_APP or the git remote) and the
             account.
        run  heroku apps --all
    ");
}

#[test]
fn no_token() {
    let house = House::new().with("HEROKU_HOST", "http://127.0.0.1:9");
    insta::assert_snapshot!(plan(&house, "acme-crm"), @r"
    exit 1
    --- stdout
    --- stderr
      error  no token was found for 127.0.0.1:9, which is on this machine
        why  The token of heroku auth:token belongs to the real account, so it is
             not sent to a simulator.
     remedy  Set HEROKU_API_KEY to any text; a simulator takes it.
        run  export HEROKU_API_KEY=simulated
    ");
}

#[test]
fn nobody_at_the_address() {
    let house = House::new().with("HEROKU_HOST", "http://127.0.0.1:9").with("HEROKU_API_KEY", "simulated");
    let told = plan(&house, "acme-crm");
    assert_eq!(told.exit, 32, "nothing was seen: {told}");
    assert!(told.stderr.contains("remedy") && told.stdout.is_empty(), "{told}");
}

#[test]
fn an_address_that_is_not_herokus() {
    let house = House::new().with("HEROKU_HOST", "http://evil.example").with("HEROKU_API_KEY", "canary-token");
    let told = plan(&house, "acme-crm");
    assert_eq!(told.exit, 2, "{told}");
    assert!(!told.to_string().contains("canary-token"), "{told}");
}

#[test]
fn two_connections_without_a_choice() {
    let simulator = Simulator::start("two-connections");
    insta::assert_snapshot!(plan(&simulator.house(), "acme-crm"), @r"
    exit 2
    --- stdout
    --- stderr
      error  acme-crm has 2 connections: herokuconnect-tidal-40217,
             herokuconnect-round-55120
        why  Which of them is meant can't be guessed.
     remedy  Name one with --resource.
        run  hcops status -a acme-crm --resource herokuconnect-tidal-40217
    ");
}

#[test]
fn no_connection() {
    let simulator = Simulator::start("no-connection");
    insta::assert_snapshot!(plan(&simulator.house(), "acme-crm"), @r"
    exit 2
    --- stdout
    --- stderr
      error  Heroku Connect shows no connection of acme-crm to this account
        why  Either the app has no Heroku Connect add-on, or this account is not on
             the connection's access list yet, which is empty at first and also when
             somebody has just been given access to the app.
     remedy  If the add-on is there, have the official command add you to the list
             (opening the add-on in the dashboard does the same), then try again.
             Surveying only looks, so it does not add you by itself.
        run  heroku connect:info -a acme-crm
    ");
}

#[test]
fn no_app_at_all() {
    insta::assert_snapshot!(House::new().hcops(&["plan", "version-upgrade", "--to", "17"]), @r"
    exit 2
    --- stdout
    --- stderr
      error  no app is named
        why  A procedure is about one app; neither -a, -r nor HEROKU_APP names it,
             no git remote of this directory does, and the config file does not.
     remedy  Name it with -a.
        run  heroku apps
    ");
}

#[test]
fn an_input_that_is_no_number() {
    let simulator = Simulator::start("standard");
    let told = simulator.house().hcops(&["plan", "version-upgrade", "-a", "acme-crm", "--to", "newest"]);
    insta::assert_snapshot!(told, @r"
    exit 2
    --- stdout
    --- stderr
      error  --to must be a whole number, not `newest`
        why  A plan is made only from what is certain; nothing was done.
     remedy  Postgres major version to end on, for example 17
        run  hcops plan --help
    ");
}

#[test]
fn an_unknown_procedure() {
    let simulator = Simulator::start("standard");
    let told = simulator.house().hcops(&["plan", "version-upgrad", "-a", "acme-crm", "--to", "17"]);
    insta::assert_snapshot!(told, @r"
    exit 2
    --- stdout
    --- stderr
      error  there is no procedure called `version-upgrad`
        why  A plan is made only from what is certain; nothing was done.
     remedy  Did you mean `version-upgrade`?
        run  hcops runbook list
    ");
}

#[test]
fn a_runbook_with_a_typo() {
    let house = House::new();
    let text = house.hcops(&["runbook", "show", "version-upgrade", "--method", "follower", "--toml"]).stdout;
    std::fs::write(house.path("mine.toml"), text.replacen("connect.pause\"", "connect.pausse\"", 1)).unwrap();
    let told = house.hcops(&["runbook", "lint", "mine.toml"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stdout.contains("connect.pausse") && told.stdout.contains("did you mean"), "{told}");
    assert!(told.stdout.contains("mine.toml:"), "the place is told: {told}");
}

#[test]
fn a_runbook_uses_the_fragments_beside_it() {
    let house = House::new();
    let own = "procedure = \"own\"\nmethod = \"way\"\ntitle = \"Own\"\nsources = [\"none\"]\n\n\
               [[step]]\nid = \"look\"\nuse = \"mine/look\"\n";
    let fragment = "[step.look]\naction = \"connect.idle\"\nwith = { connection = \"${connection.id}\", region_url = \
                    \"${connection.region_url}\" }\ntitle = \"Wait\"\nwhy = \"So.\"\nexpect = { usual = \"1m\", limit = \"2m\" }\n";
    std::fs::create_dir(house.path("fragments")).unwrap();
    std::fs::write(house.path("mine.toml"), own).unwrap();
    std::fs::write(house.path("fragments/mine.toml"), fragment).unwrap();
    let told = house.hcops(&["runbook", "lint", "mine.toml"]);
    assert_eq!((told.exit, told.stdout.trim()), (0, "mine.toml: fine"), "{told}");
    let told = house.hcops(&["runbook", "show", "mine.toml", "--toml"]);
    assert!(told.stdout.contains("connect.idle") && !told.stdout.contains("mine/look"), "it stands for itself: {told}");
    std::fs::write(house.path("fragments/mine.toml"), fragment.replace("connect.idle", "connect.idel")).unwrap();
    let told = house.hcops(&["runbook", "lint", "mine.toml"]);
    assert_eq!(told.exit, 2, "{told}");
    assert!(told.stdout.contains("fragments/mine.toml:2:10"), "the place is told: {told}");
    assert!(told.stdout.contains("used by the step `look`, mine.toml:8"), "and who uses it: {told}");
}

#[test]
fn a_plan_file_that_is_not_there() {
    insta::assert_snapshot!(House::new().hcops(&["run", "plan.json"]), @r"
    exit 2
    --- stdout
    --- stderr
      error  cannot read plan.json: No such file or directory (os error 2)
        why  The command needs this file.
     remedy  Check the path and its permissions.
        run  hcops run --help
    ");
}

/// A rehearsal in which something about the world or the answers is not as expected.
fn rehearsed_with(fault: &str) -> Told {
    House::new().hcops(&["rehearse", "version-upgrade", "--non-interactive", "--fault", fault])
}

#[test]
fn an_unknown_connection_state_is_shown_raw_and_stops_the_plan() {
    let told = rehearsed_with("unknown-connection-state");
    assert_eq!((told.exit, told.stdout.as_str()), (11, ""), "{told}");
    assert!(told.stderr.contains("which hcops does\n         not know"), "{told}");
}

#[test]
fn html_instead_of_json() {
    let told = rehearsed_with("html@GET /apps/*");
    assert_eq!((told.exit, told.stdout.as_str()), (1, ""), "{told}");
    assert!(told.stderr.contains("JSON") && told.stderr.contains("remedy"), "{told}");
}

#[test]
fn a_token_that_expires() {
    let told = rehearsed_with("unauthorized@GET /apps/*");
    assert_eq!((told.exit, told.stdout.as_str()), (1, ""), "{told}");
    assert!(told.stderr.contains("heroku login"), "{told}");
}

#[test]
fn a_wrong_token() {
    let simulator = Simulator::start("standard");
    let house = House::new().with("HEROKU_HOST", &simulator.origin).with("HEROKU_API_KEY", "wrong-token");
    let told = plan(&house, "acme-crm");
    assert_eq!(told.exit, 1, "{told}");
    assert!(told.stderr.contains("heroku login") && !told.to_string().contains("wrong-token"), "{told}");
}
