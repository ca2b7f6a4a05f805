//! One request from arrival to answer: time moves up to it, faults strike, access is checked, the handler acts, the
//! world is saved, and only then the answer goes out.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::auth::{self, Access};
use super::reply::Content;
use super::{Call, Reply, sparse};
use crate::clock::{ClockMode, SimulatedClock, Ticker};
use crate::fault::{Effect, Fault, FaultRule, When};
use crate::plane::{Plane, PlaneFault};
use crate::request_log::{RequestEffect, RequestEntry};
use crate::traffic::Audit;
use crate::world::{Refusal, World};
use hcops_model::Clock;

/// Worlds of the past that a lagging read can be answered from.
const REMEMBERED: usize = 32;
/// Real time between two looks at a world whose clock runs.
const TICK: Duration = Duration::from_millis(100);

/// What answers a request: it acts on the world, or refuses and has changed nothing.
pub(crate) type Handler = fn(&mut World, &Call) -> Result<Reply, Refusal>;
/// Told of every change of the world, or of every request.
pub(crate) type Listener<T> = Box<dyn Fn(&T) + Send>;

/// How an exchange ends.
#[derive(Debug)]
pub(crate) enum Ending {
    Answer(Reply),
    Broken(Injected),
}

/// An ending without an answer. Rides as an extension on a response that is never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Injected {
    /// The connection breaks.
    Cut,
    /// No answer comes within the client's bound.
    Timeout,
}

/// A simulation as it is saved: everything but the speed of its clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// Version of this document.
    pub(crate) format: u32,
    /// The simulated time.
    pub(crate) now: Timestamp,
    pub(crate) world: World,
    pub(crate) faults: Vec<FaultRule>,
    pub(crate) requests: Vec<RequestEntry>,
}

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) clock: Arc<SimulatedClock>,
    state: Mutex<State>,
    /// What lets the world move by itself on a clock that runs; it ends with this.
    ticker: Mutex<Option<Ticker>>,
}

pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Vec<FaultRule>,
    pub(crate) requests: Vec<RequestEntry>,
    pub(crate) save_to: Option<PathBuf>,
    pub(crate) on_change: Option<Listener<World>>,
    pub(crate) on_request: Option<Listener<RequestEntry>>,
    past: VecDeque<World>,
    /// Real servers under the world's databases.
    pub(crate) plane: Option<Plane>,
    /// The world with which the servers agree.
    agreed: Option<World>,
    /// Why the servers do not agree with the world.
    disagreement: Option<PlaneFault>,
    /// Why the simulation could not be saved: then it answers nothing any more.
    unsaved: Option<String>,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Arc<SimulatedClock>) -> Self {
        let state = State {
            past: VecDeque::from([world.clone()]),
            world,
            faults: Vec::new(),
            requests: Vec::new(),
            save_to: None,
            on_change: None,
            on_request: None,
            plane: None,
            agreed: None,
            disagreement: None,
            unsaved: None,
        };
        Self { clock, state: Mutex::new(state), ticker: Mutex::new(None) }
    }

    /// From here on the world is worked out as soon as the time has moved, not only when somebody asks: its databases are
    /// looked at without asking the simulator.
    pub(crate) fn keep_up(self: &Arc<Self>) {
        let shared = Arc::downgrade(self);
        let look = move || {
            if let Some(shared) = shared.upgrade() {
                drop(shared.settled());
            }
        };
        match self.clock.mode() {
            ClockMode::Paused => self.clock.on_move(look),
            ClockMode::Scaled(_) => {
                *self.ticker.lock().unwrap_or_else(PoisonError::into_inner) = Some(Ticker::every(TICK, look));
            }
        }
    }

    /// The moment at which a request is answered. Where a scenario says so, getting there takes some simulated time.
    pub(crate) fn arrive(&self) -> Timestamp {
        let seconds = self.settled().world.behaviour.seconds_per_request;
        if seconds > 0 {
            self.clock.advance(Duration::from_secs(seconds));
        }
        self.clock.now()
    }

    /// The state, with the world worked out up to now, and with servers that agree with it where there are any.
    pub(crate) fn settled(&self) -> MutexGuard<'_, State> {
        let mut state = self.as_it_is();
        if state.settle(self.clock.now()) {
            self.keep(&mut state);
        }
        state
    }

    /// The state as it was left.
    pub(crate) fn as_it_is(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what is in the databases, once they agree with the world.
    pub(crate) fn audit(&self) -> Result<Audit, PlaneFault> {
        let mut state = self.settled();
        if let Some(fault) = state.take_disagreement() {
            return Err(fault);
        }
        let State { plane, world, .. } = &*state;
        plane.as_ref().ok_or(PlaneFault::None)?.audit(world)
    }

    /// Moves the time and works the world out up to it.
    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        let mut state = self.settled();
        self.keep(&mut state);
    }

    /// Adds a fault; one of the world that has no place strikes at once.
    pub(crate) fn add_fault(&self, mut rule: FaultRule) -> Result<(), String> {
        rule.check()?;
        let mut state = self.settled();
        rule.check_target(&state.world)?;
        if rule.is_immediate() {
            rule.struck += 1;
            rule.inflict(&mut state.world).map_err(|why| format!("{rule} cannot strike: {why}"))?;
            state.remember();
        }
        state.faults.push(rule);
        self.keep(&mut state);
        Ok(())
    }

    /// Answers one request.
    pub(crate) fn exchange(&self, access: Access, handler: Handler, call: &Call) -> Ending {
        let mut state = self.settled();
        if let Some(ending) = state.out_of_order() {
            return ending;
        }
        let mut struck = state.strike(call);
        let (ending, effect) = state.act(access, handler, call, &mut struck);
        state.agree();
        let status = match &ending {
            Ending::Answer(reply) => Some(reply.status),
            Ending::Broken(_) => None,
        };
        let entry = RequestEntry {
            seq: u64::try_from(state.requests.len()).unwrap_or(u64::MAX) + 1,
            at: call.now,
            method: call.method.clone(),
            path: call.path.clone(),
            status,
            effect,
            fault: struck.first().map(|rule| rule.fault),
        };
        if let Some(listener) = &state.on_request {
            listener(&entry);
        }
        state.requests.push(entry);
        if effect == RequestEffect::Applied || !struck.is_empty() {
            state.remember();
            if let Some(listener) = &state.on_change {
                listener(&state.world);
            }
        }
        self.keep(&mut state);
        state.out_of_order().unwrap_or(ending)
    }

    /// Saves the state, where that was asked for. A client must not go on from a state that is not on disk, so after a
    /// failure every request is answered with 500 and the reason.
    pub(crate) fn keep(&self, state: &mut State) {
        let Some(path) = state.save_to.clone() else { return };
        let saved = state.saved(self.clock.now());
        if let Err(error) = super::super::saved::write(&path, &saved) {
            state.unsaved = Some(format!("The simulation could not be saved to {}: {error}", path.display()));
        }
    }
}

