use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::subject::OneDatabase;
use crate::reach::{self, Databases};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::Manner;
use hcops_database::statistics::{self, Statistics as Read};
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};
use hcops_text::counted;

/// Makes sure that the planner of a new database knows its tables before anybody uses it: analyses what it knows nothing
/// of.
///
/// A logical copy and an upgrade to 17 or older leave no statistics (docs/heroku/postgres.md, "Planner statistics").
/// `ANALYZE` changes no row, so no session that could is opened for it; the server only warns a credential that does
/// not own a table.
pub(crate) struct Statistics(pub(crate) Arc<Databases>);

/// What the planner knows.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Tables that hold something.
    tables: u64,
    /// Tables of which it knows nothing: none.
    unknown: u64,
    /// All of that in a sentence.
    seen: String,
}

impl Action for Statistics {
    const NAME: &'static str = "postgres.statistics";
    const SUMMARY: &'static str = "Analyse the tables of a new database that its planner knows nothing of.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = OneDatabase;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneDatabase, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let read = statistics::read(&*self.0.session(context, params.subject()).await?).await?;
        let unknown = names(&read);
        if unknown.is_empty() {
            let tables = read.tables.len() as u64;
            let seen = format!("the planner of {} knows {}", params.database, counted(tables, "table"));
            return Ok(satisfied(Output { tables, unknown: 0, seen }));
        }
        if prior.receipt.is_some() {
            return Ok(not_allowed(params, &unknown));
        }
        Ok(Seen::Ready {
            will: vec![format!(
                "analyse {} of {} of which its planner knows nothing: {}",
                counted(unknown.len() as u64, "table"),
                params.database,
                some(&unknown)
            )],
        })
    }

    async fn act(&self, context: &Context, params: &OneDatabase, permit: Permit) -> Result<Receipt, Fault> {
        let session = reach::open(context, params.subject(), Manner::LONG_READ).await?;
        let read = statistics::read(&session).await?;
        let mut analysed = 0;
        for table in read.unknown() {
            statistics::analyze(&permit, &session, table).await?;
            analysed += 1;
        }
        Ok(Receipt {
            said: format!("{} analysed", counted(analysed, "table")),
            marks: json!({"tables": analysed}),
            server_time: None,
            requests: Vec::new(),
        })
    }
}

fn names(read: &Read) -> Vec<String> {
    read.unknown().map(|table| format!("{}.{}", table.schema, table.name)).collect()
}

/// The first few of them, which are the largest.
fn some(names: &[String]) -> String {
    let shown = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 5 { format!("{shown} and {} more", names.len() - 5) } else { shown }
}

fn not_allowed(params: &OneDatabase, unknown: &[String]) -> Seen<Output> {
    blocked(
        format!(
            "The planner of {} still knows nothing of {}: the default credential may not analyse tables that it does not own.",
            params.database,
            some(unknown)
        ),
        format!(
            "Have their owners run ANALYZE on them (`heroku pg:psql {} -a {} --credential NAME`), then retry; or skip this \
             step: the first queries on these tables may be slow.",
            params.database,
            params.subject().app
        ),
    )
}
