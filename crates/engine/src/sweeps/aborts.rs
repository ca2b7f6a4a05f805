use crate::abort::way_back;
use crate::scripted::{Cut, Operator, Process, Registry, Rehearsal, World, upgrade, willing_answer};
use hcops_journal::Tear;
use hcops_model::{Exit, Plan, Reply, Verdict};

const TEARS: [Tear; 3] = [Tear::Before, Tear::Torn, Tear::After];

/// How many appends an undisturbed run makes, and after how many of them the point of no return is behind it.
async fn length() -> (u64, u64) {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    let before = rehearsal.journal.appends();
    rehearsal.end(&mut Operator::willing(&world)).await;
    let crossed = rehearsal.state().crossed[0].clone();
    let text = rehearsal.journal.text();
    let line = text.lines().position(|line| line.contains("\"kind\":\"crossed\"")).unwrap();
    assert_eq!(crossed.name, "follower-1");
    (rehearsal.journal.appends() - before, u64::try_from(line).unwrap() + 1 - before)
}

/// A run that was cut at its `append`-th append, taken up by nobody yet.
async fn cut_at(append: u64, tear: Tear) -> Rehearsal {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.journal.fail_at(append, tear);
    assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::JournalFailed));
    rehearsal.restart();
    rehearsal
}

/// Everything that this run may undo; an upgraded follower that is gone is no longer anything.
fn left_on(world: &World) -> Vec<String> {
    world.everything_on().into_iter().filter(|thing| thing != "upgraded").collect()
}

async fn turn_back_to_the_end(rehearsal: &mut Rehearsal, case: &str) {
    for _ in 0..10 {
        let mut person = Operator::willing(&rehearsal.world);
        match rehearsal.turn_back(&mut person).await {
            Ok(Ok(ended)) => {
                assert_eq!((ended.exit, ended.verdict), (Exit::Aborted, Some(Verdict::Aborted)), "{case}: {ended:?}");
                return;
            }
            Ok(Err(refusal)) if rehearsal.state().closed.is_some() => {
                assert!(refusal.saw.contains("over"), "{case}: {refusal:?}");
                return;
            }
            Ok(Err(refusal)) => panic!("{case}: {refusal:?}"),
            Err(_) => rehearsal.restart(),
        }
    }
    panic!("{case}: it does not end");
}

#[tokio::test]
async fn from_every_point_before_the_crossing_a_way_leads_back_to_the_first_state() {
    let first = World::new().everything_on();
    let (_, crossing) = length().await;
    for append in 1..crossing {
        for tear in TEARS {
            let case = format!("append {append}, {tear:?}");
            let mut rehearsal = cut_at(append, tear).await;
            turn_back_to_the_end(&mut rehearsal, &case).await;
            assert_eq!(left_on(&rehearsal.world), first, "{case}");
            assert_eq!(rehearsal.state().closed, Some(Verdict::Aborted), "{case}");
        }
    }
}

#[tokio::test]
async fn behind_the_crossing_no_way_leads_back() {
    let (appends, crossing) = length().await;
    for append in crossing + 1..appends {
        let mut rehearsal = cut_at(append, Tear::Before).await;
        let refusal = rehearsal.turn_back(&mut Operator::willing(&rehearsal.world.clone())).await.unwrap().unwrap_err();
        assert!(refusal.saw.contains("follower-1"), "{refusal:?}");
        assert!(refusal.why.contains("The old one."), "{refusal:?}");
        assert!(refusal.command.unwrap().starts_with("hcops resume"));
    }
}

#[tokio::test]
async fn a_way_back_that_is_cut_anywhere_still_restores() {
    let first = World::new().everything_on();
    let (_, crossing) = length().await;
    let mut uncut = cut_at(crossing - 1, Tear::Before).await;
    let before = uncut.journal.appends();
    turn_back_to_the_end(&mut uncut, "uncut").await;
    for append in 1..=uncut.journal.appends() - before {
        for tear in TEARS {
            let case = format!("way back, append {append}, {tear:?}");
            let mut rehearsal = cut_at(crossing - 1, Tear::Before).await;
            rehearsal.journal.fail_at(append, tear);
            turn_back_to_the_end(&mut rehearsal, &case).await;
            assert_eq!(left_on(&rehearsal.world), first, "{case}");
        }
    }
}

#[tokio::test]
async fn an_act_that_may_have_happened_is_taken_back_too() {
    let first = World::new().everything_on();
    for act in 1..=5 {
        for cut in [Cut::BeforeTheEffect, Cut::AfterTheEffect] {
            let case = format!("act {act}, {cut:?}");
            let world = World::new();
            world.die_at_act(act, cut);
            let mut rehearsal = Rehearsal::of(upgrade(), &world);
            assert!(matches!(rehearsal.drive(&mut Operator::willing(&world)).await, Process::Died), "{case}");
            rehearsal.restart();
            turn_back_to_the_end(&mut rehearsal, &case).await;
            assert_eq!(left_on(&world), first, "{case}");
        }
    }
}

