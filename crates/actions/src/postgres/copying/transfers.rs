//! Copies into a database, as the app that is billed for it shows them (docs/heroku/data.md, "Transfers").

use crate::Context;
use hcops_heroku::data::Transfer;
use hcops_model::{DatabaseUrl, Fault, FaultKind, Happened};

/// The address of a database; it holds a password.
pub(super) async fn address(context: &Context, database: &str) -> Result<DatabaseUrl, Fault> {
    let found = context.clients.data.database(database).await?;
    found.resource_url.ok_or_else(|| {
        Fault::new(
            FaultKind::Unreadable,
            format!("Heroku's answer about {database} holds no address"),
            "Without it no copy can be asked for or found again.",
            "Try again later; if it stays so, ask Heroku's support.",
        )
        .with_happened(Happened::No)
    })
}

/// The copies into this database, newest first.
pub(super) async fn into(context: &Context, app: &str, target: &DatabaseUrl) -> Result<Vec<Transfer>, Fault> {
    let mut found = context.clients.data.app_transfers(app).await?;
    found.retain(|transfer| {
        transfer.to_type.as_deref() != Some("gof3r")
            && transfer.to_url.as_ref().is_some_and(|url| url.place() == target.place())
    });
    found.sort_by_key(|transfer| std::cmp::Reverse(transfer.num));
    Ok(found)
}

/// Whether it has neither ended nor been cancelled.
pub(super) const fn is_under_way(transfer: &Transfer) -> bool {
    transfer.finished_at.is_none() && transfer.canceled_at.is_none()
}
