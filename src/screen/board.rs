use std::collections::BTreeMap;

use jiff::Timestamp;

use super::text::seconds_between;
use crate::model::{
    DowntimeEdge, Entry, Event, Happening, Line, Part, Plan, PlannedStep, Progress, RunId, Settlement, StepId, Verdict,
};

/// What a screen knows of a run: built from its events alone, so that a live run, a followed journal and a replay look
/// the same.
#[derive(Debug, Clone, Default)]
pub struct Board {
    run: Option<RunId>,
    plan: Option<Plan>,
    steps: BTreeMap<StepId, Progressing>,
    writes_off_since: Option<Timestamp>,
    writes_off_until: Option<Timestamp>,
    crossed: bool,
    turned_back: bool,
    verdict: Option<Verdict>,
    heard: Option<Timestamp>,
}

/// How far a step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Its turn has not come.
    Next,
    /// It is being looked at, acted on or waited for.
    Underway,
    /// It is done.
    Done(Settlement),
    /// A person skipped it.
    Waived,
}

/// A wait as it was last told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) note: String,
    pub(super) part: Option<Part>,
    pub(super) since: Timestamp,
    pub(super) usual: u64,
    pub(super) overdue: bool,
}

#[derive(Debug, Clone, Default)]
struct Progressing {
    begun: Option<Timestamp>,
    ended: Option<Timestamp>,
    phase: Option<Phase>,
    wait: Option<Wait>,
}

impl Board {
    /// Takes one event into account.
    pub fn hear(&mut self, event: &Event) {
        self.run = Some(event.run);
        match &event.happening {
            Happening::Fact(line) => self.hear_fact(line),
            Happening::Progress { at, progress } => self.hear_progress(*at, progress),
        }
    }

    /// The run, once it is known.
    #[must_use]
    pub const fn run(&self) -> Option<RunId> {
        self.run
    }

    /// The plan that is being carried out: the way back, once the run has turned.
    #[must_use]
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// The steps that are not left out, in order, with how far each is.
    pub fn steps(&self) -> impl Iterator<Item = (&PlannedStep, Phase)> {
        let steps = self.plan.iter().flat_map(|plan| &plan.steps).filter(|step| step.omitted.is_none());
        steps.map(|step| (step, self.phase(&step.id)))
    }

    /// How far this step is.
    #[must_use]
    pub fn phase(&self, step: &StepId) -> Phase {
        self.steps.get(step).and_then(|known| known.phase.clone()).unwrap_or(Phase::Next)
    }

    /// The step's title, or its name while the plan is unknown.
    #[must_use]
    pub fn title(&self, step: &StepId) -> String {
        let planned = self.plan.as_ref().and_then(|plan| plan.step(step));
        planned.map_or_else(|| step.to_string(), |planned| planned.title.clone())
    }

    /// Seconds that this step has taken, once it is done.
    #[must_use]
    pub fn took(&self, step: &StepId) -> Option<u64> {
        let known = self.steps.get(step)?;
        Some(seconds_between(known.begun?, known.ended?))
    }

    /// Seconds that writes have been off at `now`, and whether they still are. Absent while they have not been off.
    #[must_use]
    pub fn writes_off(&self, now: Timestamp) -> Option<(u64, bool)> {
        let since = self.writes_off_since?;
        Some(match self.writes_off_until {
            Some(until) => (seconds_between(since, until), false),
            None => (seconds_between(since, now), true),
        })
    }

    /// Whether the point of no return is behind us.
    #[must_use]
    pub const fn crossed(&self) -> bool {
        self.crossed
    }

    /// Whether the run is on its way back.
    #[must_use]
    pub const fn turned_back(&self) -> bool {
        self.turned_back
    }

    /// How the run ended, once it has.
    #[must_use]
    pub const fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// When the last event was.
    #[must_use]
    pub const fn heard(&self) -> Option<Timestamp> {
        self.heard
    }

    /// Whether the step changes anything; a step of an unknown plan might.
    pub(super) fn changes_the_world(&self, step: &StepId) -> bool {
        let planned = self.plan.as_ref().and_then(|plan| plan.step(step));
        planned.is_none_or(|planned| planned.effect.changes_the_world())
    }

    /// Whether the step is a check that was made before the run began, too.
    pub(super) fn is_preflight(&self, step: &StepId) -> bool {
        self.plan.as_ref().and_then(|plan| plan.step(step)).is_some_and(|planned| planned.preflight)
    }

    pub(super) fn wait(&self, step: &StepId) -> Option<&Wait> {
        self.steps.get(step).and_then(|known| known.wait.as_ref())
    }

    /// A step's place among those that are not left out, and how many there are.
    pub(super) fn place(&self, step: &StepId) -> Option<(usize, usize)> {
        let index = self.steps().position(|(planned, _)| &planned.id == step)?;
        Some((index + 1, self.steps().count()))
    }

