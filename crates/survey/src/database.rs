//! Which database the connection uses, and what it is.

use serde_json::{Value, json};

use super::attachments::{AttachmentFacts, Role};
use super::connection::Chosen;
use super::unsupported;
use hcops_heroku::Clients;
use hcops_heroku::data::{Database, is_advanced};
use hcops_heroku::platform::{Addon, Attachment};
use hcops_model::{Fault, FaultKind, Happened};

/// The database that the connection uses.
pub(super) struct Resolved {
    pub(super) addon: Addon,
    pub(super) database: Database,
    pub(super) db_key: String,
    /// The attachment behind `db_key`.
    pub(super) attachment: String,
    /// The connection's own attachment on its app.
    pub(super) connection_attachment: Option<String>,
    /// Whether `db_key` is a config var of its own, which no attachment changes.
    pub(super) is_copied_value: bool,
    pub(super) credentials: Option<Vec<String>>,
    pub(super) followers: Vec<String>,
}

impl Resolved {
    pub(super) fn tier(&self) -> &str {
        tier(&self.addon.plan.name)
    }

    pub(super) fn facts(&self, attachments: &[AttachmentFacts], app: &str) -> Value {
        let is_default = attachments.iter().any(|one| one.role == Role::Default && one.app == app);
        json!({
            "name": self.addon.name,
            "id": self.addon.id,
            "plan": self.addon.plan.name,
            "tier": self.tier(),
            "version": self.database.major_version(),
            "owner_app": self.addon.app.name,
            "attachment": self.attachment,
            "is_default": is_default,
            "gigabytes": self.database.num_bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(gigabytes),
            "monthly_cents": self.addon.monthly_cents(),
            "credentials": self.credentials,
            "followers": self.followers,
        })
    }
}

