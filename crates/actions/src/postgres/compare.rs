use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::comparing::{Compared, Comparing, State};
use super::differences;
use super::seal::{self, Both, Breach};
use super::uncompared;
use crate::reach::{self, Databases};
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_database::collations::{self, Rebuild};
use hcops_database::compare::{Depth, ExpectedOrg, NotCompared, Options, Origin, Phase, Progress, Verdict};
use hcops_model::{Digest, Effect, Fault, Part, Prior, Seen};

/// Compares two databases in everything that can differ, and is satisfied only when nothing does and nothing was written
/// to either of them meanwhile.
///
/// The comparison runs in the background of this process; each look tells how far it is. A new process begins it anew. A
/// difference ends the look as a failed verification (exit 15), with the rows that differ by their keys and their values
/// hidden. What could not be compared, and was not attested to before, is asked of a person by name: nobody knows whether
/// it is in the new database.
pub(crate) struct Compare {
    databases: Arc<Databases>,
    under_way: Mutex<Option<(Digest, Stage)>>,
}

/// How far the comparison of this process is.
enum Stage {
    Comparing(Comparing),
    /// It has ended, and whether anything was written meanwhile is looked at until the databases have answered; or a person is
    /// asked about what it could not reach. Boxed, because it is large.
    Ended(Box<Compared>),
}

impl Compare {
    pub(crate) fn new(databases: &Arc<Databases>) -> Self {
        Self { databases: Arc::clone(databases), under_way: Mutex::new(None) }
    }
}

/// Which databases, and how.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns both.
    app: String,
    /// The add-on with the database as it was, by name.
    old: String,
    /// The add-on with the database that should be the same, by name.
    new: String,
    /// The schema of the connection, whose trigger log is looked at for writers too.
    #[serde(default)]
    schema: Option<String>,
    /// The id of the Salesforce org that this schema should name, where it is known. Other schemas of Connect belong to
    /// other orgs.
    #[serde(default)]
    org: Option<String>,
    /// What a person has attested to already although it can't be compared, by name: what `postgres.uncompared` put out.
    #[serde(default)]
    attested: Vec<String>,
    /// Roles that a copy was made without: what is missing because of that is no difference.
    #[serde(default)]
    left_roles: Vec<String>,
    /// What of the tables is compared.
    mode: Mode,
    /// How the new database came to be.
    origin: Made,
}

/// What of the tables is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// Every value of every row.
    Full,
    /// The number of rows.
    Counts,
}

/// How the new database came to be, which decides what its sequences may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Made {
    /// As a follower: sequences may be up to 32 values ahead.
    Follower,
    /// By dump and restore: sequences are equal.
    Copy,
}

/// What was compared, without a difference.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The verdict in one true sentence: what was looked at, by which method, and what was not.
    seen: String,
    /// How many tables.
    tables: u64,
    /// How many rows.
    rows: u64,
    /// How many bytes, by the old database's catalog.
    bytes: u64,
    /// How many tables were compared by each method.
    methods: BTreeMap<String, u64>,
    /// What was not compared, and why.
    not_compared: Vec<String>,
    /// The statements that build indexes of the new one again, because the collation library is of another version there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rebuild: Vec<String>,
    /// What else is worth knowing.
    remarks: Vec<String>,
    /// How long it took, in seconds.
    seconds: f64,
    /// Both databases as they were compared: shows later whether they still are.
    seal: Value,
}

/// Seconds between two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

impl Action for Compare {
    const NAME: &'static str = "postgres.compare";
    const SUMMARY: &'static str = "Compare two databases: is the new one an exact copy of the old one.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let mark = mark(params);
        let mut under_way = self.under_way.lock().await;
        if under_way.as_ref().is_some_and(|(known, _)| *known != mark) {
            *under_way = None;
        }
        let (_, stage) = match &mut *under_way {
            Some(known) => known,
            nothing @ None => {
                let begun = Comparing::begin(context, &self.databases, &both(params), options(params)).await?;
                nothing.insert((mark.clone(), Stage::Comparing(begun)))
            }
        };
        let compared = loop {
            match stage {
                Stage::Comparing(comparing) => match comparing.next().await {
                    State::Underway(progress) => {
                        note_both(context, params);
                        return Ok(so_far(&progress));
                    }
                    State::Over(Ok(compared)) => *stage = Stage::Ended(compared),
                    State::Over(Err(fault)) => {
                        *under_way = None;
                        return Err(*fault);
                    }
                },
                Stage::Ended(compared) => break compared,
            }
        };
        let breaches = compared.seal.broken(context, &self.databases, &both(params)).await?;
        let seen = judge(params, compared, &breaches, prior);
        if !matches!(seen, Ok(Seen::Unclear { .. })) {
            *under_way = None;
        }
        seen
    }
}

