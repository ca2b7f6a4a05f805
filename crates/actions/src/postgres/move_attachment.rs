use schemars::JsonSchema;
use serde::Deserialize;

use super::attaching::{self, Output, Wanted};
use super::credential::{self, Known};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::platform::credential_of;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Makes an attachment of an app lead to another database: a pooler, an attachment under another name, an attachment of
/// another app. Promotion leaves all of these where they are (docs/heroku/procedures.md, "Promotion").
pub(crate) struct MoveAttachment;

/// Which attachment, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// The attachment's name.
    name: String,
    /// The namespace, for example `connection-pooling:default`; the default credential when absent.
    #[serde(default)]
    namespace: Option<String>,
    /// The add-on that it should lead to, by name.
    database: String,
    /// The add-on that it may be taken from, by name. Without one a name that is taken is left alone.
    #[serde(default)]
    from: Option<String>,
    /// Whether an attachment whose credential the new database lacks stays where it is. Otherwise that blocks.
    #[serde(default)]
    or_leave: bool,
}

impl Action for MoveAttachment {
    const NAME: &'static str = "postgres.move-attachment";
    const SUMMARY: &'static str = "Make an attachment of an app lead to another database.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let seen = attaching::observe(context, &wanted(params), prior).await?;
        if matches!(seen, Seen::Ready { .. })
            && let Some(instead) = without_credential(context, params).await?
        {
            return Ok(instead);
        }
        Ok(seen)
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        attaching::act(context, &wanted(params), &permit).await
    }
}

/// What is seen where the new database lacks the attachment's credential: Heroku would refuse the move.
async fn without_credential(context: &Context, params: &Params) -> Result<Option<Seen<Output>>, Fault> {
    let name = credential_of(params.namespace.as_deref().unwrap_or_default());
    if !matches!(credential::known(context, &params.database, name).await?, Known::Missing) {
        return Ok(None);
    }
    if let Some(old) = params.from.as_deref().filter(|_| params.or_leave) {
        return Ok(Some(satisfied(attaching::left_on(&wanted(params), old))));
    }
    Ok(Some(blocked(
        format!("{} has no credential {name}, which {} of {} gives.", params.database, params.name, params.app),
        credential::creation(&params.app, &params.database, name),
    )))
}

fn wanted(params: &Params) -> Wanted<'_> {
    Wanted {
        app: &params.app,
        name: &params.name,
        namespace: params.namespace.as_deref(),
        database: &params.database,
        from: params.from.as_deref(),
    }
}
