use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{in_use, transfers};
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, unclear, underway, underway_with_part};
use crate::{Action, Context};
use hcops_heroku::data::{NewTransfer, Transfer};
use hcops_model::{DatabaseUrl, Effect, Fault, Part, Permit, Prior, Receipt, Seen};
use hcops_text::counted;

/// Copies a database into another one and follows the copy to its end.
///
/// It succeeded when it is finished, says so, and has 0 warnings: the official client ends with 0 when there were warnings,
/// and also when it has lost sight of the copy (docs/heroku/procedures.md, "Accepted is not done"). An interrupted
/// request is found again as the copy into this target that is newer than the intent.
pub(crate) struct Copy;

/// What is copied, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the target and is billed for it.
    app: String,
    /// The database that is copied, by its add-on's name.
    source: String,
    /// The database that is overwritten, by its add-on's name.
    target: String,
}

/// The copy.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The transfer's id.
    transfer: String,
    /// Bytes copied, where that is shown.
    bytes: Option<i64>,
    /// How many warnings: none.
    warnings: i64,
}

/// Seconds between two looks at a copy.
const LOOK_AGAIN: u64 = 10;

/// How far the server's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Lines of a failed copy's log that are shown.
const LINES: usize = 5;

impl Action for Copy {
    const NAME: &'static str = "postgres.copy";
    const SUMMARY: &'static str = "Copy a database into another one, which is erased first.";
    const EFFECT: Effect = Effect::Findable;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let target = transfers::address(context, &params.target).await?;
        let source = transfers::address(context, &params.source).await?;
        let found = transfers::into(context, &params.app, &target).await?;
        let newest = found.into_iter().next();
        match (newest, prior.intended_at) {
            (None, _) => Ok(match in_use::by_somebody(context, &params.app, &params.target).await? {
                Some((why, remedy)) => blocked(why, remedy),
                None => ready_unless_accepted(context, prior, vec![will(params)]),
            }),
            (Some(transfer), None) => Ok(not_ours(params, &transfer)),
            (Some(transfer), Some(since)) if !is_ours(&transfer, prior, &source, since) => {
                Ok(not_ours(params, &transfer))
            }
            (Some(transfer), Some(_)) => judge(context, params, &transfer).await,
        }
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let new = NewTransfer {
            from_name: params.source.clone(),
            from_url: transfers::address(context, &params.source).await?,
            to_name: params.target.clone(),
            to_url: transfers::address(context, &params.target).await?,
        };
        let answer = context.clients.data.create_transfer(&permit, &params.target, &new).await?;
        let said = format!("the copy was begun as {}", answer.value.uuid);
        let marks = json!({"transfer": answer.value.uuid});
        Ok(receipt(&answer, said, marks))
    }
}

/// The receipt holds the id of the copy that this run began. Only where it was cut off before there was one, the source
/// and the time have to tell.
fn is_ours(transfer: &Transfer, prior: &Prior, source: &DatabaseUrl, since: Timestamp) -> bool {
    let begun = prior.receipt.as_ref().and_then(|receipt| receipt.marks["transfer"].as_str());
    if let Some(begun) = begun {
        return begun == transfer.uuid;
    }
    let from_there = transfer.from_url.as_ref().is_some_and(|url| url.place() == source.place());
    let created = transfer.created_at.as_ref().and_then(|moment| moment.at);
    from_there && created.is_some_and(|created| created.duration_since(since) > -SKEW)
}

async fn judge(context: &Context, params: &Params, transfer: &Transfer) -> Result<Seen<Output>, Fault> {
    if transfer.canceled_at.is_some() {
        return Ok(failed(params, "the copy was cancelled", &[]));
    }
    if transfers::is_under_way(transfer) {
        return Ok(copying(params, transfer));
    }
    match (transfer.succeeded, transfer.warnings) {
        (Some(true), Some(0)) => {
            Ok(satisfied(Output { transfer: transfer.uuid.clone(), bytes: transfer.processed_bytes, warnings: 0 }))
        }
        (Some(true), None) | (None, _) => Ok(unclear(
            format!(
                "The copy {} has ended, and Heroku does not say whether it succeeded without warnings.",
                transfer.uuid
            ),
            format!("Did it? (`heroku pg:backups -a {}`)", params.app),
        )),
        (Some(succeeded), warnings) => {
            let log = context.clients.data.transfer(&params.app, &transfer.uuid, true).await?;
            let lines: Vec<String> = log.logs.iter().rev().take(LINES).rev().map(|line| line.message.clone()).collect();
            let what = if succeeded {
                format!("The copy ended with {}", counted(warnings.unwrap_or_default().unsigned_abs(), "warning"))
            } else {
                "The copy failed".to_owned()
            };
            Ok(failed(params, &what, &lines))
        }
    }
}

fn copying(params: &Params, transfer: &Transfer) -> Seen<Output> {
    let note = format!("copying {} into {}", params.source, params.target);
    let whole = |bytes: Option<i64>| bytes.and_then(|bytes| u64::try_from(bytes).ok());
    match (whole(transfer.processed_bytes), whole(transfer.source_bytes)) {
        (Some(done), Some(of)) if of > 0 => {
            underway_with_part(note, Part { done, of, unit: "bytes".to_owned() }, LOOK_AGAIN)
        }
        _ => underway(note, LOOK_AGAIN),
    }
}

fn failed(params: &Params, what: &str, lines: &[String]) -> Seen<Output> {
    let log = if lines.is_empty() { String::new() } else { format!(" Its log ends: \"{}\".", lines.join(" | ")) };
    blocked(
        format!("{what}: {} is not an exact copy of {}.{log}", params.target, params.source),
        format!(
            "Nothing has been switched to it. Turn back, which removes {}; remove the cause (an extension that is missing in \
             the new database, data that the default credential can't see) and begin anew.",
            params.target
        ),
    )
}

fn not_ours(params: &Params, transfer: &Transfer) -> Seen<Output> {
    let from = transfer.from_name.as_deref().unwrap_or("another database");
    blocked(
        format!("{from} was copied into {} by somebody else ({}).", params.target, transfer.uuid),
        format!(
            "Whose copy it is, `heroku pg:backups -a {}` shows. Turn back, and begin anew with another name.",
            params.app
        ),
    )
}

fn will(params: &Params) -> String {
    format!("copy {} into {}, which is erased first; about 3 minutes for each gigabyte", params.source, params.target)
}
