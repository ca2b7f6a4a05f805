use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use hcops_model::{Part, RequestMark};

const SECOND: Duration = Duration::from_secs(1);

fn fresh(seen: &Seen<Value>) -> Situation<'_> {
    Situation {
        effect: Effect::Idempotent,
        standing: Standing::Fresh,
        seen: Sight::Saw(seen),
        satisfied_looks: 1,
        steadiness: Steadiness::ONCE,
        crossing: CrossingState::Absent,
        gate: GateState::Absent,
        holds: HoldsState::Unchecked,
        answer: AnswerState::Unasked,
        waited: Duration::ZERO,
        limit: 100 * SECOND,
        attempts: 0,
        tries: 0,
        failed_looks: 1,
        failing: Duration::ZERO,
        patience: Duration::ZERO,
        grace: GRACE,
        echo: Duration::ZERO,
    }
}

fn satisfied() -> Seen<Value> {
    Seen::Satisfied { output: json!({}) }
}

fn ready() -> Seen<Value> {
    Seen::Ready { will: vec!["Pause.".to_owned()] }
}

fn underway() -> Seen<Value> {
    let part = Some(Part { done: 1, of: 2, unit: "steps".to_owned() });
    Seen::Underway { note: "step 1".to_owned(), part, look_again: 20 * SECOND }
}

fn blocked() -> Seen<Value> {
    Seen::Blocked { why: "It is broken.".to_owned(), remedy: "Repair it.".to_owned() }
}

fn unclear(ask: &[&str]) -> Seen<Value> {
    Seen::Unclear { why: "state `odd`".to_owned(), ask: ask.iter().map(|text| (*text).to_owned()).collect() }
}

const OLD: Duration = Duration::from_secs(3600);
const YOUNG: Duration = Duration::from_secs(10);

#[test]
fn every_effect_in_every_standing_when_it_is_ready() {
    use Effect::{Findable, Idempotent, OneShot};
    let again = Next::LookAgain(LOOK_FOR_EFFECT);
    let table = [
        (Standing::Fresh, [Next::Act, Next::Act, Next::Act]),
        (Standing::AnsweredDidNotHappen, [Next::Act, Next::Act, Next::Act]),
        (Standing::OpenIntent { age: YOUNG }, [again, again, again]),
        (Standing::OpenIntent { age: OLD }, [Next::Act, Next::Act, Next::AskWhatHappened]),
        (Standing::Received { age: YOUNG }, [again, again, again]),
        (Standing::Received { age: OLD }, [again, again, again]),
        (Standing::AnsweredHappened, [again, again, again]),
    ];
    let seen = ready();
    for (standing, expected) in table {
        for (effect, expected) in [Idempotent, Findable, OneShot].into_iter().zip(expected) {
            let situation = Situation { effect, standing, holds: HoldsState::Kept, ..fresh(&seen) };
            assert_eq!(next(&situation), expected, "{effect:?} {standing:?}");
        }
        let only_looks = Situation { effect: Effect::ReadOnly, standing, holds: HoldsState::Kept, ..fresh(&seen) };
        assert_eq!(next(&only_looks), stop(Cause::Defect));
    }
}

#[test]
fn on_the_way_to_the_act_holds_come_first_and_the_name_is_typed() {
    let seen = ready();
    let table = [
        (CrossingState::Absent, HoldsState::Unchecked, Next::CheckHolds),
        (CrossingState::Unconfirmed, HoldsState::Unchecked, Next::CheckHolds),
        (CrossingState::Confirmed, HoldsState::Unchecked, Next::CheckHolds),
        (CrossingState::Absent, HoldsState::Broken, Next::HoldBroken),
        (CrossingState::Unconfirmed, HoldsState::Broken, Next::HoldBroken),
        (CrossingState::Confirmed, HoldsState::Broken, Next::HoldBroken),
        (CrossingState::Absent, HoldsState::Kept, Next::Act),
        (CrossingState::Unconfirmed, HoldsState::Kept, Next::AskCrossing),
        (CrossingState::Confirmed, HoldsState::Kept, Next::Act),
    ];
    for (crossing, holds, expected) in table {
        assert_eq!(next(&Situation { crossing, holds, ..fresh(&seen) }), expected, "{crossing:?} {holds:?}");
    }
}

