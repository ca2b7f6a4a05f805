//! One run in one world, in as many processes as it takes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hcops_actions::{Registry, registry};
use hcops_engine::abort::turn_back;
use hcops_engine::{Drive, Ended, Stop, drive};
use hcops_heroku::transport::Wire;
use hcops_heroku::{Clients, HostVariables, Origins};
use hcops_journal::{MemoryJournal, RunState};
use hcops_model::{
    Actions, Choice, Clock, Entry, Event, Exit, FORMAT, Fault, Happening, Journal, JournalFault, Line, Listener, Plan,
    RunId, Secret,
};
use hcops_runbook as runbook;
use hcops_simulator::{Latency, SimulatedClock, Simulator, World};
use hcops_survey::{Target, survey};
use jiff::Timestamp;
use serde_json::Value;

use crate::cases::Case;
use crate::person::{OnQuestion, Willing};
use crate::record::{RecordingJournal, RecordingWire, Snapshot, Tape, distinct, ends_of_waits, first_two_and_last};

/// A run that is not over after this much simulated time hangs.
const LONGEST: Duration = Duration::from_secs(72 * 3600);
/// So often is a run taken up again before it is said that it leads nowhere.
const MOST_PROCESSES: u32 = 12;
pub(crate) const SEED: u64 = 7;

/// A plan in its world, and how it ends when nothing goes wrong.
pub(crate) struct Prepared {
    pub plan: Plan,
    pub before: World,
    pub after: Value,
    pub started_at: Timestamp,
    pub journal_lines: Vec<Line>,
    pub snapshots: Vec<Snapshot>,
    pub one_shots: u64,
    /// How many requests it took.
    pub requests_in_all: usize,
    every_look: bool,
}

impl Prepared {
    /// The states in which the process may die.
    pub(crate) fn deaths(&self) -> Vec<&Snapshot> {
        let all = distinct(&self.snapshots);
        if self.every_look { all } else { ends_of_waits(all) }
    }

    /// Each request that a new process makes from a place where a step had just settled to the next such place (from the
    /// last one: to the end).
    pub(crate) fn requests(&self) -> Vec<Place<'_>> {
        let is_settled =
            |line: &&Line| matches!(line.entry, Entry::Settled { .. } | Entry::Confirmed { step: None, .. });
        let places: Vec<String> =
            self.journal_lines.iter().filter(is_settled).map(|line| format!("after append {}", line.seq)).collect();
        let found: Vec<&Snapshot> = self.snapshots.iter().filter(|snapshot| places.contains(&snapshot.place)).collect();
        let places = |from| block_on(requests_to_next_settlement(from, self.every_look));
        found.into_iter().flat_map(places).collect()
    }
}

/// The `nth` request of a process that takes the run up at a snapshot.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    pub from: &'p Snapshot,
    pub nth: u64,
    /// Whether it asks for a change.
    pub changes: bool,
}

async fn requests_to_next_settlement(from: &Snapshot, every_look: bool) -> Vec<Place<'_>> {
    let mut trial = Trial::after(from).unwrap();
    let first: Arc<Mutex<Option<usize>>> = Arc::default();
    let seen = Arc::clone(&first);
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if matches!(line.entry, Entry::Settled { .. } | Entry::Closed { .. }) {
            seen.lock().unwrap().get_or_insert(simulator.requests().len());
        }
    }));
    trial.process().await.unwrap();
    let until = first.lock().unwrap().unwrap_or_default();
    let requests = trial.simulator.requests();
    let mut all: BTreeMap<_, Vec<Place<'_>>> = BTreeMap::new();
    for (nth, request) in (1..).zip(&requests[..until]) {
        all.entry((&request.method, &request.path)).or_default().push(Place {
            from,
            nth,
            changes: request.method != "GET",
        });
    }
    let met = all
        .into_values()
        .flat_map(|places| if every_look { places } else { first_two_and_last(places.into_iter()).collect() });
    let mut met: Vec<Place<'_>> = met.collect();
    met.sort_by_key(|place| place.nth);
    met
}

