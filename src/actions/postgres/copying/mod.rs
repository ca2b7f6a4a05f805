//! Steps about copying a database into another one (docs/heroku/procedures.md, "Copy").

mod cancel_copy;
mod copy;
mod copyable;
mod create;
mod empty;
mod in_use;
mod same_tables;
mod transfers;

pub(in crate::actions) use cancel_copy::CancelCopy;
pub(in crate::actions) use copy::Copy;
pub(in crate::actions) use copyable::Copyable;
pub(in crate::actions) use create::Create;
pub(in crate::actions) use empty::Empty;
pub(in crate::actions) use same_tables::SameTables;
