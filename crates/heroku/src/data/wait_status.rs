use serde::{Deserialize, Serialize};

use super::{Data, versioned};
use crate::lenient;
use crate::transport::Call;
use hcops_model::Fault;

/// Whether something is still going on (docs/heroku/data.md, "Readiness"). The message is free-form: it is
/// shown, never parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitStatus {
    /// The server's words.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
    /// Whether it goes on. The Advanced tier writes the key without `?`.
    #[serde(default, rename = "waiting?", alias = "waiting", deserialize_with = "lenient::maybe_truth")]
    pub waiting: Option<bool>,
    /// Whether it failed.
    #[serde(default, rename = "error?", deserialize_with = "lenient::maybe_truth")]
    pub error: Option<bool>,
    /// `3/7`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub step: Option<String>,
}

/// What a wait status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitVerdict {
    /// It goes on.
    Waiting,
    /// Nothing is waited for: done, never begun, or only scheduled.
    Quiet,
    /// It failed.
    Failed,
    /// The answer does not say.
    Unknown,
}

impl WaitStatus {
    /// What it says. A scheduled upgrade is [`WaitVerdict::Quiet`] too, so this alone never means that one is done.
    #[must_use]
    pub const fn verdict(&self) -> WaitVerdict {
        match (self.error, self.waiting) {
            (Some(true), _) => WaitVerdict::Failed,
            (_, Some(true)) => WaitVerdict::Waiting,
            (_, Some(false)) => WaitVerdict::Quiet,
            (_, None) => WaitVerdict::Unknown,
        }
    }

    /// How far it is: steps done, and in all.
    #[must_use]
    pub fn part(&self) -> Option<(u64, u64)> {
        let (done, of) = self.step.as_deref()?.split_once('/')?;
        Some((done.trim().parse().ok()?, of.trim().parse().ok()?))
    }
}

impl Data {
    /// Whether a database is ready.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] also while the add-on is not provisioned yet.
    pub async fn wait_status(&self, database: &str) -> Result<WaitStatus, Fault> {
        self.transport.read(versioned(Call::get(self.database_url(database, &["wait_status"])?))).await
    }

    /// Whether a version upgrade goes on. A scheduled one is not waited for: the message says so.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] where there is nothing to say.
    pub async fn upgrade_wait_status(&self, database: &str) -> Result<WaitStatus, Fault> {
        let url = self.database_url(database, &["upgrade", "wait_status"])?;
        self.transport.read(versioned(Call::get(url))).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn only_an_explicit_false_is_quiet() {
        let verdict = |value: Value| serde_json::from_value::<WaitStatus>(value).unwrap().verdict();
        assert_eq!(verdict(json!({"waiting?": true, "message": "upgrading", "step": "1/3"})), WaitVerdict::Waiting);
        assert_eq!(verdict(json!({"waiting?": false})), WaitVerdict::Quiet);
        assert_eq!(verdict(json!({"waiting": false, "message": null})), WaitVerdict::Quiet);
        assert_eq!(verdict(json!({"error?": true, "waiting?": false})), WaitVerdict::Failed);
        assert_eq!(verdict(json!({"message": "available"})), WaitVerdict::Unknown);
        assert_eq!(verdict(json!({"waiting?": "no"})), WaitVerdict::Unknown);
    }

    #[test]
    fn steps_are_read() {
        let part = |step: &str| WaitStatus { step: Some(step.to_owned()), ..WaitStatus::default() }.part();
        assert_eq!((part("3/7"), part("three of seven")), (Some((3, 7)), None));
    }
}
