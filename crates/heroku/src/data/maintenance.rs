use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Data, Said, versioned};
use crate::lenient::{self, Moment};
use crate::open_enum::open_enum;
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{Fault, Permit};

open_enum! {
    /// How a Postgres maintenance stands (heroku/typescript-api-schema, dist/data/types.d.ts, `MaintenanceInfoResult`;
    /// `pending` is from older recordings).
    pub enum MaintenanceStatus {
        /// None is needed.
        None = "none",
        /// It is scheduled.
        Pending = "pending",
        /// It is being prepared.
        Preparing = "preparing",
        /// It can be run.
        Ready = "ready",
        /// It is running.
        Running = "running",
        /// It is done.
        Completed = "completed",
        /// Heroku itself does not know.
        Unknown = "unknown",
    }
}

/// A maintenance of a database by Heroku.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Maintenance {
    /// How it stands.
    #[serde(default)]
    pub status: Option<MaintenanceStatus>,
    /// How it is done, raw: `changeover`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub method: Option<String>,
    /// Why, raw: `routine_maintenance`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub reason: Option<String>,
    /// The weekly window, in words.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub window: Option<String>,
    /// When it will run.
    #[serde(default)]
    pub scheduled_for: Option<Moment>,
    /// When it was to run before it was moved.
    #[serde(default)]
    pub previously_scheduled_for: Option<Moment>,
    /// When it must have run.
    #[serde(default)]
    pub required_by: Option<Moment>,
    /// When it began.
    #[serde(default)]
    pub started_at: Option<Moment>,
    /// When it ended.
    #[serde(default)]
    pub completed_at: Option<Moment>,
    /// How long it took, in seconds.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub duration_seconds: Option<i64>,
}

/// The weekly window of a database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MaintenanceWindow {
    /// In words: `Tuesdays 20:30 to Wednesdays 00:30 UTC`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub window: Option<String>,
    /// Before it was changed.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub previous_window: Option<String>,
    /// When the next maintenance will run.
    #[serde(default, alias = "scheduled_at")]
    pub scheduled_for: Option<Moment>,
}

#[derive(Deserialize)]
struct Maintenances {
    #[serde(default, deserialize_with = "lenient::list")]
    maintenances: Vec<Maintenance>,
}

impl Data {
    /// The maintenance of a database, by the add-on's **id**: the route takes no name, and the official client always sends
    /// the id. Where none is planned the answer says so; not found means that it is not known.
    ///
    /// # Errors
    /// As every look; Essential may be refused.
    pub async fn maintenance(&self, addon_id: &str) -> Result<Maintenance, Fault> {
        self.transport.read(versioned(Call::get(self.maintenance_url(&[addon_id])?))).await
    }

    /// The maintenances of an app's databases.
    ///
    /// # Errors
    /// As every look.
    pub async fn app_maintenances(&self, app_id: &str) -> Result<Vec<Maintenance>, Fault> {
        let call = Call::get(self.maintenance_url(&["apps", app_id])?);
        Ok(self.transport.read::<Maintenances>(versioned(call)).await?.maintenances)
    }

    /// Past maintenances of a database, at most `newest` (the server's limit is 20).
    ///
    /// # Errors
    /// As every look.
    pub async fn maintenance_history(&self, addon_id: &str, newest: u32) -> Result<Vec<Maintenance>, Fault> {
        let mut url = self.maintenance_url(&[addon_id, "history"])?;
        let with_slash = format!("{}/", url.path());
        url.set_path(&with_slash);
        url.set_query(Some(&format!("limit={newest}")));
        Ok(self.transport.read::<Maintenances>(versioned(Call::get(url))).await?.maintenances)
    }

    /// Runs a pending maintenance now.
    ///
    /// # Errors
    /// As every change.
    pub async fn run_maintenance(&self, permit: &Permit, addon_id: &str) -> Result<Answer<Said>, Fault> {
        let url = self.maintenance_url(&[addon_id, "run"])?;
        self.transport.write(versioned(Call::change(permit, Method::Post, url, Body::None))).await
    }

    /// Moves a pending maintenance back by whole weeks.
    ///
    /// # Errors
    /// As every change.
    pub async fn delay_maintenance(
        &self,
        permit: &Permit,
        addon_id: &str,
        weeks: u32,
    ) -> Result<Answer<Maintenance>, Fault> {
        let url = self.maintenance_url(&[addon_id, "schedule"])?;
        let body = json_body(&json!({"delay_weeks": weeks.to_string()}))?;
        self.transport.write(versioned(Call::change(permit, Method::Post, url, body))).await
    }

    /// The weekly window of a database.
    ///
    /// # Errors
    /// As every look.
    pub async fn maintenance_window(&self, addon_id: &str) -> Result<MaintenanceWindow, Fault> {
        self.transport.read(versioned(Call::get(self.maintenance_url(&[addon_id, "window"])?))).await
    }

    /// Sets the weekly window of a database: `Tuesday`, `20:30`, in UTC.
    ///
    /// # Errors
    /// As every change.
    pub async fn set_maintenance_window(
        &self,
        permit: &Permit,
        addon_id: &str,
        day_of_week: &str,
        time_of_day: &str,
    ) -> Result<Answer<MaintenanceWindow>, Fault> {
        let url = self.maintenance_url(&[addon_id, "window"])?;
        let body = json_body(&json!({"day_of_week": day_of_week, "time_of_day": time_of_day}))?;
        self.transport.write(versioned(Call::change(permit, Method::Post, url, body))).await
    }

    fn maintenance_url(&self, rest: &[&str]) -> Result<url::Url, Fault> {
        self.url(&[&["data", "maintenances", "v1"], rest].concat())
    }
}
