use serde::{Deserialize, Serialize};

use super::Platform;
use crate::lenient;
use hcops_model::Fault;

/// Somebody who has access to an app (Platform API schema, Collaborator).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collaborator {
    /// Their role in the app's team: `admin`, `member`, `collaborator`; `owner` of a personal app.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub role: Option<String>,
    /// What a team allows them on this app; nothing where the team has no such rules.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub permissions: Vec<Permission>,
    /// Who it is.
    pub user: User,
}

/// What somebody may do: `view`, `deploy`, `operate`, `manage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Its name.
    pub name: String,
}

/// A person, by address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// E-mail address.
    pub email: String,
}

impl Collaborator {
    /// Whether the permissions are known and this one is not among them. An owner and a team's admin may do everything, and
    /// an empty list says nothing.
    #[must_use]
    pub fn lacks(&self, permission: &str) -> bool {
        let all = matches!(self.role.as_deref(), Some("owner" | "admin"));
        !all && !self.permissions.is_empty() && self.permissions.iter().all(|has| has.name != permission)
    }
}

impl Platform {
    /// Who has access to an app.
    ///
    /// # Errors
    /// As every look.
    pub async fn collaborators(&self, app: &str) -> Result<Vec<Collaborator>, Fault> {
        self.transport.read(self.get(&["apps", app, "collaborators"])?).await
    }
}
