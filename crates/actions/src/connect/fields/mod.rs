//! Steps about fields whose definition has changed in Salesforce (docs/heroku/procedures.md, "Field change").

mod change;
mod column;
mod field;
mod mapping_synced;
mod mapping_unchanged;
mod save_mapping;

pub(crate) use change::Change;
pub(crate) use column::Column;
pub(crate) use field::Field;
pub(crate) use mapping_synced::MappingSynced;
pub(crate) use mapping_unchanged::MappingUnchanged;
pub(crate) use save_mapping::SaveMapping;
