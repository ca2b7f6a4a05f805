//! A database that is ordered under a name which was chosen before: what a follower, an empty database and a past moment
//! have in common.
//!
//! The name is the mark by which an interrupted order is found again instead of repeated. An add-on being `provisioned` is
//! not yet the database being ready (docs/heroku/platform.md, "Add-ons").

use std::collections::BTreeMap;

use serde_json::json;

use super::readiness::{self, Readiness};
use super::subject::Subject;
use crate::Context;
use crate::acceptance::{PATIENCE, intended_within, receipt};
use crate::sight::{blocked, unclear, underway};
use hcops_heroku::if_found;
use hcops_heroku::platform::{Addon, AddonState, NewAddon};
use hcops_model::{Fault, Permit, Prior, Receipt, Seen};

/// What is ordered.
pub(super) struct Order<'a> {
    /// The app that will own the database.
    pub(super) app: &'a str,
    /// The name of its add-on.
    pub(super) name: &'a str,
    /// Its plan.
    pub(super) plan: &'a str,
    /// The name of its attachment to the app.
    pub(super) alias: &'a str,
    /// What sort of database it is, for sentences: `a follower of acme-db`.
    pub(super) sort: String,
    /// Where another database has the name already: what to do, in a sentence.
    pub(super) otherwise: &'static str,
    /// Seconds between two looks while Heroku makes it.
    pub(super) look_again: u64,
}

/// What is there of an order.
pub(super) enum Ordered<T> {
    /// No add-on has the name.
    Absent,
    /// The add-on is this app's, on this plan, and its database is ready. What the database is has still to be seen.
    Ready(Box<Addon>),
    /// Anything else, as the step says it.
    Otherwise(Seen<T>),
}

/// The attachment by which an app reaches a database.
pub(super) struct Reached {
    /// The attachment's name.
    pub(super) alias: String,
    /// The config var that holds the database's address.
    pub(super) config_var: String,
}

impl Order<'_> {
    /// Looks for the add-on and its database.
    ///
    /// # Errors
    /// As Heroku cannot be asked.
    pub(super) async fn look<T>(&self, context: &Context) -> Result<Ordered<T>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(self.name).await)? else {
            return Ok(Ordered::Absent);
        };
        if let Some(what) = self.other_place(&addon) {
            return Ok(Ordered::Otherwise(self.foreign(&what)));
        }
        match addon.state {
            AddonState::Provisioned => self.database(context, addon).await,
            _ => Ok(Ordered::Otherwise(self.unprovisioned(&addon))),
        }
    }

    /// Orders the database.
    ///
    /// # Errors
    /// As Heroku refuses it.
    pub(super) async fn place(
        &self,
        context: &Context,
        permit: &Permit,
        config: BTreeMap<String, String>,
    ) -> Result<Receipt, Fault> {
        let new = NewAddon {
            plan: self.plan.to_owned(),
            name: Some(self.name.to_owned()),
            attachment: Some(self.alias.to_owned()),
            config,
            confirm: None,
        };
        let answer = context.clients.platform.create_addon(permit, self.app, &new).await?;
        let said = format!("add-on {} is {}", answer.value.name, answer.value.state);
        Ok(receipt(&answer, said, json!({"id": answer.value.id, "name": answer.value.name})))
    }

    /// The attachment through which the app reaches the database: the one that was ordered with it, else another one, since
    /// people may rename it. Where the app has none: what the step says to that.
    ///
    /// A database with the attachment that was chosen for this order, though nothing was ordered yet, is another run's of
    /// the same plan. It is not taken over: that run would destroy it on its way back.
    ///
    /// # Errors
    /// As Heroku cannot be asked.
    pub(super) async fn reached<T>(
        &self,
        context: &Context,
        prior: &Prior,
        addon: &Addon,
    ) -> Result<Result<Reached, Seen<T>>, Fault> {
        let mut own = context.clients.platform.app_attachments(self.app).await?;
        own.retain(|attachment| attachment.addon.id == addon.id);
        own.sort_by_key(|attachment| attachment.name != self.alias);
        Ok(match own.first() {
            Some(found) if found.name == self.alias && prior.intended_at.is_none() => {
                Err(self.foreign(&format!("another run, perhaps of another machine, made it as {}", self.alias)))
            }
            Some(found) => Ok(Reached { alias: found.name.clone(), config_var: found.url_var() }),
            None => Err(self.unattached(context, prior)),
        })
    }

    /// That the name belongs to something else, which `what` says of the add-on: `it belongs to the app acme-web`.
    pub(super) fn foreign<T>(&self, what: &str) -> Seen<T> {
        blocked(
            format!("An add-on {} exists already, but {what}; it should be {}.", self.name, self.sort),
            format!(
                "It is not taken over and not removed. {} `heroku pg:info {} -a {}` shows it.",
                self.otherwise, self.name, self.app
            ),
        )
    }

    fn unattached<T>(&self, context: &Context, prior: &Prior) -> Seen<T> {
        if intended_within(context, prior, PATIENCE) {
            return underway(format!("{} is there, its attachment does not show yet", self.name), self.look_again);
        }
        blocked(
            format!("{} is there, but it is not attached to {}: no config var holds its address.", self.name, self.app),
            format!(
                "Somebody has detached it. Attach it again (`heroku addons:attach {} --as {} -a {}`), then retry.",
                self.name, self.alias, self.app
            ),
        )
    }

    fn other_place(&self, addon: &Addon) -> Option<String> {
        if addon.app.name != self.app {
            return Some(format!("it belongs to the app {}", addon.app.name));
        }
        (addon.plan.name != self.plan).then(|| format!("its plan is {} instead of {}", addon.plan.name, self.plan))
    }

    fn unprovisioned<T>(&self, addon: &Addon) -> Seen<T> {
        let (name, state) = (self.name, &addon.state);
        match state {
            AddonState::Provisioned | AddonState::Provisioning => {
                underway(format!("Heroku is provisioning {name}"), self.look_again)
            }
            AddonState::Deprovisioning | AddonState::Deprovisioned => blocked(
                format!("The add-on {name} is {state}: its creation failed, or somebody removed it."),
                format!("`heroku addons -a {}` shows when it is gone; then retry.", self.app),
            ),
            AddonState::Other(_) => unclear(
                format!("The add-on {name} has the state \"{state}\", which hcops does not know."),
                format!("Is {name} provisioned? (`heroku addons:info {name}`)"),
            ),
        }
    }

    async fn database<T>(&self, context: &Context, addon: Addon) -> Result<Ordered<T>, Fault> {
        let name = self.name;
        Ok(Ordered::Otherwise(match Readiness::of_database(context, name).await? {
            Readiness::Ready => return Ok(Ordered::Ready(Box::new(addon))),
            Readiness::Missing => {
                underway(format!("the add-on {name} is there, its database not yet"), self.look_again)
            }
            Readiness::Waiting { message, part } => readiness::waiting(name, &message, part, self.look_again),
            Readiness::Unknown { message } => readiness::unknown(Subject { app: self.app, database: name }, &message),
            Readiness::Failed { message } => blocked(
                format!("Heroku could not create the database {name}: \"{message}\"."),
                format!("Remove it (`heroku addons:destroy {name} -a {}`) and retry, or turn back.", self.app),
            ),
        }))
    }
}
