use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ordering::{Order, Ordered, Reached};
use super::role::Role;
use crate::acceptance::ready_unless_accepted;
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::if_found;
use hcops_heroku::platform::{Addon, AddonState};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates a follower under a name that was chosen before, and waits until the database behind it is ready.
///
/// An add-on of this name that follows the leader is what an interrupted creation made.
pub(crate) struct Follow;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that will own the follower.
    app: String,
    /// The database to follow, by its add-on's name.
    leader: String,
    /// The follower's plan, for example `heroku-postgresql:standard-0`.
    plan: String,
    /// The name of the follower's add-on.
    name: String,
    /// The name of its attachment to the app.
    alias: String,
}

/// The follower.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The add-on's name.
    name: String,
    /// The add-on's id.
    id: String,
    /// Its attachment's name.
    alias: String,
    /// The config var that holds its address.
    config_var: String,
}

/// Seconds between two looks while Heroku creates the database.
const LOOK_AGAIN: u64 = 15;

impl Action for Follow {
    const NAME: &'static str = "postgres.follow";
    const SUMMARY: &'static str = "Create a follower of a database and wait until it is ready.";
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
        let config = BTreeMap::from([("follow".to_owned(), params.leader.clone())]);
        order(params).place(context, &permit, config).await
    }
}

fn order(params: &Params) -> Order<'_> {
    Order {
        app: &params.app,
        name: &params.name,
        plan: &params.plan,
        alias: &params.alias,
        sort: format!("a follower of {} on {}", params.leader, params.app),
        otherwise: "Plan again with another name (--follower-name).",
        look_again: LOOK_AGAIN,
    }
}

async fn judge(context: &Context, params: &Params, prior: &Prior, addon: Addon) -> Result<Seen<Output>, Fault> {
    let order = order(params);
    let Some(database) = if_found(context.clients.data.database(&params.name).await)? else {
        return Ok(underway(format!("the add-on {} is there, its database not yet", params.name), LOOK_AGAIN));
    };
    match Role::of(context, &database, &params.leader).await? {
        Role::Follower => {}
        // While it is made it need not show yet what it will follow.
        Role::Alone if addon.state == AddonState::Provisioning || database.waiting == Some(true) => {
            return Ok(underway(format!("{} is being made and not ready yet", params.name), LOOK_AGAIN));
        }
        other => return Ok(order.foreign(&format!("it {}", other.spoken(&params.leader)))),
    }
    Ok(match order.reached(context, prior, &addon).await? {
        Ok(Reached { alias, config_var }) => satisfied(Output { name: addon.name, id: addon.id, alias, config_var }),
        Err(seen) => seen,
    })
}

fn will(params: &Params) -> String {
    format!(
        "create the add-on {} ({}) on {}: a follower of {}, attached as {}; it is billed from its creation on",
        params.name, params.plan, params.app, params.leader, params.alias
    )
}
