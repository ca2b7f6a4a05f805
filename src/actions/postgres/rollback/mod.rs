//! Steps about a database as it was at a past moment (docs/heroku/procedures.md, "Rollback recovery").

mod create;
mod moment;
mod origin;
mod possible;

pub(in crate::actions) use create::Rollback;
pub(in crate::actions) use origin::MadeFrom;
pub(in crate::actions) use possible::RollbackPossible;
