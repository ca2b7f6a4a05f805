//! Is the new database an exact copy? The nine points of `reference/procedures.md` section 5, and every value of every row.

mod canonical;
mod catalog;
mod comparison;
mod crew;
mod large_objects;
mod ledger;
mod locate;
mod options;
mod pace;
mod pairing;
mod pieces;
mod progress;
mod rows;
mod run;
mod sequences;
mod side;
mod tally;

#[cfg(test)]
mod tests;

pub use canonical::Method;
pub use comparison::{Comparison, LargeObjects, NotCompared, ServerSeen, TableResult, Verdict};
pub use options::{Depth, Options, Origin};
pub use progress::{Phase, Progress, Watch};
pub use rows::{ColumnDifference, RowDifference, RowKind, Value};
pub use run::compare;
pub use sequences::SequenceResult;
