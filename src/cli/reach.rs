//! What leads to Heroku: clients, clock, actions, and in whose name. A rehearsal has the same, with another wire.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::clock::{FollowingClock, SystemClock};
use super::desk::Desk;
use super::environment::{self, Environment};
use super::execution::{Direction, same_origin};
use super::failure::Failure;
use super::rehearsal;
use hcops_actions::registry;
use hcops_heroku::platform::Account;
use hcops_heroku::transport::{HttpWire, INVALID_TOKEN, Wire};
use hcops_heroku::{
    Clients, FoundToken, HostVariables, InstalledHeroku, NetrcFile, Origins, OwnDyno, TokenSource, find_token,
};
use hcops_journal::RunState;
use hcops_model::{Actions, Clock, Secret};
use hcops_simulator::Simulator;

/// A way to Heroku, or to something that stands in for it.
pub(super) struct Reach {
    pub(super) clients: Clients,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) actions: Box<dyn Actions>,
    /// Where requests go, for the journal.
    pub(super) origin: String,
    /// In whose name, for the journal.
    pub(super) by: String,
    /// Whose token it is, where that was asked for and shown.
    pub(super) account: Option<Account>,
    /// The simulator of a rehearsal: nobody's real account is at the other end of the wire.
    pub(super) rehearsal: Option<Simulator>,
}

impl Reach {
    /// The way to the Heroku that the environment names, for what needs an operator. One read shows whose token it is;
    /// where it does not, the operator is unknown, which is said.
    ///
    /// # Errors
    /// When an address is wrong, or there is no token or it is not valid.
    pub(super) async fn online(desk: &Desk) -> Result<Self, Failure> {
        desk.patiently("asking Heroku whose token it is", async {
            let mut reach = Self::to(desk, Some(token(desk).await?)).await?;
            match reach.clients.within(WHOSE).for_brief_looks().platform.account().await {
                Ok(account) => reach.know(account),
                Err(fault) if fault.code.as_deref() == Some(INVALID_TOKEN) => return Err(fault.into()),
                Err(fault) => remark_unknown(desk, &fault.saw),
            }
            Ok(reach)
        })
        .await
    }

    /// The same way for a command that only looks: nobody has to be known for that, and it waits for late answers no
    /// longer than half a minute in all.
    ///
    /// # Errors
    /// When an address is wrong, or there is no token.
    pub(super) async fn to_look(desk: &Desk) -> Result<Self, Failure> {
        Ok(Self::to(desk, Some(token(desk).await?)).await?.for_looks())
    }

    /// The same way for what anybody may see, such as the status sites: without a token, which is not even looked for.
    ///
    /// # Errors
    /// When an address is wrong.
    pub(super) async fn to_look_at_what_is_public(desk: &Desk) -> Result<Self, Failure> {
        Ok(Self::to(desk, None).await?.for_looks())
    }

    /// The same way for what anybody may see and something of an app beside it: without a token where none is found.
    ///
    /// # Errors
    /// When an address is wrong.
    pub(super) async fn to_look_without_a_token_too(desk: &Desk) -> Result<Self, Failure> {
        Ok(Self::to(desk, token(desk).await.ok()).await?.for_looks())
    }

    async fn to(desk: &Desk, found: Option<FoundToken>) -> Result<Self, Failure> {
        let origins = origins(&desk.environment)?;
        let wire: Arc<dyn Wire> = Arc::new(HttpWire::new()?);
        let (clock, simulated) = clock(&wire, &origins).await;
        let address = origins.platform.as_str().trim_end_matches('/').to_owned();
        let token = found.as_ref().map_or_else(|| Secret::new(""), |found| found.token.clone());
        let mut clients = Clients::new(wire, origins, token, clock.clone()).in_dyno(own_dyno(&desk.environment));
        if let Some(found) = found {
            clients = clients.with_token_from(found.source);
        }
        let origin = if simulated { format!("{address}{SIMULATED}") } else { address };
        Ok(Self::over(clients, clock, origin, UNKNOWN.to_owned(), None))
    }

    /// The same way, for looks before a run or without one: they wait for late answers no longer than half a minute in all.
    pub(super) fn for_looks(&self) -> Self {
        let clients = self.clients.within(LOOK);
        let looking = Self::over(clients, self.clock.clone(), self.origin.clone(), self.by.clone(), None);
        Self { rehearsal: self.rehearsal.clone(), account: self.account.clone(), ..looking }
    }

    fn know(&mut self, account: Account) {
        if let Some(email) = account.email.as_ref().filter(|email| !email.trim().is_empty()) {
            self.by.clone_from(email);
        }
        self.account = Some(account);
    }

    /// The way on which a run was begun.
    ///
    /// # Errors
    /// When there is no such run, or it cannot be reached from here.
    pub(super) async fn of_run(desk: &Desk, name: &str, direction: Direction) -> Result<Self, Failure> {
        let open = desk.store().open_read(name)?;
        let state = RunState::fold(&open.lines)?;
        if rehearsal::is_one(&state.origin) {
            let has_world = rehearsal::has_world(&open.directory);
            return match direction {
                Direction::Back if !has_world && !state.has_acted() => rehearsal::left_behind(desk, &state.origin),
                _ => rehearsal::taken_up(desk, &open.directory, &state.origin, state.main_plan()),
            };
        }
        let reach = Self::online(desk).await?;
        same_origin(&state.origin, &reach.origin)?;
        Ok(reach)
    }

