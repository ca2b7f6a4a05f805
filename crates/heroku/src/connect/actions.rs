use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Connect, ConnectionAddress, as_the_plugin_asks, bare};
use crate::transport::{Answer, Body, Call, Method, json_body};
use hcops_model::{Fault, Permit, Secret};

#[derive(Deserialize)]
struct Redirect {
    redirect: Secret,
}

impl Connect {
    /// Asks for a pause. Legal only in `IDLE`; work that is pending is finished first, so `PAUSED` comes some time after
    /// the answer (docs/heroku/connect.md, "Connection states").
    ///
    /// # Errors
    /// As every change. What a pause outside `IDLE` is answered is not known.
    pub async fn pause(&self, permit: &Permit, at: &ConnectionAddress) -> Result<Answer<()>, Fault> {
        self.act(permit, at, "pause").await
    }

    /// Asks for a resumption. Both directions catch up on what has accumulated.
    ///
    /// # Errors
    /// As every change.
    pub async fn resume(&self, permit: &Permit, at: &ConnectionAddress) -> Result<Answer<()>, Fault> {
        self.act(permit, at, "resume").await
    }

    /// Asks for a restart after a fault; the official client calls it `connect:recover`.
    ///
    /// # Errors
    /// As every change.
    pub async fn restart(&self, permit: &Permit, at: &ConnectionAddress) -> Result<Answer<()>, Fault> {
        self.act(permit, at, "restart").await
    }

    async fn act(&self, permit: &Permit, at: &ConnectionAddress, what: &str) -> Result<Answer<()>, Fault> {
        let url = at.connection(&["actions", what])?;
        self.transport.write_unread(bare(Call::change(permit, Method::Post, url, Body::EmptyJson)), None).await
    }

    /// The connection's configuration as a document (docs/heroku/connect.md, "Export and import"). It holds neither
    /// credentials nor states.
    ///
    /// # Errors
    /// As every look.
    pub async fn export(&self, at: &ConnectionAddress) -> Result<Value, Fault> {
        self.transport.read(bare(Call::get(at.connection(&["actions", "export"])?))).await
    }

    /// Asks for the import of a document. It works later, by object name; unlisted mappings are left alone.
    ///
    /// # Errors
    /// As every change.
    pub async fn import(&self, permit: &Permit, at: &ConnectionAddress, document: &Value) -> Result<Answer<()>, Fault> {
        let body = json_body(document)?;
        let call = Call::change(permit, Method::Post, at.connection(&["actions", "import"])?, body.clone());
        self.transport.write_unread(as_the_plugin_asks(call, body), None).await
    }

    /// The address where a person logs in to Salesforce for this connection. It carries the state of the login, so it is
    /// a secret.
    ///
    /// # Errors
    /// As every change.
    pub async fn authorize_url(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
        login: &SalesforceLogin,
    ) -> Result<Answer<Secret>, Fault> {
        let body = json_body(&login.body())?;
        let call = Call::change(permit, Method::Post, at.connection(&["authorize_url"])?, body.clone());
        let answer: Answer<Redirect> = self.transport.write(as_the_plugin_asks(call, body)).await?;
        Ok(answer.map(|redirect| redirect.redirect))
    }
}

/// How to log in to Salesforce (docs/heroku/connect.md, "Login").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesforceLogin {
    /// `production`, `sandbox` or `custom`.
    pub environment: String,
    /// The login domain, for `custom`.
    #[serde(default)]
    pub domain: Option<String>,
    /// Where the browser goes afterwards.
    pub next: String,
}

impl SalesforceLogin {
    fn body(&self) -> Value {
        match &self.domain {
            Some(domain) => json!({"environment": self.environment, "domain": domain, "next": self.next}),
            None => json!({"environment": self.environment, "next": self.next}),
        }
    }
}
