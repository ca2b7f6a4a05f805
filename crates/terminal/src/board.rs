use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::history::History;
use super::text::seconds_between;
use hcops_journal::RunState;
use hcops_journal::run_state::Phase;
use hcops_model::{
    Entry, Event, Happening, Line, Part, Plan, PlannedStep, PlannedUndo, Progress, RunId, Seen, StepId, Verdict,
};

/// What a screen knows of a run: what its journal says, and when and for what it waits, which only progress tells.
#[derive(Debug, Clone, Default)]
pub struct Board {
    run: Option<RunId>,
    state: Option<RunState>,
    steps: BTreeMap<StepId, Progressing>,
    /// Steps that were over before this screen was there: nobody was told of them.
    untold: BTreeSet<StepId>,
    heard: Option<Timestamp>,
}

/// What is told of a wait.
struct Waited<'a> {
    note: &'a str,
    part: Option<&'a Part>,
    since: Timestamp,
    usual: u64,
    limit: u64,
}

/// A wait as it was last told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) note: String,
    pub(super) part: Option<Part>,
    pub(super) since: Timestamp,
    /// Usual duration, seconds; 0 where none is known.
    pub(super) usual: u64,
    /// Seconds after which a person is asked; 0 where that is not known.
    pub(super) limit: u64,
    /// What was measured since the wait began.
    pub(super) history: History,
}

impl Wait {
    /// Whether it takes longer than usual at `now`.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        self.usual > 0 && seconds_between(self.since, now) > self.usual
    }
}

#[derive(Debug, Clone, Default)]
struct Progressing {
    begun: Option<Timestamp>,
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

    /// Takes into account what happened before this screen was there.
    pub fn catch_up(&mut self, lines: &[Line]) {
        lines.iter().for_each(|line| self.hear_fact(line));
        let over = self.steps().filter(|(_, phase)| phase.is_over()).map(|(step, _)| step.id.clone());
        self.untold = over.collect();
    }

    /// The run, once it is known.
    #[must_use]
    pub const fn run(&self) -> Option<RunId> {
        self.run
    }

    /// What the journal says, once the run was opened.
    const fn state(&self) -> Option<&RunState> {
        self.state.as_ref()
    }

    /// The plan that is being carried out: the way back, once the run has turned.
    pub(super) fn plan(&self) -> Option<&Plan> {
        self.state().map(|state| &state.plan)
    }

