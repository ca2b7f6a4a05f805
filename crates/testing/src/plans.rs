//! Small plans, built like sentences, for whoever reads, drives or shows a run.

use std::collections::BTreeMap;

use hcops_model::{
    Crossing, DowntimeEdge, Effect, Expectation, GATE, Plan, PlannedHold, PlannedStep, PlannedUndo, RunId, StepId,
};
use serde_json::{Value, json};

/// A step, built like a sentence: `step("pause").sets("sync", false).undone_by_setting("sync", true)`.
#[must_use]
pub fn step(id: &str) -> PlannedStep {
    PlannedStep {
        id: StepId::from(id),
        group: None,
        action: "fake.look".to_owned(),
        with: Value::Null,
        title: format!("Step {id}"),
        why: "Because.".to_owned(),
        effect: Effect::ReadOnly,
        expect: Expectation { usual: 300, limit: 3600 },
        way_back: "By hand.".to_owned(),
        undo: None,
        undone_by: None,
        crossing: None,
        holds: Vec::new(),
        preflight: false,
        may_skip: false,
        downtime: None,
        omitted: None,
        only_if: None,
    }
}

/// Steps as sentences.
pub trait Sentence: Sized {
    /// Does this to a thing.
    #[must_use]
    fn doing(self, action: &str, effect: Effect, thing: &str, on: bool) -> Self;
    /// Sets a thing to on or off.
    #[must_use]
    fn sets(self, thing: &str, on: bool) -> Self;
    /// Makes a thing that can be found again.
    #[must_use]
    fn makes(self, thing: &str) -> Self;
    /// Does something that must happen once.
    #[must_use]
    fn strikes(self, thing: &str) -> Self;
    /// Waits for a thing.
    #[must_use]
    fn waits_for(self, thing: &str) -> Self;
    /// Waits until a thing stays so.
    #[must_use]
    fn waits_steadily_for(self, thing: &str) -> Self;
    /// Asks a person to attest something.
    #[must_use]
    fn asks_about(self, thing: &str) -> Self;
    /// Is where the operator lets the downtime begin.
    #[must_use]
    fn lets_downtime_begin(self) -> Self;
    /// Has a defect.
    #[must_use]
    fn contradicts_itself_about(self, thing: &str) -> Self;
    /// Is done side by side with the steps of this group.
    #[must_use]
    fn in_group(self, group: &str) -> Self;
    /// Is reversed by setting a thing.
    #[must_use]
    fn undone_by_setting(self, thing: &str, on: bool) -> Self;
    /// Is reversed together with another step.
    #[must_use]
    fn undone_with(self, other: &str) -> Self;
    /// Rests on these standing conditions.
    #[must_use]
    fn while_holding(self, holds: &[&str]) -> Self;
    /// Is a point of no return that goes by this name.
    #[must_use]
    fn crossing(self, name: &str) -> Self;
    /// May be skipped.
    #[must_use]
    fn may_be_skipped(self) -> Self;
    /// Takes at most so many seconds.
    #[must_use]
    fn within(self, limit: u64) -> Self;
    /// Turns writes off, or brings them back.
    #[must_use]
    fn downtime(self, edge: DowntimeEdge) -> Self;
    /// Is left out by the plan.
    #[must_use]
    fn left_out(self) -> Self;
}

impl Sentence for PlannedStep {
    fn doing(mut self, action: &str, effect: Effect, thing: &str, on: bool) -> Self {
        self.action = action.to_owned();
        self.effect = effect;
        self.with = json!({ "thing": thing, "on": on });
        self
    }

    fn sets(self, thing: &str, on: bool) -> Self {
        self.doing("fake.set", Effect::Idempotent, thing, on)
    }

    fn makes(self, thing: &str) -> Self {
        self.doing("fake.make", Effect::Findable, thing, true)
    }

    fn strikes(self, thing: &str) -> Self {
        self.doing("fake.strike", Effect::OneShot, thing, true)
    }

    fn waits_for(self, thing: &str) -> Self {
        self.doing("fake.look", Effect::ReadOnly, thing, true)
    }

    fn waits_steadily_for(self, thing: &str) -> Self {
        self.doing("fake.steady", Effect::ReadOnly, thing, true)
    }

    fn asks_about(self, thing: &str) -> Self {
        self.doing("fake.attest", Effect::ReadOnly, thing, true)
    }

    fn lets_downtime_begin(self) -> Self {
        self.doing(GATE, Effect::ReadOnly, "gate", false)
    }

    fn contradicts_itself_about(self, thing: &str) -> Self {
        self.doing("fake.defect", Effect::ReadOnly, thing, true)
    }

    fn in_group(mut self, group: &str) -> Self {
        self.group = Some(group.to_owned());
        self
    }

    fn undone_by_setting(mut self, thing: &str, on: bool) -> Self {
        self.undo = Some(PlannedUndo {
            action: "fake.set".to_owned(),
            with: json!({ "thing": thing, "on": on }),
            title: format!("Set {thing} back to {on}"),
        });
        self
    }

