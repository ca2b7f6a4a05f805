use std::time::Duration;

use jiff::SignedDuration;

use crate::answer::{self, AnswerFault, Given};
use crate::scripted::{
    Operator, Rehearsal, Sentence as _, StandingStill, Stillness, World, fault, plan, run_id, said, step, upgrade,
    willing_answer,
};
use hcops_journal::run_state::Outcome;
use hcops_model::{
    Choice, Clock, Entry, Exit, Fault, FaultKind, Happened, Journal, Needs, Progress, QuestionKind, Reply, Settlement,
    StepId, Verdict,
};

pub(super) fn given(answer: &str) -> Given {
    Given { answer: answer.to_owned(), reason: None, by: "bob@example.com".to_owned(), how: "answer".to_owned() }
}

pub(super) fn kinds(rehearsal: &Rehearsal) -> Vec<String> {
    let kind = |line| serde_json::to_value(line).unwrap()["kind"].as_str().unwrap().to_owned();
    rehearsal.journal.lines().iter().map(kind).collect()
}

pub(super) fn how(rehearsal: &Rehearsal, id: &str) -> Settlement {
    match rehearsal.state().step(&StepId::from(id)).outcome {
        Outcome::Settled { how, .. } => how,
        other => panic!("{id}: {other:?}"),
    }
}

/// Takes up a parked run after an answer from elsewhere, as `hcops answer` and `hcops resume` do.
pub(super) fn answer_and_restart(rehearsal: &mut Rehearsal, id: &str, value: &str) {
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
    world.die_at_act(5, crate::scripted::Cut::Hangs);
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
async fn a_plan_that_is_declined_changes_nothing() {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let ended = rehearsal.end(&mut Operator::who(|_| said("no"))).await;
    assert_eq!(ended.exit, Exit::NeedsPerson);
    assert!(matches!(ended.needs, Some(Needs { question, .. }) if question.id == "approve"));
    assert!(world.inside().looks.is_empty());
    assert!(world.clock.sleeps() == 0);
}
