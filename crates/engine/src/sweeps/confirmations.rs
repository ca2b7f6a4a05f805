//! What an answer and a confirmation are about, and when they end.

use std::time::Duration;

use super::runs::answer_and_restart;
use crate::drive::questions::{rehearsed_fault, ways};
use crate::scripted::{Operator, Process, Rehearsal, Sentence as _, World, fault, plan, step, upgrade, willing_answer};
use hcops_journal::run_state::{Outcome, REHEARSAL};
use hcops_model::{
    Choice, Clock, Entry, Exit, FaultKind, Happened, Journal, QuestionKind, Reply, Seen, StepId, Verdict, WayKind,
};

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
        world.die_at_act(6, crate::scripted::Cut::BeforeTheEffect);
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

/// A command that helps may be the one that turns back, and in a rehearsal it may be one for the real app.
#[tokio::test]
async fn each_way_on_is_named_once_and_as_what_it_is() {
    let world = World::new();
    let rehearsal = Rehearsal::of(plan(vec![step("a").sets("a", true)]), &world);
    let mut state = rehearsal.state();
    let run = state.run;
    let trouble = hcops_model::Question {
        id: "a".to_owned(),
        step: Some("a".into()),
        sort: QuestionKind::Trouble { choices: vec![Choice::Retry, Choice::Abort, Choice::Leave] },
        text: String::new(),
        shown: Vec::new(),
        picture: None,
        in_words: false,
    };
    let named = |state: &hcops_journal::RunState, command: &str| {
        let fault = fault(FaultKind::Refused, Happened::No).with_command(command);
        let ways = ways(state, &trouble, Some(&fault));
        ways.into_iter().map(|way| (way.kind, way.command)).collect::<Vec<_>>()
    };
    let (resume, abort, hand) = (format!("hcops resume {run}"), format!("hcops abort {run}"), "heroku ps:stop web.1");
    let usual = [(WayKind::Resume, resume.clone()), (WayKind::Abort, abort.clone())];
    assert_eq!(named(&state, &abort), [usual[1].clone(), usual[0].clone()]);
    assert_eq!(named(&state, &resume), usual);
    assert_eq!(named(&state, hand)[0], (WayKind::ByHand, hand.to_owned()));
    state.origin = format!("{REHEARSAL}standard");
    assert_eq!(named(&state, hand)[0], (WayKind::RealApp, hand.to_owned()));
    let told = rehearsed_fault(fault(FaultKind::Refused, Happened::No).with_command(hand));
    assert!(told.command.is_none() && told.remedy.contains(hand) && told.remedy.contains("rehearsal"), "{told:?}");
}
