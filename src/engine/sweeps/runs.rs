use std::time::Duration;

use jiff::SignedDuration;

use crate::engine::answer::{self, AnswerFault, Given};
use crate::engine::scripted::{
    Operator, Process, Rehearsal, StandingStill, Stillness, World, fault, plan, run_id, said, step, upgrade,
    willing_answer,
};
use crate::engine::state::Outcome;
use crate::model::{
    Choice, Clock, Entry, Exit, Fault, FaultKind, Happened, Journal, Needs, Progress, QuestionKind, Reply, Seen,
    Settlement, StepId, Verdict,
};

fn given(answer: &str) -> Given {
    Given { answer: answer.to_owned(), reason: None, by: "bob@example.com".to_owned(), how: "answer".to_owned() }
}

fn kinds(rehearsal: &Rehearsal) -> Vec<String> {
    let kind = |line| serde_json::to_value(line).unwrap()["kind"].as_str().unwrap().to_owned();
    rehearsal.journal.lines().iter().map(kind).collect()
}

fn how(rehearsal: &Rehearsal, id: &str) -> Settlement {
    match rehearsal.state().step(&StepId::from(id)).outcome {
        Outcome::Settled { how, .. } => how,
        other => panic!("{id}: {other:?}"),
    }
}

/// Takes up a parked run after an answer from elsewhere, as `hcops answer` and `hcops resume` do.
fn answer_and_restart(rehearsal: &mut Rehearsal, id: &str, value: &str) {
    rehearsal.restart();
    let at = rehearsal.world.clock.now();
    answer::give(&mut rehearsal.journal, id, &given(value), at).unwrap();
    rehearsal.restart();
}

#[tokio::test]
async fn a_run_from_end_to_end() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let mut person = Operator::willing(&world);
    let ended = rehearsal.end(&mut person).await;
    assert_eq!((ended.exit, ended.verdict), (Exit::Done, Some(Verdict::Done)));
    assert_eq!(how(&rehearsal, "healthy"), Settlement::AlreadyTrue);
    assert_eq!(how(&rehearsal, "outside"), Settlement::Attested);
    assert_eq!(how(&rehearsal, "upgrade"), Settlement::Acted);
    let names: Vec<&str> = person.asked.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(names, ["approve", "outside", "promote"]);
    assert!(matches!(&person.asked[2].sort, QuestionKind::Cross { name, .. } if name == "follower-1"));
    assert_eq!(
        rehearsal.ears.facts(),
        (1..=rehearsal.state().seq).collect::<Vec<_>>(),
        "every line is told, once, in order"
    );
    let downtime = rehearsal.state().downtime;
    assert!(downtime.until.is_some() && downtime.seconds(world.clock.now()).unwrap() > 600, "{downtime:?}");
    let evidence = rehearsal.journal.evidence("0009-upgrade.json").unwrap();
    assert!(std::str::from_utf8(evidence).unwrap().contains("id-of-upgraded"));
    let again = rehearsal.end(&mut Operator::absent()).await;
    assert_eq!(again.exit, Exit::Done, "driving a closed run says how it ended");
}

#[tokio::test]
async fn the_crossing_is_written_after_the_intent_and_holds_are_looked_at_before_and_after_the_name() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.end(&mut Operator::willing(&world)).await;
    let about_promote: Vec<String> = rehearsal
        .journal
        .lines()
        .iter()
        .filter_map(|line| match &line.entry {
            Entry::Observed { step, hold: Some(hold), .. } if step.as_str() == "promote" => Some(hold.clone()),
            Entry::Asked { question } if question.id == "promote" => Some("asked".to_owned()),
            Entry::Confirmed { step: Some(_), .. } => Some("confirmed".to_owned()),
            Entry::Intended { intent } if intent.step.as_str() == "promote" => Some("intended".to_owned()),
            Entry::Crossed { .. } => Some("crossed".to_owned()),
            Entry::Received { step, .. } if step.as_str() == "promote" => Some("received".to_owned()),
            _ => None,
        })
        .collect();
    let expected = ["paused", "silent", "asked", "confirmed", "paused", "silent", "intended", "crossed", "received"];
    assert_eq!(about_promote, expected);
}

