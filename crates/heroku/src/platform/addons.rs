use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Platform, plain, sdk};
use crate::lenient::{self, Moment, Named};
use crate::open_enum::open_enum;
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{Fault, Permit, Secret};

open_enum! {
    // docs/heroku/platform.md, "Add-ons".
    /// How an add-on stands. Provisioned is not yet ready: a database says that itself.
    pub enum AddonState {
        /// It is being made.
        Provisioning = "provisioning",
        /// It was made.
        Provisioned = "provisioned",
        /// It is being removed.
        Deprovisioning = "deprovisioning",
        /// It was removed, or could not be made.
        Deprovisioned = "deprovisioned",
    }
}

/// An add-on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Addon {
    /// Id.
    pub id: String,
    /// Name, unique in all of Heroku.
    pub name: String,
    /// How it stands.
    pub state: AddonState,
    /// The plan, such as `heroku-postgresql:standard-0`.
    pub plan: AddonPlan,
    /// The app that owns it and is billed for it.
    pub app: Named,
    /// The service, such as `heroku-postgresql`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub addon_service: Named,
    /// Names of the config vars that it supplies to the owning app.
    #[serde(default, deserialize_with = "lenient::list")]
    pub config_vars: Vec<String>,
    /// What it is billed at.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub billed_price: Option<Price>,
    /// What the provider says about a creation or change.
    #[serde(default)]
    pub provision_message: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

impl Addon {
    /// What it costs, in cents a month, where the price is known and counted by the month.
    #[must_use]
    pub fn monthly_cents(&self) -> Option<i64> {
        let prices = [self.billed_price.as_ref(), self.plan.price.as_ref()];
        prices.into_iter().flatten().find_map(Price::monthly_cents)
    }
}

/// The plan of an add-on; its price is there only when it was asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddonPlan {
    /// Id.
    pub id: String,
    /// Name: `heroku-postgresql:standard-0`.
    pub name: String,
    /// List price.
    pub price: Option<Price>,
}

impl<'de> Deserialize<'de> for AddonPlan {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let price = value.get("price").and_then(|price| serde_json::from_value(price.clone()).ok());
        let Named { id, name } = serde_json::from_value(value).map_err(serde::de::Error::custom)?;
        Ok(Self { id, name, price })
    }
}

/// A price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// US cents for each unit.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub cents: Option<i64>,
    /// `month`, usually.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether it is agreed by contract: then `cents` says nothing.
    #[serde(default)]
    pub contract: Option<bool>,
}

impl Price {
    /// In cents a month, unless it is a matter of contract or counted otherwise.
    #[must_use]
    pub fn monthly_cents(&self) -> Option<i64> {
        let by_month = self.unit.as_deref().is_none_or(|unit| unit == "month");
        self.cents.filter(|_| by_month && self.contract != Some(true))
    }
}

/// An add-on to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NewAddon {
    /// The plan's name or id.
    pub plan: String,
    /// The add-on's name: starts with a letter, then letters, digits, `_` and `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of its first attachment; the server chooses one when absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_named")]
    pub attachment: Option<String>,
    /// Options of the service, such as `follow` (docs/heroku/platform.md, "Add-ons").
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
    /// The app's name, when the attachment's name is taken and may be moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
}

fn as_named<S: serde::Serializer>(name: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    json!({"name": name}).serialize(serializer)
}

/// One value that an add-on supplies under a namespace, such as `credential:analyst`.
#[derive(Debug, Clone, Deserialize)]
pub struct AddonConfig {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Secret,
}

impl Platform {
    /// The add-ons that a name, id, attachment or config var may mean: one is an exact answer, more are ambiguous.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when it means none.
    pub async fn resolve_addon(&self, addon: &str, app: Option<&str>) -> Result<Vec<Addon>, Fault> {
        let body = match app {
            Some(app) => json_body(&json!({"addon": addon, "app": app}))?,
            None => json_body(&json!({"addon": addon}))?,
        };
        let call = sdk(Call::ask(self.url(&["actions", "addons", "resolve"])?, body));
        self.transport.read(expanded(call)).await
    }

    /// The add-ons of an app, with plans and prices.
    ///
    /// # Errors
    /// As every look.
    pub async fn addons(&self, app: &str) -> Result<Vec<Addon>, Fault> {
        self.transport.list(expanded(self.get_sdk(&["apps", app, "addons"])?)).await
    }

    /// Every add-on that the token's owner may see.
    ///
    /// # Errors
    /// As every look.
    pub async fn all_addons(&self) -> Result<Vec<Addon>, Fault> {
        self.transport.list(expanded(self.get_sdk(&["addons"])?)).await
    }

    /// One add-on, by id or name. A removed one is not found.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when there is none.
    pub async fn addon(&self, addon: &str) -> Result<Addon, Fault> {
        self.transport.read(self.get(&["addons", addon])?).await
    }

    /// One add-on of an app, with plan and price.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when the app has none of this name.
    pub async fn app_addon(&self, app: &str, addon: &str) -> Result<Addon, Fault> {
        self.transport.read(expanded(self.get(&["apps", app, "addons", addon])?)).await
    }

    /// Makes an add-on. It is usually `provisioning` when this returns.
    ///
    /// # Errors
    /// As every change; with the code `confirmation_required` when the attachment's name is taken and not confirmed.
    pub async fn create_addon(&self, permit: &Permit, app: &str, new: &NewAddon) -> Result<Answer<Addon>, Fault> {
        let url = self.url(&["apps", app, "addons"])?;
        let call = Call::change(permit, Method::Post, url, json_body(new)?);
        self.transport.write(with_messages(call)).await
    }

    /// Changes an add-on's plan.
    ///
    /// # Errors
    /// As every change.
    pub async fn change_plan(
        &self,
        permit: &Permit,
        app: &str,
        addon: &str,
        plan: &str,
    ) -> Result<Answer<Addon>, Fault> {
        let url = self.url(&["apps", app, "addons", addon])?;
        let body = json_body(&json!({"plan": plan}))?;
        self.transport.write(with_messages(Call::change(permit, Method::Patch, url, body))).await
    }

    /// Removes an add-on. The answer's state says whether it is gone (`deprovisioned`) or going (`deprovisioning`);
    /// anything else means that it was not removed (docs/heroku/cli.md, "Answers").
    ///
    /// `app` is the owning app; the official client names it by id.
    ///
    /// # Errors
    /// As every change.
    pub async fn destroy_addon(&self, permit: &Permit, app: &str, addon: &str) -> Result<Answer<Addon>, Fault> {
        let url = self.url(&["apps", app, "addons", addon])?;
        let body = json_body(&json!({"force": false}))?;
        let call = plain(Call::change(permit, Method::Delete, url, body));
        self.transport.write(call.header("accept-expansion", "plan")).await
    }

    /// The values that an add-on supplies under a namespace; none when the credential is unknown.
    ///
    /// # Errors
    /// As every look.
    pub async fn addon_config(&self, addon: &str, namespace: &str) -> Result<Vec<AddonConfig>, Fault> {
        self.transport.list(self.get(&["addons", addon, "config", namespace])?).await
    }
}

fn expanded(call: Call) -> Call {
    call.header("accept-expansion", "addon_service,plan")
}

fn with_messages(call: Call) -> Call {
    plain(call).header("accept-expansion", "plan").header("x-heroku-legacy-provider-messages", "true")
}
