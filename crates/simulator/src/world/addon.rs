use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::attachment::config_var;
use super::{Connection, Database, Due, Plan, PlanName, Refusal, World};
use hcops_heroku::data::NEWEST;

/// An add-on. When it is gone it is no longer in the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addon {
    /// UUID.
    pub id: String,
    /// Name, unique in all of Heroku.
    pub name: String,
    /// The owning app's name.
    pub app: String,
    /// Full name of the plan: `heroku-postgresql:standard-0`.
    pub plan: String,
    /// `provisioning`, `provisioned` or `deprovisioning`.
    pub state: String,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Addon {
    /// The service: the part of the plan's name before the colon.
    #[must_use]
    pub fn service(&self) -> &str {
        self.plan.split(':').next().unwrap_or(&self.plan)
    }

    /// Whether it is a Postgres database.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.service() == "heroku-postgresql"
    }
}

/// An order of an add-on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AddonOrder {
    /// Full name or id of the plan.
    pub plan: String,
    /// The add-on's name, where the customer chose one.
    pub name: Option<String>,
    /// The attachment's name, where the customer chose one.
    pub attachment: Option<String>,
    /// The app's name, as an agreement to overwrite an attachment.
    pub confirm: Option<String>,
    /// Settings: `follow`, `fork`, `version` …
    pub config: Map<String, Value>,
}

impl AddonOrder {
    fn setting(&self, key: &str) -> Option<String> {
        match self.config.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl World {
    /// The add-on of this name or id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn addon(&self, key: &str) -> Result<&Addon, Refusal> {
        self.addons
            .iter()
            .find(|addon| addon.id == key || addon.name == key)
            .ok_or_else(|| Refusal::not_found("add_on"))
    }

    pub(crate) fn addon_mut(&mut self, key: &str) -> Result<&mut Addon, Refusal> {
        self.addons
            .iter_mut()
            .find(|addon| addon.id == key || addon.name == key)
            .ok_or_else(|| Refusal::not_found("add_on"))
    }

    /// The add-ons that `key` means: a name or id anywhere; on `app`, an attachment, a config var, or a
    /// service, which may mean several.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn resolve_addon(&self, key: &str, app: Option<&str>) -> Result<Vec<&Addon>, Refusal> {
        let app = app.map(|app| self.app(app)).transpose()?;
        let on_app = |addon: &Addon| {
            app.is_none_or(|app| {
                addon.app == app.name || self.attachments.iter().any(|a| a.app == app.name && a.addon == addon.id)
            })
        };
        let named: Vec<&Addon> =
            self.addons.iter().filter(|addon| (addon.name == key || addon.id == key) && on_app(addon)).collect();
        if !named.is_empty() {
            return Ok(named);
        }
        let attached = app.and_then(|app| {
            self.attachments.iter().find(|a| a.app == app.name && (a.name == key || config_var(&a.name) == key))
        });
        if let Some(attachment) = attached {
            return Ok(vec![self.addon(&attachment.addon)?]);
        }
        let of_service = |addon: &&Addon| app.is_some() && addon.service() == key && on_app(addon);
        let of_service: Vec<&Addon> = self.addons.iter().filter(of_service).collect();
        if of_service.is_empty() { Err(Refusal::not_found("add_on")) } else { Ok(of_service) }
    }