    fn hear_progress(&mut self, at: Timestamp, progress: &Progress) {
        self.heard = Some(at);
        match progress {
            Progress::PlanShown { plan, .. } => self.take_plan(plan),
            Progress::StepStarted { step } => self.begin(step, at),
            Progress::Waiting { step, note, part, waited, usual, overdue, .. } => {
                let back = jiff::SignedDuration::from_secs(i64::try_from(*waited).unwrap_or(0));
                let since = at.checked_sub(back).unwrap_or(at);
                let wait = Wait { note: note.clone(), part: part.clone(), since, usual: *usual, overdue: *overdue };
                self.begin(step, at);
                self.steps.entry(step.clone()).or_default().wait = Some(wait);
            }
            Progress::Retrying { .. } | Progress::Stopping { .. } | Progress::Needs { .. } | Progress::Left { .. } => {}
        }
    }

    /// Takes one line of the journal into account.
    pub fn hear_fact(&mut self, line: &Line) {
        self.heard = Some(line.at);
        match &line.entry {
            Entry::Opened { plan, .. } => self.take_plan(plan),
            Entry::Aborted { plan, .. } => {
                self.turned_back = true;
                self.take_plan(plan);
            }
            Entry::Intended { intent } => {
                self.begin(&intent.step, line.at);
                self.writes_go_off(&intent.step, line.at);
            }
            Entry::Observed { step, .. } | Entry::Received { step, .. } => self.begin(step, line.at),
            Entry::Settled { step, how, .. } => {
                self.end(step, Phase::Done(*how), line.at);
                self.writes_come_back(step, line.at);
            }
            Entry::Waived { step, .. } => self.end(step, Phase::Waived, line.at),
            Entry::Crossed { .. } => self.crossed = true,
            Entry::Closed { verdict } => self.verdict = Some(*verdict),
            _ => {}
        }
    }

    /// The same plan may be told twice (shown, then opened): what is known of its steps stays.
    fn take_plan(&mut self, plan: &Plan) {
        if self.plan.as_ref().is_none_or(|known| known.digest() != plan.digest()) {
            self.plan = Some(plan.clone());
        }
    }

    fn begin(&mut self, step: &StepId, at: Timestamp) {
        let known = self.steps.entry(step.clone()).or_default();
        known.begun.get_or_insert(at);
        if !matches!(known.phase, Some(Phase::Done(_) | Phase::Waived)) {
            known.phase = Some(Phase::Underway);
        }
    }

    fn end(&mut self, step: &StepId, phase: Phase, at: Timestamp) {
        let known = self.steps.entry(step.clone()).or_default();
        known.begun.get_or_insert(at);
        known.ended = Some(at);
        known.phase = Some(phase);
        known.wait = None;
    }

    /// Counted from the intent: from there on it cannot be told whether writes still arrive.
    fn writes_go_off(&mut self, step: &StepId, at: Timestamp) {
        if self.edge(step) == Some(DowntimeEdge::Starts) {
            self.writes_off_since.get_or_insert(at);
        }
    }

    fn writes_come_back(&mut self, step: &StepId, at: Timestamp) {
        if self.edge(step) != Some(DowntimeEdge::Ends) {
            return;
        }
        let still_off = self
            .steps()
            .any(|(planned, phase)| planned.downtime == Some(DowntimeEdge::Ends) && !matches!(phase, Phase::Done(_)));
        if !still_off {
            self.writes_off_until = Some(at);
        }
    }

    fn edge(&self, step: &StepId) -> Option<DowntimeEdge> {
        self.plan.as_ref().and_then(|plan| plan.step(step)).and_then(|planned| planned.downtime)
    }
}

#[cfg(test)]
pub(super) mod samples {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use crate::model::{
        Crossing, Digest, DowntimeEdge, Effect, Entry, Event, Expectation, Happening, Line, Plan, PlannedHold,
        PlannedStep, PlannedUndo, Progress, RunId, StepId,
    };

