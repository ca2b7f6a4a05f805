//! Whatever a step shows, something that a person is offered leads to an end: forward or back, and never in a circle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use hcops_actions::Registry;
use hcops_model::{
    Actions, AnyAction, Choice, Effect, Entry, Exit, Fault, Look, Permit, Prior, Receipt, Seen, Steadiness, StepId,
    Verdict,
};
use serde_json::Value;

use crate::cases;
use crate::trial::{Prepared, Trial, block_on, prepare};
use crate::truth;
use crate::workers::sweep;

/// More often is nobody asked about one step that can't be read.
const MOST_QUESTIONS: u32 = 40;

/// What a step shows for ever.
#[derive(Clone)]
struct Sight {
    name: &'static str,
    seen: Seen<Value>,
}

/// What asks nothing is tried by the engine's own sweeps.
fn sights() -> [Sight; 2] {
    let asking = Seen::Unclear {
        why: "It says \"Available (degraded storage)\", which hcops does not know.".to_owned(),
        ask: vec!["Is it so?".to_owned()],
    };
    let blocked = Seen::Blocked { why: "It is odd.".to_owned(), remedy: "Mend it.".to_owned() };
    [Sight { name: "unclear", seen: asking }, Sight { name: "blocked", seen: blocked }]
}

struct Blinded {
    step: StepId,
    sight: Sight,
}

#[test]
fn no_step_of_any_runbook_is_a_dead_end() {
    for case in cases::chosen() {
        let prepared = prepare(case);
        let steps = prepared.plan.steps.iter().filter(|step| step.omitted.is_none());
        let all: Vec<Blinded> =
            steps.flat_map(|step| sights().map(|sight| Blinded { step: step.id.clone(), sight })).collect();
        sweep(
            &format!("steps that can't be read of {}", case.name()),
            &all,
            |blinded| format!("{} is {} for ever", blinded.step, blinded.sight.name),
            |blinded| block_on(one(&prepared, blinded)),
        );
    }
}

/// Somebody does by hand what can't be done here, attests what can't be seen, and turns back where neither is offered.
const WAYS: &[Choice] = &[Choice::Skip, Choice::DoneByHand, Choice::Abort, Choice::Leave];

async fn one(prepared: &Prepared, blinded: &Blinded) {
    let mut trial = Trial::anew(prepared);
    let (step, seen, asked) = (blinded.step.clone(), blinded.sight.seen.clone(), Arc::new(AtomicU32::new(0)));
    trial.in_trouble = WAYS;
    trial.through = Some(Arc::new(move |registry| Box::new(Blind::over(registry, &step, &seen))));
    let count = Arc::clone(&asked);
    trial.on_question = Some(Arc::new(move |question| {
        assert!(count.fetch_add(1, Ordering::Relaxed) < MOST_QUESTIONS, "it asks for ever: {question:?}");
    }));
    let ended = trial.process().await.unwrap();
    let by_decision = [Exit::Done, Exit::Aborted, Exit::Failed, Exit::VerificationFailed];
    let crossing = prepared.plan.step(&blinded.step).is_some_and(|step| step.crossing.is_some());
    assert!(ended.verdict.is_some() && by_decision.contains(&ended.exit) || crossing, "{ended:#?}");
    let blocked = matches!(blinded.sight.seen, Seen::Blocked { .. });
    let optional = prepared.plan.step(&blinded.step).is_some_and(|step| step.may_skip || step.only_if.is_some());
    assert!(ended.exit != Exit::Done || !blocked || optional, "done, although a step said otherwise: {ended:#?}");
    // Whoever says here that they did something by hand has not done it; a single step is nothing else.
    let by_hand = prepared.plan.method == "operation"
        || trial.journal_lines().iter().any(|line| is_waived_act(prepared, &line.entry));
    if ended.verdict == Some(Verdict::Done) && ended.exit == Exit::Done && !by_hand {
        let lost = truth::lost(&prepared.plan, &trial.simulator.world());
        assert!(lost.is_empty(), "it says done, but {}", lost.join("; "));
    }
    if ended.verdict == Some(Verdict::Aborted) {
        let differences = truth::differences(&trial.simulator.world().essence(), &prepared.before.essence());
        assert!(differences.is_empty(), "it says restored, but {}", differences.join("; "));
    }
}

fn is_waived_act(prepared: &Prepared, entry: &Entry) -> bool {
    let Entry::Waived { step, .. } = entry else { return false };
    prepared.plan.step(step).is_some_and(|step| step.effect.changes_the_world())
}

/// The actions, except that one step sees the same for ever.
struct Blind {
    actions: Vec<BlindAction>,
}

impl Blind {
    fn over(registry: Registry, step: &StepId, seen: &Seen<Value>) -> Self {
        let registry = Arc::new(registry);
        let names: Vec<&'static str> = registry.all().iter().map(|action| action.name()).collect();
        let blind =
            |name| BlindAction { registry: Arc::clone(&registry), name, step: step.clone(), seen: seen.clone() };
        Self { actions: names.into_iter().map(blind).collect() }
    }
}

impl Actions for Blind {
    fn find(&self, name: &str) -> Option<&dyn AnyAction> {
        let found = self.actions.iter().find(|action| action.name == name);
        found.map(|action| action as &dyn AnyAction)
    }

    fn all(&self) -> Vec<&dyn AnyAction> {
        self.actions.iter().map(|action| action as &dyn AnyAction).collect()
    }
}

struct BlindAction {
    registry: Arc<Registry>,
    name: &'static str,
    step: StepId,
    seen: Seen<Value>,
}

impl BlindAction {
    fn real(&self) -> &dyn AnyAction {
        self.registry.find(self.name).unwrap()
    }
}

#[async_trait]
impl AnyAction for BlindAction {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.real().summary()
    }

    fn effect(&self) -> Effect {
        self.real().effect()
    }

    fn steadiness(&self) -> Steadiness {
        self.real().steadiness()
    }

    fn asks_for_words(&self) -> bool {
        self.real().asks_for_words()
    }

    fn parameters(&self) -> Value {
        self.real().parameters()
    }

    fn output(&self) -> Value {
        self.real().output()
    }

    fn notes_before(&self) -> bool {
        self.real().notes_before()
    }

    fn check(&self, with: &Value) -> Result<(), String> {
        self.real().check(with)
    }

    async fn observe(&self, with: &Value, prior: &Prior) -> Result<Look, Fault> {
        let real = self.real().observe(with, prior).await;
        if prior.step.as_ref() != Some(&self.step) {
            return real;
        }
        let look = real.unwrap_or_else(|_| Look {
            seen: self.seen.clone(),
            requests: Vec::new(),
            memo: None,
            before: None,
            proof: None,
        });
        Ok(Look { seen: self.seen.clone(), ..look })
    }

    async fn act(&self, with: &Value, permit: Permit) -> Result<Receipt, Fault> {
        self.real().act(with, permit).await
    }
}
