use std::fs;
use std::path::{Path, PathBuf};

use toml::Value;

use super::written::{Part, Written};

/// The keys of a runbook whose texts are shown to people.
const SHOWN: [&str; 20] = [
    "title",
    "summary",
    "why",
    "way_back",
    "lost",
    "downtime",
    "cost",
    "help",
    "text",
    "statements",
    "instructions",
    "question",
    "meaning",
    "means",
    "note",
    "without",
    "ask",
    "asks",
    "fate",
    "shown",
];

/// The texts of every runbook, in the order of the files and of the texts in them.
pub(super) fn texts(root: &Path) -> Vec<(String, Vec<Written>)> {
    let mut files = Vec::new();
    collect(&root.join("runbooks"), &mut files);
    let read = |path: PathBuf| {
        let shown = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        let document: toml::Table = fs::read_to_string(&path).expect("a runbook").parse().expect("TOML");
        let mut found = Vec::new();
        of_value(None, &Value::Table(document), &mut found);
        (shown, found)
    };
    files.into_iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("the runbooks").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

fn of_value(key: Option<&str>, value: &Value, found: &mut Vec<Written>) {
    match value {
        Value::String(text) if key.is_some_and(|key| SHOWN.contains(&key)) => found.push(of_template(text)),
        Value::Array(items) => items.iter().for_each(|item| of_value(key, item, found)),
        Value::Table(table) => table.iter().for_each(|(key, value)| of_value(Some(key), value, found)),
        _ => {}
    }
}

/// `Pause sync on ${connection.name}` as a text with holes.
fn of_template(text: &str) -> Written {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, further) = after.split_once('}').unwrap_or((after, ""));
        parts.push(Part::Literal(before.to_owned()));
        parts.push(Part::Hole(name.to_owned()));
        rest = further;
    }
    parts.push(Part::Literal(rest.to_owned()));
    parts.retain(|part| *part != Part::Literal(String::new()));
    Written::of(parts)
}
