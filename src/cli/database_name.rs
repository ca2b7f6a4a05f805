//! The database that a word on the command line means, looked up as the official client does
//! (`reference/platform-and-data-api.md` section 2.3, "CLI database lookup").

use super::failure::Failure;
use crate::heroku::if_found;
use crate::heroku::platform::{Attachment, ConfigVars, Platform};
use crate::model::{DatabaseUrl, Fault, FaultKind, Happened, Secret};

/// A database as it was named.
#[derive(Debug)]
pub(super) enum DatabaseName {
    /// By its address.
    Url(DatabaseUrl),
    /// By an attachment, a config var or an add-on, of an app.
    Named {
        /// The app, where `APP::NAME` tells it.
        app: Option<String>,
        /// The name.
        name: String,
    },
}

impl DatabaseName {
    /// Reads `NAME`, `APP::NAME` or an address.
    ///
    /// # Errors
    /// When it is none of them. It is not repeated then: it may be an address that was mistyped, with its password.
    pub(super) fn read(given: &str, place: &str) -> Result<Self, Failure> {
        if given.contains("://") {
            return Ok(Self::Url(DatabaseUrl::new(given)));
        }
        let (app, name) = given.split_once("::").map_or((None, given), |(app, name)| (Some(app), name));
        if !is_a_name(name) || app.is_some_and(|app| !is_a_name(app)) {
            return Err(Failure::usage(
                format!("{place} is neither a name nor a database URL"),
                "It is not shown here, because it may hold a password.",
                "Give an attachment, a config var or an add-on, APP::NAME, or a URL that begins with postgres://.",
            ));
        }
        Ok(Self::Named { app: app.map(str::to_owned), name: name.to_owned() })
    }
}

/// What Heroku accepts as the name of an app, an add-on, an attachment or a config var.
fn is_a_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'))
}

/// The address that `name` means on `app`: of an attachment or an add-on, else of a config var that holds one. The
/// official client takes the attachment whose config var has the same value, which is the same address.
///
/// # Errors
/// [`FaultKind::NotFound`] when there is no such app or database, [`FaultKind::Usage`] when the name means several;
/// otherwise as every look.
pub(super) async fn address(platform: &Platform, app: &str, name: &str) -> Result<DatabaseUrl, Fault> {
    let found = if_found(platform.resolve_attachment(name, Some(app)).await)?.unwrap_or_default();
    let found = preferred(found.into_iter().filter(is_database).collect());
    if let Some(first) = found.first() {
        let vars = platform.config_vars(&first.app.name).await?;
        return the_only(first, &found, &vars, name);
    }
    let vars = platform.config_vars(app).await.map_err(|fault| unknown_app(app, fault))?;
    match vars.get(name).filter(|value| holds_address(value)) {
        Some(value) => Ok(DatabaseUrl::new(value.open())),
        None => Err(unknown_database(app, name, &vars)),
    }
}

fn is_database(attachment: &Attachment) -> bool {
    attachment.addon.plan.as_ref().is_none_or(|plan| plan.name.split(':').next() == Some("heroku-postgresql"))
}

/// Of several, those of the default credential.
fn preferred(found: Vec<Attachment>) -> Vec<Attachment> {
    let several = found.len() > 1 && found.iter().any(Attachment::is_default_credential);
    found.into_iter().filter(|one| !several || one.is_default_credential()).collect()
}

/// The address that all of them give.
fn the_only(first: &Attachment, all: &[Attachment], vars: &ConfigVars, name: &str) -> Result<DatabaseUrl, Fault> {
    let value = |attachment: &Attachment| vars.get(&attachment.url_var()).map(Secret::open);
    let is_first = |other: &Attachment| {
        other.app.name == first.app.name && other.addon.id == first.addon.id && value(other) == value(first)
    };
    if !all.iter().all(is_first) {
        return Err(ambiguous(name, all));
    }
    value(first).map(DatabaseUrl::new).ok_or_else(|| not_set(first))
}

fn holds_address(value: &Secret) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| value.open().starts_with(scheme))
}

const WHY: &str = "Nothing can be read before it is certain which database is meant.";

