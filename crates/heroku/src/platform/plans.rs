use serde::{Deserialize, Serialize};

use super::{Platform, Price};
use crate::lenient;
use hcops_model::Fault;

/// A plan of an add-on service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Id.
    pub id: String,
    /// Name: `heroku-postgresql:standard-0`.
    pub name: String,
    /// Name for people: `Standard 0`.
    #[serde(default)]
    pub human_name: Option<String>,
    /// Stage of its life, raw: `ga`, `beta`, `deprecated`.
    #[serde(default)]
    pub state: Option<String>,
    /// List price.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub price: Option<Price>,
    /// Whether it can be installed in a private space.
    #[serde(default)]
    pub installable_inside_private_network: Option<bool>,
    /// Whether it can be installed in the common runtime.
    #[serde(default)]
    pub installable_outside_private_network: Option<bool>,
}

impl Platform {
    /// The plans of an add-on service, such as `heroku-postgresql`.
    ///
    /// # Errors
    /// As every look.
    pub async fn plans(&self, service: &str) -> Result<Vec<Plan>, Fault> {
        self.transport.list(self.get(&["addon-services", service, "plans"])?).await
    }

    /// One plan, by id or name.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when there is none.
    pub async fn plan(&self, plan: &str) -> Result<Plan, Fault> {
        self.transport.read(self.get(&["plans", plan])?).await
    }
}
