//! What a person may attest, what an attested step leaves behind, and where a downtime begins and ends.

use super::*;
use hcops_model::{DowntimeEdge, Finality, PlannedStep};

/// Writes go off and on again around a look, an act, a point of no return; behind it comes another look.
fn around_a_crossing() -> Plan {
    plan(vec![
        step("early").waits_for("x"),
        step("off").sets("writes", false).downtime(DowntimeEdge::Starts),
        step("look").waits_for("x"),
        step("act").sets("a", true),
        step("cross").sets("b", true).crossing("name"),
        step("on").sets("writes", true).downtime(DowntimeEdge::Ends),
        step("late").sets("c", true),
    ])
}

/// The state behind these lines of an approved run.
fn behind(plan: &Plan, lines: Vec<Entry>) -> RunState {
    let mut writer = approved(plan.clone());
    lines.into_iter().for_each(|line| writer.write(line));
    writer.state()
}

fn may(state: &RunState, id: &str) -> bool {
    state.may_be_attested(state.plan.step(&StepId::from(id)).unwrap())
}

fn crossed() -> Vec<Entry> {
    let crossed = Entry::Crossed { step: StepId::from("cross"), name: "name".to_owned(), lost: String::new() };
    vec![confirmed(Some("cross"), "name"), intended("cross", 1), crossed]
}

fn settled_all(steps: &[&str]) -> Vec<Entry> {
    steps.iter().map(|id| settled(id)).collect()
}

fn done_by_hand(id: &str) -> Vec<Entry> {
    vec![asked(id, QuestionKind::Trouble { choices: vec![Choice::DoneByHand] }), answered(id, "done-by-hand")]
}

fn seen(id: &str, sight: Seen<serde_json::Value>) -> Entry {
    Entry::Observed { step: StepId::from(id), hold: None, sight, requests: Vec::new(), proof: None }
}

fn unclear() -> Seen<serde_json::Value> {
    Seen::Unclear { why: "odd".to_owned(), ask: Vec::new() }
}

fn blocked() -> Seen<serde_json::Value> {
    Seen::Blocked { why: "no".to_owned(), remedy: "mend it".to_owned() }
}

#[test]
fn looks_are_attested_while_writes_are_off_and_everything_but_a_crossing_behind_one() {
    let book = around_a_crossing();
    let fresh = behind(&book, Vec::new());
    assert_eq!(["early", "look", "act", "cross"].map(|id| may(&fresh, id)), [false; 4], "nothing presses");
    let off = behind(&book, [settled_all(&["early"]), vec![intended("off", 1)]].concat());
    assert_eq!(["look", "act", "cross"].map(|id| may(&off, id)), [true, false, false], "writes are off");
    let before = settled_all(&["early", "off", "look", "act"]);
    let over = behind(&book, [before, crossed()].concat());
    assert_eq!(["cross", "on", "late"].map(|id| may(&over, id)), [false, true, true], "behind the crossing");
    let mut without = around_a_crossing();
    without.steps.retain(|step| step.id.as_str() != "cross");
    without.steps.push(step("last").waits_for("x"));
    let back = behind(&without, settled_all(&["early", "off", "look", "act", "on", "late"]));
    assert!(back.downtime.until.is_some() && !may(&back, "last"), "writes are back");
}

#[test]
fn an_act_that_was_done_by_hand_is_attested_only_where_no_look_tells() {
    let book = plan(vec![step("act").sets("a", true)]);
    let said = |sights: Vec<Entry>| may(&behind(&book, [done_by_hand("act"), sights].concat()), "act");
    let failed = Entry::Faulted {
        step: StepId::from("act"),
        acting: false,
        fault: Fault::new(FaultKind::Unreadable, "saw", "why", "remedy"),
    };
    assert!(!may(&behind(&book, vec![seen("act", unclear())]), "act"), "nobody said so");
    assert_eq!((said(Vec::new()), said(vec![seen("act", unclear())])), (true, true));
    assert_eq!((said(vec![seen("act", blocked())]), said(vec![observed("act")])), (false, false), "a look tells");
    assert!(said(vec![observed("act"), failed]), "the newest look failed");
    let mut last = book.clone();
    last.holds.get_mut("paused").unwrap().finality =
        Some(Finality { from: StepId::from("act"), lost: String::new(), proves: false });
    assert!(!may(&behind(&last, done_by_hand("act")), "act"), "from here on broken silence is final");
}

