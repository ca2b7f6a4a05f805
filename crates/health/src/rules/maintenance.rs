//! Heroku's own maintenance of a database (docs/heroku/procedures.md, "Postgres maintenance"; docs/heroku/data.md,
//! "Maintenances").

use crate::advice::{span, utc};
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::data::{Maintenance, MaintenanceStatus};
use hcops_survey::checkup::DatabaseCheckup;

pub(super) const RULE: Rule = Rule {
    id: "database-maintenance",
    looks_at: "whether maintenance of the database is planned or running",
    why: "It replaces the leader for a moment. To Connect that is as a failover, but in the middle of a procedure of yours it \
          spoils the copy.",
    source: "Dev Center: Heroku Postgres Maintenance",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let looked_at = case.checkup.databases.iter().filter_map(|one| Some((one, one.maintenance.as_ref()?)));
    findings.extend(looked_at.filter_map(|(database, maintenance)| of(case, database, maintenance)));
}

fn of(case: &Case<'_>, database: &DatabaseCheckup, maintenance: &Maintenance) -> Option<Finding> {
    let name = &database.name;
    let command = format!("heroku data:maintenances:info {name} -a {}", database.owner_app);
    Some(match maintenance.status.as_ref()? {
        MaintenanceStatus::None | MaintenanceStatus::Completed => {
            RULE.well(name, format!("no maintenance of {name} is planned"))
        }
        MaintenanceStatus::Running => RULE
            .found(Grade::Attention, name, format!("maintenance of {name} is running"))
            .remedy("Begin nothing until it has ended.")
            .command(command),
        MaintenanceStatus::Pending | MaintenanceStatus::Preparing | MaintenanceStatus::Ready => {
            planned(case, database, maintenance).command(command)
        }
        MaintenanceStatus::Unknown => RULE
            .found(Grade::Attention, name, format!("Heroku says that the maintenance of {name} is unknown"))
            .remedy("Look at it yourself.")
            .command(command),
        MaintenanceStatus::Other(raw) => RULE
            .found(Grade::Attention, name, format!("maintenance of {name} is `{raw}`, which hcops does not know"))
            .remedy("Look at it yourself.")
            .command(command),
    })
}

fn planned(case: &Case<'_>, database: &DatabaseCheckup, maintenance: &Maintenance) -> Finding {
    let name = &database.name;
    let moment = maintenance.scheduled_for.as_ref().or(maintenance.required_by.as_ref());
    let at = moment.and_then(|moment| moment.at);
    let when = match (at, moment) {
        (Some(at), _) if at > case.now() => {
            format!("for {}, in {}", utc(at), span(at.duration_since(case.now())))
        }
        (Some(at), _) => format!("for {}, which is past", utc(at)),
        (None, Some(raw)) => format!("for {raw}"),
        (None, None) => "without a time that is told".to_owned(),
    };
    let grade = if at.is_none_or(|at| case.is_soon(at)) { Grade::Attention } else { Grade::Note };
    RULE.found(grade, name, format!("maintenance of {name} is planned {when}"))
        .remedy("Run it yourself at a better time, or keep your own maintenance away from it.")
}