    /// Orders an add-on; a database is `provisioning` at first. Returns its id.
    ///
    /// # Errors
    /// 404 for an unknown app; 422 for an unknown plan, a bad or taken name, or a source that can't be followed; 423
    /// when the attachment's name is in use and was not confirmed.
    pub fn order_addon(&mut self, app: &str, order: &AddonOrder) -> Result<String, Refusal> {
        let app = self.app(app)?.name.clone();
        let plan = Plan::ordered(&order.plan).ok_or_else(|| unknown_plan(&order.plan))?;
        self.check_space(&app, plan)?;
        self.check_name(order.name.as_deref())?;
        self.check_attachment_is_free(&app, plan, order)?;
        let source = self.source_of_order(&app, plan, order)?;
        let moment = self.moment_of_rollback(source.as_ref(), order)?;
        if let (None, "heroku-postgresql", Some(version)) = (&source, plan.service, order.setting("version")) {
            self.check_major(&version, true)?;
        }
        let (id, now) = (self.ids.give(), self.settled_at);
        let name = order.name.clone().unwrap_or_else(|| self.new_name(plan));
        let addon = Addon {
            id: id.clone(),
            name: name.clone(),
            app: app.clone(),
            plan: plan.full_name(),
            state: if plan.service == "heroku-postgresql" { "provisioning" } else { "provisioned" }.to_owned(),
            created_at: now,
            updated_at: now,
        };
        self.addons.push(addon.clone());
        if addon.is_postgres() {
            self.create_database(&addon, source.as_ref(), order.setting("version").as_deref());
            self.database_mut(&id)?.rolled_back_to = moment;
        } else if addon.service() == "herokuconnect" {
            self.connections.push(Connection::unconfigured(&addon, plan.name, now));
        }
        self.attach_new(&app, &addon, order.attachment.as_deref());
        if addon.is_postgres() {
            self.schedule(self.latency.provision, Due::Provisioned { addon: id.clone() });
        }
        Ok(id)
    }

    fn check_space(&self, app: &str, plan: &Plan) -> Result<(), Refusal> {
        if plan.is_for_spaces() && self.app(app)?.space.is_none() {
            return Err(Refusal::invalid(format!(
                "The plan {} is only available for apps in a private space.",
                plan.full_name()
            )));
        }
        Ok(())
    }

    fn check_name(&self, name: Option<&str>) -> Result<(), Refusal> {
        let Some(name) = name else { return Ok(()) };
        if !is_addon_name(name) {
            return Err(Refusal::invalid(
                "Name must start with a letter and can only contain letters, numbers, dashes and underscores.",
            ));
        }
        if self.addons.iter().any(|addon| addon.name == name) {
            return Err(Refusal::invalid("Name is already taken"));
        }
        Ok(())
    }

    fn check_attachment_is_free(&self, app: &str, plan: &Plan, order: &AddonOrder) -> Result<(), Refusal> {
        let Some(name) = order.attachment.as_deref() else { return Ok(()) };
        let taken = self.attachments.iter().any(|a| a.app == app && a.name == name);
        if taken && order.confirm.as_deref() != Some(app) {
            let message = format!("Adding {} will override the config vars: {}", plan.full_name(), config_var(name));
            return Err(self.confirmation_required(app, message));
        }
        let replaced = self.attachments.iter().find(|a| a.app == app && a.name == name);
        replaced.map_or(Ok(()), |replaced| self.check_is_not_the_last(replaced))
    }

    pub(crate) fn confirmation_required(&self, app: &str, message: String) -> Refusal {
        let mut refusal = Refusal::confirmation_required(app, message);
        refusal.status = self.behaviour.confirmation_status;
        refusal
    }

    fn source_of_order(&self, app: &str, plan: &Plan, order: &AddonOrder) -> Result<Option<Source>, Refusal> {
        for (key, follows) in [("follow", true), ("fork", false), ("rollback", false)] {
            if let Some(text) = order.setting(key) {
                let addon = self.check_source(app, &text, &plan.full_name(), follows)?;
                return Ok(Some(Source { addon, follows }));
            }
        }
        Ok(None)
    }

    /// The moment of a rollback: `to` a time, or `by` an interval (docs/heroku/platform.md, "Add-ons").
    fn moment_of_rollback(&self, source: Option<&Source>, order: &AddonOrder) -> Result<Option<Timestamp>, Refusal> {
        let Some(source) = source.filter(|_| order.setting("rollback").is_some()) else { return Ok(None) };
        let unreadable = |text: &str| Refusal::invalid(format!("{text:?} is neither a time nor an interval."));
        let moment = match (order.setting("to"), order.setting("by")) {
            (Some(to), _) => read_moment(&to).ok_or_else(|| unreadable(&to))?,
            (None, Some(by)) => earlier(self.settled_at, &by).ok_or_else(|| unreadable(&by))?,
            (None, None) => return Err(Refusal::invalid("A rollback needs the moment: `to` or `by`.")),
        };
        let database = self.database(&source.addon)?;
        let earliest = self.earliest_rollback(database);
        if moment < earliest || moment > self.settled_at {
            return Err(Refusal::unprocessable(format!("You can't roll back to {moment}: earliest is {earliest}.")));
        }
        Ok(Some(moment))
    }

