use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::status::{Areas, CurrentStatus, Incident, TrustMaintenance};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Checks that no announced Heroku maintenance overlaps the next minutes.
///
/// Structured times come from Salesforce Trust only; Heroku's own notices have them in prose, which is read where it
/// tells a moment and passed on where it does not (docs/heroku/status.md, "Heroku Status" and "Salesforce Trust").
/// Connect counts as part of Data there.
pub(crate) struct MaintenanceClear;

/// Where, and for how long.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's region, for example `us`; every region counts when absent or not known.
    #[serde(default)]
    region: Option<String>,
    /// The time that must be free, in minutes from now.
    minutes: u32,
}

/// What cannot be judged by a program.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Notices and incidents that have their times in prose only, for a person to read.
    to_read: Vec<String>,
}

/// How long Connect is usually down at most (docs/heroku/procedures.md, "Connect maintenance"); taken where a notice
/// names no end.
const USUAL_LENGTH: SignedDuration = SignedDuration::from_mins(45);

impl Action for MaintenanceClear {
    const NAME: &'static str = "connect.maintenance-clear";
    const SUMMARY: &'static str = "Check that no announced Heroku maintenance falls into the next minutes.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let now = context.clock.now();
        let planned = context.clients.status.planned_maintenances(now).await;
        let current = context.clients.status.current().await;
        let (planned, current) = match (planned, current) {
            // One of the two sites is enough to go on; what the other would have said is named as not read.
            (Err(fault), Err(_)) => return Err(fault),
            both => both,
        };
        if let Some(seen) = current.as_ref().ok().and_then(|current| overlap_in_prose(params, current, now)) {
            return Ok(seen);
        }
        let mut to_read = prose(params, current, now);
        match planned {
            Ok(planned) => {
                if let Some(overlapping) = planned.iter().find(|each| overlaps(params, each, now)) {
                    return Ok(overlap(params, &overlapping.name, overlapping.starts(), overlapping.ends()));
                }
                to_read.extend(planned.iter().filter(|each| unreadable(params, each)).map(without_time));
            }
            Err(fault) => to_read.push(format!("The times of planned maintenance could not be read: {fault}")),
        }
        Ok(satisfied(Output { to_read }))
    }
}

fn overlaps(params: &Params, maintenance: &TrustMaintenance, now: Timestamp) -> bool {
    let Some(starts) = maintenance.starts() else { return false };
    let until = now + SignedDuration::from_mins(i64::from(params.minutes));
    let ends = maintenance.may_end(now).unwrap_or(starts + USUAL_LENGTH);
    counts(maintenance) && concerns_region(params, &maintenance.areas()) && starts < until && ends > now
}

/// Whether a procedure could meet it.
fn counts(maintenance: &TrustMaintenance) -> bool {
    !maintenance.is_over() && maintenance.concerns_procedures()
}

/// Whether a maintenance may be felt in the app's region; every one counts where the region is not told or not known.
fn concerns_region(params: &Params, areas: &Areas) -> bool {
    params.region.as_deref().is_none_or(|region| areas.may_touch(region))
}

fn overlap(params: &Params, title: &str, starts: Option<Timestamp>, ends: Option<Timestamp>) -> Seen<Output> {
    let time = |time: Option<Timestamp>| time.map_or_else(|| "an unknown time".to_owned(), |time| time.to_string());
    blocked(
        format!(
            "Heroku has announced \"{}\" from {} to {}: within the next {}.",
            title,
            time(starts),
            time(ends),
            counted(params.minutes, "minute")
        ),
        "While it lasts what it is about may answer nothing: apps that cannot be scaled or configured, or Connect, which can \
         neither be paused nor resumed then. It cannot be moved by customers. Begin after its end; \
         `hcops windows` and https://status.heroku.com show it.",
    )
}

/// A notice of Heroku's own site whose prose tells a window that overlaps.
fn overlap_in_prose(params: &Params, current: &CurrentStatus, now: Timestamp) -> Option<Seen<Output>> {
    let until = now + SignedDuration::from_mins(i64::from(params.minutes));
    let concerns = |notice: &&Incident| !notice.is_over();
    let announced = current.scheduled.iter().filter(concerns).filter(|notice| concerns_region(params, &notice.areas()));
    announced.filter_map(|notice| Some((notice, notice.window(now)?))).find_map(|(notice, told)| {
        let ends = told.ends.unwrap_or(told.starts + USUAL_LENGTH);
        (told.starts < until && ends > now).then(|| overlap(params, &notice.title, Some(told.starts), Some(ends)))
    })
}

/// What a person has to judge: incidents, and notices without a time that can be read.
fn prose(params: &Params, current: Result<CurrentStatus, Fault>, now: Timestamp) -> Vec<String> {
    match current {
        Ok(current) => current
            .scheduled
            .iter()
            .filter(|notice| notice.window(now).is_none())
            .chain(current.incidents.iter().filter(|incident| incident.concerns_data()))
            .filter(|incident| !incident.is_over())
            .filter(|incident| concerns_region(params, &incident.areas()))
            .map(Incident::prose)
            .collect(),
        Err(fault) => vec![format!("Heroku's status site could not be read: {fault}")],
    }
}

/// One that may concern the app and tells no begin.
fn unreadable(params: &Params, maintenance: &TrustMaintenance) -> bool {
    maintenance.starts().is_none() && counts(maintenance) && concerns_region(params, &maintenance.areas())
}

fn without_time(maintenance: &TrustMaintenance) -> String {
    format!("Planned, without a time that can be read: {}", maintenance.name)
}
