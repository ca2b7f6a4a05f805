use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::seal::{self, Both, Seal};
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds while a copy is still exact: a comparison found no difference, and nothing was written to either database since.
///
/// A look is cheap: as long as no transaction that writes has ended on a server, nothing else has to be looked at.
pub(crate) struct CopyExact(pub(crate) Arc<Databases>);

/// Which databases, and what was seen when they were compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both.
    app: String,
    /// The add-on with the database as it was, by name.
    old: String,
    /// The add-on with the copy, by name.
    new: String,
    /// The schema of the connection.
    #[serde(default)]
    schema: Option<String>,
    /// What the comparison put out as `seal`.
    seal: Value,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// All of it in a sentence.
    seen: String,
}

impl Action for CopyExact {
    const NAME: &'static str = "postgres.copy-exact";
    const SUMMARY: &'static str =
        "Check that a compared copy is still exact: nothing was written on either side since.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Params { app, old, new, schema, .. } = params;
        let both = Both { app: app.clone(), old: old.clone(), new: new.clone(), schema: schema.clone() };
        let breaches = Seal::of_value(&params.seal)?.broken(context, &self.0, &both).await?;
        if breaches.is_empty() {
            let seen = format!("nothing was written to {old} or {new} since the comparison found no difference");
            return Ok(satisfied(Output { seen }));
        }
        Ok(blocked(
            format!("{new} is not an exact copy of {old} any more. {}.", seal::spoken(&breaches)),
            format!(
                "{}What was written to {old} is missing in {new}, and nothing brings it there: turn back (`hcops abort`) and \
                 begin anew with a new copy. Before the crossing nothing is lost by that.",
                seal::remedies(&breaches)
            ),
        ))
    }
}
