use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::moment;
use crate::actions::acceptance::{ready_unless_accepted, receipt};
use crate::actions::postgres::readiness::{self, Readiness};
use crate::actions::postgres::subject::Subject;
use crate::actions::sight::{blocked, satisfied, unclear, underway};
use crate::actions::{Action, Context};
use crate::heroku::if_found;
use crate::heroku::platform::{Addon, AddonState, NewAddon};
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates a database that holds what another one held at a past moment, and waits until it is ready.
///
/// The other database is not touched; the new one has credentials of its own (`reference/procedures.md`, P5). Its name is
/// chosen before: by it an interrupted creation is found again.
pub(in crate::actions) struct Rollback;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that will own the database.
    app: String,
    /// The database whose past is wanted, by its add-on's name.
    source: String,
    /// The moment: `2026-11-22T01:30:00Z`.
    moment: String,
    /// The new database's plan.
    plan: String,
    /// The name of its add-on.
    name: String,
    /// The name of its attachment to the app.
    alias: String,
}

/// The database.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The add-on's name.
    name: String,
    /// The add-on's id.
    id: String,
}

/// Seconds between two looks while Heroku restores the database.
const LOOK_AGAIN: u64 = 30;

impl Action for Rollback {
    const NAME: &'static str = "postgres.rollback";
    const SUMMARY: &'static str = "Create a database as another one was at a moment, and wait until it is ready.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.addon(&params.name).await)? else {
            let will = format!(
                "create the add-on {} ({}) on {}: {} as it was at {}; it is billed from its creation on",
                params.name, params.plan, params.app, params.source, params.moment
            );
            return Ok(ready_unless_accepted(context, prior, vec![will]));
        };
        if addon.app.name != params.app {
            return Ok(foreign(params, &format!("belongs to the app {}", addon.app.name)));
        }
        match &addon.state {
            AddonState::Provisioned => database(context, params, addon).await,
            AddonState::Provisioning => Ok(underway(format!("Heroku is provisioning {}", params.name), LOOK_AGAIN)),
            AddonState::Deprovisioning | AddonState::Deprovisioned => Ok(blocked(
                format!("The add-on {} is {}: its creation failed, or somebody removed it.", params.name, addon.state),
                format!("`heroku addons -a {}` shows when it is gone; then retry.", params.app),
            )),
            AddonState::Other(_) => Ok(unclear(
                format!("The add-on {} has the state \"{}\", which hcops does not know.", params.name, addon.state),
                format!("Is {} provisioned? (`heroku addons:info {0}`)", params.name),
            )),
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let moment = moment::read(&params.moment).map_or_else(|| params.moment.clone(), |moment| moment.to_string());
        let new = NewAddon {
            plan: params.plan.clone(),
            name: Some(params.name.clone()),
            attachment: Some(params.alias.clone()),
            config: BTreeMap::from([("rollback".to_owned(), params.source.clone()), ("to".to_owned(), moment)]),
            confirm: None,
        };
        let answer = context.clients.platform.create_addon(&permit, &params.app, &new).await?;
        let said = format!("add-on {} is {}", answer.value.name, answer.value.state);
        Ok(receipt(&answer, said, json!({"addon": answer.value.id})))
    }
}

async fn database(context: &Context, params: &Params, addon: Addon) -> Result<Seen<Output>, Fault> {
    let name = &params.name;
    match Readiness::of_database(context, name).await? {
        Readiness::Ready => {}
        Readiness::Missing => {
            return Ok(underway(format!("the add-on {name} is there, its database not yet"), LOOK_AGAIN));
        }
        Readiness::Waiting { message, part } => return Ok(readiness::waiting(name, &message, part, LOOK_AGAIN)),
        Readiness::Unknown { message } => {
            return Ok(readiness::unknown(Subject { app: &params.app, database: name }, &message));
        }
        Readiness::Failed { message } => {
            return Ok(blocked(
                format!("Heroku could not create the database {name}: \"{message}\"."),
                format!("Remove it (`heroku addons:destroy {name} -a {}`) and retry, or turn back.", params.app),
            ));
        }
    }
    let found = context.clients.data.database(name).await?;
    let source = context.clients.data.database(&params.source).await?;
    let place = |url: Option<crate::model::DatabaseUrl>| url.map(|url| url.place());
    Ok(match (place(found.forked_from), place(source.resource_url)) {
        (Some(from), Some(expected)) if from == expected => satisfied(Output { name: addon.name, id: addon.id }),
        (Some(from), Some(_)) => foreign(params, &format!("comes from {from}")),
        _ => unclear(
            format!("Heroku does not show what {name} was made from."),
            format!(
                "Is it {} as it was at {}? (`heroku pg:info {name} -a {}`)",
                params.source, params.moment, params.app
            ),
        ),
    })
}

fn foreign(params: &Params, what: &str) -> Seen<Output> {
    blocked(
        format!("An add-on {} exists already, but it {what}.", params.name),
        "It is not taken over and not removed. Plan again with another name for the new database, or take it with --existing.",
    )
}
