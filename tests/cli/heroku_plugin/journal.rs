//! The same run, whichever command began it.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::heroku_command::Heroku;
use crate::cli::house::House;
use crate::cli::simulated::Simulator;

#[test]
fn through_heroku_a_run_leaves_the_same_journal() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let directly = journal_of(heroku, House::command);
    let through_heroku = journal_of(heroku, |house, words| {
        heroku.command(house, &[&[format!("connect:ops:{}", words[0]).as_str()], &words[1..]].concat())
    });
    assert!(directly.as_array().unwrap().len() > 100, "{directly}");
    assert_eq!(first_difference(&directly, &through_heroku, "journal"), None);
}

/// Where two values differ first, with both.
fn first_difference(one: &Value, other: &Value, place: &str) -> Option<String> {
    let nothing = Value::Null;
    match (one, other) {
        (Value::Object(here), Value::Object(there)) => {
            let mut names: Vec<&String> = here.keys().chain(there.keys()).collect();
            // Two runs have two folders.
            names.retain(|name| *name != "folder");
            names.sort();
            names.into_iter().find_map(|name| first_difference(&one[name], &other[name], &format!("{place}.{name}")))
        }
        (Value::Array(here), Value::Array(there)) => (0..here.len().max(there.len())).find_map(|index| {
            let item = |items: &'_ [Value]| items.get(index).unwrap_or(&nothing).clone();
            first_difference(&item(here), &item(there), &format!("{place}[{index}]"))
        }),
        _ => (one != other).then(|| format!("{place}: {one} and {other}")),
    }
}

/// Plans, runs until it parks, resumes with the name of the crossing, and returns what the journal then holds, without
/// what differs between any two runs.
fn journal_of(heroku: &Heroku, call: impl Fn(&House, &[&str]) -> Command) -> Value {
    let simulator = Simulator::start("standard");
    let house = heroku.furnished(simulator.house());
    let expect = |exit: i32, words: &[&str]| {
        let output = call(&house, words).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(exit), "{}", house.told(&output));
        output.stdout
    };
    let planned = expect(0, &PLAN);
    let planned: Value = serde_json::from_slice(&planned).unwrap();
    let digest = planned["digest"].as_str().unwrap();
    expect(10, &["run", "plan.json", "--approve", digest, "--non-interactive"]);
    let (run, name) = (house.only_run(), planned["plan"]["facts"]["follower_name"].as_str().unwrap());
    expect(0, &["resume", &run, "--confirm", name, "--go", "--non-interactive"]);
    let journal = fs::read_to_string(house.path(&format!("state/runs/{run}/journal.jsonl"))).unwrap();
    let journal = journal.replace(simulator.origin.strip_prefix("http://").unwrap(), "ADDRESS");
    journal.lines().map(|line| comparable(serde_json::from_str(line).unwrap())).collect()
}

const PLAN: [&str; 13] = [
    "plan",
    "version-upgrade",
    "--method",
    "follower",
    "-a",
    "acme-crm",
    "--to",
    "17",
    "--compare",
    "none",
    "-o",
    "plan.json",
    "--json",
];

/// Ids, times, digests and processes are others in each run; everything else is not.
fn comparable(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.split(' ').map(comparable_word).collect::<Vec<_>>().join(" ")),
        Value::Array(items) => items.into_iter().map(comparable).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, comparable(value))).collect(),
        other => other,
    }
}

fn comparable_word(word: &str) -> &str {
    let bare = word.trim_matches(|mark: char| mark.is_ascii_punctuation());
    let is_id = bare.len() >= 12 && bare.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    let is_process = word.strip_suffix(')').is_some_and(|number| number.parse::<u32>().is_ok());
    let is_time = word.parse::<jiff::Timestamp>().is_ok();
    if is_id || is_process || is_time { "…" } else { word }
}