    fn undone_with(mut self, other: &str) -> Self {
        self.undone_by = Some(StepId::from(other));
        self
    }

    fn while_holding(mut self, holds: &[&str]) -> Self {
        self.holds = holds.iter().map(|hold| (*hold).to_owned()).collect();
        self
    }

    fn crossing(mut self, name: &str) -> Self {
        self.crossing = Some(Crossing { name: name.to_owned(), lost: "The old one.".to_owned() });
        self
    }

    fn may_be_skipped(mut self) -> Self {
        self.may_skip = true;
        self
    }

    fn within(mut self, limit: u64) -> Self {
        self.expect = Expectation { usual: limit / 2, limit };
        self
    }

    fn downtime(mut self, edge: DowntimeEdge) -> Self {
        self.downtime = Some(edge);
        self
    }

    fn left_out(mut self) -> Self {
        self.omitted = Some("not needed here".to_owned());
        self
    }
}

/// A plan of these steps, with the holds `paused` (sync is off) and `silent` (maintenance is on).
#[must_use]
pub fn plan(steps: Vec<PlannedStep>) -> Plan {
    let hold = |thing: &str, on: bool| PlannedHold {
        action: "fake.look".to_owned(),
        with: json!({ "thing": thing, "on": on }),
        why: format!("{thing} must be {on}"),
        finality: None,
    };
    Plan {
        format: Plan::FORMAT,
        tool: "0.0.0".to_owned(),
        made_at: "2026-08-01T21:00:00Z".parse().unwrap(),
        procedure: "version-upgrade".to_owned(),
        method: "follower".to_owned(),
        title: "Upgrade acme-crm".to_owned(),
        app: "acme-crm".to_owned(),
        resource: None,
        sources: vec!["an-article".to_owned()],
        inputs: BTreeMap::from([("to".to_owned(), json!(17))]),
        facts: json!({ "app": { "name": "acme-crm" } }),
        noted: Value::Null,
        notices: vec!["The old leader is kept.".to_owned()],
        steps,
        holds: BTreeMap::from([
            ("paused".to_owned(), hold("sync", false)),
            ("silent".to_owned(), hold("maintenance", true)),
        ]),
    }
}

/// A small upgrade: every sort of effect, a group, holds, an attestation, a crossing, and the restoration.
#[must_use]
pub fn upgrade() -> Plan {
    plan(vec![
        step("healthy").waits_for("healthy"),
        step("create-follower").makes("follower").undone_by_setting("follower", false),
        step("left-out").sets("nothing", true).left_out(),
        step("maintenance-on")
            .in_group("silence")
            .sets("maintenance", true)
            .undone_by_setting("maintenance", false)
            .downtime(DowntimeEdge::Starts),
        step("scale-down").in_group("silence").sets("workers", false).undone_by_setting("workers", true),
        step("pause").in_group("silence").sets("sync", false).undone_by_setting("sync", true),
        step("outside").asks_about("outside writers"),
        step("caught-up").waits_steadily_for("caught-up"),
        step("upgrade").strikes("upgraded").while_holding(&["paused", "silent"]).undone_with("create-follower"),
        step("promote")
            .sets("promoted", true)
            .while_holding(&["paused", "silent"])
            .crossing("${steps.create-follower.name}"),
        step("resume").sets("sync", true),
        step("scale-up").in_group("restore").sets("workers", true),
        step("maintenance-off").in_group("restore").sets("maintenance", false).downtime(DowntimeEdge::Ends),
        step("closing").waits_for("promoted"),
    ])
}

/// The same with a gate before its silence, and sync paused before that: half an hour of downtime, half of it before the point of
/// no return.
#[must_use]
pub fn gated_upgrade() -> Plan {
    plan(vec![
        step("create-follower").makes("follower").undone_by_setting("follower", false),
        step("pause").sets("sync", false).undone_by_setting("sync", true),
        step("gate").lets_downtime_begin().while_holding(&["paused"]),
        step("maintenance-on")
            .in_group("silence")
            .sets("maintenance", true)
            .undone_by_setting("maintenance", false)
            .downtime(DowntimeEdge::Starts),
        step("scale-down").in_group("silence").sets("workers", false).undone_by_setting("workers", true),
        step("caught-up").waits_steadily_for("caught-up"),
        step("upgrade").strikes("upgraded").while_holding(&["paused", "silent"]).undone_with("create-follower"),
        step("promote").sets("promoted", true).while_holding(&["paused", "silent"]).crossing("follower-1"),
        step("resume").sets("sync", true),
        step("maintenance-off").sets("maintenance", false).downtime(DowntimeEdge::Ends),
        step("closing").waits_for("promoted"),
    ])
}

/// The run of the samples.
#[must_use]
pub fn run_id() -> RunId {
    RunId("01987000-0000-7000-8000-000000000001".parse().unwrap())
}
