//! Every action by name: what runbooks draw from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reach::Databases;
use super::{Action, app, connect, erase, person, postgres};
use hcops_heroku::Clients;
use hcops_model::{Actions, AnyAction, Clock};

/// The actions by name.
pub struct Registry {
    by_name: BTreeMap<&'static str, Box<dyn AnyAction>>,
}

impl Actions for Registry {
    fn find(&self, name: &str) -> Option<&dyn AnyAction> {
        self.by_name.get(name).map(AsRef::as_ref)
    }

    fn all(&self) -> Vec<&dyn AnyAction> {
        self.by_name.values().map(AsRef::as_ref).collect()
    }
}

/// Every action, over these clients and this clock.
#[must_use]
pub fn registry(clients: Clients, clock: Arc<dyn Clock>) -> Registry {
    let databases = Arc::new(Databases::default());
    let mut shelf = Shelf { clients, clock, by_name: BTreeMap::new() };
    put_app(&mut shelf);
    put_connect(&mut shelf, &databases);
    put_person(&mut shelf);
    put_postgres(&mut shelf, &databases);
    Registry { by_name: shelf.by_name }
}

fn put_app(shelf: &mut Shelf) {
    shelf.put(app::NameOf);
    shelf.put(app::DynosCurrent);
    shelf.put(app::Maintenance);
    shelf.put(app::ReleaseSucceeded);
    shelf.put(app::RestoreFormation);
    shelf.put(app::ScaleDown);
    shelf.put(app::Silent);
    shelf.put(app::WorldAsPlanned);
}

fn put_connect(shelf: &mut Shelf, databases: &Arc<Databases>) {
    let own = || Arc::clone(databases);
    shelf.put(connect::Access);
    shelf.put(connect::ApiVersion);
    shelf.put(connect::Authorization);
    shelf.put(connect::Authorized);
    shelf.put(connect::Backlog(own()));
    shelf.put(connect::Baseline(own()));
    shelf.put(connect::BuiltOn(own()));
    shelf.put(connect::Change(own()));
    shelf.put(connect::Column);
    shelf.put(connect::Compare);
    shelf.put(connect::Configure);
    shelf.put(connect::Counts);
    shelf.put(connect::Create);
    shelf.put(connect::DbIs);
    shelf.put(connect::Destroy);
    shelf.put(connect::Drained(own()));
    shelf.put(connect::Export);
    shelf.put(connect::ExportUnchanged);
    shelf.put(connect::Features);
    shelf.put(connect::Field);
    shelf.put(connect::Healthy);
    shelf.put(connect::Idle);
    shelf.put(connect::Import);
    shelf.put(connect::Importable);
    shelf.put(connect::LoggedIn);
    shelf.put(connect::LoginAddress);
    shelf.put(connect::Losses);
    shelf.put(connect::MarkSent);
    shelf.put(connect::MaintenanceClear);
    shelf.put(connect::MaintenanceOver);
    shelf.put(connect::MappingSynced);
    shelf.put(connect::MappingUnchanged);
    shelf.put(connect::Noted(own()));
    shelf.put(connect::NothingUnsent);
    shelf.put(connect::Pause);
    shelf.put(connect::Paused);
    shelf.put(connect::Quiet);
    shelf.put(connect::Recreatable);
    shelf.put(connect::Reload);
    shelf.put(connect::ReloadBudget);
    shelf.put(connect::Repoint);
    shelf.put(connect::Resume);
    shelf.put(connect::Resumed(own()));
    shelf.put(connect::SaveMapping);
    shelf.put(connect::SchemaThere(own()));
    shelf.put(connect::Settings);
    shelf.put(connect::Unsent);
    shelf.put(connect::Validate);
    shelf.put(connect::WriteAlgorithm);
    shelf.put(connect::WriteErrors);
}

fn put_person(shelf: &mut Shelf) {
    shelf.put(person::Attest);
    shelf.put(person::Decide);
    shelf.put(person::Gate);
    shelf.put(person::Note);
}

fn put_postgres(shelf: &mut Shelf, databases: &Arc<Databases>) {
    let own = || Arc::clone(databases);
    shelf.put(postgres::CancelCopy);
    shelf.put(postgres::CancelUpgrade);
    shelf.put(postgres::CaughtUp);
    shelf.put(postgres::ChangePlan);
    shelf.put(postgres::Compare::new(databases));
    shelf.put(postgres::Copy);
    shelf.put(postgres::CopyExact(own()));
    shelf.put(postgres::Copyable);
    shelf.put(postgres::Create);
    shelf.put(postgres::CredentialThere);
    shelf.put(postgres::Destroy);
    shelf.put(postgres::DropAlias);
    shelf.put(postgres::DryRunUpgrade);
    shelf.put(postgres::Empty);
    shelf.put(postgres::Extensions(own()));
    shelf.put(postgres::Follow);
    shelf.put(postgres::Followable);
    shelf.put(postgres::Info);
    shelf.put(postgres::Inventory(own()));
    shelf.put(postgres::IsFollower);
    shelf.put(postgres::KeepAlias);
    shelf.put(postgres::Lag(own()));
    shelf.put(postgres::LeftUnwritten(own()));
    shelf.put(postgres::MadeFrom);
    shelf.put(postgres::MaintenanceClear);
    shelf.put(postgres::MoveAttachment);
    shelf.put(postgres::NearlyCaughtUp);
    shelf.put(postgres::NumbersNoted);
    shelf.put(postgres::OldLeader(own()));
    shelf.put(postgres::PlanFits);
    shelf.put(postgres::PrepareUpgrade);
    shelf.put(postgres::Promote);
    shelf.put(postgres::Reachable(own()));
    shelf.put(postgres::Rollback);
    shelf.put(postgres::RollbackPossible);
    shelf.put(postgres::Rows(own()));
    shelf.put(postgres::SameTables);
    shelf.put(postgres::Silence(own()));
    shelf.put(postgres::Statistics(own()));
    shelf.put(postgres::Uncompared(own()));
    shelf.put(postgres::Unfollow);
    shelf.put(postgres::Untouched);
    shelf.put(postgres::Unwritten(own()));
    shelf.put(postgres::Upgradable);
    shelf.put(postgres::Upgrade);
    shelf.put(postgres::UpgradeInPlace);
    shelf.put(postgres::UpgradeQuiet);
    shelf.put(postgres::UpgradeScheduled);
    shelf.put(postgres::Writable);
}

struct Shelf {
    clients: Clients,
    clock: Arc<dyn Clock>,
    by_name: BTreeMap<&'static str, Box<dyn AnyAction>>,
}

impl Shelf {
    fn put<A: Action>(&mut self, action: A) {
        let erased = erase(action, self.clients.with_own_log(), Arc::clone(&self.clock));
        self.by_name.insert(A::NAME, erased);
    }
}
