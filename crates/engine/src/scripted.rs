//! A world of things that are on or off, the actions that change them, a person who answers as told, and a clock that
//! jumps: enough to drive whole runs in microseconds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::drive::{Drive, Ended, drive};
use crate::stop::Stop;
use hcops_journal::{MemoryJournal, Opening, RunState};
use hcops_model::{
    Actions, AnyAction, Choice, Clock, Effect, Entry, Event, Fault, FaultKind, GATE, Happened, Happening, Journal,
    JournalFault, Listener, Look, Moment, Permit, Person, Plan, Prior, Progress, Question, QuestionKind, Receipt,
    Reply, RequestMark, Seen, Steadiness, StepId,
};
pub(crate) use hcops_testing::plans::{Sentence, gated_upgrade, plan, run_id, step, upgrade};

/// A clock that jumps to the end of every sleep. It refuses to be slept on forever.
#[derive(Clone)]
pub(crate) struct VirtualClock(Arc<Mutex<Time>>);

struct Time {
    now: Timestamp,
    sleeps: u64,
    /// How long the machine slept.
    slept: Duration,
    /// How far the clock on the wall was set away.
    set_by: SignedDuration,
}

const MOST_SLEEPS: u64 = 50_000;

impl VirtualClock {
    pub(crate) fn new() -> Self {
        let now = "2026-08-01T22:00:00Z".parse().unwrap();
        Self(Arc::new(Mutex::new(Time { now, sleeps: 0, slept: Duration::ZERO, set_by: SignedDuration::ZERO })))
    }

    pub(crate) fn pass(&self, duration: Duration) {
        self.0.lock().unwrap().now += duration;
    }

    /// The machine sleeps for so long.
    pub(crate) fn suspend(&self, duration: Duration) {
        self.0.lock().unwrap().slept += duration;
        self.pass(duration);
    }

    /// Somebody sets the clock on the wall.
    pub(crate) fn set_wall(&self, by: SignedDuration) {
        self.0.lock().unwrap().set_by += by;
    }

    /// The time outside, which nobody sets.
    fn outside(&self) -> Timestamp {
        self.0.lock().unwrap().now
    }

    pub(crate) fn sleeps(&self) -> u64 {
        self.0.lock().unwrap().sleeps
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.moment().wall
    }

    fn moment(&self) -> Moment {
        let time = self.0.lock().unwrap();
        let all = Moment::of(time.now);
        Moment { wall: time.now + time.set_by, awake: all.awake - time.slept, ..all }
    }

    async fn sleep(&self, duration: Duration) {
        self.pass(duration);
        let sleeps = {
            let mut time = self.0.lock().unwrap();
            time.sleeps += 1;
            time.sleeps
        };
        assert!(sleeps < MOST_SLEEPS, "the engine waits forever");
        tokio::task::yield_now().await;
    }
}

/// A thing that is on or off, and that may take its time to change and to show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Thing {
    on: bool,
    change: Option<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    to: bool,
    shows_at: Timestamp,
    done_at: Timestamp,
}

/// When in an act the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    BeforeTheEffect,
    AfterTheEffect,
    /// The process lives; the act has its effect and never comes back.
    Hangs,
}

#[derive(Default)]
pub(crate) struct Inside {
    things: BTreeMap<String, Thing>,
    /// Every act that had its effect, as `thing=on`, in order.
    pub(crate) acts: Vec<String>,
    began: u64,
    cut: Option<(u64, Cut)>,
    pub(crate) lag: Duration,
    pub(crate) slowness: BTreeMap<String, Duration>,
    /// Faults of acts on a thing, taken from the front.
    pub(crate) act_faults: BTreeMap<String, Vec<Fault>>,
    /// Faults of looks at a thing, taken from the front.
    pub(crate) look_faults: BTreeMap<String, Vec<Fault>>,
    /// What is seen instead of the truth.
    pub(crate) sights: BTreeMap<String, Seen<Value>>,
    /// What is seen at one step, for ever.
    pub(crate) sights_of_step: Option<(StepId, Seen<Value>)>,
    /// How many of a thing a person is asked about.
    pub(crate) figures: BTreeMap<String, u64>,
    /// Things whose act is accepted and never done.
    pub(crate) deaf: BTreeSet<String>,
    /// Every look, in order, by thing.
    pub(crate) looks: Vec<String>,
    /// Asked to stop when this thing is acted upon, this many times.
    pub(crate) stop_at_act: Option<(String, Stop, u32)>,
    /// The process stands still in the middle of a look.
    pub(crate) still: Option<StandingStill>,
}

