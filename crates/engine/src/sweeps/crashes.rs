use crate::scripted::{Cut, Operator, Process, Rehearsal, World, upgrade};
use hcops_journal::Tear;
use hcops_journal::run_state::RunState;
use hcops_model::{Entry, Exit, Journal, Verdict};

const TEARS: [Tear; 3] = [Tear::Before, Tear::Torn, Tear::After];
const MOST_PROCESSES: u32 = 10;

/// What an undisturbed run leaves behind, and how long it is.
struct Undisturbed {
    on: Vec<String>,
    appends: u64,
    acts: u64,
}

async fn undisturbed() -> Undisturbed {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let before = rehearsal.journal.appends();
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.verdict, Some(Verdict::Done), "{ended:?}");
    Undisturbed {
        on: world.everything_on(),
        appends: rehearsal.journal.appends() - before,
        acts: u64::try_from(world.inside().acts.len()).unwrap(),
    }
}

/// Drives, restarting as often as it takes, and returns how many processes died.
async fn drive_to_the_end(rehearsal: &mut Rehearsal) -> u32 {
    for died in 0..MOST_PROCESSES {
        let mut person = Operator::willing(&rehearsal.world);
        match rehearsal.drive(&mut person).await {
            Process::Ended(ended) => {
                assert_eq!((ended.exit, ended.verdict), (Exit::Done, Some(Verdict::Done)), "{ended:?}");
                return died;
            }
            Process::JournalFailed | Process::Died => rehearsal.restart(),
        }
    }
    panic!("it does not end");
}

fn same_end(rehearsal: &Rehearsal, undisturbed: &Undisturbed, case: &str) {
    assert_eq!(rehearsal.world.everything_on(), undisturbed.on, "{case}");
    assert_eq!(rehearsal.world.times("upgraded=true"), 1, "{case}: a one-shot act");
    let state = RunState::fold(rehearsal.journal.lines()).unwrap();
    assert_eq!(state.closed, Some(Verdict::Done), "{case}");
    assert_eq!(state.crossed.len(), 1, "{case}");
    every_act_has_an_intent_before_it(rehearsal, case);
}

fn every_act_has_an_intent_before_it(rehearsal: &Rehearsal, case: &str) {
    let intents = rehearsal.journal.lines().iter().filter(|line| matches!(line.entry, Entry::Intended { .. })).count();
    assert!(rehearsal.world.inside().acts.len() <= intents, "{case}: an act without an intent");
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_about_the_end() {
    let undisturbed = undisturbed().await;
    assert!(undisturbed.appends > 40, "{}", undisturbed.appends);
    for append in 1..=undisturbed.appends {
        for tear in TEARS {
            let case = format!("append {append}, {tear:?}");
            let mut rehearsal = Rehearsal::of(upgrade(), &World::new());
            rehearsal.journal.fail_at(append, tear);
            assert_eq!(drive_to_the_end(&mut rehearsal).await, 1, "{case}");
            same_end(&rehearsal, &undisturbed, &case);
        }
    }
}

#[tokio::test]
async fn a_crash_at_any_act_changes_nothing_about_the_end() {
    let undisturbed = undisturbed().await;
    assert!(undisturbed.acts >= 8);
    for act in 1..=undisturbed.acts {
        for cut in [Cut::BeforeTheEffect, Cut::AfterTheEffect] {
            let case = format!("act {act}, {cut:?}");
            let world = World::new();
            world.die_at_act(act, cut);
            let mut rehearsal = Rehearsal::of(upgrade(), &world);
            assert_eq!(drive_to_the_end(&mut rehearsal).await, 1, "{case}");
            same_end(&rehearsal, &undisturbed, &case);
        }
    }
}

#[tokio::test]
async fn a_process_that_dies_at_every_append_still_arrives() {
    let undisturbed = undisturbed().await;
    for tear in [Tear::Torn, Tear::After] {
        let mut rehearsal = Rehearsal::of(upgrade(), &World::new());
        let mut processes = 0;
        while rehearsal.state().closed.is_none() {
            // Enough for one act with its holds and its intent, and then the process dies.
            rehearsal.journal.fail_at(6, tear);
            let mut person = Operator::willing(&rehearsal.world);
            if !matches!(rehearsal.drive(&mut person).await, Process::Ended(_)) {
                rehearsal.restart();
            }
            processes += 1;
            assert!(processes < 500, "it does not end");
        }
        same_end(&rehearsal, &undisturbed, &format!("{tear:?}"));
    }
}
