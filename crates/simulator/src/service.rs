use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;

use super::api::{Shared, router};
use super::clock::{ClockMode, SimulatedClock};
use super::fault::{FaultRule, Unstruck};
use super::plane::{DatabasesWanted, Plane, PlaneFault};
use super::request_log::RequestEntry;
use super::saved::{self, SavedError};
use super::scenario::{Scenario, ScenarioError};
use super::serve::serve;
use super::traffic::Audit;
use super::wire::SimulatedWire;
use super::world::World;
use hcops_heroku::transport::Wire;

/// A simulated Heroku that answers requests.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
}

impl Simulator {
    /// A simulator of this world under this clock. Identifiers that it makes depend on the seed alone.
    #[must_use]
    pub fn new(mut world: World, clock: Arc<SimulatedClock>, seed: u64) -> Self {
        world.ids.seed = seed;
        Self { shared: Arc::new(Shared::new(world, clock)) }
    }

    /// A simulator of a scenario that is part of hcops, at the scenario's own time.
    ///
    /// # Errors
    /// When there is no scenario of that name; the message lists the names.
    pub fn from_scenario(name: &str, mode: ClockMode, seed: u64) -> Result<Self, ScenarioError> {
        let world = Scenario::load(name)?.world(seed);
        let clock = Arc::new(SimulatedClock::new(world.settled_at, mode));
        Ok(Self::new(world, clock, seed))
    }

    /// Continues a simulation that was saved by [`Self::save_to`], and goes on saving it there. Its time stood still
    /// meanwhile.
    ///
    /// # Errors
    /// When the file can't be read, is damaged, or comes from another version.
    pub fn restore(path: &Path, mode: ClockMode) -> Result<Self, SavedError> {
        let saved = saved::read(path)?;
        let clock = Arc::new(SimulatedClock::new(saved.now, mode));
        let shared = Shared::new(saved.world, clock);
        {
            let mut state = shared.as_it_is();
            state.faults = saved.faults;
            state.requests = saved.requests;
            state.save_to = Some(path.to_owned());
        }
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Lets the world name the versions that its databases will have when real servers are put under it.
    ///
    /// # Errors
    /// When a major of the world is not installed here.
    pub fn expect_databases(&self, wanted: &DatabasesWanted) -> Result<(), PlaneFault> {
        let mut state = self.shared.settled();
        wanted.check(&state.world)?;
        wanted.name_versions(&mut state.world);
        state.remember();
        Ok(())
    }

    /// Puts real servers under the world's databases. From here on they follow the world: whoever gets an answer of the
    /// simulator finds the servers in agreement with it.
    ///
    /// # Errors
    /// When a major of the world is not installed here, or a server does not start.
    pub fn with_databases(&self, wanted: DatabasesWanted) -> Result<(), PlaneFault> {
        self.expect_databases(&wanted)?;
        self.shared.as_it_is().put_plane(Some(Plane::new(wanted)?));
        let mut state = self.shared.settled();
        if let Some(fault) = state.take_disagreement() {
            drop(state.put_plane(None));
            return Err(fault);
        }
        self.shared.keep(&mut state);
        drop(state);
        self.shared.keep_up();
        Ok(())
    }

    /// Lets the servers that an earlier process has left in `wanted.keep_in` follow the world again. They are started when
    /// the world is next asked for, not before.
    ///
    /// # Errors
    /// When no thread can be started for them.
    pub fn take_up_databases(&self, wanted: DatabasesWanted) -> Result<(), PlaneFault> {
        self.shared.as_it_is().put_plane(Some(Plane::new(wanted)?));
        self.shared.keep_up();
        Ok(())
    }

    /// Whether real servers are under the world's databases.
    #[must_use]
    pub fn has_databases(&self) -> bool {
        self.shared.as_it_is().plane.is_some()
    }

    /// Counts what is in the databases and in Salesforce against what was written: nothing lost, nothing twice, nothing in
    /// the wrong place.
    ///
    /// # Errors
    /// When there are no servers, or they do not agree with the world or can't be read.
    pub fn audit(&self) -> Result<Audit, PlaneFault> {
        self.shared.audit()
    }

    /// Where the superuser of the server behind this add-on comes in, without a password: the folder of its socket, and its
    /// port. Nothing where there are no servers, or none for it.
    ///
    /// # Errors
    /// When the servers can't be opened.
    pub fn server_of(&self, addon: &str) -> Result<Option<(PathBuf, u16)>, PlaneFault> {
        let state = self.shared.settled();
        state.plane.as_ref().map_or(Ok(None), |plane| plane.server_of(&state.world, addon))
    }

    /// Ends the servers and removes what they have kept.
    ///
    /// # Errors
    /// When a folder can't be removed.
    pub fn remove_databases(&self) -> Result<(), PlaneFault> {
        let plane = self.shared.as_it_is().put_plane(None);
        plane.map_or(Ok(()), Plane::remove)
    }

    /// Saves the simulation now, and after every request before it is answered.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save_to(&self, path: impl Into<PathBuf>) -> io::Result<()> {
        let path = path.into();
        let mut state = self.shared.settled();
        saved::write(&path, &state.saved(hcops_model::Clock::now(&*self.shared.clock)))?;
        state.save_to = Some(path);
        Ok(())
    }

