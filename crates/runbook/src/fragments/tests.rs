//! The fragments that are part of the program, and the runbooks that use them.

use std::collections::{BTreeMap, BTreeSet};

use include_dir::{Dir, File};
use toml::{Table, Value};

use super::super::library::{RUNBOOKS, operation_books, procedure_books};
use super::super::testing::meaning;
use super::super::{Runbook, parse, standalone};
use super::{Fragments, Kind};

/// Everything of a kind that is written in `runbooks/`, with the file and name.
fn written(kind: Kind) -> Vec<(String, Table)> {
    toml_files(&RUNBOOKS).into_iter().flat_map(|file| of_file(kind, file)).collect()
}

fn toml_files(folder: &'static Dir<'static>) -> Vec<&'static File<'static>> {
    let here = folder.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"));
    here.chain(folder.dirs().flat_map(toml_files)).collect()
}

fn of_file(kind: Kind, file: &'static File<'static>) -> Vec<(String, Table)> {
    let name = file.path().display();
    let document: Table = file.contents_utf8().expect("UTF-8").parse().expect("TOML");
    let table = |value: &Value| value.as_table().expect("a table").clone();
    match document.get(kind.key()) {
        Some(Value::Array(steps)) => {
            steps.iter().map(table).map(|step| (format!("{name}: {}", step["id"]), step)).collect()
        }
        Some(Value::Table(all)) => all.iter().map(|(key, value)| (format!("{name}: {key}"), table(value))).collect(),
        _ => Vec::new(),
    }
}

fn books() -> impl Iterator<Item = &'static Runbook> {
    procedure_books().expect("every runbook reads").into_iter().chain(operation_books())
}

#[test]
fn nothing_is_written_twice() {
    for kind in Kind::ALL {
        let mut known = BTreeMap::new();
        for (place, mut table) in written(kind).into_iter().filter(|(_, table)| !table.contains_key("use")) {
            table.remove("id");
            table.remove("group");
            if let Some(other) = known.insert(table.to_string(), place.clone()) {
                panic!("{other} and {place} say the same: write it once, in runbooks/fragments/");
            }
        }
    }
}

#[test]
fn every_fragment_is_used_more_than_once() {
    let fragments = Fragments::embedded();
    let mut few = BTreeSet::new();
    for kind in Kind::ALL {
        let uses = written(kind).into_iter().filter_map(|(_, table)| Some(table.get("use")?.as_str()?.to_owned()));
        let uses: Vec<String> = uses.collect();
        let often = |name: &String| uses.iter().filter(|used| *used == name).count() > 1;
        few.extend(fragments.read().names(kind).into_iter().filter(|name| !often(name)));
    }
    assert!(few.is_empty(), "take these out of runbooks/fragments/, or use them: {few:?}");
}

#[test]
fn beside_each_use_stands_the_title_of_its_step() {
    for book in books() {
        let blocks = book.source.text.split("[[step]]\n").skip(1);
        for (step, block) in book.steps.iter().zip(blocks) {
            let Some(used) = block.lines().find(|line| line.starts_with("use ")) else {
                continue;
            };
            let says_title = block.lines().any(|line| line.starts_with("title "));
            let title = used.split_once(" # ").map(|(_, title)| title);
            let place = format!("{}: {}", book.source.file_name, step.id.value);
            assert!(says_title || title == Some(step.title.value.as_str()), "{place} is {:?}", step.title.value);
        }
    }
}

#[test]
fn every_runbook_means_the_same_when_it_is_written_out() {
    for book in books() {
        let name = &book.source.file_name;
        let whole = standalone(name, &book.source.text, &Fragments::embedded()).expect("it reads");
        assert!(!whole.lines().any(|line| line.starts_with("use ")), "{name}");
        let again = parse(name, &whole).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(meaning(&again), meaning(book), "{name}");
    }
}
