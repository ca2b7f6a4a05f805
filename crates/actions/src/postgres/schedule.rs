//! Whether an upgrade is scheduled, from the only place that says so: the free text of its wait status. A text in which
//! no schedule is recognised is shown as it is, and never taken for a schedule, nor for the absence of one.

use jiff::Timestamp;

use super::readiness::Readiness;
use crate::Context;
use hcops_heroku::data::WaitVerdict;
use hcops_heroku::if_found;
use hcops_model::Fault;

/// How an upgrade of a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is scheduled: Heroku runs it by itself at this moment.
    Scheduled { at: Timestamp, said: String },
    /// Nothing is waited for, and no schedule is recognised in the text.
    Quiet { said: String },
    /// Anything else.
    Other(Readiness),
}

impl Standing {
    pub(super) async fn of(context: &Context, database: &str) -> Result<Self, Fault> {
        let Some(status) = if_found(context.clients.data.upgrade_wait_status(database).await)? else {
            return Ok(Self::Quiet { said: String::new() });
        };
        if status.verdict() != WaitVerdict::Quiet {
            return Ok(Self::Other(Readiness::from(status)));
        }
        let at = status.scheduled_for();
        let said = status.message;
        Ok(match at {
            Some(at) => Self::Scheduled { at, said },
            None => Self::Quiet { said },
        })
    }
}