/// Makes the plan and drives it once without any disturbance.
pub(crate) fn prepare(case: Case) -> Prepared {
    block_on(async {
        let simulator =
            Arc::new(Simulator::from_scenario(case.scenario, hcops_simulator::ClockMode::Paused, SEED).unwrap());
        simulator.change(|world| {
            world.behaviour.leaves_out_what_is_optional = case.without_optional_keys;
            shorten(&mut world.latency);
        });
        (case.beforehand)(&simulator);
        let plan = plan(&simulator, case).await;
        let before = simulator.world();
        let started_at = simulator.clock().now();
        let mut journal = MemoryJournal::new();
        open(&mut journal, &plan, started_at);
        let tape = Tape::over(&simulator, journal.text());
        let mut trial = Trial::over(&simulator, journal);
        let wire = RecordingWire::new(simulator.wire(), tape.clone());
        let ended = trial.process_recorded(Arc::new(wire), &tape).await.unwrap();
        assert_eq!(ended.exit, Exit::Done, "{}: undisturbed, it ends otherwise: {ended:#?}", case.scenario);
        Prepared {
            plan,
            before,
            after: simulator.world().essence(),
            started_at,
            journal_lines: trial.journal.lines().to_vec(),
            snapshots: tape.snapshots(),
            one_shots: one_shots(&simulator),
            requests_in_all: simulator.requests().len(),
            every_look: case.every_look,
        }
    })
}

/// Heroku's long work takes a fraction of its time here: in the middle of a wait nothing passes but time, and each look of
/// it is paid for in every trial. All of it still takes longer than [`hcops_engine::decide::GRACE`], after which an act
/// that shows no effect is taken not to have happened.
const fn shorten(latency: &mut Latency) {
    latency.provision = 65;
    latency.database_ready = 70;
    latency.upgrade = 130;
    latency.upgrade_prepare = 300;
    latency.plan_change = 300;
}

pub(crate) async fn plan(simulator: &Arc<Simulator>, case: Case) -> Plan {
    planned(simulator, simulator.wire(), case).await.unwrap_or_else(|why| panic!("{why}"))
}

/// The plan that can be made of what is answered over this wire; else why none can.
pub(crate) async fn planned(simulator: &Arc<Simulator>, wire: Arc<dyn Wire>, case: Case) -> Result<Plan, String> {
    let clients = clients(simulator, wire);
    let clock = simulator.clock();
    let target = Target { app: case.app.to_owned(), resource: None };
    let found = survey(&clients, &*clock, &target).await.map_err(|fault| fault.to_string())?;
    let (shelf, file_name) = match case.runbook.strip_prefix("operations/") {
        Some(operation) => (runbook::operations(), operation),
        None => (runbook::library(), case.runbook),
    };
    let embedded = shelf.into_iter().find(|embedded| embedded.file_name == file_name).unwrap();
    let book = runbook::parse(case.runbook, embedded.text).unwrap();
    let inputs: BTreeMap<String, String> =
        case.inputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let actions = registry(clients, clock.clone());
    runbook::plan(&book, &inputs, &found.facts, &found.noted, found.notices, &actions, "0.0.0-sweep", clock.now())
        .map_err(|problems| problems.to_string())
}

pub(crate) fn open(journal: &mut MemoryJournal, plan: &Plan, now: Timestamp) {
    let entry = Entry::Opened {
        format: FORMAT,
        run: RunId(uuid::Uuid::from_u128(7)),
        tool: "0.0.0-sweep".to_owned(),
        by: "sweeper@example.com".to_owned(),
        plan: Box::new(plan.clone()),
        digest: plan.digest(),
        origin: "sweep".to_owned(),
    };
    journal.append(now, entry).unwrap();
    lease(journal, now).unwrap();
}

