//! Names with characters that nobody sees, turn the order of what is read around, or break lines: planted in every name of
//! the simulator's world, they come out of no door.

use hcops::model::plain::is_plain;
use serde_json::Value;

use super::house::House;
use super::simulated::Simulator;

/// Direction, zero width, a tag, a soft hyphen, breaks of lines, a control of C1, an escape sequence.
const PLANTED: &str = "\u{202e}\u{200b}\u{e0041}\u{ad}\u{2028}\u{2029}\u{85}\u{9b}31m\u{1b}[2J\u{feff}\u{2066}";

/// Every name gets it, wherever the world repeats it; what is typed on the command line stays.
fn plant(world: &Value) -> Value {
    let names = ["ops@acme.example", "Contact", "Account", "Order__c", "acme-billing", "worker"];
    let email = world["account"]["email"].as_str().unwrap();
    let names: Vec<&str> = names.into_iter().chain([email]).collect();
    let mut world = world.clone();
    rename(&mut world, &names);
    for place in ["title", "contents", "message", "display_name"] {
        sow(&mut world, place);
    }
    world
}

fn rename(value: &mut Value, names: &[&str]) {
    match value {
        Value::String(text) if names.contains(&text.as_str()) => text.insert_str(text.len() / 2, PLANTED),
        Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, names)),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => (),
    }
}

/// The same in every text under this key.
fn sow(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == key => text.insert_str(text.len() / 2, PLANTED),
                    other => sow(other, key),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| sow(item, key)),
        _ => (),
    }
}

fn check(door: &str, text: &str) {
    let bad = text.chars().find(|character| !is_plain(*character) && !"\n\t".contains(*character));
    let around = bad.map(|bad| {
        let at = text.find(bad).unwrap_or_default();
        text[text[..at].rfind('\n').unwrap_or_default()..].chars().take(200).collect::<String>()
    });
    assert_eq!(bad, None, "{door}: {around:?}");
    assert!(!text.contains("\u{1b}"), "{door}");
}

fn told(house: &House, words: &[&str]) -> String {
    let output = house.command(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (data, notes) = (text(&output.stdout), text(&output.stderr));
    check(&format!("{words:?}, standard output"), &data);
    check(&format!("{words:?}, standard error"), &notes);
    if words.contains(&"--json") {
        for line in data.lines() {
            serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{words:?}: {error}: {line}"));
        }
    }
    data
}

#[test]
fn what_nobody_sees_comes_out_of_no_door() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    simulator.put("/simulator/world", &plant(&simulator.get("/simulator/world")));
    let shown = told(&house, &["status", "-a", "acme-crm", "--json"]);
    assert!(shown.matches("\\u202e").count() >= 4, "the names are the planted ones: {shown}");
    for words in [
        &["status", "-a", "acme-crm"][..],
        &["status", "-a", "acme-crm", "--json"],
        &["doctor", "-a", "acme-crm", "--all", "--procedures"],
        &["doctor", "-a", "acme-crm", "--json"],
        &["windows"],
        &["windows", "--json"],
        &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--markdown", "plan.md"],
        &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--json"],
        &["connect", "state", "-a", "acme-crm", "-vv"],
        &["connect", "state", "-a", "acme-crm", "--json"],
        &["connect", "errors", "-a", "acme-crm"],
        &["run", "sync-pause", "-a", "acme-crm", "--input", "reason=x\u{202e}y", "--non-interactive", "-vv"],
        &["runs"],
        &["runs", "--json"],
    ] {
        told(&house, words);
    }
    let runs: Vec<String> = std::fs::read_dir(house.path("state/runs"))
        .unwrap()
        .map(|run| run.unwrap().file_name().into_string().unwrap())
        .collect();
    for run in &runs {
        for words in
            [&["show", run][..], &["show", run, "--json"], &["watch", run], &["watch", run, "--json"], &["report", run]]
        {
            told(&house, words);
        }
        for format in ["markdown", "html", "json"] {
            told(&house, &["report", run, "--format", format]);
        }
        let trace = house.path("state/runs").join(run).join("trace.log");
        check("trace.log", &std::fs::read_to_string(trace).unwrap_or_default());
    }
    check("plan.md", &std::fs::read_to_string(house.path("plan.md")).unwrap_or_default());
    assert!(runs.len() >= 3, "{runs:?}");
}
