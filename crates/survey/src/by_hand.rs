//! Config vars that hold a database's address by hand: a copy under another name, with other parameters. No attachment
//! supplies them, so they do not move with the database.

use serde::Serialize;

use hcops_heroku::Clients;
use hcops_heroku::platform::Attachment;
use hcops_model::{Fault, Place};

/// A config var that holds a database's address by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldByHand {
    /// The app.
    pub app: String,
    /// The config var.
    pub name: String,
}

/// Those of one app; `attachments` are the database's, of every app.
///
/// # Errors
/// As every look.
pub(super) async fn of_app(
    clients: &Clients,
    app: &str,
    place: &Place,
    attachments: &[Attachment],
) -> Result<Vec<HeldByHand>, Fault> {
    let vars = clients.platform.config_vars(app).await?;
    let supplied: Vec<String> = attachments.iter().filter(|one| one.app.name == app).map(Attachment::url_var).collect();
    let held = vars.holding(place).into_iter().filter(|name| !supplied.iter().any(|other| other == name));
    Ok(held.map(|name| HeldByHand { app: app.to_owned(), name: name.to_owned() }).collect())
}
