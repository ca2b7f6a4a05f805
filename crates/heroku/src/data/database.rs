use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Data, Said, versioned};
use crate::lenient::{self, Moment, Named};
use crate::transport::{Answer, Body, Call, Method};
use hcops_model::{DatabaseUrl, Fault, Permit};

/// A classic Heroku Postgres database. Its answer may lack nearly every key: the official client's type has `following`,
/// `is_in_recovery?` and others as optional, and that of Essential databases has neither `postgres_version` nor `num_tables`
/// (heroku/cli, src/lib/pg/types.ts; heroku/typescript-api-schema, dist/data/types.d.ts). A key that is absent says the same
/// as `null`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Database {
    /// The add-on's id.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub addon_id: Option<String>,
    /// The add-on's name.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub name: Option<String>,
    /// Plan: `standard-0`.
    #[serde(default)]
    pub plan: Option<Named>,
    /// Address with the owner's password.
    #[serde(default)]
    pub resource_url: Option<DatabaseUrl>,
    /// Version text: `PostgreSQL 16.9`, `15.8`; see [`Database::version_text`].
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub postgres_version: Option<String>,
    /// Size in bytes.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub num_bytes: Option<i64>,
    /// Tables; see [`Database::tables`].
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub num_tables: Option<i64>,
    /// Connections in use.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub num_connections: Option<i64>,
    /// How many credentials it has.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub credentials: Option<i64>,
    /// The newest transaction that it holds.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub current_transaction: Option<i64>,
    /// The transaction that a follower is to reach.
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    pub target_transaction: Option<i64>,
    /// The leader's address on a follower; absent on a leader.
    #[serde(default)]
    pub following: Option<DatabaseUrl>,
    /// The leader, by name or id.
    #[serde(default, deserialize_with = "leader")]
    pub leader: Option<Leader>,
    /// Where it was forked from; see [`Database::origin`].
    #[serde(default)]
    pub forked_from: Option<DatabaseUrl>,
    /// Whether it is not ready yet.
    #[serde(default, rename = "waiting?", deserialize_with = "lenient::maybe_truth")]
    pub waiting: Option<bool>,
    /// Whether the server replays its leader's log, so that it can't be written to.
    #[serde(default, rename = "is_in_recovery?", deserialize_with = "lenient::maybe_truth")]
    pub is_in_recovery: Option<bool>,
    /// Whether it accepts readers while it follows.
    #[serde(default, rename = "hot_standby?", deserialize_with = "lenient::maybe_truth")]
    pub hot_standby: Option<bool>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// What `pg:info` shows, in order.
    #[serde(default, deserialize_with = "lenient::list")]
    pub info: Vec<InfoItem>,
}

/// One line of `pg:info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoItem {
    /// Its name: `Behind By`.
    pub name: String,
    /// Its values as text, with passwords in addresses masked; none means that it is not shown.
    #[serde(default, deserialize_with = "lenient::spoken_texts")]
    pub values: Vec<String>,
    /// Whether the values are addresses that stand for databases.
    #[serde(default)]
    pub resolve_db_name: Option<bool>,
}

/// Which database a follower follows. Its form differs from source to source: text or an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Leader {
    /// The add-on's id.
    pub addon_id: Option<String>,
    /// The add-on's name, or host, port and database where an address came.
    pub name: Option<String>,
}

impl Leader {
    /// Whether `given` is the leader's id or name.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        self.addon_id.as_deref() == Some(given) || self.name.as_deref() == Some(given)
    }
}

fn leader<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Leader>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(url) if url.contains("://") => {
            Some(Leader { addon_id: None, name: Some(DatabaseUrl::new(url).place()) })
        }
        Value::String(name) => Some(Leader { addon_id: None, name: Some(name) }),
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(Leader { addon_id: text("addon_id").or_else(|| text("id")), name: text("name") })
        }
        _ => None,
    })
}

/// What a database is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It follows a leader and can't be written to.
    Follower,
    /// It follows nobody.
    Leader,
}