/// The size in gigabytes, rounded up to 1, 2, 5, 10, 20, 50 and so on: enough for an estimate, and coarse enough that a
/// database which grows does not make every plan another one.
fn gigabytes(bytes: u64) -> u64 {
    let exact = bytes.div_ceil(1_000_000_000).max(1);
    let mut step = 1_u64;
    loop {
        for rounded in [1, 2, 5].map(|factor| step.saturating_mul(factor)) {
            if rounded >= exact {
                return rounded;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// `standard` of `heroku-postgresql:standard-0`.
pub(super) fn tier(plan: &str) -> &str {
    let name = plan.split_once(':').map_or(plan, |(_, name)| name);
    name.split('-').next().unwrap_or(name)
}

/// The database behind the connection's `db_key`.
pub(super) async fn resolve(clients: &Clients, app: &str, chosen: &Chosen) -> Result<Resolved, Fault> {
    let db_key =
        chosen.connection.db_key.clone().filter(|key| !key.is_empty()).ok_or_else(|| not_set(app, chosen.name()))?;
    let attachments = clients.platform.app_attachments(app).await?;
    let (attachment, is_copied_value) = behind(clients, app, &attachments, &db_key).await?;
    let addon = clients.platform.addon(&attachment.addon.id).await?;
    if is_advanced(&addon.plan.name) {
        return Err(unsupported::advanced(&addon));
    }
    let database = clients.data.database(&addon.id).await?;
    let credentials = credentials(clients, &addon).await?;
    let followers = followers(clients, &database, &attachments).await?;
    let own = attachments.iter().find(|one| one.addon.name == chosen.name() && one.app.name == app);
    let connection_attachment = own.map(|one| one.name.clone());
    let attachment = attachment.name.clone();
    Ok(Resolved { addon, database, db_key, attachment, connection_attachment, is_copied_value, credentials, followers })
}

/// The attachment whose config var is `db_key`; else one whose config var has the same value, as the official client
/// looks it up (docs/heroku/platform.md, "Naming a database").
async fn behind<'a>(
    clients: &Clients,
    app: &str,
    attachments: &'a [Attachment],
    db_key: &str,
) -> Result<(&'a Attachment, bool), Fault> {
    let supplies = |attachment: &Attachment, name: &str| {
        attachment.url_var() == name || attachment.config_vars.iter().any(|var| var == name)
    };
    if let Some(direct) = attachments.iter().find(|attachment| supplies(attachment, db_key)) {
        return Ok((direct, false));
    }
    let vars = clients.platform.config_vars(app).await?;
    let equal = vars.same_value_as(db_key);
    let copied = attachments.iter().find(|attachment| equal.iter().any(|name| supplies(attachment, name)));
    copied.map(|attachment| (attachment, true)).ok_or_else(|| not_an_addon(app, db_key, vars.get(db_key).is_some()))
}

/// The names of the database's credentials; nothing where they can't be listed. Essential has the owner's only
/// (docs/heroku/procedures.md, "Credentials and extensions").
async fn credentials(clients: &Clients, addon: &Addon) -> Result<Option<Vec<String>>, Fault> {
    match clients.data.credentials(&addon.name).await {
        Ok(found) => {
            let mut names: Vec<String> = found.into_iter().map(|credential| credential.name).collect();
            names.sort_unstable();
            Ok(Some(names))
        }
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::NotFound) => {
            Ok((tier(&addon.plan.name) == "essential").then(|| vec!["default".to_owned()]))
        }
        Err(fault) => Err(fault),
    }
}

/// The followers by the names of their add-ons where those are on the same app, else by host, port and database.
async fn followers(clients: &Clients, database: &Database, attachments: &[Attachment]) -> Result<Vec<String>, Fault> {
    let told = database.info.iter().find(|item| item.name == "Followers");
    let mut places: Vec<String> = told.map(|item| item.values.clone()).unwrap_or_default();
    if places.is_empty() {
        return Ok(places);
    }
    for addon in other_databases(attachments, database) {
        let other = clients.data.database(&addon).await;
        let place = other.ok().and_then(|other| other.resource_url.map(|url| url.place()));
        for told in places.iter_mut().filter(|told| place.as_deref().is_some_and(|place| told.ends_with(place))) {
            told.clone_from(&addon);
        }
    }
    places.sort_unstable();
    Ok(places)
}

fn other_databases(attachments: &[Attachment], database: &Database) -> Vec<String> {
    let mut names: Vec<String> = attachments
        .iter()
        .filter(|one| one.addon.plan.as_ref().is_some_and(|plan| plan.name.starts_with("heroku-postgresql:")))
        .filter(|one| {
            database.addon_id.as_deref() != Some(&one.addon.id) && database.name.as_deref() != Some(&one.addon.name)
        })
        .map(|one| one.addon.name.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn not_set(app: &str, connection: &str) -> Fault {
    Fault::new(
        FaultKind::NotFound,
        format!("{connection} has no database yet"),
        "A connection that was never configured has nothing to maintain.",
        "Choose its database and schema first.",
    )
    .with_command(format!(
        "heroku connect:db:set -a {app} --resource {connection} --db DATABASE_URL --schema salesforce"
    ))
    .with_happened(Happened::No)
}

fn not_an_addon(app: &str, db_key: &str, is_set: bool) -> Fault {
    let saw = if is_set {
        format!("the connection uses {db_key}, whose value is not that of any database attached to {app}")
    } else {
        format!("the connection uses {db_key}, which is not set on {app}")
    };
    Fault::new(
        FaultKind::NotFound,
        saw,
        "Without knowing which add-on that is, nothing can be said about its followers, attachments or version.",
        "Attach the database under that name, or point the connection at an attached one.",
    )
    .with_command(format!("heroku addons -a {app}"))
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use super::gigabytes;

    #[test]
    fn a_size_is_rounded_up_coarsely_and_never_nothing() {
        let rounded = [0, 1, 1_000_000_000, 1_000_000_001, 3_200_000_000, 64_000_000_000, 990_000_000_000];
        assert_eq!(rounded.map(gigabytes), [1, 1, 1, 2, 5, 100, 1_000]);
        assert!(gigabytes(u64::MAX) > 1);
    }
}
