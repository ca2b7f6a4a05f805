use serde::{Deserialize, Serialize};

use crate::collations::Rebuild;
use crate::inventory::{Difference, Weight};
use hcops_text::counted;

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
    /// Indexes of the new database that were built under another version of the system's collation library: they may be
    /// wrong, though every row is equal. No difference, because a true copy has them too.
    #[serde(default)]
    pub rebuild: Vec<Rebuild>,
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
    /// Nothing differs, and everything that could was compared.
    NoDifferenceFound,
    /// Nothing that was compared differs, but something could not be compared that may.
    NotAllCompared,
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
    /// What it is.
    #[serde(default)]
    pub sort: Sort,
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
    /// Why a difference in it is expected; then it is not counted as one.
    #[serde(default)]
    pub expected: Option<String>,
    /// Rows that differ, up to the limit.
    pub differences: Vec<RowDifference>,
    /// How many rows were found to differ; there may be more when `differing_is_all` is false.
    pub differing: u64,
    /// Whether every differing row was counted.
    pub differing_is_all: bool,
}

/// What holds the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A table or a partition.
    #[default]
    Table,
    /// A materialised view.
    MaterialisedView,
}

impl Sort {
    /// The word for a sentence.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::MaterialisedView => "materialised view",
        }
    }
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
    /// Whether something could differ or be missing there unseen. Then nobody knows that the databases are the same.
    #[serde(default)]
    pub may_differ: bool,
}

impl NotCompared {
    /// Something that may differ unseen.
    pub(super) fn unseen(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), may_differ: true }
    }

    /// Something in which nothing can be missing.
    pub(super) fn nothing_there(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), may_differ: false }
    }
}

impl std::fmt::Display for NotCompared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({})", self.what, self.why)
    }
}

impl Comparison {
    /// Tables and materialised views that differ and should not.
    pub fn differing_tables(&self) -> impl Iterator<Item = &TableResult> {
        self.tables.iter().filter(|table| !table.same && table.expected.is_none())
    }

    /// What was not compared and may differ.
    pub fn unseen(&self) -> impl Iterator<Item = &NotCompared> {
        self.not_compared.iter().filter(|it| it.may_differ)
    }

    /// Sequences that differ.
    pub fn differing_sequences(&self) -> impl Iterator<Item = &SequenceResult> {
        self.sequences.iter().filter(|sequence| sequence.trouble.is_some())
    }

    /// Differences in structure that are not expected between the two.
    pub fn differing_structure(&self) -> impl Iterator<Item = &Difference> {
        self.structure.iter().filter(|difference| difference.weight == Weight::Matters)
    }

    /// How many differences there are of each sort, in words; nothing for a sort without any.
    fn found(&self) -> Vec<String> {
        let differing = |sort: Sort| self.differing_tables().filter(|table| table.sort == sort).count();
        let objects = self.large_objects.as_ref().map_or(0, |objects| objects.differing.len());
        let of = |count: usize, thing: &str| (count, counted(count as u64, thing));
        let structure = self.differing_structure().count();
        let connect: usize = self.connect.iter().map(|schema| schema.trouble.len()).sum();
        [
            (structure, format!("{structure} in structure")),
            of(differing(Sort::Table), "table"),
            of(differing(Sort::MaterialisedView), "materialised view"),
            of(self.differing_sequences().count(), "sequence"),
            of(objects, "large object"),
            (connect, format!("{connect} in Connect's own state")),
        ]
        .into_iter()
        .filter_map(|(count, words)| (count > 0).then_some(words))
        .collect()
    }

