use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Platform, plain};
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{DatabaseUrl, Fault, Permit, Place, Secret};

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

impl ConfigVars {
    /// The names of those that lead to this database: whose value is its address with whatever user, port and parameters, or
    /// a text in some other form that has its host in it.
    #[must_use]
    pub fn holding(&self, place: &Place) -> Vec<&str> {
        self.names().filter(|name| self.get(name).is_some_and(|value| holds(value, place))).collect()
    }
}

/// A host alone may be one of several databases' (Essential plans share servers), so a longer text has to name the database
/// as well.
fn holds(value: &Secret, place: &Place) -> bool {
    if let Some(found) = DatabaseUrl::of_value(value).and_then(|url| url.where_it_is()) {
        return found.is_same_database(place);
    }
    let text = value.open().trim().to_ascii_lowercase();
    text == place.host || (text.contains(&place.host) && text.contains(&place.name.to_ascii_lowercase()))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ConfigVars;
    use hcops_model::DatabaseUrl;

    #[test]
    fn a_database_is_found_under_every_name_and_in_every_form_of_its_address() {
        let vars: ConfigVars = serde_json::from_value(json!({
            "DATABASE_URL": "postgres://u:p@old.example:5432/d1",
            "ANALYTICS_DATABASE_URL": "postgres://u:p@old.example:5432/d1?pool=10",
            "POOLED": "postgresql://other:q@OLD.example:5433/d1",
            "JDBC": "jdbc:postgresql://old.example:5432/d1?user=u&password=p",
            "DSN": "host=old.example port=5432 dbname=d1 user=u password=p",
            "PGHOST": "old.example",
            "NEIGHBOUR_URL": "postgres://u:p@old.example:5432/d2",
            "NEW_URL": "postgres://u:p@new.example:5432/d1",
            "RAILS_ENV": "production", "EMPTY": "", "NULL": null,
        }))
        .unwrap();
        let place = DatabaseUrl::new("postgres://x:y@old.example:5432/d1").where_it_is().unwrap();
        assert_eq!(vars.holding(&place), ["ANALYTICS_DATABASE_URL", "DATABASE_URL", "DSN", "JDBC", "PGHOST", "POOLED"]);
    }
}