impl State {
    /// Works the world out up to now, with the servers following it step by step. Says whether servers were changed in a
    /// way that the saved world should know.
    fn settle(&mut self, now: Timestamp) -> bool {
        let Self { world, plane: Some(plane), agreed, .. } = self else {
            self.world.settle(now);
            return false;
        };
        let before = agreed.as_ref().map(shape);
        let outcome =
            world.settle_in_steps(
                now,
                |world, due| {
                    if due.touches_databases() { agree(plane, world, agreed) } else { Ok(()) }
                },
            );
        self.disagreement = outcome.and_then(|()| agree(plane, world, agreed)).err();
        before != agreed.as_ref().map(shape)
    }

    /// Makes the servers agree with a world that was changed.
    pub(crate) fn agree(&mut self) {
        if let Self { world, plane: Some(plane), agreed, .. } = self {
            let level = world.databases.iter().any(|database| database.following.is_some() && database.lag == 0);
            world.behaviour.meet(Fault::ReplayDisagrees, world.behaviour.replay_disagrees && level);
            self.disagreement = agree(plane, world, agreed).err();
        }
    }

    /// Puts servers under the world, or takes them away.
    pub(crate) fn put_plane(&mut self, plane: Option<Plane>) -> Option<Plane> {
        (self.agreed, self.disagreement) = (None, None);
        std::mem::replace(&mut self.plane, plane)
    }

    /// Why the servers do not agree with the world, if so; asked once.
    pub(crate) fn take_disagreement(&mut self) -> Option<PlaneFault> {
        self.disagreement.take()
    }

    fn out_of_order(&self) -> Option<Ending> {
        let unsaved = self.unsaved.as_deref().map(|reason| out_of_order("simulation_not_saved", reason));
        unsaved.or_else(|| {
            let reason = format!("The databases of the simulation do not follow it: {}", self.disagreement.as_ref()?);
            Some(out_of_order("databases_out_of_order", &reason))
        })
    }

    pub(crate) fn saved(&self, now: Timestamp) -> Saved {
        Saved {
            format: 1,
            now,
            world: self.world.clone(),
            faults: self.faults.clone(),
            requests: self.requests.clone(),
        }
    }

    /// Puts another world in this one's place.
    pub(crate) fn replace(&mut self, world: World) {
        self.world = world;
        self.past.clear();
        self.remember();
    }

    pub(crate) fn remember(&mut self) {
        self.past.push_back(self.world.clone());
        if self.past.len() > REMEMBERED {
            self.past.pop_front();
        }
    }

