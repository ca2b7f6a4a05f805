use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use hcops_heroku::platform::{self, Scale};

/// A process type of an app as it is or should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ProcessType {
    /// The type's name in the Procfile, for example `worker`.
    #[serde(rename = "type")]
    pub(super) name: String,
    /// How many dynos of it.
    pub(super) quantity: u32,
    /// Their size, for example `standard-1x`.
    #[serde(default)]
    pub(super) size: Option<String>,
}

impl ProcessType {
    /// Whether it serves web traffic, which maintenance mode stops.
    pub(super) fn is_web(&self) -> bool {
        self.name == "web"
    }

    /// `worker: 2 of standard-1x`.
    pub(super) fn spoken(&self) -> String {
        format!("{}: {}", self.name, self.amount())
    }

    /// `2 of standard-1x`.
    pub(super) fn amount(&self) -> String {
        match &self.size {
            Some(size) => format!("{} of {size}", self.quantity),
            None => self.quantity.to_string(),
        }
    }

    /// Whether `other` has the same quantity and, where both are known, the same size. Heroku writes sizes in more
    /// than one case.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same_size = match (&self.size, &other.size) {
            (Some(size), Some(other)) => size.eq_ignore_ascii_case(other),
            _ => true,
        };
        self.quantity == other.quantity && same_size
    }
}

impl From<platform::ProcessType> for ProcessType {
    fn from(kind: platform::ProcessType) -> Self {
        let size = kind.size_name().map(str::to_owned);
        Self { name: kind.process_type, quantity: kind.quantity, size }
    }
}

impl From<&ProcessType> for Scale {
    fn from(kind: &ProcessType) -> Self {
        Self { process_type: kind.name.clone(), quantity: kind.quantity, size: kind.size.clone() }
    }
}