#[tokio::test]
async fn a_run_without_anybody_parks_and_goes_on_with_answers_from_elsewhere() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let run = run_id();
    let digest = rehearsal.state().digest.to_string();
    let expected = [
        ("approve", digest.as_str(), format!("hcops resume {run} --approve {digest}")),
        ("outside", "yes", format!("hcops answer {run} outside yes")),
        ("promote", "follower-1", format!("hcops resume {run} --confirm follower-1")),
    ];
    for (id, value, command) in expected {
        let ended = rehearsal.end(&mut Operator::absent()).await;
        assert_eq!(ended.exit, Exit::NeedsPerson);
        let needs = ended.needs.unwrap();
        assert_eq!((needs.question.id.as_str(), &needs.commands[0], needs.exit), (id, &command, 10));
        let told =
            rehearsal.ears.progress().into_iter().rev().find(|told| matches!(told, Progress::Needs { .. })).cloned();
        assert_eq!(told, Some(Progress::Needs { needs: Box::new(needs) }));
        answer_and_restart(&mut rehearsal, id, value);
    }
    let ended = rehearsal.end(&mut Operator::absent()).await;
    assert_eq!(ended.exit, Exit::Done);
    assert_eq!(world.times("upgraded=true"), 1);
    let refused = answer::give(&mut rehearsal.journal, "promote", &given("follower-1"), world.clock.now());
    assert!(matches!(refused, Err(AnswerFault::Refused(_))), "a closed run takes no answer");
}

#[tokio::test]
async fn a_choice_answers_nothing_but_trouble() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match question.id.as_str() {
        "outside" => Reply::Chose { choice: Choice::Skip, reason: Some("late".to_owned()) },
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson);
    assert_eq!(person.was_asked("outside"), 1);
    assert!(!kinds(&rehearsal).contains(&"answered".to_owned()), "{:?}", kinds(&rehearsal));
}

#[tokio::test]
async fn wrong_answers_are_refused_with_what_would_be_taken() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.end(&mut Operator::absent()).await;
    rehearsal.restart();
    let digest = rehearsal.state().digest.to_string();
    let before = rehearsal.journal.text().to_owned();
    for (id, value, part) in
        [("approve", "yes", digest.as_str()), ("approve", "no", "approved"), ("outside", "yes", "approve")]
    {
        let refused = answer::give(&mut rehearsal.journal, id, &given(value), world.clock.now()).unwrap_err();
        let AnswerFault::Refused(fault) = refused else { panic!("{refused:?}") };
        assert!(format!("{} {}", fault.saw, fault.remedy).contains(part), "{fault:?}");
    }
    assert_eq!(rehearsal.journal.text(), before);
}

#[tokio::test]
async fn a_wrong_name_at_a_terminal_is_asked_again_and_a_wrong_flag_parks() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let (inner, mut tries) = (world.clone(), 0);
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Cross { .. } if tries < 2 => {
            tries += 1;
            said("acme-crm")
        }
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("promote"), 3);
    assert!(person.asked.last().unwrap().shown.iter().any(|line| line.contains("`acme-crm` is not the name")));

    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let inner = world.clone();
    let mut flags = Operator::who(move |question| match question.sort {
        QuestionKind::Cross { .. } => Reply::Said { answer: "acme-crm".to_owned(), how: "--confirm".to_owned() },
        _ => willing_answer(&inner, question),
    });
    let ended = rehearsal.end(&mut flags).await;
    assert_eq!((ended.exit, flags.was_asked("promote")), (Exit::NeedsPerson, 1));
    assert!(!world.is("promoted"));
}

