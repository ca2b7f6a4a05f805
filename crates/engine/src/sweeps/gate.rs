//! The gate: writes go off when the operator lets them, and at no other time.

use std::time::Duration;

use jiff::Timestamp;

use crate::scripted::{Ears, Operator, Rehearsal, World, gated_upgrade, said, willing_answer};
use hcops_model::{Clock, Entry, Exit, Journal, QuestionKind, Reply};

const OFF: &str = "maintenance=true";

/// Answers the gate with this, and everything else willingly.
fn opening(world: &World, opening: &str) -> Operator {
    let (world, opening) = (world.clone(), opening.to_owned());
    Operator::who(move |question| match question.sort {
        QuestionKind::Gate { .. } => said(&opening),
        _ => willing_answer(&world, question),
    })
}

/// Approves, and is gone then.
fn approving() -> Operator {
    Operator::who(|question| match &question.sort {
        QuestionKind::Approve { digest } => said(digest),
        _ => Reply::NobodyThere,
    })
}

fn began() -> (World, Rehearsal) {
    let world = World::new();
    let rehearsal = Rehearsal::of(gated_upgrade(), &world);
    (world, rehearsal)
}

/// When the act that turns writes off was intended.
fn went_off(rehearsal: &Rehearsal) -> Option<Timestamp> {
    rehearsal.journal.lines().iter().find(|line| goes_off(&line.entry)).map(|line| line.at)
}

/// The number of the line of this sort, in a run that nothing disturbs.
async fn line_of(sort: fn(&Entry) -> bool) -> u64 {
    let (world, mut rehearsal) = began();
    rehearsal.end(&mut Operator::willing(&world)).await;
    rehearsal.journal.lines().iter().find(|line| sort(&line.entry)).unwrap().seq
}

fn is_through_gate(entry: &Entry) -> bool {
    matches!(entry, Entry::Settled { step, .. } if step.as_str() == "gate")
}

fn goes_off(entry: &Entry) -> bool {
    matches!(entry, Entry::Intended { intent } if intent.step.as_str() == "maintenance-on")
}

/// The machine sleeps for a night when this line was written.
fn asleep_at(rehearsal: &mut Rehearsal, world: &World, seq: u64) {
    let clock = world.clock.clone();
    rehearsal.ears = Ears(Vec::new(), Some((seq, Box::new(move || clock.suspend(Duration::from_secs(8 * 3600))))));
}

#[tokio::test]
async fn where_nobody_is_there_the_run_parks_before_writes_go_off_and_names_all_that_it_needs() {
    let (world, mut rehearsal) = began();
    let ended = rehearsal.end(&mut approving()).await;
    let needs = ended.needs.expect("needs");
    assert_eq!((ended.exit, needs.question.id.as_str()), (Exit::NeedsPerson, "gate"));
    assert_eq!(needs.later.iter().map(|question| question.id.as_str()).collect::<Vec<_>>(), ["promote"]);
    assert!(needs.commands[0].ends_with("--go --confirm follower-1"), "{:?}", needs.commands);
    assert_eq!((world.times("sync=false"), world.times(OFF)), (1, 0), "sync is paused, and writes stay on");
}

#[tokio::test]
async fn what_is_on_its_way_for_too_long_at_the_gate_is_asked_about() {
    let (world, mut rehearsal) = began();
    rehearsal.end(&mut approving()).await;
    world.put("sync", true);
    rehearsal.restart();
    world.inside().slowness.insert("sync".to_owned(), Duration::from_secs(2 * 86_400));
    world.take_effect("sync", false);
    let began_at = world.clock.now();
    let ended = rehearsal.end(&mut opening(&world, "now")).await;
    let waited = world.clock.now().duration_since(began_at).as_secs();
    assert_eq!((ended.exit, went_off(&rehearsal)), (Exit::HoldBroken, None));
    assert!((3600..3700).contains(&waited), "{waited} s");
}

