//! Names with characters that nobody sees, turn the order of what is read around, or break lines: planted in every name of
//! the simulator's world, they come out of no door.

use hcops_text::plain::is_plain;
use serde_json::Value;

use super::house::House;
use super::simulated::Simulator;

/// Direction, zero width, a tag, a soft hyphen, breaks of lines, a control of C1, an escape sequence.
const PLANTED: &str = "\u{202e}\u{200b}\u{e0041}\u{ad}\u{2028}\u{2029}\u{85}\u{9b}31m\u{1b}[2J\u{feff}\u{2066}";

/// Names of people, objects, apps, processes.
const NAMES: &[&str] = &["ops@acme.example", "Contact", "Account", "Order__c", "acme-billing", "worker"];

/// Names of add-ons, attachments, schemas.
const OF_DATA: &[&str] = &[
    "postgresql-flat-11007",
    "herokuconnect-tidal-40217",
    "HEROKU_POSTGRESQL_COBALT",
    "DATABASE_CONNECTION_POOL",
    "salesforce",
    "acme-crm:DATABASE_URL:salesforce",
];

/// Every name gets it, wherever the world repeats it; what is typed on the command line stays.
fn plant(world: &Value, names: &[&'static str]) -> Value {
    let email = world["account"]["email"].as_str().unwrap();
    let names: Vec<&str> = names.iter().copied().chain([email]).collect();
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
    simulator.put("/simulator/world", &plant(&simulator.get("/simulator/world"), NAMES));
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

#[test]
fn names_of_addons_attachments_and_schemas_are_shown_without_what_nobody_sees() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    simulator.put("/simulator/world", &plant(&simulator.get("/simulator/world"), &[NAMES, OF_DATA].concat()));
    let notices = house.path("notices");
    let on_event = format!("cat >> '{0}'; echo >> '{0}'", notices.display());
    let shown = told(&house, &["status", "-a", "acme-crm", "--json"]);
    assert!(shown.matches("\\u202e").count() >= 4, "the names are the planted ones: {shown}");
    for words in [
        &["status", "-a", "acme-crm"][..],
        &["doctor", "-a", "acme-crm", "--all"],
        &["doctor", "-a", "acme-crm", "--json"],
        &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none"],
        &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none", "--json"],
        &["plan", "sync-pause", "-a", "acme-crm", "--reason", "x", "--resource", "no-such-one"],
        &["postgres", "info", "no-such-one", "-a", "acme-crm"],
        &["connect", "state", "-a", "acme-crm", "-vv"],
        &["connect", "export", "-a", "acme-crm"],
        &[
            "run",
            "sync-pause",
            "-a",
            "acme-crm",
            "--reason",
            "x",
            "--compare",
            "none",
            "--non-interactive",
            "--on-event",
            &on_event,
        ],
        &["runs"],
    ] {
        told(&house, words);
    }
    let trail = std::fs::read_to_string(&notices).expect("a notice was given");
    check("notices", &trail);
    assert!(trail.contains("31m[2J"), "the names are the planted ones: {trail}");
    for run in std::fs::read_dir(house.path("state/runs")).unwrap() {
        let run = run.unwrap().file_name().into_string().unwrap();
        for words in [&["show", &run][..], &["watch", &run], &["report", &run], &["report", &run, "--format", "html"]] {
            told(&house, words);
        }
    }
    for typed in [&["status", "-a", ""][..], &["plan", "sync-pause", "-a", "acme-crm", "--resource", ""], &["show", ""]]
    {
        completed(&house, typed);
    }
}

/// What a shell is offered for the last word.
fn completed(house: &House, words: &[&str]) {
    let words = [&["--", "hcops"], words].concat();
    let mut offered = String::new();
    // The first question has names fetched in the background.
    for _ in 0..50 {
        let output = house.command(&words).env("HCOPS_COMPLETE", "fish").output().unwrap();
        offered = String::from_utf8(output.stdout).unwrap();
        if !offered.trim().is_empty() {
            break;
        }
        std::thread::yield_now();
    }
    check(&format!("completion of {words:?}"), &offered.replace("\r\n", "\n"));
}

/// A journal whose texts somebody has edited, and sealed again.
fn edited(journal: &str) -> String {
    let (mut text, mut seal) = (String::new(), "0".repeat(64));
    for line in journal.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        for key in [
            "title", "why", "by", "holder", "reason", "note", "saw", "remedy", "summary", "answer", "question",
            "expect",
        ] {
            sow(&mut line, key);
        }
        line.as_object_mut().unwrap().shift_remove("chain");
        let unsealed = line.to_string();
        seal = hcops_model::Digest::of_bytes(format!("{seal}\n{unsealed}").as_bytes()).0;
        text += &format!("{},\"chain\":\"{seal}\"}}\n", unsealed.strip_suffix('}').unwrap());
    }
    text
}

#[test]
fn a_journal_that_was_edited_by_hand_is_shown_without_what_nobody_sees() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"]).exit, 10);
    let run = house.only_run();
    let journal = house.path("state/runs").join(&run).join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    let torn = format!("{whole}{{\"note\":\"{PLANTED}");
    let broken = format!("{PLANTED}\n{whole}");
    let unknown = whole.replacen("\"kind\":\"opened\"", &format!("\"kind\":\"{PLANTED}\""), 1);
    for text in [edited(&whole), torn, broken, unknown] {
        std::fs::write(&journal, text).unwrap();
        for words in [
            &["show", &run][..],
            &["show", &run, "--json"],
            &["watch", &run],
            &["watch", &run, "--json"],
            &["report", &run],
            &["report", &run, "--format", "html"],
            &["report", &run, "--format", "json"],
            &["runs"],
            &["runs", "--json"],
            &["runs", "--all"],
        ] {
            told(&house, words);
        }
        completed(&house, &["show", ""]);
    }
    std::fs::write(&journal, edited(&whole)).unwrap();
    let shown = told(&house, &["report", &run]);
    assert!(shown.contains("31m"), "the texts are the planted ones: {shown}");
    told(&house, &["resume", &run, "--non-interactive"]);
}
