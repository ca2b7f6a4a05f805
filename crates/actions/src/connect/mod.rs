//! Steps about the connection: health, pause, resume, which database it uses, whether sync works again.

mod authorization;
mod backlog;
mod baseline;
mod built_on;
mod by_sql;
mod condition;
mod db_is;
mod drained;
mod fields;
mod healthy;
mod idle;
mod importable;
mod maintenance_clear;
mod maintenance_over;
mod mappings;
mod noted;
mod pause;
mod paused;
mod pointer;
mod quiet;
mod recreation;
mod reload;
mod repoint;
mod resume;
mod resumed;
mod sign;
mod signs_by_api;
mod signs_by_sql;
mod signs_while_live;
mod subject;
mod validation;
mod write_errors;

pub(super) use authorization::{Authorization, Authorized};
pub(super) use backlog::Backlog;
pub(super) use baseline::Baseline;
pub(super) use built_on::BuiltOn;
pub(super) use db_is::DbIs;
pub(super) use drained::Drained;
pub(super) use fields::{Change, Column, Field, MappingSynced, MappingUnchanged, SaveMapping};
pub(super) use healthy::Healthy;
pub(super) use idle::Idle;
pub(super) use importable::Importable;
pub(super) use maintenance_clear::MaintenanceClear;
pub(super) use maintenance_over::MaintenanceOver;
pub(super) use noted::Noted;
pub(super) use pause::Pause;
pub(super) use paused::Paused;
pub(super) use quiet::Quiet;
pub(super) use recreation::{
    Access, ApiVersion, Compare, Configure, Create, Destroy, Export, ExportUnchanged, Features, Import, LoggedIn,
    LoginAddress, NothingUnsent, Recreatable, SchemaThere, Settings, Unsent, WriteAlgorithm,
};
pub(super) use reload::{Counts, Losses, MarkSent, Reload, ReloadBudget};
pub(super) use repoint::Repoint;
pub(super) use resume::Resume;
pub(super) use resumed::{Mapped, Resumed};
pub(super) use validation::Validate;
pub(super) use write_errors::WriteErrors;
