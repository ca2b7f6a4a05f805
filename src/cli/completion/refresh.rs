//! Fetching names. It happens in a process of its own, which may take its time (the `heroku` command alone takes seconds to
//! say its token), while the shell waits for it a second at most. What comes later is there at the next Tab.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::account;
use super::names::{AddonName, Cache, Names, Service};
use crate::cli::clock::SystemClock;
use crate::cli::environment::{self, Environment};
use crate::cli::failure::Failure;
use crate::cli::reach;
use hcops_heroku::platform::Addon;
use hcops_heroku::transport::HttpWire;
use hcops_heroku::{Clients, InstalledHeroku, find_token};
use hcops_model::Clock as _;

/// What `HCOPS_COMPLETE` says to the process that fetches.
pub(super) const ASKED: &str = "names";

/// A shell waits so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// The process that fetches gives up after so long.
const BOUND: Duration = Duration::from_secs(45);

/// The names of the account: those that are kept, else those that can be had within a second.
pub(super) fn names(environment: &Environment) -> Option<Names> {
    let cache = Cache::usual()?;
    let account = account::key(environment)?;
    let kept = cache.kept(&account);
    let now = SystemClock.now();
    if let Some(names) = kept.fresh(now) {
        return Some(names.clone());
    }
    if kept.was_just_tried(now) {
        return None;
    }
    cache.note_attempt(&account, now).ok()?;
    wait_for_another_process()?;
    cache.kept(&account).fresh(SystemClock.now()).cloned()
}

/// Starts the process that fetches. It goes on by itself when it takes too long.
fn wait_for_another_process() -> Option<()> {
    let here = std::env::current_exe().ok()?;
    let mut command = tokio::process::Command::new(here);
    command.env(environment::COMPLETE, ASKED).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A Ctrl-C at the prompt is not meant for it.
    #[cfg(unix)]
    command.process_group(0);
    runtime()?.block_on(async {
        let mut child = command.spawn().ok()?;
        // Late or not, the cache is looked at: it says itself whether what it holds is fresh.
        let _late = timeout(PATIENCE, child.wait()).await;
        Some(())
    })
}

/// Fetches the names and keeps them; whatever goes wrong, nothing is said, and nothing is kept.
pub(super) fn fetch(environment: &Environment) {
    let (Some(cache), Some(account), Some(runtime)) = (Cache::usual(), account::key(environment), runtime()) else {
        return;
    };
    let fetched = runtime.block_on(async { timeout(BOUND, of_account(environment)).await });
    runtime.shutdown_background();
    if let Ok(Ok(names)) = fetched {
        // Without a place to keep them there is nothing to offer, which is what the shell sees then.
        let _unkept = cache.keep(&account, names, SystemClock.now());
    }
}

async fn of_account(environment: &Environment) -> Result<Names, Failure> {
    let origins = reach::origins(environment)?;
    let netrc = reach::netrc(environment);
    let token = find_token(&origins, environment.get(environment::API_KEY), &netrc, &InstalledHeroku)?.token;
    let clients = Clients::new(Arc::new(HttpWire::new()?), origins, token, Arc::new(SystemClock)).for_brief_looks();
    let (apps, addons) = tokio::join!(clients.platform.apps(), clients.platform.all_addons());
    let mut apps: Vec<String> = apps?.into_iter().map(|app| app.name).collect();
    apps.sort();
    Ok(Names { apps, addons: addons?.iter().filter_map(named).collect() })
}

fn named(addon: &Addon) -> Option<AddonName> {
    let service = Service::of_plan(&addon.plan.name)?;
    Some(AddonName { app: addon.app.name.clone(), name: addon.name.clone(), service })
}

fn runtime() -> Option<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().ok()
}
