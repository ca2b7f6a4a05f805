//! What a line changes, and what it must not change.

use super::*;
use hcops_model::{Alternative, DowntimeEdge, Effect, FORMAT, PlannedStep};

fn behind(plan: Plan, lines: Vec<Entry>) -> RunState {
    let mut writer = approved(plan);
    lines.into_iter().for_each(|line| writer.write(line));
    writer.state()
}

fn act(state: &RunState, id: &str) -> Act {
    state.step(&StepId::from(id)).act
}

fn settled_as(step: &str, how: Settlement) -> Entry {
    Entry::Settled { step: StepId::from(step), how, output: json!({}), evidence: None, requests: Vec::new() }
}

fn failed(acting: bool, kind: FaultKind, happened: Happened) -> Entry {
    Entry::Faulted { step: StepId::from("a"), acting, fault: Fault::new(kind, "", "", "").with_happened(happened) }
}

#[test]
fn a_look_that_fails_says_nothing_about_the_act() {
    let book = || plan(vec![step("a").strikes("a")]);
    let looked = behind(book(), vec![intended("a", 1), failed(false, FaultKind::Transient, Happened::No)]);
    assert_eq!(act(&looked, "a"), Act::Intended, "the look did not happen; the act may have");
    let acted = behind(book(), vec![intended("a", 1), failed(true, FaultKind::Transient, Happened::No)]);
    assert_eq!(act(&acted, "a"), Act::Cleared);
}

#[test]
fn acts_that_are_put_off_in_a_row_are_counted_until_one_is_not() {
    let put_off = |number: u32| vec![intended("a", number), failed(true, FaultKind::Transient, Happened::No)];
    let twice = || [put_off(1), put_off(2)].concat();
    let count = |lines: Vec<Entry>| {
        let state = behind(plan(vec![step("a").sets("a", true)]), lines);
        let known = state.step(&StepId::from("a"));
        (known.put_off, known.put_off_since.is_some())
    };
    assert_eq!(count(twice()), (2, true));
    assert_eq!(count([twice(), vec![intended("a", 3), received("a")]].concat()), (0, false), "it was accepted");
    let refused = vec![intended("a", 3), failed(true, FaultKind::Refused, Happened::No)];
    assert_eq!(count([twice(), refused].concat()), (0, false), "it was refused");
    let retried = vec![asked("a", QuestionKind::Trouble { choices: vec![Choice::Retry] }), answered("a", "retry")];
    assert_eq!(count([twice(), retried].concat()), (0, false), "a person said to go on");
}

#[test]
fn only_an_accepted_act_is_cleared_by_a_persons_word_to_repeat_it() {
    let after = |effect: Effect, lines: Vec<Entry>| {
        let again = vec![asked("a", QuestionKind::Trouble { choices: vec![Choice::Retry] }), answered("a", "retry")];
        act(&behind(plan(vec![PlannedStep { effect, ..step("a") }]), [lines, again].concat()), "a")
    };
    let accepted = || vec![intended("a", 1), received("a")];
    for effect in [Effect::Idempotent, Effect::Findable] {
        assert_eq!(after(effect, accepted()), Act::Cleared, "{effect:?}");
        assert_eq!(after(effect, vec![intended("a", 1)]), Act::Intended, "its grace goes on: {effect:?}");
        assert_eq!(after(effect, Vec::new()), Act::None);
    }
    assert_eq!(after(Effect::OneShot, accepted()), Act::Received);
}

#[test]
fn writes_are_off_from_an_act_of_this_run_until_each_step_that_brings_them_back_is_over() {
    let off = || step("off").sets("writes", false).downtime(DowntimeEdge::Starts);
    let on = |id: &str| step(id).sets("writes", true).downtime(DowntimeEdge::Ends);
    let edges = |lines: Vec<Entry>| {
        let downtime = behind(plan(vec![off(), on("on"), on("up"), step("last").sets("c", true)]), lines).downtime;
        (downtime.from.is_some(), downtime.until.is_some())
    };
    assert_eq!(edges(vec![settled_as("off", Settlement::AlreadyTrue)]), (false, false), "somebody else's");
    assert_eq!(edges(vec![settled_as("off", Settlement::Acted)]), (true, false));
    assert_eq!(edges(vec![intended("off", 1)]), (true, false));
    let all = ["off", "on", "up", "last"];
    for (over, until) in [(2, false), (3, true), (4, true)] {
        assert_eq!(edges(all[..over].iter().map(|id| settled(id)).collect()), (true, until), "{over}");
    }
    let none = settled_as("off", Settlement::AlreadyTrue);
    assert_eq!(edges([vec![none], vec![settled("on"), settled("up")]].concat()), (false, false), "there was none");
    let never = behind(plan(vec![off(), step("last").sets("c", true)]), vec![settled("off")]);
    let back = plan(Vec::new());
    let mut lines = vec![settled("off")];
    lines.push(Entry::Aborted { by: String::new(), digest: back.digest(), plan: Box::new(back) });
    let turned = behind(plan(vec![off(), step("last").sets("c", true)]), lines);
    assert!(never.downtime.until.is_none() && turned.downtime.until.is_none(), "nothing says that they are back");
}

