mod attesting;
mod folding;
mod gate;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::tests::GOLDEN_DONE;
use crate::{MemoryJournal, Opening};
use hcops_model::{
    Choice, Fault, FaultKind, Happened, Intent, Journal, OnlyIf, QuestionKind, Receipt, Seen, Settlement, StopCause,
};
use hcops_testing::plans::{Sentence as _, plan, run_id, step};

/// A journal that takes anything, so that the fold alone decides what is legal.
struct Writer {
    journal: MemoryJournal,
}

fn at() -> Timestamp {
    "2026-08-01T22:00:00Z".parse().unwrap()
}

fn opened(plan: Plan) -> Writer {
    let mut writer = Writer { journal: MemoryJournal::new() };
    let opening = Opening { run: run_id(), tool: "0.0.0".to_owned(), plan, origin: "here".to_owned() };
    writer.write(opening.entry("ann"));
    writer
}

fn approved(plan: Plan) -> Writer {
    let digest = plan.digest().to_string();
    let mut writer = opened(plan);
    writer.write(confirmed(None, &digest));
    writer
}

impl Writer {
    fn write(&mut self, entry: Entry) {
        self.journal.append(at(), entry).unwrap();
    }

    fn state(&self) -> RunState {
        RunState::fold(self.journal.lines()).unwrap()
    }

    fn refuses(&mut self, entry: Entry, part: &str) {
        let mut with = Writer { journal: self.journal.clone() };
        with.write(entry);
        let fault = RunState::fold(with.journal.lines()).unwrap_err();
        let number = with.journal.lines().len();
        assert!(fault.saw.contains(part) && fault.saw.contains(&format!("line {number} ")), "{fault:?}");
    }
}

fn confirmed(step: Option<&str>, given: &str) -> Entry {
    let (by, how) = ("ann".to_owned(), "typed".to_owned());
    Entry::Confirmed {
        step: step.map(StepId::from),
        by,
        how,
        given: given.to_owned(),
        shown: Vec::new(),
        picture: None,
    }
}

fn intended(step: &str, attempt: u32) -> Entry {
    let intent =
        Intent { step: StepId::from(step), action: "fake.set".to_owned(), attempt, will: Vec::new(), before: None };
    Entry::Intended { intent }
}

fn intended_from(step: &str, attempt: u32, quantity: u32) -> Entry {
    let Entry::Intended { intent } = intended(step, attempt) else { unreachable!("an intent") };
    Entry::Intended { intent: Intent { before: Some(json!({ "quantity": quantity })), ..intent } }
}

fn received(step: &str) -> Entry {
    let receipt = Receipt { said: String::new(), marks: json!({}), server_time: None, requests: Vec::new() };
    Entry::Received { step: StepId::from(step), receipt }
}

fn settled(step: &str) -> Entry {
    let how = Settlement::Acted;
    Entry::Settled { step: StepId::from(step), how, output: json!({}), evidence: None, requests: Vec::new() }
}

fn faulted(step: &str, happened: Happened) -> Entry {
    let fault = Fault::new(FaultKind::Transient, "", "", "").with_happened(happened);
    Entry::Faulted { step: StepId::from(step), acting: true, fault }
}

fn observed(step: &str) -> Entry {
    let sight = Seen::Ready { will: Vec::new() };
    Entry::Observed { step: StepId::from(step), hold: None, sight, requests: Vec::new(), proof: None }
}

/// Parked at this question.
fn parked(step: &str, sort: QuestionKind) -> Entry {
    let Entry::Asked { question } = asked(step, sort) else { unreachable!("a question") };
    let (commands, ways, later) = (Vec::new(), Vec::new(), Vec::new());
    Entry::Parked { needs: Needs { question, commands, ways, later, writes_off: None, exit: 10 } }
}

fn leased(by: &str, fence: u64) -> Entry {
    Entry::Leased { by: by.to_owned(), holder: String::new(), fence, folder: None }
}

