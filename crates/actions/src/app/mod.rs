//! Steps about apps: maintenance mode, formation, silence, releases.

mod activity;
mod dynos_current;
mod formation;
mod left_behind;
mod maintenance;
mod name_of;
mod release_succeeded;
mod restore_formation;
mod scale_down;
mod silent;
mod world_as_planned;

pub(super) use dynos_current::DynosCurrent;
pub(super) use maintenance::Maintenance;
pub(super) use name_of::NameOf;
pub(super) use release_succeeded::ReleaseSucceeded;
pub(super) use restore_formation::RestoreFormation;
pub(super) use scale_down::ScaleDown;
pub(super) use silent::Silent;
pub(super) use world_as_planned::WorldAsPlanned;
