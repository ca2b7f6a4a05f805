use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::inside::Inside;
use super::{Correction, DatabasesWanted, PlaneFault};
use crate::traffic::Audit;
use crate::world::World;

/// The plane as the simulator holds it: a thread that owns the servers, asked one thing after the other.
///
/// The servers are opened by the first question, so that a simulation that is only looked at starts none. When this is
/// dropped they end.
pub(crate) struct Plane {
    asked: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

type Job = Box<dyn FnOnce(&mut Driver) + Send>;

struct Driver {
    runtime: tokio::runtime::Runtime,
    wanted: DatabasesWanted,
    inside: Option<Inside>,
}

impl Plane {
    /// A plane of such servers. Nothing is started yet.
    ///
    /// # Errors
    /// When the thread can't be started.
    pub(crate) fn new(wanted: DatabasesWanted) -> Result<Self, PlaneFault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let mut driver = Driver { runtime: runtime.map_err(|_| PlaneFault::Gone)?, wanted, inside: None };
        let (asked, jobs): (Sender<Job>, Receiver<Job>) = channel();
        let thread = std::thread::Builder::new().name("databases".to_owned()).spawn(move || {
            for job in jobs {
                job(&mut driver);
            }
        });
        Ok(Self { asked: Some(asked), thread: Some(thread.map_err(|_| PlaneFault::Gone)?) })
    }

    /// Makes the servers agree with the world, and says what they show that the world does not.
    ///
    /// # Errors
    /// When a server or statement fails; the same can be asked again.
    pub(crate) fn agree(&self, world: &World) -> Result<Vec<Correction>, PlaneFault> {
        let world = world.clone();
        self.ask(move |driver| {
            let Driver { runtime, wanted, inside } = driver;
            let inside = opened(inside, wanted, &world)?;
            runtime.block_on(inside.agree(&world))
        })?
    }

    /// Counts what is in the databases and in Salesforce against what was written.
    ///
    /// # Errors
    /// When a database can't be read.
    pub(crate) fn audit(&self, world: &World) -> Result<Audit, PlaneFault> {
        let world = world.clone();
        self.ask(move |driver| {
            let Driver { runtime, wanted, inside } = driver;
            let inside = opened(inside, wanted, &world)?;
            runtime.block_on(inside.audit(&world))
        })?
    }

    /// The folder of the socket and the port of the server that stands behind an add-on; nothing where there is none.
    ///
    /// # Errors
    /// When the servers can't be opened.
    pub(crate) fn server_of(&self, world: &World, addon: &str) -> Result<Option<(PathBuf, u16)>, PlaneFault> {
        let (world, addon) = (world.clone(), addon.to_owned());
        self.ask(move |driver| {
            let inside = opened(&mut driver.inside, &driver.wanted, &world)?;
            let server = inside.servers.get(&addon);
            Ok(server.map(|server| (server.cluster.socket_folder().to_owned(), server.cluster.port())))
        })?
    }

    /// Ends the servers; what was kept of them goes.
    ///
    /// # Errors
    /// When a folder can't be removed.
    pub(crate) fn remove(self) -> Result<(), PlaneFault> {
        self.ask(|driver| match driver.inside.take() {
            // Dropping sessions needs the runtime that carries them.
            Some(inside) => driver.runtime.block_on(async { inside.remove() }),
            None => Ok(()),
        })?
    }

    fn ask<R: Send + 'static>(&self, job: impl FnOnce(&mut Driver) -> R + Send + 'static) -> Result<R, PlaneFault> {
        let (answer, answered) = channel();
        let job: Job = Box::new(move |driver| {
            // Who asked has gone away: nobody waits for the answer.
            let _ = answer.send(job(driver));
        });
        self.asked.as_ref().ok_or(PlaneFault::Gone)?.send(job).map_err(|_| PlaneFault::Gone)?;
        answered.recv().map_err(|_| PlaneFault::Gone)
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        drop(self.asked.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has left its servers to the watchdog.
            let _ = thread.join();
        }
    }
}

fn opened<'inside>(
    inside: &'inside mut Option<Inside>,
    wanted: &DatabasesWanted,
    world: &World,
) -> Result<&'inside mut Inside, PlaneFault> {
    if inside.is_none() {
        *inside = Some(Inside::open(wanted, world)?);
    }
    inside.as_mut().ok_or(PlaneFault::Gone)
}