fn resumed(by: &str) -> Entry {
    Entry::Resumed { by: by.to_owned(), tool: String::new() }
}

fn asked(step: &str, sort: QuestionKind) -> Entry {
    let question = Question {
        id: step.to_owned(),
        step: Some(StepId::from(step)),
        sort,
        text: String::new(),
        shown: Vec::new(),
        picture: None,
        in_words: false,
    };
    Entry::Asked { question }
}

fn answered(step: &str, answer: &str) -> Entry {
    let (by, how) = ("ann".to_owned(), "typed".to_owned());
    Entry::Answered { question: step.to_owned(), answer: answer.to_owned(), by, how, picture: None }
}

fn two_steps() -> Plan {
    plan(vec![step("a").strikes("a"), step("b").sets("b", true).crossing("name")])
}

#[test]
fn nothing_happens_before_the_opening_or_the_approval() {
    assert!(RunState::fold(&[]).unwrap_err().saw.contains("no line"));
    let mut empty = Writer { journal: MemoryJournal::new() };
    empty.refuses(settled("a"), "must say what was opened");
    let mut writer = opened(two_steps());
    writer.refuses(intended("a", 1), "not been approved");
    writer.refuses(observed("a"), "not been approved");
    writer.refuses(confirmed(None, "0123456789ab"), "not the digest");
    let digest = two_steps().digest();
    writer.write(confirmed(None, digest.short()));
    writer.refuses(confirmed(None, digest.short()), "already approved");
    let again = writer.journal.lines()[0].entry.clone();
    writer.refuses(again, "already open");
}

#[test]
fn steps_come_in_their_turn() {
    let mut writer = approved(two_steps());
    writer.refuses(observed("b"), "not the turn of step b");
    writer.refuses(settled("unheard-of"), "not the turn");
    writer.write(settled("a"));
    writer.refuses(settled("a"), "not the turn");
    writer
        .refuses(Entry::Waived { step: StepId::from("b"), by: String::new(), reason: String::new() }, "not be skipped");
}

#[test]
fn a_one_shot_act_is_intended_again_only_when_it_did_not_happen() {
    let mut writer = approved(two_steps());
    writer.refuses(received("a"), "no open intent");
    writer.refuses(faulted("a", Happened::No), "no open intent");
    writer.refuses(intended("a", 2), "attempt 2");
    writer.write(intended("a", 1));
    writer.refuses(intended("a", 2), "already have taken place");
    writer.write(faulted("a", Happened::Unknown));
    writer.refuses(intended("a", 2), "already have taken place");
    writer.refuses(answered("a", "did-not-happen"), "nothing was asked");
    writer.write(asked("a", QuestionKind::WhatHappened));
    writer.refuses(answered("a", "perhaps"), "does not answer");
    writer.write(answered("a", "did-not-happen"));
    assert!(!writer.state().step(&StepId::from("a")).may_have_acted());
    writer.write(intended("a", 2));
    writer.write(faulted("a", Happened::No));
    writer.write(intended("a", 3));
    writer.write(received("a"));
    writer.write(asked("a", QuestionKind::Trouble { choices: vec![Choice::Retry] }));
    writer.write(answered("a", "retry"));
    writer.refuses(intended("a", 4), "already have taken place");
}

#[test]
fn what_was_before_comes_from_the_intent_and_is_forgotten_only_where_nothing_was_changed() {
    let id = StepId::from("a");
    let mut writer = approved(plan(vec![step("a").sets("a", true)]));
    let before = |writer: &Writer| writer.state().step(&id).before.map(|before| before["quantity"].clone());
    writer.write(intended_from("a", 1, 3));
    assert_eq!(before(&writer), Some(json!(3)), "an interrupted act has no receipt, and its intent is enough");
    assert_eq!(writer.state().outputs().get(&id), None);
    assert_eq!(writer.state().outputs_and_before()[&id]["quantity"], 3);
    writer.write(faulted("a", Happened::No));
    assert_eq!(before(&writer), None, "nothing was changed, so the next look tells");
    writer.write(intended_from("a", 2, 6));
    writer.write(faulted("a", Happened::Unknown));
    writer.write(intended("a", 3));
    assert_eq!(before(&writer), Some(json!(6)), "an intent that notes nothing takes nothing away");
    writer.write(faulted("a", Happened::No));
    assert_eq!(before(&writer), Some(json!(6)), "the act before it may have changed something");
    writer.write(settled("a"));
    assert_eq!(writer.state().outputs_and_before()[&id], json!({}), "what has settled speaks for itself");
}