/// A process that is held up after it has seen a thing, and before it hears of it. The world goes on meanwhile.
pub(crate) struct StandingStill {
    pub(crate) how: Stillness,
    pub(crate) thing: String,
    /// In its so-manieth look at the thing, from 1.
    pub(crate) look: usize,
    pub(crate) lasting: Duration,
    /// How the thing is afterwards.
    pub(crate) then: bool,
    pub(crate) stop: Stop,
}

/// What holds a process up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stillness {
    /// Ctrl-Z.
    Suspended,
    /// The machine sleeps.
    Asleep,
    /// Nothing but an answer that takes its time.
    Slow,
    /// The clock on the wall is set, forward or back; no time passes.
    ClockSet(SignedDuration),
}

/// The world outside, which outlives every process.
#[derive(Clone)]
pub(crate) struct World {
    inside: Arc<Mutex<Inside>>,
    pub(crate) died: Arc<Notify>,
    pub(crate) clock: VirtualClock,
}

impl World {
    pub(crate) fn new() -> Self {
        let inside = Inside::default();
        let world =
            Self { inside: Arc::new(Mutex::new(inside)), died: Arc::new(Notify::new()), clock: VirtualClock::new() };
        for thing in ["healthy", "workers", "sync", "caught-up"] {
            world.put(thing, true);
        }
        world.inside().slowness.insert("upgraded".to_owned(), Duration::from_secs(600));
        world.inside().slowness.insert("follower".to_owned(), Duration::from_secs(240));
        world.inside().lag = Duration::from_secs(7);
        world
    }

    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub(crate) fn put(&self, thing: &str, on: bool) {
        self.inside().things.insert(thing.to_owned(), Thing { on, change: None });
    }

    pub(crate) fn die_at_act(&self, number: u64, cut: Cut) {
        let began = self.inside().began;
        self.inside().cut = Some((began + number, cut));
    }

    pub(crate) fn is(&self, thing: &str) -> bool {
        self.settle_changes();
        self.inside().things.get(thing).is_some_and(|thing| thing.on)
    }

    /// How often an act on this thing had its effect.
    pub(crate) fn times(&self, act: &str) -> usize {
        self.inside().acts.iter().filter(|done| *done == act).count()
    }

    /// What is on, at the end of all changes.
    pub(crate) fn everything_on(&self) -> Vec<String> {
        let things = &self.inside().things;
        let is_on = |thing: &Thing| thing.change.as_ref().map_or(thing.on, |change| change.to);
        things.iter().filter(|(_, thing)| is_on(thing)).map(|(name, _)| name.clone()).collect()
    }

    fn settle_changes(&self) {
        let now = self.clock.outside();
        for thing in self.inside().things.values_mut() {
            if let Some(change) = thing.change.take_if(|change| now >= change.done_at && now >= change.shows_at) {
                thing.on = change.to;
            }
        }
    }

