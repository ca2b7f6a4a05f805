use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::leading::Leading;
use super::reachable::Becomes;
use super::subject::Subject;
use crate::reach::Databases;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::replication;
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Prior, Seen};
use hcops_survey::{Places, belongings};

/// Says what is left of the database that was replaced: its attachments, what it costs, how to remove it.
pub(crate) struct OldLeader(pub(crate) Arc<Databases>);

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app that owns it.
    app: String,
    /// The database's add-on, by name.
    database: String,
    /// What it costs, in cents a month, where the survey knows it.
    #[serde(default)]
    monthly_cents: Option<i64>,
    /// Its followers, by name: they stay with it.
    #[serde(default)]
    followers: Vec<String>,
    /// The add-on that took its place, by name: new followers are made of that.
    #[serde(default)]
    successor: Option<String>,
    /// The apps that had it; of each only the name is used.
    #[serde(default)]
    apps: Vec<Named>,
    /// How its successor came to be: then what of logical replication hangs on it is read by SQL and told.
    #[serde(default)]
    becomes: Option<Becomes>,
    /// How far the run compares: with `none` no connection is made.
    #[serde(default)]
    compare: Option<String>,
}

/// An app, as the survey lists it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Named {
    /// The app's name.
    name: String,
}

/// What is left.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Whether it still exists.
    exists: bool,
    /// Its attachments, as `NAME of APP`.
    attachments: Vec<String>,
    /// What it costs, in cents a month, where that is known.
    monthly_cents: Option<i64>,
    /// The command that removes it, where it exists and nothing leads to it any more but its own names.
    /// What leads to it still is in `leading`.
    removed_by: Option<String>,
    /// What leads to it still, beside its own names, each with the command that brings it to the new database.
    leading: Vec<String>,
    /// Its followers, which are to be made anew of the new database.
    followers: Vec<String>,
    /// What belongs to its add-on and is carried over by hand, each with the command.
    carried_over_by: Vec<String>,
    /// All of that in a sentence.
    seen: String,
}

impl Action for OldLeader {
    const NAME: &'static str = "postgres.old-leader";
    const SUMMARY: &'static str = "Say what is left of a database that was replaced, and how to remove it.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let Some(addon) = if_found(context.clients.platform.app_addon(&params.app, &params.database).await)? else {
            return Ok(satisfied(without(params)));
        };
        let apps: Vec<String> = params.apps.iter().map(|app| app.name.clone()).collect();
        let leading = Leading::to(context, &params.database, &apps).await?;
        let new = params.successor.as_deref().unwrap_or("NEW_DATABASE");
        let places = Places { old: &params.database, new, app: &params.app };
        let mut carried = belongings(&context.clients, &addon.id).await.sentences(places);
        carried.extend(self.hanging(context, params, places).await);
        carried.push(places.shown_by_no_api());
        Ok(satisfied(output(params, &leading, addon.monthly_cents().or(params.monthly_cents), carried)))
    }
}

impl OldLeader {
    /// What of logical replication hangs on it. That it could not be read is told and stops nothing: the switch is done.
    async fn hanging(&self, context: &Context, params: &Params, places: Places<'_>) -> Vec<String> {
        let Some(becomes) = params.becomes.filter(|_| params.compare.as_deref() != Some("none")) else {
            return vec![places.shown_by_sql()];
        };
        let Places { old, new, app } = places;
        let read = match self.0.session(context, Subject { app, database: old }).await {
            Ok(session) => replication::read(&session).await,
            Err(fault) => Err(fault),
        };
        match read {
            Ok(found) => found.sentences(becomes.into(), old, new, app),
            Err(fault) => vec![format!(
                "Logical replication slots, publications and subscriptions of {old} could not be read ({}): `select * from \
                 pg_replication_slots`, `pg_publication`, `pg_subscription` in `heroku pg:psql {old} -a {app}`.",
                fault.saw.trim_end_matches('.')
            )],
        }
    }
}

fn without(params: &Params) -> Output {
    Output {
        exists: false,
        attachments: Vec::new(),
        monthly_cents: None,
        removed_by: None,
        leading: Vec::new(),
        followers: params.followers.clone(),
        carried_over_by: Vec::new(),
        seen: format!("{} does not exist any more.", params.database),
    }
}

fn output(params: &Params, leading: &Leading, monthly_cents: Option<i64>, carried_over_by: Vec<String>) -> Output {
    let attachments: Vec<String> =
        leading.attachments.iter().map(|each| format!("{} of {}", each.name, each.app.name)).collect();
    let leads = leading.spoken(&params.app, params.successor.as_deref().unwrap_or("NEW_DATABASE"));
    let command = format!("heroku addons:destroy {} -a {}", params.database, params.app);
    let cost = monthly_cents.map_or_else(
        || "what it costs is a matter of contract or not shown".to_owned(),
        |cents| format!("it costs {}.{:02} US dollars a month", cents / 100, cents % 100),
    );
    let attached = if attachments.is_empty() { "nothing".to_owned() } else { attachments.join(", ") };
    let removal = if leads.is_empty() {
        format!("Once it is not needed any more: `{command}`.")
    } else {
        format!("It must not be removed yet, because this leads to it still: {}.", leads.join("; "))
    };
    let rest = removal + &left_behind(params);
    let seen = format!(
        "{} still exists, attached as {attached}; {cost}. It holds the data as it was before the switch. {rest}",
        params.database
    );
    let followers = params.followers.clone();
    let removed_by = leads.is_empty().then_some(command);
    Output { exists: true, attachments, monthly_cents, removed_by, leading: leads, followers, carried_over_by, seen }
}

/// Followers do not go with a switch: they are made anew by hand (docs/heroku/procedures.md, "Plan change").
fn left_behind(params: &Params) -> String {
    let Params { app, database, followers, successor, .. } = params;
    if followers.is_empty() {
        return String::new();
    }
    let successor = successor.as_deref().unwrap_or("NEW_DATABASE");
    format!(
        " Its followers still follow it and do not get what is written from now on: {}. Make new ones (`heroku \
         addons:create heroku-postgresql:PLAN --follow {successor} -a {app}`), move their readers, then remove them; \
         {database} is removed last.",
        followers.join(", ")
    )
}