    pub(crate) fn at(second: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_795_309_200 + second).expect("a moment")
    }

    pub(crate) fn fact(second: i64, entry: Entry) -> Event {
        let line = Line { seq: 1, at: at(second), entry, chain: Digest::of_bytes(b"") };
        Event { v: 1, run: RunId(uuid::Uuid::nil()), happening: Happening::Fact(Box::new(line)) }
    }

    pub(crate) fn progress(second: i64, progress: Progress) -> Event {
        Event { v: 1, run: RunId(uuid::Uuid::nil()), happening: Happening::Progress { at: at(second), progress } }
    }

    pub(crate) fn step(id: &str, title: &str) -> PlannedStep {
        PlannedStep {
            id: StepId::from(id),
            group: None,
            action: "app.maintenance".into(),
            with: json!({ "app": "acme-crm", "on": true }),
            title: title.into(),
            why: "Nothing may write while the database is replaced.".into(),
            effect: Effect::Idempotent,
            expect: Expectation { usual: 30, limit: 300 },
            way_back: "Maintenance is switched off again.".into(),
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

    pub(crate) fn plan() -> Plan {
        let mut off = step("maintenance-on@acme-crm", "Switch maintenance on for acme-crm");
        off.downtime = Some(DowntimeEdge::Starts);
        off.undo = Some(PlannedUndo {
            action: "app.maintenance".into(),
            with: Value::Null,
            title: "Switch maintenance off for acme-crm".into(),
        });
        let mut promote = step("promote", "Make acme-crm-pg-1f2e3d the database of acme-crm");
        promote.holds = vec!["connection-paused".into()];
        promote.crossing = Some(Crossing {
            name: "acme-crm-pg-1f2e3d".into(),
            lost: "The old leader no longer receives writes.".into(),
        });
        let mut back = step("maintenance-off@acme-crm", "Switch maintenance off for acme-crm");
        back.downtime = Some(DowntimeEdge::Ends);
        let mut left_out = step("repoint", "Repoint the connection");
        left_out.omitted = Some("the connection uses DATABASE_URL".into());
        Plan {
            format: 1,
            tool: "0.1.0".into(),
            made_at: at(0),
            procedure: "version-upgrade".into(),
            method: "follower".into(),
            title: "Upgrade postgresql-curved-12345 from 16 to 17 through a follower".into(),
            app: "acme-crm".into(),
            resource: Some("herokuconnect-swiftly-54348".into()),
            sources: vec!["upgrading-heroku-postgres-databases".into()],
            inputs: BTreeMap::from([("to".to_owned(), json!(17))]),
            facts: json!({
                "attachments": [
                    { "app": "acme-crm", "name": "DATABASE", "fate": "promoted", "because": "It is the app's own database." },
                    { "app": "acme-jobs", "name": "DATABASE", "fate": "moved", "because": "It uses the same database." },
                ],
            }),
            noted: json!({}),
            notices: vec!["Two databases are paid for until the old leader is removed.".into()],
            steps: vec![off, promote, left_out, back],
            holds: BTreeMap::from([(
                "connection-paused".to_owned(),
                PlannedHold {
                    action: "connect.paused".into(),
                    with: json!({}),
                    why: "Connect must not write while the database is replaced.".into(),
                },
            )]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::samples::{at, fact, plan, progress};
    use super::{Board, Phase};
    use crate::model::{Entry, Intent, Progress, Settlement, StepId};

    fn intended(step: &str) -> Entry {
        Entry::Intended {
            intent: Intent { step: StepId::from(step), action: "a".into(), attempt: 1, will: Vec::new() },
        }
    }

    fn settled(step: &str) -> Entry {
        Entry::Settled {
            step: StepId::from(step),
            how: Settlement::Acted,
            output: Value::Null,
            evidence: None,
            requests: Vec::new(),
        }
    }

    fn board_with_plan() -> Board {
        let mut board = Board::default();
        board.hear(&progress(0, Progress::PlanShown { plan: Box::new(plan()), digest: plan().digest().to_string() }));
        board
    }

    #[test]
    fn writes_are_off_from_the_first_intent_to_the_last_return() {
        let mut board = board_with_plan();
        assert_eq!(board.writes_off(at(5)), None);
        board.hear(&fact(10, intended("maintenance-on@acme-crm")));
        assert_eq!(board.writes_off(at(25)), Some((15, true)));
        board.hear(&fact(40, settled("maintenance-off@acme-crm")));
        assert_eq!(board.writes_off(at(100)), Some((30, false)));
    }

    #[test]
    fn steps_that_are_left_out_are_not_counted() {
        let mut board = board_with_plan();
        assert_eq!(board.place(&StepId::from("maintenance-off@acme-crm")), Some((3, 3)));
        board.hear(&fact(10, intended("promote")));
        assert_eq!(board.phase(&StepId::from("promote")), Phase::Underway);
        board.hear(&fact(12, settled("promote")));
        assert_eq!(board.phase(&StepId::from("promote")), Phase::Done(Settlement::Acted));
        assert_eq!(board.took(&StepId::from("promote")), Some(2));
    }

    #[test]
    fn a_look_after_the_end_does_not_reopen_a_step() {
        let mut board = board_with_plan();
        board.hear(&fact(10, settled("promote")));
        board.hear(&progress(11, Progress::StepStarted { step: StepId::from("promote") }));
        assert_eq!(board.phase(&StepId::from("promote")), Phase::Done(Settlement::Acted));
    }
}
