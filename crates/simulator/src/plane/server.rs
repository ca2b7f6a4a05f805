use tokio_postgres::{Client, NoTls};

use super::PlaneFault;
use super::sessions::Opened;
use crate::postgres::Cluster;

/// The superuser, who comes by the socket only.
const SUPERUSER: &str = "postgres";

/// One running server, with the plane's own session.
pub(super) struct Server {
    pub(super) cluster: Cluster,
    pub(super) replay: Replay,
    own: Option<Opened>,
}

/// What the replay of a follower is known to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replay {
    /// It has to be asked.
    Unknown,
    /// It runs, and the follower has everything that its leader had.
    Running,
    /// It stands still, and the follower is behind its leader.
    Behind,
}

impl Server {
    pub(super) const fn over(cluster: Cluster) -> Self {
        Self { cluster, replay: Replay::Unknown, own: None }
    }

    /// The plane's own session, made again when it was cut.
    pub(super) async fn own(&mut self) -> Result<&Client, PlaneFault> {
        if self.own.as_ref().is_none_or(|opened| opened.client().is_closed()) {
            self.own = Some(connect(&self.cluster, SUPERUSER, SUPERUSER, "hcops simulator").await?);
        }
        match &self.own {
            Some(opened) => Ok(opened.client()),
            None => Err(PlaneFault::Gone),
        }
    }

    /// Lets go of the session before the server is stopped.
    pub(super) async fn leave(&mut self) {
        if let Some(opened) = self.own.take() {
            opened.close().await;
        }
    }

    /// The only value of one query, as text.
    pub(super) async fn ask(&mut self, doing: &str, query: &str) -> Result<String, PlaneFault> {
        let messages = self.own().await?.simple_query(query).await.map_err(PlaneFault::sql(doing))?;
        let row = messages.into_iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        Ok(row.unwrap_or_default())
    }
}

/// A session over the server's socket, where nobody is asked for a password.
pub(super) async fn connect(
    cluster: &Cluster,
    role: &str,
    database: &str,
    application: &str,
) -> Result<Opened, PlaneFault> {
    let mut config = tokio_postgres::Config::new();
    config.host_path(cluster.socket_folder()).port(cluster.port()).user(role).dbname(database);
    config.application_name(application);
    let doing = || format!("a session of {application} in {database}");
    let (client, connection) = config.connect(NoTls).await.map_err(PlaneFault::sql(doing()))?;
    Ok(Opened::new(client, tokio::spawn(async move { drop(connection.await) })))
}
