//! The catalogue: one file for each thing that is judged.

mod announced;
mod api_version;
mod apps;
mod attachments;
mod demo;
mod inside;
mod maintenance;
mod mappings;
mod notifications;
mod pause;
mod place;
mod pointer;
mod polling;
mod procedures;
mod replication;
mod rollback;
mod room_left;
mod runs;
mod state;
mod upgrade;
mod version;
mod writes;

pub use procedures::of_procedure;

use super::{Case, Finding, Rule};

/// Every rule, in the order in which they are told.
pub const RULES: &[Rule] = &[
    state::RULE,
    pause::RULE,
    polling::RULE,
    mappings::RULE,
    pointer::RULE,
    place::RULE,
    writes::REFUSED,
    writes::FAILED_ROWS,
    writes::BACKLOG,
    notifications::RULE,
    demo::PLAN,
    demo::ROWS,
    demo::IDLE,
    api_version::RULE,
    version::RULE,
    upgrade::RULE,
    replication::LEADER,
    replication::LAG,
    room_left::STATUS,
    room_left::SIZE,
    room_left::CONNECTIONS,
    room_left::WARNING,
    rollback::RULE,
    maintenance::RULE,
    attachments::OTHER_APPS,
    attachments::POOLERS,
    attachments::BY_HAND,
    inside::HSTORE,
    inside::OBJECTS,
    apps::MAINTENANCE_MODE,
    apps::FORMATION,
    apps::RELEASE,
    announced::WINDOWS,
    announced::INCIDENTS,
    runs::RULE,
    runs::UNREADABLE,
    procedures::RULE,
];

/// What no API shows, so that nobody takes silence for health.
pub const BLIND_SPOTS: &[&str] = &[
    "the result of an upgrade's dry run: it comes by e-mail only",
    "writers outside Heroku, Scheduler jobs and autoscalers",
    "since when a connection is in its state, and runs and pauses that another machine made",
    "Salesforce's own maintenance and API limits",
];

/// What only the databases themselves show; told where they were not looked into.
pub const ONLY_BY_SQL: &str = "the age of the backlog, failed rows in the trigger log, the schema of hstore, the number of schemas and objects: \
     add --sql";

/// Judges everything; the gravest first, what is well last.
#[must_use]
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judge in JUDGES {
        judge(case, &mut findings);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
    findings
}

type Judge = fn(&Case<'_>, &mut Vec<Finding>);

const JUDGES: [Judge; 21] = [
    state::judge,
    pause::judge,
    polling::judge,
    mappings::judge,
    pointer::judge,
    place::judge,
    writes::judge,
    notifications::judge,
    demo::judge,
    api_version::judge,
    version::judge,
    upgrade::judge,
    replication::judge,
    room_left::judge,
    rollback::judge,
    maintenance::judge,
    attachments::judge,
    inside::judge,
    apps::judge,
    announced::judge,
    runs::judge,
];
