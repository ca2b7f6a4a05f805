//! The comparison of the world's databases with the servers, and what makes them agree.

use jiff::Timestamp;

use super::inside::Inside;
use super::register::{Known, Placed};
use super::server::{Replay, Server};
use super::wanted::major_of;
use super::{Correction, PlaneFault, replay, roles};
use crate::postgres::{Cluster, Encryption, ServerFault, free_port};
use crate::world::{Database, PlanName, Transfer, World};

/// Virtual seconds after which a follower that is behind is let catch up a little again.
const LET_ON_EVERY: i64 = 60;

/// Where a new server comes from.
enum Origin {
    Nothing,
    Leader(String),
    Fork(String),
    Past(String, Timestamp),
}

impl Inside {
    pub(super) async fn reconcile(&mut self, world: &World, told: &mut Vec<Correction>) -> Result<(), PlaneFault> {
        let mut databases: Vec<&Database> = world.databases.iter().collect();
        databases.sort_by_key(|database| (database.following.is_some(), database.forked_from.is_some()));
        for database in databases {
            self.give_port(database, told)?;
            self.reconcile_one(world, database, told).await?;
            self.tell_address(database, told);
        }
        for transfer in &world.transfers {
            self.carry_out(world, transfer, told).await?;
        }
        Ok(())
    }

    async fn reconcile_one(
        &mut self,
        world: &World,
        database: &Database,
        told: &mut Vec<Correction>,
    ) -> Result<(), PlaneFault> {
        if self.servers.contains_key(&database.addon) {
            self.promote_if_left(database).await?;
            self.return_if_left_too_early(world, database).await?;
            self.convert_if_newer(world, database, told).await?;
        } else if self.may_begin(world, database) {
            self.begin(world, database).await?;
        }
        let Some(server) = self.servers.get(&database.addon) else { return Ok(()) };
        let version = server.cluster.version();
        let refused = matches!(told.last(), Some(Correction::UpgradeFailed { addon, .. }) if *addon == database.addon);
        if database.version != version && !refused {
            told.push(Correction::Version { addon: database.addon.clone(), version: version.to_owned() });
        }
        self.keep_history(world, database, told).await
    }

    fn known(&mut self, addon: &str) -> &mut Known {
        self.register.databases.entry(addon.to_owned()).or_default()
    }

    /// A database has its port from the moment on at which it is ordered, so that its URL stays the same.
    fn give_port(&mut self, database: &Database, told: &mut Vec<Correction>) -> Result<(), PlaneFault> {
        if self.known(&database.addon).port == 0 {
            let taken: Vec<u16> = self.register.databases.values().map(|known| known.port).collect();
            let mut port = free_port().map_err(doing("choosing a port"))?;
            while taken.contains(&port) {
                port = free_port().map_err(doing("choosing a port"))?;
            }
            self.known(&database.addon).port = port;
        }
        self.tell_address(database, told);
        Ok(())
    }

    fn tell_address(&mut self, database: &Database, told: &mut Vec<Correction>) {
        let port = self.known(&database.addon).port;
        let correction = Correction::Address { addon: database.addon.clone(), port };
        if (database.port != port || database.hostaddr.is_none()) && !told.contains(&correction) {
            told.push(correction);
        }
    }

    /// A database gets its server when it becomes ready, and when what it comes from has one.
    fn may_begin(&self, world: &World, database: &Database) -> bool {
        let leaving = world.addon(&database.addon).is_ok_and(|addon| addon.state == "deprovisioning");
        let initial = self.register.initial.contains(&database.addon);
        let there = |addon: &String| self.servers.contains_key(addon);
        !leaving && (initial || database.waiting.is_none()) && database.following.as_ref().is_none_or(there)
    }

    fn origin(&self, database: &Database) -> Origin {
        let there = |addon: &&String| self.servers.contains_key(*addon);
        match (&database.following, database.forked_from.as_ref().filter(there), database.rolled_back_to) {
            (Some(leader), _, _) => Origin::Leader(leader.clone()),
            (None, Some(source), Some(moment)) => Origin::Past(source.clone(), moment),
            (None, Some(source), None) => Origin::Fork(source.clone()),
            (None, None, _) => Origin::Nothing,
        }
    }

