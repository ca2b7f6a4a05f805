use serde::{Deserialize, Serialize};

use super::Platform;
use crate::lenient;
use hcops_model::{Fault, FaultKind, Happened};

/// The token's owner, as far as the token's scope shows them (Platform API schema, Account): no part has to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// E-mail address.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub email: Option<String>,
    /// Since when payment is overdue; absent where it is not.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub delinquent_at: Option<String>,
    /// Since when the account is suspended; absent where it is not.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub suspended_at: Option<String>,
}

impl Account {
    /// What Heroku refuses to this account, where it refuses anything (Platform API schema, Account: `suspended_at`,
    /// `delinquent_at`).
    #[must_use]
    pub fn objection(&self) -> Option<Fault> {
        let (since, what, why, remedy) = match (&self.suspended_at, &self.delinquent_at) {
            (Some(since), _) => (
                since,
                "suspended",
                "Heroku refuses changes to a suspended account: a procedure would stop in the middle.",
                "Settle it with Heroku's support (https://help.heroku.com), then plan again.",
            ),
            (None, Some(since)) => (
                since,
                "delinquent with payment",
                "Heroku refuses to create anything that costs, and suspends the account later: a procedure could stop in \
                 the middle.",
                "Pay what is due at https://dashboard.heroku.com/account/billing, then plan again.",
            ),
            (None, None) => return None,
        };
        let whose = self.email.as_deref().map_or_else(String::new, |email| format!(" {email}"));
        let fault = Fault::new(FaultKind::Refused, format!("the account{whose} is {what} since {since}"), why, remedy);
        Some(fault.with_happened(Happened::No).with_command("heroku auth:whoami"))
    }
}

/// What is left of the account's rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Calls left.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub remaining: Option<i64>,
}

impl Platform {
    /// The token's owner, as far as its scope shows it.
    ///
    /// # Errors
    /// As every look: [`FaultKind::Unauthorized`] for a bad token, or for one whose scope does not allow it.
    pub async fn account(&self) -> Result<Account, Fault> {
        self.transport.read(self.get(&["account"])?).await
    }

    /// What is left of the account's 4,500 calls an hour. Asking is free of charge
    /// (docs/heroku/platform.md, "Rate limit").
    ///
    /// # Errors
    /// As every look.
    pub async fn rate_limit(&self) -> Result<RateLimit, Fault> {
        self.transport.read(self.get(&["account", "rate-limits"])?).await
    }
}
