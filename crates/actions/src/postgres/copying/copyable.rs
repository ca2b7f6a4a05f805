use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::postgres::major::{self, Majors};
use crate::postgres::plan_choice::{is_allowed, smallest_that_fits};
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::data::Database;
use hcops_heroku::data::gigabytes;
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Checks that a database can be copied: not larger than copies are made for, not on a plan that has none, no credential
/// whose data a copy would leave out, and a target that exists as a plan and is not older
/// (docs/heroku/procedures.md, "Copy" and "Credentials and extensions").
pub(crate) struct Copyable;

/// What is to be copied, and into what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The database's add-on, by name.
    database: String,
    /// Its plan.
    plan: String,
    /// The target's plan.
    target_plan: String,
    /// The target's Postgres major version.
    version: u32,
    /// Which majors may be named.
    #[serde(default)]
    majors: Majors,
    /// Whether that has to be newer than the database's own.
    #[serde(default)]
    newer: bool,
    /// The private space of the target's app, where it has one.
    #[serde(default)]
    space: Option<String>,
    /// Credentials that somebody has looked at: what belongs to them is left out, or is visible to the default one.
    #[serde(default)]
    leave_credentials: Vec<String>,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Size of the database in bytes.
    bytes: i64,
    /// Its credentials.
    credentials: Vec<String>,
}

/// Copies are made for databases below 10 GB (docs/heroku/procedures.md, "Copy").
const LARGEST: i64 = 10_000_000_000;

impl Action for Copyable {
    const NAME: &'static str = "postgres.copyable";
    const SUMMARY: &'static str = "Check that a database can be copied whole into a new one.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        if let Some(seen) = unfit_plan(params) {
            return Ok(seen);
        }
        let Some(plan) = if_found(context.clients.platform.plan(&params.target_plan).await)? else {
            return Ok(no_plan(params, "exists"));
        };
        if is_allowed(&plan, params.space.as_deref()) == Some(false) {
            return Ok(no_plan(params, "can be used where the app is"));
        }
        let database = context.clients.data.database(&params.database).await?;
        if let Some(seen) = unfit_version(params, &database) {
            return Ok(seen);
        }
        if let Some(seen) = major::refused(context, params.version, true, params.majors) {
            return Ok(seen);
        }
        let credentials = credentials(context, params).await?;
        let left_out: Vec<&String> =
            credentials.iter().filter(|name| *name != "default" && !params.leave_credentials.contains(name)).collect();
        if !left_out.is_empty() {
            return Ok(without_credentials(params, &left_out));
        }
        let Some(bytes) = database.num_bytes else { return Ok(of_unknown_size(params)) };
        if let Some(seen) = too_large(context, params, bytes).await? {
            return Ok(seen);
        }
        Ok(satisfied(Output { bytes, credentials }))
    }
}

fn no_plan(params: &Params, what: &str) -> Seen<Output> {
    blocked(
        format!("No plan {} {what}.", params.target_plan),
        "`heroku addons:plans heroku-postgresql` lists the plans; name one as heroku-postgresql:standard-0.",
    )
}

/// PGBackups, which makes the copies, does not work on Shield; Advanced has ways of its own.
fn unfit_plan(params: &Params) -> Option<Seen<Output>> {
    let plans = [&params.plan, &params.target_plan];
    let unfit = plans.into_iter().find(|plan| {
        let level = plan.rsplit(':').next().unwrap_or(plan);
        ["shield", "advanced", "performance"].iter().any(|tier| level.starts_with(tier))
    })?;
    Some(blocked(
        format!("Databases of the plan {unfit} can't be copied with pg:copy."),
        "On Shield use a follower (`--method follower`); for Advanced ask Heroku's support whether Heroku Connect works with it at all.",
    ))
}

fn unfit_version(params: &Params, database: &Database) -> Option<Seen<Output>> {
    let version = database.major_version()?;
    if params.newer && params.version == version {
        return Some(blocked(
            format!("{} is on Postgres {version} already.", params.database),
            "Name a newer major version with --to.",
        ));
    }
    (params.version < version).then(|| {
        blocked(
            format!("{} is on Postgres {version}, and the copy would be on {}.", params.database, params.version),
            "A copy into an older version can fail on what is new. Name the same version or a newer one.",
        )
    })
}

/// The names of the credentials; where they can't be listed, as on Essential, there is the owner's only.
async fn credentials(context: &Context, params: &Params) -> Result<Vec<String>, Fault> {
    match context.clients.data.credentials(&params.database).await {
        Ok(found) => Ok(found.into_iter().map(|credential| credential.name).collect()),
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::NotFound) && is_essential(&params.plan) => {
            Ok(vec!["default".to_owned()])
        }
        Err(fault) => Err(fault),
    }
}

fn is_essential(plan: &str) -> bool {
    plan.rsplit(':').next().is_some_and(|level| level.starts_with("essential"))
}

fn without_credentials(params: &Params, left_out: &[&String]) -> Seen<Output> {
    let names = left_out.iter().map(|name| name.as_str()).collect::<Vec<_>>();
    blocked(
        format!("{} has credentials that a copy does not take: {}.", params.database, names.join(", ")),
        format!(
            "A copy takes what the default credential can see, and no credential. Make sure that it sees everything, then plan \
             again with --leave-credentials {}. Before any app is silenced, the run then waits for each of them that an app \
             uses to be created on the new database (`heroku pg:credentials:create NEW_DATABASE --name NAME -a APP`).",
            names.join(",")
        ),
    )
}

fn of_unknown_size(params: &Params) -> Seen<Output> {
    unclear(
        format!("Heroku does not show the size of {}.", params.database),
        format!("Is {} smaller than 10 GB? (`heroku pg:info {0}`)", params.database),
    )
}

/// Too large for a copy, or for the plan that it is to be copied to.
async fn too_large(context: &Context, params: &Params, bytes: i64) -> Result<Option<Seen<Output>>, Fault> {
    let size = bytes.unsigned_abs().div_ceil(1_000_000_000);
    let (name, plan) = (&params.database, &params.target_plan);
    if bytes >= LARGEST {
        return Ok(Some(blocked(
            format!("{name} holds {size} GB; copies are made for less than 10 GB."),
            "It would take hours with writes off. A version is upgraded in place, or through a follower from the Standard tier \
             on (`hcops plan version-upgrade`); about a move out of Essential ask Heroku's support.",
        )));
    }
    let Some(limit) = gigabytes(plan).filter(|limit| *limit < size) else { return Ok(None) };
    let plans = context.clients.platform.plans("heroku-postgresql").await?;
    let fitting = smallest_that_fits(&plans, plan, size, params.space.as_deref());
    let remedy = fitting.map_or_else(
        || "No plan of this tier holds it: name one of another tier.".to_owned(),
        |fitting| format!("The smallest plan of this tier that holds it is {fitting}: name that one."),
    );
    Ok(Some(blocked(format!("{name} holds {size} GB, and {plan} at most {limit} GB."), remedy)))
}
