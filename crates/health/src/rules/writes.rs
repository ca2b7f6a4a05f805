//! What does not reach Salesforce (docs/heroku/connect.md, "Write errors" and "Trigger log").

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::advice::{grouped, span};
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::connect::{ConnectionState, WriteError};
use hcops_survey::checkup::ConnectionCheckup;
use hcops_text::counted;

pub(super) const REFUSED: Rule = Rule {
    id: "write-errors",
    looks_at: "writes that Salesforce refused in the last 24 hours",
    why: "A refused write is not repeated by itself: the row is in the database and not in Salesforce.",
    source: "Dev Center: The Heroku Connect Trigger Log",
};

pub(super) const FAILED_ROWS: Rule = Rule {
    id: "failed-rows",
    looks_at: "rows that Salesforce refused and that nothing retries",
    why: "FAILED rows stay different on both sides until somebody repeats or dismisses them, and the log of them is kept for \
          a month only.",
    source: "Dev Center: The Heroku Connect Trigger Log",
};

pub(super) const BACKLOG: Rule = Rule {
    id: "backlog",
    looks_at: "changes that wait to be sent to Salesforce",
    why: "What waits is not in Salesforce yet, and every maintenance that pauses sync has to wait for it.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

/// Changes that wait by the thousand are unusual while sync runs: it sends every two minutes.
const MANY: u64 = 10_000;

/// An open row that is older than some polls.
const OLD: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for connection in &case.checkup.connections {
        findings.extend(refused(case, connection));
        findings.extend(failed_rows(case, connection));
        findings.extend(backlog(case, connection));
    }
}

fn refused(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let (name, errors) = (&connection.name, connection.write_errors.as_ref()?);
    let Some((message, times)) = most_frequent(errors) else {
        return Some(REFUSED.well(name, format!("{name} had no refused write in 24 hours")));
    };
    let count = counted(i64::try_from(errors.len()).unwrap_or(i64::MAX), "refused write");
    Some(
        REFUSED
            .found(Grade::Attention, name, format!("{name} had {count} in 24 hours; most often ({times}): {message}"))
            .remedy("Correct the cause in Salesforce or in the data, then have the rows sent again.")
            .command(format!("heroku connect:write-errors {}", case.on(Some(connection)))),
    )
}

fn most_frequent(errors: &[WriteError]) -> Option<(&str, usize)> {
    let mut counts = BTreeMap::new();
    for error in errors {
        *counts.entry(error.message.as_str()).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(_, times)| *times)
}

fn failed_rows(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let name = &connection.name;
    let by_sql = connection.backlog.as_ref().map(|backlog| backlog.failed);
    let failed = by_sql.into_iter().chain(connection.refused()).max()?;
    let told_already = connection.write_errors.as_ref().map_or(0, Vec::len) as u64;
    if failed > 0 && failed <= told_already {
        return None;
    }
    if failed == 0 {
        return Some(FAILED_ROWS.well(name, format!("{name} has no failed rows")));
    }
    Some(
        FAILED_ROWS
            .found(Grade::Attention, name, format!("{name} has {} failed rows", grouped(failed)))
            .remedy("Have them sent again once their cause is gone, or dismiss them.")
            .command(format!("heroku connect:write-errors {}", case.on(Some(connection)))),
    )
}

fn backlog(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let name = &connection.name;
    let by_sql = connection.backlog.as_ref();
    let waiting = by_sql.map(|backlog| backlog.open).or_else(|| connection.pending())?;
    let oldest = by_sql.and_then(|backlog| backlog.oldest_seconds).map(seconds);
    let age = oldest.map_or_else(String::new, |age| format!(", the oldest for {}", span(age)));
    let saw = format!("{} changes of {name} wait{age}", grouped(waiting));
    // While it is paused they have to wait; that it is paused is told by itself.
    let sends = connection.connection.state != ConnectionState::Paused;
    if !sends || (waiting < MANY && oldest.is_none_or(|age| age < OLD)) {
        return Some(BACKLOG.well(name, saw));
    }
    Some(
        BACKLOG
            .found(Grade::Attention, name, saw)
            .remedy("Look for the cause in its log before a maintenance: it has to be sent first.")
            .command(format!("heroku logs -d herokuconnect -n 500 -a {}", case.checkup.app)),
    )
}

#[expect(clippy::cast_possible_truncation, reason = "parts of a second do not matter")]
fn seconds(seconds: f64) -> SignedDuration {
    SignedDuration::from_secs(seconds as i64)
}
