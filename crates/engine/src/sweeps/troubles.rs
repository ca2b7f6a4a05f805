//! Steps that cannot go on by themselves: what is offered, and that it leads on.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::runs::{answer_and_restart, given, how, kinds};
use crate::answer;
use crate::drive::Ended;
use crate::scripted::{
    Operator, Process, Rehearsal, Sentence as _, World, fault, plan, said, step, upgrade, willing_answer,
};
use hcops_journal::run_state::Outcome;
use hcops_model::{
    Choice, Clock, Entry, Exit, FaultKind, Happened, Journal, Line, PlannedStep, Progress, QuestionKind, Reply, Seen,
    Settlement, StepId, Verdict,
};

#[tokio::test]
async fn an_interrupted_one_shot_act_without_a_sign_is_asked_about_and_never_repeated() {
    for (cut, answer, times) in [
        (crate::scripted::Cut::BeforeTheEffect, "did-not-happen", 1),
        (crate::scripted::Cut::AfterTheEffect, "happened", 1),
    ] {
        let world = World::new();
        // Long after the grace period the world still shows nothing.
        world.inside().lag = Duration::from_secs(120);
        world.die_at_act(5, cut);
        let mut rehearsal = Rehearsal::of(upgrade(), &world);
        assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::Died));
        rehearsal.restart();
        let ended = rehearsal.end(&mut Operator::absent()).await;
        assert_eq!(ended.exit, Exit::Unclear, "{cut:?}");
        let needs = ended.needs.unwrap();
        assert_eq!(needs.question.sort, QuestionKind::WhatHappened);
        answer_and_restart(&mut rehearsal, "upgrade", answer);
        assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done, "{cut:?}");
        assert_eq!(world.times("upgraded=true"), times, "{cut:?}");
    }
}

#[tokio::test]
async fn an_accepted_act_without_effect_is_waited_for_and_then_told() {
    let world = World::new();
    world.inside().deaf.insert("a".to_owned());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true).within(600)]), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| willing_answer(&inner, question));
    let ended = rehearsal.end(&mut person).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert_eq!(world.times("a=true"), 1, "never twice while waiting");
    let QuestionKind::Trouble { choices } = &person.asked.last().unwrap().sort else { panic!() };
    assert_eq!(
        choices.as_slice(),
        [Choice::Wait, Choice::Retry, Choice::ShowEvidence, Choice::DoneByHand, Choice::Abort, Choice::Leave]
    );
    let overdue =
        rehearsal.ears.progress().into_iter().any(|told| matches!(told, Progress::Waiting { overdue: true, .. }));
    assert!(overdue, "longer than usual is told before the limit");
    world.inside().deaf.clear();
    answer_and_restart(&mut rehearsal, "a", "retry");
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!(world.times("a=true"), 2);
}

#[tokio::test]
async fn an_accepted_one_shot_act_without_effect_is_never_offered_again() {
    let world = World::new();
    world.inside().deaf.insert("a".to_owned());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").strikes("a").within(600)]), &world);
    let mut person = Operator::choosing(&world, Choice::Retry);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Blocked);
    for question in &person.asked {
        if let QuestionKind::Trouble { choices } = &question.sort {
            assert!(!choices.contains(&Choice::Retry), "{choices:?}");
        }
    }
    assert_eq!(world.times("a=true"), 1);
}

#[tokio::test]
async fn waiting_on_begins_a_new_limit_and_resuming_does_too() {
    let world = World::new();
    world.put("late", false);
    let steps = vec![step("late").waits_for("late").within(600), step("a").sets("a", true)];
    let mut rehearsal = Rehearsal::of(plan(steps), &world);
    let (inner, mut waits) = (world.clone(), 0);
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Trouble { .. } if waits < 2 => {
            waits += 1;
            Reply::Chose { choice: Choice::Wait, reason: None }
        }
        _ => willing_answer(&inner, question),
    });
    let began = world.clock.now();
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Blocked);
    assert!(world.clock.now().duration_since(began).as_secs() > 1800, "three limits have passed");
    rehearsal.restart();
    let began = world.clock.now();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Blocked);
    assert!(world.clock.now().duration_since(began).as_secs() > 600);
}

