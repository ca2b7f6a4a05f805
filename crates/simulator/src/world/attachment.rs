use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Refusal, World};

/// The link of an add-on to an app, which gives the app its config vars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// UUID.
    pub id: String,
    /// Name, unique on the app: `DATABASE`.
    pub name: String,
    /// `None` for the default credential; `credential:NAME`, `connection-pooling:default`.
    pub namespace: Option<String>,
    /// The app's name.
    pub app: String,
    /// The add-on's id.
    pub addon: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether its config var is missing because the release phase of its release failed.
    #[serde(default)]
    pub withheld: bool,
    /// The add-on's id to which this name led until it was moved, with whose address the config var may stay meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// A request to attach an add-on to an app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachmentOrder {
    /// Name or id of the add-on.
    pub addon: String,
    /// Name or id of the app.
    pub app: String,
    /// Name of the attachment; the server picks a colour when there is none.
    pub name: Option<String>,
    /// The credential or pool.
    pub namespace: Option<String>,
    /// The app's name, as an agreement to move an attachment of that name.
    pub confirm: Option<String>,
}

/// The config var of an attachment.
#[must_use]
pub(crate) fn config_var(attachment: &str) -> String {
    format!("{attachment}_URL")
}

impl World {
    /// The attachment of this id, or of this name when it is the only one.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn attachment(&self, key: &str) -> Result<&Attachment, Refusal> {
        self.attachments
            .iter()
            .find(|a| a.id == key || a.name == key)
            .ok_or_else(|| Refusal::not_found("add_on attachment"))
    }

    /// The attachment of this name or id on an app.
    ///
    /// # Errors
    /// 404 for an unknown app or attachment.
    pub fn attachment_on(&self, app: &str, key: &str) -> Result<&Attachment, Refusal> {
        let app = &self.app(app)?.name;
        self.attachments
            .iter()
            .find(|a| &a.app == app && (a.name == key || a.id == key))
            .ok_or_else(|| Refusal::not_found("add_on attachment"))
    }

    /// The attachments that `key` means: a name, an id, a config var, or an add-on's name or id; on `app`, if given.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn resolve_attachment(&self, key: &str, app: Option<&str>) -> Result<Vec<&Attachment>, Refusal> {
        let app = app.map(|app| self.app(app).map(|app| app.name.clone())).transpose()?;
        let on_app = |a: &&Attachment| app.as_ref().is_none_or(|app| &a.app == app);
        let own = |a: &&Attachment| a.id == key || a.name == key || config_var(&a.name) == key;
        let of_addon = |a: &&Attachment| self.addon(&a.addon).is_ok_and(|addon| addon.id == key || addon.name == key);
        let mut found: Vec<&Attachment> = self.attachments.iter().filter(on_app).filter(own).collect();
        if found.is_empty() {
            found = self.attachments.iter().filter(on_app).filter(of_addon).collect();
        }
        if found.is_empty() { Err(Refusal::not_found("add_on attachment")) } else { Ok(found) }
    }

    /// Attaches an add-on to an app, which makes a release. A confirmed order moves an attachment of that name: one
    /// release detaches the old, one attaches the new. Returns the new attachment's id.
    ///
    /// # Errors
    /// 404 for an unknown add-on or app; 423 when the name is in use and was not confirmed; 422 when it is the last attachment of
    /// an add-on on its own app.
    pub fn attach(&mut self, order: &AttachmentOrder) -> Result<String, Refusal> {
        let app = self.app(&order.app)?.name.clone();
        let addon = self.addon(&order.addon)?;
        let (addon_id, is_postgres) = (addon.id.clone(), addon.is_postgres());
        if addon.state == "deprovisioning" {
            return Err(Refusal::not_found("add_on"));
        }
        if is_postgres && let Some(namespace) = &order.namespace {
            self.check_namespace(&addon_id, namespace)?;
        }
        let name = match &order.name {
            Some(name) => name.clone(),
            None if is_postgres => self.free_colour(&app, "HEROKU_POSTGRESQL"),
            None => format!("{}_{}", addon.service().to_uppercase(), self.attachments.len()),
        };
        let taken = self.attachments.iter().find(|a| a.app == app && a.name == name);
        if let Some(taken) = taken
            && order.confirm.as_deref() != Some(app.as_str())
        {
            let holder = self.addon(&taken.addon).map(|addon| addon.name.clone()).unwrap_or_default();
            let message = format!("{name} is already attached to {holder} on {app}.");
            return Err(self.confirmation_required(&app, message));
        }
        if let Some(taken) = taken {
            self.check_is_not_the_last(taken)?;
        }
        Ok(self.put_attachment(&app, &addon_id, &name, order.namespace.clone()))
    }

    /// The last attachment of an add-on on the app that is billed for it can neither be detached nor replaced (heroku/legacy-cli,
    /// issue 1562; heroku/heroku-attachable-resources, issue 21).
    pub(crate) fn check_is_not_the_last(&self, attachment: &Attachment) -> Result<(), Refusal> {
        let Ok(addon) = self.addon(&attachment.addon) else { return Ok(()) };
        let is_another =
            |other: &Attachment| other.addon == addon.id && other.app == addon.app && other.id != attachment.id;
        if attachment.app != addon.app || self.attachments.iter().any(is_another) {
            return Ok(());
        }
        let message = format!("{} is the last billing attachment to {}.", attachment.name, addon.name);
        Err(Refusal::unprocessable(message))
    }

    /// A credential that the database does not have can't be attached, directly or through the pooler. The official client
    /// asks for it first (`heroku addons:attach --credential`); the server's own words are not known.
    fn check_namespace(&self, addon: &str, namespace: &str) -> Result<(), Refusal> {
        let database = self.database(addon)?;
        if database.has_namespace(namespace) {
            return Ok(());
        }
        Err(Refusal::invalid(format!("Could not find {namespace} for that database.")))
    }

    /// Takes an attachment away, which makes a release. Returns it as it was.
    ///
    /// # Errors
    /// 404 when there is none; 422 when it is the last one of an add-on on its own app.
    pub fn detach(&mut self, key: &str) -> Result<Attachment, Refusal> {
        let found = self.attachment(key)?.clone();
        self.check_is_not_the_last(&found)?;
        self.attachments.retain(|a| a.id != found.id);
        self.release(&found.app.clone(), self.told("Detach", &found));
        Ok(found)
    }

    pub(crate) fn put_attachment(&mut self, app: &str, addon: &str, name: &str, namespace: Option<String>) -> String {
        let mut replaces = None;
        if let Some(old) = self.attachments.iter().position(|a| a.app == app && a.name == name) {
            let old = self.attachments.remove(old);
            self.release(app, self.told("Detach", &old));
            replaces = Some(if old.withheld { old.replaces } else { Some(old.addon) }).flatten();
        }
        let attachment = Attachment {
            id: self.ids.give(),
            name: name.to_owned(),
            namespace,
            app: app.to_owned(),
            addon: addon.to_owned(),
            created_at: self.settled_at,
            withheld: false,
            replaces,
        };
        let (id, description) = (attachment.id.clone(), self.told("Attach", &attachment));
        self.attachments.push(attachment);
        self.release_attachment(app, description, &id);
        id
    }

    fn told(&self, verb: &str, attachment: &Attachment) -> String {
        let addon = self.addon(&attachment.addon).map_or("?", |addon| addon.name.as_str());
        format!("{verb} {} (@ref:{addon})", attachment.name)
    }

    /// The name itself, or with a colour when the app has an attachment of that name.
    pub(crate) fn free_name(&self, app: &str, name: &str) -> String {
        let taken = self.attachments.iter().any(|a| a.app == app && a.name == name);
        if taken { self.free_colour(app, name) } else { name.to_owned() }
    }

    /// The stem with a colour, as no attachment of the app is named yet.
    pub(crate) fn free_colour(&self, app: &str, stem: &str) -> String {
        const COLOURS: [&str; 18] = [
            "MAUVE", "TEAL", "ROSE", "AMBER", "CYAN", "OLIVE", "JADE", "PINK", "WHITE", "BLACK", "BLUE", "BRONZE",
            "CHARCOAL", "COPPER", "CRIMSON", "GOLD", "GRAY", "IVORY",
        ];
        let name = |colour: &str| format!("{stem}_{colour}");
        let is_free = |name: &String| !self.attachments.iter().any(|a| a.app == app && &a.name == name);
        COLOURS
            .iter()
            .map(|colour| name(colour))
            .find(is_free)
            .unwrap_or_else(|| name(&format!("COLOUR_{}", self.attachments.len())))
    }

    /// The config vars that attachments give an app.
    pub(crate) fn attached_config(&self, app: &str) -> BTreeMap<String, String> {
        let attached = self.attachments.iter().filter(|a| a.app == app);
        attached.filter_map(|a| Some((config_var(&a.name), self.value_of(a)?))).collect()
    }

    /// The id of the add-on whose address the config var of an attachment holds just now: that of before while the release
    /// is pending or after it failed, where that is Heroku's conduct, and none where the variable is missing.
    fn in_effect<'a>(&self, attachment: &'a Attachment) -> Option<&'a str> {
        let of_before = attachment.replaces.as_deref();
        if attachment.withheld {
            return of_before.filter(|_| self.behaviour.failed_release_keeps_the_old_variable);
        }
        let is_its = |release: &&super::Release| release.attachment.as_deref() == Some(&attachment.id);
        let pending = self.behaviour.variables_wait_for_the_release
            && self.app(&attachment.app).is_ok_and(|app| {
                app.releases.iter().rev().find(is_its).is_some_and(|release| release.status == "pending")
            });
        if pending { of_before } else { Some(&attachment.addon) }
    }

    fn value_of(&self, attachment: &Attachment) -> Option<String> {
        let addon = self.addon(self.in_effect(attachment)?).ok()?;
        if addon.is_postgres() {
            let database = self.database(&addon.id).ok()?;
            let url = database.url(attachment.namespace.as_deref());
            let own = self.behaviour.poolers_have_their_own_host
                && attachment.namespace.as_deref().is_some_and(|pool| pool.starts_with("connection-pooling"));
            return Some(if own { url.replacen(&database.host, &format!("pool-{}", database.host), 1) } else { url });
        }
        Some(format!("https://addons.simulator.example/{}", addon.name))
    }

    /// The database that a config var of an app means, by attachment or by an equal URL.
    #[must_use]
    pub fn database_behind(&self, app: &str, var: &str) -> Option<&super::Database> {
        let attached = self.attachments.iter().find(|a| a.app == app && config_var(&a.name) == var);
        if let Some(attachment) = attached {
            return self.database(self.in_effect(attachment)?).ok();
        }
        let value = self.app(app).ok()?.config.get(var)?;
        self.databases.iter().find(|database| database.is_at(value))
    }

    /// The database with which the dynos of an app work: they have the config vars of the newest release that succeeded,
    /// and keep those while a later one is pending or after it failed.
    #[must_use]
    pub fn database_of_dynos(&self, app: &str) -> Option<&super::Database> {
        let app = self.app(app).ok()?;
        match app.running().and_then(|release| release.config.as_ref()) {
            Some(config) => {
                let value = config.get(&app.writes_with)?;
                self.databases.iter().find(|database| database.is_at(value))
            }
            None => self.database_behind(&app.name, &app.writes_with),
        }
    }
}
