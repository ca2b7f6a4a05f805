use crate::case::Case;
use crate::stage::{APP, LEADER, Stage};

#[test]
fn a_config_var_that_holds_the_address_by_hand_is_named_by_plan_and_doctor() {
    let Some(_case) = Case::open("handmade-config-var") else { return };
    let stage = Stage::start("standard");
    stage.simulator.change(|world| {
        let url = world.config(APP).unwrap()["DATABASE_URL"].clone();
        world.set_config(APP, &[("ANALYTICS_DATABASE_URL".to_owned(), Some(format!("{url}?pool=10")))]).unwrap();
    });
    for words in [
        &["plan", "version-upgrade", "-a", APP, "--to", "17", "--compare", "none"][..],
        &["doctor", "-a", APP],
        &["plan", "plan-change", "-a", APP, "--plan", "heroku-postgresql:standard-2", "--method", "follower", "--compare", "none"],
    ] {
        let told = stage.hcops(words);
        let said = told.stdout.clone() + &told.stderr;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("ANALYTICS_DATABASE_URL") && said.contains(LEADER), "{words:?}: {told}");
    }
}