#[tokio::test]
async fn a_run_that_only_looks_is_over_when_a_look_fails() {
    let looks = || {
        let world = World::new();
        world.put("late", false);
        Rehearsal::of(plan(vec![step("late").waits_for("late").within(600)]), &world)
    };
    let mut rehearsal = looks();
    let ended = rehearsal.end(&mut Operator::absent()).await;
    assert_eq!((ended.exit, ended.verdict, &ended.needs), (Exit::Blocked, Some(Verdict::Failed), &None));
    assert!(ended.fault.is_some());
    assert_eq!(rehearsal.state().closed, Some(Verdict::Failed));
    let again = rehearsal.end(&mut Operator::absent()).await;
    assert_eq!((again.exit, again.verdict), (Exit::Failed, Some(Verdict::Failed)));
    let mut changing = Rehearsal::of(upgrade(), &World::new());
    changing.end(&mut Operator::absent()).await;
    let closed = Entry::Closed { verdict: Verdict::Failed };
    assert!(changing.state().objection_to_entry(&closed).is_some(), "what changes something is gone on with");
}

#[tokio::test]
async fn a_run_that_has_changed_nothing_is_turned_back_without_a_question() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    assert_eq!(rehearsal.end(&mut Operator::absent()).await.exit, Exit::NeedsPerson);
    rehearsal.restart();
    let mut nobody = Operator::absent();
    let ended = rehearsal.turn_back(&mut nobody).await.unwrap().unwrap();
    assert_eq!((ended.exit, ended.verdict), (Exit::Aborted, Some(Verdict::Aborted)));
    assert!(nobody.asked.is_empty(), "{:?}", nobody.asked);
}

#[tokio::test]
async fn refused_acts_are_tried_again_within_reason() {
    let refused = || fault(FaultKind::Refused, Happened::No);
    for (faults, exit, acts) in [(4, Exit::Done, 1), (5, Exit::Failed, 0)] {
        let world = World::new();
        world.inside().act_faults.insert("a".to_owned(), (0..faults).map(|_| refused()).collect());
        let mut rehearsal = Rehearsal::of(plan(vec![step("a").strikes("a")]), &world);
        let ended = rehearsal.end(&mut Operator::willing(&world)).await;
        assert_eq!((ended.exit, world.times("a=true")), (exit, acts), "{faults} refusals");
    }
}

#[tokio::test]
async fn an_act_with_an_unknown_end_is_looked_for() {
    let world = World::new();
    world.inside().act_faults.insert("a".to_owned(), vec![fault(FaultKind::Transient, Happened::Unknown)]);
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").strikes("a")]), &world);
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!((world.times("a=true"), how(&rehearsal, "a")), (1, Settlement::Adopted));
}

#[tokio::test]
async fn failures_end_with_their_own_exit_code() {
    let cases = [
        (FaultKind::Unauthorized, 1, Exit::Failed),
        (FaultKind::Verification, 1, Exit::VerificationFailed),
        (FaultKind::NotFound, 1, Exit::Failed),
        // As long as the step's hour lasts: about 45 minutes of failures, then more than an hour of them.
        (FaultKind::Transient, 90, Exit::Done),
        (FaultKind::Transient, 200, Exit::Failed),
        (FaultKind::Unreadable, 3, Exit::Done),
        (FaultKind::Unreadable, 4, Exit::Failed),
    ];
    for (kind, times, exit) in cases {
        let world = World::new();
        let faults = (0..times).map(|_| fault(kind, Happened::Unknown)).collect();
        world.inside().look_faults.insert("a".to_owned(), faults);
        let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
        let ended = rehearsal.end(&mut Operator::willing(&world)).await;
        assert_eq!(ended.exit, exit, "{kind:?} {times} times");
        let faulted = kinds(&rehearsal).iter().filter(|kind| *kind == "faulted").count();
        assert_eq!(faulted, 1, "the same failure is written once");
    }
}

#[tokio::test]
async fn nobody_is_asked_when_no_answer_helps() {
    let world = World::new();
    world.inside().look_faults.insert("a".to_owned(), vec![fault(FaultKind::Unauthorized, Happened::Unknown)]);
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
    let mut person = Operator::choosing(&world, Choice::Retry);
    let ended = rehearsal.end(&mut person).await;
    assert_eq!((ended.exit, person.was_asked("a")), (Exit::Failed, 0));
    assert_eq!(ended.fault.unwrap().remedy, "Do something.");
}

