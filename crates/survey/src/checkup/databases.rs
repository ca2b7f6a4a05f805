use jiff::Timestamp;
use serde::Serialize;

use super::followers::{self, FollowerCheckup};
use super::unseen::Gaps;
use crate::by_hand::{self, HeldByHand};
use crate::database::tier;
use hcops_database::census::Census;
use hcops_heroku::Clients;
use hcops_heroku::data::{Database, Maintenance, Role, WaitStatus, WaitVerdict, gigabytes, is_advanced};
use hcops_heroku::platform::{Addon, Attachment};

/// A database that a connection uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DatabaseCheckup {
    /// The add-on's name.
    pub name: String,
    /// The add-on's id.
    pub id: String,
    /// The app that owns it and is billed for it.
    pub owner_app: String,
    /// The whole plan: `heroku-postgresql:standard-0`.
    pub plan: String,
    /// The plan's first word: `standard`.
    pub tier: String,
    /// `Status` as it came: `Available`.
    pub status: Option<String>,
    /// The server's version as it came.
    pub version_text: Option<String>,
    /// The major version.
    pub version: Option<u32>,
    /// Size in bytes.
    pub bytes: Option<u64>,
    /// `Data Size` as it came.
    pub size_text: Option<String>,
    /// Gigabytes that the plan holds, where the plan is known.
    pub plan_gigabytes: Option<u64>,
    /// `Connections` as it came: `9/400`.
    pub connections: Option<String>,
    /// `HA Status` as it came.
    pub high_availability: Option<String>,
    /// `Rollback` as it came.
    pub rollback: Option<String>,
    /// `Maintenance window` as it came.
    pub maintenance_window: Option<String>,
    /// Heroku's own `Warning`.
    pub warning: Option<String>,
    /// What it is to others.
    pub role: Role,
    /// Host, port and database, without user and password.
    pub place: Option<String>,
    /// Host, port and database of what it was forked or rolled back from.
    pub forked_from: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Its followers.
    pub followers: Vec<FollowerCheckup>,
    /// An upgrade that is scheduled, under way or failed; nothing where there is none to speak of.
    pub upgrade: Option<UpgradeCheckup>,
    /// Its maintenance; nothing for Essential, or where it could not be read.
    pub maintenance: Option<Maintenance>,
    /// Everywhere it is attached.
    pub attachments: Vec<AttachedAs>,
    /// Config vars of these apps that hold its address by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<HeldByHand>,
    /// What only the database itself shows, where that was asked for.
    pub by_sql: Option<Census>,
}

/// An attachment of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachedAs {
    /// The app that has it.
    pub app: String,
    /// Its name.
    pub name: String,
    /// Absent for the default credential.
    pub namespace: Option<String>,
    /// Whether it goes through a connection pooler.
    pub is_pooler: bool,
}

/// How a version upgrade stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpgradeCheckup {
    /// Heroku's words.
    pub said: String,
    /// When Heroku runs it by itself, where the words tell it.
    pub scheduled_for: Option<Timestamp>,
    /// Whether it goes on.
    pub under_way: bool,
    /// Whether it failed.
    pub failed: bool,
    /// `3/7`.
    pub step: Option<String>,
}

impl UpgradeCheckup {
    fn of(status: WaitStatus) -> Self {
        Self {
            scheduled_for: status.scheduled_for(),
            under_way: status.verdict() == WaitVerdict::Waiting,
            failed: status.verdict() == WaitVerdict::Failed,
            said: status.message,
            step: status.step,
        }
    }
}

/// Essential has no maintenance that a customer can see (docs/heroku/procedures.md, "Postgres maintenance").
const ESSENTIAL: &str = "essential";