impl Database {
    /// Whether it follows. `following` is the test that the official client uses everywhere, and as there a database without
    /// that key follows nobody.
    #[must_use]
    pub fn role(&self) -> Role {
        if self.following().is_some() { Role::Follower } else { Role::Leader }
    }

    /// The leader's address, on a follower.
    #[must_use]
    pub fn following(&self) -> Option<&DatabaseUrl> {
        self.following.as_ref().filter(|url| !url.open().is_empty())
    }

    /// The first value of a line of `pg:info`, as text.
    #[must_use]
    pub fn info(&self, name: &str) -> Option<&str> {
        self.info.iter().find(|item| item.name == name)?.values.first().map(String::as_str)
    }

    /// Transactions that a follower still has to replay, where that can be told. Where `Behind By` and the transaction
    /// numbers differ, the larger counts; a text that is not understood is nothing, never 0.
    #[must_use]
    pub fn behind_by(&self) -> Option<u64> {
        match self.behind_by_text() {
            Some(text) => Some(commits(text)?.max(self.transactions_behind().unwrap_or(0))),
            None => self.transactions_behind(),
        }
    }

    /// Host, port and database of what it was forked or rolled back from; where that key is missing, by the line `Forked
    /// From`.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let told = self.forked_from.as_ref().map(DatabaseUrl::place);
        told.or_else(|| Some(DatabaseUrl::new(self.info("Forked From")?.to_owned()).place()))
    }

    /// `Behind By` as it came.
    #[must_use]
    pub fn behind_by_text(&self) -> Option<&str> {
        self.info("Behind By")
    }

    fn transactions_behind(&self) -> Option<u64> {
        u64::try_from(self.target_transaction?.checked_sub(self.current_transaction?)?).ok()
    }

    /// `Fork/Follow` as it came: `Available`, `Temporarily Unavailable`, `Unavailable on followers`.
    #[must_use]
    pub fn fork_follow(&self) -> Option<&str> {
        self.info("Fork/Follow")
    }

    /// `Status` as it came: `Available`.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.info("Status")
    }

    /// Its Postgres version as it came: `PostgreSQL 16.9`; where that key is missing, the line `PG Version`: `15.18
    /// (deprecating)`.
    #[must_use]
    pub fn version_text(&self) -> Option<&str> {
        self.postgres_version.as_deref().or_else(|| self.info("PG Version"))
    }

    /// The Postgres major version.
    #[must_use]
    pub fn major_version(&self) -> Option<u32> {
        let texts = [self.postgres_version.as_deref(), self.info("PG Version")];
        texts.into_iter().flatten().find_map(major)
    }

    /// How many tables it has; where that key is missing, as the line `Tables` has it: `70`, `8/4000 (In compliance)`.
    #[must_use]
    pub fn tables(&self) -> Option<i64> {
        self.num_tables.or_else(|| leading_number(self.info("Tables")?))
    }
}

/// Whether a line of `pg:info` says `Available`. Its case is not documented.
#[must_use]
pub fn is_available(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("available")
}

/// `1,024` of `1,024/4000 (In compliance)`.
fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(text.len());
    text.get(..end)?.replace(',', "").parse().ok()
}

/// `12 commits`, `1 commit`, `1,024 commits`.
fn commits(text: &str) -> Option<u64> {
    let (count, unit) = text.trim().split_once(' ')?;
    if !matches!(unit.trim(), "commit" | "commits") {
        return None;
    }
    count.replace(',', "").parse().ok()
}

