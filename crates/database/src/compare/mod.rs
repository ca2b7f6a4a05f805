//! Is the new database an exact copy? The nine points of docs/heroku/procedures.md, "Exact copy", and every value of
//! every row.

mod beforehand;
mod canonical;
mod catalog;
mod checkpoint;
mod checkpoint_file;
mod comparison;
mod connect_side;
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

pub use beforehand::beforehand;
pub use canonical::Method;
pub use checkpoint::{Checkpoint, Resumption};
pub use checkpoint_file::CheckpointFile;
pub use comparison::{Comparison, LargeObjects, NotCompared, ServerSeen, Sort, TableResult, Verdict};
pub use connect_side::{ConnectResult, MappedState, MappedTable};
pub use options::{Depth, ExpectedOrg, Options, Origin};
pub use progress::{Phase, Progress, Watch};
pub use rows::{ColumnDifference, RowDifference, RowKind, Value};
pub use run::{compare, compare_resumable};
pub use sequences::SequenceResult;
