use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Platform, plain};
use crate::lenient::{self, Moment, Named};
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// One process type of an app's formation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessType {
    /// Id.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// The process type: `web`, `worker`, `release`.
    #[serde(rename = "type")]
    pub process_type: String,
    /// How many dynos it should have.
    #[serde(deserialize_with = "quantity")]
    pub quantity: u32,
    /// The dynos' size, by its name.
    #[serde(default)]
    pub size: Option<String>,
    /// The dynos' size in the newer form.
    #[serde(default)]
    pub dyno_size: Option<Named>,
    /// What it runs.
    #[serde(default)]
    pub command: Option<String>,
}

fn quantity<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let whole = lenient::maybe_whole(deserializer)?;
    whole
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| serde::de::Error::custom("a quantity is a whole number"))
}

impl ProcessType {
    /// The name of the dynos' size, from whichever field has it.
    #[must_use]
    pub fn size_name(&self) -> Option<&str> {
        let newer = self.dyno_size.as_ref().map(|size| size.name.as_str());
        self.size.as_deref().or(newer).filter(|name| !name.is_empty())
    }

    /// Whether it is the web, which maintenance mode already keeps from working.
    #[must_use]
    pub fn is_web(&self) -> bool {
        self.process_type == "web"
    }
}

/// What one process type is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// The process type.
    #[serde(rename = "type")]
    pub process_type: String,
    /// How many dynos.
    pub quantity: u32,
    /// The dynos' size by name; left as it is when absent.
    #[serde(default)]
    pub size: Option<String>,
}

impl Scale {
    /// In the form of the published schema: a number, and the size as an object.
    fn update(&self) -> Value {
        let mut update = json!({"type": self.process_type, "quantity": self.quantity});
        if let (Some(size), Some(fields)) = (&self.size, update.as_object_mut()) {
            fields.insert("dyno_size".to_owned(), json!({"name": size}));
        }
        update
    }
}

/// A running dyno.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dyno {
    /// Id.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Name: `worker.1`, `run.4859`, `scheduler.7`.
    pub name: String,
    /// The process type: `web`, `worker`, `run`, `scheduler`, `release`.
    #[serde(rename = "type")]
    pub process_type: String,
    /// State, raw: `up`, `starting`, `idle`, `crashed`, `down`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub state: String,
    /// Size.
    #[serde(default)]
    pub size: Option<String>,
    /// What it runs.
    #[serde(default)]
    pub command: Option<String>,
    /// The release that it runs.
    #[serde(default)]
    pub release: Option<DynoRelease>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

/// The release of a dyno.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynoRelease {
    /// Counts from 1.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub version: Option<i64>,
}

/// A feature of an app that can be switched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Feature {
    #[serde(default, deserialize_with = "lenient::or_default")]
    enabled: bool,
}

impl Platform {
    /// An app's formation: every process type with its quantity and size.
    ///
    /// # Errors
    /// As every look.
    pub async fn formation(&self, app: &str) -> Result<Vec<ProcessType>, Fault> {
        self.transport.list(self.get(&["apps", app, "formation"])?).await
    }

    /// Scales process types, all in one request.
    ///
    /// # Errors
    /// As every change.
    pub async fn scale(&self, permit: &Permit, app: &str, to: &[Scale]) -> Result<Answer<Vec<ProcessType>>, Fault> {
        let updates: Vec<Value> = to.iter().map(Scale::update).collect();
        let body = json_body(&json!({"updates": updates}))?;
        let call = Call::change(permit, Method::Patch, self.url(&["apps", app, "formation"])?, body);
        self.transport.write(plain(call)).await
    }

    /// An app's running dynos, one-off dynos included.
    ///
    /// # Errors
    /// As every look.
    pub async fn dynos(&self, app: &str) -> Result<Vec<Dyno>, Fault> {
        self.transport.list(self.get(&["apps", app, "dynos"])?).await
    }

    /// Whether a feature of an app is on, for example `preboot`.
    ///
    /// # Errors
    /// As every look; [`hcops_model::FaultKind::NotFound`] where the app can't have it.
    pub async fn app_feature(&self, app: &str, feature: &str) -> Result<bool, Fault> {
        let found: Feature = self.transport.read(self.get(&["apps", app, "features", feature])?).await?;
        Ok(found.enabled)
    }

    /// Restarts one dyno, or all of an app.
    ///
    /// # Errors
    /// As every change.
    pub async fn restart(&self, permit: &Permit, app: &str, dyno: Option<&str>) -> Result<Answer<()>, Fault> {
        let url = match dyno {
            Some(dyno) => self.url(&["apps", app, "dynos", dyno])?,
            None => self.url(&["apps", app, "dynos"])?,
        };
        self.transport.write_unread(plain(Call::change(permit, Method::Delete, url, Body::None)), None).await
    }

    /// Stops one dyno; a dyno of the formation is started again by Heroku.
    ///
    /// # Errors
    /// As every change.
    pub async fn stop_dyno(&self, permit: &Permit, app: &str, dyno: &str) -> Result<Answer<()>, Fault> {
        let url = self.url(&["apps", app, "dynos", dyno, "actions", "stop"])?;
        self.transport.write_unread(plain(Call::change(permit, Method::Post, url, Body::None)), None).await
    }
}
