use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::formation::ProcessType;
use crate::actions::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::actions::sight::{blocked, counted, satisfied};
use crate::actions::{Action, Context};
use crate::heroku::platform::Scale;
use crate::model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gives each process type but web exactly the quantity and size that it had.
///
/// Web is left alone because scaling down leaves it alone: what an autoscaler did to it meanwhile stays.
pub(in crate::actions) struct RestoreFormation;

/// Which app, and how it should be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::actions) struct Params {
    /// The app's name.
    app: String,
    /// The formation of before.
    formation: Vec<ProcessType>,
}

/// How the app is.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::actions) struct Output {
    /// The restored process types.
    formation: Vec<ProcessType>,
}

impl Action for RestoreFormation {
    const NAME: &'static str = "app.restore-formation";
    const SUMMARY: &'static str = "Give the process types of an app the quantities and sizes that they had.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let current = current(context, &params.app).await?;
        let gone = gone(params, &current);
        if !gone.is_empty() {
            return Ok(blocked(
                format!("{} has no process type {} any more: it cannot be scaled back.", params.app, gone.join(", ")),
                format!(
                    "Another release has changed the Procfile. Look at `heroku releases -a {0}`, deploy a release \
                     that has these types, or scale by hand (`heroku ps:scale -a {0}`) and skip.",
                    params.app
                ),
            ));
        }
        let will = changes(params, &current).map(|(is, should)| will(&params.app, is, should)).collect::<Vec<_>>();
        if will.is_empty() {
            return Ok(satisfied(Output { formation: wanted(params).cloned().collect() }));
        }
        Ok(ready_unless_accepted(context, prior, will))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let current = current(context, &params.app).await?;
        let updates: Vec<Scale> = changes(params, &current).map(|(_, should)| should.into()).collect();
        if updates.is_empty() {
            return Ok(nothing_to_do("the formation was as before already"));
        }
        let answer = context.clients.platform.scale(&permit, &params.app, &updates).await?;
        Ok(receipt(&answer, format!("{} scaled back", counted(updates.len() as u64, "process type")), Value::Null))
    }
}

async fn current(context: &Context, app: &str) -> Result<Vec<ProcessType>, Fault> {
    Ok(context.clients.platform.formation(app).await?.into_iter().map(ProcessType::from).collect())
}

fn wanted(params: &Params) -> impl Iterator<Item = &ProcessType> {
    params.formation.iter().filter(|kind| !kind.is_web())
}

/// Types that had dynos and do not exist any more.
fn gone(params: &Params, current: &[ProcessType]) -> Vec<String> {
    let exists = |kind: &ProcessType| current.iter().any(|other| other.name == kind.name);
    wanted(params).filter(|kind| kind.quantity > 0 && !exists(kind)).map(|kind| kind.name.clone()).collect()
}

/// Each type that differs: as it is, and as it should be.
fn changes<'a>(
    params: &'a Params,
    current: &'a [ProcessType],
) -> impl Iterator<Item = (&'a ProcessType, &'a ProcessType)> {
    wanted(params).filter_map(|should| {
        let is = current.iter().find(|other| other.name == should.name)?;
        (!should.is_like(is)).then_some((is, should))
    })
}

fn will(app: &str, is: &ProcessType, should: &ProcessType) -> String {
    format!("scale {} of {app} from {} to {}", should.name, is.amount(), should.amount())
}
