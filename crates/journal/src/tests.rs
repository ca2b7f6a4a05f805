use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::lease::Holder;
use hcops_model::{Digest, Entry, FORMAT, Journal, RunId, Verdict};
use hcops_testing::plans::{Sentence as _, plan, run_id, step};

fn at() -> Timestamp {
    "2026-08-01T22:00:00Z".parse().unwrap()
}

fn holder(by: &str) -> Holder {
    Holder::this_process(by, "night-shift", at())
}

fn opening() -> Opening {
    Opening {
        run: run_id(),
        tool: "0.0.0".to_owned(),
        plan: plan(vec![step("a").sets("a", true)]),
        origin: "here".to_owned(),
    }
}

fn created(root: &Path) -> (RunStore, WriteJournal) {
    let store = RunStore::new(root.join("runs"));
    let run = store.create(opening(), holder("ann@example.com"), at()).unwrap();
    (store, run)
}

fn resumed() -> Entry {
    Entry::Resumed { by: "ann@example.com".to_owned(), tool: "0.0.0".to_owned() }
}

/// The text with its first line's format changed and every seal made anew.
fn in_format(text: &str, major: u32, minor: u32, change: impl Fn(&mut Value)) -> String {
    let mut previous = Digest(GENESIS.to_owned());
    let mut rewritten = String::new();
    for raw in text.lines() {
        let mut value: Value = serde_json::from_str(raw).unwrap();
        if value["seq"] == json!(1) {
            value["format"] = json!({ "major": major, "minor": minor });
        }
        change(&mut value);
        value.as_object_mut().unwrap().shift_remove("chain");
        let unsealed = value.to_string();
        previous = Digest::of_bytes(format!("{previous}\n{unsealed}").as_bytes());
        let body = unsealed.strip_suffix('}').unwrap();
        rewritten.push_str(&format!("{body},\"chain\":\"{previous}\"}}\n"));
    }
    rewritten
}

/// Short enough to be read once for every byte.
fn short_text() -> String {
    let mut journal = MemoryJournal::new();
    let (step, output) = (hcops_model::StepId::from("a"), json!({ "id": "id-of-a" }));
    let how = hcops_model::Settlement::Acted;
    let settled = Entry::Settled { step, how, output, evidence: None, requests: Vec::new() };
    for entry in [opening().entry("ann"), resumed(), settled, Entry::Closed { verdict: Verdict::Done }] {
        journal.append(at(), entry).unwrap();
    }
    journal.text().to_owned()
}

#[test]
fn a_journal_torn_at_any_byte_gives_its_whole_lines() {
    let text = short_text();
    let whole = read(text.as_bytes()).unwrap();
    for cut in 0..text.len() {
        let reading = read(&text.as_bytes()[..cut]).unwrap();
        let lines = text[..cut].matches('\n').count();
        assert_eq!(reading.lines, whole.lines[..lines], "cut at {cut}");
        assert_eq!(reading.whole + reading.torn, cut);
    }
}

#[test]
fn a_changed_byte_is_refused_with_its_line() {
    let text = GOLDEN_DONE;
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let breaks = text.match_indices('\n').map(|(at, _)| at);
    for position in (0..text.len() - 1).step_by(97).chain(breaks) {
        let mut bytes = text.to_owned().into_bytes();
        bytes[position] ^= 1;
        let line = starts.iter().filter(|start| **start <= position).count();
        let refused = read(&bytes);
        let in_last_line = line == starts.len() - 1;
        match refused {
            Err(fault) => assert!(fault.saw.contains(&format!("line {line} ")) || line == 1, "{position}: {fault:?}"),
            Ok(reading) => assert!(in_last_line && reading.torn > 0, "{position}: taken as whole"),
        }
    }
}

#[test]
fn lines_cannot_be_taken_out_put_in_or_exchanged() {
    let text = short_text();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    for position in 1..lines.len() - 1 {
        let mut without = lines.clone();
        without.remove(position);
        assert!(read(joined(&without).as_bytes()).is_err());
        let mut twice = lines.clone();
        twice.insert(position, lines[position]);
        assert!(read(joined(&twice).as_bytes()).is_err());
        let mut exchanged = lines.clone();
        exchanged.swap(position, position + 1);
        assert!(read(joined(&exchanged).as_bytes()).is_err());
    }
}

#[test]
fn a_file_is_private_and_comes_back_as_it_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut run) = created(directory.path());
    run.journal.append(at(), resumed()).unwrap();
    let written = run.journal.lines().to_vec();
    let kept = run.journal.keep("0001-../../odd name.json", b"{}").unwrap();
    assert_eq!(kept.name, "0001-..-..-odd-name.json");
    assert_eq!(kept.digest, Digest::of_bytes(b"{}"));
    drop(run);
    let read = store.open_read("01987000").unwrap();
    assert_eq!((read.lines, read.notes), (written, Vec::<String>::new()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let run = store.directory(run_id());
        assert_eq!((mode(run.clone()), mode(run.join("evidence"))), (0o700, 0o700));
        for file in ["journal.jsonl", "lease", "holder.json", "evidence/0001-..-..-odd-name.json"] {
            assert_eq!(mode(run.join(file)), 0o600, "{file}");
        }
    }
}

