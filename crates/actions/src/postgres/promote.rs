use schemars::JsonSchema;
use serde::Deserialize;

use super::attaching::{self, Output, Wanted};
use crate::sight::blocked;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Makes a database the `DATABASE` of an app.
///
/// Promotion does not end following (docs/heroku/procedures.md, "Promotion"), so a follower is not promoted.
pub(crate) struct Promote;

/// Which database, of which app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// The add-on that has the name until now.
    from: String,
    /// The attachment's name: `DATABASE` unless said otherwise.
    #[serde(default = "default_name")]
    name: String,
}

fn default_name() -> String {
    "DATABASE".to_owned()
}

impl Action for Promote {
    const NAME: &'static str = "postgres.promote";
    const SUMMARY: &'static str = "Make a database the DATABASE of an app.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let seen = attaching::observe(context, &wanted(params), prior).await?;
        if matches!(seen, Seen::Ready { .. })
            && let Some(following) = context.clients.data.database(&params.database).await?.following()
        {
            return Ok(blocked(
                format!("{} still follows {}: an app on it could only read.", params.database, following.place()),
                "Upgrade it, or end the following, before it is promoted.",
            ));
        }
        Ok(seen)
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        attaching::act(context, &wanted(params), &permit).await
    }
}

fn wanted(params: &Params) -> Wanted<'_> {
    Wanted {
        app: &params.app,
        name: &params.name,
        namespace: None,
        database: &params.database,
        from: Some(&params.from),
    }
}
