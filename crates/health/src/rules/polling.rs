//! A connection that is long at sending (docs/heroku/procedures.md, "Pause and resume"; docs/heroku/connect.md,
//! "Connection states").

use jiff::{SignedDuration, Timestamp};

use crate::advice::{grouped, span};
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::connect::ConnectionState;
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "polling-long",
    looks_at: "whether a connection is long in POLLING_DB_CHANGES",
    why: "It polls at most every two minutes and sends with one writer: a connection that stays at it has more changes than \
          it gets rid of, and can be paused only from IDLE.",
    source: "Dev Center: Heroku Connect Maintenance Operations; Writing Data to Salesforce",
};

/// A poll that takes longer than this is worth a look into the log.
const LONG: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let polling =
        case.checkup.connections.iter().filter(|one| one.connection.state == ConnectionState::PollingDbChanges);
    findings.extend(polling.map(|connection| of(case, connection)));
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Finding {
    let name = &connection.name;
    let pending = connection.pending().map_or_else(String::new, |count| format!(", {} changes wait", grouped(count)));
    let since = oldest_poll(connection).map(|at| case.now().duration_since(at));
    let oldest_row = connection.backlog.as_ref().and_then(|backlog| backlog.oldest_seconds);
    let is_long =
        since.is_some_and(|since| since > LONG) || oldest_row.is_some_and(|seconds| seconds > LONG.as_secs_f64());
    if !is_long {
        return RULE.well(name, format!("{name} is sending changes{pending}; since when is not shown"));
    }
    let since = since.map_or_else(String::new, |since| format!("; a mapping was last polled {} ago", span(since)));
    RULE.found(Grade::Attention, name, format!("{name} is at POLLING_DB_CHANGES for long{pending}{since}"))
        .remedy("Look for the cause in its log: refused writes that are repeated, locks, or simply very many changes.")
        .command(format!("heroku logs -d herokuconnect -n 500 -a {}", case.checkup.app))
}

fn oldest_poll(connection: &ConnectionCheckup) -> Option<Timestamp> {
    let mappings = connection.connection.mappings.iter().filter(|mapping| mapping.access() != Some("read_only"));
    mappings.filter_map(|mapping| mapping.times.as_ref()?.db_poll.as_ref()?.at).min()
}