#[test]
fn a_repeatable_act_that_was_accepted_is_repeated_only_on_a_persons_word() {
    let mut writer = approved(plan(vec![step("a").sets("a", true)]));
    writer.write(intended("a", 1));
    writer.write(intended("a", 2));
    writer.write(received("a"));
    writer.refuses(intended("a", 3), "already have taken place");
    writer.write(asked("a", QuestionKind::Trouble { choices: vec![Choice::Retry] }));
    writer.write(answered("a", "retry"));
    assert!(writer.state().step(&StepId::from("a")).may_have_acted());
    writer.write(intended("a", 3));
    assert_eq!(writer.state().step(&StepId::from("a")).tries, 1);
}

#[test]
fn a_point_of_no_return_needs_its_name_and_ends_the_way_back() {
    let mut writer = approved(two_steps());
    writer.write(settled("a"));
    writer.refuses(intended("b", 1), "has not been confirmed");
    writer.refuses(confirmed(Some("b"), "acme-crm"), "not the name to confirm");
    writer.write(confirmed(Some("b"), "name"));
    let crossed = |name: &str| Entry::Crossed { step: StepId::from("b"), name: name.to_owned(), lost: String::new() };
    writer.refuses(crossed("name"), "no open intent");
    writer.write(intended("b", 1));
    writer.refuses(crossed("other"), "not the name");
    writer.write(crossed("name"));
    let back = plan(Vec::new());
    let aborted = Entry::Aborted { by: String::new(), digest: back.digest(), plan: Box::new(back) };
    writer.refuses(aborted, "behind us");
}

#[test]
fn a_parked_run_does_nothing_until_it_is_taken_up() {
    let mut writer = approved(two_steps());
    writer.write(parked("a", QuestionKind::WhatHappened));
    writer.refuses(intended("a", 1), "parked");
    writer.write(Entry::Resumed { by: String::new(), tool: String::new() });
    writer.write(intended("a", 1));
}

#[test]
fn fences_grow_and_verdicts_fit() {
    let mut writer = approved(plan(vec![step("a").sets("a", true)]));
    let leased = |fence| Entry::Leased { by: String::new(), holder: String::new(), fence, folder: None };
    writer.write(leased(1));
    writer.write(leased(2));
    writer.refuses(leased(2), "fence");
    writer.refuses(Entry::Closed { verdict: Verdict::Done }, "not finished");
    writer.write(settled("a"));
    writer.refuses(Entry::Closed { verdict: Verdict::Aborted }, "verdict");
    writer.write(Entry::Closed { verdict: Verdict::Done });
    writer.refuses(leased(3), "closed");
}

#[test]
fn lines_are_counted() {
    let mut writer = approved(two_steps());
    let mut lines = writer.journal.lines().to_vec();
    writer.write(observed("a"));
    let mut skipping = writer.journal.lines()[2].clone();
    skipping.seq = 4;
    lines.push(skipping);
    assert!(RunState::fold(&lines).unwrap_err().saw.contains("line 3 was expected"));
}

#[test]
fn every_prefix_of_a_run_can_be_folded() {
    let journal = MemoryJournal::from_text(GOLDEN_DONE).unwrap();
    let mut step_by_step: Option<RunState> = None;
    for length in 1..=journal.lines().len() {
        let whole = RunState::fold(&journal.lines()[..length]).unwrap();
        if let Some(state) = &mut step_by_step {
            state.apply(&journal.lines()[length - 1]).unwrap();
            assert_eq!(*state, whole);
        }
        step_by_step = Some(whole);
    }
    assert_eq!(step_by_step.unwrap().closed, Some(Verdict::Done));
}

