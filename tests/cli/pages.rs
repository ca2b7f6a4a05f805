//! The pages on the procedures are what the runbooks say.

use std::collections::BTreeMap;
use std::path::Path;

use super::house::House;

#[test]
fn the_pages_in_docs_procedures_are_current() {
    let house = House::new();
    let made = house.path("pages");
    let told = house.hcops(&["runbook", "pages", made.to_str().unwrap()]);
    assert_eq!(told.exit, 0, "{told}");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/procedures");
    let (made, kept) = (contents(&made), contents(&kept));
    let names: Vec<&String> =
        made.keys().chain(kept.keys()).filter(|name| made.get(*name) != kept.get(*name)).collect();
    assert!(names.is_empty(), "not current: {names:?}; remedy: cargo run -- runbook pages docs/procedures");
    assert!(made.contains_key("README.md") && made.len() > 3, "{:?}", made.keys());
}

fn contents(directory: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}