#[test]
fn a_settlement_says_how_it_came_to_be_so() {
    let age = YOUNG;
    let by_hand = AnswerState::DoneByHand { age };
    let table = [
        (Standing::Fresh, AnswerState::Unasked, 0, Settlement::AlreadyTrue),
        (Standing::Fresh, AnswerState::Given, 0, Settlement::Attested),
        (Standing::Fresh, by_hand, 0, Settlement::Adopted),
        (Standing::Fresh, AnswerState::Unasked, 2, Settlement::Adopted),
        (Standing::OpenIntent { age }, AnswerState::Unasked, 1, Settlement::Adopted),
        (Standing::AnsweredHappened, AnswerState::Unasked, 1, Settlement::Adopted),
        (Standing::AnsweredDidNotHappen, AnswerState::Unasked, 1, Settlement::Adopted),
        (Standing::Received { age }, AnswerState::Unasked, 1, Settlement::Acted),
    ];
    let seen = satisfied();
    for (standing, answer, attempts, how) in table {
        let situation = Situation { standing, answer, attempts, ..fresh(&seen) };
        assert_eq!(next(&situation), Next::Settle(how), "{standing:?} {answer:?}");
    }
}

#[test]
fn a_point_of_no_return_that_another_has_passed_is_held_against_its_conditions() {
    let seen = satisfied();
    let already = Next::Settle(Settlement::AlreadyTrue);
    let age = YOUNG;
    for crossing in [CrossingState::Unconfirmed, CrossingState::Confirmed] {
        let at = |holds| Situation { crossing, holds, ..fresh(&seen) };
        assert_eq!(next(&at(HoldsState::Unchecked)), Next::CheckHolds);
        assert_eq!(next(&at(HoldsState::Broken)), Next::HoldBroken);
        assert_eq!(next(&at(HoldsState::Kept)), already);
        let by_hand = Situation { answer: AnswerState::DoneByHand { age }, ..at(HoldsState::Unchecked) };
        assert_eq!(next(&by_hand), Next::CheckHolds, "done by hand is not done by us");
        let ours = Situation { standing: Standing::Received { age }, ..at(HoldsState::Unchecked) };
        assert_eq!(next(&ours), Next::Settle(Settlement::Acted), "ours was looked at before the act");
    }
    assert_eq!(next(&fresh(&seen)), already, "what is no point of no return settles as before");
}

#[test]
fn once_is_not_steadily() {
    let seen = satisfied();
    let steadiness = Steadiness { looks: 3, apart: 10 * SECOND };
    for looks in 1..3 {
        let situation = Situation { steadiness, satisfied_looks: looks, ..fresh(&seen) };
        assert_eq!(next(&situation), Next::LookAgain(10 * SECOND));
    }
    let situation = Situation { steadiness, satisfied_looks: 3, ..fresh(&seen) };
    assert_eq!(next(&situation), Next::Settle(Settlement::AlreadyTrue));
}

#[test]
fn nothing_to_reverse_is_not_believed_while_the_act_may_still_show() {
    let seen = satisfied();
    let situation = Situation { echo: 3 * SECOND, ..fresh(&seen) };
    assert_eq!(next(&situation), Next::LookAgain(3 * SECOND));
    let reversed = Situation { standing: Standing::Received { age: YOUNG }, ..situation };
    assert_eq!(next(&reversed), Next::Settle(Settlement::Acted));
}

#[test]
fn a_wait_ends_in_a_question() {
    let overlong = park(Cause::Overlong, Exit::Blocked);
    let (seen, after) = (underway(), 101 * SECOND);
    assert_eq!(next(&fresh(&seen)), Next::LookAgain(20 * SECOND));
    assert_eq!(next(&Situation { waited: 100 * SECOND, ..fresh(&seen) }), Next::LookAgain(20 * SECOND));
    assert_eq!(next(&Situation { waited: after, ..fresh(&seen) }), overlong);
    let seen = ready();
    let standing = Standing::Received { age: after };
    assert_eq!(next(&Situation { standing, waited: after, ..fresh(&seen) }), overlong);
    let standing = Standing::AnsweredHappened;
    assert_eq!(next(&Situation { standing, waited: after, ..fresh(&seen) }), overlong);
}

