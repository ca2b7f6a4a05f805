use crate::scripted::{Operator, Rehearsal, World, upgrade};
use hcops_model::{Entry, Exit, Finality, Journal, Plan, StepId};

/// The small upgrade, in which broken silence is final from the upgrade on.
fn plan(proved_by_the_pause: bool) -> Plan {
    let mut plan = upgrade();
    for (hold, proves) in [("silent", false), ("paused", proved_by_the_pause)] {
        let lost = "The old database had more.".to_owned();
        plan.holds.get_mut(hold).unwrap().finality = Some(Finality { from: StepId::from("upgrade"), lost, proves });
    }
    plan
}

fn line_of(rehearsal: &Rehearsal, wanted: impl Fn(&Entry) -> bool) -> u64 {
    rehearsal.journal.lines().iter().find(|line| wanted(&line.entry)).unwrap().seq
}

/// Maintenance mode is off after this line until the run stops, and on again before it is taken up.
async fn broken_and_repaired(plan: Plan, seq: u64) -> (World, Rehearsal, Exit) {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(plan, &world);
    let meddled = world.clone();
    rehearsal.ears.1 = Some((seq, Box::new(move || meddled.put("maintenance", false))));
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::HoldBroken, "after line {seq}: {ended:?}");
    world.put("maintenance", true);
    rehearsal.restart();
    let exit = rehearsal.end(&mut Operator::willing(&world)).await.exit;
    (world, rehearsal, exit)
}

#[tokio::test]
async fn a_break_is_final_from_the_act_on_that_makes_it_so_and_mended_before() {
    let world = World::new();
    let mut whole = Rehearsal::of(plan(false), &world);
    assert_eq!(whole.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    let of =
        |id: &'static str| move |entry: &Entry| matches!(entry, Entry::Settled { step, .. } if step.as_str() == id);
    let (silent, upgraded) = (line_of(&whole, of("caught-up")), line_of(&whole, of("upgrade")));
    let intended =
        line_of(&whole, |entry| matches!(entry, Entry::Intended { intent } if intent.step.as_str() == "upgrade"));
    let (_, _, exit) = broken_and_repaired(plan(false), silent).await;
    assert_eq!(exit, Exit::Done, "what was written before is in the new database");
    for seq in [intended, intended + 1, upgraded] {
        let (world, mut rehearsal, exit) = broken_and_repaired(plan(false), seq).await;
        assert_eq!((exit, world.times("promoted=true")), (Exit::HoldBroken, 0), "after line {seq}");
        let state = rehearsal.state();
        assert!(state.silence.broken.contains_key("silent") && state.silence.baselines["silent"]["on"] == true);
        let needs = state.parked.unwrap();
        assert!(needs.all_commands()[0].starts_with("hcops abort "), "{needs:?}");
        let shown = needs.question.shown.join(" ");
        assert!(shown.contains("at 2026-08-01T") && shown.contains("The old database had more."), "{shown}");
        rehearsal.restart();
        let ended = rehearsal.turn_back(&mut Operator::willing(&world)).await;
        assert_eq!(ended.unwrap().unwrap().exit, Exit::Aborted, "after line {seq}");
    }
}

#[tokio::test]
async fn a_proof_that_nothing_was_written_lets_the_run_go_on() {
    let world = World::new();
    let mut whole = Rehearsal::of(plan(true), &world);
    whole.end(&mut Operator::willing(&world)).await;
    let upgraded = line_of(&whole, |entry| matches!(entry, Entry::Settled { step, .. } if step.as_str() == "upgrade"));
    let (world, rehearsal, exit) = broken_and_repaired(plan(true), upgraded).await;
    assert_eq!((exit, world.times("promoted=true")), (Exit::Done, 1));
    assert!(rehearsal.state().silence.broken.is_empty());
}
