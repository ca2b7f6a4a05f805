//! Reads an account into facts before a plan is made. It only looks.
//!
//! # Facts
//! Stable things. Their names are the contract with runbooks and with the planner:
//!
//! - `app`: `{name, id, region, space, team, maintenance, formation}`
//! - `connection`: `{id, name, display_name, region_url, db_key, schema_name, organization_id, plan, addon_id,
//!   addon_plan, attachment, environment, domain, writes, mappings: [{id, object_name, access}]}`; `name` is the add-on's
//!   name, `addon_plan` its whole plan (`herokuconnect:enterprise`), `attachment` its name on the app, `environment` and
//!   `domain` where Salesforce is logged in to, `writes` whether any mapping writes to Salesforce (or does not say)
//! - `database`: the database that the connection uses: `{name, id, plan, tier, version, owner_app, attachment,
//!   is_default, gigabytes, monthly_cents, credentials, followers}`. `gigabytes` is its size rounded up coarsely, for
//!   estimates. `plan` is whole (`heroku-postgresql:standard-0`), `tier` its
//!   first word (`standard`), `version` the Postgres major version, `attachment` the name behind the connection's
//!   `db_key`, `is_default` whether the connection's app has the database as `DATABASE`
//! - `attachments`: every attachment of the database in every app: `{app, name, namespace, config_var, database, role,
//!   fate, because}`; see [`Role`] and [`Fate`]
//! - `further`: those of them whose fate is `moved` and that give the default credential
//! - `by_credential`: those whose fate is `moved` and that give another credential, each with its name as `credential`
//! - `apps`: every app that has the database, the connection's first: `{name, maintenance, formation: [{type, quantity,
//!   size}], has_release_phase, nonweb: [{type, quantity}]}`
//! - `needs_alias`: whether the old leader would be left without an attachment on its own app
//! - `follower_name`, `follower_alias`, `leader_alias`, `connection_name`: names for what a procedure makes, the same at every survey until
//!   the app's add-ons change
//!
//! # Noted
//! Things that change by themselves: `connection_state`, `mappings`, `database`, `windows`, `postgres_maintenance`,
//! `upgrade`, `write_errors`, `rate_limit_remaining`. What could not be read is `null`, and a notice says so.

mod apps;
mod attachments;
mod belongings;
mod by_hand;
pub mod checkup;
mod connection;
mod database;
mod names;
mod noted;
mod notices;
mod take;
mod unsupported;
mod windows;
mod world;

pub use apps::{AppFacts, FormationEntry, formation_snapshot};
pub use attachments::{AttachmentFacts, Fate, Role};
pub use belongings::{Belongings, Places, belongings};
pub use take::{Survey, Target, survey};
pub use windows::{Announced, Ongoing, Window, announcements};
pub use world::{World, world};

#[cfg(test)]
mod tests;
