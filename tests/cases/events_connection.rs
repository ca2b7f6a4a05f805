use crate::case::Case;
use crate::stage::{APP, Stage};

#[test]
fn what_is_no_sync_connection_is_left_aside() {
    let Some(_case) = Case::open("events-connection") else { return };
    let stage = Stage::start("standard");
    stage.simulator.change(|world| world.behaviour.discovers_events = true);
    let status = stage.hcops(&["status", "-a", APP]);
    assert_eq!(status.exit, 0, "{status}");
    assert!(!status.to_string().contains("herokuevents"), "{status}");
    for words in [
        &["plan", "version-upgrade", "-a", APP, "--to", "17", "--compare", "none"][..],
        &["plan", "sync-pause", "-a", APP, "--reason", "a test", "--compare", "none"],
    ] {
        let plan = stage.hcops(words);
        assert_eq!(plan.exit, 0, "{words:?}: {plan}");
    }
}
