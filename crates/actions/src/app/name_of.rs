use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Says what the app or add-on of an id is called now. The Platform API takes an id wherever it takes a name (Platform API
/// reference, `{app_id_or_name}`).
pub(crate) struct NameOf;

/// Which one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// What it is.
    sort: Sort,
    /// Its id.
    id: String,
}

/// What has a name that people may change.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Sort {
    /// An app.
    App,
    /// An add-on.
    Addon,
}

/// What it is called.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its name.
    name: String,
}

impl Action for NameOf {
    const NAME: &'static str = "heroku.name-of";
    const SUMMARY: &'static str = "Say what the app or add-on of an id is called.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let platform = &context.clients.platform;
        let name = match params.sort {
            Sort::App => platform.app(&params.id).await?.name,
            Sort::Addon => platform.addon(&params.id).await?.name,
        };
        Ok(satisfied(Output { name }))
    }
}