#[tokio::test]
async fn holds_that_cannot_be_looked_at_are_retried_and_then_told() {
    for (times, exit) in [(90, Exit::Done), (200, Exit::Failed)] {
        let world = World::new();
        world.put("sync", false);
        let steps = vec![step("a").sets("a", true).while_holding(&["paused"])];
        let faults = (0..times).map(|_| fault(FaultKind::Transient, Happened::Unknown)).collect();
        world.inside().look_faults.insert("sync".to_owned(), faults);
        let mut rehearsal = Rehearsal::of(plan(steps), &world);
        assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, exit, "{times}");
        assert_eq!(world.times("a=true"), usize::from(exit == Exit::Done));
    }
}

#[tokio::test]
async fn a_blocked_step_can_be_retried_skipped_or_done_by_hand() {
    let blocked = || Seen::Blocked { why: "It is broken.".to_owned(), remedy: "Repair it.".to_owned() };
    let world = World::new();
    world.inside().sights.insert("a".to_owned(), blocked());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true).may_be_skipped()]), &world);
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert_eq!(ended.fault.unwrap().remedy, "Repair it.");
    rehearsal.restart();
    let no_reason = answer::give(&mut rehearsal.journal, "a", &given("skip"), world.clock.now());
    assert!(no_reason.unwrap_err().to_string().contains("reason"));
    assert_eq!(rehearsal.end(&mut Operator::choosing(&world, Choice::Skip)).await.exit, Exit::Done);
    let outcome = rehearsal.state().step(&StepId::from("a")).outcome;
    assert_eq!(outcome, Outcome::Waived { by: "ann@example.com".to_owned(), reason: "a reason".to_owned() });

    let world = World::new();
    world.inside().sights.insert("a".to_owned(), blocked());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Trouble { .. } => {
            inner.inside().sights.clear();
            inner.put("a", true);
            Reply::Chose { choice: Choice::DoneByHand, reason: None }
        }
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!((how(&rehearsal, "a"), world.times("a=true")), (Settlement::Adopted, 0));
}

#[tokio::test]
async fn what_is_said_to_be_done_by_hand_and_is_not_is_told() {
    let world = World::new();
    world.inside().act_faults.insert("a".to_owned(), vec![fault(FaultKind::NotFound, Happened::No)]);
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
    let (inner, mut troubles) = (world.clone(), 0);
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Trouble { .. } if troubles == 0 => {
            troubles += 1;
            Reply::Chose { choice: Choice::DoneByHand, reason: None }
        }
        _ => willing_answer(&inner, question),
    });
    let ended = rehearsal.end(&mut person).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert!(ended.fault.unwrap().saw.contains("the world does not show it"));
    assert_eq!(world.times("a=true"), 0);
}

#[tokio::test]
async fn evidence_is_shown_and_the_question_asked_again() {
    let world = World::new();
    world.inside().deaf.insert("a".to_owned());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true).within(60)]), &world);
    let mut person = Operator::choosing(&world, Choice::ShowEvidence);
    rehearsal.end(&mut person).await;
    let shown = &person.asked.last().unwrap().shown;
    assert!(shown.iter().any(|line| line.contains("id id-of-a")), "{shown:?}");
    assert!(shown.iter().any(|line| line.starts_with("Receipt: a accepted")), "{shown:?}");
}

#[tokio::test]
async fn turning_back_from_the_menu_restores_and_closes() {
    let world = World::new();
    let first = world.everything_on();
    world.inside().sights.insert(
        "caught-up".to_owned(),
        Seen::Blocked { why: "The follower stalls.".to_owned(), remedy: "Wait.".to_owned() },
    );
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let ended = rehearsal.end(&mut Operator::choosing(&world, Choice::Abort)).await;
    assert_eq!((ended.exit, ended.verdict), (Exit::Aborted, Some(Verdict::Aborted)));
    assert_eq!(world.everything_on(), first);
    assert!(rehearsal.state().downtime.until.is_some(), "writes are back");
}

#[tokio::test]
async fn a_denied_statement_stops_and_is_asked_again_when_the_run_is_taken_up() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(plan(vec![step("outside").asks_about("writers")]), &world);
    let inner = world.clone();
    let mut denying = Operator::who(move |question| match question.sort {
        QuestionKind::Attest { .. } => said("no"),
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut denying).await.exit, Exit::NeedsPerson);
    rehearsal.restart();
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("outside"), 1);
}

#[tokio::test]
async fn an_unknown_state_is_shown_raw_and_is_no_success() {
    let world = World::new();
    let odd = Seen::Unclear { why: "state `DREAMING`".to_owned(), ask: Vec::new() };
    world.inside().sights.insert("healthy".to_owned(), odd);
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert!(ended.fault.unwrap().saw.contains("DREAMING"));
    assert!(world.inside().acts.is_empty());
}

