use serde_json::{Value, json};

use crate::case::Case;
use crate::house::Told;
use crate::stage::{APP, Stage};

/// Begins the import of this file, which nobody has approved.
fn begun(stage: &Stage, document: &Value) -> (Told, String) {
    let file = stage.house.path("file.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let told = stage.hcops(&["connect", "import", file.to_str().unwrap(), "-a", APP, "--non-interactive"]);
    let said = told.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    (told, said)
}

fn document(case: &Case) -> Value {
    serde_json::from_str(&case.read("adds-one-mapping.json")).unwrap()
}

#[test]
fn the_plan_of_an_import_says_what_would_change() {
    let Some(case) = Case::open("import-plan") else { return };
    let stage = Stage::start("standard");
    let (told, said) = begun(&stage, &document(&case));
    assert_eq!(told.exit, 10, "nobody has approved it: {told}");
    let before_approval = said.split("--approve").next().unwrap();
    assert!(before_approval.contains("Would be added: Case (3 fields)"), "{told}");
    assert!(before_approval.contains("1 would be added, 0 changed, 4 left as they are"), "{told}");
    assert!(!said.contains("CreatedDate SystemModstamp Email"), "the file itself is not told: {told}");
    assert!(told.to_string().lines().count() < 120, "{told}");
    assert!(stage.simulator.world().connections[0].mappings.iter().all(|it| it.object_name != "Case"));
}

#[test]
fn another_org_and_doubled_objects_are_told() {
    let Some(case) = Case::open("import-plan") else { return };
    let stage = Stage::start("standard");
    let mut other_org = document(&case);
    other_org["connection"]["organization_id"] = json!("00D000000000009AAA");
    let (told, said) = begun(&stage, &other_org);
    assert_eq!(told.exit, 10, "{told}");
    assert!(said.contains("The file is of the Salesforce org 00D000000000009AAA"), "{told}");
    stage.hcops(&["abort", "--non-interactive"]);
    for (object, complaint) in [("Account", "it maps Account twice"), ("account", "it maps account beside Account")] {
        let mut doubled = document(&case);
        let mut again = doubled["mappings"][0].clone();
        again["object_name"] = json!(object);
        doubled["mappings"].as_array_mut().unwrap().push(again);
        let (told, said) = begun(&stage, &doubled);
        assert_eq!(told.exit, 11, "{told}");
        assert!(said.contains(complaint), "{complaint}: {told}");
    }
}

#[test]
fn a_file_without_indexes_is_sent_and_said_to_be_silent_about_them() {
    let Some(case) = Case::open("import-plan") else { return };
    let stage = Stage::start("standard");
    let mut silent = document(&case);
    silent["mappings"].as_array_mut().unwrap().pop();
    for mapping in silent["mappings"].as_array_mut().unwrap() {
        mapping["config"].as_object_mut().unwrap().remove("indexes");
    }
    let (told, said) = begun(&stage, &silent);
    assert_eq!(told.exit, 10, "it is no \"it was so already\": {told}");
    assert!(said.contains("The file does not say these settings, which are set: indexes (Account"), "{told}");
}