    async fn begin(&mut self, world: &World, database: &Database) -> Result<(), PlaneFault> {
        let origin = self.origin(database);
        let making = doing(format!("making the server of {}", database.host));
        let mut cluster = self.made_of(database, &origin).map_err(making)?;
        cluster.listen_on(self.known(&database.addon).port);
        let starting = doing(format!("starting the server of {}", database.host));
        cluster.keep_history().and_then(|()| cluster.start()).map_err(starting)?;
        if let Origin::Past(source, moment) = &origin {
            let source = world.addon(source).map_or_else(|_| source.clone(), |addon| addon.name.clone());
            self.traffic.rolled_back(&source, *moment).map_err(PlaneFault::Traffic)?;
        }
        let mut server = Server::over(cluster);
        let names = self.furnish(database, &origin, &mut server).await?;
        let placed = Placed { number: server.cluster.number(), major: server.cluster.major() };
        let port = server.cluster.port();
        if matches!(origin, Origin::Nothing) && self.register.initial.contains(&database.addon) {
            self.fill(world, database, &server).await?;
        }
        self.servers.insert(database.addon.clone(), server);
        let known = self.known(&database.addon);
        (known.port, known.server, known.follows) = (port, Some(placed), database.following.clone());
        (known.database, known.user) = names;
        self.register.save()
    }

    fn made_of(&self, database: &Database, origin: &Origin) -> Result<Cluster, ServerFault> {
        let source = |addon: &String| self.servers.get(addon).map(|server| &server.cluster);
        let new = || self.workshop.unstarted(major_of(database.major()), Encryption::Unverifiable);
        match origin {
            Origin::Nothing => new(),
            Origin::Leader(addon) | Origin::Fork(addon) => source(addon).map_or_else(new, Cluster::unstarted_follower),
            Origin::Past(addon, moment) => {
                let marks = self.register.databases.get(addon).map_or(&[][..], |known| &known.marks);
                let mark = marks.iter().rev().find(|mark| *mark <= moment).or_else(|| marks.first());
                let name = mark.map_or_else(String::new, |mark| mark_name(*mark));
                source(addon).map_or_else(new, |cluster| cluster.rolled_back_to(&name))
            }
        }
    }

    /// Puts roles and database into a new server. Returns the names that both have there.
    async fn furnish(
        &self,
        database: &Database,
        origin: &Origin,
        server: &mut Server,
    ) -> Result<(String, String), PlaneFault> {
        match origin {
            Origin::Leader(leader) => {
                let names = self.register.databases.get(leader);
                let names = names.map(|known| (known.database.clone(), known.user.clone()));
                return Ok(names.unwrap_or_else(|| (database.database.clone(), database.user.clone())));
            }
            Origin::Nothing => roles::found(server, database).await?,
            Origin::Fork(source) | Origin::Past(source, _) => {
                end_recovery(server, matches!(origin, Origin::Fork(_))).await?;
                let names = self.register.databases.get(source);
                let names = names.map_or(("", ""), |known| (known.database.as_str(), known.user.as_str()));
                roles::rename(server, database, names).await?;
            }
        }
        Ok((database.database.clone(), database.user.clone()))
    }

    /// A database that ceased to follow is promoted: what it had not replayed is lost to it.
    async fn promote_if_left(&mut self, database: &Database) -> Result<(), PlaneFault> {
        if database.following.is_some() || self.known(&database.addon).follows.is_none() {
            return Ok(());
        }
        if let Some(server) = self.servers.get_mut(&database.addon) {
            let promoting = doing(format!("promoting {}", database.host));
            server.leave().await;
            server.cluster.promote_as_replayed().map_err(promoting)?;
            replay::leave_recovery(server).await?;
        }
        let known = self.known(&database.addon);
        known.follows = None;
        known.forget_history();
        self.register.save()
    }

    /// A world that was saved before a promotion knows nothing of it: there it still follows, and has to again.
    async fn return_if_left_too_early(&mut self, world: &World, database: &Database) -> Result<(), PlaneFault> {
        let Some(leader) = database.following.as_ref().filter(|leader| self.servers.contains_key(*leader)) else {
            return Ok(());
        };
        if self.known(&database.addon).follows.as_ref() == Some(leader) {
            return Ok(());
        }
        self.begin_anew(world, database).await
    }

