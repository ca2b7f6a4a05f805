use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Areas, Status, anonymous};
use crate::heroku::lenient::{self, Moment};
use crate::heroku::transport::{Call, address};
use crate::model::Fault;

/// A planned maintenance of Salesforce Trust, with its times (`reference/connect-api.md` section 9.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustMaintenance {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// Title.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub name: String,
    /// Planned begin.
    #[serde(default)]
    pub planned_start_time: Option<Moment>,
    /// Planned end.
    #[serde(default)]
    pub planned_end_time: Option<Moment>,
    /// Regions: `Heroku North America` and others.
    #[serde(default, deserialize_with = "lenient::list")]
    pub instance_keys: Vec<String>,
    /// Services: `HerokuData`, `Data` and others. None names Connect, which falls under Data.
    #[serde(default, deserialize_with = "lenient::list")]
    pub service_keys: Vec<String>,
    /// Begin and end of each effect.
    #[serde(default, rename = "MaintenanceImpacts", deserialize_with = "lenient::list")]
    pub impacts: Vec<MaintenanceImpact>,
}

impl TrustMaintenance {
    /// When it begins: the earliest effect, else the planned begin.
    #[must_use]
    pub fn starts(&self) -> Option<Timestamp> {
        let effects = self.impacts.iter().filter_map(|impact| impact.start_time.as_ref()?.at).min();
        effects.or_else(|| self.planned_start_time.as_ref()?.at)
    }

    /// When it ends: the latest effect, else the planned end.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let effects = self.impacts.iter().filter_map(|impact| impact.end_time.as_ref()?.at).max();
        effects.or_else(|| self.planned_end_time.as_ref()?.at)
    }

    /// Where it is felt, by its instances.
    #[must_use]
    pub fn areas(&self) -> Areas {
        Areas::of_names(self.instance_keys.iter().map(String::as_str))
    }

    /// Whether it touches the databases, and so Connect; also when it does not say what it touches.
    #[must_use]
    pub fn concerns_data(&self) -> bool {
        self.service_keys.is_empty()
            || self.service_keys.iter().any(|key| key.contains("Data") || key.contains("Connect"))
    }
}

/// When a maintenance is felt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceImpact {
    /// Begin.
    #[serde(default)]
    pub start_time: Option<Moment>,
    /// End.
    #[serde(default)]
    pub end_time: Option<Moment>,
    /// How bad, raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub severity: Option<String>,
}

impl Status {
    /// Planned maintenances of Heroku from `now` on, at most ten.
    ///
    /// # Errors
    /// As every look.
    pub async fn planned_maintenances(&self, now: Timestamp) -> Result<Vec<TrustMaintenance>, Fault> {
        let mut url = address(&self.trust, &["maintenances"])?;
        url.query_pairs_mut()
            .append_pair("startTime", &now.to_string())
            .append_pair("limit", "10")
            .append_pair("offset", "0")
            .append_pair("product", "Heroku")
            .append_pair("locale", "en");
        self.transport.read(anonymous(Call::get(url))).await
    }
}
