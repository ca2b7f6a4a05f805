//! Where the value of an attachment's config var leads. The attachment says which database an app should have; the value
//! is what its dynos and Heroku Connect connect to. The two part when a release phase fails: Heroku then takes the new value
//! back, and the variable is missing or old while the attachment is the new one (Dev Center: Release Phase).

use super::Context;
use hcops_heroku::if_found;
use hcops_heroku::platform::Attachment;
use hcops_model::{DatabaseUrl, Fault, Place};

/// Where a value leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leads {
    /// To the database.
    There,
    /// Somewhere else, in words without user and password.
    Elsewhere(String),
    /// The variable is not set.
    Missing,
}

impl Leads {
    /// What is wrong with a variable: `DATABASE_URL is missing`. Nothing when it leads there.
    pub(super) fn wrong(&self, variable: &str) -> Option<String> {
        match self {
            Self::There => None,
            Self::Elsewhere(place) => Some(format!("{variable} leads to {place}")),
            Self::Missing => Some(format!("{variable} is missing")),
        }
    }
}

/// Where the value of an attachment's config var leads, seen from `database`, by name. `from` is the database that the
/// attachment led to before, where that is known.
///
/// A credential shares host, port and name of the database with the default one (Dev Center: Heroku Postgres credentials),
/// so all of them are compared. A connection pooler has another port, and its host may be one of its own: of it only host
/// and name are compared, and a host that is neither the new nor the old database's is taken for the pooler's.
///
/// # Errors
/// As every look.
pub(super) async fn of_attachment(
    context: &Context,
    attachment: &Attachment,
    database: &str,
    from: Option<&str>,
) -> Result<Leads, Fault> {
    let vars = context.clients.platform.config_vars(&attachment.app.name).await?;
    let Some(value) = vars.get(&attachment.url_var()) else { return Ok(Leads::Missing) };
    let Some(found) = DatabaseUrl::of_value(value).and_then(|url| url.where_it_is()) else {
        return Ok(Leads::Elsewhere("no database: its value is no address of one".to_owned()));
    };
    let wanted = place_of(context, database).await?;
    if wanted.as_ref().is_some_and(|wanted| is_at(attachment, &found, wanted)) {
        return Ok(Leads::There);
    }
    let tells = wanted.is_some() && !attachment.is_pooler();
    let old = match from.filter(|from| *from != database) {
        Some(from) if !tells => place_of(context, from).await?,
        _ => None,
    };
    let is_old = old.is_some_and(|old| old.is_same_database(&found));
    Ok(if tells || is_old { Leads::Elsewhere(found.to_string()) } else { Leads::There })
}

fn is_at(attachment: &Attachment, found: &Place, wanted: &Place) -> bool {
    found.is_same_database(wanted) && (attachment.is_pooler() || found.port == wanted.port)
}

/// Where a database is, as the Data API says it; nothing where it does not say, or where there is no such database.
///
/// # Errors
/// As every look.
pub(super) async fn place_of(context: &Context, database: &str) -> Result<Option<Place>, Fault> {
    let found = if_found(context.clients.data.database(database).await)?;
    Ok(found.and_then(|database| database.resource_url).and_then(|url| url.where_it_is()))
}
