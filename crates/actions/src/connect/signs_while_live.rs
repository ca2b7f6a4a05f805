//! The signs of a resumed sync while the apps are live: what they write is under way all the time, so everything together is
//! hardly ever still. Here a sign counts that was seen at any time since the resumption.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::mappings;
use super::pointer::name;
use super::sign::{Sign, Standing};
use hcops_heroku::connect::{Connection, MappingState};
use hcops_text::counted;

/// For so long after the resumption the mappings may show the state from before the pause (docs/heroku/procedures.md, "Accepted is
/// not done"): what they show then counts for nothing.
const STALE: Duration = Duration::from_secs(10);

/// What was seen since the resumption.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SinceResumed {
    /// When the connection was first looked at.
    first: Option<Timestamp>,
    /// Whether it was IDLE.
    idle: bool,
    /// The objects whose mappings were in sync.
    synced: BTreeSet<String>,
    /// Whether nothing was pending, or less than at the look before: something is sent.
    sending: bool,
    /// What was pending at the newest look.
    pending: Option<i64>,
}

impl SinceResumed {
    /// Takes what a look at `now` shows.
    pub(super) fn take(&mut self, connection: &Connection, now: Timestamp) {
        let first = *self.first.get_or_insert(now);
        if Duration::try_from(now.duration_since(first)).unwrap_or_default() < STALE {
            return;
        }
        self.idle |= Condition::of(&connection.state) == Condition::Idle;
        let synced = connection.mappings.iter().filter(|mapping| mapping.state == MappingState::DataSynced);
        self.synced.extend(synced.map(|mapping| mapping.object_name.clone()));
        let pending = mappings::pending(connection);
        self.sending |= pending.is_none_or(|now| now == 0 || self.pending.is_some_and(|before| now < before));
        self.pending = pending;
    }

    /// (a) It has left `PAUSED` and was `IDLE` again.
    pub(super) fn state(&self, connection: &Connection) -> Sign {
        let now = format!("{} is {}", name(connection), connection.state);
        if self.idle && Condition::of(&connection.state) != Condition::Paused {
            Sign::new('a', Standing::Shown, format!("{now}, and was IDLE since it resumed"))
        } else {
            Sign::new('a', Standing::Awaited, now)
        }
    }

    /// (b) Each mapping was in sync, and what is pending is being sent.
    pub(super) fn synced(&self, connection: &Connection) -> Sign {
        let missing: Vec<&str> = connection
            .mappings
            .iter()
            .map(|mapping| mapping.object_name.as_str())
            .filter(|object| !self.synced.contains(*object))
            .collect();
        if !missing.is_empty() {
            let told = format!("not seen in sync yet since it resumed: {}", missing.join(", "));
            return Sign::new('b', Standing::Awaited, told);
        }
        let (count, pending) =
            (counted(connection.mappings.len() as u64, "mapping"), mappings::pending_spoken(connection));
        if self.sending {
            Sign::new('b', Standing::Shown, format!("{count} were in sync since it resumed; {pending}, being sent"))
        } else {
            Sign::new(
                'b',
                Standing::Awaited,
                format!("{count} were in sync since it resumed; {pending}, and not fewer yet"),
            )
        }
    }
}
