use schemars::JsonSchema;
use serde::Deserialize;

/// A database in sentences and commands: its add-on's name and the app that owns it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) app: &'a str,
    pub(crate) database: &'a str,
}

impl Subject<'_> {
    /// The official client's command that shows the database.
    pub(crate) fn shown_by(&self) -> String {
        format!("heroku pg:info {} -a {}", self.database, self.app)
    }
}

/// Which database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneDatabase {
    /// The app that owns the database.
    app: String,
    /// The database's add-on, by name.
    pub(super) database: String,
}

impl OneDatabase {
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { app: &self.app, database: &self.database }
    }
}

/// Which follower.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneFollower {
    /// The app that owns both databases.
    app: String,
    /// The follower's add-on, by name.
    pub(super) database: String,
    /// The add-on that it follows, by name.
    pub(super) leader: String,
}

impl OneFollower {
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { app: &self.app, database: &self.database }
    }

    pub(super) fn leader(&self) -> Subject<'_> {
        Subject { app: &self.app, database: &self.leader }
    }
}