    /// The steps that are not left out, in order, with how far each is.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&PlannedStep, Phase)> {
        let steps = self.state().into_iter().flat_map(RunState::carried_out);
        steps.map(move |(step, phase)| (step, self.with_begun(&step.id, phase)))
    }

    /// How far this step is.
    pub(super) fn phase(&self, step: &StepId) -> Phase {
        let phase = self.state().map_or(Phase::Next, |state| state.phase(step));
        self.with_begun(step, phase)
    }

    /// Progress tells of a step before the journal does.
    fn with_begun(&self, step: &StepId, phase: Phase) -> Phase {
        let begun = self.steps.get(step).is_some_and(|known| known.begun.is_some());
        if phase == Phase::Next && begun { Phase::Underway } else { phase }
    }

    fn planned(&self, step: &StepId) -> Option<&PlannedStep> {
        self.plan()?.step(step)
    }

    /// The step's title, or its name while the plan is unknown.
    pub(super) fn title(&self, step: &StepId) -> String {
        self.planned(step).map_or_else(|| step.to_string(), |planned| planned.title.clone())
    }

    /// Seconds that this step has taken, once it is over.
    pub(super) fn took(&self, step: &StepId) -> Option<u64> {
        let ended = self.state()?.steps.get(step)?.ended_at?;
        Some(seconds_between(self.steps.get(step)?.begun?, ended))
    }

    /// Seconds that writes have been off at `now`, and whether they still are. Absent while they have not been off.
    #[must_use]
    pub fn writes_off(&self, now: Timestamp) -> Option<(u64, bool)> {
        let downtime = self.state()?.downtime;
        Some((downtime.seconds(now)?, downtime.lasts()))
    }

    /// Whether the point of no return is behind us.
    #[must_use]
    pub fn crossed(&self) -> bool {
        self.state().is_some_and(|state| !state.crossed.is_empty())
    }

    /// Whether this step is a point of no return that is not behind the run, although its act was begun.
    pub(super) fn still_leads_back_before(&self, step: &StepId) -> bool {
        let crossed = self.state().is_some_and(|state| state.step(step).crossed);
        self.planned(step).is_some_and(|planned| planned.crossing.is_some()) && !crossed
    }

    /// Whether the run is on its way back.
    pub(super) fn turned_back(&self) -> bool {
        self.state().is_some_and(RunState::turned_back)
    }

    /// How the run ended, once it has.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.state()?.closed
    }

    /// When the last event was.
    pub(super) const fn heard(&self) -> Option<Timestamp> {
        self.heard
    }

    /// When the run was opened.
    pub(super) fn begun(&self) -> Option<Timestamp> {
        self.state().map(|state| state.opened_at)
    }

    /// How many steps are behind us, and how many there are.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        self.state().map_or((0, 0), RunState::count)
    }

    /// How many steps people have left out or attested.
    pub(super) fn left_out_by_persons(&self) -> usize {
        self.state().map_or(0, RunState::left_out_by_persons)
    }

    /// The steps that are behind us and that no screen of this process has told, in the order in which they ended.
    pub(super) fn untold(&self) -> Vec<&PlannedStep> {
        let untold = self.steps().map(|(step, _)| step).filter(|step| self.untold.contains(&step.id));
        let mut steps: Vec<_> = untold.collect();
        steps.sort_by_key(|step| self.state().and_then(|state| state.steps.get(&step.id)?.ended_at));
        steps
    }

    /// Seconds that a step which is underway has taken at `now`.
    pub(super) fn underway_for(&self, step: &StepId, now: Timestamp) -> Option<u64> {
        let begun = self.steps.get(step)?.begun?;
        (self.phase(step) == Phase::Underway).then(|| seconds_between(begun, now))
    }

    /// How `abort` would reverse what was done, newest first.
    #[must_use]
    pub fn undoable(&self) -> Vec<&PlannedUndo> {
        self.state().into_iter().flat_map(RunState::undoable).map(|(_, undo)| undo).collect()
    }

    /// Whether the step changes anything; a step of an unknown plan might.
    pub(super) fn changes_the_world(&self, step: &StepId) -> bool {
        self.planned(step).is_none_or(|planned| planned.effect.changes_the_world())
    }

    /// Whether the step is a check that was made before the run began, too.
    pub(super) fn is_preflight(&self, step: &StepId) -> bool {
        self.planned(step).is_some_and(|planned| planned.preflight)
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
            Progress::StepStarted { step } => _ = self.begin(step, at),
            Progress::Waiting { step, note, part, waited, usual, limit, .. } => {
                let back = jiff::SignedDuration::from_secs(i64::try_from(*waited).unwrap_or(0));
                let since = at.checked_sub(back).unwrap_or(at);
                self.wait_for(step, at, Waited { note, part: part.as_ref(), since, usual: *usual, limit: *limit });
            }
            Progress::PlanShown { .. }
            | Progress::Retrying { .. }
            | Progress::Stopping { .. }
            | Progress::Suspended { .. }
            | Progress::Needs { .. }
            | Progress::Left { .. } => {}
        }
    }

    fn wait_for(&mut self, step: &StepId, at: Timestamp, waited: Waited<'_>) {
        let Waited { note, part, since, usual, limit } = waited;
        let known = self.begin(step, at);
        let mut history = known.wait.take().map(|wait| wait.history).unwrap_or_default();
        if let Some(part) = part {
            history.add(at, part);
        }
        known.wait = Some(Wait { note: note.to_owned(), part: part.cloned(), since, usual, limit, history });
    }

    /// What a journal says of a wait, for whoever hears no progress.
    fn seen_underway(&mut self, step: &StepId, at: Timestamp, note: &str, part: Option<&Part>) {
        let expect = self.planned(step).map(|planned| planned.expect);
        let (usual, limit) = expect.map_or((0, 0), |expect| (expect.usual, expect.limit));
        let intended = self.state().and_then(|state| state.steps.get(step)?.intended_at);
        let begun = self.begin(step, at).begun;
        self.wait_for(step, at, Waited { note, part, since: intended.or(begun).unwrap_or(at), usual, limit });
    }

    /// Takes one line of the journal into account.
    pub fn hear_fact(&mut self, line: &Line) {
        self.heard = Some(line.at);
        RunState::follow(&mut self.state, line);
        match &line.entry {
            Entry::Observed { step, hold: None, sight: Seen::Underway { note, part, .. }, .. } => {
                self.seen_underway(step, line.at, note, part.as_ref());
            }
            Entry::Intended { intent } => _ = self.begin(&intent.step, line.at),
            Entry::Observed { step, .. } | Entry::Received { step, .. } => _ = self.begin(step, line.at),
            Entry::Settled { step, .. } | Entry::Waived { step, .. } => self.begin(step, line.at).wait = None,
            _ => {}
        }
    }

    fn begin(&mut self, step: &StepId, at: Timestamp) -> &mut Progressing {
        let known = self.steps.entry(step.clone()).or_default();
        known.begun.get_or_insert(at);
        known
    }
}