#[tokio::test]
async fn a_broken_hold_stops_the_run_before_the_act_at_every_step_that_names_it() {
    for (holder, thing, broken, act) in [
        ("upgrade", "sync", true, "upgraded=true"),
        ("upgrade", "maintenance", false, "upgraded=true"),
        ("promote", "sync", true, "promoted=true"),
        ("promote", "maintenance", false, "promoted=true"),
    ] {
        let world = World::new();
        let mut rehearsal = Rehearsal::of(upgrade(), &world);
        let inner = world.clone();
        // Another operator changes it while the question before the act is being answered.
        let question_before = if holder == "upgrade" { "outside" } else { "promote" };
        let mut person = Operator::who(move |question| {
            if question.id == question_before {
                inner.put(thing, broken);
            }
            willing_answer(&inner, question)
        });
        let ended = rehearsal.end(&mut person).await;
        assert_eq!(ended.exit, Exit::HoldBroken, "{holder} {thing}");
        let fault = ended.fault.unwrap();
        assert!(fault.saw.contains(thing) && fault.saw.contains("heroku releases"), "{fault:?}");
        assert_eq!(world.times(act), 0, "{holder} {thing}");
        world.put(thing, !broken);
        rehearsal.restart();
        assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done, "{holder} {thing}");
        assert_eq!(world.times(act), 1, "{holder} {thing}");
    }
}

#[tokio::test]
async fn groups_take_as_long_as_their_slowest_member() {
    let world = World::new();
    for (thing, seconds) in [("a", 100), ("b", 300), ("c", 200)] {
        world.inside().slowness.insert(thing.to_owned(), Duration::from_secs(seconds));
    }
    let members = ["a", "b", "c"].map(|thing| step(thing).sets(thing, true).in_group("together"));
    let mut rehearsal = Rehearsal::of(plan(members.to_vec()), &world);
    let began = world.clock.now();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    let took = world.clock.now().duration_since(began).as_secs();
    assert!((300..=330).contains(&took), "{took} s");
    assert_eq!(world.inside().acts, ["a=true", "b=true", "c=true"]);
}

#[tokio::test]
async fn a_member_that_needs_a_person_does_not_keep_the_others_from_beginning() {
    let world = World::new();
    let members = vec![
        step("outside").asks_about("writers").in_group("together"),
        step("pause").sets("sync", false).in_group("together"),
    ];
    let mut rehearsal = Rehearsal::of(plan(members), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Approve { .. } => willing_answer(&inner, question),
        _ => Reply::NobodyThere,
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson);
    assert_eq!(world.inside().acts, ["sync=false"]);
}

#[tokio::test]
async fn one_request_to_stop_finishes_the_act_and_two_cut_it_off() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    world.inside().stop_at_act = Some(("upgraded".to_owned(), rehearsal.stop.clone(), 1));
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Interrupted);
    assert_eq!(
        kinds(&rehearsal).split_off(kinds(&rehearsal).len() - 2),
        ["received", "stopped"],
        "the receipt is kept"
    );
    assert!(matches!(rehearsal.ears.progress().last().unwrap(), Progress::Left { exit: 130, .. }));
    rehearsal.restart();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!(world.times("upgraded=true"), 1);

    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    // The act never comes back; the second request is heard all the same.
    world.die_at_act(5, crate::engine::scripted::Cut::Hangs);
    world.inside().stop_at_act = Some(("upgraded".to_owned(), rehearsal.stop.clone(), 2));
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Interrupted);
    assert!(rehearsal.ears.progress().into_iter().any(|told| matches!(told, Progress::Stopping { .. })));
    assert_eq!(kinds(&rehearsal).split_off(kinds(&rehearsal).len() - 2), ["intended", "stopped"]);
    rehearsal.restart();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!(world.times("upgraded=true"), 1);
}

#[tokio::test]
async fn a_stop_is_heard_before_anything_is_asked_or_done() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.stop.request();
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Interrupted);
    assert!(person.asked.is_empty() && world.inside().looks.is_empty());
}

