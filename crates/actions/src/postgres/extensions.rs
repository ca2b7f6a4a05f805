use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::{extensions, inventory};
use hcops_model::{Effect, Fault, Prior, Seen};

/// Checks that a database can have every extension of another one, in the same schema: a copy between databases that hold
/// them in different places has failed, and Connect's functions name `public.hstore` (Dev Center: Heroku Postgres
/// extensions). Checks as well what else a copy will not have: roles that policies name, grants, another encoding or
/// collation. All of it is found here, while nothing is off, and not by a copy that fails or differs.
pub(crate) struct Extensions(pub(crate) Arc<Databases>);

/// Which databases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both.
    app: String,
    /// The database that will be copied, by its add-on's name.
    source: String,
    /// The one that it will be copied into, by its add-on's name.
    target: String,
    /// Roles that are left out on purpose; `public` stands for grants to everybody.
    #[serde(default)]
    left_roles: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
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
        let Params { app, source, target, left_roles } = params;
        let source_session = self.0.session(context, Subject { app, database: source }).await?;
        let target_session = self.0.session(context, Subject { app, database: target }).await?;
        let (old, new) = (extensions::read(&source_session).await?, extensions::read(&target_session).await?);
        let obstacles = extensions::obstacles(&old, &new);
        if !obstacles.is_empty() {
            return Ok(in_the_way(params, &obstacles));
        }
        let uncopied = inventory::uncopied(&source_session, &target_session, left_roles).await?;
        if !uncopied.obstacles.is_empty() {
            return Ok(not_restorable(params, &uncopied.obstacles));
        }
        if !uncopied.grants.is_empty() {
            return Ok(without_grants(params, &uncopied.grants));
        }
        if !uncopied.by_hand.is_empty() {
            return Ok(without_settings(params, &uncopied.by_hand));
        }
        let extensions: Vec<String> =
            old.installed.iter().map(|(name, schema)| format!("{name} in {schema}")).collect();
        let all = if extensions.is_empty() { "none".to_owned() } else { extensions.join(", ") };
        let seen = format!("extensions of {source}: {all}; {target} can have all of them there");
        Ok(satisfied(Output { extensions, seen }))
    }
}

/// Things of a sort that are named; a message is no place for a thousand grants.
const NAMED: usize = 10;

fn some(things: &[String]) -> String {
    let shown = things.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    if things.len() > NAMED { format!("{shown}; and {} more", things.len() - NAMED) } else { shown }
}

fn not_restorable(params: &Params, obstacles: &[String]) -> Seen<Output> {
    let Params { app, source, target, .. } = params;
    blocked(
        format!("A copy of {source} into {target} would fail, or never be equal: {}.", some(obstacles)),
        format!(
            "A policy of {source} may be made for PUBLIC, or for a credential that {target} has too (`heroku \
             pg:credentials:create {target} --name NAME -a {app}`); a role of the default credential is called otherwise in \
             every database. Change the policy (`heroku pg:psql {source} -a {app}`, ALTER POLICY … TO …), then retry. For another \
             encoding or collation turn back (`hcops abort`) and use another method."
        ),
    )
}

fn without_grants(params: &Params, grants: &[String]) -> Seen<Output> {
    let Params { app, source, .. } = params;
    blocked(
        format!("A copy of {source} takes no grants, and so it will differ: {}.", some(grants)),
        format!(
            "Revoke what nobody needs (`heroku pg:psql {source} -a {app}`) and retry; or turn back with `hcops abort` and plan again \
             with --leave-credentials naming those roles, `public` for everybody, and grant anew in the new database once the \
             run is over."
        ),
    )
}

/// A dump of a database has none of its settings (PostgreSQL documentation: `pg_dump` without `--create`), and a restore into
/// one that is there leaves those of its target alone.
fn without_settings(params: &Params, settings: &[String]) -> Seen<Output> {
    let Params { app, source, target, .. } = params;
    blocked(
        format!("A copy of {source} does not take this, and so it will differ: {}.", some(settings)),
        format!(
            "Set the same in {target} now (`heroku pg:psql {target} -a {app}`, ALTER DATABASE … SET … TO …; a copy leaves it there), \
             or take back in {source} what nobody needs (ALTER DATABASE … RESET …); then retry."
        ),
    )
}

fn in_the_way(params: &Params, obstacles: &[String]) -> Seen<Output> {
    let Params { app, source, target, .. } = params;
    blocked(
        format!("{source} cannot be copied into {target} as it is: {}.", obstacles.join("; ")),
        format!(
            "An extension that lies elsewhere in the new database and is used by nothing there can be dropped (`heroku pg:psql \
             {target} -a {app}`, DROP EXTENSION), so that the copy puts it where it was; then retry. One that is missing has to \
             be given up in {source} first. Or turn back and use another method."
        ),
    )
}