#[cfg(test)]
pub(super) mod samples {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use hcops_model::{
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

    /// The opening of a run of this plan.
    pub(crate) fn opened(plan: Plan) -> Event {
        let entry = Entry::Opened {
            format: hcops_model::FORMAT,
            run: RunId(uuid::Uuid::nil()),
            tool: "0.1.0".into(),
            by: "ops@example.com".into(),
            digest: plan.digest(),
            plan: Box::new(plan),
            origin: "https://api.heroku.com".into(),
        };
        fact(0, entry)
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
                    finality: None,
                },
            )]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::samples::{at, fact, opened, plan, progress};
    use super::{Board, Phase};
    use hcops_model::{Entry, Fault, FaultKind, Happened, Intent, Progress, Settlement, StepId};

    fn intended(step: &str) -> Entry {
        Entry::Intended {
            intent: Intent { step: StepId::from(step), action: "a".into(), attempt: 1, will: Vec::new(), before: None },
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
        board.hear(&opened(plan()));
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
    fn a_refused_crossing_is_not_behind_the_run() {
        let mut board = board_with_plan();
        let step = StepId::from("promote");
        let intent = Intent { step: step.clone(), action: "a".into(), attempt: 1, will: Vec::new(), before: None };
        board.hear(&fact(1, Entry::Intended { intent }));
        board.hear(&fact(1, Entry::Crossed { step: step.clone(), name: "db".into(), lost: String::new() }));
        assert!(board.crossed(), "until it is known not to have taken place");
        let fault = Fault::new(FaultKind::Refused, "403", "", "").with_happened(Happened::No);
        board.hear(&fact(2, Entry::Faulted { step, acting: true, fault }));
        assert!(!board.crossed());
    }

    #[test]
    fn an_act_that_was_refused_leaves_nothing_to_undo() {
        let mut board = board_with_plan();
        board.hear(&fact(1, intended("maintenance-on@acme-crm")));
        assert_eq!(board.undoable().len(), 1, "until it is known not to have taken place");
        let fault = Fault::new(FaultKind::Refused, "403", "", "").with_happened(Happened::No);
        let step = StepId::from("maintenance-on@acme-crm");
        board.hear(&fact(2, Entry::Faulted { step, acting: true, fault }));
        assert_eq!(board.undoable(), Vec::<&hcops_model::PlannedUndo>::new());
    }

    #[test]
    fn a_look_after_the_end_does_not_reopen_a_step() {
        let mut board = board_with_plan();
        board.hear(&fact(10, settled("promote")));
        board.hear(&progress(11, Progress::StepStarted { step: StepId::from("promote") }));
        assert_eq!(board.phase(&StepId::from("promote")), Phase::Done(Settlement::Acted));
    }
}