#[tokio::test]
async fn after_a_suspension_nothing_is_given_up_before_another_look() {
    let world = World::new();
    world.put("caught-up", false);
    let mut rehearsal = Rehearsal::of(plan(vec![step("caught-up").waits_for("caught-up")]), &world);
    // Longer than the step's limit; what was waited for came meanwhile.
    let (thing, stop) = ("caught-up".to_owned(), rehearsal.stop.clone());
    let lasting = Duration::from_secs(7200);
    world.inside().still = Some(StandingStill { how: Stillness::Suspended, thing, look: 2, lasting, then: true, stop });
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    let troubled = person.asked.iter().any(|question| matches!(question.sort, QuestionKind::Trouble { .. }));
    assert!(!troubled, "{:?}", person.asked);
}

#[tokio::test]
async fn nothing_is_done_on_the_strength_of_what_was_seen_before_a_standstill() {
    let two_steps = || {
        let strikes = step("upgrade").strikes("upgraded").while_holding(&["paused"]);
        plan(vec![step("pause").sets("sync", false), strikes])
    };
    let looks_at = |world: &World| world.inside().looks.iter().filter(|thing| *thing == "sync").count();
    let undisturbed = World::new();
    Rehearsal::of(two_steps(), &undisturbed).end(&mut Operator::willing(&undisturbed)).await;
    let count = looks_at(&undisturbed);
    assert!(count >= 3, "{count}");
    let hours = SignedDuration::from_hours(4);
    let all = [Stillness::Suspended, Stillness::Asleep, Stillness::ClockSet(hours), Stillness::ClockSet(-hours)];
    for (how, look) in all.into_iter().chain([Stillness::Slow]).flat_map(|how| (1..=count).map(move |look| (how, look)))
    {
        let world = World::new();
        let mut rehearsal = Rehearsal::of(two_steps(), &world);
        let (thing, stop) = ("sync".to_owned(), rehearsal.stop.clone());
        let lasting = Duration::from_secs(if how == Stillness::Slow { 61 } else { 7200 });
        world.inside().still = Some(StandingStill { how, thing, look, lasting, then: true, stop });
        let ended = rehearsal.end(&mut Operator::willing(&world)).await;
        match ended.exit {
            // Somebody turned it on while it was being turned off: seen, and turned off again.
            Exit::Done => assert!(!world.is("sync"), "{how:?} at look {look}"),
            // Or the condition was broken, or the pause was accepted and is not to be seen.
            Exit::HoldBroken | Exit::Blocked => {
                assert_eq!(world.times("upgraded=true"), 0, "{how:?} at look {look}");
            }
            other => panic!("{how:?} at look {look}: {other:?}"),
        }
        assert!(look < count || ended.exit == Exit::HoldBroken, "{how:?}: the last look was that of the condition");
        let told = rehearsal.journal.lines().iter().any(|line| {
            matches!(&line.entry, Entry::Faulted { acting: false, fault, .. } if fault.saw.contains("this machine"))
        });
        assert_eq!(told, matches!(how, Stillness::Asleep | Stillness::ClockSet(_)), "{how:?} at look {look}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_wait_longer() {
    let world = World::new();
    world.put("caught-up", false);
    let mut rehearsal = Rehearsal::of(plan(vec![step("caught-up").waits_for("caught-up").within(600)]), &world);
    let clock = world.clock.clone();
    rehearsal.ears.1 = Some((4, Box::new(move || clock.set_wall(SignedDuration::from_hours(-3)))));
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::Blocked, "{ended:?}");
    assert!(world.clock.sleeps() < 80, "{}", world.clock.sleeps());
}

#[tokio::test]
async fn an_act_that_is_put_off_rests_on_new_looks() {
    for (pause, broken, exit, acts) in
        [(Some(600), false, Exit::Done, 1), (Some(600), true, Exit::HoldBroken, 0), (None, true, Exit::HoldBroken, 0)]
    {
        let world = World::new();
        world.put("sync", false);
        let strikes = step("upgrade").strikes("upgraded").while_holding(&["paused"]);
        let put_off = Fault { pause, ..fault(FaultKind::Transient, Happened::No) };
        world.inside().act_faults.insert("upgraded".to_owned(), vec![put_off]);
        let mut rehearsal = Rehearsal::of(plan(vec![strikes]), &world);
        let whole = rehearsal.journal.lines().len();
        let meddled = world.clone();
        // Somebody meddles as soon as the fault is in the journal: opened, leased, approved, seen, held, intended, faulted.
        rehearsal.ears.1 = Some((7, Box::new(move || meddled.put("sync", broken))));
        let ended = rehearsal.end(&mut Operator::willing(&world)).await;
        let kinds = kinds(&rehearsal);
        assert_eq!((ended.exit, world.times("upgraded=true")), (exit, acts), "{pause:?} {broken} {whole} {kinds:?}");
    }
}

#[tokio::test]
async fn an_act_is_put_off_for_no_longer_than_its_step_may_take() {
    let world = World::new();
    let put_off = || Fault { pause: Some(u64::MAX), ..fault(FaultKind::Transient, Happened::No) };
    world.inside().act_faults.insert("a".to_owned(), (0..100).map(|_| put_off()).collect());
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").strikes("a").within(600)]), &world);
    let began = world.clock.now();
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!((ended.exit, world.times("a=true")), (Exit::Failed, 0));
    let waited = world.clock.now().duration_since(began).as_secs();
    assert!((600..660).contains(&waited), "{waited}");
}

#[tokio::test]
async fn an_interrupted_one_shot_act_without_a_sign_is_asked_about_and_never_repeated() {
    for (cut, answer, times) in [
        (crate::engine::scripted::Cut::BeforeTheEffect, "did-not-happen", 1),
        (crate::engine::scripted::Cut::AfterTheEffect, "happened", 1),
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
async fn a_wait_whose_numbers_change_is_written_once_a_minute() {
    let world = World::new();
    world.inside().slowness.insert("a".to_owned(), Duration::from_secs(3000));
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    let observed = kinds(&rehearsal).iter().filter(|kind| *kind == "observed").count();
    let told = rehearsal.ears.progress().into_iter().filter(|told| matches!(told, Progress::Waiting { .. })).count();
    assert!((40..=55).contains(&observed), "{observed}");
    assert!(told >= 149, "{told}");
}

#[tokio::test]
async fn a_crossing_that_somebody_else_went_past_is_behind_us_too() {
    let world = World::new();
    world.put("promoted", true);
    let steps =
        vec![step("promote").sets("promoted", true).crossing("follower-1"), step("late").waits_for("late").within(60)];
    let mut rehearsal = Rehearsal::of(plan(steps), &world);
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Blocked);
    assert_eq!(rehearsal.state().crossed.len(), 1);
    rehearsal.restart();
    let refusal = rehearsal.turn_back(&mut Operator::willing(&world)).await.unwrap().unwrap_err();
    assert!(refusal.saw.contains("follower-1"));
}

#[tokio::test]
async fn a_crossing_that_somebody_else_went_past_too_early_stops_the_run() {
    let world = World::new();
    world.put("promoted", true);
    let early = || vec![step("promote").sets("promoted", true).crossing("follower-1").while_holding(&["paused"])];
    let mut rehearsal = Rehearsal::of(plan(early()), &world);
    world.put("sync", true);
    let ended = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(ended.exit, Exit::HoldBroken, "what it rests on was never looked at");
    assert_eq!(rehearsal.state().step(&StepId::from("promote")).outcome, Outcome::Pending);
    world.put("sync", false);
    rehearsal.restart();
    assert_eq!(rehearsal.end(&mut Operator::willing(&world)).await.exit, Exit::Done);
    assert_eq!(world.times("promoted=true"), 0);
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

#[tokio::test]
async fn a_plan_that_is_declined_changes_nothing() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let ended = rehearsal.end(&mut Operator::who(|_| said("no"))).await;
    assert_eq!(ended.exit, Exit::NeedsPerson);
    assert!(matches!(ended.needs, Some(Needs { question, .. }) if question.id == "approve"));
    assert!(world.inside().looks.is_empty());
    assert!(world.clock.sleeps() == 0);
}

/// An upgrade whose promotion is refused with certainty, as often as it is tried.
async fn refused_at_the_crossing() -> (World, Rehearsal, Operator) {
    let world = World::new();
    let refused = vec![fault(FaultKind::Refused, Happened::No); 5];
    world.inside().act_faults.insert("promoted".to_owned(), refused);
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Failed);
    (world, rehearsal, person)
}

#[tokio::test]
async fn a_refused_act_is_no_crossing_and_leaves_the_way_back_open() {
    let first = World::new().everything_on();
    let (world, mut rehearsal, person) = refused_at_the_crossing().await;
    let state = rehearsal.state();
    assert!(state.crossed.is_empty() && !state.step(&StepId::from("promote")).crossed);
    let QuestionKind::Trouble { choices } = &person.asked.last().unwrap().sort else { panic!("{:?}", person.asked) };
    assert!(choices.contains(&Choice::Abort), "{choices:?}");
    rehearsal.restart();
    let ended = rehearsal.turn_back(&mut Operator::willing(&world)).await.unwrap().unwrap();
    assert_eq!((ended.exit, ended.verdict), (Exit::Aborted, Some(Verdict::Aborted)));
    let left: Vec<String> = world.everything_on().into_iter().filter(|thing| thing != "upgraded").collect();
    assert_eq!(left, first);
}

#[tokio::test]
async fn an_act_that_may_have_happened_before_a_refused_one_is_a_crossing() {
    let world = World::new();
    let faults = vec![fault(FaultKind::Transient, Happened::Unknown), fault(FaultKind::Refused, Happened::No)];
    world.inside().act_faults.insert("promoted".to_owned(), faults);
    world.inside().deaf.insert("promoted".to_owned());
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let _ = rehearsal.end(&mut Operator::willing(&world)).await;
    assert_eq!(rehearsal.state().crossed.len(), 1);
}

/// A run that was asked for the name, answered from elsewhere, and is taken up by a process after this long.
async fn answered_and_taken_up_after(minutes: u64) -> (World, Rehearsal) {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match question.sort {
        QuestionKind::Cross { .. } => Reply::NobodyThere,
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson);
    answer_and_restart(&mut rehearsal, "promote", "follower-1");
    world.clock.pass(Duration::from_secs(minutes * 60));
    (world, rehearsal)
}

#[tokio::test]
async fn an_answer_to_a_parked_crossing_counts_for_the_resume_that_follows_soon() {
    let (_, mut rehearsal) = answered_and_taken_up_after(10).await;
    let mut person = Operator::absent();
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!(person.was_asked("promote"), 0);
}

#[tokio::test]
async fn a_confirmation_of_days_ago_counts_for_nobody() {
    let (world, mut rehearsal) = answered_and_taken_up_after(3 * 24 * 60).await;
    let mut person = Operator::absent();
    let ended = rehearsal.end(&mut person).await;
    assert_eq!(ended.exit, Exit::NeedsPerson);
    assert!(!world.is("promoted"));
    let shown = &ended.needs.unwrap().question.shown;
    assert!(shown.iter().any(|line| line.contains("does not count any more")), "{shown:?}");
}

#[tokio::test]
async fn a_confirmation_ends_when_the_run_parks_or_is_stopped_or_taken_by_somebody_else() {
    let (world, mut rehearsal, _) = refused_at_the_crossing().await;
    rehearsal.restart();
    let mut person = Operator::absent();
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson, "parked since: the name is asked for anew");
    assert_eq!(person.was_asked("promote"), 1);
    assert!(!world.is("promoted"));

    for by in ["ann@example.com", "bob@example.com"] {
        let world = World::new();
        world.die_at_act(6, crate::engine::scripted::Cut::BeforeTheEffect);
        let mut rehearsal = Rehearsal::of(upgrade(), &world);
        assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::Died));
        assert!(rehearsal.state().confirmed.contains_key(&StepId::from("promote")));
        rehearsal.journal = rehearsal.journal.reopened().unwrap();
        let leased = Entry::Leased { by: by.to_owned(), holder: "there".to_owned(), fence: 2, folder: None };
        rehearsal.journal.append(world.clock.now(), leased).unwrap();
        let mut person = Operator::absent();
        let ended = rehearsal.end(&mut person).await;
        let same = by.starts_with("ann");
        assert_eq!((ended.exit == Exit::Done, person.was_asked("promote")), (same, usize::from(!same)), "{by}");
    }
}