#[tokio::test]
async fn contradictions_are_defects() {
    let world = World::new();
    let mut unknown = step("b").sets("b", true);
    unknown.action = "fake.unheard-of".to_owned();
    let mut dangling = step("c").sets("c", true);
    dangling.with = serde_json::json!({ "thing": "${steps.nowhere.name}", "on": true });
    for (broken, part) in
        [(step("a").contradicts_itself_about("a"), "only looks"), (unknown, "no action"), (dangling, "nowhere")]
    {
        let mut rehearsal = Rehearsal::of(plan(vec![broken]), &world);
        let ended = rehearsal.end(&mut Operator::willing(&world)).await;
        let fault = ended.fault.unwrap();
        assert_eq!((ended.exit, fault.kind), (Exit::Failed, FaultKind::Bug));
        assert!(fault.saw.contains(part), "{fault:?}");
    }
}

#[tokio::test]
async fn what_was_done_by_hand_settles_where_its_conditions_are_about_what_is_gone() {
    for (kind, exit) in [(FaultKind::NotFound, Exit::Done), (FaultKind::Refused, Exit::Failed)] {
        let world = World::new();
        world.put("destroyed", true);
        world.put("sync", false);
        let faults = (0..9).map(|_| fault(kind, Happened::Unknown)).collect();
        world.inside().look_faults.insert("sync".to_owned(), faults);
        let steps = vec![step("destroy").sets("destroyed", true).crossing("old").while_holding(&["paused"])];
        let mut rehearsal = Rehearsal::of(plan(steps), &world);
        let mut times = 0;
        let inner = world.clone();
        let mut person = Operator::who(move |question| match &question.sort {
            QuestionKind::Trouble { .. } if times == 0 => {
                times += 1;
                Reply::Chose { choice: Choice::DoneByHand, reason: Some("it is gone".to_owned()) }
            }
            QuestionKind::Trouble { .. } => Reply::NobodyThere,
            _ => willing_answer(&inner, question),
        });
        assert_eq!(rehearsal.end(&mut person).await.exit, exit, "{kind:?}");
    }
}

/// From every step, unclear or blocked for ever, something that a person is offered leads to an end: forward or back.
#[tokio::test]
async fn no_step_is_a_dead_end() {
    let blocked = Seen::Blocked { why: "It is odd.".to_owned(), remedy: "Mend it.".to_owned() };
    let unclear = Seen::Unclear { why: "Available (degraded storage)".to_owned(), ask: Vec::new() };
    let asking = Seen::Unclear { why: "Available (degraded storage)".to_owned(), ask: vec!["Is it so?".to_owned()] };
    for seen in [blocked, unclear, asking] {
        for planned in upgrade().steps.iter().filter(|step| step.omitted.is_none()) {
            let id = planned.id.clone();
            let case = format!("{id}, {seen:?}");
            let world = World::new();
            let mut rehearsal = Rehearsal::of(upgrade(), &world);
            let (inner, sight) = (world.clone(), seen.clone());
            let mut asked = 0_u32;
            let mut person = Operator::who(move |question| {
                asked += 1;
                assert!(asked < 60, "it asks for ever: {question:?}");
                match &question.sort {
                    QuestionKind::Trouble { choices } => {
                        let way = [Choice::Abort, Choice::Skip].into_iter().find(|choice| choices.contains(choice));
                        let choice = way.unwrap_or(Choice::Leave);
                        Reply::Chose { choice, reason: Some("I saw it".to_owned()) }
                    }
                    _ => willing_answer(&inner, question),
                }
            });
            world.inside().sights_of_step = Some((id.clone(), sight));
            let ended = rehearsal.end(&mut person).await;
            let promote = id.as_str() == "promote";
            let exits = [Exit::Done, Exit::Aborted, Exit::Failed, Exit::VerificationFailed];
            assert!(ended.verdict.is_some() && exits.contains(&ended.exit) || promote, "{case}: {ended:?}");
            if ended.verdict == Some(Verdict::Done) && matches!(seen, Seen::Blocked { .. }) {
                assert_eq!(ended.exit, Exit::VerificationFailed, "{case}");
                assert!(rehearsal.end(&mut Operator::absent()).await.exit == Exit::VerificationFailed, "{case}");
            }
        }
    }
}

