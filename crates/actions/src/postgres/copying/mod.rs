//! Steps about copying a database into another one (docs/heroku/procedures.md, "Copy").

mod cancel_copy;
mod copy;
mod copyable;
mod create;
mod empty;
mod in_use;
mod same_tables;
mod transfers;

pub(crate) use cancel_copy::CancelCopy;
pub(crate) use copy::Copy;
pub(crate) use copyable::Copyable;
pub(crate) use create::Create;
pub(crate) use empty::Empty;
pub(crate) use same_tables::SameTables;
