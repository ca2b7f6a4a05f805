use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Platform, plain, sdk};
use crate::lenient::{self, Moment, Named};
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// An attachment: the name under which an app has an add-on (docs/heroku/platform.md, "Attachments").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Id.
    pub id: String,
    /// Name, unique in the app: `DATABASE`.
    pub name: String,
    /// Absent for the default credential; else `credential:NAME`, `connection-pooling:default` and others.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The app that has it.
    pub app: Named,
    /// The add-on.
    pub addon: AttachedAddon,
    /// Names of its config vars, where the answer has them.
    #[serde(default, deserialize_with = "lenient::list")]
    pub config_vars: Vec<String>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

impl Attachment {
    /// The config var that holds the address: `DATABASE_URL`.
    #[must_use]
    pub fn url_var(&self) -> String {
        let expected = format!("{}_URL", self.name);
        let told = self.config_vars.iter().find(|name| **name == expected);
        told.or_else(|| self.config_vars.iter().find(|name| name.ends_with("_URL"))).cloned().unwrap_or(expected)
    }

    /// Whether it gives the add-on's default credential, directly.
    #[must_use]
    pub fn is_default_credential(&self) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| namespace.is_empty() || namespace == "credential:default")
    }

    /// The credential that it gives, directly or through the pooler: `default` for the default one.
    #[must_use]
    pub fn credential(&self) -> &str {
        credential_of(self.namespace.as_deref().unwrap_or_default())
    }

    /// Whether it goes through the connection pooler.
    #[must_use]
    pub fn is_pooler(&self) -> bool {
        self.namespace.as_deref().is_some_and(|namespace| namespace.starts_with("connection-pooling:"))
    }
}

/// The credential of a namespace: `reports` of `credential:reports` and `connection-pooling:reports`, else `default`.
#[must_use]
pub fn credential_of(namespace: &str) -> &str {
    let named = namespace.strip_prefix("credential:").or_else(|| namespace.strip_prefix("connection-pooling:"));
    named.filter(|name| !name.is_empty()).unwrap_or("default")
}

/// The add-on of an attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttachedAddon {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The owning app.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub app: Named,
    /// The plan, where the answer has it.
    #[serde(default)]
    pub plan: Option<Named>,
}

/// An attachment to be made, or moved from another add-on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NewAttachment {
    /// The add-on, by name or id.
    pub addon: String,
    /// The app, by name or id.
    pub app: String,
    /// Its name; the server picks a colour when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The app's name: allows taking the name away from what has it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// Absent for the default credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl Platform {
    /// The attachments of an app, with plans and config var names.
    ///
    /// # Errors
    /// As every look.
    pub async fn app_attachments(&self, app: &str) -> Result<Vec<Attachment>, Fault> {
        let call = self.get_sdk(&["apps", app, "addon-attachments"])?;
        self.transport.list(included(call)).await
    }

    /// The attachments of an add-on in every app.
    ///
    /// # Errors
    /// As every look.
    pub async fn addon_attachments(&self, addon: &str) -> Result<Vec<Attachment>, Fault> {
        self.transport.list(self.get(&["addons", addon, "addon-attachments"])?).await
    }

    /// Every attachment that the token's owner may see.
    ///
    /// # Errors
    /// As every look.
    pub async fn all_attachments(&self) -> Result<Vec<Attachment>, Fault> {
        self.transport.list(self.get(&["addon-attachments"])?).await
    }

    /// One attachment of an app, by its name.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when the app has none of this name.
    pub async fn app_attachment(&self, app: &str, name: &str) -> Result<Attachment, Fault> {
        self.transport.read(self.get(&["apps", app, "addon-attachments", name])?).await
    }

    /// The attachments that a name, config var, add-on name or id may mean.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when it means none.
    pub async fn resolve_attachment(&self, name: &str, app: Option<&str>) -> Result<Vec<Attachment>, Fault> {
        let body = match app {
            Some(app) => json_body(&json!({"addon_attachment": name, "app": app}))?,
            None => json_body(&json!({"addon_attachment": name}))?,
        };
        let call = Call::ask(self.url(&["actions", "addon-attachments", "resolve"])?, body);
        self.transport.read(included(sdk(call))).await
    }

    /// Attaches an add-on to an app; with `confirm`, takes the name away from what has it. Makes one release, or two.
    ///
    /// # Errors
    /// As every change; with the code `confirmation_required` when the name is taken and `confirm` is absent.
    pub async fn attach(&self, permit: &Permit, new: &NewAttachment) -> Result<Answer<Attachment>, Fault> {
        let call = Call::change(permit, Method::Post, self.url(&["addon-attachments"])?, json_body(new)?);
        self.transport.write(plain(call)).await
    }

    /// Removes an attachment, by its id.
    ///
    /// # Errors
    /// As every change.
    pub async fn detach(&self, permit: &Permit, attachment_id: &str) -> Result<Answer<Attachment>, Fault> {
        let url = self.url(&["addon-attachments", attachment_id])?;
        self.transport.write(plain(Call::change(permit, Method::Delete, url, Body::None))).await
    }
}

fn included(call: Call) -> Call {
    call.header("accept-inclusion", "addon:plan,config_vars")
}
