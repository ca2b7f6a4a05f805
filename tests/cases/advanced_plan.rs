use crate::case::Case;
use crate::stage::{APP, LEADER, Stage};

#[test]
fn an_advanced_database_is_refused_with_the_words_for_it() {
    let Some(_case) = Case::open("advanced-plan") else { return };
    let stage = Stage::start("standard");
    stage.simulator.change(|world| {
        let addon = world.addons.iter_mut().find(|addon| addon.name == LEADER).unwrap();
        addon.plan = "heroku-postgresql:advanced".to_owned();
    });
    stage.fault(
        r#"{"name": "answer", "path": "/client/v11/databases", "status": 404,
            "body": {"id": "not_found", "message": "Couldn't find that database."}}"#,
    );
    let plan = ["plan", "version-upgrade", "-a", APP, "--to", "17", "--compare", "none"];
    let told = stage.hcops(&plan);
    assert_eq!(told.exit, 11, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Advanced databases are followed and upgraded by other commands"), "{told}");
    assert!(!said.contains("logged in with the right account"), "{told}");
}
