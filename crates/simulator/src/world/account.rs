use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A token of the rate limit's bucket, in the unit in which it is refilled.
const TOKEN: u64 = 4_000;
/// Units refilled each millisecond: 4,500 tokens an hour, 75 a minute (docs/heroku/platform.md, "Rate limit").
const REFILL_EACH_MILLISECOND: u64 = 5;

/// The account whose token is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// UUID.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Tokens that are answered with 401. Every other token is good.
    #[serde(default)]
    pub refused_tokens: Vec<String>,
    /// When set, every token is answered with 401, as after its expiry.
    #[serde(default)]
    pub expired: bool,
    /// The token's scope does not show whose it is: `GET /account` is refused with 403.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out_of_scope: bool,
    /// The account is shown without its e-mail address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_email: bool,
    /// Since when payment is overdue: it is shown, and nothing that costs is created (402).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delinquent_at: Option<String>,
    /// Since when it is suspended: it is shown, and every change is refused (403).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<String>,
    /// Changes of an app ask for a second factor (403) until `PUT /apps/:app/pre-authorizations` has brought one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_second_factor: bool,
    /// What the teams of these apps allow this account there; an app that is not named allows everything.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub permissions: BTreeMap<String, Vec<String>>,
    /// When the account would be suspended, as the delinquency look-up says.
    #[serde(default)]
    pub scheduled_suspension_time: Option<String>,
    /// When its apps would be deleted.
    #[serde(default)]
    pub scheduled_deletion_time: Option<String>,
    /// The rate limit's bucket.
    #[serde(default)]
    pub rate: RateLimit,
}

/// The bucket of the Platform API's rate limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Size of the bucket, in requests.
    pub limit: u64,
    units: u64,
}

impl RateLimit {
    /// A full bucket of `limit` requests.
    #[must_use]
    pub const fn full(limit: u64) -> Self {
        Self { limit, units: limit * TOKEN }
    }

    /// Requests that are left.
    #[must_use]
    pub const fn remaining(&self) -> u64 {
        self.units / TOKEN
    }

    /// Takes one request out; false when the bucket is empty.
    pub(crate) const fn take(&mut self) -> bool {
        if self.units < TOKEN {
            return false;
        }
        self.units -= TOKEN;
        true
    }

    pub(crate) fn refill(&mut self, milliseconds: u64) {
        self.units = (self.units + milliseconds * REFILL_EACH_MILLISECOND).min(self.limit * TOKEN);
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        Self::full(4_500)
    }
}
