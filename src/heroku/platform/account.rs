use serde::{Deserialize, Serialize};

use super::Platform;
use crate::heroku::lenient;
use crate::model::Fault;

/// The token's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Id.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// The person's name.
    #[serde(default)]
    pub name: Option<String>,
}

/// What is left of the account's rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Calls left.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub remaining: Option<i64>,
}

impl Platform {
    /// The token's owner.
    ///
    /// # Errors
    /// As every look: [`crate::model::FaultKind::Unauthorized`] for a bad token, and the transport's faults.
    pub async fn account(&self) -> Result<Account, Fault> {
        self.transport.read(self.get(&["account"])?).await
    }

    /// What is left of the account's 4,500 calls an hour. Asking is free of charge
    /// (`reference/platform-and-data-api.md` section 1, Rate limit).
    ///
    /// # Errors
    /// As every look.
    pub async fn rate_limit(&self) -> Result<RateLimit, Fault> {
        self.transport.read(self.get(&["account", "rate-limits"])?).await
    }
}
