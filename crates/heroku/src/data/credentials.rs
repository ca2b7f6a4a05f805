use serde::Deserialize;

use super::{Data, versioned};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::transport::{Call, Credentials};
use hcops_model::{Fault, Secret};

open_enum! {
    // docs/heroku/data.md, "Credentials".
    /// How a credential stands.
    pub enum CredentialState {
        /// In use.
        Active = "active",
        /// Out of use.
        Archived = "archived",
        /// Being made.
        Provisioning = "provisioning",
        /// Being taken away.
        Revoking = "revoking",
        /// Getting a new password.
        Rotating = "rotating",
        /// Has its new password.
        RotationCompleted = "rotation_completed",
        /// Waits to be made.
        WaitForProvisioning = "wait_for_provisioning",
    }
}

/// A named credential of a database.
#[derive(Debug, Clone, Deserialize)]
pub struct Credential {
    /// Id.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub uuid: Option<String>,
    /// Name; the owner's is `default`.
    pub name: String,
    /// How it stands.
    #[serde(default)]
    pub state: Option<CredentialState>,
    /// The Postgres roles behind it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub credentials: Vec<CredentialRole>,
}

/// A Postgres role of a credential.
#[derive(Debug, Clone, Deserialize)]
pub struct CredentialRole {
    /// User name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user: String,
    /// Password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How it stands, raw.
    #[serde(default)]
    pub state: Option<String>,
    /// Connections that it has open.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub connections: Option<i64>,
}

impl Data {
    /// The credentials of a database, by the add-on's **name**, and with basic authentication, as the official client
    /// asks (docs/heroku/data.md, "Credentials").
    ///
    /// # Errors
    /// As every look.
    pub async fn credentials(&self, database_name: &str) -> Result<Vec<Credential>, Fault> {
        let url = self.url(&["postgres", "v0", "databases", database_name, "credentials"])?;
        let call = Call::get(url).with_credentials(Credentials::BasicWithEmptyUser);
        self.transport.list(versioned(call)).await
    }
}