#[test]
fn an_approval_names_the_plan_with_twelve_characters_at_least() {
    let digest = two_steps().digest().to_string();
    for length in 0..12 {
        opened(two_steps()).refuses(confirmed(None, &digest[..length]), "is not the digest");
    }
    for length in [12, 13, digest.len()] {
        opened(two_steps()).write(confirmed(None, &digest[..length]));
    }
    opened(two_steps()).refuses(confirmed(None, &format!("{digest}0")), "is not the digest");
}

#[test]
fn a_stop_and_another_person_end_a_confirmation() {
    let ended_by = |entry: Entry| {
        let mut writer = approved(two_steps());
        writer.write(settled("a"));
        writer.write(confirmed(Some("b"), "name"));
        writer.write(entry);
        writer.state().confirmed[&StepId::from("b")].ended.clone()
    };
    let leased = |by: &str| Entry::Leased { by: by.to_owned(), holder: String::new(), fence: 1, folder: None };
    let resumed = |by: &str| Entry::Resumed { by: by.to_owned(), tool: String::new() };
    let wish = StopWish { cause: StopCause::Interrupt, by: None, machine: None, asked_at: None };
    assert_eq!((ended_by(leased("ann")), ended_by(resumed("ann"))), (None, None));
    assert!(ended_by(leased("bob")).unwrap().contains("bob took the run"));
    assert!(ended_by(resumed("bob")).unwrap().contains("bob took the run"));
    assert!(ended_by(Entry::Stopped { wish }).unwrap().contains("stopped"));
}

#[test]
fn a_confirmation_counts_for_one_step_of_two_that_go_by_one_name() {
    let mut writer =
        approved(plan(vec![step("a").sets("a", true).crossing("name"), step("b").sets("b", true).crossing("name")]));
    writer.write(confirmed(Some("a"), "name"));
    writer.write(settled("a"));
    writer.refuses(intended("b", 1), "has not been confirmed");
}

#[test]
fn a_second_act_makes_a_crossing_one_that_no_refusal_takes_back() {
    let mut writer = approved(plan(vec![step("b").sets("b", true).crossing("name")]));
    writer.write(confirmed(Some("b"), "name"));
    writer.write(intended("b", 1));
    writer.write(Entry::Crossed { step: StepId::from("b"), name: "name".to_owned(), lost: String::new() });
    writer.write(faulted("b", Happened::Unknown));
    writer.write(intended("b", 2));
    writer.write(faulted("b", Happened::No));
    assert_eq!(writer.state().crossed.len(), 1, "the first act may have happened");
}

#[test]
fn a_step_that_hangs_on_an_answer_is_left_out_with_another_or_with_none() {
    let mut hanging = step("b").sets("b", true);
    hanging.only_if = Some(OnlyIf { step: StepId::from("a"), answer: "run".to_owned() });
    let left_out = |entry: Option<Entry>| {
        let mut asking = step("a").asks_about("a");
        asking.may_skip = true;
        let mut writer = approved(plan(vec![asking, hanging.clone()]));
        entry.into_iter().for_each(|entry| writer.write(entry));
        let state = writer.state();
        state.left_out(&hanging)
    };
    let said = |answer: &str| Entry::Settled {
        step: StepId::from("a"),
        how: Settlement::Attested,
        output: json!({ "answer": answer }),
        evidence: None,
        requests: Vec::new(),
    };
    let waived = Entry::Waived { step: StepId::from("a"), by: "ann".to_owned(), reason: "no".to_owned() };
    assert_eq!((left_out(None), left_out(Some(said("run")))), (None, None));
    assert!(left_out(Some(said("wait"))).unwrap().contains("`wait`, not `run`"));
    assert!(left_out(Some(waived)).unwrap().contains("left out"));
}