    /// The earliest moment that a database can be brought back to: 4 days, with high availability 7
    /// (docs/heroku/platform.md, "Tiers"); what a real server holds can be less.
    #[must_use]
    pub fn earliest_rollback(&self, database: &Database) -> Timestamp {
        let plan = self.addon(&database.addon).map_or("", |addon| addon.plan.as_str());
        let days = if plan.is_highly_available() { 7 } else { 4 };
        let kept = super::before(self.settled_at, days * 86_400).max(database.created_at);
        database.rollback_from.map_or(kept, |by_its_server| by_its_server.max(kept))
    }

    fn create_database(&mut self, addon: &Addon, source: Option<&Source>, version: Option<&str>) {
        let mut database = Database::empty(addon, version.unwrap_or(&NEWEST.to_string()));
        if let Some(leader) = source.and_then(|source| self.database(&source.addon).ok()) {
            database.copy_from(leader, source.is_some_and(|source| source.follows));
        }
        self.databases.push(database);
        let ready = self.latency.provision + self.latency.database_ready;
        self.schedule(ready, Due::DatabaseReady { addon: addon.id.clone() });
    }

    fn attach_new(&mut self, app: &str, addon: &Addon, name: Option<&str>) {
        let first = !self.attachments.iter().any(|a| a.app == app && a.name == "DATABASE");
        let name = match name {
            Some(name) => name.to_owned(),
            None if addon.is_postgres() && first => "DATABASE".to_owned(),
            None if addon.is_postgres() => self.free_colour(app, "HEROKU_POSTGRESQL"),
            None => self.free_name(app, &addon.service().to_uppercase()),
        };
        self.put_attachment(app, &addon.id, &name, None);
    }

    fn new_name(&mut self, plan: &Plan) -> String {
        const WORDS: [&str; 8] = ["curved", "flat", "round", "tidal", "swiftly", "crystal", "angular", "shallow"];
        let stem = plan.service.trim_start_matches("heroku-");
        if let Some(word) = &self.behaviour.word_of_new_addons {
            return format!("{stem}-{word}-{}", 10_005 + self.ids.given);
        }
        let number = self.ids.next_number();
        let word = WORDS[usize::try_from(number % 8).unwrap_or(0)];
        format!("{stem}-{word}-{number}")
    }

    /// Asks for another plan; it takes effect after a while, under the same name and version.
    ///
    /// # Errors
    /// 404 for an unknown add-on; 422 for an unknown plan, or one outside the Essential tier for an Essential database.
    pub fn change_plan(&mut self, addon: &str, plan: &str) -> Result<(), Refusal> {
        let plan = Plan::find(plan).ok_or_else(|| unknown_plan(plan))?;
        self.check_space(&self.addon(addon)?.app, plan)?;
        let plan = plan.full_name();
        let now = self.settled_at;
        let seconds = self.latency.plan_change;
        let addon = self.addon_mut(addon)?;
        if addon.is_postgres() && addon.plan.is_essential() != plan.is_essential() {
            return Err(Refusal::invalid("You can't change between the Essential tier and another tier."));
        }
        addon.updated_at = now;
        let due = Due::PlanChanged { addon: addon.id.clone(), plan };
        if let Ok(database) = self.database_mut(due.about()) {
            database.wait("preparing the new plan", None);
        }
        self.schedule(seconds, due);
        Ok(())
    }

    /// Renames an add-on.
    ///
    /// # Errors
    /// 404 for an unknown add-on; 422 for a bad or taken name.
    pub fn rename_addon(&mut self, addon: &str, name: &str) -> Result<(), Refusal> {
        let id = self.addon(addon)?.id.clone();
        self.check_name(Some(name))?;
        name.clone_into(&mut self.addon_mut(&id)?.name);
        Ok(())
    }

