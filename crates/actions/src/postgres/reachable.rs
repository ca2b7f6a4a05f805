use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::reach::Databases;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::replication::{self, Fate};
use hcops_database::{Session, collations};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};

/// Checks that databases can be read by SQL from this machine, with the default credential and past every pooler.
pub(crate) struct Reachable(pub(crate) Arc<Databases>);

/// Which databases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns the databases.
    app: String,
    /// Their add-ons, by name.
    databases: Vec<String>,
    /// The command that does without any connection to them.
    without: String,
    /// What will take the place of the first of them: then what of logical replication hangs on it is told, and which
    /// indexes another collation library would make wrong.
    #[serde(default)]
    becomes: Option<Becomes>,
    /// The database that will take its place, by the name of its add-on.
    #[serde(default)]
    successor: Option<String>,
}

/// How the place of a database is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Becomes {
    /// By a former follower, or a fork.
    Follower,
    /// By a copy.
    Copy,
    /// By itself, upgraded in place.
    InPlace,
}

impl From<Becomes> for Fate {
    fn from(becomes: Becomes) -> Self {
        match becomes {
            Becomes::Follower => Self::Follower,
            Becomes::Copy => Self::Copy,
            Becomes::InPlace => Self::InPlace,
        }
    }
}

/// What was reached.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Each of them, with its version.
    reached: Vec<String>,
    /// All of that in a sentence.
    seen: String,
    /// What of logical replication hangs on it, and which indexes may become wrong, for the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
}

impl Action for Reachable {
    const NAME: &'static str = "postgres.reachable";
    const SUMMARY: &'static str = "Check that databases can be read by SQL from here.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let mut reached = Vec::new();
        for database in &params.databases {
            let subject = Subject { app: &params.app, database };
            match self.0.session(context, subject).await {
                Ok(session) => reached.push(format!("{database} (PostgreSQL {})", version(&session))),
                // A token that is refused would be refused everywhere.
                Err(fault) if fault.kind == FaultKind::Bug => return Err(fault),
                Err(fault) => return Ok(unreachable(params, database, &fault)),
            }
        }
        let seen = format!("read by SQL from here: {}", reached.join(", "));
        let hanging = self.hanging(context, params).await?;
        let shown = (!hanging.is_empty()).then(|| hanging.join(" "));
        Ok(satisfied(Output { reached, seen, shown }))
    }
}

impl Reachable {
    async fn hanging(&self, context: &Context, params: &Params) -> Result<Vec<String>, Fault> {
        let Params { app, databases, becomes: Some(becomes), .. } = params else { return Ok(Vec::new()) };
        let Some(database) = databases.first() else { return Ok(Vec::new()) };
        let session = self.0.session(context, Subject { app, database }).await?;
        let found = replication::read(&session).await?;
        let mut hanging =
            found.sentences((*becomes).into(), database, params.successor.as_deref().unwrap_or(database), app);
        if *becomes != Becomes::Copy {
            // A copy builds its indexes anew.
            hanging.extend(collations::beforehand(&collations::read(&session).await?));
        }
        Ok(hanging)
    }
}

/// `17.11` of 170011.
fn version(session: &Session) -> String {
    format!("{}.{}", session.major(), session.version() % 10_000)
}

fn unreachable(params: &Params, database: &str, fault: &Fault) -> Seen<Output> {
    let saw = fault.saw.trim_end_matches('.');
    let saw = if saw.contains(database) { saw.to_owned() } else { format!("{database}: {saw}") };
    blocked(
        format!("The database cannot be read by SQL from this machine. {saw}."),
        format!(
            "{} Run hcops where the database can be reached: in a one-off dyno of the app, or from an address that a \
             private space trusts. Or do without every check by SQL, comparison included: `{}`.",
            fault.remedy, params.without
        ),
    )
}