#[test]
fn a_look_never_spins() {
    let seen = Seen::Underway { note: String::new(), part: None, look_again: Duration::ZERO };
    assert_eq!(next(&fresh(&seen)), Next::LookAgain(SHORTEST_WAIT));
}

#[test]
fn acts_are_not_tried_forever() {
    let seen = ready();
    for standing in [Standing::Fresh, Standing::OpenIntent { age: OLD }, Standing::AnsweredDidNotHappen] {
        let situation = Situation { standing, tries: MAX_TRIES, holds: HoldsState::Kept, ..fresh(&seen) };
        assert_eq!(next(&situation), park(Cause::TriesSpent, Exit::Failed), "{standing:?}");
    }
}

#[test]
fn what_was_said_to_be_done_by_hand_is_looked_for_and_never_done_again() {
    let seen = ready();
    let said = |age| Situation { answer: AnswerState::DoneByHand { age }, holds: HoldsState::Kept, ..fresh(&seen) };
    assert_eq!(next(&said(YOUNG)), Next::LookAgain(LOOK_FOR_EFFECT));
    assert_eq!(next(&said(OLD)), park(Cause::StillNotSo, Exit::Blocked));
}

#[test]
fn what_cannot_be_told_is_asked_once_or_stops() {
    let asks = unclear(&["Writers are stopped."]);
    assert_eq!(next(&fresh(&asks)), Next::Ask);
    let answered = Situation { answer: AnswerState::Given, ..fresh(&asks) };
    assert_eq!(next(&answered), park(Cause::Unclear, Exit::NeedsPerson));
    let raw = unclear(&[]);
    assert_eq!(next(&fresh(&raw)), park(Cause::Unclear, Exit::Blocked));
    for seen in [&asks, &raw] {
        let open = |effect, age| Situation { effect, standing: Standing::OpenIntent { age }, ..fresh(seen) };
        assert_eq!(next(&open(Effect::OneShot, YOUNG)), Next::LookAgain(LOOK_FOR_EFFECT));
        assert_eq!(next(&open(Effect::OneShot, OLD)), Next::AskWhatHappened);
        assert_eq!(next(&open(Effect::Idempotent, OLD)), park(Cause::Unclear, Exit::Unclear));
        let received = Situation { standing: Standing::Received { age: YOUNG }, ..fresh(seen) };
        assert_eq!(next(&received), park(Cause::Unclear, Exit::Unclear));
    }
}

#[test]
fn a_block_is_a_block_in_every_standing() {
    let seen = blocked();
    for standing in [Standing::Fresh, Standing::OpenIntent { age: OLD }, Standing::Received { age: OLD }] {
        assert_eq!(next(&Situation { standing, ..fresh(&seen) }), park(Cause::Blocked, Exit::Blocked));
    }
}

fn fault(kind: FaultKind, happened: Happened) -> Fault {
    Fault::new(kind, "saw", "why", "remedy").with_happened(happened)
}

