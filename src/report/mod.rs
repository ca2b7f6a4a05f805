//! A journal, told for people: needs a journal and nothing else.

mod account;
mod gather;
mod markdown;
#[cfg(test)]
mod tests;

pub use account::{Account, Confirmation, Crossing, Downtime, Exchange, Failure, StepAccount, StepEnd, Turn};
pub use gather::account;
pub use markdown::markdown;

use crate::model::{JournalFault, Line};

/// The account of a run as JSON, for machines.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn json(lines: &[Line]) -> Result<serde_json::Value, JournalFault> {
    let account = account(lines)?;
    serde_json::to_value(account).map_err(|error| {
        JournalFault::new(
            format!("the account of the run cannot be written as JSON: {error}"),
            "Please report this as a defect of hcops; the journal itself is not affected.",
        )
    })
}
