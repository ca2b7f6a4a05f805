use serde_json::{Value, json};

use super::apps::{AppFacts, formation_snapshot};
use super::attachments::{self, AttachmentFacts};
use super::belongings::{Belongings, belongings};
use super::by_hand::{self, HeldByHand};
use super::connection::{self, Chosen};
use super::database::{self, Resolved};
use super::names;
use super::noted::{self, Noted};
use super::notices;
use super::unsupported;
use super::world::attached;
use hcops_heroku::Clients;
use hcops_heroku::platform::{Addon, App, Attachment};
use hcops_model::{Clock, DatabaseUrl, Fault, FaultKind};

/// What is surveyed: an app, and one of its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The app, by name or id.
    pub app: String,
    /// The Connect add-on's name, where the app has more than one.
    pub resource: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Stable things; see the module's documentation.
    pub facts: Value,
    /// Things that change by themselves.
    pub noted: Value,
    /// Sentences that the operator should read before approving.
    pub notices: Vec<String>,
    /// Those of them that only matter where the database is replaced by another one.
    pub of_replacement: Vec<String>,
}

/// Everything that the facts and notices are made of.
pub(super) struct Findings {
    pub(super) app: App,
    pub(super) chosen: Chosen,
    pub(super) resolved: Resolved,
    pub(super) attachments: Vec<AttachmentFacts>,
    pub(super) apps: Vec<AppFacts>,
    pub(super) addons: Vec<Addon>,
    pub(super) noted: Noted,
    pub(super) belongings: Belongings,
    /// Config vars with the database's address that no attachment supplies.
    pub(super) by_hand: Vec<HeldByHand>,
    /// Apps whose config vars this account may not read.
    pub(super) unread: Vec<String>,
}

/// Reads the app, its connection, the connection's database, and every app that has that database. Only looks.
///
/// # Errors
/// [`hcops_model::FaultKind::NotFound`] when there is no such app, no visible connection, or no database behind it;
/// [`hcops_model::FaultKind::Usage`] when the app has several connections and none was named; otherwise the fault of the
/// look that failed.
pub async fn survey(clients: &Clients, clock: &dyn Clock, target: &Target) -> Result<Survey, Fault> {
    let app = clients.platform.app(&target.app).await.map_err(|fault| unknown_app(&target.app, fault))?;
    if app.is_fir() {
        return Err(unsupported::fir(&app));
    }
    let chosen = connection::choose(clients, &app.name, target.resource.as_deref()).await?;
    let resolved = database::resolve(clients, &app.name, &chosen).await?;
    let (everywhere, attachments, apps) = attached(clients, &app, &resolved).await?;
    let addons = clients.platform.addons(&app.name).await?;
    let noted = noted::note(clients, clock, &chosen, &resolved).await?;
    let (by_hand, unread) = held_by_hand(clients, &apps, &resolved, &everywhere).await?;
    let belongings = belongings(clients, &resolved.addon.id).await;
    let findings = Findings { app, chosen, resolved, attachments, apps, addons, noted, belongings, by_hand, unread };
    let mut notices = notices::notices(&findings);
    let of_replacement = notices::of_replacement(&findings);
    notices.extend(clients.take_warnings().into_iter().map(|warning| format!("Heroku warns: {warning}")));
    Ok(Survey { facts: facts(&findings), noted: findings.noted.to_value(), notices, of_replacement })
}

pub(super) fn unknown_app(app: &str, mut fault: Fault) -> Fault {
    if fault.kind == FaultKind::NotFound {
        fault.saw = format!("there is no app {}, or this account may not see it: {}", app, fault.saw);
        fault.why = "Everything else is found through the app.".to_owned();
        fault.remedy = "Check the app's name (-a, HEROKU_APP or the git remote) and the account.".to_owned();
        fault.command = Some("heroku apps --all".to_owned());
    }
    fault
}

/// Config vars with the database's address in each of the apps, and the apps that this account may not look into.
async fn held_by_hand(
    clients: &Clients,
    apps: &[AppFacts],
    resolved: &Resolved,
    everywhere: &[Attachment],
) -> Result<(Vec<HeldByHand>, Vec<String>), Fault> {
    let (mut held, mut unread) = (Vec::new(), Vec::new());
    let Some(place) = resolved.database.resource_url.as_ref().and_then(DatabaseUrl::where_it_is) else {
        return Ok((held, unread));
    };
    for app in apps {
        match by_hand::of_app(clients, &app.name, &place, everywhere).await {
            Err(fault) if matches!(fault.kind, FaultKind::Unauthorized | FaultKind::NotFound) => {
                unread.push(app.name.clone());
            }
            found => held.extend(found?),
        }
    }
    Ok((held, unread))
}

/// The connection's app first, then the others by name.
pub(super) async fn apps_with_the_database(
    clients: &Clients,
    app: &App,
    attachments: &[AttachmentFacts],
) -> Result<Vec<AppFacts>, Fault> {
    let mut names: Vec<&str> = attachments.iter().map(|attachment| attachment.app.as_str()).collect();
    names.push(&app.name);
    names.sort_unstable_by_key(|name| (*name != app.name, *name));
    names.dedup();
    let mut apps = Vec::with_capacity(names.len());
    for name in names {
        apps.push(formation_snapshot(clients, name).await?);
    }
    Ok(apps)
}

fn facts(findings: &Findings) -> Value {
    let Findings { app, chosen, resolved, attachments, apps, addons, .. } = findings;
    let addon_ids: Vec<String> = addons.iter().map(|addon| addon.id.clone()).collect();
    let mark = names::mark(&resolved.addon.id, &addon_ids);
    json!({
        "app": app_facts(app, apps),
        "connection": chosen.facts(addons, resolved.connection_attachment.as_deref()),
        "database": resolved.facts(attachments, &app.name),
        "attachments": attachments,
        "further": attachments::further(attachments),
        "by_credential": attachments::by_credential(attachments),
        "apps": apps,
        "needs_alias": attachments::needs_alias(attachments, &resolved.addon.app.name),
        "follower_name": names::follower(&app.name, &mark),
        "follower_alias": names::follower_alias(&mark),
        "leader_alias": names::leader_alias(&mark),
        "connection_name": names::connection(&app.name, &mark),
    })
}

fn app_facts(app: &App, apps: &[AppFacts]) -> Value {
    json!({
        "name": app.name,
        "id": app.id,
        "region": app.region.as_ref().map(|region| &region.name),
        "space": app.space.as_ref().map(|space| &space.name),
        "team": app.team.as_ref().map(|team| &team.name),
        "maintenance": app.maintenance,
        "formation": apps.iter().find(|facts| facts.name == app.name).map(|facts| &facts.formation),
    })
}
