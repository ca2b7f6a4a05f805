//! What only the databases themselves show. Every session is read-only from its first moment.

use super::connections::ConnectionCheckup;
use super::databases::DatabaseCheckup;
use super::unseen::Gaps;
use hcops_database::census::census;
use hcops_database::{Manner, Session, backlog};
use hcops_heroku::Clients;
use hcops_model::Fault;

/// Looks into a database and into the trigger logs of the connections that use it. The address is looked up on `app`
/// first, by the default credential and past every pooler.
pub(super) async fn look(
    clients: &Clients,
    app: &str,
    database: &mut DatabaseCheckup,
    connections: &mut [ConnectionCheckup],
    gaps: &Gaps,
) {
    let what = format!("the inside of {} (by SQL)", database.name);
    let Some(session) = gaps.seen(what.clone(), open(clients, app, &database.id).await) else { return };
    database.by_sql = gaps.seen(what, census(&session).await);
    for connection in connections.iter_mut().filter(|one| one.pointer.addon_id() == Some(&database.id)) {
        let Some(schema) = &connection.connection.schema_name else { continue };
        let look = backlog::read(&session, schema).await;
        connection.backlog = gaps.seen(format!("the trigger log of {} (by SQL)", connection.name), look);
    }
}

async fn open(clients: &Clients, app: &str, addon: &str) -> Result<Session, Fault> {
    let url = clients.platform.direct_address(app, addon).await?;
    Session::open(&url, Manner::QUESTION).await
}
