//! A server with a database as Heroku gives it, and what the tests of the traffic do with it.

use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, NoTls};

use crate::Scenario;
use crate::postgres::{Cluster, Encryption, Installations, Workshop};
use crate::traffic::{Audit, Contents, Drained, Traffic, TrafficFault};

/// The connection of the standard scenario.
pub(super) const CONNECTION: &str = "herokuconnect-tidal-40217";
/// Its schema.
pub(super) const SCHEMA: &str = "salesforce";
/// The database that is filled first.
pub(super) const OLD: &str = "postgresql-flat-11007";

pub(super) fn majors() -> Vec<u32> {
    workshop().map(|workshop| workshop.installations().majors()).unwrap_or_default()
}

fn workshop() -> Option<&'static Workshop> {
    static WORKSHOP: OnceLock<Option<Workshop>> = OnceLock::new();
    let workshop = WORKSHOP.get_or_init(|| {
        let cache = hcops_testing::cached_servers();
        let installations = Installations::find(&[], Some(&cache));
        (!installations.majors().is_empty()).then(|| Workshop::open(installations, None).unwrap())
    });
    if workshop.is_none() {
        hcops_testing::missing("postgres", "no PostgreSQL server is installed here; `scripts/postgres` fetches some");
    }
    workshop.as_ref()
}

/// A server whose database `app` belongs to the role `owner`, who is no superuser.
pub(super) fn server(major: u32) -> Cluster {
    let server = workshop().unwrap().cluster(major, Encryption::Off).unwrap();
    server.run("postgres", "create role owner login password 'open'; create database app owner owner").unwrap();
    server
}

/// The same of the newest major, or nothing where none is installed.
pub(super) fn newest() -> Option<Cluster> {
    majors().last().map(|major| server(*major))
}

pub(super) async fn connect(server: &Cluster) -> Client {
    connect_and_hear(server, Arc::new(Notify::new())).await
}

/// Rings for every notification.
pub(super) async fn connect_and_hear(server: &Cluster, bell: Arc<Notify>) -> Client {
    let url = server.url_as("owner", "open", "app");
    let (client, mut connection) = tokio_postgres::connect(url.open(), NoTls).await.unwrap();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if matches!(message, AsyncMessage::Notification(_)) {
                bell.notify_one();
            }
        }
    });
    client
}

/// What the standard scenario holds, small.
pub(super) fn contents() -> Contents {
    let world = Scenario::load("standard").unwrap().world(1);
    Contents::of(&world, OLD, 200)
}

pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_309_200 + seconds).unwrap()
}

/// One cell of one row.
pub(super) async fn text(client: &Client, query: &str) -> String {
    let messages = client.simple_query(query).await.unwrap();
    let row = messages.into_iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let row = row.unwrap_or_else(|| panic!("no row: {query}"));
    row.get(0).unwrap_or("null").to_owned()
}

/// Traffic through one filled database.
pub(super) struct Bench {
    pub(super) folder: tempfile::TempDir,
    pub(super) traffic: Traffic,
    pub(super) server: Cluster,
    pub(super) client: Client,
}

impl Bench {
    pub(super) async fn new() -> Option<Self> {
        let server = newest()?;
        let client = connect(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let mut traffic = Traffic::open(folder.path()).unwrap();
        traffic.prepare(&client, OLD, &contents()).await.unwrap();
        Some(Self { folder, traffic, server, client })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As after a kill: the files are opened again, the session is a new one.
    pub(super) async fn reopen(&mut self) {
        self.traffic = Traffic::open(self.folder()).unwrap();
        self.client = connect(&self.server).await;
    }

    pub(super) async fn write(&mut self, rows: u64) -> u64 {
        self.traffic.app_writes(&self.client, OLD, "acme-crm", rows, moment(1)).await.unwrap().changes()
    }

    pub(super) async fn drain(&mut self) -> Drained {
        self.traffic.connect_drains(&self.client, OLD, CONNECTION, SCHEMA, moment(2)).await.unwrap()
    }

    pub(super) async fn bring(&mut self, rows: u64) -> u64 {
        let brought = self.traffic.connect_brings(&self.client, OLD, CONNECTION, SCHEMA, rows, moment(3)).await;
        brought.unwrap().written
    }

    pub(super) async fn audit(&self) -> Audit {
        self.traffic.audit(&[(OLD.to_owned(), &self.client)], OLD).await.unwrap()
    }
}

/// Polls a future so many times at most and then drops it, as a kill does. Returns whether it had ended before.
pub(super) async fn cut_after<T>(polls: usize, work: impl Future<Output = Result<T, TrafficFault>>) -> bool {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|ended| ended.map(|_| true).unwrap())
    })
    .await
}