#[tokio::test]
async fn what_was_so_before_the_run_is_left_as_it_is() {
    let world = World::new();
    world.put("maintenance", true);
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.journal.fail_at(30, Tear::Before);
    let _ = rehearsal.drive(&mut Operator::willing(&world)).await;
    rehearsal.restart();
    let plan = way_back(&rehearsal.state(), &Registry::over(&world), rehearsal.state().at).unwrap();
    assert!(plan.steps.iter().all(|step| step.id.as_str() != "undo:maintenance-on"), "{plan:?}");
    assert!(plan.notices.iter().any(|notice| notice.contains("stays so: Step maintenance-on")), "{:?}", plan.notices);
    turn_back_to_the_end(&mut rehearsal, "maintenance was on").await;
    assert!(world.is("maintenance"));
}

#[tokio::test]
async fn every_line_of_a_way_back_is_told_once() {
    let mut rehearsal = cut_at(30, Tear::Before).await;
    rehearsal.ears.0.clear();
    let taken = rehearsal.state().seq;
    turn_back_to_the_end(&mut rehearsal, "told once").await;
    assert_eq!(rehearsal.ears.facts(), (taken..=rehearsal.state().seq).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_way_back_that_nobody_approves_changes_nothing() {
    let mut rehearsal = cut_at(30, Tear::Before).await;
    let lines = rehearsal.journal.text().to_owned();
    let ended = rehearsal.turn_back(&mut Operator::absent()).await.unwrap().unwrap();
    assert_eq!(ended.exit, Exit::NeedsPerson);
    let digest =
        way_back(&rehearsal.state(), &Registry::over(&rehearsal.world), rehearsal.state().at).unwrap().digest();
    assert_eq!(ended.needs.unwrap().commands[0], format!("hcops abort {} --approve {digest}", rehearsal.state().run));
    assert_eq!(rehearsal.journal.text(), lines);
}

#[tokio::test]
async fn a_skipped_reversal_is_not_called_restored() {
    let mut rehearsal = cut_at(34, Tear::Before).await;
    let world = rehearsal.world.clone();
    world.inside().deaf.insert("workers".to_owned());
    let mut person = Operator::choosing(&world, hcops_model::Choice::Skip);
    let ended = rehearsal.turn_back(&mut person).await.unwrap().unwrap();
    assert_eq!((ended.exit, ended.verdict), (Exit::Failed, Some(Verdict::Aborted)));
    assert!(ended.fault.unwrap().saw.contains("Set workers back to true"));
}

/// The way back of an upgrade that nobody confirmed.
async fn way_back_from_the_crossing(world: &World) -> Plan {
    let mut rehearsal = Rehearsal::of(upgrade(), world);
    let inner = world.clone();
    let mut person = Operator::who(move |question| match question.id.as_str() {
        "promote" => Reply::NobodyThere,
        _ => willing_answer(&inner, question),
    });
    assert_eq!(rehearsal.end(&mut person).await.exit, Exit::NeedsPerson);
    let state = rehearsal.state();
    way_back(&state, &Registry::over(world), state.at).unwrap()
}

fn says(plan: &Plan, told: &str) -> bool {
    plan.notices.iter().any(|notice| notice == told)
}

#[tokio::test]
async fn what_was_not_made_by_this_run_does_not_take_anything_else_back_with_it() {
    let world = World::new();
    world.put("follower", true);
    world.inside().slowness.clear();
    let plan = way_back_from_the_crossing(&world).await;
    assert!(says(&plan, "Not taken back: Step upgrade (By hand.)"), "{:?}", plan.notices);
    assert!(plan.steps.iter().all(|step| step.id.as_str() != "undo:create-follower"));
}

#[tokio::test]
async fn what_goes_away_with_what_this_run_made_is_told_as_taken_back_with_it() {
    let plan = way_back_from_the_crossing(&World::new()).await;
    assert!(says(&plan, "Taken back together with create-follower: Step upgrade"), "{:?}", plan.notices);
    assert!(plan.steps.iter().any(|step| step.id.as_str() == "undo:create-follower"));
}

#[tokio::test]
async fn the_way_back_goes_newest_first() {
    let (_, crossing) = length().await;
    let mut rehearsal = cut_at(crossing - 1, Tear::Before).await;
    let done = rehearsal.world.inside().acts.len();
    turn_back_to_the_end(&mut rehearsal, "in order").await;
    let back = rehearsal.world.inside().acts[done..].to_vec();
    assert_eq!(back, ["sync=true", "workers=true", "maintenance=false", "follower=false"]);
}
