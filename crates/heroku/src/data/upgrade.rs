use serde_json::{Value, json};

use super::{Data, Said, versioned};
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{Fault, Permit};

impl Data {
    /// Starts a version upgrade. What that means depends on the database: in place on Essential; on a follower it stops
    /// following and is upgraded; on a leader it runs what was prepared, followers included
    /// (docs/heroku/data.md, "One request, three meanings"). Without `version` Heroku takes its newest.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::Refused`] when nothing is prepared, the preparation is not finished, or an upgrade is
    /// under way.
    pub async fn run_upgrade(
        &self,
        permit: &Permit,
        database: &str,
        version: Option<u32>,
    ) -> Result<Answer<Said>, Fault> {
        self.upgrade(permit, database, "run", &version_body(version)).await
    }

    /// Prepares a leader's upgrade. It also schedules it: unless it is run or cancelled, Heroku runs it in the next
    /// maintenance window (docs/heroku/data.md, "Upgrade").
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::Refused`] when one is scheduled or under way.
    pub async fn prepare_upgrade(
        &self,
        permit: &Permit,
        database: &str,
        version: Option<u32>,
    ) -> Result<Answer<Said>, Fault> {
        self.upgrade(permit, database, "prepare", &version_body(version)).await
    }

    /// Tries an upgrade on a throwaway follower; the result comes by e-mail only (docs/heroku/data.md, "Upgrade").
    ///
    /// # Errors
    /// As every change.
    pub async fn dry_run_upgrade(
        &self,
        permit: &Permit,
        database: &str,
        version: Option<u32>,
    ) -> Result<Answer<Said>, Fault> {
        self.upgrade(permit, database, "dry_run", &version_body(version)).await
    }

    /// Cancels a scheduled upgrade.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::Refused`] when none is scheduled, or it is under way.
    pub async fn cancel_upgrade(&self, permit: &Permit, database: &str) -> Result<Answer<Said>, Fault> {
        self.upgrade(permit, database, "cancel", &json!({})).await
    }

    async fn upgrade(&self, permit: &Permit, database: &str, what: &str, body: &Value) -> Result<Answer<Said>, Fault> {
        let url = self.database_url(database, &["upgrade", what])?;
        self.transport.write(versioned(Call::change(permit, Method::Post, url, json_body(body)?))).await
    }
}

/// The version as text, as the official client sends it.
fn version_body(version: Option<u32>) -> Value {
    version.map_or_else(|| json!({}), |version| json!({"version": version.to_string()}))
}
