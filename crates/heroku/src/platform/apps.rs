use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Platform, plain};
use crate::lenient::{self, Moment, Named};
use crate::transport::{Answer, Call, Method, json_body};
use hcops_model::{Fault, Permit};

/// An app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether the router answers with the maintenance page. It stops web traffic only
    /// (docs/heroku/procedures.md, "Maintenance mode").
    pub maintenance: bool,
    /// The team that owns it.
    #[serde(default)]
    pub team: Option<Named>,
    /// The owner, by id and address.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub owner: Option<Owner>,
    /// The private space it runs in.
    #[serde(default)]
    pub space: Option<Space>,
    /// The generation of Heroku's platform that it runs on: `cedar`, `fir`.
    #[serde(default, deserialize_with = "lenient::if_it_fits")]
    pub generation: Option<Named>,
    /// The region it runs in.
    #[serde(default)]
    pub region: Option<Region>,
    /// When its newest release was made.
    #[serde(default)]
    pub released_at: Option<Moment>,
}

impl App {
    /// Whether it runs on the Fir generation.
    #[must_use]
    pub fn is_fir(&self) -> bool {
        self.generation.as_ref().is_some_and(|generation| generation.name.eq_ignore_ascii_case("fir"))
    }
}

/// Who owns an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// E-mail address.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub email: String,
}

/// A private space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Whether it is a shield space.
    #[serde(default)]
    pub shield: Option<bool>,
}

/// A region.
pub type Region = Named;

impl Platform {
    /// One app.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] when there is no such app or the token may not see it.
    pub async fn app(&self, app: &str) -> Result<App, Fault> {
        self.transport.read(self.get(&["apps", app])?).await
    }

    /// Every app that the token's owner may see.
    ///
    /// # Errors
    /// As every look.
    pub async fn apps(&self) -> Result<Vec<App>, Fault> {
        self.transport.list(self.get(&["apps"])?).await
    }

    /// Puts an app into maintenance mode, or takes it out.
    ///
    /// # Errors
    /// As every change: [`hcops_model::Happened::Unknown`] when it may have been carried out.
    pub async fn set_maintenance(&self, permit: &Permit, app: &str, on: bool) -> Result<Answer<App>, Fault> {
        let body = json_body(&json!({"maintenance": on}))?;
        let call = Call::change(permit, Method::Patch, self.url(&["apps", app])?, body);
        self.transport.write(plain(call)).await
    }
}
