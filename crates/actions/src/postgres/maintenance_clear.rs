use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::data::{Maintenance, MaintenanceStatus};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};
use hcops_text::counted;

use super::tier::Tier;

/// Checks that no maintenance of a database runs or begins within some minutes.
pub(crate) struct MaintenanceClear;

/// Which database, and for how long.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name or id.
    database: String,
    /// The time that must be free, in minutes from now.
    minutes: u32,
}

/// What is scheduled later, if anything.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The maintenance's status, raw; `none` when none is listed.
    status: String,
    /// When it is scheduled for, as Heroku says it.
    scheduled_for: Option<String>,
    /// All of that in a sentence.
    seen: String,
}

impl Action for MaintenanceClear {
    const NAME: &'static str = "postgres.maintenance-clear";
    const SUMMARY: &'static str = "Check that no Postgres maintenance falls into the next minutes.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let addon = context.clients.platform.addon(&params.database).await?;
        match context.clients.data.maintenance(&addon.id).await {
            Ok(maintenance) if !is_unknown(&maintenance) => Ok(judge(params, &maintenance, context.clock.now())),
            // Heroku does not announce the maintenance of Essential databases, and may refuse to be asked.
            Err(fault) if fault.kind == FaultKind::Refused && Tier::of_plan(&addon.plan.name) == Tier::Essential => {
                Ok(satisfied(Output::of(params, "not announced for Essential".to_owned(), None)))
            }
            Err(fault) if fault.kind != FaultKind::NotFound => Err(fault),
            _ => by_info(context, params).await,
        }
    }
}

fn is_unknown(maintenance: &Maintenance) -> bool {
    maintenance.status.as_ref().is_none_or(|status| *status == MaintenanceStatus::Unknown)
}

/// Where the maintenance itself is not known, the line `Maintenance` of `pg:info` may still say that none is required.
async fn by_info(context: &Context, params: &Params) -> Result<Seen<Output>, Fault> {
    let database = context.clients.data.database(&params.database).await?;
    Ok(match database.info("Maintenance") {
        Some(line) if line.trim().eq_ignore_ascii_case("not required") => {
            satisfied(Output::of(params, format!("{line}, by pg:info"), None))
        }
        _ => unknown(params, "not known"),
    })
}

/// Statuses: docs/heroku/data.md, "Maintenances".
fn judge(params: &Params, maintenance: &Maintenance, now: Timestamp) -> Seen<Output> {
    let Some(status) = &maintenance.status else { return unknown(params, "none at all") };
    match status {
        MaintenanceStatus::None | MaintenanceStatus::Completed => satisfied(output(params, maintenance)),
        MaintenanceStatus::Running => blocked(
            format!("A maintenance of {} is running.", params.database),
            format!("Wait for its end: `heroku data:maintenances:wait {} -a {}`.", params.database, params.app),
        ),
        MaintenanceStatus::Pending | MaintenanceStatus::Preparing | MaintenanceStatus::Ready => {
            judge_schedule(params, maintenance, now)
        }
        MaintenanceStatus::Unknown => unknown(params, "not known"),
        MaintenanceStatus::Other(_) => unknown(params, &format!("\"{status}\"")),
    }
}

fn unknown(params: &Params, status: &str) -> Seen<Output> {
    unclear(
        format!(
            "The status of the maintenance of {} is {status}: whether one is planned can't be told.",
            params.database
        ),
        format!(
            "Is {} free of maintenance for the next {}? (`heroku data:maintenances:info {0} -a {2}`)",
            params.database,
            counted(params.minutes, "minute"),
            params.app
        ),
    )
}

fn judge_schedule(params: &Params, maintenance: &Maintenance, now: Timestamp) -> Seen<Output> {
    let Some(scheduled) = &maintenance.scheduled_for else { return satisfied(output(params, maintenance)) };
    let Some(start) = scheduled.at else {
        return unclear(
            format!(
                "A maintenance of {} is scheduled for \"{scheduled}\", a time that cannot be read.",
                params.database
            ),
            format!("Does it begin later than {} from now?", counted(params.minutes, "minute")),
        );
    };
    if start.duration_since(now) > SignedDuration::from_mins(i64::from(params.minutes)) {
        return satisfied(output(params, maintenance));
    }
    blocked(
        format!(
            "A maintenance of {} is scheduled for {start}: within the next {}, in which this procedure runs.",
            params.database,
            counted(params.minutes, "minute")
        ),
        format!(
            "Move it to a later window (`heroku data:maintenances:schedule {0} -a {1}`), or let it happen first (`heroku \
             data:maintenances:run {0} -a {1}`).",
            params.database, params.app
        ),
    )
}

fn output(params: &Params, maintenance: &Maintenance) -> Output {
    let status = maintenance.status.as_ref().map_or("none", MaintenanceStatus::as_str).to_owned();
    Output::of(params, status, maintenance.scheduled_for.as_ref().map(ToString::to_string))
}

impl Output {
    fn of(params: &Params, status: String, scheduled_for: Option<String>) -> Self {
        let seen = format!("no maintenance of {} is in the way (its status: {status})", params.database);
        Self { status, scheduled_for, seen }
    }
}
