use std::collections::BTreeMap;

use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::PlaneFault;
use super::server::{Server, connect};

/// A session and the task that carries it.
pub(super) struct Opened {
    client: Client,
    carrier: JoinHandle<()>,
}

impl Opened {
    pub(super) const fn new(client: Client, carrier: JoinHandle<()>) -> Self {
        Self { client, carrier }
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Says goodbye and waits until that is said: nothing is sent while the plane's runtime rests.
    pub(super) async fn close(self) {
        drop(self.client);
        // However it ends, the session is over.
        let _ = self.carrier.await;
    }
}

/// The sessions of those who write, by database and name: they stay open while the writer is at work, as those of an app
/// do, so that one who was forgotten can be seen in `pg_stat_activity`.
#[derive(Default)]
pub(super) struct Sessions(BTreeMap<(String, String), Opened>);

impl Sessions {
    /// The session of this writer in this database, opened where there is none.
    pub(super) async fn of(
        &mut self,
        server: &Server,
        place: &Place<'_>,
        application: &str,
    ) -> Result<&Client, PlaneFault> {
        let key = (place.addon.to_owned(), application.to_owned());
        if self.0.get(&key).is_some_and(|opened| opened.client.is_closed()) {
            self.0.remove(&key);
        }
        if !self.0.contains_key(&key) {
            let opened = connect(&server.cluster, place.user, place.database, application).await?;
            self.0.insert(key.clone(), opened);
        }
        self.0.get(&key).map(Opened::client).ok_or(PlaneFault::Gone)
    }

    /// Closes every session that is not wanted, by database and name. Returns those that were closed.
    pub(super) async fn close_except(&mut self, wanted: impl Fn(&str, &str) -> bool) -> Vec<(String, String)> {
        let gone: Vec<(String, String)> = self.0.keys().filter(|(addon, name)| !wanted(addon, name)).cloned().collect();
        for key in &gone {
            if let Some(opened) = self.0.remove(key) {
                opened.close().await;
            }
        }
        gone
    }

    /// Closes every session in a database.
    pub(super) async fn close_in(&mut self, addon: &str) {
        self.close_except(|of, _| of != addon).await;
    }
}

/// A database as those who write come to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'world> {
    pub(super) addon: &'world str,
    pub(super) database: &'world str,
    pub(super) user: &'world str,
}
