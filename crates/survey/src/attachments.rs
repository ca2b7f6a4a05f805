//! What becomes of each attachment of the old database.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::database::Resolved;
use hcops_heroku::platform::{Attachment, credential_of};

/// One attachment of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentFacts {
    /// The app that has it.
    pub app: String,
    /// Its name.
    pub name: String,
    /// Absent for the default credential.
    pub namespace: Option<String>,
    /// The config var that holds the address.
    pub config_var: String,
    /// The database's add-on.
    pub database: String,
    /// What it is there for.
    pub role: Role,
    /// What the follower method does with it.
    pub fate: Fate,
    /// Why.
    pub because: String,
}

/// What an attachment is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// `DATABASE` on the connection's app.
    Default,
    /// What the connection's `db_key` names, under another name than `DATABASE`.
    Connection,
    /// A connection pooler.
    Pooler,
    /// A further name for the default credential, on the connection's or the owning app.
    Alias,
    /// A credential other than the default one.
    Credential,
    /// The default credential on another app.
    OtherApp,
}

/// What the follower method does with an attachment of the old database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The new database is promoted into its place.
    Promoted,
    /// The connection is switched: the name is given to the new database, or the connection gets another.
    Switched,
    /// The name is given to the new database as well.
    Moved,
    /// It stays with the old database, as that one's own name.
    Kept,
}

impl AttachmentFacts {
    /// The name of the credential that it gives.
    pub(super) fn credential(&self) -> &str {
        credential_of(self.namespace.as_deref().unwrap_or_default())
    }
}

impl fmt::Display for AttachmentFacts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} on {}", self.name, self.app)
    }
}

/// The attachments of the database in every app, each with its role and fate; sorted by app and name, so that two surveys
/// of the same world are equal.
pub(super) fn judge(everywhere: &[Attachment], resolved: &Resolved, app: &str) -> Vec<AttachmentFacts> {
    let mut judged: Vec<AttachmentFacts> = everywhere.iter().map(|one| facts(one, resolved, app)).collect();
    judged.sort_by(|one, other| (&one.app, &one.name).cmp(&(&other.app, &other.name)));
    judged
}

/// Those that are moved and give another credential than the default one, each with its credential's name.
pub(super) fn by_credential(attachments: &[AttachmentFacts]) -> Vec<Value> {
    let moved = attachments.iter().filter(|one| one.fate == Fate::Moved && one.credential() != "default");
    moved
        .map(|one| {
            let mut shown = json!(one);
            shown["credential"] = json!(one.credential());
            shown
        })
        .collect()
}

/// Those that are moved and give the default credential.
pub(super) fn further(attachments: &[AttachmentFacts]) -> Vec<&AttachmentFacts> {
    attachments.iter().filter(|one| one.fate == Fate::Moved && one.credential() == "default").collect()
}

/// Whether the old database would be left without a name of its own on the app that owns it.
pub(super) fn needs_alias(attachments: &[AttachmentFacts], owner: &str) -> bool {
    !attachments.iter().any(|one| one.fate == Fate::Kept && one.app == owner)
}

fn facts(one: &Attachment, resolved: &Resolved, app: &str) -> AttachmentFacts {
    let place = Place {
        on_connections_app: one.app.name == app,
        on_owning_app: one.app.name == resolved.addon.app.name,
        is_db_key: one.url_var() == resolved.db_key,
    };
    let (role, fate, because) = judgement(one, &place);
    AttachmentFacts {
        app: one.app.name.clone(),
        name: one.name.clone(),
        namespace: one.namespace.clone(),
        config_var: one.url_var(),
        database: one.addon.name.clone(),
        role,
        fate,
        because: because.to_owned(),
    }
}

struct Place {
    on_connections_app: bool,
    on_owning_app: bool,
    is_db_key: bool,
}

/// docs/heroku/procedures.md, "Promotion": promotion moves `DATABASE` only, so everything else
/// has to be decided one by one.
fn judgement(one: &Attachment, place: &Place) -> (Role, Fate, &'static str) {
    let is_database = one.name == "DATABASE";
    if place.on_connections_app && place.is_db_key && !is_database {
        return (
            Role::Connection,
            Fate::Switched,
            "The connection uses it, so the connection is switched to the new database.",
        );
    }
    if one.credential() != "default" {
        let role = if one.is_pooler() { Role::Pooler } else { Role::Credential };
        return (
            role,
            Fate::Moved,
            "Its users write through a credential of their own. A follower has that credential; on any other new database it \
             has to be created before this name is given to it.",
        );
    }
    if one.is_pooler() {
        return (
            Role::Pooler,
            Fate::Moved,
            "The pooler must lead to the new database, or its users would stay on the old one.",
        );
    }
    match (place.on_connections_app, place.on_owning_app) {
        (true, _) if is_database => (Role::Default, Fate::Promoted, "Promotion gives this name to the new database."),
        (_, true) if one.name.starts_with("HEROKU_POSTGRESQL_") => (
            Role::Alias,
            Fate::Kept,
            "It stays as the old database's own name, by which it can be looked at and removed.",
        ),
        (true, _) | (_, true) if !is_database => {
            (Role::Alias, Fate::Moved, "Code on the app may read this name, so it goes to the new database as well.")
        }
        _ => (Role::OtherApp, Fate::Moved, "This app uses the database too and would otherwise stay on the old one."),
    }
}
