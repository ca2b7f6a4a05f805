//! Steps about fields whose definition has changed in Salesforce (docs/heroku/procedures.md, "Field change").

mod change;
mod column;
mod field;
mod mapping_synced;
mod mapping_unchanged;
mod save_mapping;

pub(in crate::actions) use change::Change;
pub(in crate::actions) use column::Column;
pub(in crate::actions) use field::Field;
pub(in crate::actions) use mapping_synced::MappingSynced;
pub(in crate::actions) use mapping_unchanged::MappingUnchanged;
pub(in crate::actions) use save_mapping::SaveMapping;
