use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment;
use crate::acceptance::ready_unless_accepted;
use crate::postgres::ordering::{Order, Ordered};
use crate::sight::{satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::platform::Addon;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Creates a database that holds what another one held at a past moment, and waits until it is ready.
///
/// The other database is not touched; the new one has credentials of its own (docs/heroku/procedures.md,
/// "Rollback recovery"). Its name is chosen before: by it an interrupted creation is found again.
pub(crate) struct Rollback;

/// What to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
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
pub(crate) struct Output {
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
        let order = order(params);
        match order.look(context).await? {
            Ordered::Absent => Ok(ready_unless_accepted(context, prior, vec![will(params)])),
            Ordered::Ready(addon) => judge(context, params, &order, *addon).await,
            Ordered::Otherwise(seen) => Ok(seen),
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let moment = moment::read(&params.moment).map_or_else(|| params.moment.clone(), |moment| moment.to_string());
        let config = BTreeMap::from([("rollback".to_owned(), params.source.clone()), ("to".to_owned(), moment)]);
        order(params).place(context, &permit, config).await
    }
}

fn order(params: &Params) -> Order<'_> {
    Order {
        app: &params.app,
        name: &params.name,
        plan: &params.plan,
        alias: &params.alias,
        sort: format!("{} as it was at {}", params.source, params.moment),
        otherwise: "Plan again with another name for the new database, or take it with --take existing.",
        look_again: LOOK_AGAIN,
    }
}

async fn judge(context: &Context, params: &Params, order: &Order<'_>, addon: Addon) -> Result<Seen<Output>, Fault> {
    let name = &params.name;
    let found = context.clients.data.database(name).await?;
    let source = context.clients.data.database(&params.source).await?;
    Ok(match (found.origin(), source.resource_url.map(|url| url.place())) {
        (Some(from), Some(expected)) if from == expected => satisfied(Output { name: addon.name, id: addon.id }),
        (Some(from), Some(_)) => order.foreign(&format!("it comes from {from}")),
        _ => unclear(
            format!("Heroku does not show what {name} was made from."),
            format!(
                "Is it {} as it was at {}? (`heroku pg:info {name} -a {}`)",
                params.source, params.moment, params.app
            ),
        ),
    })
}

fn will(params: &Params) -> String {
    format!(
        "create the add-on {} ({}) on {}: {} as it was at {}; it is billed from its creation on",
        params.name, params.plan, params.app, params.source, params.moment
    )
}
