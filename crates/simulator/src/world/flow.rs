//! What flows without a request: writes of apps and of Connect, the lag of followers, trigger logs, the rate limit.
//!
//! Everything is counted in whole thousandths and depends on the state only, so cutting a span of time into pieces
//! gives the same result as taking it at once: the world does not depend on how often it is looked at.

use jiff::Timestamp;

use super::World;
use crate::fault::Fault;

/// Seconds of its leader's writes that a healthy follower is behind while there are writes.
const HEALTHY_LAG: u64 = 2;

/// One writer and where it writes.
struct Stream {
    writer: String,
    database: String,
    per_second: u64,
}

impl World {
    /// Lets the flows run until `until`; nothing else may change in between.
    pub(crate) fn flow(&mut self, until: Timestamp) {
        let milliseconds = until.as_millisecond() - self.settled_at.as_millisecond();
        let Ok(milliseconds) = u64::try_from(milliseconds) else { return };
        if milliseconds == 0 {
            return;
        }
        let streams = self.streams();
        self.flow_into_followers(&streams, milliseconds);
        self.flow_into_databases(&streams, milliseconds, until);
        self.flow_into_connections(&streams, milliseconds);
        self.account.rate.refill(milliseconds);
    }

    fn streams(&self) -> Vec<Stream> {
        let apps = self.apps.iter().filter_map(|app| {
            let database = self.database_of_dynos(&app.name)?;
            let writer = app.name.clone();
            Some(Stream { writer, database: database.addon.clone(), per_second: app.writes_per_second() })
        });
        // Both the old and the new web dynos are at work: requests are shared between them.
        let outgoing = self.apps.iter().filter_map(|app| {
            let address = app.outgoing_release(self.settled_at)?.config.as_ref()?.get(&app.writes_with)?;
            let database = self.databases.iter().find(|database| database.is_at(address))?;
            let (writer, per_second) = (app.name.clone(), app.web_writes_per_second());
            Some(Stream { writer, database: database.addon.clone(), per_second })
        });
        let connections = self.connections.iter().filter(|connection| connection.is_syncing()).filter_map(|c| {
            let database = self.database_behind(&c.app, c.db_key.as_deref()?)?;
            let per_second = c.salesforce_writes_per_second;
            Some(Stream { writer: self.writer_name(&c.id), database: database.addon.clone(), per_second })
        });
        let outside = self.databases.iter().flat_map(|database| {
            database.outside_writers.iter().map(|(name, per_second)| Stream {
                writer: format!("outside:{name}"),
                database: database.addon.clone(),
                per_second: *per_second,
            })
        });
        let writable = |stream: &Stream| {
            stream.per_second > 0 && self.database(&stream.database).is_ok_and(super::Database::is_writable)
        };
        apps.chain(outgoing).chain(connections).chain(outside).filter(writable).collect()
    }

    fn flow_into_databases(&mut self, streams: &[Stream], milliseconds: u64, until: Timestamp) {
        let from = self.settled_at;
        for stream in streams {
            if let Ok(database) = self.database_mut(&stream.database) {
                database.record(&stream.writer, stream.per_second * milliseconds, from, until);
            }
        }
    }

    fn flow_into_followers(&mut self, streams: &[Stream], milliseconds: u64) {
        for follower in self.databases.iter_mut().filter(|database| database.following.is_some()) {
            let incoming: u64 = streams
                .iter()
                .filter(|stream| Some(&stream.database) == follower.following.as_ref())
                .map(|stream| stream.per_second)
                .sum();
            self.behaviour.meet(Fault::FollowerStalls, follower.stalled && follower.lag + incoming > 0);
            let replay = if follower.stalled || follower.waiting.is_some() { 0 } else { follower.replay_per_second };
            let before = follower.lag;
            follower.lag = lag_after(before, incoming, replay, milliseconds);
            follower.commits += before + incoming * milliseconds - follower.lag;
        }
    }

    fn flow_into_connections(&mut self, streams: &[Stream], milliseconds: u64) {
        for index in 0..self.connections.len() {
            let connection = &self.connections[index];
            let behind = self.database_behind(&connection.app, connection.db_key.as_deref().unwrap_or_default());
            let database = behind.map(|database| database.addon.clone());
            let captured: u64 = streams
                .iter()
                .filter(|stream| Some(&stream.database) == database.as_ref() && !stream.writer.starts_with("connect:"))
                .map(|stream| stream.per_second)
                .sum();
            let connection = &mut self.connections[index];
            if connection.mappings.iter().any(|mapping| mapping.access == "read_write") {
                connection.trigger_log.open += captured * milliseconds;
            }
            if !connection.is_syncing() {
                connection.salesforce_backlog += connection.salesforce_writes_per_second * milliseconds;
            }
        }
    }

    /// Commits that appear at once in a leader are at once missing in its followers.
    pub(crate) fn add_to_followers(&mut self, leader: &str, commits: u64) {
        let followers = self.databases.iter_mut().filter(|database| database.following.as_deref() == Some(leader));
        for follower in followers {
            follower.lag += commits;
        }
    }
}

/// The lag after a span: it falls to a healthy remainder while there are writes, and to exactly nothing when there are
/// none.
fn lag_after(lag: u64, incoming: u64, replay: u64, milliseconds: u64) -> u64 {
    if replay <= incoming {
        return lag + (incoming - replay) * milliseconds;
    }
    let healthy = incoming * HEALTHY_LAG * 1_000;
    if lag > healthy {
        lag.saturating_sub((replay - incoming) * milliseconds).max(healthy)
    } else {
        (lag + incoming * milliseconds).min(healthy)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lag_after;

    proptest! {
        #[test]
        fn cutting_a_span_in_two_changes_nothing(
            lag in 0_u64..5_000_000, incoming in 0_u64..900, replay in 0_u64..900, first in 1_u64..90_000, second in 1_u64..90_000
        ) {
            let in_two = lag_after(lag_after(lag, incoming, replay, first), incoming, replay, second);
            prop_assert_eq!(in_two, lag_after(lag, incoming, replay, first + second));
        }

        #[test]
        fn it_is_nothing_only_in_silence(lag in 1_u64..5_000_000, incoming in 1_u64..900, milliseconds in 1_u64..90_000) {
            prop_assert!(lag_after(lag, incoming, 1_000, milliseconds) > 0);
            prop_assert_eq!(lag_after(lag, 0, 1_000, 10_000_000), 0);
        }
    }
}
