//! What Connect wants noticed (docs/heroku/connect.md, "Notifications").

use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "notifications",
    looks_at: "notifications that nobody has acknowledged",
    why: "Connect tells there what it stopped or could not do; who is not on its list gets no e-mail.",
    source: "the Connect plugin of the heroku command",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    findings.extend(case.checkup.connections.iter().filter_map(|connection| of(case, connection)));
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let (name, notifications) = (&connection.name, connection.notifications.as_ref()?);
    let newest = notifications.iter().max_by_key(|one| one.created_at.as_ref().and_then(|moment| moment.at));
    let Some(newest) = newest else {
        return Some(RULE.well(name, format!("{name} has no open notification")));
    };
    let count = notifications.len();
    Some(
        RULE.found(
            Grade::Note,
            name,
            format!("{name} has {count} open notification(s); the newest, {}: {}", newest.event_type, newest.message),
        )
        .remedy("Read them, do what they ask for, then acknowledge them.")
        .command(format!("heroku connect:notifications {}", case.on(Some(connection)))),
    )
}
