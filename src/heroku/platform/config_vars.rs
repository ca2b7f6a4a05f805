use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Platform, plain};
use crate::heroku::transport::{Answer, Call, Method, json_body};
use crate::model::{Fault, Permit, Secret};

/// An app's config vars. Every value is a secret, since any may hold one.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ConfigVars(BTreeMap<String, Option<Secret>>);

impl ConfigVars {
    /// The value of a config var.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name).and_then(Option::as_ref)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The names, other than `name` itself, that hold the same value as `name`; empty when it is not set.
    #[must_use]
    pub fn same_value_as(&self, name: &str) -> Vec<&str> {
        let Some(value) = self.get(name) else { return Vec::new() };
        self.names()
            .filter(|other| *other != name && self.get(other).is_some_and(|it| it.open() == value.open()))
            .collect()
    }
}

impl Platform {
    /// An app's config vars, those that add-ons supply included.
    ///
    /// # Errors
    /// As every look.
    pub async fn config_vars(&self, app: &str) -> Result<ConfigVars, Fault> {
        self.transport.read(self.get(&["apps", app, "config-vars"])?).await
    }

    /// An app's config vars as they were at a release.
    ///
    /// # Errors
    /// As every look.
    pub async fn release_config_vars(&self, app: &str, release: &str) -> Result<ConfigVars, Fault> {
        self.transport.read(self.get(&["apps", app, "releases", release, "config-vars"])?).await
    }

    /// Sets config vars, or removes those without a value; makes a release. A config var that an add-on owns is changed
    /// by its attachments, not by this.
    ///
    /// # Errors
    /// As every change.
    pub async fn set_config_vars(
        &self,
        permit: &Permit,
        app: &str,
        changes: &BTreeMap<String, Option<Secret>>,
    ) -> Result<Answer<ConfigVars>, Fault> {
        let open: BTreeMap<&str, Value> = changes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_ref().map_or(Value::Null, |secret| secret.open().into())))
            .collect();
        let body = json_body(&open)?;
        let call = Call::change(permit, Method::Patch, self.url(&["apps", app, "config-vars"])?, body);
        self.transport.write(plain(call)).await
    }
}