#[test]
fn what_a_later_step_needs_is_not_attested() {
    let needing = |later: PlannedStep, hold: Option<&str>| {
        let mut book = plan(vec![
            step("off").sets("writes", false).downtime(DowntimeEdge::Starts),
            step("look").waits_for("x"),
            later,
        ]);
        if let Some(with) = hold {
            book.holds.get_mut("paused").unwrap().with = json!(with);
        }
        !may(&behind(&book, vec![intended("off", 1)]), "look")
    };
    let with = |text: &str| PlannedStep { with: json!({ "from": text }), ..step("later").sets("b", true) };
    assert!(needing(with("${steps.look.name}"), None) && needing(with("at ${steps.look}"), None));
    assert!(!needing(with("${steps.looking.name}"), None) && !needing(with("steps.look"), None));
    assert!(!needing(with("${steps.look.name}").may_be_skipped(), None), "it may be left out as well");
    let looking = PlannedStep { with: json!("${steps.look.name}"), ..step("later").waits_for("y") };
    assert!(!needing(looking, None), "it may be attested as well");
    assert!(needing(step("later").sets("b", true).crossing("${steps.look.name}"), None));
    let holding = || step("later").sets("b", true).while_holding(&["paused"]);
    assert!(needing(holding(), Some("${steps.look.name}")) && !needing(holding(), Some("x")));
    assert!(!needing(step("later").sets("b", true), Some("${steps.look.name}")), "no step looks at that condition");
    let over = plan(vec![
        step("off").sets("writes", false).downtime(DowntimeEdge::Starts),
        with("${steps.look.name}"),
        step("look").waits_for("x"),
    ]);
    assert!(may(&behind(&over, settled_all(&["off", "later"])), "look"), "what needed it is over");
}

#[test]
fn what_was_attested_is_told_to_what_rests_on_it_and_when_it_was_seen_otherwise() {
    let waived = || Entry::Waived { step: StepId::from("look"), by: "ann".to_owned(), reason: "seen".to_owned() };
    let off = || step("off").sets("writes", false).downtime(DowntimeEdge::Starts);
    let resting = PlannedStep { with: json!("${steps.look.name}"), ..step("later").waits_for("y") };
    let book = plan(vec![off(), step("look").waits_for("x"), resting.clone()]);
    let rests = |lines| behind(&book, lines).rests_on_attested(&resting).map(|step| step.id.to_string());
    assert_eq!(rests(vec![settled("off"), settled("look")]), None);
    assert_eq!(rests(vec![settled("off"), waived()]).as_deref(), Some("look"));
    let optional = plan(vec![off(), step("look").waits_for("x").may_be_skipped()]);
    let against = |book: &Plan, lines: Vec<Entry>| {
        let state = behind(book, [vec![settled("off")], lines, vec![waived()]].concat());
        state.attested_against_sight().len()
    };
    let failed = |kind| Entry::Faulted {
        step: StepId::from("look"),
        acting: false,
        fault: Fault::new(kind, "saw", "why", "remedy"),
    };
    let held = |sight| Entry::Observed {
        step: StepId::from("look"),
        hold: Some("paused".to_owned()),
        sight,
        requests: Vec::new(),
        proof: None,
    };
    for (lines, expected) in [
        (vec![], 0),
        (vec![seen("look", unclear())], 0),
        (vec![seen("look", blocked())], 1),
        (vec![failed(FaultKind::Verification)], 1),
        (vec![failed(FaultKind::Unreadable)], 0),
        (vec![held(blocked())], 1),
        (vec![held(unclear())], 0),
    ] {
        assert_eq!(against(&book, lines.clone()), expected, "{lines:?}");
        assert_eq!(against(&optional, lines), 0, "it may be left out without a word");
    }
}

#[test]
fn a_condition_is_broken_for_good_from_its_step_on_until_something_is_proved() {
    let finality = |proves| Some(Finality { from: StepId::from("act"), lost: String::new(), proves });
    let mut book = plan(vec![step("act").sets("a", true), step("next").sets("b", true)]);
    book.holds.get_mut("paused").unwrap().finality = finality(false);
    let held = |step: &str, hold: &str, sight| Entry::Observed {
        step: StepId::from(step),
        hold: Some(hold.to_owned()),
        sight,
        requests: Vec::new(),
        proof: None,
    };
    let kept = |value: u32| Seen::Satisfied { output: json!(value) };
    let begun = || vec![held("act", "paused", kept(1)), held("act", "paused", kept(2)), intended("act", 1)];
    let silence = |book: &Plan, lines: Vec<Entry>| behind(book, lines).silence;
    assert_eq!(silence(&book, begun()).baselines["paused"], json!(2), "the last look before the act");
    assert!(silence(&book, vec![held("act", "silent", kept(1))]).baselines.is_empty(), "nothing makes that one final");
    assert!(silence(&book, vec![held("act", "paused", blocked())]).broken.is_empty(), "before the act it is repaired");
    let refused = [begun(), vec![faulted("act", Happened::No), held("act", "paused", blocked())]].concat();
    assert!(silence(&book, refused).broken.is_empty(), "the act was refused");
    let begun_and_broken = [begun(), vec![held("act", "paused", blocked())]].concat();
    assert_eq!(silence(&book, begun_and_broken.clone()).broken["paused"].saw, "no");
    let settled_and_broken = vec![settled("act"), held("next", "paused", blocked())];
    assert_eq!(silence(&book, settled_and_broken).broken.len(), 1, "it was so already, and counts as well");
    let repaired = [begun_and_broken.clone(), vec![held("act", "paused", kept(2))]].concat();
    assert_eq!(silence(&book, repaired.clone()).broken.len(), 1, "repaired is not unbroken");
    book.holds.get_mut("paused").unwrap().finality = finality(true);
    assert!(silence(&book, repaired).broken.is_empty(), "this look proves that nothing was lost");
    let early = [vec![held("act", "paused", kept(1))], begun_and_broken].concat();
    assert_eq!(silence(&book, early).broken.len(), 1, "a look before the act proves nothing");
}
