use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::counters::Counters;
use super::register::Register;
use super::server::Server;
use super::sessions::Sessions;
use super::{Correction, DatabasesWanted, PlaneFault, orphans};
use crate::postgres::{Cluster, Encryption, Workshop};
use crate::traffic::Traffic;
use crate::world::World;

/// What the plane's thread owns.
pub(super) struct Inside {
    pub(super) workshop: Workshop,
    pub(super) register: Register,
    pub(super) servers: BTreeMap<String, Server>,
    pub(super) sessions: Sessions,
    pub(super) traffic: Traffic,
    /// What had been counted when the servers last agreed with the world.
    pub(super) seen: Counters,
    /// When a follower that is behind was last let catch up.
    pub(super) let_on: BTreeMap<String, Timestamp>,
    kept_in: Option<PathBuf>,
}

/// The folder of what was written and sent.
const LEDGERS: &str = "traffic";

/// The folder of the servers beside the register, where their account can work there.
const SERVERS: &str = "servers";

/// Where the servers are otherwise: root's own folders are closed to the account that it lends to servers.
pub(super) const ELSEWHERE: &str = "/var/tmp";

impl Inside {
    /// Makes the place for servers, or finds it again. No server is started yet.
    pub(super) fn open(wanted: &DatabasesWanted, world: &World) -> Result<Self, PlaneFault> {
        let making = |source| PlaneFault::server("making a place for servers", source);
        let (workshop, mut register) = match &wanted.keep_in {
            None => {
                let workshop = Workshop::open(wanted.installations.clone(), None).map_err(making)?;
                (workshop, Register::in_memory(wanted.rows))
            }
            Some(folder) => {
                fs::create_dir_all(folder).map_err(|error| PlaneFault::register(folder, error))?;
                let mut register = Register::in_folder(folder, wanted.rows)?;
                let servers = register.folder.get_or_insert_with(|| place_for_servers(folder)).clone();
                let workshop = Workshop::kept(wanted.installations.clone(), &servers).map_err(making)?;
                orphans::note(&servers, folder).map_err(|error| PlaneFault::register(folder, error))?;
                (workshop, register)
            }
        };
        if register.databases.is_empty() {
            register.initial = world.databases.iter().map(|database| database.addon.clone()).collect();
        }
        register.save()?;
        workshop.clear_except(&register.numbers()).map_err(making)?;
        let ledgers = match &wanted.keep_in {
            Some(folder) => folder.join(LEDGERS),
            None => workshop.side_folder(LEDGERS).map_err(making)?,
        };
        Ok(Self {
            traffic: Traffic::open(&ledgers).map_err(PlaneFault::Traffic)?,
            workshop,
            register,
            servers: BTreeMap::new(),
            sessions: Sessions::default(),
            seen: Counters::of(world),
            let_on: BTreeMap::new(),
            kept_in: wanted.keep_in.clone(),
        })
    }

    /// Makes the servers agree with the world. It can be repeated, also by another process after a kill.
    pub(super) async fn agree(&mut self, world: &World) -> Result<Vec<Correction>, PlaneFault> {
        let now = Counters::of(world);
        let mut corrections = Vec::new();
        self.take_up(world)?;
        self.let_followers_on(world, &now).await?;
        self.rename_schemas(world).await?;
        self.shape_tables(world).await?;
        self.write(world, &now).await?;
        self.send_home(world).await?;
        self.reconcile(world, &mut corrections).await?;
        self.shape_tables(world).await?;
        self.settle_replay(world).await?;
        self.forget(world).await;
        self.register.save()?;
        self.seen = now;
        Ok(corrections)
    }

    /// Starts the servers of an earlier process again, leaders first.
    fn take_up(&mut self, world: &World) -> Result<(), PlaneFault> {
        let (followers, leaders): (Vec<String>, Vec<String>) = self
            .register
            .databases
            .iter()
            .filter(|(addon, known)| known.server.is_some() && !self.servers.contains_key(*addon))
            .filter(|(addon, _)| world.databases.iter().any(|database| &database.addon == *addon))
            .map(|(addon, _)| addon.clone())
            .partition(|addon| self.register.databases[addon].follows.is_some());
        for addon in leaders.into_iter().chain(followers) {
            self.take_up_one(&addon).map_err(|source| PlaneFault::server(format!("taking up {addon}"), source))?;
        }
        Ok(())
    }

    fn take_up_one(&mut self, addon: &str) -> Result<(), crate::postgres::ServerFault> {
        let Some(known) = self.register.databases.get_mut(addon) else { return Ok(()) };
        let Some(placed) = known.server else { return Ok(()) };
        let encryption = Encryption::Unverifiable;
        let mut cluster = Cluster::taken_up(&self.workshop, placed.number, placed.major, encryption, known.port)?;
        if let Some(leader) = known.follows.as_ref().and_then(|leader| self.servers.get(leader)) {
            cluster.follow(&leader.cluster)?;
        }
        cluster.start()?;
        known.port = cluster.port();
        self.servers.insert(addon.to_owned(), Server::over(cluster));
        Ok(())
    }

    /// Ends the servers of databases that the world has no more.
    async fn forget(&mut self, world: &World) {
        let is_gone = |addon: &String| !world.databases.iter().any(|database| &database.addon == addon);
        let gone: Vec<String> = self.register.databases.keys().filter(|addon| is_gone(addon)).cloned().collect();
        for addon in gone {
            self.sessions.close_in(&addon).await;
            if let Some(mut server) = self.servers.remove(&addon) {
                server.leave().await;
                server.cluster.remove();
            }
            self.register.databases.remove(&addon);
            self.let_on.remove(&addon);
        }
    }

    /// Ends the servers; what was kept of them goes as well.
    pub(super) fn remove(self) -> Result<(), PlaneFault> {
        let Self { workshop, register, servers, kept_in, .. } = self;
        for server in servers.into_values() {
            server.cluster.remove();
        }
        drop(workshop);
        for folder in register.folder.iter().chain(&kept_in) {
            match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(PlaneFault::register(folder, error));
                }
                _ => (),
            }
        }
        Ok(())
    }
}

fn place_for_servers(folder: &Path) -> PathBuf {
    let beside = folder.join(SERVERS);
    if Workshop::could_be_kept_in(&beside) {
        return beside;
    }
    // An empty folder that is of no use.
    let _ = fs::remove_dir(&beside);
    Path::new(ELSEWHERE).join(format!("{}{}", orphans::PREFIX, uuid::Uuid::new_v4().simple()))
}
