use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::acceptance::ready_unless_accepted;
use crate::postgres::ordering::{Order, Ordered};
use crate::sight::{satisfied, unclear, underway};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_heroku::platform::Addon;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates an empty database of a Postgres version under a name that was chosen before, and waits until it is ready.
pub(crate) struct Create;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that will own the database.
    app: String,
    /// The name of its add-on.
    name: String,
    /// Its plan, for example `heroku-postgresql:standard-0`.
    plan: String,
    /// The name of its attachment to the app.
    alias: String,
    /// Its Postgres major version.
    version: u32,
}

/// The database.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The add-on's name.
    name: String,
    /// The add-on's id.
    id: String,
    /// The config var that holds its address.
    config_var: String,
}

/// Seconds between two looks while Heroku creates the database.
const LOOK_AGAIN: u64 = 15;

impl Action for Create {
    const NAME: &'static str = "postgres.create";
    const SUMMARY: &'static str = "Create an empty database and wait until it is ready.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        match order(params).look(context).await? {
            Ordered::Absent => Ok(ready_unless_accepted(context, prior, vec![will(params)])),
            Ordered::Ready(addon) => judge(context, params, prior, *addon).await,
            Ordered::Otherwise(seen) => Ok(seen),
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let config = BTreeMap::from([("version".to_owned(), params.version.to_string())]);
        order(params).place(context, &permit, config).await
    }
}

fn order(params: &Params) -> Order<'_> {
    Order {
        app: &params.app,
        name: &params.name,
        plan: &params.plan,
        alias: &params.alias,
        sort: format!("a database on Postgres {} of {}", params.version, params.app),
        otherwise: "Plan again with another name (--new-name).",
        look_again: LOOK_AGAIN,
    }
}

async fn judge(context: &Context, params: &Params, prior: &Prior, addon: Addon) -> Result<Seen<Output>, Fault> {
    let order = order(params);
    let name = &params.name;
    let Some(database) = if_found(context.clients.data.database(name).await)? else {
        return Ok(underway(format!("the add-on {name} is there, its database not yet"), LOOK_AGAIN));
    };
    match database.major_version() {
        Some(version) if version == params.version => {}
        Some(other) => return Ok(order.foreign(&format!("it is on Postgres {other}"))),
        None => {
            return Ok(unclear(
                format!("Heroku does not say in a form that hcops knows which Postgres version {name} has."),
                format!("Is {name} on Postgres {}? (`heroku pg:info {name} -a {}`)", params.version, params.app),
            ));
        }
    }
    Ok(match order.reached(context, prior, &addon).await? {
        Ok(reached) => satisfied(Output { name: addon.name, id: addon.id, config_var: reached.config_var }),
        Err(seen) => seen,
    })
}

fn will(params: &Params) -> String {
    format!(
        "create the add-on {} ({}, Postgres {}) on {}, attached as {}; it is billed from its creation on",
        params.name, params.plan, params.version, params.app, params.alias
    )
}
