use crate::case::Case;
use crate::stage::{APP, LEADER, Stage};

const NAMES: [&str; 5] =
    ["DATABASE", "DATABASE_URL", "HEROKU_POSTGRESQL_COBALT", "HEROKU_POSTGRESQL_COBALT_URL", "acme-crm::DATABASE"];

#[test]
fn a_database_is_named_as_the_official_client_takes_it() {
    let Some(_case) = Case::open("attachment-names") else { return };
    let stage = Stage::start("standard");
    for name in NAMES {
        for verb in ["info", "wait"] {
            let told = stage.hcops(&["postgres", verb, name, "-a", APP, "--non-interactive"]);
            let is_named = told.exit == 0 || told.to_string().contains(&format!("of {LEADER}"));
            assert!(is_named && told.to_string().contains(LEADER), "{verb} {name}: {told}");
        }
    }
    let before = stage.simulator.world().essence();
    for words in [&["postgres", "wait", "NOTHING"][..], &["postgres", "upgrade", "NOTHING", "--to", "17"]] {
        let told = stage.hcops(&[words, &["-a", APP, "--non-interactive"]].concat());
        assert!([2, 11].contains(&told.exit), "what is not there is not waited for, {words:?}: {told}");
    }
    assert_eq!(stage.simulator.world().essence(), before);
}
