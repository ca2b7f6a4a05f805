use crate::case::Case;
use crate::stage::{APP, Stage};

#[test]
fn the_plan_of_an_import_says_what_would_change() {
    let Some(case) = Case::open("import-plan") else { return };
    let stage = Stage::start("standard");
    let file = stage.house.path("adds-one-mapping.json");
    std::fs::write(&file, case.read("adds-one-mapping.json")).unwrap();
    let told = stage.hcops(&["connect", "import", file.to_str().unwrap(), "-a", APP, "--non-interactive"]);
    assert_eq!(told.exit, 10, "nobody has approved it: {told}");
    let said = told.to_string();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Case"), "what is added is named before anybody approves: {told}");
    assert!(!said.contains("CreatedDate SystemModstamp Email"), "the file itself is not told: {told}");
    assert!(told.to_string().lines().count() < 120, "{told}");
    assert!(stage.simulator.world().connections[0].mappings.iter().all(|it| it.object_name != "Case"));
}