    fn look(&self, thing: &str, wanted: bool) -> Seen<Value> {
        self.settle_changes();
        let now = self.clock.outside();
        let mut inside = self.inside();
        inside.looks.push(thing.to_owned());
        if let Some(seen) = inside.sights.get(thing) {
            return seen.clone();
        }
        let found = inside.things.get(thing).cloned().unwrap_or_default();
        match found.change {
            Some(change) if change.to == wanted && now >= change.shows_at => Seen::Underway {
                note: format!("{thing} is changing, {} s left", change.done_at.duration_since(now).as_secs()),
                part: None,
                look_again: Duration::from_secs(20),
            },
            Some(change) if change.to != wanted && now >= change.shows_at => {
                Seen::Ready { will: vec![format!("Set {thing} to {wanted}.")] }
            }
            _ if found.on == wanted => {
                Seen::Satisfied { output: json!({ "name": format!("{thing}-1"), "on": wanted }) }
            }
            _ => Seen::Ready { will: vec![format!("Set {thing} to {wanted}.")] },
        }
    }

    fn stand_still(&self, thing: &str) {
        let mut inside = self.inside();
        let looks = inside.looks.iter().filter(|looked| *looked == thing).count();
        let still = inside.still.take_if(|still| still.thing == thing && still.look == looks);
        drop(inside);
        if let Some(still) = still {
            match still.how {
                Stillness::Suspended => {
                    still.stop.went_on();
                    self.clock.pass(still.lasting);
                }
                Stillness::Asleep => self.clock.suspend(still.lasting),
                Stillness::Slow => self.clock.pass(still.lasting),
                Stillness::ClockSet(by) => self.clock.set_wall(by),
            }
            self.put(thing, still.then);
        }
    }