    async fn convert_if_newer(
        &mut self,
        world: &World,
        database: &Database,
        told: &mut Vec<Correction>,
    ) -> Result<(), PlaneFault> {
        let (addon, major) = (&database.addon, major_of(database.major()));
        let Some(server) = self.servers.get(addon).filter(|server| server.cluster.major() < major) else {
            return Ok(());
        };
        let version = server.cluster.version().to_owned();
        self.sessions.close_in(addon).await;
        if let Some(leader) = &database.following {
            return self.follow_anew(world, database, leader).await;
        }
        let Some(mut server) = self.servers.remove(addon) else { return Ok(()) };
        server.leave().await;
        match converted(&mut server.cluster, major) {
            Ok(new) => self.replace(addon, server, new),
            Err(fault) => {
                self.servers.insert(addon.clone(), server);
                tracing::warn!("the upgrade of {} to {major} ends as failed: {fault}", database.host);
                told.push(Correction::UpgradeFailed { addon: addon.clone(), version, why: fault.to_string() });
                Ok(())
            }
        }
    }

    fn replace(&mut self, addon: &str, old: Server, new: Cluster) -> Result<(), PlaneFault> {
        let known = self.known(addon);
        known.server = Some(Placed { number: new.number(), major: new.major() });
        known.port = new.port();
        known.forget_history();
        self.servers.insert(addon.to_owned(), Server::over(new));
        self.register.save()?;
        old.cluster.remove();
        Ok(())
    }

    /// The followers of a leader that was upgraded in place are made again, as Heroku does
    /// (docs/heroku/procedures.md, "Upgrade in place").
    async fn follow_anew(&mut self, world: &World, database: &Database, leader: &str) -> Result<(), PlaneFault> {
        let upgraded =
            self.servers.get(leader).is_some_and(|leader| leader.cluster.major() == major_of(database.major()));
        if !upgraded {
            return Ok(());
        }
        self.begin_anew(world, database).await
    }

    async fn begin_anew(&mut self, world: &World, database: &Database) -> Result<(), PlaneFault> {
        self.sessions.close_in(&database.addon).await;
        if let Some(mut old) = self.servers.remove(&database.addon) {
            old.leave().await;
            old.cluster.remove();
        }
        let known = self.known(&database.addon);
        known.server = None;
        known.forget_history();
        self.begin(world, database).await
    }

    /// A leader that is ready keeps what a rollback needs: a base backup, and marks in its log.
    async fn keep_history(
        &mut self,
        world: &World,
        database: &Database,
        told: &mut Vec<Correction>,
    ) -> Result<(), PlaneFault> {
        let essential = world.addon(&database.addon).is_ok_and(|addon| addon.plan.is_essential());
        if essential || database.following.is_some() || database.waiting.is_some() {
            return Ok(());
        }
        let moment = world.settled_at;
        if self.known(&database.addon).basis.is_none()
            && let Some(server) = self.servers.get(&database.addon)
        {
            server.cluster.make_basis().map_err(doing(format!("backing up {}", database.host)))?;
            self.known(&database.addon).basis = Some(moment);
            self.mark(&database.addon, moment).await?;
        }
        let basis = self.known(&database.addon).basis;
        if let Some(moment) = basis.filter(|_| database.rollback_from != basis) {
            told.push(Correction::RollbackFrom { addon: database.addon.clone(), moment });
        }
        Ok(())
    }

    /// Marks a moment in a leader's log, so that a rollback can reach it.
    pub(super) async fn mark(&mut self, addon: &str, moment: Timestamp) -> Result<(), PlaneFault> {
        let known = self.register.databases.entry(addon.to_owned()).or_default();
        if known.basis.is_none() || known.marks.last().is_some_and(|last| *last >= moment) {
            return Ok(());
        }
        if let Some(server) = self.servers.get_mut(addon) {
            let mark = format!("select pg_create_restore_point('{}')", mark_name(moment));
            server.ask("marking a moment in the log", &mark).await?;
            known.marks.push(moment);
        }
        Ok(())
    }

    /// A copy holds what its source held when it began: then it is dumped. When it has ended with success the target holds
    /// that and nothing else.
    async fn carry_out(
        &mut self,
        world: &World,
        transfer: &Transfer,
        told: &mut Vec<Correction>,
    ) -> Result<(), PlaneFault> {
        if self.register.copies.contains(&transfer.uuid) {
            return Ok(());
        }
        let at = |url: &str| world.databases.iter().find(|database| database.is_at(url));
        let (Some(source), Some(target)) = (at(&transfer.order.from_url), at(&transfer.order.to_url)) else {
            return Ok(());
        };
        self.dump_once(transfer, source, target)?;
        if transfer.finished_at.is_none() {
            return Ok(());
        }
        self.sessions.close_in(&target.addon).await;
        if let Some(fault) = self.restored(transfer, target).err() {
            tracing::error!("the copy into {} failed: {fault}", target.host);
            let why = fault.to_string();
            told.push(Correction::CopyFailed { transfer: transfer.uuid.clone(), why });
        }
        self.register.dumps.remove(&transfer.uuid);
        self.register.copies.insert(transfer.uuid.clone());
        self.register.save()
    }

