use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::left_unwritten::Numbers;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Notes what Heroku counts of a silent database, where it is not looked at by SQL: it tells later whether anybody writes.
pub(crate) struct NumbersNoted;

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The database's add-on, by name.
    database: String,
}

/// What Heroku counts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Transactions with their moment, for later.
    noted: serde_json::Value,
    /// The same in a sentence.
    seen: String,
}

impl Action for NumbersNoted {
    const NAME: &'static str = "postgres.numbers-noted";
    const SUMMARY: &'static str = "Note what Heroku counts of a silent database.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let numbers = Numbers::of(context, &params.database).await?;
        let noted = serde_json::json!(numbers);
        Ok(satisfied(Output { seen: numbers.spoken(&params.database), noted }))
    }
}
