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
        let standing = if self.sending { Standing::Shown } else { Standing::Awaited };
        let count = counted(connection.mappings.len() as u64, "mapping");
        let pending = mappings::pending_spoken(connection);
        let value = match (mappings::pending(connection), self.sending) {
            (None | Some(0), _) => format!("{count} were in sync since it resumed; {pending}"),
            (Some(_), true) => format!("{count} were in sync since it resumed; {pending}, being sent"),
            (Some(_), false) => format!("{count} were in sync since it resumed; {pending}, and not fewer yet"),
        };
        Sign::new('b', standing, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A connection in this state, with mappings in these states and this many writes pending, where that is shown.
    fn connection(state: &str, mappings: &[&str], pending: Option<i64>) -> Connection {
        let mapping = |(nth, state): (usize, &&str)| json!({"id": nth.to_string(), "object_name": format!("Object{nth}"), "state": state, "counts": {"pending": pending}});
        let mappings: Vec<_> = mappings.iter().enumerate().map(mapping).collect();
        serde_json::from_value(json!({"id": "c1", "state": state, "mappings": mappings})).expect("a connection")
    }

    /// What the signs say after these looks, ten seconds apart.
    fn after(looks: &[Connection]) -> [Sign; 2] {
        let mut since = SinceResumed::default();
        let start: Timestamp = "2026-12-01T22:00:00Z".parse().expect("a moment");
        for (nth, look) in (0_u64..).zip(looks) {
            since.take(look, start + STALE * u32::try_from(nth).expect("few"));
        }
        let newest = looks.last().expect("a look");
        [since.state(newest), since.synced(newest)]
    }

    fn standings(looks: &[Connection]) -> [Standing; 2] {
        after(looks).map(|sign| sign.standing)
    }

    const SYNCED: &str = "DATA_SYNCED";
    const POLLING: &str = "POLLING_SF_CHANGES";

    #[test]
    fn a_sign_counts_that_was_seen_since_although_everything_is_never_still_at_once() {
        let busy = |mappings: &[&str], state, pending| connection(state, mappings, Some(pending));
        let looks = [
            busy(&[POLLING, POLLING], "POLLING_DB_CHANGES", 40),
            busy(&[SYNCED, POLLING], "POLLING_DB_CHANGES", 40),
            busy(&[POLLING, SYNCED], "IDLE", 30),
            busy(&[POLLING, POLLING], "POLLING_DB_CHANGES", 90),
        ];
        assert_eq!(standings(&looks), [Standing::Shown, Standing::Shown]);
        assert_eq!(standings(&looks[..3]), [Standing::Shown, Standing::Shown]);
        assert_eq!(standings(&looks[..2]), [Standing::Awaited, Standing::Awaited]);
    }

    #[test]
    fn what_a_first_look_shows_may_be_from_before_the_pause() {
        let whole = || connection("IDLE", &[SYNCED], Some(0));
        assert_eq!(standings(&[whole()]), [Standing::Awaited, Standing::Awaited]);
        assert_eq!(standings(&[whole(), whole()]), [Standing::Shown, Standing::Shown]);
    }

    #[test]
    fn writes_that_only_grow_are_not_being_sent_and_a_connection_that_is_paused_again_does_not_sync() {
        let growing = [10, 20, 30].map(|pending| connection("IDLE", &[SYNCED], Some(pending)));
        assert_eq!(standings(&growing), [Standing::Shown, Standing::Awaited]);
        let whole = || connection("IDLE", &[SYNCED], Some(0));
        assert_eq!(standings(&[whole(), whole(), connection("PAUSED", &[SYNCED], Some(0))])[0], Standing::Awaited);
    }

    #[test]
    fn where_nothing_shows_what_is_pending_nothing_is_said_to_be_sent() {
        let unshown = || connection("IDLE", &[SYNCED], None);
        let [_, synced] = after(&[unshown(), unshown()]);
        assert_eq!(synced.standing, Standing::Shown);
        assert!(synced.value.ends_with("pending writes not shown"), "{}", synced.value);
    }
}