    fn strike(&mut self, call: &Call) -> Vec<FaultRule> {
        let path = call.path.split('?').next().unwrap_or(&call.path);
        self.faults
            .iter_mut()
            .filter(|rule| !rule.is_immediate())
            .filter_map(|rule| rule.strikes(&call.method, path).then(|| rule.clone()))
            .collect()
    }

    /// Faults of what comes after a request wait for the next one, where it did not come so far.
    fn spare(&mut self, struck: &mut Vec<FaultRule>, which: impl Fn(&FaultRule) -> bool) {
        for rule in struck.extract_if(.., |rule| which(rule)) {
            for one in self.faults.iter_mut().filter(|one| **one == rule) {
                one.struck -= 1;
                one.why_missed = Some("the request that it was for was refused".to_owned());
            }
        }
    }

    fn act(
        &mut self,
        access: Access,
        handler: Handler,
        call: &Call,
        struck: &mut Vec<FaultRule>,
    ) -> (Ending, RequestEffect) {
        let refused = if is_read(call) { RequestEffect::Read } else { RequestEffect::Refused };
        self.change_world(struck, When::Before);
        if let Some(ending) = ending(struck, When::Before) {
            self.spare(struck, |rule| rule.when() == When::After && !rule.is_of_world());
            self.change_world(struck, When::After);
            return (self.finish(access, call, ending), refused);
        }
        let reply = self.admit(access, call).map_or_else(|refusal| refusal, |()| self.run(handler, call, struck));
        if !reply.succeeded() {
            // A change that is refused begins nothing that could stay half-way.
            self.spare(struck, |rule| matches!(rule.effect(), Effect::NeverDone | Effect::Stuck));
        }
        let done = reply.succeeded() && !has(struck, |effect| matches!(effect, Effect::NeverDone)) && !is_read(call);
        self.change_world(struck, When::After);
        let effect = if done { RequestEffect::Applied } else { refused };
        let ending = ending(struck, When::After).unwrap_or(Ending::Answer(reply));
        (self.finish(access, call, ending), effect)
    }

    /// Lets the changes of the world happen that are due now. What is impossible just then does not happen.
    fn change_world(&mut self, struck: &mut Vec<FaultRule>, when: When) {
        struck.retain(|rule| {
            let inflicted = if rule.when() == when { rule.inflict(&mut self.world) } else { Ok(()) };
            let Err(why) = inflicted else { return true };
            for one in self.faults.iter_mut().filter(|one| *one == rule) {
                one.struck -= 1;
                one.missed += 1;
                one.why_missed = Some(why.clone());
            }
            false
        });
    }

    /// Whether the request gets in: token, rate limit, Connect's own maintenance.
    fn admit(&mut self, access: Access, call: &Call) -> Result<(), Reply> {
        self.world.behaviour.meet(Fault::Unauthorized, self.world.account.expired && access != Access::Public);
        auth::check(&self.world, access, call)?;
        if access == Access::Platform {
            auth::check_account(&self.world, call, is_read(call))?;
        }
        let free = call.path == "/account/rate-limits";
        if access == Access::Platform && !free && !self.world.account.rate.take() {
            return Err(too_many_requests());
        }
        let closed = self.world.behaviour.connect_maintenance.is_some_and(|window| window.contains(call.now));
        if access == Access::Connect && closed {
            self.world.behaviour.meet(Fault::ConnectMaintenance, true);
            return Err(Reply::html(503));
        }
        Ok(())
    }

    fn run(&mut self, handler: Handler, call: &Call, struck: &[FaultRule]) -> Reply {
        if let Some(rule) = struck.iter().find(|rule| matches!(rule.effect(), Effect::Lag)) {
            let mut past = self.as_it_was(call.now, rule.number());
            return handler(&mut past, call).unwrap_or_else(Reply::from);
        }
        if call.method == "GET" {
            return handler(&mut self.world, call).unwrap_or_else(Reply::from);
        }
        let mut changed = self.world.clone();
        let reply = match handler(&mut changed, call) {
            Ok(reply) => reply,
            Err(refusal) => return refusal.into(),
        };
        if has(struck, |effect| matches!(effect, Effect::Stuck)) {
            let before = self.world.timers_set;
            changed.timers.retain(|timer| timer.order <= before);
        }
        if !has(struck, |effect| matches!(effect, Effect::NeverDone)) {
            self.world = changed;
        }
        reply
    }

    /// The world so many seconds ago: the last change before that moment, worked out up to it.
    fn as_it_was(&self, now: Timestamp, seconds: u64) -> World {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        let then = now.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        let remembered = self.past.iter().rev().find(|world| world.settled_at <= then).or_else(|| self.past.front());
        let mut world = remembered.unwrap_or(&self.world).clone();
        world.settle(then.max(world.settled_at));
        world
    }

