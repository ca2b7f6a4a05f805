//! Whether Connect is on the database that its config var names (docs/heroku/connect.md, "Connection").

use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::{ConnectionCheckup, DatabaseCheckup};

pub(super) const RULE: Rule = Rule {
    id: "database-place",
    looks_at: "whether Connect is on the database that its config var names, and whose that is",
    why: "How soon Connect reads a changed config var again is not established. If it stays on the old database, what it \
          writes is missing in the new one.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for connection in &case.checkup.connections {
        let Some(database) = case.checkup.database_of(connection) else { continue };
        findings.extend(of(case, connection, database));
        findings.extend(of_owner(case, connection, database));
    }
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup, database: &DatabaseCheckup) -> Option<Finding> {
    let name = &connection.name;
    let shown = connection.connection.database.as_ref()?;
    let (host, base) = (shown.host.as_deref()?, shown.database.as_deref()?);
    let place = database.place.as_deref()?;
    let is_there = place.split(':').next() == Some(host) && place.ends_with(&format!("/{base}"));
    if is_there {
        return Some(RULE.well(name, format!("{name} is on {}", database.name)));
    }
    Some(
        RULE.found(
            Grade::Attention,
            name,
            format!("{name} says that it is on {host}/{base}, but its config var leads to {} at {place}", database.name),
        )
        .remedy(
            "If the database was replaced in the last minutes, look again. If it stays so, Connect has to be pointed at \
             its database again.",
        )
        .command(format!("heroku connect:info {}", case.on(Some(connection)))),
    )
}

fn of_owner(case: &Case<'_>, connection: &ConnectionCheckup, database: &DatabaseCheckup) -> Option<Finding> {
    let app = &case.checkup.app;
    (database.owner_app != *app).then(|| {
        let saw = format!("{} uses {}, which belongs to {}", connection.name, database.name, database.owner_app);
        RULE.found(Grade::Note, &connection.name, saw)
            .remedy(format!("Whoever maintains {} has to know of this connection.", database.owner_app))
            .command(format!("hcops status -a {}", database.owner_app))
    })
}