    /// The effect, and whether the process dies before or after it.
    async fn change(&self, thing: &str, on: bool) {
        let number = {
            let mut inside = self.inside();
            inside.began += 1;
            inside.began
        };
        self.die_if(number, Cut::BeforeTheEffect).await;
        self.take_effect(thing, on);
        self.die_if(number, Cut::AfterTheEffect).await;
        if self.inside().cut == Some((number, Cut::Hangs)) {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn take_effect(&self, thing: &str, on: bool) {
        let now = self.clock.outside();
        let mut inside = self.inside();
        if let Some((_, stop, times)) = inside.stop_at_act.take_if(|(at, _, _)| at == thing) {
            (0..times).for_each(|_| stop.request());
        }
        inside.acts.push(format!("{thing}={on}"));
        if inside.deaf.contains(thing) {
            return;
        }
        let shows_at = now + inside.lag;
        let slowness = inside.slowness.get(thing).copied().unwrap_or_default();
        let done_at = now + slowness;
        let change = Change { to: on, shows_at, done_at };
        inside.things.entry(thing.to_owned()).or_default().change = Some(change);
    }

    async fn die_if(&self, number: u64, cut: Cut) {
        if self.inside().cut == Some((number, cut)) {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// One scripted action over the world.
struct Fake {
    name: &'static str,
    effect: Effect,
    steadiness: Steadiness,
    world: World,
}

#[async_trait]
impl AnyAction for Fake {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        "Scripted."
    }

    fn effect(&self) -> Effect {
        self.effect
    }

    fn steadiness(&self) -> Steadiness {
        self.steadiness
    }

    fn parameters(&self) -> Value {
        Value::Null
    }

    fn output(&self) -> Value {
        Value::Null
    }

    fn check(&self, _with: &Value) -> Result<(), String> {
        Ok(())
    }

    async fn observe(&self, with: &Value, prior: &Prior) -> Result<Look, Fault> {
        let (thing, on) = (with["thing"].as_str().unwrap(), with["on"].as_bool().unwrap());
        let fault = self
            .world
            .inside()
            .look_faults
            .get_mut(thing)
            .and_then(|faults| (!faults.is_empty()).then(|| faults.remove(0)));
        if let Some(fault) = fault {
            return Err(fault);
        }
        let fixed = self.world.inside().sights_of_step.clone();
        if let Some((_, seen)) = fixed.filter(|(step, _)| prior.step.as_ref() == Some(step)) {
            return Ok(Look { seen, requests: vec![mark("GET", thing)], memo: None, before: None, proof: None });
        }
        let figure = self.world.inside().figures.get(thing).copied();
        let ask = vec![figure.map_or_else(|| format!("{thing} are stopped"), |of| format!("{of} {thing} are stopped"))];
        let seen = match (self.name, prior.answer_to(&ask)) {
            ("fake.attest", None) => Seen::Unclear { why: "It cannot be seen from here.".to_owned(), ask },
            ("fake.attest", Some("no")) => Seen::Unclear { why: "It was denied.".to_owned(), ask },
            ("fake.attest", Some(answer)) => Seen::Satisfied { output: json!({ "answer": answer }) },
            _ => match (self.effect, self.world.look(thing, on)) {
                (Effect::ReadOnly, Seen::Ready { .. }) if self.name != "fake.defect" => Seen::Underway {
                    note: format!("{thing} is not {on} yet"),
                    part: None,
                    look_again: Duration::from_secs(10),
                },
                (_, seen) => seen,
            },
        };
        self.world.stand_still(thing);
        Ok(Look { seen, requests: vec![mark("GET", thing)], memo: None, before: None, proof: None })
    }

    async fn act(&self, with: &Value, permit: Permit) -> Result<Receipt, Fault> {
        let (thing, on) = (with["thing"].as_str().unwrap(), with["on"].as_bool().unwrap());
        assert_eq!(permit.intent().action, self.name);
        let fault = self
            .world
            .inside()
            .act_faults
            .get_mut(thing)
            .and_then(|faults| (!faults.is_empty()).then(|| faults.remove(0)));
        match fault {
            Some(fault) if fault.happened == Happened::No => return Err(fault),
            Some(fault) => {
                self.world.change(thing, on).await;
                return Err(fault);
            }
            None => self.world.change(thing, on).await,
        }
        Ok(Receipt {
            said: format!("{thing} accepted"),
            marks: json!({ "thing": thing }),
            server_time: None,
            requests: vec![mark("POST", thing)],
        })
    }
}

fn mark(method: &str, thing: &str) -> RequestMark {
    RequestMark {
        method: method.to_owned(),
        target: format!("api.example/{thing}"),
        status: Some(200),
        request_id: Some(format!("id-of-{thing}")),
    }
}

/// A failure of this kind.
pub(crate) fn fault(kind: FaultKind, happened: Happened) -> Fault {
    Fault::new(kind, format!("{kind:?}"), "It matters.", "Do something.").with_happened(happened)
}

/// The scripted actions.
pub(crate) struct Registry(Vec<Fake>);

impl Registry {
    pub(crate) fn over(world: &World) -> Self {
        let twice = Steadiness { looks: 2, apart: Duration::from_secs(10) };
        let fake = |name, effect, steadiness| Fake { name, effect, steadiness, world: world.clone() };
        Self(vec![
            fake("fake.set", Effect::Idempotent, Steadiness::ONCE),
            fake("fake.make", Effect::Findable, Steadiness::ONCE),
            fake("fake.strike", Effect::OneShot, Steadiness::ONCE),
            fake("fake.look", Effect::ReadOnly, Steadiness::ONCE),
            fake("fake.steady", Effect::ReadOnly, twice),
            fake("fake.attest", Effect::ReadOnly, Steadiness::ONCE),
            fake("fake.defect", Effect::ReadOnly, Steadiness::ONCE),
            fake(GATE, Effect::ReadOnly, Steadiness::ONCE),
        ])
    }
}

impl Actions for Registry {
    fn find(&self, name: &str) -> Option<&dyn AnyAction> {
        self.0.iter().find(|fake| fake.name == name).map(|fake| fake as &dyn AnyAction)
    }

    fn all(&self) -> Vec<&dyn AnyAction> {
        self.0.iter().map(|fake| fake as &dyn AnyAction).collect()
    }
}

/// A person who answers as told.
pub(crate) struct Operator {
    answer: Box<dyn FnMut(&Question) -> Reply + Send>,
    pub(crate) asked: Vec<Question>,
    pub(crate) is_there_later: bool,
}

impl Operator {
    pub(crate) fn who(answer: impl FnMut(&Question) -> Reply + Send + 'static) -> Self {
        Self { answer: Box::new(answer), asked: Vec::new(), is_there_later: true }
    }

    /// Nobody is there.
    pub(crate) fn absent() -> Self {
        Self::who(|_| Reply::NobodyThere)
    }

    /// Approves, confirms and attests, and knows what happened.
    pub(crate) fn willing(world: &World) -> Self {
        let world = world.clone();
        Self::who(move |question| willing_answer(&world, question))
    }

    /// As [`Operator::willing`], but chooses this in trouble.
    pub(crate) fn choosing(world: &World, choice: Choice) -> Self {
        let world = world.clone();
        Self::who(move |question| match question.sort {
            QuestionKind::Trouble { .. } => Reply::Chose { choice, reason: Some("a reason".to_owned()) },
            _ => willing_answer(&world, question),
        })
    }

    pub(crate) fn was_asked(&self, id: &str) -> usize {
        self.asked.iter().filter(|question| question.id == id).count()
    }
}

pub(crate) fn said(answer: &str) -> Reply {
    Reply::Said { answer: answer.to_owned(), how: "typed".to_owned() }
}

pub(crate) fn willing_answer(world: &World, question: &Question) -> Reply {
    match &question.sort {
        QuestionKind::Approve { digest } => said(digest),
        QuestionKind::Cross { name, .. } => said(name),
        QuestionKind::Attest { .. } => said("yes"),
        QuestionKind::Gate { .. } => said("now"),
        QuestionKind::Decide { choices } => said(&choices[0].answer),
        QuestionKind::WhatHappened => {
            said(if world.times("upgraded=true") > 0 { "happened" } else { "did-not-happen" })
        }
        QuestionKind::Trouble { .. } => Reply::NobodyThere,
    }
}

/// Every answer that a question's commands name is one that it takes.
pub(crate) fn takes_what_it_prints(question: &Question) {
    let start = format!("hcops answer {} {} ", run_id(), question.id);
    for command in crate::drive::questions::answers(run_id(), question) {
        let Some(rest) = command.strip_prefix(&start) else { continue };
        let (answer, reason) =
            rest.split_once(" --reason ").map_or((rest, None), |(answer, reason)| (answer, Some(reason)));
        let given = crate::answer::Given {
            answer: answer.trim_matches('\'').to_owned(),
            reason: reason.map(|reason| reason.trim_matches('\'').to_owned()),
            by: "ann@example.com".to_owned(),
            how: "answer".to_owned(),
        };
        let taken = crate::answer::entry_for(question, &given);
        assert!(taken.is_ok(), "`{command}` is printed and not taken: {taken:?}, {question:?}");
    }
}

#[async_trait]
impl Person for Operator {
    fn name(&self) -> String {
        "ann@example.com".to_owned()
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        self.asked.push(question.clone());
        takes_what_it_prints(question);
        (self.answer)(question)
    }

    fn is_there_later(&self) -> bool {
        self.is_there_later
    }
}

/// Keeps every event, and lets somebody meddle with the world right after a line was written.
#[derive(Default)]
pub(crate) struct Ears(pub(crate) Vec<Event>, pub(crate) Option<(u64, Meddling)>);

type Meddling = Box<dyn FnMut() + Send>;

impl Listener for Ears {
    fn hear(&mut self, event: &Event) {
        self.0.push(event.clone());
        let Happening::Fact(line) = &event.happening else { return };
        if let Some((_, mut meddle)) = self.1.take_if(|(seq, _)| *seq == line.seq) {
            meddle();
        }
    }
}

impl Ears {
    /// The numbers of the lines that were told.
    pub(crate) fn facts(&self) -> Vec<u64> {
        let fact = |event: &Event| match &event.happening {
            Happening::Fact(line) => Some(line.seq),
            Happening::Progress { .. } => None,
        };
        self.0.iter().filter_map(fact).collect()
    }

    pub(crate) fn progress(&self) -> Vec<&Progress> {
        self.0
            .iter()
            .filter_map(|event| match &event.happening {
                Happening::Progress { progress, .. } => Some(progress),
                Happening::Fact(_) => None,
            })
            .collect()
    }
}

/// How one process ended.
#[derive(Debug)]
pub(crate) enum Process {
    Ended(Box<Ended>),
    JournalFailed,
    Died,
}

/// A run over a world: its journal survives every process.
pub(crate) struct Rehearsal {
    pub(crate) world: World,
    pub(crate) journal: MemoryJournal,
    pub(crate) ears: Ears,
    pub(crate) stop: Stop,
}

impl Rehearsal {
    pub(crate) fn of(plan: Plan, world: &World) -> Self {
        let mut journal = MemoryJournal::new();
        let opening = Opening { run: run_id(), tool: "0.0.0".to_owned(), plan, origin: "scripted".to_owned() };
        journal.append(world.clock.now(), opening.entry("ann@example.com")).unwrap();
        let mut rehearsal = Self { world: world.clone(), journal, ears: Ears::default(), stop: Stop::new() };
        rehearsal.lease().unwrap();
        rehearsal
    }

    /// What a process does before it drives.
    fn lease(&mut self) -> Result<(), JournalFault> {
        let fence = RunState::fold(self.journal.lines())?.lease.map_or(1, |lease| lease.fence + 1);
        let entry = Entry::Leased { by: "ann@example.com".to_owned(), holder: "here".to_owned(), fence, folder: None };
        self.journal.append(self.world.clock.now(), entry).map(|_| ())
    }

    /// One process's work, until it ends or dies.
    pub(crate) async fn drive(&mut self, person: &mut Operator) -> Process {
        let registry = Registry::over(&self.world);
        let (world, stop) = (self.world.clone(), self.stop.clone());
        let parts = Drive {
            journal: &mut self.journal,
            actions: &registry,
            clock: &world.clock,
            person,
            listener: &mut self.ears,
            stop: &stop,
            run: run_id(),
        };
        tokio::select! {
            biased;
            () = world.died.notified() => Process::Died,
            ended = drive(parts) => ended.map_or(Process::JournalFailed, |ended| Process::Ended(Box::new(ended))),
        }
    }

    /// One process's work that is expected to end by itself.
    pub(crate) async fn end(&mut self, person: &mut Operator) -> Ended {
        match self.drive(person).await {
            Process::Ended(ended) => *ended,
            other => panic!("{other:?}"),
        }
    }

    /// One process's work of turning back.
    pub(crate) async fn turn_back(
        &mut self,
        person: &mut Operator,
    ) -> Result<Result<Ended, Fault>, Option<JournalFault>> {
        let registry = Registry::over(&self.world);
        let (world, stop) = (self.world.clone(), self.stop.clone());
        let parts = Drive {
            journal: &mut self.journal,
            actions: &registry,
            clock: &world.clock,
            person,
            listener: &mut self.ears,
            stop: &stop,
            run: run_id(),
        };
        tokio::select! {
            biased;
            () = world.died.notified() => Err(None),
            turned = crate::abort::turn_back(parts) => turned.map_err(Some),
        }
    }

    /// A new process takes the run.
    pub(crate) fn restart(&mut self) {
        self.journal = self.journal.reopened().unwrap();
        self.stop = Stop::new();
        if RunState::fold(self.journal.lines()).unwrap().closed.is_none() {
            self.lease().unwrap();
        }
    }

    pub(crate) fn state(&self) -> RunState {
        RunState::fold(self.journal.lines()).unwrap()
    }
}

/// The text of a whole run's journal.
pub(crate) async fn sample_text() -> String {
    let world = World::new();
    let mut rehearsal = Rehearsal::of(upgrade(), &world);
    rehearsal.end(&mut Operator::willing(&world)).await;
    rehearsal.journal.text().to_owned()
}