#[tokio::test]
async fn between_writes_off_and_writes_on_nobody_is_asked_who_has_said_all_at_the_gate() {
    let (world, mut rehearsal) = began();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    let entries: Vec<&Entry> = rehearsal.journal.lines().iter().map(|line| &line.entry).collect();
    let is_of = |entry: &Entry, id: &str| matches!(entry, Entry::Intended { intent } if intent.step.as_str() == id);
    let at = |id: &str| entries.iter().position(|entry| is_of(entry, id)).unwrap();
    let asked = |entry: &&Entry| matches!(entry, Entry::Asked { .. });
    assert!(entries[..at("maintenance-on")].iter().filter(|entry| asked(entry)).count() >= 2);
    assert!(!entries[at("maintenance-on")..at("maintenance-off")].iter().any(asked));
}

#[tokio::test]
async fn whoever_says_there_is_asked_at_the_point_of_no_return() {
    let (world, mut rehearsal) = began();
    let (in_person, off) = (world.clone(), world.clone());
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Cross { ahead: true, .. } => said("there"),
        QuestionKind::Cross { .. } => {
            assert!(off.is("maintenance"));
            willing_answer(&in_person, question)
        }
        _ => willing_answer(&in_person, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("promote"), 2);
    assert_eq!(world.times(OFF), 1);
}

#[tokio::test]
async fn a_downtime_that_would_park_for_an_answer_is_not_begun() {
    let (world, mut rehearsal) = began();
    let answering = world.clone();
    let mut flags = Operator::who(move |question| match question.sort {
        QuestionKind::Cross { ahead: true, .. } => said("there"),
        _ => willing_answer(&answering, question),
    });
    flags.is_there_later = false;
    let ended = rehearsal.end(&mut flags).await;
    let needs = ended.needs.expect("needs");
    assert_eq!((ended.exit, needs.question.id.as_str()), (Exit::NeedsPerson, "promote"));
    assert!(needs.question.shown.iter().any(|line| line.contains("nobody can be asked there")), "{needs:?}");
    assert_eq!(world.times(OFF), 0, "writes stay on");
    rehearsal.restart();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
}

#[tokio::test]
async fn a_time_is_waited_for() {
    let (world, mut rehearsal) = began();
    assert_eq!(rehearsal.end(&mut opening(&world, "at 2026-08-03T02:00:00Z")).await.exit, Exit::Done);
    let off = went_off(&rehearsal).unwrap();
    assert_eq!(off, "2026-08-03T02:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_window_that_is_nearly_over_is_left_for_the_next_one() {
    let (world, mut rehearsal) = began();
    // It is about 22:05 then, and the downtime usually takes half an hour.
    assert_eq!(rehearsal.end(&mut opening(&world, "window 21:30-22:31@UTC")).await.exit, Exit::Done);
    assert_eq!(went_off(&rehearsal).unwrap(), "2026-08-02T21:30:00Z".parse().unwrap());
}

#[tokio::test]
async fn what_does_not_fit_is_not_taken() {
    for wrong in ["yes", "at 22:00", "now budget 14m", "window 22:00-22:29@UTC", ""] {
        let (world, mut rehearsal) = began();
        let ended = rehearsal.end(&mut opening(&world, wrong)).await;
        assert_eq!((ended.exit, went_off(&rehearsal)), (Exit::NeedsPerson, None), "{wrong}");
    }
}

#[tokio::test]
async fn a_run_that_was_left_at_the_gate_for_days_looks_again_before_it_goes_on() {
    let (world, mut rehearsal) = began();
    rehearsal.end(&mut approving()).await;
    world.clock.pass(Duration::from_secs(2 * 86_400));
    world.put("sync", true);
    rehearsal.restart();
    // Somebody had resumed sync meanwhile, and pauses it again: that is waited for, since nothing is off.
    world.inside().slowness.insert("sync".to_owned(), Duration::from_secs(1200));
    world.take_effect("sync", false);
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Done);
    let off = went_off(&rehearsal).unwrap();
    assert!(off >= "2026-08-03T22:20:00Z".parse().unwrap(), "{off}");
}

