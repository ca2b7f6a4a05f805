use serde::{Deserialize, Serialize};
use url::Url;

use super::{Access, Connect, bare};
use crate::lenient;
use crate::transport::{Answer, Body, Call, Method, address, same_world};
use hcops_model::{Fault, FaultKind, Happened, Permit};

/// A connection as discovery shows it (docs/heroku/connect.md, "Discovery"). It has no state: ask the connection
/// itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discovered {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// The add-on's name: `herokuconnect-tidal-40217`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub resource_name: String,
    /// Name for people.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub display_name: Option<String>,
    /// The app.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub app_name: String,
    /// The app's id.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub app_id: Option<String>,
    /// What sort of connection: `Sync`; absent where a server tells none. Events have another API.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub addon_type: Option<String>,
    /// Region.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub region: Option<String>,
    /// Where the connection lives. Taken as it is, never built from a region's name.
    pub region_url: String,
}

impl Discovered {
    /// Whether it is a connection that syncs, and not one of Heroku Events. The official plugin tells them apart by this
    /// type, whose number is 1 (heroku-connect-plugin, src/lib/connect/api.ts, `ADDON_TYPE_SYNC`).
    #[must_use]
    pub fn is_sync(&self) -> bool {
        self.addon_type.as_deref().is_none_or(|sort| sort == "1" || sort.eq_ignore_ascii_case("sync"))
    }
}

/// Where a connection is: its region's address and its id. Made by [`Connect::address_of`], which checks the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionAddress {
    region: Url,
    id: String,
}

impl ConnectionAddress {
    /// The connection's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The region's address.
    #[must_use]
    pub const fn region(&self) -> &Url {
        &self.region
    }

    /// An address below the connection.
    pub(super) fn connection(&self, rest: &[&str]) -> Result<Url, Fault> {
        address(&self.region, &[&["api", "v3", "connections", &self.id], rest].concat())
    }

    /// An address below a mapping of the connection.
    pub(super) fn mapping(&self, mapping: &str, rest: &[&str]) -> Result<Url, Fault> {
        address(&self.region, &[&["api", "v3", "mappings", mapping], rest].concat())
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "lenient::list")]
    results: Vec<Discovered>,
    #[serde(default)]
    next: Option<String>,
}

/// Pages of discovery results that are read.
const PAGES: usize = 100;

impl Connect {
    /// The connections of an app that sync and that the token's owner may see; with `resource`, only the one of that add-on name. An
    /// empty list also means "not on the access list" (docs/heroku/connect.md, "Discovery").
    ///
    /// # Errors
    /// As every look.
    pub async fn search(&self, app: &str, resource: Option<&str>) -> Result<Vec<Discovered>, Fault> {
        let mut url = address(&self.discovery, &["connections"])?;
        url.query_pairs_mut().append_pair("app", app);
        if let Some(resource) = resource {
            url.query_pairs_mut().append_pair("resource_name", resource);
        }
        let mut all = Vec::new();
        for _ in 0..PAGES {
            let found: Found = self.transport.read(bare(Call::get(url.clone()))).await?;
            all.extend(found.results.into_iter().filter(Discovered::is_sync));
            let Some(next) = found.next.filter(|next| !next.is_empty()) else { return Ok(all) };
            url = self.follow(&next)?;
        }
        Err(endless(app))
    }

    /// Where a connection is, from the region's address and id that discovery gave.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] when the address is not one of Heroku's own hosts over HTTPS (or of this machine);
    /// [`FaultKind::Unreadable`] when it is no address.
    pub fn address_of(&self, region_url: &str, id: &str) -> Result<ConnectionAddress, Fault> {
        let region = Url::parse(region_url).map_err(|error| unreadable_address(&error))?;
        same_world(&self.discovery, &region)?;
        Ok(ConnectionAddress { region, id: id.to_owned() })
    }

    /// Where this connection is.
    ///
    /// # Errors
    /// As [`Connect::address_of`].
    pub fn address(&self, discovered: &Discovered) -> Result<ConnectionAddress, Fault> {
        self.address_of(&discovered.region_url, &discovered.id)
    }

    /// Adds the token's owner to the access lists of an app's connections, and returns what is visible then. The official
    /// `connect:info` does the same when it finds nothing.
    ///
    /// # Errors
    /// As every change.
    pub async fn gain_access(&self, permit: &Permit, app: &str) -> Result<Answer<Access>, Fault> {
        let url = address(&self.discovery, &["auth", app])?;
        self.transport.write(bare(Call::change(permit, Method::Post, url, Body::EmptyJson))).await
    }

    /// An address that came in an answer, after checking that it may be called with the token.
    pub(super) fn follow(&self, given: &str) -> Result<Url, Fault> {
        let url = self.discovery.join(given).map_err(|error| unreadable_address(&error))?;
        same_world(&self.discovery, &url)?;
        Ok(url)
    }
}

fn unreadable_address(error: &url::ParseError) -> Fault {
    Fault::new(
        FaultKind::Unreadable,
        format!("Connect named an address that can't be read: {error}"),
        "Without it the connection can't be reached.",
        "Try again later; if it stays so, ask Heroku's support.",
    )
    .with_happened(Happened::No)
}

fn endless(app: &str) -> Fault {
    Fault::new(
        FaultKind::Unreadable,
        format!("Connect's list of the connections of {app} has more than {PAGES} pages"),
        "Half a list could hide the connection that is meant.",
        "Try again later; if it stays so, ask Heroku's support.",
    )
    .with_happened(Happened::No)
}
