use std::collections::BTreeMap;

use jiff::Timestamp;

use super::history::History;
use super::text::seconds_between;
use hcops_model::{
    BY_THE_PLAN, Crossings, DowntimeEdge, Entry, Event, Happening, Line, Part, Plan, PlannedStep, Progress, RunId,
    Seen, Settlement, StepId, Verdict,
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
    crossings: Crossings,
    turned_back: bool,
    left_out_by_persons: usize,
    verdict: Option<Verdict>,
    begun: Option<Timestamp>,
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
    ended: Option<Timestamp>,
    phase: Option<Phase>,
    wait: Option<Wait>,
    /// When the newest act was begun.
    intended: Option<Timestamp>,
    /// Done before this screen was there: nobody was told of it.
    untold: bool,
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
        for known in self.steps.values_mut().filter(|known| known.ended.is_some()) {
            known.untold = true;
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
    pub fn crossed(&self) -> bool {
        self.crossings.any()
    }

    /// Whether this step is a point of no return that is not behind the run, although its act was begun.
    pub(super) fn still_leads_back_before(&self, step: &StepId) -> bool {
        self.leads_past_no_return(step) && !self.crossings.has(step)
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

    /// When the run was opened, as far as it was heard.
    pub(super) const fn begun(&self) -> Option<Timestamp> {
        self.begun
    }

    /// How many steps are behind us, and how many there are.
    pub(super) fn count(&self) -> (usize, usize) {
        let over = self.steps().filter(|(_, phase)| matches!(phase, Phase::Done(_) | Phase::Waived)).count();
        (over, self.steps().count())
    }

    /// How many steps people have left out or attested.
    pub(super) const fn left_out_by_persons(&self) -> usize {
        self.left_out_by_persons
    }

    /// The steps that are behind us and that no screen of this process has told, in the order in which they ended.
    pub(super) fn untold(&self) -> Vec<&PlannedStep> {
        let ended = |step: &PlannedStep| self.steps.get(&step.id).filter(|known| known.untold)?.ended;
        let mut steps: Vec<_> = self.steps().filter_map(|(step, _)| Some((ended(step)?, step))).collect();
        steps.sort_by_key(|(at, _)| *at);
        steps.into_iter().map(|(_, step)| step).collect()
    }

    /// Seconds that a step which is underway has taken at `now`.
    pub(super) fn underway_for(&self, step: &StepId, now: Timestamp) -> Option<u64> {
        let known = self.steps.get(step).filter(|known| known.phase == Some(Phase::Underway))?;
        Some(seconds_between(known.begun?, now))
    }

    /// The steps that `abort` would reverse, newest first: those that have changed the world, or may have.
    pub(super) fn undoable(&self) -> Vec<&PlannedStep> {
        let may_have_acted = |step: &PlannedStep| {
            let known = self.steps.get(&step.id);
            let shown =
                |known: &Progressing| matches!(known.phase, Some(Phase::Done(Settlement::Acted | Settlement::Adopted)));
            known.is_some_and(|known| known.intended.is_some() || shown(known))
        };
        let mut steps: Vec<_> = self.steps().map(|(step, _)| step).filter(|step| step.undo.is_some()).collect();
        steps.retain(|step| may_have_acted(step));
        steps.reverse();
        steps
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
            Progress::Waiting { step, note, part, waited, usual, limit, .. } => {
                let back = jiff::SignedDuration::from_secs(i64::try_from(*waited).unwrap_or(0));
                let since = at.checked_sub(back).unwrap_or(at);
                self.wait_for(step, at, Waited { note, part: part.as_ref(), since, usual: *usual, limit: *limit });
            }
            Progress::Retrying { .. }
            | Progress::Stopping { .. }
            | Progress::Suspended { .. }
            | Progress::Needs { .. }
            | Progress::Left { .. } => {}
        }
    }

    fn wait_for(&mut self, step: &StepId, at: Timestamp, waited: Waited<'_>) {
        self.begin(step, at);
        let Waited { note, part, since, usual, limit } = waited;
        let known = self.steps.entry(step.clone()).or_default();
        let mut history = known.wait.take().map(|wait| wait.history).unwrap_or_default();
        if let Some(part) = part {
            history.add(at, part);
        }
        known.wait = Some(Wait { note: note.to_owned(), part: part.cloned(), since, usual, limit, history });
    }

    /// What a journal says of a wait, for whoever hears no progress.
    fn seen_underway(&mut self, step: &StepId, at: Timestamp, note: &str, part: Option<&Part>) {
        self.begin(step, at);
        let expect = self.plan.as_ref().and_then(|plan| plan.step(step)).map(|planned| planned.expect);
        let (usual, limit) = expect.map_or((0, 0), |expect| (expect.usual, expect.limit));
        let since = self.steps.get(step).and_then(|known| known.intended.or(known.begun)).unwrap_or(at);
        self.wait_for(step, at, Waited { note, part, since, usual, limit });
    }

    /// Takes one line of the journal into account.
    pub fn hear_fact(&mut self, line: &Line) {
        self.heard = Some(line.at);
        self.begun.get_or_insert(line.at);
        self.crossings.take(&line.entry);
        match &line.entry {
            Entry::Opened { plan, .. } => self.take_plan(plan),
            Entry::Aborted { plan, .. } => {
                self.turned_back = true;
                self.take_plan(plan);
            }
            Entry::Intended { intent } => {
                self.begin(&intent.step, line.at);
                self.steps.entry(intent.step.clone()).or_default().intended = Some(line.at);
                self.writes_go_off(&intent.step, line.at);
            }
            Entry::Observed { step, hold: None, sight: Seen::Underway { note, part, .. }, .. } => {
                self.seen_underway(step, line.at, note, part.as_ref());
            }
            Entry::Observed { step, .. } | Entry::Received { step, .. } => self.begin(step, line.at),
            Entry::Settled { step, how, .. } => {
                self.end(step, Phase::Done(*how), line.at);
                if matches!(how, Settlement::Acted | Settlement::Adopted) {
                    self.writes_go_off(step, line.at);
                }
                self.writes_come_back(step, line.at);
                if self.leads_past_no_return(step) {
                    self.crossings.pass(step);
                }
            }
            Entry::Waived { step, by, .. } => {
                self.left_out_by_persons += usize::from(by != BY_THE_PLAN);
                self.end(step, Phase::Waived, line.at);
                self.writes_come_back(step, line.at);
            }
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

    /// Counted from the intent, where this run made it: from there on it cannot be told whether writes still arrive.
    fn writes_go_off(&mut self, step: &StepId, at: Timestamp) {
        if self.edge(step) == Some(DowntimeEdge::Starts) {
            self.writes_off_since.get_or_insert(at);
        }
    }

    fn writes_come_back(&mut self, step: &StepId, at: Timestamp) {
        if self.edge(step) != Some(DowntimeEdge::Ends) {
            return;
        }
        let still_off = |(planned, phase): (&PlannedStep, Phase)| {
            planned.downtime == Some(DowntimeEdge::Ends) && !matches!(phase, Phase::Done(_) | Phase::Waived)
        };
        if !self.steps().any(still_off) {
            self.writes_off_until = Some(at);
        }
    }

    /// A point of no return that was passed without being asked is behind us all the same.
    fn leads_past_no_return(&self, step: &StepId) -> bool {
        self.plan.as_ref().and_then(|plan| plan.step(step)).is_some_and(|planned| planned.crossing.is_some())
    }

    fn edge(&self, step: &StepId) -> Option<DowntimeEdge> {
        self.plan.as_ref().and_then(|plan| plan.step(step)).and_then(|planned| planned.downtime)
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

    use super::samples::{at, fact, plan, progress};
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
    fn a_refused_crossing_is_not_behind_the_run() {
        let mut board = Board::default();
        board.hear(&progress(0, Progress::PlanShown { plan: Box::new(plan()), digest: String::new() }));
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
    fn a_look_after_the_end_does_not_reopen_a_step() {
        let mut board = board_with_plan();
        board.hear(&fact(10, settled("promote")));
        board.hear(&progress(11, Progress::StepStarted { step: StepId::from("promote") }));
        assert_eq!(board.phase(&StepId::from("promote")), Phase::Done(Settlement::Acted));
    }
}
