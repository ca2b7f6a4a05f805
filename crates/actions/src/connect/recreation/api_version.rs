use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::settings::api_version;
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::connect::pointer::{Pointer, name, options};
use crate::sight::{blocked, satisfied, unclear};
use crate::{Action, Context};
use hcops_heroku::connect::{Connection, ConnectionState, MappingDiff, SchemaDiff};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Gives a paused connection the version of the Salesforce API that it should use, after showing what that changes.
///
/// A change that would lose data is refused (docs/heroku/connect.md, "API version"). The connection stays paused.
pub(crate) struct ApiVersion;

/// Which connection, and which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The version, such as `62.0`; absent where it was not known, and then a person is asked.
    #[serde(default)]
    version: Option<String>,
}

/// What it uses.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The version; absent where it is not shown.
    api_version: Option<String>,
}

impl Action for ApiVersion {
    const NAME: &'static str = "connect.api-version";
    const SUMMARY: &'static str = "Give a paused connection its version of the Salesforce API.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let connection = pointer(params).look(context).await?;
        let current = api_version(&connection).map(str::to_owned);
        let Some(wanted) = &params.version else { return Ok(by_hand(prior, &connection, current)) };
        if current.as_ref() == Some(wanted) {
            return Ok(satisfied(Output { api_version: current }));
        }
        let Some(current) = current else {
            return Ok(unclear(
                format!("{} does not show its version of the Salesforce API.", name(&connection)),
                format!("Is it {wanted}? (`heroku connect:info {}`)", options(&connection)),
            ));
        };
        if connection.state != ConnectionState::Paused {
            return Ok(not_paused(&connection, &current, wanted));
        }
        let shown = context.clients.connect.schema_diff(&pointer(params).address(context)?, wanted).await?;
        Ok(judge(context, prior, &connection, &shown, &current, wanted))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let wanted = params.version.as_deref().unwrap_or_default();
        let address = pointer(params).address(context)?;
        let answer = context.clients.connect.change_api_version(&permit, &address, wanted).await?;
        Ok(receipt(&answer, format!("the change to {wanted} was accepted ({})", answer.status), Value::Null))
    }
}

/// Nothing was noted before, so only a person can know.
fn by_hand(prior: &Prior, connection: &Connection, current: Option<String>) -> Seen<Output> {
    if prior.answer.is_some() {
        return satisfied(Output { api_version: current });
    }
    let app = connection.app_name.as_deref().unwrap_or("APP");
    let options = format!("{} --target-version VERSION --confirm {app}", options(connection));
    unclear(
        format!("Which version of the Salesforce API {} should use was not shown before.", name(connection)),
        format!("Set the one that was noted (`heroku connect:manage-sf-api-version {options}`), and answer yes."),
    )
}

fn not_paused(connection: &Connection, current: &str, wanted: &str) -> Seen<Output> {
    blocked(
        format!("{} uses {current} instead of {wanted}, and is {}.", name(connection), connection.state),
        format!("The version can be changed only while it is paused: `heroku connect:pause {}`.", options(connection)),
    )
}

fn judge(
    context: &Context,
    prior: &Prior,
    connection: &Connection,
    shown: &SchemaDiff,
    current: &str,
    wanted: &str,
) -> Seen<Output> {
    let told = |mapping: &MappingDiff| {
        let message = mapping.result_message.as_deref().unwrap_or_default().replace('\n', " ");
        format!("{}: {}", mapping.name, if message.is_empty() { "changes" } else { &message })
    };
    let of = |chosen: &dyn Fn(&MappingDiff) -> bool| -> Vec<String> {
        shown.mappings.iter().filter(|mapping| chosen(mapping)).map(told).collect()
    };
    let lossy = of(&|mapping| mapping.has_unsafe_changes == Some(true));
    if !lossy.is_empty() {
        return blocked(
            format!("With {wanted} instead of {current} data would be lost: {}.", lossy.join("; ")),
            "Change those mappings first, or keep the version and skip this step with that reason.",
        );
    }
    let mut will =
        vec![format!("make {} use version {wanted} of the Salesforce API instead of {current}", name(connection))];
    will.extend(of(&|mapping| mapping.fields_have_changed == Some(true) || mapping.action_undetermined == Some(true)));
    ready_unless_accepted(context, prior, will)
}

fn pointer(params: &Params) -> Pointer<'_> {
    Pointer { region_url: &params.region_url, connection: &params.connection }
}
