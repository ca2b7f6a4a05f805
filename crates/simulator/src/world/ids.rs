use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Gives out identifiers that depend only on the seed and on how many were given before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// The seed.
    pub seed: u64,
    /// How many were given out.
    pub given: u64,
}

impl Ids {
    /// A source of identifiers for this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, given: 0 }
    }

    /// The next identifier, a UUID as text.
    pub fn give(&mut self) -> String {
        self.given += 1;
        of(&format!("simulator {} {}", self.seed, self.given))
    }

    /// The next number, for names such as `postgresql-curved-10006`.
    pub fn next_number(&mut self) -> u64 {
        self.given += 1;
        10_000 + (self.seed.wrapping_mul(7_919).wrapping_add(self.given.wrapping_mul(37))) % 90_000
    }
}

/// The identifier that always belongs to this name.
#[must_use]
pub(crate) fn of(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}
