//! Where a connection's `db_key` leads (docs/heroku/procedures.md, "Upgrade by follower"; docs/heroku/platform.md,
//! "Naming a database").

use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::{ConnectionCheckup, Pointer};

pub(super) const RULE: Rule = Rule {
    id: "database-pointer",
    looks_at: "whether the connection's config var is that of an attached database",
    why: "Promotions and attachments move attachments. A config var that was set by hand stays behind, and with it the \
          connection, on the old database.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    findings.extend(case.checkup.connections.iter().filter_map(|connection| of(case, connection)));
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let (name, app) = (&connection.name, &case.checkup.app);
    let key = connection.connection.db_key.as_deref().unwrap_or("its config var");
    let on = case.on(Some(connection));
    Some(match &connection.pointer {
        // Not chosen is a matter of the state, unknown one of what could not be seen.
        Pointer::NotChosen | Pointer::Unknown => return None,
        Pointer::Attached { addon, .. } => RULE.well(name, format!("{name} uses {addon} as {key}")),
        Pointer::ByHand { addon, attachment, .. } => RULE
            .found(
                Grade::Attention,
                name,
                format!("{name} uses {key}, which was set by hand to the address of {addon}; no attachment keeps it up to date"),
            )
            .remedy(format!("Point the connection at the attachment {attachment} before the next maintenance."))
            .command(format!("heroku connect:db:set {on} --db {attachment}_URL --schema {}", schema(connection))),
        Pointer::Elsewhere => RULE
            .found(
                Grade::Attention,
                name,
                format!("{name} uses {key}, whose value is not that of any database attached to {app}"),
            )
            .remedy(
                "Attach that database to the app, and point the connection at the attachment. Until then hcops can say \
                 nothing about it.",
            )
            .command(format!("heroku addons -a {app}")),
        Pointer::NotSet => RULE
            .found(Grade::Broken, name, format!("{name} uses {key}, which is not set on {app}"))
            .remedy(
                "Attach the database under that name. If a release failed right after an attachment, the config var comes \
                 with the next one that succeeds.",
            )
            .command(format!("heroku releases -a {app}")),
    })
}

fn schema(connection: &ConnectionCheckup) -> &str {
    connection.connection.schema_name.as_deref().unwrap_or("salesforce")
}
