//! What of logical replication hangs on a database: slots, publications, subscriptions. None of it moves with an app's
//! address: a slot belongs to the server that it was made on, and whoever reads it stays there (PostgreSQL documentation:
//! Logical Replication).

use serde::Deserialize;

use super::Session;
use hcops_model::Fault;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replication {
    /// Logical slots of this database.
    pub slots: Vec<Slot>,
    /// Publications, by name.
    pub publications: Vec<String>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
}

/// A logical replication slot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// The plugin that decodes for its reader: `pgoutput`, `wal2json`.
    pub plugin: String,
    /// Who reads it now, by application and address; nothing where nobody does, or that may not be seen.
    pub reader: Option<String>,
    /// Whether somebody reads it now.
    pub active: bool,
}

/// A subscription to a publication elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subscription {
    /// Its name.
    pub name: String,
    /// Whether it is enabled.
    pub enabled: bool,
}

/// What takes the place of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Another database of this name, a former follower or a fork: file by file the same.
    Follower,
    /// Another database, made by dump and restore.
    Copy,
    /// The same one, after an upgrade in place.
    InPlace,
}

const SLOTS: &str = "
    select s.slot_name as name, coalesce(s.plugin, 'unknown') as plugin, s.active,
           (select concat_ws(' from ', nullif(a.application_name, ''), host(a.client_addr)) from pg_stat_activity a
            where a.pid = s.active_pid and coalesce(nullif(a.application_name, ''), host(a.client_addr)) is not null) as reader
    from pg_replication_slots s where s.slot_type = 'logical' and not s.temporary and s.database = current_database()
    order by 1";

/// The columns that everybody may read; the address with the password is not among them.
const SUBSCRIPTIONS: &str = "
    select s.subname as name, s.subenabled as enabled from pg_subscription s join pg_database d on d.oid = s.subdbid
    where d.datname = current_database() order by 1";

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Reads it. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn read(session: &Session) -> Result<Replication, Fault> {
    let publications: Vec<Named> = session.rows("select pubname as name from pg_publication order by 1").await?;
    Ok(Replication {
        slots: session.rows(SLOTS).await?,
        publications: publications.into_iter().map(|it| it.name).collect(),
        subscriptions: session.rows(SUBSCRIPTIONS).await?,
    })
}

impl Replication {
    /// One sentence for each thing: what becomes of it, and the command. `old` and `new` are add-ons of `app`.
    #[must_use]
    pub fn sentences(&self, fate: Fate, old: &str, new: &str, app: &str) -> Vec<String> {
        let slots = self.slots.iter().map(|slot| slot.sentence(fate, old, new, app));
        let publications = self.publications.iter().filter_map(|name| published(name, fate, old, new, app));
        let subscriptions = self.subscriptions.iter().map(|it| it.sentence(fate, old, new, app));
        slots.chain(publications).chain(subscriptions).collect()
    }
}

impl Slot {
    fn sentence(&self, fate: Fate, old: &str, new: &str, app: &str) -> String {
        let Self { name, plugin, .. } = self;
        let reader = match (&self.reader, self.active) {
            (Some(reader), _) => format!("read by {reader}"),
            (None, true) => "read by somebody whose name may not be seen".to_owned(),
            (None, false) => "read by nobody now".to_owned(),
        };
        let what = format!("{old} has the logical replication slot {name} ({plugin}, {reader})");
        let make = format!("select pg_create_logical_replication_slot('{name}', '{plugin}')");
        match fate {
            Fate::InPlace => format!(
                "{what}: a major upgrade drops slots (PostgreSQL keeps them only from 17 on). What its reader has not got by then it \
                 never gets: make the slot again afterwards (`{make}` in `heroku pg:psql {old} -a {app}`) and let the reader begin \
                 with all rows."
            ),
            Fate::Follower | Fate::Copy => format!(
                "{what}: the new database has not, and its reader goes on with {old}, in which nothing is written any more. Make it in \
                 the new one (`{make}` in `heroku pg:psql {new} -a {app}`), lead the reader there and let it begin with all rows; \
                 then drop it in {old} (`select pg_drop_replication_slot('{name}')`), which keeps its log for it until then."
            ),
        }
    }
}

