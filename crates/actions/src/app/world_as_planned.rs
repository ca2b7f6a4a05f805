use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::connect::Mapped;
use crate::sight::{blocked, satisfied};
use crate::{Action, Context};
use hcops_model::{Effect, Fault, FaultKind, Prior, Seen};
use hcops_survey::{AppFacts, AttachmentFacts, Target, World, world};

/// Reads again what the plan rests on, right before the first app is silenced, and holds it against the plan.
///
/// Hours pass while a new database is made. An attachment or app that came meanwhile is in no step of the plan: it would
/// not be silenced, and would stay on the old database. Formations and maintenance modes may differ: the run takes them as
/// it finds them.
pub(crate) struct WorldAsPlanned;

/// What the plan rests on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The connection's app.
    app: String,
    /// The connection's add-on, by name.
    resource: String,
    /// The config var that the connection reads.
    db_key: String,
    /// The database's add-on, by name.
    database: String,
    /// Its plan.
    plan: String,
    /// Its Postgres major version.
    #[serde(default)]
    version: Option<u32>,
    /// Its followers.
    #[serde(default)]
    followers: Vec<String>,
    /// Its attachments, as the survey lists them.
    attachments: Vec<Value>,
    /// The apps that have it, as the survey lists them.
    apps: Vec<Value>,
    /// What the connection maps, as the survey lists it.
    #[serde(default)]
    mappings: Vec<Mapped>,
    /// The add-on that the run itself has made, by name.
    #[serde(default)]
    made: Option<String>,
    /// Names of attachments that the run itself gives the old database.
    #[serde(default)]
    own_names: Vec<String>,
    /// Whether attachments may have left the database already: then only what has come to it counts, and how apps run is the
    /// run's own doing.
    #[serde(default)]
    moving: bool,
    /// The command that makes a new plan.
    again: String,
}

/// What has changed without spoiling the plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// One sentence for each change.
    changed: Vec<String>,
    /// All of them, or that there is none.
    seen: String,
}

impl Action for WorldAsPlanned {
    const NAME: &'static str = "app.world-as-planned";
    const SUMMARY: &'static str =
        "Check that apps, attachments, followers and mappings are still those that the plan was made for.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let target = Target { app: params.app.clone(), resource: Some(params.resource.clone()) };
        let now = world(&context.clients, &target, params.made.as_deref()).await?;
        let mut differences = Differences::default();
        differences.database(params, &now);
        differences.mappings(&params.mappings, &now.mapped);
        differences.attachments(params, &parsed(&params.attachments)?, &now.attachments);
        if !params.moving {
            differences.apps(&parsed(&params.apps)?, &now.apps);
        }
        Ok(differences.judge(params))
    }
}

fn parsed<T: DeserializeOwned>(values: &[Value]) -> Result<Vec<T>, Fault> {
    let parse = |value: &Value| serde_json::from_value(value.clone());
    values.iter().map(parse).collect::<Result<_, _>>().map_err(|error: serde_json::Error| {
        Fault::new(
            FaultKind::Bug,
            format!("the facts of the plan can't be read: {error}"),
            "They were probably surveyed by another version of hcops.",
            "Make a new plan.",
        )
    })
}

/// What differs: what no step of the plan handles, and what the run takes as it finds it.
#[derive(Default)]
struct Differences {
    spoiling: Vec<String>,
    taken: Vec<String>,
}

impl Differences {
    fn database(&mut self, params: &Params, now: &World) {
        let mut compare = |what: &str, planned: &str, is: &str| {
            if planned != is {
                self.spoiling.push(format!("{what} was {planned} and is {is}"));
            }
        };
        compare("the connection's database", &params.database, &now.database);
        compare("the config var that the connection reads", &params.db_key, &now.db_key);
        compare("the database's plan", &params.plan, &now.plan);
        if let (Some(planned), Some(is)) = (params.version, now.version) {
            compare("the database's Postgres version", &planned.to_string(), &is.to_string());
        }
        for follower in now.followers.iter().filter(|name| !params.followers.contains(name)) {
            self.spoiling.push(format!("{follower} follows {} and did not", now.database));
        }
        for follower in params.followers.iter().filter(|name| !now.followers.contains(name)) {
            self.taken.push(format!("{follower} does not follow {} any more", now.database));
        }
    }

