use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::scripted::{Operator, Rehearsal, World, upgrade};
use hcops_model::{Entry, Exit, Journal, StepId};

const HOLDERS: [&str; 2] = ["upgrade", "promote"];

/// What a disturbed run did: the holder's line at which the condition was already broken, and whether it acted later.
fn acted_although_broken(rehearsal: &Rehearsal, broken_after: u64) -> Option<StepId> {
    rehearsal.journal.lines().iter().find_map(|line| match &line.entry {
        Entry::Intended { intent } if line.seq > broken_after && HOLDERS.contains(&intent.step.as_str()) => {
            // The conditions of this act were looked at in the lines right before its intent.
            let first_look = line.seq - 2;
            (first_look > broken_after).then(|| intent.step.clone())
        }
        _ => None,
    })
}

async fn undisturbed() -> Rehearsal {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    rehearsal
}

fn line_of(rehearsal: &Rehearsal, wanted: impl Fn(&Entry) -> bool) -> u64 {
    rehearsal.journal.lines().iter().find(|line| wanted(&line.entry)).unwrap().seq
}

#[tokio::test]
async fn a_condition_that_breaks_at_any_line_stops_the_next_act_that_needs_it() {
    let whole = undisturbed().await;
    let silent = line_of(&whole, |entry| matches!(entry, Entry::Settled { step, .. } if step.as_str() == "pause"));
    let promoted =
        line_of(&whole, |entry| matches!(entry, Entry::Intended { intent } if intent.step.as_str() == "promote"));
    let mut stopped = 0;
    for seq in silent..promoted {
        for (thing, broken) in [("sync", true), ("maintenance", false)] {
            let world = World::new();
            let mut rehearsal = Rehearsal::of(upgrade(), &world);
            let meddled = world.clone();
            rehearsal.ears.1 = Some((seq, Box::new(move || meddled.put(thing, broken))));
            let ended = rehearsal.end(&mut Operator::willing(&world)).await;
            let case = format!("{thing} broken after line {seq}: {ended:?}");
            assert_eq!(acted_although_broken(&rehearsal, seq), None, "{case}");
            if ended.exit == Exit::HoldBroken {
                stopped += 1;
                assert!(world.times("promoted=true") == 0, "{case}");
                world.put(thing, !broken);
                rehearsal.restart();
                assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done, "{case}");
            } else {
                assert_eq!(ended.exit, Exit::Done, "{case}");
                assert!(seq + 2 >= promoted, "only between the last look and the act nothing can be seen: {case}");
            }
            assert_eq!(world.times("upgraded=true"), 1, "{case}");
        }
    }
    assert!(stopped > 20, "{stopped}");
}

#[tokio::test]
async fn a_machine_that_sleeps_at_any_line_acts_on_nothing_that_it_saw_before() {
    let whole = undisturbed().await;
    let silent = line_of(&whole, |entry| matches!(entry, Entry::Settled { step, .. } if step.as_str() == "pause"));
    let last = line_of(&whole, |entry| matches!(entry, Entry::Received { step, .. } if step.as_str() == "promote"));
    let mut stopped = 0;
    for seq in silent..last {
        for (thing, broken) in [("sync", true), ("maintenance", false)] {
            let world = World::new();
            let mut rehearsal = Rehearsal::of(upgrade(), &world);
            let meddled = world.clone();
            let (upgrades, promotions) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let (up, pro) = (Arc::clone(&upgrades), Arc::clone(&promotions));
            rehearsal.ears.1 = Some((
                seq,
                Box::new(move || {
                    meddled.clock.suspend(Duration::from_secs(4 * 3600));
                    meddled.put(thing, broken);
                    up.store(meddled.times("upgraded=true"), Ordering::Relaxed);
                    pro.store(meddled.times("promoted=true"), Ordering::Relaxed);
                }),
            ));
            let ended = rehearsal.end(&mut Operator::willing(&world)).await;
            let case = format!("asleep after line {seq}, {thing} broken: {ended:?}");
            assert_eq!(ended.exit, Exit::HoldBroken, "{case}");
            assert_eq!(world.times("upgraded=true"), upgrades.load(Ordering::Relaxed), "{case}");
            assert_eq!(world.times("promoted=true"), promotions.load(Ordering::Relaxed), "{case}");
            stopped += 1;
        }
    }
    assert!(stopped > 20, "{stopped}");
}
