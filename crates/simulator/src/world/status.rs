use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The status site. Shapes: docs/heroku/status.md, "Heroku Status" and "Salesforce Trust".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatusSite {
    /// Colours of `Apps`, `Data` and `Tools`; green when not named.
    pub colours: BTreeMap<String, String>,
    /// Incidents, newest first.
    pub incidents: Vec<Incident>,
    /// Announced maintenance, newest first. Start and end are only in the prose.
    pub scheduled: Vec<Incident>,
}

/// An incident, or an announced maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Number.
    pub id: u64,
    /// Title.
    pub title: String,
    /// `upcoming`, `resolved` …
    pub state: String,
    /// The flag, which is known to contradict `state`.
    #[serde(default)]
    pub resolved: bool,
    /// When it was published.
    pub created_at: Timestamp,
    /// Systems touched: `Data`.
    #[serde(default)]
    pub systems: Vec<String>,
    /// Regions: `NA`, `EMEA`, `APAC`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Updates, newest first.
    #[serde(default)]
    pub updates: Vec<IncidentUpdate>,
    /// Structured start, which only the fallback site has.
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Structured end, which only the fallback site has.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
}

/// One update of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdate {
    /// When.
    pub created_at: Timestamp,
    /// `scheduled`, `issue`, `update`, `resolved`.
    pub update_type: String,
    /// Prose.
    pub contents: String,
}
