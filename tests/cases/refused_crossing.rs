use crate::case::Case;
use crate::stage::Stage;

#[test]
fn a_point_of_no_return_that_was_refused_leads_back() {
    let Some(case) = Case::open("refused-crossing") else { return };
    let stage = Stage::start("standard");
    let words = ["version-upgrade", "--to", "17", "--compare", "none", "--follower-name", "fresh-pg"];
    let planned = stage.planned(&words);
    let before = stage.simulator.world();
    stage.fault(&case.read("fault.json"));
    let told = stage.run(&planned, &["--confirm", "fresh-pg"]);
    assert_eq!(told.exit, 1, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("It did not take place: the point of no return is not behind the run"), "{told}");
    assert!(told.stderr.contains("hcops abort"), "{told}");
    let aborted = stage.house.command(&["abort", "--non-interactive"]).output().unwrap();
    let said = String::from_utf8(aborted.stderr).unwrap();
    let digest = said.split("--approve ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned();
    let aborted = stage.hcops(&["abort", "--non-interactive", "--approve", &digest]);
    assert_eq!(aborted.exit, 20, "{aborted}");
    assert!(stage.in_maintenance().is_empty(), "the apps are back");
    assert_eq!(stage.simulator.world().essence(), before.essence(), "everything is as it was");
}
