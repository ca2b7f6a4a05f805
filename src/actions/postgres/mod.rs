//! Steps about databases: followers, lag, upgrade, attachments, maintenance windows, removal.

mod alias;
mod attaching;
mod caught_up;
mod destroy;
mod drop_alias;
mod follow;
mod followable;
mod is_follower;
mod keep_alias;
mod lag;
mod maintenance_clear;
mod move_attachment;
mod nearly_caught_up;
mod old_leader;
mod promote;
mod readiness;
mod role;
mod subject;
mod tier;
mod upgrade;
mod writable;

pub(super) use caught_up::CaughtUp;
pub(super) use destroy::Destroy;
pub(super) use drop_alias::DropAlias;
pub(super) use follow::Follow;
pub(super) use followable::Followable;
pub(super) use is_follower::IsFollower;
pub(super) use keep_alias::KeepAlias;
pub(super) use maintenance_clear::MaintenanceClear;
pub(super) use move_attachment::MoveAttachment;
pub(super) use nearly_caught_up::NearlyCaughtUp;
pub(super) use old_leader::OldLeader;
pub(super) use promote::Promote;
pub(super) use upgrade::Upgrade;
pub(super) use writable::Writable;