#[tokio::test]
async fn a_confirmation_ends_when_a_condition_breaks() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let (inner, mut mended) = (world.clone(), false);
    let mut person = Operator::who(move |question| match &question.sort {
        QuestionKind::Cross { .. } => {
            inner.put("sync", true);
            willing_answer(&inner, question)
        }
        QuestionKind::Trouble { .. } if !std::mem::replace(&mut mended, true) => {
            inner.put("sync", false);
            Reply::Chose { choice: Choice::Retry, reason: None }
        }
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::HoldBroken);
    let names = person.asked.iter().filter(|question| matches!(question.sort, QuestionKind::Cross { .. })).count();
    assert_eq!(names, 2, "the name is asked for again after the condition was broken");
    assert!(!world.is("promoted"));
}

#[tokio::test]
async fn two_points_of_no_return_of_one_name_need_two_confirmations() {
    let world = World::new();
    let steps = vec![step("a").sets("a", true).crossing("db"), step("b").sets("b", true).crossing("db")];
    let mut rehearsal = Rehearsal::of(plan(steps), &world);
    let mut person = Operator::willing(&world);
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::Done);
    assert_eq!((person.was_asked("a"), person.was_asked("b")), (1, 1));
}

#[tokio::test]
async fn a_confirmation_is_about_what_was_shown() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true).crossing("db")]), &world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| {
        if matches!(question.sort, QuestionKind::Cross { .. }) {
            let will = vec!["Set something else.".to_owned()];
            inner.inside().sights.entry("a".to_owned()).or_insert(Seen::Ready { will });
        }
        willing_answer(&inner, question)
    });
    let _ = rehearsal.drive(&mut person).await;
    let names = person.asked.iter().filter(|question| matches!(question.sort, QuestionKind::Cross { .. })).count();
    assert_eq!(names, 2, "another act is another question");
}