fn unknown_app(app: &str, mut fault: Fault) -> Fault {
    if fault.kind == FaultKind::NotFound {
        fault.saw = format!("there is no app {app}, or this account may not see it: {}", fault.saw);
        fault.why = WHY.to_owned();
        fault.remedy = "Check the app's name (-a, HEROKU_APP or the git remote) and the account.".to_owned();
        fault.command = Some("heroku apps --all".to_owned());
    }
    fault
}

fn unknown_database(app: &str, name: &str, vars: &ConfigVars) -> Fault {
    let known: Vec<&str> = vars.names().filter(|name| vars.get(name).is_some_and(holds_address)).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Fault::new(
        FaultKind::NotFound,
        format!("{app} has no database called {name}"),
        WHY,
        format!("Name one of its own ({known}), an attached add-on, one of another app as APP::NAME, or give a URL."),
    )
    .with_command(format!("heroku pg:info -a {app}"))
    .with_happened(Happened::No)
}

fn ambiguous(name: &str, all: &[Attachment]) -> Fault {
    let names: Vec<String> = all.iter().map(|one| format!("{}::{}", one.app.name, one.name)).collect();
    Fault::new(
        FaultKind::Usage,
        format!("{name} means several databases: {}", names.join(", ")),
        WHY,
        "Name one of these attachments.",
    )
    .with_happened(Happened::No)
}

fn not_set(attachment: &Attachment) -> Fault {
    let (var, app) = (attachment.url_var(), &attachment.app.name);
    Fault::new(
        FaultKind::NotFound,
        format!("{var} is not set on {app}, although {} is attached there", attachment.addon.name),
        "The config var holds the database's address; it is missing until the release of the attachment has succeeded.",
        "Look at the app's releases; name another attachment of the database, or give its URL.",
    )
    .with_command(format!("heroku releases -a {app}"))
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use super::{DatabaseName, address};
    use crate::heroku::{Clients, Origins};
    use crate::model::{FaultKind, Secret};
    use crate::simulator::{ClockMode, Simulator};

    fn clients() -> Clients {
        let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 1).unwrap();
        let origins = Origins::all_at("http://127.0.0.1:1").unwrap();
        Clients::new(simulator.wire(), origins, Secret::new("simulated"), simulator.clock())
    }

    #[test]
    fn what_is_no_name_is_not_repeated() {
        for given in ["postgres:/u:hunter2@h/n", "u:hunter2@h", "", "app::", "::NAME"] {
            let failure = DatabaseName::read(given, "OLD").unwrap_err();
            assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        }
    }

    #[test]
    fn a_name_may_tell_its_app() {
        let named = |given| match DatabaseName::read(given, "OLD").unwrap() {
            DatabaseName::Named { app, name } => (app, name),
            DatabaseName::Url(url) => panic!("{url}"),
        };
        assert_eq!(named("DATABASE_URL"), (None, "DATABASE_URL".to_owned()));
        assert_eq!(named("acme-crm::DATABASE"), (Some("acme-crm".to_owned()), "DATABASE".to_owned()));
        assert!(matches!(DatabaseName::read("postgres://u:p@h/n", "OLD").unwrap(), DatabaseName::Url(_)));
    }

    #[tokio::test]
    async fn attachment_config_var_and_addon_mean_the_same() {
        let platform = clients().platform;
        let one = address(&platform, "acme-crm", "DATABASE").await.unwrap();
        for name in ["DATABASE_URL", "postgresql-flat-11007"] {
            assert_eq!(address(&platform, "acme-crm", name).await.unwrap(), one, "{name}");
        }
        let pooled = address(&platform, "acme-crm", "DATABASE_CONNECTION_POOL").await.unwrap();
        assert_ne!(pooled, one);
    }

    #[tokio::test]
    async fn what_is_not_a_database_is_unknown() {
        let platform = clients().platform;
        for (app, name) in
            [("acme-crm", "NOTHING"), ("acme-crm", "RAILS_ENV"), ("acme-crm", "HEROKUCONNECT"), ("acme-nothing", "X")]
        {
            let fault = address(&platform, app, name).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::NotFound, "{app} {name}: {fault:?}");
        }
        let fault = address(&platform, "acme-crm", "NOTHING").await.unwrap_err();
        assert!(fault.remedy.contains("DATABASE_URL"), "{fault:?}");
        assert!(!format!("{fault:?}").contains("canary"), "{fault:?}");
    }
}