/// Looks at one database, by its add-on's id; nothing where it does not answer. `others` are ids of the app's databases,
/// among which its followers are looked for.
pub(super) async fn look(clients: Clients, id: String, others: Vec<String>, gaps: Gaps) -> Option<DatabaseCheckup> {
    let (addon, database, attachments) =
        tokio::join!(clients.platform.addon(&id), clients.data.database(&id), clients.platform.addon_attachments(&id));
    let addon = gaps.seen(format!("the add-on {id}"), addon)?;
    let name = addon.name.clone();
    if is_advanced(&addon.plan.name) {
        return Some(advanced(
            &addon,
            &gaps.seen(format!("the attachments of {name}"), attachments).unwrap_or_default(),
        ));
    }
    let database = gaps.seen(format!("the database {name}"), database)?;
    let attachments = gaps.seen(format!("the attachments of {name}"), attachments).unwrap_or_default();
    let (upgrade, maintenance, near) = tokio::join!(
        clients.data.upgrade_wait_status(&id),
        maintenance(&clients, &addon, &gaps),
        near(&clients, &database, &others, &gaps)
    );
    let upgrade = gaps.seen_if_any(format!("the upgrade of {name}"), upgrade).map(UpgradeCheckup::of);
    let mut found = described(&addon, &database);
    found.followers = followers::of(&database, &near);
    found.upgrade = upgrade;
    found.maintenance = maintenance;
    found.attachments = attachments.iter().map(attached).collect();
    found.by_hand = by_hand(&clients, &database, &attachments, &gaps).await;
    found.attachments.sort_by(|one, other| (&one.app, &one.name).cmp(&(&other.app, &other.name)));
    Some(found)
}

/// An Advanced database: what its add-on tells, because the API of the other tiers does not know it.
fn advanced(addon: &Addon, attachments: &[Attachment]) -> DatabaseCheckup {
    let attachments = attachments.iter().map(attached).collect();
    DatabaseCheckup { attachments, ..described(addon, &Database::default()) }
}

async fn by_hand(clients: &Clients, database: &Database, attachments: &[Attachment], gaps: &Gaps) -> Vec<HeldByHand> {
    let Some(place) = database.resource_url.as_ref().and_then(hcops_model::DatabaseUrl::where_it_is) else {
        return Vec::new();
    };
    let mut apps: Vec<&str> = attachments.iter().map(|one| one.app.name.as_str()).collect();
    apps.sort_unstable();
    apps.dedup();
    let mut found = Vec::new();
    for app in apps {
        let look = by_hand::of_app(clients, app, &place, attachments).await;
        found.extend(gaps.seen(format!("the config vars of {app}"), look).unwrap_or_default());
    }
    found
}

async fn maintenance(clients: &Clients, addon: &Addon, gaps: &Gaps) -> Option<Maintenance> {
    if tier(&addon.plan.name) == ESSENTIAL {
        return None;
    }
    let look = clients.data.maintenance(&addon.id).await;
    // Not found is not known, which is not none.
    gaps.seen(format!("the maintenance of {}", addon.name), look)
}

/// The app's other databases, if there are followers to be found among them.
async fn near(clients: &Clients, leader: &Database, others: &[String], gaps: &Gaps) -> Vec<Database> {
    let told = leader.info.iter().any(|item| item.name == "Followers" && !item.values.is_empty());
    let mut found = Vec::new();
    for other in others.iter().filter(|other| told && leader.addon_id.as_deref() != Some(other.as_str())) {
        let look = clients.data.database(other).await;
        found.extend(gaps.seen(format!("the database {other}"), look));
    }
    found
}

fn described(addon: &Addon, database: &Database) -> DatabaseCheckup {
    let info = |name: &str| database.info(name).map(str::to_owned);
    let place = |url: &hcops_model::DatabaseUrl| url.place();
    DatabaseCheckup {
        name: addon.name.clone(),
        id: addon.id.clone(),
        owner_app: addon.app.name.clone(),
        tier: tier(&addon.plan.name).to_owned(),
        plan_gigabytes: gigabytes(&addon.plan.name),
        plan: addon.plan.name.clone(),
        status: info("Status"),
        version_text: database.version_text().map(str::to_owned),
        version: database.major_version(),
        bytes: database.num_bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        size_text: info("Data Size"),
        connections: info("Connections"),
        high_availability: info("HA Status"),
        rollback: info("Rollback"),
        maintenance_window: info("Maintenance window"),
        warning: info("Warning"),
        role: database.role(),
        place: database.resource_url.as_ref().map(place),
        forked_from: database.origin(),
        created_at: database.created_at.as_ref().and_then(|moment| moment.at),
        followers: Vec::new(),
        upgrade: None,
        maintenance: None,
        attachments: Vec::new(),
        by_hand: Vec::new(),
        by_sql: None,
    }
}

fn attached(attachment: &Attachment) -> AttachedAs {
    AttachedAs {
        app: attachment.app.name.clone(),
        name: attachment.name.clone(),
        namespace: attachment.namespace.clone(),
        is_pooler: attachment.is_pooler(),
    }
}