#[test]
fn failed_looks_are_retried_as_long_as_that_may_help() {
    use FaultKind::{Bug, NotFound, Refused, Transient, Unauthorized, Unreadable, Usage, Verification};
    let gives_up = park(Cause::LookFailed, Exit::Failed);
    let table = [
        (Transient, 1, Next::LookAgain(2 * SECOND)),
        (Transient, MAX_FAILED_LOOKS - 1, Next::LookAgain(30 * SECOND)),
        (Transient, MAX_FAILED_LOOKS, gives_up),
        (Unreadable, MAX_UNREADABLE_LOOKS - 1, Next::LookAgain(8 * SECOND)),
        (Unreadable, MAX_UNREADABLE_LOOKS, gives_up),
        (NotFound, 1, gives_up),
        (Refused, 1, gives_up),
        (Verification, 1, park(Cause::LookFailed, Exit::VerificationFailed)),
        (Unauthorized, 1, stop(Cause::LookFailed)),
        (Bug, 1, stop(Cause::LookFailed)),
        (Usage, 1, stop(Cause::LookFailed)),
    ];
    let seen = ready();
    for (kind, failed_looks, expected) in table {
        let fault = fault(kind, Happened::Unknown);
        let late = Duration::from_secs(1_000_000);
        let situation = Situation { seen: Sight::Failed(&fault), failed_looks, waited: late, ..fresh(&seen) };
        assert_eq!(next(&situation), expected, "{kind:?} {failed_looks}");
    }
    let passing = fault(Transient, Happened::Unknown);
    let late = Situation { waited: Duration::from_secs(1_000_000), ..fresh(&seen) };
    let silent = Situation { seen: Sight::Failed(&passing), failed_looks: 3, failing: PASSING, ..late };
    assert_eq!(next(&silent), gives_up, "each of them waited long for an answer");
    let in_time = Situation { seen: Sight::Failed(&passing), failed_looks: 100, ..fresh(&seen) };
    assert_eq!(next(&in_time), Next::LookAgain(30 * SECOND), "as long as the step has time");
    let just = Situation { waited: 100 * SECOND, ..in_time };
    assert_eq!(next(&just), gives_up, "its time is over");
    let mut asked = passing;
    asked.pause = Some(u64::MAX);
    let left = Situation { seen: Sight::Failed(&asked), limit: 600 * SECOND, waited: 500 * SECOND, ..fresh(&seen) };
    assert_eq!(next(&left), Next::LookAgain(100 * SECOND), "no server keeps a step waiting past its limit");
    let fault = fault(NotFound, Happened::Unknown);
    let standing = Standing::Received { age: YOUNG };
    let just_made = Situation { seen: Sight::Failed(&fault), standing, ..fresh(&seen) };
    assert_eq!(next(&just_made), Next::LookAgain(2 * SECOND));
}

/// Maintenance answers 503 for up to 45 minutes, which is longer than the limit of many a step.
#[test]
fn a_run_that_changes_something_waits_an_hour_for_what_is_not_available() {
    let mark = |status| RequestMark {
        method: "GET".to_owned(),
        target: String::new(),
        status: Some(status),
        request_id: None,
    };
    let seen = ready();
    let at = |status, minutes: u32, patience: Duration| {
        let fault = Fault { requests: vec![mark(status)], ..fault(FaultKind::Transient, Happened::Unknown) };
        let (waited, failing) = (60 * minutes * SECOND, 60 * minutes * SECOND);
        let situation =
            Situation { failed_looks: 40, waited, failing, patience, seen: Sight::Failed(&fault), ..fresh(&seen) };
        next(&situation)
    };
    let gives_up = park(Cause::LookFailed, Exit::Failed);
    assert_eq!(at(503, 59, AWAY), Next::LookAgain(30 * SECOND));
    assert_eq!(at(503, 60, AWAY), gives_up, "an hour is an hour");
    let refused = Fault { requests: vec![mark(503)], ..fault(FaultKind::Refused, Happened::Unknown) };
    assert!(!is_unavailable(&refused), "what was refused is not away");
    let none = fault(FaultKind::Transient, Happened::Unknown);
    assert!(!is_unavailable(&none), "no answer is not that answer");
    assert_eq!(at(503, 61, AWAY), gives_up, "it has an end");
    assert_eq!(at(502, 59, AWAY), Next::LookAgain(30 * SECOND), "as good as away");
    assert_eq!(at(500, 59, AWAY), gives_up, "that is something else");
    assert_eq!(at(503, 5, Duration::ZERO), gives_up, "who only looks does not wait");
    let not_reached = fault(FaultKind::Transient, Happened::No).with_code(NOT_REACHED);
    for (minutes, next_one) in [(59, Next::LookAgain(30 * SECOND)), (61, gives_up)] {
        let (waited, sight) = (60 * minutes * SECOND, Sight::Failed(&not_reached));
        let situation =
            Situation { failed_looks: 40, waited, failing: waited, patience: AWAY, seen: sight, ..fresh(&seen) };
        assert_eq!(next(&situation), next_one, "without a network for {minutes} minutes");
    }
}

