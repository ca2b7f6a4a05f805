//! `hcops connect import`: what would change is in the plan, before anybody approves it.

use serde_json::{Value, json};

use super::house::{House, Told};
use super::operations;
use super::simulated::Simulator;

fn exported(house: &House) -> Value {
    let file = house.path("exported.json");
    let told = house.hcops(&["connect", "export", "-a", "acme-crm", "--non-interactive", "-o", file.to_str().unwrap()]);
    assert_eq!(told.exit, 0, "{told}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn import(house: &House, document: &Value, further: &[&str]) -> Told {
    std::fs::write(house.path("file.json"), document.to_string()).unwrap();
    let words = ["connect", "import", "file.json", "-a", "acme-crm", "--non-interactive"];
    house.hcops(&[words.as_slice(), further].concat())
}

fn one_line(told: &Told) -> String {
    told.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Approves exactly what was shown.
fn approved(house: &House, document: &Value) -> Told {
    std::fs::write(house.path("file.json"), document.to_string()).unwrap();
    operations::approved(house, &["connect", "import", "file.json", "--confirm", "herokuconnect-tidal-40217"])
}

#[test]
fn what_an_import_changes_is_seen_before_it_is_approved() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let mut document = exported(&house);
    let case = json!({ "object_name": "Case", "config": { "access": "read_only", "fields": { "Id": {} } } });
    document["mappings"].as_array_mut().unwrap().push(case);
    document["mappings"][0]["config"]["fields"].as_object_mut().unwrap().remove("Name");
    document["connection"]["organization_id"] = json!("00D000000000009");
    let told = import(&house, &document, &[]);
    assert_eq!(told.exit, 10, "{told}");
    let said = one_line(&told);
    for wanted in [
        "Would be added: Case (1 field).",
        "Account would lose Name: their columns are dropped",
        "The file is of the Salesforce org 00D000000000009",
        "document=a document of",
    ] {
        assert!(said.contains(wanted), "{wanted}: {told}");
    }
    assert!(!told.stderr.contains("sf_polling_seconds 600"), "the file is not told as a run of words: {told}");
}

#[test]
fn an_object_is_named_once_and_as_the_connection_spells_it() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let document = exported(&house);
    let with = |name: &str| {
        let mut document = document.clone();
        let config = json!({ "fields": { "Id": {} } });
        document["mappings"].as_array_mut().unwrap().push(json!({ "object_name": name, "config": config }));
        document
    };
    let twice = import(&house, &with("Account"), &[]);
    assert_eq!(twice.exit, 11, "{twice}");
    assert!(one_line(&twice).contains("it maps Account twice"), "{twice}");
    let beside = import(&house, &with("account"), &[]);
    assert!(one_line(&beside).contains("it maps account beside Account"), "{beside}");
    let mut other = document.clone();
    other["mappings"][0]["object_name"] = json!("ACCOUNT");
    let other = import(&house, &other, &[]);
    assert_eq!(other.exit, 11, "{other}");
    assert!(one_line(&other).contains("it maps ACCOUNT, and the connection has Account"), "{other}");
}

#[test]
fn a_file_without_indexes_is_sent_and_one_that_says_it_all_is_not() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let mut document = exported(&house);
    let applied =
        |simulator: &Simulator| simulator.get("/simulator/world")["connections"][0]["mappings"][0]["revision"].clone();
    let before = applied(&simulator);
    let same = approved(&house, &document);
    assert_eq!(same.exit, 0, "{same}");
    assert_eq!(applied(&simulator), before, "nothing was sent");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    for mapping in document["mappings"].as_array_mut().unwrap() {
        mapping["config"].as_object_mut().unwrap().remove("indexes");
    }
    let parked = import(&house, &document, &[]);
    assert!(one_line(&parked).contains("does not say these settings, which are set: indexes"), "{parked}");
    std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    let sent = approved(&house, &document);
    assert_eq!(sent.exit, 0, "{sent}");
    assert_ne!(applied(&simulator), before, "it was sent");
}

#[test]
fn a_field_that_connect_leaves_out_is_told_once_everything_is_in_sync() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let mut document = exported(&house);
    document["mappings"][0]["config"]["fields"]["Nowhere__c"] = json!({});
    let mut world = simulator.get("/simulator/world");
    world["behaviour"]["dropped_fields"] = json!(["Account.Nowhere__c"]);
    simulator.put("/simulator/world", &world);
    let began: jiff::Timestamp = simulator.get("/simulator/world")["settled_at"].as_str().unwrap().parse().unwrap();
    let told = approved(&house, &document);
    assert_eq!(told.exit, 11, "{told}");
    let said = one_line(&told);
    assert!(said.contains("left out: Account: fields: Nowhere__c was nothing, and is {}"), "{told}");
    let ended: jiff::Timestamp = simulator.get("/simulator/world")["settled_at"].as_str().unwrap().parse().unwrap();
    assert!(ended.duration_since(began).as_secs() < 30 * 60, "{told}");
}

#[test]
fn files_of_windows_are_read_and_what_is_no_document_says_where() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let text = exported(&house).to_string();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
    for (name, bytes) in [("utf16.json", utf16), ("marked.json", marked)] {
        std::fs::write(house.path(name), bytes).unwrap();
        let told = house.hcops(&["connect", "import", name, "-a", "acme-crm", "--non-interactive"]);
        assert_eq!(told.exit, 10, "{name}: {told}");
        std::fs::remove_dir_all(house.path("state/runs")).unwrap();
    }
    let cases: [(&[u8], &str); 4] = [
        (b"{\"name\": \"\xE9\"}", "neither UTF-8 nor UTF-16"),
        (b"{\"version\": 1,\n oops}", "it is no JSON: see line 2, column 2"),
        (b"[1, 2]", "it holds JSON, but no object"),
        (b"  ", "it is empty"),
    ];
    for (bytes, wanted) in cases {
        std::fs::write(house.path("odd.json"), bytes).unwrap();
        let told = house.hcops(&["connect", "import", "odd.json", "-a", "acme-crm", "--non-interactive"]);
        assert_eq!(told.exit, 2, "{told}");
        assert!(one_line(&told).contains(wanted), "{wanted}: {told}");
    }
}