/// A new process takes the run; one that is over needs nobody.
fn lease(journal: &mut MemoryJournal, now: Timestamp) -> Result<(), JournalFault> {
    if journal.lines().last().is_some_and(|line| matches!(line.entry, Entry::Closed { .. })) {
        return Ok(());
    }
    let before = journal.lines().iter().filter(|line| matches!(line.entry, Entry::Leased { .. })).count();
    let entry = Entry::Leased {
        by: "sweeper@example.com".to_owned(),
        holder: "sweep".to_owned(),
        fence: u64::try_from(before).unwrap() + 1,
        folder: None,
    };
    journal.append(now, entry).map(|_| ())
}

/// Clients of the simulator, over this wire.
pub(crate) fn clients(simulator: &Arc<Simulator>, wire: Arc<dyn Wire>) -> Clients {
    let variables = HostVariables { heroku_host: Some("http://127.0.0.1:5999".to_owned()), ..HostVariables::default() };
    let origins = Origins::from_variables(&variables).unwrap();
    Clients::new(wire, origins, Secret::new("canary-token-0123456789"), simulator.clock())
}

/// How often an act that must happen once had its effect.
pub(crate) fn one_shots(simulator: &Simulator) -> u64 {
    use hcops_simulator::RequestEffect;
    let once = |method: &str, path: &str| match method {
        "POST" => ["/upgrade/run", "/addons", "/transfers", "/actions/reload"].iter().any(|end| path.ends_with(end)),
        "DELETE" => path.contains("/addons/"),
        "PUT" => path.ends_with("/unfollow"),
        _ => false,
    };
    let requests = simulator.requests();
    let applied = requests.iter().filter(|request| {
        request.effect == RequestEffect::Applied
            && once(&request.method, &request.path)
            && request.status.is_some_and(|status| status < 300)
    });
    u64::try_from(applied.count()).unwrap()
}

/// A world, a journal, and whoever works on them.
pub(crate) struct Trial {
    pub simulator: Arc<Simulator>,
    pub journal: MemoryJournal,
    pub watcher: Option<Watcher>,
    pub in_trouble: &'static [Choice],
    pub on_question: Option<OnQuestion>,
    pub through: Option<Through>,
    /// What requests go over instead of straight into the simulator.
    pub network: Option<Arc<dyn Wire>>,
}

/// Puts something between the engine and the actions.
pub(crate) type Through = Arc<dyn Fn(Registry) -> Box<dyn Actions> + Send + Sync>;

/// Looks at every line as it is written, and may meddle with the world.
pub(crate) type Watcher = Arc<dyn Fn(&Line, &Simulator) + Send + Sync>;

impl Trial {
    pub(crate) fn over(simulator: &Arc<Simulator>, journal: MemoryJournal) -> Self {
        Self {
            simulator: Arc::clone(simulator),
            journal,
            watcher: None,
            in_trouble: &[],
            on_question: None,
            through: None,
            network: None,
        }
    }

    /// A fresh world with a fresh journal.
    pub(crate) fn anew(prepared: &Prepared) -> Self {
        let simulator = simulator_of(prepared.before.clone(), prepared.started_at);
        let mut journal = MemoryJournal::new();
        open(&mut journal, &prepared.plan, prepared.started_at);
        Self::over(&simulator, journal)
    }

    /// The world and the journal that a dead process left.
    pub(crate) fn after(snapshot: &Snapshot) -> Result<Self, JournalFault> {
        let simulator = simulator_of((*snapshot.world).clone(), snapshot.now);
        let mut journal = MemoryJournal::from_text(&snapshot.journal)?;
        lease(&mut journal, snapshot.now)?;
        Ok(Self::over(&simulator, journal))
    }

    /// A new process takes the run.
    pub(crate) fn take_up(&mut self) {
        lease(&mut self.journal, self.simulator.clock().now()).unwrap();
    }

    /// What is written so far.
    pub(crate) fn journal_lines(&self) -> &[Line] {
        self.journal.lines()
    }

