use serde::{Deserialize, Serialize};

use crate::database::inventory::{Difference, Weight};

use super::canonical::Method;
use super::checkpoint::Resumption;
use super::connect_side::ConnectResult;
use super::options::{Depth, Origin};
use super::rows::RowDifference;
use super::sequences::SequenceResult;

/// The result of comparing two databases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Whether they differ.
    pub verdict: Verdict,
    /// The verdict in one true sentence: what was looked at, by which method, and what was not.
    pub statement: String,
    /// The old database.
    pub old: ServerSeen,
    /// The new database.
    pub new: ServerSeen,
    /// What was looked at.
    pub depth: Depth,
    /// How the new database came to be.
    pub origin: Origin,
    /// Differences in structure, the expected ones included.
    pub structure: Vec<Difference>,
    /// Every table that was compared.
    pub tables: Vec<TableResult>,
    /// Every sequence that both have.
    pub sequences: Vec<SequenceResult>,
    /// Large objects that differ, by number; absent when they were not compared.
    pub large_objects: Option<LargeObjects>,
    /// What Heroku Connect keeps in each of its schemas.
    pub connect: Vec<ConnectResult>,
    /// Tables of the new database of which its planner knows nothing: they need ANALYZE before the app goes live. No
    /// difference, because a true copy may lack it.
    pub without_statistics: Vec<String>,
    /// What was not compared, and why.
    pub not_compared: Vec<NotCompared>,
    /// What else the reader should know.
    pub remarks: Vec<String>,
    /// Rows that were compared, counted on the old side.
    pub rows: u64,
    /// Bytes that were compared, by the old side's catalog.
    pub bytes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Connections that were lost and made again.
    pub retries: u64,
    /// What became of the checkpoint; absent without one.
    pub resumption: Option<Resumption>,
}

/// Whether two databases differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing that was compared differs.
    NoDifferenceFound,
    /// Something differs that should not.
    DifferencesFound,
}

/// One of the two databases as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerSeen {
    /// Host, port and name, without user and password.
    pub place: String,
    /// The server's version: `17.11`.
    pub version: String,
    /// The size of the database in bytes, indexes included.
    pub bytes: u64,
    /// The character encoding.
    pub encoding: String,
    /// The collation of the database.
    pub collation: String,
    /// Whether the server checks its pages: `on` or `off`.
    pub data_checksums: String,
    /// Extensions of which the server has a newer version: name, installed and newer version.
    pub upgradable_extensions: Vec<String>,
    /// The snapshot that was read: lowest, highest and open transactions.
    pub snapshot: String,
    /// At how many moments it was read; more than one when a lost connection met a database that had moved on.
    pub moments: u32,
    /// Whether transactions were begun on it while it was compared.
    pub moved: bool,
}

/// The result for one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableResult {
    /// Schema and name.
    pub table: String,
    /// How it was compared.
    pub method: Method,
    /// Columns of uncommon types, which were compared through their text form.
    pub as_text: Vec<String>,
    /// Rows on the old side.
    pub old_rows: u64,
    /// Rows on the new side.
    pub new_rows: u64,
    /// Whether the two sides are the same by this method.
    pub same: bool,
    /// Rows that differ, up to the limit.
    pub differences: Vec<RowDifference>,
    /// How many rows were found to differ; there may be more when `differing_is_all` is false.
    pub differing: u64,
    /// Whether every differing row was counted.
    pub differing_is_all: bool,
}

/// Large objects of both databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LargeObjects {
    /// How many the old one has.
    pub old: u64,
    /// How many the new one has.
    pub new: u64,
    /// Ids of those that are missing on one side or differ in content, up to a hundred.
    pub differing: Vec<i64>,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCompared {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Comparison {
    /// Tables that differ.
    pub fn differing_tables(&self) -> impl Iterator<Item = &TableResult> {
        self.tables.iter().filter(|table| !table.same)
    }

    /// Sequences that differ.
    pub fn differing_sequences(&self) -> impl Iterator<Item = &SequenceResult> {
        self.sequences.iter().filter(|sequence| sequence.trouble.is_some())
    }

    /// Differences in structure that are not expected between the two.
    pub fn differing_structure(&self) -> impl Iterator<Item = &Difference> {
        self.structure.iter().filter(|difference| difference.weight == Weight::Matters)
    }

    fn counts(&self) -> [(usize, &'static str); 5] {
        let objects = self.large_objects.as_ref().map_or(0, |objects| objects.differing.len());
        [
            (self.differing_structure().count(), "in structure"),
            (self.differing_tables().count(), "tables"),
            (self.differing_sequences().count(), "sequences"),
            (objects, "large objects"),
            (self.connect.iter().map(|schema| schema.trouble.len()).sum(), "in Connect's own state"),
        ]
    }

    /// Fills in verdict and statement from everything else.
    pub(super) fn judge(&mut self) {
        let counts = self.counts();
        let differs = counts.iter().any(|(count, _)| *count > 0);
        self.verdict = if differs { Verdict::DifferencesFound } else { Verdict::NoDifferenceFound };
        let found = if differs {
            let parts: Vec<String> =
                counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
            format!("differences found: {}; looked at", parts.join(", "))
        } else {
            "no difference found in".to_owned()
        };
        self.statement = format!("{found} {}{}", self.looked_at(), self.left_out());
    }

    fn looked_at(&self) -> String {
        let mut methods: Vec<&str> = self.tables.iter().map(|table| table.method.words()).collect();
        methods.sort_unstable();
        methods.dedup();
        let by = if methods.is_empty() { String::new() } else { format!(", by {}", methods.join(" and ")) };
        let connect = if self.connect.is_empty() { "" } else { " and Connect's own state" };
        let contents = match self.depth {
            Depth::Full => "",
            Depth::Counts => "; the contents of rows were not looked at",
        };
        format!(
            "{} tables, {} rows{by}; and in structure, {} sequences{connect}{contents}",
            self.tables.len(),
            self.rows,
            self.sequences.len()
        )
    }

    fn left_out(&self) -> String {
        if self.not_compared.is_empty() {
            return String::new();
        }
        let parts: Vec<String> = self.not_compared.iter().map(|it| format!("{} ({})", it.what, it.why)).collect();
        format!("; not compared: {}", parts.join(", "))
    }
}
