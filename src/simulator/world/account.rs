use serde::{Deserialize, Serialize};

/// A token of the rate limit's bucket, in the unit in which it is refilled.
const TOKEN: u64 = 4_000;
/// Units refilled each millisecond: 4,500 tokens an hour, 75 a minute (`reference/platform-and-data-api.md` section 1).
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