#[test]
fn failed_acts_are_tried_again_only_when_they_did_not_happen() {
    use FaultKind::{Bug, NotFound, Refused, Transient, Unauthorized, Unreadable, Verification};
    let gives_up = park(Cause::ActFailed, Exit::Failed);
    let table = [
        (Transient, Happened::No, MAX_TRIES, Next::LookAgain(2 * SECOND)),
        (Refused, Happened::No, 4, Next::LookAgain(16 * SECOND)),
        (Refused, Happened::No, MAX_TRIES, gives_up),
        (Transient, Happened::Unknown, MAX_TRIES, Next::LookAgain(2 * SECOND)),
        (Unreadable, Happened::Unknown, 1, Next::LookAgain(2 * SECOND)),
        (Unreadable, Happened::No, 1, gives_up),
        (NotFound, Happened::No, 1, gives_up),
        (Verification, Happened::No, 1, park(Cause::ActFailed, Exit::VerificationFailed)),
        (Unauthorized, Happened::No, 1, stop(Cause::ActFailed)),
        (Unauthorized, Happened::Unknown, 1, stop(Cause::ActFailed)),
        (Bug, Happened::No, 1, stop(Cause::ActFailed)),
    ];
    for (kind, happened, tries, expected) in table {
        let trying = Trying { tries, put_off: 1, waited: Duration::ZERO, limit: 600 * SECOND };
        assert_eq!(after_failed_act(&fault(kind, happened), &trying), expected, "{kind:?} {happened:?} {tries}");
    }
}

#[test]
fn an_act_is_put_off_for_as_long_as_the_server_asks_and_no_longer_than_its_step_may_take() {
    let put_off = |pause: Option<u64>, put_off: u32, waited: u64| {
        let fault = Fault { pause, ..fault(FaultKind::Transient, Happened::No) };
        let trying = Trying { tries: 0, put_off, waited: Duration::from_secs(waited), limit: 900 * SECOND };
        after_failed_act(&fault, &trying)
    };
    let again = |seconds| Next::LookAgain(Duration::from_secs(seconds));
    for (pause, times, waited, expected) in [
        (None, 1, 0, again(2)),
        (None, 9, 300, again(30)),
        (Some(1), 1, 0, again(2)),
        (Some(600), 1, 0, again(600)),
        (Some(600), 2, 600, again(300)),
        (Some(u64::MAX), 1, 0, again(900)),
        (Some(600), 3, 900, park(Cause::ActFailed, Exit::Failed)),
        (None, 40, 901, park(Cause::ActFailed, Exit::Failed)),
    ] {
        assert_eq!(put_off(pause, times, waited), expected, "{pause:?} {times} {waited}");
    }
}

fn any_sight() -> impl Strategy<Value = Seen<Value>> {
    prop_oneof![
        Just(satisfied()),
        Just(ready()),
        Just(underway()),
        Just(blocked()),
        Just(unclear(&[])),
        Just(unclear(&["Writers are stopped."])),
    ]
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let age = (0_u64..200).prop_map(Duration::from_secs);
    prop_oneof![
        Just(Standing::Fresh),
        age.clone().prop_map(|age| Standing::OpenIntent { age }),
        age.prop_map(|age| Standing::Received { age }),
        Just(Standing::AnsweredHappened),
        Just(Standing::AnsweredDidNotHappen),
    ]
}

fn any_effect() -> impl Strategy<Value = Effect> {
    prop_oneof![Just(Effect::ReadOnly), Just(Effect::Idempotent), Just(Effect::Findable), Just(Effect::OneShot)]
}