    /// A wire that ends in this simulator, without a network.
    #[must_use]
    pub fn wire(&self) -> Arc<dyn Wire> {
        Arc::new(SimulatedWire::new(router(Arc::clone(&self.shared)), Arc::clone(&self.shared.clock)))
    }

    /// Serves HTTP until `shutdown` is done; connections that are open then are closed.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> io::Result<()> {
        serve(router(Arc::clone(&self.shared)), listener, shutdown).await
    }

    /// The clock of the simulation.
    #[must_use]
    pub fn clock(&self) -> Arc<SimulatedClock> {
        Arc::clone(&self.shared.clock)
    }

    /// The world as it is now.
    #[must_use]
    pub fn world(&self) -> World {
        self.shared.settled().world.clone()
    }

    /// Puts another world in its place.
    pub fn set_world(&self, world: World) {
        let mut state = self.shared.settled();
        state.replace(world);
        self.shared.keep(&mut state);
    }

    /// Changes the world by hand, as someone outside would.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let mut state = self.shared.settled();
        let result = change(&mut state.world);
        state.agree();
        state.remember();
        self.shared.keep(&mut state);
        result
    }

    /// Moves a paused clock forward by so many seconds, and the world with it.
    pub fn advance(&self, seconds: u64) {
        self.shared.advance(seconds);
    }

    /// All requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestEntry> {
        self.shared.settled().requests.clone()
    }

    /// Adds a fault.
    ///
    /// # Errors
    /// One sentence, when there is no such fault or its parts don't fit together.
    pub fn add_fault(&self, rule: FaultRule) -> Result<(), String> {
        self.shared.add_fault(rule)
    }

    /// The faults with their counters.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRule> {
        self.shared.settled().faults.clone()
    }

    /// The faults that have not struck so far, and those that nothing has met.
    #[must_use]
    pub fn unstruck(&self) -> Vec<Unstruck> {
        let state = self.shared.settled();
        state.faults.iter().filter_map(|rule| rule.unstruck(&state.world)).collect()
    }

    /// Takes all faults away. What they did to the world stays.
    pub fn clear_faults(&self) {
        self.shared.settled().faults.clear();
    }

    /// Calls `listener` with the world after each change, before the request that made it is answered.
    pub fn on_change(&self, listener: impl Fn(&World) + Send + 'static) {
        self.shared.settled().on_change = Some(Box::new(listener));
    }

    /// Calls `listener` with each request, before it is answered.
    pub fn on_request(&self, listener: impl Fn(&RequestEntry) + Send + 'static) {
        self.shared.settled().on_request = Some(Box::new(listener));
    }
}
