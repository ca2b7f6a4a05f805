use crate::case::Case;
use crate::stage::{APP, LEADER, Stage};

const WORDS: [&str; 7] = ["version-upgrade", "--to", "17", "--compare", "none", "--follower-name", "fresh-pg"];

#[test]
fn a_point_of_no_return_that_was_refused_leads_back() {
    let Some(case) = Case::open("refused-crossing") else { return };
    let stage = Stage::start("standard");
    let planned = stage.planned(&WORDS);
    let before = stage.simulator.world();
    stage.fault(&case.read("fault.json"));
    let told = stage.run(&planned, &[]);
    assert_eq!(told.exit, 1, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "was answered 403 forbidden: “You do not have access to attach add-ons on acme-crm.”",
        "It did not take place: the point of no return is not behind the run",
        "hcops abort RUN",
    ] {
        assert!(said.contains(part), "{part}: {told}");
    }
    assert!(!told.stderr.contains("Only forward remains"), "{told}");
    let led = stage.simulator.change(|world| {
        let behind = world.database_behind(APP, "DATABASE_URL").map(|database| database.addon.clone());
        behind.and_then(|addon| Some(world.addon(&addon).ok()?.name.clone()))
    });
    assert_eq!(led.as_deref(), Some(LEADER), "DATABASE leads to the old database");
    assert!(!stage.in_maintenance().is_empty(), "the run stands inside the outage");
    let shown = stage.hcops(&["show"]);
    assert!(shown.to_string().contains("hcops abort"), "whoever comes later sees the way back too: {shown}");
    let aborted = stage.house.command(&["abort", "--non-interactive"]).output().unwrap();
    let said = String::from_utf8(aborted.stderr).unwrap();
    let digest = said.split("--approve ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned();
    let aborted = stage.hcops(&["abort", "--non-interactive", "--approve", &digest]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    assert!(stage.in_maintenance().is_empty(), "the apps are back");
    let after = stage.simulator.world();
    let formation = |world: &hcops_simulator::World| {
        world.apps.iter().map(|app| (app.name.clone(), app.formation.clone())).collect::<Vec<_>>()
    };
    assert_eq!(formation(&after), formation(&before), "the workers are back");
    assert_eq!(after.essence(), before.essence(), "everything is as it was");
}

#[test]
fn whether_the_account_may_do_it_is_looked_at_before_the_outage() {
    let Some(_case) = Case::open("refused-crossing") else { return };
    let stage = Stage::start("standard");
    let planned = stage.planned(&WORDS);
    stage.simulator.change(|world| {
        let less = vec!["view".to_owned(), "deploy".to_owned()];
        world.account.permissions = [(APP.to_owned(), less)].into();
    });
    let told = stage.run(&planned, &[]);
    assert_eq!(told.exit, 11, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("operate is needed") && said.contains("heroku access -a acme-crm"), "{told}");
    assert!(stage.in_maintenance().is_empty(), "nothing is off");
    assert!(stage.simulator.world().addons.iter().all(|addon| addon.name != "fresh-pg"), "nothing was made");
}
