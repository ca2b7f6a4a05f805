//! Steps about a database as it was at a past moment (docs/heroku/procedures.md, "Rollback recovery").

mod create;
mod moment;
mod origin;
mod possible;

pub(crate) use create::Rollback;
pub(crate) use origin::MadeFrom;
pub(crate) use possible::RollbackPossible;
