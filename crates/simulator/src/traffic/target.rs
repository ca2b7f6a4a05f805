use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::TrafficFault;

/// Who a transaction is told to be by `xmlbinary`, as Connect's triggers tell them apart
/// (docs/heroku/connect.md, "Triggers").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// An app, or a person.
    User,
    /// Connect itself: its writes are not captured.
    Connect,
}

/// A database that is being written or read, with the name that the ledgers know it by.
#[derive(Clone)]
pub(super) struct Target<'t> {
    client: &'t Client,
    /// The add-on's name.
    pub(super) name: &'t str,
    left_open: Arc<AtomicBool>,
}

impl<'t> Target<'t> {
    /// `left_open` says whether an earlier call was cut inside a transaction, perhaps on this very session.
    pub(super) const fn new(client: &'t Client, name: &'t str, left_open: Arc<AtomicBool>) -> Self {
        Self { client, name, left_open }
    }

    /// Begins a transaction. Its commit is durable when it is acknowledged, whatever the server's setting is: the
    /// throw-away servers commit asynchronously, and one that is ended abruptly would lose what the ledger calls
    /// acknowledged.
    pub(super) async fn begin(&self, side: Side) -> Result<(), TrafficFault> {
        if self.left_open.swap(true, Ordering::SeqCst) {
            self.script("end what was cut", "rollback").await?;
        }
        let format = match side {
            Side::User => "base64",
            Side::Connect => "hex",
        };
        let script = format!("begin; set local synchronous_commit = on; set local xmlbinary = {format}");
        self.script("begin a transaction", &script).await
    }

    /// Commits. After a fault it is not known whether it was.
    pub(super) async fn commit(&self) -> Result<(), TrafficFault> {
        self.script("commit", "commit").await?;
        self.left_open.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Gives up the transaction; a fault in that is not told, for the transaction is lost either way.
    pub(super) async fn roll_back(&self) {
        if self.client.batch_execute("rollback").await.is_ok() {
            self.left_open.store(false, Ordering::SeqCst);
        }
    }

    /// Ends a transaction by how its work went.
    pub(super) async fn end<T>(&self, work: Result<T, TrafficFault>) -> Result<T, TrafficFault> {
        match work {
            Ok(done) => self.commit().await.map(|()| done),
            Err(fault) => {
                self.roll_back().await;
                Err(fault)
            }
        }
    }

    /// Runs statements without parameters.
    pub(super) async fn script(&self, doing: &'static str, sql: &str) -> Result<(), TrafficFault> {
        self.client.batch_execute(sql).await.map_err(|error| TrafficFault::database(self.name, doing, &error))
    }

    /// Runs one statement and returns how many rows it changed.
    pub(super) async fn change(&self, doing: &'static str, sql: &str, values: Values<'_>) -> Result<u64, TrafficFault> {
        self.client.execute(sql, values).await.map_err(|error| TrafficFault::database(self.name, doing, &error))
    }

    /// Runs one statement and returns its rows.
    pub(super) async fn rows(
        &self,
        doing: &'static str,
        sql: &str,
        values: Values<'_>,
    ) -> Result<Vec<Row>, TrafficFault> {
        self.client.query(sql, values).await.map_err(|error| TrafficFault::database(self.name, doing, &error))
    }

    /// A column of the single row of a query, read without fear of its type.
    pub(super) fn cell<'r, T: tokio_postgres::types::FromSql<'r>>(
        &self,
        row: &'r Row,
        column: usize,
    ) -> Result<T, TrafficFault> {
        row.try_get(column).map_err(|error| TrafficFault::database(self.name, "read its answer", &error))
    }
}

/// The parameters of a statement.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];