#[test]
fn an_answer_to_a_parked_question_is_for_whoever_takes_the_run_up_and_for_nobody_after() {
    let cross = QuestionKind::Cross { name: "name".to_owned(), lost: String::new(), ahead: false };
    let mut lines = vec![settled("a"), leased("ann", 1), parked("b", cross)];
    lines.extend([confirmed(Some("b"), "name"), leased("bob", 2), resumed("bob")]);
    let given = |lines: Vec<Entry>| behind(two_steps(), lines).confirmed[&StepId::from("b")].clone();
    let taken = given(lines.clone());
    assert_eq!((taken.by.as_str(), taken.ahead, taken.ended), ("bob", false, None));
    let next = given([lines, vec![leased("eve", 3)]].concat());
    assert!(next.ended.unwrap().contains("eve took the run"));
}

#[test]
fn a_hand_may_have_changed_something_as_an_act_may() {
    let may = |lines| behind(plan(vec![step("a").sets("a", true)]), lines).step(&StepId::from("a")).may_have_acted();
    let by_hand =
        vec![asked("a", QuestionKind::Trouble { choices: vec![Choice::DoneByHand] }), answered("a", "done-by-hand")];
    assert!(!may(Vec::new()) && may(by_hand) && may(vec![intended("a", 1)]));
    for (how, expected) in [(Settlement::Acted, true), (Settlement::Adopted, true), (Settlement::AlreadyTrue, false)] {
        assert_eq!(may(vec![settled_as("a", how)]), expected, "{how:?}");
    }
}

#[test]
fn a_run_ends_as_failed_only_where_it_looks_and_goes_forward() {
    let looks = || plan(vec![step("a").waits_for("x")]);
    approved(looks()).write(Entry::Closed { verdict: Verdict::Failed });
    assert_eq!(behind(looks(), vec![Entry::Closed { verdict: Verdict::Failed }]).closed, Some(Verdict::Failed));
    approved(two_steps()).refuses(Entry::Closed { verdict: Verdict::Failed }, "it can be gone on with");
    let back = looks();
    let mut turned = approved(two_steps());
    turned.write(Entry::Aborted { by: String::new(), digest: back.digest(), plan: Box::new(back) });
    turned.refuses(Entry::Closed { verdict: Verdict::Failed }, "it can be gone on with");
}

#[test]
fn a_step_that_may_be_left_out_is_and_a_decision_is_one_of_the_offered() {
    let waived = || Entry::Waived { step: StepId::from("a"), by: String::new(), reason: String::new() };
    approved(two_steps()).refuses(waived(), "may not be skipped");
    assert!(
        behind(plan(vec![step("a").sets("a", true).may_be_skipped()]), vec![waived()])
            .step(&StepId::from("a"))
            .is_finished()
    );
    let offered = |answer: &str| Alternative { answer: answer.to_owned(), means: String::new() };
    let mut writer = approved(plan(vec![step("a").asks_about("a")]));
    writer.write(asked("a", QuestionKind::Decide { choices: vec![offered("run"), offered("wait")] }));
    writer.refuses(answered("a", "perhaps"), "does not answer");
    writer.write(answered("a", "wait"));
    assert_eq!(writer.state().step(&StepId::from("a")).answer.as_deref(), Some("wait"));
}

#[test]
fn lines_are_left_out_only_by_a_newer_format_and_never_told_twice() {
    let mut lines = approved(two_steps()).journal.lines().to_vec();
    let mut next = lines[1].clone();
    next.entry = observed("a");
    let fold = |lines: &[hcops_model::Line], seq: u64| {
        let mut line = next.clone();
        line.seq = seq;
        RunState::fold(&[lines, &[line]].concat()).is_ok()
    };
    assert_eq!([2, 3, 4, 9].map(|seq| fold(&lines, seq)), [false, true, false, false]);
    let Entry::Opened { format, .. } = &mut lines[0].entry else { unreachable!("the opening") };
    format.minor = FORMAT.minor + 1;
    assert_eq!([1, 2, 3, 4, 9].map(|seq| fold(&lines, seq)), [false, false, true, true, true]);
}
