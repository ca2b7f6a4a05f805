use std::collections::BTreeMap;

use crate::world::World;

/// What has been counted in a world: the difference of two says what was written in between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counters {
    /// Commits in thousandths, by database and writer.
    writes: BTreeMap<(String, String), u64>,
    /// Rows of trigger logs that were sent, in thousandths, by connection.
    sent: BTreeMap<String, u64>,
    /// Commits of followers, in thousandths, by database.
    replayed: BTreeMap<String, u64>,
}

impl Counters {
    pub(super) fn of(world: &World) -> Self {
        let writes = world.databases.iter().flat_map(|database| {
            let of = |(writer, writes): (&String, &crate::world::Writes)| {
                ((database.addon.clone(), writer.clone()), writes.commits)
            };
            database.writes.iter().map(of)
        });
        let followers = world.databases.iter().filter(|database| database.following.is_some());
        Self {
            writes: writes.collect(),
            sent: world.connections.iter().map(|it| (it.id.clone(), it.trigger_log.processed)).collect(),
            replayed: followers.map(|database| (database.addon.clone(), database.commits)).collect(),
        }
    }

    /// Commits in thousandths that `writer` has made in a database since `earlier`.
    pub(super) fn written_since(&self, earlier: &Self, database: &str, writer: &str) -> u64 {
        let key = (database.to_owned(), writer.to_owned());
        grown(self.writes.get(&key), earlier.writes.get(&key))
    }

    /// Whether a connection has sent rows of its trigger log since `earlier`.
    pub(super) fn has_sent_since(&self, earlier: &Self, connection: &str) -> bool {
        grown(self.sent.get(connection), earlier.sent.get(connection)) > 0
    }

    /// Whether a follower has replayed something since `earlier`.
    pub(super) fn has_replayed_since(&self, earlier: &Self, database: &str) -> bool {
        grown(self.replayed.get(database), earlier.replayed.get(database)) > 0
    }
}

fn grown(now: Option<&u64>, before: Option<&u64>) -> u64 {
    now.copied().unwrap_or(0).saturating_sub(before.copied().unwrap_or(0))
}
