use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::postgres::Subject;
use crate::reach;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::past::{self, Lineage, Missing, Unsynced};
use hcops_database::{Manner, Session};
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_text::counted;

/// Shows by SQL what is lost with a database of the past: changes that Connect has captured since, and rows that Salesforce
/// never had, which a reload clears (docs/heroku/procedures.md, "Rollback recovery"). The rows' ids are kept as
/// evidence, without what they hold, and a person has to acknowledge them.
///
/// It also recognises a database that is no past of the present one, because somebody has written to it since or it comes
/// from elsewhere: by the newest change that its trigger log knows.
pub(crate) struct Losses;

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
    /// The moment that the database of the past was made for, for the person who has to acknowledge it.
    moment: String,
}

/// What is lost.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Changes that only the present database has captured.
    captured: u64,
    /// Rows without a Salesforce id in the database of the past, by table.
    never_sent: BTreeMap<String, u64>,
    /// What a person said about them; absent where nothing is lost.
    answer: Option<String>,
    /// The name of the file in the run's evidence.
    keep_as: String,
    /// All of it with the rows' ids, as a document.
    document: Value,
    /// All of it, in a sentence.
    seen: String,
}

impl Action for Losses {
    const NAME: &'static str = "connect.losses";
    const SUMMARY: &'static str = "Show by SQL what is lost with a database of the past, and have it acknowledged.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let open = |database| reach::open(context, Subject { app: &params.app, database }, Manner::LONG_READ);
        let (present, past) = (open(&params.old).await?, open(&params.new).await?);
        let lineage = past::lineage(&past, &present, &params.schema).await?;
        if let Lineage::Strange { newest } = lineage {
            return Ok(strange(params, newest.id, newest.at.as_deref()));
        }
        let lost = Lost::read(params, &past, &present, &lineage).await?;
        let asked = lost.asked(params);
        let answer = prior.answer_to(&asked);
        Ok(match answer {
            None if !lost.is_nothing() => lost.ask(params, asked),
            Some("no" | "n") => blocked(
                "What is lost was not acknowledged.",
                format!(
                    "The ids are in the run's evidence. Save from {} what matters, then retry; or turn back with `hcops abort`.",
                    params.old
                ),
            ),
            answer => satisfied(lost.output(params, answer)),
        })
    }
}

struct Lost {
    missing: Missing,
    unsynced: Vec<Unsynced>,
    newest: Option<String>,
}

impl Lost {
    async fn read(params: &Params, past: &Session, present: &Session, lineage: &Lineage) -> Result<Self, Fault> {
        let newest = match lineage {
            Lineage::Past { newest } => newest.at.clone(),
            Lineage::Strange { .. } | Lineage::Unknown => None,
        };
        Ok(Self {
            missing: past::missing(past, present, &params.schema).await?,
            unsynced: past::unsynced(past, &params.schema).await?,
            newest,
        })
    }

    fn is_nothing(&self) -> bool {
        self.missing.count() == 0 && self.unsynced.is_empty()
    }

    fn asked(&self, params: &Params) -> Vec<String> {
        let captured = self.missing.groups.iter().map(|group| {
            let rows = counted(group.rows, "captured change");
            format!("Only in {}: {rows} of {}.{} ({})", params.old, params.schema, group.table, group.state)
        });
        let never = self.unsynced.iter().map(|table| {
            let rows = counted(table.rows, "row");
            format!("Without a Salesforce id in {}, cleared by the reload: {rows} of {}", params.new, table.table)
        });
        captured.chain(never).collect()
    }

    fn ask(&self, params: &Params, ask: Vec<String>) -> Seen<Output> {
        Seen::Unclear {
            why: format!(
                "With {} as it was at {} this is lost: {}. With yes it is acknowledged, and the rows' ids are kept in the \
                 run's evidence; {} is kept with what they hold.",
                params.new,
                params.moment,
                self.spoken(),
                params.old
            ),
            ask,
        }
    }

    fn spoken(&self) -> String {
        let rows: u64 = self.unsynced.iter().map(|table| table.rows).sum();
        let until = self.newest.as_ref().map_or_else(String::new, |at| format!(" (its newest one is of {at} UTC)"));
        format!(
            "{} since what the database of the past holds{until}, and {} without a Salesforce id",
            counted(self.missing.count(), "captured change"),
            counted(rows, "row")
        )
    }

    fn output(&self, params: &Params, answer: Option<&str>) -> Output {
        Output {
            captured: self.missing.count(),
            never_sent: self.unsynced.iter().map(|table| (table.table.clone(), table.rows)).collect(),
            answer: answer.map(str::to_owned),
            keep_as: format!("lost-with-{}.json", params.new),
            document: json!({
                "present": params.old, "past": params.new, "moment": params.moment, "listed_at_most": past::LISTED,
                "captured_since": self.missing, "without_salesforce_id": self.unsynced,
            }),
            seen: self.spoken(),
        }
    }
}

fn strange(params: &Params, id: i64, at: Option<&str>) -> Seen<Output> {
    blocked(
        format!(
            "{} is no past of {}: its newest captured change (id {id}, {} UTC) is not in {} as it is here.",
            params.new,
            params.old,
            at.unwrap_or("without a time"),
            params.old
        ),
        "Somebody has written to it since it was made, or it comes from another database. Make a new rollback database \
         (--take create), or name the right one.",
    )
}