fn any_circumstances() -> impl Strategy<Value = (CrossingState, HoldsState, AnswerState, u32, u64, u32)> {
    let crossing =
        prop_oneof![Just(CrossingState::Absent), Just(CrossingState::Unconfirmed), Just(CrossingState::Confirmed)];
    let holds = prop_oneof![Just(HoldsState::Unchecked), Just(HoldsState::Kept), Just(HoldsState::Broken)];
    let by_hand = (0_u64..200).prop_map(|age| AnswerState::DoneByHand { age: Duration::from_secs(age) });
    let answer = prop_oneof![Just(AnswerState::Unasked), Just(AnswerState::Given), by_hand];
    (crossing, holds, answer, 0_u32..4, 0_u64..200, 0_u32..8)
}

proptest! {
    #[test]
    fn nothing_is_done_that_must_not_be(
        seen in any_sight(),
        standing in any_standing(),
        effect in any_effect(),
        (crossing, holds, answer, satisfied_looks, waited, tries) in any_circumstances(),
    ) {
        let steadiness = Steadiness { looks: 2, apart: SECOND };
        let waited = Duration::from_secs(waited);
        let situation = Situation {
            effect, standing, crossing, holds, answer, satisfied_looks, waited, tries, steadiness, ..fresh(&seen)
        };
        let decision = next(&situation);
        prop_assert_eq!(decision, next(&situation));
        if let Next::Settle(_) = decision {
            prop_assert!(seen.is_satisfied() && satisfied_looks >= 2);
        }
        if decision == Next::Act {
            let is_ready = matches!(seen, Seen::Ready { .. });
            prop_assert!(is_ready && effect.changes_the_world());
            prop_assert_eq!(holds, HoldsState::Kept);
            prop_assert!(crossing != CrossingState::Unconfirmed);
            prop_assert!(tries < MAX_TRIES);
            let by_hand = matches!(answer, AnswerState::DoneByHand { .. });
            prop_assert!(!by_hand);
            let accepted = matches!(standing, Standing::Received { .. } | Standing::AnsweredHappened);
            prop_assert!(!accepted);
            match standing {
                Standing::OpenIntent { age } => prop_assert!(effect != Effect::OneShot && age >= GRACE),
                _ => prop_assert!(standing == Standing::Fresh || standing == Standing::AnsweredDidNotHappen),
            }
        }
        if let Next::LookAgain(after) = decision {
            prop_assert!(after >= SHORTEST_WAIT);
        }
    }

    #[test]
    fn no_failed_look_leads_to_an_act_or_a_settlement(
        standing in any_standing(),
        effect in any_effect(),
        failed_looks in 1_u32..20,
        kind in prop_oneof![
            Just(FaultKind::Transient), Just(FaultKind::Refused), Just(FaultKind::Unauthorized),
            Just(FaultKind::NotFound), Just(FaultKind::Unreadable), Just(FaultKind::Verification),
        ],
    ) {
        let fault = fault(kind, Happened::Unknown);
        let seen = satisfied();
        let situation = Situation { effect, standing, failed_looks, seen: Sight::Failed(&fault), ..fresh(&seen) };
        prop_assert!(matches!(next(&situation), Next::LookAgain(_) | Next::Park(_) | Next::Stop(_)));
    }
}

#[test]
fn a_gate_lets_nothing_through_that_is_not_said_and_seen() {
    let seen = satisfied();
    let wait = Next::WaitAtGate(10 * SECOND);
    let table = [
        (GateState::Absent, [Next::Settle(Settlement::AlreadyTrue); 3]),
        (GateState::Shut, [Next::CheckHolds, Next::AskGate, Next::HoldBroken]),
        (GateState::Opens(10 * SECOND), [wait, wait, wait]),
        (GateState::Open, [Next::CheckHolds, Next::Settle(Settlement::AlreadyTrue), Next::HoldBroken]),
    ];
    for (gate, expected) in table {
        let states = [HoldsState::Unchecked, HoldsState::Kept, HoldsState::Broken];
        for (holds, expected) in states.into_iter().zip(expected) {
            let situation = Situation { effect: Effect::ReadOnly, gate, holds, ..fresh(&seen) };
            assert_eq!(next(&situation), expected, "{gate:?} {holds:?}");
        }
    }
}
