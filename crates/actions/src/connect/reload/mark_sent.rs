use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::postgres::Subject;
use crate::reach;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::past::{self, SentSince};
use hcops_database::{Manner, Session};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};
use hcops_text::counted;

/// Keeps Connect from sending once more what was sent since the moment of a database of the past: its trigger log still
/// shows these changes as open, and a `NEW` row that Salesforce has long had would be made there a second time.
///
/// They are marked `IGNORE`, which Connect archives without sending. Their values come back with the reload.
pub(crate) struct MarkSent;

/// Which databases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both.
    app: String,
    /// The add-on with the present database, by name.
    old: String,
    /// The add-on with the database of the past, by name.
    new: String,
    /// The schema of the connection.
    schema: String,
}

/// What was marked.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Changes that this step marked.
    marked: u64,
    /// All of that in a sentence.
    seen: String,
}

impl Action for MarkSent {
    const NAME: &'static str = "connect.mark-sent";
    const SUMMARY: &'static str =
        "Mark changes that were sent already in a database of the past, so that they are not sent again.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let sent = params.sent_since(context).await?;
        if !sent.ids.is_empty() {
            return Ok(Seen::Ready { will: sent.groups.iter().map(|group| will(params, group)).collect() });
        }
        let marked = prior.receipt.as_ref().and_then(|receipt| receipt.marks["marked"].as_u64()).unwrap_or_default();
        let seen = format!(
            "no change that was sent from {} is open in {} any more; {} marked by this run",
            params.old,
            params.new,
            counted(marked, "change")
        );
        Ok(satisfied(Output { marked, seen }))
    }

    async fn act(&self, context: &Context, params: &Params, permit: Permit) -> Result<Receipt, Fault> {
        let sent = params.sent_since(context).await?;
        past::ignore(&permit, &params.open(context, &params.new).await?, &params.schema, &sent.ids).await?;
        let marked = sent.ids.len() as u64;
        Ok(Receipt {
            said: format!("{} marked IGNORE", counted(marked, "change")),
            marks: json!({"marked": marked, "ids": sent.ids}),
            server_time: None,
            requests: Vec::new(),
        })
    }
}

impl Params {
    async fn open(&self, context: &Context, database: &str) -> Result<Session, Fault> {
        reach::open(context, Subject { app: &self.app, database }, Manner::LONG_READ).await
    }

    async fn sent_since(&self, context: &Context) -> Result<SentSince, Fault> {
        let (past, present) = (self.open(context, &self.new).await?, self.open(context, &self.old).await?);
        past::sent_since(&past, &present, &self.schema).await
    }
}

fn will(params: &Params, group: &past::SentGroup) -> String {
    format!(
        "mark {} of {}.{} ({}) in the trigger log of {} as IGNORE: Salesforce has them from {}",
        counted(group.rows, "change"),
        params.schema,
        group.table,
        group.action,
        params.new,
        params.old
    )
}