/// What tells one comparison from another.
fn mark(params: &Params) -> Digest {
    // What is attested to changes nothing in what is compared.
    let Params { app, old, new, schema, org, attested: _, left_roles, mode, origin } = params;
    let (mode, origin) = (*mode == Mode::Full, *origin == Made::Follower);
    Digest::of_value(&json!([app, old, new, schema, org, left_roles, mode, origin]))
}

fn both(params: &Params) -> Both {
    let Params { app, old, new, schema, .. } = params;
    Both { app: app.clone(), old: old.clone(), new: new.clone(), schema: schema.clone() }
}

/// It goes on between the looks, so that each look says itself what is being read.
fn note_both(context: &Context, params: &Params) {
    for database in both(params).subjects() {
        reach::note(context, database);
    }
}

fn options(params: &Params) -> Options {
    let depth = match params.mode {
        Mode::Full => Depth::Full,
        Mode::Counts => Depth::Counts,
    };
    let of_schema = |id: &String| ExpectedOrg { schema: params.schema.clone(), id: id.clone() };
    let (expected_orgs, left_roles) = (params.org.iter().map(of_schema).collect(), params.left_roles.clone());
    Options { depth, origin: params.origin.into(), expected_orgs, left_roles, ..Options::default() }
}

impl From<Made> for Origin {
    fn from(made: Made) -> Self {
        match made {
            Made::Follower => Self::Follower,
            Made::Copy => Self::Copy,
        }
    }
}

fn so_far(progress: &Progress) -> Seen<Output> {
    let phase = match progress.phase {
        Phase::Structure => "reading the structure of both databases",
        Phase::Contents => "comparing contents",
        Phase::Locating => "looking for the rows that differ",
        Phase::Remainder => "comparing sequences, large objects and what Connect keeps",
    };
    let left = progress.seconds_left.map_or_else(String::new, |seconds| format!(", about {seconds} s left"));
    let lost = if progress.retries > 0 {
        format!(", {} lost connections made again", progress.retries)
    } else {
        String::new()
    };
    let note = format!("{phase}: {} rows so far{left}{lost}", progress.rows);
    let part = Part { done: progress.bytes, of: progress.bytes_in_all, unit: "bytes".to_owned() };
    Seen::Underway { note, part: (part.of > 0).then_some(part), look_again: LOOK_AGAIN }
}

fn judge(params: &Params, compared: &Compared, breaches: &[Breach], prior: &Prior) -> Result<Seen<Output>, Fault> {
    let Compared { comparison, seal } = compared;
    if comparison.verdict == Verdict::DifferencesFound {
        return Err(differences::fault(comparison, breaches));
    }
    if !breaches.is_empty() {
        return Ok(blocked(
            format!("While they were compared, something was written. {}.", seal::spoken(breaches)),
            format!(
                "{}No difference was found, but that holds for the moment of the snapshots only. Stop whoever writes, then \
                 retry: the comparison begins anew.",
                seal::remedies(breaches)
            ),
        ));
    }
    let unseen: Vec<&NotCompared> = comparison.unseen().filter(|it| !params.attested.contains(&it.what)).collect();
    if let Some(question) = uncompared::question(&params.new, &unseen, prior) {
        return Ok(question);
    }
    let methods = comparison.tables.iter().fold(BTreeMap::new(), |mut methods, table| {
        *methods.entry(table.method.words().to_owned()).or_default() += 1;
        methods
    });
    Ok(satisfied(Output {
        tables: comparison.tables.len() as u64,
        rows: comparison.rows,
        bytes: comparison.bytes,
        methods,
        not_compared: comparison.not_compared.iter().map(ToString::to_string).collect(),
        rebuild: comparison.rebuild.iter().map(Rebuild::statement).collect(),
        remarks: comparison.remarks.clone(),
        seconds: comparison.seconds,
        seal: seal.to_value()?,
        seen: match collations::spoken(&comparison.rebuild) {
            Some(rebuild) => {
                format!("{}. {rebuild} {}", comparison.statement.trim_end_matches('.'), collations::WITHOUT_AMCHECK)
            }
            None => comparison.statement.clone(),
        },
    }))
}