#[tokio::test]
async fn a_process_that_is_gone_behind_the_gate_lets_nothing_begin_in_the_next_one() {
    let (world, mut rehearsal) = began();
    let seq = line_of(is_through_gate).await;
    let stop = rehearsal.stop.clone();
    rehearsal.ears = Ears(Vec::new(), Some((seq, Box::new(move || stop.request()))));
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Interrupted);
    assert!(rehearsal.state().is_just_through_gate() && went_off(&rehearsal).is_none());
    world.clock.pass(Duration::from_secs(3600));
    rehearsal.restart();
    let ended = rehearsal.end(&mut Operator::absent()).await;
    assert_eq!((ended.exit, world.times(OFF)), (Exit::NeedsPerson, 0));
    let shown = ended.needs.expect("needs").question.shown.join(" ");
    assert!(shown.contains("does not count any more: it was to begin 1h"), "{shown}");
    rehearsal.restart();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!(world.times(OFF), 1);
}

#[tokio::test]
async fn a_machine_that_sleeps_behind_the_gate_is_asked_again() {
    let (world, mut rehearsal) = began();
    let seq = line_of(is_through_gate).await;
    asleep_at(&mut rehearsal, &world, seq);
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("gate"), 2);
}

#[tokio::test]
async fn a_machine_that_sleeps_over_the_first_act_does_not_make_it_and_is_asked_again() {
    let (world, mut rehearsal) = began();
    let seq = line_of(goes_off).await;
    asleep_at(&mut rehearsal, &world, seq);
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!((person.was_asked("gate"), world.times(OFF)), (2, 1));
}

#[tokio::test]
async fn a_machine_that_sleeps_in_the_downtime_asks_for_the_name_again() {
    let (world, mut rehearsal) = began();
    let upgraded = |entry: &Entry| matches!(entry, Entry::Settled { step, .. } if step.as_str() == "upgrade");
    asleep_at(&mut rehearsal, &world, line_of(upgraded).await);
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!((person.was_asked("gate"), person.was_asked("promote")), (1, 2));
}

#[tokio::test]
async fn out_of_time_without_anybody_there_writes_come_back() {
    let (world, mut rehearsal) = began();
    world.put("caught-up", false);
    let in_person = world.clone();
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Gate { .. } => said("now budget 20m"),
        QuestionKind::Decide { .. } => Reply::NobodyThere,
        _ => willing_answer(&in_person, question),
    });
    let ended = rehearsal.end(&mut person).await;
    assert_eq!((ended.exit, world.times(OFF)), (Exit::Aborted, 1));
    assert!(!world.is("maintenance") && world.is("sync") && !world.is("follower"));
    let off = rehearsal.state().downtime.seconds(Timestamp::MAX).unwrap();
    assert!(off <= 20 * 60, "{off} s");
}

#[tokio::test]
async fn out_of_time_somebody_may_go_on_and_is_asked_once() {
    let (world, mut rehearsal) = began();
    world.put("caught-up", false);
    world.inside().slowness.insert("caught-up".to_owned(), Duration::from_secs(3000));
    world.take_effect("caught-up", true);
    let mut person = opening(&world, "now budget 20m");
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("out-of-time"), 1);
}

#[tokio::test]
async fn a_name_that_was_given_at_the_gate_ends_when_the_run_stands_still() {
    let (world, mut rehearsal) = began();
    world.put("caught-up", false);
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Blocked, "it takes longer than its limit");
    world.put("caught-up", true);
    rehearsal.restart();
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!((person.was_asked("gate"), person.was_asked("promote")), (0, 1));
    assert!(world.clock.now() > "2026-08-01T23:00:00Z".parse().unwrap());
}