    /// Puts the parts together.
    pub(super) fn over(
        clients: Clients,
        clock: Arc<dyn Clock>,
        origin: String,
        by: String,
        rehearsal: Option<Simulator>,
    ) -> Self {
        let actions: Box<dyn Actions> = Box::new(registry(clients.clone(), clock.clone()));
        Self { clients, clock, actions, origin, by, account: None, rehearsal }
    }
}

/// How long a command that only looks waits for late answers in all; with the token, the clock and the account before the
/// first of them it ends within half a minute.
const LOOK: Duration = Duration::from_secs(16);

/// How long it is asked whose token it is: all but the name goes on without it.
const WHOSE: Duration = Duration::from_secs(5);

/// The operator's name where the account does not tell it.
pub(super) const UNKNOWN: &str = "unknown";

fn remark_unknown(desk: &Desk, saw: &str) {
    let note = format!("note: Heroku does not show whose token this is, so the operator is told as “{UNKNOWN}”: {saw}");
    desk.remark(&desk.appearance.tell(&note));
}

/// The token. The official command may be slow or hang, so it is asked beside everything else.
async fn token(desk: &Desk) -> Result<FoundToken, Failure> {
    let origins = origins(&desk.environment)?;
    let api_key = desk.environment.owned(environment::API_KEY);
    let netrc = netrc(&desk.environment);
    let found = tokio::task::spawn_blocking(move || find_token(&origins, api_key.as_deref(), &netrc, &InstalledHeroku));
    let mut found = match found.await {
        Ok(found) => found?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    if let Some(remark) = &found.remark {
        desk.remark(&desk.appearance.tell(&format!("note: {remark}")));
    }
    // The heroku command lends its own login to the plugin by way of the environment.
    if found.source == TokenSource::Environment && desk.environment.owned(environment::CALLED).is_some() {
        found.source = TokenSource::HerokuCommand;
    }
    Ok(found)
}

/// What the journal's origin says of a simulator, whose time is not the machine's.
const SIMULATED: &str = " (simulator)";

/// Whether the time of a run with this origin is not the machine's.
pub(super) fn has_its_own_time(origin: &str) -> bool {
    origin.ends_with(SIMULATED) || rehearsal::is_one(origin)
}

/// The present moment of the simulator that the environment leads to; nothing where none tells its time.
pub(super) async fn simulated_now(environment: &Environment) -> Option<Timestamp> {
    let wire: Arc<dyn Wire> = Arc::new(HttpWire::new().ok()?);
    let origins = origins(environment).ok().filter(Origins::is_local)?;
    Some(FollowingClock::of(wire, &origins.platform).await?.now())
}

/// Where the environment says that the APIs are.
///
/// # Errors
/// When an address is wrong.
pub(super) fn origins(environment: &Environment) -> Result<Origins, Failure> {
    Ok(Origins::from_variables(&HostVariables {
        heroku_host: environment.owned(environment::HOST),
        data_host: environment.owned(environment::DATA_HOST),
        postgresql_host: environment.owned(environment::POSTGRESQL_HOST),
        discovery_server: environment.owned(environment::DISCOVERY),
        status_host: environment.owned(environment::STATUS_HOST),
    })?)
}

/// The dyno in which this process runs, where it does.
fn own_dyno(environment: &Environment) -> Option<OwnDyno> {
    let name = environment.owned(environment::DYNO)?;
    Some(OwnDyno { name, app: environment.owned(environment::APP_NAME) })
}

/// The netrc file, where the official client looks for it.
pub(super) fn netrc(environment: &Environment) -> NetrcFile {
    let Some(home) = environment.get(environment::HOME) else { return NetrcFile::Absent };
    let path = PathBuf::from(home).join(if cfg!(windows) { "_netrc" } else { ".netrc" });
    match bounded(&path) {
        Ok(bytes) => NetrcFile::Read(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => NetrcFile::Absent,
        Err(error) => NetrcFile::Unreadable(format!("{}: {error}", path.display())),
    }
}

/// Bytes of a netrc file that are read; no file of passwords is larger.
const LARGEST_NETRC: u64 = 1 << 20;

/// A file that is no regular one, such as a pipe, could be waited for for ever.
fn bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() || about.len() > LARGEST_NETRC {
        let why = if about.is_file() { "it is larger than any file of passwords" } else { "it is not a file" };
        return Err(std::io::Error::other(why));
    }
    std::fs::read(path)
}

/// A simulator's clock, where one answers; else the machine's.
async fn clock(wire: &Arc<dyn Wire>, origins: &Origins) -> (Arc<dyn Clock>, bool) {
    if origins.is_local()
        && let Some(following) = FollowingClock::of(wire.clone(), &origins.platform).await
    {
        return (Arc::new(following), true);
    }
    (Arc::new(SystemClock), false)
}
