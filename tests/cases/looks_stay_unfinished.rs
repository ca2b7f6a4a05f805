use crate::case::Case;
use crate::stage::{APP, Stage};

#[test]
fn a_look_that_fails_is_over() {
    let Some(_case) = Case::open("looks-stay-unfinished") else { return };
    let stage = Stage::start("standard");
    for _ in 0..18 {
        let told = stage.hcops(&["postgres", "info", "NOTHING", "-a", APP, "--non-interactive"]);
        assert_ne!(told.exit, 0, "{told}");
    }
    let next = stage.hcops(&["status", "-a", APP]);
    assert!(!next.to_string().contains("is not finished"), "{next}");
    let listed = stage.hcops(&["runs", "-a", APP]);
    assert!(!listed.stdout.contains("parked"), "{listed}");
}
