use std::fmt;

use serde::{Deserialize, Serialize};

/// How many examples of each trouble are named.
const EXAMPLES: usize = 5;

/// What was counted after a run. [`fmt::Display`] tells it in plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The add-on's name of the database that is in use now.
    pub current: String,
    /// The add-on's name of the database where its contents began.
    pub origin: String,
    /// Rows that were there from the beginning, found once and unchanged or as Salesforce has them.
    pub from_the_beginning: u64,
    /// The apps' ledger against the rows that it speaks of.
    pub app: Counted,
    /// Changes that Connect captured, against what arrived in Salesforce.
    pub sent: Sent,
    /// Salesforce's own records against their rows.
    pub salesforce: Counted,
    /// The other databases of the same origin.
    pub elsewhere: Vec<Elsewhere>,
    /// What is wrong; nothing when all is well.
    pub troubles: Vec<Trouble>,
}

/// Records and changes that were looked for in the current database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Records that are there exactly once with their last value.
    pub rows: u64,
    /// Changes that were acknowledged.
    pub changes: u64,
    /// Changes of which it was not known whether they were committed.
    pub open: u64,
    /// Those of them that are in the database.
    pub open_there: u64,
    /// Acknowledged changes that a rollback gave up on purpose.
    pub given_up: u64,
}

/// What became of captured changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// They reached Salesforce exactly once.
    pub once: u64,
    /// They wait in the trigger log.
    pub waiting: u64,
    /// Salesforce turned them down.
    pub rejected: u64,
    /// Changes without a number, of writers that keep no ledger: they arrived, and cannot be checked.
    pub unnumbered: u64,
}

/// Another database that holds, or held, the same contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The add-on's name.
    pub database: String,
    /// Whether it could be looked into; it cannot when it is gone.
    pub looked_into: bool,
    /// Changes that were written into it after the first one in the current database, by the ledgers and by its contents.
    pub written_since: u64,
}

/// One kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Which.
    pub kind: TroubleKind,
    /// How many.
    pub count: u64,
    /// The first few.
    pub examples: Vec<String>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// A row that was acknowledged is not in the current database.
    RowMissing,
    /// A row is there more than once.
    RowTwice,
    /// A row does not hold what its last acknowledged change wrote.
    ValueLost,
    /// A row shows a change that no ledger knows.
    Unexplained,
    /// Rows that were there from the beginning are gone, changed or more.
    BeginningChanged,
    /// A captured change neither reached Salesforce nor waits in the trigger log.
    ChangeLost,
    /// A change reached Salesforce more than once, or is about to.
    ChangeTwice,
    /// The row of a record does not have the Salesforce id that Salesforce gave it.
    SalesforceIdLost,
    /// A change of Salesforce's own is not in the current database.
    SalesforceChangeLost,
    /// Something was written into another database after the first write into the current one.
    WrittenElsewhere,
}

impl TroubleKind {
    const fn words(self) -> &'static str {
        match self {
            Self::RowMissing => "acknowledged rows are missing",
            Self::RowTwice => "rows are there more than once",
            Self::ValueLost => "rows do not hold what was last acknowledged",
            Self::Unexplained => "rows show changes that no ledger knows",
            Self::BeginningChanged => "rows from the beginning are gone, changed or more",
            Self::ChangeLost => "captured changes neither reached Salesforce nor wait in the trigger log",
            Self::ChangeTwice => "changes reached Salesforce more than once, or are about to",
            Self::SalesforceIdLost => "rows have not got their Salesforce id",
            Self::SalesforceChangeLost => "changes of Salesforce are missing",
            Self::WrittenElsewhere => "changes were written into another database after the first one in this",
        }
    }
}

impl Audit {
    /// Whether nothing was lost, nothing is there twice, and nothing was written in the wrong place.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.troubles.is_empty()
    }

    /// The trouble of this kind.
    #[must_use]
    pub fn trouble(&self, kind: TroubleKind) -> Option<&Trouble> {
        self.troubles.iter().find(|trouble| trouble.kind == kind)
    }

    pub(super) fn add(&mut self, kind: TroubleKind, example: impl fmt::Display) {
        self.add_many(kind, 1, example);
    }

    pub(super) fn add_many(&mut self, kind: TroubleKind, count: u64, example: impl fmt::Display) {
        if count == 0 {
            return;
        }
        let at = self.troubles.iter().position(|trouble| trouble.kind == kind).unwrap_or_else(|| {
            self.troubles.push(Trouble { kind, count: 0, examples: Vec::new() });
            self.troubles.len() - 1
        });
        let trouble = &mut self.troubles[at];
        trouble.count += count;
        if trouble.examples.len() < EXAMPLES {
            trouble.examples.push(example.to_string());
        }
    }

    fn tell_app(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counted { rows, changes, open, open_there, given_up } = self.app;
        writeln!(
            formatter,
            "{rows} rows of the app's ledger ({changes} acknowledged changes) are in {}, each exactly once with its last value.",
            self.current
        )?;
        if open > 0 {
            let not = open - open_there;
            writeln!(
                formatter,
                "{open} changes were cut before their acknowledgement: {open_there} are there, {not} are not; either is right."
            )?;
        }
        if given_up > 0 {
            writeln!(formatter, "{given_up} acknowledged changes were given up with the rollback.")?;
        }
        writeln!(formatter, "{} rows from the beginning are there.", self.from_the_beginning)
    }

    fn tell_salesforce(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sent { once, waiting, rejected, unnumbered } = self.sent;
        writeln!(formatter, "{once} captured changes reached Salesforce exactly once.")?;
        for (count, words) in [
            (waiting, "captured changes wait in the trigger log."),
            (rejected, "captured changes were turned down by Salesforce."),
            (unnumbered, "changes without a number, of writers that keep no ledger, reached Salesforce too."),
        ] {
            if count > 0 {
                writeln!(formatter, "{count} {words}")?;
            }
        }
        writeln!(
            formatter,
            "{} records of Salesforce's own ({} changes) are there.",
            self.salesforce.rows, self.salesforce.changes
        )?;
        if self.salesforce.open > 0 {
            writeln!(formatter, "{} changes of Salesforce have not been brought yet.", self.salesforce.open)?;
        }
        Ok(())
    }

    fn tell_elsewhere(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for other in self.elsewhere.iter().filter(|other| other.written_since == 0) {
            let by = if other.looked_into {
                "by the ledgers and by its contents"
            } else {
                "by the ledgers; it could not be looked into"
            };
            let (name, current) = (&other.database, &self.current);
            writeln!(formatter, "Nothing was written into {name} after the first write into {current} ({by}).")?;
        }
        Ok(())
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell_app(formatter)?;
        self.tell_salesforce(formatter)?;
        self.tell_elsewhere(formatter)?;
        for trouble in &self.troubles {
            write!(
                formatter,
                "NOT WHOLE: {} {}: {}",
                trouble.count,
                trouble.kind.words(),
                trouble.examples.join("; ")
            )?;
            let untold = trouble.count.saturating_sub(trouble.examples.len() as u64);
            writeln!(formatter, "{}", if untold > 0 { "; …" } else { "" })?;
        }
        Ok(())
    }
}