    fn mappings(&mut self, planned: &[Mapped], now: &[String]) {
        let gone = planned.iter().map(|one| &one.object_name).filter(|object| !now.contains(object));
        self.spoiling.extend(gone.map(|object| format!("{object} is not mapped any more")));
        let is_planned = |object: &String| planned.iter().any(|one| one.object_name == *object);
        if !planned.is_empty() {
            self.taken.extend(
                now.iter().filter(|object| !is_planned(object)).map(|object| format!("{object} is mapped now")),
            );
        }
    }

    fn attachments(&mut self, params: &Params, planned: &[AttachmentFacts], now: &[AttachmentFacts]) {
        let by_name = |all: &[AttachmentFacts]| -> BTreeMap<String, Option<String>> {
            let others = all.iter().filter(|one| !params.own_names.contains(&one.name));
            others.map(|one| (one.to_string(), one.namespace.clone())).collect()
        };
        let (planned, now) = (by_name(planned), by_name(now));
        let through =
            |namespace: &Option<String>| namespace.clone().unwrap_or_else(|| "the default credential".to_owned());
        for (name, namespace) in &now {
            match planned.get(name) {
                None => self.spoiling.push(format!("{name} is attached now ({})", through(namespace))),
                Some(before) if before != namespace => self.spoiling.push(format!(
                    "{name} goes through {} now, and went through {}",
                    through(namespace),
                    through(before)
                )),
                Some(_) => {}
            }
        }
        let gone = planned.keys().filter(|name| !params.moving && !now.contains_key(*name));
        self.spoiling.extend(gone.map(|name| format!("{name} is not attached any more")));
    }

    /// Apps come and go with their attachments; here is what has changed about those that stayed.
    fn apps(&mut self, planned: &[AppFacts], now: &[AppFacts]) {
        for is in now {
            let Some(was) = planned.iter().find(|was| was.name == is.name) else { continue };
            let name = &is.name;
            if was.maintenance != is.maintenance {
                let now = if is.maintenance { "on" } else { "off" };
                self.taken.push(format!("maintenance mode of {name} is {now} now, and is left so in the end"));
            }
            if was.formation != is.formation {
                self.taken.push(format!(
                    "{name} runs {} now, and not {}: that is what it gets back",
                    spoken(is),
                    spoken(was)
                ));
            }
            if is.has_release_phase && !was.has_release_phase {
                self.taken.push(format!("{name} has a release phase now: it runs at each attachment"));
            }
        }
    }

    fn judge(self, params: &Params) -> Seen<Output> {
        if self.spoiling.is_empty() {
            let seen = match self.taken.is_empty() {
                true => "everything is as it was when the plan was made".to_owned(),
                false => format!("changed since the plan was made: {}", self.taken.join("; ")),
            };
            return satisfied(Output { changed: self.taken, seen });
        }
        let all: Vec<String> = self.spoiling.into_iter().chain(self.taken).collect();
        blocked(
            format!(
                "The state has changed since this plan was made: {}. No step of the plan is made for that: such an app would \
                 not be silenced or would stay on the old database, and an object that is not mapped is not synced in the end.",
                all.join("; ")
            ),
            format!(
                "If that is meant to stay, make a new plan: `hcops abort`, then `{}`. If not, undo it and take the run up again.",
                params.again
            ),
        )
    }
}

fn spoken(app: &AppFacts) -> String {
    let types = app.formation.iter().map(|kind| match &kind.size {
        Some(size) => format!("{} {} ({size})", kind.quantity, kind.process_type),
        None => format!("{} {}", kind.quantity, kind.process_type),
    });
    let types: Vec<String> = types.collect();
    if types.is_empty() { "nothing".to_owned() } else { types.join(", ") }
}