/// In place nothing changes for those who subscribe.
fn published(name: &str, fate: Fate, old: &str, new: &str, app: &str) -> Option<String> {
    (fate != Fate::InPlace).then(|| {
        format!(
            "{old} has the publication {name}, and so will {new}; but whoever subscribes to it goes on with {old}. There: `ALTER \
             SUBSCRIPTION … CONNECTION …` with the new address (`heroku config:get DATABASE_URL -a {app}`) and `REFRESH PUBLICATION`."
        )
    })
}

impl Subscription {
    fn sentence(&self, fate: Fate, old: &str, new: &str, app: &str) -> String {
        let Self { name, .. } = self;
        let is = if self.enabled { "enabled" } else { "disabled" };
        let what = format!("{old} has the subscription {name} ({is})");
        match fate {
            Fate::InPlace => format!(
                "{what}: before PostgreSQL 17 an upgrade does not keep how far it was. Afterwards see whether it goes on (`select * from \
                 pg_stat_subscription` in `heroku pg:psql {old} -a {app}`)."
            ),
            Fate::Follower => format!(
                "{what}, and so will {new}: both would write what is published elsewhere, from the same slot. Drop it in the one that is \
                 not to have it: `ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE); DROP \
                 SUBSCRIPTION {name}` in `heroku pg:psql {old} -a {app}`, before anything is switched."
            ),
            Fate::Copy => format!(
                "{what}: what is published elsewhere goes on being written to it, so it is never silent; and a copy has it disabled. \
                 Disable it first (`ALTER SUBSCRIPTION {name} DISABLE` in `heroku pg:psql {old} -a {app}`) and enable it in {new} \
                 once the run is over."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Replication, Slot, Subscription, read};
    use crate::testing::{majors, server_of};
    use crate::{Manner, Session};

    #[tokio::test]
    async fn slots_publications_and_subscriptions_are_read_from_every_major() {
        for major in majors() {
            let Some(server) = server_of(major) else { continue };
            server.run("postgres", "alter system set wal_level = logical").unwrap();
            let mut server = server;
            server.stop(hcops_simulator::postgres::Stop::Clean).unwrap();
            server.start().unwrap();
            let script = "create database other; create table t (id int primary key); create publication news for table t;
                create subscription feed connection 'host=nowhere password=canary' publication p with (connect = false);
                select pg_create_logical_replication_slot('cdc', 'pgoutput'); create role reader login password 'hunter2hunter2';";
            server.run("postgres", script).unwrap();
            server.run("other", "select pg_create_logical_replication_slot('elsewhere', 'pgoutput')").unwrap();
            // As an ordinary role, which the default credential is.
            let url = server.url_as("reader", "hunter2hunter2", "postgres");
            let session = Session::open(&url, Manner::QUESTION).await.unwrap();
            let found = read(&session).await.unwrap();
            let slot = Slot { name: "cdc".to_owned(), plugin: "pgoutput".to_owned(), reader: None, active: false };
            let subscription = Subscription { name: "feed".to_owned(), enabled: false };
            let expected = Replication {
                slots: vec![slot],
                publications: vec!["news".to_owned()],
                subscriptions: vec![subscription],
            };
            assert_eq!(found, expected, "{major}");
        }
    }

    #[test]
    fn each_is_told_with_what_becomes_of_it_and_the_command() {
        let slot = Slot {
            name: "cdc".to_owned(),
            plugin: "wal2json".to_owned(),
            reader: Some("debezium from 10.1.2.3".to_owned()),
            active: true,
        };
        let subscription = Subscription { name: "feed".to_owned(), enabled: true };
        let all =
            Replication { slots: vec![slot], publications: vec!["news".to_owned()], subscriptions: vec![subscription] };
        let said = |fate| all.sentences(fate, "old", "new", "crm").join("\n");
        for fate in [Fate::Follower, Fate::Copy] {
            let said = said(fate);
            for words in [
                "cdc (wal2json, read by debezium from 10.1.2.3)",
                "heroku pg:psql new -a crm",
                "publication news",
                "subscription feed",
            ] {
                assert!(said.contains(words), "{words}: {said}");
            }
        }
        let in_place = said(Fate::InPlace);
        assert!(
            in_place.contains("a major upgrade drops slots") && !in_place.contains("publication news"),
            "{in_place}"
        );
        assert_eq!(Replication::default().sentences(Fate::Copy, "old", "new", "crm"), Vec::<String>::new());
    }
}