    /// One process, from its start to its end.
    pub(crate) async fn process(&mut self) -> Result<Ended, JournalFault> {
        let wire = self.network.clone().unwrap_or_else(|| self.simulator.wire());
        let mut journal = std::mem::take(&mut self.journal);
        let ended = self.drive(wire, &mut journal).await;
        self.journal = journal;
        ended
    }

    async fn process_recorded(&mut self, wire: Arc<dyn Wire>, tape: &Tape) -> Result<Ended, JournalFault> {
        let mut journal = RecordingJournal::new(std::mem::take(&mut self.journal), tape.clone());
        let ended = self.drive(wire, &mut journal).await;
        self.journal = journal.into_inner();
        ended
    }

    /// One process that turns the run back.
    pub(crate) async fn turn_back(&mut self) -> Result<Result<Ended, Fault>, JournalFault> {
        let wire = self.simulator.wire();
        let mut journal = std::mem::take(&mut self.journal);
        let ended = self.with(wire, &mut journal, async |parts| turn_back(parts).await).await;
        self.journal = journal;
        ended
    }

    async fn drive(&self, wire: Arc<dyn Wire>, journal: &mut dyn Journal) -> Result<Ended, JournalFault> {
        self.with(wire, journal, async |parts| drive(parts).await).await
    }

    async fn with<T>(
        &self,
        wire: Arc<dyn Wire>,
        journal: &mut dyn Journal,
        work: impl AsyncFnOnce(Drive<'_>) -> Result<T, JournalFault>,
    ) -> Result<T, JournalFault> {
        let run = RunState::fold(journal.lines())?.run;
        let clock = self.simulator.clock();
        let actions = registry(clients(&self.simulator, wire), clock.clone());
        let actions: Box<dyn Actions> = match &self.through {
            Some(through) => through(actions),
            None => Box::new(actions),
        };
        let mut person = Willing::over(&self.simulator);
        person.in_trouble = self.in_trouble;
        person.on_question.clone_from(&self.on_question);
        let mut listener = Ear {
            watcher: self.watcher.clone(),
            simulator: Arc::clone(&self.simulator),
            clock: clock.clone(),
            latest: clock.now() + LONGEST,
        };
        let stop = Stop::new();
        let parts = Drive {
            journal,
            actions: &*actions,
            clock: &*clock,
            person: &mut person,
            listener: &mut listener,
            stop: &stop,
            run,
        };
        work(parts).await
    }

    /// Whether the last line is like this.
    pub(crate) fn journal_ends_with(&self, like: impl Fn(&Entry) -> bool) -> bool {
        self.journal.lines().last().is_some_and(|line| like(&line.entry))
    }

    /// Process after process until the run is over, or for as long as somebody would reasonably try again.
    pub(crate) async fn until_over(&mut self) -> Result<Ended, JournalFault> {
        let mut ended = self.process().await?;
        for _ in 1..MOST_PROCESSES {
            if ended.verdict.is_some() {
                break;
            }
            self.simulator.clock().sleep(Duration::from_secs(600)).await;
            lease(&mut self.journal, self.simulator.clock().now())?;
            ended = self.process().await?;
        }
        Ok(ended)
    }
}

fn simulator_of(world: World, now: Timestamp) -> Arc<Simulator> {
    Arc::new(Simulator::new(world, Arc::new(SimulatedClock::paused(now)), SEED))
}

/// Runs a future to its end on a runtime of this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

struct Ear {
    watcher: Option<Watcher>,
    simulator: Arc<Simulator>,
    clock: Arc<SimulatedClock>,
    latest: Timestamp,
}

impl Listener for Ear {
    fn hear(&mut self, event: &Event) {
        assert!(self.clock.now() < self.latest, "it hangs: {event:?}");
        if let (Happening::Fact(line), Some(watcher)) = (&event.happening, &self.watcher) {
            watcher(line, &self.simulator);
        }
        let told = serde_json::to_string(event).unwrap();
        assert!(!told.contains("canary"), "a secret is told: {told}");
    }
}