#[test]
fn a_second_process_is_refused_and_the_next_one_has_a_higher_fence() {
    let directory = tempfile::tempdir().unwrap();
    let (store, run) = created(directory.path());
    let refused = store.open_write("01987000", holder("bob@example.com"), at()).unwrap_err();
    assert!(matches!(refused, StoreFault::LeasedElsewhere { .. }), "{refused:?}");
    assert!(refused.to_string().contains("ann@example.com on night-shift"), "{refused}");
    assert!(matches!(store.list().unwrap()[0].summary.as_ref().unwrap().standing, Standing::Running(_)));
    drop(run);
    assert_eq!(store.list().unwrap()[0].summary.as_ref().unwrap().standing, Standing::Interrupted);
    let next = store.open_write("01987000", holder("bob@example.com"), at()).unwrap();
    let fence = RunState::fold(next.journal.lines()).unwrap().lease.unwrap().fence;
    assert_eq!(fence, 2);
}

#[test]
fn a_run_taken_over_in_silence_is_noticed_before_the_next_line() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut run) = created(directory.path());
    let thief = Holder { fence: 9, ..holder("bob@example.com") };
    let path = store.directory(run_id()).join("holder.json");
    let ours = fs::read(&path).unwrap();
    fs::write(&path, serde_json::to_vec(&thief).unwrap()).unwrap();
    let fault = run.journal.append(at(), resumed()).unwrap_err();
    assert!(fault.saw.contains("bob@example.com"), "{fault:?}");
    fs::write(&path, ours).unwrap();
    assert_eq!(run.journal.append(at(), resumed()).unwrap_err(), fault, "after a failure nothing more is written");
}

#[test]
fn a_line_from_elsewhere_is_noticed_too() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut run) = created(directory.path());
    let path = store.journal_path(run_id());
    let mut text = fs::read(&path).unwrap();
    text.extend_from_slice(b"{}\n");
    fs::write(&path, text).unwrap();
    assert!(run.journal.append(at(), resumed()).unwrap_err().saw.contains("bytes"));
}

#[test]
fn a_torn_last_line_is_set_aside_at_every_byte_and_the_run_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut run) = created(directory.path());
    run.journal.append(at(), resumed()).unwrap();
    drop(run);
    let path = store.journal_path(run_id());
    let text = fs::read(&path).unwrap();
    let last = text[..text.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in last + 1..text.len() {
        fs::write(&path, &text[..cut]).unwrap();
        let reader = store.open_read("01987000").unwrap();
        assert_eq!((reader.lines.len(), reader.notes.len()), (2, 1));
        let run = store.open_write("01987000", holder("ann@example.com"), at()).unwrap();
        assert_eq!(run.journal.lines().len(), 3, "the lease is the third line");
        let aside = run.journal.directory().join(format!("journal.torn-{}", cut - last));
        assert_eq!(fs::read(&aside).unwrap(), &text[last..cut]);
        assert!(run.notes[0].contains("never acknowledged"), "{:?}", run.notes);
        drop(run);
        assert_eq!(store.open_read("01987000").unwrap().lines.len(), 3);
    }
}

#[test]
fn a_run_without_a_whole_line_never_began() {
    let directory = tempfile::tempdir().unwrap();
    let (store, run) = created(directory.path());
    drop(run);
    fs::write(store.journal_path(run_id()), b"{\"seq\":1,\"at\"").unwrap();
    let refused = store.open_write("01987000", holder("ann@example.com"), at()).unwrap_err();
    assert!(refused.remedy().contains("never began"), "{refused:?}");
    assert!(store.list().unwrap()[0].summary.is_err());
}

#[test]
fn runs_are_found_by_any_prefix_that_fits_one() {
    let directory = tempfile::tempdir().unwrap();
    let (store, run) = created(directory.path());
    drop(run);
    let other = RunId("01987000-0000-7000-8000-000000000002".parse().unwrap());
    drop(store.create(Opening { run: other, ..opening() }, holder("ann"), at()).unwrap());
    fs::create_dir(directory.path().join("runs/not-a-run")).unwrap();
    let listed: Vec<RunId> = store.list().unwrap().into_iter().map(|listing| listing.run).collect();
    assert_eq!(listed, [other, run_id()], "newest first");
    assert_eq!(store.newest_unfinished().unwrap(), Some(other));
    let ambiguous = store.open_read("01987000").unwrap_err();
    assert!(ambiguous.to_string().contains("fits 2 runs") && ambiguous.exit().code() == 2);
    assert!(store.open_read("ffff").unwrap_err().remedy().contains("hcops runs"));
    assert!(store.open_read("").is_err());
    assert_eq!(store.open_read(&other.to_string().to_uppercase()).unwrap().run, other);
    assert!(store.create(opening(), holder("ann"), at()).is_err(), "a run is created once");
    assert!(RunStore::new(directory.path().join("nowhere")).list().unwrap().is_empty());
}

