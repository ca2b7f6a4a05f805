//! Whole runs and their journals: driven in a file, and written down for readers of later formats.

use std::fs;
use std::path::Path;

use hcops_journal::lease::Holder;
use hcops_journal::{MemoryJournal, Opening, RunState, RunStore, Standing, Tear};
use hcops_model::{Choice, FORMAT, FaultKind, Happened, Journal, Line, Verdict};
use jiff::Timestamp;
use serde_json::Value;

use crate::scripted::{
    Cut, Ears, Operator, Process, Registry, Rehearsal, Sentence as _, World, fault, plan, run_id, step, upgrade,
};
use crate::{Drive, Stop, drive};

/// Of the newest released format.
const GOLDEN: [&str; 2] = [
    include_str!("../../../journal/src/golden/1.2-done.jsonl"),
    include_str!("../../../journal/src/golden/1.2-turned-back.jsonl"),
];

#[tokio::test]
async fn a_run_is_driven_in_a_file_by_two_processes() {
    let directory = tempfile::tempdir().unwrap();
    let store = RunStore::new(directory.path().join("runs"));
    let holder = || Holder::this_process("ann@example.com", "night-shift", Timestamp::UNIX_EPOCH);
    let plan = plan(vec![step("a").sets("a", true)]);
    let opening = Opening { run: run_id(), tool: "0.0.0".to_owned(), plan, origin: "here".to_owned() };
    let mut run = store.create(opening, holder(), Timestamp::UNIX_EPOCH).unwrap();
    let world = World::new();
    let mut exits = Vec::new();
    for mut person in [Operator::absent(), Operator::willing(&world)] {
        let registry = Registry::over(&world);
        let parts = Drive {
            journal: &mut run.journal,
            actions: &registry,
            clock: &world.clock,
            person: &mut person,
            listener: &mut Ears::default(),
            stop: &Stop::new(),
            run: run_id(),
        };
        exits.push(drive(parts).await.unwrap().exit.code());
        drop(run);
        run = store.open_write("01987000", holder(), Timestamp::UNIX_EPOCH).unwrap();
    }
    assert_eq!(exits, [10, 0]);
    let summary = store.list().unwrap().remove(0).summary.unwrap();
    assert_eq!((summary.standing, summary.progress), (Standing::Closed(Verdict::Done), (1, 1)));
    let state = RunState::fold(run.journal.lines()).unwrap();
    assert_eq!(state.lease.unwrap().fence, 2, "a closed run is opened without a new lease");
    let evidence = store.directory(run_id()).join("evidence/0001-a.json");
    assert!(fs::read_to_string(evidence).unwrap().contains("id-of-a"));
}

fn kinds_of(texts: &[&str]) -> std::collections::BTreeSet<String> {
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|raw| serde_json::from_str::<Value>(raw).unwrap()["kind"].as_str().unwrap().to_owned()).collect()
}

/// Journals of the present format, left in `target/golden/`; at a release they are copied to those of the journal
/// (`CONTRIBUTING.md`).
#[tokio::test]
async fn journals_of_the_present_format_can_become_golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/golden");
    fs::create_dir_all(&folder).unwrap();
    let written =
        [("done", done_with_detours().await, Verdict::Done), ("turned-back", turned_back().await, Verdict::Aborted)];
    for (name, text, verdict) in &written {
        let journal = MemoryJournal::from_text(text).unwrap();
        assert_eq!(RunState::fold(journal.lines()).unwrap().closed, Some(*verdict), "{name}");
        fs::write(folder.join(format!("{}.{}-{name}.jsonl", FORMAT.major, FORMAT.minor)), text).unwrap();
    }
    let kinds = kinds_of(&written.each_ref().map(|(_, text, _)| text.as_str()));
    assert_eq!(kinds, kinds_of(&GOLDEN), "the same kinds of entries as the golden ones");
}

/// Stopped, parked, answered, refused, died and resumed on the way.
async fn done_with_detours() -> String {
    let world = World::new();
    let refused = fault(FaultKind::Refused, Happened::No);
    world.inside().act_faults.insert("sync".to_owned(), vec![refused]);
    world.die_at_act(5, Cut::AfterTheEffect);
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.stop.request();
    rehearsal.end(&mut Operator::absent()).await;
    rehearsal.restart();
    rehearsal.end(&mut Operator::absent()).await;
    rehearsal.restart();
    assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::Died));
    rehearsal.restart();
    rehearsal.end(&mut Operator::willing(&world)).await;
    rehearsal.journal.text().to_owned()
}

/// Blocked, turned back, and one reversal skipped.
async fn turned_back() -> String {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.journal.fail_at(34, Tear::Before);
    assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::JournalFailed));
    rehearsal.restart();
    world.inside().deaf.insert("workers".to_owned());
    let mut person = Operator::choosing(&world, Choice::Skip);
    rehearsal.turn_back(&mut person).await.unwrap().unwrap();
    let lines: &[Line] = rehearsal.journal.lines();
    assert!(lines.len() > 30);
    rehearsal.journal.text().to_owned()
}
