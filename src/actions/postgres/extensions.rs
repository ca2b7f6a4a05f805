use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::actions::reach::Databases;
use crate::actions::sight::{blocked, satisfied};
use crate::actions::{Action, Context};
use crate::database::extensions;
use crate::model::{Effect, Fault, Prior, Seen};

/// Checks that a database can have every extension of another one, in the same schema: a copy between databases that hold
/// them in different places has failed, and Connect's functions name `public.hstore`
/// (`reference/procedures.md` section 3.2, extensions).
pub(in crate::actions) struct Extensions(pub(in crate::actions) Arc<Databases>);

/// Which databases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app that owns both.
    app: String,
    /// The database that will be copied, by its add-on's name.
    source: String,
    /// The one that it will be copied into, by its add-on's name.
    target: String,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The extensions of the source, as `hstore in public`.
    extensions: Vec<String>,
    /// All of it in a sentence.
    seen: String,
}

impl Action for Extensions {
    const NAME: &'static str = "postgres.extensions";
    const SUMMARY: &'static str = "Check that a new database can have every extension of the one that is copied.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Params { app, source, target } = params;
        let of = async |database: &str| {
            let session = self.0.session(context, Subject { app, database }).await?;
            extensions::read(&session).await
        };
        let (old, new) = (of(source).await?, of(target).await?);
        let obstacles = extensions::obstacles(&old, &new);
        if !obstacles.is_empty() {
            return Ok(in_the_way(params, &obstacles));
        }
        let extensions: Vec<String> =
            old.installed.iter().map(|(name, schema)| format!("{name} in {schema}")).collect();
        let all = if extensions.is_empty() { "none".to_owned() } else { extensions.join(", ") };
        let seen = format!("extensions of {source}: {all}; {target} can have all of them there");
        Ok(satisfied(Output { extensions, seen }))
    }
}

fn in_the_way(params: &Params, obstacles: &[String]) -> Seen<Output> {
    let Params { app, source, target } = params;
    blocked(
        format!("{source} cannot be copied into {target} as it is: {}.", obstacles.join("; ")),
        format!(
            "An extension that lies elsewhere in the new database and is used by nothing there can be dropped (`heroku pg:psql \
             {target} -a {app}`, DROP EXTENSION), so that the copy puts it where it was; then retry. One that is missing has to \
             be given up in {source} first. Or turn back and use another method."
        ),
    )
}