    /// Fills in verdict and statement from everything else.
    pub(super) fn judge(&mut self) {
        let found = self.found();
        let unseen = self.not_compared.iter().any(|it| it.may_differ);
        self.verdict = match (found.is_empty(), unseen) {
            (false, _) => Verdict::DifferencesFound,
            (true, true) => Verdict::NotAllCompared,
            (true, false) => Verdict::NoDifferenceFound,
        };
        let found = if found.is_empty() {
            "no difference found in".to_owned()
        } else {
            format!("differences found: {}; looked at", found.join(", "))
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
        let views = self.tables.iter().filter(|table| table.sort == Sort::MaterialisedView).count();
        let also =
            if views == 0 { String::new() } else { format!(" and {}", counted(views as u64, "materialised view")) };
        format!(
            "{}{also}, {}{by}; and in structure, {}{connect}{contents}",
            counted((self.tables.len() - views) as u64, "table"),
            counted(self.rows, "row"),
            counted(self.sequences.len() as u64, "sequence")
        )
    }

    fn left_out(&self) -> String {
        let part = |words: &str, may_differ: bool| {
            let some = self.not_compared.iter().filter(|it| it.may_differ == may_differ);
            let some: Vec<String> = some.map(ToString::to_string).collect();
            if some.is_empty() { String::new() } else { format!("; {words}: {}", some.join(", ")) }
        };
        format!("{}{}", part("not compared", true), part("left out, because nothing can be missing there", false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> ServerSeen {
        ServerSeen {
            place: String::new(),
            version: String::new(),
            bytes: 0,
            encoding: String::new(),
            collation: String::new(),
            data_checksums: String::new(),
            upgradable_extensions: Vec::new(),
            snapshot: String::new(),
            moments: 1,
            moved: false,
        }
    }

    fn table(sort: Sort, same: bool) -> TableResult {
        TableResult {
            table: "s.t".to_owned(),
            sort,
            method: Method::CanonicalRowHash,
            as_text: Vec::new(),
            old_rows: 2,
            new_rows: 2,
            same,
            expected: None,
            differences: Vec::new(),
            differing: 0,
            differing_is_all: true,
        }
    }

    fn of(tables: Vec<TableResult>) -> Comparison {
        Comparison {
            verdict: Verdict::NoDifferenceFound,
            statement: String::new(),
            old: server(),
            new: server(),
            depth: Depth::Full,
            origin: Origin::Follower,
            structure: Vec::new(),
            tables,
            sequences: Vec::new(),
            large_objects: None,
            connect: Vec::new(),
            without_statistics: Vec::new(),
            rebuild: Vec::new(),
            not_compared: Vec::new(),
            remarks: Vec::new(),
            rows: 4,
            bytes: 0,
            seconds: 1.0,
            retries: 0,
            resumption: None,
        }
    }

    fn judged(mut comparison: Comparison) -> (Verdict, String) {
        comparison.judge();
        (comparison.verdict, comparison.statement)
    }

    #[test]
    fn the_verdict_counts_what_differs_and_should_not() {
        let whole = judged(of(vec![table(Sort::Table, true)]));
        let said = "no difference found in 1 table, 4 rows, by canonical row hash; and in structure, 0 sequences";
        assert_eq!(whole, (Verdict::NoDifferenceFound, said.to_owned()));
        let expected = TableResult { expected: Some("refreshed".to_owned()), ..table(Sort::MaterialisedView, false) };
        assert_eq!(judged(of(vec![expected])).0, Verdict::NoDifferenceFound);
        let (verdict, said) = judged(of(vec![table(Sort::MaterialisedView, false), table(Sort::Table, true)]));
        assert_eq!(verdict, Verdict::DifferencesFound);
        assert!(
            said.starts_with("differences found: 1 materialised view; looked at 1 table and 1 materialised view, "),
            "{said}"
        );
        let (_, said) = judged(of(vec![table(Sort::Table, false)]));
        assert!(said.starts_with("differences found: 1 table; "), "{said}");
    }

    #[test]
    fn what_was_not_compared_is_no_success_only_where_something_may_be_missing() {
        let without = |not_compared| judged(Comparison { not_compared, ..of(vec![table(Sort::Table, true)]) });
        let unseen = || NotCompared::unseen("s.a", "hidden");
        let nothing = || NotCompared::nothing_there("s.b", "empty");
        let (verdict, said) = without(vec![unseen(), nothing()]);
        assert_eq!(verdict, Verdict::NotAllCompared);
        assert!(
            said.ends_with("; not compared: s.a (hidden); left out, because nothing can be missing there: s.b (empty)"),
            "{said}"
        );
        assert_eq!(without(vec![nothing()]).0, Verdict::NoDifferenceFound);
    }
}