#[tokio::test]
async fn an_answer_belongs_to_what_was_shown() {
    for (now, exit) in [(70, Exit::Done), (7_000, Exit::NeedsPerson)] {
        let world = World::new();
        world.inside().figures.insert("writers".to_owned(), 70);
        let steps = vec![step("outside").asks_about("writers"), step("destroy").sets("gone", true)];
        let mut rehearsal = Rehearsal::of(plan(steps), &world);
        let inner = world.clone();
        let mut person = Operator::who(move |question| match question.sort {
            QuestionKind::Attest { .. } => Reply::NobodyThere,
            _ => willing_answer(&inner, question),
        });
        assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson);
        answer_and_restart(&mut rehearsal, "outside", "yes");
        world.inside().figures.insert("writers".to_owned(), now);
        let ended = rehearsal.end(&mut Operator::absent()).await;
        assert_eq!((ended.exit, world.is("gone")), (exit, exit == Exit::Done), "{now}");
        let Some(needs) = ended.needs else { continue };
        let QuestionKind::Attest { statements } = &needs.question.sort else { panic!("{needs:?}") };
        assert_eq!(statements, &["7000 writers are stopped"]);
        assert!(needs.question.shown.iter().any(|line| line == "Was shown then: 70 writers are stopped"), "{needs:?}");
        answer_and_restart(&mut rehearsal, "outside", "yes");
        assert_eq!(rehearsal.end(&mut Operator::absent()).await.exit, Exit::Done, "asked about 7,000, and answered");
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
