use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// How two databases are compared.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is looked at.
    pub depth: Depth,
    /// How the new database came to be, which decides what its sequences may show.
    pub origin: Origin,
    /// Connections to each database that read tables; one more of each holds the snapshot.
    pub jobs: NonZeroU32,
    /// Bytes a second that are read from each database at most.
    pub max_rate: Option<u64>,
    /// Bytes that one statement reads; what is lost with a connection, at most, for each of the jobs.
    pub chunk_bytes: u64,
    /// Rows that are shown of each table that differs.
    pub rows_shown: usize,
    /// Whether values of differing columns are shown. Keys always are.
    pub show_values: bool,
    /// Compares every row by its text form. Slower; a second opinion on a disputed table.
    pub by_text: bool,
    /// The orgs that Connect's schemas should name, where they are known. Several orgs may sync to one database, each to a
    /// schema of its own.
    pub expected_orgs: Vec<ExpectedOrg>,
    /// Roles that the copy was made without: that grants to them are missing, and that the owner has what was theirs, is no
    /// difference.
    pub left_roles: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            depth: Depth::Full,
            origin: Origin::Copy,
            jobs: NonZeroU32::MIN.saturating_add(1),
            max_rate: None,
            chunk_bytes: 128 << 20,
            rows_shown: 20,
            show_values: false,
            by_text: false,
            expected_orgs: Vec::new(),
            left_roles: Vec::new(),
        }
    }
}

/// A Salesforce org that Connect should have synced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedOrg {
    /// The schema that it belongs to. Without one, some schema of Connect must name it.
    pub schema: Option<String>,
    /// Its id, of 15 or 18 characters.
    pub id: String,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Structure, sequences, Connect's own state and every value of every row.
    Full,
    /// Structure, sequences, Connect's own state and the number of rows; no contents.
    Counts,
}

/// How the new database came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A follower, upgraded or promoted. Its sequences may be up to 32 values ahead, because values are logged in advance
    /// (docs/heroku/postgres.md, "Sequences").
    Follower,
    /// A copy by dump and restore. Its sequences are equal, but for what a restart of the old server explains, and its
    /// materialised views are filled anew.
    Copy,
}