    /// Puts the headers on an answer that every answer of the API has.
    fn finish(&self, access: Access, call: &Call, ending: Ending) -> Ending {
        let Ending::Answer(mut reply) = ending else { return ending };
        if let (true, Content::Json(body)) = (self.world.behaviour.leaves_out_what_is_optional, &mut reply.body) {
            sparse::leave_out(&call.method, &call.path, body);
        }
        let number = self.requests.len() + 1;
        let own = || crate::world::id_of(&format!("request {} {number}", self.world.ids.seed));
        let sent = call.header("request-id").and_then(|list| list.split(',').next()).map(str::trim);
        let id = sent.filter(|id| !id.is_empty()).map_or_else(own, str::to_owned);
        let named = reply.headers.iter().any(|(name, _)| name == "ratelimit-remaining");
        let reply = reply.with_header("request-id", id);
        if named || access != Access::Platform {
            return Ending::Answer(reply);
        }
        Ending::Answer(reply.with_header("ratelimit-remaining", self.world.account.rate.remaining().to_string()))
    }
}

/// Looking things up by POST is reading; so is asking for a validation.
fn is_read(call: &Call) -> bool {
    call.method == "GET"
        || call.path.starts_with("/actions/")
        || call.path.ends_with("/validations")
        || call.path.ends_with("/authorize_url")
}

fn has(struck: &[FaultRule], is_it: impl Fn(Effect) -> bool) -> bool {
    struck.iter().map(FaultRule::effect).any(is_it)
}

/// How the faults end the exchange at this point, if they do.
fn ending(struck: &[FaultRule], when: When) -> Option<Ending> {
    struck.iter().filter(|rule| rule.when() == when).find_map(|rule| {
        let usual = match rule.effect() {
            Effect::Cut => return Some(Ending::Broken(Injected::Cut)),
            Effect::Timeout => return Some(Ending::Broken(Injected::Timeout)),
            Effect::Html => Reply::html(rule.status.unwrap_or(200)),
            Effect::RateLimit => too_many_requests(),
            Effect::ServerError => server_error(rule.status.unwrap_or(500)),
            Effect::Answer => Reply::empty(200),
            Effect::NeverDone | Effect::Stuck | Effect::Lag | Effect::World(_) | Effect::Attempt(_) => return None,
        };
        Some(Ending::Answer(answer(rule, usual)))
    })
}

/// The answer of a rule, and the usual one as far as the rule says nothing else.
fn answer(rule: &FaultRule, usual: Reply) -> Reply {
    let given = match (rule.status.unwrap_or(usual.status), &rule.body) {
        (status, Value::Null) if status == usual.status => usual,
        (status, Value::Null) => Reply::empty(status),
        (status, body) => Reply::json(status, body.clone()),
    };
    rule.headers.iter().fold(given, |reply, (name, value)| reply.with_header(&name.to_ascii_lowercase(), value))
}

fn server_error(status: u16) -> Reply {
    Refusal::new(status, "server_error", "Internal server error.").into()
}

fn out_of_order(id: &str, reason: &str) -> Ending {
    Ending::Answer(Refusal::new(500, id, reason).into())
}

/// Tells the plane of a world that it does not know yet, and the world what only servers can know.
fn agree(plane: &Plane, world: &mut World, agreed: &mut Option<World>) -> Result<(), PlaneFault> {
    if agreed.as_ref().is_some_and(|agreed| is_same_to_servers(agreed, world)) {
        return Ok(());
    }
    let corrections = plane
        .agree(world)
        .inspect_err(|fault| tracing::error!("the databases do not follow the simulated world: {fault}"))?;
    corrections.into_iter().for_each(|correction| correction.apply(world));
    *agreed = Some(world.clone());
    Ok(())
}

fn is_same_to_servers(one: &World, other: &World) -> bool {
    one.databases == other.databases
        && one.transfers == other.transfers
        && one.apps == other.apps
        && one.attachments == other.attachments
        && one.connections == other.connections
        && one.behaviour == other.behaviour
        && one.addons == other.addons
}

/// What of the databases must not be forgotten when the process is killed.
fn shape(world: &World) -> Vec<(String, u16, String, bool)> {
    let of = |database: &crate::world::Database| {
        (database.addon.clone(), database.port, database.version.clone(), database.following.is_some())
    };
    world.databases.iter().map(of).collect()
}

fn too_many_requests() -> Reply {
    let refusal = Refusal::new(429, "rate_limit", "Your account reached the API rate limit");
    Reply::from(refusal).with_header("ratelimit-remaining", "0")
}

impl From<Refusal> for Ending {
    fn from(refusal: Refusal) -> Self {
        Self::Answer(refusal.into())
    }
}
