use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::formation::ProcessType;
use super::left_behind::LeftBehind;
use crate::acceptance::{nothing_to_do, ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_heroku::platform::Scale;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};
use hcops_text::counted;

/// Gives each process type but web exactly the quantity and size that it had.
///
/// Web is left alone because scaling down leaves it alone: what an autoscaler did to it meanwhile stays.
pub(crate) struct RestoreFormation;

/// Which app, and how it should be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app's name.
    app: String,
    /// The formation of before.
    formation: Vec<ProcessType>,
    /// What must not be left on an old database before the app is woken.
    #[serde(default)]
    unless: Option<LeftBehind>,
}

/// How the app is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The restored process types.
    formation: Vec<ProcessType>,
    /// Those of them that this step changed, as they were before it.
    was: Vec<ProcessType>,
}

impl Action for RestoreFormation {
    const NAME: &'static str = "app.restore-formation";
    const SUMMARY: &'static str = "Give the process types of an app the quantities and sizes that they had.";
    const EFFECT: Effect = Effect::Idempotent;
    const NOTES_BEFORE: bool = true;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let current = current(context, &params.app).await?;
        let changes: Vec<_> = changes(params, &current).collect();
        let was = was(prior, changes.iter().map(|(is, _)| (*is).clone()));
        if changes.is_empty() {
            let gone = gone(params, &current);
            return Ok(if gone.is_empty() {
                satisfied(Output { formation: wanted(params).cloned().collect(), was })
            } else {
                without_types(params, &gone)
            });
        }
        if let Some(unless) = &params.unless
            && let Some(refusal) = unless.of(context, &params.app).await?
        {
            return Ok(refusal);
        }
        let formation = changes.iter().map(|(_, should)| (*should).clone()).collect();
        context.note_before(json!(Output { formation, was }));
        let will = changes.iter().map(|(is, should)| will(&params.app, is, should)).collect();
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

/// How the process types were before this step changed them: each as it was seen first.
fn was(prior: &Prior, now: impl Iterator<Item = ProcessType>) -> Vec<ProcessType> {
    let noted = prior.before.as_ref().map(|before| before["was"].clone());
    let mut was: Vec<ProcessType> = noted.and_then(|was| serde_json::from_value(was).ok()).unwrap_or_default();
    for kind in now {
        if !was.iter().any(|other| other.name == kind.name) {
            was.push(kind);
        }
    }
    was
}

/// What there is has been restored; what there is not any more is a matter for a person.
fn without_types(params: &Params, gone: &[&ProcessType]) -> Seen<Output> {
    let names: Vec<String> = gone.iter().map(|kind| kind.spoken()).collect();
    blocked(
        format!(
            "{} has no such process type any more: {}. Everything else is as before.",
            params.app,
            names.join("; ")
        ),
        format!(
            "A deploy has renamed or removed it (`heroku releases -a {0}`). If another type does its work, scale that one \
             (`heroku ps:scale TYPE=QUANTITY -a {0}`), then skip this step with that reason.",
            params.app
        ),
    )
}

/// Types that had dynos and do not exist any more.
fn gone<'a>(params: &'a Params, current: &[ProcessType]) -> Vec<&'a ProcessType> {
    let exists = |kind: &ProcessType| current.iter().any(|other| other.name == kind.name);
    wanted(params).filter(|kind| kind.quantity > 0 && !exists(kind)).collect()
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