    /// Removes an add-on with all its attachments. Returns it as it was left: `deprovisioned` for an Essential database,
    /// which goes at once, else `deprovisioning`.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn remove_addon(&mut self, addon: &str) -> Result<Addon, Refusal> {
        let (id, name) = self.addon(addon).map(|addon| (addon.id.clone(), addon.name.clone()))?;
        let attached: Vec<(String, String)> =
            self.attachments.iter().filter(|a| a.addon == id).map(|a| (a.app.clone(), a.name.clone())).collect();
        self.attachments.retain(|a| a.addon != id);
        for (app, attachment) in attached {
            self.release(&app, format!("Detach {attachment} (@ref:{name})"));
        }
        let addon = self.addon_mut(&id)?;
        let at_once = addon.plan.is_essential();
        if at_once { "deprovisioned" } else { "deprovisioning" }.clone_into(&mut addon.state);
        let left = addon.clone();
        if at_once {
            self.forget_addon(&id);
        } else {
            self.schedule(self.latency.deprovision, Due::Deprovisioned { addon: id });
        }
        Ok(left)
    }

    /// The same as its owner asks for it: one that other apps have as well goes only by `force` (heroku/cli, `addons:destroy`).
    ///
    /// # Errors
    /// As [`World::remove_addon`]; 422 for one that other apps have.
    pub fn destroy_addon(&mut self, addon: &str, force: bool) -> Result<Addon, Refusal> {
        let found = self.addon(addon)?;
        let elsewhere = self.attachments.iter().find(|a| a.addon == found.id && a.app != found.app);
        if let Some(other) = elsewhere.filter(|_| !force) {
            let message =
                format!("{} is attached to {} as {}. Use --force to destroy it.", found.name, other.app, other.name);
            return Err(Refusal::unprocessable(message));
        }
        self.remove_addon(addon)
    }

    pub(crate) fn forget_addon(&mut self, id: &str) {
        self.addons.retain(|addon| addon.id != id);
        self.databases.retain(|database| database.addon != id);
        let gone = self.connections.extract_if(.., |connection| connection.addon == id);
        self.removed_connections.extend(gone);
        for database in self.databases.iter_mut().filter(|database| database.following.as_deref() == Some(id)) {
            database.following = None;
        }
        self.cancel(id);
    }

    pub(crate) fn end_provisioning(&mut self, id: &str) {
        let now = self.settled_at;
        if let Ok(addon) = self.addon_mut(id).map(|addon| (addon.updated_at = now, addon).1) {
            "provisioned".clone_into(&mut addon.state);
        }
    }

    pub(crate) fn end_plan_change(&mut self, id: &str, plan: &str) {
        if let Ok(addon) = self.addon_mut(id) {
            plan.clone_into(&mut addon.plan);
        }
        if let Ok(database) = self.database_mut(id) {
            database.waiting = None;
        }
    }
}

/// Where a new database gets its contents.
struct Source {
    addon: String,
    follows: bool,
}

/// A time as RFC 3339 writes it, or with a space; UTC unless it says otherwise.
fn read_moment(text: &str) -> Option<Timestamp> {
    let civil = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    text.parse().ok().or_else(|| Some(civil()?.timestamp()))
}

fn earlier(now: Timestamp, by: &str) -> Option<Timestamp> {
    let span: jiff::Span = by.parse().ok()?;
    let zoned = now.to_zoned(jiff::tz::TimeZone::UTC).checked_sub(span).ok()?;
    Some(zoned.timestamp())
}

fn unknown_plan(plan: &str) -> Refusal {
    Refusal::invalid(format!("Couldn't find either the add-on service or the add-on plan of \"{plan}\"."))
}

/// The name rule `^[a-zA-Z][A-Za-z0-9_-]+$` (docs/heroku/platform.md, "Add-ons").
fn is_addon_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && name.len() > 1
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')
}
