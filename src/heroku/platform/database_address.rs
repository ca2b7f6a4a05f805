//! The address of a database, as an app's config vars hold it.

use super::{Attachment, ConfigVars, Platform};
use crate::heroku::if_found;
use crate::model::{DatabaseUrl, Fault, FaultKind, Happened, Secret};

impl Platform {
    /// The address that `name` means on `app`, looked up as the official client does
    /// (`reference/platform-and-data-api.md` section 2.3, "CLI database lookup"): of an attachment or an add-on, else of
    /// a config var that holds one. The official client takes the attachment whose config var has the same value, which
    /// is the same address.
    ///
    /// # Errors
    /// [`FaultKind::NotFound`] when there is no such app or database, [`FaultKind::Usage`] when the name means several;
    /// otherwise as every look.
    pub async fn named_database(&self, app: &str, name: &str) -> Result<DatabaseUrl, Fault> {
        let found = if_found(self.resolve_attachment(name, Some(app)).await)?.unwrap_or_default();
        let found = preferred(found.into_iter().filter(is_database).collect());
        if let Some(first) = found.first() {
            let vars = self.config_vars(&first.app.name).await?;
            return the_only(first, &found, &vars, name);
        }
        let vars = self.config_vars(app).await.map_err(|fault| unknown_app(app, fault))?;
        match vars.get(name).filter(|value| holds_address(value)) {
            Some(value) => Ok(DatabaseUrl::new(value.open())),
            None => Err(unknown_database(app, name, &vars)),
        }
    }

    /// The address of an add-on's database by its default credential, past every connection pooler: from the config var
    /// of an attachment, of `app` before others.
    ///
    /// # Errors
    /// [`FaultKind::NotFound`] when there is no such add-on, or no app that this account may see holds its address;
    /// otherwise as every look.
    pub async fn direct_address(&self, app: &str, addon: &str) -> Result<DatabaseUrl, Fault> {
        let all = self.addon_attachments(addon).await?;
        let mut direct: Vec<&Attachment> = all.iter().filter(|one| one.is_default_credential()).collect();
        direct.sort_by_key(|one| one.app.name != app);
        for attachment in direct {
            let vars = match self.config_vars(&attachment.app.name).await {
                Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Unauthorized) => continue,
                looked => looked?,
            };
            if let Some(value) = vars.get(&attachment.url_var()).filter(|value| holds_address(value)) {
                return Ok(DatabaseUrl::new(value.open()));
            }
        }
        Err(nowhere(app, addon, &all))
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

fn nowhere(app: &str, addon: &str, all: &[Attachment]) -> Fault {
    let names: Vec<String> = all.iter().map(|one| format!("{}::{}", one.app.name, one.name)).collect();
    let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    Fault::new(
        FaultKind::NotFound,
        format!("no config var that this account may see holds the direct address of {addon} (attached as {names})"),
        "It is read with the default credential, past every connection pooler.",
        "Attach it under a name of its own, and wait until the release of the attachment has succeeded.",
    )
    .with_command(format!("heroku addons:attach {addon} -a {app}"))
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use crate::heroku::{Clients, Origins};
    use crate::model::{FaultKind, Secret};
    use crate::simulator::{ClockMode, Simulator};

    fn clients() -> Clients {
        let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 1).unwrap();
        let origins = Origins::all_at("http://127.0.0.1:1").unwrap();
        Clients::new(simulator.wire(), origins, Secret::new("simulated"), simulator.clock())
    }

    #[tokio::test]
    async fn attachment_config_var_and_addon_mean_the_same() {
        let platform = clients().platform;
        let one = platform.named_database("acme-crm", "DATABASE").await.unwrap();
        for name in ["DATABASE_URL", "postgresql-flat-11007"] {
            assert_eq!(platform.named_database("acme-crm", name).await.unwrap(), one, "{name}");
        }
        let pooled = platform.named_database("acme-crm", "DATABASE_CONNECTION_POOL").await.unwrap();
        assert_ne!(pooled, one);
    }

    #[tokio::test]
    async fn what_is_not_a_database_is_unknown() {
        let platform = clients().platform;
        for (app, name) in
            [("acme-crm", "NOTHING"), ("acme-crm", "RAILS_ENV"), ("acme-crm", "HEROKUCONNECT"), ("acme-nothing", "X")]
        {
            let fault = platform.named_database(app, name).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::NotFound, "{app} {name}: {fault:?}");
        }
        let fault = platform.named_database("acme-crm", "NOTHING").await.unwrap_err();
        assert!(fault.remedy.contains("DATABASE_URL"), "{fault:?}");
        assert!(!format!("{fault:?}").contains("canary"), "{fault:?}");
    }

    #[tokio::test]
    async fn the_direct_address_of_an_add_on_is_never_the_poolers() {
        let platform = clients().platform;
        let direct = platform.direct_address("acme-crm", "postgresql-flat-11007").await.unwrap();
        assert_eq!(direct, platform.named_database("acme-crm", "DATABASE").await.unwrap());
        assert_eq!(direct, platform.direct_address("acme-jobs", "postgresql-flat-11007").await.unwrap());
        assert_eq!(platform.direct_address("acme-crm", "gone").await.unwrap_err().kind, FaultKind::NotFound);
        let other = platform.direct_address("acme-crm", "herokuconnect-tidal-40217").await.unwrap_err();
        assert!(other.remedy.contains("Attach it") || other.kind == FaultKind::NotFound, "{other:?}");
    }
}
