//! The address of a database, as an app's config vars hold it.

use super::{Addon, Attachment, ConfigVars, Platform};
use crate::if_found;
use hcops_model::{DatabaseUrl, Fault, FaultKind, Happened, Secret};

/// A database as a name means it.
#[derive(Debug, Clone, PartialEq)]
pub enum NamedDatabase {
    /// An add-on, by these attachments of one app: all of them lead to the same database with the same credential.
    Attached(Vec<Attachment>),
    /// An add-on that the app does not have attached, by its own name or id.
    Elsewhere(Box<Addon>),
    /// No add-on: a config var of the app holds this address.
    Address(DatabaseUrl),
}

impl NamedDatabase {
    /// The name of the add-on and of the app that owns it; nothing where only an address is known.
    #[must_use]
    pub fn addon(&self) -> Option<(&str, &str)> {
        match self {
            Self::Attached(found) => found.first().map(|one| (one.addon.name.as_str(), one.addon.app.name.as_str())),
            Self::Elsewhere(addon) => Some((&addon.name, &addon.app.name)),
            Self::Address(_) => None,
        }
    }
}

impl Platform {
    /// The database that `name` means on `app`: an attachment, its config var, an add-on by name or id, or a config var with
    /// the same value as an attachment's, with or without `_URL`; `OTHER-APP::NAME` is looked up on that app. This is how
    /// the official client looks databases up (`DatabaseResolver` in
    /// <https://github.com/heroku/heroku-cli-util/blob/main/src/utils/pg/databases.ts>). Names go to Heroku as they were
    /// typed, upper and lower case included. Beyond the official client, an add-on of another app is found by its own
    /// name, and a config var may hold an address that no add-on has.
    ///
    /// # Errors
    /// [`FaultKind::NotFound`] when there is no such app or database, [`FaultKind::Usage`] when the name means several;
    /// otherwise as every look.
    pub async fn find_database(&self, app: &str, name: &str) -> Result<NamedDatabase, Fault> {
        let (app, name) = name.split_once("::").unwrap_or((app, name));
        let found = if_found(self.resolve_attachment(name, Some(app)).await)?.unwrap_or_default();
        let found = preferred(found.into_iter().filter(is_database).collect());
        match found.first() {
            Some(first) if found.iter().any(|other| other.addon.id != first.addon.id) => Err(ambiguous(name, &found)),
            Some(_) => Ok(NamedDatabase::Attached(found)),
            None => self.by_config_var(app, name).await,
        }
    }

    async fn by_config_var(&self, app: &str, name: &str) -> Result<NamedDatabase, Fault> {
        let vars = self.config_vars(app).await.map_err(|fault| unknown_app(app, fault))?;
        let variable = if name.ends_with("_URL") { name.to_owned() } else { format!("{name}_URL") };
        let holder = [name, &variable].into_iter().find(|var| vars.get(var).is_some_and(holds_address));
        let Some((holder, address)) = holder.and_then(|var| Some((var, vars.get(var)?))) else {
            let elsewhere = if_found(self.resolve_addon(name, None).await)?.unwrap_or_default();
            let exact = elsewhere
                .into_iter()
                .find(|addon| (addon.name == name || addon.id == name) && is_postgres_plan(&addon.plan.name));
            return exact
                .map(|addon| NamedDatabase::Elsewhere(Box::new(addon)))
                .ok_or_else(|| unknown_database(app, name, &vars));
        };
        let equal = vars.same_value_as(holder);
        let attachments = self.app_attachments(app).await?;
        let supplies = |one: &Attachment| equal.iter().any(|var| *var == one.url_var());
        let attached: Vec<Attachment> =
            attachments.into_iter().filter(|one| is_database(one) && supplies(one)).collect();
        Ok(match attached.is_empty() {
            false => NamedDatabase::Attached(attached),
            true => NamedDatabase::Address(DatabaseUrl::new(address.open())),
        })
    }

    /// The address that `name` means on `app`, as [`Platform::find_database`] finds it.
    ///
    /// # Errors
    /// As there; also when the config var of an attachment is not set yet.
    pub async fn named_database(&self, app: &str, name: &str) -> Result<DatabaseUrl, Fault> {
        match self.find_database(app, name).await? {
            NamedDatabase::Address(address) => Ok(address),
            NamedDatabase::Elsewhere(addon) => self.direct_address(&addon.app.name, &addon.id).await,
            NamedDatabase::Attached(found) => {
                let vars = self.config_vars(found.first().map_or(app, |first| &first.app.name)).await?;
                the_only_address(name, &found, &vars)
            }
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
    attachment.addon.plan.as_ref().is_none_or(|plan| is_postgres_plan(&plan.name))
}

fn is_postgres_plan(name: &str) -> bool {
    name.split(':').next() == Some("heroku-postgresql")
}

/// Of several, those of the default credential.
fn preferred(found: Vec<Attachment>) -> Vec<Attachment> {
    let several = found.len() > 1 && found.iter().any(Attachment::is_default_credential);
    found.into_iter().filter(|one| !several || one.is_default_credential()).collect()
}

/// The address that all of them give: credentials differ in it.
fn the_only_address(name: &str, all: &[Attachment], vars: &ConfigVars) -> Result<DatabaseUrl, Fault> {
    let mut addresses = all.iter().map(|one| vars.get(&one.url_var()).map(Secret::open).ok_or_else(|| not_set(one)));
    let first = addresses.next().unwrap_or_else(|| Err(unknown_database("the app", name, vars)))?;
    if addresses.any(|other| other.is_ok_and(|other| other != first)) {
        return Err(ambiguous(name, all));
    }
    Ok(DatabaseUrl::new(first))
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
    use serde_json::{Value, json};

    use crate::testing::{JumpingClock, ScriptedWire, clients as scripted_clients, json_answer};
    use hcops_model::FaultKind;

    #[tokio::test]
    async fn a_name_of_several_databases_is_not_guessed_and_one_of_several_attachments_is() {
        let attachment = |name: &str, addon: &str| {
            json!({
                "id": name, "name": name, "namespace": null, "app": {"id": "a", "name": "crm"},
                "addon": {"id": addon, "name": addon, "app": {"id": "a", "name": "crm"},
                          "plan": {"id": "p", "name": "heroku-postgresql:standard-0"}},
                "config_vars": [format!("{name}_URL")],
            })
        };
        let found = |others: Value| {
            let wire = ScriptedWire::new([]);
            wire.route("POST /actions/addon-attachments/resolve", json_answer(200, &others));
            let vars = json!({"A_URL": "postgres://u:p@one/n", "B_URL": "postgres://u:p@two/n"});
            wire.route("GET /apps/crm/config-vars", json_answer(200, &vars));
            scripted_clients(&wire, &JumpingClock::new()).platform
        };
        let two = found(json!([attachment("A", "one-pg"), attachment("B", "two-pg")]));
        let fault = two.find_database("crm", "X").await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Usage);
        assert!(fault.saw.contains("crm::A, crm::B"), "{fault:?}");
        let one = found(json!([attachment("A", "one-pg"), attachment("B", "one-pg")]));
        assert_eq!(one.find_database("crm", "X").await.unwrap().addon(), Some(("one-pg", "crm")));
        assert_eq!(one.named_database("crm", "X").await.unwrap_err().kind, FaultKind::Usage, "two addresses");
    }
}
