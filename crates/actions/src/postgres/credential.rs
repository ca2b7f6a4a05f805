//! Credentials of a database other than the default one.

use crate::Context;
use hcops_heroku::data::CredentialState;
use hcops_model::{Fault, FaultKind};

/// Whether a database has a credential.
pub(super) enum Known {
    /// It has.
    There,
    /// It is being made; its state as Heroku says it.
    Coming(String),
    /// It has not.
    Missing,
    /// The credentials could not be listed; why.
    Unlisted(String),
}

/// Looks for a credential. Every database has the default one.
pub(super) async fn known(context: &Context, database: &str, name: &str) -> Result<Known, Fault> {
    if name == "default" {
        return Ok(Known::There);
    }
    let listed = match context.clients.data.credentials(database).await {
        Ok(listed) => listed,
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::NotFound | FaultKind::Unauthorized) => {
            return Ok(Known::Unlisted(fault.saw));
        }
        Err(fault) => return Err(fault),
    };
    let found = listed.into_iter().find(|credential| credential.name == name);
    Ok(match found.map(|found| found.state) {
        None => Known::Missing,
        Some(Some(state @ (CredentialState::Provisioning | CredentialState::WaitForProvisioning))) => {
            Known::Coming(state.to_string())
        }
        Some(Some(CredentialState::Archived | CredentialState::Revoking)) => Known::Missing,
        Some(_) => Known::There,
    })
}

/// How a credential is created, and how it gets its rights on what a copy brings.
pub(super) fn creation(app: &str, database: &str, name: &str) -> String {
    format!(
        "Create it: `heroku pg:credentials:create {database} --name {name} -a {app}`. A copy brings no rights for it: grant \
         them in `heroku pg:psql {database} -a {app}`, before the copy with ALTER DEFAULT PRIVILEGES or after it with GRANT."
    )
}