#[test]
fn a_newer_minor_format_is_read_only_and_a_newer_major_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut run) = created(directory.path());
    run.journal.append(at(), resumed()).unwrap();
    drop(run);
    let path = store.journal_path(run_id());
    let text = fs::read_to_string(&path).unwrap();
    let newer = in_format(&text, FORMAT.major, FORMAT.minor + 1, |value| {
        value["colour"] = json!("blue");
        if value["seq"] == json!(2) {
            value["kind"] = json!("dreamt");
        }
    });
    fs::write(&path, &newer).unwrap();
    let reader = store.open_read("01987000").unwrap();
    assert_eq!(reader.lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 3]);
    assert!(reader.notes.iter().any(|note| note.contains("dreamt")), "{:?}", reader.notes);
    assert!(RunState::fold(&reader.lines).is_ok());
    let refused = store.open_write("01987000", holder("ann"), at()).unwrap_err();
    let ours = format!("{}.{}", FORMAT.major, FORMAT.minor);
    assert!(refused.to_string().contains(&ours) && refused.remedy().contains("update"), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer, "nothing was written");

    fs::write(&path, in_format(&text, FORMAT.major + 1, 0, |_| {})).unwrap();
    let refused = store.open_read("01987000").unwrap_err();
    assert!(refused.to_string().contains("format 2.0") && refused.remedy().contains("update"), "{refused:?}");
}

#[test]
fn an_unknown_kind_in_our_own_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (store, run) = created(directory.path());
    drop(run);
    let path = store.journal_path(run_id());
    let text = fs::read_to_string(&path).unwrap();
    let odd = in_format(&text, FORMAT.major, FORMAT.minor, |value| {
        if value["seq"] == json!(2) {
            value["kind"] = json!("dreamt");
        }
    });
    fs::write(&path, odd).unwrap();
    assert!(store.open_read("01987000").unwrap_err().to_string().contains("line 2"));
}

#[test]
fn a_float_does_not_break_the_chain() {
    let mut journal = MemoryJournal::new();
    journal.append(at(), opening().entry("ann")).unwrap();
    for number in [0.1, 1.0 / 3.0, 123_456.789_012_345_67, 5e-324] {
        let output = json!({ "lag": number });
        let how = hcops_model::Settlement::Acted;
        let step = hcops_model::StepId::from("a");
        journal.append(at(), Entry::Settled { step, how, output, evidence: None, requests: Vec::new() }).unwrap();
    }
    assert_eq!(journal.reopened().unwrap().lines().len(), 5);
}

#[test]
fn a_planned_failure_leaves_what_it_says() {
    for (tear, lines) in [(Tear::Before, 1), (Tear::Torn, 1), (Tear::After, 2)] {
        let mut journal = MemoryJournal::new();
        journal.append(at(), opening().entry("ann")).unwrap();
        journal.fail_at(1, tear);
        journal.append(at(), resumed()).unwrap_err();
        journal.append(at(), resumed()).unwrap_err();
        assert_eq!(journal.reopened().unwrap().lines().len(), lines, "{tear:?}");
        assert_eq!(journal.text().ends_with('\n'), tear != Tear::Torn);
    }
}

/// A run that was done, after many detours.
pub(crate) const GOLDEN_DONE: &str = include_str!("golden/1.2-done.jsonl");

/// Journals of every released format, as they were written then.
const GOLDEN: [(&str, &str, Verdict); 6] = [
    ("1.0-done.jsonl", include_str!("golden/1.0-done.jsonl"), Verdict::Done),
    ("1.0-turned-back.jsonl", include_str!("golden/1.0-turned-back.jsonl"), Verdict::Aborted),
    ("1.1-done.jsonl", include_str!("golden/1.1-done.jsonl"), Verdict::Done),
    ("1.1-turned-back.jsonl", include_str!("golden/1.1-turned-back.jsonl"), Verdict::Aborted),
    ("1.2-done.jsonl", GOLDEN_DONE, Verdict::Done),
    ("1.2-turned-back.jsonl", include_str!("golden/1.2-turned-back.jsonl"), Verdict::Aborted),
];

#[test]
fn golden_journals_still_load() {
    for (name, text, verdict) in GOLDEN {
        let journal = MemoryJournal::from_text(text).unwrap();
        assert_eq!(journal.lines().len(), text.lines().count(), "{name}");
        let state = RunState::fold(journal.lines()).unwrap();
        assert_eq!(state.closed, Some(verdict), "{name}");
        let rewritten: Vec<String> = journal.lines().iter().map(|line| serde_json::to_string(line).unwrap()).collect();
        assert!(rewritten.iter().map(String::as_str).eq(text.lines()), "{name} is written today as it was then");
    }
    assert!(kinds_of(&GOLDEN.map(|(_, text, _)| text)).len() == 17, "every kind of entry is in a golden journal");
}

fn kinds_of(texts: &[&str]) -> std::collections::BTreeSet<String> {
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|raw| serde_json::from_str::<Value>(raw).unwrap()["kind"].as_str().unwrap().to_owned()).collect()
}
