use serde::Serialize;

use super::pointer::{Names, Pointer};
use super::unseen::Gaps;
use hcops_database::backlog::Backlog;
use hcops_heroku::Clients;
use hcops_heroku::connect::{Connection, Discovered, Mapping, Notification, WriteError};

/// A connection of the app.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConnectionCheckup {
    /// The add-on's name.
    pub name: String,
    /// The region that it lives in, as discovery names it.
    pub region: Option<String>,
    /// The connection with its mappings, as Connect shows it.
    pub connection: Connection,
    /// Where its `db_key` leads.
    pub pointer: Pointer,
    /// Writes that Salesforce refused in the last 24 hours; nothing where they could not be read.
    pub write_errors: Option<Vec<WriteError>>,
    /// Notifications that nobody has acknowledged; nothing where they could not be read.
    pub notifications: Option<Vec<Notification>>,
    /// The trigger log, read from the database itself where that was asked for.
    pub backlog: Option<Backlog>,
}

impl ConnectionCheckup {
    /// Whether it is on the demo plan, which has limits of its own (docs/heroku/procedures.md, "Demo plan").
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.connection.plan.as_deref() == Some("demo")
    }

    /// Whether sync is paused.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.connection.state == hcops_heroku::connect::ConnectionState::Paused
    }

    /// Writes that wait, added up over the mappings that tell it.
    #[must_use]
    pub fn pending(&self) -> Option<u64> {
        self.added_up(|mapping| mapping.counts?.pending)
    }

    /// Rows that Salesforce refused and nothing retries, added up over the mappings that tell it.
    #[must_use]
    pub fn refused(&self) -> Option<u64> {
        self.added_up(|mapping| mapping.counts?.errors)
    }

    /// Rows in the database, added up over the mappings that tell it.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        self.added_up(|mapping| mapping.counts?.db)
    }

    fn added_up(&self, count: impl Fn(&Mapping) -> Option<i64>) -> Option<u64> {
        let counts: Vec<u64> =
            self.connection.mappings.iter().filter_map(count).map(|count| u64::try_from(count).unwrap_or(0)).collect();
        (!counts.is_empty()).then(|| counts.iter().sum())
    }
}

/// A connection before it is known where its `db_key` leads.
pub(super) struct Found {
    name: String,
    region: Option<String>,
    pub(super) connection: Connection,
    write_errors: Option<Vec<WriteError>>,
    notifications: Option<Vec<Notification>>,
}

/// Looks at one connection; nothing where it does not answer.
pub(super) async fn look(clients: Clients, discovered: Discovered, gaps: Gaps) -> Option<Found> {
    let name = &discovered.resource_name;
    let address = gaps.seen(format!("the connection {name}"), clients.connect.address(&discovered))?;
    let connection = gaps.seen(format!("the connection {name}"), clients.connect.connection(&address).await)?;
    let (errors, notifications) =
        tokio::join!(clients.connect.write_errors(&address), clients.connect.notifications(&address));
    let told = [connection.resource_name.as_deref(), Some(name.as_str()), Some(connection.display_name())];
    let name = told.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_default().to_owned();
    Some(Found {
        write_errors: gaps.seen(format!("the write errors of {name}"), errors),
        notifications: gaps.seen(format!("the notifications of {name}"), notifications),
        region: discovered.region,
        name,
        connection,
    })
}

impl Found {
    pub(super) fn with_pointer(self, names: &Names) -> ConnectionCheckup {
        ConnectionCheckup {
            pointer: names.pointer(self.connection.db_key.as_deref()),
            name: self.name,
            region: self.region,
            connection: self.connection,
            write_errors: self.write_errors,
            notifications: self.notifications,
            backlog: None,
        }
    }
}
