use serde::{Deserialize, Serialize};

use super::unseen::Gaps;
use hcops_heroku::Clients;
use hcops_heroku::platform::{Attachment, ConfigVars};

/// Where a connection's `db_key` leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "leads", rename_all = "kebab-case")]
pub enum Pointer {
    /// The connection has no `db_key` yet.
    NotChosen,
    /// To an attached database.
    Attached {
        /// The attachment.
        attachment: String,
        /// The add-on's name.
        addon: String,
        /// The add-on's id.
        addon_id: String,
    },
    /// To an attached database, but by a config var of its own that holds a copy of the address: no promotion or
    /// attachment changes it.
    ByHand {
        /// The attachment with the same address.
        attachment: String,
        /// The add-on's name.
        addon: String,
        /// The add-on's id.
        addon_id: String,
    },
    /// To an address of no attached database.
    Elsewhere,
    /// To a config var that is not set.
    NotSet,
    /// It could not be read.
    Unknown,
}

impl Pointer {
    /// The id of the add-on that it leads to.
    #[must_use]
    pub fn addon_id(&self) -> Option<&str> {
        match self {
            Self::Attached { addon_id, .. } | Self::ByHand { addon_id, .. } => Some(addon_id),
            Self::NotChosen | Self::Elsewhere | Self::NotSet | Self::Unknown => None,
        }
    }
}

/// The app's attachments and, when they are needed, its config vars.
pub(super) struct Names {
    attachments: Option<Vec<Attachment>>,
    vars: Option<ConfigVars>,
}

impl Names {
    /// Reads the config vars only if one of the keys is not an attachment's.
    pub(super) async fn read(
        clients: &Clients,
        app: &str,
        attachments: Option<Vec<Attachment>>,
        keys: &[&str],
        gaps: &Gaps,
    ) -> Self {
        let known = |key: &&str| attachments.iter().flatten().any(|attachment| supplies(attachment, key));
        let vars = if attachments.is_some() && !keys.iter().all(known) {
            gaps.seen(format!("the config vars of {app}"), clients.platform.config_vars(app).await)
        } else {
            None
        };
        Self { attachments, vars }
    }

    /// The attachment that an app without a connection uses.
    pub(super) fn default_database(&self) -> Option<String> {
        let is_default = |one: &&Attachment| {
            one.name == "DATABASE" && one.addon.plan.as_ref().is_none_or(|plan| is_postgres(&plan.name))
        };
        self.attachments.iter().flatten().find(is_default).map(|one| one.addon.id.clone())
    }

    /// Ids of the databases that the app has, by any name.
    pub(super) fn databases(&self) -> Vec<String> {
        let with_plan = self
            .attachments
            .iter()
            .flatten()
            .filter(|one| one.addon.plan.as_ref().is_some_and(|plan| is_postgres(&plan.name)));
        let mut ids: Vec<String> = with_plan.map(|one| one.addon.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Where a `db_key` leads: to the attachment whose config var it is, else to one with the same value, as the official
    /// client looks it up (docs/heroku/platform.md, "Naming a database").
    pub(super) fn pointer(&self, db_key: Option<&str>) -> Pointer {
        let Some(key) = db_key.filter(|key| !key.is_empty()) else { return Pointer::NotChosen };
        let Some(attachments) = &self.attachments else { return Pointer::Unknown };
        if let Some(direct) = attachments.iter().find(|one| supplies(one, key)) {
            let (attachment, addon, addon_id) = of(direct);
            return Pointer::Attached { attachment, addon, addon_id };
        }
        let Some(vars) = &self.vars else { return Pointer::Unknown };
        if vars.get(key).is_none() {
            return Pointer::NotSet;
        }
        let equal = vars.same_value_as(key);
        match attachments.iter().find(|one| equal.iter().any(|name| supplies(one, name))) {
            Some(copied) => {
                let (attachment, addon, addon_id) = of(copied);
                Pointer::ByHand { attachment, addon, addon_id }
            }
            None => Pointer::Elsewhere,
        }
    }
}

fn is_postgres(plan: &str) -> bool {
    plan.starts_with("heroku-postgresql:")
}

fn of(attachment: &Attachment) -> (String, String, String) {
    (attachment.name.clone(), attachment.addon.name.clone(), attachment.addon.id.clone())
}

fn supplies(attachment: &Attachment, name: &str) -> bool {
    attachment.url_var() == name || attachment.config_vars.iter().any(|var| var == name)
}
