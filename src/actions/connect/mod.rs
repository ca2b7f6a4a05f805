//! Steps about the connection: health, pause, resume, which database it uses, whether sync works again.

mod condition;
mod db_is;
mod drained;
mod errors_baseline;
mod healthy;
mod idle;
mod maintenance_clear;
mod mappings;
mod noted;
mod pause;
mod paused;
mod pointer;
mod quiet;
mod repoint;
mod resume;
mod synced;

pub(super) use db_is::DbIs;
pub(super) use drained::Drained;
pub(super) use errors_baseline::ErrorsBaseline;
pub(super) use healthy::Healthy;
pub(super) use idle::Idle;
pub(super) use maintenance_clear::MaintenanceClear;
pub(super) use noted::Noted;
pub(super) use pause::Pause;
pub(super) use paused::Paused;
pub(super) use quiet::Quiet;
pub(super) use repoint::Repoint;
pub(super) use resume::Resume;
pub(super) use synced::Synced;
