//! Whose word lets writes go off, and for how long it is that.

use super::*;
use hcops_testing::plans::gated_upgrade;

const GATE: QuestionKind = QuestionKind::Gate { usual: 1800, until_point: 900 };

fn cross() -> QuestionKind {
    QuestionKind::Cross { name: "follower-1".to_owned(), lost: String::new(), ahead: true }
}

fn opens(by: &str) -> Entry {
    let (question, answer) = ("gate".to_owned(), "window 22:00-02:00@UTC".to_owned());
    Entry::Answered { question, answer, by: by.to_owned(), how: "typed".to_owned(), picture: None }
}

/// A run of ann's that stands at its gate.
fn at_the_gate() -> Writer {
    let mut writer = approved(gated_upgrade());
    for entry in [settled("create-follower"), settled("pause"), leased("ann", 1)] {
        writer.write(entry);
    }
    writer
}

fn with(entries: Vec<Entry>) -> RunState {
    let mut writer = at_the_gate();
    entries.into_iter().for_each(|entry| writer.write(entry));
    writer.state()
}

/// The points of no return that are still to be asked about, at this many seconds after everything above.
fn unsaid(state: &RunState, seconds: i64) -> usize {
    let now = at() + jiff::SignedDuration::from_secs(seconds);
    state.unsaid_points(true, |given, name| given.objection(name, now, 1.0).is_none()).len()
}

const DAYS: i64 = 5 * 86_400;

#[test]
fn what_one_operator_let_begin_is_not_what_the_next_one_lets_begin() {
    let said = vec![asked("gate", GATE), opens("ann")];
    let by = |who: &str| with([said.clone(), vec![leased(who, 2), resumed(who)]].concat()).opening().is_some();
    assert!(by("ann") && !by("bob"));
}

#[test]
fn an_opening_for_a_parked_run_is_for_whoever_takes_it_up_and_for_nobody_after() {
    let lines = vec![parked("gate", GATE), leased("cat", 2), opens("cat"), leased("bob", 3), resumed("bob")];
    assert!(with(lines.clone()).opening().is_some());
    assert!(with([lines, vec![leased("dan", 4), resumed("dan")]].concat()).opening().is_none());
}

#[test]
fn a_name_lasts_as_long_as_the_process_that_it_was_given_to() {
    let said = vec![asked("promote", cross()), confirmed(Some("promote"), "follower-1")];
    let state = with(said.clone());
    assert_eq!((unsaid(&state, 0), unsaid(&state, DAYS)), (0, 0), "a window may come days later");
    let killed = with([said, vec![leased("ann", 2), resumed("ann")]].concat());
    assert_eq!(unsaid(&killed, 0), 1, "another process asks again, though it is the same person's");
}

#[test]
fn a_name_for_a_parked_run_has_to_be_taken_up_within_minutes() {
    let said = vec![parked("gate", GATE), asked("promote", cross()), confirmed(Some("promote"), "follower-1")];
    let state = with(said.clone());
    assert_eq!((unsaid(&state, 60), unsaid(&state, DAYS)), (0, 1));
    let taken_up = with([said, vec![leased("bob", 2), resumed("bob")]].concat());
    assert_eq!(unsaid(&taken_up, DAYS), 0, "in time, and then it lasts like any other");
    let mut late = taken_up;
    let given = late.confirmed.get_mut(&StepId::from("promote")).unwrap();
    given.taken_up_at = Some(at() + jiff::SignedDuration::from_secs(DAYS));
    assert_eq!(unsaid(&late, DAYS), 1, "taken up days later it is nobody's word any more");
}

#[test]
fn a_gate_that_somebody_leaves_out_stays_out_for_whoever_takes_the_run_up_at_once() {
    let trouble = QuestionKind::Trouble { choices: vec![Choice::Skip] };
    let waived = Entry::Waived { step: "gate".into(), by: "ann".to_owned(), reason: "a wrong notice".to_owned() };
    let mut plan = gated_upgrade();
    plan.steps.iter_mut().find(|step| step.id.as_str() == "gate").unwrap().may_skip = true;
    let mut writer = approved(plan);
    for entry in [settled("create-follower"), settled("pause"), leased("ann", 1), parked("gate", trouble), waived] {
        writer.write(entry);
    }
    writer.write(leased("ann", 2));
    assert!(!writer.state().is_before_gate());
    let later = at() + jiff::SignedDuration::from_secs(DAYS);
    writer.journal.append(later, leased("bob", 3)).unwrap();
    assert!(writer.state().is_before_gate(), "not days later");
}
