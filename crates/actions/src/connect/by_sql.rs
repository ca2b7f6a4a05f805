use schemars::JsonSchema;
use serde::Deserialize;

use crate::postgres::Subject;

/// The databases under a connection before and after a switch, and whether they may be looked at by SQL: not, by default.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BySql {
    /// The app that owns both databases.
    app: String,
    /// The add-on that the connection uses now, by name.
    new: String,
    /// The add-on that it used before, by name; absent where it is the same database as before.
    #[serde(default)]
    old: Option<String>,
    /// The schema of the connection.
    pub(super) schema: String,
    /// The operator's word on connections to databases: `none` means that there are none.
    compare: Wish,
}

/// What the operator wants of the databases themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Wish {
    /// Every check, contents included.
    Full,
    /// Every check, but of contents only the number of rows.
    Counts,
    /// No connection.
    #[default]
    None,
}

impl BySql {
    /// The current database, where it may be looked at.
    pub(super) fn new_database(&self) -> Option<Subject<'_>> {
        (self.compare != Wish::None).then_some(Subject { app: &self.app, database: &self.new })
    }

    /// The former database, where there is one and it may be looked at.
    pub(super) fn old_database(&self) -> Option<Subject<'_>> {
        let old = self.old.as_deref().filter(|_| self.compare != Wish::None)?;
        Some(Subject { app: &self.app, database: old })
    }
}
