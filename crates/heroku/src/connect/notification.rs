use serde::{Deserialize, Serialize};
use url::Url;

use super::{Connect, ConnectionAddress, bare};
use crate::lenient::{self, Moment};
use crate::transport::{Answer, Body, Call, Method};
use hcops_model::{Fault, Permit};

/// Something that Connect wants noticed (docs/heroku/connect.md, "Notifications").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// Its sort, raw: `mapping-error`, `postgres-connection`.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub event_type: String,
    /// Text.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
    /// When.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "lenient::list")]
    results: Vec<Notification>,
}

/// As many as the official client asks for; whether there are more pages is not established.
const PAGE_SIZE: &str = "page_size=1000";

impl Connect {
    /// Notifications that nobody has acknowledged.
    ///
    /// # Errors
    /// As every look.
    pub async fn notifications(&self, at: &ConnectionAddress) -> Result<Vec<Notification>, Fault> {
        let url = paged(at.connection(&["notifications"])?);
        Ok(self.transport.read::<Found>(bare(Call::get(url))).await?.results)
    }

    /// Acknowledges all of them.
    ///
    /// # Errors
    /// As every change; anything but 204 counts as not understood (docs/heroku/connect.md, "Errors").
    pub async fn acknowledge_notifications(
        &self,
        permit: &Permit,
        at: &ConnectionAddress,
    ) -> Result<Answer<()>, Fault> {
        let url = paged(at.connection(&["notifications", "acknowledge"])?);
        self.transport.write_unread(bare(Call::change(permit, Method::Post, url, Body::EmptyJson)), Some(204)).await
    }
}

fn paged(mut url: Url) -> Url {
    url.set_query(Some(PAGE_SIZE));
    url
}
