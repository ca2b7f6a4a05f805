use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pointer::Pointer;
use crate::sight::{satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::status::Areas;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Waits through announced Heroku maintenance: until none that began, or begins within the given time, goes on, and Heroku
/// Connect answers.
///
/// While Connect is offline it answers nothing; that is a failed look, after which the engine looks again for as long as
/// the step may take (docs/heroku/procedures.md, "Connect maintenance": usually no more than 45 minutes).
pub(crate) struct MaintenanceOver;

/// Which connection, and which maintenance counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// A window that begins within so many minutes is waited for as well.
    within_minutes: u32,
    /// The app's region, for example `us`; every region counts when absent or not known.
    #[serde(default)]
    region: Option<String>,
}

/// What was waited through.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The connection's state, as it answers now.
    state: String,
    /// Titles of the maintenances that went on at the last looks of this process.
    through: Vec<String>,
}

/// How long Connect is usually down at most; taken where a notice names no end.
const USUAL_LENGTH: SignedDuration = SignedDuration::from_mins(45);

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 60;

/// A maintenance with the times that count here.
struct Window {
    title: String,
    starts: Timestamp,
    ends: Timestamp,
}

impl Action for MaintenanceOver {
    const NAME: &'static str = "connect.maintenance-over";
    const SUMMARY: &'static str = "Wait until announced Heroku maintenance is over and Connect answers.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let now = context.clock.now();
        let horizon = now + SignedDuration::from_mins(i64::from(params.within_minutes));
        let mut through = known(prior);
        let windows = announced(context, params, now).await?;
        let going_on = windows.into_iter().find(|window| window.starts <= horizon && window.ends > now);
        if let Some(window) = going_on {
            if !through.contains(&window.title) {
                through.push(window.title.clone());
            }
            context.remember(serde_json::json!(through));
            return Ok(underway(spoken(&window, now), LOOK_AGAIN));
        }
        context.remember(serde_json::json!(through));
        let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
        let connection = pointer.look(context).await?;
        Ok(satisfied(Output { state: connection.state.to_string(), through }))
    }
}

fn known(prior: &Prior) -> Vec<String> {
    prior.memo.as_ref().and_then(|memo| serde_json::from_value(memo.clone()).ok()).unwrap_or_default()
}

/// What the two sites announce with times. One of them is enough.
async fn announced(context: &Context, params: &Params, now: Timestamp) -> Result<Vec<Window>, Fault> {
    let planned = context.clients.status.planned_maintenances(now).await;
    let current = context.clients.status.current().await;
    let (planned, current) = match (planned, current) {
        (Err(fault), Err(_)) => return Err(fault),
        (planned, current) => (planned.unwrap_or_default(), current.unwrap_or_default()),
    };
    let window = |title: &str, starts: Option<Timestamp>, ends: Option<Timestamp>| {
        let starts = starts?;
        Some(Window { title: title.to_owned(), starts, ends: ends.unwrap_or(starts + USUAL_LENGTH) })
    };
    let here = |areas: &Areas| params.region.as_deref().is_none_or(|region| areas.may_touch(region));
    let structured = planned.iter().filter(|each| !each.is_over() && each.concerns_data() && here(&each.areas()));
    let structured = structured.filter_map(|each| window(&each.name, each.starts(), each.may_end(now)));
    let prose = current.scheduled.iter().filter(|each| !each.is_over() && each.concerns_data() && here(&each.areas()));
    let prose = prose.filter_map(|each| {
        let told = each.window(now)?;
        window(&each.title, Some(told.starts), told.ends)
    });
    Ok(structured.chain(prose).collect())
}

fn spoken(window: &Window, now: Timestamp) -> String {
    let standing = if window.starts > now { "begins" } else { "has been going on since" };
    format!(
        "\"{}\" {standing} {}, until {} or so; meanwhile sync rests and changes are kept",
        window.title, window.starts, window.ends
    )
}