/// The first whole number of `PostgreSQL 16.9`.
fn major(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

impl Data {
    /// One database.
    ///
    /// # Errors
    /// [`hcops_model::FaultKind::NotFound`] also while the add-on is not provisioned yet
    /// (docs/heroku/data.md, "Endpoints").
    pub async fn database(&self, database: &str) -> Result<Database, Fault> {
        self.transport.read(versioned(Call::get(self.database_url(database, &[])?))).await
    }

    /// Makes a follower an independent database that can be written to.
    ///
    /// # Errors
    /// As every change.
    pub async fn unfollow(&self, permit: &Permit, database: &str) -> Result<Answer<Said>, Fault> {
        let url = self.database_url(database, &["unfollow"])?;
        self.transport.write(versioned(Call::change(permit, Method::Put, url, Body::None))).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn database(value: Value) -> Database {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_database_without_following_follows_nobody() {
        assert_eq!(database(json!({})).role(), Role::Leader);
        for nothing in [json!(null), json!("")] {
            assert_eq!(database(json!({"following": nothing})).role(), Role::Leader);
        }
        assert_eq!(database(json!({"following": "postgres://u:p@h/d"})).role(), Role::Follower);
        assert!(serde_json::from_value::<Database>(json!({"following": 7})).is_err());
    }

    #[test]
    fn a_lag_that_is_not_understood_is_never_zero() {
        let behind = |text: &str| database(json!({"info": [{"name": "Behind By", "values": [text]}]})).behind_by();
        assert_eq!(behind("0 commits"), Some(0));
        assert_eq!(behind("1 commit"), Some(1));
        assert_eq!(behind("1,024 commits"), Some(1024));
        for unknown in ["", "commits", "a few commits", "12 seconds", "-3 commits", "calculating"] {
            assert_eq!(behind(unknown), None, "{unknown:?}");
        }
        assert_eq!(database(json!({"info": [{"name": "Behind By", "values": []}]})).behind_by(), None);
        assert_eq!(database(json!({})).behind_by(), None);
    }

    #[test]
    fn the_larger_of_two_lags_counts() {
        let both = |text: &str| {
            let info = json!([{"name": "Behind By", "values": [text]}]);
            database(json!({"info": info, "target_transaction": 120, "current_transaction": "100"})).behind_by()
        };
        assert_eq!((both("0 commits"), both("30 commits"), both("unknown")), (Some(20), Some(30), None));
        assert_eq!(database(json!({"target_transaction": 5, "current_transaction": 9})).behind_by(), None);
    }

    #[test]
    fn versions_are_read_from_every_form() {
        let version = |text: Value| database(json!({"postgres_version": text})).major_version();
        assert_eq!(version(json!("PostgreSQL 16.9")), Some(16));
        assert_eq!(version(json!("15.8")), Some(15));
        assert_eq!(version(json!(17)), Some(17));
        assert_eq!(version(json!("unknown")), None);
        let shown = |text: &str| {
            database(json!({"postgres_version": null, "info": [{"name": "PG Version", "values": [text]}]}))
        };
        assert_eq!(shown("9.4.2").major_version(), Some(9));
        assert_eq!(shown("15.18 (deprecating)").major_version(), Some(15));
        assert_eq!(shown("15.18 (deprecating)").version_text(), Some("15.18 (deprecating)"));
    }

    #[test]
    fn tables_are_counted_by_whichever_place_tells_them() {
        let shown = |text: Value| database(json!({"info": [{"name": "Tables", "values": [text]}]})).tables();
        assert_eq!(database(json!({"num_tables": 7})).tables(), Some(7));
        assert_eq!(
            [json!(70), json!("70"), json!("1,024"), json!("8/4000 (In compliance)")].map(shown),
            [Some(70), Some(70), Some(1024), Some(8)]
        );
        assert_eq!([json!("many"), json!(""), json!(null)].map(shown), [None; 3]);
    }

    #[test]
    fn odd_forms_do_not_hide_the_rest_and_no_password_shows() {
        let database = database(json!({
            "plan": {"id": 4, "name": "standard-0"},
            "leader": "postgres://u:hunter2@leader.example:5432/d",
            "num_bytes": "many",
            "following": "postgres://u:hunter2@leader.example:5432/d",
            "resource_url": "postgres://u:hunter2@here.example:5432/d",
            "info": [{"name": "Following", "values": ["postgres://u:hunter2@leader.example:5432/d", 7, null]}],
        }));
        assert!(database.leader.as_ref().is_some_and(|leader| leader.is("leader.example:5432/d")));
        assert_eq!(database.info("Following"), Some("postgres://***@leader.example:5432/d"));
        assert!(!format!("{database:?}").contains("hunter2"));
    }
}