    /// Once is enough: what is written later is not in a copy. A dump that cannot be made is missing at its end.
    fn dump_once(&mut self, transfer: &Transfer, source: &Database, target: &Database) -> Result<(), PlaneFault> {
        if self.register.dumps.contains(&transfer.uuid) {
            return Ok(());
        }
        let servers = (self.servers.get(&source.addon), self.servers.get(&target.addon));
        let (Some(from), Some(to)) = servers else { return Ok(()) };
        if let Err(fault) = from.cluster.dump_for(&source.database, &to.cluster, &transfer.uuid) {
            tracing::error!("the dump of {} failed: {fault}", source.host);
        }
        self.register.dumps.insert(transfer.uuid.clone());
        self.register.save()
    }

    fn restored(&self, transfer: &Transfer, target: &Database) -> Result<(), ServerFault> {
        let Some(server) = self.servers.get(&target.addon) else { return Ok(()) };
        if transfer.succeeded == Some(true) {
            server.cluster.restore_over(&transfer.uuid, &target.database, &target.user)
        } else {
            server.cluster.forget_dump(&transfer.uuid)
        }
    }

    /// Lets followers that are behind catch up a little, as the world says that they did. What is written afterwards they
    /// do not have.
    pub(super) async fn let_followers_on(
        &mut self,
        world: &World,
        now: &super::counters::Counters,
    ) -> Result<(), PlaneFault> {
        for database in world.databases.iter().filter(|database| database.lag > 0 && !database.stalled) {
            let Some(leader) = &database.following else { continue };
            let last = self.let_on.get(&database.addon).copied();
            let due = last.is_none_or(|last| world.settled_at.as_second() - last.as_second() >= LET_ON_EVERY);
            if !due || !now.has_replayed_since(&self.seen, &database.addon) {
                continue;
            }
            self.with_follower(leader, &database.addon, Lag::Level).await?;
            self.let_on.insert(database.addon.clone(), world.settled_at);
            self.with_follower(leader, &database.addon, Lag::Behind).await?;
        }
        Ok(())
    }

    /// The servers show a lag where the world does, and none where it shows none.
    pub(super) async fn settle_replay(&mut self, world: &World) -> Result<(), PlaneFault> {
        for database in &world.databases {
            let Some(leader) = &database.following else { continue };
            let level = database.lag == 0 && !world.behaviour.replay_disagrees;
            self.with_follower(leader, &database.addon, if level { Lag::Level } else { Lag::Behind }).await?;
        }
        Ok(())
    }

    async fn with_follower(&mut self, leader: &str, addon: &str, lag: Lag) -> Result<(), PlaneFault> {
        let Some(mut follower) = self.servers.remove(addon) else { return Ok(()) };
        let done = match self.servers.get_mut(leader) {
            Some(leader) => match lag {
                Lag::Level => replay::catch_up(leader, &mut follower).await,
                Lag::Behind if follower.replay == Replay::Behind => Ok(()),
                Lag::Behind => replay::hold_back(leader, &mut follower).await,
            },
            None => Ok(()),
        };
        self.servers.insert(addon.to_owned(), follower);
        done
    }
}

/// How a follower is to stand to its leader.
#[derive(Debug, Clone, Copy)]
enum Lag {
    Level,
    Behind,
}

impl Known {
    /// A server that begins a new history has nothing to roll back to.
    fn forget_history(&mut self) {
        self.basis = None;
        self.marks.clear();
    }
}

fn converted(old: &mut Cluster, major: u32) -> Result<Cluster, ServerFault> {
    let mut new = old.upgraded(major)?;
    new.keep_history()?;
    new.start()?;
    Ok(new)
}

async fn end_recovery(server: &mut Server, by_promotion: bool) -> Result<(), PlaneFault> {
    if by_promotion && server.cluster.is_in_recovery().map_err(doing("looking at a new fork"))? {
        server.leave().await;
        server.cluster.promote().map_err(doing("promoting a new fork"))?;
    }
    replay::leave_recovery(server).await
}

fn mark_name(moment: Timestamp) -> String {
    format!("hcops_{}", moment.as_millisecond())
}

fn doing(what: impl Into<String>) -> impl FnOnce(ServerFault) -> PlaneFault {
    let what = what.into();
    move |source| PlaneFault::server(what, source)
}