#[tokio::test]
async fn a_condition_that_nobody_can_see_behind_the_point_of_no_return_is_no_dead_end() {
    let steps = vec![
        step("pause").sets("sync", false),
        step("promote").sets("promoted", true).crossing("db"),
        step("after").sets("after", true).while_holding(&["paused"]),
    ];
    let world = World::new();
    let mut rehearsal = Rehearsal::of(plan(steps), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match &question.sort {
        QuestionKind::Cross { .. } => {
            let unclear = Seen::Unclear { why: "It says \"idling\".".to_owned(), ask: Vec::new() };
            inner.inside().sights.insert("sync".to_owned(), unclear);
            willing_answer(&inner, question)
        }
        QuestionKind::Trouble { choices } => {
            assert!(choices.contains(&Choice::Skip) && !choices.contains(&Choice::Abort), "{choices:?}");
            Reply::Chose { choice: Choice::Skip, reason: Some("I did it by hand".to_owned()) }
        }
        _ => willing_answer(&inner, question),
    });
    let ended = rehearsal.end(&mut person).await;
    assert_eq!((ended.exit, ended.verdict), (Exit::Done, Some(Verdict::Done)));
    assert!(!world.is("after"), "the act was not made without its condition");
}

/// Whoever says that a step was done by hand, and is asked what to do about it after that.
async fn by_hand_and_never_seen(steps: Vec<PlannedStep>, id: &str) -> (Ended, Vec<Vec<Choice>>, Rehearsal) {
    let world = World::new();
    let unclear = Seen::Unclear { why: "Available (degraded storage)".to_owned(), ask: Vec::new() };
    world.inside().sights_of_step = Some((StepId::from(id), unclear));
    let mut rehearsal = Rehearsal::of(plan(steps), &world);
    let (inner, offers) = (world.clone(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&offers);
    let mut person = Operator::who(move |question| match &question.sort {
        QuestionKind::Trouble { choices } => {
            kept.lock().unwrap().push(choices.clone());
            let way = [Choice::DoneByHand, Choice::Skip].into_iter().find(|choice| choices.contains(choice));
            Reply::Chose {
                choice: way.unwrap_or(Choice::Leave),
                reason: Some("I have seen it in the dashboard".to_owned()),
            }
        }
        _ => willing_answer(&inner, question),
    });
    let ended = rehearsal.end(&mut person).await;
    let offers = offers.lock().unwrap().clone();
    (ended, offers, rehearsal)
}

#[tokio::test]
async fn what_was_done_by_hand_and_cannot_be_read_goes_on_with_a_reason() {
    let (ended, offers, rehearsal) =
        by_hand_and_never_seen(vec![step("a").sets("a", true), step("b").sets("b", true)], "a").await;
    assert_eq!((ended.exit, offers.len()), (Exit::Done, 2), "{ended:?}");
    assert!(offers[0].contains(&Choice::DoneByHand) && !offers[0].contains(&Choice::Skip), "{offers:?}");
    assert!(!offers[1].contains(&Choice::DoneByHand) && offers[1].contains(&Choice::Skip), "{offers:?}");
    let outcome = rehearsal.state().step(&StepId::from("a")).outcome;
    assert!(matches!(&outcome, Outcome::Waived { reason, .. } if reason.contains("dashboard")), "{outcome:?}");
}

#[tokio::test]
async fn what_a_condition_or_a_later_step_rests_on_is_never_attested() {
    let mut later = step("b").sets("b", true);
    later.with["from"] = "${steps.a.name}".into();
    let (ended, offers, _) = by_hand_and_never_seen(vec![step("a").sets("a", true), later.clone()], "a").await;
    assert!(ended.verdict.is_none(), "{ended:?}");
    assert!(offers.iter().all(|choices| !choices.contains(&Choice::Skip)), "{offers:?}");

    // A step that may be left out says what it rests on, and a person decides.
    let later = PlannedStep { may_skip: true, ..later };
    let (ended, offers, rehearsal) = by_hand_and_never_seen(vec![step("a").sets("a", true), later], "a").await;
    assert_eq!((ended.exit, offers.len()), (Exit::Done, 4), "two for each step: {offers:?}");
    let told = |line: &Line| matches!(&line.entry, Entry::Faulted { fault, .. } if fault.saw.contains("a person attested or left that out"));
    assert!(rehearsal.journal.lines().iter().any(told));
}
